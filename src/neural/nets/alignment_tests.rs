use super::*;
use crate::nets::retrieval::recall;
use crate::nets::testing::{Adam, CPU, motion, number, numbers, speech, tiny_block, tiny_speech, without_gradient};

fn tiny() -> AlignmentConfig {
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

fn batch(b: usize, t: usize, config: &AlignmentConfig) -> AlignmentBatch {
    AlignmentBatch {
        speech: speech(b, t, &config.speech, 1),
        face: motion(b, t, config.face, 2),
        body: motion(b, t, config.body, 3),
        beats: Tensor::from_vec((0..b * t).map(|i| u32::from(i % 5 == 0)).collect(), (b, t), &CPU).unwrap(),
        valid: None,
        segments: vec![(0..t / 5).map(|i| 5 * i).collect(); b],
    }
}

#[test]
fn every_weight_gets_a_gradient_and_chance_comes_from_the_noise() -> Result<()> {
    let (config, params) = (tiny(), Params::new(1));
    let net = Alignment::new(&params, &config)?;
    let batch = batch(4, 20, &config);
    let losses = |seed| net.losses(&batch, &mut Noise::new(seed, "alignment", 0, 0));
    let one = losses(1)?;
    assert_eq!(without_gradient(&params, &one.total), Vec::<String>::new());
    assert_eq!(number(&one.total), number(&losses(1)?.total));
    assert_ne!(number(&one.total), number(&losses(2)?.total));
    // Eight speeches to choose from in one direction, four in the other.
    for contrast in &one.contrast {
        assert!((0.5..4.0).contains(&number(contrast)), "{}", number(contrast));
    }
    Ok(())
}

#[test]
fn eq_1_by_hand() -> Result<()> {
    let params = Params::new(1);
    let config = AlignmentConfig { temperature: 0.5, learn_temperature: false, ..tiny() };
    let net = Alignment::new(&params, &config)?;
    let speech = Tensor::new(&[[1.0_f32, 0.0], [0.0, 1.0]], &CPU)?;
    let gesture = Tensor::new(&[[0.6_f32, 0.8], [0.0, 1.0]], &CPU)?;
    let loss = number(&net.contrast(0, &speech, &gesture, None)?);
    // Scores of gesture i and speech j over the temperature.
    let s = [[1.2_f32, 1.6], [0.0, 2.0]];
    let row = |i: usize| (s[i][0].exp() + s[i][1].exp()).ln() - s[i][i];
    let column = |i: usize| (s[0][i].exp() + s[1][i].exp()).ln() - s[i][i];
    assert!((loss - (row(0) + row(1) + column(0) + column(1)) / 4.0).abs() < 1e-5);
    // A shuffled copy equal to the true speech costs ln 2 in one direction; one that may not count costs nothing.
    let shuffled = |penalty: f32| {
        let penalty = Tensor::from_vec(vec![penalty; 2], (1, 2), &CPU)?;
        Ok::<_, candle_core::Error>(number(&net.contrast(0, &speech, &gesture, Some((speech.clone(), &penalty)))?))
    };
    assert!((shuffled(0.0)? - loss - 2.0_f32.ln() / 2.0).abs() < 1e-5);
    assert!((shuffled(-1e9)? - loss).abs() < 1e-5);
    Ok(())
}

#[test]
fn segments_change_their_order_and_stay_whole() {
    for seed in 0..50 {
        let mut noise = Noise::new(seed, "segments", 0, 0);
        let order = shuffle_segments(&[0, 3, 4, 9], 12, &mut noise).unwrap();
        let mut sorted = order.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, (0..12).collect::<Vec<_>>());
        assert_ne!(order, sorted);
        for segment in [0..3, 3..4, 4..9, 9..12] {
            let at = order.iter().position(|&f| f == segment.start).unwrap();
            assert_eq!(order[at..at + segment.len()], segment.collect::<Vec<_>>());
        }
    }
    let mut noise = Noise::new(1, "segments", 0, 0);
    assert_eq!(shuffle_segments(&[], 12, &mut noise), None);
    assert_eq!(shuffle_segments(&[0, 12, 99], 12, &mut noise), None);
}

#[test]
fn the_same_third_of_the_time_is_hidden_in_whole_stretches() {
    let config = AlignmentConfig { hide: 0.3, hide_frames: 8, ..tiny() };
    let rows = hidden(50, 80, &config, &mut Noise::new(1, "hide", 0, 0));
    for row in rows.chunks(80) {
        assert_eq!(row.iter().sum::<f32>(), 24.0);
        assert!(row.chunks(8).all(|c| c.iter().all(|v| *v == c[0])));
    }
    assert_ne!(rows[..80], rows[80..160]);
}

#[test]
fn a_few_clips_are_learned_and_found_again_and_their_shuffled_speech_is_not_taken_for_them() -> Result<()> {
    let config = AlignmentConfig { hide: 0.1, ..tiny() };
    let params = Params::new(1);
    let net = Alignment::new(&params, &config)?;
    let batch = batch(6, 20, &config);
    let mut adam = Adam::default();
    for step in 0..60 {
        let losses = net.losses(&batch, &mut Noise::new(7, "alignment", step, 0))?;
        adam.step(&params, &losses.total, 0.004)?;
    }
    let rows = |x: Tensor| x.to_vec2::<f32>();
    for (pair, motion) in [(&net.face, &batch.face), (&net.body, &batch.body)] {
        let (speech, gesture) =
            (rows(pair.embed_speech(&batch.speech, None, None)?)?, rows(pair.embed_gesture(motion, None)?)?);
        let found = recall(&speech, &gesture);
        assert!(found.speech_to_gesture[0] == 100.0 && found.gesture_to_speech[0] == 100.0, "{found:?}");
        let (shuffled, _) = net.shuffled(&batch, &mut Noise::new(99, "held out", 0, 0))?;
        let shuffled = rows(pair.embed_speech(&shuffled, None, None)?)?;
        let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f32>();
        let better = (0..6).filter(|&i| dot(&gesture[i], &speech[i]) > dot(&gesture[i], &shuffled[i])).count();
        assert!(better >= 5, "{better} of 6");
    }
    Ok(())
}

#[test]
fn padding_changes_no_embedding() -> Result<()> {
    let config = AlignmentConfig { speech: SpeechConfig { convolutions: 0, ..tiny_speech() }, ..tiny() };
    let net = Alignment::new(&Params::new(1), &config)?;
    let whole = batch(1, 20, &config);
    let valid = Tensor::from_vec((0..20).map(|t| f32::from(u8::from(t < 12))).collect(), (1, 20), &CPU)?;
    let padded = numbers(&net.body.embed_gesture(&whole.body, Some(&valid))?);
    let short = numbers(&net.body.embed_gesture(&whole.body.narrow(1, 0, 12)?.contiguous()?, None)?);
    assert!(padded.iter().zip(&short).all(|(a, b)| (a - b).abs() < 1e-5));
    Ok(())
}

#[test]
fn speech_encoders_are_copied_where_they_fit() -> Result<()> {
    let (config, from) = (tiny(), Params::new(1));
    let net = Alignment::new(&from, &config)?;
    let to = Params::new(2);
    let copy = SpeechEncoder::new(&to, "speech_face", &config.speech)?;
    let input = speech(1, 10, &config.speech, 5);
    assert_ne!(numbers(&copy.forward(&input, None, None)?), numbers(&net.face.speech.forward(&input, None, None)?));
    assert_eq!(copy_weights(&from, "face.speech.", &to, "speech_face.")?, to.weights().len());
    assert_eq!(numbers(&copy.forward(&input, None, None)?), numbers(&net.face.speech.forward(&input, None, None)?));
    assert_eq!(copy_weights(&from, "nobody.", &to, "speech_face.")?, 0);
    Ok(())
}
