//! Which hand shape a hand shows, from the state of each finger.
//!
//! What a shape is comes from the chart: the fingers that are stretched, and whether they are spread. How far a
//! stretched finger reaches is measured on people: a stretched finger is as long as its bones, a folded one ends at its
//! own knuckle. All costs are half squares of deviations in standard deviations, as of the logarithm of a normal
//! distribution.

use super::hand::HandSeen;
use crate::cueing::HandShape;
use crate::cueing::chart::{Chart, Finger};

/// A finger that reaches this far is stretched for certain, and how much less still passes (bones differ by 15 %, and
/// a hand that leans towards the face looks shorter).
const STRETCHED: (f32, f32) = (0.88, 0.14);
/// A folded finger ends before this, in its lengths beyond the knuckle.
const FOLDED: (f32, f32) = (0.22, 0.14);
/// The loose hand of rest bends all fingers half.
const HALF_BENT: (f32, f32) = (0.50, 0.16);
/// A thumb that stands off, and one that lies at or across the palm, palm lengths beyond the index knuckle.
const THUMB_OUT: (f32, f32) = (0.50, 0.16);
const THUMB_IN: (f32, f32) = (0.02, 0.16);
/// A V opens by 20° and more; fingers side by side lie within some 8°.
const APART: (f32, f32) = (20.0, 6.0);
const TOGETHER: (f32, f32) = (8.0, 6.0);
/// No finger counts for more than this: one that is badly seen must not outvote the others.
const MOST: f32 = 7.0;

/// What is expected of the fingers of one shape.
#[derive(Clone, Debug)]
struct Expected {
    shape: HandShape,
    stretched: [bool; 4],
    thumb: bool,
    /// Index and middle finger in a V or not; `None` where no other shape differs in that alone.
    apart: Option<bool>,
}

/// The shapes of a chart.
#[derive(Clone, Debug)]
pub(super) struct Shapes {
    list: Vec<Expected>,
}

impl Shapes {
    pub fn new(chart: &Chart) -> Self {
        let has = |cell: &crate::cueing::chart::ShapeCell, f| cell.extended.contains(&f);
        let list = chart
            .shapes
            .iter()
            .map(|cell| Expected {
                shape: cell.shape,
                stretched: [Finger::Index, Finger::Middle, Finger::Ring, Finger::Little].map(|f| has(cell, f)),
                thumb: has(cell, Finger::Thumb),
                apart: chart
                    .shapes
                    .iter()
                    .any(|o| o.spread != cell.spread && [o, cell].iter().all(|c| alike(c, cell)))
                    .then_some(cell.spread),
            })
            .collect();
        Self { list }
    }

    pub fn len(&self) -> usize {
        self.list.len()
    }

    pub fn shape(&self, i: usize) -> HandShape {
        self.list[i].shape
    }

    /// How ill each shape fits what is seen, 0 where it fits; last the loose hand of rest.
    pub fn costs(&self, seen: &HandSeen) -> Vec<f32> {
        let fingers = |wanted: [bool; 4]| -> f32 {
            let each = seen.reach.iter().zip(wanted);
            each.map(|(reach, wanted)| finger(*reach, wanted)).sum()
        };
        let mut out: Vec<f32> = self
            .list
            .iter()
            .map(|e| fingers(e.stretched) + thumb(seen.thumb, e.thumb) + spread(seen.spread, e.apart))
            .collect();
        let loose = seen.reach.iter().flatten().map(|r| square((r - HALF_BENT.0).abs() / HALF_BENT.1).min(MOST)).sum();
        out.push(loose);
        out
    }
}

fn alike(a: &crate::cueing::chart::ShapeCell, b: &crate::cueing::chart::ShapeCell) -> bool {
    a.extended.len() == b.extended.len() && a.extended.iter().all(|f| b.extended.contains(f))
}

fn square(deviation: f32) -> f32 {
    deviation * deviation / 2.0
}

/// The cost of lying beyond a limit, on its wrong side.
fn beyond(by: f32, spread: f32) -> f32 {
    square(by.max(0.0) / spread).min(MOST)
}

fn finger(reach: Option<f32>, stretched: bool) -> f32 {
    match reach {
        None => 0.0,
        Some(r) if stretched => beyond(STRETCHED.0 - r, STRETCHED.1),
        Some(r) => beyond(r - FOLDED.0, FOLDED.1),
    }
}

fn thumb(at: Option<f32>, out: bool) -> f32 {
    match at {
        None => 0.0,
        Some(t) if out => beyond(THUMB_OUT.0 - t, THUMB_OUT.1),
        Some(t) => beyond(t - THUMB_IN.0, THUMB_IN.1),
    }
}

fn spread(angle: Option<f32>, apart: Option<bool>) -> f32 {
    match (angle, apart) {
        (Some(a), Some(true)) => beyond(APART.0 - a, APART.1),
        (Some(a), Some(false)) => beyond(a - TOGETHER.0, TOGETHER.1),
        _ => 0.0,
    }
}
