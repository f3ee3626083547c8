//! Segments too close to be told apart, drawn as how many there are: a bar for each short stretch of time, as high as
//! the share of the busiest one. It says that it is a density, so that nobody takes a bar for a segment, and what is
//! selected or flagged stays visible as such.
//!
//! The bars stand on stretches of time of 2^k seconds, not on points of the screen: while the view pans or zooms they
//! move with what they count, and each is counted once ([`Densities`] keeps it until the document or the selection
//! changes).

use super::TimelineInput;
use super::ink::Ink;
use super::lanes::{Segments, partition};
use super::tiers::TierId;
use super::view::Scale;
use crate::app::i18n::tr;
use crate::app::theme::{self, Tokens};
use crate::document::Selection;
use crate::time::Seconds;
use egui::{Align2, Painter, Rect, pos2};
use std::collections::HashMap;
use std::ops::Range;

/// How many segments of one bar are asked how they look.
const LOOKED_AT: usize = 16;
/// Least mean width of segments that are drawn one by one, points: body, border and the gap to the next.
const LEAST_WIDTH: f32 = 3.0;
/// Least width of a bar, points; the widest is less than twice as wide.
const BAR: f64 = 2.0;
/// Bars that are kept of one tier at one width; beyond it only what is on screen is.
const KEPT: i64 = 20_000;

/// Whether so many segments on so many points can no longer be told apart.
pub fn is_crowded(count: usize, width: f32) -> bool {
    count as f32 * LEAST_WIDTH > width.max(1.0)
}

/// What is known of the segments that begin in one bar.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bar {
    pub count: u32,
    pub selected: bool,
    pub flagged: bool,
}

/// Bars in a row, from bar number `first` on; bar `n` counts from `n * step` on.
#[derive(Debug, Default)]
struct Row {
    first: i64,
    bars: Vec<Bar>,
}

impl Row {
    fn range(&self) -> Range<i64> {
        self.first..self.first + self.bars.len() as i64
    }

    /// Makes sure that the bars of `wanted` are there.
    fn cover(&mut self, segments: &dyn Segments, wanted: Range<i64>, step: f64) {
        let have = self.range();
        if self.bars.is_empty() || wanted.end < have.start || have.end < wanted.start || KEPT < have.end - have.start {
            *self = Self { first: wanted.start, bars: bars(segments, wanted, step) };
            return;
        }
        if wanted.start < have.start {
            let mut before = bars(segments, wanted.start..have.start, step);
            before.append(&mut self.bars);
            *self = Self { first: wanted.start, bars: before };
        }
        if have.end < wanted.end {
            self.bars.extend(bars(segments, have.end..wanted.end, step));
        }
    }
}

/// What bars depend on beside the segments' own tier.
#[derive(Clone, Debug, Default, PartialEq)]
struct Stamp {
    revision: u64,
    selection: Selection,
    word: Option<usize>,
    phone: Option<usize>,
    token: Option<(TierId, usize)>,
    counts: [usize; 3],
    tokens: usize,
}

/// The bars that were counted for one state of the document and the selection.
#[derive(Debug, Default)]
pub struct Densities {
    of: Stamp,
    rows: HashMap<(TierId, i32), Row>,
}

impl Densities {
    /// Forgets the bars if what they were counted from has changed.
    pub(super) fn follow(&mut self, input: &TimelineInput<'_>, token: Option<(TierId, usize)>) {
        let tiers = &input.project.tiers;
        let now = (input.revision, input.word, input.phone, token);
        let counts = [tiers.phones.len(), tiers.keys.len(), input.board.words.len()];
        let tokens = input.tokens.iter().map(|t| t.tokens.len()).sum();
        let of = &self.of;
        let same = now == (of.revision, of.word, of.phone, of.token)
            && counts == of.counts
            && tokens == of.tokens
            && *input.selection == of.selection;
        if !same {
            let (revision, word, phone, token) = now;
            let selection = input.selection.clone();
            *self =
                Self { of: Stamp { revision, selection, word, phone, token, counts, tokens }, rows: HashMap::new() };
        }
    }
}

/// The number of a width of bars, which are 2^level seconds long, for a scale.
fn level(px_per_second: f64) -> i32 {
    (BAR / px_per_second.max(1e-9)).log2().ceil().clamp(-20.0, 20.0) as i32
}

/// Counts the segments that begin in each bar. Each search goes on from the last one.
fn bars(segments: &dyn Segments, wanted: Range<i64>, step: f64) -> Vec<Bar> {
    let count = segments.count();
    let mut at = partition(count, |i| segments.range(i).start.0 < wanted.start as f64 * step);
    let mut out = Vec::with_capacity((wanted.end - wanted.start).max(0) as usize);
    for number in wanted {
        let end = Seconds((number + 1) as f64 * step);
        let first = at;
        // Gallop ahead, then search in between.
        let mut stride = 1;
        while at + stride < count && segments.range(at + stride).start < end {
            stride *= 2;
        }
        let limit = (at + stride).min(count);
        at += partition(limit - at, |i| segments.range(first + i).start < end);
        let mut bar = Bar { count: (at - first) as u32, ..Bar::default() };
        for index in (first..at).step_by((at - first).div_ceil(LOOKED_AT).max(1)) {
            let look = segments.look(index);
            bar.selected |= look.selected;
            bar.flagged |= look.flagged || look.dashed;
        }
        out.push(bar);
    }
    out
}

/// Draws the bars of a tier, counting those that are not known yet.
pub(super) fn paint(
    densities: &mut Densities,
    ink: &mut Ink,
    segments: &dyn Segments,
    lane: Rect,
    scale: Scale,
    tier: TierId,
    t: &Tokens,
) {
    let level = level(scale.px_per_second());
    let step = 2.0_f64.powi(level);
    let number = |time: Seconds| (time.0 / step).floor() as i64;
    let wanted = number(scale.time_from_x(lane.left()))..number(scale.time_from_x(lane.right())) + 1;
    let row = densities.rows.entry((tier, level)).or_default();
    row.cover(segments, wanted.clone(), step);
    let skipped = usize::try_from(wanted.start - row.first).unwrap_or(0);
    let shown = row.bars.iter().zip(row.first..).skip(skipped).take_while(|(_, n)| *n < wanted.end);
    let most = shown.clone().map(|(bar, _)| bar.count).max().unwrap_or(1).max(1);
    let (fill, hue) = (t.border(tier.hue()), t.hue(tier.hue()));
    for (bar, number) in shown.filter(|(bar, _)| bar.count > 0) {
        let share = (bar.count as f32 / most as f32).clamp(0.12, 1.0);
        let from = scale.x_from_time(Seconds(number as f64 * step));
        let to = scale.x_from_time(Seconds((number + 1) as f64 * step));
        let top = lane.bottom() - share * (lane.height() - 2.0);
        let body = Rect::from_min_max(pos2(from, top), pos2(to, lane.bottom()));
        ink.rect(body, if bar.selected { t.accent } else { fill });
        if !bar.selected {
            ink.rect(body.with_max_y(top + 1.0), hue);
        }
        if bar.flagged {
            ink.rect(Rect::from_min_max(pos2(from, lane.top()), pos2(to, lane.top() + 3.0)), t.warning);
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

    fn burst() -> Times {
        // Uneven: a burst, a silence, a burst.
        Times((0..5000).map(|i| if i < 4000 { f64::from(i) * 0.001 } else { 50.0 + f64::from(i) * 0.01 }).collect())
    }

    #[test]
    fn every_segment_is_counted_once_in_its_own_bar() {
        let segments = burst();
        let bars = bars(&segments, 0..240, 0.5);
        assert_eq!(bars.iter().map(|b| b.count).sum::<u32>(), 5000);
        for (number, bar) in bars.iter().enumerate() {
            let own = segments.0.iter().filter(|t| (**t / 0.5).floor() as usize == number).count();
            assert_eq!(bar.count as usize, own);
        }
    }

    #[test]
    fn bars_that_come_into_view_are_those_counted_at_once() {
        let segments = burst();
        let whole = bars(&segments, 0..240, 0.5);
        let mut row = Row::default();
        for wanted in [100..140, 120..200, 60..110, 0..30, 10..60, 55..240] {
            row.cover(&segments, wanted.clone(), 0.5);
            let have = row.range();
            assert!(have.start <= wanted.start && wanted.end <= have.end, "{wanted:?} of {have:?}");
            assert_eq!(row.bars, whole[have.start as usize..have.end as usize], "{wanted:?}");
        }
    }

    #[test]
    fn bars_are_two_to_four_points_wide() {
        for px_per_second in [0.2, 0.24, 1.0, 3.0, 17.0, 400.0] {
            let width = 2.0_f64.powi(level(px_per_second)) * px_per_second;
            assert!((BAR..2.0 * BAR + 1e-9).contains(&width), "{px_per_second}: {width}");
        }
    }

    #[test]
    fn crowded_is_less_than_three_points_each() {
        assert!(is_crowded(334, 1000.0) && !is_crowded(333, 1000.0));
    }
}
