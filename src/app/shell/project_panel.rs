//! The project: its recording, its text, the person who cues, and the facts of it.

use crate::app::Studio;
use crate::app::commands::Command;
use crate::app::dialogs::identity::IdentityIntent;
use crate::app::i18n::{number, tr, tr_message, tr_with};
use crate::app::icons::{self, Icon};
use crate::app::intent::Intent;
use crate::app::people::Shown;
use crate::app::theme::{self, tokens};
use crate::app::widgets::{Tone, fact, focus_ring, message_strip, panel_title, plain_button, section};
use crate::document::SoundOrigin;
use crate::document::edit::Edit;
use crate::jobs::identities::Source;
use egui::{Align2, Rect, RichText, Role, Sense, TextureHandle, Ui, Vec2, WidgetInfo, pos2, vec2};

/// Side of the small picture of a person.
const PICTURE: f32 = 40.0;

/// Draws the pane.
pub fn project_panel(ui: &mut Ui, studio: &Studio, out: &mut Vec<Intent>) {
    let t = tokens(ui);
    let Some(opened) = &studio.opened else { return };
    let project = opened.project();
    panel_title(ui, &project.title);
    ui.label(RichText::new(shortened(&project.source_text, 64)).color(t.text2)).on_hover_text(&project.source_text);
    ui.add_space(4.0);
    let file = project.sound.media.path.rsplit('/').next().unwrap_or_default();
    fact(ui, tr("Sound"), file);
    match &project.sound.origin {
        SoundOrigin::Recording => fact(ui, tr("Origin"), tr("Recording")),
        SoundOrigin::Synthesised { voice } => {
            fact(ui, tr("Origin"), tr_with("Synthesised, {voice}", &[("voice", voice)]));
        }
    }
    fact(ui, tr("Length"), project.length().timecode());
    let rate = crate::app::dialogs::export::rate(project.settings.fps);
    fact(ui, tr("Frames"), tr_with("{rate} a second", &[("rate", &rate)]));
    fact(ui, tr("Language"), project.language().name());
    let (count, speed) = (project.tiers.keys.len().to_string(), number(project.keys_per_second(), 1));
    fact(ui, tr("Keys"), tr_with("{count}, {speed} a second", &[("count", &count), ("speed", &speed)]));
    if let Some(message) = &opened.sound_message {
        ui.add_space(8.0);
        message_strip(ui, Tone::Warning, &tr_message(message));
        super::problems_panel::relink_button(ui, out);
    }
    ui.add_space(4.0);
    section(ui, tr("Identity"));
    people(ui, studio, &project.identity, &opened.identity.title, out);
}

/// Who can cue: built in, of the library, of the project. A person of the library is copied into the project.
fn people(ui: &mut Ui, studio: &Studio, now: &str, title: &str, out: &mut Vec<Intent>) {
    let all = &studio.people.all;
    let is_now = |shown: &&Shown| shown.listed.name == now && !matches!(shown.listed.source, Source::Library(_));
    if !all.iter().any(|shown| is_now(&shown)) {
        identity_row(ui, title, None, false, true);
    }
    for shown in all {
        let chosen = is_now(&shown);
        let listed = &shown.listed;
        let clicked = identity_row(ui, &listed.title, Some(&shown.picture), listed.lacks_consent, chosen);
        if clicked && !chosen {
            out.push(match &listed.source {
                Source::Library(folder) => Intent::Identity(IdentityIntent::Choose(folder.clone())),
                _ => Intent::Edit(Edit::SetIdentity(listed.name.clone())),
            });
        }
    }
    if plain_button(ui, tr("New identity…")).clicked() {
        out.push(Intent::Do(Command::NewIdentity));
    }
}

/// One person: a click has the project cued by them. True when it was clicked.
fn identity_row(ui: &mut Ui, title: &str, picture: Option<&TextureHandle>, lacks_consent: bool, chosen: bool) -> bool {
    let t = tokens(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), PICTURE + 4.0), Sense::click());
    let label = tr_with("Identity {name}", &[("name", title)]);
    response.widget_info(|| WidgetInfo::selected(Role::RadioButton, true, chosen, &label));
    if ui.is_rect_visible(rect) {
        let ground = if chosen {
            t.accent_fill()
        } else if response.hovered() {
            t.surface2
        } else {
            t.surface1
        };
        ui.painter().rect_filled(rect, theme::RADIUS, ground);
        let place = Rect::from_center_size(pos2(rect.left() + 14.0, rect.center().y), Vec2::splat(icons::SIZE));
        if chosen {
            icons::paint(ui.painter(), place, Icon::Check, t.text2);
        }
        let middle = pos2(rect.left() + 30.0 + 0.5 * PICTURE, rect.center().y);
        let place = Rect::from_center_size(middle, Vec2::splat(PICTURE));
        match picture {
            Some(texture) => {
                egui::Image::new((texture.id(), place.size())).corner_radius(theme::RADIUS).paint_at(ui, place);
            }
            None => {
                let place = Rect::from_center_size(middle, Vec2::splat(icons::SIZE));
                icons::paint(ui.painter(), place, Icon::Person, t.text2);
            }
        }
        let left = place.right() + 8.0;
        let (name, note) = if lacks_consent { (rect.center().y - 8.0, true) } else { (rect.center().y, false) };
        ui.painter().text(pos2(left, name), Align2::LEFT_CENTER, title, theme::regular(theme::BODY), t.text1);
        if note {
            let at = pos2(left, rect.center().y + 9.0);
            let text = tr("no consent recorded");
            ui.painter().text(at, Align2::LEFT_CENTER, text, theme::regular(theme::SMALL), t.warning);
        }
        focus_ring(ui, &response);
    }
    response.on_hover_text(tr("Who cues in the video.")).clicked()
}

/// At most so many letters, cut with "…".
fn shortened(text: &str, most: usize) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().count() <= most {
        return text;
    }
    let mut cut: String = text.chars().take(most).collect();
    cut.push('…');
    cut
}
