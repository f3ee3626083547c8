//! A mouth that is open in the picture, closed: the renderer draws the person with the lips together, and that
//! drawing takes the picture's place, so that resting points and picture agree again.

use super::IntakeError;
use crate::pose::template::closed_mouth;
use crate::pose::{Point, PoseFrame, index};
use crate::render::identity::Identity;
use crate::render::{Backend, RenderOptions, Renderer};
use image::RgbaImage;
use std::sync::Arc;

/// The same person with the mouth closed.
pub(super) fn closed(identity: Identity) -> Result<Identity, IntakeError> {
    let closed = closed_mouth(&identity.reference.face);
    let height = identity.picture.height();
    let mut pose = PoseFrame::default();
    for (point, place) in pose.points[index::FACE..].iter_mut().zip(&closed) {
        *point = Point::new(place[0], place[1]);
    }
    // The processor, so that the same picture comes out everywhere.
    let options = RenderOptions { height, backend: Backend::Cpu, ..RenderOptions::default() };
    let frame = Renderer::new(Arc::new(identity.clone()), &options)?.render(&pose);
    let mut identity = identity;
    let drawn = RgbaImage::from_raw(frame.width, frame.height, frame.data);
    if let Some(picture) = drawn.filter(|p| p.dimensions() == identity.picture.dimensions()) {
        identity.picture = picture;
        identity.reference.face = closed;
    }
    Ok(identity)
}
