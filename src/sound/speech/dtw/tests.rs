use super::*;
use rand::{Rng, SeedableRng};

fn frame(v: f32) -> Frame {
    let mut f = [0.0; WIDTH];
    f[0] = v;
    f
}

fn sound(v: f32, phone: u32) -> State {
    State::Sound { row: v as u32, phone, stay: 0.05 }
}

const PRICES: Prices = Prices { skip: 0.2, skip_two: 0.5, strange: 4.0, cap: 9.0 };

fn reference() -> Vec<State> {
    let mut states = vec![State::Gap { enter: 0.0 }];
    for (i, v) in [1.0, 1.0, 2.0, 2.0].into_iter().enumerate() {
        states.push(sound(v, i as u32 / 2));
    }
    states.push(State::Gap { enter: 0.5 });
    for (i, v) in [5.0, 5.0, 6.0, 6.0].into_iter().enumerate() {
        states.push(sound(v, 2 + i as u32 / 2));
    }
    states.push(State::Gap { enter: 0.0 });
    states
}

/// Row `v` of the reference is the frame `v`.
const ROWS: [Frame; 10] = {
    let mut rows = [[0.0; WIDTH]; 10];
    let mut v = 0;
    while v < 10 {
        rows[v][0] = v as f32;
        v += 1;
    }
    rows
};

fn problem(states: &[State]) -> Problem<'_> {
    Problem { frames: &[], silence: &[], other: &[], rows: &ROWS, states, leaps: &[], prices: &PRICES }
}

fn run(values: &[f32], window: &Window) -> Option<Path> {
    let frames: Vec<Frame> = values.iter().map(|&v| frame(v)).collect();
    let silence: Vec<f32> = values.iter().map(|&v| v * v).collect();
    let states = reference();
    let problem = Problem { frames: &frames, silence: &silence, ..problem(&states) };
    align(&problem, window, &|_| false)
}

#[test]
fn a_pause_between_syllables_goes_into_the_gap() {
    let values = [0., 0., 1., 1., 2., 2., 0., 0., 0., 0., 0., 0., 5., 5., 6., 6., 0.];
    let path = run(&values, &Window::Follow(100)).unwrap();
    assert_eq!(path.states, [0, 0, 1, 2, 3, 4, 5, 5, 5, 5, 5, 5, 6, 7, 8, 9, 10]);
    assert!(path.cost < 1.0);
}

#[test]
fn without_pause_the_gap_is_passed_over() {
    let path = run(&[1., 1., 2., 2., 2., 2., 5., 6., 6., 6.], &Window::Follow(100)).unwrap();
    assert!(!path.states.contains(&5));
    assert_eq!(path.states.iter().filter(|&&s| s == 3 || s == 4).count(), 4);
}

#[test]
fn bands_are_kept_and_impossible_ones_give_nothing() {
    let values = [1., 1., 2., 2., 5., 5., 6., 6.];
    let bands: Vec<_> = (0..8_usize).map(|t| (t.saturating_sub(2), t + 5)).collect();
    assert!(run(&values, &Window::Bands(bands)).is_some());
    assert!(run(&values, &Window::Bands(vec![(0, 2); 8])).is_none());
    assert!(run(&[1.0], &Window::Follow(100)).is_none());
    assert!(run(&[], &Window::Follow(100)).is_none());
}

/// The words 1 2 | 5 6 | 8 9 with other sounds and leaps allowed.
fn run_departing(values: &[f32]) -> Vec<u32> {
    let mut states = vec![State::Gap { enter: 0.0 }];
    let mut words = Vec::new();
    for (w, pair) in [[1.0, 2.0], [5.0, 6.0], [8.0, 9.0]].into_iter().enumerate() {
        let first = states.len();
        states.extend(pair.into_iter().flat_map(|v| [sound(v, w as u32), sound(v, w as u32)]));
        words.push((first, states.len() - 1));
        states.extend([State::Gap { enter: 0.5 }, State::Other { enter: 3.0 }, State::Gap { enter: 0.5 }]);
    }
    let mut leaps = Vec::new();
    for a in 0..3 {
        for b in (0..3).filter(|&b| b != a + 1) {
            leaps.push(Leap { from: words[a].1, to: words[b].0, price: 1.0 });
        }
    }
    let frames: Vec<Frame> = values.iter().map(|&v| frame(v)).collect();
    let silence: Vec<f32> = values.iter().map(|&v| v * v).collect();
    let other = vec![1.0; values.len()];
    let problem = Problem { frames: &frames, silence: &silence, other: &other, leaps: &leaps, ..problem(&states) };
    align(&problem, &Window::Follow(100), &|_| false).unwrap().states
}

#[test]
fn other_sounds_repeats_and_skips_are_ways() {
    // 3.5 is in no word. Nothing is gained by staying in the end of a word that is said again.
    let path = run_departing(&[1., 1., 2., 2., 3.5, 3.5, 3.5, 3.5, 5., 5., 6., 6., 8., 8., 9., 9.]);
    assert_eq!(path, [1, 2, 3, 4, 6, 6, 6, 6, 8, 9, 10, 11, 15, 16, 17, 18]);
    let path = run_departing(&[1., 1., 2., 2., 5., 5., 6., 6., 5., 5., 6., 6., 8., 8., 9., 9.]);
    assert_eq!(path, [1, 2, 3, 4, 8, 9, 10, 11, 8, 9, 10, 11, 15, 16, 17, 18]);
    let path = run_departing(&[1., 1., 2., 2., 8., 8., 9., 9.]);
    assert_eq!(path, [1, 2, 3, 4, 15, 16, 17, 18]);
}

#[test]
fn the_way_is_the_same_in_little_memory() {
    let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(5);
    let mut states = vec![State::Gap { enter: 0.0 }];
    let mut values = Vec::new();
    for k in 0..300 {
        let v = rng.random_range(1..10_u8);
        states.extend([sound(f32::from(v), k), sound(f32::from(v), k)]);
        if k % 3 == 2 {
            states.push(State::Gap { enter: 0.5 });
        }
        values.extend(vec![f32::from(v) + rng.random::<f32>() - 0.5; rng.random_range(1..5)]);
    }
    states.push(State::Gap { enter: 0.0 });
    let frames: Vec<Frame> = values.iter().map(|&v| frame(v)).collect();
    let silence: Vec<f32> = values.iter().map(|&v| v * v).collect();
    let problem = Problem { frames: &frames, silence: &silence, ..problem(&states) };
    let whole = align_within(&problem, &Window::Follow(120), &|_| false, usize::MAX, f32::INFINITY).unwrap();
    let bounded = align_within(&problem, &Window::Follow(120), &|_| false, 12_000, f32::INFINITY).unwrap();
    assert_eq!(whole.states, bounded.states);
    assert_eq!(whole.cost, bounded.cost);
}

#[test]
fn giving_up_dear_ways_changes_nothing_and_hopeless_ends_are_still_reached() {
    let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(8);
    let mut states = vec![State::Gap { enter: 0.0 }];
    let mut values = Vec::new();
    for k in 0..200 {
        let v = rng.random_range(1..10_u8);
        states.extend([sound(f32::from(v), k), sound(f32::from(v), k)]);
        if k % 3 == 2 {
            states.push(State::Gap { enter: 0.5 });
            values.extend(vec![0.0; rng.random_range(0..6)]);
        }
        values.extend(vec![f32::from(v) + rng.random::<f32>() - 0.5; rng.random_range(1..5)]);
    }
    states.push(State::Gap { enter: 0.0 });
    let frames: Vec<Frame> = values.iter().map(|&v| frame(v)).collect();
    let silence: Vec<f32> = values.iter().map(|&v| v * v).collect();
    let problem = Problem { frames: &frames, silence: &silence, ..problem(&states) };
    let all = Window::Follow(states.len());
    let whole = align_within(&problem, &all, &|_| false, usize::MAX, f32::INFINITY).unwrap();
    let narrow = align_within(&problem, &all, &|_| false, usize::MAX, BEAM).unwrap();
    assert_eq!((whole.states, whole.cost), (narrow.states, narrow.cost));
    // A text three times as long as its sound: the end is far from the cheapest way, and is found all the same.
    let short = Problem { frames: &frames[..frames.len() / 3], silence: &silence[..frames.len() / 3], ..problem };
    assert!(align_within(&short, &all, &|_| false, usize::MAX, 5.0).is_none());
    assert!(align(&short, &all, &|_| false).is_some());
    assert!(align(&short, &all, &|_| true).is_none(), "stopped work is not begun anew");
}

#[test]
fn the_table_gives_the_distances_of_all_rows_that_are_asked_for() {
    let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(3);
    let rows: Vec<Frame> =
        (0..41).map(|_| std::array::from_fn(|k| if k % 16 < 13 { rng.random::<f32>() * 0.8 } else { 0.0 })).collect();
    let mut states: Vec<State> = (3..41).map(|row| State::Sound { row, phone: 0, stay: 0.0 }).collect();
    states.insert(20, State::Gap { enter: 0.0 });
    states.insert(30, State::Other { enter: 0.0 });
    let prices = Prices { cap: 2.0, ..PRICES };
    let problem = Problem { frames: &rows[..1], rows: &rows, prices: &prices, ..problem(&states) };
    let mut table = Table::of(&problem);
    for (low, high) in [(0, states.len()), (17, 33), (39, 40)] {
        table.compare(&rows[0], (low, high));
        let mut costs = vec![0.5; high - low];
        table.add_to(&mut costs, low, 7.0, 8.0);
        for (cost, state) in costs.iter().zip(&states[low..high]) {
            let want = match state {
                State::Sound { row, .. } => distance(&rows[0], &rows[*row as usize]).min(2.0),
                State::Gap { .. } => 7.0,
                State::Other { .. } => 8.0,
            };
            assert!((cost - 0.5 - want).abs() < 1e-4, "{cost} for {want}");
        }
    }
}
