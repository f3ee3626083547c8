//! Speed of single kernels on one thread: least time of many short runs, so that a busy machine disturbs little.

use std::time::Instant;

use cueloom_neural::kernel::matmul::{Mat, Threads, product};
use cueloom_neural::kernel::tile::Packed;
use cueloom_neural::kernel::{level, rows};

fn least(mut f: impl FnMut()) -> f64 {
    let begun = Instant::now();
    let mut best = f64::INFINITY;
    while begun.elapsed().as_secs_f64() < 0.4 {
        let one = Instant::now();
        f();
        best = best.min(one.elapsed().as_secs_f64());
    }
    best
}

fn main() {
    println!("kernels {:?}", level());
    for (n, i, o) in [(64, 384, 384), (64, 384, 1024), (64, 1024, 384), (64, 64, 250), (64, 250, 64), (250, 384, 384)] {
        let (x, w) = (vec![0.5_f32; n * (i + 16)], vec![0.25_f32; i * o]);
        let mut y = vec![0.0; n * (o + 16)];
        let packed = Packed::new(&w, None, o, i, 1.0);
        let tile = least(|| packed.apply(&x, i + 16, n, &mut y, o + 16, false));
        let (a, b) = (Mat::new(&x, n, i, i + 16), Mat::new(&w, o, i, i).t());
        let gemm = least(|| product(&mut y, o + 16, false, 1.0, a, b, Threads::One));
        let flops = (2 * n * i * o) as f64 * 1e-9;
        println!("{n:4} x {i:4} -> {o:4}: packed {:6.1} GFLOP/s, gemm {:6.1}", flops / tile, flops / gemm);
    }
    let (n, c) = (64, 1024);
    let x: Vec<f32> = (0..n * c).map(|i| (i % 97) as f32 * 0.05 - 2.5).collect();
    let mut y = vec![0.0; n * c];
    let each = |seconds: f64| seconds / (n * c) as f64 * 1e9;
    println!("gelu       {:.2} ns a value", each(least(|| rows::gelu(&x, &mut y))));
    println!("exp        {:.2} ns a value", each(least(|| rows::exp_all(&x, &mut y))));
    let copy = each(least(|| y.copy_from_slice(&x)));
    let soft = least(|| {
        y.copy_from_slice(&x);
        rows::softmax_here(&mut y, 256, 256);
    });
    println!("softmax    {:.2} ns a value (rows of 256)", each(soft) - copy);
    let (w, b) = (vec![1.0; 512], vec![0.0; 512]);
    println!("layer norm {:.2} ns a value (rows of 512)", each(least(|| rows::layer_norm(&x, &w, &b, 1e-5, &mut y))));
    println!("copy       {copy:.2} ns a value");
}
