//! The sound device: opened and kept on a thread of its own, since asking a sound server may take seconds.
//!
//! The device asks for samples in blocks and says when they will be heard. [`CursorSource`] is the one source that it
//! plays: it makes the samples from the transport, stereo in, as many channels as the device has out.

use super::clock::Clock;
use super::pace::Stretchers;
use super::transport::Transport;
use rodio::Source;
use rodio::cpal::traits::{DeviceTrait, HostTrait, StreamTrait};
use rodio::cpal::{
    self, BufferSize, ErrorKind, FromSample, OutputCallbackInfo, SampleFormat, SizedSample, Stream, StreamConfig,
    SupportedBufferSize,
};
use std::num::NonZero;
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

/// Length of a block, as a part of a second: two of them wait in the device, safe on a loaded machine.
const BLOCKS_A_SECOND: u32 = 25;
/// A device ahead of the clock by this many seconds plays nothing.
const RUNAWAY: f64 = 5.0;
/// Samples made at a time when nobody says how many are wanted.
const CHUNK: usize = 256;

/// Transport and clock, shared by the player and the device.
pub(super) struct Shared {
    transport: Mutex<Transport>,
    pub(super) clock: Arc<dyn Clock>,
}

impl Shared {
    pub(super) fn new(clock: Arc<dyn Clock>) -> Self {
        Self { transport: Mutex::new(Transport::new()), clock }
    }

    /// The transport; held for moments only, since the device waits for it.
    pub(super) fn lock(&self) -> MutexGuard<'_, Transport> {
        self.transport.lock().unwrap_or_else(|e| e.into_inner())
    }
}

/// The sample cursor as a rodio source: endless, silent while nothing plays.
pub(super) struct CursorSource {
    shared: Arc<Shared>,
    channels: NonZero<u16>,
    rate: NonZero<u32>,
    stereo: Vec<f32>,
    /// Next frame of `stereo`, and channel of it.
    frame: usize,
    channel: usize,
}

impl CursorSource {
    pub(super) fn new(shared: Arc<Shared>, channels: u16, rate: u32) -> Option<Self> {
        let (channels, rate) = (NonZero::new(channels)?, NonZero::new(rate)?);
        // Made and freed outside the lock.
        let stretchers = Stretchers::new(rate.get());
        let old = shared.lock().set_stretchers(stretchers);
        drop(old);
        Some(Self { shared, channels, rate, stereo: Vec::new(), frame: 0, channel: 0 })
    }

    /// Makes the next `frames`, whose first is heard at `heard_at`.
    fn make(&mut self, frames: usize, heard_at: f64) {
        self.stereo.resize(frames * 2, 0.0);
        self.shared.lock().render(&mut self.stereo, self.rate.get(), heard_at);
        (self.frame, self.channel) = (0, 0);
    }

    /// A sample for one channel of the device.
    fn side(&self) -> f32 {
        let [l, r] = [self.stereo[2 * self.frame], self.stereo[2 * self.frame + 1]];
        match (self.channels.get(), self.channel) {
            (1, _) => (l + r) / 2.0,
            (_, 0) => l,
            (_, 1) => r,
            // Loudspeakers behind or below say nothing.
            _ => 0.0,
        }
    }
}

impl Iterator for CursorSource {
    type Item = f32;

    fn next(&mut self) -> Option<f32> {
        if self.frame * 2 >= self.stereo.len() {
            let now = self.shared.clock.now();
            self.make(CHUNK, now);
        }
        let value = self.side();
        self.channel += 1;
        if self.channel >= usize::from(self.channels.get()) {
            self.channel = 0;
            self.frame += 1;
        }
        Some(value)
    }
}

impl Source for CursorSource {
    fn current_span_len(&self) -> Option<usize> {
        None
    }

    fn channels(&self) -> NonZero<u16> {
        self.channels
    }

    fn sample_rate(&self) -> NonZero<u32> {
        self.rate
    }

    fn total_duration(&self) -> Option<Duration> {
        None
    }
}

/// A playing device and how to call it.
pub(super) struct Opened {
    /// Sound ends when it is dropped.
    _stream: Stream,
    pub(super) name: String,
}

/// What becomes of an opened device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// Unplugged, or its server is gone.
    Lost,
    /// It swallows samples without playing them, as ALSA's null device does.
    Runaway,
}

/// Opens the default device and begins to play what `shared` holds. `trouble` is told when that ends.
pub(super) fn open(shared: &Arc<Shared>, trouble: &Sender<Trouble>) -> Result<Opened, String> {
    quiet_alsa();
    super::kernel::prepare();
    let device = cpal::default_host().default_output_device().ok_or("no sound device was found")?;
    let name = device.description().map_or_else(|_| "sound device".to_owned(), |d| d.name().to_owned());
    let supported = device.default_output_config().map_err(|e| e.to_string().to_lowercase())?;
    let rate = supported.sample_rate();
    let block = (rate / BLOCKS_A_SECOND).next_power_of_two();
    let block = match supported.buffer_size() {
        SupportedBufferSize::Range { min, max } => block.clamp(*min, (*max).max(*min)),
        SupportedBufferSize::Unknown => block,
    };
    let mut failure = String::new();
    for buffer_size in [BufferSize::Fixed(block), BufferSize::Default] {
        let config = StreamConfig { channels: supported.channels(), sample_rate: rate, buffer_size };
        match play(&device, config, supported.sample_format(), shared, trouble) {
            Ok(stream) => {
                let name = format!("{name}, {:.1} kHz", f64::from(rate) / 1000.0);
                return Ok(Opened { _stream: stream, name });
            }
            Err(e) => failure = e,
        }
    }
    Err(failure)
}

fn play(
    device: &cpal::Device,
    config: StreamConfig,
    format: SampleFormat,
    shared: &Arc<Shared>,
    trouble: &Sender<Trouble>,
) -> Result<Stream, String> {
    let source =
        CursorSource::new(shared.clone(), config.channels, config.sample_rate).ok_or("a device without channels")?;
    let stream = match format {
        SampleFormat::F32 => build::<f32>(device, config, source, trouble),
        SampleFormat::F64 => build::<f64>(device, config, source, trouble),
        SampleFormat::I8 => build::<i8>(device, config, source, trouble),
        SampleFormat::I16 => build::<i16>(device, config, source, trouble),
        SampleFormat::I24 => build::<cpal::I24>(device, config, source, trouble),
        SampleFormat::I32 => build::<i32>(device, config, source, trouble),
        SampleFormat::U8 => build::<u8>(device, config, source, trouble),
        SampleFormat::U16 => build::<u16>(device, config, source, trouble),
        other => return Err(format!("its sample format {other} is not known")),
    };
    let stream = stream.map_err(|e| e.to_string().to_lowercase())?;
    stream.play().map_err(|e| e.to_string().to_lowercase())?;
    Ok(stream)
}

fn build<T: SizedSample + FromSample<f32>>(
    device: &cpal::Device,
    config: StreamConfig,
    mut source: CursorSource,
    trouble: &Sender<Trouble>,
) -> Result<Stream, cpal::Error> {
    let (lost, runaway) = (trouble.clone(), trouble.clone());
    let began = source.shared.clock.now();
    let mut taken = 0.0;
    let channels = usize::from(config.channels.max(1));
    let rate = f64::from(config.sample_rate.max(1));
    device.build_output_stream::<T, _, _>(
        config,
        move |data: &mut [T], info: &OutputCallbackInfo| {
            let stamp = info.timestamp();
            let reported = stamp.playback.saturating_duration_since(stamp.callback).as_secs_f64();
            let frames = data.len() / channels;
            // A device that reports no delay, or a mad one, has at least this block in its queue.
            let delay = if (1e-4..2.0).contains(&reported) { reported } else { frames as f64 / rate };
            let now = source.shared.clock.now();
            taken += frames as f64 / rate;
            if taken - (now - began) > RUNAWAY {
                let _ = runaway.send(Trouble::Runaway);
            }
            let heard_at = now + delay;
            source.make(frames, heard_at);
            for (out, sample) in data.iter_mut().zip(&mut source) {
                *out = T::from_sample(sample);
            }
        },
        move |error| {
            let gone = [ErrorKind::DeviceNotAvailable, ErrorKind::HostUnavailable, ErrorKind::StreamInvalidated];
            if gone.contains(&error.kind()) {
                // The player is gone as well if nobody listens.
                let _ = lost.send(Trouble::Lost);
            }
        },
        None,
    )
}

/// Name of the default device, without opening it.
pub(super) fn default_name() -> Option<String> {
    quiet_alsa();
    let device = cpal::default_host().default_output_device()?;
    // A device that cannot say how it plays is a name in a list only.
    let config = device.default_output_config().ok()?;
    let name = device.description().map_or_else(|_| "sound device".to_owned(), |d| d.name().to_owned());
    Some(format!("{name}, {:.1} kHz", f64::from(config.sample_rate()) / 1000.0))
}

/// Keeps ALSA from writing its troubles to stderr: what matters arrives as an error.
fn quiet_alsa() {
    #[cfg(target_os = "linux")]
    {
        use std::ffi::{c_char, c_int};
        type Handler = unsafe extern "C" fn(*const c_char, c_int, *const c_char, c_int, *const c_char);
        unsafe extern "C" {
            fn snd_lib_error_set_handler(handler: Handler) -> c_int;
        }
        unsafe extern "C" fn silent(_: *const c_char, _: c_int, _: *const c_char, _: c_int, _: *const c_char) {}
        static ONCE: std::sync::Once = std::sync::Once::new();
        ONCE.call_once(|| {
            // SAFETY: libasound is linked already, through rodio. The handler is called with further arguments, which
            // a C function may leave unread.
            unsafe { snd_lib_error_set_handler(silent) };
        });
    }
}

#[cfg(test)]
mod tests {
    use super::super::clock::Manual;
    use super::*;
    use crate::media::AudioBuffer;

    #[test]
    fn the_source_feeds_any_number_of_channels() {
        for channels in [1_u16, 2, 6] {
            let clock = Arc::new(Manual::default());
            let shared = Arc::new(Shared::new(clock));
            let samples = (0..48_000).flat_map(|_| [0.5, -0.25]).collect();
            let buffer = AudioBuffer { rate: 48_000, channels: 2, samples, warnings: Vec::new() };
            {
                let mut t = shared.lock();
                t.load(Some(Arc::new(buffer)));
                t.set_device(true, 0.0);
                t.play(0.0);
            }
            let source = CursorSource::new(shared, channels, 48_000).unwrap();
            assert_eq!((source.channels().get(), source.sample_rate().get()), (channels, 48_000));
            let frame: Vec<f32> = source.skip(2000 * usize::from(channels)).take(usize::from(channels)).collect();
            let want: &[f32] = match channels {
                1 => &[0.125],
                2 => &[0.5, -0.25],
                _ => &[0.5, -0.25, 0.0, 0.0, 0.0, 0.0],
            };
            assert_eq!(frame, want);
        }
    }
}
