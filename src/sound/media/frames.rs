//! Any picture of a video, exactly: for looking at a recording beside the cues, frame by frame.
//!
//! Opening reads the packets once and notes when each picture is shown and from where it can be decoded. A seek goes
//! to that key frame and decodes forward to the wanted time stamp, so it is right for variable frame rates and
//! reordered frames, where guessing from the frame rate is not. Going forward continues decoding; the last pictures
//! are kept, so that going back a few frames costs nothing.

use super::scale::Scaler;
use super::{MediaError, PictureInfo, input, probe};
use crate::progress::Progress;
use crate::time::{Seconds, TimeRange};
use ffmpeg::format::context::Input;
use ffmpeg::{Packet, Rational, codec, ffi, frame};
use ffmpeg_next as ffmpeg;
use std::collections::VecDeque;
use std::path::{Path, PathBuf};

/// Bytes of decoded pictures that are kept.
const KEPT_BYTES: usize = 64 << 20;
/// Decoding this many frames forward is taken to be quicker than a seek.
const RUN_ON: usize = 48;

/// One picture, upright, `width · height` RGBA pixels.
#[derive(Clone, Debug, PartialEq)]
pub struct VideoFrame {
    pub width: u32,
    pub height: u32,
    pub data: Vec<u8>,
    /// Number of the picture from 0.
    pub index: usize,
    /// From when to when it is shown.
    pub shown: TimeRange,
}

/// A displayed picture in the file.
#[derive(Clone, Copy, Debug)]
struct Entry {
    pts: i64,
    /// Where to seek for it: index into `keys`.
    key: usize,
}

/// An opened video with its frame index.
pub struct VideoReader {
    path: PathBuf,
    input: Input,
    decoder: ffmpeg::decoder::Video,
    stream: usize,
    time_base: f64,
    /// Container time of time 0, shared with the sound of the same file.
    origin: f64,
    info: PictureInfo,
    entries: Vec<Entry>,
    /// Decoding time stamps of key frames, in order.
    keys: Vec<i64>,
    end: f64,
    /// Decoded pictures in order of time, with their time stamps.
    kept: VecDeque<(i64, frame::Video)>,
    /// The next frame out of the decoder follows the last kept one.
    running: bool,
    drained: bool,
    /// Time stamp of the last picture out of the decoder.
    last_pts: Option<i64>,
    scaler: Scaler,
    max_height: Option<u32>,
}

impl VideoReader {
    /// Opens `path` and indexes its best picture stream. Progress counts kilobytes.
    ///
    /// # Errors
    /// Those of opening; no picture, nothing decodable, no decoder, cancelled.
    pub fn open(path: &Path, progress: &dyn Progress) -> Result<Self, MediaError> {
        let mut input = input::open(path)?;
        let origin = input::origin(&input).ok_or_else(|| MediaError::NoPicture { path: path.to_owned() })?;
        let declared_end = probe::declared_duration(&input).0;
        let (stream, time_base, parameters, info) = {
            let s = input::picture_stream(&input).ok_or_else(|| MediaError::NoPicture { path: path.to_owned() })?;
            (s.index(), s.time_base(), s.parameters(), probe::picture_info(&s))
        };
        let decoder = open_decoder(path, parameters, time_base)?;
        discard_others(&mut input, stream);
        let bytes = std::fs::metadata(path).map_or(0, |m| m.len());
        let packets = read_packets(path, &mut input, stream, bytes, progress)?;
        let mut reader = Self {
            path: path.to_owned(),
            input,
            decoder,
            stream,
            time_base: f64::from(time_base),
            origin,
            info,
            entries: Vec::new(),
            keys: Vec::new(),
            end: 0.0,
            kept: VecDeque::new(),
            running: false,
            drained: false,
            last_pts: None,
            scaler: Scaler::default(),
            max_height: None,
        };
        reader.index(&packets)?;
        let last = reader.entries.last().map_or(0.0, |e| reader.seconds(e.pts));
        let frame = reader.info.fps.frame_length().0;
        let of_packet = packets.iter().map(|p| p.duration).max().unwrap_or(0) as f64 * reader.time_base;
        let length = packets.iter().max_by_key(|p| p.pts).map_or(0, |p| p.duration) as f64 * reader.time_base;
        let length = if length > 0.0 {
            length
        } else if of_packet > 0.0 {
            of_packet
        } else {
            frame
        };
        reader.end = (last + length).max(if length > 0.0 { 0.0 } else { declared_end });
        Ok(reader)
    }

    /// What the headers say of the picture.
    pub fn info(&self) -> &PictureInfo {
        &self.info
    }

    /// Number of pictures.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Never true: a file without pictures does not open.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Until when the last picture is shown.
    pub fn duration(&self) -> Seconds {
        Seconds(self.end)
    }

    /// Pictures are made no higher than this many pixels from now on, to save time and memory.
    pub fn set_max_height(&mut self, pixels: Option<u32>) {
        self.max_height = pixels.filter(|&h| h > 0);
    }

    /// When picture `index` is shown; the last one for larger numbers.
    pub fn shown(&self, index: usize) -> TimeRange {
        let index = index.min(self.entries.len().saturating_sub(1));
        let start = self.entries.get(index).map_or(0.0, |e| self.seconds(e.pts));
        let end = self.entries.get(index + 1).map_or(self.end, |e| self.seconds(e.pts));
        TimeRange::new(Seconds(start), Seconds(end))
    }

    /// The picture on screen at `time`; the first before it begins, the last after its end.
    pub fn index_at(&self, time: Seconds) -> usize {
        // Half a tick of slack: a time computed from a frame number must find that frame in a container that rounds
        // to milliseconds. Where a tick is a whole frame there is nothing to round.
        let slack = (self.time_base / 2.0).min(6e-4);
        self.entries.partition_point(|e| self.seconds(e.pts) <= time.0 + slack).saturating_sub(1)
    }

    /// The picture on screen at `time`.
    ///
    /// # Errors
    /// As [`Self::frame`].
    pub fn frame_at(&mut self, time: Seconds) -> Result<VideoFrame, MediaError> {
        self.frame(self.index_at(time))
    }

    /// Picture `index`; the last one for larger numbers. Where the file is damaged, the nearest one before it.
    ///
    /// # Errors
    /// When nothing can be decoded near it.
    pub fn frame(&mut self, index: usize) -> Result<VideoFrame, MediaError> {
        let index = index.min(self.entries.len().saturating_sub(1));
        let wanted = self.entries[index].pts;
        if !self.kept.iter().any(|(pts, _)| *pts == wanted) {
            let newest = self.kept.back().map(|(pts, _)| *pts);
            let ahead = newest.map(|n| self.entries.partition_point(|e| e.pts <= n)).filter(|&next| index >= next);
            let run_on = ahead.is_some_and(|next| {
                let same_group = self.entries[index].key == self.entries[next.saturating_sub(1)].key;
                index - next < RUN_ON || same_group
            });
            if !(self.running && run_on && self.decode_to(wanted)?) {
                self.seek_and_decode(index)?;
            }
        }
        let found = self.kept.iter().rposition(|(pts, _)| *pts <= wanted).or((!self.kept.is_empty()).then_some(0));
        let Some(found) = found else { return Err(self.corrupt("no picture could be decoded here")) };
        let frame = &self.kept[found].1;
        let (width, height, data) = self
            .scaler
            .convert(frame, self.info.rotation, self.max_height)
            .map_err(|e| MediaError::Corrupt { path: self.path.clone(), detail: e.to_string().to_lowercase() })?;
        Ok(VideoFrame { width, height, data, index, shown: self.shown(index) })
    }

    fn corrupt(&self, detail: &str) -> MediaError {
        MediaError::Corrupt { path: self.path.clone(), detail: detail.to_owned() }
    }

    fn seconds(&self, pts: i64) -> f64 {
        pts as f64 * self.time_base - self.origin
    }

    /// Sorts the packets into pictures in order of showing, each with the key frame to start from.
    fn index(&mut self, packets: &[PacketTimes]) -> Result<(), MediaError> {
        if packets.iter().any(|p| p.pts == ffi::AV_NOPTS_VALUE) {
            // Old containers time only the decoding: the decoder knows when the pictures are shown.
            return self.index_by_decoding();
        }
        let mut key_pts = Vec::new();
        for p in packets {
            if p.key || key_pts.is_empty() {
                key_pts.push(p.pts);
                self.keys.push(if p.dts == ffi::AV_NOPTS_VALUE { p.pts } else { p.dts });
            }
            if p.shown {
                // Pictures that are shown before the key frame they follow need the one before it.
                let key = key_pts.iter().rposition(|&k| k <= p.pts).unwrap_or(0);
                self.entries.push(Entry { pts: p.pts, key });
            }
        }
        self.entries.sort_by_key(|e| e.pts);
        self.entries.dedup_by_key(|e| e.pts);
        if self.entries.is_empty() { Err(self.corrupt("it holds no pictures")) } else { Ok(()) }
    }

    fn index_by_decoding(&mut self) -> Result<(), MediaError> {
        self.keys = vec![i64::MIN];
        self.seek(i64::MIN)?;
        while let Some((pts, _)) = self.next_frame()? {
            self.entries.push(Entry { pts, key: 0 });
        }
        self.entries.sort_by_key(|e| e.pts);
        self.entries.dedup_by_key(|e| e.pts);
        if self.entries.is_empty() { Err(self.corrupt("it holds no pictures")) } else { Ok(()) }
    }

    /// Seeks to the key frame of picture `index`, or an earlier one where that lands too late, and decodes up to it.
    fn seek_and_decode(&mut self, index: usize) -> Result<(), MediaError> {
        let Entry { pts, key } = self.entries[index];
        for key in (0..=key).rev() {
            self.seek(self.keys[key])?;
            let complete = self.decode_to(pts)?;
            if self.kept.iter().any(|(p, _)| *p == pts) || (complete && key == 0) {
                return Ok(());
            }
            if key > 0 && self.kept.front().is_some_and(|(p, _)| *p < pts) {
                // It landed right; the picture itself is damaged and the one before stands in.
                return Ok(());
            }
        }
        Ok(())
    }

    /// Moves the file to the key frame at or before `dts` (the beginning for `i64::MIN`) and empties the decoder.
    fn seek(&mut self, dts: i64) -> Result<(), MediaError> {
        // SAFETY: the context is alive and owned by this reader.
        let mut seek = || unsafe {
            ffi::av_seek_frame(self.input.as_mut_ptr(), self.stream as i32, dts, ffi::AVSEEK_FLAG_BACKWARD)
        };
        if dts == i64::MIN || seek() < 0 {
            self.reopen()?;
        } else {
            self.decoder.flush();
        }
        self.kept.clear();
        self.running = true;
        self.drained = false;
        self.last_pts = None;
        Ok(())
    }

    /// Starts over from the beginning: some formats cannot seek, or lose count of the time when they do.
    fn reopen(&mut self) -> Result<(), MediaError> {
        self.input = input::open(&self.path)?;
        let (parameters, time_base) = {
            let stream = self.input.stream(self.stream).ok_or_else(|| self.corrupt("it changed while it was read"))?;
            (stream.parameters(), stream.time_base())
        };
        self.decoder = open_decoder(&self.path, parameters, time_base)?;
        discard_others(&mut self.input, self.stream);
        Ok(())
    }

    /// Decodes and keeps pictures until one at or after `wanted` comes out; false at the end of the file.
    fn decode_to(&mut self, wanted: i64) -> Result<bool, MediaError> {
        while let Some((pts, frame)) = self.next_frame()? {
            let bytes = frame_bytes(&frame);
            while self.kept.len() > 1 && (self.kept.len() + 1) * bytes > KEPT_BYTES {
                self.kept.pop_front();
            }
            self.kept.push_back((pts, frame));
            if pts >= wanted {
                return Ok(true);
            }
        }
        self.running = false;
        Ok(false)
    }

    /// The next picture out of the decoder and its time stamp; `None` at the end.
    fn next_frame(&mut self) -> Result<Option<(i64, frame::Video)>, MediaError> {
        let mut broken = 0;
        loop {
            let mut frame = frame::Video::empty();
            match self.decoder.receive_frame(&mut frame) {
                Ok(()) => {
                    // Old containers leave the pictures held back to the end without a time: one follows another.
                    let ticks = (self.info.fps.frame_length().0 / self.time_base).round().max(1.0) as i64;
                    let pts = frame.timestamp().or(self.last_pts.map(|p| p.saturating_add(ticks))).unwrap_or(0);
                    self.last_pts = Some(pts);
                    return Ok(Some((pts, frame)));
                }
                Err(ffmpeg::Error::Eof) => return Ok(None),
                Err(ffmpeg::Error::Other { errno: ffmpeg::error::EAGAIN }) => {}
                Err(_) if broken < 1000 => broken += 1,
                Err(_) => return Ok(None),
            }
            if self.drained {
                return Ok(None);
            }
            let mut packet = Packet::empty();
            match packet.read(&mut self.input) {
                // A damaged packet costs its picture; decoding resumes at the next one.
                Ok(()) if packet.stream() == self.stream => _ = self.decoder.send_packet(&packet),
                Ok(()) => {}
                Err(ffmpeg::Error::InvalidData) if broken < 1000 => broken += 1,
                Err(_) => {
                    self.drained = true;
                    _ = self.decoder.send_eof();
                }
            }
        }
    }
}

fn frame_bytes(frame: &frame::Video) -> usize {
    (0..frame.planes()).map(|p| frame.stride(p) * frame.plane_height(p) as usize).sum::<usize>().max(1)
}

fn open_decoder(
    path: &Path,
    parameters: codec::Parameters,
    time_base: Rational,
) -> Result<ffmpeg::decoder::Video, MediaError> {
    let name = parameters.id().name();
    let wrong = |e: ffmpeg::Error| match e {
        ffmpeg::Error::DecoderNotFound => MediaError::NoDecoder { path: path.to_owned(), codec: name.to_owned() },
        e => MediaError::Corrupt { path: path.to_owned(), detail: e.to_string().to_lowercase() },
    };
    let mut decoder = codec::Context::from_parameters(parameters).map_err(wrong)?.decoder();
    decoder.set_packet_time_base(time_base);
    decoder.set_threading(codec::threading::Config { kind: codec::threading::Type::Slice, ..Default::default() });
    decoder.video().map_err(wrong)
}

/// Lets the demuxer skip what is not looked at.
fn discard_others(input: &mut Input, stream: usize) {
    for i in (0..input.nb_streams() as usize).filter(|&i| i != stream) {
        // SAFETY: the index is below the number of streams of a living context.
        unsafe { (**(*input.as_mut_ptr()).streams.add(i)).discard = ffi::AVDiscard::AVDISCARD_ALL };
    }
}

/// What a packet says of its picture, in stream ticks.
struct PacketTimes {
    pts: i64,
    dts: i64,
    duration: i64,
    key: bool,
    /// False for pictures that are only decoded for others, cut off by an edit list.
    shown: bool,
}

fn read_packets(
    path: &Path,
    input: &mut Input,
    stream: usize,
    bytes: u64,
    progress: &dyn Progress,
) -> Result<Vec<PacketTimes>, MediaError> {
    let mut all = Vec::new();
    let mut broken = 0;
    loop {
        let mut packet = Packet::empty();
        match packet.read(input) {
            Ok(()) => {}
            Err(ffmpeg::Error::InvalidData) if broken < 10_000 => {
                broken += 1;
                continue;
            }
            Err(_) => return Ok(all),
        }
        if packet.stream() != stream {
            continue;
        }
        let position = packet.position().max(0) as usize;
        // SAFETY: the packet is alive and only read.
        let raw = unsafe { &*codec::packet::Ref::as_ptr(&packet) };
        all.push(PacketTimes {
            pts: raw.pts,
            dts: raw.dts,
            duration: raw.duration,
            key: raw.flags & ffi::AV_PKT_FLAG_KEY != 0,
            shown: raw.flags & ffi::AV_PKT_FLAG_DISCARD == 0,
        });
        if all.len() % 256 == 0 {
            if progress.cancelled() {
                return Err(MediaError::Cancelled { path: path.to_owned() });
            }
            progress.report("Indexing the video", position >> 10, (bytes as usize >> 10).max(position >> 10));
        }
    }
}
