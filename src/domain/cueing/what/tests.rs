use super::*;
use crate::cueing::chart::{FrenchSchwa, NasalMerger, PreGlidePosition, UnstressedEe, Wh};
use crate::cueing::notation::{self, LetterSet};
use crate::language::{Phone, ReadingOptions, Syllable, Word};
use proptest::prelude::*;

/// Phones by symbols, their class by the chart; an unknown symbol counts as a consonant.
fn phones(language: Language, symbols: &str) -> Vec<Phone> {
    let chart = Chart::builtin(language);
    let class = |s: &str| if chart.is_vowel(s) { PhoneClass::Vowel } else { PhoneClass::Consonant };
    symbols.split_whitespace().map(|s| Phone { symbol: s.to_owned(), class: class(s) }).collect()
}

/// `s p a . s` is a reading of two syllables.
fn reading(language: Language, label: &str, text: &str) -> Reading {
    let syllables = text.split('.').map(|s| {
        let marked = s.trim().trim_start_matches(['ˈ', 'ˌ']);
        let mark = if marked.len() < s.trim().len() { "ˈ" } else { "" };
        let phones = phones(language, marked);
        let label = mark.to_owned() + &phones.iter().map(|p| p.symbol.as_str()).collect::<String>();
        Syllable { label, spelling: String::new(), phones, tone: None }
    });
    Reading { label: label.to_owned(), syllables: syllables.collect(), source: ReadingSource::Lexicon }
}

/// Words separated by `|`, readings of a word by `/`, syllables by `.`; `%` is a break, `?` an unreadable word.
fn utterance(language: Language, text: &str) -> Utterance {
    let word = |w: &str| {
        let kind = match w.trim() {
            "%" => WordKind::Break,
            "?" => WordKind::Unknown,
            _ => WordKind::Spoken,
        };
        let readings = match kind {
            WordKind::Spoken => w.split('/').map(|r| reading(language, "", r)).collect(),
            _ => Vec::new(),
        };
        Word { text: w.trim().to_owned(), source: 0..0, kind, readings, chosen: 0 }
    };
    Utterance { language, text: text.to_owned(), words: text.split('|').map(word).collect(), issues: Vec::new() }
}

fn made(u: &Utterance, switches: &ChartSwitches) -> Vec<Key> {
    keys(u, Chart::builtin(u.language), switches)
}

fn written(language: Language, text: &str, switches: &ChartSwitches) -> String {
    let letters = if language == Language::Mandarin { LetterSet::Mccs } else { LetterSet::Sppas };
    notation::write(&made(&utterance(language, text), switches), letters)
}

fn cmn(text: &str) -> String {
    written(Language::Mandarin, text, &ChartSwitches::default())
}

fn fra(text: &str) -> String {
    written(Language::French, text, &ChartSwitches::default())
}

fn eng(text: &str) -> String {
    written(Language::AmericanEnglish, text, &ChartSwitches::default())
}

#[test]
fn mandarin_vectors() {
    assert_eq!(cmn("w o|x i . h w an"), "6B 6M 3B 6B");
    assert_eq!(cmn("n v . sh i"), "4M 8M");
    assert_eq!(cmn("er"), "5S");
    // 天 说 兴: the consonant before the glide is at the final's position.
    assert_eq!(cmn("t y an"), "5B 8B");
    assert_eq!(cmn("sh w o"), "8B 6B");
    assert_eq!(cmn("x y eng"), "6T 8T");
    let cells = [
        ("i", "5M"),
        ("v", "5M"),
        ("b ao", "4C"),
        ("z en", "2S"),
        ("m e", "5B"),
        ("n i", "4M"),
        ("h ao", "3C"),
        ("z ao", "2C"),
        ("c an", "8B"),
        ("w o", "6B"),
        ("sh i", "8M"),
    ];
    for (syllable, key) in cells {
        assert_eq!(cmn(syllable), key, "{syllable}");
    }
    // 一会儿: er has a key of its own.
    assert_eq!(cmn("i . h w ei . er"), "5M 3T 6T 5S");
}

#[test]
fn mandarin_keys_stay_in_their_syllable() {
    // 注意安全: the same tokens without syllable marks would pair n with nothing, and q with yu.
    assert_eq!(cmn("zh u . i|an . q yu an"), "1C 5M 5B 2B 4B");
    // Even a stray consonant at a syllable's end does not pair with the next vowel.
    assert_eq!(cmn("b|a"), "4S 5S");
    let side = ChartSwitches { pre_glide_position: PreGlidePosition::Side, ..ChartSwitches::default() };
    assert_eq!(written(Language::Mandarin, "t y an|h ao", &side), "5S 8B 3C");
    assert_eq!(cmn("t y an|%|h ao"), "5B 8B 3C");
}

#[test]
fn texts_give_the_keys_of_the_vectors() {
    let of = |language, text: &str, letters| {
        let u = crate::language::read(text, language, &crate::language::ReadingOptions::default(), None);
        notation::write(&made(&u, &ChartSwitches::default()), letters)
    };
    for (text, keys) in [("我喜欢", "6B 6M 3B 6B"), ("女士", "4M 8M"), ("注意安全", "1C 5M 5B 2B 4B"), ("二", "5S")]
    {
        assert_eq!(of(Language::Mandarin, text, LetterSet::Mccs), keys, "{text}");
    }
    for (text, keys) in
        [("bonjour", "4-m.1-c.3-s"), ("enregistrer", "5-m.3-s.1-m.3-s.5-s.3-t"), ("froid", "5-s.3-s.6-s")]
    {
        assert_eq!(of(Language::French, text, LetterSet::Sppas), keys, "{text}");
    }
    let english = [
        ("It is easy", "5-t.5-t.2-m.2-t"),
        ("name", "4-c.5-t.5-s"),
        ("kites", "2-s.5-t.5-s.3-s"),
        ("bean", "4-m.4-s"),
        ("my house", "5-s.5-t.3-s.5-t.3-s"),
        ("listen", "6-t.3-s.4-s"),
    ];
    for (text, keys) in english {
        assert_eq!(of(Language::AmericanEnglish, text, LetterSet::Sppas), keys, "{text}");
    }
}

#[test]
fn french_vectors() {
    assert_eq!(fra("b ɔ̃ . ʒ u ʁ"), "4-m.1-c.3-s");
    assert_eq!(fra("s p a s"), "3-s.1-s.3-s");
    assert_eq!(fra("b ɔ̃|%|u ʁ"), "4-m.5-c.3-s");
    assert!(fra("ɔ̃ . ʒ u ʁ").starts_with("5-m"));
    // enregistrer = an re gi s t ré; froid = f r wa.
    assert_eq!(fra("ɑ̃ . ʁ ə . ʒ i s . t ʁ e"), "5-m.3-s.1-m.3-s.5-s.3-t");
    assert_eq!(fra("f ʁ w a"), "5-s.3-s.6-s");
}

#[test]
fn french_joins_words_until_a_break() {
    // les amis; avec elle.
    assert_eq!(fra("l e z|a . m i"), "6-t.2-s.5-m");
    assert_eq!(fra("a . v ɛ k|ɛ l"), "5-s.2-c.2-c.6-s");
    let u = utterance(Language::French, "l e z|a . m i");
    let keys = made(&u, &ChartSwitches::default());
    assert_eq!(keys[1].flags, [KeyFlag::Liaison]);
    assert_eq!((keys[1].phones.clone(), keys[1].word), (2..4, 1));
    assert!(keys[0].flags.is_empty() && keys[2].flags.is_empty());
    assert_eq!(fra("l e z|?|a . m i"), "6-t.2-s.5-s.5-m");
    // A phone that the chart does not know is a break too.
    assert_eq!(fra("b x a"), "4-s.5-s");
}

#[test]
fn french_switches() {
    let default = ChartSwitches::default();
    assert_eq!(fra("ʒ ə|d ə . m ɑ̃ d"), "1-s.1-s.5-m.1-s");
    let schwa = ChartSwitches { french_schwa: FrenchSchwa::Cheekbone, ..default };
    assert_eq!(written(Language::French, "ʒ ə|d ə . m ɑ̃ d", &schwa), "1-b.1-b.5-m.1-s");
    assert_eq!(fra("b ʁ œ̃"), "4-s.3-t");
    let merged = ChartSwitches { nasal_merger: NasalMerger::Merged, ..default };
    assert_eq!(written(Language::French, "b ʁ œ̃", &merged), "4-s.3-b");
}

#[test]
fn english_vectors() {
    // It is easy: liaison over words, unstressed ee at the throat.
    let easy = utterance(Language::AmericanEnglish, "ˈɪ t|ˈɪ z|ˈi . z i");
    let keys = made(&easy, &ChartSwitches::default());
    assert_eq!(notation::write(&keys, LetterSet::Sppas), "5-t.5-t.2-m.2-t");
    assert_eq!(keys[1].movement, Some(Movement::DoubleTouch));
    assert_eq!(keys[1].flags, [KeyFlag::Liaison]);
    assert_eq!(eng("n eɪ m"), "4-c.5-t.5-s");
    assert_eq!(eng("k aɪ t s"), "2-s.5-t.5-s.3-s");
    assert_eq!(eng("b i n"), "4-m.4-s");
    assert_eq!(eng("m aɪ|h aʊ s"), "5-s.5-t.3-s.5-t.3-s");
    assert_eq!(eng("l ɪ . s n"), "6-t.3-s.4-s");
    assert_eq!(eng("l ɪ . t l"), "6-t.5-s.6-s");
    assert_eq!(eng("g oʊ"), "7-sf");
    assert_eq!(eng("ʌ p"), "5-sd.1-s");
}

#[test]
fn english_switches() {
    let default = ChartSwitches::default();
    let write = |text: &str, switches: &ChartSwitches| written(Language::AmericanEnglish, text, switches);
    let mouth = ChartSwitches { unstressed_ee: UnstressedEe::Mouth, ..default };
    assert_eq!(write("ˈi . z i", &mouth), "5-m.2-m");
    assert_eq!(write("ʍ ɪ tʃ", &default), "4-t.8-s");
    assert_eq!(write("ʍ ɪ tʃ", &ChartSwitches { wh: Wh::AsW, ..default }), "6-t.8-s");
    let schwa = ChartSwitches { syllabic: Syllabic::WithSchwa, ..default };
    assert_eq!(write("l ɪ . s n", &schwa), "6-t.3-sd.4-s");
    assert_eq!(write("ˈs t u . d n t", &schwa), "3-s.5-c.1-sd.4-s.5-s");
    assert_eq!(write("ˈs t u . d n t", &default), "3-s.5-c.1-s.4-s.5-s");
    // A syllable-final n after a vowel is not syllabic.
    assert_eq!(write("s ʌ n", &schwa), "3-sd.4-s");
}

#[test]
fn english_stress_is_read_off_the_reading() {
    let arpabet = |label: &str, text: &str| reading(Language::AmericanEnglish, label, text);
    let easy = arpabet("IY1 Z IY0", "i . z i");
    assert!(stressed(&easy, 0) && !stressed(&easy, 1));
    let the = arpabet("DH IY0", "ð i");
    assert!(!stressed(&the, 0));
    let create = arpabet("K R IY0 EY1 T", "k r i . eɪ t");
    assert!(!stressed(&create, 0) && stressed(&create, 1));
    let marked = arpabet("", "k r i . ˈeɪ t");
    assert!(!stressed(&marked, 0) && stressed(&marked, 1));
    let bare = arpabet("", "i . z i");
    assert!(stressed(&bare, 0) && !stressed(&bare, 1));
    assert!(stressed(&arpabet("", "m i"), 0));
    assert!(!stressed(&arpabet("/ði/", "ð i"), 0));
}

#[test]
fn equal_keys_in_a_row_are_told_apart() {
    let movement = |language, text: &str| {
        let keys = made(&utterance(language, text), &ChartSwitches::default());
        keys.into_iter().map(|k| k.movement).collect::<Vec<_>>()
    };
    let eng = Language::AmericanEnglish;
    // Timmy: two throat touches. raft against rat: f and t are both 5 at the side.
    assert_eq!(movement(eng, "ˈt ɪ . m i"), [None, Some(Movement::DoubleTouch)]);
    assert_eq!(movement(eng, "r æ f t"), [None, None, Some(Movement::Flick)]);
    assert_eq!(movement(eng, "r æ t"), [None, None]);
    assert_eq!(movement(eng, "l oʊ|l oʊ"), [None, Some(Movement::Flick)]);
    // Over a break nothing is consecutive.
    assert_eq!(movement(eng, "t ɪ|%|t ɪ"), [None, None]);
    let diphthong = movement(eng, "aɪ|aɪ");
    assert_eq!(diphthong, [None, Some(Movement::Diphthong), None, Some(Movement::Diphthong)]);
    assert_eq!(movement(Language::French, "p a . p a"), [None, Some(Movement::Flick)]);
    assert_eq!(movement(Language::Mandarin, "g e . g e"), [None, Some(Movement::DoubleTouch)]);
}

#[test]
fn diphthong_keys_share_their_phone() {
    let keys = made(&utterance(Language::AmericanEnglish, "n eɪ m"), &ChartSwitches::default());
    let ranges: Vec<_> = keys.iter().map(|k| k.phones.clone()).collect();
    assert_eq!(ranges, [0..2, 1..2, 2..3]);
    assert_eq!(keys[1].shape, HandShape(5));
}

#[test]
fn only_readings_with_other_keys_are_ambiguous() {
    let flagged = |language, text: &str| {
        let keys = made(&utterance(language, text), &ChartSwitches::default());
        keys.iter().map(|k| k.flags.contains(&KeyFlag::AmbiguousReading)).collect::<Vec<_>>()
    };
    // fils: /fis/ or /fil/; only the last consonant differs.
    assert_eq!(flagged(Language::French, "m ɔ̃|f i s/f i l|ʁ ɛ s t"), [false, false, true, false, false, false]);
    // est: /ɛ/ or /ɛst/: the other reading only adds keys, the one beside them is marked.
    assert_eq!(flagged(Language::French, "ɛ/ɛ s t"), [true]);
    // A liaison that may be left out changes the next word's key.
    assert_eq!(flagged(Language::French, "p a/p a z|ɑ̃ . k ɔ ʁ"), [false, true, false, false]);
    // a and ɑ are both at the side.
    assert_eq!(flagged(Language::French, "p a t/p ɑ t"), [false, false]);
    // 还: hái or huán.
    assert_eq!(flagged(Language::Mandarin, "w o|h ai/h w an|i ao"), [false, true, false, false]);
    assert_eq!(flagged(Language::French, "f i s/f i l|%|f i s"), [false, true, false, false]);
}

#[test]
fn what_the_user_says_is_settled_and_guesses_are_marked() {
    let mut u = utterance(Language::French, "f i s/f i l|ʁ ɛ s t");
    u.words[0].readings[0].source = ReadingSource::User;
    u.words[1].readings[0].source = ReadingSource::Synthesiser;
    let keys = made(&u, &ChartSwitches::default());
    assert!(keys[..2].iter().all(|k| k.flags.is_empty()));
    assert!(keys[2..].iter().all(|k| k.flags == [KeyFlag::GuessedReading]));
}

#[test]
fn an_utterance_without_sounds_has_no_keys() {
    for text in ["%", "?", "%|?|%"] {
        assert!(made(&utterance(Language::French, text), &ChartSwitches::default()).is_empty());
    }
    let empty = Utterance { language: Language::French, text: String::new(), words: vec![], issues: vec![] };
    assert!(made(&empty, &ChartSwitches::default()).is_empty());
}

fn any_utterance() -> impl Strategy<Value = Utterance> {
    let language = prop_oneof![Just(Language::Mandarin), Just(Language::French), Just(Language::AmericanEnglish)];
    let word = prop_oneof![
        8 => proptest::collection::vec((0usize..64, 0u8..10), 1..8).prop_map(Some),
        1 => Just(None),
    ];
    (language, proptest::collection::vec(word, 0..10)).prop_map(|(language, words)| {
        let (consonants, vowels) = crate::cueing::chart::inventory(language);
        let all: Vec<&str> = consonants.iter().chain(vowels).copied().collect();
        let words: Vec<String> = words
            .into_iter()
            .map(|w| match w {
                None => "%".to_owned(),
                Some(phones) => phones
                    .iter()
                    .map(|(p, cut)| format!("{} {}", all[p % all.len()], if *cut == 0 { ". " } else { "" }))
                    .collect::<String>()
                    .trim_end_matches([' ', '.'])
                    .to_owned(),
            })
            .collect();
        if words.is_empty() {
            return Utterance { language, text: String::new(), words: vec![], issues: vec![] };
        }
        utterance(language, &words.join("|"))
    })
}

/// The slow twin of the window around a word: every reading of every word, over the whole stretch.
fn ambiguous_slowly(u: &Utterance) -> Vec<bool> {
    let (chart, switches) = (Chart::builtin(u.language), ChartSwitches::default());
    let score = Score { utterance: u, chart, switches: &switches };
    let cue = |k: &Key| (k.shape, k.position);
    let mut flagged = Vec::new();
    let mut start = 0;
    while start < u.words.len() {
        let end = (start..u.words.len()).find(|w| u.words[*w].kind != WordKind::Spoken).unwrap_or(u.words.len());
        let all = score.keys(&score.sounds(start..end, None));
        let first = flagged.len();
        flagged.resize(first + all.len(), false);
        for word in start..end {
            let w = &u.words[word];
            let chosen = &w.readings[w.chosen];
            for other in w.readings.iter().filter(|r| r.syllables != chosen.syllables && !all.is_empty()) {
                let keys = score.keys(&score.sounds(start..end, Some((word, other))));
                let shorter = keys.len().min(all.len());
                let before = all.iter().zip(&keys).take_while(|(a, b)| cue(a) == cue(b)).count();
                if before == all.len() && before == keys.len() {
                    continue;
                }
                let tail = all.iter().rev().zip(keys.iter().rev()).take(shorter - before);
                let after = tail.take_while(|(a, b)| cue(a) == cue(b)).count();
                let changed = before..all.len() - after;
                if changed.is_empty() {
                    let near = [before.checked_sub(1), Some(before)];
                    let own = near.into_iter().flatten().find(|i| all.get(*i).is_some_and(|k| k.word == word));
                    flagged[first + own.unwrap_or(before.min(all.len() - 1))] = true;
                }
                changed.for_each(|i| flagged[first + i] = true);
            }
        }
        start = end + 1;
    }
    flagged
}

proptest! {
    #[test]
    fn other_readings_are_weighed_around_their_word_as_over_the_whole(u in any_utterance(), pick in 0usize..1000) {
        // Some words get the sounds of another word as a second reading.
        let mut u = u;
        let spoken: Vec<usize> = (0..u.words.len()).filter(|w| u.words[*w].kind == WordKind::Spoken).collect();
        for (n, word) in spoken.iter().enumerate().filter(|(n, _)| (n + pick) % 2 == 0) {
            let other = u.words[spoken[(n * 7 + pick) % spoken.len()]].readings[0].clone();
            u.words[*word].readings.push(other);
        }
        let keys = made(&u, &ChartSwitches::default());
        prop_assume!(!keys.is_empty());
        let flagged: Vec<bool> = keys.iter().map(|k| k.flags.contains(&KeyFlag::AmbiguousReading)).collect();
        prop_assert_eq!(flagged, ambiguous_slowly(&u));
    }

    #[test]
    fn every_phone_is_shown_in_order(u in any_utterance()) {
        let switches = ChartSwitches::default();
        let keys = made(&u, &switches);
        let phones: Vec<_> = u.phones().collect();
        let mut next = 0;
        for (i, key) in keys.iter().enumerate() {
            prop_assert!(!key.phones.is_empty() && key.phones.len() <= 2);
            prop_assert!(Position::ALL.contains(&key.position) && HandShape::ALL.contains(&key.shape));
            if key.movement == Some(Movement::Diphthong) {
                // The second half of the vowel that the key before ends with.
                prop_assert_eq!(key.phones.end, next);
                prop_assert_eq!(key.phones.len(), 1);
                prop_assert!(i > 0);
            } else {
                prop_assert_eq!(key.phones.start, next);
                next = key.phones.end;
            }
            let words: Vec<usize> = phones[key.phones.clone()].iter().map(|p| p.word).collect();
            prop_assert!(words.contains(&key.word));
            // Nothing is joined over a break.
            let (first, last) = (words[0], words[words.len() - 1]);
            prop_assert!(u.words[first..=last].iter().all(|w| w.kind == WordKind::Spoken));
            prop_assert_eq!(first != last, key.flags.contains(&KeyFlag::Liaison));
        }
        prop_assert_eq!(next, phones.len());
    }

    #[test]
    fn notation_tells_shapes_and_positions(u in any_utterance()) {
        let keys = made(&u, &ChartSwitches::default());
        let cues: Vec<_> = keys.iter().map(|k| (k.shape, k.position)).collect();
        for letters in LetterSet::ALL {
            prop_assert_eq!(notation::parse(&notation::write(&keys, letters), letters), Ok(cues.clone()));
        }
    }
}

/// The template for British English: r before vowels only, and what becomes of the vowels before it.
#[test]
fn an_r_that_is_not_said_belongs_to_its_vowel() {
    let chart = Chart::shipped("eng-GB").unwrap_or_else(|| unreachable!());
    let cues = |text: &str| {
        let utterance = crate::language::read(text, Language::AmericanEnglish, &ReadingOptions::default(), None);
        let keys = keys(&utterance, chart, &ChartSwitches::default());
        let phones: Vec<&str> = utterance.phones().map(|p| p.phone.symbol.as_str()).collect();
        let held = keys.iter().map(|k| phones[k.phones.clone()].concat()).collect::<Vec<_>>().join(" ");
        (notation::write(&keys, LetterSet::Sppas), held)
    };
    let told = |a: &str, b: &str| (a.to_owned(), b.to_owned());
    assert_eq!(cues("car"), told("2-s", "kɑr"));
    assert_eq!(cues("red"), told("3-c.1-s", "rɛ d"));
    // The hand glides from the vowel to the place of the schwa.
    assert_eq!(cues("air"), told("5-c.5-s", "ɛ ɛr"));
    assert_eq!(cues("ear"), told("5-t.5-s", "ɪ ɪr"));
    // Before a vowel it is said, also that of the next word, but not over a break.
    assert_eq!(cues("air is"), told("5-c.3-t.2-s", "ɛ rɪ z"));
    assert_eq!(cues("air, is"), told("5-c.5-s.5-t.2-s", "ɛ ɛr ɪ z"));
    assert_eq!(cues("go"), told("7-s.5-t", "goʊ oʊ"));
}
