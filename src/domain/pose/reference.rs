//! An example person at rest, for previews, tests and as a template to start an identity from.

use super::{FACE_POINT_COUNT, POINT_COUNT, PoseFrame, Reference, Side, index};

/// The image-left half of a frontal adult face in picture units, by iBUG-68 index; the other half is its mirror
/// image about x = 0.5. Proportions: classical thirds (hairline 0.22, brow 0.30, nose base 0.42, chin 0.52), face
/// five eye widths wide.
const HALF_FACE: [(usize, [f32; 2]); 37] = [
    // Jaw from the ear to the chin.
    (0, [0.380, 0.345]),
    (1, [0.381, 0.375]),
    (2, [0.385, 0.405]),
    (3, [0.391, 0.434]),
    (4, [0.401, 0.461]),
    (5, [0.418, 0.485]),
    (6, [0.441, 0.504]),
    (7, [0.469, 0.516]),
    (8, [0.500, 0.520]),
    // Brow.
    (17, [0.410, 0.313]),
    (18, [0.424, 0.302]),
    (19, [0.442, 0.299]),
    (20, [0.460, 0.302]),
    (21, [0.476, 0.308]),
    // Bridge and base of the nose.
    (27, [0.500, 0.340]),
    (28, [0.500, 0.364]),
    (29, [0.500, 0.387]),
    (30, [0.500, 0.407]),
    (31, [0.479, 0.416]),
    (32, [0.489, 0.420]),
    (33, [0.500, 0.422]),
    // Eye: outer corner, upper lid, inner corner, lower lid.
    (36, [0.428, 0.346]),
    (37, [0.441, 0.337]),
    (38, [0.460, 0.337]),
    (39, [0.474, 0.348]),
    (40, [0.460, 0.354]),
    (41, [0.442, 0.354]),
    // Outer lip: corner, upper edge, lower edge.
    (48, [0.458, 0.456]),
    (49, [0.473, 0.449]),
    (50, [0.489, 0.445]),
    (51, [0.500, 0.447]),
    (57, [0.500, 0.473]),
    (58, [0.487, 0.472]),
    (59, [0.471, 0.466]),
    // Inner lip, closed: upper and lower edge meet on the line of the mouth.
    (60, [0.463, 0.4565]),
    (61, [0.485, 0.4565]),
    (62, [0.500, 0.4570]),
];

/// The inner lip's lower middle; 65 and 67 lie on 63 and 61 while the mouth is closed.
const INNER_LOWER: [f32; 2] = [0.500, 0.4575];

/// The point at the same place on the other half of the face, in iBUG-68 order.
pub(crate) fn mirrored_face_index(i: usize) -> usize {
    match i {
        0..=16 => 16 - i,
        17..=26 => 43 - i,
        31..=35 => 66 - i,
        36..=39 => 81 - i,
        42..=45 => 81 - i,
        40 | 41 | 46 | 47 => 87 - i,
        48..=54 => 102 - i,
        55..=59 => 114 - i,
        60..=64 => 124 - i,
        65..=67 => 132 - i,
        _ => i,
    }
}

/// The point at the same place on the other half of a whole body.
pub(crate) fn mirrored_point_index(i: usize) -> usize {
    const FACE_END: usize = index::FACE + FACE_POINT_COUNT;
    match i {
        0 => 0,
        // Eyes, ears, shoulders and so on: left ones are odd, right ones follow.
        1..=16 => i + 2 * (i % 2) - 1,
        17..=19 => i + 3,
        20..=22 => i - 3,
        index::FACE..FACE_END => index::FACE + mirrored_face_index(i - index::FACE),
        index::LEFT_HAND..index::RIGHT_HAND => i + index::RIGHT_HAND - index::LEFT_HAND,
        _ => i + index::LEFT_HAND - index::RIGHT_HAND,
    }
}

/// A frame seen in a mirror: left becomes right.
pub fn mirrored_frame(frame: &PoseFrame, aspect: f32) -> PoseFrame {
    let mut out = PoseFrame::default();
    for i in 0..POINT_COUNT {
        let mut p = frame.points[mirrored_point_index(i)];
        if p.score > 0.0 || p.xy() != [0.0, 0.0] {
            p.x = aspect - p.x;
        }
        out.points[i] = p;
    }
    out.hand_z = [frame.hand_z[1], frame.hand_z[0]];
    out
}

impl Reference {
    /// A frontal adult in a square picture with room for the side position: the person that the drawn presenter has
    /// the rest points of. Lengths follow adult averages on a face 14 cm wide (hand 18.5 cm, forearm 24.5 cm, upper
    /// arm 28.5 cm).
    pub fn example() -> Self {
        let mut face = vec![[0.5, 0.45]; FACE_POINT_COUNT];
        for (i, [x, y]) in HALF_FACE {
            face[i] = [x, y];
            face[mirrored_face_index(i)] = [1.0 - x, y];
        }
        for i in [27, 28, 29, 30, 33, 51, 57, 62, 8] {
            face[i][0] = 0.5;
        }
        face[66] = INNER_LOWER;
        face[67] = [face[61][0], INNER_LOWER[1]];
        face[65] = [face[63][0], INNER_LOWER[1]];
        Self {
            aspect: 1.0,
            face,
            left_shoulder: [0.74, 0.68],
            right_shoulder: [0.26, 0.68],
            throat: [0.5, 0.652],
            left_elbow: [0.790, 1.165],
            right_elbow: [0.210, 1.165],
            hand_length: 0.32,
            forearm_length: 0.42,
            upper_arm_length: 0.49,
            handed: Side::Right,
        }
    }

    /// The same person seen in a mirror: right becomes left, the cueing hand too.
    pub fn mirrored(&self) -> Self {
        let flip = |[x, y]: [f32; 2]| [self.aspect - x, y];
        let face =
            (0..self.face.len()).map(|i| flip(self.face.get(mirrored_face_index(i)).copied().unwrap_or_default()));
        Self {
            face: face.collect(),
            left_shoulder: flip(self.right_shoulder),
            right_shoulder: flip(self.left_shoulder),
            throat: flip(self.throat),
            left_elbow: flip(self.right_elbow),
            right_elbow: flip(self.left_elbow),
            handed: self.handed.other(),
            ..self.clone()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mirror_pairs_are_their_own_inverse() {
        let mut seen = [false; FACE_POINT_COUNT];
        for i in 0..FACE_POINT_COUNT {
            assert_eq!(mirrored_face_index(mirrored_face_index(i)), i, "point {i}");
            seen[mirrored_face_index(i)] = true;
        }
        assert!(seen.iter().all(|s| *s));
    }

    #[test]
    fn a_frame_mirrored_twice_is_itself() {
        let mut frame = PoseFrame::default();
        for (i, p) in frame.points.iter_mut().enumerate() {
            assert_eq!(mirrored_point_index(mirrored_point_index(i)), i);
            *p = crate::pose::Point::new(i as f32 / 256.0, 1.0 - i as f32 / 512.0);
        }
        frame.hand_z[0][3] = 0.5;
        let once = mirrored_frame(&frame, 1.0);
        assert_eq!(once.hand_z[1][3], 0.5);
        assert_eq!(once.points[index::LEFT_WRIST].x, 1.0 - frame.points[index::RIGHT_WRIST].x);
        assert_eq!(once.points[index::LEFT_HAND + 4].x, 1.0 - frame.points[index::RIGHT_HAND + 4].x);
        assert_eq!(mirrored_frame(&once, 1.0), frame);
    }

    #[test]
    fn the_example_is_symmetric_closed_and_in_proportion() {
        let r = Reference::example();
        for i in 0..FACE_POINT_COUNT {
            let [x, y] = r.face[i];
            let [mx, my] = r.face[mirrored_face_index(i)];
            assert!((x + mx - 1.0).abs() < 1e-6 && (y - my).abs() < 1e-6, "point {i}");
        }
        // Jaw runs left to right, brows above eyes above nose above mouth above chin, inner lips closed.
        assert!((1..=16).all(|i| r.face[i][0] > r.face[i - 1][0]));
        assert!(r.face[19][1] < r.face[37][1] && r.face[41][1] < r.face[33][1] && r.face[33][1] < r.face[51][1]);
        assert!(r.face[57][1] < r.face[8][1]);
        assert!((r.face[66][1] - r.face[62][1]).abs() < 0.002);
        assert!((r.face[16][0] - r.face[0][0] - 0.24).abs() < 1e-6);
        // Everything written: no point left at the fill value.
        assert!(r.face.iter().all(|p| *p != [0.5, 0.45]));
        assert_eq!(r.mirrored().mirrored().handed, r.handed);
        let twice = r.mirrored().mirrored();
        assert!(twice.face.iter().zip(&r.face).all(|(a, b)| (a[0] - b[0]).abs() < 1e-6 && a[1] == b[1]));
    }
}
