//! Corrections of hands laid over a performance, and how plausible its hands are.

use crate::document::Project;
use crate::generate::{GenerateInput, rules};
use crate::pose::hand::{HandModel, HandPose};
use crate::pose::hand_fit::Plausibility;
use crate::pose::refine::{Refinement, Stage, apply, hands_of};
use crate::pose::{PoseFrame, Side};
use crate::time::{FrameIndex, Seconds};
use rayon::prelude::*;
use std::ops::Range;

/// In which time a hand is drawn to the shape of a key and let go again, seconds.
const RAMP: f64 = 0.08;
/// Frames judged as one piece of work.
const PIECE: usize = 64;

/// The corrections of a project that are not muted, in their order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Hands {
    layers: Vec<Refinement>,
}

/// What refinements are laid over, for a performance of `count` frames.
pub fn stage(input: &GenerateInput, count: usize) -> Stage {
    let r = &input.reference;
    Stage { fps: input.fps, count, model: HandModel::new(r.hand_length), camera: rules::camera(r.aspect) }
}

impl Hands {
    pub fn of(project: &Project) -> Self {
        let heard = |r: &&Refinement| !r.muted && r.strength > 0.0;
        Self { layers: project.marks.hands.iter().map(|h| &h.what).filter(heard).cloned().collect() }
    }

    /// The frames of `range` of a performance, corrected; `make` gives those of any stretch as they are without.
    pub fn over(
        &self,
        input: &GenerateInput,
        count: usize,
        range: Range<usize>,
        make: impl Fn(Range<usize>) -> Vec<PoseFrame>,
    ) -> Vec<PoseFrame> {
        let time = |i: usize| input.fps.time_of(FrameIndex(i as u32));
        let meets = |r: &&Refinement| {
            let reach = r.reach();
            reach.end >= time(range.start) && reach.start <= time(range.end)
        };
        let layers: Vec<&Refinement> = self.layers.iter().filter(meets).collect();
        if layers.is_empty() {
            return make(range);
        }
        let stage = stage(input, count);
        let needed = stage.needed(&range);
        let frames = make(needed.clone());
        // Pieces apart from each other have the same bytes as the whole.
        let pieces: Vec<Range<usize>> =
            range.clone().step_by(PIECE).map(|first| first..(first + PIECE).min(range.end)).collect();
        let done = pieces.into_par_iter().map(|piece| {
            apply(&stage, &layers, &frames, needed.start, piece, |side, time| shape_at(input, side, time))
        });
        done.collect::<Vec<_>>().concat()
    }
}

/// The hand shape meant at a time for the hand that cues; its weight rises and falls at the ends of its hold.
fn shape_at(input: &GenerateInput, side: Side, time: Seconds) -> Option<(HandPose, f32)> {
    if side != input.reference.handed {
        return None;
    }
    let next = input.keys.partition_point(|k| k.times.d1 <= time);
    let key = &input.keys[next.checked_sub(1)?];
    let until = input.keys.get(next).map_or(f64::INFINITY, |k| k.times.d1.0);
    let inside = ((time - key.times.d2).0 / RAMP).min((until - time.0) / RAMP).clamp(0.0, 1.0) as f32;
    let number = key.key.and(Some(key.shape.0)).filter(|n| (1..=8).contains(n))?;
    (inside > 0.0).then(|| (HandPose::cue_shape(number), inside))
}

/// A hand in a frame that does not look right.
#[derive(Clone, Debug, PartialEq)]
pub struct DoubtfulHand {
    pub side: Side,
    pub frame: usize,
    pub time: Seconds,
    pub plausibility: Plausibility,
}

/// All hands in the picture of frames of `range` below a plausibility, the worst first; of neighbouring frames of one hand
/// only the worst. `make` gives frames of any stretch as they are shown.
pub fn worst(
    input: &GenerateInput,
    count: usize,
    range: Range<usize>,
    below: f32,
    make: impl Fn(Range<usize>) -> Vec<PoseFrame> + Sync,
) -> Vec<DoubtfulHand> {
    let stage = stage(input, count);
    let range = range.start.min(count)..range.end.min(count);
    let pieces: Vec<(Side, Range<usize>)> = [Side::Left, Side::Right]
        .into_iter()
        .flat_map(|side| range.clone().step_by(PIECE).map(move |first| (side, first)))
        .map(|(side, first)| (side, first..(first + PIECE).min(range.end)))
        .collect();
    let found: Vec<Vec<DoubtfulHand>> = pieces
        .into_par_iter()
        .map(|(side, piece)| {
            let needed = stage.needed(&piece);
            let frames = make(needed.clone());
            let hands = hands_of(&stage, side, &frames, needed.start, piece.clone());
            let doubtful = hands.into_iter().zip(piece).filter_map(|(hand, frame)| {
                let plausibility = hand?.plausibility;
                let time = input.fps.time_of(FrameIndex(frame as u32));
                (plausibility.score < below).then_some(DoubtfulHand { side, frame, time, plausibility })
            });
            doubtful.collect()
        })
        .collect();
    let mut all: Vec<DoubtfulHand> = Vec::new();
    for hand in found.into_iter().flatten() {
        match all.last_mut() {
            Some(last) if last.side == hand.side && hand.frame - last.frame <= 3 => {
                if hand.plausibility.score < last.plausibility.score {
                    *last = hand;
                }
            }
            _ => all.push(hand),
        }
    }
    all.sort_by(|a, b| a.plausibility.score.total_cmp(&b.plausibility.score).then(a.frame.cmp(&b.frame)));
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cueing::Position;
    use crate::cueing::when::TimingOptions;
    use crate::generate::examples::input_with_keys;
    use crate::pose::refine::Preset;
    use crate::time::TimeRange;

    fn input() -> GenerateInput {
        let keys: Vec<_> = (0..24_u8).map(|i| (i * 3 % 8 + 1, Position::ALL[usize::from(i) * 5 % 7], None)).collect();
        input_with_keys(&keys, 0.7, 0.35, &TimingOptions::default())
    }

    fn fist(from: f64, to: f64) -> Refinement {
        let range = TimeRange::new(Seconds(from), Seconds(to));
        let mut it = Refinement { range, name: "fist".into(), ..Refinement::default() };
        it.change_key(range.start, |k| k.change.preset = Some(Preset::Fist));
        it
    }

    #[test]
    fn corrected_frames_are_the_same_whatever_the_stretch() {
        let input = input();
        let plan = rules::Plan::new(&input).expect("a plan");
        let count = plan.frame_count();
        let mut shaped = fist(1.0, 3.0);
        shaped.keys.clear();
        (shaped.toward, shaped.smoothing) = (0.8, 1.0);
        let hands = Hands { layers: vec![fist(2.0, 3.1), shaped] };
        let make = |r: Range<usize>| plan.frames(r);
        let whole = hands.over(&input, count, 0..count, make);
        let base = plan.frames(0..count);
        assert_eq!(whole.len(), count);
        assert_eq!(whole[..20], base[..20]);
        assert_ne!(whole[60], base[60]);
        for range in [0..1, 40..61, 55..80, 77..count] {
            assert_eq!(hands.over(&input, count, range.clone(), make), whole[range]);
        }
        assert_eq!(Hands::default().over(&input, count, 3..9, make), base[3..9]);
    }

    #[test]
    fn a_spoilt_hand_is_found_and_the_others_are_not() {
        let input = input();
        let plan = rules::Plan::new(&input).expect("a plan");
        let count = plan.frame_count();
        let make = |r: Range<usize>| plan.frames(r);
        let before = worst(&input, count, 0..count, 0.7, make);
        assert!(before.is_empty(), "{before:?}");
        let spoilt = |r: Range<usize>| {
            let mut frames = plan.frames(r.clone());
            if r.contains(&70) {
                let tip = Side::Right.hand_index() + 8;
                frames[70 - r.start].points[tip].x += 0.3;
            }
            frames
        };
        let after = worst(&input, count, 0..count, 0.7, spoilt);
        assert_eq!(after.iter().map(|d| (d.side, d.frame)).collect::<Vec<_>>(), [(Side::Right, 70)]);
        assert!(!after[0].plausibility.doubts.is_empty());
    }
}
