//! Numbers in American English words: `1,234` → one thousand two hundred thirty-four, `1999` → nineteen ninety-nine.

const SMALL: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const TENS: [&str; 10] = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
const SCALES: [&str; 6] = ["", "thousand", "million", "billion", "trillion", "quadrillion"];

/// A whole number in words, without *and* (American use). Numbers of more than 18 digits are read digit by digit.
pub fn cardinal(digits: &str) -> Vec<String> {
    let digits = digits.trim_start_matches('0');
    if digits.is_empty() {
        return vec!["zero".to_owned()];
    }
    if digits.len() > 18 {
        return spelled(digits, "zero");
    }
    let value: u64 = digits.parse().unwrap_or(0);
    let mut words = Vec::new();
    for scale in (0..SCALES.len()).rev() {
        let group = value / 1000u64.pow(scale as u32) % 1000;
        if group > 0 {
            hundreds(group as usize, &mut words);
            if scale > 0 {
                words.push(SCALES[scale].to_owned());
            }
        }
    }
    words
}

fn hundreds(value: usize, words: &mut Vec<String>) {
    if value >= 100 {
        words.push(SMALL[value / 100].to_owned());
        words.push("hundred".to_owned());
    }
    tens(value % 100, words);
}

fn tens(value: usize, words: &mut Vec<String>) {
    match value {
        0 => {}
        1..20 => words.push(SMALL[value].to_owned()),
        _ => {
            words.push(TENS[value / 10].to_owned());
            if !value.is_multiple_of(10) {
                words.push(SMALL[value % 10].to_owned());
            }
        }
    }
}

/// Each digit by its name; `zero` says how 0 is called (`zero` or `oh`).
pub fn spelled(digits: &str, zero: &str) -> Vec<String> {
    digits
        .chars()
        .filter_map(|c| c.to_digit(10))
        .map(|d| if d == 0 { zero.to_owned() } else { SMALL[d as usize].to_owned() })
        .collect()
}

/// A number of four digits as a year: 1999, 1905, 1800, 2005, 2024.
pub fn year(digits: &str) -> Vec<String> {
    let value: usize = digits.parse().unwrap_or(0);
    let (century, rest) = (value / 100, value % 100);
    if digits.len() != 4 || century % 10 == 0 && rest < 10 {
        return cardinal(digits);
    }
    let mut words = Vec::new();
    tens(century, &mut words);
    match rest {
        0 => words.push("hundred".to_owned()),
        1..10 => {
            words.push("oh".to_owned());
            words.push(SMALL[rest].to_owned());
        }
        _ => tens(rest, &mut words),
    }
    words
}

/// A number of three digits as rooms, roads and flights are called: 302 three oh two, 370 three seventy.
pub fn called(digits: &str) -> Vec<String> {
    let value: usize = digits.parse().unwrap_or(0);
    match digits.len() {
        3 if !value.is_multiple_of(100) && value >= 100 => {
            let mut words = vec![SMALL[value / 100].to_owned()];
            if value % 100 < 10 {
                words.push("oh".to_owned());
            }
            tens(value % 100, &mut words);
            words
        }
        4 if !value.is_multiple_of(100) && value >= 1000 => year(digits),
        _ => cardinal(digits),
    }
}

/// The ordinal of a cardinal in words: the last word changes.
pub fn ordinal(mut words: Vec<String>) -> Vec<String> {
    if let Some(last) = words.last_mut() {
        *last = match last.as_str() {
            "one" => "first".to_owned(),
            "two" => "second".to_owned(),
            "three" => "third".to_owned(),
            "five" => "fifth".to_owned(),
            "eight" => "eighth".to_owned(),
            "nine" => "ninth".to_owned(),
            "twelve" => "twelfth".to_owned(),
            word if word.ends_with('y') => format!("{}ieth", &word[..word.len() - 1]),
            word => format!("{word}th"),
        };
    }
    words
}

/// The plural of the last word: nineties, hundreds, sixes.
pub fn plural(mut words: Vec<String>) -> Vec<String> {
    if let Some(last) = words.last_mut() {
        *last = match last.as_str() {
            word if word.ends_with('y') => format!("{}ies", &word[..word.len() - 1]),
            "six" => "sixes".to_owned(),
            word => format!("{word}s"),
        };
    }
    words
}

/// The value of a Roman numeral in capitals, 2 to 39, or `None`.
pub fn roman(text: &str) -> Option<usize> {
    let value = |c| match c {
        'I' => Some(1),
        'V' => Some(5),
        'X' => Some(10),
        _ => None,
    };
    let values: Vec<usize> = text.chars().map(value).collect::<Option<_>>()?;
    let mut sum = 0;
    for (i, v) in values.iter().enumerate() {
        if values.get(i + 1).is_some_and(|next| next > v) {
            sum -= *v as isize;
        } else {
            sum += *v as isize;
        }
    }
    let sum = usize::try_from(sum).ok()?;
    (write_roman(sum) == text).then_some(sum)
}

fn write_roman(mut value: usize) -> String {
    let mut text = String::new();
    for (sign, worth) in [("X", 10), ("IX", 9), ("V", 5), ("IV", 4), ("I", 1)] {
        while value >= worth {
            text.push_str(sign);
            value -= worth;
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cardinals() {
        for (digits, words) in [
            ("0", "zero"),
            ("7", "seven"),
            ("13", "thirteen"),
            ("40", "forty"),
            ("101", "one hundred one"),
            ("999", "nine hundred ninety nine"),
            ("1000", "one thousand"),
            ("12345", "twelve thousand three hundred forty five"),
            ("1000001", "one million one"),
            ("2000000000", "two billion"),
        ] {
            assert_eq!(cardinal(digits).join(" "), words);
        }
    }

    #[test]
    fn years_rooms_and_ordinals() {
        for (digits, words) in [
            ("1999", "nineteen ninety nine"),
            ("1905", "nineteen oh five"),
            ("1800", "eighteen hundred"),
            ("2000", "two thousand"),
            ("2005", "two thousand five"),
            ("2010", "twenty ten"),
            ("2024", "twenty twenty four"),
            ("1066", "ten sixty six"),
        ] {
            assert_eq!(year(digits).join(" "), words);
        }
        assert_eq!(called("302").join(" "), "three oh two");
        assert_eq!(called("370").join(" "), "three seventy");
        assert_eq!(called("500").join(" "), "five hundred");
        for (digits, words) in
            [("1", "first"), ("12", "twelfth"), ("20", "twentieth"), ("23", "twenty third"), ("100", "one hundredth")]
        {
            assert_eq!(ordinal(cardinal(digits)).join(" "), words);
        }
        assert_eq!(plural(year("1990")).join(" "), "nineteen nineties");
        assert_eq!(plural(year("1900")).join(" "), "nineteen hundreds");
    }

    #[test]
    fn roman_numerals() {
        assert_eq!(roman("II"), Some(2));
        assert_eq!(roman("XIV"), Some(14));
        assert_eq!(roman("VIII"), Some(8));
        assert_eq!(roman("IIX"), None);
        assert_eq!(roman("MIX"), None);
    }
}
