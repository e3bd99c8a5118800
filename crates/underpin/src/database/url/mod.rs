//! The URL of a database as a value that never shows its password. It knows neither how to connect
//! nor where it was configured.

mod address;
mod driver;
mod keyword;
mod libpq;
mod parameter;
mod percent;
mod secret;
mod server;
mod sqlite;
#[cfg(test)]
mod tests;

use std::{fmt, path::Path};

use serde::{Serialize, Serializer};
use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind},
    dialect::Dialect,
};

pub use address::{Address, ServerAddress, SqliteAddress};
pub(crate) use libpq::VARIABLES as LIBPQ_VARIABLES;
pub use secret::Secret;

use server::Reading;

/// The URL of a database.
///
/// `Display`, `Debug` and `Serialize` show it without the password and without any parameter that
/// might be private; [`SafeUrl::redact`] takes the password out of what a driver says.
#[derive(Clone)]
pub struct SafeUrl {
    address: Address,
    /// The password in all the forms in which it may turn up in a text.
    forms: Vec<String>,
    without_effect: Vec<String>,
}

impl SafeUrl {
    /// Reads a URL, or libpq's `host=… dbname=…`.
    ///
    /// Schemes: `postgres`, `postgresql`, `mysql`, `mariadb`, `sqlite`, each with or without a
    /// `+driver`, which is ignored for servers. A password may be percent-encoded or not.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`], in words that hold no piece of the password.
    pub fn parse(text: &str) -> Result<Self, Diagnostic> {
        Self::parse_in(text, Path::new(""))
    }

    /// [`SafeUrl::parse`], with relative files of SQLite looked for below `directory` where two
    /// readings of the URL have to be told apart.
    pub(crate) fn parse_in(text: &str, directory: &Path) -> Result<Self, Diagnostic> {
        let text = text.trim();
        if text == ":memory:" {
            return Self::sqlite(text, false, directory);
        }
        if keyword::looks_like_keywords(text) {
            return keyword::read(text).map(|reading| Self::server(Address::Postgres, reading));
        }
        let (scheme, rest) = text.split_once(':').ok_or_else(|| no_url(text))?;
        let (base, driver) = scheme.split_once('+').unwrap_or((scheme, ""));
        let base = base.to_ascii_lowercase();
        match (base.as_str(), rest.strip_prefix("//")) {
            ("sqlite" | "sqlite3", _) => Self::sqlite(rest, !driver.is_empty(), directory),
            ("postgres" | "postgresql", Some(rest)) => {
                let reading = server::read(Dialect::Postgres, "postgresql", rest)?;
                Ok(Self::server(Address::Postgres, reading))
            }
            ("mysql" | "mariadb", Some(rest)) => {
                let reading = server::read(Dialect::Mysql, "mysql", rest)?;
                Ok(Self::server(Address::Mysql, reading))
            }
            (base, Some(_)) if base.chars().all(|character| character.is_ascii_alphabetic()) => {
                Err(unknown_scheme(base))
            }
            (_, _) => Err(no_url(text)),
        }
    }

    /// The URL that libpq's variables describe.
    ///
    /// # Errors
    /// A variable that is not of its kind.
    pub(crate) fn from_libpq(variable: impl Fn(&str) -> Option<String>) -> Result<Self, Diagnostic> {
        let mut url = Self::server(Address::Postgres, Reading::default());
        url.fill_from_libpq(variable)?;
        Ok(url)
    }

    /// Fills in what a URL of PostgreSQL leaves out, as libpq does.
    ///
    /// # Errors
    /// A variable that is not of its kind.
    pub(crate) fn fill_from_libpq(
        &mut self,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<(), Diagnostic> {
        let Address::Postgres(address) = &mut self.address else { return Ok(()) };
        let had_password = address.password.is_some();
        libpq::fill(address, variable)?;
        if let (false, Some(password)) = (had_password, &address.password) {
            self.forms = password.forms(None);
        }
        Ok(())
    }

    fn sqlite(rest: &str, driver_suffix: bool, directory: &Path) -> Result<Self, Diagnostic> {
        let (address, without_effect) = sqlite::read(rest, driver_suffix, directory)?;
        Ok(Self { address: Address::Sqlite(address), forms: Vec::new(), without_effect })
    }

    fn server(address: fn(ServerAddress) -> Address, reading: Reading) -> Self {
        let written = reading.written_password.as_ref().map(Secret::expose);
        let forms =
            reading.address.password.as_ref().map(|password| password.forms(written)).unwrap_or_default();
        Self { address: address(reading.address), forms, without_effect: reading.without_effect }
    }

    /// The SQL dialect that is spoken there.
    pub fn dialect(&self) -> Dialect {
        match &self.address {
            Address::Sqlite(_) => Dialect::Sqlite,
            Address::Postgres(_) => Dialect::Postgres,
            Address::Mysql(_) => Dialect::Mysql,
        }
    }

    /// The URL in its parts.
    pub fn address(&self) -> &Address {
        &self.address
    }

    /// `host:port`, or the path of the socket; nothing for SQLite.
    pub fn host_port(&self) -> Option<String> {
        match &self.address {
            Address::Sqlite(_) => None,
            Address::Postgres(address) => Some(address.host_port(5432)),
            Address::Mysql(address) => Some(address.host_port(3306)),
        }
    }

    /// The name of the database; for SQLite that of its file, without its directory.
    pub fn database_name(&self) -> Option<&str> {
        match &self.address {
            Address::Sqlite(address) => address.file.as_deref()?.file_name()?.to_str(),
            Address::Postgres(address) | Address::Mysql(address) => address.database.as_deref(),
        }
    }

    /// The same place with another database; for SQLite another file of the same directory.
    #[must_use]
    pub fn with_database(&self, name: &str) -> Self {
        let mut url = self.clone();
        match &mut url.address {
            Address::Sqlite(address) => {
                let file =
                    address.file.as_deref().map_or_else(|| name.into(), |file| file.with_file_name(name));
                address.file = Some(file);
                address.memory = None;
            }
            Address::Postgres(address) | Address::Mysql(address) => address.database = Some(name.to_owned()),
        }
        url
    }

    /// The same URL, with a relative file of SQLite taken to be below `directory`.
    #[must_use]
    pub(crate) fn below(mut self, directory: &Path) -> Self {
        if let Address::Sqlite(SqliteAddress { file: Some(file), .. }) = &mut self.address {
            *file = directory.join(&*file);
        }
        self
    }

    /// Whether it is SQLite's and names neither a file nor memory: that is a database in memory, which may not be
    /// meant.
    pub(crate) fn is_unnamed(&self) -> bool {
        match &self.address {
            Address::Sqlite(address) => sqlite::is_unnamed(address),
            Address::Postgres(_) | Address::Mysql(_) => false,
        }
    }

    /// The parameters that other programs understand and that change nothing here.
    pub fn parameters_without_effect(&self) -> &[String] {
        &self.without_effect
    }

    /// Takes the password out of a text, whichever way it is written there; the host, the user and
    /// the database stay.
    pub fn redact(&self, text: &str) -> String {
        secret::redact(text, &self.forms, &self.to_string())
    }

    /// Creates the directory of an SQLite file if it is not there; for callers that may write.
    ///
    /// # Errors
    /// See [`SqliteAddress::prepare_directory`].
    pub fn prepare_directory(&self) -> Result<(), Diagnostic> {
        match &self.address {
            Address::Sqlite(address) => address.prepare_directory(),
            Address::Postgres(_) | Address::Mysql(_) => Ok(()),
        }
    }

    /// The options to open an SQLite database with.
    ///
    /// # Errors
    /// [`ErrorKind::Internal`] if this is no URL of SQLite.
    #[cfg(feature = "sqlite")]
    pub fn sqlite_options(&self) -> Result<sqlx::sqlite::SqliteConnectOptions, Diagnostic> {
        match &self.address {
            Address::Sqlite(address) => Ok(address.connect_options()),
            Address::Postgres(_) | Address::Mysql(_) => Err(driver::mismatch(&self.to_string(), "SQLite")),
        }
    }

    /// The options to connect to PostgreSQL with.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`] for a parameter that the driver refuses,
    /// [`ErrorKind::Internal`] if this is no URL of PostgreSQL.
    #[cfg(feature = "postgres")]
    pub fn postgres_options(&self) -> Result<sqlx::postgres::PgConnectOptions, Diagnostic> {
        match &self.address {
            Address::Postgres(address) => address.postgres_options(),
            Address::Sqlite(_) | Address::Mysql(_) => Err(driver::mismatch(&self.to_string(), "PostgreSQL")),
        }
    }

    /// The options to connect to MySQL or MariaDB with.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`] for a parameter that the driver refuses,
    /// [`ErrorKind::Internal`] if this is no URL of MySQL.
    #[cfg(feature = "mysql")]
    pub fn mysql_options(&self) -> Result<sqlx::mysql::MySqlConnectOptions, Diagnostic> {
        match &self.address {
            Address::Mysql(address) => address.mysql_options(),
            Address::Sqlite(_) | Address::Postgres(_) => Err(driver::mismatch(&self.to_string(), "MySQL")),
        }
    }
}

/// The diagnostic for a scheme that no driver has.
fn unknown_scheme(scheme: &str) -> Diagnostic {
    let message = format!("the scheme of the database URL {scheme}://*** is not known");
    Diagnostic::new(ErrorKind::Configuration, message)
        .hint("known schemes: postgresql, postgres, mysql, mariadb, sqlite, each with or without +driver")
}

/// The diagnostic for a text of which no part can be shown.
fn no_url(text: &str) -> Diagnostic {
    let diagnostic =
        Diagnostic::new(ErrorKind::Configuration, "the database URL can't be read: it has no scheme")
            .hint("write postgresql://user:password@host:port/database, mysql://… or sqlite:path/to/file.db");
    if text.starts_with(['"', '\'']) {
        return diagnostic.hint("remove the quotes around it");
    }
    diagnostic
}

impl PartialEq for SafeUrl {
    fn eq(&self, other: &Self) -> bool {
        self.address == other.address
    }
}

impl Eq for SafeUrl {}

/// The URL without its password.
impl fmt::Display for SafeUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&match &self.address {
            Address::Sqlite(address) => address.shown(),
            Address::Postgres(address) => address.shown("postgresql", "host"),
            Address::Mysql(address) => address.shown("mysql", "socket"),
        })
    }
}

impl fmt::Debug for SafeUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for SafeUrl {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// [`SafeUrl::parse`].
impl std::str::FromStr for SafeUrl {
    type Err = Diagnostic;

    fn from_str(text: &str) -> Result<Self, Diagnostic> {
        Self::parse(text)
    }
}
