//! Opening a file for demuxing: through Rust's own file, never through FFmpeg's protocols.
//!
//! FFmpeg reads names like `concat:a|b` or `http://…` as instructions, and its Rust wrapper cannot name a file that
//! is not UTF-8. Handing it an opened [`File`] avoids both and gives honest errors for missing and forbidden files.

use super::MediaError;
use ffmpeg::format::context::{Input, StreamIo};
use ffmpeg::format::stream::Disposition;
use ffmpeg::{Stream, ffi, media};
use ffmpeg_next as ffmpeg;
use std::fs::File;
use std::path::Path;
use std::sync::Once;

/// Registers FFmpeg's parts once and keeps it from writing to stderr: what matters arrives as error codes.
pub(crate) fn init() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // It can only fail where FFmpeg has no network, which is not used.
        let _ = ffmpeg::init();
        ffmpeg::log::set_level(ffmpeg::log::Level::Quiet);
    });
}

/// Opens `path` and reads its headers.
///
/// # Errors
/// Missing, forbidden or empty files, folders, and files in which FFmpeg knows no format.
pub(crate) fn open(path: &Path) -> Result<Input, MediaError> {
    init();
    let file = File::open(path).map_err(|e| MediaError::reading(path, e))?;
    let meta = file.metadata().map_err(|e| MediaError::reading(path, e))?;
    if meta.is_dir() {
        return Err(MediaError::IsFolder { path: path.to_owned() });
    }
    if meta.is_file() && meta.len() == 0 {
        return Err(MediaError::Empty { path: path.to_owned() });
    }
    let not_media = |e: ffmpeg::Error| {
        let detail = match e {
            ffmpeg::Error::InvalidData => "its content makes no sense".to_owned(),
            ffmpeg::Error::Eof => "it ends in the middle of its headers".to_owned(),
            other => other.to_string().to_lowercase(),
        };
        MediaError::NotMedia { path: path.to_owned(), detail }
    };
    let io = StreamIo::from_read_seek_with_capacity(file, 1 << 16).map_err(not_media)?;
    // The name only helps to tell formats apart; its ending is enough.
    let hint = path.extension().and_then(|e| e.to_str()).filter(|e| !e.contains('\0')).map(|e| format!("file.{e}"));
    let input = ffmpeg::format::input_from_stream(io, hint.as_deref(), None).map_err(not_media)?;
    if input.nb_streams() == 0 {
        return Err(not_media(ffmpeg::Error::InvalidData));
    }
    // FFmpeg takes plain text for subtitles and teletype art: nothing of ours.
    if matches!(input.format().name(), "tty" | "subviewer1" | "microdvd" | "vobsub") {
        return Err(not_media(ffmpeg::Error::InvalidData));
    }
    Ok(input)
}

/// The sound stream to use, if any.
pub(crate) fn sound_stream(input: &Input) -> Option<Stream<'_>> {
    input.streams().best(media::Type::Audio)
}

/// The moving picture to use, if any: cover art of a song does not count.
pub(crate) fn picture_stream(input: &Input) -> Option<Stream<'_>> {
    let moving = |s: &Stream| {
        s.parameters().medium() == media::Type::Video && !s.disposition().contains(Disposition::ATTACHED_PIC)
    };
    input.streams().best(media::Type::Video).filter(moving).or_else(|| input.streams().find(moving))
}

/// When `stream` says that it begins, in seconds.
pub(crate) fn declared_start(stream: &Stream) -> Option<f64> {
    let start = stream.start_time();
    (start != ffi::AV_NOPTS_VALUE).then(|| start as f64 * f64::from(stream.time_base()))
}

/// The container time that counts as zero for sound and picture alike.
///
/// It is the first picture, so that frame 0 is shown at 0 s; only when the sound begins clearly earlier (more than
/// an encoder's priming) is it the sound. `None` for a file without a picture: then the first sound is zero.
pub(crate) fn origin(input: &Input) -> Option<f64> {
    const PRIMING: f64 = 0.1;
    let picture = declared_start(&picture_stream(input)?).unwrap_or(0.0);
    let sound = sound_stream(input).and_then(|s| declared_start(&s)).unwrap_or(picture);
    Some(if sound < picture - PRIMING { sound } else { picture })
}
