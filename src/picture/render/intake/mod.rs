//! From a photograph to a person who can be shown.
//!
//! A picture is opened upright ([`open`]), given room where the hand cues ([`canvas`]), freed of hands and arms that are
//! in the way ([`inpaint`]), and its colours are read off ([`colours`]); [`Draft::identity`] puts it all together. What
//! the wizard and the command line do is the same [`Draft`].

pub mod canvas;
pub mod colours;
mod inpaint;
mod mouth;

pub use inpaint::{erased, polygon_mask};

use super::identity::{Consent, Identity, SCHEMA};
use super::{RenderError, rig};
use crate::pose::template::{self, Anchors, Extras, TemplateError};
use crate::pose::{Reference, Side};
use crate::render::hand_mesh::look_from_picture;
use canvas::Room;
use image::{DynamicImage, GrayImage, ImageDecoder as _, ImageReader, RgbImage};

/// Pictures are kept at most this high: more than the largest film shows of it.
pub const LARGEST_HEIGHT: u32 = 2160;
/// A picture with a longer side is not opened at all.
const LARGEST_SIDE: u32 = 16_384;
/// The least height of a picture that a face can be taken from.
const LEAST_HEIGHT: u32 = 64;

/// Why a picture cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum IntakeError {
    #[error("the picture is a HEIC photo; save it as JPEG or PNG, or install heif-convert (package libheif-examples)")]
    Heic,
    #[error("the file is not a picture that can be read ({0}); use a JPEG, PNG, WebP, GIF or BMP")]
    Format(String),
    #[error("the picture is only {width} × {height} pixels; choose one that is at least {LEAST_HEIGHT} pixels high")]
    TooSmall { width: u32, height: u32 },
    #[error(transparent)]
    Template(#[from] TemplateError),
    #[error("the mouth is wide open; choose a picture with the mouth closed or nearly closed")]
    MouthWideOpen,
    #[error("a name is needed: letters, digits, - and _, at most 40")]
    Name,
    #[error(transparent)]
    Render(#[from] RenderError),
}

/// Whether a file begins like a HEIC or HEIF photo (ISO/IEC 23008-12: a `ftyp` box of one of its brands).
pub fn is_heic(bytes: &[u8]) -> bool {
    const BRANDS: [&[u8]; 6] = [b"heic", b"heix", b"hevc", b"heim", b"mif1", b"msf1"];
    bytes.get(4..8) == Some(b"ftyp") && bytes.get(8..12).is_some_and(|brand| BRANDS.contains(&brand))
}

/// Opens a picture upright, as its camera meant it (EXIF orientation), at most [`LARGEST_HEIGHT`] pixels high and twice
/// as many wide.
pub fn open(bytes: &[u8]) -> Result<RgbImage, IntakeError> {
    if is_heic(bytes) {
        return Err(IntakeError::Heic);
    }
    let failed = |e: image::ImageError| IntakeError::Format(e.to_string());
    let mut reader = ImageReader::new(std::io::Cursor::new(bytes))
        .with_guessed_format()
        .map_err(|e| IntakeError::Format(e.to_string()))?;
    let mut limits = image::Limits::default();
    limits.max_image_width = Some(LARGEST_SIDE);
    limits.max_image_height = Some(LARGEST_SIDE);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(failed)?;
    let orientation = decoder.orientation().unwrap_or(image::metadata::Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder).map_err(failed)?;
    picture.apply_orientation(orientation);
    let (width, height) = (picture.width(), picture.height());
    if height < LEAST_HEIGHT || width < LEAST_HEIGHT / 2 {
        return Err(IntakeError::TooSmall { width, height });
    }
    if height > LARGEST_HEIGHT || width > 2 * LARGEST_HEIGHT {
        // Keeps the proportions within twice as wide as high.
        picture = picture.resize(2 * LARGEST_HEIGHT, LARGEST_HEIGHT, image::imageops::FilterType::Lanczos3);
    }
    // Transparent pictures stand before a quiet grey.
    let rgba = picture.into_rgba8();
    Ok(RgbImage::from_fn(rgba.width(), rgba.height(), |x, y| {
        let p = rgba.get_pixel(x, y).0;
        let a = u32::from(p[3]);
        image::Rgb(std::array::from_fn(|k| ((u32::from(p[k]) * a + 160 * (255 - a) + 127) / 255) as u8))
    }))
}

/// A person being made from a picture. Places are in units of the picture's height; [`Draft::set_room`] and
/// [`Draft::crop`] carry them along.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    pub name: String,
    pub title: String,
    /// The picture as it is now: with room, without what was removed.
    pub picture: RgbImage,
    pub anchors: Anchors,
    pub extras: Extras,
    /// The landmarks: laid by the template, then corrected by hand.
    pub reference: Reference,
    /// Points of the face that were moved by hand; they stay when the template is laid again.
    pub corrected: Vec<bool>,
    pub colours: colours::Colours,
    pub consent: Option<Consent>,
    /// Where the picture comes from, in words.
    pub origin: String,
}

impl Draft {
    /// Begins with a picture and the five anchors.
    pub fn new(picture: RgbImage, anchors: Anchors, handed: Side) -> Result<Self, IntakeError> {
        let aspect = picture.width() as f32 / picture.height() as f32;
        let extras = Extras::default();
        let mut reference = template::fit(&anchors, &extras, aspect, handed)?;
        open_lips(&picture, &mut reference);
        let colours = colours::read(&picture, &reference);
        Ok(Self {
            name: String::new(),
            title: String::new(),
            picture,
            anchors,
            extras,
            corrected: vec![false; reference.face.len()],
            reference,
            colours,
            consent: None,
            origin: String::new(),
        })
    }

    /// Lays the template again after anchors, chin, ears or shoulders were moved. Points corrected by hand stay.
    pub fn lay(&mut self) -> Result<(), IntakeError> {
        let aspect = self.picture.width() as f32 / self.picture.height() as f32;
        let mut fitted = template::fit(&self.anchors, &self.extras, aspect, self.reference.handed)?;
        open_lips(&self.picture, &mut fitted);
        for (i, keep) in self.corrected.iter().enumerate() {
            if *keep {
                fitted.face[i] = self.reference.face[i];
            }
        }
        self.reference = fitted;
        Ok(())
    }

    /// Moves one point of the face by hand.
    pub fn correct(&mut self, point: usize, to: [f32; 2]) {
        if let (Some(place), Some(mark)) = (self.reference.face.get_mut(point), self.corrected.get_mut(point)) {
            *place = to;
            *mark = true;
        }
    }

    /// Reads the colours off the picture again.
    pub fn read_colours(&mut self) {
        self.colours = colours::read(&self.picture, &self.reference);
    }

    /// The room that the cueing hand lacks at each edge, in picture heights.
    pub fn missing_room(&self) -> Room {
        Room::missing(&self.reference)
    }

    /// Gives the picture room; all places move along and are again in units of the new height.
    pub fn set_room(&mut self, room: Room) {
        let old = self.picture.dimensions();
        let (picture, shift) = canvas::extended(&self.picture, room);
        if picture.dimensions() != old {
            self.replace(picture, shift, old.1);
        }
    }

    /// Cuts the picture to a rectangle of pixels (left, top, width, height), as far as it lies within.
    pub fn crop(&mut self, [left, top, width, height]: [u32; 4]) -> Result<(), IntakeError> {
        let (w, h) = self.picture.dimensions();
        let (left, top) = (left.min(w), top.min(h));
        let (width, height) = (width.min(w - left), height.min(h - top));
        if height < LEAST_HEIGHT || width < LEAST_HEIGHT / 2 {
            return Err(IntakeError::TooSmall { width, height });
        }
        let cut = image::imageops::crop_imm(&self.picture, left, top, width, height).to_image();
        self.replace(cut, [-(left as i64), -(top as i64)], h);
        Ok(())
    }

    /// Removes what a mask covers (255 gone, 0 kept; the picture's size) and fills it from around.
    pub fn erase(&mut self, mask: &GrayImage) {
        self.picture = erased(&self.picture, mask);
    }

    /// Another picture, in which the old one's origin lies at `shift` pixels.
    fn replace(&mut self, picture: RgbImage, shift: [i64; 2], old_height: u32) {
        let (old, new) = (old_height as f32, picture.height() as f32);
        let carry = |p: &mut [f32; 2]| *p = std::array::from_fn(|k| (p[k] * old + shift[k] as f32) / new);
        let scale = old / new;
        let r = &mut self.reference;
        let body = [&mut r.left_shoulder, &mut r.right_shoulder, &mut r.throat, &mut r.left_elbow, &mut r.right_elbow];
        r.face.iter_mut().for_each(carry);
        body.into_iter().for_each(carry);
        r.hand_length *= scale;
        r.forearm_length *= scale;
        r.upper_arm_length *= scale;
        r.aspect = picture.width() as f32 / new;
        let a = &mut self.anchors;
        a.eyes.iter_mut().chain(&mut a.mouth).for_each(carry);
        carry(&mut a.nose);
        let e = &mut self.extras;
        e.chin.iter_mut().for_each(carry);
        e.ears.iter_mut().chain(&mut e.shoulders).flatten().for_each(carry);
        self.picture = picture;
    }

    /// Whether the mouth is open in the picture, so that it will be closed by the renderer.
    pub fn mouth_is_open(&self) -> bool {
        template::openness(&self.reference.face) > template::OPEN
    }

    /// The person, ready to be shown and saved. An open mouth is closed in the picture.
    pub fn identity(&self) -> Result<Identity, IntakeError> {
        let fits = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if self.name.is_empty() || self.name.len() > 40 || !self.name.chars().all(fits) {
            return Err(IntakeError::Name);
        }
        let (look, hand) = self.colours.looks();
        let (width, height) = self.picture.dimensions();
        let matte = rig::Rig::new(&self.reference).matte(width, height);
        let picture = DynamicImage::ImageRgb8(self.picture.clone()).into_rgba8();
        let matte = GrayImage::from_raw(width, height, matte);
        // Colours are the user's; light, softness, noise, sharpness and lines are those of the picture.
        let hand = look_from_picture(&picture, matte.as_ref(), &self.reference, &hand).with_colours_of(&hand);
        let identity = Identity {
            schema: SCHEMA,
            name: self.name.clone(),
            title: if self.title.trim().is_empty() { self.name.clone() } else { self.title.trim().to_owned() },
            origin: self.origin.clone(),
            drawn: false,
            consent: self.consent.clone(),
            reference: self.reference.clone(),
            look,
            hand,
            // The arm that hangs in the picture stays; only forearm and hand are painted.
            arm: None,
            picture,
            // What is known of the outline is a guess: enough for light and shadow, not to take the person off the wall.
            matte: None,
        };
        if template::openness(&self.reference.face) > template::TOO_OPEN {
            return Err(IntakeError::MouthWideOpen);
        }
        if self.mouth_is_open() { mouth::closed(identity) } else { Ok(identity) }
    }
}

/// Lays the lips of the template around a mouth that is open in the picture.
fn open_lips(picture: &RgbImage, reference: &mut Reference) {
    let skin = colours::read(picture, reference).skin;
    if let Some(face) = mouth::opened(picture, &reference.face, skin) {
        reference.face = face;
    }
}

#[cfg(test)]
mod tests;
