//! The studio's side of espeak-ng: finds the `cueloom-voice` program, keeps one running and asks it to speak.
//!
//! The program is looked for beside the studio's own executable (one folder up too, where tests run from a `deps`
//! folder), then on the PATH; `CUELOOM_VOICE` overrides. It is started once and answers one request after another. A
//! request that takes too long kills it; one that has died is started anew for the next request. Pronunciations of
//! words are remembered, since the same word comes again and again while a text is typed.

use crate::language::{Language, Pronouncer};
use serde::Deserialize;
use std::collections::HashMap;
use std::io::{BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Why nothing can be spoken through espeak-ng, with the remedy.
#[derive(Clone, Debug, thiserror::Error)]
pub enum VoiceError {
    #[error(
        "The speaking helper cueloom-voice was not found beside the program or on the PATH; put it beside {0} or build \
         it with \"cargo build\""
    )]
    HelperMissing(PathBuf),
    #[error(
        "espeak-ng is not installed; install it (Debian, Ubuntu: sudo apt install espeak-ng; macOS: brew install \
         espeak-ng) and try again ({0})"
    )]
    LibraryMissing(String),
    #[error("espeak-ng does not start; install its data (Debian, Ubuntu: sudo apt install espeak-ng-data) ({0})")]
    LibraryBroken(String),
    #[error("The speaking helper could not be started: {reason}: {program}")]
    NotStarted { program: PathBuf, reason: String },
    #[error("The speaking helper stopped in the middle of its work ({0}); it is started again for the next request")]
    Died(String),
    #[error("The speaking helper did not answer within {0:.0} seconds and was stopped; try a shorter text")]
    TimedOut(f64),
    #[error("{0}")]
    Refused(String),
}

/// How a text is to be spoken by espeak-ng.
#[derive(Clone, Debug, PartialEq)]
pub struct Speaking {
    /// A name that espeak-ng resolves: `fr`, `en-us`, `gmw/en`, `cmn-latn-pinyin`, optionally with a variant: `fr+f2`.
    pub voice: String,
    /// Words a minute, 80 to 450; 175 is usual.
    pub rate: i32,
    /// 0 to 99, 50 is usual.
    pub pitch: i32,
    /// How much the pitch moves, 0 to 99, 50 is usual.
    pub range: i32,
    /// The text holds espeak-ng's phoneme names between `[[` and `]]`.
    pub phonemes: bool,
}

impl Speaking {
    /// The usual manner of `voice`.
    pub fn new(voice: impl Into<String>) -> Self {
        Self { voice: voice.into(), rate: 175, pitch: 50, range: 50, phonemes: false }
    }
}

/// Sound with what happens in it.
#[derive(Clone, Debug, Default)]
pub struct Spoken {
    /// Mono, in −1..1.
    pub samples: Vec<f32>,
    /// Samples a second.
    pub rate: u32,
    pub events: Vec<SpokenEvent>,
}

/// The start of a word or phone, by sample position.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct SpokenEvent {
    pub kind: SpokenEventKind,
    pub sample: i64,
    /// Where the word stands in the text, in characters from 1.
    #[serde(default)]
    pub at: i32,
    /// The word's length in characters.
    #[serde(default)]
    pub length: i32,
    /// The phone in the synthesiser's IPA; empty for a pause or a tone mark.
    #[serde(default)]
    pub id: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SpokenEventKind {
    Word,
    Phone,
    End,
}

/// A voice that espeak-ng has.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct VoiceName {
    pub name: String,
    pub identifier: String,
    pub languages: Vec<String>,
}

/// espeak-ng, ready to speak. Shared freely between threads; requests queue up.
pub struct Voice {
    program: PathBuf,
    timeout: Duration,
    process: Mutex<Option<Process>>,
    known: Mutex<HashMap<(Language, String), Option<String>>>,
}

struct Process {
    child: Child,
    input: ChildStdin,
    frames: Receiver<(u8, Vec<u8>)>,
    complaint: Arc<Mutex<String>>,
    next: u64,
}

impl Drop for Process {
    fn drop(&mut self) {
        // The child ends by itself when its input closes, unless it hangs: then this is what stops it.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[derive(Deserialize)]
struct Done {
    #[serde(default)]
    id: u64,
    ok: bool,
    #[serde(default)]
    error: String,
    #[serde(default)]
    rate: u32,
    #[serde(default)]
    ipa: String,
    #[serde(default)]
    version: String,
    #[serde(default)]
    voices: Vec<VoiceName>,
}

impl Voice {
    /// Finds the helper program and checks that it can speak.
    pub fn find() -> Result<Self, VoiceError> {
        let program = helper_path()?;
        Self::with_program(&program)
    }

    /// The one voice of this run of the program, found at the first call that succeeds.
    pub fn shared() -> Result<Arc<Self>, VoiceError> {
        static SHARED: Mutex<Option<Arc<Voice>>> = Mutex::new(None);
        let mut shared = lock(&SHARED);
        if let Some(voice) = &*shared {
            return Ok(Arc::clone(voice));
        }
        let voice = Arc::new(Self::find()?);
        *shared = Some(Arc::clone(&voice));
        Ok(voice)
    }

    /// Uses the helper at `program`.
    pub fn with_program(program: &Path) -> Result<Self, VoiceError> {
        let voice = Self {
            program: program.to_path_buf(),
            timeout: Duration::from_secs(60),
            process: Mutex::new(None),
            known: Mutex::new(HashMap::new()),
        };
        voice.version()?;
        Ok(voice)
    }

    /// How long one request may take before the helper is stopped.
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// espeak-ng's version.
    pub fn version(&self) -> Result<String, VoiceError> {
        Ok(self.ask(&serde_json::json!({"do": "version"}))?.0.version)
    }

    /// All voices that espeak-ng has.
    pub fn voices(&self) -> Result<Vec<VoiceName>, VoiceError> {
        Ok(self.ask(&serde_json::json!({"do": "voices"}))?.0.voices)
    }

    /// Speaks `text`.
    pub fn speak(&self, text: &str, manner: &Speaking) -> Result<Spoken, VoiceError> {
        let (done, pcm, events) = self.ask(&serde_json::json!({
            "do": "speak", "voice": manner.voice, "text": text, "phonemes": manner.phonemes,
            "rate": manner.rate, "pitch": manner.pitch, "range": manner.range,
        }))?;
        let samples =
            pcm.chunks_exact(2).map(|b| f32::from(i16::from_le_bytes([b[0], b[1]])) / 32_768.0).collect::<Vec<_>>();
        Ok(Spoken { samples, rate: done.rate.max(1), events })
    }

    /// The pronunciation of `text` in IPA by the voice `voice`.
    pub fn pronounce(&self, text: &str, voice: &str) -> Result<String, VoiceError> {
        Ok(self.ask(&serde_json::json!({"do": "ipa", "voice": voice, "text": text}))?.0.ipa)
    }

    fn ask(&self, request: &serde_json::Value) -> Result<(Done, Vec<u8>, Vec<SpokenEvent>), VoiceError> {
        let mut slot = lock(&self.process);
        if slot.is_none() {
            *slot = Some(self.start()?);
        }
        let Some(process) = slot.as_mut() else {
            return Err(VoiceError::Died("not running".into()));
        };
        let result = process.ask(request, self.timeout);
        if matches!(result, Err(VoiceError::Died(_) | VoiceError::TimedOut(_))) {
            let ended = slot.take();
            if let (Some(mut ended), Err(VoiceError::Died(_))) = (ended, &result) {
                // Give the exit code a moment to arrive: it says what is missing.
                let until = Instant::now() + Duration::from_millis(500);
                while Instant::now() < until {
                    if let Ok(Some(status)) = ended.child.try_wait() {
                        std::thread::sleep(Duration::from_millis(5));
                        let said = lock(&ended.complaint).trim().to_string();
                        return Err(match status.code() {
                            Some(3) => VoiceError::LibraryMissing(said),
                            Some(4) => VoiceError::LibraryBroken(said),
                            _ => VoiceError::Died(if said.is_empty() { status.to_string() } else { said }),
                        });
                    }
                    std::thread::sleep(Duration::from_millis(2));
                }
            }
        }
        result
    }

    fn start(&self) -> Result<Process, VoiceError> {
        let failed = |reason: String| VoiceError::NotStarted { program: self.program.clone(), reason };
        let mut child = Command::new(&self.program)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|e| failed(e.to_string()))?;
        let (Some(input), Some(output), Some(errors)) = (child.stdin.take(), child.stdout.take(), child.stderr.take())
        else {
            return Err(failed("no pipes".into()));
        };
        let (sender, frames) = channel();
        let read = move || {
            let mut output = BufReader::new(output);
            let mut head = [0_u8; 5];
            while output.read_exact(&mut head).is_ok() {
                let length = u32::from_le_bytes([head[1], head[2], head[3], head[4]]) as usize;
                // `take` grows with what really comes, so that a garbled length cannot claim the memory.
                let mut payload = Vec::new();
                match output.by_ref().take(length as u64).read_to_end(&mut payload) {
                    Ok(n) if n == length => {}
                    _ => break,
                }
                if sender.send((head[0], payload)).is_err() {
                    break;
                }
            }
        };
        let complaint = Arc::new(Mutex::new(String::new()));
        let heard = Arc::clone(&complaint);
        let listen = move || {
            let mut text = String::new();
            let _ = errors.take(10_000).read_to_string(&mut text);
            *lock(&heard) = text;
        };
        std::thread::Builder::new().name("voice".into()).spawn(read).map_err(|e| failed(e.to_string()))?;
        std::thread::Builder::new().name("voice errors".into()).spawn(listen).map_err(|e| failed(e.to_string()))?;
        Ok(Process { child, input, frames, complaint, next: 1 })
    }
}

impl Process {
    fn ask(
        &mut self,
        request: &serde_json::Value,
        timeout: Duration,
    ) -> Result<(Done, Vec<u8>, Vec<SpokenEvent>), VoiceError> {
        let id = self.next;
        self.next += 1;
        let mut request = request.clone();
        request["id"] = id.into();
        let mut line = request.to_string();
        line.push('\n');
        self.input
            .write_all(line.as_bytes())
            .and_then(|()| self.input.flush())
            .map_err(|e| VoiceError::Died(e.to_string()))?;
        let until = Instant::now() + timeout;
        let (mut pcm, mut events) = (Vec::new(), Vec::new());
        loop {
            match self.frames.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok((b'P', bytes)) => pcm.extend_from_slice(&bytes),
                Ok((b'E', bytes)) => {
                    let mut more: Vec<SpokenEvent> =
                        serde_json::from_slice(&bytes).map_err(|e| VoiceError::Died(format!("garbled answer: {e}")))?;
                    events.append(&mut more);
                }
                Ok((b'D', bytes)) => {
                    let done: Done =
                        serde_json::from_slice(&bytes).map_err(|e| VoiceError::Died(format!("garbled answer: {e}")))?;
                    if !done.ok {
                        return Err(VoiceError::Refused(done.error));
                    }
                    if done.id == id {
                        return Ok((done, pcm, events));
                    }
                }
                Ok(_) => return Err(VoiceError::Died("garbled answer".into())),
                Err(RecvTimeoutError::Timeout) => return Err(VoiceError::TimedOut(timeout.as_secs_f64())),
                Err(RecvTimeoutError::Disconnected) => return Err(VoiceError::Died("it ended".into())),
            }
        }
    }
}

impl Pronouncer for Voice {
    fn ipa(&self, word: &str, language: Language) -> Option<String> {
        // espeak-ng reads hanzi wrongly and pinyin needs no help: Mandarin has its own tables.
        let voice = match language {
            Language::Mandarin => return None,
            Language::French => "fr",
            Language::AmericanEnglish => "en-us",
        };
        let key = (language, word.to_string());
        if let Some(known) = lock(&self.known).get(&key) {
            return known.clone();
        }
        // A failure of the helper is not remembered; a word it cannot say is.
        let ipa = self.pronounce(word, voice).ok()?;
        let ipa = without_language_marks(&ipa);
        let answer = (!ipa.is_empty()).then_some(ipa);
        lock(&self.known).insert(key, answer.clone());
        answer
    }
}

/// Takes out the marks of a switch of language: `(en)pˈɑːkɪŋ(fr)` becomes `pˈɑːkɪŋ`.
fn without_language_marks(ipa: &str) -> String {
    let mut out = String::with_capacity(ipa.len());
    let mut inside = false;
    for c in ipa.chars() {
        match c {
            '(' => inside = true,
            ')' => inside = false,
            _ if !inside => out.push(c),
            _ => {}
        }
    }
    out.trim().to_string()
}

/// Where the helper program is.
fn helper_path() -> Result<PathBuf, VoiceError> {
    if let Some(chosen) = std::env::var_os("CUELOOM_VOICE") {
        return Ok(PathBuf::from(chosen));
    }
    let name = format!("cueloom-voice{}", std::env::consts::EXE_SUFFIX);
    let own = std::env::current_exe().unwrap_or_default();
    let beside = own.parent().map(Path::to_path_buf).unwrap_or_default();
    let folders = [Some(beside.clone()), beside.parent().map(Path::to_path_buf)];
    let on_path = std::env::var_os("PATH").map(|p| std::env::split_paths(&p).collect::<Vec<_>>()).unwrap_or_default();
    folders
        .into_iter()
        .flatten()
        .chain(on_path)
        .map(|folder| folder.join(&name))
        .find(|path| path.is_file())
        .ok_or(VoiceError::HelperMissing(beside))
}

/// A lock that outlives a panic in another thread: what it guards here is whole after every statement.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn language_marks_are_taken_out() {
        assert_eq!(without_language_marks("(en)pˈɑːkɪŋ(fr)"), "pˈɑːkɪŋ");
        assert_eq!(without_language_marks("bɔ̃ʒˈuʁ"), "bɔ̃ʒˈuʁ");
        assert_eq!(without_language_marks("(en"), "");
    }

    #[test]
    fn a_missing_program_is_said_by_path() {
        let error = Voice::with_program(Path::new("/nowhere/cueloom-voice")).err().map(|e| e.to_string());
        assert!(error.is_some_and(|e| e.ends_with("/nowhere/cueloom-voice")));
    }

    /// A program of one shell script. Written and renamed, then tried until no other test's fork holds it open.
    #[cfg(unix)]
    fn script(folder: &Path, text: &str) -> PathBuf {
        let program = folder.join("script");
        std::fs::write(&program, text).unwrap();
        std::fs::set_permissions(&program, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
        for _ in 0..100 {
            let tried = Command::new(&program).arg("try").stdin(Stdio::null()).stderr(Stdio::null()).spawn();
            match tried {
                Err(e) if e.kind() == std::io::ErrorKind::ExecutableFileBusy => {
                    std::thread::sleep(Duration::from_millis(20));
                }
                Ok(mut child) => {
                    let _ = child.kill();
                    let _ = child.wait();
                    break;
                }
                Err(_) => break,
            }
        }
        program
    }

    #[cfg(unix)]
    #[test]
    fn a_helper_that_hangs_is_stopped() {
        let folder = tempfile::tempdir().unwrap();
        let program = script(folder.path(), "#!/bin/sh\nexec sleep 30\n");
        let voice = Voice {
            program,
            timeout: Duration::from_millis(100),
            process: Mutex::new(None),
            known: Mutex::new(HashMap::new()),
        };
        let begun = Instant::now();
        assert!(matches!(voice.version(), Err(VoiceError::TimedOut(_))));
        assert!(begun.elapsed() < Duration::from_secs(5));
    }

    #[cfg(unix)]
    #[test]
    fn exit_codes_become_remedies() {
        for (code, remedy) in [(3, "install it"), (4, "install its data"), (1, "started again")] {
            let folder = tempfile::tempdir().unwrap();
            let program = script(folder.path(), &format!("#!/bin/sh\necho oh >&2; exit {code}\n"));
            let error = Voice::with_program(&program).err().map(|e| e.to_string()).unwrap_or_default();
            assert!(error.contains(remedy), "{error}");
        }
    }
}
