//! Tiers as JSON, for scripts: `{"length": s, "tiers": [{"name": …, "intervals": [{"start": s, "end": s, "text": …}]}]}`.

use super::{ExchangeError, Tier, Tiers, decode_text};
use crate::time::{Seconds, TimeRange};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
struct File {
    #[serde(default)]
    length: f64,
    tiers: Vec<Row>,
}

#[derive(Serialize, Deserialize)]
struct Row {
    #[serde(default)]
    name: String,
    #[serde(default)]
    intervals: Vec<Label>,
}

#[derive(Serialize, Deserialize)]
struct Label {
    start: f64,
    end: f64,
    #[serde(default)]
    text: String,
}

/// The tiers, indented, with a line end. Times in seconds.
pub fn write(tiers: &Tiers) -> String {
    let label = |(r, t): (TimeRange, &str)| Label { start: r.start.0, end: r.end.0, text: t.to_owned() };
    let row = |t: &Tier| Row { name: t.name.clone(), intervals: t.sorted().into_iter().map(label).collect() };
    let file = File { length: tiers.length.0, tiers: tiers.tiers.iter().map(row).collect() };
    // Plain data with finite numbers and text keys always becomes JSON.
    serde_json::to_string_pretty(&file).unwrap_or_default() + "\n"
}

/// Tiers as [`write`] makes them; further keys are ignored.
///
/// # Errors
/// Anything that is not such JSON, with its line.
pub fn read(bytes: &[u8]) -> Result<Tiers, ExchangeError> {
    let file: File = serde_json::from_str(&decode_text(bytes))
        .map_err(|e| ExchangeError::Line { line: e.line().max(1), what: e.to_string() })?;
    let label = |l: Label| (TimeRange::new(Seconds(l.start), Seconds(l.end)), l.text);
    let row = |r: Row| {
        let mut intervals: Vec<_> = r.intervals.into_iter().map(label).collect();
        intervals.sort_by(|a, b| a.0.start.total_cmp(&b.0.start));
        Tier { name: r.name, intervals }
    };
    let mut tiers = Tiers { length: Seconds(file.length.max(0.0)), tiers: file.tiers.into_iter().map(row).collect() };
    tiers.length = tiers.end();
    Ok(tiers)
}

#[cfg(test)]
mod tests {
    use super::super::tests::sample;
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        assert_eq!(read(write(&sample()).as_bytes()).unwrap(), sample());
    }

    #[test]
    fn mistakes_are_named_with_their_line() {
        let error = read(b"{\"tiers\": [\n{\"intervals\": [{\"start\": \"x\"}]}]}").unwrap_err();
        assert!(matches!(error, ExchangeError::Line { line: 2, .. }), "{error}");
        assert!(read(b"").is_err());
        assert_eq!(read(b"{\"tiers\": [], \"more\": 1}").unwrap(), Tiers::default());
    }
}
