//! Numbers with what belongs to them: dates, times, money, telephone numbers, percent, units, 二 or 两.

use super::Scanner;
use super::tables::{MEASURES, MONEY, NOT_LIANG, SPELLED_AFTER, UNITS};
use crate::language::cmn::numbers;
use crate::language::detect::is_han;

impl Scanner<'_> {
    /// ¥100, $3.5
    pub(super) fn money(&mut self) -> bool {
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

    pub(super) fn number(&mut self) -> bool {
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
            said.push('零');
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
        let before = self.text[..start].trim_end();
        let amount = [
            "有", "约", "近", "过", "共", "了", "达", "用", "花", "需", "要", "长达", "超过", "将近", "第", "经历",
            "历经", "每", "前",
        ]
        .iter()
        .any(|w| before.ends_with(w));
        let follows = |list: &[&str]| list.iter().any(|w| next.starts_with(w));
        let era = before.ends_with("公元") || before.ends_with("公元前");
        let year = match digits.len() {
            1..=4 if era => follows(&["年"]) && digits.len() >= 3 && !follows(&["年代"]),
            4 if ("1000".."3000").contains(&digits) => {
                let span = follows(&[
                    "年历史",
                    "年的历史",
                    "年前",
                    "年来",
                    "年以来",
                    "年以前",
                    "年以上",
                    "年之久",
                    "年多",
                    "年间",
                ]);
                let round = digits.ends_with("00") && digits != "2000" && digits != "1900";
                let named = follows(&["年"]) && !amount && !span && !round;
                // 2008年前: before that year rather than so many years ago.
                let before_year = follows(&["年前"]) && digits.starts_with("20") && !round;
                let class = follows(&["年代", "级", "届", "版"]);
                named || before_year || class || self.event_year(digits, next, before, amount)
            }
            2 if follows(&["年"]) && !follows(&["年代", "年级"]) => {
                let then_month = next['年'.len_utf8()..].starts_with(|c: char| c.is_ascii_digit());
                let old = digits >= "50"
                    && ["从", "在", "于", "到", "自", "出生", "生于"].iter().any(|w| before.ends_with(w));
                (then_month || old) && !amount
            }
            2 if follows(&["后"]) => digits.ends_with(['0', '5']) && (digits >= "50" || digits == "00"),
            2 if follows(&["级", "届"]) => digits.starts_with('0'),
            _ => false,
        };
        year.then(|| numbers::spelled(digits, false))
    }

    /// 2008北京奥运会: a year without 年 before a name.
    fn event_year(&self, digits: &str, next: &str, before: &str, amount: bool) -> bool {
        let first = next.chars().next().unwrap_or(' ');
        let counted = MEASURES.contains(first) || "多余几的美欧港日英".contains(first);
        let free = before.chars().next_back().is_none_or(|c| !is_han(c) || "从在到至于自".contains(c));
        !amount
            && (digits.starts_with("19") || digits.starts_with("20"))
            && !digits.ends_with("00")
            && is_han(first)
            && !counted
            && free
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
