use super::*;
use std::cell::RefCell;
use std::convert::Infallible;

const BOOKS: usize = 3;
const CODES: usize = 24;

/// Knows what should come out, and leans towards what stands beside a frame: like a network, its logits change with
/// what is known already.
struct Oracle {
    frames: usize,
    sure: f32,
    seen: RefCell<Vec<Vec<u32>>>,
    guided: RefCell<Vec<[bool; 2]>>,
}

fn truth(part: usize, frame: usize, book: usize) -> u32 {
    ((frame * 5 + part * 3 + book * 7) % CODES) as u32
}

impl Oracle {
    fn new(frames: usize, sure: f32) -> Self {
        Self { frames, sure, seen: RefCell::default(), guided: RefCell::default() }
    }

    fn logits(&self, window: &Range<usize>, book: usize, lean: impl Fn(usize, usize) -> f32) -> Logits {
        let of = |part: usize| {
            let mut out = vec![0.0; window.len() * CODES];
            for (t, frame) in window.clone().enumerate() {
                // Some frames are surer than others.
                let sure = self.sure * (1.0 + (frame % 7) as f32 / 7.0) + lean(part, t);
                out[t * CODES + truth(part, frame, book) as usize] = sure;
            }
            out
        };
        Logits {
            with: [of(0), of(1)],
            without: Some([vec![0.0; window.len() * CODES], vec![0.0; window.len() * CODES]]),
        }
    }
}

impl Predictor for Oracle {
    type Window = Range<usize>;
    type Error = Infallible;

    fn frames(&self) -> usize {
        self.frames
    }
    fn codes(&self) -> usize {
        CODES
    }
    fn books(&self) -> usize {
        BOOKS
    }
    fn prepare(&self, frames: Range<usize>, guided: [bool; 2]) -> Result<Range<usize>, Infallible> {
        self.guided.borrow_mut().push(guided);
        Ok(frames)
    }
    fn base(&self, window: &mut Range<usize>, tokens: [&[u32]; 2]) -> Result<Logits, Infallible> {
        self.seen.borrow_mut().push(tokens.concat());
        Ok(self.logits(window, 0, |part, t| if t > 0 && tokens[part][t - 1] != CODES as u32 { 0.5 } else { 0.0 }))
    }
    fn residual(&self, window: &mut Range<usize>, book: usize, tokens: [&[u32]; 2]) -> Result<Logits, Infallible> {
        assert!(tokens.iter().all(|t| t.len() == window.len() * BOOKS));
        assert!(tokens.iter().all(|t| t.chunks(BOOKS).all(|f| (f[0] as usize) < CODES)), "no base token is open");
        Ok(self.logits(window, book, |_, _| 0.0))
    }
}

fn on(_: usize, _: usize) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

fn run(oracle: &Oracle, known: &Tokens, change: [&[bool]; 2], config: &DecodeConfig) -> Decoded {
    decode(oracle, known, change, config, &mut on).unwrap()
}

fn ranges<const N: usize>(frames: usize, open: [Range<usize>; N]) -> Vec<bool> {
    (0..frames).map(|t| open.iter().any(|r| r.contains(&t))).collect()
}

#[test]
fn a_sure_network_is_followed_in_every_way_of_decoding() {
    let oracle = Oracle::new(190, 40.0);
    let all = vec![true; 190];
    for config in [
        DecodeConfig::default(),
        DecodeConfig { temperature: 0.0, steps: 1, ..Default::default() },
        DecodeConfig { guidance: 3.0, residual_guidance: 2.0, residual_temperature: 1.0, ..Default::default() },
        DecodeConfig { steps: 12, window: 30, overlap: 6, look_ahead: 0, ..Default::default() },
        DecodeConfig { steps: 0, ..Default::default() },
    ] {
        let out = run(&oracle, &Tokens::new(190, BOOKS), [&all, &all], &config);
        for part in 0..2 {
            for frame in 0..190 {
                let want = [0, 1, 2].map(|book| truth(part, frame, book));
                assert_eq!(out.tokens.at(part, frame), want, "part {part} frame {frame} {config:?}");
            }
        }
        assert!(out.confidence.iter().chain(&out.residual_confidence).flatten().all(|c| *c > 0.99));
    }
}

#[test]
fn what_may_not_change_keeps_all_its_tokens_and_is_shown_to_the_network() {
    let frames = 200;
    let mut known = Tokens::new(frames, BOOKS);
    for (part, tokens) in known.parts.iter_mut().enumerate() {
        tokens.iter_mut().enumerate().for_each(|(i, t)| *t = ((i * 11 + part) % CODES) as u32);
    }
    let (face, body) = (ranges(frames, [50..70, 70..75]), ranges(frames, [60..90, 150..151]));
    for window in [40, 80, 300] {
        let oracle = Oracle::new(frames, 0.5);
        let config = DecodeConfig { window, ..Default::default() };
        let out = run(&oracle, &known, [&face, &body], &config);
        let mut changed = 0;
        for (part, open) in [&face, &body].into_iter().enumerate() {
            for frame in 0..frames {
                if open[frame] {
                    changed += usize::from(out.tokens.at(part, frame) != known.at(part, frame));
                    assert!(out.confidence[part][frame] < 1.0);
                } else {
                    assert_eq!(out.tokens.at(part, frame), known.at(part, frame), "part {part} frame {frame}");
                    assert_eq!((out.confidence[part][frame], out.residual_confidence[part][frame]), (1.0, 1.0));
                }
            }
        }
        assert!(changed > 40, "{changed} of 56 changed");
        let seen = oracle.seen.borrow();
        assert!(seen[0].contains(&(CODES as u32)) && seen[0].iter().any(|t| *t < CODES as u32));
    }
}

#[test]
fn tokens_are_kept_by_the_cosine_schedule_and_stay() {
    let oracle = Oracle::new(60, 1.0);
    let all = vec![true; 60];
    let config = DecodeConfig { steps: 5, window: 60, ..Default::default() };
    run(&oracle, &Tokens::new(60, BOOKS), [&all, &all], &config);
    let seen = oracle.seen.borrow();
    let open = |tokens: &[u32]| tokens.iter().filter(|t| **t == CODES as u32).count();
    let left: Vec<usize> = seen.iter().map(|t| open(t)).collect();
    let expected: Vec<usize> =
        (0..5).map(|s| 2 * (60.0 * (s as f32 / 5.0 * std::f32::consts::FRAC_PI_2).cos()) as usize).collect();
    assert_eq!(left, expected);
    for pair in seen.windows(2) {
        assert!(pair[0].iter().zip(&pair[1]).all(|(a, b)| *a == CODES as u32 || a == b), "a kept token stays");
    }
}

#[test]
fn a_seed_is_a_take_on_any_number_of_threads() {
    let frames = 120;
    let all = vec![true; frames];
    let take = |seed: u64, threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let config = DecodeConfig { seed, residual_temperature: 1.0, ..Default::default() };
        pool.install(|| run(&Oracle::new(frames, 1.0), &Tokens::new(frames, BOOKS), [&all, &all], &config))
    };
    let one = take(1, 1);
    assert_eq!(one, take(1, 3));
    let other = take(2, 2);
    let same = (0..frames).filter(|&t| one.tokens.at(1, t)[0] == other.tokens.at(1, t)[0]).count();
    assert!(same < frames, "{same} of {frames} the same with another seed");
}

#[test]
fn guidance_and_temperature_make_the_likely_likelier() {
    let frames = 240;
    let all = vec![true; frames];
    let right = |config: DecodeConfig| {
        let out = run(&Oracle::new(frames, 1.0), &Tokens::new(frames, BOOKS), [&all, &all], &config);
        (0..frames).filter(|&t| out.tokens.at(0, t)[0] == truth(0, t, 0)).count()
    };
    let plain = DecodeConfig { top: 1.0, ..Default::default() };
    let base = right(plain.clone());
    assert!(base < 100, "{base} of {frames}");
    assert!(right(DecodeConfig { guidance: 3.0, ..plain.clone() }) > base + 40);
    assert!(right(DecodeConfig { temperature: 0.4, ..plain.clone() }) > base + 40);
    assert!(right(DecodeConfig { top: 0.1, ..plain.clone() }) > base + 20);
    assert_eq!(right(DecodeConfig { temperature: 0.0, ..plain }), frames);
}

#[test]
fn networks_are_asked_for_guidance_only_where_it_is_used() {
    let all = vec![true; 10];
    for (guidance, residual_guidance, asked) in [(1.0, 1.0, [false, false]), (2.0, 1.0, [true, false])] {
        let oracle = Oracle::new(10, 1.0);
        let config = DecodeConfig { guidance, residual_guidance, ..Default::default() };
        run(&oracle, &Tokens::new(10, BOOKS), [&all, &all], &config);
        assert_eq!(*oracle.guided.borrow(), [asked]);
    }
}

#[test]
fn what_does_not_fit_is_refused_and_a_stop_is_heard() {
    let oracle = Oracle::new(10, 1.0);
    let (all, short) = (vec![true; 10], vec![true; 9]);
    let known = Tokens::new(10, BOOKS);
    let refuse = |known: &Tokens, change: [&[bool]; 2]| {
        decode(&oracle, known, change, &DecodeConfig::default(), &mut on).unwrap_err().to_string()
    };
    assert_eq!(refuse(&known, [&all, &short]), "what may change of the body has 9 frames, the speech has 10");
    assert_eq!(refuse(&Tokens::new(10, 2), [&all, &all]), "the tokens have 2 books, the network 3");
    assert_eq!(refuse(&Tokens::new(11, 3), [&all, &all]), "the tokens of the face has 11 frames, the speech has 10");
    let mut broken = known.clone();
    broken.parts[1][4] = 99;
    let locked = vec![false; 10];
    assert_eq!(refuse(&broken, [&all, &locked]), "token 99 at frame 1 is beyond the 24 codes of the network");
    let mut calls = 0;
    let mut stop = |done: usize, total: usize| {
        calls += 1;
        assert_eq!((done, total), (calls, 7));
        if done == 3 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let stopped = decode(&oracle, &known, [&all, &all], &DecodeConfig::default(), &mut stop);
    assert!(matches!(stopped, Err(DecodeError::Stopped)));
    assert_eq!(run(&oracle, &known, [&locked, &locked], &DecodeConfig::default()).tokens, known);
}
