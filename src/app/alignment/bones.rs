//! Names of bones, and the person of the picture at rest as a pose.

use crate::app::i18n::tr;
use crate::pose::alignment::Bone;
use crate::pose::{Point, PoseFrame, Reference, index};

/// The bone in the language of the interface, sentence case.
pub fn bone_name(bone: Bone) -> &'static str {
    match bone {
        Bone::Neck => tr("Neck"),
        Bone::Shoulders => tr("Shoulders"),
        Bone::UpperArm => tr("Upper arm"),
        Bone::Forearm => tr("Forearm"),
        Bone::Palm => tr("Palm"),
        Bone::Thumb => tr("Thumb"),
        Bone::Index => tr("Index finger"),
        Bone::Middle => tr("Middle finger"),
        Bone::Ring => tr("Ring finger"),
        Bone::Little => tr("Little finger"),
        Bone::Trunk => tr("Trunk"),
        Bone::Legs => tr("Legs"),
        Bone::Face => tr("Outline of the face"),
        Bone::Brows => tr("Brows"),
        Bone::Eyes => tr("Eyes"),
        Bone::Nose => tr("Nose"),
        Bone::Mouth => tr("Mouth"),
    }
}

/// The person at rest: face, shoulders and hanging arms, without hands.
pub fn target_pose(reference: &Reference) -> PoseFrame {
    let mut pose = PoseFrame::default();
    let mut put = |i: usize, [x, y]: [f32; 2]| pose.points[i] = Point::new(x, y);
    for (i, p) in reference.face.iter().take(crate::pose::FACE_POINT_COUNT).enumerate() {
        put(index::FACE + i, *p);
    }
    put(index::LEFT_SHOULDER, reference.left_shoulder);
    put(index::RIGHT_SHOULDER, reference.right_shoulder);
    put(index::LEFT_ELBOW, reference.left_elbow);
    put(index::RIGHT_ELBOW, reference.right_elbow);
    for (elbow, wrist) in [(index::LEFT_ELBOW, index::LEFT_WRIST), (index::RIGHT_ELBOW, index::RIGHT_WRIST)] {
        let [x, y] = if elbow == index::LEFT_ELBOW { reference.left_elbow } else { reference.right_elbow };
        put(wrist, [x, y + reference.forearm_length]);
    }
    pose
}
