//! `cueloom gloss`: the keys of a project in words; a key changed by a sentence; sentences from a service.

use super::{Bar, Failure, Outcome, print_out};
use crate::cueing::gloss::UiLanguage;
use crate::document::edit::{Document, Edit};
use crate::document::{KeyId, file};
use crate::jobs::gloss;
use crate::jobs::gloss_service::{Patience, Plan, Secret, ServiceError, ServiceSettings, write};
use crate::jobs::open::edit_and_save;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// Environment variable with the key of the service: an argument would be seen by every program on the computer.
const KEY_VARIABLE: &str = "CUELOOM_GLOSS_KEY";

#[derive(clap::Args)]
pub struct Args {
    /// The project's folder.
    project: PathBuf,
    /// Language of the sentences: en, zh or fr.
    #[arg(long, value_enum, default_value_t = Ui::En)]
    language: Ui,
    /// Change a key by a sentence in any of the three languages: --set 3 "three fingers at the chin". The number is
    /// that of the list. May be given several times.
    #[arg(long, num_args = 2, value_names = ["KEY", "SENTENCE"], conflicts_with = "service")]
    set: Vec<String>,
    /// All keys of the same sounds are shown so, and the project remembers it.
    #[arg(long, requires = "set")]
    all: bool,
    /// Take back what was changed of a key, as the list numbers it.
    #[arg(long, value_name = "KEY", conflicts_with_all = ["set", "service"])]
    reset: Option<usize>,
    /// Have glosses written by a service that speaks the OpenAI chat protocol, such as http://localhost:11434/v1.
    /// Without --send only prints what would be sent. A key is taken from CUELOOM_GLOSS_KEY.
    #[arg(long, value_name = "URL", requires = "model")]
    service: Option<String>,
    /// The model, as the service names it.
    #[arg(long, value_name = "NAME", requires = "service")]
    model: Option<String>,
    /// Only these keys for the service, as numbers of the list: 4, or 4-9.
    #[arg(long, value_name = "KEYS", requires = "service", value_parser = numbers)]
    keys: Option<(usize, usize)>,
    /// Really send it, and take the sentences that tell their keys.
    #[arg(long, requires = "service")]
    send: bool,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Ui {
    En,
    Zh,
    Fr,
}

impl Ui {
    fn language(self) -> UiLanguage {
        match self {
            Self::En => UiLanguage::English,
            Self::Zh => UiLanguage::Chinese,
            Self::Fr => UiLanguage::French,
        }
    }
}

/// `4` or `4-9`, from 1.
fn numbers(text: &str) -> Result<(usize, usize), String> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let number = |s: &str| s.trim().parse::<usize>().ok().filter(|n| *n > 0);
    match (number(first), number(last)) {
        (Some(first), Some(last)) if first <= last => Ok((first, last)),
        _ => Err("write 4, or 4-9".to_owned()),
    }
}

pub fn run(args: &Args) -> Outcome {
    let folder = file::project_folder(&args.project);
    let project = file::load(&folder).map_err(|e| Failure::from(anyhow::Error::from(e)))?;
    let mut document = Document::new(project);
    let ui = args.language.language();
    if let Some(address) = &args.service {
        return service(args, address, &folder, &document, ui);
    }
    if let Some(number) = args.reset {
        return reset(&folder, &document, number);
    }
    if args.set.is_empty() {
        print_out(&list(&document, ui));
        return Ok(());
    }
    let mut edits = Vec::new();
    let mut out = String::new();
    for pair in args.set.chunks_exact(2) {
        let (edit, line, key) = set(&mut document, &pair[0], &pair[1], ui)?;
        edits.push(edit);
        out.push_str(&line);
        if let Some(same) = document.project().cue_all_the_same(key).filter(|_| args.all) {
            document.apply(&same).map_err(|e| Failure::Input(anyhow::anyhow!("key {}: {e}", pair[0])))?;
            edits.push(same);
        }
    }
    // All of them or none: one step of the project's history.
    save(&folder, &Edit::Many { name: "Edit gloss", edits })?;
    print_out(&out);
    Ok(())
}

/// Number and gloss of each key, a key a line.
fn list(document: &Document, ui: UiLanguage) -> String {
    let mut out = String::new();
    for (index, key) in document.project().tiers.keys.iter().enumerate() {
        // A sentence is one line here, whatever a file edited by hand holds.
        let _ = writeln!(out, "{}\t{}", index + 1, gloss::tidy(&gloss::shown(key, ui)));
    }
    out
}

fn save(folder: &Path, edit: &Edit) -> Outcome {
    edit_and_save(folder, edit).map(drop).map_err(Failure::from)
}

/// Takes back what was changed of a key.
fn reset(folder: &Path, document: &Document, number: usize) -> Outcome {
    let keys = &document.project().tiers.keys;
    let Some(key) = number.checked_sub(1).and_then(|i| keys.get(i)) else {
        let count = keys.len();
        return Err(Failure::Arguments(anyhow::anyhow!("there is no key {number}; the project has {count}, from 1")));
    };
    save(folder, &Edit::ResetKeys { keys: vec![key.id] })
}

/// Changes one key by a sentence; gives the edit, the key's line in the list, and the key.
fn set(
    document: &mut Document,
    number: &str,
    sentence: &str,
    ui: UiLanguage,
) -> Result<(Edit, String, KeyId), Failure> {
    let project = document.project();
    let count = project.tiers.keys.len();
    let index = number.trim().parse::<usize>().ok().and_then(|n| n.checked_sub(1)).filter(|i| *i < count);
    let Some(index) = index else {
        return Err(Failure::Arguments(anyhow::anyhow!("there is no key {number}; the project has {count}, from 1")));
    };
    let key = &project.tiers.keys[index];
    let (_, parsed) = gloss::read(project, key, sentence, ui);
    for unknown in &parsed.unknown {
        match &unknown.suggestion {
            Some(word) => eprintln!("note: \"{}\" is not understood; perhaps \"{word}\"", unknown.text),
            None => eprintln!("note: \"{}\" is not understood", unknown.text),
        }
    }
    for conflict in &parsed.conflicts {
        eprintln!("note: {}", conflict.kind);
    }
    let Some(edit) = gloss::edit(key, sentence, &parsed) else {
        return Err(Failure::Input(anyhow::anyhow!(
            "the sentence leaves open what key {number} is to be; nothing was changed: {sentence}"
        )));
    };
    document.apply(&edit).map_err(|e| Failure::Input(anyhow::anyhow!("key {number}: {e}")))?;
    let key = &document.project().tiers.keys[index];
    let line = format!("{}\t{}\n", index + 1, gloss::tidy(&gloss::shown(key, ui)));
    Ok((edit, line, key.id))
}

/// Prints what would be sent, or sends it and takes what can be taken.
fn service(args: &Args, address: &str, folder: &Path, document: &Document, ui: UiLanguage) -> Outcome {
    let key = if std::env::var_os(KEY_VARIABLE).is_some() { format!("${KEY_VARIABLE}") } else { String::new() };
    let settings = ServiceSettings {
        on: true,
        address: address.to_owned(),
        model: args.model.clone().unwrap_or_default(),
        key: Secret::new(&key),
    };
    let project = document.project();
    let keys: Option<Vec<KeyId>> = args.keys.map(|(first, last)| {
        let range = project.tiers.keys.iter().skip(first - 1).take(last - first + 1);
        range.map(|k| k.id).collect()
    });
    let plan = Plan::new(project, keys.as_deref(), ui, &settings).map_err(|error| match error {
        ServiceError::NoKeys => Failure::Input(error.into()),
        _ => Failure::Arguments(error.into()),
    })?;
    if !args.send {
        for request in &plan.requests {
            print_out(&format!("POST {}\n{}\n", plan.url, request.body));
        }
        eprintln!("nothing was sent; add --send to send this");
        return Ok(());
    }
    let answers = write(&plan, Patience::default(), &Bar::new()).map_err(|e| Failure::Work(e.into()))?;
    for refused in &answers.refused {
        eprintln!("refused, key {}: {}: {}", refused.number, refused.reason, refused.gloss);
    }
    if let Some(error) = &answers.stopped {
        eprintln!("note: {error}");
    }
    let (edit, _) = answers.edit(document.project());
    if let Some(edit) = edit {
        save(folder, &edit)?;
    }
    for written in &answers.written {
        print_out(&format!("{}\t{}\n", written.number, written.gloss));
    }
    eprintln!("{} sentences taken, {} refused", answers.written.len(), answers.refused.len());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_keys_are_read() {
        assert_eq!(numbers("4"), Ok((4, 4)));
        assert_eq!(numbers("4-9"), Ok((4, 9)));
        for bad in ["", "0", "9-4", "a", "1-", "-3"] {
            assert!(numbers(bad).is_err(), "{bad}");
        }
    }
}
