//! Any picture of any video, exactly.

use super::{ffmpeg, frame_times, number_in, numbered};
use cueloom::media;
use cueloom::media::frames::VideoReader;
use cueloom::progress::Silent;
use cueloom::time::Seconds;
use std::path::Path;

/// Numbered pictures as raw video for the `ffmpeg` command.
fn write_numbered(dir: &Path, count: u32) {
    let all: Vec<u8> = (0..count).flat_map(|i| numbered(i, 64, 64)).collect();
    std::fs::write(dir.join("raw.rgba"), all).unwrap();
}

const RAW: &str = "-f rawvideo -pixel_format rgba -video_size 64x64 -framerate 25 -i raw.rgba";

#[test]
fn any_picture_is_found_exactly() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path();
    write_numbered(dir, 120);
    // Variable frame rate: every fifth picture is dropped and later ones are stretched. B-frames, long groups.
    let uneven = "-vf select='mod(n\\,5)',setpts='PTS+floor(N/10)/25/TB' -fps_mode passthrough";
    for (name, how) in [
        ("vfr.mp4", format!("{uneven} -c:v libx264 -bf 3 -g 40 -qp 10")),
        ("vfr.mkv", format!("{uneven} -c:v libx264 -bf 3 -b_strategy 0 -g 40 -qp 10")),
        ("open.ts", "-c:v libx264 -bf 2 -g 20 -x264-params open-gop=1 -qp 10".to_owned()),
        ("vp9.webm", "-c:v libvpx-vp9 -g 30 -crf 10 -b:v 0 -cpu-used 8".to_owned()),
        ("old.avi", "-c:v mpeg4 -bf 2 -g 25 -qscale:v 2".to_owned()),
        ("ntsc.mov", "-r 30000/1001 -c:v libx264 -bf 2 -qp 10".to_owned()),
        ("intra.mkv", "-c:v mjpeg -qscale:v 2".to_owned()),
    ] {
        ffmpeg(dir, &format!("{RAW} {how} -pix_fmt yuv420p {name}"));
        let path = dir.join(name);
        // The command's own decoder says which picture is shown when.
        ffmpeg(dir, &format!("-i {name} -fps_mode passthrough -f rawvideo -pix_fmt gray -s 64x64 truth.raw"));
        let truth: Vec<u32> = std::fs::read(dir.join("truth.raw"))
            .unwrap()
            .chunks(64 * 64)
            .map(|p| (0..16).map(|b| u32::from(p[(16 * (b / 4) + 8) * 64 + 16 * (b % 4) + 8] > 127) << b).sum())
            .collect();
        let mut video = VideoReader::open(&path, &Silent).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!(video.len(), truth.len(), "{name}");
        let times = frame_times(&path);
        for (i, time) in times.iter().enumerate() {
            assert!(
                (video.shown(i).start.0 - video.shown(0).start.0 - (time - times[0])).abs() < 2e-3,
                "{name}: picture {i}"
            );
        }
        // Forwards, backwards, and jumping about.
        let n = truth.len();
        let order = (0..n).chain((0..n).rev()).chain((0..n).map(|i| i * 37 % n));
        for i in order {
            let frame = video.frame(i).unwrap();
            assert_eq!((frame.index, number_in(&frame)), (i, truth[i]), "{name}: picture {i}");
            assert_eq!(video.index_at(frame.shown.start), i, "{name}: begins with its own time");
            assert_eq!(video.index_at(frame.shown.middle()), i, "{name}");
        }
        assert_eq!(video.index_at(Seconds(-1.0)), 0);
        assert_eq!(video.index_at(Seconds(1e6)), n - 1);
    }
}

#[test]
fn pictures_stand_upright_and_in_their_own_colours() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path();
    // Left half red, right half blue; marked as turned.
    ffmpeg(
        dir,
        "-f lavfi -i color=red:size=48x64:rate=25:duration=0.2 -f lavfi -i color=blue:size=48x64:rate=25:duration=0.2 \
         -filter_complex hstack,format=yuv420p -c:v libx264 -qp 4 flat.mp4",
    );
    ffmpeg(dir, "-i flat.mp4 -c copy -metadata:s:v:0 rotate=90 turned.mp4");
    let mut flat = VideoReader::open(&dir.join("flat.mp4"), &Silent).unwrap();
    let picture = flat.frame(0).unwrap();
    assert_eq!((picture.width, picture.height), (96, 64));
    let near = |p: &[u8], want: [u8; 3]| p.iter().zip(want).all(|(&a, b)| a.abs_diff(b) <= 6);
    assert!(near(&picture.data[..4], [255, 0, 0]), "{:?}", &picture.data[..4]);
    let info = media::probe(&dir.join("turned.mp4")).unwrap().picture.unwrap();
    assert_eq!((info.rotation % 180, info.size()), (90, (64, 96)), "{info:?}");
    let mut turned = VideoReader::open(&dir.join("turned.mp4"), &Silent).unwrap();
    let picture = turned.frame(0).unwrap();
    assert_eq!((picture.width, picture.height), (64, 96));
    // The command turns by itself too, and must agree.
    ffmpeg(dir, "-i turned.mp4 -frames:v 1 -f rawvideo -pix_fmt rgba truth.raw");
    let truth = std::fs::read(dir.join("truth.raw")).unwrap();
    for (x, y) in [(10, 10), (50, 10), (10, 80), (50, 80)] {
        let at = (y * 64 + x) * 4;
        let want = [truth[at], truth[at + 1], truth[at + 2]];
        assert!(near(&picture.data[at..at + 4], want), "{x} {y}: {:?} {want:?}", &picture.data[at..at + 4]);
    }
    turned.set_max_height(Some(48));
    let small = turned.frame(0).unwrap();
    assert_eq!((small.width, small.height), (32, 48));
}
