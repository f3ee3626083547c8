//! A chart as it stands in a file, and within a project: the words of the format, and both ways between them and a
//! [`Chart`].

use super::{
    Cell, CellOption, Certainty, Chart, Finger, Join, Names, PositionCell, PreGlide, Repeats, ShapeCell, SyllabicRule,
    WeakConsonant,
};
use crate::cueing::{HandShape, Movement, Position};
use serde::{Deserialize, Serialize};
use std::fmt::Write as _;

/// The version of the format that this program reads and writes.
pub(super) const SCHEMA: u32 = 1;

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub schema: u32,
    pub language: String,
    pub name: String,
    /// What users must know of a chart that nobody has checked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unchecked: Option<Names>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<String>,
    pub rules: Rules,
    pub shapes: Vec<ShapeEntry>,
    pub positions: Vec<PositionEntry>,
    pub consonants: Vec<ConsonantEntry>,
    pub vowels: Vec<VowelEntry>,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rules {
    pub join: Join,
    pub lone_consonant: LoneConsonant,
    pub lone_vowel: LoneVowel,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub glides: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pre_glide: Option<PreGlideEntry>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repeats: Option<RepeatsEntry>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub syllabic: Option<SyllabicEntry>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weak: Option<WeakConsonant>,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LoneConsonant {
    pub at: Place,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LoneVowel {
    pub shape: u8,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PreGlideEntry {
    pub at: PreGlide,
    #[serde(default, skip_serializing_if = "is_sourced")]
    pub certainty: Certainty,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<PreGlideOption>,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PreGlideOption {
    pub switch: String,
    pub value: String,
    pub at: PreGlide,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RepeatsEntry {
    pub at_side: RepeatMovement,
    pub touched: RepeatMovement,
    #[serde(default, skip_serializing_if = "is_sourced")]
    pub certainty: Certainty,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

#[derive(Clone, Copy, Deserialize, Serialize)]
pub(super) enum RepeatMovement {
    Flick,
    DoubleTouch,
}

impl From<RepeatMovement> for Movement {
    fn from(movement: RepeatMovement) -> Self {
        match movement {
            RepeatMovement::Flick => Self::Flick,
            RepeatMovement::DoubleTouch => Self::DoubleTouch,
        }
    }
}

impl From<Movement> for RepeatMovement {
    fn from(movement: Movement) -> Self {
        match movement {
            Movement::Flick => Self::Flick,
            Movement::DoubleTouch | Movement::Diphthong => Self::DoubleTouch,
        }
    }
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SyllabicEntry {
    pub consonants: Vec<String>,
    pub schwa: String,
    #[serde(default, skip_serializing_if = "is_sourced")]
    pub certainty: Certainty,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<SyllabicOption>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct SyllabicOption {
    pub switch: String,
    pub value: String,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ShapeEntry {
    pub number: u8,
    pub extended: Vec<Finger>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub spread: bool,
    pub name: Names,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PositionEntry {
    pub at: Place,
    pub number: u8,
    pub name: Names,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ConsonantEntry {
    pub phone: String,
    pub shape: u8,
    #[serde(default, skip_serializing_if = "is_sourced")]
    pub certainty: Certainty,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<ConsonantOption>,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ConsonantOption {
    pub switch: String,
    pub value: String,
    pub shape: u8,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct VowelEntry {
    pub phone: String,
    pub at: Vec<Place>,
    #[serde(default, skip_serializing_if = "is_sourced")]
    pub certainty: Certainty,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<VowelOption>,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct VowelOption {
    pub switch: String,
    pub value: String,
    #[serde(default, skip_serializing_if = "When::is_always")]
    pub when: When,
    pub at: Vec<Place>,
}

#[derive(Clone, Copy, Default, PartialEq, Deserialize, Serialize)]
pub(super) enum When {
    #[default]
    Always,
    Unstressed,
}

impl When {
    fn is_always(&self) -> bool {
        *self == Self::Always
    }
}

fn is_sourced(certainty: &Certainty) -> bool {
    *certainty == Certainty::Sourced
}

/// [`Position`] with the spelling of the file.
#[derive(Clone, Copy, PartialEq, Deserialize, Serialize)]
pub(super) enum Place {
    Side,
    Mouth,
    Chin,
    Cheekbone,
    Throat,
    SideForward,
    SideDown,
}

impl From<Place> for Position {
    fn from(place: Place) -> Self {
        match place {
            Place::Side => Self::Side,
            Place::Mouth => Self::Mouth,
            Place::Chin => Self::Chin,
            Place::Cheekbone => Self::Cheekbone,
            Place::Throat => Self::Throat,
            Place::SideForward => Self::SideForward,
            Place::SideDown => Self::SideDown,
        }
    }
}

impl From<Position> for Place {
    fn from(position: Position) -> Self {
        match position {
            // No chart has the place of rest.
            Position::Side | Position::Neutral => Self::Side,
            Position::Mouth => Self::Mouth,
            Position::Chin => Self::Chin,
            Position::Cheekbone => Self::Cheekbone,
            Position::Throat => Self::Throat,
            Position::SideForward => Self::SideForward,
            Position::SideDown => Self::SideDown,
        }
    }
}

fn places(positions: &[Position]) -> Vec<Place> {
    positions.iter().map(|p| Place::from(*p)).collect()
}

impl From<&Chart> for File {
    fn from(chart: &Chart) -> Self {
        let consonant = |c: &Cell<HandShape>| ConsonantEntry {
            phone: c.phone.clone(),
            shape: c.at.0,
            certainty: c.certainty,
            source: c.source.clone(),
            options: c
                .options
                .iter()
                .map(|o| ConsonantOption { switch: o.switch.clone(), value: o.value.clone(), shape: o.at.0 })
                .collect(),
        };
        let vowel_option = |o: &CellOption<Vec<Position>>| VowelOption {
            switch: o.switch.clone(),
            value: o.value.clone(),
            when: if o.unstressed_only { When::Unstressed } else { When::Always },
            at: places(&o.at),
        };
        let vowel = |c: &Cell<Vec<Position>>| VowelEntry {
            phone: c.phone.clone(),
            at: places(&c.at),
            certainty: c.certainty,
            source: c.source.clone(),
            options: c.options.iter().map(vowel_option).collect(),
        };
        let pre_glide = |c: &Cell<PreGlide>| PreGlideEntry {
            at: c.at,
            certainty: c.certainty,
            source: c.source.clone(),
            options: c
                .options
                .iter()
                .map(|o| PreGlideOption { switch: o.switch.clone(), value: o.value.clone(), at: o.at })
                .collect(),
        };
        let repeats = |r: &Repeats| RepeatsEntry {
            at_side: r.at_side.into(),
            touched: r.touched.into(),
            certainty: r.certainty,
            source: r.source.clone(),
        };
        let syllabic = |s: &SyllabicRule| SyllabicEntry {
            consonants: s.consonants.clone(),
            schwa: s.schwa.clone(),
            certainty: s.certainty,
            source: s.source.clone(),
            options: s.options.clone(),
        };
        let shape = |s: &ShapeCell| ShapeEntry {
            number: s.shape.0,
            extended: s.extended.clone(),
            spread: s.spread,
            name: s.name.clone(),
        };
        let position =
            |p: &PositionCell| PositionEntry { at: p.position.into(), number: p.number, name: p.name.clone() };
        Self {
            schema: SCHEMA,
            language: chart.language.code().to_owned(),
            name: chart.name.clone(),
            unchecked: chart.unchecked.clone(),
            sources: chart.sources.clone(),
            rules: Rules {
                join: chart.join,
                lone_consonant: LoneConsonant { at: chart.lone_consonant.into() },
                lone_vowel: LoneVowel { shape: chart.lone_vowel.0 },
                glides: chart.glides.clone(),
                pre_glide: chart.pre_glide.as_ref().map(pre_glide),
                repeats: chart.repeats.as_ref().map(repeats),
                syllabic: chart.syllabic.as_ref().map(syllabic),
                weak: chart.weak.clone(),
            },
            shapes: chart.shapes.iter().map(shape).collect(),
            positions: chart.positions.iter().map(position).collect(),
            consonants: chart.consonants.iter().map(consonant).collect(),
            vowels: chart.vowels.iter().map(vowel).collect(),
        }
    }
}

/// The chart as the text of a file: a cell a line, so that two charts can be compared line by line.
///
/// # Errors
/// What cannot be written as RON, which no chart holds.
pub(super) fn to_ron(chart: &Chart) -> Result<String, ron::Error> {
    let options = ron::Options::default().with_default_extension(ron::extensions::Extensions::IMPLICIT_SOME);
    fn line<T: Serialize>(options: &ron::Options, value: &T) -> Result<String, ron::Error> {
        options.to_string(value)
    }
    fn list<T: Serialize>(out: &mut String, options: &ron::Options, name: &str, items: &[T]) -> Result<(), ron::Error> {
        let _ = writeln!(out, "    {name}: [");
        for item in items {
            let _ = writeln!(out, "        {},", options.to_string(item)?);
        }
        out.push_str("    ],\n");
        Ok(())
    }
    let file = File::from(chart);
    let mut out = String::from("#![enable(implicit_some)]\n(\n");
    let _ = writeln!(out, "    schema: {},", file.schema);
    let _ = writeln!(out, "    language: {},", line(&options, &file.language)?);
    let _ = writeln!(out, "    name: {},", line(&options, &file.name)?);
    if let Some(unchecked) = &file.unchecked {
        let _ = writeln!(out, "    unchecked: {},", line(&options, unchecked)?);
    }
    list(&mut out, &options, "sources", &file.sources)?;
    let _ = writeln!(out, "    rules: {},", line(&options, &file.rules)?);
    list(&mut out, &options, "shapes", &file.shapes)?;
    list(&mut out, &options, "positions", &file.positions)?;
    list(&mut out, &options, "consonants", &file.consonants)?;
    list(&mut out, &options, "vowels", &file.vowels)?;
    out.push_str(")\n");
    Ok(out)
}
