//! Keys in letters and digits, as teachers write them: `4-m.1-c.3-s`.
//!
//! Three sets of letters are in use, and they clash: in the French set "m" is the chin (menton) and "c" the side
//! (côté), in the others the mouth and the chin. So reading always asks which set is meant. Notation tells shape and
//! position; movements follow from the keys around and are not written.

use crate::cueing::{HandShape, Key, Position};
use serde::{Deserialize, Serialize};

/// The letters for positions, and how keys are written with them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LetterSet {
    /// `4-m.1-c.3-s`: mouth, cheekbone (b), chin, side, throat, sf side forward, sd side down.
    #[default]
    Sppas,
    /// `4b 1m 3c`: bouche, menton, côté, pommette, gorge; cv côté en avant, cb côté plus bas.
    MontreLeSon,
    /// `4M 1C 3S`: mouth, cheekbone (B), chin, side, throat, as Mandarin cues are written.
    Mccs,
}

impl LetterSet {
    pub const ALL: [Self; 3] = [Self::Sppas, Self::MontreLeSon, Self::Mccs];

    /// The letters of each position; n is the resting hand, which only SPPAS writes.
    fn letters(self) -> &'static [(Position, &'static str); 8] {
        match self {
            Self::Sppas => &[
                (Position::Side, "s"),
                (Position::Mouth, "m"),
                (Position::Chin, "c"),
                (Position::Cheekbone, "b"),
                (Position::Throat, "t"),
                (Position::SideForward, "sf"),
                (Position::SideDown, "sd"),
                (Position::Neutral, "n"),
            ],
            Self::MontreLeSon => &[
                (Position::Side, "c"),
                (Position::Mouth, "b"),
                (Position::Chin, "m"),
                (Position::Cheekbone, "p"),
                (Position::Throat, "g"),
                (Position::SideForward, "cv"),
                (Position::SideDown, "cb"),
                (Position::Neutral, "n"),
            ],
            Self::Mccs => &[
                (Position::Side, "S"),
                (Position::Mouth, "M"),
                (Position::Chin, "C"),
                (Position::Cheekbone, "B"),
                (Position::Throat, "T"),
                (Position::SideForward, "SF"),
                (Position::SideDown, "SD"),
                (Position::Neutral, "N"),
            ],
        }
    }

    /// The letters for one position.
    pub fn letter(self, position: Position) -> &'static str {
        self.letters().iter().find(|(p, _)| *p == position).map_or("", |(_, letters)| letters)
    }

    /// Between shape and position, and between keys.
    fn marks(self) -> (&'static str, &'static str) {
        match self {
            Self::Sppas => ("-", "."),
            Self::MontreLeSon | Self::Mccs => ("", " "),
        }
    }
}

/// What is wrong with a notation, and where: `column` counts characters from 1.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotationError {
    #[error("a hand shape from 1 to 8 must stand here, not \"{found}\" (column {column})")]
    Shape { column: usize, found: String },
    #[error("after hand shape {shape} its position must follow: {known} (column {column})")]
    NoPosition { column: usize, shape: u8, known: String },
    #[error("\"{found}\" is no position of this letter set: use {known} (column {column})")]
    Position { column: usize, found: String, known: String },
}

/// One key in letters.
pub fn write_one(shape: HandShape, position: Position, letters: LetterSet) -> String {
    format!("{}{}{}", shape.0, letters.marks().0, letters.letter(position))
}

/// Keys in letters: `4-m.1-c.3-s`, `4b 1m 3c` or `4M 1C 3S`.
pub fn write(keys: &[Key], letters: LetterSet) -> String {
    let keys: Vec<String> = keys.iter().map(|k| write_one(k.shape, k.position, letters)).collect();
    keys.join(letters.marks().1)
}

/// Reads keys in letters. Keys may be separated by spaces, dots, commas, semicolons, bars or nothing; shape and
/// position by `-`, `@`, `/` or nothing; upper and lower case mean the same. `3-s/d` is read as `3-sd`.
///
/// # Errors
/// [`NotationError`] with the column: something that is no shape, a shape without a position, or letters that this set
/// does not have.
pub fn parse(text: &str, letters: LetterSet) -> Result<Vec<(HandShape, Position)>, NotationError> {
    let known = || letters.letters()[..7].iter().map(|(_, l)| *l).collect::<Vec<_>>().join(", ");
    let chars: Vec<char> = text.chars().collect();
    let separates = |c: char| c.is_whitespace() || matches!(c, '.' | ',' | ';' | '|' | '·' | '•' | '、' | '，' | '。');
    let links = |c: char| matches!(c, '-' | '@' | '/' | '_' | '\u{2010}'..='\u{2013}');
    let mut cues = Vec::new();
    let mut i = 0;
    while i < chars.len() {
        if separates(chars[i]) {
            i += 1;
            continue;
        }
        let start = i;
        let word_end = (i..chars.len()).find(|n| separates(chars[*n])).unwrap_or(chars.len());
        let digit = chars[i].to_digit(10).and_then(|d| u8::try_from(d).ok());
        let after_digit = chars.get(i + 1).is_some_and(char::is_ascii_digit);
        let Some(shape) = digit.filter(|d| *d <= 8 && !after_digit) else {
            let found = chars[start..word_end].iter().collect();
            return Err(NotationError::Shape { column: start + 1, found });
        };
        i += 1;
        while i < chars.len() && (links(chars[i]) || chars[i].is_whitespace()) {
            i += 1;
        }
        // The letters up to the next key; the slash of "s/d" is passed over.
        let at = i;
        let mut found = String::new();
        while i < chars.len() {
            let inside = links(chars[i]) && chars.get(i + 1).is_some_and(|c| c.is_alphabetic()) && !found.is_empty();
            if chars[i].is_alphabetic() {
                found.push(chars[i]);
            } else if !inside {
                break;
            }
            i += 1;
        }
        if found.is_empty() {
            return Err(NotationError::NoPosition { column: at + 1, shape, known: known() });
        }
        let position = letters.letters().iter().find(|(_, l)| l.eq_ignore_ascii_case(&found)).map(|(p, _)| *p);
        // Rest and only rest has shape 0.
        match position {
            Some(p) if (p == Position::Neutral) == (shape == 0) => cues.push((HandShape(shape), p)),
            Some(_) if shape == 0 => return Err(NotationError::Shape { column: start + 1, found: "0".to_owned() }),
            _ => return Err(NotationError::Position { column: at + 1, found, known: known() }),
        }
    }
    Ok(cues)
}

#[cfg(test)]
mod tests {
    use super::*;
    use Position::{Cheekbone, Chin, Mouth, Neutral, Side, SideDown, SideForward, Throat};

    fn keys(cues: &[(u8, Position)]) -> Vec<Key> {
        let key = |(n, (shape, position)): (usize, &(u8, Position))| Key {
            shape: HandShape(*shape),
            position: *position,
            movement: None,
            phones: n..n + 1,
            word: 0,
            flags: Vec::new(),
        };
        cues.iter().enumerate().map(key).collect()
    }

    #[test]
    fn bonjour_in_three_letter_sets() {
        let bonjour = keys(&[(4, Mouth), (1, Chin), (3, Side)]);
        assert_eq!(write(&bonjour, LetterSet::Sppas), "4-m.1-c.3-s");
        assert_eq!(write(&bonjour, LetterSet::MontreLeSon), "4b 1m 3c");
        assert_eq!(write(&bonjour, LetterSet::Mccs), "4M 1C 3S");
        assert_eq!(write(&[], LetterSet::Sppas), "");
    }

    #[test]
    fn the_same_letters_mean_other_places_in_another_set() {
        let read = |set| parse("4m 1c", set).map(|c| c.into_iter().map(|c| c.1).collect::<Vec<_>>());
        assert_eq!(read(LetterSet::Sppas), Ok(vec![Mouth, Chin]));
        assert_eq!(read(LetterSet::MontreLeSon), Ok(vec![Chin, Side]));
        assert_eq!(read(LetterSet::Mccs), Ok(vec![Mouth, Chin]));
    }

    #[test]
    fn every_key_comes_back_in_every_set() {
        for set in LetterSet::ALL {
            for shape in HandShape::ALL {
                for position in Position::ALL {
                    let text = write_one(shape, position, set);
                    assert_eq!(parse(&text, set), Ok(vec![(shape, position)]), "{text}");
                }
            }
        }
    }

    #[test]
    fn many_ways_of_writing_are_read() {
        let expected = vec![(HandShape(5), Throat), (HandShape(3), SideDown), (HandShape(7), SideForward)];
        for text in [
            "5-t.3-sd.7-sf",
            "5-t, 3-s/d, 7-s/f",
            "5t 3sd 7sf",
            "5T·3SD·7SF",
            " 5 t | 3 sd;7sf\n",
            "5t3sd7sf",
            "5@t 3@s-d 7@sf.",
        ] {
            assert_eq!(parse(text, LetterSet::Sppas), Ok(expected.clone()), "{text}");
        }
        assert_eq!(parse("6B 6M 3B 6B", LetterSet::Mccs).map(|k| k[0]), Ok((HandShape(6), Cheekbone)));
        assert_eq!(parse("0-n.4-m", LetterSet::Sppas).map(|k| k[0]), Ok((HandShape(0), Neutral)));
        assert_eq!(parse("", LetterSet::Sppas), Ok(vec![]));
        assert_eq!(parse(" . ", LetterSet::Sppas), Ok(vec![]));
    }

    #[test]
    fn mistakes_are_told_with_their_column() {
        let error = |text: &str, set| parse(text, set).expect_err("not a notation").to_string();
        let cases = [
            ("4-m.9-c", LetterSet::Sppas, "not \"9-c\" (column 5)"),
            ("4-m m", LetterSet::Sppas, "not \"m\" (column 5)"),
            ("4-m.12-c", LetterSet::Sppas, "not \"12-c\" (column 5)"),
            ("4-m.1", LetterSet::Sppas, "after hand shape 1"),
            (
                "4-m.1-x",
                LetterSet::Sppas,
                "\"x\" is no position of this letter set: use s, m, c, b, t, sf, sd (column 7)",
            ),
            ("4t", LetterSet::MontreLeSon, "\"t\" is no position"),
            ("0-m", LetterSet::Sppas, "hand shape from 1 to 8"),
            ("4-n", LetterSet::Sppas, "\"n\" is no position"),
            ("手", LetterSet::Mccs, "not \"手\""),
        ];
        for (text, set, message) in cases {
            assert!(error(text, set).contains(message), "{text}: {}", error(text, set));
        }
    }
}
