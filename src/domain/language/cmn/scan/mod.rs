//! The pieces of a Mandarin text: runs of characters with the numbers among them written out, typed pinyin, Latin
//! letters, marks of pause, and what cannot be read.
//!
//! Numbers are turned into characters before the text is cut into words, so that 20个人 is read like 二十个人; every
//! such character keeps the bytes of the whole number.

mod number;
mod tables;

use std::ops::Range;

use super::numbers;
use super::pinyin::{self, Pinyin};
use crate::language::detect::{foreign_script, is_han};
use tables::COMMON_ENGLISH;

/// A character to be read, with its bytes in the normalised text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Han {
    pub char: char,
    pub range: Range<usize>,
    /// Made from digits.
    pub number: bool,
}

/// A piece of the text, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    Han(Vec<Han>),
    /// Pinyin typed by the user; `toned` when tones were given.
    Pinyin {
        text: String,
        range: Range<usize>,
        syllables: Vec<Pinyin>,
        toned: bool,
    },
    Latin {
        text: String,
        range: Range<usize>,
    },
    Break {
        text: String,
        range: Range<usize>,
    },
    Unknown {
        text: String,
        range: Range<usize>,
        message: String,
    },
}

/// Splits the normalised text into pieces.
pub fn pieces(text: &str) -> Vec<Piece> {
    let mut scanner = Scanner { text, at: 0, out: Vec::new(), any_han: text.chars().any(is_han) };
    scanner.run();
    scanner.out
}

struct Scanner<'a> {
    text: &'a str,
    at: usize,
    out: Vec<Piece>,
    any_han: bool,
}

impl<'a> Scanner<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn before(&self) -> Option<char> {
        self.text[..self.at].chars().next_back()
    }

    fn han(&mut self, char: char, range: Range<usize>, number: bool) {
        let item = Han { char, range, number };
        if let Some(Piece::Han(run)) = self.out.last_mut() {
            run.push(item);
        } else {
            self.out.push(Piece::Han(vec![item]));
        }
    }

    /// Characters that a number or sign is said with.
    fn say(&mut self, said: &str, range: Range<usize>) {
        for c in said.chars() {
            self.han(c, range.clone(), true);
        }
    }

    fn pause(&mut self, c: char, range: Range<usize>) {
        if let Some(Piece::Break { text, range: last }) = self.out.last_mut()
            && last.end == range.start
            && c != '\n'
        {
            last.end = range.end;
            text.push(c);
        } else {
            self.out.push(Piece::Break { text: c.to_string(), range });
        }
    }

    fn unknown(&mut self, text: &str, range: Range<usize>, message: String) {
        self.out.push(Piece::Unknown { text: text.to_owned(), range, message });
    }

    fn run(&mut self) {
        while let Some(c) = self.peek() {
            let start = self.at;
            let end = start + c.len_utf8();
            if c == '\n' || c == '\u{2028}' || c == '\u{2029}' {
                self.at = end;
                if matches!(self.out.last(), Some(piece) if !matches!(piece, Piece::Break { .. })) {
                    self.pause('\n', start..end);
                }
            } else if c.is_whitespace() || c.is_control() {
                self.at = end;
                self.end_run();
            } else if is_han(c) {
                self.at = end;
                self.han(c, start..end, false);
            } else if self.money() || self.number() || self.latin() {
            } else {
                self.at = end;
                self.mark(c, start..end);
            }
            debug_assert!(self.at > start);
        }
    }

    /// A space between characters ends a run, so that the user can part words by hand.
    fn end_run(&mut self) {
        if matches!(self.out.last(), Some(Piece::Han(run)) if run.last().is_some_and(|h| !h.number))
            && self.rest().chars().next().is_some_and(is_han)
        {
            self.out.push(Piece::Han(Vec::new()));
        }
    }

    fn mark(&mut self, c: char, range: Range<usize>) {
        let between_digits = self.text[..range.start].trim_end().ends_with(|c: char| c.is_ascii_digit())
            && self.rest().trim_start().starts_with(|c: char| c.is_ascii_digit());
        match c {
            '，' | '。' | '！' | '？' | '；' | '：' | '、' | '…' | '—' | '（' | '）' | ',' | '.' | '!' | '?' | ';'
            | ':' | '(' | ')' | '[' | ']' | '{' | '}' | '【' | '】' | '〔' | '〕' | '–' | '―' | '～' | '~' | '|'
            | '•' | '﹏' | '⋯' | '/' | '〜' => self.pause(c, range),
            // Marks that are not spoken and make no pause: quotation marks, titles, the dot in foreign names.
            '“' | '”' | '‘' | '’' | '"' | '\'' | '「' | '」' | '『' | '』' | '《' | '》' | '〈' | '〉' | '«' | '»'
            | '·' | '・' | '*' | '_' | '`' | '‧' | '＿' => {}
            '-' | '−' if between_digits => self.say("减", range),
            '-' | '−' | '‐' | '‑' => {}
            '+' => self.say("加", range),
            '=' => self.say("等于", range),
            '×' => self.say("乘以", range),
            '÷' => self.say("除以", range),
            '<' if between_digits => self.say("小于", range),
            '>' if between_digits => self.say("大于", range),
            '&' => self.say("和", range),
            '@' => self.say("艾特", range),
            '½' => self.say("二分之一", range),
            '¼' => self.say("四分之一", range),
            '¾' => self.say("四分之三", range),
            '℃' => self.say("摄氏度", range),
            '°' => self.say("度", range),
            '%' => self.say("百分号", range),
            'Ⅰ'..='Ⅻ' => {
                let value = u32::from(c) - u32::from('Ⅰ') + 1;
                self.say(&numbers::cardinal(&value.to_string()), range);
            }
            _ => {
                let message = format!("\"{c}\" has no reading; write it in characters or take it out.");
                self.unknown(&c.to_string(), range, message);
            }
        }
    }

    /// Letters: typed pinyin, Latin words, or another script.
    fn latin(&mut self) -> bool {
        let start = self.at;
        let Some(first) = self.peek() else { return false };
        if !first.is_alphabetic() {
            return false;
        }
        if !is_latin(first) {
            let script = foreign_script(first);
            let length = self
                .rest()
                .find(|c: char| !c.is_alphabetic() || is_latin(c) || is_han(c) || foreign_script(c) != script)
                .unwrap_or(self.rest().len());
            self.at += length.max(first.len_utf8());
            let text = &self.text[start..self.at];
            let name = script.unwrap_or("another");
            self.unknown(text, start..self.at, format!("\"{text}\" is {name} script and cannot be read in Mandarin."));
            return true;
        }
        let part = |c: char| is_latin(c) || matches!(c, '0'..='5' | '\'' | '’');
        let wide = self.rest().find(|c: char| !part(c) && c != ':').unwrap_or(self.rest().len());
        let narrow = self.rest().find(|c: char| !part(c)).unwrap_or(self.rest().len());
        for length in [wide, narrow] {
            let text = self.rest()[..length].trim_end_matches([':', '\'', '’']);
            if let Some((syllables, toned)) = self.as_pinyin(text) {
                self.at = start + text.len();
                self.out.push(Piece::Pinyin { text: text.to_owned(), range: start..self.at, syllables, toned });
                return true;
            }
        }
        let length = self.rest().find(|c: char| !is_latin(c) && !matches!(c, '\'' | '’')).unwrap_or(self.rest().len());
        let text = self.rest()[..length].trim_end_matches(['\'', '’']);
        self.at += text.len();
        self.out.push(Piece::Latin { text: text.to_owned(), range: start..self.at });
        true
    }

    fn as_pinyin(&self, text: &str) -> Option<(Vec<Pinyin>, bool)> {
        let letters = text.chars().filter(|c| c.is_alphabetic()).count();
        let capitals = text.chars().filter(|c| c.is_uppercase()).count();
        if capitals > 1 || capitals == letters || text.is_empty() {
            return None;
        }
        let (syllables, toned) = pinyin::parse(text)?;
        let digits = text.chars().filter(char::is_ascii_digit).count();
        if digits > syllables.len() {
            return None;
        }
        // Without tones, only what is no everyday English word.
        let english = COMMON_ENGLISH.split_whitespace().any(|w| w.eq_ignore_ascii_case(text));
        if !toned && (english && self.any_han || letters < 2) {
            return None;
        }
        Some((syllables, toned))
    }
}

fn is_latin(c: char) -> bool {
    c.is_ascii_alphabetic() || matches!(c, 'À'..='ɏ' | 'Ḁ'..='ỿ') && c.is_alphabetic()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> String {
        pieces(text)
            .iter()
            .map(|p| match p {
                Piece::Han(run) => run.iter().map(|h| h.char).collect(),
                Piece::Pinyin { syllables, .. } => {
                    syllables.iter().map(Pinyin::to_numbered).collect::<Vec<_>>().join("")
                }
                Piece::Latin { text, .. } => format!("<{text}>"),
                Piece::Break { .. } => "|".to_owned(),
                Piece::Unknown { text, .. } => format!("?{text}?"),
            })
            .collect()
    }

    #[test]
    fn numbers_are_read_as_they_are_said() {
        for (written, spoken) in [
            ("20个人", "二十个人"),
            ("2个人", "两个人"),
            ("12个", "十二个"),
            ("1月2日", "一月二日"),
            ("2024年", "二零二四年"),
            ("2024年1月5号", "二零二四年一月五号"),
            ("1998年", "一九九八年"),
            ("98年5月", "九八年五月"),
            ("20年", "二十年"),
            ("有3000年历史", "有三千年历史"),
            ("90年代", "九十年代"),
            ("1990年代", "一九九零年代"),
            ("80后", "八零后"),
            ("3:30", "三点三十分"),
            ("2:05", "两点零五分"),
            ("8:00", "八点"),
            ("12:30:15", "十二点三十分十五秒"),
            ("3点30分", "三点三十分"),
            ("2点", "两点"),
            ("50%", "百分之五十"),
            ("3.14", "三点一四"),
            ("-5℃", "零下五摄氏度"),
            ("1/2", "二分之一"),
            ("第3课", "第三课"),
            ("第2个", "第二个"),
            ("星期2", "星期二"),
            ("2楼", "二楼"),
            ("2号", "二号"),
            ("2年级", "二年级"),
            ("2年", "两年"),
            ("2岁", "两岁"),
            ("2万", "两万"),
            ("1,234元", "一千二百三十四元"),
            ("¥100", "一百元"),
            ("$5", "五美元"),
            ("13812345678", "幺三八幺二三四五六七八"),
            ("010-62345678", "零幺零六二三四五六七八"),
            ("打110", "打幺幺零"),
            ("120元", "一百二十元"),
            ("3-5天", "三到五天"),
            ("2-3个", "两到三个"),
            ("10%-20%", "百分之十到百分之二十"),
            ("302室", "三零二室"),
            ("332路", "三三二路"),
            ("5km", "五公里"),
            ("2kg", "两公斤"),
            ("100m²", "一百平方米"),
            ("007", "零零七"),
            ("比分3:2", "比分三比二"),
            ("2024-01-05", "二零二四年一月五日"),
            ("1.2万", "一点二万"),
            ("9点05分", "九点零五分"),
            ("2倍", "两倍"),
            ("1+1=2", "一加一等于二"),
            ("房间号是501", "房间号是五零幺"),
            ("10086", "幺零零八六"),
            ("2008北京奥运会", "二零零八北京奥运会"),
            ("2000多人", "两千多人"),
            ("身高1.75米", "身高一点七五米"),
        ] {
            assert_eq!(said(written), spoken, "{written}");
        }
    }

    #[test]
    fn pinyin_letters_and_marks_are_told_apart() {
        for (written, spoken) in [
            ("ni3 hao3", "ni3hao3"),
            ("nǐhǎo，世界", "ni3hao3|世界"),
            ("我用APP", "我用<APP>"),
            ("卡拉OK", "卡拉<OK>"),
            ("A4纸", "<A>四纸"),
            ("mp3", "<mp>三"),
            ("他说：“好”。", "他说|好|"),
            ("再见！！", "再见|"),
            ("你好☃", "你好?☃?"),
            ("T恤", "<T>恤"),
            ("xiexie你", "xie5xie5你"),
            ("lu:4色", "lv4色"),
            ("G102次", "<G>幺零二次"),
        ] {
            assert_eq!(said(written), spoken, "{written}");
        }
    }
}
