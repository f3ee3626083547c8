//! Export: where to, how large, which frame rate and which stretch; then progress, and the way to the file.

use super::{DialogContext, foot, path_row, progress, title, typed_path};
use crate::app::i18n::{number, tr, tr_with};
use crate::app::inspector::parse_time;
use crate::app::intent::{Intent, PickFor};
use crate::app::theme::tokens;
use crate::app::widgets::{Tone, field_error, field_label, list_line, message_strip, plain_button, primary_button};
use crate::app::work::WorkKind;
use crate::jobs::export::ExportOptions;
use crate::time::{Fps, Seconds, TimeRange};
use egui::{ComboBox, RichText, TextEdit, Ui};
use std::path::PathBuf;

const HEIGHTS: [u32; 5] = [256, 512, 720, 1080, 1440];

/// How long the shutter of a film camera is open, in shares of a frame.
const FILM_SHUTTER: f32 = 0.5;

/// Which stretch is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stretch {
    #[default]
    Whole,
    Selection,
    Typed,
}

/// What the user has filled in.
#[derive(Clone, Debug)]
pub struct ExportForm {
    pub path: String,
    pub height: u32,
    /// `None`: the project's own.
    pub fps: Option<Fps>,
    pub stretch: Stretch,
    pub from: String,
    pub to: String,
    pub captions: bool,
    pub labels: bool,
    pub motion_blur: bool,
    /// Time of the selected keys, when there are any.
    pub selection: Option<TimeRange>,
    pub tried: bool,
    pub failure: Option<String>,
    /// The file that was written.
    pub done: Option<(PathBuf, String)>,
}

/// The first thing wrong with each field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Faults {
    pub path: Option<String>,
    pub range: Option<String>,
}

impl ExportForm {
    pub fn new(path: PathBuf, length: Seconds, selection: Option<TimeRange>) -> Self {
        Self {
            path: path.to_string_lossy().into_owned(),
            height: 512,
            fps: None,
            stretch: Stretch::Whole,
            from: Seconds::ZERO.timecode(),
            to: length.timecode(),
            captions: false,
            labels: false,
            motion_blur: false,
            selection,
            tried: false,
            failure: None,
            done: None,
        }
    }

    /// The file, with `.mp4` at its end.
    pub fn out(&self) -> Option<PathBuf> {
        let path = typed_path(&self.path)?;
        Some(if path.extension().is_none() && !path.is_dir() { path.with_extension("mp4") } else { path })
    }

    /// Begin and end to be written; `None` when they are not times.
    pub fn range(&self, length: Seconds) -> Option<TimeRange> {
        let whole = TimeRange::new(Seconds::ZERO, length);
        match self.stretch {
            Stretch::Whole => Some(whole),
            Stretch::Selection => Some(self.selection.unwrap_or(whole)),
            Stretch::Typed => {
                Some(TimeRange { start: Seconds(parse_time(&self.from)?), end: Seconds(parse_time(&self.to)?) })
            }
        }
    }

    pub fn options(&self, length: Seconds) -> Option<ExportOptions> {
        let range = self.range(length)?;
        let part = self.stretch != Stretch::Whole;
        Some(ExportOptions {
            height: self.height,
            fps: self.fps,
            from: part.then_some(range.start),
            to: part.then_some(range.end),
            motion_blur: if self.motion_blur { FILM_SHUTTER } else { 0.0 },
            captions: self.captions,
            labels: self.labels,
        })
    }

    pub fn faults(&self, length: Seconds) -> Faults {
        let path = match self.out() {
            None => Some(tr("Choose where the video is written.").to_owned()),
            Some(path) if path.is_dir() => {
                Some(tr_with("This is a folder; add a file name: {path}", &[("path", &path.display().to_string())]))
            }
            Some(path) if path.extension().is_none_or(|e| !e.eq_ignore_ascii_case("mp4")) => {
                Some(tr("Videos are written as .mp4; change the end of the name.").to_owned())
            }
            Some(path) => match path.parent().filter(|p| !p.as_os_str().is_empty()) {
                Some(folder) if folder.exists() && !folder.is_dir() => {
                    Some(tr_with("This is a file, not a folder: {path}", &[("path", &folder.display().to_string())]))
                }
                _ => None,
            },
        };
        let range = match self.range(length) {
            None => Some(tr("Write times as minutes:seconds, such as 0:03.5.").to_owned()),
            Some(r) if r.end <= r.start => Some(tr("The end must come after the start.").to_owned()),
            Some(r) if r.start >= length => {
                Some(tr_with("The project ends at {time}.", &[("time", &length.timecode())]))
            }
            Some(_) => None,
        };
        Faults { path, range }
    }
}

/// Draws the form; true when it is to be closed.
pub fn show(ui: &mut Ui, form: &mut ExportForm, context: &DialogContext<'_>, out: &mut Vec<Intent>) -> bool {
    let Some(project) = context.project else { return true };
    title(ui, tr("Export video"));
    if let Some((path, summary)) = form.done.clone() {
        return done(ui, &path, &summary, out);
    }
    let t = tokens(ui);
    let length = project.length();
    let busy = context.job.is_some();
    if let Some(failure) = &form.failure {
        message_strip(ui, Tone::Error, failure);
    }
    let faults = if form.tried { form.faults(length) } else { Faults::default() };
    ui.add_enabled_ui(!busy, |ui| {
        let label = field_label(ui, tr("File"));
        let (_, browse) =
            path_row(ui, &mut form.path, label, tr("a file"), tr("name.mp4"), tr("Choose where the video is written."));
        if browse {
            out.push(Intent::Pick(PickFor::ExportFile));
        }
        if let Some(fault) = &faults.path {
            field_error(ui, fault);
        }
        ui.horizontal_top(|ui| {
            ui.vertical(|ui| {
                let label = field_label(ui, tr("Size"));
                ComboBox::from_id_salt("height")
                    .selected_text(high(form.height))
                    .width(160.0)
                    .show_ui(ui, |ui| {
                        for height in HEIGHTS {
                            if list_line(ui, form.height == height, high(height)) {
                                form.height = height;
                            }
                        }
                    })
                    .response
                    .labelled_by(label);
            });
            ui.add_space(16.0);
            ui.vertical(|ui| {
                let label = field_label(ui, tr("Frame rate"));
                let name = |fps: Option<Fps>| match fps {
                    None => tr_with("Project's own ({rate})", &[("rate", &rate(project.settings.fps))]),
                    Some(fps) => tr_with("{rate} frames/s", &[("rate", &rate(fps))]),
                };
                ComboBox::from_id_salt("fps")
                    .selected_text(name(form.fps))
                    .width(180.0)
                    .show_ui(ui, |ui| {
                        for fps in [
                            None,
                            Some(Fps::whole(24)),
                            Some(Fps::whole(25)),
                            Some(Fps::whole(30)),
                            Some(Fps::whole(50)),
                            Some(Fps::whole(60)),
                        ] {
                            if list_line(ui, form.fps == fps, name(fps)) {
                                form.fps = fps;
                            }
                        }
                    })
                    .response
                    .labelled_by(label);
            });
        });
        field_label(ui, tr("In the picture"));
        ui.horizontal_wrapped(|ui| {
            ui.checkbox(&mut form.captions, tr("Captions"))
                .on_hover_text(tr("The words said, where they hide neither face nor hand."));
            ui.checkbox(&mut form.labels, tr("Names of the keys"))
                .on_hover_text(tr("Hand shape and position of each key while it sounds."));
            ui.checkbox(&mut form.motion_blur, tr("Motion blur"))
                .on_hover_text(tr("Fast moves are drawn as a film camera sees them; this takes longer."));
        });
        field_label(ui, tr("Stretch"));
        ui.horizontal(|ui| {
            ui.radio_value(&mut form.stretch, Stretch::Whole, tr("Everything"));
            ui.add_enabled_ui(form.selection.is_some(), |ui| {
                ui.radio_value(&mut form.stretch, Stretch::Selection, tr("Selected keys"));
            });
            ui.radio_value(&mut form.stretch, Stretch::Typed, tr("From – to"));
        });
        if form.stretch == Stretch::Typed {
            ui.horizontal(|ui| {
                let from = ui.label(tr("From")).id;
                ui.add(TextEdit::singleline(&mut form.from).desired_width(96.0).font(egui::TextStyle::Monospace))
                    .labelled_by(from);
                let to = ui.label(tr("to")).id;
                ui.add(TextEdit::singleline(&mut form.to).desired_width(96.0).font(egui::TextStyle::Monospace))
                    .labelled_by(to);
            });
        }
        if let Some(fault) = &faults.range {
            field_error(ui, fault);
        } else if let Some(range) = form.range(length) {
            let text =
                tr_with("{time} of sound and picture", &[("time", &range.length().max(Seconds::ZERO).timecode())]);
            ui.label(RichText::new(text).color(t.text3).small());
        }
    });
    if let Some(stage) = context.job {
        progress(ui, stage);
    }
    let mut close = false;
    foot(ui, |ui| {
        if busy {
            if plain_button(ui, tr("Cancel export")).clicked() {
                out.push(Intent::CancelJob(Some(WorkKind::Export)));
            }
            close = plain_button(ui, tr("Work on meanwhile"))
                .on_hover_text(tr("The export goes on; the status bar shows it."))
                .clicked();
            return;
        }
        if primary_button(ui, tr("Export"), true).clicked() {
            form.tried = true;
            form.failure = None;
            if form.faults(length) == Faults::default() {
                out.push(Intent::StartExport(Box::new(form.clone())));
            }
        }
        close = plain_button(ui, tr("Cancel")).clicked();
    });
    close
}

fn done(ui: &mut Ui, path: &std::path::Path, summary: &str, out: &mut Vec<Intent>) -> bool {
    message_strip(ui, Tone::Good, &tr_with("Written: {summary}", &[("summary", summary)]));
    ui.label(RichText::new(path.display().to_string()).color(tokens(ui).text2));
    let mut close = false;
    foot(ui, |ui| {
        close = primary_button(ui, tr("Done"), true).clicked();
        if let Some(folder) = path.parent()
            && plain_button(ui, tr("Open folder")).clicked()
        {
            out.push(Intent::RevealFolder(folder.to_owned()));
        }
    });
    close
}

/// Name of a picture size.
fn high(pixels: u32) -> String {
    tr_with("{count} pixels high", &[("count", &pixels.to_string())])
}

/// `25` or `29.97`.
pub fn rate(fps: Fps) -> String {
    if fps.den == 1 { fps.num.to_string() } else { number(fps.rate(), 2) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form() -> ExportForm {
        ExportForm::new("/tmp/out.mp4".into(), Seconds(10.0), None)
    }

    #[test]
    fn faults_stand_at_their_fields() {
        let length = Seconds(10.0);
        assert_eq!(form().faults(length), Faults::default());
        assert!(ExportForm { path: " ".into(), ..form() }.faults(length).path.is_some());
        assert!(ExportForm { path: "/tmp".into(), ..form() }.faults(length).path.is_some());
        assert!(ExportForm { path: "/tmp/x.avi".into(), ..form() }.faults(length).path.is_some());
        let typed = ExportForm { stretch: Stretch::Typed, ..form() };
        assert!(ExportForm { from: "x".into(), ..typed.clone() }.faults(length).range.unwrap().contains("0:03.5"));
        assert!(ExportForm { from: "5".into(), to: "4".into(), ..typed.clone() }.faults(length).range.is_some());
        assert!(ExportForm { from: "12".into(), to: "14".into(), ..typed }.faults(length).range.is_some());
    }

    #[test]
    fn a_name_without_an_end_gets_one() {
        assert_eq!(ExportForm { path: "/tmp/film".into(), ..form() }.out(), Some("/tmp/film.mp4".into()));
    }
}
