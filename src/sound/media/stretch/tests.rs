use super::*;
use crate::progress::Silent;
use realfft::RealFftPlanner;
use std::f64::consts::TAU;

const RATE: u32 = 48_000;

fn whole(sound: &AudioBuffer, speed: f64) -> Vec<f32> {
    let frames = (sound.frames() as f64 / speed).round() as usize;
    stretch_range(sound, 0, sound.frames(), frames, &Silent).expect("nobody cancels")
}

fn tone(hz: f64, seconds: f64) -> Vec<f32> {
    let n = (seconds * f64::from(RATE)) as usize;
    (0..n).map(|i| (TAU * hz * i as f64 / f64::from(RATE)).sin() as f32 * 0.5).collect()
}

/// Frequency of the strongest partial, by a parabola through the logarithms around the peak of a Hann spectrum.
fn pitch(x: &[f32]) -> f64 {
    let n = x.len();
    let mut windowed: Vec<f32> =
        (0..n).map(|i| x[i] * (0.5 - 0.5 * (TAU * i as f64 / n as f64).cos()) as f32).collect();
    let fft = RealFftPlanner::<f32>::new().plan_fft_forward(n);
    let mut spectrum = fft.make_output_vec();
    fft.process(&mut windowed, &mut spectrum).unwrap();
    let power: Vec<f64> = spectrum.iter().map(|c| f64::from(c.norm_sqr()).max(1e-30).ln()).collect();
    let k = (1..power.len() - 1).max_by(|a, b| power[*a].total_cmp(&power[*b])).unwrap();
    let (a, b, c) = (power[k - 1], power[k], power[k + 1]);
    (k as f64 + (a - c) / (2.0 * (a - 2.0 * b + c))) * f64::from(RATE) / n as f64
}

fn rms(x: &[f32]) -> f64 {
    (x.iter().map(|v| f64::from(*v).powi(2)).sum::<f64>() / x.len() as f64).sqrt()
}

#[test]
fn a_tone_keeps_its_pitch_and_level_and_the_length_is_exact() {
    for hz in [110.0, 440.0, 3000.0] {
        let sound = AudioBuffer::from_mono(RATE, tone(hz, 2.0));
        for speed in [0.5, 0.7, 0.9, 1.3, 2.0] {
            let out = whole(&sound, speed);
            assert_eq!(out.len(), (96_000.0 / speed).round() as usize);
            let middle = &out[out.len() / 4..out.len() / 4 + 24_000];
            assert!((pitch(middle) - hz).abs() < hz * 0.002 + 0.2, "{hz} Hz at {speed}: {}", pitch(middle));
            let level = 20.0 * (rms(middle) / (0.5 / 2_f64.sqrt())).log10();
            assert!(level.abs() < 0.5, "{hz} Hz at {speed}: {level} dB");
        }
    }
}

/// Bursts of noise of 4 ms, at known times.
fn bursts(at: &[f64], seconds: f64) -> Vec<f32> {
    let mut samples = vec![0.0; (seconds * f64::from(RATE)) as usize];
    for t in at {
        let begin = (t * f64::from(RATE)) as usize;
        let mut state = 12_345_u32;
        for (i, sample) in samples[begin - 96..begin + 96].iter_mut().enumerate() {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let shape = (std::f32::consts::PI * i as f32 / 192.0).sin();
            *sample = (state >> 8) as f32 / 8_388_608.0 * shape - shape;
        }
    }
    samples
}

#[test]
fn what_happens_stays_where_it_belongs() {
    let times = [0.3, 0.55, 1.0, 1.21, 1.8];
    let sound = AudioBuffer::from_mono(RATE, bursts(&times, 2.2));
    for speed in [0.5, 0.75, 1.5, 2.0] {
        let out = whole(&sound, speed);
        for t in times {
            let middle = t / speed;
            let around = 0.06;
            let (a, b) = (((middle - around) * 48e3) as usize, ((middle + around) * 48e3) as usize);
            let energy: f64 = out[a..b].iter().map(|v| f64::from(*v).powi(2)).sum();
            let centre: f64 =
                out[a..b].iter().enumerate().map(|(i, v)| f64::from(*v).powi(2) * (a + i) as f64).sum::<f64>() / energy;
            let error = centre / 48e3 - middle;
            assert!(error.abs() < 0.004, "at {speed}, {t} s: {:.1} ms off", error * 1e3);
        }
    }
}

#[test]
fn sides_stay_apart_and_silence_stays_silent() {
    let (left, right) = (tone(440.0, 1.0), tone(1000.0, 1.0));
    let samples = left.iter().zip(&right).flat_map(|(l, r)| [*l, *r]).collect();
    let sound = AudioBuffer { rate: RATE, channels: 2, samples, warnings: Vec::new() };
    let out = whole(&sound, 0.6);
    let side = |c: usize| out.iter().skip(c).step_by(2).copied().collect::<Vec<_>>();
    assert!((pitch(&side(0)[24_000..48_000]) - 440.0).abs() < 1.0);
    assert!((pitch(&side(1)[24_000..48_000]) - 1000.0).abs() < 1.0);

    let one_side: Vec<f32> = left.iter().flat_map(|l| [*l, 0.0]).collect();
    let out = whole(&AudioBuffer { rate: RATE, channels: 2, samples: one_side, warnings: Vec::new() }, 0.5);
    assert!(out.iter().skip(1).step_by(2).all(|v| v.abs() < 1e-6));

    let silent = whole(&AudioBuffer::from_mono(RATE, vec![0.0; 48_000]), 0.5);
    assert_eq!(silent.len(), 96_000);
    assert!(silent.iter().all(|v| *v == 0.0));
}

#[test]
fn a_passage_joins_what_stands_around_it_without_a_click() {
    let sound = AudioBuffer::from_mono(RATE, tone(220.0, 3.0));
    let (from, to) = (48_000, 96_000);
    let out = stretch_range(&sound, from, to, 80_000, &Silent).unwrap();
    assert_eq!(out.len(), 80_000);
    let joined = [&sound.samples[..from], &out, &sound.samples[to..]].concat();
    let step = joined.windows(2).map(|w| (w[1] - w[0]).abs()).fold(0.0, f32::max);
    assert!(step < 0.03, "a tone of this pitch has steps of 0.0144, not {step}");
}

#[test]
fn the_same_twice_and_in_any_pieces() {
    let mut samples = tone(150.0, 1.0);
    samples.extend(bursts(&[0.2, 0.7], 1.0));
    let sound = AudioBuffer::from_mono(RATE, samples);
    for speed in [0.5, 0.613, 2.0] {
        assert_eq!(whole(&sound, speed), whole(&sound, speed), "{speed}");
    }
    let read = |first: i64, out: &mut [f32]| {
        for (i, v) in out.iter_mut().enumerate() {
            *v = usize::try_from(first + i as i64).ok().and_then(|at| sound.samples.get(at)).copied().unwrap_or(0.0);
        }
    };
    let pieces = |size: usize| {
        let mut stretcher = Stretcher::new(1, RATE);
        stretcher.start(0.7, read);
        let mut out = vec![0.0; 60_000];
        for part in out.chunks_mut(size) {
            stretcher.pull(part, read);
        }
        out
    };
    assert_eq!(pieces(60_000), pieces(37));
}

#[test]
fn odd_recordings_do_no_harm() {
    assert_eq!(whole(&AudioBuffer::from_mono(RATE, vec![]), 0.5), Vec::<f32>::new());
    for (rate, frames) in [(1, 10), (8000, 1), (8000, 3), (11_025, 100), (96_000, 5000)] {
        let samples: Vec<f32> = (0..frames).map(|i| if i % 3 == 0 { 1.0 } else { -1.0 }).collect();
        let out = stretch_range(&AudioBuffer::from_mono(rate, samples), 0, frames, frames * 2, &Silent).unwrap();
        assert_eq!(out.len(), frames * 2);
        assert!(out.iter().all(|v| v.is_finite()));
    }
    let wild = AudioBuffer::from_mono(RATE, vec![f32::NAN; 10_000]);
    assert!(whole(&wild, 0.5).iter().all(|v| v.is_finite()));
    let sound = AudioBuffer::from_mono(RATE, tone(440.0, 0.5));
    assert_eq!(stretch_range(&sound, 90_000, 95_000, 7000, &Silent), Some(vec![]), "behind the end there is nothing");
}

struct Impatient;
impl Progress for Impatient {
    fn report(&self, _: &str, _: usize, _: usize) {}
    fn cancelled(&self) -> bool {
        true
    }
}

#[test]
fn it_can_be_cancelled() {
    let sound = AudioBuffer::from_mono(RATE, tone(440.0, 1.0));
    assert_eq!(stretch_range(&sound, 0, 48_000, 96_000, &Impatient), None);
}
