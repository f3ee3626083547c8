//! What steers a generator besides speech: who moves, which cues are shown, where the motion starts from.
//!
//! Three parts, each with a learned vector that stands in where it is missing or dropped, are added to one condition
//! per frame (b, t, width), which scales and shifts the channels of every block ([`super::blocks::Block`]).
//!
//! - **Identity** (contextual-gesture 3.2: AdaIN by speaker): a row of a table, a mixture of rows, or a fitted vector.
//! - **Source frame** (3.2: "the gesture token corresponding to the source image acts as the conditioning for all
//!   subsequent frames"): the base tokens of face and body of that frame.
//! - **Cue keys per frame** ([`CueFrame`]): our own; the papers know no Cued Speech.

use crate::nets::blocks::{Embedding, Linear, Mlp, replace_rows};
use crate::nets::freeze::freeze_fields;
use crate::nets::noise::Noise;
use crate::train::{Init, Params};
use candle_core::{Device, Result, Tensor, bail};
use serde::{Deserialize, Serialize};

/// Hand shapes that can be told apart, 0 for none.
pub const SHAPES: usize = 12;
/// Positions that can be told apart, 0 for none.
pub const POSITIONS: usize = 12;
/// Numbers per frame besides the four choices: is there a cue, phase, its sines and cosines of one and two half turns,
/// hold.
pub const CUE_SCALARS: usize = 7;

/// The cue of one frame. All 0 is a frame without a cue (rest, or co-speech gesture).
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct CueFrame {
    /// Hand shape that is shown or being formed, 1 to [`SHAPES`] − 1; 0 = none.
    pub shape: u8,
    /// Position that the hand is at or goes to, 1 to [`POSITIONS`] − 1; 0 = none.
    pub position: u8,
    /// Those of the next key; 0 = none.
    pub next_shape: u8,
    pub next_position: u8,
    /// Progress from the start of the movement to this key, over its hold, to the start of the next movement, 0 to 1.
    pub phase: f32,
    /// Whether the hand holds the key.
    pub hold: bool,
}

/// The cues of a batch as tensors.
#[derive(Clone, Debug)]
pub struct CueInput {
    /// (b, t, 4) u32: shape, position, next shape, next position.
    choices: Tensor,
    /// (b, t, [`CUE_SCALARS`]) f32.
    scalars: Tensor,
}

impl CueInput {
    /// All clips must have the same number of frames. Shapes and positions beyond the tables count as none.
    pub fn new(clips: &[Vec<CueFrame>], device: &Device) -> Result<Self> {
        let (b, t) = (clips.len(), clips.first().map_or(0, Vec::len));
        if clips.iter().any(|c| c.len() != t) {
            bail!("cues of clips of different lengths");
        }
        let (mut choices, mut scalars) = (Vec::with_capacity(b * t * 4), Vec::with_capacity(b * t * CUE_SCALARS));
        for cue in clips.iter().flatten() {
            let within = |v: u8, n: usize| if usize::from(v) < n { u32::from(v) } else { 0 };
            choices.extend([
                within(cue.shape, SHAPES),
                within(cue.position, POSITIONS),
                within(cue.next_shape, SHAPES),
                within(cue.next_position, POSITIONS),
            ]);
            let phase = if cue.phase.is_finite() { cue.phase.clamp(0.0, 1.0) } else { 0.0 };
            let angle = phase * std::f32::consts::PI;
            let there = f32::from(u8::from(cue.shape != 0 || cue.position != 0));
            let rest = [phase, angle.sin(), angle.cos(), (2.0 * angle).sin(), (2.0 * angle).cos()];
            scalars.push(there);
            scalars.extend(rest.map(|v| v * there));
            scalars.push(f32::from(u8::from(cue.hold)));
        }
        Ok(Self {
            choices: Tensor::from_vec(choices, (b, t, 4), device)?,
            scalars: Tensor::from_vec(scalars, (b, t, CUE_SCALARS), device)?,
        })
    }

    /// The cues of a stretch of frames.
    pub fn narrow(&self, start: usize, length: usize) -> Result<Self> {
        let cut = |x: &Tensor| x.narrow(1, start, length)?.contiguous();
        Ok(Self { choices: cut(&self.choices)?, scalars: cut(&self.scalars)? })
    }
}

/// Who moves.
#[derive(Clone, Debug)]
pub enum Identity {
    /// Weights of the rows of the table (b, identities): one row, or a mixture that adds up to 1.
    Rows(Tensor),
    /// Fitted vectors (b, width) or (1, width).
    Vector(Tensor),
}

impl Identity {
    /// One row per clip.
    pub fn rows(ids: &[u32], identities: usize, device: &Device) -> Result<Self> {
        let mixtures: Vec<Vec<(u32, f32)>> = ids.iter().map(|&id| vec![(id, 1.0)]).collect();
        Self::mixtures(&mixtures, identities, device)
    }

    /// A mixture of rows per clip, each brought to the sum 1.
    pub fn mixtures(clips: &[Vec<(u32, f32)>], identities: usize, device: &Device) -> Result<Self> {
        let mut weights = vec![0.0_f32; clips.len() * identities];
        for (row, parts) in weights.chunks_mut(identities.max(1)).zip(clips) {
            let sum: f32 = parts.iter().map(|p| p.1).sum();
            for &(id, weight) in parts {
                match row.get_mut(id as usize) {
                    Some(cell) => *cell += if sum.abs() > 1e-6 { weight / sum } else { weight },
                    None => bail!("there is no identity {id}, the table has {identities}"),
                }
            }
        }
        Ok(Self::Rows(Tensor::from_vec(weights, (clips.len(), identities), device)?))
    }
}

/// Which conditions stay, per clip: 1 keeps, 0 puts the stand-in in its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Keep {
    pub speech: Vec<f32>,
    pub cues: Vec<f32>,
    pub identity: Vec<f32>,
    pub source: Vec<f32>,
}

impl Keep {
    /// Everything stays.
    pub fn all(b: usize) -> Self {
        let ones = vec![1.0; b];
        Self { speech: ones.clone(), cues: ones.clone(), identity: ones.clone(), source: ones }
    }

    /// What guidance leads away from: nobody speaks and nothing is cued, but the same person from the same place.
    pub fn unguided(b: usize) -> Self {
        Self { speech: vec![0.0; b], cues: vec![0.0; b], ..Self::all(b) }
    }

    /// Drops each condition by itself with probability `each`, and speech and cues together with `each` again.
    pub fn random(b: usize, each: f32, noise: &mut Noise) -> Self {
        let mut out = Self::all(b);
        for k in 0..b {
            let both = noise.chance(each);
            let mut draw = |with: bool| if noise.chance(each) || with { 0.0 } else { 1.0 };
            out.speech[k] = draw(both);
            out.cues[k] = draw(both);
            out.identity[k] = draw(false);
            out.source[k] = draw(false);
        }
        out
    }
}

/// The conditions of a batch besides speech.
#[derive(Clone, Debug)]
pub struct ConditionInput {
    pub identity: Option<Identity>,
    pub cues: Option<CueInput>,
    /// (b, 2) u32: base tokens of face and body of the source frame.
    pub source: Option<Tensor>,
}

/// Makes one vector per frame of all conditions but speech.
#[derive(Clone, Debug)]
pub struct ConditionEncoder {
    identities: Embedding,
    no_identity: Tensor,
    source: [Embedding; 2],
    source_out: Linear,
    no_source: Tensor,
    shapes: Embedding,
    positions: Embedding,
    next_shapes: Embedding,
    next_positions: Embedding,
    scalars: Linear,
    cues_out: Mlp,
    no_cues: Tensor,
    width: usize,
}

freeze_fields!(ConditionEncoder: identities, no_identity, source, source_out, no_source, shapes, positions,
    next_shapes, next_positions, scalars, cues_out, no_cues);

impl ConditionEncoder {
    /// `identities` rows, `codes` base tokens per part, `width` channels.
    pub fn new(params: &Params, name: &str, identities: usize, codes: usize, width: usize) -> Result<Self> {
        let params = params.scope(name);
        let table = |name: &str, count: usize| Embedding::new(&params, name, count, width, 0.3);
        let none = |name: &str| params.weight(name, &[1, 1, width], Init::Normal(0.1));
        Ok(Self {
            identities: table("identities", identities)?,
            no_identity: none("no_identity")?,
            source: [table("source_face", codes)?, table("source_body", codes)?],
            source_out: Linear::new(&params, "source_out", width, width)?,
            no_source: none("no_source")?,
            shapes: table("shapes", SHAPES)?,
            positions: table("positions", POSITIONS)?,
            next_shapes: table("next_shapes", SHAPES)?,
            next_positions: table("next_positions", POSITIONS)?,
            scalars: Linear::new(&params, "scalars", CUE_SCALARS, width)?,
            cues_out: Mlp::new(&params, "cues_out", width, width, width)?,
            no_cues: none("no_cues")?,
            width,
        })
    }

    /// The vectors (b, 1, width) or (1, 1, width) of identities, as [`Identity::Vector`] takes them without the middle.
    pub fn identity(&self, identity: &Identity) -> Result<Tensor> {
        match identity {
            Identity::Rows(weights) => weights.matmul(&self.identities.table)?.unsqueeze(1),
            Identity::Vector(v) => v.unsqueeze(1),
        }
    }

    /// (b, t, width).
    pub fn forward(&self, input: &ConditionInput, b: usize, t: usize, keep: &Keep) -> Result<Tensor> {
        let w = self.width;
        let whole = |x: Tensor| x.broadcast_as((b, t, w))?.contiguous();
        let identity = match &input.identity {
            Some(identity) => {
                let v = self.identity(identity)?.broadcast_as((b, 1, w))?.contiguous()?;
                whole(replace_rows(&v, &self.no_identity, &keep.identity)?)?
            }
            None => whole(self.no_identity.clone())?,
        };
        let source = match &input.source {
            Some(tokens) => {
                let part = |k: usize| self.source[k].forward(&tokens.narrow(1, k, 1)?.contiguous()?);
                let v = self.source_out.forward(&(part(0)? + part(1)?)?)?;
                whole(replace_rows(&v, &self.no_source, &keep.source)?)?
            }
            None => whole(self.no_source.clone())?,
        };
        let cues = match &input.cues {
            Some(cues) => {
                let choice = |table: &Embedding, k: usize| {
                    table.forward(&cues.choices.narrow(2, k, 1)?.contiguous()?.squeeze(2)?)
                };
                let now = (choice(&self.shapes, 0)? + choice(&self.positions, 1)?)?;
                let next = (choice(&self.next_shapes, 2)? + choice(&self.next_positions, 3)?)?;
                let v = self.cues_out.forward(&((now + next)? + self.scalars.forward(&cues.scalars)?)?)?;
                replace_rows(&v, &self.no_cues, &keep.cues)?
            }
            None => whole(self.no_cues.clone())?,
        };
        (identity + source)? + cues
    }
}

#[cfg(test)]
#[path = "condition_tests.rs"]
mod tests;
