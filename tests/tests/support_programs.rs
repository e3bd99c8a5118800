//! Proves that programs are started with nothing of our environment, watched, and ended when they must be.
//! It says nothing about Underpin: the programs here are the shell's.

use std::env;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::panic;
use std::time::Duration;

use underpin_tests::{Program, Signal};

fn shell(script: &str) -> Program {
    Program::at("/bin/sh").args(["-c", script])
}

#[test]
fn what_a_program_writes_and_how_it_ends_is_kept() {
    let output = shell("cat; echo data; echo talk >&2; exit 7").input("given\n").run().expect_code(7);
    assert_eq!((output.stdout.as_str(), output.stderr.as_str()), ("given\ndata\n", "talk\n"));
}

#[test]
fn more_output_than_a_pipe_holds_stops_nobody() {
    let output = shell("i=0; while [ $i -lt 20000 ]; do echo 0123456789; i=$((i+1)); done").run();
    assert_eq!(output.expect_success().stdout.len(), 220_000);
}

#[test]
fn nothing_of_our_environment_reaches_a_program() {
    let output = shell("env").env("DATABASE_URL", "given").run().expect_success();
    let names: Vec<_> = output.stdout.lines().filter_map(|line| line.split('=').next()).collect();
    assert!(names.contains(&"DATABASE_URL"), "{names:?}");
    let foreign: Vec<_> =
        names.iter().filter(|name| name.starts_with("CARGO") || name.starts_with("UNDERPIN")).collect();
    assert!(foreign.is_empty(), "{foreign:?}");
}

#[test]
fn without_a_directory_a_program_runs_in_an_empty_one() {
    assert_eq!(shell("ls -A").run().expect_success().stdout, "");
}

#[test]
fn a_killed_program_is_told_from_one_that_failed() {
    let mut running = shell("echo started; exec sleep 60").spawn();
    assert!(running.wait_until(|running| running.stdout().contains("started")));
    let id = running.id();
    let output = running.kill();
    assert_eq!((output.code(), output.signal(), output.stdout.as_str()), (None, Some(9), "started\n"));
    assert!(shell(&format!("kill -0 {id}")).run().code() != Some(0), "process {id} is still there");
}

#[test]
fn a_program_can_be_told_to_end() {
    let mut running =
        shell("trap 'echo ended; exit 3' TERM; echo started; while :; do sleep 0.1; done").spawn();
    assert!(running.wait_until(|running| running.stdout().contains("started")));
    running.signal(Signal::Terminate);
    assert_eq!(running.wait().expect_code(3).stdout, "started\nended\n");
}

#[test]
fn a_program_that_takes_too_long_fails_its_test_with_what_it_wrote() {
    let slow = shell("echo before; exec sleep 60").limit(Duration::from_millis(300));
    let panic = panic::catch_unwind(|| slow.run()).unwrap_err();
    let message = panic.downcast_ref::<String>().unwrap();
    assert!(message.contains("still running after 300ms") && message.contains("before"), "{message}");
}

#[test]
fn a_service_that_ends_instead_of_serving_is_told() {
    let output = shell("echo no database >&2; exit 3").serve().expect_ended().expect_code(3);
    assert_eq!(output.stderr, "no database\n");
}

#[test]
fn a_program_that_is_dropped_is_gone() {
    let running = shell("exec sleep 60").spawn();
    let id = running.id();
    drop(running);
    assert!(shell(&format!("kill -0 {id}")).run().code() != Some(0), "process {id} is still there");
}

#[test]
fn a_service_is_asked_and_told_to_end() {
    let service =
        Program::at(env::current_exe().unwrap()).args(["--exact", "a_service", "--ignored", "--nocapture"]);
    let mut shop = service.serve().expect_serving();
    assert_eq!(shop.wait_for("/ready", 200).body, "GET /ready HTTP/1.0");
    assert_eq!(shop.get("/health").status, 503);
    assert_eq!(shop.post("/ready", "{}").body, "POST /ready HTTP/1.0");
    let output = shop.stop();
    assert_eq!(output.signal(), Some(15), "{output}");
}

/// What the test above starts: a service on `PORT` that is not healthy and else says what it was asked.
#[test]
#[ignore = "a program for another test"]
fn a_service() {
    let Ok(port) = env::var("PORT") else { return };
    let listener = TcpListener::bind(format!("127.0.0.1:{port}")).unwrap();
    for stream in listener.incoming() {
        let mut stream = stream.unwrap();
        let lines: Vec<_> =
            BufReader::new(&stream).lines().map_while(Result::ok).take_while(|l| !l.is_empty()).collect();
        let Some(request) = lines.first() else { continue };
        let status = if request.contains("/health") { "503 Service Unavailable" } else { "200 OK" };
        write!(stream, "HTTP/1.0 {status}\r\n\r\n{request}").unwrap();
    }
}
