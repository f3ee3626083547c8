//! `cueloom recover`: work that was not saved, and backups.

use super::{Failure, Outcome, print_out};
use crate::document::file;
use crate::document::store::backups::Kind;
use crate::document::store::{Choice, Unsaved};
use crate::jobs::backups;
use crate::jobs::clock;
use crate::jobs::journal::Cores;
use crate::jobs::open::{self, Access, Outcome as Opened, Refusal};
use std::fmt::Write as _;
use std::path::PathBuf;

#[derive(clap::Args)]
pub struct Args {
    /// The project's folder.
    project: PathBuf,
    /// List what can be recovered; this is what happens without any of the other two.
    #[arg(long)]
    list: bool,
    /// Take up the work that was not saved, and save it.
    #[arg(long, conflicts_with_all = ["list", "backup"])]
    apply: bool,
    /// Put this backup in the place of the project; what stood there becomes a backup.
    #[arg(long, value_name = "NAME", conflicts_with = "list")]
    backup: Option<String>,
}

pub fn run(args: &Args) -> Outcome {
    let folder = file::project_folder(&args.project);
    if let Some(name) = &args.backup {
        let note = backups::restore(&folder, name).map_err(Failure::from)?;
        eprintln!("{note}");
        return Ok(());
    }
    let opened = |choice| -> Result<Opened, Failure> {
        open::open(&folder, Access::Edit(choice)).map_err(|e| Failure::from(anyhow::Error::from(e)))
    };
    let taken = || Failure::Work(Refusal::Taken(folder.clone()).into());
    if args.apply {
        let unsaved = match opened(Choice::Ask)? {
            Opened::Unsaved(unsaved) => unsaved,
            Opened::Taken(_) => return Err(taken()),
            Opened::Ready(_) => {
                eprintln!("There is no work that was not saved.");
                return Ok(());
            }
        };
        match opened(Choice::Recover)? {
            Opened::Ready(kept) => {
                let Some((mut session, _lock)) = kept.keeper else { return Err(taken()) };
                session.save(&kept.project, &Cores).map_err(|e| Failure::Work(e.into()))?;
                eprintln!("{} steps are recovered and saved.", unsaved.steps.len());
                Ok(())
            }
            Opened::Unsaved(_) | Opened::Taken(_) => Err(taken()),
        }
    } else {
        // Looking must work while a window has the project, whose steps are then no lost work.
        let unsaved = match open::open(&folder, Access::Edit(Choice::Ask)) {
            Ok(Opened::Unsaved(unsaved)) => Some(unsaved),
            Ok(Opened::Ready(_) | Opened::Taken(_)) => None,
            Err(e) if e.is_damaged() => {
                eprintln!("cueloom: {e}");
                None
            }
            Err(e) => return Err(Failure::from(anyhow::Error::from(e))),
        };
        let list = backups::list(&folder).map_err(|e| Failure::Work(e.into()))?;
        print_out(&table(unsaved.as_ref(), &list));
        Ok(())
    }
}

fn table(unsaved: Option<&Unsaved>, list: &[crate::document::store::backups::Backup]) -> String {
    let mut out = String::new();
    match unsaved {
        Some(u) => {
            let saved = u.saved_at.map_or_else(|| "at an unknown time".to_owned(), clock::date_and_time);
            let _ = writeln!(
                out,
                "unsaved work: {} steps until {}, last saved {}: {}",
                u.steps.len(),
                clock::date_and_time(u.last_at),
                saved,
                u.steps.join(", ")
            );
        }
        None => out.push_str("no unsaved work\n"),
    }
    for backup in list {
        let kind = match backup.kind {
            Kind::Saved => "replaced by a save".to_owned(),
            Kind::Unsaved => "work that was not saved".to_owned(),
            Kind::Replaced => "replaced by a restored backup".to_owned(),
            Kind::Schema(n) => format!("before the update from schema {n}"),
            Kind::Journal => "journal of another project file".to_owned(),
        };
        let _ = writeln!(out, "{:<32}  {:>9}  {kind}", backup.name, format!("{} kB", backup.bytes.div_ceil(1000)));
    }
    out
}
