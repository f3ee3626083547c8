//! The work under way: any number of jobs at once, each with its progress, what remains of it, a way to stop it, and a
//! line in the log when it has ended.
//!
//! A job is handed over together with what is to be done with its result; that is carried out on the window's thread
//! once the job has ended, whether it succeeded, failed or was stopped:
//!
//! ```ignore
//! self.works.start(WorkKind::Export, job, |studio, result, stopped| match result {
//!     Ok(done) => Ended::Done(done.summary()),
//!     Err(_) if stopped => Ended::Stopped,
//!     Err(error) => Ended::Failed(error.to_string()),
//! });
//! ```

use super::i18n::{tr, tr_with};
use super::{Studio, handle};
use crate::jobs::runner::{Job, Stage};
use std::time::{Duration, Instant};

/// Lines that the log keeps.
const LOG: usize = 100;
/// A remaining time is told from this much work on: before, it would only jump about.
const ENOUGH: Duration = Duration::from_millis(1500);

/// What a job is for. One at a time of each of the first three; any number of the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WorkKind {
    /// Reading a project.
    Open,
    /// Drafting a new one.
    Create,
    /// Writing a video.
    Export,
    /// Making takes.
    Takes,
    /// Writing motion masks.
    Masks,
    /// Making sound: stretching, filtering.
    Sound,
    /// Reading tracked poses.
    Poses,
    /// Reading the cues back.
    Check,
    /// Looking at hands.
    Hands,
    /// Finding sounds again.
    Align,
    /// Anything else.
    Other,
}

/// How a job came to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ended {
    /// With a word about the result; may be empty.
    Done(String),
    /// The user has stopped it.
    Stopped,
    /// With the reason.
    Failed(String),
}

/// A job as its panel sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct WorkView {
    /// To stop it by; `None` for work that is too short or too delicate to be stopped.
    pub id: Option<u64>,
    pub title: String,
    pub stage: Stage,
    pub elapsed: Duration,
    /// What is left of the present stage, once it can be told.
    pub left: Option<Duration>,
    pub stopping: bool,
}

impl WorkView {
    /// A job that stands outside [`Works`], because what becomes of it belongs to another part of the studio.
    pub fn of<T: Send + 'static>(job: &Job<T>) -> Self {
        let stage = job.stage().clone();
        let elapsed = job.started.elapsed();
        let left = left(elapsed, stage.done, stage.total);
        Self { id: None, title: job.title.clone(), stage, elapsed, left, stopping: job.is_cancelled() }
    }
}

/// A job that has ended.
#[derive(Clone, Debug, PartialEq)]
pub struct LogLine {
    pub title: String,
    pub ended: Ended,
    pub took: Duration,
    pub at: Instant,
}

/// A job of any result, with what is to be done with it.
trait Task {
    fn title(&self) -> &str;
    fn stage(&self) -> &Stage;
    fn started(&self) -> Instant;
    /// Takes in news; true once it has ended.
    fn poll(&mut self) -> bool;
    fn cancel(&self);
    fn is_cancelled(&self) -> bool;
    /// Carries out what is to be done with the result.
    fn finish(self: Box<Self>, studio: &mut Studio) -> Ended;
}

struct Pending<T, F> {
    job: Job<T>,
    result: Option<anyhow::Result<T>>,
    then: F,
}

impl<T: Send + 'static, F: FnOnce(&mut Studio, anyhow::Result<T>, bool) -> Ended> Task for Pending<T, F> {
    fn title(&self) -> &str {
        &self.job.title
    }

    fn stage(&self) -> &Stage {
        self.job.stage()
    }

    fn started(&self) -> Instant {
        self.job.started
    }

    fn poll(&mut self) -> bool {
        if self.result.is_none() {
            self.result = self.job.poll();
        }
        self.result.is_some()
    }

    fn cancel(&self) {
        self.job.cancel();
    }

    fn is_cancelled(&self) -> bool {
        self.job.is_cancelled()
    }

    fn finish(self: Box<Self>, studio: &mut Studio) -> Ended {
        let stopped = self.job.is_cancelled();
        let result = self.result.unwrap_or_else(|| Err(anyhow::anyhow!("the work has not ended")));
        (self.then)(studio, result, stopped)
    }
}

struct Running {
    id: u64,
    kind: WorkKind,
    task: Box<dyn Task>,
    /// The stage that is being timed, and since when.
    timed: (String, Instant),
}

/// All work under way and the log of what has ended.
#[derive(Default)]
pub struct Works {
    running: Vec<Running>,
    log: Vec<LogLine>,
    next: u64,
}

impl Works {
    /// Takes a job in; `then` is carried out with its result and whether the user had asked it to stop.
    pub fn start<T: Send + 'static>(
        &mut self,
        kind: WorkKind,
        job: Job<T>,
        then: impl FnOnce(&mut Studio, anyhow::Result<T>, bool) -> Ended + 'static,
    ) -> u64 {
        let id = self.next;
        self.next += 1;
        let task = Box::new(Pending { job, result: None, then });
        self.running.push(Running { id, kind, task, timed: (String::new(), Instant::now()) });
        id
    }

    /// Forgets the jobs of a kind, which cancels them: what they would have given is no longer wanted.
    pub fn drop_kind(&mut self, kind: WorkKind) {
        self.running.retain(|r| r.kind != kind);
    }

    pub fn is_running(&self, kind: WorkKind) -> bool {
        self.running.iter().any(|r| r.kind == kind)
    }

    pub fn is_empty(&self) -> bool {
        self.running.is_empty()
    }

    pub fn len(&self) -> usize {
        self.running.len()
    }

    /// Where the newest job of a kind is.
    pub fn stage(&self, kind: WorkKind) -> Option<&Stage> {
        self.running.iter().rev().find(|r| r.kind == kind).map(|r| r.task.stage())
    }

    /// Title and stage of the newest job.
    pub fn newest(&self) -> Option<(&str, &Stage)> {
        self.running.last().map(|r| (r.task.title(), r.task.stage()))
    }

    pub fn newest_id(&self) -> Option<u64> {
        self.running.last().map(|r| r.id)
    }

    /// Asks a job to stop.
    pub fn cancel(&self, id: u64) {
        if let Some(running) = self.running.iter().find(|r| r.id == id) {
            running.task.cancel();
        }
    }

    /// Asks all jobs of a kind to stop.
    pub fn cancel_kind(&self, kind: WorkKind) {
        self.running.iter().filter(|r| r.kind == kind).for_each(|r| r.task.cancel());
    }

    /// The jobs under way, oldest first.
    pub fn view(&self) -> Vec<WorkView> {
        self.running
            .iter()
            .map(|r| {
                let stage = r.task.stage().clone();
                WorkView {
                    id: Some(r.id),
                    title: r.task.title().to_owned(),
                    left: left(r.timed.1.elapsed(), stage.done, stage.total),
                    stage,
                    elapsed: r.task.started().elapsed(),
                    stopping: r.task.is_cancelled(),
                }
            })
            .collect()
    }

    /// What has ended, newest first.
    pub fn log(&self) -> impl Iterator<Item = &LogLine> {
        self.log.iter().rev()
    }

    pub fn clear_log(&mut self) {
        self.log.clear();
    }

    /// Takes in news; gives the jobs that have ended.
    fn poll(&mut self) -> Vec<Running> {
        for running in &mut self.running {
            running.task.poll();
            if running.timed.0 != running.task.stage().stage {
                running.timed = (running.task.stage().stage.clone(), Instant::now());
            }
        }
        self.running.extract_if(.., |r| r.task.poll()).collect()
    }

    fn note(&mut self, line: LogLine) {
        self.log.push(line);
        if self.log.len() > LOG {
            self.log.remove(0);
        }
    }
}

/// What is left of a stage, if it goes on as it has.
fn left(elapsed: Duration, done: usize, total: usize) -> Option<Duration> {
    if done == 0 || total <= 1 || done >= total || elapsed < ENOUGH {
        return None;
    }
    Some(elapsed.mul_f64((total - done) as f64 / done as f64))
}

/// A length of time in words: "40 s", "3 min", "1 h 20 min".
pub fn span(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    let number = |n: u64| n.to_string();
    if seconds < 10.0 {
        tr_with("{seconds} s", &[("seconds", &format!("{seconds:.1}"))])
    } else if seconds < 90.0 {
        tr_with("{seconds} s", &[("seconds", &number(seconds.round() as u64))])
    } else if seconds < 3600.0 {
        tr_with("{minutes} min", &[("minutes", &number((seconds / 60.0).round() as u64))])
    } else {
        let minutes = (seconds / 60.0).round() as u64;
        tr_with("{hours} h {minutes} min", &[("hours", &number(minutes / 60)), ("minutes", &number(minutes % 60))])
    }
}

/// How long ago something was, in words.
pub fn ago(time: Duration) -> String {
    let minutes = time.as_secs() / 60;
    match minutes {
        0 => tr("just now").to_owned(),
        1..60 => tr_with("{minutes} min ago", &[("minutes", &minutes.to_string())]),
        60..2880 => tr_with("{hours} h ago", &[("hours", &(minutes / 60).to_string())]),
        _ => tr_with("{days} days ago", &[("days", &(minutes / 1440).to_string())]),
    }
}

impl Studio {
    /// All work under way, wherever it is held.
    pub(in crate::app) fn all_work(&self) -> Vec<WorkView> {
        let mut all = self.works.view();
        all.extend(self.errands.view());
        all.extend(self.listening.as_ref().and_then(handle::Listening::work));
        all
    }

    /// Takes in what the background has done.
    pub(in crate::app) fn poll_work(&mut self) {
        for running in self.works.poll() {
            let (title, took) = (running.task.title().to_owned(), running.task.started().elapsed());
            let ended = running.task.finish(self);
            self.works.note(LogLine { title, ended, took, at: Instant::now() });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_follows_what_was_done() {
        let ten = Duration::from_secs(10);
        assert_eq!(left(ten, 25, 100), Some(Duration::from_secs(30)));
        assert_eq!(left(Duration::from_millis(200), 25, 100), None, "too early to tell");
        assert_eq!(left(ten, 0, 100), None);
        assert_eq!(left(ten, 1, 1), None, "a stage of one step tells nothing");
    }

    #[test]
    fn times_are_told_in_words() {
        let texts = [0.4, 12.0, 89.0, 100.0, 3700.0, 7199.0].map(|s| span(Duration::from_secs_f64(s)));
        assert_eq!(texts, ["0.4 s", "12 s", "89 s", "2 min", "1 h 2 min", "2 h 0 min"]);
        let texts = [3, 70, 7200, 200_000].map(|s| ago(Duration::from_secs(s)));
        assert_eq!(texts, ["just now", "1 min ago", "2 h ago", "2 days ago"]);
    }

    #[test]
    fn several_jobs_run_at_once_and_one_is_stopped() {
        let wake: crate::jobs::runner::Wake = std::sync::Arc::new(|| {});
        let mut works = Works::default();
        let long = |progress: &dyn crate::progress::Progress| {
            progress.report("Counting", 1, 4);
            while !progress.cancelled() {
                std::thread::sleep(Duration::from_millis(1));
            }
            anyhow::bail!("stopped")
        };
        let then = |_: &mut Studio, _: anyhow::Result<()>, _: bool| Ended::Stopped;
        let first = works.start(WorkKind::Takes, Job::start("First", wake.clone(), long), then);
        let second = works.start(WorkKind::Takes, Job::start("Second", wake, long), then);
        assert_eq!(works.view().iter().map(|v| v.title.as_str()).collect::<Vec<_>>(), ["First", "Second"]);
        works.cancel(second);
        let begun = Instant::now();
        let mut ended = Vec::new();
        while ended.is_empty() && begun.elapsed() < Duration::from_secs(5) {
            ended = works.poll().into_iter().map(|r| r.id).collect();
            std::thread::sleep(Duration::from_millis(1));
        }
        assert_eq!(ended, [second]);
        assert_eq!(works.view()[0].id, Some(first));
        assert!(works.is_running(WorkKind::Takes) && !works.is_running(WorkKind::Export));
        works.drop_kind(WorkKind::Takes);
        assert!(works.is_empty());
    }
}
