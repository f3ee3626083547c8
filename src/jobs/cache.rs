//! Poses kept beside a project so that they need not be made twice. The folder can be deleted at any time.
//!
//! A file holds the digest of everything the poses were made from; it counts only while that is the same.

use crate::generate::GenerateInput;
use crate::pose::{HAND_JOINT_COUNT, POINT_COUNT, Point, PoseFrame, PoseSequence};
use crate::time::Fps;
use sha2::{Digest as _, Sha256};
use std::io;
use std::path::{Path, PathBuf};

/// Folder within a project's.
const FOLDER: &str = "cache";
/// First bytes of the file: a name and the version of the layout.
const MAGIC: &[u8; 8] = b"CLPOSE01";
const DIGEST: usize = 32;
/// Numbers of one frame: x, y, score of each point, then depth of both hands.
const FRAME: usize = POINT_COUNT * 3 + HAND_JOINT_COUNT * 2;

fn path_of(folder: &Path, generator: &str) -> PathBuf {
    folder.join(FOLDER).join(format!("poses-{generator}.bin"))
}

/// Digest of all that poses depend on: the input, the generator, and the program's version.
fn digest(input: &GenerateInput, generator: &str) -> [u8; DIGEST] {
    let mut hash = Sha256::new();
    hash.update(env!("CARGO_PKG_VERSION"));
    hash.update(generator);
    // The debug form of floats is exact (shortest text that reads back the same).
    hash.update(format!("{input:?}"));
    hash.finalize().into()
}

/// The poses kept for this input, if they are there and whole.
pub fn load(folder: &Path, input: &GenerateInput, generator: &str) -> Option<PoseSequence> {
    let bytes = std::fs::read(path_of(folder, generator)).ok()?;
    let body = bytes.strip_prefix(MAGIC)?.strip_prefix(digest(input, generator).as_slice())?;
    let (rate, body) = (body.get(..8)?, body.get(8..)?);
    let number = |at: usize| rate.get(at..at + 4).and_then(|b| b.try_into().ok()).map(u32::from_le_bytes);
    let fps = Fps { num: number(0)?, den: number(4)? };
    let values: Vec<f32> = body.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
    if values.len() * 4 != body.len() || !values.len().is_multiple_of(FRAME) {
        return None;
    }
    let frames = values
        .chunks_exact(FRAME)
        .map(|v| PoseFrame {
            points: std::array::from_fn(|i| Point { x: v[i * 3], y: v[i * 3 + 1], score: v[i * 3 + 2] }),
            hand_z: std::array::from_fn(|h| std::array::from_fn(|j| v[POINT_COUNT * 3 + h * HAND_JOINT_COUNT + j])),
        })
        .collect();
    Some(PoseSequence { fps, frames })
}

/// Keeps poses for this input.
///
/// # Errors
/// When the folder cannot be written; the poses themselves are then just not kept.
pub fn store(folder: &Path, input: &GenerateInput, generator: &str, poses: &PoseSequence) -> io::Result<()> {
    let mut bytes = Vec::with_capacity(MAGIC.len() + DIGEST + 8 + poses.frames.len() * FRAME * 4);
    bytes.extend_from_slice(MAGIC);
    bytes.extend_from_slice(&digest(input, generator));
    bytes.extend_from_slice(&poses.fps.num.to_le_bytes());
    bytes.extend_from_slice(&poses.fps.den.to_le_bytes());
    for frame in &poses.frames {
        let points = frame.points.iter().flat_map(|p| [p.x, p.y, p.score]);
        for value in points.chain(frame.hand_z.iter().flatten().copied()) {
            bytes.extend_from_slice(&value.to_le_bytes());
        }
    }
    let path = path_of(folder, generator);
    std::fs::create_dir_all(folder.join(FOLDER))?;
    crate::document::file::write_whole(&path, &bytes).map_err(io::Error::other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::Style;
    use crate::language::Language;
    use crate::pose::Reference;
    use crate::time::Seconds;

    fn input(seed: u64) -> GenerateInput {
        GenerateInput {
            reference: Reference::example(),
            keys: Vec::new(),
            phones: Vec::new(),
            language: Language::French,
            fps: Fps::whole(25),
            length: Seconds(0.2),
            seed,
            style: Style::default(),
        }
    }

    #[test]
    fn poses_come_back_as_they_were_and_only_for_the_same_input() {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let mut frame = PoseFrame::default();
        frame.points[132] = Point { x: 0.1, y: -7.25, score: f32::MIN_POSITIVE };
        frame.hand_z[1][20] = 0.3;
        let poses = PoseSequence { fps: Fps { num: 30_000, den: 1001 }, frames: vec![PoseFrame::default(), frame] };
        store(dir.path(), &input(1), "rules", &poses).expect("written");
        assert_eq!(load(dir.path(), &input(1), "rules"), Some(poses));
        assert_eq!(load(dir.path(), &input(2), "rules"), None);
        let path = path_of(dir.path(), "rules");
        let bytes = std::fs::read(&path).expect("read");
        std::fs::write(&path, &bytes[..bytes.len() - 3]).expect("written");
        assert_eq!(load(dir.path(), &input(1), "rules"), None, "a file cut short does not count");
    }
}
