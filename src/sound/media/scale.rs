//! Decoded pictures as RGBA: the file's own colours, square pixels, upright, not larger than wanted.

use ffmpeg::{ffi, frame};
use ffmpeg_next as ffmpeg;

/// Larger pictures come from damage, or would not fit in memory beside the rest.
const MOST_PIXELS: u64 = 8192 * 8192;

/// Turns decoded pictures into RGBA, upright and with square pixels.
#[derive(Default)]
pub(super) struct Scaler {
    context: Option<Sws>,
    /// Source width, height, format, target width and height that `context` was made for.
    made_for: (u32, u32, i32, u32, u32),
}

/// Owned `SwsContext`.
struct Sws(*mut ffi::SwsContext);

// SAFETY: a context is plain memory without thread affinity, used by its one owner only.
unsafe impl Send for Sws {}

impl Drop for Sws {
    fn drop(&mut self) {
        unsafe { ffi::sws_freeContext(self.0) }
    }
}

impl Scaler {
    /// Width, height and pixels of `frame`, turned clockwise by `rotation` degrees and no higher than `max_height`.
    pub(super) fn convert(
        &mut self,
        frame: &frame::Video,
        rotation: u32,
        max_height: Option<u32>,
    ) -> Result<(u32, u32, Vec<u8>), ffmpeg::Error> {
        let (width, height) = (frame.width(), frame.height());
        if width == 0 || height == 0 || u64::from(width) * u64::from(height) > MOST_PIXELS {
            return Err(ffmpeg::Error::InvalidData);
        }
        let aspect = frame.aspect_ratio();
        let pixel =
            if aspect.numerator() > 0 && aspect.denominator() > 0 { f64::from(aspect).clamp(0.1, 10.0) } else { 1.0 };
        let (mut w, mut h) = (f64::from(width) * pixel, f64::from(height));
        let upright = if rotation % 180 == 90 { w } else { h };
        if let Some(limit) = max_height.map(f64::from).filter(|&limit| upright > limit) {
            (w, h) = (w * limit / upright, h * limit / upright);
        }
        let (w, h) = ((w.round() as u32).max(1), (h.round() as u32).max(1));
        // SAFETY: the context fits the frame's form, which is checked against `made_for`; FFmpeg allocates the target.
        let mut target = frame::Video::empty();
        unsafe {
            let raw = &*frame.as_ptr();
            let form = (width, height, raw.format, w, h);
            if self.context.is_none() || self.made_for != form {
                self.context = Some(make_context(frame, w, h)?);
                self.made_for = form;
            }
            target.alloc(ffmpeg::format::Pixel::RGBA, w, h);
            let (Some(context), false) = (&self.context, (*target.as_ptr()).data[0].is_null()) else {
                return Err(ffmpeg::Error::Other { errno: ffmpeg::error::ENOMEM });
            };
            let out = &mut *target.as_mut_ptr();
            let done = ffi::sws_scale(
                context.0,
                raw.data.as_ptr().cast(),
                raw.linesize.as_ptr(),
                0,
                height as i32,
                out.data.as_ptr(),
                out.linesize.as_ptr(),
            );
            if done <= 0 {
                return Err(ffmpeg::Error::InvalidData);
            }
        }
        let (stride, row) = (target.stride(0), w as usize * 4);
        let mut data = Vec::with_capacity(row * h as usize);
        for line in target.data(0).chunks(stride).take(h as usize) {
            data.extend_from_slice(&line[..row]);
        }
        Ok(turn(data, w, h, rotation))
    }
}

/// A converter from the frame's form and colours to RGBA of `w x h`.
unsafe fn make_context(frame: &frame::Video, w: u32, h: u32) -> Result<Sws, ffmpeg::Error> {
    // SAFETY: called with a living frame; the result is owned at once.
    unsafe {
        let raw = &*frame.as_ptr();
        let same = w == frame.width() && h == frame.height();
        let flags = if same { ffi::SWS_POINT } else { ffi::SWS_AREA }
            | ffi::SWS_ACCURATE_RND
            | ffi::SWS_FULL_CHR_H_INT
            | ffi::SWS_FULL_CHR_H_INP;
        let context = ffi::sws_getContext(
            frame.width() as i32,
            frame.height() as i32,
            frame.format().into(),
            w as i32,
            h as i32,
            ffi::AVPixelFormat::AV_PIX_FMT_RGBA,
            flags,
            std::ptr::null_mut(),
            std::ptr::null_mut(),
            std::ptr::null(),
        );
        if context.is_null() {
            return Err(ffmpeg::Error::InvalidData);
        }
        let context = Sws(context);
        // Untagged video: standard definition was made by BT.601, the rest by BT.709.
        let space = match raw.colorspace as i32 {
            known @ (1 | 4..=7 | 9 | 10) => known,
            _ if frame.height() < 720 => 5,
            _ => 1,
        };
        let full = raw.color_range == ffi::AVColorRange::AVCOL_RANGE_JPEG;
        let table = ffi::sws_getCoefficients(space);
        // Refused for sources that are RGB already, which need no table.
        ffi::sws_setColorspaceDetails(context.0, table, i32::from(full), table, 1, 0, 1 << 16, 1 << 16);
        Ok(context)
    }
}

/// Turns RGBA pixels clockwise by 0, 90, 180 or 270 degrees.
fn turn(data: Vec<u8>, w: u32, h: u32, rotation: u32) -> (u32, u32, Vec<u8>) {
    let (width, height) = (w as usize, h as usize);
    let pixel = |x: usize, y: usize| -> [u8; 4] {
        let at = (y * width + x) * 4;
        [data[at], data[at + 1], data[at + 2], data[at + 3]]
    };
    match rotation {
        90 => (h, w, (0..width).flat_map(|y| (0..height).flat_map(move |x| pixel(y, height - 1 - x))).collect()),
        180 => (
            w,
            h,
            (0..height).flat_map(|y| (0..width).flat_map(move |x| pixel(width - 1 - x, height - 1 - y))).collect(),
        ),
        270 => (h, w, (0..width).flat_map(|y| (0..height).flat_map(move |x| pixel(width - 1 - y, x))).collect()),
        _ => (w, h, data),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quarter_turns_are_clockwise() {
        // a b / c d / e f, each letter a grey.
        let picture: Vec<u8> = (1..=6).flat_map(|v| [v, v, v, 255]).collect();
        let greys = |r: u32| turn(picture.clone(), 2, 3, r).2.chunks(4).map(|p| p[0]).collect::<Vec<u8>>();
        assert_eq!(greys(0), [1, 2, 3, 4, 5, 6]);
        assert_eq!(greys(90), [5, 3, 1, 6, 4, 2]);
        assert_eq!(greys(180), [6, 5, 4, 3, 2, 1]);
        assert_eq!(greys(270), [2, 4, 6, 1, 3, 5]);
    }
}
