//! French sounds: their symbols, how they fall into syllables, and how a reading is made of them.

use crate::language::phonetics;
use crate::language::{Language, Phone, PhoneClass, Reading, ReadingSource, Syllable};

/// A sound by its symbol in the inventory of French.
pub type Sound = &'static str;

/// The sounds as the lexicon files write them, one character each.
const CODES: [(char, Sound); 37] = [
    ('a', "a"),
    ('i', "i"),
    ('y', "y"),
    ('u', "u"),
    ('e', "e"),
    ('E', "ɛ"),
    ('o', "o"),
    ('O', "ɔ"),
    ('2', "ø"),
    ('9', "œ"),
    ('*', "ə"),
    ('@', "ɑ\u{303}"),
    ('&', "ɔ\u{303}"),
    ('5', "ɛ\u{303}"),
    ('1', "œ\u{303}"),
    ('j', "j"),
    ('w', "w"),
    ('8', "ɥ"),
    ('p', "p"),
    ('b', "b"),
    ('t', "t"),
    ('d', "d"),
    ('k', "k"),
    ('g', "g"),
    ('f', "f"),
    ('v', "v"),
    ('s', "s"),
    ('z', "z"),
    ('S', "ʃ"),
    ('Z', "ʒ"),
    ('m', "m"),
    ('n', "n"),
    ('N', "ɲ"),
    ('G', "ŋ"),
    ('l', "l"),
    ('R', "ʁ"),
    ('A', "ɑ"),
];

/// Sounds from the code of the lexicon files; characters that are no code are passed over.
pub fn decode(code: &str) -> Vec<Sound> {
    code.chars().filter_map(|c| CODES.iter().find(|(k, _)| *k == c).map(|(_, s)| *s)).collect()
}

/// The symbol as one of the inventory's own, or `None` when French has no such sound.
pub fn known(symbol: &str) -> Option<Sound> {
    phonetics::symbols(Language::French).map(|(s, _)| s).find(|s| *s == symbol)
}

pub fn is_vowel(sound: Sound) -> bool {
    phonetics::class_of(sound, Language::French) == Some(PhoneClass::Vowel)
}

pub fn is_glide(sound: Sound) -> bool {
    matches!(sound, "j" | "w" | "ɥ")
}

fn is_liquid(sound: Sound) -> bool {
    matches!(sound, "l" | "ʁ")
}

fn is_obstruent(sound: Sound) -> bool {
    matches!(sound, "p" | "b" | "t" | "d" | "k" | "g" | "f" | "v")
}

/// Puts ɥ where a transcription without that sound writes y before a vowel: "nuit" is n ɥ i. After a stop or f with l
/// or ʁ it stays a vowel (cruel), but not before i (pluie, bruit).
pub fn restore_glides(sounds: &mut [Sound]) {
    for i in 0..sounds.len() {
        let before_vowel = sounds.get(i + 1).is_some_and(|s| is_vowel(s));
        if sounds[i] != "y" || !before_vowel {
            continue;
        }
        let cluster = i >= 2 && is_liquid(sounds[i - 1]) && is_obstruent(sounds[i - 2]);
        if !cluster || sounds[i + 1] == "i" {
            sounds[i] = "ɥ";
        }
    }
}

/// Puts ɲ where a transcription writes n j for it; for words that are spelled with gn.
pub fn restore_gn(sounds: &mut Vec<Sound>) {
    let mut i = 0;
    while i + 1 < sounds.len() {
        if sounds[i] == "n" && sounds[i + 1] == "j" {
            sounds.splice(i..i + 2, ["ɲ"]);
        }
        i += 1;
    }
}

/// Leaves out the schwas inside a word that are not said in ordinary speech: after one single consonant that follows a
/// vowel (samedi, appeler, développement), but not in the first syllable (petit), not after two consonants
/// (appartement), and not before a liquid or nasal with a glide (atelier, appelions).
pub fn drop_schwas(sounds: &mut Vec<Sound>) {
    let mut i = 2;
    while i + 1 < sounds.len() {
        let after_one = !is_vowel(sounds[i - 1]) && !is_glide(sounds[i - 1]) && is_vowel(sounds[i - 2]);
        let heavy = matches!(sounds[i + 1], "l" | "ʁ" | "n" | "m") && sounds.get(i + 2).is_some_and(|s| is_glide(s));
        if sounds[i] == "ə" && after_one && !heavy && !is_vowel(sounds[i + 1]) {
            sounds.remove(i);
        } else {
            i += 1;
        }
    }
}

/// Splits sounds into syllables: one consonant before a vowel goes with it, two if the second is a glide or if they
/// are a stop, f or v with l or ʁ (also three: trois). Without a vowel all is one syllable.
pub fn syllabify(sounds: &[Sound]) -> Vec<&[Sound]> {
    let nuclei: Vec<usize> = (0..sounds.len()).filter(|i| is_vowel(sounds[*i])).collect();
    let mut starts = vec![0];
    for pair in nuclei.windows(2) {
        let (left, right) = (pair[0] + 1, pair[1]);
        let mut start = right;
        if start > left {
            start -= 1;
            if start > left && is_glide(sounds[start]) && !is_glide(sounds[start - 1]) {
                start -= 1;
            }
            if start > left && is_liquid(sounds[start]) && is_obstruent(sounds[start - 1]) {
                start -= 1;
            }
        }
        starts.push(start);
    }
    starts.push(sounds.len());
    starts.windows(2).map(|w| &sounds[w[0]..w[1]]).filter(|s| !s.is_empty()).collect()
}

/// A reading with its label in IPA and its syllables.
pub fn reading(sounds: &[Sound], source: ReadingSource) -> Reading {
    let label = format!("/{}/", sounds.concat());
    let syllable = |s: &[Sound]| Syllable {
        label: s.concat(),
        spelling: String::new(),
        phones: s.iter().map(|p| phone(p)).collect(),
        tone: None,
    };
    Reading { label, syllables: syllabify(sounds).into_iter().map(syllable).collect(), source }
}

fn phone(sound: Sound) -> Phone {
    let class = if is_vowel(sound) { PhoneClass::Vowel } else { PhoneClass::Consonant };
    Phone { symbol: sound.to_owned(), class }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(code: &str) -> String {
        let sounds = decode(code);
        syllabify(&sounds).iter().map(|s| s.concat()).collect::<Vec<_>>().join(".")
    }

    #[test]
    fn every_code_is_a_sound_of_french() {
        for (code, sound) in CODES {
            assert_eq!(known(sound), Some(sound), "{code}");
        }
        assert_eq!(CODES.len(), phonetics::symbols(Language::French).count());
    }

    #[test]
    fn syllables_of_french() {
        let cases = [
            ("b&ZuR", "bɔ̃.ʒuʁ"),
            ("@R*ZistRe", "ɑ̃.ʁə.ʒis.tʁe"),
            ("spas", "spas"),
            ("fRwa", "fʁwa"),
            ("tRwazjEm", "tʁwa.zjɛm"),
            ("apl8i", "a.plɥi"),
            ("paRtiR", "paʁ.tiʁ"),
            ("Ekspliko", "ɛk.spli.ko"),
            ("pei", "pe.i"),
            ("fijEt", "fi.jɛt"),
            ("l", "l"),
        ];
        for (code, expected) in cases {
            let expected = expected.replace("ɛk.spli", "ɛks.pli");
            assert_eq!(cut(code), expected, "{code}");
        }
    }

    #[test]
    fn the_glide_that_synthesisers_lack_is_put_back() {
        let restored = |code: &str| {
            let mut sounds = decode(code);
            restore_glides(&mut sounds);
            sounds
        };
        assert_eq!(restored("nyi"), decode("n8i"));
        assert_eq!(restored("lyi"), decode("l8i"));
        assert_eq!(restored("plyi"), decode("pl8i"));
        assert_eq!(restored("kRyEl"), decode("kRyEl"));
        assert_eq!(restored("nyaZ"), decode("n8aZ"));
        assert_eq!(restored("ly"), decode("ly"));
        assert_eq!(restored("lyn"), decode("lyn"));
    }

    #[test]
    fn schwas_fall_where_they_are_not_said() {
        let said = |code: &str| {
            let mut sounds = decode(code);
            drop_schwas(&mut sounds);
            sounds
        };
        let cases = [
            ("sam*di", "samdi"),
            ("ap*le", "aple"),
            ("dev*lOp*m@", "devlOpm@"),
            ("m5t*n@", "m5tn@"),
            ("apaRt*m@", "apaRt*m@"),
            ("v@dR*di", "v@dR*di"),
            ("p*ti", "p*ti"),
            ("d*v*niR", "d*vniR"),
            ("at*lje", "at*lje"),
            ("sim*tjER", "simtjER"),
            ("ap*lj&", "ap*lj&"),
            ("k*", "k*"),
        ];
        for (written, expected) in cases {
            assert_eq!(said(written), decode(expected), "{written}");
        }
    }
}
