//! Points in time as names of files and for the eye: UTC, because the system's zone is not known to us.

use std::time::{SystemTime, UNIX_EPOCH};

/// Milliseconds since 1970, UTC; never before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stamp(pub u64);

const DAY_MS: u64 = 86_400_000;

impl Stamp {
    pub fn now() -> Self {
        Self::from(SystemTime::now())
    }

    /// Days since 1970.
    pub fn day(self) -> u64 {
        self.0 / DAY_MS
    }

    /// `2026-11-21 14:03:05 UTC`.
    pub fn text(self) -> String {
        let (year, month, day, h, m, s) = self.parts();
        format!("{year}-{month:02}-{day:02} {h:02}:{m:02}:{s:02} UTC")
    }

    /// `2026-11-21T14-03-05Z`: a name that every file system takes and that sorts by time.
    pub fn file_name(self) -> String {
        let (year, month, day, h, m, s) = self.parts();
        format!("{year:04}-{month:02}-{day:02}T{h:02}-{m:02}-{s:02}Z")
    }

    /// Reads what [`Self::file_name`] writes at the beginning of a name.
    pub fn from_file_name(name: &str) -> Option<Self> {
        let stamp = name.get(..20)?;
        let number = |range: std::ops::Range<usize>| -> Option<u64> {
            let digits = stamp.get(range)?;
            digits.bytes().all(|b| b.is_ascii_digit()).then(|| digits.parse().ok())?
        };
        let marks = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b'-'), (16, b'-'), (19, b'Z')];
        if !marks.iter().all(|(at, mark)| stamp.as_bytes()[*at] == *mark) {
            return None;
        }
        let (year, month, day) = (number(0..4)?, number(5..7)?, number(8..10)?);
        let (h, m, s) = (number(11..13)?, number(14..16)?, number(17..19)?);
        if year < 1970 || !(1..=12).contains(&month) || !(1..=31).contains(&day) || h > 23 || m > 59 || s > 59 {
            return None;
        }
        Some(Self(days_from_civil(year, month, day) * DAY_MS + ((h * 60 + m) * 60 + s) * 1000))
    }

    fn parts(self) -> (u64, u64, u64, u64, u64, u64) {
        let (year, month, day) = civil_from_days(self.day());
        let s = self.0 / 1000 % 86_400;
        (year, month, day, s / 3600, s / 60 % 60, s % 60)
    }
}

impl From<SystemTime> for Stamp {
    fn from(time: SystemTime) -> Self {
        Self(time.duration_since(UNIX_EPOCH).map_or(0, |d| u64::try_from(d.as_millis()).unwrap_or(u64::MAX)))
    }
}

/// Year, month and day of a day since 1970: eras of 400 years that begin in March, where the leap day comes last.
fn civil_from_days(days: u64) -> (u64, u64, u64) {
    let z = days + 719_468;
    let (era, of_era) = (z / 146_097, z % 146_097);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    (era * 400 + year_of_era + u64::from(month <= 2), month, day)
}

fn days_from_civil(year: u64, month: u64, day: u64) -> u64 {
    let y = year - u64::from(month <= 2);
    let (era, year_of_era) = (y / 400, y % 400);
    let from_march = if month > 2 { month - 3 } else { month + 9 };
    let of_year = (153 * from_march + 2) / 5 + day - 1;
    (era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + of_year).saturating_sub(719_468)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stamps_are_dates_and_read_back() {
        // 951 782 400 s is 29 February 2000; 1 795 269 785 s is 21 November 2026, 14:03:05.
        assert_eq!(Stamp(951_782_400_000).text(), "2000-02-29 00:00:00 UTC");
        assert_eq!(Stamp(1_795_269_785_000).text(), "2026-11-21 14:03:05 UTC");
        for day in (0..60_000).step_by(13) {
            let stamp = Stamp(day * DAY_MS + 3_723_000);
            assert_eq!(Stamp::from_file_name(&(stamp.file_name() + "-unsaved.ron")), Some(stamp));
        }
        for bad in ["", "2026-11-21", "2026-13-21T14-03-05Z", "2026-11-21T14-03-0éZ", "+026-11-21T14-03-05Z"] {
            assert_eq!(Stamp::from_file_name(bad), None, "{bad}");
        }
    }
}
