use super::*;

#[test]
fn probe() {
    let n = std::env::var("N").ok().and_then(|n| n.parse().ok()).unwrap_or(60);
    let first = std::env::var("FIRST").ok().and_then(|n| n.parse().ok()).unwrap_or(1_000_000);
    let what = std::env::var("WHAT").unwrap_or("clean noisy".into());
    for language in Language::ALL {
        let mut conditions = Vec::new();
        if what.contains("clean") { conditions.push(("clean".to_string(), Condition::CLEAN)); }
        if what.contains("noisy") { conditions.push(("noisy".to_string(), Condition::NOISY)); }
        if what.contains("flat") { conditions.push(("flat".to_string(), Condition { depth: false, ..Condition::CLEAN })); }
        if what.contains("speeds") {
            for r in 1..=6 { conditions.push((format!("{r}/s"), Condition { rate: Some(r as f64), ..Condition::CLEAN })); }
        }
        for (name, c) in conditions {
            let m = measure(language, first, n, &c, &Silent);
            println!("{} {name}: n {} acc {:.4} strict {:.4} {:?}", language.code(), m.sums.target, m.sums.accuracy(), m.sums.strict_accuracy(), m.sums);
            println!("   presets {:?} R {:.4} L {:.4}", m.presets.map(|p| format!("{:.4}", p.strict_accuracy())), m.right_handed.strict_accuracy(), m.left_handed.strict_accuracy());
            for f in &m.failed { println!("   FAILED {f}"); }
            for e in m.examples.iter().take(20) { println!("   {e}"); }
        }
    }
}

#[test]
fn show() {
    let Ok(spec) = std::env::var("CASE") else { return };
    for one in spec.split_whitespace() {
        let (code, number) = one.split_once(':').unwrap();
        let language: Language = code.parse().unwrap();
        let number: u64 = number.parse().unwrap();
        let rate = CALM[(number / 3 % 4) as usize];
        let (input, person, preset, text) = input(language, number, rate).unwrap();
        let poses = person.seen(&Rules.generate(&input, &Silent).unwrap(), &input.keys);
        let reading = read(&poses, Chart::builtin(language), &ReadOptions::default()).unwrap();
        println!("== {one} {preset:?} {rate} {} {:?} {text}", input.fps.rate(), reading.handed);
        for k in &input.keys {
            let t = &k.times;
            println!("  {}-{:9} {:?} a {:.2}-{:.2} M {:.2}-{:.2} D {:.2}-{:.2}", k.shape.0, k.position.name(), k.movement, t.a1.0, t.a3.0, t.m1.0, t.m2.0, t.d1.0, t.d2.0);
        }
        for k in &reading.keys {
            println!("     {}-{:9} {:?} {:.2}-{:.2} {:.2} {:?}", k.shape.0, k.position.name(), k.movement, k.time.start.0, k.time.end.0, k.confidence, k.alternatives.first());
        }
    }
}
