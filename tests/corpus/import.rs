//! Small folders of each kind, made by hand, become corpora.

use cueloom::corpus::Split;
use cueloom::exchange::{Tier, Tiers, textgrid};
use cueloom::jobs::corpus::check;
use cueloom::jobs::corpus::import::{Import, ImportError, Kind, import};
use cueloom::language::Language;
use cueloom::media::write_wav;
use cueloom::pose::{PoseFrame, Reference, index};
use cueloom::progress::Silent;
use cueloom::time::{Seconds, TimeRange};
use std::path::Path;

const RATE: u32 = 16_000;

/// A hum of so many seconds.
fn sound(path: &Path, seconds: f64) {
    let count = (seconds * f64::from(RATE)) as usize;
    let samples: Vec<f32> = (0..count).map(|i| 0.2 * (i as f32 * 0.05).sin()).collect();
    write_wav(path, RATE, 1, &samples).unwrap();
}

/// A person who moves a little; `at` shifts the whole person.
fn person(at: f32, k: usize) -> PoseFrame {
    let r = Reference::example();
    let mut frame = PoseFrame::default();
    let mut set = |i: usize, [x, y]: [f32; 2]| {
        frame.points[i] = cueloom::pose::Point { x: x + at + 0.002 * (k as f32 * 0.3).sin(), y, score: 0.8 };
    };
    (0..68).for_each(|i| set(index::FACE + i, r.face[i]));
    set(index::NOSE, r.face[30]);
    set(index::LEFT_SHOULDER, r.left_shoulder);
    set(index::RIGHT_SHOULDER, r.right_shoulder);
    (0..21).for_each(|i| set(index::RIGHT_HAND + i, [0.3 + 0.01 * i as f32, 0.6 + 0.001 * k as f32]));
    frame
}

fn rows(frames: &[PoseFrame]) -> Vec<f32> {
    frames.iter().flat_map(|f| f.points.iter().flat_map(|p| [720.0 * p.x, 720.0 * p.y, p.score])).collect()
}

fn json(frames: &[PoseFrame], fps: u32) -> String {
    let of = |f: &PoseFrame| {
        let points: Vec<String> =
            f.points.iter().map(|p| format!("[{},{},{}]", 720.0 * p.x, 720.0 * p.y, p.score)).collect();
        format!("[{}]", points.join(","))
    };
    let all: Vec<String> = frames.iter().map(of).collect();
    format!("{{\"fps\": {fps}, \"width\": 1280, \"height\": 720, \"frames\": [{}]}}", all.join(","))
}

fn npy(shape: &str, values: &[f32]) -> Vec<u8> {
    let header = format!("{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}\n");
    let mut out = b"\x93NUMPY\x01\x00".to_vec();
    out.extend((header.len() as u16).to_le_bytes());
    out.extend(header.as_bytes());
    values.iter().for_each(|v| out.extend(v.to_le_bytes()));
    out
}

/// An archive, stored and not packed.
fn npz(arrays: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for (name, bytes) in arrays {
        let (name, offset) = (format!("{name}.npy"), out.len() as u32);
        let size = bytes.len() as u32;
        let sum = crc32fast::hash(bytes);
        let mut common = Vec::new();
        [20_u16, 0, 0, 0, 0].iter().for_each(|v| common.extend(v.to_le_bytes()));
        [sum, size, size].iter().for_each(|v| common.extend(v.to_le_bytes()));
        [name.len() as u16, 0].iter().for_each(|v| common.extend(v.to_le_bytes()));
        out.extend(b"PK\x03\x04");
        out.extend(&common);
        out.extend(name.as_bytes());
        out.extend(bytes);
        directory.extend(b"PK\x01\x02\x14\x00");
        directory.extend(&common);
        directory.extend([0_u8; 10]);
        directory.extend(offset.to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let (at, length) = (out.len() as u32, directory.len() as u32);
    out.extend(&directory);
    out.extend(b"PK\x05\x06\0\0\0\0");
    [arrays.len() as u16, arrays.len() as u16].iter().for_each(|v| out.extend(v.to_le_bytes()));
    out.extend(length.to_le_bytes());
    out.extend(at.to_le_bytes());
    out.extend([0, 0]);
    out
}

fn request(kind: Kind, folder: &Path, out: &Path) -> Import {
    Import {
        kind,
        folder: folder.to_owned(),
        out: out.to_owned(),
        language: Some(Language::French),
        fps: None,
        size: None,
        hold_out: Vec::new(),
        command: "test".into(),
    }
}

fn range(a: f64, b: f64) -> TimeRange {
    TimeRange::new(Seconds(a), Seconds(b))
}

#[test]
fn cued_recordings_with_labels() {
    let folder = tempfile::tempdir().unwrap();
    let (from, out) = (folder.path().join("mccs"), folder.path().join("corpus"));
    std::fs::create_dir_all(from.join("labels")).unwrap();
    // Six seconds at 30 a second, with a cut after four: a clip of four seconds, and two that are too short.
    let frames: Vec<PoseFrame> = (0..180).map(|k| person(if k < 120 { 0.0 } else { 0.4 }, k)).collect();
    std::fs::write(from.join("anna_001.json"), json(&frames, 30)).unwrap();
    sound(&from.join("anna_001.wav"), 6.0);
    let phones = ["p", "a", "p", "a"];
    let phones = (0..4).map(|i| (range(1.0 + 0.2 * i as f64, 1.2 + 0.2 * i as f64), phones[i].to_owned())).collect();
    let tier = |name: &str, intervals| Tier { name: name.to_owned(), intervals };
    let tiers = vec![tier("words", vec![(range(1.0, 1.8), "papa".to_owned())]), tier("phones", phones)];
    let labels = textgrid::write(&Tiers { length: Seconds(6.0), tiers });
    std::fs::write(from.join("labels/anna_001.TextGrid"), labels).unwrap();
    // Others are left out, each for its reason.
    std::fs::write(from.join("bert_002.mp4"), "no poses").unwrap();
    std::fs::write(from.join("bert_003.h5"), "no numpy").unwrap();
    std::fs::write(from.join("bert_004.json"), json(&frames, 30)).unwrap();
    let faceless: Vec<PoseFrame> = frames
        .iter()
        .map(|f| {
            let mut f = f.clone();
            f.points[index::FACE..index::LEFT_HAND].fill(Default::default());
            f
        })
        .collect();
    std::fs::write(from.join("bert_005.json"), json(&faceless, 30)).unwrap();
    sound(&from.join("bert_005.wav"), 6.0);

    let card = import(&request(Kind::Mccs, &from, &out), &Silent).unwrap();
    let reasons: Vec<&str> = card.left_out.keys().map(String::as_str).collect();
    for part in ["video without poses", "HDF5", "no sound", "no face", "scene cut", "shorter than 3 s"] {
        assert!(reasons.iter().any(|r| r.contains(part)), "{part}: {reasons:?}");
    }
    let (corpus, faults) = check(&out, &Silent).unwrap();
    assert_eq!(faults, []);
    assert_eq!((corpus.len(), card.synthetic, card.identities[0].name.as_str()), (1, false, "anna"));
    let clip = corpus.clip(0).unwrap().load().unwrap();
    assert_eq!((clip.meta.frames, clip.poses.len(), clip.features.rows.len()), (100, 100, 200));
    assert!((clip.meta.aspect - 1280.0 / 720.0).abs() < 1e-5);
    // A second in, the nose is where the 30th frame had it.
    let (nose, was) = (clip.poses[25].points[index::NOSE], frames[30].points[index::NOSE]);
    assert!((nose.x - was.x).abs() < 2e-4 && (nose.y - was.y).abs() < 2e-4, "{nose:?} {was:?}");
    assert_eq!(clip.meta.phones.iter().map(|p| p.symbol.as_str()).collect::<String>(), "papa");
    assert_eq!(clip.meta.phones[1].start, Seconds(1.2));
    assert!(clip.meta.keys.iter().filter(|k| k.key.is_some()).count() == 2, "{:?}", clip.meta.notes);
    assert!(clip.cues.iter().any(|c| !c.hold) && clip.meta.text == "papa");
    // The same folder cannot be taken in over what is there.
    assert!(import(&request(Kind::Mccs, &from, &out), &Silent).unwrap_err().to_string().contains("other files"));
}

#[test]
fn intervals_of_speakers_and_one_held_out() {
    let folder = tempfile::tempdir().unwrap();
    let (from, out) = (folder.path().join("pats"), folder.path().join("corpus"));
    std::fs::create_dir(&from).unwrap();
    let frames: Vec<PoseFrame> = (0..375).map(|k| person(0.0, k)).collect();
    for name in ["oliver#17", "ellen#3"] {
        let points = npy("(375, 133, 3)", &rows(&frames));
        std::fs::write(from.join(format!("{name}.npz")), npz(&[("keypoints", points), ("fps", npy("()", &[25.0]))]))
            .unwrap();
        sound(&from.join(format!("{name}.wav")), 15.0);
    }
    let mut asked = request(Kind::Pats, &from, &out);
    asked.hold_out = vec!["ellen".into()];
    asked.size = Some((1280.0, 720.0));
    import(&asked, &Silent).unwrap();
    let (corpus, faults) = check(&out, &Silent).unwrap();
    assert_eq!(faults, []);
    // Fifteen seconds are two clips of seven and a half.
    assert_eq!((corpus.len(), corpus.clips(Split::Unseen).count()), (4, 2));
    assert!(corpus.clips(Split::Unseen).all(|c| c.meta().identity == "ellen" && c.meta().keys.is_empty()));
    assert!(corpus.all().all(|c| c.meta().frames == 187));

    let mut nobody = request(Kind::Pats, &from, &folder.path().join("other"));
    nobody.hold_out = vec!["eve".into()];
    nobody.size = asked.size;
    let error = import(&nobody, &Silent).unwrap_err();
    assert!(error.to_string().contains("ellen, oliver"), "{error}");
    assert!(cueloom::jobs::is_bad_input(&error));
}

#[test]
fn smplx_archives_are_kept_as_rows_of_rotations() {
    let folder = tempfile::tempdir().unwrap();
    let (from, out) = (folder.path().join("beat"), folder.path().join("corpus"));
    std::fs::create_dir(&from).unwrap();
    let frames = 120;
    // Joint 0 does not turn, joint 1 turns a quarter about z, joint 2 swings.
    let mut poses = vec![0.0_f32; frames * 165];
    for f in 0..frames {
        poses[f * 165 + 5] = std::f32::consts::FRAC_PI_2;
        poses[f * 165 + 6] = (f as f32 * 0.05).sin();
    }
    let expressions: Vec<f32> = (0..frames * 4).map(|i| i as f32 / 100.0).collect();
    let archive = npz(&[
        ("poses", npy("(120, 165)", &poses)),
        ("expressions", npy("(120, 4)", &expressions)),
        ("mocap_frame_rate", npy("()", &[30.0])),
        ("gender", npy("()", &[0.0])),
    ]);
    std::fs::write(from.join("2_scott_0_1_1.npz"), archive).unwrap();
    sound(&from.join("2_scott_0_1_1.wav"), 4.0);
    let card = import(&request(Kind::Beat, &from, &out), &Silent).unwrap();
    let (corpus, faults) = check(&out, &Silent).unwrap();
    assert_eq!(faults, []);
    assert_eq!((card.extra_width, card.identities[0].name.as_str()), (334, "scott"));
    let clip = corpus.clip(0).unwrap().load().unwrap();
    assert_eq!((clip.meta.frames, clip.extra.width), (100, 334));
    let row = |f: usize| &clip.extra.values[f * 334..][..334];
    let near = |a: &[f32], b: [f32; 6]| a.iter().zip(b).all(|(x, y)| (x - y).abs() < 1e-3);
    assert!(near(&row(50)[..6], [1.0, 0.0, 0.0, 0.0, 1.0, 0.0]), "{:?}", &row(50)[..6]);
    assert!(near(&row(50)[6..12], [0.0, 1.0, 0.0, -1.0, 0.0, 0.0]), "{:?}", &row(50)[6..12]);
    // Second 2 is frame 60 of the recording: the swing about x, and the first expression.
    let swing = (60.0_f32 * 0.05).sin();
    assert!(near(&row(50)[12..18], [1.0, 0.0, 0.0, 0.0, swing.cos(), swing.sin()]), "{:?}", &row(50)[12..18]);
    assert!((row(50)[330] - 2.4).abs() < 0.01);

    // Another skeleton is refused in words.
    let other = npz(&[("poses", npy("(120, 72)", &vec![0.0; 120 * 72]))]);
    std::fs::write(from.join("2_scott_0_1_1.npz"), other).unwrap();
    let error = import(&request(Kind::Beat, &from, &folder.path().join("none")), &Silent).unwrap_err();
    assert!(error.to_string().contains("frames × 165 numbers"), "{error}");
    assert!(matches!(error.downcast_ref(), Some(ImportError::AllLeftOut { .. })));
    let empty = folder.path().join("empty");
    std::fs::create_dir(&empty).unwrap();
    let error = import(&request(Kind::Pats, &empty, &folder.path().join("none")), &Silent).unwrap_err();
    assert!(matches!(error.downcast_ref(), Some(ImportError::Nothing { .. })));
    assert!(!folder.path().join("none").exists());
}
