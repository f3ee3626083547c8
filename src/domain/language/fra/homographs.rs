//! Words with rules of their own: est, plus, tous, fils, os, as, sens … by what stands around them.

use super::context::{determines, numeral_plural, speaks};
use super::line::{DETERMINERS, Line, PLURAL_DETERMINERS, SUBJECTS, has};
use super::numerals;

/// A choice between the sounds of one spelling.
pub struct Decision {
    /// In the code of the lexicon.
    pub sounds: &'static str,
    /// Nothing else comes into question.
    pub sure: bool,
}

fn sure(sounds: &'static str) -> Option<Decision> {
    Some(Decision { sounds, sure: true })
}

fn likely(sounds: &'static str) -> Option<Decision> {
    Some(Decision { sounds, sure: false })
}

/// Words with rules of their own.
pub fn decide(line: Line, i: usize) -> Option<Decision> {
    let (before, after) = (line.key_before(i), line.key_after(i));
    let second_before = line.before(i).map_or("", |n| line.key_before(n));
    let hyphen_next = line.after(i).is_some_and(|n| line.items[n].piece.hyphen);
    let determined = line.before(i).is_some_and(|n| determines(line, n));
    match line.key(i) {
        "est" => {
            let towards = ["à", "de", "vers", "dans", "d", "sur", "par", "depuis", "et", "plein", ""];
            // The east side: la côte est des États-Unis.
            let sides = ["côté", "côte", "façade", "rive", "aile", "zone", "banlieue", "partie", "frontière", "bloc"];
            if sides.contains(&before) && matches!(after, "" | "de" | "du" | "des" | "d") {
                sure("Est")
            } else if before == "l" && towards.contains(&second_before) && !hyphen_next {
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
                    || matches!(line.key(n), "ceux" | "celles" | "autres" | "azimuts")
                    || line.is_first(n, "MUn")
            }) && !line.after(i).is_some_and(|n| line.is_first(n, "VW"));
            // "tous les deux": tu; "tous l'ont vu": the pronoun before a verb is tus, and rare.
            // Last or before its verb it is a pronoun; elsewhere most often.
            let pronoun = after.is_empty() || line.after(i).is_some_and(|n| line.is_first(n, "VW"));
            if noun_phrase {
                sure("tu")
            } else if pronoun {
                sure("tus")
            } else {
                likely("tus")
            }
        }
        "os" => {
            let plural = |key: &str| has(PLURAL_DETERMINERS, key) || numeral_plural(key) || key == "d" || key == "de";
            // les vieux os, de gros os.
            let adjective = line.before(i).is_some_and(|n| line.is_first(n, "Ba") || line.is(n, "Ba"));
            if plural(before) || adjective && plural(second_before) {
                sure("o")
            } else if determined {
                sure("Os")
            } else {
                likely("Os")
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
            // Smell this flower.
            let order = before.is_empty() && line.after(i).is_some_and(|n| has(DETERMINERS, line.key(n)));
            if speaker {
                sure("s@")
            } else if order {
                likely("s@")
            } else if determined || before == "bon" {
                sure("s@s")
            } else {
                likely("s@s")
            }
        }
        "vis" => {
            let screws = numeral_plural(before) || matches!(before, "de" | "à") && after != "à";
            if speaks(line, i) {
                sure("vi")
            } else if determined || screws {
                sure("vis")
            } else {
                likely("vi")
            }
        }
        "lis" => {
            if determined && !speaks(line, i) || before == "de" {
                sure("lis")
            } else if speaks(line, i) {
                sure("li")
            } else {
                likely("li")
            }
        }
        "sus" => {
            if speaks(line, i) {
                sure("sy")
            } else {
                sure("sys")
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
                "l", "mes", "tes", "ses", "nos", "vos", "leurs", "et", "en", "aîné", "unique",
            ];
            let named = line.before(i).is_some_and(|n| line.is_first(n, "Z"));
            let threads = nearby(line, i, THREADS);
            if wires.contains(&after) || of_cloth {
                sure("fil")
            } else if kin.contains(&before) && !threads || named {
                sure("fis")
            } else if threads {
                likely("fil")
            } else {
                likely("fis")
            }
        }
        "fier" => {
            let infinitive =
                ["se", "s", "me", "m", "te", "t", "nous", "vous", "y"].contains(&before) && second_before != "je";
            if infinitive { sure("fje") } else { sure("fjER") }
        }
        "fait" if matches!(before, "au" | "en" | "de") && !line.after(i).is_some_and(|n| line.is_first(n, "V")) => {
            let fixed = before == "en" && !speaks(line, i)
                || before == "au" && after != "de"
                || before == "de" && second_before.is_empty();
            let subject = line.subject_side(i).is_some_and(|n| has(SUBJECTS, line.key(n)));
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
        // Before a consonant its schwa is heard: quelque chose, quelque temps.
        "quelque" => {
            let consonant = line.after(i).is_some_and(|n| !line.starts_with_vowel(n));
            if consonant { sure("kElk*") } else { sure("kElk") }
        }
        "jean" if line.items[i].piece.text.starts_with('J') => sure("Z@"),
        // The aeroplane is a jet with d; water and stones are thrown without.
        "jet" | "jets" => {
            if matches!(after, "de" | "d") {
                sure("ZE")
            } else if matches!(after, "privé" | "privés" | "set" | "supersonique" | "lag") || before == "en" {
                sure("dZEt")
            } else {
                likely("ZE")
            }
        }
        // "Soit !" by itself sounds its t.
        "soit" => {
            if before.is_empty() && after.is_empty() {
                likely("swat")
            } else {
                sure("swa")
            }
        }
        _ => None,
    }
}

/// Words beside which fils are threads or wires.
const THREADS: &str = "\
    aiguille aiguilles bobine bobines brancher câble câbles coton coudre couper coupe courant couturière \
    couturier cuivre dénudé dénudés électricien électriciens électricité laine marionnette marionnettes \
    marionnettiste nylon pelote prise soie tension tire tirer tisse tisser tisserand tissu toile \
    araignée araignées téléphone métal métalliques rouges bleus noirs colorés emmêlés emmêler nouer fins";

/// Whether one of these words stands near, within the stretch.
fn nearby(line: Line, i: usize, list: &str) -> bool {
    const REACH: usize = 7;
    let mut back = line.before(i);
    let mut ahead = line.after(i);
    for _ in 0..REACH {
        let told = [back, ahead].into_iter().flatten().any(|n| has(list, line.key(n)));
        if told {
            return true;
        }
        back = back.and_then(|n| line.before(n));
        ahead = ahead.and_then(|n| line.after(n));
    }
    false
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
        Some(n) if nominal(n) => likely("ply"),
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
