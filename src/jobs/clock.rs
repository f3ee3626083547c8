//! Points in time as the user reads them: in the zone of the computer.

use crate::document::store::Stamp;
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// `2026-11-21 15:03:05`, in the computer's zone; in UTC, and saying so, where the zone is not known.
pub fn date_and_time(at: Stamp) -> String {
    in_zone(at, TimeZone::try_system().ok(), "%Y-%m-%d %H:%M:%S")
}

/// `2026-11-21`, as [`date_and_time`].
pub fn date(at: Stamp) -> String {
    in_zone(at, TimeZone::try_system().ok(), "%Y-%m-%d")
}

/// `15:03`, as [`date_and_time`].
pub fn time_of_day(at: Stamp) -> String {
    in_zone(at, TimeZone::try_system().ok(), "%H:%M")
}

fn in_zone(at: Stamp, zone: Option<TimeZone>, format: &str) -> String {
    let Some(time) = i64::try_from(at.0).ok().and_then(|ms| Timestamp::from_millisecond(ms).ok()) else {
        return at.text();
    };
    match zone {
        Some(zone) => time.to_zoned(zone).strftime(format).to_string(),
        None => format!("{} UTC", time.to_zoned(TimeZone::UTC).strftime(format)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_in_the_zone_of_the_computer() {
        // 2026-11-21 14:03:05 UTC, and a summer's day an hour further on.
        let (winter, summer) = (Stamp(1_795_269_785_000), Stamp(1_782_000_000_000));
        let paris =
            || TimeZone::get("Europe/Paris").ok().or_else(|| TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").ok());
        assert_eq!(in_zone(winter, paris(), "%Y-%m-%d %H:%M:%S"), "2026-11-21 15:03:05");
        assert_eq!(in_zone(summer, paris(), "%H:%M"), "02:00");
        assert_eq!(in_zone(winter, None, "%H:%M"), "14:03 UTC");
        assert_eq!(in_zone(Stamp(u64::MAX), None, "%H:%M"), Stamp(u64::MAX).text());
    }
}
