//! Every job with the mouse alone: nothing here presses a key. Text is only typed where the text itself is what goes in:
//! the sentence of a project, a gloss, a reading, a name, a path.

use super::keeping::{copied, work_unsaved};
use super::panels::{has_pane, speaking};
use super::takes::{has_card, marks, mask};
use super::*;
use cueloom::document::SoundOrigin;
use cueloom::pose::parts::Part;
use egui::{Event, MouseWheelSource, MouseWheelUnit, Pos2, Rect, TouchPhase, Vec2};
use egui_kittest::kittest::NodeT as _;

/// A person without a keyboard. What is on screen is looked at through the window; only the pointer goes into it.
struct Mouse {
    window: Window,
}

impl std::ops::Deref for Mouse {
    type Target = Window;
    fn deref(&self) -> &Window {
        &self.window
    }
}

/// A file let go over the window.
#[derive(Debug)]
struct Dropped(PathBuf);

impl egui::DroppedFile for Dropped {
    fn path(&self) -> &Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        std::fs::read(&self.0).map_err(|e| e.to_string())
    }
}

impl Mouse {
    /// Drops a file or folder on the window.
    fn drop(&mut self, path: PathBuf) {
        self.window.harness.input_mut().dropped_files.push(Arc::new(Dropped(path)));
        self.window.settle();
    }

    fn on(window: Window) -> Self {
        Self { window }
    }

    fn open() -> Self {
        Self::on(Window::open())
    }

    /// Clicks where something of this name is, which must be on screen.
    /// Clicks a control; what it stands in may have to be scrolled first.
    fn click(&mut self, name: &str) {
        self.harness.get_by_label(name).scroll_to_me();
        self.window.harness.run_steps(6);
        let place = self.harness.get_by_label(name).rect().center();
        self.click_at(place);
    }

    fn click_at(&mut self, place: Pos2) {
        assert!(self.harness.ctx.content_rect().contains(place), "nobody can point at {place}");
        self.window.harness.hover_at(place);
        self.window.harness.step();
        self.window.button(place, true, Modifiers::NONE);
        self.window.harness.step();
        self.window.button(place, false, Modifiers::NONE);
        self.window.settle();
    }

    fn click_start(&mut self, start: &str) {
        let place = self.rect(start).center();
        self.click_at(place);
    }

    fn click_role(&mut self, role: Role, name: &str) {
        let place = self.harness.get_by(|n| n.role() == role && n.label().as_deref() == Some(name)).rect().center();
        self.click_at(place);
    }

    /// Opens a menu, and what it leads to.
    fn menu(&mut self, path: &[&str]) {
        // A panel may have the name of a menu; the menus come first.
        let title = self.harness.query_all_by_label(path[0]).next().expect("a menu").rect();
        self.click_at(title.center());
        for entry in &path[1..] {
            // The wheel brings it into sight where the menu is longer than its room.
            for _ in 0..12 {
                if self.is_over(self.entry(entry, title)) {
                    break;
                }
                self.wheel(Pos2::new(title.center().x, 300.0), -60.0);
            }
            let place = self.entry(entry, title).center();
            self.click_at(place);
        }
    }

    /// Whether something that lies over the panels stands there.
    fn is_over(&self, place: Rect) -> bool {
        self.harness.ctx.layer_id_at(place.center()).is_some_and(|l| l.order != egui::Order::Background)
    }

    /// A line of the open menu under `title`. A panel may have a button of the same name: a menu lies over the panels,
    /// and what has to be scrolled to stands below its title.
    fn entry(&self, name: &str, title: Rect) -> Rect {
        let mut places: Vec<Rect> = self.harness.query_all_by_label(name).map(|n| n.rect()).collect();
        places.sort_by(|a, b| (a.left() - title.left()).abs().total_cmp(&(b.left() - title.left()).abs()));
        let over = places.iter().find(|p| self.is_over(**p));
        *over.or(places.first()).unwrap_or_else(|| panic!("no entry {name:?}"))
    }

    /// Turns the wheel; negative goes down the page.
    fn wheel(&mut self, place: Pos2, points: f32) {
        self.window.harness.hover_at(place);
        self.window.harness.step();
        self.window.harness.event(Event::MouseWheel {
            unit: MouseWheelUnit::Point,
            delta: Vec2::new(0.0, points),
            phase: TouchPhase::Move,
            source: MouseWheelSource::Wheel,
            modifiers: Modifiers::NONE,
        });
        self.window.harness.run_steps(20);
        self.window.settle();
    }

    /// Turns the wheel until something of this name lies within a part of the window.
    fn scroll_to(&mut self, name: &str, within: Rect) {
        for _ in 0..30 {
            let place = self.rect(name);
            if within.y_range().contains(place.top() - 2.0) && within.y_range().contains(place.bottom() + 2.0) {
                return;
            }
            let away = (place.center().y - within.center().y).clamp(-600.0, 600.0);
            self.wheel(within.center(), -away);
        }
        panic!("{name} cannot be brought into sight");
    }

    /// The room of a panel.
    fn panel(&self, title: &str) -> Rect {
        let label = format!("{title} panel");
        self.harness.get_by(|n| n.role() == Role::Pane && n.label().as_deref() == Some(&label)).rect()
    }

    /// Clicks a control of a panel, wherever the panel is scrolled to.
    fn click_in(&mut self, panel: &str, name: &str) {
        let room = self.panel(panel);
        self.scroll_to(name, room);
        self.click_start(name);
    }

    /// Three clicks take all that stands in a field, and the text takes its place.
    fn fill(&mut self, name: &str, text: &str) {
        let place = self.field(name).rect().left_center() + vec2(12.0, 0.0);
        self.fill_at(place, text);
    }

    fn fill_at(&mut self, place: Pos2, text: &str) {
        self.window.harness.hover_at(place);
        for _ in 0..3 {
            self.window.button(place, true, Modifiers::NONE);
            self.window.harness.step();
            self.window.button(place, false, Modifiers::NONE);
            self.window.harness.step();
        }
        self.window.harness.event(Event::Text(text.to_owned()));
        self.window.settle();
    }

    /// Opens a list and clicks a line of it.
    fn choose(&mut self, list: &str, line: &str) {
        self.click(list);
        let last = |it: &Self| {
            let found = it.harness.query_all_by(|n| n.label().is_some_and(|l| l.starts_with(line))).last();
            found.map(|n| {
                n.scroll_to_me();
                n.rect().center()
            })
        };
        last(self).unwrap_or_else(|| panic!("{line}"));
        self.window.harness.run_steps(6);
        let place = last(self).unwrap_or_else(|| panic!("{line}"));
        self.click_at(place);
    }

    fn drag(&mut self, from: Pos2, by: Vec2) {
        self.window.drag(from, from + by, Modifiers::NONE);
    }

    /// Clicks the ruler.
    fn seek(&mut self, seconds: f64) {
        self.window.seek(Seconds(seconds));
    }

    /// Clicks a segment of the timeline.
    fn select(&mut self, start: &str) {
        let place = self.segment(start).center();
        self.click_at(place);
    }

    fn at(&self) -> f64 {
        self.harness.state().playhead().0
    }

    fn wait(&mut self, seconds: f64) {
        self.window.clock.advance(seconds);
        self.window.harness.run_steps(3);
    }
}

#[test]
fn a_project_is_made_from_a_dropped_recording_and_its_text() {
    let mut it = Mouse::on(Window::empty());
    let recording = spoken_project().join("media/speech.wav");
    it.drop(recording.clone());
    assert_eq!(it.field("Recording").value().as_deref(), recording.to_str());
    it.fill("Text", MANDARIN);
    it.choose("Language", "中文（普通话）");
    it.click("Create");
    assert_eq!(it.project().sound.origin, SoundOrigin::Recording);
    assert!(it.project().tiers.keys.len() > 6);
}

#[test]
fn a_project_is_made_from_text_alone() {
    let mut it = Mouse::on(Window::empty());
    it.click("New project…");
    it.click("No recording: have the text spoken by a synthesiser");
    it.fill("Text", "Bonjour, comment va Paul ?");
    it.choose("Language", "Français");
    it.click("Create");
    assert_eq!(it.project().language(), Language::French);
    assert!(matches!(it.project().sound.origin, SoundOrigin::Synthesised { .. }));
}

#[test]
fn a_project_is_opened_closed_and_its_changes_are_asked_about() {
    let mut it = Mouse::on(Window::empty());
    it.click("Open the French sample");
    assert_eq!(it.project().language(), Language::French);
    let (dir, folder) = copied();
    it.drop(folder);
    assert_eq!(it.project().language(), Language::Mandarin);
    it.select("Key 1: shape");
    let other = if it.project().tiers.keys[0].shape() == HandShape(8) { 1 } else { 8 };
    it.click(&format!("Hand shape {other}"));
    it.menu(&["File", "Close project"]);
    it.click("Cancel");
    assert_eq!(it.project().tiers.keys[0].shape(), HandShape(other));
    it.menu(&["File", "Close project"]);
    it.click("Discard changes");
    assert!(it.harness.state().project().is_none());
    // It stands on the start page.
    it.click("bank");
    assert_ne!(it.project().tiers.keys[0].shape(), HandShape(other));
    drop(dir);
}

#[test]
fn another_reading_is_chosen() {
    let mut it = Mouse::open();
    let words = &it.project().tiers.utterance.words;
    let word = words.iter().position(|w| w.text.starts_with('行')).expect("the ambiguous word");
    let text = words[word].text.clone();
    let chosen = |it: &Mouse| {
        let word = &it.project().tiers.utterance.words[word];
        word.readings[word.chosen].label.clone()
    };
    let was = chosen(&it);
    it.select(&format!("Word {}: ", word + 1));
    let other = {
        let it = &it.project().tiers.utterance.words[word];
        let further = it.further_readings(Language::Mandarin);
        it.readings.iter().chain(&further).map(|r| r.label.clone()).find(|l| *l != was).expect("another reading")
    };
    it.choose(&text, &other);
    assert_eq!(chosen(&it), other);
    it.choose(&text, &was);
    assert_eq!(chosen(&it), was);
    it.select("Key 1: shape");
    it.menu(&["Cue", "Next reading"]);
}

#[test]
fn a_key_gets_another_shape_position_and_movement() {
    let mut it = Mouse::open();
    it.select("Key 2: shape");
    for shape in [5, 6] {
        it.click(&format!("Hand shape {shape}"));
        assert_eq!(it.project().tiers.keys[1].shape(), HandShape(shape));
    }
    it.click("Position throat");
    it.click_in("Inspector", "Flick");
    let key = &it.project().tiers.keys[1];
    assert_eq!((key.shape(), key.position()), (HandShape(6), Position::Throat));
    assert_eq!(key.movement(), Some(cueloom::cueing::Movement::Flick));
    it.menu(&["Cue", "Position", "Position chin"]);
    assert_eq!(it.project().tiers.keys[1].position(), Position::Chin);
    it.click_in("Inspector", "Lock the key");
    it.click("Hand shape 1");
    assert_eq!(it.project().tiers.keys[1].shape(), HandShape(6), "a locked key stays");
    it.click("Unlock the key");
    it.click("Reset");
    assert!(it.project().tiers.keys[1].edits.is_none());
}

#[test]
fn the_hand_sets_off_earlier() {
    let mut it = Mouse::open();
    it.select("Key 3: shape");
    let start = |it: &Mouse| it.project().tiers.keys[2].times.m1.0;
    let before = start(&it);
    let handle = it.rect("Hand lead handle").center();
    it.drag(handle, vec2(-30.0, 0.0));
    let after = start(&it);
    assert!(after < before);
    it.menu(&["Cue", "Hand one frame earlier"]);
    assert!(start(&it) < after);
    let after = start(&it);
    let room = it.panel("Inspector");
    it.click_in("Inspector", "Hand one frame later");
    assert!(start(&it) > after);
    // The number is dragged as well.
    let after = start(&it);
    let number = it.harness.get_by(|n| n.role() == Role::SpinButton && n.label().as_deref() == Some("Hand lead"));
    let number = number.rect().center();
    assert!(room.contains(number), "the number is in sight");
    it.drag(number, vec2(30.0, 0.0));
    assert!(start(&it) < after);
}

#[test]
fn the_hand_sets_off_earlier_on_all_that_a_box_crosses() {
    let mut it = Mouse::open();
    let (from, to) = (it.segment("Key 2: shape"), it.segment("Key 4: position"));
    it.window.drag(from.center_top() + vec2(0.0, 1.0), to.center_bottom() - vec2(0.0, 1.0), Modifiers::NONE);
    let before = it.project().clone();
    it.menu(&["Cue", "Hand one frame earlier"]);
    let frame = before.settings.fps.frame_length().0;
    for i in 1..4 {
        let by = it.project().tiers.keys[i].edits.shift[0] - before.tiers.keys[i].edits.shift[0];
        assert!((by.abs() - frame).abs() < 1e-6, "key {}: {by}", i + 1);
        let (now, was) = (it.project().tiers.keys[i].times.m1, before.tiers.keys[i].times.m1);
        assert!(now < was, "key {}: {was} {now}", i + 1);
    }
}

#[test]
fn what_is_around_the_cue_is_played_once_and_in_a_loop() {
    let mut it = Mouse::open();
    it.select("Key 4: shape");
    let here = it.at();
    it.click("Play around the key");
    assert!(it.harness.state().is_playing() && it.at() < here);
    it.wait(6.0);
    assert!(!it.harness.state().is_playing());
    assert_eq!(it.at(), here, "it comes back");
    it.choose("Speed 1×", "0.5×");
    assert!(it.sees("Speed 0.5×"));
    it.choose("Speed 0.5×", "1×");

    // From in to out, again and again.
    it.menu(&["Edit", "Deselect"]);
    it.seek(1.0);
    let start = it.at();
    it.menu(&["Play", "Set in point"]);
    it.seek(1.4);
    let out = it.at();
    it.menu(&["Play", "Set out point"]);
    it.click("Loop the selection");
    it.menu(&["Play", "Go to the in point"]);
    assert!((it.at() - start).abs() < 1e-6);
    it.click("Play or pause");
    for _ in 0..5 {
        it.wait(0.3);
        assert!(it.harness.state().is_playing());
        assert!(it.at() >= start - 1e-6 && it.at() <= out + 1e-6, "{start} {} {out}", it.at());
    }
    it.click("Play or pause");
    it.click("Loop the selection");
    it.menu(&["Play", "Clear in and out"]);
    it.click("Overlays");
    it.click_role(Role::CheckBox, "Targets");
    assert!(it.harness.query_all_by(|n| n.role() == Role::CheckBox).count() > 0, "the list stays open");
}

#[test]
fn a_step_is_undone_redone_and_found_in_the_history() {
    let mut it = Mouse::open();
    let before = it.project().clone();
    it.select("Key 2: shape");
    let other = if before.tiers.keys[1].shape() == HandShape(8) { 1 } else { 8 };
    it.click(&format!("Hand shape {other}"));
    let after = it.project().clone();
    assert_ne!(after, before);
    it.menu(&["Edit", "Undo: change hand shape"]);
    assert_eq!(it.project(), &before);
    it.menu(&["Edit", "Redo: change hand shape"]);
    assert_eq!(it.project(), &after);
    it.click_role(Role::Tab, "History");
    it.click_start("Step 0: As it was opened");
    assert_eq!(it.project(), &before);
}

#[test]
fn a_mask_is_drawn_shaped_and_one_part_of_a_take_accepted() {
    let mut it = Mouse::open();
    let lane = it.rect("Masks lane");
    let from = Pos2::new(lane.left() + 100.0, lane.center().y);
    it.drag(from, vec2(160.0, 0.0));
    assert_eq!(marks(&it), (1, 0));
    let first = mask(&it).clone();
    let edge = it.rect("End of the mask").center();
    it.drag(edge, vec2(40.0, 0.0));
    assert!(mask(&it).range.end > first.range.end);
    let halo = it.rect("End of the halo").center();
    it.drag(halo, vec2(20.0, 0.0));
    assert!(mask(&it).halo > first.halo);
    it.click_in("Takes", "right hand, arms");
    it.click_role(Role::CheckBox, "lips");
    assert!(mask(&it).parts.contains(Part::Lips));
    it.click_in("Takes", "Regenerate");
    assert!(has_card(&it, "Take 4: new"));
    it.click_in("Takes", "Take 2: new");
    assert!(it.sees("Take 2, seed 2"));
    it.click_in("Takes", "One part only");
    let place = it.harness.query_all_by_label("Accept the lips only").last().expect("a line").rect().center();
    it.click_at(place);
    let accepted = &mask(&it).accepted;
    assert_eq!(accepted.len(), 1);
    assert!(accepted[0].parts.contains(Part::Lips) && !accepted[0].parts.contains(Part::Arms));
    it.click_in("Takes", "Back to the base");
    assert!(mask(&it).accepted.is_empty());
}

#[test]
fn markers_are_set_named_coloured_moved_and_removed() {
    let mut it = Mouse::open();
    it.seek(1.0);
    it.menu(&["Timeline", "Add a marker"]);
    let flag = it.rect("Marker 1:").center();
    it.window.double_click(flag);
    it.fill("Text of the marker", "watch this");
    it.click("Colour C");
    it.click("Set");
    let marker = it.project().marks.markers[0].clone();
    assert_eq!((marker.text.as_str(), marker.colour), ("watch this", 2));
    let flag = it.rect("Marker 1:").left_center() + vec2(6.0, 0.0);
    it.drag(flag, vec2(50.0, 0.0));
    assert!(it.project().marks.markers[0].time > marker.time);
    it.menu(&["Play", "Go to the start"]);
    it.menu(&["Timeline", "Next marker"]);
    assert!((it.at() - it.project().marks.markers[0].time.0).abs() < 1e-6);
    it.click_start("Marker 1:");
    it.menu(&["Timeline", "Remove markers and masks"]);
    assert!(it.project().marks.markers.is_empty());
}

#[test]
fn the_timeline_is_zoomed_and_panned() {
    let mut it = Mouse::open();
    let width = |it: &Mouse| it.rect("Word 1:").width();
    it.menu(&["Play", "Go to the start"]);
    let whole = width(&it);
    it.menu(&["View", "Zoom in"]);
    it.menu(&["View", "Zoom in"]);
    let near = width(&it);
    assert!(near > whole * 1.2, "{whole} {near}");
    // The middle button takes the timeline along.
    let (left, from) = (it.rect("Word 1:").left(), it.rect("Phones lane").center());
    let button = egui::PointerButton::Middle;
    let press = |it: &mut Mouse, pos, pressed| {
        it.window.harness.event(Event::PointerButton { pos, button, pressed, modifiers: Modifiers::NONE });
        it.window.harness.step();
    };
    it.window.harness.hover_at(from);
    press(&mut it, from, true);
    for i in 1..=5 {
        it.window.harness.hover_at(from - vec2(8.0 * i as f32, 0.0));
        it.window.harness.step();
    }
    press(&mut it, from - vec2(40.0, 0.0), false);
    assert!(it.rect("Word 1:").left() < left || it.rect("Word 1:").width() < near, "it went to the left");
    it.menu(&["View", "Zoom to fit"]);
    assert!((width(&it) - whole).abs() < 1.0);
}

#[test]
fn a_problem_is_found_and_remedied() {
    let mut it = Mouse::on(speaking("He will lead us. I read the record.", Language::AmericanEnglish));
    let chosen = |it: &Mouse| it.project().tiers.utterance.words.iter().map(|w| w.chosen).collect::<Vec<_>>();
    let before = chosen(&it);
    let room = it.panel("Problems");
    it.scroll_to("Problem: Ambiguous reading", room);
    it.click_start("Problem: Ambiguous reading");
    assert!(it.at() > 0.0);
    it.click_role(Role::Button, "Next reading");
    assert_ne!(chosen(&it), before);
    let count = |it: &Mouse| it.harness.query_all_by_label_contains("Problem: ").count();
    let all = count(&it);
    it.click("Mark as seen");
    assert_eq!(count(&it), all - 1);
    it.menu(&["Cue", "Next problem"]);
}

#[test]
fn a_passage_is_slowed() {
    let mut it = Mouse::open();
    let before = it.project().clone();
    it.select("Key 3: shape");
    it.menu(&["Cue", "Slow this passage…"]);
    // The passage is that of the key: its times need not be typed.
    let said = it.harness.query_all_by_label_contains("s become").next().expect("it").value();
    let slider =
        it.harness.get_by(|n| n.role() == Role::Slider && n.label().as_deref() == Some("Speed of the passage"));
    let slider = slider.rect();
    it.click_at(slider.left_center() + vec2(slider.width() * 0.1, 0.0));
    assert_ne!(it.harness.query_all_by_label_contains("s become").next().expect("it").value(), said);
    it.click("Slow the passage");
    assert_eq!(it.project().slowed.len(), 1, "{:?}", it.harness.state().messages());
    assert!(it.project().length() > before.length());
}

#[test]
fn the_gloss_is_written_anew() {
    let mut it = Mouse::open();
    it.select("Key 2: shape");
    it.fill("Gloss", "shape 4, throut");
    it.click("Write \"throat\"");
    // Going elsewhere takes the sentence.
    it.select("Key 4: shape");
    let key = &it.project().tiers.keys[1];
    assert_eq!((key.shape(), key.position()), (HandShape(4), Position::Throat));
}

#[test]
fn theme_text_size_language_and_keymap_are_set() {
    let mut it = Mouse::open();
    it.menu(&["Edit", "Settings…"]);
    it.click("Light");
    assert!(!it.harness.ctx.global_style().visuals.dark_mode);
    it.click("120 %");
    assert!((it.harness.ctx.zoom_factor() - 1.2).abs() < 1e-3);
    it.click("100 %");
    it.click("Français");
    assert!(it.sees("Réglages") && it.sees("Fichier"));
    it.click("English");
    it.click_role(Role::Tab, "Keyboard");
    it.choose("Keymap", "Premiere and Resolve");
    it.fill("Search by name or by keys", "Export video");
    assert!(it.sees("Keys of Export video…: Ctrl+M"));
    it.click("Close");
    assert!(!it.sees("Keymap"));
}

#[test]
fn layouts_are_switched_and_panels_hidden_shown_and_resized() {
    let mut it = Mouse::open();
    it.menu(&["View", "Layout", "Layout for review"]);
    assert!(!has_pane(&it, "Project"));
    it.menu(&["View", "Layout", "Layout for cueing"]);
    assert!(has_pane(&it, "Project"));
    it.click("Hide Problems");
    assert!(!has_pane(&it, "Problems"));
    it.menu(&["View", "Panels", "Problems panel"]);
    assert!(has_pane(&it, "Problems"));
    it.click_role(Role::Tab, "Takes");
    assert!(has_pane(&it, "Takes") && !has_pane(&it, "Inspector"));
    // The edge between picture and timeline.
    let before = it.panel("Timeline");
    it.drag(before.center_top() - vec2(0.0, 26.0), vec2(0.0, -40.0));
    assert!(it.panel("Timeline").height() > before.height() + 20.0, "{before:?} {:?}", it.panel("Timeline"));
    it.menu(&["View", "Layout", "Reset layout"]);
    assert!((it.panel("Timeline").height() - before.height()).abs() < 2.0);
}

#[test]
fn a_command_is_found_in_the_palette() {
    let mut it = Mouse::open();
    it.click("Find a command");
    let list = Rect::from_min_max(Pos2::new(360.0, 130.0), Pos2::new(920.0, 450.0));
    it.scroll_to("Light theme", list);
    let row = |n: &egui_kittest::kittest::AccessKitNode<'_>| {
        n.role() == Role::ListBoxOption && n.label().as_deref() == Some("Light theme")
    };
    let place = it.harness.get_by(row).rect().center();
    it.click_at(place);
    assert!(!it.harness.ctx.global_style().visuals.dark_mode);
    assert!(it.harness.query_all_by(row).next().is_none(), "the palette is closed");
}

#[test]
fn a_video_is_exported() {
    let mut it = Mouse::open();
    it.select("Key 2: shape");
    it.menu(&["File", "Export video…"]);
    let out = PathBuf::from(it.field("File").value().expect("a place to begin with"));
    it.choose("Size", "256 pixels high");
    it.click("Selected keys");
    it.click("Export");
    assert!(it.sees("Written:"), "{:?}", it.harness.state().messages());
    it.click("Done");
    let info = cueloom::media::probe(&out).expect("a video");
    assert!(info.duration.0 > 0.05 && info.duration < it.project().length(), "{:?}", info.duration);
}

#[test]
fn work_is_saved_and_saved_elsewhere() {
    let mut it = Mouse::open();
    it.select("Key 1: shape");
    let other = if it.project().tiers.keys[0].shape() == HandShape(8) { 1 } else { 8 };
    it.click(&format!("Hand shape {other}"));
    it.menu(&["File", "Save"]);
    let saved = file::load(&it.folder()).expect("saved");
    assert_eq!(saved.tiers.keys[0].shape(), HandShape(other));
    it.menu(&["File", "Save as…"]);
    let copy = PathBuf::from(it.field("New project folder").value().expect("a place to begin with"));
    it.click("Cancel");
    assert!(!copy.exists());
    it.menu(&["File", "Save as…"]);
    it.click("Save");
    assert_eq!(file::load(&copy).expect("saved").tiers, saved.tiers);
}

#[test]
fn unsaved_work_is_recovered_and_a_backup_restored() {
    let (dir, folder) = copied();
    work_unsaved(&folder, &["One", "Two"]);
    let mut it = Mouse::on(Window::new(Some(folder.clone()), dir));
    it.click("Recover");
    assert_eq!(it.project().title, "Two");
    it.menu(&["File", "Save"]);
    it.menu(&["File", "Backups…"]);
    let backup = it.harness.query_all_by_label_contains("replaced by a save").next().expect("a backup");
    let place = backup.rect().center();
    it.click_at(place);
    it.click("Restore");
    assert_eq!(it.project().title, "bank", "{:?}", it.harness.state().messages());
}

#[test]
fn a_missing_recording_is_found() {
    let (dir, folder) = copied();
    let moved = dir.path().join("moved.wav");
    std::fs::rename(folder.join("media/speech.wav"), &moved).expect("moved");
    let mut it = Mouse::on(Window::new(Some(folder), dir));
    assert_eq!(it.harness.state().has_sound(), Some(false));
    it.menu(&["File", "Relink media…"]);
    it.fill("Recording", &moved.to_string_lossy());
    it.click("Relink");
    assert_eq!(it.harness.state().has_sound(), Some(true), "{:?}", it.harness.state().messages());
}

#[test]
fn sounds_are_moved_timed_split_and_merged() {
    let mut it = Mouse::open();
    let before = it.project().clone();
    let phone = it.touching_phone();
    let name = format!("Phone {}:", phone + 1);
    it.select(&name);
    let edge = it.edge_before(&name).rect().center();
    it.drag(edge, vec2(14.0, 0.0));
    assert!(it.project().tiers.phones[phone].start > before.tiers.phones[phone].start);
    it.menu(&["Edit", "Undo: move sound boundary"]);
    assert_eq!(it.project(), &before);
    let place = it.segment(&name).center();
    it.window.double_click(place);
    assert!(it.sees("Times of the sound"));
    let wanted = ((before.tiers.phones[phone].end.0 - 0.02) * 1000.0).round() / 1000.0;
    it.fill("End in seconds", &Seconds(wanted).timecode());
    it.click("Set");
    assert!((it.project().tiers.phones[phone].end.0 - wanted).abs() < 1e-6);
    it.seek(before.tiers.phones[phone].range().middle().0);
    it.menu(&["Timeline", "Split at the playhead"]);
    assert_eq!(it.project().tiers.phones.len(), before.tiers.phones.len() + 1);
    it.menu(&["Timeline", "Merge with the next"]);
    assert_eq!(it.project().tiers.phones.len(), before.tiers.phones.len());
}

#[test]
fn a_word_is_split_and_merged() {
    let mut it = Mouse::open();
    let words = &it.project().tiers.utterance.words;
    let (count, word) = (words.len(), words.iter().position(|w| w.text == "银行").expect("the bank"));
    let place = it.segment(&format!("Word {}: 银行", word + 1)).center();
    it.window.double_click(place);
    // Between the two letters, each as wide as the text is high.
    let field = it.field("Letters of the word").rect();
    it.click_at(field.left_center() + vec2(4.0 + 13.5, 0.0));
    it.click("Split at the caret");
    assert_eq!(it.project().tiers.utterance.words.len(), count + 1);
    let place = it.segment(&format!("Word {}: 银", word + 1)).center();
    it.window.double_click(place);
    it.click("Merge with the next word");
    assert_eq!(it.project().tiers.utterance.words[word].text, "银行");
}

#[test]
fn cues_are_copied_and_pasted() {
    let mut it = Mouse::open();
    it.select("Key 1: shape");
    let cue = {
        let key = &it.project().tiers.keys[0];
        (key.shape(), key.position())
    };
    it.menu(&["Timeline", "Copy"]);
    assert!(it.sees("Copied cues: 1"));
    let target = (2..it.project().tiers.keys.len())
        .find(|i| {
            let key = &it.project().tiers.keys[*i];
            (key.shape(), key.position()) != cue
        })
        .expect("another cue");
    it.select(&format!("Key {}: shape", target + 1));
    // The entry asks the window system for what is on the clipboard, which comes as an event.
    let entry = ["Timeline", "Paste"];
    let place = it.harness.query_all_by_label(entry[0]).next().expect("a menu").rect().center();
    it.click_at(place);
    let place = it.harness.get_by_label(entry[1]).rect().center();
    it.window.harness.hover_at(place);
    it.window.harness.step();
    it.window.button(place, true, Modifiers::NONE);
    it.window.harness.step();
    it.window.button(place, false, Modifiers::NONE);
    it.window.harness.step();
    let commands: Vec<_> = it.harness.output().viewport_output.values().flat_map(|v| v.commands.clone()).collect();
    assert!(commands.contains(&egui::ViewportCommand::RequestPaste), "{commands:?}");
    let letters = it.harness.get_by_label_contains("Key 1: shape").accesskit_node().label();
    let notation = cueloom::cueing::notation::write(
        &[it.project().tiers.keys[0].rule.clone()],
        cueloom::cueing::notation::LetterSet::default(),
    );
    it.window.harness.event(Event::Paste(notation));
    it.window.settle();
    let key = &it.project().tiers.keys[target];
    assert_eq!((key.shape(), key.position()), cue, "{letters:?}");
}

#[test]
fn keys_are_tapped_along_with_playing() {
    let mut it = Mouse::open();
    let before = it.project().clone();
    it.menu(&["Play", "Go to the start"]);
    it.menu(&["Timeline", "Tap while playing", "Tap keys while playing"]);
    it.click("Play or pause");
    it.wait(before.tiers.phones[before.tiers.keys[0].rule.phones.start].start.0 + 0.12);
    it.click("Tap (B)");
    assert!(it.sees("Taps: 1"));
    it.click("Finish");
    assert_ne!(it.project().tiers.phones, before.tiers.phones);
    it.click("Play or pause");
    assert!(!it.harness.state().is_playing());
}

#[test]
fn tiers_are_shown_locked_and_made_taller() {
    let mut it = Mouse::open();
    it.click("Tiers");
    it.click("Show Syllables");
    let away = it.panel("Viewport").center();
    it.click_at(away);
    assert!(it.sees("Syllable 1:"));
    it.click("Tier Phones");
    it.click("Locked: no edits on this tier");
    it.click_at(away);
    assert!(it.sees("Tier Phones, locked"));
    let height = it.rect("Phone 2:").height();
    let grip = it.rect("Height of Phones").center();
    it.drag(grip, vec2(0.0, 16.0));
    assert!(it.rect("Phone 2:").height() > height + 8.0);
}

#[test]
fn timing_and_rules_of_the_project_are_set() {
    let mut it = Mouse::open();
    let before = it.project().clone();
    it.choose("Preset", "With the sound");
    assert_eq!(it.project().settings.preset, cueloom::cueing::when::Preset::None);
    it.choose("Consonant before a glide", "at the side");
    assert_ne!(it.project().settings.switches, before.settings.switches);
}

#[test]
fn messages_are_read_and_put_away_and_the_help_is_read() {
    let mut it = Mouse::open();
    it.menu(&["Edit", "Copy cue notation"]);
    it.menu(&["View", "Panels", "Messages panel"]);
    if !has_pane(&it, "Messages") {
        it.menu(&["View", "Go to panel", "Go to messages"]);
    }
    it.click_role(Role::CheckBox, "Everything");
    assert!(it.sees("keys are on the clipboard"));
    it.click("Dismiss all");
    assert!(it.sees("There are no messages."));
    it.menu(&["Help", "Help"]);
    let top = |it: &Mouse| it.harness.get_by_label("A first project").rect().top();
    let before = top(&it);
    it.wheel(Pos2::new(640.0, 400.0), -200.0);
    assert!(top(&it) < before - 100.0, "the page is turned");
    it.click("Close");
    assert!(!it.sees("A first project"));
}
