//! The text as the user typed it, and the same text cleaned for reading, with the way back from one to the other.
//!
//! Reading works on a normalised copy (Unicode NFC, full-width letters and digits made plain, invisible characters
//! left out), but everything that is reported to the user points into the original: [`Source::range`] translates.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::canonical_combining_class;

/// A normalised text that knows where each of its characters came from.
#[derive(Clone, Debug)]
pub struct Source {
    text: String,
    /// For each character of `text`: its byte offset there, and the byte range in the original.
    places: Vec<(usize, Range<usize>)>,
    original_len: usize,
}

impl Source {
    /// Normalises `original`.
    pub fn new(original: &str) -> Self {
        let mut text = String::with_capacity(original.len());
        let mut places = Vec::with_capacity(original.len());
        let mut chars = original.char_indices().peekable();
        while let Some((start, first)) = chars.next() {
            let mut end = start + first.len_utf8();
            let mut group = String::from(first);
            while let Some(&(at, next)) = chars.peek() {
                if canonical_combining_class(next) == 0 {
                    break;
                }
                group.push(next);
                end = at + next.len_utf8();
                chars.next();
            }
            let push = |c: char, text: &mut String, places: &mut Vec<(usize, Range<usize>)>| {
                if !is_invisible(c) {
                    places.push((text.len(), start..end));
                    text.push(c);
                }
            };
            if is_compatibility(first) {
                group.nfkc().for_each(|c| push(c, &mut text, &mut places));
            } else {
                group.nfc().for_each(|c| push(c, &mut text, &mut places));
            }
        }
        Self { text, places, original_len: original.len() }
    }

    /// The normalised text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Bytes of the original that the given bytes of the normalised text were made from.
    pub fn range(&self, normalised: Range<usize>) -> Range<usize> {
        let at = |byte: usize| self.places.partition_point(|(offset, _)| *offset <= byte).saturating_sub(1);
        if self.places.is_empty() {
            return 0..self.original_len;
        }
        let first = &self.places[at(normalised.start)].1;
        let last = &self.places[at(normalised.end.max(normalised.start + 1) - 1)].1;
        first.start..last.end.max(first.start)
    }
}

/// Characters that show nothing and say nothing: joiners, marks of direction, variation selectors, soft hyphens.
pub fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}'
        | '\u{E0100}'..='\u{E01EF}')
}

/// Characters that are another way to write plain ones: full-width Latin, radicals as signs, squared units, ligatures,
/// circled digits.
fn is_compatibility(c: char) -> bool {
    matches!(c,
        '\u{FF01}'..='\u{FF5E}' | '\u{FFE0}'..='\u{FFE6}' | '\u{2F00}'..='\u{2FDF}' | '\u{3300}'..='\u{33FF}'
        | '\u{FB00}'..='\u{FB06}' | '\u{2460}'..='\u{2473}' | '\u{2474}'..='\u{249B}' | '\u{24B6}'..='\u{24E9}'
        | '\u{F900}'..='\u{FAD9}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn full_width_and_combining_characters_point_back() {
        let original = "ＡＢＣ e\u{301}\u{200B}te\u{301}";
        let source = Source::new(original);
        assert_eq!(source.text(), "ABC été");
        assert_eq!(&original[source.range(1..2)], "Ｂ");
        let e = source.text().find('é').unwrap();
        assert_eq!(&original[source.range(e..e + 2)], "e\u{301}");
    }

    #[test]
    fn a_sign_made_of_several_letters_keeps_one_range() {
        let source = Source::new("5㎏");
        assert_eq!(source.text(), "5kg");
        assert_eq!(source.range(1..2), 1..4);
        assert_eq!(source.range(2..3), 1..4);
    }

    proptest! {
        #[test]
        fn ranges_are_on_character_boundaries_and_in_order(text in "\\PC{0,40}") {
            let source = Source::new(&text);
            let mut before = 0;
            for (at, c) in source.text().char_indices() {
                let range = source.range(at..at + c.len_utf8());
                prop_assert!(text.get(range.clone()).is_some());
                prop_assert!(range.start >= before);
                before = range.start;
            }
        }
    }
}
