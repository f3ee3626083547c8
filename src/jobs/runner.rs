//! Work in the background: one thread per job, messages back, cancelled when its handle is dropped.
//!
//! A job owns all it needs. It speaks through [`Message`]s only; whoever holds the handle polls it, and is woken by a
//! function given at the start (the window asks for a repaint there, the command line needs none).

use crate::progress::Progress;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, TryRecvError, channel};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Instant;

/// Where a job is: `done` of `total` steps of `stage`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stage {
    pub stage: String,
    pub done: usize,
    pub total: usize,
}

enum Message<T> {
    Progress(Stage),
    Finished(anyhow::Result<T>),
}

/// A function that tells the holder of a job that there is news.
pub type Wake = Arc<dyn Fn() + Send + Sync>;

/// A job under way. Dropping it cancels it.
pub struct Job<T> {
    /// What it does, for the user: "Drafting cues".
    pub title: String,
    pub started: Instant,
    stage: Stage,
    receiver: Receiver<Message<T>>,
    cancel: Arc<AtomicBool>,
}

struct Reporter<T> {
    sender: Sender<Message<T>>,
    cancel: Arc<AtomicBool>,
    wake: Wake,
    last: Mutex<Option<(Instant, String)>>,
}

impl<T: Send> Progress for Reporter<T> {
    fn report(&self, stage: &str, done: usize, total: usize) {
        // Thirty messages a second are enough for anyone; a new stage and the last step always get through.
        if let Ok(mut last) = self.last.lock() {
            if let Some((when, name)) = &*last
                && name == stage
                && done < total
                && when.elapsed().as_millis() < 33
            {
                return;
            }
            *last = Some((Instant::now(), stage.to_owned()));
        }
        let _ = self.sender.send(Message::Progress(Stage { stage: stage.to_owned(), done, total }));
        (self.wake)();
    }

    fn cancelled(&self) -> bool {
        self.cancel.load(Ordering::Relaxed)
    }
}

impl<T: Send + 'static> Job<T> {
    /// Starts `work` on a thread of its own.
    pub fn start(
        title: impl Into<String>,
        wake: Wake,
        work: impl FnOnce(&dyn Progress) -> anyhow::Result<T> + Send + 'static,
    ) -> Self {
        let (sender, receiver) = channel();
        let cancel = Arc::new(AtomicBool::new(false));
        let reporter =
            Reporter { sender: sender.clone(), cancel: cancel.clone(), wake: wake.clone(), last: Mutex::default() };
        std::thread::spawn(move || {
            let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| work(&reporter)))
                .unwrap_or_else(|_| Err(anyhow::anyhow!("the work stopped on an internal error; nothing was changed")));
            let _ = sender.send(Message::Finished(result));
            wake();
        });
        Self { title: title.into(), started: Instant::now(), stage: Stage::default(), receiver, cancel }
    }

    /// Takes in what has arrived; gives the result once, when there is one.
    pub fn poll(&mut self) -> Option<anyhow::Result<T>> {
        loop {
            match self.receiver.try_recv() {
                Ok(Message::Progress(stage)) => self.stage = stage,
                Ok(Message::Finished(result)) => return Some(result),
                Err(TryRecvError::Empty) => return None,
                Err(TryRecvError::Disconnected) => {
                    return Some(Err(anyhow::anyhow!("the work stopped without a word")));
                }
            }
        }
    }

    pub fn stage(&self) -> &Stage {
        &self.stage
    }

    /// Asks the work to stop; its result is then an error that says so.
    pub fn cancel(&self) {
        self.cancel.store(true, Ordering::Relaxed);
    }

    pub fn is_cancelled(&self) -> bool {
        self.cancel.load(Ordering::Relaxed)
    }
}

impl<T> Drop for Job<T> {
    fn drop(&mut self) {
        self.cancel.store(true, Ordering::Relaxed);
    }
}

/// A worker that always does the newest request and forgets those that came in between: previews.
pub struct Latest<Request, Out> {
    shared: Arc<Shared<Request, Out>>,
}

struct Shared<Request, Out> {
    state: Mutex<LatestState<Request, Out>>,
    changed: Condvar,
}

struct LatestState<Request, Out> {
    request: Option<Request>,
    out: Option<Out>,
    busy: bool,
    closed: bool,
}

impl<Request: Send + 'static, Out: Send + 'static> Latest<Request, Out> {
    /// Starts the worker; `work` keeps its own state (a renderer, say) between requests.
    pub fn start(wake: Wake, mut work: impl FnMut(Request) -> Out + Send + 'static) -> Self {
        let state = LatestState { request: None, out: None, busy: false, closed: false };
        let shared = Arc::new(Shared { state: Mutex::new(state), changed: Condvar::new() });
        let theirs = shared.clone();
        std::thread::spawn(move || {
            loop {
                let request = {
                    let Ok(mut state) = theirs.state.lock() else { return };
                    state.busy = false;
                    loop {
                        if state.closed {
                            return;
                        }
                        if let Some(request) = state.request.take() {
                            state.busy = true;
                            break request;
                        }
                        state = match theirs.changed.wait(state) {
                            Ok(state) => state,
                            Err(_) => return,
                        };
                    }
                };
                let out = work(request);
                if let Ok(mut state) = theirs.state.lock() {
                    state.out = Some(out);
                }
                wake();
            }
        });
        Self { shared }
    }

    /// Asks for something; a request that has not been begun gives way.
    pub fn request(&self, request: Request) {
        if let Ok(mut state) = self.shared.state.lock() {
            state.request = Some(request);
        }
        self.shared.changed.notify_one();
    }

    /// The newest result, once.
    pub fn take(&self) -> Option<Out> {
        self.shared.state.lock().ok()?.out.take()
    }

    /// True while something is asked for or under way.
    pub fn is_busy(&self) -> bool {
        self.shared.state.lock().is_ok_and(|s| s.busy || s.request.is_some())
    }
}

impl<Request, Out> Drop for Latest<Request, Out> {
    fn drop(&mut self) {
        if let Ok(mut state) = self.shared.state.lock() {
            state.closed = true;
        }
        self.shared.changed.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn no_wake() -> Wake {
        Arc::new(|| {})
    }

    fn wait<T: Send + 'static>(job: &mut Job<T>) -> anyhow::Result<T> {
        loop {
            if let Some(result) = job.poll() {
                return result;
            }
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    #[test]
    fn a_job_reports_and_finishes() {
        let mut job = Job::start("Counting", no_wake(), |progress| {
            progress.report("Counting", 3, 3);
            Ok(42)
        });
        assert_eq!(wait(&mut job).unwrap(), 42);
        assert_eq!(*job.stage(), Stage { stage: "Counting".into(), done: 3, total: 3 });
    }

    #[test]
    fn dropping_a_job_cancels_it() {
        let (tell, told) = channel();
        let job = Job::start("Waiting", no_wake(), move |progress| {
            while !progress.cancelled() {
                std::thread::sleep(Duration::from_millis(1));
            }
            let _ = tell.send(());
            Ok(())
        });
        drop(job);
        told.recv_timeout(Duration::from_secs(5)).expect("the work saw that it was cancelled");
    }

    #[test]
    fn a_panic_is_an_error_and_not_the_end() {
        let mut job = Job::<()>::start("Failing", no_wake(), |_| panic!("on purpose"));
        assert!(wait(&mut job).unwrap_err().to_string().contains("internal error"));
    }

    #[test]
    fn the_latest_request_wins() {
        let (go, gate) = channel::<()>();
        let latest = Latest::start(no_wake(), move |n: i32| {
            let _ = gate.recv();
            n
        });
        for n in 0..10 {
            latest.request(n);
        }
        for _ in 0..10 {
            let _ = go.send(());
        }
        let mut last = None;
        let begun = Instant::now();
        while last != Some(9) && begun.elapsed() < Duration::from_secs(5) {
            last = latest.take().or(last);
            std::thread::sleep(Duration::from_millis(1));
        }
        assert_eq!(last, Some(9));
    }
}
