//! Does the recording say this text at all?
//!
//! A comparison always finds some way through. So each stretch of about ten seconds is compared once more with the
//! same syllables in reverse order, which surely is not what was said: the right text fits clearly better than that,
//! a wrong one does not. Voice, noise and channel act on both alike.

use super::super::dtw::{self, Path, Problem, State, Window};
use super::STEP;
use crate::time::Seconds;
use rayon::prelude::*;

/// How well one stretch of the recording fits.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fit {
    /// First frame and frame after the last.
    pub from: usize,
    pub to: usize,
    /// Cost with the text as it is over cost with its syllables reversed: well below 1 where the text fits.
    pub ratio: f32,
    /// Syllables compared; few say little.
    pub syllables: usize,
}

/// Above this ratio a whole recording does not say its text. Right texts read by people gave 0.81 to 0.88, wrong ones
/// 0.92 to 1.07 (3 recordings, 45 texts); synthesised ones up to 0.87 and from 0.91 (nine of ten cases).
const WRONG: f32 = 0.92;
/// A single stretch in a recording that fits otherwise must be as bad as this.
const WRONG_STRETCH: f32 = 0.96;

/// What is to be said to the user about the fit, and whether the text as a whole fits.
pub(crate) fn verdict(fits: &[Fit]) -> (Vec<String>, bool) {
    let syllables: usize = fits.iter().map(|f| f.syllables).sum();
    if syllables < 5 {
        return (Vec::new(), true);
    }
    let ratio = fits.iter().map(|f| f.ratio * f.syllables as f32).sum::<f32>() / syllables as f32;
    if ratio > WRONG {
        let message = "The recording does not seem to say this text; check that they belong together and that the \
                       language is right."
            .to_string();
        return (vec![message], false);
    }
    let warnings = fits
        .iter()
        .filter(|f| f.ratio > WRONG_STRETCH && f.syllables >= 6)
        .map(|f| {
            let time = |frame: usize| Seconds(frame as f64 * STEP).timecode();
            format!(
                "From {} to {} the recording does not seem to say the text; listen there for words that are left out, \
                 repeated or different.",
                time(f.from),
                time(f.to)
            )
        })
        .collect();
    (warnings, true)
}

/// Frames of one stretch.
const STRETCH: usize = 1000;
/// States followed in it.
const FOLLOWED: usize = 1500;

/// Compares stretch by stretch. `path` leads through the problem, whose rows have not been bent towards the speaker.
pub(crate) fn fits(problem: &Problem<'_>, path: &Path) -> Vec<Fit> {
    let Problem { frames, silence, states, .. } = *problem;
    // Edges of syllables: the gaps.
    let gaps: Vec<usize> = (0..states.len()).filter(|&i| matches!(states[i], State::Gap { .. })).collect();
    let mut stretches = Vec::new();
    let mut from = 0;
    while from < frames.len() {
        let mut to = (from + STRETCH).min(frames.len());
        if frames.len() - to < STRETCH / 2 {
            to = frames.len();
        }
        stretches.push((from, to));
        from = to;
    }
    let fit = |&(from, to): &(usize, usize)| {
        // Whole syllables only: those that begin and end inside.
        let first = gaps.partition_point(|&g| g + 1 < path.states[from] as usize);
        let last = gaps.partition_point(|&g| g <= path.states[to - 1] as usize + 1).checked_sub(1)?;
        if last <= first {
            return None;
        }
        let syllables = last - first;
        // From the first frame of the first syllable to the last frame of the last.
        let begin = (from..to).find(|&t| path.states[t] as usize >= gaps[first]).unwrap_or(from);
        let end = (from..to).rev().find(|&t| path.states[t] as usize <= gaps[last]).map_or(to, |t| t + 1);
        let right: Vec<State> = states[gaps[first]..=gaps[last]].to_vec();
        let mut reversed: Vec<State> = Vec::with_capacity(right.len());
        for k in (first..last).rev() {
            reversed.push(states[gaps[k + 1]].clone());
            reversed.extend_from_slice(&states[gaps[k] + 1..gaps[k + 1]]);
        }
        reversed.push(states[gaps[first]].clone());
        let cost = |row: &[State]| {
            let part = Problem { frames: &frames[begin..end], silence: &silence[begin..end], states: row, ..*problem };
            dtw::align(&part, &Window::Follow(FOLLOWED), &|_| false).map(|p| p.cost)
        };
        if end <= begin {
            return None;
        }
        let (good, bad) = (cost(&right)?, cost(&reversed)?);
        Some(Fit { from: begin, to: end, ratio: good / bad.max(1e-3), syllables })
    };
    // Each stretch for itself, on as many threads as there are: the order stays.
    stretches.par_iter().filter_map(fit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fit(ratio: f32, syllables: usize) -> Fit {
        Fit { from: 0, to: 1000, ratio, syllables }
    }

    #[test]
    fn a_wrong_text_is_said_and_a_wrong_place_is_shown() {
        assert!(verdict(&[fit(0.84, 30), fit(0.86, 40)]).1);
        assert!(verdict(&[fit(0.84, 30)]).0.is_empty());
        assert!(!verdict(&[fit(0.99, 30), fit(1.0, 12)]).1);
        let (warnings, fits) = verdict(&[fit(0.8, 30), fit(1.0, 10), fit(0.82, 40)]);
        assert!(fits && warnings.len() == 1 && warnings[0].contains("00:00.000"));
        // Too few syllables to say anything.
        assert!(verdict(&[fit(1.1, 3)]).1);
    }
}
