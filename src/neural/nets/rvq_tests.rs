use super::*;
use crate::nets::testing::{
    Adam, CPU, largest_difference, motion, number, numbers, random, random_tokens, without_gradient,
};

fn tiny() -> RvqConfig {
    RvqConfig {
        width: 24,
        teacher: 10,
        quantiser: QuantiserConfig {
            width: 8,
            codes: 16,
            layers: 3,
            decay: 0.9,
            dead_below: 0.1,
            layer_dropout: 0.0,
            learning: true,
        },
        ..RvqConfig::small(6)
    }
}

fn batch(t: usize) -> RvqBatch {
    RvqBatch { motion: motion(2, t, 6, 1), weight: None, valid: None, teacher: Some(random(&[2, t, 10], 2)) }
}

#[test]
fn every_weight_gets_a_gradient_and_one_seed_is_one_result() -> Result<()> {
    let run = || -> Result<(f32, Vec<String>)> {
        let params = Params::new(1);
        let net = Rvq::new(&params, &tiny())?;
        let losses = net.train_losses(&batch(24), &mut Noise::new(1, "rvq", 0, 0))?;
        Ok((number(&losses.total), without_gradient(&params, &losses.total)))
    };
    let (loss, missing) = run()?;
    assert_eq!(missing, Vec::<String>::new());
    assert_eq!(loss.to_bits(), run()?.0.to_bits());
    Ok(())
}

#[test]
fn motion_becomes_tokens_of_the_same_length_and_comes_back_from_any_first_layers() -> Result<()> {
    let net = Rvq::new(&Params::new(1), &tiny())?;
    let batch = batch(24);
    net.train_losses(&batch, &mut Noise::new(1, "rvq", 0, 0))?;
    let tokens = net.encode(&batch.motion)?;
    assert_eq!((tokens.dims(), tokens.dtype()), (&[2, 24, 3][..], candle_core::DType::U32));
    for layers in 1..=3 {
        assert_eq!(net.decode(&tokens.narrow(2, 0, layers)?.contiguous()?)?.dims(), [2, 24, 6]);
    }
    let still = net.losses(&batch, Mode::Still)?;
    let made = net.decode(&tokens)?;
    let off = weighted_smooth_l1(&made, &batch.motion, 0.2, &made.ones_like()?)?;
    assert!((number(&off) - number(&still.reconstruction)).abs() < 1e-6);
    Ok(())
}

#[test]
fn a_token_reaches_exactly_its_halo() -> Result<()> {
    for dilations in [vec![1, 2], vec![1], vec![3, 1, 1]] {
        let net = Rvq::new(&Params::new(1), &RvqConfig { dilations: dilations.clone(), ..tiny() })?;
        net.train_losses(&batch(24), &mut Noise::new(1, "rvq", 0, 0))?;
        let halo = dilations.iter().sum::<usize>() + 1;
        assert_eq!((net.halo(), net.encoder_halo()), (halo, halo));
        let tokens = random_tokens(&[1, 24, 3], 16, 3);
        let mut other = tokens.flatten_all()?.to_vec1::<u32>()?;
        other[12 * 3] = (other[12 * 3] + 1) % 16;
        let other = Tensor::from_vec(other, (1, 24, 3), &CPU)?;
        let (a, b) = (net.decode(&tokens)?, net.decode(&other)?);
        let changed: Vec<usize> = (0..24)
            .filter(|&t| numbers(&a.get(0).unwrap().get(t).unwrap()) != numbers(&b.get(0).unwrap().get(t).unwrap()))
            .collect();
        assert_eq!((changed[0], changed[changed.len() - 1]), (12 - halo, 12 + halo), "{dilations:?}");
        // The same for the encoder, before quantisation.
        let motion = motion(1, 24, 6, 4);
        let mut pushed = numbers(&motion);
        pushed[12 * 6] += 5.0;
        let (a, b) = (net.latent(&motion)?, net.latent(&Tensor::from_vec(pushed, (1, 24, 6), &CPU)?)?);
        let moved = numbers(&(a - b)?.abs()?.sum(2)?);
        assert!(moved[12 - halo] > 0.0 && moved[12 + halo] > 0.0);
        assert!(moved[..12 - halo].iter().chain(&moved[13 + halo..]).all(|d| *d == 0.0));
    }
    Ok(())
}

#[test]
fn one_clip_is_learned_by_heart() -> Result<()> {
    let params = Params::new(1);
    let config =
        RvqConfig { teacher: 0, quantiser: QuantiserConfig { layers: 4, codes: 32, ..tiny().quantiser }, ..tiny() };
    let net = Rvq::new(&params, &config)?;
    let batch = RvqBatch { motion: motion(1, 40, 6, 5), weight: None, valid: None, teacher: None };
    let mut adam = Adam::default();
    let mut off = Vec::new();
    for step in 0..250 {
        let losses = net.train_losses(&batch, &mut Noise::new(3, "rvq", step, 0))?;
        off.push(number(&losses.reconstruction));
        adam.step(&params, &losses.total, if step < 180 { 0.004 } else { 0.001 })?;
    }
    let made = net.decode(&net.encode(&batch.motion)?)?;
    let mean = number(&(made - &batch.motion)?.abs()?.mean_all()?);
    assert!(mean < 0.06, "mean error {mean} of z-scores, losses from {} to {}", off[0], off[249]);
    let layers = net.losses(&batch, Mode::Still)?.layers;
    assert!(layers.windows(2).all(|w| w[1].residual < w[0].residual), "{layers:?}");
    Ok(())
}

#[test]
fn distillation_draws_what_is_quantised_to_the_teacher() -> Result<()> {
    let params = Params::new(1);
    let net = Rvq::new(&params, &RvqConfig { distillation: 1.0, ..tiny() })?;
    let features = motion(2, 24, 10, 8);
    let batch = RvqBatch { teacher: Some(features), ..batch(24) };
    let mut adam = Adam::default();
    let mut course = Vec::new();
    for step in 0..40 {
        let losses = net.train_losses(&batch, &mut Noise::new(3, "rvq", step, 0))?;
        course.push(number(&losses.distillation));
        adam.step(&params, &losses.total, 0.003)?;
    }
    assert!(course[39] < 0.5 * course[0], "from {} to {}", course[0], course[39]);
    Ok(())
}

#[test]
fn what_was_not_seen_costs_nothing() -> Result<()> {
    let net = Rvq::new(&Params::new(1), &RvqConfig { teacher: 0, ..tiny() })?;
    let plain = RvqBatch { teacher: None, ..batch(24) };
    net.train_losses(&plain, &mut Noise::new(1, "rvq", 0, 0))?;
    let mut weight = vec![1.0_f32; 2 * 24 * 6];
    weight[7 * 6 + 2] = 0.0;
    let mut target = numbers(&plain.motion);
    target[7 * 6 + 2] += 100.0;
    let weight = Tensor::from_vec(weight, (2, 24, 6), &CPU)?;
    let made = net.decode(&net.encode(&plain.motion)?)?;
    let a = motion_losses(&made, &plain.motion, &weight, 0.2)?;
    let b = motion_losses(&made, &Tensor::from_vec(target, (2, 24, 6), &CPU)?, &weight, 0.2)?;
    for (a, b) in a.iter().zip(&b) {
        assert_eq!(number(a), number(b), "neither the place nor the speed towards it");
    }
    Ok(())
}

#[test]
fn a_frozen_decoder_gives_a_gradient_to_what_goes_in_only() -> Result<()> {
    let params = Params::new(1);
    let net = Rvq::new(&params, &tiny())?;
    let frozen = FrozenTokens::from(&net);
    let x = candle_core::Var::from_tensor(&random(&[1, 5, 8], 1))?;
    let y = frozen.decoder.forward(x.as_tensor())?;
    assert!(largest_difference(&y, &net.decoder.forward(x.as_tensor())?) == 0.0);
    let store = y.sqr()?.sum_all()?.backward()?;
    assert!(store.get(&x).is_some());
    assert!(params.weights().iter().all(|(_, v)| store.get(v).is_none()));
    Ok(())
}

#[test]
fn a_network_for_use_keeps_less_and_says_the_same() -> Result<()> {
    let params = Params::new(1);
    let net = Rvq::new(&params, &tiny())?;
    let batch = batch(24);
    net.train_losses(&batch, &mut Noise::new(1, "rvq", 0, 0))?;
    let small = Params::new(2);
    let used = Rvq::new(&small, &Rvq::config_for_use(net.config()))?;
    let names: Vec<String> = small.snapshot()?.into_keys().collect();
    let mut values = params.snapshot()?;
    values.retain(|name, _| names.contains(name));
    small.restore(&values)?;
    assert!(names.len() < params.snapshot()?.len() - 3);
    let tokens = net.encode(&batch.motion)?;
    assert_eq!(tokens.flatten_all()?.to_vec1::<u32>()?, used.encode(&batch.motion)?.flatten_all()?.to_vec1::<u32>()?);
    assert_eq!(numbers(&net.decode(&tokens)?), numbers(&used.decode(&tokens)?));
    assert!(used.train_losses(&batch, &mut Noise::new(1, "rvq", 0, 0)).is_err());
    Ok(())
}
