//! What can go wrong in training.

/// Result of everything in training.
pub type Result<T> = std::result::Result<T, Error>;

/// Why training, saving or loading stopped. Each text says what is wrong and with which name.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A name was asked for twice, or as a weight and as a buffer.
    #[error("parameter {0} is made twice; use `Params::tied` to share one")]
    Twice(String),
    /// A name that is not there.
    #[error("there is no parameter {0}")]
    Unknown(String),
    /// These weights got no gradient.
    #[error("no gradient reaches {}; an operation without a backward pass has cut the graph, or they are not used", .0.join(", "))]
    NoGradient(Vec<String>),
    /// A value is infinite or no number.
    #[error("{0} is not finite")]
    NotFinite(String),
    /// Training has gone wrong beyond repair.
    #[error("step {step}: {what}; a smaller step size or a lower clip may help, the last checkpoint is untouched")]
    Diverged {
        /// The step, from 0.
        step: u64,
        /// What was found.
        what: String,
    },
    /// A task gave nothing to follow.
    #[error("the task gave no loss")]
    NoLoss,
    /// A setting cannot mean anything.
    #[error("the setting {0} is out of range")]
    Config(&'static str),
    /// The file does not hold exactly the names and shapes of the network.
    #[error("weights do not fit: {0}")]
    Misfit(Misfit),
    /// The file is no weights file of this program.
    #[error("{path}: {what}")]
    Format {
        /// The file.
        path: String,
        /// What is wrong with it.
        what: String,
    },
    /// Reading or writing failed.
    #[error("{path}: {source}")]
    Io {
        /// The file.
        path: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// A tensor operation failed.
    #[error(transparent)]
    Tensor(#[from] candle_core::Error),
}

impl From<Error> for candle_core::Error {
    fn from(e: Error) -> Self {
        match e {
            Error::Tensor(e) => e,
            e => Self::wrap(e),
        }
    }
}

/// All differences between the names and shapes of a network and those of a file.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Misfit {
    /// In the network, not in the file.
    pub missing: Vec<String>,
    /// In the file, not in the network.
    pub unexpected: Vec<String>,
    /// In both, with the shape of the network and that of the file.
    pub misshaped: Vec<(String, Vec<usize>, Vec<usize>)>,
}

impl Misfit {
    pub(crate) fn is_empty(&self) -> bool {
        self.missing.is_empty() && self.unexpected.is_empty() && self.misshaped.is_empty()
    }
}

impl std::fmt::Display for Misfit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut parts = Vec::new();
        if !self.missing.is_empty() {
            parts.push(format!("missing: {}", self.missing.join(", ")));
        }
        if !self.unexpected.is_empty() {
            parts.push(format!("unexpected: {}", self.unexpected.join(", ")));
        }
        if !self.misshaped.is_empty() {
            let all: Vec<_> =
                self.misshaped.iter().map(|(n, want, have)| format!("{n} {have:?} for {want:?}")).collect();
            parts.push(format!("wrong shape: {}", all.join(", ")));
        }
        f.write_str(&parts.join("; "))
    }
}
