//! The project: its recording, its text, the person who cues, and the facts of it.

use crate::app::Studio;
use crate::app::i18n::{capitalised, number, tr, tr_message, tr_with};
use crate::app::icons::{self, Icon};
use crate::app::intent::Intent;
use crate::app::theme::{self, tokens};
use crate::app::widgets::{Tone, fact, focus_ring, message_strip, panel_title, section};
use crate::document::SoundOrigin;
use crate::document::edit::Edit;
use crate::render::identity::Identity;
use egui::{Align2, Rect, RichText, Role, Sense, Ui, Vec2, WidgetInfo, pos2, vec2};

/// Draws the pane.
pub fn project_panel(ui: &mut Ui, studio: &Studio, out: &mut Vec<Intent>) {
    let t = tokens(ui);
    let Some(opened) = &studio.opened else { return };
    let project = opened.project();
    panel_title(ui, &project.title);
    ui.label(RichText::new(shortened(&project.source_text, 64)).color(t.text2)).on_hover_text(&project.source_text);
    ui.add_space(4.0);
    let file = project.sound.media.path.rsplit('/').next().unwrap_or_default();
    fact(ui, tr("Sound"), file);
    match &project.sound.origin {
        SoundOrigin::Recording => fact(ui, tr("Origin"), tr("Recording")),
        SoundOrigin::Synthesised { voice } => {
            fact(ui, tr("Origin"), tr_with("Synthesised, {voice}", &[("voice", voice)]));
        }
    }
    fact(ui, tr("Length"), project.length().timecode());
    let rate = crate::app::dialogs::export::rate(project.settings.fps);
    fact(ui, tr("Frames"), tr_with("{rate} a second", &[("rate", &rate)]));
    fact(ui, tr("Language"), project.language().name());
    let (count, speed) = (project.tiers.keys.len().to_string(), number(project.keys_per_second(), 1));
    fact(ui, tr("Keys"), tr_with("{count}, {speed} a second", &[("count", &count), ("speed", &speed)]));
    if let Some(message) = &opened.sound_message {
        ui.add_space(8.0);
        message_strip(ui, Tone::Warning, &tr_message(message));
        super::problems_panel::relink_button(ui, out);
    }
    ui.add_space(4.0);
    section(ui, tr("Identity"));
    let names = Identity::builtin_names();
    if !names.contains(&project.identity.as_str()) {
        identity_row(ui, &project.identity, &opened.identity.title, true, out);
    }
    for name in names {
        identity_row(ui, name, &capitalised(name), project.identity == *name, out);
    }
}

/// One person: a click has the project cued by them.
fn identity_row(ui: &mut Ui, name: &str, title: &str, chosen: bool, out: &mut Vec<Intent>) {
    let t = tokens(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), theme::ROW), Sense::click());
    let label = tr_with("Identity {name}", &[("name", title)]);
    response.widget_info(|| WidgetInfo::selected(Role::RadioButton, true, chosen, &label));
    if ui.is_rect_visible(rect) {
        let ground = if chosen {
            t.accent_fill()
        } else if response.hovered() {
            t.surface2
        } else {
            t.surface1
        };
        ui.painter().rect_filled(rect, theme::RADIUS, ground);
        let place = Rect::from_center_size(pos2(rect.left() + 14.0, rect.center().y), Vec2::splat(icons::SIZE));
        icons::paint(ui.painter(), place, if chosen { Icon::Check } else { Icon::Person }, t.text2);
        let left = pos2(rect.left() + 28.0, rect.center().y);
        ui.painter().text(left, Align2::LEFT_CENTER, title, theme::regular(theme::BODY), t.text1);
        focus_ring(ui, &response);
    }
    if response.on_hover_text(tr("Who cues in the video.")).clicked() && !chosen {
        out.push(Intent::Edit(Edit::SetIdentity(name.to_owned())));
    }
}

/// At most so many letters, cut with "…".
fn shortened(text: &str, most: usize) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().count() <= most {
        return text;
    }
    let mut cut: String = text.chars().take(most).collect();
    cut.push('…');
    cut
}
