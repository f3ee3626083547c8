//! What a generator starts from instead of chance: the ears of the alignment and the codes of the tokens' networks.

use crate::nets::alignment::copy_weights;
use crate::nets::generator::PARTS;
use crate::nets::noise::Noise;
use crate::nets::rvq::FrozenTokens;
use crate::train::Params;
use candle_core::{Error, Result, Tensor, Var, bail};

/// Copies the speech encoders of a trained alignment into a generator (contextual-gesture 3.2), all or nothing: sizes of
/// the two must be the same. `alignment` and `generator` are the parameters of the whole networks.
pub fn ears_from_alignment(alignment: &Params, generator: &Params) -> Result<()> {
    for part in PARTS {
        let to = format!("speech_{part}.");
        let wanted = generator.weights().iter().filter(|(name, _)| name.starts_with(&to)).count();
        let copied = copy_weights(alignment, &format!("{part}.speech."), generator, &to)?;
        if copied != wanted || wanted == 0 {
            bail!(
                "{copied} of {wanted} weights of the {part}'s speech encoder fit; the sizes of both networks must agree"
            );
        }
    }
    Ok(())
}

/// Lets the masked generator's tokens and heads start from the base codes of face and body.
pub fn masked_from_books(generator: &Params, frozen: &[FrozenTokens; 2], seed: u64) -> Result<()> {
    for (part, (name, tokens)) in PARTS.into_iter().zip(frozen).enumerate() {
        let table = find(generator, &format!("tokens_{name}.table"))?;
        let head = find(generator, &format!("head_{name}.second.weight"))?;
        let mut noise = Noise::new(seed, "codes", 0, part as u64);
        from_book(Some(&table), Some(&head), &tokens.quantiser.book(0)?, &mut noise)?;
    }
    Ok(())
}

/// Lets the residual generator's tables and heads start from the codes of their books. All books of a part share one
/// map, since their codes live in one space.
pub fn residual_from_books(generator: &Params, frozen: &[FrozenTokens; 2], seed: u64) -> Result<()> {
    for (part, (name, tokens)) in PARTS.into_iter().zip(frozen).enumerate() {
        let books = tokens.quantiser.config().layers;
        for book in 0..books {
            let table = match book + 1 < books {
                true => Some(find(generator, &format!("tokens{book}_{name}.table"))?),
                false => None,
            };
            let head = match book {
                0 => None,
                _ => Some(find(generator, &format!("head{book}_{name}.weight"))?),
            };
            let mut noise = Noise::new(seed, "codes", 0, part as u64);
            from_book(table.as_ref(), head.as_ref(), &tokens.quantiser.book(book)?, &mut noise)?;
        }
    }
    Ok(())
}

fn find(params: &Params, name: &str) -> Result<Var> {
    let found = params.weights().into_iter().find(|(full, _)| full == name);
    found.map(|(_, var)| var).ok_or_else(|| Error::Msg(format!("the generator has no weight {name}")))
}

/// Lets a table of tokens (codes or codes + 1, width) and the head over them (codes, width) start half from the codes
/// `book` (codes, code width): tokens whose codes are alike start alike, which saves a small corpus the steps to learn
/// it. The map between the widths is random by `noise`; rows beyond the codes ([MASK]) stay.
fn from_book(table: Option<&Var>, head: Option<&Var>, book: &Tensor, noise: &mut Noise) -> Result<()> {
    let (codes, d) = book.dims2()?;
    let Some(width) = table.or(head).and_then(|v| v.dims().get(1).copied()) else { return Ok(()) };
    let map: Vec<f32> = (0..d * width).map(|_| noise.normal() / (d as f32).sqrt()).collect();
    let map = Tensor::from_vec(map, (d, width), book.device())?;
    let centred = book.broadcast_sub(&book.mean_keepdim(0)?)?;
    let spread = centred.sqr()?.mean_all()?.sqrt()?.to_scalar::<f32>()?.max(1e-6);
    let like = (centred / f64::from(spread))?.matmul(&map)?;
    for (var, scale, exact) in [(table, 0.5, false), (head, 1.0 / (width as f64).sqrt(), true)] {
        let Some(var) = var else { continue };
        let rows = var.dim(0)?;
        if rows < codes || exact && rows != codes || var.dims().get(1) != Some(&width) {
            bail!("weights of shape {:?} for a book of {codes} codes and a width of {width}", var.shape());
        }
        let first = ((var.as_tensor().narrow(0, 0, codes)? * 0.7)? + (&like * (0.7 * scale))?)?;
        let first = match rows > codes {
            true => Tensor::cat(&[first, var.as_tensor().narrow(0, codes, rows - codes)?], 0)?,
            false => first,
        };
        var.set(&first.detach())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nets::alignment::{Alignment, AlignmentConfig};
    use crate::nets::masked::MaskedGenerator;
    use crate::nets::quantiser::{Mode, QuantiserConfig};
    use crate::nets::residual::ResidualGenerator;
    use crate::nets::rvq::{Rvq, RvqBatch, RvqConfig};
    use crate::nets::testing::{
        motion, number, numbers, random, speech, tiny_block, tiny_masked, tiny_residual, tiny_speech,
    };

    fn frozen(codes: usize) -> [FrozenTokens; 2] {
        [6, 4].map(|input| {
            let quantiser = QuantiserConfig {
                width: 8,
                codes,
                layers: 3,
                decay: 0.9,
                dead_below: 0.1,
                layer_dropout: 0.0,
                learning: true,
            };
            let config = RvqConfig { width: 16, teacher: 0, quantiser, ..RvqConfig::small(input) };
            let net = Rvq::new(&Params::new(input as u64), &config).unwrap();
            let batch = RvqBatch { motion: motion(2, 20, input, 1), weight: None, valid: None, teacher: None };
            net.losses(&batch, Mode::Learn(&mut Noise::new(1, "begin", 0, 0))).unwrap();
            FrozenTokens::from(&net)
        })
    }

    #[test]
    fn the_ears_of_the_alignment_are_those_of_the_generator() -> Result<()> {
        let (from, to) = (Params::new(1), Params::new(2));
        let config = AlignmentConfig {
            speech: tiny_speech(),
            face: 6,
            body: 4,
            block: tiny_block(),
            layers: 1,
            embedding: 16,
            ..AlignmentConfig::small()
        };
        let alignment = Alignment::new(&from, &config)?;
        MaskedGenerator::new(&to, &tiny_masked())?;
        ears_from_alignment(&from, &to)?;
        let there: std::collections::BTreeMap<_, _> = to.weights().into_iter().collect();
        let own = from.weights();
        let same = own.iter().filter(|(name, var)| {
            let name = name.replace("face.speech.", "speech_face.").replace("body.speech.", "speech_body.");
            there.get(&name).is_some_and(|v| numbers(v.as_tensor()) == numbers(var.as_tensor()))
        });
        assert_eq!(same.count(), own.iter().filter(|(n, _)| n.contains(".speech.")).count());
        let _ = alignment.face.speech.forward(&speech(1, 10, &tiny_speech(), 1), None, None)?;
        let deaf = Params::new(3);
        let mut other = tiny_masked();
        other.generator.speech.signal = 6;
        MaskedGenerator::new(&deaf, &other)?;
        assert!(ears_from_alignment(&from, &deaf).is_err());
        Ok(())
    }

    #[test]
    fn tokens_and_heads_start_from_their_codes() -> Result<()> {
        let frozen = frozen(12);
        let (params, finer) = (Params::new(1), Params::new(2));
        MaskedGenerator::new(&params, &tiny_masked())?;
        ResidualGenerator::new(&finer, &tiny_residual())?;
        let mask = numbers(&find(&params, "tokens_face.table")?.as_tensor().get(12)?);
        masked_from_books(&params, &frozen, 1)?;
        residual_from_books(&finer, &frozen, 1)?;
        assert_eq!(mask, numbers(&find(&params, "tokens_face.table")?.as_tensor().get(12)?), "[MASK] stays");
        let fewer = Params::new(1);
        let mut config = tiny_masked();
        config.generator.codes = 10;
        MaskedGenerator::new(&fewer, &config)?;
        assert!(masked_from_books(&fewer, &frozen, 1).is_err());
        Ok(())
    }

    #[test]
    fn codes_that_are_near_each_other_start_near_each_other() -> Result<()> {
        let book = random(&[80, 5], 2);
        let own = |rows: usize, seed, scale: f64| Var::from_tensor(&(random(&[rows, 24], seed) * scale)?);
        let (table, head) = (own(81, 3, 0.5)?, own(80, 4, 24.0_f64.powf(-0.5))?);
        from_book(Some(&table), Some(&head), &book, &mut Noise::new(1, "codes", 0, 0))?;
        // Squared distances of all pairs, in the book and in what was made of it.
        let distances = |x: &Tensor| -> Result<Tensor> {
            let x = x.narrow(0, 0, 80)?;
            let away = x.unsqueeze(0)?.broadcast_sub(&x.unsqueeze(1)?)?.sqr()?.sum(2)?.flatten_all()?;
            away.broadcast_sub(&away.mean_keepdim(0)?)
        };
        let meant = distances(&book)?;
        for made in [distances(table.as_tensor())?, distances(head.as_tensor())?] {
            let sum = |x: Tensor| number(&x.sum_all().unwrap());
            let alike = sum((&meant * &made)?) / (sum(meant.sqr()?) * sum(made.sqr()?)).sqrt();
            assert!(alike > 0.6, "correlation of distances {alike}");
        }
        Ok(())
    }
}
