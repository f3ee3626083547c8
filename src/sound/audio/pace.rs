//! The sound of a run at its pace: as it is at the speed of the recording, with the pitch kept from a tenth of it to
//! twice as fast, and read like a tape beyond that.
//!
//! A stretcher lays blocks of a tenth of a second over each other. At the turn of a loop it is started anew, so that
//! the loop is heard to turn when it does.

use super::kernel;
use super::transport::{Course, FADE};
use crate::media::AudioBuffer;
use crate::media::stretch::{FASTEST, SLOWEST, Stretcher};

/// Speeds this close to the recording's own are its own.
const SAME: f64 = 1e-6;
/// Samples handed from a stretcher at a time.
const CHUNK: usize = 256;

/// Stretchers for one device, made before it plays since making them takes memory.
#[derive(Debug)]
pub(super) struct Stretchers {
    rate: u32,
    mono: Stretcher,
    stereo: Stretcher,
    /// What dies away, interleaved stereo with its fade in it.
    tail: Vec<f32>,
}

impl Stretchers {
    pub(super) fn new(rate: u32) -> Self {
        let fade = (FADE * f64::from(rate)).ceil() as usize;
        Self { rate, mono: Stretcher::new(1, rate), stereo: Stretcher::new(2, rate), tail: vec![0.0; fade * 2] }
    }
}

/// Where the stretcher stands in the run.
#[derive(Clone, Copy, Debug)]
struct Stand {
    /// Distance of the next frame that it gives.
    next: f64,
    /// Place in the recording, in seconds, of its frame 0.
    origin: f64,
    /// Turns of the loop at that moment.
    turns: u64,
    pace: f64,
}

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Pace {
    stretchers: Option<Stretchers>,
    stand: Option<Stand>,
    /// Frames of the tail that have been heard; all of them when nothing dies away.
    tail_heard: usize,
}

impl Pace {
    pub(super) fn set_stretchers(&mut self, stretchers: Stretchers) -> Option<Stretchers> {
        self.stand = None;
        self.tail_heard = stretchers.tail.len() / 2;
        self.stretchers.replace(stretchers)
    }

    /// Another run begins.
    pub(super) fn begin(&mut self) {
        self.stand = None;
    }

    /// Nothing dies away any more.
    pub(super) fn silence(&mut self) {
        self.stand = None;
        self.tail_heard = usize::MAX;
    }

    /// Fills `out`, interleaved stereo at `rate`, with what is heard from distance `base` on.
    pub(super) fn render(
        &mut self,
        out: &mut [f32],
        rate: u32,
        buffer: &AudioBuffer,
        course: &Course,
        base: f64,
        pace: f64,
    ) {
        let tick = 1.0 / f64::from(rate.max(1));
        let kept = (SLOWEST..=FASTEST).contains(&pace) && (pace - 1.0).abs() > SAME;
        let Some(stretchers) = self.stretchers.as_mut().filter(|s| kept && s.rate == rate) else {
            self.stand = None;
            let source_rate = f64::from(buffer.rate);
            for (i, frame) in out.chunks_exact_mut(2).enumerate() {
                let place = course.place(base + i as f64 * tick * pace);
                frame.copy_from_slice(&kernel::read(buffer, place * source_rate, source_rate * tick * pace));
            }
            return;
        };
        let frames = out.len() / 2;
        let mut done = 0;
        while done < frames {
            let gone = base + done as f64 * tick * pace;
            let turns = course.turns(gone);
            let fits = |s: &Stand| s.turns == turns && s.pace == pace && (s.next - gone).abs() < tick;
            let stand = match self.stand.filter(fits) {
                Some(stand) => stand,
                None => stretchers.start(buffer, course, gone, turns, pace),
            };
            let mut n = (frames - done).min(CHUNK);
            // Up to the turn of the loop only.
            while n > 1 && course.turns(gone + (n - 1) as f64 * tick * pace) != turns {
                n /= 2;
            }
            stretchers.pull(&mut out[2 * done..2 * (done + n)], buffer, course, &stand);
            self.stand = Some(Stand { next: gone + n as f64 * tick * pace, ..stand });
            done += n;
        }
    }

    /// Keeps what the stretcher would have given next, to die away. False when no stretcher is at work.
    pub(super) fn fade_out(&mut self, buffer: &AudioBuffer, course: &Course, gain: f32) -> bool {
        let (Some(stretchers), Some(stand)) = (&mut self.stretchers, self.stand) else { return false };
        let frames = stretchers.tail.len() / 2;
        // What still dies away of an earlier sound comes first.
        let heard = self.tail_heard.min(frames);
        stretchers.tail.copy_within(2 * heard.., 0);
        stretchers.tail[2 * (frames - heard)..].fill(0.0);
        let mut next = [0.0; 2 * CHUNK];
        let mut at = 0;
        while at < frames {
            let n = (frames - at).min(CHUNK);
            let part = &mut next[..2 * n];
            stretchers.pull(part, buffer, course, &stand);
            for (i, frame) in part.chunks_exact(2).enumerate() {
                let fade = gain * (1.0 - (at + i) as f32 / frames as f32);
                stretchers.tail[2 * (at + i)] += frame[0] * fade;
                stretchers.tail[2 * (at + i) + 1] += frame[1] * fade;
            }
            at += n;
        }
        self.tail_heard = 0;
        self.stand = None;
        true
    }

    /// Adds what dies away.
    pub(super) fn add_tail(&mut self, out: &mut [f32]) {
        let Some(stretchers) = &self.stretchers else { return };
        let rest = stretchers.tail.get(self.tail_heard.saturating_mul(2)..).unwrap_or_default();
        let n = rest.len().min(out.len());
        out.iter_mut().zip(&rest[..n]).for_each(|(o, t)| *o += t);
        self.tail_heard = self.tail_heard.saturating_add(n / 2);
    }
}

impl Stretchers {
    fn start(&mut self, buffer: &AudioBuffer, course: &Course, gone: f64, turns: u64, pace: f64) -> Stand {
        let place = course.place(gone);
        let source_rate = f64::from(buffer.rate);
        // Where the rates agree a whole sample saves all the reading between samples; it is a hundredth of a
        // millisecond away at most.
        let origin = if buffer.rate == self.rate { (place * source_rate).round() / source_rate } else { place };
        let stand = Stand { next: gone, origin, turns, pace };
        let read = reader(buffer, course, &stand, self.rate);
        if buffer.channels == 2 {
            self.stereo.start(pace, read)
        } else {
            self.mono.start(pace, read)
        }
        stand
    }

    fn pull(&mut self, out: &mut [f32], buffer: &AudioBuffer, course: &Course, stand: &Stand) {
        let read = reader(buffer, course, stand, self.rate);
        if buffer.channels == 2 {
            self.stereo.pull(out, read);
        } else {
            let n = out.len() / 2;
            self.mono.pull(&mut out[..n], read);
            for i in (0..n).rev() {
                let v = out[i];
                out[2 * i] = v;
                out[2 * i + 1] = v;
            }
        }
    }
}

/// The recording as a stretcher wants it: at the device's rate, in the direction of the run, from its origin on.
fn reader<'a>(
    buffer: &'a AudioBuffer,
    course: &Course,
    stand: &Stand,
    rate: u32,
) -> impl FnMut(i64, &mut [f32]) + use<'a> {
    let source_rate = f64::from(buffer.rate);
    let step = source_rate / f64::from(rate.max(1));
    let (origin, direction) = (stand.origin * source_rate, course.direction());
    let channels = if buffer.channels == 2 { 2 } else { 1 };
    move |first, out| {
        for (i, frame) in out.chunks_exact_mut(channels).enumerate() {
            let at = origin + direction * (first + i as i64) as f64 * step;
            let value = kernel::read(buffer, at, step);
            frame.copy_from_slice(&value[..channels]);
        }
    }
}
