use super::*;
use proptest::prelude::*;

const FPS: Fps = Fps { num: 25, den: 1 };

fn key(a1: f64, a3: f64, kind: KeyKind, shape: u8, position: Position) -> KeySound {
    KeySound {
        a1: Seconds(a1),
        a3: Seconds(a3),
        kind,
        shape: HandShape(shape),
        position,
        movement: None,
        lead: Seconds::ZERO,
        pinned: None,
    }
}

/// CV keys of `length` seconds from `start` on, all different from their neighbours.
fn run(start: f64, length: f64, n: usize) -> Vec<KeySound> {
    (0..n)
        .map(|i| {
            let a1 = start + length * i as f64;
            key(a1, a1 + length, KeyKind::ConsonantVowel, 1 + (i % 8) as u8, Position::ALL[i % 5])
        })
        .collect()
}

fn close(a: Seconds, ms: f64) {
    assert!((a.millis() - ms).abs() < 0.01, "{} ms, not {ms} ms", a.millis());
}

#[test]
fn the_revised_rules_give_the_worked_example() {
    let o = Preset::Revised.offsets(KeyKind::ConsonantVowel, Rank::Later, 0.30);
    let ms = [o.m1, o.m2, o.d1, o.d2].map(|s| (s * 1000.0).round());
    assert_eq!(ms, [-350.0, 33.0, -195.0, -120.0]);
    let o = Preset::Revised.offsets(KeyKind::ConsonantVowel, Rank::First, 0.30);
    let ms = [o.m1, o.m2, o.d1, o.d2].map(|s| (s * 1000.0).round());
    assert_eq!(ms, [-600.0, -30.0, -390.0, -270.0]);
}

#[test]
fn every_row_of_the_tables() {
    use KeyKind::*;
    let at = |p: Preset, k, r, a| {
        let o = p.offsets(k, r, a);
        [o.m1, o.m2, o.d1, o.d2].map(|s: f64| (s * 10_000.0).round() / 10.0)
    };
    for rank in [Rank::First, Rank::Second, Rank::Later] {
        for kind in [ConsonantVowel, Consonant, Vowel] {
            assert_eq!(at(Preset::None, kind, rank, 0.3), [0.0; 4]);
        }
        // Attina: a is 0.4 s whatever the utterance does.
        assert_eq!(at(Preset::Attina, ConsonantVowel, rank, 0.2), [-248.0, 40.0, -216.0, 0.0]);
        assert_eq!(at(Preset::Attina, Consonant, rank, 0.2), [-248.0, 40.0, -216.0, 0.0]);
        assert_eq!(at(Preset::Attina, Vowel, rank, 0.2), [-184.0, 84.0, -144.0, 0.0]);
    }
    // The tables of cued-speech notes 3.1, at the mean key of the worked example and where the maxima switch over.
    for rank in [Rank::First, Rank::Second, Rank::Third, Rank::Later] {
        for kind in [ConsonantVowel, Consonant, Vowel] {
            assert_eq!(at(Preset::Duchnowski1998, kind, rank, 0.3), [-100.0; 4]);
            assert_eq!(at(Preset::Duchnowski2000, kind, rank, 0.3), [-250.0, -100.0, -250.0, -100.0]);
        }
    }
    for kind in [ConsonantVowel, Consonant, Vowel] {
        assert_eq!(at(Preset::Rules, kind, Rank::First, 0.3), [-500.0, -60.0, -450.0, -240.0]);
        assert_eq!(at(Preset::Rules, kind, Rank::First, 0.8), [-1120.0, -150.0, -880.0, -640.0]);
        assert_eq!(at(Preset::Rules, kind, Rank::Second, 0.3), [-350.0, -45.0, -300.0, -195.0]);
        assert_eq!(at(Preset::Rules, kind, Rank::Second, 0.4), [-460.0, -60.0, -380.0, -260.0]);
        assert_eq!(at(Preset::Rules, kind, Rank::Third, 0.3), [-300.0, -30.0, -240.0, -150.0]);
        assert_eq!(at(Preset::Rules, kind, Rank::Third, 0.2), [-250.0, -20.0, -200.0, -100.0]);
        assert_eq!(at(Preset::Rules, kind, Rank::Later, 0.3), [-270.0, -15.0, -210.0, -120.0]);
    }
    assert_eq!([Rank::First.next(), Rank::First.next().next()], [Rank::Second, Rank::Third]);
    assert_eq!([Rank::Third.next(), Rank::Later.next()], [Rank::Later; 2]);
    let rest = Preset::Rules.to_neutral();
    assert_eq!([rest.m1, rest.m2, rest.d1, rest.d2].map(|s| (s * 1e4).round() / 10.0), [60.0, 300.0, 90.0, 210.0]);
    // Slow (a = 0.5): the maxima switch over to the scaled terms.
    assert_eq!(at(Preset::Revised, Vowel, Rank::First, 0.5), [-800.0, -50.0, -650.0, -450.0]);
    assert_eq!(at(Preset::Revised, Consonant, Rank::Second, 0.5), [-800.0, -150.0, -575.0, -275.0]);
    assert_eq!(at(Preset::Revised, Vowel, Rank::Later, 0.5), [-1200.0, -300.0, -900.0, -600.0]);
    assert_eq!(at(Preset::Revised, ConsonantVowel, Rank::Second, 0.5), [-400.0, 0.0, -400.0, -300.0]);
    assert_eq!(at(Preset::Revised, ConsonantVowel, Rank::Later, 0.5), [-400.0, 55.0, -325.0, -200.0]);
    // Fast (a = 0.2): the floors hold.
    assert_eq!(at(Preset::Revised, Consonant, Rank::Later, 0.2), [-500.0, -60.0, -230.0, -110.0]);
    assert_eq!(at(Preset::Revised, Vowel, Rank::Later, 0.2), [-600.0, -120.0, -400.0, -240.0]);
    assert_eq!(at(Preset::Revised, ConsonantVowel, Rank::Later, 0.2), [-350.0, 22.0, -130.0, -80.0]);
    let o = Preset::Revised.to_neutral();
    assert_eq!([o.m1, o.m2, o.d1, o.d2].map(|s| (s * 1e4).round() / 10.0), [-30.0, 375.0, 120.0, 210.0]);
}

#[test]
fn a_first_key_and_the_return_come_out_as_the_table_says() {
    let keys = [key(2.0, 2.3, KeyKind::ConsonantVowel, 4, Position::Mouth)];
    let plan = times(&keys, &Preset::Revised.into(), FPS, Seconds(4.0));
    assert_eq!(plan.len(), 2);
    let t = plan[0].times;
    close(t.m1, 1400.0);
    close(t.m2, 1970.0);
    close(t.d1, 1610.0);
    close(t.d2, 1730.0);
    assert_eq!((plan[1].key, plan[1].shape, plan[1].position), (None, HandShape::NEUTRAL, Position::Neutral));
    close(plan[1].times.m1, 2270.0);
    close(plan[1].times.m2, 2675.0);
    close(plan[1].times.d1, 2420.0);
    close(plan[1].times.d2, 2510.0);
    assert!(plan.iter().all(|k| k.flags.is_empty()));
}

#[test]
fn overlaps_meet_in_the_middle_and_the_next_move_starts_later() {
    // Three keys of 0.3 s: the third wants to leave at 2.6 − 0.35 = 2.25, before the second has arrived at 2.30.
    let keys = run(2.0, 0.3, 4);
    let plan = times(&keys, &Preset::Revised.into(), FPS, Seconds(3.2));
    assert_eq!(plan.len(), 4);
    // Second key arrives at 2.300 (offset 0), third leaves at 2.250: they meet at 2.275; then 80 ms of dwell.
    close(plan[1].times.m2, 2275.0);
    close(plan[2].times.m1, 2355.0);
    // Third arrives at 2.633, fourth leaves at 2.550: middle 2.5915, plus 80 ms.
    close(plan[2].times.m2, 2591.5);
    close(plan[3].times.m1, 2671.5);
    close(plan[3].times.m2, 2933.0);
}

#[test]
fn nothing_moves_where_nothing_changes() {
    let mut keys = run(1.0, 0.4, 3);
    keys[1].position = keys[0].position;
    keys[2].shape = keys[1].shape;
    keys[2].position = Position::Throat;
    let plan = times(&keys, &TimingOptions::default(), FPS, Seconds(2.2));
    assert_eq!(plan[1].times.m1, plan[1].times.m2);
    assert!(plan[1].times.d1 < plan[1].times.d2);
    assert_eq!(plan[2].times.d1, plan[2].times.d2);
    assert!(plan[2].times.m1 < plan[2].times.m2);
    // A second touch does move, although the place is the same.
    keys[1].shape = keys[0].shape;
    keys[1].movement = Some(Movement::DoubleTouch);
    let plan = times(&keys, &TimingOptions::default(), FPS, Seconds(2.2));
    assert!(plan[1].times.m2 - plan[1].times.m1 > Seconds(0.05));
}

#[test]
fn an_equal_key_after_a_pause_is_held_while_it_sounds() {
    // The third key leads far, because a consonant of its own does; it must not take the hand away from the second.
    let mut keys = run(1.0, 0.2, 3);
    (keys[1].shape, keys[1].position) = (keys[0].shape, keys[0].position);
    keys[2].shape = HandShape(keys[0].shape.0 % 8 + 1);
    for key in &mut keys[1..] {
        key.a1 += Seconds(0.45);
        key.a3 += Seconds(0.45);
    }
    keys[2].kind = KeyKind::Consonant;
    let plan = times(&keys, &TimingOptions::default(), FPS, Seconds(4.0));
    let next = plan.iter().find(|k| k.key == Some(2)).expect("the third key is planned");
    let leaves = next.times.d1.min(if next.times.m2 > next.times.m1 { next.times.m1 } else { next.times.d1 });
    assert!(leaves >= keys[1].a1 - Seconds(0.1), "the hand leaves at {leaves}, the sound begins at {}", keys[1].a1);
}

#[test]
fn silences_relax_the_hand_by_their_length() {
    let mut keys = run(1.0, 0.3, 2);
    for (gap, rests) in [(1.1, None), (1.5, Some(keys[0].position)), (2.0, Some(Position::Neutral))] {
        keys[1].a1 = Seconds(1.3 + gap);
        keys[1].a3 = Seconds(1.6 + gap);
        let plan = times(&keys, &TimingOptions::default(), FPS, keys[1].a3);
        let rest = plan.iter().find(|k| k.key.is_none());
        assert_eq!(rest.map(|k| k.position), rests, "gap {gap}");
        if let Some(rest) = rest {
            assert_eq!(rest.shape, HandShape::NEUTRAL);
            // After a rest the key is timed as one from rest.
            close(plan[2].times.d2, (1.3 + gap) * 1000.0 - 270.0);
        }
    }
    // No room at the end: the hand holds. Room: it returns.
    let plan = times(&keys, &TimingOptions::default(), FPS, keys[1].a3 + Seconds(0.3));
    assert!(plan.last().unwrap().key.is_some());
    let plan = times(&keys, &TimingOptions::default(), FPS, keys[1].a3 + Seconds(0.5));
    assert_eq!(plan.last().unwrap().position, Position::Neutral);
}

#[test]
fn lead_moves_the_hand_and_lateness_is_flagged() {
    let mut keys = run(2.0, 0.8, 3);
    let base = times(&keys, &Preset::None.into(), FPS, Seconds(5.0));
    assert!(base.iter().all(|k| k.flags.is_empty()));
    let options = TimingOptions { lead: Seconds(0.1), ..Preset::None.into() };
    keys[1].lead = Seconds(0.05);
    let led = times(&keys, &options, FPS, Seconds(5.0));
    close(base[0].times.m2 - led[0].times.m2, 100.0);
    close(base[1].times.m2 - led[1].times.m2, 150.0);
    keys[1].lead = Seconds(-0.25);
    let late = times(&keys, &options, FPS, Seconds(5.0));
    assert_eq!(late[1].flags, [KeyFlag::Late]);
    assert!(late[0].flags.is_empty());
}

#[test]
fn what_the_user_set_stays() {
    let mut keys = run(1.0, 0.3, 6);
    let pinned =
        KeyTimes { m1: Seconds(1.70), m2: Seconds(1.95), d1: Seconds(1.75), d2: Seconds(1.93), ..KeyTimes::default() };
    keys[3].pinned = Some(pinned);
    let plan = times(&keys, &TimingOptions::default(), FPS, Seconds(3.0));
    let t = plan[3].times;
    assert_eq!((t.m1, t.m2, t.d1, t.d2), (pinned.m1, pinned.m2, pinned.d1, pinned.d2));
    assert_eq!(t.a1, keys[3].a1);
    assert!(plan[2].times.m2 <= t.m1 && plan[4].times.m1 >= t.m2);
    // A lane pinned while nothing changed in it gets a move when something does.
    keys[3].pinned = Some(KeyTimes { d1: Seconds(1.9), d2: Seconds(1.9), ..pinned });
    let plan = times(&keys, &TimingOptions::default(), FPS, Seconds(3.0));
    assert!(plan[3].times.d2 - plan[3].times.d1 >= SHORTEST_MOVE);
    assert_eq!(plan[3].times.m2, pinned.m2);
}

#[test]
fn a_rate_no_hand_can_follow_is_flagged_and_a_fast_one_is_not() {
    let plan = times(&run(1.0, 0.17, 12), &TimingOptions::default(), FPS, Seconds(4.0));
    assert!(plan.iter().all(|k| !k.flags.contains(&KeyFlag::TooFast)), "{plan:#?}");
    let plan = times(&run(1.0, 0.06, 40), &TimingOptions::default(), FPS, Seconds(5.0));
    assert!(plan.iter().filter(|k| k.flags.contains(&KeyFlag::TooFast)).count() > 20);
}

#[test]
fn a_fast_stretch_shares_its_time_so_that_every_key_is_held() {
    // Three quick syllables among calm ones: the presets alone would show the quick ones for no time at all.
    let mut keys = run(1.0, 0.25, 9);
    let mut at = keys[3].a1.0;
    for (i, length) in [(3, 0.06), (4, 0.07), (5, 0.12), (6, 0.2), (7, 0.25), (8, 0.25)] {
        keys[i].a1 = Seconds(at);
        at += length;
        keys[i].a3 = Seconds(at);
    }
    let options = TimingOptions::default();
    let plan = times(&keys, &options, FPS, Seconds(5.0));
    assert!(plan.iter().all(|k| !k.flags.contains(&KeyFlag::TooFast)), "{plan:#?}");
    for k in plan.iter().filter(|k| k.key.is_some()) {
        assert!(k.times.m2.max(k.times.d2) - k.times.a1 <= LATE_AFTER + Seconds(1e-9), "{k:?}");
    }
}

#[test]
fn the_two_keys_of_a_diphthong_share_its_vowel() {
    use crate::cueing::Key;
    use crate::language::PhoneClass;
    use crate::time::TimeRange;
    let phone = |class, a, b| SoundedPhone { class, time: TimeRange::new(Seconds(a), Seconds(b)) };
    let phones = [phone(PhoneClass::Consonant, 1.0, 1.1), phone(PhoneClass::Vowel, 1.1, 1.5)];
    let k = |shape, position, movement, phones| Key {
        shape: HandShape(shape),
        position,
        movement,
        phones,
        word: 0,
        flags: vec![],
    };
    let keys = [k(4, Position::Chin, None, 0..2), k(5, Position::Throat, Some(Movement::Diphthong), 1..2)];
    let s = sounds(&keys, &phones);
    assert_eq!(s[0].kind, KeyKind::ConsonantVowel);
    assert_eq!(s[0].a1, Seconds(1.0));
    assert_eq!(s[0].a3, s[1].a1);
    assert!((s[1].a1.0 - 1.28).abs() < 1e-9);
    assert_eq!(s[1].a3, Seconds(1.5));
    let plan = times(&s, &TimingOptions::default(), FPS, Seconds(2.0));
    // The second placement is reached within the vowel.
    assert!(plan[1].times.m2.0 > 1.2 && plan[1].times.m2.0 <= 1.5);
    // Keys that point at phones which are not there must not panic.
    assert_eq!(sounds(&[k(1, Position::Side, None, 7..9)], &phones).len(), 1);
    assert_eq!(sounds(&[k(1, Position::Side, None, 0..1)], &[]).len(), 1);
}

fn any_keys() -> impl Strategy<Value = Vec<KeySound>> {
    let one = (0.02f64..0.7, 0.0f64..0.5, 0usize..20, 0u8..3, 1u8..9, 0usize..7, -0.2f64..0.3);
    proptest::collection::vec(one, 0..40).prop_map(|items| {
        let mut t = 0.3;
        items
            .into_iter()
            .map(|(length, gap, pause, kind, shape, position, lead)| {
                t += if pause == 0 {
                    gap * 6.0
                } else if pause < 5 {
                    gap
                } else {
                    0.0
                };
                let kind = [KeyKind::ConsonantVowel, KeyKind::Consonant, KeyKind::Vowel][usize::from(kind)];
                let mut k = key(t, t + length, kind, shape, Position::ALL[position]);
                k.lead = Seconds(if pause == 7 { lead } else { 0.0 });
                t += length;
                k
            })
            .collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn plans_are_finite_ordered_and_held(keys in any_keys(), preset in 0usize..3, rate in 12u32..61) {
        let fps = Fps::whole(rate);
        let options = TimingOptions::from(Preset::ALL[preset]);
        let end = keys.last().map_or(Seconds(1.0), |k| k.a3 + Seconds(0.6));
        let plan = times(&keys, &options, fps, end);
        prop_assert_eq!(plan.iter().filter(|k| k.key.is_some()).count(), keys.len());
        prop_assert!(plan.iter().filter_map(|k| k.key).eq(0..keys.len()));
        let mut bounds = (f64::NEG_INFINITY, f64::NEG_INFINITY);
        for k in &plan {
            let t = k.times;
            prop_assert!([t.a1, t.a3, t.m1, t.m2, t.d1, t.d2].iter().all(|s| s.0.is_finite()));
            prop_assert!(t.m1.0 <= t.m2.0 && t.d1.0 <= t.d2.0, "{:?}", t);
            prop_assert!(t.m1.0 >= bounds.0 - 1e-9 && t.d1.0 >= bounds.1 - 1e-9, "{:?} after {:?}", t, bounds);
            bounds = (t.m2.0, t.d2.0);
        }
        // Dwell, checked from the outside: where position and shape of a key both stand still together.
        let dwell = options.dwell_at(fps).0;
        for (i, k) in plan.iter().enumerate() {
            if k.key.is_none() || k.flags.contains(&KeyFlag::TooFast) { continue; }
            let moves = |k: &PlannedKey| {
                let t = k.times;
                [(t.m1.0, t.m2.0), (t.d1.0, t.d2.0)].into_iter().filter(|(a, b)| b > a).collect::<Vec<_>>()
            };
            if moves(k).is_empty() { continue; }
            let from = moves(k).iter().map(|m| m.1).fold(f64::NEG_INFINITY, f64::max);
            let to = plan[i + 1..].iter().map(moves).find(|m| !m.is_empty());
            let to = to.map_or(f64::INFINITY, |m| m.iter().map(|m| m.0).fold(f64::INFINITY, f64::min));
            prop_assert!(to - from >= dwell - 1e-6, "key {i} held {} s", to - from);
            // Two whole frames show it.
            if to.is_finite() && from > 0.0 {
                let first = (from * fps.rate() - 1e-6).ceil();
                prop_assert!((first + 1.0) / fps.rate() <= to + 1e-6);
            }
        }
    }

    #[test]
    fn calm_cueing_is_never_too_fast(length in 0.25f64..0.7, n in 1usize..30, preset in 0usize..3) {
        let plan = times(&run(1.0, length, n), &Preset::ALL[preset].into(), FPS, Seconds(40.0));
        for k in &plan {
            prop_assert!(k.flags.is_empty(), "{:?}", k);
            prop_assert!(k.key.is_none() || k.times.m2 <= k.times.a3);
        }
    }
}
