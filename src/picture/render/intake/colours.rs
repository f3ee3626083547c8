//! The colours of a person, read off the picture at the landmarks: medians, so that a strand of hair or a gleam does not
//! count. All of them can be set by hand.

use crate::pose::Reference;
use crate::render::hand_mesh::HandLook;
use crate::render::identity::Look;
use image::RgbImage;

/// An sRGB colour.
pub type Colour = [u8; 3];

/// What is painted over a picture takes these colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Colours {
    pub skin: Colour,
    /// Skin away from the light.
    pub shade: Colour,
    pub lips: Colour,
    pub eye_white: Colour,
    pub teeth: Colour,
    pub sleeve: Colour,
    pub sleeve_shade: Colour,
    pub background: Colour,
}

/// Reads all colours off a picture.
pub fn read(picture: &RgbImage, reference: &Reference) -> Colours {
    let at = |i: usize| reference.face.get(i).copied().unwrap_or_default();
    let mix = |a: [f32; 2], b: [f32; 2], t: f32| -> [f32; 2] { [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t] };
    let span = (at(45)[0] - at(36)[0]).hypot(at(45)[1] - at(36)[1]);
    let median = |places: &[[f32; 2]], radius: f32| sampled(picture, places, radius);
    // Both cheeks, between the middle of the lower lid and the corner of the mouth, well inside of the face's edge; and
    // the forehead over the bridge of the nose.
    let lids = [mix(at(40), at(41), 0.5), mix(at(46), at(47), 0.5)];
    let cheeks = [mix(lids[0], at(48), 0.45), mix(lids[1], at(54), 0.45)];
    let forehead = mix(at(27), at(8), -0.28);
    let sides = cheeks.map(|c| median(&[c], 0.09 * span));
    let skin = median(&[cheeks[0], cheeks[1], forehead], 0.09 * span);
    let [lit, dim] = if light(sides[0]) >= light(sides[1]) { sides } else { [sides[1], sides[0]] };
    // The darker cheek, at least as dark as form shades of skin are.
    let shade = darker(dim, 0.80_f32.min(light(dim) / light(lit).max(1.0)));
    let lips = median(&[mix(at(57), at(66), 0.45), mix(at(58), at(67), 0.45), mix(at(56), at(65), 0.45)], 0.02 * span);
    // Between iris and corner, in the two corners of each eye.
    let whites =
        [mix(at(36), at(39), 0.16), mix(at(36), at(39), 0.84), mix(at(42), at(45), 0.16), mix(at(42), at(45), 0.84)];
    let eye_white = brightest(picture, &whites, 0.03 * span);
    // Teeth are a little warmer than the white of the eyes under the same light, and never darker than skin.
    let gain = (light(eye_white) / 235.0).clamp(0.6, 1.0);
    let teeth = [250.0, 244.0, 236.0].map(|v: f32| (v * gain) as u8);
    // The upper corners and the edges beside the head.
    let w = reference.aspect;
    let wall = [[0.03, 0.05], [w - 0.03, 0.05], [0.03, 0.3], [w - 0.03, 0.3]];
    let background = median(&wall, 0.02);
    // Both sleeves under the shoulder; the one that is less like the wall, where an arm may be missing.
    let shoulders = [reference.right_shoulder, reference.left_shoulder];
    let sleeves = shoulders.map(|s| {
        let x = mix(s, mix(shoulders[0], shoulders[1], 0.5), 0.12)[0];
        let beside = x < 0.0 || x > w || s[1] > 1.0;
        // A shoulder outside of the picture: what is worn under the chin.
        let (x, y) = if beside { (reference.throat[0], 0.97) } else { (x, s[1]) };
        median(&[0.10, 0.25].map(|down: f32| [x, (y + down * span).min(0.985)]), 0.10 * span)
    });
    let unlike = |c: Colour| (0..3).map(|k| c[k].abs_diff(background[k]) as u32).sum::<u32>();
    let sleeve = if unlike(sleeves[1]) > unlike(sleeves[0]) { sleeves[1] } else { sleeves[0] };
    Colours { skin, shade, lips, eye_white, teeth, sleeve, sleeve_shade: darker(sleeve, 0.62), background }
}

impl Colours {
    /// What the renderer takes: the face's colours and the hand's.
    pub fn looks(&self) -> (Look, HandLook) {
        let towards = |a: Colour, b: Colour, t: f32| -> Colour {
            std::array::from_fn(|k| (f32::from(a[k]) + (f32::from(b[k]) - f32::from(a[k])) * t + 0.5) as u8)
        };
        let look = Look {
            background: self.background,
            lips: self.lips,
            teeth: self.teeth,
            mouth_interior: darker(towards(self.lips, [90, 20, 24], 0.6), 0.62),
            tongue: towards(self.lips, [205, 98, 98], 0.6),
            ..Look::default()
        };
        let hand = HandLook {
            skin: self.skin,
            shade: self.shade,
            blush: towards(self.skin, self.lips, 0.30),
            highlight: towards(self.skin, [255, 250, 244], 0.32),
            outline: darker(towards(self.shade, [60, 30, 26], 0.45), 0.8),
            nail: towards(towards(self.skin, self.lips, 0.22), [255, 240, 234], 0.22),
            sleeve: self.sleeve,
            sleeve_shade: self.sleeve_shade,
            // Photographs have no drawn lines: only a breath of one, which keeps fingers apart.
            outline_strength: 0.35,
            shadow: darker(self.shade, 0.75),
            ..HandLook::default()
        };
        (look, hand)
    }
}

/// Brightness as the eye sees it (Rec. 601 weights), 0-255.
pub fn light(c: Colour) -> f32 {
    0.299 * f32::from(c[0]) + 0.587 * f32::from(c[1]) + 0.114 * f32::from(c[2])
}

fn darker(c: Colour, by: f32) -> Colour {
    c.map(|v| (f32::from(v) * by + 0.5).clamp(0.0, 255.0) as u8)
}

/// The pixels within `radius` picture heights of some places.
fn pixels(picture: &RgbImage, places: &[[f32; 2]], radius: f32) -> Vec<Colour> {
    let (w, h) = picture.dimensions();
    let scale = h as f32;
    let reach = (radius * scale).clamp(1.0, 0.2 * scale);
    let mut all = Vec::new();
    for p in places.iter().filter(|p| p.iter().all(|v| v.is_finite())) {
        let (cx, cy) = (p[0] * scale, p[1] * scale);
        let range = |c: f32, most: u32| -> std::ops::Range<u32> {
            let low = (c - reach).max(0.0) as u32;
            low..((c + reach).max(0.0).ceil() as u32).min(most)
        };
        for y in range(cy, h) {
            for x in range(cx, w) {
                if (x as f32 + 0.5 - cx).hypot(y as f32 + 0.5 - cy) <= reach {
                    all.push(picture.get_pixel(x, y).0);
                }
            }
        }
    }
    all
}

/// The median of each channel around some places; grey where they lie outside of the picture.
fn sampled(picture: &RgbImage, places: &[[f32; 2]], radius: f32) -> Colour {
    let all = pixels(picture, places, radius);
    if all.is_empty() {
        return [128; 3];
    }
    std::array::from_fn(|k| {
        let mut values: Vec<u8> = all.iter().map(|c| c[k]).collect();
        let middle = values.len() / 2;
        *values.select_nth_unstable(middle).1
    })
}

/// The mean of the brightest tenth around some places: the white of an eye beside lashes and iris.
fn brightest(picture: &RgbImage, places: &[[f32; 2]], radius: f32) -> Colour {
    let mut all = pixels(picture, places, radius);
    if all.is_empty() {
        return [235; 3];
    }
    all.sort_by(|a, b| light(*b).total_cmp(&light(*a)));
    let top = &all[..(all.len() / 10).max(1)];
    std::array::from_fn(|k| (top.iter().map(|c| u32::from(c[k])).sum::<u32>() / top.len() as u32) as u8)
}
