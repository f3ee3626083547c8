//! Poses of BEAT: archives of SMPL-X, 55 rotations and some expression numbers a frame.
//!
//! They are kept beside as rows of 330 numbers (the first two columns of each rotation's matrix, Zhou et al. 2019) and the
//! expressions; the 133 points stay empty, because a picture of them would need the body model, which is not ours to ship.

use super::{Piece, Reason, body};
use crate::corpus::FPS;
use crate::corpus::store::Extra;
use crate::exchange::poses::numpy::{self, Array};
use crate::pose::PoseFrame;

/// Joints of SMPL-X.
const JOINTS: usize = 55;
/// Numbers of their rotations in a row.
pub const ROTATIONS: usize = 6 * JOINTS;
/// Frames a second where the archive does not say it.
const USUAL_RATE: f32 = 30.0;

/// The first two columns of the matrix of a rotation given as axis times angle (Rodrigues).
pub fn six_of(v: [f32; 3]) -> [f32; 6] {
    let angle = v.iter().map(|x| x * x).sum::<f32>().sqrt();
    if angle.is_nan() || angle < 1e-8 {
        return [1.0, 0.0, 0.0, 0.0, 1.0, 0.0];
    }
    let [x, y, z] = v.map(|a| a / angle);
    let (s, c) = angle.sin_cos();
    let k = 1.0 - c;
    [c + x * x * k, y * x * k + z * s, z * x * k - y * s, x * y * k - z * s, c + y * y * k, z * y * k + x * s]
}

/// Brings six numbers between two rotations back to a rotation (Gram & Schmidt).
fn upright(six: &mut [f32]) {
    let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f32>();
    let (a, b) = six.split_at_mut(3);
    let long = dot(a, a).sqrt().max(1e-8);
    a.iter_mut().for_each(|v| *v /= long);
    let along = dot(a, b);
    b.iter_mut().zip(a.iter()).for_each(|(v, w)| *v -= along * w);
    let long = dot(b, b).sqrt().max(1e-8);
    b.iter_mut().for_each(|v| *v /= long);
}

/// The stretches of an archive.
pub fn pieces(bytes: &[u8]) -> Result<(Vec<Piece>, Vec<Reason>), Reason> {
    let arrays = numpy::arrays(bytes).map_err(|e| e.to_string())?;
    let named = |names: &[&str]| arrays.iter().find(|(n, _)| names.contains(&n.as_str())).map(|(_, a)| a);
    let poses = named(&["poses"]).filter(|a| matches!(a.shape.as_slice(), [_, w] if *w == 3 * JOINTS));
    let Some(poses) = poses else {
        let have: Vec<&str> = arrays.iter().map(|(n, _)| n.as_str()).collect();
        return Err(format!(
            "no SMPL-X poses in the archive: an array \"poses\" of frames × 165 numbers is needed (it holds {})",
            have.join(", ")
        ));
    };
    let frames = poses.shape[0];
    let shown = named(&["expressions", "expression"]).filter(|a| matches!(a.shape.as_slice(), [n, _] if *n == frames));
    let expressions: usize = shown.map_or(0, |a| a.shape[1]);
    let rate = named(&["mocap_frame_rate", "mocap_framerate", "fps"]).and_then(|a| a.values.first().copied());
    let rate = rate.filter(|r| r.is_finite() && (1.0..=480.0).contains(r)).unwrap_or(USUAL_RATE);
    let width = ROTATIONS + expressions;
    let row = |f: usize| -> Vec<f32> {
        let mut out = Vec::with_capacity(width);
        for joint in poses.values[f * 3 * JOINTS..][..3 * JOINTS].chunks_exact(3) {
            out.extend(six_of([joint[0], joint[1], joint[2]]));
        }
        out.extend(shown.map_or(&[][..], |a: &Array| &a.values[f * expressions..][..expressions]));
        out
    };
    let mut reasons = Vec::new();
    let parts = body::parts_of(0.0, frames as f64 / f64::from(rate));
    if parts.is_empty() {
        reasons.push(format!("stretch shorter than {} s", body::SHORTEST));
    }
    let pieces = parts.into_iter().map(|range| {
        let count = (range.length().0 * f64::from(FPS) + 1e-6).floor() as usize;
        let mut values = Vec::with_capacity(count * width);
        for k in 0..count {
            let at = ((range.start.0 + k as f64 / f64::from(FPS)) * f64::from(rate)).min((frames - 1) as f64);
            let (i, t) = (at as usize, at.fract() as f32);
            let (a, b) = (row(i), row((i + 1).min(frames - 1)));
            let mut mixed: Vec<f32> = a.iter().zip(&b).map(|(x, y)| x + (y - x) * t).collect();
            mixed[..ROTATIONS].chunks_exact_mut(6).for_each(upright);
            values.extend(mixed.iter().map(|v| if v.is_finite() { *v } else { 0.0 }));
        }
        Piece { range, poses: vec![PoseFrame::default(); count], extra: Extra { width, values }, aspect: 1.0 }
    });
    Ok((pieces.collect(), reasons))
}
