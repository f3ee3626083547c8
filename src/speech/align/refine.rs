//! Moves boundaries to where the sound changes.
use super::super::energy::Surroundings;
use crate::language::Utterance;

pub(crate) fn boundaries(_spans: &mut [(f64, f64)], _samples: &[f32], _utterance: &Utterance, _s: &Surroundings) {}
