//! The form `application/health+json` of the draft "Health Check Response Format for HTTP APIs"
//! (inadarei-api-health-check-06): one word, and the checks that it is made of.

use serde::Serialize;
use serde_json::{Value, json};

use crate::startup::{DatabaseHealth, HealthStatus, MigrationHealth, ServiceHealth, StartupPhase};

/// The draft's three words. `pass` and `warn` go with 200, `fail` with 503.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Word {
    Pass,
    Warn,
    Fail,
}

/// The word of a status.
pub(super) fn word(status: &HealthStatus) -> Word {
    match (status.ready, status.status) {
        (true, ServiceHealth::Healthy) => Word::Pass,
        (true, ServiceHealth::Degraded | ServiceHealth::Unhealthy | ServiceHealth::Starting) => Word::Warn,
        (false, _) => Word::Fail,
    }
}

/// A status with its checks.
pub(super) fn checked(status: &HealthStatus) -> Value {
    let mut form = form(word(status), &status.version);
    form["checks"] = json!({
        "database:connection": [connection(status)],
        "migrations:state": [migrations(status)],
        "migrations:pending": [pending(status)],
    });
    form
}

/// A word without checks, for what asks nobody.
pub(super) fn form(word: Word, version: &str) -> Value {
    let mut form = json!({ "status": word, "description": "the service's database and its migrations" });
    if !version.is_empty() {
        form["releaseId"] = version.into();
    }
    form
}

fn connection(status: &HealthStatus) -> Value {
    let word = match status.database {
        DatabaseHealth::Connected => Word::Pass,
        DatabaseHealth::Unreachable | DatabaseHealth::NotAsked => Word::Fail,
    };
    let mut check = json!({ "componentType": "datastore", "status": word, "time": status.time });
    if let Some(latency) = status.latency {
        check["observedValue"] = crate::migrate::milliseconds(latency).into();
        check["observedUnit"] = "ms".into();
    }
    check
}

fn migrations(status: &HealthStatus) -> Value {
    let value = match &status.progress {
        Some(progress) if progress.phase != StartupPhase::Failed => json!(progress.phase),
        Some(_) | None => json!(status.migrations),
    };
    json!({
        "componentType": "component",
        "observedValue": value,
        "status": migrations_word(status),
        "time": status.time,
    })
}

fn migrations_word(status: &HealthStatus) -> Word {
    match (status.migrations, status.ready) {
        (MigrationHealth::Current, _) => Word::Pass,
        (_, true) => Word::Warn,
        (_, false) => Word::Fail,
    }
}

fn pending(status: &HealthStatus) -> Value {
    let number = match &status.progress {
        Some(progress) if !progress.phase.is_over() => progress.pending(),
        Some(_) | None => status.pending.as_ref().map(Vec::len),
    };
    let word = match (number, status.ready) {
        (Some(0), _) => Word::Pass,
        (_, true) => Word::Warn,
        (_, false) => Word::Fail,
    };
    let mut check = json!({ "componentType": "component", "status": word, "time": status.time });
    // No number at all where nobody could look: 0 would say that nothing is pending.
    if let Some(number) = number {
        check["observedValue"] = number.into();
        check["observedUnit"] = "migrations".into();
    }
    check
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::startup::Progress;

    #[test]
    fn what_is_pending_fails_without_a_number_where_nobody_could_look() {
        let unseen = HealthStatus::starting(Progress::default(), &[]);
        let check = &checked(&unseen)["checks"]["migrations:pending"][0];
        assert_eq!((&check["status"], check.get("observedValue")), (&json!("fail"), None), "{check}");

        let mut seen = HealthStatus::starting(Progress::default(), &[]);
        (seen.progress, seen.pending) = (None, Some(Vec::new()));
        let check = &checked(&seen)["checks"]["migrations:pending"][0];
        assert_eq!((&check["status"], &check["observedValue"]), (&json!("pass"), &json!(0)), "{check}");
    }
}
