//! Every place that deserves a look, by kind, with what it means and what can be done about it at once.
//!
//! A click goes there. With the keyboard: arrows walk along the list and go to each, Enter does the first remedy,
//! Delete marks the problem as seen.

use crate::app::Studio;
use crate::app::board::{Problem, Target, position_letters};
use crate::app::commands::Command;
use crate::app::dock::Pane;
use crate::app::i18n::{tr, tr_message, tr_with};
use crate::app::icons::{self, Icon};
use crate::app::intent::Intent;
use crate::app::list::{RowList, RowLook, row_text};
use crate::app::problems::{self, Line, ProblemKind, mark_of};
use crate::app::theme::{self, tokens};
use crate::app::widgets::{Tone, icon_button, icon_label, message_strip, search_field};
use crate::document::Project;
use egui::{Align2, Frame, Id, Margin, Painter, PopupCloseBehavior, Rect, RichText, Ui, UiBuilder, Vec2, pos2};

/// Height of one line of the list.
const ROW: f32 = 24.0;
/// Most height that what is said about the chosen problem takes of the pane.
const ABOUT: f32 = 0.6;

/// Draws the pane.
pub fn problems_panel(ui: &mut Ui, studio: &mut Studio, out: &mut Vec<Intent>) {
    let t = tokens(ui);
    let Some(opened) = &studio.opened else { return };
    let view = &mut studio.problems;
    let seen = &studio.seen;
    let all = &opened.board.problems;
    if let Some(message) = &opened.sound_message {
        message_strip(ui, Tone::Warning, &tr_message(message));
        relink_button(ui, out);
        ui.add_space(4.0);
    }
    let aside = all.len() - problems::open_count(all, seen);
    filter_bar(ui, view, all, aside);
    let lines = view.lines(all, seen);
    let chosen = studio.view.problem.filter(|i| *i < all.len());
    if lines.is_empty() {
        ui.add_space(4.0);
        ui.horizontal(|ui| {
            let (icon, color, text) = if all.is_empty() || (aside == all.len() && !view.with_seen) {
                (Icon::Check, t.ok, tr("Nothing needs a look."))
            } else {
                (Icon::Search, t.text2, tr("No problem matches the filter."))
            };
            icon_label(ui, icon, color);
            ui.label(RichText::new(text).color(t.text2));
        });
        return;
    }
    // What is said about the chosen one stands below the list, as high as it needs to be.
    let full = ui.available_rect_before_wrap();
    let about_height = view.about_height.clamp(40.0, (full.height() * ABOUT).max(40.0));
    let mut list_rect = full;
    if chosen.is_some() {
        list_rect.max.y -= about_height + 4.0;
    }
    // With rows to walk along, the keyboard goes to them and not to the pane as a whole.
    let wants_keyboard = studio.dock.wanted_focus == Some(Pane::Problems);
    if wants_keyboard {
        studio.dock.wanted_focus = None;
    }
    let row_of = |index: usize| lines.iter().position(|l| matches!(l, Line::Problem(i, _) if *i == index));
    let chosen_row = chosen.and_then(row_of);
    if let Some(row) = chosen_row.filter(|_| !ui.memory(|m| m.focused().is_some())) {
        view.list.put(row);
    }
    if wants_keyboard {
        // The first line is the name of a group; the keyboard begins at a problem.
        view.list.at = chosen_row.unwrap_or(1);
        view.list.reveal = true;
        view.list.take_keyboard = true;
        if chosen_row.is_none()
            && let Some(Line::Problem(i, _)) = lines.get(1)
        {
            out.push(Intent::GoToProblem(*i));
        }
    }
    let name = |row: usize| match lines[row] {
        Line::Group(kind, count) => group_name(kind, count),
        Line::Problem(i, is_seen) => {
            let problem = &all[i];
            let name = format!("{} {}", tr(&problem.title), problem.place);
            let name = tr_with("Problem: {name}", &[("name", name.trim())]);
            if is_seen { format!("{name}, {}", tr("seen")) } else { name }
        }
    };
    let tooltip = |row: usize| match lines[row] {
        Line::Problem(i, _) => Some(tr_message(&all[i].remedy)),
        Line::Group(..) => None,
    };
    let list = RowList {
        id: Id::unique("problem list"),
        count: lines.len(),
        row_height: ROW,
        chosen: chosen_row,
        name: &name,
        tooltip: &tooltip,
    };
    let project = opened.project();
    let rows = &mut view.list;
    let events = ui.scope_builder(UiBuilder::new().max_rect(list_rect), |ui| {
        list.show(ui, rows, |_, painter, look| match lines[look.index] {
            Line::Group(kind, count) => paint_group(painter, look, kind, count, t),
            Line::Problem(i, is_seen) => paint_problem(painter, look, &all[i], is_seen, project, t),
        })
    });
    let events = events.inner;
    let problem_at = |row: usize| match lines[row] {
        Line::Problem(i, is_seen) => Some((i, is_seen)),
        Line::Group(..) => None,
    };
    // Drawn after the list, so that Tab goes from a problem to its remedies.
    if let Some(index) = chosen {
        let below = Rect::from_min_max(pos2(full.left(), full.bottom() - about_height), full.max);
        let is_seen = seen.contains(&mark_of(&all[index]));
        let needed = ui.scope_builder(UiBuilder::new().max_rect(below), |ui| {
            let area = egui::ScrollArea::vertical().id_salt("about the problem").auto_shrink(false);
            area.show(ui, |ui| about_ui(ui, index, &all[index], is_seen, project, out)).content_size.y
        });
        if (needed.inner - view.about_height).abs() > 0.5 {
            view.about_height = needed.inner;
            ui.request_repaint();
        }
    }
    if let Some((i, _)) = events.clicked.or(events.walked_to).and_then(problem_at) {
        out.push(Intent::GoToProblem(i));
    }
    if let Some((i, _)) = events.entered.and_then(problem_at) {
        out.push(Intent::Remedy(i, 0));
    }
    if let Some((i, is_seen)) = events.deleted.and_then(problem_at) {
        out.push(Intent::MarkSeen(i, !is_seen));
    }
}

/// What helps against a missing recording.
pub fn relink_button(ui: &mut Ui, out: &mut Vec<Intent>) {
    let info = Command::RelinkMedia.info();
    if ui.button(tr("Find the recording…")).on_hover_text(info.tooltip).clicked() {
        out.push(Intent::Do(Command::RelinkMedia));
    }
}

fn group_name(kind: ProblemKind, count: usize) -> String {
    tr_with("{kind}: {count}", &[("kind", tr(kind.title())), ("count", &count.to_string())])
}

/// Search, and which kinds are listed.
fn filter_bar(ui: &mut Ui, view: &mut problems::ProblemsView, all: &[Problem], aside: usize) {
    let t = tokens(ui);
    ui.horizontal(|ui| {
        let filtered = !view.hidden.is_empty() || view.with_seen;
        let button = icon_button(ui, Icon::Sliders, tr("Filter the problems"), filtered)
            .on_hover_text(tr("Choose which kinds are listed."));
        egui::Popup::menu(&button).close_behavior(PopupCloseBehavior::CloseOnClickOutside).show(|ui| {
            ui.set_min_width(200.0);
            for kind in ProblemKind::ALL {
                let count = all.iter().filter(|p| p.kind == kind).count();
                let mut on = !view.hidden.contains(&kind);
                if ui.checkbox(&mut on, group_name(kind, count)).changed() {
                    if on {
                        view.hidden.remove(&kind)
                    } else {
                        view.hidden.insert(kind)
                    };
                }
            }
            ui.separator();
            let text = tr_with("Also those marked as seen: {count}", &[("count", &aside.to_string())]);
            ui.checkbox(&mut view.with_seen, text);
        });
        search_field(ui, &mut view.search, tr("Search the problems"));
    });
    if !view.hidden.is_empty() {
        let hidden = view.hidden.iter().map(|k| all.iter().filter(|p| p.kind == *k).count()).sum::<usize>();
        if hidden > 0 {
            let text = tr_with("{count} left out by the filter", &[("count", &hidden.to_string())]);
            ui.label(RichText::new(text).font(theme::regular(theme::SMALL)).color(t.text3));
        }
    }
    ui.add_space(4.0);
}

fn paint_group(painter: &Painter, look: RowLook, kind: ProblemKind, count: usize, t: &theme::Tokens) {
    let rect = look.rect;
    painter.rect_filled(rect, 0.0, t.surface1);
    let icon = Rect::from_center_size(pos2(rect.left() + 10.0, rect.center().y), Vec2::splat(16.0));
    icons::paint(painter, icon, kind.tone().icon(), kind.tone().color(t));
    let right = rect.right() - 6.0;
    let count = painter.text(
        pos2(right, rect.center().y),
        Align2::RIGHT_CENTER,
        count.to_string(),
        theme::regular(theme::SMALL),
        t.text2,
    );
    let left = rect.left() + 24.0;
    let text = tr(kind.title());
    let mut job = egui::text::LayoutJob::simple_singleline(text.to_owned(), theme::bold(12.0), t.text1);
    job.wrap = egui::text::TextWrapping::truncate_at_width((count.left() - 8.0 - left).max(0.0));
    let galley = painter.layout_job(job);
    painter.galley(pos2(left, rect.center().y - galley.size().y / 2.0), galley, t.text1);
}

fn paint_problem(
    painter: &Painter,
    look: RowLook,
    problem: &Problem,
    is_seen: bool,
    project: &Project,
    t: &theme::Tokens,
) {
    let rect = look.rect;
    painter.rect_filled(rect, theme::RADIUS, look.ground(t));
    let color = if is_seen { look.quiet(t) } else { t.text1 };
    let y = rect.center().y;
    let time = painter.text(
        pos2(rect.left() + 24.0, y),
        Align2::LEFT_CENTER,
        problem.time.timecode(),
        theme::mono(theme::SMALL),
        t.text2,
    );
    let mut right = rect.right() - 6.0;
    if is_seen {
        let place = Rect::from_center_size(pos2(rect.left() + 12.0, y), Vec2::splat(16.0));
        icons::paint(painter, place, Icon::Check, t.text3);
    }
    if let Target::Key(id) = problem.target
        && let Some(key) = project.key(id)
    {
        let cue = format!("{}-{}", key.shape().0, position_letters(key.position()));
        let place = painter.text(pos2(right, y), Align2::RIGHT_CENTER, cue, theme::mono(theme::SMALL), t.text2);
        right = place.left() - 8.0;
    }
    let place = if problem.place.is_empty() { tr_message(&problem.remedy) } else { problem.place.clone() };
    row_text(painter, time.right() + 8.0, right, y, &place, theme::BODY, color);
}

/// What the chosen problem means, and its remedies as buttons.
fn about_ui(ui: &mut Ui, index: usize, problem: &Problem, is_seen: bool, project: &Project, out: &mut Vec<Intent>) {
    let t = tokens(ui);
    Frame::new().fill(t.surface2).corner_radius(theme::RADIUS).inner_margin(Margin::same(8)).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.horizontal(|ui| {
            icon_label(ui, problem.tone.icon(), problem.tone.color(t));
            ui.label(RichText::new(tr(&problem.title)).font(theme::bold(theme::BODY)).color(t.text1));
        });
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing = egui::vec2(4.0, 4.0);
            for (i, remedy) in problems::remedies(problem, project).iter().enumerate() {
                let text = RichText::new(tr(remedy.label)).color(t.text1);
                let button = egui::Button::new(text).min_size(egui::vec2(0.0, theme::ROW));
                let button = ui.add(if i == 0 { button.fill(t.accent_fill()) } else { button });
                let button = if i == 0 { button.on_hover_text(tr("Enter in the list does this.")) } else { button };
                if button.clicked() {
                    out.push(Intent::Remedy(index, i));
                }
            }
            let text = if is_seen { tr("Mark as not seen") } else { tr("Mark as seen") };
            let button = ui.add(egui::Button::new(text).min_size(egui::vec2(0.0, theme::ROW)));
            if button.on_hover_text(tr("Delete in the list does this. The project is not changed.")).clicked() {
                out.push(Intent::MarkSeen(index, !is_seen));
            }
        });
        ui.add_space(2.0);
        ui.add(egui::Label::new(RichText::new(tr_message(&problem.remedy)).color(t.text2)).wrap());
    });
}
