//! The people: who is drawn, with which face, hair, clothes and colours.

use super::spec::{Clothes, Earrings, EyeStyle, FaceShape, Glasses, Hair, PresenterColours, PresenterSpec};
use crate::pose::Side;
use crate::render::paint::hex;

impl PresenterSpec {
    /// All presenters who ship with the program; the first is the one to begin with.
    pub fn all() -> Vec<Self> {
        vec![Self::mira(), Self::jonas(), Self::amara(), Self::wei(), Self::salma()]
    }

    /// A young woman with a chestnut bob and a blue sweater.
    pub fn mira() -> Self {
        Self {
            name: "mira",
            title: "Mira",
            height: 1024,
            aspect: 1.0,
            face: FaceShape::MIRA.points(0.5),
            left_shoulder: [0.728, 0.690],
            right_shoulder: [0.272, 0.690],
            throat: [0.5, 0.612],
            handed: Side::Right,
            hair: Hair::Bob,
            eyes: EyeStyle::default(),
            brow: 0.0118,
            lines: 0.0,
            beard: false,
            glasses: None,
            earrings: Earrings::Studs,
            clothes: Clothes::Sweater,
            neck: 1.0,
            colours: PresenterColours {
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
            },
        }
    }

    /// A man past sixty with grey hair, a trimmed beard and glasses, in a green pullover over a shirt.
    pub fn jonas() -> Self {
        let face = FaceShape {
            jaw: 1.05,
            chin: 1.16,
            length: 0.006,
            brow: -0.002,
            eye: 0.86,
            tilt: -0.002,
            nose_width: 1.20,
            nose_length: 0.004,
            mouth_width: 1.0,
            lips: [0.68, 0.74],
            ..FaceShape::MIRA
        };
        Self {
            name: "jonas",
            title: "Jonas",
            face: face.points(0.5),
            left_shoulder: [0.736, 0.690],
            right_shoulder: [0.264, 0.690],
            hair: Hair::Receding,
            eyes: EyeStyle { lashes: 0.55, wing: 0.03, crease: 0.9 },
            brow: 0.0150,
            lines: 1.0,
            beard: true,
            glasses: Some(Glasses { half: [0.046, 0.035], squareness: 3.2, rim: 0.0052, colour: hex(0x3a3230) }),
            earrings: Earrings::None,
            clothes: Clothes::Pullover(hex(0xe9ecee)),
            neck: 1.20,
            colours: PresenterColours {
                background_middle: hex(0xc9c2b6),
                background_edge: hex(0x9d968b),
                skin: hex(0xedbd9f),
                skin_light: hex(0xf8d5bc),
                skin_shade: hex(0xd2937a),
                skin_deep: hex(0xa9674f),
                blush: hex(0xdf8672),
                outline: hex(0x84493b),
                hair: hex(0x9a9896),
                hair_light: hex(0xd8d7d4),
                hair_dark: hex(0x625f5f),
                brow: hex(0x858180),
                lash: hex(0x433733),
                iris: hex(0x35506a),
                iris_light: hex(0x86abc4),
                eye_white: hex(0xf8f3ee),
                lip_upper: hex(0xb97264),
                lip_lower: hex(0xcb8476),
                mouth_line: hex(0x76352f),
                clothes: hex(0x3f5a4a),
                clothes_light: hex(0x5b7a67),
                clothes_shade: hex(0x283d31),
            },
            ..Self::mira()
        }
    }

    /// A young woman with dark skin and a crown of curls, in a saffron top.
    pub fn amara() -> Self {
        let face = FaceShape {
            jaw: 0.99,
            chin: 1.02,
            arch: 0.003,
            eye: 1.02,
            tilt: 0.002,
            nose_width: 1.28,
            mouth_width: 1.04,
            lips: [1.30, 1.30],
            ..FaceShape::MIRA
        };
        Self {
            name: "amara",
            title: "Amara",
            face: face.points(0.5),
            hair: Hair::Curls,
            brow: 0.0112,
            earrings: Earrings::Hoops,
            clothes: Clothes::Top,
            colours: PresenterColours {
                background_middle: hex(0xb9c5b4),
                background_edge: hex(0x8a9c8a),
                skin: hex(0x8d5a3c),
                skin_light: hex(0xb37c58),
                skin_shade: hex(0x6d4029),
                skin_deep: hex(0x48271a),
                blush: hex(0x9c4f3c),
                outline: hex(0x341a12),
                hair: hex(0x2a1d1a),
                hair_light: hex(0x7d5c49),
                hair_dark: hex(0x140d0c),
                brow: hex(0x241713),
                lash: hex(0x150c0a),
                iris: hex(0x341c10),
                iris_light: hex(0x74482a),
                eye_white: hex(0xf6eee6),
                lip_upper: hex(0x874643),
                lip_lower: hex(0xa9605a),
                mouth_line: hex(0x461f20),
                clothes: hex(0xc88a2e),
                clothes_light: hex(0xe2ac55),
                clothes_shade: hex(0x8e5b1c),
            },
            ..Self::mira()
        }
    }

    /// A man in his thirties with short black hair, in a light blue shirt; he cues with the left hand.
    pub fn wei() -> Self {
        let face = FaceShape {
            jaw: 1.08,
            chin: 1.22,
            length: 0.005,
            brow: -0.0045,
            arch: -0.0035,
            eye: 0.72,
            tilt: 0.003,
            nose_width: 1.26,
            nose_length: 0.002,
            mouth_width: 1.0,
            lips: [0.70, 0.74],
        };
        Self {
            name: "wei",
            title: "Wei",
            face: face.points(0.5),
            left_shoulder: [0.734, 0.690],
            right_shoulder: [0.266, 0.690],
            handed: Side::Left,
            hair: Hair::Parted,
            eyes: EyeStyle { lashes: 0.55, wing: 0.02, crease: 0.40 },
            brow: 0.0165,
            earrings: Earrings::None,
            clothes: Clothes::Shirt,
            neck: 1.24,
            colours: PresenterColours {
                background_middle: hex(0xc6bfc6),
                background_edge: hex(0x968f9b),
                skin: hex(0xeec39b),
                skin_light: hex(0xf9d9b6),
                skin_shade: hex(0xd29c73),
                skin_deep: hex(0xa56f4d),
                blush: hex(0xe0a07a),
                outline: hex(0x7d4a34),
                hair: hex(0x25211f),
                hair_light: hex(0x5a524e),
                hair_dark: hex(0x100e0e),
                brow: hex(0x2a2421),
                lash: hex(0x1c1412),
                iris: hex(0x2f1c12),
                iris_light: hex(0x6f472b),
                eye_white: hex(0xfaf5ee),
                lip_upper: hex(0xc17d69),
                lip_lower: hex(0xd29a82),
                mouth_line: hex(0x7a4034),
                clothes: hex(0x8ea8c4),
                clothes_light: hex(0xb4c8dd),
                clothes_shade: hex(0x607b9c),
            },
            ..Self::mira()
        }
    }

    /// A woman in her forties in a plum headscarf and a grey tunic.
    pub fn salma() -> Self {
        let face = FaceShape {
            jaw: 1.02,
            chin: 1.04,
            brow: 0.001,
            eye: 0.95,
            nose_width: 1.10,
            nose_length: 0.003,
            lips: [1.08, 1.10],
            ..FaceShape::MIRA
        };
        Self {
            name: "salma",
            title: "Salma",
            face: face.points(0.5),
            hair: Hair::Scarf,
            lines: 0.30,
            brow: 0.0128,
            glasses: None,
            earrings: Earrings::None,
            clothes: Clothes::Top,
            colours: PresenterColours {
                background_middle: hex(0xc2ccd0),
                background_edge: hex(0x93a1a8),
                skin: hex(0xd9a67c),
                skin_light: hex(0xecc29b),
                skin_shade: hex(0xba8058),
                skin_deep: hex(0x8d573a),
                blush: hex(0xcf7c62),
                outline: hex(0x6a3b2a),
                hair: hex(0x7a3f5c),
                hair_light: hex(0xa3698a),
                hair_dark: hex(0x4b2339),
                brow: hex(0x35221b),
                lash: hex(0x1e1310),
                iris: hex(0x3f2a16),
                iris_light: hex(0x86622f),
                eye_white: hex(0xf9f2ea),
                lip_upper: hex(0xb05d58),
                lip_lower: hex(0xc87a70),
                mouth_line: hex(0x6a2b2d),
                clothes: hex(0x5a626b),
                clothes_light: hex(0x7f8891),
                clothes_shade: hex(0x3a4149),
            },
            ..Self::mira()
        }
    }
}
