//! Whole sentences: readings, tokens, ranges, issues.

use proptest::prelude::*;

use super::*;

mod seen;

fn tokens_of(text: &str) -> String {
    let utterance = read(text, &ReadingOptions::default(), None);
    utterance
        .words
        .iter()
        .flat_map(Word::syllables)
        .map(|s| s.phones.iter().map(|p| p.symbol.as_str()).collect::<Vec<_>>().join(" "))
        .collect::<Vec<_>>()
        .join(" ")
}

#[test]
fn tokens_follow_the_vectors_of_the_label_set() {
    for (text, tokens) in [
        ("一会儿", "i h w ei er"),
        ("事儿", "sh i er"),
        ("我喜欢", "w o x i h w an"),
        ("女士", "n v sh i"),
        ("注意安全", "zh u i an q yu an"),
        ("20个人", "er sh i g e r en"),
        ("1月", "i yu e"),
        ("银行", "y en h ang"),
        ("军", "j yu en"),
        ("天", "t y an"),
        ("说", "sh w o"),
        ("就", "j y ou"),
        ("别", "b y e"),
        ("佛", "f o"),
        ("瓮", "w eng"),
        ("绿", "l v"),
        ("虐", "n yu e"),
        ("拽", "zh w ai"),
        ("坐会儿吧", "z w o h w ei er b a"),
    ] {
        assert_eq!(tokens_of(text), tokens, "{text}");
    }
}

#[test]
fn words_point_at_what_they_were_made_from() {
    let text = "他２０２４年１月走了，ni3 hao3！";
    let utterance = read(text, &ReadingOptions::default(), None);
    let found: Vec<(&str, &str)> = utterance.words.iter().map(|w| (w.text.as_str(), &text[w.source.clone()])).collect();
    assert!(found.iter().any(|(t, s)| t.starts_with("二零二四") && s.starts_with("２０２４")), "{found:?}");
    assert!(found.contains(&("ni3", "ni3")), "{found:?}");
    assert!(utterance.text.starts_with("他二零二四年一月走了"), "{}", utterance.text);
}

#[test]
fn what_cannot_be_read_is_told() {
    let text = "你好☃привет𰻝";
    let utterance = read(text, &ReadingOptions::default(), None);
    let told: Vec<&str> = utterance.issues.iter().map(|i| &text[i.source.clone()]).collect();
    assert!(told.contains(&"☃") && told.contains(&"привет"), "{:?}", utterance.issues);
    let english = read("This is the wrong language for that.", &ReadingOptions::default(), None);
    assert!(english.issues[0].message.contains("English"), "{:?}", english.issues);
    let app = read("我用APP", &ReadingOptions::default(), None);
    assert!(app.issues.iter().any(|i| i.message.contains("APP")));
    assert_eq!(read("", &ReadingOptions::default(), None).issues.len(), 1);
}

#[test]
fn doubt_shows_as_ranked_readings() {
    let labels = |text: &str, word: &str| -> Vec<String> {
        let utterance = read(text, &ReadingOptions::default(), None);
        let word = utterance.words.iter().find(|w| w.text == word).unwrap();
        word.readings.iter().map(|r| r.label.clone()).collect()
    };
    assert_eq!(labels("他是谁", "谁"), ["shéi", "shuí"]);
    assert_eq!(labels("银行", "银行"), ["yínháng"]);
    assert!(other_readings("行").iter().map(|r| r.label.as_str()).collect::<Vec<_>>().starts_with(&["xíng", "háng"]));
}

#[test]
fn tones_change_in_context() {
    let spelled = |text: &str| -> String {
        read(text, &ReadingOptions::default(), None)
            .words
            .iter()
            .flat_map(Word::syllables)
            .map(|s| s.spelling.clone())
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert_eq!(spelled("你好"), "ni2 hao3");
    assert_eq!(spelled("不是"), "bu2 shi4");
    assert_eq!(spelled("一天"), "yi4 tian1");
    assert_eq!(spelled("第一天"), "di4 yi1 tian1");
    assert_eq!(spelled("一月一号"), "yi1 yue4 yi1 hao4");
    assert_eq!(spelled("二十一"), "er4 shi2 yi1");
}

#[test]
fn users_type_pinyin_tokens_or_ipa() {
    let typed = |text: &str| {
        reading_from_user(text).map(|r| {
            r.syllables
                .iter()
                .map(|s| s.phones.iter().map(|p| p.symbol.as_str()).collect::<Vec<_>>().join(" "))
                .collect::<Vec<_>>()
                .join(" . ")
        })
    };
    assert_eq!(typed("hang2").as_deref(), Ok("h ang"));
    assert_eq!(typed("háng").as_deref(), Ok("h ang"));
    assert_eq!(typed("yín háng").as_deref(), Ok("y en . h ang"));
    assert_eq!(typed("lü4").as_deref(), Ok("l v"));
    assert_eq!(typed("t y an").as_deref(), Ok("t y an"));
    assert_eq!(typed("/xɑŋ/").as_deref(), Ok("h ang"));
    assert_eq!(reading_from_user("yínháng").unwrap().label, "yínháng");
    assert_eq!(reading_from_user("hang2").unwrap().syllables[0].tone, Some(2));
    assert!(typed("").is_err() && typed("银行").is_err() && typed("hello").is_err());
}

#[test]
fn letters_with_more_than_a_tone_are_no_pinyin() {
    for text in ["o00", "a11", "ni33hao", "r00", "hui4r0", "0o0"] {
        whole(text).expect("read whole");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn any_text_is_read_whole(text in "([我你他的了着得地还都长行一不会儿銀髮]|[0-9$%:.,/年月个点-]|[!？…“”a-zA-Zǎ☃ж]|\\PC){0,40}") {
        whole(&text)?;
    }
}

/// Every letter and digit of the text lies in a word or an issue; ranges are in order and on character boundaries.
fn whole(text: &str) -> Result<(), TestCaseError> {
    let utterance = read(text, &ReadingOptions::default(), None);
    let mut covered = vec![false; text.len()];
    let mut before = 0;
    for word in &utterance.words {
        prop_assert!(text.get(word.source.clone()).is_some(), "{:?}", word);
        prop_assert!(word.source.start >= before, "{:?}", word);
        before = word.source.start;
        covered[word.source.clone()].fill(true);
        prop_assert_eq!(word.kind == WordKind::Spoken, !word.readings.is_empty());
        for syllable in word.readings.iter().flat_map(|r| &r.syllables) {
            prop_assert!(!syllable.phones.is_empty(), "{:?}", word);
        }
    }
    for issue in &utterance.issues {
        prop_assert!(text.get(issue.source.clone()).is_some());
        covered[issue.source.clone()].fill(true);
    }
    for (at, c) in text.char_indices() {
        if c.is_alphanumeric() {
            prop_assert!(covered[at], "{c:?} at {at} in {text:?}: {:?}", utterance.words);
        }
    }
    Ok(())
}
