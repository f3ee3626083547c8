//! What can go wrong with a sound or video file, said so that a user can act on it.
//!
//! Every message says what happened, then what to do, and names the file last.

use std::io;
use std::path::{Path, PathBuf};

/// A failure of reading or writing media. Paths are as the caller gave them.
#[derive(Debug, thiserror::Error)]
pub enum MediaError {
    #[error("The file is not there. Check the name, or choose the file again: {}", path.display())]
    NotFound { path: PathBuf },
    #[error("This is a folder. Choose a sound or video file inside it: {}", path.display())]
    IsFolder { path: PathBuf },
    #[error("The file could not be opened ({source}). Check that you may read it: {}", path.display())]
    Unreadable { path: PathBuf, source: io::Error },
    #[error("The file is empty. Choose another one, or copy it again from where it came: {}", path.display())]
    Empty { path: PathBuf },
    #[error(
        "This is not a sound or video file that can be read ({detail}). It may be damaged or cut off: copy it again, \
         or convert it to WAV or MP4: {}",
        path.display()
    )]
    NotMedia { path: PathBuf, detail: String },
    #[error(
        "The file is damaged: nothing in it could be decoded ({detail}). Copy it again from where it came: {}",
        path.display()
    )]
    Corrupt { path: PathBuf, detail: String },
    #[error("No decoder for {codec} is installed. Convert the file to WAV or MP4 (H.264 with AAC): {}", path.display())]
    NoDecoder { path: PathBuf, codec: String },
    #[error("There is no sound in this file. Choose a recording with sound, or let the text be spoken: {}", path.display())]
    NoSound { path: PathBuf },
    #[error("There is no picture in this file. Choose a video file: {}", path.display())]
    NoPicture { path: PathBuf },
    #[error("The recording is {hours:.1} hours long; at most {limit:.0} can be used. Cut it into parts: {}", path.display())]
    TooLong { path: PathBuf, hours: f64, limit: f64 },
    #[error("Cancelled: {}", path.display())]
    Cancelled { path: PathBuf },
    #[error("A file ending in \"{extension}\" cannot be written. Use .mp4 or .webm: {}", path.display())]
    UnknownExtension { path: PathBuf, extension: String },
    #[error("The folder is not there. Make it, or choose another one: {}", path.display())]
    NoFolder { path: PathBuf },
    #[error("Writing is not allowed here ({source}). Choose another folder, or change its permissions: {}", path.display())]
    ReadOnly { path: PathBuf, source: io::Error },
    #[error("The disk is full. Free some space, or choose another disk: {}", path.display())]
    DiskFull { path: PathBuf },
    #[error("The file could not be written ({source}). Check the disk, or choose another folder: {}", path.display())]
    Write { path: PathBuf, source: io::Error },
    #[error("The installed FFmpeg has no encoder for {codec}. Install the full FFmpeg libraries, or use {instead}: {}", path.display())]
    NoEncoder { path: PathBuf, codec: &'static str, instead: &'static str },
    #[error("The video cannot be made: {what}. {}", path.display())]
    BadOptions { path: PathBuf, what: String },
    #[error("Encoding failed ({detail}). Try another size or format: {}", path.display())]
    Encode { path: PathBuf, detail: String },
}

impl MediaError {
    /// An error of opening `path` for reading.
    pub(crate) fn reading(path: &Path, source: io::Error) -> Self {
        let path = path.to_owned();
        match source.kind() {
            io::ErrorKind::NotFound => Self::NotFound { path },
            io::ErrorKind::IsADirectory => Self::IsFolder { path },
            _ => Self::Unreadable { path, source },
        }
    }

    /// An error of creating or writing `path`.
    pub(crate) fn writing(path: &Path, source: io::Error) -> Self {
        let path = path.to_owned();
        match source.kind() {
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => Self::ReadOnly { path, source },
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull { path },
            io::ErrorKind::NotFound => Self::NoFolder { path },
            _ => Self::Write { path, source },
        }
    }

    /// An error of FFmpeg while writing `path`.
    pub(crate) fn encoding(path: &Path, error: ffmpeg_next::Error) -> Self {
        match error {
            ffmpeg_next::Error::Other { errno } => match Self::writing(path, io::Error::from_raw_os_error(errno)) {
                // FFmpeg also uses plain numbers (EINVAL above all) for what has nothing to do with the disk.
                Self::Write { path, source } => Self::Encode { path, detail: source.to_string() },
                known => known,
            },
            other => Self::Encode { path: path.to_owned(), detail: other.to_string() },
        }
    }

    /// True when the user stopped the work: nothing to complain about.
    pub fn is_cancelled(&self) -> bool {
        matches!(self, Self::Cancelled { .. })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_known_by_its_number() {
        let full = MediaError::encoding(Path::new("a.mp4"), ffmpeg_next::Error::Other { errno: 28 });
        assert!(matches!(full, MediaError::DiskFull { .. }), "{full}");
        let odd = MediaError::encoding(Path::new("a.mp4"), ffmpeg_next::Error::Other { errno: 22 });
        assert!(matches!(odd, MediaError::Encode { .. }), "{odd}");
    }

    #[test]
    fn messages_end_with_the_path() {
        let text = MediaError::NoSound { path: "silent.mp4".into() }.to_string();
        assert!(text.ends_with(": silent.mp4") && text.contains("Choose a recording"), "{text}");
    }
}
