//! Poses kept beside a project so that they need not be made twice. The folder can be deleted at any time.
//!
//! A file holds the digest of everything the poses were made from; it counts only while that is the same.

use crate::generate::GenerateInput;
use crate::pose::{HAND_JOINT_COUNT, POINT_COUNT, Point, PoseFrame};
use sha2::{Digest as _, Sha256};
use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// Folder within a project's.
const FOLDER: &str = "cache";
/// First bytes of the file: a name and the version of the layout.
const MAGIC: &[u8; 8] = b"CLPOSE01";
const DIGEST: usize = 32;
/// Magic, digest, and the two numbers of the frame rate.
const HEAD: usize = MAGIC.len() + DIGEST + 8;
/// Numbers of one frame: x, y, score of each point, then depth of both hands.
const FRAME: usize = POINT_COUNT * 3 + HAND_JOINT_COUNT * 2;

fn path_of(folder: &Path, generator: &str) -> PathBuf {
    folder.join(FOLDER).join(format!("poses-{generator}.bin"))
}

/// Digest of all that poses depend on: the input, the generator, and the program's version.
fn digest(input: &GenerateInput, generator: &str) -> [u8; DIGEST] {
    /// Takes in text as it is written, hours of it without keeping any.
    struct Hashing(Sha256);

    impl std::fmt::Write for Hashing {
        fn write_str(&mut self, text: &str) -> std::fmt::Result {
            self.0.update(text);
            Ok(())
        }
    }

    let mut hash = Hashing(Sha256::new());
    hash.0.update(env!("CARGO_PKG_VERSION"));
    hash.0.update(generator);
    // The debug form of floats is exact (shortest text that reads back the same).
    let _ = std::fmt::Write::write_fmt(&mut hash, format_args!("{input:?}"));
    hash.0.finalize().into()
}

/// Poses in the cache, read a stretch at a time.
pub struct Kept {
    file: Mutex<File>,
    count: usize,
}

impl Kept {
    /// The poses kept for this input, if they are there and whole.
    pub fn open(folder: &Path, input: &GenerateInput, generator: &str) -> Option<Self> {
        let mut file = File::open(path_of(folder, generator)).ok()?;
        let mut head = [0; HEAD];
        file.read_exact(&mut head).ok()?;
        let count = input.fps.frame_count(input.length) as usize;
        let whole = HEAD as u64 + (count * FRAME * 4) as u64;
        let fits = head == head_of(input, generator) && file.metadata().ok()?.len() == whole;
        fits.then(|| Self { file: Mutex::new(file), count })
    }

    /// Frames of a stretch; `None` when they cannot be read.
    pub fn frames(&self, range: Range<usize>) -> Option<Vec<PoseFrame>> {
        if range.end > self.count {
            return None;
        }
        let mut bytes = vec![0; range.len() * FRAME * 4];
        {
            let mut file = self.file.lock().ok()?;
            file.seek(SeekFrom::Start((HEAD + range.start * FRAME * 4) as u64)).ok()?;
            file.read_exact(&mut bytes).ok()?;
        }
        let values: Vec<f32> = bytes.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
        let frame = |v: &[f32]| PoseFrame {
            points: std::array::from_fn(|i| Point { x: v[i * 3], y: v[i * 3 + 1], score: v[i * 3 + 2] }),
            hand_z: std::array::from_fn(|h| std::array::from_fn(|j| v[POINT_COUNT * 3 + h * HAND_JOINT_COUNT + j])),
        };
        Some(values.chunks_exact(FRAME).map(frame).collect())
    }
}

/// What stands before the poses of this input.
fn head_of(input: &GenerateInput, generator: &str) -> [u8; HEAD] {
    let mut head = [0; HEAD];
    let parts: [&[u8]; 4] =
        [MAGIC, &digest(input, generator), &input.fps.num.to_le_bytes(), &input.fps.den.to_le_bytes()];
    for (slot, byte) in head.iter_mut().zip(parts.into_iter().flatten()) {
        *slot = *byte;
    }
    head
}

/// Keeps the poses of this input, all of them in order.
///
/// # Errors
/// When the folder cannot be written, and those of `poses`; what was kept before then stays.
pub fn store(
    folder: &Path,
    input: &GenerateInput,
    generator: &str,
    poses: impl Iterator<Item = io::Result<Vec<PoseFrame>>>,
) -> io::Result<()> {
    let path = path_of(folder, generator);
    std::fs::create_dir_all(folder.join(FOLDER))?;
    let mut file = tempfile::Builder::new().prefix(".poses-").tempfile_in(folder.join(FOLDER))?;
    {
        let mut out = io::BufWriter::new(file.as_file_mut());
        out.write_all(&head_of(input, generator))?;
        for frames in poses {
            for frame in frames? {
                let points = frame.points.iter().flat_map(|p| [p.x, p.y, p.score]);
                for value in points.chain(frame.hand_z.iter().flatten().copied()) {
                    out.write_all(&value.to_le_bytes())?;
                }
            }
        }
        out.flush()?;
    }
    // Put in its place when it is whole. A file lost with the power is only made again.
    file.persist(&path).map_err(|e| e.error)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::Style;
    use crate::language::Language;
    use crate::pose::Reference;
    use crate::time::{Fps, Seconds};

    fn input(seed: u64) -> GenerateInput {
        GenerateInput {
            reference: Reference::example(),
            keys: Vec::new(),
            phones: Vec::new(),
            head_tones: Vec::new(),
            expressions: Vec::new(),
            voice: Default::default(),
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
        let poses = vec![PoseFrame::default(), frame, PoseFrame::default(), PoseFrame::default(), PoseFrame::default()];
        store(dir.path(), &input(1), "rules", poses.chunks(2).map(|p| Ok(p.to_vec()))).expect("written");
        let kept = Kept::open(dir.path(), &input(1), "rules").expect("kept");
        assert_eq!(kept.frames(0..5), Some(poses.clone()));
        assert_eq!(kept.frames(1..3), Some(poses[1..3].to_vec()));
        assert_eq!(kept.frames(3..6), None, "beyond the end");
        assert!(Kept::open(dir.path(), &input(2), "rules").is_none());
        let stopped = [Ok(vec![PoseFrame::default()]), Err(io::ErrorKind::Interrupted.into())];
        store(dir.path(), &input(2), "rules", stopped.into_iter()).expect_err("it was stopped");
        assert!(Kept::open(dir.path(), &input(1), "rules").is_some(), "what was kept before stays");
        let path = path_of(dir.path(), "rules");
        let bytes = std::fs::read(&path).expect("read");
        std::fs::write(&path, &bytes[..bytes.len() - 3]).expect("written");
        assert!(Kept::open(dir.path(), &input(1), "rules").is_none(), "a file cut short does not count");
    }
}
