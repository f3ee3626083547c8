use super::*;
use crate::nets::decode::{DecodeConfig, Tokens, decode};
use crate::nets::masked::TokenBatch;
use crate::nets::noise::Noise;
use crate::nets::testing::{Adam, CPU, cues, speech, tiny_masked, tiny_residual, token_batch};
use crate::nets::{masked::MaskedConfig, residual::ResidualConfig};
use crate::train::Params;
use std::ops::ControlFlow;

fn performance(batch: &TokenBatch) -> Performance {
    let identity = batch.condition.identity.clone();
    Performance {
        speech: batch.speech.clone(),
        identity: [identity.clone(), identity],
        cues: batch.condition.cues.clone(),
        source: Some([0, 1].map(|k| batch.condition.source.as_ref().unwrap().get(0).unwrap().to_vec1().unwrap()[k])),
    }
}

fn on(_: usize, _: usize) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

#[test]
fn a_clip_learned_by_heart_is_generated_from_its_speech_and_cues() -> Result<()> {
    let (masked_config, residual_config) =
        (MaskedConfig { smoothing: 0.0, drop: 0.0, ..tiny_masked() }, ResidualConfig { drop: 0.0, ..tiny_residual() });
    let (params, finer) = (Params::new(1), Params::new(2));
    let masked = MaskedGenerator::new(&params, &masked_config)?;
    let residual = ResidualGenerator::new(&finer, &residual_config)?;
    let batch = token_batch(1, 20, &masked_config.generator, 3);
    let (mut adam, mut other) = (Adam::default(), Adam::default());
    for step in 0..100 {
        let noise = |name| Noise::new(1, name, step, 0);
        adam.step(&params, &masked.losses(&batch, None, &mut noise("masked"))?.total, 0.006)?;
        other.step(&finer, &residual.losses(&batch, &mut noise("residual"))?.total, 0.006)?;
    }
    let predictor = CandlePredictor::new(&masked, &residual, performance(&batch))?;
    let all = vec![true; 20];
    for config in [
        DecodeConfig { temperature: 0.0, window: 20, ..Default::default() },
        DecodeConfig { temperature: 0.3, guidance: 2.0, residual_guidance: 1.5, window: 20, ..Default::default() },
    ] {
        let out = decode(&predictor, &Tokens::new(20, 3), [&all, &all], &config, &mut on).unwrap();
        for part in 0..2 {
            let truth = batch.tokens[part].flatten_all()?.to_vec1::<u32>()?;
            let right = truth.iter().zip(&out.tokens.parts[part]).filter(|(a, b)| a == b).count();
            assert!(right >= 57, "{right} of 60 tokens of part {part}, {config:?}");
        }
    }
    Ok(())
}

#[test]
fn windows_of_long_speech_give_one_take_whatever_the_threads_and_keep_what_is_locked() -> Result<()> {
    let config = tiny_masked();
    let masked = MaskedGenerator::new(&Params::new(1), &config)?;
    let residual = ResidualGenerator::new(&Params::new(2), &tiny_residual())?;
    let frames = 53;
    let mut batch = token_batch(1, frames, &config.generator, 3);
    batch.speech = speech(1, frames, &config.generator.speech, 3);
    batch.condition.cues = Some(cues(1, frames));
    let known =
        Tokens { books: 3, parts: [0, 1].map(|p: usize| batch.tokens[p].flatten_all().unwrap().to_vec1().unwrap()) };
    let change: Vec<bool> = (0..frames).map(|t| !(8..12).contains(&t)).collect();
    let settings = DecodeConfig { window: 20, overlap: 5, look_ahead: 2, guidance: 1.5, ..Default::default() };
    let take = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            let predictor = CandlePredictor::new(&masked, &residual, performance(&batch)).unwrap();
            decode(&predictor, &known, [&change, &change], &settings, &mut on).unwrap()
        })
    };
    let one = take(1);
    assert_eq!(one, take(4));
    for t in 8..12 {
        assert_eq!((one.tokens.at(0, t), one.tokens.at(1, t)), (known.at(0, t), known.at(1, t)));
    }
    assert!(one.confidence[0].iter().enumerate().all(|(t, c)| (*c == 1.0) == (8..12).contains(&t)));
    Ok(())
}

#[test]
fn a_performance_is_one_clip() {
    let (masked, residual) = (
        MaskedGenerator::new(&Params::new(1), &tiny_masked()).unwrap(),
        ResidualGenerator::new(&Params::new(2), &tiny_residual()).unwrap(),
    );
    let batch = token_batch(2, 20, &tiny_masked().generator, 3);
    assert!(CandlePredictor::new(&masked, &residual, performance(&batch)).is_err());
    let _ = CPU;
}
