//! Getting at the numbers of tensors on the CPU.

use candle_core::{CpuStorage, DType, Device, InplaceOp2, Layout, Result, Shape, Storage, Tensor, bail};

/// Whether the kernels here can do it: all on the CPU, all f32.
pub fn ours(tensors: &[&Tensor]) -> bool {
    tensors.iter().all(|t| matches!(t.device(), Device::Cpu) && t.dtype() == DType::F32)
}

/// Whether a gradient can reach this tensor at all.
pub fn wants_gradient(t: &Tensor) -> bool {
    t.track_op()
}

/// The values from the start of the tensor on; strides are the caller's business.
pub fn values<'a>(storage: &'a CpuStorage, layout: &Layout) -> Result<&'a [f32]> {
    match storage {
        CpuStorage::F32(all) => Ok(&all[layout.start_offset()..]),
        _ => bail!("the kernels take f32 only"),
    }
}

/// The values of a contiguous tensor.
pub fn flat<'a>(storage: &'a CpuStorage, layout: &Layout) -> Result<&'a [f32]> {
    match layout.contiguous_offsets() {
        Some((start, end)) => match storage {
            CpuStorage::F32(all) => Ok(&all[start..end]),
            _ => bail!("the kernels take f32 only"),
        },
        None => bail!("the kernel takes contiguous tensors only"),
    }
}

/// Runs `f` on the values of a tensor, made contiguous where it is not.
pub fn with<T>(t: &Tensor, f: impl FnOnce(&[f32]) -> Result<T>) -> Result<T> {
    let t = t.contiguous()?;
    let (storage, layout) = t.storage_and_layout();
    match &*storage {
        Storage::Cpu(storage) => f(flat(storage, layout)?),
        _ => bail!("the kernels run on the CPU only"),
    }
}

/// What a forward pass returns.
pub fn result(values: Vec<f32>, shape: impl Into<Shape>) -> Result<(CpuStorage, Shape)> {
    Ok((CpuStorage::F32(values), shape.into()))
}

/// A gradient shaped as `like`.
pub fn gradient(values: Vec<f32>, like: &Tensor) -> Result<Tensor> {
    Tensor::from_vec(values, like.shape(), like.device())
}

/// Lets `f` change the values of `dst`, a contiguous tensor on the CPU such as a variable, by those of `src`.
pub fn change(dst: &Tensor, src: &Tensor, f: impl FnMut(&mut [f32], &[f32])) -> Result<()> {
    dst.inplace_op2(&src.contiguous()?, &Change(std::sync::Mutex::new(f)))
}

struct Change<F>(std::sync::Mutex<F>);

impl<F: FnMut(&mut [f32], &[f32])> InplaceOp2 for Change<F> {
    fn name(&self) -> &'static str {
        "change"
    }

    fn cpu_fwd(&self, dst: &mut CpuStorage, ld: &Layout, src: &CpuStorage, ls: &Layout) -> Result<()> {
        let Some((start, end)) = ld.contiguous_offsets() else { bail!("only contiguous tensors can be changed") };
        let CpuStorage::F32(dst) = dst else { bail!("the kernels take f32 only") };
        let mut f = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        f(&mut dst[start..end], flat(src, ls)?);
        Ok(())
    }
}
