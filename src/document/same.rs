//! Words that are written the same: a reading chosen for one can be given to all of them.

use super::Project;
use super::edit::Edit;
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

    /// Reads all words written like word `at` as it is read, as one step; `None` where they are.
    pub fn read_all_the_same(&self, at: usize) -> Option<Edit> {
        let word = self.tiers.utterance.words.get(at)?;
        let reading = word.readings.get(word.chosen)?;
        let edits: Vec<Edit> = self
            .read_otherwise(at)
            .into_iter()
            .map(|word| Edit::AddReading { word, reading: reading.clone() })
            .collect();
        (!edits.is_empty()).then_some(Edit::Many { name: "Read all the same", edits })
    }
}
