//! Help for tests: gradients of an operation against finite differences of its plain twin in `f64`.

use candle_core::{DType, Device, Result, Tensor, Var};

/// Repeatable numbers in (−1, 1), spread without pattern.
pub fn numbers(n: usize, salt: u64) -> Vec<f32> {
    let mut state = salt.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x1234_5678_9abc_def1;
    (0..n)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 40) as f32 / (1u32 << 23) as f32 - 1.0
        })
        .collect()
}

/// A tensor of [`numbers`] times `scale`.
pub fn tensor(dims: &[usize], scale: f32, salt: u64) -> Tensor {
    let n = dims.iter().product();
    let values: Vec<f32> = numbers(n, salt).iter().map(|x| x * scale).collect();
    Tensor::from_vec(values, dims, &Device::Cpu).unwrap()
}

/// All values as f64.
pub fn values(t: &Tensor) -> Vec<f64> {
    t.flatten_all().unwrap().to_dtype(DType::F64).unwrap().to_vec1().unwrap()
}

/// Fails where two tensors differ by more than `tol` times the largest value (or 1).
pub fn same(what: &str, have: &Tensor, want: &Tensor, tol: f64) {
    assert_eq!(have.dims(), want.dims(), "{what}: shape");
    let (have, want) = (values(have), values(want));
    let scale = want.iter().fold(1.0_f64, |m, x| m.max(x.abs()));
    for (i, (x, y)) in have.iter().zip(&want).enumerate() {
        assert!((x - y).abs() <= tol * scale, "{what}: value {i} is {x}, should be {y}");
    }
}

/// Output and gradients of Σ f(x)·r for a fixed r.
pub fn run(x: &[Tensor], f: impl Fn(&[Tensor]) -> Result<Tensor>, salt: u64) -> (Tensor, Vec<Tensor>) {
    let vars: Vec<Var> = x.iter().map(|x| Var::from_tensor(x).unwrap()).collect();
    let args: Vec<Tensor> = vars.iter().map(|v| v.as_tensor().clone()).collect();
    let y = f(&args).unwrap();
    let up = tensor(y.dims(), 1.0, salt).to_dtype(y.dtype()).unwrap();
    let grads = (&y * up).unwrap().sum_all().unwrap().backward().unwrap();
    let name = |i: usize| format!("argument {i} got no gradient");
    (y, vars.iter().enumerate().map(|(i, v)| grads.get(v).unwrap_or_else(|| panic!("{}", name(i))).clone()).collect())
}

/// Checks `own` on the f32 tensors `x` against `plain` on the same numbers in f64: the output, every gradient, and
/// each gradient of `plain` against central differences of `plain` at up to 24 places an argument.
pub fn gradients(
    what: &str,
    x: &[Tensor],
    own: impl Fn(&[Tensor]) -> Result<Tensor>,
    plain: impl Fn(&[Tensor]) -> Result<Tensor>,
) {
    let wide: Vec<Tensor> = x.iter().map(|x| x.to_dtype(DType::F64).unwrap()).collect();
    let (y, grads) = run(x, own, 99);
    let (want_y, want) = run(&wide, &plain, 99);
    same(&format!("{what}: output"), &y, &want_y, 1e-5);
    for (i, (g, w)) in grads.iter().zip(&want).enumerate() {
        same(&format!("{what}: gradient of argument {i}"), g, w, 2e-5);
    }
    let up = tensor(want_y.dims(), 1.0, 99).to_dtype(DType::F64).unwrap();
    let loss = |args: &[Tensor]| (plain(args).unwrap() * &up).unwrap().sum_all().unwrap().to_scalar::<f64>().unwrap();
    for (i, arg) in wide.iter().enumerate() {
        let (all, got) = (values(arg), values(&grads[i]));
        let scale = got.iter().fold(1.0_f64, |m, x| m.max(x.abs()));
        let step = all.len().div_ceil(24);
        for at in (0..all.len()).step_by(step) {
            let moved = |h: f64| {
                let mut all = all.clone();
                all[at] += h;
                let mut args = wide.clone();
                args[i] = Tensor::from_vec(all, arg.shape(), &Device::Cpu).unwrap();
                loss(&args)
            };
            let want = (moved(1e-5) - moved(-1e-5)) / 2e-5;
            let got = got[at];
            assert!((got - want).abs() < 5e-5 * scale, "{what}: argument {i} at {at}: {got}, differences say {want}");
        }
    }
}
