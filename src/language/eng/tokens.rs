//! The pieces of an English text as they are spoken: words, numbers and abbreviations written out, marks of pause.
//!
//! A piece keeps the bytes of the normalised text that it stands for; a number that is said in five words gives five
//! pieces with the same bytes.

use std::ops::Range;

use super::numbers;
use crate::language::detect;

/// What a piece of text is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A word to look up.
    Word,
    /// Letters that are said by their names, one after the other: `FBI`.
    Letters,
    /// A mark that makes a break.
    Break,
    /// Text in another script or a sign that has no name; the message says so.
    Unknown(String),
}

/// One piece of the spoken text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// As it is spoken.
    pub text: String,
    /// Bytes in the normalised text.
    pub range: Range<usize>,
    pub kind: Kind,
}

/// Splits the normalised text into pieces, in order.
pub fn tokens(text: &str) -> Vec<Token> {
    let mut scanner = Scanner { text, at: 0, out: Vec::new() };
    scanner.run();
    scanner.out
}

struct Scanner<'a> {
    text: &'a str,
    at: usize,
    out: Vec<Token>,
}

/// Abbreviations with a full stop, and what they stand for. A `.` at the end of the key may be missing in the text
/// only where marked with `?`.
const ABBREVIATIONS: &[(&str, &str)] = &[
    ("mr.", "mister"),
    ("mrs.", "missus"),
    ("ms.", "miz"),
    ("prof.", "professor"),
    ("sr.", "senior"),
    ("jr.", "junior"),
    ("gen.", "general"),
    ("col.", "colonel"),
    ("lt.", "lieutenant"),
    ("sgt.", "sergeant"),
    ("capt.", "captain"),
    ("gov.", "governor"),
    ("sen.", "senator"),
    ("rep.", "representative"),
    ("rev.", "reverend"),
    ("hon.", "honorable"),
    ("vs.", "versus"),
    ("etc.", "et cetera"),
    ("e.g.", "for example"),
    ("i.e.", "that is"),
    ("approx.", "approximately"),
    ("dept.", "department"),
    ("est.", "established"),
    ("inc.", "incorporated"),
    ("corp.", "corporation"),
    ("co.", "company"),
    ("ltd.", "limited"),
    ("ave.", "avenue"),
    ("blvd.", "boulevard"),
    ("rd.", "road"),
    ("hwy.", "highway"),
    ("apt.", "apartment"),
    ("mt.", "mount"),
    ("ft.", "feet"),
    ("lb.", "pounds"),
    ("lbs.", "pounds"),
    ("oz.", "ounces"),
    ("jan.", "january"),
    ("feb.", "february"),
    ("aug.", "august"),
    ("sept.", "september"),
    ("oct.", "october"),
    ("nov.", "november"),
    ("dec.", "december"),
    ("mon.", "monday"),
    ("tues.", "tuesday"),
    ("thurs.", "thursday"),
    ("fri.", "friday"),
    ("vol.", "volume"),
    ("pp.", "pages"),
    ("fig.", "figure"),
    ("ext.", "extension"),
    ("min.", "minutes"),
    ("hrs.", "hours"),
    ("mr", "mister"),
    ("mrs", "missus"),
    ("ms", "miz"),
    ("vs", "versus"),
    ("etc", "et cetera"),
];

/// Units after a number: one, several.
const UNITS: &[(&str, &str, &str)] = &[
    ("km/h", "kilometer per hour", "kilometers per hour"),
    ("kph", "kilometer per hour", "kilometers per hour"),
    ("mph", "mile per hour", "miles per hour"),
    ("km", "kilometer", "kilometers"),
    ("cm", "centimeter", "centimeters"),
    ("mm", "millimeter", "millimeters"),
    ("kg", "kilogram", "kilograms"),
    ("mg", "milligram", "milligrams"),
    ("lbs", "pound", "pounds"),
    ("lb", "pound", "pounds"),
    ("oz", "ounce", "ounces"),
    ("ft", "foot", "feet"),
    ("yd", "yard", "yards"),
    ("mi", "mile", "miles"),
    ("ml", "milliliter", "milliliters"),
    ("mL", "milliliter", "milliliters"),
    ("gal", "gallon", "gallons"),
    ("GB", "gigabyte", "gigabytes"),
    ("MB", "megabyte", "megabytes"),
    ("KB", "kilobyte", "kilobytes"),
    ("TB", "terabyte", "terabytes"),
    ("GHz", "gigahertz", "gigahertz"),
    ("MHz", "megahertz", "megahertz"),
    ("kHz", "kilohertz", "kilohertz"),
    ("Hz", "hertz", "hertz"),
    ("kW", "kilowatt", "kilowatts"),
    ("dB", "decibel", "decibels"),
    ("ms", "millisecond", "milliseconds"),
    ("hrs", "hour", "hours"),
    ("hr", "hour", "hours"),
    ("mins", "minute", "minutes"),
    ("min", "minute", "minutes"),
    ("secs", "second", "seconds"),
    ("sec", "second", "seconds"),
    ("fps", "frame per second", "frames per second"),
    ("m²", "square meter", "square meters"),
    ("m2", "square meter", "square meters"),
    ("km²", "square kilometer", "square kilometers"),
    ("m³", "cubic meter", "cubic meters"),
    ("°C", "degree celsius", "degrees celsius"),
    ("°F", "degree fahrenheit", "degrees fahrenheit"),
    ("℃", "degree celsius", "degrees celsius"),
    ("℉", "degree fahrenheit", "degrees fahrenheit"),
    ("°", "degree", "degrees"),
    ("%", "percent", "percent"),
    ("‰", "per mille", "per mille"),
    ("¢", "cent", "cents"),
    ("px", "pixel", "pixels"),
];
/// Units that are only read so when they touch the number: `5m`.
const TOUCHING_UNITS: &[(&str, &str, &str)] = &[
    ("m", "meter", "meters"),
    ("g", "gram", "grams"),
    ("L", "liter", "liters"),
    ("l", "liter", "liters"),
    ("h", "hour", "hours"),
    ("s", "second", "seconds"),
    ("W", "watt", "watts"),
    ("V", "volt", "volts"),
    ("K", "thousand", "thousand"),
    ("k", "thousand", "thousand"),
    ("M", "million", "million"),
    ("bn", "billion", "billion"),
    ("x", "times", "times"),
];
const MONEY: &[(char, &str, &str, &str, &str)] = &[
    ('$', "dollar", "dollars", "cent", "cents"),
    ('€', "euro", "euros", "cent", "cents"),
    ('£', "pound", "pounds", "penny", "pence"),
    ('¥', "yen", "yen", "sen", "sen"),
    ('₹', "rupee", "rupees", "paisa", "paise"),
];
const SCALES: &[&str] = &["hundred", "thousand", "million", "billion", "trillion", "dozen"];
const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];
const MONTH_SHORT: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
/// Words that make a Roman numeral a number.
const NUMBERED: &[&str] = &[
    "war", "chapter", "part", "volume", "act", "section", "phase", "type", "class", "level", "book", "stage", "title",
    "scene", "appendix", "step", "episode", "rocky", "star", "game", "bowl", "unit", "grade", "article", "vol",
];
/// Names that take an ordinal after them: *the* is said before it.
const CALLED: &[&str] =
    &["room", "flight", "highway", "route", "suite", "apartment", "apt", "interstate", "channel", "bus"];
/// Written in capitals and said as letters though a word of the same spelling exists.
const SPELLED: &[&str] = &[
    "US", "IT", "AI", "UN", "EU", "UK", "LA", "ET", "PR", "HR", "ID", "PC", "TV", "DJ", "ER", "AD", "BC", "IQ", "IV",
    "AM", "PM", "PE", "OR", "AC", "DC", "CD", "DVD", "USA", "FBI", "CIA", "ASL", "HIV", "GPS", "ATM", "USB", "MIT",
    "CEO", "PhD", "LLC", "RSVP", "IRS", "UPS", "CBS", "NBC", "ABC", "BBC", "CNN", "NFL", "NBA", "MVP", "UFO", "PDF",
    "URL", "HTML", "HTTP", "MP", "ML", "DNA", "RNA", "CPR", "STD", "BA", "MA", "MBA", "NYC", "DIY", "FAQ", "ASAP",
    "SOS", "VIP", "IOU", "BLT", "LED", "WWW", "CT", "MRI", "ICU", "EMT", "IPA", "NCSA", "SMS", "API", "GPU", "CPU",
    "AP", "AAA", "ACT", "SAT", "GED", "GPA", "LGBT", "ESL", "IEP", "OT", "PT", "VR", "AR",
];

impl<'a> Scanner<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn before(&self) -> Option<char> {
        self.text[..self.at].chars().next_back()
    }

    fn push(&mut self, words: &[String], range: Range<usize>) {
        for word in words.iter().flat_map(|w| w.split_whitespace()) {
            self.out.push(Token { text: word.to_owned(), range: range.clone(), kind: Kind::Word });
        }
    }

    /// The word before, in small letters, unless a break stands between.
    fn last_word(&self) -> String {
        match self.out.last() {
            Some(t) if matches!(t.kind, Kind::Word | Kind::Letters) => t.text.to_lowercase(),
            _ => String::new(),
        }
    }

    /// The next word after `at`, as it is written, if only a space stands between.
    fn next_word(&self, at: usize) -> &'a str {
        let rest = self.text[at..].trim_start_matches([' ', '\u{A0}']);
        let end = rest.find(|c: char| !c.is_alphabetic() && c != '\'').unwrap_or(rest.len());
        &rest[..end]
    }

    fn run(&mut self) {
        while let Some(c) = self.peek() {
            let start = self.at;
            if c == '\n' || c == '\u{2028}' || c == '\u{2029}' {
                self.at += c.len_utf8();
                if self.out.last().is_some_and(|t| t.kind != Kind::Break) {
                    self.out.push(Token { text: "\n".into(), range: start..self.at, kind: Kind::Break });
                }
            } else if c.is_whitespace() || c.is_control() {
                self.at += c.len_utf8();
            } else if self.number() || self.word() {
            } else {
                self.at += c.len_utf8();
                self.mark(c, start);
            }
            debug_assert!(self.at > start);
        }
    }

    /// A sign that is neither letter nor digit.
    fn mark(&mut self, c: char, start: usize) {
        let range = start..self.at;
        let spaced = self.text[..start].chars().next_back().is_none_or(char::is_whitespace)
            && self.peek().is_none_or(char::is_whitespace);
        match c {
            // `example.com`
            '.' if !spaced
                && self.peek().is_some_and(|n| n.is_ascii_lowercase())
                && self.text[..start].ends_with(|b: char| b.is_ascii_alphanumeric()) =>
            {
                self.push(&["dot".into()], range);
            }
            '.' | ',' | ';' | ':' | '!' | '?' | '…' | '—' | '–' | '(' | ')' | '[' | ']' | '{' | '}' | '。' | '，'
            | '！' | '？' | '；' | '：' | '、' | '¿' | '¡' | '•' | '·' | '|' | '―' | '«' | '»' => {
                // `?!` and `...` are one break.
                if let Some(last) = self.out.last_mut()
                    && last.kind == Kind::Break
                    && last.range.end == start
                {
                    last.range.end = self.at;
                    last.text.push(c);
                } else {
                    self.out.push(Token { text: c.to_string(), range, kind: Kind::Break });
                }
            }
            '-' if spaced => self.out.push(Token { text: "-".into(), range, kind: Kind::Break }),
            // Marks that are not spoken and make no pause.
            '-' | '\'' | '"' | '’' | '‘' | '“' | '”' | '‛' | '„' | '`' | '´' | '‐' | '‑' | '*' | '_' | '‹' | '›'
            | '′' | '″' | '^' | '~' | '\\' | '<' | '>' | '®' | '™' | '©' => {
                if matches!(c, '<' | '>' | '\\' | '^' | '~' | '©') {
                    let message = format!("\"{c}\" is not read; write it in words if it is spoken.");
                    self.out.push(Token { text: c.to_string(), range, kind: Kind::Unknown(message) });
                }
            }
            '&' => self.push(&["and".into()], range),
            '@' => self.push(&["at".into()], range),
            '+' => self.push(&["plus".into()], range),
            '=' => self.push(&["equals".into()], range),
            '×' => self.push(&["times".into()], range),
            '÷' => self.push(&["divided by".into()], range),
            '%' => self.push(&["percent".into()], range),
            '°' => self.push(&["degrees".into()], range),
            '#' => self
                .push(&[if self.peek().is_some_and(char::is_alphabetic) { "hashtag" } else { "number" }.into()], range),
            '/' => {
                if spaced {
                    self.push(&["slash".into()], range);
                }
            }
            '½' => self.push(&["one half".into()], range),
            '¼' => self.push(&["one quarter".into()], range),
            '¾' => self.push(&["three quarters".into()], range),
            '⅓' => self.push(&["one third".into()], range),
            '⅔' => self.push(&["two thirds".into()], range),
            '$' => self.push(&["dollars".into()], range),
            '€' => self.push(&["euros".into()], range),
            '£' => self.push(&["pounds".into()], range),
            _ => {
                let message = format!("\"{c}\" has no reading; write it in words or take it out.");
                self.out.push(Token { text: c.to_string(), range, kind: Kind::Unknown(message) });
            }
        }
    }

    /// A word in Latin letters, an abbreviation, an acronym, or a run of another script.
    fn word(&mut self) -> bool {
        let rest = self.rest();
        let Some(first) = rest.chars().next() else { return false };
        let apostrophe = |c: char| matches!(c, '\'' | '’' | 'ʼ' | '‘');
        let begins_with_apostrophe = apostrophe(first)
            && ["em", "til", "cause", "bout", "round", "tis", "twas"]
                .iter()
                .any(|w| self.next_word(self.at + first.len_utf8()).eq_ignore_ascii_case(w));
        if !first.is_alphabetic() && !begins_with_apostrophe {
            return false;
        }
        if !is_latin(first) && !begins_with_apostrophe {
            self.foreign();
            return true;
        }
        if self.dotted() || self.abbreviation() {
            return true;
        }
        let start = self.at;
        let mut end = self.at + if begins_with_apostrophe { first.len_utf8() } else { 0 };
        let mut chars = self.text[end..].char_indices().peekable();
        let base = end;
        while let Some((i, c)) = chars.next() {
            if is_latin(c) {
                end = base + i + c.len_utf8();
            } else if apostrophe(c) {
                match chars.peek() {
                    Some((_, next)) if is_latin(*next) => {}
                    // dogs' and goin'
                    _ if end > base && matches!(self.text[start..end].chars().next_back(), Some('s' | 'S' | 'n')) => {
                        let possessive = self.text[start..end].ends_with(['s', 'S']);
                        let quoted = self.text[..start].chars().next_back().is_some_and(apostrophe);
                        if !quoted
                            && (possessive && self.next_word(base + i + c.len_utf8()).len() > 1
                                || self.text[start..end].ends_with("in"))
                        {
                            end = base + i + c.len_utf8();
                        }
                        break;
                    }
                    _ => break,
                }
            } else {
                break;
            }
        }
        // `e-mail`, `x-ray`: words that the lexicon has with their hyphen.
        let joined = self.text[end..]
            .strip_prefix('-')
            .map_or(0, |r| r.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(r.len()));
        if joined > 0 && super::lexicon::has(&self.text[start..end + 1 + joined].to_ascii_lowercase()) {
            end += 1 + joined;
        }
        self.at = end;
        let written = &self.text[start..end];
        let word: String = written.chars().map(|c| if apostrophe(c) { '\'' } else { c }).collect();
        self.latin(&word, start..end);
        true
    }

    /// Letters with dots between: `U.S.`, `a.m.`, `Ph.D.`
    fn dotted(&mut self) -> bool {
        let rest = self.rest();
        let bytes = rest.as_bytes();
        let lower = rest.get(..5).unwrap_or("").to_ascii_lowercase();
        if lower == "ph.d." {
            let range = self.at..self.at + 5;
            self.at += 5;
            self.out.push(Token { text: "PhD".into(), range, kind: Kind::Letters });
            return true;
        }
        for (key, spoken) in ABBREVIATIONS.iter().filter(|(k, _)| k.matches('.').count() > 1) {
            if rest.len() >= key.len()
                && rest.is_char_boundary(key.len())
                && rest[..key.len()].eq_ignore_ascii_case(key)
            {
                let range = self.at..self.at + key.len();
                self.at = range.end;
                self.push(&[(*spoken).to_owned()], range);
                return true;
            }
        }
        let mut length = 0;
        let mut letters = String::new();
        while length + 1 < bytes.len() && bytes[length].is_ascii_alphabetic() && bytes[length + 1] == b'.' {
            letters.push(bytes[length] as char);
            length += 2;
        }
        if letters.len() < 2 || length < bytes.len() && bytes[length].is_ascii_alphabetic() && letters.len() < 2 {
            // `J. Smith`: an initial.
            if letters.len() == 1
                && letters.chars().all(|c| c.is_ascii_uppercase())
                && !matches!(letters.as_str(), "I" | "A")
                && self.next_word(self.at + 2).chars().next().is_some_and(char::is_uppercase)
            {
                let range = self.at..self.at + 2;
                self.at = range.end;
                self.out.push(Token { text: letters, range, kind: Kind::Letters });
                return true;
            }
            return false;
        }
        // `U.S.A` without the last dot; the dot that ends the sentence belongs to a break.
        if length < bytes.len()
            && bytes[length].is_ascii_alphabetic()
            && !bytes.get(length + 1).is_some_and(u8::is_ascii_alphabetic)
        {
            letters.push(bytes[length] as char);
            length += 1;
        }
        let range = self.at..self.at + length;
        self.at = range.end;
        self.out.push(Token { text: letters.to_ascii_uppercase(), range: range.clone(), kind: Kind::Letters });
        let after = self.text[self.at..].trim_start_matches(['"', '\'', '”', '’', ')']);
        if after.is_empty() || after.starts_with('\n') {
            self.out.push(Token { text: ".".into(), range: range.end - 1..range.end, kind: Kind::Break });
        }
        true
    }

    fn abbreviation(&mut self) -> bool {
        let rest = self.rest();
        let end = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
        let dotted = rest[end..].starts_with('.');
        if !dotted && rest[end..].starts_with(['\'', '’']) {
            return false;
        }
        let word = rest[..end].to_ascii_lowercase();
        let after_at = self.at + end + usize::from(dotted);
        let next = self.next_word(after_at);
        let capital_next = next.chars().next().is_some_and(char::is_uppercase);
        let last = self.text[after_at..].trim_start_matches([' ', '"', '”']).is_empty();
        let begins_upper = rest.starts_with(|c: char| c.is_ascii_uppercase());
        let spoken = match word.as_str() {
            "st" if dotted || begins_upper && end == 2 => {
                let saint = capital_next
                    && !self
                        .out
                        .last()
                        .is_some_and(|t| t.kind == Kind::Word && t.text.chars().next().is_some_and(char::is_uppercase));
                Some(if saint { "saint" } else { "street" })
            }
            "dr" if dotted || begins_upper && end == 2 => {
                let drive = !capital_next
                    && self.out.last().is_some_and(|t| t.text.chars().next().is_some_and(char::is_uppercase));
                Some(if drive { "drive" } else { "doctor" })
            }
            "no" if dotted && self.text[after_at..].trim_start().starts_with(|c: char| c.is_ascii_digit()) => {
                Some("number")
            }
            "p" if dotted && self.text[after_at..].trim_start().starts_with(|c: char| c.is_ascii_digit()) => {
                Some("page")
            }
            "co" | "gen" | "col" | "sen" | "rep" | "rev" | "hon" | "est" | "min" | "ext" | "fig" | "mt" | "inc"
            | "ave" | "dec" | "mon" | "fri" | "oct" | "nov" | "sr" | "jr"
                if dotted && !begins_upper && !matches!(word.as_str(), "fig" | "ext" | "min" | "est") =>
            {
                None
            }
            _ => ABBREVIATIONS
                .iter()
                .filter(|(k, _)| k.matches('.').count() <= 1)
                .find(|(k, _)| {
                    if dotted {
                        k.strip_suffix('.') == Some(&word)
                    } else {
                        *k == word && begins_upper_or_plain(k, begins_upper)
                    }
                })
                .map(|(_, s)| *s),
        };
        let Some(spoken) = spoken else { return false };
        let range = self.at..after_at;
        self.at = after_at;
        self.push(&[spoken.to_owned()], range.clone());
        if dotted && last {
            self.out.push(Token { text: ".".into(), range: range.end - 1..range.end, kind: Kind::Break });
        }
        true
    }

    /// A word in Latin letters: word, acronym or Roman numeral.
    fn latin(&mut self, word: &str, range: Range<usize>) {
        let plain = word.strip_suffix("'s").or(word.strip_suffix("'S")).unwrap_or(word);
        let stem = plain
            .strip_suffix('s')
            .filter(|s| s.len() >= 2 && s.chars().all(|c| c.is_ascii_uppercase()))
            .unwrap_or(plain);
        let capitals = stem.len() >= 2 && stem.chars().all(|c| c.is_ascii_uppercase());
        let last = self.last_word();
        if let Some(value) = numbers::roman(word) {
            let numbered = NUMBERED.contains(&last.as_str());
            let name = self
                .out
                .last()
                .is_some_and(|t| t.kind == Kind::Word && t.text.chars().next().is_some_and(char::is_uppercase));
            if numbered && (word.len() > 1 || word != "I" || last != "war") {
                return self.push(&numbers::cardinal(&value.to_string()), range);
            }
            if name && word.len() >= 2 {
                self.push(&["the".into()], range.clone());
                return self.push(&numbers::ordinal(numbers::cardinal(&value.to_string())), range);
            }
        }
        if (capitals && (SPELLED.contains(&stem) || !has_vowel(stem)) || SPELLED.contains(&plain)) && !self.shouting() {
            self.out.push(Token { text: word.to_owned(), range, kind: Kind::Letters });
        } else {
            self.out.push(Token { text: word.to_owned(), range, kind: Kind::Word });
        }
    }

    /// The whole text is in capitals, so that capitals say nothing.
    fn shouting(&self) -> bool {
        let letters = self.text.chars().filter(|c| c.is_alphabetic()).count();
        letters > 12 && !self.text.chars().any(char::is_lowercase)
    }

    /// A run of letters of another script.
    fn foreign(&mut self) {
        let start = self.at;
        let first = self.peek().unwrap_or(' ');
        let han = detect::is_han(first);
        let script = detect::foreign_script(first);
        let end = self
            .rest()
            .find(|c: char| detect::is_han(c) != han || detect::foreign_script(c) != script || !c.is_alphabetic())
            .map_or(self.text.len(), |i| start + i.max(first.len_utf8()));
        self.at = end;
        let text = &self.text[start..end];
        let message = if han {
            format!("\"{}\" is Chinese; set the language to 中文（普通话） or write it in English.", short(text))
        } else {
            format!("\"{}\" is {} script and cannot be read in English.", short(text), script.unwrap_or("another"))
        };
        self.out.push(Token { text: text.to_owned(), range: start..end, kind: Kind::Unknown(message) });
    }

    /// A number with what belongs to it.
    fn number(&mut self) -> bool {
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
                self.push(&numbers::ordinal(numbers::cardinal(&digits)), start..self.at);
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
            if (top, bottom) == (24, 7) {
                words.extend(["twenty".into(), "four".into(), "seven".into()]);
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
        let year_like = digits.len() == 4 && !commas && ("1100".."2100").contains(&digits.as_str());
        let end = self.at + length;
        let next = self.next_word(end);
        let year = year_like && !counted(next) && self.unit_at(end, true).is_none();
        let day = digits.len() <= 2
            && (MONTHS.contains(&last.as_str())
                || MONTH_SHORT.contains(&last.as_str()) && last != "may"
                || last == "sept");
        let words = if year {
            numbers::year(&digits)
        } else if day && (1..=31).contains(&digits.parse::<u8>().unwrap_or(0)) && last != "may"
            || day && last == "may" && self.text[..start].contains("May")
        {
            numbers::ordinal(numbers::cardinal(&digits))
        } else if matches!(digits.as_str(), "911" | "411" | "311") && !commas && next.is_empty() {
            numbers::spelled(&digits, "oh")
        } else if CALLED.contains(&last.as_str()) {
            numbers::called(&digits)
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
        if let Some((range, single, several)) = self.unit_at(self.at, false) {
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

fn begins_upper_or_plain(key: &str, begins_upper: bool) -> bool {
    begins_upper || matches!(key, "vs" | "etc")
}

fn is_latin(c: char) -> bool {
    c.is_ascii_alphabetic()
        || matches!(c, 'À'..='ɏ' | 'Ḁ'..='ỿ') && c.is_alphabetic()
        || matches!(c, '\u{300}'..='\u{36F}')
}

fn has_vowel(word: &str) -> bool {
    word.chars().any(|c| matches!(c.to_ascii_lowercase(), 'a' | 'e' | 'i' | 'o' | 'u' | 'y'))
}

fn leading_digits(text: &str) -> &str {
    &text[..text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len())]
}

/// Digits at the start of the text with commas between groups of three: the digits, how many bytes they take, and
/// whether there were commas.
fn grouped_digits(text: &str) -> (String, usize, bool) {
    let mut digits = leading_digits(text).to_owned();
    let mut length = digits.len();
    let mut commas = false;
    if digits.len() <= 3 {
        while text[length..].starts_with(',') {
            let group = leading_digits(&text[length + 1..]);
            if group.len() != 3 {
                break;
            }
            digits.push_str(group);
            length += 4;
            commas = true;
        }
    }
    (digits, length, commas)
}

fn short(text: &str) -> String {
    if text.chars().count() > 12 { text.chars().take(11).chain(['…']).collect() } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spoken(text: &str) -> String {
        tokens(text)
            .iter()
            .map(|t| match t.kind {
                Kind::Letters => t.text.chars().filter(|c| c.is_alphabetic()).map(|c| format!("{c}.")).collect(),
                Kind::Break => "|".to_owned(),
                Kind::Unknown(_) => "?".to_owned(),
                Kind::Word => t.text.to_lowercase(),
            })
            .collect::<Vec<String>>()
            .join(" ")
    }

    #[test]
    fn what_is_written_short_is_said_long() {
        for (written, said) in [
            ("I have 3 cats.", "i have three cats |"),
            ("in 1999", "in nineteen ninety nine"),
            ("2024 people", "two thousand twenty four people"),
            ("since 2005", "since two thousand five"),
            ("the 1990s and the '80s", "the nineteen nineties and the eighties"),
            ("at 3:30", "at three thirty"),
            ("at 3:05 p.m.", "at three oh five P.M. |"),
            ("at 7:00", "at seven o'clock"),
            ("3pm today", "three P.M. today"),
            ("$5", "five dollars"),
            ("$1.50", "one dollar and fifty cents"),
            ("$0.99", "ninety nine cents"),
            ("$3.5 million", "three point five million dollars"),
            ("$1,234", "one thousand two hundred thirty four dollars"),
            ("50%", "fifty percent"),
            ("the 21st of May", "the twenty first of may"),
            ("July 4, 1776", "july fourth | seventeen seventy six"),
            ("7/4/2024", "july fourth twenty twenty four"),
            ("3.14", "three point one four"),
            ("1/2 cup", "one half cup"),
            ("2 1/2 cups", "two and a half cups"),
            ("3/4", "three quarters"),
            ("call 555-1234", "call five five five one two three four"),
            ("(212) 555-0199", "two one two five five five oh one nine nine"),
            ("1-800-555-1234", "one eight hundred five five five one two three four"),
            ("5-10 minutes", "five to ten minutes"),
            ("a 5-year plan", "a five year plan"),
            ("-5 degrees", "minus five degrees"),
            ("10 km", "ten kilometers"),
            ("1 km", "one kilometer"),
            ("70°F", "seventy degrees fahrenheit"),
            ("60 mph", "sixty miles per hour"),
            ("Mr. Smith met Dr. Jones on Main St.", "mister smith met doctor jones on main street |"),
            ("St. Louis", "saint louis"),
            ("the U.S. Army", "the U.S. army"),
            ("the FBI and NASA", "the F.B.I. and nasa"),
            ("cats, dogs, etc.", "cats | dogs | et cetera |"),
            ("World War II", "world war two"),
            ("Henry VIII", "henry the eighth"),
            ("room 302", "room three oh two"),
            ("COVID-19", "covid nineteen"),
            ("rock & roll", "rock and roll"),
            ("the dogs' bowls", "the dogs' bowls"),
            ("'hello'", "hello"),
            ("I don’t know", "i don't know"),
            ("well-known", "well-known"),
            ("wait - what?!", "wait | what |"),
            ("dial 911", "dial nine one one"),
            ("1,000,000", "one million"),
            ("version 2.0", "version two point zero"),
            ("J. Smith", "J. smith"),
            ("open 24/7", "open twenty four seven"),
        ] {
            assert_eq!(spoken(written), said, "{written}");
        }
    }

    #[test]
    fn other_scripts_and_signs_are_told() {
        assert_eq!(spoken("hello 你好 world"), "hello ? world");
        assert_eq!(spoken("a ☃ b"), "a ? b");
        let found = tokens("привет");
        assert!(matches!(&found[0].kind, Kind::Unknown(m) if m.contains("Cyrillic")));
    }
}
