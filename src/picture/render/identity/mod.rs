//! Identities: the people who can be seen, each a folder that can be shared as one.
//!
//! A folder holds `identity.ron` (name, colours, light, and the places of the resting face and shoulders),
//! `picture.png` (the person at rest, mouth closed, eyes open, the cueing arm out of the picture) and, where it is
//! known, `matte.png` (white where the person is, so that shadows fall on the person and not on the wall behind).
//! The built-in presenters are inside the program. [`pack`] makes one file of such a folder.

pub mod pack;

use super::arm::ArmLook;
use super::hand_mesh::HandLook;
use crate::pose::{FACE_POINT_COUNT, Reference};
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{GrayImage, ImageFormat, RgbaImage};
use serde::{Deserialize, Serialize};
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// Version of `identity.ron` that this program writes.
pub const SCHEMA: u32 = 1;
/// A larger picture than this is refused: it would not fit into memory several times over.
const LARGEST_PICTURE: u32 = 8192;

/// The file that makes a folder an identity.
pub const RON: &str = "identity.ron";
const PICTURE: &str = "picture.png";
const MATTE: &str = "matte.png";

/// A presenter inside the program: name, title, description, picture and matte.
type Builtin = (&'static str, &'static str, &'static str, &'static [u8], &'static [u8]);

macro_rules! builtin {
    ($($name:literal $title:literal),*) => {
        /// The presenters inside the program.
        static BUILTIN: &[Builtin] = &[$((
            $name,
            $title,
            include_str!(concat!("../../../../assets/identities/", $name, "/identity.ron")),
            include_bytes!(concat!("../../../../assets/identities/", $name, "/picture.png")),
            include_bytes!(concat!("../../../../assets/identities/", $name, "/matte.png")),
        )),*];
        static BUILTIN_NAMES: &[&str] = &[$($name),*];
    };
}
builtin!("mira" "Mira", "jonas" "Jonas", "amara" "Amara", "wei" "Wei", "salma" "Salma");

/// What the person in a picture has agreed to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// Who agreed: the person shown, or who may speak for them.
    pub by: String,
    /// When, as a date.
    pub on: String,
    /// What the picture may be used for.
    pub purpose: String,
}

impl Consent {
    /// Whether it says anything that counts: who, when and for what.
    pub fn is_complete(&self) -> bool {
        ![&self.by, &self.on, &self.purpose].iter().any(|t| t.trim().is_empty())
    }
}

/// A person who can be shown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Identity {
    pub schema: u32,
    /// Short name for files and the command line.
    pub name: String,
    /// Name for people to read.
    pub title: String,
    /// Where the picture comes from and what may be done with it.
    pub origin: String,
    /// True for people who do not exist: they need no consent.
    #[serde(default)]
    pub drawn: bool,
    /// What the person shown has agreed to; films of people without it are marked as drafts.
    #[serde(default)]
    pub consent: Option<Consent>,
    pub reference: Reference,
    pub look: Look,
    /// Colours and light of the hand that is painted over the picture.
    pub hand: HandLook,
    /// The upper arm to be painted, for pictures without the arm that cues.
    #[serde(default)]
    pub arm: Option<ArmLook>,
    /// The person at rest.
    #[serde(skip)]
    pub picture: RgbaImage,
    /// 255 where the person is, 0 on the background; the size of the picture.
    #[serde(skip)]
    pub matte: Option<GrayImage>,
}

/// Colours and measures of the face, sRGB.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Look {
    /// Colour around the picture, where a frame is wider than it.
    pub background: [u8; 3],
    pub lips: [u8; 3],
    /// The dark of the open mouth.
    pub mouth_interior: [u8; 3],
    pub teeth: [u8; 3],
    pub tongue: [u8; 3],
    /// Thickness of the upper lash line above the edge of the lid, in eye widths.
    pub lash_line: f32,
    /// Height above the edge of the lid where plain skin is found, under the crease, in eye widths.
    pub lid_skin: f32,
}

impl Default for Look {
    fn default() -> Self {
        Self {
            background: [140, 158, 167],
            lips: [200, 112, 104],
            mouth_interior: [70, 24, 28],
            teeth: [250, 244, 236],
            tongue: [205, 98, 98],
            lash_line: 0.105,
            lid_skin: 0.150,
        }
    }
}

/// Why an identity cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    #[error("there is no built-in identity \"{0}\"; there is: {known}", known = BUILTIN_NAMES.join(", "))]
    Unknown(String),
    #[error("the identity's {what} cannot be read ({source}); check that the file is there and may be read: {path}")]
    Read { what: &'static str, path: PathBuf, source: std::io::Error },
    #[error(
        "the identity's description is not valid at line {line}: {message}; correct it or choose another identity: {path}"
    )]
    Parse { path: PathBuf, line: usize, message: String },
    #[error(
        "the identity was made by a newer version (schema {found}, this program knows {SCHEMA}); update the program: {path}"
    )]
    Schema { path: PathBuf, found: u32 },
    #[error("the identity's {what} is not a picture that can be read ({message}); replace it by a PNG: {path}")]
    Picture { what: &'static str, path: PathBuf, message: String },
    #[error("the identity's description does not hold together: {message}; correct it: {path}")]
    Invalid { path: PathBuf, message: String },
    #[error("the file cannot be taken as an identity: {source}: {path}")]
    Pack { path: PathBuf, source: pack::PackError },
    #[error("the identity cannot be written ({message}); choose a folder that may be written to: {path}")]
    Write { path: PathBuf, message: String },
}

impl Identity {
    /// Names of the identities inside the program; the first is the one to begin with.
    pub fn builtin_names() -> &'static [&'static str] {
        BUILTIN_NAMES
    }

    /// The name for people to read of an identity inside the program.
    pub fn builtin_title(name: &str) -> Option<&'static str> {
        BUILTIN.iter().find(|b| b.0 == name).map(|b| b.1)
    }

    /// Whether films of this person are drafts: a real person whose consent is not recorded.
    pub fn lacks_consent(&self) -> bool {
        !self.drawn && !self.consent.as_ref().is_some_and(Consent::is_complete)
    }

    /// An identity inside the program.
    pub fn builtin(name: &str) -> Result<Self, IdentityError> {
        let Some((_, _, ron, picture, matte)) = BUILTIN.iter().find(|b| b.0 == name) else {
            return Err(IdentityError::Unknown(name.into()));
        };
        let folder = PathBuf::from(format!("built-in/{name}"));
        Self::from_parts(&folder, ron, picture, Some(matte))
    }

    /// Reads an identity from its folder.
    pub fn load(folder: &Path) -> Result<Self, IdentityError> {
        let read = |what, file: &str| {
            let path = folder.join(file);
            std::fs::read(&path).map_err(|source| IdentityError::Read { what, path, source })
        };
        let ron = read("description", RON)?;
        let ron = String::from_utf8(ron).map_err(|e| IdentityError::Parse {
            path: folder.join(RON),
            line: 1 + e.as_bytes()[..e.utf8_error().valid_up_to()].iter().filter(|b| **b == b'\n').count(),
            message: "the text is not UTF-8".into(),
        })?;
        let picture = read("picture", PICTURE)?;
        let matte = if folder.join(MATTE).exists() { Some(read("matte", MATTE)?) } else { None };
        Self::from_parts(folder, &ron, &picture, matte.as_deref())
    }

    /// Reads an identity from the content of its files; `folder` is named in messages.
    pub(crate) fn from_parts(
        folder: &Path,
        ron: &str,
        picture: &[u8],
        matte: Option<&[u8]>,
    ) -> Result<Self, IdentityError> {
        /// Read first, so that a newer file is called newer and not wrong.
        #[derive(Deserialize)]
        struct Version {
            schema: u32,
        }
        let path = folder.join(RON);
        let parse = |e: ron::error::SpannedError| IdentityError::Parse {
            path: path.clone(),
            line: e.span.start.line,
            message: e.code.to_string(),
        };
        let version: Version = ron::from_str(ron).map_err(parse)?;
        if version.schema > SCHEMA {
            return Err(IdentityError::Schema { path, found: version.schema });
        }
        let mut identity: Self = ron::from_str(ron).map_err(parse)?;
        let decode = |what, file: &str, bytes: &[u8]| {
            let failed = |message: String| IdentityError::Picture { what, path: folder.join(file), message };
            let mut reader = image::ImageReader::with_format(std::io::Cursor::new(bytes), ImageFormat::Png);
            let mut limits = image::Limits::default();
            limits.max_image_width = Some(LARGEST_PICTURE);
            limits.max_image_height = Some(LARGEST_PICTURE);
            reader.limits(limits);
            reader.decode().map_err(|e| failed(e.to_string()))
        };
        identity.picture = decode("picture", PICTURE, picture)?.into_rgba8();
        identity.matte = match matte {
            Some(bytes) => Some(decode("matte", MATTE, bytes)?.into_luma8()),
            None => None,
        };
        identity.check().map_err(|message| IdentityError::Invalid { path, message })?;
        Ok(identity)
    }

    /// What does not hold together, in words.
    fn check(&self) -> Result<(), String> {
        let r = &self.reference;
        let (width, height) = self.picture.dimensions();
        if width < 16 || height < 16 {
            return Err(format!("the picture is only {width} × {height} pixels"));
        }
        if r.face.len() != FACE_POINT_COUNT {
            return Err(format!("it holds {} face points instead of {FACE_POINT_COUNT}", r.face.len()));
        }
        let numbers = [r.aspect, r.hand_length, r.forearm_length, r.upper_arm_length];
        if !numbers.iter().all(|v| v.is_finite() && *v > 0.0 && *v < 10.0) {
            return Err("aspect and lengths must be positive numbers".into());
        }
        if (r.aspect * height as f32 - width as f32).abs() > 1.5 {
            return Err(format!("aspect is {}, but the picture is {width} × {height} pixels", r.aspect));
        }
        let named = [r.left_shoulder, r.right_shoulder, r.throat, r.left_elbow, r.right_elbow];
        if let Some(p) = r.face.iter().chain(&named).find(|p| !p.iter().all(|v| v.is_finite() && v.abs() < 10.0)) {
            return Err(format!("the point ({}, {}) is not on or near the picture", p[0], p[1]));
        }
        let span = (r.face[45][0] - r.face[36][0]).hypot(r.face[45][1] - r.face[36][1]);
        if span < 0.01 {
            return Err("the two eyes are at the same place".into());
        }
        if self.matte.as_ref().is_some_and(|m| m.dimensions() != (width, height)) {
            return Err("the matte has another size than the picture".into());
        }
        Ok(())
    }

    /// Writes the identity as a folder; each file is complete or not there at all.
    pub fn save(&self, folder: &Path) -> Result<(), IdentityError> {
        let failed = |path: &Path, message: String| IdentityError::Write { path: path.into(), message };
        let parts = self.parts().map_err(|e| failed(folder, e))?;
        std::fs::create_dir_all(folder).map_err(|e| failed(folder, e.to_string()))?;
        let write = |file: &str, bytes: &[u8]| {
            let path = folder.join(file);
            let io = |e: std::io::Error| failed(&path, e.to_string());
            let part = folder.join(format!("{file}.part"));
            let mut temporary = std::fs::File::create(&part).map_err(io)?;
            temporary.write_all(bytes).and_then(|()| temporary.sync_all()).map_err(io)?;
            std::fs::rename(&part, &path).map_err(io)
        };
        // The description comes last: a folder that has one is whole.
        for (file, bytes) in parts.iter().rev() {
            write(file, bytes)?;
        }
        if self.matte.is_none() {
            let _ = std::fs::remove_file(folder.join(MATTE));
        }
        Ok(())
    }

    /// The files of the identity with their names: description, picture and, if there is one, matte.
    pub(crate) fn parts(&self) -> Result<Vec<(&'static str, Vec<u8>)>, String> {
        let style = ron::ser::PrettyConfig::new().depth_limit(3).compact_arrays(false);
        let text = ron::ser::to_string_pretty(self, style).map_err(|e| e.to_string())?;
        // A picture that is opaque throughout is written without the fourth channel.
        let opaque = self.picture.pixels().all(|p| p[3] == 255);
        let picture = image::DynamicImage::ImageRgba8(self.picture.clone());
        let picture = png(&if opaque { picture.into_rgb8().into() } else { picture })?;
        let mut parts = vec![(RON, text.into_bytes()), (PICTURE, picture)];
        if let Some(matte) = &self.matte {
            parts.push((MATTE, png(&matte.clone().into())?));
        }
        Ok(parts)
    }
}

/// A picture as a small PNG: these files are written rarely and carried about often.
fn png(picture: &image::DynamicImage) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let encoder = PngEncoder::new_with_quality(&mut bytes, CompressionType::Best, FilterType::Adaptive);
    picture.write_with_encoder(encoder).map_err(|e| e.to_string())?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::presenter::{self, PresenterSpec};
    use rayon::prelude::*;

    fn shipped() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/identities")
    }

    /// The presenters are the output of the code, to the last shade. After a change of the drawing run this test with
    /// `CUELOOM_WRITE_ASSETS=1`, which writes the folders anew, look at the pictures, and run it again.
    #[test]
    fn the_shipped_presenters_are_what_the_code_draws() {
        let names: Vec<&str> = PresenterSpec::all().iter().map(|s| s.name).collect();
        assert_eq!(names, Identity::builtin_names());
        PresenterSpec::all().par_iter().for_each(|spec| {
            let identity = presenter::identity(spec);
            let folder = shipped().join(spec.name);
            if std::env::var_os("CUELOOM_WRITE_ASSETS").is_some() {
                identity.save(&folder).unwrap();
            }
            let kept = Identity::load(&folder).unwrap();
            assert_eq!(kept.picture.dimensions(), identity.picture.dimensions());
            let off = |a: &[u8], b: &[u8]| a.iter().zip(b).map(|(a, b)| a.abs_diff(*b)).max();
            assert!(off(&kept.picture, &identity.picture) <= Some(1), "{}: not what the code draws", spec.name);
            assert!(off(kept.matte.as_ref().unwrap(), identity.matte.as_ref().unwrap()) <= Some(1));
            assert_eq!(kept.reference, identity.reference);
            assert!(kept.drawn && !kept.lacks_consent());
            assert_eq!((kept.look, kept.hand, kept.arm), (identity.look, identity.hand, identity.arm));
            assert_eq!(Identity::builtin_title(spec.name), Some(spec.title));
            assert!(std::fs::metadata(folder.join(PICTURE)).unwrap().len() < 300_000, "{} is large", spec.name);
        });
    }

    #[test]
    fn every_built_in_identity_loads() {
        for name in Identity::builtin_names() {
            let identity = Identity::builtin(name).unwrap();
            assert_eq!(identity.name, *name);
            assert!(identity.matte.is_some());
        }
        let message = Identity::builtin("nobody").unwrap_err().to_string();
        assert!(message.contains("nobody") && message.contains("mira"), "{message}");
    }

    #[test]
    fn only_complete_consent_counts_and_old_files_have_none() {
        let mut identity = Identity::builtin("mira").unwrap();
        identity.drawn = false;
        assert!(identity.lacks_consent());
        let consent = Consent { by: "Ana".into(), on: "2026-11-21".into(), purpose: " ".into() };
        identity.consent = Some(consent.clone());
        assert!(identity.lacks_consent());
        identity.consent = Some(Consent { purpose: "lessons".into(), ..consent });
        assert!(!identity.lacks_consent());
        // A file from before consent was recorded.
        let text = String::from_utf8(identity.parts().unwrap().remove(0).1).unwrap();
        let lines = text.lines().filter(|l| !l.contains("drawn:"));
        let (mut old, mut within) = (String::new(), false);
        for line in lines {
            within |= line.contains("consent: Some");
            if !within {
                old.push_str(line);
                old.push('\n');
            }
            within &= !line.contains(")),");
        }
        let old: Identity = ron::from_str(&old).unwrap();
        assert!(old.consent.is_none() && old.lacks_consent());
    }

    #[test]
    fn a_saved_identity_comes_back() {
        let folder = tempfile::tempdir().unwrap();
        let identity = Identity::builtin("mira").unwrap();
        identity.save(folder.path()).unwrap();
        assert_eq!(Identity::load(folder.path()).unwrap(), identity);
    }

    #[test]
    fn what_is_wrong_is_said_with_its_file() {
        let folder = tempfile::tempdir().unwrap();
        let message = |e: Result<Identity, IdentityError>| e.unwrap_err().to_string();
        assert!(message(Identity::load(folder.path())).contains(RON));
        let identity = Identity::builtin("mira").unwrap();
        let put = |file: &str, bytes: &[u8]| std::fs::write(folder.path().join(file), bytes).unwrap();
        identity.save(folder.path()).unwrap();
        let ron = std::fs::read_to_string(folder.path().join(RON)).unwrap();

        put(RON, ron.replace("title:", "titel:").as_bytes());
        let said = message(Identity::load(folder.path()));
        assert!(said.contains("line ") && said.contains(RON), "{said}");
        put(RON, ron.replace("schema: 1", "schema: 99").as_bytes());
        assert!(matches!(Identity::load(folder.path()), Err(IdentityError::Schema { found: 99, .. })));
        put(RON, ron.replace("aspect: 1.0", "aspect: 1.5").as_bytes());
        assert!(message(Identity::load(folder.path())).contains("aspect"));
        put(RON, b"\xff\xfe");
        assert!(matches!(Identity::load(folder.path()), Err(IdentityError::Parse { line: 1, .. })));
        put(RON, ron.as_bytes());
        put(PICTURE, &[137, 80, 78, 71, 1, 2, 3]);
        assert!(message(Identity::load(folder.path())).contains(PICTURE));
        std::fs::remove_file(folder.path().join(PICTURE)).unwrap();
        assert!(matches!(Identity::load(folder.path()), Err(IdentityError::Read { .. })));
        // A folder cannot be made where a file is in the way.
        assert!(matches!(identity.save(&folder.path().join(RON)), Err(IdentityError::Write { .. })));
    }

    #[test]
    fn every_presenter_reaches_every_position_with_every_shape() {
        for name in Identity::builtin_names() {
            let reference = Identity::builtin(name).unwrap().reference;
            let all = crate::generate::read_back::reach(&reference).unwrap();
            assert_eq!(all.len(), 40);
            let missed: Vec<_> = all.iter().filter(|r| !r.reached).map(|r| (r.shape, r.position)).collect();
            assert!(missed.is_empty(), "{name} does not reach {missed:?}");
        }
    }
}
