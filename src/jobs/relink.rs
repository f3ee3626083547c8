//! Missing media found again: what a project refers to and cannot be found, and what a file that the user points at
//! puts right, with what else lies beside it.

use crate::document::edit::Edit;
use crate::document::{Project, Sound, file};
use crate::media;
use crate::render::identity::{Identity, RON as IDENTITY_FILE};
use std::path::{Path, PathBuf};

/// What is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    Sound,
    Identity,
}

/// One thing that a project refers to and that is not there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    pub wanted: Wanted,
    /// Name of the file or folder, by which the user knows it.
    pub name: String,
    /// Where it should be.
    pub expected: PathBuf,
    /// Where it was last seen, if that is another place.
    pub last_seen: Option<PathBuf>,
}

fn name_of(path: &str) -> String {
    path.rsplit(['/', '\\']).next().unwrap_or(path).to_owned()
}

/// All that the project in `folder` refers to and that is not there.
pub fn missing(folder: &Path, project: &Project) -> Vec<Missing> {
    let mut all = Vec::new();
    let media = &project.sound.media;
    if file::find_media(folder, media).is_none() {
        let expected = folder.join(&media.path);
        let seen = PathBuf::from(&media.absolute_hint);
        let last_seen = (!media.absolute_hint.is_empty() && seen != expected).then_some(seen);
        all.push(Missing { wanted: Wanted::Sound, name: name_of(&media.path), expected, last_seen });
    }
    let identity = &project.identity;
    if !Identity::builtin_names().contains(&identity.as_str()) && !folder.join(identity).is_dir() {
        let expected = folder.join(identity);
        all.push(Missing { wanted: Wanted::Identity, name: name_of(identity), expected, last_seen: None });
    }
    all
}

/// Why a file is not what was asked for.
#[derive(Debug, thiserror::Error)]
pub enum Doubt {
    #[error("This is not the recording \"{0}\": its content differs. The cues stay where they are and may not fit it.")]
    Content(String),
    #[error(
        "This is not the recording \"{name}\": its content differs, and it is {by} s longer. The cues stay where they are and may not fit it."
    )]
    Longer { name: String, by: String },
    #[error(
        "This is not the recording \"{name}\": its content differs, and it is {by} s shorter. The cues stay where they are and may not fit it."
    )]
    Shorter { name: String, by: String },
    #[error("the file holds no sound; choose the recording: {0}")]
    NoSound(PathBuf),
}

/// What a file puts right.
#[derive(Clone, Debug, PartialEq)]
pub struct Relinked {
    /// One step of history.
    pub edit: Edit,
    /// What was found, as words for the user.
    pub found: Vec<String>,
    /// The file is not the one that was there before; the user may want it all the same.
    pub different: Option<String>,
}

/// Puts `path` in the place of the project's sound, and finds what else is missing beside it. The folder of an identity
/// (or the file in it) is put in the place of the project's identity; the recording from which a slowed sound was made
/// is taken for what it is.
///
/// # Errors
/// A file that is not there or holds no sound.
pub fn relink(folder: &Path, project: &Project, path: &Path) -> anyhow::Result<Relinked> {
    if let Some(identity) = identity_folder(path) {
        Identity::load(&identity)?;
        let found = vec![identity.display().to_string()];
        let edit = Edit::SetIdentity(file::media_ref(folder, &identity, String::new()).path);
        return Ok(Relinked { edit, found, different: None });
    }
    let info = media::probe(path)?;
    if info.sound.is_none() {
        return Err(Doubt::NoSound(path.to_owned()).into());
    }
    let hash = media::content_hash(path)?;
    let old = &project.sound;
    if old.source.as_ref().is_some_and(|source| source.hash == hash) && hash != old.media.hash {
        let source = Some(file::media_ref(folder, path, hash));
        let edit = Edit::SetSound(Box::new(Sound { source, ..old.clone() }));
        return Ok(Relinked { edit, found: vec![path.display().to_string()], different: None });
    }
    let same = old.media.hash.is_empty() || hash == old.media.hash;
    let mut sound = Sound { media: file::media_ref(folder, path, hash), ..old.clone() };
    let mut different = None;
    if !same {
        if info.duration.0 > 0.0 {
            sound.length = info.duration;
        }
        let name = name_of(&old.media.path);
        let more = (info.duration - old.length).0;
        let by = format!("{:.1}", more.abs());
        let doubt = match more {
            _ if info.duration.0 <= 0.0 || more.abs() < 0.05 => Doubt::Content(name),
            more if more > 0.0 => Doubt::Longer { name, by },
            _ => Doubt::Shorter { name, by },
        };
        different = Some(doubt.to_string());
    }
    let mut found = vec![path.display().to_string()];
    let mut edits = vec![Edit::SetSound(Box::new(sound))];
    for other in missing(folder, project) {
        if other.wanted == Wanted::Identity
            && let Some(beside) = beside(path, &other.name)
        {
            found.push(beside.display().to_string());
            edits.push(Edit::SetIdentity(file::media_ref(folder, &beside, String::new()).path));
        }
    }
    Ok(Relinked { edit: Edit::Many { name: "Relink media", edits }, found, different })
}

/// The folder of an identity, when `path` is one or the file in it that describes it.
fn identity_folder(path: &Path) -> Option<PathBuf> {
    let folder = if path.is_dir() { path } else { path.parent().filter(|_| path.ends_with(IDENTITY_FILE))? };
    folder.join(IDENTITY_FILE).is_file().then(|| folder.to_owned())
}

/// A folder of an identity beside a file, or beside the folder that the file is in.
fn beside(path: &Path, name: &str) -> Option<PathBuf> {
    path.ancestors().skip(1).take(2).map(|folder| folder.join(name)).find(|p| p.join(IDENTITY_FILE).is_file())
}

/// A file of that name and content near the project: in its folder, in those within it, or beside it. Looks at file
/// names only, and at the content of those that fit.
pub fn search(folder: &Path, project: &Project) -> Option<PathBuf> {
    let media = &project.sound.media;
    let name = name_of(&media.path);
    let mut places = vec![folder.to_owned()];
    places.extend(folder.parent().map(Path::to_owned));
    places.extend(Path::new(&media.absolute_hint).parent().map(Path::to_owned));
    let inside: Vec<PathBuf> =
        std::fs::read_dir(folder).ok()?.flatten().map(|e| e.path()).filter(|p| p.is_dir()).collect();
    places.extend(inside);
    places
        .into_iter()
        .map(|place| place.join(&name))
        .filter(|path| path.is_file())
        .find(|path| media::content_hash(path).is_ok_and(|hash| hash == media.hash))
}
