//! Gradients of all weights, with nothing missing.

use candle_core::{Tensor, Var};

use super::{Error, Params, Result};
use crate::kernel::rows::square_sum;
use crate::ops::host::{ours, with};

/// One weight and its gradient.
pub struct Grad {
    /// Full name of the weight.
    pub name: String,
    /// The weight.
    pub var: Var,
    /// Its gradient, of the same shape.
    pub grad: Tensor,
}

/// Gradients in the order of the names.
pub struct Grads {
    /// Those that there are.
    pub all: Vec<Grad>,
    /// Weights that rested: no gradient reached them, and they were allowed to.
    pub rested: Vec<String>,
}

/// The gradient of `loss` for every weight in `params`.
///
/// Operations without a backward pass cut the graph silently and the rest would go on training, so a weight that no
/// gradient reaches is an error that names it, unless `may_rest` says that this weight need not take part in each
/// step.
pub fn gradients(loss: &Tensor, params: &Params, may_rest: impl Fn(&str) -> bool) -> Result<Grads> {
    let store = loss.backward()?;
    let (mut all, mut rested, mut cut) = (Vec::new(), Vec::new(), Vec::new());
    for (name, var) in params.weights() {
        match store.get(var.as_tensor()) {
            Some(grad) => all.push(Grad { grad: grad.contiguous()?, name, var }),
            None if may_rest(&name) => rested.push(name),
            None => cut.push(name),
        }
    }
    if !cut.is_empty() {
        return Err(Error::NoGradient(cut));
    }
    Ok(Grads { all, rested })
}

impl Grads {
    /// Length of all gradients as one vector. Fails where one holds a value that is no finite number.
    pub fn norm(&self) -> Result<f64> {
        let mut total = 0.0;
        for Grad { name, grad, .. } in &self.all {
            let sum = if ours(&[grad]) {
                // Pieces of one size, added in order: the same on any number of threads.
                with(grad, |g| Ok(g.chunks(1 << 12).map(|g| f64::from(square_sum(g))).sum::<f64>()))?
            } else {
                f64::from(grad.sqr()?.sum_all()?.to_scalar::<f32>()?)
            };
            if !sum.is_finite() {
                return Err(Error::NotFinite(format!("gradient of {name}")));
            }
            total += sum;
        }
        Ok(total.sqrt())
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Init, Params};
    use super::*;
    use crate::ops::{gelu, layer_norm, linear};
    use candle_core::{DType, Device};

    fn weights(p: &Params) -> candle_core::Result<[Tensor; 4]> {
        Ok([
            p.weight("first.w", (4, 3), Init::Kaiming)?,
            p.weight("norm.w", 4, Init::Ones)?,
            p.weight("norm.b", 4, Init::Zeros)?,
            p.weight("head.w", (2, 4), Init::Kaiming)?,
        ])
    }

    #[test]
    fn a_cut_graph_is_an_error_that_names_every_weight_behind_it() {
        let p = Params::new(1);
        let [first, w, b, head] = weights(&p).unwrap();
        let x = Tensor::ones((5, 3), DType::F32, &Device::Cpu).unwrap();
        let h = gelu(&linear(&x, &first, None).unwrap()).unwrap();
        let loss = |h: &Tensor| linear(h, &head, None).unwrap().sqr().unwrap().sum_all().unwrap();
        let whole = loss(&layer_norm(&h, &w, &b, 1e-5).unwrap());
        let grads = gradients(&whole, &p, |_| false).unwrap();
        assert_eq!(
            grads.all.iter().map(|g| g.name.as_str()).collect::<Vec<_>>(),
            ["first.w", "head.w", "norm.b", "norm.w"]
        );
        // candle's fused layer norm has no backward pass.
        let cut = loss(&candle_nn::ops::layer_norm(&h, &w, &b, 1e-5).unwrap());
        let Err(Error::NoGradient(names)) = gradients(&cut, &p, |_| false) else { panic!("the cut went unseen") };
        assert_eq!(names, ["first.w", "norm.b", "norm.w"]);
        assert!(Error::NoGradient(names).to_string().contains("first.w, norm.b, norm.w"));
        let Err(Error::NoGradient(names)) = gradients(&cut, &p, |n| n.starts_with("norm")) else { panic!("first.w") };
        assert_eq!(names, ["first.w"]);
    }

    #[test]
    fn norm_counts_all_and_names_what_is_not_finite() {
        let p = Params::new(1);
        let a = p.weight("a", 3, Init::Ones).unwrap();
        let b = p.weight("b", (2, 2), Init::Ones).unwrap();
        let loss = ((a.sum_all().unwrap() * 2.0).unwrap() + (&b * 3.0).unwrap().sum_all().unwrap()).unwrap();
        let norm = gradients(&loss, &p, |_| false).unwrap().norm().unwrap();
        assert!((norm - (3.0 * 4.0 + 4.0 * 9.0_f64).sqrt()).abs() < 1e-6);
        let bad = (loss + ((b - 1.0).unwrap().sqrt().unwrap().sum_all()).unwrap()).unwrap();
        let e = gradients(&bad, &p, |_| false).unwrap().norm().unwrap_err().to_string();
        assert!(e.contains("gradient of b"), "{e}");
    }
}
