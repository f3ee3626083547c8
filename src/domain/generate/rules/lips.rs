//! The mouth over time: visemes that flow into each other.
//!
//! Each phone pulls at the mouth with a dominance that rises before it and fades after it (Cohen & Massaro 1993); the
//! posture at a moment is the mean of all pulls, with a weak pull to the closed mouth of rest. Dominances are cut to
//! [`REACH`], so that a phone has no effect beyond it. Closures are laid over the result, because a [p] that does not
//! close the lips is not a [p]: they are complete for as long as they sound, and for at least one frame.

use super::track::step;
use super::visemes::{Insistence, Mouth, Seal, viseme_after};
use crate::generate::GenerateInput;

/// A phone has no effect on the mouth farther than this from its sound, seconds.
pub(super) const REACH: f64 = 0.40;
/// The pull of the closed mouth, in the scale of insistence.
const REST: f32 = 0.05;
/// A sound that begins within this time after another goes on in the same breath, seconds.
pub(super) const JOINED: f64 = 0.06;
/// How fast dominance fades, seconds. Rounding begins earlier than other movements.
const FADE_OPEN: f64 = 0.085;
const FADE_ROUND: f64 = 0.115;
/// A closure sets in and lets go over this time.
const SEAL_ONSET: f64 = 0.075;
const SEAL_RELEASE: f64 = 0.065;

/// The mouth at a moment, closures included.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct MouthState {
    pub mouth: Mouth,
    /// Lip on lip, 0-1.
    pub pressed: f32,
    /// Lower lip on upper teeth, 0-1.
    pub bitten: f32,
}

/// One target in time.
#[derive(Clone, Copy, Debug)]
struct Pull {
    from: f64,
    to: f64,
    mouth: Mouth,
    insistence: Insistence,
}

#[derive(Clone, Copy, Debug)]
struct Closure {
    from: f64,
    to: f64,
    seal: Seal,
    /// How long it takes to set in and to let go, seconds.
    onset: f64,
    release: f64,
}

/// The mouth of a whole performance.
#[derive(Clone, Debug)]
pub(super) struct Lips {
    pulls: Vec<Pull>,
    closures: Vec<Closure>,
    /// The longest pull, to find all that reach a moment.
    longest: f64,
}

impl Lips {
    pub fn new(input: &GenerateInput) -> Self {
        let frame = input.fps.frame_length().0;
        let mut pulls = Vec::with_capacity(input.phones.len() * 2);
        let mut closures = Vec::new();
        let mut before: Option<(&str, f64)> = None;
        for phone in &input.phones {
            let (start, end) = (phone.start.0, phone.end.0);
            let last = before.replace((&phone.symbol, end));
            let last = last.filter(|(_, ended)| start - ended < JOINED).map(|(symbol, _)| symbol);
            if !start.is_finite() || !end.is_finite() || end < start {
                continue;
            }
            let v = viseme_after(last, input.language, &phone.symbol, phone.class);
            let at = |share: f64| start + share * (end - start);
            let pull = |from, to, mouth| Pull { from, to, mouth, insistence: v.insistence };
            match v.then {
                None => pulls.push(pull(at(0.3), at(0.7), v.mouth)),
                Some(then) => {
                    pulls.push(pull(at(0.2), at(0.4), v.mouth));
                    pulls.push(pull(at(0.8), at(0.9), then));
                }
            }
            if let Some(seal) = v.seal {
                // The lips meet just before the sound stops and part with the burst; one frame must show them.
                let middle = (start + end) / 2.0;
                let half = ((end - start) / 2.0).max(0.55 * frame);
                let (onset, release) = (SEAL_ONSET, SEAL_RELEASE);
                closures.push(Closure { from: middle - half, to: middle + half, seal, onset, release });
            }
        }
        pulls.sort_by(|a, b| a.from.total_cmp(&b.from));
        closures.sort_by(|a, b| a.from.total_cmp(&b.from));
        // However fast they follow each other, the lips let go of one before they meet for the next.
        for i in 1..closures.len() {
            let room = (0.5 * (closures[i].from - closures[i - 1].to)).max(0.005);
            closures[i - 1].release = closures[i - 1].release.min(room);
            closures[i].onset = closures[i].onset.min(room);
        }
        let length = |from: f64, to: f64| to - from;
        let longest = pulls.iter().map(|p| length(p.from, p.to)).chain(closures.iter().map(|c| length(c.from, c.to)));
        let longest = longest.fold(0.0, f64::max);
        Self { pulls, closures, longest }
    }

    pub fn at(&self, time: f64) -> MouthState {
        let mut sum = [0.0_f32; 4];
        let mut weight = [REST; 3];
        let first = self.pulls.partition_point(|p| p.from < time - REACH - self.longest);
        for pull in self.pulls[first..].iter().take_while(|p| p.from <= time + REACH) {
            let away = (pull.from - time).max(time - pull.to).max(0.0);
            if away >= REACH {
                continue;
            }
            let cut = {
                let x = away / REACH;
                (1.0 - x * x) * (1.0 - x * x)
            };
            let fade = |fade: f64| (cut * (-(away / fade).powf(1.4)).exp()) as f32;
            let (open, round) = (fade(FADE_OPEN), fade(FADE_ROUND));
            let weights = [pull.insistence.open * open, pull.insistence.spread * round, pull.insistence.round * round];
            for (sum, w) in weight.iter_mut().zip(weights) {
                *sum += w;
            }
            sum[0] += weights[0] * pull.mouth.open;
            sum[1] += weights[1] * pull.mouth.spread;
            sum[2] += weights[2] * pull.mouth.round;
            sum[3] += weights[0] * pull.mouth.bare;
        }
        let mouth = Mouth {
            open: sum[0] / weight[0],
            spread: sum[1] / weight[1],
            round: sum[2] / weight[2],
            bare: sum[3] / weight[0],
        };
        let mut state = MouthState { mouth, pressed: 0.0, bitten: 0.0 };
        let first = self.closures.partition_point(|c| c.from < time - SEAL_RELEASE - self.longest);
        for c in self.closures[first..].iter().take_while(|c| c.from <= time + SEAL_ONSET) {
            let shut =
                if time < c.from { step(c.from - c.onset, c.from, time) } else { step(c.to + c.release, c.to, time) }
                    as f32;
            let part = match c.seal {
                Seal::Lips => &mut state.pressed,
                Seal::Teeth => &mut state.bitten,
            };
            *part = part.max(shut);
        }
        // Lips that are pressed together cannot be at the teeth as well.
        state.bitten *= 1.0 - state.pressed;
        state
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::input_with_phones;
    use super::*;
    use crate::language::Language;

    fn lips(phones: &[(&str, f64)]) -> Lips {
        Lips::new(&input_with_phones(Language::AmericanEnglish, 1.0, phones))
    }

    #[test]
    fn vowels_open_round_and_spread_the_mouth() {
        let at = |symbol| lips(&[(symbol, 0.25)]).at(1.125).mouth;
        assert!(at("ɑ").open > 0.85 && at("i").open < 0.3);
        assert!(at("u").round > 0.8 && at("i").round < 0.05);
        assert!(at("i").spread > 0.8 && at("u").spread < 0.05);
        // A diphthong opens first and closes then.
        let ai = lips(&[("aɪ", 0.3)]);
        assert!(ai.at(1.08).mouth.open > 0.75 && ai.at(1.27).mouth.open < 0.5);
    }

    #[test]
    fn bilabials_close_completely_even_between_open_vowels() {
        let l = lips(&[("ɑ", 0.2), ("p", 0.06), ("ɑ", 0.2), ("f", 0.05), ("ɑ", 0.2)]);
        for k in 0..=6 {
            assert_eq!(l.at(1.2 + 0.01 * f64::from(k)).pressed, 1.0);
        }
        assert_eq!(l.at(1.10).pressed, 0.0);
        assert_eq!(l.at(1.485).bitten, 1.0);
        // At 25 frames a second some frame shows even a burst of 20 ms closed, wherever the frames fall.
        for shift in 0..40 {
            let l = lips(&[("ɑ", 0.2 + 0.001 * f64::from(shift)), ("b", 0.02), ("ɑ", 0.2)]);
            assert!((25..40).any(|f| l.at(f64::from(f) * 0.04).pressed == 1.0), "shift {shift} ms");
        }
    }

    #[test]
    fn neighbours_colour_consonants_but_have_no_reach_beyond_their_time() {
        // The t of "too" is rounder than the t of "tea".
        let (too, tea) = (lips(&[("t", 0.08), ("u", 0.2)]), lips(&[("t", 0.08), ("i", 0.2)]));
        assert!(too.at(1.04).mouth.round > tea.at(1.04).mouth.round + 0.3);
        // Far away nothing changes, to the bit.
        let (a, b) = (lips(&[("ɑ", 0.2), ("s", 0.9), ("u", 0.2)]), lips(&[("ɑ", 0.2), ("s", 0.9), ("i", 0.2)]));
        for k in 0..150 {
            let t = 0.5 + 0.01 * f64::from(k);
            if t < 2.1 - REACH {
                assert_eq!(a.at(t), b.at(t), "{t}");
            }
        }
        // Silence: the mouth of the picture.
        assert_eq!(a.at(0.2), MouthState::default());
        assert_eq!(a.at(9.0), MouthState::default());
    }
}
