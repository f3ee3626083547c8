//! Looks found on synthetic portraits whose light, noise, blur and lines are known.

use super::*;

/// An egg-shaped head of plain skin lit from a known side.
struct Portrait {
    light: Vec3,
    ambient: f32,
    noise: f32,
    line: bool,
}

fn portrait(p: &Portrait) -> (RgbaImage, GrayImage, Reference) {
    let reference = Reference::example();
    let size = 512;
    let mut picture = RgbaImage::from_pixel(size, size, image::Rgba([150, 160, 165, 255]));
    let mut matte = GrayImage::new(size, size);
    let view = View::new(&picture, &reference).unwrap();
    let (middle, half) = (view.middle, view.half);
    let mut state = 7_u32;
    let mut random = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / 16_777_216.0
    };
    let light = p.light.normalize();
    for y in 0..size {
        for x in 0..size {
            let at = Vec2::new(x as f32 + 0.5, y as f32 + 0.5) / size as f32;
            let unit = (at - middle) / half;
            let flat = unit.length();
            let noise = p.noise * (random() + random() + random() + random() - 2.0) * 1.732;
            let mut colour = Vec3::new(150.0, 160.0, 165.0);
            if flat < 1.0 {
                let normal = (unit / half * half.x).extend((1.0 - flat * flat).sqrt()).normalize();
                let tone = p.ambient + (1.0 - p.ambient) * normal.dot(light).max(0.0);
                colour = Vec3::new(225.0, 170.0, 140.0) * tone;
                if p.line && flat > 0.965 {
                    colour = Vec3::new(60.0, 30.0, 25.0);
                }
            } else if at.y > reference.throat[1] {
                colour = Vec3::new(40.0, 110.0, 70.0);
            }
            let bytes = (colour + noise).to_array().map(|v| v.clamp(0.0, 255.0) as u8);
            picture.put_pixel(x, y, image::Rgba([bytes[0], bytes[1], bytes[2], 255]));
            matte.put_pixel(x, y, image::Luma([if flat < 1.0 || at.y > reference.throat[1] { 255 } else { 0 }]));
        }
    }
    (picture, matte, reference)
}

fn found(p: &Portrait) -> HandLook {
    let (picture, matte, reference) = portrait(p);
    look_from_picture(&picture, Some(&matte), &reference, &HandLook::default())
}

#[test]
fn the_light_comes_from_where_it_came_from() {
    for light in
        [Vec3::new(-0.6, -0.5, 0.7), Vec3::new(0.7, -0.3, 0.6), Vec3::new(0.0, -0.8, 0.7), Vec3::new(0.5, 0.3, 0.8)]
    {
        let look = found(&Portrait { light, ambient: 0.35, noise: 2.0, line: false });
        let across = light.truncate().angle_to(look.light.truncate()).to_degrees().abs();
        let all = light.normalize().angle_between(look.light.normalize()).to_degrees();
        assert!(across < 10.0 && all < 28.0, "{light}: found {}, off by {across} and {all}", look.light);
    }
}

#[test]
fn colours_noise_and_contrast_are_those_of_the_picture() {
    let photo = found(&Portrait { light: Vec3::new(-0.6, -0.5, 0.7), ambient: 0.4, noise: 5.0, line: false });
    let off = |a: [u8; 3], b: [f32; 3]| a.iter().zip(b).map(|(a, b)| (f32::from(*a) - b).abs()).fold(0.0, f32::max);
    assert!(photo.skin[0] > photo.skin[1] && photo.skin[1] > photo.skin[2]);
    let hue = f32::from(photo.skin[2]) / f32::from(photo.skin[0]);
    assert!((hue - 140.0 / 225.0).abs() < 0.05, "{:?}", photo.skin);
    assert!(off(photo.sleeve, [40.0, 110.0, 70.0]) < 8.0, "{:?}", photo.sleeve);
    // Brightness is a mean of three channels with one noise.
    assert!((3.5..6.5).contains(&photo.grain), "{}", photo.grain);
    assert!(photo.drawn < 0.1 && photo.outline_strength < 0.1);
    let flat = found(&Portrait { light: Vec3::new(-0.6, -0.5, 0.7), ambient: 0.85, noise: 0.0, line: false });
    assert!(flat.softness > photo.softness + 0.2, "{} {}", flat.softness, photo.softness);
    assert!(flat.shadow_strength < photo.shadow_strength);
    assert!(flat.grain < 0.6 && flat.drawn > 0.9, "{} {}", flat.grain, flat.drawn);
}

#[test]
fn blur_is_found_at_eyes_and_lips() {
    let (mut picture, matte, reference) = portrait(&Portrait { light: Vec3::Z, ambient: 0.6, noise: 0.0, line: false });
    for p in &reference.face[36..68] {
        let (x, y) = ((p[0] * 512.0) as u32, (p[1] * 512.0) as u32);
        (0..14).for_each(|k| (0..7).for_each(|j| picture.put_pixel(x + k - 7, y + j, image::Rgba([40, 30, 30, 255]))));
    }
    let mut state = 3_u32;
    let found = [0.0, 2.5].map(|sigma| {
        let mut soft = if sigma > 0.0 { image::imageops::blur(&picture, sigma) } else { picture.clone() };
        for p in soft.pixels_mut() {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let noise = ((state >> 24) as i16 - 128) / 9;
            (0..3).for_each(|k| p[k] = (i16::from(p[k]) + noise).clamp(0, 255) as u8);
        }
        look_from_picture(&soft, Some(&matte), &reference, &HandLook::default()).blur * 512.0
    });
    assert!(found[0] < 0.9 && (1.4..3.6).contains(&found[1]), "{found:?}");
}

#[test]
fn drawn_lines_are_seen_and_missing_ones_are_not() {
    let light = Vec3::new(-0.4, -0.5, 0.8);
    let with = found(&Portrait { light, ambient: 0.6, noise: 0.0, line: true });
    let without = found(&Portrait { light, ambient: 0.6, noise: 0.0, line: false });
    assert!(
        with.outline_strength > 0.5 && without.outline_strength < 0.25,
        "{} {}",
        with.outline_strength,
        without.outline_strength
    );
    assert!(with.outline[0] < 120, "{:?}", with.outline);
}

#[test]
fn pictures_that_tell_nothing_leave_the_usual_look() {
    let usual = HandLook::default();
    let reference = Reference::example();
    let tiny = RgbaImage::new(4, 4);
    assert_eq!(look_from_picture(&tiny, None, &reference, &usual), usual);
    let mut broken = reference.clone();
    broken.face[3][0] = f32::NAN;
    let picture = RgbaImage::from_pixel(64, 64, image::Rgba([0, 0, 0, 255]));
    assert_eq!(look_from_picture(&picture, None, &broken, &usual), usual);
    // An all-black picture: dark, but a look.
    let look = look_from_picture(&picture, None, &reference, &usual);
    assert!(look.light.is_finite());
}
