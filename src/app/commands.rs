//! Everything the user can ask for, in one list: the menus, the command palette, the shortcuts and the help page are
//! all made from it, so that none of them can promise what another does not know.
//!
//! A command is only a name; what it does stands in `handle.rs`. Shortcuts are taken from the event queue before any
//! widget sees them, but never while a text field has the focus or a dialog is open.

use crate::cueing::{HandShape, Position};
use egui::{Event, Key, KeyboardShortcut, Modifiers};

/// Something the user can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Command {
    NewProject,
    OpenProject,
    OpenSampleMandarin,
    OpenSampleFrench,
    OpenSampleEnglish,
    Save,
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
    NudgeEarlier,
    NudgeLater,
    NudgeEarlierMs,
    NudgeLaterMs,
    PreviousKey,
    NextKey,
    PreviousProblem,
    NextProblem,
    PlayPause,
    StopAndReturn,
    PlayAround,
    LoopSelection,
    PreviousFrame,
    NextFrame,
    BackSecond,
    ForwardSecond,
    GoToStart,
    GoToEnd,
    Speed(u8),
    ZoomIn,
    ZoomOut,
    ZoomToFit,
    ZoomToSelection,
    FitPicture,
    ShowSkeleton,
    ShowFacePoints,
    ShowTargets,
    ShowCaption,
    ShowProjectPanel,
    ShowInspector,
    ThemeDark,
    ThemeLight,
    ThemeHighContrast,
    TextLarger,
    TextSmaller,
    TextReset,
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
    Play,
    View,
    Help,
}

impl Menu {
    pub const ALL: [Self; 6] = [Self::File, Self::Edit, Self::Cue, Self::Play, Self::View, Self::Help];

    pub fn name(self) -> &'static str {
        match self {
            Self::File => "File",
            Self::Edit => "Edit",
            Self::Cue => "Cue",
            Self::Play => "Play",
            Self::View => "View",
            Self::Help => "Help",
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

const NONE: Modifiers = Modifiers::NONE;
const CTRL: Modifiers = Modifiers::COMMAND;
const SHIFT: Modifiers = Modifiers::SHIFT;
const CTRL_SHIFT: Modifiers = Modifiers { alt: false, ctrl: false, shift: true, mac_cmd: false, command: true };

/// A shortcut as a literal, which lives as long as the program.
macro_rules! k {
    ($modifiers:expr, $key:expr $(,)?) => {
        KeyboardShortcut { modifiers: $modifiers, logical_key: $key }
    };
}

/// Name, one sentence, menu, needs and shortcuts of a command.
pub struct Info {
    pub text: &'static str,
    pub tooltip: &'static str,
    pub menu: Menu,
    pub needs: Needs,
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
        Self::NextReading,
        Self::NudgeEarlier,
        Self::NudgeLater,
        Self::NudgeEarlierMs,
        Self::NudgeLaterMs,
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
        Self::PlayPause,
        Self::StopAndReturn,
        Self::PlayAround,
        Self::LoopSelection,
        Self::PreviousFrame,
        Self::NextFrame,
        Self::BackSecond,
        Self::ForwardSecond,
        Self::GoToStart,
        Self::GoToEnd,
        Self::Speed(25),
        Self::Speed(50),
        Self::Speed(75),
        Self::Speed(100),
        Self::ZoomIn,
        Self::ZoomOut,
        Self::ZoomToFit,
        Self::ZoomToSelection,
        Self::FitPicture,
        Self::ShowSkeleton,
        Self::ShowFacePoints,
        Self::ShowTargets,
        Self::ShowCaption,
        Self::ShowProjectPanel,
        Self::ShowInspector,
        Self::ThemeDark,
        Self::ThemeLight,
        Self::ThemeHighContrast,
        Self::TextLarger,
        Self::TextSmaller,
        Self::TextReset,
        Self::FindCommand,
        Self::Help,
        Self::Shortcuts,
        Self::About,
    ];

    pub fn info(self) -> Info {
        use Command as C;
        use Menu::{Cue, Edit, File, Play, View};
        let i = |text, tooltip, menu, needs, shortcuts| Info { text, tooltip, menu, needs, shortcuts };
        match self {
            C::NewProject => i(
                "New project…",
                "Start from a recording and its text, or from text alone.",
                File,
                Needs::Nothing,
                &[k!(CTRL, Key::N)],
            ),
            C::OpenProject => i("Open project…", "Open a project folder.", File, Needs::Nothing, &[k!(CTRL, Key::O)]),
            C::OpenSampleMandarin => {
                i("Open the Mandarin sample", "A short sentence in Mandarin, ready to play.", File, Needs::Nothing, &[])
            }
            C::OpenSampleFrench => {
                i("Open the French sample", "A short sentence in French, ready to play.", File, Needs::Nothing, &[])
            }
            C::OpenSampleEnglish => {
                i("Open the English sample", "A short sentence in English, ready to play.", File, Needs::Nothing, &[])
            }
            C::Save => i("Save", "Write the project to its folder.", File, Needs::Project, &[k!(CTRL, Key::S)]),
            C::Export => {
                i("Export video…", "Write the cueing as a video with sound.", File, Needs::Project, &[k!(CTRL, Key::E)])
            }
            C::CloseProject => i("Close project", "Back to the start page.", File, Needs::Project, &[k!(CTRL, Key::W)]),
            C::Quit => i(
                "Quit",
                "Close the window; unsaved changes are asked about.",
                File,
                Needs::Nothing,
                &[k!(CTRL, Key::Q)],
            ),
            C::Undo => i("Undo", "Take the last change back.", Edit, Needs::Project, &[k!(CTRL, Key::Z)]),
            C::Redo => i(
                "Redo",
                "Make the change again that was taken back.",
                Edit,
                Needs::Project,
                &[k!(CTRL_SHIFT, Key::Z), k!(CTRL, Key::Y)],
            ),
            C::CopyNotation => i(
                "Copy cue notation",
                "Put all keys on the clipboard as text, such as 4-m 3-c.",
                Edit,
                Needs::Project,
                &[k!(CTRL_SHIFT, Key::C)],
            ),
            C::Deselect => i(
                "Deselect",
                "Step back: close what is open, then clear the selection.",
                Edit,
                Needs::Nothing,
                &[k!(NONE, Key::Escape)],
            ),
            C::PreviousKey => {
                i("Previous key", "Select the key before and go there.", Cue, Needs::Project, &[k!(NONE, Key::ArrowUp)])
            }
            C::NextKey => {
                i("Next key", "Select the key after and go there.", Cue, Needs::Project, &[k!(NONE, Key::ArrowDown,)])
            }
            C::PreviousProblem => i(
                "Previous problem",
                "Go to the flagged place before this one.",
                Cue,
                Needs::Project,
                &[k!(SHIFT, Key::F8)],
            ),
            C::NextProblem => {
                i("Next problem", "Go to the next flagged place.", Cue, Needs::Project, &[k!(NONE, Key::F8)])
            }
            C::NextReading => i(
                "Next reading",
                "Read the word of the selected key the next possible way.",
                Cue,
                Needs::Key,
                &[k!(NONE, Key::Y)],
            ),
            C::NudgeEarlier => i(
                "Hand one frame earlier",
                "Move the hand's times of the key by one frame.",
                Cue,
                Needs::Key,
                &[k!(NONE, Key::Comma)],
            ),
            C::NudgeLater => i(
                "Hand one frame later",
                "Move the hand's times of the key by one frame.",
                Cue,
                Needs::Key,
                &[k!(NONE, Key::Period)],
            ),
            C::NudgeEarlierMs => i(
                "Hand 10 ms earlier",
                "Move the hand's times of the key by 10 ms.",
                Cue,
                Needs::Key,
                &[k!(CTRL, Key::Comma)],
            ),
            C::NudgeLaterMs => i(
                "Hand 10 ms later",
                "Move the hand's times of the key by 10 ms.",
                Cue,
                Needs::Key,
                &[k!(CTRL, Key::Period)],
            ),
            C::Shape(shape) => shape_info(shape),
            C::Place(position) => place_info(position),
            C::PlayPause => i(
                "Play or pause",
                "Plays where the playhead stands; pauses there.",
                Play,
                Needs::Project,
                &[k!(NONE, Key::Space)],
            ),
            C::StopAndReturn => i(
                "Stop and return",
                "Stop and go back to where playing began.",
                Play,
                Needs::Project,
                &[k!(NONE, Key::Enter)],
            ),
            C::PlayAround => i(
                "Play around the key",
                "Play the selected key with what comes just before and after it.",
                Play,
                Needs::Project,
                &[k!(NONE, Key::Slash)],
            ),
            C::LoopSelection => i(
                "Loop the selection",
                "Play the selected key's word again and again.",
                Play,
                Needs::Project,
                &[k!(CTRL, Key::L)],
            ),
            C::PreviousFrame => {
                i("Previous frame", "One frame back.", Play, Needs::Project, &[k!(NONE, Key::ArrowLeft)])
            }
            C::NextFrame => i("Next frame", "One frame on.", Play, Needs::Project, &[k!(NONE, Key::ArrowRight)]),
            C::BackSecond => {
                i("One second back", "One second back.", Play, Needs::Project, &[k!(SHIFT, Key::ArrowLeft)])
            }
            C::ForwardSecond => {
                i("One second on", "One second on.", Play, Needs::Project, &[k!(SHIFT, Key::ArrowRight)])
            }
            C::GoToStart => i("Go to the start", "To the first frame.", Play, Needs::Project, &[k!(NONE, Key::Home)]),
            C::GoToEnd => i("Go to the end", "To the last frame.", Play, Needs::Project, &[k!(NONE, Key::End)]),
            C::Speed(percent) => i(
                match percent {
                    25 => "Speed 0.25×",
                    50 => "Speed 0.5×",
                    75 => "Speed 0.75×",
                    _ => "Speed 1×",
                },
                "How fast the video plays; sound follows.",
                Play,
                Needs::Project,
                match percent {
                    25 => &[k!(CTRL, Key::Num1)],
                    50 => &[k!(CTRL, Key::Num2)],
                    75 => &[k!(CTRL, Key::Num3)],
                    _ => &[k!(CTRL, Key::Num4)],
                },
            ),
            C::ZoomIn => i(
                "Zoom in",
                "Show less of the timeline, larger.",
                View,
                Needs::Project,
                &[k!(NONE, Key::Equals), k!(NONE, Key::Plus)],
            ),
            C::ZoomOut => i("Zoom out", "Show more of the timeline.", View, Needs::Project, &[k!(NONE, Key::Minus)]),
            C::ZoomToFit => {
                i("Zoom to fit", "Show the whole timeline.", View, Needs::Project, &[k!(NONE, Key::Backslash)])
            }
            C::ZoomToSelection => i(
                "Zoom to selection",
                "Show what is selected.",
                View,
                Needs::Project,
                &[k!(SHIFT, Key::Backslash), k!(NONE, Key::Pipe)],
            ),
            C::FitPicture => i("Fit the picture", "Show the whole picture.", View, Needs::Project, &[k!(NONE, Key::F)]),
            C::ShowSkeleton => i(
                "Skeleton",
                "Draw the joints of body and hands over the picture.",
                View,
                Needs::Project,
                &[k!(NONE, Key::S,)],
            ),
            C::ShowFacePoints => {
                i("Face points", "Draw the 68 points of the face over the picture.", View, Needs::Project, &[])
            }
            C::ShowTargets => i(
                "Targets",
                "Draw where each position is touched on this face.",
                View,
                Needs::Project,
                &[k!(NONE, Key::G,)],
            ),
            C::ShowCaption => {
                i("Caption", "Show word and cue under the picture.", View, Needs::Project, &[k!(NONE, Key::C)])
            }
            C::ShowProjectPanel => {
                i("Project panel", "Show or hide the panel at the left.", View, Needs::Nothing, &[k!(NONE, Key::F2,)])
            }
            C::ShowInspector => {
                i("Inspector", "Show or hide the panel at the right.", View, Needs::Nothing, &[k!(NONE, Key::F4,)])
            }
            C::ThemeDark => i("Dark theme", "Light text on dark grey.", View, Needs::Nothing, &[]),
            C::ThemeLight => i("Light theme", "Dark text on light grey.", View, Needs::Nothing, &[]),
            C::ThemeHighContrast => {
                i("High contrast theme", "White on black with strong borders.", View, Needs::Nothing, &[])
            }
            C::TextLarger => i(
                "Larger text",
                "Make everything larger, up to 200 %.",
                View,
                Needs::Nothing,
                &[k!(CTRL, Key::Plus), k!(CTRL, Key::Equals)],
            ),
            C::TextSmaller => {
                i("Smaller text", "Make everything smaller again.", View, Needs::Nothing, &[k!(CTRL, Key::Minus)])
            }
            C::TextReset => i("Normal text size", "Back to 100 %.", View, Needs::Nothing, &[k!(CTRL, Key::Num0)]),
            C::FindCommand => i(
                "Find a command",
                "Search everything the program can do.",
                Menu::Help,
                Needs::Nothing,
                &[k!(CTRL, Key::K), k!(CTRL_SHIFT, Key::P)],
            ),
            C::Help => i("Help", "How to work with the program.", Menu::Help, Needs::Nothing, &[k!(NONE, Key::F1)]),
            C::Shortcuts => i(
                "Keyboard shortcuts",
                "Every shortcut in one list.",
                Menu::Help,
                Needs::Nothing,
                &[k!(SHIFT, Key::F1)],
            ),
            C::About => i("About and licences", "Version, licences and thanks.", Menu::Help, Needs::Nothing, &[]),
        }
    }

    /// The first shortcut as text, or nothing.
    pub fn shortcut_text(self, ctx: &egui::Context) -> String {
        self.info().shortcuts.first().map_or_else(String::new, |s| shortcut_name(ctx, s))
    }

    /// Text of a tooltip: name, shortcut and one sentence.
    pub fn tooltip(self, ctx: &egui::Context) -> String {
        let info = self.info();
        let shortcut = self.shortcut_text(ctx);
        let name = info.text.trim_end_matches('…');
        if shortcut.is_empty() {
            format!("{name}\n{}", info.tooltip)
        } else {
            format!("{name} ({shortcut})\n{}", info.tooltip)
        }
    }

    /// Whether holding the key down repeats the command.
    fn repeats(self) -> bool {
        use Command as C;
        matches!(
            self,
            C::PreviousFrame
                | C::NextFrame
                | C::BackSecond
                | C::ForwardSecond
                | C::PreviousKey
                | C::NextKey
                | C::NudgeEarlier
                | C::NudgeLater
                | C::NudgeEarlierMs
                | C::NudgeLaterMs
                | C::ZoomIn
                | C::ZoomOut
                | C::Undo
                | C::Redo
                | C::TextLarger
                | C::TextSmaller
        )
    }

    /// Shortcuts without Ctrl: they would type into a text field, so they wait while one has the focus.
    fn is_plain(shortcut: &KeyboardShortcut) -> bool {
        !shortcut.modifiers.command && !is_function_key(shortcut.logical_key)
    }
}

/// A shortcut as it stands on the keyboard: `Ctrl+=`, `\\`, `Shift+←`.
pub fn shortcut_name(ctx: &egui::Context, shortcut: &KeyboardShortcut) -> String {
    let sign = match shortcut.logical_key {
        Key::Equals => "=",
        Key::Plus => "+",
        Key::Minus => "–",
        Key::Backslash => "\\",
        Key::Pipe => "|",
        Key::Slash => "/",
        Key::Comma => ",",
        Key::Period => ".",
        Key::ArrowLeft => "←",
        Key::ArrowRight => "→",
        Key::ArrowUp => "↑",
        Key::ArrowDown => "↓",
        Key::Escape => "Esc",
        _ => return ctx.format_shortcut(shortcut),
    };
    let mut parts = Vec::new();
    if shortcut.modifiers.command {
        parts.push(if ctx.os() == egui::os::OperatingSystem::Mac { "Cmd" } else { "Ctrl" });
    }
    if shortcut.modifiers.alt {
        parts.push("Alt");
    }
    if shortcut.modifiers.shift {
        parts.push("Shift");
    }
    parts.push(sign);
    parts.join("+")
}

fn shape_info(shape: HandShape) -> Info {
    const KEYS: [[KeyboardShortcut; 1]; 8] = [
        [k!(NONE, Key::Num1)],
        [k!(NONE, Key::Num2)],
        [k!(NONE, Key::Num3)],
        [k!(NONE, Key::Num4)],
        [k!(NONE, Key::Num5)],
        [k!(NONE, Key::Num6)],
        [k!(NONE, Key::Num7)],
        [k!(NONE, Key::Num8)],
    ];
    const TEXTS: [&str; 8] = [
        "Hand shape 1",
        "Hand shape 2",
        "Hand shape 3",
        "Hand shape 4",
        "Hand shape 5",
        "Hand shape 6",
        "Hand shape 7",
        "Hand shape 8",
    ];
    let i = usize::from(shape.0.clamp(1, 8)) - 1;
    Info {
        text: TEXTS[i],
        tooltip: "Give the selected key this hand shape.",
        menu: Menu::Cue,
        needs: Needs::Key,
        shortcuts: &KEYS[i],
    }
}

fn place_info(position: Position) -> Info {
    let (text, shortcuts): (&'static str, &'static [KeyboardShortcut]) = match position {
        Position::Side | Position::Neutral => ("Position side", &[k!(NONE, Key::Q)]),
        Position::Mouth => ("Position mouth", &[k!(NONE, Key::W)]),
        Position::Chin => ("Position chin", &[k!(NONE, Key::E)]),
        Position::Cheekbone => ("Position cheekbone", &[k!(NONE, Key::R)]),
        Position::Throat => ("Position throat", &[k!(NONE, Key::T)]),
        Position::SideForward => ("Position side, forward", &[k!(SHIFT, Key::Q)]),
        Position::SideDown => ("Position side, down", &[k!(SHIFT, Key::W)]),
    };
    Info { text, tooltip: "Give the selected key this position.", menu: Menu::Cue, needs: Needs::Key, shortcuts }
}

fn is_function_key(key: Key) -> bool {
    matches!(
        key,
        Key::F1
            | Key::F2
            | Key::F3
            | Key::F4
            | Key::F5
            | Key::F6
            | Key::F7
            | Key::F8
            | Key::F9
            | Key::F10
            | Key::F11
            | Key::F12
    )
}

/// Punctuation needs Shift on some keyboards: there Shift is not held against it.
fn is_punctuation(key: Key) -> bool {
    matches!(
        key,
        Key::Slash | Key::Backslash | Key::Pipe | Key::Plus | Key::Equals | Key::Minus | Key::Comma | Key::Period
    )
}

fn matches(shortcut: &KeyboardShortcut, key: Key, modifiers: Modifiers) -> bool {
    shortcut.logical_key == key
        && (modifiers.matches_exact(shortcut.modifiers)
            || (is_punctuation(key) && modifiers.matches_logically(shortcut.modifiers)))
}

/// What stands between the keyboard and the shortcuts at this moment.
#[derive(Clone, Copy, Debug, Default)]
pub struct KeyboardState {
    /// A text field has the focus.
    pub typing: bool,
    /// A dialog or a menu is open: only it may hear the keyboard.
    pub blocked: bool,
    /// A control outside the timeline has the focus: Enter and the arrows belong to it.
    pub on_control: bool,
    /// A segment of the timeline has the focus: arrows walk along the lane.
    pub on_segment: bool,
}

/// Takes the shortcuts out of the event queue and gives their commands in the order they were pressed.
pub fn consume_shortcuts(ctx: &egui::Context, state: KeyboardState) -> Vec<Command> {
    if state.blocked {
        return Vec::new();
    }
    let mut found = Vec::new();
    ctx.input_mut(|input| {
        input.events.retain(|event| {
            // The window system turns Ctrl+C and friends into events of their own; they are not ours.
            let Event::Key { key, pressed: true, repeat, modifiers, .. } = event else { return true };
            let Some(command) = lookup(*key, *modifiers, state) else { return true };
            if !*repeat || command.repeats() {
                found.push(command);
            }
            false
        });
    });
    found
}

fn lookup(key: Key, modifiers: Modifiers, state: KeyboardState) -> Option<Command> {
    let arrows = matches!(key, Key::ArrowLeft | Key::ArrowRight | Key::ArrowUp | Key::ArrowDown);
    if state.on_segment && (arrows || key == Key::Home || key == Key::End) && modifiers.is_none() {
        return None;
    }
    // Focused buttons are pressed with Enter, and arrows move between them; Space stays with the transport.
    if state.on_control && (key == Key::Enter || (arrows && modifiers.is_none())) {
        return None;
    }
    // Exact matches first: Ctrl+Shift+Z must not be taken for Ctrl+Z.
    let all = || Command::ALL.iter().flat_map(|c| c.info().shortcuts.iter().map(move |s| (*c, *s)));
    let found = all()
        .find(|(_, s)| s.logical_key == key && modifiers.matches_exact(s.modifiers))
        .or_else(|| all().find(|(_, s)| matches(s, key, modifiers)))?;
    if state.typing && (Command::is_plain(&found.1) || belongs_to_text(found.0)) {
        return None;
    }
    Some(found.0)
}

/// Undo and redo inside a text field are the field's own.
fn belongs_to_text(command: Command) -> bool {
    matches!(command, Command::Undo | Command::Redo | Command::Deselect)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{HashMap, HashSet};

    #[test]
    fn no_two_commands_share_a_shortcut_or_a_name() {
        let mut seen: HashMap<KeyboardShortcut, Command> = HashMap::new();
        let mut names = HashSet::new();
        for &command in Command::ALL {
            assert!(names.insert(command.info().text), "{command:?}");
            for shortcut in command.info().shortcuts {
                if let Some(other) = seen.insert(*shortcut, command) {
                    panic!("{command:?} and {other:?} share {shortcut:?}");
                }
            }
        }
    }

    #[test]
    fn every_shortcut_finds_its_own_command() {
        for &command in Command::ALL {
            for s in command.info().shortcuts {
                assert_eq!(lookup(s.logical_key, s.modifiers, KeyboardState::default()), Some(command), "{s:?}");
            }
        }
    }

    #[test]
    fn texts_are_sentence_case_with_a_sentence_beside_them() {
        for &command in Command::ALL {
            let info = command.info();
            let words: Vec<&str> = info.text.split(' ').collect();
            assert!(words[0].starts_with(char::is_uppercase));
            for word in &words[1..] {
                let name = ["Mandarin", "French", "English"].contains(word);
                assert!(name || !word.starts_with(char::is_uppercase), "{}", info.text);
            }
            assert!(info.tooltip.ends_with('.'), "{}", info.tooltip);
        }
    }

    #[test]
    fn a_text_field_keeps_its_letters_and_its_undo() {
        let typing = KeyboardState { typing: true, ..Default::default() };
        assert_eq!(lookup(Key::Q, Modifiers::NONE, typing), None);
        assert_eq!(lookup(Key::Space, Modifiers::NONE, typing), None);
        assert_eq!(lookup(Key::Z, Modifiers::COMMAND, typing), None);
        assert_eq!(lookup(Key::S, Modifiers::COMMAND, typing), Some(Command::Save));
        assert_eq!(lookup(Key::F1, Modifiers::NONE, typing), Some(Command::Help));
    }

    #[test]
    fn a_focused_button_is_pressed_with_enter() {
        let control = KeyboardState { on_control: true, ..Default::default() };
        assert_eq!(lookup(Key::Enter, Modifiers::NONE, control), None);
        assert_eq!(lookup(Key::Space, Modifiers::NONE, control), Some(Command::PlayPause));
    }

    #[test]
    fn shift_on_punctuation_is_forgiven() {
        assert_eq!(lookup(Key::Slash, Modifiers::SHIFT, KeyboardState::default()), Some(Command::PlayAround));
        assert_eq!(
            lookup(Key::Z, Modifiers::COMMAND | Modifiers::SHIFT, KeyboardState::default()),
            Some(Command::Redo)
        );
    }
}
