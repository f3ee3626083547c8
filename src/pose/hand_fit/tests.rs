use super::*;
use crate::pose::hand::HandModel;

#[test]
fn hands_that_are_not_the_model_are_found_again() {
    let report = evaluate(3, 250);
    assert_eq!((report.n, report.beyond_limits), (250, 0), "{report:?}");
    assert!(report.clean_px <= 1.5, "{report:?}");
    assert!(report.raw_noisy_px > 4.7 && report.noisy_px <= 3.5, "{report:?}");
}

#[test]
#[ignore = "prints"]
fn print_report() {
    for seed in 1..5 {
        let t = std::time::Instant::now();
        let r = evaluate(seed, 500);
        println!("{seed}: {r:?} {:?}", t.elapsed());
    }
}
