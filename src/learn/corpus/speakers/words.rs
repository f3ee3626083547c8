//! Words that ask for a gesture: who is meant, where, how big, how many, how sure.

use crate::language::Language;

/// What a word asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    Me,
    You,
    /// Away to a side.
    There,
    Here,
    Up,
    Down,
    Big,
    Small,
    /// So many fingers.
    Number(u8),
    Not,
    All,
    /// One side, then the other.
    Sides,
    Question,
}

type Table = &'static [(Meaning, &'static [&'static str])];

use Meaning::{All, Big, Down, Here, Me, Not, Number, Question, Sides, Small, There, Up, You};

const ENG: Table = &[
    (Me, &["i", "me", "my", "we", "us", "our"]),
    (You, &["you", "your"]),
    (There, &["there", "over", "away", "far", "outside", "behind", "that", "those"]),
    (Here, &["here", "this"]),
    (Up, &["up", "on"]),
    (Down, &["down", "under"]),
    (Big, &["big", "huge", "long", "wide", "tall", "enormous"]),
    (Small, &["small", "tiny", "short"]),
    (Number(1), &["one", "once", "first"]),
    (Number(2), &["two", "both", "twins"]),
    (Number(3), &["three"]),
    (Number(4), &["four"]),
    (Number(5), &["five"]),
    (Not, &["not", "never", "nobody", "nothing", "cannot", "without", "refuse", "wrong"]),
    (All, &["all", "every", "everything", "many", "together", "around"]),
    (Sides, &["other", "hand", "between", "or", "another"]),
    (Question, &["why", "where", "when", "how"]),
];

const FRA: Table = &[
    (Me, &["je", "j'", "moi", "mon", "ma", "m'", "nous", "notre"]),
    (You, &["tu", "ton", "ta", "toi", "t'"]),
    (There, &["là-bas", "là", "loin", "derrière", "ensuite"]),
    (Here, &["ici", "ce", "cette", "chez"]),
    (Up, &["haut", "montagne"]),
    (Down, &["bas", "sous"]),
    (Big, &["grand", "énorme", "long", "large"]),
    (Small, &["petit", "minuscule", "court"]),
    (Number(1), &["abord"]),
    (Number(2), &["deux"]),
    (Number(3), &["trois"]),
    (Number(4), &["quatre"]),
    (Number(5), &["cinq"]),
    (Not, &["pas", "ne", "personne", "sans", "faux"]),
    (All, &["tout", "tous", "toujours", "ensemble", "autour", "chaque"]),
    (Sides, &["autre", "côté", "entre"]),
    (Question, &["pourquoi", "quand", "comment", "où"]),
];

const CMN: Table = &[
    (Me, &["我", "我们"]),
    (You, &["你", "你们"]),
    (There, &["那里", "那边", "那个", "那", "在那边"]),
    (Here, &["这里", "这个", "这"]),
    (Up, &["山上", "高"]),
    (Down, &["楼下", "桥下", "下"]),
    (Big, &["大", "长", "宽", "高"]),
    (Small, &["小", "短"]),
    (Number(1), &["先", "一起"]),
    (Number(2), &["两", "两个"]),
    (Number(3), &["三", "三个"]),
    (Number(4), &["四", "四个"]),
    (Number(5), &["五", "五个"]),
    (Not, &["不", "没有", "别", "不想", "不是"]),
    (All, &["都", "大家", "所有", "很多"]),
    (Sides, &["另", "一方面", "另一方面", "和"]),
    (Question, &["为什么", "什么"]),
];

/// What a word asks for, if anything.
pub fn meaning(language: Language, word: &str) -> Option<Meaning> {
    let table = match language {
        Language::Mandarin => CMN,
        Language::French => FRA,
        Language::AmericanEnglish => ENG,
    };
    let word = word.to_lowercase();
    let word = word.trim_matches(|c: char| !c.is_alphanumeric() && c != '\'');
    // French elision is written on: d'un, l'autre.
    let bare = word.rsplit_once(['\'', '’']).map_or(word, |(_, w)| w);
    table.iter().find(|(_, list)| list.contains(&word) || (!bare.is_empty() && list.contains(&bare))).map(|(m, _)| *m)
}
