//! The page that `serve` shows to a person: what `/health` says, in words. It asks nothing itself.

use std::fmt::Write as _;

use crate::startup::{HealthStatus, ServiceHealth};

/// The page, which renews itself.
pub(super) fn html(name: &str, status: &HealthStatus) -> String {
    let name = escaped(name);
    let (mark, word) = match status.status {
        ServiceHealth::Healthy => ("✅", "healthy"),
        ServiceHealth::Degraded => ("⚠️", "degraded"),
        ServiceHealth::Unhealthy => ("❌", "unhealthy"),
        ServiceHealth::Starting => ("⏳", "starting"),
    };
    let mut rows = String::new();
    let mut row = |title: &str, value: &str| {
        // Writing to a string can't fail.
        let _ = writeln!(rows, "<tr><th>{title}</th><td>{}</td></tr>", escaped(value));
    };
    row("Database", &json_word(&status.database));
    row("Migrations", &json_word(&status.migrations));
    let none = if status.pending.is_some() { "none" } else { "unknown" };
    row("Current revision", status.current_migration.as_deref().unwrap_or(none));
    row("Latest revision", status.latest_migration.as_deref().unwrap_or("none"));
    row("Pending", &pending(status));
    row("As of", &status.time);
    format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta http-equiv=\"refresh\" content=\"5\"><title>{name}: {word}</title>\n\
         <style>body{{font:16px sans-serif;margin:2em}}th{{text-align:left;padding-right:2em}}</style></head>\n\
         <body><h1>{mark} {name} is {word}</h1>\n<table>\n{rows}</table></body></html>\n"
    )
}

/// What is pending, where that could be found out.
fn pending(status: &HealthStatus) -> String {
    match status.pending.as_deref() {
        None => "unknown".to_owned(),
        Some([]) => "none".to_owned(),
        Some(ids) => ids.iter().map(|id| id.as_str()).collect::<Vec<_>>().join(", "),
    }
}

/// The word of an enumeration, as it stands in JSON.
fn json_word(value: &impl serde::Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

/// A text that means nothing to a browser. Ids of revisions may hold all of these.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_named_is_no_markup() {
        assert_eq!(escaped("<b>&\"x\""), "&lt;b&gt;&amp;&quot;x&quot;");
    }
}
