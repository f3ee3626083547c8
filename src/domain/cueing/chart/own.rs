//! The chart that a project carries instead of the built-in one of its language.

use super::format::File;
use super::{Chart, file};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::ops::Deref;
use std::sync::Arc;

/// A chart of a project's own. Copies share it; in a file it stands whole, and is checked when it is read.
#[derive(Clone, Debug, PartialEq)]
pub struct OwnChart(Arc<Chart>);

impl OwnChart {
    /// A chart for a project; `None` for one that is the built-in chart of its language in all but its name. One that
    /// has other cells does not keep the name of the built-in one.
    pub fn new(mut chart: Chart) -> Option<Self> {
        let base = Chart::builtin(chart.language);
        if (Chart { name: base.name.clone(), ..chart.clone() }) == *base {
            return None;
        }
        if chart.name.trim().is_empty() || chart.name == base.name {
            chart.name = format!("{} (changed)", base.name);
        }
        Some(Self(Arc::new(chart)))
    }
}

impl Deref for OwnChart {
    type Target = Chart;

    fn deref(&self) -> &Chart {
        &self.0
    }
}

impl Serialize for OwnChart {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        File::from(&*self.0).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for OwnChart {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let chart = file::checked(File::deserialize(deserializer)?)
            .map_err(|problem| serde::de::Error::custom(format!("the project's chart: {problem}")))?;
        Ok(Self(Arc::new(chart)))
    }
}
