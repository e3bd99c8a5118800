//! The forms that people write, as a table, and the one property that must hold for all of them.

use proptest::prelude::*;

use super::*;

const PASSWORD: &str = "p@ss:w/rd%";
const ENCODED: &str = "p%40ss%3Aw%2Frd%25";

/// Pieces of four characters of `password` that `shown` holds and `without` does not.
fn leaks(shown: &str, password: &str, without: &str) -> Vec<String> {
    let characters: Vec<char> = password.chars().collect();
    let pieces = characters.windows(4).map(|piece| piece.iter().collect::<String>());
    pieces.filter(|piece| shown.contains(piece.as_str()) && !without.contains(piece.as_str())).collect()
}

fn server(url: &SafeUrl) -> &ServerAddress {
    match url.address() {
        Address::Postgres(address) | Address::Mysql(address) => address,
        Address::Sqlite(address) => panic!("{address:?} is no server"),
    }
}

#[test]
fn the_password_connects_and_is_not_shown_in_any_form_raw_or_encoded() {
    for (before, after, shown) in [
        ("postgresql://app:", "@localhost:5432/db", "postgresql://app@localhost:5432/db"),
        ("postgres://app:", "@db/shop", "postgresql://app@db/shop"),
        ("postgresql+psycopg://app:", "@db:5432/shop", "postgresql://app@db:5432/shop"),
        ("postgresql+asyncpg://app:", "@db/shop?ssl=require", "postgresql://app@db/shop"),
        ("POSTGRESQL://app:", "@[::1]:5432/shop", "postgresql://app@[::1]:5432/shop"),
        ("postgresql://app:", "@db", "postgresql://app@db/"),
        ("postgresql://app:", "@/shop?host=/run/postgresql", "postgresql://app@/shop?host=/run/postgresql"),
        ("postgresql://app:", "@%2Frun%2Fpg/shop", "postgresql://app@/shop?host=/run/pg"),
        ("postgresql://app:", "@db/shop?sslmode=disable&application_name=x", "postgresql://app@db/shop"),
        ("postgresql://app:", "@db/shop?options=-c%20search_path%3Da", "postgresql://app@db/shop"),
        ("postgresql://app@db:5432/shop?password=", "", "postgresql://app@db:5432/shop"),
        ("postgresql://db/shop?user=app&password=", "&sslmode=prefer", "postgresql://app@db/shop"),
        ("mysql://app:", "@localhost/shop", "mysql://app@localhost/shop"),
        ("mariadb://app:", "@localhost:3307/shop", "mysql://app@localhost:3307/shop"),
        ("mysql+pymysql://app:", "@db/shop?charset=utf8mb4", "mysql://app@db/shop"),
        ("mysql://app:", "@/shop?socket=/run/my.sock", "mysql://app@/shop?socket=/run/my.sock"),
        ("mysql://app:", "@db/shop?ssl-mode=REQUIRED", "mysql://app@db/shop"),
    ] {
        for password in [PASSWORD, ENCODED] {
            let text = format!("{before}{password}{after}");
            let url = SafeUrl::parse(&text).unwrap_or_else(|error| panic!("{text}: {error}"));
            let address = server(&url);
            assert_eq!(address.password.as_ref().map(Secret::expose), Some(PASSWORD), "{text}");
            assert_eq!(address.user.as_deref(), Some("app"), "{text}");
            assert_eq!((url.to_string().as_str(), format!("{url:?}").as_str()), (shown, shown));
            assert_eq!(serde_json::to_string(&url).expect("JSON"), format!("{shown:?}"));
            assert_eq!(url.redact(&format!("can't use {text}")), format!("can't use {before}***{after}"));
        }
    }
}

#[test]
fn the_keyword_form_of_libpq_is_read_too() {
    for text in [
        format!("host=localhost port=5432 dbname=x user=app password={PASSWORD}"),
        format!("host=localhost port=5432 dbname=x user=app password='{PASSWORD}'"),
    ] {
        let url = SafeUrl::parse(&text).expect("keywords");
        assert_eq!(server(&url).password.as_ref().map(Secret::expose), Some(PASSWORD));
        assert_eq!(url.to_string(), "postgresql://app@localhost:5432/x");
        assert_eq!(leaks(&url.redact(&text), PASSWORD, ""), Vec::<String>::new());
    }
}

#[test]
fn what_is_no_url_is_refused_without_being_shown() {
    for (text, said) in [
        ("", "no scheme"),
        ("s3cret", "no scheme"),
        ("app:s3cret@db/shop", "no scheme"),
        ("\"postgresql://app:s3cret@db/shop\"", "no scheme"),
        ("postgresql:s3cret", "no scheme"),
        ("oracle://app:s3cret@db/shop", "oracle://***"),
        ("postgresql://app:s3cret@db:port/shop", "postgresql://***"),
        ("mysql://app:s3cret@a/b/c", "mysql://***"),
        ("postgresql://app:s3cret@db:65536/shop", "port"),
        ("postgresql://app:s3cret@db/shop?sslmode=s3", "sslmode"),
        ("mysql://app:s3cret@db/shop?useless=1", "\"useless\""),
    ] {
        let error = SafeUrl::parse(text).expect_err(text);
        assert_eq!(error.kind, ErrorKind::Configuration);
        assert!(error.message.contains(said), "{text}: {error}");
        assert!(!format!("{error} {error:?}").contains("s3cret"), "{error:?}");
    }
}

#[test]
fn host_port_and_database_are_told() {
    for (text, host_port, database) in [
        ("postgresql://db/shop", Some("db:5432"), Some("shop")),
        ("postgresql://[::1]:6432/a%20b", Some("[::1]:6432"), Some("a b")),
        ("postgresql:///shop?host=/run/pg", Some("/run/pg"), Some("shop")),
        ("mysql://db", Some("db:3306"), None),
        ("sqlite:data/app.db", None, Some("app.db")),
        ("sqlite::memory:", None, None),
    ] {
        let url = SafeUrl::parse(text).expect(text);
        assert_eq!((url.host_port().as_deref(), url.database_name()), (host_port, database), "{text}");
    }
}

#[test]
fn another_database_keeps_everything_else() {
    let url = SafeUrl::parse("postgresql://app:s3cret@db/shop?sslmode=require").expect("a URL");
    let other = url.with_database("scratch");
    assert_eq!(other.to_string(), "postgresql://app@db/scratch");
    assert_eq!(server(&other).password, server(&url).password);
    assert_eq!(server(&other).parameters, server(&url).parameters);
    let file = SafeUrl::parse("sqlite:data/app.db").expect("a URL").with_database("scratch.db");
    assert_eq!(file.to_string(), "sqlite:data/scratch.db");
}

#[test]
fn what_is_shown_of_an_sqlite_url_reads_back_to_the_same_file() {
    for text in
        ["sqlite:///./a b/x.db", "sqlite:////tmp/x%23.db", "sqlite:x%3F.db", "sqlite+aiosqlite:///x.db"]
    {
        let url = SafeUrl::parse(text).expect(text);
        assert_eq!(SafeUrl::parse(&url.to_string()).expect("what is shown reads back"), url);
    }
    assert_eq!(SafeUrl::parse(":memory:").expect("memory").to_string(), "sqlite::memory:");
}

#[test]
fn the_variables_of_libpq_make_a_url() {
    let variable = |name: &str| match name {
        "PGHOST" => Some("db".to_owned()),
        "PGDATABASE" => Some("shop".to_owned()),
        "PGUSER" => Some("app".to_owned()),
        "PGPASSWORD" => Some(PASSWORD.to_owned()),
        _ => None,
    };
    let url = SafeUrl::from_libpq(variable).expect("variables");
    assert_eq!(url.to_string(), "postgresql://app@db/shop");
    assert_eq!(url.redact(&format!("bad password {PASSWORD}")), "bad password ***");
    let mut url = SafeUrl::parse("postgresql://me@elsewhere/other").expect("a URL");
    url.fill_from_libpq(variable).expect("variables");
    assert_eq!(url.to_string(), "postgresql://me@elsewhere/other");
    assert_eq!(server(&url).password.as_ref().map(Secret::expose), Some(PASSWORD));
}

#[cfg(all(feature = "sqlite", feature = "postgres", feature = "mysql"))]
#[test]
fn the_drivers_get_every_field() {
    let text =
        "postgresql://app:s3cret@db:6432/shop?sslmode=verify-full&application_name=x&options=-c%20geqo%3Doff";
    let options = SafeUrl::parse(text).expect("a URL").postgres_options().expect("options");
    assert_eq!((options.get_host(), options.get_port(), options.get_username()), ("db", 6432, "app"));
    assert_eq!((options.get_database(), options.get_application_name()), (Some("shop"), Some("x")));
    assert!(options.get_options().is_some_and(|options| options.contains("geqo=off")));
    assert!(matches!(options.get_ssl_mode(), sqlx::postgres::PgSslMode::VerifyFull));
    let url = SafeUrl::parse("postgresql://app@/shop?host=/run/pg").expect("a URL");
    let options = url.postgres_options().expect("options");
    assert_eq!(options.get_socket().map(|path| path.display().to_string()).as_deref(), Some("/run/pg"));
    assert_eq!(url.mysql_options().expect_err("the wrong driver").kind, ErrorKind::Internal);

    let text = "mysql+aiomysql://app:s3cret@db/shop?ssl-mode=VERIFY_CA&collation=utf8mb4_bin";
    let options = SafeUrl::parse(text).expect("a URL").mysql_options().expect("options");
    assert_eq!((options.get_host(), options.get_port(), options.get_database()), ("db", 3306, Some("shop")));
    assert!(matches!(options.get_ssl_mode(), sqlx::mysql::MySqlSslMode::VerifyCa));
    assert_eq!(options.get_collation(), Some("utf8mb4_bin"));

    let options = SafeUrl::parse("sqlite:///./x.db").expect("a URL").sqlite_options().expect("options");
    assert_eq!(options.get_filename(), Path::new("./x.db"));
}

#[cfg(feature = "sqlite")]
#[tokio::test]
async fn connections_to_one_url_in_memory_share_a_database_and_other_urls_do_not() {
    use sqlx::{ConnectOptions, Connection};
    let url = SafeUrl::parse("sqlite::memory:").expect("a URL");
    let other = SafeUrl::parse("sqlite::memory:").expect("a URL");
    let options = |url: &SafeUrl| url.sqlite_options().expect("options");
    let mut first = options(&url).connect().await.expect("a connection");
    sqlx::query("CREATE TABLE t (a)").execute(&mut first).await.expect("a table");
    let mut second = options(&url).connect().await.expect("a connection");
    sqlx::query("SELECT a FROM t").execute(&mut second).await.expect("the same database");
    let mut third = options(&other).connect().await.expect("a connection");
    sqlx::query("SELECT a FROM t").execute(&mut third).await.expect_err("another database");
    for connection in [first, second, third] {
        connection.close().await.expect("closed");
    }
}

proptest! {
    #[test]
    fn no_four_characters_of_a_password_are_ever_shown(password in "\\PC{0,24}", scheme in 0..3_usize) {
        let scheme = ["postgresql", "mysql", "postgres+asyncpg"][scheme];
        let without = "postgresql://app@db:5432/shop mysql://app@db:5432/shop can't use";
        let encoded = percent_encoding::utf8_percent_encode(&password, percent_encoding::NON_ALPHANUMERIC);
        for text in [
            format!("{scheme}://app:{encoded}@db:5432/shop"),
            format!("{scheme}://app@db:5432/shop?password={encoded}"),
        ] {
            let url = SafeUrl::parse(&text).expect("an encoded password is no riddle");
            prop_assert_eq!(server(&url).password.as_ref().map(Secret::expose), Some(password.as_str()));
            let shown = format!("{url} {url:?} {:?} {}", url.address(), serde_json::to_string(&url).expect("JSON"));
            prop_assert_eq!(leaks(&shown, &password, &format!("{without}Postgres(Mysql(://\" ")), Vec::<String>::new());
            let said = url.redact(&format!("can't use {password} of {text}"));
            prop_assert_eq!(leaks(&said, &password, &format!("{without} of {scheme}://app:***@db:5432/shop?password=*** can't use *** of")), Vec::<String>::new());
        }
    }

    #[test]
    fn a_raw_password_connects_and_is_not_shown(password in "[a-zA-Z0-9@:/#%!$&*=+ ]{0,16}") {
        // What reads as correct percent-encoding is taken as such.
        prop_assume!(super::percent::decode(&password) == password);
        let text = format!("postgresql://app:{password}@db:5432/shop");
        let url = SafeUrl::parse(&text).expect("a raw password is found");
        prop_assert_eq!(server(&url).password.as_ref().map(Secret::expose), Some(password.as_str()));
        prop_assert_eq!(url.to_string(), "postgresql://app@db:5432/shop");
    }

    #[test]
    fn no_text_makes_the_parser_panic_or_show_what_stands_before_the_last_at(text in "\\PC{0,40}") {
        let full = format!("postgresql://app:{text}");
        let shown = match SafeUrl::parse(&full) {
            Ok(url) => url.to_string(),
            Err(error) => error.to_string(),
        };
        prop_assert!(!shown.is_empty());
        let _ = SafeUrl::parse(&text);
        let _ = SafeUrl::parse(&format!("sqlite:{text}"));
    }
}
