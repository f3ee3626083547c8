//! The training loop.
//!
//! A [`Task`] says what the loss of a step is; the [`Trainer`] does the rest: gradients, the step, the moving
//! average, evaluations, checkpoints, the log, and stopping when asked, when time is up or when numbers go wrong.
//! A run that is stopped and resumed gives the same bits as one that is not, on any number of threads.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use candle_core::Tensor;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use serde_json::Value;

use super::checkpoint::Checkpoint;
use super::log::{Line, Log};
use super::store::io;
use super::{AdamW, Ema, Error, Params, Result, TrainConfig, gradients};

/// File of the checkpoint in the folder of a run.
pub const CHECKPOINT: &str = "checkpoint.safetensors";
/// File of the log in the folder of a run.
pub const LOG: &str = "log.jsonl";
/// Steps within which every weight must have had a gradient once, also those that may rest.
const PATIENCE: u64 = 200;

/// What is to be learnt.
pub trait Task {
    /// The losses of step `step` (from 0). Everything random must come from `rng`, which is fresh in each step and
    /// follows from the seed and the step; so must the choice of the batch.
    fn loss(&mut self, params: &Params, step: u64, rng: &mut ChaCha8Rng) -> Result<Losses>;

    /// Whether this weight may go without a gradient in a step, as in a network that uses another part each time.
    fn may_rest(&self, _name: &str) -> bool {
        false
    }

    /// Called after the weights have moved, with the same `rng` as before: the place to move codebooks.
    fn after_step(&mut self, _params: &Params, _step: u64, _rng: &mut ChaCha8Rng) -> Result<()> {
        Ok(())
    }

    /// Measures of the network after `step` steps, with the averaged weights in place.
    fn evaluate(&mut self, _params: &Params, _step: u64) -> Result<BTreeMap<String, f64>> {
        Ok(BTreeMap::new())
    }

    /// What the task itself must remember over a stop; `Null` if nothing.
    fn state(&self) -> Value {
        Value::Null
    }

    /// Takes back what [`Task::state`] gave.
    fn restore(&mut self, _state: &Value) -> Result<()> {
        Ok(())
    }
}

/// A sum of weighted losses.
#[derive(Default)]
pub struct Losses {
    parts: Vec<(String, Tensor)>,
    total: Option<Tensor>,
}

impl Losses {
    /// Adds `weight` times `loss`, a scalar, under `name`.
    pub fn add(&mut self, name: &str, weight: f64, loss: Tensor) -> Result<()> {
        let weighted = if weight == 1.0 { loss.clone() } else { (&loss * weight)? };
        self.total = Some(match self.total.take() {
            Some(total) => (total + weighted)?,
            None => weighted,
        });
        self.parts.push((name.to_owned(), loss.detach()));
        Ok(())
    }
}

/// Where a run stands.
pub struct Progress<'a> {
    /// Steps done.
    pub step: u64,
    /// Steps of the whole run.
    pub of: u64,
    /// The loss that is followed.
    pub total: f64,
    /// Its parts by name, before their weights.
    pub losses: &'a BTreeMap<String, f64>,
    /// Size of the last step.
    pub lr: f64,
    /// Length of the last gradient before clipping.
    pub grad_norm: f64,
    /// Over the last steps; 0 until there are two.
    pub steps_per_second: f64,
    /// Until the last step or the end of the time allowed, whichever is nearer.
    pub left: Option<Duration>,
    /// The evaluation after this step, if there was one.
    pub evaluation: Option<&'a BTreeMap<String, f64>>,
}

/// Why a run stopped without an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// All steps are done.
    Done,
    /// The flag was set; a checkpoint is written.
    Cancelled,
    /// The minutes are up; a checkpoint is written.
    OutOfTime,
}

/// A run: a network, its optimiser, and the folder where it is kept.
pub struct Trainer {
    params: Params,
    config: TrainConfig,
    folder: PathBuf,
    step: u64,
    adam: AdamW,
    ema: Option<Ema>,
    unmoved: BTreeSet<String>,
}

/// Random numbers of step `step`.
fn step_rng(seed: u64, step: u64) -> ChaCha8Rng {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(step);
    rng
}

impl Trainer {
    /// A new run of a network whose parameters are all made. What an earlier run left in `folder` is replaced.
    pub fn new(params: &Params, config: TrainConfig, folder: &Path) -> Result<Self> {
        config.check()?;
        std::fs::create_dir_all(folder).map_err(io(folder))?;
        for name in [CHECKPOINT, LOG] {
            let path = folder.join(name);
            if path.exists() {
                std::fs::remove_file(&path).map_err(io(&path))?;
            }
        }
        let ema = if config.ema > 0.0 { Some(Ema::new(params)?) } else { None };
        let unmoved = params.weights().into_iter().map(|(name, _)| name).collect();
        Ok(Self {
            params: params.clone(),
            config,
            folder: folder.to_owned(),
            step: 0,
            adam: AdamW::default(),
            ema,
            unmoved,
        })
    }

    /// Goes on with the run kept in `folder`. `params` must be those of the same network, `change` may move the
    /// limits (steps, minutes, how often things are done).
    pub fn resume(
        params: &Params,
        folder: &Path,
        task: &mut dyn Task,
        change: impl FnOnce(&mut TrainConfig),
    ) -> Result<Self> {
        let saved = Checkpoint::read(&folder.join(CHECKPOINT))?;
        let mut config = saved.config;
        let had_ema = config.ema > 0.0;
        change(&mut config);
        config.check()?;
        params.restore(&saved.values)?;
        let ema = match (config.ema > 0.0, had_ema) {
            (false, _) => None,
            (true, false) => Some(Ema::new(params)?),
            (true, true) => {
                let mut ema = Ema::new(params)?;
                ema.restore(&saved.ema)?;
                Some(ema)
            }
        };
        task.restore(&saved.task)?;
        Ok(Self {
            params: params.clone(),
            config,
            folder: folder.to_owned(),
            step: saved.step,
            adam: AdamW::from_state(saved.adam, params.device())?,
            ema,
            unmoved: saved.unmoved.into_iter().collect(),
        })
    }

    /// Steps done.
    pub fn step(&self) -> u64 {
        self.step
    }

    /// The averaged weights with all buffers, or the weights themselves in a run without an average: what
    /// [`Params::restore`] takes and what should be used from now on.
    pub fn result(&self) -> Result<BTreeMap<String, Tensor>> {
        let mut all = self.params.snapshot()?;
        if let Some(ema) = &self.ema {
            all.extend(ema.weights()?);
        }
        Ok(all)
    }

    /// Writes a checkpoint.
    pub fn save(&self, task: &dyn Task) -> Result<()> {
        let unmoved = self.unmoved.iter().cloned().collect();
        let (ema, state) = (self.ema.as_ref(), task.state());
        let checkpoint = Checkpoint::take(self.step, &self.config, &self.params, &self.adam, ema, unmoved, state)?;
        checkpoint.write(&self.folder.join(CHECKPOINT))
    }

    /// Trains until all steps are done, `cancel` is set or the time is up, and leaves a checkpoint. After an error
    /// the last checkpoint is still there.
    pub fn run(
        &mut self,
        task: &mut dyn Task,
        cancel: &AtomicBool,
        progress: &mut dyn FnMut(&Progress),
    ) -> Result<Ended> {
        let begun = Instant::now();
        let mut log = Log::open(&self.folder.join(LOG), self.step)?;
        let limit = self.config.minutes.map(|m| m * 60.0);
        let mut recent = VecDeque::from([0.0]);
        while self.step < self.config.steps {
            let now = begun.elapsed().as_secs_f64();
            let ended = if cancel.load(Ordering::Relaxed) {
                Some(Ended::Cancelled)
            } else {
                limit.filter(|limit| now >= *limit).map(|_| Ended::OutOfTime)
            };
            if let Some(ended) = ended {
                self.save(task)?;
                return Ok(ended);
            }
            let (total, losses, grad_norm, lr) = self.one(task)?;
            let seconds = begun.elapsed().as_secs_f64();
            recent.push_back(seconds);
            if recent.len() > 32 {
                recent.pop_front();
            }
            let due = |every: u64| self.step == self.config.steps || (every > 0 && self.step.is_multiple_of(every));
            let (evaluate, save) = (due(self.config.evaluate_every), due(self.config.checkpoint_every));
            if due(self.config.log_every) {
                let losses = losses.clone();
                log.write(&Line::Step { step: self.step, lr, total, losses, grad_norm, seconds })?;
            }
            let evaluation = if evaluate { Some(self.evaluate(task)?) } else { None };
            if let Some(evaluation) = &evaluation {
                // JSON knows no infinity and no NaN: a measure that is none is left out.
                let finite = evaluation.iter().filter(|(_, x)| x.is_finite());
                let evaluation = finite.map(|(name, x)| (name.clone(), *x)).collect();
                log.write(&Line::Evaluation { step: self.step, evaluation })?;
            }
            if save {
                self.save(task)?;
            }
            let span = recent.back().zip(recent.front()).map_or(0.0, |(b, a)| b - a);
            let rate = if span > 0.0 { (recent.len() - 1) as f64 / span } else { 0.0 };
            let by_steps = (rate > 0.0).then(|| (self.config.steps - self.step) as f64 / rate);
            let by_time = limit.map(|limit| (limit - seconds).max(0.0));
            let left = by_steps.into_iter().chain(by_time).reduce(f64::min);
            progress(&Progress {
                step: self.step,
                of: self.config.steps,
                total,
                losses: &losses,
                lr,
                grad_norm,
                steps_per_second: rate,
                left: left.and_then(|s| Duration::try_from_secs_f64(s).ok()),
                evaluation: evaluation.as_ref(),
            });
        }
        Ok(Ended::Done)
    }

    /// Measures the averaged weights as they are now.
    pub fn evaluate(&self, task: &mut dyn Task) -> Result<BTreeMap<String, f64>> {
        match &self.ema {
            Some(ema) => ema.during(&self.params, || task.evaluate(&self.params, self.step)),
            None => task.evaluate(&self.params, self.step),
        }
    }

    /// One step.
    fn one(&mut self, task: &mut dyn Task) -> Result<(f64, BTreeMap<String, f64>, f64, f64)> {
        let wrong = |what: String, step: u64| Error::Diverged { step, what };
        let mut rng = step_rng(self.config.seed, self.step);
        let losses = task.loss(&self.params, self.step, &mut rng)?;
        let mut parts = BTreeMap::new();
        for (name, loss) in &losses.parts {
            let value = f64::from(loss.to_scalar::<f32>()?);
            if !value.is_finite() {
                return Err(wrong(format!("loss {name} is {value}"), self.step));
            }
            parts.insert(name.clone(), value);
        }
        let total = losses.total.ok_or(Error::NoLoss)?;
        let value = f64::from(total.to_scalar::<f32>()?);
        if !value.is_finite() {
            return Err(wrong(format!("the sum of the losses is {value}"), self.step));
        }
        let grads = gradients(&total, &self.params, |name| task.may_rest(name))?;
        drop(total);
        let norm = match grads.norm() {
            Err(Error::NotFinite(what)) => return Err(wrong(format!("{what} is not finite"), self.step)),
            norm => norm?,
        };
        let lr = self.config.lr_at(self.step);
        self.adam.step(&grads, norm, lr, &self.config)?;
        if !self.unmoved.is_empty() {
            for grad in &grads.all {
                self.unmoved.remove(&grad.name);
            }
            if self.step >= PATIENCE && !self.unmoved.is_empty() {
                return Err(Error::NoGradient(self.unmoved.iter().cloned().collect()));
            }
        }
        drop(grads);
        if let Some(ema) = &mut self.ema {
            ema.update(&self.params, self.config.ema_at(self.step))?;
        }
        task.after_step(&self.params, self.step, &mut rng)?;
        self.step += 1;
        Ok((value, parts, norm, lr))
    }
}
