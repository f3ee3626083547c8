//! The knobs of the comparison.

use super::super::dtw::Prices;

/// The knobs of the comparison, found on synthesised recordings with known times.
#[derive(Clone, Debug)]
pub(crate) struct Tuning {
    pub prices: Prices,
    /// Price of a pause between syllables of a phrase, at a break, and per unit of presence of a frame in it.
    pub gap: f32,
    pub gap_at_break: f32,
    pub presence: f32,
    pub bend: f32,
    /// Price of staying on a state, for sounds that can last and those that cannot.
    pub stay_long: f32,
    pub stay_short: f32,
    /// Weights of level, cepstra and their slopes.
    pub level: f32,
    pub cepstrum: f32,
    pub slope: f32,
    /// How often the voice is bent towards the speaker and the way found again.
    pub rounds: usize,
    /// Whether departures from the text are looked for, and whether it is asked if the text was said at all.
    pub departures: bool,
    pub doubts: bool,
    /// States followed at first, and where departures are looked for: seconds of speech on either side.
    pub window: usize,
    pub departing_window: usize,
    pub gap_odds: f32,
    pub gap_least: f32,
    pub tempo: bool,
    pub both: bool,
    pub template: f32,
    pub change: f32,
    pub hold: f32,
    pub refine: bool,
    /// Price of sound that is not in the text: to enter it, and for each frame more than the nearest of all sounds costs
    /// by how much more the text costs where it fits, with a share of the spread of that, and something on top.
    pub other_enter: f32,
    pub other_spread: f32,
    pub other_add: f32,
    /// Price of saying words again.
    pub repeat: f32,
    /// Price of beginning a word again that was broken off.
    pub restart: f32,
    /// Staying on a state is so many times dearer where departures are looked for.
    pub departing_stay: f32,
    /// Price of leaving words out.
    pub leave_out: f32,
}

impl Tuning {
    /// Enough to know roughly where everything is, and how well a reference fits after `rounds` of bending: a fraction of
    /// the work.
    pub fn coarse(rounds: usize) -> Self {
        Self { rounds, departures: false, doubts: false, refine: false, ..Self::default() }
    }
}

impl Default for Tuning {
    fn default() -> Self {
        Self {
            prices: Prices { skip: 0.3, skip_two: 1.0, strange: 5.0, cap: 6.0 },
            gap: 1.5,
            gap_at_break: 0.0,
            presence: 6.0,
            bend: 0.0,
            stay_long: 0.15,
            stay_short: 0.4,
            level: 1.5,
            cepstrum: 1.0,
            slope: 0.5,
            rounds: 2,
            departures: true,
            doubts: true,
            window: 1600,
            departing_window: 1200,
            gap_odds: 2.2,
            gap_least: 1.5,
            tempo: true,
            both: true,
            template: 1.0,
            change: 0.5,
            hold: 0.3,
            refine: true,
            other_enter: 10.0,
            other_spread: 1.0,
            other_add: 0.12,
            repeat: 9.0,
            restart: 10.0,
            departing_stay: 2.0,
            leave_out: 8.0,
        }
    }
}
