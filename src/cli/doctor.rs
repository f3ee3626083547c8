//! `cueloom doctor`: what is there on this computer, and how to get what is not.

use super::{Outcome, print_out};
use std::fmt::Write as _;

#[derive(clap::Args)]
pub struct Args {
    /// As JSON.
    #[arg(long)]
    json: bool,
}

/// One thing looked for.
struct Finding {
    name: &'static str,
    found: bool,
    detail: String,
    remedy: &'static str,
}

pub fn run(args: &Args) -> Outcome {
    let findings = look();
    let mut out = String::new();
    if args.json {
        let values: Vec<_> = findings
            .iter()
            .map(|f| {
                serde_json::json!({
                    "name": f.name, "found": f.found, "detail": f.detail,
                    "remedy": if f.found { "" } else { f.remedy },
                })
            })
            .collect();
        let _ = writeln!(out, "{}", serde_json::Value::from(values));
    } else {
        for f in &findings {
            let mark = if f.found { "found  " } else { "missing" };
            let _ = writeln!(out, "{mark}  {:<16} {}", f.name, f.detail);
            if !f.found {
                let _ = writeln!(out, "{:27}{}", "", f.remedy);
            }
        }
    }
    print_out(&out);
    Ok(())
}

fn look() -> Vec<Finding> {
    let adapter = crate::render::gpu::shared().ok().map(|gpu| gpu.name().to_owned());
    let sound = crate::audio::device_name();
    let codecs = crate::media::capabilities();
    let espeak = crate::speech::voice::Voice::shared().and_then(|v| v.version());
    let flite = crate::speech::flite::program();
    vec![
        Finding {
            name: "graphics adapter",
            found: adapter.is_some(),
            detail: adapter.unwrap_or_else(|| "none; pictures are made on the processor".into()),
            remedy: "install a Vulkan driver, or Mesa's software one: apt-get install mesa-vulkan-drivers libvulkan1",
        },
        Finding {
            name: "sound device",
            found: sound.is_some(),
            detail: sound.unwrap_or_else(|| "none; playback runs silently by the clock".into()),
            remedy: "connect a sound device; on Linux check that ALSA, PulseAudio or PipeWire knows it",
        },
        Finding {
            name: "FFmpeg",
            found: codecs.h264 && codecs.aac,
            detail: format!(
                "libavcodec {}; H.264 {}, AAC {}, VP9 {}, Opus {}",
                codecs.version,
                yes(codecs.h264),
                yes(codecs.aac),
                yes(codecs.vp9),
                yes(codecs.opus)
            ),
            remedy: "install an FFmpeg built with libx264: apt-get install ffmpeg",
        },
        Finding {
            name: "espeak-ng",
            found: espeak.is_ok(),
            detail: espeak.unwrap_or_else(|e| e.to_string()),
            remedy: "apt-get install espeak-ng libespeak-ng1 (gives exact sound times and speaks texts without a recording)",
        },
        Finding {
            name: "flite",
            found: flite.is_some(),
            detail: flite.map_or_else(|| "none; English is spoken by espeak-ng".into(), |p| p.display().to_string()),
            remedy: "apt-get install flite (a better English voice)",
        },
        Finding {
            name: "fonts",
            found: true,
            detail: format!("{}; built in", crate::app::fonts::NAMES.join(", ")),
            remedy: "",
        },
        Finding {
            name: "model weights",
            found: true,
            detail: "none needed: poses are made by rules and pictures by a warp".into(),
            remedy: "",
        },
    ]
}

fn yes(there: bool) -> &'static str {
    if there { "yes" } else { "no" }
}
