//! The report of a score, for paper: sums, timing, what the guard found, and every cue with its picture. The same in
//! HTML (one file, pictures within) and PDF.

use super::score::Scored;
use crate::cueing::score::{Outcome, ScoredKey};
use crate::cueing::{HandShape, Position};
use crate::exchange::pdf::{self, Item, Jpeg};
use crate::time::FrameIndex;
use std::fmt::Write as _;

fn cue(shape: HandShape, position: Position) -> String {
    format!("{} {}", shape.0, position.name())
}

/// What was meant, what was seen, and how it is called.
fn line(scored: &Scored, key: &ScoredKey) -> [String; 5] {
    let dash = || "–".to_owned();
    let meant = key.target.and_then(|t| scored.target.get(t));
    let seen = key.read.and_then(|r| scored.reading.keys.get(r));
    [
        meant.map_or_else(dash, |k| cue(k.shape, k.position)),
        seen.map_or_else(dash, |k| cue(k.shape, k.position)),
        key.outcome.label().to_owned(),
        seen.map_or_else(dash, |k| format!("{:.2}–{:.2} s", k.time.start.0, k.time.end.0)),
        key.lead.map_or_else(dash, |l| format!("{:+.0} ms", 1000.0 * l)),
    ]
}

/// The sums in words, a line each.
pub fn summary(scored: &Scored) -> Vec<String> {
    let s = &scored.score.sums;
    let t = &scored.score.timing;
    let mut out = vec![
        format!("{} of {} cues correct ({:.1} %)", s.correct, s.target, 100.0 * s.accuracy()),
        format!(
            "{} substitutions: {} of shape, {} of placement, {} of both",
            s.shape + s.placement + s.both,
            s.shape,
            s.placement,
            s.both
        ),
        format!("{} omissions, {} insertions", s.omissions, s.insertions),
    ];
    if t.n > 0 {
        out.push(format!(
            "Lead of the hand: mean {:.0} ms, standard deviation {:.0} ms (n = {})",
            1000.0 * t.lead_mean,
            1000.0 * t.lead_spread,
            t.n
        ));
    }
    match t.gad {
        Some(gad) => out.push(format!("GAD: {:.1} % within {:.0} ms", 100.0 * gad, 1000.0 * t.tau)),
        None => out.push("No lead and no GAD: the reference has no times".to_owned()),
    }
    out
}

/// What the guard found, a line each.
pub fn warnings(scored: &Scored) -> Vec<String> {
    let fps = scored.poses.fps;
    let time = |frame: usize| fps.time_of(FrameIndex(frame as u32)).0;
    scored
        .findings
        .iter()
        .map(|f| {
            let (from, to) = (time(f.frames.start), time(f.frames.end));
            format!("{from:.2}–{to:.2} s: {} ({:.2} inch)", f.fault.words(), f.worst)
        })
        .collect()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// The report as one HTML file.
pub fn html(title: &str, scored: &Scored, pictures: &[Option<Jpeg>]) -> String {
    let mut out = String::new();
    let title = escaped(title);
    let _ = write!(
        out,
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title}</title><style>\n\
         body{{font:15px/1.4 sans-serif;margin:2em;max-width:60em}}\n\
         table{{border-collapse:collapse}}td,th{{border-bottom:1px solid #bbb;padding:.25em .8em;text-align:left}}\n\
         tr.wrong td{{background:#fff1e0}}img{{height:96px;display:block}}\n\
         @media print{{tr{{break-inside:avoid}}}}\n</style></head><body>\n<h1>{title}</h1>\n<ul>\n"
    );
    for line in summary(scored) {
        let _ = writeln!(out, "<li>{}</li>", escaped(&line));
    }
    out.push_str("</ul>\n");
    let warnings = warnings(scored);
    if !warnings.is_empty() {
        out.push_str("<h2>Visibility</h2>\n<ul>\n");
        for line in warnings {
            let _ = writeln!(out, "<li>{}</li>", escaped(&line));
        }
        out.push_str("</ul>\n");
    }
    out.push_str(
        "<h2>Cues</h2>\n<table>\n<tr><th></th><th>Picture</th><th>Meant</th><th>Seen</th><th>Result</th><th>Held</th><th>Lead</th></tr>\n",
    );
    for (i, key) in scored.score.keys.iter().enumerate() {
        let class = if key.outcome == Outcome::Correct { "" } else { " class=\"wrong\"" };
        let _ = write!(out, "<tr{class}><td>{}</td><td>", i + 1);
        if let Some(jpeg) = key.read.and_then(|r| pictures.get(r)).and_then(Option::as_ref) {
            let _ = write!(out, "<img alt=\"\" src=\"data:image/jpeg;base64,{}\">", base64(&jpeg.data));
        }
        out.push_str("</td>");
        for cell in line(scored, key) {
            let _ = write!(out, "<td>{}</td>", escaped(&cell));
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</table>\n</body></html>\n");
    out
}

/// Left and right margin, top of the first line and bottom of the last, points.
const LEFT: f32 = 48.0;
const TOP: f32 = 60.0;
const BOTTOM: f32 = 800.0;
const LINE: f32 = 15.0;
const PICTURE: f32 = 62.0;

/// Where the columns of the list of cues begin: number, picture, and the five cells of [`line`].
const COLUMNS: [f32; 7] = [LEFT, LEFT + 30.0, LEFT + 105.0, LEFT + 190.0, LEFT + 275.0, LEFT + 390.0, LEFT + 460.0];

fn text(x: f32, y: f32, size: f32, bold: bool, text: &str) -> Item {
    Item::Text { x, y, size, bold, text: text.to_owned() }
}

fn put(pages: &mut [Vec<Item>], item: Item) {
    if let Some(page) = pages.last_mut() {
        page.push(item);
    }
}

/// Names of the columns at `y`; gives where the first row begins.
fn head(pages: &mut [Vec<Item>], y: f32) -> f32 {
    for (x, name) in COLUMNS.iter().zip(["", "", "Meant", "Seen", "Result", "Held", "Lead"]) {
        put(pages, text(*x, y, 10.0, true, name));
    }
    put(pages, Item::Rule { x: LEFT, y: y + 5.0, width: pdf::PAGE.0 - 2.0 * LEFT });
    y + 11.0
}

/// The report as PDF.
pub fn pdf(title: &str, scored: &Scored, pictures: &[Option<Jpeg>]) -> Vec<u8> {
    let mut pages: Vec<Vec<Item>> = vec![Vec::new()];
    let mut y = TOP;
    put(&mut pages, text(LEFT, y, 18.0, true, title));
    y += 1.6 * LINE;
    let warnings = warnings(scored);
    for line in summary(scored).iter().chain(&warnings) {
        if y > BOTTOM {
            pages.push(Vec::new());
            y = TOP;
        }
        put(&mut pages, text(LEFT, y, 10.0, false, line));
        y += LINE;
    }
    y += LINE;
    y = head(&mut pages, y);
    // Pictures that are used, in the order of the file.
    let mut used: Vec<Jpeg> = Vec::new();
    for (i, key) in scored.score.keys.iter().enumerate() {
        let picture = key.read.and_then(|r| pictures.get(r)).and_then(Option::as_ref);
        let height = if picture.is_some() { PICTURE + 4.0 } else { LINE + 4.0 };
        if y + height > BOTTOM {
            pages.push(Vec::new());
            y = head(&mut pages, TOP);
        }
        if let Some(jpeg) = picture {
            let width = (PICTURE * jpeg.width as f32 / jpeg.height.max(1) as f32).min(72.0);
            put(&mut pages, Item::Picture { x: COLUMNS[1], y, width, height: PICTURE, jpeg: used.len() });
            used.push(jpeg.clone());
        }
        let wrong = key.outcome != Outcome::Correct;
        put(&mut pages, text(COLUMNS[0], y + 12.0, 10.0, wrong, &(i + 1).to_string()));
        for (x, cell) in COLUMNS[2..].iter().zip(line(scored, key)) {
            put(&mut pages, text(*x, y + 12.0, 10.0, wrong, &cell));
        }
        y += height;
    }
    pdf::write(title, &pages, &used)
}

/// RFC 4648, with padding.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let all = chunk.iter().fold(0u32, |a, b| (a << 8) | u32::from(*b)) << (8 * (3 - chunk.len()));
        for k in 0..4 {
            if k <= chunk.len() {
                out.push(char::from(LETTERS[((all >> (18 - 6 * k)) & 63) as usize]));
            } else {
                out.push('=');
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_that_of_the_standard() {
        for (plain, coded) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")] {
            assert_eq!(base64(plain.as_bytes()), coded);
        }
    }
}
