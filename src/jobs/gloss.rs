//! The gloss of a key as window, command line and service see it: which sentence is shown, and what a changed one does.

use crate::cueing::gloss::{self, ConflictKind, Cue, Parsed, UiLanguage};
use crate::document::edit::Edit;
use crate::document::{KeySegment, Project};

/// The longest sentence kept as a gloss, characters.
pub const LONGEST: usize = 300;

/// The key in force.
pub fn cue(key: &KeySegment) -> Cue {
    Cue { shape: key.shape(), position: key.position(), movement: key.movement() }
}

/// The sentence that is composed for a key in a language.
pub fn composed(key: &KeySegment, ui: UiLanguage) -> String {
    gloss::sentence(key.shape(), key.position(), key.movement(), &key.symbols(), ui)
}

/// The sentence that stands for a key: the user's own, or else the composed one.
pub fn shown(key: &KeySegment, ui: UiLanguage) -> String {
    key.gloss.clone().unwrap_or_else(|| composed(key, ui))
}

/// One line without spaces at its ends, cut at [`LONGEST`] characters: what can be kept.
pub fn tidy(text: &str) -> String {
    // The spaces before French marks do not break, and stay.
    let breaks = |c: char| (c.is_whitespace() && !matches!(c, '\u{a0}' | '\u{202f}')) || c.is_control();
    let words: Vec<&str> = text.split(breaks).filter(|w| !w.trim().is_empty()).collect();
    words.join(" ").trim().chars().take(LONGEST).collect()
}

/// Whether two sentences have the same words, whatever spaces stand between them.
pub fn same(a: &str, b: &str) -> bool {
    a.split_whitespace().eq(b.split_whitespace())
}

/// What a sentence says of this key, in whichever language of the interface it is written.
pub fn read(project: &Project, key: &KeySegment, text: &str, ui: UiLanguage) -> (UiLanguage, Parsed) {
    let (language, parsed) = gloss::parse_any(text, ui, project.chart());
    let after = parsed.applied_to(cue(key));
    // The lips of a diphthong's end are others than those of its beginning.
    let lips = gloss::lips_of(after.shape, after.movement, &key.symbols());
    (language, parsed.with_lips(&lips, language))
}

/// True where a conflict leaves open what the key is to be. Lips do not: they follow the sound whatever is said.
pub fn blocks(parsed: &Parsed) -> bool {
    parsed.conflicts.iter().any(|c| c.kind != ConflictKind::OtherLips)
}

/// The edit that a sentence asks for, `None` when it leaves open what the key is to be or says nothing of it. The
/// sentence stays as the key's gloss when it tells the whole key; else the key gets its composed one.
pub fn edit(key: &KeySegment, text: &str, parsed: &Parsed) -> Option<Edit> {
    if blocks(parsed) || !parsed.says_something() {
        return None;
    }
    let Cue { shape, position, movement } = parsed.applied_to(cue(key));
    let text = tidy(text);
    let whole = parsed.tells(Cue { shape, position, movement });
    // The composed sentence in any language is no gloss of one's own: it shall follow the interface.
    let composed = |ui| gloss::sentence(shape, position, movement, &key.symbols(), ui);
    let own = !UiLanguage::ALL.into_iter().any(|ui| same(&composed(ui), &text));
    let gloss = (whole && own).then_some(text);
    Some(Edit::SetCue { key: key.id, shape, position, movement, gloss })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cueing::chart::Chart;
    use crate::cueing::{HandShape, Key, KeyTimes, Movement, Position};
    use crate::document::{KeyEdits, KeyId};

    fn key() -> KeySegment {
        KeySegment {
            id: KeyId(3),
            rule: Key {
                shape: HandShape(1),
                position: Position::Chin,
                movement: Some(Movement::DoubleTouch),
                phones: 0..2,
                word: 0,
                flags: Vec::new(),
            },
            signature: vec!["ʒ".into(), "u".into()],
            times: KeyTimes::default(),
            edits: KeyEdits::default(),
            locked: false,
            flags: Vec::new(),
            gloss: None,
        }
    }

    fn edited(text: &str) -> Option<Edit> {
        let chart = Chart::builtin(crate::language::Language::French);
        let (ui, parsed) = gloss::parse_any(text, UiLanguage::French, chart);
        let lips = gloss::lips_of(HandShape(1), None, &["ʒ", "u"]);
        edit(&key(), text, &parsed.with_lips(&lips, ui))
    }

    #[test]
    fn a_whole_sentence_is_kept_and_a_partial_one_is_not() {
        let Some(Edit::SetCue { shape, position, movement, gloss, .. }) = edited(" trois doigts\n au menton ") else {
            panic!("an edit");
        };
        assert_eq!((shape, position, movement), (HandShape(3), Position::Chin, None));
        assert_eq!(gloss.as_deref(), Some("trois doigts au menton"));
        let Some(Edit::SetCue { shape, position, movement, gloss, .. }) = edited("à la gorge") else {
            panic!("an edit");
        };
        assert_eq!((shape, position, movement), (HandShape(1), Position::Throat, Some(Movement::DoubleTouch)));
        assert_eq!(gloss, None);
    }

    #[test]
    fn the_composed_sentence_is_no_gloss_of_ones_own() {
        for ui in UiLanguage::ALL {
            let Some(Edit::SetCue { gloss, movement, .. }) = edited(&composed(&key(), ui)) else { panic!("an edit") };
            assert_eq!((gloss, movement), (None, Some(Movement::DoubleTouch)), "{ui:?}");
        }
    }

    #[test]
    fn contradictions_and_silence_change_nothing_and_lips_only_cost_the_sentence() {
        assert_eq!(edited("menton, gorge"), None);
        assert_eq!(edited("rien du tout"), None);
        assert_eq!(edited(""), None);
        let Some(Edit::SetCue { shape, gloss, .. }) = edited("forme 2, bouche ; lèvres étirées") else {
            panic!("an edit");
        };
        assert_eq!((shape, gloss), (HandShape(2), None));
    }
}
