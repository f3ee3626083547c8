//! Series in time with holes in them: filled, calmed, and their middles.

/// The middle of some values; `None` of none.
pub(super) fn median(values: &mut [f32]) -> Option<f32> {
    if values.is_empty() {
        return None;
    }
    values.sort_unstable_by(f32::total_cmp);
    let n = values.len();
    Some(if n % 2 == 1 { values[n / 2] } else { (values[n / 2 - 1] + values[n / 2]) / 2.0 })
}

/// Fills holes of at most `longest` steps along the line between their edges; longer ones stay. The second value says
/// whether a step was filled.
pub(super) fn filled<T: Copy>(
    values: &[Option<T>],
    longest: usize,
    mix: impl Fn(T, T, f32) -> T,
) -> Vec<(Option<T>, bool)> {
    let mut out: Vec<(Option<T>, bool)> = values.iter().map(|v| (*v, false)).collect();
    let mut before: Option<usize> = None;
    for i in 0..values.len() {
        let Some(here) = values[i] else { continue };
        if let Some(b) = before
            && i - b > 1
            && i - b - 1 <= longest
            && let Some(from) = values[b]
        {
            for (k, place) in out.iter_mut().enumerate().take(i).skip(b + 1) {
                *place = (Some(mix(from, here, (k - b) as f32 / (i - b) as f32)), true);
            }
        }
        before = Some(i);
    }
    out
}

/// Fills every hole (the ends with the nearest value, nothing at all with 0) and calms by a triangular window of
/// `reach` steps to either side.
pub(super) fn smoothed(values: &[Option<f32>], reach: usize) -> Vec<f32> {
    let full = filled(values, usize::MAX, |a: f32, b, t| a + (b - a) * t);
    let first = full.iter().position(|v| v.0.is_some());
    let last = full.iter().rposition(|v| v.0.is_some());
    let (Some(first), Some(last)) = (first, last) else { return vec![0.0; values.len()] };
    let at = |i: usize| full[i.clamp(first, last)].0.unwrap_or(0.0);
    (0..values.len())
        .map(|i| {
            let (mut sum, mut weights) = (0.0, 0.0);
            for j in i.saturating_sub(reach)..=(i + reach).min(values.len() - 1) {
                let w = (reach + 1 - j.abs_diff(i)) as f32;
                sum += w * at(j);
                weights += w;
            }
            sum / weights
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holes_are_filled_up_to_their_length() {
        let v = [Some(0.0), None, Some(2.0), None, None, None, Some(6.0)];
        let f = filled(&v, 2, |a: f32, b, t| a + (b - a) * t);
        assert_eq!(f[1], (Some(1.0), true));
        assert_eq!(f[3], (None, false));
        assert_eq!(smoothed(&v, 0), [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
        assert_eq!(smoothed(&[None, Some(4.0), None], 1), [4.0; 3]);
        assert_eq!(smoothed(&[None, None], 1), [0.0; 2]);
        assert_eq!(median(&mut [3.0, 1.0, 2.0, 10.0]), Some(2.5));
        assert_eq!(median(&mut []), None);
    }
}
