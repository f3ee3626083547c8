//! The lane of made poses: where they are made and follow the document, where they are out of date, and where there
//! are none yet.

use super::ink::{Hatch, Ink};
use super::lanes;
use super::tiers::TierId;
use super::view::Scale;
use crate::app::i18n::tr_with;
use crate::app::theme::Tokens;
use crate::time::{Seconds, TimeRange};
use egui::{Rect, Role, Sense, Ui, WidgetInfo, vec2};

/// How a stretch stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Made {
    Current,
    /// Made from an earlier state of the document.
    Stale,
}

/// A stretch of poses; what no span covers is not made.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CacheSpan {
    pub range: TimeRange,
    pub made: Made,
}

/// Spans for poses of the whole length, of which `stale` is out of date (`Some(None)`: all of them).
pub fn spans(length: Seconds, stale: Option<Option<TimeRange>>) -> Vec<CacheSpan> {
    let all = TimeRange::new(Seconds::ZERO, length);
    let span = |start: Seconds, end: Seconds, made| CacheSpan { range: lanes::between(start, end), made };
    match stale {
        None => vec![CacheSpan { range: all, made: Made::Current }],
        Some(None) => vec![CacheSpan { range: all, made: Made::Stale }],
        Some(Some(range)) => {
            let (a, b) = (range.start.clamp(all.start, all.end), range.end.clamp(all.start, all.end));
            let parts = [span(all.start, a, Made::Current), span(a, b, Made::Stale), span(b, all.end, Made::Current)];
            parts.into_iter().filter(|s| s.range.length() > Seconds::ZERO).collect()
        }
    }
}

/// The share of `length` that is up to date, 0-1.
pub fn share(spans: &[CacheSpan], length: Seconds) -> f64 {
    let current: f64 = spans.iter().filter(|s| s.made == Made::Current).map(|s| s.range.length().0).sum();
    (current / length.0.max(1e-9)).clamp(0.0, 1.0)
}

pub fn show(ui: &Ui, lane: Rect, scale: Scale, spans: &[CacheSpan], length: Seconds, t: &Tokens) {
    let response = ui.interact(lane, lanes::lane_id(TierId::Cache), Sense::HOVER);
    let percent = format!("{:.0}", share(spans, length) * 100.0);
    let name = || tr_with("Poses made and up to date: {percent} %", &[("percent", &percent)]);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, name()));
    let painter = ui.painter_at(lane);
    let mut ink = Ink::new(&painter, lane);
    for span in spans.iter().filter(|s| s.range.overlaps(scale.shown)) {
        let rect = lanes::rect_of(span.range, lane.shrink2(vec2(0.0, 3.0)), scale);
        match span.made {
            Made::Current => ink.rect(rect, t.ok),
            Made::Stale => {
                ink.hatch(rect, Hatch::Rising, t.warning);
                ink.frame(rect, 1.0, t.warning);
            }
        }
    }
    ink.paint(&painter);
    response.on_hover_text(name());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_in_the_middle_leaves_the_ends_made() {
        let length = Seconds(10.0);
        let spans_of = |stale| spans(length, stale);
        assert_eq!(share(&spans_of(None), length), 1.0);
        assert_eq!(share(&spans_of(Some(None)), length), 0.0);
        let range = TimeRange::new(Seconds(2.0), Seconds(4.5));
        let parts = spans_of(Some(Some(range)));
        assert_eq!(parts.len(), 3);
        assert_eq!((parts[1].range, parts[1].made), (range, Made::Stale));
        assert!((share(&parts, length) - 0.75).abs() < 1e-9);
        assert_eq!(spans_of(Some(Some(TimeRange::new(Seconds(-1.0), Seconds(3.0))))).len(), 2);
    }
}
