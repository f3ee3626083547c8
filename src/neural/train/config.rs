//! What a training run is told, and how its step size goes.

use serde::{Deserialize, Serialize};

use super::{Error, Result};

/// Settings of a run; all but the last four decide the numbers that come out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TrainConfig {
    /// Everything random follows from it.
    pub seed: u64,
    /// Steps of the whole run; the schedule ends there.
    pub steps: u64,
    /// Largest step size.
    pub lr: f64,
    /// Steps over which the step size rises evenly from 0.
    pub warm_up: u64,
    /// The step size falls along a cosine to this part of the largest.
    pub floor: f64,
    /// Decay of the mean gradient and of the mean squared gradient.
    pub betas: (f64, f64),
    /// Added to the root of the mean squared gradient.
    pub eps: f64,
    /// Decoupled weight decay, for weights of two and more dimensions: biases and scales keep their size.
    pub decay: f64,
    /// Longest gradient over all weights together; longer ones are shortened. 0 = as it comes.
    pub clip: f64,
    /// Decay of the moving average of the weights, 0 = none. It starts low: step n uses at most (1 + n) / (10 + n).
    pub ema: f64,
    /// Steps between two evaluations, 0 = only at the end.
    pub evaluate_every: u64,
    /// Steps between two checkpoints, 0 = only at the end.
    pub checkpoint_every: u64,
    /// Steps between two lines of the log.
    pub log_every: u64,
    /// Stop with a checkpoint after so many minutes of this sitting.
    pub minutes: Option<f64>,
}

impl Default for TrainConfig {
    fn default() -> Self {
        Self {
            seed: 1,
            steps: 2000,
            lr: 2e-4,
            warm_up: 100,
            floor: 0.1,
            betas: (0.9, 0.99),
            eps: 1e-8,
            decay: 0.01,
            clip: 1.0,
            ema: 0.999,
            evaluate_every: 200,
            checkpoint_every: 200,
            log_every: 1,
            minutes: None,
        }
    }
}

impl TrainConfig {
    /// The step size of step `step`, counted from 0.
    pub fn lr_at(&self, step: u64) -> f64 {
        if step < self.warm_up {
            return self.lr * (step + 1) as f64 / self.warm_up as f64;
        }
        let (done, all) = (step - self.warm_up, self.steps.saturating_sub(self.warm_up + 1).max(1));
        let way = (done as f64 / all as f64).min(1.0);
        let fall = 0.5 * (1.0 + (std::f64::consts::PI * way).cos());
        self.lr * (self.floor + (1.0 - self.floor) * fall)
    }

    /// The decay of the moving average after `step` steps.
    pub(super) fn ema_at(&self, step: u64) -> f64 {
        self.ema.min((1 + step) as f64 / (10 + step) as f64)
    }

    /// Refuses settings that cannot mean anything.
    pub fn check(&self) -> Result<()> {
        let part = |x: f64| (0.0..1.0).contains(&x);
        let size = |x: f64| x >= 0.0 && x.is_finite();
        let wrong = [
            (self.steps == 0, "steps"),
            (!(size(self.lr) && self.lr > 0.0), "lr"),
            (!(0.0..=1.0).contains(&self.floor), "floor"),
            (!part(self.betas.0) || !part(self.betas.1), "betas"),
            (!(size(self.eps) && self.eps > 0.0), "eps"),
            (!size(self.decay) || self.lr * self.decay >= 1.0, "decay"),
            (!size(self.clip), "clip"),
            (!part(self.ema), "ema"),
            (self.log_every == 0, "log_every"),
            (self.minutes.is_some_and(|m| m.is_nan() || m < 0.0), "minutes"),
        ];
        match wrong.iter().find(|(wrong, _)| *wrong) {
            Some((_, name)) => Err(Error::Config(name)),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn step_size_rises_then_falls_to_a_tenth() {
        let c = TrainConfig { steps: 1000, lr: 2.0, warm_up: 100, ..Default::default() };
        let all: Vec<f64> = (0..1000).map(|s| c.lr_at(s)).collect();
        assert!((all[0] - 0.02).abs() < 1e-12 && (all[99] - 2.0).abs() < 1e-12);
        assert!((all[100] - 2.0).abs() < 1e-12 && (all[999] - 0.2).abs() < 1e-12, "{}", all[999]);
        assert!((all[100 + 449] - 1.1).abs() < 0.01, "half way, half down");
        assert!(all[..100].is_sorted() && all[100..].iter().rev().is_sorted());
        assert!((c.lr_at(5000) - 0.2).abs() < 1e-12);
        assert!(TrainConfig { warm_up: 0, steps: 1, ..c }.lr_at(0).is_finite());
    }

    #[test]
    fn settings_without_sense_are_refused_by_name() {
        let good = TrainConfig::default();
        good.check().unwrap();
        let wrong = [
            (TrainConfig { lr: f64::NAN, ..good.clone() }, "lr"),
            (TrainConfig { steps: 0, ..good.clone() }, "steps"),
            (TrainConfig { betas: (0.9, 1.0), ..good.clone() }, "betas"),
            (TrainConfig { ema: 1.0, ..good.clone() }, "ema"),
            (TrainConfig { minutes: Some(-1.0), ..good.clone() }, "minutes"),
        ];
        for (config, name) in wrong {
            assert!(config.check().unwrap_err().to_string().contains(name));
        }
    }
}
