//! Which school of cueing a project follows, where schools differ.

use serde::{Deserialize, Serialize};

/// One choice per dispute; the default is what most sources teach. A switch that a chart does not name has no effect.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct ChartSwitches {
    /// Mandarin: where the consonant before a glide is shown.
    pub pre_glide_position: PreGlidePosition,
    /// French: where ə is shown.
    pub french_schwa: FrenchSchwa,
    /// French: œ̃ by itself or like ɛ̃.
    pub nasal_merger: NasalMerger,
    /// American English: ee without stress.
    pub unstressed_ee: UnstressedEe,
    /// American English: wh by itself or like w.
    pub wh: Wh,
    /// American English: n, l and m that make a syllable by themselves.
    pub syllabic: Syllabic,
}

/// 天 t-y-an: `SameAsFinal` shows t at the cheekbone, where an is; `Side` at the side, as French would.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PreGlidePosition {
    #[default]
    SameAsFinal,
    Side,
}

/// `Side` by the code tables; `Cheekbone` for those who show an e that sounds like "eu" there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FrenchSchwa {
    #[default]
    Side,
    Cheekbone,
}

/// `Merged`: "brun" is cued like "brin".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NasalMerger {
    #[default]
    Distinct,
    Merged,
}

/// The last vowel of "easy": at the throat like a short i, or at the mouth like any ee.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UnstressedEe {
    #[default]
    Throat,
    Mouth,
}

/// "which": shape 4, or shape 6 like w.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Wh {
    #[default]
    Own,
    AsW,
}

/// "listen" with s and n both at the side, or with a schwa heard between them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Syllabic {
    #[default]
    Plain,
    WithSchwa,
}

/// The names that a chart may use, as in files.
pub const SWITCH_NAMES: [&str; 6] =
    ["pre_glide_position", "french_schwa", "nasal_merger", "unstressed_ee", "wh", "syllabic"];

/// The values of a switch, the default first; `None` when there is no such switch.
pub fn switch_values(name: &str) -> Option<&'static [&'static str]> {
    Some(match name {
        "pre_glide_position" => &["same-as-final", "side"],
        "french_schwa" => &["side", "cheekbone"],
        "nasal_merger" => &["distinct", "merged"],
        "unstressed_ee" => &["throat", "mouth"],
        "wh" => &["own", "as-w"],
        "syllabic" => &["plain", "with-schwa"],
        _ => return None,
    })
}

impl ChartSwitches {
    /// The value of a switch as it is written in charts and projects; `None` when there is no such switch.
    pub fn value(&self, name: &str) -> Option<&'static str> {
        let index = match name {
            "pre_glide_position" => self.pre_glide_position as usize,
            "french_schwa" => self.french_schwa as usize,
            "nasal_merger" => self.nasal_merger as usize,
            "unstressed_ee" => self.unstressed_ee as usize,
            "wh" => self.wh as usize,
            "syllabic" => self.syllabic as usize,
            _ => return None,
        };
        switch_values(name)?.get(index).copied()
    }
}
