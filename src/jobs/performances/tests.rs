//! Cues that must land on another face, and performances laid over a project whatever the stretch.

use super::*;
use crate::cueing::Position;
use crate::cueing::when::TimingOptions;
use crate::cueing::where_::Targets;
use crate::document::edit::{Document, Edit};
use crate::generate::examples::input_with_keys;
use crate::generate::read_back::people::{Person, flat, tracked};
use crate::generate::rules::Rules;
use crate::generate::{GenerateInput, Generator as _};
use crate::jobs::poses::Performer;
use crate::pose::alignment::Settings;
use crate::progress::Silent;

/// Every position with every shape, held long enough.
fn cueing(reference: &Reference) -> (GenerateInput, PoseSequence) {
    let keys: Vec<_> = (0..24_u8).map(|i| (i % 8 + 1, Position::ALL[usize::from(i) % 6], None)).collect();
    let mut input = input_with_keys(&keys, 0.9, 0.45, &TimingOptions::default());
    input.reference = reference.clone();
    let poses = Rules.generate(&input, &Silent).expect("poses");
    (input, poses)
}

/// How far the fingertip is from its target on the person, in radii of the position; for each key that touches, in the
/// middle of its hold.
fn misses(input: &GenerateInput, frames: &[PoseFrame], person: &Reference) -> Vec<f32> {
    let targets = Targets::new(person);
    let mut out = Vec::new();
    for pair in input.keys.windows(2).filter(|k| k[0].key.is_some()) {
        let (key, next) = (&pair[0], &pair[1]);
        let target = targets.target(key.position, key.shape);
        let from = key.times.m2.0.max(key.times.d2.0);
        let until = next.times.m1.0.min(next.times.d1.0).max(from);
        let at = input.fps.frame_at(Seconds((from + until) / 2.0));
        let Some(frame) = frames.get(at.0 as usize).filter(|_| target.touches) else { continue };
        let tip = frame.hand(person.handed)[target.contact.joint()].truncate();
        out.push(tip.distance(target.point.truncate()) / target.radius);
    }
    out
}

#[test]
fn cues_land_on_another_face() {
    let mean = |v: &[f32]| v.iter().sum::<f32>() / v.len() as f32;
    let (mut with, mut without, mut own) = (Vec::new(), Vec::new(), Vec::new());
    // People with other bones and faces, cueing with the same hand.
    let people: Vec<(u64, Reference)> = (0..40)
        .map(|seed| (seed, Person::new(seed).reference))
        .filter(|(_, person)| person.handed == Side::Right)
        .take(7)
        .collect();
    for pair in people.windows(2) {
        let [(a, source), (_, target)] = pair else { continue };
        let (input, poses) = cueing(source);
        own.extend(misses(&input, &poses.frames, source));
        // As a tracker gives it: flat, a pixel off, with holes.
        let poses = flat(&tracked(&poses, 0.0015, 0.02, *a));
        for contact in [false, true] {
            let fit = Alignment::fit(&poses, target, &Settings { contact, ..Settings::default() });
            let times = (0..poses.frames.len()).map(|i| poses.fps.time_of(FrameIndex(i as u32)));
            let aligned: Vec<PoseFrame> =
                times.filter_map(|t| alignment::sample(&poses, t)).map(|f| fit.frame(&f)).collect();
            let missed = misses(&input, &aligned, target);
            if contact { &mut with } else { &mut without }.extend(missed);
        }
    }
    let within = |v: &[f32]| v.iter().filter(|m| **m < 1.0).count() as f32 / v.len() as f32;
    for (name, v) in [("own", &own), ("corrected", &with), ("uncorrected", &without)] {
        println!("{name}: {:.2} radii, {:.0} % within, n = {}", mean(v), 100.0 * within(v), v.len());
    }
    assert!(with.len() > 60 && within(&own) > 0.99);
    // Measured when this was written: 0.42 radii and 90 % within, against 2.65 and 9 % uncorrected (n = 96). 95 % was
    // hoped for; one contact in ten still lands beside its position.
    assert!(within(&with) > 0.85 && mean(&with) < 0.25 * mean(&without));
}

#[test]
fn the_own_performance_comes_back_as_it_was() {
    let reference = Person::new(2).reference;
    let (_, poses) = cueing(&reference);
    let fit = Alignment::fit(&poses, &reference, &Settings::default());
    let mut far = 0.0_f32;
    for frame in poses.frames.iter().step_by(7) {
        let out = fit.frame(frame);
        for i in index::FACE..index::FACE + FACE_POINT_COUNT {
            far = far.max(Vec2::from(out.points[i].xy()).distance(Vec2::from(frame.points[i].xy())));
        }
    }
    assert!(far < 0.012, "{far}");
}

#[test]
fn flat_hands_get_depth_that_folds_away_from_the_viewer() {
    let reference = Reference::example();
    let (_, poses) = cueing(&reference);
    let fit = Alignment::fit(&flat(&poses), &reference, &Settings::default());
    let side = reference.handed;
    let (mut sum, mut all) = (0, 0);
    for frame in poses.frames.iter().step_by(5) {
        let made = fit.frame(&flat(&PoseSequence { fps: poses.fps, frames: vec![frame.clone()] }).frames[0]);
        let (truth, lifted) = (frame.hand(side), made.hand(side));
        assert!(lifted.iter().all(|j| j.z >= 0.0 && j.z < 0.6));
        for tip in [8, 12, 16, 20] {
            let folded = |h: &[glam::Vec3; 21]| h[tip].z - h[tip - 3].z;
            if folded(&truth).abs() > 0.02 {
                all += 1;
                sum += usize::from(folded(&truth).signum() == folded(&lifted).signum());
            }
        }
    }
    assert!(all > 100 && sum * 100 > all * 85, "{sum} of {all}");
}

/// The sample project, short.
fn project() -> Project {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("projects/french");
    crate::document::file::load(&folder).expect("the sample")
}

/// Another person cueing the same, as a file of a tracker.
fn tracked_file(project: &Project, folder: &Path) -> std::path::PathBuf {
    let person = Person::new(4).reference;
    let poses = crate::jobs::perform::perform(project, &person, Fps::whole(30), "rules", &Silent).expect("poses");
    let frames: Vec<Vec<[f32; 3]>> = poses
        .frames
        .iter()
        .map(|f| f.points.iter().map(|p| [300.0 + p.x * 700.0, 20.0 + p.y * 700.0, p.score]).collect())
        .collect();
    let path = folder.join("dancer.json");
    let json = serde_json::json!({ "fps": 30, "width": 1280, "height": 720, "frames": frames });
    std::fs::write(&path, json.to_string()).expect("written");
    path
}

#[test]
fn a_performance_is_brought_used_and_taken_back() {
    let dir = tempfile::tempdir().expect("a folder");
    let project = project();
    let path = tracked_file(&project, dir.path());
    let imported = import(dir.path(), &path, Given::default()).expect("imported");
    assert_eq!((imported.performance.name.as_str(), imported.performance.used), ("dancer", None));
    assert_eq!(imported.performance.fps, Fps { num: 30_000, den: 1000 });
    let again = import(dir.path(), &path, Given::default()).expect("imported");
    assert_eq!(again.performance.poses, imported.performance.poses);
    assert_eq!(std::fs::read_dir(dir.path().join(FOLDER)).expect("the folder").count(), 1);

    let reference = Reference::example();
    let frames = |p: &Project, range: std::ops::Range<usize>| {
        Performer::whole(dir.path(), p, &reference, p.settings.fps, "rules").expect("a performer").frames(range)
    };
    let mut document = Document::new(project.clone());
    let plain = frames(document.project(), 0..usize::MAX);
    document.apply(&Edit::AddPerformance(Box::new(imported.performance))).expect("added");
    assert_eq!(frames(document.project(), 0..usize::MAX), plain, "what is used nowhere changes nothing");

    let mut used = document.project().marks.performances[0].clone();
    let range = TimeRange::new(Seconds(0.6), Seconds(1.2));
    used.used = Some(Used { range: Some(range), parts: Parts::ALL });
    document.take_changes();
    document.apply(&Edit::SetPerformance(Box::new(used.clone()))).expect("used");
    let reach = document.take_changes()[0].step.touched().expect("a stretch");
    assert!((reach.start.0 - 0.4).abs() < 1e-9 && (reach.end.0 - 1.4).abs() < 1e-9, "{reach:?}");
    let whole = frames(document.project(), 0..usize::MAX);
    let fps = project.settings.fps;
    for (i, (a, b)) in whole.iter().zip(&plain).enumerate() {
        let time = fps.time_of(FrameIndex(i as u32));
        let within = time.0 > reach.start.0 + 1e-6 && time.0 < reach.end.0 - 1e-6;
        assert_eq!(a != b, within, "frame {i}");
    }
    // Any stretch has the bytes of the whole.
    for range in [0..7, 15..16, 11..40, 28..36] {
        assert_eq!(frames(document.project(), range.clone()), whole[range]);
    }
    // Parts that are not asked for stay to the bit.
    used.used = Some(Used { range: None, parts: Parts::NONE.with(Part::Lips) });
    document.apply(&Edit::SetPerformance(Box::new(used.clone()))).expect("used");
    for (a, b) in frames(document.project(), 0..20).iter().zip(&plain) {
        assert_eq!(a.points[index::RIGHT_HAND + 8], b.points[index::RIGHT_HAND + 8]);
    }
    assert!(document.project().broken_invariant().is_none());
    while document.undo().is_some() {}
    assert_eq!(document.project(), &project);

    // Nothing that cannot be is taken.
    used.used = Some(Used { range: None, parts: Parts::NONE });
    assert!(document.apply(&Edit::AddPerformance(Box::new(used.clone()))).is_err());
    // A file that is gone leaves the rules, and is told.
    used.used = Some(everywhere());
    used.poses = "0".repeat(64);
    document.apply(&Edit::AddPerformance(Box::new(used))).expect("added");
    let missing = Performances::of(dir.path(), document.project(), &reference);
    assert!(missing.problems[0].1.contains("missing"), "{:?}", missing.problems);
    assert_eq!(frames(document.project(), 0..5), plain[..5]);
}

#[test]
fn takes_begin_from_the_performance_and_know_when_it_changes() {
    use crate::document::marks::Mask;
    use crate::jobs::takes::{base_hash, mask_base};
    let mut project = project();
    let dir = tempfile::tempdir().expect("a folder");
    let path = tracked_file(&project, dir.path());
    let reference = Reference::example();
    let mask = Mask {
        id: MarkId(7),
        range: TimeRange::new(Seconds(0.8), Seconds(1.6)),
        parts: Parts::ALL,
        halo: Seconds(0.2),
        locked: false,
        accepted: Vec::new(),
    };
    project.marks.masks.push(mask.clone());
    let rules = mask_base(dir.path(), &project, &reference, mask.id).expect("a base");
    let mut performance = import(dir.path(), &path, Given::default()).expect("imported").performance;
    performance.used = Some(everywhere());
    project.marks.performances.push(performance);
    let of = mask_base(dir.path(), &project, &reference, mask.id).expect("a base");
    assert_ne!(of.hash, rules.hash);
    let all = Performances::of(dir.path(), &project, &reference);
    let mut expected = rules.poses.frames.clone();
    all.apply(&mut expected, rules.poses.first, rules.poses.fps);
    assert_ne!(expected, rules.poses.frames);
    assert_eq!(of.poses.frames, expected);
    assert_eq!(of.hash, base_hash(&project, mask.range, mask.halo));
    project.marks.performances[0].alignment.size = 1.1;
    assert_ne!(of.hash, base_hash(&project, mask.range, mask.halo));
}

#[test]
fn what_the_tracker_did_not_see_comes_from_the_rules() {
    let (_, poses) = cueing(&Reference::example());
    let base = poses.frames[40].clone();
    let mut seen = poses.frames[60].clone();
    for i in [index::LEFT_ELBOW, index::NOSE, index::LEFT_SHOULDER]
        .into_iter()
        .chain(index::RIGHT_HAND..index::RIGHT_HAND + 3)
    {
        seen.points[i] = Point::default();
    }
    let (whole, parts) = completed(&seen, &base, Parts::ALL);
    assert_eq!(parts, Parts::ALL);
    assert!(whole.points.iter().take(11).all(|p| p.x != 0.0 && p.y != 0.0));
    // The hand of the rules, at the tracked wrist.
    let wrist = Vec2::from(seen.points[index::RIGHT_WRIST].xy());
    assert!(Vec2::from(whole.points[index::RIGHT_HAND].xy()).distance(wrist) < 1e-5);
    assert_eq!(whole.hand_z, [seen.hand_z[0], base.hand_z[1]]);
    seen.points[index::FACE + 5] = Point::default();
    seen.points[index::RIGHT_WRIST] = Point::default();
    let (whole, parts) = completed(&seen, &base, Parts::ALL);
    assert_eq!(parts, Parts::NONE.with(Part::Arms).with(Part::LeftHand).with(Part::RightHand));
    assert_eq!(whole.hand(Side::Right), base.hand(Side::Right));
}

#[test]
fn damaged_and_strange_files_are_told() {
    let dir = tempfile::tempdir().expect("a folder");
    let message = |path: &Path| import(dir.path(), path, Given::default()).expect_err("an error").to_string();
    assert!(message(&dir.path().join("nothing.json")).contains("cannot be read"));
    let empty = dir.path().join("empty");
    std::fs::create_dir(&empty).expect("a folder");
    assert!(message(&empty).contains("no file of poses"));
    let bad = dir.path().join("bad.json");
    std::fs::write(&bad, "{\"people\":\n [").expect("written");
    assert!(message(&bad).contains("Line 2") && message(&bad).contains("bad.json"), "{}", message(&bad));
    let path = tracked_file(&project(), dir.path());
    let name = import(dir.path(), &path, Given::default()).expect("imported").performance.poses;
    let other = tempfile::tempdir().expect("a folder");
    std::fs::create_dir(other.path().join(FOLDER)).expect("a folder");
    let from = dir.path().join(FOLDER).join(format!("{name}.poses"));
    let to = other.path().join(FOLDER).join(format!("{name}.poses"));
    let mut bytes = std::fs::read(&from).expect("bytes");
    bytes[100] ^= 1;
    std::fs::write(&to, &bytes).expect("written");
    assert!(read(other.path(), &name).expect_err("damage").to_string().contains("import the poses again"));
    assert!(read(other.path(), "../../etc/passwd").expect_err("a name").to_string().contains("no name"));
}
