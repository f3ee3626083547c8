//! `cueloom hands`: corrections of hands, and the hands that look worst.

use super::{Bar, Failure, Outcome, print_out};
use crate::document::edit::Edit;
use crate::document::marks::HandLayer;
use crate::document::{Project, file};
use crate::jobs::open::edit_and_save;
use crate::jobs::poses::Performer;
use crate::jobs::{hands, perform};
use crate::pose::Side;
use crate::pose::refine::{Dial, Ease, FINGERS, Preset, Refinement};
use crate::progress::Progress as _;
use crate::time::{Seconds, TimeRange};
use clap::builder::PossibleValuesParser;
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

#[derive(clap::Args)]
pub struct Args {
    /// The project's folder.
    project: PathBuf,
    #[command(subcommand)]
    what: What,
}

#[derive(clap::Subcommand)]
enum What {
    /// List the layers of corrections, the lowest first.
    List {
        /// Print JSON, with all keys.
        #[arg(long)]
        json: bool,
    },
    /// List the hands that look least like hands, the worst first, with what speaks against them.
    Worst {
        /// At most so many.
        #[arg(long, default_value_t = 20)]
        count: usize,
        /// Only hands less plausible than this, 0 to 1.
        #[arg(long, default_value_t = 0.9)]
        below: f32,
        #[arg(long)]
        json: bool,
    },
    /// Add a layer over all others.
    Add {
        /// Which hand; the cueing one by default.
        #[arg(long, value_parser = PossibleValuesParser::new(["left", "right"]))]
        side: Option<String>,
        /// Begin at this second.
        #[arg(long, value_name = "S")]
        from: f64,
        /// End at this second.
        #[arg(long, value_name = "S")]
        to: f64,
        /// A pose to hold all the time.
        #[arg(long, value_parser = presets())]
        preset: Option<String>,
        #[command(flatten)]
        values: Values,
    },
    /// Change the values of a layer.
    Set {
        /// Number of the layer in the list.
        layer: usize,
        /// Begin at this second.
        #[arg(long, value_name = "S")]
        from: Option<f64>,
        /// End at this second.
        #[arg(long, value_name = "S")]
        to: Option<f64>,
        #[command(flatten)]
        values: Values,
    },
    /// Put or change a key of a layer; what is not named stays as it is at that time.
    Key {
        /// Number of the layer in the list.
        layer: usize,
        #[arg(long, value_name = "S")]
        time: f64,
        /// A pose to hold; "none" for the one beneath.
        #[arg(long, value_parser = presets())]
        preset: Option<String>,
        /// How it goes over into the next key.
        #[arg(long, value_parser = PossibleValuesParser::new(Ease::ALL.map(Ease::name)))]
        ease: Option<String>,
        /// A number of the key: curl-index=0.4, spread-thumb=10, offset-ring=-15, wrist-roll=20, move-up=0.05, hold=0.5.
        #[arg(long, value_name = "NAME=VALUE", value_parser = dial)]
        set: Vec<(Dial, f32)>,
        /// Take the key away.
        #[arg(long, conflicts_with_all = ["preset", "ease", "set"])]
        remove: bool,
    },
    /// Mute a layer, or let it work again.
    Mute {
        /// Number of the layer in the list.
        layer: usize,
        #[arg(long)]
        off: bool,
    },
    /// Put a layer at another place in the list.
    Move { layer: usize, to: usize },
    /// Add a copy of a layer for the other hand.
    Mirror { layer: usize },
    /// Remove a layer.
    Remove { layer: usize },
    /// Let what holds at a time hold over a whole stretch.
    Propagate {
        /// Number of the layer in the list.
        layer: usize,
        #[arg(long, value_name = "S")]
        time: f64,
        #[arg(long, value_name = "S")]
        from: f64,
        #[arg(long, value_name = "S")]
        to: f64,
    },
}

#[derive(clap::Args)]
struct Values {
    #[arg(long)]
    name: Option<String>,
    /// How much of the layer, 0 to 1.
    #[arg(long)]
    strength: Option<f32>,
    /// Length of the blend at each end, seconds.
    #[arg(long, value_name = "S")]
    padding: Option<f64>,
    /// How much the hand's own motion is calmed, 0 to 2.
    #[arg(long)]
    smoothing: Option<f32>,
    /// How much the hand is drawn to the shape of the key of the moment, 0 to 1.
    #[arg(long)]
    toward: Option<f32>,
}

impl Values {
    fn put(&self, it: &mut Refinement) {
        if let Some(name) = &self.name {
            it.name.clone_from(name);
        }
        it.strength = self.strength.unwrap_or(it.strength);
        it.padding = self.padding.map_or(it.padding, Seconds);
        it.smoothing = self.smoothing.unwrap_or(it.smoothing);
        it.toward = self.toward.unwrap_or(it.toward);
    }
}

fn presets() -> PossibleValuesParser {
    PossibleValuesParser::new(Preset::ALL.into_iter().map(Preset::name).chain(["none"]))
}

/// `curl-index=0.4`.
fn dial(text: &str) -> Result<(Dial, f32), String> {
    let known = || Dial::all().map(Dial::name).collect::<Vec<_>>().join(", ");
    let (name, value) = text.split_once('=').ok_or("write NAME=VALUE, such as curl-index=0.4")?;
    let dial = Dial::from_name(name.trim()).ok_or_else(|| format!("there is no \"{name}\"; there is: {}", known()))?;
    let (low, high) = dial.range();
    let value = value.trim().parse::<f32>().ok().filter(|v| (low..=high).contains(v));
    Ok((dial, value.ok_or_else(|| format!("{name} is a number from {low} to {high}"))?))
}

pub fn run(args: &Args) -> Outcome {
    let folder = file::project_folder(&args.project);
    let project = file::load(&folder).map_err(|e| Failure::from(anyhow::Error::from(e)))?;
    let edit = match &args.what {
        What::List { json } => {
            print_out(&list(&project, *json)?);
            return Ok(());
        }
        What::Worst { count, below, json } => return worst(&folder, &project, *count, *below, *json),
        What::Add { side, from, to, preset, values } => {
            let side = match side.as_deref() {
                Some("left") => Side::Left,
                Some(_) => Side::Right,
                None => perform::identity(&folder, &project).map_err(Failure::from)?.reference.handed,
            };
            let name = format!("Layer {}", project.marks.hands.len() + 1);
            let range = TimeRange { start: Seconds(*from), end: Seconds(*to) };
            let mut it = Refinement { name, side, range, ..Refinement::default() };
            values.put(&mut it);
            if let Some(preset) = preset.as_deref().and_then(Preset::from_name) {
                it.change_key(range.start, |k| k.change.preset = Some(preset));
            }
            check(&it)?;
            Edit::AddHandLayer(Box::new(it))
        }
        What::Set { layer, from, to, values } => changed(&project, *layer, |it| {
            it.range.start = from.map_or(it.range.start, Seconds);
            it.range.end = to.map_or(it.range.end, Seconds);
            values.put(it);
            Ok(())
        })?,
        What::Key { layer, time, preset, ease, set, remove } => changed(&project, *layer, |it| {
            let time = Seconds(*time);
            if *remove {
                let at = it.key_at(time);
                let at = at.ok_or_else(|| arguments(format!("there is no key at {} s", time.0)))?;
                it.keys.remove(at);
                return Ok(());
            }
            it.change_key(time, |key| {
                if let Some(preset) = preset {
                    key.change.preset = Preset::from_name(preset);
                }
                key.ease = ease.as_deref().and_then(Ease::from_name).unwrap_or(key.ease);
                for (dial, value) in set {
                    dial.set(&mut key.change, *value);
                }
            });
            Ok(())
        })?,
        What::Mute { layer, off } => changed(&project, *layer, |it| {
            it.muted = !off;
            Ok(())
        })?,
        What::Move { layer, to } => {
            let to = to.checked_sub(1).ok_or_else(|| arguments("layers count from 1".to_owned()))?;
            Edit::MoveHandLayer { layer: find(&project, *layer)?.id, to }
        }
        What::Mirror { layer } => Edit::AddHandLayer(Box::new(find(&project, *layer)?.what.mirrored())),
        What::Remove { layer } => Edit::RemoveHandLayers(vec![find(&project, *layer)?.id]),
        What::Propagate { layer, time, from, to } => changed(&project, *layer, |it| {
            let range = TimeRange { start: Seconds(*from), end: Seconds(*to) };
            check(&Refinement { range, keys: Vec::new(), ..it.clone() })?;
            *it = it.propagated(Seconds(*time), range);
            Ok(())
        })?,
    };
    let project = edit_and_save(&folder, &edit).map_err(Failure::from)?;
    print_out(&list(&project, false)?);
    Ok(())
}

fn arguments(message: String) -> Failure {
    Failure::Arguments(anyhow::anyhow!(message))
}

fn find(project: &Project, number: usize) -> Result<&HandLayer, Failure> {
    let count = project.marks.hands.len();
    let found = number.checked_sub(1).and_then(|i| project.marks.hands.get(i));
    found.ok_or_else(|| arguments(format!("there is no hand layer {number}; the project has {count}, from 1")))
}

fn check(it: &Refinement) -> Outcome {
    it.broken_invariant().map_or(Ok(()), |fault| Err(arguments(format!("the layer {fault}"))))
}

fn changed(project: &Project, number: usize, change: impl FnOnce(&mut Refinement) -> Outcome) -> Result<Edit, Failure> {
    let mut layer = find(project, number)?.clone();
    change(&mut layer.what)?;
    check(&layer.what)?;
    Ok(Edit::SetHandLayer(Box::new(layer)))
}

fn side_name(side: Side) -> &'static str {
    match side {
        Side::Left => "left",
        Side::Right => "right",
    }
}

/// A layer a line: number, hand, stretch, strength, keys, name.
fn list(project: &Project, as_json: bool) -> Result<String, Failure> {
    let mut out = String::new();
    if as_json {
        let layers: Vec<Value> = project.marks.hands.iter().map(|h| layer_json(&h.what)).collect();
        out = serde_json::to_string_pretty(&json!({ "layers": layers })).map_err(|e| Failure::Work(e.into()))?;
        out.push('\n');
        return Ok(out);
    }
    for (i, layer) in project.marks.hands.iter().enumerate() {
        let it = &layer.what;
        let muted = if it.muted { "\tmuted" } else { "" };
        let _ = writeln!(
            out,
            "{}\t{}\t{}-{}\t{:.0} %\t{} keys\t{}{muted}",
            i + 1,
            side_name(it.side),
            it.range.start.timecode(),
            it.range.end.timecode(),
            it.strength * 100.0,
            it.keys.len(),
            it.name,
        );
    }
    Ok(out)
}

fn layer_json(it: &Refinement) -> Value {
    let keys = it.keys.iter().map(|key| {
        let dials = Dial::all().filter(|d| *d != Dial::Hold && d.get(&key.change) != 0.0);
        let values: serde_json::Map<String, Value> = dials.map(|d| (d.name(), json!(d.get(&key.change)))).collect();
        json!({
            "time": key.time.0,
            "ease": key.ease.name(),
            "preset": key.change.preset.map(|p| p.name()),
            "hold": key.change.hold,
            "values": values,
        })
    });
    json!({
        "name": it.name,
        "side": side_name(it.side),
        "start": it.range.start.0,
        "end": it.range.end.0,
        "muted": it.muted,
        "strength": it.strength,
        "padding": it.padding.0,
        "smoothing": it.smoothing,
        "toward": it.toward,
        "keys": keys.collect::<Vec<_>>(),
    })
}

fn worst(folder: &Path, project: &Project, count: usize, below: f32, as_json: bool) -> Outcome {
    let identity = perform::identity(folder, project).map_err(Failure::from)?;
    let fps = project.settings.fps;
    let performer = Performer::whole(folder, project, &identity.reference, fps, "rules").map_err(Failure::from)?;
    let bar = Bar::new();
    bar.report("Looking at hands", 0, 1);
    let total = performer.frame_count();
    let found = hands::worst(performer.input(), total, 0..total, below, |range| performer.frames(range));
    bar.report("Looking at hands", 1, 1);
    let found = &found[..found.len().min(count)];
    if as_json {
        let hands: Vec<Value> = found
            .iter()
            .map(|hand| {
                let doubts = hand.plausibility.doubts.iter();
                let doubts = doubts.map(
                    |d| json!({ "kind": d.kind.name(), "finger": d.finger.map(|f| FINGERS[f]), "amount": d.amount }),
                );
                json!({
                    "side": side_name(hand.side),
                    "frame": hand.frame,
                    "time": hand.time.0,
                    "plausibility": hand.plausibility.score,
                    "doubts": doubts.collect::<Vec<_>>(),
                })
            })
            .collect();
        let value = json!({ "frames": total, "below": below, "hands": hands });
        print_out(&(serde_json::to_string_pretty(&value).map_err(|e| Failure::Work(e.into()))? + "\n"));
        return Ok(());
    }
    let mut out = String::new();
    for hand in found {
        let what = hand.plausibility.doubts.iter().map(|d| match d.finger {
            Some(f) => format!("{} ({})", d.kind.text().to_lowercase(), FINGERS[f]),
            None => d.kind.text().to_lowercase(),
        });
        let what = what.collect::<Vec<_>>().join(", ");
        let (time, side, score) = (hand.time.timecode(), side_name(hand.side), hand.plausibility.score);
        let _ = writeln!(out, "{time}\t{side}\t{:.0} %\t{what}", score * 100.0);
    }
    print_out(&out);
    eprintln!("{} of {total} frames show a hand below {:.0} %", found.len(), below * 100.0);
    Ok(())
}
