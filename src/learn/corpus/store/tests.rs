use super::*;
use crate::corpus::{Kind, Split};
use crate::pose::Point;
use crate::pose::expression::Voice;
use crate::time::Fps;

pub(crate) fn meta(number: u32, frames: u32) -> ClipMeta {
    ClipMeta {
        number,
        kind: Kind::Cueing,
        language: None,
        text: "été 他".into(),
        split: Split::Train,
        identity: "a".into(),
        voice: "nobody".into(),
        seed: u64::MAX,
        fps: Fps::whole(25),
        aspect: 1.0,
        frames,
        phones: Vec::new(),
        words: Vec::new(),
        keys: Vec::new(),
        heard: Voice::default(),
        gestures: Vec::new(),
        source: String::new(),
        notes: Vec::new(),
    }
}

fn clip(number: u32, frames: u32) -> WholeClip {
    let poses = (0..frames)
        .map(|f| {
            let mut frame = PoseFrame::default();
            for (i, p) in frame.points.iter_mut().enumerate() {
                let t = f as f32 * 0.13 + i as f32;
                // Every fifth point is missing, others jump at times.
                if i % 5 != 0 {
                    let jump = if (f + i as u32).is_multiple_of(17) { -2.5 } else { 0.0 };
                    *p = Point { x: 0.5 + 0.3 * t.sin() + jump, y: 1.2 * t.cos(), score: 0.2 + 0.1 * (i % 9) as f32 };
                }
            }
            frame.hand_z.iter_mut().flatten().enumerate().for_each(|(j, z)| *z = 0.01 * j as f32 - 0.002 * f as f32);
            frame
        })
        .collect();
    let rows = (0..2 * frames).map(|r| std::array::from_fn(|c| if c < 80 { -50.0 + (r % 40) as f32 } else { 0.0 }));
    let features = Features { rows: rows.collect() };
    let features = Features::from_bytes(&features.to_bytes(), 2 * frames as usize);
    let extra = Extra { width: 3, values: (0..3 * frames).map(|v| (v as f32).sin() * 7.0).collect() };
    WholeClip { meta: meta(number, frames), poses, features, extra }
}

fn shard_of(clips: &[WholeClip]) -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.clips");
    write_whole(&path, &to_bytes(clips).unwrap()).unwrap();
    (folder, path)
}

#[test]
fn clips_come_back_within_a_thirtieth_of_a_pixel() {
    let clips = [clip(3, 40), clip(4, 1), clip(5, 7)];
    let (_folder, path) = shard_of(&clips);
    let shard = Shard::open(&path).unwrap();
    assert_eq!(shard.entries.len(), 3);
    for (entry, clip) in shard.entries.iter().zip(&clips) {
        assert_eq!(entry.meta, clip.meta);
        let poses = shard.poses(entry).unwrap();
        assert_eq!(poses.len(), clip.poses.len());
        let mut worst = 0.0_f32;
        for (a, b) in poses.iter().zip(&clip.poses) {
            for (p, q) in a.points.iter().zip(&b.points) {
                assert_eq!(p.score > 0.0, q.score > 0.0);
                assert!((p.score - q.score).abs() <= 0.5 / 255.0 + 1e-6);
                worst = worst.max((p.x - q.x).abs()).max((p.y - q.y).abs());
            }
            for (p, q) in a.hand_z.iter().flatten().zip(b.hand_z.iter().flatten()) {
                worst = worst.max((p - q).abs());
            }
        }
        let pixels = worst * 512.0;
        assert!(pixels <= 0.0313 && pixels > 0.005, "{pixels}");
        assert_eq!(shard.features(entry).unwrap(), clip.features);
        let extra = shard.extra(entry).unwrap();
        let off = extra.values.iter().zip(&clip.extra.values).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(extra.width == 3 && off <= 7.0 / 65_000.0, "{off}");
    }
    assert_eq!(to_bytes(&clips).unwrap(), std::fs::read(&path).unwrap());
}

#[test]
fn coordinates_beyond_the_range_are_held_and_nonsense_is_nothing() {
    let mut it = clip(0, 2);
    it.poses[0].points[1] = Point { x: 9.0, y: f32::NAN, score: 2.0 };
    it.poses[0].points[2] = Point { x: -9.0, y: 1.0, score: 1e-6 };
    let (_folder, path) = shard_of(&[it]);
    let shard = Shard::open(&path).unwrap();
    let pose = &shard.poses(&shard.entries[0]).unwrap()[0];
    assert!((pose.points[1].x - 4.0).abs() < 1e-3 && pose.points[1].y == 0.0 && pose.points[1].score == 1.0);
    assert!((pose.points[2].x + 4.0).abs() < 1e-3 && pose.points[2].score > 0.0);
}

#[test]
fn any_damage_is_told_and_never_read() {
    let (_folder, path) = shard_of(&[clip(0, 12), clip(1, 9)]);
    let whole = std::fs::read(&path).unwrap();
    let all_good = |path: &Path| -> Result<(), CorpusError> {
        let shard = Shard::open(path)?;
        for e in &shard.entries {
            shard.poses(e)?;
            shard.features(e)?;
            shard.extra(e)?;
        }
        Ok(())
    };
    all_good(&path).unwrap();
    for at in (0..whole.len()).step_by(97).chain([0, 8, 12, 16, 20, 24]) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x55;
        std::fs::write(&path, &bytes).unwrap();
        assert!(all_good(&path).is_err(), "byte {at}");
    }
    for length in [0, 5, HEADER, HEADER + 3, whole.len() / 2, whole.len() - 1] {
        std::fs::write(&path, &whole[..length]).unwrap();
        assert!(all_good(&path).is_err(), "cut at {length}");
    }
}

#[test]
fn contradictions_are_refused() {
    let mut it = clip(0, 3);
    it.meta.frames = 4;
    assert!(matches!(to_bytes(&[it]), Err(CorpusError::Impossible { .. })));
    let mut it = clip(0, 3);
    it.extra.values.pop();
    assert!(matches!(to_bytes(&[it]), Err(CorpusError::Impossible { .. })));
}
