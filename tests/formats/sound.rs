//! Sound of all kinds of files, and its time against the picture.

use super::{decode, ffmpeg, level, onset};
use cueloom::media;

#[test]
fn sound_of_every_common_kind_is_the_same_sound() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path();
    // Half a second of silence, then a tone: time and level are checked, not just the length.
    ffmpeg(
        dir,
        "-f lavfi -i sine=frequency=440:duration=1.5:sample_rate=48000 -af volume=4,adelay=500:all=1 -ac 2 -c:a pcm_f32le ref.wav",
    );
    let reference = decode(&dir.join("ref.wav")).unwrap();
    assert_eq!((reference.rate, reference.channels), (48_000, 2));
    assert!((reference.duration().0 - 2.0).abs() < 1e-6);
    let loud = level(&reference.mono());
    for (name, how) in [
        ("s16.wav", "-c:a pcm_s16le"),
        ("s24.wav", "-c:a pcm_s24le"),
        ("u8.wav", "-c:a pcm_u8"),
        ("f64.wav", "-c:a pcm_f64le"),
        ("a.aiff", ""),
        ("a.flac", ""),
        ("a.mp3", "-b:a 192k"),
        ("a.ogg", "-c:a libvorbis"),
        ("a.opus", "-c:a libopus"),
        ("a.m4a", "-c:a aac -b:a 192k"),
        ("a.mka", "-c:a pcm_s16le"),
        ("a.webm", "-c:a libopus"),
        ("a.ac3", ""),
        ("a.wv", ""),
        ("a.au", ""),
        ("mono.wav", "-ac 1"),
        ("low.wav", "-ar 16000 -ac 1"),
    ] {
        ffmpeg(dir, &format!("-i ref.wav {how} {name}"));
        let got = decode(&dir.join(name)).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert!(got.warnings.is_empty(), "{name}: {:?}", got.warnings);
        assert!((got.duration().0 - 2.0).abs() < 0.06, "{name}: {}", got.duration());
        assert!((onset(&got, 0.05) - 0.5).abs() < 0.02, "{name}: begins at {}", onset(&got, 0.05));
        assert!((level(&got.mono()) - loud).abs() < 0.5, "{name}: {} dB against {loud}", level(&got.mono()));
        let info = media::probe(&dir.join(name)).unwrap();
        assert_eq!(info.sound.as_ref().map(|s| s.rate), Some(got.rate), "{name}");
        assert!(info.picture.is_none() && info.duration.0 > 1.9, "{name}: {info:?}");
    }
}

#[test]
fn sound_with_many_channels_and_odd_rates() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path();
    ffmpeg(dir, "-f lavfi -i sine=frequency=300:duration=1:sample_rate=22050 -ac 6 surround.wav");
    let got = decode(&dir.join("surround.wav")).unwrap();
    assert_eq!((got.rate, got.channels, got.frames()), (22_050, 6, 22_050));
    assert_eq!(got.mono_at(16_000).len(), 16_000);
    assert_eq!(got.resampled(44_100).frames(), 44_100);
    ffmpeg(dir, "-f lavfi -i sine=frequency=300:duration=1:sample_rate=11127 odd.wav");
    assert_eq!(decode(&dir.join("odd.wav")).unwrap().rate, 11_127);
}

#[test]
fn sound_of_a_video_keeps_its_time_against_the_picture() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path();
    // The tone starts 0.3 s after the first picture, in a stream that itself starts late.
    ffmpeg(
        dir,
        "-f lavfi -i testsrc=size=64x64:rate=25:duration=2 -itsoffset 0.3 -f lavfi -i sine=frequency=500:duration=1 \
         -c:v libx264 -c:a aac late.mp4",
    );
    ffmpeg(dir, "-i late.mp4 -c copy late.mkv");
    ffmpeg(dir, "-i late.mp4 -c copy late.ts");
    for name in ["late.mp4", "late.mkv", "late.ts"] {
        let got = decode(&dir.join(name)).unwrap();
        assert!((onset(&got, 0.05) - 0.3).abs() < 0.035, "{name}: begins at {}", onset(&got, 0.05));
    }
}

#[test]
fn a_recording_that_changes_its_rate_follows_the_first() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path();
    ffmpeg(dir, "-f lavfi -i sine=frequency=500:duration=2:sample_rate=44100 -ac 1 a.aac");
    ffmpeg(dir, "-f lavfi -i sine=frequency=500:duration=2:sample_rate=48000 -ac 2 b.aac");
    let both = [std::fs::read(dir.join("a.aac")).unwrap(), std::fs::read(dir.join("b.aac")).unwrap()].concat();
    std::fs::write(dir.join("both.aac"), both).unwrap();
    let got = decode(&dir.join("both.aac")).unwrap();
    assert_eq!((got.rate, got.channels), (44_100, 1));
    assert!((got.duration().0 - 4.0).abs() < 0.2, "{}", got.duration());
    // The same pitch in both halves: as many turns through zero.
    let mono = got.mono();
    let turns = |from: usize| mono[from..from + 22_050].windows(2).filter(|w| w[0] < 0.0 && w[1] >= 0.0).count();
    assert!(
        turns(20_000).abs_diff(250) <= 1 && turns(120_000).abs_diff(250) <= 1,
        "{} {}",
        turns(20_000),
        turns(120_000)
    );
}

#[test]
fn cover_art_is_not_a_picture() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path();
    ffmpeg(dir, "-f lavfi -i testsrc=size=64x64:duration=0.04 cover.png");
    ffmpeg(
        dir,
        "-f lavfi -i sine=duration=1 -i cover.png -map 0 -map 1 -c:v copy -disposition:v attached_pic song.mp3",
    );
    let info = media::probe(&dir.join("song.mp3")).unwrap();
    assert!(info.sound.is_some() && info.picture.is_none(), "{info:?}");
    assert!((decode(&dir.join("song.mp3")).unwrap().duration().0 - 1.0).abs() < 0.06);
}
