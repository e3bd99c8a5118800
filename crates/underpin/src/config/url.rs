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
        return Ok(Some((UrlSetting::from(url, &given.origin), given.origin.clone())));
    }
    if !describes {
        return Ok(None);
    }
    let origin = libpq_origin(&libpq);
    Ok(Some((UrlSetting::from(SafeUrl::from_libpq(variable), &origin), origin)))
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

/// The variables of the process together, or the line of `.env` that names the first of them.
fn libpq_origin(libpq: &Libpq) -> Origin {
    let from_dotenv = |origin: &&Origin| matches!(origin, Origin::Dotenv { .. });
    if let Some(origin) = libpq.values().map(|(_, origin)| origin).find(from_dotenv) {
        return origin.clone();
    }
    let names: Vec<&str> =
        LIBPQ_VARIABLES.iter().map(|(name, _)| *name).filter(|name| libpq.contains_key(name)).collect();
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
