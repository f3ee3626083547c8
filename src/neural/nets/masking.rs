//! Which tokens a generator has to find in training.
//!
//! - **Paper**: contextual-gesture, appendix D: a share of tokens drawn from U(0.5, 1); of those 80 % become [MASK],
//!   10 % a random token, 10 % stay as they are (as in BERT); table 3e for the share.
//! - **Here**, half of the time what is masked is one or two whole stretches, because that is what the product asks
//!   for: regenerate from here to there. Face and body mostly share their mask; else they have masks of their own, or
//!   one of them is wholly known, because a user may regenerate one alone.

use crate::nets::noise::Noise;
use serde::{Deserialize, Serialize};

/// How masks are drawn.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MaskingConfig {
    /// Least and largest share of frames that are masked.
    pub share: [f32; 2],
    /// Probability that whole stretches are masked.
    pub stretches: f32,
    /// Least and largest share of a clip that masked stretches cover.
    pub stretch_share: [f32; 2],
    /// Probability that face and body share their mask, and that one of them is wholly known.
    pub joint: f32,
    pub one_known: f32,
    /// Of the masked tokens: shares that become [MASK] and that become a random token; the rest stays.
    pub masked: f32,
    pub random: f32,
    /// Probability that the first frame is known, as it is when a motion starts from a picture.
    pub first_known: f32,
}

impl MaskingConfig {
    /// Contextual-gesture, appendices D and E.
    pub fn paper() -> Self {
        Self {
            share: [0.5, 1.0],
            stretches: 0.0,
            stretch_share: [0.5, 1.0],
            joint: 1.0,
            one_known: 0.0,
            masked: 0.8,
            random: 0.1,
            first_known: 1.0,
        }
    }

    /// For editing, with stretches of 1 to 3 seconds in clips of 3.2.
    pub fn small() -> Self {
        Self {
            stretches: 0.5,
            stretch_share: [0.3, 1.0],
            joint: 0.6,
            one_known: 0.2,
            first_known: 0.5,
            ..Self::paper()
        }
    }
}

/// The masks of face and body of one clip.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClipMask {
    /// Whether each frame's token has to be found.
    pub find: [Vec<bool>; 2],
}

impl MaskingConfig {
    /// Masks of a clip of `frames` frames. At least one token has to be found.
    pub fn draw(&self, frames: usize, noise: &mut Noise) -> ClipMask {
        let kind = noise.uniform();
        let first = self.one(frames, noise);
        let mut find = if kind < self.joint {
            [first.clone(), first]
        } else if kind < self.joint + self.one_known {
            let known = vec![false; frames];
            if noise.chance(0.5) { [first, known] } else { [known, first] }
        } else {
            [first, self.one(frames, noise)]
        };
        if frames > 1 && noise.chance(self.first_known) {
            find.iter_mut().for_each(|f| f[0] = false);
        }
        if frames > 0 && find.iter().flatten().all(|f| !f) {
            let at = noise.below(frames);
            find[noise.below(2)][at] = true;
        }
        ClipMask { find }
    }

    fn one(&self, frames: usize, noise: &mut Noise) -> Vec<bool> {
        let mut find = vec![false; frames];
        if noise.chance(self.stretches) {
            let total = noise.between(self.stretch_share[0], self.stretch_share[1]) * frames as f32;
            let parts = 1 + noise.below(2);
            for _ in 0..parts {
                let length = ((total / parts as f32).round() as usize).clamp(1.min(frames), frames);
                // Stretches may hang over an end, so that the ends are masked as often as the middle.
                let start = noise.below(frames + length / 2 + 1) as isize - (length / 4) as isize;
                let from = start.clamp(0, frames as isize) as usize;
                let to = (start + length as isize).clamp(0, frames as isize) as usize;
                find[from..to].fill(true);
            }
        } else {
            let share = noise.between(self.share[0], self.share[1]);
            let count = (share * frames as f32).ceil() as usize;
            for at in noise.pick(frames, count) {
                find[at] = true;
            }
        }
        find
    }

    /// What the network sees in place of a token that it has to find. `mask` is the id of [MASK], after `codes` codes.
    pub fn disguise(&self, token: u32, codes: usize, noise: &mut Noise) -> u32 {
        let kind = noise.uniform();
        if kind < self.masked {
            codes as u32
        } else if kind < self.masked + self.random {
            noise.below(codes) as u32
        } else {
            token
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shares(config: &MaskingConfig, draws: u64) -> Vec<[f32; 2]> {
        (0..draws)
            .map(|i| {
                let mask = config.draw(80, &mut Noise::new(2, "mask", 0, i));
                mask.find.map(|f| f.iter().filter(|f| **f).count() as f32 / 80.0)
            })
            .collect()
    }

    #[test]
    fn the_papers_masks_cover_half_to_all_of_both_parts_alike() {
        let config = MaskingConfig { first_known: 0.0, ..MaskingConfig::paper() };
        let all = shares(&config, 400);
        assert!(all.iter().all(|s| s[0] == s[1] && (0.5..=1.0).contains(&s[0])));
        let mean = all.iter().map(|s| s[0]).sum::<f32>() / all.len() as f32;
        assert!((mean - 0.75).abs() < 0.02, "{mean}");
    }

    #[test]
    fn editing_masks_have_stretches_and_sometimes_one_part_only() {
        let config = MaskingConfig::small();
        let (mut stretches, mut one_known, mut different) = (0, 0, 0);
        for i in 0..600 {
            let mask = config.draw(80, &mut Noise::new(3, "mask", 0, i));
            let runs = |f: &[bool]| f.windows(2).filter(|w| !w[0] && w[1]).count() + usize::from(f[0]);
            let known = mask.find.iter().filter(|f| f.iter().all(|f| !f)).count();
            one_known += usize::from(known == 1);
            different += usize::from(known == 0 && mask.find[0] != mask.find[1]);
            stretches += usize::from(mask.find.iter().all(|f| runs(f) <= 2));
            assert!(known < 2, "something has to be found");
        }
        assert!((90..150).contains(&one_known), "{one_known} of 600, 20 % meant");
        assert!((90..150).contains(&different), "{different} of 600, 20 % meant");
        assert!(stretches > 200, "{stretches} of 600 in stretches");
    }

    #[test]
    fn disguises_come_in_their_shares() {
        let config = MaskingConfig::paper();
        let mut noise = Noise::new(4, "disguise", 0, 0);
        let mut counts = [0; 3];
        for _ in 0..10_000 {
            match config.disguise(7, 512, &mut noise) {
                512 => counts[0] += 1,
                7 => counts[1] += 1,
                other => {
                    assert!(other < 512);
                    counts[2] += 1;
                }
            }
        }
        assert!((7800..8200).contains(&counts[0]) && (900..1100).contains(&counts[1]), "{counts:?}");
        assert!((900..1100).contains(&counts[2]));
    }

    #[test]
    fn clips_of_one_frame_or_none_do_not_fail() {
        for frames in [0, 1, 2, 3] {
            for i in 0..50 {
                let mask = MaskingConfig::small().draw(frames, &mut Noise::new(5, "short", 0, i));
                assert!(mask.find.iter().all(|f| f.len() == frames));
            }
        }
    }
}
