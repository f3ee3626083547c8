//! How often the right gesture is found for a speech, and the right speech for a gesture.
//!
//! Recall at rank k in per cent, as in contextual-gesture, appendix F and table 4: over all clips, and the mean over
//! batches of 32 drawn at random, since speech and gesture do not pair one to one over a whole corpus.

use crate::nets::noise::Noise;
use serde::{Deserialize, Serialize};

/// The ranks of table 4.
pub const RANKS: [usize; 5] = [1, 2, 3, 5, 10];
/// The size of the small batches of table 4.
pub const SMALL_BATCH: usize = 32;

/// Recall at [`RANKS`], per cent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Recall {
    pub speech_to_gesture: [f64; RANKS.len()],
    pub gesture_to_speech: [f64; RANKS.len()],
    /// Clips that were asked for.
    pub n: usize,
}

/// Recall over all clips. `speech` and `gesture` are unit vectors, clip `i` of one belongs to clip `i` of the other.
/// Of equal similarities the wrong one counts as better, so that a constant encoder finds nothing.
pub fn recall(speech: &[Vec<f32>], gesture: &[Vec<f32>]) -> Recall {
    let n = speech.len().min(gesture.len());
    let mut out = Recall { n, ..Default::default() };
    for i in 0..n {
        let rank = |query: &[f32], among: &[Vec<f32>]| {
            let own = dot(query, &among[i]);
            among[..n].iter().enumerate().filter(|&(j, other)| j != i && dot(query, other) >= own).count()
        };
        let ranks = [rank(&speech[i], gesture), rank(&gesture[i], speech)];
        for (list, rank) in [&mut out.speech_to_gesture, &mut out.gesture_to_speech].into_iter().zip(ranks) {
            for (r, k) in list.iter_mut().zip(RANKS) {
                *r += if rank < k { 1.0 } else { 0.0 };
            }
        }
    }
    let share = |hits: f64| 100.0 * hits / n.max(1) as f64;
    out.speech_to_gesture = out.speech_to_gesture.map(share);
    out.gesture_to_speech = out.gesture_to_speech.map(share);
    out
}

/// Mean recall over batches of `size` clips, as many as there are whole ones, drawn by `seed`. Clips that do not fill a
/// batch are left out; fewer than `size` clips are one batch.
pub fn recall_in_batches(speech: &[Vec<f32>], gesture: &[Vec<f32>], size: usize, seed: u64) -> Recall {
    let n = speech.len().min(gesture.len());
    let mut order: Vec<usize> = (0..n).collect();
    Noise::new(seed, "retrieval batches", 0, 0).shuffle(&mut order);
    let size = size.clamp(1, n.max(1));
    let mut out = Recall::default();
    for batch in order.chunks_exact(size) {
        let pick = |all: &[Vec<f32>]| batch.iter().map(|&i| all[i].clone()).collect::<Vec<_>>();
        let one = recall(&pick(speech), &pick(gesture));
        for (sum, x) in out.speech_to_gesture.iter_mut().zip(one.speech_to_gesture) {
            *sum += x;
        }
        for (sum, x) in out.gesture_to_speech.iter_mut().zip(one.gesture_to_speech) {
            *sum += x;
        }
        out.n += size;
    }
    let batches = (out.n / size).max(1) as f64;
    out.speech_to_gesture.iter_mut().chain(&mut out.gesture_to_speech).for_each(|x| *x /= batches);
    out
}

/// The `count` clips of a library that are most like `query`, with their cosine, best first; equals in order.
pub fn nearest(query: &[f32], library: &[Vec<f32>], count: usize) -> Vec<(usize, f32)> {
    let mut all: Vec<(usize, f32)> = library.iter().enumerate().map(|(i, v)| (i, dot(query, v))).collect();
    all.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    all.truncate(count);
    all
}

fn dot(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn axes(n: usize) -> Vec<Vec<f32>> {
        (0..n).map(|i| (0..n).map(|k| if i == k { 1.0 } else { 0.0 }).collect()).collect()
    }

    #[test]
    fn perfect_constant_and_shifted_encoders_score_as_they_should() {
        let all = axes(12);
        let perfect = recall(&all, &all);
        assert!(perfect.speech_to_gesture.iter().chain(&perfect.gesture_to_speech).all(|r| (r - 100.0).abs() < 1e-9));
        let constant = vec![vec![1.0; 12]; 12];
        assert_eq!(recall(&constant, &constant).speech_to_gesture, [0.0; 5]);
        // Every gesture is second best for its speech: the one before it is better.
        let gestures: Vec<Vec<f32>> = (0..12)
            .map(|i| {
                (0..12)
                    .map(|k| {
                        if k == i {
                            0.6
                        } else if k == (i + 1) % 12 {
                            0.8
                        } else {
                            0.0
                        }
                    })
                    .collect()
            })
            .collect();
        let r = recall(&all, &gestures);
        assert_eq!(r.speech_to_gesture.map(|x| x.round()), [0.0, 100.0, 100.0, 100.0, 100.0]);
        assert_eq!(r.n, 12);
    }

    #[test]
    fn small_batches_are_easier_than_all() {
        let mut noise = Noise::new(1, "test", 0, 0);
        let speech: Vec<Vec<f32>> = (0..200).map(|_| (0..8).map(|_| noise.normal()).collect()).collect();
        let gesture: Vec<Vec<f32>> =
            speech.iter().map(|v| v.iter().map(|x| x + 1.5 * noise.normal()).collect()).collect();
        let (all, small) = (recall(&speech, &gesture), recall_in_batches(&speech, &gesture, 32, 5));
        assert!(small.speech_to_gesture[0] > 2.0 * all.speech_to_gesture[0], "{all:?} {small:?}");
        assert_eq!(small.n, 192);
        assert_eq!(small, recall_in_batches(&speech, &gesture, 32, 5));
    }

    #[test]
    fn the_nearest_come_first() {
        let found = nearest(&[1.0, 0.0], &[vec![0.0, 1.0], vec![0.9, 0.1], vec![1.0, 0.0]], 2);
        assert_eq!(found.iter().map(|f| f.0).collect::<Vec<_>>(), [2, 1]);
    }
}
