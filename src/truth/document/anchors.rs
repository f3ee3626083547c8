//! Boundaries of sounds that the user has set by hand: an alignment that is run again keeps them.
//!
//! Whoever moves a boundary marks the sounds on both sides of it ([`PhoneTime::fixed`]). So a boundary between two sounds
//! that touch is set by hand where both are marked, and an edge at a pause where its own sound is.

use super::PhoneTime;

/// Which edges of a sound are set by hand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SetByHand {
    pub start: bool,
    pub end: bool,
}

/// Sounds closer than this touch each other, seconds.
const TOUCH: f64 = 1e-6;

/// The edges of phone `i` that are set by hand; none for a phone that is not there.
pub fn edges(phones: &[PhoneTime], i: usize) -> SetByHand {
    let Some(this) = phones.get(i).filter(|p| p.fixed) else { return SetByHand::default() };
    let before = i.checked_sub(1).and_then(|b| phones.get(b)).filter(|b| (this.start - b.end).0.abs() < TOUCH);
    let after = phones.get(i + 1).filter(|a| (a.start - this.end).0.abs() < TOUCH);
    SetByHand { start: before.is_none_or(|b| b.fixed), end: after.is_none_or(|a| a.fixed) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Seconds;

    #[test]
    fn a_boundary_is_set_where_both_of_its_sounds_are_marked() {
        // Three sounds that touch, a pause, one more; marks as moving a boundary leaves them.
        let at = [(0.0, 0.1), (0.1, 0.2), (0.2, 0.3), (0.5, 0.6)];
        let marked = |marks: [bool; 4]| -> Vec<(bool, bool)> {
            let phones: Vec<PhoneTime> = at
                .iter()
                .zip(marks)
                .map(|(&(a, b), fixed)| PhoneTime { start: Seconds(a), end: Seconds(b), confidence: 1.0, fixed })
                .collect();
            (0..4).map(|i| edges(&phones, i)).map(|e| (e.start, e.end)).collect()
        };
        let (no, start, end) = ((false, false), (true, false), (false, true));
        assert_eq!(marked([false; 4]), [no; 4]);
        assert_eq!(marked([false, true, true, false]), [no, end, (true, true), no]);
        assert_eq!(marked([true, true, false, false]), [(true, true), start, no, no]);
        assert_eq!(marked([false, false, true, false]), [no, no, end, no]);
        assert_eq!(marked([false, false, false, true]), [no, no, no, (true, true)]);
        assert_eq!(edges(&[], 3), SetByHand::default());
    }
}
