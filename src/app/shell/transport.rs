//! The transport bar under the picture: play, step, time, jog, speed, level, keys a second, and the overlays.

use super::jog;
use crate::app::commands::Command;
use crate::app::i18n::{number, tr, tr_with};
use crate::app::icons::Icon;
use crate::app::intent::Intent;
use crate::app::playback::level::Level;
use crate::app::theme::{self, Tokens, tokens};
use crate::app::viewport::Overlays;
use crate::app::viewport::compare::Compare;
use crate::app::widgets::{command_button, icon_button, icon_label, list_line};
use crate::document::warp::READABLE_KEYS;
use crate::time::{Fps, Seconds};
use egui::{Align, ComboBox, Layout, RichText, Ui, WidgetInfo};

/// Speeds on offer, percent.
const SPEEDS: [u8; 8] = [10, 25, 50, 75, 100, 125, 150, 200];

/// What the bar shows.
pub struct TransportInput {
    pub playhead: Seconds,
    pub length: Seconds,
    pub fps: Fps,
    pub playing: bool,
    pub looped: bool,
    /// Speed of plain playing.
    pub speed: f64,
    /// Speed of the shuttle while it is under way, negative backwards.
    pub shuttle: Option<f64>,
    /// Of the whole project, and of the two seconds around the playhead.
    pub keys_per_second: [f64; 2],
    /// Loudness at the playhead, left and right.
    pub levels: [Level; 2],
    pub overlays: Overlays,
    /// Something is selected, or in and out are set.
    pub has_range: bool,
}

pub fn transport(ui: &mut Ui, input: &TransportInput, typed: &mut Option<String>, out: &mut Vec<Intent>) {
    let t = tokens(ui);
    // A narrow window keeps what is needed most.
    let room = ui.available_width();
    ui.horizontal_centered(|ui| {
        ui.spacing_mut().item_spacing.x = 2.0;
        if room > 600.0 {
            command_button(ui, Icon::ToStart, Command::GoToStart, false, true, out);
        }
        command_button(ui, Icon::Back, Command::PreviousKey, false, true, out);
        let icon = if input.playing { Icon::Pause } else { Icon::Play };
        command_button(ui, icon, Command::PlayPause, input.playing, true, out);
        command_button(ui, Icon::Forward, Command::NextKey, false, true, out);
        if room > 600.0 {
            command_button(ui, Icon::ToEnd, Command::GoToEnd, false, true, out);
        }
        if room > 420.0 {
            command_button(ui, Icon::Loop, Command::LoopSelection, input.looped, input.looped || input.has_range, out);
            command_button(ui, Icon::PlayAround, Command::PlayAround, false, input.has_range, out);
        }
        ui.add_space(6.0);
        jog::timecode(ui, input.playhead, input.length, input.fps, typed, out);
        if room > 860.0 {
            let length = format!("/ {}", input.length.timecode());
            ui.label(RichText::new(length).font(theme::mono(theme::BODY)).color(t.text3));
        }
        if room > 520.0 {
            ui.add_space(4.0);
            jog::jog(ui, if room > 720.0 { 88.0 } else { 56.0 }, input.playhead, input.length, input.fps, out);
        }
        ui.add_space(6.0);
        speed(ui, input, t, out);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = 2.0;
            let eye = icon_button(ui, Icon::Eye, tr("Overlays"), input.overlays.any())
                .on_hover_text(tr("What is drawn over the picture."));
            egui::Popup::menu(&eye).close_behavior(egui::PopupCloseBehavior::CloseOnClickOutside).show(|ui| {
                ui.set_min_width(160.0);
                for (command, on) in [
                    (Command::ShowSkeleton, input.overlays.skeleton),
                    (Command::ShowFacePoints, input.overlays.face_points),
                    (Command::ShowTargets, input.overlays.targets),
                    (Command::ShowCaption, input.overlays.caption),
                    (Command::ShowTrajectories, input.overlays.trajectories),
                    (Command::ShowEdges, input.overlays.edges),
                    (Command::CompareBeside, input.overlays.compare == Compare::Beside),
                    (Command::CompareWipe, input.overlays.compare == Compare::Wipe),
                ] {
                    let mut on = on;
                    if ui.checkbox(&mut on, command.info().text).on_hover_text(command.tooltip(ui.ctx())).changed() {
                        out.push(Intent::Do(command));
                    }
                }
            });
            if room > 780.0 {
                command_button(ui, Icon::Fit, Command::FitPicture, false, true, out);
            }
            keys_per_second(ui, input.keys_per_second, room > 480.0, t);
            if room > 680.0 {
                ui.add_space(4.0);
                jog::meter(ui, if room > 760.0 { 72.0 } else { 48.0 }, input.levels);
            }
        });
    });
}

/// How fast the cues follow each other, in the project and here; more than can be read is red and has a triangle. Where
/// there is little room only the speed here is written.
fn keys_per_second(ui: &mut Ui, [all, here]: [f64; 2], roomy: bool, t: &Tokens) {
    let fast = here > READABLE_KEYS + 0.05;
    let values = [("here", number(here, 1)), ("all", number(all, 1))];
    let values: Vec<(&str, &str)> = values.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let color = if fast { t.danger } else { t.text2 };
    let text = if roomy { tr_with("{here} · {all} keys/s", &values) } else { format!("{}/s", number(here, 1)) };
    let text = RichText::new(text).color(color).small();
    let tip = if fast {
        tr(
            "Around the playhead, and in the whole project. More than 3 keys a second are hard to read: slow the passage.",
        )
    } else {
        tr("How fast the cues follow each other: around the playhead, and in the whole project.")
    };
    let label = ui.label(text).on_hover_text(tip);
    let name = tr_with("Keys per second: {here} here, {all} in the project", &values);
    label.widget_info(|| WidgetInfo::labeled(egui::Role::Label, true, &name));
    if fast {
        icon_label(ui, Icon::Warning, t.danger);
    }
}

/// `0.5×`.
fn times(speed: f64) -> String {
    let decimals = if speed.fract() == 0.0 {
        0
    } else if (speed * 10.0).fract() == 0.0 {
        1
    } else {
        2
    };
    number(speed, decimals).replace('-', "−") + "×"
}

/// The speed there is: of the shuttle while it is under way, else the one chosen for playing.
fn speed(ui: &mut Ui, input: &TransportInput, t: &Tokens, out: &mut Vec<Intent>) {
    let now = input.shuttle.filter(|_| input.playing).unwrap_or(input.speed);
    let color = if (now - 1.0).abs() > 1e-6 { t.accent } else { t.text1 };
    let text = RichText::new(times(now)).font(theme::mono(theme::BODY)).color(color);
    let combo = ComboBox::from_id_salt("speed").selected_text(text).width(64.0).show_ui(ui, |ui| {
        for percent in SPEEDS {
            let value = f64::from(percent) / 100.0;
            if list_line(ui, (value - input.speed).abs() < 1e-6, times(value)) {
                out.push(Intent::Do(Command::Speed(percent)));
            }
        }
    });
    combo
        .response
        .accessible_name(tr_with("Speed {speed}", &[("speed", &times(now))]))
        .on_hover_text(tr("Speed of playing, with the pitch kept up to 2×. J and L go faster and backwards."));
}
