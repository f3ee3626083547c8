//! Moving average of the weights: what is used after training, since it is steadier than the last step.

use std::collections::BTreeMap;

use candle_core::{Tensor, Var};
use rayon::prelude::*;

use super::{Misfit, Params, Result};
use crate::kernel::rows::blend;
use crate::ops::host::{change, ours};

/// The averages so far, by the names of the weights.
pub struct Ema {
    average: BTreeMap<String, Var>,
}

impl Ema {
    /// Starts at the weights as they are.
    pub fn new(params: &Params) -> Result<Self> {
        let mut average = BTreeMap::new();
        for (name, var) in params.weights() {
            average.insert(name, Var::from_tensor(&var.as_detached_tensor().copy()?)?);
        }
        Ok(Self { average })
    }

    /// Moves every average by 1 − `decay` of the way to its weight.
    pub fn update(&mut self, params: &Params, decay: f64) -> Result<()> {
        for (name, var) in params.weights() {
            let Some(average) = self.average.get(&name) else { continue };
            if ours(&[average]) {
                change(average.as_tensor(), &var.as_detached_tensor(), |e, p| {
                    e.par_chunks_mut(1 << 14).zip(p.par_chunks(1 << 14)).for_each(|(e, p)| blend(e, p, decay as f32));
                })?;
            } else {
                let way = ((var.as_detached_tensor() - average.as_detached_tensor())? * (1.0 - decay))?;
                average.set(&(average.as_detached_tensor() + way)?)?;
            }
        }
        Ok(())
    }

    /// Copies of the averages.
    pub fn weights(&self) -> Result<BTreeMap<String, Tensor>> {
        let copy = |(name, var): (&String, &Var)| Ok((name.clone(), var.as_detached_tensor().copy()?));
        self.average.iter().map(copy).collect()
    }

    /// Goes on from saved averages, which must be those of these weights.
    pub(super) fn restore(&mut self, saved: &BTreeMap<String, Tensor>) -> Result<()> {
        let missing: Vec<_> = self.average.keys().filter(|name| !saved.contains_key(*name)).cloned().collect();
        if !missing.is_empty() {
            return Err(super::Error::Misfit(Misfit { missing, ..Default::default() }));
        }
        for (name, var) in &self.average {
            var.set(&saved[name].to_device(var.device())?)?;
        }
        Ok(())
    }

    /// Runs `f` with the averages in place of the weights, and puts the weights back whatever comes of it.
    pub fn during<T>(&self, params: &Params, f: impl FnOnce() -> Result<T>) -> Result<T> {
        let kept = params.snapshot()?;
        let mut averaged = kept.clone();
        averaged.extend(self.weights()?);
        params.restore(&averaged)?;
        let out = f();
        params.restore(&kept)?;
        out
    }
}
