//! The sound of a video being made: brought to what the encoder takes, and to exactly the length of the pictures.

use super::Container;
use crate::media::resample::Resampler;
use crate::time::Fps;
use ffmpeg::codec::encoder;
use ffmpeg::format::sample::{Sample, Type};
use ffmpeg::{Rational, ffi, frame};
use ffmpeg_next as ffmpeg;
use std::collections::VecDeque;

/// The sound encoder and what waits for it.
pub(super) struct Sound {
    pub(super) encoder: encoder::audio::Encoder,
    format: Sample,
    /// Rate and channels of the stored sound.
    pub(super) rate: u32,
    channels: usize,
    /// Channels of what is pushed.
    given: usize,
    resamplers: Vec<Resampler>,
    /// Samples of each stored channel that are not encoded yet.
    waiting: Vec<VecDeque<f32>>,
    /// Pushed samples that do not fill a frame of all channels yet.
    partial: Vec<f32>,
    /// Added to the time stamps of packets, in samples.
    pub(super) shift: i64,
    /// Samples a block.
    block: usize,
    /// Samples encoded in each channel.
    encoded: u64,
    /// Total samples, known at the end.
    total: Option<u64>,
}

impl Sound {
    pub(super) fn open(
        codec: ffmpeg::Codec,
        container: Container,
        given_rate: u32,
        given_channels: u16,
        global: bool,
    ) -> Result<Self, ffmpeg::Error> {
        let rates: &[u32] = match container {
            Container::Mp4 => &[8000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 88_200, 96_000],
            Container::WebM => &[48_000],
        };
        let rate = if rates.contains(&given_rate) { given_rate } else { 48_000 };
        // Speech with more than two channels is a recorder's habit: one channel holds it.
        let channels = if given_channels == 2 { 2 } else { 1 };
        let format = match container {
            Container::Mp4 => Sample::F32(Type::Planar),
            Container::WebM => Sample::F32(Type::Packed),
        };
        let mut encoder = ffmpeg::codec::Context::new_with_codec(codec).encoder().audio()?;
        encoder.set_rate(rate as i32);
        encoder.set_format(format);
        encoder.set_time_base(Rational::new(1, rate as i32));
        // Transparent for speech; AAC allows at most six bits a sample and channel.
        encoder.set_bit_rate((rate as usize * 4).clamp(32_000, 128_000) * channels);
        // SAFETY: the context is alive and not opened yet.
        unsafe { ffi::av_channel_layout_default(&mut (*encoder.as_mut_ptr()).ch_layout, channels as i32) };
        if global {
            encoder.set_flags(ffmpeg::codec::Flags::GLOBAL_HEADER);
        }
        let encoder = encoder.open_as(codec)?;
        let block = (encoder.frame_size() as usize).max(64);
        let shift = match container {
            // The edit list tells players to skip the priming, which lies before 0.
            Container::Mp4 => 0,
            // WebM notes the priming as a delay that readers subtract. Left before 0 it would count twice, and FFmpeg
            // would move the pictures by it as well.
            Container::WebM => i64::from(unsafe { (*encoder.as_ptr()).initial_padding }),
        };
        Ok(Self {
            encoder,
            format,
            rate,
            channels,
            given: usize::from(given_channels),
            resamplers: (0..channels).map(|_| Resampler::new(given_rate, rate)).collect(),
            waiting: vec![VecDeque::new(); channels],
            partial: Vec::new(),
            shift,
            block,
            encoded: 0,
            total: None,
        })
    }

    /// Takes pushed samples: whole frames are mixed to the stored channels and brought to the stored rate.
    pub(super) fn take(&mut self, samples: &[f32]) {
        self.partial.extend_from_slice(samples);
        let whole = self.partial.len() / self.given * self.given;
        let mut fresh = Vec::new();
        for channel in 0..self.channels {
            let frames = self.partial[..whole].chunks_exact(self.given);
            let mixed: Vec<f32> = if self.channels == self.given {
                frames.map(|f| f[channel]).collect()
            } else {
                frames.map(|f| f.iter().sum::<f32>() / self.given as f32).collect()
            };
            fresh.clear();
            self.resamplers[channel].push(&mixed, &mut fresh);
            self.waiting[channel].extend(fresh.iter().map(|v| if v.is_finite() { v.clamp(-1.0, 1.0) } else { 0.0 }));
        }
        self.partial.drain(..whole);
    }

    /// Samples that `frames` pictures last.
    fn samples_for(&self, frames: u64, fps: Fps) -> u64 {
        let (num, den) = (u128::from(fps.num), u128::from(fps.den));
        ((u128::from(frames) * den * u128::from(self.rate) + num / 2) / num) as u64
    }

    /// Fixes the length to that of the pictures: cuts the rest off or adds silence.
    pub(super) fn end(&mut self, frames: u64, fps: Fps) {
        let total = self.samples_for(frames, fps);
        self.total = Some(total);
        let missing = total.saturating_sub(self.encoded) as usize;
        for (waiting, resampler) in self.waiting.iter_mut().zip(&mut self.resamplers) {
            let mut rest = Vec::new();
            resampler.finish(&mut rest);
            waiting.extend(rest.iter().map(|v| v.clamp(-1.0, 1.0)));
            waiting.resize(missing, 0.0);
        }
    }

    /// The next block for the encoder, no further than the pictures; at the end also a short one.
    pub(super) fn next_block(&mut self, frames: u64, fps: Fps) -> Option<frame::Audio> {
        let limit = self.total.unwrap_or_else(|| self.samples_for(frames, fps));
        let ready = (limit.saturating_sub(self.encoded) as usize).min(self.waiting[0].len());
        let take = if ready >= self.block { self.block } else { ready };
        if take == 0 || (take < self.block && self.total.is_none()) {
            return None;
        }
        let mut block = frame::Audio::empty();
        block.set_format(self.format);
        block.set_samples(take);
        block.set_rate(self.rate);
        // SAFETY: the frame is fresh; its planes hold `take` samples of the format once allocated, which is checked.
        unsafe {
            let raw = block.as_mut_ptr();
            ffi::av_channel_layout_default(&mut (*raw).ch_layout, self.channels as i32);
            if ffi::av_frame_get_buffer(raw, 0) < 0 {
                return None;
            }
            for (channel, waiting) in self.waiting.iter_mut().enumerate() {
                let (plane, step, first) = match self.format {
                    Sample::F32(Type::Planar) => ((*raw).data[channel].cast::<f32>(), 1, 0),
                    _ => ((*raw).data[0].cast::<f32>(), self.channels, channel),
                };
                for (i, value) in waiting.drain(..take).enumerate() {
                    *plane.add(first + i * step) = value;
                }
            }
        }
        block.set_pts(Some(self.encoded as i64));
        self.encoded += take as u64;
        Some(block)
    }
}
