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
mod scale;
pub mod stretch;
mod wav;
mod yuv;

pub use decode::{AudioBuffer, decode_audio};
pub use error::MediaError;
pub use hash::content_hash;
pub use probe::{MediaInfo, PictureInfo, SoundInfo, probe};
pub use resample::{Resampler, resample, resample_interleaved};
pub use wav::write_wav;

/// What the installed FFmpeg can do, for the diagnosis page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Capabilities {
    /// Version of its codec library, such as `59.37.100`.
    pub version: String,
    /// Encoders for MP4 …
    pub h264: bool,
    pub aac: bool,
    /// … and for WebM.
    pub vp9: bool,
    pub opus: bool,
}

/// Asks the FFmpeg libraries which encoders they hold.
pub fn capabilities() -> Capabilities {
    input::init();
    let v = ffmpeg_next::codec::version();
    let has = |name| ffmpeg_next::encoder::find_by_name(name).is_some();
    Capabilities {
        version: format!("{}.{}.{}", v >> 16, v >> 8 & 0xff, v & 0xff),
        h264: has("libx264"),
        aac: has("aac"),
        vp9: has("libvpx-vp9"),
        opus: has("libopus"),
    }
}
