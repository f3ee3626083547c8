//! The panel at the left: the recording, the person, and the list of problems that leads to each of them.

use crate::app::i18n::{number, tr, tr_with};
use crate::app::icons;
use crate::app::intent::Intent;
use crate::app::opened::Opened;
use crate::app::theme::{self, tokens};
use crate::app::widgets::{Tone, fact, message_strip, panel_title};
use crate::document::SoundOrigin;
use egui::{Align2, Rect, RichText, Role, Sense, Ui, Vec2, WidgetInfo, pos2, vec2};

pub fn project_panel(ui: &mut Ui, opened: &Opened, chosen: Option<usize>, out: &mut Vec<Intent>) {
    let t = tokens(ui);
    let project = opened.project();
    panel_title(ui, &project.title);
    ui.label(RichText::new(shortened(&project.source_text, 90)).color(t.text2)).on_hover_text(&project.source_text);
    ui.add_space(4.0);
    let file = project.sound.media.path.rsplit('/').next().unwrap_or_default();
    fact(ui, tr("Sound"), file);
    match &project.sound.origin {
        SoundOrigin::Recording => fact(ui, tr("Origin"), tr("Recording")),
        SoundOrigin::Synthesised { voice } => {
            fact(ui, tr("Origin"), tr_with("Synthesised, {voice}", &[("voice", voice)]))
        }
    }
    fact(ui, tr("Length"), project.length().timecode());
    let rate = crate::app::dialogs::export::rate(project.settings.fps);
    fact(ui, tr("Frames"), tr_with("{rate} a second", &[("rate", &rate)]));
    fact(ui, tr("Language"), project.language().name());
    fact(ui, tr("Identity"), opened.identity.title.as_str());
    let (count, speed) = (project.tiers.keys.len().to_string(), number(project.keys_per_second(), 1));
    fact(ui, tr("Keys"), tr_with("{count}, {speed} a second", &[("count", &count), ("speed", &speed)]));
    if let Some(message) = &opened.sound_message {
        ui.add_space(8.0);
        message_strip(ui, Tone::Warning, message);
    }
    let problems = &opened.board.problems;
    ui.add_space(8.0);
    ui.separator();
    let title = match problems.len() {
        0 => tr("Problems").to_owned(),
        n => format!("{}  {n}", tr("Problems")),
    };
    panel_title(ui, &title);
    if problems.is_empty() {
        ui.horizontal(|ui| {
            crate::app::widgets::icon_label(ui, icons::Icon::Check, t.ok);
            ui.label(RichText::new(tr("Nothing needs a look.")).color(t.text2));
        });
        return;
    }
    egui::ScrollArea::vertical().id_salt("problems").auto_shrink(false).show_rows(
        ui,
        ROW,
        problems.len(),
        |ui, rows| {
            ui.spacing_mut().item_spacing.y = 0.0;
            problem_rows(ui, opened, rows, chosen, out);
        },
    );
}

/// Height of one problem.
const ROW: f32 = 40.0;

fn problem_rows(
    ui: &mut Ui,
    opened: &Opened,
    rows: std::ops::Range<usize>,
    chosen: Option<usize>,
    out: &mut Vec<Intent>,
) {
    let t = tokens(ui);
    for index in rows {
        let problem = &opened.board.problems[index];
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::click());
        let label = tr_with("Problem: {title} {place}", &[("title", &problem.title), ("place", &problem.place)]);
        response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, true, chosen == Some(index), &label));
        if !ui.is_rect_visible(rect) {
            continue;
        }
        let ground = if chosen == Some(index) {
            t.accent_fill()
        } else if response.hovered() {
            t.surface2
        } else {
            t.surface1
        };
        let painter = ui.painter_at(rect);
        painter.rect_filled(rect, theme::RADIUS, ground);
        let icon = Rect::from_center_size(pos2(rect.left() + 14.0, rect.top() + 14.0), Vec2::splat(16.0));
        icons::paint(&painter, icon, problem.tone.icon(), problem.tone.color(t));
        let left = rect.left() + 28.0;
        painter.text(
            pos2(left, rect.top() + 13.0),
            Align2::LEFT_CENTER,
            &problem.title,
            theme::regular(theme::BODY),
            t.text1,
        );
        let place = format!("{}  {}", problem.time.timecode(), problem.place);
        painter.text(pos2(left, rect.top() + 29.0), Align2::LEFT_CENTER, place, theme::regular(theme::SMALL), t.text2);
        crate::app::widgets::focus_ring(ui, &response);
        if response.on_hover_text(&problem.remedy).clicked() {
            out.push(Intent::GoToProblem(index));
        }
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
