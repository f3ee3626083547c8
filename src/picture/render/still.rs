//! What must not move: pixels that no pose of a clip has a reason to change, and how much they change all the same.

use super::{Renderer, RgbaFrame, hand_is_shown};
use crate::pose::{PoseFrame, Side, index};

/// A hand and its forearm reach so far beyond its joints, hand lengths: flesh, sleeve, line and shadow.
const HAND_REACH: f32 = 0.55;
/// A person reaches so far beyond the matte at rest, distances of the outer eye corners: the head as it sways.
const PERSON_REACH: f32 = 0.22;

/// The still pixels of a clip, row by row: `true` where neither the person nor a hand with its shadow comes in any of
/// `poses`. As large as the frames of `renderer`. For measuring how still they are: [`StillDifference`].
pub fn still_pixels(renderer: &Renderer, poses: &[PoseFrame]) -> Vec<bool> {
    let (width, height) = renderer.size();
    let (width, height) = (width as usize, height as usize);
    let scale = height as f32;
    let reference = &renderer.identity.reference;
    let mut still = vec![true; width * height];
    let mut take = |x0: f32, y0: f32, x1: f32, y1: f32| {
        let clamp = |v: f32, limit: usize| (v * scale).clamp(0.0, limit as f32) as usize;
        let (x0, x1) = (clamp(x0, width), (clamp(x1, width) + 1).min(width));
        for y in clamp(y0, height)..(clamp(y1, height) + 1).min(height) {
            still[y * width + x0.min(x1)..y * width + x1].fill(false);
        }
    };
    // The person at rest, in runs of a row, widened each way.
    let reach = PERSON_REACH * renderer.rig.span;
    for (y, row) in renderer.texture.bytes().chunks_exact(4 * width).enumerate().step_by(2) {
        let mut from = None;
        for x in 0..=width {
            let here = x < width && row[4 * x + 3] > 0;
            match (from, here) {
                (None, true) => from = Some(x),
                (Some(start), false) => {
                    let y = y as f32 / scale;
                    take(start as f32 / scale - reach, y - reach, x as f32 / scale + reach, y + reach);
                    from = None;
                }
                _ => {}
            }
        }
    }
    let margin = HAND_REACH * reference.hand_length;
    for pose in poses {
        for side in [Side::Left, Side::Right] {
            let (shoulder, first) = match side {
                Side::Left => (index::LEFT_SHOULDER, index::LEFT_HAND),
                Side::Right => (index::RIGHT_SHOULDER, index::RIGHT_HAND),
            };
            if !hand_is_shown(pose, side) {
                continue;
            }
            let elbow = pose.elbow(side, reference.forearm_length);
            let wrist = &pose.points[first];
            // Along the forearm and the upper arm, then the hand.
            let bones =
                [([elbow.x, elbow.y], wrist.xy()), (pose.points[shoulder].xy(), [elbow.x, elbow.y])].into_iter();
            let along = bones.flat_map(|(a, b)| {
                (0..=12).map(move |i| {
                    let t = i as f32 / 12.0;
                    [a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])]
                })
            });
            for p in along.chain(pose.points[first..first + 21].iter().map(|p| p.xy())) {
                take(p[0] - margin, p[1] - margin, p[0] + margin, p[1] + margin);
            }
        }
    }
    still
}

/// The mean absolute difference between neighbouring frames over still pixels, added up frame by frame.
#[derive(Clone, Debug, Default)]
pub struct StillDifference {
    still: Vec<usize>,
    last: Vec<u8>,
    sum: f64,
    count: f64,
    /// The greatest difference of a channel.
    most: u8,
}

impl StillDifference {
    /// For the still pixels that [`still_pixels`] names.
    pub fn new(still: &[bool]) -> Self {
        Self { still: (0..still.len()).filter(|i| still[*i]).collect(), ..Self::default() }
    }

    /// How many pixels are looked at.
    pub fn pixels(&self) -> usize {
        self.still.len()
    }

    /// The next frame of the clip; one of another size begins anew.
    pub fn push(&mut self, frame: &RgbaFrame) {
        if self.last.len() == frame.data.len() {
            for i in &self.still {
                let Some(range) = (4 * i + 3 <= frame.data.len()).then_some(4 * i..4 * i + 3) else { continue };
                for (a, b) in self.last[range.clone()].iter().zip(&frame.data[range]) {
                    let off = a.abs_diff(*b);
                    self.sum += f64::from(off);
                    self.most = self.most.max(off);
                }
                self.count += 3.0;
            }
        }
        self.last.clear();
        self.last.extend_from_slice(&frame.data);
    }

    /// Mean over pixels, channels and pairs of frames, in 255ths; `None` where nothing was compared.
    pub fn mean(&self) -> Option<f64> {
        (self.count > 0.0).then(|| self.sum / self.count)
    }

    /// The greatest difference of any channel of any pixel.
    pub fn most(&self) -> u8 {
        self.most
    }
}
