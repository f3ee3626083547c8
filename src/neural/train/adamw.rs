//! AdamW: adaptive steps with weight decay beside them (Loshchilov & Hutter 2019, algorithm 2), in one pass over
//! the memory.

use std::collections::BTreeMap;

use candle_core::Tensor;
use rayon::prelude::*;

use super::grads::{Grad, Grads};
use super::{Error, Result, TrainConfig};
use crate::kernel::rows::{AdamStep, adamw};
use crate::ops::host::{change, ours};

/// Values of one task of an update.
const PIECE: usize = 1 << 14;

/// The moments of every weight so far.
#[derive(Default)]
pub struct AdamW {
    moments: BTreeMap<String, Moments>,
}

/// Decayed means of one weight's gradient and of its square, over the steps in which it took part.
struct Moments {
    steps: u64,
    values: Values,
}

enum Values {
    /// On the CPU.
    Host(Vec<f32>, Vec<f32>),
    /// Elsewhere.
    Device(Tensor, Tensor),
}

impl AdamW {
    /// One step of size `lr` along gradients of length `norm` together; they are shortened to `config.clip` first.
    /// Weights without a gradient stay as they are.
    pub fn step(&mut self, grads: &Grads, norm: f64, lr: f64, config: &TrainConfig) -> Result<()> {
        // As PyTorch's `clip_grad_norm_` does, so that runs can be compared.
        let scale = if config.clip > 0.0 { (config.clip / (norm + 1e-6)).min(1.0) } else { 1.0 };
        for Grad { name, var, grad } in &grads.all {
            let n = grad.elem_count();
            let moments = match self.moments.get_mut(name) {
                Some(moments) => moments,
                None => {
                    let values = if ours(&[grad]) {
                        Values::Host(vec![0.0; n], vec![0.0; n])
                    } else {
                        Values::Device(grad.zeros_like()?, grad.zeros_like()?)
                    };
                    self.moments.entry(name.clone()).or_insert(Moments { steps: 0, values })
                }
            };
            moments.steps += 1;
            let decay = if var.rank() >= 2 { config.decay } else { 0.0 };
            let (beta1, beta2) = config.betas;
            let power = i32::try_from(moments.steps).unwrap_or(i32::MAX);
            let (step_size, root) = (lr / (1.0 - beta1.powi(power)), (1.0 - beta2.powi(power)).sqrt());
            match &mut moments.values {
                Values::Host(m, v) => {
                    let step = AdamStep {
                        grad_scale: scale as f32,
                        beta1: beta1 as f32,
                        beta2: beta2 as f32,
                        step_size: step_size as f32,
                        root_correction: (1.0 / root) as f32,
                        eps: config.eps as f32,
                        keep: (1.0 - lr * decay) as f32,
                    };
                    change(var.as_tensor(), grad, |p, g| {
                        let pieces = p.par_chunks_mut(PIECE).zip(g.par_chunks(PIECE));
                        let pieces = pieces.zip(m.par_chunks_mut(PIECE)).zip(v.par_chunks_mut(PIECE));
                        pieces.for_each(|(((p, g), m), v)| adamw(p, g, m, v, step));
                    })?;
                }
                Values::Device(m, v) => {
                    let g = (grad * scale)?;
                    *m = ((&*m * beta1)? + (&g * (1.0 - beta1))?)?;
                    *v = ((&*v * beta2)? + (g.sqr()? * (1.0 - beta2))?)?;
                    let move_by = ((&*m * step_size)? / ((v.sqrt()? / root)? + config.eps)?)?;
                    var.set(&((var.as_detached_tensor() * (1.0 - lr * decay))? - move_by)?)?;
                }
            }
        }
        Ok(())
    }

    /// Steps and both moments of every weight, to be saved.
    pub(super) fn state(&self, shape_of: &BTreeMap<String, Tensor>) -> Result<BTreeMap<String, (u64, Tensor, Tensor)>> {
        let mut out = BTreeMap::new();
        for (name, moments) in &self.moments {
            let like = shape_of.get(name).ok_or_else(|| Error::Unknown(name.clone()))?;
            let tensor = |x: &[f32]| Tensor::from_slice(x, like.shape(), &candle_core::Device::Cpu);
            let (m, v) = match &moments.values {
                Values::Host(m, v) => (tensor(m)?, tensor(v)?),
                Values::Device(m, v) => (m.clone(), v.clone()),
            };
            out.insert(name.clone(), (moments.steps, m, v));
        }
        Ok(out)
    }

    /// Goes on from what [`AdamW::state`] gave, for weights on the device of those in `like`.
    pub(super) fn from_state(
        state: BTreeMap<String, (u64, Tensor, Tensor)>,
        device: &candle_core::Device,
    ) -> Result<Self> {
        let mut moments = BTreeMap::new();
        for (name, (steps, m, v)) in state {
            let values = if device.is_cpu() {
                Values::Host(m.flatten_all()?.to_vec1()?, v.flatten_all()?.to_vec1()?)
            } else {
                Values::Device(m.to_device(device)?, v.to_device(device)?)
            };
            moments.insert(name, Moments { steps, values });
        }
        Ok(Self { moments })
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Init, Params, gradients};
    use super::*;
    use candle_core::Device;

    /// Ten clipped steps from the fixtures, with moments as on the CPU or as elsewhere.
    fn ten_steps(elsewhere: bool) {
        let bytes = include_bytes!("../../../tests/data/neural/torch_ops.safetensors");
        let all = candle_core::safetensors::load_buffer(bytes, &Device::Cpu).unwrap();
        let of = |name: &str| all[&format!("adamw/{name}")].clone();
        let p = Params::new(1);
        // PyTorch decays the bias too, so here it has two dimensions as well.
        let w = p.weight("w", (4, 3), Init::Zeros).unwrap();
        let b = p.weight("b", (1, 3), Init::Zeros).unwrap();
        let start = [("w".to_owned(), of("w")), ("b".to_owned(), of("b").reshape((1, 3)).unwrap())];
        p.restore(&start.into()).unwrap();
        let config = TrainConfig { decay: 0.1, clip: 1.0, ..Default::default() };
        let mut adam = AdamW::default();
        if elsewhere {
            for (name, var) in p.weights() {
                let values = Values::Device(var.zeros_like().unwrap(), var.zeros_like().unwrap());
                adam.moments.insert(name, Moments { steps: 0, values });
            }
        }
        for i in 0..10 {
            let g = of("grads").get(i).unwrap();
            let part = |x: &Tensor, from: usize, n: usize| {
                (x.reshape(n).unwrap() * g.narrow(0, from, n).unwrap()).unwrap().sum_all().unwrap()
            };
            let loss = (part(&w, 0, 12) + part(&b, 12, 3)).unwrap();
            let grads = gradients(&loss, &p, |_| false).unwrap();
            let norm = grads.norm().unwrap();
            assert!(norm > 1.0, "this step is clipped");
            adam.step(&grads, norm, 0.05, &config).unwrap();
        }
        crate::ops::check::same("w", &w, &of("w_end"), 1e-6);
        crate::ops::check::same("b", &b.reshape(3).unwrap(), &of("b_end"), 1e-6);
    }

    #[test]
    fn ten_steps_end_where_pytorch_ends() {
        ten_steps(false);
        ten_steps(true);
    }

    #[test]
    fn biases_are_not_decayed() {
        let p = Params::new(1);
        let (w, b) = (p.weight("w", (2, 2), Init::Ones).unwrap(), p.weight("b", 2, Init::Ones).unwrap());
        let loss = ((w.sum_all().unwrap() + b.sum_all().unwrap()).unwrap() * 1e-30).unwrap();
        let grads = gradients(&loss, &p, |_| false).unwrap();
        let config = TrainConfig { decay: 0.5, ..Default::default() };
        AdamW::default().step(&grads, 1e-30, 0.1, &config).unwrap();
        assert_eq!(b.to_vec1::<f32>().unwrap(), [1.0; 2]);
        assert_eq!(w.flatten_all().unwrap().to_vec1::<f32>().unwrap(), [0.95; 4]);
    }
}
