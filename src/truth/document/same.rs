//! Words that are written the same: a reading chosen for one can be given to all of them.

use super::Project;
use super::edit::Edit;
use super::lexicon::{self, LexiconEntry};
use crate::language::WordKind;

impl Project {
    /// The other words written like word `at` that are read otherwise and may be changed: none of their keys is locked.
    pub fn read_otherwise(&self, at: usize) -> Vec<usize> {
        let words = &self.tiers.utterance.words;
        let Some(model) = words.get(at).filter(|w| w.kind == WordKind::Spoken) else { return Vec::new() };
        let text = model.text.to_lowercase();
        let locked: Vec<usize> = self.tiers.keys.iter().filter(|k| k.locked).map(|k| k.rule.word).collect();
        let differs = |i: usize| {
            let word = &words[i];
            i != at
                && word.kind != WordKind::Break
                && word.text.to_lowercase() == text
                && word.syllables() != model.syllables()
                && locked.binary_search(&i).is_err()
        };
        (0..words.len()).filter(|i| differs(*i)).collect()
    }

    /// Whether the project's lexicon knows word `at` as it is read.
    pub fn is_remembered(&self, at: usize) -> bool {
        let Some(word) = self.tiers.utterance.words.get(at) else { return false };
        let text = word.text.to_lowercase();
        let entry = self.settings.lexicon.iter().rev().find(|e| e.text.to_lowercase() == text);
        entry.is_some_and(|e| e.reading.syllables == word.syllables())
    }

    /// Reads all words written like word `at` as it is read, and remembers it in the project's lexicon, as one step;
    /// `None` where that is so already.
    pub fn read_all_the_same(&self, at: usize) -> Option<Edit> {
        let word = self.tiers.utterance.words.get(at)?;
        let reading = word.readings.get(word.chosen)?;
        let mut edits: Vec<Edit> = self
            .read_otherwise(at)
            .into_iter()
            .map(|word| Edit::AddReading { word, reading: reading.clone() })
            .collect();
        if !self.is_remembered(at) {
            let entry = LexiconEntry { text: word.text.clone(), reading: reading.clone() };
            let mut settings = self.settings.clone();
            settings.lexicon = lexicon::with(&settings.lexicon, entry);
            edits.push(Edit::SetSettings(Box::new(settings)));
        }
        (!edits.is_empty()).then_some(Edit::Many { name: "Read all the same", edits })
    }
}
