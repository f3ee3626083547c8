//! What a frame of the timeline costs at two hours with 100 000 segments: `cargo bench --bench timeline`.
//!
//! `cueloom bench --long` prints the one number over all of it; this table says where it comes from.

use cueloom::app::bench::{FrameTime, timeline_frames};

fn main() {
    let frames = timeline_frames();
    println!("{:>8}  {:<5} {:>6} {:>8} {:>8} {:>8}", "shown s", "way", "n", "median", "99 %", "most ms");
    let mut at = 0;
    while let Some(first) = frames.get(at) {
        let same = |f: &&FrameTime| f.shown == first.shown && f.way == first.way;
        let mut times: Vec<f64> = frames[at..].iter().take_while(same).map(|f| f.millis).collect();
        at += times.len();
        times.sort_by(f64::total_cmp);
        let of = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
        println!(
            "{:>8.0}  {:<5} {:>6} {:>8.2} {:>8.2} {:>8.2}",
            first.shown.0,
            first.way,
            times.len(),
            of(0.5),
            of(0.99),
            of(1.0)
        );
    }
}
