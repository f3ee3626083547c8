//! Charts from files and for projects: found by name or path, checked, and written.

use crate::cueing::chart::{Chart, ChartError, OwnChart, SHIPPED};
use crate::document::{Project, file};
use crate::language::Language;
use std::path::{Path, PathBuf};

/// The word for the built-in chart of a project's language.
pub const BUILT_IN: &str = "built-in";
/// Longer files are no charts, bytes.
const LARGEST: u64 = 4 << 20;

/// Why there is no chart.
#[derive(Debug, thiserror::Error)]
pub enum ChartFileError {
    #[error("the chart cannot be read ({source}); check its name: {path}")]
    Unreadable { source: std::io::Error, path: PathBuf },
    #[error("this file is too large for a chart; choose another one: {0}")]
    TooLarge(PathBuf),
    #[error("the chart is not UTF-8 text; save it as UTF-8 and try again: {0}")]
    NotText(PathBuf),
    #[error("the chart is not right: {0}")]
    Wrong(#[from] ChartError),
    #[error("the chart is of {chart}, and the project of {project}; choose a chart of the same language")]
    OtherLanguage { chart: &'static str, project: &'static str },
}

/// Reads and checks a chart.
///
/// # Errors
/// A file that cannot be read, and a chart with a mistake: line, column and what to do are said.
pub fn read(path: &Path) -> Result<Chart, ChartFileError> {
    let unreadable = |source| ChartFileError::Unreadable { source, path: path.to_owned() };
    if std::fs::metadata(path).map_err(unreadable)?.len() > LARGEST {
        return Err(ChartFileError::TooLarge(path.to_owned()));
    }
    let bytes = std::fs::read(path).map_err(unreadable)?;
    let text = String::from_utf8(bytes).map_err(|_| ChartFileError::NotText(path.to_owned()))?;
    Ok(Chart::parse(text.trim_start_matches('\u{feff}'), &path.display().to_string())?)
}

/// The chart that a user names for a language: "built-in", one that comes with the program (`eng-GB`), or a file.
/// `None` is the built-in one.
///
/// # Errors
/// As [`read`], and a chart of another language.
pub fn choose(name: &str, language: Language) -> Result<Option<OwnChart>, ChartFileError> {
    if name == BUILT_IN {
        return Ok(None);
    }
    let path = Path::new(name);
    let shipped = Chart::shipped(name).filter(|_| !path.exists());
    let chart = match shipped {
        Some(chart) => chart.clone(),
        None => read(path)?,
    };
    for_language(chart, language)
}

/// A chart for a project of a language; `None` when it is the built-in one.
///
/// # Errors
/// A chart of another language.
pub fn for_language(chart: Chart, language: Language) -> Result<Option<OwnChart>, ChartFileError> {
    if chart.language != language {
        return Err(ChartFileError::OtherLanguage { chart: chart.language.name(), project: language.name() });
    }
    Ok(OwnChart::new(chart))
}

/// The chart that a name stands for, to be written: that of a project in a folder, or one that comes with the program.
///
/// # Errors
/// A project that cannot be read; `None` when there is neither a project nor a chart of that name.
pub fn named(name: &str) -> Result<Option<Chart>, file::FileError> {
    let path = Path::new(name);
    if file::project_folder(path).join(file::FILE_NAME).is_file() {
        let project: Project = file::load(path)?;
        return Ok(Some(project.chart().clone()));
    }
    Ok(Chart::shipped(name).cloned())
}

/// The names of the charts that come with the program.
pub fn shipped_names() -> String {
    SHIPPED.join(", ")
}

/// Writes a chart, whole or not at all.
///
/// # Errors
/// A file that cannot be written.
pub fn write(path: &Path, chart: &Chart) -> Result<(), file::FileError> {
    file::write_whole(path, chart.to_ron().as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chart_is_written_chosen_and_refused_for_another_language() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("mine.ron");
        let base = Chart::builtin(Language::French);
        write(&path, base).expect("written");
        assert_eq!(read(&path).expect("a chart"), *base);
        let name = path.to_string_lossy();
        assert_eq!(choose(&name, Language::French).expect("the same"), None, "the built-in one is no chart of its own");
        let refused = choose(&name, Language::Mandarin).expect_err("another language");
        assert!(matches!(refused, ChartFileError::OtherLanguage { .. }), "{refused}");
        assert_eq!(choose(BUILT_IN, Language::Mandarin).expect("there"), None);
        let british = choose("eng-GB", Language::AmericanEnglish).expect("shipped").expect("of its own");
        assert!(british.unchecked.is_some());
        std::fs::write(&path, "(schema: 1, language: \"fra\"").expect("written");
        let wrong = read(&path).expect_err("cut off");
        assert!(wrong.to_string().contains("line 1") && wrong.to_string().contains("mine.ron"), "{wrong}");
        std::fs::write(&path, [0xff, 0xfe, 0x00]).expect("written");
        assert!(matches!(read(&path), Err(ChartFileError::NotText(_))));
        assert!(matches!(read(&dir.path().join("none.ron")), Err(ChartFileError::Unreadable { .. })));
    }
}
