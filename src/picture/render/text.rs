//! Text as outlines: captions and labels in Latin, IPA and Chinese from the fonts that the program ships.
//!
//! Each sign is taken from the first font that has it and set by its own width; there is neither kerning nor joining,
//! which these scripts read well without. Signs that no font has are left out.

use super::fonts::{CJK, INTER_BOLD, MONO, SYMBOLS};
use super::paint::{Path, Pt};
use skrifa::instance::{LocationRef, Size};
use skrifa::outline::{DrawSettings, OutlinePen};
use skrifa::{FontRef, GlyphId, MetadataProvider};
use std::sync::OnceLock;

/// The fonts in the order in which they are asked for a sign.
fn files() -> [&'static [u8]; 4] {
    [INTER_BOLD, CJK, MONO, SYMBOLS]
}

/// Distance of lines in font sizes.
pub const LINE: f32 = 1.28;
/// The baseline under the top of a line.
pub const ASCENT: f32 = 0.98;

fn fonts() -> &'static [FontRef<'static>] {
    static FONTS: OnceLock<Vec<FontRef<'static>>> = OnceLock::new();
    // A file that is no font is left out: then its signs are missing, nothing else.
    FONTS.get_or_init(|| files().into_iter().filter_map(|bytes| FontRef::new(bytes).ok()).collect())
}

/// The font and the glyph of a sign.
fn glyph(sign: char) -> Option<(&'static FontRef<'static>, GlyphId)> {
    fonts().iter().find_map(|font| font.charmap().map(sign).filter(|id| id.to_u32() != 0).map(|id| (font, id)))
}

/// Width of a sign in font sizes.
fn advance(sign: char) -> f32 {
    glyph(sign)
        .and_then(|(font, id)| font.glyph_metrics(Size::new(1.0), LocationRef::default()).advance_width(id))
        .unwrap_or(0.0)
}

/// Width of a text on one line, in font sizes.
pub fn width(text: &str) -> f32 {
    text.chars().map(advance).sum()
}

/// Whether a line may be broken before this sign though no space stands there: Chinese, but not its closing marks.
fn breaks_before(sign: char) -> bool {
    let wide = matches!(sign, '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ffef}' | '\u{20000}'..='\u{2ffff}');
    let closing = matches!(
        sign,
        '，' | '。'
            | '！'
            | '？'
            | '、'
            | '；'
            | '：'
            | '）'
            | '」'
            | '』'
            | '》'
            | '〉'
            | '】'
            | '”'
            | '’'
            | '…'
            | '々'
            | 'ー'
    );
    wide && !closing
}

/// A text in lines no wider than `most` font sizes, as even as they can be; a word that is wider stands alone. Line
/// breaks of the text are kept.
pub fn lines(text: &str, most: f32) -> Vec<String> {
    let mut out = Vec::new();
    for paragraph in text.lines().map(str::trim).filter(|p| !p.is_empty()) {
        let greedy = fill(paragraph, most);
        // As many lines as needed, each about as long as the next: the least width that needs no more of them.
        let (mut low, mut high) = (most / greedy.len() as f32 * 0.7, most);
        for _ in 0..12 {
            let middle = 0.5 * (low + high);
            if fill(paragraph, middle).len() > greedy.len() { low = middle } else { high = middle }
        }
        let even = fill(paragraph, high);
        out.extend(if even.len() == greedy.len() { even } else { greedy });
    }
    out
}

fn fill(paragraph: &str, most: f32) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    let mut fresh = true;
    for sign in paragraph.chars() {
        if sign.is_whitespace() {
            fresh = true;
        } else if fresh || breaks_before(sign) {
            // A space that was there is kept with the piece that follows it.
            let space = if fresh && !pieces.is_empty() { " " } else { "" };
            pieces.push(format!("{space}{sign}"));
            fresh = false;
        } else if let Some(last) = pieces.last_mut() {
            last.push(sign);
        }
    }
    let mut out: Vec<String> = Vec::new();
    let mut used = 0.0;
    for piece in pieces {
        let wide = width(&piece);
        match out.last_mut() {
            Some(line) if used + wide <= most => {
                line.push_str(&piece);
                used += wide;
            }
            _ => {
                let piece = piece.trim_start();
                used = width(piece);
                out.push(piece.to_owned());
            }
        }
    }
    out
}

/// The outlines of a line of text: `origin` is the left end of its baseline, `size` the font size, picture units.
pub fn outline(text: &str, origin: Pt, size: f32) -> Path {
    let mut pen = Pen { outlines: Vec::new(), origin, size, last: [0.0, 0.0] };
    let mut x = 0.0;
    for sign in text.chars() {
        let Some((font, id)) = glyph(sign) else { continue };
        pen.origin[0] = origin[0] + x * size;
        if let Some(outline) = font.outline_glyphs().get(id) {
            // A damaged outline leaves its sign out.
            let _ = outline.draw(DrawSettings::unhinted(Size::new(1.0), LocationRef::default()), &mut pen);
        }
        x += advance(sign);
    }
    Path { outlines: pen.outlines }
}

/// Turns curves into short straight lines; fonts count upwards, pictures downwards.
struct Pen {
    outlines: Vec<Vec<Pt>>,
    origin: Pt,
    size: f32,
    last: Pt,
}

/// Pieces of a curve: a sign is seldom more than a hundred pixels high.
const PIECES: usize = 6;

impl Pen {
    fn to(&mut self, x: f32, y: f32) {
        let p = [self.origin[0] + x * self.size, self.origin[1] - y * self.size];
        if let Some(outline) = self.outlines.last_mut() {
            outline.push(p);
        }
    }
}

impl OutlinePen for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.outlines.push(Vec::new());
        self.to(x, y);
        self.last = [x, y];
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.to(x, y);
        self.last = [x, y];
    }

    fn quad_to(&mut self, cx: f32, cy: f32, x: f32, y: f32) {
        let [ax, ay] = self.last;
        for i in 1..=PIECES {
            let t = i as f32 / PIECES as f32;
            let (a, b, c) = ((1.0 - t) * (1.0 - t), 2.0 * t * (1.0 - t), t * t);
            self.to(a * ax + b * cx + c * x, a * ay + b * cy + c * y);
        }
        self.last = [x, y];
    }

    fn curve_to(&mut self, cx0: f32, cy0: f32, cx1: f32, cy1: f32, x: f32, y: f32) {
        let [ax, ay] = self.last;
        for i in 1..=PIECES {
            let t = i as f32 / PIECES as f32;
            let s = 1.0 - t;
            let (a, b, c, d) = (s * s * s, 3.0 * s * s * t, 3.0 * s * t * t, t * t * t);
            self.to(a * ax + b * cx0 + c * cx1 + d * x, a * ay + b * cy0 + c * cy1 + d * y);
        }
        self.last = [x, y];
    }

    fn close(&mut self) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_script_of_the_program_has_outlines() {
        for sign in "Aé7ɑʃœ你好，ㄅ→".chars() {
            let path = outline(&sign.to_string(), [0.0, 0.0], 1.0);
            let points = path.outlines.iter().map(Vec::len).sum::<usize>();
            assert!(points >= 3 && advance(sign) > 0.1, "{sign}");
            assert!(path.outlines.iter().flatten().all(|p| p[1] < 0.4 && p[1] > -1.1), "{sign} stands on its baseline");
        }
        assert_eq!(outline("\u{10ffff}", [0.0, 0.0], 1.0).outlines.len(), 0);
        assert!(width("ii") < width("WW") && (width("你好") - 2.0 * width("你")).abs() < 1e-4);
    }

    #[test]
    fn lines_break_where_they_may_and_come_out_even() {
        let text = "She had your dark suit in greasy wash water all year";
        let set = lines(text, 14.0);
        assert_eq!(set.join(" "), text);
        assert!(set.len() >= 2 && set.iter().all(|l| width(l) <= 14.0), "{set:?}");
        let (least, most) = set.iter().map(|l| width(l)).fold((99.0f32, 0.0f32), |(a, b), w| (a.min(w), b.max(w)));
        assert!(least > 0.5 * most, "{set:?}");
        // Chinese breaks anywhere, but no line begins with a mark.
        let set = lines("她今天早上在学校门口等了很久，后来就回家了。", 8.0);
        assert!(set.len() >= 3 && set.iter().all(|l| !l.starts_with(['，', '。'])), "{set:?}");
        assert_eq!(set.concat(), "她今天早上在学校门口等了很久，后来就回家了。");
        assert_eq!(lines("one\ntwo", 50.0), ["one", "two"]);
        assert!(lines(" \n ", 5.0).is_empty());
    }
}
