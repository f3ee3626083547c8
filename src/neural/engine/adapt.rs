//! Scales and shifts that come from outside: who signs, which gloss, how far the decoding is.

/// What a row of scale and shift is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Per {
    /// One row for each sequence.
    Sequence,
    /// One row for each frame of each sequence.
    Frame,
}

/// Rows of 2c values, c of scale and c of shift: y = x (1 + scale) + shift.
#[derive(Clone, Copy, Debug)]
pub struct Rows<'a> {
    /// (sequences, 2c) or (sequences, frames, 2c).
    pub values: &'a [f32],
    /// Which of the two.
    pub per: Per,
}

impl Rows<'_> {
    /// Scale and shift of a frame.
    pub(super) fn at(&self, c: usize, sequence: usize, frame: usize, frames: usize) -> (&[f32], &[f32]) {
        let row = match self.per {
            Per::Sequence => sequence,
            Per::Frame => sequence * frames + frame,
        };
        self.values[row * 2 * c..][..2 * c].split_at(c)
    }

    pub(super) fn fits(&self, c: usize, sequences: usize, frames: usize) -> bool {
        let rows = match self.per {
            Per::Sequence => sequences,
            Per::Frame => sequences * frames,
        };
        self.values.len() == rows * 2 * c
    }
}

/// The scales and shifts of one layer; none anywhere by default.
#[derive(Clone, Copy, Debug, Default)]
pub struct Adapt<'a> {
    /// After the norm before self-attention.
    pub attention: Option<Rows<'a>>,
    /// After the norm before attention to the speech.
    pub cross: Option<Rows<'a>>,
    /// After the norm before the feed-forward part.
    pub feed: Option<Rows<'a>>,
    /// Of what the feed-forward part adds.
    pub fed: Option<Rows<'a>>,
    /// Of the frames themselves, after the layer.
    pub after: Option<Rows<'a>>,
}

impl<'a> Adapt<'a> {
    pub(super) fn all(&self) -> impl Iterator<Item = Rows<'a>> {
        [self.attention, self.cross, self.feed, self.fed, self.after].into_iter().flatten()
    }
}
