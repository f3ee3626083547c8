use super::*;
use crate::nets::testing::{CPU, largest_difference, number, numbers, random};

fn tiny() -> QuantiserConfig {
    QuantiserConfig { width: 4, codes: 8, layers: 3, decay: 0.9, dead_below: 0.1, layer_dropout: 0.0, learning: true }
}

fn learn(net: &Quantiser, z: &Tensor, step: u64) -> Quantised {
    net.forward(z, None, Mode::Learn(&mut Noise::new(1, "quantiser", step, 0))).unwrap()
}

#[test]
fn layers_leave_less_and_less_and_tokens_bring_the_sum_back() -> Result<()> {
    let net = Quantiser::new(&Params::new(1), "q", &tiny())?;
    let z = random(&[3, 20, 4], 1);
    learn(&net, &z, 0);
    let still = net.forward(&z, None, Mode::Still)?;
    let left: Vec<f32> = still.layers.iter().map(|l| l.residual).collect();
    assert!(left[0] < 0.8 && left.windows(2).all(|w| w[1] < w[0]), "{left:?}");
    assert!(still.layers.iter().all(|l| l.perplexity > 4.0 && l.used > 0.6), "{:?}", still.layers);
    assert_eq!(still.tokens.dims(), [3, 20, 3]);
    assert!(largest_difference(&still.sum, &net.look_up(&still.tokens)?) < 1e-5);
    // Fewer layers are further away.
    let off = |q: usize| {
        let sum = net.look_up(&still.tokens.narrow(2, 0, q)?.contiguous()?)?;
        Ok::<f32, candle_core::Error>(number(&(sum - &z)?.sqr()?.mean_all()?))
    };
    assert!(off(1)? > off(2)? && off(2)? > off(3)?);
    assert!(net.look_up(&Tensor::zeros((1, 1, 4), candle_core::DType::U32, &CPU)?).is_err());
    Ok(())
}

#[test]
fn the_nearest_code_is_taken_and_followed_as_worked_out_by_hand() -> Result<()> {
    let config = QuantiserConfig {
        width: 1,
        codes: 2,
        layers: 1,
        decay: 0.5,
        dead_below: 0.0,
        layer_dropout: 0.0,
        learning: true,
    };
    let params = Params::new(1);
    let net = Quantiser::new(&params, "q", &config)?;
    net.store(vec![0.0, 10.0], vec![1.0, 1.0], &random(&[1], 1))?;
    net.averages()?.ready.set(&Tensor::ones(1, candle_core::DType::F32, &CPU)?)?;
    let z = Tensor::from_vec(vec![1.0_f32, 3.0, 8.0], (1, 3, 1), &CPU)?;
    let q = learn(&net, &z, 0);
    assert_eq!(q.tokens.flatten_all()?.to_vec1::<u32>()?, [0, 0, 1]);
    assert_eq!(numbers(&q.sum), [0.0, 0.0, 10.0]);
    assert!((number(&q.commitment) - (1.0 + 9.0 + 4.0) / 3.0).abs() < 1e-5);
    // count 0: ½ 1 + ½ 2, sum 0: ½ 0 + ½ 4; count 1: ½ + ½, sum 1: ½ 10 + ½ 8.
    let book = numbers(&net.book(0)?);
    assert!((book[0] - 2.0 / 1.5).abs() < 1e-5 && (book[1] - 9.0).abs() < 1e-5, "{book:?}");
    Ok(())
}

#[test]
fn the_gradient_goes_straight_through_and_the_commitment_draws_to_the_code() -> Result<()> {
    let net = Quantiser::new(&Params::new(1), "q", &tiny())?;
    let z = candle_core::Var::from_tensor(&random(&[1, 6, 4], 2))?;
    learn(&net, z.as_tensor(), 0);
    let q = net.forward(z.as_tensor(), None, Mode::Still)?;
    let weights = random(&[1, 6, 4], 3);
    let gradient = (&q.sum * &weights)?.sum_all()?.backward()?;
    assert!(largest_difference(gradient.get(&z).unwrap(), &weights) < 1e-6);
    // Mean over layers, frames and channels of (what is left)²: its gradient is what is left, summed, times 2 / cells.
    let gradient = q.commitment.backward()?;
    let mut expected = Tensor::zeros((1, 6, 4), candle_core::DType::F32, &CPU)?;
    for layer in 1..=3 {
        let sum = net.look_up(&q.tokens.narrow(2, 0, layer)?.contiguous()?)?;
        expected = (expected + (z.as_tensor().detach() - sum)?)?;
    }
    let expected = (expected * (2.0 / (3.0 * 24.0)))?;
    assert!(largest_difference(gradient.get(&z).unwrap(), &expected) < 1e-5);
    Ok(())
}

#[test]
fn dead_codes_jump_to_the_data() -> Result<()> {
    let params = Params::new(1);
    let net = Quantiser::new(&params, "q", &tiny())?;
    let z = random(&[2, 40, 4], 4);
    learn(&net, &z, 0);
    // The data move away: all codes are far off, most of them die and come back among the data.
    let moved = (&z + 50.0)?;
    let first = learn(&net, &moved, 1);
    assert!(first.layers[0].used < 0.5, "{:?}", first.layers[0]);
    let mut resets = 0;
    for step in 2..60 {
        resets += learn(&net, &moved, step).layers[0].reset;
    }
    let last = net.forward(&moved, None, Mode::Still)?;
    assert!(resets > 3 && last.layers[0].used > 0.7 && last.layers[2].residual < 0.1, "{resets} {:?}", last.layers);
    Ok(())
}

#[test]
fn frames_behind_the_end_teach_nothing() -> Result<()> {
    let books = |junk: f32| -> Result<Vec<f32>> {
        let net = Quantiser::new(&Params::new(1), "q", &tiny())?;
        let good = random(&[1, 30, 4], 5);
        let z = Tensor::cat(&[&good, &(random(&[1, 10, 4], 6) * f64::from(junk))?], 1)?;
        let valid = Tensor::from_vec((0..40).map(|t| f32::from(u8::from(t < 30))).collect(), (1, 40), &CPU)?;
        for step in 0..3 {
            net.forward(&z, Some(&valid), Mode::Learn(&mut Noise::new(1, "q", step, 0)))?;
        }
        Ok(numbers(&net.books.get()))
    };
    assert_eq!(books(1.0)?, books(1000.0)?);
    Ok(())
}

#[test]
fn dropped_layers_are_left_out_of_the_sum_and_one_seed_is_one_result() -> Result<()> {
    let run = |seed: u64| -> Result<(Vec<f32>, Vec<f32>)> {
        let net = Quantiser::new(&Params::new(1), "q", &QuantiserConfig { layer_dropout: 1.0, ..tiny() })?;
        let z = random(&[16, 5, 4], 7);
        let q = net.forward(&z, None, Mode::Learn(&mut Noise::new(seed, "q", 0, 0)))?;
        Ok((numbers(&q.sum), numbers(&net.books.get())))
    };
    assert_eq!(run(1)?, run(1)?);
    assert_ne!(run(1)?.0, run(2)?.0);
    // With a dropout of 1 no clip has all layers: its sum is that of one or two.
    let net = Quantiser::new(&Params::new(1), "q", &QuantiserConfig { layer_dropout: 1.0, ..tiny() })?;
    let z = random(&[16, 5, 4], 7);
    learn(&net, &z, 0);
    let before = net.books.get();
    let q = learn(&net, &z, 1);
    net.books.set(&before)?;
    let mut counts = [0; 4];
    for clip in 0..16 {
        let tokens = q.tokens.narrow(0, clip, 1)?.contiguous()?;
        let sum = q.sum.narrow(0, clip, 1)?;
        for layers in 1..=3 {
            let part = net.look_up(&tokens.narrow(2, 0, layers)?.contiguous()?)?;
            counts[layers] += usize::from(largest_difference(&part, &sum) < 1e-5);
        }
    }
    assert!(counts[1] > 3 && counts[2] > 3 && counts[3] == 0 && counts[1] + counts[2] == 16, "{counts:?}");
    Ok(())
}
