//! `project.ron` as text: written and read item by item, a line for each word, phone and key.
//!
//! The short parts of a project are laid out for the eye; the three long lists are one line an item, so that a change
//! of one key is a change of one line for any tool that compares texts. Lines are also what lets several workers write
//! and read a long project at once. Any other layout of the same RON (of older versions, or of a text editor) is read
//! as well, only more slowly.

use super::{Crew, compact, in_parts};
use crate::document::{Project, Tiers};
use crate::language::Utterance;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The long lists, as the line that opens each when it is empty. The indentation makes them unmistakable: within a
/// string a line break is written as `\n`, so no text of the user's can begin a line.
const WORDS: &str = "      words: [";
const PHONES: &str = "    phones: [";
const KEYS: &str = "    keys: [";
const END: &str = "],";
/// Items that one worker takes at a time, at least.
const PART: usize = 256;

/// The project without its long lists.
fn skeleton(project: &Project) -> Project {
    let tiers = &project.tiers;
    Project {
        tiers: Tiers {
            utterance: Utterance {
                words: Vec::new(),
                text: tiers.utterance.text.clone(),
                language: tiers.utterance.language,
                issues: tiers.utterance.issues.clone(),
            },
            phones: Vec::new(),
            keys: Vec::new(),
            notes: tiers.notes.clone(),
            schema: tiers.schema,
            next_key: tiers.next_key,
        },
        schema: project.schema,
        title: project.title.clone(),
        source_text: project.source_text.clone(),
        sound: project.sound.clone(),
        identity: project.identity.clone(),
        settings: project.settings.clone(),
        marks: project.marks.clone(),
        slowed: project.slowed.clone(),
    }
}

/// The text of a project.
///
/// # Errors
/// What cannot be written as RON.
pub fn write(project: &Project, crew: &dyn Crew) -> Result<String, String> {
    let pretty = ron::ser::PrettyConfig::new().depth_limit(4).indentor("  ").new_line("\n");
    let frame = ron::ser::to_string_pretty(&skeleton(project), pretty).map_err(|e| e.to_string())?;
    let tiers = &project.tiers;
    let lists = [
        (WORDS, lines(&tiers.utterance.words, "        ", crew)?),
        (PHONES, lines(&tiers.phones, "      ", crew)?),
        (KEYS, lines(&tiers.keys, "      ", crew)?),
    ];
    let mut out = String::with_capacity(frame.len() + lists.iter().flat_map(|l| &l.1).map(String::len).sum::<usize>());
    for line in frame.lines() {
        match lists.iter().find(|(opening, _)| line.strip_prefix(opening) == Some(END)) {
            Some((opening, items)) if !items.is_empty() => {
                out.push_str(opening);
                out.push('\n');
                items.iter().for_each(|part| out.push_str(part));
                out.push_str(&opening[..opening.len() - opening.trim_start().len()]);
                out.push_str(END);
            }
            _ => out.push_str(line),
        }
        out.push('\n');
    }
    Ok(out)
}

/// A line for each item, in parts.
fn lines<T: Serialize + Sync>(items: &[T], indent: &str, crew: &dyn Crew) -> Result<Vec<String>, String> {
    let parts = in_parts(crew, items, PART, |part| {
        let mut text = String::new();
        for item in part {
            text.push_str(indent);
            if !compact::write(&mut text, item) {
                ron::Options::default().to_writer(&mut text, item)?;
            }
            text.push_str(",\n");
        }
        Ok(text)
    });
    parts.into_iter().collect::<Result<_, ron::Error>>().map_err(|e| e.to_string())
}

/// Reads the text of a project.
///
/// # Errors
/// The first place that cannot be understood.
pub fn read(text: &str, crew: &dyn Crew) -> Result<Project, ron::error::SpannedError> {
    // Short texts and other layouts go the common way, which also knows where a mistake is.
    match read_lines(text, crew) {
        Some(project) => Ok(project),
        None => ron::from_str(text),
    }
}

/// Reads the layout of [`write`]; `None` for any other.
fn read_lines(text: &str, crew: &dyn Crew) -> Option<Project> {
    let mut frame = String::new();
    let (mut words, mut phones, mut keys) = (Vec::new(), Vec::new(), Vec::new());
    let mut rest = text.lines();
    while let Some(line) = rest.next() {
        frame.push_str(line);
        let list = match line {
            WORDS => &mut words,
            PHONES => &mut phones,
            KEYS => &mut keys,
            _ => {
                frame.push('\n');
                continue;
            }
        };
        if !list.is_empty() {
            return None;
        }
        for item in rest.by_ref() {
            let item = item.trim_start();
            if item == END {
                break;
            }
            list.push(item.strip_suffix(',')?);
        }
        frame.push_str(END);
        frame.push('\n');
    }
    let mut project: Project = ron::from_str(&frame).ok()?;
    // A list that did not begin a line of its own has been read with the frame.
    if !words.is_empty() {
        project.tiers.utterance.words = items(&words, crew)?;
    }
    if !phones.is_empty() {
        project.tiers.phones = items(&phones, crew)?;
    }
    if !keys.is_empty() {
        project.tiers.keys = items(&keys, crew)?;
    }
    Some(project)
}

fn items<T: DeserializeOwned + Send>(lines: &[&str], crew: &dyn Crew) -> Option<Vec<T>> {
    let parts = in_parts(crew, lines, PART, |part| {
        part.iter().map(|line| compact::read(line).or_else(|| ron::from_str(line).ok())).collect::<Option<Vec<T>>>()
    });
    let mut out = Vec::with_capacity(lines.len());
    for part in parts {
        out.extend(part?);
    }
    Some(out)
}
