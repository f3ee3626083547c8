use super::*;
use crate::nets::testing::{CPU, largest_difference, numbers, random, speech, tiny_speech, without_gradient};

#[test]
fn every_input_reaches_the_features_and_every_weight_gets_a_gradient() -> Result<()> {
    let (params, config) = (Params::new(1), tiny_speech());
    let net = SpeechEncoder::new(&params, "speech", &config)?;
    let input = speech(2, 20, &config, 3);
    let hide = Tensor::from_vec((0..40).map(|i| f32::from(u8::from(i % 7 == 0))).collect(), (2, 20, 1), &CPU)?;
    let instead = random(&[1, 1, 24], 9);
    let y = net.forward(&input, Some(Hide { at: &hide, instead: &instead }), None)?;
    assert_eq!(y.dims(), [2, 20, 24]);
    assert_eq!(without_gradient(&params, &(&y * random(&[2, 20, 24], 5))?.sum_all()?), Vec::<String>::new());
    let plain = net.forward(&input, None, None)?;
    let other = speech(2, 20, &config, 4);
    for changed in [
        SpeechInput { signal: other.signal.clone(), ..input.clone() },
        SpeechInput { wavlm: other.wavlm.clone(), ..input.clone() },
        SpeechInput { text: other.text.clone(), ..input.clone() },
    ] {
        assert!(largest_difference(&net.forward(&changed, None, None)?, &plain) > 1e-3);
    }
    Ok(())
}

#[test]
fn what_an_encoder_takes_and_does_not_get_is_an_error() -> Result<()> {
    let config = tiny_speech();
    let net = SpeechEncoder::new(&Params::new(1), "speech", &config)?;
    let input = speech(1, 10, &config, 3);
    for broken in [SpeechInput { wavlm: None, ..input.clone() }, SpeechInput { text: None, ..input.clone() }] {
        assert!(net.forward(&broken, None, None).is_err());
    }
    let deaf = SpeechConfig { wavlm: 0, text: None, ..config };
    SpeechEncoder::new(&Params::new(1), "speech", &deaf)?.forward(&input, None, None)?;
    Ok(())
}

#[test]
fn frames_in_another_order_take_their_words_along() -> Result<()> {
    let config = tiny_speech();
    let input = speech(1, 10, &config, 3);
    let order: Vec<u32> = (5..10).chain(0..5).collect();
    let moved = input.with_frames(&Tensor::new(order, &CPU)?)?;
    let (old, new) = (input.signal.get(0)?, moved.signal.get(0)?);
    assert_eq!(numbers(&old.get(7)?), numbers(&new.get(2)?));
    let words = |s: &SpeechInput| s.text.as_ref().unwrap().word_of_frame.get(0).unwrap().to_vec1::<u32>().unwrap();
    assert_eq!(words(&input), [0, 1, 1, 1, 1, 0, 2, 2, 2, 2]);
    assert_eq!(words(&moved), [0, 2, 2, 2, 2, 0, 1, 1, 1, 1]);
    Ok(())
}

#[test]
fn the_papers_sizes_are_built() -> Result<()> {
    let params = Params::new(1);
    SpeechEncoder::new(&params, "speech", &SpeechConfig { text: None, ..SpeechConfig::paper() })?;
    let (w, f) = (384, 1024);
    let block = 4 * (w * w + w) + 2 * w * f + f + w + 4 * w;
    assert_eq!(params.count(), 34 * w + w + 1024 * w + w + 2 * block + 2 * w);
    Ok(())
}
