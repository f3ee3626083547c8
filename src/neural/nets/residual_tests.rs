use super::*;
use crate::nets::testing::{
    Adam, largest_difference, number, random_tokens, tiny_residual, token_batch, without_gradient,
};

fn noise(step: u64) -> Noise {
    Noise::new(5, "residual", step, 0)
}

#[test]
fn every_weight_gets_a_gradient_from_some_book_and_none_from_a_book_that_is_not_its_own() -> Result<()> {
    let config = ResidualConfig { drop: 0.4, ..tiny_residual() };
    let params = Params::new(1);
    let net = ResidualGenerator::new(&params, &config)?;
    let batch = token_batch(8, 20, &config.generator, 1);
    let mut missing: Option<Vec<String>> = None;
    for book in 1..3 {
        let losses = net.losses_of(book, &batch, &mut noise(0))?;
        let here = without_gradient(&params, &losses.total);
        let other = format!("head{}_", 3 - book);
        assert!(here.iter().filter(|n| n.starts_with(&other)).count() == 4, "{here:?}");
        missing = Some(match missing {
            None => here,
            Some(before) => before.into_iter().filter(|n| here.contains(n)).collect(),
        });
    }
    assert_eq!(missing.unwrap(), Vec::<String>::new());
    Ok(())
}

#[test]
fn a_book_sees_the_books_before_it_and_none_after() -> Result<()> {
    let config = tiny_residual();
    let net = ResidualGenerator::new(&Params::new(1), &config)?;
    let batch = token_batch(1, 20, &config.generator, 1);
    let prepared = net.prepare(&batch.input(), &Keep::all(1))?;
    let other = random_tokens(&[1, 20, 1], 12, 50);
    let with = |book: usize, changed: usize| {
        let kept: Vec<Tensor> = (0..3).map(|j| batch.tokens[0].narrow(2, j, 1)).collect::<Result<_>>()?;
        let mixed: Vec<&Tensor> = (0..3).map(|j| if j == changed { &other } else { &kept[j] }).collect();
        let face = Tensor::cat(&mixed, 2)?;
        let plain = net.logits(book, [&batch.tokens[0], &batch.tokens[1]], &prepared, &mut Dropout::off())?;
        let now = net.logits(book, [&face, &batch.tokens[1]], &prepared, &mut Dropout::off())?;
        largest_difference_ok(&plain[1], &now[1])
    };
    assert!(with(1, 0)? > 1e-3 && with(2, 0)? > 1e-3 && with(2, 1)? > 1e-3, "the face's tokens reach the body");
    assert_eq!((with(1, 1)?, with(1, 2)?, with(2, 2)?), (0.0, 0.0, 0.0));
    assert!(net.losses_of(0, &batch, &mut noise(0)).is_err() && net.losses_of(3, &batch, &mut noise(0)).is_err());
    Ok(())
}

fn largest_difference_ok(a: &Tensor, b: &Tensor) -> Result<f32> {
    Ok(largest_difference(a, b))
}

#[test]
fn all_books_are_drawn_and_one_clip_is_learned_by_heart() -> Result<()> {
    let config = ResidualConfig { drop: 0.0, ..tiny_residual() };
    let params = Params::new(1);
    let net = ResidualGenerator::new(&params, &config)?;
    let batch = token_batch(2, 20, &config.generator, 3);
    let mut adam = Adam::default();
    let mut drawn = [0; 3];
    for step in 0..140 {
        let losses = net.losses(&batch, &mut noise(step))?;
        drawn[losses.book] += 1;
        adam.step(&params, &losses.total, 0.005)?;
    }
    assert!(drawn[0] == 0 && drawn[1] > 40 && drawn[2] > 40, "{drawn:?}");
    for book in 1..3 {
        let losses = net.losses_of(book, &batch, &mut noise(0))?;
        assert!(losses.found.iter().all(|f| *f > 0.95), "book {book}: {:?} {}", losses.found, number(&losses.total));
    }
    Ok(())
}

#[test]
fn one_book_alone_leaves_nothing_to_do() {
    let generator = GeneratorConfig { books: 1, ..tiny_residual().generator };
    assert!(ResidualGenerator::new(&Params::new(1), &ResidualConfig { generator, ..tiny_residual() }).is_err());
}
