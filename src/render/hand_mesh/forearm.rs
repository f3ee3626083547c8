//! Cloth on the forearm: where folds lie and how they catch the light.

use super::shade::bell;
use super::surface::Arm;
use glam::Vec3;

/// Width of the cuff's band, in hand lengths.
pub(super) const CUFF_WIDTH: f32 = 0.085;

/// What folds do to a point of the sleeve.
#[derive(Default)]
pub(super) struct Fold {
    /// Added to the normal.
    pub tilt: Vec3,
    /// Darker in the valley, 0 to 1.
    pub dark: f32,
}

/// A fold: distance from the cuff, where it lies across (-1 little finger's side, 1 thumb's side), slope, length
/// across and depth.
struct Crease {
    along: f32,
    across: f32,
    slope: f32,
    reach: f32,
    depth: f32,
}

/// Cloth gathers behind the cuff and drags obliquely towards the elbow.
const CREASES: [Crease; 6] = [
    Crease { along: 0.14, across: 0.75, slope: 0.055, reach: 0.95, depth: 0.8 },
    Crease { along: 0.21, across: -0.70, slope: -0.075, reach: 0.90, depth: 0.9 },
    Crease { along: 0.36, across: 0.55, slope: 0.10, reach: 0.95, depth: 0.7 },
    Crease { along: 0.52, across: -0.50, slope: -0.12, reach: 1.00, depth: 0.8 },
    Crease { along: 0.72, across: 0.60, slope: 0.13, reach: 0.90, depth: 0.7 },
    Crease { along: 0.92, across: -0.40, slope: -0.12, reach: 1.00, depth: 0.6 },
];

/// The folds at a point of the sleeve's surface with its normal.
pub(super) fn folds(arm: &Arm, point: Vec3, normal: Vec3) -> Fold {
    let along = point.dot(arm.axis) - arm.cuff;
    if along < CUFF_WIDTH {
        return Fold::default();
    }
    // Where on the round of the sleeve, from the little finger's side to the thumb's.
    let across = normal.dot(arm.lateral);
    let back = normal.dot(arm.dorsal);
    let mut fold = Fold::default();
    for crease in &CREASES {
        let off = across - crease.across;
        let strength = bell(off, crease.reach) * crease.depth * (0.4 + 0.6 * back.clamp(0.0, 1.0));
        if strength <= 0.0 {
            continue;
        }
        let distance = along - crease.along - crease.slope * off * 2.0;
        let valley = bell(distance, 0.024);
        fold.dark = fold.dark.max(valley * strength);
        // The slopes of the valley: derivative of a bell of width 0.05.
        let t = distance / 0.05;
        if t.abs() < 1.0 {
            fold.tilt += arm.axis * (-t * (1.0 - t * t) * 1.1 * strength);
        }
    }
    fold
}
