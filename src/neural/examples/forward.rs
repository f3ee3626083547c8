//! Time of one forward pass: candle's fused operations, candle's differentiable ones, ours, and the engine, in turns.
//!
//! `cargo run --example forward -- [rounds] [name of size]`; T = 250 frames attend to 250 frames of speech, batch 1.
//! Compare with `benches/forward_torch.py`.

mod common;

use std::sync::Arc;

use candle_core::{D, Result, Tensor, bail};
use common::{Clock, SIZES, layers, noise};
use cueloom_neural::engine::reference::{Adapt, Around, OURS, Ops, STOCK};
use cueloom_neural::engine::{Engine, Session, Sizes};
use cueloom_neural::train::Params;

/// As one writes it with candle-nn for inference.
const FUSED: Ops = Ops {
    linear: |x, w, b| candle_nn::Module::forward(&candle_nn::Linear::new(w.clone(), b.cloned()), x),
    layer_norm: |x, w, b, eps| candle_nn::Module::forward(&candle_nn::LayerNorm::new(w.clone(), b.clone(), eps), x),
    gelu: |x| x.gelu(),
    attention: |q, k, v, heads, bias| {
        let (b, t, c) = q.dims3()?;
        let split = |x: &Tensor| x.reshape((b, (), heads, c / heads))?.transpose(1, 2)?.contiguous();
        if bias.is_some() {
            bail!("no bias here");
        }
        let scores = (split(q)?.matmul(&split(k)?.t()?)? / ((c / heads) as f64).sqrt())?;
        let p = candle_nn::ops::softmax_last_dim(&scores)?;
        p.matmul(&split(v)?)?.transpose(1, 2)?.contiguous()?.reshape((b, t, c))
    },
};

fn main() -> Result<()> {
    let args: Vec<String> = std::env::args().collect();
    let rounds = args.get(1).and_then(|r| r.parse().ok()).unwrap_or(6);
    let wanted = args.get(2).map_or("8L d384 h6", String::as_str);
    let (t, s) = (250, 250);
    println!("{} threads, kernels {:?}", rayon::current_num_threads(), cueloom_neural::kernel::level());
    for (name, size) in SIZES.into_iter().filter(|(name, _)| name.contains(wanted)) {
        let params = Params::new(1);
        // Detached, so that nobody keeps a graph.
        let mut net = layers(&params, size)?;
        for layer in &mut net {
            let cross = layer.cross.as_mut().expect("made with it");
            let parts = [&mut layer.norm, &mut layer.q, &mut layer.k, &mut layer.v, &mut layer.out];
            let more = [&mut layer.feed_norm, &mut layer.feed_in, &mut layer.feed_out];
            let rest = [&mut cross.norm, &mut cross.q, &mut cross.k, &mut cross.v, &mut cross.out];
            for part in parts.into_iter().chain(more).chain(rest) {
                part.w = part.w.detach();
                part.b = part.b.as_ref().map(Tensor::detach);
            }
        }
        let (x, speech) = (noise(&[1, t, size.c], 1)?, noise(&[1, s, size.c], 2)?);
        let candle = |ops: Ops| -> Result<Tensor> {
            let mut x = x.clone();
            let around = Around { speech: Some(&speech), ..Default::default() };
            for layer in &net {
                x = ops.layer(layer, &x, around, &Adapt::default(), size.heads, 1e-5)?;
            }
            Ok(x)
        };
        let engine = Arc::new(Engine::new(&net, None, size.heads, 1e-5)?);
        let mut session = Session::new(&engine, Sizes { sequences: 1, frames: t, speech: s })?;
        let mut two = Session::new(&engine, Sizes { sequences: 2, frames: t, speech: s })?;
        let heard: Vec<f32> = speech.flatten_all()?.to_vec1()?;
        let start: Vec<f32> = x.flatten_all()?.to_vec1()?;
        let mut out = start.clone();

        let both = [start.clone(), start.clone()].concat();
        let mut out_two = both.clone();
        two.set_speech(&[heard.clone(), heard.clone()].concat())?;
        session.set_speech(&heard)?;
        session.forward(&mut out, None, None, &[])?;
        let have = Tensor::from_slice(&out, x.shape(), x.device())?;
        for (name, ops) in [("fused", FUSED), ("stock", STOCK), ("ours", OURS)] {
            let d = (candle(ops)? - &have)?.abs()?.flatten_all()?.max(D::Minus1)?.to_scalar::<f32>()?;
            println!("{name}: largest difference to the engine {d:.1e}");
        }
        let names = [
            "candle, fused",
            "candle, differentiable",
            "ours over candle",
            "engine",
            "engine and new speech",
            "engine, two sequences",
        ];
        let mut clocks = names.map(Clock::new);
        for _ in 0..rounds {
            clocks[0].run(4, || candle(FUSED).map(|_| ()))?;
            clocks[1].run(4, || candle(STOCK).map(|_| ()))?;
            clocks[2].run(4, || candle(OURS).map(|_| ()))?;
            clocks[3].run(8, || {
                out.copy_from_slice(&start);
                session.forward(&mut out, None, None, &[])
            })?;
            clocks[4].run(8, || {
                out.copy_from_slice(&start);
                session.set_speech(&heard)?;
                session.forward(&mut out, None, None, &[])
            })?;
            clocks[5].run(4, || {
                out_two.copy_from_slice(&both);
                two.forward(&mut out_two, None, None, &[])
            })?;
        }
        println!("{name}, {t} frames, {s} of speech, {rounds} rounds");
        let first = clocks[0].line(None);
        clocks[1..].iter_mut().for_each(|clock| {
            clock.line(Some(first));
        });
    }
    Ok(())
}
