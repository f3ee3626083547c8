//! "DRAFT - NO CONSENT RECORDED" over films of real people who have not said yes, so that a draft cannot be taken for the
//! real thing. The letters are drawn strokes; the mark is laid out once and blended into every frame.

use super::paint::{Mask, Path, Pt};

/// What is written over every frame.
pub const WORDS: &str = "DRAFT - NO CONSENT RECORDED";

/// Width of a letter and of the space from one to the next, in letter heights.
const WIDE: f32 = 0.62;
const STEP: f32 = 0.92;

/// A mark for frames of one size.
pub struct Watermark {
    size: (usize, usize),
    /// Light letters over dark plates, each with how much it covers.
    plates: Vec<Mask>,
    letters: Vec<Mask>,
}

impl Watermark {
    /// For frames of so many pixels. One line stands over the chest and one above the head, each as wide as the frame
    /// allows, so that neither cutting the top nor the bottom away removes it.
    pub fn new(width: u32, height: u32) -> Self {
        let size = (width as usize, height as usize);
        let scale = height.max(1) as f32;
        let aspect = width as f32 / scale;
        let count = WORDS.chars().count() as f32;
        let high = (0.88 * aspect / (count * STEP)).min(0.06);
        let (mut plates, mut letters) = (Vec::new(), Vec::new());
        for middle in [0.045, 0.940] {
            let left = 0.5 * aspect - 0.5 * high * STEP * (count - (STEP - WIDE));
            let top = middle - 0.5 * high;
            let (pad, right) = (0.5 * high, left + high * STEP * count);
            let plate = vec![
                [left - pad, top - pad],
                [right, top - pad],
                [right, top + high + pad],
                [left - pad, top + high + pad],
            ];
            plates.push(Mask::of(&Path::polygon(plate), scale, size, 0));
            for (i, letter) in WORDS.chars().enumerate() {
                let origin = [left + high * STEP * i as f32, top];
                for stroke in strokes(letter) {
                    let points: Vec<Pt> =
                        stroke.iter().map(|p| [origin[0] + high * WIDE * p[0], origin[1] + high * p[1]]).collect();
                    let thick = (0.13 * high).max(1.2 / scale);
                    letters.push(Mask::of(&Path::ribbon(&points, |_| thick), scale, size, 0));
                }
            }
        }
        Self { size, plates, letters }
    }

    /// Draws the mark over RGBA bytes of that size; a buffer of another size stays as it is.
    pub fn draw(&self, out: &mut [u8]) {
        if out.len() != 4 * self.size.0 * self.size.1 {
            return;
        }
        for (masks, colour, alpha) in [(&self.plates, 20.0f32, 0.45), (&self.letters, 250.0, 0.92)] {
            for mask in masks {
                for (row, covers) in mask.cover.chunks_exact(mask.width.max(1)).enumerate() {
                    let y = mask.y + row as i32;
                    for (column, cover) in covers.iter().enumerate().filter(|(_, c)| **c > 0.0) {
                        let x = mask.x + column as i32;
                        if x < 0 || y < 0 || x as usize >= self.size.0 || y as usize >= self.size.1 {
                            continue;
                        }
                        let pixel = &mut out[4 * (y as usize * self.size.0 + x as usize)..][..3];
                        for v in pixel {
                            *v = (f32::from(*v) + (colour - f32::from(*v)) * cover * alpha + 0.5) as u8;
                        }
                    }
                }
            }
        }
    }
}

/// The strokes of a letter in a box one wide and one high; only the letters of [`WORDS`].
fn strokes(letter: char) -> &'static [&'static [Pt]] {
    match letter {
        'A' => &[&[[0.0, 1.0], [0.5, 0.0], [1.0, 1.0]], &[[0.2, 0.64], [0.8, 0.64]]],
        'C' => {
            &[&[[1.0, 0.16], [0.75, 0.0], [0.3, 0.0], [0.0, 0.28], [0.0, 0.72], [0.3, 1.0], [0.75, 1.0], [1.0, 0.84]]]
        }
        'D' => &[&[[0.0, 0.0], [0.6, 0.0], [1.0, 0.3], [1.0, 0.7], [0.6, 1.0], [0.0, 1.0], [0.0, 0.0]]],
        'E' => &[&[[1.0, 0.0], [0.0, 0.0], [0.0, 1.0], [1.0, 1.0]], &[[0.0, 0.48], [0.8, 0.48]]],
        'F' => &[&[[1.0, 0.0], [0.0, 0.0], [0.0, 1.0]], &[[0.0, 0.48], [0.8, 0.48]]],
        'N' => &[&[[0.0, 1.0], [0.0, 0.0], [1.0, 1.0], [1.0, 0.0]]],
        'O' => &[&[
            [0.3, 0.0],
            [0.7, 0.0],
            [1.0, 0.28],
            [1.0, 0.72],
            [0.7, 1.0],
            [0.3, 1.0],
            [0.0, 0.72],
            [0.0, 0.28],
            [0.3, 0.0],
        ]],
        'R' => &[&[[0.0, 1.0], [0.0, 0.0], [0.7, 0.0], [1.0, 0.2], [0.7, 0.5], [0.0, 0.5]], &[[0.55, 0.5], [1.0, 1.0]]],
        'S' => &[&[
            [1.0, 0.14],
            [0.7, 0.0],
            [0.25, 0.0],
            [0.0, 0.22],
            [0.25, 0.46],
            [0.75, 0.54],
            [1.0, 0.78],
            [0.75, 1.0],
            [0.3, 1.0],
            [0.0, 0.86],
        ]],
        'T' => &[&[[0.0, 0.0], [1.0, 0.0]], &[[0.5, 0.0], [0.5, 1.0]]],
        '-' => &[&[[0.1, 0.5], [0.9, 0.5]]],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_letter_is_drawn_and_the_face_stays_free() {
        for letter in WORDS.chars().filter(|c| *c != ' ') {
            assert!(!strokes(letter).is_empty(), "{letter}");
        }
        for (width, height) in [(512u32, 512u32), (960, 540), (270, 480), (64, 64)] {
            let mut out = vec![120u8; (4 * width * height) as usize];
            Watermark::new(width, height).draw(&mut out);
            let at = |x: u32, y: u32| out[(4 * (y * width + x)) as usize];
            let light = |from: u32, to: u32| {
                (from..to).flat_map(|y| (0..width).map(move |x| (x, y))).filter(|(x, y)| at(*x, *y) > 160).count()
            };
            assert!(light(0, height / 8) > 20, "top of {width}x{height}");
            assert!(light(height * 7 / 8, height) > 20, "bottom of {width}x{height}");
            // From above the eyes to the throat nothing changes.
            assert!((height / 8..height * 7 / 8).all(|y| (0..width).all(|x| at(x, y) == 120)), "{width}x{height}");
        }
        let mut other = vec![7u8; 12];
        Watermark::new(64, 64).draw(&mut other);
        assert_eq!(other, [7; 12]);
    }
}
