//! From the text of a chart to a checked [`Chart`], with the place of every mistake.

use super::format::{
    ConsonantEntry, File, Place, PositionEntry, PreGlideEntry, SCHEMA, ShapeEntry, SyllabicEntry, VowelEntry, When,
};
use super::{
    Cell, CellOption, Chart, ChartError, ChartProblem, Finger, PositionCell, PreGlide, Repeats, ShapeCell,
    SyllabicRule, WeakConsonant, inventory, switch_values,
};
use crate::cueing::{HandShape, Position};
use crate::language::Language;
use std::collections::HashMap;

pub(super) fn parse(ron: &str, name: &str) -> Result<Chart, ChartError> {
    let file: File = ron::from_str(ron).map_err(|e| ChartError::Syntax {
        name: name.to_owned(),
        line: e.span.start.line,
        column: e.span.start.col,
        message: format!("this is not a chart: {}; correct this line, or begin with an exported chart", e.code),
    })?;
    Check { ron, name }.chart(file)
}

/// Checks a chart that stands within something else, where places in a text mean nothing.
pub(super) fn checked(file: File) -> Result<Chart, ChartProblem> {
    Check { ron: "", name: "" }.chart(file).map_err(|error| match error {
        ChartError::Meaning { problem, .. } => problem,
        // Only reading a text gives the other one.
        ChartError::Syntax { message, .. } => ChartProblem::Language(message),
    })
}

/// Finds the place in the text that a problem is about.
struct Check<'a> {
    ron: &'a str,
    name: &'a str,
}

impl Check<'_> {
    fn error(&self, offset: usize, problem: ChartProblem) -> ChartError {
        let before = &self.ron[..offset];
        let line_start = before.rfind('\n').map_or(0, |i| i + 1);
        ChartError::Meaning {
            name: self.name.to_owned(),
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
            problem,
        }
    }

    /// Byte offset of the `nth` value `value` (as written) of the field `key`, comments left out; else of the nearest
    /// thing there is: the field's first use, or the start of the file.
    fn field(&self, key: &str, value: &str, nth: usize) -> usize {
        let mut first = None;
        let mut found = 0;
        for (offset, word) in words(self.ron) {
            if word != key {
                continue;
            }
            let Some(rest) = self.ron[offset + key.len()..].trim_start().strip_prefix(':') else { continue };
            let rest = rest.trim_start();
            let at = self.ron.len() - rest.len();
            first = first.or(Some(at));
            let ends = rest[value.len().min(rest.len())..].chars().next();
            if rest.starts_with(value) && !ends.is_some_and(|c| c.is_alphanumeric() || c == '_') {
                if found == nth {
                    return at;
                }
                found += 1;
            }
        }
        first.unwrap_or(0)
    }

    fn phone(&self, phone: &str, nth: usize, problem: ChartProblem) -> ChartError {
        self.error(self.field("phone", &format!("\"{phone}\""), nth), problem)
    }

    fn section(&self, key: &str, problem: ChartProblem) -> ChartError {
        self.error(self.field(key, "[", 0), problem)
    }

    fn switch(&self, switch: &str, value: &str) -> Result<(), ChartError> {
        let Some(known) = switch_values(switch) else {
            let at = self.field("switch", &format!("\"{switch}\""), 0);
            return Err(self.error(at, ChartProblem::Switch(switch.to_owned())));
        };
        if known.contains(&value) {
            return Ok(());
        }
        let at = self.field("value", &format!("\"{value}\""), 0);
        let (switch, value) = (switch.to_owned(), value.to_owned());
        Err(self.error(at, ChartProblem::SwitchValue { switch, value, known: known.to_vec() }))
    }

    fn hand_shape(&self, phone: &str, shape: u8) -> Result<HandShape, ChartError> {
        let known = HandShape(shape);
        let problem = || ChartProblem::Shape { phone: phone.to_owned(), shape };
        HandShape::ALL.contains(&known).then_some(known).ok_or_else(|| self.phone(phone, 0, problem()))
    }

    fn placements(&self, phone: &str, places: &[Place], listed: &[PositionCell]) -> Result<Vec<Position>, ChartError> {
        if !(1..=2).contains(&places.len()) {
            let problem = ChartProblem::Placements { phone: phone.to_owned(), count: places.len() };
            return Err(self.phone(phone, 0, problem));
        }
        let positions: Vec<Position> = places.iter().map(|p| Position::from(*p)).collect();
        match positions.iter().find(|p| listed.iter().all(|l| l.position != **p)) {
            None => Ok(positions),
            Some(p) => {
                Err(self.phone(phone, 0, ChartProblem::Position { phone: phone.to_owned(), position: p.name() }))
            }
        }
    }

    /// Every phone of the inventory once, and no other.
    fn cover<T>(
        &self,
        cells: &[Cell<T>],
        others: &[String],
        known: &[&str],
        section: &str,
        kind: &'static str,
        language: Language,
    ) -> Result<HashMap<String, usize>, ChartError> {
        let language = language.name();
        let mut index = HashMap::new();
        for (i, cell) in cells.iter().enumerate() {
            let phone = cell.phone.clone();
            if others.contains(&phone) || index.insert(phone.clone(), i).is_some() {
                return Err(self.phone(&phone, 1, ChartProblem::Twice(phone.clone())));
            }
            if !known.contains(&phone.as_str()) {
                return Err(self.phone(&phone, 0, ChartProblem::Foreign { phone: phone.clone(), kind, language }));
            }
        }
        match known.iter().find(|p| !index.contains_key(**p)) {
            None => Ok(index),
            Some(p) => Err(self.section(section, ChartProblem::Missing { phone: (*p).to_owned(), kind, language })),
        }
    }

    fn chart(&self, file: File) -> Result<Chart, ChartError> {
        if file.schema != SCHEMA {
            let at = self.field("schema", &file.schema.to_string(), 0);
            return Err(self.error(at, ChartProblem::Schema(file.schema)));
        }
        let language: Language = file.language.parse().map_err(|_| {
            let at = self.field("language", &format!("\"{}\"", file.language), 0);
            self.error(at, ChartProblem::Language(file.language.clone()))
        })?;
        let shapes = self.shapes(file.shapes)?;
        let positions = self.positions(file.positions)?;

        let mut consonants = Vec::new();
        for entry in file.consonants {
            let at = self.hand_shape(&entry.phone, entry.shape)?;
            let mut options = Vec::new();
            for o in entry.options {
                self.switch(&o.switch, &o.value)?;
                let at = self.hand_shape(&entry.phone, o.shape)?;
                options.push(CellOption { switch: o.switch, value: o.value, unstressed_only: false, at });
            }
            let ConsonantEntry { phone, certainty, source, .. } = entry;
            consonants.push(Cell { phone, at, certainty, source, options });
        }
        let mut vowels = Vec::new();
        for entry in file.vowels {
            let at = self.placements(&entry.phone, &entry.at, &positions)?;
            let mut options = Vec::new();
            for o in entry.options {
                self.switch(&o.switch, &o.value)?;
                let at = self.placements(&entry.phone, &o.at, &positions)?;
                let unstressed_only = o.when == When::Unstressed;
                options.push(CellOption { switch: o.switch, value: o.value, unstressed_only, at });
            }
            let VowelEntry { phone, certainty, source, .. } = entry;
            vowels.push(Cell { phone, at, certainty, source, options });
        }
        let (known_consonants, known_vowels) = inventory(language);
        let consonant_index = self.cover(&consonants, &[], known_consonants, "consonants", "consonant", language)?;
        let taken: Vec<String> = consonant_index.keys().cloned().collect();
        let vowel_index = self.cover(&vowels, &taken, known_vowels, "vowels", "vowel", language)?;

        let rules = file.rules;
        for (symbol, field) in rules
            .glides
            .iter()
            .map(|g| (g, "glides"))
            .chain(rules.syllabic.iter().flat_map(|s| s.consonants.iter().map(|c| (c, "syllabic"))))
        {
            if !consonant_index.contains_key(symbol) {
                let (phone, language) = (symbol.clone(), language.name());
                let at = self.field(field, "", 0);
                return Err(self.error(at, ChartProblem::Foreign { phone, kind: "consonant", language }));
            }
        }
        let lone_consonant = Position::from(rules.lone_consonant.at);
        if positions.iter().all(|p| p.position != lone_consonant) {
            let problem =
                ChartProblem::Position { phone: "a consonant alone".to_owned(), position: lone_consonant.name() };
            return Err(self.error(self.field("lone_consonant", "", 0), problem));
        }
        let lone_vowel = HandShape(rules.lone_vowel.shape);
        if !HandShape::ALL.contains(&lone_vowel) {
            let problem = ChartProblem::Shape { phone: "a vowel alone".to_owned(), shape: lone_vowel.0 };
            return Err(self.error(self.field("lone_vowel", "", 0), problem));
        }
        let pre_glide = rules.pre_glide.map(|p| self.pre_glide(p)).transpose()?;
        let syllabic = rules.syllabic.map(|s| self.syllabic(s, &vowel_index, language)).transpose()?;
        if let Some(weak) = &rules.weak {
            self.weak(weak, &consonant_index, &vowel_index, language)?;
        }
        Ok(Chart {
            language,
            name: file.name,
            unchecked: file.unchecked,
            sources: file.sources,
            shapes,
            positions,
            consonants,
            vowels,
            join: rules.join,
            lone_consonant,
            lone_vowel,
            glides: rules.glides,
            pre_glide,
            repeats: rules.repeats.map(|r| Repeats {
                at_side: r.at_side.into(),
                touched: r.touched.into(),
                certainty: r.certainty,
                source: r.source,
            }),
            syllabic,
            weak: rules.weak,
            consonant_index,
            vowel_index,
        })
    }

    fn shapes(&self, entries: Vec<ShapeEntry>) -> Result<Vec<ShapeCell>, ChartError> {
        let mut shapes: Vec<ShapeCell> = Vec::new();
        for entry in entries {
            let shape = HandShape(entry.number);
            let twice = shapes.iter().any(|s| s.shape == shape);
            if twice || !HandShape::ALL.contains(&shape) {
                let at = self.field("number", &entry.number.to_string(), usize::from(twice));
                return Err(self.error(at, ChartProblem::ShapeList(entry.number)));
            }
            let cell = ShapeCell { shape, extended: entry.extended, spread: entry.spread, name: entry.name };
            if !is_drawn(&cell) {
                let at = self.field("number", &shape.0.to_string(), 0);
                return Err(self.error(at, ChartProblem::Fingers { shape: shape.0, drawn: told_fingers(shape) }));
            }
            shapes.push(cell);
        }
        match HandShape::ALL.into_iter().find(|s| shapes.iter().all(|c| c.shape != *s)) {
            None => Ok(shapes),
            Some(s) => Err(self.section("shapes", ChartProblem::ShapeMissing(s.0))),
        }
    }

    fn positions(&self, entries: Vec<PositionEntry>) -> Result<Vec<PositionCell>, ChartError> {
        let mut positions: Vec<PositionCell> = Vec::new();
        for entry in entries {
            let position = Position::from(entry.at);
            if positions.iter().any(|p| p.position == position) {
                return Err(self.section("positions", ChartProblem::PositionTwice(position.name())));
            }
            positions.push(PositionCell { position, number: entry.number, name: entry.name });
        }
        Ok(positions)
    }

    fn pre_glide(&self, entry: PreGlideEntry) -> Result<Cell<PreGlide>, ChartError> {
        let mut options = Vec::new();
        for o in entry.options {
            self.switch(&o.switch, &o.value)?;
            options.push(CellOption { switch: o.switch, value: o.value, unstressed_only: false, at: o.at });
        }
        let PreGlideEntry { at, certainty, source, .. } = entry;
        Ok(Cell { phone: "consonant before a glide".to_owned(), at, certainty, source, options })
    }

    fn syllabic(
        &self,
        entry: SyllabicEntry,
        vowels: &HashMap<String, usize>,
        language: Language,
    ) -> Result<SyllabicRule, ChartError> {
        for o in &entry.options {
            self.switch(&o.switch, &o.value)?;
        }
        if vowels.contains_key(&entry.schwa) {
            let SyllabicEntry { consonants, schwa, certainty, source, options } = entry;
            return Ok(SyllabicRule { consonants, schwa, certainty, source, options });
        }
        let problem = ChartProblem::Foreign { phone: entry.schwa, kind: "vowel", language: language.name() };
        Err(self.error(self.field("schwa", "", 0), problem))
    }

    /// The phones that the rule of a weak consonant names are those of the language.
    fn weak(
        &self,
        weak: &WeakConsonant,
        consonants: &HashMap<String, usize>,
        vowels: &HashMap<String, usize>,
        language: Language,
    ) -> Result<(), ChartError> {
        let named = std::iter::once((&weak.consonant, "consonant", consonants))
            .chain(weak.glides_after.iter().chain([&weak.towards]).map(|v| (v, "vowel", vowels)));
        for (phone, kind, known) in named {
            if !known.contains_key(phone) {
                let problem = ChartProblem::Foreign { phone: phone.clone(), kind, language: language.name() };
                return Err(self.error(self.field("weak", "", 0), problem));
            }
        }
        Ok(())
    }
}

/// The fingers that the program stretches for a shape, and whether they are apart. The eight hands are the same in all
/// languages with a built-in chart.
fn fingers(shape: HandShape) -> (&'static [Finger], bool) {
    use Finger::{Index, Little, Middle, Ring, Thumb};
    match shape.0 {
        1 => (&[Index], false),
        2 => (&[Index, Middle], false),
        3 => (&[Middle, Ring, Little], false),
        4 => (&[Index, Middle, Ring, Little], false),
        5 => (&[Thumb, Index, Middle, Ring, Little], false),
        6 => (&[Thumb, Index], false),
        7 => (&[Thumb, Index, Middle], false),
        8 => (&[Index, Middle], true),
        _ => (&[], false),
    }
}

/// Whether a shape is described as the program draws it: a chart that says otherwise would be shown wrongly.
fn is_drawn(cell: &ShapeCell) -> bool {
    let (drawn, spread) = fingers(cell.shape);
    let same = drawn.len() == cell.extended.len() && drawn.iter().all(|f| cell.extended.contains(f));
    same && spread == cell.spread
}

/// `[Index, Middle], spread: true`
fn told_fingers(shape: HandShape) -> String {
    let (drawn, spread) = fingers(shape);
    let names: Vec<String> = drawn.iter().map(|f| format!("{f:?}")).collect();
    format!("[{}]{}", names.join(", "), if spread { ", spread: true" } else { "" })
}

/// The identifiers of a RON text with their byte offsets; strings and comments are passed over.
fn words(ron: &str) -> impl Iterator<Item = (usize, &str)> {
    let bytes = ron.as_bytes();
    let mut i = 0;
    std::iter::from_fn(move || {
        while i < bytes.len() {
            match bytes[i] {
                b'"' => {
                    i += 1;
                    while i < bytes.len() && bytes[i] != b'"' {
                        i += if bytes[i] == b'\\' { 2 } else { 1 };
                    }
                    i += 1;
                }
                b'/' if bytes.get(i + 1) == Some(&b'/') => {
                    while i < bytes.len() && bytes[i] != b'\n' {
                        i += 1;
                    }
                }
                b'/' if bytes.get(i + 1) == Some(&b'*') => {
                    i += 2;
                    while i < bytes.len() && !bytes[i..].starts_with(b"*/") {
                        i += 1;
                    }
                    i += 2;
                }
                c if c.is_ascii_alphabetic() || c == b'_' => {
                    let start = i;
                    while i < bytes.len() && (bytes[i].is_ascii_alphanumeric() || bytes[i] == b'_') {
                        i += 1;
                    }
                    return Some((start, &ron[start..i]));
                }
                _ => i += 1,
            }
        }
        None
    })
}
