//! Carrying out what the user wants: the one place where the document changes.
//!
//! [`Studio::handle`] takes one wish; what it means stands in the files beside this one: the document itself, the
//! selection, playing and the view, files and jobs.

mod aligning;
mod charts;
mod checking;
mod clipboard;
mod document;
mod expressions;
mod files;
mod hands;
mod identities;
mod keeping;
mod panels;
mod playing;
mod realigning;
mod selection;
mod slowing;
mod takes;
mod tapping;
mod timeline;

pub(super) use clipboard::Clip;
pub(super) use timeline::Listening;

pub(in crate::app) use keeping::Errands;

use super::commands::Command;
use super::dialogs::score::ScoreForm;
use super::dialogs::{After, Dialog, help, open, palette, settings};
use super::dock::Pane;
use super::i18n::UiLanguage;
use super::intent::{Intent, Unsaved};
use super::theme::ThemeChoice;
use super::viewport::compare::Compare;
use super::{Studio, opened::Opened};
use crate::document::edit::Edit;
use crate::time::Seconds;

impl Studio {
    /// Turns a way of comparing with the recording on, or off when it is on.
    fn compare(&mut self, way: Compare) {
        let now = &mut self.view.overlays.compare;
        *now = if *now == way { Compare::Off } else { way };
    }

    /// Carries out one wish.
    pub(in crate::app) fn handle(&mut self, ctx: &egui::Context, intent: Intent) {
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
            Intent::Select(selection) => self.select(*selection),
            Intent::SelectNewMask => self.select_new_mask(),
            Intent::SelectNewExpression => self.select_new_expression(),
            Intent::ClearSelection => self.clear_selection(),
            Intent::Takes(intent) => self.takes_intent(intent),
            Intent::Hands(intent) => self.hands_intent(intent),
            Intent::Identity(intent) => self.identity_intent(intent),
            Intent::Edit(edit) => self.edit(&edit),
            Intent::Drag(name, edit) => self.drag(name, &edit),
            Intent::EndDrag => self.change(|o| {
                o.document.end_drag();
            }),
            Intent::TypeReading { word, text, alphabet } => self.type_reading(word, &text, alphabet),
            Intent::Chart(intent) => self.chart_intent(intent),
            Intent::SetLoop(range) => {
                self.view.looped = range;
                self.player.set_loop(range);
            }
            Intent::GoToProblem(index) => self.go_to_problem(index),
            Intent::GoToCue(index) => self.go_to_cue(index),
            Intent::ScorePoses(path) => self.check_cues(Some(path)),
            Intent::ImportPoses(form) => self.import_poses(&form),
            Intent::FindPoses(id) => self.open_find_poses(id),
            Intent::LookAtPerformance(id) => {
                self.alignment.chosen = Some(id);
                self.dock.show(Pane::Alignment);
            }
            Intent::WriteScore(path) => self.write_score(path),
            Intent::WriteSheet(path) => self.write_sheet(path),
            Intent::Open(path) => self.ask_first(After::Open(path)),
            Intent::Create(form) => self.create(&form),
            Intent::StartExport(form) => self.export(*form),
            Intent::SetGlossService(settings) => self.gloss_service = *settings,
            Intent::TakeGlosses(answers) => self.take_glosses(&answers),
            Intent::Slow(request) => self.start_slow(request),
            Intent::Listen(range, speed) => self.listen(range, speed),
            Intent::Pick(what) => self.pick(what),
            Intent::Remedy(problem, remedy) => self.apply_remedy(ctx, problem, remedy),
            Intent::MarkSeen(problem, seen) => self.mark_seen(problem, seen),
            Intent::TypeReadingNow => {
                self.dock.show(Pane::Inspector);
                self.inspector.type_reading = true;
            }
            Intent::CancelJob(kind) => self.cancel_work(kind),
            Intent::CancelWork(id) => self.works.cancel(id),
            Intent::ClearWorkLog => self.works.clear_log(),
            Intent::SetPreferences(preferences) => self.set_preferences(ctx, *preferences),
            Intent::SetTapDelay(ms) => self.timeline.settings.tap_delay_ms = ms.clamp(0.0, 500.0),
            Intent::SetTextScale(scale) => self.set_text_scale(ctx, scale),
            Intent::DoFromPalette(command) => {
                self.preferences.note_command(command);
                self.command(ctx, command);
            }
            Intent::CloseDialog => self.dialog = None,
            Intent::Unsaved(answer) => self.answer_unsaved(ctx, answer),
            Intent::OpenAs(path, access) => self.open_as(path, access),
            Intent::SaveAs(path) => self.save_as(path),
            Intent::JumpToStep(position) => self.jump_to_step(position),
            Intent::LookIntoBackup(name) => self.look_into_backup(name),
            Intent::RestoreBackup(folder, name) => self.restore_backup(folder, name),
            Intent::Relink(path) => self.relink(path),
            Intent::SearchMedia => self.search_media(),
            Intent::DismissNotice(id) => self.notices.dismiss(id),
            Intent::DismissAllNotices => self.notices.clear(),
            Intent::ShowNotices(open) => self.show_messages(open),
            Intent::RevealFolder(folder) => self.reveal(&folder),
        }
    }

    pub(in crate::app) fn command(&mut self, ctx: &egui::Context, command: Command) {
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
            C::Save => self.save(),
            C::SaveAs => self.open_save_as(),
            C::Backups => self.open_backups(false),
            C::RecoverEarlier => self.open_backups(true),
            C::RelinkMedia => self.open_relink(),
            C::NewIdentity => self.open_new_identity(),
            C::ImportIdentity => self.open_identity_file(false),
            C::ExportIdentity => self.open_identity_file(true),
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
            C::WriteGlosses => self.open_glosses(),
            C::EditChart => self.open_chart(),
            C::NudgeEarlier => self.nudge(-1.0, true),
            C::NudgeLater => self.nudge(1.0, true),
            C::NudgeEarlierMs => self.nudge(-0.010, false),
            C::NudgeLaterMs => self.nudge(0.010, false),
            C::PreviousKey => self.step_key(-1),
            C::NextKey => self.step_key(1),
            C::PreviousProblem => self.step_problem(-1),
            C::NextProblem => self.step_problem(1),
            C::Takes(command) => self.take_command(command),
            C::PlayPause => self.play_pause(),
            C::StopAndReturn => {
                self.stop();
                self.seek(self.view.play_from);
            }
            C::PlayAround => self.play_around(),
            C::PlaySelection => self.play_selection(),
            C::LoopSelection => self.loop_selection(),
            C::ShuttleBack => self.shuttle(ctx, false),
            C::ShuttleStop => self.stop(),
            C::ShuttleForward => self.shuttle(ctx, true),
            C::SetIn => self.playback.marks.set_in(self.view.playhead),
            C::SetOut => self.playback.marks.set_out(self.view.playhead),
            C::GoToIn => self.go_to_mark(self.playback.marks.start),
            C::GoToOut => self.go_to_mark(self.playback.marks.end),
            C::ClearInOut => self.playback.marks = Default::default(),
            C::GoToTime => self.playback.typed = Some(self.view.playhead.timecode()),
            C::SlowPassage => self.open_slow(),
            C::CheckCues => self.check_cues(None),
            C::ScoreFile => self.dialog = Some(Dialog::Score(ScoreForm::file())),
            C::ImportPoses => self.dialog = Some(Dialog::ImportPoses(Box::default())),
            C::ScoreReport => self.open_score_report(),
            C::CueSheet => self.open_sheet(),
            C::PreviousBoundary => self.step_boundary(false),
            C::NextBoundary => self.step_boundary(true),
            C::PreviousFrame => self.step_frame(-1),
            C::NextFrame => self.step_frame(1),
            C::BackSecond => self.seek(self.view.playhead - Seconds(1.0)),
            C::ForwardSecond => self.seek(self.view.playhead + Seconds(1.0)),
            C::GoToStart => self.seek(Seconds::ZERO),
            C::GoToEnd => self.seek(Seconds(f64::MAX)),
            C::Speed(percent) => {
                self.view.speed = f64::from(percent) / 100.0;
                self.kept_speed = None;
                self.playback.shuttle = None;
                self.player.set_speed(self.view.speed);
            }
            C::Timeline(command) => self.timeline_command(ctx, command),
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
            C::ShowTrajectories => self.view.overlays.trajectories ^= true,
            C::ShowEdges => self.view.overlays.edges ^= true,
            C::CompareBeside => self.compare(Compare::Beside),
            C::CompareWipe => self.compare(Compare::Wipe),
            C::Panel(pane) => self.dock.toggle(pane),
            C::GoToPanel(pane) => self.dock.go_to(pane),
            C::NextPanel => self.dock.cycle(true),
            C::PreviousPanel => self.dock.cycle(false),
            C::Layout(preset) => self.dock.set_preset(preset),
            C::ResetLayout => self.dock.set_preset(self.dock.preset()),
            C::ThemeDark => self.set_theme(ctx, ThemeChoice::Dark),
            C::ThemeLight => self.set_theme(ctx, ThemeChoice::Light),
            C::ThemeHighContrast => self.set_theme(ctx, ThemeChoice::HighContrast),
            C::LanguageEnglish => self.set_language(UiLanguage::English),
            C::LanguageChinese => self.set_language(UiLanguage::Chinese),
            C::LanguageFrench => self.set_language(UiLanguage::French),
            C::TextLarger => self.set_text_scale(ctx, self.view.text_scale + 0.1),
            C::TextSmaller => self.set_text_scale(ctx, self.view.text_scale - 0.1),
            C::TextReset => self.set_text_scale(ctx, 1.0),
            C::Settings => self.dialog = Some(Dialog::Settings(Box::default())),
            C::SettingsKeyboard => {
                let page = crate::app::dialogs::settings::Page::Keyboard;
                self.dialog = Some(Dialog::Settings(Box::new(settings::SettingsState { page, ..Default::default() })));
            }
            C::FindCommand => self.dialog = Some(Dialog::Palette(palette::PaletteState::default())),
            C::Help => self.dialog = Some(Dialog::Help(help::HelpState::default())),
            C::Shortcuts => {
                self.dialog = Some(Dialog::Help(help::HelpState { shortcuts: true, ..Default::default() }));
            }
            C::About => self.dialog = Some(Dialog::About),
        }
    }
}
