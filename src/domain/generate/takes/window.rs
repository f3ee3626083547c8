//! What a stretch of a performance depends on, cut out of the whole: takes cost the same in a minute and in two hours.

use super::CONTEXT;
use crate::cueing::KeyTimes;
use crate::generate::{GenerateInput, HeadTone, PlannedKey};
use crate::pose::expression::Voice;
use crate::time::{Seconds, TimeRange};

/// How far keys and sounds reach into what is beside them: the mouth is shaped 0.4 s ahead, a blink slides by less than
/// 0.5 s into a move.
const REACH: Seconds = Seconds(1.2);

/// The input with the keys, phones, head tones and expressions that poses of `reach` depend on, and no others. What the rule generator makes of
/// it for `reach` and [`CONTEXT`] is the same to the bit as what it makes of the whole.
pub fn window(input: &GenerateInput, reach: TimeRange) -> GenerateInput {
    let (from, to) = (reach.start - CONTEXT - REACH, reach.end + CONTEXT + REACH);
    let span = |k: &PlannedKey| {
        let t = &k.times;
        (t.m1.min(t.d1).min(t.a1), t.m2.max(t.d2).max(t.a3))
    };
    let keys = &input.keys;
    let mut first = keys.iter().position(|k| span(k).1 >= from).unwrap_or(keys.len());
    // Back to where both place and shape were last moved to: that is where the hand stands as the window opens.
    let (mut moved, mut shaped) = (false, false);
    while first > 0 && !(moved && shaped) {
        first -= 1;
        let t = &keys[first].times;
        moved |= t.m2 > t.m1 && t.m2 < from;
        shaped |= t.d2 > t.d1 && t.d2 < from;
    }
    let mut last = keys.iter().rposition(|k| span(k).0 <= to).map_or(0, |i| i + 1).max(first);
    // And on to where both are moved to next.
    let (mut moved, mut shaped) = (false, false);
    while last < keys.len() && !(moved && shaped) {
        let t = &keys[last].times;
        moved |= t.m2 > t.m1;
        shaped |= t.d2 > t.d1;
        last += 1;
    }
    let mut kept = keys[first..last].to_vec();
    // Whether a return to rest is the last decides where the hand rests. That there is a key later on is told by a key
    // without any move, so that nothing else about that key counts.
    let later = keys[last..].iter().rev().find(|k| k.key.is_some());
    if let (Some(later), Some(end)) = (later, kept.last()) {
        let far = Seconds(1e6);
        let times = KeyTimes { a1: far, a3: far, m1: far, m2: far, d1: far, d2: far };
        kept.push(PlannedKey { key: later.key, movement: None, times, flags: Vec::new(), ..end.clone() });
    }
    // One sound more than is heard: it tells how the first one looks.
    let first_phone = input.phones.iter().position(|p| p.end >= from && p.start <= to).unwrap_or(0).saturating_sub(1);
    let phones = input.phones[first_phone..].iter().take_while(|p| p.start <= to).cloned().collect();
    let head_tones = input.head_tones.iter().filter(|t| t.end >= from && t.start <= to).copied().collect();
    // What makes ways wider counts for the whole of a way, of which the window may see only an end.
    let ways = input.keys[first..last].iter().map(span).fold((from, to), |(a, b), (c, d)| (a.min(c), b.max(d)));
    let shown = |r: TimeRange| r.end >= ways.0 && r.start <= ways.1;
    let expressions = input.expressions.iter().filter(|e| shown(e.range)).copied().collect();
    let voice = Voice {
        accents: input.voice.accents.iter().filter(|a| shown(a.range)).copied().collect(),
        phrases: input.voice.phrases.iter().filter(|p| shown(p.range)).copied().collect(),
    };
    // Whether the head shows tones at all decides whether it nods with the voice.
    let mut head_tones: Vec<HeadTone> = head_tones;
    if let (true, Some(any)) = (head_tones.is_empty(), input.head_tones.last()) {
        head_tones.push(HeadTone { strength: 0.0, ..*any });
    }
    GenerateInput { keys: kept, phones, head_tones, expressions, voice, ..input.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cueing::Position;
    use crate::cueing::when::TimingOptions;
    use crate::generate::rules::tests::{expressions_of, input_with_keys, tones_of, voice_of};
    use crate::generate::rules::{Rules, stretch};
    use crate::generate::takes::frames_of;
    use crate::generate::{Generator as _, Rest};
    use crate::progress::Silent;

    #[test]
    fn the_window_gives_the_same_poses_as_the_whole() {
        let keys: Vec<_> = (0..60)
            .map(|i| {
                // Runs of the same key and of the same place, too.
                let n = if i % 11 > 7 { i / 3 } else { i };
                ((n * 5 % 8 + 1) as u8, Position::ALL[n * 3 % Position::ALL.len()], None)
            })
            .collect();
        for (rest, length) in [(Rest::Lowered, 0.3), (Rest::Chest, 0.22)] {
            let mut input = input_with_keys(&keys, 1.0, length, &TimingOptions::default());
            input.style.rest = rest;
            input.head_tones = tones_of(&input);
            input.expressions = expressions_of(&input, 3);
            (input.style.voice, input.voice) = (1.4, voice_of(&input));
            let whole = Rules.generate(&input, &Silent).unwrap().frames;
            let mut cut = 0;
            for start in [0.0, 0.9, 2.0, 4.7, 8.0, 12.2, 17.5] {
                let reach = TimeRange::new(Seconds(start), Seconds(start + 0.8));
                let part = window(&input, reach);
                let count = input.fps.frame_count(input.length);
                let frames = frames_of(reach, CONTEXT, input.fps, count);
                let range = frames.start as usize..frames.end as usize;
                assert_eq!(stretch(&part, range.clone()).unwrap(), whole[range], "from {start} s");
                cut += usize::from(
                    part.keys.len() < 40
                        && part.phones.len() < 80
                        && part.head_tones.len() < 50
                        && part.expressions.len() < 30,
                );
            }
            assert!(cut > 5, "the window is smaller than the whole");
        }
    }
}
