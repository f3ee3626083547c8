//! A step of decoding allocates nothing.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::sync::Arc;

use candle_core::{DType, Device, Tensor};
use cueloom_neural::engine::{Affine, Engine, Layer, Session, Sizes};

struct Counting;

thread_local! {
    /// Calls of this thread; others, such as that of the test harness, may do as they like.
    static CALLS: Cell<usize> = const { Cell::new(0) };
}

// SAFETY: hands everything on to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        CALLS.set(CALLS.get() + 1);
        // SAFETY: as the caller promises.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        // SAFETY: as the caller promises.
        unsafe { System.dealloc(at, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

#[test]
fn a_step_allocates_nothing() {
    let ones = |dims: &[usize]| Tensor::ones(dims, DType::F32, &Device::Cpu).unwrap();
    let dense = |o: usize, i: usize| Affine { w: ones(&[o, i]), b: Some(ones(&[o])) };
    let norm = Affine { w: ones(&[64]), b: Some(ones(&[64])) };
    let square = dense(64, 64);
    let layer = Layer {
        norm: norm.clone(),
        q: square.clone(),
        k: square.clone(),
        v: square.clone(),
        out: square,
        cross: None,
        feed_norm: norm.clone(),
        feed_in: dense(96, 64),
        feed_out: dense(64, 96),
    };
    let engine = Arc::new(Engine::new(&[layer.clone(), layer], Some(&norm), 2, 1e-5).unwrap());
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    pool.install(|| {
        let mut session = Session::new(&engine, Sizes { sequences: 2, frames: 100, speech: 0 }).unwrap();
        let mut x = vec![0.5; 2 * 100 * 64];
        session.forward(&mut x, None, None, &[]).unwrap();
        let before = CALLS.get();
        assert!(before > 0, "the making of the session was counted");
        session.forward(&mut x, None, None, &[]).unwrap();
        assert_eq!(CALLS.get() - before, 0);
    });
}
