//! Arrays of NumPy: `.npy`, and `.npz` archives of them, read without running anything that is in them.
//!
//! `frames × 133 × 2 or 3` (also 134 in OpenPose's order, also one person between), or the numbers of a frame in a row.
//! Of an archive `keypoints` is taken (or the first array of such a shape), with `scores` or `keypoint_scores` beside it
//! and the number `fps`. Rows of 402 numbers are MMGT's: 134 points brought to −1…1 by `(v + 200) / 1000 · 2 − 1`.

use super::whole_body::from_points;
use super::{Body, LARGEST, MOST_FRAMES, Raw, tracked_point, wrong};
use crate::exchange::ExchangeError;
use crate::pose::POINT_COUNT;
use std::io::Read as _;

/// An array of numbers, last axis fastest.
#[derive(Clone, Debug, PartialEq)]
pub struct Array {
    pub shape: Vec<usize>,
    pub values: Vec<f32>,
}

/// The arrays of numbers in an archive (`.npz`) by name; those that hold anything else are left out.
///
/// # Errors
/// When it is no archive, or a damaged one.
pub fn arrays(bytes: &[u8]) -> Result<Vec<(String, Array)>, ExchangeError> {
    let entries = archive(bytes)?;
    Ok(entries.into_iter().filter_map(|(name, content)| Some((name, array(&content).ok()?))).collect())
}

/// Frames of a file.
pub(super) fn read(bytes: &[u8]) -> Result<Raw, ExchangeError> {
    if bytes.starts_with(b"\x93NUMPY") {
        return frames_of(&array(bytes)?, None);
    }
    let entries = archive(bytes)?;
    let named =
        |names: &[&str]| entries.iter().find(|(n, _)| names.contains(&n.as_str())).and_then(|(_, b)| array(b).ok());
    let fps = named(&["fps", "frame_rate"]).and_then(|a| a.values.first().copied());
    let scores = named(&["scores", "keypoint_scores", "keypoints_scores"]);
    let points = named(&["keypoints", "kpts", "points"])
        .map_or_else(|| entries.iter().filter_map(|(_, b)| array(b).ok()).find(|a| width_of(a).is_some()), Some);
    let points = points.ok_or_else(|| {
        let names: Vec<&str> = entries.iter().map(|e| e.0.as_str()).take(8).collect();
        wrong(format!("none of its arrays ({}) holds whole bodies of 133 points", names.join(", ")))
    })?;
    let mut raw = frames_of(&points, scores.as_ref())?;
    raw.fps = fps.map(f64::from);
    Ok(raw)
}

/// Points of a person and numbers of a point.
fn width_of(array: &Array) -> Option<(usize, usize)> {
    let count = |n: usize| n == POINT_COUNT || n == POINT_COUNT + 1;
    match array.shape.as_slice() {
        [_, points, width @ (2 | 3)] if count(*points) => Some((*points, *width)),
        [_, 1, points, width @ (2 | 3)] if count(*points) => Some((*points, *width)),
        [_, row] => [3, 2].into_iter().find(|w| row % w == 0 && count(row / w)).map(|w| (row / w, w)),
        _ => None,
    }
}

fn frames_of(array: &Array, scores: Option<&Array>) -> Result<Raw, ExchangeError> {
    let (points, width) = width_of(array).ok_or_else(|| {
        wrong(format!("its array has the shape {:?}; Cueloom reads frames × 133 points × 2 or 3 numbers", array.shape))
    })?;
    let frames = array.shape[0];
    if frames > MOST_FRAMES {
        return Err(wrong(format!("{frames} frames are more than {MOST_FRAMES}; cut the file into parts")));
    }
    let scores = scores.filter(|s| s.values.len() == frames * points);
    let row = array.shape.len() == 2 && points == POINT_COUNT + 1 && width == 3;
    // MMGT's rows: small numbers, some below 0.
    let small = array.values.iter().all(|v| v.abs() <= 1.5) && array.values.iter().any(|v| *v < -0.1);
    let plain = |v: f32| if row && small { (v + 1.0) / 2.0 * 1000.0 - 200.0 } else { v };
    let mut raw = Raw { dialect: "NumPy", ..Raw::default() };
    for (f, frame) in array.values.chunks_exact(points * width).enumerate() {
        let list: Vec<_> = frame
            .chunks_exact(width)
            .enumerate()
            .map(|(i, p)| {
                let score = scores.map_or(p.get(2).map_or(1.0, |s| plain(*s)), |s| s.values[f * points + i]);
                tracked_point(plain(p[0]), plain(p[1]), score)
            })
            .collect();
        let body: Option<Body> = from_points(&list);
        raw.frames.push(body.into_iter().collect());
    }
    Ok(raw)
}

/// Reads one array of numbers.
fn array(bytes: &[u8]) -> Result<Array, ExchangeError> {
    let broken = || wrong("its NumPy header cannot be understood; save the array again with numpy.save".to_owned());
    let (major, rest) = (bytes.get(6).ok_or_else(broken)?, bytes.get(8..).ok_or_else(broken)?);
    let (length, rest) = if *major == 1 {
        let [a, b, rest @ ..] = rest else { return Err(broken()) };
        (usize::from(u16::from_le_bytes([*a, *b])), rest)
    } else {
        let [a, b, c, d, rest @ ..] = rest else { return Err(broken()) };
        (u32::from_le_bytes([*a, *b, *c, *d]) as usize, rest)
    };
    let header = String::from_utf8_lossy(rest.get(..length).ok_or_else(broken)?).into_owned();
    let data = &rest[length..];
    let after = |name: &str| header.split_once(&format!("'{name}':")).map(|(_, v)| v.trim_start());
    let descr = after("descr").and_then(|v| v.strip_prefix('\'')).and_then(|v| v.split('\'').next());
    let size = match descr {
        Some("<f4" | "<i4") => 4,
        Some("<f8" | "<i8") => 8,
        Some(other) => {
            let what = format!("its array holds \"{other}\"; save it as numbers with array.astype(\"float32\")");
            return Err(wrong(what));
        }
        None => return Err(broken()),
    };
    if after("fortran_order").is_none_or(|v| !v.starts_with("False")) {
        return Err(wrong("its array runs by columns; save it with numpy.ascontiguousarray".to_owned()));
    }
    let shape =
        after("shape").and_then(|v| v.strip_prefix('(')).and_then(|v| v.split(')').next()).ok_or_else(broken)?;
    let shape: Option<Vec<usize>> =
        shape.split(',').map(str::trim).filter(|n| !n.is_empty()).map(|n| n.parse().ok()).collect();
    let shape = shape.ok_or_else(broken)?;
    let count = shape.iter().try_fold(1_usize, |a, n| a.checked_mul(*n)).ok_or_else(broken)?;
    if count.checked_mul(size).is_none_or(|n| n != data.len()) {
        return Err(wrong("it is cut off: its array is shorter than its header says".to_owned()));
    }
    let float = |b: &[u8]| -> f32 {
        match (descr, b) {
            (Some("<f4"), [a, b, c, d]) => f32::from_le_bytes([*a, *b, *c, *d]),
            (Some("<i4"), [a, b, c, d]) => i32::from_le_bytes([*a, *b, *c, *d]) as f32,
            (Some("<f8"), b) => b.try_into().map_or(f32::NAN, |b| f64::from_le_bytes(b) as f32),
            (_, b) => b.try_into().map_or(f32::NAN, |b| i64::from_le_bytes(b) as f32),
        }
    };
    Ok(Array { shape, values: data.chunks_exact(size).map(float).collect() })
}

/// Names and contents of the arrays of an archive (zip, stored or deflated).
fn archive(bytes: &[u8]) -> Result<Vec<(String, Vec<u8>)>, ExchangeError> {
    let broken = || wrong("the archive is damaged; save it again with numpy.savez".to_owned());
    let number = |at: usize, size: usize| {
        let b = bytes.get(at..at.checked_add(size)?)?;
        Some(b.iter().rev().fold(0_usize, |n, b| n << 8 | usize::from(*b)))
    };
    // The end of the directory stands in the last 64 kB.
    let from = bytes.len().saturating_sub(65_557);
    let end = (from..bytes.len()).rev().find(|i| bytes[*i..].starts_with(b"PK\x05\x06")).ok_or_else(broken)?;
    let (count, mut at) = number(end + 10, 2).zip(number(end + 16, 4)).ok_or_else(broken)?;
    let (mut out, mut total) = (Vec::new(), 0_usize);
    for _ in 0..count.min(64) {
        let field = |offset: usize, size: usize| number(at + offset, size).ok_or_else(broken);
        let (method, packed, name_length) = (field(10, 2)?, field(20, 4)?, field(28, 2)?);
        let (extra, comment, local) = (field(30, 2)?, field(32, 2)?, field(42, 4)?);
        let name = bytes.get(at + 46..at + 46 + name_length).ok_or_else(broken)?;
        let name = String::from_utf8_lossy(name).trim_end_matches(".npy").to_owned();
        at += 46 + name_length + extra + comment;
        let start =
            local + 30 + number(local + 26, 2).ok_or_else(broken)? + number(local + 28, 2).ok_or_else(broken)?;
        let data = start.checked_add(packed).and_then(|end| bytes.get(start..end)).ok_or_else(broken)?;
        let content = match method {
            0 => data.to_vec(),
            8 => {
                let mut content = Vec::new();
                let left = (LARGEST - total.min(LARGEST)) as u64;
                flate2::read::DeflateDecoder::new(data).take(left).read_to_end(&mut content).map_err(|_| broken())?;
                content
            }
            _ => return Err(broken()),
        };
        total += content.len();
        out.push((name, content));
    }
    Ok(out)
}
