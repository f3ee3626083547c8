//! A voice drawn by rule, for when no synthesiser is there: every sound as the rough spectrum its class is known for.
//!
//! Vowels get formants by height and place, fricatives a band of noise by place, stops a silence and a burst, each
//! lasting as long as such sounds usually do. It could not be listened to, but it goes through the same comparison as
//! a synthesised voice, and is enough to tell loud from soft and hissing from voiced.

use super::super::features::{BANDS, MelSpectra, band_centres};
use super::super::sounds::{Letter, Manner, letters_of_phone};
use super::HOP;
use crate::language::Utterance;

/// The drawn spectra and the frames of each phone.
pub(crate) fn draw(utterance: &Utterance) -> (MelSpectra, Vec<(usize, usize)>) {
    let centres = band_centres();
    let mut mel = MelSpectra { frames: Vec::new(), hop: HOP };
    let mut phones = Vec::new();
    for phone in utterance.phones() {
        let from = mel.frames.len();
        let letters = letters_of_phone(phone.phone, utterance.language);
        let parts = letters.len();
        for letter in letters {
            for (length, row) in pieces(letter, &centres) {
                // A diphthong is longer than a vowel, but not twice as long.
                let frames = if parts > 1 { (length * 2).div_ceil(3) } else { length };
                mel.frames.extend(std::iter::repeat_n(row, frames));
            }
        }
        phones.push((from, mel.frames.len()));
    }
    (mel, phones)
}

/// The pieces of one sound: frames of 10 ms and the spectrum in decibels.
fn pieces(letter: Letter, centres: &[f32; BANDS]) -> Vec<(usize, [f32; BANDS])> {
    let formants = |f1: f32, f2: f32, level: f32| {
        centres.map(|f| {
            let bump = |at: f32, width: f32, height: f32| height - ((f - at) / width).powi(2) * 6.0;
            let tilt = -8.0 * (f / 500.0).max(1.0).log2();
            let peaks = bump(f1, 160.0, 0.0).max(bump(f2, 260.0, tilt)).max(bump(2700.0, 400.0, tilt - 3.0));
            level + peaks.max(tilt - 18.0)
        })
    };
    let voiced_bar = |row: [f32; BANDS], level: f32| {
        let mut out = row;
        for (v, f) in out.iter_mut().zip(centres) {
            *v = v.max(level - (f / 250.0).powi(2) * 6.0);
        }
        out
    };
    let hiss = |low: f32, high: f32, level: f32| {
        centres.map(|f| {
            let outside = ((low - f).max(f - high).max(0.0)) / 700.0;
            level - (outside * 12.0).min(30.0)
        })
    };
    let vowel = |level: f32| formants(300.0 + 500.0 * (1.0 - letter.height), 2300.0 - 1450.0 * letter.place, level);
    // The noise of a fricative or burst by its place: lips flat and weak, teeth high, palate lower, throat open.
    let noise = match letter.place {
        p if p < 0.3 => hiss(1000.0, 8000.0, -28.0),
        p if p < 0.5 => hiss(4200.0, 8000.0, -12.0),
        p if p < 0.7 => hiss(2300.0, 6500.0, -12.0),
        _ => hiss(700.0, 4000.0, -24.0),
    };
    let silence = [-55.0; BANDS];
    match letter.manner {
        Manner::Vowel => vec![(9, vowel(0.0))],
        Manner::Glide => vec![(6, vowel(-5.0))],
        Manner::Liquid => vec![(6, formants(380.0, 1200.0, -7.0))],
        Manner::Nasal => vec![(7, formants(260.0, 1100.0, -9.0).map(|v| v.max(-38.0)))],
        Manner::Fricative if letter.voiced => vec![(7, voiced_bar(noise.map(|v| v - 4.0), -8.0))],
        Manner::Fricative => vec![(10, noise)],
        Manner::Affricate => {
            let closed = if letter.voiced { voiced_bar(silence, -20.0) } else { silence };
            vec![(4, closed), (6, noise)]
        }
        Manner::Stop => {
            let closed = if letter.voiced { voiced_bar(silence, -16.0) } else { silence };
            vec![(5, closed), (if letter.voiced { 1 } else { 3 }, noise.map(|v| v - 6.0))]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::{Language, Phone, PhoneClass, Reading, ReadingSource, Syllable, Word, WordKind};

    #[test]
    fn every_phone_gets_frames_and_sounds_differ() {
        let phones = ["s", "a", "m", "i", "t"].map(|s| Phone { symbol: s.into(), class: PhoneClass::Vowel }).to_vec();
        let syllables = vec![Syllable { label: String::new(), spelling: String::new(), phones, tone: None }];
        let reading = Reading { label: String::new(), syllables, source: ReadingSource::User };
        let word = Word { text: "x".into(), source: 0..1, kind: WordKind::Spoken, readings: vec![reading], chosen: 0 };
        let utterance =
            Utterance { language: Language::French, text: "x".into(), words: vec![word], issues: Vec::new() };
        let (mel, spans) = draw(&utterance);
        assert_eq!(spans.len(), 5);
        assert!(spans.windows(2).all(|w| w[0].1 == w[1].0 && w[0].0 < w[0].1));
        let row = |i: usize| mel.frames[spans[i].0];
        let low = |r: [f32; BANDS]| r[..12].iter().sum::<f32>();
        let high = |r: [f32; BANDS]| r[28..].iter().sum::<f32>();
        assert!(high(row(0)) > low(row(0)) && low(row(1)) > high(row(1)));
        assert!(low(row(4)) < low(row(2)));
    }
}
