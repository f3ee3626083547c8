//! The file layer: the few operations on disk that saving and journaling are made of, so that tests can cut the power
//! at any one of them.
//!
//! What the operations promise is what disks promise and no more: written bytes survive a power cut only after
//! [`OpenFile::sync`], and a new, renamed or removed name only after [`Files::sync_folder`].

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

/// A file open for writing at its end.
pub trait OpenFile: Send {
    /// Appends all bytes, or fails with some part of them appended.
    ///
    /// # Errors
    /// Full disk, vanished drive and the like.
    fn write(&mut self, bytes: &[u8]) -> io::Result<()>;

    /// Brings what was written to the disk.
    ///
    /// # Errors
    /// After one, nothing written since the last success is sure to be there.
    fn sync(&mut self) -> io::Result<()>;

    /// Cuts the file off after `length` bytes; the next write goes there.
    ///
    /// # Errors
    /// Vanished drive and the like.
    fn cut(&mut self, length: u64) -> io::Result<()>;
}

/// A file in a listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    pub name: String,
    pub bytes: u64,
}

/// The operations on disk. Paths are used as given.
pub trait Files: Send + Sync {
    /// The whole content.
    ///
    /// # Errors
    /// [`io::ErrorKind::NotFound`] and what reading can meet.
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;

    /// When the content was last changed, where the file system tells.
    fn modified(&self, path: &Path) -> Option<SystemTime>;

    /// Files (not folders) of a folder, by name; a folder that is not there has none.
    ///
    /// # Errors
    /// What reading a folder can meet.
    fn list(&self, folder: &Path) -> io::Result<Vec<Listed>>;

    /// Makes a folder and those above it; one that is there already is no error.
    ///
    /// # Errors
    /// What making folders can meet.
    fn make_folder(&self, folder: &Path) -> io::Result<()>;

    /// Opens a new, empty file for writing; one of that name loses its content.
    ///
    /// # Errors
    /// What opening can meet.
    fn create(&self, path: &Path) -> io::Result<Box<dyn OpenFile>>;

    /// Opens a file that is there for writing at its end.
    ///
    /// # Errors
    /// [`io::ErrorKind::NotFound`] and what opening can meet.
    fn append(&self, path: &Path) -> io::Result<Box<dyn OpenFile>>;

    /// Gives a file another name in the same file system, in place of one that had it.
    ///
    /// # Errors
    /// What renaming can meet.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;

    /// Gives a file a second name, by a hard link or by a copy that has been synced.
    ///
    /// # Errors
    /// [`io::ErrorKind::AlreadyExists`] and what linking and copying can meet.
    fn link(&self, from: &Path, to: &Path) -> io::Result<()>;

    /// Removes a file.
    ///
    /// # Errors
    /// [`io::ErrorKind::NotFound`] and what removing can meet.
    fn remove(&self, path: &Path) -> io::Result<()>;

    /// Brings the names of a folder to the disk. File systems that cannot do so are taken at their word.
    ///
    /// # Errors
    /// Vanished drive and the like.
    fn sync_folder(&self, folder: &Path) -> io::Result<()>;
}

/// The disk itself.
#[derive(Clone, Copy, Debug, Default)]
pub struct Disk;

struct DiskFile(fs::File);

impl OpenFile for DiskFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.0.write_all(bytes)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.0.sync_data()
    }

    fn cut(&mut self, length: u64) -> io::Result<()> {
        use std::io::Seek as _;
        self.0.set_len(length)?;
        self.0.seek(io::SeekFrom::Start(length)).map(drop)
    }
}

impl Files for Disk {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        fs::read(path)
    }

    fn modified(&self, path: &Path) -> Option<SystemTime> {
        fs::metadata(path).and_then(|m| m.modified()).ok()
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<Listed>> {
        let entries = match fs::read_dir(folder) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            other => other?,
        };
        let mut files = Vec::new();
        for entry in entries.flatten() {
            // A file that goes away meanwhile is no longer listed.
            if let (Ok(data), Ok(name)) = (entry.metadata(), entry.file_name().into_string())
                && data.is_file()
            {
                files.push(Listed { name, bytes: data.len() });
            }
        }
        files.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(files)
    }

    fn make_folder(&self, folder: &Path) -> io::Result<()> {
        fs::create_dir_all(folder)
    }

    fn create(&self, path: &Path) -> io::Result<Box<dyn OpenFile>> {
        Ok(Box::new(DiskFile(fs::File::create(path)?)))
    }

    fn append(&self, path: &Path) -> io::Result<Box<dyn OpenFile>> {
        use std::io::Seek as _;
        let mut file = fs::OpenOptions::new().write(true).open(path)?;
        file.seek(io::SeekFrom::End(0))?;
        Ok(Box::new(DiskFile(file)))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn link(&self, from: &Path, to: &Path) -> io::Result<()> {
        match fs::hard_link(from, to) {
            Err(e) if !matches!(e.kind(), io::ErrorKind::AlreadyExists | io::ErrorKind::NotFound) => {
                // Memory sticks know no links.
                let mut target = fs::OpenOptions::new().write(true).create_new(true).open(to)?;
                io::copy(&mut fs::File::open(from)?, &mut target)?;
                target.sync_all()
            }
            other => other,
        }
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }

    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        // Only unix lets a folder be synced; elsewhere a rename is as durable as the system makes it.
        #[cfg(unix)]
        {
            match fs::File::open(folder)?.sync_all() {
                Err(e) if matches!(e.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => Ok(()),
                other => other,
            }
        }
        #[cfg(not(unix))]
        {
            fs::metadata(folder).map(drop)
        }
    }
}

/// Writes a whole file so that it is either the old or the new one whatever happens: temporary name, sync, rename,
/// sync of the folder.
///
/// # Errors
/// What any of the steps can meet; the old file is there then, and the temporary one is not unless the disk failed.
pub fn write_whole(files: &dyn Files, path: &Path, parts: &[&[u8]]) -> io::Result<()> {
    let temporary = prepare(files, path, parts)?;
    put(files, &temporary, path)
}

/// The first half of [`write_whole`]: the content stands, synced, under a temporary name.
///
/// # Errors
/// What writing can meet; the temporary file is taken away again.
pub fn prepare(files: &dyn Files, path: &Path, parts: &[&[u8]]) -> io::Result<PathBuf> {
    let temporary = temporary_name(path);
    let write = || {
        let mut file = files.create(&temporary)?;
        for part in parts {
            file.write(part)?;
        }
        file.sync()
    };
    if let Err(error) = write() {
        let _ = files.remove(&temporary);
        return Err(error);
    }
    Ok(temporary)
}

/// The second half of [`write_whole`].
///
/// # Errors
/// What renaming and syncing can meet.
pub fn put(files: &dyn Files, temporary: &Path, path: &Path) -> io::Result<()> {
    if let Err(error) = files.rename(temporary, path) {
        let _ = files.remove(temporary);
        return Err(error);
    }
    files.sync_folder(folder_of(path))
}

/// The folder that a file stands in.
pub fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Beginning of the names of files that are being written.
pub const TEMPORARY: &str = ".cueloom-new-";

/// A name that no other writer uses at the same time.
fn temporary_name(path: &Path) -> PathBuf {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let (process, count) = (std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
    path.with_file_name(format!("{TEMPORARY}{process}-{count}-{name}"))
}

/// Removes what a crash left of unfinished writes in a folder. Only its holder may do so.
pub fn sweep(files: &dyn Files, folder: &Path) {
    for left in files.list(folder).unwrap_or_default() {
        if left.name.starts_with(TEMPORARY) {
            let _ = files.remove(&folder.join(left.name));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_disk_does_what_the_layer_promises() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("a/b");
        Disk.make_folder(&folder).unwrap();
        let path = folder.join("x");
        assert!(Disk.append(&path).is_err_and(|e| e.kind() == io::ErrorKind::NotFound));
        write_whole(&Disk, &path, &[b"one ", b"two"]).unwrap();
        let mut file = Disk.append(&path).unwrap();
        file.write(b" three").unwrap();
        file.cut(4).unwrap();
        file.write(b"four").unwrap();
        file.sync().unwrap();
        assert_eq!(Disk.read(&path).unwrap(), b"one four");
        assert_eq!(Disk.list(&folder).unwrap(), [Listed { name: "x".into(), bytes: 8 }]);
        assert!(Disk.list(&folder.join("none")).unwrap().is_empty());
        Disk.remove(&path).unwrap();
        assert!(Disk.list(&folder).unwrap().is_empty());
    }
}
