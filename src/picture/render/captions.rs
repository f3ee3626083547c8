//! Captions and labels on the picture: where they stand, and how they are drawn.
//!
//! A caption must hide neither the face nor the hand (DCMP captioning key), and must not jump while it is read. So its
//! place is chosen once for all frames in which it stands, from a few places in an order of liking (low in the middle
//! first), and the next caption takes the place of the last one wherever that is free. `cueing::guard` checks the
//! result with measures of its own.

use super::paint::{Mask, Path, Pt};
use super::patch::over;
use super::text;
use crate::pose::{FACE_POINT_COUNT, HAND_JOINT_COUNT, PoseFrame, Side};
use std::ops::Range;

/// Room around the outline of the face, and around the joints of a hand for its flesh, picture units.
const FACE_ROOM: f32 = 0.015;
const HAND_ROOM: f32 = 0.035;
/// Room between a caption and the edge of the picture, and around its text in font sizes.
const EDGE: f32 = 0.025;
const PADDING: Pt = [0.45, 0.16];

/// What a caption looks like.
#[derive(Clone, Debug, PartialEq)]
pub struct CaptionStyle {
    /// Font size in picture units where there is room; never less than 0.6 of it.
    pub size: f32,
    /// Colours of text and plate, sRGB, and how opaque the plate is, 0-1.
    pub text: [u8; 3],
    pub plate: [u8; 3],
    pub opacity: f32,
}

impl Default for CaptionStyle {
    fn default() -> Self {
        Self { size: 0.046, text: [255; 3], plate: [14, 18, 24], opacity: 0.78 }
    }
}

/// A text on the picture.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Caption {
    pub text: String,
    pub style: CaptionStyle,
    /// Where it stands: from [`place`] or [`place_all`]. Without one it stands low in the middle.
    pub place: Option<Place>,
}

/// Where a text stands, and how it is set there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// The plate, picture units, top left and bottom right corner.
    pub min: Pt,
    pub max: Pt,
    /// Font size in picture units.
    pub size: f32,
    anchor: Anchor,
    /// Width of the lines in picture units.
    widest: f32,
}

/// Which corner or edge of the picture a plate keeps to: -1 left or top, 0 middle, 1 right or bottom.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Anchor {
    x: f32,
    y: f32,
}

impl Place {
    /// The plate of `text` at an anchor.
    fn new(text: &str, size: f32, widest: f32, anchor: Anchor, aspect: f32) -> Self {
        let lines = text::lines(text, widest / size);
        let wide = lines.iter().map(|l| text::width(l)).fold(0.0, f32::max) * size + 2.0 * PADDING[0] * size;
        let high = lines.len() as f32 * text::LINE * size + 2.0 * PADDING[1] * size;
        let along = |anchor: f32, extent: f32, length: f32| {
            let free = extent - 2.0 * EDGE - length;
            EDGE + free * (anchor + 1.0) / 2.0
        };
        let (x, y) = (along(anchor.x, aspect, wide), along(anchor.y, 1.0, high));
        Self { min: [x, y], max: [x + wide, y + high], size, anchor, widest }
    }

    /// How deep the plate reaches into any of these boxes, picture units; 0 where it hides nothing.
    fn hides(&self, boxes: &[[Pt; 2]]) -> f32 {
        let into = |b: &[Pt; 2]| {
            let depth = |k: usize| b[1][k].min(self.max[k]) - b[0][k].max(self.min[k]);
            depth(0).min(depth(1)).max(0.0)
        };
        boxes.iter().map(into).fold(0.0, f32::max)
    }
}

/// The boxes around face and hands of all poses that a caption must leave free.
fn taken(poses: &[PoseFrame]) -> Vec<[Pt; 2]> {
    let around = |points: &[crate::pose::Point], room: f32| {
        let seen = points.iter().filter(|p| p.score > 0.05 && p.x.is_finite() && p.y.is_finite());
        let (mut low, mut high) = ([f32::INFINITY; 2], [f32::NEG_INFINITY; 2]);
        for p in seen {
            for (k, v) in p.xy().into_iter().enumerate() {
                (low[k], high[k]) = (low[k].min(v - room), high[k].max(v + room));
            }
        }
        (low[0] < high[0]).then_some([low, high])
    };
    let mut out: Vec<[Pt; 2]> = Vec::new();
    for pose in poses {
        let hand = |side: Side| &pose.points[side.hand_index()..][..HAND_JOINT_COUNT];
        out.extend(around(&pose.face()[..FACE_POINT_COUNT], FACE_ROOM));
        out.extend(around(hand(Side::Left), HAND_ROOM));
        out.extend(around(hand(Side::Right), HAND_ROOM));
    }
    out
}

/// Where a text is tried, the best first: low in the middle, low aside, high, and the same smaller.
fn places(text: &str, size: f32, aspect: f32) -> impl Iterator<Item = Place> + '_ {
    const ANCHORS: [(f32, f32); 8] =
        [(0.0, 1.0), (1.0, 1.0), (-1.0, 1.0), (0.0, -1.0), (1.0, -1.0), (-1.0, -1.0), (1.0, 0.35), (-1.0, 0.35)];
    let room = aspect - 2.0 * EDGE;
    // A little smaller is better than on the other side of the face; narrow columns come last.
    [1.0, 0.8]
        .into_iter()
        .flat_map(move |width: f32| [1.0, 0.84].map(|s| (width, s * size)))
        .chain([(0.45, size), (0.45, 0.8 * size), (0.30, 0.8 * size), (0.30, 0.6 * size), (0.22, 0.6 * size)])
        .flat_map(move |(width, size)| {
            ANCHORS.map(|(x, y)| {
                let widest = (width * room - 2.0 * PADDING[0] * size).max(2.0 * size);
                Place::new(text, size, widest, Anchor { x, y }, aspect)
            })
        })
        .filter(move |p| p.min[0] >= 0.0 && p.min[1] >= 0.0 && p.max[0] <= aspect && p.max[1] <= 1.0)
}

/// The place of a caption that stands while these poses are shown: where it hides neither face nor hand in any of them,
/// as near to the place of the last caption as can be; where nothing is free, where it hides least. `aspect` is the
/// width of the picture divided by its height.
pub fn place(text: &str, style: &CaptionStyle, aspect: f32, poses: &[PoseFrame], last: Option<&Place>) -> Place {
    let taken = taken(poses);
    let size = style.size.clamp(0.01, 0.3);
    let again = last.map(|l| Place::new(text, l.size, l.widest, l.anchor, aspect));
    let again = again.filter(|p| p.min.iter().all(|v| *v >= 0.0) && p.max[0] <= aspect && p.max[1] <= 1.0);
    let mut best: Option<(f32, Place)> = None;
    for place in again.into_iter().chain(places(text, size, aspect)) {
        let hidden = place.hides(&taken);
        if hidden <= 0.0 {
            return place;
        }
        if best.is_none_or(|(least, _)| hidden < least - 1e-4) {
            best = Some((hidden, place));
        }
    }
    // A text that fits nowhere at all stands low in the middle, as small as there is.
    let low = || Place::new(text, 0.6 * size, aspect - 2.0 * EDGE, Anchor { x: 0.0, y: 1.0 }, aspect);
    best.map_or_else(low, |(_, place)| place)
}

/// Places for the captions of a clip, in order; each with the frames (of `poses`) in which it stands.
pub fn place_all(
    captions: &[(String, Range<usize>)],
    style: &CaptionStyle,
    aspect: f32,
    poses: &[PoseFrame],
) -> Vec<Place> {
    let mut out: Vec<Place> = Vec::with_capacity(captions.len());
    for (text, frames) in captions {
        let shown = &poses[frames.start.min(poses.len())..frames.end.clamp(frames.start.min(poses.len()), poses.len())];
        let next = place(text, style, aspect, shown, out.last());
        out.push(next);
    }
    out
}

/// The place of a short label (the name of a key) while these poses and, if there is one, a caption are shown: a corner
/// that is free, that of the last label if it is.
pub fn place_label(
    text: &str,
    aspect: f32,
    poses: &[PoseFrame],
    caption: Option<&Place>,
    last: Option<&Place>,
) -> Place {
    let mut taken = taken(poses);
    taken.extend(caption.map(|c| [c.min, c.max]));
    let corners = [(1.0, 1.0), (-1.0, 1.0), (1.0, -1.0), (-1.0, -1.0)].map(|(x, y)| Anchor { x, y });
    let at = |anchor: Anchor| Place::new(text, LABEL_SIZE, aspect, anchor, aspect);
    let tried = last.map(|l| l.anchor).into_iter().chain(corners).map(at);
    let least = |a: &(f32, Place), b: &(f32, Place)| a.0.total_cmp(&b.0);
    let hidden = tried.map(|p| (p.hides(&taken), p));
    hidden.min_by(least).map_or_else(|| at(corners[0]), |(_, place)| place)
}

/// Font size of labels.
const LABEL_SIZE: f32 = 0.062;

/// Draws a caption over RGBA bytes of `size` pixels.
pub fn draw(out: &mut [u8], size: (usize, usize), caption: &Caption) {
    let aspect = size.0 as f32 / size.1.max(1) as f32;
    let style = &caption.style;
    let place = caption.place.unwrap_or_else(|| place(&caption.text, style, aspect, &[], None));
    set(out, size, &caption.text, &place, style);
}

/// Draws a label over RGBA bytes of `size` pixels; without a place in the lower corner at image right.
pub fn draw_label(out: &mut [u8], size: (usize, usize), text: &str, place: Option<&Place>) {
    let aspect = size.0 as f32 / size.1.max(1) as f32;
    let place = place.copied().unwrap_or_else(|| place_label(text, aspect, &[], None, None));
    set(out, size, text, &place, &CaptionStyle::default());
}

fn set(out: &mut [u8], size: (usize, usize), text: &str, place: &Place, style: &CaptionStyle) {
    let lines = text::lines(text, place.widest / place.size);
    if lines.is_empty() {
        return;
    }
    let rgb = |c: [u8; 3]| c.map(f32::from);
    fill(out, size, &plate(place), rgb(style.plate), style.opacity.clamp(0.0, 1.0));
    let middle = 0.5 * (place.min[0] + place.max[0]);
    for (i, line) in lines.iter().enumerate() {
        let x = middle - 0.5 * text::width(line) * place.size;
        let top = place.min[1] + (PADDING[1] + i as f32 * text::LINE) * place.size;
        let outline = text::outline(line, [x, top + text::ASCENT * place.size], place.size);
        fill(out, size, &outline, rgb(style.text), 1.0);
    }
}

/// A rectangle with round corners.
fn plate(place: &Place) -> Path {
    let r = (0.28 * place.size).min(0.5 * (place.max[1] - place.min[1])).min(0.5 * (place.max[0] - place.min[0]));
    let corners = [(1.0, 1.0, 0.0f32), (-1.0, 1.0, 1.0), (-1.0, -1.0, 2.0), (1.0, -1.0, 3.0)];
    let mut points = Vec::new();
    for (sx, sy, quarter) in corners {
        let edge = |k: usize, s: f32| if s > 0.0 { place.max[k] - r } else { place.min[k] + r };
        for i in 0..=6 {
            let angle = (quarter + i as f32 / 6.0) * std::f32::consts::FRAC_PI_2;
            points.push([edge(0, sx) + r * angle.cos(), edge(1, sy) + r * angle.sin()]);
        }
    }
    Path::polygon(points)
}

fn fill(out: &mut [u8], size: (usize, usize), path: &Path, colour: [f32; 3], alpha: f32) {
    let mask = Mask::of(path, size.1 as f32, size, 0);
    for (row, covers) in mask.cover.chunks_exact(mask.width.max(1)).enumerate() {
        let y = mask.y + row as i32;
        for (column, cover) in covers.iter().enumerate().filter(|(_, c)| **c > 0.0) {
            let x = mask.x + column as i32;
            if (0..size.0 as i32).contains(&x) && (0..size.1 as i32).contains(&y) {
                over(&mut out[4 * (y as usize * size.0 + x as usize)..][..4], colour, cover * alpha);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pose::{Reference, index};
    use crate::render::rig::tests::rest_pose;
    use glam::Vec3;

    const SHORT: &str = "a cup of tea";
    const LONG: &str = "She had your dark suit in greasy wash water all year, and nobody said a word about it";

    /// A person with a hand of a palm's size around a wrist.
    fn with_hand(at: Pt) -> PoseFrame {
        let mut pose = rest_pose(&Reference::example());
        let joints =
            std::array::from_fn(|i| Vec3::new(at[0] + 0.03 * (i % 5) as f32, at[1] - 0.05 * (i / 5) as f32, 0.1));
        pose.set_hand(Side::Right, &joints, 1.0);
        pose
    }

    #[test]
    fn captions_hide_neither_face_nor_hand() {
        let style = CaptionStyle::default();
        let cases = [
            ("nobody in the way", vec![with_hand([0.2, 0.55])]),
            ("hand low in the middle", vec![with_hand([0.45, 0.95])]),
            ("hand that sweeps along the bottom", (0..9).map(|i| with_hand([0.1 * i as f32, 0.95])).collect()),
            ("hand that falls from face to bottom", (0..9).map(|i| with_hand([0.3, 0.5 + 0.06 * i as f32])).collect()),
        ];
        for (name, poses) in &cases {
            for text in [SHORT, LONG, "她今天早上在学校门口等了很久，后来就回家了。"] {
                let place = place(text, &style, 1.0, poses, None);
                assert_eq!(place.hides(&taken(poses)), 0.0, "{name}: {text}");
                assert!(place.min.iter().all(|v| *v >= 0.0) && place.max.iter().all(|v| *v <= 1.0), "{name}");
                assert!(place.size >= 0.6 * style.size);
            }
        }
        // Where it likes to stand if nothing is there.
        let free = place(SHORT, &style, 1.0, &[], None);
        assert!(free.max[1] > 0.95 && ((free.min[0] + free.max[0]) / 2.0 - 0.5).abs() < 1e-3);
    }

    #[test]
    fn captions_keep_their_place_until_they_must_leave_it() {
        let style = CaptionStyle::default();
        // A hand in the lower middle, then away for good.
        let poses: Vec<PoseFrame> = (0..40).map(|i| with_hand(if i < 10 { [0.5, 0.97] } else { [0.2, 0.5] })).collect();
        let texts: Vec<(String, Range<usize>)> =
            (0..4).map(|i| (format!("{SHORT} {i}"), 10 * i..10 * (i + 1))).collect();
        let places = place_all(&texts, &style, 1.0, &poses);
        for pair in places.windows(2) {
            assert_eq!((pair[0].anchor, pair[0].size), (pair[1].anchor, pair[1].size));
            assert!((pair[0].max[1] - pair[1].max[1]).abs() < 1e-4);
        }
        assert!(places[0].hides(&taken(&poses[..10])) == 0.0);
        // The frames may lie beyond the poses.
        assert_eq!(place_all(&[(SHORT.into(), 90..99)], &style, 1.0, &poses).len(), 1);
    }

    #[test]
    fn text_is_drawn_on_its_plate_and_nowhere_else() {
        let caption = |text: &str| Caption { text: text.into(), ..Caption::default() };
        for text in [SHORT, "她等了很久", "4-m  ɑ̃ ʃ"] {
            let mut out = vec![120u8; 4 * 300 * 200];
            let wanted =
                Caption { place: Some(place(text, &CaptionStyle::default(), 1.5, &[], None)), ..caption(text) };
            draw(&mut out, (300, 200), &wanted);
            let place = wanted.place.unwrap();
            let (mut bright, mut dark) = (0, 0);
            for (i, p) in out.chunks_exact(4).enumerate() {
                let (x, y) = ((i % 300) as f32 / 200.0, (i / 300) as f32 / 200.0);
                let inside = (place.min[0] - 0.006..place.max[0] + 0.006).contains(&x)
                    && (place.min[1] - 0.006..place.max[1] + 0.006).contains(&y);
                assert!(inside || p[0] == 120, "{text}: {x} {y}");
                bright += usize::from(p[0] > 160);
                dark += usize::from(p[0] < 60);
            }
            assert!(bright > 30 && dark > 200, "{text}: {bright} {dark}");
        }
        // Nothing to say, nothing drawn; a picture too small for the text does not fail.
        let mut out = vec![9u8; 4 * 40 * 16];
        draw(&mut out, (40, 16), &caption("  "));
        assert!(out.iter().all(|b| *b == 9));
        draw(&mut out, (40, 16), &caption(LONG));
        draw_label(&mut out, (40, 16), LONG, None);
    }

    #[test]
    fn labels_take_a_free_corner_and_stay_there() {
        let poses = [with_hand([0.85, 0.95])];
        let first = place_label("4-m", 1.0, &poses, None, None);
        assert!(first.max[0] < 0.5, "{first:?}");
        let next = place_label("2-c", 1.0, &[rest_pose(&Reference::example())], None, Some(&first));
        assert_eq!(next.anchor, first.anchor);
        // Nor does it stand on a caption.
        let caption = place(LONG, &CaptionStyle::default(), 1.0, &[], None);
        let beside = place_label("2-c", 1.0, &[], Some(&caption), Some(&first));
        assert_eq!(beside.hides(&[[caption.min, caption.max]]), 0.0);
        let mut unseen = rest_pose(&Reference::example());
        unseen.points[index::FACE].x = f32::NAN;
        place_label("2-c", 1.0, &[unseen], None, None);
    }
}
