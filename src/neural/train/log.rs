//! The log of a run: one JSON object a line, which a window can plot while the run goes on.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::Result;
use super::store::{io, write_whole};

/// One line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Line {
    /// What a training step gave.
    Step {
        /// Steps done, counting this one.
        step: u64,
        /// Its step size.
        lr: f64,
        /// The loss that was followed.
        total: f64,
        /// Its parts by name, before their weights.
        losses: BTreeMap<String, f64>,
        /// Length of the gradient before clipping.
        grad_norm: f64,
        /// Seconds since this sitting began.
        seconds: f64,
    },
    /// What an evaluation gave.
    Evaluation {
        /// Steps done.
        step: u64,
        /// Values by name.
        evaluation: BTreeMap<String, f64>,
    },
}

impl Line {
    fn step(&self) -> u64 {
        match self {
            Self::Step { step, .. } | Self::Evaluation { step, .. } => *step,
        }
    }
}

/// An open log.
pub(super) struct Log {
    file: File,
    path: PathBuf,
}

impl Log {
    /// Opens a log to go on after `step` steps: lines of later steps, which a run now goes through again, are
    /// dropped, and so is a last line that a crash cut off.
    pub fn open(path: &Path, step: u64) -> Result<Self> {
        let mut kept = Vec::new();
        if path.exists() {
            for line in read_log(path)?.into_iter().filter(|line| line.step() <= step) {
                kept.extend(serde_json::to_vec(&line).unwrap_or_default());
                kept.push(b'\n');
            }
        }
        write_whole(path, &kept)?;
        let file = OpenOptions::new().append(true).open(path).map_err(io(path))?;
        Ok(Self { file, path: path.to_owned() })
    }

    /// Adds a line.
    pub fn write(&mut self, line: &Line) -> Result<()> {
        let mut bytes = serde_json::to_vec(line).unwrap_or_default();
        bytes.push(b'\n');
        self.file.write_all(&bytes).map_err(io(&self.path))
    }
}

/// All whole lines of a log; what cannot be read is left out.
pub fn read_log(path: &Path) -> Result<Vec<Line>> {
    let text = std::fs::read_to_string(path).map_err(io(path))?;
    Ok(text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect())
}
