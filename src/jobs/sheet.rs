//! A sheet of cues: every key of a project as a picture in the middle of its hold, named, row by row on one page.

use super::perform;
use super::poses::Performer;
use crate::cueing::notation::{self, LetterSet};
use crate::cueing::score::targets;
use crate::document::{Project, derive};
use crate::progress::Progress;
use crate::render::captions;
use crate::render::overlay::Overlays;
use crate::render::watermark::Watermark;
use crate::render::{Backend, RenderOptions, Renderer};
use anyhow::Context as _;
use image::{RgbImage, Rgba, RgbaImage, imageops};
use std::path::Path;

/// Heights of one picture that make sense, pixels.
pub const HEIGHTS: std::ops::RangeInclusive<u32> = 64..=1024;
/// A page holds so many pictures at most; of longer projects the first ones.
pub const MOST: usize = 200;
/// Room between pictures, pixels.
const GAP: u32 = 4;

/// Draws the sheet; rows are as long as makes the page about as wide as a landscape sheet of paper.
///
/// # Errors
/// A project without keys; poses that cannot be made; stopped.
pub fn sheet(folder: &Path, project: &Project, height: u32, progress: &dyn Progress) -> anyhow::Result<RgbImage> {
    let identity = perform::identity(folder, project)?;
    let fps = project.settings.fps;
    let performer = Performer::whole(folder, project, &identity.reference, fps, "rules")?;
    let marked = identity.lacks_consent();
    let aspect = identity.reference.aspect;
    let options = RenderOptions {
        height: height.clamp(*HEIGHTS.start(), *HEIGHTS.end()),
        backend: Backend::Cpu,
        ..RenderOptions::default()
    };
    let renderer = Renderer::new(identity, &options)?;
    let (width, height) = renderer.size();
    let mark = marked.then(|| Watermark::new(width, height));
    let held: Vec<_> = targets(&derive::plan(project), project.length())
        .into_iter()
        .filter_map(|t| Some((t, t.hold?)))
        .take(MOST)
        .collect();
    anyhow::ensure!(!held.is_empty(), "the project has no keys to be drawn");
    let columns = columns(held.len() as u32, width, height);
    let rows = (held.len() as u32).div_ceil(columns);
    let page = [columns * (width + GAP) + GAP, rows * (height + GAP) + GAP];
    let mut out = RgbaImage::from_pixel(page[0], page[1], Rgba([255; 4]));
    for (i, (target, hold)) in held.iter().enumerate() {
        anyhow::ensure!(!progress.cancelled(), "stopped");
        progress.report("Drawing", i, held.len());
        let at = fps.frame_at(hold.middle()).0 as usize;
        let Some(pose) = performer.frames(at..at + 1).pop() else { continue };
        let label = notation::write_one(target.shape, target.position, LetterSet::Sppas);
        let label_place = Some(captions::place_label(&label, aspect, std::slice::from_ref(&pose), None, None));
        let overlays = Overlays { label: Some(label), label_place, ..Overlays::default() };
        let mut data = Vec::new();
        renderer.render_over_into(&pose, &overlays, &mut data);
        if let Some(mark) = &mark {
            mark.draw(&mut data);
        }
        let cell = RgbaImage::from_raw(width, height, data).context("a picture of the sheet could not be made")?;
        let (column, row) = (i as u32 % columns, i as u32 / columns);
        let place = [GAP + column * (width + GAP), GAP + row * (height + GAP)];
        imageops::replace(&mut out, &cell, i64::from(place[0]), i64::from(place[1]));
    }
    progress.report("Drawing", held.len(), held.len());
    Ok(image::DynamicImage::ImageRgba8(out).into_rgb8())
}

/// Draws the sheet and writes it: PNG or JPEG, as the name ends.
///
/// # Errors
/// As [`sheet`]; a name that ends otherwise; a file that cannot be written.
pub fn write(
    folder: &Path,
    project: &Project,
    height: u32,
    out: &Path,
    progress: &dyn Progress,
) -> anyhow::Result<usize> {
    let format = image::ImageFormat::from_path(out)
        .ok()
        .filter(|f| matches!(f, image::ImageFormat::Png | image::ImageFormat::Jpeg))
        .with_context(|| {
            format!("a sheet is written as .png or .jpg; change the end of the name: {}", out.display())
        })?;
    let page = sheet(folder, project, height, progress)?;
    let mut bytes = std::io::Cursor::new(Vec::new());
    page.write_to(&mut bytes, format).context("the sheet could not be made")?;
    if let Some(parent) = out.parent().filter(|p| !p.as_os_str().is_empty()) {
        std::fs::create_dir_all(parent).with_context(|| format!("cannot make the folder {}", parent.display()))?;
    }
    crate::document::file::write_whole(out, bytes.get_ref())?;
    Ok(project.tiers.keys.len().min(MOST))
}

/// How many pictures stand in a row: the page is about √2 as wide as high.
fn columns(count: u32, width: u32, height: u32) -> u32 {
    let ratio = std::f32::consts::SQRT_2 * height as f32 / width as f32;
    ((count as f32 * ratio).sqrt().round() as u32).clamp(1, count.max(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jobs::bench::big_project;
    use crate::progress::Silent;
    use crate::time::Seconds;

    #[test]
    fn every_key_has_its_picture_and_the_page_lies_across() {
        let mut project = big_project::project(Seconds(6.0), 10);
        let page = sheet(Path::new("nowhere"), &project, 64, &Silent).expect("a sheet");
        let count = project.tiers.keys.len() as u32;
        let columns = columns(count, 64, 64);
        assert_eq!(page.width(), columns * (64 + GAP) + GAP);
        assert_eq!(page.height(), count.div_ceil(columns) * (64 + GAP) + GAP);
        assert!(page.width() >= page.height());
        // Each cell holds a person, the room after the last one nothing.
        let drawn = |i: u32| {
            let (x, y) = (GAP + (i % columns) * (64 + GAP) + 32, GAP + (i / columns) * (64 + GAP) + 32);
            page.get_pixel(x, y).0 != [255; 3]
        };
        assert!((0..count).all(drawn));
        assert!((count..count.div_ceil(columns) * columns).all(|i| !drawn(i)));
        project.tiers.keys.clear();
        assert!(sheet(Path::new("nowhere"), &project, 64, &Silent).is_err());
    }

    #[test]
    fn only_pictures_are_written() {
        let project = big_project::project(Seconds(2.0), 3);
        let dir = tempfile::tempdir().expect("a folder");
        let error = write(dir.path(), &project, 64, &dir.path().join("sheet.gif"), &Silent).expect_err("no GIF");
        assert!(error.to_string().contains(".png or .jpg"), "{error}");
        let out = dir.path().join("new/sheet.png");
        write(dir.path(), &project, 64, &out, &Silent).expect("written");
        assert!(image::open(out).expect("a picture").width() > 64);
    }
}
