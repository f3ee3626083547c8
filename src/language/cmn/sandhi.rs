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
    /// 一 that counts or names (dates, digits, ordinals) keeps its tone.
    pub counting: bool,
}

/// Changes the tones of one breath group, in place.
pub fn apply(group: &mut [Spoken]) {
    yi_and_bu(group);
    third_tones(group);
}

fn yi_and_bu(group: &mut [Spoken]) {
    for i in 0..group.len() {
        let next = group.get(i + 1).map(|s| (s.pinyin.tone, s.char));
        let before = i.checked_sub(1).map(|b| group[b].char);
        let doubled = before.is_some() && before == next.map(|n| n.1);
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

/// In feet of a word, or of a single syllable with what follows, a third tone before a third tone rises.
fn third_tones(group: &mut [Spoken]) {
    let mut feet: Vec<std::ops::Range<usize>> = Vec::new();
    let mut i = 0;
    while i < group.len() {
        let mut end = i + 1;
        while end < group.len() && !group[end].word_start {
            end += 1;
        }
        // Single syllables pair up, left to right; a last one joins the foot before.
        if end == i + 1 {
            let next_end = (end..group.len()).skip(1).find(|e| group[*e].word_start).unwrap_or(group.len());
            if end < group.len() && next_end == end + 1 {
                end = next_end;
            } else if end == group.len()
                && let Some(last) = feet.last_mut()
            {
                last.end = end;
                break;
            }
        }
        feet.push(i..end);
        i = end;
    }
    for foot in &feet {
        let part = &mut group[foot.clone()];
        let third: Vec<bool> = part.iter().map(|s| s.pinyin.tone == 3).collect();
        // All but the last of a row of third tones rise: 展览馆 2-2-3. (小老鼠 may be said 3-2-3; both are heard.)
        for k in 0..part.len().saturating_sub(1) {
            if third[k] && third[k + 1] {
                part[k].pinyin.tone = 2;
            }
        }
    }
    // A single syllable before a foot that still begins with the third tone rises too: 很|好看.
    for pair in feet.windows(2) {
        if pair[0].len() == 1 && group[pair[0].start].pinyin.tone == 3 && group[pair[1].start].pinyin.tone == 3 {
            group[pair[0].start].pinyin.tone = 2;
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
