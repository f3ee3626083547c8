//! From poses to pictures.
//!
//! A frame is a pure function of an identity and a pose, whatever the number of threads and whatever was drawn before.
//! From back to front: the resting picture carried by a smooth warp ([`warp`]), the fold of a smile ([`folds`]), looks
//! ([`eyes`]), lids and mouth, which slide over what is behind them ([`lids`], [`mouth`]), the hands' shadow on the
//! person, the hands and forearms ([`hand_mesh`]). What moves while the shutter is open is blurred ([`blur`]). Helpful
//! lines, labels and captions are drawn on top by [`overlay`] and [`captions`], apart from the picture.

pub mod arm;
pub mod blur;
pub mod captions;
mod eyes;
mod folds;
pub mod fonts;
pub mod gpu;
pub mod gpu_edges;
mod ground;
pub mod hand_mesh;
pub mod identity;
pub mod intake;
mod lids;
pub mod measure;
pub mod metrics;
mod mouth;
pub mod overlay;
pub mod paint;
mod patch;
pub mod presenter;
mod reach;
mod rig;
mod similarity;
mod text;
mod texture;
mod tidy;
mod tps;
mod unfold;
mod warp;
pub mod watermark;

#[cfg(test)]
mod face_tests;
#[cfg(test)]
mod motion_tests;
#[cfg(test)]
mod still;
#[cfg(test)]
mod tests;

use crate::pose::{Point, PoseFrame, Reference, Side, index};
use eyes::Eyes;
use folds::Folds;
use gpu::GpuWarp;
use hand_mesh::{Canvas, HandPainter, PaintedArm};
use identity::Identity;
use image::imageops::{self, FilterType};
use lids::Lids;
use mouth::Mouth;
use rig::{Moved, Rig};
use std::sync::{Arc, Mutex};
use std::time::Instant;
use texture::Texture;
use warp::{Field, Warp};

/// Heights of frames that can be drawn, in pixels.
pub const HEIGHTS: std::ops::RangeInclusive<u32> = 16..=4320;

/// Which machinery draws.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Backend {
    /// The fastest there is: a graphics processor that is open by then and was faster in two frames, else the
    /// processor. See [`gpu::prepare`].
    #[default]
    Auto,
    /// All cores of the processor.
    Cpu,
    /// The graphics processor, or an error where there is none.
    Wgpu,
}

/// How frames are to be drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct RenderOptions {
    /// Height of the frames in pixels; the width follows from the identity's picture.
    pub height: u32,
    pub backend: Backend,
    /// Lines and labels drawn over the picture by [`Renderer::render`] and [`Renderer::render_into`].
    pub overlays: overlay::Overlays,
    /// How long the shutter is open, 0 to 1 of the time from frame to frame: what moves meanwhile is blurred by
    /// [`Renderer::render_moment_into`]. 0 is no blur, 0.5 what film cameras do.
    pub motion_blur: f32,
}

impl Default for RenderOptions {
    fn default() -> Self {
        Self { height: 512, backend: Backend::Auto, overlays: overlay::Overlays::default(), motion_blur: 0.0 }
    }
}

/// Why frames cannot be drawn.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    #[error("frames of {0} pixels in height cannot be drawn; choose between {low} and {high}", low = HEIGHTS.start(), high = HEIGHTS.end())]
    Height(u32),
    #[error("the identity \"{name}\" cannot be moved: {source}; correct its face points")]
    Points { name: String, source: tps::TpsError },
    #[error(transparent)]
    Gpu(#[from] gpu::GpuError),
}

/// A finished picture: four bytes a pixel, opaque.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RgbaFrame {
    pub width: u32,
    pub height: u32,
    pub data: Vec<u8>,
}

/// Draws one person at one size.
pub struct Renderer {
    identity: Arc<Identity>,
    rig: Rig,
    warp: Warp,
    texture: Texture,
    mouth: Mouth,
    lids: Lids,
    eyes: Eyes,
    folds: Folds,
    hand: HandPainter,
    overlays: overlay::Overlays,
    motion_blur: f32,
    /// Warps in place of the processor.
    gpu: Option<GpuWarp>,
    /// Memory of frames that are done, for those to come.
    spare: Mutex<Vec<Spare>>,
}

/// Is told the name of each step of a frame when it is done.
type Lap<'a> = &'a dyn Fn(&'static str);

/// What a frame needs besides its picture.
#[derive(Default)]
struct Spare {
    field: Field,
}

impl Renderer {
    /// Prepares everything that does not change between frames (tens of milliseconds).
    pub fn new(identity: Arc<Identity>, options: &RenderOptions) -> Result<Self, RenderError> {
        if !HEIGHTS.contains(&options.height) {
            return Err(RenderError::Height(options.height));
        }
        let rig = Rig::new(&identity.reference);
        let failed = |source| RenderError::Points { name: identity.name.clone(), source };
        let warp = Warp::new(&rig).map_err(failed)?;
        let look = &identity.look;
        let texture = texture(&identity, &rig, options.height);
        let gpu = choose(options.backend, &identity.reference, &rig, &warp, &texture)?;
        let blur = options.motion_blur;
        Ok(Self {
            gpu,
            warp,
            mouth: Mouth::new(&rig, look),
            lids: Lids::new(&rig, look.lash_line, look.lid_skin),
            eyes: Eyes::new(&identity, rig.rest_face(), texture.height, |height| {
                self::texture(&identity, &rig, height)
            }),
            folds: Folds::new(&rig),
            texture,
            hand: HandPainter::new(&identity.hand, identity.arm.as_ref()),
            overlays: options.overlays.clone(),
            motion_blur: if blur.is_finite() { blur.clamp(0.0, 1.0) } else { 0.0 },
            spare: Mutex::default(),
            rig,
            identity,
        })
    }

    /// Width and height of the frames.
    pub fn size(&self) -> (u32, u32) {
        (self.texture.width as u32, self.texture.height as u32)
    }

    pub fn identity(&self) -> &Arc<Identity> {
        &self.identity
    }

    /// What draws, for a status line: "CPU" or the name of the graphics adapter.
    pub fn backend_name(&self) -> &'static str {
        self.gpu.as_ref().map(GpuWarp::gpu).filter(|gpu| gpu.works()).map_or("CPU", |gpu| gpu.name())
    }

    /// Draws a pose.
    pub fn render(&self, pose: &PoseFrame) -> RgbaFrame {
        let (width, height) = self.size();
        let mut data = Vec::new();
        self.render_into(pose, &mut data);
        RgbaFrame { width, height, data }
    }

    /// Draws a pose into a buffer that is made to fit: RGBA, row by row from the top.
    pub fn render_into(&self, pose: &PoseFrame, out: &mut Vec<u8>) {
        self.render_over_into(pose, &self.overlays, out);
    }

    /// Draws a pose with overlays of its own, such as the caption of this frame, in place of those of the options.
    pub fn render_over_into(&self, pose: &PoseFrame, overlays: &overlay::Overlays, out: &mut Vec<u8>) {
        self.with_spare(|spare| {
            let moved = self.person(pose, spare, out, &|_| ());
            self.arms(pose, &moved, out, &|_| ());
        });
        self.lay_over(pose, overlays, out);
    }

    fn lay_over(&self, pose: &PoseFrame, overlays: &overlay::Overlays, out: &mut [u8]) {
        if overlays.any() {
            overlay::draw(out, self.size(), pose, &self.identity.reference, overlays);
        }
    }

    fn with_spare<T>(&self, work: impl FnOnce(&mut Spare) -> T) -> T {
        let lock = || self.spare.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let mut spare = lock().pop().unwrap_or_default();
        let result = work(&mut spare);
        lock().push(spare);
        result
    }

    /// The person without the arms that cue; the fourth channel says where the person is.
    fn person(&self, pose: &PoseFrame, spare: &mut Spare, out: &mut Vec<u8>, lap: Lap) -> Moved {
        let size = (self.texture.width, self.texture.height);
        let moved = self.rig.read(pose);
        lap("pose read");
        self.warp.field_into(&moved, &mut spare.field);
        lap("field of the warp");
        let field = &spare.field;
        self.warped(field, out);
        lap("warp");
        self.folds.draw(field, &moved, size, out);
        self.eyes.draw(field, &moved, size, out);
        self.lids.draw(field, &moved, &self.texture, out);
        self.mouth.draw(field, &moved, &self.texture, out);
        lap("folds, eyes, lids, mouth");
        moved
    }

    /// The warped picture, from whatever is faster. A graphics processor that fails in a frame is replaced in it.
    fn warped(&self, field: &Field, out: &mut Vec<u8>) {
        if let Some(gpu) = self.gpu.as_ref().filter(|gpu| !field.still && gpu.gpu().works()) {
            match gpu.draw(&field.flow(), out) {
                Ok(()) => return,
                Err(error) => log::warn!("{error}"),
            }
        }
        warp::draw(&self.texture, field, out);
    }

    /// Arms and hands that are shown, with their shadows; an arm that cues and is missing in the picture hangs where
    /// the pose does not show it. Until here the fourth channel says where the person is; it is made opaque now.
    fn arms(&self, pose: &PoseFrame, moved: &Moved, out: &mut [u8], lap: Lap) {
        let (width, height) = (self.texture.width, self.texture.height);
        let reference = &self.identity.reference;
        let handed = reference.handed;
        let hands = [pose.hand(handed.other()), pose.hand(handed)];
        let mut arms = Vec::with_capacity(2);
        for (side, joints) in [handed.other(), handed].into_iter().zip(&hands) {
            let seam = self.identity.arm.as_ref().filter(|_| side == handed).map(|arm| {
                let ([x, y], inwards) = match side {
                    Side::Right => (reference.right_shoulder, 1.0),
                    Side::Left => (reference.left_shoulder, -1.0),
                };
                let [dx, dy] = moved.shoulder(side);
                arm.seam.map(|p| [x + dx + inwards * p[0], y + dy + p[1]])
            });
            let shown = hand_is_shown(pose, side);
            let elbow = if shown {
                pose.elbow(side, reference.forearm_length)
            } else {
                let [dx, dy] = moved.shoulder(side);
                let [x, y] = if side == Side::Right { reference.right_elbow } else { reference.left_elbow };
                glam::Vec3::new(x + dx, y + dy, -0.06)
            };
            if shown || seam.is_some() {
                let joints = shown.then_some(joints);
                arms.push(PaintedArm { joints, elbow, seam, side, hand_length: reference.hand_length });
            }
        }
        self.hand.paint_in_laps(&mut Canvas { rgba: out, width, height }, &arms, lap);
    }
}

/// The graphics processor, where it is wanted and, if that is left open, faster.
fn choose(
    backend: Backend,
    reference: &Reference,
    rig: &Rig,
    warp: &Warp,
    texture: &Texture,
) -> Result<Option<GpuWarp>, RenderError> {
    let open = match backend {
        Backend::Cpu => return Ok(None),
        Backend::Wgpu => return Ok(Some(GpuWarp::new(&gpu::shared()?, &texture.picture())?)),
        Backend::Auto => gpu::ready(),
    };
    // Not open (yet), not working, or too small for this picture: the processor needs none of that.
    let Some(Ok(gpu)) = open else { return Ok(None) };
    let Ok(gpu_warp) = GpuWarp::new(&gpu, &texture.picture()) else { return Ok(None) };
    // A nod: everything that can move does.
    let mut nod = PoseFrame::default();
    for (point, rest) in nod.points[index::FACE..].iter_mut().zip(&reference.face) {
        *point = Point::new(rest[0] + 0.004, rest[1] + 0.012);
    }
    let mut field = Field::default();
    warp.field_into(&rig.read(&nod), &mut field);
    let mut out = Vec::new();
    let mut best = [f64::INFINITY; 2];
    // The first round of each wakes threads and caches; two count.
    for round in 0..3 {
        let start = Instant::now();
        warp::draw(texture, &field, &mut out);
        let processor = start.elapsed().as_secs_f64();
        let start = Instant::now();
        if gpu_warp.draw(&field.flow(), &mut out).is_err() {
            return Ok(None);
        }
        if round > 0 {
            best = [best[0].min(processor), best[1].min(start.elapsed().as_secs_f64())];
        }
    }
    log::info!("warp: processor {:.2} ms, {} {:.2} ms", best[0] * 1e3, gpu.name(), best[1] * 1e3);
    Ok((best[1] < best[0]).then_some(gpu_warp))
}

/// Whether a hand is to be drawn: its wrist was seen and all its joints are numbers.
fn hand_is_shown(pose: &PoseFrame, side: Side) -> bool {
    let first = side.hand_index();
    let elbow = match side {
        Side::Left => index::LEFT_ELBOW,
        Side::Right => index::RIGHT_ELBOW,
    };
    pose.points[first].score > 0.0
        && pose.points[elbow].score > 0.0
        && pose.hand(side).iter().all(|j| j.is_finite() && j.abs().max_element() < 10.0)
}

/// The identity's picture at the size of the frames, the person's matte in the fourth channel.
fn texture(identity: &Identity, rig: &Rig, height: u32) -> Texture {
    let width = ((identity.reference.aspect * height as f32).round() as u32).max(1);
    // Transparent pictures stand before the background colour.
    let mut flat = identity.picture.clone();
    for pixel in flat.pixels_mut().filter(|p| p[3] != 255) {
        let alpha = f32::from(pixel[3]) / 255.0;
        for k in 0..3 {
            let below = f32::from(identity.look.background[k]);
            pixel[k] = (below + (f32::from(pixel[k]) - below) * alpha + 0.5) as u8;
        }
        pixel[3] = 255;
    }
    let mut picture = if flat.dimensions() == (width, height) {
        flat
    } else {
        imageops::resize(&flat, width, height, FilterType::CatmullRom)
    };
    match &identity.matte {
        Some(matte) => {
            let matte = imageops::resize(matte, width, height, FilterType::Triangle);
            picture.pixels_mut().zip(matte.pixels()).for_each(|(p, m)| p[3] = m[0]);
            Texture::with_ground(width as usize, height as usize, picture.into_raw())
        }
        None => {
            // A guess is good enough for shadows, not for taking the person off the wall.
            let matte = rig.matte(width, height);
            picture.pixels_mut().zip(matte).for_each(|(p, m)| p[3] = m);
            Texture::new(width as usize, height as usize, picture.into_raw())
        }
    }
}
