//! From a text to the pieces that are read one by one: words, the clitics before them, the parts of compounds, breaks.
//!
//! Figures, signs and abbreviations are already written out here. Every piece knows the bytes of the cleaned text it
//! was made from, and whether it is written together with the next one ("l'" and "ami", "dit" and "-il"): such pieces
//! become one word in the end, but are read each by itself.

use super::compounds::keeps_together;
use super::line::has;
use super::phones::Sound;
use super::{abbreviations, figures, lexicon, numbers};
use crate::language::detect;
use std::ops::Range;

#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    Word,
    Break,
    /// Nothing that French can say; with the message for the user.
    Unknown(String),
}

/// A piece of the text.
#[derive(Clone, Debug, PartialEq)]
pub struct Piece {
    /// As it is spoken and shown, with its apostrophe or leading hyphen.
    pub text: String,
    /// Under which it is looked up: lower case, without apostrophe and hyphen.
    pub key: String,
    pub range: Range<usize>,
    pub kind: Kind,
    /// Written together with the next piece.
    pub joined: bool,
    /// A hyphen stands before it.
    pub hyphen: bool,
    /// An elided word ("l'", "qu'").
    pub clitic: bool,
    /// Made from figures, a sign or an abbreviation.
    pub expanded: bool,
    /// Sounds that are known already: letters and acronyms.
    pub given: Option<Vec<Sound>>,
}

/// Words that lose their vowel before another, without the apostrophe.
pub const CLITICS: &str = "l d j n m t s c qu jusqu lorsqu puisqu quoiqu presqu";

/// Cuts a text into its pieces.
pub fn pieces(text: &str) -> Vec<Piece> {
    let capitals = text.chars().filter(|c| c.is_uppercase()).count();
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let words = text.split_whitespace().count();
    // A text in capitals throughout has no acronyms that could be told.
    let shouted = words > 1 && capitals * 10 > letters * 7;
    let mut cutter = Cutter { text, pieces: Vec::new(), shouted };
    let mut at = 0;
    while at < text.len() {
        at += cutter.next(at).max(1);
        while !text.is_char_boundary(at) {
            at += 1;
        }
    }
    cutter.pieces
}

struct Cutter<'a> {
    text: &'a str,
    pieces: Vec<Piece>,
    shouted: bool,
}

impl Cutter<'_> {
    /// Takes one piece (or more) at a byte; answers how many bytes were used.
    fn next(&mut self, at: usize) -> usize {
        let rest = &self.text[at..];
        let Some(c) = rest.chars().next() else { return 1 };
        let before = self.text[..at].chars().next_back();
        let at_word = !before.is_some_and(char::is_alphanumeric);
        if c == '\n' || c == '\r' {
            // A line that goes on in small letters is only wrapped.
            if !rest.trim_start().starts_with(char::is_lowercase)
                || rest.trim_start_matches([' ', '\r']).starts_with("\n\n")
            {
                self.pause(at..at + 1, "\n");
            }
            return 1;
        }
        if c.is_whitespace() {
            return c.len_utf8();
        }
        if at_word
            && let Some((used, words)) = abbreviations::read_by_context(rest).or_else(|| abbreviations::read(rest))
            && (!abbreviations::needs_figure(words) || self.beside_figure(at, at + used))
        {
            self.phrase(words, at..at + used);
            // The point of "etc." may be that of the sentence too.
            let after = rest[used..].trim_start();
            if words == "etcetera" && (after.is_empty() || after.starts_with(char::is_uppercase)) {
                self.pause(at + used - 1..at + used, ".");
            }
            return used;
        }
        let signed = matches!(c, '-' | '−' | '+' | '$' | '£' | '€') && at_word;
        if (c.is_ascii_digit() || signed && before.is_none_or(|b| b.is_whitespace() || b == '('))
            && let Some((used, words)) = figures::read(rest)
        {
            self.phrase(&words, at..at + used);
            return used + self.range_sign(at + used);
        }
        if c.is_alphabetic() {
            return self.letters(at);
        }
        self.sign(at, c)
    }

    /// Whether figures stand before `start` or behind `end`: "3 sept.", "art. 5".
    fn beside_figure(&self, start: usize, end: usize) -> bool {
        let before = self.text[..start].trim_end();
        let first = before.strip_suffix("er").unwrap_or(before);
        first.ends_with(|c: char| c.is_ascii_digit())
            || self.text[end..].trim_start().starts_with(|c: char| c.is_ascii_digit())
    }

    /// "10-12", "1914-1918": à.
    fn range_sign(&mut self, at: usize) -> usize {
        let rest = &self.text[at..];
        let sign = rest.chars().next().filter(|c| matches!(c, '-' | '–'));
        match sign {
            Some(c) if rest[c.len_utf8()..].starts_with(|d: char| d.is_ascii_digit()) => {
                self.phrase("à", at..at + c.len_utf8());
                c.len_utf8()
            }
            _ => 0,
        }
    }

    fn sign(&mut self, at: usize, c: char) -> usize {
        let range = at..at + c.len_utf8();
        let inside =
            self.text[..at].ends_with(char::is_alphanumeric) && self.text[range.end..].starts_with(char::is_lowercase);
        match c {
            // 12 hab./km²: par.
            '/' if figures::unit(&self.text[range.end..]).is_some() => {
                if let Some((used, words)) = figures::unit(&self.text[range.end..]) {
                    self.phrase(&format!("par {words}"), at..range.end + used);
                    return 1 + used;
                }
            }
            // An address: exemple.fr.
            '.' if inside => self.phrase("point", range),
            '.' | ',' | ';' | ':' | '!' | '?' | '…' | '(' | ')' | '[' | ']' | '{' | '}' | '—' | '–' | '¿' | '¡'
            | '。' | '，' => {
                self.pause(range, &c.to_string());
            }
            '-' | '−' => {
                let spaced = self.text[..at].ends_with([' ', '\n']) || at == 0;
                if spaced {
                    self.pause(range, "–");
                }
            }
            // Quotation marks, and strokes between words (et/ou), say nothing.
            '"' | '«' | '»' | '“' | '”' | '„' | '‟' | '‹' | '›' | '\'' | '’' | '‘' | '`' | '´' | '/' | '\\' | '|'
            | '*' | '_' | '~' | '•' | '·' | '^' | '¨' | '†' | '©' | '®' | '™' | 'º' | 'ª' => {}
            _ => match abbreviations::sign(c) {
                Some(words) => self.phrase(words, range),
                None => self.unknown(range, format!("\"{c}\" is not read; write in words what is said.")),
            },
        }
        c.len_utf8()
    }

    fn pause(&mut self, range: Range<usize>, text: &str) {
        if let Some(last) = self.pieces.last_mut() {
            last.joined = false;
            if last.kind == Kind::Break {
                if text != "\n" {
                    if last.text == "\n" {
                        last.text = text.to_owned()
                    } else {
                        last.text.push_str(text)
                    }
                    last.range.end = range.end;
                }
                return;
            }
        }
        // Nothing is there to be broken at the start.
        if !self.pieces.is_empty() {
            self.push(text, "", range, Kind::Break);
        }
    }

    fn unknown(&mut self, range: Range<usize>, message: String) {
        let text = self.text[range.clone()].to_owned();
        self.push(&text, "", range, Kind::Unknown(message));
    }

    fn push(&mut self, text: &str, key: &str, range: Range<usize>, kind: Kind) -> &mut Piece {
        self.pieces.push(Piece {
            text: text.to_owned(),
            key: key.to_owned(),
            range,
            kind,
            joined: false,
            hyphen: false,
            clitic: false,
            expanded: false,
            given: None,
        });
        let last = self.pieces.len() - 1;
        &mut self.pieces[last]
    }

    /// Words in place of figures or a short form, all from the same bytes.
    fn phrase(&mut self, words: &str, range: Range<usize>) {
        let first = self.pieces.len();
        for word in words.split(' ').filter(|w| !w.is_empty()) {
            self.word(word, range.clone());
        }
        self.pieces[first..].iter_mut().for_each(|p| p.expanded = true);
    }

    /// A run of letters with the apostrophes and hyphens inside it, or an acronym with points.
    fn letters(&mut self, at: usize) -> usize {
        let rest = &self.text[at..];
        if let Some(used) = pointed_acronym(rest) {
            self.acronym(at..at + used);
            return used;
        }
        let script = |c: char| if detect::is_han(c) { Some("Chinese") } else { detect::foreign_script(c) };
        let first = rest.chars().next().unwrap_or(' ');
        if let Some(name) = script(first) {
            let used = rest.find(|c: char| script(c) != Some(name)).unwrap_or(rest.len());
            let message =
                format!("\"{}\" is {name} and is not read as French; write it in Latin letters.", &rest[..used]);
            self.unknown(at..at + used, message);
            return used;
        }
        let mut used = 0;
        let chars: Vec<(usize, char)> = rest.char_indices().collect();
        for (i, (offset, c)) in chars.iter().enumerate() {
            let next = chars.get(i + 1).map(|n| n.1);
            let inside = matches!(c, '\'' | '’' | '-' | '‐' | '\u{2011}')
                && next.is_some_and(|n| n.is_alphabetic() && script(n).is_none())
                && i > 0;
            if !(c.is_alphabetic() && script(*c).is_none() || inside) {
                // "l'" before quotation marks or figures still is a word.
                if matches!(c, '\'' | '’') && has(CLITICS, lexicon::key(&rest[..used]).as_str()) {
                    used = offset + c.len_utf8();
                }
                break;
            }
            used = offset + c.len_utf8();
        }
        let written = &rest[..used];
        let plain = written.replace(['‐', '\u{2011}'], "-").replace('’', "'");
        // l'INSEE: the acronym begins behind the elided word.
        if let Some((key, after)) = clitic(&plain)
            && after.chars().count() > 1
            && after.chars().all(char::is_uppercase)
            && !self.shouted
        {
            let head = used - after.len();
            let piece = self.push(&plain[..plain.len() - after.len()], &key, at..at + head, Kind::Word);
            (piece.clitic, piece.joined) = (true, true);
            return head + self.letters(at + head);
        }
        let capitals = plain.chars().count() > 1 && plain.chars().all(char::is_uppercase);
        if capitals && !self.shouted {
            let after_king = self.pieces.last().is_some_and(|p| has(REIGNS, p.key.as_str()));
            if let Some(n) = numbers::roman(&plain)
                && (after_king || plain.chars().count() > 2 && lexicon::lookup(&lexicon::key(&plain)).is_empty())
            {
                let first = after_king && n == 1;
                let words = if first { "premier".to_owned() } else { numbers::cardinal(n, false) };
                self.phrase(&words, at..at + used);
                return used;
            }
            let known = plain.chars().count() > 3 && !lexicon::lookup(&lexicon::key(&plain)).is_empty();
            if !known || abbreviations::is_word_acronym(&plain) || abbreviations::is_spelled(&plain) {
                self.acronym(at..at + used);
                return used;
            }
        }
        // XXe siècle, XIVe, Ier.
        let cut = plain.find(|c: char| !c.is_ascii_uppercase()).unwrap_or(plain.len());
        if let Some(n) = numbers::roman(&plain[..cut]).filter(|_| cut > 1 || plain.starts_with(['I', 'V', 'X'])) {
            let feminine = matches!(&plain[cut..], "re" | "ère");
            if cut < plain.len() && matches!(&plain[cut..], "e" | "er" | "re" | "ère" | "ème" | "ième") {
                self.phrase(&numbers::ordinal(n, feminine), at..at + used);
                return used;
            }
        }
        // A king's name with a number of one letter: Pie V, chapitre I.
        if let (Some(n), true) = (numbers::roman(&plain), plain.len() == 1)
            && self.pieces.last().is_some_and(|p| has(REIGNS, p.key.as_str()))
        {
            let words = if n == 1 { "premier".to_owned() } else { numbers::cardinal(n, false) };
            self.phrase(&words, at..at + used);
            return used;
        }
        let single = plain.chars().count() == 1 && !matches!(lexicon::key(&plain).as_str(), "a" | "à" | "y" | "ô");
        if single {
            let given = plain.chars().next().and_then(abbreviations::letter);
            let piece = self.push(&plain, "", at..at + used, Kind::Word);
            piece.key = lexicon::key(&plain);
            piece.given = given;
            return used;
        }
        self.word(&plain, at..at + used);
        used
    }

    fn acronym(&mut self, range: Range<usize>) {
        let text = self.text[range.clone()].to_owned();
        let given = abbreviations::acronym(&text);
        match given {
            Some(given) => {
                let piece = self.push(&text, "", range, Kind::Word);
                piece.given = Some(given);
            }
            None => self.word(&text, range),
        }
    }

    /// A word as it is written: clitics and the parts of compounds become pieces of their own.
    fn word(&mut self, written: &str, range: Range<usize>) {
        let mut rest = written;
        while let Some((clitic, after)) = clitic(rest) {
            let piece = self.push(&rest[..rest.len() - after.len()], &clitic, range.clone(), Kind::Word);
            piece.clitic = true;
            piece.joined = !after.is_empty();
            rest = after;
        }
        if rest.is_empty() {
            // A clitic alone, before quotation marks: it still leans on what follows.
            if let Some(last) = self.pieces.last_mut() {
                last.joined = true;
            }
            return;
        }
        let key = lexicon::key(rest);
        let parts: Vec<&str> = rest.split('-').filter(|p| !p.is_empty()).collect();
        let whole = parts.len() < 2 || keeps_together(&key, &parts);
        if whole {
            self.push(rest, &key, range, Kind::Word);
            return;
        }
        let count = parts.len();
        for (i, part) in parts.iter().enumerate() {
            let hyphen = i > 0;
            let text = if hyphen { format!("-{part}") } else { (*part).to_owned() };
            // The t of "a-t-il" and the m of "donne-m'en" belong to what follows.
            let mut sub = *part;
            let mut first = true;
            while let Some((clitic, after)) = clitic(sub) {
                let text = &sub[..sub.len() - after.len()];
                let text = if hyphen && first { format!("-{text}") } else { text.to_owned() };
                let piece = self.push(&text, &clitic, range.clone(), Kind::Word);
                (piece.clitic, piece.joined, piece.hyphen) = (true, true, hyphen && first);
                sub = after;
                first = false;
            }
            let text = if sub.len() == part.len() { text } else { sub.to_owned() };
            let key = lexicon::key(sub);
            let bridge = key == "t" && hyphen && i + 1 < count;
            let piece = self.push(&text, &key, range.clone(), Kind::Word);
            piece.hyphen = hyphen && first;
            piece.joined = i + 1 < count;
            if bridge {
                piece.clitic = true;
            }
        }
    }
}

const REIGNS: &str = "\
    louis henri françois charles napoléon philippe pie benoît élisabeth guillaume chapitre tome acte \
    scène paul édouard jacques nicolas catherine alexandre frédéric richard ramsès léopold georges george albert \
    baudouin alphonse ferdinand jean léon clément grégoire urbain sixte livre partie volume";

/// S.N.C.F., J.O.: letters with points.
fn pointed_acronym(text: &str) -> Option<usize> {
    let mut used = 0;
    let mut count = 0;
    let mut rest = text;
    while let Some(c) = rest.chars().next().filter(|c| c.is_ascii_uppercase()) {
        let Some(after) = rest[c.len_utf8()..].strip_prefix('.') else { break };
        used = text.len() - after.len();
        count += 1;
        rest = after;
    }
    (count > 1).then_some(used)
}

/// The elided word at the start of `word` as a key, and what follows its apostrophe.
fn clitic(word: &str) -> Option<(String, &str)> {
    let (head, rest) = word.split_once('\'')?;
    let head = lexicon::key(head);
    if !has(CLITICS, head.as_str()) || head == "presqu" && rest == "île" {
        return None;
    }
    Some((head, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pieces as `l'|ami .`: `|` where two are written together.
    fn cut(text: &str) -> String {
        let mut shown = String::new();
        for piece in pieces(text) {
            shown.push_str(&piece.text.replace('\n', "¶"));
            shown.push(if piece.joined { '|' } else { ' ' });
        }
        shown.trim_end().to_owned()
    }

    #[test]
    fn words_clitics_and_compounds() {
        assert_eq!(cut("L'ami d’aujourd’hui"), "L'|ami d'|aujourd'hui");
        assert_eq!(cut("Qu'est-ce qu'il a ?"), "Qu'|est|-ce qu'|il a ?");
        assert_eq!(cut("A-t-il peut-être dit-on vas-y"), "A|-t|-il peut-être dit|-on vas|-y");
        assert_eq!(cut("vingt-deux, quatre-vingt-dix"), "vingt|-deux , quatre|-vingt|-dix");
        assert_eq!(cut("les États-Unis, là-bas, un rendez-vous"), "les États-Unis , là-bas , un rendez-vous");
        assert_eq!(cut("jusqu'à l'« ami »"), "jusqu'|à l'|ami");
        assert_eq!(cut("donne-m'en, va-t'en"), "donne|-m'|en , va|-t'|en");
    }

    #[test]
    fn figures_and_short_forms_are_written_out() {
        assert_eq!(cut("M. Dupont a 3 fils."), "monsieur Dupont a trois fils .");
        assert_eq!(cut("Ils sont sept. Le 3 sept. 2020"), "Ils sont sept . Le trois septembre deux mille vingt");
        assert_eq!(cut("Il est 3h30."), "Il est trois heures trente .");
        assert_eq!(cut("10-12 €, etc."), "dix à douze euros , etcetera .");
        assert_eq!(cut("Louis XIV et le XXe siècle"), "Louis quatorze et le vingtième siècle");
        assert_eq!(cut("la S.N.C.F. et l'ONU"), "la S.N.C.F. et l'|ONU");
        assert_eq!(cut("l'INSEE, l’ADN, 5 hab./km²"), "l'|INSEE , l'|ADN , cinq habitants par kilomètre carré");
        assert_eq!(cut("90 km/h"), "quatre|-vingt|-dix kilomètres à l'|heure");
    }

    #[test]
    fn breaks_and_strange_signs() {
        assert_eq!(cut("Oui... non ! (si)"), "Oui ... non !( si )");
        assert_eq!(cut("un\ndeux\nTrois"), "un deux ¶ Trois");
        assert_eq!(cut("a - b"), "a – b");
        let unknown = |text: &str| pieces(text).into_iter().filter(|p| matches!(p.kind, Kind::Unknown(_))).count();
        assert_eq!(unknown("bonjour 你好 мир ☺"), 3);
        assert_eq!(unknown("bonjour, ça va ?"), 0);
    }
}
