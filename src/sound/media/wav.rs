//! Writing WAV files: 16-bit PCM, which everything reads.

use super::MediaError;
use super::output::TempFile;
use std::io::{BufWriter, Write};
use std::path::Path;

/// Writes interleaved samples in -1..1 to `path` as 16-bit PCM, by way of a temporary name.
///
/// # Errors
/// Folders that are missing or cannot be written, a full disk, more than 4 GB of sound.
pub fn write_wav(path: &Path, rate: u32, channels: u16, samples: &[f32]) -> Result<(), MediaError> {
    let bad = |what: &str| MediaError::BadOptions { path: path.to_owned(), what: what.to_owned() };
    if rate == 0 || channels == 0 {
        return Err(bad("a WAV file needs a sample rate and at least one channel"));
    }
    let data = u32::try_from(samples.len() * 2).ok().filter(|n| *n < u32::MAX - 44);
    let data = data.ok_or_else(|| bad("a WAV file holds at most 4 GB; save it in parts"))?;
    let block = u32::from(channels) * 2;
    let temp = TempFile::create(path)?;
    let write = |file: &std::fs::File| -> std::io::Result<()> {
        let mut out = BufWriter::with_capacity(1 << 16, file);
        out.write_all(b"RIFF")?;
        out.write_all(&(36 + data).to_le_bytes())?;
        out.write_all(b"WAVEfmt ")?;
        out.write_all(&16_u32.to_le_bytes())?;
        out.write_all(&1_u16.to_le_bytes())?;
        out.write_all(&channels.to_le_bytes())?;
        out.write_all(&rate.to_le_bytes())?;
        out.write_all(&(rate.saturating_mul(block)).to_le_bytes())?;
        out.write_all(&(block as u16).to_le_bytes())?;
        out.write_all(&16_u16.to_le_bytes())?;
        out.write_all(b"data")?;
        out.write_all(&data.to_le_bytes())?;
        for &sample in samples {
            let value = (sample * 32_768.0).round().clamp(-32_768.0, 32_767.0) as i16;
            out.write_all(&value.to_le_bytes())?;
        }
        out.flush()
    };
    write(temp.file()).map_err(|e| MediaError::writing(path, e))?;
    temp.keep()
}
