//! A disk in memory that keeps no more than real ones promise, and that can be cut, filled and pulled out at every
//! single operation.
//!
//! Written bytes live in the machine until the file is synced, names until their folder is synced. When the power goes,
//! what was not synced survives as chance will have it: some of the bytes, perhaps as rubbish, and any of the names.

use cueloom::document::store::files::{Files, Listed, OpenFile};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::SystemTime;

/// What goes wrong, from an operation on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The power: this operation happens in part, none after it.
    Power,
    /// No more room: writes fail after some bytes, and files cannot be made.
    Full,
    /// The drive is pulled out.
    Gone,
}

#[derive(Clone, Debug, Default)]
struct Inode {
    content: Vec<u8>,
    synced: Vec<u8>,
}

#[derive(Clone, Debug)]
enum NameChange {
    Set(PathBuf, usize),
    Remove(PathBuf),
    Move(PathBuf, PathBuf, usize),
}

#[derive(Clone, Debug, Default)]
struct State {
    inodes: Vec<Inode>,
    names: BTreeMap<PathBuf, usize>,
    synced_names: BTreeMap<PathBuf, usize>,
    /// Changes of names that are not on disk, with the folder whose sync brings them there.
    pending: Vec<(PathBuf, NameChange)>,
    operations: usize,
    fault: Option<(usize, Fault)>,
    /// What was done, for messages of failing tests.
    log: Vec<String>,
}

#[derive(Clone, Default)]
pub struct SimulatedDisk(Arc<Mutex<State>>);

fn apply(names: &mut BTreeMap<PathBuf, usize>, change: &NameChange) {
    match change {
        NameChange::Set(name, inode) => {
            names.insert(name.clone(), *inode);
        }
        NameChange::Remove(name) => {
            names.remove(name);
        }
        NameChange::Move(from, to, inode) => {
            names.remove(from);
            names.insert(to.clone(), *inode);
        }
    }
}

fn folder(path: &Path) -> PathBuf {
    path.parent().map(Path::to_owned).unwrap_or_default()
}

impl State {
    /// Counts an operation. `Err` when it fails as a whole, `Ok(Some(_))` when only a part of it happens.
    fn step(&mut self, what: impl FnOnce() -> String, takes_room: bool) -> io::Result<Option<Fault>> {
        let number = self.operations;
        self.operations += 1;
        self.log.push(what());
        match self.fault {
            Some((at, Fault::Power)) if number == at => Ok(Some(Fault::Power)),
            Some((at, Fault::Power)) if number > at => Err(io::Error::other("the power is off")),
            Some((at, Fault::Full)) if number >= at && takes_room => Ok(Some(Fault::Full)),
            Some((at, Fault::Gone)) if number >= at => Err(io::ErrorKind::NotFound.into()),
            _ => Ok(None),
        }
    }

    fn change(&mut self, path: &Path, change: NameChange) {
        apply(&mut self.names, &change);
        self.pending.push((folder(path), change));
    }

    fn find(&self, path: &Path) -> io::Result<usize> {
        self.names.get(path).copied().ok_or_else(|| io::ErrorKind::NotFound.into())
    }
}

fn fault_error(fault: Fault) -> io::Error {
    match fault {
        Fault::Full => io::ErrorKind::StorageFull.into(),
        _ => io::Error::other("the power went off"),
    }
}

impl SimulatedDisk {
    /// Lets something go wrong at the `at`-th operation from now.
    pub fn fail(&self, at: usize, fault: Fault) {
        let mut state = self.0.lock().expect("not poisoned");
        state.fault = Some((state.operations + at, fault));
    }

    /// All is well again.
    pub fn heal(&self) {
        self.0.lock().expect("not poisoned").fault = None;
    }

    pub fn operations(&self) -> usize {
        self.0.lock().expect("not poisoned").operations
    }

    pub fn log(&self) -> Vec<String> {
        self.0.lock().expect("not poisoned").log.clone()
    }

    /// The disk as the next start of the machine finds it. Seed 0 keeps nothing that was not synced, seed 1 all of
    /// it, others what chance has it.
    pub fn after_power_loss(&self, seed: u64) -> Self {
        let old = self.0.lock().expect("not poisoned");
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let mut keep = |n: usize| match seed {
            0 => 0,
            1 => n,
            _ => random.next_u32() as usize % (n + 1),
        };
        let mut names = old.synced_names.clone();
        for (_, change) in &old.pending {
            if keep(1) == 1 {
                apply(&mut names, change);
            }
        }
        let inodes = old
            .inodes
            .iter()
            .map(|inode| {
                let common = inode.synced.iter().zip(&inode.content).take_while(|(a, b)| a == b).count();
                let mut content = inode.synced.clone();
                if common == inode.synced.len() {
                    // Appended: the size may be there and the bytes not.
                    let more = keep(inode.content.len() - common);
                    content.extend_from_slice(&inode.content[common..common + more]);
                    if more > 0 && keep(3) == 1 {
                        let from = common + keep(more - 1);
                        content[from..].iter_mut().for_each(|b| *b = 0);
                    }
                } else if keep(1) == 1 {
                    content.clone_from(&inode.content);
                }
                Inode { synced: content.clone(), content }
            })
            .collect();
        let state = State { inodes, synced_names: names.clone(), names, ..State::default() };
        Self(Arc::new(Mutex::new(state)))
    }

    /// A copy with a life of its own.
    pub fn copy(&self) -> Self {
        Self(Arc::new(Mutex::new(self.0.lock().expect("not poisoned").clone())))
    }

    /// Puts a file there, safe on disk, without counting as an operation.
    pub fn put(&self, path: &Path, content: &[u8]) {
        let mut state = self.0.lock().expect("not poisoned");
        state.inodes.push(Inode { content: content.to_vec(), synced: content.to_vec() });
        let inode = state.inodes.len() - 1;
        state.names.insert(path.to_owned(), inode);
        state.synced_names.insert(path.to_owned(), inode);
    }
}

struct SimulatedFile {
    disk: SimulatedDisk,
    inode: usize,
}

impl OpenFile for SimulatedFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        let mut state = self.disk.0.lock().expect("not poisoned");
        let fault = state.step(|| format!("write {} bytes to {}", bytes.len(), self.inode), true)?;
        let part = if fault.is_some() { bytes.len() / 2 } else { bytes.len() };
        state.inodes[self.inode].content.extend_from_slice(&bytes[..part]);
        fault.map_or(Ok(()), |f| Err(fault_error(f)))
    }

    fn sync(&mut self) -> io::Result<()> {
        let mut state = self.disk.0.lock().expect("not poisoned");
        if let Some(fault) = state.step(|| format!("sync {}", self.inode), false)? {
            return Err(fault_error(fault));
        }
        let inode = &mut state.inodes[self.inode];
        inode.synced.clone_from(&inode.content);
        Ok(())
    }

    fn cut(&mut self, length: u64) -> io::Result<()> {
        let mut state = self.disk.0.lock().expect("not poisoned");
        if let Some(fault) = state.step(|| format!("cut {} to {length}", self.inode), false)? {
            return Err(fault_error(fault));
        }
        state.inodes[self.inode].content.resize(length as usize, 0);
        Ok(())
    }
}

impl Files for SimulatedDisk {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let state = self.0.lock().expect("not poisoned");
        // Reading is no operation that a cut could matter to; a drive that is gone cannot be read.
        if matches!(state.fault, Some((at, Fault::Gone)) if state.operations >= at) {
            return Err(io::ErrorKind::NotFound.into());
        }
        state.find(path).map(|inode| state.inodes[inode].content.clone())
    }

    fn modified(&self, _path: &Path) -> Option<SystemTime> {
        None
    }

    fn list(&self, wanted: &Path) -> io::Result<Vec<Listed>> {
        let state = self.0.lock().expect("not poisoned");
        let inside = state.names.iter().filter(|(path, _)| folder(path) == wanted);
        Ok(inside
            .map(|(path, inode)| Listed {
                name: path.file_name().expect("a name").to_string_lossy().into_owned(),
                bytes: state.inodes[*inode].content.len() as u64,
            })
            .collect())
    }

    fn make_folder(&self, path: &Path) -> io::Result<()> {
        let mut state = self.0.lock().expect("not poisoned");
        let fault = state.step(|| format!("make folder {}", path.display()), true)?;
        fault.map_or(Ok(()), |f| Err(fault_error(f)))
    }

    fn create(&self, path: &Path) -> io::Result<Box<dyn OpenFile>> {
        let mut state = self.0.lock().expect("not poisoned");
        if let Some(fault) = state.step(|| format!("create {}", path.display()), true)? {
            return Err(fault_error(fault));
        }
        let inode = match state.names.get(path).copied() {
            Some(inode) => {
                state.inodes[inode].content.clear();
                inode
            }
            None => {
                state.inodes.push(Inode::default());
                let inode = state.inodes.len() - 1;
                state.change(path, NameChange::Set(path.to_owned(), inode));
                inode
            }
        };
        Ok(Box::new(SimulatedFile { disk: self.clone(), inode }))
    }

    fn append(&self, path: &Path) -> io::Result<Box<dyn OpenFile>> {
        let mut state = self.0.lock().expect("not poisoned");
        if let Some(fault) = state.step(|| format!("open {}", path.display()), false)? {
            return Err(fault_error(fault));
        }
        let inode = state.find(path)?;
        Ok(Box::new(SimulatedFile { disk: self.clone(), inode }))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut state = self.0.lock().expect("not poisoned");
        if let Some(fault) = state.step(|| format!("rename {} to {}", from.display(), to.display()), false)? {
            return Err(fault_error(fault));
        }
        let inode = state.find(from)?;
        state.change(to, NameChange::Move(from.to_owned(), to.to_owned(), inode));
        Ok(())
    }

    fn link(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut state = self.0.lock().expect("not poisoned");
        if let Some(fault) = state.step(|| format!("link {} to {}", from.display(), to.display()), true)? {
            return Err(fault_error(fault));
        }
        let inode = state.find(from)?;
        if state.names.contains_key(to) {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        state.change(to, NameChange::Set(to.to_owned(), inode));
        Ok(())
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        let mut state = self.0.lock().expect("not poisoned");
        if let Some(fault) = state.step(|| format!("remove {}", path.display()), false)? {
            return Err(fault_error(fault));
        }
        state.find(path)?;
        state.change(path, NameChange::Remove(path.to_owned()));
        Ok(())
    }

    fn sync_folder(&self, wanted: &Path) -> io::Result<()> {
        let mut state = self.0.lock().expect("not poisoned");
        if let Some(fault) = state.step(|| format!("sync folder {}", wanted.display()), false)? {
            return Err(fault_error(fault));
        }
        let (now, later): (Vec<_>, Vec<_>) =
            std::mem::take(&mut state.pending).into_iter().partition(|(f, _)| f == wanted);
        for (_, change) in &now {
            apply(&mut state.synced_names, change);
        }
        state.pending = later;
        Ok(())
    }
}
