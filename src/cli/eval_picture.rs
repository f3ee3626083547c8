//! `cueloom eval picture`: whether the cues can be seen in the pixels alone, whether still regions keep still, and how
//! fast pictures are drawn.

use super::{Bar, Failure, Outcome, print_out};
use crate::jobs::eval_picture::{self, Legibility, Rate, redraw};
use crate::render::identity::Identity;
use serde_json::json;

#[derive(clap::Args)]
pub struct Args {
    /// As JSON: `legibility_shape` and `legibility_position` are the lowest shares of the presenters.
    #[arg(long)]
    json: bool,
    /// Sentences a language and presenter.
    #[arg(long, default_value_t = 8, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    sentences: u32,
    /// Frames a presenter that are drawn directly and compared with the warp.
    #[arg(long, default_value_t = 6, value_parser = clap::value_parser!(u32).range(1..=1000))]
    frames: u32,
    /// Print what was taken for what.
    #[arg(long)]
    details: bool,
}

/// Frames drawn to measure the speed, at 512 and at 1080 pixels.
const FRAMES: [usize; 2] = [300, 80];
/// Frames of hands that are fitted.
const HANDS: usize = 1000;

pub fn run(args: &Args) -> Outcome {
    let bar = Bar::new();
    let found = eval_picture::legibility(args.sentences as usize, &bar).map_err(Failure::from)?;
    let names = Identity::builtin_names();
    let mut still = Vec::new();
    for name in names {
        still.push(eval_picture::still_difference(name, 256).map_err(Failure::from)?);
    }
    let redrawn = redraw::redrawn(args.frames as usize, &bar).map_err(Failure::from)?;
    let speed = |height, frames| eval_picture::drawing(names[0], height, frames).map_err(Failure::from);
    let (s512, s1080) = (speed(512, FRAMES[0])?, speed(1080, FRAMES[1])?);
    let fit = crate::pose::hand_fit::evaluate(1, HANDS);
    let lowest = |of: fn(&Legibility) -> Rate| found.iter().filter_map(|l| of(l).share()).fold(f64::NAN, f64::min);
    let most_moved = still.iter().map(|s| s.mean).fold(0.0, f64::max);
    if args.json {
        let value = json!({
            "render_512_fps": s512.per_second,
            "render_1080_fps": s1080.per_second,
            "still_diff": most_moved,
            "fit_clean_px": fit.clean_px,
            "fit_noisy_px": fit.noisy_px,
            "fit_n": fit.n,
            "fit_beyond_limits": fit.beyond_limits,
            "psnr_face": redrawn.face.psnr(),
            "psnr_hand": redrawn.hand.psnr(),
            "psnr_torso": redrawn.torso.psnr(),
            "ssim_face": redrawn.face.ssim(),
            "ssim_hand": redrawn.hand.ssim(),
            "ssim_torso": redrawn.torso.ssim(),
            "redrawn_frames": redrawn.frames,
            "legibility_shape": lowest(|l| l.shape),
            "legibility_position": lowest(|l| l.position),
            "presenters": found.iter().zip(&still).map(|(l, s)| json!({
                "name": l.presenter,
                "shape": l.shape.share(),
                "position": l.position.share(),
                "n": l.shape.of,
                "still_diff": s.mean,
                "still_pixels": s.pixels,
            })).collect::<Vec<_>>(),
        });
        let text = serde_json::to_string_pretty(&value).map_err(|e| Failure::Work(e.into()))?;
        print_out(&(text + "\n"));
        return Ok(());
    }
    let percent = |r: Rate| r.share().map_or_else(|| "-".into(), |s| format!("{:.1} %", 100.0 * s));
    for (l, s) in found.iter().zip(&still) {
        print_out(&format!(
            "{}: shape {} and place {} seen right in pictures 256 high (n = {}); still background differs by {:.3} of 255 \
             (n = {} pixels)\n",
            l.presenter,
            percent(l.shape),
            percent(l.position),
            l.shape.of,
            s.mean,
            s.pixels
        ));
        for (meant, seen, n) in l.mistaken.iter().filter(|_| args.details) {
            print_out(&format!("  {meant} taken for {seen}: {n}\n"));
        }
    }
    for (name, region) in [("face", redrawn.face), ("hand", redrawn.hand), ("torso", redrawn.torso)] {
        let (psnr, ssim) = (region.psnr().unwrap_or(f64::NAN), region.ssim().unwrap_or(f64::NAN));
        print_out(&format!(
            "{name}: warped against drawn directly: PSNR {psnr:.2} dB, SSIM {ssim:.4} (n = {} frames of 512 × 512, SSIM with \
             σ 1.5, K1 0.01, K2 0.03)\n",
            redrawn.frames
        ));
    }
    print_out(&format!(
        "hands of other people fitted: clean points move by {:.2} pixels of a picture 512 high, noisy ones with gaps end \
         {:.2} from the truth (before: {:.2}); {} beyond a limit (n = {} frames)\n",
        fit.clean_px, fit.noisy_px, fit.raw_noisy_px, fit.beyond_limits, fit.n
    ));
    print_out(&format!(
        "{:.0} frames a second at 512 × 512 (n = {}), {:.0} at 1080 × 1080 (n = {}), everything drawn by the processor\n",
        s512.per_second, s512.frames, s1080.per_second, s1080.frames
    ));
    Ok(())
}
