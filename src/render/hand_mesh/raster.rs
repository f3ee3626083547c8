//! Finds the front surface of the smooth union under each sample, many samples at a time.
//!
//! The view is orthographic along z, so a ray is a point of the picture and the only unknown is depth. Rays walk from
//! the viewer by the distance to the surface (sphere tracing). What they passed closest on the way gives lines at
//! silhouettes, in front of the background and of other parts of the hand alike, with exact coverage and without
//! supersampling. Samples are kept in arrays of [`LANES`] so that the compiler turns each loop into vector code;
//! cones that cannot matter to a block of samples are left out beforehand.

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
const LIGHT_STEPS: [f32; 5] = [0.030, 0.065, 0.110, 0.170, 0.250];

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
    pub normal_x: Lane,
    pub normal_y: Lane,
    pub normal_z: Lane,
    /// Radius of curvature across, for the distance to the silhouette.
    pub radius: Lane,
    /// Part and phalanx the surface belongs to.
    pub part: Lane,
    pub phalanx: Lane,
    /// Distances to the closest and second closest of the five fingers.
    pub finger: Lane,
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
            normal_x: lane,
            normal_y: lane,
            normal_z: lane,
            radius: lane,
            part: lane,
            phalanx: lane,
            finger: lane,
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
    z_front: f32,
    z_back: f32,
    cuff: Option<CuffPlane>,
}

/// The sleeve is cut off here.
#[derive(Clone, Copy)]
struct CuffPlane {
    axis: [f32; 3],
    distance: f32,
}

impl Nearby {
    /// Collects the cones within `reach` of the rectangle. False where there are none.
    pub fn collect(&mut self, surface: &Surface, x0: f32, y0: f32, x1: f32, y1: f32, reach: f32) -> bool {
        let (cx, cy) = ((x0 + x1) * 0.5, (y0 + y1) * 0.5);
        let half_diagonal = (x1 - x0).hypot(y1 - y0) * 0.5;
        self.cones.clear();
        (self.z_front, self.z_back) = (f32::NEG_INFINITY, f32::INFINITY);
        for part in 0..part::COUNT {
            for cone in surface.cones.iter().filter(|cone| cone.part == part) {
                // Half of the widest seam is how far a cone can bulge beyond itself.
                if cone.distance_in_plane(cx, cy) < half_diagonal + reach + cone.blend {
                    let (za, zb, r) = (cone.a.z, cone.a.z + cone.ba.z, cone.max_radius());
                    self.z_front = self.z_front.max(za.max(zb) + r + 0.02);
                    self.z_back = self.z_back.min(za.min(zb) - r - 0.02);
                    self.cones.push(*cone);
                }
            }
            self.ends[part] = self.cones.len();
        }
        let arm = &surface.arm;
        self.cuff = Some(CuffPlane { axis: arm.axis.to_array(), distance: arm.cuff });
        !self.cones.is_empty()
    }

    #[inline(always)]
    fn of_part(&self, part: usize) -> &[Cone] {
        let start = if part == 0 { 0 } else { self.ends[part - 1] };
        &self.cones[start..self.ends[part]]
    }
}

#[inline(always)]
fn least(a: f32, b: f32) -> f32 {
    if a < b { a } else { b }
}

#[inline(always)]
fn most(a: f32, b: f32) -> f32 {
    if a > b { a } else { b }
}

/// Smooth minimum: rounds the seam of two surfaces over about `blend`.
#[inline(always)]
fn smooth_least(a: f32, b: f32, blend: f32, inverse: f32) -> f32 {
    let h = most(blend - (a - b).abs(), 0.0);
    least(a, b) - h * h * inverse
}

/// Distance to one cone, and the offset from its axis with its length.
#[inline(always)]
fn to_cone(cone: &Cone, x: f32, y: f32, z: f32) -> (f32, [f32; 3], f32, f32) {
    let (px, py, pz) = (x - cone.a.x, y - cone.a.y, z - cone.a.z);
    let along = (px * cone.ba.x + py * cone.ba.y + pz * cone.ba.z) * cone.inverse_length_squared;
    let t = least(most(along, 0.0), 1.0);
    let (qx, qy, qz) = (px - t * cone.ba.x, py - t * cone.ba.y, pz - t * cone.ba.z);
    let length = (qx * qx + qy * qy + qz * qz).sqrt();
    let radius = cone.radius_a + t * (cone.radius_change - cone.waist * (1.0 - t));
    (length - radius, [qx, qy, qz], length, radius)
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
            out[i] = least(out[i], distance[i]);
        }
    }
    let sleeve = nearby.of_part(part::SLEEVE);
    if let (false, Some(cuff)) = (sleeve.is_empty(), nearby.cuff) {
        let mut distance = [FAR; LANES];
        for cone in sleeve {
            join(cone, x, y, z, &mut distance);
        }
        for i in 0..LANES {
            let along = x[i] * cuff.axis[0] + y[i] * cuff.axis[1] + z[i] * cuff.axis[2];
            out[i] = least(out[i], most(distance[i], cuff.distance - along));
        }
    }
}

/// A running smooth minimum with its gradient and radius of curvature.
struct Blend {
    distance: Lane,
    gx: Lane,
    gy: Lane,
    gz: Lane,
    radius: Lane,
}

impl Blend {
    #[inline(always)]
    fn far() -> Self {
        Self { distance: [FAR; LANES], gx: [0.0; LANES], gy: [0.0; LANES], gz: [1.0; LANES], radius: [0.05; LANES] }
    }

    #[inline(always)]
    fn join(&mut self, cone: &Cone, x: &Lane, y: &Lane, z: &Lane) {
        let (inverse, half) = (0.25 / cone.blend, 0.5 / cone.blend);
        for i in 0..LANES {
            let (d, q, length, radius) = to_cone(cone, x[i], y[i], z[i]);
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
            self.distance[i] = least(old, d) - h * h * inverse;
        }
    }
}

/// Traces one block: `found.x` and `found.y` hold the samples, the rest is filled in. `line` is how far around a
/// silhouette lines are wanted, `precision` the distance that counts as touched, `light` the way to the light.
#[inline(always)]
fn trace(nearby: &Nearby, found: &mut Found, line: f32, precision: f32, light: [f32; 3]) -> bool {
    let (x, y) = (found.x, found.y);
    let mut z = [nearby.z_front; LANES];
    let mut walking = [1.0_f32; LANES];
    let mut before = [FAR; LANES];
    let mut before_z = [nearby.z_front; LANES];
    let mut distance = [0.0; LANES];
    found.near = [FAR; LANES];
    found.near_z = [nearby.z_front; LANES];
    found.hit = [0.0; LANES];
    for _ in 0..MAX_STEPS {
        distance_to(nearby, &x, &y, &z, &mut distance);
        let mut any = 0.0;
        for i in 0..LANES {
            let d = distance[i];
            // The distance grows again: the sample before was the closest passage.
            let passed = walking[i] > 0.0 && d > before[i] && before[i] < found.near[i];
            found.near[i] = if passed { before[i] } else { found.near[i] };
            found.near_z[i] = if passed { before_z[i] } else { found.near_z[i] };
            let hit = walking[i] > 0.0 && d < precision;
            found.hit[i] = if hit { 1.0 } else { found.hit[i] };
            let goes_on = walking[i] > 0.0 && !hit && z[i] > nearby.z_back;
            walking[i] = if goes_on { 1.0 } else { 0.0 };
            before[i] = if goes_on { d } else { before[i] };
            before_z[i] = if goes_on { z[i] } else { before_z[i] };
            z[i] -= if goes_on { most(d * 0.96, precision) } else { 0.0 };
            any += walking[i];
        }
        if any == 0.0 {
            break;
        }
    }
    let mut hits = 0.0;
    let mut lines = 0.0;
    for i in 0..LANES {
        hits += found.hit[i];
        lines += if found.near[i] < line { 1.0 } else { 0.0 };
    }
    if hits == 0.0 && lines == 0.0 {
        return false;
    }
    // Samples that only pass by take their colour from what they passed.
    for i in 0..LANES {
        z[i] = if found.hit[i] > 0.0 { z[i] } else { found.near_z[i] };
    }
    found.z = z;
    describe(nearby, found);
    if hits > 0.0 {
        find_light(nearby, found, light);
    }
    true
}

/// Normal, curvature, part and phalanx at the found points.
#[inline(always)]
fn describe(nearby: &Nearby, found: &mut Found) {
    let (x, y, z) = (found.x, found.y, found.z);
    let mut body = Blend::far();
    for cone in nearby.of_part(part::BODY) {
        body.join(cone, &x, &y, &z);
    }
    let mut best = [FAR; LANES];
    found.part = [part::BODY as f32; LANES];
    found.phalanx = [f32::from(NO_PHALANX); LANES];
    found.finger = [FAR; LANES];
    found.next_finger = [FAR; LANES];
    let mut take = |found: &mut Found, blend: &Blend, part: usize, phalanx: Option<&Lane>| {
        for i in 0..LANES {
            let better = blend.distance[i] < best[i];
            best[i] = if better { blend.distance[i] } else { best[i] };
            found.normal_x[i] = if better { blend.gx[i] } else { found.normal_x[i] };
            found.normal_y[i] = if better { blend.gy[i] } else { found.normal_y[i] };
            found.normal_z[i] = if better { blend.gz[i] } else { found.normal_z[i] };
            found.radius[i] = if better { blend.radius[i] } else { found.radius[i] };
            found.part[i] = if better { part as f32 } else { found.part[i] };
            if let Some(phalanx) = phalanx {
                found.phalanx[i] = if better { phalanx[i] } else { found.phalanx[i] };
            }
        }
    };
    take(found, &body, part::BODY, None);
    for finger in part::THUMB..=part::LITTLE {
        let cones = nearby.of_part(finger);
        if cones.is_empty() {
            continue;
        }
        let mut blend = Blend { distance: body.distance, gx: body.gx, gy: body.gy, gz: body.gz, radius: body.radius };
        let mut own = [FAR; LANES];
        let mut phalanx = [f32::from(NO_PHALANX); LANES];
        for cone in cones {
            blend.join(cone, &x, &y, &z);
            for i in 0..LANES {
                let (d, ..) = to_cone(cone, x[i], y[i], z[i]);
                phalanx[i] = if d < own[i] { f32::from(cone.phalanx) } else { phalanx[i] };
                own[i] = least(own[i], d);
            }
        }
        take(found, &blend, finger, Some(&phalanx));
        for i in 0..LANES {
            let d = own[i];
            let closest = found.finger[i];
            found.next_finger[i] = least(found.next_finger[i], most(closest, d));
            found.finger[i] = least(closest, d);
        }
    }
    let sleeve = nearby.of_part(part::SLEEVE);
    if let (false, Some(cuff)) = (sleeve.is_empty(), nearby.cuff) {
        let mut blend = Blend::far();
        for cone in sleeve {
            blend.join(cone, &x, &y, &z);
        }
        for i in 0..LANES {
            let along = x[i] * cuff.axis[0] + y[i] * cuff.axis[1] + z[i] * cuff.axis[2];
            let cut = cuff.distance - along;
            let flat = cut > blend.distance[i];
            blend.distance[i] = most(blend.distance[i], cut);
            blend.gx[i] = if flat { -cuff.axis[0] } else { blend.gx[i] };
            blend.gy[i] = if flat { -cuff.axis[1] } else { blend.gy[i] };
            blend.gz[i] = if flat { -cuff.axis[2] } else { blend.gz[i] };
        }
        take(found, &blend, part::SLEEVE, Some(&[f32::from(NO_PHALANX); LANES]));
    }
    for i in 0..LANES {
        let (nx, ny, nz) = (found.normal_x[i], found.normal_y[i], found.normal_z[i]);
        let scale = 1.0 / most((nx * nx + ny * ny + nz * nz).sqrt(), 1e-6);
        found.normal_x[i] = nx * scale;
        found.normal_y[i] = ny * scale;
        found.normal_z[i] = nz * scale;
    }
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
        if std::arch::is_x86_feature_detected!("avx2") {
            // SAFETY: the processor has just been asked.
            return unsafe { trace_avx2(nearby, found, line, precision, light) };
        }
    }
    trace(nearby, found, line, precision, light)
}
