//! The edge heatmap of a pose on the graphics processor: `shaders/edges.wgsl`, the twin of [`edges::heatmap`].
//!
//! A map of a few hundred pixels costs the processor some milliseconds; a network that takes maps at several
//! resolutions for every frame is where the device pays.

use super::gpu::{Gpu, GpuError};
use crate::pose::PoseFrame;
use crate::pose::edges;
use std::sync::Arc;

const SHADER: &str = include_str!("../../../shaders/edges.wgsl");
/// Pixels that one workgroup draws, as the shader says.
const GROUP: (u32, u32) = (16, 4);

/// What the shader is told about a map; the layout of `Frame` there.
#[repr(C)]
#[derive(Clone, Copy, bytemuck::Pod, bytemuck::Zeroable)]
struct FrameData {
    size: [u32; 2],
    edges: u32,
    sharpness: f32,
}

/// An edge for the shader; the layout of `Edge` there.
#[repr(C)]
#[derive(Clone, Copy, bytemuck::Pod, bytemuck::Zeroable)]
struct EdgeData {
    a: [f32; 2],
    direction: [f32; 2],
    low: [f32; 2],
    high: [f32; 2],
    score: f32,
    extent: f32,
    unused: [f32; 2],
}

/// Draws edge heatmaps of one size.
pub struct GpuEdges {
    gpu: Arc<Gpu>,
    width: usize,
    height: usize,
    pipeline: wgpu::ComputePipeline,
    frame: wgpu::Buffer,
    edges: wgpu::Buffer,
    light: wgpu::Buffer,
    read: wgpu::Buffer,
    bindings: wgpu::BindGroup,
    /// Keeps maps apart that are asked for at the same time.
    busy: std::sync::Mutex<()>,
}

impl GpuEdges {
    /// Compiles the shader and makes room for maps of `width · height` values.
    pub fn new(gpu: &Arc<Gpu>, width: usize, height: usize) -> Result<Self, GpuError> {
        let device = gpu.device();
        let size = (width * height * 4) as u64;
        if size == 0 || size > gpu.largest_buffer() {
            return Err(GpuError::TooLarge(width, height));
        }
        let shader = device.create_shader_module(wgpu::ShaderModuleDescriptor {
            label: Some("edges"),
            source: wgpu::ShaderSource::Wgsl(SHADER.into()),
        });
        let pipeline = device.create_compute_pipeline(&wgpu::ComputePipelineDescriptor {
            label: Some("edges"),
            layout: None,
            module: &shader,
            entry_point: Some("draw"),
            compilation_options: Default::default(),
            cache: None,
        });
        let buffer = |label, size, usage| {
            let mapped_at_creation = false;
            device.create_buffer(&wgpu::BufferDescriptor { label: Some(label), size, usage, mapped_at_creation })
        };
        use wgpu::BufferUsages as Usage;
        let most = edges::all().count() * size_of::<EdgeData>();
        let frame = buffer("edges frame", size_of::<FrameData>() as u64, Usage::UNIFORM | Usage::COPY_DST);
        let edges = buffer("edges", most as u64, Usage::STORAGE | Usage::COPY_DST);
        let light = buffer("edges light", size, Usage::STORAGE | Usage::COPY_SRC);
        let buffers = [&frame, &edges, &light];
        let entries: [_; 3] = std::array::from_fn(|i| wgpu::BindGroupEntry {
            binding: i as u32,
            resource: buffers[i].as_entire_binding(),
        });
        let layout = pipeline.get_bind_group_layout(0);
        let bindings = device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: Some("edges"),
            layout: &layout,
            entries: &entries,
        });
        let read = buffer("edges read", size, Usage::MAP_READ | Usage::COPY_DST);
        let busy = std::sync::Mutex::new(());
        Ok(Self { gpu: gpu.clone(), width, height, pipeline, frame, edges, light, read, bindings, busy })
    }

    /// The heatmap of a pose, as [`edges::heatmap`] draws it: `width · height` values from 0 to 1. `thickness` is σ in
    /// picture units.
    pub fn heatmap(&self, pose: &PoseFrame, thickness: f32) -> Result<Vec<f32>, GpuError> {
        let sigma = edges::sigma(thickness, self.height);
        let list: Vec<EdgeData> = edges::lit(pose, thickness, self.width, self.height)
            .map(|e| EdgeData {
                a: e.a.to_array(),
                direction: e.direction.to_array(),
                low: [e.columns.start as f32, e.rows.start as f32],
                high: [e.columns.end as f32, e.rows.end as f32],
                score: e.score,
                extent: e.length,
                unused: [0.0; 2],
            })
            .collect();
        let frame = FrameData {
            size: [self.width as u32, self.height as u32],
            edges: list.len() as u32,
            sharpness: 1.0 / (sigma * sigma),
        };
        let _apart = self.busy.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let queue = self.gpu.queue();
        queue.write_buffer(&self.frame, 0, bytemuck::bytes_of(&frame));
        queue.write_buffer(&self.edges, 0, bytemuck::cast_slice(&list));
        let descriptor = wgpu::CommandEncoderDescriptor { label: Some("edges") };
        let mut encoder = self.gpu.device().create_command_encoder(&descriptor);
        {
            let mut pass = encoder.begin_compute_pass(&wgpu::ComputePassDescriptor::default());
            pass.set_pipeline(&self.pipeline);
            pass.set_bind_group(0, &self.bindings, &[]);
            pass.dispatch_workgroups(frame.size[0].div_ceil(GROUP.0), frame.size[1].div_ceil(GROUP.1), 1);
        }
        let length = (self.width * self.height * 4) as u64;
        encoder.copy_buffer_to_buffer(&self.light, 0, &self.read, 0, length);
        let submitted = queue.submit([encoder.finish()]);
        let mut values = vec![0.0f32; self.width * self.height];
        self.gpu.read_back(&self.read, length, submitted, |bytes| {
            bytemuck::cast_slice_mut(&mut values).copy_from_slice(bytes);
        })?;
        Ok(values)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pose::{Point, index};

    #[test]
    fn device_and_processor_draw_the_same_map() {
        let gpu = match super::super::gpu::shared() {
            Ok(gpu) => gpu,
            Err(error) => return println!("skipped, nothing to compare with: {error}"),
        };
        // A whole body with hands: points on curves, some unsure, some missing, one far outside, one no number.
        let mut pose = PoseFrame::default();
        for (i, p) in pose.points.iter_mut().enumerate() {
            let t = i as f32;
            *p = Point { x: 0.75 + 0.6 * (0.37 * t).sin(), y: 0.5 + 0.45 * (0.23 * t).cos(), score: 1.0 - 0.006 * t };
        }
        pose.points[index::LEFT_WRIST].score = 0.0;
        pose.points[index::RIGHT_ELBOW].x = 1e6;
        pose.points[index::FACE + 9].y = f32::NAN;
        for (width, height, thickness) in [(96, 64, 0.02), (200, 128, 0.008), (33, 21, 0.2)] {
            let map = GpuEdges::new(&gpu, width, height).unwrap();
            for _ in 0..2 {
                let (fast, plain) =
                    (map.heatmap(&pose, thickness).unwrap(), edges::heatmap(&pose, thickness, width, height));
                let off = fast.iter().zip(&plain).map(|(a, b)| f64::from((a - b).abs())).sum::<f64>();
                let mean = 255.0 * off / plain.len() as f64;
                let lit = plain.iter().filter(|v| **v > 0.1).count();
                println!("{}, {width} × {height}: {mean:.4} of 255 off on average, {lit} lit", gpu.name());
                assert!(mean < 0.5 && lit > 50, "{mean} {lit}");
            }
        }
        let dark = GpuEdges::new(&gpu, 16, 16).unwrap().heatmap(&PoseFrame::default(), 0.02).unwrap();
        assert!(dark.iter().all(|v| *v == 0.0));
    }
}
