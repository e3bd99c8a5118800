//! Which database the settings mean, and what to say where they mean none. How a URL is read is in
//! `database`.

use std::{collections::BTreeMap, path::Path};

use underpin_core::diagnostic::{Diagnostic, ErrorKind};

use crate::database::{LIBPQ_VARIABLES, SafeUrl};

use super::{
    help::main_variable,
    key::Key,
    layer::{DotenvFile, Given, ProcessVariables, Variables},
    origin::Origin,
};

/// The database URL, or why there is none. An unusable one is no error until it is needed.
#[derive(Clone, Debug)]
pub(super) enum UrlSetting {
    /// There is a URL.
    Present(SafeUrl),
    /// There is something that can't be read.
    Unusable {
        /// What is wrong with it.
        message: String,
        /// What to do about it.
        hints: Vec<String>,
    },
    /// There is none.
    Missing {
        /// The variable that should hold it.
        variable: String,
        /// Every place that was looked at.
        tried: Vec<String>,
    },
}

impl UrlSetting {
    /// The URL, or the diagnostic for it.
    pub(super) fn get(&self) -> Result<&SafeUrl, Diagnostic> {
        match self {
            Self::Present(url) => Ok(url),
            Self::Unusable { message, hints } => {
                let diagnostic = Diagnostic::new(ErrorKind::Configuration, message);
                Err(hints.iter().fold(diagnostic, |diagnostic, hint| diagnostic.hint(hint)))
            }
            Self::Missing { variable, tried } => {
                Err(Diagnostic::new(ErrorKind::MissingUrl, format!("{variable} not set"))
                    .hint(format!("looked at {}", tried.join(", ")))
                    .hint(format!("set {variable}, for example to sqlite:data/app.db")))
            }
        }
    }

    /// The value as it is shown.
    pub(super) fn shown(&self) -> String {
        match self {
            Self::Present(url) => url.to_string(),
            Self::Unusable { .. } => "*** (can't be read)".to_owned(),
            Self::Missing { .. } => String::new(),
        }
    }

    fn from(result: Result<SafeUrl, Diagnostic>, origin: &Origin) -> Self {
        match result {
            Ok(url) => Self::Present(url),
            Err(diagnostic) => {
                let subject = origin.subject(Key::DatabaseUrl);
                let message = format!("{subject}: {}", diagnostic.message);
                Self::Unusable { message, hints: diagnostic.hints }
            }
        }
    }
}

/// What is wrong with a URL that is not in force, if anything is.
pub(super) fn mistake(given: &Given, working_directory: &Path) -> Option<Diagnostic> {
    let directory = given.directory.as_deref().unwrap_or(working_directory);
    let url = UrlSetting::from(SafeUrl::parse_in(&given.text, directory), &given.origin);
    url.get().err()
}

/// libpq's variables that are set, each with its origin.
type Libpq = BTreeMap<&'static str, (String, Origin)>;

/// The URL that was given, or else the one that libpq's variables describe, which win over what a
/// program would take by default: they are somebody's word on where it runs.
///
/// # Errors
/// A variable of libpq that is no text.
pub(super) fn decide(
    given: Option<&Given>,
    process: &ProcessVariables,
    dotenv: &DotenvFile,
    prefix: &str,
    working_directory: &Path,
) -> Result<Option<(UrlSetting, Origin)>, Diagnostic> {
    let libpq = libpq(process, dotenv, prefix)?;
    let variable = |name: &str| libpq.get(name).map(|(value, _)| value.clone());
    let describes = libpq.contains_key("PGHOST") || libpq.contains_key("PGDATABASE");
    let is_default = |given: &Given| given.origin == Origin::Builder { pinned: false };
    if let Some(given) = given.filter(|given| !(describes && is_default(given))) {
        let directory = given.directory.as_deref().unwrap_or(working_directory);
        let url = SafeUrl::parse_in(&given.text, directory).and_then(|mut url| {
            url.fill_from_libpq(variable)
                .map_err(|diagnostic| diagnostic.hint("libpq's variables fill in what the URL leaves out"))?;
            Ok(match &given.directory {
                Some(directory) => url.below(directory),
                None => url,
            })
        });
        let url = url.map_err(|error| hint_of_replacing(error, &given.text));
        return Ok(Some((UrlSetting::from(url, &given.origin), given.origin.clone())));
    }
    if !describes {
        return Ok(None);
    }
    let origin = libpq_origin(&libpq);
    Ok(Some((UrlSetting::from(SafeUrl::from_libpq(variable), &origin), origin)))
}

/// The error of a URL with what it may be that was not replaced in it.
fn hint_of_replacing(error: Diagnostic, text: &str) -> Diagnostic {
    match text.contains("%(") {
        true => {
            error.hint("%(NAME)s is replaced where the file says NAME, in the same section or in [DEFAULT]")
        }
        false => error,
    }
}

fn libpq(process: &ProcessVariables, dotenv: &DotenvFile, prefix: &str) -> Result<Libpq, Diagnostic> {
    let sources: [&dyn Variables; 2] = [process, dotenv];
    let mut found = Libpq::new();
    for (name, _) in LIBPQ_VARIABLES {
        for source in sources {
            for name_there in [format!("{prefix}{name}"), (*name).to_owned()] {
                if let Some((value, origin)) = source.get(&name_there)?.filter(|(value, _)| !value.is_empty())
                {
                    found.entry(name).or_insert((value, origin));
                }
            }
        }
    }
    Ok(found)
}

/// The variables of the process together, as they are called there, or the line of `.env` that names the first of them.
fn libpq_origin(libpq: &Libpq) -> Origin {
    let from_dotenv = |origin: &&Origin| matches!(origin, Origin::Dotenv { .. });
    if let Some(origin) = libpq.values().map(|(_, origin)| origin).find(from_dotenv) {
        return origin.clone();
    }
    let set = LIBPQ_VARIABLES.iter().filter_map(|(name, _)| libpq.get(name));
    let names: Vec<&str> = set
        .filter_map(|(_, origin)| {
            if let Origin::Environment { variable } = origin { Some(variable.as_str()) } else { None }
        })
        .collect();
    Origin::Environment { variable: names.join(", ") }
}

/// The setting where nothing was found, with every place that was looked at.
pub(super) fn missing(prefix: &str, dotenv: &str, file: Option<&str>) -> UrlSetting {
    let mut tried = vec!["--database-url".to_owned()];
    if !prefix.is_empty() {
        tried.extend(Key::DatabaseUrl.variables(prefix));
    }
    tried.extend(Key::DatabaseUrl.variables(""));
    tried.push(dotenv.to_owned());
    tried.push(file.map_or_else(
        || "underpin.toml (there is none)".to_owned(),
        |file| format!("database_url in {file}"),
    ));
    tried.push("PGHOST and PGDATABASE".to_owned());
    UrlSetting::Missing { variable: main_variable(Key::DatabaseUrl, prefix), tried }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{
            Loader,
            tests::{Project, load, shown},
        },
        *,
    };

    #[test]
    fn the_variables_of_libpq_win_over_a_default_and_over_nothing_that_was_given() {
        let libpq = [
            ("PGHOST", "db"),
            ("PGPORT", "6432"),
            ("PGDATABASE", "shop"),
            ("PGUSER", "app"),
            ("PGPASSWORD", "p@ss:w/rd%"),
        ];
        let settings = load(&libpq);
        assert_eq!(
            shown(&settings, Key::DatabaseUrl),
            "postgresql://app@db:6432/shop <- environment PGHOST, PGPORT, PGDATABASE, PGUSER, PGPASSWORD"
        );
        let decided = |loader: Loader| {
            let loader =
                loader.environment(libpq).builder_value(Key::DatabaseUrl, "sqlite:data/app.db", false);
            shown(&loader.load().expect("settings"), Key::DatabaseUrl)
        };
        assert!(decided(Loader::new()).starts_with("postgresql://app@db:6432/shop <- environment PGHOST"));
        let pinned = Loader::new().builder_value(Key::DatabaseUrl, "sqlite:mine.db", true);
        assert_eq!(decided(pinned), "sqlite:mine.db <- builder (pinned)");
        let flag = Loader::new().flag(Key::DatabaseUrl, "sqlite:other.db");
        assert_eq!(decided(flag), "sqlite:other.db <- flag --database-url");
        let project = Project::new(&[("underpin.toml", "database_url = \"sqlite::memory:\"\n")]);
        assert!(decided(project.loader(&[])).ends_with("<- underpin.toml database_url"));
        let prefixed =
            Loader::new().prefix("HIVE_").environment([("HIVE_PGHOST", "h"), ("HIVE_PGDATABASE", "d")]);
        let settings = prefixed.load().expect("settings");
        let origin = "environment HIVE_PGHOST, HIVE_PGDATABASE";
        assert_eq!(shown(&settings, Key::DatabaseUrl), format!("postgresql://h/d <- {origin}"));
        let mixed = Loader::new().prefix("HIVE_").environment([("PGHOST", "h"), ("HIVE_PGDATABASE", "d")]);
        let origin = "environment PGHOST, HIVE_PGDATABASE";
        assert_eq!(
            shown(&mixed.load().expect("settings"), Key::DatabaseUrl),
            format!("postgresql://h/d <- {origin}")
        );
        // Without a host and a database they describe nothing.
        let settings = Loader::new()
            .environment([("PGUSER", "app")])
            .builder_value(Key::DatabaseUrl, "sqlite:data/app.db", false)
            .load()
            .expect("settings");
        assert_eq!(shown(&settings, Key::DatabaseUrl), "sqlite:data/app.db <- builder");
        let error = load(&[("PGUSER", "app"), ("PGPASSWORD", "x")]);
        assert_eq!(error.database_url().expect_err("no URL").kind, ErrorKind::MissingUrl);
    }

    #[test]
    fn a_database_in_memory_that_nobody_named_is_warned_about() {
        for url in ["sqlite://", "sqlite:", "sqlite:///", "sqlite+aiosqlite://", "sqlite://?cache=shared"] {
            let settings = load(&[("DATABASE_URL", url)]);
            let warning = settings.warnings().first().unwrap_or_else(|| panic!("{url} is no file"));
            assert!(
                warning.starts_with("DATABASE_URL names no file: the database is in memory"),
                "{url}: {warning}"
            );
        }
        for url in [
            ":memory:",
            "sqlite::memory:",
            "sqlite://:memory:",
            "sqlite:///:memory:",
            "sqlite://?mode=memory",
        ] {
            assert_eq!(load(&[("DATABASE_URL", url)]).warnings(), Vec::<String>::new(), "{url}");
        }
        assert!(load(&[("DATABASE_URL", "sqlite://app.db")]).warnings().is_empty());
    }

    #[test]
    fn a_missing_url_names_its_variable_and_every_place_that_was_looked_at() {
        let project = Project::new(&[(".env", "X=1"), ("underpin.toml", "")]);
        let settings = project.loader(&[("DATABASE_URL", " ")]).load().expect("settings");
        let error = settings.database_url().expect_err("no URL");
        assert_eq!((error.kind, error.message.as_str()), (ErrorKind::MissingUrl, "DATABASE_URL not set"));
        for place in ["--database-url", "UNDERPIN_DATABASE_URL", ".env", "underpin.toml", "PGHOST"] {
            assert!(error.hints[0].contains(place), "{error}");
        }
        let settings = Loader::new().prefix("HIVE_").load().expect("settings");
        let error = settings.database_url().expect_err("no URL");
        assert_eq!(error.message, "HIVE_DATABASE_URL not set");
        assert!(
            error.hints[0]
                .contains("HIVE_DATABASE_URL, UNDERPIN_DATABASE_URL, DATABASE_URL, .env (there is none)")
        );
    }

    #[test]
    fn the_direct_connection_and_the_prefixed_name_win() {
        let url =
            |loader: Loader| loader.load().expect("settings").database_url().expect("a URL").to_string();
        let all = [
            ("DATABASE_URL", "postgresql://pooler/db"),
            ("UNDERPIN_DATABASE_URL", "postgresql+psycopg://direct/db"),
            ("HIVE_DATABASE_URL", "postgres://hive/db"),
        ];
        assert_eq!(url(Loader::new().environment(all)), "postgresql://direct/db");
        assert_eq!(url(Loader::new().environment(all[..1].to_vec())), "postgresql://pooler/db");
        assert_eq!(url(Loader::new().environment(all).prefix("HIVE_")), "postgresql://hive/db");
        assert_eq!(url(Loader::new().environment(all).flag(Key::DatabaseUrl, "sqlite:x.db")), "sqlite:x.db");
    }

    #[test]
    fn an_unreadable_url_is_an_error_only_when_it_is_needed_and_is_never_shown() {
        let settings = load(&[("DATABASE_URL", "postgresql://app:s3cret@db:port/x")]);
        let error = settings.database_url().expect_err("no port");
        assert_eq!(error.kind, ErrorKind::Configuration);
        assert!(error.message.starts_with("DATABASE_URL: "), "{error}");
        assert!(!format!("{settings:?}{settings}{error:?}").contains("s3cret"));
        let settings = load(&[("DATABASE_URL", "mysql://app:s3cret@db/x?read_timeout=5")]);
        assert_eq!(
            settings.warnings(),
            ["the parameter read_timeout of the database URL has no effect here"]
        );
        assert!(!format!("{settings:?}{settings}").contains("s3cret"));
    }
}
