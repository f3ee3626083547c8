//! RGBA pictures to the planes that video encoders take: BT.709, limited range, one colour sample for four pixels.
//!
//! The colour samples lie where H.264 and VP9 expect them by default: on the left pixel of each pair, halfway between
//! the two rows. Fixed-point arithmetic throughout: the same bytes on every machine and any number of threads.

use rayon::prelude::*;

/// BT.709 luma weights of red, green and blue.
const KR: f64 = 0.2126;
const KB: f64 = 0.0722;
const KG: f64 = 1.0 - KR - KB;
/// One in the fixed-point numbers.
const ONE: f64 = 65_536.0;
/// Pictures smaller than this many pixels are converted faster by one thread.
const SPLIT_FROM: usize = 300_000;

const fn fixed(x: f64) -> i32 {
    (x * ONE + if x < 0.0 { -0.5 } else { 0.5 }) as i32
}

const Y: [i32; 3] = [fixed(KR * 219.0 / 255.0), fixed(KG * 219.0 / 255.0), fixed(KB * 219.0 / 255.0)];
const CB: f64 = 112.0 / 255.0 / (1.0 - KB);
const CR: f64 = 112.0 / 255.0 / (1.0 - KR);
const U: [i32; 3] = [fixed(-KR * CB), fixed(-KG * CB), fixed((1.0 - KB) * CB)];
const V: [i32; 3] = [fixed((1.0 - KR) * CR), fixed(-KG * CR), fixed(-KB * CR)];

/// The three planes to fill; strides in bytes. Plane sizes: `width x height` and half of both, rounded up.
pub(crate) struct Planes<'a> {
    pub y: &'a mut [u8],
    pub y_stride: usize,
    pub u: &'a mut [u8],
    pub u_stride: usize,
    pub v: &'a mut [u8],
    pub v_stride: usize,
    pub width: usize,
    pub height: usize,
}

/// Converts `rgba` (`width · height · 4` bytes, alpha ignored) into `planes`, whose size may exceed the picture's by
/// a pixel each way: the edge is repeated there.
pub(crate) fn from_rgba(rgba: &[u8], width: usize, height: usize, planes: Planes) {
    let Planes { y, y_stride, u, u_stride, v, v_stride, width: out_width, height: out_height } = planes;
    let pairs = out_height.div_ceil(2);
    let row = |i: usize| {
        let i = i.min(height - 1);
        &rgba[i * width * 4..(i + 1) * width * 4]
    };
    let work = |pair: usize, y: &mut [u8], u: &mut [u8], v: &mut [u8]| {
        let (top, bottom) = (row(2 * pair), row(2 * pair + 1));
        let (first, second) = y.split_at_mut(y_stride.min(y.len()));
        luma(top, &mut first[..out_width]);
        if 2 * pair + 1 < out_height {
            luma(bottom, &mut second[..out_width]);
        }
        let chroma_width = out_width.div_ceil(2);
        chroma(top, bottom, &mut u[..chroma_width], &mut v[..chroma_width]);
    };
    if width * height >= SPLIT_FROM {
        let chunks = y.par_chunks_mut(2 * y_stride).zip(u.par_chunks_mut(u_stride)).zip(v.par_chunks_mut(v_stride));
        chunks.take(pairs).enumerate().for_each(|(pair, ((y, u), v))| work(pair, y, u, v));
    } else {
        let chunks = y.chunks_mut(2 * y_stride).zip(u.chunks_mut(u_stride)).zip(v.chunks_mut(v_stride));
        chunks.take(pairs).enumerate().for_each(|(pair, ((y, u), v))| work(pair, y, u, v));
    }
}

fn luma(row: &[u8], out: &mut [u8]) {
    const ROUND: i32 = (16 << 16) + (1 << 15);
    for (y, p) in out.iter_mut().zip(row.chunks_exact(4)) {
        *y = ((Y[0] * i32::from(p[0]) + Y[1] * i32::from(p[1]) + Y[2] * i32::from(p[2]) + ROUND) >> 16) as u8;
    }
    let pixels = row.len() / 4;
    if out.len() > pixels {
        let edge = out[pixels - 1];
        out[pixels..].fill(edge);
    }
}

/// Colour of each pair of columns: weights 1 2 1 around the left one, both rows alike.
fn chroma(top: &[u8], bottom: &[u8], u: &mut [u8], v: &mut [u8]) {
    const ROUND: i32 = (128 << 19) + (1 << 18);
    let pixels = top.len() / 4;
    let both = |x: usize| -> [i32; 3] {
        let (a, b) = (&top[4 * x..4 * x + 3], &bottom[4 * x..4 * x + 3]);
        [0, 1, 2].map(|c| i32::from(a[c]) + i32::from(b[c]))
    };
    let mut left = both(0);
    for (i, (u, v)) in u.iter_mut().zip(v).enumerate() {
        let middle = both((2 * i).min(pixels - 1));
        let right = both((2 * i + 1).min(pixels - 1));
        let c = [0, 1, 2].map(|k| left[k] + 2 * middle[k] + right[k]);
        *u = ((U[0] * c[0] + U[1] * c[1] + U[2] * c[2] + ROUND) >> 19) as u8;
        *v = ((V[0] * c[0] + V[1] * c[1] + V[2] * c[2] + ROUND) >> 19) as u8;
        left = right;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn convert(rgba: &[u8], w: usize, h: usize, out_w: usize, out_h: usize) -> (Vec<u8>, Vec<u8>, Vec<u8>) {
        let (cw, ch) = (out_w.div_ceil(2), out_h.div_ceil(2));
        let (mut y, mut u, mut v) = (vec![0; out_w * out_h], vec![0; cw * ch], vec![0; cw * ch]);
        let planes = Planes {
            y: &mut y,
            y_stride: out_w,
            u: &mut u,
            u_stride: cw,
            v: &mut v,
            v_stride: cw,
            width: out_w,
            height: out_h,
        };
        from_rgba(rgba, w, h, planes);
        (y, u, v)
    }

    #[test]
    fn known_colours_of_bt709() {
        // 8-bit values of the 100 % bars of ITU-R BT.709.
        let cases = [
            ([255, 255, 255], [235, 128, 128]),
            ([0, 0, 0], [16, 128, 128]),
            ([255, 0, 0], [63, 102, 240]),
            ([0, 255, 0], [173, 42, 26]),
            ([0, 0, 255], [32, 240, 118]),
            ([255, 255, 0], [219, 16, 138]),
        ];
        for ([r, g, b], want) in cases {
            let picture: Vec<u8> = [r, g, b, 255].repeat(64 * 64);
            let (y, u, v) = convert(&picture, 64, 64, 64, 64);
            assert_eq!([y[0], u[0], v[0]], want, "{r} {g} {b}");
            assert!(y.iter().all(|&x| x == y[0]) && u.iter().all(|&x| x == u[0]) && v.iter().all(|&x| x == v[0]));
        }
    }

    #[test]
    fn odd_sizes_repeat_the_edge() {
        let picture: Vec<u8> = (0..7 * 5).flat_map(|i| [(i * 7) as u8, 100, 200, 255]).collect();
        let (y, u, _) = convert(&picture, 7, 5, 8, 6);
        assert_eq!(y[7], y[6]);
        assert_eq!(y[5 * 8..6 * 8], y[4 * 8..5 * 8]);
        assert_eq!(u.len(), 12);
        let (y1, _, _) = convert(&[255, 255, 255, 255], 1, 1, 2, 2);
        assert_eq!(y1, [235; 4]);
        // Without padding, as VP9 takes them.
        convert(&picture, 7, 5, 7, 5);
    }

    #[test]
    fn large_pictures_do_not_depend_on_threads() {
        let (w, h) = (801, 603);
        let picture: Vec<u8> = (0..w * h * 4).map(|i| (i * 31 % 251) as u8).collect();
        let whole = convert(&picture, w, h, 802, 604);
        let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
        assert!(whole == one.install(|| convert(&picture, w, h, 802, 604)));
    }
}
