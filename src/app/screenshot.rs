//! Windows that close by themselves: `--screenshot FILE` takes a picture of the settled window, `--startup-probe` tells
//! how long it took from the start of the program to a project on screen.

use super::{Command, Studio};
use crate::time::{Seconds, TimeRange};
use egui::ColorImage;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

/// Frames that must pass without anything under way.
const SETTLED: u32 = 6;

/// The picture to be taken.
pub struct Shot {
    path: PathBuf,
    /// Carried out before the picture is taken.
    commands: Vec<Command>,
    calm: u32,
    prepared: bool,
    asked: bool,
    image: Arc<Mutex<Option<Arc<ColorImage>>>>,
    failed: Arc<Mutex<Option<String>>>,
}

impl Shot {
    pub fn new(path: PathBuf, commands: Vec<Command>, failed: Arc<Mutex<Option<String>>>) -> Self {
        Self { path, commands, calm: 0, prepared: false, asked: false, image: Arc::default(), failed }
    }

    fn fail(&self, message: String) {
        if let Ok(mut failed) = self.failed.lock() {
            *failed = Some(message);
        }
    }

    fn write(&self, image: &ColorImage) -> anyhow::Result<()> {
        let bytes: Vec<u8> = image.pixels.iter().flat_map(|p| [p.r(), p.g(), p.b()]).collect();
        let [width, height] = image.size;
        let picture = image::RgbImage::from_raw(u32::try_from(width)?, u32::try_from(height)?, bytes)
            .ok_or_else(|| anyhow::anyhow!("the picture of the window is not whole"))?;
        picture.save_with_format(&self.path, image::ImageFormat::Png)?;
        Ok(())
    }
}

impl Studio {
    /// Called at the end of each frame.
    pub(super) fn take_screenshot(&mut self, ctx: &egui::Context) {
        let Some(mut shot) = self.screenshot.take() else { return };
        let busy = self.is_busy() || (self.opened.is_some() && !self.viewport.has_picture());
        shot.calm = if busy { 0 } else { shot.calm + 1 };
        if shot.calm >= SETTLED && !shot.prepared {
            shot.prepared = true;
            shot.calm = 0;
            self.show_off(ctx);
            for command in std::mem::take(&mut shot.commands) {
                self.command(ctx, command);
            }
        } else if shot.calm >= SETTLED && !shot.asked {
            shot.asked = true;
            let (slot, wake) = (shot.image.clone(), self.wake.clone());
            ctx.request_screenshot(move |image| {
                if let Ok(mut slot) = slot.lock() {
                    *slot = Some(image);
                }
                wake();
            });
        }
        let taken = shot.image.lock().ok().and_then(|mut i| i.take());
        if let Some(image) = taken {
            if let Err(error) = shot.write(&image) {
                shot.fail(format!("the picture of the window cannot be written ({error}): {}", shot.path.display()));
            }
            self.may_close = true;
            ctx.send_viewport_cmd(egui::ViewportCommand::Close);
        }
        ctx.request_repaint();
        self.screenshot = Some(shot);
    }

    /// Prints the time from the start of the program to the first frame that shows the project, and closes.
    pub(super) fn probe_startup(&mut self, ctx: &egui::Context) {
        let Some(begun) = self.probe else { return };
        ctx.request_repaint();
        let shown = self.opened.is_some() && self.viewport.has_picture();
        let idle = self.works.is_empty() && self.opened.is_none();
        if shown || idle {
            let elapsed = age_of_process().unwrap_or(begun.elapsed().as_secs_f64());
            println!("{:.0}", elapsed * 1000.0);
            self.probe = None;
            self.may_close = true;
            ctx.send_viewport_cmd(egui::ViewportCommand::Close);
        }
    }

    /// Selects a key in the middle and goes to the moment when the hand rests on it.
    fn show_off(&mut self, ctx: &egui::Context) {
        let Some(opened) = &self.opened else { return };
        let keys = &opened.project().tiers.keys;
        let Some(key) = keys.get(keys.len() * 2 / 5) else { return };
        let (id, at) = (key.id, key.times.m2.max(key.times.d2) + Seconds(0.03));
        let around = TimeRange::new((at - Seconds(2.0)).max(Seconds::ZERO), at + Seconds(2.5));
        if opened.length().0 > around.length().0 * 1.4 {
            self.timeline.view.show(around);
        }
        self.handle(ctx, super::Intent::SelectKey(id, super::intent::SelectMode::Replace));
        self.handle(ctx, super::Intent::Seek(at));
        self.handle(ctx, super::Intent::Do(Command::FitPicture));
    }
}

/// Seconds since the operating system started this program, where it tells (to a hundredth).
fn age_of_process() -> Option<f64> {
    let uptime: f64 = std::fs::read_to_string("/proc/uptime").ok()?.split(' ').next()?.parse().ok()?;
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    // Fields after the name in brackets; the start is the 22nd of all, in hundredths of a second.
    let start: f64 = stat.rsplit_once(')')?.1.split_whitespace().nth(19)?.parse().ok()?;
    Some(uptime - start / 100.0)
}
