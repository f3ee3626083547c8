//! `cueloom-voice`: the small program that speaks for the studio with espeak-ng.
//!
//! **Why a program of its own.** libespeak-ng is under the GNU GPL, version 3. The studio neither contains nor links
//! it: this process opens the library that the user has installed, at run time, and the studio talks to the process
//! through pipes. Without the library everything else in the studio still works. It also means that nothing the
//! library does to a strange text can take the studio down with it.
//!
//! **Requests** come on standard input, one JSON object a line:
//! `{"id":1,"do":"speak","voice":"fr","text":"bonjour","phonemes":false,"rate":175,"pitch":50,"range":50}`,
//! `{"id":2,"do":"ipa","voice":"en-us","text":"wizard"}`, `{"id":3,"do":"voices"}`, `{"id":4,"do":"version"}`.
//! With `phonemes` the text may hold espeak-ng's own phoneme names between `[[` and `]]`.
//!
//! **Answers** go to standard output as frames: one byte of kind, four bytes of length (little-endian), the payload.
//! Kind `P` is PCM (16-bit little-endian, mono), `E` a JSON array of events in order
//! (`{"kind":"word"|"phone"|"end","sample":n,"at":n,"length":n,"id":"ʁ"}`: `sample` counts from the start of the
//! answer, `at` and `length` are the word's place in the text in characters), and `D` a JSON object that ends the
//! answer: `{"id":1,"ok":true,…}` or `{"id":1,"ok":false,"error":"…"}`. A line that is not a good request gets a `D`
//! with the error and the next line is read.
//!
//! **Exit codes**: 0 standard input ended, 2 bad arguments, 3 the library is not installed or lacks a function,
//! 4 the library would not start (its data are missing), 5 the studio no longer listens.

use libloading::Library;
use serde::{Deserialize, Serialize};
use std::ffi::{CStr, CString, c_char, c_int, c_uint, c_void};
use std::io::{BufRead, Read, Write};
use std::process::ExitCode;
use std::sync::Mutex;

const EXIT_ARGUMENTS: u8 = 2;
const EXIT_NO_LIBRARY: u8 = 3;
const EXIT_NO_START: u8 = 4;
const EXIT_NO_LISTENER: u8 = 5;

/// A request longer than this is refused: no sentence is.
const LONGEST_LINE: u64 = 1 << 20;
/// One answer speaks at most this long, so that a request cannot fill the memory: 20 minutes at 22.05 kHz.
const LONGEST_ANSWER: usize = 20 * 60 * 22_050;

// From espeak-ng's public interface (speak_lib.h), written down by hand.
const AUDIO_OUTPUT_SYNCHRONOUS: c_int = 2;
const INITIALIZE_PHONEME_EVENTS: c_int = 1;
const INITIALIZE_PHONEME_IPA: c_int = 2;
const INITIALIZE_DONT_EXIT: c_int = 0x8000;
const CHARS_UTF8: c_uint = 1;
const PHONEMES: c_uint = 0x100;
const END_PAUSE: c_uint = 0x1000;
const EVENT_LIST_TERMINATED: c_int = 0;
const EVENT_WORD: c_int = 1;
const EVENT_END: c_int = 5;
const EVENT_PHONEME: c_int = 7;
const PARAMETER_RATE: c_int = 1;
const PARAMETER_PITCH: c_int = 3;
const PARAMETER_RANGE: c_int = 4;

/// `espeak_EVENT`.
#[repr(C)]
struct Event {
    kind: c_int,
    unique: c_uint,
    text_position: c_int,
    length: c_int,
    audio_position: c_int,
    sample: c_int,
    user_data: *mut c_void,
    /// A union in C; for phoneme events the name in UTF-8, closed by a zero unless it fills all eight bytes.
    id: [u8; 8],
}

/// `espeak_VOICE`.
#[repr(C)]
struct VoiceRecord {
    name: *const c_char,
    /// A list of (priority byte, language name, zero), ended by a zero priority.
    languages: *const c_char,
    identifier: *const c_char,
    gender: u8,
    age: u8,
    variant: u8,
    xx1: u8,
    score: c_int,
    spare: *mut c_void,
}

type Callback = unsafe extern "C" fn(*mut i16, c_int, *mut Event) -> c_int;

/// The functions used, with the library that holds them.
struct Espeak {
    set_callback: unsafe extern "C" fn(Callback),
    set_voice: unsafe extern "C" fn(*const c_char) -> c_int,
    set_parameter: unsafe extern "C" fn(c_int, c_int, c_int) -> c_int,
    synth: unsafe extern "C" fn(*const c_void, usize, c_uint, c_int, c_uint, c_uint, *mut c_uint, *mut c_void) -> c_int,
    synchronize: unsafe extern "C" fn() -> c_int,
    text_to_phonemes: unsafe extern "C" fn(*mut *const c_void, c_int, c_int) -> *const c_char,
    list_voices: unsafe extern "C" fn(*mut VoiceRecord) -> *const *const VoiceRecord,
    info: unsafe extern "C" fn(*mut *const c_char) -> *const c_char,
    rate: u32,
    _library: Library,
}

#[derive(Deserialize)]
struct Request {
    #[serde(default)]
    id: u64,
    r#do: String,
    #[serde(default)]
    voice: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    phonemes: bool,
    #[serde(default = "usual_rate")]
    rate: i32,
    #[serde(default = "middle")]
    pitch: i32,
    #[serde(default = "middle")]
    range: i32,
}

fn usual_rate() -> i32 {
    175
}

fn middle() -> i32 {
    50
}

#[derive(Serialize)]
struct Happening {
    kind: &'static str,
    sample: i64,
    at: i32,
    length: i32,
    #[serde(skip_serializing_if = "String::is_empty")]
    id: String,
}

#[derive(Default, Serialize)]
struct Done {
    id: u64,
    ok: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rate: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    samples: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ipa: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    voices: Option<Vec<VoiceLine>>,
}

#[derive(Serialize)]
struct VoiceLine {
    name: String,
    identifier: String,
    languages: Vec<String>,
}

/// What the callback writes to; the library gives it no argument of ours that is cheaper to pass.
struct Stream {
    samples: usize,
    broken: bool,
}

static STREAM: Mutex<Stream> = Mutex::new(Stream { samples: 0, broken: false });

fn main() -> ExitCode {
    match std::env::args().nth(1).as_deref() {
        None => {}
        Some("--help" | "-h") => {
            println!("cueloom-voice: speaks for Cueloom with the installed espeak-ng; reads JSON requests on stdin.");
            println!("Started by the studio. --check says whether espeak-ng is found.");
            return ExitCode::SUCCESS;
        }
        Some("--check") => {
            return match Espeak::open() {
                Ok(espeak) => {
                    println!("espeak-ng {}", espeak.version());
                    ExitCode::SUCCESS
                }
                Err((code, message)) => {
                    eprintln!("{message}");
                    ExitCode::from(code)
                }
            };
        }
        Some(other) => {
            eprintln!("cueloom-voice: unknown argument \"{other}\"; it takes none but --help and --check");
            return ExitCode::from(EXIT_ARGUMENTS);
        }
    }
    let espeak = match Espeak::open() {
        Ok(espeak) => espeak,
        Err((code, message)) => {
            eprintln!("{message}");
            return ExitCode::from(code);
        }
    };
    let mut input = std::io::stdin().lock();
    let mut line = Vec::new();
    loop {
        line.clear();
        match input.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line) {
            Ok(0) => return ExitCode::SUCCESS,
            Ok(_) => {}
            Err(error) => {
                eprintln!("cueloom-voice: cannot read requests: {error}");
                return ExitCode::SUCCESS;
            }
        }
        if line.len() as u64 == LONGEST_LINE && line.last() != Some(&b'\n') {
            // Skip the rest of the line without keeping it.
            let mut rest = Vec::new();
            loop {
                rest.clear();
                match input.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut rest) {
                    Ok(0) | Err(_) => break,
                    Ok(_) if rest.last() == Some(&b'\n') => break,
                    Ok(_) => {}
                }
            }
            answer_error(0, format!("the request is longer than {LONGEST_LINE} bytes"));
        } else if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        } else {
            match serde_json::from_slice::<Request>(&line) {
                Ok(request) => espeak.answer(&request),
                Err(error) => answer_error(0, format!("not a request: {error}")),
            }
        }
        if STREAM.lock().is_ok_and(|s| s.broken) {
            return ExitCode::from(EXIT_NO_LISTENER);
        }
    }
}

impl Espeak {
    /// Opens and starts the library, or says with which exit code and message to give up.
    fn open() -> Result<Self, (u8, String)> {
        let chosen = std::env::var("CUELOOM_ESPEAK_LIBRARY").ok();
        let names: Vec<&str> = match &chosen {
            Some(path) => vec![path.as_str()],
            None if cfg!(target_os = "macos") => vec![
                "libespeak-ng.1.dylib",
                "libespeak-ng.dylib",
                "/opt/homebrew/lib/libespeak-ng.dylib",
                "/usr/local/lib/libespeak-ng.dylib",
            ],
            None if cfg!(windows) => vec!["libespeak-ng.dll", "C:\\Program Files\\eSpeak NG\\libespeak-ng.dll"],
            None => vec!["libespeak-ng.so.1", "libespeak-ng.so"],
        };
        let mut library = None;
        let mut said = String::new();
        for name in &names {
            // SAFETY: opening espeak-ng runs its loader code only; it has no initialisers with requirements.
            match unsafe { Library::new(name) } {
                Ok(found) => {
                    library = Some(found);
                    break;
                }
                Err(error) => said = error.to_string(),
            }
        }
        let Some(library) = library else {
            return Err((EXIT_NO_LIBRARY, format!("cueloom-voice: espeak-ng is not installed ({said})")));
        };
        // SAFETY: the signatures are those of speak_lib.h, which has kept them since espeak 1.48.
        unsafe {
            let initialize: unsafe extern "C" fn(c_int, c_int, *const c_char, c_int) -> c_int =
                function(&library, "espeak_Initialize")?;
            let rate = initialize(
                AUDIO_OUTPUT_SYNCHRONOUS,
                0,
                std::ptr::null(),
                INITIALIZE_PHONEME_EVENTS | INITIALIZE_PHONEME_IPA | INITIALIZE_DONT_EXIT,
            );
            if rate <= 0 {
                return Err((
                    EXIT_NO_START,
                    "cueloom-voice: espeak-ng is there but does not start; its data (package espeak-ng-data) are \
                     missing"
                        .into(),
                ));
            }
            Ok(Self {
                set_callback: function(&library, "espeak_SetSynthCallback")?,
                set_voice: function(&library, "espeak_SetVoiceByName")?,
                set_parameter: function(&library, "espeak_SetParameter")?,
                synth: function(&library, "espeak_Synth")?,
                synchronize: function(&library, "espeak_Synchronize")?,
                text_to_phonemes: function(&library, "espeak_TextToPhonemes")?,
                list_voices: function(&library, "espeak_ListVoices")?,
                info: function(&library, "espeak_Info")?,
                rate: rate as u32,
                _library: library,
            })
        }
    }

    fn version(&self) -> String {
        let mut data_path = std::ptr::null();
        // SAFETY: espeak_Info returns a static string.
        unsafe { text_of((self.info)(&mut data_path)) }
    }

    /// Answers a request. What is to be spoken is spoken in a copy of this process where the system can make one:
    /// espeak-ng carries its flutter from one text into the next, and would say the same text a little differently.
    fn answer(&self, request: &Request) {
        let copied = if request.r#do == "speak" { in_a_copy(|| self.answer_here(request)) } else { None };
        match copied {
            None => self.answer_here(request),
            Some(true) => {}
            Some(false) => answer_error(request.id, "espeak-ng failed at this text".into()),
        }
    }

    fn answer_here(&self, request: &Request) {
        let id = request.id;
        let result = match request.r#do.as_str() {
            "speak" => self.speak(request),
            "ipa" => self.ipa(request),
            "voices" => Ok(Done { voices: Some(self.voices()), ..Done::default() }),
            "version" => Ok(Done { version: Some(self.version()), rate: Some(self.rate), ..Done::default() }),
            other => Err(format!("unknown request \"{other}\"; use speak, ipa, voices or version")),
        };
        match result {
            Ok(done) => frame(b'D', &json(&Done { id, ok: true, ..done })),
            Err(error) => answer_error(id, error),
        }
    }

    /// Chooses the voice, or fails: the library itself would silently keep the one before.
    fn choose_voice(&self, name: &str) -> Result<(), String> {
        // A name is a language or a file below the library's own voice folder, never a path out of it.
        if name.is_empty() || name.len() > 64 || name.contains("..") || name.starts_with(['/', '\\']) {
            return Err(format!("\"{name}\" is not the name of a voice"));
        }
        let c_name = CString::new(name).map_err(|_| "the voice name holds a zero byte".to_string())?;
        // SAFETY: a closed string, read during the call only.
        match unsafe { (self.set_voice)(c_name.as_ptr()) } {
            0 => Ok(()),
            _ => Err(format!("espeak-ng has no voice \"{name}\"")),
        }
    }

    fn speak(&self, request: &Request) -> Result<Done, String> {
        self.choose_voice(&request.voice)?;
        let text = CString::new(request.text.as_str()).map_err(|_| "the text holds a zero byte".to_string())?;
        if let Ok(mut stream) = STREAM.lock() {
            stream.samples = 0;
        }
        let bytes = text.as_bytes_with_nul();
        let flags = CHARS_UTF8 | END_PAUSE | if request.phonemes { PHONEMES } else { 0 };
        // SAFETY: the buffer lives until espeak_Synchronize has returned; the callback has C linkage.
        let status = unsafe {
            (self.set_callback)(heard);
            (self.set_parameter)(PARAMETER_RATE, request.rate.clamp(80, 450), 0);
            (self.set_parameter)(PARAMETER_PITCH, request.pitch.clamp(0, 99), 0);
            (self.set_parameter)(PARAMETER_RANGE, request.range.clamp(0, 99), 0);
            let status = (self.synth)(
                bytes.as_ptr().cast(),
                bytes.len(),
                0,
                1,
                0,
                flags,
                std::ptr::null_mut(),
                std::ptr::null_mut(),
            );
            (self.synchronize)();
            status
        };
        if status != 0 {
            return Err(format!("espeak-ng cannot speak this text (error {status})"));
        }
        let samples = STREAM.lock().map(|s| s.samples).unwrap_or_default();
        Ok(Done { rate: Some(self.rate), samples: Some(samples), ..Done::default() })
    }

    /// The pronunciation of a text, clause after clause, with stress marks.
    fn ipa(&self, request: &Request) -> Result<Done, String> {
        const TEXT_MODE_UTF8: c_int = 1;
        const PHONEME_MODE_IPA: c_int = 2;
        self.choose_voice(&request.voice)?;
        let text = CString::new(request.text.as_str()).map_err(|_| "the text holds a zero byte".to_string())?;
        let mut rest: *const c_void = text.as_ptr().cast();
        let mut ipa = String::new();
        while !rest.is_null() {
            // SAFETY: `rest` walks through our own closed buffer; the answer is the library's until the next call.
            let clause = unsafe { text_of((self.text_to_phonemes)(&mut rest, TEXT_MODE_UTF8, PHONEME_MODE_IPA)) };
            if !ipa.is_empty() && !clause.is_empty() {
                ipa.push(' ');
            }
            ipa.push_str(clause.trim());
        }
        Ok(Done { ipa: Some(ipa), ..Done::default() })
    }

    fn voices(&self) -> Vec<VoiceLine> {
        let mut lines = Vec::new();
        // SAFETY: the library returns a list of records closed by a null pointer, its own until the next call.
        unsafe {
            let mut at = (self.list_voices)(std::ptr::null_mut());
            while !at.is_null() && !(*at).is_null() {
                let record = &**at;
                let mut languages = Vec::new();
                let mut language = record.languages;
                while !language.is_null() && *language != 0 {
                    let name = CStr::from_ptr(language.add(1));
                    languages.push(name.to_string_lossy().into_owned());
                    language = language.add(name.to_bytes().len() + 2);
                }
                lines.push(VoiceLine { name: text_of(record.name), identifier: text_of(record.identifier), languages });
                at = at.add(1);
            }
        }
        lines
    }
}

/// Does `work` in a copy of this process and waits for it; whether it came to its end, `None` where no copy was made.
#[cfg(unix)]
fn in_a_copy(work: impl FnOnce()) -> Option<bool> {
    unsafe extern "C" {
        fn fork() -> c_int;
        fn waitpid(pid: c_int, status: *mut c_int, options: c_int) -> c_int;
        fn _exit(status: c_int) -> !;
    }
    // SAFETY: this process has one thread, and espeak-ng was told to start none; the copy ends without cleaning up what
    // belongs to the original.
    unsafe {
        match fork() {
            -1 => None,
            0 => {
                work();
                let _ = std::io::stdout().flush();
                _exit(0)
            }
            pid => {
                let mut status = 0;
                while waitpid(pid, &raw mut status, 0) == -1
                    && std::io::Error::last_os_error().kind() == std::io::ErrorKind::Interrupted
                {}
                Some(status == 0)
            }
        }
    }
}

#[cfg(not(unix))]
fn in_a_copy(_: impl FnOnce()) -> Option<bool> {
    None
}

/// A function of the library by its name.
///
/// # Safety
/// `F` must be the function's true type.
unsafe fn function<F: Copy>(library: &Library, name: &str) -> Result<F, (u8, String)> {
    // SAFETY: handed on to the caller.
    unsafe { library.get::<F>(name.as_bytes()) }.map(|f| *f).map_err(|error| {
        (EXIT_NO_LIBRARY, format!("cueloom-voice: the installed espeak-ng is too old or broken ({error})"))
    })
}

/// Called by the library for each piece of sound; a return value of 1 stops it.
unsafe extern "C" fn heard(wave: *mut i16, count: c_int, events: *mut Event) -> c_int {
    let Ok(mut stream) = STREAM.lock() else { return 1 };
    let mut happenings = Vec::new();
    if !events.is_null() {
        let mut at = events;
        // SAFETY: the library passes a list closed by EVENT_LIST_TERMINATED.
        unsafe {
            while (*at).kind != EVENT_LIST_TERMINATED {
                let event = &*at;
                let kind = match event.kind {
                    EVENT_WORD => "word",
                    EVENT_PHONEME => "phone",
                    EVENT_END => "end",
                    _ => "",
                };
                if !kind.is_empty() {
                    let id = if event.kind == EVENT_PHONEME {
                        let end = event.id.iter().position(|&b| b == 0).unwrap_or(event.id.len());
                        String::from_utf8_lossy(&event.id[..end]).trim_matches('\u{fffd}').to_string()
                    } else {
                        String::new()
                    };
                    happenings.push(Happening {
                        kind,
                        sample: i64::from(event.sample),
                        at: event.text_position,
                        length: event.length,
                        id,
                    });
                }
                at = at.add(1);
            }
        }
    }
    if !happenings.is_empty() {
        write_frame(&mut stream, b'E', &json(&happenings));
    }
    if !wave.is_null() && count > 0 {
        // SAFETY: the library passes `count` samples at `wave`.
        let samples = unsafe { std::slice::from_raw_parts(wave, count as usize) };
        stream.samples += samples.len();
        let bytes: Vec<u8> = samples.iter().flat_map(|s| s.to_le_bytes()).collect();
        write_frame(&mut stream, b'P', &bytes);
    }
    c_int::from(stream.broken || stream.samples > LONGEST_ANSWER)
}

/// A C string's text, or nothing for a null pointer.
///
/// # Safety
/// `pointer` is null or points to a string closed by a zero byte.
unsafe fn text_of(pointer: *const c_char) -> String {
    if pointer.is_null() {
        return String::new();
    }
    // SAFETY: see above.
    unsafe { CStr::from_ptr(pointer) }.to_string_lossy().into_owned()
}

fn json(value: &impl Serialize) -> Vec<u8> {
    // These are plain records of strings and numbers, which always serialise.
    serde_json::to_vec(value).unwrap_or_else(|_| b"{}".to_vec())
}

fn answer_error(id: u64, error: String) {
    frame(b'D', &json(&Done { id, ok: false, error: Some(error), ..Done::default() }));
}

fn frame(kind: u8, payload: &[u8]) {
    if let Ok(mut stream) = STREAM.lock() {
        write_frame(&mut stream, kind, payload);
    }
}

fn write_frame(stream: &mut Stream, kind: u8, payload: &[u8]) {
    let mut out = std::io::stdout().lock();
    let mut bytes = Vec::with_capacity(payload.len() + 5);
    bytes.push(kind);
    bytes.extend_from_slice(&(payload.len() as u32).to_le_bytes());
    bytes.extend_from_slice(payload);
    if out.write_all(&bytes).and_then(|()| out.flush()).is_err() {
        stream.broken = true;
    }
}
