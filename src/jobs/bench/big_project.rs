//! A project of two hours for the benchmarks: read from text, spoken in thought, worked on by hand here and there.
//!
//! Nothing of it is stored: the text is put together from sentences by a seed, its sounds are as long as sounds are, with
//! the pauses that reading aloud has. Keys and times are derived like those of any project.

use crate::cueing::HandShape;
use crate::document::marks::{Marker, Marks, Mask};
use crate::document::{
    KeyEdits, MediaRef, PROJECT_SCHEMA, PhoneTime, Project, Settings, Sound, SoundOrigin, TIER_SCHEMA, Tiers, derive,
};
use crate::language::{self, Language, PhoneClass, ReadingOptions, Utterance, WordKind};
use crate::pose::parts::Parts;
use crate::time::{Seconds, TimeRange};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

/// Length of the big project.
pub const LENGTH: Seconds = Seconds(7200.0);
/// Words, phones, keys, markers and masks together, at least.
pub const SEGMENTS: usize = 100_000;

const SENTENCES: [&str; 16] = [
    "Les enfants ont huit ans, et les plus grands viennent encore avec elle.",
    "Hier soir, j'ai ouvert la porte d'entrée pour laisser sortir le chat.",
    "On ne sait jamais ce qui se passe derrière la montagne quand la neige tombe.",
    "Le marché du samedi matin commence à sept heures, mais le boulanger arrive toujours en retard.",
    "Mes fils sont à l'est de la ville; ils reviendront peut-être avant la fin de l'été.",
    "Qui a vu le petit bateau bleu, celui que mon oncle avait construit dans son garage?",
    "Elle a lu le livre deux fois, puis elle l'a rendu à la bibliothèque sans rien dire.",
    "Il fait froid dehors, papa, tu devrais mettre un manteau et une écharpe.",
    "Le train de Paris entre en gare, les voyageurs descendent lentement sur le quai.",
    "Un vieux chien dort au soleil devant la maison aux volets verts.",
    "Nous avons acheté des pommes, du pain, trois fromages et une bouteille de lait.",
    "La maîtresse regarde le jardin par la fenêtre et sourit aux élèves qui jouent.",
    "Si tu veux apprendre à nager, commence par respirer calmement.",
    "Personne n'avait prévu que la rivière monterait si vite pendant la nuit.",
    "Le docteur examine l'oreille du garçon, qui ne pleure pas du tout.",
    "Demain, à cette heure, ils seront déjà loin sur la route du sud.",
];

/// The project of two hours and 100 000 segments.
pub fn big_project() -> Project {
    project(LENGTH, SEGMENTS)
}

/// A project of `length` with at least `segments` segments of all tiers that are stored.
pub fn project(length: Seconds, segments: usize) -> Project {
    let mut rng = ChaCha8Rng::seed_from_u64(20_26);
    let utterance = text(segments, &mut rng);
    let (phones, end) = times(&utterance, &mut rng);
    let scale = (length.0 - 2.0) / end;
    let phones = phones
        .into_iter()
        .map(|p| PhoneTime { start: Seconds(p.start.0 * scale), end: Seconds(p.end.0 * scale), ..p })
        .collect();
    let media = MediaRef { path: "media/speech.wav".into(), absolute_hint: String::new(), hash: String::new() };
    let mut project = Project {
        schema: PROJECT_SCHEMA,
        title: "Two hours".into(),
        source_text: utterance.text.clone(),
        sound: Sound { media, source: None, origin: SoundOrigin::Recording, length },
        identity: "mira".into(),
        settings: Settings::default(),
        tiers: Tiers { schema: TIER_SCHEMA, utterance, phones, keys: Vec::new(), notes: Vec::new(), next_key: 0 },
        marks: marks(length, &mut rng),
        slowed: Vec::new(),
    };
    derive::keys(&mut project);
    for (i, key) in project.tiers.keys.iter_mut().enumerate() {
        match i % 97 {
            11 => key.edits.shift = [-0.02; 4],
            42 => key.edits = KeyEdits { shape: Some(HandShape(key.rule.shape.0 % 8 + 1)), ..KeyEdits::default() },
            _ => {}
        }
    }
    derive::times(&mut project);
    project
}

/// How many segments the stored tiers of a project have.
pub fn segment_count(project: &Project) -> usize {
    let (tiers, marks) = (&project.tiers, &project.marks);
    tiers.utterance.words.len() + tiers.phones.len() + tiers.keys.len() + marks.markers.len() + marks.masks.len()
}

fn below(rng: &mut ChaCha8Rng, n: usize) -> usize {
    rng.next_u32() as usize % n.max(1)
}

fn unit(rng: &mut ChaCha8Rng) -> f64 {
    f64::from(rng.next_u32()) / f64::from(u32::MAX)
}

/// Sentences until the tiers will hold so many segments. Each sentence is read once.
fn text(segments: usize, rng: &mut ChaCha8Rng) -> Utterance {
    let read: Vec<Utterance> =
        SENTENCES.iter().map(|s| language::read(s, Language::French, &ReadingOptions::default(), None)).collect();
    let mut all = Utterance { language: Language::French, text: String::new(), words: Vec::new(), issues: Vec::new() };
    let mut count = 0;
    while count < segments {
        let sentence = &read[below(rng, read.len())];
        if !all.text.is_empty() {
            all.text.push(' ');
        }
        let offset = all.text.len();
        all.text.push_str(&sentence.text);
        for word in &sentence.words {
            let mut word = word.clone();
            word.source = word.source.start + offset..word.source.end + offset;
            // A key holds two phones at most.
            let phones: usize = word.syllables().iter().map(|s| s.phones.len()).sum();
            count += 1 + phones + phones / 2;
            all.words.push(word);
        }
        if all.words.last().is_some_and(|w| w.kind == WordKind::Spoken)
            && let Some(stop) = read[0].words.last()
        {
            all.words.push(stop.clone());
        }
    }
    all
}

/// When each phone sounds, and when the last one ends.
fn times(utterance: &Utterance, rng: &mut ChaCha8Rng) -> (Vec<PhoneTime>, f64) {
    let mut at = 1.0;
    let mut phones = Vec::new();
    let mut sentences = 0;
    for (i, word) in utterance.words.iter().enumerate() {
        if word.kind == WordKind::Break {
            let ends = i + 1 == utterance.words.len() || word.text.contains(['.', '?', '!']);
            sentences += usize::from(ends);
            // A breath at a comma, a pause after a sentence, a rest after a paragraph.
            at += match (ends, sentences % 6) {
                (false, _) => 0.15 + 0.25 * unit(rng),
                (true, 0) => 1.9 + 1.2 * unit(rng),
                (true, _) => 0.45 + 0.5 * unit(rng),
            };
        }
        for phone in word.syllables().iter().flat_map(|s| &s.phones) {
            let length = match phone.class {
                PhoneClass::Vowel => 0.085 + 0.09 * unit(rng),
                PhoneClass::Consonant => 0.055 + 0.06 * unit(rng),
            };
            let confidence = if below(rng, 40) == 0 { 0.3 } else { 0.6 + 0.4 * unit(rng) as f32 };
            phones.push(PhoneTime { start: Seconds(at), end: Seconds(at + length), confidence, fixed: false });
            at += length;
        }
    }
    (phones, at)
}

/// A marker a minute and a mask every two.
fn marks(length: Seconds, rng: &mut ChaCha8Rng) -> Marks {
    let mut marks = Marks::default();
    for minute in 0..(length.0 / 60.0) as usize {
        let time = Seconds(60.0 * minute as f64 + 20.0 * unit(rng));
        let id = marks.new_id();
        marks.markers.push(Marker { id, time, text: format!("Minute {}", minute + 1), colour: (minute % 8) as u8 });
        if minute % 2 == 0 {
            let id = marks.new_id();
            let range = TimeRange::new(time + Seconds(5.0), time + Seconds(6.5));
            let halo = Seconds(0.2);
            marks.masks.push(Mask { id, range, parts: Parts::ALL, halo, locked: false, accepted: Vec::new() });
        }
    }
    marks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_as_big_as_it_says_and_sound() {
        let project = project(Seconds(600.0), 8_000);
        assert_eq!(project.broken_invariant(), None);
        assert!((8_000..9_500).contains(&segment_count(&project)), "{}", segment_count(&project));
        assert_eq!(project.sound.length, Seconds(600.0));
        let rests = project.tiers.phones.windows(2).filter(|p| (p[1].start - p[0].end).0 > 1.8).count();
        assert!(rests > 5, "{rests} silences in which the hand rests");
        assert_eq!(project, super::project(Seconds(600.0), 8_000), "the same in every run");
    }
}
