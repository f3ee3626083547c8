//! Time of one training step (forward, backward, AdamW), batch 16 of 80 frames that attend to 80 frames of speech:
//! candle's differentiable operations and ours in turns, both with our optimiser, and candle's optimiser for scale.
//!
//! `cargo run --example step -- [rounds] [name of size]`. Compare with `benches/forward_torch.py --train`.

mod common;

use candle_core::Result;
use candle_nn::Optimizer;
use common::{Clock, SIZES, layers, noise};
use cueloom_neural::engine::reference::{Adapt, Around, OURS, Ops, STOCK};
use cueloom_neural::train::{AdamW, Params, TrainConfig, gradients};

fn main() -> Result<()> {
    let args: Vec<String> = std::env::args().collect();
    let rounds = args.get(1).and_then(|r| r.parse().ok()).unwrap_or(3);
    let wanted = args.get(2).map_or("4L d256", String::as_str);
    if std::env::var_os("KEEP").is_some() {
        cueloom_neural::memory::keep_freed_blocks();
    }
    println!("{} threads, kernels {:?}", rayon::current_num_threads(), cueloom_neural::kernel::level());
    for (name, size) in SIZES.into_iter().filter(|(name, _)| name.contains(wanted)) {
        let params = Params::new(1);
        let net = layers(&params, size)?;
        let (x, speech) = (noise(&[16, 80, size.c], 1)?, noise(&[16, 80, size.c], 2)?);
        let loss = |ops: Ops| {
            let mut x = x.clone();
            let around = Around { speech: Some(&speech), ..Default::default() };
            for layer in &net {
                x = ops.layer(layer, &x, around, &Adapt::default(), size.heads, 1e-5)?;
            }
            x.sqr()?.mean_all()
        };
        let mut adam = AdamW::default();
        let config = TrainConfig::default();
        let mut step = |ops: Ops| -> Result<()> {
            let grads = gradients(&loss(ops)?, &params, |_| false)?;
            let norm = grads.norm()?;
            Ok(adam.step(&grads, norm, 1e-5, &config)?)
        };
        let vars = params.weights().into_iter().map(|(_, var)| var).collect();
        let mut theirs = candle_nn::AdamW::new_lr(vars, 1e-5)?;
        let mut clocks = ["candle and its AdamW", "candle and our AdamW", "ours", "ours, forward only"].map(Clock::new);
        for _ in 0..rounds {
            clocks[0].run(2, || theirs.backward_step(&loss(STOCK)?))?;
            clocks[1].run(2, || step(STOCK))?;
            clocks[2].run(4, || step(OURS))?;
            clocks[3].run(4, || loss(OURS).map(|_| ()))?;
        }
        println!("{name}, {} weights, batch 16 × 80, {rounds} rounds", params.count());
        let first = clocks[0].line(None);
        clocks[1..].iter_mut().for_each(|clock| {
            clock.line(Some(first));
        });
    }
    Ok(())
}
