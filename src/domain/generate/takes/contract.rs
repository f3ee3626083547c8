//! What every generator of takes has to keep, checked on any input: tests call [`check`] for each of
//! [`super::generators`], so a generator is tested from the moment it is listed.
//!
//! - Outside mask and halo every float of every point is bit-identical; so are the points of other parts within.
//! - Within the mask each take differs from the base, and takes of neighbouring seeds from each other, by at least
//!   [`LEAST_DIFFERENCE`], on every part that was asked for.
//! - The same seed gives the same bytes, on one thread and on two.
//! - Key poses within the mask stand: contact within [`CONTACT_TOLERANCE`], hand shape within [`SHAPE_TOLERANCE`],
//!   whichever of the take's parts is accepted, alone or with the others.

use super::{KeyPose, Layer, Poses, TakeError, TakeGenerator, TakeRequest, Values, apply, base_poses, key_poses, make};
use crate::cueing::Position;
use crate::cueing::where_::contact;
use crate::generate::GenerateInput;
use crate::pose::parts::{Part, Parts};
use crate::pose::{HAND_JOINT_COUNT, PoseFrame, Side, index};
use crate::progress::Silent;
use crate::time::{FrameIndex, Seconds, TimeRange};
use glam::{Vec2, Vec3};
use std::sync::Arc;

/// How far takes must differ from the base and from each other on each part: the greatest root mean square distance of
/// the part's points over the frames of the mask, picture units (a twentieth of a pixel in a picture 512 high; most differ by far
/// more). Asked of masks of at least a third of a second in which the base moves: a few still frames leave no room.
pub const LEAST_DIFFERENCE: f32 = 0.0001;
/// How far the pointing finger may leave its place on the head (or, away from the head, in the picture) while a key is
/// held, picture units: half the radius of a fingertip.
pub const CONTACT_TOLERANCE: f32 = 0.0065;
/// How far a joint of the hand may leave its place from the wrist while a key is held, picture units: the radius of a
/// fingertip.
pub const SHAPE_TOLERANCE: f32 = 0.0128;
/// The shortest mask whose takes must differ: there is nothing to see in less.
pub const SHORTEST: Seconds = Seconds(0.12);

/// One mask on one input.
#[derive(Clone, Debug)]
pub struct Case {
    pub input: GenerateInput,
    pub range: TimeRange,
    pub halo: Seconds,
    pub parts: Parts,
    pub values: Values,
    /// Takes have this seed and those that follow.
    pub seed: u64,
    pub count: usize,
}

/// How a generator broke the contract.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Breach {
    #[error("{0}")]
    Failed(#[from] TakeError),
    #[error("frame {frame} lies outside mask and halo and has changed at point {point}")]
    Outside { frame: usize, point: usize },
    #[error("point {point} of frame {frame} belongs to no part of the mask and has changed")]
    OtherPart { frame: usize, point: usize },
    #[error("take {take} differs from the base by only {by} on the {part}")]
    LikeTheBase { take: usize, part: &'static str, by: f32 },
    #[error("takes {a} and {b} differ by only {by} on the {part}")]
    Alike { a: usize, b: usize, part: &'static str, by: f32 },
    #[error("the same seed gave other bytes on {threads} threads")]
    NotTheSame { threads: usize },
    #[error("at {at} the finger is {by} off the {position} with only {accepted} accepted")]
    Contact { at: Seconds, position: &'static str, by: f32, accepted: String },
    #[error("at {at} joint {joint} of the hand is {by} off its shape with only {accepted} accepted")]
    Shape { at: Seconds, joint: usize, by: f32, accepted: String },
}

/// Makes the takes of a case and holds them to the contract.
pub fn check(generator: &dyn TakeGenerator, case: &Case) -> Result<(), Breach> {
    let takes = takes_on(generator, case, 2)?;
    same_bytes_on_any_threads(generator, case, &takes)?;
    let whole = crate::generate::rules::stretch(&case.input, 0..case.input.fps.frame_count(case.input.length) as usize)
        .map_err(TakeError::from)?;
    let mut seen = Vec::new();
    for poses in &takes {
        let all = with(&whole, case, poses, case.parts);
        outside_is_untouched(&whole, &all, case)?;
        seen.push(all);
    }
    differences(&whole, &seen, case)?;
    for poses in &takes {
        let single = case.parts.iter().map(|p| Parts::NONE.with(p));
        for accepted in single.chain([case.parts]) {
            let frames = with(&whole, case, poses, accepted);
            other_parts_are_untouched(&whole, &frames, accepted)?;
            keys_stand(&whole, &frames, case, accepted)?;
        }
    }
    Ok(())
}

/// The takes of a case, made on so many threads.
pub fn takes_on(generator: &dyn TakeGenerator, case: &Case, threads: usize) -> Result<Vec<Poses>, TakeError> {
    let work = || {
        let base = base_poses(&case.input, case.range, case.halo)?;
        let keys = key_poses(&case.input, case.range, case.halo);
        let make_one = |i: usize| {
            let request = TakeRequest {
                base: &base,
                input: &case.input,
                range: case.range,
                halo: case.halo,
                parts: case.parts,
                keys: &keys,
                fixed: &[],
                values: &case.values,
                seed: case.seed.wrapping_add(i as u64),
            };
            make(generator, &request, &Silent)
        };
        (0..case.count).map(make_one).collect()
    };
    match rayon::ThreadPoolBuilder::new().num_threads(threads).build() {
        Ok(pool) => pool.install(work),
        Err(_) => work(),
    }
}

fn same_bytes_on_any_threads(generator: &dyn TakeGenerator, case: &Case, takes: &[Poses]) -> Result<(), Breach> {
    for threads in [1, 2] {
        let again = takes_on(generator, case, threads)?;
        let bytes = |all: &[Poses]| all.iter().map(super::format::encode).collect::<Vec<_>>();
        if bytes(&again) != bytes(takes) {
            return Err(Breach::NotTheSame { threads });
        }
    }
    Ok(())
}

fn with(base: &[PoseFrame], case: &Case, poses: &Poses, parts: Parts) -> Vec<PoseFrame> {
    let layer = Layer {
        range: case.range,
        halo: case.halo,
        made_range: case.range,
        made_halo: case.halo,
        parts,
        poses: Arc::new(poses.clone()),
    };
    let mut frames = base.to_vec();
    apply(&mut frames, FrameIndex(0), case.input.fps, &[layer]);
    frames
}

/// The first point that is not the same to the bit, depth of hands included.
fn first_change(a: &PoseFrame, b: &PoseFrame, among: impl Fn(usize) -> bool) -> Option<usize> {
    let bits = |f: &PoseFrame, i: usize| {
        let p = f.points[i];
        let z = match i {
            index::LEFT_HAND..index::RIGHT_HAND => f.hand_z[0][i - index::LEFT_HAND],
            i if i >= index::RIGHT_HAND => f.hand_z[1][i - index::RIGHT_HAND],
            _ => 0.0,
        };
        [p.x, p.y, p.score, z].map(f32::to_bits)
    };
    (0..a.points.len()).find(|i| among(*i) && bits(a, *i) != bits(b, *i))
}

fn outside_is_untouched(base: &[PoseFrame], frames: &[PoseFrame], case: &Case) -> Result<(), Breach> {
    let fps = case.input.fps;
    for (i, (a, b)) in base.iter().zip(frames).enumerate() {
        let t = fps.time_of(FrameIndex(i as u32));
        let inside = t > case.range.start - case.halo && t < case.range.end + case.halo;
        let hard = case.halo.0 == 0.0 && case.range.contains(t);
        if !(inside || hard)
            && let Some(point) = first_change(a, b, |_| true)
        {
            return Err(Breach::Outside { frame: i, point });
        }
    }
    Ok(())
}

fn other_parts_are_untouched(base: &[PoseFrame], frames: &[PoseFrame], parts: Parts) -> Result<(), Breach> {
    let mut may = [false; crate::pose::POINT_COUNT];
    parts.iter().flat_map(Part::moves).for_each(|i| may[i] = true);
    for (frame, (a, b)) in base.iter().zip(frames).enumerate() {
        if let Some(point) = first_change(a, b, |i| !may[i]) {
            return Err(Breach::OtherPart { frame, point });
        }
    }
    Ok(())
}

/// How far two performances differ on a part within the mask: the greatest root mean square over its frames. Hands are
/// compared from the wrist. The head is compared by all that it carries.
pub fn difference(a: &[PoseFrame], b: &[PoseFrame], case: &Case, part: Part) -> f32 {
    let fps = case.input.fps;
    let points: Vec<usize> = if part == Part::Head { part.moves().collect() } else { part.points().collect() };
    let hand = match part {
        Part::LeftHand => Some(index::LEFT_HAND),
        Part::RightHand => Some(index::RIGHT_HAND),
        _ => None,
    };
    let at = |f: &PoseFrame, i: usize| {
        let p = Vec2::from(f.points[i].xy());
        hand.map_or(p, |wrist| p - Vec2::from(f.points[wrist].xy()))
    };
    let frames = a.iter().zip(b).enumerate();
    let inside = frames.filter(|(i, _)| case.range.contains(fps.time_of(FrameIndex(*i as u32))));
    inside
        .map(|(_, (a, b))| {
            let sum: f32 = points.iter().map(|i| (at(a, *i) - at(b, *i)).length_squared()).sum();
            (sum / points.len() as f32).sqrt()
        })
        .fold(0.0, f32::max)
}

fn differences(base: &[PoseFrame], takes: &[Vec<PoseFrame>], case: &Case) -> Result<(), Breach> {
    if case.range.length() < SHORTEST {
        return Ok(());
    }
    for part in case.parts.iter() {
        for (take, frames) in takes.iter().enumerate() {
            let by = difference(base, frames, case, part);
            if by < LEAST_DIFFERENCE {
                return Err(Breach::LikeTheBase { take, part: part.name(), by });
            }
            for (other, its) in takes.iter().enumerate().take(take) {
                let by = difference(frames, its, case, part);
                if by < LEAST_DIFFERENCE {
                    return Err(Breach::Alike { a: other, b: take, part: part.name(), by });
                }
            }
        }
    }
    Ok(())
}

/// Where the pointing finger is: against the face for places on the head, in the picture for others.
fn finger(frame: &PoseFrame, side: Side, joint: usize, position: Position) -> Vec2 {
    let tip = frame.hand(side)[joint].truncate();
    if !matches!(position, Position::Mouth | Position::Chin | Position::Cheekbone) {
        return tip;
    }
    // The corner of the eye, the wing of the nose and the ear on this side hardly move with an expression.
    let face = |i: usize| Vec2::from(frame.points[index::FACE + i].xy());
    let near = match side {
        Side::Right => [face(36), face(31), face(0)],
        Side::Left => [face(45), face(35), face(16)],
    };
    tip - (near[0] + near[1] + near[2]) / 3.0
}

fn keys_stand(base: &[PoseFrame], frames: &[PoseFrame], case: &Case, accepted: Parts) -> Result<(), Breach> {
    let fps = case.input.fps;
    let side = case.input.reference.handed;
    let names = || accepted.iter().map(Part::name).collect::<Vec<_>>().join(" and ");
    for KeyPose { planned, hold, position } in key_poses(&case.input, case.range, case.halo) {
        let joint = contact(position, case.input.keys[planned].shape).joint();
        let first = (hold.start.0 * fps.rate()).ceil().max(0.0) as usize;
        for i in first..base.len() {
            let at = fps.time_of(FrameIndex(i as u32));
            if at > hold.end {
                break;
            }
            let (a, b) = (&base[i], &frames[i]);
            let by = (finger(a, side, joint, position) - finger(b, side, joint, position)).length();
            if by > CONTACT_TOLERANCE {
                return Err(Breach::Contact { at, position: position.name(), by, accepted: names() });
            }
            let from_wrist = |f: &PoseFrame| -> [Vec3; HAND_JOINT_COUNT] {
                let joints = f.hand(side);
                joints.map(|j| j - joints[0])
            };
            for (joint, (p, q)) in from_wrist(a).iter().zip(from_wrist(b)).enumerate() {
                let by = (*p - q).length();
                if by > SHAPE_TOLERANCE {
                    return Err(Breach::Shape { at, joint, by, accepted: names() });
                }
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cueing::when::TimingOptions;
    use crate::generate::examples::input_with_keys;
    use crate::generate::takes::{USUAL_HALO, generators};
    use crate::progress::Progress;
    use proptest::prelude::*;

    fn input(length: f64, handed: Side) -> GenerateInput {
        let keys: Vec<_> =
            (0..12).map(|i| ((i * 5 % 8 + 1) as u8, Position::ALL[i * 3 % Position::ALL.len()], None)).collect();
        let mut input = input_with_keys(&keys, 1.0, length, &TimingOptions::default());
        if handed == Side::Left {
            input.reference = input.reference.mirrored();
        }
        input
    }

    fn case(parts: Parts) -> Case {
        Case {
            input: input(0.32, Side::Right),
            range: TimeRange::new(Seconds(2.0), Seconds(3.4)),
            halo: USUAL_HALO,
            parts,
            values: Values::default(),
            seed: 7,
            count: 4,
        }
    }

    #[test]
    fn every_generator_keeps_the_contract() {
        for generator in generators() {
            for parts in Part::ALL.into_iter().map(|p| Parts::NONE.with(p)).chain([Parts::ALL]) {
                let result = check(*generator, &case(parts));
                assert!(result.is_ok(), "{} on {parts:?}: {result:?}", generator.name());
            }
        }
    }

    #[test]
    fn every_generator_keeps_it_at_its_strongest() {
        for generator in generators() {
            let mut strong = case(Parts::ALL);
            for p in generator.parameters() {
                strong.values.set(p.name, p.range.1);
            }
            // Names of parameters are words of their own for the command line.
            assert!(generator.parameters().iter().all(|p| p.name.chars().all(|c| c.is_ascii_lowercase() || c == '-')));
            assert_eq!(check(*generator, &strong), Ok(()), "{}", generator.name());
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn every_generator_keeps_it_on_any_mask(
            // From the first move on, and long enough for something to vary: a few still frames leave no room.
            start in 0.7..4.5_f64,
            length in 0.35..1.2_f64,
            halo in prop_oneof![Just(0.0), 0.04..0.5_f64],
            bits in 1..64_u8,
            seed in any::<u64>(),
            quick in any::<bool>(),
            left in any::<bool>(),
        ) {
            let parts: Parts = Part::ALL.into_iter().filter(|p| bits & (1 << *p as u8) != 0).collect();
            let input = input(if quick { 0.2 } else { 0.34 }, if left { Side::Left } else { Side::Right });
            let range = TimeRange::new(Seconds(start), Seconds(start + length));
            let one = Case { input, range, halo: Seconds(halo), parts, values: Values::default(), seed, count: 3 };
            for generator in generators() {
                // A mask behind the end holds nothing, and says so.
                match check(*generator, &one) {
                    Ok(()) => {}
                    Err(Breach::Failed(TakeError::NoFrame)) => prop_assert!(range.start > one.input.length),
                    Err(breach) if range.end > one.input.length => {
                        // What reaches beyond the end may be too short to differ.
                        let alike = matches!(breach, Breach::LikeTheBase { .. } | Breach::Alike { .. });
                        prop_assert!(alike, "{}: {breach}", generator.name());
                    }
                    Err(breach) => prop_assert!(false, "{}: {breach}", generator.name()),
                }
            }
        }
    }

    /// The harness itself must see each breach.
    #[derive(Clone, Copy)]
    enum Fault {
        Nothing,
        Same,
        Clock,
        Hand,
        Count,
        NotANumber,
    }

    struct Broken(Fault, std::sync::atomic::AtomicU32);

    impl TakeGenerator for Broken {
        fn name(&self) -> &'static str {
            "broken"
        }
        fn label(&self) -> &'static str {
            "Broken"
        }
        fn parameters(&self) -> &'static [crate::generate::takes::Parameter] {
            &[]
        }
        fn generate(&self, r: &TakeRequest<'_>, _: &dyn Progress) -> Result<Vec<PoseFrame>, TakeError> {
            let mut frames = generators()[0].generate(r, &Silent)?;
            let calls = self.1.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            match self.0 {
                Fault::Nothing => {
                    let first = super::super::frames_of(r.range, r.halo, r.input.fps, 10_000).start;
                    let skip = (first - r.base.first.0) as usize;
                    frames = r.base.frames[skip..skip + frames.len()].to_vec();
                }
                Fault::Same => {
                    let same = TakeRequest { seed: 1, ..*r };
                    frames = generators()[0].generate(&same, &Silent)?;
                }
                Fault::Clock => frames.iter_mut().for_each(|f| f.points[index::RIGHT_ELBOW].x += calls as f32 * 1e-3),
                Fault::Hand => frames.iter_mut().for_each(|f| {
                    (0..HAND_JOINT_COUNT).for_each(|i| f.points[index::RIGHT_HAND + i].x += 0.02);
                }),
                Fault::Count => {
                    frames.pop();
                }
                Fault::NotANumber => frames[3].points[40].x = f32::NAN,
            }
            Ok(frames)
        }
    }

    #[test]
    fn the_harness_sees_what_is_wrong() {
        let found = |fault, parts| check(&Broken(fault, 0.into()), &case(parts)).expect_err("a breach");
        assert!(matches!(found(Fault::Nothing, Parts::ALL), Breach::LikeTheBase { .. }));
        assert!(matches!(found(Fault::Same, Parts::ALL), Breach::Alike { .. }));
        assert!(matches!(found(Fault::Clock, Parts::ALL), Breach::NotTheSame { .. }));
        assert!(matches!(found(Fault::Hand, Parts::ALL), Breach::Contact { .. }));
        assert!(matches!(found(Fault::Count, Parts::ALL), Breach::Failed(TakeError::FrameCount { .. })));
        assert!(matches!(found(Fault::NotANumber, Parts::ALL), Breach::Failed(TakeError::NotANumber { .. })));
        // And a change outside, which no generator can make through `make`.
        let case = case(Parts::ALL);
        let base = vec![PoseFrame::default(); 200];
        let mut other = base.clone();
        other[10].hand_z[1][4] = 0.1;
        assert_eq!(
            outside_is_untouched(&base, &other, &case),
            Err(Breach::Outside { frame: 10, point: index::RIGHT_HAND + 4 })
        );
        assert_eq!(
            other_parts_are_untouched(&base, &other, Parts::NONE.with(Part::Lips)),
            Err(Breach::OtherPart { frame: 10, point: index::RIGHT_HAND + 4 })
        );
    }
}
