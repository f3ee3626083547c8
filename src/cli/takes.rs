//! `cueloom takes`: takes for a stretch of a project, made, listed, shown, removed and cleaned up.

use super::{Bar, Failure, Outcome, print_out};
use crate::document::edit::Edit;
use crate::document::marks::{MarkId, Mask};
use crate::document::store::{Disk, session};
use crate::document::{Project, file};
use crate::generate::takes::{USUAL_HALO, Values, generators};
use crate::jobs::journal::Cores;
use crate::jobs::takes::{self, MOST_TAKES, MadeTake, Regenerate, files};
use crate::jobs::{open, perform};
use crate::pose::parts::{Part, Parts};
use crate::time::{Seconds, TimeRange};
use serde_json::json;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

#[derive(clap::Args)]
pub struct Args {
    /// The project's folder.
    project: PathBuf,
    /// The mask begins at this second.
    #[arg(long, value_name = "S", required_unless_present_any = ["list", "show", "remove", "clean_up"])]
    from: Option<f64>,
    /// The mask ends at this second.
    #[arg(long, value_name = "S", requires = "from")]
    to: Option<f64>,
    /// Parts of the body, separated by commas: lips, face, head, left-hand, right-hand, arms, or all.
    #[arg(long, default_value = "right-hand,arms")]
    parts: String,
    /// How long the blend at each end lasts, seconds.
    #[arg(long, value_name = "S", default_value_t = USUAL_HALO.0)]
    halo: f64,
    /// How many takes.
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u32).range(1..=MOST_TAKES as i64))]
    count: u32,
    /// Seed of the first take; the others count on.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// What makes the takes.
    #[arg(long, default_value = "rules")]
    generator: String,
    /// A parameter of the generator, such as variation=0.8; may be given more than once.
    #[arg(long = "set", value_name = "NAME=VALUE")]
    set: Vec<String>,
    /// Put this take in force, counted from 1; all are kept either way.
    #[arg(long, value_name = "K")]
    accept: Option<usize>,
    /// List masks and takes.
    #[arg(long)]
    list: bool,
    /// Put a kept take in force, by its number in the list, on the parts of --parts that it has.
    #[arg(long, value_name = "TAKE")]
    show: Option<u64>,
    /// Remove kept takes from the project, by their numbers in the list.
    #[arg(long, value_name = "TAKE", value_delimiter = ',')]
    remove: Vec<u64>,
    /// List take files that neither the project nor its history needs; with --yes, delete them.
    #[arg(long)]
    clean_up: bool,
    #[arg(long, requires = "clean_up")]
    yes: bool,
    /// As JSON.
    #[arg(long)]
    json: bool,
}

pub fn run(args: &Args) -> Outcome {
    let folder = file::project_folder(&args.project);
    let project = file::load(&folder).map_err(|e| Failure::from(anyhow::Error::from(e)))?;
    if args.list {
        list(&folder, &project, args.json);
        Ok(())
    } else if args.clean_up {
        clean_up(&folder, args.yes)
    } else if !args.remove.is_empty() {
        remove(&folder, &project, &args.remove)
    } else if let Some(take) = args.show {
        show(&folder, &project, take, args)
    } else {
        make(&folder, project, args)
    }
}

/// `right-hand,lips` or `all`.
fn parts(text: &str) -> Result<Parts, Failure> {
    if text.trim() == "all" {
        return Ok(Parts::ALL);
    }
    let names: Vec<&str> = text.split(',').map(str::trim).filter(|n| !n.is_empty()).collect();
    let mut found = Parts::NONE;
    for name in names {
        let part = Part::from_name(name).ok_or_else(|| {
            let known: Vec<String> = Part::ALL.iter().map(|p| p.name().replace(' ', "-")).collect();
            Failure::Arguments(anyhow::anyhow!("there is no part \"{name}\"; there is: {}, all", known.join(", ")))
        })?;
        found = found.with(part);
    }
    if found.is_empty() {
        return Err(Failure::Arguments(anyhow::anyhow!("--parts names no part of the body")));
    }
    Ok(found)
}

fn parts_text(parts: Parts) -> String {
    parts.iter().map(|p| p.name().replace(' ', "-")).collect::<Vec<_>>().join(",")
}

fn values(generator: &str, set: &[String]) -> Result<Values, Failure> {
    let bad = |message: String| Failure::Arguments(anyhow::anyhow!(message));
    let found = generators().iter().find(|g| g.name() == generator).ok_or_else(|| {
        let known: Vec<&str> = generators().iter().map(|g| g.name()).collect();
        bad(format!("there is no generator \"{generator}\"; there is: {}", known.join(", ")))
    })?;
    let mut values = Values::default();
    for text in set {
        let (name, value) = text.split_once('=').ok_or_else(|| bad(format!("\"{text}\" is not NAME=VALUE")))?;
        let parameter = found.parameters().iter().find(|p| p.name == name.trim()).ok_or_else(|| {
            let known: Vec<&str> = found.parameters().iter().map(|p| p.name).collect();
            bad(format!("there is no parameter \"{name}\"; there is: {}", known.join(", ")))
        })?;
        let number: f64 = value.trim().parse().map_err(|_| bad(format!("\"{value}\" is no number")))?;
        if !(parameter.range.0..=parameter.range.1).contains(&number) {
            return Err(bad(format!("{name} lies between {} and {}", parameter.range.0, parameter.range.1)));
        }
        values.set(parameter.name, number);
    }
    Ok(values)
}

fn make(folder: &Path, project: Project, args: &Args) -> Outcome {
    let parts = parts(&args.parts)?;
    let values = values(&args.generator, &args.set)?;
    let (from, to) = (args.from.unwrap_or(0.0), args.to.unwrap_or(project.length().0));
    if !(from.is_finite() && to.is_finite() && from >= 0.0 && to > from && from < project.length().0) {
        let length = project.length();
        return Err(Failure::Arguments(anyhow::anyhow!("the mask must lie within the project, which lasts {length}")));
    }
    if !(args.halo.is_finite() && (0.0..=5.0).contains(&args.halo)) {
        return Err(Failure::Arguments(anyhow::anyhow!("--halo is a time from 0 to 5 seconds")));
    }
    let count = args.count as usize;
    if args.accept.is_some_and(|k| k == 0 || k > count) {
        return Err(Failure::Arguments(anyhow::anyhow!("--accept is the number of a take, from 1 to {count}")));
    }
    let range = TimeRange::new(Seconds(from), Seconds(to));
    let same = |m: &&Mask| m.range == range && m.parts == parts && m.halo.0 == args.halo;
    let mut edits = Vec::new();
    let mask = match project.marks.masks.iter().find(same) {
        Some(mask) => mask.id,
        None => {
            edits.push(Edit::AddMask { range, parts, halo: Seconds(args.halo) });
            MarkId(project.marks.next_id)
        }
    };
    let mut with_mask = crate::document::edit::Document::new(project);
    for edit in &edits {
        with_mask.apply(edit).map_err(|e| Failure::Work(e.into()))?;
    }
    let project = Arc::new(with_mask.project().clone());
    let identity = perform::identity(folder, &project).map_err(Failure::from)?;
    let request = Regenerate {
        folder: folder.to_owned(),
        project,
        reference: identity.reference.clone(),
        mask,
        parts,
        generator: args.generator.clone(),
        values,
        seed: args.seed,
        count,
    };
    let mut made: Vec<MadeTake> = Vec::new();
    takes::regenerate(&request, &[], &Bar::new(), &mut |_, take| made.push(take))
        .map_err(|e| Failure::from(anyhow::Error::from(e)))?;
    let accepted = args.accept.map(|k| (k - 1, parts));
    edits.push(Edit::KeepTakes { mask, takes: made.iter().map(|t| t.take.clone()).collect(), accepted });
    let name = if accepted.is_some() { "Accept take" } else { "Keep takes" };
    let project = open::edit_and_save(folder, &Edit::Many { name, edits }).map_err(Failure::from)?;
    let first = project.marks.takes.len() - made.len();
    if args.json {
        let list: Vec<_> = project.marks.takes[first..]
            .iter()
            .map(|t| json!({ "take": t.id.0, "seed": t.seed, "poses": t.poses, "parts": parts_text(t.parts) }))
            .collect();
        print_out(&format!("{}\n", json!({ "mask": mask.0, "takes": list, "accepted": args.accept })));
    } else {
        let mut out = String::new();
        for (i, take) in project.marks.takes[first..].iter().enumerate() {
            let state = if args.accept == Some(i + 1) { "  in force" } else { "" };
            let _ = writeln!(out, "{:>4}  take {}  seed {}{state}", i + 1, take.id.0, take.seed);
        }
        print_out(&out);
    }
    Ok(())
}

fn list(folder: &Path, project: &Project, as_json: bool) {
    let stale: Vec<MarkId> = takes::stale(project).into_iter().map(|p| p.take).collect();
    let reference = perform::identity(folder, project).map(|i| i.reference.clone());
    let state = |take: &crate::document::marks::Take| {
        let there = reference.as_ref().map(|r| takes::poses_of(folder, project, r, take));
        match there {
            Ok(Err(e)) => format!("no poses: {e}"),
            _ if stale.contains(&take.id) => "the cues have changed since".to_owned(),
            _ => String::new(),
        }
    };
    let mut rows = Vec::new();
    let mut out = String::new();
    for mask in &project.marks.masks {
        let _ = writeln!(
            out,
            "mask {}  {} – {}  {}",
            mask.id.0,
            mask.range.start.timecode(),
            mask.range.end.timecode(),
            parts_text(mask.parts)
        );
        for take in project.marks.takes.iter().filter(|t| t.mask == mask.id) {
            let force: Parts =
                mask.accepted.iter().filter(|a| a.take == take.id).flat_map(|a| a.parts.iter()).collect();
            let state = state(take);
            let shown = if force.is_empty() { String::new() } else { format!("  in force: {}", parts_text(force)) };
            let note = if state.is_empty() { String::new() } else { format!("  ({state})") };
            let _ = writeln!(out, "  take {}  {}  seed {}{shown}{note}", take.id.0, take.generator, take.seed);
            rows.push(json!({
                "take": take.id.0,
                "mask": mask.id.0,
                "from": take.range.start.0,
                "to": take.range.end.0,
                "parts": parts_text(take.parts),
                "generator": take.generator,
                "seed": take.seed,
                "poses": take.poses,
                "in_force": parts_text(force),
                "problem": state,
            }));
        }
    }
    if as_json { print_out(&format!("{}\n", json!({ "takes": rows }))) } else { print_out(&out) }
}

fn known(project: &Project, take: u64) -> Result<MarkId, Failure> {
    let id = MarkId(take);
    match project.marks.take(id) {
        Some(_) => Ok(id),
        None => Err(Failure::Arguments(anyhow::anyhow!("there is no take {take}; see cueloom takes --list"))),
    }
}

fn show(folder: &Path, project: &Project, take: u64, args: &Args) -> Outcome {
    let id = known(project, take)?;
    let wanted = parts(&args.parts)?;
    let Some(its) = project.marks.take(id) else { return Ok(()) };
    let parts = wanted.intersection(its.parts);
    if parts.is_empty() {
        return Err(Failure::Arguments(anyhow::anyhow!("take {take} has only: {}", parts_text(its.parts))));
    }
    let edit = Edit::ShowTake { mask: its.mask, take: Some(id), parts };
    open::edit_and_save(folder, &edit).map_err(Failure::from)?;
    eprintln!("take {take} is in force: {}", parts_text(parts));
    Ok(())
}

fn remove(folder: &Path, project: &Project, numbers: &[u64]) -> Outcome {
    let ids = numbers.iter().map(|n| known(project, *n)).collect::<Result<Vec<_>, _>>()?;
    let count = ids.len();
    open::edit_and_save(folder, &Edit::RemoveTakes(ids)).map_err(Failure::from)?;
    eprintln!("{count} takes removed from the project; their files stay until --clean-up, so this can be undone");
    Ok(())
}

fn clean_up(folder: &Path, yes: bool) -> Outcome {
    let found = session::look(&Disk, folder, &Cores).map_err(|e| Failure::from(anyhow::Error::from(e)))?;
    let project = file::load(folder).map_err(|e| Failure::from(anyhow::Error::from(e)))?;
    let list = files::unneeded(folder, &files::needed(&project, &found.history));
    let mut out = String::new();
    for file in &list {
        let _ = writeln!(out, "{:>10}  {}", file.bytes, file.path.display());
    }
    print_out(&out);
    if list.is_empty() {
        eprintln!("every take file is needed by the project or its history");
    } else if yes {
        let freed = files::clean_up(&list).map_err(|e| Failure::Work(e.into()))?;
        eprintln!("{} files deleted, {freed} bytes", list.len());
    } else {
        eprintln!("{} files are needed by nothing; delete them with --yes", list.len());
    }
    Ok(())
}
