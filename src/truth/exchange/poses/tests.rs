//! Each dialect as its tools write it, and files that no tool wrote.

use super::*;
use crate::pose::index;

const FPS: Given = Given { fps: Some(Fps { num: 25, den: 1 }), size: None };

fn text(json: &str) -> Vec<(String, Vec<u8>)> {
    vec![("poses.json".to_owned(), json.as_bytes().to_vec())]
}

/// `n` points (100 + i, 50 + i) with scores, flat.
fn flat(n: usize, score: f32) -> String {
    (0..n).map(|i| format!("{},{},{score}", 100 + i, 50 + i)).collect::<Vec<_>>().join(",")
}

fn pairs(n: usize) -> String {
    (0..n).map(|i| format!("[{},{}]", 100 + i, 50 + i)).collect::<Vec<_>>().join(",")
}

fn openpose(body: usize) -> String {
    format!(
        r#"{{"version": 1.3, "people": [{{"person_id": [-1], "pose_keypoints_2d": [{}], "face_keypoints_2d": [{}],
            "hand_left_keypoints_2d": [{}], "hand_right_keypoints_2d": null, "pose_keypoints_3d": []}}],
            "canvas_width": 1280, "canvas_height": 720}}"#,
        flat(body, 0.5),
        flat(70, 0.75),
        flat(21, 0.25)
    )
}

/// Which point of the file stands where, by its x in pixels.
fn source_of(frame: &PoseFrame, i: usize) -> usize {
    (frame.points[i].x * 720.0).round() as usize - 100
}

#[test]
fn bodies_of_openpose_are_put_in_order() {
    for (body, order) in [(18, &OPENPOSE_18[..]), (25, &OPENPOSE_25[..])] {
        let tracked = read(&text(&openpose(body)), FPS).unwrap();
        let frame = &tracked.sequence.frames[0];
        for (i, from) in order.iter().enumerate() {
            assert_eq!(source_of(frame, i), *from, "{body}: point {i}");
        }
        // The right shoulder is OpenPose's 2, its neck 1 is nobody's.
        assert_eq!((source_of(frame, index::RIGHT_SHOULDER), source_of(frame, index::LEFT_WRIST)), (2, 7));
        assert_eq!((source_of(frame, index::FACE), source_of(frame, index::FACE + 67)), (0, 67));
        assert_eq!((frame.points[index::FACE].score, frame.points[index::LEFT_HAND + 20].score), (0.75, 0.25));
        assert_eq!(frame.points[index::RIGHT_HAND], Point::default());
        assert_eq!(frame.points[22].score > 0.0, body == 25);
        assert!((tracked.aspect - 1280.0 / 720.0).abs() < 1e-6);
        assert!(tracked.notes.is_empty(), "{:?}", tracked.notes);
    }
}

#[test]
fn a_folder_of_frames_is_sorted_by_number_and_holes_show_nobody() {
    let frame = |x: usize| {
        let body = format!("{x},50,1,").repeat(18);
        format!(
            r#"{{"people": [{{"pose_keypoints_2d": [{}]}}], "canvas_width": 100, "canvas_height": 100}}"#,
            body.trim_end_matches(',')
        )
    };
    let files: Vec<_> =
        [10, 9, 8, 12].iter().map(|i| (format!("a_{i}_keypoints.json"), frame(*i).into_bytes())).collect();
    let tracked = read(&files, FPS).unwrap();
    let seen: Vec<u32> = tracked.sequence.frames.iter().map(|f| (f.points[0].x * 100.0).round() as u32).collect();
    assert_eq!(seen, [8, 9, 10, 0, 12]);
    assert_eq!(tracked.notes, [Note::Nobody(1), Note::BareScores]);
    let mut mixed = files;
    mixed.push(("notes.json".to_owned(), b"{}".to_vec()));
    assert!(read(&mixed, FPS).unwrap_err().to_string().contains("notes.json is no frame"));
}

#[test]
fn hidden_points_and_shares_of_the_picture() {
    let body: Vec<String> = (0..18)
        .map(|i| match i {
            0 => "-1,-1,0.9".to_owned(),
            2 => "0,0,0".to_owned(),
            3 => "null,null,null".to_owned(),
            _ => format!("0.5,{},1.0", 0.05 * i as f32),
        })
        .collect();
    let json = format!(r#"[{{"people": [{{"pose_keypoints_2d": [{}]}}]}}, {{"people": []}}]"#, body.join(","));
    let tracked = read(&text(&json), FPS).unwrap();
    let frame = &tracked.sequence.frames[0];
    for i in [0, 6, 8] {
        assert_eq!(frame.points[i], Point::default(), "point {i}");
    }
    assert!((frame.points[5].x - 0.5 * 16.0 / 9.0).abs() < 1e-5 && (frame.points[5].y - 0.25).abs() < 1e-5);
    assert_eq!(tracked.notes, [Note::GuessedAspect, Note::Nobody(1), Note::BareScores]);
    let sized = Given { size: Some((1000.0, 1000.0)), ..FPS };
    assert!((read(&text(&json), sized).unwrap().sequence.frames[0].points[5].x - 0.5).abs() < 1e-5);
}

#[test]
fn whole_bodies_in_all_wrappings() {
    let scores = vec!["0.5"; 133].join(",");
    let person = format!(r#"{{"keypoints": [{}], "keypoint_scores": [{scores}]}}"#, pairs(133));
    let coco = format!(
        r#"[{{"image_id": 3, "keypoints": [{}], "foot_kpts": [{}], "face_kpts": [{}], "lefthand_kpts": [{}], "righthand_kpts": [{}]}}]"#,
        flat(17, 0.5),
        flat(6, 0.5),
        flat(68, 0.5),
        flat(21, 0.5),
        flat(21, 0.5)
    );
    let sized = Given { size: Some((1280.0, 720.0)), ..FPS };
    let triples = (0..133).map(|i| format!("[{},{},0.5]", 100 + i, 50 + i)).collect::<Vec<_>>().join(",");
    for (name, json) in [
        ("mmpose", format!(r#"{{"meta_info": {{}}, "instance_info": [{{"frame_id": 1, "instances": [{person}]}}]}}"#)),
        ("frames", format!(r#"[{{"frame_id": 0, "instances": [{person}]}}]"#)),
        ("people", format!("[[{person}]]")),
        ("person", person.clone()),
        ("persons", format!("[{person}]")),
        ("arrays", format!(r#"{{"fps": 25, "keypoints": [[{}]], "scores": [[{scores}]]}}"#, pairs(133))),
        ("nested", format!(r#"{{"keypoints": [[[{}]]], "scores": [[[{scores}]]]}}"#, pairs(133))),
        ("bare", format!("[[{triples}]]")),
        ("flat", format!(r#"[{{"keypoints": [{}]}}]"#, flat(133, 0.5))),
    ] {
        let tracked = read(&text(&json), sized).unwrap_or_else(|e| panic!("{name}: {e}"));
        let frame = &tracked.sequence.frames[0];
        assert_eq!(tracked.sequence.frames.len(), 1, "{name}");
        for i in [0, 5, 23, 132] {
            assert_eq!((source_of(frame, i), frame.points[i].score), (i, 0.5), "{name}");
        }
    }
    let frame = &read(&text(&coco), sized).unwrap().sequence.frames[0];
    assert_eq!(
        (source_of(frame, 16), source_of(frame, 17), source_of(frame, 23), source_of(frame, 132)),
        (16, 0, 0, 20)
    );
    // 134 points have a neck at 1 and OpenPose's order.
    let frame = &read(&text(&format!(r#"[{{"keypoints": [{}]}}]"#, pairs(134))), sized).unwrap().sequence.frames[0];
    assert_eq!(
        (source_of(frame, 6), source_of(frame, 17), source_of(frame, 23), source_of(frame, 112)),
        (2, 18, 24, 113)
    );
}

#[test]
fn of_several_people_the_same_one_is_followed() {
    let body = |x: f32, size: f32| {
        let points: Vec<String> =
            (0..133).map(|i| format!("[{},{}]", x + size * (i % 12) as f32, 40.0 + size * (i / 12) as f32)).collect();
        format!(r#"{{"keypoints": [{}]}}"#, points.join(","))
    };
    let frame = |i: usize, people: &[String]| format!(r#"{{"frame_id": {i}, "instances": [{}]}}"#, people.join(","));
    let json = format!(
        "[{},{},{}]",
        frame(0, &[body(900.0, 8.0), body(100.0, 20.0)]),
        // The other one comes nearer and is larger now.
        frame(1, &[body(105.0, 20.0), body(800.0, 40.0)]),
        frame(2, &[body(110.0, 20.0)])
    );
    let tracked = read(&text(&json), Given { size: Some((1280.0, 720.0)), ..FPS }).unwrap();
    let x: Vec<u32> = tracked.sequence.frames.iter().map(|f| (f.points[0].x * 720.0).round() as u32).collect();
    assert_eq!(x, [100, 105, 110]);
    assert_eq!(tracked.notes[0], Note::SeveralPeople(2));
}

fn npy(descr: &str, shape: &str, data: &[u8]) -> Vec<u8> {
    let header = format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}\n");
    let mut out = b"\x93NUMPY\x01\x00".to_vec();
    out.extend((header.len() as u16).to_le_bytes());
    out.extend(header.as_bytes());
    out.extend(data);
    out
}

#[test]
fn arrays_of_numpy() {
    let values: Vec<f32> = (0..2 * 133).flat_map(|i| [100.0 + (i % 133) as f32, 50.0, 0.5]).collect();
    let single: Vec<u8> = values.iter().flat_map(|v| v.to_le_bytes()).collect();
    let double: Vec<u8> = values.iter().flat_map(|v| f64::from(*v).to_le_bytes()).collect();
    let sized = Given { size: Some((1280.0, 720.0)), ..FPS };
    for bytes in [
        npy("<f4", "(2, 133, 3)", &single),
        npy("<f8", "(2, 133, 3)", &double),
        npy("<f4", "(2, 1, 133, 3)", &single),
        npy("<f4", "(2, 399)", &single),
    ] {
        let tracked = read(&[("a.npy".to_owned(), bytes)], sized).unwrap();
        assert_eq!((tracked.sequence.frames.len(), source_of(&tracked.sequence.frames[1], 132)), (2, 132));
    }
    // MMGT's rows.
    let mmgt: Vec<u8> = (0..134)
        .flat_map(|i| [100.0 + i as f32, 50.0, 0.5])
        .flat_map(|v: f32| ((v + 200.0) / 1000.0 * 2.0 - 1.0).to_le_bytes())
        .collect();
    let tracked = read(&[("a.npy".to_owned(), npy("<f4", "(1, 402)", &mmgt))], sized).unwrap();
    assert_eq!(source_of(&tracked.sequence.frames[0], 6), 2);
    assert!((tracked.sequence.frames[0].points[6].score - 0.5).abs() < 1e-3);
    for (bytes, part) in [
        (npy("|O", "()", b"\x80\x04"), "astype"),
        (npy("<f4", "(2, 55, 3)", &single), "cut off"),
        (npy("<f4", "(1, 9)", &[0; 36]), "shape [1, 9]"),
        (npy("<f4", "(99999999999, 99999999999)", &[]), "header"),
        (b"\x93NUMPY\x01".to_vec(), "header"),
        (b"PK\x03\x04nothing".to_vec(), "archive"),
    ] {
        let message = read(&[("a".to_owned(), bytes)], sized).unwrap_err().to_string();
        assert!(message.contains(part), "{message}");
    }
}

/// Written by `numpy.savez_compressed("case.npz", keypoints=…, scores=…, fps=25.0)`: see `tests/data/alignment/make_npz.py`.
#[test]
fn an_archive_of_numpy() {
    let bytes = include_bytes!("../../../../tests/data/alignment/case.npz").to_vec();
    let tracked =
        read(&[("case.npz".to_owned(), bytes.clone())], Given { fps: None, size: Some((1280.0, 720.0)) }).unwrap();
    assert_eq!((tracked.sequence.fps.rate(), tracked.sequence.frames.len()), (25.0, 3));
    assert_eq!(source_of(&tracked.sequence.frames[2], 60), 60);
    assert_eq!((tracked.sequence.frames[1].points[7].score, tracked.sequence.frames[1].points[8].score), (0.25, 0.5));
    for at in (0..bytes.len()).step_by(7) {
        let mut broken = bytes.clone();
        broken[at] ^= 0x5a;
        drop(read(&[("x".to_owned(), broken)], FPS));
        drop(read(&[("x".to_owned(), bytes[..at].to_vec())], FPS));
    }
}

#[test]
fn what_is_wrong_is_said_with_a_remedy() {
    let nofps = format!("[{{\"keypoints\": [{}]}}]", pairs(133));
    for (json, given, part) in [
        ("{\"people\": [\n{\"pose_keypoints_2d\": [1,2", FPS, "Line 2"),
        (nofps.as_str(), Given::default(), "--fps"),
        ("{}", FPS, "neither frames nor people"),
        ("[]", FPS, "no frames"),
        ("[{\"keypoints\": [[1,2],[3,4]]}]", FPS, "2 points where a whole body has 133"),
        ("[{\"people\": [{\"pose_keypoints_2d\": [1,2]}]}]", FPS, "no triples"),
        ("[{\"people\": [{\"pose_keypoints_2d\": [1,2,1]}]}]", FPS, "18 or 25"),
        ("[{\"people\": []}]", FPS, "nobody"),
        ("\"text\"", FPS, "neither"),
        ("{\"frames\": [1]}", FPS, "pose file"),
    ] {
        let message = read(&text(json), given).unwrap_err().to_string();
        assert!(message.contains(part), "{json}: {message}");
    }
    assert!(read(&[], FPS).unwrap_err().to_string().contains("no file"));
}

#[test]
fn own_poses_are_read_too() {
    let points = vec!["[360,72,0.5]"; 133].join(",");
    let own = format!(r#"{{"fps": 30, "width": 1280, "height": 720, "frames": [[{points}], [{points}]]}}"#);
    let tracked = read(&text(&own), Given::default()).unwrap();
    assert_eq!((tracked.sequence.fps.rate(), tracked.sequence.frames.len()), (30.0, 2));
    assert_eq!(tracked.sequence.frames[1].points[3], Point { x: 0.5, y: 0.1, score: 0.5 });
    let unsized_ = format!(r#"{{"fps": 30, "frames": [[{points}]]}}"#);
    assert_eq!(read(&text(&unsized_), Given::default()).unwrap().notes, [Note::GuessedSize]);
}

#[test]
fn nothing_that_is_cut_or_turned_over_fails_harder_than_with_an_error() {
    let whole = openpose(25);
    for at in (0..whole.len()).step_by(11) {
        drop(read(&text(&whole[..at]), FPS));
        let mut bytes = whole.clone().into_bytes();
        bytes[at] = b"[]{}\",:0-ne"[at % 11];
        drop(read(&[("x".to_owned(), bytes)], FPS));
    }
}
