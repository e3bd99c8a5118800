//! A password that is full of signs: it works in every form, and nobody ever gets to see a piece of it.

use underpin_tests::{Program, TestDatabase, on_every_engine};

const PASSWORD: &str = "p@ss:w/rd%";

/// Every four characters of the password, as it is and as a URL has it.
fn pieces() -> Vec<String> {
    let forms = [PASSWORD, "p%40ss%3Aw%2Frd%25"];
    let characters = forms.map(|form| form.chars().collect::<Vec<_>>());
    characters.iter().flat_map(|form| form.windows(4).map(String::from_iter)).collect()
}

#[track_caller]
fn is_kept(text: &str) {
    for piece in pieces() {
        assert!(!text.contains(&piece), "{piece:?} is in {text}");
    }
}

/// The URL with the password as its owner would type it, unencoded.
fn typed(url: &str) -> String {
    let (before, behind) = url.split_once("://").unwrap();
    let (user, host) = behind.rsplit_once('@').unwrap();
    let (name, _) = user.split_once(':').unwrap();
    format!("{before}://{name}:{PASSWORD}@{host}")
}

on_every_engine! {
    fn it_connects_and_is_never_shown(engine) {
        if !engine.is_server() {
            return;
        }
        let database = TestDatabase::create(engine);
        let url = database.user_with_password(PASSWORD);
        for url in [typed(&url), url] {
            let shop = Program::shop().database(&url).env("RUST_LOG", "trace").serve().expect_serving();
            assert_eq!(shop.get("/customers").status, 200);
            is_kept(&shop.get("/health").body);
            is_kept(&shop.get("/db-status").body);
            is_kept(&shop.stop().expect_success().text());
            let report = Program::shop().database(&url).arg("worker").run().expect_success();
            is_kept(&report.text());
            is_kept(&Program::shop().database(&url).args(["migrate", "status"]).run().text());
        }
    }

    fn an_error_does_not_show_it_either(engine) {
        if !engine.is_server() {
            return;
        }
        let database = TestDatabase::create(engine);
        let url = database.user_with_password("another");
        let refused = typed(&url);
        let down = refused.rsplit_once('@').unwrap().0.to_owned() + "@127.0.0.1:1/shop";
        let nowhere = refused.rsplit_once('/').unwrap().0.to_owned() + "/no_such_database";
        let unknown = refused.clone() + "?no_such_parameter=1";
        for (url, code) in [(refused, 3), (down, 3), (nowhere, 3), (unknown, 2)] {
            let program = Program::shop().database(&url).env("UNDERPIN_CONNECT_TIMEOUT", "100ms");
            for command in ["serve", "worker", "init"] {
                is_kept(&program.clone().env("RUST_LOG", "trace").arg(command).run().expect_code(code).text());
            }
            if code == 3 {
                let shop = program.clone().env("FAIL_ON_MIGRATION_ERROR", "false").serve().expect_serving();
                is_kept(&shop.get("/health").body);
                is_kept(&shop.get("/db-status").body);
                is_kept(&shop.get("/customers").body);
                is_kept(&shop.stop().text());
            }
        }
    }
}
