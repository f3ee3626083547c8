//! A tracked performance at any moment: between its frames, and over short holes.

use super::SEEN;
use super::measure::seen;
use crate::pose::{HAND_JOINT_COUNT, POINT_COUNT, Point, PoseFrame, PoseSequence, Side, index};
use crate::time::Seconds;
use glam::Vec2;

/// Holes up to this long are bridged, seconds; what is missing longer stays missing.
const LONGEST_HOLE: f64 = 0.25;

/// The performance at a moment after its beginning; `None` before it and after its end. A pure function of both.
pub fn sample(source: &PoseSequence, time: Seconds) -> Option<PoseFrame> {
    let at = time.0 * source.fps.rate();
    let count = source.frames.len();
    if !at.is_finite() || at < -1e-6 || at > count as f64 - 1e-6 {
        return None;
    }
    // The last frame stands until it is over.
    let at = at.clamp(0.0, (count - 1) as f64);
    let hole = (LONGEST_HOLE * source.fps.rate()).ceil().max(1.0) as usize;
    let floor = (at + 1e-6).floor() as usize;
    let exact = (at - floor as f64).abs() < 1e-6;
    if exact && source.frames[floor].points.iter().all(|p| seen(*p)) {
        return Some(source.frames[floor].clone());
    }
    let mut out = PoseFrame::default();
    for i in 0..POINT_COUNT {
        let good = |f: &usize| seen(source.frames[*f].points[i]);
        let before = (floor.saturating_sub(hole)..=floor).rev().find(good);
        let after = if exact { floor } else { floor + 1 };
        let after = (after..(after + hole).min(count)).find(good);
        let (Some(a), Some(b)) = (before, after) else { continue };
        if b - a > hole.max(1) {
            continue;
        }
        let t = if b == a { 0.0 } else { ((at - a as f64) / (b - a) as f64).clamp(0.0, 1.0) as f32 };
        let mix = |x: f32, y: f32| if t == 0.0 { x } else { x + (y - x) * t };
        let (p, q) = (source.frames[a].points[i], source.frames[b].points[i]);
        out.points[i] = Point { x: mix(p.x, q.x), y: mix(p.y, q.y), score: p.score.min(q.score) };
        for side in [Side::Left, Side::Right] {
            let first = side.hand_index();
            if (first..first + HAND_JOINT_COUNT).contains(&i) {
                let z = |f: usize| source.frames[f].hand_z[side as usize][i - first];
                out.hand_z[side as usize][i - first] = mix(z(a), z(b));
            }
        }
    }
    Some(out)
}

/// A hand moves more than the other when its way is this much longer.
const LEADING: f32 = 1.5;

/// The hand that a person gestures with: whose wrist goes a way at least half as long again as the other's, over the
/// frames that show it. `None` where both or neither do.
pub fn leading_hand(source: &PoseSequence) -> Option<Side> {
    let way = |side: Side| -> f32 {
        let wrist = |f: &PoseFrame| f.points[index::LEFT_WRIST + side as usize];
        let seen = source.frames.iter().map(wrist).filter(|p| p.score > SEEN);
        let places: Vec<Vec2> = seen.map(|p| Vec2::from(p.xy())).collect();
        // Over several frames at once, so that what a tracker shakes does not count as a way.
        places.iter().zip(places.iter().skip(5)).map(|(a, b)| a.distance(*b)).sum()
    };
    let (left, right) = (way(Side::Left), way(Side::Right));
    match (left > LEADING * right, right > LEADING * left) {
        (true, false) => Some(Side::Left),
        (false, true) => Some(Side::Right),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Fps;

    fn sequence(scores: &[f32]) -> PoseSequence {
        let frame = |(i, score): (usize, &f32)| {
            let mut f = PoseFrame::default();
            f.points.fill(Point { x: i as f32, y: 2.0 * i as f32, score: 0.9 });
            f.points[7] = if *score > 0.0 { Point { score: *score, ..f.points[7] } } else { Point::default() };
            f.hand_z[1] = [0.1 * i as f32; HAND_JOINT_COUNT];
            f
        };
        PoseSequence { fps: Fps::whole(20), frames: scores.iter().enumerate().map(frame).collect() }
    }

    #[test]
    fn moments_between_frames_lie_between_them() {
        let s = sequence(&[0.5; 4]);
        assert_eq!(sample(&s, Seconds(0.1)), Some(s.frames[2].clone()));
        let half = sample(&s, Seconds(0.075)).unwrap();
        assert!((half.points[7].x - 1.5).abs() < 1e-5 && (half.hand_z[1][3] - 0.15).abs() < 1e-6);
        assert_eq!(half.points[7].score, 0.5);
        assert_eq!(sample(&s, Seconds(0.19)).map(|f| f.points[0].x), Some(3.0), "the last frame stands");
        assert_eq!(sample(&s, Seconds(-0.1)), None);
        assert_eq!(sample(&s, Seconds(0.2)), None);
        assert_eq!(sample(&PoseSequence::default(), Seconds(0.0)), None);
        assert_eq!(sample(&s, Seconds(f64::NAN)), None);
    }

    #[test]
    fn short_holes_are_bridged_and_long_ones_stay() {
        let short = sample(&sequence(&[0.9, 0.0, 0.0, 0.6]), Seconds(0.05)).unwrap();
        assert!((short.points[7].x - 1.0).abs() < 1e-5 && short.points[7].score == 0.6);
        let long = sample(&sequence(&[0.9, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.9]), Seconds(0.15)).unwrap();
        assert_eq!(long.points[7], Point::default());
        assert!((long.points[8].x - 3.0).abs() < 1e-5);
        assert_eq!(sample(&sequence(&[0.9, 0.9, 0.0]), Seconds(0.1)).unwrap().points[7].score, 0.0);
    }
}
