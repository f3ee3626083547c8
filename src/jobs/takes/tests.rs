use super::*;
use crate::document::edit::{Document, Edit};
use crate::generate::takes::{USUAL_HALO, generators};
use crate::jobs::perform;
use crate::jobs::poses::Performer;
use crate::pose::PoseSequence;
use crate::pose::parts::Part;
use crate::progress::Silent;

/// The French sample with a mask on both hands of the person and the arms.
fn document() -> (Document, tempfile::TempDir) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("projects/french");
    let mut document = Document::new(crate::document::file::load(&folder).expect("the sample"));
    let keys = &document.project().tiers.keys;
    let range = TimeRange::new(keys[3].times.a1, keys[6].times.a3);
    let parts = Parts::NONE.with(Part::RightHand).with(Part::Arms).with(Part::Lips);
    document.apply(&Edit::AddMask { range, parts, halo: USUAL_HALO }).expect("a mask");
    (document, tempfile::tempdir().expect("a folder"))
}

fn request(document: &Document, folder: &Path, seed: u64, count: usize) -> Regenerate {
    let project = document.project();
    Regenerate {
        folder: folder.to_owned(),
        project: Arc::new(project.clone()),
        reference: Reference::example(),
        mask: project.marks.masks[0].id,
        parts: Parts::ALL,
        generator: generators()[0].name().to_owned(),
        values: Values::default(),
        seed,
        count,
    }
}

fn made(request: &Regenerate, cancelled: &[AtomicBool]) -> Vec<MadeTake> {
    let mut all = Vec::new();
    regenerate(request, cancelled, &Silent, &mut |_, t| all.push(t)).expect("takes");
    all
}

fn base(document: &Document) -> PoseSequence {
    let p = document.project();
    perform::perform(p, &Reference::example(), p.settings.fps, "rules", &Silent).expect("poses")
}

/// Accepts take `index`, keeping all of them.
fn accept(document: &mut Document, takes: &[MadeTake], index: usize, parts: Parts) {
    let edit = Edit::KeepTakes {
        mask: takes[0].take.mask,
        takes: takes.iter().map(|t| t.take.clone()).collect(),
        accepted: Some((index, parts)),
    };
    document.apply(&edit).expect("accepted");
}

#[test]
fn takes_are_made_kept_shown_and_taken_back() {
    let (mut document, dir) = document();
    let takes = made(&request(&document, dir.path(), 7, 3), &[]);
    assert_eq!(takes.iter().map(|t| t.take.seed).collect::<Vec<_>>(), [7, 8, 9]);
    assert!(takes.windows(2).all(|t| t[0].take.poses != t[1].take.poses));
    let before = base(&document);
    accept(&mut document, &takes, 1, Parts::ALL);
    assert_eq!(document.project().marks.takes.len(), 3, "every take is kept");
    let project = document.project().clone();
    let shown = perform::with_takes(dir.path(), &project, &Reference::example(), before.clone());
    let mask = &project.marks.masks[0];
    let fps = before.fps;
    for (i, (a, b)) in before.frames.iter().zip(&shown.frames).enumerate() {
        let t = fps.time_of(FrameIndex(i as u32));
        if mask.range.contains(t) {
            assert!(a != b, "frame {i} is the take's");
            assert_eq!(a.points[crate::pose::index::LEFT_SHOULDER], b.points[crate::pose::index::LEFT_SHOULDER]);
        } else if !mask.reach().contains(t) {
            assert!(a == b, "frame {i} is the base's");
        }
    }
    // Made again in part after the edit: the same as made whole.
    let touched = document.history().done().last().expect("a step").touched().expect("a stretch of time");
    let layers = Layers::of(dir.path(), &project, &Reference::example());
    assert!(layers.problems.is_empty());
    let performer = |project: &Project, layers: Layers| {
        Performer::new(project, &Reference::example(), fps, "rules").expect("a performer").with_takes(layers)
    };
    let with = performer(&project, layers);
    let reached = crate::generate::rules::affected(with.input(), touched);
    assert!(reached.len() < before.frames.len());
    let mut again = before.clone();
    again.frames[reached.clone()].clone_from_slice(&with.frames(reached.clone()));
    assert!(again == shown);
    document.undo();
    assert!(document.project().marks.takes.is_empty());
    let undone = Layers::of(dir.path(), document.project(), &Reference::example());
    let without = performer(document.project(), undone);
    again.frames[reached.clone()].clone_from_slice(&without.frames(reached));
    assert!(again == before);
}

#[test]
fn one_part_of_a_take_is_accepted_and_another_of_another() {
    let (mut document, dir) = document();
    let takes = made(&request(&document, dir.path(), 1, 2), &[]);
    accept(&mut document, &takes, 0, Parts::NONE.with(Part::Lips));
    let id = document.project().marks.takes[1].id;
    let mask = document.project().marks.masks[0].id;
    let hand = Parts::NONE.with(Part::RightHand).with(Part::Arms);
    document.apply(&Edit::ShowTake { mask, take: Some(id), parts: hand }).expect("shown");
    let layers = Layers::of(dir.path(), document.project(), &Reference::example());
    assert_eq!(layers.list.len(), 2);
    let middle = document.project().marks.masks[0].range.middle();
    let poses = base(&document);
    let index = poses.fps.frame_at(middle);
    let mut frames = vec![poses.frames[index.0 as usize].clone()];
    layers.apply(&mut frames, index, poses.fps);
    let at = |t: &MadeTake| t.poses.frames[(index.0 - t.poses.first.0) as usize].clone();
    let (lips_of, hand_of) = (at(&takes[0]), at(&takes[1]));
    for i in Part::Lips.points() {
        assert_eq!(frames[0].points[i], lips_of.points[i]);
    }
    for i in Part::RightHand.points().chain(Part::Arms.points()) {
        assert_eq!(frames[0].points[i], hand_of.points[i]);
    }
}

#[test]
fn a_reroll_starts_from_the_original_base() {
    let (mut document, dir) = document();
    let first = made(&request(&document, dir.path(), 3, 1), &[]);
    accept(&mut document, &first, 0, Parts::ALL);
    let again = made(&request(&document, dir.path(), 3, 1), &[]);
    assert_eq!(again[0].take.poses, first[0].take.poses, "what is in force does not come into it");
    assert_eq!(again[0].take.parent, Some(document.project().marks.takes[0].id));
}

#[test]
fn a_take_whose_file_is_gone_or_damaged_is_made_again_while_the_cues_are_the_same() {
    let (mut document, dir) = document();
    let takes = made(&request(&document, dir.path(), 11, 1), &[]);
    accept(&mut document, &takes, 0, Parts::ALL);
    let name = &takes[0].take.poses;
    let path = dir.path().join("takes").join(format!("{name}.take"));
    assert!(path.is_file());
    let whole = std::fs::read(&path).expect("read");
    let spoil: [&dyn Fn(); 3] = [
        &|| std::fs::remove_file(&path).expect("removed"),
        &|| std::fs::write(&path, &whole[..whole.len() / 2]).expect("cut"),
        &|| std::fs::write(&path, b"something else").expect("written"),
    ];
    for spoil in spoil {
        spoil();
        files::forget(name);
        let layers = Layers::of(dir.path(), document.project(), &Reference::example());
        assert!(layers.problems.is_empty(), "{:?}", layers.problems);
        assert_eq!(layers.list[0].poses, takes[0].poses);
        assert_eq!(std::fs::read(&path).expect("there again"), whole);
    }
    assert!(stale(document.project()).is_empty());
    // With other cues it cannot be made again, and says so; the base is shown.
    let key = document.project().tiers.keys[4].clone();
    let shape = crate::cueing::HandShape(if key.shape().0 == 5 { 4 } else { 5 });
    document.apply(&Edit::SetShape { key: key.id, shape: Some(shape) }).expect("another shape");
    assert_eq!(stale(document.project()).len(), 1);
    std::fs::write(&path, &whole[..40]).expect("cut");
    files::forget(name);
    let layers = Layers::of(dir.path(), document.project(), &Reference::example());
    assert!(layers.list.is_empty());
    assert!(matches!(&layers.problems[0].kind, TakeProblemKind::NoPoses(m) if m.contains("make the take again")));
    document.undo();
    assert!(stale(document.project()).is_empty());
    // A change far away does not make it stale.
    let far = document.project().tiers.keys.last().expect("a key").clone();
    let shape = crate::cueing::HandShape(if far.shape().0 == 5 { 4 } else { 5 });
    document.apply(&Edit::SetShape { key: far.id, shape: Some(shape) }).expect("another shape");
    assert!(stale(document.project()).is_empty());
}

#[test]
fn work_is_cancelled_whole_or_take_by_take() {
    struct Stop;
    impl crate::progress::Progress for Stop {
        fn report(&self, _: &str, _: usize, _: usize) {}
        fn cancelled(&self) -> bool {
            true
        }
    }
    let (document, dir) = document();
    let request = request(&document, dir.path(), 1, 3);
    let flags = [AtomicBool::new(false), AtomicBool::new(true), AtomicBool::new(false)];
    let seeds: Vec<u64> = made(&request, &flags).iter().map(|t| t.take.seed).collect();
    assert_eq!(seeds, [1, 3]);
    let error = regenerate(&request, &[], &Stop, &mut |_, _| {}).expect_err("stopped");
    assert!(error.is_cancelled() && crate::jobs::is_cancelled(&error.into()));
    let none = Regenerate { mask: MarkId(999), ..request.clone() };
    assert!(matches!(regenerate(&none, &[], &Silent, &mut |_, _| {}), Err(TakesError::NoMask)));
    let head = Regenerate { parts: Parts::NONE.with(Part::Head), ..request };
    assert!(matches!(regenerate(&head, &[], &Silent, &mut |_, _| {}), Err(TakesError::NoParts)));
}

#[test]
fn only_files_that_nothing_names_are_cleaned_up() {
    let (mut document, dir) = document();
    let takes = made(&request(&document, dir.path(), 20, 4), &[]);
    // One is in the document, one only in its history, one is named by a backup, one by nothing.
    accept(&mut document, &takes[..1], 0, Parts::ALL);
    accept(&mut document, &takes[1..2], 0, Parts::ALL);
    document.undo();
    std::fs::create_dir_all(dir.path().join("backups")).expect("folder");
    std::fs::write(dir.path().join("backups/old.ron"), format!("poses: \"{}\"", takes[2].take.poses)).expect("write");
    std::fs::write(dir.path().join("takes/notes.txt"), "mine").expect("write");
    let needed = files::needed(document.project(), document.history());
    let list = files::unneeded(dir.path(), &needed);
    assert_eq!(list.iter().map(|u| u.name.clone()).collect::<Vec<_>>(), [takes[3].take.poses.clone()]);
    assert_eq!(files::clean_up(&list).expect("deleted"), list[0].bytes);
    assert_eq!(files::clean_up(&list).expect("gone already"), 0);
    assert!(files::unneeded(dir.path(), &needed).is_empty());
    assert!(dir.path().join("takes/notes.txt").is_file());
}

#[test]
fn a_name_cannot_lead_out_of_the_folder() {
    let dir = tempfile::tempdir().expect("a folder");
    for name in ["", "../../etc/passwd", "ABCDEF", &"a".repeat(63), &format!("{}/", "a".repeat(63))] {
        assert!(matches!(files::read(dir.path(), name), Err(TakeFileError::BadName(_))), "{name}");
    }
    let missing = "0".repeat(64);
    assert!(matches!(files::read(dir.path(), &missing), Err(TakeFileError::Missing(_))));
}
