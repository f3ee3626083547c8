//! Seeded chance: a stream of its own for each thing that is drawn, so that nothing depends on the order of drawing.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

/// A stream of random numbers.
#[derive(Clone, Debug)]
pub struct Dice(ChaCha8Rng);

/// Mixes two numbers into one (the finaliser of SplitMix64, Steele et al. 2014).
pub(crate) fn mixed(a: u64, b: u64) -> u64 {
    let mut z = a ^ b.wrapping_add(0x9e37_79b9_7f4a_7c15).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A number from a text, the same everywhere (FNV-1a, then mixed).
pub(crate) fn number_of(text: &str) -> u64 {
    let fnv = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3));
    mixed(fnv, 0)
}

impl Dice {
    /// The stream of `seed` for the thing named by `keys`.
    pub fn new(seed: u64, keys: &[u64]) -> Self {
        Self(ChaCha8Rng::seed_from_u64(keys.iter().fold(mixed(seed, 0x636f_7270), |s, k| mixed(s, *k))))
    }

    pub fn number(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// Uniform in 0-1, 1 left out.
    pub fn unit(&mut self) -> f32 {
        (self.0.next_u32() >> 8) as f32 / (1_u32 << 24) as f32
    }

    pub fn between(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * self.unit()
    }

    /// Uniform in `0..n`; 0 for none.
    pub fn below(&mut self, n: usize) -> usize {
        if n == 0 { 0 } else { (self.0.next_u64() % n as u64) as usize }
    }

    pub fn chance(&mut self, p: f32) -> bool {
        self.unit() < p
    }

    /// Normal with mean 0 and standard deviation 1 (Box & Muller 1958).
    pub fn normal(&mut self) -> f32 {
        let (a, b) = (self.unit().max(1e-7), self.unit());
        (-2.0 * a.ln()).sqrt() * (std::f32::consts::TAU * b).cos()
    }

    pub fn pick<'a, T>(&mut self, list: &'a [T]) -> Option<&'a T> {
        list.get(self.below(list.len()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_are_their_own_and_repeat() {
        let draw = |keys: &[u64]| Dice::new(7, keys).number();
        assert_eq!(draw(&[1, 2]), draw(&[1, 2]));
        assert!(draw(&[1, 2]) != draw(&[2, 1]) && draw(&[1]) != draw(&[1, 0]) && draw(&[]) != draw(&[0]));
        let mut dice = Dice::new(1, &[]);
        let many: Vec<f32> = (0..4000).map(|_| dice.normal()).collect();
        let mean = many.iter().sum::<f32>() / 4000.0;
        let spread = (many.iter().map(|v| (v - mean).powi(2)).sum::<f32>() / 4000.0).sqrt();
        assert!(mean.abs() < 0.06 && (spread - 1.0).abs() < 0.05, "{mean} {spread}");
        assert_ne!(number_of("ab"), number_of("ba"));
    }
}
