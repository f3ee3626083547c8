//! The synthesiser's sounds laid against ours: it may say one sound more or less, or split them otherwise.
//!
//! Both sides are spelled in [`Letter`]s (a diphthong is two, with its time shared out). The cheapest edit between the
//! two spellings is found, with a price on a word beginning where the other side has none; each of our phones then
//! begins where its first matched letter begins. Phones without a match share the time of their neighbours.

use super::sounds::{Letter, Manner};

/// A sound that a synthesiser made, in seconds or samples (any unit of time).
#[derive(Clone, Debug)]
pub struct Heard {
    pub letters: Vec<Letter>,
    pub start: f64,
    pub end: f64,
    /// A word (for Mandarin: a syllable) begins here.
    pub begins_word: bool,
}

/// One of our phones.
#[derive(Clone, Debug)]
pub struct Wanted {
    pub letters: Vec<Letter>,
    pub begins_word: bool,
}

/// What came of it: a stretch for every wanted phone, and how badly the two sides fit (mean cost per letter; above
/// about 0.5 they are not the same words).
#[derive(Clone, Debug, Default)]
pub struct Mapped {
    pub spans: Vec<(f64, f64)>,
    pub cost: f32,
    /// Cost per wanted phone.
    pub costs: Vec<f32>,
}

const MISSING: f32 = 0.9;
const EXTRA: f32 = 0.8;
const WORD_EDGE: f32 = 0.3;

#[derive(Clone, Copy)]
struct Piece {
    letter: Letter,
    start: f64,
    end: f64,
    begins_word: bool,
}

/// Lays `heard` against `wanted`. With nothing heard all spans are empty at 0.
pub fn map(heard: &[Heard], wanted: &[Wanted]) -> Mapped {
    let pieces: Vec<Piece> = heard.iter().flat_map(pieces_of).collect();
    let letters: Vec<(usize, Letter, bool)> = wanted
        .iter()
        .enumerate()
        .flat_map(|(i, w)| w.letters.iter().enumerate().map(move |(k, &letter)| (i, letter, w.begins_word && k == 0)))
        .collect();
    if pieces.is_empty() || letters.is_empty() {
        return Mapped { spans: vec![(0.0, 0.0); wanted.len()], cost: f32::MAX, costs: vec![MISSING; wanted.len()] };
    }
    let (rows, columns) = (pieces.len() + 1, letters.len() + 1);
    let mut cost = vec![f32::INFINITY; rows * columns];
    let mut from = vec![0_u8; rows * columns];
    cost[0] = 0.0;
    for r in 0..rows {
        for c in 0..columns {
            let here = r * columns + c;
            if r > 0 {
                let extra = if pieces[r - 1].letter.manner == Manner::Vowel { EXTRA + 0.2 } else { EXTRA };
                let by = cost[here - columns] + extra;
                if by < cost[here] {
                    (cost[here], from[here]) = (by, 1);
                }
            }
            if c > 0 {
                let by = cost[here - 1] + MISSING;
                if by < cost[here] {
                    (cost[here], from[here]) = (by, 2);
                }
            }
            if r > 0 && c > 0 {
                let (p, (_, letter, begins)) = (pieces[r - 1], letters[c - 1]);
                let edge = if p.begins_word == begins { 0.0 } else { WORD_EDGE };
                let by = cost[here - columns - 1] + p.letter.distance(letter) + edge;
                // Ties go to a match.
                if by <= cost[here] {
                    (cost[here], from[here]) = (by, 0);
                }
            }
        }
    }
    // Walk back: which piece each wanted letter matched, and what each phone cost.
    let mut matched: Vec<Option<usize>> = vec![None; letters.len()];
    let mut costs = vec![0.0_f32; wanted.len()];
    let (mut r, mut c) = (pieces.len(), letters.len());
    while r > 0 || c > 0 {
        let here = r * columns + c;
        match from[here] {
            0 => {
                matched[c - 1] = Some(r - 1);
                costs[letters[c - 1].0] += pieces[r - 1].letter.distance(letters[c - 1].1);
                r -= 1;
                c -= 1;
            }
            1 => {
                // Said but not wanted: held against the phone it stands beside.
                let owner = letters[c.saturating_sub(1).min(letters.len() - 1)].0;
                costs[owner] += EXTRA;
                r -= 1;
            }
            _ => {
                costs[letters[c - 1].0] += MISSING;
                c -= 1;
            }
        }
    }
    let total = cost[rows * columns - 1] / pieces.len().max(letters.len()) as f32;
    Mapped { spans: spans(&pieces, &letters, &matched, wanted.len()), cost: total, costs }
}

/// Turns matched letters into stretches: contiguous but for the pauses between pieces.
fn spans(
    pieces: &[Piece],
    letters: &[(usize, Letter, bool)],
    matched: &[Option<usize>],
    count: usize,
) -> Vec<(f64, f64)> {
    // First matched piece of each phone.
    let mut first: Vec<Option<usize>> = vec![None; count];
    for ((phone, ..), piece) in letters.iter().zip(matched) {
        if first[*phone].is_none() {
            first[*phone] = *piece;
        }
    }
    let mut out = vec![(0.0, 0.0); count];
    let mut i = 0;
    while i < count {
        // The run of phones from here that have no piece of their own shares the stretch of the one before.
        // Only at the very start can a phone have none before it: then it shares the first stretch.
        let begin = if i == 0 { 0 } else { first[i].unwrap_or(pieces.len() - 1) };
        let owner = (i..count).find(|&k| first[k].is_some()).unwrap_or(count - 1);
        let mut last = owner + 1;
        while last < count && first[last].is_none() {
            last += 1;
        }
        // All pieces up to the next matched phone's first belong here: extra sounds join the phone before them.
        let next_piece = if last < count { first[last].unwrap_or(pieces.len()) } else { pieces.len() };
        let end_piece = next_piece.max(begin + 1) - 1;
        let start = pieces[begin].start;
        // A pause inside the stretch ends it, unless later pieces follow.
        share(&mut out[i..last], start, pieces[end_piece].end);
        i = last;
    }
    out
}

fn share(spans: &mut [(f64, f64)], start: f64, end: f64) {
    let n = spans.len() as f64;
    for (i, span) in spans.iter_mut().enumerate() {
        *span = (start + (end - start) * i as f64 / n, start + (end - start) * (i + 1) as f64 / n);
    }
}

/// One heard sound as letters with their share of its time.
fn pieces_of(heard: &Heard) -> Vec<Piece> {
    let weights: Vec<f64> = heard
        .letters
        .iter()
        .enumerate()
        .map(|(i, l)| {
            let next = heard.letters.get(i + 1);
            match (l.manner, next.map(|n| n.manner)) {
                // A glide before a vowel, or a close vowel that acts as one, is short.
                (Manner::Glide, Some(Manner::Vowel)) => 0.5,
                (Manner::Vowel, Some(Manner::Vowel)) if l.height > 0.8 => 0.5,
                (Manner::Nasal, _) => 0.8,
                _ => 1.0,
            }
        })
        .collect();
    let total: f64 = weights.iter().sum();
    let mut at = heard.start;
    heard
        .letters
        .iter()
        .zip(&weights)
        .enumerate()
        .map(|(i, (&letter, w))| {
            let start = at;
            at += (heard.end - heard.start) * w / total;
            let end = if i + 1 == heard.letters.len() { heard.end } else { at };
            Piece { letter, start, end, begins_word: heard.begins_word && i == 0 }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::speech::sounds::letters_of_ipa;

    fn heard(list: &[(&str, f64, f64)]) -> Vec<Heard> {
        list.iter()
            .map(|&(ipa, start, end)| Heard { letters: letters_of_ipa(ipa), start, end, begins_word: false })
            .collect()
    }

    fn wanted(list: &[&str]) -> Vec<Wanted> {
        list.iter().map(|ipa| Wanted { letters: letters_of_ipa(ipa), begins_word: false }).collect()
    }

    #[test]
    fn same_sounds_map_one_to_one() {
        let m = map(&heard(&[("h", 0.0, 1.0), ("ə", 1.0, 2.0), ("l", 2.0, 3.0)]), &wanted(&["h", "ə", "l"]));
        assert_eq!(m.spans, vec![(0.0, 1.0), (1.0, 2.0), (2.0, 3.0)]);
        assert!(m.cost < 1e-6);
    }

    #[test]
    fn a_split_final_is_joined_and_a_joined_glide_split() {
        // Mandarin huan: x, ua, n heard; h, w, an wanted.
        let m = map(&heard(&[("χ", 0.0, 1.0), ("ua", 1.0, 2.5), ("n", 2.5, 3.0)]), &wanted(&["x", "w", "an"]));
        assert_eq!(m.spans, vec![(0.0, 1.0), (1.0, 1.5), (1.5, 3.0)]);
    }

    #[test]
    fn extra_and_missing_sounds_keep_the_rest_in_place() {
        let m = map(
            &heard(&[("b", 0.0, 1.0), ("ə", 1.0, 2.0), ("l", 2.0, 3.0), ("t", 3.0, 4.0)]),
            &wanted(&["b", "l", "t"]),
        );
        assert_eq!(m.spans, vec![(0.0, 2.0), (2.0, 3.0), (3.0, 4.0)]);
        let m = map(&heard(&[("b", 0.0, 1.0), ("i", 1.0, 2.0), ("t", 2.0, 4.0)]), &wanted(&["b", "i", "s", "t"]));
        assert_eq!(m.spans.len(), 4);
        assert!(m.spans.windows(2).all(|w| w[0].1 <= w[1].0 + 1e-9), "{:?}", m.spans);
    }

    #[test]
    fn nothing_heard_is_no_crash() {
        assert_eq!(map(&[], &wanted(&["a"])).spans, vec![(0.0, 0.0)]);
        assert!(map(&heard(&[("a", 0.0, 1.0)]), &[]).spans.is_empty());
    }

    proptest::proptest! {
        #[test]
        fn spans_never_run_backwards(a in "[pbtkmnaioujwsʃ]{1,12}", b in "[pbtkmnaioujwsʃ]{1,12}") {
            let h: Vec<Heard> = letters_of_ipa(&a).into_iter().enumerate()
                .map(|(i, l)| Heard { letters: vec![l], start: i as f64, end: i as f64 + 0.9, begins_word: i % 3 == 0 }).collect();
            let w: Vec<Wanted> = letters_of_ipa(&b).into_iter().map(|l| Wanted { letters: vec![l], begins_word: false }).collect();
            let m = map(&h, &w);
            proptest::prop_assert_eq!(m.spans.len(), w.len());
            let mut at = 0.0;
            for (s, e) in m.spans {
                proptest::prop_assert!(s >= at - 1e-9 && e >= s - 1e-9);
                at = e;
            }
        }
    }
}
