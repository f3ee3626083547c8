//! Chance that is the same everywhere: numbers drawn on the host from ChaCha8 streams, each with a key of its own.
//!
//! A stream is named by (seed, purpose, step, index). Whoever draws for one token takes a stream of its own, so it does
//! not matter in which order, in how many threads or on which device tokens are treated. The generators of candle are
//! never used: that of the processor cannot be seeded.

use rand::RngCore;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

/// One stream of random numbers.
#[derive(Clone, Debug)]
pub struct Noise {
    rng: ChaCha8Rng,
}

impl Noise {
    /// The stream of this name. `purpose` keeps uses apart that share seed, step and index.
    pub fn new(seed: u64, purpose: &str, step: u64, index: u64) -> Self {
        let mut key = [0_u8; 32];
        for (part, value) in key.chunks_exact_mut(8).zip([seed, fnv1a(purpose.as_bytes()), step, index]) {
            part.copy_from_slice(&value.to_le_bytes());
        }
        Self { rng: ChaCha8Rng::from_seed(key) }
    }

    /// A stream that follows from where `rng` stands; `rng` moves on.
    pub fn from_rng(rng: &mut ChaCha8Rng) -> Self {
        let mut key = [0_u8; 32];
        rng.fill_bytes(&mut key);
        Self { rng: ChaCha8Rng::from_seed(key) }
    }

    /// A number in the open interval 0..1, 24 bits.
    pub fn uniform(&mut self) -> f32 {
        ((self.rng.next_u32() >> 8) as f32 + 0.5) / 16_777_216.0
    }

    /// A number in `low..high`.
    pub fn between(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * self.uniform()
    }

    /// An integer in `0..n`; 0 where `n` is 0.
    pub fn below(&mut self, n: usize) -> usize {
        // 64 bits times n, upper half: the bias is below n / 2^64.
        ((u128::from(self.rng.next_u64()) * n as u128) >> 64) as usize
    }

    /// Whether something of this probability happens.
    pub fn chance(&mut self, probability: f32) -> bool {
        self.uniform() < probability
    }

    /// A number of the standard normal distribution (Box and Muller, one of the two).
    pub fn normal(&mut self) -> f32 {
        let radius = (-2.0 * self.uniform().ln()).sqrt();
        radius * (2.0 * std::f32::consts::PI * self.uniform()).cos()
    }

    /// A number of the standard Gumbel distribution: the largest of `logit + gumbel` is a draw from the softmax.
    pub fn gumbel(&mut self) -> f32 {
        -(-self.uniform().ln()).ln()
    }

    /// Puts the items in random order (Fisher and Yates).
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            items.swap(i, self.below(i + 1));
        }
    }

    /// `count` different numbers of `0..n` in random order (all of them where `count` exceeds `n`).
    pub fn pick(&mut self, n: usize, count: usize) -> Vec<usize> {
        let mut all: Vec<usize> = (0..n).collect();
        self.shuffle(&mut all);
        all.truncate(count);
        all
    }
}

/// FNV-1a, 64 bits: a hash that is the same in every build, unlike that of the standard library.
pub fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |h, &b| (h ^ u64::from(b)).wrapping_mul(0x0000_0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_depends_on_every_part_of_its_name_and_on_nothing_else() {
        let draw = |mut n: Noise| (0..4).map(|_| n.uniform().to_bits()).collect::<Vec<_>>();
        let base = draw(Noise::new(1, "a", 2, 3));
        assert_eq!(base, draw(Noise::new(1, "a", 2, 3)));
        for other in
            [Noise::new(2, "a", 2, 3), Noise::new(1, "b", 2, 3), Noise::new(1, "a", 3, 3), Noise::new(1, "a", 2, 4)]
        {
            assert_ne!(base, draw(other));
        }
        // Written down, so that a change of the generator, which would change every take ever made, is noticed.
        assert_eq!(fnv1a(b"cue"), 0xf5b9_e619_0cc1_6600);
    }

    #[test]
    fn the_distributions_have_their_moments() {
        let mut noise = Noise::new(7, "moments", 0, 0);
        let n = 40_000;
        let mean_and_variance = |values: Vec<f32>| {
            let mean = values.iter().map(|&v| f64::from(v)).sum::<f64>() / n as f64;
            (mean, values.iter().map(|&v| (f64::from(v) - mean).powi(2)).sum::<f64>() / n as f64)
        };
        // (mean, variance) of uniform, normal and Gumbel (Euler's constant, pi²/6).
        let table: [(fn(&mut Noise) -> f32, f64, f64); 3] =
            [(Noise::uniform, 0.5, 1.0 / 12.0), (Noise::normal, 0.0, 1.0), (Noise::gumbel, 0.577_215_66, 1.644_934)];
        for (k, (draw, mean, variance)) in table.into_iter().enumerate() {
            let (m, v) = mean_and_variance((0..n).map(|_| draw(&mut noise)).collect());
            assert!((m - mean).abs() < 0.02 && (v - variance).abs() < 0.05, "distribution {k}: {m} {v}");
        }
    }

    #[test]
    fn the_largest_logit_with_gumbel_noise_is_a_draw_from_the_softmax() {
        let logits = [0.0_f32, 1.0, 2.0];
        let total: f32 = logits.iter().map(|l| l.exp()).sum();
        let n = 20_000;
        let mut counts = [0_usize; 3];
        for i in 0..n {
            let mut noise = Noise::new(3, "gumbel", 0, i);
            let scores = logits.map(|l| l + noise.gumbel());
            counts[(0..3).max_by(|&a, &b| scores[a].total_cmp(&scores[b])).unwrap()] += 1;
        }
        for (count, logit) in counts.into_iter().zip(logits) {
            assert!((count as f32 / n as f32 - logit.exp() / total).abs() < 0.015, "{counts:?}");
        }
    }

    #[test]
    fn picks_are_different_and_cover_everything() {
        let mut noise = Noise::new(5, "pick", 0, 0);
        let mut picked = noise.pick(10, 20);
        picked.sort_unstable();
        assert_eq!(picked, (0..10).collect::<Vec<_>>());
        assert_eq!(noise.pick(10, 3).len(), 3);
        assert_eq!(noise.below(0), 0);
    }
}
