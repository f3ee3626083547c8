//! The warp of the picture on the graphics processor, without any window.
//!
//! Opening a device takes about 0.15 s, so it happens once per process and, where nobody waits for it, on a thread of
//! its own ([`prepare`]). A [`GpuWarp`] holds one picture on the device; drawing a frame uploads the grid of
//! displacements (some tens of kilobytes), runs `shaders/warp.wgsl` over the rows that move and reads them back.
//! Lids, lips, shadows and hands are drawn by the processor on the result, as without a device: they cover few
//! pixels, every consumer wants the picture in ordinary memory anyway, and so there is only one of each of them.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

/// The shader: one pixel per invocation.
const SHADER: &str = include_str!("../../../shaders/warp.wgsl");
/// Pixels that one workgroup draws, as the shader says.
const GROUP: (u32, u32) = (16, 4);
/// A frame that takes longer than this has failed.
const PATIENCE: Duration = Duration::from_secs(5);

/// Why the graphics processor cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GpuError {
    #[error("no graphics adapter was found ({0}); the processor draws instead")]
    NoAdapter(String),
    #[error("the graphics adapter {name} does not work ({reason}); the processor draws instead")]
    Device { name: String, reason: String },
    #[error("a picture of {0} × {1} pixels is too large for the graphics adapter; the processor draws instead")]
    TooLarge(usize, usize),
}

/// An open device with the compiled shader. Shared by everything that draws.
pub struct Gpu {
    device: wgpu::Device,
    queue: wgpu::Queue,
    pipeline: wgpu::ComputePipeline,
    info: wgpu::AdapterInfo,
    name: &'static str,
    failed: Arc<AtomicBool>,
    largest_buffer: u64,
}

impl Gpu {
    /// Opens the best adapter. Takes about 0.15 s.
    fn open() -> Result<Arc<Self>, GpuError> {
        let mut wanted = wgpu::InstanceDescriptor::new_without_display_handle();
        wanted.backends = wgpu::Backends::PRIMARY.with_env();
        let instance = wgpu::Instance::new(wanted);
        let options = wgpu::RequestAdapterOptions {
            power_preference: wgpu::PowerPreference::HighPerformance,
            ..Default::default()
        };
        let adapter = pollster::block_on(instance.request_adapter(&options))
            .map_err(|error| GpuError::NoAdapter(error.to_string()))?;
        let info = adapter.get_info();
        let limits = adapter.limits();
        let broken = |reason: String| GpuError::Device { name: info.name.clone(), reason };
        let descriptor = wgpu::DeviceDescriptor {
            label: Some("cueloom picture"),
            required_limits: limits.clone(),
            memory_hints: wgpu::MemoryHints::MemoryUsage,
            ..Default::default()
        };
        let (device, queue) =
            pollster::block_on(adapter.request_device(&descriptor)).map_err(|error| broken(error.to_string()))?;
        let failed = Arc::new(AtomicBool::new(false));
        let flag = failed.clone();
        device.on_uncaptured_error(Arc::new(move |error: wgpu::Error| {
            log::error!("graphics adapter: {error}");
            flag.store(true, Ordering::Relaxed);
        }));
        let flag = failed.clone();
        device.set_device_lost_callback(move |_, reason| {
            // Also called when the device is dropped at the end of the program.
            log::debug!("graphics adapter is gone: {reason}");
            flag.store(true, Ordering::Relaxed);
        });
        let shader = device.create_shader_module(wgpu::ShaderModuleDescriptor {
            label: Some("warp"),
            source: wgpu::ShaderSource::Wgsl(SHADER.into()),
        });
        let pipeline = device.create_compute_pipeline(&wgpu::ComputePipelineDescriptor {
            label: Some("warp"),
            layout: None,
            module: &shader,
            entry_point: Some("draw"),
            compilation_options: Default::default(),
            cache: None,
        });
        if failed.load(Ordering::Relaxed) {
            return Err(broken("its shader compiler refused the program".into()));
        }
        // Kept for as long as the program runs, like the device itself, so that a status can hold it without copies.
        let name: &'static str = Box::leak(format!("{} ({:?})", info.name, info.backend).into_boxed_str());
        let largest_buffer = limits.max_buffer_size.min(limits.max_storage_buffer_binding_size);
        Ok(Arc::new(Self { device, queue, pipeline, info, name, failed, largest_buffer }))
    }

    /// Name of the adapter with its interface, for a status line: "NVIDIA H200 (Vulkan)".
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Whether the "graphics processor" is the processor itself, emulating one.
    pub fn is_software(&self) -> bool {
        self.info.device_type == wgpu::DeviceType::Cpu
    }

    pub(super) fn device(&self) -> &wgpu::Device {
        &self.device
    }

    pub(super) fn queue(&self) -> &wgpu::Queue {
        &self.queue
    }

    /// The largest buffer a shader may be given, in bytes.
    pub(super) fn largest_buffer(&self) -> u64 {
        self.largest_buffer
    }

    /// Waits for what was submitted and hands the first `length` bytes of a mapped buffer to `take`. After an error the
    /// device stays unused.
    pub(super) fn read_back(
        &self,
        buffer: &wgpu::Buffer,
        length: u64,
        submitted: wgpu::SubmissionIndex,
        take: impl FnOnce(&[u8]),
    ) -> Result<(), GpuError> {
        let (sender, receiver) = std::sync::mpsc::channel();
        buffer.map_async(wgpu::MapMode::Read, 0..length, move |result| {
            // The receiver is gone only if the wait below timed out.
            let _ = sender.send(result);
        });
        let wait = wgpu::PollType::Wait { submission_index: Some(submitted), timeout: Some(PATIENCE) };
        let mapped = self.device.poll(wait).is_ok() && matches!(receiver.try_recv(), Ok(Ok(())));
        let copied = mapped
            && buffer.get_mapped_range(0..length).is_ok_and(|view| {
                take(&view);
                true
            });
        buffer.unmap();
        if copied && self.works() {
            return Ok(());
        }
        self.failed.store(true, Ordering::Relaxed);
        Err(GpuError::Device { name: self.info.name.clone(), reason: "a frame did not arrive".into() })
    }

    /// False once the device has failed: then it stays unused.
    pub fn works(&self) -> bool {
        !self.failed.load(Ordering::Relaxed)
    }
}

static SHARED: OnceLock<Result<Arc<Gpu>, GpuError>> = OnceLock::new();

/// The process's device, opened on first use: may take 0.15 s or more.
pub fn shared() -> Result<Arc<Gpu>, GpuError> {
    SHARED.get_or_init(Gpu::open).clone()
}

/// The process's device if it is already open.
pub fn ready() -> Option<Result<Arc<Gpu>, GpuError>> {
    SHARED.get().cloned()
}

/// Begins to open the process's device on a thread of its own, once.
pub fn prepare() {
    static ASKED: AtomicBool = AtomicBool::new(false);
    if !ASKED.swap(true, Ordering::Relaxed) && SHARED.get().is_none() {
        // Without a thread the device stays closed and the processor draws.
        let started = std::thread::Builder::new().name("graphics adapter".into()).spawn(|| {
            let _ = shared();
        });
        if let Err(error) = started {
            log::warn!("the graphics adapter is not looked for: {error}");
        }
    }
}

/// A grid of displacements: where each place of a frame is found in the resting picture.
#[derive(Clone, Copy, Debug)]
pub struct Flow<'a> {
    /// Place of the first node and distance between nodes, in picture units.
    pub origin: [f32; 2],
    pub cell: [f32; 2],
    /// Nodes side by side; `back` holds rows of them.
    pub columns: usize,
    /// From each node back to the resting picture, in picture units.
    pub back: &'a [[f32; 2]],
}

/// What the shader is told about a frame; the layout of `Frame` there.
#[repr(C)]
#[derive(Clone, Copy, bytemuck::Pod, bytemuck::Zeroable)]
struct FrameData {
    size: [u32; 2],
    rows: [u32; 2],
    columns: [u32; 2],
    nodes: [u32; 2],
    origin: [f32; 2],
    cell: [f32; 2],
    doubled: [u32; 2],
    border: u32,
    grounded: u32,
}

/// A picture to warp: RGBA bytes row by row, and the same in double size for fetching between pixels.
#[derive(Clone, Copy, Debug)]
pub struct Picture<'a> {
    pub width: usize,
    pub height: usize,
    pub bytes: &'a [u8],
    /// Rows of `stride` texels; texel `(2 x + border, 2 y + border)` is pixel `(x, y)`.
    pub doubled: &'a [[u8; 4]],
    pub stride: usize,
    pub border: usize,
    /// The picture without the person, where the person is laid over it; as large as `bytes`.
    pub ground: Option<&'a [u8]>,
}

/// One picture on the device, ready to be warped.
pub struct GpuWarp {
    gpu: Arc<Gpu>,
    width: usize,
    height: usize,
    picture: Vec<u8>,
    doubled_size: [u32; 2],
    border: u32,
    frame: wgpu::Buffer,
    picture_buffer: wgpu::Buffer,
    doubled: wgpu::Buffer,
    ground: wgpu::Buffer,
    grounded: bool,
    drawn: wgpu::Buffer,
    read: wgpu::Buffer,
    /// The grid's buffer and what binds it, made anew when the grid grows. The lock keeps frames apart.
    grid: Mutex<Option<(wgpu::Buffer, wgpu::BindGroup)>>,
}

impl GpuWarp {
    /// Uploads a picture.
    pub fn new(gpu: &Arc<Gpu>, picture: &Picture) -> Result<Self, GpuError> {
        let (width, height) = (picture.width, picture.height);
        let size = (width * height * 4) as u64;
        let doubled_size = size_of_val(picture.doubled) as u64;
        let rows = picture.doubled.len() / picture.stride.max(1);
        let whole = picture.bytes.len() as u64 == size && rows * picture.stride == picture.doubled.len() && rows > 1;
        if size == 0 || !whole || size.max(doubled_size) > gpu.largest_buffer {
            return Err(GpuError::TooLarge(width, height));
        }
        let buffer = |label, size, usage| {
            let mapped_at_creation = false;
            gpu.device.create_buffer(&wgpu::BufferDescriptor { label: Some(label), size, usage, mapped_at_creation })
        };
        use wgpu::BufferUsages as Usage;
        let picture_buffer = buffer("picture", size, Usage::STORAGE | Usage::COPY_DST);
        let doubled = buffer("doubled picture", doubled_size, Usage::STORAGE | Usage::COPY_DST);
        gpu.queue.write_buffer(&picture_buffer, 0, picture.bytes);
        gpu.queue.write_buffer(&doubled, 0, bytemuck::cast_slice(picture.doubled));
        let ground = picture.ground.filter(|g| g.len() as u64 == size);
        let ground_buffer = buffer("ground", ground.map_or(4, |_| size), Usage::STORAGE | Usage::COPY_DST);
        if let Some(ground) = ground {
            gpu.queue.write_buffer(&ground_buffer, 0, ground);
        }
        Ok(Self {
            gpu: gpu.clone(),
            width,
            height,
            picture: picture.bytes.to_vec(),
            doubled_size: [picture.stride as u32, rows as u32],
            border: picture.border as u32,
            frame: buffer("frame", size_of::<FrameData>() as u64, Usage::UNIFORM | Usage::COPY_DST),
            picture_buffer,
            doubled,
            ground: ground_buffer,
            grounded: ground.is_some(),
            drawn: buffer("drawn", size, Usage::STORAGE | Usage::COPY_SRC),
            read: buffer("read", size, Usage::MAP_READ | Usage::COPY_DST),
            grid: Mutex::new(None),
        })
    }

    pub fn gpu(&self) -> &Arc<Gpu> {
        &self.gpu
    }

    /// Draws the warped picture into `out`, which is made to fit. After an error `out` holds the resting picture and
    /// the device should not be used again.
    pub fn draw(&self, flow: &Flow, out: &mut Vec<u8>) -> Result<(), GpuError> {
        out.clear();
        out.extend_from_slice(&self.picture);
        let Some(frame) = self.frame_data(flow) else { return Ok(()) };
        let failed = |reason: &str| GpuError::Device { name: self.gpu.info.name.clone(), reason: reason.to_owned() };
        if !self.gpu.works() {
            return Err(failed("it failed before"));
        }
        let (device, queue) = (&self.gpu.device, &self.gpu.queue);
        let mut grid = self.grid.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let flow_bytes: &[u8] = bytemuck::cast_slice(flow.back);
        let fits = grid.as_ref().is_some_and(|(buffer, _)| buffer.size() >= flow_bytes.len() as u64);
        if !fits {
            *grid = Some(self.bind_grid(flow_bytes.len() as u64));
        }
        let Some((grid_buffer, bindings)) = grid.as_ref() else { return Err(failed("its memory is full")) };
        queue.write_buffer(&self.frame, 0, bytemuck::bytes_of(&frame));
        queue.write_buffer(grid_buffer, 0, flow_bytes);
        let mut encoder = device.create_command_encoder(&wgpu::CommandEncoderDescriptor { label: Some("warp") });
        {
            let mut pass = encoder.begin_compute_pass(&wgpu::ComputePassDescriptor::default());
            pass.set_pipeline(&self.gpu.pipeline);
            pass.set_bind_group(0, bindings, &[]);
            pass.dispatch_workgroups(frame.size[0].div_ceil(GROUP.0), frame.rows[1].div_ceil(GROUP.1), 1);
        }
        let stride = self.width * 4;
        let (start, length) = (frame.rows[0] as usize * stride, frame.rows[1] as usize * stride);
        encoder.copy_buffer_to_buffer(&self.drawn, 0, &self.read, 0, length as u64);
        let submitted = queue.submit([encoder.finish()]);
        let drawn = &mut out[start..start + length];
        let arrived = self.gpu.read_back(&self.read, length as u64, submitted, |bytes| drawn.copy_from_slice(bytes));
        if arrived.is_err() {
            out.copy_from_slice(&self.picture);
        }
        arrived
    }

    /// The moving region in pixels; `None` where the grid is no grid or lies outside the picture.
    fn frame_data(&self, flow: &Flow) -> Option<FrameData> {
        let rows = flow.back.len() / flow.columns.max(1);
        if flow.columns < 2 || rows < 2 || flow.columns * rows != flow.back.len() {
            return None;
        }
        let scale = self.height as f32;
        let pixels = |k: usize, nodes: usize, limit: usize| {
            let (from, to) = (flow.origin[k], flow.origin[k] + flow.cell[k] * (nodes - 1) as f32);
            let clamp = |v: f32| (v.max(0.0) as usize).min(limit) as u32;
            (clamp((from * scale).floor()), clamp((to * scale).ceil()))
        };
        let (x0, x1) = pixels(0, flow.columns, self.width);
        let (y0, y1) = pixels(1, rows, self.height);
        (x0 < x1 && y0 < y1).then(|| FrameData {
            size: [self.width as u32, self.height as u32],
            rows: [y0, y1 - y0],
            columns: [x0, x1],
            nodes: [flow.columns as u32, rows as u32],
            origin: flow.origin,
            cell: flow.cell,
            doubled: self.doubled_size,
            border: self.border,
            grounded: u32::from(self.grounded),
        })
    }

    fn bind_grid(&self, size: u64) -> (wgpu::Buffer, wgpu::BindGroup) {
        let device = &self.gpu.device;
        let grid = device.create_buffer(&wgpu::BufferDescriptor {
            label: Some("grid"),
            size,
            usage: wgpu::BufferUsages::STORAGE | wgpu::BufferUsages::COPY_DST,
            mapped_at_creation: false,
        });
        let layout = self.gpu.pipeline.get_bind_group_layout(0);
        let buffers = [&self.frame, &self.picture_buffer, &self.doubled, &grid, &self.drawn, &self.ground];
        let entries: [_; 6] = std::array::from_fn(|i| wgpu::BindGroupEntry {
            binding: i as u32,
            resource: buffers[i].as_entire_binding(),
        });
        let descriptor = wgpu::BindGroupDescriptor { label: Some("warp"), layout: &layout, entries: &entries };
        let bindings = device.create_bind_group(&descriptor);
        (grid, bindings)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pose::index;
    use crate::render::identity::Identity;
    use crate::render::rig::tests::rest_pose;
    use crate::render::{Backend, RenderOptions, Renderer};
    use std::time::Instant;

    /// The device, or the reason why there is none, printed: a machine without any graphics driver has nothing to test.
    fn device() -> Option<Arc<Gpu>> {
        shared().map_err(|error| println!("skipped, nothing to compare with: {error}")).ok()
    }

    #[test]
    fn displacements_carry_the_picture() {
        let Some(gpu) = device() else { return };
        // Doubled by repeating: what is fetched from whole pixels is the picture itself.
        let (width, height) = (50_usize, 40_usize);
        let bytes: Vec<u8> = (0..width * height).flat_map(|i| [(i % width) as u8, (i / width) as u8, 7, 255]).collect();
        let stride = 2 * width + 4;
        let doubled: Vec<[u8; 4]> = (0..stride * (2 * height + 4))
            .map(|i| {
                let x = (i % stride).saturating_sub(2).div_ceil(2).min(width - 1);
                let y = (i / stride).saturating_sub(2).div_ceil(2).min(height - 1);
                [x as u8, y as u8, 7, 255]
            })
            .collect();
        let picture = Picture { width, height, bytes: &bytes, doubled: &doubled, stride, border: 2, ground: None };
        let warp = GpuWarp::new(&gpu, &picture).unwrap();
        let back = [[3.0 / 40.0, -2.0 / 40.0]; 12];
        let flow = Flow { origin: [0.25, 0.25], cell: [0.2, 0.25], columns: 4, back: &back };
        let mut out = Vec::new();
        for _ in 0..3 {
            warp.draw(&flow, &mut out).unwrap();
        }
        let at = |x: usize, y: usize| &out[(y * width + x) * 4..(y * width + x) * 4 + 4];
        // The moving region covers x 10-34 and y 10-30.
        assert_eq!(at(20, 20), [23, 18, 7, 255]);
        assert_eq!(at(33, 29), [36, 27, 7, 255]);
        assert_eq!(at(9, 20), [9, 20, 7, 255]);
        assert_eq!(at(20, 30), [20, 30, 7, 255]);
        // A larger grid needs another buffer; no displacement changes nothing; a grid of one column is none.
        let still = vec![[0.0, 0.0]; 400];
        warp.draw(&Flow { origin: [0.0, 0.0], cell: [0.06, 0.05], columns: 20, back: &still }, &mut out).unwrap();
        assert_eq!(out, bytes);
        warp.draw(&Flow { origin: [0.0, 0.0], cell: [0.1, 0.1], columns: 1, back: &back }, &mut out).unwrap();
        assert_eq!(out, bytes);
        assert!(GpuWarp::new(&gpu, &Picture { width: 51, ..picture }).is_err());
    }

    /// A turned and shifted head, drawn by the processor and by the device.
    #[test]
    fn both_draw_the_same_person() {
        let Some(gpu) = device() else { return };
        let identity = Arc::new(Identity::builtin("mira").unwrap());
        let renderer = |backend| {
            let options = RenderOptions { height: 256, backend, ..RenderOptions::default() };
            Renderer::new(identity.clone(), &options).unwrap()
        };
        let (plain, fast) = (renderer(Backend::Cpu), renderer(Backend::Wgpu));
        assert_eq!((plain.backend_name(), fast.backend_name()), ("CPU", gpu.name()));
        let rest = rest_pose(&identity.reference);
        let mut pose = rest.clone();
        for p in &mut pose.points[index::FACE..index::FACE + 68] {
            (p.x, p.y) = (p.x + 0.011, p.y + 0.007 + 0.02 * (p.x - 0.5));
        }
        // An open mouth drawn wide, brows up, a look to the side: all of it is drawn on both ways.
        for i in (5..12).chain(55..60).chain(65..68) {
            pose.points[index::FACE + i].y += 0.02;
        }
        for (i, by) in [(48, -0.006), (54, 0.006)] {
            pose.points[index::FACE + i].x += by;
        }
        for i in 17..27 {
            pose.points[index::FACE + i].y -= 0.006;
        }
        for (pupil, eye) in [(index::RIGHT_EYE, 36..42), (index::LEFT_EYE, 42..48)] {
            let middle = eye.map(|i| pose.points[index::FACE + i].x / 6.0).sum::<f32>();
            pose.points[pupil] = crate::pose::Point::new(middle + 0.009, pose.points[index::FACE + 36].y + 0.002);
        }
        let (a, b) = (plain.render(&pose), fast.render(&pose));
        let mean =
            |a: &[u8], b: &[u8]| a.iter().zip(b).map(|(x, y)| f64::from(x.abs_diff(*y))).sum::<f64>() / a.len() as f64;
        let off = mean(&a.data, &b.data);
        println!("{}: {off:.4} of 255 off on average", gpu.name());
        let most = a.data.iter().zip(&b.data).map(|(x, y)| x.abs_diff(*y)).max();
        assert!(off < 0.5 && most < Some(24), "{off} {most:?}");
        assert!(mean(&a.data, &plain.render(&rest).data) > 0.1, "nothing moved");
    }

    #[test]
    fn opens_once_and_has_a_name() {
        let start = Instant::now();
        let Some(gpu) = device() else { return };
        println!("{}, software: {}, ready after {:?}", gpu.name(), gpu.is_software(), start.elapsed());
        assert!(gpu.works() && gpu.name().contains('('));
        assert!(Arc::ptr_eq(&gpu, &shared().unwrap()));
    }
}
