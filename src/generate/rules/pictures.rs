//! Contact sheets and motion strips for the eye: `CUELOOM_PICTURES=FOLDER cargo test --lib pictures -- --ignored`.

use super::tests::{input_with_keys, input_with_phones};
use super::*;
use crate::cueing::when::{Preset, TimingOptions};
use crate::cueing::{HandShape, Movement, Position};
use crate::language::Language;
use crate::progress::Silent;
use crate::render::identity::Identity;
use crate::render::{RenderOptions, Renderer};
use image::{RgbImage, RgbaImage};
use std::sync::Arc;

const SIZE: u32 = 300;

struct Painter {
    renderer: Renderer,
    identity: Arc<Identity>,
}

impl Painter {
    fn new() -> Self {
        Self::sized(SIZE)
    }

    fn sized(height: u32) -> Self {
        let identity = Arc::new(Identity::builtin(Identity::builtin_names()[0]).unwrap());
        let options = RenderOptions { height, ..RenderOptions::default() };
        Self { renderer: Renderer::new(identity.clone(), &options).unwrap(), identity }
    }

    fn picture(&self, frame: &PoseFrame) -> RgbImage {
        let made = self.renderer.render(frame);
        image::DynamicImage::from(RgbaImage::from_raw(made.width, made.height, made.data).unwrap()).into_rgb8()
    }

    fn frames(&self, input: &mut GenerateInput) -> Vec<PoseFrame> {
        input.reference = self.identity.reference.clone();
        Rules.generate(input, &Silent).unwrap().frames
    }
}

fn save(name: &str, rows: &[Vec<RgbImage>]) {
    let folder = std::env::var("CUELOOM_PICTURES").expect("CUELOOM_PICTURES names the folder for pictures");
    let (width, height) = rows[0][0].dimensions();
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0) as u32;
    let mut sheet = RgbImage::new(columns * width, rows.len() as u32 * height);
    for (y, row) in rows.iter().enumerate() {
        for (x, picture) in row.iter().enumerate() {
            let (x, y) = (x as u32 * width, y as u32 * height);
            image::imageops::replace(&mut sheet, picture, i64::from(x), i64::from(y));
        }
    }
    sheet.save(format!("{folder}/{name}.png")).unwrap();
}

#[test]
#[ignore = "draws pictures for the eye"]
fn contact_sheet() {
    let painter = Painter::new();
    let positions =
        [Position::Side, Position::Mouth, Position::Chin, Position::Cheekbone, Position::Throat, Position::Neutral];
    let mut rows = Vec::new();
    for shape in HandShape::ALL {
        let mut row = Vec::new();
        for position in positions {
            let shape = if position == Position::Neutral { 0 } else { shape.0 };
            let mut input = input_with_keys(&[(shape, position, None)], 2.0, 0.5, &Preset::Revised.into());
            input.phones.clear();
            let frames = painter.frames(&mut input);
            row.push(painter.picture(&frames[input.fps.frame_at(crate::time::Seconds(2.2)).0 as usize]));
        }
        rows.push(row);
    }
    save("shapes_a", &rows[..4]);
    save("shapes_b", &rows[4..]);
}

#[test]
#[ignore = "draws pictures for the eye"]
fn motion_strip() {
    let painter = Painter::new();
    let keys = [
        (5, Position::Throat, None),
        (1, Position::Cheekbone, None),
        (3, Position::Chin, None),
        (8, Position::Mouth, None),
        (4, Position::Side, None),
        (6, Position::Throat, None),
        (2, Position::Mouth, None),
        (2, Position::Mouth, Some(Movement::DoubleTouch)),
        (7, Position::Cheekbone, None),
        (5, Position::SideForward, None),
    ];
    let mut input = input_with_keys(&keys, 0.8, 0.34, &TimingOptions::default());
    let frames = painter.frames(&mut input);
    let rows: Vec<Vec<RgbImage>> = (0..12)
        .map(|r| (0..8).map(|c| painter.picture(&frames[(4 + r * 8 + c).min(frames.len() - 1)])).collect())
        .collect();
    for (name, rows) in ["strip_a", "strip_b", "strip_c"].into_iter().zip(rows.chunks(4)) {
        save(name, rows);
    }
}

#[test]
#[ignore = "draws pictures for the eye"]
fn chest_strip() {
    let painter = Painter::new();
    let keys = [(8, Position::Chin, None), (4, Position::Side, None), (4, Position::Side, Some(Movement::Flick))];
    let mut input = input_with_keys(&keys, 0.9, 0.4, &TimingOptions::default());
    input.style.rest = crate::generate::Rest::Chest;
    let frames = painter.frames(&mut input);
    let rows: Vec<Vec<RgbImage>> = (0..6)
        .map(|r| (0..9).map(|c| painter.picture(&frames[(4 + r * 9 + c).min(frames.len() - 1)])).collect())
        .collect();
    save("chest", &rows);
}

#[test]
#[ignore = "draws pictures for the eye"]
fn mouths() {
    let painter = Painter::sized(900);
    let sounds = ["ɑ", "i", "u", "ɔ", "æ", "p", "f", "s", "ʃ", "w", "t", "oʊ"];
    let rows: Vec<Vec<RgbImage>> = sounds
        .chunks(6)
        .map(|row| {
            let picture = |s: &&str| {
                let mut input = input_with_phones(Language::AmericanEnglish, 1.0, &[(s, 0.3)]);
                let frames = painter.frames(&mut input);
                let picture = painter.picture(&frames[28]);
                image::imageops::crop_imm(&picture, 330, 310, 240, 200).to_image()
            };
            row.iter().map(picture).collect()
        })
        .collect();
    save("mouths", &rows);
}
