//! A sentence cut into units that can be compared: words of letters, numbers, single Chinese characters, marks.
//!
//! Cutting is the same for every language and forgives what keyboards do differently: full-width forms, case, accents,
//! ligatures, traditional characters. Each unit knows the bytes of the text it came from.

use std::ops::Range;
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// What a unit is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Letters of an alphabet.
    Word,
    /// Digits; their value, or a number too large for any meaning here.
    Number(u64),
    /// One Chinese character.
    Character,
    /// `,` and the like.
    Comma,
    /// `;` `.` and the like: what follows is about something else.
    Stop,
    /// A sign without a meaning: an emoji, a currency.
    Sign,
}

/// A unit and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Unit {
    /// Bytes of the text, at character boundaries.
    pub range: Range<usize>,
    /// Lower case, without accents, simplified.
    pub text: String,
    pub kind: Kind,
}

impl Unit {
    /// Words, numbers, characters and signs; not marks.
    pub fn is_said(&self) -> bool {
        !matches!(self.kind, Kind::Comma | Kind::Stop)
    }
}

/// What a character adds.
enum Class {
    Letter,
    Digit,
    Character,
    Comma,
    Stop,
    Separator,
    Sign,
}

fn class(c: char) -> Class {
    match c {
        ',' | '、' | '，' => Class::Comma,
        ';' | '.' | ':' | '!' | '?' | '。' | '…' | '¿' | '¡' => Class::Stop,
        '0'..='9' => Class::Digit,
        '々' | '〇' => Class::Character,
        '\u{2e80}'..='\u{2fdf}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}' => {
            Class::Character
        }
        c if c.is_alphabetic() => Class::Letter,
        c if c.is_whitespace() || c.is_control() || c.is_ascii_punctuation() => Class::Separator,
        // Quotation marks, dashes, brackets and the degree sign of "n°".
        '«' | '»' | '·' | '°' | 'º' | '\u{2000}'..='\u{206f}' | '\u{3000}'..='\u{303f}' | '\u{ad}' | '\u{feff}' => {
            Class::Separator
        }
        _ => Class::Sign,
    }
}

/// Cuts a text into units.
pub(super) fn units(text: &str) -> Vec<Unit> {
    let mut out: Vec<Unit> = Vec::new();
    // Whether the last unit may still grow, and by what.
    let mut open: Option<Kind> = None;
    for (start, original) in text.char_indices() {
        let range = start..start + original.len_utf8();
        if is_combining_mark(original) {
            // An accent written as a character of its own belongs to the letter before it.
            if open.is_some()
                && let Some(last) = out.last_mut()
            {
                last.range.end = range.end;
            }
            continue;
        }
        // One character may stand for several (ﬁ, œ, ①).
        let expanded: Vec<char> = std::iter::once(original)
            .nfkc()
            .flat_map(char::to_lowercase)
            .nfd()
            .filter(|c| !is_combining_mark(*c))
            .collect();
        let letters = expanded.iter().all(|c| matches!(class(*c), Class::Letter));
        let digits = expanded.iter().all(|c| matches!(class(*c), Class::Digit));
        if expanded.len() > 1 && !letters && !digits {
            // ½, or a whole formula in one character: a sign like any other.
            out.push(Unit { range, text: original.to_string(), kind: Kind::Sign });
            open = None;
            continue;
        }
        if matches!(original, '\'' | '’' | '‘' | 'ʼ' | '＇') && open == Some(Kind::Word) {
            // The l of "l’index" is an article, the L of "en L" is not.
            if let Some(last) = out.last_mut().filter(|u| u.text.chars().count() == 1) {
                last.text.push('\'');
                last.range.end = range.end;
            }
            open = None;
            continue;
        }
        for c in expanded {
            let c = simplified(c);
            let (kind, grows) = match class(c) {
                Class::Letter => (Kind::Word, true),
                Class::Digit => (Kind::Number(u64::from(c) - u64::from('0')), true),
                Class::Character => (Kind::Character, false),
                Class::Comma => (Kind::Comma, false),
                Class::Stop => (Kind::Stop, false),
                Class::Sign => (Kind::Sign, false),
                Class::Separator => {
                    open = None;
                    continue;
                }
            };
            let continues = grows
                && matches!((open, kind), (Some(Kind::Word), Kind::Word) | (Some(Kind::Number(_)), Kind::Number(_)));
            match out.last_mut().filter(|_| continues) {
                Some(last) => {
                    last.range.end = range.end;
                    push_letter(&mut last.text, c);
                    if let (Kind::Number(value), Kind::Number(digit)) = (&mut last.kind, kind) {
                        *value = value.saturating_mul(10).saturating_add(digit);
                    }
                }
                None => {
                    let mut letters = String::new();
                    push_letter(&mut letters, c);
                    out.push(Unit { range: range.clone(), text: letters, kind });
                }
            }
            open = grows.then_some(kind);
        }
    }
    out
}

fn push_letter(text: &mut String, c: char) {
    match c {
        'œ' => text.push_str("oe"),
        'æ' => text.push_str("ae"),
        'ß' => text.push_str("ss"),
        c => text.push(c),
    }
}

/// The simplified form of the traditional characters that a gloss is likely to hold.
fn simplified(c: char) -> char {
    const PAIRS: &[(char, char)] = &[
        ('臉', '脸'),
        ('側', '侧'),
        ('顴', '颧'),
        ('頰', '颊'),
        ('無', '无'),
        ('開', '开'),
        ('張', '张'),
        ('併', '并'),
        ('並', '并'),
        ('豎', '竖'),
        ('動', '动'),
        ('點', '点'),
        ('觸', '触'),
        ('輕', '轻'),
        ('雙', '双'),
        ('閉', '闭'),
        ('圓', '圆'),
        ('攏', '拢'),
        ('鬆', '松'),
        ('齒', '齿'),
        ('嚨', '咙'),
        ('頸', '颈'),
        ('號', '号'),
        ('個', '个'),
        ('兩', '两'),
        ('隻', '只'),
        ('後', '后'),
        ('來', '来'),
        ('邊', '边'),
        ('處', '处'),
        ('過', '过'),
        ('貼', '贴'),
        ('彎', '弯'),
        ('縮', '缩'),
        ('餘', '余'),
        ('與', '与'),
        ('為', '为'),
        ('靜', '静'),
        ('復', '复'),
        ('複', '复'),
        ('彈', '弹'),
        ('進', '进'),
        ('緊', '紧'),
        ('撐', '撑'),
        ('對', '对'),
        ('準', '准'),
        ('從', '从'),
        ('時', '时'),
        ('間', '间'),
        ('當', '当'),
        ('裡', '里'),
        ('體', '体'),
        ('擺', '摆'),
        ('勢', '势'),
        ('種', '种'),
        ('關', '关'),
        ('攤', '摊'),
        ('摺', '折'),
        ('離', '离'),
        ('內', '内'),
    ];
    PAIRS.iter().find(|(from, _)| *from == c).map_or(c, |(_, to)| *to)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<String> {
        units(text).into_iter().map(|u| u.text).collect()
    }

    #[test]
    fn text_is_cut_into_words_numbers_and_characters() {
        assert_eq!(texts("L’index, à la Pommette"), ["l'", "index", ",", "a", "la", "pommette"]);
        assert_eq!(texts("手形③，嘴角"), ["手", "形", "3", ",", "嘴", "角"]);
        assert_eq!(texts("ＳＨＡＰＥ ３"), ["shape", "3"]);
        assert_eq!(texts("3fingers"), ["3", "fingers"]);
        assert_eq!(texts("re\u{301}plie\u{301}"), ["replie"]);
        assert_eq!(texts("臉側"), ["脸", "侧"]);
        assert_eq!(texts("👍"), ["👍"]);
        assert_eq!(texts("½ﷻ"), ["½", "ﷻ"]);
        assert_eq!(texts("entr’ouvert"), ["entr", "ouvert"]);
        assert_eq!(units("1234567890123456789012345").len(), 1);
    }

    #[test]
    fn units_know_their_bytes() {
        for text in ["L’index à l\u{301} ③ﬁn", "手形３，嘴角", "\u{301}a"] {
            for unit in units(text) {
                assert!(text.get(unit.range.clone()).is_some_and(|t| !t.is_empty()), "{text} {unit:?}");
            }
        }
    }
}
