//! The journal beside the project: every committed step as a checksummed record, and how it is read back.
//!
//! A file is [`MAGIC`] and then records: length (4 bytes, little-endian), CRC-32 of length and payload, payload. The
//! payload is RON, as the project is: the same types, floats to the last bit (JSON's reader rounds, and cannot hold
//! `Some(None)`), and records of an older version are read with the defaults of what is new. Whatever does not check
//! at the end of the file is a tail torn by a crash: it was never acknowledged and is cut off.
//!
//! The records are a log of what was done, not of states: steps done, steps back, steps forward again. A
//! [`Record::Base`] says that at this point the project was what a `project.ron` with that fingerprint holds. What
//! stands before the base that matches the file on disk is its history; what stands after it is work that was not
//! saved. So a save needs no second file to be changed together with the project, and history survives closing.

use super::{Crew, compact};
use crate::document::Project;
use crate::document::history::{Event, History, KEPT_STEPS, Transaction};
use crate::document::index::Index;
use serde::{Deserialize, Serialize};
use std::sync::{Arc, Mutex};

/// Name of the file within a project's folder.
pub const FILE_NAME: &str = "journal.cueloom";
/// First bytes of the file.
pub const MAGIC: &[u8] = b"Cueloom journal\n";
/// Version of the format of the records; a newer one is set aside, never half read.
pub const FORMAT: u32 = 1;
/// Bytes of steps that are kept with a project. A journal of twice that size, or of twice [`KEPT_STEPS`], is written
/// anew with the steps that still count when the project is opened.
pub const KEPT_BYTES: usize = 4 << 20;

/// Length and checksum of a file's content: tells one state of `project.ron` from another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Fingerprint {
    pub bytes: u64,
    pub crc32: u32,
}

impl Fingerprint {
    pub fn of(content: &[u8]) -> Self {
        Self { bytes: content.len() as u64, crc32: crc32fast::hash(content) }
    }
}

/// What a record says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Record {
    /// The first one.
    Head {
        format: u32,
        schema: u32,
        program: String,
    },
    /// The project is now as in a `project.ron` with this fingerprint.
    Base(Fingerprint),
    Done(Box<Transaction>),
    /// This many steps were taken back.
    Back {
        steps: usize,
        at_ms: u64,
    },
    /// This many steps were done again.
    Forward {
        steps: usize,
        at_ms: u64,
    },
}

impl Record {
    pub fn head() -> Self {
        let program = format!("Cueloom {}", env!("CARGO_PKG_VERSION"));
        Self::Head { format: FORMAT, schema: crate::document::PROJECT_SCHEMA, program }
    }

    /// The record of something that happened to the history at `at_ms` (milliseconds since 1970, UTC).
    pub fn of(event: Event, at_ms: u64) -> Self {
        match event {
            Event::Done(step) => Self::Done(Box::new(Arc::unwrap_or_clone(step))),
            Event::Back(steps) => Self::Back { steps, at_ms },
            Event::Forward(steps) => Self::Forward { steps, at_ms },
        }
    }

    /// Appends the record as it stands in the file.
    ///
    /// # Errors
    /// A payload that cannot be written as text, or is longer than 4 GiB; nothing is appended then.
    pub fn encode(&self, out: &mut Vec<u8>) -> Result<(), String> {
        let mut payload = String::new();
        if !compact::write(&mut payload, self) {
            payload = ron::to_string(self).map_err(|e| e.to_string())?;
        }
        payload.push('\n');
        let length = u32::try_from(payload.len()).map_err(|e| e.to_string())?.to_le_bytes();
        out.extend_from_slice(&length);
        out.extend_from_slice(&checksum(&length, payload.as_bytes()).to_le_bytes());
        out.extend_from_slice(payload.as_bytes());
        Ok(())
    }
}

fn checksum(length: &[u8], payload: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(length);
    hasher.update(payload);
    hasher.finalize()
}

/// The payloads of a journal, and how many of its bytes are good.
fn frames(content: &[u8]) -> Option<(Vec<&[u8]>, usize)> {
    let mut rest = content.strip_prefix(MAGIC)?;
    let mut payloads = Vec::new();
    while let Some((length, after)) = rest.split_first_chunk::<4>()
        && let Some((sum, after)) = after.split_first_chunk::<4>()
        && let Some((payload, after)) = after.split_at_checked(u32::from_le_bytes(*length) as usize)
        && checksum(length, payload) == u32::from_le_bytes(*sum)
    {
        payloads.push(payload);
        rest = after;
    }
    Some((payloads, content.len() - rest.len()))
}

/// A journal as it was found.
#[derive(Debug)]
pub struct Read {
    pub records: Vec<Record>,
    /// Bytes up to the end of the last good record.
    pub good: u64,
    /// Something stood after that.
    pub torn: bool,
}

/// Why a journal cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unusable {
    #[error("it is not a journal of Cueloom, or its beginning is damaged")]
    NoJournal,
    #[error("it was written by a newer Cueloom")]
    Newer,
    #[error("its records are not understood by this version")]
    Foreign,
}

/// Reads a journal's content.
///
/// # Errors
/// Content that is no journal of this version. A file that holds less than its first record is an empty journal: the
/// crash came before anything was acknowledged.
pub fn read(content: &[u8], crew: &dyn Crew) -> Result<Read, Unusable> {
    if content.len() < MAGIC.len() && MAGIC.starts_with(content) {
        return Ok(Read { records: Vec::new(), good: 0, torn: !content.is_empty() });
    }
    let (payloads, good) = frames(content).ok_or(Unusable::NoJournal)?;
    let torn = good < content.len();
    let Some((first, rest)) = payloads.split_first() else {
        return Ok(Read { records: Vec::new(), good: 0, torn: true });
    };
    match parse(first) {
        Some(Record::Head { format: FORMAT, .. }) => {}
        Some(Record::Head { format, .. }) if format > FORMAT => return Err(Unusable::Newer),
        _ => return Err(Unusable::Foreign),
    }
    let parsed = super::in_parts(crew, rest, 64, |part| {
        part.iter().map(|payload| parse(payload).ok_or(Unusable::Foreign)).collect::<Vec<_>>()
    });
    let records = parsed.into_iter().flatten().collect::<Result<Vec<_>, _>>()?;
    Ok(Read { records, good: good as u64, torn })
}

fn parse(payload: &[u8]) -> Option<Record> {
    let text = std::str::from_utf8(payload).ok()?;
    compact::read(text.trim_end()).or_else(|| ron::from_str(text).ok())
}

/// The two stacks that the records describe.
#[derive(Clone, Debug, Default)]
struct Stacks {
    done: Vec<Transaction>,
    undone: Vec<Transaction>,
}

impl Stacks {
    /// False when the record asks for steps that are not there.
    fn take(&mut self, record: &Record) -> bool {
        match record {
            Record::Head { .. } | Record::Base(_) => {}
            Record::Done(step) => {
                self.undone.clear();
                self.done.push((**step).clone());
            }
            Record::Back { steps, .. } => {
                let Some(at) = self.done.len().checked_sub(*steps) else { return false };
                self.undone.extend(self.done.drain(at..).rev());
            }
            Record::Forward { steps, .. } => {
                let Some(at) = self.undone.len().checked_sub(*steps) else { return false };
                self.done.extend(self.undone.drain(at..).rev());
            }
        }
        true
    }
}

/// What a journal means for the project beside it.
#[derive(Debug)]
pub struct Matched {
    /// What was done up to the state on disk.
    pub history: History,
    /// What was done after it.
    pub unsaved: Vec<Record>,
    /// How many records the journal has.
    pub records: usize,
}

/// Finds the state on disk in the journal; `None` when the journal does not know it.
pub fn matched(records: Vec<Record>, on_disk: Fingerprint) -> Option<Matched> {
    let at = records.iter().rposition(|r| matches!(r, Record::Base(base) if *base == on_disk))?;
    let mut stacks = Stacks::default();
    let mut records = records;
    let count = records.len();
    let told = |r: &Record| !matches!(r, Record::Base(_) | Record::Head { .. });
    let unsaved: Vec<Record> = records.drain(at..).filter(told).collect();
    if !records.iter().all(|r| stacks.take(r)) {
        return None;
    }
    Some(Matched { history: History::restored(stacks.done, stacks.undone), unsaved, records: count })
}

/// The bases that a journal knows, newest last.
pub fn bases(records: &[Record]) -> Vec<Fingerprint> {
    records.iter().filter_map(|r| if let Record::Base(base) = r { Some(*base) } else { None }).collect()
}

/// Does what was not saved to the saved project again. `None` when it does not fit or leads to a project that
/// contradicts itself; nothing may be imposed then.
pub fn replay(project: &mut Project, history: &mut History, unsaved: &[Record]) -> Option<()> {
    let mut index = Index::new(project);
    for record in unsaved {
        match record {
            Record::Head { .. } | Record::Base(_) => {}
            Record::Done(step) => {
                step.go(project, false).then_some(())?;
                index.follow(step, false, project);
                history.push(Arc::new((**step).clone()));
            }
            Record::Back { steps, .. } => {
                for _ in 0..*steps {
                    history.undo(project, &mut index)?;
                }
            }
            Record::Forward { steps, .. } => {
                for _ in 0..*steps {
                    history.redo(project, &mut index)?;
                }
            }
        }
    }
    project.broken_invariant().is_none().then_some(())
}

/// A journal that holds a history and says that it belongs to `base`: the newest steps within the bounds.
///
/// # Errors
/// Steps that cannot be written as text.
pub fn compact(history: &History, base: Fingerprint, crew: &dyn Crew) -> Result<Vec<u8>, String> {
    let steps: Vec<&Transaction> = history.done().iter().chain(history.undone().iter().rev()).map(|s| &**s).collect();
    let from = steps.len().saturating_sub(KEPT_STEPS).min(history.done().len());
    let fault = Mutex::new(None);
    let parts = super::in_parts(crew, &steps[from..], 64, |part| {
        let encode = |step: &&Transaction| {
            let mut out = Vec::new();
            if let Err(e) = Record::Done(Box::new((*step).clone())).encode(&mut out)
                && let Ok(mut fault) = fault.lock()
            {
                *fault = Some(e);
            }
            out
        };
        part.iter().map(encode).collect::<Vec<Vec<u8>>>()
    });
    if let Some(fault) = fault.into_inner().ok().flatten() {
        return Err(fault);
    }
    let encoded: Vec<Vec<u8>> = parts.into_iter().flatten().collect();
    // Old steps go first; those that can be done again stay, because the way back to them leads through all of them.
    let mut room = KEPT_BYTES;
    let mut first = encoded.len();
    for (i, step) in encoded.iter().enumerate().rev() {
        if step.len() > room && i < history.done().len() - from {
            break;
        }
        room = room.saturating_sub(step.len());
        first = i;
    }
    let mut out = MAGIC.to_vec();
    Record::head().encode(&mut out)?;
    encoded[first..].iter().for_each(|step| out.extend_from_slice(step));
    if !history.undone().is_empty() {
        Record::Back { steps: history.undone().len(), at_ms: 0 }.encode(&mut out)?;
    }
    Record::Base(base).encode(&mut out)?;
    Ok(out)
}

/// Names of the steps that some records stand for, oldest first, and when the last record was written (milliseconds
/// since 1970, UTC; 0 where it is not known).
pub fn summary(records: &[Record]) -> (Vec<String>, u64) {
    let mut names = Vec::new();
    let mut last = 0;
    for record in records {
        match record {
            Record::Head { .. } | Record::Base(_) => {}
            Record::Done(step) => {
                names.push(step.name.clone());
                last = last.max(step.at_ms);
            }
            Record::Back { at_ms, .. } => {
                names.push("Undo".to_owned());
                last = last.max(*at_ms);
            }
            Record::Forward { at_ms, .. } => {
                names.push("Redo".to_owned());
                last = last.max(*at_ms);
            }
        }
    }
    (names, last)
}
