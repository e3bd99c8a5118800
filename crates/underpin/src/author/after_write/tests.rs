use std::fs;

use super::*;
use crate::NewRevision;

/// Runs these commands, each in words of a shell, after a revision was written.
async fn run(commands: &[&str]) -> (tempfile::TempDir, Result<String, CommandFailure>) {
    let directory = tempfile::tempdir().expect("a directory");
    let revision = NewRevision::new("add orders").upgrade("CREATE TABLE orders (id int);");
    let written = revision.write(directory.path()).expect("a revision");
    let commands: Vec<Vec<String>> = commands
        .iter()
        .map(|command| ["sh", "-c", command, "sh", FILE].map(str::to_owned).to_vec())
        .collect();
    let after = AfterWrite { commands: &commands, limit: Duration::from_millis(1500) };
    let result = after.run(directory.path(), &written).await;
    (directory, result.map(|()| fs::read_to_string(&written.path).expect("the file")))
}

fn refused(result: Result<String, CommandFailure>) -> CommandFailure {
    result.expect_err("a failure")
}

#[tokio::test]
async fn commands_are_run_in_their_order_on_the_file() {
    let (_directory, result) = run(&["echo '-- one' >> $1", "echo '-- two' >> $1"]).await;
    let text = result.map_err(|failure| failure.diagnostic).expect("success");
    assert!(text.ends_with("-- one\n-- two\n"), "{text}");
}

#[tokio::test]
async fn one_that_fails_is_named_with_its_exit_code_and_stops_the_others() {
    let (_directory, result) = run(&["echo out; echo err >&2; exit 3", "rm $1"]).await;
    let failure = refused(result);
    assert_eq!(failure.diagnostic.kind, ErrorKind::HookFailed);
    assert!(failure.diagnostic.message.ends_with("ended with exit code 3"), "{}", failure.diagnostic);
    assert!(failure.diagnostic.state.is_some_and(|state| state.ends_with("_add_orders.sql is written")));
    assert_eq!(failure.output, "out\nerr");
}

#[tokio::test]
async fn one_that_breaks_the_file_is_named() {
    for command in ["echo >$1", "rm $1", "sed -i 's/upgrade/downgrade/' $1", "echo \"SELECT 'x\" >> $1"] {
        let (_directory, result) = run(&["true", command]).await;
        let failure = refused(result);
        assert!(failure.diagnostic.message.contains(&format!("{command} sh ")), "{}", failure.diagnostic);
        assert!(failure.diagnostic.message.contains("` has broken "), "{}", failure.diagnostic);
    }
}

#[tokio::test]
async fn one_that_takes_too_long_is_ended() {
    let (_directory, result) = run(&["exec sleep 60"]).await;
    let failure = refused(result);
    assert!(
        failure.diagnostic.message.contains("took longer than 1.5 seconds and was ended"),
        "{}",
        failure.diagnostic
    );
}

#[tokio::test]
async fn what_it_has_started_is_ended_with_it() {
    // The shell waits for both; neither is told by itself.
    let (directory, result) = run(&["(sleep 2; echo late > $(dirname $1)/late) | cat; true"]).await;
    let failure = refused(result);
    assert!(failure.diagnostic.message.contains("took longer than"), "{}", failure.diagnostic);
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    assert!(!directory.path().join("late").exists());
}

#[tokio::test]
async fn one_that_is_not_there_is_told() {
    let directory = tempfile::tempdir().expect("a directory");
    let written = NewRevision::new("x").write(directory.path()).expect("a revision");
    let commands = [vec!["no-such-program-anywhere".to_owned()]];
    let after = AfterWrite { commands: &commands, limit: Duration::from_secs(5) };
    let failure = refused(after.run(directory.path(), &written).await.map(|()| String::new()));
    assert!(failure.diagnostic.message.contains("can't be started"), "{}", failure.diagnostic);
}
