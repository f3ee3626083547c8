//! `cueloom identity`: the people who can be shown.

use super::{Failure, Outcome};
use crate::document::file;
use crate::generate::read_back::reach;
use crate::jobs::identities::{self, IdentitiesError, Source};
use crate::pose::template::Anchors;
use crate::pose::{FACE_POINT_COUNT, Side};
use crate::render::identity::{Consent, Identity, pack};
use crate::render::intake::{Draft, polygon_mask};
use anyhow::{Context as _, anyhow};
use clap::Subcommand;
use std::path::{Path, PathBuf};

#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// List who is built in, in your library, and in a project.
    List {
        /// Also the people of this project.
        #[arg(long, value_name = "DIR")]
        project: Option<PathBuf>,
    },
    /// Make a person from a picture and a few places on it, given in pixels of the upright picture.
    New(Box<New>),
    /// Write a person as one file to hand on.
    Export {
        /// A built-in name, a name of your library, a folder or a file.
        who: String,
        /// The file to write, NAME.cueid.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Take a person from a .cueid file into your library or a project.
    Import {
        file: PathBuf,
        /// Into this project in place of the library, which is then cued by this person.
        #[arg(long, value_name = "DIR")]
        project: Option<PathBuf>,
    },
    /// Check a person: consent, room for the hand, and every hand shape at every position read back.
    Check {
        /// A built-in name, a name of your library, a folder or a file.
        who: String,
    },
    /// Record that the person shown has agreed, or with --withdraw that they no longer do.
    Consent {
        /// A name of your library, a folder or a .cueid file.
        who: String,
        /// Who agreed: the person shown, or who may speak for them.
        #[arg(long, required_unless_present = "withdraw")]
        by: Option<String>,
        /// When, for example 2026-11-21.
        #[arg(long, required_unless_present = "withdraw")]
        on: Option<String>,
        /// What the picture may be used for.
        #[arg(long = "for", value_name = "PURPOSE", required_unless_present = "withdraw")]
        purpose: Option<String>,
        #[arg(long, conflicts_with_all = ["by", "on", "purpose"])]
        withdraw: bool,
    },
    /// Draw the built-in people anew into a folder.
    #[command(hide = true)]
    Draw { folder: PathBuf },
}

#[derive(clap::Args)]
struct New {
    /// JPEG, PNG, WebP, GIF or BMP; HEIC where heif-convert is installed.
    picture: PathBuf,
    /// Five places: eye and eye, tip of the nose, corner and corner of the mouth, as "x,y x,y x,y x,y x,y".
    #[arg(long, value_parser = places, required_unless_present = "points", allow_hyphen_values = true)]
    anchors: Option<Places>,
    /// All 68 points of the face (iBUG order) in a file: one "x y" a line, or a JSON list of pairs.
    #[arg(long, value_name = "FILE", conflicts_with = "anchors")]
    points: Option<PathBuf>,
    /// The chin, "x,y".
    #[arg(long, value_parser = places)]
    chin: Option<Places>,
    /// Where the ears meet the face, at picture left and right: "x,y x,y".
    #[arg(long, value_parser = places)]
    ears: Option<Places>,
    /// The joints of the shoulders, at picture left and right: "x,y x,y".
    #[arg(long, value_parser = places)]
    shoulders: Option<Places>,
    /// Short name for files: letters, digits, - and _. The picture's name by default.
    #[arg(long)]
    name: Option<String>,
    /// Name for people to read.
    #[arg(long)]
    title: Option<String>,
    /// The person cues with the left hand.
    #[arg(long)]
    left_handed: bool,
    /// Remove what lies in this polygon (a hand, an arm) and fill it from around: "x,y x,y x,y ...". May be repeated.
    #[arg(long, value_parser = places, allow_hyphen_values = true)]
    erase: Vec<Places>,
    /// Leave the picture as large as it is, even where the hand lacks room.
    #[arg(long)]
    no_room: bool,
    /// Who agreed that the picture is used; with --consent-on and --consent-for.
    #[arg(long, requires_all = ["consent_on", "consent_for"])]
    consent_by: Option<String>,
    #[arg(long)]
    consent_on: Option<String>,
    #[arg(long)]
    consent_for: Option<String>,
    /// A folder to write, or a file NAME.cueid.
    #[arg(long, value_name = "PATH")]
    out: PathBuf,
}

type Places = Vec<[f32; 2]>;

/// Parses "x,y x,y", for clap.
fn places(text: &str) -> Result<Places, String> {
    text.split_whitespace()
        .map(|pair| {
            let (x, y) = pair.split_once(',').ok_or_else(|| format!("\"{pair}\" is not x,y"))?;
            let number = |v: &str| v.parse::<f32>().ok().filter(|v| v.is_finite());
            number(x).zip(number(y)).map(|(x, y)| [x, y]).ok_or_else(|| format!("\"{pair}\" is not two numbers"))
        })
        .collect()
}

pub fn run(args: &Args) -> Outcome {
    match &args.what {
        What::List { project } => list(project.as_deref()),
        What::New(new) => make(new),
        What::Export { who, out } => {
            let (identity, _) = identities::find(who)?;
            pack::write(&identity, out).map_err(|e| Failure::Work(e.into()))?;
            eprintln!("{} in {}", identity.title, out.display());
            Ok(())
        }
        What::Import { file, project } => import(file, project.as_deref()),
        What::Check { who } => check(who),
        What::Consent { who, by, on, purpose, .. } => {
            let text = |t: &Option<String>| t.clone().unwrap_or_default();
            let consent = by.is_some().then(|| Consent { by: text(by), on: text(on), purpose: text(purpose) });
            record(who, consent)
        }
        What::Draw { folder } => {
            for spec in crate::render::presenter::PresenterSpec::all() {
                let identity = crate::render::presenter::identity(&spec);
                identity.save(&folder.join(spec.name)).map_err(|e| Failure::Work(e.into()))?;
            }
            Ok(())
        }
    }
}

fn list(project: Option<&Path>) -> Outcome {
    let project = project.map(file::project_folder);
    for person in identities::list(identities::library().as_deref(), project.as_deref()) {
        let place = match &person.source {
            Source::BuiltIn => "built in".to_owned(),
            Source::Library(path) => format!("library, {}", path.display()),
            Source::Project(_) => "project".to_owned(),
        };
        let note = if person.lacks_consent { "; no consent recorded" } else { "" };
        println!("{}\t{}\t{place}{note}", person.name, person.title);
    }
    Ok(())
}

/// Exactly `n` places, in picture heights.
fn taken<const N: usize>(places: Option<&Places>, what: &str, height: f32) -> Result<Option<[[f32; 2]; N]>, Failure> {
    let Some(places) = places else { return Ok(None) };
    let scaled: Vec<[f32; 2]> = places.iter().map(|p| p.map(|v| v / height)).collect();
    match scaled.try_into() {
        Ok(all) => Ok(Some(all)),
        Err(found) => {
            let found = Vec::len(&found);
            Err(Failure::Arguments(anyhow!("--{what} needs {N} places \"x,y\", {found} are given")))
        }
    }
}

/// The 68 points of a file, in pixels.
fn read_points(path: &Path) -> anyhow::Result<Places> {
    let text =
        std::fs::read_to_string(path).with_context(|| format!("the points cannot be read: {}", path.display()))?;
    let points: Places = if text.trim_start().starts_with('[') {
        serde_json::from_str(&text)
            .with_context(|| format!("the points are not a list of pairs: {}", path.display()))?
    } else {
        let line = |(i, line): (usize, &str)| -> anyhow::Result<[f32; 2]> {
            let mut numbers = line.split([' ', ',', '\t']).filter(|n| !n.is_empty()).map(str::parse::<f32>);
            match (numbers.next(), numbers.next()) {
                (Some(Ok(x)), Some(Ok(y))) => Ok([x, y]),
                _ => Err(anyhow!("line {} does not hold two numbers: {}", i + 1, path.display())),
            }
        };
        text.lines().enumerate().filter(|(_, l)| !l.trim().is_empty()).map(line).collect::<Result<_, _>>()?
    };
    if points.len() != FACE_POINT_COUNT {
        return Err(anyhow!(
            "there are {} points where {FACE_POINT_COUNT} are needed: {}",
            points.len(),
            path.display()
        ));
    }
    Ok(points)
}

fn make(args: &New) -> Outcome {
    let picture = identities::open_picture(&args.picture)?;
    // The places are in pixels of the picture as it is; a very large one is made smaller as it is opened.
    let full =
        image::ImageReader::open(&args.picture).ok().and_then(|r| r.with_guessed_format().ok()?.into_dimensions().ok());
    let longest = full.map_or(picture.height().max(picture.width()), |(w, h)| w.max(h));
    let shrunk = picture.width().max(picture.height()) as f32 / longest as f32;
    let height = picture.height() as f32 / shrunk;
    let handed = if args.left_handed { Side::Left } else { Side::Right };
    let (anchors, points) = match &args.points {
        Some(path) => {
            let points = read_points(path).map_err(Failure::Input)?;
            let points: Places = points.iter().map(|p| p.map(|v| v / height)).collect();
            (Anchors::of(&points), Some(points))
        }
        None => {
            let all = taken::<5>(args.anchors.as_ref(), "anchors", height)?.unwrap_or_default();
            (Anchors::from_all(all), None)
        }
    };
    let mut draft = Draft::new(picture, anchors, handed).map_err(|e| Failure::Input(e.into()))?;
    draft.extras.chin = taken::<1>(args.chin.as_ref(), "chin", height)?.map(|[p]| p);
    if let Some(ears) = taken::<2>(args.ears.as_ref(), "ears", height)? {
        draft.extras.ears = ears.map(Some);
    }
    if let Some(shoulders) = taken::<2>(args.shoulders.as_ref(), "shoulders", height)? {
        draft.extras.shoulders = shoulders.map(Some);
    }
    for (i, p) in points.into_iter().flatten().enumerate() {
        draft.correct(i, p);
    }
    draft.lay().map_err(|e| Failure::Input(e.into()))?;
    for outline in &args.erase {
        let polygon: Places = outline.iter().map(|p| p.map(|v| v / height)).collect();
        draft.erase(&polygon_mask(draft.picture.dimensions(), &polygon));
    }
    draft.read_colours();
    let room = draft.missing_room();
    if !room.is_enough() && !args.no_room {
        draft.set_room(room);
        eprintln!("the hand lacks room; the picture is now {} × {}", draft.picture.width(), draft.picture.height());
    }
    let stem = args.picture.file_stem().unwrap_or_default().to_string_lossy();
    let fitting: String = stem.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).take(40).collect();
    draft.name = args.name.clone().unwrap_or(fitting);
    draft.title = args.title.clone().unwrap_or_else(|| stem.into_owned());
    draft.origin = format!("Made from the picture {}.", args.picture.file_name().unwrap_or_default().to_string_lossy());
    draft.consent = args.consent_by.as_ref().map(|by| Consent {
        by: by.clone(),
        on: args.consent_on.clone().unwrap_or_default(),
        purpose: args.consent_for.clone().unwrap_or_default(),
    });
    if draft.mouth_is_open() {
        eprintln!("note: the mouth is open; it is closed in the picture. A picture with closed lips looks better");
    }
    let identity = draft.identity().map_err(|e| Failure::Input(e.into()))?;
    let written = if args.out.extension().is_some_and(|e| e == pack::EXTENSION) {
        pack::write(&identity, &args.out)
    } else {
        identity.save(&args.out)
    };
    written.map_err(|e| Failure::Work(e.into()))?;
    eprintln!("{} in {}", identity.title, args.out.display());
    if identity.lacks_consent() {
        eprintln!("note: no consent is recorded; films of {} are marked as drafts", identity.title);
    }
    Ok(())
}

fn import(path: &Path, project: Option<&Path>) -> Outcome {
    let identity = pack::read(path).map_err(anyhow::Error::from)?;
    let kept = match project {
        Some(project) => {
            let folder = file::project_folder(project);
            let name = identities::install(&identity, &folder)?;
            let edit = crate::document::edit::Edit::SetIdentity(name.clone());
            crate::jobs::open::edit_and_save(&folder, &edit)?;
            folder.join(name)
        }
        None => {
            identities::keep(&identity, &identities::library().ok_or_else(|| anyhow!(IdentitiesError::NoLibrary))?)?
        }
    };
    eprintln!("{} in {}", identity.title, kept.display());
    Ok(())
}

fn check(who: &str) -> Outcome {
    let (identity, _) = identities::find(who)?;
    let room = crate::render::intake::canvas::Room::missing(&identity.reference);
    let all = reach(&identity.reference).map_err(|e| Failure::Input(e.into()))?;
    let missed: Vec<String> =
        all.iter().filter(|r| !r.reached).map(|r| format!("{}-{}", r.shape.0, r.position.name())).collect();
    println!("{}: {} × {} pixels", identity.title, identity.picture.width(), identity.picture.height());
    println!(
        "consent: {}",
        match &identity.consent {
            _ if identity.drawn => "not needed, the person is drawn".to_owned(),
            Some(c) if !identity.lacks_consent() => format!("by {}, on {}, for {}", c.by, c.on, c.purpose),
            _ => "not recorded; films are marked as drafts".to_owned(),
        }
    );
    if !room.is_enough() {
        println!("room: the hand leaves the picture; make the person anew with room");
    }
    println!("positions: {} of {} keys read back as they were meant", all.len() - missed.len(), all.len());
    if missed.is_empty() {
        Ok(())
    } else {
        Err(Failure::Input(anyhow!("not reached: {}; correct the points of the face and the arm", missed.join(", "))))
    }
}

fn record(who: &str, consent: Option<Consent>) -> Outcome {
    if consent.as_ref().is_some_and(|c| !c.is_complete()) {
        return Err(Failure::Arguments(anyhow!("consent needs who, when and what for")));
    }
    let (mut identity, source): (Identity, Source) = identities::find(who)?;
    identity.consent = consent;
    let written = match source {
        Source::BuiltIn => return Err(Failure::Input(anyhow!(IdentitiesError::BuiltIn))),
        Source::Project(path) if path.is_file() => pack::write(&identity, &path),
        Source::Library(path) | Source::Project(path) => identity.save(&path),
    };
    written.map_err(|e| Failure::Work(e.into()))?;
    eprintln!("{}: {}", identity.title, if identity.lacks_consent() { "no consent" } else { "consent recorded" });
    Ok(())
}
