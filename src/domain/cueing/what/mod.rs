//! WHAT is shown: from the sounds of an utterance to its keys.
//!
//! A consonant and the vowel after it make one key, hand shape and position at once. A consonant alone stands at the
//! chart's place for it (the side), a vowel alone is shown by the open hand. In French and English the pairing runs
//! from word to word, so that a final consonant moves to the vowel that follows (liaison); Mandarin keeps its
//! syllables apart. Nothing is ever joined over a break. The rules that differ between languages are data of the
//! [`Chart`]; this module only carries them out.
//!
//! Every phone that the chart knows is in exactly one key, except the vowel of a diphthong, which both of its keys
//! hold. A consonant that is said before vowels only ([`crate::cueing::chart::WeakConsonant`]) belongs elsewhere to the
//! key of the vowel before it, or to the second key of that vowel, made a diphthong. A phone that the chart does not know makes no key and acts as a break.

mod ambiguity;

use crate::cueing::chart::{Chart, ChartSwitches, Join, PreGlide, Syllabic};
use crate::cueing::{HandShape, Key, KeyFlag, Movement, Position};
use crate::language::{Language, PhoneClass, Reading, ReadingSource, Utterance, WordKind};

/// The keys of an utterance, in order. Flags tell [`KeyFlag::Liaison`], [`KeyFlag::GuessedReading`] and
/// [`KeyFlag::AmbiguousReading`]; the last only on keys that would change with another reading of their word.
pub fn keys(utterance: &Utterance, chart: &Chart, switches: &ChartSwitches) -> Vec<Key> {
    keys_of(utterance, 0..utterance.words.len(), 0, chart, switches)
}

/// The keys of some words whose first phone is `first_phone` of the flat sequence: the same as those of the whole
/// utterance there, as long as the words are whole stretches ([`stretch`]).
pub fn keys_of(
    utterance: &Utterance,
    words: std::ops::Range<usize>,
    first_phone: usize,
    chart: &Chart,
    switches: &ChartSwitches,
) -> Vec<Key> {
    let score = Score { utterance, chart, switches };
    let sounds = score.sounds(words.clone(), None);
    let mut keys = score.keys(&sounds);
    for key in &mut keys {
        let words = &sounds.flat[key.phones.clone()];
        if words.iter().any(|w| score.guessed(*w)) {
            key.flags.push(KeyFlag::GuessedReading);
        }
        if words.first() != words.last() {
            key.flags.push(KeyFlag::Liaison);
        }
    }
    ambiguity::flag(&score, words, &sounds.flat, &mut keys);
    for key in &mut keys {
        key.flags.sort_unstable();
        key.flags.dedup();
        key.phones = key.phones.start + first_phone..key.phones.end + first_phone;
    }
    keys
}

/// The words around one that its reading can have to do with: from break to break.
pub fn stretch(utterance: &Utterance, word: usize) -> std::ops::Range<usize> {
    let words = &utterance.words;
    let word = word.min(words.len());
    let breaks = |w: &crate::language::Word| w.kind != WordKind::Spoken;
    let start = words[..word].iter().rposition(breaks).map_or(0, |i| i + 1);
    let end = words[word..].iter().skip(1).position(breaks).map_or(words.len(), |i| word + 1 + i);
    start..end
}

/// Whether a word's reading comes from the synthesiser rather than from a lexicon or from the user.
fn is_guess(reading: &Reading) -> bool {
    reading.source == ReadingSource::Synthesiser
}

/// An utterance under a chart.
struct Score<'a> {
    utterance: &'a Utterance,
    chart: &'a Chart,
    switches: &'a ChartSwitches,
}

#[derive(Clone, Copy)]
enum Shown<'a> {
    Consonant(HandShape),
    Vowel(&'a [Position]),
}

/// A phone that the chart knows.
#[derive(Clone, Copy)]
struct Sound<'a> {
    shown: Shown<'a>,
    glide: bool,
    /// A consonant that is a syllable by itself.
    syllabic: bool,
    /// A consonant that is said before vowels only; a vowel from which the hand glides on where it is not said.
    weak: bool,
    /// Index in the flat sequence of phones.
    flat: usize,
    word: usize,
    /// Counts syllables over all words.
    syllable: usize,
    /// Counts stretches between breaks; sounds of different stretches are never joined.
    stretch: usize,
}

struct Sounds<'a> {
    list: Vec<Sound<'a>>,
    /// Word of each flat phone, from the first word on.
    flat: Vec<usize>,
}

impl<'a> Score<'a> {
    fn guessed(&self, word: usize) -> bool {
        let w = &self.utterance.words[word];
        w.readings.get(w.chosen).is_some_and(is_guess)
    }

    /// The sounds of a range of words; `instead` replaces the reading of one word. Flat indices count from the
    /// range's first phone.
    fn sounds(&self, words: std::ops::Range<usize>, instead: Option<(usize, &'a Reading)>) -> Sounds<'a> {
        let mut list = Vec::with_capacity(words.len() * 4);
        let mut flat = Vec::with_capacity(words.len() * 4);
        let (mut syllable_count, mut stretch) = (0, 0);
        for word in words {
            let w = &self.utterance.words[word];
            let reading = match instead {
                Some((other, reading)) if other == word => Some(reading),
                _ => w.readings.get(w.chosen),
            };
            let syllables = reading.map_or(&[][..], |r| &r.syllables);
            if w.kind != WordKind::Spoken || syllables.is_empty() {
                stretch += 1;
            }
            for (i, syllable) in syllables.iter().enumerate() {
                syllable_count += 1;
                let vowelless = syllable.phones.iter().all(|p| p.class == PhoneClass::Consonant);
                let nucleus = vowelless.then(|| syllable.phones.iter().rposition(|p| self.is_syllabic(&p.symbol)));
                let mut stress = None;
                for (k, phone) in syllable.phones.iter().enumerate() {
                    let symbol = phone.symbol.as_str();
                    let shown = if let Some(shape) = self.chart.consonant(symbol, self.switches) {
                        Some(Shown::Consonant(shape))
                    } else if self.chart.is_vowel(symbol) {
                        let stressed = *stress.get_or_insert_with(|| {
                            self.utterance.language != Language::AmericanEnglish
                                || reading.is_none_or(|r| stressed(r, i))
                        });
                        self.chart.vowel(symbol, stressed, self.switches).map(Shown::Vowel)
                    } else {
                        None
                    };
                    match shown {
                        Some(shown) => list.push(Sound {
                            shown,
                            glide: self.chart.glides.iter().any(|g| g == symbol),
                            syllabic: nucleus.flatten() == Some(k),
                            weak: self.is_weak(symbol),
                            flat: flat.len(),
                            word,
                            syllable: syllable_count,
                            stretch,
                        }),
                        None => stretch += 1,
                    }
                    flat.push(word);
                }
            }
            if w.kind != WordKind::Spoken {
                stretch += 1;
            }
        }
        Sounds { list, flat }
    }

    fn is_syllabic(&self, symbol: &str) -> bool {
        self.chart.syllabic.as_ref().is_some_and(|rule| rule.consonants.iter().any(|c| c == symbol))
    }

    /// Whether the rule of a weak consonant names a phone: the consonant itself, or a vowel that glides before it.
    fn is_weak(&self, symbol: &str) -> bool {
        let rule = self.chart.weak.as_ref();
        rule.is_some_and(|w| w.consonant == symbol || w.glides_after.iter().any(|v| v == symbol))
    }

    /// Adds a weak consonant that no vowel follows to the key of the vowel before it, or makes a glide of it.
    fn weaken(&self, vowel: &Sound, sound: &Sound, keys: &mut Vec<Key>) {
        let towards = self.chart.weak.as_ref().and_then(|w| self.chart.vowel(&w.towards, false, self.switches));
        let Some(last) = keys.last_mut() else { return };
        let placements = if let Shown::Vowel(places) = vowel.shown { places.len() } else { 1 };
        let to = towards.and_then(<[Position]>::first).copied().filter(|p| *p != last.position);
        match to {
            Some(position) if vowel.weak || placements > 1 => {
                // A glide begins within its vowel; one after a diphthong has only its own sound.
                let start = if placements > 1 { sound.flat } else { vowel.flat };
                let word = last.word;
                keys.push(Key {
                    shape: self.chart.lone_vowel,
                    position,
                    movement: Some(Movement::Diphthong),
                    phones: start..sound.flat + 1,
                    word,
                    flags: Vec::new(),
                });
            }
            _ => last.phones.end = sound.flat + 1,
        }
    }

    /// Keys of the sounds, without flags.
    fn keys(&self, sounds: &Sounds) -> Vec<Key> {
        let list = &sounds.list;
        let mut keys: Vec<Key> = Vec::with_capacity(list.len());
        let mut stretch_before = None;
        let mut i = 0;
        while i < list.len() {
            let sound = list[i];
            let joined = |n: usize| list.get(i + n).filter(|next| self.joins(&list[i + n - 1], next));
            let is_vowel = |s: &Sound| matches!(s.shown, Shown::Vowel(_));
            let vowel_before = i.checked_sub(1).map(|b| &list[b]).filter(|b| is_vowel(b) && self.joins(b, &sound));
            if let Some(vowel) = vowel_before
                && sound.weak
                && !is_vowel(&sound)
                && !sound.syllabic
                && !joined(1).is_some_and(is_vowel)
            {
                self.weaken(vowel, &sound, &mut keys);
                stretch_before = Some(sound.stretch);
                i += 1;
                continue;
            }
            let (shape, places, used, word) = match sound.shown {
                Shown::Vowel(places) => (self.chart.lone_vowel, places, 1, sound.word),
                Shown::Consonant(shape) => match joined(1) {
                    Some(Sound { shown: Shown::Vowel(places), word, .. }) => (shape, *places, 2, *word),
                    Some(next) => {
                        let place = self.consonant_before(sound, next, joined(2));
                        (shape, std::slice::from_ref(place), 1, sound.word)
                    }
                    None => (shape, std::slice::from_ref(&self.chart.lone_consonant), 1, sound.word),
                },
            };
            let end = list[i + used - 1].flat + 1;
            let phones = sound.flat..end;
            let Some((first, rest)) = places.split_first() else {
                i += used;
                continue;
            };
            let same = keys.last().is_some_and(|k| k.shape == shape && k.position == *first);
            let movement = if same && stretch_before == Some(sound.stretch) { self.repeat(*first) } else { None };
            keys.push(Key { shape, position: *first, movement, phones, word, flags: Vec::new() });
            for place in rest {
                keys.push(Key {
                    shape: self.chart.lone_vowel,
                    position: *place,
                    movement: Some(Movement::Diphthong),
                    phones: end - 1..end,
                    word,
                    flags: Vec::new(),
                });
            }
            stretch_before = Some(sound.stretch);
            i += used;
        }
        keys
    }

    /// Whether a consonant can be shown with the sound after it.
    fn joins(&self, first: &Sound, next: &Sound) -> bool {
        first.stretch == next.stretch && (self.chart.join == Join::AcrossWords || first.syllable == next.syllable)
    }

    /// Position of a consonant that another consonant follows.
    fn consonant_before<'s>(&'s self, sound: Sound, next: &Sound, after: Option<&Sound<'s>>) -> &'s Position {
        let lone = &self.chart.lone_consonant;
        if next.syllabic && self.switches.syllabic == Syllabic::WithSchwa {
            // The schwa some hear before a syllabic n or l takes the consonant to its own position.
            let schwa = self.chart.syllabic.as_ref().and_then(|r| self.chart.vowel(&r.schwa, false, self.switches));
            return schwa.and_then(<[Position]>::first).unwrap_or(lone);
        }
        let Some(rule) = &self.chart.pre_glide else { return lone };
        match after {
            Some(Sound { shown: Shown::Vowel(places), .. })
                if next.glide && !sound.glide && *rule.under(self.switches, true) == PreGlide::SameAsFinal =>
            {
                places.first().unwrap_or(lone)
            }
            _ => lone,
        }
    }

    /// How a key is told apart from an equal one before it.
    fn repeat(&self, position: Position) -> Option<Movement> {
        let repeats = self.chart.repeats.as_ref()?;
        let in_the_air = matches!(position, Position::Side | Position::SideForward | Position::SideDown);
        Some(if in_the_air { repeats.at_side } else { repeats.touched })
    }
}

/// Whether a syllable of an English reading has stress, primary or secondary. Syllables and phones have no field for
/// it, so it is read off what the reading shows: stress marks before its syllables, else the digits of an ARPAbet
/// label. Readings from the lexicon always have marks where there is stress ("the" has none); one typed by the user
/// without any is taken as stressed but for an ee that ends a longer word.
pub(super) fn stressed(reading: &Reading, syllable: usize) -> bool {
    let marked = |label: &str| label.starts_with(['ˈ', 'ˌ']);
    if reading.syllables.iter().any(|s| marked(&s.label)) {
        return reading.syllables.get(syllable).is_some_and(|s| marked(&s.label));
    }
    let from_lexicon = matches!(reading.source, ReadingSource::Lexicon | ReadingSource::Rules);
    if from_lexicon && reading.label.starts_with('/') {
        return false;
    }
    let mut digits = reading.label.split_whitespace().filter_map(|t| {
        let digit = t.chars().last().filter(char::is_ascii_digit)?;
        t.starts_with(|c: char| c.is_ascii_uppercase()).then_some(digit)
    });
    let nuclei = |s: &crate::language::Syllable| s.phones.iter().any(|p| p.class == PhoneClass::Vowel);
    let with_vowel = reading.syllables.iter().filter(|s| nuclei(s)).count();
    if with_vowel > 0 && digits.clone().count() >= with_vowel {
        let before = reading.syllables[..syllable].iter().filter(|s| nuclei(s)).count();
        return digits.nth(before) != Some('0');
    }
    reading.syllables.len() == 1 || syllable + 1 < reading.syllables.len()
}

#[cfg(test)]
mod tests;
