//! The state of playback: what plays, from where, and what is heard at this moment.
//!
//! Times here are seconds. A *run* begins with every play, seek, change of speed or loop; within it the position only
//! grows with the clock, and [`Transport::fold`] turns it into the place in the recording (around the loop, up to the
//! end). The sound device says when a block of samples will be heard; that ties the run to the clock, so that the
//! position is the one at the listener's ear and not the one in the device's queue.

use super::kernel;
use crate::media::AudioBuffer;
use std::sync::Arc;

/// Fade of the sound when it starts and stops, in seconds: no clicks.
const FADE: f64 = 0.005;
/// Length of a grain heard while scrubbing, in seconds.
const GRAIN: f64 = 0.09;
/// Shortest time between two grains, in seconds of the device's own clock.
const GRAIN_EVERY: f64 = 0.04;
/// A device that has not asked for samples this long after play, in seconds, is not waited for.
const PATIENCE: f64 = 1.0;
/// Clock error, in seconds, that is a stumble of the device rather than jitter.
const STUMBLE: f64 = 0.05;
/// Sound made this much ahead of the clock, in seconds, is a device that does not keep time.
const RUNAWAY: f64 = 0.25;
/// Time over which the device's reports are averaged, in seconds.
const SMOOTHING: f64 = 0.3;
/// The reports pull the clock at most as an error of this many seconds would: under 2 % of its speed.
const LARGEST_PULL: f64 = 0.005;
/// Voices beside the main one.
const VOICES: usize = 8;

/// Ties a position in the run to a moment of the clock.
#[derive(Clone, Copy, Debug)]
struct Anchor {
    at: f64,
    position: f64,
}

/// A short sound beside the main one: what fades out after a seek, or a grain of scrubbing.
#[derive(Clone, Copy, Debug)]
struct Voice {
    /// Place in the recording, in seconds.
    position: f64,
    speed: f64,
    age: f64,
    length: f64,
    gain: f32,
    grain: bool,
}

impl Voice {
    fn envelope(&self) -> f32 {
        let x = (self.age / self.length).clamp(0.0, 1.0);
        let shape = if self.grain { 0.5 - 0.5 * (std::f64::consts::TAU * x).cos() } else { 1.0 - x };
        shape as f32 * self.gain
    }
}

/// See the module.
#[derive(Default)]
pub(super) struct Transport {
    buffer: Option<Arc<AudioBuffer>>,
    /// Length of the timeline where it is longer than the sound.
    least_length: f64,
    playing: bool,
    speed: f64,
    volume: f32,
    looped: Option<(f64, f64)>,
    /// Position at which the run began.
    start: f64,
    /// Clock at which the run began.
    began: f64,
    anchor: Option<Anchor>,
    /// The latest position given out in this run: it never goes back.
    reported: f64,
    /// Position in the run of the next sample to make, once the device has asked.
    cursor: Option<f64>,
    gain: f32,
    voices: Vec<Voice>,
    /// Where the next grain comes from.
    wanted_grain: Option<f64>,
    since_grain: f64,
    device: bool,
}

impl Transport {
    pub(super) fn new() -> Self {
        Self { speed: 1.0, volume: 1.0, since_grain: GRAIN_EVERY, ..Self::default() }
    }

    /// Another recording, from its beginning; gives back the old one, to be freed outside any lock.
    pub(super) fn load(&mut self, buffer: Option<Arc<AudioBuffer>>) -> Option<Arc<AudioBuffer>> {
        let old = std::mem::replace(&mut self.buffer, buffer);
        self.voices.clear();
        self.playing = false;
        self.looped = None;
        self.gain = 0.0;
        self.least_length = 0.0;
        self.begin_run(0.0, 0.0);
        old
    }

    /// The same place in a changed recording, playing on.
    pub(super) fn replace(&mut self, buffer: Option<Arc<AudioBuffer>>) -> Option<Arc<AudioBuffer>> {
        std::mem::replace(&mut self.buffer, buffer)
    }

    pub(super) fn set_least_length(&mut self, seconds: f64) {
        self.least_length = seconds.max(0.0);
    }

    pub(super) fn length(&self) -> f64 {
        self.buffer.as_ref().map_or(0.0, |b| b.duration().0).max(self.least_length)
    }

    pub(super) fn play(&mut self, now: f64) {
        if self.is_playing(now) || self.length() <= 0.0 {
            return;
        }
        // From the end, again from the beginning.
        let from = if self.start >= self.length() - 1e-6 { self.looped.map_or(0.0, |l| l.0) } else { self.start };
        self.playing = true;
        self.begin_run(from, now);
    }

    pub(super) fn pause(&mut self, now: f64) {
        let position = self.position(now);
        if self.playing {
            self.fade_out();
            self.playing = false;
        }
        self.begin_run(position, now);
    }

    pub(super) fn seek(&mut self, to: f64, now: f64) {
        let to = if to.is_finite() { to.clamp(0.0, self.length()) } else { 0.0 };
        if self.playing {
            self.fade_out();
        }
        self.begin_run(to, now);
    }

    pub(super) fn set_speed(&mut self, speed: f64, now: f64) {
        let speed = if speed.is_finite() { speed.clamp(0.1, 2.0) } else { 1.0 };
        let position = self.position(now);
        if self.playing && (speed - self.speed).abs() > 1e-9 {
            self.fade_out();
        }
        self.speed = speed;
        self.begin_run(position, now);
    }

    pub(super) fn speed(&self) -> f64 {
        self.speed
    }

    pub(super) fn set_volume(&mut self, volume: f32) {
        self.volume = if volume.is_finite() { volume.clamp(0.0, 2.0) } else { 1.0 };
    }

    pub(super) fn set_loop(&mut self, range: Option<(f64, f64)>, now: f64) {
        let range = range.filter(|(a, b)| a.is_finite() && b.is_finite() && b - a >= 0.02);
        if range == self.looped {
            return;
        }
        let position = self.position(now);
        if self.playing {
            self.fade_out();
        }
        self.looped = range;
        self.begin_run(position, now);
    }

    /// Shows `to` and lets a grain of it be heard; while playing, a seek.
    pub(super) fn scrub(&mut self, to: f64, now: f64) {
        let playing = self.is_playing(now);
        self.seek(to, now);
        if !playing {
            self.wanted_grain = Some(self.start);
        }
    }

    /// From now on samples are asked for (or no longer); playback goes on from where it is.
    pub(super) fn set_device(&mut self, device: bool, now: f64) {
        let position = self.position(now);
        self.device = device;
        self.voices.clear();
        self.wanted_grain = None;
        self.begin_run(position, now);
    }

    /// Playing, as far as it was looked at.
    pub(super) fn playing(&self) -> bool {
        self.playing
    }

    pub(super) fn is_playing(&mut self, now: f64) -> bool {
        self.position(now);
        self.playing
    }

    /// What is heard at `now`.
    pub(super) fn position(&mut self, now: f64) -> f64 {
        if !self.playing {
            return self.start;
        }
        if self.anchor.is_none() && now - self.began > PATIENCE {
            self.anchor = Some(Anchor { at: self.began, position: self.start });
        }
        let Some(anchor) = self.anchor else { return self.fold(self.reported) };
        self.reported = self.reported.max(anchor.position + (now - anchor.at) * self.speed);
        let position = self.fold(self.reported);
        if self.ended(self.reported) {
            self.playing = false;
            self.gain = 0.0;
            self.begin_run(self.length(), now);
            return self.length();
        }
        position
    }

    fn begin_run(&mut self, position: f64, now: f64) {
        self.start = position;
        self.reported = position;
        self.began = now;
        self.cursor = None;
        let at_once = self.playing && !self.device;
        self.anchor = at_once.then_some(Anchor { at: now, position });
    }

    /// The loop, when this run goes round it: a run from behind the loop plays to the end.
    fn turning(&self) -> Option<(f64, f64)> {
        self.looped.map(|(a, b)| (a, b.min(self.length()))).filter(|&(a, b)| self.start < b && b - a >= 0.01)
    }

    /// The place in the recording of a position in the run.
    fn fold(&self, position: f64) -> f64 {
        match self.turning() {
            Some((a, b)) if position >= b => a + (position - b) % (b - a),
            Some(_) => position,
            None => position.min(self.length()),
        }
    }

    fn ended(&self, position: f64) -> bool {
        self.turning().is_none() && position >= self.length()
    }

    /// Lets what plays now die away beside what comes.
    fn fade_out(&mut self) {
        if let (Some(cursor), true) = (self.cursor, self.gain > 0.0) {
            let position = self.fold(cursor);
            self.add(Voice { position, speed: self.speed, age: 0.0, length: FADE, gain: self.gain, grain: false });
        }
        self.gain = 0.0;
    }

    fn add(&mut self, voice: Voice) {
        if self.voices.len() >= VOICES {
            self.voices.remove(0);
        }
        self.voices.push(voice);
    }

    /// Fills `out` with interleaved stereo at `rate` whose first sample is heard at `heard_at` on the clock.
    pub(super) fn render(&mut self, out: &mut [f32], rate: u32, heard_at: f64) {
        let frames = out.len() / 2;
        let tick = 1.0 / f64::from(rate.max(1));
        out.fill(0.0);
        let Some(buffer) = self.buffer.clone() else {
            self.tie(heard_at, frames as f64 * tick);
            return;
        };
        let source_rate = f64::from(buffer.rate);
        self.since_grain += frames as f64 * tick;
        if let Some(position) = self.wanted_grain.filter(|_| self.since_grain >= GRAIN_EVERY) {
            self.wanted_grain = None;
            self.since_grain = 0.0;
            let begin = position - GRAIN / 2.0;
            self.add(Voice { position: begin, speed: 1.0, age: 0.0, length: GRAIN, gain: 1.0, grain: true });
        }
        let base = self.tie(heard_at, frames as f64 * tick);
        let ramp = (tick / FADE) as f32;
        for (i, frame) in out.chunks_exact_mut(2).enumerate() {
            let mut sum = [0.0_f32; 2];
            if let Some(base) = base {
                let position = base + i as f64 * tick * self.speed;
                if !self.ended(position) {
                    self.gain = (self.gain + ramp).min(1.0);
                    let gain = self.gain * self.seam(position);
                    let value =
                        kernel::read(&buffer, self.fold(position) * source_rate, source_rate * tick * self.speed);
                    sum = value.map(|v| v * gain);
                }
            }
            for voice in &mut self.voices {
                let gain = voice.envelope();
                let value = kernel::read(&buffer, voice.position * source_rate, source_rate * tick * voice.speed);
                sum[0] += value[0] * gain;
                sum[1] += value[1] * gain;
                voice.position += tick * voice.speed;
                voice.age += tick;
            }
            self.voices.retain(|v| v.age < v.length);
            for (out, v) in frame.iter_mut().zip(sum) {
                *out = (v * self.volume).clamp(-1.0, 1.0);
            }
        }
    }

    /// Takes the next `length` seconds of device time for the run, and ties the run to the clock. Gives the position
    /// of the first sample, or nothing while paused.
    fn tie(&mut self, heard_at: f64, length: f64) -> Option<f64> {
        if !self.playing {
            return None;
        }
        let Some(old) = self.anchor else {
            self.anchor = Some(Anchor { at: heard_at, position: self.start });
            self.cursor = Some(self.start + length * self.speed);
            return Some(self.start);
        };
        let since = (heard_at - old.at).max(0.0);
        let expected = old.position + since * self.speed;
        // A device that comes late joins in where time has gone meanwhile, and one that takes samples faster than they
        // can be heard is held back to the clock.
        let cursor = self.cursor.filter(|c| c - expected < RUNAWAY * self.speed).unwrap_or(expected);
        let error = cursor - expected;
        // After a stumble what comes is heard later, and that is followed at once; jitter is smoothed away.
        let correction = if error < -STUMBLE * self.speed {
            error
        } else {
            error.clamp(-LARGEST_PULL, LARGEST_PULL) * (1.0 - (-since / SMOOTHING).exp())
        };
        self.anchor = Some(Anchor { at: old.at + since, position: expected + correction });
        self.cursor = Some(cursor + length * self.speed);
        Some(cursor)
    }

    /// A dip where the loop jumps back, so that it does not click.
    fn seam(&self, position: f64) -> f32 {
        let Some((a, b)) = self.turning() else { return 1.0 };
        let place = self.fold(position);
        let after = if position >= b { place - a } else { FADE };
        ((b - place).min(after) / FADE * 2.0).clamp(0.0, 1.0) as f32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: u32 = 48_000;
    /// Time from asking for samples to hearing them.
    const LATENCY: f64 = 0.085;

    /// A recording in which every sample tells its own time.
    fn ramp(seconds: f64, rate: u32) -> Arc<AudioBuffer> {
        let n = (seconds * f64::from(rate)) as usize;
        Arc::new(AudioBuffer::from_mono(rate, (0..n).map(|i| i as f32 / f64::from(rate) as f32 / 100.0).collect()))
    }

    /// A device with a queue: keeps what it was given until the time it is heard.
    struct Device {
        now: f64,
        /// When each sample is heard, and its value.
        heard: Vec<(f64, f32)>,
    }

    impl Device {
        fn new() -> Self {
            Self { now: 0.0, heard: Vec::new() }
        }

        /// Asks for `blocks` of 1024 samples, as time goes on; `look` sees the transport at each moment.
        fn run(&mut self, t: &mut Transport, blocks: usize, mut look: impl FnMut(&mut Transport, f64, f32)) {
            for _ in 0..blocks {
                let mut out = [0.0; 2048];
                t.render(&mut out, RATE, self.now + LATENCY);
                for i in 0..1024 {
                    self.heard.push((self.now + LATENCY + i as f64 / f64::from(RATE), out[2 * i]));
                }
                let end = self.now + 1024.0 / f64::from(RATE);
                for k in 0..4 {
                    let now = self.now + f64::from(k) / 4.0 * 1024.0 / f64::from(RATE);
                    look(t, now, self.at(now));
                }
                self.now = end;
            }
        }

        /// What comes out of the loudspeaker at `time`.
        fn at(&self, time: f64) -> f32 {
            let i = self.heard.partition_point(|(t, _)| *t <= time);
            if i == 0 { 0.0 } else { self.heard[i - 1].1 }
        }
    }

    fn with_device(buffer: Arc<AudioBuffer>) -> Transport {
        let mut t = Transport::new();
        t.load(Some(buffer));
        t.set_device(true, 0.0);
        t
    }

    #[test]
    fn the_position_is_what_is_heard() {
        for (rate, speed) in [(48_000, 1.0), (22_050, 1.0), (16_000, 0.5), (48_000, 2.0), (44_100, 0.1)] {
            let mut t = with_device(ramp(30.0, rate));
            t.set_speed(speed, 0.0);
            t.play(0.0);
            let mut checked = 0;
            Device::new().run(&mut t, 200, |t, now, heard| {
                let position = t.position(now);
                if heard > 0.001 {
                    let place = f64::from(heard) * 100.0;
                    assert!((position - place).abs() < 0.001, "{rate} Hz x{speed}: at {position}, heard {place}");
                    checked += 1;
                }
            });
            assert!(checked > 50, "{checked}");
            assert!(
                (t.position(200.0 * 1024.0 / 48_000.0) - (200.0 * 1024.0 / 48_000.0 - LATENCY) * speed).abs() < 0.002
            );
        }
    }

    #[test]
    fn before_anything_is_heard_the_picture_waits() {
        let mut t = with_device(ramp(10.0, RATE));
        t.seek(3.0, 0.0);
        t.play(0.0);
        assert_eq!(t.position(0.01), 3.0);
        Device::new().run(&mut t, 3, |t, now, _| {
            if now < LATENCY {
                assert_eq!(t.position(now), 3.0);
            }
        });
    }

    #[test]
    fn a_seek_while_playing_is_exact() {
        let mut t = with_device(ramp(30.0, RATE));
        t.play(0.0);
        let mut device = Device::new();
        device.run(&mut t, 50, |_, _, _| {});
        let now = device.now;
        t.seek(20.0, now);
        assert_eq!(t.position(now), 20.0, "shown at once");
        device.run(&mut t, 50, |t, at, heard| {
            // What is still in the queue is the old place; after it the new one, once faded in.
            if at > now + LATENCY + 0.006 {
                assert!((t.position(at) - f64::from(heard) * 100.0).abs() < 0.002);
            }
        });
        assert!(t.position(device.now) > 20.5);
    }

    #[test]
    fn pause_keeps_what_was_heard_and_clicks_nowhere() {
        let tone = (0..RATE * 5).map(|i| (i as f32 * 0.05).sin() * 0.9).collect();
        let mut t = with_device(Arc::new(AudioBuffer::from_mono(RATE, tone)));
        t.play(0.0);
        let mut device = Device::new();
        device.run(&mut t, 40, |_, _, _| {});
        let heard = t.position(device.now);
        t.pause(device.now);
        assert_eq!(t.position(device.now + 5.0), heard);
        device.run(&mut t, 20, |_, _, _| {});
        t.play(device.now);
        device.run(&mut t, 20, |_, _, _| {});
        t.seek(0.777, device.now);
        device.run(&mut t, 20, |_, _, _| {});
        let steps = device.heard.windows(2).map(|w| (w[1].1 - w[0].1).abs());
        assert!(steps.fold(0.0, f32::max) < 0.06, "a tone of this pitch has steps of 0.045");
    }

    #[test]
    fn a_loop_goes_round_exactly() {
        let mut t = with_device(ramp(30.0, RATE));
        t.set_loop(Some((2.0, 2.5)), 0.0);
        t.seek(1.9, 0.0);
        t.play(0.0);
        let mut turns = 0;
        let mut last = 0.0;
        Device::new().run(&mut t, 150, |t, now, heard| {
            let position = t.position(now);
            assert!(position < 2.5);
            turns += usize::from(position < last - 0.2);
            last = position;
            let place = f64::from(heard) * 100.0;
            if heard > 0.0 && (2.005..2.49).contains(&position) {
                assert!((position - place).abs() < 0.001, "{position} {place}");
            }
        });
        // 150 blocks are 3.2 s: 0.6 s to the first turn, then one each half second.
        assert_eq!(turns, 6);
        assert!(t.is_playing(3.2));
    }

    #[test]
    fn the_end_is_the_end_and_play_begins_again() {
        let mut t = with_device(ramp(0.5, RATE));
        t.play(0.0);
        let mut device = Device::new();
        device.run(&mut t, 20, |_, _, _| {});
        assert!(t.is_playing(device.now), "still in the queue");
        device.run(&mut t, 20, |_, _, _| {});
        assert!(!t.is_playing(device.now));
        assert_eq!(t.position(device.now), 0.5);
        t.play(device.now);
        assert_eq!(t.position(device.now), 0.0);
    }

    #[test]
    fn a_stumbling_device_is_followed_and_time_never_runs_back() {
        let mut t = with_device(ramp(30.0, RATE));
        t.play(0.0);
        let mut device = Device::new();
        let mut last = 0.0;
        for round in 0..20 {
            device.run(&mut t, 10, |t, now, _| {
                let position = t.position(now);
                assert!(position >= last);
                last = position;
            });
            // The machine hangs: samples come late, what follows is heard later.
            if round == 10 {
                device.now += 0.4;
            }
        }
        let heard = f64::from(device.at(device.now)) * 100.0;
        assert!((t.position(device.now) - heard).abs() < 0.02, "{} {heard}", t.position(device.now));
    }

    #[test]
    fn jitter_of_the_device_is_smoothed() {
        let mut t = with_device(ramp(30.0, RATE));
        t.play(0.0);
        let block = 1024.0 / f64::from(RATE);
        let mut worst = 0.0_f64;
        for i in 0..300 {
            let now = f64::from(i) * block;
            let wrong = f64::from((i * 7919) % 11 - 5) * 0.001;
            t.render(&mut [0.0; 2048], RATE, now + LATENCY + wrong);
            if i > 30 {
                worst = worst.max((t.position(now) - (now - LATENCY)).abs());
            }
        }
        assert!(worst < 0.006, "{worst}");
    }

    #[test]
    fn a_device_without_any_time_of_its_own_is_held_to_the_clock() {
        let mut t = with_device(ramp(30.0, RATE));
        t.play(0.0);
        for i in 0..600 {
            let now = f64::from(i) * 0.005;
            for _ in 0..10 {
                t.render(&mut [0.0; 2048], RATE, now + 0.02);
            }
            let position = t.position(now);
            assert!((position - (now - 0.02).max(0.0)).abs() < 0.06, "{now}: {position}");
        }
    }

    #[test]
    fn scrubbing_lets_the_place_be_heard() {
        let mut t = with_device(ramp(30.0, RATE));
        t.scrub(12.0, 0.0);
        assert_eq!(t.position(0.0), 12.0);
        let mut device = Device::new();
        device.run(&mut t, 10, |_, _, _| {});
        let loudest = device.heard.iter().map(|h| h.1).fold(0.0, f32::max);
        assert!((loudest - 0.12).abs() < 0.002, "{loudest}");
        assert_eq!(device.at(device.now), 0.0, "and then silence");
        assert_eq!(t.position(device.now), 12.0);
    }

    #[test]
    fn a_device_that_never_asks_is_not_waited_for() {
        let mut t = with_device(ramp(30.0, RATE));
        t.play(10.0);
        assert_eq!(t.position(10.5), 0.0);
        assert!((t.position(12.0) - 2.0).abs() < 1e-9);
    }

    #[test]
    fn nonsense_does_no_harm() {
        let mut t = Transport::new();
        t.play(0.0);
        assert!(!t.is_playing(1.0), "nothing to play");
        t.load(Some(ramp(1.0, RATE)));
        t.seek(f64::NAN, 0.0);
        t.set_speed(f64::INFINITY, 0.0);
        t.set_loop(Some((0.5, 0.1)), 0.0);
        t.set_loop(Some((5.0, 9.0)), 0.0);
        t.seek(-3.0, 0.0);
        t.play(0.0);
        assert!((t.position(0.5) - 0.5).abs() < 1e-9);
        t.render(&mut [0.0; 64], 0, 0.0);
        t.seek(99.0, 0.6);
        assert_eq!(t.position(0.6), 1.0);
        // A silent timeline plays as well.
        t.load(None);
        t.set_least_length(2.0);
        t.play(10.0);
        assert!((t.position(11.0) - 1.0).abs() < 1e-9);
        assert!(!t.is_playing(13.0));
    }
}
