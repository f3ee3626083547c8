//! `cueloom align`: when each sound of a text is spoken in a recording.

use super::{Bar, Failure, Outcome, language, text_argument, write_file};
use crate::cueing::chart::{Chart, ChartSwitches};
use crate::cueing::{notation, what};
use crate::exchange::textgrid;
use crate::exchange::{Tier, Tiers};
use crate::jobs::draft;
use crate::language::{Language, ReadingOptions, Utterance};
use crate::media;
use crate::speech::{self, Alignment};
use crate::time::{Seconds, TimeRange};
use serde_json::json;
use std::path::PathBuf;

#[derive(clap::Args)]
pub struct Args {
    /// The recording: any audio or video file FFmpeg reads.
    #[arg(long, value_name = "FILE")]
    audio: PathBuf,
    /// What is said, or @FILE to read it from a UTF-8 file.
    #[arg(long, value_name = "TEXT|@FILE")]
    text: String,
    /// Language of the text: cmn, fra or eng-US.
    #[arg(long, value_name = "CODE", value_parser = language)]
    lang: Language,
    /// Where to write: .TextGrid for Praat, or .json.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

pub fn run(args: &Args) -> Outcome {
    let extension = args.out.extension().map(|e| e.to_string_lossy().to_lowercase());
    let as_json = match extension.as_deref() {
        Some("textgrid") => false,
        Some("json") => true,
        _ => {
            return Err(Failure::Arguments(anyhow::anyhow!(
                "the result is written as .TextGrid or .json; name it so: {}",
                args.out.display()
            )));
        }
    };
    let text = text_argument(&args.text)?;
    let bar = Bar::new();
    let work = || -> anyhow::Result<(Utterance, Alignment, Seconds)> {
        let audio = media::decode_audio(&args.audio, &bar)?;
        let utterance = draft::read_text(&text, args.lang, &ReadingOptions::default())?;
        let (reference, doubts) = speech::reference_for(&utterance);
        let mut alignment = draft::align(&draft::analysis_sound(&audio), &utterance, reference.as_ref(), &bar)?;
        alignment.warnings.splice(0..0, doubts);
        Ok((utterance, alignment, audio.duration()))
    };
    let (utterance, alignment, length) = work().map_err(Failure::from)?;
    for warning in &alignment.warnings {
        eprintln!("note: {warning}");
    }
    let content = if as_json {
        let value = alignment_json(&utterance, &alignment, length);
        serde_json::to_string_pretty(&value).map_err(|e| Failure::Work(e.into()))? + "\n"
    } else {
        textgrid::write(&alignment_tiers(&utterance, &alignment, length))
    };
    write_file(&args.out, content.as_bytes())
}

/// Ranges of the flat phones of each word.
fn words_with_phones(utterance: &Utterance) -> Vec<(String, std::ops::Range<usize>)> {
    let mut at = 0;
    utterance
        .words
        .iter()
        .map(|w| {
            let n: usize = w.syllables().iter().map(|s| s.phones.len()).sum();
            at += n;
            (w.text.clone(), at - n..at)
        })
        .filter(|(_, range)| !range.is_empty())
        .collect()
}

fn span(alignment: &Alignment, range: &std::ops::Range<usize>) -> Option<TimeRange> {
    let phones = alignment.phones.get(range.clone())?;
    Some(TimeRange::new(phones.first()?.start, phones.last()?.end))
}

fn alignment_tiers(utterance: &Utterance, alignment: &Alignment, length: Seconds) -> Tiers {
    let words = words_with_phones(utterance);
    let keys = what::keys(utterance, Chart::builtin(utterance.language), &ChartSwitches::default());
    let tier = |name: &str, intervals: Vec<(TimeRange, String)>| Tier { name: name.to_owned(), intervals };
    let phones = utterance.phones().zip(&alignment.phones);
    Tiers {
        length,
        tiers: vec![
            tier("words", words.iter().filter_map(|(text, r)| Some((span(alignment, r)?, text.clone()))).collect()),
            tier("phones", phones.map(|(p, t)| (TimeRange::new(t.start, t.end), p.phone.symbol.clone())).collect()),
            tier(
                "keys",
                // Both keys of a diphthong lie on its one phone: each gets its half.
                keys.iter()
                    .enumerate()
                    .filter_map(|(i, k)| {
                        let whole = span(alignment, &k.phones)?;
                        let split = |other: &crate::cueing::Key| {
                            let shared = alignment.phones[k.phones.start.max(other.phones.start)];
                            TimeRange::new(shared.start, shared.end).middle()
                        };
                        let before = i.checked_sub(1).map(|b| &keys[b]).filter(|b| b.phones.end > k.phones.start);
                        let after = keys.get(i + 1).filter(|a| a.phones.start < k.phones.end);
                        let range = TimeRange::new(before.map_or(whole.start, split), after.map_or(whole.end, split));
                        Some((range, notation::write(std::slice::from_ref(k), notation::LetterSet::Sppas)))
                    })
                    .collect(),
            ),
        ],
    }
}

fn alignment_json(utterance: &Utterance, alignment: &Alignment, length: Seconds) -> serde_json::Value {
    let phones: Vec<_> = utterance
        .phones()
        .zip(&alignment.phones)
        .map(|(p, t)| {
            json!({
                "symbol": p.phone.symbol, "word": p.word, "syllable": p.syllable,
                "start": t.start, "end": t.end, "confidence": t.confidence,
            })
        })
        .collect();
    let words: Vec<_> = words_with_phones(utterance)
        .iter()
        .filter_map(|(text, r)| {
            let t = span(alignment, r)?;
            Some(json!({ "text": text, "start": t.start, "end": t.end }))
        })
        .collect();
    json!({
        "language": utterance.language.code(),
        "text": utterance.text,
        "length": length,
        "method": match alignment.method {
            speech::Method::Dtw => "synthesised-reference",
            speech::Method::Energy => "energy",
        },
        "words": words,
        "phones": phones,
        "warnings": alignment.warnings,
        "events": alignment.events,
    })
}
