//! The project's chart in its dialog; readings, sounds and keys of the user's own in the inspector.

use super::*;
use cueloom::cueing::chart::{Chart, Join};
use cueloom::language::ReadingSource;

impl Window {
    /// Chooses a line of a list that unfolds.
    fn choose(&mut self, list: &str, line: &str) {
        // Its name may stand before it, too.
        self.reach(list);
        // It may lie farther down in the list.
        self.harness.get_all_by_label(line).last().expect("the line is in the list").scroll_to_me();
        self.settle();
        self.harness.get_all_by_label(line).last().expect("the line is in the list").click();
        self.settle();
    }

    /// Clicks a control, wherever what it stands in is scrolled to.
    fn reach(&mut self, label: &str) {
        self.harness.get_all_by_label(label).last().expect(label).scroll_to_me();
        self.settle();
        self.harness.get_all_by_label(label).last().expect(label).click();
        self.settle();
    }

    fn word(&self, text: &str) -> usize {
        let words = &self.project().tiers.utterance.words;
        words.iter().position(|w| w.text.starts_with(text)).expect("the word is in the text")
    }

    fn select_word(&mut self, word: usize) {
        let name = format!("Word {}: ", word + 1);
        self.harness.get_by_label_contains(&name).click();
        self.settle();
    }

    fn symbols(&self, word: usize) -> Vec<String> {
        let syllables = self.project().tiers.utterance.words[word].syllables();
        syllables.iter().flat_map(|s| &s.phones).map(|p| p.symbol.clone()).collect()
    }

    fn chart_dialog(&mut self) {
        self.press(Key::Escape);
        self.press(Key::Escape);
        self.reach("Look at the chart…");
        assert!(self.sees("Chart of the project"));
    }
}

#[test]
fn a_cell_is_changed_used_undone_and_put_back() {
    let mut window = Window::open();
    let before = window.project().clone();
    // The first sound of the text is t, of shape 5.
    assert_eq!(before.tiers.keys[0].shape(), HandShape(5));
    window.chart_dialog();
    window.choose("Hand shape of t", "2 · index and middle fingers up, together");
    assert!(window.sees("1 cell is otherwise than in the built-in chart."));
    assert!(window.sees("built-in: Hand shape 5"));
    assert_eq!(window.project(), &before, "nothing is used before it is confirmed");
    window.click("Use this chart");
    assert!(!window.sees("Chart of the project"));
    assert_eq!(window.project().tiers.keys[0].shape(), HandShape(2));
    assert!(window.project().chart().name.contains("changed"));
    window.press_with(Modifiers::COMMAND, Key::Z);
    assert_eq!(window.project(), &before);
    window.press_with(Modifiers::COMMAND | Modifiers::SHIFT, Key::Z);

    // Vowels have a place and a way on, rules a place.
    window.chart_dialog();
    window.click("Vowels");
    window.choose("Position of a", "chin");
    window.choose("Movement of a", "moves on: throat");
    window.click("Rules");
    window.choose("Hand shape of Vowel alone", "4 · four fingers up, thumb folded");
    window.click("Only what differs");
    assert!(window.sees("3 cells are otherwise"));
    window.reach("Back to the built-in cell of Vowel alone");
    assert!(window.sees("Nothing here differs."));
    window.click("Use this chart");
    let keys = &window.project().tiers.keys;
    assert_eq!((keys[0].position(), keys[1].position()), (Position::Chin, Position::Throat));
    assert_eq!(window.project().broken_invariant(), None);

    window.chart_dialog();
    window.click("Back to the built-in chart");
    window.click("Use this chart");
    assert_eq!(window.project().settings.chart, None);
    let cues = |p: &Project| p.tiers.keys.iter().map(|k| (k.shape(), k.position())).collect::<Vec<_>>();
    assert_eq!(cues(window.project()), cues(&before));
}

#[test]
fn the_rules_of_joining_and_of_the_weak_consonant_are_changed_in_the_table() {
    let mut window = Window::open();
    let before = window.project().clone();
    let language = before.language();
    window.chart_dialog();
    window.click("Rules");
    let join = Chart::builtin(language).join;
    assert!(!window.sees("It glides to the place of"), "there is no weak consonant yet");
    window.choose("Consonant said before vowels only", "t");
    window.choose("It glides to the place of", "a");
    window.reach("The hand glides on for it after");
    window.click("i");
    // Beside the list, which closes it.
    window.click("Rules");
    let (line, other) = match join {
        Join::WithinSyllable => ("also in the next word", Join::AcrossWords),
        Join::AcrossWords => ("within its syllable", Join::WithinSyllable),
    };
    window.choose("A consonant looks for its vowel", line);
    assert!(window.sees("4 cells are otherwise"));
    window.click("Use this chart");
    let chart = window.project().chart();
    assert_eq!(chart.join, other);
    let weak = chart.weak.as_ref().expect("a weak consonant");
    assert_eq!((weak.consonant.as_str(), weak.towards.as_str(), weak.glides_after.join(" ").as_str()), ("t", "a", "i"));
    assert_eq!(window.project().broken_invariant(), None);
    window.press_with(Modifiers::COMMAND, Key::Z);
    assert_eq!(window.project(), &before);
}

#[test]
fn a_chart_goes_to_a_file_and_comes_from_one_with_its_mistakes_named() {
    let mut window = Window::open();
    window.chart_dialog();
    window.choose("Hand shape of t", "7 · thumb, index and middle fingers out");
    window.fill("Name of the chart", "Ours");
    let path = window.dir.path().join("ours.ron");
    window.fill("Chart file", &path.to_string_lossy());
    window.click("Export chart");
    assert!(window.sees("The chart is written"));
    let text = std::fs::read_to_string(&path).expect("the file is there");
    let written = Chart::parse(&text, "ours.ron").expect("it can be read");
    assert_eq!(written.name, "Ours");

    std::fs::write(&path, text.replace("shape:7", "shape:9")).expect("written");
    window.click("Import");
    assert!(window.sees("9") && window.sees("line "), "the mistake is named with its line");
    // A chart of another language is refused.
    std::fs::write(&path, Chart::builtin(Language::French).to_ron()).expect("written");
    window.click("Import");
    assert!(window.sees("choose a chart of the same language"));
    std::fs::write(&path, text).expect("written");
    window.click("Cancel");
    window.chart_dialog();
    window.fill("Chart file", &path.to_string_lossy());
    window.click("Import");
    assert!(window.sees("Imported: Ours"));
    window.click("Use this chart");
    assert_eq!(window.project().chart(), &written);

    // It is in the project as it is saved.
    window.press_with(Modifiers::COMMAND, Key::S);
    let saved = file::load(&window.folder()).expect("the project is read again");
    assert_eq!(saved.chart(), &written);
}

#[test]
fn a_sound_of_ones_own_is_marked_survives_and_is_taken_back() {
    let mut window = Window::open();
    let word = window.word("银行");
    let before = window.project().clone();
    window.select_word(word);
    assert_eq!(window.symbols(word), ["y", "en", "h", "ang"]);
    window.reach("Sound 3 of 银行: h");
    window.harness.get_all_by_label_contains("k   ").last().expect("k is offered").click();
    window.settle();
    assert_eq!(window.symbols(word), ["y", "en", "k", "ang"]);
    assert!(window.sees("Read your way"));
    // Another chart derives all keys anew: the sound stays, also through the file.
    window.chart_dialog();
    window.choose("Hand shape of k", "8 · index and middle fingers in a V");
    window.click("Use this chart");
    assert_eq!(window.symbols(word), ["y", "en", "k", "ang"]);
    let shown =
        |p: &Project| p.tiers.keys.iter().find(|k| k.signature == ["k", "ang"]).map(|k| (k.shape(), k.position()));
    assert_eq!(shown(window.project()), Some((HandShape(8), Position::Mouth)));
    window.press_with(Modifiers::COMMAND, Key::S);
    assert_eq!(&file::load(&window.folder()).expect("read again"), window.project());
    window.select_word(word);
    window.reach("Back to the dictionary");
    assert_eq!(window.symbols(word), ["y", "en", "h", "ang"]);
    assert!(!window.sees("Read your way"));
    let readings = &window.project().tiers.utterance.words[word].readings;
    assert_eq!(readings, &before.tiers.utterance.words[word].readings);
}

#[test]
fn a_typed_reading_is_completed_corrected_and_taken_in_the_chosen_alphabet() {
    let mut window = Window::open();
    let word = window.word("银行");
    window.select_word(word);
    window.fill("Another reading", "yin2 han");
    for offered in ["han1", "han4", "hang"] {
        assert!(window.sees(offered), "{offered}");
    }
    window.click("hang");
    window.click("hang4");
    assert!(window.sees("Pinyin: y en h ang"), "what it comes to is told");
    // A wrong sign in the middle is named while one types, with what was perhaps meant.
    window.fill("Another reading", "yni2 hang2");
    assert!(window.sees("\"yni2\" is no sound of"));
    window.click("Write \"yi2\"");
    assert!(window.sees("Pinyin: i h ang"));
    // In IPA, since that was chosen.
    window.choose("Alphabet", "IPA");
    window.fill("Another reading", "xaŋ");
    window.press(Key::Enter);
    assert_eq!(window.symbols(word), ["h", "ang"]);
    let it = &window.project().tiers.utterance.words[word];
    assert_eq!(it.readings[it.chosen].source, ReadingSource::User);
}

#[test]
fn a_key_of_ones_own_is_given_to_all_of_the_same_sounds() {
    // "行不行" has the same key twice.
    let mut window = Window::open();
    let same = |p: &Project| -> Vec<usize> {
        let keys = &p.tiers.keys;
        let twice = keys.iter().find(|k| keys.iter().filter(|o| o.signature == k.signature).count() > 1);
        let signature = twice.expect("a key that comes twice").signature.clone();
        (0..keys.len()).filter(|i| keys[*i].signature == signature).collect()
    };
    let places = same(window.project());
    window.select_key(places[0] + 1);
    let rule = window.project().tiers.keys[places[0]].rule.clone();
    let other = HandShape(rule.shape.0 % 8 + 1);
    window.reach(&format!("Hand shape {}", other.0));
    assert!(window.sees("Yours: hand shape"));
    window.harness.get_by_label_contains("Cue all ").scroll_to_me();
    window.settle();
    window.harness.get_by_label_contains("Cue all ").click();
    window.settle();
    for i in &places {
        assert_eq!(window.project().tiers.keys[*i].shape(), other, "key {i}");
    }
    assert_eq!(window.project().settings.cues.len(), 1);
    window.reach("Back to the rule");
    assert_eq!(window.project().tiers.keys[places[0]].shape(), rule.shape);
    assert_eq!(window.project().tiers.keys[places[1]].shape(), other, "only this one");
    // Of the project's own keys there is a list.
    window.press(Key::Escape);
    window.press(Key::Escape);
    window.harness.get_by_label_contains("Forget \"").scroll_to_me();
    window.settle();
    window.harness.get_by_label_contains("Forget \"").click();
    window.settle();
    assert!(window.project().settings.cues.is_empty());
}
