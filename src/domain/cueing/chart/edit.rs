//! A chart changed cell by cell, and put beside the one it was made from.

use super::{Cell, Certainty, Chart, ChartProblem, Join, PositionCell, PreGlide, WeakConsonant};
use crate::cueing::{HandShape, Movement, Position};
use crate::language::Language;

/// One cell of the table that a chart is: a sound, or a class of sounds that a rule is about.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Slot {
    /// The hand shape of a consonant; with a number, under that one of its options ([`super::CellOption`]).
    Consonant(String, Option<usize>),
    /// The placement of a vowel, or both of a diphthong; as above.
    Vowel(String, Option<usize>),
    /// The position of a consonant that no vowel follows.
    LoneConsonant,
    /// The hand shape of a vowel that no consonant precedes, and of the second half of a diphthong.
    LoneVowel,
    /// Where the consonant before a glide is shown; as above.
    PreGlide(Option<usize>),
    /// What tells two equal keys in a row apart, at the side.
    RepeatAtSide,
    /// The same at a position that is touched.
    RepeatTouched,
    /// How far a consonant looks for the vowel it is shown with.
    Join,
    /// The consonant that is said before vowels only, if there is one.
    Weak,
    /// The vowels after which the hand glides on for it, and the vowel to whose place it glides.
    WeakAfter,
    WeakTowards,
}

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    Shape(HandShape),
    /// One position, or two for a diphthong.
    Places(Vec<Position>),
    PreGlide(PreGlide),
    Movement(Movement),
    Join(Join),
    /// A sound, where there is one.
    Phone(Option<String>),
    /// Sounds in the order of the chart, each once.
    Phones(Vec<String>),
}

/// A cell that is otherwise than in another chart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    pub slot: Slot,
    /// There, `None` when that chart has no such cell.
    pub there: Option<Value>,
    pub here: Value,
}

impl Chart {
    /// All cells, in the order of the chart: consonants, vowels, rules.
    pub fn slots(&self) -> Vec<Slot> {
        let mut slots = Vec::new();
        let options = |count: usize| std::iter::once(None).chain((0..count).map(Some));
        for cell in &self.consonants {
            slots.extend(options(cell.options.len()).map(|o| Slot::Consonant(cell.phone.clone(), o)));
        }
        for cell in &self.vowels {
            slots.extend(options(cell.options.len()).map(|o| Slot::Vowel(cell.phone.clone(), o)));
        }
        slots.extend([Slot::LoneConsonant, Slot::LoneVowel]);
        if let Some(rule) = &self.pre_glide {
            slots.extend(options(rule.options.len()).map(Slot::PreGlide));
        }
        if self.repeats.is_some() {
            slots.extend([Slot::RepeatAtSide, Slot::RepeatTouched]);
        }
        slots.extend([Slot::Join, Slot::Weak]);
        if self.weak.is_some() {
            slots.extend([Slot::WeakAfter, Slot::WeakTowards]);
        }
        slots
    }

    /// What stands in a cell; `None` when the chart has no such cell.
    pub fn get(&self, slot: &Slot) -> Option<Value> {
        fn of<T>(cell: &Cell<T>, option: Option<usize>) -> Option<&T> {
            match option {
                None => Some(&cell.at),
                Some(i) => cell.options.get(i).map(|o| &o.at),
            }
        }
        Some(match slot {
            Slot::Consonant(phone, option) => {
                Value::Shape(*of(&self.consonants[*self.consonant_index.get(phone)?], *option)?)
            }
            Slot::Vowel(phone, option) => {
                Value::Places(of(&self.vowels[*self.vowel_index.get(phone)?], *option)?.clone())
            }
            Slot::LoneConsonant => Value::Places(vec![self.lone_consonant]),
            Slot::LoneVowel => Value::Shape(self.lone_vowel),
            Slot::PreGlide(option) => Value::PreGlide(*of(self.pre_glide.as_ref()?, *option)?),
            Slot::RepeatAtSide => Value::Movement(self.repeats.as_ref()?.at_side),
            Slot::RepeatTouched => Value::Movement(self.repeats.as_ref()?.touched),
            Slot::Join => Value::Join(self.join),
            Slot::Weak => Value::Phone(self.weak.as_ref().map(|w| w.consonant.clone())),
            Slot::WeakAfter => Value::Phones(self.in_order(&self.weak.as_ref()?.glides_after)),
            Slot::WeakTowards => Value::Phone(Some(self.weak.as_ref()?.towards.clone())),
        })
    }

    /// How well a cell is established; `None` for cells without a note about it.
    pub fn certainty(&self, slot: &Slot) -> Option<(Certainty, Option<&str>)> {
        Some(match slot {
            Slot::Consonant(phone, _) => {
                self.consonants.get(*self.consonant_index.get(phone)?).map(|c| (c.certainty, c.source.as_deref()))?
            }
            Slot::Vowel(phone, _) => {
                self.vowels.get(*self.vowel_index.get(phone)?).map(|c| (c.certainty, c.source.as_deref()))?
            }
            Slot::PreGlide(_) => self.pre_glide.as_ref().map(|c| (c.certainty, c.source.as_deref()))?,
            Slot::RepeatAtSide | Slot::RepeatTouched => {
                self.repeats.as_ref().map(|r| (r.certainty, r.source.as_deref()))?
            }
            Slot::Weak | Slot::WeakAfter | Slot::WeakTowards => {
                self.weak.as_ref().map(|w| (w.certainty, w.source.as_deref()))?
            }
            Slot::LoneConsonant | Slot::LoneVowel | Slot::Join => return None,
        })
    }

    /// Puts a value into a cell. Where it is the value of `base`, the chart that this one was made from, the cell is
    /// again what it is there; else it is marked as the user's own. Positions that the chart does not list yet are
    /// added to its list.
    ///
    /// # Errors
    /// A shape, position or sound that does not exist, no or too many placements, a movement that tells nothing apart.
    /// The chart is as it was then.
    pub fn set(&mut self, slot: &Slot, value: &Value, base: &Self) -> Result<(), ChartProblem> {
        let named = |slot: &Slot| match slot {
            Slot::Consonant(phone, _) | Slot::Vowel(phone, _) => phone.clone(),
            Slot::LoneConsonant => "a consonant alone".to_owned(),
            Slot::LoneVowel => "a vowel alone".to_owned(),
            _ => String::new(),
        };
        let language = self.language.name();
        let missing = || ChartProblem::Foreign { phone: named(slot), kind: "cell", language };
        match value {
            Value::Shape(shape) if !HandShape::ALL.contains(shape) => {
                return Err(ChartProblem::Shape { phone: named(slot), shape: shape.0 });
            }
            Value::Places(places) => {
                let most = if matches!(slot, Slot::Vowel(..)) { 2 } else { 1 };
                if places.is_empty() || places.len() > most {
                    return Err(ChartProblem::Placements { phone: named(slot), count: places.len() });
                }
                if let Some(place) = places.iter().find(|p| !Position::ALL.contains(p)) {
                    return Err(ChartProblem::Position { phone: named(slot), position: place.name() });
                }
            }
            Value::Movement(Movement::Diphthong) => return Err(missing()),
            Value::Phone(phone) => {
                let consonant = *slot == Slot::Weak;
                self.known(phone.as_slice(), consonant)?;
            }
            Value::Phones(phones) => self.known(phones, false)?,
            _ => {}
        }
        if self.get(slot).is_none() {
            return Err(missing());
        }
        let as_there = base.get(slot).as_ref() == Some(value);
        match (slot, value) {
            (Slot::Consonant(phone, option), Value::Shape(shape)) => {
                let there = base.consonant_index.get(phone).and_then(|i| base.consonants.get(*i));
                let at = self.consonant_index[phone];
                put(&mut self.consonants[at], *option, *shape, there.filter(|_| as_there));
            }
            (Slot::Vowel(phone, option), Value::Places(places)) => {
                let there = base.vowel_index.get(phone).and_then(|i| base.vowels.get(*i));
                let at = self.vowel_index[phone];
                put(&mut self.vowels[at], *option, places.clone(), there.filter(|_| as_there));
            }
            (Slot::PreGlide(option), Value::PreGlide(at)) => {
                if let Some(rule) = &mut self.pre_glide {
                    put(rule, *option, *at, base.pre_glide.as_ref().filter(|_| as_there));
                }
            }
            (Slot::LoneConsonant, Value::Places(places)) => {
                self.lone_consonant = places.first().copied().unwrap_or(self.lone_consonant);
            }
            (Slot::LoneVowel, Value::Shape(shape)) => self.lone_vowel = *shape,
            (Slot::RepeatAtSide | Slot::RepeatTouched, Value::Movement(movement)) => {
                if let Some(repeats) = &mut self.repeats {
                    match slot {
                        Slot::RepeatAtSide => repeats.at_side = *movement,
                        _ => repeats.touched = *movement,
                    }
                    match &base.repeats {
                        Some(there) if (there.at_side, there.touched) == (repeats.at_side, repeats.touched) => {
                            *repeats = there.clone();
                        }
                        _ => (repeats.certainty, repeats.source) = (Certainty::Own, None),
                    }
                }
            }
            (Slot::Join, Value::Join(join)) => self.join = *join,
            (Slot::Weak | Slot::WeakAfter | Slot::WeakTowards, _) => self.weaken(slot, value, base, missing)?,
            _ => return Err(missing()),
        }
        self.list_positions(base);
        Ok(())
    }

    /// Sounds are those of this chart.
    fn known(&self, phones: &[String], consonants: bool) -> Result<(), ChartProblem> {
        let (index, kind) =
            if consonants { (&self.consonant_index, "consonant") } else { (&self.vowel_index, "vowel") };
        let language = self.language.name();
        match phones.iter().find(|p| !index.contains_key(*p)) {
            Some(phone) => Err(ChartProblem::Foreign { phone: phone.clone(), kind, language }),
            None => Ok(()),
        }
    }

    /// Vowels in the order of the chart, each once.
    fn in_order(&self, vowels: &[String]) -> Vec<String> {
        self.vowels.iter().map(|c| &c.phone).filter(|p| vowels.contains(p)).cloned().collect()
    }

    /// The rule of the weak consonant with something else in it. A rule that begins is that of `base`, or glides nowhere.
    fn weaken(
        &mut self,
        slot: &Slot,
        value: &Value,
        base: &Self,
        missing: impl Fn() -> ChartProblem,
    ) -> Result<(), ChartProblem> {
        let neutral = || {
            let schwa = self.syllabic.as_ref().map(|s| s.schwa.clone()).or_else(|| Some("ə".to_owned()));
            let schwa = schwa.filter(|s| self.vowel_index.contains_key(s));
            schwa.or_else(|| Some(self.vowels.first()?.phone.clone())).unwrap_or_default()
        };
        let begun = |consonant: &String| WeakConsonant {
            consonant: consonant.clone(),
            glides_after: Vec::new(),
            towards: neutral(),
            certainty: Certainty::Own,
            source: None,
        };
        let mut rule = match (slot, value) {
            (Slot::Weak, Value::Phone(None)) => {
                self.weak = None;
                return Ok(());
            }
            (Slot::Weak, Value::Phone(Some(consonant))) => {
                let known = self.weak.clone().or_else(|| base.weak.clone());
                WeakConsonant { consonant: consonant.clone(), ..known.unwrap_or_else(|| begun(consonant)) }
            }
            _ => self.weak.clone().ok_or_else(&missing)?,
        };
        match (slot, value) {
            (Slot::WeakAfter, Value::Phones(phones)) => rule.glides_after = self.in_order(phones),
            (Slot::WeakTowards, Value::Phone(Some(towards))) => rule.towards = towards.clone(),
            (Slot::Weak, Value::Phone(_)) => {}
            _ => return Err(missing()),
        }
        let said = |w: &WeakConsonant| (w.consonant.clone(), base.in_order(&w.glides_after), w.towards.clone());
        match base.weak.as_ref().filter(|there| said(there) == said(&rule)) {
            Some(there) => rule = there.clone(),
            None => (rule.certainty, rule.source) = (Certainty::Own, None),
        }
        self.weak = Some(rule);
        Ok(())
    }

    /// The cells that are otherwise than in `base`.
    pub fn differences(&self, base: &Self) -> Vec<Difference> {
        let difference = |slot: Slot| {
            let (there, here) = (base.get(&slot), self.get(&slot)?);
            (there.as_ref() != Some(&here)).then_some(Difference { slot, there, here })
        };
        self.slots().into_iter().filter_map(difference).collect()
    }

    /// The positions that any cell stands at.
    fn uses(&self, position: Position) -> bool {
        let cells =
            self.vowels.iter().any(|c| c.at.contains(&position) || c.options.iter().any(|o| o.at.contains(&position)));
        cells || self.lone_consonant == position
    }

    /// Keeps the list of positions to those of `base` and those in use.
    fn list_positions(&mut self, base: &Self) {
        let mut listed = std::mem::take(&mut self.positions);
        listed.retain(|p| base.position(p.position).is_some() || self.uses(p.position));
        for position in Position::ALL.into_iter().filter(|p| self.uses(*p)) {
            if listed.iter().any(|p| p.position == position) {
                continue;
            }
            let number = listed.iter().map(|p| p.number).max().unwrap_or(0).saturating_add(1);
            // Every position is on one of the built-in charts, with its names.
            let known = Language::ALL.iter().find_map(|l| Self::builtin(*l).position(position));
            listed.extend(known.map(|cell| PositionCell { number, ..cell.clone() }));
        }
        self.positions = listed;
    }
}

/// Puts a value into a cell. `there` is the cell of the chart it was made from, where the value is the same.
fn put<T: Clone + PartialEq>(cell: &mut Cell<T>, option: Option<usize>, value: T, there: Option<&Cell<T>>) {
    match option {
        None => cell.at = value,
        Some(i) => {
            if let Some(option) = cell.options.get_mut(i) {
                option.at = value;
            }
        }
    }
    match there {
        Some(there) if there.at == cell.at && there.options == cell.options => *cell = there.clone(),
        _ => (cell.certainty, cell.source) = (Certainty::Own, None),
    }
}
