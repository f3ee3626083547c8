//! Everything the user can ask for, in one list: the menus, the command palette, the shortcuts and the help page are
//! all made from it, so that none of them can promise what another does not know.
//!
//! A command is only a name; its texts and shortcuts stand in `table`, how shortcuts reach it in `shortcuts`, and what
//! it does in `handle`.

pub mod groups;
pub mod keymap;
mod shortcuts;
mod table;
mod timeline;

pub use shortcuts::{KeyboardState, consume_shortcuts, shortcut_name};
pub use timeline::TimelineCommand;

use super::dock::{Pane, Preset};
use super::i18n::{tr, tr_with};
use super::takes::TakeCommand;
use crate::cueing::{HandShape, Position};
use crate::pose::motion_mask::Kind;
use crate::pose::parts::Part;
use egui::KeyboardShortcut;

/// Something the user can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Command {
    NewProject,
    OpenProject,
    OpenSampleMandarin,
    OpenSampleFrench,
    OpenSampleEnglish,
    Save,
    SaveAs,
    Backups,
    RecoverEarlier,
    RelinkMedia,
    ImportPoses,
    NewIdentity,
    ImportIdentity,
    ExportIdentity,
    Export,
    CloseProject,
    Quit,
    Undo,
    Redo,
    CopyNotation,
    Deselect,
    Shape(HandShape),
    Place(Position),
    NextReading,
    WriteGlosses,
    EditChart,
    NudgeEarlier,
    NudgeLater,
    NudgeEarlierMs,
    NudgeLaterMs,
    PreviousKey,
    NextKey,
    PreviousProblem,
    NextProblem,
    /// Masks and takes.
    Takes(TakeCommand),
    SlowPassage,
    CheckCues,
    ScoreFile,
    ScoreReport,
    CueSheet,
    PlayPause,
    StopAndReturn,
    PlayAround,
    PlaySelection,
    LoopSelection,
    ShuttleBack,
    ShuttleStop,
    ShuttleForward,
    SetIn,
    SetOut,
    GoToIn,
    GoToOut,
    ClearInOut,
    GoToTime,
    PreviousFrame,
    NextFrame,
    BackSecond,
    ForwardSecond,
    PreviousBoundary,
    NextBoundary,
    GoToStart,
    GoToEnd,
    Speed(u8),
    ZoomIn,
    ZoomOut,
    ZoomToFit,
    ZoomToSelection,
    FitPicture,
    Timeline(TimelineCommand),
    ShowSkeleton,
    ShowFacePoints,
    ShowTargets,
    ShowCaption,
    ShowTrajectories,
    ShowEdges,
    CompareBeside,
    CompareWipe,
    Panel(Pane),
    GoToPanel(Pane),
    NextPanel,
    PreviousPanel,
    Layout(Preset),
    ResetLayout,
    ThemeDark,
    ThemeLight,
    ThemeHighContrast,
    LanguageEnglish,
    LanguageChinese,
    LanguageFrench,
    TextLarger,
    TextSmaller,
    TextReset,
    Settings,
    SettingsKeyboard,
    FindCommand,
    Help,
    Shortcuts,
    About,
}

/// The menus, left to right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Menu {
    File,
    Edit,
    Cue,
    Mask,
    Play,
    Timeline,
    View,
    Help,
}

impl Menu {
    pub const ALL: [Self; 8] =
        [Self::File, Self::Edit, Self::Cue, Self::Mask, Self::Play, Self::Timeline, Self::View, Self::Help];

    pub fn name(self) -> &'static str {
        match self {
            Self::File => tr("File"),
            Self::Edit => tr("Edit"),
            Self::Cue => tr("Cue"),
            Self::Mask => tr("Mask"),
            Self::Play => tr("Play"),
            Self::Timeline => tr("Timeline"),
            Self::View => tr("View"),
            Self::Help => tr("Help"),
        }
    }
}

/// What a command needs before it makes sense.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    Nothing,
    Project,
    Key,
}

/// Name, one sentence, menu, needs and shortcuts of a command.
pub struct Info {
    pub text: &'static str,
    pub tooltip: &'static str,
    pub menu: Menu,
    pub needs: Needs,
    /// Those of the standard keymap; [`keymap::Keymap`] has those in force.
    pub shortcuts: &'static [KeyboardShortcut],
}

impl Command {
    /// Every command in the order of the menus and of the palette.
    pub const ALL: &'static [Self] = &[
        Self::NewProject,
        Self::OpenProject,
        Self::OpenSampleMandarin,
        Self::OpenSampleFrench,
        Self::OpenSampleEnglish,
        Self::Save,
        Self::SaveAs,
        Self::Backups,
        Self::RecoverEarlier,
        Self::RelinkMedia,
        Self::ImportPoses,
        Self::NewIdentity,
        Self::ImportIdentity,
        Self::ExportIdentity,
        Self::Export,
        Self::CloseProject,
        Self::Quit,
        Self::Undo,
        Self::Redo,
        Self::CopyNotation,
        Self::Deselect,
        Self::PreviousKey,
        Self::NextKey,
        Self::PreviousProblem,
        Self::NextProblem,
        Self::Shape(HandShape(1)),
        Self::Shape(HandShape(2)),
        Self::Shape(HandShape(3)),
        Self::Shape(HandShape(4)),
        Self::Shape(HandShape(5)),
        Self::Shape(HandShape(6)),
        Self::Shape(HandShape(7)),
        Self::Shape(HandShape(8)),
        Self::Place(Position::Side),
        Self::Place(Position::Mouth),
        Self::Place(Position::Chin),
        Self::Place(Position::Cheekbone),
        Self::Place(Position::Throat),
        Self::Place(Position::SideForward),
        Self::Place(Position::SideDown),
        Self::NextReading,
        Self::WriteGlosses,
        Self::EditChart,
        Self::NudgeEarlier,
        Self::NudgeLater,
        Self::NudgeEarlierMs,
        Self::NudgeLaterMs,
        Self::SlowPassage,
        Self::CheckCues,
        Self::ScoreFile,
        Self::ScoreReport,
        Self::CueSheet,
        Self::Takes(TakeCommand::Regenerate),
        Self::Takes(TakeCommand::Reroll),
        Self::Takes(TakeCommand::Previous),
        Self::Takes(TakeCommand::Next),
        Self::Takes(TakeCommand::Compare),
        Self::Takes(TakeCommand::OnionSkin),
        Self::Takes(TakeCommand::Accept),
        Self::Takes(TakeCommand::AcceptPart(Part::Lips)),
        Self::Takes(TakeCommand::AcceptPart(Part::Face)),
        Self::Takes(TakeCommand::AcceptPart(Part::Head)),
        Self::Takes(TakeCommand::AcceptPart(Part::LeftHand)),
        Self::Takes(TakeCommand::AcceptPart(Part::RightHand)),
        Self::Takes(TakeCommand::AcceptPart(Part::Arms)),
        Self::Takes(TakeCommand::Keep),
        Self::Takes(TakeCommand::BackToBase),
        Self::Takes(TakeCommand::Discard),
        Self::Takes(TakeCommand::BringBack),
        Self::Takes(TakeCommand::RemoveTake),
        Self::Takes(TakeCommand::CleanUp),
        Self::Takes(TakeCommand::MotionMask(Kind::FaceAndHands)),
        Self::Takes(TakeCommand::MotionMask(Kind::Lips)),
        Self::Takes(TakeCommand::MotionMask(Kind::Background)),
        Self::Takes(TakeCommand::ExportMasks),
        Self::PlayPause,
        Self::StopAndReturn,
        Self::PlayAround,
        Self::PlaySelection,
        Self::LoopSelection,
        Self::ShuttleBack,
        Self::ShuttleStop,
        Self::ShuttleForward,
        Self::Speed(10),
        Self::Speed(25),
        Self::Speed(50),
        Self::Speed(75),
        Self::Speed(100),
        Self::Speed(125),
        Self::Speed(150),
        Self::Speed(200),
        Self::SetIn,
        Self::SetOut,
        Self::GoToIn,
        Self::GoToOut,
        Self::ClearInOut,
        Self::PreviousFrame,
        Self::NextFrame,
        Self::BackSecond,
        Self::ForwardSecond,
        Self::PreviousBoundary,
        Self::NextBoundary,
        Self::GoToStart,
        Self::GoToEnd,
        Self::GoToTime,
        Self::Timeline(TimelineCommand::SelectAll),
        Self::Timeline(TimelineCommand::SelectEverything),
        Self::Timeline(TimelineCommand::SelectBefore),
        Self::Timeline(TimelineCommand::SelectAfter),
        Self::Timeline(TimelineCommand::CopyCues),
        Self::Timeline(TimelineCommand::PasteCues),
        Self::Timeline(TimelineCommand::PasteShapes),
        Self::Timeline(TimelineCommand::PastePlaces),
        Self::Timeline(TimelineCommand::PasteTiming),
        Self::Timeline(TimelineCommand::EditTimes),
        Self::Timeline(TimelineCommand::Split),
        Self::Timeline(TimelineCommand::Merge),
        Self::Timeline(TimelineCommand::Realign),
        Self::Timeline(TimelineCommand::Release),
        Self::Timeline(TimelineCommand::StartEarlier),
        Self::Timeline(TimelineCommand::StartLater),
        Self::Timeline(TimelineCommand::EndEarlier),
        Self::Timeline(TimelineCommand::EndLater),
        Self::Timeline(TimelineCommand::Remove),
        Self::Timeline(TimelineCommand::Snapping),
        Self::Timeline(TimelineCommand::TapKeys),
        Self::Timeline(TimelineCommand::TapMarkers),
        Self::Timeline(TimelineCommand::Tap),
        Self::Timeline(TimelineCommand::FinishTaps),
        Self::Timeline(TimelineCommand::CancelTaps),
        Self::Timeline(TimelineCommand::AddMarker),
        Self::Timeline(TimelineCommand::PreviousMarker),
        Self::Timeline(TimelineCommand::NextMarker),
        Self::Timeline(TimelineCommand::AddExpression),
        Self::Timeline(TimelineCommand::MaskSelection),
        Self::Timeline(TimelineCommand::LockMask),
        Self::Timeline(TimelineCommand::LockTier),
        Self::Timeline(TimelineCommand::HideTier),
        Self::Timeline(TimelineCommand::SoloTier),
        Self::Timeline(TimelineCommand::TallerTier),
        Self::Timeline(TimelineCommand::ShorterTier),
        Self::Timeline(TimelineCommand::Spectrogram),
        Self::Timeline(TimelineCommand::Pitch),
        Self::Timeline(TimelineCommand::Onsets),
        Self::ZoomIn,
        Self::ZoomOut,
        Self::ZoomToFit,
        Self::ZoomToSelection,
        Self::FitPicture,
        Self::ShowSkeleton,
        Self::ShowFacePoints,
        Self::ShowTargets,
        Self::ShowCaption,
        Self::ShowTrajectories,
        Self::ShowEdges,
        Self::CompareBeside,
        Self::CompareWipe,
        Self::Panel(Pane::Project),
        Self::Panel(Pane::Viewport),
        Self::Panel(Pane::Inspector),
        Self::Panel(Pane::Takes),
        Self::Panel(Pane::Hands),
        Self::Panel(Pane::History),
        Self::Panel(Pane::Problems),
        Self::Panel(Pane::Jobs),
        Self::Panel(Pane::Messages),
        Self::Panel(Pane::Timeline),
        Self::Panel(Pane::Score),
        Self::Panel(Pane::Alignment),
        Self::GoToPanel(Pane::Project),
        Self::GoToPanel(Pane::Viewport),
        Self::GoToPanel(Pane::Inspector),
        Self::GoToPanel(Pane::Takes),
        Self::GoToPanel(Pane::Hands),
        Self::GoToPanel(Pane::History),
        Self::GoToPanel(Pane::Problems),
        Self::GoToPanel(Pane::Jobs),
        Self::GoToPanel(Pane::Messages),
        Self::GoToPanel(Pane::Timeline),
        Self::GoToPanel(Pane::Score),
        Self::GoToPanel(Pane::Alignment),
        Self::NextPanel,
        Self::PreviousPanel,
        Self::Layout(Preset::Cueing),
        Self::Layout(Preset::Animation),
        Self::Layout(Preset::Review),
        Self::ResetLayout,
        Self::ThemeDark,
        Self::ThemeLight,
        Self::ThemeHighContrast,
        Self::LanguageEnglish,
        Self::LanguageChinese,
        Self::LanguageFrench,
        Self::TextLarger,
        Self::TextSmaller,
        Self::TextReset,
        Self::Settings,
        Self::SettingsKeyboard,
        Self::FindCommand,
        Self::Help,
        Self::Shortcuts,
        Self::About,
    ];

    /// What stands about the command in menus and lists, in the language of the interface.
    pub fn info(self) -> Info {
        let english = self.english_info();
        Info { text: tr(english.text), tooltip: tr(english.tooltip), ..english }
    }

    /// The first of its keys in force as text, or nothing.
    pub fn shortcut_text(self, ctx: &egui::Context) -> String {
        let keymap = keymap::Keymap::of(ctx);
        keymap.shortcuts(self).first().map_or_else(String::new, |s| shortcut_name(ctx, s))
    }

    /// Text of a tooltip: name, shortcut and one sentence.
    pub fn tooltip(self, ctx: &egui::Context) -> String {
        let info = self.info();
        let shortcut = self.shortcut_text(ctx);
        let name = info.text.trim_end_matches('…');
        if shortcut.is_empty() {
            format!("{name}\n{}", info.tooltip)
        } else {
            format!("{}\n{}", tr_with("{name} ({shortcut})", &[("name", name), ("shortcut", &shortcut)]), info.tooltip)
        }
    }
}
