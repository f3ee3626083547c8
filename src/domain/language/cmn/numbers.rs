//! Numbers in Mandarin: 2024 as a number is 两千零二十四, as a year 二零二四, in a telephone number 1 is 幺.

const DIGITS: [char; 10] = ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'];

/// Digits one by one; `yao` says 1 as 幺, as in telephone and room numbers.
pub fn spelled(digits: &str, yao: bool) -> String {
    digits
        .chars()
        .filter_map(|c| c.to_digit(10))
        .map(|d| if d == 1 && yao { '幺' } else { DIGITS[d as usize] })
        .collect()
}

/// A whole number: 105 一百零五, 20003 两万零三, 200 二百. More than 16 digits are read one by one.
pub fn cardinal(digits: &str) -> String {
    let digits = digits.trim_start_matches('0');
    if digits.is_empty() {
        return "零".to_owned();
    }
    if digits.len() > 16 {
        return spelled(digits, false);
    }
    let value: u64 = digits.parse().unwrap_or(0);
    let groups: Vec<u64> = (0..4).rev().map(|i| value / 10_000u64.pow(i) % 10_000).collect();
    let names = ["万亿", "亿", "万", ""];
    let mut text = String::new();
    let mut zero = false;
    for (group, name) in groups.into_iter().zip(names) {
        if group == 0 {
            zero |= !text.is_empty();
            continue;
        }
        if !text.is_empty() && (zero || group < 1000) {
            text.push('零');
        }
        // A lone two before 万 and 亿 is 两; so is one at the head of thousands.
        if group == 2 && !name.is_empty() {
            text.push('两');
        } else {
            below_ten_thousand(group as usize, text.is_empty(), &mut text);
        }
        text.push_str(name);
        zero = false;
    }
    text
}

fn below_ten_thousand(value: usize, first: bool, text: &mut String) {
    let mut pending = false;
    let mut started = false;
    for (unit, name) in [(1000, "千"), (100, "百"), (10, "十"), (1, "")] {
        let digit = value / unit % 10;
        if digit == 0 {
            pending |= started;
            continue;
        }
        if pending {
            text.push('零');
            pending = false;
        }
        if unit == 1000 && digit == 2 {
            text.push('两');
        } else if !(unit == 10 && digit == 1 && first && !started) {
            text.push(DIGITS[digit]);
        }
        text.push_str(name);
        started = true;
    }
}

/// A decimal: 3.05 三点零五.
pub fn decimal(whole: &str, fraction: &str) -> String {
    format!("{}点{}", cardinal(whole), spelled(fraction, false))
}

/// The other way to say a number of three or four digits that nothing is counted with: 365 as a number or digit by
/// digit. `plain` is how it is said here, `next` the character after it.
pub fn otherwise(digits: &str, plain: &[char], next: Option<char>) -> Option<String> {
    const COUNTED: &str = "个人元块年月日号米斤公名条张本次分秒岁度万千百亿多余点毫厘平克吨升天周小只家件位层页届美欧英辆双座台户倍余后级";
    let bare = (3..=4).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    if !bare || digits.ends_with("00") || next.is_some_and(|c| COUNTED.contains(c)) {
        return None;
    }
    let said: String = plain.iter().collect();
    let number = cardinal(digits);
    Some(if said == number { spelled(digits, digits.len() == 3) } else { number }).filter(|other| *other != said)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cardinals_have_their_zeros() {
        for (digits, said) in [
            ("0", "零"),
            ("5", "五"),
            ("10", "十"),
            ("12", "十二"),
            ("20", "二十"),
            ("21", "二十一"),
            ("100", "一百"),
            ("105", "一百零五"),
            ("110", "一百一十"),
            ("111", "一百一十一"),
            ("200", "二百"),
            ("222", "二百二十二"),
            ("1000", "一千"),
            ("1001", "一千零一"),
            ("1010", "一千零一十"),
            ("1100", "一千一百"),
            ("2000", "两千"),
            ("2024", "两千零二十四"),
            ("10000", "一万"),
            ("10005", "一万零五"),
            ("20000", "两万"),
            ("22000", "两万两千"),
            ("100000", "十万"),
            ("120000", "十二万"),
            ("105000", "十万五千"),
            ("1000000", "一百万"),
            ("100000000", "一亿"),
            ("200000000", "两亿"),
            ("1000000000000", "一万亿"),
            ("100010000", "一亿零一万"),
            ("12345678", "一千二百三十四万五千六百七十八"),
            ("1000500", "一百万零五百"),
        ] {
            assert_eq!(cardinal(digits), said, "{digits}");
        }
        let plain: Vec<char> = "三百六十五".chars().collect();
        assert_eq!(otherwise("365", &plain, None).as_deref(), Some("三六五"));
        assert_eq!(otherwise("365", &plain, Some('天')), None);
        assert_eq!(decimal("3", "14"), "三点一四");
        assert_eq!(decimal("0", "05"), "零点零五");
        assert_eq!(spelled("13800", true), "幺三八零零");
    }
}
