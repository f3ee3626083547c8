//! Figures in a text: decimals, times, dates, telephone numbers, money, measures, ranks, fractions.

use super::lexicon;
use super::numbers::{cardinal, ordinal};

const MONTHS: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];

/// What stands after a figure and how it is said: sign, singular, plural, whether it is feminine.
const MEASURES: &[(&str, &str, &str, bool)] = &[
    ("km/h", "kilomètre à l'heure", "kilomètres à l'heure", false),
    ("m/s", "mètre par seconde", "mètres par seconde", false),
    ("km²", "kilomètre carré", "kilomètres carrés", false),
    ("m²", "mètre carré", "mètres carrés", false),
    ("cm²", "centimètre carré", "centimètres carrés", false),
    ("m³", "mètre cube", "mètres cubes", false),
    ("cm³", "centimètre cube", "centimètres cubes", false),
    ("m2", "mètre carré", "mètres carrés", false),
    ("m3", "mètre cube", "mètres cubes", false),
    ("km", "kilomètre", "kilomètres", false),
    ("cm", "centimètre", "centimètres", false),
    ("mm", "millimètre", "millimètres", false),
    ("m", "mètre", "mètres", false),
    ("kg", "kilogramme", "kilogrammes", false),
    ("mg", "milligramme", "milligrammes", false),
    ("g", "gramme", "grammes", false),
    ("cl", "centilitre", "centilitres", false),
    ("ml", "millilitre", "millilitres", false),
    ("mL", "millilitre", "millilitres", false),
    ("l", "litre", "litres", false),
    ("L", "litre", "litres", false),
    ("ha", "hectare", "hectares", false),
    ("min", "minute", "minutes", true),
    ("mn", "minute", "minutes", true),
    ("ms", "milliseconde", "millisecondes", true),
    ("s", "seconde", "secondes", true),
    ("h", "heure", "heures", true),
    ("°C", "degré Celsius", "degrés Celsius", false),
    ("°F", "degré Fahrenheit", "degrés Fahrenheit", false),
    ("°", "degré", "degrés", false),
    ("kHz", "kilohertz", "kilohertz", false),
    ("MHz", "mégahertz", "mégahertz", false),
    ("GHz", "gigahertz", "gigahertz", false),
    ("Hz", "hertz", "hertz", false),
    ("kW", "kilowatt", "kilowatts", false),
    ("W", "watt", "watts", false),
    ("V", "volt", "volts", false),
    ("dB", "décibel", "décibels", false),
    ("To", "téraoctet", "téraoctets", false),
    ("Go", "gigaoctet", "gigaoctets", false),
    ("Mo", "mégaoctet", "mégaoctets", false),
    ("Ko", "kilooctet", "kilooctets", false),
    ("%", "pour cent", "pour cent", false),
    ("‰", "pour mille", "pour mille", false),
    ("M€", "million d'euros", "millions d'euros", false),
    ("k€", "millier d'euros", "mille euros", false),
];

/// Signs of money: sign, singular, plural, feminine, hundredth.
const MONEY: &[(&str, &str, &str, bool, &str)] = &[
    ("€", "euro", "euros", false, "centime"),
    ("EUR", "euro", "euros", false, "centime"),
    ("$", "dollar", "dollars", false, "cent"),
    ("£", "livre", "livres", true, "penny"),
    ("CHF", "franc suisse", "francs suisses", false, "centime"),
    ("¥", "yen", "yens", false, ""),
];

fn digits(text: &str) -> (&str, &str) {
    text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()))
}

fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}')
}

fn skip_space(text: &str) -> &str {
    text.strip_prefix(is_space).unwrap_or(text)
}

fn ends(rest: &str) -> bool {
    !rest.starts_with(|c: char| c.is_alphanumeric())
}

fn number(digits: &str) -> u64 {
    digits.parse().unwrap_or(u64::MAX)
}

fn plural<'a>(n: u64, one: &'a str, many: &'a str) -> &'a str {
    // In French the plural begins at two.
    if n < 2 { one } else { many }
}

/// Reads the figures at the start of `text`: how many bytes they take, and the words. `None` when it does not start
/// with figures (a sign of money, a minus or a plus may come first).
pub fn read(text: &str) -> Option<(usize, String)> {
    let done = |rest: &str, words: String| Some((text.len() - rest.len(), words));
    for (sign, one, many, feminine, _) in MONEY {
        if let Some(rest) =
            text.strip_prefix(sign).map(skip_space).filter(|r| r.starts_with(|c: char| c.is_ascii_digit()))
        {
            let (whole, rest) = grouped(rest)?;
            let n = number(&whole);
            return done(rest, format!("{} {}", cardinal(n, *feminine), plural(n, one, many)));
        }
    }
    if let Some(rest) = text.strip_prefix(['-', '−', '+']).filter(|r| r.starts_with(|c: char| c.is_ascii_digit())) {
        let sign = if text.starts_with('+') { "plus" } else { "moins" };
        let (used, words) = read(rest)?;
        return done(&rest[used..], format!("{sign} {words}"));
    }
    if !text.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    date(text).or_else(|| telephone(text)).or_else(|| time(text)).or_else(|| rank(text)).or_else(|| quantity(text))
}

/// 12/03/2024, 1.5.1998, 2024-03-12.
fn date(text: &str) -> Option<(usize, String)> {
    let (first, rest) = digits(text);
    let separator = rest.chars().next().filter(|c| matches!(c, '/' | '.' | '-'))?;
    let (second, rest) = digits(rest.strip_prefix(separator)?);
    let (third, rest) = digits(rest.strip_prefix(separator)?);
    let (day, month, year) = match (first.len(), second.len(), third.len()) {
        (1..=2, 1..=2, 4) | (1..=2, 1..=2, 2) => (number(first), number(second), third),
        (4, 2, 2) if separator == '-' => (number(third), number(second), first),
        _ => return None,
    };
    if !(1..=31).contains(&day) || !(1..=12).contains(&month) || !ends(rest) {
        return None;
    }
    let day = if day == 1 { "premier".to_owned() } else { cardinal(day, false) };
    let words = format!("{day} {} {}", MONTHS[month as usize - 1], cardinal(number(year), false));
    Some((text.len() - rest.len(), words))
}

/// 06 12 34 56 78: five pairs, the first with its zero.
fn telephone(text: &str) -> Option<(usize, String)> {
    let mut rest = text;
    let mut pairs = Vec::new();
    for i in 0..5 {
        if i > 0 {
            rest = rest.strip_prefix(|c| is_space(c) || c == '.' || c == '-').unwrap_or(rest);
        }
        let pair = rest.get(..2).filter(|p| p.bytes().all(|b| b.is_ascii_digit()))?;
        pairs.push(spelled_zero(pair));
        rest = &rest[2..];
    }
    (text.starts_with('0') && ends(rest)).then(|| (text.len() - rest.len(), pairs.join(" ")))
}

/// 3h30, 3 h, 14:05, 14 h 05 min.
fn time(text: &str) -> Option<(usize, String)> {
    let (hours, rest) = digits(text);
    let n = number(hours);
    if hours.len() > 2 || n > 24 {
        return None;
    }
    let colon = rest.strip_prefix(':').filter(|r| digits(r).0.len() == 2);
    let after = colon.or_else(|| skip_space(rest).strip_prefix(['h', 'H']))?;
    let (minutes, beyond) = digits(skip_space(after));
    let has_minutes = minutes.len() == 2 && number(minutes) < 60 && ends(beyond);
    if !has_minutes && (colon.is_some() || !ends(after)) {
        return None;
    }
    let mut words = format!("{} {}", cardinal(n, true), plural(n, "heure", "heures"));
    let mut rest = after;
    if has_minutes {
        rest = beyond;
        if number(minutes) > 0 {
            words.push(' ');
            words.push_str(&cardinal(number(minutes), true));
        }
        if let Some(past) = ["min", "mn"].iter().find_map(|m| skip_space(rest).strip_prefix(m)).filter(|r| ends(r)) {
            rest = past;
            words.push_str(plural(number(minutes), " minute", " minutes"));
        }
    }
    Some((text.len() - rest.len(), words))
}

/// 1er, 1re, 2e, 3ème, 2nd.
fn rank(text: &str) -> Option<(usize, String)> {
    let (figures, rest) = digits(text);
    let n = number(figures);
    let suffixes: [(&str, bool); 12] = [
        ("ères", true),
        ("ère", true),
        ("res", true),
        ("re", true),
        ("ers", false),
        ("er", false),
        ("ièmes", false),
        ("ième", false),
        ("èmes", false),
        ("ème", false),
        ("es", false),
        ("e", false),
    ];
    if n == 2 {
        for (suffix, word) in [("nde", "seconde"), ("nd", "second"), ("de", "seconde"), ("d", "second")] {
            if let Some(rest) = rest.strip_prefix(suffix).filter(|r| ends(r)) {
                return Some((text.len() - rest.len(), word.to_owned()));
            }
        }
    }
    for (suffix, feminine) in suffixes {
        if let Some(rest) = rest.strip_prefix(suffix).filter(|r| ends(r)) {
            let many = if suffix.ends_with('s') { "s" } else { "" };
            return Some((text.len() - rest.len(), ordinal(n, feminine) + many));
        }
    }
    None
}

/// Figures with thousands apart: 1 234 567, 1.234.567.
fn grouped(text: &str) -> Option<(String, &str)> {
    let (first, mut rest) = digits(text);
    let mut whole = first.to_owned();
    if first.is_empty() {
        return None;
    }
    if first.len() <= 3 && !first.starts_with('0') {
        let separator = rest.chars().next().filter(|c| is_space(*c) || *c == '.');
        while let Some(next) = separator.and_then(|s| rest.strip_prefix(s)) {
            let (group, beyond) = digits(next);
            if group.len() != 3 {
                break;
            }
            whole.push_str(group);
            rest = beyond;
        }
    }
    Some((whole, rest))
}

fn quantity(text: &str) -> Option<(usize, String)> {
    let (whole, rest) = grouped(text)?;
    let decimals = rest
        .strip_prefix([',', '.'])
        .map(digits)
        .filter(|(d, beyond)| !d.is_empty() && ends(beyond) | measure(skip_space(beyond)).is_some());
    let (decimals, rest) = decimals.unwrap_or(("", rest));
    let n = number(&whole);
    let used = |rest: &str| text.len() - rest.len();

    // Money: 12,50 € is "douze euros cinquante".
    let beyond = skip_space(rest);
    for (sign, one, many, feminine, cent) in MONEY {
        let Some(rest) = beyond.strip_prefix(sign).filter(|r| !sign.ends_with(char::is_alphabetic) || ends(r)) else {
            continue;
        };
        let words = match (n, decimals.len()) {
            (0, 2) if number(decimals) > 0 && !cent.is_empty() => {
                format!("{} {cent}{}", cardinal(number(decimals), false), plural(number(decimals), "", "s"))
            }
            (_, 2) if number(decimals) == 0 => format!("{} {}", cardinal(n, *feminine), plural(n, one, many)),
            (_, 2) => {
                format!("{} {} {}", cardinal(n, *feminine), plural(n, one, many), cardinal(number(decimals), false))
            }
            (_, 0) => {
                let of = if n >= 1_000_000 && n.is_multiple_of(1_000_000) && !feminine { "d'" } else { "" };
                format!("{} {of}{}", cardinal(n, *feminine), plural(n, one, many))
            }
            _ => format!("{} {}", decimal(n, decimals), plural(n, one, many)),
        };
        return Some((used(rest), words));
    }
    let unit = measure(beyond).filter(|_| whole.len() < 4 || !whole.starts_with('0'));
    if let Some((sign, one, many, feminine)) = unit {
        let count = if decimals.is_empty() { cardinal(n, *feminine) } else { decimal(n, decimals) };
        return Some((used(&beyond[sign.len()..]), format!("{count} {}", plural(n, one, many))));
    }
    if !decimals.is_empty() {
        return Some((used(rest), decimal(n, decimals)));
    }
    // Fractions.
    if let Some((below, rest)) = rest.strip_prefix('/').map(digits).filter(|(d, r)| !d.is_empty() && ends(r)) {
        let many = if n > 1 { "s" } else { "" };
        let words = match below {
            "2" => format!("{} demi{many}", cardinal(n, false)),
            "3" => format!("{} tiers", cardinal(n, false)),
            "4" => format!("{} quart{many}", cardinal(n, false)),
            // 2/5 is two fifths; 7/10 and 12/20 are marks.
            "5" | "6" | "7" | "8" | "9" if n < number(below) => {
                format!("{} {}{many}", cardinal(n, false), ordinal(number(below), false))
            }
            _ => format!("{} sur {}", cardinal(n, false), cardinal(number(below), false)),
        };
        return Some((used(rest), words));
    }
    if (whole.len() > 1 && whole.starts_with('0')) || whole.len() > 15 {
        let zeros = whole.len() - whole.trim_start_matches('0').len();
        let spoken = if whole.len() > 15 { spell(&whole) } else { spelled_zeros(zeros, number(&whole)) };
        return Some((used(rest), spoken));
    }
    Some((used(rest), cardinal(n, counts_feminine(rest, n))))
}

/// The name of the unit that a text begins with, one of it, and how many bytes it takes: "km²".
pub fn unit(text: &str) -> Option<(usize, &'static str)> {
    measure(text).filter(|(sign, ..)| sign.len() > 1).map(|(sign, one, ..)| (sign.len(), *one))
}

fn measure(rest: &str) -> Option<&'static (&'static str, &'static str, &'static str, bool)> {
    MEASURES.iter().filter(|(sign, ..)| rest.strip_prefix(sign).is_some_and(ends)).max_by_key(|(sign, ..)| sign.len())
}

/// 3,14 is "trois virgule quatorze", 0,05 "zéro virgule zéro cinq".
fn decimal(n: u64, decimals: &str) -> String {
    let fraction = if decimals.len() > 3 {
        spell(decimals)
    } else {
        spelled_zeros(decimals.len() - decimals.trim_start_matches('0').len(), number(decimals))
    };
    format!("{} virgule {fraction}", cardinal(n, false))
}

fn spelled_zeros(zeros: usize, n: u64) -> String {
    let mut words = vec!["zéro".to_owned(); zeros];
    if n > 0 {
        words.push(cardinal(n, false));
    }
    words.join(" ")
}

fn spelled_zero(pair: &str) -> String {
    spelled_zeros(pair.len() - pair.trim_start_matches('0').len(), number(pair))
}

fn spell(figures: &str) -> String {
    let names: Vec<String> = figures.bytes().map(|b| cardinal(u64::from(b.saturating_sub(b'0')), false)).collect();
    names.join(" ")
}

/// Whether the noun after a figure that ends in one is feminine: 21 tables is "vingt et une tables".
fn counts_feminine(rest: &str, n: u64) -> bool {
    if n % 10 != 1 || n % 100 == 11 || n % 100 == 71 || n % 100 == 91 {
        return false;
    }
    let noun: String = skip_space(rest).chars().take_while(|c| c.is_alphabetic()).collect();
    rest.starts_with(is_space) && lexicon::lookup(&lexicon::key(&noun)).first().is_some_and(|e| e.is_first("FU"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_of_every_kind() {
        let cases = [
            ("3h30", "trois heures trente"),
            ("1h", "une heure"),
            ("21 h 05 min", "vingt et une heures cinq minutes"),
            ("14:00", "quatorze heures"),
            ("12/03/2024", "douze mars deux mille vingt-quatre"),
            ("01/05/1998", "premier mai mille neuf cent quatre-vingt-dix-huit"),
            ("2024-12-25", "vingt-cinq décembre deux mille vingt-quatre"),
            ("06 12 34 56 78", "zéro six douze trente-quatre cinquante-six soixante-dix-huit"),
            ("12,50 €", "douze euros cinquante"),
            ("1 €", "un euro"),
            ("0,50 €", "cinquante centimes"),
            ("1 000 000 €", "un million d'euros"),
            ("£21", "vingt et une livres"),
            ("20 %", "vingt pour cent"),
            ("3,14", "trois virgule quatorze"),
            ("0,05", "zéro virgule zéro cinq"),
            ("2,5 %", "deux virgule cinq pour cent"),
            ("1 234 567", "un million deux cent trente-quatre mille cinq cent soixante-sept"),
            ("1.000", "mille"),
            ("007", "zéro zéro sept"),
            ("-5°C", "moins cinq degrés Celsius"),
            ("90 km/h", "quatre-vingt-dix kilomètres à l'heure"),
            ("1,5 km", "un virgule cinq kilomètre"),
            ("1er", "premier"),
            ("1ère", "première"),
            ("2e", "deuxième"),
            ("2nde", "seconde"),
            ("19èmes", "dix-neuvièmes"),
            ("3/4", "trois quarts"),
            ("7/10", "sept sur dix"),
            ("2/5", "deux cinquièmes"),
            ("21 tables", "vingt et une"),
            ("21 jours", "vingt et un"),
        ];
        for (figures, words) in cases {
            let (used, said) = read(figures).unwrap_or_default();
            assert_eq!(said, words, "{figures}");
            assert!(figures.is_char_boundary(used));
        }
        assert_eq!(read("abc"), None);
        assert_eq!(read("3 hommes").map(|r| r.0), Some(1));
        assert_eq!(read("3.").map(|r| r.0), Some(1));
        assert!(read("99999999999999999999").is_some());
    }
}
