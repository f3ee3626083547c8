//! flite, the small speech synthesiser of Carnegie Mellon University: better English than espeak-ng's, with true times.
//!
//! It runs as a program (`flite -psdur`), one run per phrase: the sound goes to a temporary WAV file, the phones and
//! the times at which they end are printed. Only English; voices `slt` (woman), `rms` and `awb` (men).

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// The voices that Debian's flite speaks well with.
pub const VOICES: [&str; 3] = ["slt", "rms", "awb"];

/// Why flite does not speak, with the remedy.
#[derive(Clone, Debug, thiserror::Error)]
pub enum FliteError {
    #[error("flite is not installed; install it (Debian, Ubuntu: sudo apt install flite) or use espeak-ng")]
    Missing,
    #[error("flite has no voice \"{0}\"; use slt, rms or awb")]
    NoVoice(String),
    #[error("flite failed: {0}")]
    Failed(String),
    #[error("flite did not finish within {0:.0} seconds and was stopped")]
    TimedOut(f64),
}

/// A word for flite: its spelling, and its phones where flite's own reading is not wanted.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FliteWord {
    pub text: String,
    /// flite's phone names, a 1 after a stressed vowel; empty to let flite read the text.
    pub phones: String,
}

/// What flite said.
#[derive(Clone, Debug, Default)]
pub struct FliteSpoken {
    pub samples: Vec<f32>,
    pub rate: u32,
    /// flite's phone name, start and end in seconds; pauses are `pau`.
    pub phones: Vec<(String, f64, f64)>,
}

/// True when flite can be run.
pub fn is_installed() -> bool {
    program().is_some()
}

/// Where flite is on the PATH.
pub fn program() -> Option<PathBuf> {
    let name = format!("flite{}", std::env::consts::EXE_SUFFIX);
    std::env::split_paths(&std::env::var_os("PATH")?).map(|folder| folder.join(&name)).find(|path| path.is_file())
}

/// Speaks one phrase. `tempo` 1 is usual, 2 twice as fast; `ending` is the punctuation that gives the melody.
pub fn speak(words: &[FliteWord], voice: &str, tempo: f64, ending: char) -> Result<FliteSpoken, FliteError> {
    const TIMEOUT: Duration = Duration::from_secs(60);
    if !VOICES.contains(&voice) {
        return Err(FliteError::NoVoice(voice.into()));
    }
    let program = program().ok_or(FliteError::Missing)?;
    let wave = tempfile::Builder::new()
        .prefix("cueloom-flite")
        .suffix(".wav")
        .tempfile()
        .map_err(|e| FliteError::Failed(e.to_string()))?;
    let mut text = String::from("<speak>");
    for (i, word) in words.iter().enumerate() {
        if i > 0 {
            text.push(' ');
        }
        let spelled = escaped(&word.text);
        if word.phones.is_empty() {
            text.push_str(&spelled);
        } else {
            text.push_str(&format!("<phoneme ph=\"{}\">{spelled}</phoneme>", word.phones));
        }
    }
    text.push(ending);
    text.push_str("</speak>");
    let stretch = 1.0 / tempo.clamp(0.3, 3.0);
    let mut child = Command::new(program)
        .args(["-voice", voice, "--setf", &format!("duration_stretch={stretch:.3}"), "-psdur", "-ssml", "-t", &text])
        .arg("-o")
        .arg(wave.path())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|e| FliteError::Failed(e.to_string()))?;
    // Its printed answer is a few kilobytes at most per phrase and fits the pipe, so waiting first cannot block it.
    let until = Instant::now() + TIMEOUT;
    let status = loop {
        match child.try_wait() {
            Ok(Some(status)) => break status,
            Ok(None) if Instant::now() > until => {
                let _ = child.kill();
                let _ = child.wait();
                return Err(FliteError::TimedOut(TIMEOUT.as_secs_f64()));
            }
            Ok(None) => std::thread::sleep(Duration::from_millis(1)),
            Err(error) => return Err(FliteError::Failed(error.to_string())),
        }
    };
    if !status.success() {
        return Err(FliteError::Failed(format!("it ended with {status}")));
    }
    let mut printed = String::new();
    if let Some(mut out) = child.stdout.take() {
        use std::io::Read;
        out.read_to_string(&mut printed).map_err(|e| FliteError::Failed(e.to_string()))?;
    }
    let bytes = std::fs::read(wave.path()).map_err(|e| FliteError::Failed(e.to_string()))?;
    let (rate, samples) = read_wave(&bytes).ok_or_else(|| FliteError::Failed("it wrote no sound".into()))?;
    Ok(FliteSpoken { samples, rate, phones: segments(&printed) })
}

/// Reads `pau:0.164 hh:0.233 …`; every line is an utterance of its own whose times start from 0 again.
fn segments(printed: &str) -> Vec<(String, f64, f64)> {
    let mut out: Vec<(String, f64, f64)> = Vec::new();
    let mut base = 0.0;
    for line in printed.lines() {
        let mut at = 0.0;
        for item in line.split_whitespace() {
            let Some((name, end)) = item.rsplit_once(':') else { continue };
            let Ok(end) = end.parse::<f64>() else { continue };
            out.push((name.to_string(), base + at, base + end));
            at = end;
        }
        base += at;
    }
    out
}

/// A 16-bit PCM mono WAV.
pub(crate) fn read_wave(bytes: &[u8]) -> Option<(u32, Vec<f32>)> {
    if bytes.get(..4)? != b"RIFF" || bytes.get(8..12)? != b"WAVE" {
        return None;
    }
    let word = |at: usize| Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
    let mut at = 12;
    let mut rate = 0;
    while at + 8 <= bytes.len() {
        let length = word(at + 4)? as usize;
        let body = at + 8;
        match &bytes[at..at + 4] {
            b"fmt " => rate = word(body + 4)?,
            b"data" => {
                let end = (body + length).min(bytes.len());
                let samples = bytes[body..end]
                    .chunks_exact(2)
                    .map(|b| f32::from(i16::from_le_bytes([b[0], b[1]])) / 32_768.0)
                    .collect();
                return (rate > 0).then_some((rate, samples));
            }
            _ => {}
        }
        at = body + length + (length & 1);
    }
    None
}

fn escaped(text: &str) -> String {
    // Angle brackets and quotes mean markup to flite and nothing to the ear.
    text.chars().filter(|c| !matches!(c, '<' | '>' | '"' | '&')).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn printed_segments_have_starts_and_ends() {
        let s = segments("pau:0.1 hh:0.25 ax:0.3 \npau:0.2 l:0.3\n");
        assert_eq!(s[1], ("hh".into(), 0.1, 0.25));
        assert!((s[4].1 - 0.5).abs() < 1e-9 && (s[4].2 - 0.6).abs() < 1e-9);
        assert!(segments("nonsense a:b").is_empty());
    }

    #[test]
    fn waves_are_read_and_rubbish_refused() {
        let mut wave = b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x80>\0\0\0}\0\0\x02\0\x10\0data\x04\0\0\0".to_vec();
        wave.extend_from_slice(&[0, 0x40, 0, 0xC0]);
        assert_eq!(read_wave(&wave), Some((16_000, vec![0.5, -0.5])));
        assert_eq!(read_wave(b"RIFF"), None);
        assert_eq!(read_wave(&wave[..30]), None);
    }

    #[test]
    fn a_strange_voice_is_refused_by_name() {
        let error = speak(&[], "nobody", 1.0, '.').err().map(|e| e.to_string()).unwrap_or_default();
        assert!(error.contains("nobody"));
    }
}
