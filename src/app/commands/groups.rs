//! How commands stand in the menus: which of them lie one level down, and where a line is drawn between two. A menu has
//! to fit a window of 1280 by 800 points without scrolling (a test holds them to it), so what is seldom asked for, or
//! comes in rows of eight, is gathered under a name.

use super::{Command, Menu, TimelineCommand};
use crate::app::i18n::tr;
use crate::app::takes::TakeCommand;

/// A name in a menu under which commands are gathered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Submenu {
    Samples,
    Identity,
    HandShape,
    Position,
    AcceptPart,
    MotionMask,
    Shuttle,
    Speed,
    Select,
    Tap,
    Tier,
    PasteOnly,
    Edges,
    SoundLane,
    Panels,
    GoToPanel,
    Layout,
    Theme,
    Language,
    TextSize,
}

impl Submenu {
    /// Where a command stands that is one level down; `None` for one that is in the menu itself.
    pub fn of(command: Command) -> Option<Self> {
        use Command as C;
        use TakeCommand as K;
        use TimelineCommand as T;
        Some(match command {
            C::OpenSampleMandarin | C::OpenSampleFrench | C::OpenSampleEnglish => Self::Samples,
            C::NewIdentity | C::ImportIdentity | C::ExportIdentity => Self::Identity,
            C::Shape(_) => Self::HandShape,
            C::Place(_) => Self::Position,
            C::Takes(K::AcceptPart(_)) => Self::AcceptPart,
            C::Takes(K::MotionMask(_) | K::ExportMasks) => Self::MotionMask,
            C::ShuttleBack | C::ShuttleStop | C::ShuttleForward => Self::Shuttle,
            C::Speed(_) => Self::Speed,
            C::Timeline(command) => match command {
                T::PasteShapes | T::PastePlaces | T::PasteTiming => Self::PasteOnly,
                T::StartEarlier | T::StartLater | T::EndEarlier | T::EndLater => Self::Edges,
                T::Spectrogram | T::Pitch | T::Onsets => Self::SoundLane,
                _ if command.group() == T::SelectAll.group() => Self::Select,
                _ if command.group() == T::Tap.group() => Self::Tap,
                _ if command.group() == T::LockTier.group() => Self::Tier,
                _ => return None,
            },
            C::Panel(_) => Self::Panels,
            C::GoToPanel(_) | C::NextPanel | C::PreviousPanel => Self::GoToPanel,
            C::Layout(_) | C::ResetLayout => Self::Layout,
            C::ThemeDark | C::ThemeLight | C::ThemeHighContrast => Self::Theme,
            C::LanguageEnglish | C::LanguageChinese | C::LanguageFrench => Self::Language,
            C::TextLarger | C::TextSmaller | C::TextReset => Self::TextSize,
            _ => return None,
        })
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Samples => tr("Samples"),
            Self::Identity => tr("Identity"),
            Self::HandShape => tr("Hand shape"),
            Self::Position => tr("Position"),
            Self::AcceptPart => tr("Accept a part"),
            Self::MotionMask => tr("Motion masks"),
            Self::Shuttle => tr("Shuttle"),
            Self::Speed => tr("Speed"),
            Self::Select => tr("Select"),
            Self::Tap => tr("Tap while playing"),
            Self::Tier => tr("Tier"),
            Self::PasteOnly => tr("Paste only"),
            Self::Edges => tr("Start and end"),
            Self::SoundLane => tr("Sound lane"),
            Self::Panels => tr("Panels"),
            Self::GoToPanel => tr("Go to panel"),
            Self::Layout => tr("Layout"),
            Self::Theme => tr("Theme"),
            Self::Language => tr("Language"),
            Self::TextSize => tr("Text size"),
        }
    }

    /// What is gathered here, in order.
    pub fn commands(self) -> impl Iterator<Item = Command> {
        Command::ALL.iter().copied().filter(move |c| Self::of(*c) == Some(self))
    }
}

/// A line of a menu.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    Separator,
    Entry(Command),
    Gathered(Submenu),
}

impl Menu {
    /// The lines from top to bottom.
    pub fn lines(self) -> Vec<Line> {
        let mut lines = Vec::new();
        let first: &[Line] = match self {
            Self::View => &[Submenu::Panels, Submenu::GoToPanel, Submenu::Layout].map(Line::Gathered),
            Self::Timeline => &[Submenu::Select, Submenu::Tap, Submenu::Tier].map(Line::Gathered),
            // Making a mask is the timeline's; whoever looks for it here finds it, too.
            Self::Mask => {
                &[TimelineCommand::MaskSelection, TimelineCommand::LockMask].map(|c| Line::Entry(Command::Timeline(c)))
            }
            _ => &[],
        };
        lines.extend_from_slice(first);
        let mut before = None;
        for command in Command::ALL.iter().copied().filter(|c| c.info().menu == self) {
            let line = Submenu::of(command).map_or(Line::Entry(command), Line::Gathered);
            if lines.contains(&line) {
                continue;
            }
            // A line between groups: where what a command needs or is about changes.
            let group = group_of(command);
            if !lines.is_empty() && before != Some(group) {
                lines.push(Line::Separator);
            }
            before = Some(group);
            lines.push(line);
        }
        lines
    }
}

/// Commands of one group stand together, without a line between them.
fn group_of(command: Command) -> u8 {
    use Command as C;
    match command {
        C::NewProject | C::OpenProject | C::OpenSampleMandarin | C::OpenSampleFrench | C::OpenSampleEnglish => 0,
        C::Undo | C::Redo => 0,
        C::CopyNotation | C::Deselect => 1,
        C::Save | C::SaveAs | C::Export | C::NextReading | C::WriteGlosses | C::EditChart => 2,
        C::CloseProject | C::Quit | C::Settings | C::SettingsKeyboard => 3,
        C::Shape(_) | C::Place(_) => 4,
        C::PreviousKey | C::NextKey | C::PreviousProblem | C::NextProblem => 5,
        C::NudgeEarlier | C::NudgeLater | C::NudgeEarlierMs | C::NudgeLaterMs => 6,
        C::PlayPause | C::StopAndReturn | C::PlayAround | C::PlaySelection | C::LoopSelection => 7,
        C::ShuttleBack | C::ShuttleStop | C::ShuttleForward | C::Speed(_) => 7,
        C::PreviousFrame | C::NextFrame | C::BackSecond | C::ForwardSecond => 8,
        C::PreviousBoundary | C::NextBoundary | C::GoToStart | C::GoToEnd | C::GoToTime => 8,
        C::ZoomIn | C::ZoomOut | C::ZoomToFit | C::ZoomToSelection | C::FitPicture => 10,
        C::ShowSkeleton | C::ShowFacePoints | C::ShowTargets | C::ShowCaption => 11,
        C::ShowTrajectories | C::ShowEdges | C::CompareBeside | C::CompareWipe => 11,
        C::Panel(_) | C::GoToPanel(_) | C::NextPanel | C::PreviousPanel | C::Layout(_) | C::ResetLayout => 12,
        C::ThemeDark | C::ThemeLight | C::ThemeHighContrast => 13,
        C::LanguageEnglish | C::LanguageChinese | C::LanguageFrench => 13,
        C::TextLarger | C::TextSmaller | C::TextReset => 13,
        C::FindCommand | C::Help | C::Shortcuts => 16,
        C::About => 17,
        C::Backups | C::RecoverEarlier | C::RelinkMedia | C::ImportPoses => 18,
        C::SetIn | C::SetOut | C::GoToIn | C::GoToOut | C::ClearInOut => 18,
        C::NewIdentity | C::ImportIdentity | C::ExportIdentity => 18,
        C::SlowPassage | C::CheckCues | C::ScoreFile | C::ScoreReport | C::CueSheet => 19,
        C::Timeline(command) => 40 + command.group(),
        C::Takes(command) => 60 + command.group(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_stands_in_exactly_one_place_of_its_menu_and_no_menu_is_too_long() {
        let mut found: Vec<Command> = Vec::new();
        for menu in Menu::ALL {
            let lines = menu.lines();
            // A line of 24 points and its gap of 4, a separator of 10: 48 of 800 points are the bar and the margins.
            let height: f32 = lines.iter().map(|l| if *l == Line::Separator { 10.0 } else { 28.0 }).sum();
            assert!(height < 752.0, "{menu:?} is {height} points high");
            assert!(lines.windows(2).all(|w| w != [Line::Separator; 2]), "{menu:?}");
            for line in lines {
                match line {
                    Line::Separator => {}
                    // The mask's two commands of the timeline stand in both menus.
                    Line::Entry(command) if command.info().menu == menu => found.push(command),
                    Line::Entry(command) => assert_eq!(menu, Menu::Mask, "{command:?}"),
                    Line::Gathered(submenu) => found.extend(submenu.commands()),
                }
            }
        }
        for command in Command::ALL {
            assert_eq!(found.iter().filter(|c| *c == command).count(), 1, "{command:?}");
        }
    }
}
