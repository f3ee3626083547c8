//! Reading a gloss: from a sentence in English, 中文 or French to the key it describes.
//!
//! Words may come in any order and from a wide choice of synonyms. Three things are looked for: the hand (a number, a
//! count of fingers, or the fingers by name), the place, and the movement. What the lips do is understood as well, but
//! belongs to the sound. Whatever is left over is given back with its place in the text and, where one is near, a word
//! that was perhaps meant; two statements that exclude each other are given back as a conflict.

use super::lexicon::{Found, Lexicon, Meaning};
use super::units::{Kind, Unit, units};
use super::{Lips, UiLanguage};
use crate::cueing::chart::{Chart, Finger};
use crate::cueing::{HandShape, Movement, Position};
use std::ops::Range;

/// What the hand does for a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Cue {
    pub shape: HandShape,
    pub position: Position,
    pub movement: Option<Movement>,
}

impl Cue {
    /// Whether the chart knows the shape and the position. Movements are free: they only tell equal keys apart.
    pub fn is_legal(self, chart: &Chart) -> bool {
        chart.shape(self.shape).is_some() && chart.positions.iter().any(|p| p.position == self.position)
    }
}

/// A part of the text that says nothing this grammar knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown {
    /// Bytes of the text, at character boundaries.
    pub range: Range<usize>,
    pub text: String,
    /// What was perhaps meant, to stand in its place.
    pub suggestion: Option<String>,
}

/// Two statements that exclude each other, or one that no key can follow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// Bytes of the text: each statement, in order.
    pub ranges: Vec<Range<usize>>,
    pub kind: ConflictKind,
    /// What could stand in place of the last range; empty to leave it out.
    pub suggestion: Option<String>,
}

/// What is wrong with a statement.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConflictKind {
    #[error("two hand shapes, {} and {}: keep one", .0.0, .1.0)]
    TwoShapes(HandShape, HandShape),
    #[error("two positions, {} and {}: keep one", .0.name(), .1.name())]
    TwoPositions(Position, Position),
    #[error("two movements: keep one")]
    TwoMovements,
    #[error("no hand shape stretches exactly these fingers")]
    NoSuchHand,
    #[error("hand shapes are 1 to 8")]
    NoSuchShape,
    #[error("the chart has no position of this number")]
    NoSuchPosition,
    #[error("the chart of this language has no position {}", .0.name())]
    NotOnChart(Position),
    #[error("a key is never the hand at rest")]
    Rest,
    #[error("the lips follow the sound, which does otherwise")]
    OtherLips,
}

/// What a sentence says. `None` is not said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parsed {
    pub shape: Option<HandShape>,
    pub position: Option<Position>,
    /// `Some(None)`: there is none. A sentence that gives hand and place and no movement says that there is none.
    pub movement: Option<Option<Movement>>,
    /// What it says of the lips, in order.
    pub lips: Vec<(Lips, Range<usize>)>,
    pub unknown: Vec<Unknown>,
    pub conflicts: Vec<Conflict>,
}

impl Parsed {
    /// Everything was understood and nothing contradicts.
    pub fn is_clear(&self) -> bool {
        self.unknown.is_empty() && self.conflicts.is_empty()
    }

    /// Hand and place are both said.
    pub fn is_whole(&self) -> bool {
        self.shape.is_some() && self.position.is_some()
    }

    /// Something is said about hand, place or movement.
    pub fn says_something(&self) -> bool {
        self.shape.is_some() || self.position.is_some() || self.movement.is_some()
    }

    /// The key after the sentence: what is not said stays as it is.
    pub fn applied_to(&self, now: Cue) -> Cue {
        Cue {
            shape: self.shape.unwrap_or(now.shape),
            position: self.position.unwrap_or(now.position),
            movement: self.movement.unwrap_or(now.movement),
        }
    }

    /// The sentence tells all of this key and nothing else: it may stand as its gloss.
    pub fn tells(&self, cue: Cue) -> bool {
        self.conflicts.is_empty()
            && self.shape == Some(cue.shape)
            && self.position == Some(cue.position)
            && self.movement == Some(cue.movement)
    }

    /// Adds a conflict when the sentence says of the lips what the sound (see [`super::lips_of`]) does not.
    #[must_use]
    pub fn with_lips(mut self, sound: &[Lips], ui: UiLanguage) -> Self {
        if let Some((_, range)) = self.lips.iter().find(|(lips, _)| !sound.contains(lips)) {
            let suggestion = match sound {
                [first, then] => super::join(*first, *then, ui),
                [only, ..] => super::told(*only, ui).to_owned(),
                [] => String::new(),
            };
            let conflict =
                Conflict { ranges: vec![range.clone()], kind: ConflictKind::OtherLips, suggestion: Some(suggestion) };
            self.conflicts.push(conflict);
        }
        self
    }
}

/// Reads a sentence in one language. `chart` is that of the project's language: it says which positions there are.
/// Any text is taken; what is not understood is in the result.
pub fn parse(text: &str, ui: UiLanguage, chart: &Chart) -> Parsed {
    Reader::new(text, ui, chart).read()
}

/// Reads a sentence in whichever of the three languages understands it best, `first` where they do equally well.
pub fn parse_any(text: &str, first: UiLanguage, chart: &Chart) -> (UiLanguage, Parsed) {
    let others = UiLanguage::ALL.into_iter().filter(|ui| *ui != first);
    let faults = |p: &Parsed| {
        let unknown: usize = p.unknown.iter().map(|u| u.range.len()).sum();
        (unknown, !p.says_something())
    };
    let mut best = (first, parse(text, first, chart));
    if best.1.unknown.is_empty() && best.1.says_something() {
        // Nothing can understand more than everything.
        return best;
    }
    for ui in others {
        let parsed = parse(text, ui, chart);
        if faults(&parsed) < faults(&best.1) {
            best = (ui, parsed);
        }
    }
    best
}

/// One phrase or number of the text.
#[derive(Clone, Debug)]
struct Said {
    what: What,
    range: Range<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    Means(Meaning),
    /// True beside a word that is not always a number.
    Number(u64, bool),
    Comma,
    Stop,
}

/// What the words at hand are about: "open" and "closed" are said of hands and of lips.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum About {
    Hand,
    Lips,
}

/// A statement about something there can be only one of.
type Stated<T> = Vec<(T, Range<usize>)>;

/// Whom an adjective was or will be said of.
#[derive(Clone, Debug)]
enum Who {
    Named(Vec<Finger>),
    /// "Four fingers".
    Count(u64),
    Whole,
    /// "The others": nothing follows from them.
    Others,
}

#[derive(Clone, Debug)]
struct Group {
    who: Who,
    folded: bool,
    /// An adjective has been said after it, or what follows is about something else.
    told: bool,
}

/// What has been said of the hand beside numbers of shapes.
#[derive(Clone, Debug, Default)]
struct Hand {
    groups: Vec<Group>,
    /// The next group is folded: "without", or an adjective before its noun.
    next_folded: bool,
    vee: bool,
    ell: bool,
    spread: bool,
    ranges: Vec<Range<usize>>,
}

struct Reader<'a> {
    text: &'a str,
    ui: UiLanguage,
    chart: &'a Chart,
    said: Vec<Said>,
    out: Parsed,
    hand: Hand,
    shapes: Stated<HandShape>,
    places: Stated<Position>,
    moves: Stated<Option<Movement>>,
    forward: Option<Range<usize>>,
    down: Option<Range<usize>>,
    about: About,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str, ui: UiLanguage, chart: &'a Chart) -> Self {
        Self {
            text,
            ui,
            chart,
            said: Vec::new(),
            out: Parsed::default(),
            hand: Hand::default(),
            shapes: Vec::new(),
            places: Vec::new(),
            moves: Vec::new(),
            forward: None,
            down: None,
            about: About::Hand,
        }
    }

    fn read(mut self) -> Parsed {
        self.look_up();
        for i in 0..self.said.len() {
            self.take(i);
        }
        self.finish_hand();
        self.finish_place();
        self.finish_movement();
        self.out.unknown.sort_by_key(|u| u.range.start);
        self.out
    }

    /// Cuts the text into phrases; what is in no phrase is unknown.
    fn look_up(&mut self) {
        let all = units(self.text);
        let lexicon = Lexicon::of(self.ui);
        let mut at = 0;
        while at < all.len() {
            let unit = &all[at];
            match unit.kind {
                Kind::Comma => self.said.push(Said { what: What::Comma, range: unit.range.clone() }),
                Kind::Stop => self.said.push(Said { what: What::Stop, range: unit.range.clone() }),
                _ => {
                    if let Some(Found { units, meaning }) = lexicon.longest(&all, at) {
                        let range = unit.range.start..all[at + units - 1].range.end;
                        self.said.push(Said { what: What::Means(meaning), range });
                        at += units;
                        continue;
                    }
                    match lexicon.number(unit) {
                        Some((n, soft)) => {
                            self.said.push(Said { what: What::Number(n, soft), range: unit.range.clone() });
                        }
                        None => {
                            at += self.unknown(&all, at);
                            continue;
                        }
                    }
                }
            }
            at += 1;
        }
    }

    /// Notes what is not understood from `at` on; gives how many units that is.
    fn unknown(&mut self, all: &[Unit], at: usize) -> usize {
        let lexicon = Lexicon::of(self.ui);
        // A word of another language of the interface is offered in this one.
        let foreign = UiLanguage::ALL.into_iter().filter(|ui| *ui != self.ui).find_map(|ui| {
            let found = Lexicon::of(ui).longest(all, at).filter(|f| f.meaning != Meaning::Filler)?;
            Some((found.units, lexicon.word_for(found.meaning)?))
        });
        let unit = &all[at];
        let (count, suggestion) = if unit.kind == Kind::Character {
            let run = all[at..]
                .iter()
                .enumerate()
                .take_while(|(i, u)| {
                    let known = || lexicon.longest(all, at + i).is_some() || lexicon.number(u).is_some();
                    u.kind == Kind::Character && (*i == 0 || !known())
                })
                .count();
            match foreign {
                Some((count, word)) => (count, Some(word)),
                None => (run, lexicon.near(&all[at..at + run]).or_else(|| lexicon.completion(unit))),
            }
        } else if let Some((count, word)) = foreign {
            (count, Some(word))
        } else if unit.kind == Kind::Word {
            let one = std::slice::from_ref(unit);
            (1, lexicon.near(one).or_else(|| lexicon.completion(unit)))
        } else {
            (1, None)
        };
        let range = unit.range.start..all[at + count - 1].range.end;
        let text = self.text.get(range.clone()).unwrap_or_default().to_owned();
        let suggestion = suggestion.map(|word| like(&text, word));
        self.out.unknown.push(Unknown { range, text, suggestion });
        count
    }

    /// The nearest statement before or after `i` that is no mere filler.
    fn neighbour(&self, i: usize, forward: bool) -> Option<Meaning> {
        let step = |at: usize| if forward { at.checked_add(1) } else { at.checked_sub(1) };
        let mut at = step(i)?;
        loop {
            match self.said.get(at)?.what {
                What::Means(Meaning::Filler) => {}
                What::Means(meaning) => return Some(meaning),
                What::Number(..) | What::Comma | What::Stop => return None,
            }
            at = step(at)?;
        }
    }

    fn take(&mut self, i: usize) {
        let Said { what, range } = self.said[i].clone();
        match what {
            What::Means(meaning) => self.take_meaning(i, meaning, range),
            What::Number(n, soft) => self.take_number(i, n, soft, range),
            What::Stop => {
                self.about = About::Hand;
                self.hand.next_folded = false;
                self.hand.close();
            }
            What::Comma => {}
        }
    }

    fn take_number(&mut self, i: usize, n: u64, soft: bool, range: Range<usize>) {
        let (mut before, mut after) = (self.neighbour(i, false), self.neighbour(i, true));
        // 三号手形: the sign 号 says that the number belongs to what follows.
        if after == Some(Meaning::Ordinal) {
            let sign = (i + 1..self.said.len()).find(|j| self.said[*j].what == What::Means(Meaning::Ordinal));
            after = sign.and_then(|j| self.neighbour(j, true));
            if matches!(after, Some(Meaning::ShapeNoun | Meaning::PositionNoun)) {
                before = None;
            }
        }
        if after == Some(Meaning::Measure) {
            return;
        }
        if after == Some(Meaning::Fingers) {
            self.about = About::Hand;
            self.hand.ranges.push(range);
            self.hand.begin(Who::Count(n));
            return;
        }
        let noun = match (before, after) {
            (Some(noun @ (Meaning::ShapeNoun | Meaning::PositionNoun)), _) => Some(noun),
            (_, Some(noun @ (Meaning::ShapeNoun | Meaning::PositionNoun))) => Some(noun),
            _ => None,
        };
        match noun {
            Some(Meaning::PositionNoun) => {
                let cell = self.chart.positions.iter().find(|p| u64::from(p.number) == n);
                match cell.map(|c| c.position) {
                    Some(position) => self.places.push((position, range)),
                    None => self.conflict(ConflictKind::NoSuchPosition, vec![range], None),
                }
            }
            None if soft => {}
            _ => match u8::try_from(n).ok().map(HandShape).filter(|s| self.chart.shape(*s).is_some()) {
                Some(shape) => self.shapes.push((shape, range)),
                None => self.conflict(ConflictKind::NoSuchShape, vec![range], None),
            },
        }
    }

    fn take_meaning(&mut self, i: usize, meaning: Meaning, range: Range<usize>) {
        use Meaning as M;
        let lips = self.about == About::Lips;
        match meaning {
            M::Filler | M::PositionNoun | M::Ordinal | M::Measure => {}
            M::ShapeNoun => self.about = About::Hand,
            M::Fingers => {
                self.about = About::Hand;
                self.hand.ranges.push(range);
            }
            M::Finger(finger) => {
                self.about = About::Hand;
                self.hand.ranges.push(range);
                self.hand.finger(finger);
            }
            M::Others => {
                self.about = About::Hand;
                self.hand.ranges.push(range);
                self.hand.begin(Who::Others);
            }
            M::OpenHand => {
                self.about = About::Hand;
                self.hand.ranges.push(range);
                self.hand.begin(Who::Whole);
            }
            M::Vee | M::Ell => {
                self.hand.ranges.push(range);
                self.hand.vee |= meaning == M::Vee;
                self.hand.ell |= meaning == M::Ell;
            }
            M::Out => self.hand.adjective(false),
            M::Folded => self.hand.adjective(true),
            M::Without => {
                // "no. 3" is a number and no denial.
                if !matches!(self.said.get(i + 1).map(|s| s.what), Some(What::Number(..) | What::Stop)) {
                    self.hand.close();
                    self.hand.next_folded = true;
                }
            }
            M::Spread if lips => self.out.lips.push((Lips::Parted, range)),
            M::Wide if lips => self.out.lips.push((Lips::Spread, range)),
            M::Open if lips => self.out.lips.push((Lips::Open, range)),
            M::Closed | M::Together if lips => self.out.lips.push((Lips::Closed, range)),
            M::Spread | M::Wide => {
                self.hand.spread = true;
                self.hand.adjective(false);
            }
            M::Together => self.hand.adjective(false),
            M::Open => {
                // "Open, at the chin": nothing but the hand can be meant.
                if self.hand.is_silent() {
                    self.hand.ranges.push(range);
                    self.hand.begin(Who::Whole);
                }
                self.hand.adjective(false);
            }
            // A closed thumb is folded; closed fingers lie side by side.
            M::Closed => {
                let folds = self.hand.groups.last().is_some_and(|g| match &g.who {
                    Who::Named(fingers) => !g.told && *fingers == [Finger::Thumb],
                    Who::Whole | Who::Others => !g.told,
                    Who::Count(_) => false,
                });
                self.hand.adjective(folds);
            }
            M::Place(position) => {
                self.about = About::Hand;
                self.hand.close();
                self.hand.next_folded = false;
                self.places.push((position, range));
            }
            M::Forward => {
                // In "a flick forward" the direction belongs to the flick.
                let flick = self.moves.iter().any(|(m, _)| *m == Some(Movement::Flick));
                if !flick {
                    self.forward.get_or_insert(range);
                }
            }
            M::Down => {
                self.down.get_or_insert(range);
            }
            M::Move(movement) => {
                self.hand.close();
                self.moves.push((movement, range));
            }
            M::LipsNoun => self.about = About::Lips,
            M::Lips(what) => {
                self.about = About::Lips;
                self.out.lips.push((what, range));
            }
            M::Rest => self.conflict(ConflictKind::Rest, vec![range], None),
        }
    }

    fn conflict(&mut self, kind: ConflictKind, ranges: Vec<Range<usize>>, suggestion: Option<String>) {
        self.out.conflicts.push(Conflict { ranges, kind, suggestion });
    }

    fn finish_hand(&mut self) {
        let hand = std::mem::take(&mut self.hand);
        let span = match (hand.ranges.first(), hand.ranges.last()) {
            (Some(first), Some(last)) => first.start..last.end,
            _ => 0..0,
        };
        match hand.shape() {
            Ok(Some(shape)) => self.shapes.push((shape, span)),
            Ok(None) => {}
            Err(nearest) => {
                // The name of the nearest hand can take the place of the fingers when nothing else stands among them.
                let among = |r: &Range<usize>| span.start < r.start && r.end < span.end;
                let places = self.places.iter().any(|(_, r)| among(r)) || self.moves.iter().any(|(_, r)| among(r));
                let text = self.text.get(span.clone()).unwrap_or_default();
                let name =
                    nearest.filter(|_| !places).map(|s| like(text, &super::uncapitalised(&super::hand(s, self.ui))));
                self.conflict(ConflictKind::NoSuchHand, vec![span], name);
            }
        }
        self.shapes.sort_by_key(|(_, r)| r.start);
        match different(&self.shapes) {
            Ok(shape) => self.out.shape = shape,
            Err((a, b)) => self.conflict(ConflictKind::TwoShapes(a.0, b.0), vec![a.1, b.1], Some(String::new())),
        }
        if self.out.conflicts.iter().any(|c| matches!(c.kind, ConflictKind::NoSuchHand | ConflictKind::NoSuchShape)) {
            self.out.shape = None;
        }
    }

    fn finish_place(&mut self) {
        let mut place = match different(&self.places) {
            Ok(place) => place,
            Err((a, b)) => {
                let kind = ConflictKind::TwoPositions(a.0, b.0);
                self.conflict(kind, vec![a.1, b.1], Some(String::new()));
                return;
            }
        };
        let mut range = self.places.first().map(|(_, r)| r.clone());
        // "forward" and "down" are places of their own beside the face; elsewhere they are not known.
        for (turned, at) in [(Position::SideForward, self.forward.take()), (Position::SideDown, self.down.take())] {
            let Some(at) = at else { continue };
            match place {
                None | Some(Position::Side) => {
                    place = Some(turned);
                    range = Some(range.map_or(at.clone(), |r| r.start.min(at.start)..r.end.max(at.end)));
                }
                Some(same) if same == turned => {}
                Some(Position::SideForward | Position::SideDown) => {
                    let first = range.clone().unwrap_or_default();
                    let kind = ConflictKind::TwoPositions(Position::SideForward, Position::SideDown);
                    self.conflict(kind, vec![first, at], Some(String::new()));
                    return;
                }
                Some(_) => {
                    let text = self.text.get(at.clone()).unwrap_or_default().to_owned();
                    self.out.unknown.push(Unknown { range: at, text, suggestion: None });
                }
            }
        }
        let Some(position) = place else { return };
        if self.chart.positions.iter().any(|p| p.position == position) {
            self.out.position = Some(position);
            return;
        }
        let nearest = match position {
            Position::SideForward | Position::SideDown => Some(Position::Side),
            Position::Cheekbone => Some(Position::Mouth),
            _ => None,
        };
        let word = nearest.and_then(|p| Lexicon::of(self.ui).word_for(Meaning::Place(p)));
        let range = range.unwrap_or_default();
        // Only one word after another can be replaced: not "side" and "forward" with other things between.
        let alone = !self.said.iter().any(|s| {
            let other = !matches!(
                s.what,
                What::Comma | What::Means(Meaning::Filler | Meaning::Place(_) | Meaning::Forward | Meaning::Down)
            );
            other && range.start <= s.range.start && s.range.end <= range.end
        });
        let suggestion = word.filter(|_| alone).map(str::to_owned);
        self.conflict(ConflictKind::NotOnChart(position), vec![range], suggestion);
    }

    fn finish_movement(&mut self) {
        match different(&self.moves) {
            Ok(Some(movement)) => self.out.movement = Some(movement),
            Ok(None) if self.out.is_whole() => self.out.movement = Some(None),
            Ok(None) => {}
            Err((a, b)) => {
                self.conflict(ConflictKind::TwoMovements, vec![a.1, b.1], Some(String::new()));
            }
        }
    }
}

impl Hand {
    /// Nothing has been said of the hand.
    fn is_silent(&self) -> bool {
        self.ranges.is_empty()
    }

    /// No adjective belongs to the fingers named so far any more.
    fn close(&mut self) {
        if let Some(group) = self.groups.last_mut() {
            group.told = true;
        }
    }

    fn begin(&mut self, who: Who) {
        let folded = std::mem::take(&mut self.next_folded);
        self.groups.push(Group { who, folded, told: false });
    }

    fn finger(&mut self, finger: Finger) {
        match self.groups.last_mut() {
            Some(Group { who: Who::Named(fingers), told: false, .. }) => {
                if !fingers.contains(&finger) {
                    fingers.push(finger);
                }
            }
            _ => self.begin(Who::Named(vec![finger])),
        }
    }

    fn adjective(&mut self, folded: bool) {
        match self.groups.last_mut() {
            Some(group) if !group.told => {
                // "Without thumb extended" is still without it.
                group.folded |= folded;
                group.told = true;
            }
            // "Straight up" says one thing twice.
            Some(group) if group.folded == folded => {}
            // "Folded thumb": the adjective comes first.
            _ => self.next_folded = folded,
        }
    }

    fn named(&self, folded: bool) -> Vec<Finger> {
        let mut all = Vec::new();
        for group in self.groups.iter().filter(|g| g.folded == folded) {
            if let Who::Named(fingers) = &group.who {
                all.extend(fingers.iter().copied().filter(|f| !all.contains(f)).collect::<Vec<_>>());
            }
        }
        all
    }

    /// The shape that these fingers make, `None` when nothing was said; as an error the shape nearest to them.
    fn shape(&self) -> Result<Option<HandShape>, Option<HandShape>> {
        let (named, folded) = (self.named(false), self.named(true));
        if named.iter().any(|f| folded.contains(f)) {
            return Err(nearest(&named));
        }
        let mut whole = false;
        let mut count = None;
        for group in &self.groups {
            match group.who {
                Who::Whole if group.folded => return Err(None),
                Who::Whole => whole = true,
                Who::Count(n) if !group.folded => {
                    if count.is_some_and(|c| c != n) {
                        return Err(nearest(&named));
                    }
                    count = Some(n);
                }
                _ => {}
            }
        }
        if whole && count.is_some_and(|n| n != 5) {
            return Err(count.and_then(counted).and_then(|f| of_fingers(&f)));
        }
        let mut out = match (count.or(whole.then_some(5)), named.as_slice()) {
            (Some(n), []) => counted(n).ok_or(None)?,
            // "Thumb and two fingers"; five fingers have the thumb among them.
            (Some(n @ (1 | 2 | 4 | 5)), [Finger::Thumb]) => {
                let mut fingers = counted(n).unwrap_or_default();
                if !fingers.contains(&Finger::Thumb) {
                    fingers.push(Finger::Thumb);
                }
                fingers
            }
            (Some(n), _) => {
                let all = named.len() as u64;
                if n != all && n != all - u64::from(named.contains(&Finger::Thumb)) {
                    return Err(nearest(&named));
                }
                named
            }
            (None, []) => {
                return match (self.vee, self.ell) {
                    (true, true) => Err(None),
                    (true, false) => Ok(Some(HandShape(8))),
                    (false, true) => Ok(Some(HandShape(6))),
                    // Only what is folded was said: that makes no shape.
                    (false, false) if self.groups.iter().any(|g| g.folded) => Err(None),
                    (false, false) => Ok(None),
                };
            }
            (None, _) => named,
        };
        out.retain(|f| !folded.contains(f));
        let apart = self.spread || self.vee;
        match of_fingers(&out) {
            Some(HandShape(2)) if apart && !self.ell => Ok(Some(HandShape(8))),
            Some(shape) if self.vee || (self.ell && shape != HandShape(6)) => Err(Some(shape)),
            Some(shape) => Ok(Some(shape)),
            None => Err(nearest(&out)),
        }
    }
}

/// The fingers that a count means on the charts: three are middle, ring and little finger.
fn counted(count: u64) -> Option<Vec<Finger>> {
    let shape = HandShape(u8::try_from(count).ok().filter(|n| (1..=5).contains(n))?);
    Chart::builtin(crate::language::Language::French).shape(shape).map(|s| s.extended.clone())
}

/// The shape of a set of stretched fingers, 2 rather than 8.
fn of_fingers(fingers: &[Finger]) -> Option<HandShape> {
    let shapes = &Chart::builtin(crate::language::Language::French).shapes;
    shapes
        .iter()
        .find(|s| s.extended.len() == fingers.len() && s.extended.iter().all(|f| fingers.contains(f)))
        .map(|s| s.shape)
}

/// The shape that differs from these fingers in the fewest.
fn nearest(fingers: &[Finger]) -> Option<HandShape> {
    let shapes = &Chart::builtin(crate::language::Language::French).shapes;
    let apart = |extended: &[Finger]| {
        extended.iter().filter(|f| !fingers.contains(f)).count()
            + fingers.iter().filter(|f| !extended.contains(f)).count()
    };
    shapes.iter().min_by_key(|s| apart(&s.extended)).filter(|_| !fingers.is_empty()).map(|s| s.shape)
}

/// A statement with where it stands.
type At<T> = (T, Range<usize>);

/// The one thing that all statements say, or the first two that differ.
fn different<T: Copy + PartialEq>(all: &Stated<T>) -> Result<Option<T>, (At<T>, At<T>)> {
    let Some(first) = all.first() else { return Ok(None) };
    match all.iter().find(|s| s.0 != first.0) {
        None => Ok(Some(first.0)),
        Some(other) => Err((first.clone(), other.clone())),
    }
}

/// `word`, with a capital where `typed` has one.
fn like(typed: &str, word: &str) -> String {
    if typed.chars().next().is_some_and(char::is_uppercase) { super::capitalised(word) } else { word.to_owned() }
}

#[cfg(test)]
mod tests;
