//! From speech to tokens, step by step: generation, regeneration of a stretch, long speech.
//!
//! - **Paper**: contextual-gesture, appendices D and E: all tokens masked but those that are known; in each of five steps
//!   (table 3d) the surest are kept and the rest is masked again, by a cosine schedule; then the residual generator,
//!   book by book. Section 4.4: long speech in windows, each beginning with the last frames of the one before.
//! - **Here** besides: guidance (the logits lead away from those without speech and cues), temperature with Gumbel noise,
//!   and the contract of an edit: a frame that may not be changed keeps its base *and* residual tokens.
//!
//! **Chance.** The noise of a token is a stream of its own, keyed by (seed, step, 2 × frame + part): it does not matter
//! which windows a performance is cut into, in how many threads tokens are sampled, or where the logits come from. On
//! another device logits differ in the last bits, and then a close call can fall the other way.
//!
//! The loop knows no tensors: logits come from a [`Predictor`], the networks of this room or an engine of the same.

use crate::nets::noise::Noise;
use crate::nets::windows::{Window, plan};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::ops::{ControlFlow, Range};

/// How to generate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DecodeConfig {
    pub seed: u64,
    /// Steps in which the base tokens are found; the paper's best are 5 (table 3d).
    pub steps: usize,
    /// 0 takes the likeliest token always; 1 draws as the network says; more is wilder.
    pub temperature: f32,
    /// As above, for the residual tokens.
    pub residual_temperature: f32,
    /// 1 takes the network as it is, more leads it further away from what it says without speech and cues.
    pub guidance: f32,
    pub residual_guidance: f32,
    /// Share of the codes that can be drawn, the likeliest; MoMask's 0.1.
    pub top: f32,
    /// How much chance is in which tokens are kept first, against their probability; MaskGIT's 4.5 at temperature 1.
    pub order_noise: f32,
    /// Frames of a window, as in training.
    pub window: usize,
    /// Frames that a window takes over from the one before.
    pub overlap: usize,
    /// Frames at the end of a window that the next one generates again, because it hears what comes after them.
    pub look_ahead: usize,
}

impl Default for DecodeConfig {
    fn default() -> Self {
        Self {
            seed: 0,
            steps: 5,
            temperature: 1.0,
            residual_temperature: 0.0,
            guidance: 1.0,
            residual_guidance: 1.0,
            top: 0.1,
            order_noise: 1.0,
            window: 80,
            overlap: 16,
            look_ahead: 8,
        }
    }
}

/// Logits of face and body for one window, frame after frame, `codes` of each.
#[derive(Clone, Debug, Default)]
pub struct Logits {
    pub with: [Vec<f32>; 2],
    /// Without speech and cues; none where no guidance was asked for.
    pub without: Option<[Vec<f32>; 2]>,
}

/// Whoever finds logits: the networks through candle, or a plain engine over the same weights.
pub trait Predictor {
    /// Speech and conditions of a window, worked out once.
    type Window;
    type Error: std::error::Error + 'static;

    /// Frames of the performance.
    fn frames(&self) -> usize;
    /// Codes of a book.
    fn codes(&self) -> usize;
    /// Books: the base and the residuals.
    fn books(&self) -> usize;
    /// Prepares a stretch of frames; `guided` says that logits without speech and cues will be asked for too (of the
    /// base, of the residuals).
    fn prepare(&self, frames: Range<usize>, guided: [bool; 2]) -> Result<Self::Window, Self::Error>;
    /// Logits of the base tokens. `tokens` holds one token per frame of face and body, [`Predictor::codes`] where it is
    /// to be found.
    fn base(&self, window: &mut Self::Window, tokens: [&[u32]; 2]) -> Result<Logits, Self::Error>;
    /// Logits of book `book` (1 to the last). `tokens` holds `books` tokens per frame, of which the first `book` count.
    fn residual(&self, window: &mut Self::Window, book: usize, tokens: [&[u32]; 2]) -> Result<Logits, Self::Error>;
}

/// Tokens of a performance, of face and body: `books` per frame, frame after frame.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Tokens {
    pub books: usize,
    pub parts: [Vec<u32>; 2],
}

impl Tokens {
    /// All zeros.
    pub fn new(frames: usize, books: usize) -> Self {
        Self { books, parts: [vec![0; frames * books], vec![0; frames * books]] }
    }

    pub fn frames(&self) -> usize {
        self.parts[0].len() / self.books.max(1)
    }

    /// The tokens of a frame of face (0) or body (1).
    pub fn at(&self, part: usize, frame: usize) -> &[u32] {
        &self.parts[part][frame * self.books..(frame + 1) * self.books]
    }
}

/// What came out.
#[derive(Clone, Debug, PartialEq)]
pub struct Decoded {
    pub tokens: Tokens,
    /// Probability of each base token of face and body when it was kept; 1 where it was known.
    pub confidence: [Vec<f32>; 2],
    /// Mean probability of the residual tokens of a frame; 1 where they were known.
    pub residual_confidence: [Vec<f32>; 2],
}

/// Why nothing came out.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError<E: std::error::Error + 'static> {
    /// The tokens, the frames that may change and the speech are not of one length.
    #[error("{what} has {got} frames, the speech has {want}")]
    Length { what: &'static str, got: usize, want: usize },
    /// The tokens are of another network.
    #[error("the tokens have {got} books, the network {want}")]
    Books { got: usize, want: usize },
    /// A known token is beyond the codebook.
    #[error("token {token} at frame {frame} is beyond the {codes} codes of the network")]
    Token { token: u32, frame: usize, codes: usize },
    /// The caller said stop.
    #[error("stopped")]
    Stopped,
    /// The network failed.
    #[error(transparent)]
    Network(#[from] E),
}

/// Finds the tokens of all frames that may change (`change`, of face and body); all others are taken from `known` and
/// not touched. `progress` hears how many of how many passes through the networks are done, and may stop.
pub fn decode<P: Predictor>(
    predictor: &P,
    known: &Tokens,
    change: [&[bool]; 2],
    config: &DecodeConfig,
    progress: &mut dyn FnMut(usize, usize) -> ControlFlow<()>,
) -> Result<Decoded, DecodeError<P::Error>> {
    let (frames, codes) = (predictor.frames(), predictor.codes());
    check(predictor, known, change)?;
    let mut out = Decoded {
        tokens: known.clone(),
        confidence: [vec![1.0; frames], vec![1.0; frames]],
        residual_confidence: [vec![1.0; frames], vec![1.0; frames]],
    };
    let mut open = change.map(<[bool]>::to_vec);
    let either: Vec<bool> = (0..frames).map(|t| open[0][t] || open[1][t]).collect();
    let windows = plan(&either, config.window, config.overlap, config.look_ahead);
    let passes = config.steps.max(1) + known.books - 1;
    let mut done = 0;
    let mut step_done = || {
        done += 1;
        match progress(done, windows.len() * passes) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(DecodeError::Stopped),
        }
    };
    for window in &windows {
        let guided = [config.guidance != 1.0, config.residual_guidance != 1.0];
        let mut prepared = predictor.prepare(window.frames.clone(), guided)?;
        let mut work = Work::new(window, &out.tokens, &open, codes);
        for step in 0..config.steps.max(1) {
            if work.is_open() {
                let logits = predictor.base(&mut prepared, [&work.base[0], &work.base[1]])?;
                work.take_surest(&logits, step, config);
            }
            step_done()?;
        }
        let mut tokens = work.with_residuals(&out.tokens);
        let mut sure = [vec![0.0_f32; window.frames.len()], vec![0.0; window.frames.len()]];
        for book in 1..known.books {
            let logits = predictor.residual(&mut prepared, book, [&tokens.parts[0], &tokens.parts[1]])?;
            for part in 0..2 {
                let found = work.residual(&logits, part, book, config);
                for (t, (token, p)) in found.into_iter().enumerate() {
                    if work.mine[part][t] {
                        tokens.parts[part][t * known.books + book] = token;
                        sure[part][t] += p / (known.books - 1) as f32;
                    }
                }
            }
            step_done()?;
        }
        for frame in window.keep.clone() {
            let t = frame - window.frames.start;
            for part in 0..2 {
                if open[part][frame] {
                    out.tokens.parts[part][frame * known.books..(frame + 1) * known.books]
                        .copy_from_slice(tokens.at(part, t));
                    out.confidence[part][frame] = work.confidence[part][t];
                    out.residual_confidence[part][frame] = if known.books > 1 { sure[part][t] } else { 1.0 };
                    open[part][frame] = false;
                }
            }
        }
    }
    Ok(out)
}

fn check<P: Predictor>(predictor: &P, known: &Tokens, change: [&[bool]; 2]) -> Result<(), DecodeError<P::Error>> {
    let (want, books) = (predictor.frames(), predictor.books());
    if known.books != books || known.parts.iter().any(|p| p.len() % books.max(1) != 0) {
        return Err(DecodeError::Books { got: known.books, want: books });
    }
    let lengths = [
        ("the tokens of the face", known.parts[0].len() / books.max(1)),
        ("the tokens of the body", known.parts[1].len() / books.max(1)),
        ("what may change of the face", change[0].len()),
        ("what may change of the body", change[1].len()),
    ];
    for (what, got) in lengths {
        if got != want {
            return Err(DecodeError::Length { what, got, want });
        }
    }
    let codes = predictor.codes();
    for (part, change) in known.parts.iter().zip(change) {
        for (i, &token) in part.iter().enumerate() {
            if token as usize >= codes && !change[i / books] {
                return Err(DecodeError::Token { token, frame: i / books, codes });
            }
        }
    }
    Ok(())
}

/// The tokens of one window while they are being found.
struct Work {
    first: usize,
    codes: usize,
    /// Base tokens as the network sees them.
    base: [Vec<u32>; 2],
    /// Frames that are generated here, whether found yet or not.
    mine: [Vec<bool>; 2],
    /// Frames that are not found yet.
    open: [Vec<bool>; 2],
    confidence: [Vec<f32>; 2],
}

impl Work {
    fn new(window: &Window, tokens: &Tokens, open: &[Vec<bool>; 2], codes: usize) -> Self {
        let frames = window.frames.clone();
        let mine = [0, 1].map(|part| open[part][frames.clone()].to_vec());
        let base = [0, 1].map(|part| {
            frames.clone().map(|f| if open[part][f] { codes as u32 } else { tokens.at(part, f)[0] }).collect()
        });
        let confidence = [vec![1.0; frames.len()], vec![1.0; frames.len()]];
        Self { first: frames.start, codes, base, open: mine.clone(), mine, confidence }
    }

    fn is_open(&self) -> bool {
        self.open.iter().flatten().any(|o| *o)
    }

    fn key(&self, part: usize, t: usize) -> u64 {
        2 * (self.first + t) as u64 + part as u64
    }

    /// Draws a token for every open frame and keeps the surest: as many that after this step the cosine schedule's
    /// share of all is left.
    fn take_surest(&mut self, logits: &Logits, step: usize, config: &DecodeConfig) {
        let steps = config.steps.max(1);
        let progress = (step + 1) as f32 / steps as f32;
        for part in 0..2 {
            let all = self.mine[part].iter().filter(|m| **m).count();
            let left = if step + 1 == steps {
                0
            } else {
                (all as f32 * (progress * std::f32::consts::FRAC_PI_2).cos()) as usize
            };
            let open: Vec<usize> = (0..self.open[part].len()).filter(|&t| self.open[part][t]).collect();
            let mut drawn: Vec<(usize, u32, f32, f32)> = open
                .par_iter()
                .map(|&t| {
                    let mut noise = Noise::new(config.seed, "base", step as u64, self.key(part, t));
                    let row = guided(logits, part, t, self.codes, config.guidance);
                    let (token, p) = draw(&row, config.temperature, config.top, &mut noise);
                    let shake = config.order_noise * config.temperature * (1.0 - progress);
                    let order = p.max(1e-9).ln() + if shake > 0.0 { shake * noise.gumbel() } else { 0.0 };
                    (t, token, p, order)
                })
                .collect();
            drawn.sort_by(|a, b| b.3.total_cmp(&a.3).then(a.0.cmp(&b.0)));
            for (t, token, p, _) in drawn.into_iter().take(open.len().saturating_sub(left)) {
                self.base[part][t] = token;
                self.confidence[part][t] = p;
                self.open[part][t] = false;
            }
        }
    }

    /// The window's tokens of all books: found base tokens, known residuals, zeros where residuals are to be found.
    fn with_residuals(&self, tokens: &Tokens) -> Tokens {
        let mut out = Tokens::new(self.base[0].len(), tokens.books);
        for part in 0..2 {
            for t in 0..self.base[part].len() {
                let to = &mut out.parts[part][t * tokens.books..(t + 1) * tokens.books];
                if !self.mine[part][t] {
                    to.copy_from_slice(tokens.at(part, self.first + t));
                }
                to[0] = self.base[part][t];
            }
        }
        out
    }

    fn residual(&self, logits: &Logits, part: usize, book: usize, config: &DecodeConfig) -> Vec<(u32, f32)> {
        (0..self.mine[part].len())
            .into_par_iter()
            .map(|t| {
                if !self.mine[part][t] {
                    return (0, 1.0);
                }
                let mut noise = Noise::new(config.seed, "residual", book as u64, self.key(part, t));
                let row = guided(logits, part, t, self.codes, config.residual_guidance);
                draw(&row, config.residual_temperature, config.top, &mut noise)
            })
            .collect()
    }
}

/// The logits of a frame, led away from those without speech and cues.
fn guided(logits: &Logits, part: usize, t: usize, codes: usize, guidance: f32) -> Vec<f32> {
    let row = t * codes..(t + 1) * codes;
    let with = &logits.with[part][row.clone()];
    match &logits.without {
        Some(without) if guidance != 1.0 => {
            with.iter().zip(&without[part][row]).map(|(w, o)| o + guidance * (w - o)).collect()
        }
        _ => with.to_vec(),
    }
}

/// Draws a code, and says what probability the network gives it (at temperature 1, over all codes).
fn draw(logits: &[f32], temperature: f32, top: f32, noise: &mut Noise) -> (u32, f32) {
    let largest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let total: f32 = logits.iter().map(|l| (l - largest).exp()).sum();
    let probability = |code: usize| (logits[code] - largest).exp() / total;
    let best = |score: &mut dyn FnMut(usize) -> f32, codes: &[usize]| {
        let mut best = (codes.first().copied().unwrap_or(0), f32::NEG_INFINITY);
        for &code in codes {
            let s = score(code);
            if s > best.1 {
                best = (code, s);
            }
        }
        best.0
    };
    let mut codes: Vec<usize> = (0..logits.len()).collect();
    let code = if temperature <= 0.0 {
        best(&mut |c| logits[c], &codes)
    } else {
        let count = ((top * logits.len() as f32).ceil() as usize).clamp(1, logits.len().max(1));
        if count < codes.len() {
            codes.select_nth_unstable_by(count - 1, |&a, &b| logits[b].total_cmp(&logits[a]).then(a.cmp(&b)));
            codes.truncate(count);
            // In order of their codes, so that each gets the same noise whichever way they were selected.
            codes.sort_unstable();
        }
        best(&mut |c| logits[c] / temperature + noise.gumbel(), &codes)
    };
    (code as u32, probability(code))
}

#[cfg(test)]
#[path = "decode_tests.rs"]
mod tests;
