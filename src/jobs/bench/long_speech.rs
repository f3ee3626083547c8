//! Speeds of the alignment on a minute and on ten minutes of speech: sentences in French, spoken by another voice than
//! the aligner compares with, slower and with noise 20 dB down.

use super::Measure;
use crate::document::edit::{Document, Edit};
use crate::document::{MediaRef, PhoneTime, Project, Sound, SoundOrigin};
use crate::jobs::draft::{self, DraftRequest, SoundSource};
use crate::jobs::realign;
use crate::language::{Language, Utterance};
use crate::media::{self, AudioBuffer};
use crate::progress::{Progress, Silent};
use crate::speech::{self, Mono, Synthesised};
use crate::time::Seconds;
use std::path::PathBuf;
use std::time::Instant;

/// Lengths of the recordings, seconds.
pub(super) const MINUTE: Seconds = Seconds(60.0);
const TEN_MINUTES: Seconds = Seconds(600.0);
/// What a letter takes to say in that manner, with its share of the pauses, seconds.
const LETTER: f64 = 0.068;
/// How many boundaries are set by hand for each run of the benchmark.
const PLACES: usize = 10;

/// A recording with its text, and what the aligner compares it with.
struct Recording {
    text: String,
    utterance: Utterance,
    sound: Mono,
    reference: Option<Synthesised>,
}

/// About `length` of speech.
fn recording(length: Seconds) -> anyhow::Result<Recording> {
    let (language, voice) = (Language::French, speech::voice::Voice::shared()?);
    let known = [speech::evaluate::Half::Work, speech::evaluate::Half::HeldOut]
        .map(|h| speech::evaluate::sentences(language, h));
    let sentences: Vec<&str> = known.concat();
    let (mut text, mut said) = (String::new(), 0.0);
    for k in 0.. {
        if said >= length.0 {
            break;
        }
        // In another order each time round.
        let sentence = sentences[(k * 7 + k / sentences.len()) % sentences.len()];
        text.push_str(sentence);
        text.push(' ');
        said += sentence.chars().count() as f64 * LETTER;
    }
    let utterance = draft::read_text(&text, language, &Default::default())?;
    let manner = speech::VoiceOptions {
        engine: speech::Engine::Espeak,
        voice: Some(format!("{}+m3", speech::usual_voice(language))),
        tempo: 0.85,
        pitch: 55.0,
    };
    let spoken = speech::synthesise_with(&voice, &utterance, &manner)?;
    let samples = media::resample(&spoken.samples, spoken.rate, draft::ANALYSIS_RATE);
    let samples = speech::evaluate::noisy(&samples, 20.0, 1);
    let (reference, _) = speech::reference_for(&utterance);
    Ok(Recording { text, utterance, sound: Mono { rate: draft::ANALYSIS_RATE, samples }, reference })
}

impl Recording {
    /// The project that a draft of it makes, without a folder; `seconds` of the alignment alone come with it.
    fn project(&self) -> anyhow::Result<(Project, f64)> {
        let begun = Instant::now();
        let found = draft::align(&self.sound, &self.utterance, self.reference.as_ref(), &Silent)?;
        let seconds = begun.elapsed().as_secs_f64();
        let timed =
            |p: &speech::TimedPhone| PhoneTime { start: p.start, end: p.end, confidence: p.confidence, fixed: false };
        let phones = found.phones.iter().map(timed).collect();
        let media = MediaRef { path: "media/speech.wav".into(), absolute_hint: String::new(), hash: String::new() };
        let sound = Sound { media, source: None, origin: SoundOrigin::Recording, length: self.sound.length() };
        let source = SoundSource::File(PathBuf::new());
        let language = self.utterance.language;
        let request = DraftRequest::new("benchmark".into(), source, self.text.clone(), language, None);
        Ok((draft::assemble(&request, sound, self.utterance.clone(), phones, found.warnings), seconds))
    }
}

/// Milliseconds from a boundary set by hand to the times of the sounds around it, in the median and at 90 %.
pub(super) fn realignment(length: Seconds, runs: usize) -> anyhow::Result<Vec<Measure>> {
    let recording = recording(length)?;
    let (project, _) = recording.project()?;
    realigned(&recording, project, runs)
}

fn realigned(recording: &Recording, project: Project, runs: usize) -> anyhow::Result<Vec<Measure>> {
    let sound = AudioBuffer::from_mono(recording.sound.rate, recording.sound.samples.clone());
    let mut document = Document::new(project);
    let count = document.project().tiers.phones.len();
    anyhow::ensure!(count > 8, "the benchmark's text made no sounds");
    let mut took = Vec::new();
    for i in 0..=runs * PLACES {
        let phone = 2 + (i * 7919) % (count - 4);
        let to = document.project().tiers.phones[phone].start + Seconds(0.02);
        let begun = Instant::now();
        document.apply(&Edit::SetPhoneStart { phone, to })?;
        let set = document.project().tiers.phones[phone].start;
        let found = realign::realign(document.project(), &sound, phone..phone + 1)?;
        document.apply(&found.edit)?;
        took.push(begun.elapsed().as_secs_f64() * 1000.0);
        anyhow::ensure!(
            document.project().tiers.phones[phone].start == set,
            "a boundary that was set by hand has moved"
        );
    }
    // The first one starts the voice.
    took.remove(0);
    took.sort_by(f64::total_cmp);
    let at = |share: f64| took.get(((took.len() as f64 * share) as usize).min(took.len().saturating_sub(1))).copied();
    Ok(vec![
        Measure {
            name: "realign_ms",
            what: "one boundary set by hand, until the sounds around it are found again, ms (60 s; --align: 600 s)",
            value: at(0.5),
        },
        Measure { name: "realign_p90_ms", what: "the same, 90 of 100, ms", value: at(0.9) },
    ])
}

/// How long the alignment of ten minutes of speech takes, without reading and speaking the text, and how long it takes
/// to find sounds again in it.
pub fn long_alignment(runs: usize, progress: &dyn Progress) -> anyhow::Result<Vec<Measure>> {
    progress.report("Measuring", 0, 2);
    let recording = recording(TEN_MINUTES)?;
    let (project, seconds) = recording.project()?;
    progress.report("Measuring", 1, 2);
    let value = Some(seconds * TEN_MINUTES.0 / recording.sound.length().0.max(1.0));
    let what = "ten minutes of speech compared with their text, seconds";
    let mut all = vec![Measure { name: "align_600s_s", what, value }];
    all.extend(realigned(&recording, project, runs)?);
    progress.report("Measuring", 2, 2);
    Ok(all)
}
