//! Segments less than a point apart, drawn as how many there are: a bar for each point, as high as the share of the
//! busiest point. It says that it is a density, so that nobody takes a bar for a segment, and what is selected or
//! flagged stays visible as such.

use super::ink::Ink;
use super::lanes::{Segments, partition};
use super::tiers::TierId;
use super::view::Scale;
use crate::app::i18n::tr;
use crate::app::theme::{self, Tokens};
use crate::time::Seconds;
use egui::{Align2, Painter, Rect, pos2};
use std::ops::Range;

/// How many segments of one point are asked how they look.
const LOOKED_AT: usize = 16;

/// Whether so many segments on so many points can no longer be told apart.
pub fn is_crowded(count: usize, width: f32) -> bool {
    count as f32 > width.max(1.0)
}

/// The number of segments that begin in each column, for `columns` columns from `from` on, `step` seconds each. Each
/// search goes on from the last one: the cost follows the columns, not the segments.
pub fn counts(
    segments: &dyn Segments,
    visible: &Range<usize>,
    from: Seconds,
    step: Seconds,
    columns: usize,
) -> Vec<Range<usize>> {
    let mut at = visible.start;
    let mut out = Vec::with_capacity(columns);
    for column in 0..columns {
        let end = Seconds(from.0 + step.0 * (column + 1) as f64);
        let first = at;
        // Gallop ahead, then search in between.
        let mut stride = 1;
        while at + stride < visible.end && segments.range(at + stride).start < end {
            stride *= 2;
        }
        let limit = (at + stride).min(visible.end);
        at += partition(limit - at, |i| segments.range(first + i).start < end);
        out.push(first..at);
    }
    out
}

pub(super) fn paint(
    ink: &mut Ink,
    segments: &dyn Segments,
    visible: Range<usize>,
    lane: Rect,
    scale: Scale,
    tier: TierId,
    t: &Tokens,
) {
    let columns = lane.width().floor().max(1.0) as usize;
    let step = Seconds(f64::from(lane.width()) / columns as f64 / scale.px_per_second());
    let counts = counts(segments, &visible, scale.time_from_x(lane.left()), step, columns);
    let most = counts.iter().map(Range::len).max().unwrap_or(1).max(1);
    let width = lane.width() / columns as f32;
    let (fill, hue) = (t.border(tier.hue()), t.hue(tier.hue()));
    for (column, inside) in counts.into_iter().enumerate() {
        if inside.is_empty() {
            continue;
        }
        let share = (inside.len() as f32 / most as f32).clamp(0.12, 1.0);
        let (mut selected, mut flagged) = (false, false);
        let stride = inside.len().div_ceil(LOOKED_AT);
        for index in inside.step_by(stride) {
            let look = segments.look(index);
            selected |= look.selected;
            flagged |= look.flagged || look.dashed;
        }
        let x = lane.left() + column as f32 * width;
        let top = lane.bottom() - share * (lane.height() - 2.0);
        let bar = Rect::from_min_max(pos2(x, top), pos2(x + width, lane.bottom()));
        ink.rect(bar, if selected { t.accent } else { fill });
        ink.rect(bar.with_max_y(top + 1.0), if selected { t.accent } else { hue });
        if flagged {
            ink.rect(Rect::from_min_max(pos2(x, lane.top()), pos2(x + width, lane.top() + 3.0)), t.warning);
        }
    }
}

/// Says what is drawn.
pub(super) fn label(painter: &Painter, lane: Rect, t: &Tokens) {
    let text =
        painter.layout_no_wrap(tr("density: zoom in for segments").to_owned(), theme::regular(theme::SMALL), t.text2);
    let size = text.size();
    if size.x + 16.0 > lane.width() || size.y > lane.height() {
        return;
    }
    let rect = Align2::LEFT_TOP.anchor_size(lane.left_top() + egui::vec2(4.0, 2.0), size);
    painter.rect_filled(rect.expand2(egui::vec2(3.0, 0.0)), 2.0, t.surface1);
    painter.galley(rect.min, text, t.text2);
}

#[cfg(test)]
mod tests {
    use super::super::lanes::Look;
    use super::*;
    use crate::time::TimeRange;
    use std::borrow::Cow;

    struct Times(Vec<f64>);

    impl Segments for Times {
        fn count(&self) -> usize {
            self.0.len()
        }
        fn range(&self, i: usize) -> TimeRange {
            TimeRange::new(Seconds(self.0[i]), Seconds(self.0[i] + 0.01))
        }
        fn look(&self, _: usize) -> Look {
            Look::default()
        }
        fn text(&self, _: usize) -> Cow<'_, str> {
            "".into()
        }
        fn name(&self, i: usize) -> String {
            i.to_string()
        }
    }

    #[test]
    fn every_segment_is_counted_once_in_its_own_column() {
        // Uneven: a burst, a silence, a burst.
        let times: Vec<f64> =
            (0..5000).map(|i| if i < 4000 { f64::from(i) * 0.001 } else { 50.0 + f64::from(i) * 0.01 }).collect();
        let segments = Times(times.clone());
        let columns = counts(&segments, &(0..5000), Seconds(0.0), Seconds(0.5), 240);
        assert_eq!(columns.iter().map(Range::len).sum::<usize>(), 5000);
        for (c, inside) in columns.iter().enumerate() {
            for i in inside.clone() {
                assert_eq!((times[i] / 0.5).floor() as usize, c);
            }
        }
    }

    #[test]
    fn crowded_is_more_segments_than_points() {
        assert!(is_crowded(1001, 1000.0) && !is_crowded(1000, 1000.0));
    }
}
