//! What is asked of the drawing: where the face's 68 points are, what the person wears, and which colours to use.

use crate::pose::Side;
use crate::render::paint::{Pt, Rgb};

/// Everything that [`super::draw`] needs to know of a person.
#[derive(Clone, Debug)]
pub struct PresenterSpec {
    pub name: &'static str,
    pub title: &'static str,
    /// Height of the picture in pixels; it is `aspect` times as wide.
    pub height: u32,
    pub aspect: f32,
    /// iBUG-68 points, picture units; every feature of the face is drawn through them.
    pub face: [Pt; 68],
    pub left_shoulder: Pt,
    pub right_shoulder: Pt,
    pub throat: Pt,
    /// The hand that cues. Everything is drawn for the right one; the finished picture of a left-handed person is
    /// that drawing seen in a mirror.
    pub handed: Side,
    pub hair: Hair,
    pub eyes: EyeStyle,
    /// Greatest thickness of the brows.
    pub brow: f32,
    /// Lines of age, from 0 (none) to 1 (clear lines on forehead, at eyes and mouth).
    pub lines: f32,
    /// A trimmed beard that leaves the lips free.
    pub beard: bool,
    pub glasses: Option<Glasses>,
    pub earrings: Earrings,
    pub clothes: Clothes,
    /// Width of the neck, 1 for Mira's.
    pub neck: f32,
    pub colours: PresenterColours,
}

impl PresenterSpec {
    /// Dark skin gleams in its own colour, not in white.
    pub(super) fn is_dark(&self) -> bool {
        let [r, g, b] = self.colours.skin;
        0.30 * r + 0.59 * g + 0.11 * b < 0.5
    }
}

/// What is on the head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hair {
    /// To the chin, parted at the side, tucked behind the ears.
    Bob,
    /// Short and parted at the side.
    Parted,
    /// Short and brushed back from a high forehead.
    Receding,
    /// A round crown of curls.
    Curls,
    /// A scarf over hair, ears and neck.
    Scarf,
}

/// How eyes are drawn beside their points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EyeStyle {
    /// Thickness of the upper lashes, 1 for Mira's.
    pub lashes: f32,
    /// How far the lashes run out at the temple, in eye widths.
    pub wing: f32,
    /// How strongly the crease above the lid shows, 0-1.
    pub crease: f32,
}

impl Default for EyeStyle {
    fn default() -> Self {
        Self { lashes: 1.0, wing: 0.085, crease: 0.75 }
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Glasses {
    /// Half the width and height of a lens.
    pub half: Pt,
    /// 2 for an ellipse, larger for rounder corners of a rectangle.
    pub squareness: f32,
    /// Thickness of the rim.
    pub rim: f32,
    pub colour: Rgb,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Earrings {
    None,
    Studs,
    Hoops,
}

/// What is worn; all have the same sleeves.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Clothes {
    /// A sweater with a round ribbed collar.
    Sweater,
    /// A top with a round neckline and a thin hem.
    Top,
    /// A shirt with an open collar and a row of buttons.
    Shirt,
    /// A sweater with a pointed neckline over a shirt of this colour.
    Pullover(Rgb),
}

/// The colours of a drawn person.
#[derive(Clone, Debug)]
pub struct PresenterColours {
    pub background_middle: Rgb,
    pub background_edge: Rgb,
    pub skin: Rgb,
    pub skin_light: Rgb,
    pub skin_shade: Rgb,
    pub skin_deep: Rgb,
    pub blush: Rgb,
    pub outline: Rgb,
    /// Hair, or the scarf over it.
    pub hair: Rgb,
    pub hair_light: Rgb,
    pub hair_dark: Rgb,
    pub brow: Rgb,
    pub lash: Rgb,
    pub iris: Rgb,
    pub iris_light: Rgb,
    pub eye_white: Rgb,
    pub lip_upper: Rgb,
    pub lip_lower: Rgb,
    pub mouth_line: Rgb,
    pub clothes: Rgb,
    pub clothes_light: Rgb,
    pub clothes_shade: Rgb,
}

/// How a face differs from Mira's; [`FaceShape::MIRA`] is hers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FaceShape {
    /// Width of the jaw below the ears, and of the chin; 1 for hers.
    pub jaw: f32,
    pub chin: f32,
    /// How much lower the chin is.
    pub length: f32,
    /// How much higher the brows are, and how much more their arch rises.
    pub brow: f32,
    pub arch: f32,
    /// Height of the eye's opening, 1 for hers, and how much higher its corner at the temple is.
    pub eye: f32,
    pub tilt: f32,
    pub nose_width: f32,
    /// How much lower the nose ends.
    pub nose_length: f32,
    pub mouth_width: f32,
    /// Fullness of upper and lower lip, 1 for hers.
    pub lips: [f32; 2],
}

impl FaceShape {
    pub const MIRA: Self = Self {
        jaw: 1.0,
        chin: 1.0,
        length: 0.0,
        brow: 0.0,
        arch: 0.0,
        eye: 1.0,
        tilt: 0.0,
        nose_width: 1.0,
        nose_length: 0.0,
        mouth_width: 1.0,
        lips: [1.0, 1.0],
    };

    /// The 68 points of such a face about the upright line x = `middle`.
    pub fn points(&self, middle: f32) -> [Pt; 68] {
        let mut face = [[0.0; 2]; 68];
        let mut pair = |left: usize, right: usize, dx: f32, y: f32| {
            face[left] = [middle - dx, y];
            face[right] = [middle + dx, y];
        };
        for (i, p) in JAW.iter().enumerate() {
            // From the ear, where all faces are equally wide, to the angle of the jaw and on to the chin.
            let low = (i as f32 / 4.0).min(1.0);
            let front = ((i as f32 - 4.0) / 2.0).clamp(0.0, 1.0);
            let wide = 1.0 + (self.jaw - 1.0) * low * (1.0 - front) + (self.chin - 1.0) * front;
            pair(i, 16 - i, p[0] * wide, p[1] + self.length * (low * 0.35 + front * 0.65));
        }
        for (i, p) in BROW.iter().enumerate() {
            let arch = (1.0 - ((i as f32 - 1.8) / 2.2).powi(2)).max(0.0);
            pair(17 + i, 26 - i, p[0], p[1] - self.brow - self.arch * arch);
        }
        for (i, y) in [0.342, 0.364, 0.386, 0.408].into_iter().enumerate() {
            pair(27 + i, 27 + i, 0.0, y + self.nose_length * i as f32 / 3.0);
        }
        for (i, p) in [[0.0205, 0.4225], [0.0105, 0.4265], [0.0, 0.4285]].iter().enumerate() {
            pair(31 + i, 35 - i, p[0] * self.nose_width, p[1] + self.nose_length);
        }
        for (p, (left, right)) in EYE.iter().zip([(36, 45), (37, 44), (38, 43), (39, 42), (40, 47), (41, 46)]) {
            // Opened about the line between its corners; the tilt grows from the middle of the eye to the temple.
            let t = (p[0] - EYE[3][0]) / (EYE[0][0] - EYE[3][0]);
            let line = EYE[3][1] + (EYE[0][1] - EYE[3][1]) * t;
            pair(left, right, p[0], line + (p[1] - line) * self.eye - self.tilt * (t - 0.3));
        }
        for (left, right, dx, y) in LIPS {
            let full = if y < MOUTH_LINE { self.lips[0] } else { self.lips[1] };
            // The corners and the line between the lips stay where they are.
            let inner = [48, 60, 61, 62, 66, 67].contains(&left);
            let y = if inner { y } else { MOUTH_LINE + (y - MOUTH_LINE) * full };
            pair(left, right, dx * self.mouth_width, y + 0.4 * self.nose_length);
        }
        face
    }
}

/// Height of the line between Mira's lips.
const MOUTH_LINE: f32 = 0.4635;
/// The half face at image left as offsets from the middle line and heights; the other half is its mirror image.
const JAW: [Pt; 9] = [
    [0.1185, 0.338],
    [0.1175, 0.371],
    [0.1140, 0.403],
    [0.1050, 0.434],
    [0.0905, 0.4635],
    [0.0700, 0.4890],
    [0.0470, 0.5085],
    [0.0235, 0.5192],
    [0.0, 0.5215],
];
const BROW: [Pt; 5] = [[0.1030, 0.3135], [0.0885, 0.2990], [0.0680, 0.2935], [0.0460, 0.2965], [0.0275, 0.3020]];
const EYE: [Pt; 6] =
    [[0.0850, 0.3490], [0.0715, 0.3330], [0.0485, 0.3318], [0.0308, 0.3540], [0.0475, 0.3638], [0.0695, 0.3622]];
const LIPS: [(usize, usize, f32, f32); 12] = [
    (48, 54, 0.0475, 0.4565),
    (49, 53, 0.0280, 0.4540),
    (50, 52, 0.0095, 0.4512),
    (51, 51, 0.0, 0.4528),
    (59, 55, 0.0300, 0.4730),
    (58, 56, 0.0135, 0.4805),
    (57, 57, 0.0, 0.4820),
    (60, 64, 0.0415, 0.4585),
    (61, 63, 0.0175, 0.4637),
    (62, 62, 0.0, 0.4650),
    (67, 65, 0.0175, 0.4637),
    (66, 66, 0.0, 0.4650),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shape_changes_what_it_says_and_nothing_else() {
        let mira = FaceShape::MIRA.points(0.5);
        let wide = FaceShape { jaw: 1.1, chin: 1.2, ..FaceShape::MIRA }.points(0.5);
        for i in 0..68 {
            let jaw = (1..16).contains(&i) && i != 8;
            assert_eq!(mira[i] != wide[i], jaw, "point {i}");
        }
        assert!((wide[4][0] - (0.5 - 1.1 * 0.0905)).abs() < 1e-6 && (wide[7][0] - (0.5 - 1.2 * 0.0235)).abs() < 1e-6);
        let slim = FaceShape { eye: 0.7, ..FaceShape::MIRA }.points(0.5);
        let open = |f: &[Pt; 68]| f[41][1] - f[37][1];
        assert!((open(&slim) - 0.7 * open(&mira)).abs() < 2e-4);
        assert_eq!(slim[36], mira[36]);
    }
}
