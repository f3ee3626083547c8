//! The drawn presenters: people made of nothing but curves and shades.
//!
//! [`draw`] paints a friendly, semi-flat portrait whose features pass exactly through the 68 face points it is given,
//! so that the picture and its landmarks can never disagree. It is painted from back to front: background, hair behind
//! the neck, neck, clothes, ears, face, features, hair, glasses. The arm that cues is left out; the renderer paints it.

mod body;
mod collar;
mod features;
mod glasses;
mod hair;
mod head;
mod lines;
mod people;
mod spec;

pub use spec::{Clothes, Earrings, EyeStyle, FaceShape, Glasses, Hair, PresenterColours, PresenterSpec};

use super::arm::ArmLook;
use super::hand_mesh::HandLook;
use super::identity::{Identity, Look, SCHEMA};
use super::paint::{Fill, Path, Pt, Rgb, Sheet, curve, mix};
use crate::pose::{Point, PoseFrame, Reference, Side, index};
use image::{GrayImage, RgbaImage, imageops};

/// Paints a presenter, all opaque, `spec.height` pixels high.
pub fn draw(spec: &PresenterSpec) -> RgbaImage {
    identity(spec).picture
}

/// The drawn person as an identity: picture, matte, resting points and the colours of the picture for all that is
/// painted over it.
pub fn identity(spec: &PresenterSpec) -> Identity {
    let sheet = paint(spec);
    let (width, height) = (sheet.width as u32, sheet.height as u32);
    let c = &spec.colours;
    let bytes = |c: Rgb| c.map(|v| (v * 255.0 + 0.5) as u8);
    let picture = RgbaImage::from_raw(width, height, sheet.rgba()).unwrap_or_default();
    let matte = GrayImage::from_raw(width, height, sheet.matte());
    let reference = Reference {
        aspect: spec.aspect,
        face: spec.face.to_vec(),
        left_shoulder: spec.left_shoulder,
        right_shoulder: spec.right_shoulder,
        throat: spec.throat,
        left_elbow: [spec.left_shoulder[0] + 0.055, spec.left_shoulder[1] + 0.485],
        right_elbow: [spec.right_shoulder[0] - 0.055, spec.right_shoulder[1] + 0.485],
        hand_length: 0.32,
        forearm_length: 0.42,
        upper_arm_length: 0.49,
        handed: Side::Right,
    };
    let hand = HandLook {
        skin: bytes(c.skin),
        shade: bytes(mix(c.skin_shade, c.skin_deep, 0.55)),
        blush: bytes(mix(c.skin, c.blush, 0.65)),
        highlight: bytes(c.skin_light),
        outline: bytes(c.outline),
        nail: bytes(mix(c.skin_light, c.blush, 0.35)),
        sleeve: bytes(mix(c.clothes, c.clothes_light, 0.35)),
        sleeve_shade: bytes(c.clothes_shade),
        shadow: bytes(c.skin_deep),
        ..HandLook::default()
    };
    // A left-handed person is the drawing seen in a mirror, lamp and all.
    let (picture, matte, reference, light) = match spec.handed {
        Side::Right => (picture, matte, reference, hand.light),
        Side::Left => (
            imageops::flip_horizontal(&picture),
            matte.map(|m| imageops::flip_horizontal(&m)),
            reference.mirrored(),
            hand.light * glam::Vec3::new(-1.0, 1.0, 1.0),
        ),
    };
    Identity {
        schema: SCHEMA,
        name: spec.name.into(),
        title: spec.title.into(),
        origin: "Drawn by Cueloom's own code; free to use under the program's licence.".into(),
        drawn: true,
        consent: None,
        reference,
        look: Look {
            background: bytes(c.background_edge),
            lips: bytes(c.lip_upper),
            // Thinner lashes leave more of the lid's skin.
            lash_line: 0.030 + 0.075 * spec.eyes.lashes,
            ..Look::default()
        },
        hand: HandLook { light, ..hand },
        arm: Some(ArmLook {
            seam: body::SEAM,
            half_width: [0.056, 0.050],
            light: bytes(mix(c.clothes, c.clothes_light, 0.9)),
            cloth: bytes(mix(c.clothes, c.clothes_light, 0.25)),
            shade: bytes(c.clothes_shade),
        }),
        picture,
        matte,
    }
}

/// The same person in another pose, to be drawn directly: face points and shoulders are those of the pose, where it
/// has them. What a warp of the resting picture gives is measured against this.
pub fn posed(spec: &PresenterSpec, pose: &PoseFrame) -> PresenterSpec {
    let mut out = spec.clone();
    let place = |of: &mut Pt, point: Point| {
        if point.score > 0.0 && point.x.is_finite() && point.y.is_finite() {
            *of = point.xy();
        }
    };
    for (face, point) in out.face.iter_mut().zip(pose.face()) {
        place(face, *point);
    }
    place(&mut out.left_shoulder, pose.points[index::LEFT_SHOULDER]);
    place(&mut out.right_shoulder, pose.points[index::RIGHT_SHOULDER]);
    out
}

/// Paints a presenter on a sheet.
pub(crate) fn paint(spec: &PresenterSpec) -> Sheet {
    let c = &spec.colours;
    let ground = Fill::Radial([0.5 * spec.aspect, 0.40], [0.80, 0.85], c.background_middle, c.background_edge);
    let mut sheet = Sheet::new(spec.aspect, spec.height as usize, &ground);
    sheet.begin_matte();
    let frame = Frame::of(spec);
    hair::back(&mut sheet, spec, &frame);
    body::neck(&mut sheet, spec, &frame);
    body::clothes(&mut sheet, spec);
    hair::middle(&mut sheet, spec, &frame);
    let face = head::skin(&mut sheet, spec, &frame);
    features::eyes(&mut sheet, spec, &face);
    lines::lines(&mut sheet, spec, &frame, &face);
    features::brows(&mut sheet, spec, &face);
    lines::beard(&mut sheet, spec, &frame, &face);
    features::nose(&mut sheet, spec, &face);
    features::mouth(&mut sheet, spec, &face);
    hair::front(&mut sheet, spec, &frame);
    glasses::glasses(&mut sheet, spec, &frame, &face);
    sheet
}

/// A frame of reference carried by the face: what is not a landmark (hair, ears, forehead) is placed relative to the
/// middle line and heights of the resting face and follows it when it is moved, turned or scaled.
pub(crate) struct Frame {
    origin: Pt,
    right: Pt,
    down: Pt,
}

/// Height on the resting face of the point between the eyes, where [`Frame`] has its origin.
const EYE_LINE: f32 = 0.350;
/// Distance of the outer eye corners on the resting face.
const EYE_SPAN: f32 = 0.170;

impl Frame {
    fn of(spec: &PresenterSpec) -> Self {
        let (a, b) = (spec.face[36], spec.face[45]);
        let right = [(b[0] - a[0]) / EYE_SPAN, (b[1] - a[1]) / EYE_SPAN];
        Self { origin: [(a[0] + b[0]) / 2.0, (a[1] + b[1]) / 2.0 + 0.001], right, down: [-right[1], right[0]] }
    }

    /// The point `dx` beside the middle line at height `y` of the resting face.
    pub(crate) fn at(&self, dx: f32, y: f32) -> Pt {
        let dy = y - EYE_LINE;
        std::array::from_fn(|k| self.origin[k] + dx * self.right[k] + dy * self.down[k])
    }

    /// Several such points.
    pub(crate) fn all(&self, points: &[Pt]) -> Vec<Pt> {
        points.iter().map(|p| self.at(p[0], p[1])).collect()
    }

    /// A smooth closed shape through such points.
    pub(crate) fn blob(&self, points: &[Pt]) -> Path {
        Path::blob(&self.all(points))
    }

    /// A smooth open line through such points.
    pub(crate) fn line(&self, points: &[Pt]) -> Vec<Pt> {
        curve(&self.all(points), false, 24)
    }

    /// A shape and its mirror image.
    pub(crate) fn both(&self, points: &[Pt]) -> [Path; 2] {
        let mirrored: Vec<Pt> = points.iter().map(|p| [-p[0], p[1]]).collect();
        [self.blob(points), self.blob(&mirrored)]
    }
}
