//! Writing motion masks: which, how wide and soft, how large, and where to.

use super::{DialogContext, foot, path_row, progress, title, typed_path};
use crate::app::i18n::tr;
use crate::app::intent::{Intent, PickFor};
use crate::app::takes::{TakesIntent, kind_name, options_ui};
use crate::app::widgets::{Tone, field_error, field_label, message_strip, plain_button, primary_button};
use crate::app::work::WorkKind;
use crate::jobs::masks::MasksRequest;
use crate::pose::motion_mask::{Kind, Options};
use egui::{DragValue, Ui};
use std::path::PathBuf;

/// What the user has filled in.
#[derive(Clone, Debug)]
pub struct MasksForm {
    pub path: String,
    pub kinds: [bool; 3],
    /// Dilation and blur in pixels of a picture 512 high.
    pub options: Options,
    pub height: u32,
    pub video: bool,
    pub tried: bool,
    pub failure: Option<String>,
    /// The folder that was written to.
    pub done: Option<(PathBuf, String)>,
}

impl MasksForm {
    pub fn new(folder: PathBuf, kinds: [bool; 3], options: Options) -> Self {
        let kinds = if kinds.contains(&true) { kinds } else { [true; 3] };
        let path = folder.to_string_lossy().into_owned();
        Self { path, kinds, options, height: 512, video: false, tried: false, failure: None, done: None }
    }

    /// What is asked for; `None` while something is missing.
    pub fn request(&self) -> Option<MasksRequest> {
        let kinds: Vec<Kind> = Kind::ALL.into_iter().zip(self.kinds).filter(|(_, on)| *on).map(|(k, _)| k).collect();
        if kinds.is_empty() {
            return None;
        }
        let scale = self.height as f32 / 512.0;
        let options = Options { dilate: self.options.dilate * scale, blur: self.options.blur * scale, ..self.options };
        let out = typed_path(&self.path)?;
        Some(MasksRequest { out, kinds, options, height: self.height, video: self.video, from: None, to: None })
    }
}

/// Draws the form; true when it is to be closed.
pub fn show(ui: &mut Ui, form: &mut MasksForm, context: &DialogContext<'_>, out: &mut Vec<Intent>) -> bool {
    title(ui, tr("Export motion masks"));
    if let Some((path, summary)) = form.done.clone() {
        message_strip(ui, Tone::Good, &summary);
        let mut close = false;
        foot(ui, |ui| {
            close = primary_button(ui, tr("Close"), true).clicked();
            if plain_button(ui, tr("Open the folder")).clicked() {
                out.push(Intent::RevealFolder(path));
            }
        });
        return close;
    }
    let busy = context.job.is_some();
    if let Some(failure) = &form.failure {
        message_strip(ui, Tone::Error, failure);
    }
    ui.add_enabled_ui(!busy, |ui| {
        let label = field_label(ui, tr("Folder"));
        let about = tr("Choose the folder that the masks are written to.");
        let (_, browse) = path_row(ui, &mut form.path, label, tr("a folder"), tr("a folder of its own"), about);
        if browse {
            out.push(Intent::Pick(PickFor::NewFolder));
        }
        if form.tried && typed_path(&form.path).is_none() {
            field_error(ui, about);
        }
        ui.horizontal_wrapped(|ui| {
            for (on, kind) in form.kinds.iter_mut().zip(Kind::ALL) {
                ui.checkbox(on, kind_name(kind));
            }
        });
        if form.tried && !form.kinds.contains(&true) {
            field_error(ui, tr("Choose at least one kind of mask."));
        }
        options_ui(ui, &mut form.options.outline, &mut form.options.dilate, &mut form.options.blur);
        ui.horizontal(|ui| {
            let label = ui.label(tr("Height")).id;
            ui.add(DragValue::new(&mut form.height).range(16..=2160).suffix(" px")).labelled_by(label);
            ui.selectable_value(&mut form.video, false, tr("Pictures (PNG)"));
            ui.selectable_value(&mut form.video, true, tr("Video (MP4)"));
        });
    });
    if let Some(stage) = context.job {
        progress(ui, stage);
    }
    let mut close = false;
    foot(ui, |ui| {
        if primary_button(ui, tr("Export"), !busy).clicked() {
            form.tried = true;
            form.failure = None;
            if form.request().is_some() {
                out.push(Intent::Takes(TakesIntent::StartMasks(Box::new(form.clone()))));
            }
        }
        if busy {
            if plain_button(ui, tr("Stop")).clicked() {
                out.push(Intent::CancelJob(Some(WorkKind::Masks)));
            }
        } else {
            close = plain_button(ui, tr("Cancel")).clicked();
        }
    });
    close
}
