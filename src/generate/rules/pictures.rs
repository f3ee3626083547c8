//! Contact sheets and motion strips for the eye: `CUELOOM_PICTURES=FOLDER cargo test --lib pictures -- --ignored`.

use super::tests::input_with_keys;
use super::*;
use crate::cueing::when::{Preset, TimingOptions};
use crate::cueing::{HandShape, Position};
use image::{Rgb, RgbImage};

const SIZE: u32 = 360;

struct Canvas {
    image: RgbImage,
    depth: Vec<f32>,
}

impl Canvas {
    fn new() -> Self {
        let image = RgbImage::from_pixel(SIZE, SIZE, Rgb([236, 238, 240]));
        Self { image, depth: vec![f32::NEG_INFINITY; (SIZE * SIZE) as usize] }
    }

    /// A shaded round cone between two points; z decides what is in front.
    fn cone(&mut self, a: Vec3, ra: f32, b: Vec3, rb: f32, colour: [f32; 3]) {
        let s = SIZE as f32;
        let (low, high) = (a.min(b) - Vec3::splat(ra.max(rb)), a.max(b) + Vec3::splat(ra.max(rb)));
        let range =
            |low: f32, high: f32| (low * s).floor().max(0.0) as u32..((high * s).ceil().max(0.0) as u32).min(SIZE);
        let way = (b - a).truncate();
        for y in range(low.y, high.y) {
            for x in range(low.x, high.x) {
                let p = Vec2::new((x as f32 + 0.5) / s, (y as f32 + 0.5) / s);
                let t = ((p - a.truncate()).dot(way) / way.length_squared().max(1e-9)).clamp(0.0, 1.0);
                let (centre, r) = (a.lerp(b, t), ra + (rb - ra) * t);
                let off = p - centre.truncate();
                let inside = 1.0 - off.length_squared() / (r * r);
                if inside <= 0.0 {
                    continue;
                }
                let height = inside.sqrt();
                let z = centre.z + height * r;
                let at = (y * SIZE + x) as usize;
                if z > self.depth[at] {
                    self.depth[at] = z;
                    let normal = Vec3::new(off.x / r, off.y / r, height);
                    let light = normal.dot(Vec3::new(-0.35, -0.55, 0.75).normalize()).max(0.0);
                    let shade = (0.45 + 0.6 * light) * if inside < 0.18 { 0.55 } else { 1.0 };
                    self.image.put_pixel(x, y, Rgb(colour.map(|c| (c * shade * 255.0).min(255.0) as u8)));
                }
            }
        }
    }

    fn line(&mut self, points: &[Vec2], closed: bool, radius: f32, z: f32, colour: [f32; 3]) {
        let n = points.len();
        for i in 0..if closed { n } else { n - 1 } {
            let (a, b) = (points[i].extend(z), points[(i + 1) % n].extend(z));
            self.cone(a, radius, b, radius, colour);
        }
    }

    fn person(&mut self, frame: &PoseFrame, reference: &Reference) {
        let at = |i: usize| Vec2::from(frame.points[i].xy());
        let face: Vec<Vec2> = frame.face().iter().map(|p| Vec2::from(p.xy())).collect();
        let (left, right) = (at(index::LEFT_SHOULDER), at(index::RIGHT_SHOULDER));
        let shirt = [0.55, 0.65, 0.78];
        for k in 0..12 {
            let y = k as f32 * 0.05;
            self.cone(
                (right + Vec2::new(0.0, y)).extend(-0.9),
                0.06,
                (left + Vec2::new(0.0, y)).extend(-0.9),
                0.06,
                shirt,
            );
        }
        let skin = [0.93, 0.80, 0.70];
        self.cone(face[8].extend(-0.8), 0.07, Vec2::from(reference.throat).extend(-0.8), 0.07, skin);
        self.cone(
            ((face[0] + face[16]) / 2.0).extend(-0.6),
            0.122,
            (face[8] - Vec2::new(0.0, 0.055)).extend(-0.6),
            0.06,
            skin,
        );
        let line = [0.35, 0.25, 0.22];
        self.line(&face[0..17], false, 0.002, -0.1, line);
        for brow in [17..22, 22..27] {
            self.line(&face[brow], false, 0.004, -0.1, line);
        }
        self.line(&face[27..31], false, 0.002, -0.1, line);
        self.line(&face[31..36], false, 0.002, -0.1, line);
        self.line(&face[36..42], true, 0.002, -0.1, line);
        self.line(&face[42..48], true, 0.002, -0.1, line);
        self.line(&face[48..60], true, 0.003, -0.1, [0.75, 0.3, 0.3]);
        self.line(&face[60..68], true, 0.002, -0.1, [0.3, 0.1, 0.1]);
        let hand = frame.hand(reference.handed);
        let l = reference.hand_length;
        let elbow = frame.elbow(reference.handed, reference.forearm_length);
        self.cone(elbow, 0.055, hand[0].lerp(elbow, 0.08), 0.035, [0.45, 0.55, 0.70]);
        for (a, b, ra, rb) in [
            (0, 5, 0.10, 0.062),
            (0, 9, 0.10, 0.062),
            (0, 13, 0.10, 0.058),
            (0, 17, 0.095, 0.052),
            (0, 1, 0.09, 0.075),
            (1, 2, 0.075, 0.058),
            (2, 3, 0.058, 0.05),
            (3, 4, 0.05, 0.04),
            (1, 5, 0.06, 0.06),
            (5, 6, 0.058, 0.05),
            (6, 7, 0.05, 0.044),
            (7, 8, 0.044, 0.036),
            (9, 10, 0.058, 0.05),
            (10, 11, 0.05, 0.044),
            (11, 12, 0.044, 0.036),
            (13, 14, 0.055, 0.048),
            (14, 15, 0.048, 0.042),
            (15, 16, 0.042, 0.034),
            (17, 18, 0.048, 0.042),
            (18, 19, 0.042, 0.037),
            (19, 20, 0.037, 0.031),
            (5, 9, 0.06, 0.06),
            (9, 13, 0.06, 0.058),
            (13, 17, 0.058, 0.05),
        ] {
            self.cone(hand[a], ra * l, hand[b], rb * l, [0.98, 0.82, 0.70]);
        }
    }
}

fn save(name: &str, rows: &[Vec<RgbImage>]) {
    let folder = std::env::var("CUELOOM_PICTURES").expect("CUELOOM_PICTURES names the folder for pictures");
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0) as u32;
    let mut sheet = RgbImage::new(columns * SIZE, rows.len() as u32 * SIZE);
    for (y, row) in rows.iter().enumerate() {
        for (x, picture) in row.iter().enumerate() {
            image::imageops::replace(&mut sheet, picture, i64::from(x as u32 * SIZE), i64::from(y as u32 * SIZE));
        }
    }
    sheet.save(format!("{folder}/{name}.png")).unwrap();
}

fn picture(frame: &PoseFrame, reference: &Reference) -> RgbImage {
    let mut canvas = Canvas::new();
    canvas.person(frame, reference);
    canvas.image
}

#[test]
#[ignore = "draws pictures for the eye"]
fn contact_sheet() {
    let positions =
        [Position::Side, Position::Mouth, Position::Chin, Position::Cheekbone, Position::Throat, Position::Neutral];
    let mut rows = Vec::new();
    for shape in HandShape::ALL {
        let mut row = Vec::new();
        for position in positions {
            let shape = if position == Position::Neutral { 0 } else { shape.0 };
            let mut input = input_with_keys(&[(shape, position, None)], 2.0, 0.5, &Preset::Revised.into());
            input.phones.clear();
            let frames = Rules.generate(&input, &Silent).unwrap().frames;
            row.push(picture(&frames[input.fps.frame_at(crate::time::Seconds(2.2)).0 as usize], &input.reference));
        }
        rows.push(row);
    }
    save("shapes_a", &rows[..4]);
    save("shapes_b", &rows[4..]);
}

#[test]
#[ignore = "draws pictures for the eye"]
fn motion_strip() {
    let keys = [
        (5, Position::Throat, None),
        (1, Position::Cheekbone, None),
        (3, Position::Chin, None),
        (8, Position::Mouth, None),
        (4, Position::Side, None),
        (6, Position::Throat, None),
        (2, Position::Mouth, None),
    ];
    let input = input_with_keys(&keys, 1.0, 0.34, &TimingOptions::default());
    let frames = Rules.generate(&input, &Silent).unwrap().frames;
    let rows: Vec<Vec<RgbImage>> = (0..8)
        .map(|r| (0..9).map(|c| picture(&frames[(4 + r * 9 + c).min(frames.len() - 1)], &input.reference)).collect())
        .collect();
    save("strip_a", &rows[..4]);
    save("strip_b", &rows[4..]);
}
