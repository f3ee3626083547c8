//! WebVTT captions (`.vtt`), as web pages and HTML video use them.

use super::{ExchangeError, Tier, Tiers, caption_range, captions, decode_text, without_markup, write_caption_time};
use std::fmt::Write;

/// The labels of `tier` as captions, in order of time; blank ones are left out.
pub fn write(tier: &Tier) -> String {
    let mut out = String::from("WEBVTT\n\n");
    for (range, text) in tier.sorted().into_iter().filter(|(_, t)| !t.trim().is_empty()) {
        let (from, to) = (write_caption_time(range.start, '.'), write_caption_time(range.end, '.'));
        let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        let lines: Vec<&str> = escaped.lines().map(str::trim_end).filter(|l| !l.is_empty()).collect();
        let _ = write!(out, "{from} --> {to}\n{}\n\n", lines.join("\n"));
    }
    out
}

/// Captions as one tier named `captions`; notes, styles, names of cues, settings and markup are left out.
///
/// # Errors
/// When the first line is not `WEBVTT`, or a line with an arrow holds no two times.
pub fn read(bytes: &[u8]) -> Result<Tiers, ExchangeError> {
    let text = decode_text(bytes);
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    if !text.trim_start().starts_with("WEBVTT") {
        let detail = "its first line is not WEBVTT".to_owned();
        return Err(ExchangeError::NotThisFormat { format: "a file of WebVTT captions", detail });
    }
    let mut found = Vec::new();
    let mut lines = text.lines().enumerate();
    // What notes and styles hold, arrows too, ends with a blank line.
    while let Some((i, line)) = lines.next() {
        let first = line.trim();
        if ["NOTE", "STYLE", "REGION"].iter().any(|k| first.split_whitespace().next() == Some(k)) {
            lines.by_ref().map(|(_, l)| l).find(|l| l.trim().is_empty());
            continue;
        }
        if !first.contains("-->") {
            continue;
        }
        let what = || ExchangeError::Line { line: i + 1, what: format!("no two times like 00:01.000 in \"{first}\"") };
        let range = caption_range(first).ok_or_else(what)?;
        let block: Vec<&str> = lines.by_ref().map(|(_, l)| l.trim()).take_while(|l| !l.is_empty()).collect();
        let label = unescape(&without_markup(&block.join("\n")));
        if !label.is_empty() {
            found.push((range, label));
        }
    }
    Ok(captions(found))
}

fn unescape(text: &str) -> String {
    let names = [("&lt;", "<"), ("&gt;", ">"), ("&nbsp;", "\u{a0}"), ("&lrm;", ""), ("&rlm;", ""), ("&amp;", "&")];
    names.iter().fold(text.to_owned(), |text, (name, sign)| text.replace(name, sign))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{range, sample};
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let mut tier = sample().tiers.remove(0);
        tier.intervals.push((range(3.0, 4.0), "a < b & c --> d\nzwei".to_owned()));
        let text = write(&tier);
        assert!(text.starts_with("WEBVTT\n\n00:00:00.000 --> 00:00:00.480\n他\n\n"), "{text}");
        assert_eq!(read(text.as_bytes()).unwrap().tiers[0].intervals, tier.intervals);
    }

    #[test]
    fn captions_as_they_are_found() {
        let text = "WEBVTT - a title\nKind: captions\n\nSTYLE\n::cue { color: red }\n\nNOTE\n00:00 --> nothing\n\n\
                    intro\n00:01.000 --> 00:02.500 align:start line:10%\n<v Anna><c.loud>Salut&nbsp;!</c>\n\n\
                    1:00:00.000 --> 1:00:01.000\n&lt;fin&gt;";
        let got = read(text.as_bytes()).unwrap();
        let want = [(range(1.0, 2.5), "Salut\u{a0}!"), (range(3600.0, 3601.0), "<fin>")];
        assert_eq!(got.tiers[0].intervals, want.map(|(r, t)| (r, t.to_owned())));
    }

    #[test]
    fn other_texts_are_refused() {
        assert!(matches!(read(b"1\n00:00:01,0 --> 00:00:02,0\nA"), Err(ExchangeError::NotThisFormat { .. })));
        assert!(matches!(read(b"WEBVTT\n\n00:x --> 00:02\nA"), Err(ExchangeError::Line { line: 3, .. })));
    }
}
