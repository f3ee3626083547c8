use super::*;
use crate::corpus::store::{self, WholeClip};
use crate::corpus::{IdentityCard, Kind};
use crate::cueing::{HandShape, KeyTimes, Position};
use crate::generate::PlannedKey;
use crate::pose::expression::Voice;
use crate::pose::index;
use crate::progress::Silent;
use crate::time::Fps;

/// A clip in which point `i` of frame `f` is at (f / 100 + i / 1000, 0.5).
fn clip(number: u32, frames: u32, split: Split, who: &str, text: &str) -> WholeClip {
    let pose = |f: u32| {
        let mut frame = PoseFrame::default();
        for (i, p) in frame.points.iter_mut().enumerate() {
            *p = Point::new(f as f32 / 100.0 + i as f32 / 1000.0, 0.5);
        }
        frame
    };
    let times = KeyTimes {
        a1: Seconds(0.4),
        a3: Seconds(0.6),
        m1: Seconds(0.2),
        m2: Seconds(0.4),
        d1: Seconds(0.2),
        d2: Seconds(0.4),
    };
    let key = PlannedKey {
        key: Some(0),
        shape: HandShape(5),
        position: Position::Mouth,
        movement: None,
        times,
        flags: Vec::new(),
    };
    let rows = (0..2 * frames).map(|r| std::array::from_fn(|c| if c < 80 { r as f32 - 100.0 } else { 0.0 }));
    let meta = ClipMeta {
        number,
        kind: Kind::Cueing,
        language: Some(crate::language::Language::French),
        text: text.into(),
        split,
        identity: who.into(),
        voice: "v".into(),
        seed: 1,
        fps: Fps::whole(25),
        aspect: 1.0,
        frames,
        phones: Vec::new(),
        words: Vec::new(),
        keys: vec![key],
        heard: Voice::default(),
        gestures: Vec::new(),
        source: String::new(),
        notes: Vec::new(),
    };
    let extra = Extra { width: 1, values: (0..frames).map(|f| f as f32).collect() };
    WholeClip { meta, poses: (0..frames).map(pose).collect(), features: Features { rows: rows.collect() }, extra }
}

fn folder_of(clips: &[WholeClip]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let half = clips.len() / 2;
    for (name, part) in [("a.clips", &clips[..half]), ("b.clips", &clips[half..])] {
        store::write_whole(&folder.path().join(name), &store::to_bytes(part).unwrap()).unwrap();
    }
    let person = |name: &str, held_out| IdentityCard {
        name: name.into(),
        kind: Kind::Cueing,
        held_out,
        manner: String::new(),
        reference: None,
    };
    let card = Card {
        version: super::super::card::VERSION,
        title: "t".into(),
        about: "a".into(),
        synthetic: true,
        complete: true,
        program: "p".into(),
        command: "c".into(),
        recipe: None,
        identities: vec![person("ann", false), person("bob", true)],
        augmentation: Augmentation::default(),
        counts: Counts::of(clips.iter().map(|c| &c.meta)),
        coverage: Vec::new(),
        shards: vec!["a.clips".into(), "b.clips".into()],
        left_out: Default::default(),
        extra_width: 1,
    };
    card.save(folder.path()).unwrap();
    folder
}

fn good() -> Vec<WholeClip> {
    vec![
        clip(0, 50, Split::Train, "ann", "Un."),
        clip(1, 30, Split::Test, "ann", "Deux. Trois."),
        clip(2, 20, Split::Unseen, "bob", "Trois."),
        clip(3, 100, Split::Train, "ann", "Quatre."),
    ]
}

#[test]
fn a_corpus_is_read_as_it_was_written() {
    let clips = good();
    let folder = folder_of(&clips);
    let corpus = Corpus::open(folder.path()).unwrap();
    assert_eq!(corpus.card, Card::load(folder.path()).unwrap());
    assert_eq!((corpus.len(), corpus.clips(Split::Train).count(), corpus.clips(Split::Validation).count()), (4, 2, 0));
    assert_eq!(corpus.check(&Silent).unwrap(), []);
    let test = corpus.clips(Split::Test).next().unwrap();
    assert_eq!(test.meta(), &clips[1].meta);
    assert_eq!(test.poses().unwrap().len(), 30);
    let cues = test.cue_frames();
    assert_eq!((cues[0].shape, cues[0].next_shape, cues[12].shape), (HandShape(0), HandShape(5), HandShape(5)));
    assert!((cues[8].phase - 0.6).abs() < 1e-3 && !cues[8].hold);
    assert_eq!(corpus.card.counts.sentences, 4);
    assert_eq!(corpus.card.empty_splits(), ["validation"]);
    assert!(corpus.card.text().contains("held out"));
    assert!(corpus.clip(4).is_none());
}

#[test]
fn windows_without_augmentation_are_the_clip() {
    let folder = folder_of(&good());
    let corpus = Corpus::open(folder.path()).unwrap();
    let windows = corpus.windows(|m| m.split == Split::Train, 40, 10, &Silent).unwrap();
    // Starts 0 and 10 of the first, 0 to 60 of the second.
    assert_eq!(windows.len(), 2 + 7);
    let window = windows.get(1, 9, &Augmentation::NONE).unwrap();
    let clip = &windows.clips()[0];
    assert_eq!(window.poses, clip.poses[10..50]);
    assert_eq!((window.start.0 * 25.0).round() as usize, 10);
    assert_eq!(window.features.len(), 80);
    assert_eq!(window.features, clip.features.rows[20..100]);
    assert_eq!(window.cues, clip.cues[10..50]);
    assert!((window.extra[3] - 13.0).abs() < 0.01);
    assert!(windows.get(9, 0, &Augmentation::NONE).is_none());
    assert!(corpus.windows(|_| true, 101, 1, &Silent).unwrap().is_empty());
}

#[test]
fn augmentation_follows_the_seed_and_stays_within_its_recipe() {
    let folder = folder_of(&good());
    let corpus = Corpus::open(folder.path()).unwrap();
    let windows = corpus.windows(|m| m.number == 3, 40, 20, &Silent).unwrap();
    let recipe = Augmentation::default();
    let (mut mirrored, mut missing, mut speeds) = (0, 0, Vec::new());
    for seed in 0..200 {
        let w = windows.get(1, seed, &recipe).unwrap();
        assert_eq!(w, windows.get(1, seed, &recipe).unwrap());
        assert!((1.0 / 1.15 - 1e-4..=1.15 + 1e-4).contains(&w.drawn.speed));
        speeds.push(w.drawn.speed);
        mirrored += usize::from(w.drawn.mirrored);
        missing += w.poses.iter().flat_map(|f| &f.points).filter(|p| p.score == 0.0).count();
        if !w.drawn.mirrored {
            // The nose runs on at the speed that was drawn, but for the jitter.
            let nose: Vec<(usize, f32)> = (0..40)
                .map(|k| (k, w.poses[k].points[index::NOSE]))
                .filter(|(_, p)| p.score > 0.0)
                .map(|(k, p)| (k, p.x))
                .collect();
            let (first, last) = (nose[0], nose[nose.len() - 1]);
            let run = (last.1 - first.1) / (last.0 - first.0) as f32 * 100.0;
            assert!((run - w.drawn.speed as f32).abs() < 0.12, "{run} {}", w.drawn.speed);
        }
    }
    let share = missing as f32 / (200.0 * 40.0 * 133.0);
    assert!((0.015..0.03).contains(&share), "{share}");
    assert!((35..85).contains(&mirrored), "{mirrored}");
    assert!(speeds.iter().any(|s| *s > 1.1) && speeds.iter().any(|s| *s < 0.9));
    // A window as long as its clip cannot run faster.
    let whole = corpus.windows(|m| m.number == 3, 100, 1, &Silent).unwrap();
    assert!((0..20).all(|s| whole.get(0, s, &recipe).unwrap().drawn.speed <= 1.0 + 1e-9));
}

#[test]
fn faults_are_found() {
    let tell = |clips: Vec<WholeClip>| -> String {
        let folder = folder_of(&clips);
        let faults = Corpus::open(folder.path()).unwrap().check(&Silent).unwrap();
        faults.into_iter().map(|f| f.0).collect::<Vec<_>>().join("; ")
    };
    let with = |change: &dyn Fn(&mut Vec<WholeClip>)| {
        let mut clips = good();
        change(&mut clips);
        tell(clips)
    };
    assert!(with(&|c| c[0].meta.identity = "bob".into()).contains("outside the held-out split"));
    assert!(with(&|c| c[2].meta.identity = "ann".into()).contains("in the held-out split"));
    assert!(with(&|c| c[0].meta.identity = "eve".into()).contains("does not name"));
    assert!(with(&|c| c[3].meta.text = "Trois.".into()).contains("stands in test and train"));
    assert!(with(&|c| c[3].features.rows.truncate(20)).contains("rows of features"));
    let folder = folder_of(&good());
    let mut card = Card::load(folder.path()).unwrap();
    card.counts.all.clips += 1;
    card.save(folder.path()).unwrap();
    let faults = Corpus::open(folder.path()).unwrap().check(&Silent).unwrap();
    assert_eq!(faults.len(), 1, "{faults:?}");
    assert!(matches!(Corpus::open(&folder.path().join("none")), Err(CorpusError::Missing(_))));
    let text =
        std::fs::read_to_string(folder.path().join("corpus.ron")).unwrap().replacen("version: 1", "version: 2", 1);
    std::fs::write(folder.path().join("corpus.ron"), text).unwrap();
    assert!(matches!(Corpus::open(folder.path()), Err(CorpusError::Version { found: 2, .. })));
}
