//! Words that are written alike and said differently: est, fils, couvent, plus, tous … told apart by what stands
//! around them.
//!
//! Where the context decides, only that reading is left open; where it does not, the others stay as choices, ranked.

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

/// A choice between the sounds of one spelling.
struct Decision {
    /// In the code of the lexicon.
    sounds: &'static str,
    /// Nothing else comes into question.
    sure: bool,
}

fn sure(sounds: &'static str) -> Option<Decision> {
    Some(Decision { sounds, sure: true })
}

fn likely(sounds: &'static str) -> Option<Decision> {
    Some(Decision { sounds, sure: false })
}

/// Words with rules of their own.
fn decide(line: Line, i: usize) -> Option<Decision> {
    let (before, after) = (line.key_before(i), line.key_after(i));
    let second_before = line.before(i).map_or("", |n| line.key_before(n));
    let hyphen_next = line.after(i).is_some_and(|n| line.items[n].piece.hyphen);
    let determined = line.before(i).is_some_and(|n| determines(line, n));
    match line.key(i) {
        "est" => {
            let towards = ["à", "de", "vers", "dans", "d", "sur", "par", "depuis", "et", "plein", ""];
            if before == "l" && towards.contains(&second_before) && !hyphen_next {
                let verb = line.after(i).is_some_and(|n| line.is_first(n, "PADaT"));
                if second_before.is_empty() && verb { likely("Est") } else { sure("Est") }
            } else if before == "d" || before == "plein" || line.items[i].piece.text.starts_with('E') && before == "l" {
                sure("Est")
            } else {
                sure("E")
            }
        }
        // The neuter ce before est: "s"; a schwa that every est-ce drops.
        "ce" if line.items[i].piece.hyphen => sure("s"),
        "je" if line.items[i].piece.hyphen => sure("Z"),
        "plus" => plus(line, i),
        "tous" => {
            let noun_phrase = line.after(i).is_some_and(|n| {
                has(DETERMINERS, line.key(n))
                    || numerals::is_numeral(line.key(n))
                    || matches!(line.key(n), "ceux" | "autres" | "azimuts")
            }) && !line.after(i).is_some_and(|n| line.is_first(n, "VW"));
            // "tous les deux": tu; "tous l'ont vu": the pronoun before a verb is tus, and rare.
            if noun_phrase { sure("tu") } else { sure("tus") }
        }
        "os" => {
            if has(PLURAL_DETERMINERS, before) || numeral_plural(before) || before == "d" {
                sure("o")
            } else {
                sure("Os")
            }
        }
        "oeufs" | "boeufs" => None,
        "as" => {
            let verb = line.subject_side(i).is_some_and(|n| line.key(n) == "tu") || hyphen_next;
            if verb {
                sure("a")
            } else if determined || before == "d" || numeral_plural(before) {
                sure("as")
            } else {
                likely("a")
            }
        }
        "sens" => {
            let speaker = line.subject_side(i).is_some_and(|n| matches!(line.key(n), "je" | "j" | "tu")) || hyphen_next;
            if speaker { sure("s@") } else { sure("s@s") }
        }
        "vis" => {
            if determined && !speaks(line, i) {
                sure("vis")
            } else {
                sure("vi")
            }
        }
        "lis" => {
            if determined && !speaks(line, i) || before == "de" {
                sure("lis")
            } else {
                sure("li")
            }
        }
        "bus" => {
            if speaks(line, i) {
                sure("by")
            } else {
                sure("bys")
            }
        }
        "but" => {
            let third = line.subject_side(i).is_some_and(|n| matches!(line.key(n), "il" | "elle" | "on" | "qui"));
            if third && !determined {
                sure("by")
            } else if determined || before == "de" || before == "sans" {
                sure("byt")
            } else {
                likely("byt")
            }
        }
        "fils" => {
            let wires = [
                "électriques",
                "électrique",
                "téléphoniques",
                "barbelés",
                "conducteurs",
                "dentaires",
                "dorés",
                "tendus",
            ];
            let cloth = ["fer", "soie", "laine", "coton", "cuivre", "nylon", "couleur", "acier"];
            let of_cloth = after == "de" && line.after(i).is_some_and(|n| cloth.contains(&line.key_after(n)));
            let kin = [
                "mon", "ton", "son", "notre", "votre", "leur", "le", "un", "beau", "petit", "ce", "du", "au", "chaque",
                "l",
            ];
            if wires.contains(&after) || of_cloth {
                sure("fil")
            } else if kin.contains(&before) {
                sure("fis")
            } else {
                likely("fis")
            }
        }
        "fier" => {
            let infinitive =
                ["se", "s", "me", "m", "te", "t", "nous", "vous"].contains(&before) && second_before != "je";
            if infinitive { sure("fje") } else { sure("fjER") }
        }
        "fait" if matches!(before, "au" | "en" | "de") && !line.after(i).is_some_and(|n| line.is_first(n, "V")) => {
            let fixed = before == "en" && !speaks(line, i)
                || before == "au" && after != "de"
                || before == "de" && second_before.is_empty();
            let subject = line.subject_side(i).is_some_and(|n| has(super::line::SUBJECTS, line.key(n)));
            if fixed && !subject { sure("fEt") } else { sure("fE") }
        }
        "las" => {
            if before == "de" && second_before.is_empty() {
                likely("las")
            } else {
                sure("la")
            }
        }
        "parce" | "tandis" => None,
        "quelque" if after == "chose" => sure("kElk*"),
        "jean" if line.items[i].piece.text.starts_with('J') => sure("Z@"),
        // ï in Le Caire and others is no matter here; "le" and "la" never change.
        _ => None,
    }
}

/// plus: ply where it denies or compares, plys where it adds; a final one stays open.
fn plus(line: Line, i: usize) -> Option<Decision> {
    let (before, after) = (line.key_before(i), line.key_after(i));
    let second_before = line.before(i).map_or("", |n| line.key_before(n));
    let negated = denied(line, i);
    let nominal = |n: usize| line.is_first(n, "ABaDPQ") || line.is(n, "ABa");
    if matches!(before, "non" | "ni" | "moi" | "rien") && before != "moi" || negated {
        return sure("ply");
    }
    let figures = |n: Option<usize>| n.is_some_and(|n| numerals::is_numeral(line.key(n)));
    if figures(line.before(i)) && figures(line.after(i))
        || line.items[i].piece.text == "+"
        || line.items[i].piece.expanded
    {
        return sure("plys");
    }
    match (before, after) {
        // de plus en plus, plus ou moins, de plus, en plus, au plus.
        ("de", "en") | (_, "ou") => return sure("ply"),
        ("en", "en") => return sure("ply"),
        ("en", "de") => return sure("ply"),
        ("de" | "en" | "au" | "tout", "") => {
            return if second_before == "plus" { sure("ply") } else { likely("plys") };
        }
        (_, "tard" | "tôt" | "loin" | "jamais") => return sure("ply"),
        (_, "que") => return likely("plys"),
        (_, "de" | "d" | "du" | "des") => return likely("ply"),
        _ => {}
    }
    match line.after(i) {
        Some(n) if nominal(n) => sure("ply"),
        Some(_) => likely("ply"),
        None => likely("plys"),
    }
}

/// Whether ne or n' stands before, within the clause.
pub fn denied(line: Line, i: usize) -> bool {
    let mut at = line.before(i);
    let mut seen = 0;
    while let Some(n) = at {
        if matches!(line.key(n), "ne" | "n" | "sans") {
            return true;
        }
        // "pas plus" compares; another clause begins.
        if matches!(line.key(n), "pas" | "que" | "qu" | "qui" | "mais" | "et" | "ou") || seen > 6 {
            return false;
        }
        seen += 1;
        at = line.before(n);
    }
    // "plus jamais", "plus personne" and "plus rien" deny by themselves.
    matches!(line.key_after(i), "personne" | "rien" | "aucun" | "aucune")
}

/// je or tu is the subject.
fn speaks(line: Line, i: usize) -> bool {
    line.subject_side(i).is_some_and(|n| matches!(line.key(n), "je" | "j" | "tu"))
}

fn numeral_plural(key: &str) -> bool {
    numerals::is_numeral(key) && !matches!(key, "un" | "une" | "zéro")
}

/// Whether the word at `n` opens a noun phrase: a determiner, and not the pronoun of the same form (il l'a, je les lis).
fn determines(line: Line, n: usize) -> bool {
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
            Some(true) => (verb, true),
            Some(false) => (other, true),
            None => (other, false),
        }
    } else if let (Some(noun), Some(verb)) = (has("MU"), has("V")) {
        let we = line.subject_side(i).is_some_and(|n| line.key(n) == "nous");
        if we { (verb, true) } else { (noun, true) }
    } else if let (Some(infinitive), Some(noun)) = (has("I"), has("NA")) {
        let nominal = line.before(i).is_some_and(|n| determines(line, n));
        if nominal { (noun, true) } else { (infinitive, true) }
    } else {
        (0, false)
    };
    items[i].entries[..=wanted].rotate_right(1);
    if sure { 1 } else { count }
}

/// Whether a plural subject stands before a verb in -ent: `Some(false)` when the place is surely no verb's.
fn plural_subject(line: Line, i: usize) -> Option<bool> {
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
        key if has(DETERMINERS, key) => return Some(false),
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
            if has(DETERMINERS, key) || steps > 4 {
                return Some(false);
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
