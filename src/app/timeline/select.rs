//! What a box, a tier or one side of the playhead selects: pure functions of what is on the timeline.

use super::tiers::TierId;
use crate::app::board::Board;
use crate::document::{Project, Selection};
use crate::time::{Seconds, TimeRange};

/// Everything on some tiers that overlaps a stretch of time.
pub fn in_box(project: &Project, board: &Board, tiers: &[TierId], range: TimeRange) -> Selection {
    let mut found = Selection::default();
    for tier in tiers {
        let one = on_tier(project, board, *tier, |r| r.overlaps(range) || range.contains(r.start));
        found = union(&found, &one);
    }
    found
}

/// Everything on a tier.
pub fn all(project: &Project, board: &Board, tier: TierId) -> Selection {
    on_tier(project, board, tier, |_| true)
}

/// Everything on a tier that begins at or after `time`, or else ends at or before it.
pub fn beside(project: &Project, board: &Board, tier: TierId, time: Seconds, after: bool) -> Selection {
    const SLACK: f64 = 1e-6;
    on_tier(project, board, tier, |r| if after { r.start.0 >= time.0 - SLACK } else { r.end.0 <= time.0 + SLACK })
}

fn on_tier(project: &Project, board: &Board, tier: TierId, wanted: impl Fn(TimeRange) -> bool) -> Selection {
    let mut found = Selection::default();
    match tier {
        TierId::Words => {
            found.words = board.words.iter().filter(|w| wanted(w.range)).map(|w| w.word).collect();
        }
        TierId::Syllables | TierId::Phones | TierId::Lips => {
            let phones = project.tiers.phones.iter().enumerate();
            found.phones = phones.filter(|(_, p)| wanted(p.range())).map(|(i, _)| i).collect();
        }
        TierId::Gloss | TierId::Keys | TierId::Shape | TierId::Position => {
            let keys = project.tiers.keys.iter();
            found.keys = keys.filter(|k| wanted(k.sound())).map(|k| k.id).collect();
        }
        TierId::Masks | TierId::Takes => {
            let masks = project.marks.masks.iter();
            found.masks = masks.filter(|m| wanted(m.range)).map(|m| m.id).collect();
        }
        TierId::Expressions => {
            let all = project.marks.expressions.iter();
            found.expressions = all.filter(|e| wanted(e.range)).map(|e| e.id).collect();
        }
        TierId::Markers => {
            let markers = project.marks.markers.iter();
            found.markers = markers.filter(|m| wanted(TimeRange::new(m.time, m.time))).map(|m| m.id).collect();
        }
        TierId::Sound
        | TierId::Hands
        | TierId::Cache
        | TierId::FaceBase
        | TierId::FaceResidual
        | TierId::BodyBase
        | TierId::BodyResidual => {}
    }
    found
}

/// What is selected in either.
pub fn union(a: &Selection, b: &Selection) -> Selection {
    fn joined<T: Copy + PartialEq + Eq + std::hash::Hash>(a: &[T], b: &[T]) -> Vec<T> {
        let mut seen = std::collections::HashSet::new();
        a.iter().chain(b).copied().filter(|x| seen.insert(*x)).collect()
    }
    let mut all = Selection {
        keys: joined(&a.keys, &b.keys),
        words: joined(&a.words, &b.words),
        phones: joined(&a.phones, &b.phones),
        markers: joined(&a.markers, &b.markers),
        masks: joined(&a.masks, &b.masks),
        expressions: joined(&a.expressions, &b.expressions),
    };
    all.words.sort_unstable();
    all.phones.sort_unstable();
    all
}

/// `index` in or out of a sorted list; with `extend` everything from the list's first to it.
pub fn picked(chosen: &[usize], index: usize, extend: bool) -> Vec<usize> {
    if extend {
        let anchor = chosen.first().copied().unwrap_or(index);
        return (anchor.min(index)..=anchor.max(index)).collect();
    }
    let mut new = chosen.to_vec();
    match new.binary_search(&index) {
        Ok(at) => {
            new.remove(at);
        }
        Err(at) => new.insert(at, index),
    }
    new
}

/// From the first to the last moment of what is selected.
pub fn range(project: &Project, board: &Board, selection: &Selection) -> Option<TimeRange> {
    let keys = selection.keys.iter().filter_map(|id| project.tiers.keys.get(board.key_index(*id)?)).map(|k| k.sound());
    let words = selection.words.iter().filter_map(|w| Some(board.words[board.word_box(*w)?].range));
    let phones = selection.phones.iter().filter_map(|p| project.tiers.phones.get(*p)).map(|p| p.range());
    let masks = selection.masks.iter().filter_map(|m| project.marks.mask(*m)).map(|m| m.range);
    let shown = selection.expressions.iter().filter_map(|e| project.marks.expression(*e)).map(|e| e.range);
    let all = keys.chain(words).chain(phones).chain(masks).chain(shown);
    all.reduce(|a, b| TimeRange::new(a.start.min(b.start), a.end.max(b.end)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::marks::MarkId;

    #[test]
    fn ctrl_toggles_and_shift_fills_the_range() {
        assert_eq!(picked(&[2, 5], 3, false), [2, 3, 5]);
        assert_eq!(picked(&[2, 3, 5], 3, false), [2, 5]);
        assert_eq!(picked(&[2], 5, true), [2, 3, 4, 5]);
        assert_eq!(picked(&[5, 6], 3, true), [3, 4, 5]);
        assert_eq!(picked(&[], 4, true), [4]);
    }

    #[test]
    fn a_union_has_everything_once_and_in_order() {
        let a = Selection { words: vec![3, 4], markers: vec![MarkId(1)], ..Selection::default() };
        let b = Selection { words: vec![1, 4], markers: vec![MarkId(1), MarkId(0)], ..Selection::default() };
        let both = union(&a, &b);
        assert_eq!(both.words, [1, 3, 4]);
        assert_eq!(both.markers, [MarkId(1), MarkId(0)]);
    }
}
