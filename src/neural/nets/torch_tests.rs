//! Whole networks against twins in PyTorch with the same weights (`tests/scripts/make_nets_fixtures.py`).

use crate::nets::blocks::Dropout;
use crate::nets::condition::{ConditionInput, Identity, Keep};
use crate::nets::generator::GeneratorInput;
use crate::nets::masked::{MaskedConfig, MaskedGenerator};
use crate::nets::quantiser::QuantiserConfig;
use crate::nets::rvq::{Rvq, RvqConfig};
use crate::nets::speech::{SpeechConfig, SpeechInput};
use crate::nets::testing::{CPU, largest_difference, tiny_masked, tiny_speech};
use crate::train::Params;
use candle_core::{Result, Tensor};
use std::collections::{BTreeMap, HashMap};

fn fixtures() -> HashMap<String, Tensor> {
    candle_core::safetensors::load_buffer(include_bytes!("../../../tests/data/neural/torch_nets.safetensors"), &CPU)
        .unwrap()
}

/// Puts the twin's weights in; every one must be there, with its shape. Buffers without a twin stay.
fn load(params: &Params, prefix: &str) {
    let mut values: BTreeMap<String, Tensor> =
        params.buffers().into_iter().map(|(name, buffer)| (name, buffer.get())).collect();
    for (name, x) in fixtures() {
        if let Some(name) = name.strip_prefix(prefix) {
            values.insert(name.to_owned(), x);
        }
    }
    params.restore(&values).unwrap();
}

#[test]
fn the_masked_generator_is_its_twin() -> Result<()> {
    let speech = SpeechConfig { wavlm: 0, text: None, ..tiny_speech() };
    let mut config: MaskedConfig = tiny_masked();
    config.generator.speech = speech;
    let params = Params::new(1);
    let net = MaskedGenerator::new(&params, &config)?;
    load(&params, "masked/");
    let all = fixtures();
    let input = GeneratorInput {
        speech: SpeechInput { signal: all["masked:signal"].clone(), wavlm: None, text: None },
        condition: ConditionInput {
            identity: Some(Identity::Vector(all["masked:identity"].clone())),
            cues: None,
            source: Some(all["masked:source"].clone()),
        },
        valid: None,
    };
    let tokens = &all["masked:tokens"];
    let prepared = net.trunk.prepare(&input, &Keep::all(1))?;
    let logits = net.logits([&tokens.get(0)?, &tokens.get(1)?], &prepared, &mut Dropout::off())?;
    for (part, name) in ["masked:face", "masked:body"].into_iter().enumerate() {
        let off = largest_difference(&logits[part], &all[name]);
        assert!(off < 1e-4, "{name}: {off}");
    }
    Ok(())
}

#[test]
fn the_tokens_network_is_its_twin() -> Result<()> {
    let quantiser = QuantiserConfig {
        width: 8,
        codes: 12,
        layers: 3,
        decay: 0.9,
        dead_below: 0.1,
        layer_dropout: 0.0,
        learning: true,
    };
    let config = RvqConfig { width: 24, teacher: 0, dilations: vec![1, 2], quantiser, ..RvqConfig::small(6) };
    let params = Params::new(1);
    let net = Rvq::new(&params, &config)?;
    load(&params, "rvq/");
    let all = fixtures();
    assert!(largest_difference(&net.latent(&all["rvq:motion"])?, &all["rvq:latent"]) < 1e-5);
    let tokens = net.encode(&all["rvq:motion"])?;
    assert_eq!(tokens.flatten_all()?.to_vec1::<u32>()?, all["rvq:tokens"].flatten_all()?.to_vec1::<u32>()?);
    assert!(largest_difference(&net.decode(&tokens)?, &all["rvq:made"]) < 1e-5);
    Ok(())
}
