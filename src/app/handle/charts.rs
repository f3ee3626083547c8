//! The chart of the project: looked at, taken from a file, written, used.

use super::Studio;
use crate::app::dialogs::Dialog;
use crate::app::dialogs::chart::ChartForm;
use crate::app::i18n::{capitalised, tr, tr_message, tr_with};
use crate::app::intent::ChartIntent;
use crate::document::edit::Edit;
use crate::jobs::charts;

impl Studio {
    pub(in crate::app) fn open_chart(&mut self) {
        let Some(opened) = &self.opened else { return };
        let project = opened.project();
        let path = opened.folder.join("chart.ron").to_string_lossy().into_owned();
        self.dialog = Some(Dialog::Chart(Box::new(ChartForm::new(project.chart(), path))));
    }

    pub(in crate::app) fn chart_intent(&mut self, intent: ChartIntent) {
        let Some(opened) = &self.opened else { return };
        let language = opened.project().language();
        match intent {
            ChartIntent::Use(chart) => {
                let name = chart.as_ref().map_or(tr("the built-in chart"), |c| c.name.as_str()).to_owned();
                if chart == opened.project().settings.chart {
                    return;
                }
                self.edit(&Edit::SetChart(chart.clone()));
                if self.opened.as_ref().is_none_or(|o| o.project().settings.chart != chart) {
                    // Refused, which has been said.
                    return;
                }
                self.tell(tr_with("Cued by: {chart}", &[("chart", &name)]));
            }
            ChartIntent::Import(path) => {
                let Some(Dialog::Chart(form)) = &mut self.dialog else { return };
                let chart = charts::read(&path);
                let wrong = |e: &charts::ChartFileError| capitalised(&tr_message(&e.to_string()));
                match chart.and_then(|c| charts::for_language(c.clone(), language).map(|_| c)) {
                    Ok(chart) => {
                        form.done = Some(tr_with("Imported: {chart}", &[("chart", &chart.name)]));
                        form.take(chart);
                    }
                    Err(error) => {
                        form.done = None;
                        form.failure = Some(wrong(&error));
                    }
                }
            }
            ChartIntent::Export(path, chart) => {
                let Some(Dialog::Chart(form)) = &mut self.dialog else { return };
                match charts::write(&path, &chart) {
                    Ok(()) => {
                        form.failure = None;
                        let path = path.display().to_string();
                        form.done = Some(tr_with("The chart is written: {path}", &[("path", &path)]));
                    }
                    Err(error) => {
                        form.done = None;
                        form.failure = Some(capitalised(&tr_message(&error.to_string())));
                    }
                }
            }
        }
    }
}
