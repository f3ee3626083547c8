//! Liaison: the silent consonant at the end of a word that is heard before a vowel.
//!
//! It is always made after determiners, pronouns before their verb, short prepositions and adverbs, an adjective before
//! its noun, and in set phrases; it may be made after forms of être, after pas, between a plural noun and its
//! adjective; it is never made after et, after a noun in the singular, or before an aspirated h and words like onze.
//! Classes after P. Fouché, "Traité de prononciation française", and P. Delattre, "Studies in French and comparative
//! phonetics".

use super::line::{Line, Link, has};
use super::numerals;
use super::phones::{Sound, decode, is_vowel};

/// Beginnings of words whose h is mute; every other h is aspirated.
const MUTE_H: &str = "\
    habea habil habit hagio halein halieut hallucin halogèn haltèr haltér hameçon harmon hast hebdo \
    héber hébé hébr hécat hecto hecta hédon hégém hégir hélas hélic hélio hélip hellén helvét hélianth \
    héma hémi hémo hendé hépa hept herba herbe herbi herbo herbu hercul hérédi hérés héréti hérit hermé \
    hermi hermaph héroïn héroïq héroïs hésit hétér hétaï heur hévéa hexa hiatus hibern hibisc hier hilar \
    hindo hindi hippi hippo hirond hirsut hisp histo histr hiver holis holo homél homéo homér homici \
    homin hommag homme homo honnêt honneur honor hôpit horaire horizon horlog hormon horosc horreur \
    horrib horrif horrip hortens hortic hospi hostell hosti hostil hôte hôtel huile huili huilé huiss \
    huîtr huitr humai human humbl humec humér humeur humid humil humor humour humus hyacin hyal hybri \
    hydr hyèn hygi hygro hymen hymn hyper hypn hypo hyst hyst hélène henri henry hubert hugues hippolyte \
    honoré hector homère hyères habsb haïti hurluberlu horace hadrien héloïse hermione";

/// Words among them whose h is aspirated all the same: hiérarchie, heurter, hippie, humer.
const ASPIRATED_H: [&str; 4] = ["hiér", "heurt", "hippie", "humer"];

/// Words without h that behave as if they had an aspirated one.
const LIKE_ASPIRATED: &str = "\
    oui ouistiti ouistitis onze onzième onzièmes uhlan uhlans ululer yaourt yaourts ouais huit huitième \
    huitièmes huitaine ouah oh ah eh euh hein ouf un-deux";

/// Whether a word stands apart from the one before: aspirated h, onze, oui, and foreign words in y and w.
pub fn is_aspirated(key: &str) -> bool {
    if has(LIKE_ASPIRATED, key) {
        return true;
    }
    let mut letters = key.chars();
    match letters.next() {
        Some('h') => !MUTE_H.split(' ').any(|h| key.starts_with(h)) || ASPIRATED_H.iter().any(|h| key.starts_with(h)),
        Some('y') => {
            let glide = letters.next().is_some_and(|c| "aeiouéè".contains(c));
            glide && !matches!(key, "yeux" | "yeuse" | "yeuses" | "yonne" | "yèble")
        }
        Some('w') => true,
        _ => false,
    }
}

/// Pairs of words that are always linked.
const SET_PHRASES: &[(&str, &str)] = &[
    ("plus", "ou"),
    ("plus", "on"),
    ("moins", "on"),
    ("accent", "aigu"),
    ("bien", "entendu"),
    ("tôt", "ou"),
    ("tant", "et"),
    ("cas", "échéant"),
    ("nations", "unies"),
    ("états", "unis"),
    ("jeux", "olympiques"),
    ("arts", "et"),
    ("ponts", "et"),
    ("quant", "à"),
    ("quant", "au"),
    ("quant", "aux"),
    ("comment", "allez"),
    ("sang", "impur"),
    ("champs", "élysées"),
    ("corps", "et"),
    ("eaux", "et"),
    ("bout", "à"),
    ("temps", "à"),
    ("fond", "en"),
    ("fait", "accompli"),
    ("moyen", "âge"),
    ("vis", "à"),
    ("haut", "en"),
    ("tout", "à"),
    ("tout", "au"),
    ("tout", "en"),
    ("tout", "un"),
    ("tout", "une"),
    ("tout", "autre"),
];

const DETERMINERS: &str = "\
    les des ces mes tes ses nos vos leurs aux quels quelles quelques plusieurs certains certaines divers \
    diverses autres mêmes mon ton son un aucun tels telles";

/// Adjectives that stand before their noun.
const BEFORE_NOUN: &str = "\
    petit petits petites grand grands grandes gros grosses bon bons bonnes mauvais mauvaises beaux \
    belles long longs longues premier premiers premières dernier derniers dernières ancien anciens \
    anciennes vieux vieilles faux prochain prochains prochaines certain plein vilain vain second seconds \
    secondes nouveaux nouvelles jolis jolies jeunes hauts hautes moindres meilleurs meilleures saint \
    saints chers chères vrais vraies braves pauvres rares nombreux nombreuses différents \
    différentes excellents excellentes divin malin léger mêmes \
    parfait soudain profond charmant excellent gentil mien tien sien";

/// Those of them that stand before names, too.
const BEFORE_NAME: &str = "petit petits grand grands saint saints certain premier vieux bon";

/// Forms after which a liaison is often heard and often not.
const OFTEN: &str = "\
    est sont ont suis était étaient avait avaient sera seront serait seraient avons avez êtes sommes \
    étais avais pas rien assez soit";

/// What is heard between the piece at `i` and the next.
pub fn link(line: Line, i: usize) -> Link {
    let Some(next) = line.after(i) else { return Link::None };
    let (a, b) = (&line.items[i], &line.items[next]);
    // s'en aller: allez-vous-en.
    if b.piece.hyphen
        && matches!(b.piece.key.as_str(), "y" | "en")
        && matches!(a.piece.key.as_str(), "nous" | "vous" | "les")
    {
        return Link::Must("z");
    }
    if a.piece.clitic || a.piece.given.is_some() || !line.starts_with_vowel(next) || b.piece.clitic && a.piece.hyphen {
        return Link::None;
    }
    let (key, then) = (a.piece.key.as_str(), b.piece.key.as_str());
    if key == "et" {
        return Link::None;
    }
    let Some(latent) = latent(line, i) else { return Link::None };
    let sound = latent.sound;
    // Verb and pronoun: est-il, vont-elles, allez-y, prends-en. Here even "sert-il" is linked.
    if b.piece.hyphen && matches!(then, "il" | "elle" | "ils" | "elles" | "on" | "y" | "en") && line.is(i, "VWPI") {
        return Link::Must(sound);
    }
    // Mot à mot, un à un, de temps en temps.
    let twice = matches!(then, "à" | "en") && line.key_after(next) == key && key != "nez";
    if twice && !latent.after_consonant {
        return Link::Likely(sound);
    }
    // Nuit et jour, but "la nuit et le jour".
    let day_and_night = (key, then, line.key_after(next)) == ("nuit", "et", "jour");
    if (SET_PHRASES.contains(&(key, then)) || day_and_night) && !(latent.after_consonant && sound != "z") {
        return Link::Likely(sound);
    }
    if latent.after_consonant && sound != "z" {
        return Link::None;
    }
    let noun = |n: usize| line.is_first(n, "NMnFUZABa") || matches!(line.key(n), "autre" | "autres" | "un" | "une");
    if numerals::is_numeral(key) && key != "un" {
        let counted = numerals::counts(line, next) && !numerals::is_numeral(then);
        let links = counted && matches!(key, "deux" | "trois" | "quatre-vingts" | "cent" | "cents");
        return if links { Link::Must(sound) } else { Link::None };
    }
    let preceded_by_preposition = matches!(
        line.key_before(i),
        "avec" | "chez" | "pour" | "sans" | "à" | "de" | "entre" | "par" | "contre" | "sur" | "selon"
    );
    let must = match key {
        "un" => {
            let before_adjective =
                line.is_first(next, "D") && line.after(next).is_some_and(|n| line.is_first(n, "ABaNF"));
            // "cent un ans", but "trois un" and "l'un a": no noun is counted.
            let counts = matches!(line.key_before(i), "cent" | "cents" | "mille" | "vingt" | "et");
            let number = (numerals::is_numeral(line.key_before(i)) || a.piece.hyphen) && !counts;
            let nominal = noun(next) || line.is(next, "NFA") && !matches!(then, "a" | "est" | "à" | "en" | "y" | "on");
            !number && line.key_before(i) != "l" && (nominal && !line.is_first(next, "V") || before_adjective)
                || numerals::is_numeral(line.key_before(i)) && noun(next) && line.is_first(next, "NMF")
        }
        // "le son aigu": a noun.
        "mon" | "ton" | "son" => {
            let noun = line.before(i).is_some_and(|n| super::context::determines(line, n));
            !noun && !line.is_first(next, "ECV")
        }
        "aucun" => noun(next) || line.is_first(next, "D"),
        "certains" | "certaines" | "plusieurs" | "autres" | "mêmes" | "divers" | "diverses" => {
            // "plusieurs avions" is a noun, whatever it is more often; "certains ont" is not.
            noun(next) || line.is(next, "N") && !matches!(then, "a" | "à" | "en" | "y" | "on" | "est" | "ont")
        }
        "les" => !a.piece.hyphen,
        _ if has(DETERMINERS, key) => true,
        "on" => !a.piece.hyphen && (line.is_first(next, "VWI") || matches!(then, "y" | "en")),
        "nous" | "vous" => {
            let verb = line.is_first(next, "VW") || line.is_first(next, "P") && line.is(next, "V");
            let free = matches!(then, "y" | "en" | "autres") || line.is_first(next, "I");
            !a.piece.hyphen && (free || verb && !preceded_by_preposition)
        }
        "ils" | "elles" => !a.piece.hyphen && (line.is(next, "VW") || matches!(then, "y" | "en")),
        "dans" | "sans" | "sous" | "dès" => true,
        "chez" => !line.is_first(next, "Z"),
        "en" => !a.piece.hyphen,
        "très" => true,
        "plus" if super::homographs::denied(line, i) => false,
        "mieux" | "trop" | "bien" if line.is_first(next, "PG") => return Link::Likely(sound),
        "plus" | "moins" | "mieux" | "trop" | "bien" => {
            line.is_first(next, "ABaPG") || line.is_first(next, "D") && then.ends_with("ment")
        }
        "tout" => line.is_first(next, "ABaDNFE") && !line.is_first(next, "P"),
        "quand" | "dont" => {
            let inverted = then == "est" && line.after(next).is_some_and(|n| line.items[n].piece.hyphen);
            matches!(then, "il" | "ils" | "elle" | "elles" | "on" | "un" | "une" | "en") || key == "quand" && inverted
        }
        // c'est un …: by some grammars a choice.
        "est" if line.key_before(i) == "c" && !b.piece.clitic => return Link::Likely(sound),
        "est" => false,
        _ => {
            // Dates have it seldom: le premier avril.
            if key == "premier" && numerals::is_month(then) {
                return Link::Offered(sound);
            }
            // The vowel before n and ʁ changes, not in every mouth alike: certain âge, premier étage.
            let plain = !matches!(sound, "n" | "ʁ" | "g" | "j");
            let listed = plain && (has(BEFORE_NOUN, key) || line.is_first(i, "B"));
            match adjective(line, i, next) {
                true if !listed => return Link::Likely(sound),
                linked => linked,
            }
        }
    };
    if must {
        return Link::Must(sound);
    }
    if has(OFTEN, key) && !(key == "est" && line.is(i, "N") && !line.is(i, "V")) {
        return Link::Offered(sound);
    }
    let plural_pair = line.is_first(i, "MU") && line.is_first(next, "Ba");
    if plural_pair {
        return Link::Offered(sound);
    }
    let careful = matches!(
        key,
        "chez"
            | "mais"
            | "puis"
            | "après"
            | "avant"
            | "depuis"
            | "pendant"
            | "devant"
            | "jamais"
            | "toujours"
            | "beaucoup"
    ) || line.is_first(i, "VW") && !latent.after_consonant;
    if careful { Link::May(sound) } else { Link::None }
}

/// An adjective before its noun.
fn adjective(line: Line, i: usize, next: usize) -> bool {
    // In a compound a name counts as well: Saint-Antoine, les Hautes-Alpes.
    // … and after the adjectives that stand before names: le petit Henri, saint Antoine.
    let named = has(BEFORE_NAME, line.key(i)) && line.is_first(next, "Z");
    let compound = line.items[next].piece.hyphen && line.is_first(next, "Z") || named;
    let noun = compound || line.is_first(next, "NMnFU") || line.is(next, "NMnFU") && line.is_first(next, "ABa");
    // Before one of the short common adjectives' places, été is a summer.
    if has(BEFORE_NOUN, line.key(i)) && line.is(next, "NMnFU") && !line.is_first(next, "VWECRDT") {
        return true;
    }
    if !noun || line.items[next].piece.clitic {
        return false;
    }
    if has(BEFORE_NOUN, line.key(i)) {
        return true;
    }
    let determined = line.before(i).is_some_and(|n| {
        has(super::line::DETERMINERS, line.key(n))
            || has(DETERMINERS, line.key(n))
            || numerals::is_numeral(line.key(n))
            || matches!(line.key(n), "de" | "d")
    });
    // Two words that can both be either are left alone: un savant anglais.
    let either = line.is(next, "ABa") && line.is(i, "NMnFU") && !line.is_first(i, "B");
    determined && line.is_first(i, "ABa") && line.is_first(next, "NMnFU") && !either
}

/// A consonant that is written at the end and not said.
struct Latent {
    sound: Sound,
    /// What is said ends in a consonant (autres, sert).
    after_consonant: bool,
}

fn latent(line: Line, i: usize) -> Option<Latent> {
    let item = &line.items[i];
    let last = *item.entries.first()?.sounds.last()?;
    let key = item.piece.key.as_str();
    let after_consonant = !is_vowel(last);
    let sound = match key.chars().next_back()? {
        // grosses erreurs: a schwa parts the two.
        's' | 'x' | 'z' if !matches!(last, "s" | "z") || key == "ils" || key.ends_with("ses") => "z",
        't' | 'd' if !matches!(last, "t" | "d") => "t",
        'n' if last.ends_with('\u{303}') => "n",
        'r' if last == "e" && line.is_first(i, "ABaQ") => "ʁ",
        // gentil enfant.
        'l' if key == "gentil" => "j",
        'p' if matches!(key, "trop" | "beaucoup") => "p",
        'g' if key == "long" => "g",
        'g' if key == "sang" => "k",
        _ => return None,
    };
    Some(Latent { sound, after_consonant })
}

/// The sounds of a word before the consonant that links it: nasal vowels of adjectives lose their nasality (bon ami),
/// the e of premier opens.
pub fn linked(key: &str, sounds: &[Sound], link: Sound) -> Vec<Sound> {
    let mut result = sounds.to_vec();
    let keeps = matches!(
        key,
        "un" | "aucun" | "mon" | "ton" | "son" | "on" | "en" | "bien" | "rien" | "commun" | "mien" | "tien" | "sien"
    );
    if let Some(last) = result.last_mut() {
        match (link, *last) {
            ("n", _) if keeps => {}
            ("n", "ɔ\u{303}") => *last = "ɔ",
            ("n", "ɛ\u{303}") if key.ends_with("in") && !key.ends_with("ain") && !key.ends_with("ein") => *last = "i",
            ("n", "ɛ\u{303}") => *last = "ɛ",
            ("ʁ", "e") => *last = "ɛ",
            _ => {}
        }
    }
    result.push(link);
    result
}

/// The schwa of a final mute e, where the spelling has one and the sounds end in a consonant.
pub fn final_schwa(key: &str, sounds: &[Sound]) -> bool {
    let spelled = key.ends_with('e') || key.ends_with("es") || key.ends_with("ent");
    spelled && sounds.len() > 1 && sounds.last().is_some_and(|s| !is_vowel(s)) && !decode("s").eq(sounds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn aspirated_and_mute() {
        for word in [
            "héros",
            "haricot",
            "haut",
            "honte",
            "hibou",
            "hollande",
            "onze",
            "oui",
            "yaourt",
            "huit",
            "week",
            "hiérarchie",
            "hasard",
            "hockey",
            "heurter",
            "hippie",
            "humer",
        ] {
            assert!(is_aspirated(word), "{word}");
        }
        for word in [
            "homme",
            "heure",
            "hôpital",
            "histoire",
            "hiver",
            "héroïne",
            "herbe",
            "yeux",
            "oiseau",
            "huile",
            "hier",
            "hôtel",
            "humérus",
            "hurluberlu",
            "y",
        ] {
            assert!(!is_aspirated(word), "{word}");
        }
    }

    #[test]
    fn linked_words_change_their_vowel() {
        let said = |key: &str, code: &str, link| linked(key, &decode(code), link).concat();
        assert_eq!(said("bon", "b&", "n"), "bɔn");
        assert_eq!(said("mon", "m&", "n"), "mɔ̃n");
        assert_eq!(said("certain", "sERt5", "n"), "sɛʁtɛn");
        assert_eq!(said("divin", "div5", "n"), "divin");
        assert_eq!(said("premier", "pR*mje", "ʁ"), "pʁəmjɛʁ");
    }
}
