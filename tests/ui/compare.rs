//! The recording's own picture beside the person and wiped against it.

use super::*;
use cueloom::media::{self, encode};
use cueloom::time::Fps;
use egui_kittest::kittest::NodeT as _;

/// A project of a recording with a picture: the spoken sentence under a field of one colour.
fn filmed_project() -> tempfile::TempDir {
    let dir = tempfile::tempdir().expect("temporary folder");
    let spoken = file::load(spoken_project()).expect("the spoken project");
    let wav = file::find_media(spoken_project(), &spoken.sound.media).expect("its sound");
    let sound = media::decode_audio(&wav, &Silent).expect("a sound");
    let film = dir.path().join("film.mp4");
    let (width, height, fps) = (96, 64, Fps::whole(25));
    let audio = Some((sound.rate, sound.channels));
    let options = encode::EncodeOptions { width, height, fps, audio, metadata: Vec::new() };
    let mut encoder = encode::Encoder::create(&film, options).expect("an encoder");
    let pixels: Vec<u8> = std::iter::repeat_n([200, 40, 40, 255], (width * height) as usize).flatten().collect();
    for _ in 0..fps.frame_count(sound.duration()) {
        encoder.push_frame(&pixels).expect("a frame");
    }
    encoder.push_audio(&sound.samples).expect("sound");
    encoder.finish().expect("a film");
    let source = SoundSource::File(film);
    let request = DraftRequest::new(dir.path().join("bank"), source, MANDARIN.into(), Language::Mandarin, None);
    create_project(&request, &Silent).expect("a project of a film");
    dir
}

#[test]
fn the_recording_stands_beside_the_person_and_is_wiped_against_it() {
    let dir = filmed_project();
    let folder = dir.path().join("bank");
    let mut window = Window::new(Some(folder), dir);
    assert!(!window.sees("Picture of the recording"));
    window.press_with(Modifiers::SHIFT, Key::R);
    assert!(window.sees("Picture of the recording"));
    // Another way takes its place.
    window.press_with(Modifiers::SHIFT, Key::F);
    assert!(!window.sees("Picture of the recording"));
    let value = |window: &Window| {
        let line = window.harness.get_by_label("Wipe between recording and person");
        line.accesskit_node().numeric_value().expect("a value")
    };
    assert!((value(&window) - 0.5).abs() < 1e-6);
    window.harness.get_by_label("Wipe between recording and person").focus();
    window.settle();
    for _ in 0..5 {
        window.press(Key::ArrowLeft);
    }
    assert!((value(&window) - 0.4).abs() < 1e-5, "{}", value(&window));
    window.press_with(Modifiers::SHIFT, Key::F);
    assert!(!window.sees("Wipe between"));
}

#[test]
fn without_a_picture_it_says_so() {
    let mut window = Window::open();
    window.press_with(Modifiers::SHIFT, Key::R);
    assert!(window.sees("there is no picture to compare"));
}

#[test]
fn ways_of_the_hands_and_edges_are_laid_over_the_picture() {
    let mut window = Window::open();
    window.select_key(2);
    let shapes = |window: &Window| window.harness.output().shapes.len();
    let without = shapes(&window);
    window.press_with(Modifiers::SHIFT, Key::T);
    let with = shapes(&window);
    assert!(with > without + 20, "{without} and then {with}: a line and a dot for each frame and joint");
    window.press_with(Modifiers::SHIFT, Key::T);
    assert_eq!(shapes(&window), without);
}
