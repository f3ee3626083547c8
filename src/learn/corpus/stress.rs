//! Which words a synthesiser stresses, however little it does.
//!
//! Synthesisers speak flatly: the ear for people ([`crate::speech::prosody`]) hears hardly an accent in them. People who
//! gesture need some. So the words that stand out *most* in each phrase are taken, by the same three signs (height,
//! loudness, length), each against the words of the phrase; the strength follows from how far they stand out. All of it
//! can be heard, so that a network can learn what gestures go with.

use crate::pose::expression::{Accent, Voice};
use crate::speech::pitch;
use crate::speech::prosody::SpokenWord;
use crate::time::TimeRange;

/// Weights of height, loudness and length, as the ear for people has them.
const WEIGHTS: [f32; 3] = [0.45, 0.35, 0.20];
/// At most this share of the words of a phrase, one at least.
const SHARE: f32 = 0.35;
/// Stressed words begin at least so far apart, seconds.
const APART: f64 = 0.4;
/// Words that stand out less than this are not stressed: standard deviations.
const LEAST: f32 = 0.15;

/// The same with stressed words added where few were heard. `loud` and `pitch` as for [`crate::speech::prosody::listen`].
pub fn with_stress(mut heard: Voice, loud: &[f32], track: &[Option<f32>], words: &[SpokenWord]) -> Voice {
    for phrase in heard.phrases.clone() {
        let own: Vec<&SpokenWord> = words.iter().filter(|w| phrase.range.contains(w.range.middle())).collect();
        let scores = scores(&own, loud, track);
        let mut ranked: Vec<usize> = (0..own.len()).filter(|i| scores[*i] > LEAST || own.len() == 1).collect();
        ranked.sort_by(|a, b| scores[*b].total_cmp(&scores[*a]).then(a.cmp(b)));
        let most = ((SHARE * own.len() as f32).round() as usize).max(1);
        let mut taken = heard.accents.iter().filter(|a| phrase.range.overlaps(a.range)).count();
        for i in ranked {
            let range = own[i].range;
            let near = |a: &Accent| (a.range.start.0 - range.start.0).abs() < APART || a.range.overlaps(range);
            if taken >= most {
                break;
            }
            if !heard.accents.iter().any(near) {
                let strength = (0.35 + 0.25 * scores[i]).clamp(0.2, 1.0);
                heard.accents.push(Accent { range, strength });
                taken += 1;
            }
        }
    }
    heard.accents.sort_by(|a, b| a.range.start.total_cmp(&b.range.start));
    heard
}

/// How far each word stands out of its phrase, standard deviations.
fn scores(words: &[&SpokenWord], loud: &[f32], track: &[Option<f32>]) -> Vec<f32> {
    let rate = f64::from(pitch::RATE) / pitch::HOP as f64;
    let frames = |r: TimeRange, n: usize| {
        let at = |s: f64| ((s * rate).max(0.0) as usize).min(n);
        at(r.start.0)..at(r.end.0)
    };
    // Near the top, since single frames err.
    let top = |mut v: Vec<f32>| {
        v.sort_by(f32::total_cmp);
        v.get(v.len() * 4 / 5).or(v.last()).copied()
    };
    let high = |w: &SpokenWord| {
        let own = track[frames(w.range, track.len())].iter().flatten();
        top(own.map(|h| 12.0 * (h / 100.0).log2()).collect())
    };
    let level = |w: &SpokenWord| top(loud[frames(w.range, loud.len())].to_vec());
    let length = |w: &SpokenWord| Some((w.range.length().0 as f32 / w.sounds.max(1) as f32).max(1e-3).ln());
    let signs: [Vec<Option<f32>>; 3] = [
        words.iter().map(|w| high(w)).collect(),
        words.iter().map(|w| level(w)).collect(),
        words.iter().map(|w| length(w)).collect(),
    ];
    let mut out = vec![0.0; words.len()];
    for (sign, weight) in signs.iter().zip(WEIGHTS) {
        let known: Vec<f32> = sign.iter().flatten().copied().collect();
        let n = known.len().max(1) as f32;
        let mean = known.iter().sum::<f32>() / n;
        let spread = (known.iter().map(|v| (v - mean).powi(2)).sum::<f32>() / n).sqrt().max(1e-3);
        for (o, v) in out.iter_mut().zip(sign) {
            *o += weight * v.map_or(-0.5, |v| ((v - mean) / spread).clamp(-2.0, 2.0));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pose::expression::Phrase;
    use crate::time::Seconds;

    #[test]
    fn the_words_that_stand_out_most_are_stressed_and_no_more() {
        let range = |i: usize| TimeRange::new(Seconds(0.5 * i as f64), Seconds(0.5 * i as f64 + 0.4));
        let words: Vec<SpokenWord> =
            (0..9).map(|i| SpokenWord { range: range(i), sounds: 4, after_break: false }).collect();
        let frames = 450;
        let (mut loud, mut track) = (vec![-30.0; frames], vec![Some(120.0); frames]);
        // The third word is a little higher, the seventh a little louder.
        track[100..140].fill(Some(126.0));
        loud[300..340].fill(-28.0);
        let whole = TimeRange::new(Seconds(0.0), Seconds(4.5));
        let heard = Voice { accents: Vec::new(), phrases: vec![Phrase { range: whole, level: 0.0 }] };
        let voice = with_stress(heard.clone(), &loud, &track, &words);
        let found: Vec<TimeRange> = voice.accents.iter().map(|a| a.range).collect();
        assert_eq!(found, [range(2), range(6)]);
        assert_eq!(voice.broken_invariant(), None);
        // What was heard stays, and counts.
        let accents = (0..3).map(|i| Accent { range: range(3 * i + 1), strength: 0.9 }).collect();
        let full = with_stress(Voice { accents, ..heard.clone() }, &loud, &track, &words);
        assert_eq!(full.accents.len(), 3);
        assert!(with_stress(heard, &[], &[], &words).accents.len() <= 3);
        assert!(with_stress(Voice::default(), &[], &[], &[]).is_empty());
    }
}
