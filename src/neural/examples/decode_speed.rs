//! How long 10 s of tokens take on this machine with the candle networks, and how long one training step does, at the
//! papers' size and at the shipped one. Weights are random: the time does not depend on them.
//!
//! `cargo run --example decode_speed [small|paper]`

use candle_core::{Device, Result, Tensor};
use cueloom_neural::nets::condition::{ConditionInput, CueFrame, CueInput, Identity};
use cueloom_neural::nets::decode::{DecodeConfig, Predictor, Tokens, decode};
use cueloom_neural::nets::fast::FastGenerators;
use cueloom_neural::nets::masked::{MaskedConfig, MaskedGenerator, TokenBatch};
use cueloom_neural::nets::noise::Noise;
use cueloom_neural::nets::predictor::{CandlePredictor, Performance};
use cueloom_neural::nets::quantiser::Mode;
use cueloom_neural::nets::residual::{ResidualConfig, ResidualGenerator};
use cueloom_neural::nets::rvq::{FrozenTokens, Rvq, RvqBatch, RvqConfig};
use cueloom_neural::nets::speech::{SpeechConfig, SpeechInput};
use cueloom_neural::nets::text::{SpokenWord, TextInput};
use cueloom_neural::train::Params;
use std::ops::ControlFlow;
use std::time::Instant;

fn speech(b: usize, t: usize, config: &SpeechConfig) -> Result<SpeechInput> {
    let device = &Device::Cpu;
    let mut noise = Noise::new(1, "speed", 0, 0);
    let mut random = |n: usize| (0..n).map(|_| noise.normal()).collect::<Vec<f32>>();
    let words = (0..t / 8).map(|i| SpokenWord { text: format!("word{i}"), frames: 8 * i..8 * i + 7 }).collect();
    Ok(SpeechInput {
        signal: Tensor::from_vec(random(b * t * config.signal), (b, t, config.signal), device)?,
        wavlm: match config.wavlm {
            0 => None,
            n => Some(Tensor::from_vec(random(b * t * n), (b, t, n), device)?),
        },
        text: config.text.as_ref().map(|c| TextInput::new(&vec![words; b], t, c, device)).transpose()?,
    })
}

/// Median times of whole performances and of one second.
fn decoding<P: Predictor>(predictor: &P, books: usize) {
    let frames = predictor.frames();
    let stretch: Vec<bool> = (0..frames).map(|t| (100..125).contains(&t)).collect();
    let whole = vec![true; frames];
    for (name, change, window, guidance) in [
        ("10 s, windows of 80", &whole, 80, 1.0),
        ("10 s, windows of 80, guided", &whole, 80, 2.0),
        ("10 s, one window", &whole, 250, 1.0),
        ("10 s, one window, guided", &whole, 250, 2.0),
        ("1 s in its context", &stretch, 80, 1.0),
    ] {
        let config = DecodeConfig { window, guidance, residual_guidance: guidance, ..Default::default() };
        let mut times: Vec<f64> = (0..5)
            .map(|_| {
                let start = Instant::now();
                let known = Tokens::new(frames, books);
                let out = decode(predictor, &known, [change, change], &config, &mut |_, _| ControlFlow::Continue(()));
                assert!(out.is_ok());
                start.elapsed().as_secs_f64()
            })
            .collect();
        times.sort_by(f64::total_cmp);
        println!("{name}: {:.3} s (median of 5)", times[2]);
    }
}

fn main() -> Result<()> {
    let device = &Device::Cpu;
    let paper = std::env::args().nth(1).is_some_and(|a| a == "paper");
    let (mut masked, mut residual) = match paper {
        true => (MaskedConfig::paper(), ResidualConfig::paper()),
        false => (MaskedConfig::small(), ResidualConfig::small()),
    };
    masked.generator.dropout = 0.0;
    residual.generator.dropout = 0.0;
    let (books, codes, speech_config) =
        (masked.generator.books, masked.generator.codes, masked.generator.speech.clone());
    let (params, finer) = (Params::new(1), Params::new(2));
    let (net, fine) = (MaskedGenerator::new(&params, &masked)?, ResidualGenerator::new(&finer, &residual)?);
    println!("{} + {} weights", params.count(), finer.count());
    let frames = 250;
    let cue =
        |t: usize| CueFrame { shape: (t / 6 % 8) as u8 + 1, position: (t / 6 % 5) as u8 + 1, ..Default::default() };
    let performance = Performance {
        speech: speech(1, frames, &speech_config)?,
        identity: [Some(Identity::rows(&[0], 32, device)?), Some(Identity::rows(&[0], 32, device)?)],
        cues: Some(CueInput::new(&[(0..frames).map(cue).collect()], device)?),
        source: Some([1, 2]),
    };
    let nets = FastGenerators::new(&net, &fine)?;
    println!("candle:");
    decoding(&CandlePredictor::new(&net, &fine, performance.clone())?, books);
    println!("engine:");
    decoding(&nets.predictor(performance)?, books);
    let (b, t) = (16, 80);
    let mut noise = Noise::new(3, "tokens", 0, 0);
    let mut tokens = || {
        Tensor::from_vec(
            (0..b * t * books).map(|_| noise.below(codes) as u32).collect::<Vec<_>>(),
            (b, t, books),
            device,
        )
    };
    let mut random = Noise::new(4, "motion", 0, 0);
    let mut motion =
        |n: usize| Tensor::from_vec((0..b * t * n).map(|_| random.normal()).collect::<Vec<_>>(), (b, t, n), device);
    let batch = TokenBatch {
        speech: speech(b, t, &speech_config)?,
        condition: ConditionInput {
            identity: Some(Identity::rows(&[0; 16], 32, device)?),
            cues: Some(CueInput::new(&vec![(0..t).map(cue).collect(); b], device)?),
            source: Some(Tensor::zeros((b, 2), candle_core::DType::U32, device)?),
        },
        tokens: [tokens()?, tokens()?],
        motion: Some([motion(136)?, motion(96)?]),
        motion_weight: None,
        valid: None,
    };
    let rvq = |n: usize| if paper { RvqConfig::paper(n) } else { RvqConfig::small(n) };
    let mut frozen = Vec::new();
    for (part, size) in [136, 96].into_iter().enumerate() {
        let params = Params::new(5);
        let net = Rvq::new(&params, &rvq(size))?;
        let motion =
            batch.motion.as_ref().map(|m| m[part].clone()).ok_or_else(|| candle_core::Error::Msg("none".into()))?;
        let batch = RvqBatch { motion, weight: None, valid: None, teacher: None };
        net.losses(&batch, Mode::Learn(&mut Noise::new(1, "begin", 0, 0)))?;
        let start = Instant::now();
        for step in 0..3 {
            net.losses(&batch, Mode::Learn(&mut Noise::new(1, "step", step, 0)))?.total.backward()?;
        }
        println!(
            "tokens of {size}: {:.3} s for a step of {b} x {t} ({} weights)",
            start.elapsed().as_secs_f64() / 3.0,
            params.count()
        );
        frozen.push(FrozenTokens::from(&net));
    }
    let frozen = <[FrozenTokens; 2]>::try_from(frozen).map_err(|_| candle_core::Error::Msg("two parts".into()))?;
    for (name, with) in [("with", Some(&frozen)), ("without", None)] {
        net.losses(&batch, with, &mut Noise::new(1, "warm", 0, 0))?.total.backward()?;
        let start = Instant::now();
        for step in 0..3 {
            net.losses(&batch, with, &mut Noise::new(1, "step", step, 0))?.total.backward()?;
        }
        println!("masked, {name} reconstruction: {:.3} s for a step of {b} x {t}", start.elapsed().as_secs_f64() / 3.0);
    }
    let start = Instant::now();
    for step in 0..3 {
        fine.losses(&batch, &mut Noise::new(1, "step", step, 0))?.total.backward()?;
    }
    println!("residual: {:.3} s for a step of {b} x {t}", start.elapsed().as_secs_f64() / 3.0);
    Ok(())
}
