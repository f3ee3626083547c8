use super::*;
use crate::nets::testing::{CPU, largest_difference, number, numbers, random, tiny_block, without_gradient};

const BOTH: BlockParts = BlockParts { cross: true, adaptive: true };

#[test]
fn every_weight_of_a_block_gets_a_gradient_and_the_condition_steers() -> Result<()> {
    let params = Params::new(1);
    let block = Block::new(&params, "block", &tiny_block(), BOTH)?;
    let (x, memory, condition) = (random(&[2, 7, 24], 1), random(&[2, 5, 24], 2), random(&[2, 7, 24], 3));
    let inputs = BlockInputs { memory: Some(&memory), condition: Some(&condition), ..Default::default() };
    let y = block.forward(&x, &inputs, &mut Dropout::off())?;
    assert_eq!(y.dims(), [2, 7, 24]);
    assert_eq!(without_gradient(&params, &y.sqr()?.sum_all()?), Vec::<String>::new());
    // Another condition in one frame changes that frame alone: attention comes before.
    let mut values = numbers(&condition);
    values[3 * 24..4 * 24].iter_mut().for_each(|v| *v += 1.0);
    let other = Tensor::from_vec(values, (2, 7, 24), &CPU)?;
    let z = block.forward(&x, &BlockInputs { condition: Some(&other), ..inputs }, &mut Dropout::off())?;
    let difference = numbers(&(z - y)?.abs()?.sum(2)?);
    assert!(difference[3] > 1e-3 && difference.iter().enumerate().all(|(i, d)| i == 3 || *d == 0.0), "{difference:?}");
    Ok(())
}

#[test]
fn frames_that_are_not_there_change_nothing() -> Result<()> {
    let params = Params::new(2);
    let block = Block::new(&params, "block", &tiny_block(), BlockParts::default())?;
    let long = random(&[1, 9, 24], 4);
    let short = long.narrow(1, 0, 6)?.contiguous()?;
    let valid = Tensor::from_vec(vec![1.0_f32, 1.0, 1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0], (1, 9), &CPU)?;
    let bias = shut_out(&valid, 9)?;
    let inputs = BlockInputs { bias: Some(&bias), ..Default::default() };
    let a = block.forward(&long, &inputs, &mut Dropout::off())?;
    let b = block.forward(&short, &BlockInputs::default(), &mut Dropout::off())?;
    assert!(largest_difference(&a.narrow(1, 0, 6)?, &b) < 1e-5);
    assert!(largest_difference(&mean_over_time(&long, Some(&valid))?, &short.mean(1)?) < 1e-5);
    Ok(())
}

#[test]
fn dropout_keeps_the_mean_and_repeats_with_its_noise() -> Result<()> {
    let x = Tensor::ones((40, 50), candle_core::DType::F32, &CPU)?;
    let draw = |seed| Dropout::new(0.25, Noise::new(seed, "dropout", 0, 0)).apply(&x);
    let a = numbers(&draw(1)?);
    let zeros = a.iter().filter(|v| **v == 0.0).count();
    assert!((430..570).contains(&zeros), "{zeros} of 2000");
    assert!((a.iter().sum::<f32>() / 2000.0 - 1.0).abs() < 0.06);
    assert_eq!(a, numbers(&draw(1)?));
    assert_ne!(a, numbers(&draw(2)?));
    assert_eq!(numbers(&Dropout::off().apply(&x)?), vec![1.0; 2000]);
    Ok(())
}

#[test]
fn positions_are_those_of_the_transformer_paper() -> Result<()> {
    let table = positions(4, 6, &CPU)?.squeeze(0)?.to_vec2::<f32>()?;
    assert_eq!(table[0], [0.0, 1.0, 0.0, 1.0, 0.0, 1.0]);
    let rate = 10_000.0_f64.powf(-2.0 / 6.0);
    assert!((f64::from(table[3][2]) - (3.0 * rate).sin()).abs() < 1e-6);
    assert!((f64::from(table[3][3]) - (3.0 * rate).cos()).abs() < 1e-6);
    Ok(())
}

#[test]
fn weighted_smooth_l1_agrees_with_the_plain_one_and_leaves_out_what_weighs_nothing() -> Result<()> {
    let (a, b) = (random(&[2, 5, 3], 5), random(&[2, 5, 3], 6));
    for beta in [0.1, 1.0] {
        let plain = number(&ops::smooth_l1(&a, &b, beta)?);
        let ones = number(&weighted_smooth_l1(&a, &b, beta, &Tensor::ones((1, 1, 3), candle_core::DType::F32, &CPU)?)?);
        assert!((plain - ones).abs() < 1e-5, "{plain} {ones}");
        let first = Tensor::from_vec(vec![1.0_f32, 0.0, 0.0], (1, 1, 3), &CPU)?;
        let one = number(&weighted_smooth_l1(&a, &b, beta, &first)?);
        let alone = ops::smooth_l1(&a.narrow(2, 0, 1)?.contiguous()?, &b.narrow(2, 0, 1)?.contiguous()?, beta)?;
        assert!((one - number(&alone)).abs() < 1e-5);
    }
    Ok(())
}

#[test]
fn velocity_unit_and_replaced_rows() -> Result<()> {
    let x = Tensor::from_vec(vec![3.0_f32, 4.0, 6.0, 8.0, 0.0, 0.0], (1, 3, 2), &CPU)?;
    assert_eq!(numbers(&velocity(&x)?), [3.0, 4.0, -6.0, -8.0]);
    let u = numbers(&unit(&x)?);
    assert!((u[0] - 0.6).abs() < 1e-5 && (u[3] - 0.8).abs() < 1e-5 && u[4] == 0.0, "{u:?}");
    let (x, other) = (random(&[2, 3, 4], 7), random(&[1, 1, 4], 8));
    let y = replace_rows(&x, &other, &[1.0, 0.0])?;
    assert_eq!(numbers(&y.get(0)?), numbers(&x.get(0)?));
    assert_eq!(numbers(&y.get(1)?.get(2)?), numbers(&other));
    Ok(())
}
