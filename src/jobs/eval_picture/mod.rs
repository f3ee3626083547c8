//! The pictures measured: can the cues be seen in the pixels alone, do still regions keep still, how fast is drawing.
//!
//! **Legibility.** Sentences are performed by the rule generator and drawn; in the middle of each hold the hand is
//! looked for by [`sight`], which sees two pictures (with and without the hand) and has been shown silhouettes and
//! places of other sentences, of another presenter where there is one. What it takes the cue for is compared with what
//! was meant.

pub mod redraw;
mod sight;

use crate::cueing::score::targets;
use crate::cueing::{HandShape, Movement, Position};
use crate::generate::rules::Rules;
use crate::generate::{GenerateInput, Generator as _, read_back};
use crate::language::Language;
use crate::pose::{PoseFrame, Reference, Side};
use crate::progress::{Progress, Silent};
use crate::render::identity::Identity;
use crate::render::{Backend, RenderOptions, Renderer, RgbaFrame};
use crate::time::Fps;
use anyhow::Context as _;
use rayon::prelude::*;
use sight::{Colour, Seen, Silhouette};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

/// Height of the pictures that are looked at, pixels: a small preview.
const HEIGHT: u32 = 256;
/// Keys a second.
const RATE: f64 = 2.0;
/// The sentences that the eye is shown, a language, and the number of the first.
const SHOWN: usize = 10;
const FIRST_SHOWN: u64 = 0;
/// The number of the first that it is asked about.
const FIRST: u64 = 20_000;
/// No more silhouettes of one shape are kept.
const KEPT: usize = 24;

/// How often something was right.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rate {
    pub right: usize,
    pub of: usize,
}

impl Rate {
    fn count(&mut self, right: bool) {
        self.right += usize::from(right);
        self.of += 1;
    }

    /// 0-1; `None` where nothing was asked.
    pub fn share(&self) -> Option<f64> {
        (self.of > 0).then(|| self.right as f64 / self.of as f64)
    }
}

/// What was seen of one presenter.
#[derive(Clone, Debug)]
pub struct Legibility {
    pub presenter: String,
    pub shape: Rate,
    pub position: Rate,
    /// What was meant, what it was taken for, how often: the commonest first.
    pub mistaken: Vec<(String, String, usize)>,
}

/// One cue drawn: what was meant, and what is seen.
struct Look {
    shape: HandShape,
    position: Position,
    seen: Option<Seen>,
    /// Fingertip and palm in face widths from the point between the eyes, and the radius of the palm.
    place: [f32; 5],
}

/// A performance of one sentence by a presenter.
fn performance(
    language: Language,
    number: u64,
    identity: &Identity,
) -> anyhow::Result<(GenerateInput, Vec<PoseFrame>)> {
    let (input, ..) = read_back::input(language, number, RATE)?;
    let input = GenerateInput { reference: identity.reference.clone(), fps: Fps::whole(25), ..input };
    let frames = Rules.generate(&input, &Silent)?.frames;
    Ok((input, frames))
}

/// The pose without hands: their scores are taken.
fn without_hands(pose: &PoseFrame) -> PoseFrame {
    let mut out = pose.clone();
    for side in [Side::Left, Side::Right] {
        let first = side.hand_index();
        out.points[first..first + crate::pose::HAND_JOINT_COUNT].iter_mut().for_each(|p| p.score = 0.0);
    }
    out
}

/// Looks at the middle of each hold of a sentence.
fn looks(renderer: &Renderer, language: Language, number: u64) -> anyhow::Result<Vec<Look>> {
    let identity = renderer.identity();
    // The eye knows right hands: left-handed people are looked at in a mirror.
    let mirrored = identity.reference.handed == Side::Left;
    let reference = if mirrored { identity.reference.mirrored() } else { identity.reference.clone() };
    let seen_as = |mut frame: RgbaFrame| {
        if mirrored {
            let width = frame.width as usize;
            let pixels: &mut [[u8; 4]] = bytemuck::cast_slice_mut(&mut frame.data);
            pixels.chunks_exact_mut(width).for_each(<[_]>::reverse);
        }
        frame
    };
    let (input, frames) = performance(language, number, identity)?;
    let scale = renderer.size().1 as f32;
    let at = |i: usize| reference.face_point(i);
    let eyes = (at(36) + at(45)) / 2.0;
    let wide = (at(16) - at(0)).length().max(1e-3);
    let mut out = Vec::new();
    for target in targets(&input.keys, input.length) {
        let Some(hold) = target.hold else { continue };
        // A movement shows its place at its beginning only; a hold without a frame shows nothing.
        if target.movement.is_some_and(|m| m != Movement::Flick) {
            continue;
        }
        let Some(pose) = frames.get(input.fps.frame_at(hold.middle()).0 as usize) else { continue };
        let (picture, plate) = (seen_as(renderer.render(pose)), seen_as(renderer.render(&without_hands(pose))));
        let (Some(skin), Some(cloth)) = colours(&plate, &reference) else { continue };
        let seen = sight::look(&picture, &plate, skin, cloth);
        let relative = |p: [f32; 2]| [(p[0] / scale - eyes.x) / wide, (p[1] / scale - eyes.y) / wide];
        let place = seen.as_ref().map_or([0.0; 5], |s| {
            let ([a, b], [c, d]) = (relative(s.tip), relative(s.palm));
            [a, b, c, d, s.radius / scale / wide]
        });
        out.push(Look { shape: target.shape, position: target.position, seen, place });
    }
    Ok(out)
}

/// Colour of skin (between mouth and eyes) and cloth (below the shoulders) in a picture.
fn colours(plate: &RgbaFrame, r: &Reference) -> (Option<Colour>, Option<Colour>) {
    let scale = plate.height as f32;
    let (left, right) = (r.face_point(36), r.face_point(45));
    let (brow, lip) = (r.face_point(29).y, r.face_point(33).y);
    let skin = sight::colour(plate, |x, y| {
        let (x, y) = (x as f32 / scale, y as f32 / scale);
        (left.x..right.x).contains(&x) && (brow..lip).contains(&y)
    });
    let shoulder = (r.left_shoulder[1] + r.right_shoulder[1]) / 2.0;
    let cloth = sight::colour(plate, |x, y| {
        let (x, y) = (x as f32 / scale, y as f32 / scale);
        (left.x..right.x).contains(&x) && y > shoulder + 0.08
    });
    (skin, cloth)
}

/// What the eye has been shown.
#[derive(Default)]
struct Memory {
    shapes: Vec<(usize, Silhouette)>,
    places: BTreeMap<Position, Vec<[f32; 5]>>,
}

impl Memory {
    fn of(renderer: &Renderer) -> anyhow::Result<Self> {
        let mut memory = Self::default();
        for language in Language::ALL {
            for number in 0..SHOWN as u64 {
                for look in looks(renderer, language, FIRST_SHOWN + number)? {
                    memory.keep(&look);
                }
            }
        }
        Ok(memory)
    }

    fn keep(&mut self, look: &Look) {
        let Some(seen) = &look.seen else { return };
        let shape = usize::from(look.shape.0);
        if self.shapes.iter().filter(|s| s.0 == shape).count() < KEPT {
            self.shapes.push((shape, seen.silhouette()));
        }
        self.places.entry(look.position).or_default().push(look.place);
    }

    /// Standard deviation of each measure within the places, all places together.
    fn spread(&self) -> [f32; 5] {
        let n: usize = self.places.values().map(Vec::len).sum();
        std::array::from_fn(|k| {
            let within = |of: &Vec<[f32; 5]>| {
                let mean = mean_of(of, k);
                of.iter().map(|v| (v[k] - mean).powi(2)).sum::<f32>()
            };
            (self.places.values().map(within).sum::<f32>() / n.max(1) as f32).sqrt().max(1e-4)
        })
    }

    /// The shape whose silhouettes agree best (mean of the best three), and the nearest place.
    fn recall(&self, look: &Look) -> (Option<HandShape>, Option<Position>) {
        let Some(seen) = &look.seen else { return (None, None) };
        let mut by_shape: BTreeMap<usize, Vec<f32>> = BTreeMap::new();
        for (shape, agrees) in seen.agrees(&self.shapes) {
            by_shape.entry(shape).or_default().push(agrees);
        }
        let mean = |mut v: Vec<f32>| {
            v.sort_by(|a, b| b.total_cmp(a));
            v.truncate(3);
            v.iter().sum::<f32>() / v.len().max(1) as f32
        };
        let shape = by_shape.into_iter().map(|(s, v)| (s, mean(v))).max_by(|a, b| a.1.total_cmp(&b.1));
        let spread = self.spread();
        let far =
            |of: &[[f32; 5]]| -> f32 { (0..5).map(|k| ((mean_of(of, k) - look.place[k]) / spread[k]).powi(2)).sum() };
        let place = self.places.iter().min_by(|a, b| far(a.1).total_cmp(&far(b.1)));
        (shape.map(|(s, _)| HandShape(s as u8)), place.map(|(p, _)| *p))
    }
}

fn mean_of(of: &[[f32; 5]], k: usize) -> f32 {
    of.iter().map(|v| v[k]).sum::<f32>() / of.len().max(1) as f32
}

fn renderer(name: &str, height: u32) -> anyhow::Result<Renderer> {
    let identity = Arc::new(Identity::builtin(name)?);
    Ok(Renderer::new(identity, &RenderOptions { height, backend: Backend::Cpu, ..RenderOptions::default() })?)
}

/// Measures legibility of all built-in presenters, `sentences` a language each.
///
/// # Errors
/// A sentence that cannot be performed; stopped.
pub fn legibility(sentences: usize, progress: &dyn Progress) -> anyhow::Result<Vec<Legibility>> {
    let names = Identity::builtin_names();
    let renderers = names.iter().map(|n| renderer(n, HEIGHT)).collect::<anyhow::Result<Vec<_>>>()?;
    let memories = renderers.iter().map(Memory::of).collect::<anyhow::Result<Vec<_>>>()?;
    let mut out = Vec::new();
    for (i, renderer) in renderers.iter().enumerate() {
        anyhow::ensure!(!progress.cancelled(), "stopped");
        progress.report("Looking at pictures", i, renderers.len());
        // Shown another presenter than the one it is asked about, where there is one.
        let memory = &memories[(i + 1) % memories.len()];
        let cases: Vec<(Language, u64)> = Language::ALL
            .into_iter()
            .flat_map(|l| (0..sentences as u64).map(move |n| (l, FIRST + 1000 * i as u64 + n)))
            .collect();
        let found: Vec<Vec<Look>> =
            cases.par_iter().map(|(l, n)| looks(renderer, *l, *n)).collect::<anyhow::Result<_>>()?;
        let mut result = Legibility {
            presenter: names[i].to_owned(),
            shape: Rate::default(),
            position: Rate::default(),
            mistaken: Vec::new(),
        };
        let mut mistaken: BTreeMap<(String, String), usize> = BTreeMap::new();
        for look in found.iter().flatten() {
            let (shape, position) = memory.recall(look);
            result.shape.count(shape == Some(look.shape));
            result.position.count(position == Some(look.position));
            let mut note = |meant: String, seen: Option<String>| {
                *mistaken.entry((meant, seen.unwrap_or_else(|| "nothing".into()))).or_default() += 1;
            };
            if shape != Some(look.shape) {
                note(format!("shape {}", look.shape.0), shape.map(|s| format!("shape {}", s.0)));
            }
            if position != Some(look.position) {
                note(look.position.name().to_owned(), position.map(|p| p.name().to_owned()));
            }
        }
        result.mistaken = mistaken.into_iter().map(|((a, b), n)| (a, b, n)).collect();
        result.mistaken.sort_by_key(|m| std::cmp::Reverse(m.2));
        out.push(result);
    }
    progress.report("Looking at pictures", renderers.len(), renderers.len());
    Ok(out)
}

/// The mean absolute difference of successive frames (0-255, mean of channels) where nothing may move: on the
/// background, a margin away from the person and from both places of the hand and forearm.
///
/// # Errors
/// As [`legibility`].
pub fn still_difference(name: &str, height: u32) -> anyhow::Result<Stillness> {
    // A twentieth of the picture around the person, an eighth around joints: sleeve and shadow.
    const MARGIN: f32 = 0.05;
    const AROUND_HAND: f32 = 0.125;
    let renderer = renderer(name, height)?;
    let (input, poses) = performance(Language::French, FIRST, renderer.identity())?;
    let (width, height) = (renderer.size().0 as usize, renderer.size().1 as usize);
    let scale = height as f32;
    let matte = renderer.identity().matte.as_ref().context("the presenter has no matte")?;
    let person = |x: f32, y: f32| {
        let at = |v: f32, n: u32| ((v * matte.height() as f32) as u32).min(n - 1);
        matte.get_pixel(at(x, matte.width()), at(y, matte.height()))[0] > 0
    };
    let ring = |x: f32, y: f32| {
        (0..16).any(|i| {
            let (s, c) = (i as f32 * std::f32::consts::TAU / 16.0).sin_cos();
            [MARGIN, 0.5 * MARGIN].iter().any(|r| person((x + r * c).max(0.0), (y + r * s).max(0.0)))
        })
    };
    let background: Vec<bool> = (0..width * height)
        .map(|i| ((i % width) as f32 / scale, (i / width) as f32 / scale))
        .map(|(x, y)| !person(x, y) && !ring(x, y))
        .collect();
    let side = input.reference.handed;
    let near_hand = |pose: &PoseFrame, x: f32, y: f32| {
        let joints = pose.hand(side);
        let elbow = pose.elbow(side, input.reference.forearm_length);
        let along = (1..5).map(|i| joints[0].lerp(elbow, i as f32 / 4.0));
        joints.into_iter().chain(along).any(|p| (p.x - x).hypot(p.y - y) < AROUND_HAND)
    };
    let (mut before, mut now) = (Vec::new(), Vec::new());
    let (mut sum, mut n) = (0.0_f64, 0_u64);
    renderer.render_into(&poses[0], &mut before);
    for pair in poses.windows(2) {
        renderer.render_into(&pair[1], &mut now);
        for (i, (p, q)) in before.chunks_exact(4).zip(now.chunks_exact(4)).enumerate() {
            let (x, y) = ((i % width) as f32 / scale, (i / width) as f32 / scale);
            if background[i] && !near_hand(&pair[0], x, y) && !near_hand(&pair[1], x, y) {
                sum += (0..3).map(|k| f64::from(p[k].abs_diff(q[k]))).sum::<f64>() / 3.0;
                n += 1;
            }
        }
        std::mem::swap(&mut before, &mut now);
    }
    anyhow::ensure!(n > 0, "nothing of the picture keeps still");
    Ok(Stillness { mean: sum / n as f64, pixels: n, frames: poses.len() })
}

/// What [`still_difference`] found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stillness {
    /// 0-255.
    pub mean: f64,
    /// Compared, over all pairs of frames.
    pub pixels: u64,
    pub frames: usize,
}

/// How fast pictures are drawn.
pub struct Drawing {
    pub frames: usize,
    pub per_second: f64,
}

/// Draws a presenter's cueing at a height and measures the time: everything there is to draw, whole frames side by side
/// on two threads, as an export draws them.
///
/// # Errors
/// As [`legibility`].
pub fn drawing(name: &str, height: u32, frames: usize) -> anyhow::Result<Drawing> {
    const THREADS: usize = 2;
    let renderer = renderer(name, height)?;
    let (_, poses) = performance(Language::French, FIRST, renderer.identity())?;
    anyhow::ensure!(!poses.is_empty(), "the sentence has no frames");
    let poses: Vec<&PoseFrame> = poses.iter().cycle().take(frames).collect();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(THREADS).build().context("no threads could be started")?;
    let mut pictures = vec![Vec::new(); 2 * THREADS];
    let mut draw = |poses: &[&PoseFrame]| {
        pictures.par_iter_mut().zip(poses).for_each(|(picture, pose)| renderer.render_into(pose, picture));
    };
    let seconds = pool.install(|| {
        // The first frames ask for memory.
        draw(&poses[..poses.len().min(2 * THREADS)]);
        let begun = Instant::now();
        poses.chunks(2 * THREADS).for_each(&mut draw);
        begun.elapsed().as_secs_f64()
    });
    (seconds > 0.0).then(|| Drawing { frames, per_second: frames as f64 / seconds }).context("no time was measured")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_background_keeps_still() {
        let found = still_difference(Identity::builtin_names()[0], 96).expect("measured");
        assert!(found.pixels > 10_000 && found.mean <= 0.2, "{found:?}");
    }

    #[test]
    fn cues_are_told_apart_in_pictures_and_a_hidden_hand_is_not_seen() {
        let found = legibility(1, &Silent).expect("measured");
        assert_eq!(found.len(), Identity::builtin_names().len());
        for l in &found {
            assert!(l.shape.of > 10 && l.shape.of == l.position.of, "{l:?}");
            // Guessing would be right in one of eight.
            assert!(l.shape.share().expect("asked") > 0.5 && l.position.share().expect("asked") > 0.5, "{l:?}");
        }
        let renderer = renderer(Identity::builtin_names()[0], 128).expect("a presenter");
        let (_, frames) = performance(Language::French, 1, renderer.identity()).expect("a performance");
        let plate = renderer.render(&without_hands(&frames[frames.len() / 2]));
        let (skin, cloth) = colours(&plate, &renderer.identity().reference);
        assert!(sight::look(&plate, &plate, skin.expect("skin"), cloth.expect("cloth")).is_none());
    }
}
