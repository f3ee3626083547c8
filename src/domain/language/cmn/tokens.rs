//! Pinyin syllables as the tokens of Mandarin Chinese Cued Speech.
//!
//! The chart has 24 consonants and 16 vowels. A final that begins with i, u or ü before another vowel begins with the
//! semiconsonant y, w or yu; ü is written v. So *jia* is `j y a`, *lin* is `l y en`, *jun* is `j yu en`, *bo* is
//! `b o`, *zhi* is `zh i`. (Design notes, section 1.3, after the label set of the MCCS sentences.)

/// Initials, longest first where one begins another.
const INITIALS: [&str; 21] =
    ["zh", "ch", "sh", "b", "p", "m", "f", "d", "t", "n", "l", "g", "k", "h", "j", "q", "x", "r", "z", "c", "s"];

/// The tokens of a syllable in plain pinyin without tone (`hang`, `lv`, `er`), or `None` when it is no syllable.
pub fn tokens(syllable: &str) -> Option<Vec<&'static str>> {
    if let Some(whole) = zero_initial(syllable) {
        return Some(whole.to_vec());
    }
    let initial = INITIALS.iter().find(|i| syllable.starts_with(**i))?;
    let palatal = matches!(*initial, "j" | "q" | "x");
    let front = matches!(*initial, "n" | "l");
    let rest: &[&'static str] = match (&syllable[initial.len()..], palatal) {
        ("i", _) => &["i"],
        ("a", false) => &["a"],
        ("o", false) => &["o"],
        ("e", false) => &["e"],
        ("ai", false) => &["ai"],
        ("ei", false) => &["ei"],
        ("ao", false) => &["ao"],
        ("ou", false) => &["ou"],
        ("an", false) => &["an"],
        ("en", false) => &["en"],
        ("ang", false) => &["ang"],
        ("eng", false) => &["eng"],
        ("ong", false) => &["ong"],
        ("er", false) => &["er"],
        ("ia", _) => &["y", "a"],
        ("io", _) => &["y", "o"],
        ("ie", _) => &["y", "e"],
        ("iao", _) => &["y", "ao"],
        // kiu is the name of the letter Q.
        ("iu" | "iou", _) => &["y", "ou"],
        ("ian", _) => &["y", "an"],
        ("iang", _) => &["y", "ang"],
        ("in", _) => &["y", "en"],
        ("ing", _) => &["y", "eng"],
        ("iong", _) => &["y", "ong"],
        ("u" | "v", true) => &["v"],
        ("v", false) if front => &["v"],
        ("ue" | "ve", _) if palatal || front => &["yu", "e"],
        ("uan" | "van", true) => &["yu", "an"],
        ("un" | "vn", true) => &["yu", "en"],
        ("u", false) => &["u"],
        ("ua", false) => &["w", "a"],
        ("uo", false) => &["w", "o"],
        ("uai", false) => &["w", "ai"],
        ("ui" | "uei", false) => &["w", "ei"],
        ("uan", false) => &["w", "an"],
        ("un" | "uen", false) => &["w", "en"],
        ("uang", false) => &["w", "ang"],
        _ => return None,
    };
    Some(std::iter::once(*initial).chain(rest.iter().copied()).collect())
}

fn zero_initial(syllable: &str) -> Option<&'static [&'static str]> {
    Some(match syllable {
        "a" => &["a"],
        "o" => &["o"],
        "e" => &["e"],
        "er" => &["er"],
        "ai" => &["ai"],
        "ei" => &["ei"],
        "ao" => &["ao"],
        "ou" => &["ou"],
        "an" => &["an"],
        "en" => &["en"],
        "ang" => &["ang"],
        "eng" => &["eng"],
        "yi" => &["i"],
        "wu" => &["u"],
        "yu" => &["v"],
        "ya" => &["y", "a"],
        "yo" => &["y", "o"],
        "ye" => &["y", "e"],
        "yai" => &["y", "ai"],
        "yao" => &["y", "ao"],
        "you" => &["y", "ou"],
        "yan" => &["y", "an"],
        "yin" => &["y", "en"],
        "yang" => &["y", "ang"],
        "ying" => &["y", "eng"],
        "yong" => &["y", "ong"],
        "wa" => &["w", "a"],
        "wo" => &["w", "o"],
        "wai" => &["w", "ai"],
        "wei" => &["w", "ei"],
        "wan" => &["w", "an"],
        "wen" => &["w", "en"],
        "wang" => &["w", "ang"],
        "weng" => &["w", "eng"],
        "yue" => &["yu", "e"],
        "yuan" => &["yu", "an"],
        "yun" => &["yu", "en"],
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every syllable of standard Mandarin: the tokens of the final, then the syllables that have it. The initial is
    /// what the spelling begins with; `-` marks syllables whose tokens are the final alone.
    const TABLE: &[(&str, &str)] = &[
        ("a", "ba pa ma fa da ta na la ga ka ha zha cha sha za ca sa"),
        ("o", "bo po mo fo lo"),
        ("e", "me de te ne le ge ke he zhe che she re ze ce se"),
        ("i", "bi pi mi di ti ni li ji qi xi zhi chi shi ri zi ci si"),
        ("u", "bu pu mu fu du tu nu lu gu ku hu zhu chu shu ru zu cu su"),
        ("v", "nv lv ju qu xu"),
        ("ai", "bai pai mai dai tai nai lai gai kai hai zhai chai shai zai cai sai"),
        ("ei", "bei pei mei fei dei tei nei lei gei kei hei zhei shei zei"),
        ("ao", "bao pao mao dao tao nao lao gao kao hao zhao chao shao rao zao cao sao"),
        ("ou", "pou mou fou dou tou nou lou gou kou hou zhou chou shou rou zou cou sou"),
        ("an", "ban pan man fan dan tan nan lan gan kan han zhan chan shan ran zan can san"),
        ("en", "ben pen men fen den nen gen ken hen zhen chen shen ren zen cen sen"),
        ("ang", "bang pang mang fang dang tang nang lang gang kang hang zhang chang shang rang zang cang sang"),
        ("eng", "beng peng meng feng deng teng neng leng geng keng heng zheng cheng sheng reng zeng ceng seng"),
        ("ong", "dong tong nong long gong kong hong zhong chong rong zong cong song"),
        ("y a", "dia lia jia qia xia"),
        ("y e", "bie pie mie die tie nie lie jie qie xie"),
        ("y ao", "biao piao miao diao tiao niao liao jiao qiao xiao"),
        ("y ou", "miu diu niu liu jiu qiu xiu"),
        ("y an", "bian pian mian dian tian nian lian jian qian xian"),
        ("y en", "bin pin min nin lin jin qin xin"),
        ("y ang", "niang liang jiang qiang xiang"),
        ("y eng", "bing ping ming ding ting ning ling jing qing xing"),
        ("y ong", "jiong qiong xiong"),
        ("w a", "gua kua hua zhua shua"),
        ("w o", "duo tuo nuo luo guo kuo huo zhuo chuo shuo ruo zuo cuo suo"),
        ("w ai", "guai kuai huai zhuai chuai shuai"),
        ("w ei", "dui tui gui kui hui zhui chui shui rui zui cui sui"),
        ("w an", "duan tuan nuan luan guan kuan huan zhuan chuan shuan ruan zuan cuan suan"),
        ("w en", "dun tun lun gun kun hun zhun chun shun run zun cun sun"),
        ("w ang", "guang kuang huang zhuang chuang shuang"),
        ("yu e", "nve lve jue que xue"),
        ("yu an", "juan quan xuan"),
        ("yu en", "jun qun xun"),
    ];
    const ALONE: &[(&str, &str)] = &[
        ("a", "a"),
        ("o", "o"),
        ("e", "e"),
        ("ai", "ai"),
        ("ei", "ei"),
        ("ao", "ao"),
        ("ou", "ou"),
        ("an", "an"),
        ("en", "en"),
        ("ang", "ang"),
        ("eng", "eng"),
        ("er", "er"),
        ("yi", "i"),
        ("wu", "u"),
        ("yu", "v"),
        ("ya", "y a"),
        ("yo", "y o"),
        ("ye", "y e"),
        ("yao", "y ao"),
        ("you", "y ou"),
        ("yan", "y an"),
        ("yin", "y en"),
        ("yang", "y ang"),
        ("ying", "y eng"),
        ("yong", "y ong"),
        ("wa", "w a"),
        ("wo", "w o"),
        ("wai", "w ai"),
        ("wei", "w ei"),
        ("wan", "w an"),
        ("wen", "w en"),
        ("wang", "w ang"),
        ("weng", "w eng"),
        ("yue", "yu e"),
        ("yuan", "yu an"),
        ("yun", "yu en"),
    ];

    #[test]
    fn every_legal_syllable_has_the_tokens_of_the_table() {
        let mut count = 0;
        for (final_, syllables) in TABLE {
            for syllable in syllables.split(' ') {
                let initial = if syllable.as_bytes()[1] == b'h' { &syllable[..2] } else { &syllable[..1] };
                let expected = format!("{initial} {final_}");
                assert_eq!(tokens(syllable).map(|t| t.join(" ")), Some(expected), "{syllable}");
                count += 1;
            }
        }
        for (syllable, expected) in ALONE {
            assert_eq!(tokens(syllable).map(|t| t.join(" ")).as_deref(), Some(*expected));
            count += 1;
        }
        assert!((400..=415).contains(&count), "{count}");
    }

    #[test]
    fn the_legal_syllables_are_those_of_the_parser() {
        let mut ours: Vec<&str> =
            TABLE.iter().flat_map(|(_, s)| s.split(' ')).chain(ALONE.iter().map(|(s, _)| *s)).collect();
        ours.sort_unstable();
        for syllable in ours {
            assert!(super::super::pinyin::is_syllable(syllable), "{syllable}");
        }
    }

    #[test]
    fn what_is_no_syllable_has_no_tokens() {
        for text in ["", "b", "ng", "jang", "xo", "hello", "zhv", "vu", "wong"] {
            assert_eq!(tokens(text), None, "{text}");
        }
    }
}
