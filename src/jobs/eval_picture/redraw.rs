//! The warp measured against the truth: a presenter is drawn directly in a pose, and the resting picture is warped to
//! it. Hands are painted alike in both, so that their region tells how what is behind and around them agrees.

use super::performance;
use crate::language::Language;
use crate::pose::{HAND_JOINT_COUNT, PoseFrame, Side, index};
use crate::progress::Progress;
use crate::render::metrics::{Nearness, Region};
use crate::render::presenter::{self, PresenterSpec};
use crate::render::{Backend, RenderOptions, Renderer};
use rayon::prelude::*;
use std::sync::Arc;

/// Height of the pictures, pixels.
const HEIGHT: u32 = 512;
/// The number of the first sentence.
const FIRST: u64 = 30_000;
/// Around the joints of the hand, picture units.
const AROUND_HAND: f32 = 0.03;

/// Nearness of warped pictures to drawn ones, by region.
#[derive(Clone, Copy, Debug, Default)]
pub struct Redrawn {
    pub face: Nearness,
    pub hand: Nearness,
    pub torso: Nearness,
    pub frames: usize,
}

/// Compares `count` frames of each presenter, spread over a sentence.
///
/// # Errors
/// A sentence that cannot be performed; stopped.
pub fn redrawn(count: usize, progress: &dyn Progress) -> anyhow::Result<Redrawn> {
    let mut sum = Redrawn::default();
    let specs = PresenterSpec::all();
    for (i, spec) in specs.iter().enumerate() {
        anyhow::ensure!(!progress.cancelled(), "stopped");
        progress.report("Redrawing", i, specs.len());
        let spec = PresenterSpec { height: HEIGHT, ..spec.clone() };
        let renderer = renderer(&spec)?;
        let (_, poses) = performance(Language::ALL[i % Language::ALL.len()], FIRST + i as u64, renderer.identity())?;
        let picked: Vec<&PoseFrame> =
            (0..count).filter_map(|k| poses.get((2 * k + 1) * poses.len() / (2 * count))).collect();
        let found: Vec<[Nearness; 3]> = picked
            .par_iter()
            .map(|pose| {
                let truth = self::renderer(&presenter::posed(&spec, pose))?.render(pose);
                let warped = renderer.render(pose);
                let regions = regions(pose, spec.aspect);
                Ok(regions.map(|region| Nearness::of(&truth, &warped, &region)))
            })
            .collect::<anyhow::Result<_>>()?;
        for [face, hand, torso] in found {
            sum.face = sum.face.and(face);
            sum.hand = sum.hand.and(hand);
            sum.torso = sum.torso.and(torso);
            sum.frames += 1;
        }
    }
    progress.report("Redrawing", specs.len(), specs.len());
    Ok(sum)
}

fn renderer(spec: &PresenterSpec) -> anyhow::Result<Renderer> {
    let options = RenderOptions { height: HEIGHT, backend: Backend::Cpu, ..RenderOptions::default() };
    Ok(Renderer::new(Arc::new(presenter::identity(spec)), &options)?)
}

/// Face (box of its points), hand (around its joints) and torso (below the shoulders), without the hand in the other two.
fn regions(pose: &PoseFrame, aspect: f32) -> [Region; 3] {
    let (width, height) = ((aspect * HEIGHT as f32).round() as usize, HEIGHT as usize);
    let face: Vec<_> = pose.face().iter().map(|p| p.xy()).collect();
    let low = |k: usize| face.iter().map(|p| p[k]).fold(f32::INFINITY, f32::min) - 0.02;
    let high = |k: usize| face.iter().map(|p| p[k]).fold(f32::NEG_INFINITY, f32::max) + 0.02;
    let (left, right, top, bottom) = (low(0), high(0), low(1), high(1));
    let shoulder = pose.points[index::LEFT_SHOULDER].y.max(pose.points[index::RIGHT_SHOULDER].y);
    let joints: Vec<[f32; 2]> = [Side::Left, Side::Right]
        .into_iter()
        .map(Side::hand_index)
        .flat_map(|first| &pose.points[first..first + HAND_JOINT_COUNT])
        .filter(|p| p.score > 0.0)
        .map(|p| p.xy())
        .collect();
    let mut out: [Region; 3] = std::array::from_fn(|_| vec![false; width * height]);
    for i in 0..width * height {
        let (x, y) = (((i % width) as f32 + 0.5) / HEIGHT as f32, ((i / width) as f32 + 0.5) / HEIGHT as f32);
        let hand = joints.iter().any(|j| (j[0] - x).hypot(j[1] - y) < AROUND_HAND);
        out[0][i] = !hand && (left..right).contains(&x) && (top..bottom).contains(&y);
        out[1][i] = hand;
        out[2][i] = !hand && y > shoulder;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::progress::Silent;

    #[test]
    fn a_warp_is_near_to_the_drawing_and_a_wrong_pose_is_not() {
        let found = redrawn(1, &Silent).expect("measured");
        assert_eq!(found.frames, PresenterSpec::all().len());
        assert!(found.face.psnr().expect("a face") > 20.0, "{found:?}");
        let spec = PresenterSpec { height: HEIGHT, ..PresenterSpec::mira() };
        let own = renderer(&spec).expect("a presenter");
        let (_, poses) = performance(Language::French, FIRST, own.identity()).expect("a performance");
        let pose = &poses[poses.len() / 2];
        let mut shifted = pose.clone();
        shifted.points.iter_mut().for_each(|p| p.x += 0.02);
        let truth = renderer(&presenter::posed(&spec, pose)).expect("drawn").render(pose);
        let [face, ..] = regions(pose, spec.aspect);
        let near = |pose: &PoseFrame| Nearness::of(&truth, &own.render(pose), &face).psnr().expect("pixels");
        assert!(near(pose) > near(&shifted) + 3.0, "{} {}", near(pose), near(&shifted));
    }
}
