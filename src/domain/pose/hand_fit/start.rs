//! Where the search for a hand begins: the palm laid flat onto its points, fingers by how far their tips reach.

use super::super::Side;
use super::super::hand::{HandPose, MOST_WRIST_BEND};
use super::Camera;
use super::kinematics::{Bones, State, back_of, orthonormal, radians};
use super::solve::{Seen, cholesky, solve};
use glam::{DMat3, DVec2, DVec3};

/// Joints of the palm: wrist, foot of the thumb, knuckles of index to little finger.
const PALM: [usize; 6] = [0, 1, 5, 9, 13, 17];

/// Ways in which the seen palm can be turned; a flat picture leaves two. Empty where too little of the palm is seen.
pub(super) fn starts(side: Side, bones: &Bones, camera: &Camera, seen: &Seen, depth: f64) -> Vec<State> {
    let place = |j: usize| match j {
        0 => DVec3::ZERO,
        1 => bones.roots[0],
        _ => bones.roots[(j - 1) / 4],
    };
    let visible: Vec<usize> = PALM.into_iter().filter(|j| seen.weight[*j] > 0.0).collect();
    if visible.len() < 3 {
        return Vec::new();
    }
    // The plane of the palm as it lies in the picture: a point, the way along the hand, the way to the thumb.
    let mut matrix = [[0.0; 3]; 3];
    let mut right = [[0.0; 3]; 3];
    for &j in &visible {
        let p = place(j);
        let row = [1.0, p.x, p.y];
        let target = [seen.at[j].x, seen.at[j].y, seen.depth[j]];
        for a in 0..3 {
            for b in 0..3 {
                matrix[a][b] += row[a] * row[b];
                right[b][a] += row[a] * target[b];
            }
        }
    }
    matrix[1][1] += 1e-5;
    matrix[2][2] += 1e-5;
    let Some(factor) = cholesky(&mut matrix) else { return Vec::new() };
    let [x, y, z] = right.map(|r| solve(factor, &r));
    let origin = DVec2::new(x[0], y[0]);
    let (along, thumbward) = (DVec2::new(x[1], y[1]), DVec2::new(x[2], y[2]));
    let scale = bones.length * camera.scale(depth);
    let deep = visible.iter().filter(|j| seen.depth_weight[**j] > 0.0).count() >= 3;
    let rising = |v: DVec2| (scale * scale - v.length_squared()).max(0.0).sqrt();
    let mut ways: Vec<(DVec3, DVec3)> = Vec::new();
    if deep {
        ways.push((along.extend(z[1]), thumbward.extend(z[2])));
    } else {
        let mut found: Vec<(f64, DVec3, DVec3)> = Vec::new();
        for (s, t) in [(1.0, 1.0), (1.0, -1.0), (-1.0, 1.0), (-1.0, -1.0)] {
            let (a, b) = (along.extend(s * rising(along)), thumbward.extend(t * rising(thumbward)));
            found.push((a.dot(b).abs(), a, b));
        }
        found.sort_by(|a, b| a.0.total_cmp(&b.0));
        ways.extend(found[..2].iter().map(|(_, a, b)| (*a, *b)));
    }
    let depth = if deep { z[0] } else { depth };
    ways.into_iter()
        .map(|(a, b)| {
            let a = a.normalize_or(DVec3::NEG_Y);
            let turn = orthonormal(DMat3::from_cols(a, b, back_of(side, a, b)));
            let angles = fingers(bones, seen, along);
            State { turn, wrist: camera.unseen(origin, depth), angles: radians(&angles) }
        })
        .collect()
}

/// Fingers bent by how far their tips reach along the hand.
fn fingers(bones: &Bones, seen: &Seen, along: DVec2) -> HandPose {
    let mut pose = HandPose::LOOSE;
    let size = along.length_squared().max(1e-9);
    for f in 0..4 {
        let (root, tip) = (5 + 4 * f, 8 + 4 * f);
        if seen.weight[root] <= 0.0 || seen.weight[tip] <= 0.0 {
            continue;
        }
        let whole: f64 = bones.bones[1 + f].iter().sum();
        let reach = (seen.at[tip] - seen.at[root]).dot(along) / size / whole;
        let curl = ((0.95 - reach) / 0.95).clamp(0.0, 1.0) as f32;
        pose.fingers[f].bend = [84.0 * curl, 105.0 * curl, 62.0 * curl];
        pose.fingers[f].spread = [-2.0, 0.0, 2.0, 3.0][f];
    }
    pose
}

/// A hand of which next to nothing is seen: raised before the person, or hanging from where its forearm ends.
pub(super) fn unseen(side: Side, camera: &Camera, seen: &Seen, depth: f64) -> State {
    let at = (0..seen.at.len()).find(|j| seen.weight[*j] > 0.0).map_or(camera.centre(), |j| seen.at[j]);
    let wrist = camera.unseen(at, depth).as_vec3();
    let frame = super::super::hand::HandFrame::facing(side, wrist, 70.0, MOST_WRIST_BEND / 2.0, 0.0);
    State::of(&HandPose::LOOSE, &frame)
}
