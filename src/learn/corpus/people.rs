//! The virtual cuers: seven people with bones, faces and habits of their own; one of them is held out.

use super::card::IdentityCard;
use super::{Kind, speakers};
use crate::cueing::when::{Preset, TimingOptions};
use crate::generate::read_back::people::Person;
use crate::generate::{Rest, Style};
use crate::pose::{PoseFrame, index};
use crate::time::Seconds;

/// How a person holds and moves the trunk.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Torso {
    /// Slow swaying to the sides, degrees about the hips.
    pub sway: f32,
    /// Seconds of a sway to and fro.
    pub period: f32,
    /// How far the trunk leans to a side all the time, degrees; positive to picture right.
    pub lean: f32,
}

impl Torso {
    /// The lean at a moment, radians; `phase` (0-1) differs from clip to clip.
    pub fn angle(&self, time: f64, phase: f32) -> f32 {
        let turn = std::f64::consts::TAU * (time / f64::from(self.period.max(0.5)) + f64::from(phase));
        // Two rates that do not meet, so that no sway is like the one before.
        let swing = 0.7 * turn.sin() + 0.3 * (turn * 1.618).sin();
        (self.lean + self.sway * swing as f32).to_radians()
    }

    /// Turns the whole upper body about the middle of the hips.
    pub fn apply(&self, frame: &mut PoseFrame, time: f64, phase: f32) {
        let (l, r) = (frame.points[index::LEFT_HIP], frame.points[index::RIGHT_HIP]);
        let pivot = [(l.x + r.x) / 2.0, (l.y + r.y) / 2.0];
        let (sin, cos) = self.angle(time, phase).sin_cos();
        let hips = [index::LEFT_HIP, index::RIGHT_HIP];
        for (i, p) in frame.points.iter_mut().enumerate() {
            if p.score > 0.0 && !hips.contains(&i) {
                let d = [p.x - pivot[0], p.y - pivot[1]];
                (p.x, p.y) = (pivot[0] + d[0] * cos - d[1] * sin, pivot[1] + d[0] * sin + d[1] * cos);
            }
        }
    }
}

/// A virtual cuer.
#[derive(Clone, Debug)]
pub struct Cuer {
    pub name: &'static str,
    /// Number of the person ([`Person::new`]); every other pair is left-handed.
    person: u64,
    /// How fast the person speaks: a factor on the synthesiser's tempo.
    pub tempo: f64,
    pub style: Style,
    pub timing: TimingOptions,
    pub torso: Torso,
    pub held_out: bool,
}

impl Cuer {
    pub fn person(&self) -> Person {
        Person::new(self.person)
    }

    fn card(&self) -> IdentityCard {
        let reference = self.person().reference;
        let rest = if self.style.rest == Rest::Chest { "before the chest" } else { "lowered" };
        let manner = format!(
            "{:?} hand; {}, {:+.0} ms lead; tempo {:.2}; bow {:.1}, head {:.1}, unrest {:.1}, lips {:.1}, voice {:.1}; rests {rest}; sways {:.1}°",
            reference.handed,
            self.timing.preset.label(),
            self.timing.lead.millis(),
            self.tempo,
            self.style.arc,
            self.style.head,
            self.style.unrest,
            self.style.lips,
            self.style.voice,
            self.torso.sway,
        );
        IdentityCard {
            name: self.name.to_owned(),
            kind: Kind::Cueing,
            held_out: self.held_out,
            manner,
            reference: Some(reference),
        }
    }
}

/// All cuers, the held-out one last.
///
/// Numbers of people are far from those the reader is measured on. Styles keep what a key says exact: amplitude is the
/// bow of the ways, smoothness the time a way may take of the rest between two cues.
pub fn cuers() -> Vec<Cuer> {
    let style =
        |arc, head, unrest, lips, voice, rest| Style { arc, head, unrest, lips, voice, rest, ..Style::default() };
    let timing = |preset, lead_ms: f64, dwell_ms: f64| TimingOptions {
        lead: Seconds::from_millis(lead_ms),
        dwell: Seconds::from_millis(dwell_ms),
        ..TimingOptions::from(preset)
    };
    let torso = |sway, period, lean| Torso { sway, period, lean };
    let (chest, low) = (Rest::Chest, Rest::Lowered);
    let cuer =
        |name, person, tempo, style, timing, torso| Cuer { name, person, tempo, style, timing, torso, held_out: false };
    use Preset::{Attina, Duchnowski2000, Revised, Rules};
    let mut all = vec![
        cuer(
            "cuer-ada",
            900_002,
            0.85,
            style(1.0, 1.0, 1.0, 1.0, 0.6, low),
            timing(Revised, 0.0, 80.0),
            torso(0.3, 7.0, 0.0),
        ),
        cuer(
            "cuer-bo",
            900_003,
            0.75,
            style(1.5, 1.5, 1.4, 1.2, 1.0, chest),
            timing(Rules, 20.0, 100.0),
            torso(0.8, 5.0, 0.6),
        ),
        cuer(
            "cuer-chen",
            900_000,
            0.8,
            style(0.6, 0.5, 0.6, 0.9, 0.3, chest),
            timing(Revised, 40.0, 120.0),
            torso(0.2, 9.0, -0.4),
        ),
        cuer(
            "cuer-dara",
            900_006,
            0.95,
            style(1.2, 1.8, 1.0, 1.3, 1.3, low),
            timing(Attina, 0.0, 80.0),
            torso(1.1, 6.0, 0.0),
        ),
        cuer(
            "cuer-eve",
            900_007,
            0.7,
            style(0.8, 0.8, 1.8, 0.8, 0.0, chest),
            timing(Revised, -30.0, 90.0),
            torso(0.5, 4.0, -0.8),
        ),
        cuer(
            "cuer-farid",
            900_004,
            0.9,
            style(1.8, 1.2, 0.8, 1.1, 0.8, low),
            timing(Duchnowski2000, 0.0, 80.0),
            torso(0.4, 8.0, 0.9),
        ),
        cuer(
            "cuer-gwen",
            900_010,
            0.82,
            style(1.35, 1.1, 1.2, 1.05, 0.9, chest),
            timing(Rules, 0.0, 110.0),
            torso(0.6, 5.5, 0.3),
        ),
    ];
    if let Some(last) = all.last_mut() {
        last.held_out = true;
    }
    all
}

/// Cards of all people of synthetic corpora.
pub fn cards() -> Vec<IdentityCard> {
    cuers().iter().map(Cuer::card).chain(speakers::people().iter().map(speakers::Speaker::card)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pose::{Point, Side};

    #[test]
    fn seven_cuers_differ_and_one_is_held_out() {
        let all = cuers();
        assert_eq!((all.len(), all.iter().filter(|c| c.held_out).count()), (7, 1));
        let left = all.iter().filter(|c| c.person().reference.handed == Side::Left).count();
        assert_eq!(left, 2);
        for (i, a) in all.iter().enumerate() {
            for b in &all[i + 1..] {
                let (x, y) = (a.person().reference, b.person().reference);
                assert!(a.name != b.name && a.style != b.style && x.face != y.face && x.hand_length != y.hand_length);
            }
        }
        let cards = cards();
        assert_eq!(cards.iter().filter(|c| c.held_out).count(), 2);
        assert_eq!(cards.iter().map(|c| &c.name).collect::<std::collections::HashSet<_>>().len(), 13);
    }

    #[test]
    fn the_trunk_turns_about_the_hips() {
        let mut frame = PoseFrame::default();
        frame.points[index::LEFT_HIP] = Point::new(0.6, 1.2);
        frame.points[index::RIGHT_HIP] = Point::new(0.4, 1.2);
        frame.points[index::NOSE] = Point::new(0.5, 0.4);
        let torso = Torso { sway: 0.0, period: 5.0, lean: 2.0 };
        torso.apply(&mut frame, 1.0, 0.3);
        let nose = frame.points[index::NOSE];
        assert!((nose.x - (0.5 + 0.8 * 2.0_f32.to_radians().sin())).abs() < 1e-5 && nose.y > 0.4);
        assert_eq!(frame.points[index::LEFT_HIP], Point::new(0.6, 1.2));
        let swaying = Torso { sway: 1.0, period: 5.0, lean: 0.0 };
        let most = (0..500).map(|k| swaying.angle(f64::from(k) * 0.1, 0.2).to_degrees().abs()).fold(0.0, f32::max);
        assert!(most > 0.7 && most <= 1.0, "{most}");
    }
}
