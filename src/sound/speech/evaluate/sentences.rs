//! Sentences that the alignment is measured on, typed for it.
//!
//! The first half of each list is for working on the aligner; the second half has been kept away from that: nothing was
//! tuned on it, and it is what published numbers are measured on. Whoever changes the aligner looks at the first half
//! only, and whoever looks into single errors of the second half moves those sentences to the first.

use crate::language::Language;

/// Which half of the sentences.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Half {
    /// May be tuned on.
    Work,
    /// Never tuned on.
    HeldOut,
}

/// The sentences of one half.
pub fn sentences(language: Language, half: Half) -> &'static [&'static str] {
    let all: &[&str] = match language {
        Language::Mandarin => &MANDARIN,
        Language::French => &FRENCH,
        Language::AmericanEnglish => &ENGLISH,
    };
    let middle = all.len() / 2;
    match half {
        Half::Work => &all[..middle],
        Half::HeldOut => &all[middle..],
    }
}

const MANDARIN: [&str; 24] = [
    // For working.
    "我想买一张去上海的火车票。",
    "请把窗户关上，外面风很大。",
    "他们昨天晚上在饭店吃了烤鸭。",
    "小猫在沙发下面睡觉。",
    "图书馆里有很多学生在看书。",
    "妈妈每天早上六点钟起床做饭。",
    "这个问题比较难，我们再讨论一下。",
    "春天来了，公园里的花都开了。",
    "老师让我们把课文读三遍。",
    "你喜欢喝茶还是喝咖啡？",
    "弟弟的自行车坏了，需要修理。",
    "从这里到机场大概要四十分钟。",
    // Held out.
    "奶奶喜欢坐在院子里晒太阳。",
    "下雨了，别忘记带雨伞。",
    "他的汉语说得非常流利。",
    "我们周末打算去爬山，你也一起来吧。",
    "桌子上放着一本厚厚的词典。",
    "医生建议他少抽烟，多运动。",
    "飞机马上就要起飞了，请系好安全带。",
    "她唱歌的声音像小鸟一样好听。",
    "冰箱里还有两个苹果和一瓶牛奶。",
    "过了桥往左拐，就能看见邮局。",
    "孩子们在操场上高兴地跑来跑去。",
    "昨天的电影很有意思，我看了两次。",
];

const FRENCH: [&str; 24] = [
    // For working.
    "Le petit garçon mange une pomme rouge.",
    "Nous partirons demain matin très tôt.",
    "Elle a perdu ses clefs dans le jardin.",
    "Mon voisin joue du piano tous les soirs.",
    "Il fait froid, mets ton manteau bleu.",
    "La boulangère vend du pain et des gâteaux.",
    "Les enfants courent vers la plage.",
    "Je voudrais un verre d'eau fraîche, s'il vous plaît.",
    "Ce train s'arrête dans toutes les gares.",
    "Tu peux fermer la fenêtre de la cuisine ?",
    "Le docteur examine la jambe du malade.",
    "Ma sœur apprend à nager depuis un mois.",
    // Held out.
    "Le vieux chien dort devant la cheminée.",
    "On entend chanter les oiseaux dès l'aube.",
    "Ma tante prépare une soupe aux légumes.",
    "Vous trouverez la mairie au bout de cette rue.",
    "Son frère répare des montres anciennes.",
    "La neige tombe doucement sur la ville.",
    "J'ai oublié mon parapluie chez le coiffeur.",
    "Ils ont construit une cabane au fond du bois.",
    "Quelle heure est-il ? Je crois que ma montre retarde.",
    "Le facteur apporte une lettre et deux colis.",
    "Nous avons visité un château près de la rivière.",
    "Cette chanson me rappelle mon enfance.",
];

const ENGLISH: [&str; 24] = [
    // For working.
    "The children played in the garden until dark.",
    "Could you pass me the salt and pepper?",
    "My brother bought a new camera last week.",
    "She walks to school with her best friend.",
    "The train to the city leaves at seven.",
    "We found a small bird under the bench.",
    "He always drinks his coffee without sugar.",
    "It might rain this afternoon, so take a jacket.",
    "The teacher asked us to open our books.",
    "I would rather stay home and read.",
    "They are building a bridge across the river.",
    "Please turn off the lights before you go.",
    // Held out.
    "The old clock on the wall has stopped.",
    "Her grandmother bakes bread every Sunday.",
    "A yellow taxi waited outside the hotel.",
    "Do you remember the name of that song?",
    "Fresh vegetables taste better than frozen ones.",
    "The dog chased a squirrel up the tree.",
    "I left my glasses on the kitchen table.",
    "Both teams played very well, but nobody won.",
    "The doctor told him to drink more water.",
    "We watched the ships sail into the harbor.",
    "Someone knocked at the door during dinner.",
    "This blue shirt is cheaper than the green one.",
];

/// Words that stand in no sentence: what somebody might say between.
pub fn strangers(language: Language) -> &'static [&'static str] {
    match language {
        Language::Mandarin => &["那个", "对不起", "电话", "恐怕"],
        Language::French => &["enfin", "pardon", "voilà", "zut"],
        Language::AmericanEnglish => &["sorry", "actually", "umbrella", "maybe"],
    }
}
