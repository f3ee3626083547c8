//! The chart of the project as a table: every sound, how it is cued, and what the built-in chart says of it.

mod table;

use super::{DialogContext, foot, path_row, title, typed_path};
use crate::app::i18n::{language, tr, tr_with};
use crate::app::intent::{ChartIntent, Intent, PickFor};
use crate::app::theme::tokens;
use crate::app::widgets::{Tone, field_error, field_label, list_line, message_strip, plain_button, primary_button};
use crate::cueing::chart::{Chart, Difference, OwnChart, Slot};
use egui::{ComboBox, RichText, ScrollArea, TextEdit, Ui};

/// The part of the table that is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tab {
    #[default]
    Consonants,
    Vowels,
    Rules,
}

impl Tab {
    const ALL: [Self; 3] = [Self::Consonants, Self::Vowels, Self::Rules];

    fn name(self) -> &'static str {
        match self {
            Self::Consonants => tr("Consonants"),
            Self::Vowels => tr("Vowels"),
            Self::Rules => tr("Rules"),
        }
    }

    fn holds(self, slot: &Slot) -> bool {
        match slot {
            Slot::Consonant(..) => self == Self::Consonants,
            Slot::Vowel(..) => self == Self::Vowels,
            _ => self == Self::Rules,
        }
    }
}

/// The chart as the user has changed it so far.
#[derive(Clone, Debug)]
pub struct ChartForm {
    pub chart: Chart,
    pub tab: Tab,
    /// Only cells that are otherwise than in the built-in chart.
    pub only_changed: bool,
    /// A file to import from or to export to.
    pub path: String,
    pub failure: Option<String>,
    /// What was done with a file.
    pub done: Option<String>,
}

impl ChartForm {
    pub fn new(chart: &Chart, path: String) -> Self {
        let chart = chart.clone();
        Self { chart, tab: Tab::default(), only_changed: false, path, failure: None, done: None }
    }

    /// Goes on with another chart, as one that was imported.
    pub fn take(&mut self, chart: Chart) {
        self.chart = chart;
        self.failure = None;
        self.only_changed = false;
    }
}

/// Draws the form; true when it is to be closed.
pub fn show(ui: &mut Ui, form: &mut ChartForm, context: &DialogContext<'_>, out: &mut Vec<Intent>) -> bool {
    let t = tokens(ui);
    let Some(project) = context.project else { return true };
    let base = Chart::builtin(project.language());
    title(ui, tr("Chart of the project"));
    if let Some(failure) = &form.failure {
        message_strip(ui, Tone::Error, failure);
    } else if let Some(done) = &form.done {
        message_strip(ui, Tone::Good, done);
    }
    if let Some(unchecked) = &form.chart.unchecked {
        message_strip(ui, Tone::Warning, language().of(unchecked));
    }
    ui.horizontal_top(|ui| {
        ui.vertical(|ui| {
            let label = field_label(ui, tr("Begin with"));
            begin_with(ui, form, project.chart(), label);
        });
        ui.add_space(12.0);
        ui.vertical(|ui| {
            let label = field_label(ui, tr("Name of the chart"));
            let width = ui.available_width();
            ui.add(TextEdit::singleline(&mut form.chart.name).desired_width(width).char_limit(120)).labelled_by(label);
        });
    });
    files(ui, form, out);
    ui.add_space(6.0);
    let differences = form.chart.differences(base);
    ui.horizontal(|ui| {
        for tab in Tab::ALL {
            ui.selectable_value(&mut form.tab, tab, tab.name());
        }
        ui.add_space(12.0);
        ui.checkbox(&mut form.only_changed, tr("Only what differs"));
        let text = match differences.len() {
            0 => tr("As the built-in chart.").to_owned(),
            1 => tr("1 cell is otherwise than in the built-in chart.").to_owned(),
            n => tr_with("{count} cells are otherwise than in the built-in chart.", &[("count", &n.to_string())]),
        };
        ui.label(RichText::new(text).color(t.text2).small());
    });
    ui.separator();
    let slots: Vec<Slot> = form.chart.slots().into_iter().filter(|s| form.tab.holds(s)).collect();
    let changed = |slot: &Slot| differences.iter().find(|d: &&Difference| d.slot == *slot);
    let shown: Vec<&Slot> = slots.iter().filter(|s| !form.only_changed || changed(s).is_some()).collect();
    let height = (ui.ctx().content_rect().height() - 420.0).clamp(120.0, 460.0);
    let mut wanted = None;
    ScrollArea::vertical().id_salt(("chart", form.tab as u8)).max_height(height).auto_shrink([false, true]).show(
        ui,
        |ui| {
            if shown.is_empty() {
                ui.label(RichText::new(tr("Nothing here differs.")).color(t.text2));
            }
            wanted = table::show(ui, &form.chart, base, form.tab, &shown);
        },
    );
    if let Some((slot, value)) = wanted {
        form.done = None;
        form.failure = form.chart.set(&slot, &value, base).err().map(|e| e.to_string());
    }
    let mut close = false;
    foot(ui, |ui| {
        if primary_button(ui, tr("Use this chart"), true).clicked() {
            out.push(Intent::Chart(ChartIntent::Use(OwnChart::new(form.chart.clone()))));
            close = true;
        }
        close |= plain_button(ui, tr("Cancel")).clicked();
        ui.with_layout(egui::Layout::left_to_right(egui::Align::Center), |ui| {
            let tip = tr("Every cell as the built-in chart has it. It is used when you choose so below.");
            let back = egui::Button::new(tr("Back to the built-in chart"));
            if ui.add_enabled(form.chart != *base, back).on_hover_text(tip).clicked() {
                form.take(base.clone());
            }
        });
    });
    close
}

/// The chart that is changed: that of the project, or one that comes with the program.
fn begin_with(ui: &mut Ui, form: &mut ChartForm, own: &Chart, label: egui::Id) {
    let mut all: Vec<&Chart> = Chart::all_of(own.language).collect();
    if !all.contains(&own) {
        all.insert(0, own);
    }
    let same = all.iter().find(|c| **c == &form.chart);
    let now = same.map_or_else(|| tr("as changed below").to_owned(), |c| c.name.clone());
    let mut chosen = None;
    let combo = ComboBox::from_id_salt("begin with").selected_text(now).width(290.0).show_ui(ui, |ui| {
        for chart in &all {
            if list_line(ui, **chart == form.chart, chart.name.as_str()) {
                chosen = Some((*chart).clone());
            }
        }
    });
    combo.response.labelled_by(label);
    if let Some(chart) = chosen {
        form.done = None;
        form.take(chart);
    }
}

/// The row of the file: import from it, export to it.
fn files(ui: &mut Ui, form: &mut ChartForm, out: &mut Vec<Intent>) {
    let label = field_label(ui, tr("Chart file"));
    let about = tr("Choose the file that a chart is read from.");
    let (changed, browse) = path_row(ui, &mut form.path, label, tr("a chart"), tr("a file such as chart.ron"), about);
    if changed {
        form.failure = None;
        form.done = None;
    }
    if browse {
        out.push(Intent::Pick(PickFor::Chart));
    }
    ui.horizontal(|ui| {
        let path = typed_path(&form.path);
        if ui.button(tr("Import")).on_hover_text(tr("Go on with the chart of the file.")).clicked() {
            match &path {
                Some(path) => out.push(Intent::Chart(ChartIntent::Import(path.clone()))),
                None => form.failure = Some(tr("Name the file of the chart.").to_owned()),
            }
        }
        if ui.button(tr("Export chart")).on_hover_text(tr("Write the chart as it stands here to the file.")).clicked() {
            match &path {
                Some(path) => {
                    let chart = Box::new(form.chart.clone());
                    out.push(Intent::Chart(ChartIntent::Export(path.clone(), chart)));
                }
                None => form.failure = Some(tr("Name the file of the chart.").to_owned()),
            }
        }
        if path.as_ref().is_some_and(|p| p.is_dir()) {
            field_error(ui, tr("This is a folder; name a file in it."));
        }
    });
}
