//! The pieces of a Mandarin text: runs of characters with the numbers among them written out, typed pinyin, Latin
//! letters, marks of pause, and what cannot be read.
//!
//! Numbers are turned into characters before the text is cut into words, so that 20个人 is read like 二十个人; every
//! such character keeps the bytes of the whole number.

use std::ops::Range;

use super::numbers;
use super::pinyin::{self, Pinyin};
use crate::language::detect::{foreign_script, is_han};

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

/// Units in Latin letters or signs after a number.
const UNITS: &[(&str, &str)] = &[
    ("km/h", "公里每小时"),
    ("km²", "平方公里"),
    ("km2", "平方公里"),
    ("km", "公里"),
    ("cm", "厘米"),
    ("mm", "毫米"),
    ("m²", "平方米"),
    ("m2", "平方米"),
    ("m³", "立方米"),
    ("m3", "立方米"),
    ("m/s", "米每秒"),
    ("m", "米"),
    ("kg", "公斤"),
    ("mg", "毫克"),
    ("g", "克"),
    ("ml", "毫升"),
    ("mL", "毫升"),
    ("L", "升"),
    ("l", "升"),
    ("t", "吨"),
    ("℃", "摄氏度"),
    ("°C", "摄氏度"),
    ("℉", "华氏度"),
    ("°F", "华氏度"),
    ("°", "度"),
    ("h", "小时"),
    ("min", "分钟"),
    ("s", "秒"),
    ("ms", "毫秒"),
    ("Hz", "赫兹"),
    ("kHz", "千赫"),
    ("MHz", "兆赫"),
    ("kW", "千瓦"),
    ("W", "瓦"),
    ("V", "伏"),
    ("dB", "分贝"),
    ("RMB", "元"),
    ("cal", "卡"),
    ("kcal", "千卡"),
    ("㎡", "平方米"),
];
const MONEY: &[(&str, &str)] =
    &[("HK$", "港元"), ("US$", "美元"), ("¥", "元"), ("$", "美元"), ("€", "欧元"), ("£", "英镑"), ("₩", "韩元")];
/// After these a lone 2 is 两.
const MEASURES: &str = "个只条张把本件位名块元角毛米里斤公厘毫克千吨升天周年小分秒次遍下回场顿份家间座层头匹双对副套组种样类岁口句页\
    章首篇部辆架艘台支枝根片朵棵杯瓶碗盘包盒袋箱桶盆壶滴粒颗道扇面番趟步声阵股堆群排列串束捆团节门国人倍边者手脚眼侧端万亿平\
    立英寸尺亩磅点钟针拨盏粒株幅枚所栋幢顶项则封通餐桌席代批届门味碟笔圈巴尾峰方市县省校队刻晚夜碗罐摄度星成";
/// After these it is 二 all the same.
const NOT_LIANG: &[&str] = &[
    "年级", "年生", "点几", "月", "日", "号", "楼", "班", "路", "等", "维", "级", "线", "环", "世", "中", "分之", "两",
    "十", "次方", "次元", "手房", "手车", "人转", "把手", "百",
];
const SPELLED_AFTER: &[&str] = &[
    "电话",
    "手机",
    "手机号",
    "号码",
    "电话号码",
    "拨打",
    "拨",
    "编号",
    "邮编",
    "密码",
    "验证码",
    "学号",
    "账号",
    "卡号",
    "房间",
    "房间号",
    "工号",
    "尾号",
    "代码",
    "区号",
    "房号",
    "门牌",
    "航班",
    "车次",
    "热线",
    "短信",
    "客服",
    "微信",
    "QQ",
    "打",
    "致电",
    "呼叫",
];

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

    /// ¥100, $3.5
    fn money(&mut self) -> bool {
        let start = self.at;
        let Some((sign, unit)) = MONEY.iter().find(|(s, _)| self.rest().starts_with(s)) else { return false };
        let rest = &self.rest()[sign.len()..];
        if !rest.trim_start().starts_with(|c: char| c.is_ascii_digit()) {
            return false;
        }
        let spaces = rest.len() - rest.trim_start().len();
        let (digits, length) = grouped(rest.trim_start());
        let after = &rest.trim_start()[length..];
        let mut end = start + sign.len() + spaces + length;
        let mut said = numbers::cardinal(&digits);
        if let Some(fraction) = after.strip_prefix('.').map(leading_digits).filter(|f| !f.is_empty()) {
            said = numbers::decimal(&digits, fraction);
            end += 1 + fraction.len();
        }
        if let Some(scale) = self.text[end..].chars().next().filter(|c| matches!(c, '万' | '亿' | '千' | '百')) {
            if digits == "2" && said == "二" && scale != '百' {
                said = "两".to_owned();
            }
            said.push(scale);
            end += scale.len_utf8();
        } else if said == "二" {
            said = "两".to_owned();
        }
        if !self.text[end..].starts_with(unit) {
            said.push_str(unit);
        }
        self.at = end;
        self.say(&said, start..end);
        true
    }

    fn number(&mut self) -> bool {
        let start = self.at;
        let Some(first) = self.peek() else { return false };
        if matches!(first, '-' | '−') {
            let digit = self.rest()[first.len_utf8()..].starts_with(|c: char| c.is_ascii_digit());
            let free = self.before().is_none_or(|c| !c.is_ascii_alphanumeric());
            if !digit || !free {
                return false;
            }
            let (_, length) = grouped(&self.rest()[first.len_utf8()..]);
            let after =
                self.rest()[first.len_utf8() + length..].trim_start_matches(|c: char| c == '.' || c.is_ascii_digit());
            let cold = ["℃", "°", "度", "摄氏"].iter().any(|u| after.starts_with(u));
            if !cold && self.before().is_some_and(is_han) {
                return false;
            }
            self.at += first.len_utf8();
            self.say(if cold { "零下" } else { "负" }, start..self.at);
            return true;
        }
        if !first.is_ascii_digit() {
            return false;
        }
        self.date() || self.time() || self.phone() || self.plain()
    }

    /// 2024-01-05, 2024/1/5, 2024.1.5
    fn date(&mut self) -> bool {
        let rest = self.rest();
        for sign in ['-', '/', '.'] {
            let end = rest.find(|c: char| !c.is_ascii_digit() && c != sign).unwrap_or(rest.len());
            let parts: Vec<&str> = rest[..end].trim_end_matches(sign).split(sign).collect();
            let [year, month, day] = parts[..] else { continue };
            let (Ok(m), Ok(d)) = (month.parse::<u8>(), day.parse::<u8>()) else { continue };
            if year.len() != 4 || !(1..=12).contains(&m) || !(1..=31).contains(&d) {
                continue;
            }
            let start = self.at;
            self.at += year.len() + month.len() + day.len() + 2;
            let said = format!(
                "{}年{}月{}日",
                numbers::spelled(year, false),
                numbers::cardinal(month),
                numbers::cardinal(day)
            );
            self.say(&said, start..self.at);
            return true;
        }
        false
    }

    /// 3:30, 08:05:20, 3：30
    fn time(&mut self) -> bool {
        let rest = self.rest();
        let hour = leading_digits(rest);
        let Some(after) = rest[hour.len()..].strip_prefix([':', '：']) else { return false };
        let colon = rest[hour.len()..].chars().next().map_or(1, char::len_utf8);
        let minutes = leading_digits(after);
        if hour.len() > 2
            || minutes.len() != 2
            || hour.parse::<u8>().unwrap_or(99) > 24
            || minutes.parse::<u8>().unwrap_or(99) > 59
        {
            // A score or ratio: 3:2.
            if hour.len() <= 3 && (1..=3).contains(&minutes.len()) {
                let start = self.at;
                self.at += hour.len() + colon + minutes.len();
                let said = format!("{}比{}", numbers::cardinal(hour), numbers::cardinal(minutes));
                self.say(&said, start..self.at);
                return true;
            }
            return false;
        }
        let start = self.at;
        let mut length = hour.len() + colon + 2;
        let hour = hour.trim_start_matches('0');
        let mut said = if hour == "2" { "两点".to_owned() } else { format!("{}点", numbers::cardinal(hour)) };
        let mut seconds = leading_digits(after[2..].trim_start_matches([':', '：']));
        if seconds.len() != 2 || !after[2..].starts_with([':', '：']) {
            seconds = "";
        } else {
            length += after[2..].chars().next().map_or(1, char::len_utf8) + 2;
        }
        if minutes != "00" || !seconds.is_empty() {
            said.push_str(&with_zero(minutes));
            said.push('分');
        } else if self.text[start + length..].starts_with('分') {
            said.push_str("零");
        }
        if !seconds.is_empty() {
            said.push_str(&with_zero(seconds));
            said.push('秒');
        }
        self.at += length;
        self.say(&said, start..self.at);
        true
    }

    /// 010-62345678, 138-1234-5678, 400-800-1234
    fn phone(&mut self) -> bool {
        let rest = self.rest();
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '-').unwrap_or(rest.len());
        let written = rest[..end].trim_end_matches('-');
        let parts: Vec<&str> = written.split('-').collect();
        let total: usize = parts.iter().map(|p| p.len()).sum();
        let lengths: Vec<usize> = parts.iter().map(|p| p.len()).collect();
        let looks = match lengths.as_slice() {
            [3 | 4, 7 | 8] => written.starts_with('0') || written.starts_with("400") || written.starts_with("800"),
            [3, 4, 4] => written.starts_with('1'),
            [3, 3, 4] | [3, 4, 3] => true,
            [11] => written.starts_with('1'),
            [2, 3, 4, 4] => true,
            _ => false,
        };
        if !looks || total < 7 {
            return false;
        }
        let start = self.at;
        self.at += written.len();
        let said: String = parts.iter().map(|p| numbers::spelled(p, true)).collect();
        self.say(&said, start..self.at);
        true
    }

    fn plain(&mut self) -> bool {
        let start = self.at;
        let (digits, length) = grouped(self.rest());
        let rest = &self.rest()[length..];
        // Decimals, versions, shares.
        if let Some(fraction) = rest.strip_prefix('.').map(leading_digits).filter(|f| !f.is_empty()) {
            let mut said = numbers::decimal(&digits, fraction);
            let mut end = length + 1 + fraction.len();
            while let Some(more) = self.rest()[end..].strip_prefix('.').map(leading_digits).filter(|f| !f.is_empty()) {
                said.push('点');
                said.push_str(&numbers::spelled(more, false));
                end += 1 + more.len();
            }
            self.at += end;
            return self.finish(start, said);
        }
        if let Some(below) = rest.strip_prefix('/').map(leading_digits).filter(|b| !b.is_empty()) {
            self.at += length + 1 + below.len();
            let said = format!("{}分之{}", numbers::cardinal(below), numbers::cardinal(&digits));
            self.say(&said, start..self.at);
            return true;
        }
        self.at += length;
        let next = self.rest().trim_start_matches(' ');
        let first = next.chars().next().unwrap_or(' ');
        let said = if let Some(said) = self.year(&digits, next, start) {
            said
        } else if self.one_by_one(&digits, next, start, length) {
            numbers::spelled(&digits, digits.len() >= 3 && !digits.starts_with("00"))
        } else if digits.len() > 1 && digits.starts_with('0') {
            if digits.len() == 2 && matches!(first, '分' | '秒') {
                with_zero(&digits)
            } else if digits.len() == 2 && matches!(first, '月' | '日' | '号') {
                numbers::cardinal(&digits)
            } else {
                numbers::spelled(&digits, false)
            }
        } else {
            let said = numbers::cardinal(&digits);
            let range_end = next
                .strip_prefix(['-', '~', '～', '—', '–', '到', '至'])
                .map(|r| r.trim_start_matches(|c: char| c.is_ascii_digit()))
                .and_then(|r| r.chars().next());
            let counted = range_end.unwrap_or(first);
            let prior: String =
                self.text[..start].chars().rev().take(2).collect::<Vec<_>>().into_iter().rev().collect();
            let ordinal = ["第", "周", "星期", "礼拜", "初", "高", "大", "十", "百", "千", "万", "亿", "点"]
                .iter()
                .any(|p| prior.ends_with(p));
            let not = NOT_LIANG.iter().any(|n| next.starts_with(n));
            let here = matches!(first, '层' | '栋' | '门' | '队' | '组') && prior.ends_with(['在', '到', '去', '上']);
            if said == "二" && !ordinal && !not && !here && (MEASURES.contains(counted) || unit(next).is_some()) {
                "两".to_owned()
            } else {
                said
            }
        };
        self.finish(start, said)
    }

    /// Puts a number down with its percent sign, unit, or the range it begins.
    fn finish(&mut self, start: usize, said: String) -> bool {
        let rest = self.rest();
        if rest.starts_with(['%', '％']) || rest.starts_with('‰') {
            let sign = rest.chars().next().map_or(1, char::len_utf8);
            let share = if rest.starts_with('‰') { "千分之" } else { "百分之" };
            self.at += sign;
            // 零下 or 负 before it stays before it.
            self.say(&format!("{share}{}", if said == "两" { "二".to_owned() } else { said }), start..self.at);
        } else {
            self.say(&said, start..self.at);
            if let Some((sign, name)) = unit(rest) {
                let from = self.at + rest.len() - rest.trim_start_matches(' ').len();
                self.at = from + sign.len();
                self.say(name, from..self.at);
            }
        }
        let rest = self.rest();
        if let Some(c) = rest.chars().next().filter(|c| matches!(c, '-' | '~' | '～' | '—' | '–'))
            && rest.trim_start_matches(c).starts_with(|c: char| c.is_ascii_digit())
            && !self.text.contains('=')
        {
            let from = self.at;
            self.at += rest.len() - rest.trim_start_matches(c).len();
            self.say("到", from..self.at);
        }
        true
    }

    /// A number of two or four digits that names a year.
    fn year(&self, digits: &str, next: &str, start: usize) -> Option<String> {
        let spelled = || Some(numbers::spelled(digits, false));
        let before = self.text[..start].trim_end();
        let amount = [
            "有", "约", "近", "过", "共", "了", "达", "用", "花", "需", "要", "长达", "超过", "将近", "第", "经历",
            "历经", "每", "前",
        ]
        .iter()
        .any(|w| before.ends_with(w));
        let follows = |list: &[&str]| list.iter().any(|w| next.starts_with(w));
        match digits.len() {
            4 if ("1000".."3000").contains(&digits) => {
                if follows(&["年代"])
                    || follows(&["年"])
                        && !amount
                        && !follows(&[
                            "年历史",
                            "年的历史",
                            "年前",
                            "年来",
                            "年以来",
                            "年以前",
                            "年以上",
                            "多年",
                            "余年",
                        ])
                        && !(digits.ends_with("00") && digits != "2000" && digits != "1900")
                {
                    spelled()
                } else if follows(&["年"]) && digits.starts_with("20") && follows(&["年前"]) && !digits.ends_with("00")
                {
                    spelled()
                } else if follows(&["级", "届", "版"]) {
                    spelled()
                } else if !amount
                    && (digits.starts_with("19") || digits.starts_with("20"))
                    && !digits.ends_with("00")
                    && next.chars().next().is_some_and(|c| {
                        is_han(c)
                            && !MEASURES.contains(c)
                            && !matches!(c, '多' | '余' | '几' | '的' | '美' | '欧' | '港' | '日' | '英')
                    })
                    && before
                        .chars()
                        .next_back()
                        .is_none_or(|c| !is_han(c) || matches!(c, '从' | '在' | '到' | '至' | '于' | '自'))
                {
                    spelled()
                } else {
                    None
                }
            }
            2 if follows(&["年"]) && !follows(&["年代", "年级"]) => {
                let then_month = next['年'.len_utf8()..].starts_with(|c: char| c.is_ascii_digit());
                let old = digits >= "50"
                    && ["从", "在", "于", "到", "自", "出生", "生于"].iter().any(|w| before.ends_with(w));
                if (then_month || old) && !amount { spelled() } else { None }
            }
            2 if follows(&["后"]) && digits.ends_with(['0', '5']) && digits >= "50"
                || digits.len() == 2 && digits == "00" =>
            {
                spelled()
            }
            2 if follows(&["级", "届"]) && digits.starts_with('0') => spelled(),
            _ => None,
        }
    }

    /// Whether a number is said digit by digit: rooms, roads, telephone and identity numbers.
    fn one_by_one(&self, digits: &str, next: &str, start: usize, length: usize) -> bool {
        let before = self.text[..start].trim_end_matches([' ', ':', '：', '是', '为', '了', '第', '-']);
        let first = next.chars().next().unwrap_or(' ');
        let commas = length > digits.len();
        let measured = MEASURES.contains(first) && first != '路' || matches!(first, '多' | '余' | '几' | '%');
        let n = digits.len();
        if commas || n < 3 {
            return false;
        }
        if self.text[..start].ends_with(|c: char| c.is_ascii_alphabetic() || c == '-') && (!measured || first == '次')
        {
            return true;
        }
        if ["室", "房", "号房", "宿舍", "教室", "航班"].iter().any(|w| next.starts_with(w)) {
            return true;
        }
        if next.starts_with('路') && !digits.ends_with("00") {
            return true;
        }
        if SPELLED_AFTER.iter().any(|w| before.ends_with(w)) && !measured && unit(next).is_none() {
            return true;
        }
        if matches!(
            digits,
            "110" | "119" | "120" | "122" | "114" | "911" | "12306" | "12345" | "10086" | "10010" | "10000" | "12315"
        ) && !measured
            && unit(next).is_none()
            && digits != "10000"
        {
            return true;
        }
        n >= 9 && !digits.ends_with("0000") && !measured
    }
}

/// Minutes and seconds keep their zero: 05 零五.
fn with_zero(digits: &str) -> String {
    let said = numbers::cardinal(digits);
    if digits.starts_with('0') && said != "零" { format!("零{said}") } else { said }
}

/// The unit that follows a number, with a space or without.
fn unit(rest: &str) -> Option<(&'static str, &'static str)> {
    let rest = rest.trim_start_matches(' ');
    UNITS
        .iter()
        .filter(|(sign, _)| {
            rest.starts_with(sign)
                && !rest[sign.len()..].starts_with(|c: char| c.is_ascii_alphanumeric() || c == '²' || c == '³')
        })
        .max_by_key(|(sign, _)| sign.len())
        .copied()
}

fn leading_digits(text: &str) -> &str {
    &text[..text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len())]
}

/// Digits with commas between groups of three, and how many bytes they take.
fn grouped(text: &str) -> (String, usize) {
    let mut digits = leading_digits(text).to_owned();
    let mut length = digits.len();
    if digits.len() <= 3 {
        while let Some(group) = text[length..].strip_prefix(',').map(leading_digits).filter(|g| g.len() == 3) {
            digits.push_str(group);
            length += 4;
        }
    }
    (digits, length)
}

fn is_latin(c: char) -> bool {
    c.is_ascii_alphabetic() || matches!(c, 'À'..='ɏ' | 'Ḁ'..='ỿ') && c.is_alphabetic()
}

/// English words that could also be pinyin.
const COMMON_ENGLISH: &str = "a an can fan man men women pan pen ten tan ban bin pin den ran she he me die lie pie tie song long ping bang \
    hang rang sang gang china change banana panda mama papa sofa chance dance hi yahoo bye like nine line fine wine mine \
    mini bikini soda pizza rap up eat age made cage wage page gate late name game same cake lake make take hole mole \
    sense lane tone bone phone home case base face race pace ace code rude cute tube june tune nice dice rice size life \
    wife wide tide hide ride side bite site white quite china data beta logo lego polo solo sale tale male pale wake fake \
    go do no so to we be guide hang dang fang gag bag gag zen pang sun fun run gun lun bun wan tang wang yang ye yo yen \
    you yin sin tin lin hen gen men rue sue due cue hue tea sea";

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
