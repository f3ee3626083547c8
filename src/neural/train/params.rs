//! The parameters of a network: named tensors that are trained, and named buffers that are only kept.
//!
//! A network asks for its parameters by name while it is built, and keeps the tensors. First values come from the
//! seed and the full name alone, so the order in which parts are built does not matter. Weights can then be filled
//! from a file, which must hold exactly the same names and shapes.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use candle_core::{DType, Device, Shape, Tensor, Var};

use super::init::stream;
use super::store::{Precision, read_file, write_file};
use super::{Error, Init, Misfit, Result};

/// The parameters below one scope; clones and scopes share them.
#[derive(Clone)]
pub struct Params {
    all: Arc<Mutex<BTreeMap<String, Entry>>>,
    prefix: String,
    seed: u64,
    device: Device,
}

enum Entry {
    Weight(Var),
    Buffer(Buffer),
}

/// A tensor that is saved with the weights and gets no gradient, such as a codebook or a running mean.
#[derive(Clone)]
pub struct Buffer(Arc<Mutex<Tensor>>);

impl Buffer {
    /// The values now. Later calls of [`Buffer::set`] leave the tensor returned here as it is.
    pub fn get(&self) -> Tensor {
        lock(&self.0).clone()
    }

    /// Puts new values in; `values` must have the shape and device of the old ones.
    pub fn set(&self, values: &Tensor) -> candle_core::Result<()> {
        let mut now = lock(&self.0);
        if now.dims() != values.dims() {
            candle_core::bail!("buffer of shape {:?} cannot take {:?}", now.shape(), values.shape());
        }
        *now = values.detach().to_dtype(now.dtype())?.to_device(now.device())?.contiguous()?;
        Ok(())
    }
}

/// Nothing under these locks can leave a half-made state, so a panic elsewhere does not matter.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Params {
    /// No parameters yet, to be made on the CPU.
    pub fn new(seed: u64) -> Self {
        Self::on(seed, &Device::Cpu)
    }

    /// No parameters yet, to be made on `device` with the same first values as on any other.
    pub fn on(seed: u64, device: &Device) -> Self {
        Self { all: Arc::default(), prefix: String::new(), seed, device: device.clone() }
    }

    /// Where the parameters lie.
    pub fn device(&self) -> &Device {
        &self.device
    }

    /// The same parameters, with `name` and a dot before every name asked for.
    pub fn scope(&self, name: impl std::fmt::Display) -> Self {
        Self { prefix: format!("{}{name}.", self.prefix), ..self.clone() }
    }

    /// Makes a trained parameter. A name can be made only once: two layers under one name would share weights
    /// without anybody wanting it. [`Params::tied`] shares on purpose.
    pub fn weight(&self, name: &str, shape: impl Into<Shape>, init: Init) -> candle_core::Result<Tensor> {
        let (full, start) = self.first(name, &shape.into(), init)?;
        let var = Var::from_tensor(&start)?;
        let tensor = var.as_tensor().clone();
        self.insert(full, Entry::Weight(var))?;
        Ok(tensor)
    }

    /// Makes a buffer, under the same rules as [`Params::weight`].
    pub fn buffer(&self, name: &str, shape: impl Into<Shape>, init: Init) -> candle_core::Result<Buffer> {
        let (full, start) = self.first(name, &shape.into(), init)?;
        let buffer = Buffer(Arc::new(Mutex::new(start)));
        self.insert(full, Entry::Buffer(buffer.clone()))?;
        Ok(buffer)
    }

    /// The weight made before under `name`, to be used in a second place.
    pub fn tied(&self, name: &str) -> candle_core::Result<Tensor> {
        let full = format!("{}{name}", self.prefix);
        match lock(&self.all).get(&full) {
            Some(Entry::Weight(var)) => Ok(var.as_tensor().clone()),
            _ => Err(Error::Unknown(full).into()),
        }
    }

    fn first(&self, name: &str, shape: &Shape, init: Init) -> candle_core::Result<(String, Tensor)> {
        let full = format!("{}{name}", self.prefix);
        let values = init.draw(shape.dims(), &mut stream(self.seed, &full));
        Ok((full, Tensor::from_vec(values, shape, &self.device)?))
    }

    fn insert(&self, full: String, entry: Entry) -> Result<()> {
        let mut all = lock(&self.all);
        if all.contains_key(&full) {
            return Err(Error::Twice(full));
        }
        all.insert(full, entry);
        Ok(())
    }

    /// All trained parameters below this scope with their full names, sorted by name.
    pub fn weights(&self) -> Vec<(String, Var)> {
        self.pick(|entry| match entry {
            Entry::Weight(var) => Some(var.clone()),
            Entry::Buffer(_) => None,
        })
    }

    /// All buffers below this scope with their full names, sorted by name.
    pub fn buffers(&self) -> Vec<(String, Buffer)> {
        self.pick(|entry| match entry {
            Entry::Buffer(buffer) => Some(buffer.clone()),
            Entry::Weight(_) => None,
        })
    }

    fn pick<T>(&self, f: impl Fn(&Entry) -> Option<T>) -> Vec<(String, T)> {
        let all = lock(&self.all);
        let below = all.range(self.prefix.clone()..).take_while(|(name, _)| name.starts_with(&self.prefix));
        below.filter_map(|(name, entry)| Some((name.clone(), f(entry)?))).collect()
    }

    /// The number of trained values below this scope.
    pub fn count(&self) -> usize {
        self.weights().iter().map(|(_, var)| var.elem_count()).sum()
    }

    /// Copies of all values below this scope, weights and buffers, as they are now.
    pub fn snapshot(&self) -> Result<BTreeMap<String, Tensor>> {
        let mut out = BTreeMap::new();
        for (name, var) in self.weights() {
            out.insert(name, var.as_detached_tensor().copy()?);
        }
        for (name, buffer) in self.buffers() {
            out.insert(name, buffer.get());
        }
        Ok(out)
    }

    /// Puts values into all weights and buffers below this scope. Nothing is changed unless exactly these names are
    /// given, each with its shape; all differences are told in one error.
    pub fn restore(&self, values: &BTreeMap<String, Tensor>) -> Result<()> {
        let mut misfit = Misfit::default();
        let (weights, buffers) = (self.weights(), self.buffers());
        let shapes: BTreeMap<_, _> = weights
            .iter()
            .map(|(name, var)| (name, var.dims().to_vec()))
            .chain(buffers.iter().map(|(name, buffer)| (name, buffer.get().dims().to_vec())))
            .collect();
        for (name, want) in &shapes {
            match values.get(*name) {
                None => misfit.missing.push((*name).clone()),
                Some(have) if have.dims() != want => {
                    misfit.misshaped.push(((*name).clone(), want.clone(), have.dims().to_vec()));
                }
                Some(_) => {}
            }
        }
        misfit.unexpected = values.keys().filter(|name| !shapes.contains_key(name)).cloned().collect();
        if !misfit.is_empty() {
            return Err(Error::Misfit(misfit));
        }
        for (name, var) in weights {
            // A copy, since a variable refuses values that lie in its own memory.
            var.set(&values[&name].to_dtype(DType::F32)?.to_device(&self.device)?.copy()?)?;
        }
        for (name, buffer) in buffers {
            buffer.set(&values[&name])?;
        }
        Ok(())
    }

    /// Writes all weights and buffers to a safetensors file, with `about` (sizes of the network and the like) in its
    /// header. The same values always give the same bytes.
    pub fn save(&self, path: &Path, about: &serde_json::Value, precision: Precision) -> Result<()> {
        write_file(path, &self.snapshot()?, about, precision)
    }

    /// Fills all weights and buffers from a file and returns what [`Params::save`] was told about it.
    pub fn load(&self, path: &Path) -> Result<serde_json::Value> {
        let (values, about) = read_file(path)?;
        self.restore(&values)?;
        Ok(about)
    }
}
