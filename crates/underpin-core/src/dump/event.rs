//! Events in a dump: whether the server runs them. Not what they do.

use std::{borrow::Cow, collections::BTreeSet};

use super::{is_definition, text::quoted_end};

/// The states of an event, as a dump writes them.
const ENABLED: &str = "ENABLE ";
const DISABLED: &str = "DISABLE ";

/// The name of the event, between backticks, that a line begins, and where the line says its state. A dump writes
/// all before the body in one line: the schedule, `ON COMPLETION [NOT] PRESERVE`, the state, and a comment
/// ("SHOW CREATE EVENT" in the manuals).
fn event(line: &str) -> Option<(&str, usize)> {
    const EVENT: &str = "EVENT ";
    const COMPLETION: &str = " PRESERVE ";
    let name = line.find("EVENT `")? + EVENT.len();
    let end = name + quoted_end(&line[name..])?;
    // What it is called may say the same words, and so may what is said of it.
    let head = line[end..].strip_prefix(" ON SCHEDULE ").map(|_| &line[end..])?;
    Some((&line[name..end], end + head.find(COMPLETION)? + COMPLETION.len()))
}

/// The event that a line begins in one state, by its name, and the line with the other state.
fn in_state<'a>(line: &'a str, from: &str, to: &str) -> Option<(&'a str, String)> {
    let (name, state) = event(line)?;
    let rest = line[state..].strip_prefix(from)?;
    Some((name, format!("{}{to}{rest}", &line[..state])))
}

/// The event that a line begins, by its name between backticks, and the line with that event disabled; nothing
/// where it does not run as it is.
pub(super) fn disabled(line: &str) -> Option<(&str, String)> {
    in_state(line, ENABLED, DISABLED)
}

/// A line of a dump of one database, of which the events of these names, between backticks, are enabled again
/// that were disabled on the way.
pub fn enabling<'a>(line: &'a str, events: &BTreeSet<String>) -> Cow<'a, str> {
    match in_state(line, DISABLED, ENABLED) {
        Some((name, enabled)) if is_definition(line) && events.contains(name) => enabled.into(),
        Some(_) | None => line.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{Destination, Filter, Part},
        *,
    };

    /// The line of an event as mysqldump 9.7 and mariadb-dump 10.11 write it.
    fn event_line(name: &str, head: &str) -> String {
        format!(
            "/*!50106 CREATE*/ /*!50117 DEFINER=`a`@`%`*/ /*!50106 EVENT {name} ON SCHEDULE EVERY 1 DAY \
             STARTS '2026-11-22 00:00:00' ON COMPLETION {head} DO DELETE FROM a */ ;;\n"
        )
    }

    /// The line as it is loaded beside the database that it is for, and the events that are disabled with it.
    fn beside(line: &str) -> (String, BTreeSet<String>) {
        let mut filter = Filter::new(Destination::Beside("x"), Part::Whole);
        filter.line(b"DELIMITER ;;\n").unwrap();
        let loaded = String::from_utf8(filter.line(line.as_bytes()).unwrap().into_owned()).unwrap();
        (loaded, filter.findings().disabled)
    }

    #[test]
    fn an_event_is_not_run_before_it_is_enabled_again() {
        for (name, head, loaded) in [
            ("`e`", "NOT PRESERVE ENABLE", "NOT PRESERVE DISABLE"),
            ("`e`", "PRESERVE ENABLE", "PRESERVE DISABLE"),
            ("`e`", "NOT PRESERVE ENABLE COMMENT 'x'", "NOT PRESERVE DISABLE COMMENT 'x'"),
            ("`a PRESERVE ENABLE b`", "NOT PRESERVE ENABLE", "NOT PRESERVE DISABLE"),
        ] {
            let line = event_line(name, head);
            let (disabled, events) = beside(&line);
            assert_eq!(disabled, event_line(name, loaded));
            assert_eq!(events, BTreeSet::from([name.to_owned()]));
            assert_eq!(enabling(&disabled, &events), line);
            assert_eq!(enabling(&disabled, &BTreeSet::new()), disabled);
        }
    }

    #[test]
    fn an_event_that_was_disabled_stays_so_whatever_is_said_of_it() {
        let comment = "NOT PRESERVE DISABLE COMMENT 'it was ON COMPLETION PRESERVE ENABLE once'";
        for head in [comment, "PRESERVE DISABLE ON SLAVE", "PRESERVE DISABLE ON REPLICA"] {
            let line = event_line("`e`", head);
            assert_eq!(beside(&line), (line, BTreeSet::new()));
        }
    }
}
