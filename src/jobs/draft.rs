//! Sound and text become a project: read, spoken, aligned, cued and timed.

use crate::document::file::{self, FileError};
use crate::document::marks::Marks;
use crate::document::{
    PROJECT_SCHEMA, PhoneTime, Project, Settings, Sound, SoundOrigin, TIER_SCHEMA, Tiers, derive, lexicon,
};
use crate::language::{self, Language, Pronouncer, ReadingOptions, Utterance, WordKind};
use crate::media::{self, AudioBuffer};
use crate::progress::Progress;
use crate::render::identity::Identity;
use crate::speech::{self, Mono, Synthesised, VoiceOptions};
use crate::time::Seconds;
use anyhow::Context as _;
use std::path::{Path, PathBuf};

/// Sample rate of the analysis.
pub const ANALYSIS_RATE: u32 = 16_000;
/// Where a synthesised voice is kept within the project.
pub const SPEECH_FILE: &str = "media/speech.wav";
/// The identity of a project that names none.
pub const DEFAULT_IDENTITY: &str = "mira";
/// Rest that the hand has after the last sound of a synthesised voice, and before the first.
const REST: Seconds = Seconds(0.6);

/// Where the sound comes from.
#[derive(Clone, Debug)]
pub enum SoundSource {
    /// A recording: audio, or video with a sound track.
    File(PathBuf),
    /// The text, spoken by a synthesiser.
    Speak,
}

/// All that a draft needs.
#[derive(Clone, Debug)]
pub struct DraftRequest {
    /// The project's folder, made if need be.
    pub folder: PathBuf,
    pub sound: SoundSource,
    pub text: String,
    pub language: Language,
    pub identity: String,
    pub title: String,
    pub settings: Settings,
}

impl DraftRequest {
    /// A request with default settings, titled after the folder.
    pub fn new(
        folder: PathBuf,
        sound: SoundSource,
        text: String,
        language: Language,
        identity: Option<String>,
    ) -> Self {
        let title = folder.file_name().map_or_else(|| "Untitled".to_owned(), |n| n.to_string_lossy().into_owned());
        Self {
            folder,
            sound,
            text,
            language,
            identity: identity.unwrap_or_else(|| DEFAULT_IDENTITY.to_owned()),
            title,
            settings: Settings::default(),
        }
    }
}

/// Why there is no draft.
#[derive(Debug, thiserror::Error)]
pub enum DraftError {
    #[error("the text is empty; write or paste what is said in the recording")]
    EmptyText,
    #[error("nothing in the text could be read as {language}: {hint}")]
    UnreadableText { language: &'static str, hint: String },
    #[error("the folder cannot be written ({source}); choose another one: {path}")]
    ReadOnly { source: std::io::Error, path: PathBuf },
    #[error("there is no identity \"{name}\"; built in: {known}; or name a folder that holds an identity.ron")]
    UnknownIdentity { name: String, known: String },
    #[error("the recording and the text do not go together: {0}")]
    Alignment(speech::SpeechError),
    #[error("nothing can speak the text: {0}")]
    NoVoice(speech::SpeechError),
    #[error("stopped before it was done; nothing was changed")]
    Cancelled,
}

impl DraftError {
    /// True for what the user brought, false for what failed here.
    pub fn is_bad_input(&self) -> bool {
        matches!(
            self,
            Self::EmptyText | Self::UnreadableText { .. } | Self::UnknownIdentity { .. } | Self::Alignment(_)
        )
    }
}

/// Reads a text with the helpers this computer has, and refuses one of which nothing can be said.
pub fn read_text(text: &str, language: Language, options: &ReadingOptions) -> Result<Utterance, DraftError> {
    if text.trim().is_empty() {
        return Err(DraftError::EmptyText);
    }
    let voice = speech::voice::Voice::shared().ok();
    let outside = voice.as_deref().map(|v| v as &dyn Pronouncer);
    let utterance = language::read(text, language, options, outside);
    if utterance.words.iter().any(|w| w.kind == WordKind::Spoken) {
        return Ok(utterance);
    }
    let hint = utterance
        .issues
        .first()
        .map_or_else(|| "choose the language the text is written in".to_owned(), |i| i.message.clone());
    Err(DraftError::UnreadableText { language: language.name(), hint })
}

/// The text of a request, read with the lexicon of its settings.
fn read_request(request: &DraftRequest) -> Result<Utterance, DraftError> {
    let mut utterance = read_text(&request.text, request.language, &request.settings.reading)?;
    lexicon::apply(&mut utterance.words, &request.settings.lexicon);
    Ok(utterance)
}

/// Makes a project in its folder. Nothing stands there when it fails.
pub fn create_project(request: &DraftRequest, progress: &dyn Progress) -> anyhow::Result<Project> {
    let folder = &request.folder;
    if request.text.trim().is_empty() {
        return Err(DraftError::EmptyText.into());
    }
    if folder.join(file::FILE_NAME).exists() {
        return Err(FileError::Occupied(folder.clone()).into());
    }
    if let SoundSource::File(path) = &request.sound {
        // A missing or unreadable recording is said before anything is made.
        media::probe(path)?;
    }
    let known = Identity::builtin_names();
    if !known.contains(&request.identity.as_str()) && !folder.join(&request.identity).is_dir() {
        return Err(DraftError::UnknownIdentity { name: request.identity.clone(), known: known.join(", ") }.into());
    }
    let made_folder = !folder.exists();
    let result = check_writable(folder).map_err(Into::into).and_then(|()| {
        let project = draft(request, progress)?;
        file::save(folder, &project)?;
        Ok(project)
    });
    if result.is_err() && made_folder {
        // Only what this call made: a folder that was there before keeps all it had.
        let _ = std::fs::remove_file(folder.join(SPEECH_FILE));
        let _ = std::fs::remove_dir(folder.join("media"));
        let _ = std::fs::remove_dir(folder);
    }
    result
}

fn check_writable(folder: &Path) -> Result<(), DraftError> {
    let read_only = |source| DraftError::ReadOnly { source, path: folder.to_owned() };
    std::fs::create_dir_all(folder).map_err(read_only)?;
    tempfile::Builder::new().prefix(".cueloom-").tempfile_in(folder).map(drop).map_err(read_only)
}

/// Sound and text become a project; synthesised sound is written into its folder.
pub fn draft(request: &DraftRequest, progress: &dyn Progress) -> anyhow::Result<Project> {
    let stopped = || if progress.cancelled() { Err(DraftError::Cancelled) } else { Ok(()) };
    let (sound, utterance, phones, notes) = match &request.sound {
        SoundSource::Speak => speak(request, progress)?,
        SoundSource::File(path) => follow(request, path, progress)?,
    };
    stopped()?;
    progress.report("Making cues", 0, 1);
    let mut project = assemble(request, sound, utterance, phones, notes);
    progress.report("Making cues", 1, 1);
    if project.settings.voice > 0.0 {
        project.marks.voice = super::voice::listen_to_file(&request.folder, &project, progress)?;
    }
    if let Some(message) = project.broken_invariant() {
        anyhow::bail!("the draft contradicts itself ({message}); please report this text");
    }
    Ok(project)
}

/// What is known becomes a project, with its keys and their times.
pub(super) fn assemble(
    request: &DraftRequest,
    sound: Sound,
    utterance: Utterance,
    phones: Vec<PhoneTime>,
    notes: Vec<String>,
) -> Project {
    let mut project = Project {
        schema: PROJECT_SCHEMA,
        title: request.title.clone(),
        source_text: request.text.clone(),
        sound,
        identity: request.identity.clone(),
        settings: request.settings.clone(),
        tiers: Tiers { schema: TIER_SCHEMA, utterance, phones, keys: Vec::new(), notes, next_key: 0 },
        marks: Marks::default(),
        slowed: Vec::new(),
    };
    derive::keys(&mut project);
    derive::times(&mut project);
    project
}

type Spoken = (Sound, Utterance, Vec<PhoneTime>, Vec<String>);

/// The text is spoken, and the voice says itself when.
fn speak(request: &DraftRequest, progress: &dyn Progress) -> anyhow::Result<Spoken> {
    progress.report("Reading the text", 0, 1);
    let utterance = read_request(request)?;
    progress.report("Reading the text", 1, 1);
    progress.report("Speaking", 0, 1);
    let spoken = speech::synthesise(&utterance, &speech::VoiceOptions::default()).map_err(DraftError::NoVoice)?;
    let rest = REST.sample_at(spoken.rate);
    let mut samples = vec![0.0; rest];
    samples.extend_from_slice(&spoken.samples);
    samples.resize(samples.len() + rest, 0.0);
    let path = request.folder.join(SPEECH_FILE);
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent)
            .with_context(|| format!("cannot make the folder of the sound: {}", parent.display()))?;
    }
    media::write_wav(&path, spoken.rate, 1, &samples)?;
    progress.report("Speaking", 1, 1);
    let phones = spoken
        .phones
        .iter()
        .map(|p| PhoneTime { start: p.start + REST, end: p.end + REST, confidence: p.confidence, fixed: false })
        .collect();
    let length = Seconds(samples.len() as f64 / f64::from(spoken.rate));
    let hash = media::content_hash(&path)?;
    let mut media = file::media_ref(&request.folder, &path, hash);
    // The sound belongs to the project and moves with it: where it once stood says nothing.
    media.absolute_hint.clear();
    let origin = SoundOrigin::Synthesised { voice: spoken.speaker.clone() };
    Ok((Sound { media, source: None, origin, length }, utterance, phones, Vec::new()))
}

/// A recording is followed.
fn follow(request: &DraftRequest, path: &Path, progress: &dyn Progress) -> anyhow::Result<Spoken> {
    // The recording is decoded while the text is read and spoken as a reference: neither needs the other.
    let (heard, read) = rayon::join(
        || -> anyhow::Result<_> {
            let audio = media::decode_audio(path, progress)?;
            let hash = media::content_hash(path)?;
            let mono = analysis_sound(&audio);
            Ok((audio.duration(), hash, mono, audio.warnings))
        },
        || -> Result<_, DraftError> {
            let utterance = read_request(request)?;
            let (reference, doubts) = speech::reference_for(&utterance);
            Ok((utterance, reference, doubts))
        },
    );
    let ((length, hash, mono, mut notes), (utterance, reference, doubts)) = (heard?, read?);
    notes.extend(doubts);
    if progress.cancelled() {
        return Err(DraftError::Cancelled.into());
    }
    let alignment = align(&mono, &utterance, reference.as_ref(), progress)?;
    notes.extend(alignment.warnings);
    let phones = alignment
        .phones
        .iter()
        .map(|p| PhoneTime { start: p.start, end: p.end, confidence: p.confidence, fixed: false })
        .collect();
    let media = file::media_ref(&request.folder, path, hash);
    Ok((Sound { media, source: None, origin: SoundOrigin::Recording, length }, utterance, phones, notes))
}

/// A recording as the analysis wants it: one channel at [`ANALYSIS_RATE`].
pub fn analysis_sound(audio: &AudioBuffer) -> Mono {
    Mono { rate: ANALYSIS_RATE, samples: audio.mono_at(ANALYSIS_RATE) }
}

/// Finds when each phone sounds, by comparison with `reference` or with the same voice at the recording's tempo.
pub fn align(
    sound: &Mono,
    utterance: &Utterance,
    reference: Option<&Synthesised>,
    progress: &dyn Progress,
) -> Result<speech::Alignment, DraftError> {
    let speak = |text: &Utterance, manner: &VoiceOptions| speech::synthesise(text, manner).ok();
    speech::align_best(sound, utterance, reference, &speak, progress).map_err(DraftError::Alignment)
}
