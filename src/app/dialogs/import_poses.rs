//! Bringing in tracked poses: which file or folder, and what it does not say itself.

use super::{DialogContext, foot, path_row, progress, title, typed_path};
use crate::app::i18n::{tr, tr_with};
use crate::app::intent::{Intent, PickFor};
use crate::app::theme::tokens;
use crate::app::widgets::{Tone, field_error, field_label, message_strip, plain_button, primary_button};
use crate::document::marks::MarkId;
use crate::exchange::poses::Given;
use crate::time::Fps;
use egui::{DragValue, RichText, Ui};
use std::path::PathBuf;

/// What the user has filled in.
#[derive(Clone, Debug)]
pub struct ImportPosesForm {
    pub path: String,
    /// Frames a second, and width and height of the picture; 0 leaves it to the file.
    pub rate: f64,
    pub size: [u32; 2],
    pub tried: bool,
    pub failure: Option<String>,
    /// The poses that are looked for, with their name; `None`: new ones are brought in.
    pub lost: Option<(MarkId, String)>,
}

impl Default for ImportPosesForm {
    fn default() -> Self {
        Self { path: String::new(), rate: 0.0, size: [0; 2], tried: false, failure: None, lost: None }
    }
}

impl ImportPosesForm {
    /// The path, and what is said beside it.
    pub fn request(&self) -> Option<(PathBuf, Given)> {
        let fps = match self.rate {
            rate if rate >= 0.5 && rate.fract() == 0.0 => Some(Fps::whole(rate as u32)),
            rate if rate >= 0.5 => Some(Fps { num: (rate * 1000.0).round() as u32, den: 1000 }),
            _ => None,
        };
        let size = (self.size[0] > 0 && self.size[1] > 0).then(|| (self.size[0] as f32, self.size[1] as f32));
        Some((typed_path(&self.path)?, Given { fps, size }))
    }
}

/// Draws the form; true when it is to be closed.
pub fn show(ui: &mut Ui, form: &mut ImportPosesForm, context: &DialogContext<'_>, out: &mut Vec<Intent>) -> bool {
    let t = tokens(ui);
    match &form.lost {
        None => title(ui, tr("Import tracked poses")),
        Some((_, name)) => {
            title(ui, tr("Find tracked poses"));
            let text = tr_with(
                "Looked for: the poses of \"{name}\". Choose their file in the folder \"performances\" of a copy of this project, or the file they were imported from.",
                &[("name", name)],
            );
            message_strip(ui, Tone::Warning, &text);
        }
    }
    let busy = context.job.is_some();
    if let Some(failure) = &form.failure {
        message_strip(ui, Tone::Error, failure);
    }
    ui.add_enabled_ui(!busy, |ui| {
        let label = field_label(ui, tr("File or folder with poses"));
        let about = tr("Choose a file with poses.");
        let hint = tr("OpenPose, COCO-WholeBody, NumPy or Cueloom");
        let (_, browse) = path_row(ui, &mut form.path, label, tr("a file"), hint, about);
        if browse {
            out.push(Intent::Pick(PickFor::Poses));
        }
        if form.tried && form.request().is_none() {
            field_error(ui, about);
        }
        let text = tr(
            "A folder holds one file for each frame, as OpenPose writes them. What stands at 0 is taken from the file.",
        );
        ui.label(RichText::new(text).color(t.text2));
        ui.horizontal_wrapped(|ui| {
            let label = ui.label(tr("Frames a second")).id;
            ui.add(DragValue::new(&mut form.rate).range(0.0..=1000.0).max_decimals(3)).labelled_by(label);
            let label = ui.label(tr("Width")).id;
            ui.add(DragValue::new(&mut form.size[0]).range(0..=100_000).suffix(" px")).labelled_by(label);
            let label = ui.label(tr("Height")).id;
            ui.add(DragValue::new(&mut form.size[1]).range(0..=100_000).suffix(" px")).labelled_by(label);
        });
    });
    if let Some(stage) = context.job {
        progress(ui, stage);
    }
    let mut close = false;
    foot(ui, |ui| {
        let name = if form.lost.is_some() { tr("Use this file") } else { tr("Import") };
        if primary_button(ui, name, !busy).clicked() {
            form.tried = true;
            form.failure = None;
            if form.request().is_some() {
                out.push(Intent::ImportPoses(Box::new(form.clone())));
            }
        }
        close = plain_button(ui, tr("Cancel")).clicked();
    });
    close
}
