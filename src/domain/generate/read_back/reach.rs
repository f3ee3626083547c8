//! Whether a person can be cued at all: every hand shape at every position, cued by the rules and read back.

use super::{GAD_TAU, Outcome, Rules, Style};
use crate::cueing::chart::Chart;
use crate::cueing::reader::{ReadOptions, read};
use crate::cueing::score::{score, targets};
use crate::cueing::when::{KeyKind, KeySound, TimingOptions, times};
use crate::cueing::{HandShape, Position};
use crate::generate::{GenerateError, GenerateInput, Generator};
use crate::language::Language;
use crate::pose::{PoseFrame, Reference};
use crate::progress::Silent;
use crate::time::{Fps, Seconds};

/// Seconds from key to key: unhurried.
const KEY: f64 = 0.7;
/// The positions of the chart that has most of them.
pub const POSITIONS: [Position; 5] =
    [Position::Side, Position::Mouth, Position::Chin, Position::Cheekbone, Position::Throat];

/// A hand shape at a position.
#[derive(Clone, Debug, PartialEq)]
pub struct Reach {
    pub shape: HandShape,
    pub position: Position,
    /// The key was read back as it was meant.
    pub reached: bool,
    /// The person in the middle of the hold.
    pub pose: PoseFrame,
}

/// Cues all eight shapes at all five positions on a person; a row of five for each shape.
///
/// # Errors
/// A person whose points or lengths no performance can be made for. One on whom nothing can be read reaches nothing.
pub fn reach(reference: &Reference) -> Result<Vec<Reach>, GenerateError> {
    let keys: Vec<(HandShape, Position)> =
        (1..=8).flat_map(|shape| POSITIONS.map(|position| (HandShape(shape), position))).collect();
    let start = 1.0;
    let sounds: Vec<KeySound> = keys
        .iter()
        .enumerate()
        .map(|(i, (shape, position))| KeySound {
            a1: Seconds(start + KEY * i as f64),
            a3: Seconds(start + KEY * (i + 1) as f64),
            kind: KeyKind::ConsonantVowel,
            shape: *shape,
            position: *position,
            movement: None,
            lead: Seconds::ZERO,
            pinned: None,
        })
        .collect();
    let fps = Fps::whole(25);
    let length = Seconds(start + KEY * keys.len() as f64 + 1.0);
    let plan = times(&sounds, &TimingOptions::default(), fps, length);
    let holds = targets(&plan, length);
    let input = GenerateInput {
        reference: reference.clone(),
        keys: plan,
        phones: Vec::new(),
        head_tones: Vec::new(),
        expressions: Vec::new(),
        voice: Default::default(),
        language: Language::French,
        fps,
        length,
        seed: 1,
        style: Style::default(),
    };
    let poses = Rules.generate(&input, &Silent)?;
    let chart = Chart::builtin(Language::French);
    let options = ReadOptions { handed: Some(reference.handed), ..ReadOptions::default() };
    let reading = read(&poses, chart, &options).map(|r| r.keys).unwrap_or_default();
    let scored = score(&holds, &reading, GAD_TAU);
    let right = |i: usize| scored.keys.iter().any(|k| k.target == Some(i) && k.outcome == Outcome::Correct);
    Ok(holds
        .iter()
        .enumerate()
        .map(|(i, target)| {
            let middle = target.hold.unwrap_or_default().middle();
            let frame = (fps.frame_at(middle).0 as usize).min(poses.frames.len().saturating_sub(1));
            Reach {
                shape: target.shape,
                position: target.position,
                reached: right(i),
                pose: poses.frames.get(frame).cloned().unwrap_or_default(),
            }
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_who_cannot_be_cued_is_told() {
        let mut small = Reference::example();
        // A hand far too short to come to the face.
        small.hand_length = 0.02;
        small.forearm_length = 0.03;
        small.upper_arm_length = 0.03;
        let all = reach(&small).unwrap();
        assert!(all.iter().filter(|r| !r.reached).count() > 10);
        small.hand_length = f32::NAN;
        assert!(reach(&small).is_err());
    }
}
