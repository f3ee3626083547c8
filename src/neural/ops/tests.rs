//! Our operations against the plain ones and against finite differences, on every argument, and on any number of
//! threads.

use candle_core::{DType, Device, Tensor};

use super::check::{gradients, run, same, tensor, values};
use super::{attention, conv1d, cross_entropy, gelu, layer_norm, linear, smooth_l1, softmax, stock};

#[test]
fn linear_has_right_gradients() {
    for (dims, o) in [(vec![2, 3, 5], 4), (vec![70, 33], 17), (vec![1], 3)] {
        let i = *dims.last().unwrap();
        let x = [tensor(&dims, 1.0, 1), tensor(&[o, i], 0.7, 2), tensor(&[o], 1.0, 3)];
        gradients("linear", &x, |x| linear(&x[0], &x[1], Some(&x[2])), |x| stock::linear(&x[0], &x[1], Some(&x[2])));
        gradients("linear", &x[..2], |x| linear(&x[0], &x[1], None), |x| stock::linear(&x[0], &x[1], None));
    }
}

#[test]
fn row_operations_have_right_gradients() {
    for dims in [[3, 20], [700, 33], [2, 1]] {
        let x = [tensor(&dims, 2.0, 1), tensor(&dims[1..], 1.0, 2), tensor(&dims[1..], 1.0, 3)];
        let eps = if dims[1] == 1 { 1e-2 } else { 1e-5 };
        gradients(
            "layer norm",
            &x,
            |x| layer_norm(&x[0], &x[1], &x[2], eps),
            |x| stock::layer_norm(&x[0], &x[1], &x[2], eps),
        );
        gradients("gelu", &x[..1], |x| gelu(&x[0]), |x| stock::gelu(&x[0]));
        gradients("softmax", &x[..1], |x| softmax(&x[0]), |x| stock::softmax(&x[0]));
    }
}

#[test]
fn attention_has_right_gradients() {
    for (b, t, s, c, heads) in [(2, 5, 7, 12, 3), (1, 140, 9, 8, 1), (3, 1, 2, 4, 4)] {
        let x = [tensor(&[b, t, c], 1.5, 1), tensor(&[b, s, c], 1.5, 2), tensor(&[b, s, c], 1.0, 3)];
        for bias in [None, Some(tensor(&[1, t, s], 2.0, 4)), Some(tensor(&[b, t, s], 2.0, 5))] {
            let wide = bias.as_ref().map(|b| b.to_dtype(DType::F64).unwrap());
            gradients(
                "attention",
                &x,
                |x| attention(&x[0], &x[1], &x[2], heads, bias.as_ref()),
                |x| stock::attention(&x[0], &x[1], &x[2], heads, wide.as_ref()),
            );
        }
    }
}

#[test]
fn attention_takes_views_of_one_product() {
    let (b, t, c) = (2, 6, 8);
    let x = [tensor(&[b, t, 3 * c], 1.0, 1)];
    let part = |x: &Tensor, i: usize| x.narrow(2, i * c, c);
    let parts = |x: &Tensor| Ok::<_, candle_core::Error>((part(x, 0)?, part(x, 1)?, part(x, 2)?));
    gradients(
        "attention over views",
        &x,
        |x| parts(&x[0]).and_then(|(q, k, v)| attention(&q, &k, &v, 2, None)),
        |x| parts(&x[0]).and_then(|(q, k, v)| stock::attention(&q, &k, &v, 2, None)),
    );
    // The first two axes exchanged: rows lie further apart than sequences do.
    let y = [tensor(&[t, b, c], 1.0, 1)];
    let turn = |x: &Tensor| x.transpose(0, 1);
    gradients(
        "attention over turned views",
        &y,
        |y| attention(&turn(&y[0])?, &turn(&y[0])?, &turn(&y[0])?, 2, None),
        |y| stock::attention(&turn(&y[0])?, &turn(&y[0])?, &turn(&y[0])?, 2, None),
    );
}

#[test]
fn convolution_has_right_gradients() {
    for (b, t, i, o, taps, dilation) in [
        (2, 9, 3, 4, 3, 1),
        (2, 9, 3, 4, 3, 3),
        (1, 4, 2, 3, 5, 4),
        (3, 7, 5, 2, 1, 1),
        (2, 5, 3, 3, 4, 2),
        (1, 1, 2, 2, 3, 1),
    ] {
        let x = [tensor(&[b, t, i], 1.0, 1), tensor(&[o, taps, i], 1.0, 2), tensor(&[o], 1.0, 3)];
        let what = format!("conv1d {t} steps, {taps} taps by {dilation}");
        gradients(
            &what,
            &x,
            |x| conv1d(&x[0], &x[1], Some(&x[2]), dilation),
            |x| stock::conv1d(&x[0], &x[1], Some(&x[2]), dilation),
        );
        gradients(
            &what,
            &x[..2],
            |x| conv1d(&x[0], &x[1], None, dilation),
            |x| stock::conv1d(&x[0], &x[1], None, dilation),
        );
    }
}

#[test]
fn losses_have_right_gradients() {
    for (n, k) in [(7, 13), (40, 1024)] {
        let x = [tensor(&[n, k], 5.0, 1)];
        let target: Vec<u32> = (0..n as u32).map(|i| i * 7919 % k as u32).collect();
        let weight: Vec<f32> = (0..n).map(|i| [1.0, 0.0, 0.25][i % 3]).collect();
        let target = Tensor::from_vec(target, n, &Device::Cpu).unwrap();
        let weight = Tensor::from_vec(weight, n, &Device::Cpu).unwrap();
        let wide = weight.to_dtype(DType::F64).unwrap();
        for smoothing in [0.0, 0.1] {
            gradients(
                "cross entropy",
                &x,
                |x| cross_entropy(&x[0], &target, &weight, smoothing),
                |x| stock::cross_entropy(&x[0], &target, &wide, smoothing),
            );
        }
    }
    let x = [tensor(&[3, 8], 2.0, 1), tensor(&[3, 8], 2.0, 2)];
    for beta in [0.0, 0.5] {
        gradients("smooth L1", &x, |x| smooth_l1(&x[0], &x[1], beta), |x| stock::smooth_l1(&x[0], &x[1], beta));
    }
}

#[test]
fn cross_entropy_leaves_rows_out_and_refuses_wrong_ones() {
    let cpu = &Device::Cpu;
    let target = |t: &[u32]| Tensor::new(t, cpu).unwrap();
    let weight = |w: &[f32]| Tensor::new(w, cpu).unwrap();
    let mut logits = values(&tensor(&[2, 3], 1.0, 1));
    let clean = Tensor::from_vec(logits.iter().map(|x| *x as f32).collect::<Vec<_>>(), (2, 3), cpu).unwrap();
    logits[4] = f64::NAN;
    let spoilt = Tensor::from_vec(logits.iter().map(|x| *x as f32).collect::<Vec<_>>(), (2, 3), cpu).unwrap();
    let (y, grads) = run(&[spoilt], |x| cross_entropy(&x[0], &target(&[1, 9]), &weight(&[2.0, 0.0]), 0.1), 1);
    let (want, _) =
        run(std::slice::from_ref(&clean), |x| cross_entropy(&x[0], &target(&[1, 0]), &weight(&[1.0, 0.0]), 0.1), 1);
    assert_eq!(values(&y), values(&want));
    assert_eq!(values(&grads[0])[3..], [0.0; 3], "rows left out get no gradient");
    let (y, grads) =
        run(std::slice::from_ref(&clean), |x| cross_entropy(&x[0], &target(&[1, 0]), &weight(&[0.0, 0.0]), 0.1), 1);
    assert_eq!((values(&y), values(&grads[0])), (vec![0.0], vec![0.0; 6]));
    for (t, w) in [([3, 0], [1.0, 1.0]), ([0, 0], [1.0, -1.0]), ([0, 0], [f32::NAN, 1.0])] {
        assert!(cross_entropy(&clean, &target(&t), &weight(&w), 0.0).is_err(), "{t:?} {w:?}");
    }
}

#[test]
fn shapes_that_do_not_fit_are_errors() {
    let t = |dims: &[usize]| tensor(dims, 1.0, 1);
    assert!(linear(&t(&[2, 3]), &t(&[4, 5]), None).is_err());
    assert!(linear(&t(&[2, 5]), &t(&[4, 5]), Some(&t(&[5]))).is_err());
    assert!(layer_norm(&t(&[2, 3]), &t(&[2]), &t(&[3]), 1e-5).is_err());
    assert!(attention(&t(&[1, 2, 6]), &t(&[1, 2, 6]), &t(&[1, 2, 6]), 4, None).is_err());
    assert!(attention(&t(&[1, 2, 6]), &t(&[1, 3, 6]), &t(&[1, 2, 6]), 2, None).is_err());
    assert!(attention(&t(&[1, 2, 6]), &t(&[1, 2, 6]), &t(&[1, 2, 6]), 2, Some(&t(&[1, 2, 3]))).is_err());
    assert!(conv1d(&t(&[1, 2, 6]), &t(&[1, 2, 5]), None, 1).is_err());
    assert!(conv1d(&t(&[1, 2, 6]), &t(&[1, 2, 6]), None, 0).is_err());
}

#[test]
fn other_types_take_the_plain_way() {
    let wide = |dims: &[usize], salt| tensor(dims, 1.0, salt).to_dtype(DType::F64).unwrap();
    let (x, w, b) = (wide(&[2, 6, 4], 1), wide(&[4, 4], 2), wide(&[4], 3));
    let pairs = [
        (linear(&x, &w, Some(&b)), stock::linear(&x, &w, Some(&b))),
        (layer_norm(&x, &b, &b, 1e-5), stock::layer_norm(&x, &b, &b, 1e-5)),
        (gelu(&x), stock::gelu(&x)),
        (softmax(&x), stock::softmax(&x)),
        (attention(&x, &x, &x, 2, None), stock::attention(&x, &x, &x, 2, None)),
        (conv1d(&x, &wide(&[3, 3, 4], 4), None, 1), stock::conv1d(&x, &wide(&[3, 3, 4], 4), None, 1)),
    ];
    for (have, want) in pairs {
        assert_eq!(values(&have.unwrap()), values(&want.unwrap()));
    }
}

#[test]
fn keys_shut_out_do_not_count() {
    let x = [tensor(&[1, 3, 4], 1.0, 1), tensor(&[1, 5, 4], 1.0, 2), tensor(&[1, 5, 4], 1.0, 3)];
    let mut shut = vec![0.0; 15];
    (0..3).for_each(|row| shut[row * 5 + 3..row * 5 + 5].fill(f32::NEG_INFINITY));
    let bias = Tensor::from_vec(shut, (1, 3, 5), &Device::Cpu).unwrap();
    let (y, grads) = run(&x, |x| attention(&x[0], &x[1], &x[2], 2, Some(&bias)), 1);
    let short: Vec<Tensor> =
        [&x[0], &x[1].narrow(1, 0, 3).unwrap(), &x[2].narrow(1, 0, 3).unwrap()].map(Tensor::clone).into();
    let (want, _) = run(&short, |x| attention(&x[0], &x[1], &x[2], 2, None), 1);
    same("three keys", &y, &want, 1e-6);
    for grad in &grads[1..] {
        assert_eq!(values(grad)[12..], [0.0; 8]);
    }
}

/// One step of everything, with sizes that make every kernel cut its work into pieces.
fn all_bits() -> Vec<u64> {
    let (b, t, c, k) = (3, 150, 72, 200);
    let x = [
        tensor(&[b, t, c], 1.0, 1),
        tensor(&[k, c], 0.3, 2),
        tensor(&[k], 0.3, 3),
        tensor(&[c], 1.0, 4),
        tensor(&[c], 1.0, 5),
        tensor(&[c, 3, c], 0.2, 6),
    ];
    let target =
        Tensor::from_vec((0..b * t).map(|i| (i * 31 % k) as u32).collect::<Vec<_>>(), b * t, &Device::Cpu).unwrap();
    let weight = Tensor::ones(b * t, DType::F32, &Device::Cpu).unwrap();
    let (y, grads) = run(
        &x,
        |x| {
            let h = layer_norm(&x[0], &x[3], &x[4], 1e-5)?;
            let h = gelu(&conv1d(&h, &x[5], None, 2)?)?;
            let h = attention(&h, &h, &x[0], 6, None)?;
            let logits = linear(&h, &x[1], Some(&x[2]))?.reshape((b * t, k))?;
            let even = softmax(&logits)?.sqr()?.sum_all()?;
            cross_entropy(&logits, &target, &weight, 0.1)? + even * 0.01
        },
        1,
    );
    std::iter::once(&y).chain(&grads).flat_map(|t| values(t).into_iter().map(f64::to_bits)).collect()
}

#[test]
fn threads_do_not_change_a_bit() {
    let on = |n| rayon::ThreadPoolBuilder::new().num_threads(n).build().unwrap().install(all_bits);
    let one = on(1);
    for n in [2, 3, 5] {
        assert!(on(n) == one, "{n} threads");
    }
}
