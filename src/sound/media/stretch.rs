//! Sound slower or faster with its pitch kept.
//!
//! A phase vocoder (the Signalsmith Stretch library) takes blocks of the sound at one pace and lays them down at
//! another. It delays what it is given; here that delay is taken off, so that output frame `o` is what was heard at
//! input frame `o · speed`: [`Stretcher`] for sound on its way to the loudspeaker, [`stretch_range`] for a passage of a
//! recording. The library's blocks are driven one by one with whole numbers of samples, which neither drift nor depend
//! on how much is asked for at a time. Down to half speed the result is the same every time; below that the library
//! scatters phases at random, which sounds better and is for listening only.

use super::AudioBuffer;
use crate::progress::Progress;
use signalsmith_stretch::Stretch;

/// Length of a block in seconds: longer is smoother for low voices, shorter is sharper for clicks and plosives.
const BLOCK: f64 = 0.100;
/// Blocks are laid down so far apart, in seconds.
const HOP: f64 = 0.020;
/// Slowest and fastest pace at which pitch is kept.
pub const SLOWEST: f64 = 0.1;
pub const FASTEST: f64 = 2.0;
/// A stretched passage is blended over this long with the sound around it, in seconds.
const SEAM: f64 = 0.008;

/// A sound being played at another pace; see the module. Nothing is allocated after [`Self::new`].
pub struct Stretcher {
    inner: Stretch,
    channels: usize,
    block: usize,
    hop: usize,
    speed: f64,
    /// Hops made since the start.
    hops: u64,
    /// Input frames given to the library, from the start.
    fed: i64,
    input: Vec<f32>,
    output: Vec<f32>,
    /// Next frame of `output` to be given out.
    given: usize,
}

impl std::fmt::Debug for Stretcher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Stretcher").field("channels", &self.channels).field("speed", &self.speed).finish()
    }
}

impl Stretcher {
    /// For `channels` at `rate` samples a second; 0 is read as 1 of either.
    pub fn new(channels: u16, rate: u32) -> Self {
        let channels = channels.max(1);
        // Even, so that at half speed a hop is a whole number of input samples.
        let hop = ((f64::from(rate.max(1)) * HOP / 2.0).round() as usize * 2).max(16);
        let block = hop * (BLOCK / HOP).round() as usize;
        let inner = Stretch::new(u32::from(channels), block, hop);
        let channels = usize::from(channels);
        Self {
            inner,
            channels,
            block,
            hop,
            speed: 1.0,
            hops: 0,
            fed: 0,
            // Twice the speed takes two hops of input at a time, and the beginning a block and a hop.
            input: vec![0.0; (block + 2 * hop) * channels],
            output: vec![0.0; hop.max(block) * channels],
            given: hop,
        }
    }

    /// Channels of what goes in and comes out.
    pub fn channels(&self) -> usize {
        self.channels
    }

    /// Begins anew at `speed` (clamped to [`SLOWEST`]..[`FASTEST`]). `read` fills interleaved frames of the sound from
    /// a given frame on, counted from where playing begins; it is asked for frames before that as well, and gives
    /// silence where there is no sound.
    pub fn start(&mut self, speed: f64, mut read: impl FnMut(i64, &mut [f32])) {
        self.speed = if speed.is_finite() { speed.clamp(SLOWEST, FASTEST) } else { 1.0 };
        self.inner.reset();
        // The first block is centred on the first frame.
        self.fed = self.inner.input_latency() as i64;
        self.hops = 0;
        let before = self.block + self.hop;
        let input = &mut self.input[..before * self.channels];
        read(self.fed - before as i64, input);
        self.inner.seek(&*input, self.speed);
        // What comes out before the middle of the first block belongs to the time before.
        let mut early = self.inner.output_latency();
        self.given = self.hop;
        while early > 0 {
            if self.given >= self.hop {
                self.make(&mut read);
            }
            let n = early.min(self.hop - self.given);
            self.given += n;
            early -= n;
        }
    }

    /// Fills `out` with the next frames, `read` as in [`Self::start`].
    pub fn pull(&mut self, out: &mut [f32], mut read: impl FnMut(i64, &mut [f32])) {
        let mut rest = out;
        while rest.len() >= self.channels {
            if self.given >= self.hop {
                self.make(&mut read);
            }
            let n = (self.hop - self.given).min(rest.len() / self.channels);
            let (now, later) = rest.split_at_mut(n * self.channels);
            now.copy_from_slice(&self.output[self.given * self.channels..][..now.len()]);
            self.given += n;
            rest = later;
        }
    }

    /// The next hop of output.
    fn make(&mut self, read: &mut impl FnMut(i64, &mut [f32])) {
        // Rounded from the start on, so that no error adds up.
        let at = |hops: u64| (hops as f64 * self.hop as f64 * self.speed).round() as i64;
        let n = usize::try_from(at(self.hops + 1) - at(self.hops)).unwrap_or(0);
        let input = &mut self.input[..n * self.channels];
        read(self.fed, input);
        self.fed += n as i64;
        self.hops += 1;
        let output = &mut self.output[..self.hop * self.channels];
        self.inner.process(&*input, &mut *output);
        self.given = 0;
    }
}

/// Frames `from..to` of `sound` as `frames` frames, interleaved, with the pitch kept and the ends blended into what
/// stands around the passage. Progress counts frames; `None` when it was cancelled.
///
/// The passage may become at most twice as long and at most twice as short (clamped to the recording and to that).
pub fn stretch_range(
    sound: &AudioBuffer,
    from: usize,
    to: usize,
    frames: usize,
    progress: &dyn Progress,
) -> Option<Vec<f32>> {
    let channels = usize::from(sound.channels.max(1));
    let total = sound.frames();
    let to = to.min(total);
    let from = from.min(to);
    let length = to - from;
    let frames = frames.clamp(length.div_ceil(2), length * 2);
    if length == 0 || frames == length {
        return Some(sound.samples[from * channels..to * channels].to_vec());
    }
    let read = |first: i64, out: &mut [f32]| {
        for (i, frame) in out.chunks_exact_mut(channels).enumerate() {
            let at = first + i as i64 + from as i64;
            match usize::try_from(at).ok().filter(|at| *at < total) {
                Some(at) => frame.copy_from_slice(&sound.samples[at * channels..][..channels]),
                None => frame.fill(0.0),
            }
        }
    };
    let mut stretcher = Stretcher::new(sound.channels, sound.rate);
    stretcher.start(length as f64 / frames as f64, read);
    let mut out = vec![0.0; frames * channels];
    let piece = sound.rate.max(1) as usize;
    for (i, part) in out.chunks_mut(piece * channels).enumerate() {
        if progress.cancelled() {
            return None;
        }
        stretcher.pull(part, read);
        progress.report("Stretching", ((i + 1) * piece).min(frames), frames);
    }
    blend(&mut out, sound, from, to, channels);
    // A phase vocoder may overshoot where many partials meet.
    out.iter_mut().for_each(|v| *v = if v.is_finite() { *v } else { 0.0 });
    Some(out)
}

/// Lets the ends of a stretched passage grow out of the sound before it and into the sound after it.
fn blend(out: &mut [f32], sound: &AudioBuffer, from: usize, to: usize, channels: usize) {
    let frames = out.len() / channels;
    let n = ((SEAM * f64::from(sound.rate)) as usize).min(frames / 4).min((to - from) / 4);
    for i in 0..n {
        let new = (i as f32 + 0.5) / n as f32;
        for c in 0..channels {
            let head = &mut out[i * channels + c];
            *head = *head * new + sound.samples[(from + i) * channels + c] * (1.0 - new);
            let tail = &mut out[(frames - 1 - i) * channels + c];
            *tail = *tail * new + sound.samples[(to - 1 - i) * channels + c] * (1.0 - new);
        }
    }
}

#[cfg(test)]
mod tests;
