//! Times as the history holds them: RFC 3339 in UTC with milliseconds, as text, so that they read
//! and sort alike on every engine.

use jiff::{SignedDuration, Timestamp, fmt::temporal::DateTimePrinter};
use underpin_core::{dialect::Dialect, name::literal};

/// The time now, or another one, as the history writes it.
pub(crate) fn timestamp(time: Timestamp) -> String {
    const PRINTER: DateTimePrinter = DateTimePrinter::new().precision(Some(3));
    PRINTER.timestamp_to_string(&time)
}

/// When something started, and how long it took.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Timing {
    /// Its record travels with it, so only the engine can tell how long it took.
    InScript { started: Timestamp },
    /// The same among others that travel before it: PostgreSQL's transaction remembers its own start, by
    /// [`remember_start`].
    InTransaction,
    /// The same for steps that share a transaction, and its time.
    Shared { steps: usize },
    /// It has ended already.
    Measured { started: Timestamp, milliseconds: i64 },
    /// Its record is in a script that runs some time or other, so that nobody knows.
    Unmeasured,
}

impl Timing {
    /// The start, as an SQL expression.
    pub(crate) fn started(self, dialect: Dialect) -> String {
        match self {
            Self::InScript { started } | Self::Measured { started, .. } => {
                literal(dialect, &timestamp(started))
            }
            Self::InTransaction | Self::Shared { .. } => format!("current_setting('{STARTED}')"),
            Self::Unmeasured => now(dialect).to_owned(),
        }
    }

    /// The end, as an SQL expression.
    pub(crate) fn ended(self, dialect: Dialect) -> String {
        match self {
            Self::Measured { started, milliseconds } => {
                let ended = started.checked_add(SignedDuration::from_millis(milliseconds)).unwrap_or(started);
                literal(dialect, &timestamp(ended))
            }
            Self::InScript { .. } | Self::InTransaction | Self::Shared { .. } | Self::Unmeasured => {
                now(dialect).to_owned()
            }
        }
    }

    /// The duration in milliseconds, as an SQL expression.
    pub(crate) fn milliseconds(self, dialect: Dialect) -> String {
        match (self, dialect) {
            (Self::Measured { milliseconds, .. }, _) => milliseconds.to_string(),
            (Self::Unmeasured, _) => "0".to_owned(),
            (Self::InTransaction, _) => since_start(1),
            (Self::Shared { steps }, _) => since_start(steps),
            // The time since the server received the script: "Current Date/Time" in its manual.
            (Self::InScript { .. }, Dialect::Postgres) => {
                "CAST(extract(epoch FROM clock_timestamp() - statement_timestamp()) * 1000 AS bigint)"
                    .to_owned()
            }
            // 'now' is the same within one statement only ("Date And Time Functions"); the record
            // is a statement of its own.
            (Self::InScript { started }, Dialect::Sqlite) => format!(
                "CAST((julianday('now') - julianday('{}')) * 86400000 AS INTEGER)",
                timestamp(started)
            ),
            (Self::InScript { started }, Dialect::Mysql) => {
                format!("TIMESTAMPDIFF(MICROSECOND, '{}', UTC_TIMESTAMP(3)) DIV 1000", plain(started))
            }
        }
    }
}

/// The setting that holds the start of a transaction: a name with a dot is anybody's ("Customized
/// Options" in PostgreSQL's manual).
const STARTED: &str = "underpin.started";

/// The PostgreSQL expression for the milliseconds since the transaction's start, divided among `steps`.
fn since_start(steps: usize) -> String {
    format!(
        "CAST(extract(epoch FROM clock_timestamp() - CAST(current_setting('{STARTED}') AS timestamptz)) * 1000 / {steps} AS bigint)"
    )
}

/// The PostgreSQL expression that keeps the time for as long as the transaction lasts.
pub(crate) fn remember_start() -> String {
    format!("set_config('{STARTED}', {}, true)", now(Dialect::Postgres))
}

/// A time as MySQL reads it without a zone.
fn plain(time: Timestamp) -> String {
    time.strftime("%Y-%m-%d %H:%M:%S.%3f").to_string()
}

/// The engine's own time, as an SQL expression that gives text.
pub(super) fn now(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Postgres => {
            "to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')"
        }
        Dialect::Sqlite => "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')",
        Dialect::Mysql => "CONCAT(LEFT(DATE_FORMAT(UTC_TIMESTAMP(3), '%Y-%m-%dT%H:%i:%s.%f'), 23), 'Z')",
    }
}

/// The engine's own time some seconds from now.
pub(super) fn later(dialect: Dialect, seconds: u64) -> String {
    match dialect {
        Dialect::Postgres => now(dialect)
            .replace("clock_timestamp()", &format!("(clock_timestamp() + interval '{seconds} seconds')")),
        Dialect::Sqlite => now(dialect).replace("'now'", &format!("'now', '+{seconds} seconds'")),
        Dialect::Mysql => {
            now(dialect).replace("UTC_TIMESTAMP(3)", &format!("UTC_TIMESTAMP(3) + INTERVAL {seconds} SECOND"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_three_digits_of_a_second() {
        let time: Timestamp = "2026-11-21T03:04:05.6789Z".parse().expect("a time");
        assert_eq!(timestamp(time), "2026-11-21T03:04:05.678Z");
    }

    #[test]
    fn what_was_measured_ended_when_it_did() {
        let started = "2026-11-21T03:04:59.900Z".parse().expect("a time");
        let timing = Timing::Measured { started, milliseconds: 150 };
        assert_eq!(timing.ended(Dialect::Sqlite), "'2026-11-21T03:05:00.050Z'");
    }
}
