//! Which graphics adapter there is, for those who only want to know.

/// Name and interface of the adapter that wgpu would take, `None` when there is none at all.
pub fn name() -> Option<String> {
    let instance = wgpu::Instance::new(wgpu::InstanceDescriptor::new_without_display_handle());
    let adapter = pollster::block_on(instance.request_adapter(&wgpu::RequestAdapterOptions::default())).ok()?;
    let info = adapter.get_info();
    let software = if info.device_type == wgpu::DeviceType::Cpu { ", software" } else { "" };
    Some(format!("{} ({}{software})", info.name, info.backend))
}
