use super::*;
use crate::cueing::chart::{Chart, ChartSwitches, FrenchSchwa, NasalMerger};
use crate::cueing::notation::{self, LetterSet};
use crate::cueing::{Key, KeyFlag, what};

mod lists;

fn utterance(text: &str) -> Utterance {
    read(text, &ReadingOptions::default(), None)
}

/// The sounds of the chosen readings, a space between words, `|` for breaks, `?` for what cannot be read.
fn sounds_with(text: &str, options: &ReadingOptions) -> String {
    let words = read(text, options, None).words;
    let said = words.iter().map(|w| match w.kind {
        WordKind::Break => "|".to_owned(),
        WordKind::Unknown => "?".to_owned(),
        WordKind::Spoken => w.syllables().iter().flat_map(|s| &s.phones).map(|p| p.symbol.as_str()).collect(),
    });
    said.collect::<Vec<_>>().join(" ").trim_end_matches(" |").to_owned()
}

fn sounds(text: &str) -> String {
    sounds_with(text, &ReadingOptions::default())
}

/// Gold typed from dictionaries and grammars of French (transcriptions as in a dictionary, liaisons after Fouché),
/// before the code was run on it. Nasal vowels are written with the combining tilde, as in the inventory.
fn check(gold: &[(&str, &str)]) {
    let wrong: Vec<String> = gold
        .iter()
        .map(|(text, said)| (text, *said, sounds(text)))
        .filter(|(_, said, found)| said != found)
        .map(|(text, said, found)| format!("{text}\n    gold  {said}\n    found {found}"))
        .collect();
    assert!(wrong.is_empty(), "{} of {} wrong\n{}", wrong.len(), gold.len(), wrong.join("\n"));
}

/// One item of a gold file: the options that hold for it, its text, its sounds with a space between words.
struct GoldItem {
    options: ReadingOptions,
    text: &'static str,
    said: String,
}

/// The items of a gold file of readings: `text<TAB>sounds`, `# options:` lines hold for what stands below them.
fn gold_items(file: &'static str) -> Vec<GoldItem> {
    let mut options = ReadingOptions::default();
    let mut items = Vec::new();
    for line in file.lines() {
        if let Some(named) = line.strip_prefix("# options:") {
            options = ReadingOptions {
                optional_liaison: named.contains("optional_liaison"),
                final_schwa: named.contains("final_schwa"),
                ..ReadingOptions::default()
            };
        } else if let Some((text, said)) = line.split_once('\t').filter(|_| !line.starts_with('#')) {
            let words: Vec<String> = said.split("  ").map(|w| w.replace(' ', "")).collect();
            items.push(GoldItem { options: options.clone(), text, said: words.join(" ") });
        }
    }
    items
}

#[test]
fn the_seen_gold_is_read_as_typed() {
    let items = gold_items(include_str!("../../../../tests/data/readings/fra-seen.txt"));
    assert!(items.len() >= 220, "{}", items.len());
    let wrong: Vec<String> = items
        .iter()
        .map(|item| (item, sounds_with(item.text, &item.options)))
        .filter(|(item, found)| item.said.replace(' ', "") != found.replace(' ', ""))
        .map(|(item, found)| format!("{}\n    gold  {}\n    found {found}", item.text, item.said))
        .collect();
    assert!(wrong.is_empty(), "{} of {} wrong\n{}", wrong.len(), items.len(), wrong.join("\n"));
}

/// Where the gold is met, nobody is bothered for nothing: fewer than one key in ten is flagged.
#[test]
fn few_keys_of_right_readings_are_flagged() {
    let (mut all, mut flagged, mut told) = (0, 0, Vec::new());
    for item in gold_items(include_str!("../../../../tests/data/readings/fra-seen.txt")) {
        let utterance = read(item.text, &item.options, None);
        let keys = what::keys(&utterance, Chart::builtin(Language::French), &ChartSwitches::default());
        let doubt = |k: &Key| k.flags.iter().any(|f| matches!(f, KeyFlag::AmbiguousReading | KeyFlag::GuessedReading));
        all += keys.len();
        let doubtful = keys.iter().filter(|k| doubt(k)).count();
        flagged += doubtful;
        if doubtful > 0 {
            told.push(item.text);
        }
    }
    assert!(flagged * 10 < all, "{flagged} of {all}: {told:?}");
}

#[test]
fn optional_liaison_is_a_switch_and_a_choice() {
    check(&[
        ("il est arrivé", "il ɛ aʁive"),
        ("pas encore", "pa ɑ̃kɔʁ"),
        ("ils sont allés", "il sɔ̃ ale"),
        ("des enfants adorables", "dez ɑ̃fɑ̃ adɔʁabl"),
    ]);
    let options = ReadingOptions { optional_liaison: true, ..ReadingOptions::default() };
    for (text, said) in [
        ("il est arrivé", "il ɛt aʁive"),
        ("pas encore", "paz ɑ̃kɔʁ"),
        ("ils sont allés", "il sɔ̃t ale"),
        ("des enfants adorables", "dez ɑ̃fɑ̃z adɔʁabl"),
        ("et il vient", "e il vjɛ̃"),
        ("un enfant adorable", "œ̃n ɑ̃fɑ̃ adɔʁabl"),
    ] {
        assert_eq!(sounds_with(text, &options), said, "{text}");
    }
    let labels = |text: &str| utterance(text).words[0].readings.iter().map(|r| r.label.clone()).collect::<Vec<_>>();
    assert_eq!(labels("pas encore"), ["/pa/", "/paz/"]);
    assert_eq!(labels("les amis"), ["/lez/"]);
}

#[test]
fn keys_of_french_sentences() {
    let keys = |text: &str| {
        let keys = what::keys(&utterance(text), Chart::builtin(Language::French), &ChartSwitches::default());
        notation::write(&keys, LetterSet::Sppas)
    };
    assert_eq!(keys("Bonjour"), "4-m.1-c.3-s");
    assert_eq!(keys("les amis"), "6-t.2-s.5-m");
    // The t of the liaison goes with the next word's vowel.
    assert_eq!(keys("un petit ami"), "5-t.1-s.5-m.5-s.5-m");
    assert_eq!(keys("la nuit"), "6-s.4-s.4-m");
    assert_eq!(keys("bon, ami"), "4-m.5-s.5-m");
}

/// The switches of the chart: ə with œ at the side or with ø at the cheekbone, œ̃ by itself or with ɛ̃.
#[test]
fn disputed_vowels_follow_the_switches_of_the_chart() {
    let keys = |text: &str, switches: &ChartSwitches| {
        let keys = what::keys(&utterance(text), Chart::builtin(Language::French), switches);
        notation::write(&keys, LetterSet::Sppas)
    };
    let plain = ChartSwitches::default();
    let schwa = ChartSwitches { french_schwa: FrenchSchwa::Cheekbone, ..plain };
    let merged = ChartSwitches { nasal_merger: NasalMerger::Merged, ..plain };
    let both = ChartSwitches { french_schwa: FrenchSchwa::Cheekbone, nasal_merger: NasalMerger::Merged, ..plain };
    // je: like "jeune" or like "jeu".
    assert_eq!(keys("je", &plain), keys("jeune", &plain).split('.').next().unwrap_or_default());
    assert_eq!(keys("je", &schwa), keys("jeu", &schwa));
    assert_ne!(keys("je", &plain), keys("jeu", &plain));
    assert_eq!(keys("jeu", &plain), keys("jeu", &both));
    assert_ne!(keys("brun", &plain), keys("brin", &plain));
    assert_eq!(keys("brun", &merged), keys("brin", &merged));
    assert_eq!(keys("brin", &plain), keys("brin", &both));
    assert_eq!(keys("brun", &schwa), keys("brun", &plain));
}

#[test]
fn a_final_mute_e_is_said_by_the_switch() {
    let options = ReadingOptions { final_schwa: true, ..ReadingOptions::default() };
    assert_eq!(sounds_with("une petite table", &options), "ynə pətitə tablə");
    assert_eq!(sounds_with("une petite amie", &options), "ynə pətit ami");
    assert_eq!(sounds_with("avec le chef", &options), "avɛk lə ʃɛf");
}

#[test]
fn what_cannot_be_read_is_kept_and_told() {
    let u = utterance("bonjour 你好 ☺ мир");
    let kinds: Vec<WordKind> = u.words.iter().map(|w| w.kind).collect();
    assert_eq!(kinds, [WordKind::Spoken, WordKind::Unknown, WordKind::Unknown, WordKind::Unknown]);
    assert_eq!(u.issues.len(), 3);
    assert!(u.issues[0].message.contains("Chinese"), "{}", u.issues[0].message);
    assert_eq!(utterance("").issues.len(), 1);
    assert_eq!(utterance("  \n ").issues.len(), 1);
    assert!(utterance("").words.is_empty());
    let english = utterance("He began a confused complaint against the wizard who had vanished behind the curtain.");
    assert!(english.issues[0].message.contains("English"), "{}", english.issues[0].message);
}

struct Outside;

impl Pronouncer for Outside {
    fn ipa(&self, word: &str, _: Language) -> Option<String> {
        let known = [("zlounuit", "zlˈun‿yˈi"), ("zlagner", "zlanjˈe"), ("zlythm", "(en)zlˈɪθm(fr)")];
        known.iter().find(|(w, _)| *w == word).map(|(_, ipa)| (*ipa).to_owned())
    }
}

#[test]
fn unknown_words_are_asked_outside_and_marked() {
    let u = read("le zlounuit et le zloubidou", &ReadingOptions::default(), Some(&Outside));
    assert_eq!(u.words[1].readings[0].label, "/zlunɥi/");
    assert_eq!(u.words[1].readings[0].source, ReadingSource::Synthesiser);
    assert_eq!(u.words[4].readings[0].label, "/zlubidu/");
    assert_eq!(u.issues.len(), 2);
    assert!(u.issues[1].message.contains("zloubidou"), "{}", u.issues[1].message);
    assert_eq!(u.words[0].readings[0].source, ReadingSource::Lexicon);
    let u = read("zlagner zlythm", &ReadingOptions::default(), Some(&Outside));
    assert_eq!(u.words[0].readings[0].label, "/zlaɲe/");
    assert_eq!(u.words[1].readings[0].label, "/zlism/");
}

#[test]
fn sources_point_into_the_original() {
    let text = "L'ami e\u{301}tait là, à 3h30.";
    let u = utterance(text);
    let spans: Vec<&str> = u.words.iter().map(|w| &text[w.source.clone()]).collect();
    assert_eq!(spans, ["L'ami", "e\u{301}tait", "là", ",", "à", "3h30", "3h30", "3h30", "."]);
    assert_eq!(u.text, "L'ami était là, à trois heures trente.");
}

#[test]
fn users_write_ipa_or_x_sampa() {
    let said = |text: &str| reading_from_user(text).map(|r| r.label);
    assert_eq!(said("/ʒuʁ/"), Ok("/ʒuʁ/".to_owned()));
    assert_eq!(said("bO~ZuR"), Ok("/bɔ̃ʒuʁ/".to_owned()));
    assert_eq!(said("nHi"), Ok("/nɥi/".to_owned()));
    assert_eq!(reading_from_user("fis").map(|r| r.source), Ok(ReadingSource::User));
    for wrong in ["", "你好", "#", "/%/"] {
        assert!(reading_from_user(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn other_readings_are_all_there_are() {
    let labels: Vec<String> = other_readings("couvent").into_iter().map(|r| r.label).collect();
    assert_eq!(labels, ["/kuvɑ̃/", "/kuv/"]);
    assert!(other_readings("xyzzy").is_empty());
}

#[test]
fn show() {
    if let Ok(text) = std::env::var("SHOW") {
        for line in text.lines() {
            println!("{line}\n  {}", sounds(line));
        }
    }
}

mod any_text {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn nothing_breaks_the_reader(text in "[a-zA-Zéèàçœ0-9'’ .,;:!?€%°/()«»\\-\n汉☺]{0,60}") {
            let u = utterance(&text);
            let mut before = 0;
            for word in &u.words {
                prop_assert!(text.get(word.source.clone()).is_some());
                prop_assert!(word.source.start >= before, "{:?}", u.words);
                before = word.source.start;
                prop_assert_eq!(word.kind == WordKind::Spoken, !word.readings.is_empty());
                for reading in &word.readings {
                    prop_assert!(!reading.syllables.is_empty() && reading.syllables.iter().all(|s| !s.phones.is_empty()));
                }
            }
        }

        #[test]
        fn every_sound_is_of_the_inventory(text in "[a-zéèêàâçùûîïôœ' -]{0,40}") {
            let chart = Chart::builtin(Language::French);
            for p in utterance(&text).phones() {
                prop_assert!(chart.is_vowel(&p.phone.symbol) || chart.is_consonant(&p.phone.symbol));
            }
        }
    }
}
