use super::*;
use Language::{AmericanEnglish as English, French, Mandarin};

fn symbols(text: &str, language: Language, alphabet: Option<Alphabet>) -> String {
    match read(text, language, alphabet) {
        Ok(reading) => {
            let phones = reading.syllables.iter().flat_map(|s| &s.phones).map(|p| p.symbol.as_str());
            phones.collect::<Vec<_>>().join(" ")
        }
        Err(error) => panic!("{text}: {error}"),
    }
}

#[test]
fn the_same_word_is_read_from_every_alphabet() {
    use Alphabet::{Arpabet, Ipa, Pinyin, XSampa};
    let cases = [
        (English, "b ɚ d", Arpabet, "B ER0 D"),
        (English, "b ɝ d", Ipa, "/ˈbɝd/"),
        (English, "b ɝ d", XSampa, "\"b3`d"),
        (English, "r ɛ d", Arpabet, "r eh1 d"),
        (French, "b ɔ\u{303} ʒ u ʁ", Ipa, "bɔ̃ʒuʁ"),
        (French, "b ɔ\u{303} ʒ u ʁ", XSampa, "bO~ZuR"),
        // Plain letters that the alphabet was chosen for are not X-SAMPA.
        (French, "p a p a", Ipa, "papa"),
        (Mandarin, "h ang", Pinyin, "hang2"),
        (Mandarin, "h ang", Pinyin, "h ang"),
        (Mandarin, "h ang", Ipa, "xɑŋ"),
        (Mandarin, "h ang", XSampa, "xAN"),
        (Mandarin, "q y an", XSampa, "ts\\_hjEn"),
    ];
    for (language, expected, alphabet, typed) in cases {
        assert_eq!(symbols(typed, language, Some(alphabet)), expected, "{typed}");
    }
}

#[test]
fn the_alphabet_is_recognised() {
    use Alphabet::{Arpabet, Ipa, Pinyin, XSampa};
    for (language, text, alphabet) in [
        (English, "R EH1 D", Arpabet),
        (English, "IY", Arpabet),
        (English, "rEd", XSampa),
        (English, "rɛd", Ipa),
        (English, "/red/", Ipa),
        (French, "bO~", XSampa),
        (French, "bɔ̃", Ipa),
        (Mandarin, "háng", Pinyin),
        (Mandarin, "hagn2", Pinyin),
        (Mandarin, "xɑŋ", Ipa),
        (Mandarin, "[xaŋ]", Ipa),
    ] {
        assert_eq!(recognise(text, language), alphabet, "{text}");
    }
}

#[test]
fn what_is_no_sound_is_named_with_the_nearest_one() {
    use Alphabet::{Arpabet, Ipa, Pinyin, XSampa};
    // Language, alphabet, typed, what is wrong, the nearest.
    let cases = [
        (French, Ipa, "bɔ̃huʁ", "h", Some("ʁ")),
        (French, Ipa, "paRi", "R", Some("ʁ")),
        (French, Ipa, "tɯt", "ɯ", Some("u")),
        (English, Ipa, "kɶt", "ɶ", None),
        (English, Ipa, "rŋʘ", "ʘ", Some("p")),
        (English, XSampa, "k}€", "€", None),
        (English, XSampa, "aX\\", "X\\", Some("h")),
        (English, Arpabet, "R QQ1 D", "QQ1", None),
        (English, Arpabet, "R EHH1 D", "EHH1", Some("EH1")),
        (Mandarin, Pinyin, "ni3 hoa3", "hoa3", Some("ha3")),
        (Mandarin, Pinyin, "hagn2", "hagn2", Some("han2")),
        (Mandarin, Ipa, "θaŋ", "θ", Some("s")),
    ];
    for (language, alphabet, typed, wrong, nearest) in cases {
        let error = read(typed, language, Some(alphabet)).expect_err(typed);
        let told = error.to_string();
        assert!(told.contains(&format!("\"{wrong}\"")), "{typed}: {told}");
        if let Some(nearest) = nearest {
            let (range, text) = error.correction().unwrap_or_else(|| panic!("{typed}: {told}"));
            assert_eq!((&typed[range.clone()], text), (wrong, nearest), "{typed}");
            let mut mended = typed.to_owned();
            mended.replace_range(range, text);
            assert!(read(&mended, language, Some(alphabet)).is_ok(), "{mended}");
        }
    }
    assert_eq!(read(" ", French, None), Err(TypedError::Empty));
    let error = read("hang2", French, Some(Pinyin)).expect_err("no pinyin in French");
    assert!(error.to_string().ends_with("use IPA, X-SAMPA"), "{error}");
}

#[test]
fn typing_is_completed() {
    let offered = |text: &str, language, alphabet| -> Vec<String> {
        completions(text, language, alphabet, 6).into_iter().map(|c| c.text).collect()
    };
    assert_eq!(offered("ni3 han", Mandarin, Alphabet::Pinyin)[..5], ["han1", "han2", "han3", "han4", "hang"]);
    assert!(offered("zhua", Mandarin, Alphabet::Pinyin).contains(&"zhuai".to_owned()));
    assert_eq!(offered("R E", English, Alphabet::Arpabet), ["EH", "ER", "EY"]);
    assert_eq!(offered("R EH", English, Alphabet::Arpabet), ["EH1", "EH0", "EH2"]);
    assert_eq!(offered("pt", English, Alphabet::Ipa), ["tʃ"]);
    assert!(offered("paR", French, Alphabet::Ipa).contains(&"ʁ".to_owned()));
    assert!(offered("bO", French, Alphabet::XSampa).contains(&"O~".to_owned()));
    assert!(offered("", French, Alphabet::Ipa).is_empty());
    // Each completion takes the place of the end of the text and can be read or completed further.
    for (text, language, alphabet) in
        [("ni3 h", Mandarin, Alphabet::Pinyin), ("K AE1 T", English, Alphabet::Arpabet), ("bɔ", French, Alphabet::Ipa)]
    {
        for completion in completions(text, language, alphabet, 40) {
            let mut done = text.to_owned();
            done.replace_range(completion.replaces, &completion.text);
            assert!(read(&done, language, Some(alphabet)).is_ok(), "{done}");
        }
    }
}

#[test]
fn every_sound_of_a_language_can_be_typed_in_every_alphabet() {
    for language in Language::ALL {
        let count = phonetics::symbols(language).count();
        for alphabet in Alphabet::of(language) {
            let signs = signs(language, *alphabet);
            assert_eq!(signs.len(), count, "{language:?} {alphabet:?}");
            for (sign, symbol) in signs {
                if sign == "yu" {
                    // Alone it is the syllable; among other tokens ("j yu an") it is the glide.
                    continue;
                }
                assert_eq!(symbols(&sign, language, Some(*alphabet)), symbol, "{sign} in {alphabet:?}");
            }
        }
    }
}

#[test]
fn one_phone_of_a_reading_is_said_otherwise() {
    let other = |typed: &str, language, syllable, at, symbol: &str| {
        let reading = read(typed, language, None).expect("a reading");
        super::super::with_phone(&reading, syllable, at, symbol, language)
    };
    let english = other("/ˈkɪtən/", English, 0, 1, "æ").expect("a vowel of English");
    assert_eq!(english.label, "/ˈkætən/");
    assert_eq!(english.syllables[0].label, "ˈkæ");
    let mandarin = other("yin2 hang2", Mandarin, 1, 0, "g").expect("a consonant of Mandarin");
    assert_eq!(mandarin.syllables[1].label, "gáng");
    assert_eq!(mandarin.syllables[1].spelling, "gang2");
    assert_eq!(other("papa", French, 0, 0, "θ"), None, "no sound of French");
    assert_eq!(other("papa", French, 5, 0, "p"), None, "no such syllable");
}
