//! Made-up inputs to try generators, layers and renderers on: the tests of every room and the measurements begin here.

use super::{GenerateInput, SoundingPhone, Style};
use crate::cueing::when::{self, KeyKind, KeySound, TimingOptions};
use crate::cueing::{HandShape, Movement, Position};
use crate::language::{Language, PhoneClass};
use crate::pose::Reference;
use crate::time::{Fps, Seconds};

/// An input without keys whose phones follow each other from `start` on.
pub fn input_with_phones(language: Language, start: f64, phones: &[(&str, f64)]) -> GenerateInput {
    let mut t = start;
    let phones = phones
        .iter()
        .map(|(symbol, length)| {
            let from = t;
            t += length;
            let class = if "ɑiuaɪ".contains(symbol) { PhoneClass::Vowel } else { PhoneClass::Consonant };
            SoundingPhone { symbol: (*symbol).into(), class, start: Seconds(from), end: Seconds(t) }
        })
        .collect();
    GenerateInput {
        reference: Reference::example(),
        keys: Vec::new(),
        phones,
        head_tones: Vec::new(),
        expressions: Vec::new(),
        voice: Default::default(),
        language,
        fps: Fps::whole(25),
        length: Seconds(t + 1.0),
        seed: 1,
        style: Style::default(),
    }
}

/// Cues one key after the other, each `length` seconds long, from `start` on, with phones to match.
pub fn input_with_keys(
    keys: &[(u8, Position, Option<Movement>)],
    start: f64,
    length: f64,
    options: &TimingOptions,
) -> GenerateInput {
    let sounds: Vec<KeySound> = keys
        .iter()
        .enumerate()
        .map(|(i, (shape, position, movement))| KeySound {
            a1: Seconds(start + length * i as f64),
            a3: Seconds(start + length * (i + 1) as f64),
            kind: KeyKind::ConsonantVowel,
            shape: HandShape(*shape),
            position: *position,
            movement: *movement,
            lead: Seconds::ZERO,
            pinned: None,
        })
        .collect();
    let phones: Vec<(&str, f64)> = (0..keys.len())
        .flat_map(|i| [(["m", "t", "s", "f"][i % 4], length * 0.35), (["ɑ", "i", "u"][i % 3], length * 0.65)])
        .collect();
    let mut input = input_with_phones(Language::AmericanEnglish, start, &phones);
    input.length = Seconds(start + length * keys.len() as f64 + 1.2);
    input.keys = when::times(&sounds, options, input.fps, input.length);
    input
}
