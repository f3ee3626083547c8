//! `cueloom hands`: layers of corrections, and the hands that look worst.

use super::*;

fn json_of(args: &[&str]) -> Value {
    let output = cueloom(args);
    assert_eq!(code(&output), 0, "{}", err(&output));
    serde_json::from_str(&out(&output)).expect("JSON")
}

#[test]
fn hands_are_corrected_listed_and_undone_by_removing() {
    let dir = tempfile::tempdir().expect("a folder");
    let project = french_sample(dir.path());
    let p = path(&project);
    let poses = |name: &str| {
        let file = dir.path().join(name);
        let output = cueloom(&["generate", p, "--out", path(&file)]);
        assert_eq!(code(&output), 0, "{}", err(&output));
        std::fs::read_to_string(&file).expect("poses")
    };
    let before = poses("before.json");
    let run = |args: &[&str]| {
        let output = cueloom(&[&["hands", p], args].concat());
        assert_eq!(code(&output), 0, "{args:?}: {}", err(&output));
        out(&output)
    };
    let listed =
        run(&["add", "--from", "1.0", "--to", "1.8", "--preset", "fist", "--strength", "0.8", "--name", "calm"]);
    assert!(listed.starts_with("1\tright\t") && listed.contains("80 %\t1 keys\tcalm"), "{listed}");
    run(&["key", "1", "--time", "1.4", "--set", "curl-index=-0.5", "--set", "wrist-roll=12", "--ease", "linear"]);
    run(&["set", "1", "--padding", "0.2", "--toward", "0.3"]);
    run(&["propagate", "1", "--time", "1.4", "--from", "1.6", "--to", "2.0"]);
    run(&["mirror", "1"]);
    let value = json_of(&["hands", p, "list", "--json"]);
    let layer = &value["layers"][0];
    assert_eq!((layer["padding"].as_f64(), layer["end"].as_f64()), (Some(0.2), Some(2.0)));
    let keys = layer["keys"].as_array().expect("keys");
    assert_eq!(keys.len(), 4);
    assert_eq!(keys[1]["ease"], "linear");
    assert_eq!(keys[3]["values"]["wrist-roll"], 12.0);
    assert_eq!((keys[0]["preset"].as_str(), value["layers"][1]["side"].as_str()), (Some("fist"), Some("left")));

    let corrected = poses("corrected.json");
    assert_ne!(before, corrected);
    run(&["mute", "1"]);
    assert_eq!(poses("muted.json"), before);
    run(&["mute", "1", "--off"]);
    assert_eq!(poses("again.json"), corrected);
    run(&["move", "2", "1"]);
    run(&["remove", "1"]);
    run(&["remove", "1"]);
    assert_eq!(run(&["list"]), "");
    assert_eq!(poses("removed.json"), before);

    let worst = json_of(&["hands", p, "worst", "--below", "1.0", "--count", "5", "--json"]);
    let hands = worst["hands"].as_array().expect("hands");
    assert!(hands.len() <= 5 && worst["frames"].as_u64().is_some_and(|n| n > 50));
    let scores: Vec<f64> = hands.iter().filter_map(|h| h["plausibility"].as_f64()).collect();
    assert!(scores.windows(2).all(|s| s[0] <= s[1]), "the worst first: {scores:?}");

    for (bad, says) in [
        (&["remove", "4"][..], "there is no hand layer 4"),
        (&["add", "--from", "2", "--to", "1"], "impossible stretch"),
        (&["add", "--from", "1", "--to", "2", "--strength", "3"], "impossible strength"),
        (&["key", "1", "--time", "1", "--set", "curl-nose=1"], "there is no \"curl-nose\""),
        (&["key", "1", "--time", "1", "--set", "curl-index=4"], "from -1 to 1"),
    ] {
        let output = cueloom(&[&["hands", p], bad].concat());
        assert_eq!(code(&output), 2, "{bad:?}");
        assert!(err(&output).contains(says), "{bad:?}: {}", err(&output));
    }
}
