//! What a transcript can't show: signals, closed pipes, colour, the log, and where words go.

use std::{
    path::Path,
    process::{Child, Command, Output, Stdio},
};

use serde_json::Value;
use tempfile::TempDir;

const FIRST: &str = "-- revision: 0001\n-- message: customers\n\n-- underpin: upgrade\nCREATE TABLE customers (id INTEGER);\n\
                     \n-- underpin: downgrade\nDROP TABLE customers;\n";
/// Would count for hours.
const ENDLESS: &str = "-- revision: 0002\n-- parents: 0001\n-- message: count for hours\n\n-- underpin: upgrade\n\
                       INSERT INTO customers WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n;\n";

/// A project with these revisions.
fn project(revisions: &[&str]) -> TempDir {
    let directory = TempDir::new().expect("a temporary directory");
    let migrations = directory.path().join("migrations");
    std::fs::create_dir(&migrations).expect("a directory");
    for (number, text) in revisions.iter().enumerate() {
        std::fs::write(migrations.join(format!("{number}.sql")), text).expect("a file");
    }
    directory
}

/// The program, in a project and with no environment but its database.
fn underpin(directory: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_underpin"));
    command.args(arguments).current_dir(directory).env_clear().env("DATABASE_URL", "sqlite:app.db");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn run(directory: &TempDir, arguments: &[&str]) -> Output {
    underpin(directory.path(), arguments).output().expect("the program runs")
}

fn out(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn err(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The lines of standard output as JSON.
fn values(output: &Output) -> Vec<Value> {
    out(output).lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect()
}

#[test]
fn the_events_come_in_the_order_of_their_phases() {
    let project = project(&[FIRST]);
    let output = run(&project, &["upgrade", "--json"]);
    assert_eq!((output.status.code(), err(&output).as_str()), (Some(0), ""));
    let order = ["connect", "inspect", "lock", "plan", "apply", "verify", "done"];
    let phases: Vec<usize> = values(&output)
        .iter()
        .map(|event| order.iter().position(|phase| event["phase"] == **phase).expect("a phase that is known"))
        .collect();
    assert!(phases.is_sorted() && phases.first() == Some(&0) && phases.last() == Some(&6), "{phases:?}");
}

#[test]
fn the_log_of_attempts_has_every_key() {
    let project = project(&[FIRST]);
    run(&project, &["upgrade"]);
    let output = run(&project, &["history", "--applied", "--json"]);
    let values = values(&output);
    assert_eq!(values[0]["schema"], 1);
    let entry = &values[0]["attempts"][0];
    for key in [
        "id",
        "checksum",
        "direction",
        "started_at",
        "finished_at",
        "duration_ms",
        "actor",
        "host",
        "tool",
        "outcome",
        "statement",
        "error",
    ] {
        assert!(entry.get(key).is_some(), "{key} is missing in {entry}");
    }
    assert_eq!(entry["id"], "0001");
}

#[test]
fn the_report_of_a_start_names_what_is_pending() {
    let project = project(&[FIRST]);
    let mut command = underpin(project.path(), &["startup", "--app-name", "Test App"]);
    let output = command.env("AUTO_MIGRATE_ON_STARTUP", "False").output().expect("the program runs");
    assert_eq!(output.status.code(), Some(0));
    assert!(out(&output).contains("Test App") && out(&output).contains("0001"), "{}", out(&output));
    assert!(!project.path().join("app.db").exists());
    let json = run(&project, &["startup", "--json"]);
    assert_eq!(values(&json)[0]["applied"][0], "0001");
}

#[test]
fn a_level_of_alembics_logs_every_statement() {
    let project = project(&[FIRST]);
    let mut command = underpin(project.path(), &["upgrade", "head"]);
    let output = command.env("ALEMBIC_LOG_LEVEL", "DEBUG").output().expect("the program runs");
    assert!(err(&output).contains("CREATE TABLE customers"), "{}", err(&output));
    let quiet = run(&project, &["downgrade", "base", "-q"]);
    assert_eq!((out(&quiet), err(&quiet)), (String::new(), String::new()));
}

#[test]
fn colour_is_for_those_who_want_it() {
    let project = project(&[FIRST]);
    let plain = run(&project, &["upgrade"]);
    assert!(!err(&plain).contains('\u{1b}'));
    assert!(err(&run(&project, &["--color", "always", "upgrade"])).contains('\u{1b}'));
    let mut command = underpin(project.path(), &["upgrade", "9999"]);
    let forced = command.env("FORCE_COLOR", "1").output().expect("the program runs");
    assert!(err(&forced).contains('\u{1b}'));
    let mut command = underpin(project.path(), &["upgrade", "9999", "--help"]);
    let help = command.env("FORCE_COLOR", "1").env("NO_COLOR", "1").output().expect("the program runs");
    assert!(!out(&help).contains('\u{1b}'));
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let project = project(&[FIRST]);
    for arguments in [&["plan"][..], &["--help"], &["upgrade", "--json"], &["status"]] {
        let mut child = underpin(project.path(), arguments).spawn().expect("the program starts");
        drop(child.stdout.take());
        let output = child.wait_with_output().expect("the program ends");
        assert_eq!(
            (output.status.code(), err(&output).contains("panicked")),
            (Some(0), false),
            "{arguments:?}"
        );
    }
    assert!(out(&run(&project, &["current"])).contains("0001 (head)"));
}

#[test]
fn the_help_on_the_environment_has_the_prefix_that_is_given() {
    let project = project(&[]);
    let help = out(&run(&project, &["help", "env", "--env-prefix", "HIVE"]));
    assert!(help.contains("\nHIVE_UNDERPIN_MODE, HIVE_MODE, UNDERPIN_MODE\n"), "{help}");
    assert!(help.contains("\nHIVE_PGHOST, ") && help.contains(", PGHOST, "), "{help}");
    let json = run(&project, &["help", "env", "--env-prefix", "HIVE_", "--json"]);
    let names = &values(&json)[0]["settings"][0]["environment"];
    assert_eq!(names[1], "HIVE_DATABASE_URL");
    assert!(!out(&run(&project, &["help", "env"])).contains("HIVE"));
}

#[cfg(target_os = "linux")]
#[test]
fn output_that_is_lost_is_an_error_and_what_was_done_stays_done() {
    let project = project(&[FIRST]);
    let lose = |arguments: &[&str]| {
        let full = std::fs::File::options().write(true).open("/dev/full").expect("a full device");
        let output = underpin(project.path(), arguments).stdout(full).output().expect("the program runs");
        (output.status.code(), err(&output))
    };
    for arguments in
        [&["status"][..], &["heads"], &["history"], &["upgrade", "--sql"], &["plan", "--json"], &["--help"]]
    {
        let (code, error) = lose(arguments);
        assert_eq!(code, Some(2), "{arguments:?}: {error}");
        assert!(error.contains("the output could not be written: No space left"), "{arguments:?}: {error}");
        assert_eq!(error.matches("error: ").count(), usize::from(!arguments.contains(&"--json")), "{error}");
    }
    // The answer of a question is in the code as well.
    assert_eq!(lose(&["status", "--exit-code"]).0, Some(1));
    let (code, error) = lose(&["upgrade", "--json"]);
    assert_eq!(code, Some(2), "{error}");
    let error: Value = serde_json::from_str(&error).expect("one line of JSON");
    let state = error["error"]["state"].as_str().expect("a state");
    assert_eq!(state, "the run is done, and the database is at 0001; only the report of it is lost");
    assert_eq!(out(&run(&project, &["current"])), "0001 (head)\n");
    // Without JSON nothing of it is on standard output.
    assert_eq!(lose(&["downgrade", "base"]).0, Some(0));
}

#[test]
fn a_run_that_is_too_slow_is_ended() {
    let project = project(&[FIRST, ENDLESS]);
    let output = run(&project, &["upgrade", "--timeout", "500ms", "--json"]);
    assert_eq!(output.status.code(), Some(6));
    let last = values(&output).pop().expect("a last event");
    assert_eq!((&last["event"], &last["kind"]), (&Value::from("failed"), &Value::from("timeout")));
    assert!(last["state"].is_string() && last["hint"].is_string(), "{last}");
    let error: Value = serde_json::from_str(&err(&output)).expect("one line of JSON");
    assert!(
        error["error"]["message"]
            .as_str()
            .is_some_and(|message| message.contains("Timeout after 0.5 seconds"))
    );
}

#[cfg(unix)]
#[test]
fn a_signal_rolls_back_and_unlocks() {
    for signal in ["INT", "TERM"] {
        let project = project(&[FIRST, ENDLESS]);
        let mut child = underpin(project.path(), &["upgrade", "--json"]).spawn().expect("the program starts");
        wait_for_statement(&mut child);
        let sent = Command::new("kill").args([&format!("-{signal}"), &child.id().to_string()]).status();
        assert!(sent.is_ok_and(|status| status.success()));
        let output = child.wait_with_output().expect("the program ends");
        assert_eq!(output.status.code(), Some(130), "{signal}");
        let error: Value = serde_json::from_str(&err(&output)).expect("one line of JSON");
        assert_eq!(error["error"]["kind"], "interrupted");
        assert!(err(&run(&project, &["unlock"])).contains("nobody holds"));
        // SQLite undoes the whole transaction when it interrupts an INSERT ("sqlite3_interrupt").
        let state = "rolled back, together with 0001 of the same transaction; the database is at base";
        assert_eq!(error["error"]["state"], state);
        assert_eq!(out(&run(&project, &["current"])), "");
    }
}

/// Reads events until the endless statement is under way.
#[cfg(unix)]
fn wait_for_statement(child: &mut Child) {
    use std::io::{BufRead as _, BufReader};
    let stdout = child.stdout.take().expect("standard output");
    let mut lines = BufReader::new(stdout).lines();
    let found =
        lines.any(|line| line.is_ok_and(|line| line.contains("\"statement\"") && line.contains("RECURSIVE")));
    assert!(found, "the statement was never sent");
}
