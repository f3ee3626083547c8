//! Every operation, ours and the plain one, against numbers that PyTorch gave (`tests/scripts/make_fixtures.py`).

use std::collections::HashMap;

use candle_core::{DType, Device, Result, Tensor, Var};

use super::check::same;
use super::{self as own, stock};

type Args<'a> = &'a dyn Fn(&str) -> Tensor;

fn fixtures() -> HashMap<String, Tensor> {
    let bytes = include_bytes!("../../../tests/data/neural/torch_ops.safetensors");
    candle_core::safetensors::load_buffer(bytes, &Device::Cpu).unwrap()
}

/// Runs `f` on the arguments of `case` and compares its output and all gradients that PyTorch wrote.
fn check(case: &str, f: impl Fn(Args) -> Result<Tensor>) {
    let all = fixtures();
    let of = |name: &str| all[&format!("{case}/{name}")].clone();
    let mut vars: HashMap<String, Var> = HashMap::new();
    for name in all.keys().filter_map(|k| k.strip_prefix(&format!("{case}/d_"))) {
        vars.insert(name.to_owned(), Var::from_tensor(&of(name)).unwrap());
    }
    assert!(!vars.is_empty(), "{case} is in the fixtures");
    let y = f(&|name| vars.get(name).map_or_else(|| of(name), |v| v.as_tensor().clone())).unwrap();
    same(&format!("{case}: out"), &y, &of("out"), 1e-5);
    let grads = (y * of("up")).unwrap().sum_all().unwrap().backward().unwrap();
    for (name, var) in &vars {
        let grad = grads.get(var).unwrap_or_else(|| panic!("{case}: {name} got no gradient"));
        same(&format!("{case}: gradient of {name}"), grad, &of(&format!("d_{name}")), 2e-5);
    }
}

/// The same call to our operation and to the plain one.
macro_rules! both {
    ($case:expr, |$a:ident, $ops:ident| $call:expr) => {
        check($case, |$a| {
            use own as $ops;
            $call
        });
        check($case, |$a| {
            use stock as $ops;
            $call
        });
    };
}

#[test]
fn linear() {
    for case in ["linear", "linear_wide"] {
        both!(case, |a, ops| ops::linear(&a("x"), &a("w"), Some(&a("b"))));
    }
    both!("linear_plain", |a, ops| ops::linear(&a("x"), &a("w"), None));
}

#[test]
fn rows() {
    both!("layer_norm", |a, ops| ops::layer_norm(&a("x"), &a("w"), &a("b"), 1e-5));
    both!("gelu", |a, ops| ops::gelu(&a("x")));
    both!("softmax", |a, ops| ops::softmax(&a("x")));
}

#[test]
fn attention() {
    both!("attention", |a, ops| ops::attention(&a("q"), &a("k"), &a("v"), 3, None));
    both!("attention_bias", |a, ops| ops::attention(&a("q"), &a("k"), &a("v"), 2, Some(&a("bias"))));
    both!("attention_one_bias", |a, ops| ops::attention(&a("q"), &a("k"), &a("v"), 1, Some(&a("bias"))));
}

#[test]
fn convolution() {
    for (case, dilation) in [("conv1", 1), ("conv3", 3), ("conv_even", 1), ("conv_even2", 3)] {
        both!(case, |a, ops| ops::conv1d(&a("x"), &a("w"), Some(&a("b")), dilation));
    }
    both!("conv_wider_than_x", |a, ops| ops::conv1d(&a("x"), &a("w"), None, 4));
}

#[test]
fn losses() {
    let target = fixtures()["cross_entropy/target"].to_dtype(DType::U32).unwrap();
    both!("cross_entropy", |a, ops| ops::cross_entropy(&a("logits"), &target, &a("weight"), 0.0));
    both!("cross_entropy_smooth", |a, ops| ops::cross_entropy(&a("logits"), &target, &a("weight"), 0.1));
    both!("smooth_l1", |a, ops| ops::smooth_l1(&a("a"), &a("b"), 0.7));
    both!("smooth_l1_zero", |a, ops| ops::smooth_l1(&a("a"), &a("b"), 0.0));
}
