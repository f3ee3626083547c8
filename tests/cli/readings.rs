//! Readings and flags on gold that was never looked at while coding.

use super::{code, cueloom, err, out, path};
use serde_json::Value;
use std::path::Path;

/// The targets: at most 0.5 % of the sounds wrong and fewer than 10 % of the right keys flagged in each language. Wrong
/// keys are few in each, so their flags are counted together. That 80 % of them are flagged is the aim and not reached
/// (17 of 35 when the second set was first measured); what is held here is that it does not get worse.
#[test]
fn unseen_gold_is_read_within_the_targets_and_what_is_wrong_is_flagged() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/readings");
    let mut files: Vec<_> = std::fs::read_dir(&folder).expect("gold").flatten().map(|e| e.path()).collect();
    files.retain(|f| f.file_name().is_some_and(|n| n.to_string_lossy().contains("-unseen")));
    assert!(files.len() >= 3, "{files:?}");
    let mut args = vec!["eval", "cues", "--json"];
    args.extend(files.iter().map(|f| path(f)));
    let output = cueloom(&args);
    assert_eq!(code(&output), 0, "{}", err(&output));
    let value: Value = serde_json::from_str(&out(&output)).expect("JSON");
    let languages = value["cues"].as_object().expect("languages");
    assert_eq!(languages.len(), 3);
    let (mut flagged, mut wrong) = (0.0, 0.0);
    for (language, found) in languages {
        let number = |name: &str| found[name].as_f64().unwrap_or_else(|| panic!("{language}: {name} in {found}"));
        assert!(number("n_items") >= 150.0, "{language}: {found}");
        assert!(number("token_error_rate") <= 0.005, "{language}: {found}");
        assert!(number("flag_false_rate") < 0.10, "{language}: {found}");
        wrong += number("n_wrong_keys");
        flagged += found["flag_recall"].as_f64().unwrap_or(0.0) * number("n_wrong_keys");
    }
    println!("{flagged} of {wrong} wrong keys are flagged");
    assert!(flagged >= 0.45 * wrong, "{flagged} of {wrong} wrong keys are flagged");
}
