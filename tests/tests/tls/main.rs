//! Databases that are reached over TLS: who is trusted, what becomes of a run where nobody is, and that the programs
//! that make and load backups are held to the same. Each engine gets a server of its own, with a certificate.

use std::fs;

use underpin_tests::{Authority, Engine, History, Output, OwnServer, Program, Project, TestDatabase};

/// A server with a certificate, a database on it, and a user who is let in over TLS only.
struct Secure {
    engine: Engine,
    project: Project,
    database: TestDatabase,
    /// The URL of that user, without parameters.
    url: String,
    _server: OwnServer,
}

impl Secure {
    fn new(engine: Engine) -> Option<Self> {
        let project = Project::new();
        let ours = project.path().join("ours");
        fs::create_dir(&ours).unwrap();
        Authority::new("ours").write(&ours);
        fs::write(project.path().join("others.pem"), Authority::new("others").pem()).unwrap();
        let server = OwnServer::start_with_tls(engine, &ours)?;
        let database = server.database();
        let url = database.user_with_password("s3cret-of-mine");
        if engine != Engine::Postgres {
            let user = url.split("//").nth(1).and_then(|rest| rest.split(':').next()).unwrap();
            database.execute(&format!("ALTER USER '{}'@'%' REQUIRE SSL", user.replace("%5F", "_")));
        }
        project.revision(
            "0001",
            &[],
            "begin",
            "CREATE TABLE orders (id int PRIMARY KEY, note text);\n",
            None,
        );
        project.revision("0002", &["0001"], "how it came", seen(engine), None);
        Some(Self { engine, project, database, url, _server: server })
    }

    /// The program under a mode of TLS, in PostgreSQL's word, with a file of the authorities that it trusts.
    fn program(&self, mode: &str, authority: Option<&str>) -> Program {
        self.program_at(&self.url, mode, authority)
    }

    fn program_at(&self, url: &str, mode: &str, authority: Option<&str>) -> Program {
        let (mode, name) = match self.engine {
            Engine::Sqlite | Engine::Postgres => (format!("sslmode={mode}"), "sslrootcert"),
            Engine::Mysql | Engine::Mariadb => (format!("ssl-mode={}", words_of_mysql(mode)), "ssl-ca"),
        };
        let file = |file| format!("&{name}={}", self.project.path().join(file).display());
        let url = format!("{url}?{mode}{}", authority.map(file).unwrap_or_default());
        self.project.underpin_on(&self.database).database(url)
    }

    /// Asserts that nobody is trusted under these words, and that the hint names what to set.
    #[track_caller]
    fn assert_distrusted(&self, program: Program, says: &[&str]) {
        let file = if self.engine == Engine::Postgres { "(sslrootcert=FILE)" } else { "(ssl-ca=FILE)" };
        let output = self.assert_refused(program, says);
        assert!(output.stderr.contains(file), "{output}");
    }

    #[track_caller]
    fn assert_refused(&self, program: Program, says: &[&str]) -> Output {
        let output = program.arg("upgrade").args(["--timeout", "20s"]).run();
        assert_eq!(output.code(), Some(3), "{output}");
        assert!(
            says.iter().any(|words| output.stderr.contains(words)),
            "{}: {says:?}: {output}",
            self.engine
        );
        assert!(!output.text().contains("s3cret"), "{output}");
        assert!(History::of(&self.database).applied().is_empty(), "{output}");
        output
    }
}

fn words_of_mysql(mode: &str) -> &'static str {
    match mode {
        "disable" => "disabled",
        "require" => "required",
        "verify-ca" => "verify_ca",
        _ => "verify_identity",
    }
}

/// Keeps how the run's connection was encrypted.
fn seen(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => "",
        Engine::Postgres => {
            "CREATE TABLE seen AS SELECT version AS how FROM pg_stat_ssl WHERE pid = pg_backend_pid();\n"
        }
        Engine::Mysql => {
            "CREATE TABLE seen AS SELECT VARIABLE_VALUE AS how FROM performance_schema.session_status \
             WHERE VARIABLE_NAME = 'Ssl_version';\n"
        }
        Engine::Mariadb => {
            "CREATE TABLE seen AS SELECT VARIABLE_VALUE AS how FROM information_schema.SESSION_STATUS \
             WHERE VARIABLE_NAME = 'Ssl_version';\n"
        }
    }
}

fn a_server_is_trusted_as_the_url_says(engine: Engine) {
    let Some(secure) = Secure::new(engine) else { return };
    for mode in ["verify-full", "verify-ca"] {
        secure.assert_distrusted(secure.program(mode, Some("others.pem")), &["certificate", "UnknownIssuer"]);
    }
    // The certificate is of 127.0.0.1.
    let named = secure.url.replace("127.0.0.1", "localhost");
    let other_name = secure.program_at(&named, "verify-full", Some("ours/ca.pem"));
    secure.assert_distrusted(other_name, &["certificate", "NotValidForName"]);
    // No public authority has signed it.
    secure.assert_distrusted(secure.program("verify-full", None), &["certificate", "UnknownIssuer"]);
    let unreadable = secure.program("verify-full", Some("missing.pem")).arg("upgrade").run();
    assert_eq!(unreadable.code(), Some(2), "{unreadable}");
    assert!(unreadable.stderr.contains("missing.pem"), "{unreadable}");
    secure.assert_refused(secure.program("disable", None), &["no encryption", "Access denied", "insecure"]);
    let run = |program: Program, target: &str| program.args(["upgrade", target]).run().expect_success();
    run(secure.program("verify-full", Some("ours/ca.pem")), "0001");
    run(secure.program_at(&named, "verify-ca", Some("ours/ca.pem")), "0001");
    run(secure.program("require", None), "0002");
    let how = secure.database.value("SELECT how FROM seen");
    assert!(how.starts_with("TLSv1."), "{engine}: {how:?}");

    let file = secure.project.path().join("backup");
    for (mode, authority) in [("verify-full", Some("ours/ca.pem")), ("require", None)] {
        let Some(program) = secure.program(mode, authority).backing_up(&secure.database) else { return };
        secure.database.execute("DELETE FROM orders; INSERT INTO orders VALUES (1, 'kept')");
        program.clone().args(["backup", "--to"]).arg(&file).run().expect_success();
        secure.database.execute("DELETE FROM orders");
        let in_place: &[&str] = if engine == Engine::Postgres { &[] } else { &["--in-place"] };
        program.args(["restore", "--yes"]).args(in_place).arg(&file).run().expect_success();
        assert_eq!(secure.database.value("SELECT note FROM orders"), "kept", "{engine}: {mode}");
        fs::remove_file(&file).unwrap();
    }
    let Some(program) = secure.program("verify-full", Some("others.pem")).backing_up(&secure.database) else {
        return;
    };
    let refused = program.args(["backup", "--to"]).arg(&file).run();
    assert_ne!(refused.code(), Some(0), "{refused}");
    assert!(!refused.text().contains("s3cret"), "{refused}");
    assert!(!file.exists(), "{refused}");
}

#[test]
fn a_postgres_is_trusted_as_the_url_says() {
    Engine::Postgres.run(a_server_is_trusted_as_the_url_says);
}

#[test]
fn a_mysql_is_trusted_as_the_url_says() {
    Engine::Mysql.run(a_server_is_trusted_as_the_url_says);
}

#[test]
fn a_mariadb_is_trusted_as_the_url_says() {
    Engine::Mariadb.run(a_server_is_trusted_as_the_url_says);
}
