//! `cueloom eval align`: how far found times are from true ones, on synthesised recordings or on times set by hand.

use super::{Bar, Failure, Outcome, language, print_out, text_argument};
use crate::exchange::{Tier, textgrid};
use crate::jobs::draft;
use crate::language::{Language, Phone, PhoneClass, ReadingOptions, Utterance, WordKind};
use crate::media;
use crate::progress::Progress;
use crate::speech::evaluate::{self, Half, Measured, OnsetScores};
use crate::speech::mapping::{Heard, Wanted, map};
use crate::speech::sounds::letters_of_phone;
use crate::speech::voice::Voice;
use crate::speech::{self, TimedPhone};
use serde_json::{Map, Value, json};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

#[derive(clap::Args)]
pub struct Args {
    /// Times set by hand: a TextGrid with an interval tier `words` or `phones`. Without it, synthesised recordings are
    /// measured.
    #[arg(value_name = "FILE.TextGrid", requires = "audio", requires = "lang")]
    file: Option<PathBuf>,
    /// The recording that the times belong to.
    #[arg(long, value_name = "FILE")]
    audio: Option<PathBuf>,
    /// Language of the recording: cmn, fra or eng-US.
    #[arg(long, value_name = "CODE", value_parser = language)]
    lang: Option<Language>,
    /// What is said, or @FILE; without it the words of the tier `words`.
    #[arg(long, value_name = "TEXT|@FILE")]
    text: Option<String>,
    /// As JSON: for every set `median_ms`, `p90_ms`, `n` and more.
    #[arg(long)]
    json: bool,
    /// Fewer recordings: a quarter of the sentences.
    #[arg(long)]
    quick: bool,
    /// The sentences that the aligner was worked on with, in place of those kept apart.
    #[arg(long)]
    work: bool,
}

pub fn run(args: &Args) -> Outcome {
    let printed = match (&args.file, &args.audio, args.lang) {
        (Some(file), Some(audio), Some(language)) => by_hand(args, file, audio, language)?,
        (None, None, _) => synthesised(args)?,
        _ => {
            return Err(Failure::Arguments(anyhow::anyhow!(
                "times set by hand are measured with the TextGrid, --audio and --lang; without any of them synthesised \
                 recordings are"
            )));
        }
    };
    print_out(&printed);
    Ok(())
}

fn synthesised(args: &Args) -> Result<String, Failure> {
    let voice = Voice::shared().map_err(|e| Failure::Work(e.into()))?;
    let half = if args.work { Half::Work } else { Half::HeldOut };
    let most = if args.quick { 3 } else { usize::MAX };
    let bar = Bar::new();
    let measured = evaluate::measure(half, most, &voice, &bar).map_err(|e| Failure::Work(e.into()))?;
    if args.json {
        let value = |v: Result<Value, serde_json::Error>| v.map_err(|e| Failure::Work(e.into()));
        let mut sets = Map::new();
        for set in &measured.sets {
            sets.insert(set.set.clone(), value(serde_json::to_value(set))?);
        }
        let mut departures = Map::new();
        for set in &measured.departures {
            departures.insert(set.set.clone(), value(serde_json::to_value(set))?);
        }
        let half = if args.work { "work" } else { "held-out" };
        return Ok(json!({ "sentences": half, "sets": sets, "departures": departures }).to_string() + "\n");
    }
    Ok(table(&measured))
}

fn table(measured: &Measured) -> String {
    let mut out = String::from(
        "Key onsets: errors in milliseconds\n\
         set               n  median   90 %  worst   bias  reported/recordings\n",
    );
    let line = |out: &mut String, name: &str, s: &OnsetScores, more: &str| {
        let _ = writeln!(
            out,
            "{name:<14} {:>4} {:>7.1} {:>6.1} {:>6.0} {:>+6.1}{more}",
            s.n, s.median_ms, s.p90_ms, s.worst_ms, s.bias_ms
        );
    };
    for set in &measured.sets {
        line(&mut out, &set.set, &set.scores, &format!("  {}/{}", set.false_alarms, set.recordings));
        for (class, s) in &set.by_class {
            line(&mut out, &format!("  {class}"), s, "");
        }
    }
    out.push_str("\nDepartures from the text\nset               n  found  exact  elsewhere  onsets: n, median, 90 %\n");
    for d in &measured.departures {
        let _ = writeln!(
            out,
            "{:<14} {:>4} {:>6} {:>6} {:>10}  {:>9} {:>7.1} {:>6.1}",
            d.set, d.n, d.found, d.exact, d.false_alarms, d.onsets.n, d.onsets.median_ms, d.onsets.p90_ms
        );
    }
    out
}

/// Labels that people write for silence.
pub(super) fn is_silence(label: &str) -> bool {
    let label = label.trim().to_lowercase();
    matches!(label.as_str(), "" | "sil" | "sp" | "spn" | "#" | "##" | "+" | "_" | "<p>" | "<sil>" | "pau" | "*")
}

fn labels(tier: Option<&Tier>) -> Vec<(f64, f64, &str)> {
    let intervals = tier.map_or(&[][..], |t| &t.intervals);
    intervals.iter().filter(|(_, l)| !is_silence(l)).map(|(r, l)| (r.start.0, r.end.0, l.trim())).collect()
}

/// Compares times set by hand with those found.
fn by_hand(args: &Args, file: &Path, audio: &Path, language: Language) -> Result<String, Failure> {
    let wrong = |what: String| Failure::Input(anyhow::anyhow!("{what}: {}", file.display()));
    let bytes = std::fs::read(file).map_err(|e| wrong(format!("cannot read the file ({e})")))?;
    let tiers = textgrid::read(&bytes).map_err(|e| wrong(e.to_string()))?;
    let (words, phones) = (labels(tiers.tier("words")), labels(tiers.tier("phones")));
    // Where each word's label stands in the text that is made of them.
    let mut text = String::new();
    let mut places = Vec::new();
    for (_, _, label) in &words {
        if !text.is_empty() && language != Language::Mandarin {
            text.push(' ');
        }
        places.push(text.len()..text.len() + label.len());
        text.push_str(label);
    }
    let own_text = args.text.is_none();
    if let Some(given) = &args.text {
        text = text_argument(given)?;
    }
    if text.trim().is_empty() || (words.is_empty() && phones.is_empty()) {
        return Err(wrong("there is no interval tier \"words\" or \"phones\", or no text; give it with --text".into()));
    }
    let bar = Bar::new();
    let work = || -> anyhow::Result<(Utterance, speech::Alignment)> {
        let sound = media::decode_audio(audio, &bar)?;
        let utterance = draft::read_text(&text, language, &ReadingOptions::default())?;
        let (reference, _) = speech::reference_for(&utterance);
        let found =
            draft::align(&draft::analysis_sound(&sound), &utterance, reference.as_ref(), &bar as &dyn Progress)?;
        Ok((utterance, found))
    };
    let (utterance, found) = work().map_err(Failure::from)?;
    let mut sets: Vec<(&str, OnsetScores)> = Vec::new();
    if own_text && !words.is_empty() {
        sets.push(("words", evaluate::scores(&word_errors(&utterance, &found.phones, &words, &places))));
    }
    if !phones.is_empty() {
        let truth = phone_truth(&utterance, &phones).ok_or_else(|| {
            wrong("the tier \"phones\" does not fit the text; check that they belong together".into())
        })?;
        let errors: Vec<f64> = found.phones.iter().zip(&truth).map(|(f, t)| (f.start - t.start).millis()).collect();
        sets.push(("phones", evaluate::scores(&errors)));
        let onsets: Vec<f64> =
            evaluate::onset_errors(&found.phones, &truth, &utterance).into_iter().map(|e| e.1).collect();
        sets.push(("onsets", evaluate::scores(&onsets)));
    }
    if args.json {
        let mut map = Map::new();
        for (name, scores) in &sets {
            map.insert((*name).to_owned(), serde_json::to_value(scores).map_err(|e| Failure::Work(e.into()))?);
        }
        return Ok(json!({ "sets": map, "events": found.events, "warnings": found.warnings }).to_string() + "\n");
    }
    let mut out =
        String::from("Errors in milliseconds, found minus set by hand\nset        n  median   90 %  worst   bias\n");
    for (name, s) in &sets {
        let _ = writeln!(
            out,
            "{name:<7} {:>4} {:>7.1} {:>6.1} {:>6.0} {:>+6.1}",
            s.n, s.median_ms, s.p90_ms, s.worst_ms, s.bias_ms
        );
    }
    for warning in &found.warnings {
        let _ = writeln!(out, "note: {warning}");
    }
    Ok(out)
}

/// Errors of the beginnings of labelled words: those in which a spoken word of the text begins.
fn word_errors(
    utterance: &Utterance,
    found: &[TimedPhone],
    words: &[(f64, f64, &str)],
    places: &[std::ops::Range<usize>],
) -> Vec<f64> {
    let firsts: Vec<(usize, usize)> = utterance
        .words
        .iter()
        .scan(0, |at, word| {
            let first = *at;
            *at += word.syllables().iter().map(|s| s.phones.len()).sum::<usize>();
            Some((word, first, *at))
        })
        .filter(|(word, first, end)| word.kind == WordKind::Spoken && end > first)
        .map(|(word, first, _)| (word.source.start, first))
        .collect();
    words
        .iter()
        .zip(places)
        .filter_map(|((start, ..), place)| {
            let (_, phone) = firsts.iter().find(|(at, _)| place.contains(at))?;
            Some((found.get(*phone)?.start.0 - start) * 1000.0)
        })
        .collect()
}

/// The times set by hand, laid on the phones of our reading; `None` where the two are not the same words.
fn phone_truth(utterance: &Utterance, labels: &[(f64, f64, &str)]) -> Option<Vec<TimedPhone>> {
    let letters = |symbol: &str| {
        let phone = Phone { symbol: symbol.to_owned(), class: PhoneClass::Vowel };
        letters_of_phone(&phone, utterance.language)
    };
    let heard: Vec<Heard> = labels
        .iter()
        .map(|&(start, end, label)| Heard { letters: letters(label), start, end, begins_word: false })
        .collect();
    let wanted: Vec<Wanted> = utterance
        .phones()
        .map(|p| Wanted { letters: letters_of_phone(p.phone, utterance.language), begins_word: false })
        .collect();
    let mapped = map(&heard, &wanted);
    (mapped.cost < 0.5).then(|| {
        let time = |&(start, end): &(f64, f64)| TimedPhone {
            start: crate::time::Seconds(start),
            end: crate::time::Seconds(end),
            confidence: 1.0,
        };
        mapped.spans.iter().map(time).collect()
    })
}
