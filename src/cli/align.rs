//! `cueloom align`: when each sound of a text is spoken in a recording.

use super::eval_align::is_silence;
use super::{Bar, Failure, Outcome, language, text_argument, write_file};
use crate::cueing::chart::{Chart, ChartSwitches};
use crate::cueing::{notation, what};
use crate::document::edit::Document;
use crate::document::file;
use crate::exchange::textgrid;
use crate::exchange::{Tier, Tiers};
use crate::jobs::{charts, draft, realign, slow};
use crate::language::{Language, ReadingOptions, Utterance};
use crate::media;
use crate::speech::{self, Alignment, TimedPhone};
use crate::time::{Seconds, TimeRange};
use serde_json::json;
use std::path::{Path, PathBuf};

#[derive(clap::Args)]
pub struct Args {
    /// A project in whose recording sounds are found again, with --realign.
    #[arg(value_name = "PROJECT", requires = "realign", conflicts_with_all = ["audio", "text", "lang", "out", "anchors"])]
    project: Option<PathBuf>,
    /// The recording: any audio or video file FFmpeg reads.
    #[arg(long, value_name = "FILE", required_unless_present = "project")]
    audio: Option<PathBuf>,
    /// What is said, or @FILE to read it from a UTF-8 file.
    #[arg(long, value_name = "TEXT|@FILE", required_unless_present = "project")]
    text: Option<String>,
    /// Language of the text: cmn, fra or eng-US.
    #[arg(long, value_name = "CODE", value_parser = language, required_unless_present = "project")]
    lang: Option<Language>,
    /// Where to write: .TextGrid for Praat, or .json.
    #[arg(long, value_name = "FILE", required_unless_present = "project")]
    out: Option<PathBuf>,
    /// Times put right by hand: a TextGrid as this command writes it. Sounds within labelled stretches of its tier
    /// "anchors" stay exactly; the others are found between them.
    #[arg(long, value_name = "FILE.TextGrid")]
    anchors: Option<PathBuf>,
    /// The chart that the keys are made by: a file, or eng-GB.
    #[arg(long, value_name = "FILE", conflicts_with = "project")]
    chart: Option<String>,
    /// Only the sounds between two times (seconds) are found again: of a project, or of the file of --anchors.
    #[arg(long, value_name = "FROM..TO", value_parser = stretch)]
    realign: Option<TimeRange>,
}

/// `12.5..14`, in seconds.
fn stretch(text: &str) -> Result<TimeRange, String> {
    let number = |part: &str| part.trim().parse::<f64>().ok().filter(|v| v.is_finite() && *v >= 0.0);
    let both = text.split_once("..").and_then(|(a, b)| Some((number(a)?, number(b)?)));
    match both {
        Some((from, to)) if from < to => Ok(TimeRange::new(Seconds(from), Seconds(to))),
        _ => Err("write two times in seconds, the earlier one first: 12.5..14".into()),
    }
}

pub fn run(args: &Args) -> Outcome {
    match args {
        Args { project: Some(project), realign: Some(range), .. } => realign_project(project, *range),
        Args { audio: Some(audio), text: Some(text), lang: Some(lang), out: Some(out), .. } => {
            align_file(args, audio, text, *lang, out)
        }
        _ => Err(Failure::Arguments(anyhow::anyhow!(
            "say what is to be aligned: --audio, --text, --lang and --out, or a project and --realign"
        ))),
    }
}

/// Finds sounds of a project again and saves it.
fn realign_project(path: &Path, range: TimeRange) -> Outcome {
    let folder = file::project_folder(path);
    let project = file::load(&folder).map_err(|e| Failure::from(anyhow::Error::from(e)))?;
    let work = || -> anyhow::Result<_> {
        realign::can_realign(&project)?;
        let media = file::find_media(&folder, &project.sound.media).ok_or_else(|| {
            let path = folder.join(&project.sound.media.path);
            anyhow::Error::from(slow::SlowError::MissingMedia(path))
        })?;
        let sound = media::decode_audio(&media, &Bar::new())?;
        Ok(realign::realign(&project, &sound, realign::phones_between(&project, range))?)
    };
    let found = work().map_err(Failure::from)?;
    for note in &found.notes {
        eprintln!("note: {note}");
    }
    let mut document = Document::new(project.clone());
    document.apply(&found.edit).map_err(|e| Failure::Work(e.into()))?;
    file::save(&folder, document.project()).map_err(|e| Failure::Work(e.into()))?;
    eprintln!(
        "found again from {} to {}: {} boundaries moved, {} set by hand stayed",
        found.range.start, found.range.end, found.moved, found.kept
    );
    Ok(())
}

/// The known times of the phones of `utterance` in a TextGrid: those in the tier "anchors", and those outside `range`.
fn anchors_of(
    bytes: &[u8],
    utterance: &Utterance,
    range: Option<TimeRange>,
) -> Result<Vec<Option<TimedPhone>>, anyhow::Error> {
    let tiers = textgrid::read(bytes)?;
    let labelled = |name: &str| -> Vec<TimeRange> {
        let intervals = tiers.tier(name).map_or(&[][..], |t| &t.intervals);
        intervals.iter().filter(|(_, l)| !is_silence(l)).map(|(r, _)| *r).collect()
    };
    let phones = labelled("phones");
    let count = utterance.phones().count();
    anyhow::ensure!(
        phones.len() == count,
        "the tier \"phones\" has {} sounds, the text {count}; use the file that cueloom align wrote for this text",
        phones.len()
    );
    anyhow::ensure!(
        range.is_some() || tiers.tier("anchors").is_some(),
        "there is no tier \"anchors\"; label in it what stays, or say with --realign what is to be found again"
    );
    let known = labelled("anchors");
    let stays = |p: &TimeRange| {
        let middle = p.middle();
        known.iter().any(|k| k.contains(middle)) || range.is_some_and(|r| !r.contains(middle))
    };
    let timed = |p: &TimeRange| TimedPhone { start: p.start, end: p.end, confidence: 1.0 };
    Ok(phones.iter().map(|p| stays(p).then(|| timed(p))).collect())
}

fn align_file(args: &Args, audio: &Path, text: &str, lang: Language, out: &Path) -> Outcome {
    let extension = out.extension().map(|e| e.to_string_lossy().to_lowercase());
    let as_json = match extension.as_deref() {
        Some("textgrid") => false,
        Some("json") => true,
        _ => {
            return Err(Failure::Arguments(anyhow::anyhow!(
                "the result is written as .TextGrid or .json; name it so: {}",
                out.display()
            )));
        }
    };
    if args.realign.is_some() && args.anchors.is_none() {
        return Err(Failure::Arguments(anyhow::anyhow!(
            "--realign needs the times as they are: name their TextGrid with --anchors, or a project"
        )));
    }
    let text = text_argument(text)?;
    let own = match &args.chart {
        Some(name) => charts::choose(name, lang).map_err(|e| Failure::from(anyhow::Error::from(e)))?,
        None => None,
    };
    let chart = own.as_deref().unwrap_or_else(|| Chart::builtin(lang));
    let bar = Bar::new();
    let utterance =
        draft::read_text(&text, lang, &ReadingOptions::default()).map_err(|e| Failure::from(anyhow::Error::from(e)))?;
    let anchors = match &args.anchors {
        None => None,
        Some(path) => {
            let wrong =
                |e: anyhow::Error| Failure::Input(e.context(format!("in the file of anchors, {}", path.display())));
            let bytes = std::fs::read(path).map_err(|e| wrong(e.into()))?;
            Some(anchors_of(&bytes, &utterance, args.realign).map_err(wrong)?)
        }
    };
    let work = || -> anyhow::Result<(Alignment, Seconds)> {
        let audio = media::decode_audio(audio, &bar)?;
        let (reference, doubts) = speech::reference_for(&utterance);
        let sound = draft::analysis_sound(&audio);
        let mut alignment = match &anchors {
            None => draft::align(&sound, &utterance, reference.as_ref(), &bar)?,
            Some(anchors) => speech::align_anchored(&sound, &utterance, reference.as_ref(), anchors, &bar)
                .map_err(draft::DraftError::Alignment)?,
        };
        alignment.warnings.splice(0..0, doubts);
        Ok((alignment, audio.duration()))
    };
    let (alignment, length) = work().map_err(Failure::from)?;
    for warning in &alignment.warnings {
        eprintln!("note: {warning}");
    }
    if let Some(unchecked) = &chart.unchecked {
        eprintln!("note: {}", unchecked.en);
    }
    let keys = timed_keys(&utterance, &alignment, chart);
    let content = if as_json {
        let value = alignment_json(&utterance, &alignment, length, &keys);
        serde_json::to_string_pretty(&value).map_err(|e| Failure::Work(e.into()))? + "\n"
    } else {
        textgrid::write(&alignment_tiers(&utterance, &alignment, length, keys))
    };
    write_file(out, content.as_bytes())
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

/// When the sounds of each key are, and its notation. Both keys of a diphthong lie on its one phone: each gets its half.
fn timed_keys(utterance: &Utterance, alignment: &Alignment, chart: &Chart) -> Vec<(TimeRange, String)> {
    let keys = what::keys(utterance, chart, &ChartSwitches::default());
    let timed = |i: usize| {
        let k = &keys[i];
        let whole = span(alignment, &k.phones)?;
        let split = |other: &crate::cueing::Key| {
            let shared = alignment.phones[k.phones.start.max(other.phones.start)];
            TimeRange::new(shared.start, shared.end).middle()
        };
        let before = i.checked_sub(1).map(|b| &keys[b]).filter(|b| b.phones.end > k.phones.start);
        let after = keys.get(i + 1).filter(|a| a.phones.start < k.phones.end);
        let range = TimeRange::new(before.map_or(whole.start, split), after.map_or(whole.end, split));
        Some((range, notation::write(std::slice::from_ref(k), notation::LetterSet::Sppas)))
    };
    (0..keys.len()).filter_map(timed).collect()
}

fn alignment_tiers(
    utterance: &Utterance,
    alignment: &Alignment,
    length: Seconds,
    keys: Vec<(TimeRange, String)>,
) -> Tiers {
    let words = words_with_phones(utterance);
    let tier = |name: &str, intervals: Vec<(TimeRange, String)>| Tier { name: name.to_owned(), intervals };
    let phones = utterance.phones().zip(&alignment.phones);
    Tiers {
        length,
        tiers: vec![
            tier("words", words.iter().filter_map(|(text, r)| Some((span(alignment, r)?, text.clone()))).collect()),
            tier("phones", phones.map(|(p, t)| (TimeRange::new(t.start, t.end), p.phone.symbol.clone())).collect()),
            tier("keys", keys),
        ],
    }
}

fn alignment_json(
    utterance: &Utterance,
    alignment: &Alignment,
    length: Seconds,
    keys: &[(TimeRange, String)],
) -> serde_json::Value {
    let keys: Vec<_> =
        keys.iter().map(|(range, key)| json!({ "key": key, "start": range.start, "end": range.end })).collect();
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
        "keys": keys,
        "warnings": alignment.warnings,
        "events": alignment.events,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stretches_are_read_and_nonsense_is_told() {
        assert_eq!(stretch("12.5..14"), Ok(TimeRange::new(Seconds(12.5), Seconds(14.0))));
        assert_eq!(stretch(" 0 .. 0.5 ").map(|r| r.end), Ok(Seconds(0.5)));
        for bad in ["", "12", "14..12", "-1..2", "a..b", "1..inf", "3..3"] {
            assert!(stretch(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn anchors_are_the_labelled_sounds_and_those_outside_the_stretch() {
        let utterance = crate::language::read("你好吗", Language::Mandarin, &ReadingOptions::default(), None);
        let count = utterance.phones().count();
        let at = |i: usize| TimeRange::new(Seconds(i as f64 * 0.1), Seconds((i + 1) as f64 * 0.1));
        let phones = utterance.phones().enumerate().map(|(i, p)| (at(i), p.phone.symbol.clone())).collect();
        let anchors = vec![(TimeRange::new(Seconds(0.1), Seconds(0.3)), "x".to_owned())];
        let tier = |name: &str, intervals| Tier { name: name.into(), intervals };
        let length = Seconds(count as f64 * 0.1);
        let with = Tiers { length, tiers: vec![tier("phones", phones), tier("anchors", anchors)] };
        let mut without = with.clone();
        without.tiers.pop();
        let known = |tiers: &Tiers, range| {
            let bytes = textgrid::write(tiers);
            anchors_of(bytes.as_bytes(), &utterance, range)
                .map(|a| (0..count).filter(|&i| a[i].is_some()).collect::<Vec<_>>())
                .map_err(|e| e.to_string())
        };
        assert_eq!(known(&with, None), Ok(vec![1, 2]));
        let late = Some(TimeRange::new(Seconds(0.2), length));
        assert_eq!(known(&with, late), Ok(vec![0, 1, 2]));
        assert_eq!(known(&without, late), Ok(vec![0, 1]));
        assert!(known(&without, None).is_err_and(|e| e.contains("--realign")));
        without.tiers[0].intervals.pop();
        assert!(known(&without, late).is_err_and(|e| e.contains("the text")));
    }
}
