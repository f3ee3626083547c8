//! Praat's TextGrid: what phoneticians, ELAN, SPPAS and forced aligners exchange.
//!
//! Written in the long text form as UTF-8, every interval tier covering the whole time without gaps, as Praat wants
//! it. Read in the long and the short form. Both are one sequence of numbers, quoted texts and `<exists>`; all the
//! rest (`xmin =`, `intervals [3]:`, odd spacing) is decoration, so the reader looks at the sequence alone. Counts
//! are not believed: a tier ends where the next one begins.

use super::{ExchangeError, Tier, Tiers, decode_text, one_line};
use crate::time::{Seconds, TimeRange};
use std::fmt::Write;

const FORMAT: &str = "a Praat TextGrid";

/// The tiers as a TextGrid. Where labels of a tier overlap, the later one begins where the earlier ends.
pub fn write(tiers: &Tiers) -> String {
    let end = tiers.end().0.max(0.0);
    let mut out = String::from("File type = \"ooTextFile\"\nObject class = \"TextGrid\"\n\n");
    // Writing to a String cannot fail.
    let _ = writeln!(out, "xmin = 0 \nxmax = {end} \ntiers? <exists> \nsize = {} \nitem []: ", tiers.tiers.len());
    for (i, tier) in tiers.tiers.iter().enumerate() {
        let class = if tier.is_points() { "TextTier" } else { "IntervalTier" };
        let _ = writeln!(out, "    item [{}]:", i + 1);
        let _ = writeln!(out, "        class = \"{class}\" \n        name = {} ", quoted(&tier.name));
        let _ = writeln!(out, "        xmin = 0 \n        xmax = {end} ");
        if tier.is_points() {
            write_points(&mut out, tier);
        } else {
            write_intervals(&mut out, tier, end);
        }
    }
    out
}

fn write_points(out: &mut String, tier: &Tier) {
    let points = tier.sorted();
    let _ = writeln!(out, "        points: size = {} ", points.len());
    for (i, (range, text)) in points.iter().enumerate() {
        let _ = writeln!(out, "        points [{}]:", i + 1);
        let _ = writeln!(out, "            number = {} \n            mark = {} ", range.start.0.max(0.0), quoted(text));
    }
}

fn write_intervals(out: &mut String, tier: &Tier, end: f64) {
    let mut all: Vec<(f64, f64, &str)> = Vec::new();
    let mut at = 0.0;
    for (range, text) in tier.sorted() {
        let (from, to) = (range.start.0.max(at), range.end.0);
        if to <= from {
            continue;
        }
        if from > at {
            all.push((at, from, ""));
        }
        all.push((from, to, text));
        at = to;
    }
    if at < end || all.is_empty() {
        all.push((at, end, ""));
    }
    let _ = writeln!(out, "        intervals: size = {} ", all.len());
    for (i, (from, to, text)) in all.iter().enumerate() {
        let _ = writeln!(out, "        intervals [{}]:", i + 1);
        let _ =
            writeln!(out, "            xmin = {from} \n            xmax = {to} \n            text = {} ", quoted(text));
    }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", one_line(text).replace('"', "\"\""))
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Number(f64),
    Text(String),
    /// `<exists>` and the like.
    Flag,
}

/// Reads a TextGrid of either form, in any of Praat's encodings. Labels that are empty or blank are left out; points
/// become labels without length.
///
/// # Errors
/// With the line where the sequence breaks off.
pub fn read(bytes: &[u8]) -> Result<Tiers, ExchangeError> {
    let text = decode_text(bytes);
    let wrong = |detail: &str| ExchangeError::NotThisFormat { format: FORMAT, detail: detail.to_owned() };
    let head: String = text.chars().take(200).collect();
    if head.contains("chronological") {
        return Err(wrong("it is in Praat's chronological form; open it in Praat and save it as a text file"));
    }
    if !head.contains("ooTextFile") {
        return Err(wrong("its first line does not name the file type ooTextFile"));
    }
    let mut tokens = Tokens { all: tokens(&text), at: 0 };
    tokens.text("the file type")?;
    if !tokens.text("the object class")?.trim().starts_with("TextGrid") {
        return Err(wrong("it holds another kind of Praat object"));
    }
    tokens.number("the beginning")?;
    let length = Seconds(tokens.number("the end")?.max(0.0));
    let mut tiers = Tiers { length, tiers: Vec::new() };
    // `<exists>` and the number of tiers.
    while matches!(tokens.peek(), Some(Token::Flag | Token::Number(_))) {
        tokens.at += 1;
    }
    while tokens.peek().is_some() {
        let class = tokens.text("the class of a tier")?;
        let points = match class.as_str() {
            "IntervalTier" => false,
            "TextTier" | "PointTier" => true,
            other => return Err(tokens.error(&format!("a tier of the unknown class \"{}\"", one_line(other)))),
        };
        let name = tokens.text("the name of a tier")?;
        tokens.number("the beginning of a tier")?;
        tokens.number("the end of a tier")?;
        if matches!(tokens.peek(), Some(Token::Number(_))) {
            tokens.at += 1;
        }
        let mut tier = Tier { name, intervals: Vec::new() };
        while matches!(tokens.peek(), Some(Token::Number(_))) {
            let from = tokens.number("the beginning of a label")?;
            let to = if points { from } else { tokens.number("the end of a label")? };
            let label = tokens.text("a label")?;
            if !label.trim().is_empty() {
                tier.intervals.push((TimeRange::new(Seconds(from), Seconds(to)), label));
            }
        }
        tier.intervals.sort_by(|a, b| a.0.start.total_cmp(&b.0.start));
        tiers.tiers.push(tier);
    }
    tiers.length = tiers.end();
    Ok(tiers)
}

struct Tokens {
    all: Vec<(Token, usize)>,
    at: usize,
}

impl Tokens {
    fn peek(&self) -> Option<&Token> {
        self.all.get(self.at).map(|(t, _)| t)
    }

    fn error(&self, what: &str) -> ExchangeError {
        let line = self.all.get(self.at).or(self.all.last()).map_or(1, |(_, line)| *line);
        ExchangeError::Line { line, what: what.to_owned() }
    }

    fn number(&mut self, what: &str) -> Result<f64, ExchangeError> {
        match self.peek() {
            Some(&Token::Number(n)) => {
                self.at += 1;
                Ok(n)
            }
            _ => Err(self.error(&format!("{what} is missing"))),
        }
    }

    fn text(&mut self, what: &str) -> Result<String, ExchangeError> {
        match self.peek() {
            Some(Token::Text(t)) => {
                let t = t.clone();
                self.at += 1;
                Ok(t)
            }
            _ => Err(self.error(&format!("{what} is missing"))),
        }
    }
}

/// The numbers, texts and flags of the file with their lines. A number counts only where it stands by itself.
fn tokens(text: &str) -> Vec<(Token, usize)> {
    let mut out = Vec::new();
    let mut line = 1;
    let mut chars = text.chars().peekable();
    let mut fresh = true;
    while let Some(c) = chars.next() {
        line += usize::from(c == '\n');
        match c {
            '"' => {
                let begun = line;
                let mut value = String::new();
                while let Some(c) = chars.next() {
                    line += usize::from(c == '\n');
                    if c != '"' {
                        value.push(c);
                    } else if chars.peek() == Some(&'"') {
                        value.push('"');
                        chars.next();
                    } else {
                        break;
                    }
                }
                out.push((Token::Text(value), begun));
                fresh = true;
            }
            // Comments run to the end of the line; the numbers of items count nothing.
            '!' if fresh => while chars.next_if(|&c| c != '\n').is_some() {},
            '[' => while chars.next_if(|&c| c != ']' && c != '\n').is_some() {},
            '<' if fresh => {
                while chars.next_if(|&c| c != '>' && c != '\n').is_some() {}
                out.push((Token::Flag, line));
            }
            _ if fresh && (c.is_ascii_digit() || "+-.".contains(c)) => {
                let mut word = String::from(c);
                while let Some(c) = chars.next_if(|c| !c.is_whitespace() && *c != '"') {
                    word.push(c);
                }
                if let Some(n) = word.parse::<f64>().ok().filter(|n| n.is_finite()) {
                    out.push((Token::Number(n), line));
                }
            }
            _ => fresh = c.is_whitespace() || c == '=',
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::tests::{range, sample};
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_written_is_read_again() {
        assert_eq!(read(write(&sample()).as_bytes()).unwrap(), sample());
        let empty = Tiers { length: Seconds(1.0), tiers: vec![Tier { name: "none".into(), intervals: vec![] }] };
        assert_eq!(read(write(&empty).as_bytes()).unwrap(), empty);
        let points = vec![(range(0.5, 0.5), "click".to_owned()), (range(0.75, 0.75), "clack".to_owned())];
        let points = Tiers { length: Seconds(1.0), tiers: vec![Tier { name: "points".into(), intervals: points }] };
        assert!(write(&points).contains("\"TextTier\""));
        assert_eq!(read(write(&points).as_bytes()).unwrap(), points);
    }

    #[test]
    fn interval_tiers_have_no_gaps_and_no_overlaps() {
        let overlapping = vec![
            (range(1.0, 2.0), "b".to_owned()),
            (range(0.5, 1.5), "a".to_owned()),
            (range(1.1, 1.2), "inside".to_owned()),
            (TimeRange { start: Seconds(f64::NAN), end: Seconds(1.0) }, "nowhere".to_owned()),
        ];
        let tiers = Tiers { length: Seconds(3.0), tiers: vec![Tier { name: "t".into(), intervals: overlapping }] };
        let text = write(&tiers);
        let numbers = |key: &str| -> Vec<f64> {
            let lines = text.lines().filter_map(|l| l.strip_prefix(&format!("            {key} = ")));
            lines.map(|v| v.trim().parse().unwrap()).collect()
        };
        assert_eq!(numbers("xmin"), [0.0, 0.5, 1.5, 2.0]);
        assert_eq!(numbers("xmax"), [0.5, 1.5, 2.0, 3.0]);
    }

    #[test]
    fn a_file_that_stops_says_where() {
        let text = write(&sample());
        let cut = &text[..text.find("intervals [3]").unwrap() + 60];
        let error = read(cut.as_bytes()).unwrap_err();
        assert!(matches!(error, ExchangeError::Line { line: 20..40, .. }), "{error}");
        assert!(read(b"Hello").unwrap_err().to_string().contains("ooTextFile"));
        assert!(read(b"").is_err());
        let sound = b"File type = \"ooTextFile\"\nObject class = \"Sound 2\"\n";
        assert!(read(sound).unwrap_err().to_string().contains("another kind"));
        let chronological = b"\"ooTextFile\"\n\"Praat chronological TextGrid text file\"\n0 1\n";
        assert!(read(chronological).unwrap_err().to_string().contains("save it as a text file"));
    }

    proptest! {
        #[test]
        fn any_labels_survive(labels in prop::collection::vec("[^\\p{C}]{1,12}", 1..8), step in 0.01_f64..3.0) {
            let text = |l: &String| if l.trim().is_empty() { "x".to_owned() } else { l.clone() };
            let intervals: Vec<_> = labels.iter().enumerate()
                .map(|(i, l)| (range(i as f64 * step, (i + 1) as f64 * step), text(l)))
                .collect();
            let length = Seconds(labels.len() as f64 * step + 1.0);
            let tiers = Tiers { length, tiers: vec![Tier { name: "a \"b\"".into(), intervals }] };
            prop_assert_eq!(read(write(&tiers).as_bytes()).unwrap(), tiers);
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..400), at in 0..600_usize) {
            let _ = read(&bytes);
            let mut damaged = write(&sample()).into_bytes();
            let at = at.min(damaged.len());
            damaged.splice(at..at, bytes);
            let _ = read(&damaged);
        }
    }
}
