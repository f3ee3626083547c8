//! For `benches/render.rs`: where the time of a frame goes, and the warp by itself beside another program's.

use super::warp::{self, Field};
use super::{Renderer, Spare};
use crate::pose::PoseFrame;
use std::cell::RefCell;

/// The mean seconds that each step of a frame takes on one thread, in the order of the steps; `now` is a clock in
/// seconds, best one of this thread's own work. Overlays are left out.
pub fn steps(renderer: &Renderer, poses: &[PoseFrame], now: &dyn Fn() -> f64) -> Vec<(&'static str, f64)> {
    let found: RefCell<Vec<(&'static str, f64)>> = RefCell::default();
    let last = RefCell::new(0.0);
    let lap = |name: &'static str| {
        let time = now();
        let spent = time - last.replace(time);
        let mut found = found.borrow_mut();
        match found.iter_mut().find(|f| f.0 == name) {
            Some(entry) => entry.1 += spent,
            None => found.push((name, spent)),
        }
    };
    let (mut spare, mut out) = (Spare::default(), Vec::new());
    let mut draw = |pose: &PoseFrame, lap: super::Lap| {
        let moved = renderer.person(pose, &mut spare, &mut out, lap);
        renderer.arms(pose, &moved, &mut out, lap);
    };
    poses.iter().take(2).for_each(|pose| draw(pose, &|_| ()));
    for pose in poses {
        last.replace(now());
        draw(pose, &lap);
    }
    let mut found = found.into_inner();
    found.iter_mut().for_each(|f| f.1 /= poses.len().max(1) as f64);
    found
}

/// One warp on the processor: a picture and the displacement of a pose.
pub struct OneWarp<'a> {
    renderer: &'a Renderer,
    field: Field,
}

impl<'a> OneWarp<'a> {
    pub fn new(renderer: &'a Renderer, pose: &PoseFrame) -> Self {
        let mut field = Field::default();
        renderer.warp.field_into(&renderer.rig.read(pose), &mut field);
        Self { renderer, field }
    }

    /// The picture at rest: RGBA, row by row.
    pub fn picture(&self) -> &[u8] {
        self.renderer.texture.bytes()
    }

    /// The way back of each node of the grid, picture units.
    pub fn displacements(&self) -> &[[f32; 2]] {
        self.field.flow().back
    }

    /// Columns and rows of the grid, the place of its first node, and the distance of its nodes, picture units.
    pub fn grid(&self) -> ([usize; 2], [f32; 2], [f32; 2]) {
        let grid = &self.field.grid;
        ([grid.columns, grid.rows], grid.origin, grid.cell)
    }

    /// Draws the warped picture into `out`; its fourth channel says where the person is.
    pub fn draw(&self, out: &mut Vec<u8>) {
        warp::draw(&self.renderer.texture, &self.field, out);
    }
}
