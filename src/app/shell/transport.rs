//! The transport bar under the picture: play, step, time, speed, and the overlays.

use crate::app::commands::Command;
use crate::app::i18n::{number, tr, tr_with};
use crate::app::icons::Icon;
use crate::app::intent::Intent;
use crate::app::theme::{self, tokens};
use crate::app::viewport::Overlays;
use crate::app::widgets::{command_button, icon_button};
use crate::time::Seconds;
use egui::{Align, ComboBox, Layout, RichText, Ui};

/// What the bar shows.
pub struct TransportInput {
    pub playhead: Seconds,
    pub length: Seconds,
    pub playing: bool,
    pub looped: bool,
    pub speed: f64,
    pub keys_per_second: f64,
    pub overlays: Overlays,
    pub has_key: bool,
}

pub fn transport(ui: &mut Ui, input: &TransportInput, out: &mut Vec<Intent>) {
    let t = tokens(ui);
    // A narrow window keeps what is needed most.
    let room = ui.available_width();
    ui.horizontal_centered(|ui| {
        ui.spacing_mut().item_spacing.x = 2.0;
        command_button(ui, Icon::ToStart, Command::GoToStart, false, true, out);
        command_button(ui, Icon::Back, Command::PreviousKey, false, true, out);
        let icon = if input.playing { Icon::Pause } else { Icon::Play };
        command_button(ui, icon, Command::PlayPause, input.playing, true, out);
        command_button(ui, Icon::Forward, Command::NextKey, false, true, out);
        command_button(ui, Icon::ToEnd, Command::GoToEnd, false, true, out);
        command_button(ui, Icon::Loop, Command::LoopSelection, input.looped, input.looped || input.has_key, out);
        command_button(ui, Icon::PlayAround, Command::PlayAround, false, input.has_key, out);
        ui.add_space(8.0);
        let time = RichText::new(input.playhead.timecode()).font(theme::mono(theme::BODY)).color(t.text1);
        ui.label(time);
        ui.label(
            RichText::new(format!(" / {}", input.length.timecode())).font(theme::mono(theme::BODY)).color(t.text3),
        );
        ui.add_space(8.0);
        speed(ui, input.speed, out);
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
                ] {
                    let mut on = on;
                    if ui.checkbox(&mut on, command.info().text).on_hover_text(command.tooltip(ui.ctx())).changed() {
                        out.push(Intent::Do(command));
                    }
                }
            });
            if room > 450.0 {
                command_button(ui, Icon::Fit, Command::FitPicture, false, true, out);
            }
            if room > 640.0 {
                let text = tr_with("{speed} keys/s", &[("speed", &number(input.keys_per_second, 1))]);
                ui.label(RichText::new(text).color(t.text2).small())
                    .on_hover_text(tr("How fast the cues follow each other."));
            }
        });
    });
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
    format!("{}×", number(speed, decimals))
}

fn speed(ui: &mut Ui, now: f64, out: &mut Vec<Intent>) {
    let combo = ComboBox::from_id_salt("speed").selected_text(times(now)).width(64.0).show_ui(ui, |ui| {
        for percent in [25, 50, 75, 100] {
            let value = f64::from(percent) / 100.0;
            if ui.selectable_label((value - now).abs() < 1e-6, times(value)).clicked() {
                out.push(Intent::Do(Command::Speed(percent)));
            }
        }
    });
    combo.response.accessible_name(tr("Speed")).on_hover_text(tr("Speed of playing"));
}
