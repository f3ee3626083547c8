//! The people a project can be cued by: those inside the program, those in the user's library, and those that belong to
//! a project; and how they come in, go out and change.
//!
//! A project holds the people it shows: one from the library or from a file is copied into its folder `identities` as
//! it is chosen, so that the project stays whole when it is handed on.

use crate::generate::read_back::{POSITIONS, Reach, reach};
use crate::progress::Progress;
use crate::render::identity::{Identity, RON, pack};
use crate::render::{RenderOptions, Renderer, intake};
use image::imageops::FilterType;
use image::{DynamicImage, RgbImage};
use rayon::prelude::*;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

/// Where a project keeps its own people.
pub const FOLDER: &str = "identities";
/// Pictures larger than this are not read.
const LARGEST_PICTURE: u64 = 256 << 20;

/// Why something could not be done with a person.
#[derive(Debug, thiserror::Error)]
pub enum IdentitiesError {
    #[error("there is no identity \"{0}\": it is not built in, not in the library, and no folder or file of that name")]
    Unknown(String),
    #[error("the folder for the library of identities is not known; set HOME, or name a folder")]
    NoLibrary,
    #[error("the picture cannot be read ({source}); check that the file is there and may be read: {path}")]
    Read { path: PathBuf, source: std::io::Error },
    #[error("the picture is larger than 256 MB; choose a smaller one: {0}")]
    TooLarge(PathBuf),
    #[error("the picture is a HEIC photo and could not be converted ({message}); save it as JPEG or PNG: {path}")]
    Heic { path: PathBuf, message: String },
    #[error("an identity inside the program cannot be changed; export it and change the copy")]
    BuiltIn,
}

/// Where a person comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    BuiltIn,
    /// The folder in the user's library.
    Library(PathBuf),
    /// The folder in the project.
    Project(PathBuf),
}

/// A person that can be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// What a project calls them: a built-in name, or a path from the project's folder. A person of the library gets
    /// one when [`install`]ed.
    pub name: String,
    pub title: String,
    pub source: Source,
    pub lacks_consent: bool,
}

/// The user's library of people: beside other data of the user (XDG base directories; %APPDATA%).
pub fn library() -> Option<PathBuf> {
    let set = |name: &str| std::env::var_os(name).filter(|v| !v.is_empty()).map(PathBuf::from);
    let data = set("CUELOOM_DATA").or_else(|| Some(set("XDG_DATA_HOME").or_else(|| set("APPDATA"))?.join("cueloom")));
    let data = data.or_else(|| Some(std::env::home_dir()?.join(".local/share/cueloom")))?;
    Some(data.join(FOLDER))
}

/// All people, in the order built in, library, project. Folders that cannot be read are left out.
pub fn list(library: Option<&Path>, project: Option<&Path>) -> Vec<Listed> {
    let mut all: Vec<Listed> = Identity::builtin_names()
        .iter()
        .map(|name| Listed {
            name: (*name).to_owned(),
            title: Identity::builtin_title(name).unwrap_or(name).to_owned(),
            source: Source::BuiltIn,
            lacks_consent: false,
        })
        .collect();
    let own = project.map(|p| p.join(FOLDER));
    for (folder, of_project) in [(library, false), (own.as_deref(), true)] {
        let Some(entries) = folder.and_then(|f| std::fs::read_dir(f).ok()) else { continue };
        let mut paths: Vec<PathBuf> = entries.flatten().map(|e| e.path()).filter(|p| p.join(RON).is_file()).collect();
        paths.sort();
        for path in paths {
            let Ok(identity) = Identity::load(&path) else { continue };
            let folder_name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            all.push(Listed {
                name: if of_project { format!("{FOLDER}/{folder_name}") } else { folder_name },
                title: identity.title.clone(),
                lacks_consent: identity.lacks_consent(),
                source: if of_project { Source::Project(path) } else { Source::Library(path) },
            });
        }
    }
    all
}

/// A person by name or path: built in, a `.cueid` file, a folder, or one of the library.
pub fn find(name: &str) -> anyhow::Result<(Identity, Source)> {
    if Identity::builtin_names().contains(&name) {
        return Ok((Identity::builtin(name)?, Source::BuiltIn));
    }
    let path = PathBuf::from(name);
    if path.is_file() {
        if path.ends_with(RON) {
            let folder = path.parent().map(Path::to_owned).unwrap_or_default();
            return Ok((Identity::load(&folder)?, Source::Project(folder)));
        }
        return Ok((pack::read(&path)?, Source::Project(path)));
    }
    if path.join(RON).is_file() {
        return Ok((Identity::load(&path)?, Source::Project(path)));
    }
    // A plain name only: nothing outside of the library is reached by it.
    let plain = Path::new(name).components().count() == 1 && !name.contains("..");
    if let Some(folder) = library().filter(|_| plain).map(|l| l.join(name)).filter(|f| f.join(RON).is_file()) {
        return Ok((Identity::load(&folder)?, Source::Library(folder)));
    }
    Err(IdentitiesError::Unknown(name.to_owned()).into())
}

/// Writes a person into a folder of folders under a name that is not taken yet; the same person is not written twice.
/// Gives the folder.
pub fn keep(identity: &Identity, folder: &Path) -> anyhow::Result<PathBuf> {
    let fits = |c: &char| c.is_ascii_alphanumeric() || *c == '-' || *c == '_';
    let name: String = identity.name.chars().filter(fits).take(40).collect();
    let name = if name.is_empty() { "person".to_owned() } else { name };
    for number in 1.. {
        let wanted = folder.join(if number == 1 { name.clone() } else { format!("{name}-{number}") });
        if Identity::load(&wanted).is_ok_and(|there| there == *identity) {
            return Ok(wanted);
        }
        if !wanted.exists() {
            identity.save(&wanted)?;
            return Ok(wanted);
        }
    }
    Err(IdentitiesError::NoLibrary.into())
}

/// Copies a person into a project and gives the name that the project refers to them by.
pub fn install(identity: &Identity, project: &Path) -> anyhow::Result<String> {
    let folder = keep(identity, &project.join(FOLDER))?;
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    Ok(format!("{FOLDER}/{name}"))
}

/// The faces of listed people, square, `size` pixels; those who can no longer be read are left out.
pub fn thumbnails(all: Vec<Listed>, size: u32) -> Vec<(Listed, RgbImage)> {
    all.into_par_iter()
        .filter_map(|listed| {
            let identity = match &listed.source {
                Source::BuiltIn => Identity::builtin(&listed.name).ok()?,
                Source::Library(folder) | Source::Project(folder) => Identity::load(folder).ok()?,
            };
            let picture = DynamicImage::ImageRgba8(identity.picture).into_rgb8();
            let (width, height) = picture.dimensions();
            let scale = height as f32;
            // From the brow half a face up and below the chin.
            let (brow, chin) = (identity.reference.face_point(27), identity.reference.face_point(8));
            let side = (2.5 * (chin.y - brow.y).abs() * scale).clamp(8.0, width.min(height) as f32);
            let (x, y) = (brow.x * scale - 0.5 * side, (brow.y + 0.25 * (chin.y - brow.y)) * scale - 0.5 * side);
            let fit = |v: f32, most: u32| v.clamp(0.0, (most as f32 - side).max(0.0)) as u32;
            let (x, y) = (fit(x, width), fit(y, height));
            let cut = image::imageops::crop_imm(&picture, x, y, side as u32, side as u32).to_image();
            Some((listed, image::imageops::resize(&cut, size, size, FilterType::Triangle)))
        })
        .collect()
}

/// All eight shapes at all five positions on a person: whether each is read as it is meant, and one picture of
/// `cell` pixels for each, shapes side by side and positions below each other. What is not reached is crossed out.
pub fn all_positions(identity: Identity, cell: u32, progress: &dyn Progress) -> anyhow::Result<(Vec<Reach>, RgbImage)> {
    let all = reach(&identity.reference)?;
    let height = (cell as f32 / identity.reference.aspect.max(1.0)).max(16.0) as u32;
    let renderer = Renderer::new(Arc::new(identity), &RenderOptions { height, ..RenderOptions::default() })?;
    let (width, height) = renderer.size();
    let rows = POSITIONS.len() as u32;
    let mut sheet = RgbImage::new(width * 8, height * rows);
    for (i, one) in all.iter().enumerate() {
        anyhow::ensure!(!progress.cancelled(), "stopped");
        let frame = renderer.render(&one.pose);
        let (left, top) = (i as u32 / rows * width, i as u32 % rows * height);
        for (k, pixel) in frame.data.chunks_exact(4).enumerate() {
            let (x, y) = (k as u32 % width, k as u32 / width);
            // Both diagonals, three pixels thick.
            let (u, v) = (x as f32 / width as f32, y as f32 / height as f32);
            let near = (u - v).abs().min((u + v - 1.0).abs()) * (height as f32) < 1.8;
            let colour = if !one.reached && near { [200, 30, 30] } else { [pixel[0], pixel[1], pixel[2]] };
            if left + x < sheet.width() && top + y < sheet.height() {
                sheet.put_pixel(left + x, top + y, image::Rgb(colour));
            }
        }
        progress.report("Drawing all positions", i + 1, all.len());
    }
    Ok((all, sheet))
}

/// Opens a picture for a new person; a HEIC photo goes through the program `heif-convert`, where it is installed.
pub fn open_picture(path: &Path) -> anyhow::Result<RgbImage> {
    let failed = |source| IdentitiesError::Read { path: path.to_owned(), source };
    if std::fs::metadata(path).map_err(failed)?.len() > LARGEST_PICTURE {
        return Err(IdentitiesError::TooLarge(path.to_owned()).into());
    }
    let bytes = std::fs::read(path).map_err(failed)?;
    if intake::is_heic(&bytes) { from_heic(path) } else { Ok(intake::open(&bytes)?) }
}

/// A HEIC photo by way of a PNG; `heif-convert` turns it upright itself.
fn from_heic(path: &Path) -> anyhow::Result<RgbImage> {
    let failed = |message: String| IdentitiesError::Heic { path: path.to_owned(), message };
    let folder = tempfile::tempdir().map_err(|e| failed(e.to_string()))?;
    let out = folder.path().join("picture.png");
    let absolute = std::path::absolute(path).map_err(|e| failed(e.to_string()))?;
    let run = Command::new("heif-convert").arg(&absolute).arg(&out).stdin(Stdio::null()).output();
    let done = match run {
        Ok(done) => done,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Err(intake::IntakeError::Heic.into()),
        Err(e) => return Err(failed(e.to_string()).into()),
    };
    let said = String::from_utf8_lossy(&done.stderr);
    let last = said.lines().last().unwrap_or("heif-convert gave no picture").trim();
    let bytes = std::fs::read(&out).map_err(|_| failed(last.chars().take(160).collect()))?;
    Ok(intake::open(&bytes)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_kept_once_and_found_in_every_place() {
        let folder = tempfile::tempdir().unwrap();
        let (library, project) = (folder.path().join("library"), folder.path().join("project"));
        let mut ana = Identity::builtin("mira").unwrap();
        (ana.name, ana.title, ana.drawn) = ("ana".into(), "Ana".into(), false);
        let kept = keep(&ana, &library).unwrap();
        assert_eq!(keep(&ana, &library).unwrap(), kept, "the same person is there already");
        let other = Identity { title: "Another Ana".into(), ..ana.clone() };
        assert_eq!(keep(&other, &library).unwrap(), library.join("ana-2"));
        assert_eq!(install(&ana, &project).unwrap(), "identities/ana");
        // A folder that is no identity is passed over.
        std::fs::create_dir_all(library.join("empty")).unwrap();
        let all = list(Some(&library), Some(&project));
        let names: Vec<&str> = all.iter().skip(Identity::builtin_names().len()).map(|l| l.name.as_str()).collect();
        assert_eq!(names, ["ana", "ana-2", "identities/ana"]);
        assert!(all.last().unwrap().lacks_consent && !all[0].lacks_consent);
        let by_folder = find(&kept.display().to_string()).unwrap().0;
        assert_eq!(by_folder, ana);
        let file = folder.path().join("ana.cueid");
        pack::write(&ana, &file).unwrap();
        assert_eq!(find(&file.display().to_string()).unwrap().0, ana);
        for nobody in ["nobody", "../ana", "/nowhere/at/all"] {
            assert!(find(nobody).unwrap_err().to_string().contains(nobody));
        }
    }

    #[test]
    fn a_name_from_a_foreign_file_makes_no_path() {
        let folder = tempfile::tempdir().unwrap();
        let mut bad = Identity::builtin("mira").unwrap();
        bad.name = "../../etc/x".into();
        assert_eq!(keep(&bad, folder.path()).unwrap(), folder.path().join("etcx"));
        bad.name = "/\\..".into();
        assert_eq!(keep(&bad, folder.path()).unwrap(), folder.path().join("person"));
    }

    #[test]
    fn a_missing_picture_and_a_heic_photo_are_told() {
        let folder = tempfile::tempdir().unwrap();
        assert!(open_picture(&folder.path().join("none.jpg")).unwrap_err().to_string().contains("none.jpg"));
        let photo = folder.path().join("photo.heic");
        std::fs::write(&photo, b"\0\0\0\x18ftypheic\0\0\0\0mif1heic").unwrap();
        // Whether the converter is installed or not, this is no photo, and the remedy is the same.
        let said = open_picture(&photo).unwrap_err().to_string();
        assert!(said.contains("HEIC") && said.contains("JPEG"), "{said}");
    }
}
