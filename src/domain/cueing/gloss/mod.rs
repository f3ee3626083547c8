//! A key in words: one short sentence of what hand, place and lips do, in the interface's language.
//!
//! "Index finger up, at the chin; lips rounded." The hand is told by its fingers as the chart names them, the lips by
//! the vowel and by consonants that are plainly seen (p b m closed, f v on the teeth). [`sentence`] writes it,
//! [`parse`] reads it back, from any words that people use for the same.

mod lexicon;
mod parse;
mod units;
mod words;

pub use parse::{Conflict, ConflictKind, Cue, Parsed, Unknown, parse, parse_any};

use crate::cueing::chart::{Chart, Names};
use crate::cueing::{HandShape, Movement, Position};
use crate::language::Language;
use serde::{Deserialize, Serialize};

/// The languages of the interface.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum UiLanguage {
    #[default]
    #[serde(rename = "en")]
    English,
    #[serde(rename = "zh")]
    Chinese,
    #[serde(rename = "fr")]
    French,
}

impl UiLanguage {
    pub const ALL: [Self; 3] = [Self::English, Self::Chinese, Self::French];

    /// `en`, `zh` or `fr`.
    pub fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh",
            Self::French => "fr",
        }
    }

    /// The name in this language.
    pub fn of(self, names: &Names) -> &str {
        match self {
            Self::English => &names.en,
            Self::Chinese => &names.zh,
            Self::French => &names.fr,
        }
    }
}

/// What the lips do for a sound. They follow the sound: a sentence tells them, but cannot change them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Lips {
    /// i: corners drawn back.
    Spread,
    /// e ɛ: parted.
    Parted,
    /// a: open.
    Open,
    /// o ɔ œ: a round opening.
    Rounded,
    /// u y: pushed forward, small opening.
    Pursed,
    /// p b m.
    Closed,
    /// f v.
    OnTeeth,
    /// Nothing to be seen that tells one sound from others.
    Loose,
}

/// One sentence for a key. `symbols` are the key's phones in the language's own tokens (`["ʒ", "u"]`, `["zh", "ang"]`,
/// `["n", "eɪ"]`); with [`Movement::Diphthong`] the sentence tells the end of the diphthong.
pub fn sentence(
    shape: HandShape,
    position: Position,
    movement: Option<Movement>,
    symbols: &[&str],
    ui: UiLanguage,
) -> String {
    let hand = hand(shape, ui);
    let place = place(position, movement, ui);
    let lips = lips(shape, movement, symbols, ui);
    match ui {
        UiLanguage::English => format!("{hand}, {place}; {lips}"),
        UiLanguage::Chinese => format!("{hand}，{place}；{lips}"),
        UiLanguage::French => format!("{hand}, {place}\u{a0}; {lips}"),
    }
}

/// What the lips do for a key, in order: nothing, one thing, or a consonant that is seen and then the vowel.
pub fn lips_of(shape: HandShape, movement: Option<Movement>, symbols: &[&str]) -> Vec<Lips> {
    // An r after its vowel, which only a chart for British English puts into one key, is not seen.
    let symbols = match symbols {
        [said @ .., "r"] if said.last().is_some_and(|v| of_vowel(v, None, false).is_some()) => said,
        _ => symbols,
    };
    let Some((last, before)) = symbols.split_last() else { return vec![Lips::Loose] };
    // v is ü in Mandarin and a consonant elsewhere; a vowel comes after a consonant or with the open hand.
    let vowel = match *last {
        "v" if before.is_empty() && shape != HandShape(5) => None,
        _ => of_vowel(last, before.last().copied(), movement == Some(Movement::Diphthong)),
    };
    let consonant = match vowel {
        Some(_) => before.last().and_then(|c| of_consonant(c)),
        None => of_consonant(last),
    };
    match (consonant, vowel) {
        (Some(first @ (Lips::Closed | Lips::OnTeeth)), Some(then)) => vec![first, then],
        (_, Some(only)) | (Some(only), None) => vec![only],
        (None, None) => vec![Lips::Loose],
    }
}

fn hand(shape: HandShape, ui: UiLanguage) -> String {
    // The eight shapes are the same on every chart that comes with the program.
    let described = Chart::builtin(Language::French).shape(shape).map(|s| ui.of(&s.name));
    let hand = described.unwrap_or(match ui {
        UiLanguage::English => "hand at rest",
        UiLanguage::Chinese => "手放松",
        UiLanguage::French => "main au repos",
    });
    capitalised(hand)
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |c| c.to_uppercase().chain(chars).collect())
}

fn uncapitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |c| c.to_lowercase().chain(chars).collect())
}

fn place(position: Position, movement: Option<Movement>, ui: UiLanguage) -> String {
    use Position as P;
    let at = match ui {
        UiLanguage::English => match position {
            P::Side => "beside the face",
            P::Mouth => "at the corner of the mouth",
            P::Chin => "at the chin",
            P::Cheekbone => "at the cheekbone",
            P::Throat => "at the throat",
            P::SideForward => "beside the face and forward",
            P::SideDown => "beside the face and a little lower",
            P::Neutral => "down in front of the body",
        },
        UiLanguage::Chinese => match position {
            P::Side => "在脸侧",
            P::Mouth => "在嘴角",
            P::Chin => "在下巴",
            P::Cheekbone => "在颧骨",
            P::Throat => "在喉部",
            P::SideForward => "在脸侧靠前处",
            P::SideDown => "在脸侧稍低处",
            P::Neutral => "垂在身前",
        },
        UiLanguage::French => match position {
            P::Side => "à côté du visage",
            P::Mouth => "au coin de la bouche",
            P::Chin => "au menton",
            P::Cheekbone => "à la pommette",
            P::Throat => "à la gorge",
            P::SideForward => "à côté du visage, vers l’avant",
            P::SideDown => "à côté du visage, un peu plus bas",
            P::Neutral => "devant le corps",
        },
    };
    match (ui, movement) {
        (_, None) => at.to_owned(),
        (UiLanguage::English, Some(Movement::Flick)) => format!("{at}, flicked forward and back"),
        (UiLanguage::English, Some(Movement::DoubleTouch)) => format!("{at}, touching once more"),
        (UiLanguage::English, Some(Movement::Diphthong)) => format!("gliding on, {at}"),
        (UiLanguage::Chinese, Some(Movement::Flick)) => format!("{at}，向前轻点后收回"),
        (UiLanguage::Chinese, Some(Movement::DoubleTouch)) => format!("{at}，再点一次"),
        (UiLanguage::Chinese, Some(Movement::Diphthong)) => format!("滑动后停{at}"),
        (UiLanguage::French, Some(Movement::Flick)) => format!("{at}, petit aller-retour vers l’avant"),
        (UiLanguage::French, Some(Movement::DoubleTouch)) => format!("{at}, touché une seconde fois"),
        (UiLanguage::French, Some(Movement::Diphthong)) => format!("en glissant, {at}"),
    }
}

fn lips(shape: HandShape, movement: Option<Movement>, symbols: &[&str], ui: UiLanguage) -> String {
    match lips_of(shape, movement, symbols)[..] {
        [first, then] => join(first, then, ui),
        [only] => told(only, ui).to_owned(),
        _ => told(Lips::Loose, ui).to_owned(),
    }
}

fn join(first: Lips, then: Lips, ui: UiLanguage) -> String {
    let (first, then) = (told(first, ui), told(then, ui));
    match ui {
        UiLanguage::English => format!("{first}, then {}", then.trim_start_matches("lips ")),
        UiLanguage::Chinese => format!("{first}，然后{}", then.trim_start_matches("双唇")),
        UiLanguage::French => format!("{first}, puis {}", then.trim_start_matches("lèvres ")),
    }
}

fn told(lips: Lips, ui: UiLanguage) -> &'static str {
    match (ui, lips) {
        (UiLanguage::English, Lips::Spread) => "lips spread",
        (UiLanguage::English, Lips::Parted) => "lips parted",
        (UiLanguage::English, Lips::Open) => "lips open",
        (UiLanguage::English, Lips::Rounded) => "lips rounded",
        (UiLanguage::English, Lips::Pursed) => "lips pursed",
        (UiLanguage::English, Lips::Closed) => "lips closed",
        (UiLanguage::English, Lips::OnTeeth) => "lower lip to the teeth",
        (UiLanguage::English, Lips::Loose) => "lips relaxed",
        (UiLanguage::Chinese, Lips::Spread) => "双唇展开",
        (UiLanguage::Chinese, Lips::Parted) => "双唇微开",
        (UiLanguage::Chinese, Lips::Open) => "双唇张开",
        (UiLanguage::Chinese, Lips::Rounded) => "双唇拢圆",
        (UiLanguage::Chinese, Lips::Pursed) => "双唇撮起",
        (UiLanguage::Chinese, Lips::Closed) => "双唇闭合",
        (UiLanguage::Chinese, Lips::OnTeeth) => "上齿轻触下唇",
        (UiLanguage::Chinese, Lips::Loose) => "双唇放松",
        (UiLanguage::French, Lips::Spread) => "lèvres étirées",
        (UiLanguage::French, Lips::Parted) => "lèvres entrouvertes",
        (UiLanguage::French, Lips::Open) => "lèvres ouvertes",
        (UiLanguage::French, Lips::Rounded) => "lèvres arrondies",
        (UiLanguage::French, Lips::Pursed) => "lèvres avancées",
        (UiLanguage::French, Lips::Closed) => "lèvres fermées",
        (UiLanguage::French, Lips::OnTeeth) => "lèvre du bas contre les dents",
        (UiLanguage::French, Lips::Loose) => "lèvres relâchées",
    }
}

/// Lips of a vowel of any of the three languages; `None` when the symbol is no vowel. `after` is the consonant before
/// it, `end` asks for the second half of a diphthong.
fn of_vowel(symbol: &str, after: Option<&str>, end: bool) -> Option<Lips> {
    Some(match symbol {
        // Mandarin i after a sibilant is no ee, but the lips are parted all the same.
        "i" if matches!(after, Some("zh" | "ch" | "sh" | "r" | "z" | "c")) => Lips::Parted,
        "i" | "ɪ" => Lips::Spread,
        "e" | "ɛ" | "ə" | "er" | "en" | "eng" | "ei" | "ɛ\u{303}" => Lips::Parted,
        "a" | "ɑ" | "æ" | "ʌ" | "ai" | "ao" | "an" | "ang" | "ɑ\u{303}" => Lips::Open,
        "o" | "ɔ" | "ø" | "œ" | "ɔ\u{303}" | "œ\u{303}" | "ou" | "ong" | "oʊ" | "ɝ" | "ɚ" | "ʊ" => {
            Lips::Rounded
        }
        "u" | "y" | "v" => Lips::Pursed,
        "aɪ" => [Lips::Open, Lips::Spread][usize::from(end)],
        "aʊ" => [Lips::Open, Lips::Rounded][usize::from(end)],
        "eɪ" => [Lips::Parted, Lips::Spread][usize::from(end)],
        "ɔɪ" => [Lips::Rounded, Lips::Spread][usize::from(end)],
        _ => return None,
    })
}

fn of_consonant(symbol: &str) -> Option<Lips> {
    Some(match symbol {
        "p" | "b" | "m" => Lips::Closed,
        "f" | "v" => Lips::OnTeeth,
        "w" | "ʍ" | "ɥ" | "yu" => Lips::Pursed,
        "ʃ" | "ʒ" | "tʃ" | "dʒ" => Lips::Rounded,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cueing::chart::inventory;
    use std::collections::HashSet;
    use unicode_segmentation::UnicodeSegmentation;

    fn say(shape: u8, position: Position, symbols: &[&str], ui: UiLanguage) -> String {
        sentence(HandShape(shape), position, None, symbols, ui)
    }

    #[test]
    fn a_key_is_told_naturally() {
        use UiLanguage::{Chinese, English, French};
        assert_eq!(say(1, Position::Chin, &["ʒ", "u"], English), "Index finger up, at the chin; lips pursed");
        assert_eq!(say(1, Position::Chin, &["d", "ɔ"], English), "Index finger up, at the chin; lips rounded");
        assert_eq!(say(1, Position::Chin, &["zh", "u"], Chinese), "食指伸直，在下巴；双唇撮起");
        assert_eq!(say(1, Position::Chin, &["ʒ", "u"], French), "Index tendu, au menton\u{a0}; lèvres avancées");
        assert_eq!(
            say(4, Position::Mouth, &["b", "ɔ\u{303}"], French),
            "Quatre doigts tendus, pouce replié, au coin de la bouche\u{a0}; lèvres fermées, puis arrondies"
        );
        assert_eq!(say(5, Position::Side, &["m", "a"], Chinese), "五指伸直、拇指分开，在脸侧；双唇闭合，然后张开");
        assert_eq!(
            say(5, Position::Throat, &["f", "æ"], English),
            "Open hand, thumb out, at the throat; lower lip to the teeth, then open"
        );
        assert_eq!(say(0, Position::Neutral, &[], English), "Hand at rest, down in front of the body; lips relaxed");
    }

    #[test]
    fn movements_and_diphthongs_are_told() {
        let glide = sentence(HandShape(5), Position::Throat, Some(Movement::Diphthong), &["aʊ"], UiLanguage::English);
        assert_eq!(glide, "Open hand, thumb out, gliding on, at the throat; lips rounded");
        assert!(say(5, Position::Side, &["h", "aʊ"], UiLanguage::English).ends_with("lips open"));
        let tap =
            sentence(HandShape(5), Position::Mouth, Some(Movement::DoubleTouch), &["m", "i"], UiLanguage::Chinese);
        assert_eq!(tap, "五指伸直、拇指分开，在嘴角，再点一次；双唇闭合，然后展开");
    }

    #[test]
    fn v_is_a_vowel_in_mandarin_only() {
        let en = UiLanguage::English;
        assert!(say(4, Position::Mouth, &["n", "v"], en).ends_with("lips pursed"));
        assert!(say(5, Position::Mouth, &["v"], en).ends_with("lips pursed"));
        assert!(say(2, Position::Side, &["v"], en).ends_with("lower lip to the teeth"));
        assert!(say(2, Position::Throat, &["v", "ɪ"], en).ends_with("lower lip to the teeth, then spread"));
    }

    #[test]
    fn every_key_has_its_own_short_sentence() {
        let movements = [None, Some(Movement::Flick), Some(Movement::DoubleTouch), Some(Movement::Diphthong)];
        let mut all = HashSet::new();
        for ui in UiLanguage::ALL {
            for shape in HandShape::ALL {
                for position in Position::ALL {
                    for movement in movements {
                        let told = sentence(shape, position, movement, &["a"], ui);
                        let marks = ["\n", "  ", ",,", ", ;", "，，", ".."];
                        assert!(marks.iter().all(|m| !told.contains(m)), "{told}");
                        let limit = if ui == UiLanguage::Chinese { 45 } else { 130 };
                        assert!((12..=limit).contains(&told.graphemes(true).count()), "{told}");
                        assert!(told.chars().next().is_some_and(|c| c.is_uppercase() || c > '\u{2e80}'), "{told}");
                        assert!(all.insert(told.clone()), "twice: {told}");
                    }
                }
            }
        }
        assert_eq!(all.len(), 3 * 8 * 7 * 4);
    }

    #[test]
    fn every_vowel_has_lips_and_the_charts_share_their_hands() {
        for language in Language::ALL {
            for vowel in inventory(language).1 {
                assert!(of_vowel(vowel, None, false).is_some(), "{vowel}");
            }
            for consonant in inventory(language).0.iter().filter(|c| !matches!(**c, "v" | "y")) {
                assert!(of_vowel(consonant, None, false).is_none(), "{consonant}");
            }
            assert_eq!(Chart::builtin(language).shapes, Chart::builtin(Language::French).shapes);
        }
    }

    #[test]
    fn a_glide_y_is_no_vowel_where_one_follows() {
        assert!(say(8, Position::Side, &["y", "a"], UiLanguage::English).ends_with("lips open"));
        assert!(say(6, Position::Throat, &["l", "y"], UiLanguage::English).ends_with("lips pursed"));
    }
}
