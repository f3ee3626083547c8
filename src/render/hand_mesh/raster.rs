//! Finds the front surface of the smooth union under each sample, many samples at a time.
//!
//! The view is orthographic along z, so a ray is a point of the picture and the only unknown is depth. Rays walk from
//! the viewer by the distance to the surface (sphere tracing). What they passed closest on the way gives lines at
//! silhouettes, in front of the background and of other parts of the hand alike, with exact coverage and without
//! supersampling. Samples are kept in arrays of [`LANES`] so that the compiler turns each loop into vector code;
//! cones that cannot matter to a block of samples are left out beforehand.

// Plain loops over indices of several arrays are what the compiler turns into vector code.
#![allow(clippy::needless_range_loop)]

use super::surface::{Cone, NO_PHALANX, Surface, part};

/// Samples of a block side by side and on top of each other.
pub(super) const BLOCK_WIDTH: usize = 8;
pub(super) const BLOCK_HEIGHT: usize = 4;
pub(super) const LANES: usize = BLOCK_WIDTH * BLOCK_HEIGHT;

pub(super) type Lane = [f32; LANES];

/// Farther than anything in a hand.
const FAR: f32 = 1e3;
const MAX_STEPS: usize = 40;

/// Where ambient light is looked for, outwards along the normal, in hand lengths.
const OPEN_STEPS: [f32; 3] = [0.020, 0.048, 0.095];
/// Where the way to the light is probed, in hand lengths.
const LIGHT_STEPS: [f32; 4] = [0.032, 0.075, 0.135, 0.225];

/// What was found under the samples of one block. Lengths in hand lengths.
pub(super) struct Found {
    pub x: Lane,
    pub y: Lane,
    /// Depth of the surface where [`Found::hit`] is not 0.
    pub z: Lane,
    pub hit: Lane,
    /// Closest passage before the surface (or at all): distance and depth.
    pub near: Lane,
    pub near_z: Lane,
    /// Outline of a finger's bone before the surface: how far beside it the sample lies, and how far before.
    pub rim: Lane,
    pub rim_step: Lane,
    pub normal_x: Lane,
    pub normal_y: Lane,
    pub normal_z: Lane,
    /// Part and phalanx the surface belongs to.
    pub part: Lane,
    pub phalanx: Lane,
    /// How far inside its silhouette the sample lies, from the slope and the curvature of the surface.
    pub inside: Lane,
    /// Distance to palm and forearm alone.
    pub body: Lane,
    /// Distance to the bones of the finger the surface belongs to.
    pub finger: Lane,
    /// How much farther the second closest long finger is than the closest, and how far it is.
    pub apart: Lane,
    pub next_finger: Lane,
    /// Share of the surroundings that is open, and of the light that arrives: 0 to 1.
    pub open: Lane,
    pub lit: Lane,
}

impl Found {
    pub fn new() -> Self {
        let lane = [0.0; LANES];
        Self {
            x: lane,
            y: lane,
            z: lane,
            hit: lane,
            near: lane,
            near_z: lane,
            rim: lane,
            rim_step: lane,
            normal_x: lane,
            normal_y: lane,
            normal_z: lane,
            inside: lane,
            body: lane,
            part: lane,
            phalanx: lane,
            finger: lane,
            apart: lane,
            next_finger: lane,
            open: lane,
            lit: lane,
        }
    }
}

/// The cones that matter to one block, ordered by part.
#[derive(Default)]
pub(super) struct Nearby {
    cones: Vec<Cone>,
    ends: [usize; part::COUNT],
    /// The sleeve is cut off here: direction of the arm, and distance from the wrist along it.
    cuff_axis: [f32; 3],
    cuff: f32,
}

impl Nearby {
    /// Collects the cones that show within `reach` of the rectangle. False where there are none.
    pub fn collect(&mut self, surface: &Surface, x0: f32, y0: f32, x1: f32, y1: f32, reach: f32) -> bool {
        let (cx, cy) = ((x0 + x1) * 0.5, (y0 + y1) * 0.5);
        let (w, h) = (x1 - x0, y1 - y0);
        let reach = reach + (w * w + h * h).sqrt() * 0.5;
        self.cones.clear();
        self.ends = [0; part::COUNT];
        let mut seen = false;
        for cone in &surface.cones {
            // A cone shapes the surface of its neighbours as far as the widest seam reaches.
            if cone.is_within(cx, cy, reach + cone.seam) {
                seen |= cone.is_within(cx, cy, reach + BULGE);
                self.cones.push(*cone);
                self.ends[cone.part] = self.cones.len();
            }
        }
        for part in 1..part::COUNT {
            self.ends[part] = self.ends[part].max(self.ends[part - 1]);
        }
        self.cuff_axis = surface.arm.axis.to_array();
        self.cuff = surface.arm.cuff;
        seen
    }

    #[inline(always)]
    fn of_part(&self, part: usize) -> &[Cone] {
        let start = if part == 0 { 0 } else { self.ends[part - 1] };
        &self.cones[start..self.ends[part]]
    }
}

/// How far a seam can bulge out of the cones that it joins.
const BULGE: f32 = 0.022;
/// Rounding of the groove between neighbouring fingers.
const GROOVE: f32 = 0.016;
/// Rounding of the sleeve's edge.
const HEM: f32 = 0.014;

#[inline(always)]
fn least(a: f32, b: f32) -> f32 {
    if a < b { a } else { b }
}

#[inline(always)]
fn most(a: f32, b: f32) -> f32 {
    if a > b { a } else { b }
}

/// All bits set where the condition holds.
#[inline(always)]
fn mask(condition: bool) -> u32 {
    u32::from(condition).wrapping_neg()
}

/// `a` where the mask is set, else `b`.
#[inline(always)]
fn select(mask: u32, a: f32, b: f32) -> f32 {
    f32::from_bits((a.to_bits() & mask) | (b.to_bits() & !mask))
}

/// Smooth minimum: rounds the seam of two surfaces over about `blend`.
#[inline(always)]
fn smooth_least(a: f32, b: f32, blend: f32, inverse: f32) -> f32 {
    let h = most(blend - (a - b).abs(), 0.0);
    least(a, b) - h * h * inverse
}

/// Two fingers that grow out of the same body: a narrow rounded groove between them, but none where either of them
/// does not rise out of the body. Returns the distance and the share of `b` in the gradient.
#[inline(always)]
fn beside(body: f32, a: f32, b: f32) -> (f32, f32) {
    let blend = most(least(GROOVE, body - most(a, b)), 1e-6);
    let h = most(blend - (a - b).abs(), 0.0) / blend;
    let share = if b < a { 1.0 - 0.5 * h } else { 0.5 * h };
    (least(a, b) - h * h * blend * 0.25, share)
}

/// Distance to one cone, the offset from its axis with its length, the radius there, and the place on the axis.
#[inline(always)]
fn to_cone(cone: &Cone, x: f32, y: f32, z: f32) -> (f32, [f32; 3], f32, f32, f32) {
    let (px, py, pz) = (x - cone.a.x, y - cone.a.y, z - cone.a.z);
    let along = (px * cone.ba.x + py * cone.ba.y + pz * cone.ba.z) * cone.inverse_length_squared;
    let t = least(most(along, 0.0), 1.0);
    let (qx, qy, qz) = (px - t * cone.ba.x, py - t * cone.ba.y, pz - t * cone.ba.z);
    let length = (qx * qx + qy * qy + qz * qz).sqrt();
    let radius = cone.radius_a + t * (cone.radius_change - cone.waist * (1.0 - t));
    (length - radius, [qx, qy, qz], length, radius, t)
}

/// Adds one cone to a running smooth minimum.
#[inline(always)]
fn join(cone: &Cone, x: &Lane, y: &Lane, z: &Lane, distance: &mut Lane) {
    let inverse = 0.25 / cone.blend;
    for i in 0..LANES {
        let (d, ..) = to_cone(cone, x[i], y[i], z[i]);
        distance[i] = smooth_least(distance[i], d, cone.blend, inverse);
    }
}

/// Distance to the whole surface.
#[inline(always)]
fn distance_to(nearby: &Nearby, x: &Lane, y: &Lane, z: &Lane, out: &mut Lane) {
    let mut body = [FAR; LANES];
    for cone in nearby.of_part(part::BODY) {
        join(cone, x, y, z, &mut body);
    }
    *out = body;
    for finger in part::THUMB..=part::LITTLE {
        let cones = nearby.of_part(finger);
        if cones.is_empty() {
            continue;
        }
        let mut distance = body;
        for cone in cones {
            join(cone, x, y, z, &mut distance);
        }
        for i in 0..LANES {
            out[i] = beside(body[i], out[i], distance[i]).0;
        }
    }
    let sleeve = nearby.of_part(part::SLEEVE);
    if !sleeve.is_empty() {
        let mut distance = [FAR; LANES];
        for cone in sleeve {
            join(cone, x, y, z, &mut distance);
        }
        for i in 0..LANES {
            out[i] = least(out[i], hem(nearby, x[i], y[i], z[i], distance[i]).0);
        }
    }
}

/// The sleeve cut off at the cuff with a rounded edge: distance, and how far outside the cloth and the cut the point is.
#[inline(always)]
fn hem(nearby: &Nearby, x: f32, y: f32, z: f32, cloth: f32) -> (f32, f32, f32) {
    let axis = nearby.cuff_axis;
    let cut = nearby.cuff - (x * axis[0] + y * axis[1] + z * axis[2]) + HEM;
    let cloth = cloth + HEM;
    let (u, v) = (most(cloth, 0.0), most(cut, 0.0));
    (least(most(cloth, cut), 0.0) + (u * u + v * v).sqrt() - HEM, cloth, cut)
}

/// A running smooth minimum with its gradient and radius of curvature.
#[derive(Clone)]
struct Blend {
    distance: Lane,
    gx: Lane,
    gy: Lane,
    gz: Lane,
    /// Radius of the cones here: that of curvature across.
    radius: Lane,
    /// How far the bone points at the viewer: 1 in the picture plane, 0 along the view.
    level: Lane,
    /// 1 in the middle of a wide seam, 0 where one cone alone makes the surface.
    seam: Lane,
}

impl Blend {
    #[inline(always)]
    fn far() -> Self {
        Self {
            distance: [FAR; LANES],
            gx: [0.0; LANES],
            gy: [0.0; LANES],
            gz: [1.0; LANES],
            radius: [0.05; LANES],
            level: [1.0; LANES],
            seam: [0.0; LANES],
        }
    }

    #[inline(always)]
    fn join(&mut self, cone: &Cone, x: &Lane, y: &Lane, z: &Lane) {
        let (inverse, half) = (0.25 / cone.blend, 0.5 / cone.blend);
        let wide = 4.0 * least(cone.blend / 0.04, 1.0);
        for i in 0..LANES {
            let (d, q, length, radius, t) = to_cone(cone, x[i], y[i], z[i]);
            let old = self.distance[i];
            let h = most(cone.blend - (old - d).abs(), 0.0);
            // The share of the new cone in the gradient.
            let share = if d < old { 1.0 - h * half } else { h * half };
            let unit = share / most(length, 1e-6);
            let keep = 1.0 - share;
            self.gx[i] = self.gx[i] * keep + q[0] * unit;
            self.gy[i] = self.gy[i] * keep + q[1] * unit;
            self.gz[i] = self.gz[i] * keep + q[2] * unit;
            self.radius[i] = self.radius[i] * keep + radius * share;
            // On the round ends the surface is a sphere, which looks the same from everywhere.
            let level = if (t > 0.0) & (t < 1.0) { cone.level } else { 1.0 };
            self.level[i] = self.level[i] * keep + level * share;
            self.seam[i] = most(self.seam[i] * keep, wide * share * keep);
            self.distance[i] = least(old, d) - h * h * inverse;
        }
    }
}

/// Where each ray comes within `line` of the first cone and leaves the last one: cones widened by the lines and
/// by what seams can bulge, cut as if they had no taper, so that nothing is missed. Rays that meet none keep their `z`.
#[inline(always)]
fn enter(nearby: &Nearby, x: &Lane, y: &Lane, line: f32, z: &mut Lane, z_back: &mut Lane) {
    for cone in &nearby.cones {
        let radius = cone.max_radius() + line + BULGE;
        // Depth where a widened cylinder around the axis is entered, relative to the axis: steeper bones more.
        let steep = least(1.0 / most(cone.level, 0.05), 20.0);
        let (low, high) = (least(0.0, cone.ba.z), most(0.0, cone.ba.z));
        for i in 0..LANES {
            let (px, py) = (x[i] - cone.a.x, y[i] - cone.a.y);
            let along = (px * cone.ba.x + py * cone.ba.y) * cone.inverse_flat;
            let t = least(most(along, 0.0), 1.0);
            let (qx, qy) = (px - t * cone.ba.x, py - t * cone.ba.y);
            let inside = radius * radius - (qx * qx + qy * qy);
            let half = most(inside, 0.0).sqrt() * steep;
            let middle = t * cone.ba.z;
            let front = cone.a.z + least(middle + half, high + radius);
            let back = cone.a.z + most(middle - half, low - radius);
            let seen = mask(inside > 0.0);
            z[i] = most(z[i], select(seen, front, -FAR));
            z_back[i] = least(z_back[i], select(seen, back, FAR));
        }
    }
}

impl Blend {
    /// Joins a finger to its neighbours; both grow out of `body`.
    #[inline(always)]
    fn beside(&mut self, body: &Self, other: &Self) {
        for i in 0..LANES {
            let (distance, share) = beside(body.distance[i], self.distance[i], other.distance[i]);
            let keep = 1.0 - share;
            self.distance[i] = distance;
            self.gx[i] = self.gx[i] * keep + other.gx[i] * share;
            self.gy[i] = self.gy[i] * keep + other.gy[i] * share;
            self.gz[i] = self.gz[i] * keep + other.gz[i] * share;
            self.radius[i] = self.radius[i] * keep + other.radius[i] * share;
            self.level[i] = self.level[i] * keep + other.level[i] * share;
            self.seam[i] = self.seam[i] * keep + other.seam[i] * share;
        }
    }

    /// The nearer of both, with a sharp seam.
    #[inline(always)]
    fn nearer(&mut self, other: &Self) {
        for i in 0..LANES {
            let better = mask(other.distance[i] < self.distance[i]);
            self.distance[i] = least(other.distance[i], self.distance[i]);
            self.gx[i] = select(better, other.gx[i], self.gx[i]);
            self.gy[i] = select(better, other.gy[i], self.gy[i]);
            self.gz[i] = select(better, other.gz[i], self.gz[i]);
            self.radius[i] = select(better, other.radius[i], self.radius[i]);
            self.level[i] = select(better, other.level[i], self.level[i]);
            self.seam[i] = select(better, other.seam[i], self.seam[i]);
        }
    }

    /// Cuts the sleeve off at the cuff with a rounded edge.
    #[inline(always)]
    fn cut_off(&mut self, nearby: &Nearby, x: &Lane, y: &Lane, z: &Lane) {
        let axis = nearby.cuff_axis;
        for i in 0..LANES {
            let (d, cloth, cut) = hem(nearby, x[i], y[i], z[i], self.distance[i]);
            // On the rounded edge both count as far as the point lies outside of them, else the nearer one.
            let rounded = (cloth > 0.0) & (cut > 0.0);
            let flat = if cut > cloth { 1.0 } else { 0.0 };
            let u = if rounded { cloth } else { 1.0 - flat };
            let v = if rounded { cut } else { flat };
            self.distance[i] = d;
            self.gx[i] = self.gx[i] * u - axis[0] * v;
            self.gy[i] = self.gy[i] * u - axis[1] * v;
            self.gz[i] = self.gz[i] * u - axis[2] * v;
            self.radius[i] = if cut > 0.0 { HEM } else { self.radius[i] };
            self.level[i] = if cut > 0.0 { 1.0 } else { self.level[i] };
        }
    }
}

/// Traces one block: `found.x` and `found.y` hold the samples, the rest is filled in. `line` is how far around a
/// silhouette lines are wanted, `precision` the distance that counts as touched, `light` the way to the light.
#[inline(always)]
fn trace(nearby: &Nearby, found: &mut Found, line: f32, precision: f32, light: [f32; 3]) -> bool {
    let (x, y) = (found.x, found.y);
    let mut z = [-FAR; LANES];
    let mut z_back = [FAR; LANES];
    enter(nearby, &x, &y, line, &mut z, &mut z_back);
    let mut walking = [0; LANES];
    for i in 0..LANES {
        walking[i] = mask(z[i] > -FAR);
    }
    let mut before = [FAR; LANES];
    let mut before_z = z;
    let mut distance = [0.0; LANES];
    let mut near = [FAR; LANES];
    let mut near_z = z;
    let mut hit = [0; LANES];
    for _ in 0..MAX_STEPS {
        distance_to(nearby, &x, &y, &z, &mut distance);
        let mut any = 0;
        for i in 0..LANES {
            // Masks instead of branches, so that this becomes vector code.
            let (d, zi, d_before, z_before) = (distance[i], z[i], before[i], before_z[i]);
            let (walks, far_back) = (walking[i], z_back[i]);
            let outside = mask(d >= precision);
            let within = mask(zi > far_back);
            let goes_on = walks & outside & within;
            // Where the distance grows again, and where the walk ends without a hit, the closest passage is behind.
            let passed = walks & outside & (mask(d > d_before) | !within);
            let closer = mask(d < d_before);
            let candidate = select(passed, select(closer, d, d_before), FAR);
            let candidate_z = select(closer, zi, z_before);
            let (closest, closest_z) = (near[i], near_z[i]);
            near_z[i] = select(mask(candidate < closest), candidate_z, closest_z);
            near[i] = least(candidate, closest);
            hit[i] |= walks & !outside;
            before[i] = select(goes_on, d, d_before);
            before_z[i] = select(goes_on, zi, z_before);
            z[i] = zi - select(goes_on, most(d * 0.96, precision * 2.0), 0.0);
            walking[i] = goes_on;
        }
        for goes_on in walking {
            any |= goes_on;
        }
        if any == 0 {
            break;
        }
    }
    let (mut hits, mut lines) = (0, 0);
    for i in 0..LANES {
        // Rays that graze for so long that the steps ran out touch the surface or pass by.
        let (z_before, closest, closest_z) = (before_z[i], near[i], near_z[i]);
        hit[i] |= walking[i] & mask(before[i] < precision * 5.0);
        let grazes = select(walking[i] & !hit[i], before[i], FAR);
        near_z[i] = select(mask(grazes < closest), z_before, closest_z);
        near[i] = least(closest, grazes);
        hits |= hit[i];
        lines |= mask(near[i] < line);
        found.hit[i] = select(hit[i], 1.0, 0.0);
    }
    (found.near, found.near_z) = (near, near_z);
    if hits | lines == 0 {
        return false;
    }
    // Samples that only pass by take their colour from what they passed.
    for i in 0..LANES {
        z[i] = select(hit[i], z[i], near_z[i]);
    }
    found.z = z;
    describe(nearby, found, line);
    if hits != 0 {
        find_rims(nearby, found);
        find_light(nearby, found, light);
    }
    true
}

/// Normal, curvature, part and phalanx at the found points.
#[inline(always)]
fn describe(nearby: &Nearby, found: &mut Found, line: f32) {
    let (x, y, z) = (found.x, found.y, found.z);
    let mut body = Blend::far();
    for cone in nearby.of_part(part::BODY) {
        body.join(cone, &x, &y, &z);
    }
    let mut all = body.clone();
    let mut parts = [part::BODY as f32; LANES];
    let mut phalanges = [f32::from(NO_PHALANX); LANES];
    let mut closest = [FAR; LANES];
    let mut second = [FAR; LANES];
    let mut rises = [0.0; LANES];
    let mut own_finger = [FAR; LANES];
    for finger in part::THUMB..=part::LITTLE {
        let cones = nearby.of_part(finger);
        if cones.is_empty() {
            continue;
        }
        let mut blend = body.clone();
        let mut own = [FAR; LANES];
        let mut phalanx = [f32::from(NO_PHALANX); LANES];
        for cone in cones {
            blend.join(cone, &x, &y, &z);
            let index = f32::from(cone.phalanx);
            for i in 0..LANES {
                let d = to_cone(cone, x[i], y[i], z[i]).0;
                let (old, old_index) = (own[i], phalanx[i]);
                phalanx[i] = select(mask(d < old), index, old_index);
                own[i] = least(old, d);
            }
        }
        for i in 0..LANES {
            // How far this finger rises out of the body decides whose skin it is, also where they only touch.
            let rise = body.distance[i] - blend.distance[i];
            let better = mask(rise > rises[i]) & mask(blend.distance[i] < all.distance[i]);
            rises[i] = select(better, rise, rises[i]);
            parts[i] = select(better, finger as f32, parts[i]);
            phalanges[i] = select(better, phalanx[i], phalanges[i]);
            own_finger[i] = select(better, own[i], own_finger[i]);
        }
        if finger != part::THUMB {
            for i in 0..LANES {
                second[i] = least(second[i], most(closest[i], own[i]));
                closest[i] = least(closest[i], own[i]);
            }
        }
        all.beside(&body, &blend);
    }
    let sleeve = nearby.of_part(part::SLEEVE);
    if !sleeve.is_empty() {
        let mut cloth = Blend::far();
        for cone in sleeve {
            cloth.join(cone, &x, &y, &z);
        }
        cloth.cut_off(nearby, &x, &y, &z);
        for i in 0..LANES {
            let better = mask(cloth.distance[i] < all.distance[i]);
            parts[i] = select(better, part::SLEEVE as f32, parts[i]);
            phalanges[i] = select(better, f32::from(NO_PHALANX), phalanges[i]);
        }
        all.nearer(&cloth);
    }
    for i in 0..LANES {
        let (nx, ny, nz) = (all.gx[i], all.gy[i], all.gz[i]);
        let scale = 1.0 / most((nx * nx + ny * ny + nz * nz).sqrt(), 1e-6);
        found.normal_x[i] = nx * scale;
        found.normal_y[i] = ny * scale;
        found.normal_z[i] = nz * scale;
    }
    found.body = body.distance;
    (found.part, found.phalanx) = (parts, phalanges);
    (found.finger, found.next_finger) = (own_finger, second);
    let mut unsure = 0;
    for i in 0..LANES {
        found.apart[i] = second[i] - closest[i];
        let facing = least(most(found.normal_z[i] / most(all.level[i], 0.02), 0.0), 1.0);
        found.inside[i] = all.radius[i] * (1.0 - (1.0 - facing * facing).sqrt());
        let palm = mask(parts[i] == part::BODY as f32) | mask(phalanges[i] == 0.0);
        all.seam[i] = select(palm, 1.0, all.seam[i]);
        unsure |= mask(found.hit[i] > 0.0) & mask(all.seam[i] > 0.08) & mask(found.inside[i] < 1.2 * line);
    }
    if unsure != 0 {
        tell_slopes(nearby, found, &all.seam, line);
    }
}

/// On the palm and the ball of the thumb, and where surfaces melt into each other, a steep slope is no silhouette: looks whether the surface goes on behind the
/// supposed edge, and moves the edge away if it does.
#[inline(always)]
fn tell_slopes(nearby: &Nearby, found: &mut Found, seam: &Lane, line: f32) {
    let mut x = [0.0; LANES];
    let mut y = [0.0; LANES];
    let mut z = [0.0; LANES];
    for i in 0..LANES {
        let (nx, ny) = (found.normal_x[i], found.normal_y[i]);
        let reach = 3.0 * line / most((nx * nx + ny * ny).sqrt(), 1e-3);
        (x[i], y[i]) = (found.x[i] + nx * reach, found.y[i] + ny * reach);
    }
    let mut goes_on = [0.0; LANES];
    let wide = 0.5 / line;
    let mut distance = [0.0; LANES];
    for drop in [0.03, 0.075, 0.13] {
        for i in 0..LANES {
            z[i] = found.z[i] - drop;
        }
        distance_to(nearby, &x, &y, &z, &mut distance);
        for i in 0..LANES {
            // Beyond a true silhouette everything is at least two lines away.
            let near = most(1.0 - distance[i] * wide, 0.0);
            goes_on[i] = most(goes_on[i], least(near * 1.5, 1.0));
        }
    }
    for i in 0..LANES {
        let sure = least(most(seam[i] - 0.08, 0.0) * 5.0, 1.0);
        found.inside[i] += goes_on[i] * sure * 2.0 * line;
    }
}

/// Closest outline of a finger's bone that stands out before the surface found: how far beside it the sample lies,
/// in `found.rim`, and how far before the surface the bone is, in `found.rim_step`.
#[inline(always)]
fn find_rims(nearby: &Nearby, found: &mut Found) {
    let (x, y, z) = (found.x, found.y, found.z);
    let mut rim = [FAR; LANES];
    let mut rim_step = [0.0; LANES];
    for finger in part::THUMB..=part::LITTLE {
        for cone in nearby.of_part(finger) {
            for i in 0..LANES {
                let (px, py) = (x[i] - cone.a.x, y[i] - cone.a.y);
                let t = least(most((px * cone.ba.x + py * cone.ba.y) * cone.inverse_flat, 0.0), 1.0);
                let (qx, qy) = (px - t * cone.ba.x, py - t * cone.ba.y);
                let radius = cone.radius_a + t * (cone.radius_change - cone.waist * (1.0 - t));
                let beside = (qx * qx + qy * qy).sqrt() - radius;
                let step = cone.a.z + t * cone.ba.z - z[i];
                // Slightly inside counts too, so that the line has no gap where tapers make outlines inexact.
                let seen = mask(beside > -0.004) & mask(step > 0.012);
                let candidate = select(seen, most(beside, 0.0), FAR);
                let (old, old_step) = (rim[i], rim_step[i]);
                rim_step[i] = select(mask(candidate < old), step, old_step);
                rim[i] = least(candidate, old);
            }
        }
    }
    (found.rim, found.rim_step) = (rim, rim_step);
}

/// Open share of the surroundings and of the light at the found points.
#[inline(always)]
fn find_light(nearby: &Nearby, found: &mut Found, light: [f32; 3]) {
    let mut x = [0.0; LANES];
    let mut y = [0.0; LANES];
    let mut z = [0.0; LANES];
    let mut distance = [0.0; LANES];
    found.open = [1.0; LANES];
    found.lit = [1.0; LANES];
    for (k, h) in OPEN_STEPS.into_iter().enumerate() {
        for i in 0..LANES {
            x[i] = found.x[i] + found.normal_x[i] * h;
            y[i] = found.y[i] + found.normal_y[i] * h;
            z[i] = found.z[i] + found.normal_z[i] * h;
        }
        distance_to(nearby, &x, &y, &z, &mut distance);
        let weight = [0.45, 0.35, 0.30][k] / h;
        for i in 0..LANES {
            found.open[i] -= most(h - distance[i], 0.0) * weight;
        }
    }
    for h in LIGHT_STEPS {
        for i in 0..LANES {
            // Starting a little above the surface keeps it from shading itself.
            x[i] = found.x[i] + found.normal_x[i] * 0.012 + light[0] * h;
            y[i] = found.y[i] + found.normal_y[i] * 0.012 + light[1] * h;
            z[i] = found.z[i] + found.normal_z[i] * 0.012 + light[2] * h;
        }
        distance_to(nearby, &x, &y, &z, &mut distance);
        let sharpness = 3.0 / h;
        for i in 0..LANES {
            found.lit[i] = least(found.lit[i], most(0.35 + distance[i] * sharpness, 0.0));
        }
    }
}

/// [`trace`] with the widest vectors of this processor. The result does not depend on which one it is: the same
/// operations in the same order, none fused.
pub(super) fn trace_block(nearby: &Nearby, found: &mut Found, line: f32, precision: f32, light: [f32; 3]) -> bool {
    #[cfg(target_arch = "x86_64")]
    {
        #[target_feature(enable = "avx2")]
        fn trace_avx2(nearby: &Nearby, found: &mut Found, line: f32, precision: f32, light: [f32; 3]) -> bool {
            trace(nearby, found, line, precision, light)
        }
        #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl")]
        fn trace_avx512(nearby: &Nearby, found: &mut Found, line: f32, precision: f32, light: [f32; 3]) -> bool {
            trace(nearby, found, line, precision, light)
        }
        let wide = is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512bw");
        if wide && is_x86_feature_detected!("avx512dq") && is_x86_feature_detected!("avx512vl") {
            // SAFETY: the processor has just been asked.
            return unsafe { trace_avx512(nearby, found, line, precision, light) };
        }
        if is_x86_feature_detected!("avx2") {
            // SAFETY: the processor has just been asked.
            return unsafe { trace_avx2(nearby, found, line, precision, light) };
        }
    }
    trace(nearby, found, line, precision, light)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pose::Side;
    use crate::pose::hand::{HandFrame, HandModel, HandPose};
    use glam::Vec3;

    fn surface(shape: u8) -> Surface {
        let frame = HandFrame::facing(Side::Right, Vec3::ZERO, 40.0, 5.0, 10.0);
        let joints = HandModel::new(1.0).joints(&HandPose::cue_shape(shape), &frame);
        Surface::new(&joints, Vec3::new(-0.9, 1.0, -0.3), None, Side::Right, 0.34)
    }

    fn block_at(x: f32, y: f32, size: f32) -> Found {
        let mut found = Found::new();
        for i in 0..LANES {
            found.x[i] = x + (i % BLOCK_WIDTH) as f32 * size;
            found.y[i] = y + (i / BLOCK_WIDTH) as f32 * size;
        }
        found
    }

    /// Traces a grid over the whole hand and calls back for every block in which something is seen.
    fn trace_all(
        shape: u8,
        trace: fn(&Nearby, &mut Found, f32, f32, [f32; 3]) -> bool,
        mut seen: impl FnMut(&Nearby, &Found),
    ) {
        let (surface, mut nearby, size) = (surface(shape), Nearby::default(), 0.01);
        for row in 0..45 {
            for column in 0..24 {
                let (x, y) = (-0.9 + column as f32 * 8.0 * size, -0.9 + row as f32 * 4.0 * size);
                let mut found = block_at(x, y, size);
                if nearby.collect(&surface, x, y, x + 8.0 * size, y + 4.0 * size, 0.02)
                    && trace(&nearby, &mut found, 0.02, 0.001, [-0.4, -0.6, 0.7])
                {
                    seen(&nearby, &found);
                }
            }
        }
    }

    /// Hits lie on the surface, as the distance function says, and normals point where the distance grows.
    #[test]
    fn rays_end_on_the_surface_and_normals_are_gradients() {
        let (mut hits, mut straight) = (0, 0);
        trace_all(5, trace_block, |nearby, found| {
            let mut distance = [0.0; LANES];
            distance_to(nearby, &found.x, &found.y, &found.z, &mut distance);
            let mut around = [[0.0; LANES]; 6];
            let step = 0.004;
            for (k, out) in around.iter_mut().enumerate() {
                let mut at = [found.x, found.y, found.z];
                at[k / 2].iter_mut().for_each(|v| *v += if k % 2 == 0 { step } else { -step });
                distance_to(nearby, &at[0], &at[1], &at[2], out);
            }
            for i in (0..LANES).filter(|i| found.hit[*i] > 0.0) {
                hits += 1;
                assert!(distance[i].abs() < 0.006, "{}", distance[i]);
                let gradient = Vec3::from_array([0, 1, 2].map(|k| around[2 * k][i] - around[2 * k + 1][i])).normalize();
                let normal = Vec3::new(found.normal_x[i], found.normal_y[i], found.normal_z[i]);
                straight += usize::from(gradient.dot(normal) > 0.97);
            }
        });
        assert!(hits > 3000, "{hits}");
        // Grooves and the seams of tapered cones deviate a little.
        assert!(straight as f32 > 0.97 * hits as f32, "{straight} of {hits}");
    }

    /// Whatever vectors the processor has, the pictures are the same.
    #[test]
    fn wide_vectors_change_nothing() {
        let mut wide = Vec::new();
        trace_all(8, trace_block, |_, found| {
            wide.extend(found.z.iter().chain(&found.open).chain(&found.lit).map(|v| v.to_bits()))
        });
        let mut plain = Vec::new();
        trace_all(8, trace, |_, found| {
            plain.extend(found.z.iter().chain(&found.open).chain(&found.lit).map(|v| v.to_bits()))
        });
        assert!(!plain.is_empty());
        assert_eq!(wide, plain);
    }

    /// Beside a lone sphere the ray's closest passage is the distance to its outline.
    #[test]
    fn passing_rays_know_how_far_the_outline_is() {
        let (mut within, mut worst) = (0, 0.0_f32);
        let surface = surface(1);
        let tip = surface.cones.iter().find(|cone| cone.phalanx == 5).unwrap();
        let (centre, radius) = (tip.a + tip.ba, tip.radius_a + tip.radius_change);
        let ahead = tip.ba.normalize();
        let mut nearby = Nearby::default();
        for k in 0..20 {
            let out = 0.001 * k as f32;
            let p = centre + Vec3::new(ahead.x, ahead.y, 0.0).normalize() * (radius + out);
            let mut found = block_at(p.x, p.y, 0.0);
            assert!(nearby.collect(&surface, p.x, p.y, p.x, p.y, 0.03));
            trace_block(&nearby, &mut found, 0.03, 0.0003, [0.0, 0.0, 1.0]);
            if found.hit[0] == 0.0 {
                within += 1;
                worst = worst.max((found.near[0] - out).abs());
            }
        }
        assert!(within > 15 && worst < 0.002, "{within} {worst}");
    }
}
