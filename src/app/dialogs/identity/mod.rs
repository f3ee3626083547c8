//! New identity: from a picture to a person who cues, in eight small steps. Everything that is asked for has a guess
//! that stands already; a frontal portrait needs five clicks.

mod brush;
mod pages;
mod places;

use super::{DialogContext, foot, title};
use crate::app::i18n::{later, tr, tr_message, tr_with};
use crate::app::intent::Intent;
use crate::app::theme::{self, tokens};
use crate::app::widgets::{Tone, enter_is_free, message_strip, plain_button, primary_button};
use crate::generate::read_back::Reach;
use crate::pose::Side;
use crate::pose::template::Anchors;
use crate::render::identity::{Consent, Identity};
use crate::render::intake::{Draft, IntakeError};
use egui::{RichText, TextureHandle, Ui, vec2};
use image::RgbImage;
use std::path::PathBuf;

/// The steps, in order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Step {
    #[default]
    Picture,
    Anchors,
    Body,
    Points,
    Clean,
    Colours,
    Consent,
    Preview,
}

impl Step {
    pub const ALL: [Self; 8] = [
        Self::Picture,
        Self::Anchors,
        Self::Body,
        Self::Points,
        Self::Clean,
        Self::Colours,
        Self::Consent,
        Self::Preview,
    ];

    /// In English; translated where it is shown.
    fn name(self) -> &'static str {
        match self {
            Self::Picture => later("Picture"),
            Self::Anchors => later("Eyes, nose, mouth"),
            Self::Body => later("Chin, ears, shoulders"),
            Self::Points => later("All points"),
            Self::Clean => later("Room and hands"),
            Self::Colours => later("Colours and hand"),
            Self::Consent => later("Name and consent"),
            Self::Preview => later("All positions"),
        }
    }

    fn index(self) -> usize {
        self as usize
    }
}

/// What wizard and import want done.
#[derive(Clone, Debug)]
pub enum IdentityIntent {
    /// Reads the picture at the path in the form.
    ReadPicture(PathBuf),
    /// Poses and draws all shapes at all positions.
    Preview(Box<Identity>),
    /// Keeps the person: in the open project, which is then cued by them, or in the library.
    Keep { identity: Box<Identity>, in_project: bool },
    /// Takes a person from a file.
    Import { path: PathBuf, in_project: bool },
    /// Writes the person of the project as one file.
    Export(PathBuf),
    /// Has the project cued by a person of the library, who is copied into it.
    Choose(PathBuf),
}

/// All keys on a person, as small pictures.
#[derive(Clone)]
pub struct PreviewSheet {
    pub all: Vec<Reach>,
    /// Rows of five positions for eight shapes.
    pub sheet: egui::ColorImage,
}

/// The wizard.
#[derive(Default)]
pub struct IdentityForm {
    pub step: Step,
    pub path: String,
    pub draft: Option<Draft>,
    /// Which of the five anchors were put in their place by hand.
    placed: [bool; 5],
    /// The place that the keyboard goes to next.
    focus: Option<usize>,
    texture: Option<TextureHandle>,
    /// What is being marked for removal.
    brush: brush::Brush,
    /// Pictures as they were before something was removed or room was added, newest last.
    before: Vec<Draft>,
    name: String,
    by: String,
    on: String,
    purpose: String,
    pub in_project: bool,
    /// The colour that the next click in the picture gives, and whether any was chosen by hand.
    picking: usize,
    own_colours: bool,
    /// A point of the face that is moved goes alone, its neighbours stay.
    alone: bool,
    preview: Option<(PreviewSheet, Option<TextureHandle>)>,
    pub failure: Option<String>,
    pub busy: bool,
}

impl IdentityForm {
    /// `today` stands as the date of consent; `in_project` where a project is open that can take the person.
    pub fn new(today: String, in_project: bool) -> Self {
        Self { on: today, in_project, ..Self::default() }
    }

    /// True while closing it by the way would lose something.
    pub fn holds_work(&self) -> bool {
        self.draft.is_some()
    }

    /// A picture has been read: a face is guessed in its middle, and the places are asked for.
    pub fn set_picture(&mut self, picture: RgbImage) {
        let aspect = picture.width() as f32 / picture.height() as f32;
        let example = crate::pose::Reference::example();
        let guess: Vec<[f32; 2]> =
            example.face.iter().map(|p| [0.5 * aspect + (p[0] - 0.5) * 1.2, 0.42 + (p[1] - 0.42) * 1.2]).collect();
        match Draft::new(picture, Anchors::of(&guess), Side::Right) {
            Ok(draft) => {
                self.draft = Some(draft);
                self.step = Step::Anchors;
                self.placed = [false; 5];
                self.focus = Some(0);
                self.texture = None;
                self.own_colours = false;
                self.before.clear();
                self.failure = None;
                if self.name.is_empty() {
                    let stem = std::path::Path::new(self.path.trim()).file_stem().unwrap_or_default();
                    self.name = stem.to_string_lossy().into_owned();
                }
            }
            Err(error) => self.fail(&error),
        }
    }

    pub fn set_preview(&mut self, preview: PreviewSheet) {
        self.preview = Some((preview, None));
    }

    /// Puts an anchor in its place; those that were not placed yet follow as the face has them.
    fn place(&mut self, i: usize, to: [f32; 2]) {
        let Some(draft) = &mut self.draft else { return };
        let mut all = draft.anchors.all();
        let by = [to[0] - all[i][0], to[1] - all[i][1]];
        all[i] = to;
        self.placed[i] = true;
        match self.placed.iter().filter(|p| **p).count() {
            5 => draft.anchors = Anchors::from_all(all),
            1 => {
                for (place, _) in all.iter_mut().zip(self.placed).filter(|(_, placed)| !placed) {
                    *place = [place[0] + by[0], place[1] + by[1]];
                }
                draft.anchors = in_order(all);
            }
            _ => draft.anchors = in_order(followed(all, self.placed)),
        }
        self.failure = None;
        if self.placed == [true; 5] {
            self.lay();
        }
    }

    fn fail(&mut self, error: &IntakeError) {
        self.failure = Some(tr_message(&error.to_string()));
    }

    /// Lays the template through what stands; a face that makes no sense is told.
    fn lay(&mut self) {
        let Some(draft) = &mut self.draft else { return };
        self.failure = None;
        if let Err(error) = draft.lay() {
            self.fail(&error);
        }
    }

    /// The person as it stands, or why there is none.
    fn identity(&mut self) -> Option<Identity> {
        let draft = self.draft.as_mut()?;
        let fits = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
        let name: String = self.name.trim().chars().map(fits).take(40).collect();
        draft.name = if name.chars().all(|c| c == '-') { "person".into() } else { name };
        draft.title = self.name.trim().to_owned();
        let stem = std::path::Path::new(self.path.trim()).file_name().unwrap_or_default();
        draft.origin = format!("Made from the picture {}.", stem.to_string_lossy());
        let consent = Consent { by: self.by.clone(), on: self.on.clone(), purpose: self.purpose.clone() };
        draft.consent = Some(consent).filter(Consent::is_complete);
        match draft.identity() {
            Ok(identity) => Some(identity),
            Err(error) => {
                self.fail(&error);
                None
            }
        }
    }

    /// Goes to a step; the way to the preview draws it.
    fn go(&mut self, step: Step, out: &mut Vec<Intent>) {
        if step != Step::Picture && self.draft.is_none() {
            return;
        }
        if step.index() > Step::Anchors.index() && self.step == Step::Anchors {
            self.lay();
            if self.failure.is_some() {
                return;
            }
        }
        if let Some(draft) = self.draft.as_mut().filter(|_| !self.own_colours) {
            // Places and picture may have changed.
            draft.read_colours();
        }
        self.step = step;
        self.brush.clear();
        if step == Step::Preview {
            self.preview = None;
            if let Some(identity) = self.identity() {
                out.push(Intent::Identity(IdentityIntent::Preview(Box::new(identity))));
            } else {
                self.step = Step::Consent;
            }
        }
    }
}

/// The anchors in the order in which they are asked for.
fn in_order(all: [[f32; 2]; 5]) -> Anchors {
    Anchors { eyes: [all[0], all[1]], nose: all[2], mouth: [all[3], all[4]] }
}

/// Moves the anchors that were not placed to where those of a usual face are, turned and scaled (least squares) so that
/// it fits the two or more that were.
fn followed(all: [[f32; 2]; 5], placed: [bool; 5]) -> [[f32; 2]; 5] {
    let usual = Anchors::of(&crate::pose::Reference::example().face).all();
    let count = placed.iter().filter(|p| **p).count().max(1) as f32;
    let mean = |of: &[[f32; 2]; 5], k: usize| (0..5).filter(|i| placed[*i]).map(|i| of[i][k]).sum::<f32>() / count;
    let (from, to) = ([mean(&usual, 0), mean(&usual, 1)], [mean(&all, 0), mean(&all, 1)]);
    // The turn and scale as one complex number.
    let (mut re, mut im, mut size) = (0.0, 0.0, 0.0);
    for i in (0..5).filter(|i| placed[*i]) {
        let (u, v) = (usual[i][0] - from[0], usual[i][1] - from[1]);
        let (x, y) = (all[i][0] - to[0], all[i][1] - to[1]);
        (re, im, size) = (re + u * x + v * y, im + u * y - v * x, size + u * u + v * v);
    }
    if size <= 0.0 {
        return all;
    }
    let (re, im) = (re / size, im / size);
    std::array::from_fn(|i| {
        let (u, v) = (usual[i][0] - from[0], usual[i][1] - from[1]);
        if placed[i] { all[i] } else { [to[0] + re * u - im * v, to[1] + im * u + re * v] }
    })
}

/// Draws the wizard; true when it is to be closed.
pub fn show(ui: &mut Ui, form: &mut IdentityForm, context: &DialogContext<'_>, out: &mut Vec<Intent>) -> bool {
    let t = tokens(ui);
    title(ui, tr("New identity"));
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(2.0, 2.0);
        ui.spacing_mut().button_padding.x = 3.0;
        for step in Step::ALL {
            let text = format!("{} {}", step.index() + 1, tr(step.name()));
            let enabled = step == Step::Picture || (form.draft.is_some() && !form.busy);
            let text = RichText::new(text).font(theme::regular(12.0));
            let tab = ui.add_enabled(enabled, egui::Button::selectable(form.step == step, text));
            if tab.clicked() && form.step != step {
                form.go(step, out);
            }
        }
    });
    ui.separator();
    if let Some(failure) = &form.failure {
        message_strip(ui, Tone::Error, failure);
    }
    // One height for all pages: the buttons stay where they are.
    let height = if form.step == Step::Picture { 0.0 } else { places::picture_room(ui) + 76.0 };
    ui.add_enabled_ui(!form.busy, |ui| {
        ui.set_min_height(height);
        match form.step {
            Step::Picture => pages::picture(ui, form, out),
            Step::Anchors => pages::anchors(ui, form),
            Step::Body => pages::body(ui, form),
            Step::Points => pages::points(ui, form),
            Step::Clean => pages::clean(ui, form),
            Step::Colours => pages::colours(ui, form),
            Step::Consent => pages::consent(ui, form),
            Step::Preview => pages::preview(ui, form, context),
        }
    });
    if form.busy {
        ui.label(RichText::new(tr("One moment…")).color(t.text2));
    }
    let mut close = false;
    let enter = enter_is_free(ui);
    foot(ui, |ui| {
        match form.step {
            Step::Picture => {
                let path = super::typed_path(&form.path).filter(|_| !form.busy);
                let pressed = primary_button(ui, tr("Open the picture"), path.is_some()).clicked();
                if (pressed || enter)
                    && let Some(path) = path
                {
                    out.push(Intent::Identity(IdentityIntent::ReadPicture(path)));
                }
            }
            Step::Preview => {
                let ready = !form.busy && form.preview.is_some();
                if primary_button(ui, tr("Keep this person"), ready).clicked()
                    && let Some(identity) = form.identity()
                {
                    let (identity, in_project) = (Box::new(identity), form.in_project && context.project.is_some());
                    out.push(Intent::Identity(IdentityIntent::Keep { identity, in_project }));
                }
            }
            step => {
                let next = Step::ALL[step.index() + 1];
                if primary_button(ui, tr("Next"), !form.busy).clicked() {
                    form.go(next, out);
                }
            }
        }
        if form.step != Step::Picture && plain_button(ui, tr("Previous step")).clicked() {
            form.failure = None;
            form.step = Step::ALL[form.step.index() - 1];
        }
        close = plain_button(ui, tr("Cancel")).clicked();
    });
    close
}

/// What place `i` of a step is called, translated.
fn place_name(step: Step, i: usize) -> String {
    let name = match (step, i) {
        (Step::Anchors, 0) => later("Eye at picture left"),
        (Step::Anchors, 1) => later("Eye at picture right"),
        (Step::Anchors, 2) => later("Tip of the nose"),
        (Step::Anchors, 3) => later("Corner of the mouth at picture left"),
        (Step::Anchors, _) => later("Corner of the mouth at picture right"),
        (Step::Body, 0) => later("Chin"),
        (Step::Body, 1) => later("Ear at picture left"),
        (Step::Body, 2) => later("Ear at picture right"),
        (Step::Body, 3) => later("Shoulder at picture left"),
        (Step::Body, _) => later("Shoulder at picture right"),
        _ => return tr_with("Point {number}", &[("number", &(i + 1).to_string())]),
    };
    tr(name).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_that_were_not_set_follow_a_turned_and_scaled_face() {
        let usual = Anchors::of(&crate::pose::Reference::example().face).all();
        // Turned by 20 degrees, 1.4 times as large, elsewhere.
        let (sin, cos) = 20.0_f32.to_radians().sin_cos();
        let face = usual.map(|[x, y]| [0.1 + 1.4 * (cos * x - sin * y), -0.2 + 1.4 * (sin * x + cos * y)]);
        for placed in [[true, true, false, false, false], [true, false, true, false, true]] {
            let known: [[f32; 2]; 5] = std::array::from_fn(|i| if placed[i] { face[i] } else { [9.0, 9.0] });
            let found = followed(known, placed);
            for (a, b) in found.iter().zip(&face) {
                assert!((a[0] - b[0]).abs() < 1e-4 && (a[1] - b[1]).abs() < 1e-4, "{found:?} {face:?}");
            }
        }
    }
}
