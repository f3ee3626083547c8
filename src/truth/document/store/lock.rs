//! One window at a time writes a project: the one that holds the lock file in its folder.
//!
//! The lock is the system's and goes with the process, however that ends; the text in the file only says who it is.

use super::stamp::Stamp;
use std::fs::{self, File, TryLockError};
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

/// Name of the file within a project's folder.
pub const FILE_NAME: &str = ".cueloom.lock";

/// A project that is ours until this value goes.
#[derive(Debug)]
pub struct Lock {
    path: PathBuf,
    /// Holds the system's lock for as long as it is open.
    _file: File,
}

/// Who has a project open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holder {
    pub process: Option<u32>,
    /// Name of the computer, empty where it is not known.
    pub host: String,
    pub since: Option<Stamp>,
}

/// What came of asking for a project.
#[derive(Debug)]
pub enum Asked {
    Ours(Lock),
    /// Another window has it.
    Taken(Holder),
    /// The folder cannot be written or its file system knows no locks: nobody can be kept out, and nobody is.
    Impossible(std::io::Error),
}

/// Asks for the project in a folder.
pub fn ask(folder: &Path) -> Asked {
    let path = folder.join(FILE_NAME);
    let mut tries = 0..16;
    loop {
        let mut file = match File::options().read(true).write(true).create(true).truncate(false).open(&path) {
            Ok(file) => file,
            Err(e) => return Asked::Impossible(e),
        };
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Asked::Taken(holder(&mut file)),
            Err(TryLockError::Error(e)) => return Asked::Impossible(e),
        }
        if !still_there(&file, &path) && tries.next().is_some() {
            // The one before took the file away between our opening and locking it. Some network file systems give
            // every look at a file another identity: they are asked a few times only.
            continue;
        }
        let text = format!("process {}\nhost {}\nsince {}\n", std::process::id(), host(), Stamp::now().file_name());
        // The text is for people; without it the lock holds all the same.
        let _ = file.set_len(0);
        let _ = file.write_all(text.as_bytes());
        return Asked::Ours(Lock { path, _file: file });
    }
}

fn holder(file: &mut File) -> Holder {
    let mut text = String::new();
    let mut holder = Holder::default();
    if file.take(4096).read_to_string(&mut text).is_err() {
        return holder;
    }
    for line in text.lines() {
        match line.split_once(' ') {
            Some(("process", id)) => holder.process = id.parse().ok(),
            Some(("host", name)) => holder.host = name.chars().filter(|c| !c.is_control()).collect(),
            Some(("since", when)) => holder.since = Stamp::from_file_name(when),
            _ => {}
        }
    }
    holder
}

fn host() -> String {
    let from_file = || fs::read_to_string("/etc/hostname").ok();
    let name = std::env::var("HOSTNAME").or_else(|_| std::env::var("COMPUTERNAME")).ok().or_else(from_file);
    name.unwrap_or_default().trim().to_owned()
}

#[cfg(unix)]
fn still_there(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    match (file.metadata(), fs::metadata(path)) {
        (Ok(ours), Ok(there)) => (ours.dev(), ours.ino()) == (there.dev(), there.ino()),
        _ => false,
    }
}

#[cfg(not(unix))]
fn still_there(_file: &File, _path: &Path) -> bool {
    // The file is never taken away there.
    true
}

impl Drop for Lock {
    fn drop(&mut self) {
        // While it is still locked, so that nobody can have taken it in between.
        if cfg!(unix) {
            let _ = fs::remove_file(&self.path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_is_told_who_was_first() {
        let dir = tempfile::tempdir().unwrap();
        let Asked::Ours(first) = ask(dir.path()) else { panic!("nobody else is there") };
        match ask(dir.path()) {
            Asked::Taken(holder) => {
                assert_eq!(holder.process, Some(std::process::id()));
                assert!(holder.since.is_some());
            }
            other => panic!("{other:?}"),
        }
        drop(first);
        assert!(!cfg!(unix) || !dir.path().join(FILE_NAME).exists());
        assert!(matches!(ask(dir.path()), Asked::Ours(_)));
        assert!(matches!(ask(&dir.path().join("none")), Asked::Impossible(_)));
    }
}
