//! The parametric hand ([`HandModel`]) with the slopes of its joints, in double precision.

use super::super::hand::{ANGLE_COUNT, HandFrame, HandModel, HandPose};
use super::super::{HAND_JOINT_COUNT, Side};
use glam::{DMat3, DVec3};

/// Unknowns of a hand in one frame: three small turns, the wrist, the angles.
pub(super) const FREE: usize = 6 + ANGLE_COUNT;

/// Measures of a hand as shares of its length, as in [`HandModel`].
#[derive(Clone, Debug)]
pub(super) struct Bones {
    pub length: f64,
    /// Foot of the thumb, then knuckles of index to little finger.
    pub roots: [DVec3; 5],
    /// Bones outwards from the roots, thumb first.
    pub bones: [[f64; 3]; 5],
    pub lean: [f64; 4],
}

impl Bones {
    pub fn of(model: &HandModel) -> Self {
        let [i, m, r, l] = model.knuckles;
        let [pi, pm, pr, pl] = model.phalanges;
        Self {
            length: f64::from(model.length),
            roots: [model.thumb_foot, i, m, r, l].map(|v| v.as_dvec3()),
            bones: [model.thumb, pi, pm, pr, pl].map(|b| b.map(f64::from)),
            lean: model.lean.map(|d| f64::from(d).to_radians()),
        }
    }

    pub fn model(&self) -> HandModel {
        let [foot, knuckles @ ..] = self.roots.map(|v| v.as_vec3());
        let [thumb, phalanges @ ..] = self.bones.map(|b| b.map(|l| l as f32));
        HandModel {
            length: self.length as f32,
            knuckles,
            phalanges,
            thumb_foot: foot,
            thumb,
            lean: self.lean.map(|l| l.to_degrees() as f32),
        }
    }
}

/// Where a hand is, how it is turned and how it is bent.
#[derive(Clone, Copy, Debug)]
pub(super) struct State {
    /// Columns: along the hand, towards the thumb, out of the back; picture axes.
    pub turn: DMat3,
    pub wrist: DVec3,
    /// In the order of [`HandPose::angles`], radians.
    pub angles: [f64; ANGLE_COUNT],
}

impl State {
    pub fn pose(&self) -> HandPose {
        HandPose::from_angles(&self.angles.map(|a| a.to_degrees() as f32)).within_limits()
    }

    pub fn frame(&self) -> HandFrame {
        HandFrame {
            wrist: self.wrist.as_vec3(),
            along: self.turn.x_axis.as_vec3(),
            thumbward: self.turn.y_axis.as_vec3(),
            back: self.turn.z_axis.as_vec3(),
        }
    }

    pub fn of(pose: &HandPose, frame: &HandFrame) -> Self {
        Self {
            turn: DMat3::from_cols(frame.along.as_dvec3(), frame.thumbward.as_dvec3(), frame.back.as_dvec3()),
            wrist: frame.wrist.as_dvec3(),
            angles: radians(pose),
        }
    }

    /// The state after a step of the unknowns, its angles held within their limits.
    pub fn stepped(&self, step: &[f64; FREE]) -> Self {
        let turn = DVec3::new(step[0], step[1], step[2]);
        let mut next = *self;
        next.turn = orthonormal(DMat3::from_axis_angle(turn.normalize_or(DVec3::X), turn.length()) * self.turn);
        next.wrist += DVec3::new(step[3], step[4], step[5]);
        for (angle, step) in next.angles.iter_mut().zip(&step[6..]) {
            *angle += step;
        }
        next.angles = radians(&HandPose::from_angles(&next.angles.map(|a| a.to_degrees() as f32)).within_limits());
        next
    }
}

/// The angles of a pose, radians.
pub(super) fn radians(pose: &HandPose) -> [f64; ANGLE_COUNT] {
    pose.angles().map(|a| f64::from(a).to_radians())
}

/// Rounding must not bend the axes over many steps; their handedness is kept.
pub(super) fn orthonormal(m: DMat3) -> DMat3 {
    let x = m.x_axis.normalize_or(DVec3::X);
    let y = (m.y_axis - x * x.dot(m.y_axis)).normalize_or(x.any_orthonormal_vector());
    let z = x.cross(y);
    DMat3::from_cols(x, y, if z.dot(m.z_axis) < 0.0 { -z } else { z })
}

/// The third axis of a hand of this side from the first two.
pub(super) fn back_of(side: Side, along: DVec3, thumbward: DVec3) -> DVec3 {
    let cross = along.cross(thumbward);
    if side == Side::Right { -cross } else { cross }
}

/// A turn as a vector along its axis, as long as its angle: the one that leads from `from` to `to`.
pub(super) fn turn_between(from: &DMat3, to: &DMat3) -> DVec3 {
    let m = *to * from.transpose();
    let sin = DVec3::new(m.y_axis.z - m.z_axis.y, m.z_axis.x - m.x_axis.z, m.x_axis.y - m.y_axis.x) / 2.0;
    let cos = (m.x_axis.x + m.y_axis.y + m.z_axis.z - 1.0) / 2.0;
    let length = sin.length();
    if length < 1e-9 { DVec3::ZERO } else { sin * (length.atan2(cos) / length) }
}

/// The angles that joint `j` depends on, with those of a thumb all five its own; the wrist depends on none.
pub(super) fn angles_of(joint: usize) -> [usize; 5] {
    match joint {
        0..=4 => [0, 1, 2, 3, 4],
        _ => {
            let first = 5 + 4 * ((joint - 5) / 4);
            [first, first + 1, first + 2, first + 3, ANGLE_COUNT - 1]
        }
    }
}

/// Joints of a bent hand in its own axes, as shares of its length.
pub(super) struct Posed {
    pub at: [DVec3; HAND_JOINT_COUNT],
    /// How each joint moves with each of its angles ([`angles_of`]).
    pub slope: [[DVec3; 5]; HAND_JOINT_COUNT],
    /// Directions of the bones, thumb first.
    pub bones: [[DVec3; 3]; 5],
    /// How a knuckle's depth goes with its distance along the hand when the palm is cupped, thumb first.
    pub dip: [f64; 5],
}

/// How much of the cup each outer metacarpal takes.
const CUP: [f64; 4] = [0.0, 0.1, 0.5, 1.0];

pub(super) fn posed(model: &Bones, angles: &[f64; ANGLE_COUNT]) -> Posed {
    let mut out = Posed {
        at: [DVec3::ZERO; HAND_JOINT_COUNT],
        slope: [[DVec3::ZERO; 5]; HAND_JOINT_COUNT],
        bones: [[DVec3::ZERO; 3]; 5],
        dip: [0.0; 5],
    };
    thumb(model, angles, &mut out);
    for f in 0..4 {
        finger(model, f, angles, &mut out);
    }
    out
}

fn thumb(model: &Bones, angles: &[f64; ANGLE_COUNT], out: &mut Posed) {
    let ((ss, cs), (sa, ca), (st, ct)) = (angles[0].sin_cos(), angles[1].sin_cos(), angles[2].sin_cos());
    let first = DVec3::new(ca * cs, ca * ss, -sa);
    let over = DVec3::new(ss, -cs, 0.0);
    let into = DVec3::new(-sa * cs, -sa * ss, -ca);
    let flexed = over * ct + into * st;
    // By spread, across and turn.
    let first_by = [DVec3::new(-ca * ss, ca * cs, 0.0), into, DVec3::ZERO];
    let flexed_by =
        [DVec3::new(cs, ss, 0.0) * ct + DVec3::new(sa * ss, -sa * cs, 0.0) * st, -first * st, into * ct - over * st];
    let mut at = model.roots[0];
    let mut slope = [DVec3::ZERO; 5];
    out.at[1] = at;
    let mut angle = 0.0;
    for bone in 0..3 {
        if bone > 0 {
            angle += angles[2 + bone];
        }
        let (sin, cos) = angle.sin_cos();
        let length = model.bones[0][bone];
        let way = first * cos + flexed * sin;
        at += way * length;
        for (i, slope) in slope[..3].iter_mut().enumerate() {
            *slope += (first_by[i] * cos + flexed_by[i] * sin) * length;
        }
        let bent = (flexed * cos - first * sin) * length;
        for slope in &mut slope[3..3 + bone] {
            *slope += bent;
        }
        out.at[2 + bone] = at;
        out.slope[2 + bone] = slope;
        out.bones[0][bone] = way;
    }
}

fn finger(model: &Bones, f: usize, angles: &[f64; ANGLE_COUNT], out: &mut Posed) {
    let own = &angles[5 + 4 * f..9 + 4 * f];
    let (ss, cs) = own[3].sin_cos();
    let along = DVec3::new(cs, ss, 0.0);
    let along_by = DVec3::new(-ss, cs, 0.0);
    let cup = angles[ANGLE_COUNT - 1] * CUP[f];
    let (sl, cl) = (model.lean[f] - cup).sin_cos();
    let raw = DVec3::new(0.0, sl, cl);
    let dot = raw.dot(along);
    let square = raw - along * dot;
    let size = square.length();
    let back = square / size;
    let unit = |d: DVec3| (d - back * back.dot(d)) / size;
    let back_by_spread = unit(-along_by * dot - along * raw.dot(along_by));
    let raw_by = DVec3::new(0.0, cl, -sl) * -CUP[f];
    let back_by_cup = unit(raw_by - along * raw_by.dot(along));

    let root = model.roots[1 + f];
    let mut at = root - DVec3::Z * (root.x * cup.sin());
    let mut slope = [DVec3::ZERO; 5];
    slope[4].z = -root.x * cup.cos() * CUP[f];
    out.dip[1 + f] = -cup.sin();
    let first = 5 + 4 * f;
    (out.at[first], out.slope[first]) = (at, slope);
    let mut angle = 0.0;
    for bone in 0..3 {
        angle += own[bone];
        let (sin, cos) = angle.sin_cos();
        let length = model.bones[1 + f][bone];
        let way = along * cos - back * sin;
        at += way * length;
        let bent = (-along * sin - back * cos) * length;
        for slope in &mut slope[..=bone] {
            *slope += bent;
        }
        slope[3] += (along_by * cos - back_by_spread * sin) * length;
        slope[4] -= back_by_cup * (sin * length);
        out.at[first + 1 + bone] = at;
        out.slope[first + 1 + bone] = slope;
        out.bones[1 + f][bone] = way;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joints_are_those_of_the_model_and_slopes_those_of_small_steps() {
        let model = HandModel::new(0.3);
        let bones = Bones::of(&model);
        for shape in 0..=8 {
            let mut pose = HandPose::cue_shape(shape);
            pose.cup = 9.0;
            let angles = radians(&pose);
            let own = posed(&bones, &angles);
            for (a, b) in own.at.iter().zip(model.local_joints(&pose)) {
                assert!((*a - b.as_dvec3()).length() < 1e-5, "shape {shape}: {a} {b}");
            }
            for i in 0..ANGLE_COUNT {
                let h = 1e-6;
                let (mut less, mut more) = (angles, angles);
                less[i] -= h;
                more[i] += h;
                let (less, more) = (posed(&bones, &less), posed(&bones, &more));
                for j in 0..HAND_JOINT_COUNT {
                    let step = (more.at[j] - less.at[j]) / (2.0 * h);
                    let known = angles_of(j).iter().position(|a| *a == i).map_or(DVec3::ZERO, |at| own.slope[j][at]);
                    assert!((step - known).length() < 1e-6, "shape {shape} joint {j} angle {i}: {step} {known}");
                }
            }
        }
    }

    #[test]
    fn a_turn_between_two_frames_leads_from_one_to_the_other() {
        let frame = HandFrame::facing(Side::Right, glam::Vec3::ZERO, 50.0, 20.0, -10.0);
        let mut state = State::of(&HandPose::LOOSE, &frame);
        state.turn = orthonormal(state.turn);
        assert!((back_of(Side::Right, state.turn.x_axis, state.turn.y_axis) - state.turn.z_axis).length() < 1e-6);
        let step = DVec3::new(0.3, -0.7, 0.2);
        let mut unknowns = [0.0; FREE];
        unknowns[..3].copy_from_slice(&step.to_array());
        let turned = state.stepped(&unknowns);
        assert!((turn_between(&state.turn, &turned.turn) - step).length() < 1e-9);
    }
}
