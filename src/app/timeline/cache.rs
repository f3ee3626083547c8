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

/// Spans of the stretches that are kept, with whether each is up to date.
pub fn spans(kept: &[(TimeRange, bool)]) -> Vec<CacheSpan> {
    let made = |good: bool| if good { Made::Current } else { Made::Stale };
    kept.iter().map(|(range, good)| CacheSpan { range: *range, made: made(*good) }).collect()
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
    fn what_is_up_to_date_is_told_as_a_share_of_the_whole() {
        let length = Seconds(10.0);
        let range = |a: f64, b: f64| TimeRange::new(Seconds(a), Seconds(b));
        assert_eq!(share(&spans(&[]), length), 0.0);
        assert_eq!(share(&spans(&[(range(0.0, 10.0), true)]), length), 1.0);
        let parts = spans(&[(range(0.0, 2.0), true), (range(2.0, 4.5), false), (range(4.5, 8.0), true)]);
        assert_eq!((parts[1].range, parts[1].made), (range(2.0, 4.5), Made::Stale));
        assert!((share(&parts, length) - 0.55).abs() < 1e-9);
    }
}
