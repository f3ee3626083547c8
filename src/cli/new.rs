//! `cueloom new`: a project and its draft.

use super::{Bar, Failure, Outcome, language, text_argument};
use crate::document::lexicon;
use crate::jobs::charts;
use crate::jobs::draft::{DraftRequest, SoundSource, create_project};
use crate::language::Language;
use std::path::PathBuf;

#[derive(clap::Args)]
pub struct Args {
    /// Folder to make the project in.
    dir: PathBuf,
    /// A recording: any audio or video file FFmpeg reads. Without one the text is spoken by a synthesiser.
    #[arg(long, value_name = "FILE")]
    audio: Option<PathBuf>,
    /// What is said, or @FILE to read it from a UTF-8 file.
    #[arg(long, value_name = "TEXT|@FILE")]
    text: String,
    /// Language of the text: cmn, fra or eng-US.
    #[arg(long, value_name = "CODE", value_parser = language)]
    lang: Language,
    /// Who cues.
    #[arg(long, value_name = "NAME")]
    identity: Option<String>,
    /// How certain words are read: a UTF-8 file with a word, a tab and its reading on each line.
    #[arg(long, value_name = "FILE")]
    lexicon: Option<PathBuf>,
    /// The head shows the tones of Mandarin.
    #[arg(long)]
    head_tones: bool,
    /// How much of phrase and stress of the voice shows in hand, brows and head: 0 (nothing) to 2.
    #[arg(long, value_name = "AMOUNT", default_value_t = 0.0)]
    voice_expression: f32,
    /// The chart to cue by: a file ("cueloom chart export" writes one to begin with), or eng-GB.
    #[arg(long, value_name = "FILE")]
    chart: Option<String>,
}

pub fn run(args: &Args) -> Outcome {
    let text = text_argument(&args.text)?;
    let sound = args.audio.clone().map_or(SoundSource::Speak, SoundSource::File);
    let mut request = DraftRequest::new(args.dir.clone(), sound, text, args.lang, args.identity.clone());
    super::express::strong(args.voice_expression, "--voice-expression")?;
    (request.settings.head_tones, request.settings.voice) = (args.head_tones, args.voice_expression);
    if let Some(path) = &args.lexicon {
        let content = text_argument(&format!("@{}", path.display()))?;
        request.settings.lexicon = lexicon::parse(&content, args.lang)
            .map_err(|e| Failure::Input(anyhow::anyhow!("{e}: {}", path.display())))?;
    }
    if let Some(name) = &args.chart {
        request.settings.chart = charts::choose(name, args.lang).map_err(|e| Failure::from(anyhow::Error::from(e)))?;
    }
    let project = create_project(&request, &Bar::new()).map_err(Failure::from)?;
    if let Some(unchecked) = project.settings.chart.as_ref().and_then(|c| c.unchecked.as_ref()) {
        eprintln!("note: {}", unchecked.en);
    }
    for issue in &project.tiers.utterance.issues {
        eprintln!("note: {}", issue.message);
    }
    for note in &project.tiers.notes {
        eprintln!("note: {note}");
    }
    eprintln!("{} keys over {} in {}", project.tiers.keys.len(), project.sound.length.timecode(), args.dir.display());
    Ok(())
}
