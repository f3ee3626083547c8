//! What deserves a look: the kinds of problems, what each means, and what can be done about one at a single key.
//!
//! `board` finds the problems of a project; here stands what to say and what to offer. A problem that the user has
//! looked at and found right can be marked as seen; that is view state, kept per project with the window's settings.

use super::board::{Problem, Target, position_letters};
use super::commands::Command;
use super::i18n::{capitalised, later, tr, tr_message, tr_with};
use super::intent::{Intent, SelectMode};
use super::takes::{TakeCommand, TakesIntent};
use super::widgets::Tone;
use crate::cueing::KeyFlag;
use crate::cueing::guard::Fault;
use crate::document::edit::Edit;
use crate::document::marks::{MarkId, Mask};
use crate::document::{KeyId, Project};
use crate::jobs::check::Checked;
use crate::time::Seconds;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What a problem is about, gravest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum ProblemKind {
    Unreadable,
    Text,
    TooFast,
    Late,
    Ambiguous,
    Guessed,
    Uncertain,
    RoughTiming,
    Alignment,
    EmptyMask,
    StaleTake,
    /// The file of tracked poses is gone or damaged.
    LostPoses,
    /// Found by "Check the cues": what is shown is read otherwise than it is meant.
    ReadBack,
    LipsCovered,
    ChinTouch,
    OutOfPicture,
}

impl ProblemKind {
    pub const ALL: [Self; 16] = [
        Self::Unreadable,
        Self::Text,
        Self::TooFast,
        Self::Late,
        Self::Ambiguous,
        Self::Guessed,
        Self::Uncertain,
        Self::RoughTiming,
        Self::Alignment,
        Self::EmptyMask,
        Self::StaleTake,
        Self::LostPoses,
        Self::ReadBack,
        Self::LipsCovered,
        Self::ChinTouch,
        Self::OutOfPicture,
    ];
    /// Those that are found by looking at the performance, which is done on request.
    pub const CHECKED: [Self; 4] = [Self::ReadBack, Self::LipsCovered, Self::ChinTouch, Self::OutOfPicture];

    /// A few words in English: the title of the problem and of its group.
    pub fn title(self) -> &'static str {
        match self {
            Self::Unreadable => later("Cannot be read"),
            Self::Text => later("Check the text"),
            Self::TooFast => later("Too fast to read"),
            Self::Late => later("Hand late"),
            Self::Ambiguous => later("Ambiguous reading"),
            Self::Guessed => later("Guessed reading"),
            Self::Uncertain => later("Uncertain timing"),
            Self::RoughTiming => later("Rough timing"),
            Self::Alignment => later("Alignment"),
            Self::EmptyMask => later("Mask without a take"),
            Self::StaleTake => later("Take out of date"),
            Self::LostPoses => later("Tracked poses missing"),
            Self::ReadBack => later("Read back otherwise"),
            Self::LipsCovered => later("Lips covered"),
            Self::ChinTouch => later("Chin touched too high"),
            Self::OutOfPicture => later("Hand out of the picture"),
        }
    }

    pub fn tone(self) -> Tone {
        match self {
            Self::Unreadable | Self::LostPoses => Tone::Error,
            Self::EmptyMask => Tone::Info,
            _ => Tone::Warning,
        }
    }

    /// The kind that a flag of a key is; `None` for flags that only tell how a key was made.
    pub fn of_flag(flag: KeyFlag) -> Option<Self> {
        Some(match flag {
            KeyFlag::AmbiguousReading => Self::Ambiguous,
            KeyFlag::GuessedReading => Self::Guessed,
            KeyFlag::LowConfidence => Self::Uncertain,
            KeyFlag::TooFast => Self::TooFast,
            KeyFlag::Late => Self::Late,
            KeyFlag::EnergyTiming => Self::RoughTiming,
            KeyFlag::Liaison => return None,
        })
    }

    /// The kind that a finding of the guard is.
    pub fn of_fault(fault: Fault) -> Self {
        match fault {
            Fault::LipsCovered | Fault::TooNearMouth => Self::LipsCovered,
            Fault::ChinTouchTooHigh => Self::ChinTouch,
            Fault::CaptionOverFace | Fault::CaptionOverHand | Fault::HandOutOfFrame => Self::OutOfPicture,
        }
    }

    /// What it means and what to do, in English.
    pub fn remedy(self) -> &'static str {
        match self {
            Self::Unreadable => later("Type how it is said in the inspector."),
            Self::Text => later("Look at the text and at how it was read."),
            Self::Ambiguous => {
                later("The word can be read another way, with other keys. Choose the reading in the inspector.")
            }
            Self::Guessed => later(
                "No dictionary holds this word; its sounds were guessed. Check them, or type a reading in the inspector.",
            ),
            Self::Uncertain => later(
                "The alignment is unsure where this sounds. Play around it, and move the edges of its sounds if need be.",
            ),
            Self::TooFast => later(
                "The hand rests here for less than 80 ms or two frames. Start the move earlier, or slow the passage.",
            ),
            Self::Late => {
                later("The hand arrives more than 100 ms after the sound. Take the hand earlier with the comma key.")
            }
            Self::RoughTiming => {
                later("Times come from loudness alone. Install espeak-ng and draft again for exact times.")
            }
            Self::Alignment => later("What the alignment wants to be known."),
            Self::EmptyMask => {
                later("Nothing has been accepted for this mask: the base is shown. Make takes for it, or remove it.")
            }
            Self::StaleTake => later("The cues have changed since this take was made. Make it anew, or show the base."),
            Self::LostPoses => later(
                "The rules perform in their place. Find the file where it is now, or the file they were imported from.",
            ),
            Self::ReadBack => later(
                "Whoever knows only the picture reads another cue here. Give the hand more time, or take back what was changed.",
            ),
            Self::LipsCovered => later(
                "The hand lies over the lips or too near the corner of the mouth. Take back what was changed here.",
            ),
            Self::ChinTouch => later("The chin is touched above its dimple. Take back what was changed here."),
            Self::OutOfPicture => later("Part of the cueing hand is outside the picture. Use a wider picture."),
        }
    }
}

/// What a flag means and what to do about it; `None` for flags that only tell how a key was made.
pub fn explain(flag: KeyFlag) -> Option<(&'static str, &'static str)> {
    ProblemKind::of_flag(flag).map(|kind| (tr(kind.title()), tr(kind.remedy())))
}

/// Something that helps at once.
#[derive(Clone, Debug)]
pub struct Remedy {
    /// In English.
    pub label: &'static str,
    /// What is wished for, after the problem has been gone to.
    pub intents: Vec<Intent>,
}

/// What can be done about a problem, the likeliest first. Marking it as seen is always the last.
pub fn remedies(problem: &Problem, project: &Project) -> Vec<Remedy> {
    let command = |label, command| Remedy { label, intents: vec![Intent::Do(command)] };
    let edit = |label, edit| Remedy { label, intents: vec![Intent::Edit(edit)] };
    let mut all = Vec::new();
    let key = match problem.target {
        Target::Key(id) => project.key(id).filter(|k| !k.locked),
        _ => None,
    };
    match problem.kind {
        ProblemKind::Ambiguous | ProblemKind::Guessed => {
            all.push(command(later("Next reading"), Command::NextReading));
        }
        ProblemKind::Late => {
            if let Some(key) = key {
                let late = key.times.m2.max(key.times.d2) - key.times.a1;
                let by = Seconds(-late.0.max(0.0));
                all.push(edit(later("Hand on time"), Edit::ShiftHand { keys: vec![key.id], by }));
            }
        }
        ProblemKind::TooFast | ProblemKind::ReadBack => {
            // More time is the cure; an earlier hand takes it from the key before.
            all.push(command(later("Slow this passage"), Command::SlowPassage));
            if key.is_some() {
                all.push(command(later("Hand one frame earlier"), Command::NudgeEarlier));
            }
        }
        ProblemKind::EmptyMask => {
            if let Target::Mask(id) = problem.target {
                let select = Intent::Takes(TakesIntent::SelectMask(id));
                let make = Intent::Do(Command::Takes(TakeCommand::Regenerate));
                all.push(Remedy { label: later("Make takes"), intents: vec![select, make] });
                all.push(edit(later("Remove the mask"), Edit::RemoveMasks(vec![id])));
            }
        }
        ProblemKind::StaleTake => {
            if let Target::Mask(id) = problem.target
                && let Some(mask) = project.marks.mask(id)
            {
                let base = Mask { accepted: Vec::new(), ..mask.clone() };
                all.push(edit(later("Show the base"), Edit::SetMask(base)));
            }
        }
        ProblemKind::LostPoses => {
            if let Target::Performance(id) = problem.target {
                let find = Intent::FindPoses(id);
                all.push(Remedy { label: later("Find the poses…"), intents: vec![find] });
                all.push(edit(later("Remove the tracked poses"), Edit::RemovePerformances(vec![id])));
            }
        }
        ProblemKind::Unreadable
        | ProblemKind::Text
        | ProblemKind::Uncertain
        | ProblemKind::LipsCovered
        | ProblemKind::ChinTouch
        | ProblemKind::OutOfPicture
        | ProblemKind::RoughTiming
        | ProblemKind::Alignment => {}
    }
    if matches!(problem.target, Target::Word(_)) {
        all.push(Remedy { label: later("Type a reading"), intents: vec![Intent::TypeReadingNow] });
    }
    if matches!(problem.target, Target::Key(_)) {
        all.push(command(later("Play around it"), Command::PlayAround));
        if key.is_some_and(|k| !k.edits.is_none()) {
            let keys = key.map(|k| k.id).into_iter().collect();
            all.push(edit(later("Reset the key"), Edit::ResetKeys { keys }));
        }
    }
    all
}

/// What goes to a problem: selects what it is about.
pub fn go_there(problem: &Problem) -> Vec<Intent> {
    match problem.target {
        Target::Key(id) => vec![Intent::SelectKey(id, SelectMode::Replace)],
        Target::Word(word) => vec![Intent::SelectWord(word), Intent::Seek(problem.time)],
        Target::Mask(id) => vec![Intent::Takes(TakesIntent::SelectMask(id))],
        Target::Performance(id) => vec![Intent::LookAtPerformance(id)],
        Target::Project => vec![Intent::Seek(problem.time)],
    }
}

/// Up to so many keys it is looked after each change whether takes are out of date: it costs as much as planning all
/// of them. In longer projects the tray of takes tells it of the take that is looked at.
const MOST_KEYS_FOR_STALE: usize = 20_000;

/// Problems of masks and takes.
pub fn of_marks(project: &Project) -> Vec<Problem> {
    let problem = |kind: ProblemKind, mask: &Mask| Problem {
        kind,
        tone: kind.tone(),
        title: tr(kind.title()).into(),
        place: String::new(),
        remedy: tr(kind.remedy()).into(),
        time: mask.range.start,
        target: Target::Mask(mask.id),
    };
    let marks = &project.marks;
    let empty = marks.masks.iter().filter(|m| m.accepted.is_empty()).map(|m| problem(ProblemKind::EmptyMask, m));
    let stale = match project.tiers.keys.len() {
        0..=MOST_KEYS_FOR_STALE => crate::jobs::takes::stale(project),
        _ => Vec::new(),
    };
    let mut stale: Vec<MarkId> = stale.into_iter().map(|p| p.mask).collect();
    // One word for a mask is enough, however many of its takes are out of date.
    stale.dedup();
    let stale = stale.into_iter().filter_map(|id| marks.mask(id)).map(|m| problem(ProblemKind::StaleTake, m));
    empty.chain(stale).collect()
}

/// Problems of tracked poses that cannot be had; each with what is wrong with its file.
pub fn of_lost(project: &Project, lost: &[(MarkId, String)]) -> Vec<Problem> {
    let kind = ProblemKind::LostPoses;
    let problem = |(id, cause): &(MarkId, String)| {
        let performance = project.marks.performances.iter().find(|p| p.id == *id)?;
        Some(Problem {
            kind,
            tone: kind.tone(),
            title: tr(kind.title()).into(),
            place: performance.name.clone(),
            remedy: format!("{} {}", tr(kind.remedy()), capitalised(&tr_message(cause))),
            time: performance.used.and_then(|u| u.range).map_or(Seconds::ZERO, |r| r.start),
            target: Target::Performance(*id),
        })
    };
    lost.iter().filter_map(problem).collect()
}

/// What was found by looking at the performance.
pub fn of_check(project: &Project, checked: &Checked) -> Vec<Problem> {
    let problem = |kind: ProblemKind, id: KeyId, remedy: String| {
        let key = project.key(id)?;
        Some(Problem {
            kind,
            tone: kind.tone(),
            title: tr(kind.title()).into(),
            place: project.tiers.utterance.words.get(key.rule.word).map_or_else(String::new, |w| w.text.clone()),
            remedy,
            time: key.times.a1,
            target: Target::Key(id),
        })
    };
    let wrong = checked.wrong().filter_map(|(id, read)| {
        let read = match read {
            Some((shape, position)) => {
                let cue = format!("{}-{}", shape.0, position_letters(position));
                tr_with("It is read as {cue}.", &[("cue", &cue)])
            }
            None => tr("No cue is read here.").to_owned(),
        };
        problem(ProblemKind::ReadBack, id, format!("{read} {}", tr(ProblemKind::ReadBack.remedy())))
    });
    let faults = checked.faults.iter().filter_map(|(time, fault)| {
        let kind = ProblemKind::of_fault(*fault);
        let key = project.key_at(*time).or(project.tiers.keys.first())?;
        problem(kind, key.id, tr(kind.remedy()).to_owned())
    });
    let mut all: Vec<Problem> = wrong.chain(faults).collect();
    // One word for a key is enough.
    let mut told = BTreeSet::new();
    all.retain(|p| told.insert(mark_of(p)));
    all
}

/// The name under which a problem is remembered as seen: it does not change when times or other problems do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SeenMark(ProblemKind, u8, u64);

/// The mark of a problem.
pub fn mark_of(problem: &Problem) -> SeenMark {
    let (what, which) = match problem.target {
        Target::Key(id) => (0, id.0),
        Target::Word(word) => (1, word as u64),
        Target::Mask(id) => (2, id.0),
        Target::Performance(id) => (4, id.0),
        Target::Project => (3, problem.remedy.bytes().fold(0, |h: u64, b| h.wrapping_mul(31) ^ u64::from(b))),
    };
    SeenMark(problem.kind, what, which)
}

/// What the list of problems shows.
#[derive(Clone, Debug, Default)]
pub struct ProblemsView {
    /// Kinds that are left out.
    pub hidden: BTreeSet<ProblemKind>,
    /// Those marked as seen are listed too.
    pub with_seen: bool,
    pub search: String,
    pub list: super::list::ListState,
    /// Height of what is said about the chosen problem, as it was last drawn.
    pub about_height: f32,
}

/// A line of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    Group(ProblemKind, usize),
    /// Index among the board's problems, and whether it is marked as seen.
    Problem(usize, bool),
}

impl ProblemsView {
    /// The lines to show: problems grouped by kind, each group in order of time.
    pub fn lines(&self, problems: &[Problem], seen: &BTreeSet<SeenMark>) -> Vec<Line> {
        let wanted = self.search.trim().to_lowercase();
        let mut groups: [Vec<Line>; ProblemKind::ALL.len()] = Default::default();
        for (index, problem) in problems.iter().enumerate() {
            let is_seen = !seen.is_empty() && seen.contains(&mark_of(problem));
            let found = wanted.is_empty()
                || problem.place.to_lowercase().contains(&wanted)
                || problem.title.to_lowercase().contains(&wanted);
            if found && (self.with_seen || !is_seen) && !self.hidden.contains(&problem.kind) {
                groups[problem.kind as usize].push(Line::Problem(index, is_seen));
            }
        }
        let mut lines = Vec::new();
        for (kind, group) in ProblemKind::ALL.into_iter().zip(groups).filter(|(_, group)| !group.is_empty()) {
            lines.push(Line::Group(kind, group.len()));
            lines.extend(group);
        }
        lines
    }
}

/// How many problems are not marked as seen.
pub fn open_count(problems: &[Problem], seen: &BTreeSet<SeenMark>) -> usize {
    if seen.is_empty() {
        return problems.len();
    }
    problems.iter().filter(|p| !seen.contains(&mark_of(p))).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(kind: ProblemKind, key: u64, place: &str) -> Problem {
        Problem {
            kind,
            tone: kind.tone(),
            title: kind.title().into(),
            place: place.into(),
            remedy: String::new(),
            time: Seconds(key as f64),
            target: Target::Key(KeyId(key)),
        }
    }

    #[test]
    fn problems_are_grouped_filtered_and_put_aside() {
        let all = [
            problem(ProblemKind::Late, 1, "bank"),
            problem(ProblemKind::TooFast, 2, "works"),
            problem(ProblemKind::Late, 3, "he"),
        ];
        let mut view = ProblemsView::default();
        let mut seen = BTreeSet::new();
        let fast = Line::Group(ProblemKind::TooFast, 1);
        let late = |n| Line::Group(ProblemKind::Late, n);
        let (first, second, third) = (Line::Problem(0, false), Line::Problem(1, false), Line::Problem(2, false));
        assert_eq!(view.lines(&all, &seen), [fast, second, late(2), first, third]);
        seen.insert(mark_of(&all[0]));
        assert_eq!(view.lines(&all, &seen), [fast, second, late(1), third]);
        assert_eq!(open_count(&all, &seen), 2);
        view.with_seen = true;
        assert_eq!(view.lines(&all, &seen), [fast, second, late(2), Line::Problem(0, true), third]);
        view.hidden.insert(ProblemKind::Late);
        assert_eq!(view.lines(&all, &seen), [fast, second]);
        view.search = "BANK".into();
        assert!(view.lines(&all, &seen).is_empty());
    }

    #[test]
    fn every_kind_says_what_it_means() {
        let mut titles = BTreeSet::new();
        for kind in ProblemKind::ALL {
            assert!(titles.insert(kind.title()) && kind.remedy().ends_with('.'), "{kind:?}");
            assert_eq!(ProblemKind::ALL[kind as usize], kind, "groups are found by number");
        }
    }
}
