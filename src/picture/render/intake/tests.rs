//! Pictures of drawn people taken in as if they were photographs: there the truth is known.

use super::*;
use crate::render::identity::Identity;

/// A shipped person as a photograph, with the anchors that a user would click.
fn photo(name: &str) -> (RgbImage, Anchors, Identity) {
    let person = Identity::builtin(name).unwrap();
    let picture = DynamicImage::ImageRgba8(person.picture.clone()).into_rgb8();
    (picture, Anchors::of(&person.reference.face), person)
}

fn jpeg(picture: &RgbImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    picture.write_with_encoder(image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, 95)).unwrap();
    bytes
}

/// A JPEG with an EXIF block that says only how the camera was held (TIFF 6.0, tag 274).
fn with_orientation(jpeg: &[u8], orientation: u8) -> Vec<u8> {
    let mut exif = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    exif.extend([orientation, 0, 0, 0, 0, 0, 0]);
    let mut out = vec![0xff, 0xd8, 0xff, 0xe1];
    out.extend(((exif.len() + 2) as u16).to_be_bytes());
    out.extend(exif);
    out.extend(&jpeg[2..]);
    out
}

#[test]
fn pictures_come_upright_as_the_camera_says() {
    // Red at the top left, green at the top right.
    let upright = RgbImage::from_fn(80, 120, |x, y| {
        image::Rgb(if y >= 60 {
            [0, 0, 200]
        } else if x < 40 {
            [200, 0, 0]
        } else {
            [0, 200, 0]
        })
    });
    let near = |p: &image::Rgb<u8>, c: [u8; 3]| (0..3).all(|k| p[k].abs_diff(c[k]) < 40);
    for (orientation, stored) in [
        (1, upright.clone()),
        (3, image::imageops::rotate180(&upright)),
        (6, image::imageops::rotate270(&upright)),
        (8, image::imageops::rotate90(&upright)),
        (2, image::imageops::flip_horizontal(&upright)),
    ] {
        let opened = open(&with_orientation(&jpeg(&stored), orientation)).unwrap();
        assert_eq!(opened.dimensions(), (80, 120), "orientation {orientation}");
        assert!(near(opened.get_pixel(10, 10), [200, 0, 0]), "orientation {orientation}");
        assert!(near(opened.get_pixel(70, 10), [0, 200, 0]), "orientation {orientation}");
    }
}

#[test]
fn what_is_not_a_usable_picture_is_named() {
    assert!(matches!(open(b"words"), Err(IntakeError::Format(_))));
    let mut heic = vec![0, 0, 0, 24];
    heic.extend(b"ftypheic\0\0\0\0mif1heic");
    assert!(matches!(open(&heic), Err(IntakeError::Heic)));
    assert!(matches!(open(&jpeg(&RgbImage::new(20, 20))), Err(IntakeError::TooSmall { .. })));
    let cut = jpeg(&RgbImage::new(200, 200));
    assert!(matches!(open(&cut[..60]), Err(IntakeError::Format(_))));
}

#[test]
fn a_person_is_found_again_from_five_clicks() {
    for name in Identity::builtin_names() {
        let (picture, anchors, person) = photo(name);
        let mut draft = Draft::new(picture, anchors, person.reference.handed).unwrap();
        draft.name = "found".into();
        let span = person.reference.face[45][0] - person.reference.face[36][0];
        let error: f32 = draft
            .reference
            .face
            .iter()
            .zip(&person.reference.face)
            .map(|(a, b)| (a[0] - b[0]).hypot(a[1] - b[1]) / span)
            .sum::<f32>()
            / 68.0;
        assert!(error < 0.07, "{name}: mean error {error} eye spans");
        let near = |a: [u8; 3], b: [u8; 3], by: f32| (colours::light(a) - colours::light(b)).abs() < by;
        assert!(near(draft.colours.skin, person.hand.skin, 26.0), "{name}: {:?}", draft.colours.skin);
        assert!(near(draft.colours.background, person.look.background, 22.0), "{name}");
        assert!(near(draft.colours.sleeve, person.hand.sleeve, 45.0), "{name}: {:?}", draft.colours.sleeve);
        assert!(colours::light(draft.colours.eye_white) > 150.0, "{name}");
        assert!(colours::light(draft.colours.shade) < colours::light(draft.colours.skin), "{name}");
        let found = draft.identity().unwrap();
        assert!(found.lacks_consent() && !found.drawn);
        assert!(matches!(Draft { name: "../x".into(), ..draft }.identity(), Err(IntakeError::Name)));
    }
}

#[test]
fn corrections_survive_laying_again_room_and_cropping() {
    let (picture, anchors, person) = photo("mira");
    let mut draft = Draft::new(picture.clone(), anchors, Side::Right).unwrap();
    draft.correct(48, [0.45, 0.46]);
    draft.extras.chin = Some(person.reference.face[8]);
    draft.lay().unwrap();
    assert_eq!(draft.reference.face[48], [0.45, 0.46]);
    let before = draft.clone();
    draft.set_room(Room { left: 0.25, right: 0.0, top: 0.0, bottom: 0.0 });
    assert_eq!(draft.picture.dimensions(), (1280, 1024));
    assert!((draft.reference.face[48][0] - 0.70).abs() < 1e-5 && (draft.reference.aspect - 1.25).abs() < 1e-6);
    draft.crop([256, 0, 1024, 1024]).unwrap();
    assert_eq!(draft.picture, picture);
    for (a, b) in draft.reference.face.iter().zip(&before.reference.face) {
        assert!((a[0] - b[0]).abs() < 1e-5 && (a[1] - b[1]).abs() < 1e-5);
    }
    // Half of the picture: lengths are twice as large in its units.
    draft.crop([256, 100, 512, 512]).unwrap();
    assert!((draft.reference.hand_length / before.reference.hand_length - 2.0).abs() < 1e-4);
    assert!(matches!(draft.crop([0, 0, 10, 10]), Err(IntakeError::TooSmall { .. })));
}

#[test]
fn an_open_mouth_is_closed_in_the_picture() {
    use crate::pose::{Point, PoseFrame, index};
    use crate::render::{Backend, RenderOptions, Renderer};
    // A photograph of a speaking person: Mira, drawn with her mouth open.
    let (_, _, person) = photo("mira");
    let mut open = person.reference.face.clone();
    for (i, by) in
        [(65, 0.017), (66, 0.017), (67, 0.017), (55, 0.015), (56, 0.016), (57, 0.016), (58, 0.016), (59, 0.015)]
    {
        open[i][1] += by;
    }
    open[5..12].iter_mut().for_each(|p| p[1] += 0.013);
    let mut pose = PoseFrame::default();
    for (point, p) in pose.points[index::FACE..].iter_mut().zip(&open) {
        *point = Point::new(p[0], p[1]);
    }
    let options = RenderOptions { height: 512, backend: Backend::Cpu, ..RenderOptions::default() };
    let frame = Renderer::new(std::sync::Arc::new(person.clone()), &options).unwrap().render(&pose);
    let speaking = image::RgbaImage::from_raw(512, 512, frame.data).unwrap();
    let mut draft =
        Draft::new(DynamicImage::ImageRgba8(speaking.clone()).into_rgb8(), Anchors::of(&open), Side::Right).unwrap();
    for (i, p) in open.iter().enumerate() {
        draft.correct(i, *p);
    }
    draft.name = "closed".into();
    assert!(draft.mouth_is_open());
    let closed = draft.identity().unwrap();
    assert!(template::openness(&closed.reference.face) < template::OPEN);
    // The dark of the mouth is gone, and the eyes are where they were.
    let dark = |p: &image::RgbaImage| {
        let box_of = image::imageops::crop_imm(p, 236, 228, 40, 30).to_image();
        box_of.pixels().filter(|c| c[0] < 110 && c[1] < 60).count()
    };
    let (before, after) = (dark(&speaking), dark(&closed.picture));
    assert!(before > 60 && after * 4 < before, "{before} dark pixels before, {after} after");
    let eyes = |p: &image::RgbaImage| image::imageops::crop_imm(p, 205, 160, 102, 30).to_image();
    let (a, b) = (eyes(&speaking), eyes(&closed.picture));
    let worst = a.iter().zip(b.iter()).map(|(a, b)| a.abs_diff(*b)).max().unwrap();
    assert!(worst < 40, "{worst}");
    draft.reference.face[66][1] += 0.2;
    assert!(matches!(draft.identity(), Err(IntakeError::MouthWideOpen)));
}
