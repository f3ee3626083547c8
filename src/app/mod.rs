//! The window: a native studio in which a project is heard, seen and corrected.
//!
//! `shell` lays the panels out; each panel draws borrowed data and pushes [`intent::Intent`]s; `handle` alone carries
//! them out and is the only place where the document changes. Work runs in the background through `jobs`, the picture
//! comes from the `preview` worker, and the clock is the player's. `logic` polls them and moves the playhead; nothing
//! is drawn again unless something has changed.

mod alignment;
pub mod bench;
pub mod board;
pub mod commands;
pub mod dialogs;
pub mod dock;
pub mod fonts;
mod handle;
mod hands;
pub mod i18n;
mod icons;
mod inspector;
mod intent;
mod keep_up;
mod keeping;
mod list;
mod notices;
mod opened;
mod people;
mod playback;
pub mod preferences;
mod preview;
pub mod problems;
mod samples;
mod screenshot;
mod shell;
mod takes;
pub mod theme;
pub mod timeline;
mod viewport;
mod widgets;
mod work;

use crate::audio::{Clock, Player};
use crate::document::SoundOrigin;
use crate::jobs::gloss_service::ServiceSettings;
use crate::jobs::runner::{Stage, Wake};
use crate::render::identity::Identity;
use crate::time::{FrameIndex, Seconds, TimeRange};
use commands::{Command, KeyboardState, Needs};
use dialogs::{Dialog, DialogContext};
use dock::{Dock, Pane};
use intent::{Intent, PickFor};
use opened::Opened;
use preferences::Preferences;
use preview::{Preview, Rate};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};
use theme::ThemeChoice;
use viewport::Overlays;
use work::{WorkKind, Works};

/// Key of the window's own settings in eframe's storage.
const STORAGE_KEY: &str = "cueloom";
/// How long a short word in the status bar stays.
const TOLD: Duration = Duration::from_secs(6);

/// How the window is opened.
#[derive(Clone, Debug, Default)]
pub struct StartOptions {
    /// A project to open at once.
    pub project: Option<PathBuf>,
    /// Write a picture of the settled window to this file and close.
    pub screenshot: Option<PathBuf>,
    /// The language of the interface; `None` for the one that was chosen last.
    pub language: Option<i18n::UiLanguage>,
    /// In place of what the settings say.
    pub theme: Option<ThemeChoice>,
    /// 1 is 100 %, in place of what the settings say.
    pub text_scale: Option<f32>,
    /// Width and height of the window, points.
    pub size: Option<[f32; 2]>,
    /// Carried out before the picture is taken.
    pub commands: Vec<Command>,
    /// Print the milliseconds from start to the first picture of the project, and close.
    pub startup_probe: bool,
}

/// Opens the window and returns when it is closed.
pub fn run(options: StartOptions) -> anyhow::Result<()> {
    let size = options.size.unwrap_or([1280.0, 800.0]);
    let viewport = egui::ViewportBuilder::default()
        .with_title("Cueloom")
        .with_app_id("cueloom")
        .with_inner_size(size)
        .with_min_inner_size([960.0, 600.0])
        .with_drag_and_drop(true);
    let native = eframe::NativeOptions {
        viewport,
        // A picture for the README must not depend on what was open before.
        persist_window: options.screenshot.is_none() && !options.startup_probe,
        ..eframe::NativeOptions::default()
    };
    crate::render::gpu::prepare();
    let failed = Arc::new(std::sync::Mutex::new(None));
    let tell = failed.clone();
    eframe::run_native(
        "Cueloom",
        native,
        Box::new(move |cc| Ok(Box::new(Studio::new(cc, Backends::real(), options, tell)))),
    )
    .map_err(|e| anyhow::anyhow!("the window cannot be opened ({e}); without a display use `cueloom render`"))?;
    match failed.lock().ok().and_then(|mut f| f.take()) {
        Some(message) => Err(anyhow::anyhow!("{message}")),
        None => Ok(()),
    }
}

/// The world outside, to be replaced in tests.
pub struct Backends {
    pub player: Player,
    /// Opens the file windows of the system.
    pub file_windows: bool,
    /// Where new projects go by default.
    pub home: PathBuf,
}

impl Backends {
    /// Sound device, file windows and the user's folder.
    pub fn real() -> Self {
        let home = std::env::home_dir().unwrap_or_default().join("Cueloom");
        Self { player: Player::open(), file_windows: true, home }
    }

    /// No device and no file windows, and a clock of one's own: for tests.
    pub fn silent(home: PathBuf, clock: Arc<dyn Clock>) -> Self {
        Self { player: Player::silent(clock), file_windows: false, home }
    }
}

/// What is kept between sessions.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Kept {
    theme: ThemeChoice,
    text_scale: Option<f32>,
    overlays: Overlays,
    recent: Vec<PathBuf>,
    timeline: timeline::TimelineSettings,
    dock: Option<Dock>,
    preferences: Preferences,
    /// Problems marked as seen, by project folder.
    seen: BTreeMap<PathBuf, BTreeSet<problems::SeenMark>>,
    language: i18n::UiLanguage,
    gloss_service: ServiceSettings,
}

/// What the window shows and how: never part of the document, never in its history.
#[derive(Clone, Debug)]
pub struct View {
    pub playhead: Seconds,
    /// Where playing began: "stop and return" goes there.
    pub play_from: Seconds,
    /// Playing stops here: "play around".
    pub play_until: Option<Seconds>,
    /// Time was scrubbed while playing; playing goes on when the pointer is let go.
    pub scrubbing: bool,
    pub looped: Option<TimeRange>,
    pub speed: f64,
    /// The word shown in the inspector.
    pub word: Option<usize>,
    pub phone: Option<usize>,
    /// The problem that was gone to last.
    pub problem: Option<usize>,
    pub overlays: Overlays,
    pub theme: ThemeChoice,
    pub text_scale: f32,
    /// Why there is no picture.
    pub picture_message: Option<String>,
}

impl Default for View {
    fn default() -> Self {
        Self {
            playhead: Seconds::ZERO,
            play_from: Seconds::ZERO,
            play_until: None,
            scrubbing: false,
            looped: None,
            speed: 1.0,
            word: None,
            phone: None,
            problem: None,
            overlays: Overlays::default(),
            theme: ThemeChoice::default(),
            text_scale: 1.0,
            picture_message: None,
        }
    }
}

/// The application.
pub struct Studio {
    opened: Option<Opened>,
    view: View,
    timeline: timeline::TimelineState,
    /// Copied cues.
    clip: Option<handle::Clip>,
    /// Pitch and onsets of the open project's sound: being worked out, or there.
    listening: Option<handle::Listening>,
    /// Hash of the sound whose voice was listened to last.
    heard: Option<String>,
    viewport: viewport::ViewportState,
    /// Pictures of the recording, for comparing.
    source: viewport::source::Source,
    inspector: inspector::InspectorState,
    takes: takes::Tray,
    hands: hands::HandsView,
    alignment: alignment::AlignmentView,
    dialog: Option<Dialog>,
    notices: notices::Notices,
    playback: playback::Playback,
    works: Works,
    preferences: Preferences,
    dock: Dock,
    history: shell::history_panel::HistoryView,
    problems: problems::ProblemsView,
    score: shell::ScoreView,
    /// Problems of the open project that are marked as seen, and those of all others.
    seen: BTreeSet<problems::SeenMark>,
    seen_elsewhere: BTreeMap<PathBuf, BTreeSet<problems::SeenMark>>,
    errands: handle::Errands,
    picked: Option<(PickFor, Receiver<Option<PathBuf>>)>,
    player: Player,
    preview: Preview,
    rate: Rate,
    wake: Wake,
    /// What was last asked of the preview.
    asked: Option<(u64, FrameIndex, u32, u64)>,
    asked_at: Option<Instant>,
    /// Seconds from a wish to its picture on screen, and the part of it that painting the window takes.
    delay_s: f64,
    paint_s: f64,
    backend: String,
    draw_ms: f64,
    machine: String,
    machine_details: String,
    was_playing: bool,
    /// The speed that playing was slowed to so that every frame is seen.
    kept_speed: Option<f64>,
    /// A menu or the list of a combo box is open.
    menu_open: bool,
    /// Something had the keyboard at the end of the last frame.
    had_focus: bool,
    told: Option<(String, Instant)>,
    recent: Vec<PathBuf>,
    /// Address, model and key of the gloss service: settings of the window, never of a project.
    gloss_service: ServiceSettings,
    home: PathBuf,
    /// The user's library of people, and those that are listed.
    library: Option<PathBuf>,
    people: people::People,
    file_windows: bool,
    /// The user has decided about unsaved changes: the window may close.
    may_close: bool,
    /// Settings are read and written between sessions.
    keeps: bool,
    probe: Option<Instant>,
    screenshot: Option<screenshot::Shot>,
}

impl Studio {
    /// The studio within a window or a test harness. A failure that ends the program is put into `failed`.
    pub fn new(
        cc: &eframe::CreationContext<'_>,
        backends: Backends,
        options: StartOptions,
        failed: Arc<std::sync::Mutex<Option<String>>>,
    ) -> Self {
        let ctx = &cc.egui_ctx;
        ctx.set_fonts(fonts::definitions());
        let keeps = options.screenshot.is_none() && !options.startup_probe;
        let kept: Kept = match keeps {
            false => Kept::default(),
            true => cc.storage.and_then(|s| eframe::get_value(s, STORAGE_KEY)).unwrap_or_default(),
        };
        i18n::set_language(options.language.unwrap_or(kept.language));
        let theme = options.theme.unwrap_or(kept.theme);
        theme::apply(ctx, theme);
        let waker = ctx.clone();
        let wake: Wake = Arc::new(move || waker.request_repaint());
        let (machine, machine_details) = describe_machine(cc);
        let view = View {
            theme,
            overlays: kept.overlays,
            text_scale: options.text_scale.or(kept.text_scale).unwrap_or(1.0).clamp(1.0, 2.0),
            ..View::default()
        };
        ctx.set_zoom_factor(view.text_scale);
        let mut studio = Self {
            opened: None,
            timeline: timeline::TimelineState::new(kept.timeline),
            clip: None,
            listening: None,
            heard: None,
            viewport: viewport::ViewportState::default(),
            source: viewport::source::Source::start(wake.clone()),
            inspector: inspector::InspectorState::default(),
            takes: takes::Tray::default(),
            hands: hands::HandsView::default(),
            alignment: alignment::AlignmentView::default(),
            dialog: None,
            notices: notices::Notices::default(),
            playback: playback::Playback::default(),
            works: Works::default(),
            preferences: kept.preferences.repaired(),
            dock: kept.dock.map(Dock::repaired).unwrap_or_default(),
            history: Default::default(),
            problems: problems::ProblemsView::default(),
            score: shell::ScoreView::default(),
            seen: BTreeSet::new(),
            seen_elsewhere: kept.seen,
            errands: handle::Errands::default(),
            picked: None,
            player: backends.player,
            preview: Preview::start(wake.clone()),
            rate: Rate::default(),
            wake,
            was_playing: false,
            kept_speed: None,
            menu_open: false,
            had_focus: false,
            asked: None,
            asked_at: None,
            delay_s: 0.0,
            paint_s: 0.0,
            backend: String::new(),
            draw_ms: 0.0,
            machine,
            machine_details,
            told: None,
            recent: kept.recent,
            gloss_service: kept.gloss_service,
            library: match backends.file_windows {
                true => crate::jobs::identities::library(),
                false => Some(backends.home.join("library")),
            },
            people: people::People::default(),
            home: backends.home,
            file_windows: backends.file_windows,
            may_close: false,
            keeps,
            probe: options.startup_probe.then(Instant::now),
            screenshot: options.screenshot.map(|path| screenshot::Shot::new(path, options.commands, failed)),
            view,
        };
        match options.project {
            Some(path) => studio.load(path),
            None => studio.look_for_unsaved(),
        }
        studio
    }

    /// The project that is open, for tests and tools.
    pub fn project(&self) -> Option<&crate::document::Project> {
        self.opened.as_ref().map(Opened::project)
    }

    /// Where the playhead stands.
    pub fn playhead(&self) -> Seconds {
        self.view.playhead
    }

    pub fn is_playing(&self) -> bool {
        self.player.is_playing()
    }

    /// True while something runs in the background.
    pub fn is_busy(&self) -> bool {
        let glosses = matches!(&self.dialog, Some(Dialog::Glosses(form)) if form.is_busy());
        let window =
            self.preview.is_busy() || self.source.is_busy() || self.timeline_is_busy() || self.is_keeping_busy();
        let own = self.takes.is_busy() || self.alignment.is_busy() || self.people.is_busy();
        !self.works.is_empty() || window || glosses || own
    }

    /// Title of the panel that the keyboard is in.
    pub fn focused_panel(&self) -> Option<&'static str> {
        self.dock.focused.map(Pane::title)
    }

    /// The selected keys of the open project.
    pub fn selected_keys(&self) -> &[crate::document::KeyId] {
        self.opened.as_ref().map_or(&[], |o| &o.document.selection.keys)
    }

    /// Whether the open project has its sound.
    pub fn has_sound(&self) -> Option<bool> {
        self.opened.as_ref().map(|o| o.sound.is_some())
    }

    /// Messages on show.
    pub fn messages(&self) -> Vec<String> {
        self.notices.list().map(|n| n.text.clone()).collect()
    }

    /// Whether a command makes sense now.
    fn can(&self, command: Command) -> bool {
        let Some(opened) = &self.opened else { return command.info().needs == Needs::Nothing };
        match command {
            Command::Undo => !opened.document.history().done().is_empty() || opened.document.is_dragging(),
            Command::Redo => !opened.document.history().undone().is_empty(),
            Command::LoopSelection => self.view.looped.is_some() || self.chosen_range().is_some(),
            Command::PlaySelection | Command::PlayAround => self.chosen_range().is_some(),
            Command::GoToIn => self.playback.marks.start.is_some(),
            Command::GoToOut => self.playback.marks.end.is_some(),
            Command::ClearInOut => !self.playback.marks.is_none(),
            Command::SlowPassage => opened.sound.is_some() && !self.works.is_running(WorkKind::Sound),
            Command::Export => !self.works.is_running(WorkKind::Export),
            Command::Takes(command) => self.can_take(command),
            Command::Save => opened.keeping.read_only.is_none(),
            Command::ImportPoses => opened.keeping.read_only.is_none() && !self.works.is_running(WorkKind::Poses),
            Command::Timeline(command) => self.can_timeline(command),
            _ => command.info().needs != Needs::Key || !opened.document.selection.keys.is_empty(),
        }
    }

    /// What undo or redo would do, for the menu.
    fn next_step_name(&self, command: Command) -> Option<String> {
        let history = self.opened.as_ref()?.document.history();
        let step = match command {
            Command::Undo => history.done().last(),
            Command::Redo => history.undone().last(),
            _ => None,
        }?;
        let mut letters = i18n::tr(&step.name).chars();
        let first = letters.next()?;
        Some(first.to_lowercase().chain(letters).collect())
    }

    fn job_state(&self) -> Option<(&str, &Stage)> {
        self.works.newest()
    }

    /// The keyboard is to go into the content of a pane: the pane takes that wish over.
    fn takes_keyboard(&mut self, pane: Pane) -> bool {
        let wanted = self.dock.wanted_focus == Some(pane);
        if wanted {
            self.dock.wanted_focus = None;
        }
        wanted
    }

    /// Says something in passing in the status bar.
    fn tell(&mut self, text: impl Into<String>) {
        let text = text.into();
        self.notices.note(&text);
        self.told = Some((text, Instant::now()));
    }

    fn told_now(&self) -> Option<&str> {
        self.told.as_ref().filter(|(_, when)| when.elapsed() < TOLD).map(|(text, _)| text.as_str())
    }

    /// Polls the clock, the jobs and the picture.
    fn poll(&mut self, ctx: &egui::Context) {
        self.poll_work();
        self.poll_keeping();
        if let Some(Dialog::Glosses(form)) = &mut self.dialog {
            form.poll();
        }
        self.poll_picked();
        if let Some(opened) = &mut self.opened {
            if let Some(lost) = self.alignment.lost.poll(opened, &self.wake) {
                opened.take_lost(&lost);
            }
            self.takes.poll(opened, &self.wake);
            if self.dock.is_in_front(dock::Pane::Alignment) || self.alignment.is_busy() {
                self.alignment.poll(opened, &self.wake);
            }
        }
        self.poll_player(ctx);
        self.poll_timeline();
        self.poll_voice();
        self.poll_preview(ctx);
        self.poll_source(ctx);
        self.poll_people(ctx);
        if self.told.is_some() {
            match self.told_now() {
                Some(_) => ctx.request_repaint_after(TOLD),
                None => self.told = None,
            }
        }
    }

    fn poll_player(&mut self, ctx: &egui::Context) {
        let Some(opened) = &self.opened else { return };
        let (length, fps) = (opened.length(), opened.project().settings.fps);
        let playing = self.player.is_playing();
        if !playing {
            self.stop_waiting();
            if std::mem::take(&mut self.was_playing) {
                // It came to its end by itself.
                self.rate.clear();
                self.end_shuttle();
                if self.view.play_until.take().is_some() {
                    self.seek(self.view.play_from);
                } else if !self.view.scrubbing {
                    self.view.playhead = self.player.position().clamp(Seconds::ZERO, length);
                }
            }
            return;
        }
        self.was_playing = true;
        let position = self.player.position();
        if !self.view.scrubbing {
            self.view.playhead = position.clamp(Seconds::ZERO, length);
        }
        if self.view.play_until.is_some_and(|end| position >= end) {
            self.stop();
            // "Play around" leaves the playhead where it was.
            self.seek(self.view.play_from);
            ctx.request_repaint();
            return;
        }
        if self.preview.is_busy() {
            // The picture under way wakes the window when it is there. On slow machines a repaint before that would
            // only show the old picture again and take the time that the new one needs.
            return;
        }
        // The next frame begins then; nothing changes before.
        let speed = self.player.speed();
        let frame = fps.frame_at(position).0;
        let next = fps.time_of(FrameIndex(if speed > 0.0 { frame + 1 } else { frame }));
        let wait = ((next - position).0.abs() / speed.abs().max(0.05)).clamp(0.001, 0.1);
        ctx.request_repaint_after(Duration::from_secs_f64(wait));
    }

    fn poll_preview(&mut self, ctx: &egui::Context) {
        if self.opened.is_none() {
            return;
        }
        let mut has_come = false;
        if let Some(drawn) = self.preview.take() {
            has_come = true;
            if drawn.picture.is_ok() {
                self.draw_ms = drawn.took.as_secs_f64() * 1000.0;
            }
            if let Some(asked) = self.asked_at.take() {
                // From the wish to the screen, smoothed: playing asks for the frame that will be due by then.
                let delay = asked.elapsed().as_secs_f64() + self.paint_s;
                self.delay_s += (delay.min(0.5) - self.delay_s) * 0.25;
            }
            if self.backend != drawn.backend {
                self.backend.clone_from(&drawn.backend);
            }
            match drawn.picture {
                Ok(picture) => {
                    self.view.picture_message = None;
                    self.viewport.set_picture(ctx, picture.width, picture.height, &picture.rgba);
                    if self.player.is_playing() {
                        self.rate.tick(Instant::now());
                    }
                }
                Err(message) => self.view.picture_message = Some(message),
            }
        }
        if has_come {
            self.keep_up();
        }
        let Some(opened) = &self.opened else { return };
        let ahead =
            if self.player.is_playing() && !self.view.scrubbing { self.delay_s * self.player.speed() } else { 0.0 };
        let frame = self.frame_to_ask(opened.frame_at(self.view.playhead + Seconds(ahead)));
        let height = picture_height(self.viewport.wanted_height);
        // Before and after stand side by side while hands are corrected, not while something else is looked at.
        let before = self.hands.before.filter(|_| self.dock.is_in_front(dock::Pane::Hands));
        let stamp = before.map_or(0, |_| self.hands.stamp());
        let wish = (opened.revision, frame, height, self.takes.stamp() ^ (stamp << 40));
        // The same picture again only for the sake of poses that somebody else looks at.
        let idle = !self.preview.is_busy() && self.view.picture_message.is_none();
        if self.asked == Some(wish) && !(idle && opened.poses.has_wanted()) {
            return;
        }
        self.asked = Some(wish);
        self.asked_at.get_or_insert_with(Instant::now);
        self.preview.ask(preview::Wish {
            folder: opened.folder.clone(),
            identity: opened.identity.clone(),
            height,
            poses: opened.poses.clone(),
            frame,
            pose: self.takes.pose(opened, frame),
            before,
        });
    }

    /// The recording's picture of the moment, while it is compared.
    fn poll_source(&mut self, ctx: &egui::Context) {
        self.source.poll(ctx);
        let Some(opened) =
            self.opened.as_ref().filter(|_| self.view.overlays.compare != viewport::compare::Compare::Off)
        else {
            return;
        };
        let project = opened.project();
        let sound = &project.sound;
        if sound.origin != SoundOrigin::Recording {
            self.source.set_message(i18n::later("The sound was spoken by a program: there is no picture to compare."));
            return;
        }
        // A file is looked for once for each place that it can be at.
        let media = sound.source.as_ref().unwrap_or(&sound.media);
        let wish = self.source.wish(&opened.folder, media, |path| viewport::source::Wish {
            path,
            // Pictures stand until the next frame: asking within one would give the same again.
            time: project.source_time(project.settings.fps.time_of(opened.frame_at(self.view.playhead))),
            height: picture_height(self.viewport.wanted_height),
        });
        match wish {
            Some(wish) => self.source.ask(wish),
            None => self.source.set_message(i18n::later("The recording is missing: find it with File, Relink media.")),
        }
    }

    fn keyboard(&self, ctx: &egui::Context) -> KeyboardState {
        let focused = ctx.memory(|m| m.focused());
        let on_segment = timeline::lanes::has_keyboard(ctx);
        let on_handle = timeline::handles::has_keyboard(ctx);
        let on_row = list::has_keyboard(ctx);
        // The keyboard on a pane as a whole is on none of its controls.
        let on_pane = focused.is_some_and(|id| Pane::ALL.iter().any(|p| p.region() == id));
        KeyboardState {
            typing: ctx.text_edit_focused(),
            blocked: self.dialog.is_some() || self.menu_open,
            on_control: focused.is_some() && !on_pane && !on_segment && !on_handle && !ctx.text_edit_focused(),
            on_segment,
            on_handle,
            on_row,
            on_pane,
        }
    }

    fn dialog_ui(&mut self, ctx: &egui::Context, out: &mut Vec<Intent>) {
        let Some(mut dialog) = self.dialog.take() else { return };
        let home = self.home();
        let names = Identity::builtin_names();
        let job = match &dialog {
            Dialog::NewProject(_) => self.works.stage(WorkKind::Create),
            Dialog::Export(_) => self.works.stage(WorkKind::Export),
            Dialog::Masks(_) => self.works.stage(WorkKind::Masks),
            Dialog::ImportPoses(_) => self.works.stage(WorkKind::Poses),
            Dialog::Identity(_) => self.works.stage(WorkKind::Other),
            Dialog::Slow(_) => self.works.stage(WorkKind::Sound),
            _ => None,
        };
        let context = DialogContext {
            project: self.opened.as_ref().map(Opened::project),
            recent: &self.recent,
            identities: names,
            people: &self.people.all,
            job,
            saving_as: self.errands.is_saving_as(),
            preferences: &self.preferences,
            gloss_service: &self.gloss_service,
            tap_delay_ms: self.timeline.settings.tap_delay_ms,
            home: &home,
            steps: self.opened.as_ref().map_or(0, |o| o.document.history().done().len()),
            why_not: &|command| self.why_not(command),
        };
        if dialogs::show(ctx, &mut dialog, &context, out) {
            self.dialog = Some(dialog);
        }
    }
}

/// The picture is drawn at one of a few heights, so that resizing the window does not make a new renderer each frame.
fn picture_height(wanted: f32) -> u32 {
    [256, 384, 512, 768, 1024].into_iter().find(|h| *h as f32 >= wanted * 0.9).unwrap_or(1024)
}

/// Short and long description of what draws the window.
fn describe_machine(cc: &eframe::CreationContext<'_>) -> (String, String) {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get).to_string();
    match &cc.wgpu_render_state {
        Some(state) => {
            let info = state.adapter.get_info();
            let kind = match info.device_type {
                eframe::wgpu::DeviceType::DiscreteGpu | eframe::wgpu::DeviceType::IntegratedGpu => i18n::later("GPU"),
                eframe::wgpu::DeviceType::VirtualGpu => i18n::later("Virtual GPU"),
                _ => i18n::later("Software drawing"),
            };
            let details = i18n::later_with(
                "{name} by {driver} ({backend}), {cores} processor cores",
                &[
                    ("name", &info.name),
                    ("driver", &info.driver),
                    ("backend", &format!("{:?}", info.backend)),
                    ("cores", &cores),
                ],
            );
            (format!("{kind} · {:?}", info.backend), details)
        }
        None => (
            i18n::later("No graphics adapter").into(),
            i18n::later_with("{cores} processor cores", &[("cores", &cores)]),
        ),
    }
}

impl eframe::App for Studio {
    fn logic(&mut self, ctx: &egui::Context, frame: &mut eframe::Frame) {
        // Where frames follow each other without rest (software drawing), bringing one to the screen takes most of the
        // time between them; elsewhere it takes what the processor spent on it.
        let (between, spent) = (ctx.input(|i| i.unstable_dt), frame.info().cpu_usage.unwrap_or(0.0));
        self.paint_s = f64::from(if between > 0.06 { between * 0.8 } else { spent }).min(0.2);
        self.poll(ctx);
    }

    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        let ctx = ui.ctx().clone();
        let mut wishes: Vec<Intent> =
            commands::consume_shortcuts(&ctx, self.keyboard(&ctx)).into_iter().map(Intent::Do).collect();
        self.dropped_files(&ctx);
        self.clipboard_events(&ctx);
        wishes.extend(self.window_ui(ui));
        self.dialog_ui(&ctx, &mut wishes);
        self.loupe_ui(&ctx);
        if !self.has_pane_in_front(Pane::Messages) {
            notices::notices_ui(&ctx, &self.notices, &mut wishes);
        }
        for wish in wishes {
            self.handle(&ctx, wish);
        }
        // Shortcuts of the next frame ask this; the menus of that frame are not drawn yet then.
        self.menu_open = ctx.any_popup_open();
        self.had_focus = ctx.memory(|m| m.focused().is_some());
        self.on_close_request(&ctx);
        // What was asked for in this frame is on its way before the next one.
        self.poll_preview(&ctx);
        self.take_screenshot(&ctx);
        self.probe_startup(&ctx);
    }

    fn save(&mut self, storage: &mut dyn eframe::Storage) {
        if !self.keeps {
            return;
        }
        let kept = Kept {
            theme: self.view.theme,
            text_scale: Some(self.view.text_scale),
            overlays: self.view.overlays,
            recent: self.recent.clone(),
            timeline: self.timeline.settings.clone(),
            dock: Some(self.dock.clone()),
            preferences: self.preferences.clone(),
            seen: self.all_seen(),
            gloss_service: self.gloss_service.clone(),
            language: i18n::language(),
        };
        eframe::set_value(storage, STORAGE_KEY, &kept);
    }

    fn clear_color(&self, _visuals: &egui::Visuals) -> [f32; 4] {
        self.view.theme.tokens().surface0.to_normalized_gamma_f32()
    }

    fn persist_egui_memory(&self) -> bool {
        self.keeps
    }
}
