//! COCO-WholeBody, 133 points, as MMPose, RTMPose and DWPose tools write it.
//!
//! - MMPose: `{"instance_info": [{"frame_id": 1, "instances": [{"keypoints": [[x, y] × 133], "keypoint_scores": [133]}]}]}`,
//!   also the bare list of frames, and lists of people in a list of frames;
//! - results in COCO's form: `[{"image_id": 1, "keypoints": [51 numbers], "foot_kpts": …, "face_kpts": …, "lefthand_kpts": …,
//!   "righthand_kpts": …}]`;
//! - arrays written as they are: `{"keypoints": [[[x, y] × 133] × frames], "scores": [[133] × frames]}`.
//!
//! 134 points are OpenPose's order with a neck, as RTMPose tools write it on demand.

use super::{Body, OPENPOSE_18, Raw, by_number, number, tracked_point, wrong};
use crate::exchange::ExchangeError;
use crate::pose::{POINT_COUNT, Point};
use serde_json::{Map, Value};

const DIALECT: &str = "COCO-WholeBody";
const SCORES: [&str; 3] = ["keypoint_scores", "keypoints_scores", "scores"];

/// Frames of a file.
pub(super) fn read(value: &Value) -> Result<Raw, ExchangeError> {
    let mut raw = Raw { dialect: DIALECT, ..Raw::default() };
    let mut list = value;
    if let Value::Object(top) = value {
        raw.fps = ["fps", "frame_rate"].iter().find_map(|n| top.get(*n)?.as_f64());
        let of = |names: [&str; 2]| names.iter().find_map(|n| top.get(*n)).map(number).filter(|v| *v >= 1.0);
        raw.size = of(["width", "image_width"]).zip(of(["height", "image_height"]));
        if let Some(inner) = ["instance_info", "predictions", "annotations", "results"].iter().find_map(|n| top.get(*n))
        {
            list = inner;
        } else if top.contains_key("keypoints") {
            return arrays(top, raw);
        } else if top.contains_key("instances") {
            raw.frames.push(frame(value, 0)?);
            return Ok(raw);
        }
    }
    let Value::Array(list) = list else {
        return Err(wrong("it holds neither frames nor people; Cueloom reads its own poses, those of OpenPose, of MMPose, RTMPose and DWPose with 133 points, and NumPy arrays".to_owned()));
    };
    let name = |item: &Value| ["frame_id", "image_id", "frame"].iter().find_map(|n| item.get(*n).and_then(frame_name));
    let named = list.iter().filter_map(name).count() == list.len();
    let mut frames = Vec::with_capacity(list.len());
    for (i, item) in list.iter().enumerate() {
        let number = name(item).filter(|_| named).unwrap_or(i as u64);
        frames.push((number, frame(item, i)?));
    }
    raw.frames = by_number(frames);
    Ok(raw)
}

/// Frames are counted, or named by a file whose name ends in a number.
fn frame_name(value: &Value) -> Option<u64> {
    let digits = |s: &str| {
        let stem = s.rsplit_once('.').map_or(s, |(stem, _)| stem);
        let from = stem.trim_end_matches(|c: char| c.is_ascii_digit()).len();
        stem[from..].parse().ok()
    };
    value.as_u64().or_else(|| value.as_str().and_then(digits))
}

/// The people of one frame.
fn frame(item: &Value, i: usize) -> Result<Vec<Body>, ExchangeError> {
    let at = |what: String| wrong(format!("frame {i} {what}"));
    match item {
        Value::Null => Ok(Vec::new()),
        Value::Object(it) => match it.get("instances").or_else(|| it.get("predictions")) {
            Some(Value::Array(people)) => people.iter().map(|p| person(p).map_err(at)).collect(),
            Some(_) => Ok(Vec::new()),
            None => Ok(vec![person(item).map_err(at)?]),
        },
        Value::Array(people) if people.iter().all(Value::is_object) => {
            people.iter().map(|p| person(p).map_err(at)).collect()
        }
        Value::Array(points) => Ok(vec![body(points, None).map_err(at)?]),
        _ => Err(at("is neither a person nor a list of people".to_owned())),
    }
}

fn person(value: &Value) -> Result<Body, String> {
    let it = value.as_object().ok_or("holds something that is no person")?;
    let Some(Value::Array(points)) = it.get("keypoints") else {
        return Err("has a person without \"keypoints\"".to_owned());
    };
    // Some tools wrap a person in a list of one.
    let points = match points.as_slice() {
        [Value::Array(only)] if only.len() > 3 => only,
        _ => points,
    };
    let parts = ["foot_kpts", "face_kpts", "lefthand_kpts", "righthand_kpts"];
    if parts.iter().any(|n| it.contains_key(*n)) {
        let mut all: Vec<Value> = points.clone();
        for (name, count) in parts.iter().zip([6, 68, 21, 21]) {
            let part = it.get(*name).and_then(Value::as_array).filter(|p| p.len() == 3 * count).cloned();
            all.extend(part.unwrap_or_else(|| vec![Value::from(0); 3 * count]));
        }
        return body(&all, None);
    }
    let scores = SCORES.iter().find_map(|n| it.get(*n)).and_then(Value::as_array);
    let scores = scores.map(|s| match s.as_slice() {
        [Value::Array(only)] => only,
        _ => s,
    });
    body(points, scores)
}

/// Points as pairs, triples, or numbers in a row.
fn body(points: &[Value], scores: Option<&Vec<Value>>) -> Result<Body, String> {
    let score = |i: usize| scores.map_or(1.0, |s| s.get(i).map_or(0.0, number));
    let list: Vec<Point> = if points.iter().all(Value::is_array) {
        points
            .iter()
            .enumerate()
            .map(|(i, p)| {
                let at = |k: usize| p.get(k).map_or(f32::NAN, number);
                let own = p.get(2).filter(|_| scores.is_none()).map_or_else(|| score(i), number);
                tracked_point(at(0), at(1), own)
            })
            .collect()
    } else {
        let width = [3, 2].into_iter().find(|w| [POINT_COUNT * w, (POINT_COUNT + 1) * w].contains(&points.len()));
        let width = width.ok_or_else(|| miscounted(points.len() / 3))?;
        let point = |(i, p): (usize, &[Value])| {
            let own = p.get(2).map_or_else(|| score(i), number);
            tracked_point(number(&p[0]), number(&p[1]), own)
        };
        points.chunks_exact(width).enumerate().map(point).collect()
    };
    from_points(&list).ok_or_else(|| miscounted(list.len()))
}

fn miscounted(n: usize) -> String {
    format!("has a person of {n} points where a whole body has {POINT_COUNT}; track with a whole-body model")
}

/// 133 points as they are, 134 from OpenPose's order; `None` for another number.
pub(super) fn from_points(list: &[Point]) -> Option<Body> {
    if list.len() == POINT_COUNT + 1 {
        let mut out = [Point::default(); POINT_COUNT];
        out.iter_mut().zip(OPENPOSE_18).for_each(|(place, from)| *place = list[from]);
        out[17..].copy_from_slice(&list[18..]);
        return Some(out);
    }
    list.try_into().ok()
}

/// Arrays of all frames side by side.
fn arrays(top: &Map<String, Value>, mut raw: Raw) -> Result<Raw, ExchangeError> {
    let Some(Value::Array(frames)) = top.get("keypoints") else {
        return Err(wrong("its \"keypoints\" are no list".to_owned()));
    };
    // One person alone.
    if frames.first().is_some_and(|p| p.get(0).is_none_or(|v| !v.is_array())) {
        raw.frames.push(vec![person(&Value::Object(top.clone())).map_err(wrong)?]);
        return Ok(raw);
    }
    let scores = SCORES.iter().find_map(|n| top.get(*n)).and_then(Value::as_array);
    for (i, points) in frames.iter().enumerate() {
        let points = points.as_array().map(Vec::as_slice).unwrap_or_default();
        let own = scores.and_then(|s| s.get(i)).and_then(Value::as_array);
        // People side by side: frames × people × points × 2.
        let nested = points.first().and_then(|p| p.get(0)).is_some_and(Value::is_array);
        let people = if nested {
            let each = points.iter().enumerate().map(|(k, p)| {
                let own = own.and_then(|s| s.get(k)).and_then(Value::as_array);
                body(p.as_array().map(Vec::as_slice).unwrap_or_default(), own)
            });
            each.collect()
        } else if points.is_empty() {
            Ok(Vec::new())
        } else {
            body(points, own).map(|b| vec![b])
        };
        raw.frames.push(people.map_err(|what| wrong(format!("frame {i} {what}")))?);
    }
    Ok(raw)
}
