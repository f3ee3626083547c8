//! Hearing the recording, and knowing at every moment which part of it is heard.
//!
//! The picture follows the sound: [`Player::position`] is the master clock of playback. With a sound device it is
//! the position at the listener's ear, the device's own delay taken off; without one (or until it is open, or when it
//! is unplugged) time simply goes on by the computer's clock and [`Player::device`] says so. Nothing here waits for
//! the device. The sound device is used in this room only.

mod clock;
mod device;
mod kernel;
mod pace;
mod transport;

pub use clock::{Clock, Manual, Monotonic};

use crate::media::AudioBuffer;
use crate::time::{Seconds, TimeRange};
use device::{Shared, Trouble};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, Weak};
use std::time::Duration;

/// How often a lost device is looked for again.
const LOOK_AGAIN: Duration = Duration::from_secs(3);

/// Where the sound goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Device {
    /// It is being opened; time goes on without sound meanwhile.
    Opening,
    /// Sound is heard; name and rate.
    Playing(String),
    /// There is none; why not.
    None(String),
    /// It was unplugged; it is looked for every few seconds.
    Lost,
}

impl Device {
    /// A phrase for the status bar.
    pub fn describe(&self) -> String {
        match self {
            Self::Opening => "Opening the sound device".to_owned(),
            Self::Playing(name) => name.clone(),
            Self::None(why) => format!("No sound device ({why}): silent playback"),
            Self::Lost => "Sound device lost: silent playback until it is back".to_owned(),
        }
    }
}

/// Plays one recording. Cheap to ask from any thread; all times are of the recording.
pub struct Player {
    shared: Arc<Shared>,
    device: Arc<Mutex<Device>>,
}

impl Drop for Player {
    fn drop(&mut self) {
        // Silence at once; the device's thread notices a little later that nobody is left.
        self.pause();
    }
}

impl Player {
    /// Begins to open the default sound device on a thread of its own and returns at once.
    pub fn open() -> Self {
        let shared = Arc::new(Shared::new(Arc::new(Monotonic::default())));
        let device = Arc::new(Mutex::new(Device::Opening));
        let (sender, receiver) = channel();
        let (weak, state) = (Arc::downgrade(&shared), device.clone());
        let thread = std::thread::Builder::new().name("sound device".to_owned()).spawn(move || {
            keep_open(&weak, &state, &sender, &receiver);
        });
        if thread.is_err() {
            set(&device, Device::None("no thread could be started".to_owned()));
        }
        Self { shared, device }
    }

    /// A player without sound that follows `clock`: for tests and for rendering without a user.
    pub fn silent(clock: Arc<dyn Clock>) -> Self {
        let device = Arc::new(Mutex::new(Device::None("none wanted".to_owned())));
        Self { shared: Arc::new(Shared::new(clock)), device }
    }

    /// A player without sound that follows the computer's clock.
    pub fn null() -> Self {
        Self::silent(Arc::new(Monotonic::default()))
    }

    /// Where the sound goes, for the status bar. It changes: first the device is being opened, and it may be lost.
    pub fn device(&self) -> String {
        self.device_state().describe()
    }

    /// The same as [`Self::device`].
    pub fn describe(&self) -> String {
        self.device()
    }

    /// Where the sound goes.
    pub fn device_state(&self) -> Device {
        self.device.lock().unwrap_or_else(|e| e.into_inner()).clone()
    }

    /// Takes another recording: stopped, at its beginning, without loop. Speed and volume stay.
    pub fn load(&self, buffer: Arc<AudioBuffer>) {
        // The old one is freed after the lock is given back.
        let old = self.shared.lock().load(Some(buffer));
        drop(old);
    }

    /// Takes a timeline of `length` without a recording: stopped, at its beginning, without loop.
    pub fn load_silence(&self, length: Seconds) {
        let old = {
            let mut transport = self.shared.lock();
            let old = transport.load(None);
            transport.set_least_length(length.0);
            old
        };
        drop(old);
    }

    /// No recording any more.
    pub fn unload(&self) {
        let old = self.shared.lock().load(None);
        drop(old);
    }

    /// Puts a changed recording in the place of the loaded one and plays on where it is.
    pub fn replace(&self, buffer: Arc<AudioBuffer>) {
        let now = self.shared.clock.now();
        let old = self.shared.lock().replace(Some(buffer), now);
        drop(old);
    }

    /// The timeline lasts at least this long, also where the sound is shorter or missing.
    pub fn set_least_length(&self, length: Seconds) {
        self.shared.lock().set_least_length(length.0);
    }

    /// Length of the timeline.
    pub fn length(&self) -> Seconds {
        Seconds(self.shared.lock().length())
    }

    /// Plays from the position; from the end, from the beginning again. Without a recording nothing happens.
    pub fn play(&self) {
        let now = self.shared.clock.now();
        self.shared.lock().play(now);
    }

    /// Stops where it is.
    pub fn pause(&self) {
        let now = self.shared.clock.now();
        self.shared.lock().pause(now);
    }

    /// Goes to `time`, clamped to the recording, playing or not.
    pub fn seek(&self, time: Seconds) {
        let now = self.shared.clock.now();
        self.shared.lock().seek(time.0, now);
    }

    /// Goes to `time` and lets a moment of sound around it be heard; called again and again, the sound follows the
    /// hand. Playing waits there and goes on with the next [`Self::seek`].
    pub fn scrub(&self, time: Seconds) {
        let now = self.shared.clock.now();
        self.shared.lock().scrub(time.0, now);
    }

    /// What is heard now.
    pub fn position(&self) -> Seconds {
        let now = self.shared.clock.now();
        Seconds(self.shared.lock().position(now))
    }

    /// True from play to pause, or until [`Self::position`] has given the end.
    pub fn is_playing(&self) -> bool {
        self.shared.lock().playing()
    }

    /// 0.1 to 10 times, negative to play backwards. Up to 2 times the pitch is kept, beyond that it rises as on a tape.
    pub fn set_speed(&self, speed: f64) {
        let now = self.shared.clock.now();
        self.shared.lock().set_speed(speed, now);
    }

    pub fn speed(&self) -> f64 {
        self.shared.lock().speed()
    }

    /// 0 to 2, 1 as recorded.
    pub fn set_volume(&self, volume: f32) {
        self.shared.lock().set_volume(volume);
    }

    /// Goes round `range` once it is reached; `None` to play on. Ranges under 20 ms are none.
    pub fn set_loop(&self, range: Option<TimeRange>) {
        let now = self.shared.clock.now();
        self.shared.lock().set_loop(range.map(|r| (r.start.0, r.end.0)), now);
    }
}

/// Name and rate of the default sound device, for the diagnosis page; it is not opened. May take seconds where a sound
/// server is in trouble.
pub fn device_name() -> Option<String> {
    device::default_name()
}

fn set(device: &Mutex<Device>, state: Device) {
    *device.lock().unwrap_or_else(|e| e.into_inner()) = state;
}

/// The device's thread: opens it, keeps it until the player is gone, looks for it again when it was lost.
fn keep_open(shared: &Weak<Shared>, state: &Mutex<Device>, lost: &Sender<Trouble>, messages: &Receiver<Trouble>) {
    let mut was_open = false;
    loop {
        let Some(strong) = shared.upgrade() else { return };
        let opened = device::open(&strong, lost);
        drop(strong);
        // The stream holds the shared state itself: the player is gone when only the stream is left.
        let gone = |streams: usize| shared.strong_count() <= streams;
        match opened {
            Ok(device) => {
                was_open = true;
                let name = device.name.clone();
                set(state, Device::Playing(name.clone()));
                if let Some(s) = shared.upgrade() {
                    let now = s.clock.now();
                    s.lock().set_device(true, now);
                }
                let trouble = loop {
                    match messages.recv_timeout(Duration::from_millis(500)) {
                        Err(RecvTimeoutError::Timeout) if gone(1) => return,
                        Err(RecvTimeoutError::Timeout) => {}
                        Ok(trouble) => break trouble,
                        Err(RecvTimeoutError::Disconnected) => break Trouble::Lost,
                    }
                };
                drop(device);
                if let Some(s) = shared.upgrade() {
                    let now = s.clock.now();
                    s.lock().set_device(false, now);
                }
                if trouble == Trouble::Runaway {
                    set(state, Device::None(format!("{name} keeps no time")));
                    return;
                }
                set(state, Device::Lost);
            }
            Err(why) if !was_open => {
                set(state, Device::None(why));
                return;
            }
            Err(_) => set(state, Device::Lost),
        }
        std::thread::sleep(LOOK_AGAIN);
        while messages.try_recv().is_ok() {}
        if gone(0) {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn silent() -> (Player, Arc<Manual>) {
        let clock = Arc::new(Manual::default());
        let player = Player::silent(clock.clone());
        player.load(Arc::new(AudioBuffer::from_mono(16_000, vec![0.0; 160_000])));
        (player, clock)
    }

    #[test]
    fn without_a_device_time_goes_on() {
        let (player, clock) = silent();
        assert!(player.device().contains("silent"));
        player.play();
        clock.advance(2.0);
        assert_eq!(player.position(), Seconds(2.0));
        player.set_speed(0.5);
        clock.advance(2.0);
        assert_eq!(player.position(), Seconds(3.0));
        player.pause();
        clock.advance(9.0);
        assert_eq!(player.position(), Seconds(3.0));
        player.set_loop(Some(TimeRange::new(Seconds(4.0), Seconds(3.5))));
        player.set_speed(1.0);
        player.play();
        clock.advance(1.25);
        assert!((player.position().0 - 3.75).abs() < 1e-9, "{}", player.position());
        player.set_loop(None);
        player.seek(Seconds(9.5));
        clock.advance(1.0);
        assert_eq!(player.position(), Seconds(10.0));
        assert!(!player.is_playing());
        player.scrub(Seconds(5.0));
        assert_eq!(player.position(), Seconds(5.0));
    }

    #[test]
    fn opening_never_keeps_the_caller_waiting() {
        let start = std::time::Instant::now();
        let player = Player::open();
        player.load(Arc::new(AudioBuffer::from_mono(16_000, vec![0.0; 16_000])));
        player.play();
        player.position();
        assert!(start.elapsed() < Duration::from_millis(50), "{:?}", start.elapsed());
        // Device or not, time goes on.
        std::thread::sleep(Duration::from_millis(1300));
        assert!(player.position().0 > 0.1 || player.device_state() == Device::Opening);
    }

    #[test]
    fn a_changed_recording_plays_on() {
        let (player, clock) = silent();
        player.play();
        clock.advance(1.0);
        player.replace(Arc::new(AudioBuffer::from_mono(48_000, vec![0.0; 480_000])));
        clock.advance(1.0);
        assert_eq!(player.position(), Seconds(2.0));
        player.unload();
        assert_eq!((player.length(), player.is_playing()), (Seconds(0.0), false));
        player.load_silence(Seconds(3.0));
        player.play();
        clock.advance(1.0);
        assert_eq!(player.position(), Seconds(1.0));
    }
}
