//! WHERE the hand points: targets on this person's own face, and by which fingertip they are touched.
//!
//! Positions follow the formulas of SPPAS for 68-point faces (`wherecue/position/unified.py`: means over 3752
//! annotated keys), written for a cuer whose hand is at image left and mirrored for the other hand. Angles follow what
//! recordings of cuers show: hand rising at 35-55° to mouth, chin and cheekbone, steeper at the side, flat at the
//! throat. The lips must stay visible (NCSA 1994): beside the mouth the fingertip keeps a quarter inch from the corner.

use super::{HandShape, Position};
use crate::pose::hand::TIP_RADIUS;
use crate::pose::{Reference, Side};
use glam::{Vec2, Vec3};

/// Width of an adult face from ear to ear in inches (14 cm): turns inches into picture units on a given face.
const FACE_WIDTH_INCHES: f32 = 5.5;
/// The least distance between the mouth's corner and the edge of a touching fingertip, inches (NCSA 1994).
pub const MOUTH_CLEARANCE_INCHES: f32 = 0.25;
/// Spread lips draw the corner outwards by this share of the mouth's width; the clearance holds for them, too.
const SPREAD_CORNER: f32 = 0.05;
/// How far side-forward stands before side (NCSA chart: one inch).
const FORWARD_INCHES: f32 = 1.0;
/// How far side-down stands below side (half to three quarters of an inch).
const DOWN_INCHES: f32 = 0.625;
/// How far the hand stands before the face where it does not touch, in inches.
const AIR_INCHES: f32 = 0.9;
/// How far a flick goes forward (a quarter inch).
const FLICK_INCHES: f32 = 0.25;

/// The fingertip that points.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Contact {
    Index,
    Middle,
}

impl Contact {
    /// Its joint among the 21 of a hand.
    pub fn joint(self) -> usize {
        match self {
            Self::Index => 8,
            Self::Middle => 12,
        }
    }
}

/// Where a key's fingertip goes and how the hand points there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Target {
    /// The fingertip's place in picture units; z is towards the viewer, 0 at the skin of the face.
    pub point: Vec3,
    /// Arrivals within this distance (picture units) count as this position.
    pub radius: f32,
    /// Direction of the hand from wrist to fingertips in degrees: 0 points flat towards the face, 90 straight up.
    pub angle: f32,
    /// The fingertip that points.
    pub contact: Contact,
    /// True where the finger touches the person.
    pub touches: bool,
}

/// All targets of a person.
#[derive(Clone, Debug, PartialEq)]
pub struct Targets {
    side: Side,
    aspect: f32,
    /// Picture units per inch on this face.
    inch: f32,
    /// Point and radius by position, for a hand at image left.
    places: [(Vec2, f32); 6],
    finger_radius: f32,
}

impl Targets {
    /// Computes the targets from the rest points of a person. Incomplete faces give finite, useless targets.
    pub fn new(reference: &Reference) -> Self {
        let seen = match reference.handed {
            Side::Right => None,
            Side::Left => Some(reference.mirrored()),
        };
        let r = seen.as_ref().unwrap_or(reference);
        let p = |i: usize| r.face_point(i);
        let dx = |a: usize, b: usize| (p(a).x - p(b).x).abs();
        let dy = |a: usize, b: usize| (p(a).y - p(b).y).abs();
        let inch = dx(16, 0) / FACE_WIDTH_INCHES;
        let finger_radius = TIP_RADIUS * r.hand_length;
        let scale = (dx(16, 0) + dy(8, 27)) / 1.85;

        let cheekbone = Vec2::new(p(4).x + dx(36, 0) / 3.7, p(1).y + dy(2, 1) / 1.4);
        let chin = Vec2::new(p(8).x - dx(8, 6) / 3.2, p(8).y - dy(8, 57) / 4.2);
        let mut mouth = Vec2::new(p(48).x - dx(48, 4) / 5.0, p(60).y + 0.8 * dy(60, 4));
        // The formula gives the point of the finger; its flesh is wider.
        let clearance = MOUTH_CLEARANCE_INCHES * inch + finger_radius + SPREAD_CORNER * dx(54, 48);
        mouth.x = mouth.x.min(p(48).x - clearance);
        let side = Vec2::new(p(0).x - dx(8, 0) / 2.6, p(4).y - dy(4, 3) / 2.0);
        let throat = Vec2::new(p(8).x - dx(8, 6) / 3.6, p(8).y + 0.85 * dy(8, 33));
        let neutral = Vec2::new(p(0).x, p(8).y + 4.0 * dy(8, 57));
        let places = [
            (side, 0.237 * scale),
            (mouth, 0.085 * scale),
            (chin, 0.094 * scale),
            (cheekbone, 0.08 * scale),
            (throat, 0.183 * scale),
            (neutral, 0.2 * scale),
        ];
        Self { side: reference.handed, aspect: reference.aspect, inch, places, finger_radius }
    }

    /// The target of a key.
    pub fn target(&self, position: Position, shape: HandShape) -> Target {
        let (place, angle, touches) = match position {
            Position::Side | Position::SideForward | Position::SideDown => (0, 65.0, false),
            Position::Mouth => (1, 45.0, true),
            Position::Chin => (2, 42.0, true),
            Position::Cheekbone => (3, 50.0, true),
            Position::Throat => (4, 18.0, true),
            Position::Neutral => (5, 42.0, false),
        };
        let (at, radius) = self.places[place];
        let air = AIR_INCHES * self.inch;
        let mut point = at.extend(if touches { self.finger_radius } else { air });
        match position {
            Position::SideForward => point.z += FORWARD_INCHES * self.inch,
            Position::SideDown => point.y += DOWN_INCHES * self.inch,
            Position::Neutral => point.z = 2.5 * air,
            _ => {}
        }
        if self.side == Side::Left {
            point.x = self.aspect - point.x;
        }
        Target { point, radius, angle, contact: contact(position, shape), touches }
    }

    /// Picture units per inch on this face.
    pub fn inch(&self) -> f32 {
        self.inch
    }

    /// How far a flick goes forward, picture units.
    pub fn flick(&self) -> f32 {
        FLICK_INCHES * self.inch
    }
}

/// The finger that points: the middle finger where the shape extends it (and of the loose hand), else the index. Shape 8 touches the chin with
/// the index, so that the middle finger hangs below it and not over the lips (NCSA 1994).
pub fn contact(position: Position, shape: HandShape) -> Contact {
    match (shape.0, position) {
        (1 | 6, _) | (8, Position::Chin) => Contact::Index,
        _ => Contact::Middle,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(a: f32, b: f32) {
        assert!((a - b).abs() < 1e-4, "{a} is not {b}");
    }

    /// The formulas by hand on a face with round numbers, mouth far enough from the jaw.
    #[test]
    fn targets_follow_the_formulas() {
        let mut r = Reference::example();
        for (i, p) in [
            (0, [0.30, 0.30]),
            (1, [0.30, 0.34]),
            (2, [0.31, 0.41]),
            (3, [0.32, 0.44]),
            (4, [0.35, 0.50]),
            (6, [0.42, 0.58]),
            (8, [0.50, 0.60]),
            (16, [0.70, 0.30]),
            (27, [0.50, 0.30]),
            (33, [0.50, 0.44]),
            (36, [0.374, 0.32]),
            (48, [0.43, 0.50]),
            (54, [0.57, 0.50]),
            (57, [0.50, 0.558]),
            (60, [0.44, 0.49]),
        ] {
            r.face[i] = p;
        }
        let t = Targets::new(&r);
        let at = |p| t.target(p, HandShape(2)).point;
        close(at(Position::Cheekbone).x, 0.35 + 0.074 / 3.7);
        close(at(Position::Cheekbone).y, 0.34 + 0.07 / 1.4);
        close(at(Position::Chin).x, 0.50 - 0.08 / 3.2);
        close(at(Position::Chin).y, 0.60 - 0.042 / 4.2);
        close(at(Position::Side).x, 0.30 - 0.2 / 2.6);
        close(at(Position::Side).y, 0.50 - 0.03);
        close(at(Position::Throat).x, 0.50 - 0.08 / 3.6);
        close(at(Position::Throat).y, 0.60 + 0.85 * 0.16);
        close(at(Position::Neutral).x, 0.30);
        close(at(Position::Neutral).y, 0.60 + 4.0 * 0.042);
        close(at(Position::Mouth).y, 0.49 + 0.8 * 0.01);
        let scale = (0.4 + 0.3) / 1.85;
        close(t.target(Position::Side, HandShape(2)).radius, 0.237 * scale);
        close(t.target(Position::Chin, HandShape(2)).radius, 0.094 * scale);
        close(t.target(Position::Mouth, HandShape(2)).radius, 0.085 * scale);
        close(t.target(Position::Cheekbone, HandShape(2)).radius, 0.08 * scale);
        close(t.target(Position::Throat, HandShape(2)).radius, 0.183 * scale);
        // One inch forward, five eighths down.
        close(at(Position::SideForward).z - at(Position::Side).z, 0.4 / 5.5);
        close(at(Position::SideDown).y - at(Position::Side).y, 0.625 * 0.4 / 5.5);
    }

    #[test]
    fn a_fingertip_at_the_mouth_leaves_a_quarter_inch() {
        let r = Reference::example();
        let t = Targets::new(&r);
        let target = t.target(Position::Mouth, HandShape(4));
        let edge = target.point.x + TIP_RADIUS * r.hand_length;
        assert!(r.face[48][0] - edge >= 0.25 * t.inch());
        // And still counts as mouth by the formula's own point and radius.
        let formula = r.face[48][0] - (r.face[48][0] - r.face[4][0]) / 5.0;
        assert!(formula - target.point.x < target.radius);
    }

    #[test]
    fn on_the_example_the_places_are_where_they_belong() {
        let r = Reference::example();
        let t = Targets::new(&r);
        let at = |p| t.target(p, HandShape(3)).point;
        // Chin: below the dimple under the lower lip, above the edge of the chin.
        assert!(at(Position::Chin).y > r.face[57][1] + 0.015 && at(Position::Chin).y < r.face[8][1]);
        // Cheekbone: below the outer half of the eye, above the mouth.
        assert!(at(Position::Cheekbone).y > r.face[41][1] && at(Position::Cheekbone).y < r.face[48][1]);
        // Side: four inches from the chin's tip, in the air.
        let chin = Vec2::from(r.face[8]);
        let inches = (at(Position::Side).truncate() - chin).length() / t.inch();
        assert!((3.5..4.7).contains(&inches), "{inches}");
        assert!(at(Position::Side).x < r.face[0][0]);
        // Throat: between chin and collar.
        assert!(at(Position::Throat).y > r.face[8][1] + 0.05 && at(Position::Throat).y < r.throat[1]);
    }

    #[test]
    fn a_left_hander_is_the_mirror_image() {
        let mut r = Reference::example();
        r.face[48][0] -= 0.004; // not symmetric
        let mirrored = Targets::new(&r.mirrored());
        let t = Targets::new(&r);
        for position in Position::ALL {
            for shape in HandShape::ALL {
                let (a, b) = (t.target(position, shape), mirrored.target(position, shape));
                close(a.point.x, r.aspect - b.point.x);
                close(a.point.y, b.point.y);
                assert_eq!((a.angle, a.contact), (b.angle, b.contact));
            }
        }
    }

    #[test]
    fn the_right_finger_points() {
        assert_eq!(contact(Position::Mouth, HandShape(1)), Contact::Index);
        assert_eq!(contact(Position::Mouth, HandShape(6)), Contact::Index);
        assert_eq!(contact(Position::Mouth, HandShape(8)), Contact::Middle);
        assert_eq!(contact(Position::Chin, HandShape(8)), Contact::Index);
        for shape in [2, 3, 4, 5, 7] {
            assert_eq!(contact(Position::Chin, HandShape(shape)), Contact::Middle);
        }
        assert_eq!(contact(Position::Neutral, HandShape::NEUTRAL), Contact::Middle);
    }
}
