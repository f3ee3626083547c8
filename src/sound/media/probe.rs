//! What is in a file: how long it is, its sound and its picture, without decoding it.

use super::{MediaError, input};
use crate::time::{Fps, Seconds};
use ffmpeg::{Stream, codec, ffi};
use ffmpeg_next as ffmpeg;
use std::path::Path;

/// What the headers of a media file say.
#[derive(Clone, Debug, PartialEq)]
pub struct MediaInfo {
    /// Length as the headers give it; 0 where they do not.
    pub duration: Seconds,
    /// FFmpeg's name of the container, such as `wav` or `mov,mp4,m4a,3gp,3g2,mj2`.
    pub container: String,
    /// Size of the file in bytes.
    pub bytes: u64,
    pub sound: Option<SoundInfo>,
    pub picture: Option<PictureInfo>,
}

/// The sound stream that would be used.
#[derive(Clone, Debug, PartialEq)]
pub struct SoundInfo {
    pub codec: String,
    /// Samples a second.
    pub rate: u32,
    pub channels: u16,
    /// How many sound streams there are; the best one is used.
    pub streams: usize,
}

/// The picture stream that would be used.
#[derive(Clone, Debug, PartialEq)]
pub struct PictureInfo {
    pub codec: String,
    /// Pixels as stored, before rotation.
    pub coded_width: u32,
    pub coded_height: u32,
    /// Quarter turns clockwise, in degrees, that show the picture upright: 0, 90, 180 or 270.
    pub rotation: u32,
    /// Average frame rate.
    pub fps: Fps,
    /// Number of frames where the container counts them.
    pub frames: Option<u64>,
}

impl PictureInfo {
    /// Width and height as seen, after rotation.
    pub fn size(&self) -> (u32, u32) {
        if self.rotation % 180 == 90 {
            (self.coded_height, self.coded_width)
        } else {
            (self.coded_width, self.coded_height)
        }
    }
}

/// Reads the headers of `path`.
///
/// # Errors
/// Those of opening; [`MediaError::NotMedia`] also when the file has neither sound nor picture.
pub fn probe(path: &Path) -> Result<MediaInfo, MediaError> {
    let bytes = std::fs::metadata(path).map_err(|e| MediaError::reading(path, e))?.len();
    let input = input::open(path)?;
    let sound = input::sound_stream(&input).map(|s| sound_info(&s, &input));
    let picture = input::picture_stream(&input).map(|s| picture_info(&s));
    if sound.is_none() && picture.is_none() {
        let detail = "it holds neither sound nor moving pictures".to_owned();
        return Err(MediaError::NotMedia { path: path.to_owned(), detail });
    }
    Ok(MediaInfo {
        duration: declared_duration(&input),
        container: input.format().name().to_owned(),
        bytes,
        sound,
        picture,
    })
}

/// The container's length, or the longest of its streams; 0 when neither says.
pub(crate) fn declared_duration(input: &ffmpeg::format::context::Input) -> Seconds {
    let of_file = input.duration();
    if of_file != ffi::AV_NOPTS_VALUE && of_file > 0 {
        return Seconds(of_file as f64 / f64::from(ffi::AV_TIME_BASE));
    }
    let longest = |longest: f64, s: Stream| longest.max(s.duration().max(0) as f64 * f64::from(s.time_base()));
    Seconds(input.streams().fold(0.0, longest))
}

fn codec_name(id: codec::Id) -> String {
    // Names come from FFmpeg's static tables.
    unsafe { std::ffi::CStr::from_ptr(ffi::avcodec_get_name(id.into())) }.to_string_lossy().into_owned()
}

fn sound_info(stream: &Stream, input: &ffmpeg::format::context::Input) -> SoundInfo {
    let parameters = stream.parameters();
    // SAFETY: the parameters live as long as the stream, and are only read.
    let (rate, channels) = unsafe {
        let p = &*parameters.as_ptr();
        (p.sample_rate, channels_of(p))
    };
    let is_sound = |s: &Stream| s.parameters().medium() == ffmpeg::media::Type::Audio;
    SoundInfo {
        codec: codec_name(parameters.id()),
        rate: rate.max(0) as u32,
        channels: channels.clamp(0, i32::from(u16::MAX)) as u16,
        streams: input.streams().filter(is_sound).count(),
    }
}

fn channels_of(parameters: &ffi::AVCodecParameters) -> i32 {
    parameters.ch_layout.nb_channels
}

pub(crate) fn picture_info(stream: &Stream) -> PictureInfo {
    let parameters = stream.parameters();
    // SAFETY: the parameters live as long as the stream, and are only read.
    let (width, height) = unsafe { ((*parameters.as_ptr()).width, (*parameters.as_ptr()).height) };
    let rate = [stream.avg_frame_rate(), stream.rate()].into_iter().find(|r| r.numerator() > 0 && r.denominator() > 0);
    PictureInfo {
        codec: codec_name(parameters.id()),
        coded_width: width.max(0) as u32,
        coded_height: height.max(0) as u32,
        rotation: rotation(stream),
        fps: rate.map_or_else(Fps::default, |r| Fps { num: r.numerator() as u32, den: r.denominator() as u32 }),
        frames: u64::try_from(stream.frames()).ok().filter(|&n| n > 0),
    }
}

/// Clockwise quarter turns, in degrees, that the container's display matrix asks for.
pub(crate) fn rotation(stream: &Stream) -> u32 {
    let matrix = stream.side_data().find(|s| s.kind() == codec::packet::side_data::Type::DisplayMatrix);
    let Some(data) = matrix else { return 0 };
    let mut cells = [0_i32; 9];
    if data.data().len() < 36 {
        return 0;
    }
    for (cell, bytes) in cells.iter_mut().zip(data.data().chunks_exact(4)) {
        *cell = i32::from_ne_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
    }
    // FFmpeg gives the turn anticlockwise, in degrees, and NaN for a broken matrix.
    let angle = unsafe { ffi::av_display_rotation_get(cells.as_ptr()) };
    if angle.is_finite() { (-angle / 90.0).round().rem_euclid(4.0) as u32 * 90 } else { 0 }
}
