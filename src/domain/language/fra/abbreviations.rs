//! Short forms: abbreviations and what they stand for, the names of letters, acronyms that are said as words.

use super::phones::{Sound, decode};

/// Abbreviations as written (with the point where it belongs to them), and the words. Longest first where one begins
/// another.
const ABBREVIATIONS: &[(&str, &str)] = &[
    ("c.-à-d.", "c'est-à-dire"),
    ("c-à-d", "c'est-à-dire"),
    ("p. ex.", "par exemple"),
    ("par ex.", "par exemple"),
    ("ex.", "exemple"),
    ("etc.", "etcetera"),
    ("etc", "etcetera"),
    ("J.-C.", "Jésus-Christ"),
    ("Mmes", "mesdames"),
    ("Mme", "madame"),
    ("Mlles", "mesdemoiselles"),
    ("Mlle", "mademoiselle"),
    ("MM.", "messieurs"),
    ("Mgr", "monseigneur"),
    ("Drs", "docteurs"),
    ("Dr.", "docteur"),
    ("Dr", "docteur"),
    ("Pr", "professeur"),
    ("Ste", "sainte"),
    ("St", "saint"),
    ("Cie", "compagnie"),
    ("Bd", "boulevard"),
    ("bd", "boulevard"),
    ("Av.", "avenue"),
    ("av.", "avenue"),
    ("apr.", "après"),
    ("env.", "environ"),
    ("tél.", "téléphone"),
    ("Tél.", "téléphone"),
    ("chap.", "chapitre"),
    ("art.", "article"),
    ("vol.", "volume"),
    ("max.", "maximum"),
    ("min.", "minimum"),
    ("janv.", "janvier"),
    ("févr.", "février"),
    ("juil.", "juillet"),
    ("sept.", "septembre"),
    ("oct.", "octobre"),
    ("nov.", "novembre"),
    ("déc.", "décembre"),
    ("cf.", "confer"),
    ("vs", "versus"),
    ("svp", "s'il vous plaît"),
    ("SVP", "s'il vous plaît"),
    ("stp", "s'il te plaît"),
    ("rdv", "rendez-vous"),
    ("RDV", "rendez-vous"),
    ("qqn", "quelqu'un"),
    ("qqch", "quelque chose"),
    ("bcp", "beaucoup"),
    ("tjs", "toujours"),
    ("hab.", "habitants"),
    ("pp.", "pages"),
    ("fig.", "figure"),
    ("éd.", "édition"),
    ("coll.", "collection"),
    ("dép.", "département"),
    ("hôp.", "hôpital"),
    ("lun.", "lundi"),
    ("sam.", "samedi"),
    ("dim.", "dimanche"),
    ("St-", "saint"),
    ("Ste-", "sainte"),
    ("Sts", "saints"),
    ("Vve", "veuve"),
];

/// Signs and their words. `/` between words is left out by the caller.
pub fn sign(c: char) -> Option<&'static str> {
    Some(match c {
        '&' => "et",
        '%' => "pour cent",
        '‰' => "pour mille",
        '€' => "euros",
        '$' => "dollars",
        '£' => "livres",
        '+' => "plus",
        '=' => "égale",
        '×' => "fois",
        '÷' => "divisé par",
        '<' => "inférieur à",
        '>' => "supérieur à",
        '@' => "arobase",
        '#' => "dièse",
        '§' => "paragraphe",
        '°' => "degrés",
        '½' => "un demi",
        '¼' => "un quart",
        '¾' => "trois quarts",
        '²' => "au carré",
        '³' => "au cube",
        _ => return None,
    })
}

/// The abbreviation at the start of `text`: how many bytes it takes and its words.
pub fn read(text: &str) -> Option<(usize, &'static str)> {
    let found = ABBREVIATIONS.iter().filter(|(short, _)| {
        text.strip_prefix(short).is_some_and(|rest| {
            short.ends_with(['.', '-']) || !rest.starts_with(|c: char| c.is_alphanumeric() || c == '-' || c == '\'')
        })
    });
    let (short, words) = found.max_by_key(|(short, _)| short.len())?;
    Some((short.len(), words))
}

/// Whether a short form is a word too, so that a figure must stand beside it: "sept. 2020", but "ils sont sept."
pub fn needs_figure(words: &str) -> bool {
    matches!(words, "septembre" | "samedi" | "article" | "volume" | "exemple" | "maximum" | "minimum" | "figure")
}

/// "M. Dupont", "M.Dupont", "M. le maire": monsieur; "Me Dupont": maître; "n° 5", "N°5": numéro; "p. 12": page.
pub fn read_by_context(text: &str) -> Option<(usize, &'static str)> {
    if let Some(rest) = text.strip_prefix("M.") {
        let next = rest.trim_start_matches([' ', '\u{a0}', '\u{202f}']);
        let title = ["le ", "l'", "l’", "et M"].iter().any(|t| next.starts_with(t));
        if title
            || next.starts_with(char::is_uppercase)
                && !next[next.chars().next().map_or(0, char::len_utf8)..].starts_with('.')
        {
            return Some((2, "monsieur"));
        }
    }
    // "en 52 av. J.-C.": before, not an avenue.
    for (short, words) in [("av.", "avant"), ("Av.", "avant")] {
        if let Some(rest) = text.strip_prefix(short)
            && rest.trim_start_matches([' ', '\u{a0}', '\u{202f}']).starts_with("J")
        {
            return Some((short.len(), words));
        }
    }
    let master = text.strip_prefix("Me ").is_some_and(|r| r.starts_with(char::is_uppercase));
    if master {
        return Some((2, "maître"));
    }
    for number in ["n°", "N°", "nº", "no "] {
        if let Some(rest) = text.strip_prefix(number) {
            let next = rest.trim_start_matches([' ', '\u{a0}', '\u{202f}']);
            if number != "no " || next.starts_with(|c: char| c.is_ascii_digit()) {
                return Some((number.trim_end().len(), "numéro"));
            }
        }
    }
    let page = text.strip_prefix("p.").map(|r| r.trim_start_matches([' ', '\u{a0}', '\u{202f}']));
    page.is_some_and(|r| r.starts_with(|c: char| c.is_ascii_digit())).then_some((2, "page"))
}

/// The name of a letter; `None` for what is no letter of the alphabet.
pub fn letter(c: char) -> Option<Vec<Sound>> {
    let plain = match c.to_ascii_lowercase() {
        'à' | 'â' | 'À' | 'Â' => 'a',
        'ç' | 'Ç' => 'c',
        'é' | 'É' | 'è' | 'È' | 'ê' | 'Ê' => return Some(decode("e")),
        'î' | 'ï' => 'i',
        'ô' => 'o',
        'ù' | 'û' => 'u',
        c => c,
    };
    Some(decode(match plain {
        'a' => "a",
        'b' => "be",
        'c' => "se",
        'd' => "de",
        'e' => "2",
        'f' => "Ef",
        'g' => "Ze",
        'h' => "aS",
        'i' => "i",
        'j' => "Zi",
        'k' => "ka",
        'l' => "El",
        'm' => "Em",
        'n' => "En",
        'o' => "o",
        'p' => "pe",
        'q' => "ky",
        'r' => "ER",
        's' => "Es",
        't' => "te",
        'u' => "y",
        'v' => "ve",
        'w' => "dubl*ve",
        'x' => "iks",
        'y' => "igREk",
        'z' => "zEd",
        _ => return None,
    }))
}

/// Acronyms that are said like a word.
const AS_WORDS: &[(&str, &str)] = &[
    ("ONU", "Ony"),
    ("OTAN", "Ot@"),
    ("UNESCO", "ynEsko"),
    ("UNICEF", "ynisEf"),
    ("NASA", "naza"),
    ("SIDA", "sida"),
    ("OVNI", "ovni"),
    ("SMIC", "smik"),
    ("INSEE", "inse"),
    ("CAPES", "kapEs"),
    ("PACS", "paks"),
    ("FNAC", "fnak"),
    ("FIFA", "fifa"),
    ("UEFA", "yefa"),
    ("ENA", "ena"),
    ("SAMU", "samy"),
    ("CROUS", "kRus"),
    ("LASER", "lazER"),
    ("RADAR", "RadaR"),
    ("COVID", "kOvid"),
    ("IRA", "iRa"),
    ("OPEP", "OpEp"),
    ("CEDEX", "sedEks"),
    ("DOM", "dOm"),
    ("TOM", "tOm"),
    ("RIB", "Rib"),
    ("LOL", "lOl"),
    ("ZAC", "zak"),
    ("ADIL", "adil"),
    ("CNIL", "knil"),
    ("CAF", "kaf"),
    ("URSSAF", "yRsaf"),
    ("ASSEDIC", "asedik"),
    ("AFNOR", "afnOR"),
    ("ZEP", "zEp"),
    ("ZUP", "zyp"),
    ("INRA", "inRa"),
    ("INSERM", "5sERm"),
    ("BAFA", "bafa"),
    ("DEUG", "d9g"),
    ("SACEM", "sasEm"),
    ("BENELUX", "benelyks"),
    ("CAC", "kak"),
    ("RAM", "Ram"),
    ("ROM", "ROm"),
    ("PIN", "pin"),
    ("SIM", "sim"),
    ("LED", "lEd"),
    ("BIC", "bik"),
    ("BAC", "bak"),
    ("PAC", "pak"),
    ("MEDEF", "medEf"),
    ("CRIF", "kRif"),
    ("SPIP", "spip"),
    ("ALENA", "alena"),
    ("INPI", "inpi"),
    ("EHPAD", "epad"),
    ("ADEME", "adEm"),
    ("ARCOM", "aRkOm"),
    ("IFOP", "ifOp"),
    ("SOFRES", "sofREs"),
    ("CREDOC", "kRedOk"),
];

/// Whether capitals that the lexicon has as a word are spelled out all the same.
pub fn is_spelled(capitals: &str) -> bool {
    capitals == "URSS"
}

/// Whether capitals are an acronym said like a word.
pub fn is_word_acronym(capitals: &str) -> bool {
    AS_WORDS.iter().any(|(word, _)| *word == capitals)
}

/// The sounds of an acronym in capitals: as a word where it is said so, else letter by letter.
pub fn acronym(capitals: &str) -> Option<Vec<Sound>> {
    let plain: String = capitals.chars().filter(|c| *c != '.').collect();
    if let Some((_, code)) = AS_WORDS.iter().find(|(word, _)| *word == plain) {
        return Some(decode(code));
    }
    plain.chars().map(letter).collect::<Option<Vec<_>>>().map(|l| l.concat())
}

/// The other way to say an acronym: letter by letter where it is said as a word, as a word where it has a vowel to be
/// said with; `None` where there is none.
pub fn other_acronym(capitals: &str, said: &[Sound]) -> Option<Vec<Sound>> {
    let plain: String = capitals.chars().filter(|c| *c != '.').collect();
    let spelled: Vec<Sound> = plain.chars().map(letter).collect::<Option<Vec<_>>>()?.concat();
    if spelled != said {
        return Some(spelled);
    }
    let vowel = |c: char| "AEIOUY".contains(c);
    // A vowel between consonants, and not three consonants in a row, make a word.
    let inside = plain.chars().skip(1).any(vowel);
    let run = plain.chars().collect::<Vec<_>>().windows(3).any(|w| w.iter().all(|c| !vowel(*c)));
    let word = super::letters::sounds(&plain.to_lowercase());
    (inside && !run && plain.len() > 2 && !word.is_empty()).then_some(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn abbreviations_end_where_they_should() {
        assert_eq!(read("Mme Dupont"), Some((3, "madame")));
        assert_eq!(read("etc. Puis"), Some((4, "etcetera")));
        assert_eq!(read("Stéphane"), None);
        assert_eq!(read("vsx"), None);
        assert_eq!(read_by_context("M. Dupont"), Some((2, "monsieur")));
        assert_eq!(read_by_context("M. le maire"), Some((2, "monsieur")));
        assert_eq!(read_by_context("M. et Mme Roux"), Some((2, "monsieur")));
        assert_eq!(read_by_context("av. J.-C."), Some((3, "avant")));
        assert_eq!(read_by_context("M. est"), None);
        assert_eq!(read_by_context("n° 5"), Some((3, "numéro")));
        assert_eq!(read_by_context("p. 12"), Some((2, "page")));
    }

    #[test]
    fn acronyms_by_letters_or_as_words() {
        let said = |a: &str| acronym(a).map(|s| s.concat());
        assert_eq!(said("SNCF").as_deref(), Some("ɛsɛnseɛf"));
        assert_eq!(said("O.N.U.").as_deref(), Some("ɔny"));
        assert_eq!(said("LPC").as_deref(), Some("ɛlpese"));
        assert_eq!(said("A汉"), None);
    }
}
