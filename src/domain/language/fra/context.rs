//! Words that are written alike and said differently: est, fils, couvent, plus, tous … told apart by what stands
//! around them.
//!
//! Where the context decides, only that reading is left open; where it does not, the others stay as choices, ranked.

use super::homographs::{Decision, decide};
use super::lexicon::Entry;
use super::line::{DETERMINERS, Item, Line, PLURAL_DETERMINERS, has};
use super::numerals;
use super::phones::{Sound, decode};
use crate::language::ReadingSource;

/// Puts the reading that fits at `i` first and says how many are open.
pub fn choose(items: &mut [Item], i: usize) {
    let line = Line { items };
    if let Some(forms) = numerals::forms(line, i) {
        let entry = |code: &&str| Entry { sounds: decode(code), parts: "Q".to_owned() };
        items[i].entries = forms.iter().map(entry).collect();
        items[i].open = forms.len();
        return;
    }
    let decision = decide(line, i);
    match decision {
        Some(Decision { sounds, sure }) => {
            let item = &mut items[i];
            let wanted = decode(sounds);
            if let Some(at) = item.entries.iter().position(|e| e.sounds == wanted) {
                item.entries[..=at].rotate_right(1);
            } else if item.source == ReadingSource::Lexicon {
                let parts = item.entries.first().map_or_else(|| "D".to_owned(), |e| e.parts.clone());
                item.entries.insert(0, Entry { sounds: wanted, parts });
            }
            item.open = if sure { 1 } else { item.entries.len() };
        }
        None => items[i].open = by_parts(items, i),
    }
}

/// je or tu is the subject.
pub fn speaks(line: Line, i: usize) -> bool {
    line.subject_side(i).is_some_and(|n| matches!(line.key(n), "je" | "j" | "tu"))
}

pub fn numeral_plural(key: &str) -> bool {
    numerals::is_numeral(key) && !matches!(key, "un" | "une" | "zéro")
}

/// Whether the word at `n` opens a noun phrase: a determiner, and not the pronoun of the same form (il l'a, je les lis).
pub fn determines(line: Line, n: usize) -> bool {
    if !has(DETERMINERS, line.key(n)) {
        return false;
    }
    let ambiguous = matches!(line.key(n), "le" | "la" | "l" | "les" | "leur");
    let speaker = line.before(n).is_some_and(|p| {
        matches!(
            line.key(p),
            "je" | "j"
                | "tu"
                | "il"
                | "elle"
                | "on"
                | "nous"
                | "vous"
                | "ils"
                | "elles"
                | "ne"
                | "n"
                | "me"
                | "te"
                | "se"
        )
    });
    !(ambiguous && speaker)
}

/// Readings that differ by part of speech: verbs in -ent beside nouns and adjectives, nouns in -tions beside verbs,
/// English nouns in -er beside infinitives. Answers how many stay open.
fn by_parts(items: &mut [Item], i: usize) -> usize {
    let count = items[i].entries.len();
    if count < 2 || items[i].source != ReadingSource::Lexicon {
        return count;
    }
    let line = Line { items };
    let has = |parts: &str| line.items[i].entries.iter().position(|e| e.is_first(parts));
    let (wanted, sure) = if let Some(verb) = has("W") {
        let plural = plural_subject(line, i);
        let other = (0..count).find(|n| *n != verb).unwrap_or(0);
        match plural {
            // A pronoun or an article beside it decides; a noun farther off is a weaker witness.
            Some(true) => (verb, line.before(i).is_some_and(|n| matches!(line.key(n), "ils" | "elles"))),
            Some(false) => (other, line.before(i).is_some_and(|n| determines(line, n) || line.is_first(n, "V"))),
            // Without another verb the clause needs this one.
            None if !other_verb(line, i) => (verb, false),
            None => (other, false),
        }
    } else if let (Some(noun), Some(verb)) = (has("MU"), has("V")) {
        let we = line.subject_side(i).is_some_and(|n| line.key(n) == "nous");
        if we { (verb, true) } else { (noun, true) }
    } else if let (Some(infinitive), Some(noun)) = (has("I"), has("NA")) {
        // un reporter, un grand reporter; "le reporter" may be either.
        let opens = |n: usize| determines(line, n) || numeral_plural(line.key(n));
        let pronoun = line.before(i).is_some_and(|n| matches!(line.key(n), "le" | "la" | "l" | "les"));
        let nominal = line.before(i).is_some_and(|n| {
            opens(n) || line.is(n, "ABa") && line.before(n).is_some_and(opens) || line.is_first(n, "NF")
        });
        // Il faut le reporter: behind such verbs "le" is a pronoun.
        const MODALS: &str = "\
            faut faudra faudrait veux veut voulez veulent voulons voudrais peux peut pouvez pouvons peuvent \
            dois doit devez devons doivent va vais vas allons allez vont de à sans pour laisse faire faut-il";
        let second = line.before(i).map_or("", |n| line.key_before(n));
        if pronoun && super::line::has(MODALS, second) {
            items[i].entries[..=infinitive].rotate_right(1);
            return 1;
        }
        match (nominal, pronoun) {
            (true, false) => (noun, true),
            (true, true) => (noun, false),
            _ => (infinitive, true),
        }
    } else {
        (0, false)
    };
    items[i].entries[..=wanted].rotate_right(1);
    if sure { 1 } else { count }
}

/// Whether the stretch has a finite verb besides the word at `i`.
fn other_verb(line: Line, i: usize) -> bool {
    let is_verb = |n: usize| line.is_first(n, "VW");
    let mut back = line.before(i);
    while let Some(n) = back {
        if is_verb(n) {
            return true;
        }
        back = line.before(n);
    }
    let mut ahead = line.after(i);
    while let Some(n) = ahead {
        if is_verb(n) {
            return true;
        }
        ahead = line.after(n);
    }
    false
}

/// Whether a plural subject stands before a verb in -ent: `Some(false)` when the place is surely no verb's.
fn plural_subject(line: Line, i: usize) -> Option<bool> {
    // Où résident-ils ?
    let inverted = |n: usize| line.items[n].piece.hyphen && matches!(line.key(n), "ils" | "elles");
    if line.after(i).is_some_and(inverted) {
        return Some(true);
    }
    let Some(n) = line.subject_side(i) else {
        // First in the clause, or after "les" and the like.
        return line.before(i).map(|_| false);
    };
    match line.key(n) {
        "ils" | "elles" => return Some(!line.items[n].piece.hyphen),
        "qui" => {
            let plural =
                line.before(n).is_some_and(|p| line.is_first(p, "MUB") || matches!(line.key(p), "ceux" | "celles"));
            return Some(plural);
        }
        "beaucoup" | "certains" | "certaines" | "plusieurs" | "tous" | "toutes" | "plupart" | "ceux" | "celles" => {
            return Some(true);
        }
        // The same word twice: les poules du couvent couvent.
        key if key == line.key(i) && line.before(i) == Some(n) => return Some(true),
        key if has(DETERMINERS, key) => return Some(false),
        // ils ferment le ferment: behind a verb and its article stands a noun.
        _ if line.before(i).is_some_and(|p| has(DETERMINERS, line.key(p))) && line.is_first(n, "VW") => {
            return Some(false);
        }
        "il" | "elle" | "on" | "est" | "très" | "plus" | "si" | "aussi" | "trop" | "de" | "d" | "un" | "était"
        | "sont" => return Some(false),
        _ => {}
    }
    if line.is_first(n, "MUBPn") && !line.is_first(n, "NFA") {
        // A plural noun phrase: its determiner tells (les poules couvent, but "les élèves d'un président").
        let mut at = Some(n);
        let mut steps = 0;
        while let Some(p) = at {
            let key = line.key(p);
            if has(PLURAL_DETERMINERS, key) || numeral_plural(key) {
                return Some(true);
            }
            if has(DETERMINERS, key) {
                return Some(false);
            }
            if steps > 4 {
                return None;
            }
            steps += 1;
            at = line.before(p);
        }
        return None;
    }
    if line.is_first(n, "NFAEZ") {
        // A singular noun before it: an adjective follows, unless the phrase goes back to a plural (les poules du
        // couvent couvent).
        let mut at = line.before(n);
        let mut steps = 0;
        let mut crossed = false;
        while let Some(p) = at {
            let key = line.key(p);
            crossed |= matches!(key, "de" | "du" | "d" | "des" | "à" | "au");
            if crossed && has(PLURAL_DETERMINERS, key) && key != "des" {
                return None;
            }
            if steps > 5 {
                break;
            }
            steps += 1;
            at = line.before(p);
        }
        return Some(false);
    }
    None
}

/// The sounds of an elided word before its host.
pub fn clitic(key: &str) -> Vec<Sound> {
    decode(match key {
        "l" => "l",
        "d" => "d",
        "j" => "Z",
        "n" => "n",
        "m" => "m",
        "t" => "t",
        "s" | "c" => "s",
        "qu" => "k",
        "jusqu" => "Zysk",
        "lorsqu" => "lORsk",
        "puisqu" => "p8isk",
        "quoiqu" => "kwak",
        "presqu" => "pREsk",
        _ => "",
    })
}
