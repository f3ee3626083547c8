//! Whole sentences: readings, ranges, issues.

use proptest::prelude::*;

use super::*;

struct NoVoice;

impl Pronouncer for NoVoice {
    fn ipa(&self, _: &str, _: Language) -> Option<String> {
        None
    }
}

/// Says one word only, in the manner of espeak-ng.
struct OneWord;

impl Pronouncer for OneWord {
    fn ipa(&self, word: &str, _: Language) -> Option<String> {
        (word == "glorpish").then(|| "ɡlˈɔːɹpɪʃ".to_owned())
    }
}

fn plain(text: &str) -> Utterance {
    read(text, &ReadingOptions::default(), None)
}

fn heard(utterance: &Utterance) -> String {
    let words: Vec<String> = utterance
        .words
        .iter()
        .map(|word| match word.kind {
            WordKind::Break => "|".to_owned(),
            WordKind::Unknown => format!("?{}", word.text),
            WordKind::Spoken => phones(&word.readings[word.chosen]).collect::<Vec<_>>().join(" "),
        })
        .collect();
    words.join("  ")
}

#[test]
fn sentences_are_read_as_in_the_gold_list() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for line in include_str!("../../../../tests/data/readings/eng-seen.txt")
        .lines()
        .filter(|l| !l.starts_with('#') && !l.is_empty())
    {
        let (text, expected) = line.split_once('\t').unwrap();
        let found = heard(&plain(text));
        count += 1;
        // Limits of words do not count.
        if !found.split_whitespace().eq(expected.split_whitespace()) {
            wrong.push(format!("{text}\n  is   {found}\n  want {expected}"));
        }
    }
    assert!(count >= 220);
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn words_point_at_what_they_were_made_from() {
    let text = "“Hi,” said Zoë – she’s paid $5.50 at 3:30 p.m.…";
    let utterance = plain(text);
    let found: Vec<(&str, &str)> = utterance.words.iter().map(|w| (w.text.as_str(), &text[w.source.clone()])).collect();
    assert!(found.contains(&("Zoë", "Zoë")), "{found:?}");
    assert!(found.contains(&("she's", "she’s")));
    assert!(found.contains(&("cents", "$5.50")));
    assert!(found.contains(&("PM", "p.m.")));
    assert_eq!(utterance.text, "Hi, said Zoë – she's paid five dollars and fifty cents at three thirty PM…");
}

#[test]
fn what_cannot_be_read_is_told() {
    let text = "hello 你好 ☃ qwxzk";
    let utterance = plain(text);
    let told: Vec<&str> = utterance.issues.iter().map(|i| &text[i.source.clone()]).collect();
    assert!(told.contains(&"你好") && told.contains(&"☃"), "{:?}", utterance.issues);
    assert!(utterance.issues.iter().any(|i| i.message.contains("中文")));
    let french = plain("La nuit était si belle que je suis descendu dans la rue.");
    assert!(french.issues.iter().any(|i| i.message.contains("Français")));
    assert_eq!(plain("").issues.len(), 1);
    assert!(plain("  \n ").words.is_empty());
}

#[test]
fn words_of_no_lexicon_are_asked_outside() {
    let word = |outside: &dyn Pronouncer| read("glorpish", &ReadingOptions::default(), Some(outside)).words.remove(0);
    let said = word(&OneWord);
    assert_eq!(said.readings[0].source, ReadingSource::Synthesiser);
    assert_eq!(phones(&said.readings[0]).collect::<Vec<_>>().join(" "), "g l ɔ r p ɪ ʃ");
    assert_eq!(word(&NoVoice).kind, WordKind::Unknown);
}

#[test]
fn open_readings_are_ranked_and_sure_ones_stand_alone() {
    let readings = |text: &str, at: usize| plain(text).words[at].readings.len();
    assert_eq!(readings("I read.", 1), 2);
    assert_eq!(readings("I have read it.", 2), 1);
    assert_eq!(readings("the cat", 1), 1);
    assert!(other_readings("read").len() >= 2);
    assert!(other_readings("listen").iter().any(|r| r.label == "/ˈlɪsən/"));
}

#[test]
fn users_type_ipa_xsampa_or_arpabet() {
    let typed = |text: &str| reading_from_user(text).map(|r| phones(&r).collect::<Vec<_>>().join(" "));
    assert_eq!(typed("R EH1 D").as_deref(), Ok("r ɛ d"));
    assert_eq!(typed("/ˈlɪ.sn/").as_deref(), Ok("l ɪ s n"));
    assert_eq!(typed("rɛd").as_deref(), Ok("r ɛ d"));
    assert_eq!(typed("\"wIz3`d").as_deref(), Ok("w ɪ z ɝ d"));
    assert_eq!(typed("tSeIndZ").as_deref(), Ok("tʃ eɪ n dʒ"));
    assert!(typed("").is_err() && typed("你好").is_err() && typed("R QQ D").is_err());
    assert_eq!(reading_from_user("kənˈfjuzd").unwrap().label, "/kənˈfjuzd/");
}

#[test]
fn syllables_know_their_stress() {
    let utterance = plain("confused pretty");
    let labels: Vec<&str> = utterance.words.iter().flat_map(Word::syllables).map(|s| s.label.as_str()).collect();
    assert_eq!(labels, ["kən", "ˈfjuzd", "ˈprɪ", "ti"]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn any_text_is_read_whole(text in "([a-zA-Z' ]|[0-9$%:.,/-]|[!?…“”’é☃你好ж]|\\PC){0,40}") {
        whole(&text)?;
    }
}

/// Every visible character of the text lies in a word or an issue; ranges are in order and on character boundaries.
fn whole(text: &str) -> Result<(), TestCaseError> {
    let utterance = plain(text);
    let mut covered = vec![false; text.len()];
    let mut before = 0;
    for word in &utterance.words {
        prop_assert!(text.get(word.source.clone()).is_some(), "{:?}", word);
        prop_assert!(word.source.start >= before, "{:?}", word);
        before = word.source.start;
        covered[word.source.clone()].fill(true);
        prop_assert_eq!(word.kind == WordKind::Spoken, !word.readings.is_empty());
        for reading in &word.readings {
            prop_assert!(reading.syllables.iter().all(|s| !s.phones.is_empty()));
        }
    }
    for issue in &utterance.issues {
        prop_assert!(text.get(issue.source.clone()).is_some());
        covered[issue.source.clone()].fill(true);
    }
    for (at, c) in text.char_indices() {
        // Letters and digits are never lost; marks without sound may be.
        if c.is_alphanumeric() {
            prop_assert!(covered[at], "{c:?} at {at} in {text:?}: {:?}", utterance.words);
        }
    }
    Ok(())
}
