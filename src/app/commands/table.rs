//! Name, sentence, menu, needs and shortcuts of each command.

use super::{Command, Info, Menu, Needs};
use crate::app::dock::{Pane, Preset};
use crate::cueing::{HandShape, Position};
use egui::{Key, KeyboardShortcut, Modifiers};

const NONE: Modifiers = Modifiers::NONE;
const CTRL: Modifiers = Modifiers::COMMAND;
const SHIFT: Modifiers = Modifiers::SHIFT;
const ALT: Modifiers = Modifiers::ALT;
const ALT_SHIFT: Modifiers = Modifiers { alt: true, ctrl: false, shift: true, mac_cmd: false, command: false };
const CTRL_SHIFT: Modifiers = Modifiers { alt: false, ctrl: false, shift: true, mac_cmd: false, command: true };

/// A shortcut as a literal, which lives as long as the program.
macro_rules! k {
    ($modifiers:expr, $key:expr $(,)?) => {
        KeyboardShortcut { modifiers: $modifiers, logical_key: $key }
    };
}

impl Command {
    /// What stands about the command in menus and lists, in English; [`Command::info`] translates it.
    pub fn english_info(self) -> Info {
        use Command as C;
        use Menu::{Cue, Edit, File, Play, View};
        let i = |text, tooltip, menu, needs, shortcuts| Info { text, tooltip, menu, needs, shortcuts };
        match self {
            C::Takes(command) => command.english_info(),
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
            C::SaveAs => i(
                "Save as…",
                "Write the project with its history into another folder and go on there.",
                File,
                Needs::Project,
                &[k!(CTRL_SHIFT, Key::S)],
            ),
            C::Backups => i(
                "Backups…",
                "Look into earlier states of the project and put one back in its place.",
                File,
                Needs::Project,
                &[],
            ),
            C::RecoverEarlier => i(
                "Recover earlier work…",
                "Find work that was not saved and not taken up again.",
                File,
                Needs::Project,
                &[],
            ),
            C::RelinkMedia => i(
                "Relink media…",
                "Say where a missing recording is now, or use another one.",
                File,
                Needs::Project,
                &[],
            ),
            C::ImportPoses => i(
                "Import tracked poses…",
                "Bring in the poses that a tracker made from a video of a person.",
                File,
                Needs::Project,
                &[],
            ),
            C::NewIdentity => i("New identity…", "Make a person who cues from a picture.", File, Needs::Nothing, &[]),
            C::ImportIdentity => {
                i("Import identity…", "Take in a person who was handed on as one file.", File, Needs::Nothing, &[])
            }
            C::ExportIdentity => {
                i("Export identity…", "Write the person who cues as one file to hand on.", File, Needs::Project, &[])
            }
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
            C::SlowPassage => i(
                "Slow this passage…",
                "Stretch the sound of a passage with its pitch kept, so that its cues can be read.",
                Cue,
                Needs::Project,
                &[k!(SHIFT, Key::D)],
            ),
            C::CheckCues => i(
                "Check the cues",
                "Read the cues back from the performance alone, and list what is read otherwise or covers the lips.",
                Cue,
                Needs::Project,
                &[k!(SHIFT, Key::K)],
            ),
            C::ScoreFile => i(
                "Score a performance…",
                "Read the cues of a file with poses, such as a learner's, and score them against those of this project.",
                Cue,
                Needs::Project,
                &[],
            ),
            C::ScoreReport => i(
                "Save the score as a report…",
                "Write sums, timing and a picture of each cue to a file that can be printed.",
                Cue,
                Needs::Project,
                &[],
            ),
            C::CueSheet => i(
                "Save a sheet of the cues…",
                "Write every key as a picture with its name, on one page to print.",
                Cue,
                Needs::Project,
                &[],
            ),
            C::NextReading => i(
                "Next reading",
                "Read the word of the selected key the next possible way.",
                Cue,
                Needs::Key,
                &[k!(NONE, Key::Y)],
            ),
            C::WriteGlosses => i(
                "Write glosses…",
                "Have a language model of your choice put the glosses into other words.",
                Cue,
                Needs::Project,
                &[],
            ),
            C::EditChart => i(
                "Chart…",
                "See and change how each sound is cued in this project, or take another chart.",
                Cue,
                Needs::Project,
                &[],
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
                &[k!(CTRL_SHIFT, Key::Comma)],
            ),
            C::NudgeLaterMs => i(
                "Hand 10 ms later",
                "Move the hand's times of the key by 10 ms.",
                Cue,
                Needs::Key,
                &[k!(CTRL_SHIFT, Key::Period)],
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
            C::PlaySelection => i(
                "Play the selection",
                "Play what is selected, or from in to out, and come back.",
                Play,
                Needs::Project,
                &[k!(SHIFT, Key::Space)],
            ),
            C::LoopSelection => i(
                "Loop the selection",
                "Play what is selected, or from in to out, again and again.",
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
            C::PreviousBoundary => i(
                "Previous boundary",
                "To where a sound begins or ends before this.",
                Play,
                Needs::Project,
                &[k!(CTRL, Key::ArrowLeft)],
            ),
            C::NextBoundary => i(
                "Next boundary",
                "To where the next sound begins or ends.",
                Play,
                Needs::Project,
                &[k!(CTRL, Key::ArrowRight)],
            ),
            C::ShuttleBack => i(
                "Shuttle back",
                "Play backwards, faster each time; from forwards, slower first. With K held, one frame back.",
                Play,
                Needs::Project,
                &[k!(NONE, Key::J)],
            ),
            C::ShuttleStop => i(
                "Shuttle stop",
                "Stop where the playhead stands. Held, J and L go frame by frame.",
                Play,
                Needs::Project,
                &[k!(NONE, Key::K)],
            ),
            C::ShuttleForward => i(
                "Shuttle forward",
                "Play, faster each time; from backwards, slower first. With K held, one frame on.",
                Play,
                Needs::Project,
                &[k!(NONE, Key::L)],
            ),
            C::SetIn => {
                i("Set in point", "The stretch begins at the playhead.", Play, Needs::Project, &[k!(NONE, Key::I)])
            }
            C::SetOut => {
                i("Set out point", "The stretch ends at the playhead.", Play, Needs::Project, &[k!(NONE, Key::O)])
            }
            C::GoToIn => {
                i("Go to the in point", "To where the stretch begins.", Play, Needs::Project, &[k!(SHIFT, Key::I)])
            }
            C::GoToOut => {
                i("Go to the out point", "To where the stretch ends.", Play, Needs::Project, &[k!(SHIFT, Key::O)])
            }
            C::ClearInOut => {
                i("Clear in and out", "No stretch any more.", Play, Needs::Project, &[k!(Modifiers::ALT, Key::X)])
            }
            C::GoToTime => {
                i("Go to a time…", "Type where the playhead is to go.", Play, Needs::Project, &[k!(NONE, Key::Equals)])
            }
            C::Speed(percent) => i(
                match percent {
                    10 => "Speed 0.1×",
                    25 => "Speed 0.25×",
                    50 => "Speed 0.5×",
                    75 => "Speed 0.75×",
                    125 => "Speed 1.25×",
                    150 => "Speed 1.5×",
                    200 => "Speed 2×",
                    _ => "Speed 1×",
                },
                "How fast the video plays; sound follows and keeps its pitch.",
                Play,
                Needs::Project,
                match percent {
                    25 => &[k!(CTRL, Key::Num1)],
                    50 => &[k!(CTRL, Key::Num2)],
                    75 => &[k!(CTRL, Key::Num3)],
                    100 => &[k!(CTRL, Key::Num4)],
                    _ => &[],
                },
            ),
            C::Timeline(command) => command.info(),
            C::ZoomIn => {
                i("Zoom in", "Show less of the timeline, larger.", View, Needs::Project, &[k!(NONE, Key::Plus)])
            }
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
            C::ShowTrajectories => i(
                "Trajectories",
                "Draw the ways of hands and head half a second before and after.",
                View,
                Needs::Project,
                &[k!(SHIFT, Key::T)],
            ),
            C::ShowEdges => i(
                "Edge heatmap",
                "Draw the edges of the pose as the light that a refining network is shown.",
                View,
                Needs::Project,
                &[],
            ),
            C::CompareBeside => i(
                "Recording beside",
                "Show the picture of the recording beside the person.",
                View,
                Needs::Project,
                &[k!(SHIFT, Key::R)],
            ),
            C::CompareWipe => i(
                "Recording wiped against",
                "Show the picture of the recording over the person, left of a line that can be dragged.",
                View,
                Needs::Project,
                &[k!(SHIFT, Key::F)],
            ),
            C::Panel(pane) => panel_info(pane),
            C::GoToPanel(pane) => go_to_info(pane),
            C::NextPanel => i(
                "Next panel",
                "The keyboard goes to the next panel on screen.",
                View,
                Needs::Project,
                &[k!(NONE, Key::F6)],
            ),
            C::PreviousPanel => i(
                "Previous panel",
                "The keyboard goes to the panel before this one.",
                View,
                Needs::Project,
                &[k!(SHIFT, Key::F6)],
            ),
            C::Layout(preset) => i(
                match preset {
                    Preset::Cueing => "Layout for cueing",
                    Preset::Animation => "Layout for animation",
                    Preset::Review => "Layout for review",
                },
                match preset {
                    Preset::Cueing => "Problems at the left, the inspector at the right: for correcting cues.",
                    Preset::Animation => "A high timeline, takes at the left: for refining the motion.",
                    Preset::Review => "A large picture beside the list of problems: for looking through.",
                },
                View,
                Needs::Project,
                match preset {
                    Preset::Cueing => &[k!(ALT_SHIFT, Key::Num1)],
                    Preset::Animation => &[k!(ALT_SHIFT, Key::Num2)],
                    Preset::Review => &[k!(ALT_SHIFT, Key::Num3)],
                },
            ),
            C::ResetLayout => {
                i("Reset layout", "Every panel back to where the layout puts it.", View, Needs::Project, &[])
            }
            C::ThemeDark => i("Dark theme", "Light text on dark grey.", View, Needs::Nothing, &[]),
            C::ThemeLight => i("Light theme", "Dark text on light grey.", View, Needs::Nothing, &[]),
            C::ThemeHighContrast => {
                i("High contrast theme", "White on black with strong borders.", View, Needs::Nothing, &[])
            }
            // Each language in its own words, so that it is found by those who read no other.
            C::LanguageEnglish => i("English", "The interface in English.", View, Needs::Nothing, &[]),
            C::LanguageChinese => i("简体中文", "界面使用简体中文。", View, Needs::Nothing, &[]),
            C::LanguageFrench => i("Français", "L’interface en français.", View, Needs::Nothing, &[]),
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
            C::Settings => i(
                "Settings…",
                "Theme, text size, language, keys, playing and more.",
                Edit,
                Needs::Nothing,
                &[k!(CTRL, Key::Comma)],
            ),
            C::SettingsKeyboard => i(
                "Change the keys…",
                "Choose a preset of keys, or give a command other keys.",
                Edit,
                Needs::Nothing,
                &[],
            ),
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

/// Showing and hiding a pane.
fn panel_info(pane: Pane) -> Info {
    let (text, tooltip): (&'static str, &'static str) = match pane {
        Pane::Project => ("Project panel", "Show or hide the recording, the person and the facts of the project."),
        Pane::Viewport => ("Viewport panel", "Show or hide the picture."),
        Pane::Inspector => ("Inspector panel", "Show or hide what is selected."),
        Pane::Takes => ("Takes panel", "Show or hide generated takes and how they are chosen."),
        Pane::Hands => ("Hands panel", "Show or hide corrections of hands, and the hands that look worst."),
        Pane::History => ("History panel", "Show or hide all steps that can be undone."),
        Pane::Problems => ("Problems panel", "Show or hide every place that deserves a look."),
        Pane::Jobs => ("Jobs panel", "Show or hide work in the background."),
        Pane::Messages => ("Messages panel", "Show or hide what the program has said."),
        Pane::Timeline => ("Timeline panel", "Show or hide sound, words, cues and moves over time."),
        Pane::Score => ("Score panel", "Show or hide what is read beside what is meant."),
        Pane::Alignment => ("Pose alignment panel", "Show or hide tracked poses and how they are aligned."),
    };
    let shortcuts: &'static [KeyboardShortcut] = match pane {
        Pane::Project => &[k!(NONE, Key::F2)],
        Pane::Inspector => &[k!(NONE, Key::F4)],
        _ => &[],
    };
    Info { text, tooltip, menu: Menu::View, needs: Needs::Project, shortcuts }
}

/// Taking the keyboard to a pane.
fn go_to_info(pane: Pane) -> Info {
    let (text, shortcuts): (&'static str, &'static [KeyboardShortcut]) = match pane {
        Pane::Project => ("Go to the project", &[k!(ALT, Key::Num1)]),
        Pane::Viewport => ("Go to the viewport", &[k!(ALT, Key::Num2)]),
        Pane::Inspector => ("Go to the inspector", &[k!(ALT, Key::Num3)]),
        Pane::Takes => ("Go to takes", &[k!(ALT, Key::Num4)]),
        Pane::Hands => ("Go to hands", &[k!(ALT, Key::H)]),
        Pane::History => ("Go to history", &[k!(ALT, Key::Num5)]),
        Pane::Problems => ("Go to problems", &[k!(ALT, Key::Num6)]),
        Pane::Jobs => ("Go to jobs", &[k!(ALT, Key::Num7)]),
        Pane::Messages => ("Go to messages", &[k!(ALT, Key::Num8)]),
        Pane::Timeline => ("Go to the timeline", &[k!(ALT, Key::Num9)]),
        Pane::Score => ("Go to the score", &[k!(ALT, Key::Num0)]),
        Pane::Alignment => ("Go to pose alignment", &[]),
    };
    let tooltip = "Show the panel and take the keyboard there.";
    Info { text, tooltip, menu: Menu::View, needs: Needs::Project, shortcuts }
}
