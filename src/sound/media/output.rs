//! Files that appear whole or not at all: written under a temporary name in the same folder, then renamed.

use super::MediaError;
use std::fs::{File, OpenOptions};
use std::io::{self, Seek, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

/// Room that must be free before work begins, in bytes.
const ROOM: usize = 1 << 20;

/// A file being written beside its final place. Dropped without [`TempFile::keep`], it is removed.
pub(crate) struct TempFile {
    target: PathBuf,
    temp: PathBuf,
    file: Option<File>,
}

impl TempFile {
    /// Opens a temporary file for `target`, after making sure that the folder is there, can be written and has room.
    pub(crate) fn create(target: &Path) -> Result<Self, MediaError> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        if target.is_dir() {
            return Err(MediaError::IsFolder { path: target.to_owned() });
        }
        let bad_name = || MediaError::BadOptions { path: target.to_owned(), what: "the file needs a name".to_owned() };
        let name = target.file_name().ok_or_else(bad_name)?;
        let folder = target.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        for _ in 0..1000 {
            let number = COUNT.fetch_add(1, Ordering::Relaxed);
            let mut temp_name = std::ffi::OsString::from(format!(".{}-{number}.part-", std::process::id()));
            temp_name.push(name);
            let temp = folder.join(temp_name);
            match OpenOptions::new().read(true).write(true).create_new(true).open(&temp) {
                Ok(file) => {
                    let made = Self { target: target.to_owned(), temp, file: Some(file) };
                    check_room(made.file()).map_err(|e| MediaError::writing(target, e))?;
                    return Ok(made);
                }
                Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {}
                Err(e) => return Err(MediaError::writing(target, e)),
            }
        }
        Err(MediaError::writing(target, io::ErrorKind::AlreadyExists.into()))
    }

    /// The open file, at its beginning.
    pub(crate) fn file(&self) -> &File {
        self.file.as_ref().expect("open until kept or dropped")
    }

    /// Where the bytes stand until the file is kept.
    pub(crate) fn temp_path(&self) -> &Path {
        &self.temp
    }

    /// Makes sure that the bytes are on the disk and gives the file its name, replacing an older one.
    pub(crate) fn keep(mut self) -> Result<(), MediaError> {
        let wrong = |e| MediaError::writing(&self.target, e);
        self.file().sync_all().map_err(wrong)?;
        // Windows does not rename open files.
        self.file = None;
        std::fs::rename(&self.temp, &self.target).map_err(|e| MediaError::writing(&self.target, e))?;
        #[cfg(unix)]
        if let Some(folder) = self.target.parent().filter(|p| !p.as_os_str().is_empty()) {
            // The name itself reaches the disk with its folder; some file systems refuse, and that is no loss.
            let _ = File::open(folder).and_then(|f| f.sync_all());
        }
        self.temp.clear();
        Ok(())
    }
}

impl Drop for TempFile {
    fn drop(&mut self) {
        self.file = None;
        if !self.temp.as_os_str().is_empty() {
            // Nothing can be done about a folder that vanished meanwhile.
            let _ = std::fs::remove_file(&self.temp);
        }
    }
}

/// Writes and takes back a block, so that a full disk is found before an hour of rendering.
fn check_room(mut file: &File) -> io::Result<()> {
    file.write_all(&vec![0; ROOM])?;
    file.flush()?;
    file.set_len(0)?;
    file.rewind()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn appears_whole_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("out.bin");
        std::fs::write(&target, b"old").unwrap();
        {
            let temp = TempFile::create(&target).unwrap();
            temp.file().write_all(b"half").unwrap();
        }
        assert_eq!(std::fs::read(&target).unwrap(), b"old");
        let temp = TempFile::create(&target).unwrap();
        temp.file().write_all(b"new").unwrap();
        temp.keep().unwrap();
        assert_eq!(std::fs::read(&target).unwrap(), b"new");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left behind");
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_full_disk_is_noticed_before_the_work() {
        let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
        let error = MediaError::writing(Path::new("out.mp4"), check_room(&full).unwrap_err());
        assert!(matches!(error, MediaError::DiskFull { .. }), "{error}");
    }

    #[test]
    fn missing_folders_and_folders_in_the_way_are_named() {
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(TempFile::create(&folder.path().join("no/out.mp4")), Err(MediaError::NoFolder { .. })));
        assert!(matches!(TempFile::create(folder.path()), Err(MediaError::IsFolder { .. })));
    }
}
