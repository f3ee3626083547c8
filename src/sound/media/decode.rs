//! Sound of any file FFmpeg reads, decoded whole into memory.
//!
//! The samples are placed by their timestamps, so that sound and picture of a video keep their times: a hole in the
//! stream becomes silence, sound before the first picture is left off. A damaged or cut-off file gives what can be
//! read and a warning.

use super::resample::{self, Resampler};
use super::{MediaError, input, probe};
use crate::progress::Progress;
use crate::time::Seconds;
use ffmpeg::format::sample::{Sample, Type};
use ffmpeg::{Packet, codec, frame};
use ffmpeg_next as ffmpeg;
use std::path::Path;

/// The longest recording that is taken, in hours: what fits in memory at 48 kHz stereo.
const LONGEST_HOURS: f64 = 2.0;
/// Timestamps off by less than this, in seconds, are rounding of the container and not a hole.
const SMALLEST_HOLE: f64 = 0.05;
/// More silence than this in all, in seconds, comes from broken timestamps and not from holes.
const MOST_SILENCE: f64 = 600.0;
/// Room for this many seconds is made at once; headers may lie about the rest.
const ROOM: f64 = 600.0;
/// A stream that changes its sample rate more often than this is broken.
const MOST_CHANGES: usize = 16;

/// Decoded sound: interleaved samples in -1..1 (more where the file clips).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AudioBuffer {
    /// Samples a second in each channel.
    pub rate: u32,
    pub channels: u16,
    /// `frames() · channels` samples, channel after channel within a frame.
    pub samples: Vec<f32>,
    /// What was wrong with the file though it could be used, as sentences for the user.
    pub warnings: Vec<String>,
}

impl AudioBuffer {
    /// One channel at `rate`.
    pub fn from_mono(rate: u32, samples: Vec<f32>) -> Self {
        Self { rate, channels: 1, samples, warnings: Vec::new() }
    }

    /// Samples in each channel.
    pub fn frames(&self) -> usize {
        self.samples.len() / usize::from(self.channels.max(1))
    }

    pub fn duration(&self) -> Seconds {
        Seconds(self.frames() as f64 / f64::from(self.rate.max(1)))
    }

    /// All channels mixed to one, each with the same weight.
    pub fn mono(&self) -> Vec<f32> {
        match usize::from(self.channels) {
            0 | 1 => self.samples.clone(),
            n => self.samples.chunks_exact(n).map(|frame| frame.iter().sum::<f32>() / n as f32).collect(),
        }
    }

    /// One channel at `rate`, for analysis.
    pub fn mono_at(&self, rate: u32) -> Vec<f32> {
        resample::resample(&self.mono(), self.rate, rate)
    }

    /// The same sound at another rate.
    pub fn resampled(&self, rate: u32) -> Self {
        Self {
            rate,
            channels: self.channels,
            samples: resample::resample_interleaved(&self.samples, self.channels, self.rate, rate),
            warnings: self.warnings.clone(),
        }
    }
}

/// Decodes the best sound stream of `path`. Progress counts milliseconds of sound.
///
/// # Errors
/// Those of opening; no sound stream, nothing decodable in it, a recording too long for memory, cancelled.
pub fn decode_audio(path: &Path, progress: &dyn Progress) -> Result<AudioBuffer, MediaError> {
    let mut input = input::open(path)?;
    let declared = probe::declared_duration(&input);
    check_length(path, declared.0)?;
    let origin = input::origin(&input);
    let (index, time_base, parameters, stream_length) = {
        let stream = input::sound_stream(&input).ok_or_else(|| MediaError::NoSound { path: path.to_owned() })?;
        let length = stream.duration().max(0) as f64 * f64::from(stream.time_base());
        (stream.index(), stream.time_base(), stream.parameters(), length)
    };
    let codec_name = codec::Id::name(&parameters.id());
    let corrupt = |e: ffmpeg::Error| match e {
        ffmpeg::Error::DecoderNotFound => MediaError::NoDecoder { path: path.to_owned(), codec: codec_name.to_owned() },
        e => MediaError::Corrupt { path: path.to_owned(), detail: e.to_string().to_lowercase() },
    };
    let mut context = codec::Context::from_parameters(parameters).map_err(corrupt)?.decoder();
    context.set_packet_time_base(time_base);
    let mut decoder = context.audio().map_err(corrupt)?;

    let mut taker = Taker::new(origin, f64::from(time_base), declared.0);
    let total_ms = declared.millis() as usize;
    let (mut broken, mut packets) = (0_usize, 0_usize);
    let mut read_error = None;
    loop {
        // A fresh packet each time: FFmpeg does not free what the old one held.
        let mut packet = Packet::empty();
        match packet.read(&mut input) {
            Ok(()) => {}
            Err(ffmpeg::Error::Eof) => break,
            Err(ffmpeg::Error::InvalidData) if broken < 10_000 => {
                broken += 1;
                continue;
            }
            Err(e) => {
                read_error = Some(e.to_string().to_lowercase());
                break;
            }
        }
        if packet.stream() != index {
            continue;
        }
        packets += 1;
        if decoder.send_packet(&packet).is_err() {
            broken += 1;
        }
        broken += taker.drain(&mut decoder);
        if packets.is_multiple_of(64) {
            if progress.cancelled() {
                return Err(MediaError::Cancelled { path: path.to_owned() });
            }
            let done = taker.buffer.duration();
            check_length(path, done.0)?;
            progress.report("Reading the sound", done.millis() as usize, total_ms.max(done.millis() as usize));
        }
    }
    // Refused only by a decoder that already ended.
    let _ = decoder.send_eof();
    broken += taker.drain(&mut decoder);

    let mut buffer = taker.buffer;
    if buffer.samples.is_empty() {
        let detail = read_error.unwrap_or_else(|| format!("{packets} blocks read, none of them sound"));
        return Err(MediaError::Corrupt { path: path.to_owned(), detail });
    }
    trim_padding(&mut buffer, stream_length);
    let done = buffer.duration().0;
    let header = wav_length(path).unwrap_or(0.0);
    let expected = header.max(if stream_length > 0.0 { stream_length } else { declared.0 });
    if done < expected - (0.02 * expected).max(0.25) {
        buffer.warnings.push(format!(
            "The file ends early: {done:.1} s of {expected:.1} s could be read. The rest is missing; copy the file again if you \
             have it elsewhere."
        ));
        // The block that was cut through counts as missing, not as damaged.
        broken = broken.saturating_sub(1);
    } else if let Some(e) = read_error {
        buffer.warnings.push(format!("Reading stopped at {done:.1} s ({e}). Check that the sound is complete."));
    }
    if broken > 0 {
        buffer
            .warnings
            .push(format!("{broken} damaged blocks of the sound were left out. Listen to it before you use it."));
    }
    progress.report("Reading the sound", (done * 1000.0) as usize, (done * 1000.0) as usize);
    Ok(buffer)
}

/// AAC is coded in blocks of 1024; MP4 says where the last one really ends, which FFmpeg's decoder does not heed.
fn trim_padding(buffer: &mut AudioBuffer, stream_length: f64) {
    let expected = (stream_length * f64::from(buffer.rate)).round() as usize;
    let excess = buffer.frames().saturating_sub(expected);
    if expected > 0 && (1..=2048).contains(&excess) {
        buffer.samples.truncate(expected * usize::from(buffer.channels));
    }
}

/// The length that a WAV header promises, in seconds; FFmpeg only tells what is there.
fn wav_length(path: &Path) -> Option<f64> {
    use std::io::{Read, Seek, SeekFrom};
    let mut file = std::io::BufReader::new(std::fs::File::open(path).ok()?);
    let mut head = [0; 12];
    file.read_exact(&mut head).ok()?;
    if &head[..4] != b"RIFF" || &head[8..] != b"WAVE" {
        return None;
    }
    let mut byte_rate = 0;
    for _ in 0..64 {
        let mut chunk = [0; 8];
        file.read_exact(&mut chunk).ok()?;
        let size = u32::from_le_bytes([chunk[4], chunk[5], chunk[6], chunk[7]]);
        match &chunk[..4] {
            b"fmt " if size >= 16 => {
                let mut format = [0; 16];
                file.read_exact(&mut format).ok()?;
                byte_rate = u32::from_le_bytes([format[8], format[9], format[10], format[11]]);
                file.seek(SeekFrom::Current(i64::from(size - 16 + size % 2))).ok()?;
            }
            // Recorders that stream write the largest number for a length they do not know.
            b"data" if byte_rate > 0 && size < 0xffff_0000 => return Some(f64::from(size) / f64::from(byte_rate)),
            b"data" => return None,
            _ => {
                file.seek(SeekFrom::Current(i64::from(size) + i64::from(size % 2))).ok()?;
            }
        }
    }
    None
}

fn check_length(path: &Path, seconds: f64) -> Result<(), MediaError> {
    let hours = seconds / 3600.0;
    if hours <= LONGEST_HOURS {
        return Ok(());
    }
    Err(MediaError::TooLong { path: path.to_owned(), hours, limit: LONGEST_HOURS })
}

/// Puts decoded frames at their times, all in the form of the first one.
struct Taker {
    buffer: AudioBuffer,
    /// Container time of the first sample kept; found at the first frame where the file has no picture.
    origin: Option<f64>,
    time_base: f64,
    declared: f64,
    scratch: Vec<f32>,
    /// Silence put in for holes, in seconds.
    silence: f64,
    /// For frames of another rate than the first: that rate, and a resampler for each channel.
    change: Option<(u32, Vec<Resampler>)>,
    changes: usize,
}

impl Taker {
    fn new(origin: Option<f64>, time_base: f64, declared: f64) -> Self {
        Self {
            buffer: AudioBuffer::default(),
            origin,
            time_base,
            declared,
            scratch: Vec::new(),
            silence: 0.0,
            change: None,
            changes: 0,
        }
    }

    /// Takes all frames that are ready; gives the number of damaged ones.
    fn drain(&mut self, decoder: &mut ffmpeg::decoder::Audio) -> usize {
        let mut broken = 0;
        let mut frame = frame::Audio::empty();
        loop {
            match decoder.receive_frame(&mut frame) {
                Ok(()) => broken += usize::from(!self.take(&frame)),
                Err(ffmpeg::Error::InvalidData) => {
                    broken += 1;
                    if broken > 1000 {
                        return broken;
                    }
                }
                Err(_) => return broken,
            }
        }
    }

    /// False for a frame that cannot be used.
    fn take(&mut self, frame: &frame::Audio) -> bool {
        let channels = channels_of(frame);
        if frame.samples() == 0 {
            return true;
        }
        if channels == 0 || !(1000..=768_000).contains(&frame.rate()) {
            return false;
        }
        self.scratch.clear();
        interleave(frame, usize::from(channels), &mut self.scratch);
        if self.buffer.rate == 0 {
            self.buffer.rate = frame.rate();
            self.buffer.channels = channels;
            let expected = self.declared.clamp(0.0, ROOM) * f64::from(frame.rate());
            self.buffer.samples.reserve(expected as usize * usize::from(channels));
        }
        // Some streams change their form on the way (a radio recording, say): follow the first.
        if channels != self.buffer.channels {
            self.scratch = remap(&self.scratch, usize::from(channels), usize::from(self.buffer.channels));
        }
        if frame.rate() != self.buffer.rate && !self.follow(frame.rate()) {
            return false;
        }
        let width = usize::from(self.buffer.channels);
        let mut from = 0;
        // After a change of rate raw streams count their time wrongly.
        if let Some(pts) = frame.timestamp().filter(|_| frame.rate() == self.buffer.rate) {
            let time = pts as f64 * self.time_base;
            let origin = *self.origin.get_or_insert(time);
            let gap = time - origin - self.buffer.duration().0;
            let gap_frames = (gap * f64::from(self.buffer.rate)).round();
            let first = self.buffer.samples.is_empty();
            if first && gap < 0.0 {
                // Sound before the first picture.
                from = ((-gap_frames) as usize * width).min(self.scratch.len());
            } else if (gap > SMALLEST_HOLE || first && gap > 0.0) && self.silence + gap < MOST_SILENCE {
                self.silence += gap;
                let silence = gap_frames as usize * width;
                self.buffer.samples.resize(self.buffer.samples.len() + silence, 0.0);
            }
        }
        self.buffer.samples.extend_from_slice(&self.scratch[from..]);
        true
    }

    /// Brings the scratch samples from `rate` to the rate of the buffer; false when the rate changes too often.
    fn follow(&mut self, rate: u32) -> bool {
        let channels = usize::from(self.buffer.channels);
        if self.change.as_ref().is_none_or(|(r, _)| *r != rate) {
            self.changes += 1;
            if self.changes > MOST_CHANGES {
                return false;
            }
            let resampler = |_| Resampler::new(rate, self.buffer.rate);
            self.change = Some((rate, (0..channels).map(resampler).collect()));
        }
        let Some((_, resamplers)) = &mut self.change else { return false };
        let parts = resamplers.iter_mut().enumerate().map(|(c, resampler)| {
            let one: Vec<f32> = self.scratch.iter().skip(c).step_by(channels).copied().collect();
            let mut out = Vec::new();
            resampler.push(&one, &mut out);
            out
        });
        let parts: Vec<Vec<f32>> = parts.collect();
        let frames = parts.iter().map(Vec::len).min().unwrap_or(0);
        self.scratch = (0..frames).flat_map(|i| parts.iter().map(move |p| p[i])).collect();
        true
    }
}

/// Channels of a frame, whether or not its speakers are named.
fn channels_of(frame: &frame::Audio) -> u16 {
    // SAFETY: the frame is alive and only read.
    unsafe { (*frame.as_ptr()).ch_layout.nb_channels }.clamp(0, i32::from(u16::MAX)) as u16
}

/// Appends a frame of any sample format to `out`, interleaved, as f32 in -1..1.
fn interleave(frame: &frame::Audio, channels: usize, out: &mut Vec<f32>) {
    let (Sample::U8(kind)
    | Sample::I16(kind)
    | Sample::I32(kind)
    | Sample::I64(kind)
    | Sample::F32(kind)
    | Sample::F64(kind)) = frame.format()
    else {
        return;
    };
    let n = frame.samples();
    // SAFETY: FFmpeg guarantees `samples` values of the frame's format in each plane, times `channels` when packed;
    // `extended_data` holds every plane, also beyond the eight that `data` has room for.
    unsafe {
        let planes = (*frame.as_ptr()).extended_data;
        let read = |plane: usize, i: usize| -> f32 {
            let data = *planes.add(plane);
            match frame.format() {
                Sample::U8(_) => (f32::from(*data.add(i)) - 128.0) / 128.0,
                Sample::I16(_) => f32::from(*data.cast::<i16>().add(i)) / 32_768.0,
                Sample::I32(_) => (f64::from(*data.cast::<i32>().add(i)) / 2_147_483_648.0) as f32,
                Sample::I64(_) => (*data.cast::<i64>().add(i) as f64 / 9_223_372_036_854_775_808.0) as f32,
                Sample::F32(_) => *data.cast::<f32>().add(i),
                Sample::F64(_) => *data.cast::<f64>().add(i) as f32,
                Sample::None => 0.0,
            }
        };
        // A broken float file may hold NaN or infinity: nothing after this must ever meet one.
        let sane = |v: f32| if v.is_finite() { v.clamp(-16.0, 16.0) } else { 0.0 };
        match kind {
            Type::Packed => out.extend((0..n * channels).map(|i| sane(read(0, i)))),
            Type::Planar => out.extend((0..n * channels).map(|i| sane(read(i % channels, i / channels)))),
        }
    }
}

/// From `from` to `to` channels: mono to all, anything else through mono.
fn remap(samples: &[f32], from: usize, to: usize) -> Vec<f32> {
    let mono = samples.chunks_exact(from).map(|f| f.iter().sum::<f32>() / from as f32);
    mono.flat_map(|v| std::iter::repeat_n(v, to)).collect()
}
