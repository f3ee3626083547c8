//! Poses as JSON: what `cueloom generate --out` writes, and the plain form that trackers are easily brought to.
//!
//! Own: `{"fps": [25, 1], "frames": [{"points": [[x, y, score] × 133], "left_hand_z": [21], "right_hand_z": [21]}]}` in
//! picture heights. Plain: `{"fps": 25, "width": 1280, "height": 720, "frames": [[[x, y, score] × 133]]}` in pixels.
//! Either form of `fps` and of frames may go with either; lengths are pixels exactly where `height` is given.

use super::ExchangeError;
use crate::pose::{HAND_JOINT_COUNT, POINT_COUNT, Point, PoseFrame, PoseSequence};
use crate::time::Fps;
use serde::Deserialize;

/// Poses of a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Poses {
    /// In picture heights.
    pub sequence: PoseSequence,
    /// Width of the picture divided by its height; `None` where the file does not say.
    pub aspect: Option<f32>,
}

#[derive(Deserialize)]
struct File {
    fps: Rate,
    #[serde(default)]
    width: Option<f32>,
    #[serde(default)]
    height: Option<f32>,
    frames: Vec<Frame>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Rate {
    Fraction([u32; 2]),
    Number(f64),
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Frame {
    Plain(Vec<[f32; 3]>),
    Full {
        points: Vec<[f32; 3]>,
        #[serde(default)]
        left_hand_z: Vec<f32>,
        #[serde(default)]
        right_hand_z: Vec<f32>,
    },
}

/// Reads poses.
///
/// # Errors
/// [`ExchangeError`] when it is not JSON of this form, has no frames, a rate that is none, or frames with another
/// number of points than 133.
pub fn read(text: &str) -> Result<Poses, ExchangeError> {
    let wrong = |detail: String| ExchangeError::NotThisFormat { format: "a pose file", detail };
    let file: File = serde_json::from_str(text).map_err(|e| wrong(e.to_string()))?;
    let fps = match file.fps {
        Rate::Fraction([num, den]) if num > 0 && den > 0 => Fps { num, den },
        Rate::Number(rate) if rate.is_finite() && (0.5..=1000.0).contains(&rate) => {
            Fps { num: (rate * 1000.0).round() as u32, den: 1000 }
        }
        _ => return Err(wrong("its frame rate is none".to_owned())),
    };
    if file.frames.is_empty() {
        return Err(wrong("it holds no frames".to_owned()));
    }
    let unit = match file.height {
        None => 1.0,
        Some(height) if height.is_finite() && height >= 1.0 => height,
        Some(height) => return Err(wrong(format!("{height} is no height of a picture"))),
    };
    let aspect = file.width.map(|w| w / unit).filter(|a| a.is_finite() && *a > 0.0);
    let mut frames = Vec::with_capacity(file.frames.len());
    for (i, frame) in file.frames.into_iter().enumerate() {
        let (points, depths) = match frame {
            Frame::Plain(points) => (points, [Vec::new(), Vec::new()]),
            Frame::Full { points, left_hand_z, right_hand_z } => (points, [left_hand_z, right_hand_z]),
        };
        if points.len() != POINT_COUNT {
            return Err(wrong(format!("frame {i} has {} points where a whole body has {POINT_COUNT}", points.len())));
        }
        let mut out = PoseFrame::default();
        for (place, [x, y, score]) in out.points.iter_mut().zip(points) {
            *place = Point { x: x / unit, y: y / unit, score };
        }
        for (place, depth) in out.hand_z.iter_mut().zip(&depths) {
            if depth.len() == HAND_JOINT_COUNT {
                place.iter_mut().zip(depth).for_each(|(z, d)| *z = d / unit);
            }
        }
        frames.push(out);
    }
    Ok(Poses { sequence: PoseSequence { fps, frames }, aspect })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(text: &str) -> String {
        format!("[{}]", vec![text; POINT_COUNT].join(","))
    }

    #[test]
    fn both_forms_are_read() {
        let plain = format!(r#"{{"fps": 25, "width": 1280, "height": 720, "frames": [{}]}}"#, points("[360, 72, 0.5]"));
        let poses = read(&plain).unwrap();
        assert_eq!(poses.aspect, Some(1280.0 / 720.0));
        assert_eq!(poses.sequence.fps.rate(), 25.0);
        assert_eq!(poses.sequence.frames[0].points[7], Point { x: 0.5, y: 0.1, score: 0.5 });
        let own = format!(
            r#"{{"fps": [30000, 1001], "unit": "picture height", "frames": [{{"points": {}, "right_hand_z": [{}]}}]}}"#,
            points("[0.5, 0.1, 1]"),
            vec!["0.25"; 21].join(",")
        );
        let poses = read(&own).unwrap();
        assert_eq!((poses.sequence.fps.num, poses.aspect), (30000, None));
        assert_eq!((poses.sequence.frames[0].hand_z[1][20], poses.sequence.frames[0].hand_z[0][0]), (0.25, 0.0));
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (text, part) in [
            ("[1, 2", "JSON"),
            (r#"{"fps": 25, "frames": []}"#, "no frames"),
            (r#"{"fps": 0, "frames": [[[0,0,0]]]}"#, "frame rate"),
            (r#"{"fps": 25, "frames": [[[0,0,0]]]}"#, "frame 0 has 1 points"),
            (r#"{"fps": 25, "height": 0, "frames": [[[0,0,0]]]}"#, "no height"),
        ] {
            let message = read(text).unwrap_err().to_string();
            assert!(message.contains(part) || part == "JSON", "{message}");
        }
    }
}
