//! Nets and clocks of the measurements.

use std::time::Instant;

use candle_core::{Device, Result, Tensor};
use cueloom_neural::engine::{Affine, Cross, Layer};
use cueloom_neural::train::{Init, Params};

/// Sizes of a net.
#[derive(Clone, Copy)]
pub struct Size {
    pub layers: usize,
    pub c: usize,
    pub heads: usize,
    pub feed: usize,
}

pub const SIZES: [(&str, Size); 4] = [
    ("4L d256 h4 ff1024", Size { layers: 4, c: 256, heads: 4, feed: 1024 }),
    ("8L d384 h6 ff1024", Size { layers: 8, c: 384, heads: 6, feed: 1024 }),
    ("8L d384 h8 ff1024", Size { layers: 8, c: 384, heads: 8, feed: 1024 }),
    ("12L d512 h8 ff2048", Size { layers: 12, c: 512, heads: 8, feed: 2048 }),
];

/// Layers that attend to themselves and to speech of as many channels.
pub fn layers(p: &Params, size: Size) -> Result<Vec<Layer>> {
    let Size { c, feed, .. } = size;
    let dense = |p: &Params, name: &str, o: usize, i: usize| -> Result<Affine> {
        let p = p.scope(name);
        let deviation = 0.5 / (i as f64).sqrt();
        Ok(Affine { w: p.weight("w", (o, i), Init::Normal(deviation))?, b: Some(p.weight("b", o, Init::Zeros)?) })
    };
    let norm = |p: &Params, name: &str| -> Result<Affine> {
        let p = p.scope(name);
        Ok(Affine { w: p.weight("w", c, Init::Ones)?, b: Some(p.weight("b", c, Init::Zeros)?) })
    };
    (0..size.layers)
        .map(|l| {
            let p = p.scope(l);
            Ok(Layer {
                norm: norm(&p, "norm")?,
                q: dense(&p, "q", c, c)?,
                k: dense(&p, "k", c, c)?,
                v: dense(&p, "v", c, c)?,
                out: dense(&p, "out", c, c)?,
                cross: Some(Cross {
                    norm: norm(&p, "cross.norm")?,
                    q: dense(&p, "cross.q", c, c)?,
                    k: dense(&p, "cross.k", c, c)?,
                    v: dense(&p, "cross.v", c, c)?,
                    out: dense(&p, "cross.out", c, c)?,
                }),
                feed_norm: norm(&p, "feed.norm")?,
                feed_in: dense(&p, "feed.in", feed, c)?,
                feed_out: dense(&p, "feed.out", c, feed)?,
            })
        })
        .collect()
}

/// Numbers without pattern.
pub fn noise(dims: &[usize], seed: u64) -> Result<Tensor> {
    let n: usize = dims.iter().product();
    let mut state = seed * 2 + 1;
    let values = (0..n).map(|_| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 40) as f32 / (1u32 << 23) as f32 - 1.0
    });
    Tensor::from_vec(values.collect::<Vec<_>>(), dims, &Device::Cpu)
}

/// Seconds of processor time that this process has used outside and inside the kernel; Linux only, else zeros.
pub fn cpu() -> [f64; 2] {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    [11, 12].map(|i| fields.get(i).and_then(|x| x.parse::<f64>().ok()).unwrap_or(0.0) / 100.0)
}

/// Time of one way of doing a thing.
pub struct Clock {
    name: String,
    wall: Vec<f64>,
    cpu: [f64; 2],
}

impl Clock {
    pub fn new(name: &str) -> Self {
        Self { name: name.to_owned(), wall: Vec::new(), cpu: [0.0; 2] }
    }

    /// Runs `f` so many times.
    pub fn run(&mut self, times: usize, mut f: impl FnMut() -> Result<()>) -> Result<()> {
        let before = cpu();
        for _ in 0..times {
            let begun = Instant::now();
            f()?;
            self.wall.push(begun.elapsed().as_secs_f64());
        }
        let after = cpu();
        (0..2).for_each(|i| self.cpu[i] += after[i] - before[i]);
        Ok(())
    }

    /// Least and median wall milliseconds, and user and system milliseconds each time.
    pub fn line(&mut self, first: Option<f64>) -> f64 {
        self.wall.sort_by(f64::total_cmp);
        let n = self.wall.len() as f64;
        let user = self.cpu[0] / n * 1e3;
        let (least, median) = (self.wall[0] * 1e3, self.wall[self.wall.len() / 2] * 1e3);
        let ratio = first.map_or(1.0, |first| user / first);
        let name = &self.name;
        println!(
            "  {name:<26} min {least:7.1}  median {median:7.1}  user {user:7.1}  sys {:6.1} ms  user/first {ratio:.2}",
            self.cpu[1] / n * 1e3
        );
        user
    }
}
