//! Memory of the process.

/// Tells the C library to keep big freed blocks for the next request instead of giving them back to the system.
///
/// A training step frees and asks for the same big blocks over and over, and touching fresh ones again costs about
/// as much as the arithmetic. Call it once before training. The process then keeps its peak of memory until it ends.
/// Does nothing on systems other than Linux with the GNU C library.
pub fn keep_freed_blocks() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    {
        unsafe extern "C" {
            fn mallopt(param: std::ffi::c_int, value: std::ffi::c_int) -> std::ffi::c_int;
        }
        const TRIM_THRESHOLD: std::ffi::c_int = -1;
        const MMAP_THRESHOLD: std::ffi::c_int = -3;
        // SAFETY: `mallopt` is part of glibc with exactly this signature and may be called at any time; a value it
        // does not take is refused and changes nothing.
        unsafe {
            mallopt(MMAP_THRESHOLD, 1 << 30);
            mallopt(TRIM_THRESHOLD, std::ffi::c_int::MAX);
        }
    }
}
