//! Faces: lips, teeth, tongue, lids, looks and brows, in the pixels of whole frames.

use super::tests::{blink, mira, nod, posed, psnr, renderer, say, shift};
use super::*;

/// How many pixels around the mouth are as dark and red as its interior, and how many as white as teeth.
fn interior(frame: &RgbaFrame) -> (usize, usize) {
    let (mut dark, mut white) = (0, 0);
    let scale = frame.height as f32;
    for (i, p) in frame.data.chunks_exact(4).enumerate() {
        let (x, y) = ((i as u32 % frame.width) as f32 / scale, (i as u32 / frame.width) as f32 / scale);
        if (0.46..0.54).contains(&x) && (0.445..0.51).contains(&y) {
            dark += usize::from(p[0] < 95 && p[1] < 42);
            white += usize::from(p[0] > 200 && p[1] > 190 && p[2] > 180);
        }
    }
    (dark, white)
}

#[test]
fn lips_open_on_a_mouth_and_close_on_nothing() {
    let r = renderer(512);
    let shown = |pose: &PoseFrame| interior(&r.render(pose));
    let closed = shown(&posed(|_| ()));
    assert_eq!(closed, (0, 0));
    // A closed mouth that moves, is drawn wide, rounded or pressed together, stays closed.
    for pose in [
        posed(|p| nod(p, [0.01, 0.005], 0.05)),
        posed(|p| say(p, 0.0, 0.008)),
        posed(|p| say(p, 0.0, -0.012)),
        posed(|p| shift(p, [61, 62, 63], [0.0, 0.002])),
    ] {
        let (dark, white) = shown(&pose);
        assert!(dark < 6 && white == 0, "{dark} dark and {white} white pixels in a closed mouth");
    }
    let (dark, white) = shown(&posed(|p| say(p, 0.035, 0.0)));
    assert!(dark > 150 && white > 60, "{dark} dark and {white} white pixels in an open mouth");
    // Spread lips show teeth rather than the dark, more open ones more of both.
    let (dark_i, white_i) = shown(&posed(|p| say(p, 0.012, 0.007)));
    assert!(white_i > dark_i && dark_i < dark, "{white_i} white, {dark_i} dark");
    // Rounded ones do not.
    let (_, white_u) = shown(&posed(|p| say(p, 0.012, -0.018)));
    assert!(white_u * 4 < white_i, "{white_u} white pixels between rounded lips");
}

#[test]
fn a_blink_covers_the_eye_and_leaves_the_rest() {
    let r = renderer(512);
    let whites = |frame: &RgbaFrame| {
        let eyes = |x: f32, y: f32| (0.40..0.60).contains(&x) && (0.325..0.37).contains(&y);
        frame
            .data
            .chunks_exact(4)
            .enumerate()
            .filter(|(i, p)| {
                eyes((i % 512) as f32 / 512.0, (i / 512) as f32 / 512.0) && p[..3].iter().all(|c| *c > 205)
            })
            .count()
    };
    let (open, half, closed) =
        (r.render(&posed(|_| ())), r.render(&posed(|p| blink(p, 0.5))), r.render(&posed(|p| blink(p, 1.0))));
    let counts = [whites(&open), whites(&half), whites(&closed)];
    assert!(counts[0] > counts[1] && counts[1] > 10 && counts[2] == 0, "{counts:?}");
    let elsewhere = |x: f32, y: f32| !((0.39..0.61).contains(&x) && (0.31..0.38).contains(&y));
    assert!(psnr(&open, &closed, elsewhere) > 60.0);
}

/// The middle of what is dark between the lids of an eye, picture units.
fn dark_middle(frame: &RgbaFrame, eye: usize) -> [f32; 2] {
    let reference = &mira().reference;
    let corners = rig::EYES[eye].map(|i| reference.face[i]);
    let low = |k: usize| corners.iter().map(|p| p[k]).fold(f32::INFINITY, f32::min);
    let high = |k: usize| corners.iter().map(|p| p[k]).fold(0.0, f32::max);
    let scale = frame.height as f32;
    let (mut sum, mut n) = ([0.0; 2], 0.0);
    // A strip along the middle of the eye: lashes do not come into it.
    let (y0, y1) = (low(1) + 0.3 * (high(1) - low(1)), low(1) + 0.75 * (high(1) - low(1)));
    for (i, p) in frame.data.chunks_exact(4).enumerate() {
        let at = [((i as u32 % frame.width) as f32 + 0.5) / scale, ((i as u32 / frame.width) as f32 + 0.5) / scale];
        if (low(0) + 0.004..high(0) - 0.004).contains(&at[0]) && (y0..y1).contains(&at[1]) && p[2] < 105 {
            (0..2).for_each(|k| sum[k] += at[k]);
            n += 1.0;
        }
    }
    sum.map(|s| s / n)
}

pub(super) fn look(pose: &mut PoseFrame, by: [f32; 2]) {
    let reference = mira().reference.clone();
    for (point, eye) in [(index::RIGHT_EYE, rig::EYES[0]), (index::LEFT_EYE, rig::EYES[1])] {
        let mean = [0, 1].map(|k| eye.iter().map(|i| reference.face[*i][k]).sum::<f32>() / 6.0);
        pose.points[point] = Point::new(mean[0] + by[0], mean[1] + by[1]);
    }
}

#[test]
fn irises_go_where_the_pose_looks() {
    let r = renderer(768);
    let straight = r.render(&posed(|_| ()));
    // Missing pupils and pupils at rest look straight ahead.
    assert_eq!(straight, r.render(&posed(|p| look(p, [0.0, 0.0]))));
    for by in [[-0.008, 0.0], [0.008, 0.0], [0.005, 0.0], [0.0, -0.003]] {
        let frame = r.render(&posed(|p| look(p, by)));
        for eye in 0..2 {
            let (a, b) = (dark_middle(&straight, eye), dark_middle(&frame, eye));
            let off = [b[0] - a[0], b[1] - a[1]];
            assert!((off[0] - by[0]).abs() < 0.0018, "{by:?}: eye {eye} went {off:?}");
            assert!(by[1] == 0.0 || off[1] < -0.0004, "{by:?}: eye {eye} went {off:?}");
        }
        // Nothing but the eyes has changed.
        let elsewhere = |x: f32, y: f32| !((0.40..0.60).contains(&x) && (0.32..0.37).contains(&y));
        assert!(psnr(&straight, &frame, elsewhere) > 80.0);
    }
    // A look beyond what an eye can do stops at the corner, and what lies under a closed lid is not seen.
    let far = dark_middle(&r.render(&posed(|p| look(p, [0.5, 0.0]))), 0);
    let near = dark_middle(&straight, 0);
    assert!((0.008..0.016).contains(&(far[0] - near[0])), "{}", far[0] - near[0]);
    let shut = |by| {
        r.render(&posed(|p| {
            look(p, by);
            blink(p, 1.0);
        }))
    };
    assert!(psnr(&shut([0.0, 0.0]), &shut([0.009, 0.0]), |_, _| true) > 45.0);
}

#[test]
fn a_raised_brow_keeps_its_shape_and_leaves_the_lid() {
    let r = renderer(512);
    let by = 0.008;
    let (rest, raised) = (r.render(&posed(|_| ())), r.render(&posed(|p| shift(p, 17..27, [0.0, -by]))));
    // What was at the brow is now four pixels higher, as sharp as before.
    let up = (by * 512.0).round() as usize;
    let mut lifted = raised.clone();
    lifted.data.rotate_right(4 * 512 * up);
    let brow = |x: f32, y: f32| (0.415..0.465).contains(&x) && (0.287..0.301).contains(&y);
    println!(
        "brow {:.1} dB, eye {:.1} dB",
        psnr(&rest, &lifted, brow),
        psnr(&rest, &raised, |x, y| (0.41..0.475).contains(&x) && (0.326..0.368).contains(&y))
    );
    assert!(psnr(&rest, &lifted, brow) > 27.0, "{}", psnr(&rest, &lifted, brow));
    assert!(psnr(&rest, &raised, brow) < 24.0);
    let eye = |x: f32, y: f32| (0.41..0.475).contains(&x) && (0.326..0.368).contains(&y);
    assert!(psnr(&rest, &raised, eye) > 34.0, "{}", psnr(&rest, &raised, eye));
}

#[test]
fn upper_teeth_stay_with_the_skull_and_lower_ones_go_with_the_jaw() {
    let r = renderer(768);
    // White runs of the middle column between the lips, first row and the one after the last.
    let runs = |frame: &RgbaFrame| {
        let (mut runs, mut from) = (Vec::new(), None);
        for y in 340..420usize {
            let p = &frame.data[4 * (y * 768 + 387)..][..3];
            let white = p[0] > 175 && p[1] > 150 && p[2] > 140;
            match (from, white) {
                (None, true) => from = Some(y),
                (Some(start), false) => {
                    runs.push((start, y));
                    from = None;
                }
                _ => {}
            }
        }
        runs.retain(|(a, b)| b - a >= 2);
        runs
    };
    let at = |open: f32| runs(&r.render(&posed(|p| say(p, open, 0.0))));
    let edges: Vec<usize> = [0.022, 0.030, 0.038].iter().map(|o| at(*o).first().expect("upper teeth").1).collect();
    assert!(edges.iter().all(|e| e.abs_diff(edges[0]) <= 2), "upper teeth moved with the jaw: {edges:?}");
    // A tongue is seen in an open vowel, more of it the wider, and not in a narrow one.
    let tongue = |open: f32| {
        let frame = r.render(&posed(|p| say(p, open, 0.0)));
        let pixels = frame.data.chunks_exact(4).enumerate().filter(|(i, p)| {
            let (x, y) = ((i % 768) as f32 / 768.0, (i / 768) as f32 / 768.0);
            let inside = (0.475..0.525).contains(&x) && (0.466..0.464 + 0.8 * open).contains(&y);
            inside && (130..225).contains(&p[0]) && p[1] < 110 && p[1] > 45
        });
        pixels.count()
    };
    let seen = [0.006, 0.02, 0.036].map(tongue);
    assert!(seen[1] < seen[2] && 4 * seen[0] < seen[2] && seen[2] > 100, "{seen:?}");
}
