//! The letters: fonts bundled with the program, so that Chinese, phonetic letters and symbols look the same everywhere
//! and never show as boxes. No font of the system is asked.
//!
//! Inter (with its figures of equal width) for the interface, DejaVu Sans Mono for times and notation, Droid Sans
//! Fallback for Chinese, and a few signs of Noto for what users paste. Licences: `assets/LICENSES.md`.

use crate::render::fonts::{CJK, INTER_BOLD, MONO, SYMBOLS};
use egui::epaint::text::FontTweak;
use egui::{FontData, FontDefinitions, FontFamily};
use std::sync::Arc;

const INTER: &[u8] = include_bytes!("../../assets/fonts/Inter-Regular.otf");

/// Names of the bundled fonts.
pub const NAMES: [&str; 5] = ["Inter", "Inter SemiBold", "DejaVu Sans Mono", "Droid Sans Fallback", "Cueloom Symbols"];

/// The families of the interface: proportional, monospaced and "bold".
pub fn definitions() -> FontDefinitions {
    let mut fonts = FontDefinitions { font_data: Default::default(), families: Default::default() };
    let mut add = |name: &str, bytes: &'static [u8], tweak: FontTweak| {
        fonts.font_data.insert(name.to_owned(), Arc::new(FontData::from_static(bytes).tweak(tweak)));
    };
    add("inter", INTER, FontTweak::default());
    add("inter-bold", INTER_BOLD, FontTweak::default());
    add("mono", MONO, FontTweak::default());
    add("cjk", CJK, FontTweak::default());
    add("symbols", SYMBOLS, FontTweak::default());
    let family = |names: &[&str]| names.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>();
    fonts.families.insert(FontFamily::Proportional, family(&["inter", "cjk", "mono", "symbols"]));
    fonts.families.insert(FontFamily::Monospace, family(&["mono", "inter", "cjk", "symbols"]));
    fonts.families.insert(FontFamily::Name("bold".into()), family(&["inter-bold", "cjk", "mono", "symbols"]));
    fonts
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::FontId;

    #[test]
    fn every_letter_that_the_languages_and_the_interface_need_has_a_glyph() {
        let mut fonts = egui::epaint::text::Fonts::new(egui::epaint::TextOptions::default(), definitions());
        let phones = "b p m f d t n l g k h j q x zh ch sh r z c s y w yu a o e er ai ei ao ou an en ang eng ong i u v \
                      ʃ ʒ ɲ ŋ ʁ ɥ ɛ ɑ ɔ ø œ ə ɑ\u{303} ɔ\u{303} ɛ\u{303} œ\u{303} θ ð ʍ tʃ dʒ ɪ æ ʊ ʌ ɝ ɚ oʊ eɪ aɪ aʊ ɔɪ ɡ ˈ ˌ ː";
        let interface =
            "… · – — “ ” ‘ ’ « » × ± → ← ↑ ↓ ≥ ≤ ° é è ê ç à œ ù ï ô ü ǚ ǘ ǜ ā á ǎ ñ € % & / \\ | ~ ⏸ ⏮ ⏭ ⟳ 🔒";
        let chinese = "他在银行工作中文普通话简体，。！？：；（）《》、“”行长重庆二〇〇零一两三";
        for family in [FontFamily::Proportional, FontFamily::Monospace, FontFamily::Name("bold".into())] {
            let mut view = fonts.with_pixels_per_point(1.0);
            for c in format!("{phones}{interface}{chinese}").chars() {
                assert!(
                    view.has_glyph(&FontId::new(13.0, family.clone()), c),
                    "{c:?} (U+{:04X}) in {family:?}",
                    c as u32
                );
            }
        }
    }

    #[test]
    fn figures_have_one_width() {
        let mut fonts = egui::epaint::text::Fonts::new(egui::epaint::TextOptions::default(), definitions());
        let mut view = fonts.with_pixels_per_point(1.0);
        let font = FontId::new(13.0, FontFamily::Proportional);
        let widths: Vec<f32> = ('0'..='9').map(|c| view.glyph_width(&font, c)).collect();
        assert!(widths.iter().all(|w| (w - widths[0]).abs() < 1e-3), "{widths:?}");
    }
}
