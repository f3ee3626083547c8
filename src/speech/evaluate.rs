//! How far found times are from true ones.

use super::TimedPhone;
use crate::language::Utterance;

/// Errors of key onsets (the first sound of every syllable), in milliseconds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OnsetScores {
    pub n: usize,
    pub median_ms: f64,
    pub p90_ms: f64,
    pub worst_ms: f64,
    /// Mean of found minus true: negative is early.
    pub bias_ms: f64,
    /// Shares of onsets within 25, 50 and 100 ms.
    pub within: [f64; 3],
}

/// The scores of a list of errors (found − true, milliseconds).
pub fn scores(errors: &[f64]) -> OnsetScores {
    let mut sizes: Vec<f64> = errors.iter().map(|e| e.abs()).collect();
    sizes.sort_by(f64::total_cmp);
    let at = |p: f64| sizes.get(((sizes.len() as f64 - 1.0) * p).round().max(0.0) as usize).copied().unwrap_or(0.0);
    let n = errors.len();
    let share = |limit: f64| sizes.iter().filter(|s| **s <= limit).count() as f64 / n.max(1) as f64;
    OnsetScores {
        n,
        median_ms: at(0.5),
        p90_ms: at(0.9),
        worst_ms: at(1.0),
        bias_ms: errors.iter().sum::<f64>() / n.max(1) as f64,
        within: [share(25.0), share(50.0), share(100.0)],
    }
}

/// Errors of the first phone of every syllable, found − true, in milliseconds, with the phone's flat index.
pub fn onset_errors(found: &[TimedPhone], truth: &[TimedPhone], utterance: &Utterance) -> Vec<(usize, f64)> {
    let mut out = Vec::new();
    let mut before = None;
    for (i, phone) in utterance.phones().enumerate() {
        let place = (phone.word, phone.syllable);
        if before != Some(place)
            && let (Some(f), Some(t)) = (found.get(i), truth.get(i))
        {
            out.push((i, (f.start - t.start).millis()));
        }
        before = Some(place);
    }
    out
}
