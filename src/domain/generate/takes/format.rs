//! The bytes of a `.take` file: poses of a stretch, compact and safe to read from anywhere.
//!
//! | bytes | content |
//! |---|---|
//! | 8 | `CLTAKE01` |
//! | 4 + 4 | frame rate, numerator and denominator |
//! | 4 | number of the first frame |
//! | 4 | count of frames |
//! | 4 | length of the body in bytes |
//! | … | body, deflated |
//! | 4 | CRC-32 of all before it |
//!
//! Integers are little endian. The inflated body holds 441 numbers a frame (x, y, score of the 133 points, then depth of
//! the 21 joints of the left and of the right hand) as 32-bit floats. Each number stands as its bits XOR those of the
//! frame before, and the four bytes of all of them lie in four planes: what does not move is zeros, and zeros are
//! small. A file is named by the SHA-256 of what it holds ([`content`]), which does not depend on how well it is deflated.

use super::Poses;
use crate::pose::{HAND_JOINT_COUNT, POINT_COUNT, Point, PoseFrame};
use crate::time::{Fps, FrameIndex};
use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use std::io::{Read as _, Write as _};

const MAGIC: &[u8; 8] = b"CLTAKE01";
const HEADER: usize = 28;
/// Numbers of a frame.
const FRAME: usize = POINT_COUNT * 3 + HAND_JOINT_COUNT * 2;
/// More frames than any mask holds (an hour at 120 a second): bounds what a forged file can ask for.
const MOST_FRAMES: usize = 432_000;

/// Why bytes are no take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FormatError {
    #[error("it is no take")]
    NotATake,
    #[error("it was written by a newer Cueloom")]
    Newer,
    #[error("it is damaged: its checksum does not fit")]
    Checksum,
    #[error("it is damaged: its content contradicts its header")]
    Content,
}

fn numbers(frame: &PoseFrame) -> impl Iterator<Item = f32> {
    frame.points.iter().flat_map(|p| [p.x, p.y, p.score]).chain(frame.hand_z.iter().flatten().copied())
}

/// What names poses: frame rate, number of the first frame, and all numbers, little endian, frame by frame.
pub fn content(poses: &Poses) -> impl Iterator<Item = [u8; 4]> {
    let head = [poses.fps.num, poses.fps.den, poses.first.0];
    let body = poses.frames.iter().flat_map(|f| numbers(f).map(f32::to_bits));
    head.into_iter().chain(body).map(u32::to_le_bytes)
}

/// Poses as bytes; the same poses give the same bytes.
pub fn encode(poses: &Poses) -> Vec<u8> {
    let count = poses.frames.len();
    let mut planes = vec![0u8; count * FRAME * 4];
    let mut before = [0u32; FRAME];
    for (f, frame) in poses.frames.iter().enumerate() {
        for (k, value) in numbers(frame).enumerate() {
            let bits = value.to_bits();
            for (plane, byte) in (bits ^ before[k]).to_le_bytes().into_iter().enumerate() {
                // Number by number through time: neighbours in a plane are the same joint in neighbouring frames.
                planes[plane * count * FRAME + k * count + f] = byte;
            }
            before[k] = bits;
        }
    }
    let mut body = ZlibEncoder::new(Vec::new(), Compression::new(6));
    // Writing into memory does not fail.
    let body = body.write_all(&planes).and_then(|()| body.finish()).unwrap_or_default();
    let mut out = Vec::with_capacity(HEADER + body.len() + 4);
    out.extend_from_slice(MAGIC);
    for n in [poses.fps.num, poses.fps.den, poses.first.0, count as u32, body.len() as u32] {
        out.extend_from_slice(&n.to_le_bytes());
    }
    out.extend_from_slice(&body);
    let crc = crc32fast::hash(&out);
    out.extend_from_slice(&crc.to_le_bytes());
    out
}

/// Poses from bytes, which may hold anything.
pub fn decode(bytes: &[u8]) -> Result<Poses, FormatError> {
    let magic = bytes.get(..8).ok_or(FormatError::NotATake)?;
    if magic != MAGIC {
        return Err(if magic.starts_with(b"CLTAKE") { FormatError::Newer } else { FormatError::NotATake });
    }
    let number = |at: usize| bytes.get(at..at + 4).and_then(|b| b.try_into().ok()).map(u32::from_le_bytes);
    let end = bytes.len().checked_sub(4).filter(|end| *end >= HEADER).ok_or(FormatError::Checksum)?;
    if number(end) != Some(crc32fast::hash(&bytes[..end])) {
        return Err(FormatError::Checksum);
    }
    let field = |i: usize| number(8 + 4 * i).ok_or(FormatError::Content);
    let (num, den, first, count, length) = (field(0)?, field(1)?, field(2)?, field(3)? as usize, field(4)? as usize);
    if num == 0 || den == 0 || count > MOST_FRAMES || length != end - HEADER {
        return Err(FormatError::Content);
    }
    let size = count * FRAME * 4;
    let mut planes = Vec::new();
    let mut body = ZlibDecoder::new(&bytes[HEADER..end]).take(size as u64 + 1);
    if body.read_to_end(&mut planes).is_err() || planes.len() != size {
        return Err(FormatError::Content);
    }
    let mut before = [0u32; FRAME];
    let mut frames = Vec::with_capacity(count);
    for f in 0..count {
        for (k, bits) in before.iter_mut().enumerate() {
            *bits ^= u32::from_le_bytes(std::array::from_fn(|plane| planes[plane * count * FRAME + k * count + f]));
        }
        let v = |i: usize| f32::from_bits(before[i]);
        if (0..FRAME).any(|i| !v(i).is_finite()) {
            return Err(FormatError::Content);
        }
        frames.push(PoseFrame {
            points: std::array::from_fn(|i| Point { x: v(3 * i), y: v(3 * i + 1), score: v(3 * i + 2) }),
            hand_z: std::array::from_fn(|h| std::array::from_fn(|j| v(POINT_COUNT * 3 + h * HAND_JOINT_COUNT + j))),
        });
    }
    Ok(Poses { fps: Fps { num, den }, first: FrameIndex(first), frames })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cueing::Position;
    use crate::cueing::when::TimingOptions;
    use crate::generate::examples::input_with_keys;
    use crate::generate::takes::base_poses;
    use crate::time::{Seconds, TimeRange};

    fn sample() -> Poses {
        let keys = [(1, Position::Mouth, None), (5, Position::Chin, None), (3, Position::Side, None)];
        let input = input_with_keys(&keys, 1.0, 0.4, &TimingOptions::default());
        base_poses(&input, TimeRange::new(Seconds(0.8), Seconds(2.0)), Seconds(0.2)).unwrap()
    }

    #[test]
    fn poses_come_back_to_the_bit_and_small() {
        let poses = sample();
        let bytes = encode(&poses);
        let again = decode(&bytes).unwrap();
        assert_eq!(again, poses);
        assert_eq!(encode(&again), bytes);
        let raw = poses.frames.len() * FRAME * 4;
        assert!(bytes.len() < raw * 7 / 10, "{} of {raw} bytes", bytes.len());
        let empty = Poses::default();
        assert_eq!(decode(&encode(&empty)), Ok(empty));
    }

    #[test]
    fn damage_is_an_error_wherever_it_is() {
        let bytes = encode(&sample());
        for at in (0..bytes.len()).step_by(97).chain([0, 7, 8, 27, bytes.len() - 1]) {
            let mut broken = bytes.clone();
            broken[at] ^= 0x40;
            assert!(decode(&broken).is_err(), "byte {at}");
        }
        for length in [0, 5, 8, 20, 31, bytes.len() / 2, bytes.len() - 1] {
            assert!(decode(&bytes[..length]).is_err(), "cut to {length}");
        }
        assert_eq!(decode(b"RIFF----WAVE"), Err(FormatError::NotATake));
        assert_eq!(decode(b"CLTAKE02....................................."), Err(FormatError::Newer));
    }

    #[test]
    fn forged_files_ask_for_nothing_beyond_their_content() {
        let forged = |count: u32, body: &[u8]| {
            let mut out = MAGIC.to_vec();
            for n in [25, 1, 0, count, body.len() as u32] {
                out.extend_from_slice(&n.to_le_bytes());
            }
            out.extend_from_slice(body);
            let crc = crc32fast::hash(&out);
            out.extend_from_slice(&crc.to_le_bytes());
            out
        };
        assert_eq!(decode(&forged(400_000, b"nothing")), Err(FormatError::Content));
        assert_eq!(decode(&forged(u32::MAX, b"")), Err(FormatError::Content));
        let mut nan = sample();
        nan.frames[2].points[5].x = f32::NAN;
        assert_eq!(decode(&encode(&nan)), Err(FormatError::Content));
    }
}
