//! Numbers with what belongs to them: times, dates, money, telephone numbers, fractions, ordinals, units.

use std::ops::Range;

use super::tables::{CALLED, DIGITS, MONEY, MONTH_SHORT, MONTHS, SCALES, TOUCHING_UNITS, UNITS};
use super::{Kind, Scanner, Token, grouped_digits, leading_digits};
use crate::language::eng::numbers;

impl Scanner<'_> {
    /// A number with what belongs to it.
    pub(super) fn number(&mut self) -> bool {
        let start = self.at;
        let rest = self.rest();
        let Some(first) = rest.chars().next() else { return false };
        if self.before().is_some_and(|c| c.is_alphabetic()) && first.is_ascii_digit() {
            // The number in `mp3` or `COVID-19`.
            let digits = leading_digits(rest);
            self.at += digits.len();
            let words =
                if digits.starts_with('0') { numbers::spelled(digits, "oh") } else { numbers::cardinal(digits) };
            self.push(&words, start..self.at);
            return true;
        }
        if let Some((sign, one, many, cent, cents)) = MONEY.iter().find(|(sign, ..)| *sign == first) {
            return self.money(sign.len_utf8(), one, many, cent, cents);
        }
        let minus = matches!(first, '-' | '−')
            && rest[first.len_utf8()..].starts_with(|c: char| c.is_ascii_digit())
            && self.before().is_none_or(|c| c.is_whitespace() || matches!(c, '(' | '=' | '+'));
        if minus {
            self.at += first.len_utf8();
            self.push(
                &[if first == '-' && self.last_word() == "is" { "negative" } else { "minus" }.into()],
                start..self.at,
            );
            return self.number() || self.at > start;
        }
        if matches!(first, '\'' | '’') {
            // The '90s.
            let digits = leading_digits(&rest[first.len_utf8()..]);
            if digits.len() == 2 && self.before().is_none_or(char::is_whitespace) {
                let decade = rest[first.len_utf8() + 2..].starts_with('s') && digits.ends_with('0');
                self.at += first.len_utf8() + 2 + usize::from(decade);
                let words = numbers::cardinal(digits);
                let words = if decade {
                    numbers::plural(words)
                } else if digits.starts_with('0') {
                    numbers::spelled(digits, "oh")
                } else {
                    words
                };
                self.push(&words, start..self.at);
                return true;
            }
            return false;
        }
        if first == '.'
            && rest[1..].starts_with(|c: char| c.is_ascii_digit())
            && self.before().is_none_or(char::is_whitespace)
        {
            let digits = leading_digits(&rest[1..]);
            self.at += 1 + digits.len();
            let mut words = vec!["point".to_owned()];
            words.extend(numbers::spelled(digits, "zero"));
            self.push(&words, start..self.at);
            self.unit(start, false);
            return true;
        }
        if first == '(' && self.phone(start) {
            return true;
        }
        if !first.is_ascii_digit() {
            return false;
        }
        self.phone(start) || self.time(start) || self.date(start) || self.plain_number(start)
    }

    /// `555-1234`, `(555) 123-4567`, `1-800-555-1234`.
    fn phone(&mut self, start: usize) -> bool {
        let rest = self.rest();
        let mut groups: Vec<&str> = Vec::new();
        let mut i = 0;
        let bytes = rest.as_bytes();
        loop {
            let open = bytes.get(i) == Some(&b'(');
            let from = i + usize::from(open);
            let digits = leading_digits(&rest[from..]);
            if digits.is_empty() {
                return false;
            }
            groups.push(digits);
            i = from + digits.len();
            if open {
                if bytes.get(i) != Some(&b')') {
                    return false;
                }
                i += 1;
                if bytes.get(i) == Some(&b' ') {
                    i += 1;
                }
                continue;
            }
            let joined = matches!(bytes.get(i), Some(b'-' | b'.')) && bytes.get(i + 1).is_some_and(u8::is_ascii_digit);
            let spaced = groups.len() == 1
                && groups[0].len() == 1
                && bytes.get(i) == Some(&b' ')
                && bytes.get(i + 1) == Some(&b'(');
            if !joined && !spaced {
                break;
            }
            i += 1;
        }
        let lengths: Vec<usize> = groups.iter().map(|g| g.len()).collect();
        if !matches!(lengths.as_slice(), [3, 4] | [3, 3, 4] | [1, 3, 3, 4] | [3, 2, 4])
            || rest[..i].contains('.') && lengths.len() < 3
        {
            return false;
        }
        self.at += i;
        let mut words = Vec::new();
        for group in groups {
            if group == "800" || group == "900" {
                words.extend(numbers::cardinal(group));
            } else {
                words.extend(numbers::spelled(group, "oh"));
            }
        }
        self.push(&words, start..self.at);
        true
    }

    /// `3:30`, `12:05 p.m.`, `3pm`.
    fn time(&mut self, start: usize) -> bool {
        let rest = self.rest();
        let hour = leading_digits(rest);
        if hour.len() > 2 || hour.parse::<u8>().unwrap_or(99) > 24 {
            return false;
        }
        let mut i = hour.len();
        let mut words = numbers::cardinal(hour);
        let mut minutes = None;
        if rest[i..].starts_with(':') {
            let digits = leading_digits(&rest[i + 1..]);
            if digits.len() != 2 || digits.parse::<u8>().unwrap_or(99) > 59 {
                return false;
            }
            minutes = Some(digits);
            i += 3;
        }
        // a.m. or p.m., with or without dots and a space.
        let tail = rest[i..].trim_start_matches([' ', '\u{A0}']);
        let lower: String = tail.chars().take(4).collect::<String>().to_ascii_lowercase();
        let half = ["a.m.", "p.m.", "am", "pm"]
            .into_iter()
            .find(|h| lower.starts_with(h) && !tail[h.len()..].starts_with(|c: char| c.is_alphanumeric()));
        match (minutes, half) {
            (None, None) => return false,
            (Some("00"), None) if hour.parse::<u8>().unwrap_or(0) <= 12 => words.push("o'clock".to_owned()),
            (Some("00"), None) => words.push("hundred".to_owned()),
            (Some("00"), Some(_)) | (None, Some(_)) => {}
            (Some(m), _) if m.starts_with('0') => {
                words.push("oh".to_owned());
                words.extend(numbers::cardinal(m));
            }
            (Some(m), _) => words.extend(numbers::cardinal(m)),
        }
        if let Some(seconds) =
            rest[i..].strip_prefix(':').map(leading_digits).filter(|s| minutes.is_some() && s.len() == 2)
        {
            if words.last().is_some_and(|w| w == "o'clock") {
                words.pop();
                words.extend(["zero".to_owned(), "minutes".to_owned()]);
            }
            words.push("and".to_owned());
            words.extend(numbers::cardinal(seconds));
            words.push("seconds".to_owned());
            i += 3;
        }
        self.at += i;
        self.push(&words, start..self.at);
        if let Some(half) = half {
            let from = self.text.len() - tail.len();
            self.at = from + half.len();
            let range = from..self.at;
            self.out.push(Token {
                text: half[..1].to_ascii_uppercase() + "M",
                range: range.clone(),
                kind: Kind::Letters,
            });
            if half.ends_with('.') && self.text[self.at..].trim_start_matches(['"', '”']).is_empty() {
                self.out.push(Token { text: ".".into(), range: range.end - 1..range.end, kind: Kind::Break });
            }
        }
        true
    }

    /// `7/4/2024`, `2024-07-04`.
    fn date(&mut self, start: usize) -> bool {
        let rest = self.rest();
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '/' && c != '-').unwrap_or(rest.len());
        let written = rest[..end].trim_end_matches(['/', '-']);
        let parts: Vec<&str> = written.split(['/', '-']).collect();
        let [a, b, c] = parts[..] else { return false };
        let (month, day, year) = if a.len() == 4 { (b, c, a) } else { (a, b, c) };
        let (Ok(m), Ok(d)) = (month.parse::<usize>(), day.parse::<usize>()) else { return false };
        if !(1..=12).contains(&m)
            || !(1..=31).contains(&d)
            || !matches!(year.len(), 2 | 4)
            || month.len() > 2
            || day.len() > 2
        {
            return false;
        }
        self.at += written.len();
        let mut words = vec![MONTHS[m - 1].to_owned()];
        words.extend(numbers::ordinal(numbers::cardinal(day)));
        if year.len() == 4 {
            words.extend(numbers::year(year));
        } else if year.starts_with('0') {
            words.extend(numbers::spelled(year, "oh"));
        } else {
            words.extend(numbers::cardinal(year));
        }
        self.push(&words, start..self.at);
        true
    }

    fn plain_number(&mut self, start: usize) -> bool {
        let (digits, length, commas) = grouped_digits(self.rest());
        let rest = &self.rest()[length..];
        let last = self.last_word();
        // Ordinals and decades.
        for suffix in ["st", "nd", "rd", "th"] {
            if rest.len() >= 2
                && rest.is_char_boundary(2)
                && rest[..2].eq_ignore_ascii_case(suffix)
                && !rest[2..].starts_with(|c: char| c.is_alphanumeric())
            {
                self.at += length + 2;
                let mut words = numbers::ordinal(numbers::cardinal(&digits));
                // *the 100th day*: the hundredth.
                let round = matches!(words.as_slice(), [one, scale] if one == "one" && !scale.is_empty());
                if round && matches!(last.as_str(), "the" | "his" | "her" | "its" | "our" | "my" | "their") {
                    words.remove(0);
                }
                self.push(&words, start..self.at);
                return true;
            }
        }
        if (rest.starts_with('s') || rest.starts_with("'s") || rest.starts_with("’s"))
            && matches!(digits.len(), 2 | 4)
            && digits.ends_with('0')
        {
            let s = rest.find('s').unwrap_or(0) + 1;
            if !rest[s..].starts_with(|c: char| c.is_alphanumeric()) {
                self.at += length + s;
                let words = if digits.len() == 4 { numbers::year(&digits) } else { numbers::cardinal(&digits) };
                self.push(&numbers::plural(words), start..self.at);
                return true;
            }
        }
        // Decimals; a version such as 1.2.3 has several points.
        if rest.starts_with('.') && rest[1..].starts_with(|c: char| c.is_ascii_digit()) {
            let mut words = if digits == "0" { vec!["zero".to_owned()] } else { numbers::cardinal(&digits) };
            let mut i = length;
            while self.rest()[i..].starts_with('.') {
                let part = leading_digits(&self.rest()[i + 1..]);
                if part.is_empty() {
                    break;
                }
                words.push("point".to_owned());
                words.extend(numbers::spelled(part, if part == "0" { "zero" } else { "oh" }));
                i += 1 + part.len();
            }
            self.at += i;
            self.push(&words, start..self.at);
            self.unit(start, false);
            return true;
        }
        // Fractions.
        if let Some(below) = rest.strip_prefix('/').map(leading_digits).filter(|b| !b.is_empty()) {
            let (Ok(top), Ok(bottom)) = (digits.parse::<u64>(), below.parse::<u64>()) else { return false };
            self.at += length + 1 + below.len();
            let mixed = self.text[..start].ends_with(' ')
                && self.text[..start].trim_end().ends_with(|c: char| c.is_ascii_digit());
            let mut words = if mixed { vec!["and".to_owned()] } else { Vec::new() };
            if matches!((top, bottom), (24, 7) | (9, 11)) {
                words.extend(numbers::cardinal(&digits));
                words.extend(numbers::cardinal(below));
            } else if top < bottom && bottom <= 100 {
                if mixed && top == 1 {
                    words.push("a".to_owned());
                } else {
                    words.extend(numbers::cardinal(&digits));
                }
                let name = match bottom {
                    2 => vec!["half".to_owned()],
                    4 => vec!["quarter".to_owned()],
                    _ => numbers::ordinal(numbers::cardinal(below)),
                };
                words.extend(match (top, bottom) {
                    (1, _) => name,
                    (_, 2) => vec!["halves".to_owned()],
                    _ => numbers::plural(name),
                });
            } else {
                words.extend(numbers::cardinal(&digits));
                words.push("over".to_owned());
                words.extend(numbers::cardinal(below));
            }
            self.push(&words, start..self.at);
            return true;
        }
        // 6'2": how tall people are.
        if digits.len() == 1
            && let Some(inches) =
                rest.strip_prefix(['\'', '’', '′']).map(leading_digits).filter(|i| (1..=2).contains(&i.len()))
        {
            let mark = rest.chars().next().map_or(0, char::len_utf8);
            let closing = rest[mark + inches.len()..].chars().next();
            if closing.is_some_and(|c| matches!(c, '"' | '”' | '″')) && inches.parse::<u8>().is_ok_and(|i| i < 12) {
                self.at += length + mark + inches.len() + closing.map_or(0, char::len_utf8);
                let mut words = numbers::cardinal(&digits);
                words.push("foot".to_owned());
                words.extend(numbers::cardinal(inches));
                self.push(&words, start..self.at);
                return true;
            }
        }
        // A number of the eleventh century is a year only where one is due: *in 1066*.
        let due = matches!(
            last.as_str(),
            "in" | "of"
                | "since"
                | "by"
                | "until"
                | "till"
                | "from"
                | "before"
                | "after"
                | "around"
                | "year"
                | "between"
        );
        let earliest = if due { "1010" } else { "1100" };
        let year_like = digits.len() == 4 && !commas && (earliest.."2100").contains(&digits.as_str());
        let end = self.at + length;
        let next = self.next_word(end);
        let year = year_like && !counted(next) && self.unit_at(end, true).is_none();
        let day = digits.len() <= 2
            && (MONTHS.contains(&last.as_str())
                || MONTH_SHORT.contains(&last.as_str()) && last != "may"
                || last == "sept");
        let words = if year {
            numbers::year(&digits)
        } else if day
            && (1..=31).contains(&digits.parse::<u8>().unwrap_or(0))
            && (last != "may" || self.out.last().is_some_and(|t| t.text == "May"))
        {
            numbers::ordinal(numbers::cardinal(&digits))
        } else if matches!(digits.as_str(), "911" | "411" | "311") && !commas && next.is_empty() {
            numbers::spelled(&digits, "oh")
        } else if CALLED.contains(&last.as_str()) && !commas {
            numbers::called(&digits)
        } else if DIGITS.contains(&last.as_str()) && digits.len() > 2 && !commas {
            numbers::spelled(&digits, "oh")
        } else if digits.len() > 1 && digits.starts_with('0')
            || !commas && digits.len() >= 7 && !digits.ends_with("000")
        {
            numbers::spelled(&digits, if digits.starts_with("00") { "zero" } else { "oh" })
        } else {
            numbers::cardinal(&digits)
        };
        self.at = end;
        self.push(&words, start..end);
        // 5-10, 1990–2000: a range; 3x5: by.
        let rest = self.rest();
        if let Some(c) = rest.chars().next()
            && matches!(c, '-' | '–' | '—' | '~')
            && rest[c.len_utf8()..].starts_with(|c: char| c.is_ascii_digit())
        {
            let from = self.at;
            self.at += c.len_utf8();
            self.push(&["to".into()], from..self.at);
            return true;
        }
        if let Some(c) = rest.chars().next()
            && matches!(c, 'x' | '×')
            && rest[c.len_utf8()..].starts_with(|c: char| c.is_ascii_digit())
        {
            let from = self.at;
            self.at += c.len_utf8();
            self.push(&["by".into()], from..self.at);
            return true;
        }
        self.unit(start, digits == "1");
        true
    }

    /// A unit after the number that ends at `at`.
    fn unit_at(&self, at: usize, spaced_only: bool) -> Option<(Range<usize>, &'static str, &'static str)> {
        let rest = &self.text[at..];
        let trimmed = rest.trim_start_matches([' ', '\u{A0}']);
        let from = self.text.len() - trimmed.len();
        let touching = from == at;
        let ends = |unit: &str| {
            let after = &trimmed[unit.len()..];
            !after.starts_with(|c: char| c.is_alphanumeric() || c == '²' || c == '³')
                || !unit.ends_with(|c: char| c.is_alphanumeric())
        };
        UNITS
            .iter()
            .chain(TOUCHING_UNITS.iter().filter(|_| touching && !spaced_only))
            .filter(|(u, ..)| trimmed.starts_with(u) && ends(u))
            .max_by_key(|(u, ..)| u.len())
            .map(|(u, one, many)| (from..from + u.len(), *one, *many))
    }

    /// Reads a unit that follows.
    fn unit(&mut self, start: usize, one: bool) {
        if let Some((mut range, single, several)) = self.unit_at(self.at, false) {
            // *5 min. later*: the dot of an abbreviation, not of the sentence.
            let after = self.text[range.end..].strip_prefix(". ").and_then(|r| r.chars().next());
            let dot = self.text[range.clone()].ends_with(|c: char| c.is_ascii_lowercase())
                && after.is_some_and(|c| c.is_lowercase() || c.is_ascii_digit());
            if dot {
                range.end += 1;
            }
            self.at = range.end;
            self.push(&[if one { single } else { several }.to_owned()], start..range.end);
        } else if self.rest().starts_with('-') {
            // `5-year`: the hyphen joins.
            self.at += 1;
        }
    }

    fn money(&mut self, sign: usize, one: &str, many: &str, cent: &str, cents: &str) -> bool {
        let start = self.at;
        let rest = &self.rest()[sign..];
        let spaces = rest.len() - rest.trim_start_matches(' ').len();
        let rest = &rest[spaces..];
        if !rest.starts_with(|c: char| c.is_ascii_digit()) {
            return false;
        }
        let (digits, length, _) = grouped_digits(rest);
        let mut i = length;
        let mut fraction = "";
        if rest[i..].starts_with('.') {
            fraction = leading_digits(&rest[i + 1..]);
            if !fraction.is_empty() {
                i += 1 + fraction.len();
            }
        }
        // $5 million, $5M, $5bn
        let after = rest[i..].trim_start_matches(' ');
        let scale = SCALES
            .iter()
            .chain(&["K", "k", "M", "B", "bn", "m"])
            .find(|s| {
                after.len() >= s.len()
                    && after.is_char_boundary(s.len())
                    && after[..s.len()].eq(**s)
                    && !after[s.len()..].starts_with(|c: char| c.is_alphanumeric())
                    && (s.len() > 2 || after.len() == rest[i..].len())
            })
            .copied();
        let mut words = numbers::cardinal(&digits);
        if let Some(scale) = scale {
            if !fraction.is_empty() {
                words.push("point".to_owned());
                words.extend(numbers::spelled(fraction, "oh"));
            }
            words.push(
                match scale {
                    "K" | "k" => "thousand",
                    "M" | "m" => "million",
                    "B" | "bn" => "billion",
                    s => s,
                }
                .to_owned(),
            );
            words.push(many.to_owned());
            i = rest.len() - after.len() + scale.len();
        } else if fraction.len() == 2 {
            let small: u8 = fraction.parse().unwrap_or(0);
            if digits.trim_start_matches('0').is_empty() && small > 0 {
                words.clear();
            } else {
                words.push(if digits == "1" { one } else { many }.to_owned());
            }
            if small > 0 {
                if !words.is_empty() {
                    words.push("and".to_owned());
                }
                words.extend(numbers::cardinal(fraction));
                words.push(if small == 1 { cent } else { cents }.to_owned());
            }
        } else {
            if !fraction.is_empty() {
                words.push("point".to_owned());
                words.extend(numbers::spelled(fraction, "oh"));
            }
            words.push(if digits == "1" && fraction.is_empty() { one } else { many }.to_owned());
        }
        self.at = start + sign + spaces + i;
        self.push(&words, start..self.at);
        true
    }
}

/// Whether a word after a number of four digits shows that things are counted, not years named.
fn counted(next: &str) -> bool {
    let plain = next.to_lowercase();
    matches!(
        plain.as_str(),
        "people" | "children" | "men" | "women" | "percent" | "feet" | "more" | "times" | "dollars"
    ) || SCALES.contains(&plain.as_str())
        || plain.len() > 3
            && plain.ends_with('s')
            && !plain.ends_with("ss")
            && !plain.ends_with("us")
            && !matches!(plain.as_str(), "was" | "does" | "always" | "perhaps" | "olympics" | "elections")
            && next == plain
}
