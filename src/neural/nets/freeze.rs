//! Networks that others are trained through, and that must not be trained themselves.
//!
//! A frozen copy shares its memory with the network it was made of, so it follows when that one is loaded; but no
//! gradient is worked out for its weights, which saves a third of its backward pass.

use crate::nets::blocks::{Attention, Block, Conv, Embedding, LayerNorm, Linear, Mlp};
use candle_core::Tensor;

/// Cuts the weights off from training.
pub trait Freeze {
    fn freeze(&mut self);

    /// A copy that is cut off.
    fn frozen(&self) -> Self
    where
        Self: Clone,
    {
        let mut copy = self.clone();
        copy.freeze();
        copy
    }
}

impl Freeze for Tensor {
    fn freeze(&mut self) {
        *self = self.detach();
    }
}

impl<T: Freeze> Freeze for Option<T> {
    fn freeze(&mut self) {
        self.iter_mut().for_each(T::freeze);
    }
}

impl<T: Freeze> Freeze for Vec<T> {
    fn freeze(&mut self) {
        self.iter_mut().for_each(T::freeze);
    }
}

impl<T: Freeze, const N: usize> Freeze for [T; N] {
    fn freeze(&mut self) {
        self.iter_mut().for_each(T::freeze);
    }
}

impl<A: Freeze, B: Freeze> Freeze for (A, B) {
    fn freeze(&mut self) {
        self.0.freeze();
        self.1.freeze();
    }
}

/// Freezes the named fields of a struct, each of which can be frozen.
macro_rules! freeze_fields {
    ($type:ty: $($field:ident),+) => {
        impl $crate::nets::freeze::Freeze for $type {
            fn freeze(&mut self) {
                $($crate::nets::freeze::Freeze::freeze(&mut self.$field);)+
            }
        }
    };
}
pub(crate) use freeze_fields;

freeze_fields!(Linear: weight, bias);
freeze_fields!(LayerNorm: weight, bias);
freeze_fields!(Embedding: table);
freeze_fields!(Conv: weight, bias);
freeze_fields!(Attention: query, key, value, out);
freeze_fields!(Block: norm, attention, cross, norm_ff, up, down, adapt);
freeze_fields!(Mlp: first, second);
