//! Which gestures go with some speech, and when.

use super::words::{Meaning, meaning};
use super::{Speaker, Speech};
use crate::corpus::GestureTime;
use crate::corpus::dice::Dice;
use crate::pose::Side;
use crate::pose::expression::{Expression, ExpressionKind};
use crate::time::{Seconds, TimeRange};

/// What the hands show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stroke {
    Beat,
    /// The hand opens towards the viewer.
    Open,
    Me,
    You,
    There,
    Here,
    Up,
    Down,
    Big,
    Small,
    Count(u8),
    Deny,
    Sweep,
    /// To one side, by the hand of that side.
    Aside,
}

impl Stroke {
    /// Lower-case name as in the index of a corpus.
    pub fn name(self) -> &'static str {
        match self {
            Self::Beat => "beat",
            Self::Open => "open",
            Self::Me => "point-me",
            Self::You => "point-you",
            Self::There => "point-there",
            Self::Here => "point-here",
            Self::Up => "point-up",
            Self::Down => "point-down",
            Self::Big => "big",
            Self::Small => "small",
            Self::Count(_) => "count",
            Self::Deny => "deny",
            Self::Sweep => "sweep",
            Self::Aside => "aside",
        }
    }

    /// Made with both hands whatever the habit, or never.
    fn hands(self) -> Option<bool> {
        match self {
            Self::Big | Self::Sweep => Some(true),
            Self::Me | Self::You | Self::There | Self::Here | Self::Up | Self::Down | Self::Count(_) | Self::Aside => {
                Some(false)
            }
            Self::Beat | Self::Open | Self::Small | Self::Deny => None,
        }
    }
}

/// A gesture: preparation, stroke, hold. Times in seconds, in order.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gesture {
    pub stroke: Stroke,
    /// `None` for both hands.
    pub hand: Option<Side>,
    pub prepare: f64,
    pub begin: f64,
    /// The stroke ends: the moment that goes with the word.
    pub apex: f64,
    /// The hold ends.
    pub end: f64,
    /// The hands go to rest afterwards.
    pub retract: bool,
    /// 0.5 weak to 1.3 strong.
    pub strength: f32,
}

impl Gesture {
    pub fn time(&self) -> GestureTime {
        let hands = match self.hand {
            Some(Side::Left) => "left",
            Some(Side::Right) => "right",
            None => "both",
        };
        let range = TimeRange::new(Seconds(self.begin), Seconds(self.end));
        GestureTime { kind: self.stroke.name().to_owned(), range, hands: hands.to_owned() }
    }
}

/// What a speaker does with some speech.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// In order, none over another.
    pub gestures: Vec<Gesture>,
    /// Moments of beats laid over whatever the hands do, with their strength.
    pub beats: Vec<(f64, f32)>,
    /// In order.
    pub expressions: Vec<Expression>,
}

/// Times of a usual preparation, stroke and retraction, seconds.
const PREPARE: f64 = 0.42;
const STROKE: f64 = 0.26;
pub const RETRACT: f64 = 0.65;
/// The shortest hold and the longest.
const HOLD: (f64, f64) = (0.08, 0.7);

/// Chooses gestures, beats and what head and brows do.
pub fn plan(speaker: &Speaker, speech: &Speech<'_>, dice: &mut Dice) -> Plan {
    let mut out = Plan::default();
    // Long ways take longer, though less than in proportion.
    let pace = f64::from(speaker.pace.max(0.2)) / f64::from(0.6 + 0.5 * speaker.amplitude);
    let mut aside = speaker.dominant;
    for word in speech.words {
        let accent = speech.heard.accents.iter().find(|a| a.range.overlaps(word.range)).map(|a| a.strength);
        // The same numbers are drawn for every word, so that one word's fate does not change the next one's.
        let (want, which, two, stretch, hold) = (dice.unit(), dice.unit(), dice.unit(), dice.unit(), dice.unit());
        let meant = meaning(speech.language, &word.text);
        let eager = match (meant, accent) {
            (Some(Meaning::Number(_) | Meaning::Big | Meaning::Small | Meaning::There), _) => {
                0.35 + 0.6 * speaker.eager
            }
            (Some(_), Some(_)) => 0.2 + 0.7 * speaker.eager,
            (Some(_), None) => 0.6 * speaker.eager,
            (None, Some(strength)) => speaker.eager * (0.6 + 0.4 * strength),
            (None, None) => 0.08 * speaker.eager,
        };
        if let Some(strength) = accent {
            let at = word.range.start.0 + 0.3 * word.range.length().0 - speaker.lead;
            out.beats.push((at, speaker.beats * strength));
            head_with(speaker, word.range, strength, dice, &mut out.expressions);
        }
        if want >= eager {
            continue;
        }
        let apex = word.range.start.0 + 0.25 * word.range.length().0 - speaker.lead;
        let (stroke_time, prepare_time) = (STROKE / pace * f64::from(0.8 + 0.4 * stretch), PREPARE / pace);
        let before = out.gestures.last().map_or(0.05, |g: &Gesture| g.apex + HOLD.0);
        let begin = (apex - stroke_time).max(before);
        let prepare = (begin - prepare_time).max(before);
        // No room for a hand to come and strike.
        if apex - prepare < 0.7 * (stroke_time + prepare_time) || apex > speech.length.0 - 0.2 {
            continue;
        }
        let stroke = stroke_of(meant, speaker, which);
        let hand = match stroke.hands() {
            Some(true) => None,
            Some(false) if stroke == Stroke::Aside => {
                aside = aside.other();
                Some(aside)
            }
            Some(false) => Some(speaker.dominant),
            None => (two >= speaker.both).then_some(speaker.dominant),
        };
        let strength = (0.75 + 0.45 * accent.unwrap_or(0.2) + 0.2 * (stretch - 0.5)).clamp(0.5, 1.3);
        if let Some(last) = out.gestures.last_mut() {
            last.end = last.end.min(prepare).max(last.apex);
        }
        let end = apex + HOLD.0 + f64::from(hold) * (HOLD.1 - HOLD.0);
        out.gestures.push(Gesture { stroke, hand, prepare, begin, apex, end, retract: false, strength });
    }
    // Hands wait for the next gesture, or go to rest.
    let next: Vec<f64> = out.gestures.iter().skip(1).map(|g| g.prepare).chain([f64::INFINITY]).collect();
    for (gesture, next) in out.gestures.iter_mut().zip(next) {
        gesture.retract = next - gesture.end > speaker.patience;
        if gesture.retract {
            gesture.end = gesture.end.min(next);
        }
    }
    tilts(speaker, speech, dice, &mut out.expressions);
    out.beats.sort_by(|a, b| a.0.total_cmp(&b.0));
    out.expressions.sort_by(|a, b| a.range.start.total_cmp(&b.range.start));
    out
}

fn stroke_of(meant: Option<Meaning>, speaker: &Speaker, which: f32) -> Stroke {
    match meant {
        Some(Meaning::Me) => Stroke::Me,
        Some(Meaning::You) => Stroke::You,
        Some(Meaning::There) => Stroke::There,
        Some(Meaning::Here) => Stroke::Here,
        Some(Meaning::Up) => Stroke::Up,
        Some(Meaning::Down) => Stroke::Down,
        Some(Meaning::Big) => Stroke::Big,
        Some(Meaning::Small) => Stroke::Small,
        Some(Meaning::Number(n)) => Stroke::Count(n),
        Some(Meaning::Not) => Stroke::Deny,
        Some(Meaning::All) => Stroke::Sweep,
        Some(Meaning::Sides) => Stroke::Aside,
        Some(Meaning::Question) => Stroke::Open,
        // Lively people open their hands more often, others only beat time.
        None if which < 0.25 + 0.2 * speaker.amplitude => Stroke::Open,
        None => Stroke::Beat,
    }
}

/// Nods and brows with a stressed word.
fn head_with(speaker: &Speaker, word: TimeRange, strength: f32, dice: &mut Dice, out: &mut Vec<Expression>) {
    let (nod, brows) = (dice.unit(), dice.unit());
    let from = Seconds((word.start.0 - 0.08).max(0.0));
    if nod < 0.55 * speaker.nods {
        let range = TimeRange::new(from, Seconds(from.0 + 0.45));
        let strength = (0.5 * speaker.nods * (0.6 + 0.6 * strength)).clamp(0.1, 1.6);
        out.push(Expression { range, kind: ExpressionKind::Nod, strength });
    }
    if brows < 0.45 * strength {
        let range = TimeRange::new(from, Seconds(word.end.0 + 0.15));
        out.push(Expression { range, kind: ExpressionKind::BrowsUp, strength: 0.5 + 0.5 * strength });
    }
}

/// The head tilts for phrases at a time, to the side of the habit, and the eyes look away before a phrase now and then.
fn tilts(speaker: &Speaker, speech: &Speech<'_>, dice: &mut Dice, out: &mut Vec<Expression>) {
    for phrase in &speech.heard.phrases {
        let (tilted, away, side) = (dice.unit(), dice.unit(), dice.unit());
        let strength = (speaker.tilt.abs() + 0.3 * dice.unit()).min(1.5);
        if tilted < 0.25 + speaker.tilt.abs() {
            let left = if speaker.tilt == 0.0 { side < 0.5 } else { speaker.tilt > 0.0 };
            let kind = if left { ExpressionKind::TiltLeft } else { ExpressionKind::TiltRight };
            out.push(Expression { range: phrase.range, kind, strength });
        }
        if away < 0.3 {
            let from = (phrase.range.start.0 - 0.4).max(0.0);
            let range = TimeRange::new(Seconds(from), Seconds(from + 0.8));
            let kinds = [ExpressionKind::LookDown, ExpressionKind::LookLeft, ExpressionKind::LookRight];
            let kind = kinds[(side * 3.0) as usize % 3];
            out.push(Expression { range, kind, strength: 0.6 });
        }
    }
}
