//! What is asked of the drawing: where the face's 68 points are, and which colours to use.

use crate::render::paint::{Pt, Rgb, hex};

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
    pub colours: PresenterColours,
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

impl PresenterColours {
    /// The young woman with the chestnut bob and the blue sweater.
    pub fn mira() -> Self {
        Self {
            background_middle: hex(0xb4c3c8),
            background_edge: hex(0x8499a3),
            skin: hex(0xf2c8a9),
            skin_light: hex(0xfbdcc2),
            skin_shade: hex(0xdc9f80),
            skin_deep: hex(0xb9745c),
            blush: hex(0xe98f7d),
            outline: hex(0x8f4d3f),
            hair: hex(0x4a2b26),
            hair_light: hex(0x8a5540),
            hair_dark: hex(0x2c1818),
            brow: hex(0x4d2e27),
            lash: hex(0x2a1717),
            iris: hex(0x5b3520),
            iris_light: hex(0xa8683a),
            eye_white: hex(0xfbf5ef),
            lip_upper: hex(0xc66d66),
            lip_lower: hex(0xdd8b80),
            mouth_line: hex(0x7e3137),
            clothes: hex(0x37507a),
            clothes_light: hex(0x4f6d9c),
            clothes_shade: hex(0x24365a),
        }
    }
}

/// The half face at image left as offsets from the middle line and heights; the other half is its mirror image.
pub fn symmetrical_face(middle: f32) -> [Pt; 68] {
    let mut face = [[0.0; 2]; 68];
    let mut pair = |left: usize, right: usize, dx: f32, y: f32| {
        face[left] = [middle - dx, y];
        face[right] = [middle + dx, y];
    };
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
    for (i, p) in JAW.iter().enumerate() {
        pair(i, 16 - i, p[0], p[1]);
    }
    const BROW: [Pt; 5] = [[0.1030, 0.3135], [0.0885, 0.2990], [0.0680, 0.2935], [0.0460, 0.2965], [0.0275, 0.3020]];
    for (i, p) in BROW.iter().enumerate() {
        pair(17 + i, 26 - i, p[0], p[1]);
    }
    for (i, y) in [0.342, 0.364, 0.386, 0.408].into_iter().enumerate() {
        pair(27 + i, 27 + i, 0.0, y);
    }
    for (i, p) in [[0.0205, 0.4225], [0.0105, 0.4265], [0.0, 0.4285]].iter().enumerate() {
        pair(31 + i, 35 - i, p[0], p[1]);
    }
    const EYE: [Pt; 6] =
        [[0.0850, 0.3490], [0.0715, 0.3330], [0.0485, 0.3318], [0.0308, 0.3540], [0.0475, 0.3638], [0.0695, 0.3622]];
    for (p, (left, right)) in EYE.iter().zip([(36, 45), (37, 44), (38, 43), (39, 42), (40, 47), (41, 46)]) {
        pair(left, right, p[0], p[1]);
    }
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
    for (left, right, dx, y) in LIPS {
        pair(left, right, dx, y);
    }
    face
}

impl PresenterSpec {
    /// Mira, the presenter who ships with the program.
    pub fn mira() -> Self {
        Self {
            name: "mira",
            title: "Mira",
            height: 1024,
            aspect: 1.0,
            face: symmetrical_face(0.5),
            left_shoulder: [0.728, 0.690],
            right_shoulder: [0.272, 0.690],
            throat: [0.5, 0.612],
            colours: PresenterColours::mira(),
        }
    }
}
