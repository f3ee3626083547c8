//! How fast the warp is beside OpenCV's, on the same picture and field: see `benches/warp_opencv.py`.

use super::tests::{mira, nod, posed, say};
use super::*;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

/// Draws in turns with OpenCV and prints the ratio of the times.
#[test]
#[ignore = "needs Python with OpenCV, named by CUELOOM_PYTHON; prints measurements"]
fn warp_beside_opencv() {
    let python = std::env::var_os("CUELOOM_PYTHON").unwrap_or_else(|| "python3".into());
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/warp_opencv.py");
    let script = std::env::var_os("CUELOOM_WARP_SCRIPT").unwrap_or_else(|| script.into());
    let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build().unwrap();
    for height in [512, 1080] {
        let options = RenderOptions { height, backend: Backend::Cpu, ..RenderOptions::default() };
        let r = Renderer::new(mira(), &options).unwrap();
        let pose = posed(|p| {
            nod(p, [0.012, 0.008], 0.06);
            say(p, 0.03, 0.004);
            p.points[index::LEFT_SHOULDER].y -= 0.006;
            p.points[index::RIGHT_SHOULDER].y -= 0.006;
        });
        let field = r.warp.field(&r.rig.read(&pose));
        let folder = tempfile::tempdir().unwrap();
        let grid = field.grid;
        let about = format!(
            "{{\"width\":{},\"height\":{height},\"columns\":{},\"rows\":{},\"origin\":{:?},\"cell\":{:?}}}",
            r.texture.width, grid.columns, grid.rows, grid.origin, grid.cell
        );
        std::fs::write(folder.path().join("about.json"), about).unwrap();
        std::fs::write(folder.path().join("picture.raw"), r.texture.bytes()).unwrap();
        std::fs::write(folder.path().join("grid.raw"), bytemuck::cast_slice(field.flow().back)).unwrap();
        let mut child = Command::new(&python)
            .arg(&script)
            .arg(folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("Python with OpenCV");
        let mut ask = child.stdin.take().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        println!("{height}: {}", lines.next().unwrap().unwrap());
        let mut out = Vec::new();
        let median = |v: &mut Vec<f64>| {
            v.sort_by(f64::total_cmp);
            v[v.len() / 2]
        };
        let (mut theirs, mut ours) = ([Vec::new(), Vec::new()], [Vec::new(), Vec::new()]);
        for _ in 0..25 {
            writeln!(ask, "go").unwrap();
            let line = lines.next().unwrap().unwrap();
            let numbers: Vec<f64> = line.split(' ').map(|n| n.parse().unwrap()).collect();
            theirs[0].push(numbers[0]);
            theirs[1].push(numbers[1]);
            let mut times: Vec<f64> = (0..12)
                .map(|_| {
                    let start = Instant::now();
                    pool.install(|| warp::draw(&r.texture, &field, &mut out));
                    start.elapsed().as_secs_f64() * 1e3
                })
                .collect();
            times.sort_by(f64::total_cmp);
            ours[0].push(times[0]);
            ours[1].push(times[6]);
        }
        drop(ask);
        child.wait().unwrap();
        let (a, b) = ([median(&mut theirs[0]), median(&mut theirs[1])], [median(&mut ours[0]), median(&mut ours[1])]);
        println!(
            "{height}: OpenCV {:.3} ms, here {:.3} ms: ratio {:.2} (fastest of 12, median of 25); medians {:.3} and {:.3}: {:.2}",
            a[0],
            b[0],
            a[0] / b[0],
            a[1],
            b[1],
            a[1] / b[1]
        );
        // It is the same picture, where the person is.
        let other = std::fs::read(folder.path().join("opencv.raw")).unwrap();
        let person = out.chunks_exact(4).zip(other.chunks_exact(4)).filter(|(p, _)| p[3] == 255);
        let (mut sum, mut n) = (0.0, 0.0);
        for (p, q) in person {
            sum += (0..3).map(|k| f64::from(p[k].abs_diff(q[k]))).sum::<f64>();
            n += 3.0;
        }
        println!("{height}: {:.2} of 255 apart on the person", sum / n);
        assert!(sum / n < 2.0);
    }
}
