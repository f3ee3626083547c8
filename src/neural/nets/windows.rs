//! Cutting a performance into windows of the length that the generators were trained with.
//!
//! A stretch that fits is given the middle of one window, with frames that are known on both sides. A longer one is
//! walked through: each window begins with the last frames of the one before (contextual-gesture 4.4) and leaves the
//! last of its own to the next, which hears what is said after them.

use std::ops::Range;

/// One window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Window {
    /// What the networks see.
    pub frames: Range<usize>,
    /// The frames whose tokens are kept, within `frames`; others that were open are generated and thrown away.
    pub keep: Range<usize>,
}

/// The windows that find all frames that may change, in order. Each such frame is kept by exactly one of them.
///
/// `overlap` and `look_ahead` are cut down so that every window brings at least a quarter of its length.
pub fn plan(change: &[bool], window: usize, overlap: usize, look_ahead: usize) -> Vec<Window> {
    let total = change.len();
    let window = window.clamp(1, total.max(1));
    let overlap = overlap.min(window / 2);
    let look_ahead = look_ahead.min(window / 4);
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(from) = (at..total).find(|&t| change[t]) {
        let end = end_of_stretch(change, from, overlap);
        let length = end - from;
        let starts_here = out.last().is_none_or(|w: &Window| w.keep.end < from);
        let (start, keep_end) = if length + 2 * overlap <= window || length + overlap <= window && end == total {
            // All of it in one window, with the rest of the room on both sides.
            (from.saturating_sub((window - length) / 2), end)
        } else if starts_here && from <= overlap {
            (0, end.min(window - look_ahead))
        } else {
            let start = from.saturating_sub(overlap);
            (start, end.min((start + window).saturating_sub(look_ahead)))
        };
        let start = start.min(total - window);
        let keep_end = if start + window >= total { end } else { keep_end.min(start + window) };
        let keep_end = keep_end.min(start + window).max(from + 1);
        out.push(Window { frames: start..start + window, keep: from..keep_end });
        at = keep_end;
    }
    out
}

/// Behind the last frame of a stretch, in which gaps of up to `gap` known frames count as part of it.
fn end_of_stretch(change: &[bool], from: usize, gap: usize) -> usize {
    let mut last = from;
    for t in from..change.len() {
        if change[t] {
            last = t;
        } else if t - last > gap {
            break;
        }
    }
    last + 1
}

#[cfg(test)]
#[expect(clippy::single_range_in_vec_init, reason = "stretches of frames, some of them alone")]
mod tests {
    use super::*;

    fn marks(total: usize, ranges: &[Range<usize>]) -> Vec<bool> {
        (0..total).map(|t| ranges.iter().any(|r| r.contains(&t))).collect()
    }

    #[test]
    fn every_frame_is_kept_once_and_known_frames_lead_into_every_window() {
        let cases: [(usize, Vec<Range<usize>>); 10] = [
            (300, vec![0..300]),
            (300, vec![100..125]),
            (300, vec![0..10]),
            (300, vec![290..300]),
            (300, vec![40..260]),
            (300, vec![10..20, 200..290]),
            (300, vec![10..20, 24..30]),
            (50, vec![0..50]),
            (81, vec![0..81]),
            (1, vec![0..1]),
        ];
        for (total, ranges) in cases {
            for (window, overlap, look_ahead) in [(80, 16, 8), (20, 4, 4), (80, 70, 70), (1, 0, 0)] {
                let change = marks(total, &ranges);
                let windows = plan(&change, window, overlap, look_ahead);
                let mut kept = vec![0; total];
                for (i, w) in windows.iter().enumerate() {
                    assert!(w.frames.len() == window.min(total) && w.frames.end <= total, "{w:?}");
                    assert!(
                        w.keep.start >= w.frames.start && w.keep.end <= w.frames.end && !w.keep.is_empty(),
                        "{w:?}"
                    );
                    w.keep.clone().for_each(|t| kept[t] += 1);
                    let lead = w.keep.start - w.frames.start;
                    let wanted = overlap.min(window / 2).min(w.keep.start);
                    assert!(lead >= wanted, "window {i} of {total} {ranges:?}: {w:?} leads in with {lead}");
                }
                for t in 0..total {
                    assert!(kept[t] <= 1 && (!change[t] || kept[t] == 1), "frame {t} of {total} {ranges:?}");
                }
            }
        }
        assert_eq!(plan(&[], 80, 16, 8), []);
        assert_eq!(plan(&[false; 9], 80, 16, 8), []);
    }

    #[test]
    fn a_short_edit_stands_in_the_middle_of_its_window() {
        let windows = plan(&marks(300, &[100..120]), 80, 16, 8);
        assert_eq!(windows, [Window { frames: 70..150, keep: 100..120 }]);
    }

    #[test]
    fn long_speech_goes_forward_by_what_is_left_of_a_window() {
        let windows = plan(&[true; 250], 80, 16, 8);
        let keeps: Vec<_> = windows.iter().map(|w| w.keep.clone()).collect();
        assert_eq!(keeps, [0..72, 72..128, 128..184, 184..240, 240..250]);
        assert!(windows.iter().skip(1).all(|w| w.keep.start - w.frames.start >= 16));
    }
}
