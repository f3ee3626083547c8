//! The pictures of the recording itself, for comparing: a worker decodes the one of the moment, the newest wish wins.

use crate::app::i18n::tr;
use crate::document::{MediaRef, file};
use crate::jobs::runner::{Latest, Wake};
use crate::media::frames::VideoReader;
use crate::progress::Silent;
use crate::time::Seconds;
use egui::{ColorImage, TextureHandle, TextureId, TextureOptions};
use std::path::{Path, PathBuf};

/// Which picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Wish {
    pub path: PathBuf,
    /// In the recording as it was brought.
    pub time: Seconds,
    /// Pictures are made no higher, pixels.
    pub height: u32,
}

/// A decoded picture: width, height, RGBA; or why there is none.
type Decoded = Result<(u32, u32, Vec<u8>), String>;

/// What the window keeps of the recording's pictures.
pub struct Source {
    worker: Latest<Wish, (PathBuf, Decoded)>,
    asked: Option<Wish>,
    /// Where the file of a project's recording was found.
    found: Option<(PathBuf, MediaRef, PathBuf)>,
    texture: Option<TextureHandle>,
    /// Width of the picture divided by its height.
    aspect: f32,
    /// Why there is no picture.
    message: Option<String>,
}

/// What is on show of the recording.
#[derive(Clone, Copy)]
pub struct SourceView<'a> {
    pub picture: Option<(TextureId, f32)>,
    /// Stands where the picture would.
    pub message: &'a str,
}

impl Source {
    pub fn start(wake: Wake) -> Self {
        let mut opened: Option<(PathBuf, Result<VideoReader, String>)> = None;
        let worker = Latest::start(wake, move |wish: Wish| {
            if opened.as_ref().is_none_or(|(path, _)| *path != wish.path) {
                let reader = VideoReader::open(&wish.path, &Silent).map_err(|e| e.to_string());
                opened = Some((wish.path.clone(), reader));
            }
            let decoded = match &mut opened {
                Some((_, Ok(reader))) => {
                    reader.set_max_height(Some(wish.height));
                    reader.frame_at(wish.time).map(|f| (f.width, f.height, f.data)).map_err(|e| e.to_string())
                }
                Some((_, Err(message))) => Err(message.clone()),
                None => Err(String::new()),
            };
            (wish.path, decoded)
        });
        Self { worker, asked: None, found: None, texture: None, aspect: 16.0 / 9.0, message: None }
    }

    /// Forgets the recording of a project that is closed.
    pub fn forget(&mut self) {
        (self.asked, self.texture, self.message) = (None, None, None);
    }

    /// A wish for the file of `media`, which is looked for when another one is asked for or it was not there.
    pub fn wish(&mut self, folder: &Path, media: &MediaRef, wish: impl FnOnce(PathBuf) -> Wish) -> Option<Wish> {
        let same = self.found.as_ref().is_some_and(|(f, m, _)| f == folder && m == media);
        if !same {
            let path = file::find_media(folder, media)?;
            self.found = Some((folder.to_owned(), media.clone(), path));
        }
        self.found.as_ref().map(|(_, _, path)| wish(path.clone()))
    }

    /// There is no file to look into.
    pub fn set_message(&mut self, message: &str) {
        if self.message.as_deref() != Some(message) {
            self.forget();
            self.message = Some(message.to_owned());
        }
    }

    /// Asks for a picture, unless it was the last one asked for.
    pub fn ask(&mut self, wish: Wish) {
        if self.asked.as_ref() == Some(&wish) {
            return;
        }
        if self.asked.as_ref().is_none_or(|a| a.path != wish.path) {
            self.forget();
        }
        self.asked = Some(wish.clone());
        self.worker.request(wish);
    }

    pub fn is_busy(&self) -> bool {
        self.worker.is_busy()
    }

    /// Takes in what was decoded.
    pub fn poll(&mut self, ctx: &egui::Context) {
        let Some((path, decoded)) = self.worker.take() else { return };
        if self.asked.as_ref().is_none_or(|a| a.path != path) {
            // Of a project that is closed by now.
            return;
        }
        match decoded {
            Ok((width, height, rgba)) if rgba.len() == width as usize * height as usize * 4 && height > 0 => {
                let image = ColorImage::from_rgba_unmultiplied([width as usize, height as usize], &rgba);
                self.aspect = width as f32 / height as f32;
                self.message = None;
                match &mut self.texture {
                    Some(texture) => texture.set(image, TextureOptions::LINEAR),
                    None => self.texture = Some(ctx.load_texture("source", image, TextureOptions::LINEAR)),
                }
            }
            Ok(_) => {}
            Err(message) => (self.message, self.texture) = (Some(message), None),
        }
    }

    pub fn view(&self) -> SourceView<'_> {
        SourceView {
            picture: self.texture.as_ref().map(|t| (t.id(), self.aspect)),
            message: self.message.as_deref().unwrap_or(tr("Decoding…")),
        }
    }
}
