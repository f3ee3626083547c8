//! Gesture that goes with speech: six virtual speakers with habits of their own; one of them is held out.
//!
//! What a speaker shows follows from the words and the voice. [`plan`] chooses strokes: pointing, size, number, denial
//! where words ask for them ([`words`]), open hands and beats where the voice stresses a word, each a little before its
//! word (strokes come before what they go with: Kendon 1980, McNeill 1992), rest in long pauses. [`motion`] turns them
//! into ways of both hands, [`arms`] into joints. Face, lips and head come from the rule generator with expressions that
//! the same plan asks for. Numbers are our choice; nothing is measured on people.

mod arms;
mod motion;
mod plan;
mod words;

pub use plan::Stroke;

use super::card::IdentityCard;
use super::dice::Dice;
use super::people::Torso;
use super::{GestureTime, Kind, SpokenText};
use crate::generate::read_back::people::Person;
use crate::generate::rules::Rules;
use crate::generate::{GenerateError, GenerateInput, Generator, Rest, SoundingPhone, Style};
use crate::language::Language;
use crate::pose::expression::Voice;
use crate::pose::{PoseSequence, Reference, Side};
use crate::progress::Progress;
use crate::time::{Fps, FrameIndex, Seconds};

/// Where the hands are while nothing is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RestPlace {
    /// Hanging at the sides.
    Sides,
    /// Before the belly, apart.
    Belly,
    /// One in the other before the belly.
    Clasped,
}

/// How the hand looks that means nothing in particular.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Palm {
    /// Open, palm up.
    Up,
    /// Flat, palm down.
    Down,
    /// Edge down, palms to each other.
    Edge,
    /// Thumb and index together.
    Pinch,
}

/// A virtual speaker.
#[derive(Clone, Debug)]
pub struct Speaker {
    pub name: &'static str,
    /// Number of the person ([`Person::new`]).
    person: u64,
    /// How fast the person speaks: a factor on the synthesiser's tempo.
    pub tempo: f64,
    /// Size of gestures; 1 is usual.
    pub amplitude: f32,
    /// How quick movements are; 1 is usual.
    pub pace: f32,
    /// How long a stroke ends before its word begins, seconds.
    pub lead: f64,
    pub rest: RestPlace,
    /// Seconds without anything to show until the hands go to rest.
    pub patience: f64,
    /// The hand that gestures alone, and the share of gestures that both make.
    pub dominant: Side,
    pub both: f32,
    /// 0 sets in and stops sharply, 1 glides.
    pub smooth: f32,
    /// Share of stressed words that a stroke goes with.
    pub eager: f32,
    /// How strong beats are on stressed words while a hand is up.
    pub beats: f32,
    pub palm: Palm,
    /// How much the head nods with stress, and how long it is tilted (positive to the person's left).
    pub nods: f32,
    pub tilt: f32,
    pub style: Style,
    pub torso: Torso,
    pub held_out: bool,
}

/// How much smaller people stand in the picture than cuers do, so that their gestures are in it.
const FRAMING: f32 = 0.6;

impl Speaker {
    /// The person at rest, framed down to the hips.
    pub fn reference(&self) -> Reference {
        let mut r = Person::new(self.person).reference;
        if r.handed != self.dominant {
            r = r.mirrored();
        }
        let middle = r.throat[0];
        let place =
            |p: &mut [f32; 2]| *p = [0.5 * r.aspect + (p[0] - middle) * FRAMING, 0.07 + (p[1] - 0.18) * FRAMING];
        r.face.iter_mut().for_each(place);
        [&mut r.left_shoulder, &mut r.right_shoulder, &mut r.left_elbow, &mut r.right_elbow, &mut r.throat]
            .into_iter()
            .for_each(place);
        for length in [&mut r.hand_length, &mut r.forearm_length, &mut r.upper_arm_length] {
            *length *= FRAMING;
        }
        r
    }

    pub(super) fn card(&self) -> IdentityCard {
        let manner = format!(
            "{:?} hand first, {:.0} % with both; amplitude {:.2}, pace {:.2}, lead {:.0} ms, smoothness {:.1}; rests at {:?}; \
             palm {:?}; gestures on {:.0} % of stressed words, beats {:.1}, nods {:.1}, tilt {:+.1}; sways {:.1}°",
            self.dominant,
            100.0 * self.both,
            self.amplitude,
            self.pace,
            1000.0 * self.lead,
            self.smooth,
            self.rest,
            self.palm,
            100.0 * self.eager,
            self.beats,
            self.nods,
            self.tilt,
            self.torso.sway,
        );
        IdentityCard {
            name: self.name.to_owned(),
            kind: Kind::Gesture,
            held_out: self.held_out,
            manner,
            reference: Some(self.reference()),
        }
    }
}

/// All speakers, the held-out one last.
pub fn people() -> Vec<Speaker> {
    let base = Speaker {
        name: "speaker-ivo",
        person: 901_002,
        tempo: 0.95,
        amplitude: 1.0,
        pace: 1.0,
        lead: 0.06,
        rest: RestPlace::Belly,
        patience: 1.2,
        dominant: Side::Right,
        both: 0.35,
        smooth: 0.7,
        eager: 0.6,
        beats: 1.0,
        palm: Palm::Up,
        nods: 1.0,
        tilt: 0.0,
        style: Style { voice: 1.0, rest: Rest::Lowered, ..Style::default() },
        torso: Torso { sway: 0.7, period: 6.0, lean: 0.0 },
        held_out: false,
    };
    let of = |s: &Speaker| s.clone();
    vec![
        of(&base),
        Speaker {
            name: "speaker-june",
            person: 901_006,
            tempo: 1.1,
            amplitude: 1.45,
            pace: 1.35,
            lead: 0.02,
            rest: RestPlace::Sides,
            patience: 1.6,
            both: 0.6,
            smooth: 0.35,
            eager: 0.85,
            beats: 1.4,
            palm: Palm::Edge,
            nods: 1.4,
            torso: Torso { sway: 1.6, period: 4.5, lean: 0.0 },
            ..of(&base)
        },
        Speaker {
            name: "speaker-kai",
            person: 901_010,
            tempo: 0.85,
            amplitude: 0.65,
            pace: 0.75,
            lead: 0.14,
            rest: RestPlace::Clasped,
            patience: 0.9,
            both: 0.15,
            smooth: 1.0,
            eager: 0.4,
            beats: 0.5,
            palm: Palm::Pinch,
            nods: 0.6,
            tilt: 0.5,
            torso: Torso { sway: 0.3, period: 8.0, lean: 0.5 },
            ..of(&base)
        },
        Speaker {
            name: "speaker-lena",
            person: 901_004,
            dominant: Side::Left,
            amplitude: 1.2,
            pace: 1.1,
            lead: 0.1,
            rest: RestPlace::Clasped,
            both: 0.45,
            smooth: 0.8,
            eager: 0.7,
            beats: 0.8,
            palm: Palm::Down,
            nods: 0.8,
            tilt: -0.4,
            torso: Torso { sway: 0.9, period: 5.0, lean: -0.6 },
            ..of(&base)
        },
        Speaker {
            name: "speaker-musa",
            person: 901_003,
            tempo: 1.0,
            amplitude: 0.9,
            pace: 1.2,
            lead: 0.0,
            rest: RestPlace::Sides,
            patience: 0.8,
            both: 0.25,
            smooth: 0.5,
            eager: 0.5,
            beats: 1.6,
            palm: Palm::Edge,
            nods: 1.8,
            style: Style { head: 1.6, ..of(&base).style },
            torso: Torso { sway: 0.5, period: 7.0, lean: 0.8 },
            ..of(&base)
        },
        Speaker {
            name: "speaker-nora",
            person: 901_007,
            tempo: 0.92,
            amplitude: 1.3,
            pace: 0.9,
            lead: 0.08,
            rest: RestPlace::Belly,
            patience: 1.4,
            both: 0.5,
            smooth: 0.9,
            eager: 0.75,
            beats: 0.7,
            palm: Palm::Up,
            nods: 1.1,
            tilt: 0.3,
            style: Style { lips: 1.2, head: 1.3, ..of(&base).style },
            torso: Torso { sway: 1.2, period: 5.5, lean: -0.3 },
            held_out: true,
            ..of(&base)
        },
    ]
}

/// What is said, and how it sounds.
#[derive(Clone, Copy, Debug)]
pub struct Speech<'a> {
    pub language: Language,
    pub words: &'a [SpokenText],
    pub phones: &'a [SoundingPhone],
    pub heard: &'a Voice,
    pub length: Seconds,
    pub fps: Fps,
}

/// A speaker's performance of some speech: poses, and what the hands showed when. The same speech and seed give the same.
///
/// # Errors
/// When the rule generator refuses the person or the work is cancelled.
pub fn perform(
    speaker: &Speaker,
    speech: &Speech<'_>,
    seed: u64,
    progress: &dyn Progress,
) -> Result<(PoseSequence, Vec<GestureTime>), GenerateError> {
    let mut dice = Dice::new(seed, &[0x6765]);
    let plan = plan::plan(speaker, speech, &mut dice);
    let reference = speaker.reference();
    let input = GenerateInput {
        reference: reference.clone(),
        keys: Vec::new(),
        phones: speech.phones.to_vec(),
        head_tones: Vec::new(),
        expressions: plan.expressions.clone(),
        voice: speech.heard.clone(),
        language: speech.language,
        fps: speech.fps,
        length: speech.length,
        seed,
        style: speaker.style,
    };
    let mut poses = Rules.generate(&input, progress)?;
    let ways = motion::Ways::new(speaker, &plan, &mut dice);
    let body = arms::Body::new(&reference);
    let phase = dice.unit();
    for (i, frame) in poses.frames.iter_mut().enumerate() {
        let time = speech.fps.time_of(FrameIndex(i as u32)).0;
        for side in [Side::Left, Side::Right] {
            body.set_arm(frame, side, &ways.at(side, time));
        }
        speaker.torso.apply(frame, time, phase);
    }
    let gestures = plan.gestures.iter().map(plan::Gesture::time).collect();
    Ok((poses, gestures))
}

#[cfg(test)]
mod tests;
