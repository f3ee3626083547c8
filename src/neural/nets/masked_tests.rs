use super::*;
use crate::nets::condition::Identity;
use crate::nets::quantiser::QuantiserConfig;
use crate::nets::rvq::{Rvq, RvqBatch, RvqConfig};
use crate::nets::testing::{
    Adam, CPU, largest_difference, motion, number, numbers, tiny_masked, token_batch, without_gradient,
};

fn noise(step: u64) -> Noise {
    Noise::new(5, "masked", step, 0)
}

fn frozen(books: usize, codes: usize) -> Result<[FrozenTokens; 2]> {
    let of = |input: usize| {
        let quantiser = QuantiserConfig {
            width: 8,
            codes,
            layers: books,
            decay: 0.9,
            dead_below: 0.1,
            layer_dropout: 0.0,
            learning: true,
        };
        let config = RvqConfig { width: 16, teacher: 0, quantiser, ..RvqConfig::small(input) };
        let net = Rvq::new(&Params::new(input as u64), &config)?;
        let batch = RvqBatch { motion: motion(2, 20, input, 1), weight: None, valid: None, teacher: None };
        net.train_losses(&batch, &mut noise(0))?;
        Ok::<_, candle_core::Error>(FrozenTokens::from(&net))
    };
    Ok([of(6)?, of(4)?])
}

#[test]
fn every_weight_gets_a_gradient() -> Result<()> {
    // Half of the conditions are dropped, so that their stand-ins are learned too.
    let config = MaskedConfig { drop: 0.4, ..tiny_masked() };
    let params = Params::new(1);
    let net = MaskedGenerator::new(&params, &config)?;
    let mut batch = token_batch(8, 20, &config.generator, 1);
    batch.motion = Some([motion(8, 20, 6, 2), motion(8, 20, 4, 3)]);
    let frozen = frozen(3, 12)?;
    let losses = net.losses(&batch, Some(&frozen), &mut noise(1))?;
    assert_eq!(without_gradient(&params, &losses.total), Vec::<String>::new());
    assert!(losses.motion.iter().all(|m| number(m) > 0.0));
    for entropy in &losses.entropy {
        assert!((number(entropy) - 12.0_f32.ln()).abs() < 2.0, "about chance at first: {}", number(entropy));
    }
    // The reconstruction alone reaches the network too.
    let only = MaskedConfig { reconstruction: 0.0, ..config.clone() };
    let without = MaskedGenerator::new(&Params::new(1), &only)?.losses(&batch, Some(&frozen), &mut noise(1))?;
    assert!(number(&losses.total) > number(&without.total));
    let heads = without_gradient(&params, &losses.motion[0]);
    assert!(!heads.iter().any(|n| n.starts_with("head_")), "{heads:?}");
    Ok(())
}

#[test]
fn one_seed_is_one_loss() -> Result<()> {
    let config =
        MaskedConfig { generator: GeneratorConfig { dropout: 0.2, ..tiny_masked().generator }, ..tiny_masked() };
    let net = MaskedGenerator::new(&Params::new(1), &config)?;
    let batch = token_batch(4, 20, &config.generator, 1);
    let loss = |step| Ok::<_, candle_core::Error>(number(&net.losses(&batch, None, &mut noise(step))?.total).to_bits());
    assert_eq!(loss(0)?, loss(0)?);
    assert_ne!(loss(0)?, loss(1)?);
    Ok(())
}

#[test]
fn speech_cues_identity_and_source_all_reach_the_logits() -> Result<()> {
    let config = tiny_masked();
    let net = MaskedGenerator::new(&Params::new(1), &config)?;
    let batch = token_batch(1, 20, &config.generator, 1);
    let other = token_batch(1, 20, &config.generator, 2);
    let hidden = Tensor::full(net.mask_id(), (1, 20), &CPU)?;
    let logits = |input: &GeneratorInput, keep: &Keep| {
        let prepared = net.trunk.prepare(input, keep)?;
        Ok::<_, candle_core::Error>(net.logits([&hidden, &hidden], &prepared, &mut Dropout::off())?[1].clone())
    };
    let input = batch.input();
    let plain = logits(&input, &Keep::all(1))?;
    let with = |change: &dyn Fn(&mut GeneratorInput)| {
        let mut changed = input.clone();
        change(&mut changed);
        Ok::<_, candle_core::Error>(largest_difference(&logits(&changed, &Keep::all(1))?, &plain))
    };
    let rows = Identity::rows(&[2], 3, &CPU)?;
    assert!(with(&|i| i.speech = other.speech.clone())? > 1e-3);
    assert!(with(&|i| i.condition.identity = Some(rows.clone()))? > 1e-3);
    assert!(with(&|i| i.condition.source = Some(Tensor::new(&[[11_u32, 10]], &CPU).unwrap()))? > 1e-3);
    assert!(with(&|i| i.condition.cues = None)? > 1e-3);
    // Without speech and cues, other speech and cues change nothing.
    let unguided = logits(&input, &Keep::unguided(1))?;
    let mut changed = input.clone();
    changed.speech = other.speech.clone();
    changed.condition.cues = None;
    assert_eq!(numbers(&unguided), numbers(&logits(&changed, &Keep::unguided(1))?));
    Ok(())
}

#[test]
fn a_batch_of_two_is_twice_a_batch_of_one() -> Result<()> {
    let config = tiny_masked();
    let net = MaskedGenerator::new(&Params::new(1), &config)?;
    let input = token_batch(1, 20, &config.generator, 1).input();
    let (with, without) = (net.trunk.prepare(&input, &Keep::all(1))?, net.trunk.prepare(&input, &Keep::unguided(1))?);
    let one = Tensor::full(net.mask_id(), (1, 20), &CPU)?;
    let two = Tensor::full(net.mask_id(), (2, 20), &CPU)?;
    let both = net.logits([&two, &two], &with.stacked(&without)?, &mut Dropout::off())?;
    for (k, prepared) in [with, without].iter().enumerate() {
        let alone = net.logits([&one, &one], prepared, &mut Dropout::off())?;
        for part in 0..2 {
            assert!(largest_difference(&both[part].narrow(0, k, 1)?, &alone[part]) < 1e-4);
        }
    }
    Ok(())
}

#[test]
fn one_clip_is_learned_by_heart() -> Result<()> {
    let config = MaskedConfig { smoothing: 0.0, drop: 0.0, ..tiny_masked() };
    let params = Params::new(1);
    let net = MaskedGenerator::new(&params, &config)?;
    let batch = token_batch(2, 20, &config.generator, 3);
    let mut adam = Adam::default();
    let mut course = Vec::new();
    for step in 0..120 {
        let losses = net.losses(&batch, None, &mut noise(step))?;
        course.push(number(&losses.total));
        adam.step(&params, &losses.total, 0.005)?;
    }
    // All masked: everything has to come from the speech and the conditions.
    let hidden = Tensor::full(net.mask_id(), (2, 20), &CPU)?;
    let prepared = net.trunk.prepare(&batch.input(), &Keep::all(2))?;
    let logits = net.logits([&hidden, &hidden], &prepared, &mut Dropout::off())?;
    for part in 0..2 {
        let found = share_found(&logits[part].reshape((40, 12))?, &batch.book(part, 0)?, &[true; 40])?;
        assert!(found > 0.95, "{found} of part {part}; losses {} to {}", course[0], course[119]);
    }
    Ok(())
}

#[test]
fn clips_of_different_lengths_and_broken_tokens() -> Result<()> {
    let config = tiny_masked();
    let net = MaskedGenerator::new(&Params::new(1), &config)?;
    let mut batch = token_batch(2, 20, &config.generator, 1);
    let valid: Vec<f32> = (0..40).map(|i| f32::from(u8::from(i < 20 || i % 20 < 12))).collect();
    batch.valid = Some(Tensor::from_vec(valid, (2, 20), &CPU)?);
    let loss = |batch: &TokenBatch| Ok::<_, candle_core::Error>(number(&net.losses(batch, None, &mut noise(0))?.total));
    let plain = loss(&batch)?;
    // Another token behind the end of the second clip changes nothing.
    let mut tokens = batch.tokens[0].flatten_all()?.to_vec1::<u32>()?;
    tokens[(20 + 15) * 3] = (tokens[(20 + 15) * 3] + 1) % 12;
    batch.tokens[0] = Tensor::from_vec(tokens.clone(), (2, 20, 3), &CPU)?;
    assert!((loss(&batch)? - plain).abs() < 1e-5);
    tokens[0] = 12;
    batch.tokens[0] = Tensor::from_vec(tokens, (2, 20, 3), &CPU)?;
    assert!(net.losses(&batch, None, &mut noise(0)).is_err());
    Ok(())
}
