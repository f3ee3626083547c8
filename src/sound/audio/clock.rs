//! Where the time of playback comes from; tests bring their own.

use std::sync::Mutex;
use std::time::Instant;

/// A clock that only goes forward.
pub trait Clock: Send + Sync {
    /// Seconds since some fixed moment.
    fn now(&self) -> f64;
}

/// The computer's monotonic clock.
#[derive(Debug)]
pub struct Monotonic(Instant);

impl Default for Monotonic {
    fn default() -> Self {
        Self(Instant::now())
    }
}

impl Clock for Monotonic {
    fn now(&self) -> f64 {
        self.0.elapsed().as_secs_f64()
    }
}

/// A clock that moves only when it is told to.
#[derive(Debug, Default)]
pub struct Manual(Mutex<f64>);

impl Manual {
    /// Moves forward by `seconds`.
    pub fn advance(&self, seconds: f64) {
        *self.0.lock().unwrap_or_else(|e| e.into_inner()) += seconds.max(0.0);
    }
}

impl Clock for Manual {
    fn now(&self) -> f64 {
        *self.0.lock().unwrap_or_else(|e| e.into_inner())
    }
}
