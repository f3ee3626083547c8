//! Where the time of a frame goes, and the warp beside OpenCV's: `cargo bench -p cueloom-picture --bench render`.
//!
//! Arguments after `--`: `steps` (the default) prints the processor time of each step of a frame and the frames that two
//! threads draw in a second; `opencv PYTHON` draws the warp in turns with OpenCV, see `warp_opencv.py`; `frames FOLDER`
//! writes frames of every presenter, to be looked at or compared with those of another build by `compare A B`.

use cueloom_domain::cueing::Position;
use cueloom_domain::cueing::when::TimingOptions;
use cueloom_domain::generate::{Generator, examples, rules::Rules};
use cueloom_domain::pose::{PoseFrame, index};
use cueloom_domain::progress::Silent;
use cueloom_picture::render::identity::Identity;
use cueloom_picture::render::{Backend, RenderOptions, Renderer, measure};
use rayon::prelude::*;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Instant;

const PLACES: [Position; 5] = [Position::Side, Position::Mouth, Position::Chin, Position::Cheekbone, Position::Throat];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|a| a != "--bench").collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words[..] {
        [] | ["steps"] => steps("mira"),
        ["steps", name] => steps(name),
        ["opencv", python] => opencv(python),
        ["frames", folder] => frames(Path::new(folder)),
        ["compare", a, b] => compare(Path::new(a), Path::new(b)),
        _ => eprintln!("steps [NAME] | opencv PYTHON | frames FOLDER | compare FOLDER FOLDER"),
    }
}

/// Ten seconds of cueing: every shape at every place, speaking.
fn performance(identity: &Identity) -> Vec<PoseFrame> {
    let keys: Vec<_> = (0..16).map(|i| (1 + (i * 3 % 8) as u8, PLACES[i % 5], None)).collect();
    let mut input = examples::input_with_keys(&keys, 0.5, 0.5, &TimingOptions::default());
    input.reference = identity.reference.clone();
    Rules.generate(&input, &Silent).expect("poses").frames
}

fn renderer(name: &str, height: u32) -> (Renderer, Vec<PoseFrame>) {
    let identity = Arc::new(Identity::builtin(name).expect("a presenter"));
    let poses = performance(&identity);
    let options = RenderOptions { height, backend: Backend::Cpu, ..RenderOptions::default() };
    (Renderer::new(identity, &options).expect("a renderer"), poses)
}

fn pool(threads: usize) -> rayon::ThreadPool {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads")
}

/// Seconds that this thread has worked, where the system says so, else those that have passed.
fn worked() -> f64 {
    #[cfg(target_os = "linux")]
    {
        #[repr(C)]
        struct Timespec {
            seconds: i64,
            nanoseconds: i64,
        }
        unsafe extern "C" {
            fn clock_gettime(clock: i32, time: *mut Timespec) -> i32;
        }
        const THREAD_CPUTIME: i32 = 3;
        let mut time = Timespec { seconds: 0, nanoseconds: 0 };
        // SAFETY: the structure is that of 64-bit Linux and outlives the call.
        unsafe { clock_gettime(THREAD_CPUTIME, &mut time) };
        time.seconds as f64 + time.nanoseconds as f64 * 1e-9
    }
    #[cfg(not(target_os = "linux"))]
    {
        use std::sync::OnceLock;
        static BEGUN: OnceLock<Instant> = OnceLock::new();
        BEGUN.get_or_init(Instant::now).elapsed().as_secs_f64()
    }
}

fn steps(name: &str) {
    let (alone, two) = (pool(1), pool(2));
    for height in [512, 1080] {
        let (renderer, poses) = renderer(name, height);
        // Of three rounds the quickest of each step: other programs only ever add.
        let mut best: Vec<(&'static str, f64)> = Vec::new();
        for _ in 0..3 {
            let found = alone.install(|| measure::steps(&renderer, &poses, &worked));
            match best.is_empty() {
                true => best = found,
                false => best.iter_mut().zip(&found).for_each(|(b, f)| b.1 = b.1.min(f.1)),
            }
        }
        println!("{name}, {height}: ms of one processor a frame (n = {} frames)", poses.len());
        for (name, seconds) in &best {
            println!("  {name:<26} {:>7.3}", seconds * 1e3);
        }
        let whole: f64 = best.iter().map(|b| b.1).sum();
        println!("  {:<26} {:>7.3}  = {:.0} frames/s on two such", "all", whole * 1e3, 2.0 / whole);
        // Whole frames side by side, as an export draws them.
        let mut pictures = vec![Vec::new(); 4];
        let begun = Instant::now();
        let spent: f64 = two.install(|| {
            let before: f64 = rayon::broadcast(|_| worked()).iter().sum();
            for poses in poses.chunks(4) {
                pictures.par_iter_mut().zip(poses).for_each(|(out, pose)| renderer.render_into(pose, out));
            }
            rayon::broadcast(|_| worked()).iter().sum::<f64>() - before
        });
        let (frames, passed) = (poses.len() as f64, begun.elapsed().as_secs_f64());
        println!(
            "  two threads: {:.0} frames/s as the clock says, {:.3} ms of processors a frame = {:.0} frames/s on two idle ones",
            frames / passed,
            1e3 * spent / frames,
            2.0 * frames / spent
        );
    }
}

/// Draws in turns with OpenCV and prints the ratio of the times.
fn opencv(python: &str) {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../../benches/warp_opencv.py");
    let pool = pool(2);
    for height in [512u32, 1080] {
        let (renderer, _) = renderer("mira", height);
        let pose = spoken(&renderer.identity().reference);
        let warp = measure::OneWarp::new(&renderer, &pose);
        let folder = tempfile::tempdir().expect("a folder");
        let ([columns, rows], origin, cell) = warp.grid();
        let about = format!(
            "{{\"width\":{},\"height\":{height},\"columns\":{columns},\"rows\":{rows},\"origin\":{origin:?},\"cell\":{cell:?}}}",
            renderer.size().0,
        );
        let write = |name: &str, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes).expect("written");
        write("about.json", about.as_bytes());
        write("picture.raw", warp.picture());
        write("grid.raw", bytemuck::cast_slice(warp.displacements()));
        let mut child = Command::new(python)
            .arg(script)
            .arg(folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("Python with OpenCV");
        let mut ask = child.stdin.take().expect("piped");
        let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines().map(|l| l.expect("a line"));
        println!("{height}: {}", lines.next().expect("a greeting"));
        let mut out = Vec::new();
        let median = |v: &mut Vec<f64>| {
            v.sort_by(f64::total_cmp);
            v[v.len() / 2]
        };
        let (mut theirs, mut ours) = ([Vec::new(), Vec::new()], [Vec::new(), Vec::new()]);
        for _ in 0..25 {
            writeln!(ask, "go").expect("asked");
            let line = lines.next().expect("an answer");
            let numbers: Vec<f64> = line.split(' ').map(|n| n.parse().expect("a number")).collect();
            theirs[0].push(numbers[0]);
            theirs[1].push(numbers[1]);
            let mut times: Vec<f64> = (0..12)
                .map(|_| {
                    let begun = Instant::now();
                    pool.install(|| warp.draw(&mut out));
                    begun.elapsed().as_secs_f64() * 1e3
                })
                .collect();
            times.sort_by(f64::total_cmp);
            ours[0].push(times[0]);
            ours[1].push(times[6]);
        }
        drop(ask);
        child.wait().expect("ended");
        for (k, which) in ["fastest of 12, median of 25", "medians"].into_iter().enumerate() {
            let (a, b) = (median(&mut theirs[k]), median(&mut ours[k]));
            println!("{height}: OpenCV {a:.3} ms, here {b:.3} ms: ratio {:.2} ({which})", a / b);
        }
        // It is the same picture, where the person is.
        let other = std::fs::read(folder.path().join("opencv.raw")).expect("their picture");
        let person = out.chunks_exact(4).zip(other.chunks_exact(4)).filter(|(p, _)| p[3] == 255);
        let (mut sum, mut n) = (0.0, 0.0);
        for (p, q) in person {
            sum += (0..3).map(|k| f64::from(p[k].abs_diff(q[k]))).sum::<f64>();
            n += 3.0;
        }
        println!("{height}: {:.2} of 255 apart on the person", sum / n);
        assert!(sum / n < 2.0, "not the same picture");
    }
}

/// A head that is turned, a mouth that is open, shoulders that are lifted.
fn spoken(reference: &cueloom_domain::pose::Reference) -> PoseFrame {
    let mut pose = PoseFrame::default();
    let (sin, cos) = 0.06f32.sin_cos();
    for i in 0..68 {
        let p = reference.face_point(i);
        let (x, y) = (p.x - 0.5, p.y - 0.58);
        let open = match i {
            5..12 => 0.75,
            55..60 | 65..68 => 0.85,
            3 | 4 | 12 | 13 => 0.4,
            48 | 54 | 60 | 64 => 0.3,
            _ => 0.0,
        };
        let to = [0.512 + cos * x - sin * y, 0.588 + sin * x + cos * y + 0.03 * open];
        pose.points[index::FACE + i] = cueloom_domain::pose::Point::new(to[0], to[1]);
    }
    let shoulders =
        [(index::LEFT_SHOULDER, reference.left_shoulder), (index::RIGHT_SHOULDER, reference.right_shoulder)];
    for (i, p) in shoulders {
        pose.points[i] = cueloom_domain::pose::Point::new(p[0], p[1] - 0.006);
    }
    pose
}

/// Frames that are written: every seventh.
const EVERY: usize = 7;

fn frames(folder: &Path) {
    std::fs::create_dir_all(folder).expect("a folder");
    for name in Identity::builtin_names() {
        for height in [128, 512, 1080] {
            let (renderer, poses) = renderer(name, height);
            let step = if height == 1080 { 4 * EVERY } else { EVERY };
            let all: Vec<(usize, &PoseFrame)> = poses.iter().enumerate().step_by(step).collect();
            all.par_iter().for_each(|(i, pose)| {
                let frame = renderer.render(pose);
                let path = folder.join(format!("{name}-{height}-{i:03}.png"));
                let picture = image::RgbaImage::from_raw(frame.width, frame.height, frame.data).expect("whole");
                picture.save(path).expect("written");
            });
        }
    }
}

/// Peak signal-to-noise ratio of each size, whole frames and the worst square of 32 pixels.
fn compare(a: &Path, b: &Path) {
    let mut names: Vec<PathBuf> =
        std::fs::read_dir(a).expect("a folder").map(|e| e.expect("an entry").path()).collect();
    names.sort();
    let mut groups: Vec<(String, f64, f64, f64, u8)> = Vec::new();
    for path in names {
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        let group = name.rsplit_once('-').map_or(name.clone(), |n| n.0.to_owned());
        let (p, q) = (image::open(&path).expect("a picture"), image::open(b.join(&name)).expect("its fellow"));
        let (p, q) = (p.to_rgba8(), q.to_rgba8());
        let (width, height) = p.dimensions();
        let (mut sum, mut most) = (0.0, 0);
        let mut squares = vec![0.0; (width.div_ceil(32) * height.div_ceil(32)) as usize];
        for (x, y, pixel) in p.enumerate_pixels() {
            let other = q.get_pixel(x, y);
            let error: f64 = (0..3)
                .map(|k| {
                    most = most.max(pixel[k].abs_diff(other[k]));
                    f64::from(pixel[k].abs_diff(other[k])).powi(2)
                })
                .sum();
            sum += error;
            squares[(y / 32 * width.div_ceil(32) + x / 32) as usize] += error;
        }
        let worst = squares.into_iter().fold(0.0, f64::max) / (3.0 * 1024.0);
        let mean = sum / f64::from(3 * width * height);
        match groups.last_mut().filter(|g| g.0 == group) {
            Some(g) => (g.1, g.2, g.3, g.4) = (g.1 + mean, g.2.max(worst), g.3 + 1.0, g.4.max(most)),
            None => groups.push((group, mean, worst, 1.0, most)),
        }
    }
    let db = |mse: f64| 10.0 * (65_025.0 / mse.max(1e-9)).log10();
    for (group, sum, worst, n, most) in groups {
        println!(
            "{group:<14} {:>6.1} dB whole, {:>5.1} dB the worst square of 32, at most {most} of 255 (n = {n})",
            db(sum / n),
            db(worst)
        );
    }
}
