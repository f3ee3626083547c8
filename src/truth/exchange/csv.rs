//! Tables (`.csv`): one row a label, for spreadsheets and statistics.
//!
//! Written with commas and dots after RFC 4180. Read with commas, semicolons or tabs, decimal points or commas, and
//! the columns in any order.

use super::{ExchangeError, Tier, Tiers, decode_text};
use crate::time::{Seconds, TimeRange};
use std::fmt::Write;

const FORMAT: &str = "a table of labels";

/// `tier,start,end,text`, times in seconds.
pub fn write(tiers: &Tiers) -> String {
    let mut out = String::from("tier,start,end,text\r\n");
    for tier in &tiers.tiers {
        for (range, text) in tier.sorted() {
            let _ = write!(out, "{},{},{},{}\r\n", field(&tier.name), range.start.0, range.end.0, field(text));
        }
    }
    out
}

fn field(text: &str) -> String {
    let plain = !text.contains([',', '"', '\n', '\r', ';', '\t']) && text.trim() == text;
    if plain { text.to_owned() } else { format!("\"{}\"", text.replace('"', "\"\"")) }
}

/// A table with the columns `start`, `end` and `text`, and `tier` if there are several.
///
/// # Errors
/// Missing columns; a row without two times, with its line.
pub fn read(bytes: &[u8]) -> Result<Tiers, ExchangeError> {
    let text = decode_text(bytes);
    let wrong = |detail: &str| ExchangeError::NotThisFormat { format: FORMAT, detail: detail.to_owned() };
    let first = text.lines().next().unwrap_or_default();
    let count = |c: char| first.matches(c).count();
    let mark = [',', ';', '\t'].into_iter().max_by_key(|&c| count(c)).filter(|&c| count(c) > 0);
    let mark = mark.ok_or_else(|| wrong("its first line names no columns"))?;
    let mut rows = rows(&text, mark).into_iter();
    let (_, head) = rows.next().ok_or_else(|| wrong("it is empty"))?;
    let column = |names: &[&str]| head.iter().position(|h| names.contains(&h.trim().to_lowercase().as_str()));
    let needed = |names: &[&str]| {
        column(names).ok_or_else(|| wrong(&format!("its first line names no column \"{}\"", names[0])))
    };
    let start = needed(&["start", "begin", "xmin", "tmin", "from"])?;
    let end = needed(&["end", "stop", "xmax", "tmax", "to"])?;
    let label = needed(&["text", "label", "annotation", "value"])?;
    let tier = column(&["tier", "name"]);
    let mut tiers = Tiers::default();
    for (line, row) in rows {
        if row.iter().all(|f| f.trim().is_empty()) {
            continue;
        }
        let get = |i: usize| row.get(i).map(String::as_str).unwrap_or_default();
        let time = |i: usize| {
            let number = if mark == ',' { get(i).trim().to_owned() } else { get(i).trim().replace(',', ".") };
            let what = || format!("\"{}\" is no time in seconds", get(i).trim());
            let value = number.parse::<f64>().ok().filter(|n| n.is_finite());
            value.map(Seconds).ok_or_else(|| ExchangeError::Line { line, what: what() })
        };
        let range = TimeRange::new(time(start)?, time(end)?);
        let name = tier.map_or("labels", get);
        if !tiers.tiers.iter().any(|t| t.name == name) {
            tiers.tiers.push(Tier { name: name.to_owned(), intervals: Vec::new() });
        }
        if let Some(t) = tiers.tiers.iter_mut().find(|t| t.name == name) {
            t.intervals.push((range, get(label).to_owned()));
        }
    }
    for t in &mut tiers.tiers {
        t.intervals.sort_by(|a, b| a.0.start.total_cmp(&b.0.start));
    }
    tiers.length = tiers.end();
    Ok(tiers)
}

/// Rows of fields with the line on which each begins; quoted fields may hold the mark and line ends.
fn rows(text: &str, mark: char) -> Vec<(usize, Vec<String>)> {
    let mut rows = Vec::new();
    let (mut row, mut field, mut line, mut begun) = (Vec::new(), String::new(), 1, 1);
    let mut quoted = false;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        line += usize::from(c == '\n');
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                field.push('"');
                chars.next();
            }
            '"' if quoted => quoted = false,
            '"' if field.trim().is_empty() => {
                field.clear();
                quoted = true;
            }
            c if quoted => field.push(c),
            '\r' => {}
            '\n' => {
                row.push(std::mem::take(&mut field));
                rows.push((begun, std::mem::take(&mut row)));
                begun = line;
            }
            c if c == mark => row.push(std::mem::take(&mut field)),
            c => field.push(c),
        }
    }
    if !field.is_empty() || !row.is_empty() {
        row.push(field);
        rows.push((begun, row));
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::super::tests::{range, sample};
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let mut tiers = sample();
        tiers.tiers[0].intervals.push((range(3.0, 3.25), " two\nlines ".to_owned()));
        assert_eq!(read(write(&tiers).as_bytes()).unwrap(), tiers);
    }

    #[test]
    fn tables_of_other_programs() {
        let german = "\u{feff}Label;End;Start\r\n\"a;b\";1,5;0,25\r\n\r\nc;2;1,5\r\n";
        let got = read(german.as_bytes()).unwrap();
        assert_eq!(got.tiers[0].intervals, [(range(0.25, 1.5), "a;b".to_owned()), (range(1.5, 2.0), "c".to_owned())]);
        let tabs = "tmin\ttier\ttext\ttmax\n0\tphones\ta\t0.5\n0\twords\ttout\t1\n";
        let got = read(tabs.as_bytes()).unwrap();
        assert_eq!(got.tiers.iter().map(|t| t.name.as_str()).collect::<Vec<_>>(), ["phones", "words"]);
    }

    #[test]
    fn mistakes_are_named_with_their_line() {
        let error = read(b"tier,start,end,text\na,0,1,x\nb,zero,1,y\n").unwrap_err();
        assert!(matches!(&error, ExchangeError::Line { line: 3, what } if what.contains("zero")), "{error}");
        assert!(read(b"a,b\n1,2\n").unwrap_err().to_string().contains("start"));
        assert!(read(b"").is_err());
    }
}
