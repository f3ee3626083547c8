//! SubRip captions (`.srt`): numbered blocks of two times and some lines of text.

use super::{ExchangeError, Tier, Tiers, caption_range, captions, decode_text, without_markup, write_caption_time};
use std::fmt::Write;

/// The labels of `tier` as captions, in order of time; blank ones are left out.
pub fn write(tier: &Tier) -> String {
    let mut out = String::new();
    for (i, (range, text)) in tier.sorted().into_iter().filter(|(_, t)| !t.trim().is_empty()).enumerate() {
        let (from, to) = (write_caption_time(range.start, ','), write_caption_time(range.end, ','));
        // A blank line would end the block.
        let lines: Vec<&str> = text.lines().map(str::trim_end).filter(|l| !l.is_empty()).collect();
        let _ = write!(out, "{}\n{from} --> {to}\n{}\n\n", i + 1, lines.join("\n"));
    }
    out
}

/// Captions as one tier named `captions`; lines of a block are kept, markup is not. Numbers may be missing or wrong,
/// times may have dots, and blank lines may be missing or doubled.
///
/// # Errors
/// When there is no line with two times, or one of them cannot be understood.
pub fn read(bytes: &[u8]) -> Result<Tiers, ExchangeError> {
    let text = decode_text(bytes);
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let mut found = Vec::new();
    for (i, line) in lines.iter().enumerate().filter(|(_, l)| l.contains("-->")) {
        let what =
            || ExchangeError::Line { line: i + 1, what: format!("no two times like 00:00:01,000 in \"{line}\"") };
        let range = caption_range(line).ok_or_else(what)?;
        let next = lines[i + 1..].iter().position(|l| l.contains("-->")).map_or(lines.len(), |n| i + 1 + n);
        let mut block: Vec<&str> = lines[i + 1..next].iter().copied().filter(|l| !l.is_empty()).collect();
        // The number of the next block, which stands alone after a blank line or before its times.
        let number = |l: &&str| !l.is_empty() && l.chars().all(|c| c.is_ascii_digit());
        if next < lines.len() && block.last().is_some_and(number) && lines[next - 1] == *block.last().unwrap_or(&"") {
            block.pop();
        }
        let label = without_markup(&block.join("\n"));
        if !label.is_empty() {
            found.push((range, label));
        }
    }
    if found.is_empty() && !lines.iter().any(|l| l.contains("-->")) {
        let detail = "no line holds two times with an arrow (-->) between them".to_owned();
        return Err(ExchangeError::NotThisFormat { format: "a file of SRT captions", detail });
    }
    Ok(captions(found))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{range, sample};
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let tier = &sample().tiers[0];
        let text = write(tier);
        assert!(text.starts_with("1\n00:00:00,000 --> 00:00:00,480\n他\n\n2\n"), "{text}");
        assert_eq!(read(text.as_bytes()).unwrap().tiers[0].intervals, tier.intervals);
    }

    #[test]
    fn captions_as_they_are_found() {
        let text = "\u{feff}1\r\n00:00:01,000 --> 00:00:02,500  X1:10 Y1:20\r\n<i>Bonjour</i>\r\nà tous\r\n\r\n\r\n\
                    00:00:03.5-->0:0:4.0\r\n2 chats\r\n7\r\n3\r\n00: 00: 05,0 --> 00: 00: 06,0\r\n{\\an8}Fin";
        let got = read(text.as_bytes()).unwrap();
        let want = [(range(1.0, 2.5), "Bonjour\nà tous"), (range(3.5, 4.0), "2 chats\n7"), (range(5.0, 6.0), "Fin")];
        assert_eq!(got.tiers[0].intervals, want.map(|(r, t)| (r, t.to_owned())));
        assert_eq!(got.length.0, 6.0);
    }

    #[test]
    fn other_texts_are_refused_with_the_line() {
        assert!(matches!(read(b"Once upon a time"), Err(ExchangeError::NotThisFormat { .. })));
        assert!(matches!(read(b"1\n00:00:xx --> 00:00:02,000\nA"), Err(ExchangeError::Line { line: 2, .. })));
    }
}
