//! Captions and names of keys on the frames of a film: what is said or cued, placed where it hides neither face nor hand.

use super::poses::Performer;
use crate::cueing::notation::{self, LetterSet};
use crate::document::Project;
use crate::language::{Language, WordKind};
use crate::render::captions::{self, Caption, CaptionStyle, Place};
use crate::render::overlay::Overlays;
use crate::time::{Fps, Seconds, TimeRange};
use std::ops::Range;

/// A caption holds so many letters at most where words allow; a line of a subtitle (the usual 42).
const LETTERS: usize = 42;
/// The same for Chinese.
const SIGNS: usize = 16;
/// A caption stays for at least this long, room before the next one allowing.
const LEAST: Seconds = Seconds(1.0);

/// A text with the frames in which it stands.
#[derive(Clone, Debug)]
struct Shown {
    text: String,
    frames: Range<usize>,
    place: Option<Place>,
}

/// What stands on the frames of a film, in order of time.
#[derive(Clone, Debug, Default)]
pub struct Captions {
    texts: Vec<Shown>,
    labels: Vec<Shown>,
}

impl Captions {
    /// Those of a project: the words said, in captions of a line or two, and the name of each key while it sounds.
    pub fn of(project: &Project, fps: Fps, words: bool, keys: bool) -> Self {
        let frames = |range: TimeRange| fps.frame_at(range.start).0 as usize..fps.frame_at(range.end).0 as usize + 1;
        let shown = |(text, range): (String, TimeRange)| Shown { text, frames: frames(range), place: None };
        let texts = if words { sentences(project).into_iter().map(shown).collect() } else { Vec::new() };
        let name = |k: &crate::document::KeySegment| {
            let text = notation::write_one(k.shape(), k.position(), LetterSet::Sppas);
            (text, TimeRange::new(k.times.a1, k.times.a3))
        };
        let labels = if keys { project.tiers.keys.iter().map(|k| shown(name(k))).collect() } else { Vec::new() };
        let mut out = Self { texts, labels };
        // One at a time: a text ends where the next begins.
        for list in [&mut out.texts, &mut out.labels] {
            for i in 1..list.len() {
                let next = list[i].frames.start;
                let before = &mut list[i - 1].frames;
                before.end = before.end.min(next).max(before.start);
            }
        }
        out
    }

    pub fn is_empty(&self) -> bool {
        self.texts.is_empty() && self.labels.is_empty()
    }

    /// What stands on frame `frame`. Its place is found when it is first asked for, from all poses of its stretch, near
    /// that of the one before.
    pub fn overlays(&mut self, performer: &Performer, aspect: f32, frame: usize) -> Overlays {
        let style = CaptionStyle::default();
        let caption = at(&self.texts, frame).map(|i| {
            if self.texts[i].place.is_none() {
                let poses = performer.frames(self.texts[i].frames.clone());
                let last = i.checked_sub(1).and_then(|b| self.texts[b].place);
                self.texts[i].place = Some(captions::place(&self.texts[i].text, &style, aspect, &poses, last.as_ref()));
            }
            let shown = &self.texts[i];
            Caption { text: shown.text.clone(), style: style.clone(), place: shown.place }
        });
        let label = at(&self.labels, frame);
        if let Some(i) = label.filter(|i| self.labels[*i].place.is_none()) {
            let poses = performer.frames(self.labels[i].frames.clone());
            let last = i.checked_sub(1).and_then(|b| self.labels[b].place);
            let over = caption.as_ref().and_then(|c| c.place.as_ref());
            self.labels[i].place =
                Some(captions::place_label(&self.labels[i].text, aspect, &poses, over, last.as_ref()));
        }
        let label = label.map(|i| &self.labels[i]);
        Overlays {
            caption,
            label: label.map(|l| l.text.clone()),
            label_place: label.and_then(|l| l.place),
            ..Overlays::default()
        }
    }
}

/// The one that stands on a frame.
fn at(list: &[Shown], frame: usize) -> Option<usize> {
    let i = list.partition_point(|s| s.frames.start <= frame).checked_sub(1)?;
    list[i].frames.contains(&frame).then_some(i)
}

/// The words of a project as captions: a new one after each mark of punctuation that ends enough, and where a line is
/// full.
fn sentences(project: &Project) -> Vec<(String, TimeRange)> {
    let most = if project.language() == Language::Mandarin { SIGNS } else { LETTERS };
    let gap = if project.language() == Language::Mandarin { "" } else { " " };
    let mut out: Vec<(String, TimeRange)> = Vec::new();
    let mut open: Option<(String, TimeRange)> = None;
    for (word, time) in project.tiers.utterance.words.iter().zip(project.word_times()) {
        if word.kind == WordKind::Break {
            // Half a line and a pause: the eye rests there, too.
            let long = open.as_ref().is_some_and(|(text, _)| text.chars().count() * 2 >= most);
            if let Some((text, _)) = &mut open {
                text.push_str(word.text.trim());
            }
            if long || word.text.contains(['.', '!', '?', '。', '！', '？', '…']) {
                out.extend(open.take());
            }
            continue;
        }
        let Some(time) = time else { continue };
        let full = open.as_ref().is_some_and(|(text, _)| text.chars().count() + word.text.chars().count() > most);
        if full {
            out.extend(open.take());
        }
        match &mut open {
            None => open = Some((word.text.clone(), time)),
            Some((text, range)) => {
                text.push_str(gap);
                text.push_str(&word.text);
                range.end = range.end.max(time.end);
            }
        }
    }
    out.extend(open);
    for (_, range) in &mut out {
        range.end = range.end.max(range.start + LEAST);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cueing::guard::{self, Fault, GuardInput};
    use crate::cueing::reader::CueReading;
    use crate::jobs::bench::big_project;
    use crate::pose::PoseSequence;
    use crate::render::identity::Identity;

    #[test]
    fn captions_hold_all_words_in_order_one_at_a_time_and_hide_nothing() {
        let project = big_project::project(Seconds(20.0), 40);
        let person = Identity::builtin(Identity::builtin_names()[0]).expect("a presenter").reference;
        let fps = project.settings.fps;
        let mut all = Captions::of(&project, fps, true, true);
        let said: String = all.texts.iter().flat_map(|s| s.text.chars()).filter(|c| c.is_alphanumeric()).collect();
        let words = project.tiers.utterance.words.iter().filter(|w| w.kind != WordKind::Break);
        let meant: String = words.flat_map(|w| w.text.chars()).filter(|c| c.is_alphanumeric()).collect();
        assert_eq!(said, meant);
        assert_eq!(all.labels.len(), project.tiers.keys.len());
        let performer = Performer::new(&project, &person, fps, "rules").expect("a performance");
        let poses = PoseSequence { fps, frames: performer.frames(0..performer.frame_count()) };
        let mut shown = 0;
        for frame in (0..performer.frame_count()).step_by(5) {
            let overlays = all.overlays(&performer, person.aspect, frame);
            shown += usize::from(overlays.caption.is_some());
        }
        assert!(shown > 40, "{shown}");
        for text in &all.texts {
            assert!(text.frames.start < text.frames.end && text.text.chars().count() <= LETTERS + 16, "{text:?}");
        }
        // The guard has measures of its own.
        let boxes: Vec<guard::Caption> = all
            .texts
            .iter()
            .filter_map(|s| {
                let place = s.place?;
                Some(guard::Caption { min: place.min, max: place.max, from: s.frames.start, to: s.frames.end - 1 })
            })
            .collect();
        assert!(!boxes.is_empty());
        let input = GuardInput { poses: &poses, aspect: person.aspect, captions: &boxes };
        let found = guard::look(&input, &CueReading { handed: person.handed, keys: Vec::new() });
        let over = found.iter().filter(|f| matches!(f.fault, Fault::CaptionOverFace | Fault::CaptionOverHand));
        assert_eq!(over.count(), 0);
    }

    #[test]
    fn nothing_is_asked_for_and_nothing_stands_there() {
        let project = big_project::project(Seconds(5.0), 10);
        assert!(Captions::of(&project, project.settings.fps, false, false).is_empty());
    }
}
