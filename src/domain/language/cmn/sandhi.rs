//! Tone changes in context: 一 and 不 before other tones, and third tones in a row.
//!
//! They change no cue; they matter for the optional head-tone track and for the synthesiser.

use super::pinyin::Pinyin;

/// One syllable with what the rules need to know of it.
#[derive(Clone, Debug)]
pub struct Spoken {
    pub char: char,
    pub pinyin: Pinyin,
    /// First syllable of its word.
    pub word_start: bool,
    /// Second half of its word: a foot begins here.
    pub half: bool,
    /// Part of speech of the word.
    pub tag: &'static str,
    /// 一 that counts or names (dates, digits, ordinals) keeps its tone.
    pub counting: bool,
}

/// Changes the tones of one breath group, in place.
pub fn apply(group: &mut [Spoken]) {
    yi_and_bu(group);
    twice(group);
    third_tones(group);
}

fn yi_and_bu(group: &mut [Spoken]) {
    for i in 0..group.len() {
        let next = group.get(i + 1).map(|s| (s.pinyin.tone, s.char));
        let before = i.checked_sub(1).map(|b| group[b].char);
        // 看一看, 好不好, but not 一步一步.
        let own = group[i].char;
        let doubled =
            before.is_some() && before == next.map(|n| n.1) && i.checked_sub(2).is_none_or(|b| group[b].char != own);
        match group[i].char {
            '一' if group[i].pinyin.base == "yi" && group[i].pinyin.tone == 1 && !group[i].counting => {
                let same_word = group.get(i + 1).is_some_and(|s| !s.word_start);
                group[i].pinyin.tone = match next {
                    Some(_) if doubled => 5,
                    // 个 counts as the fourth tone it has lost.
                    Some((4, _)) | Some((5, '个')) => 2,
                    Some((1..=3, _)) => 4,
                    Some((5, _)) if same_word => 4,
                    _ => 1,
                };
            }
            '不' if group[i].pinyin.base == "bu" && group[i].pinyin.tone == 4 => {
                if doubled {
                    group[i].pinyin.tone = 5;
                } else if matches!(next, Some((4, _))) {
                    group[i].pinyin.tone = 2;
                }
            }
            _ => {}
        }
    }
}

/// Prepositions and verbs like them open a foot of their own: 请|把.
const OPENING: &str = "把给比往以使被";

/// Feet in which third tones rise before one another: a word, its halves where it has halves (纸|老虎, 岂有|此理), two
/// single syllables.
fn feet(group: &[Spoken]) -> Vec<std::ops::Range<usize>> {
    let single = |i: usize| group[i].word_start && group.get(i + 1).is_none_or(|s| s.word_start);
    let mut feet: Vec<std::ops::Range<usize>> = Vec::new();
    let mut i = 0;
    while i < group.len() {
        let mut end = i + 1;
        if !single(i) {
            while end < group.len() && !group[end].word_start && !group[end].half {
                end += 1;
            }
        } else if end < group.len() && single(end) {
            let subject = group[i].tag.starts_with('n') && group[end].tag.starts_with(['v', 'd', 'p', 'a']);
            let opens = OPENING.contains(group[end].char) && !group[i].tag.starts_with(['r', 'd']);
            if !subject && !opens {
                end += 1;
            }
        } else if end == group.len()
            && let Some(last) = feet.last_mut()
            && (last.len() < 3 && !group[last.start].tag.starts_with('n'))
        {
            // A last syllable joins the foot before.
            last.end = end;
            break;
        }
        feet.push(i..end);
        i = end;
    }
    feet
}

/// In a foot all third tones but the last of a row rise: 展览馆 2-2-3.
fn third_tones(group: &mut [Spoken]) {
    let feet = feet(group);
    for foot in &feet {
        let part = &mut group[foot.clone()];
        let third: Vec<bool> = part.iter().map(|s| s.pinyin.tone == 3).collect();
        for k in 0..part.len().saturating_sub(1) {
            if third[k] && third[k + 1] {
                part[k].pinyin.tone = 2;
            }
        }
    }
    // From the end, so that a foot is seen as it is said: a single syllable before a foot that begins with the third
    // tone rises (很|好看, 买|假货), but not 小|老鼠, whose 老 has risen.
    for pair in feet.windows(2).rev() {
        let (last, next) = (pair[0].end - 1, pair[1].start);
        if group[last].pinyin.tone != 3 || group[next].pinyin.tone != 3 {
            continue;
        }
        let alone = pair[0].len() == 1 && !(group[last].word_start && group[last].tag.starts_with('n'));
        let opens = OPENING.contains(group[next].char) && !group[last].tag.starts_with(['r', 'd']);
        let object = group[last].word_start
            && group[last].tag.starts_with('v')
            && group[next].tag.starts_with('n')
            && pair[1].len() > 1;
        if alone && !opens || object {
            group[last].pinyin.tone = 2;
        }
    }
}

/// A verb said twice loses its tone the second time: 看看, 想想, whose first syllable rises all the same.
fn twice(group: &mut [Spoken]) {
    for i in 1..group.len() {
        let (before, this) = (&group[i - 1], &group[i]);
        let whole = before.word_start && !this.word_start && group.get(i + 1).is_none_or(|s| s.word_start);
        if whole && before.char == this.char && this.tag.starts_with('v') && this.pinyin == before.pinyin {
            if before.pinyin.tone == 3 {
                group[i - 1].pinyin.tone = 2;
            }
            group[i].pinyin.tone = 5;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tones(words: &[&str]) -> String {
        let mut group = Vec::new();
        for word in words {
            for (i, part) in word.split(' ').enumerate() {
                let (char, pinyin) = part.split_at(part.chars().next().unwrap().len_utf8());
                group.push(Spoken {
                    char: char.chars().next().unwrap(),
                    pinyin: Pinyin::numbered(pinyin),
                    word_start: i == 0,
                    half: false,
                    tag: "",
                    counting: false,
                });
            }
        }
        apply(&mut group);
        group.iter().map(|s| s.pinyin.tone.to_string()).collect()
    }

    #[test]
    fn third_tones_rise_before_third_tones() {
        assert_eq!(tones(&["你ni3 好hao3"]), "23");
        assert_eq!(tones(&["展zhan3 览lan3 馆guan3"]), "223");
        assert_eq!(tones(&["我wo3", "很hen3", "好hao3"]), "223");
        assert_eq!(tones(&["很hen3", "好hao3 看kan4"]), "234");
        assert_eq!(tones(&["老lao3 师shi1"]), "31");
    }

    #[test]
    fn yi_and_bu_change() {
        assert_eq!(tones(&["一yi1", "个ge4"]), "24");
        assert_eq!(tones(&["一yi1 天tian1"]), "41");
        assert_eq!(tones(&["一yi1 起qi3"]), "43");
        assert_eq!(tones(&["看kan4", "一yi1", "看kan4"]), "454");
        assert_eq!(tones(&["不bu4", "是shi4"]), "24");
        assert_eq!(tones(&["不bu4", "好hao3"]), "43");
        assert_eq!(tones(&["是shi4", "不bu4", "是shi4"]), "454");
        assert_eq!(tones(&["万wan4 一yi1"]), "41");
    }
}
