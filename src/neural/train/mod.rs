//! Training: parameters, optimiser, schedules, the loop, resume and log.

mod adamw;
mod checkpoint;
mod config;
mod ema;
mod error;
mod grads;
mod init;
mod log;
mod params;
mod store;
mod trainer;

pub use adamw::AdamW;
pub use config::TrainConfig;
pub use ema::Ema;
pub use error::{Error, Misfit, Result};
pub use grads::{Grad, Grads, gradients};
pub use init::{Init, normals};
pub use log::{Line, read_log};
pub use params::{Buffer, Params};
pub use store::Precision;
pub use trainer::{CHECKPOINT, Ended, LOG, Losses, Progress, Task, Trainer};

#[cfg(test)]
mod params_tests;
#[cfg(test)]
mod trainer_tests;
