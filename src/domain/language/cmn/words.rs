//! Words of a run of characters and how each is read.
//!
//! The segmenter cuts the run; a word is read from the phrase table, or in parts from shorter phrases, or character by
//! character. Phrases may also join words that the segmenter left apart (差|一点). What is still open goes to the
//! rules of [`super::polyphones`].

use std::ops::Range;

use super::lexicon;
use super::pinyin::Pinyin;
use super::polyphones::{self, View};
use super::scan::Han;
use super::senses::{sense, surname};
use super::tokens::tokens;

/// A word with its readings.
#[derive(Clone, Debug)]
pub struct HanWord {
    /// As it was written.
    pub text: String,
    /// Simplified, as the tables have it.
    pub plain: Vec<char>,
    pub range: Range<usize>,
    pub tag: &'static str,
    /// Made from digits.
    pub number: bool,
    /// Best first; each has one syllable a character. Empty when a character is unknown.
    pub readings: Vec<Vec<Pinyin>>,
    /// The best reading came from the phrase table or is the only one, not from a rule.
    pub listed: bool,
}

/// Something in a clause: a word, or another sound between words (Latin letters, pinyin).
#[derive(Clone, Debug)]
pub enum Item {
    Word(HanWord),
    Other,
}

/// Cuts a run of characters into words, without readings.
pub fn cut(run: &[Han]) -> Vec<HanWord> {
    let plain: Vec<char> = plain_characters(run);
    let text: String = plain.iter().collect();
    let mut words: Vec<HanWord> = Vec::new();
    let mut at = 0;
    for (word, tag) in recut(lexicon::cut(&text), run) {
        let length = word.chars().count();
        let part = &run[at..at + length];
        let range = part[0].range.start..part[length - 1].range.end;
        let number = part.iter().all(|h| h.number);
        // Characters of one number stay together.
        if let Some(last) = words.last_mut()
            && number
            && last.number
            && last.range == range
        {
            last.text.extend(part.iter().map(|h| h.char));
            last.plain.extend_from_slice(&plain[at..at + length]);
        } else {
            words.push(HanWord {
                text: part.iter().map(|h| h.char).collect(),
                plain: plain[at..at + length].to_vec(),
                range,
                tag: if number { "m" } else { tag },
                number,
                readings: Vec::new(),
                listed: false,
            });
        }
        at += length;
    }
    words
}

/// Corrects the segmenter: a number is a word of its own, and 地 and 觉 belong elsewhere in 不停|地|下着, 睡觉|得.
fn recut(words: Vec<(String, &'static str)>, run: &[Han]) -> Vec<(String, &'static str)> {
    let mut out: Vec<(String, &'static str)> = Vec::with_capacity(words.len());
    let mut at = 0;
    for (i, (word, tag)) in words.iter().enumerate() {
        let length = word.chars().count();
        let part = &run[at..at + length];
        at += length;
        let next = words.get(i + 1).map_or("", |w| w.0.as_str());
        let before = out.last().map(|w| (w.0.clone(), w.1));
        let adverb =
            before.as_ref().is_some_and(|(w, t)| w.chars().count() >= 2 && t.starts_with(['d', 'a', 'z', 'i', 'v']));
        let climbs = match word.as_str() {
            "地下" => next.starts_with(['着', '起', '去', '来', '了', '雨', '雪', '车', '楼', '山']),
            "地上" => next.starts_with(['楼', '去', '来', '车', '升', '台', '山', '前', '网', '课', '班']),
            _ => false,
        };
        if adverb && climbs {
            out.push(("地".to_owned(), "uv"));
            out.push((word.chars().skip(1).collect(), "v"));
            continue;
        }
        if word == "觉得" && before.as_ref().is_some_and(|(w, _)| w == "睡") {
            out.pop();
            out.push(("睡觉".to_owned(), "v"));
            out.push(("得".to_owned(), "ud"));
            continue;
        }
        // 重重地 is 重重|地.
        let mut chars = word.chars();
        if length == 3 && word.ends_with('地') && chars.next() == chars.next() {
            out.push((word.chars().take(2).collect(), "z"));
            out.push(("地".to_owned(), "uv"));
            continue;
        }
        // 东|西藏 is 东西|藏.
        if word == "西藏" && before.as_ref().is_some_and(|(w, _)| w == "东") {
            out.pop();
            out.push(("东西".to_owned(), "n"));
            out.push(("藏".to_owned(), "v"));
            continue;
        }
        // 重|重地|叹气 is 重重|地.
        if length == 2
            && word.ends_with('地')
            && before.as_ref().is_some_and(|(w, _)| word.starts_with(w.as_str()) && w.chars().count() == 1)
        {
            let doubled = before.map(|(w, _)| w.repeat(2)).unwrap_or_default();
            out.pop();
            out.push((doubled, "z"));
            out.push(("地".to_owned(), "uv"));
            continue;
        }
        // Where digits begin or end inside the word.
        let key = |h: &Han| h.number.then(|| h.range.clone());
        let mut from = 0;
        for k in 1..=length {
            if k == length || key(&part[k]) != key(&part[k - 1]) {
                let piece: String = word.chars().skip(from).take(k - from).collect();
                let tag = if from == 0 && k == length { *tag } else { lexicon::tag(&piece) };
                out.push((piece, tag));
                from = k;
            }
        }
    }
    out
}

/// Simplified characters; 著 is 着 where it is the particle, and 乾 stays where it is said qián.
fn plain_characters(run: &[Han]) -> Vec<char> {
    let mut plain: Vec<char> = run.iter().map(|h| lexicon::simplify(h.char)).collect();
    for i in 0..run.len() {
        let next = plain.get(i + 1).copied().unwrap_or(' ');
        let before = i.checked_sub(1).map_or(' ', |b| plain[b]);
        match run[i].char {
            '著' => {
                let written = "名作称者述书录".contains(next) || "显名编原土卓昭论专巨译合拙遗新所".contains(before);
                if !written {
                    plain[i] = '着';
                }
            }
            '乾' if "隆坤卦县陵".contains(next) || before == '转' => plain[i] = '乾',
            '瞭' if "解然若如".contains(next) || before == '明' => plain[i] = '了',
            '甚' if matches!(next, '么') => plain[i] = '什',
            _ => {}
        }
    }
    plain
}

/// Whether a foot begins before place `s` of a word: in 纸|老虎 and 岂有|此理, and in numbers as they are built.
pub fn half(word: &HanWord, s: usize) -> bool {
    let n = word.plain.len();
    if s == 0 {
        return false;
    }
    if word.number {
        let unit = |c: char| "百千万亿十点分".contains(c);
        return unit(word.plain[s - 1]) && word.plain[s - 1] != '点'
            || !word.plain.iter().any(|c| unit(*c)) && s.is_multiple_of(2);
    }
    match (n, s) {
        (3, 1) => {
            let pair = |from: usize| lexicon::is_word(&word.plain[from..from + 2].iter().collect::<String>());
            pair(1) && !pair(0)
        }
        (4, 2) => true,
        _ => false,
    }
}

/// Gives readings to the words of a clause.
pub fn read(items: &mut [Item]) {
    let mut at = 0;
    while at < items.len() {
        if matches!(items[at], Item::Other) {
            at += 1;
            continue;
        }
        let end = items[at..].iter().position(|i| matches!(i, Item::Other)).map_or(items.len(), |p| at + p);
        join_phrases(&mut items[at..end]);
        at = end;
    }
    let words: Vec<HanWord> = items
        .iter()
        .map(|i| match i {
            Item::Word(word) => word.clone(),
            // A Latin word counts as a noun to its neighbours.
            Item::Other => HanWord {
                text: "某".into(),
                plain: vec!['某'],
                range: 0..0,
                tag: "n",
                number: false,
                readings: Vec::new(),
                listed: false,
            },
        })
        .collect();
    for (at, item) in items.iter_mut().enumerate() {
        if let Item::Word(word) = item
            && word.readings.is_empty()
        {
            read_word(word, &words, at);
        }
    }
    across(items);
    for item in items.iter_mut() {
        if let Item::Word(word) = item {
            as_written(word);
        }
    }
}

/// Where the segmenter may have cut in the wrong place: the last character of a word and the first of the next are a
/// word too, in which one of them is said otherwise. Both readings are kept.
fn across(items: &mut [Item]) {
    for at in 1..items.len() {
        let (left, right) = items.split_at_mut(at);
        let (Some(Item::Word(a)), Item::Word(b)) = (left.last_mut(), &mut right[0]) else { continue };
        let (Some(x), Some(y)) = (a.plain.last(), b.plain.first()) else { continue };
        let pair: String = [*x, *y].iter().collect();
        if a.number || b.number || a.plain.len() + b.plain.len() < 3 || has_particle(&pair) || !lexicon::is_word(&pair)
        {
            continue;
        }
        let Some(reading) = lexicon::phrase(&pair) else { continue };
        for (word, place, syllable) in [(a, usize::MAX, &reading[0]), (b, 0, &reading[1])] {
            let [only] = word.readings.as_slice() else { continue };
            let place = place.min(word.plain.len() - 1);
            if only.get(place).is_some_and(|s| s.base != syllable.base) {
                let mut other = only.clone();
                other[place] = syllable.clone();
                word.readings.push(other);
            }
        }
    }
}

/// A phrase of the table may stand over several words: it fixes their reading.
fn join_phrases(items: &mut [Item]) {
    let longest = lexicon::longest_phrase();
    let mut at = 0;
    while at < items.len() {
        let mut text = String::new();
        let mut found: Option<(usize, Vec<Pinyin>)> = None;
        let mut single = true;
        for (end, item) in items.iter().enumerate().skip(at) {
            let Item::Word(word) = item else { break };
            if word.number {
                break;
            }
            text.extend(&word.plain);
            single &= word.plain.len() == 1;
            let length = text.chars().count();
            if length > longest {
                break;
            }
            // Two single characters side by side are a phrase by chance too often, unless it is one of our own.
            let safe = length >= 3 || single && end == at + 1 && !has_particle(&text);
            if end > at
                && safe
                && let Some(reading) = lexicon::phrase(&text)
                && lexicon::doubtful(&text).is_none()
            {
                found = Some((end + 1, reading));
            }
        }
        let Some((end, reading)) = found else {
            at += 1;
            continue;
        };
        let mut from = 0;
        for item in &mut items[at..end] {
            if let Item::Word(word) = item {
                let to = from + word.plain.len();
                word.readings = vec![reading[from..to].to_vec()];
                word.listed = true;
                from = to;
            }
        }
        at = end;
    }
}

/// Little words that stand beside anything: a phrase of two characters with one of them proves nothing.
fn has_particle(text: &str) -> bool {
    text.chars().any(|c| {
        "的了着得地还都不也就很在是有我你他她它这那和与又再才只要会能可没把被给对从到去来上下过吗呢吧啊想说看做让为"
            .contains(c)
    })
}

fn read_word(word: &mut HanWord, words: &[HanWord], at: usize) {
    let text: String = word.plain.iter().collect();
    if word.number {
        word.readings = vec![number_reading(&word.plain)];
        word.listed = true;
        // 二百 is as often 两百.
        if text == "二百" {
            word.readings.push(lexicon::parse("liang3 bai3"));
        } else if text.contains('幺') && word.plain.len() < 7 && !ALARMS.contains(&text.as_str()) {
            // Telephone numbers are always read so; of rooms and lines one hears both.
            let fixed = plain_yi(&word.readings[0], &word.plain);
            word.readings.push(fixed);
        }
        return;
    }
    if let Some(list) = lexicon::doubtful(&text) {
        word.readings = match sense(&text, words, at) {
            Some(choice) => vec![list[choice].clone()],
            None => list,
        };
        return;
    }
    if word.plain.len() > 1 {
        if let Some(reading) = lexicon::phrase(&text) {
            word.readings = vec![reading];
            word.listed = true;
            return;
        }
        if word.tag == "nr"
            && let Some(surname) = surname(word.plain[0], word.plain.get(1).copied())
        {
            let mut readings = parts(word, words, at);
            if let Some(usual) = readings.first().cloned() {
                readings[0][0] = surname;
                if usual[0].base != readings[0][0].base {
                    readings.push(usual);
                }
            }
            word.readings = readings;
            return;
        }
    }
    word.readings = parts(word, words, at);
}

/// Numbers to call that everyone says alike.
const ALARMS: [&str; 6] = ["幺幺零", "幺幺九", "幺二零", "幺二二", "幺幺四", "幺零零八六"];

/// 幺 read as 一.
fn plain_yi(reading: &[Pinyin], plain: &[char]) -> Vec<Pinyin> {
    reading.iter().zip(plain).map(|(p, c)| if *c == '幺' { Pinyin::numbered("yi1") } else { p.clone() }).collect()
}

fn number_reading(plain: &[char]) -> Vec<Pinyin> {
    plain
        .iter()
        .map(|c| match c {
            '幺' => Pinyin::numbered("yao1"),
            '年' => Pinyin::numbered("nian2"),
            '分' => Pinyin::numbered("fen1"),
            '克' => Pinyin::numbered("ke4"),
            '行' => Pinyin::numbered("xing2"),
            _ => lexicon::character(*c).into_iter().next().unwrap_or_else(|| Pinyin::numbered("ling2")),
        })
        .collect()
}

/// Reads a word from the phrases inside it and its single characters; several readings where a rule is in doubt.
fn parts(word: &mut HanWord, words: &[HanWord], at: usize) -> Vec<Vec<Pinyin>> {
    let n = word.plain.len();
    let mut slots: Vec<Vec<Pinyin>> = vec![Vec::new(); n];
    let mut ruled = false;
    let mut i = 0;
    while i < n {
        let found = (i + 2..=n).rev().find_map(|end| {
            if i == 0 && end == n {
                return None;
            }
            let part: String = word.plain[i..end].iter().collect();
            lexicon::phrase(&part).map(|reading| (end, part, reading))
        });
        if let Some((end, part, reading)) = found {
            for (slot, syllable) in slots[i..end].iter_mut().zip(reading) {
                slot.push(syllable);
            }
            for other in lexicon::doubtful(&part).unwrap_or_default() {
                for (slot, syllable) in slots[i..end].iter_mut().zip(other) {
                    if slot.iter().all(|s| s.base != syllable.base) {
                        slot.push(syllable);
                    }
                }
            }
            i = end;
            continue;
        }
        let (found, by_rule) = single(word, i, words, at);
        slots[i] = found;
        ruled |= by_rule;
        if slots[i].is_empty() {
            return Vec::new();
        }
        i += 1;
    }
    let best: Vec<Pinyin> = slots.iter().map(|s| s[0].clone()).collect();
    // Nothing to choose: what the table says is all there is.
    word.listed = !ruled;
    let mut readings = vec![best.clone()];
    for (i, slot) in slots.iter().enumerate() {
        for other in &slot[1..] {
            let mut reading = best.clone();
            reading[i] = other.clone();
            readings.push(reading);
        }
    }
    readings.truncate(4);
    readings
}

/// How many words the rules see on each side.
pub(super) const REACH: usize = 14;

/// Readings of one character of a word, and whether a rule gave them.
fn single(word: &HanWord, i: usize, words: &[HanWord], at: usize) -> (Vec<Pinyin>, bool) {
    let c = word.plain[i];
    let head: String = word.plain[..i].iter().collect();
    let tail: String = word.plain[i + 1..].iter().collect();
    // No rule looks further, and a text without commas may be long.
    let (first, past) = (at.saturating_sub(REACH), words.len().min(at + 1 + REACH));
    let before: String = words[first..at].iter().flat_map(|w| w.plain.iter()).chain(&word.plain[..i]).collect();
    let after: String =
        word.plain[i + 1..].iter().chain(words[at + 1..past].iter().flat_map(|w| w.plain.iter())).collect();
    let (prev, prev_tag) = if !head.is_empty() {
        (head.clone(), lexicon::tag(&head))
    } else {
        at.checked_sub(1).map_or((String::new(), ""), |p| (words[p].plain.iter().collect(), words[p].tag))
    };
    let (next, next_tag) = if !tail.is_empty() {
        (tail.clone(), lexicon::tag(&tail))
    } else {
        words.get(at + 1).map_or((String::new(), ""), |w| (w.plain.iter().collect(), w.tag))
    };
    let own_tag = if word.plain.len() > 1 { word.tag } else { "" };
    let last = i > 0 && i + 1 == word.plain.len();
    let view = View { before: &before, after: &after, prev: &prev, prev_tag, next: &next, next_tag, own_tag, last };
    if let Some(list) = polyphones::decide(c, &view) {
        let mut readings: Vec<Pinyin> = list.iter().map(|r| Pinyin::numbered(r)).collect();
        if let [only] = list
            && word.plain.len() == 1
            && let Some(other) = polyphones::doubt(c, only, &view)
        {
            readings.push(Pinyin::numbered(other));
        }
        return (readings, true);
    }
    let known = lexicon::character(c);
    // In a word that no table has, a name perhaps, the second reading is as likely.
    let named = word.tag.starts_with("nr") || matches!(word.tag, "ns" | "nt" | "nz" | "x");
    let other = matches!(known.as_slice(), [first, second, ..] if first.base != second.base);
    let open = word.plain.len() > 1 && other && (named || UNSURE.contains(c));
    (known.into_iter().take(if open { 2 } else { 1 }).collect(), false)
}

/// Characters with a second reading in everyday words and places.
const UNSURE: &str = "堡泊番莘厦拓脯娜秘纤称澄蔓畜伯辟绰囤否稽吭烙抹脉泌弄排迫屏曝栖茄褪蔚巷琢匙幢蚌膀扁枞";

/// A traditional character may allow fewer readings than its simplified form (發 fā, 髮 fà, 瞭 liǎo).
fn as_written(word: &mut HanWord) {
    let written: Vec<char> = word.text.chars().collect();
    if written == word.plain || written.len() != word.plain.len() {
        return;
    }
    for (i, (w, p)) in written.iter().zip(&word.plain).enumerate() {
        if w == p || matches!((w, p), ('著', '着') | ('甚', '什')) {
            continue;
        }
        let own = lexicon::character(*w);
        if own.is_empty() {
            continue;
        }
        for reading in &mut word.readings {
            let fits = own.iter().any(|o| o.base == reading[i].base) || tokens(&reading[i].base).is_none();
            // Neutral tones and the like are in no table of single characters.
            if !fits {
                reading[i] = own[0].clone();
            } else if !own.contains(&reading[i])
                && reading[i].tone != 5
                && let Some(same) = own.iter().find(|o| o.base == reading[i].base)
            {
                reading[i] = same.clone();
            }
        }
        word.readings.dedup();
    }
}
