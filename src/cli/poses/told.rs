//! What is told of an alignment: the size of the whole, each bone, and bones that are seen shortened.

use crate::jobs::performances::Aligned;
use crate::pose::Side;
use serde_json::json;
use std::fmt::Write as _;

/// For other programs.
pub(super) fn as_json(aligned: &Aligned) -> serde_json::Value {
    let fit = &aligned.fit;
    let bones: Vec<_> = fit
        .bones()
        .iter()
        .map(|b| {
            json!({
                "bone": b.bone.name(), "scale": b.scale, "found": b.found, "measured": b.measured,
                "clamped": b.clamped, "locked": b.fixed, "steadiness": b.steadiness,
            })
        })
        .collect();
    let short: Vec<_> = fit
        .foreshortened()
        .iter()
        .map(|w| {
            let side = w.side.map(|s| if s == Side::Left { "left" } else { "right" });
            let times: Vec<f64> = w.frames.iter().map(|f| aligned.time_of(f.start).0).collect();
            json!({ "bone": w.bone.name(), "side": side, "share": w.share, "at": times })
        })
        .collect();
    json!({
        "performance": aligned.performance.id.0, "mode": fit.settings().mode.name(), "size": fit.size(),
        "turn": fit.turn(), "bones": bones, "foreshortened": short,
    })
}

/// For people.
pub(super) fn as_text(aligned: &Aligned) -> String {
    let fit = &aligned.fit;
    let mut out = String::new();
    let mode = fit.settings().mode;
    let _ = writeln!(out, "{}  size {:.3}  turned {:.1}°", mode.name(), fit.size(), fit.turn());
    for b in fit.bones() {
        let mut state = Vec::new();
        state.extend((!b.measured).then_some("not measured"));
        state.extend(b.clamped.then_some("at the limit"));
        state.extend(b.fixed.then_some("locked"));
        let state = if state.is_empty() { String::new() } else { format!("  ({})", state.join(", ")) };
        let _ = writeln!(out, "  {:<14}{:>6.3}{state}", b.bone.name(), b.scale);
    }
    for w in fit.foreshortened() {
        let side = w.side.map_or("", |s| if s == Side::Left { "left " } else { "right " });
        let at = w.frames.first().map_or_else(String::new, |f| aligned.time_of(f.start).timecode());
        let share = 100.0 * w.share;
        let _ = writeln!(
            out,
            "  the {side}{} is seen shortened in {share:.0} % of the frames, longest at {at}",
            w.bone.name()
        );
    }
    out
}
