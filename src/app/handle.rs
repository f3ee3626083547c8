//! Carrying out what the user wants: the one place where the document changes.

use super::commands::Command;
use super::dialogs::{After, Dialog, ExportForm, NewProjectForm, help, open, palette};
use super::intent::{Intent, PickFor, SelectMode, Unsaved};
use super::opened::{self, Opened};
use super::theme::{self, ThemeChoice};
use super::widgets::Tone;
use super::{Studio, Work, board, samples};
use crate::cueing::notation::{self, LetterSet};
use crate::document::edit::{Edit, EditError};
use crate::document::{Project, file};
use crate::jobs::draft::{DraftRequest, SoundSource};
use crate::jobs::export;
use crate::jobs::runner::Job;
use crate::language::{self, Language};
use crate::media::AudioBuffer;
use crate::time::{FrameIndex, Seconds, TimeRange};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{TryRecvError, channel};

/// "Play around" begins and ends so far from the key.
const AROUND: Seconds = Seconds(0.6);
/// How many projects are remembered.
const RECENT: usize = 8;

impl Studio {
    /// Carries out one wish.
    pub(super) fn handle(&mut self, ctx: &egui::Context, intent: Intent) {
        match intent {
            Intent::Do(command) => self.command(ctx, command),
            Intent::Seek(time) => {
                self.view.scrubbing = false;
                self.seek(time);
            }
            Intent::Scrub(time) => {
                self.view.scrubbing = true;
                self.view.playhead = time;
                self.player.scrub(time);
            }
            Intent::SelectKey(id, mode) => self.select_key(id, mode),
            Intent::SelectWord(word) => self.select_word(word),
            Intent::SelectPhone(phone) => self.select_phone(phone),
            Intent::ClearSelection => self.clear_selection(),
            Intent::Edit(edit) => self.edit(&edit),
            Intent::Drag(name, edit) => self.drag(name, &edit),
            Intent::EndDrag => self.change(|o| {
                o.document.end_drag();
            }),
            Intent::CancelDrag => self.change(|o| o.document.cancel_drag()),
            Intent::TypeReading { word, text } => self.type_reading(word, &text),
            Intent::SetLoop(range) => {
                self.view.looped = range;
                self.player.set_loop(range);
            }
            Intent::GoToProblem(index) => self.go_to_problem(index),
            Intent::Open(path) => self.ask_first(After::Open(path)),
            Intent::Create(form) => self.create(&form),
            Intent::StartExport(form) => self.export(*form),
            Intent::Pick(what) => self.pick(what),
            Intent::CancelJob => self.cancel_work(),
            Intent::CloseDialog => self.dialog = None,
            Intent::Unsaved(answer) => self.answer_unsaved(ctx, answer),
            Intent::DismissNotice(id) => self.notices.dismiss(id),
            Intent::DismissAllNotices => self.notices.clear(),
            Intent::ShowNotices(open) => self.notices.open = open,
            Intent::RevealFolder(folder) => self.reveal(&folder),
            Intent::Copy(text) => ctx.copy_text(text),
        }
    }

    fn command(&mut self, ctx: &egui::Context, command: Command) {
        use Command as C;
        if !self.can(command) {
            return;
        }
        match command {
            C::NewProject => self.ask_first(After::NewProject),
            C::OpenProject => self.dialog = Some(Dialog::Open(open::OpenForm::default())),
            C::OpenSampleMandarin => self.ask_first(After::Sample(0)),
            C::OpenSampleFrench => self.ask_first(After::Sample(1)),
            C::OpenSampleEnglish => self.ask_first(After::Sample(2)),
            C::Save => {
                self.save_project();
            }
            C::Export => self.open_export(),
            C::CloseProject => self.ask_first(After::CloseProject),
            C::Quit => ctx.send_viewport_cmd(egui::ViewportCommand::Close),
            C::Undo => self.undo(true),
            C::Redo => self.undo(false),
            C::CopyNotation => self.copy_notation(ctx),
            C::Deselect => self.step_back(ctx),
            C::Shape(shape) => self.edit_selected(|key| Edit::SetShape { key, shape: Some(shape) }),
            C::Place(position) => self.edit_selected(|key| Edit::SetPosition { key, position: Some(position) }),
            C::NextReading => self.next_reading(),
            C::NudgeEarlier => self.nudge(-1.0, true),
            C::NudgeLater => self.nudge(1.0, true),
            C::NudgeEarlierMs => self.nudge(-0.010, false),
            C::NudgeLaterMs => self.nudge(0.010, false),
            C::PreviousKey => self.step_key(-1),
            C::NextKey => self.step_key(1),
            C::PreviousProblem => self.step_problem(-1),
            C::NextProblem => self.step_problem(1),
            C::PlayPause => self.play_pause(),
            C::StopAndReturn => {
                self.stop();
                self.seek(self.view.play_from);
            }
            C::PlayAround => self.play_around(),
            C::LoopSelection => self.loop_selection(),
            C::PreviousFrame => self.step_frame(-1),
            C::NextFrame => self.step_frame(1),
            C::BackSecond => self.seek(self.view.playhead - Seconds(1.0)),
            C::ForwardSecond => self.seek(self.view.playhead + Seconds(1.0)),
            C::GoToStart => self.seek(Seconds::ZERO),
            C::GoToEnd => self.seek(Seconds(f64::MAX)),
            C::Speed(percent) => {
                self.view.speed = f64::from(percent) / 100.0;
                self.player.set_speed(self.view.speed);
            }
            C::ZoomIn => self.zoom(1.5),
            C::ZoomOut => self.zoom(1.0 / 1.5),
            C::ZoomToFit => self.timeline.view.fit(),
            C::ZoomToSelection => {
                if let Some(range) = self.selected_range() {
                    self.timeline.view.show(range);
                }
            }
            C::FitPicture => self.viewport.fit(),
            C::ShowSkeleton => self.view.overlays.skeleton ^= true,
            C::ShowFacePoints => self.view.overlays.face_points ^= true,
            C::ShowTargets => self.view.overlays.targets ^= true,
            C::ShowCaption => self.view.overlays.caption ^= true,
            C::ShowProjectPanel => self.view.project_panel ^= true,
            C::ShowInspector => self.view.inspector ^= true,
            C::ThemeDark => self.set_theme(ctx, ThemeChoice::Dark),
            C::ThemeLight => self.set_theme(ctx, ThemeChoice::Light),
            C::ThemeHighContrast => self.set_theme(ctx, ThemeChoice::HighContrast),
            C::TextLarger => self.set_text_scale(ctx, self.view.text_scale + 0.1),
            C::TextSmaller => self.set_text_scale(ctx, self.view.text_scale - 0.1),
            C::TextReset => self.set_text_scale(ctx, 1.0),
            C::FindCommand => self.dialog = Some(Dialog::Palette(palette::PaletteState::default())),
            C::Help => self.dialog = Some(Dialog::Help(help::HelpState::default())),
            C::Shortcuts => {
                self.dialog = Some(Dialog::Help(help::HelpState { shortcuts: true, ..Default::default() }));
            }
            C::About => self.dialog = Some(Dialog::About),
        }
    }

    // ---- the document -------------------------------------------------------------------------------------------

    /// Changes the document and derives what follows.
    fn change(&mut self, what: impl FnOnce(&mut Opened)) {
        let Some(opened) = &mut self.opened else { return };
        let before: Project = opened.project().clone();
        what(opened);
        opened.changed_from(&before);
    }

    fn edit(&mut self, edit: &Edit) {
        let mut result = Ok(());
        self.change(|o| result = o.document.apply(edit).map(|_| ()));
        self.report(result);
    }

    fn drag(&mut self, name: &'static str, edit: &Edit) {
        let mut result = Ok(());
        self.change(|o| {
            if !o.document.is_dragging() {
                o.document.begin_drag(name);
            }
            result = o.document.drag(edit);
        });
        self.report(result);
    }

    fn report(&mut self, result: Result<(), EditError>) {
        if let Err(error) = result {
            let text = error.to_string();
            let mut letters = text.chars();
            let first = letters.next().map(|c| c.to_uppercase().collect::<String>()).unwrap_or_default();
            self.tell(format!("{first}{}.", letters.as_str()));
        }
    }

    fn edit_selected(&mut self, make: impl Fn(crate::document::KeyId) -> Edit) {
        let Some(id) = self.opened.as_ref().and_then(|o| o.document.selection.last().copied()) else { return };
        self.edit(&make(id));
    }

    fn undo(&mut self, back: bool) {
        let mut name = None;
        self.change(|o| {
            let step = if back { o.document.undo() } else { o.document.redo() };
            name = step.map(|s| s.name.clone());
        });
        if let Some(name) = name {
            self.tell(format!("{}: {name}", if back { "Undone" } else { "Done again" }));
        }
        self.follow_selection();
    }

    /// The word in the inspector is that of the selected key.
    fn follow_selection(&mut self) {
        let Some(opened) = &self.opened else { return };
        if let Some(key) = opened.document.selection.last().and_then(|id| opened.project().key(*id)) {
            self.view.word = Some(key.rule.word);
        }
    }

    fn type_reading(&mut self, word: usize, text: &str) {
        let Some(opened) = &self.opened else { return };
        match language::reading_from_user(text, opened.project().language()) {
            Ok(reading) => {
                self.edit(&Edit::AddReading { word, reading });
                self.inspector.reading_taken();
            }
            Err(message) => self.inspector.reading_error = Some(message),
        }
    }

    fn next_reading(&mut self) {
        let Some(opened) = &self.opened else { return };
        let Some(word) = self.view.word else { return };
        let Some(it) = opened.project().tiers.utterance.words.get(word) else { return };
        let (count, chosen) = (it.readings.len(), it.chosen);
        if count < 2 {
            self.tell("This word has one reading only.");
            return;
        }
        let reading = (chosen + 1) % count;
        let label = it.readings[reading].label.clone();
        self.edit(&Edit::ChooseReading { word, reading });
        self.tell(format!("Read as {label}"));
    }

    fn nudge(&mut self, by: f64, frames: bool) {
        let Some(opened) = &self.opened else { return };
        let step = if frames { opened.project().settings.fps.frame_length().0 } else { 1.0 };
        let keys = opened.document.selection.clone();
        self.edit(&Edit::ShiftHand { keys, by: Seconds(by * step) });
    }

    // ---- selection ----------------------------------------------------------------------------------------------

    fn select_key(&mut self, id: crate::document::KeyId, mode: SelectMode) {
        let Some(opened) = &mut self.opened else { return };
        let Some(index) = opened.board.key_index(id) else { return };
        let selection = &mut opened.document.selection;
        match mode {
            SelectMode::Replace => *selection = vec![id],
            SelectMode::Toggle => match selection.iter().position(|s| *s == id) {
                Some(at) => {
                    selection.remove(at);
                }
                None => selection.push(id),
            },
            SelectMode::Extend => {
                let anchor = selection.first().and_then(|s| opened.board.key_index(*s)).unwrap_or(index);
                let range = anchor.min(index)..=anchor.max(index);
                let keys = &opened.document.project().tiers.keys;
                let mut all: Vec<_> = keys[range].iter().map(|k| k.id).collect();
                if index < anchor {
                    all.reverse();
                }
                opened.document.selection = all;
            }
        }
        let key = &opened.project().tiers.keys[index];
        self.view.word = Some(key.rule.word);
        self.view.phone = None;
        if !self.player.is_playing() && mode == SelectMode::Replace {
            let at = arrival(key);
            self.seek(at);
        }
    }

    fn select_word(&mut self, word: usize) {
        let Some(opened) = &mut self.opened else { return };
        let keys: Vec<_> = opened.project().tiers.keys.iter().filter(|k| k.rule.word == word).map(|k| k.id).collect();
        // The inspector shows the word itself; its keys are one click further.
        opened.document.selection = Vec::new();
        self.view.word = Some(word);
        self.view.phone = None;
        if !self.player.is_playing() {
            let at = match keys.first().and_then(|id| opened.project().key(*id)) {
                Some(key) => arrival(key),
                None => match opened.board.word_box(word) {
                    Some(i) => opened.board.words[i].range.start,
                    None => return,
                },
            };
            self.seek(at);
        }
    }

    fn select_phone(&mut self, phone: usize) {
        let Some(opened) = &mut self.opened else { return };
        if let Some(Some(key)) = opened.board.phone_keys.get(phone) {
            let id = opened.project().tiers.keys[*key].id;
            self.select_key(id, SelectMode::Replace);
        } else {
            opened.document.selection.clear();
            self.view.word = opened.board.phone_words.get(phone).copied();
        }
        self.view.phone = Some(phone);
    }

    fn clear_selection(&mut self) {
        if let Some(opened) = &mut self.opened {
            opened.document.selection.clear();
        }
        self.view.word = None;
        self.view.phone = None;
        self.view.problem = None;
    }

    /// Escape: out of a drag, then off a focused control, then no loop, then no selection.
    fn step_back(&mut self, ctx: &egui::Context) {
        if self.opened.as_ref().is_some_and(|o| o.document.is_dragging()) {
            self.change(|o| o.document.cancel_drag());
            ctx.stop_dragging();
        } else if self.had_focus {
            // egui has taken the focus away by itself.
        } else if self.notices.open {
            self.notices.open = false;
        } else if self.view.looped.is_some() {
            self.view.looped = None;
            self.player.set_loop(None);
        } else {
            self.clear_selection();
        }
    }

    fn selected_range(&self) -> Option<TimeRange> {
        let opened = self.opened.as_ref()?;
        opened.selected_range().or_else(|| {
            let word = opened.board.word_box(self.view.word?)?;
            Some(opened.board.words[word].range)
        })
    }

    fn step_key(&mut self, by: i64) {
        let Some(opened) = &self.opened else { return };
        let keys = &opened.project().tiers.keys;
        if keys.is_empty() {
            return;
        }
        let now = match opened.document.selection.last().and_then(|id| opened.board.key_index(*id)) {
            Some(index) => Some(index as i64 + by),
            // Without a selection the playhead is the place.
            None => {
                let before = keys.partition_point(|k| k.times.a1 <= self.view.playhead) as i64 - 1;
                Some(if by > 0 { before + 1 } else { before })
            }
        };
        let index = now.unwrap_or(0).clamp(0, keys.len() as i64 - 1) as usize;
        let id = keys[index].id;
        self.select_key(id, SelectMode::Replace);
        self.reveal_playhead();
    }

    fn step_problem(&mut self, by: i64) {
        let Some(opened) = &self.opened else { return };
        let count = opened.board.problems.len() as i64;
        if count == 0 {
            self.tell("There are no problems.");
            return;
        }
        let next = match self.view.problem {
            Some(now) => (now as i64 + by).rem_euclid(count),
            None if by > 0 => 0,
            None => count - 1,
        };
        self.go_to_problem(next as usize);
    }

    fn go_to_problem(&mut self, index: usize) {
        let Some(opened) = &self.opened else { return };
        let Some(problem) = opened.board.problems.get(index).cloned() else { return };
        match problem.target {
            board::Target::Key(id) => self.select_key(id, SelectMode::Replace),
            board::Target::Word(word) => {
                self.select_word(word);
                self.seek(problem.time);
            }
            board::Target::Project => self.tell(problem.remedy.clone()),
        }
        self.view.problem = Some(index);
        self.view.inspector = true;
        self.reveal_playhead();
    }

    fn reveal_playhead(&mut self) {
        let Some(opened) = &self.opened else { return };
        let length = opened.length();
        let scale = self.timeline.view.scale(length, self.timeline.width);
        self.timeline.view.follow(scale, self.view.playhead, length);
    }

    // ---- playing ------------------------------------------------------------------------------------------------

    pub(super) fn seek(&mut self, time: Seconds) {
        let Some(opened) = &self.opened else { return };
        let time = time.clamp(Seconds::ZERO, opened.length());
        self.view.playhead = time;
        if !self.player.is_playing() {
            self.view.play_from = time;
        }
        self.view.play_until = None;
        self.player.seek(time);
    }

    /// Stops where it is.
    pub(super) fn stop(&mut self) {
        self.player.pause();
        self.was_playing = false;
        self.rate.clear();
        self.view.play_until = None;
    }

    fn play_pause(&mut self) {
        let Some(opened) = &self.opened else { return };
        if self.player.is_playing() {
            self.stop();
            return;
        }
        // At the very end there is nothing to play: playing means playing again.
        if self.view.playhead.0 >= opened.length().0 - opened.poses.fps.frame_length().0 {
            self.seek(Seconds::ZERO);
        }
        self.view.play_from = self.view.playhead;
        self.view.play_until = None;
        self.player.seek(self.view.playhead);
        self.player.play();
    }

    fn play_around(&mut self) {
        let Some(range) = self.selected_range() else { return };
        let Some(opened) = &self.opened else { return };
        let from = (range.start - AROUND).max(Seconds::ZERO);
        let until = (range.end + AROUND).min(opened.length());
        let back = self.view.playhead;
        self.player.seek(from);
        self.player.play();
        self.view.playhead = from;
        self.view.play_from = back;
        self.view.play_until = Some(until);
    }

    fn loop_selection(&mut self) {
        let range = if self.view.looped.is_some() { None } else { self.selected_range() };
        self.view.looped = range;
        self.player.set_loop(range);
        if let Some(range) = range
            && !range.contains(self.view.playhead)
        {
            self.seek(range.start);
        }
    }

    fn step_frame(&mut self, by: i64) {
        let Some(opened) = &self.opened else { return };
        let fps = opened.poses.fps;
        let now = i64::from(fps.frame_at(self.view.playhead).0);
        let next = u32::try_from((now + by).max(0)).unwrap_or(0);
        let time = fps.time_of(FrameIndex(next));
        self.seek(time);
        self.player.scrub(time);
        self.reveal_playhead();
    }

    fn zoom(&mut self, factor: f64) {
        let Some(opened) = &self.opened else { return };
        let length = opened.length();
        let scale = self.timeline.view.scale(length, self.timeline.width);
        // Keys zoom at the playhead, or at the middle when it is not in view.
        let x = scale.x_from_time(self.view.playhead);
        let x = if scale.x.contains(x) { x } else { scale.x.center() };
        self.timeline.view.zoom_at(scale, x, factor, length);
    }

    fn set_theme(&mut self, ctx: &egui::Context, theme: ThemeChoice) {
        self.view.theme = theme;
        theme::apply(ctx, theme);
    }

    fn set_text_scale(&mut self, ctx: &egui::Context, scale: f32) {
        self.view.text_scale = ((scale * 10.0).round() / 10.0).clamp(1.0, 2.0);
        ctx.set_zoom_factor(self.view.text_scale);
        self.tell(format!("Text size {:.0} %", self.view.text_scale * 100.0));
    }

    fn copy_notation(&mut self, ctx: &egui::Context) {
        let Some(opened) = &self.opened else { return };
        let project = opened.project();
        let keys: Vec<_> = project
            .tiers
            .keys
            .iter()
            .map(|k| crate::cueing::Key {
                shape: k.shape(),
                position: k.position(),
                movement: k.movement(),
                ..k.rule.clone()
            })
            .collect();
        ctx.copy_text(notation::write(&keys, LetterSet::default()));
        self.tell(format!("{} keys are on the clipboard", keys.len()));
    }

    // ---- files --------------------------------------------------------------------------------------------------

    /// Does something that would lose unsaved changes, after asking about them.
    fn ask_first(&mut self, after: After) {
        if self.opened.as_ref().is_some_and(|o| !o.document.is_saved()) {
            self.dialog = Some(Dialog::Unsaved(after));
        } else {
            self.go_on(after);
        }
    }

    fn go_on(&mut self, after: After) {
        match after {
            After::Quit => self.may_close = true,
            After::CloseProject => self.close_project(),
            After::Open(path) => self.load(path),
            After::NewProject => {
                let identity = crate::jobs::draft::DEFAULT_IDENTITY;
                self.dialog = Some(Dialog::NewProject(Box::new(NewProjectForm::new(self.home.clone(), identity))));
            }
            After::Sample(index) => {
                let language = Language::ALL[index.min(2)];
                match samples::find(language) {
                    Some(path) => self.load(path),
                    None => {
                        let text = format!(
                            "The sample in {} is not there. Samples stand in the folder \"projects\" of the program.",
                            language.name()
                        );
                        self.notices.push(Tone::Warning, text);
                    }
                }
            }
        }
    }

    fn answer_unsaved(&mut self, ctx: &egui::Context, answer: Unsaved) {
        let Some(Dialog::Unsaved(after)) = self.dialog.take() else { return };
        match answer {
            Unsaved::Cancel => {}
            Unsaved::Save if !self.save_project() => {}
            Unsaved::Save | Unsaved::Discard => {
                let quit = after == After::Quit;
                self.go_on(after);
                if quit {
                    ctx.send_viewport_cmd(egui::ViewportCommand::Close);
                }
            }
        }
    }

    /// The window is asked to close: not before unsaved changes are decided about.
    pub(super) fn on_close_request(&mut self, ctx: &egui::Context) {
        if !ctx.input(|i| i.viewport().close_requested()) || self.may_close {
            return;
        }
        if self.opened.as_ref().is_some_and(|o| !o.document.is_saved()) {
            ctx.send_viewport_cmd(egui::ViewportCommand::CancelClose);
            self.dialog = Some(Dialog::Unsaved(After::Quit));
        }
    }

    fn close_project(&mut self) {
        self.stop();
        self.player.unload();
        self.opened = None;
        self.viewport.clear();
        self.timeline.view.fit();
        self.view = super::View {
            overlays: self.view.overlays,
            theme: self.view.theme,
            text_scale: self.view.text_scale,
            ..super::View::default()
        };
        self.player.set_loop(None);
        self.asked = None;
    }

    /// Saves; false when it failed, which has then been said.
    fn save_project(&mut self) -> bool {
        let Some(opened) = &mut self.opened else { return true };
        opened.document.end_drag();
        match file::save(&opened.folder, opened.document.project()) {
            Ok(()) => {
                opened.document.mark_saved();
                opened.saved = Some(clock_time());
                true
            }
            Err(error) => {
                self.notices.push(Tone::Error, format!("The project was not saved: {error}"));
                false
            }
        }
    }

    /// Reads a project in the background.
    pub(super) fn load(&mut self, path: PathBuf) {
        if let Some(Dialog::Open(_)) = self.dialog {
            // The form stays until the project is there: its error belongs under the field.
        } else {
            self.dialog = None;
        }
        let wake = self.wake.clone();
        self.work = Some(Work::Loading(Job::start("Opening", wake, move |progress| opened::load(&path, progress))));
    }

    fn create(&mut self, form: &NewProjectForm) {
        let (Some(folder), Some(language)) = (form.folder_path(), form.language) else { return };
        let sound = form.media_path().map_or(SoundSource::Speak, SoundSource::File);
        let request = DraftRequest::new(folder, sound, form.text.clone(), language, Some(form.identity.clone()));
        let wake = self.wake.clone();
        let job = Job::start("Drafting the cues", wake, move |progress| opened::create(&request, progress));
        self.work = Some(Work::Creating(job));
    }

    fn open_export(&mut self) {
        let Some(opened) = &self.opened else { return };
        let name: String = opened.project().title.chars().map(|c| if "/\\:".contains(c) { '-' } else { c }).collect();
        let path = opened.folder.join("exports").join(format!("{name}.mp4"));
        let form = ExportForm::new(path, opened.length(), opened.selected_range());
        self.dialog = Some(Dialog::Export(Box::new(form)));
    }

    fn export(&mut self, form: ExportForm) {
        let Some(opened) = &self.opened else { return };
        let project = opened.project().clone();
        let (Some(out), Some(options)) = (form.out(), form.options(project.length())) else { return };
        let folder = opened.folder.clone();
        let target = out.clone();
        let job = Job::start("Exporting", self.wake.clone(), move |progress| {
            if let Some(parent) = out.parent() {
                std::fs::create_dir_all(parent).map_err(|e| {
                    anyhow::anyhow!("the folder cannot be made ({e}); choose another one: {}", parent.display())
                })?;
            }
            export::export(&folder, &project, &out, &options, progress)
        });
        self.work = Some(Work::Exporting(job, target));
    }

    fn cancel_work(&mut self) {
        match &self.work {
            Some(Work::Loading(job) | Work::Creating(job)) => job.cancel(),
            Some(Work::Exporting(job, _)) => job.cancel(),
            None => {}
        }
    }

    /// Takes in what the background has done.
    pub(super) fn poll_work(&mut self) {
        let Some(work) = &mut self.work else { return };
        match work {
            Work::Loading(job) | Work::Creating(job) => {
                let Some(result) = job.poll() else { return };
                let cancelled = job.is_cancelled();
                self.work = None;
                match result {
                    Ok(_) if cancelled => {}
                    Ok(loaded) => self.take_project(loaded),
                    Err(_) if cancelled => self.tell("Stopped. Nothing was changed."),
                    Err(error) => self.loading_failed(&error),
                }
            }
            Work::Exporting(job, path) => {
                let Some(result) = job.poll() else { return };
                let (cancelled, path) = (job.is_cancelled(), path.clone());
                self.work = None;
                self.export_ended(result, cancelled, path);
            }
        }
    }

    fn loading_failed(&mut self, error: &anyhow::Error) {
        let text = sentence(error);
        match &mut self.dialog {
            Some(Dialog::NewProject(form)) => form.failure = Some(text),
            Some(Dialog::Open(form)) => form.failure = Some(text),
            _ => {
                self.notices.push(Tone::Error, text);
            }
        }
    }

    fn export_ended(&mut self, result: anyhow::Result<export::Exported>, cancelled: bool, path: PathBuf) {
        let in_dialog = match &mut self.dialog {
            Some(Dialog::Export(form)) => Some(form),
            _ => None,
        };
        match result {
            Ok(done) => {
                let summary =
                    format!("{} × {}, {} frames, {}", done.width, done.height, done.frames, done.length.timecode());
                match in_dialog {
                    Some(form) => form.done = Some((path, summary)),
                    None => {
                        let text = format!("The video is written ({summary}): {}", path.display());
                        self.notices.push(Tone::Good, text).folder = path.parent().map(Path::to_owned);
                    }
                }
            }
            Err(_) if cancelled => self.tell("Export stopped. No file was written."),
            Err(error) => {
                let text = sentence(&error);
                match in_dialog {
                    Some(form) => form.failure = Some(text),
                    None => {
                        self.notices.push(Tone::Error, format!("The video was not written. {text}"));
                    }
                }
            }
        }
    }

    fn take_project(&mut self, loaded: opened::Loaded) {
        self.close_project();
        self.dialog = None;
        let opened = Opened::new(loaded);
        self.recent.retain(|p| *p != opened.folder);
        self.recent.insert(0, opened.folder.clone());
        self.recent.truncate(RECENT);
        let buffer = match &opened.sound {
            Some(sound) => sound.buffer.clone(),
            // Without its recording a project plays all the same, silently.
            None => Arc::new(AudioBuffer {
                rate: 8000,
                channels: 1,
                samples: vec![0.0; opened.length().sample_at(8000)],
                warnings: Vec::new(),
            }),
        };
        self.player.load(buffer);
        self.player.set_least_length(opened.length());
        if let Some(message) = &opened.sound_message {
            self.notices.push(Tone::Warning, message.clone());
        }
        self.opened = Some(opened);
    }

    /// Asks the system for a file on a thread of its own, so that the window stays alive.
    fn pick(&mut self, what: PickFor) {
        if !self.file_windows || self.picked.is_some() {
            return;
        }
        let (sender, receiver) = channel();
        let wake = self.wake.clone();
        let start = self.home.parent().map(Path::to_owned).unwrap_or_default();
        std::thread::spawn(move || {
            let dialog = rfd::FileDialog::new().set_directory(start);
            let path = match what {
                PickFor::Media => dialog
                    .set_title("Choose a recording")
                    .add_filter(
                        "Sound and video",
                        &["wav", "mp3", "m4a", "aac", "flac", "ogg", "opus", "mp4", "mov", "mkv", "webm", "avi"],
                    )
                    .add_filter("All files", &["*"])
                    .pick_file(),
                PickFor::ProjectFolder => dialog.set_title("Choose a project folder").pick_folder(),
                PickFor::NewFolder => dialog.set_title("Choose a folder for the project").pick_folder(),
                PickFor::ExportFile => dialog.set_title("Export video").set_file_name("video.mp4").save_file(),
                PickFor::OpenFolder => None,
            };
            let _ = sender.send(path);
            wake();
        });
        self.picked = Some((what, receiver));
    }

    pub(super) fn poll_picked(&mut self) {
        let Some((what, receiver)) = &self.picked else { return };
        let what = *what;
        let path = match receiver.try_recv() {
            Err(TryRecvError::Empty) => return,
            Err(TryRecvError::Disconnected) => None,
            Ok(path) => path,
        };
        self.picked = None;
        let Some(path) = path else {
            // A closed window and a missing one look alike from here.
            self.tell("No file was chosen. A path can also be typed or pasted into the field.");
            return;
        };
        let text = path.to_string_lossy().into_owned();
        match (&mut self.dialog, what) {
            (Some(Dialog::NewProject(form)), PickFor::Media) => form.set_media(&path),
            (Some(Dialog::NewProject(form)), PickFor::NewFolder) => {
                form.folder = text;
                form.folder_is_own = true;
            }
            (Some(Dialog::Open(form)), PickFor::ProjectFolder) => form.path = text,
            (Some(Dialog::Export(form)), PickFor::ExportFile) => form.path = text,
            _ => {}
        }
    }

    /// Files dropped on the window: a project opens, anything else starts a new one.
    pub(super) fn dropped_files(&mut self, ctx: &egui::Context) {
        let dropped: Vec<PathBuf> = ctx.input(|i| i.raw.dropped_files.iter().map(|f| f.path().to_owned()).collect());
        let Some(path) = dropped.into_iter().next() else { return };
        if path.join(file::FILE_NAME).is_file() || path.file_name().is_some_and(|n| n == file::FILE_NAME) {
            self.ask_first(After::Open(path));
            return;
        }
        if let Some(Dialog::NewProject(form)) = &mut self.dialog {
            form.set_media(&path);
            return;
        }
        self.ask_first(After::NewProject);
        if let Some(Dialog::NewProject(form)) = &mut self.dialog {
            form.set_media(&path);
        }
    }

    /// Shows a folder in the file manager of the system.
    fn reveal(&mut self, folder: &Path) {
        let program = if cfg!(target_os = "macos") {
            "open"
        } else if cfg!(target_os = "windows") {
            "explorer"
        } else {
            "xdg-open"
        };
        if std::process::Command::new(program).arg(folder).spawn().is_err() {
            self.notices
                .push(Tone::Warning, format!("No file manager could be started. The folder is: {}", folder.display()));
        }
    }
}

/// The moment when the hand is on the key: where a user wants to look at it.
fn arrival(key: &crate::document::KeySegment) -> Seconds {
    let t = key.times;
    t.m2.max(t.d2).max(t.a1).min(t.a3.max(t.a1)) + Seconds(0.001)
}

/// An error as a sentence for the user, its causes after it.
fn sentence(error: &anyhow::Error) -> String {
    let mut text = String::new();
    for (i, cause) in error.chain().enumerate() {
        let cause = cause.to_string();
        // Errors that repeat what they wrap are said once.
        if i > 0 && text.contains(&cause) {
            continue;
        }
        if i > 0 {
            text.push_str(": ");
        }
        text.push_str(&cause);
    }
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |c| c.to_uppercase().chain(letters).collect())
}

/// Hours and minutes of the day, UTC when the system's zone is not known to us.
fn clock_time() -> String {
    let seconds = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |d| d.as_secs());
    format!("{:02}:{:02} UTC", seconds / 3600 % 24, seconds / 60 % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_told_once_and_as_sentences() {
        let error = anyhow::anyhow!("disk full").context("cannot write: disk full");
        assert_eq!(sentence(&error), "Cannot write: disk full");
        let error = anyhow::anyhow!("no such file").context("the sound cannot be read");
        assert_eq!(sentence(&error), "The sound cannot be read: no such file");
    }
}
