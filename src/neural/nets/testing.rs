//! What the tests of the networks share: small sizes, synthetic clips, a check of gradients, a plain optimiser.

use crate::nets::blocks::BlockConfig;
use crate::nets::condition::{ConditionInput, CueFrame, CueInput, Identity};
use crate::nets::generator::{Fusion, GeneratorConfig};
use crate::nets::masked::{MaskedConfig, TokenBatch};
use crate::nets::masking::MaskingConfig;
use crate::nets::noise::Noise;
use crate::nets::residual::ResidualConfig;
use crate::nets::speech::{SpeechConfig, SpeechInput};
use crate::nets::text::{SpokenWord, TextConfig, TextInput};
use crate::train::Params;
use candle_core::{Device, Result, Tensor};
use std::collections::BTreeMap;

pub const CPU: Device = Device::Cpu;

pub fn random(dims: &[usize], seed: u64) -> Tensor {
    let mut noise = Noise::new(seed, "test tensor", 0, 0);
    let values: Vec<f32> = (0..dims.iter().product()).map(|_| noise.normal()).collect();
    Tensor::from_vec(values, dims, &CPU).unwrap()
}

pub fn random_tokens(dims: &[usize], codes: usize, seed: u64) -> Tensor {
    let mut noise = Noise::new(seed, "test tokens", 0, 0);
    let values: Vec<u32> = (0..dims.iter().product()).map(|_| noise.below(codes) as u32).collect();
    Tensor::from_vec(values, dims, &CPU).unwrap()
}

/// Clips of smooth motion, each with rhythms of its own, z-scores of about unit size.
pub fn motion(b: usize, t: usize, size: usize, seed: u64) -> Tensor {
    let mut noise = Noise::new(seed, "test motion", 0, 0);
    let mut values = Vec::with_capacity(b * t * size);
    for _ in 0..b {
        let rates: Vec<[f32; 3]> =
            (0..size).map(|_| [noise.between(0.05, 0.4), noise.between(0.0, 6.3), noise.normal()]).collect();
        for frame in 0..t {
            values.extend(rates.iter().map(|[rate, phase, scale]| scale * (frame as f32 * rate + phase).sin()));
        }
    }
    Tensor::from_vec(values, (b, t, size), &CPU).unwrap()
}

pub fn tiny_block() -> BlockConfig {
    BlockConfig { width: 24, heads: 2, hidden: 32 }
}

pub fn tiny_speech() -> SpeechConfig {
    SpeechConfig {
        signal: 5,
        wavlm: 3,
        text: Some(TextConfig { buckets: 32, width: 6, layers: 1 }),
        convolutions: 1,
        block: tiny_block(),
        layers: 1,
    }
}

pub fn speech(b: usize, t: usize, config: &SpeechConfig, seed: u64) -> SpeechInput {
    let words = ["one", "two", "three", "four", "five"];
    let clips: Vec<Vec<SpokenWord>> = (0..b)
        .map(|k| {
            let word = |i: usize| words[(i + k + seed as usize) % words.len()].to_owned();
            (0..t / 5).map(|i| SpokenWord { text: word(i), frames: 5 * i + 1..5 * i + 5 }).collect()
        })
        .collect();
    SpeechInput {
        signal: motion(b, t, config.signal, seed + 100),
        wavlm: (config.wavlm > 0).then(|| random(&[b, t, config.wavlm], seed + 200)),
        text: config.text.as_ref().map(|c| TextInput::new(&clips, t, c, &CPU).unwrap()),
    }
}

pub fn tiny_generator() -> GeneratorConfig {
    GeneratorConfig {
        speech: tiny_speech(),
        block: tiny_block(),
        layers: 2,
        codes: 12,
        books: 3,
        identities: 3,
        fusion: Fusion::Both,
        dropout: 0.0,
        window: 20,
    }
}

pub fn tiny_masked() -> MaskedConfig {
    MaskedConfig { generator: tiny_generator(), masking: MaskingConfig::small(), ..MaskedConfig::small() }
}

pub fn tiny_residual() -> ResidualConfig {
    ResidualConfig { generator: tiny_generator(), smoothing: 0.0, drop: 0.1 }
}

pub fn cues(b: usize, t: usize) -> CueInput {
    let clip = |k: usize| {
        let cue = |i: usize| CueFrame {
            shape: ((i / 5 + k) % 9) as u8,
            position: ((i / 5 + k) % 6) as u8,
            next_shape: ((i / 5 + k + 1) % 9) as u8,
            next_position: ((i / 5 + k + 1) % 6) as u8,
            phase: (i % 5) as f32 / 5.0,
            hold: i % 5 > 2,
        };
        (0..t).map(cue).collect()
    };
    CueInput::new(&(0..b).map(clip).collect::<Vec<_>>(), &CPU).unwrap()
}

/// A batch with everything in it.
pub fn token_batch(b: usize, t: usize, config: &GeneratorConfig, seed: u64) -> TokenBatch {
    let ids: Vec<u32> = (0..b).map(|k| (k % config.identities) as u32).collect();
    let tokens = [0, 1].map(|part| random_tokens(&[b, t, config.books], config.codes, seed + part));
    TokenBatch {
        speech: speech(b, t, &config.speech, seed),
        condition: ConditionInput {
            identity: Some(Identity::rows(&ids, config.identities, &CPU).unwrap()),
            cues: Some(cues(b, t)),
            source: Some(random_tokens(&[b, 2], config.codes, seed + 9)),
        },
        tokens,
        motion: None,
        motion_weight: None,
        valid: None,
    }
}

/// Weights that get no gradient, or one that is nowhere different from 0, or not finite. A bias of keys shifts all scores
/// of a row alike, so its gradient is 0 but for rounding: it only has to be there.
pub fn without_gradient(params: &Params, loss: &Tensor) -> Vec<String> {
    let store = loss.backward().unwrap();
    let bad = |name: &str, gradient: Option<&Tensor>| {
        let Some(gradient) = gradient else { return true };
        let values = gradient.flatten_all().unwrap().to_vec1::<f32>().unwrap();
        let zero = values.iter().all(|v| *v == 0.0) && !name.ends_with("key.bias");
        zero || values.iter().any(|v| !v.is_finite())
    };
    params.weights().into_iter().filter(|(name, var)| bad(name, store.get(var))).map(|(name, _)| name).collect()
}

/// Adam without frills.
#[derive(Default)]
pub struct Adam {
    step: i32,
    moments: BTreeMap<String, (Tensor, Tensor)>,
}

impl Adam {
    pub fn step(&mut self, params: &Params, loss: &Tensor, rate: f64) -> Result<()> {
        let store = loss.backward()?;
        self.step += 1;
        let (a, b) = (1.0 - 0.9_f64.powi(self.step), 1.0 - 0.99_f64.powi(self.step));
        for (name, var) in params.weights() {
            let Some(gradient) = store.get(&var) else { continue };
            let gradient = gradient.detach();
            let (m, v) = match self.moments.remove(&name) {
                Some((m, v)) => (((m * 0.9)? + (&gradient * 0.1)?)?, ((v * 0.99)? + (gradient.sqr()? * 0.01)?)?),
                None => ((&gradient * 0.1)?, (gradient.sqr()? * 0.01)?),
            };
            let change = ((&m / a)? / ((&v / b)?.sqrt()? + 1e-8)?)?;
            var.set(&(var.as_tensor().detach() - (change * rate)?)?)?;
            self.moments.insert(name, (m, v));
        }
        Ok(())
    }
}

pub fn number(x: &Tensor) -> f32 {
    x.to_scalar().unwrap()
}

pub fn numbers(x: &Tensor) -> Vec<f32> {
    x.flatten_all().unwrap().to_vec1().unwrap()
}

pub fn largest_difference(a: &Tensor, b: &Tensor) -> f32 {
    numbers(a).iter().zip(numbers(b)).map(|(x, y)| (x - y).abs()).fold(0.0, f32::max)
}
