//! Sentences for measuring: a small grammar a language, so that every sound of the language comes often and the text is
//! nobody's. The same number gives the same sentence.

use crate::language::Language;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

type Words = &'static [&'static str];

/// Sentence `number` of a language.
pub fn sentence(language: Language, number: u64) -> String {
    let mut rng = ChaCha8Rng::seed_from_u64(number);
    rng.set_stream(language as u64 + 1);
    let (patterns, lists): (Words, &[(char, Words)]) = match language {
        Language::Mandarin => (CMN, CMN_WORDS),
        Language::French => (FRA, FRA_WORDS),
        Language::AmericanEnglish => (ENG, ENG_WORDS),
    };
    let mut pick = |list: Words| list[rng.next_u32() as usize % list.len()];
    let pattern = pick(patterns);
    let mut out = String::new();
    for c in pattern.chars() {
        match lists.iter().find(|(letter, _)| *letter == c) {
            Some((_, list)) => out.push_str(pick(list)),
            None => out.push(c),
        }
    }
    out
}

// Upper-case letters stand for a word of the list of that letter; French and English sentences begin small.

const ENG: Words = &[
    "D N V D N P",
    "D A N V D N",
    "D N P V D A N T",
    "T, D N V D N",
    "U V D A N P",
    "U V D N, and U V D N",
    "Q do you V D N P",
    "please V D A N T",
    "if U V D N, they will V D N",
    "my N and your N V us T",
];
const ENG_WORDS: &[(char, Words)] = &[
    ('D', &["the", "a", "my", "your", "his", "her", "our", "their", "this", "every", "another"]),
    (
        'N',
        &[
            "boy",
            "garden",
            "teacher",
            "village",
            "measure",
            "thing",
            "judge",
            "church",
            "yellow bird",
            "fish",
            "cookie",
            "window",
            "bottle",
            "kitten",
            "music",
            "house",
            "coin",
            "mouth",
            "path",
            "leather coat",
            "vision",
            "jungle",
            "student",
            "train",
            "kite",
            "bear",
            "road",
            "lake",
            "pocket watch",
            "apple",
            "orange",
            "engine",
            "ship",
            "television",
            "sandwich",
            "feather",
            "ring",
            "young man",
            "zebra",
            "giraffe",
            "book",
            "wood",
            "moon",
            "girl",
        ],
    ),
    (
        'A',
        &[
            "big", "small", "strange", "yellow", "loud", "quiet", "smooth", "heavy", "thirsty", "lazy", "usual",
            "joyful", "hungry", "warm", "cold", "early", "pretty", "good", "new", "bright",
        ],
    ),
    (
        'V',
        &[
            "watch", "bring", "follow", "choose", "take", "paint", "find", "need", "show", "measure", "judge", "carry",
            "enjoy", "wash", "push", "know", "give", "hold", "remember", "forget", "answer", "buy", "hear",
        ],
    ),
    (
        'P',
        &[
            "in the garden",
            "at the station",
            "under a bridge",
            "near the old house",
            "behind our school",
            "on the island",
            "with a friend",
            "without any noise",
            "by the river",
            "over there",
            "outside",
        ],
    ),
    ('T', &["today", "every morning", "at night", "in July", "on Thursday", "after the show", "all year", "very soon"]),
    ('U', &["I", "you", "we", "they", "the twins", "both girls", "some people", "children"]),
    ('Q', &["why", "where", "when", "how", "how often"]),
];

const FRA: Words = &[
    "le N V le N P",
    "la F V le N",
    "un A N V la F P",
    "T, la F V un N",
    "U V le N A",
    "pourquoi la F V le N T",
    "la F et le N, U V un N",
    "U V une F, puis U V le N",
    "le N de la F V P",
    "T U V cette F P",
];
const FRA_WORDS: &[(char, Words)] = &[
    (
        'N',
        &[
            "chat", "jardin", "garçon", "village", "gâteau", "poisson", "train", "pain", "livre", "bouton", "feu",
            "cheval", "agneau", "parfum", "pantalon", "soleil", "journal", "mur", "docteur", "nuage", "fruit",
            "moulin", "voisin", "genou", "vent", "bijou", "lapin", "peintre", "campeur", "ruban",
        ],
    ),
    (
        'F',
        &[
            "fille", "maison", "montagne", "voiture", "rue", "lune", "pomme", "fleur", "chambre", "vache", "école",
            "feuille", "neige", "bouche", "guitare", "dame", "nuit", "plage", "main", "jupe", "poule", "soupe",
            "chaise", "lampe", "forêt", "cuisine", "poubelle", "vigne",
        ],
    ),
    (
        'V',
        &[
            "regarde", "cherche", "montre", "voit", "mange", "prend", "touche", "connaît", "oublie", "garde",
            "dessine", "attend", "suit", "achète", "lave", "gagne", "trouve", "veut", "aime", "demande", "choisit",
            "porte",
        ],
    ),
    ('A', &["petit", "grand", "joli", "jeune", "gros", "rouge", "doux", "bleu", "vieux", "long", "brun"]),
    (
        'P',
        &[
            "dans le jardin",
            "sous le pont",
            "près de la gare",
            "chez nous",
            "au bord du lac",
            "avec un ami",
            "sans bruit",
            "devant la porte",
            "en ville",
            "pour sa mère",
            "à Lyon",
        ],
    ),
    ('T', &["demain", "ce matin", "lundi", "toujours", "en juin", "chaque soir", "souvent", "depuis un an"]),
    ('U', &["il", "elle", "on", "mon frère", "ma sœur", "ton oncle", "notre ami", "ce monsieur"]),
];

const CMN: Words = &[
    "U P V N",
    "T U V A的N",
    "A的N V N",
    "U和U T V N",
    "U V N，U V N",
    "这个N很A",
    "U T P V A的N",
    "T，U P V N",
    "为什么U V N",
    "请你T V这个N",
];
const CMN_WORDS: &[(char, Words)] = &[
    (
        'N',
        &[
            "苹果",
            "老师",
            "学生",
            "电影",
            "火车",
            "飞机",
            "音乐",
            "衣服",
            "眼睛",
            "窗户",
            "孔雀",
            "狐狸",
            "雨伞",
            "桌子",
            "椅子",
            "月亮",
            "星星",
            "糖果",
            "草莓",
            "牛奶",
            "鸡蛋",
            "面包",
            "熊猫",
            "汽车",
            "自行车",
            "字典",
            "铅笔",
            "故事",
            "报纸",
            "房子",
            "花园",
            "河水",
            "云彩",
            "翅膀",
            "蛋糕",
            "图书馆",
        ],
    ),
    (
        'V',
        &[
            "喜欢", "看见", "寻找", "帮助", "学习", "准备", "打开", "讨论", "听到", "想要", "认识", "忘记", "记得",
            "发现", "选择", "保护", "参观", "画", "买", "送",
        ],
    ),
    (
        'A',
        &[
            "漂亮", "安静", "聪明", "年轻", "有趣", "普通", "重要", "干净", "奇怪", "温暖", "勇敢", "快乐", "红色",
            "黑色", "高兴",
        ],
    ),
    ('U', &["我", "你", "他", "我们", "他们", "妈妈", "爸爸", "朋友", "同学", "医生", "邻居", "弟弟", "奶奶", "小王"]),
    ('T', &["今天", "明天", "昨天", "早上", "晚上", "去年", "周末", "有时候", "现在", "夏天", "冬天"]),
    ('P', &["在学校", "在家里", "在公园", "在北京", "在河边", "在山上", "在车站", "从窗口", "在海边", "在院子里"]),
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn five_hundred_sentences_are_varied_and_readable_and_use_every_sound() {
        for language in Language::ALL {
            let all: HashSet<String> = (0..500).map(|n| sentence(language, n)).collect();
            assert!(all.len() > 490, "{}: {}", language.code(), all.len());
            let mut heard: HashSet<String> = HashSet::new();
            for text in &all {
                let read = crate::language::read(text, language, &Default::default(), None);
                assert!(read.issues.is_empty(), "{text}: {:?}", read.issues);
                heard.extend(read.phones().map(|p| p.phone.symbol.clone()));
            }
            let (consonants, vowels) = crate::cueing::chart::inventory(language);
            // What the lexicons of these languages never give without a switch: ʍ, ɚ apart from ɝ, ɑ, ŋ of loans, œ̃.
            let missing: Vec<_> = consonants.iter().chain(vowels).filter(|p| !heard.contains(**p)).collect();
            assert!(missing.len() <= 4, "{}: {missing:?}", language.code());
        }
    }
}
