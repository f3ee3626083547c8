//! An alignment worked out once for a clip and a person, and applied frame by frame.

use super::face::{HeadPlace, SourceFace, face_point};
use super::global::{Map, Pair, similarity, stretch};
use super::measure::{self, EdgeLength, looked_at, node, root, seen, weighted_quantile, wrist};
use super::skeleton::{Edge, face_bone, head_of, limbs, root_of};
use super::{Bone, BoneFit, Calibration, Foreshortened, Mode, Settings, contact, depth};
use crate::pose::compose::STABLE;
use crate::pose::{
    FACE_POINT_COUNT, HAND_JOINT_COUNT, POINT_COUNT, Point, PoseFrame, PoseSequence, Reference, Side, index,
    mirrored_frame,
};
use glam::{Mat2, Vec2};

/// The score of face points that the source does not show and that stand as in the picture.
const FILLED: f32 = 0.3;

/// How a clip is brought to a person.
#[derive(Clone, Debug)]
pub struct Alignment {
    settings: Settings,
    edges: Vec<Edge>,
    bones: Vec<BoneFit>,
    foreshortened: Vec<Foreshortened>,
    /// Factor on lengths of the source, before those of bones.
    size: f32,
    /// Rotation of everything, radians.
    turn: f32,
    face: Option<SourceFace>,
    /// The picture's face about the middle of its head.
    target_face: [Vec2; FACE_POINT_COUNT],
    /// Rotation of the source's face at rest against the picture's, radians.
    face_turn: f32,
    hand_length: f32,
    /// What is laid on what: a place of the source (the head's, or the middle between the shoulders) and the picture's.
    from: Vec2,
    to: Vec2,
    /// `from` and the middle between the shoulders in the moment of calibration, and the turn of the head in it.
    root: Option<Vec2>,
    head_turn: f32,
    /// One map of everything, in the modes that have one.
    map: Option<Map>,
}

/// The pose of the source that is laid on the picture.
struct Calibrated {
    head: Option<HeadPlace>,
    shoulders: Option<[Vec2; 2]>,
}

/// A frame of the source seen in a mirror that stands on its left edge; where everything lies is found anyway.
fn mirrored(frame: &PoseFrame) -> PoseFrame {
    mirrored_frame(frame, 0.0)
}

impl Alignment {
    /// Works out how `source` is brought to the person of `target`. Whatever is missing in the source leaves its scales
    /// at 1; nothing fails.
    pub fn fit(source: &PoseSequence, target: &Reference, settings: &Settings) -> Self {
        let turned: Vec<PoseFrame>;
        let settings = if settings.is_sound() { settings.clone() } else { Settings::default() };
        let frames = if settings.mirrored {
            turned = source.frames.iter().map(mirrored).collect();
            &turned
        } else {
            &source.frames
        };
        let face = SourceFace::measure(frames);
        let pose = calibrated(frames, face.as_ref(), settings.calibration);
        let target_head = head_of(target);
        let target_face: [Vec2; FACE_POINT_COUNT] = std::array::from_fn(|i| target.face_point(i) - target_head);
        let edges = limbs(target);
        let lengths: Vec<Option<EdgeLength>> = edges.iter().map(|e| measure::edge_length(e, frames)).collect();
        let rest = |pairs: &mut Vec<Pair>| {
            if let Some(face) = &face {
                pairs.extend(STABLE.iter().filter_map(|i| Some((face.rest[*i]?, target_face[*i], 1.0))));
            }
        };
        let mut face_pairs = Vec::new();
        rest(&mut face_pairs);
        let face_map = similarity(&face_pairs);
        let everything = pairs_of(&pose, face.as_ref(), target);
        let whole = similarity(&everything);
        let found = face_map.map(|m| m.size()).or_else(|| size_of_limbs(&edges, &lengths)).unwrap_or(1.0);
        let found = if found.is_finite() && found > 1e-6 { found } else { 1.0 };
        let neck = face.as_ref().and_then(|f| neck_length(frames, f));
        let bones = bones_of(&edges, &lengths, neck, face.as_ref(), target, found, &settings);
        let foreshortened =
            edges.iter().zip(&lengths).filter_map(|(e, l)| measure::foreshortened(e, l.as_ref()?, frames)).collect();
        let root = pose.shoulders.map(|[l, r]| (l + r) / 2.0);
        let (from, to) = match (&pose.head, root) {
            (Some(head), _) => (head.at, target_head),
            (None, Some(root)) => (root, root_of(target)),
            (None, None) => (middle_of(frames).unwrap_or_default(), Vec2::new(target.aspect / 2.0, 0.5)),
        };
        let map = match settings.mode {
            Mode::Bones => None,
            Mode::Similarity => Some(whole),
            Mode::Affine => Some(stretch(&everything)),
        };
        let unmapped = Map { by: Mat2::from_diagonal(Vec2::splat(found)), to: to - from * found };
        let map = map.map(|m| m.unwrap_or(unmapped));
        Self {
            size: found * settings.size,
            turn: whole.map_or(0.0, |m| m.turn()),
            face_turn: face_map.map_or(0.0, |m| m.turn()),
            hand_length: target.hand_length,
            head_turn: pose.head.map_or(0.0, |h| h.turn),
            settings,
            edges,
            bones,
            foreshortened,
            face,
            target_face,
            from,
            to,
            root,
            map,
        }
    }

    /// All bones with their scales, in the order of [`Bone::ALL`].
    pub fn bones(&self) -> &[BoneFit] {
        &self.bones
    }

    /// Bones that are often seen shortened.
    pub fn foreshortened(&self) -> &[Foreshortened] {
        &self.foreshortened
    }

    /// Factor on all lengths of the source that the bones' scales stand beside.
    pub fn size(&self) -> f32 {
        self.map.map_or(self.size, |m| m.size() * self.settings.size)
    }

    /// Rotation that was found, degrees, positive clockwise; the user's own comes to it.
    pub fn turn(&self) -> f32 {
        match &self.map {
            Some(map) if self.settings.mode == Mode::Similarity => map.turn().to_degrees(),
            Some(_) => 0.0,
            None => self.turn.to_degrees(),
        }
    }

    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// A frame of the source on the person of the picture. Points that the source does not show stay missing, but for
    /// those of a face that is kept.
    pub fn frame(&self, source: &PoseFrame) -> PoseFrame {
        let turned;
        let source = if self.settings.mirrored {
            turned = mirrored(source);
            &turned
        } else {
            source
        };
        let mut out = match &self.map {
            Some(map) => self.mapped(source, map),
            None => self.by_bones(source),
        };
        for side in [Side::Left, Side::Right] {
            let hand = side.hand_index()..side.hand_index() + HAND_JOINT_COUNT;
            let flat = source.hand_z[side as usize].iter().all(|z| *z == 0.0);
            if flat && source.points[hand].iter().all(|p| seen(*p)) {
                depth::lift(&mut out, side, self.hand_length);
            }
        }
        if self.settings.contact {
            contact::correct(source, &mut out);
        }
        out
    }

    fn offset(&self) -> Vec2 {
        Vec2::from(self.settings.offset)
    }

    /// One map for everything, with the user's own size and rotation about the middle of the head.
    fn mapped(&self, source: &PoseFrame, map: &Map) -> PoseFrame {
        let mut out = source.clone();
        let middle = map.apply(self.from);
        let own = Vec2::from_angle(self.settings.turn.to_radians()) * self.settings.size;
        for p in out.points.iter_mut().filter(|p| seen(**p)) {
            let at = middle + own.rotate(map.apply(Vec2::new(p.x, p.y)) - middle) + self.offset();
            (p.x, p.y) = (at.x, at.y);
        }
        let size = map.size() * self.settings.size;
        out.hand_z.iter_mut().flatten().for_each(|z| *z *= size);
        out
    }

    fn scale(&self, bone: Bone) -> f32 {
        self.size * self.bones.iter().find(|b| b.bone == bone).map_or(1.0, |b| b.scale)
    }

    fn by_bones(&self, source: &PoseFrame) -> PoseFrame {
        let mut out = PoseFrame::default();
        let own = self.settings.turn.to_radians();
        let turn = Vec2::from_angle(self.turn + own);
        // Scaled places, about the middle between the shoulders of the calibrated pose.
        let neck = self.scale(Bone::Neck);
        let base = self.root.map_or(Vec2::ZERO, |r| (self.from - r) * neck);
        let place = |u: Vec2| self.to + self.offset() + turn.rotate(u - base);
        let loose = |q: Vec2| base + (q - self.from) * self.size;
        let here = root(source).zip(self.root).map(|((at, _), calm)| (at, (at - calm) * self.size));
        let head = self.face.as_ref().and_then(|f| f.place(source));
        let head_at = head.map(|h| here.map_or_else(|| loose(h.at), |(at, u)| u + (h.at - at) * neck));
        // What hangs on nothing that is seen goes with the head.
        let hanging = |q: Vec2| match (&head, head_at) {
            (Some(h), Some(u)) => u + (q - h.at) * self.size,
            _ => loose(q),
        };
        let mut nodes: [Option<Vec2>; POINT_COUNT] = [None; POINT_COUNT];
        for edge in &self.edges {
            let Some((q, _)) = node(source, edge.to) else { continue };
            let parent = match edge.from {
                None => here,
                Some(i) => node(source, i).map(|p| p.0).zip(nodes[i]),
            };
            nodes[edge.to] = Some(parent.map_or_else(|| hanging(q), |(p, u)| u + (q - p) * self.scale(edge.bone)));
        }
        for (i, u) in nodes.iter().enumerate() {
            if let Some(u) = u {
                let score = if i == index::LEFT_WRIST || i == index::RIGHT_WRIST {
                    wrist(source, if i == index::LEFT_WRIST { Side::Left } else { Side::Right }).score
                } else {
                    source.points[i].score
                };
                out.points[i] = point(place(*u), score);
            }
        }
        self.set_hand_roots(source, &mut out);
        if let (Some(head), Some(at)) = (&head, head_at) {
            self.set_face(source, &mut out, head, place(at));
        } else {
            for i in (0..5).chain(index::FACE..index::FACE + FACE_POINT_COUNT) {
                if let Some((q, score)) = node(source, i) {
                    out.points[i] = point(place(loose(q)), score);
                }
            }
        }
        out
    }

    /// The first joint of a hand is its wrist; depth is scaled along the bones as the picture is.
    fn set_hand_roots(&self, source: &PoseFrame, out: &mut PoseFrame) {
        for side in [Side::Left, Side::Right] {
            let first = side.hand_index();
            if seen(source.points[first]) {
                let at = out.points[index::LEFT_WRIST + side as usize];
                out.points[first] = Point { score: source.points[first].score, ..at };
            }
            let (from, to) = (&source.hand_z[side as usize], &mut out.hand_z[side as usize]);
            to[0] = from[0] * self.size;
            for edge in self.edges.iter().filter(|e| e.side == Some(side) && e.to > first) {
                let joint = edge.to - first;
                if joint < HAND_JOINT_COUNT {
                    let parent = edge.from.and_then(|p| p.checked_sub(first)).unwrap_or(0);
                    to[joint] = to[parent] + (from[joint] - from[parent]) * self.scale(edge.bone);
                }
            }
        }
    }

    fn set_face(&self, source: &PoseFrame, out: &mut PoseFrame, head: &HeadPlace, at: Vec2) {
        let Some(face) = &self.face else { return };
        let own = self.settings.turn.to_radians();
        let keep = self.settings.keep_face;
        let turn = Vec2::from_angle(head.turn + own + if keep { -self.head_turn } else { self.turn });
        let to_picture = Vec2::from_angle(self.face_turn);
        for i in 0..FACE_POINT_COUNT {
            let bone = face_bone(i);
            let seen = face_point(source, i);
            let local = seen.map(|(q, _)| head.local(q));
            let group = face.group_middle(bone);
            let (place, score) = match (keep, local, face.rest[i]) {
                (true, Some(local), Some(rest)) => {
                    let moved = to_picture.rotate(local - rest) * self.scale(bone);
                    (self.target_face[i] * self.settings.size + moved, seen.map_or(0.0, |s| s.1))
                }
                (true, ..) => (self.target_face[i] * self.settings.size, FILLED),
                (false, Some(local), _) => {
                    (group * self.scale(Bone::Face) + (local - group) * self.scale(bone), seen.map_or(0.0, |s| s.1))
                }
                (false, None, _) => continue,
            };
            out.points[index::FACE + i] = point(at + turn.rotate(place * head.size), score);
        }
        let turn = Vec2::from_angle(self.turn + own);
        for i in index::NOSE..index::LEFT_SHOULDER {
            if let Some((q, score)) = node(source, i) {
                out.points[i] = point(at + turn.rotate((q - head.at) * self.scale(Bone::Face)), score);
            }
        }
        if keep {
            // They lie on the face that is kept.
            let middle = |points: std::ops::Range<usize>, out: &PoseFrame| {
                let n = points.len() as f32;
                points.map(|i| Vec2::from(out.points[index::FACE + i].xy())).sum::<Vec2>() / n
            };
            for (i, points) in [(index::NOSE, 30..31), (index::RIGHT_EYE, 36..42), (index::LEFT_EYE, 42..48)] {
                if seen(source.points[i]) {
                    out.points[i] = point(middle(points, out), out.points[i].score);
                }
            }
        }
    }
}

fn point(at: Vec2, score: f32) -> Point {
    Point { x: at.x, y: at.y, score }
}

/// The pose that is laid on the picture.
fn calibrated(frames: &[PoseFrame], face: Option<&SourceFace>, calibration: Calibration) -> Calibrated {
    let shoulders_in = |f: &PoseFrame| {
        let (l, r) = (node(f, index::LEFT_SHOULDER)?, node(f, index::RIGHT_SHOULDER)?);
        Some(([l.0, r.0], l.1.min(r.1)))
    };
    let median = |mut v: Vec<(f32, f32)>| weighted_quantile(&mut v, 0.5);
    let all: Vec<([Vec2; 2], f32)> = looked_at(frames.len()).filter_map(|i| shoulders_in(&frames[i])).collect();
    let usual = (!all.is_empty()).then(|| {
        [0, 1].map(|k| {
            let axis = |f: &dyn Fn(Vec2) -> f32| median(all.iter().map(|(s, w)| (f(s[k]), *w)).collect());
            Vec2::new(axis(&|p| p.x), axis(&|p| p.y))
        })
    });
    let Some(face) = face else { return Calibrated { head: None, shoulders: usual } };
    if calibration == Calibration::FirstFrame
        && let Some((frame, head)) = frames.iter().find_map(|f| Some((f, face.place(f)?)))
    {
        return Calibrated { head: Some(head), shoulders: shoulders_in(frame).map(|s| s.0).or(usual) };
    }
    let places: Vec<HeadPlace> = looked_at(frames.len()).filter_map(|i| face.place(&frames[i])).collect();
    let axis = |f: &dyn Fn(&HeadPlace) -> f32| median(places.iter().map(|p| (f(p), 1.0)).collect());
    let head = (!places.is_empty()).then(|| HeadPlace {
        at: Vec2::new(axis(&|p| p.at.x), axis(&|p| p.at.y)),
        turn: axis(&|p| p.turn),
        size: axis(&|p| p.size),
    });
    Calibrated { head, shoulders: usual }
}

/// Stable points of the face and both shoulders, in the calibrated pose and in the picture.
fn pairs_of(pose: &Calibrated, face: Option<&SourceFace>, target: &Reference) -> Vec<Pair> {
    let mut pairs = Vec::new();
    if let (Some(face), Some(head)) = (face, &pose.head) {
        let turn = Vec2::from_angle(head.turn) * head.size;
        let at = |i: usize| Some(head.at + turn.rotate(face.rest[i]?));
        pairs.extend(STABLE.iter().filter_map(|i| Some((at(*i)?, target.face_point(*i), 1.0))));
    }
    if let Some([left, right]) = pose.shoulders {
        pairs.push((left, Vec2::from(target.left_shoulder), 1.0));
        pairs.push((right, Vec2::from(target.right_shoulder), 1.0));
    }
    pairs
}

/// The size of the whole where no face is seen: shoulders, or else all bones together.
fn size_of_limbs(edges: &[Edge], lengths: &[Option<EdgeLength>]) -> Option<f32> {
    let size = |only: Option<Bone>| {
        let (mut source, mut target) = (0.0, 0.0);
        for (edge, length) in edges.iter().zip(lengths) {
            if let (Some(length), Some(wanted)) = (length, edge.target)
                && only.is_none_or(|b| b == edge.bone)
            {
                source += length.length;
                target += wanted;
            }
        }
        (source > 0.0 && target > 0.0).then(|| target / source)
    };
    size(Some(Bone::Shoulders)).or_else(|| size(None))
}

/// From the middle between the shoulders to the middle of the head.
fn neck_length(frames: &[PoseFrame], face: &SourceFace) -> Option<EdgeLength> {
    let length = |i: usize| {
        let ((root, score), head) = (root(&frames[i])?, face.place(&frames[i])?);
        Some((root.distance(head.at), score))
    };
    measure::over_clip(&mut looked_at(frames.len()).filter_map(length).collect())
}

fn bones_of(
    edges: &[Edge],
    lengths: &[Option<EdgeLength>],
    neck: Option<EdgeLength>,
    face: Option<&SourceFace>,
    target: &Reference,
    size: f32,
    settings: &Settings,
) -> Vec<BoneFit> {
    let own_neck = root_of(target).distance(head_of(target));
    let picture: [Vec2; FACE_POINT_COUNT] = std::array::from_fn(|i| target.face_point(i));
    Bone::ALL
        .into_iter()
        .map(|bone| {
            if bone.is_of_face() {
                let pair = face.and_then(|f| f.scale(bone, &picture)).map(|s| (EdgeLength::exact(1.0), s));
                return measure::bone_fit(bone, pair.as_slice(), size, settings);
            }
            if bone == Bone::Neck {
                let pair = neck.clone().map(|n| (n, own_neck));
                return measure::bone_fit(bone, pair.as_slice(), size, settings);
            }
            let own = edges.iter().zip(lengths).filter(|(e, _)| e.bone == bone);
            let pairs: Vec<(EdgeLength, f32)> = own.filter_map(|(e, l)| Some((l.clone()?, e.target?))).collect();
            measure::bone_fit(bone, &pairs, size, settings)
        })
        .collect()
}

/// The middle of everything that is seen, of clips that show neither face nor shoulders.
fn middle_of(frames: &[PoseFrame]) -> Option<Vec2> {
    let mut axes = [Vec::new(), Vec::new()];
    for i in looked_at(frames.len()) {
        for p in frames[i].points.iter().filter(|p| seen(**p)) {
            axes[0].push((p.x, p.score));
            axes[1].push((p.y, p.score));
        }
    }
    let known = !axes[0].is_empty();
    known.then(|| Vec2::new(weighted_quantile(&mut axes[0], 0.5), weighted_quantile(&mut axes[1], 0.5)))
}
