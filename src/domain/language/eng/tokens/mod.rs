//! The pieces of an English text as they are spoken: words, numbers and abbreviations written out, marks of pause.
//!
//! A piece keeps the bytes of the normalised text that it stands for; a number that is said in five words gives five
//! pieces with the same bytes.

mod number;
mod tables;

use std::ops::Range;

use super::numbers;
use crate::language::detect;
use tables::{ABBREVIATIONS, NUMBERED, SPELLED};

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
            ("on 9/11", "on nine eleven"),
            ("5 min. later", "five minutes later"),
            ("It took 5 min. Then we left.", "it took five minutes | then we left |"),
            ("he is 6'2\" tall", "he is six foot two tall"),
            ("zip code 90210", "zip code nine oh two one oh"),
            ("Boeing 747", "boeing seven forty seven"),
            ("the 100th day", "the hundredth day"),
            ("500 sq. ft.", "five hundred square feet"),
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
