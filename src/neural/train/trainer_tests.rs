//! Tests of the loop: it learns, resumes bit for bit, and stops for every reason.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;

use candle_core::{Device, Tensor};
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};

use super::*;
use crate::ops::{attention, conv1d, gelu, layer_norm, linear, smooth_l1};

/// A small network of every operation that learns to shift a random sequence, with a buffer that follows its outputs
/// and a count that only the task knows.
struct Shift {
    net: BTreeMap<&'static str, Tensor>,
    mean: Buffer,
    seen: u64,
    spoil_at: Option<u64>,
}

impl Shift {
    fn new(p: &Params) -> Self {
        let c = 8;
        let mut net = BTreeMap::new();
        let mut w = |name: &'static str, dims: &[usize], init| net.insert(name, p.weight(name, dims, init).unwrap());
        w("in", &[c, 2], Init::Kaiming);
        w("conv", &[c, 3, c], Init::Kaiming);
        w("norm.w", &[c], Init::Ones);
        w("norm.b", &[c], Init::Zeros);
        w("out", &[2, c], Init::Normal(0.1));
        w("out.b", &[2], Init::Zeros);
        let mean = p.buffer("mean", 2, Init::Zeros).unwrap();
        Self { net, mean, seen: 0, spoil_at: None }
    }

    fn forward(&self, x: &Tensor) -> Result<Tensor> {
        let w = |name: &str| &self.net[name];
        let h = linear(x, w("in"), None)?;
        let h = (&h + gelu(&conv1d(&h, w("conv"), None, 1)?)?)?;
        let n = layer_norm(&h, w("norm.w"), w("norm.b"), 1e-5)?;
        let h = (h + attention(&n, &n, &n, 2, None)?)?;
        Ok(linear(&h, w("out"), Some(w("out.b")))?)
    }

    fn batch(rng: &mut ChaCha8Rng) -> Tensor {
        Tensor::from_vec((0..4 * 50 * 2).map(|_| rng.random::<f32>() - 0.5).collect(), (4, 50, 2), &Device::Cpu)
            .unwrap()
    }
}

impl Task for Shift {
    fn loss(&mut self, _: &Params, step: u64, rng: &mut ChaCha8Rng) -> Result<Losses> {
        let x = Self::batch(rng);
        let y = self.forward(&x)?.narrow(1, 1, 49)?;
        let mut losses = Losses::default();
        losses.add("shift", 1.0, smooth_l1(&y, &x.narrow(1, 0, 49)?, 0.1)?)?;
        losses.add("size", 1e-3, y.sqr()?.mean_all()?)?;
        if self.spoil_at == Some(step) {
            losses.add("spoilt", 1.0, (self.net["out.b"].sum_all()? * f64::NAN)?)?;
        }
        Ok(losses)
    }

    fn after_step(&mut self, _: &Params, _: u64, rng: &mut ChaCha8Rng) -> Result<()> {
        self.seen += 1;
        let y = self.forward(&Self::batch(rng))?.mean((0, 1))?;
        self.mean.set(&((self.mean.get() * 0.9)? + (y * 0.1)?)?)?;
        Ok(())
    }

    fn evaluate(&mut self, _: &Params, step: u64) -> Result<BTreeMap<String, f64>> {
        let w = self.net["out"].sqr()?.sum_all()?.to_scalar::<f32>()?;
        Ok([("size".to_owned(), f64::from(w)), ("seen".to_owned(), step as f64), ("none".to_owned(), f64::NAN)].into())
    }

    fn state(&self) -> Value {
        json!(self.seen)
    }

    fn restore(&mut self, state: &Value) -> Result<()> {
        self.seen = state.as_u64().unwrap();
        Ok(())
    }
}

fn config(steps: u64) -> TrainConfig {
    TrainConfig {
        steps,
        lr: 0.02,
        warm_up: 3,
        decay: 0.05,
        ema: 0.9,
        evaluate_every: 5,
        checkpoint_every: 5,
        ..Default::default()
    }
}

fn never() -> AtomicBool {
    AtomicBool::new(false)
}

/// Every bit of a run: weights, averages and the buffer.
fn bits(trainer: &Trainer, params: &Params) -> Vec<(String, Vec<u32>)> {
    let of = |all: BTreeMap<String, Tensor>| {
        all.into_iter().map(|(name, t)| {
            let values = t.flatten_all().unwrap().to_vec1::<f32>().unwrap();
            (name, values.into_iter().map(f32::to_bits).collect())
        })
    };
    of(params.snapshot().unwrap()).chain(of(trainer.result().unwrap())).collect()
}

#[test]
fn ten_steps_are_five_and_five_bit_for_bit_on_any_threads() {
    let on = |n: usize| rayon::ThreadPoolBuilder::new().num_threads(n).build().unwrap();
    let dir = tempfile::tempdir().unwrap();
    let start = || {
        let params = Params::new(4);
        let task = Shift::new(&params);
        (params, task)
    };
    let whole = on(1).install(|| {
        let (params, mut task) = start();
        let mut trainer = Trainer::new(&params, config(10), &dir.path().join("a")).unwrap();
        assert_eq!(trainer.run(&mut task, &never(), &mut |_| {}).unwrap(), Ended::Done);
        bits(&trainer, &params)
    });
    for (first, second) in [(1, 1), (2, 3)] {
        let folder = dir.path().join(format!("b{first}"));
        on(first).install(|| {
            let (params, mut task) = start();
            let mut trainer = Trainer::new(&params, config(10), &folder).unwrap();
            let stop = never();
            let ended = trainer.run(&mut task, &stop, &mut |p| {
                stop.store(p.step == 5, std::sync::atomic::Ordering::Relaxed);
            });
            assert_eq!((ended.unwrap(), trainer.step()), (Ended::Cancelled, 5));
        });
        on(second).install(|| {
            let params = Params::new(99);
            let mut task = Shift::new(&params);
            let mut trainer = Trainer::resume(&params, &folder, &mut task, |_| {}).unwrap();
            assert_eq!((trainer.step(), task.seen), (5, 5));
            assert_eq!(trainer.run(&mut task, &never(), &mut |_| {}).unwrap(), Ended::Done);
            assert_eq!(task.seen, 10);
            assert!(bits(&trainer, &params) == whole, "{first} then {second} threads");
        });
        let steps = |name: &str| {
            let lines = read_log(&dir.path().join(name).join(LOG)).unwrap().into_iter();
            lines
                .filter_map(|l| if let Line::Step { step, total, .. } = l { Some((step, total)) } else { None })
                .collect::<Vec<_>>()
        };
        assert_eq!(steps(&format!("b{first}")), steps("a"), "the log goes on as if nothing had been");
    }
}

#[test]
fn it_learns_and_tells_how_it_goes() {
    let dir = tempfile::tempdir().unwrap();
    let params = Params::new(2);
    let mut task = Shift::new(&params);
    let mut trainer = Trainer::new(&params, config(120), dir.path()).unwrap();
    let (mut told, mut rate) = (Vec::new(), 0.0);
    trainer
        .run(&mut task, &never(), &mut |p| {
            told.push(p.losses["shift"]);
            rate = p.steps_per_second;
            assert_eq!((p.step as usize, p.of), (told.len(), 120));
            assert_eq!(p.evaluation.is_some(), p.step % 5 == 0);
            assert!(p.left.is_some() && p.grad_norm > 0.0);
        })
        .unwrap();
    let mean = |x: &[f64]| x.iter().sum::<f64>() / x.len() as f64;
    assert!(mean(&told[110..]) < 0.5 * mean(&told[..3]), "{} to {}", told[0], told[119]);
    assert!(rate > 0.0);
    let log = read_log(&dir.path().join(LOG)).unwrap();
    assert_eq!(log.len(), 120 + 24);
    let Line::Evaluation { evaluation, .. } = &log[log.len() - 1] else { panic!("{:?}", log.last()) };
    assert_eq!(evaluation.len(), 2, "what is no number is left out");
    let last = params.tied("out").unwrap().sqr().unwrap().sum_all().unwrap().to_scalar::<f32>().unwrap();
    assert!(evaluation["size"] != f64::from(last), "the averaged weights are measured, and the others put back");
    let averaged = trainer.result().unwrap()["out"].sqr().unwrap().sum_all().unwrap().to_scalar::<f32>().unwrap();
    assert_eq!(evaluation["size"], f64::from(averaged));
}

#[test]
fn it_stops_at_what_is_no_number_and_keeps_the_checkpoint() {
    let dir = tempfile::tempdir().unwrap();
    let params = Params::new(2);
    let mut task = Shift { spoil_at: Some(7), ..Shift::new(&params) };
    let mut trainer = Trainer::new(&params, config(20), dir.path()).unwrap();
    let e = trainer.run(&mut task, &never(), &mut |_| {}).unwrap_err().to_string();
    assert!(e.contains("step 7") && e.contains("loss spoilt is NaN"), "{e}");
    let trainer = Trainer::resume(&params, dir.path(), &mut task, |_| {}).unwrap();
    assert_eq!(trainer.step(), 5);
}

#[test]
fn it_stops_when_time_is_up_and_can_go_on_longer() {
    let dir = tempfile::tempdir().unwrap();
    let params = Params::new(2);
    let mut task = Shift::new(&params);
    let limited = TrainConfig { minutes: Some(0.0), ..config(20) };
    let mut trainer = Trainer::new(&params, limited, dir.path()).unwrap();
    assert_eq!(trainer.run(&mut task, &never(), &mut |_| {}).unwrap(), Ended::OutOfTime);
    let mut trainer = Trainer::resume(&params, dir.path(), &mut task, |c| (c.minutes, c.steps) = (None, 3)).unwrap();
    assert_eq!(trainer.run(&mut task, &never(), &mut |_| {}).unwrap(), Ended::Done);
    assert_eq!(trainer.step(), 3);
}

#[test]
fn a_weight_that_never_moves_is_found_even_where_rest_is_allowed() {
    struct Lazy(Tensor);
    impl Task for Lazy {
        fn loss(&mut self, _: &Params, _: u64, _: &mut ChaCha8Rng) -> Result<Losses> {
            let mut losses = Losses::default();
            losses.add("a", 1.0, self.0.sqr()?.sum_all()?)?;
            Ok(losses)
        }
        fn may_rest(&self, name: &str) -> bool {
            name == "b"
        }
    }
    let dir = tempfile::tempdir().unwrap();
    let params = Params::new(2);
    let mut task = Lazy(params.weight("a", 2, Init::Ones).unwrap());
    params.weight("b", 2, Init::Ones).unwrap();
    let quiet = TrainConfig { evaluate_every: 0, checkpoint_every: 0, log_every: 1000, ..config(400) };
    let mut trainer = Trainer::new(&params, quiet, dir.path()).unwrap();
    let e = trainer.run(&mut task, &never(), &mut |_| {}).unwrap_err();
    assert!(matches!(&e, Error::NoGradient(names) if *names == ["b"]), "{e}");
    assert_eq!(trainer.step(), 200);
}

#[test]
fn a_checkpoint_of_another_network_or_a_damaged_one_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let params = Params::new(2);
    let mut task = Shift::new(&params);
    Trainer::new(&params, config(3), dir.path()).unwrap().run(&mut task, &never(), &mut |_| {}).unwrap();
    let other = Params::new(2);
    other.weight("in", (9, 2), Init::Zeros).unwrap();
    let resume = |p: &Params, task: &mut Shift| Trainer::resume(p, dir.path(), task, |_| {}).err();
    assert!(matches!(resume(&other, &mut task), Some(Error::Misfit(_))));
    let path = dir.path().join(CHECKPOINT);
    params.save(&path, &json!({"kind": "weights"}), Precision::F32).unwrap();
    assert!(matches!(resume(&params, &mut task), Some(Error::Format { .. })));
}

#[test]
fn averages_follow_the_weights() {
    let params = Params::new(1);
    params.weight("a", (2, 2), Init::Ones).unwrap();
    let mut ema = Ema::new(&params).unwrap();
    let zeros = Tensor::zeros((2, 2), candle_core::DType::F32, &Device::Cpu).unwrap();
    params.restore(&[("a".to_owned(), zeros)].into()).unwrap();
    let mut want = 1.0_f32;
    for _ in 0..5 {
        ema.update(&params, 0.75).unwrap();
        want *= 0.75;
    }
    let have = ema.weights().unwrap()["a"].flatten_all().unwrap().to_vec1::<f32>().unwrap();
    assert!(have.iter().all(|x| (x - want).abs() < 1e-6), "{have:?} {want}");
    let inside = ema.during(&params, || Ok(params.tied("a")?.sum_all()?.to_scalar::<f32>()?)).unwrap();
    assert!((inside - 4.0 * want).abs() < 1e-6);
    assert_eq!(params.tied("a").unwrap().sum_all().unwrap().to_scalar::<f32>().unwrap(), 0.0);
}
