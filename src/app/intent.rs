//! What the interface wants: panels draw borrowed data and push these; `handle` alone carries them out.

use super::commands::Command;
use super::dialogs::{ExportForm, NewProjectForm};
use super::preferences::Preferences;
use super::work::WorkKind;
use crate::cueing::chart::{Chart, OwnChart};
use crate::document::edit::Edit;
use crate::document::{KeyId, Selection};
use crate::jobs::gloss_service::{Answers, ServiceSettings};
use crate::jobs::open::Access;
use crate::jobs::slow::SlowRequest;
use crate::language::alphabets::Alphabet;
use crate::time::{Seconds, TimeRange};
use std::path::PathBuf;

/// How a click changes the selection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SelectMode {
    Replace,
    /// Ctrl: in or out.
    Toggle,
    /// Shift: everything between.
    Extend,
}

impl SelectMode {
    pub fn from_modifiers(modifiers: egui::Modifiers) -> Self {
        if modifiers.command {
            Self::Toggle
        } else if modifiers.shift {
            Self::Extend
        } else {
            Self::Replace
        }
    }
}

/// What a file is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PickFor {
    Media,
    ProjectFolder,
    NewFolder,
    ExportFile,
    /// A file with poses to be scored.
    Poses,
    /// Where the report of a score is written.
    ScoreReport,
    /// Where a sheet of cues is written.
    Sheet,
    /// Where new projects are made.
    Home,
    Relink,
    /// A picture to make a person from.
    Picture,
    IdentityFile,
    /// Where a person is written as one file.
    NewIdentityFile,
    /// The file of a chart.
    Chart,
}

/// What to do with unsaved changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unsaved {
    Save,
    Discard,
    Cancel,
}

/// What is wished of the project's chart.
#[derive(Clone, Debug)]
pub enum ChartIntent {
    /// Cue by this one from now on; `None` is the built-in one.
    Use(Option<OwnChart>),
    /// Read a chart into the dialog.
    Import(PathBuf),
    /// Write the chart of the dialog.
    Export(PathBuf, Box<Chart>),
}

/// One wish.
#[derive(Clone, Debug)]
pub enum Intent {
    Do(Command),
    Seek(Seconds),
    /// The playhead follows the pointer, with sound.
    Scrub(Seconds),
    SelectKey(KeyId, SelectMode),
    SelectWord(usize),
    SelectPhone(usize),
    /// Exactly this is selected.
    Select(Box<Selection>),
    /// The mask that was made last is selected.
    SelectNewMask,
    /// The expression that was made last is selected.
    SelectNewExpression,
    ClearSelection,
    /// Masks and takes.
    Takes(super::takes::TakesIntent),
    /// Corrections of hands.
    Hands(super::hands::HandsIntent),
    /// People: made, taken in, handed on, chosen.
    Identity(super::dialogs::identity::IdentityIntent),
    Edit(Edit),
    /// The edit as the pointer stands now; closed by [`Self::EndDrag`] as one step of history.
    Drag(&'static str, Edit),
    EndDrag,
    /// A reading typed by the user for a word; in an alphabet that is recognised unless it is given.
    TypeReading {
        word: usize,
        text: String,
        alphabet: Option<Alphabet>,
    },
    Chart(ChartIntent),
    SetLoop(Option<TimeRange>),
    /// Goes to a problem of the list and selects what it is about.
    GoToProblem(usize),
    /// Goes to a cue of the score.
    GoToCue(usize),
    /// Scores the poses of a file.
    ScorePoses(PathBuf),
    /// Shows tracked poses in their panel.
    LookAtPerformance(crate::document::marks::MarkId),
    /// Asks where the lost file of tracked poses is.
    FindPoses(crate::document::marks::MarkId),
    /// Brings in tracked poses.
    ImportPoses(Box<super::dialogs::import_poses::ImportPosesForm>),
    /// Writes the report of the score.
    WriteScore(PathBuf),
    /// Writes every key as a picture on one page.
    WriteSheet(PathBuf),
    /// Does what one of the remedies of a problem says: by index in the list, and among its remedies.
    Remedy(usize, usize),
    /// Marks a problem of the list as seen, or as not seen.
    MarkSeen(usize, bool),
    /// The keyboard goes to the field where a reading is typed.
    TypeReadingNow,
    Open(PathBuf),
    Create(Box<NewProjectForm>),
    StartExport(Box<ExportForm>),
    SetGlossService(Box<ServiceSettings>),
    /// Sentences of a service that were looked at and wanted.
    TakeGlosses(Box<Answers>),
    /// Slows a passage of the sound.
    Slow(SlowRequest),
    /// Lets a passage be heard at a speed, as it would sound when slowed.
    Listen(TimeRange, f64),
    Pick(PickFor),
    /// Stops the jobs of a kind, or the newest one.
    CancelJob(Option<WorkKind>),
    /// Stops one job.
    CancelWork(u64),
    ClearWorkLog,
    SetPreferences(Box<Preferences>),
    /// 1 is 100 %.
    SetTextScale(f32),
    /// How late hands answer while tapping, milliseconds.
    SetTapDelay(f64),
    /// A command chosen in the palette.
    DoFromPalette(Command),
    CloseDialog,
    Unsaved(Unsaved),
    /// Opens a project in a way that was chosen: recovered, as last saved, read-only.
    OpenAs(PathBuf, Access),
    /// Writes the project into another folder and goes on there.
    SaveAs(PathBuf),
    /// Goes to where so many steps of the history are done.
    JumpToStep(usize),
    /// Shows what is inside the backup of that name.
    LookIntoBackup(String),
    /// Puts the backup of that name in the place of the project in a folder.
    RestoreBackup(PathBuf, String),
    /// The missing recording is here.
    Relink(PathBuf),
    /// Looks for the missing recording around the project.
    SearchMedia,
    DismissNotice(u64),
    DismissAllNotices,
    /// Opens or closes the messages.
    ShowNotices(bool),
    RevealFolder(PathBuf),
}
