//! The card of a corpus, `corpus.ron`: what it is, how it was made and what is in it.

use super::augment::Augmentation;
use super::coverage::Report;
use super::{CorpusError, Kind, Split, store};
use crate::language::Language;
use crate::pose::Reference;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;

/// Name of the card within the folder.
pub const FILE: &str = "corpus.ron";
/// Version of the card.
pub const VERSION: u32 = 1;
/// What an hour takes on disk without sound, megabytes, for saying it beforehand (measured on three languages).
pub const MB_PER_HOUR: f64 = 22.0;
/// What an hour of sound takes beside it, megabytes (16 kHz, 16 bits, one channel).
pub const SOUND_MB_PER_HOUR: f64 = 115.2;

/// What a synthetic corpus is made from: the same recipe and synthesisers give the same bytes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recipe {
    pub seed: u64,
    /// Hours of each kind.
    pub cueing_hours: f64,
    pub gesture_hours: f64,
    pub languages: Vec<Language>,
    /// English is spoken by flite too.
    pub flite: bool,
    /// Sound is kept beside the shards.
    pub sound: bool,
    /// Clips in a shard.
    pub shard: u32,
}

impl Recipe {
    pub fn hours(&self, kind: Kind) -> f64 {
        match kind {
            Kind::Cueing => self.cueing_hours,
            Kind::Gesture => self.gesture_hours,
        }
    }

    /// What it will take on disk, megabytes.
    pub fn megabytes(&self) -> f64 {
        let hour = MB_PER_HOUR + if self.sound { SOUND_MB_PER_HOUR } else { 0.0 };
        (self.cueing_hours + self.gesture_hours) * hour
    }

    /// # Errors
    /// [`CorpusError::Recipe`] with what is wrong.
    pub fn check(&self) -> Result<(), CorpusError> {
        let wrong = |what: &str| Err(CorpusError::Recipe(what.to_owned()));
        let hours = [self.cueing_hours, self.gesture_hours];
        if hours.iter().any(|h| !h.is_finite() || *h < 0.0) || !(1e-4..=1000.0).contains(&(hours[0] + hours[1])) {
            return wrong("a corpus has between a second and 1000 hours");
        }
        if self.languages.is_empty() {
            return wrong("name at least one language: cmn, fra or eng-US");
        }
        if !(1..=1024).contains(&self.shard) {
            return wrong("a shard holds 1 to 1024 clips");
        }
        Ok(())
    }

    /// In which way another recipe differs, in words.
    pub fn difference(&self, other: &Self) -> Option<String> {
        let mut out = Vec::new();
        if self.seed != other.seed {
            out.push(format!("seed {} and not {}", self.seed, other.seed));
        }
        for (name, a, b) in
            [("cueing", self.cueing_hours, other.cueing_hours), ("gesture", self.gesture_hours, other.gesture_hours)]
        {
            if a != b {
                out.push(format!("{a} hours of {name} and not {b}"));
            }
        }
        if self.languages != other.languages {
            out.push("other languages".to_owned());
        }
        if self.flite != other.flite {
            let with = |f: bool| if f { "with flite" } else { "without flite" };
            out.push(format!("{} and not {}", with(self.flite), with(other.flite)));
        }
        if self.sound != other.sound {
            out.push("sound kept in one and not in the other".to_owned());
        }
        if self.shard != other.shard {
            out.push(format!("{} clips a shard and not {}", self.shard, other.shard));
        }
        (!out.is_empty()).then(|| out.join(", "))
    }
}

/// A person of a corpus.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct IdentityCard {
    pub name: String,
    pub kind: Kind,
    /// Performs in [`Split::Unseen`] only.
    pub held_out: bool,
    /// Style in words.
    pub manner: String,
    /// The person at rest; `None` for people of recordings.
    pub reference: Option<Reference>,
}

/// How much of something there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Amount {
    pub clips: u64,
    pub frames: u64,
    pub hours: f64,
}

impl Amount {
    pub fn add(&mut self, frames: u64, hours: f64) {
        (self.clips, self.frames, self.hours) = (self.clips + 1, self.frames + frames, self.hours + hours);
    }
}

/// What is in a corpus.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Counts {
    pub all: Amount,
    /// Different sentences, phones and keys.
    pub sentences: u64,
    pub phones: u64,
    pub keys: u64,
    pub gestures: u64,
    pub kinds: BTreeMap<String, Amount>,
    pub splits: BTreeMap<String, Amount>,
    pub languages: BTreeMap<String, Amount>,
    pub identities: BTreeMap<String, Amount>,
    pub voices: BTreeMap<String, Amount>,
}

impl Counts {
    /// Counts clips; the same sentence counts once.
    pub fn of<'a>(clips: impl Iterator<Item = &'a super::ClipMeta>) -> Self {
        let mut out = Self::default();
        let mut sentences = std::collections::HashSet::new();
        for c in clips {
            let (frames, hours) = (u64::from(c.frames), c.length() / 3600.0);
            out.all.add(frames, hours);
            let language = c.language.map_or("none", Language::code);
            for (table, key) in [
                (&mut out.kinds, c.kind.name()),
                (&mut out.splits, c.split.name()),
                (&mut out.languages, language),
                (&mut out.identities, c.identity.as_str()),
                (&mut out.voices, c.voice.as_str()),
            ] {
                table.entry(key.to_owned()).or_default().add(frames, hours);
            }
            sentences.extend(super::text::sentences_of(&c.text).map(|s| super::dice::number_of(&s)));
            out.phones += c.phones.len() as u64;
            out.keys += c.keys.iter().filter(|k| k.key.is_some()).count() as u64;
            out.gestures += c.gestures.len() as u64;
        }
        out.sentences = sentences.len() as u64;
        out
    }

    /// Whether two counts say the same; sums of hours may differ in their last digits.
    pub fn agree(&self, other: &Self) -> bool {
        let near = |a: &Amount, b: &Amount| {
            (a.clips, a.frames) == (b.clips, b.frames) && (a.hours - b.hours).abs() < 1e-6 * (1.0 + a.hours)
        };
        let tables = |a: &BTreeMap<String, Amount>, b: &BTreeMap<String, Amount>| {
            a.len() == b.len() && a.iter().zip(b).all(|((n, x), (m, y))| n == m && near(x, y))
        };
        near(&self.all, &other.all)
            && (self.sentences, self.phones, self.keys, self.gestures)
                == (other.sentences, other.phones, other.keys, other.gestures)
            && tables(&self.kinds, &other.kinds)
            && tables(&self.splits, &other.splits)
            && tables(&self.languages, &other.languages)
            && tables(&self.identities, &other.identities)
            && tables(&self.voices, &other.voices)
    }
}

/// `corpus.ron`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Card {
    pub version: u32,
    pub title: String,
    /// What it is and what it is not, for people.
    pub about: String,
    /// True where nobody was recorded.
    pub synthetic: bool,
    /// False while it is being made.
    pub complete: bool,
    /// Version of the program that made it, and the command it was told.
    pub program: String,
    pub command: String,
    /// `None` for imported corpora.
    pub recipe: Option<Recipe>,
    pub identities: Vec<IdentityCard>,
    /// What training does to the clean clips.
    pub augmentation: Augmentation,
    pub counts: Counts,
    pub coverage: Vec<Report>,
    /// Names of the shards in order, of a complete corpus.
    pub shards: Vec<String>,
    /// What was left out of an import, and why.
    #[serde(default)]
    pub left_out: BTreeMap<String, u64>,
    /// Numbers in a row of the second skeleton; 0 for none. 330 and expressions: SMPL-X as 55 rotations of 6 numbers.
    #[serde(default)]
    pub extra_width: usize,
}

impl Card {
    /// Reads the card of a folder.
    ///
    /// # Errors
    /// When there is none, it cannot be understood, or it is of another version.
    pub fn load(folder: &Path) -> Result<Self, CorpusError> {
        let path = folder.join(FILE);
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
                return Err(CorpusError::Missing(folder.to_owned()));
            }
            Err(source) => return Err(CorpusError::Io { what: "read the card", source, path }),
        };
        #[derive(Deserialize)]
        struct Head {
            version: u32,
        }
        let options = ron::Options::default();
        if let Ok(head) = options.from_str::<Head>(&text)
            && head.version != VERSION
        {
            return Err(CorpusError::Version { found: head.version, known: VERSION, path });
        }
        options.from_str(&text).map_err(|e| CorpusError::Card { message: e.to_string(), path })
    }

    /// Writes the card, whole or not at all.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn save(&self, folder: &Path) -> Result<(), CorpusError> {
        let pretty = ron::ser::PrettyConfig::default().depth_limit(4);
        let path = folder.join(FILE);
        let text = ron::ser::to_string_pretty(self, pretty)
            .map_err(|e| CorpusError::Card { message: e.to_string(), path: path.clone() })?;
        store::write_whole(&path, text.as_bytes())
    }

    /// The card in words, for a terminal.
    pub fn text(&self) -> String {
        use std::fmt::Write as _;
        let mut out = String::new();
        let c = &self.counts;
        // Writing to a String cannot fail.
        let _ = writeln!(out, "{}\n{}\n", self.title, self.about);
        let state = if self.complete { "" } else { " (not complete: run its command again to go on)" };
        let _ = writeln!(out, "made by      {}{state}\ncommand      {}", self.program, self.command);
        if let Some(r) = &self.recipe {
            let flite = if r.flite { "espeak-ng and flite" } else { "espeak-ng" };
            let _ = writeln!(out, "seed         {}\nsynthesisers {flite}", r.seed);
        }
        let _ = writeln!(
            out,
            "in all       {} clips, {:.2} hours, {} frames; {} sentences, {} phones, {} keys, {} gestures",
            c.all.clips, c.all.hours, c.all.frames, c.sentences, c.phones, c.keys, c.gestures
        );
        let tables = [
            ("kinds", &c.kinds),
            ("splits", &c.splits),
            ("languages", &c.languages),
            ("people", &c.identities),
            ("voices", &c.voices),
        ];
        for (name, table) in tables {
            let _ = writeln!(out, "{name}");
            for (key, a) in table {
                let held = self.identities.iter().any(|i| i.held_out && &i.name == key);
                let held = if held { "  held out" } else { "" };
                let _ = writeln!(out, "  {key:<28} {:6} clips {:8.3} hours{held}", a.clips, a.hours);
            }
        }
        for r in &self.coverage {
            out.push_str(&r.text());
        }
        for (why, n) in &self.left_out {
            let _ = writeln!(out, "left out     {n} × {why}");
        }
        out
    }

    /// Clips of each split are enough for what it is for: names of those that are empty.
    pub fn empty_splits(&self) -> Vec<&'static str> {
        Split::ALL.iter().map(|s| s.name()).filter(|s| !self.counts.splits.contains_key(*s)).collect()
    }
}
