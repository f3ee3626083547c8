use super::*;
use crate::corpus::text::{sentences_of, split_of, wanted_units};
use std::collections::{BTreeSet, HashMap};

fn recipe(hours: f64) -> Recipe {
    Recipe {
        seed: 5,
        cueing_hours: hours,
        gesture_hours: hours,
        languages: Language::ALL.to_vec(),
        flite: true,
        sound: false,
        shard: 8,
    }
}

#[test]
fn clips_keep_to_their_split_and_held_out_people_to_theirs() {
    let book = Book::new(&recipe(0.05)).unwrap();
    let mut sentences: HashMap<(Language, String), Split> = HashMap::new();
    let mut seen: BTreeSet<(Kind, Split, usize)> = BTreeSet::new();
    let mut languages: HashMap<(Split, Language), usize> = HashMap::new();
    for kind in Kind::ALL {
        for number in 0..160 {
            let plan = book.clip(kind, number);
            assert_eq!(plan, book.clip(kind, number));
            let held = match kind {
                Kind::Cueing => book.cuers[plan.person].held_out,
                Kind::Gesture => book.speakers[plan.person].held_out,
            };
            assert_eq!(held, plan.split == Split::Unseen, "{plan:?}");
            seen.insert((kind, plan.split, plan.person));
            *languages.entry((plan.split, plan.language)).or_default() += 1;
            for sentence in sentences_of(&plan.text) {
                let wanted = if plan.split == Split::Unseen { Split::Test } else { plan.split };
                assert_eq!(split_of(&sentence), wanted, "{sentence}");
                let before = sentences.insert((plan.language, sentence.clone()), wanted);
                assert!(before.is_none_or(|b| b == wanted), "{sentence}");
            }
        }
    }
    // All six cuers and five speakers train; every language is in every split.
    assert_eq!(seen.iter().filter(|(_, s, _)| *s == Split::Train).count(), 11);
    assert_eq!(seen.iter().filter(|(_, s, _)| *s == Split::Unseen).count(), 2);
    assert_eq!(languages.len(), 12, "{languages:?}");
}

#[test]
fn another_seed_says_other_things_and_voices_vary() {
    let book = Book::new(&recipe(0.01)).unwrap();
    let other = Book::new(&Recipe { seed: 6, ..recipe(0.01) }).unwrap();
    let plans: Vec<ClipPlan> = (0..120).map(|n| book.clip(Kind::Cueing, n)).collect();
    let same = plans.iter().filter(|p| other.clip(Kind::Cueing, p.number).text == p.text).count();
    assert!(same < 12, "{same} texts are the same");
    let voices: BTreeSet<&str> = plans.iter().filter_map(|p| p.voice.voice.as_deref()).collect();
    assert!(voices.len() > 30, "{voices:?}");
    let flite = plans.iter().filter(|p| p.voice.engine == Engine::Flite).count();
    assert!((3..20).contains(&flite), "{flite}");
    assert!(plans.iter().filter(|p| p.voice.engine == Engine::Flite).all(|p| p.language == Language::AmericanEnglish));
    let none = Book::new(&Recipe { flite: false, ..recipe(0.01) }).unwrap();
    assert!((0..120).all(|n| none.clip(Kind::Cueing, n).voice.engine == Engine::Espeak));
    assert!(plans.iter().all(|p| (0.4..=2.5).contains(&p.voice.tempo) && (20.0..=80.0).contains(&p.voice.pitch)));
}

#[test]
fn carriers_fill_what_an_hour_of_one_language_lacks() {
    let language = Language::French;
    let recipe = Recipe { cueing_hours: 0.5, gesture_hours: 0.0, languages: vec![language], ..recipe(1.0) };
    let book = Book::new(&recipe).unwrap();
    let mut counted = Counted::default();
    let mut carried = 0;
    for number in 0..360 {
        let plan = book.clip(Kind::Cueing, number);
        carried += usize::from(plan.split == Split::Train && book.carriers[0].contains(&plan.text));
        counted.add(&read_plain(&plan.text, language));
    }
    let report = counted.report(language, &wanted_units(language));
    assert!(report.missing.len() <= 4, "{:?}", report.missing);
    assert_eq!(carried, book.carriers[0].len());
}

#[test]
fn recipes_that_nobody_can_follow_are_refused() {
    for wrong in [
        Recipe { cueing_hours: f64::NAN, ..recipe(1.0) },
        Recipe { cueing_hours: 0.0, gesture_hours: 0.0, ..recipe(1.0) },
        Recipe { gesture_hours: -1.0, ..recipe(1.0) },
        Recipe { languages: Vec::new(), ..recipe(1.0) },
        Recipe { shard: 0, ..recipe(1.0) },
        Recipe { cueing_hours: 5000.0, ..recipe(1.0) },
    ] {
        assert!(matches!(Book::new(&wrong), Err(CorpusError::Recipe(_))), "{wrong:?}");
    }
    let said = recipe(1.0).difference(&Recipe { seed: 9, flite: false, ..recipe(1.0) }).unwrap();
    assert!(said.contains("seed 5 and not 9") && said.contains("flite"), "{said}");
    assert_eq!(recipe(1.0).difference(&recipe(1.0)), None);
}
