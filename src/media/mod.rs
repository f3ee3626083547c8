//! Sound and video files: what is in them, their sound, their pictures, and new ones.
//!
//! A user brings any recording that FFmpeg reads and takes away a video that everything plays. [`probe()`] looks into a
//! file, [`decode_audio`] gives its sound, [`frames::VideoReader`] any of its pictures exactly, [`peaks::Peaks`] its
//! waveform at every zoom, and [`encode::Encoder`] makes the video. FFmpeg is used in this room only.

mod decode;
pub mod encode;
mod error;
pub mod frames;
mod hash;
mod input;
mod output;
pub mod peaks;
mod probe;
mod resample;
mod wav;
mod yuv;

pub use decode::{AudioBuffer, decode_audio};
pub use error::MediaError;
pub use hash::content_hash;
pub use probe::{MediaInfo, PictureInfo, SoundInfo, probe};
pub use resample::{Resampler, resample, resample_interleaved};
pub use wav::write_wav;

/// Version of the FFmpeg libraries in use, such as `59.37.100` (libavcodec), for the diagnosis page.
pub fn ffmpeg_version() -> String {
    let v = ffmpeg_next::codec::version();
    format!("{}.{}.{}", v >> 16, v >> 8 & 0xff, v & 0xff)
}

/// True when the installed FFmpeg can encode with `name`, such as `libx264`.
pub fn has_encoder(name: &str) -> bool {
    input::init();
    !name.contains('\0') && ffmpeg_next::encoder::find_by_name(name).is_some()
}
