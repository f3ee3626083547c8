//! Mandarin readings.
//!
//! The text is cut into pieces, with numbers written out ([`scan`]); runs of characters are cut into words and read by
//! a table of phrases ([`lexicon`], [`words`]) and rules for characters with several readings ([`polyphones`]); tones
//! change in context ([`sandhi`]); each syllable becomes the tokens of the cue chart ([`tokens`]). Traditional
//! characters, typed pinyin ([`pinyin`]) and Latin letters ([`latin`]) are understood among them.

pub mod latin;
pub mod lexicon;
pub mod numbers;
pub mod pinyin;
pub mod polyphones;
pub mod sandhi;
pub mod scan;
mod senses;
pub mod tokens;
pub mod words;

#[cfg(test)]
mod tests;

use super::phonetics::{class_of, ipa_to_symbols, phone};
use super::source::Source;
use super::{
    Language, Phone, PhoneClass, Pronouncer, Reading, ReadingOptions, ReadingSource, Syllable, TextIssue, Utterance,
    Word, WordKind, detect,
};
use pinyin::Pinyin;
use scan::Piece;
use words::{HanWord, Item};

/// Reads a Mandarin text. See [`super::read`]. Nothing is asked of the synthesiser: it reads no characters.
pub fn read(text: &str, _options: &ReadingOptions, _outside: Option<&dyn Pronouncer>) -> Utterance {
    let source = Source::new(text);
    let mut issues = Vec::new();
    if text.trim().is_empty() {
        issues.push(TextIssue { source: 0..text.len(), message: "The text is empty; type what is said.".into() });
    } else if let Some(found) = detect::guess(text).filter(|l| *l != Language::Mandarin) {
        let message = format!("The text looks like {}, but it is read as Mandarin; change the language.", found.name());
        issues.push(TextIssue { source: 0..text.len(), message });
    }
    let pieces = scan::pieces(source.text());
    let any_han = pieces.iter().any(|p| matches!(p, Piece::Han(run) if !run.is_empty()));
    let mut words: Vec<Word> = Vec::new();
    let mut at = 0;
    while at < pieces.len() {
        // A clause reaches to the next break or sign that cannot be read.
        let ends = |p: &Piece| matches!(p, Piece::Break { .. } | Piece::Unknown { .. });
        let end = pieces[at..].iter().position(ends).map_or(pieces.len(), |p| at + p);
        clause(&pieces[at..end], &source, any_han, &mut words, &mut issues);
        match pieces.get(end) {
            Some(Piece::Break { text, range }) => words.push(Word {
                text: text.clone(),
                source: source.range(range.clone()),
                kind: WordKind::Break,
                readings: Vec::new(),
                chosen: 0,
            }),
            Some(Piece::Unknown { text, range, message }) => {
                let range = source.range(range.clone());
                issues.push(TextIssue { source: range.clone(), message: message.clone() });
                words.push(Word {
                    text: text.clone(),
                    source: range,
                    kind: WordKind::Unknown,
                    readings: Vec::new(),
                    chosen: 0,
                });
            }
            _ => {}
        }
        at = end + 1;
    }
    let text = join(&words);
    Utterance { language: Language::Mandarin, text, words, issues }
}

/// Reads the pieces between two breaks.
fn clause(pieces: &[Piece], source: &Source, any_han: bool, out: &mut Vec<Word>, issues: &mut Vec<TextIssue>) {
    let mut items: Vec<Item> = Vec::new();
    // For each item, the piece it came from when it is no word of characters.
    let mut others: Vec<Option<&Piece>> = Vec::new();
    for piece in pieces {
        match piece {
            Piece::Han(run) if run.is_empty() => {}
            Piece::Han(run) => {
                for word in words::cut(run) {
                    items.push(Item::Word(word));
                    others.push(None);
                }
            }
            other => {
                items.push(Item::Other);
                others.push(Some(other));
            }
        }
    }
    words::read(&mut items);
    let first = out.len();
    for (at, (item, other)) in items.iter().zip(&others).enumerate() {
        match (item, other) {
            (Item::Word(word), _) => {
                let mut made = from_han(word, source, issues);
                let next = match items.get(at + 1) {
                    Some(Item::Word(next)) => next.plain.first().copied(),
                    _ => None,
                };
                if word.number
                    && made.readings.len() == 1
                    && let Some(digits) = source.text().get(word.range.clone())
                    && let Some(said) = numbers::otherwise(digits, &word.plain, next)
                {
                    let syllables: Vec<Pinyin> =
                        said.chars().filter_map(|c| lexicon::character(c).into_iter().next()).collect();
                    made.readings.push(reading(&syllables, &syllables, ReadingSource::Rules));
                }
                out.push(made);
            }
            (Item::Other, Some(Piece::Pinyin { text, range, syllables, toned })) => {
                let range = source.range(range.clone());
                if !toned {
                    let message = format!(
                        "\"{text}\" is read as pinyin without tones; add them, as in ni3 hao3, for the synthesiser."
                    );
                    issues.push(TextIssue { source: range.clone(), message });
                } else if !any_han && syllables.iter().any(|s| !pinyin::is_syllable(&s.base)) {
                    issues.push(TextIssue {
                        source: range.clone(),
                        message: format!("\"{text}\" is no pinyin syllable."),
                    });
                }
                let reading = reading(syllables, syllables, ReadingSource::User);
                out.push(Word {
                    text: text.clone(),
                    source: range,
                    kind: WordKind::Spoken,
                    readings: vec![reading],
                    chosen: 0,
                });
            }
            (Item::Other, Some(Piece::Latin { text, range })) => {
                let range = source.range(range.clone());
                let syllables = latin::reading(text);
                let (kind, readings, message) = if syllables.is_empty() {
                    (
                        WordKind::Unknown,
                        Vec::new(),
                        format!("\"{text}\" cannot be read in Mandarin; give pinyin for it."),
                    )
                } else if latin::spelled_out(text) {
                    let message = format!("\"{text}\" is read letter by letter; check it or give pinyin for it.");
                    (WordKind::Spoken, vec![reading(&syllables, &syllables, ReadingSource::Rules)], message)
                } else {
                    let message =
                        format!("\"{text}\" is read with the nearest Mandarin sounds; check it or give pinyin for it.");
                    (WordKind::Spoken, vec![reading(&syllables, &syllables, ReadingSource::Rules)], message)
                };
                let mut readings = readings;
                if kind == WordKind::Spoken {
                    readings.extend(latin::others(text).iter().map(|o| reading(o, o, ReadingSource::Rules)));
                }
                issues.push(TextIssue { source: range.clone(), message });
                out.push(Word { text: text.clone(), source: range, kind, readings, chosen: 0 });
            }
            _ => {}
        }
    }
    sandhi_over(&mut out[first..], &items);
}

fn from_han(word: &HanWord, source: &Source, issues: &mut Vec<TextIssue>) -> Word {
    let range = source.range(word.range.clone());
    let origin = if word.listed { ReadingSource::Lexicon } else { ReadingSource::Rules };
    let mut readings: Vec<Reading> = Vec::new();
    for (rank, syllables) in word.readings.iter().enumerate() {
        let syllables = neutral_er(syllables, &word.plain);
        let origin = if rank == 0 { origin } else { ReadingSource::Lexicon };
        let made = reading(&syllables, &syllables, origin);
        if !readings.iter().any(|r| same_phones(r, &made)) {
            readings.push(made);
        }
    }
    let kind = if readings.is_empty() {
        issues.push(TextIssue {
            source: range.clone(),
            message: format!("No reading of \"{}\" is known; give pinyin for it.", word.text),
        });
        WordKind::Unknown
    } else {
        WordKind::Spoken
    };
    Word { text: word.text.clone(), source: range, kind, readings, chosen: 0 }
}

/// 儿 after another syllable of its word is neutral when it is a suffix.
fn neutral_er(syllables: &[Pinyin], plain: &[char]) -> Vec<Pinyin> {
    const OWN: &str = "女婴幼孤少男健胎小宠侄混弃孙育生患聋托";
    let mut syllables = syllables.to_vec();
    if plain.len() > 1
        && plain.last() == Some(&'儿')
        && !OWN.contains(plain[plain.len() - 2])
        && let Some(last) = syllables.last_mut()
        && last.base == "er"
    {
        last.tone = 5;
    }
    syllables
}

/// A reading of syllables; `shown` has the tones of the dictionary, `spoken` those of the context.
fn reading(shown: &[Pinyin], spoken: &[Pinyin], source: ReadingSource) -> Reading {
    let mut label = String::new();
    for (i, syllable) in shown.iter().enumerate() {
        // A syllable that begins with a vowel is set off, so that the label can be typed back.
        if i > 0 && syllable.base.starts_with(['a', 'o', 'e']) {
            label.push('\'');
        }
        label.push_str(&syllable.marked());
    }
    let syllables = shown
        .iter()
        .zip(spoken)
        .map(|(shown, spoken)| Syllable {
            label: shown.marked(),
            spelling: spoken.to_numbered(),
            phones: phones(&shown.base),
            tone: Some(spoken.tone),
        })
        .collect();
    Reading { label, syllables, source }
}

fn phones(base: &str) -> Vec<Phone> {
    tokens::tokens(base).unwrap_or_default().into_iter().filter_map(|t| phone(t, Language::Mandarin)).collect()
}

fn same_phones(a: &Reading, b: &Reading) -> bool {
    let list = |r: &Reading| r.syllables.iter().map(|s| s.phones.clone()).collect::<Vec<_>>();
    list(a) == list(b)
}

/// Tones in context, over the chosen readings of a clause.
fn sandhi_over(words: &mut [Word], items: &[Item]) {
    let mut group: Vec<sandhi::Spoken> = Vec::new();
    let mut places: Vec<(usize, usize)> = Vec::new();
    let neighbour = |at: Option<usize>| {
        at.and_then(|i| items.get(i)).and_then(|i| if let Item::Word(n) = i { Some(n) } else { None })
    };
    for (w, item) in items.iter().enumerate() {
        let Item::Word(han) = item else { continue };
        let (before, after) = (neighbour(w.checked_sub(1)), neighbour(Some(w + 1)));
        for (s, (char, pinyin)) in han.plain.iter().zip(han.readings.first().into_iter().flatten()).enumerate() {
            group.push(sandhi::Spoken {
                char: *char,
                pinyin: pinyin.clone(),
                word_start: s == 0,
                half: words::half(han, s),
                tag: han.tag,
                counting: *char == '一' && counts(han, s, before, after),
            });
            places.push((w, s));
        }
    }
    sandhi::apply(&mut group);
    for (spoken, (w, s)) in group.iter().zip(&places) {
        if let Some(syllable) = words[*w].readings.first_mut().and_then(|r| r.syllables.get_mut(*s)) {
            // 儿 that has lost its tone stays so.
            if syllable.tone != Some(5) {
                syllable.tone = Some(spoken.pinyin.tone);
                syllable.spelling = spoken.pinyin.to_numbered();
            }
        }
    }
}

/// Whether the 一 at place `s` of a word counts or names and so keeps its tone: 二十一, 第一, 一月, 统一.
fn counts(word: &HanWord, s: usize, before: Option<&HanWord>, after: Option<&HanWord>) -> bool {
    let digit = |c: Option<char>| c.is_some_and(|c| "零一二三四五六七八九十".contains(c));
    let tail: Vec<char> =
        word.plain[s + 1..].iter().chain(after.iter().flat_map(|w| w.plain.iter())).take(2).copied().collect();
    let next = tail.first().copied();
    let (last, beside) = match s.checked_sub(1) {
        Some(b) => (word.plain.get(b).copied(), true),
        // 五一斤 out of "3块5一斤" is no number.
        None => (
            before.and_then(|w| w.plain.last().copied()),
            before.is_some_and(|w| w.number == word.number && w.tag.starts_with('m')),
        ),
    };
    let next_beside = s + 1 < word.plain.len() || after.is_some_and(|w| w.number == word.number);
    let large = matches!(next, Some('百' | '千' | '万' | '亿'));
    let grade =
        matches!(last, Some('高' | '大' | '初')) && next.is_none_or(|c| "年学班上下新的女男时生数语文理".contains(c));
    // 统一, 唯一, 万一; but 每一, 另一 go with what follows.
    let ends = s > 0
        && s + 1 == word.plain.len()
        && !word.number
        && !"每这那哪另某同近新又再任上下前后有过".contains(word.plain[0]);
    digit(last) && last != Some('一') && beside
        || digit(next) && next_beside
        || ends
        || !large && (grade || matches!(last, Some('第' | '期' | '周' | '拜' | '之')))
        || matches!(next, Some('月' | '号' | '楼' | '级' | '等' | '流' | '审'))
        || tail == ['年', '级']
        || matches!(next, Some('日' | '班' | '路')) && word.number
}

/// The spoken text: characters close together, spaces around Latin letters.
fn join(words: &[Word]) -> String {
    let mut text = String::new();
    for word in words {
        let latin = |c: char| c.is_alphabetic() && !detect::is_han(c);
        let meets = text.chars().next_back().is_some_and(latin)
            && word.text.chars().next().is_some_and(|c| c.is_alphabetic())
            || text.chars().next_back().is_some_and(|c| c.is_alphabetic())
                && word.text.chars().next().is_some_and(latin);
        if meets {
            text.push(' ');
        }
        text.push_str(&word.text);
    }
    text
}

/// Everything the tables know of a word: the readings of a single character, or of each character of a word in turn.
pub fn other_readings(word: &str) -> Vec<Reading> {
    let plain: Vec<char> = word.chars().map(lexicon::simplify).collect();
    let text: String = plain.iter().collect();
    let mut found: Vec<Vec<Pinyin>> = Vec::new();
    if let Some(list) = lexicon::doubtful(&text) {
        found.extend(list);
    } else if let Some(reading) = lexicon::phrase(&text) {
        found.push(reading);
    }
    let slots: Vec<Vec<Pinyin>> = plain.iter().map(|c| lexicon::character(*c)).collect();
    if slots.iter().any(Vec::is_empty) || slots.is_empty() {
        return Vec::new();
    }
    let best: Vec<Pinyin> = found.first().cloned().unwrap_or_else(|| slots.iter().map(|s| s[0].clone()).collect());
    for (i, slot) in slots.iter().enumerate() {
        for other in slot {
            let mut reading = best.clone();
            reading[i] = other.clone();
            found.push(reading);
        }
    }
    let mut readings: Vec<Reading> = Vec::new();
    for syllables in found {
        let made = reading(&syllables, &syllables, ReadingSource::Lexicon);
        if !readings.iter().any(|r| r.label == made.label) && readings.len() < 12 {
            readings.push(made);
        }
    }
    readings
}

/// A reading typed by a user: pinyin with numbers or marks (`hang2`, `yín háng`), MCCS tokens (`h ang`), or IPA
/// between slashes.
pub fn reading_from_user(text: &str) -> Result<Reading, String> {
    let text = text.trim();
    if text.is_empty() {
        return Err("type pinyin, such as hang2 or háng".to_owned());
    }
    if let Some((syllables, _)) = pinyin::parse(text) {
        return Ok(reading(&syllables, &syllables, ReadingSource::User));
    }
    let symbols: Vec<&str> = text.split_whitespace().collect();
    if symbols.iter().all(|s| class_of(s, Language::Mandarin).is_some()) {
        return Ok(from_tokens(&symbols));
    }
    if text.starts_with(['/', '[']) {
        let sounds = ipa_to_symbols(text, Language::Mandarin)?;
        let symbols: Vec<&str> = sounds.iter().map(|s| s.phone.symbol.as_str()).collect();
        return Ok(from_tokens(&symbols));
    }
    if text.chars().any(detect::is_han) {
        return Err(format!("\"{text}\" is in characters; type its pinyin, such as hang2 or háng"));
    }
    Err(format!("\"{text}\" is no pinyin; type syllables such as hang2 or háng"))
}

/// Syllables from bare tokens: each vowel ends one.
fn from_tokens(symbols: &[&str]) -> Reading {
    let mut syllables: Vec<Syllable> = Vec::new();
    let mut open: Vec<Phone> = Vec::new();
    for symbol in symbols {
        let Some(phone) = phone(symbol, Language::Mandarin) else { continue };
        let vowel = phone.class == PhoneClass::Vowel;
        open.push(phone);
        if vowel {
            syllables.push(bare_syllable(std::mem::take(&mut open)));
        }
    }
    if !open.is_empty() {
        syllables.push(bare_syllable(open));
    }
    Reading { label: symbols.join(" "), syllables, source: ReadingSource::User }
}

/// Whether a text is pinyin, with or without tones.
pub(super) fn reads_as_pinyin(text: &str) -> bool {
    pinyin::parse(text).is_some()
}

/// All syllables of pinyin, without tones; ü is `v`.
pub(super) fn syllables() -> impl Iterator<Item = &'static str> {
    pinyin::SYLLABLES.split(' ').filter(|s| !s.is_empty())
}

/// Spells a syllable after its phones, with the tone that it has: as pinyin where it is any, else by its tokens.
pub(super) fn respell(syllable: &mut Syllable) {
    let bare = bare_syllable(std::mem::take(&mut syllable.phones));
    let tone = syllable.tone.unwrap_or(5);
    *syllable = match bare.spelling.strip_suffix('5') {
        Some(base) => {
            let pinyin = Pinyin { base: base.to_owned(), tone };
            Syllable { label: pinyin.marked(), spelling: pinyin.to_numbered(), tone: syllable.tone, ..bare }
        }
        None => Syllable { tone: syllable.tone, ..bare },
    };
}

fn bare_syllable(phones: Vec<Phone>) -> Syllable {
    let joined = phones.iter().map(|p| p.symbol.as_str()).collect::<Vec<_>>().join(" ");
    let base = pinyin::from_tokens(&joined);
    Syllable {
        label: base.clone().unwrap_or_else(|| joined.replace(' ', "")),
        spelling: base.map(|b| b + "5").unwrap_or_default(),
        phones,
        tone: None,
    }
}
