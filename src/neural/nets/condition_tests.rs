use super::*;
use crate::nets::testing::{CPU, largest_difference, numbers, random, random_tokens, without_gradient};

fn encoder(params: &Params) -> ConditionEncoder {
    ConditionEncoder::new(params, "condition", 3, 7, 16).unwrap()
}

fn input() -> ConditionInput {
    ConditionInput {
        identity: Some(Identity::rows(&[0, 1, 2, 1], 3, &CPU).unwrap()),
        cues: Some(crate::nets::testing::cues(4, 20)),
        source: Some(random_tokens(&[4, 2], 7, 1)),
    }
}

#[test]
fn every_weight_gets_a_gradient_where_some_conditions_are_dropped() -> Result<()> {
    let params = Params::new(1);
    let net = encoder(&params);
    let half = vec![1.0, 0.0, 1.0, 1.0];
    let keep = Keep { speech: half.clone(), cues: half.clone(), identity: half.clone(), source: half };
    let y = net.forward(&input(), 4, 20, &keep)?;
    assert_eq!(y.dims(), [4, 20, 16]);
    let missing = without_gradient(&params, &(&y * random(&[4, 20, 16], 2))?.sum_all()?);
    assert_eq!(missing, Vec::<String>::new());
    Ok(())
}

#[test]
fn what_is_dropped_is_as_if_it_had_never_been_given() -> Result<()> {
    let net = encoder(&Params::new(1));
    let keep = Keep { speech: vec![0.0; 4], cues: vec![0.0; 4], identity: vec![0.0; 4], source: vec![0.0; 4] };
    let nothing = ConditionInput { identity: None, cues: None, source: None };
    let (a, b) = (net.forward(&input(), 4, 20, &keep)?, net.forward(&nothing, 4, 20, &Keep::all(4))?);
    assert!(largest_difference(&a, &b) < 1e-6);
    Ok(())
}

#[test]
fn every_part_of_a_cue_counts_in_its_frame_only() -> Result<()> {
    let net = encoder(&Params::new(1));
    let base = CueFrame { shape: 3, position: 2, next_shape: 5, next_position: 1, phase: 0.3, hold: false };
    let of = |cue: CueFrame| {
        let mut clip = vec![base; 6];
        clip[2] = cue;
        let cues = Some(CueInput::new(&[clip], &CPU)?);
        net.forward(&ConditionInput { identity: None, cues, source: None }, 1, 6, &Keep::all(1))
    };
    let plain = of(base)?;
    for changed in [
        CueFrame { shape: 4, ..base },
        CueFrame { position: 3, ..base },
        CueFrame { next_shape: 6, ..base },
        CueFrame { next_position: 2, ..base },
        CueFrame { phase: 0.6, ..base },
        CueFrame { hold: true, ..base },
        CueFrame::default(),
    ] {
        let difference = numbers(&(of(changed)? - &plain)?.abs()?.sum(2)?);
        assert!(difference.iter().enumerate().all(|(t, d)| (t == 2) == (*d > 1e-3)), "{changed:?}: {difference:?}");
    }
    // Values that no table holds count as none rather than failing.
    let odd = CueFrame { shape: 200, position: 99, phase: f32::NAN, ..Default::default() };
    assert!(numbers(&of(odd)?).iter().all(|v| v.is_finite()));
    assert!(CueInput::new(&[vec![base; 3], vec![base; 4]], &CPU).is_err());
    Ok(())
}

#[test]
fn identities_mix_in_a_straight_line_and_can_be_given_as_vectors() -> Result<()> {
    let net = encoder(&Params::new(1));
    let of = |identity| net.identity(&identity);
    let mix = of(Identity::mixtures(&[vec![(0, 1.0), (2, 3.0)]], 3, &CPU)?)?;
    let (a, c) = (of(Identity::rows(&[0], 3, &CPU)?)?, of(Identity::rows(&[2], 3, &CPU)?)?);
    assert!(largest_difference(&mix, &((a * 0.25)? + (c * 0.75)?)?) < 1e-6);
    let again = of(Identity::Vector(mix.squeeze(1)?))?;
    assert_eq!(numbers(&again), numbers(&mix));
    assert!(Identity::rows(&[3], 3, &CPU).is_err());
    Ok(())
}

#[test]
fn conditions_are_dropped_as_often_as_asked() {
    let keep = Keep::random(4000, 0.1, &mut Noise::new(1, "keep", 0, 0));
    let gone = |list: &[f32]| list.iter().filter(|k| **k == 0.0).count() as f32 / 4000.0;
    assert!((gone(&keep.identity) - 0.1).abs() < 0.02 && (gone(&keep.source) - 0.1).abs() < 0.02);
    assert!((gone(&keep.speech) - 0.19).abs() < 0.02 && (gone(&keep.cues) - 0.19).abs() < 0.02);
    let both = keep.speech.iter().zip(&keep.cues).filter(|(s, c)| **s == 0.0 && **c == 0.0).count() as f32 / 4000.0;
    assert!((both - 0.109).abs() < 0.02, "{both}: together by one draw, and both by chance");
}
