//! The engine against the same layers in candle.

use std::sync::Arc;

use candle_core::{Device, Result, Tensor};

use super::reference::{self, Around, OURS, Ops, STOCK};
use super::*;
use crate::ops::check::{same, tensor};

const EPS: f64 = 1e-5;

struct Net {
    layers: Vec<Layer>,
    last: Affine,
    heads: usize,
}

fn affine(o: usize, i: usize, salt: u64) -> Affine {
    Affine { w: tensor(&[o, i], 1.7 / (i as f32).sqrt(), salt), b: Some(tensor(&[o], 0.3, salt + 1)) }
}

fn norm(c: usize, salt: u64) -> Affine {
    Affine { w: (tensor(&[c], 0.5, salt) + 1.0).unwrap(), b: Some(tensor(&[c], 0.5, salt + 1)) }
}

fn net(depth: usize, c: usize, heads: usize, feed: usize, speech: Option<usize>) -> Net {
    let layer = |l: usize| {
        let salt = 100 * l as u64 + 1;
        let cross = speech.map(|speech| Cross {
            norm: norm(c, salt + 10),
            q: affine(c, c, salt + 12),
            k: affine(c, speech, salt + 14),
            v: affine(c, speech, salt + 16),
            out: affine(c, c, salt + 18),
        });
        Layer {
            norm: norm(c, salt),
            q: affine(c, c, salt + 2),
            k: Affine { b: None, ..affine(c, c, salt + 4) },
            v: affine(c, c, salt + 6),
            out: affine(c, c, salt + 8),
            // Every layer with speech but the second: both kinds in one net.
            cross: cross.filter(|_| l != 1),
            feed_norm: norm(c, salt + 20),
            feed_in: affine(feed, c, salt + 22),
            feed_out: affine(c, feed, salt + 24),
        }
    };
    Net { layers: (0..depth).map(layer).collect(), last: norm(c, 7), heads }
}

fn candle(ops: Ops, net: &Net, x: &Tensor, around: Around, adapt: &[reference::Adapt]) -> Result<Tensor> {
    let mut x = x.clone();
    for (l, layer) in net.layers.iter().enumerate() {
        x = ops.layer(layer, &x, around, &adapt.get(l).cloned().unwrap_or_default(), net.heads, EPS)?;
    }
    (ops.layer_norm)(&x, &net.last.w, net.last.b.as_ref().unwrap(), EPS)
}

fn values(t: &Tensor) -> Vec<f32> {
    t.flatten_all().unwrap().to_vec1().unwrap()
}

/// All inputs of one case.
struct Case {
    x: Tensor,
    speech: Tensor,
    bias: Option<Tensor>,
    speech_bias: Option<Tensor>,
    adapt: Vec<reference::Adapt>,
}

fn case(net: &Net, b: usize, t: usize, s: usize, width: usize, full: bool) -> Case {
    let c = net.last.w.elem_count();
    let rows = |n: usize, salt: u64| full.then(|| tensor(&[b, n, 2 * c], 0.4, salt));
    let adapt = |l: usize| reference::Adapt {
        attention: rows(1, 50 + l as u64),
        cross: rows(t, 60 + l as u64),
        feed: rows(1, 70 + l as u64),
        fed: rows(if l == 1 { 1 } else { t }, 90 + l as u64).filter(|_| l != 2),
        after: rows(if l == 0 { t } else { 1 }, 80 + l as u64),
    };
    Case {
        x: tensor(&[b, t, c], 1.0, 40),
        speech: tensor(&[b, s, width], 1.0, 41),
        bias: full.then(|| tensor(&[1, t, t], 2.0, 42)),
        speech_bias: full.then(|| tensor(&[b, t, s], 2.0, 43)),
        adapt: (0..net.layers.len()).map(adapt).collect(),
    }
}

fn engine(net: &Net) -> Arc<Engine> {
    Arc::new(Engine::new(&net.layers, Some(&net.last), net.heads, EPS).unwrap())
}

fn run(engine: &Arc<Engine>, case: &Case, block: Option<usize>) -> Tensor {
    let (b, t, _) = case.x.dims3().unwrap();
    let (_, s, _) = case.speech.dims3().unwrap();
    let sizes = Sizes { sequences: b, frames: t, speech: s };
    let mut session = match block {
        Some(block) => Session::with_block(engine, sizes, block),
        None => Session::new(engine, sizes),
    }
    .unwrap();
    if engine.speech > 0 {
        session.set_speech(&values(&case.speech)).unwrap();
    }
    let all: Vec<[Option<(Vec<f32>, Per)>; 5]> = case
        .adapt
        .iter()
        .map(|a| {
            [&a.attention, &a.cross, &a.feed, &a.fed, &a.after].map(|rows| {
                let rows = rows.as_ref()?;
                Some((values(rows), if rows.dim(1).unwrap() == 1 { Per::Sequence } else { Per::Frame }))
            })
        })
        .collect();
    let adapt: Vec<Adapt> = all
        .iter()
        .map(|a| {
            let [attention, cross, feed, fed, after] =
                [0, 1, 2, 3, 4].map(|i| a[i].as_ref().map(|(values, per)| Rows { values, per: *per }));
            Adapt { attention, cross, feed, fed, after }
        })
        .collect();
    let (bias, speech_bias) = (case.bias.as_ref().map(values), case.speech_bias.as_ref().map(values));
    let mut out = Vec::new();
    // Twice: what the first step leaves behind must not show in the second.
    for _ in 0..2 {
        out = values(&case.x);
        session.forward(&mut out, bias.as_deref(), speech_bias.as_deref(), &adapt).unwrap();
    }
    Tensor::from_vec(out, case.x.shape(), &Device::Cpu).unwrap()
}

#[test]
fn engine_and_candle_agree() {
    // Sizes of heads that fill panels, that do not, and frames around the edges of panels and blocks.
    for (b, t, s, c, heads, feed, width) in [
        (1, 1, 1, 8, 1, 16, 4),
        (2, 33, 70, 96, 2, 100, 40),
        (1, 64, 31, 40, 8, 65, 40),
        (3, 97, 250, 48, 3, 64, 7),
        (2, 250, 250, 64, 1, 128, 64),
    ] {
        for full in [false, true] {
            let net = net(3, c, heads, feed, Some(width));
            let case = case(&net, b, t, s, width, full);
            let speech_bias = case.speech_bias.as_ref();
            let around = Around { speech: Some(&case.speech), bias: case.bias.as_ref(), speech_bias };
            let have = run(&engine(&net), &case, None);
            for (name, ops) in [("ours", OURS), ("stock", STOCK)] {
                let want = candle(ops, &net, &case.x, around, &case.adapt).unwrap();
                same(&format!("{b}x{t}, {s} of speech, {c} channels, {name}"), &have, &want, 1e-5);
            }
        }
    }
}

#[test]
fn engine_without_speech_agrees() {
    let net = net(2, 32, 4, 48, None);
    let case = case(&net, 2, 40, 1, 1, true);
    let around = Around { bias: case.bias.as_ref(), ..Default::default() };
    let want = candle(OURS, &net, &case.x, around, &case.adapt).unwrap();
    same("no speech", &run(&engine(&net), &Case { speech_bias: None, ..case }, None), &want, 1e-5);
}

#[test]
fn blocks_and_threads_do_not_change_a_bit() {
    let net = net(3, 96, 2, 100, Some(40));
    let case = case(&net, 2, 203, 77, 40, true);
    let engine = engine(&net);
    let on = |n: usize, block| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(n).build().unwrap();
        values(&pool.install(|| run(&engine, &case, block)))
    };
    let want = on(1, Some(128));
    for (n, block) in [(1, None), (2, Some(32)), (3, None), (4, Some(64))] {
        assert!(on(n, block) == want, "{n} threads, blocks of {block:?}");
    }
}

#[test]
fn a_batch_is_its_sequences() {
    let net = net(2, 64, 2, 96, Some(16));
    let engine = engine(&net);
    let both = case(&net, 2, 70, 50, 16, false);
    let all = values(&run(&engine, &both, None));
    for i in 0..2 {
        let part = |t: &Tensor| t.narrow(0, i, 1).unwrap().contiguous().unwrap();
        let one = Case { x: part(&both.x), speech: part(&both.speech), ..case(&net, 1, 70, 50, 16, false) };
        let have = values(&run(&engine, &one, None));
        assert!(have == all[i * have.len()..(i + 1) * have.len()], "sequence {i}");
    }
}

#[test]
fn dense_layers_agree() {
    let layer = affine(70, 33, 1);
    let x = tensor(&[101, 33], 1.0, 3);
    let mut y = vec![0.0; 101 * 70];
    Dense::new(&layer).unwrap().apply(&values(&x), &mut y);
    let want = crate::ops::linear(&x, &layer.w, layer.b.as_ref()).unwrap();
    same("dense", &Tensor::from_vec(y, (101, 70), &Device::Cpu).unwrap(), &want, 1e-6);
}

#[test]
fn what_does_not_fit_is_an_error() {
    let good = net(2, 32, 4, 48, Some(8));
    let wrong = |change: fn(&mut Net)| {
        let mut net = net(2, 32, 4, 48, Some(8));
        change(&mut net);
        Engine::new(&net.layers, Some(&net.last), net.heads, EPS).is_err()
    };
    assert!(wrong(|n| n.heads = 5));
    assert!(wrong(|n| n.layers[1].q = affine(32, 31, 1)));
    assert!(wrong(|n| n.layers[1].feed_out = affine(32, 47, 1)));
    assert!(wrong(|n| n.last = norm(31, 1)));
    assert!(wrong(|n| n.layers.clear()));
    let engine = engine(&good);
    let sizes = Sizes { sequences: 1, frames: 4, speech: 6 };
    assert!(Session::new(&engine, Sizes { frames: 0, ..sizes }).is_err());
    let mut session = Session::new(&engine, sizes).unwrap();
    let mut x = vec![0.0; 4 * 32];
    assert!(session.forward(&mut x, None, None, &[]).is_err(), "no speech yet");
    assert!(session.set_speech(&[0.0; 5 * 8]).is_err());
    session.set_speech(&[0.0; 6 * 8]).unwrap();
    session.forward(&mut x, None, None, &[]).unwrap();
    assert!(session.forward(&mut x[1..], None, None, &[]).is_err());
    assert!(session.forward(&mut x, Some(&[0.0; 15]), None, &[]).is_err());
    assert!(session.forward(&mut x, None, None, &[Adapt::default()]).is_err());
    let short = Adapt { feed: Some(Rows { values: &[0.0; 63], per: Per::Sequence }), ..Default::default() };
    assert!(session.forward(&mut x, None, None, &[short, short]).is_err());
}
