use super::*;
use crate::nets::alignment::AlignmentConfig;
use crate::nets::quantiser::QuantiserConfig;
use crate::nets::rvq::RvqConfig;
use crate::nets::testing::{
    motion, random_tokens, speech, tiny_block, tiny_masked, tiny_residual, tiny_speech, token_batch,
};
use crate::train::{Ended, TrainConfig, Trainer};
use candle_core::{Device, Tensor};
use std::sync::atomic::AtomicBool;

/// Always the same batch, held out too.
struct Same<B>(B);

impl<B: Clone> Batches<B> for Same<B> {
    fn draw(&mut self, _: &mut Noise) -> Result<B> {
        Ok(self.0.clone())
    }
    fn held_out(&mut self) -> Result<Vec<B>> {
        Ok(vec![self.0.clone()])
    }
}

fn alignment_config() -> AlignmentConfig {
    AlignmentConfig {
        speech: tiny_speech(),
        face: 6,
        body: 4,
        block: tiny_block(),
        layers: 1,
        embedding: 16,
        ..AlignmentConfig::small()
    }
}

fn rvq_config() -> RvqConfig {
    let quantiser = QuantiserConfig {
        width: 8,
        codes: 12,
        layers: 3,
        decay: 0.9,
        dead_below: 0.1,
        layer_dropout: 0.2,
        learning: true,
    };
    RvqConfig { width: 16, teacher: 24, quantiser, ..RvqConfig::small(6) }
}

fn alignment_batch() -> AlignmentBatch {
    AlignmentBatch {
        speech: speech(4, 20, &tiny_speech(), 1),
        face: motion(4, 20, 6, 2),
        body: motion(4, 20, 4, 3),
        beats: random_tokens(&[4, 20], 2, 4),
        valid: None,
        segments: vec![vec![0, 5, 10]; 4],
    }
}

/// Trains `steps` steps, in one go or with a stop and a resume in the middle; measures and all values at the end.
fn train(
    make: &dyn Fn(&Params) -> Box<dyn Task>,
    ema: f64,
    stop: bool,
) -> (BTreeMap<String, f64>, Vec<(String, Vec<f32>)>) {
    let folder = tempfile::tempdir().unwrap();
    let config = TrainConfig { steps: 4, warm_up: 1, lr: 1e-3, ema, ..Default::default() };
    let mut measures = BTreeMap::new();
    let run = |trainer: &mut Trainer, task: &mut dyn Task, until: u64, measures: &mut BTreeMap<String, f64>| {
        let cancel = AtomicBool::new(false);
        trainer
            .run(task, &cancel, &mut |p| {
                if p.step == until {
                    cancel.store(true, std::sync::atomic::Ordering::Relaxed);
                }
                if let Some(evaluation) = p.evaluation {
                    measures.clone_from(evaluation);
                }
            })
            .unwrap()
    };
    let params = Params::new(1);
    let mut task = make(&params);
    let mut trainer = Trainer::new(&params, config, folder.path()).unwrap();
    let ended = run(&mut trainer, &mut *task, if stop { 2 } else { 99 }, &mut measures);
    let params = if stop {
        assert_eq!(ended, Ended::Cancelled);
        let params = Params::new(7);
        let mut task = make(&params);
        let mut trainer = Trainer::resume(&params, folder.path(), &mut *task, |_| {}).unwrap();
        assert_eq!(run(&mut trainer, &mut *task, 99, &mut measures), Ended::Done);
        params
    } else {
        params
    };
    let values = params.snapshot().unwrap().into_iter();
    (measures, values.map(|(name, x)| (name, x.flatten_all().unwrap().to_vec1().unwrap())).collect())
}

#[test]
fn every_task_trains_measures_and_resumes_to_the_same_bits() {
    let generator = tiny_masked().generator;
    let frozen = || {
        [6, 4].map(|input| {
            let net = Rvq::new(&Params::new(input as u64), &RvqConfig { input, teacher: 0, ..rvq_config() }).unwrap();
            let batch = RvqBatch { motion: motion(2, 20, input, 1), weight: None, valid: None, teacher: None };
            net.losses(&batch, Mode::Learn(&mut still())).unwrap();
            FrozenTokens::from(&net)
        })
    };
    let tokens = || {
        let mut batch = token_batch(4, 20, &tiny_masked().generator, 1);
        batch.motion = Some([motion(4, 20, 6, 2), motion(4, 20, 4, 3)]);
        Same(batch)
    };
    let alignment = |p: &Params| -> Box<dyn Task> {
        Box::new(AlignmentTask {
            net: Alignment::new(p, &alignment_config()).unwrap(),
            batches: Same(alignment_batch()),
        })
    };
    let rvq = |p: &Params| -> Box<dyn Task> {
        let teacher = Some(GestureEncoder::new(&Params::new(9), "teacher", 6, &tiny_block(), 1).unwrap());
        let batches = Same(RvqBatch { motion: motion(4, 20, 6, 2), weight: None, valid: None, teacher: None });
        Box::new(RvqTask { net: Rvq::new(p, &rvq_config()).unwrap(), teacher, batches })
    };
    let masked = |p: &Params| -> Box<dyn Task> {
        Box::new(MaskedTask {
            net: MaskedGenerator::new(p, &tiny_masked()).unwrap(),
            frozen: Some(frozen()),
            batches: tokens(),
        })
    };
    let residual = |p: &Params| -> Box<dyn Task> {
        Box::new(ResidualTask { net: ResidualGenerator::new(p, &tiny_residual()).unwrap(), batches: tokens() })
    };
    let style = |p: &Params| -> Box<dyn Task> {
        let masked = MaskedGenerator::new(&Params::new(1), &tiny_masked()).unwrap();
        let residual = ResidualGenerator::new(&Params::new(2), &tiny_residual()).unwrap();
        Box::new(StyleTask { fit: StyleFit::new(p, &masked, &residual).unwrap(), frozen: None, batches: tokens() })
    };
    let table: [(&str, &dyn Fn(&Params) -> Box<dyn Task>, f64, &[&str]); 5] = [
        ("alignment", &alignment, 0.99, &["beats", "contrast_body", "recall1", "recall10", "recall1_all_face"]),
        ("rvq", &rvq, 0.0, &["reconstruction", "perplexity0", "used2", "residual2", "distillation"]),
        ("masked", &masked, 0.99, &["entropy_face", "found_body", "motion"]),
        ("residual", &residual, 0.99, &["entropy1_face", "found2_body"]),
        ("style", &style, 0.0, &["total"]),
    ];
    for (name, make, ema, measured) in table {
        let (measures, values) = train(make, ema, false);
        for measure in measured {
            assert!(measures.get(*measure).is_some_and(|v| v.is_finite()), "{name}: {measure} of {measures:?}");
        }
        let (again, resumed) = train(make, ema, true);
        assert_eq!(again, measures, "{name}");
        for ((key, a), (other, b)) in values.iter().zip(&resumed) {
            assert!(key == other && a.iter().map(|v| v.to_bits()).eq(b.iter().map(|v| v.to_bits())), "{name}: {key}");
        }
    }
    let _ = (Device::Cpu, generator, Tensor::new(0.0_f32, &Device::Cpu).unwrap());
}
