//! Texts with times as other programs write them.

use cueloom::exchange::textgrid;
use cueloom::time::Seconds;
use std::path::Path;

#[test]
fn textgrids_of_all_programs_say_the_same() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/textgrid");
    let mut read = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if !name.ends_with(".TextGrid") {
            continue;
        }
        let tiers = textgrid::read(&std::fs::read(&path).unwrap()).unwrap_or_else(|e| panic!("{name}: {e}"));
        let labels = |tier: &str| -> Vec<(f64, f64, String)> {
            let tier = tiers.tier(tier).unwrap_or_else(|| panic!("{name}: no tier {tier}"));
            tier.intervals.iter().map(|(r, t)| (r.start.0, r.end.0, t.clone())).collect()
        };
        let (first, third) = if name.starts_with("latin1") { ("tu", "Noël") } else { ("他", "ɑ\u{303} tʃ") };
        let want = [(0.0, 0.48, first), (0.48, 1.0, "dit \"été\""), (1.5, 2.125, third)];
        assert_eq!(labels("words"), want.map(|(a, b, t)| (a, b, t.to_owned())), "{name}");
        assert_eq!(labels("Clicks"), [(0.5, 0.5, "a".to_owned())], "{name}");
        assert!(labels("empty").is_empty(), "{name}");
        assert_eq!((tiers.length, tiers.tiers.len()), (Seconds(3.25), 3), "{name}");
        assert_eq!(textgrid::read(textgrid::write(&tiers).as_bytes()).unwrap(), tiers, "{name}");
        read += 1;
    }
    assert_eq!(read, 9);
}

#[test]
fn our_textgrid_is_what_praat_itself_would_write() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/textgrid/praat-long.TextGrid");
    let by_praat = std::fs::read_to_string(path).unwrap();
    assert_eq!(textgrid::write(&textgrid::read(by_praat.as_bytes()).unwrap()), by_praat);
}
