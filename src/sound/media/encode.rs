//! Making a video: pictures and sound in, an MP4 (H.264 and AAC) or WebM (VP9 and Opus) out.
//!
//! The picture sets the length: sound is cut or filled with silence so that both end together. A worker encodes and
//! writes while the caller draws the next picture. The file gets its name only when it is complete; an encoder that
//! is dropped leaves nothing behind.

mod sound;

use super::output::TempFile;
use super::{MediaError, input, yuv};
use crate::time::{Fps, Seconds};
use ffmpeg::codec::encoder;
use ffmpeg::format::context::Output;
use ffmpeg::{Dictionary, Packet, Rational, color, ffi, frame};
use ffmpeg_next as ffmpeg;
use sound::Sound;
use std::ffi::CString;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

/// Pictures that may wait for the encoder.
const QUEUE: usize = 8;
/// The largest side of a picture, in pixels: what H.264 players take.
const LARGEST: u32 = 8192;

/// What kind of video to make.
#[derive(Clone, Debug, PartialEq)]
pub struct EncodeOptions {
    /// Pixels; MP4 needs even numbers, an odd side is made one pixel longer by repeating the edge.
    pub width: u32,
    pub height: u32,
    pub fps: Fps,
    /// Samples a second and channels of the sound that will be pushed; `None` for a silent film.
    pub audio: Option<(u32, u16)>,
    /// Such as `("title", …)`, `("comment", …)`; kept where the container knows the key.
    pub metadata: Vec<(String, String)>,
}

impl Default for EncodeOptions {
    fn default() -> Self {
        Self { width: 512, height: 512, fps: Fps::default(), audio: None, metadata: Vec::new() }
    }
}

/// What was written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Encoded {
    /// Pictures.
    pub frames: u64,
    /// Length of picture and sound alike.
    pub duration: Seconds,
    /// Size of the file.
    pub bytes: u64,
}

/// The two kinds of file.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Container {
    Mp4,
    WebM,
}

impl Container {
    fn of(path: &Path) -> Result<Self, MediaError> {
        let extension = path.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default();
        match extension.as_str() {
            "mp4" | "m4v" | "mov" => Ok(Self::Mp4),
            "webm" => Ok(Self::WebM),
            _ => Err(MediaError::UnknownExtension { path: path.to_owned(), extension: format!(".{extension}") }),
        }
    }

    /// FFmpeg's name, the encoders, and the container to suggest when one is missing.
    fn parts(self) -> (&'static str, &'static str, &'static str, &'static str) {
        match self {
            Self::Mp4 => ("mp4", "libx264", "aac", ".webm"),
            Self::WebM => ("webm", "libvpx-vp9", "libopus", ".mp4"),
        }
    }
}

enum Message {
    Picture(frame::Video),
    Sound(Vec<f32>),
    Finish,
}

/// An open video; see the module for how it behaves.
pub struct Encoder {
    path: PathBuf,
    options: EncodeOptions,
    /// Size of the stored picture.
    stored: (u32, u32),
    pushed: u64,
    sender: Option<SyncSender<Message>>,
    worker: Option<JoinHandle<Result<Encoded, MediaError>>>,
}

impl Encoder {
    /// Checks everything that can be checked before the work — extension, size, folder, room on the disk, encoders —
    /// and opens the file under a temporary name.
    ///
    /// # Errors
    /// What those checks find, each with its remedy.
    pub fn create(path: &Path, options: EncodeOptions) -> Result<Self, MediaError> {
        input::init();
        let container = Container::of(path)?;
        let bad = |what: String| MediaError::BadOptions { path: path.to_owned(), what };
        if options.width == 0 || options.height == 0 || options.width.max(options.height) > LARGEST {
            let size = format!("{} × {}", options.width, options.height);
            return Err(bad(format!("pictures of {size} pixels; each side needs 1 to {LARGEST}")));
        }
        if options.audio.is_some_and(|(rate, channels)| rate == 0 || rate > 768_000 || channels == 0) {
            return Err(bad("the sound needs a sample rate and at least one channel".to_owned()));
        }
        if options.fps.num == 0 || options.fps.den == 0 || options.fps.rate() > 1000.0 {
            return Err(bad("the frame rate must lie between 0 and 1000".to_owned()));
        }
        let even = |n: u32| if container == Container::Mp4 { n.next_multiple_of(2) } else { n };
        let stored = (even(options.width), even(options.height));
        let temp = TempFile::create(path)?;
        let work = Work::open(path, temp, container, &options, stored)?;
        let (sender, receiver) = sync_channel(QUEUE);
        let worker = std::thread::Builder::new()
            .name("encoder".to_owned())
            .spawn(move || work.run(receiver))
            .map_err(|e| MediaError::writing(path, e))?;
        Ok(Self { path: path.to_owned(), options, stored, pushed: 0, sender: Some(sender), worker: Some(worker) })
    }

    /// Adds the next picture: `width · height` RGBA pixels from the top left, alpha ignored.
    ///
    /// # Errors
    /// A picture of another size, or whatever stopped the encoder.
    pub fn push_frame(&mut self, rgba: &[u8]) -> Result<(), MediaError> {
        let (width, height) = (self.options.width as usize, self.options.height as usize);
        if rgba.len() != width * height * 4 {
            let what = format!("a picture of {} bytes came where {width} × {height} pixels were promised", rgba.len());
            return Err(MediaError::BadOptions { path: self.path.clone(), what });
        }
        let mut picture = frame::Video::new(ffmpeg::format::Pixel::YUV420P, self.stored.0, self.stored.1);
        let strides = [picture.stride(0), picture.stride(1), picture.stride(2)];
        // SAFETY: the three planes of a fresh frame are separate stretches of its own memory.
        let [y, u, v] = unsafe {
            [0, 1, 2].map(|p| {
                let plane = picture.data_mut(p);
                std::slice::from_raw_parts_mut(plane.as_mut_ptr(), plane.len())
            })
        };
        let planes = yuv::Planes {
            y,
            y_stride: strides[0],
            u,
            u_stride: strides[1],
            v,
            v_stride: strides[2],
            width: self.stored.0 as usize,
            height: self.stored.1 as usize,
        };
        yuv::from_rgba(rgba, width, height, planes);
        tag(&mut picture);
        picture.set_pts(Some(self.pushed as i64));
        self.pushed += 1;
        self.send(Message::Picture(picture))
    }

    /// Adds interleaved samples at the rate and with the channels of the options, in any amounts. It may run ahead of
    /// the pictures; what lies beyond the last picture is cut off.
    ///
    /// # Errors
    /// Sound for a film without, or whatever stopped the encoder.
    pub fn push_audio(&mut self, samples: &[f32]) -> Result<(), MediaError> {
        if self.options.audio.is_none() {
            let what = "sound was given for a film without sound".to_owned();
            return Err(MediaError::BadOptions { path: self.path.clone(), what });
        }
        self.send(Message::Sound(samples.to_vec()))
    }

    /// Pictures pushed so far.
    pub fn frames(&self) -> u64 {
        self.pushed
    }

    /// Ends the video, puts it on the disk and gives it its name.
    ///
    /// # Errors
    /// No pictures, or whatever stopped the encoder; then there is no file, and an older one is still there.
    pub fn finish(mut self) -> Result<Encoded, MediaError> {
        if self.pushed == 0 {
            let what = "it has no pictures".to_owned();
            return Err(MediaError::BadOptions { path: self.path.clone(), what });
        }
        self.send(Message::Finish)?;
        self.join()
    }

    fn send(&mut self, message: Message) -> Result<(), MediaError> {
        let sent = self.sender.as_ref().is_some_and(|s| s.send(message).is_ok());
        if sent { Ok(()) } else { self.join().map(|_| ()) }
    }

    /// Waits for the worker and gives its result.
    fn join(&mut self) -> Result<Encoded, MediaError> {
        self.sender = None;
        let failed = |detail: &str| MediaError::Encode { path: self.path.clone(), detail: detail.to_owned() };
        match self.worker.take().map(JoinHandle::join) {
            Some(Ok(result)) => result,
            Some(Err(_)) => Err(failed("the encoder stopped unexpectedly")),
            None => Err(failed("the video was already ended")),
        }
    }
}

impl Drop for Encoder {
    fn drop(&mut self) {
        if self.worker.is_some() {
            // The temporary file is gone when this returns.
            drop(self.join());
        }
    }
}

/// Says in the frame itself how its colours are meant.
fn tag(picture: &mut frame::Video) {
    picture.set_color_space(color::Space::BT709);
    picture.set_color_range(color::Range::MPEG);
    picture.set_color_primaries(color::Primaries::BT709);
    picture.set_color_transfer_characteristic(color::TransferCharacteristic::BT709);
}

/// The worker's side.
struct Work {
    path: PathBuf,
    /// Before the temporary file, so that it is closed first.
    output: Output,
    picture: encoder::video::Encoder,
    sound: Option<Sound>,
    temp: TempFile,
    fps: Fps,
    frames: u64,
}

impl Work {
    fn open(
        path: &Path,
        temp: TempFile,
        container: Container,
        options: &EncodeOptions,
        stored: (u32, u32),
    ) -> Result<Self, MediaError> {
        let wrong = |e| MediaError::encoding(path, e);
        let (format, video_name, audio_name, instead) = container.parts();
        let find = |name: &'static str| {
            encoder::find_by_name(name).ok_or(MediaError::NoEncoder { path: path.to_owned(), codec: name, instead })
        };
        let mut output = open_output(temp.temp_path(), format).map_err(wrong)?;
        let global = output.format().flags().contains(ffmpeg::format::Flags::GLOBAL_HEADER);
        let time_base = Rational::new(options.fps.den as i32, options.fps.num as i32);

        let codec = find(video_name)?;
        let mut video = ffmpeg::codec::Context::new_with_codec(codec).encoder().video().map_err(wrong)?;
        video.set_width(stored.0);
        video.set_height(stored.1);
        video.set_format(ffmpeg::format::Pixel::YUV420P);
        video.set_time_base(time_base);
        video.set_frame_rate(Some(time_base.invert()));
        video.set_aspect_ratio(Rational::new(1, 1));
        // A key frame every two seconds at least, for quick seeking.
        video.set_gop((options.fps.rate() * 2.0).ceil().max(1.0) as u32);
        video.set_colorspace(color::Space::BT709);
        video.set_color_range(color::Range::MPEG);
        video.set_color_primaries(color::Primaries::BT709);
        video.set_color_transfer_characteristic(color::TransferCharacteristic::BT709);
        if global {
            video.set_flags(ffmpeg::codec::Flags::GLOBAL_HEADER);
        }
        let picture = video.open_with(video_settings(container)).map_err(wrong)?;
        {
            let mut stream = output.add_stream_with(&picture).map_err(wrong)?;
            stream.set_time_base(time_base);
            stream.set_avg_frame_rate(time_base.invert());
            stream.set_rate(time_base.invert());
        }
        let sound = match options.audio {
            Some((rate, channels)) => {
                let codec = find(audio_name)?;
                let sound = Sound::open(codec, container, rate, channels, global).map_err(wrong)?;
                let time_base = Rational::new(1, sound.rate as i32);
                output.add_stream_with(&sound.encoder).map_err(wrong)?.set_time_base(time_base);
                Some(sound)
            }
            None => None,
        };
        // A NUL would end the text for FFmpeg and panic its wrapper.
        let clean = |s: &str| s.replace('\0', "");
        output.set_metadata(options.metadata.iter().map(|(k, v)| (clean(k), clean(v))).collect());
        let mut settings = Dictionary::new();
        if container == Container::Mp4 {
            settings.set("movflags", "+faststart");
        }
        drop(output.write_header_with(settings).map_err(wrong)?);
        Ok(Self { path: path.to_owned(), output, picture, sound, temp, fps: options.fps, frames: 0 })
    }

    fn run(mut self, messages: Receiver<Message>) -> Result<Encoded, MediaError> {
        let path = self.path.clone();
        let wrong = |e| MediaError::encoding(&path, e);
        loop {
            match messages.recv() {
                Ok(Message::Picture(picture)) => {
                    self.picture.send_frame(&picture).map_err(wrong)?;
                    self.frames += 1;
                    self.write_pictures().map_err(wrong)?;
                    self.write_sound().map_err(wrong)?;
                }
                Ok(Message::Sound(samples)) => {
                    if let Some(sound) = &mut self.sound {
                        sound.take(&samples);
                    }
                    self.write_sound().map_err(wrong)?;
                }
                Ok(Message::Finish) => return self.finish(),
                // The encoder was dropped: so is the file.
                Err(_) => return Err(MediaError::Cancelled { path }),
            }
        }
    }

    fn finish(mut self) -> Result<Encoded, MediaError> {
        let path = self.path.clone();
        let wrong = |e| MediaError::encoding(&path, e);
        self.picture.send_eof().map_err(wrong)?;
        self.write_pictures().map_err(wrong)?;
        if let Some(sound) = &mut self.sound {
            sound.end(self.frames, self.fps);
        }
        self.write_sound().map_err(wrong)?;
        if let Some(sound) = &mut self.sound {
            sound.encoder.send_eof().map_err(wrong)?;
        }
        self.drain_sound().map_err(wrong)?;
        self.output.write_trailer().map_err(wrong)?;
        let Self { output, temp, fps, frames, .. } = self;
        drop(output);
        let bytes = temp.file().metadata().map_or(0, |m| m.len());
        temp.keep()?;
        let duration = Seconds(frames as f64 * f64::from(fps.den) / f64::from(fps.num));
        Ok(Encoded { frames, duration, bytes })
    }

    fn write_pictures(&mut self) -> Result<(), ffmpeg::Error> {
        loop {
            let mut packet = Packet::empty();
            if !received(self.picture.receive_packet(&mut packet))? {
                return Ok(());
            }
            packet.set_stream(0);
            packet.set_duration(1);
            packet
                .rescale_ts(Rational::new(self.fps.den as i32, self.fps.num as i32), stream_time_base(&self.output, 0));
            packet.write_interleaved(&mut self.output)?;
        }
    }

    /// Encodes the sound that belongs to the pictures so far.
    fn write_sound(&mut self) -> Result<(), ffmpeg::Error> {
        while let Some(block) = self.sound.as_mut().and_then(|s| s.next_block(self.frames, self.fps)) {
            if let Some(sound) = &mut self.sound {
                sound.encoder.send_frame(&block)?;
            }
            self.drain_sound()?;
        }
        Ok(())
    }

    fn drain_sound(&mut self) -> Result<(), ffmpeg::Error> {
        let Some(sound) = &mut self.sound else { return Ok(()) };
        loop {
            let mut packet = Packet::empty();
            if !received(sound.encoder.receive_packet(&mut packet))? {
                return Ok(());
            }
            packet.set_stream(1);
            packet.set_pts(packet.pts().map(|t| t + sound.shift));
            packet.set_dts(packet.dts().map(|t| t + sound.shift));
            packet.rescale_ts(Rational::new(1, sound.rate as i32), stream_time_base(&self.output, 1));
            packet.write_interleaved(&mut self.output)?;
        }
    }
}

/// True when a packet came, false when the encoder wants more input or has ended.
fn received(result: Result<(), ffmpeg::Error>) -> Result<bool, ffmpeg::Error> {
    match result {
        Ok(()) => Ok(true),
        Err(ffmpeg::Error::Eof | ffmpeg::Error::Other { errno: ffmpeg::error::EAGAIN }) => Ok(false),
        Err(e) => Err(e),
    }
}

/// The muxer may change the time base it was given.
fn stream_time_base(output: &Output, index: usize) -> Rational {
    output.stream(index).map_or(Rational::new(1, 1000), |s| s.time_base())
}

fn video_settings(container: Container) -> Dictionary<'static> {
    let mut settings = Dictionary::new();
    match container {
        Container::Mp4 => {
            settings.set("preset", "veryfast");
            settings.set("crf", "18");
            settings.set("profile", "high");
        }
        Container::WebM => {
            settings.set("crf", "24");
            settings.set("b", "0");
            settings.set("deadline", "good");
            settings.set("cpu-used", "5");
            settings.set("row-mt", "1");
            settings.set("tile-columns", "1");
        }
    }
    settings
}

/// Opens `path` for the muxer `format`. The path goes as bytes and with its protocol, so that any name works.
fn open_output(path: &Path, format: &str) -> Result<Output, ffmpeg::Error> {
    let mut url = b"file:".to_vec();
    #[cfg(unix)]
    url.extend_from_slice(std::os::unix::ffi::OsStrExt::as_bytes(path.as_os_str()));
    #[cfg(not(unix))]
    url.extend_from_slice(path.to_string_lossy().as_bytes());
    let invalid = |_| ffmpeg::Error::Other { errno: ffmpeg::error::EINVAL };
    let (url, format) = (CString::new(url).map_err(invalid)?, CString::new(format).map_err(invalid)?);
    // SAFETY: both strings live until the end; the context is owned by `Output` or freed.
    unsafe {
        let mut context = std::ptr::null_mut();
        let made = ffi::avformat_alloc_output_context2(&mut context, std::ptr::null(), format.as_ptr(), url.as_ptr());
        if made < 0 || context.is_null() {
            return Err(ffmpeg::Error::from(made));
        }
        let opened = ffi::avio_open(&mut (*context).pb, url.as_ptr(), ffi::AVIO_FLAG_WRITE);
        if opened < 0 {
            ffi::avformat_free_context(context);
            return Err(ffmpeg::Error::from(opened));
        }
        Ok(Output::wrap(context))
    }
}
