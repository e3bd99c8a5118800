//! Whether a text is a time as RFC 3339 has it. Not a clock, and not a calendar: February may have
//! thirty-one days.

/// Whether `text` is a date and a time; seconds, a fraction and the zone may be missing, and a
/// blank may stand for the T, because older tools write it so.
pub(super) fn is_valid(text: &str) -> bool {
    let Some((date, time)) = text.split_once(['T', 't', ' ']) else { return false };
    let (time, zone) = match time.find(['Z', 'z', '+', '-']) {
        Some(at) => time.split_at(at),
        None => (time, ""),
    };
    is_date(date) && is_time(time) && is_zone(zone)
}

fn is_date(text: &str) -> bool {
    let mut parts = text.splitn(3, '-');
    let mut next = || parts.next().unwrap_or_default();
    number(next(), 4).is_some() && in_range(next(), 1, 12) && in_range(next(), 1, 31)
}

fn is_time(text: &str) -> bool {
    let (text, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let mut parts = text.splitn(3, ':');
    let mut next = || parts.next().unwrap_or_default();
    let fraction = !fraction.is_empty() && fraction.bytes().all(|byte| byte.is_ascii_digit());
    fraction
        && in_range(next(), 0, 23)
        && in_range(next(), 0, 59)
        // Sixty is a leap second.
        && parts.next().is_none_or(|second| in_range(second, 0, 60))
}

fn is_zone(text: &str) -> bool {
    if matches!(text, "" | "Z" | "z") {
        return true;
    }
    let Some((hour, minute)) = text.strip_prefix(['+', '-']).and_then(|zone| zone.split_once(':')) else {
        return false;
    };
    in_range(hour, 0, 23) && in_range(minute, 0, 59)
}

fn in_range(text: &str, least: u32, most: u32) -> bool {
    number(text, 2).is_some_and(|number| (least..=most).contains(&number))
}

fn number(text: &str, digits: usize) -> Option<u32> {
    (text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_from_other_text() {
        for text in [
            "2026-11-20T11:03:00Z",
            "2026-11-20t11:03:00.123456+05:30",
            "2026-11-20 11:03:00.5",
            "2026-11-20 11:03-03:00",
            "2016-12-31T23:59:60Z",
        ] {
            assert!(is_valid(text), "{text}");
        }
        for text in [
            "",
            "yesterday",
            "2026-11-20",
            "2026-13-20T11:03:00Z",
            "2026-11-20T24:03:00Z",
            "2026-11-20T11:03:00.Z",
            "2026-11-20T11:03:00+5",
            "26-11-20T11:03:00Z",
            "2026-11-20T11Z",
            "2026-11-20T11:03:00Z!",
            "+026-11-20T11:03:00Z",
        ] {
            assert!(!is_valid(text), "{text}");
        }
    }
}
