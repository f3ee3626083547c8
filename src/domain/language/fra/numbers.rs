//! Numbers in words, cardinal and ordinal, and the value of Roman numerals.
//!
//! They are written out as a Frenchman would spell them (traditional hyphens: "vingt et un", "quatre-vingt-dix"), so
//! that the words are then read like any others, with their liaisons.

const UNITS: [&str; 17] = [
    "zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze", "treize",
    "quatorze", "quinze", "seize",
];
const TENS: [&str; 7] = ["", "dix", "vingt", "trente", "quarante", "cinquante", "soixante"];

/// A number in words: 71 is "soixante et onze", 80 "quatre-vingts", 1 000 000 "un million".
pub fn cardinal(n: u64, feminine: bool) -> String {
    let big = [(1_000_000_000_000, "billion"), (1_000_000_000, "milliard"), (1_000_000, "million")];
    for (size, name) in big {
        if n >= size {
            let (count, rest) = (n / size, n % size);
            let plural = if count > 1 { "s" } else { "" };
            let head = format!("{} {name}{plural}", cardinal(count, false));
            return join(head, rest, feminine);
        }
    }
    if n >= 1000 {
        let (count, rest) = (n / 1000, n % 1000);
        // Before mille, cent and vingt have no plural s.
        let head = match count {
            1 => "mille".to_owned(),
            _ => {
                let count = cardinal(count, false);
                let bare = count.strip_suffix('s').filter(|c| c.ends_with("cent") || c.ends_with("vingt"));
                format!("{} mille", bare.unwrap_or(&count))
            }
        };
        return join(head, rest, feminine);
    }
    if n >= 100 {
        let (count, rest) = (n / 100, n % 100);
        let head = match (count, rest) {
            (1, _) => "cent".to_owned(),
            (_, 0) => format!("{} cents", UNITS[count as usize]),
            _ => format!("{} cent", UNITS[count as usize]),
        };
        return join(head, rest, feminine);
    }
    let one = if feminine { "une" } else { "un" };
    let (ten, unit) = ((n / 10) as usize, (n % 10) as usize);
    match n {
        1 => one.to_owned(),
        0..=16 => UNITS[n as usize].to_owned(),
        17..=19 => format!("dix-{}", UNITS[unit]),
        80 => "quatre-vingts".to_owned(),
        81 => format!("quatre-vingt-{one}"),
        82..=96 => format!("quatre-vingt-{}", UNITS[(n - 80) as usize]),
        97..=99 => format!("quatre-vingt-dix-{}", UNITS[unit]),
        71 => "soixante et onze".to_owned(),
        70..=76 => format!("soixante-{}", UNITS[(n - 60) as usize]),
        77..=79 => format!("soixante-dix-{}", UNITS[unit]),
        _ if unit == 0 => TENS[ten].to_owned(),
        _ if unit == 1 => format!("{} et {one}", TENS[ten]),
        _ => format!("{}-{}", TENS[ten], UNITS[unit]),
    }
}

fn join(head: String, rest: u64, feminine: bool) -> String {
    if rest == 0 { head } else { format!("{head} {}", cardinal(rest, feminine)) }
}

/// A rank in words: 1 "premier" or "première", 21 "vingt et unième", 80 "quatre-vingtième".
pub fn ordinal(n: u64, feminine: bool) -> String {
    match n {
        1 => return (if feminine { "première" } else { "premier" }).to_owned(),
        _ if n.is_multiple_of(1000) && n < 1_000_000 => {
            return format!("{}ième", cardinal(n, false).trim_end_matches('e'));
        }
        _ => {}
    }
    let words = cardinal(n, false);
    let (head, last) = words.rfind([' ', '-']).map_or(("", words.as_str()), |i| words.split_at(i + 1));
    let last = match last {
        "un" => "unième".to_owned(),
        "cinq" => "cinquième".to_owned(),
        "neuf" => "neuvième".to_owned(),
        _ => format!("{}ième", last.trim_end_matches(['e', 's'])),
    };
    // "trois" ends in an s of its own.
    format!("{head}{}", last.replace("troiième", "troisième").replace("siième", "sixième"))
}

/// The value of a Roman numeral in capitals; `None` when it is none.
pub fn roman(text: &str) -> Option<u64> {
    let value = |c| {
        Some(match c {
            'I' => 1,
            'V' => 5,
            'X' => 10,
            'L' => 50,
            'C' => 100,
            'D' => 500,
            'M' => 1000,
            _ => return None,
        })
    };
    let values: Vec<i64> = text.chars().map(value).collect::<Option<_>>()?;
    let signed = values.iter().enumerate().map(|(i, v)| if values.get(i + 1).is_some_and(|n| n > v) { -v } else { *v });
    let total = u64::try_from(signed.sum::<i64>()).ok()?;
    // Only the canonical spelling counts: IIX and VV are no numbers.
    (total > 0 && total < 4000 && written_roman(total) == text).then_some(total)
}

fn written_roman(mut n: u64) -> String {
    let signs = [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    let mut text = String::new();
    for (value, sign) in signs {
        while n >= value {
            text.push_str(sign);
            n -= value;
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cardinals() {
        let cases = [
            (0, "zéro"),
            (17, "dix-sept"),
            (21, "vingt et un"),
            (70, "soixante-dix"),
            (71, "soixante et onze"),
            (77, "soixante-dix-sept"),
            (80, "quatre-vingts"),
            (81, "quatre-vingt-un"),
            (91, "quatre-vingt-onze"),
            (99, "quatre-vingt-dix-neuf"),
            (100, "cent"),
            (200, "deux cents"),
            (201, "deux cent un"),
            (1000, "mille"),
            (1789, "mille sept cent quatre-vingt-neuf"),
            (2024, "deux mille vingt-quatre"),
            (80_000, "quatre-vingt mille"),
            (200_000, "deux cent mille"),
            (1_000_000, "un million"),
            (3_000_001, "trois millions un"),
        ];
        for (n, words) in cases {
            assert_eq!(cardinal(n, false), words);
        }
        assert_eq!(cardinal(21, true), "vingt et une");
    }

    #[test]
    fn ordinals() {
        let cases = [
            (1, "premier"),
            (2, "deuxième"),
            (3, "troisième"),
            (4, "quatrième"),
            (5, "cinquième"),
            (6, "sixième"),
            (9, "neuvième"),
            (10, "dixième"),
            (11, "onzième"),
            (21, "vingt et unième"),
            (23, "vingt-troisième"),
            (30, "trentième"),
            (80, "quatre-vingtième"),
            (100, "centième"),
            (200, "deux centième"),
            (1000, "millième"),
        ];
        for (n, words) in cases {
            assert_eq!(ordinal(n, false), words);
        }
        assert_eq!(ordinal(1, true), "première");
    }

    #[test]
    fn roman_numerals() {
        assert_eq!(roman("XIV"), Some(14));
        assert_eq!(roman("IV"), Some(4));
        assert_eq!(roman("XX"), Some(20));
        assert_eq!(roman("MCMXCIX"), Some(1999));
        for no in ["", "IIX", "VV", "ABC", "IC", "xiv"] {
            assert_eq!(roman(no), None, "{no}");
        }
    }
}
