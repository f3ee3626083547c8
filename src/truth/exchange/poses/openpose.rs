//! OpenPose: `{"people": [{"pose_keypoints_2d": [x, y, score, …], …}]}`, one file a frame, or a list of frames as ComfyUI
//! hands it on.
//!
//! Bodies have 18 or 25 points, faces 70 or 68, hands 21. Lists may be missing or `null`, points (0, 0), (−1, −1) or
//! without score 0; coordinates are pixels or shares of the picture.

use super::{Body, OPENPOSE_18, OPENPOSE_25, Raw, by_number, number, parse, tracked_point, wrong};
use crate::exchange::{ExchangeError, decode_text};
use crate::pose::{FACE_POINT_COUNT, HAND_JOINT_COUNT, POINT_COUNT, Point, index};
use serde_json::Value;

const DIALECT: &str = "OpenPose";

/// Frames of one file; `None` when it is another dialect.
pub(super) fn read(value: &Value) -> Result<Option<Raw>, ExchangeError> {
    let list = match value {
        Value::Array(list) if list.first().is_some_and(|f| f.get("people").is_some()) => list.as_slice(),
        Value::Object(it) if it.contains_key("people") => std::slice::from_ref(value),
        _ => return Ok(None),
    };
    let mut raw = Raw { dialect: DIALECT, ..Raw::default() };
    for (i, frame) in list.iter().enumerate() {
        raw.frames.push(people(frame).map_err(|what| wrong(format!("frame {i} {what}")))?);
        raw.size = raw.size.or_else(|| canvas(frame));
    }
    Ok(Some(raw))
}

/// Frames of a folder, a file each, in the order of the numbers in their names.
pub(super) fn read_folder(files: &[(String, Vec<u8>)]) -> Result<Raw, ExchangeError> {
    let mut raw = Raw { dialect: DIALECT, ..Raw::default() };
    let mut frames = Vec::with_capacity(files.len());
    for (i, (name, bytes)) in files.iter().enumerate() {
        let value = parse(&decode_text(bytes)).map_err(|e| wrong(format!("{name}: {e}")))?;
        let frame = value.get(0).unwrap_or(&value);
        if frame.get("people").is_none() {
            return Err(wrong(format!(
                "{name} is no frame of OpenPose; leave only the files of frames in the folder, or choose one file"
            )));
        }
        let bodies = people(frame).map_err(|what| wrong(format!("{name} {what}")))?;
        raw.size = raw.size.or_else(|| canvas(frame));
        frames.push((frame_number(name).unwrap_or(i as u64), bodies));
    }
    raw.frames = by_number(frames);
    Ok(raw)
}

/// `walk_000000000012_keypoints.json` is frame 12: the last number in the name.
fn frame_number(name: &str) -> Option<u64> {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let stem = stem.strip_suffix("_keypoints").unwrap_or(stem);
    let end = stem.rfind(|c: char| c.is_ascii_digit())? + 1;
    let start = stem[..end]
        .rfind(|c: char| !c.is_ascii_digit())
        .map_or(0, |i| i + stem[i..].chars().next().map_or(1, char::len_utf8));
    stem[start..end].parse().ok()
}

fn canvas(frame: &Value) -> Option<(f32, f32)> {
    let of = |name: &str| frame.get(name).map(number).filter(|v| *v >= 1.0);
    Some((of("canvas_width")?, of("canvas_height")?))
}

fn people(frame: &Value) -> Result<Vec<Body>, String> {
    match frame.get("people") {
        Some(Value::Array(people)) => people.iter().map(body).collect(),
        Some(Value::Null) | None => Ok(Vec::new()),
        Some(_) => Err("holds something else than people".to_owned()),
    }
}

fn body(person: &Value) -> Result<Body, String> {
    let mut out = [Point::default(); POINT_COUNT];
    let pose = points(person, "pose_keypoints_2d")?;
    let order: &[usize] = match pose.len() {
        0 => &[],
        18..=24 => &OPENPOSE_18,
        25.. => &OPENPOSE_25,
        n => return Err(format!("has a body of {n} points where OpenPose has 18 or 25")),
    };
    for (place, from) in out.iter_mut().zip(order) {
        *place = pose[*from];
    }
    let parts = [
        ("face_keypoints_2d", index::FACE, FACE_POINT_COUNT),
        ("hand_left_keypoints_2d", index::LEFT_HAND, HAND_JOINT_COUNT),
        ("hand_right_keypoints_2d", index::RIGHT_HAND, HAND_JOINT_COUNT),
    ];
    for (name, first, count) in parts {
        let part = points(person, name)?;
        if !part.is_empty() && part.len() < count {
            return Err(format!("has {} points in \"{name}\" where {count} belong", part.len()));
        }
        // What a face has beyond 68 are pupils, or points of the body put there by mistake.
        out[first..first + count].iter_mut().zip(part).for_each(|(place, p)| *place = p);
    }
    Ok(out)
}

fn points(person: &Value, name: &str) -> Result<Vec<Point>, String> {
    match person.get(name) {
        Some(Value::Array(list)) if list.len() % 3 == 0 => {
            Ok(list.chunks_exact(3).map(|p| tracked_point(number(&p[0]), number(&p[1]), number(&p[2]))).collect())
        }
        Some(Value::Array(list)) => Err(format!("has {} numbers in \"{name}\", which are no triples", list.len())),
        _ => Ok(Vec::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::frame_number;

    #[test]
    fn frames_are_numbered_by_their_names() {
        for (name, want) in [
            ("walk_000000000012_keypoints.json", Some(12)),
            ("take2_0007.json", Some(7)),
            ("12.json", Some(12)),
            ("é3é.json", Some(3)),
            ("keypoints.json", None),
            ("99999999999999999999999.json", None),
        ] {
            assert_eq!(frame_number(name), want, "{name}");
        }
    }
}
