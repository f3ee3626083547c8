//! Which language a text seems to be in, to warn when it is not the language of the project.
//!
//! A coarse look: the scripts first, then the little words that every sentence has. It answers only when it is sure.

use super::Language;

const FRENCH: &[&str] = &[
    "le", "la", "les", "un", "une", "des", "du", "et", "est", "que", "qui", "dans", "pour", "pas", "sur", "avec", "je",
    "tu", "il", "elle", "nous", "vous", "ils", "ne", "se", "ce", "cette", "mon", "ma", "mes", "son", "sa", "ses", "au",
    "aux", "mais", "ou", "où", "donc", "très", "plus", "être", "avoir", "suis", "sont", "à", "en", "de",
];
const ENGLISH: &[&str] = &[
    "the", "and", "is", "are", "was", "were", "of", "to", "in", "that", "it", "he", "she", "they", "we", "you", "with",
    "for", "on", "at", "this", "have", "has", "had", "be", "not", "but", "from", "by", "his", "her", "my", "your",
    "what", "which", "who", "will", "would", "can", "a", "i",
];

/// Whether a character belongs to the Han script.
pub fn is_han(c: char) -> bool {
    matches!(c, '\u{3007}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}'
        | '\u{20000}'..='\u{3FFFF}')
}

/// The name of the script of a letter that is neither Latin nor Han, for messages.
pub fn foreign_script(c: char) -> Option<&'static str> {
    Some(match c {
        '\u{370}'..='\u{3FF}' | '\u{1F00}'..='\u{1FFF}' => "Greek",
        '\u{400}'..='\u{52F}' => "Cyrillic",
        '\u{530}'..='\u{58F}' => "Armenian",
        '\u{590}'..='\u{5FF}' => "Hebrew",
        '\u{600}'..='\u{6FF}' | '\u{750}'..='\u{77F}' => "Arabic",
        '\u{900}'..='\u{97F}' => "Devanagari",
        '\u{E00}'..='\u{E7F}' => "Thai",
        '\u{1100}'..='\u{11FF}' | '\u{3130}'..='\u{318F}' | '\u{AC00}'..='\u{D7AF}' => "Korean",
        '\u{3040}'..='\u{30FF}' | '\u{31F0}'..='\u{31FF}' => "Japanese",
        '\u{3100}'..='\u{312F}' => "Bopomofo",
        _ => return None,
    })
}

/// The language the text is in, or `None` when it is too short or too mixed to say.
pub fn guess(text: &str) -> Option<Language> {
    let (mut han, mut latin) = (0usize, 0usize);
    for c in text.chars() {
        if is_han(c) {
            han += 1;
        } else if c.is_alphabetic() {
            latin += 1;
        }
    }
    // One Han character says about as much as three letters.
    if han >= 2 && han * 3 > latin {
        return Some(Language::Mandarin);
    }
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphabetic()).filter(|w| !w.is_empty()).collect();
    if words.len() < 4 {
        return None;
    }
    let count = |list: &[&str]| words.iter().filter(|w| list.contains(w)).count();
    let (french, english) = (count(FRENCH), count(ENGLISH));
    let enough = words.len() / 6 + 1;
    if french >= enough && french > 2 * english {
        Some(Language::French)
    } else if english >= enough && english > 2 * french {
        Some(Language::AmericanEnglish)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_are_told_apart() {
        assert_eq!(guess("我常常觉得很难在长途列车上睡个好觉"), Some(Language::Mandarin));
        assert_eq!(
            guess("La nuit était si belle que je suis descendu dans la rue prendre le frais."),
            Some(Language::French)
        );
        assert_eq!(
            guess("He began a confused complaint against the wizard who had vanished behind the curtain."),
            Some(Language::AmericanEnglish)
        );
        assert_eq!(guess("Bonjour"), None);
        assert_eq!(guess(""), None);
    }
}
