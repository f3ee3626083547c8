//! Files that are missing, wrong, cut short or damaged.

use super::{decode, ffmpeg};
use cueloom::media::frames::VideoReader;
use cueloom::media::{self, MediaError};
use cueloom::progress::{Progress, Silent};
use std::path::PathBuf;

#[test]
fn bad_files_say_what_and_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path();
    let file = |name: &str, bytes: &[u8]| -> PathBuf {
        let path = dir.join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    };
    let missing = dir.join("not here.wav");
    assert!(matches!(decode(&missing), Err(MediaError::NotFound { .. })));
    assert!(decode(&missing).unwrap_err().to_string().ends_with("not here.wav"));
    assert!(matches!(decode(dir), Err(MediaError::IsFolder { .. })));
    assert!(matches!(decode(&file("empty.wav", b"")), Err(MediaError::Empty { .. })));
    assert!(matches!(
        decode(&file("text.wav", b"Hello, this is a letter and not a recording.\n")),
        Err(MediaError::NotMedia { .. })
    ));
    assert!(matches!(decode(&file("letter.txt", b"Hello\nWorld\n")), Err(MediaError::NotMedia { .. })));
    let noise: Vec<u8> = (0..50_000_u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    let error = decode(&file("noise.mp4", &noise)).unwrap_err();
    assert!(error.to_string().ends_with("noise.mp4"), "{error}");
    ffmpeg(dir, "-f lavfi -i testsrc=size=64x64:rate=25:duration=1 -c:v libx264 silent.mp4");
    assert!(matches!(decode(&dir.join("silent.mp4")), Err(MediaError::NoSound { .. })));
    ffmpeg(dir, "-f lavfi -i sine=duration=1 sound.wav");
    assert!(matches!(VideoReader::open(&dir.join("sound.wav"), &Silent), Err(MediaError::NoPicture { .. })));
}

#[test]
fn files_cut_short_give_what_there_is() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path();
    ffmpeg(dir, "-f lavfi -i anoisesrc=duration=4:sample_rate=44100:seed=1 -c:a pcm_s16le whole.wav");
    for (name, how) in [
        ("a.wav", "-c copy"),
        ("a.flac", ""),
        ("a.mp3", ""),
        ("fast.m4a", "-c:a aac -movflags +faststart"),
        ("a.mka", "-c:a flac"),
    ] {
        ffmpeg(dir, &format!("-i whole.wav {how} {name}"));
        let bytes = std::fs::read(dir.join(name)).unwrap();
        let short = dir.join(format!("short-{name}"));
        std::fs::write(&short, &bytes[..bytes.len() / 2]).unwrap();
        let got = decode(&short).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert!((1.5..2.6).contains(&got.duration().0), "{name}: {}", got.duration());
        assert!(got.warnings.iter().any(|w| w.contains("ends early")), "{name}: {:?}", got.warnings);
    }
    // An MP4 whose index is at its end cannot be read at all without it.
    ffmpeg(dir, "-i whole.wav -c:a aac slow.m4a");
    let bytes = std::fs::read(dir.join("slow.m4a")).unwrap();
    std::fs::write(dir.join("no-index.m4a"), &bytes[..bytes.len() / 2]).unwrap();
    let error = decode(&dir.join("no-index.m4a")).unwrap_err();
    assert!(matches!(error, MediaError::NotMedia { .. }) && error.to_string().contains("copy it again"), "{error}");
}

#[test]
fn no_damage_makes_it_panic() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path();
    ffmpeg(
        dir,
        "-f lavfi -i testsrc=size=96x64:rate=25:duration=1 -f lavfi -i sine=duration=1 -c:v libx264 -bf 2 -c:a aac a.mp4",
    );
    ffmpeg(dir, "-i a.mp4 -c:v libvpx -b:v 200k -c:a libvorbis a.webm");
    ffmpeg(dir, "-i a.mp4 -c:v mpeg4 -c:a mp3 a.avi");
    ffmpeg(dir, "-f lavfi -i sine=duration=1 a.flac");
    let mut state = 12_345_u32;
    let mut random = |below: usize| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as usize % below.max(1)
    };
    let mut read = 0;
    for name in ["a.mp4", "a.webm", "a.avi", "a.flac"] {
        let whole = std::fs::read(dir.join(name)).unwrap();
        for round in 0..24 {
            let mut bytes = whole.clone();
            for _ in 0..1 << (round % 8) {
                let at = random(bytes.len());
                bytes[at] = random(256) as u8;
            }
            if round % 3 == 0 {
                bytes.truncate(random(whole.len()));
            }
            let path = dir.join(format!("damaged-{name}"));
            std::fs::write(&path, &bytes).unwrap();
            read += usize::from(decode(&path).is_ok());
            let _ = media::probe(&path);
            if let Ok(mut video) = VideoReader::open(&path, &Silent) {
                for index in [0, video.len() / 2, video.len()] {
                    let _ = video.frame(index);
                }
            }
        }
    }
    assert!(read > 20, "slight damage leaves something: {read} of 96");
}

#[test]
fn reading_can_be_cancelled() {
    struct Stop;
    impl Progress for Stop {
        fn report(&self, _: &str, _: usize, _: usize) {}
        fn cancelled(&self) -> bool {
            true
        }
    }
    let folder = tempfile::tempdir().unwrap();
    ffmpeg(folder.path(), "-f lavfi -i sine=duration=60 long.wav");
    let result = media::decode_audio(&folder.path().join("long.wav"), &Stop);
    assert!(matches!(&result, Err(e) if e.is_cancelled()), "{result:?}");
}
