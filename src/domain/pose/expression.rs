//! What a face and head show beside lips and hands, as plain values: expressions laid over a performance, and what
//! can be heard of phrase and stress in a voice.
//!
//! "Left" and "right" are the person's own, as everywhere. How an expression looks is the generator's affair.

use crate::time::{Seconds, TimeRange};
use serde::{Deserialize, Serialize};

/// What is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ExpressionKind {
    BrowsUp,
    Frown,
    Nod,
    Shake,
    TiltLeft,
    TiltRight,
    TurnLeft,
    TurnRight,
    EyesWide,
    EyesNarrow,
    LookLeft,
    LookRight,
    LookUp,
    LookDown,
    Smile,
    /// The hand moves in wider and deeper arcs; it touches where it would without.
    Emphasis,
}

impl ExpressionKind {
    pub const ALL: [Self; 16] = [
        Self::BrowsUp,
        Self::Frown,
        Self::Nod,
        Self::Shake,
        Self::TiltLeft,
        Self::TiltRight,
        Self::TurnLeft,
        Self::TurnRight,
        Self::EyesWide,
        Self::EyesNarrow,
        Self::LookLeft,
        Self::LookRight,
        Self::LookUp,
        Self::LookDown,
        Self::Smile,
        Self::Emphasis,
    ];

    /// Lower-case name as in files and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::BrowsUp => "brows-up",
            Self::Frown => "frown",
            Self::Nod => "nod",
            Self::Shake => "shake",
            Self::TiltLeft => "tilt-left",
            Self::TiltRight => "tilt-right",
            Self::TurnLeft => "turn-left",
            Self::TurnRight => "turn-right",
            Self::EyesWide => "eyes-wide",
            Self::EyesNarrow => "eyes-narrow",
            Self::LookLeft => "look-left",
            Self::LookRight => "look-right",
            Self::LookUp => "look-up",
            Self::LookDown => "look-down",
            Self::Smile => "smile",
            Self::Emphasis => "emphasis",
        }
    }

    /// The kind of a name; spaces, hyphens and underscores are alike.
    pub fn from_name(name: &str) -> Option<Self> {
        let name = name.trim().to_lowercase().replace([' ', '_'], "-");
        Self::ALL.into_iter().find(|k| k.name() == name)
    }
}

/// The greatest strength of an expression or a tone; 1 is the usual one.
pub const STRONGEST: f32 = 2.0;

/// Something shown for a while. It sets in after `range` begins and is gone when it ends.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Expression {
    pub range: TimeRange,
    pub kind: ExpressionKind,
    /// 0 to [`STRONGEST`]; 1 is usual, 0 shows nothing.
    pub strength: f32,
}

/// A word that a voice stresses.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Accent {
    /// When the word sounds.
    pub range: TimeRange,
    /// Above 0 up to 1, a word that nobody can miss.
    pub strength: f32,
}

/// A stretch of speech between two pauses.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Phrase {
    pub range: TimeRange,
    /// How lively it is next to the other phrases of the recording: −1 flat and soft, 0 usual, 1 loud and varied.
    pub level: f32,
}

/// What can be heard of phrase and stress in a voice. Empty where nobody has listened.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Voice {
    /// In order of time, none over another.
    pub accents: Vec<Accent>,
    /// In order of time, none over another.
    pub phrases: Vec<Phrase>,
}

impl Voice {
    pub fn is_empty(&self) -> bool {
        self.accents.is_empty() && self.phrases.is_empty()
    }

    /// Says what is wrong, `None` when every value is one that the types allow.
    pub fn broken_invariant(&self) -> Option<&'static str> {
        let good = |r: &TimeRange| r.start.0.is_finite() && r.end.0.is_finite() && r.start <= r.end;
        let in_order = |ranges: &[&TimeRange]| ranges.windows(2).all(|w| w[0].start <= w[1].start);
        let accents: Vec<&TimeRange> = self.accents.iter().map(|a| &a.range).collect();
        let phrases: Vec<&TimeRange> = self.phrases.iter().map(|p| &p.range).collect();
        if !accents.iter().chain(&phrases).all(|r| good(r)) || !in_order(&accents) || !in_order(&phrases) {
            return Some("what was heard of the voice has impossible times");
        }
        let within = |v: f32, low: f32| (low..=1.0).contains(&v);
        let sizes =
            self.accents.iter().all(|a| within(a.strength, 0.0)) && self.phrases.iter().all(|p| within(p.level, -1.0));
        (!sizes).then_some("what was heard of the voice has impossible strengths")
    }

    /// The same at other times.
    pub fn moved(&mut self, to: impl Fn(Seconds) -> Seconds) {
        let ranges = self.accents.iter_mut().map(|a| &mut a.range).chain(self.phrases.iter_mut().map(|p| &mut p.range));
        for range in ranges {
            *range = TimeRange { start: to(range.start), end: to(range.end) };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_their_own_and_found_again() {
        let mut seen = std::collections::HashSet::new();
        for kind in ExpressionKind::ALL {
            assert!(seen.insert(kind.name()));
            assert_eq!(ExpressionKind::from_name(&kind.name().replace('-', " ").to_uppercase()), Some(kind));
            assert_eq!(serde_json::to_string(&kind).unwrap().trim_matches('"'), kind.name());
        }
        assert_eq!(ExpressionKind::from_name("brow"), None);
    }

    #[test]
    fn impossible_voices_are_told() {
        let range = |a, b| TimeRange { start: Seconds(a), end: Seconds(b) };
        let accent = |a, b, strength| Accent { range: range(a, b), strength };
        let voice = |accents| Voice { accents, phrases: vec![Phrase { range: range(0.0, 9.0), level: -1.0 }] };
        assert_eq!(voice(vec![accent(1.0, 2.0, 0.5), accent(2.0, 3.0, 1.0)]).broken_invariant(), None);
        for wrong in [
            vec![accent(2.0, 1.0, 0.5)],
            vec![accent(1.0, f64::NAN, 0.5)],
            vec![accent(1.0, 2.0, 1.5)],
            vec![accent(1.0, 2.0, f32::NAN)],
            vec![accent(3.0, 4.0, 0.5), accent(1.0, 2.0, 0.5)],
        ] {
            assert!(voice(wrong.clone()).broken_invariant().is_some(), "{wrong:?}");
        }
    }
}
