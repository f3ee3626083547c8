//! The sample projects that come with the program: found beside the program or in its source folder.

use crate::document::file;
use crate::language::Language;
use std::path::PathBuf;

/// Folders that may hold `projects/`.
fn places() -> Vec<PathBuf> {
    let mut places = Vec::new();
    if let Ok(here) = std::env::current_dir() {
        places.push(here);
    }
    if let Ok(program) = std::env::current_exe() {
        places.extend(program.ancestors().skip(1).take(4).map(PathBuf::from));
    }
    places.push(PathBuf::from(env!("CARGO_MANIFEST_DIR")));
    places
}

/// The sample of a language.
pub fn find(language: Language) -> Option<PathBuf> {
    places().into_iter().find_map(|place| {
        let mut folders: Vec<PathBuf> =
            std::fs::read_dir(place.join("projects")).ok()?.flatten().map(|e| e.path()).collect();
        folders.sort();
        folders.into_iter().find(|f| file::load(f).is_ok_and(|p| p.language() == language))
    })
}
