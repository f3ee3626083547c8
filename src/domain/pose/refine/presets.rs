//! Poses to choose from: the eight shapes of the charts and what hands commonly do.

use super::super::hand::{FingerPose, HandPose, ThumbPose};
use serde::{Deserialize, Serialize};

/// A pose to choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Preset {
    Shape1,
    Shape2,
    Shape3,
    Shape4,
    Shape5,
    Shape6,
    Shape7,
    Shape8,
    Relaxed,
    Fist,
    Flat,
    Open,
    Point,
    Pinch,
    Okay,
    ThumbUp,
    Claw,
}

impl Preset {
    pub const ALL: [Self; 17] = [
        Self::Shape1,
        Self::Shape2,
        Self::Shape3,
        Self::Shape4,
        Self::Shape5,
        Self::Shape6,
        Self::Shape7,
        Self::Shape8,
        Self::Relaxed,
        Self::Fist,
        Self::Flat,
        Self::Open,
        Self::Point,
        Self::Pinch,
        Self::Okay,
        Self::ThumbUp,
        Self::Claw,
    ];

    /// The number of the hand shape, for the first eight.
    pub fn shape(self) -> Option<u8> {
        let number = self as u8 + 1;
        (number <= 8).then_some(number)
    }

    /// English, sentence case.
    pub fn title(self) -> &'static str {
        match self {
            Self::Shape1 => "Shape 1",
            Self::Shape2 => "Shape 2",
            Self::Shape3 => "Shape 3",
            Self::Shape4 => "Shape 4",
            Self::Shape5 => "Shape 5",
            Self::Shape6 => "Shape 6",
            Self::Shape7 => "Shape 7",
            Self::Shape8 => "Shape 8",
            Self::Relaxed => "Relaxed",
            Self::Fist => "Fist",
            Self::Flat => "Flat hand",
            Self::Open => "Open hand",
            Self::Point => "Pointing",
            Self::Pinch => "Pinch",
            Self::Okay => "OK",
            Self::ThumbUp => "Thumb up",
            Self::Claw => "Claw",
        }
    }

    /// Name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Shape1 => "shape-1",
            Self::Shape2 => "shape-2",
            Self::Shape3 => "shape-3",
            Self::Shape4 => "shape-4",
            Self::Shape5 => "shape-5",
            Self::Shape6 => "shape-6",
            Self::Shape7 => "shape-7",
            Self::Shape8 => "shape-8",
            Self::Relaxed => "relaxed",
            Self::Fist => "fist",
            Self::Flat => "flat",
            Self::Open => "open",
            Self::Point => "point",
            Self::Pinch => "pinch",
            Self::Okay => "ok",
            Self::ThumbUp => "thumb-up",
            Self::Claw => "claw",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|p| p.name() == name)
    }

    /// Its angles, within the limits of motion.
    pub fn pose(self) -> HandPose {
        if let Some(shape) = self.shape() {
            return HandPose::cue_shape(shape);
        }
        let finger = |a: f32, b: f32, c: f32, spread: f32| FingerPose { bend: [a, b, c], spread };
        let straight = |spread: f32| finger(2.0, 4.0, 2.0, spread);
        let folded = finger(84.0, 105.0, 62.0, 0.0);
        let over = ThumbPose { spread: 4.0, across: 46.0, turn: 5.0, bend: [26.0, 44.0] };
        let (thumb, fingers) = match self {
            Self::Fist => (over, [folded; 4]),
            Self::Flat => (
                ThumbPose { spread: 18.0, across: 6.0, turn: 20.0, bend: [2.0, 2.0] },
                [straight(-4.0), straight(0.0), straight(2.8), straight(5.0)],
            ),
            Self::Open => (
                ThumbPose { spread: 52.0, across: 10.0, turn: 25.0, bend: [0.0, -6.0] },
                [straight(14.0), straight(3.0), straight(-7.0), straight(-18.0)],
            ),
            Self::Point => (over, [straight(0.0), folded, folded, folded]),
            Self::Pinch => (
                ThumbPose { spread: 28.0, across: 42.0, turn: 62.0, bend: [16.0, 26.0] },
                [
                    finger(52.0, 48.0, 24.0, 0.0),
                    finger(62.0, 58.0, 30.0, 0.0),
                    finger(68.0, 66.0, 36.0, 0.0),
                    finger(72.0, 70.0, 38.0, 0.0),
                ],
            ),
            Self::Okay => (
                ThumbPose { spread: 28.0, across: 42.0, turn: 62.0, bend: [16.0, 26.0] },
                [finger(52.0, 48.0, 24.0, 0.0), finger(14.0, 12.0, 6.0, 2.0), straight(-5.0), straight(-16.0)],
            ),
            Self::ThumbUp => (ThumbPose { spread: 60.0, across: 2.0, turn: 5.0, bend: [-8.0, -14.0] }, [folded; 4]),
            Self::Claw => (
                ThumbPose { spread: 46.0, across: 22.0, turn: 35.0, bend: [18.0, 42.0] },
                [
                    finger(12.0, 62.0, 40.0, 8.0),
                    finger(12.0, 64.0, 42.0, 2.0),
                    finger(12.0, 62.0, 40.0, -6.0),
                    finger(12.0, 58.0, 38.0, -14.0),
                ],
            ),
            _ => return HandPose::LOOSE,
        };
        HandPose { thumb, fingers, cup: 2.0 }.within_limits()
    }
}
