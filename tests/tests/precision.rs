//! What the values of a column lose that gets another type, where the server says nothing: what the core tells is
//! held against the servers, and a revision that would round is refused like one that deletes (REQUIREMENTS row 52).

use underpin_core::{dialect::Dialect, loss::lost_precision};
use underpin_tests::{Engine, Project, TestDatabase, on_every_engine};

/// Types, and values of each that fill it; those of a group can become one another.
type Group = &'static [(&'static str, &'static [&'static str])];

const POSTGRES: &[Group] = &[
    &[
        ("smallint", &["32767"]),
        ("integer", &["7", "16777217"]),
        ("bigint", &["7", "16777217", "9007199254740993"]),
        ("numeric", &["7.123456", "1234567890123456.789"]),
        ("numeric(6,0)", &["123456"]),
        ("numeric(12,2)", &["7.12", "1234567890.12"]),
        ("numeric(20,4)", &["7.1234", "1234567890123456.7891"]),
        ("real", &["7.25", "1.1754944e-38"]),
        ("double precision", &["7.25", "0.30000000000000004"]),
    ],
    &[
        ("date", &["'2026-01-02'"]),
        ("time(6) without time zone", &["'23:04:05.678901'"]),
        ("time(0) without time zone", &["'23:04:05'"]),
        ("timestamp(6) without time zone", &["'2026-01-02 23:04:05.678901'"]),
        ("timestamp(0) without time zone", &["'2026-01-02 23:04:05'"]),
        ("timestamp(3) with time zone", &["'2026-01-02 23:04:05.678+00'"]),
        ("interval", &["'3 days 04:05:06.789012'"]),
        ("interval(0)", &["'3 days 04:05:06'"]),
    ],
    &[
        ("text", &["'abcdefgh'"]),
        ("character varying(5)", &["'abcde'"]),
        ("character varying(7)", &["'abcdefg'"]),
        ("character(6)", &["'abcdef'"]),
    ],
    &[("inet", &["'10.1.2.3/8'"]), ("cidr", &["'10.0.0.0/8'"])],
];

const MYSQL: &[Group] = &[
    &[
        ("tinyint", &["7"]),
        ("int", &["7", "16777217"]),
        ("bigint unsigned", &["7", "16777217", "9007199254740993"]),
        ("decimal(6,0)", &["123456"]),
        ("decimal(12,2)", &["7.12", "1234567890.12"]),
        ("decimal(20,4)", &["7.1234", "1234567890123456.7891"]),
        ("float", &["7.25", "1.17e-20"]),
        ("double", &["7.25", "0.30000000000000004"]),
        ("double(12,2)", &["7.25", "1234567.89"]),
    ],
    &[
        ("date", &["'2026-01-02'"]),
        ("time(6)", &["'23:04:05.678901'"]),
        ("time", &["'23:04:05'"]),
        ("datetime(6)", &["'2026-01-02 23:04:05.678901'"]),
        ("datetime", &["'2026-01-02 23:04:05'"]),
        ("timestamp(3)", &["'2026-01-02 23:04:05.678'"]),
    ],
];

/// Makes a column of one type one of another and back again: whether its value is another then, which the server
/// has not said. Nothing where it refuses the one or the other.
fn is_changed(database: &TestDatabase, from: &str, to: &str, value: &str) -> Option<bool> {
    let alter = |data_type: &str| match database.engine() {
        Engine::Mysql | Engine::Mariadb => format!("ALTER TABLE t MODIFY a {data_type}"),
        _ => format!("ALTER TABLE t ALTER a TYPE {data_type} USING a::{data_type}"),
    };
    let make = format!("CREATE TABLE t (a {from}, b {from})");
    let fill = format!("INSERT INTO t VALUES ({value}, {value})");
    match database.try_each(&["DROP TABLE IF EXISTS t", &make, &fill, &alter(to), &alter(from)]) {
        Err((0..3, error)) => panic!("{from} {value}: {error}"),
        Err(_) => return None,
        Ok(()) => {}
    }
    Some(database.value("SELECT count(*) FROM t WHERE a = b") == "0")
}

on_every_engine! {
    fn what_is_told_of_a_type_is_what_the_server_does(engine) {
        let (dialect, groups) = match engine {
            Engine::Mysql | Engine::Mariadb => (Dialect::Mysql, MYSQL),
            Engine::Postgres => (Dialect::Postgres, POSTGRES),
            Engine::Sqlite => return,
        };
        let database = TestDatabase::create(engine);
        let mut compared = 0;
        for group in groups {
            for ((from, values), to) in group.iter().flat_map(|from| group.iter().map(move |(to, _)| (from, to))) {
                let changes: Vec<bool> =
                    values.iter().filter_map(|value| is_changed(&database, from, to, value)).collect();
                if changes.is_empty() {
                    continue;
                }
                let told = lost_precision(dialect, from, to, true);
                assert_eq!(told.is_some(), changes.contains(&true), "{from} -> {to}: {told:?}");
                compared += 1;
            }
        }
        assert!(compared > 60, "{compared} pairs of types");
    }

    fn a_revision_that_rounds_is_refused_until_somebody_has_looked_at_it(engine) {
        let alter = match engine {
            Engine::Mysql | Engine::Mariadb => "ALTER TABLE bills MODIFY total decimal(10,2);",
            Engine::Postgres => "ALTER TABLE bills ALTER COLUMN total TYPE numeric(10,2);",
            Engine::Sqlite => return,
        };
        let (database, project) = (TestDatabase::create(engine), Project::new());
        let underpin = project.underpin_on(&database);
        project.revision("0001", &[], "begin", "CREATE TABLE bills (total numeric(10,4));", None);
        underpin.clone().arg("upgrade").run().expect_success();
        database.execute("INSERT INTO bills VALUES (1.2345)");
        project.revision_with("0002", &["0001"], "fewer digits", &[], &[("upgrade", alter)]);
        let refused = underpin.clone().arg("startup").run().expect_code(8);
        assert!(refused.text().contains("digits behind the point in total of bills would be gone"), "{refused}");
        assert_eq!(database.value("SELECT total FROM bills"), "1.2345");
        let lint = underpin.clone().arg("lint").run();
        assert!(lint.text().contains("precision-loss"), "{lint}");
        underpin.clone().args(["upgrade", "--allow-destructive"]).run().expect_success();
        // What it has room for is let through.
        project.revision_with("0003", &["0002"], "more", &[], &[("upgrade", &alter.replace("10,2", "12,4"))]);
        underpin.arg("startup").run().expect_success();
    }
}
