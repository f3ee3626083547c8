//! Files of named tensors: safetensors with a header of our own, written whole or not at all.

use std::collections::{BTreeMap, HashMap};
use std::io::Write;
use std::path::Path;

use candle_core::{DType, Device, Tensor};
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};

use super::{Error, Result};

/// The one key of the header: readers of others skip it, and one key has only one order.
const HEADER: &str = "cueloom";

/// How floats are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Precision {
    /// As they are.
    #[default]
    F32,
    /// In half the room, with about 3 significant digits and up to ±65504.
    F16,
}

pub(super) fn io(path: &Path) -> impl FnOnce(std::io::Error) -> Error {
    let path = path.display().to_string();
    move |source| Error::Io { path, source }
}

fn format(path: &Path, what: impl std::fmt::Display) -> Error {
    Error::Format { path: path.display().to_string(), what: what.to_string() }
}

/// Writes `bytes` beside `path` first, so that a crash leaves the old file or the new one and never half of one.
pub(super) fn write_whole(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(format!(".{}.part", std::process::id()));
    let part = path.with_file_name(name);
    let write = || {
        let mut file = std::fs::File::create(&part)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        std::fs::rename(&part, path)?;
        // The new name itself is safe once the folder is on the disk; not every system lets a folder be opened.
        if let Some(Ok(folder)) = path.parent().map(std::fs::File::open) {
            folder.sync_all().ok();
        }
        Ok(())
    };
    write().map_err(|e| {
        std::fs::remove_file(&part).ok();
        io(path)(e)
    })
}

/// Writes named tensors (f32 or u32) and what there is to say about them.
pub(super) fn write_file(
    path: &Path,
    tensors: &BTreeMap<String, Tensor>,
    about: &serde_json::Value,
    precision: Precision,
) -> Result<()> {
    let mut raw = Vec::with_capacity(tensors.len());
    for (name, tensor) in tensors {
        let flat = tensor.flatten_all()?;
        let (dtype, bytes) = match (tensor.dtype(), precision) {
            (DType::U32, _) => (Dtype::U32, le(&flat.to_vec1::<u32>()?, |x| x.to_le_bytes())),
            (_, Precision::F32) => (Dtype::F32, le(&flat.to_dtype(DType::F32)?.to_vec1::<f32>()?, |x| x.to_le_bytes())),
            (_, Precision::F16) => {
                let values = flat.to_dtype(DType::F32)?.to_vec1::<f32>()?;
                if let Some(x) = values.iter().find(|x| x.is_finite() && x.abs() > 65504.0) {
                    return Err(format(path, format!("{name} holds {x}, too large for 16 bits")));
                }
                (Dtype::F16, le(&values, |x| half::f16::from_f32(x).to_le_bytes()))
            }
        };
        raw.push((name, dtype, tensor.dims().to_vec(), bytes));
    }
    let mut views = Vec::with_capacity(raw.len());
    for (name, dtype, shape, bytes) in &raw {
        views.push((name.as_str(), TensorView::new(*dtype, shape.clone(), bytes).map_err(|e| format(path, e))?));
    }
    let header = HashMap::from([(HEADER.to_owned(), about.to_string())]);
    let bytes = safetensors::serialize(views, Some(header)).map_err(|e| format(path, e))?;
    write_whole(path, &bytes)
}

fn le<T: Copy, const N: usize>(values: &[T], f: impl Fn(T) -> [u8; N]) -> Vec<u8> {
    values.iter().flat_map(|x| f(*x)).collect()
}

/// Reads what [`write_file`] wrote; 16-bit floats come back as f32.
pub(super) fn read_file(path: &Path) -> Result<(BTreeMap<String, Tensor>, serde_json::Value)> {
    let bytes = std::fs::read(path).map_err(io(path))?;
    let file = SafeTensors::deserialize(&bytes).map_err(|e| format(path, e))?;
    let (_, header) = SafeTensors::read_metadata(&bytes).map_err(|e| format(path, e))?;
    let about = header.metadata().as_ref().and_then(|m| m.get(HEADER));
    let about = about.ok_or_else(|| format(path, "no header of this program"))?;
    let about = serde_json::from_str(about).map_err(|e| format(path, e))?;
    let mut out = BTreeMap::new();
    for (name, view) in file.iter() {
        let (data, shape, cpu) = (view.data(), view.shape(), &Device::Cpu);
        let words = || data.chunks_exact(4).map(|b| [b[0], b[1], b[2], b[3]]);
        let tensor = match view.dtype() {
            Dtype::F32 => Tensor::from_vec(words().map(f32::from_le_bytes).collect::<Vec<_>>(), shape, cpu)?,
            Dtype::U32 => Tensor::from_vec(words().map(u32::from_le_bytes).collect::<Vec<_>>(), shape, cpu)?,
            Dtype::F16 => {
                let halves = data.chunks_exact(2).map(|b| half::f16::from_le_bytes([b[0], b[1]]).to_f32());
                Tensor::from_vec(halves.collect::<Vec<f32>>(), shape, cpu)?
            }
            other => return Err(format(path, format!("{name} is of type {other:?}, which no weight has"))),
        };
        out.insert(name.to_owned(), tensor);
    }
    Ok((out, about))
}
