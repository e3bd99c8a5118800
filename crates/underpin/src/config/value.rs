//! Reading and writing single values: booleans, spans of time, log filters. Strict, because a value
//! that is read wrongly is worse than one that is refused.

use std::time::Duration;

use crate::hook::Moment;

/// The spellings of a boolean, for messages.
pub(super) const BOOLEANS: &str = "true, false, 1, 0, yes, no, on, off";

/// Reads a boolean in any case, with blanks around it forgiven.
pub(super) fn boolean(text: &str) -> Option<bool> {
    match text.trim().to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" | "on" => Some(true),
        "false" | "0" | "no" | "off" => Some(false),
        _ => None,
    }
}

/// Reads a span of time: `60` and `60s` are seconds, then `500ms`, `2m`, `1h`, `1m30s`, `30d`.
pub(super) fn duration(text: &str) -> Option<Duration> {
    let text = text.trim().to_ascii_lowercase();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.parse().ok().map(Duration::from_secs);
    }
    let mut total = Duration::ZERO;
    let mut rest = text.as_str();
    let mut largest = u64::MAX;
    loop {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (number, behind) = rest.split_at(digits);
        let letters = behind.bytes().take_while(u8::is_ascii_alphabetic).count();
        let (unit, behind) = behind.split_at(letters);
        let milliseconds = match unit {
            "d" => 86_400_000,
            "h" => 3_600_000,
            "m" => 60_000,
            "s" => 1_000,
            "ms" => 1,
            _ => return None,
        };
        // Each unit once, the largest first: `1m30s`, and neither `30s1m` nor `1m1m`.
        if milliseconds >= largest {
            return None;
        }
        largest = milliseconds;
        let part = number.parse::<u64>().ok()?.checked_mul(milliseconds)?;
        total = total.checked_add(Duration::from_millis(part))?;
        if behind.is_empty() {
            return Some(total);
        }
        rest = behind;
    }
}

/// Writes a span of time in the form that [`duration`] reads; less than a millisecond is left out.
pub(super) fn duration_text(duration: Duration) -> String {
    let (seconds, milliseconds) = (duration.as_secs(), duration.subsec_millis());
    let parts = [
        (seconds / 3600, "h"),
        (seconds / 60 % 60, "m"),
        (seconds % 60, "s"),
        (u64::from(milliseconds), "ms"),
    ];
    let text: String = parts
        .iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, unit)| format!("{number}{unit}"))
        .collect();
    if text.is_empty() { "0s".to_owned() } else { text }
}

/// Reads a number greater than zero, or `all`, which is none.
pub(super) fn count_or_all(text: &str) -> Option<Option<usize>> {
    let text = text.trim();
    match text.eq_ignore_ascii_case("all") {
        true => Some(None),
        false => text.parse().ok().filter(|count| *count > 0).map(Some),
    }
}

/// A text; a blank one says that there is none, whatever a layer below has.
pub(super) fn text(text: &str) -> Option<Option<String>> {
    Some(Some(text.trim().to_owned()).filter(|text| !text.is_empty()))
}

/// A log level in our words, from ours or from Python's (`logging`, "Logging Levels").
pub(super) fn log_level(text: &str) -> Option<&'static str> {
    Some(match text.trim().to_ascii_lowercase().as_str() {
        "off" => "off",
        "error" | "critical" | "fatal" => "error",
        "warn" | "warning" => "warn",
        "info" => "info",
        "debug" => "debug",
        "trace" | "notset" => "trace",
        _ => return None,
    })
}

/// Reads moments of a run: `all`, or names separated by commas.
pub(super) fn moments(text: &str) -> Option<Vec<Moment>> {
    if text.trim().eq_ignore_ascii_case("all") {
        return Some(Moment::ALL.to_vec());
    }
    let moment = |word: &str| {
        let word = word.trim().to_ascii_lowercase().replace('-', "_");
        Moment::ALL.iter().copied().find(|moment| moment.name() == word)
    };
    text.split(',').map(moment).collect()
}

/// Writes moments in the form that [`moments`] reads.
pub(super) fn moments_text(moments: &[Moment]) -> String {
    if moments == Moment::ALL {
        return "all".to_owned();
    }
    moments.iter().map(|moment| moment.name()).collect::<Vec<_>>().join(",")
}

/// Reads the path of a file or a directory. A URL is none: it would name a file that has its password
/// in its name.
pub(super) fn path(text: &str) -> Option<&str> {
    let text = text.trim();
    (!text.contains("://") && !text.contains('\n')).then_some(text)
}

/// Whether a text can be the start of a table's name without being quoted.
pub(super) fn is_identifier(text: &str) -> bool {
    let mut characters = text.chars();
    characters.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
        && characters.all(|character| character.is_ascii_alphanumeric() || character == '_')
        && text.len() <= 40
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn booleans_are_read_in_every_usual_spelling_and_no_other() {
        for text in ["true", "True", "TRUE", "1", "yes", "On", " true ", "yes\n"] {
            assert_eq!(boolean(text), Some(true), "{text:?}");
        }
        for text in ["false", "False", "0", "no", "OFF", "\tfalse"] {
            assert_eq!(boolean(text), Some(false), "{text:?}");
        }
        for text in ["", "maybe", "2", "t", "tru e", "enabled"] {
            assert_eq!(boolean(text), None, "{text:?}");
        }
    }

    #[test]
    fn spans_of_time_are_read_strictly() {
        for (text, milliseconds) in [
            ("60", 60_000),
            ("60s", 60_000),
            ("0", 0),
            ("500ms", 500),
            ("2m", 120_000),
            ("1h", 3_600_000),
            ("2d", 172_800_000),
            ("1m30s", 90_000),
            ("1h0m5s1ms", 3_605_001),
            (" 2S ", 2_000),
        ] {
            assert_eq!(duration(text), Some(Duration::from_millis(milliseconds)), "{text}");
        }
        for text in [
            "",
            "s",
            "1x",
            "-1",
            "1.5s",
            "1 s",
            "30s1m",
            "1m1m",
            "1s500",
            "ms",
            "99999999999999999999s",
            "18446744073709551615h",
        ] {
            assert_eq!(duration(text), None, "{text}");
        }
    }

    #[test]
    fn a_span_of_time_reads_back_from_its_own_text() {
        for text in ["1h", "1m30s", "500ms", "0s", "1h1m1s1ms"] {
            assert_eq!(duration(text).map(duration_text).as_deref(), Some(text));
        }
        assert_eq!(duration_text(Duration::from_secs(60)), "1m");
    }

    #[test]
    fn a_count_is_a_number_or_all() {
        assert_eq!(count_or_all(" 3 "), Some(Some(3)));
        assert_eq!(count_or_all("All"), Some(None));
        for text in ["0", "-1", "", "some", "1.5"] {
            assert_eq!(count_or_all(text), None, "{text}");
        }
    }

    #[test]
    fn a_url_is_no_path() {
        assert_eq!(path(" db/migrations "), Some("db/migrations"));
        assert_eq!(path("postgres://u:secret@h/x"), None);
    }

    #[test]
    fn moments_are_names_or_all_and_nothing_else() {
        let two = [Moment::BeforeRun, Moment::Error];
        assert_eq!(moments("before_run, Error").as_deref(), Some(&two[..]));
        assert_eq!(moments(&moments_text(&two)).as_deref(), Some(&two[..]));
        assert_eq!(moments(" ALL ").map(|all| moments_text(&all)).as_deref(), Some("all"));
        for text in ["", "before", "before_run,", "all,error"] {
            assert_eq!(moments(text), None, "{text:?}");
        }
    }

    #[test]
    fn log_levels_of_python_are_understood() {
        assert_eq!(log_level("DEBUG"), Some("debug"));
        assert_eq!(log_level("Warning"), Some("warn"));
        assert_eq!(log_level("underpin=debug"), None);
    }
}
