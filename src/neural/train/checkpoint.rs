//! Checkpoints: all that a run needs to go on as if it had never stopped, in one file.

use std::collections::BTreeMap;
use std::path::Path;

use candle_core::Tensor;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::store::{Precision, read_file, write_file};
use super::{AdamW, Ema, Error, Params, Result, TrainConfig};

const KIND: &str = "checkpoint 1";

/// What stands in the header.
#[derive(Serialize, Deserialize)]
struct Header {
    kind: String,
    step: u64,
    config: TrainConfig,
    /// Steps in which each weight took part.
    adam_steps: BTreeMap<String, u64>,
    /// Weights that have had no gradient yet.
    unmoved: Vec<String>,
    /// Whatever the task wants back.
    task: Value,
}

/// A run between two steps. Random numbers of a step follow from the seed and its number alone, so the step is also
/// the position in their stream.
pub(super) struct Checkpoint {
    pub step: u64,
    pub config: TrainConfig,
    pub values: BTreeMap<String, Tensor>,
    pub adam: BTreeMap<String, (u64, Tensor, Tensor)>,
    pub ema: BTreeMap<String, Tensor>,
    pub unmoved: Vec<String>,
    pub task: Value,
}

impl Checkpoint {
    /// The state of a run after `step` steps.
    pub fn take(
        step: u64,
        config: &TrainConfig,
        params: &Params,
        adam: &AdamW,
        ema: Option<&Ema>,
        unmoved: Vec<String>,
        task: Value,
    ) -> Result<Self> {
        let values = params.snapshot()?;
        let adam = adam.state(&values)?;
        let ema = ema.map_or_else(|| Ok(BTreeMap::new()), Ema::weights)?;
        Ok(Self { step, config: config.clone(), values, adam, ema, unmoved, task })
    }

    /// Writes it, whole or not at all.
    pub fn write(self, path: &Path) -> Result<()> {
        let adam_steps = self.adam.iter().map(|(name, (steps, ..))| (name.clone(), *steps)).collect();
        let header = Header {
            kind: KIND.to_owned(),
            step: self.step,
            config: self.config,
            adam_steps,
            unmoved: self.unmoved,
            task: self.task,
        };
        let mut all = BTreeMap::new();
        let mut put = |kind: &str, name: &str, tensor: Tensor| all.insert(format!("{kind}/{name}"), tensor);
        for (name, tensor) in self.values {
            put("value", &name, tensor);
        }
        for (name, (_, m, v)) in self.adam {
            put("adam.m", &name, m);
            put("adam.v", &name, v);
        }
        for (name, tensor) in self.ema {
            put("ema", &name, tensor);
        }
        let header = serde_json::to_value(header).map_err(|e| format(path, e))?;
        write_file(path, &all, &header, Precision::F32)
    }

    /// Reads what [`Checkpoint::write`] wrote.
    pub fn read(path: &Path) -> Result<Self> {
        let (all, header) = read_file(path)?;
        let header: Header = serde_json::from_value(header).map_err(|e| format(path, e))?;
        if header.kind != KIND {
            return Err(format(path, format!("is a {:?}, not a {KIND:?}", header.kind)));
        }
        let (mut values, mut ema) = (BTreeMap::new(), BTreeMap::new());
        let (mut first, mut second) = (BTreeMap::new(), BTreeMap::new());
        for (full, tensor) in all {
            let (into, name) = match full.split_once('/') {
                Some(("value", name)) => (&mut values, name),
                Some(("ema", name)) => (&mut ema, name),
                Some(("adam.m", name)) => (&mut first, name),
                Some(("adam.v", name)) => (&mut second, name),
                _ => return Err(format(path, format!("holds {full}, which no checkpoint has"))),
            };
            into.insert(name.to_owned(), tensor);
        }
        let mut adam = BTreeMap::new();
        for (name, steps) in header.adam_steps {
            match (first.remove(&name), second.remove(&name)) {
                (Some(m), Some(v)) => adam.insert(name, (steps, m, v)),
                _ => return Err(format(path, format!("lacks the moments of {name}"))),
            };
        }
        let Header { step, config, unmoved, task, .. } = header;
        Ok(Self { step, config, values, adam, ema, unmoved, task })
    }
}

fn format(path: &Path, what: impl std::fmt::Display) -> Error {
    Error::Format { path: path.display().to_string(), what: what.to_string() }
}
