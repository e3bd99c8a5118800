//! Webhooks over TLS: whom they trust, and what becomes of a run where they don't.

use std::{fs, net::TcpListener};

use underpin_tests::{Authority, Engine, History, Output, Program, Project, TestDatabase, on_every_engine};

use crate::{
    listener::{Listener, PATH},
    moments, project,
};

fn upgrade(project: &Project, database: &TestDatabase, url: &str) -> Program {
    let program = project.underpin_on(database).arg("upgrade").env("UNDERPIN_HOOK_URL", url);
    program.env("UNDERPIN_HOOK_MOMENTS", "before_run,after_run").env("UNDERPIN_HOOK_ON_FAILURE", "fail")
}

/// The program with a file of the authorities that it trusts.
fn trusting(program: Program, project: &Project, file: &str, text: &str) -> Program {
    let path = project.path().join(file);
    fs::write(&path, text).unwrap();
    program.env("UNDERPIN_HOOK_CA", path.display().to_string())
}

#[track_caller]
fn assert_refused(output: &Output, why: &str, database: &TestDatabase) {
    assert!(output.stderr.contains(why), "{output}");
    assert!(!output.text().contains("s3cret"), "{output}");
    assert!(History::of(database).applied().is_empty(), "{output}");
}

on_every_engine! {
    fn a_webhook_is_posted_to_over_tls(engine) {
        let (database, project, authority) = (TestDatabase::create(engine), project(), Authority::new("ours"));
        let listener = Listener::secure(&authority, "204 No Content");
        let program = upgrade(&project, &database, &listener.url("https://localhost"));
        trusting(program, &project, "ca.pem", &authority.pem()).run().expect_success();
        assert_eq!(moments(&listener.posted()), ["before_run", "after_run"], "{engine}");
    }
}

#[test]
fn a_file_may_hold_several_authorities_and_is_found_beside_the_settings_that_name_it() {
    let (database, project, authority) =
        (TestDatabase::create(Engine::Sqlite), project(), Authority::new("ours"));
    let listener = Listener::secure(&authority, "204 No Content");
    fs::write(project.path().join("ca.pem"), Authority::new("others").pem() + &authority.pem()).unwrap();
    fs::write(project.path().join("underpin.toml"), "hook_ca = \"ca.pem\"\n").unwrap();
    upgrade(&project, &database, &listener.url("https://localhost")).run().expect_success();
    assert_eq!(moments(&listener.posted()), ["before_run", "after_run"]);
}

#[test]
fn a_certificate_that_nobody_else_has_signed_may_stand_in_the_file() {
    let (database, project) = (TestDatabase::create(Engine::Sqlite), project());
    let (listener, certificate) = Listener::on_its_own_word("204 No Content");
    let program = upgrade(&project, &database, &listener.url("https://localhost"));
    trusting(program, &project, "own.pem", &certificate).run().expect_success();
    assert_eq!(moments(&listener.posted()), ["before_run", "after_run"]);
}

#[test]
fn a_webhook_that_nobody_vouches_for_is_told_nothing() {
    let (database, project, authority) =
        (TestDatabase::create(Engine::Sqlite), project(), Authority::new("ours"));
    let listener = Listener::secure(&authority, "204 No Content");
    let program = upgrade(&project, &database, &listener.url("https://localhost"));
    let why = "its certificate is signed by nobody who is trusted here; hook_ca names a file of who is";
    // Browsers don't know it, and neither does another authority.
    assert_refused(&program.clone().run().expect_code(8), why, &database);
    let others = trusting(program, &project, "others.pem", &Authority::new("others").pem());
    assert_refused(&others.run().expect_code(8), why, &database);

    // It is somebody else's certificate at this address.
    let address = upgrade(&project, &database, &listener.url("https://127.0.0.1"));
    let address = trusting(address, &project, "ca.pem", &authority.pem());
    let why = "its certificate is refused: certificate not valid for name \"127.0.0.1\"";
    assert_refused(&address.run().expect_code(8), why, &database);
    assert!(listener.posted().is_empty());
}

#[test]
fn a_server_that_does_not_shake_hands_costs_the_limit_of_a_hook() {
    let (database, project) = (TestDatabase::create(Engine::Sqlite), project());
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://127.0.0.1:{}{PATH}", silent.local_addr().unwrap().port());
    let program = upgrade(&project, &database, &url).env("UNDERPIN_HOOK_TIMEOUT", "300ms");
    assert_refused(&program.run().expect_code(8), "it took longer than 0.3 seconds", &database);
}

#[test]
fn a_server_without_tls_is_told_nothing() {
    let (database, project) = (TestDatabase::create(Engine::Sqlite), project());
    let listener = Listener::plain("204 No Content");
    let program = upgrade(&project, &database, &listener.url("https://127.0.0.1"));
    let output = program.env("UNDERPIN_HOOK_TIMEOUT", "2s").run().expect_code(8);
    assert_refused(&output, "the webhook https://127.0.0.1:", &database);
    assert!(listener.posted().is_empty());
}

#[test]
fn a_file_of_authorities_that_is_wrong_is_told_before_anything_is_done() {
    let (database, project) = (TestDatabase::create(Engine::Sqlite), project());
    let program = upgrade(&project, &database, &format!("https://localhost:9{PATH}"));
    let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    for (text, why) in [
        ("hunter2", "which has no certificate in it (PEM)"),
        (broken, "which has a certificate that is none: "),
    ] {
        let output = trusting(program.clone(), &project, "ca.pem", text).run().expect_code(2);
        assert!(output.stderr.contains("UNDERPIN_HOOK_CA names ") && output.stderr.contains(why), "{output}");
        assert!(output.stderr.contains("hint:") && !output.text().contains("s3cret"), "{output}");
        assert!(database.path().is_some_and(|file| !file.exists()), "{output}");
    }
    let nowhere = program.env("UNDERPIN_HOOK_CA", project.path().join("nowhere.pem").display().to_string());
    let output = nowhere.run().expect_code(2);
    assert!(output.stderr.contains("nowhere.pem, which can't be read: "), "{output}");

    // Who speaks plainly trusts nobody.
    let listener = Listener::plain("204 No Content");
    let plain = upgrade(&project, &database, &listener.url("http://127.0.0.1"));
    plain.env("UNDERPIN_HOOK_CA", "nowhere.pem").run().expect_success();
    assert_eq!(moments(&listener.posted()), ["before_run", "after_run"]);
}
