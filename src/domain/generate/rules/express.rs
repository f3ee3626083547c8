//! Expressions laid over a performance ([`GenerateInput::expressions`]), and what the voice adds of its own
//! ([`GenerateInput::voice`], as much as [`Style::voice`] asks for).
//!
//! Sizes, speeds and times are our choice: seen at a glance, and within what a calm speaker does. An expression moves
//! nothing before its stretch begins and nothing after it ends; one too short for its way moves less, so that nothing is
//! ever jerked. Expressions that overlap add up; sums are bounded. Where a move of the hand is made larger, only its way
//! is: the ends of all ways stay where they are.
//!
//! [`Style::voice`]: crate::generate::Style::voice

use super::tones::bounded;
use super::track::minimum_jerk;
use crate::generate::GenerateInput;
use crate::pose::expression::{Accent, Expression, ExpressionKind, Phrase, STRONGEST};
use crate::time::TimeRange;
use std::f64::consts::TAU;

/// At strength 1: degrees of the head in a nod, a shake (either way), a tilt and a turn.
const NOD: f32 = 5.0;
const SHAKE: f32 = 4.5;
const TILT: f32 = 5.0;
const TURN: f32 = 7.0;
/// How long one nod, and one shake to both sides, lasts, seconds.
const NOD_PERIOD: f64 = 0.60;
const SHAKE_PERIOD: f64 = 0.64;
/// At strength 1: degrees that the eyes turn to the side, and up or down.
const LOOK: [f32; 2] = [19.0, 13.0];
/// No head is farther from level than this by expressions and tones together, degrees: turned, nodding, tilted. What is
/// beyond is squeezed (see [`bounded`]).
const HEAD_BOUNDS: [f32; 3] = [9.0, 6.5, 7.0];
/// How much wider a way becomes by emphasis of strength 1.
const WIDER: f32 = 0.8;
/// The voice at an amount of 1: how far an accent raises the brows (as an expression's strength) and nods the head
/// (degrees), how much wider it makes ways; and what the level of a phrase adds to ways, head and brows.
const ACCENT_BROWS: f32 = 0.75;
const ACCENT_NOD: f32 = 3.2;
const ACCENT_WIDER: f32 = 0.7;
const LEVEL_WIDER: f32 = 0.30;
const LEVEL_LIVELIER: f32 = 0.35;
/// An accent shows this long before its word begins and after it ends, seconds.
const ACCENT_BEFORE: f64 = 0.14;
const ACCENT_AFTER: f64 = 0.16;
/// No way is made wider or narrower than by these factors.
const WIDTHS: (f32, f32) = (0.5, 2.6);

/// What is shown at a moment, beside what the head and face do by themselves.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Shown {
    /// Turned towards image right, nodding down, tilted towards image right; degrees.
    pub head: [f32; 3],
    /// Strengths, 0 and more.
    pub brows_up: f32,
    pub frown: f32,
    pub wide: f32,
    pub narrow: f32,
    pub smile: f32,
    /// Eyes towards image right and down, degrees.
    pub look: [f32; 2],
}

/// All expressions of a performance.
#[derive(Clone, Debug)]
pub(super) struct Expressions {
    /// In order of their starts.
    all: Vec<Expression>,
    /// The longest, to find all that are under way.
    longest: f64,
    /// Image right is the person's left, or the other way round in a mirror.
    left: f32,
}

impl Expressions {
    /// `mirrored`: the person is worked out as seen in a mirror.
    pub fn new(input: &GenerateInput, mirrored: bool) -> Self {
        let counts = |e: &&Expression| {
            let (from, to) = (e.range.start.0, e.range.end.0);
            from.is_finite() && to.is_finite() && to > from && e.strength.is_finite() && e.strength > 0.0
        };
        let mut all: Vec<Expression> = input.expressions.iter().filter(counts).copied().collect();
        all.iter_mut().for_each(|e| e.strength = e.strength.min(STRONGEST));
        all.sort_by(|a, b| a.range.start.total_cmp(&b.range.start));
        let longest = all.iter().map(|e| e.range.length().0).fold(0.0, f64::max);
        Self { all, longest, left: if mirrored { -1.0 } else { 1.0 } }
    }

    fn under_way(&self, time: f64) -> impl Iterator<Item = &Expression> {
        let first = self.all.partition_point(|e| e.range.start.0 < time - self.longest);
        self.all[first..].iter().take_while(move |e| e.range.start.0 <= time).filter(move |e| time < e.range.end.0)
    }

    pub fn at(&self, time: f64) -> Shown {
        use ExpressionKind as K;
        let mut shown = Shown::default();
        for e in self.under_way(time) {
            let with = |ramp: f64| e.strength * eased(e.range, ramp, time);
            match e.kind {
                K::BrowsUp => shown.brows_up += with(0.20),
                K::Frown => shown.frown += with(0.22),
                K::Nod => shown.head[1] += NOD * e.strength * nod(e.range, time),
                K::Shake => shown.head[0] += self.left * SHAKE * e.strength * shake(e.range, time),
                K::TiltLeft => shown.head[2] += self.left * TILT * with(0.40),
                K::TiltRight => shown.head[2] -= self.left * TILT * with(0.40),
                K::TurnLeft => shown.head[0] += self.left * TURN * with(0.40),
                K::TurnRight => shown.head[0] -= self.left * TURN * with(0.40),
                K::EyesWide => shown.wide += with(0.14),
                K::EyesNarrow => shown.narrow += with(0.18),
                // Eyes jump: the way to a side takes less than a tenth of a second.
                K::LookLeft => shown.look[0] += self.left * LOOK[0] * with(0.07),
                K::LookRight => shown.look[0] -= self.left * LOOK[0] * with(0.07),
                K::LookUp => shown.look[1] -= LOOK[1] * with(0.07),
                K::LookDown => shown.look[1] += LOOK[1] * with(0.07),
                K::Smile => shown.smile += with(0.34),
                K::Emphasis => {}
            }
        }
        for value in [&mut shown.brows_up, &mut shown.frown, &mut shown.wide, &mut shown.narrow, &mut shown.smile] {
            *value = bounded(*value, STRONGEST);
        }
        shown
    }

    /// How much wider a way of the hand is whose middle is at `time`.
    pub fn wider(&self, time: f64) -> f32 {
        let strengths = self.under_way(time).filter(|e| e.kind == ExpressionKind::Emphasis).map(|e| e.strength);
        1.0 + WIDER * strengths.fold(0.0, f32::max)
    }
}

/// From 0 at the ends of a stretch to 1 within, over `ramp` seconds; less than 1 where the stretch is too short for both
/// ramps.
fn eased(range: TimeRange, ramp: f64, time: f64) -> f32 {
    let length = range.length().0;
    let own = ramp.min(length / 2.0);
    let inside = (time - range.start.0).min(range.end.0 - time);
    ((own / ramp) * minimum_jerk(inside / own)) as f32
}

/// Down and back to level, once or several times, 0-1.
fn nod(range: TimeRange, time: f64) -> f32 {
    let length = range.length().0;
    let count = (length / NOD_PERIOD).round().max(1.0);
    let size = (length / count / (0.7 * NOD_PERIOD)).min(1.0);
    (size * 0.5 * (1.0 - (TAU * count * (time - range.start.0) / length).cos())) as f32
}

/// To both sides, once or several times, −1 to 1.
fn shake(range: TimeRange, time: f64) -> f32 {
    let length = range.length().0;
    let count = (length / SHAKE_PERIOD).round().max(1.0);
    let size = (length / count / (0.7 * SHAKE_PERIOD)).min(1.0);
    let way = (TAU * count * (time - range.start.0) / length).sin();
    (size * way) as f32 * eased(range, 0.16, time)
}

/// Expressions, tones and accents together, radians: turned towards image right, nodding down, tilted towards image
/// right.
pub(super) fn head_of(degrees: [f32; 3]) -> [f32; 3] {
    std::array::from_fn(|i| bounded(degrees[i], HEAD_BOUNDS[i]).to_radians())
}

/// What the voice adds.
#[derive(Clone, Debug)]
pub(super) struct Prosody {
    accents: Vec<Accent>,
    phrases: Vec<Phrase>,
    /// 0 is nothing.
    amount: f32,
    /// The head nods with accents; not where it shows tones, which a nod would change.
    nods: bool,
}

impl Prosody {
    pub fn new(input: &GenerateInput) -> Self {
        let amount = if input.style.voice.is_finite() { input.style.voice.clamp(0.0, STRONGEST) } else { 0.0 };
        let good = |r: &TimeRange| r.start.0.is_finite() && r.end.0.is_finite() && r.end > r.start;
        let on = amount > 0.0;
        let accents = input.voice.accents.iter().filter(|a| on && good(&a.range) && a.strength > 0.0);
        let mut accents: Vec<Accent> = accents.copied().collect();
        accents.iter_mut().for_each(|a| a.strength = a.strength.min(1.0));
        accents.sort_by(|a, b| a.range.start.total_cmp(&b.range.start));
        let phrases = input.voice.phrases.iter().filter(|p| on && good(&p.range) && p.level.is_finite());
        let mut phrases: Vec<Phrase> = phrases.copied().collect();
        phrases.iter_mut().for_each(|p| p.level = p.level.clamp(-1.0, 1.0));
        phrases.sort_by(|a, b| a.range.start.total_cmp(&b.range.start));
        Self { accents, phrases, amount, nods: input.head_tones.is_empty() }
    }

    pub fn is_empty(&self) -> bool {
        self.accents.is_empty() && self.phrases.is_empty()
    }

    /// Brows (as strength) and nod (degrees) of accents.
    pub fn accent(&self, time: f64) -> (f32, f32) {
        // Accents do not overlap; with their margins at most a few can meet.
        let next = self.accents.partition_point(|a| a.range.start.0 <= time + ACCENT_BEFORE);
        let (mut brows, mut down) = (0.0_f32, 0.0_f32);
        for a in &self.accents[next.saturating_sub(3)..next] {
            let (from, to) = (a.range.start.0 - ACCENT_BEFORE, a.range.end.0 + ACCENT_AFTER);
            if time >= to {
                continue;
            }
            let shown = TimeRange { start: crate::time::Seconds(from), end: crate::time::Seconds(to) };
            brows = brows.max(ACCENT_BROWS * a.strength * eased(shown, 0.17, time));
            // One nod, at its lowest soon after the word sets in.
            let nodding = TimeRange { end: crate::time::Seconds(to.min(from + 0.62)), ..shown };
            if time < nodding.end.0 {
                down = down.max(ACCENT_NOD * a.strength * nod(nodding, time));
            }
        }
        (self.amount * brows, if self.nods { self.amount * down } else { 0.0 })
    }

    /// By how much head and brows are livelier than usual.
    pub fn livelier(&self, time: f64) -> f32 {
        let phrase = self.phrase_at(time);
        1.0 + LEVEL_LIVELIER * self.amount * phrase.map_or(0.0, |p| p.level * eased(p.range, 0.35, time))
    }

    /// How much wider the way to a key is that sounds at `sound`.
    pub fn wider(&self, sound: TimeRange) -> f32 {
        let level = self.phrase_at(sound.middle().0).map_or(0.0, |p| p.level);
        let first = self.accents.partition_point(|a| a.range.end <= sound.start);
        let accent = self.accents.get(first).filter(|a| a.range.start < sound.end).map_or(0.0, |a| a.strength);
        1.0 + self.amount * (LEVEL_WIDER * level + ACCENT_WIDER * accent)
    }

    fn phrase_at(&self, time: f64) -> Option<&Phrase> {
        let next = self.phrases.partition_point(|p| p.range.start.0 <= time);
        self.phrases[..next].last().filter(|p| time < p.range.end.0)
    }
}

/// Emphasis and voice together, as a factor on the bow of a way.
pub(super) fn width_of(emphasis: f32, voice: f32) -> f32 {
    (emphasis * voice).clamp(WIDTHS.0, WIDTHS.1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Seconds;

    fn range(from: f64, to: f64) -> TimeRange {
        TimeRange { start: Seconds(from), end: Seconds(to) }
    }

    fn input() -> GenerateInput {
        super::super::tests::input_with_phones(crate::language::Language::French, 0.5, &[("a", 0.3)])
    }

    fn expressions(list: &[(ExpressionKind, f64, f64, f32)]) -> Expressions {
        let of = |&(kind, from, to, strength): &_| Expression { range: range(from, to), kind, strength };
        Expressions::new(&GenerateInput { expressions: list.iter().map(of).collect(), ..input() }, false)
    }

    /// All values of a moment.
    fn values(s: Shown) -> [f32; 10] {
        let [yaw, pitch, roll] = s.head;
        [yaw, pitch, roll, s.brows_up, s.frown, s.wide, s.narrow, s.smile, s.look[0], s.look[1]]
    }

    #[test]
    fn each_kind_shows_one_thing_within_its_stretch_only() {
        use ExpressionKind as K;
        // Index of the value and its sign; `None`: nothing of the face.
        let meant = |kind| match kind {
            K::TurnLeft | K::Shake => Some((0, 1.0)),
            K::TurnRight => Some((0, -1.0)),
            K::Nod => Some((1, 1.0)),
            K::TiltLeft => Some((2, 1.0)),
            K::TiltRight => Some((2, -1.0)),
            K::BrowsUp => Some((3, 1.0)),
            K::Frown => Some((4, 1.0)),
            K::EyesWide => Some((5, 1.0)),
            K::EyesNarrow => Some((6, 1.0)),
            K::Smile => Some((7, 1.0)),
            K::LookLeft => Some((8, 1.0)),
            K::LookRight => Some((8, -1.0)),
            K::LookUp => Some((9, -1.0)),
            K::LookDown => Some((9, 1.0)),
            K::Emphasis => None,
        };
        for kind in K::ALL {
            let it = expressions(&[(kind, 1.0, 2.2, 1.0)]);
            let mut most = [0.0_f32; 10];
            for k in 0..300 {
                let time = f64::from(k) * 0.01;
                let now = values(it.at(time));
                assert!((1.0..2.2).contains(&time) || now == [0.0; 10], "{kind:?} at {time}");
                for (m, v) in most.iter_mut().zip(now) {
                    *m = if v.abs() > m.abs() { v } else { *m };
                }
            }
            for (i, v) in most.iter().enumerate() {
                match meant(kind) {
                    Some((at, sign)) if at == i => assert!(kind == K::Shake || sign * v > 0.9, "{kind:?} {v}"),
                    _ => assert_eq!(*v, 0.0, "{kind:?} moves value {i}"),
                }
            }
            assert_eq!(kind == K::Emphasis, it.wider(1.5) > 1.5);
        }
    }

    #[test]
    fn any_heap_of_expressions_is_smooth_and_bounded() {
        for k in 0..160_u32 {
            let f = |n: u32| (f64::from(k) * 0.618_034 * f64::from(n + 1) + 0.37 * f64::from(n)).fract();
            let list: Vec<_> = (0..6)
                .map(|i| {
                    let kind = ExpressionKind::ALL[(k as usize * 7 + i as usize * 5) % 16];
                    let from = 0.5 + f(i);
                    (kind, from, from + 0.03 + 1.4 * f(i + 7), (2.5 * f(i + 13)) as f32)
                })
                .collect();
            let it = expressions(&list);
            let way: Vec<[f32; 10]> = (0..3500).map(|t| values(it.at(f64::from(t) / 1000.0))).collect();
            for pair in way.windows(2) {
                for i in 0..10 {
                    // Eyes may jump; the head at most as fast as it does for tones; the face within a tenth of a second.
                    let fastest = [220.0, 130.0, 90.0, 24.0, 24.0, 36.0, 30.0, 16.0, 2000.0, 1500.0][i];
                    let speed = 1000.0 * (pair[1][i] - pair[0][i]).abs();
                    assert!(speed < fastest, "value {i}: {speed} a second in {list:?}");
                }
            }
            assert!(
                way.iter().all(|v| v[3..8]
                    .iter()
                    .all(|v| (0.0..=STRONGEST * (1.0 + super::super::tones::SLACK)).contains(v))),
                "{list:?}"
            );
            for v in &way {
                let head = head_of([v[0], v[1], v[2]]).map(f32::to_degrees);
                let bound = HEAD_BOUNDS.map(|b| b * (1.0 + super::super::tones::SLACK) + 1e-3);
                assert!((0..3).all(|i| head[i].abs() <= bound[i]), "{head:?}");
            }
        }
    }

    #[test]
    fn a_nod_goes_down_and_a_shake_to_both_sides_as_often_as_there_is_time() {
        let peaks = |values: Vec<f32>| values.windows(3).filter(|v| v[1] > v[0] && v[1] >= v[2] && v[1] > 0.5).count();
        for (length, count) in [(0.4, 1), (0.6, 1), (1.2, 2), (1.8, 3)] {
            let nods = expressions(&[(ExpressionKind::Nod, 1.0, 1.0 + length, 1.0)]);
            let way: Vec<f32> = (0..4000).map(|t| nods.at(f64::from(t) / 1000.0).head[1]).collect();
            assert!(way.iter().all(|v| (0.0..=NOD + 1e-3).contains(v)));
            assert_eq!(peaks(way), count, "nods in {length} s");
            let shakes = expressions(&[(ExpressionKind::Shake, 1.0, 1.0 + length, 1.0)]);
            let way: Vec<f32> = (0..4000).map(|t| shakes.at(f64::from(t) / 1000.0).head[0]).collect();
            let sum: f32 = way.iter().sum::<f32>() / 1000.0;
            assert!(sum.abs() < 0.02 && way.iter().any(|v| *v < -2.0), "{sum}");
            assert_eq!(peaks(way), count, "shakes in {length} s");
        }
    }

    #[test]
    fn what_is_no_expression_shows_nothing() {
        use ExpressionKind::BrowsUp;
        let it = expressions(&[(BrowsUp, 2.0, 1.0, 1.0), (BrowsUp, 0.0, f64::INFINITY, 1.0), (BrowsUp, 1.0, 2.0, 0.0)]);
        assert!(it.all.is_empty());
        assert!(expressions(&[(BrowsUp, 1.0, 2.0, f32::NAN), (BrowsUp, f64::NAN, 2.0, 1.0)]).all.is_empty());
        assert_eq!(expressions(&[(BrowsUp, 1.0, 2.0, 99.0)]).at(1.5).brows_up, STRONGEST);
    }

    #[test]
    fn the_voice_shows_accents_as_much_as_asked() {
        let voice = crate::pose::expression::Voice {
            accents: vec![
                Accent { range: range(1.0, 1.4), strength: 1.0 },
                Accent { range: range(1.4, 1.6), strength: 0.4 },
            ],
            phrases: vec![
                Phrase { range: range(0.5, 2.0), level: 1.0 },
                Phrase { range: range(2.0, 4.0), level: -1.0 },
            ],
        };
        let of = |amount: f32| {
            let mut input = GenerateInput { voice: voice.clone(), ..input() };
            input.style.voice = amount;
            Prosody::new(&input)
        };
        let (off, one, two) = (of(0.0), of(1.0), of(2.0));
        assert!(off.is_empty() && off.accent(1.2) == (0.0, 0.0) && off.wider(range(1.0, 1.4)) == 1.0);
        let (brows, nod) = one.accent(1.2);
        assert!((brows - ACCENT_BROWS).abs() < 0.01 && nod > 0.5 * ACCENT_NOD, "{brows} {nod}");
        assert!((two.accent(1.2).0 - 2.0 * brows).abs() < 1e-6);
        assert_eq!((one.accent(0.8), one.accent(1.8)), ((0.0, 0.0), (0.0, 0.0)));
        // The stressed word in the lively phrase, another one in it, one in the flat phrase.
        let wider = [range(1.0, 1.2), range(1.7, 1.9), range(2.5, 2.7)].map(|r| one.wider(r));
        assert!(wider[0] > 1.7 && wider[1] > 1.2 && wider[1] < 1.4 && wider[2] < 0.8, "{wider:?}");
        assert!(one.livelier(1.2) > 1.3 && one.livelier(3.0) < 0.7 && one.livelier(9.0) == 1.0);
        // Where the head shows tones it does not nod.
        let mut toned = GenerateInput { voice, ..input() };
        toned.style.voice = 1.0;
        toned.head_tones =
            vec![crate::generate::HeadTone { tone: 1, start: Seconds(3.0), end: Seconds(3.4), strength: 1.0 }];
        assert_eq!(Prosody::new(&toned).accent(1.2), (brows, 0.0));
    }
}
