//! A new identity from minutes of a user's material: one vector for each generator, everything else frozen.
//!
//! - **What**: the vector that stands for an identity in the condition ([`super::condition::Identity::Vector`]) is
//!   trained on the material; it starts from the mean of all identities that the generators know.
//! - **Paper**: contextual-gesture 3.2 and 4.4 have a fixed table of speakers; this is our own.
//! - **Sizes**: two vectors of the generators' width (shipped: 2 × 160 numbers, 1.3 kB).
//! - **Losses**: those of the generators. What one vector cannot say (a gesture nobody in the corpus makes) it does not
//!   learn: it finds the mixture of known habits that comes nearest, and a little beyond.

use crate::nets::condition::Identity;
use crate::nets::freeze::Freeze;
use crate::nets::masked::{MaskedGenerator, MaskedLosses, TokenBatch};
use crate::nets::noise::Noise;
use crate::nets::residual::{ResidualGenerator, ResidualLosses};
use crate::nets::rvq::FrozenTokens;
use crate::train::{Init, Params};
use candle_core::{Device, Result, Tensor, bail};
use serde::{Deserialize, Serialize};

/// A fitted style as it is kept with a project.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Style {
    /// The vector of the masked generator.
    pub masked: Vec<f32>,
    /// The vector of the residual generator.
    pub residual: Vec<f32>,
}

impl Style {
    /// As the generators take it: of the masked, of the residual generator.
    pub fn identities(&self, device: &Device) -> Result<[Identity; 2]> {
        let of = |v: &[f32]| Tensor::from_slice(v, (1, v.len()), device).map(Identity::Vector);
        Ok([of(&self.masked)?, of(&self.residual)?])
    }

    /// The style of a mixture of rows of both tables, `parts` as (row, weight).
    pub fn of_rows(masked: &MaskedGenerator, residual: &ResidualGenerator, parts: &[(u32, f32)]) -> Result<Self> {
        let of = |trunk: &crate::nets::generator::Trunk| {
            let rows = trunk.config().identities;
            let identity = Identity::mixtures(&[parts.to_vec()], rows, trunk.device())?;
            trunk.conditions().identity(&identity)?.flatten_all()?.to_vec1::<f32>()
        };
        Ok(Self { masked: of(&masked.trunk)?, residual: of(&residual.trunk)? })
    }

    /// In a straight line from this style (0) to another (1) and beyond.
    pub fn mixed(&self, other: &Self, share: f32) -> Self {
        let mix = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| a + share * (b - a)).collect();
        Self { masked: mix(&self.masked, &other.masked), residual: mix(&self.residual, &other.residual) }
    }
}

/// The fitting of one style.
#[derive(Debug)]
pub struct StyleFit {
    masked: MaskedGenerator,
    residual: ResidualGenerator,
    vectors: [Tensor; 2],
}

impl StyleFit {
    /// `params` will hold the two vectors, `masked` and `residual`, and nothing else.
    pub fn new(params: &Params, masked: &MaskedGenerator, residual: &ResidualGenerator) -> Result<Self> {
        let mean = |trunk: &crate::nets::generator::Trunk| {
            let rows: Vec<(u32, f32)> = (0..trunk.config().identities as u32).map(|i| (i, 1.0)).collect();
            let identity = Identity::mixtures(&[rows], trunk.config().identities, trunk.device())?;
            trunk.conditions().identity(&identity)?.squeeze(1)
        };
        let starts = [("masked", mean(&masked.trunk)?), ("residual", mean(&residual.trunk)?)];
        let mut vectors = Vec::with_capacity(2);
        for (name, start) in &starts {
            vectors.push(params.weight(name, start.shape().clone(), Init::Zeros)?);
            for (_, var) in params.weights().into_iter().filter(|(full, _)| full.ends_with(name)) {
                var.set(&start.detach().to_device(params.device())?)?;
            }
        }
        let [a, b] = <[Tensor; 2]>::try_from(vectors).map_err(|_| candle_core::Error::Msg("two vectors".into()))?;
        Ok(Self { masked: masked.frozen(), residual: residual.frozen(), vectors: [a, b] })
    }

    /// Losses of both generators with the vectors as identity of every clip.
    pub fn losses(
        &self,
        batch: &TokenBatch,
        frozen: Option<&[FrozenTokens; 2]>,
        noise: &mut Noise,
    ) -> Result<(Tensor, MaskedLosses, ResidualLosses)> {
        let (b, _) = batch.speech.size()?;
        let with = |k: usize| -> Result<TokenBatch> {
            let vector = &self.vectors[k];
            let mut batch = batch.clone();
            batch.condition.identity = Some(Identity::Vector(vector.broadcast_as((b, vector.dim(1)?))?.contiguous()?));
            Ok(batch)
        };
        let masked = self.masked.losses(&with(0)?, frozen, noise)?;
        let residual = self.residual.losses(&with(1)?, noise)?;
        Ok(((&masked.total + &residual.total)?, masked, residual))
    }

    /// The style as it is now.
    pub fn style(&self) -> Result<Style> {
        let of = |k: usize| self.vectors[k].flatten_all()?.to_vec1::<f32>();
        let style = Style { masked: of(0)?, residual: of(1)? };
        if style.masked.iter().chain(&style.residual).any(|v| !v.is_finite()) {
            bail!("the style came out as something that is no number; a lower rate may help");
        }
        Ok(style)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nets::testing::{
        Adam, CPU, largest_difference, number, tiny_masked, tiny_residual, token_batch, without_gradient,
    };

    fn nets() -> (MaskedGenerator, ResidualGenerator) {
        (
            MaskedGenerator::new(&Params::new(1), &tiny_masked()).unwrap(),
            ResidualGenerator::new(&Params::new(2), &tiny_residual()).unwrap(),
        )
    }

    #[test]
    fn only_the_vectors_are_trained_and_they_lower_the_losses() -> Result<()> {
        let (masked, residual) = nets();
        let params = Params::new(3);
        let fit = StyleFit::new(&params, &masked, &residual)?;
        let start = fit.style()?;
        assert_eq!(start, Style::of_rows(&masked, &residual, &[(0, 1.0), (1, 1.0), (2, 1.0)])?);
        let batch = token_batch(4, 20, &tiny_masked().generator, 1);
        let losses = |step| fit.losses(&batch, None, &mut Noise::new(1, "style", step, 0)).map(|l| l.0);
        assert_eq!(without_gradient(&params, &losses(0)?), Vec::<String>::new());
        assert_eq!(params.weights().len(), 2);
        let before = number(&losses(0)?);
        let mut adam = Adam::default();
        for step in 0..25 {
            adam.step(&params, &losses(step)?, 0.03)?;
        }
        assert!(number(&losses(0)?) < before - 0.1, "{before} to {}", number(&losses(0)?));
        assert_ne!(fit.style()?, start);
        Ok(())
    }

    #[test]
    fn styles_mix_and_are_taken_by_the_generators() -> Result<()> {
        let (masked, residual) = nets();
        let of = |parts: &[(u32, f32)]| Style::of_rows(&masked, &residual, parts);
        let (a, b) = (of(&[(0, 1.0)])?, of(&[(2, 1.0)])?);
        let (half, table) = (a.mixed(&b, 0.5), of(&[(0, 1.0), (2, 1.0)])?);
        let close = |x: &[f32], y: &[f32]| x.iter().zip(y).all(|(x, y)| (x - y).abs() < 1e-6);
        assert!(close(&half.masked, &table.masked) && close(&half.residual, &table.residual));
        let [vector, _] = b.identities(&CPU)?;
        let row = masked.trunk.conditions().identity(&Identity::rows(&[2], 3, &CPU)?)?;
        assert_eq!(largest_difference(&masked.trunk.conditions().identity(&vector)?, &row), 0.0);
        assert!(of(&[(3, 1.0)]).is_err());
        Ok(())
    }
}
