//! French: from a text to its sounds in IPA.
//!
//! A word is looked up in a lexicon; what it lacks is derived from known words, asked of the synthesiser, and at last
//! read by its letters, in this order. Figures and short forms are written out first. Words that are written alike are
//! told apart by their neighbours ([`context`]), then neighbours are linked ([`liaison`]). An elided word and its host,
//! and the parts of a compound, become one word.

mod abbreviations;
mod compounds;
mod context;
mod figures;
mod homographs;
mod letters;
mod lexicon;
mod liaison;
mod line;
mod mend;
mod numbers;
mod numerals;
mod phones;
mod tokens;

use super::source::Source;
use super::{
    Language, Pronouncer, Reading, ReadingOptions, ReadingSource, TextIssue, Utterance, Word, WordKind, detect,
    phonetics,
};
use lexicon::Entry;
use line::{Item, Line, Link};
use phones::Sound;
use tokens::{Kind, Piece};

/// More readings than this are not offered for one word.
const MOST_READINGS: usize = 4;

/// Reads a French text. See [`super::read`].
pub fn read(text: &str, options: &ReadingOptions, outside: Option<&dyn Pronouncer>) -> Utterance {
    let source = Source::new(text);
    let mut issues = Vec::new();
    if text.trim().is_empty() {
        issues.push(TextIssue { source: 0..text.len(), message: "The text is empty; type what is said.".into() });
    } else if let Some(found) = detect::guess(text).filter(|l| *l != Language::French) {
        let message = format!("The text looks like {}, but it is read as French; change the language.", found.name());
        issues.push(TextIssue { source: 0..text.len(), message });
    }
    let pieces = tokens::pieces(source.text());
    let mut items = Vec::with_capacity(pieces.len());
    for (i, piece) in pieces.iter().enumerate() {
        let first = i.checked_sub(1).is_none_or(|p| pieces[p].kind != Kind::Word);
        items.push(item(piece.clone(), first, outside));
    }
    // Twice: the choice for one word leans on the parts of speech of the others.
    for _ in 0..2 {
        for i in 0..items.len() {
            let piece = &items[i].piece;
            let changes = numerals::is_numeral(&piece.key) || matches!(piece.key.as_str(), "quelque" | "jean");
            if items[i].entries.len() > 1 || changes || piece.hyphen {
                context::choose(&mut items, i);
            }
        }
    }
    for i in 0..items.len() {
        items[i].link = liaison::link(Line { items: &items }, i);
    }
    let mut words = Vec::new();
    let mut start = 0;
    while start < items.len() {
        let mut end = start + 1;
        while items[end - 1].piece.joined && end < items.len() && items[end].piece.kind == Kind::Word {
            end += 1;
        }
        words.push(word(&items, start..end, options, &source, &mut issues));
        start = end;
    }
    let text = spoken_text(&words);
    Utterance { language: Language::French, text, words, issues }
}

/// A reading as a user types it: IPA (`ʒuʁ`, `/ʒuʁ/`) or X-SAMPA (`ZuR`). The error says in one sentence what is wrong.
pub fn reading_from_user(text: &str) -> Result<Reading, String> {
    let text = text.trim();
    if text.is_empty() {
        return Err("type a pronunciation in IPA or X-SAMPA".to_owned());
    }
    if text.chars().any(detect::is_han) {
        return Err(format!("\"{text}\" is Chinese writing, not a pronunciation; type IPA or X-SAMPA"));
    }
    let ipa = if text.is_ascii() && !text.starts_with('/') { phonetics::xsampa_to_ipa(text)? } else { text.to_owned() };
    let sounds = sounds_of_ipa(&ipa)?;
    if sounds.is_empty() {
        return Err(format!("\"{text}\" has no sound in it"));
    }
    Ok(phones::reading(&sounds, ReadingSource::User))
}

/// Everything that the lexicon knows of a spelling, likely here or not: for the user's choice beside
/// [`Word::readings`].
pub fn other_readings(word: &str) -> Vec<Reading> {
    let key = lexicon::key(word.trim());
    let mut found: Vec<Reading> = Vec::new();
    for entry in lexicon::lookup(&key).into_iter().chain(lexicon::name(&key)) {
        let reading = phones::reading(&entry.sounds, ReadingSource::Lexicon);
        if found.iter().all(|r| r.label != reading.label) {
            found.push(reading);
        }
    }
    found
}

fn sounds_of_ipa(ipa: &str) -> Result<Vec<Sound>, String> {
    let sounds = phonetics::ipa_to_symbols(ipa, Language::French)?;
    Ok(sounds.iter().filter_map(|s| phones::known(&s.phone.symbol)).collect())
}

/// A piece with all that is known of how it is said.
fn item(piece: Piece, first: bool, outside: Option<&dyn Pronouncer>) -> Item {
    let (entries, source) = match (&piece.kind, &piece.given) {
        (Kind::Word, Some(given)) => {
            // An acronym may be a word or a row of letters.
            let mut ways = vec![given.clone()];
            if piece.text.chars().count() > 2 {
                ways.extend(abbreviations::other_acronym(&piece.text, given));
            }
            let entry = |sounds| Entry { sounds, parts: "n".to_owned() };
            (ways.into_iter().map(entry).collect(), ReadingSource::Lexicon)
        }
        (Kind::Word, None) if piece.clitic => {
            (vec![Entry { sounds: context::clitic(&piece.key), parts: "R".to_owned() }], ReadingSource::Lexicon)
        }
        (Kind::Word, None) => said(&piece, first, outside),
        _ => (Vec::new(), ReadingSource::Lexicon),
    };
    Item { piece, open: entries.len(), entries, source, link: Link::None }
}

fn said(piece: &Piece, first: bool, outside: Option<&dyn Pronouncer>) -> (Vec<Entry>, ReadingSource) {
    let key = piece.key.as_str();
    let capital = piece.text.trim_start_matches('-').starts_with(char::is_uppercase);
    if capital {
        let name = lexicon::name(key);
        // At the start every word has a capital: Marc is the man where the word would be a bare noun.
        let noun = || {
            let word = lexicon::lookup(key);
            word.iter().all(|w| w.is_first("NMFUnP") && name.iter().all(|n| n.sounds != w.sounds))
        };
        if !name.is_empty() && (!first || noun()) {
            return (name, ReadingSource::Lexicon);
        }
    }
    for found in [lexicon::lookup(key), lexicon::name(key)] {
        if !found.is_empty() {
            return (found, ReadingSource::Lexicon);
        }
    }
    // Capitals without their accents, and accents that only foreign spellings have.
    let bare: String = key.replace(['ä', 'á', 'ã'], "a").replace(['ö', 'ó'], "o").replace('ü', "u").replace('í', "i");
    if bare != key {
        let found = lexicon::lookup(&bare);
        if !found.is_empty() {
            return (found, ReadingSource::Lexicon);
        }
    }
    if first || !capital {
        // A regular form of a known word is as well known; one made with a prefix nearly so.
        let inflected = lexicon::inflected(key);
        if !inflected.is_empty() {
            return (inflected, ReadingSource::Lexicon);
        }
        let derived = lexicon::derived(key);
        if !derived.is_empty() {
            return (derived, ReadingSource::Rules);
        }
    }
    let parts = if capital && !first { "Z" } else { guessed_parts(key) };
    let guess = |sounds| vec![Entry { sounds, parts: parts.to_owned() }];
    if let Some(mut sounds) = outside
        .and_then(|o| o.ipa(key, Language::French))
        .and_then(|ipa| sounds_of_ipa(&without_switches(&ipa)).ok())
        .filter(|s| !s.is_empty())
    {
        phones::restore_glides(&mut sounds);
        if key.contains("gn") {
            phones::restore_gn(&mut sounds);
        }
        return (guess(sounds), ReadingSource::Synthesiser);
    }
    let sounds = letters::sounds(key);
    if sounds.is_empty() {
        (Vec::new(), ReadingSource::Synthesiser)
    } else {
        (guess(sounds), ReadingSource::Synthesiser)
    }
}

/// espeak-ng marks where it changes to another language: `(en)ɹˈɪθm(fr)`.
fn without_switches(ipa: &str) -> String {
    let mut inside = false;
    ipa.chars()
        .filter(|c| {
            inside |= *c == '(';
            let kept = !inside;
            inside &= *c != ')';
            kept
        })
        .collect()
}

/// The part of speech that an unknown word most likely has.
fn guessed_parts(key: &str) -> &'static str {
    match key {
        _ if key.ends_with("ment") => "D",
        _ if key.ends_with("er") || key.ends_with("ir") => "I",
        _ if key.ends_with("ait") || key.ends_with("ais") || key.ends_with("ez") => "V",
        _ if key.ends_with("aient") || key.ends_with("èrent") => "W",
        _ if key.ends_with(['s', 'x']) => "M",
        _ => "N",
    }
}

/// One word of the utterance from the pieces that are written together.
fn word(
    items: &[Item],
    range: std::ops::Range<usize>,
    options: &ReadingOptions,
    source: &Source,
    issues: &mut Vec<TextIssue>,
) -> Word {
    let parts = &items[range.clone()];
    let text: String = parts.iter().map(|i| i.piece.text.as_str()).collect();
    let bytes = parts[0].piece.range.start..parts[parts.len() - 1].piece.range.end;
    let place = source.range(bytes);
    let none = |kind| Word { text: text.clone(), source: place.clone(), kind, readings: Vec::new(), chosen: 0 };
    match &parts[0].piece.kind {
        Kind::Break => return none(WordKind::Break),
        Kind::Unknown(message) => {
            issues.push(TextIssue { source: place.clone(), message: message.clone() });
            return none(WordKind::Unknown);
        }
        Kind::Word => {}
    }
    if parts.iter().any(|i| i.entries.is_empty()) {
        let message = format!("No reading of \"{text}\" is known; give one in IPA or X-SAMPA.");
        issues.push(TextIssue { source: place.clone(), message });
        return none(WordKind::Unknown);
    }
    let made = parts.iter().map(|i| i.source).max_by_key(|s| *s as u8).unwrap_or(ReadingSource::Lexicon);
    if made == ReadingSource::Synthesiser {
        let message = format!("\"{text}\" is not in the lexicon; its reading is guessed, please check it.");
        issues.push(TextIssue { source: place.clone(), message });
    }
    // The ways to say each part; the best of all comes first, then one part at a time another way.
    let ways: Vec<Vec<Vec<Sound>>> = range.clone().map(|i| ways(items, i, options)).collect();
    let join = |at: usize, way: usize| -> Vec<Sound> {
        ways.iter().enumerate().flat_map(|(n, w)| if n == at { w[way].clone() } else { w[0].clone() }).collect()
    };
    let mut sounds = vec![join(0, 0)];
    for (at, part) in ways.iter().enumerate() {
        for way in 1..part.len() {
            let other = join(at, way);
            if !sounds.contains(&other) && sounds.len() < MOST_READINGS {
                sounds.push(other);
            }
        }
    }
    let readings = sounds.iter().map(|s| phones::reading(s, made)).collect();
    Word { text, source: place, kind: WordKind::Spoken, readings, chosen: 0 }
}

/// How a piece can be said, with what links it to the next, best first.
fn ways(items: &[Item], i: usize, options: &ReadingOptions) -> Vec<Vec<Sound>> {
    let item = &items[i];
    let line = Line { items };
    let key = item.piece.key.as_str();
    let before_vowel = line.after(i).is_some_and(|n| line.starts_with_vowel(n));
    let mut ways = Vec::new();
    for entry in item.entries.iter().take(item.open.max(1)) {
        let mut plain = entry.sounds.clone();
        if options.final_schwa
            && !before_vowel
            && !item.piece.clitic
            && item.piece.given.is_none()
            && liaison::final_schwa(key, &plain)
        {
            plain.push("ə");
        }
        let with = |sound| {
            let cluster =
                entry.sounds.len() >= 2 && entry.sounds[entry.sounds.len() - 2..].iter().all(|s| !phones::is_vowel(s));
            let mut said = entry.sounds.clone();
            // Between two consonants and the linking one a schwa is heard: quelques amis, autres amis; and where the
            // word ends like the link: grosses erreurs.
            let doubled = sound == "z" && matches!(entry.sounds.last(), Some(&("s" | "z")));
            if (cluster || doubled) && liaison::final_schwa(key, &said) {
                said.push("ə");
            }
            liaison::linked(key, &said, sound)
        };
        match item.link {
            Link::None => ways.push(plain),
            Link::Must(sound) => ways.push(with(sound)),
            Link::Likely(sound) => ways.extend([with(sound), plain]),
            Link::Offered(sound) if options.optional_liaison => ways.extend([with(sound), plain]),
            Link::Offered(sound) => ways.extend([plain, with(sound)]),
            Link::May(sound) if options.optional_liaison => ways.extend([with(sound), plain]),
            Link::May(sound) => ways.extend([plain, with(sound)]),
        }
    }
    // Last what other speakers say: aimer with an open e, mauvais with an open o.
    if let Some(first) = ways.first().filter(|_| item.piece.given.is_none()) {
        let mut others = mend::variants(key, first);
        let name = item.entries.first().is_some_and(|e| e.parts.contains('Z'));
        let unsure = name || item.source == ReadingSource::Rules || mend::looks_foreign(key);
        // Names and borrowed words are read by their letters by some, or have to be looked at.
        let linked = !matches!(item.link, Link::None);
        if unsure && !linked && !item.piece.clitic && item.entries.len() == 1 {
            others.push(letters::sounds(key));
        }
        others.retain(|o| !o.is_empty());
        ways.extend(others);
    }
    ways
}

/// The text as it is spoken: words with spaces between, breaks at the word before them.
fn spoken_text(words: &[Word]) -> String {
    let mut text = String::new();
    for word in words {
        let opening = word.text.starts_with(['(', '[', '–', '—']);
        let glued = word.kind == WordKind::Break && !opening || word.text == "\n" || text.ends_with(['(', '[', '\n']);
        if !text.is_empty() && !glued {
            text.push(' ');
        }
        text.push_str(&word.text);
    }
    text
}

#[cfg(test)]
mod tests;
