//! Pinyin as people type it: `ni3 hao3`, `nǐ hǎo`, `nihao`, `lü4`, `Xī'ān`, `wánr`.

use unicode_normalization::UnicodeNormalization;

use super::tokens;

/// A syllable in plain letters with its tone: 1-4, 5 neutral.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Pinyin {
    /// Without tone; ü is `v`.
    pub base: String,
    pub tone: u8,
}

impl Pinyin {
    /// From numbered pinyin such as `hang2`; no digit is the neutral tone.
    pub fn numbered(text: &str) -> Self {
        let base = text.trim_end_matches(|c: char| c.is_ascii_digit());
        let tone = text[base.len()..].parse().unwrap_or(5);
        Self { base: base.to_owned(), tone: if (1..=5).contains(&tone) { tone } else { 5 } }
    }

    /// `hang2`.
    pub fn to_numbered(&self) -> String {
        format!("{}{}", self.base, self.tone)
    }

    /// `háng`, by the usual place of the mark; v is written ü (after j, q, x, y it never stands).
    pub fn marked(&self) -> String {
        let letters: Vec<char> = self.base.chars().map(|c| if c == 'v' { 'ü' } else { c }).collect();
        let mark = match self.tone {
            1 => '\u{304}',
            2 => '\u{301}',
            3 => '\u{30C}',
            4 => '\u{300}',
            _ => return letters.into_iter().collect(),
        };
        let is_vowel = |c: char| "aeiouü".contains(c);
        let at = letters
            .iter()
            .position(|c| matches!(c, 'a' | 'e'))
            .or_else(|| letters.windows(2).position(|w| w == ['o', 'u']))
            .or_else(|| letters.iter().rposition(|c| is_vowel(*c)));
        let mut text = String::new();
        for (i, c) in letters.iter().enumerate() {
            text.push(*c);
            if Some(i) == at {
                text.push(mark);
            }
        }
        text.nfc().collect()
    }
}

/// Whether plain letters are a syllable of standard Mandarin or of its common fringe (`biang`, `dia`, `rua`, `cei`).
pub fn is_syllable(text: &str) -> bool {
    SYLLABLES.split(' ').any(|s| s == text)
}

/// All of them, with spaces between.
pub const SYLLABLES: &str = "a o e ai ei ao ou an en ang eng er yi wu yu ya yo ye yai yao you yan yin yang ying yong wa wo \
    wai wei wan wen wang weng yue yuan yun ba pa ma fa da ta na la ga ka ha zha cha sha za ca sa bo po mo fo lo me de \
    te ne le ge ke he zhe che she re ze ce se bi pi mi di ti ni li ji qi xi zhi chi shi ri zi ci si bu pu mu fu du tu \
    nu lu gu ku hu zhu chu shu ru zu cu su nv lv ju qu xu bai pai mai dai tai nai lai gai kai hai zhai chai shai zai \
    cai sai bei pei mei fei dei tei nei lei gei kei hei zhei shei zei bao pao mao dao tao nao lao gao kao hao zhao \
    chao shao rao zao cao sao pou mou fou dou tou nou lou gou kou hou zhou chou shou rou zou cou sou ban pan man fan \
    dan tan nan lan gan kan han zhan chan shan ran zan can san ben pen men fen den nen gen ken hen zhen chen shen ren \
    zen cen sen bang pang mang fang dang tang nang lang gang kang hang zhang chang shang rang zang cang sang beng \
    peng meng feng deng teng neng leng geng keng heng zheng cheng sheng reng zeng ceng seng dong tong nong long gong \
    kong hong zhong chong rong zong cong song dia lia jia qia xia bie pie mie die tie nie lie jie qie xie biao piao \
    miao diao tiao niao liao jiao qiao xiao miu diu niu liu jiu qiu xiu bian pian mian dian tian nian lian jian qian \
    xian bin pin min nin lin jin qin xin niang liang jiang qiang xiang bing ping ming ding ting ning ling jing qing \
    xing jiong qiong xiong gua kua hua zhua shua duo tuo nuo luo guo kuo huo zhuo chuo shuo ruo zuo cuo suo guai kuai \
    huai zhuai chuai shuai dui tui gui kui hui zhui chui shui rui zui cui sui duan tuan nuan luan guan kuan huan \
    zhuan chuan shuan ruan zuan cuan suan dun tun lun gun kun hun zhun chun shun run zun cun sun guang kuang huang \
    zhuang chuang shuang nve lve jue que xue juan quan xuan jun qun xun biang pia rua nun nia den cei fiao eng";

/// A letter of typed pinyin, without its mark.
#[derive(Clone, Copy)]
struct Letter {
    plain: char,
    tone: Option<u8>,
}

/// Splits typed pinyin into syllables, or `None` when it is none. Erhua is a syllable of its own: `wánr` is `wan2 er5`.
///
/// Digits, marks, apostrophes, hyphens, spaces and the ways to type ü (`ü`, `v`, `u:`) are understood. `toned` tells
/// whether any tone was given at all.
pub fn parse(text: &str) -> Option<(Vec<Pinyin>, bool)> {
    let mut syllables = Vec::new();
    let mut toned = false;
    let text: String = text.nfc().collect::<String>().to_lowercase().replace("u:", "ü");
    for piece in
        text.split(|c: char| c.is_whitespace() || matches!(c, '\'' | '’' | '-' | '·')).filter(|p| !p.is_empty())
    {
        let mut letters: Vec<Letter> = Vec::new();
        let mut digits: Vec<(usize, u8)> = Vec::new();
        for c in piece.chars() {
            match c {
                '0'..='5' if !letters.is_empty() => {
                    let tone = c.to_digit(10)? as u8;
                    digits.push((letters.len(), if tone == 0 { 5 } else { tone }));
                }
                _ => letters.push(letter(c)?),
            }
        }
        toned |= !digits.is_empty() || letters.iter().any(|l| l.tone.is_some());
        let mut from = 0;
        for (to, tone) in &digits {
            // Two digits after one syllable ("o00") are no tone: this is not pinyin.
            let mut part = split(letters.get(from..*to)?).filter(|p| !p.is_empty())?;
            let at = if part.len() > 1
                && part.last()?.base == "er"
                && letters[*to - 1].plain == 'r'
                && !ends_in_er(&letters[from..*to])
            {
                part.len() - 2
            } else {
                part.len() - 1
            };
            part[at].tone = *tone;
            syllables.append(&mut part);
            from = *to;
            // hui4r
            if letters.get(from).is_some_and(|l| l.plain == 'r')
                && letters.get(from + 1).is_none_or(|l| !"aeiouv".contains(l.plain))
                && !digits.iter().any(|(at, _)| *at == from + 1)
            {
                syllables.push(Pinyin { base: "er".to_owned(), tone: 5 });
                from += 1;
            }
        }
        if from < letters.len() {
            syllables.append(&mut split(&letters[from..])?);
        }
    }
    (!syllables.is_empty()).then_some((syllables, toned))
}

fn ends_in_er(letters: &[Letter]) -> bool {
    letters.len() == 2 && letters[0].plain == 'e'
}

fn letter(c: char) -> Option<Letter> {
    let mut parts = std::iter::once(c).nfd();
    let mut plain = parts.next()?;
    let mut tone = None;
    for mark in parts {
        match mark {
            '\u{304}' => tone = Some(1),
            '\u{301}' => tone = Some(2),
            '\u{30C}' | '\u{306}' => tone = Some(3),
            '\u{300}' => tone = Some(4),
            '\u{308}' if plain == 'u' => plain = 'v',
            _ => return None,
        }
    }
    plain.is_ascii_lowercase().then_some(Letter { plain, tone })
}

/// The best split of letters into syllables: few, and none that begins with a vowel inside.
fn split(letters: &[Letter]) -> Option<Vec<Pinyin>> {
    let text: String = letters.iter().map(|l| l.plain).collect();
    let n = letters.len();
    // best[i]: cost and syllables of the first i letters.
    let mut best: Vec<Option<(u32, Vec<Pinyin>)>> = vec![None; n + 1];
    best[0] = Some((0, Vec::new()));
    for i in 0..n {
        let Some((cost, done)) = best[i].clone() else { continue };
        for j in i + 1..=n.min(i + 6) {
            let base = &text[i..j];
            let marks: Vec<u8> = letters[i..j].iter().filter_map(|l| l.tone).collect();
            let erhua = base == "r" && i > 0 && marks.is_empty() && (j == n || !"aeiouv".contains(letters[j].plain));
            if !erhua && !is_syllable(&respell(base)) || marks.len() > 1 {
                continue;
            }
            let vowel_inside = i > 0 && base.starts_with(['a', 'e', 'o']);
            let step = if erhua { 6 } else { 10 } + if vowel_inside { 7 } else { 0 };
            let syllable = Pinyin {
                base: if erhua { "er".to_owned() } else { respell(base) },
                tone: marks.first().copied().unwrap_or(5),
            };
            if best[j].as_ref().is_none_or(|(c, _)| cost + step < *c) {
                let mut list = done.clone();
                list.push(syllable);
                best[j] = Some((cost + step, list));
            }
        }
    }
    best.pop()?.map(|(_, list)| list)
}

/// `jv`, `lue`: spellings that are typed for `ju`, `lve`.
fn respell(base: &str) -> String {
    match base {
        "lue" => "lve".to_owned(),
        "nue" => "nve".to_owned(),
        _ if base.len() > 1
            && base[1..].starts_with('v')
            && matches!(base.as_bytes()[0], b'j' | b'q' | b'x' | b'y') =>
        {
            base.replacen('v', "u", 1)
        }
        _ => base.to_owned(),
    }
}

/// The syllable that has these tokens (with spaces between), if one has.
pub fn from_tokens(list: &str) -> Option<String> {
    SYLLABLES.split(' ').find(|s| tokens::tokens(s).is_some_and(|t| t.join(" ") == list)).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbered(text: &str) -> Option<String> {
        parse(text).map(|(s, _)| s.iter().map(Pinyin::to_numbered).collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn pinyin_is_understood_as_people_type_it() {
        for (typed, syllables) in [
            ("ni3 hao3", "ni3 hao3"),
            ("ni3hao3", "ni3 hao3"),
            ("nǐ hǎo", "ni3 hao3"),
            ("nǐhǎo", "ni3 hao3"),
            ("Zhōngguó", "zhong1 guo2"),
            ("xī'ān", "xi1 an1"),
            ("xian1", "xian1"),
            ("lü4", "lv4"),
            ("lu:4", "lv4"),
            ("lv4", "lv4"),
            ("lüè", "lve4"),
            ("qù", "qu4"),
            ("jv4", "ju4"),
            ("wánr", "wan2 er5"),
            ("huir4", "hui4 er5"),
            ("hui4r", "hui4 er5"),
            ("er2zi5", "er2 zi5"),
            ("nǚ'ér", "nv3 er2"),
            ("fangan", "fan5 gan5"),
            ("yínháng", "yin2 hang2"),
            ("shénme", "shen2 me5"),
            ("de", "de5"),
        ] {
            assert_eq!(numbered(typed).as_deref(), Some(syllables), "{typed}");
        }
        for typed in ["hello", "", "123", "ni9", "zzz", "你好", "3ni"] {
            assert_eq!(numbered(typed), None, "{typed}");
        }
        assert!(parse("nǐ").unwrap().1 && parse("ni3").unwrap().1 && !parse("ni").unwrap().1);
    }

    #[test]
    fn the_mark_stands_on_the_right_letter() {
        for (plain, marked) in [
            ("hang2", "háng"),
            ("lv4", "lǜ"),
            ("gui4", "guì"),
            ("liu2", "liú"),
            ("dou1", "dōu"),
            ("xue2", "xué"),
            ("er2", "ér"),
            ("de5", "de"),
            ("lve4", "lüè"),
            ("huo3", "huǒ"),
            ("yi1", "yī"),
        ] {
            assert_eq!(Pinyin::numbered(plain).marked(), marked);
        }
    }

    #[test]
    fn every_syllable_has_tokens() {
        for syllable in SYLLABLES.split_whitespace() {
            assert!(tokens::tokens(syllable).is_some(), "{syllable}");
        }
    }
}
