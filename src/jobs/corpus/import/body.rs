//! Stretches of tracked poses that are good for clips.

use super::{Piece, Reason};
use crate::corpus::store::Extra;
use crate::corpus::{FPS, between};
use crate::exchange::poses::Tracked;
use crate::pose::{FACE_POINT_COUNT, PoseFrame, index};
use crate::time::{Seconds, TimeRange};

/// Clips are at least and at most so long, seconds.
pub const SHORTEST: f64 = 3.0;
pub const LONGEST: f64 = 12.0;
/// A face is seen when this share of its points has at least this score.
const FACE_SHARE: f32 = 0.6;
const FACE_SCORE: f32 = 0.3;
/// Frames without a face that are borne within a clip, seconds.
const FACE_GAP: f64 = 0.2;
/// In a scene cut shoulders and face are elsewhere from one frame to the next: mean way, widths of the face.
const CUT: f32 = 0.6;

fn face_seen(frame: &PoseFrame) -> bool {
    let good = frame.face().iter().filter(|p| p.score >= FACE_SCORE).count();
    good as f32 >= FACE_SHARE * FACE_POINT_COUNT as f32
}

fn face_width(frame: &PoseFrame) -> f32 {
    let (a, b) = (frame.points[index::FACE], frame.points[index::FACE + 16]);
    if a.score > 0.0 && b.score > 0.0 { (a.x - b.x).hypot(a.y - b.y) } else { 0.0 }
}

/// Whether everything jumps between two frames: hands may, heads and shoulders cannot.
fn is_cut(a: &PoseFrame, b: &PoseFrame) -> bool {
    let slow =
        [index::NOSE, index::LEFT_SHOULDER, index::RIGHT_SHOULDER, index::FACE + 8, index::FACE + 36, index::FACE + 45];
    let ways = slow.iter().filter_map(|i| {
        let (p, q) = (a.points[*i], b.points[*i]);
        (p.score >= FACE_SCORE && q.score >= FACE_SCORE).then(|| (p.x - q.x).hypot(p.y - q.y))
    });
    let (sum, n) = ways.fold((0.0, 0), |(s, n), w| (s + w, n + 1));
    let width = face_width(a).max(face_width(b));
    n >= 2 && width > 0.0 && sum / n as f32 > CUT * width
}

/// The good stretches of a performance at [`FPS`], and why others are none.
pub fn pieces(tracked: &Tracked) -> (Vec<Piece>, Vec<Reason>) {
    let source = &tracked.sequence;
    let rate = source.fps.rate();
    let mut reasons = Vec::new();
    let mut stretches: Vec<(usize, usize)> = Vec::new();
    let mut from = None;
    let mut last_seen = 0;
    let most_gap = (FACE_GAP * rate).ceil() as usize;
    let frames = &source.frames;
    for i in 0..=frames.len() {
        let seen = i < frames.len() && face_seen(&frames[i]);
        let cut = i > 0 && i < frames.len() && is_cut(&frames[i - 1], &frames[i]);
        if let Some(start) = from
            && (cut || i == frames.len() || (!seen && i - last_seen > most_gap))
        {
            stretches.push((start, last_seen + 1));
            from = None;
            if cut {
                reasons.push("scene cut (the stretches beside it are kept)".to_owned());
            } else if i < frames.len() {
                reasons.push("face not seen for a while (the stretches beside it are kept)".to_owned());
            }
        }
        if seen {
            from.get_or_insert(i);
            last_seen = i;
        }
    }
    if stretches.is_empty() {
        reasons.push("no face in any frame".to_owned());
    }
    let mut out = Vec::new();
    for (start, end) in stretches {
        let (start, end) = (start as f64 / rate, end as f64 / rate);
        let parts = parts_of(start, end);
        if parts.is_empty() {
            reasons.push(format!("stretch shorter than {SHORTEST} s"));
        }
        for range in parts {
            let count = (range.length().0 * f64::from(FPS) + 1e-6).floor() as usize;
            let at = |k: usize| (range.start.0 + k as f64 / f64::from(FPS)) * rate;
            let poses: Vec<PoseFrame> =
                (0..count).map(|k| between(frames, at(k).min((frames.len() - 1) as f64))).collect();
            out.push(Piece { range, poses, extra: Extra::default(), aspect: tracked.aspect });
        }
    }
    (out, reasons)
}

/// A stretch cut into equal parts that are neither too long nor too short; none if it is too short itself.
pub fn parts_of(start: f64, end: f64) -> Vec<TimeRange> {
    let length = end - start;
    if length < SHORTEST - 1e-6 {
        return Vec::new();
    }
    let count = (length / LONGEST).ceil().max(1.0) as usize;
    let part = length / count as f64;
    let at = |k: usize| Seconds(start + part * k as f64);
    (0..count).map(|k| TimeRange::new(at(k), at(k + 1))).collect()
}
