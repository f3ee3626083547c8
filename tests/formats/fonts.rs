//! The letters of the bundled fonts, counted in the fonts themselves.

use std::collections::HashSet;
use std::path::Path;

/// The characters that a font maps to a glyph, from its `cmap` (formats 4 and 12).
fn characters(font: &[u8]) -> HashSet<u32> {
    let u16_at = |at: usize| u32::from(u16::from_be_bytes([font[at], font[at + 1]]));
    let u32_at = |at: usize| u32::from_be_bytes([font[at], font[at + 1], font[at + 2], font[at + 3]]);
    let tables = u16_at(4) as usize;
    let cmap = (0..tables).map(|i| 12 + 16 * i).find(|&at| &font[at..at + 4] == b"cmap").expect("a cmap");
    let cmap = u32_at(cmap + 8) as usize;
    let mut all = HashSet::new();
    for i in 0..u16_at(cmap + 2) as usize {
        let at = cmap + u32_at(cmap + 4 + 8 * i + 4) as usize;
        match u16_at(at) {
            4 => {
                let segments = u16_at(at + 6) as usize;
                for s in (0..segments).step_by(2) {
                    let (end, start) = (u16_at(at + 14 + s), u16_at(at + 16 + segments + s));
                    let delta = u16_at(at + 16 + 2 * segments + s);
                    let offset_at = at + 16 + 3 * segments + s;
                    let offset = u16_at(offset_at) as usize;
                    all.extend((start..=end).filter(|&c| c != 0xffff).filter(|&c| match offset {
                        0 => (c + delta) & 0xffff != 0,
                        _ => u16_at(offset_at + offset + 2 * (c - start) as usize) != 0,
                    }));
                }
            }
            12 => {
                for g in 0..u32_at(at + 12) as usize {
                    let group = at + 16 + 12 * g;
                    all.extend(u32_at(group)..=u32_at(group + 4));
                }
            }
            _ => {}
        }
    }
    all
}

#[test]
fn the_bundled_fonts_have_every_letter() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/fonts");
    let font = |name: &str| characters(&std::fs::read(folder.join(name)).unwrap_or_else(|e| panic!("{name}: {e}")));
    let (inter, bold, mono) = (font("Inter-Regular.otf"), font("Inter-SemiBold.otf"), font("DejaVuSansMono.ttf"));
    let (chinese, symbols) = (font("DroidSansFallbackFull.ttf"), font("Symbols.ttf"));
    let needs = |fonts: &[&HashSet<u32>], what: &str, text: &str| {
        let missing: Vec<String> = text
            .chars()
            .filter(|c| !c.is_whitespace() && !fonts.iter().any(|f| f.contains(&u32::from(*c))))
            .map(|c| format!("{c} U+{:04X}", u32::from(c)))
            .collect();
        assert!(missing.is_empty(), "{what}: {missing:?}");
    };
    // Every phone of the three languages, and the marks of dictionaries.
    let phones = "b p m f d t n l g k h j q x zh ch sh r z c s y w yu a o e er ai ei ao ou an en ang eng ong i u v ü \
                  ʃ ʒ ɲ ŋ ʁ ɥ ɛ ɑ ɔ ø œ ə ɑ̃ ɔ̃ ɛ̃ œ̃ ɑ\u{303} θ ð ʍ tʃ dʒ ɪ æ ʊ ʌ ɝ ɚ oʊ eɪ aɪ aʊ ɔɪ ɡ ˈ ˌ ː ɹ ʔ ɾ ɫ ʰ ʲ n̩ ̯ ͡";
    let latin =
        "ÀÂÄÆÇÉÈÊËÎÏÔŒÙÛÜŸàâäæçéèêëîïôœùûüÿ ñáíóú āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ «»‹›“”‘’„ …–—·•×÷±≈≠≤≥°′″€£%‰§©®™½¼¾²³";
    for (name, f) in [("Inter", &inter), ("Inter SemiBold", &bold), ("DejaVu Sans Mono", &mono)] {
        needs(&[f], name, phones);
        needs(&[f], name, latin);
        needs(&[f, &symbols], name, "▶⏸⏮⏭⟳◆●▲△▼←→↑↓✓✗…×°–—○◇■□◀⏹⏺⏵★☆⚠🔒🔓👁🔇🔊");
    }
    needs(&[&chinese, &symbols], "Chinese signs", "，。！？：；（）《》〈〉「」『』【】、〇～￥％　ㄅㄆㄇㄈ");
    // All 20 902 characters of the first Unicode block: Simplified and Traditional, far beyond the 8000 commonest.
    let hanzi: String = (0x4e00..=0x9fa5).filter_map(char::from_u32).collect();
    needs(&[&chinese], "hanzi", &hanzi);
    let bytes: u64 = std::fs::read_dir(&folder).unwrap().map(|e| e.unwrap().metadata().unwrap().len()).sum();
    assert!(bytes < 7_000_000, "{bytes} bytes of fonts");
}
