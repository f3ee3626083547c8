//! ELAN's annotation files (`.eaf`), read only: XML of which the time slots and the annotations of each tier matter.
//!
//! Annotations that refer to others of a parent tier have the time of what they refer to.

use super::{ExchangeError, Tier, Tiers, decode_text};
use crate::time::{Seconds, TimeRange};
use std::collections::HashMap;

const FORMAT: &str = "an annotation file of ELAN";

/// The value of an attribute within the text of a tag.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let at = tag.find(&format!(" {name}=\""))? + name.len() + 3;
    let rest = tag.get(at..)?;
    Some(plain(rest.split('"').next()?))
}

/// Text without XML's escapes.
fn plain(text: &str) -> String {
    let pairs = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")];
    pairs.iter().fold(text.to_owned(), |t, (from, to)| t.replace(from, to))
}

/// Reads the tiers; empty annotations are left out.
///
/// # Errors
/// When it is no such file.
pub fn read(bytes: &[u8]) -> Result<Tiers, ExchangeError> {
    let text = decode_text(bytes);
    let wrong = |detail: &str| ExchangeError::NotThisFormat { format: FORMAT, detail: detail.to_owned() };
    if !text.contains("<ANNOTATION_DOCUMENT") {
        return Err(wrong("it holds no ANNOTATION_DOCUMENT"));
    }
    let mut slots: HashMap<String, f64> = HashMap::new();
    let mut by_id: HashMap<String, TimeRange> = HashMap::new();
    let mut tiers = Tiers::default();
    // What the annotation under way is called and when it is.
    let mut open: Option<TimeRange> = None;
    let mut rest = text.as_str();
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        let end = rest.find('>').ok_or_else(|| wrong("a tag is not closed"))?;
        let (tag, after) = (&rest[..end], &rest[end + 1..]);
        rest = after;
        let name = tag.split(|c: char| c.is_whitespace() || c == '/').next().unwrap_or_default();
        match name {
            "TIME_SLOT" => {
                let time = attribute(tag, "TIME_VALUE").and_then(|v| v.parse::<f64>().ok());
                if let (Some(id), Some(time)) = (attribute(tag, "TIME_SLOT_ID"), time) {
                    slots.insert(id, time / 1000.0);
                }
            }
            "TIER" => tiers.tiers.push(Tier { name: attribute(tag, "TIER_ID").unwrap_or_default(), ..Tier::default() }),
            "ALIGNABLE_ANNOTATION" | "REF_ANNOTATION" => {
                let slot = |name| attribute(tag, name).and_then(|id| slots.get(&id).copied());
                let own = slot("TIME_SLOT_REF1").zip(slot("TIME_SLOT_REF2"));
                let own = own.map(|(a, b)| TimeRange::new(Seconds(a), Seconds(b)));
                open = own.or_else(|| by_id.get(&attribute(tag, "ANNOTATION_REF")?).copied());
                if let (Some(id), Some(range)) = (attribute(tag, "ANNOTATION_ID"), open) {
                    by_id.insert(id, range);
                }
            }
            "ANNOTATION_VALUE" if !tag.ends_with('/') => {
                let value = plain(after.split('<').next().unwrap_or_default().trim());
                if let (Some(range), Some(tier), false) = (open.take(), tiers.tiers.last_mut(), value.is_empty()) {
                    tier.intervals.push((range, value));
                }
            }
            _ => {}
        }
    }
    for tier in &mut tiers.tiers {
        tier.intervals.sort_by(|a, b| a.0.start.total_cmp(&b.0.start));
    }
    tiers.length = tiers.end();
    Ok(tiers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiers_slots_and_references_are_read() {
        let text = r#"<?xml version="1.0" encoding="UTF-8"?>
<ANNOTATION_DOCUMENT AUTHOR="" VERSION="3.0"><HEADER MEDIA_FILE="" TIME_UNITS="milliseconds"/>
<TIME_ORDER><TIME_SLOT TIME_SLOT_ID="ts1" TIME_VALUE="100"/><TIME_SLOT TIME_SLOT_ID="ts2" TIME_VALUE="1500"/>
<TIME_SLOT TIME_SLOT_ID="ts3"/></TIME_ORDER>
<TIER LINGUISTIC_TYPE_REF="t" TIER_ID="words"><ANNOTATION>
<ALIGNABLE_ANNOTATION ANNOTATION_ID="a1" TIME_SLOT_REF1="ts1" TIME_SLOT_REF2="ts2"><ANNOTATION_VALUE>他 &amp; &lt;x&gt;</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION>
<ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a2" TIME_SLOT_REF1="ts2" TIME_SLOT_REF2="ts3"><ANNOTATION_VALUE>lost</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION></TIER>
<TIER TIER_ID="gloss"><ANNOTATION><REF_ANNOTATION ANNOTATION_ID="a3" ANNOTATION_REF="a1"><ANNOTATION_VALUE>2-s</ANNOTATION_VALUE></REF_ANNOTATION></ANNOTATION>
<ANNOTATION><REF_ANNOTATION ANNOTATION_ID="a4" ANNOTATION_REF="a1"><ANNOTATION_VALUE/></REF_ANNOTATION></ANNOTATION></TIER></ANNOTATION_DOCUMENT>"#;
        let tiers = read(text.as_bytes()).unwrap();
        let range = TimeRange::new(Seconds(0.1), Seconds(1.5));
        assert_eq!(tiers.tier("words").unwrap().intervals, [(range, "他 & <x>".to_owned())]);
        assert_eq!(tiers.tier("gloss").unwrap().intervals, [(range, "2-s".to_owned())]);
        assert_eq!(tiers.length, Seconds(1.5));
        for broken in ["", "<ANNOTATION_DOCUMENT><TIER", "File type = \"ooTextFile\""] {
            assert!(read(broken.as_bytes()).is_err(), "{broken}");
        }
        for cut in (0..text.len()).filter(|i| text.is_char_boundary(*i)) {
            let _ = read(&text.as_bytes()[..cut]);
        }
    }
}
