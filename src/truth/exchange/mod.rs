//! Time-aligned texts in the formats of other programs: Praat, captions, tables, JSON.
//!
//! Everything passes through one neutral form, [`Tiers`]: named rows of labelled stretches of time. Each format has a
//! file with `write` and `read`; reading takes what real programs write, not only what their manuals say.

pub mod csv;
pub mod eaf;
pub mod json;
pub mod pdf;
pub mod pose_json;
pub mod poses;
pub mod srt;
pub mod textgrid;
pub mod vtt;

use crate::time::{Seconds, TimeRange};

/// Rows of labels over one stretch of time that begins at 0.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tiers {
    pub length: Seconds,
    pub tiers: Vec<Tier>,
}

/// One named row. Stretches without a label are not in it; a label at a single moment has no length.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tier {
    pub name: String,
    /// In order of time in what the readers give; writers sort.
    pub intervals: Vec<(TimeRange, String)>,
}

impl Tiers {
    /// The tier of that name, whatever the case.
    pub fn tier(&self, name: &str) -> Option<&Tier> {
        self.tiers.iter().find(|t| t.name.trim().eq_ignore_ascii_case(name))
    }

    /// The latest time in it.
    fn end(&self) -> Seconds {
        let ends = self.tiers.iter().flat_map(|t| &t.intervals).map(|(r, _)| r.end);
        ends.fold(self.length, Seconds::max)
    }
}

impl Tier {
    /// Its labels sorted by time, without those that have no finite times.
    fn sorted(&self) -> Vec<(TimeRange, &str)> {
        let finite = |r: &TimeRange| r.start.0.is_finite() && r.end.0.is_finite();
        let mut all: Vec<_> = self.intervals.iter().filter(|(r, _)| finite(r)).map(|(r, t)| (*r, t.as_str())).collect();
        all.sort_by(|a, b| a.0.start.total_cmp(&b.0.start).then(a.0.end.total_cmp(&b.0.end)));
        all
    }

    /// True when all labels are moments.
    fn is_points(&self) -> bool {
        !self.intervals.is_empty() && self.intervals.iter().all(|(r, _)| r.end <= r.start)
    }
}

/// Why a text could not be read; the caller adds the file's name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExchangeError {
    #[error("This is not {format}: {detail}.")]
    NotThisFormat { format: &'static str, detail: String },
    #[error("Line {line} cannot be understood: {what}. Correct it in a text editor, or save the file again.")]
    Line { line: usize, what: String },
}

/// The text of a file: UTF-8, UTF-16 with or without its mark, or else Latin-1, which old programs write.
pub fn decode_text(bytes: &[u8]) -> String {
    let utf16 = |bytes: &[u8], unit: fn([u8; 2]) -> u16| -> String {
        let units = bytes.chunks_exact(2).map(|p| unit([p[0], p[1]]));
        char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
    };
    match bytes {
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        // Plain letters with a zero on one side.
        [a, 0, b, 0, ..] if *a != 0 && *b != 0 => utf16(bytes, u16::from_le_bytes),
        [0, a, 0, b, ..] if *a != 0 && *b != 0 => utf16(bytes, u16::from_be_bytes),
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(_) => bytes.iter().map(|&b| char::from(b)).collect(),
        },
    }
}

/// A label on one line: line ends and other control characters become spaces.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// `h:mm:ss.mmm`, `mm:ss,mmm` or `ss.m` as captions write them; `None` for anything else.
fn caption_time(text: &str) -> Option<Seconds> {
    let mut total = 0.0;
    let parts: Vec<&str> = text.trim().split(':').map(str::trim).collect();
    if parts.len() > 3 {
        return None;
    }
    for (i, part) in parts.iter().enumerate() {
        let last = i + 1 == parts.len();
        let number = part.replace(',', ".");
        let digits = number.chars().all(|c| c.is_ascii_digit() || (last && c == '.'));
        if number.is_empty() || !digits {
            return None;
        }
        total = total * 60.0 + number.parse::<f64>().ok()?;
    }
    (total < 1e7).then_some(Seconds(total))
}

/// `hh:mm:ss` and milliseconds after `mark`.
fn write_caption_time(time: Seconds, mark: char) -> String {
    let ms = (time.0.max(0.0) * 1000.0).round() as u64;
    format!("{:02}:{:02}:{:02}{mark}{:03}", ms / 3_600_000, ms / 60_000 % 60, ms / 1000 % 60, ms % 1000)
}

/// Both times of a line like `00:01.0 --> 00:02,500 align:start`.
fn caption_range(line: &str) -> Option<TimeRange> {
    let (from, rest) = line.split_once("-->")?;
    let rest = rest.trim_start();
    // Spaces inside a time ("00: 00: 02,5") are seen in the wild; what follows it begins with a letter.
    let to: String = rest.chars().take_while(|c| c.is_ascii_digit() || ":,. ".contains(*c)).collect();
    let to = caption_time(&to).or_else(|| caption_time(rest.split_whitespace().next()?))?;
    Some(TimeRange::new(caption_time(from)?, to))
}

/// Leaves out `<i>`, `<c.loud>`, `{\an8}` and their like.
fn without_markup(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(['<', '{']) {
        let (before, tag) = rest.split_at(at);
        out.push_str(before);
        let close = if tag.starts_with('<') { '>' } else { '}' };
        let is_tag = match tag.chars().nth(1) {
            Some(c) if close == '>' => c == '/' || c.is_ascii_alphanumeric(),
            Some(c) => c == '\\',
            None => false,
        };
        match tag.find(close).filter(|_| is_tag) {
            Some(end) => rest = &tag[end + 1..],
            None => {
                out.push_str(&tag[..1]);
                rest = &tag[1..];
            }
        }
    }
    out.push_str(rest);
    out.trim().to_owned()
}

/// A single tier of captions as [`Tiers`].
fn captions(intervals: Vec<(TimeRange, String)>) -> Tiers {
    let mut tier = Tier { name: "captions".to_owned(), intervals };
    tier.intervals.sort_by(|a, b| a.0.start.total_cmp(&b.0.start));
    let mut tiers = Tiers { length: Seconds::ZERO, tiers: vec![tier] };
    tiers.length = tiers.end();
    tiers
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn range(a: f64, b: f64) -> TimeRange {
        TimeRange::new(Seconds(a), Seconds(b))
    }

    /// What every format must bring back, as far as it can say it.
    pub(super) fn sample() -> Tiers {
        let words = vec![
            (range(0.0, 0.48), "他".to_owned()),
            (range(0.48, 1.0), "dit \"été\"".to_owned()),
            (range(1.5, 2.125), "ɑ̃, tʃ; — x".to_owned()),
        ];
        let keys = vec![(range(0.1, 0.3), "5-m".to_owned()), (range(2.0, 2.5), "2-s".to_owned())];
        let tier = |name: &str, intervals| Tier { name: name.to_owned(), intervals };
        Tiers { length: Seconds(3.25), tiers: vec![tier("words", words), tier("keys & \"co\"", keys)] }
    }

    #[test]
    fn texts_of_any_encoding() {
        let text = "é他🙂";
        let le: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let be: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(decode_text(text.as_bytes()), text);
        assert_eq!(decode_text(&[&[0xef, 0xbb, 0xbf], text.as_bytes()].concat()), text);
        assert_eq!(decode_text(&[&[0xff, 0xfe], &le[..]].concat()), text);
        assert_eq!(decode_text(&[&[0xfe, 0xff], &be[..]].concat()), text);
        assert_eq!(decode_text(b"\xe9t\xe9"), "été");
        assert_eq!(decode_text(b"F\0i\0l\0e\0"), "File");
        assert_eq!(decode_text(b""), "");
    }

    #[test]
    fn caption_times_in_all_spellings() {
        for (text, want) in
            [("00:00:01,500", 1.5), ("0:1:02.25", 62.25), ("1:02.5", 62.5), ("01: 02: 03,004", 3723.004)]
        {
            assert_eq!(caption_time(text), Some(Seconds(want)), "{text}");
        }
        for text in ["", "a", "1:2:3:4", "-1", "1.5:2", "::", "99999999999"] {
            assert_eq!(caption_time(text), None, "{text}");
        }
        assert_eq!(write_caption_time(Seconds(3723.0045), ','), "01:02:03,005");
    }

    #[test]
    fn markup_goes_and_comparisons_stay() {
        assert_eq!(without_markup("<i>Bon</i>jour{\\an8}"), "Bonjour");
        assert_eq!(without_markup("a < b > c {x}"), "a < b > c {x}");
        assert_eq!(without_markup("<v Anna>Oui"), "Oui");
        assert_eq!(without_markup("<"), "<");
    }
}
