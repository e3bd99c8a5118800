//! Addresses as the options of sqlx's drivers, set field by field. Never by way of a URL, which
//! would have to be written and read again.

#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
use underpin_core::diagnostic::{Diagnostic, ErrorKind};

#[cfg(any(feature = "postgres", feature = "mysql"))]
use super::address::ServerAddress;

/// The directories in which PostgreSQL's socket is looked for, as libpq of the distributions does.
#[cfg(feature = "postgres")]
const SOCKET_DIRECTORIES: &[&str] = &["/run/postgresql", "/var/run/postgresql", "/tmp"];

#[cfg(feature = "sqlite")]
impl super::address::SqliteAddress {
    /// The options to open this database with.
    ///
    /// Neither the directory nor the file is created here; whether foreign keys are enforced is
    /// left as sqlx has it.
    pub fn connect_options(&self) -> sqlx::sqlite::SqliteConnectOptions {
        let options = sqlx::sqlite::SqliteConnectOptions::new()
            .read_only(self.read_only)
            .create_if_missing(self.create)
            .shared_cache(self.shared_cache)
            .immutable(self.immutable);
        let options = match (&self.file, &self.memory) {
            (Some(file), _) => options.filename(file),
            (None, Some(name)) => options.filename(format!("file:{name}")).in_memory(true),
            (None, None) => options.filename(":memory:").in_memory(true),
        };
        match &self.vfs {
            Some(vfs) => options.vfs(vfs.clone()),
            None => options,
        }
    }
}

#[cfg(feature = "postgres")]
impl ServerAddress {
    /// The options to connect to PostgreSQL with.
    ///
    /// Everything that the driver would otherwise take from the process's environment is set.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`] for a parameter whose value the driver does not know.
    pub fn postgres_options(&self) -> Result<sqlx::postgres::PgConnectOptions, Diagnostic> {
        let port = self.port.unwrap_or(5432);
        let mut options = sqlx::postgres::PgConnectOptions::new_without_pgpass()
            .port(port)
            .host(self.host.as_deref().unwrap_or("localhost"))
            .password(self.password.as_ref().map_or("", |password| password.expose()))
            .ssl_mode(sqlx::postgres::PgSslMode::Prefer)
            .application_name("underpin");
        if let Some(socket) = self.socket.clone().or_else(|| self.default_socket(port)) {
            options = options.socket(socket);
        }
        if let Some(user) = &self.user {
            options = options.username(user);
        }
        if let Some(database) = self.database.as_ref().or(self.user.as_ref()) {
            options = options.database(database);
        }
        for (name, value) in &self.parameters {
            options = postgres_parameter(options, name, value)?;
        }
        if self.parameter("sslrootcert") == Some(EVERY_AUTHORITY) {
            // Whoever can get a certificate from anybody must not pass for this server (libpq, `sslrootcert`).
            return match self.parameter("sslmode") {
                None | Some("verify-full") => Ok(options.ssl_mode(sqlx::postgres::PgSslMode::VerifyFull)),
                Some(_) => Err(Diagnostic::new(
                    ErrorKind::Configuration,
                    "sslrootcert=system of the database URL wants sslmode=verify-full: a certificate for any name at \
                     all would do otherwise",
                )),
            };
        }
        Ok(options)
    }

    /// Without a host, libpq looks for a socket before it tries `localhost`.
    fn default_socket(&self, port: u16) -> Option<std::path::PathBuf> {
        let there =
            |directory: &&&str| std::path::Path::new(directory).join(format!(".s.PGSQL.{port}")).exists();
        self.host.is_none().then(|| SOCKET_DIRECTORIES.iter().find(there).map(Into::into)).flatten()
    }
}

/// The word of libpq 16 for public authorities, which here are Mozilla's (PostgreSQL manual, "Parameter Key Words").
#[cfg(feature = "postgres")]
const EVERY_AUTHORITY: &str = "system";

#[cfg(feature = "postgres")]
fn postgres_parameter(
    options: sqlx::postgres::PgConnectOptions,
    name: &str,
    value: &str,
) -> Result<sqlx::postgres::PgConnectOptions, Diagnostic> {
    Ok(match name {
        "sslmode" => options.ssl_mode(value.parse().map_err(|_| refused(name))?),
        "sslrootcert" if value == EVERY_AUTHORITY => options,
        "sslrootcert" => options.ssl_root_cert(readable(name, value)?),
        "sslcert" => options.ssl_client_cert(readable(name, value)?),
        "sslkey" => options.ssl_client_key(readable(name, value)?),
        "application_name" => options.application_name(value),
        "statement-cache-capacity" => {
            options.statement_cache_capacity(value.parse().map_err(|_| refused(name))?)
        }
        "options" => options.options(settings(value)?),
        other => match super::parameter::option_name(other) {
            Some(setting) => options.options([(setting, value)]),
            None => return Err(refused(name)),
        },
    })
}

/// The settings in `-c a=b --c=d` (PostgreSQL manual, "Command-Line Options" of `postgres`).
#[cfg(feature = "postgres")]
fn settings(text: &str) -> Result<Vec<(String, String)>, Diagnostic> {
    let mut settings = Vec::new();
    let mut words = unescaped_words(text).into_iter();
    while let Some(word) = words.next() {
        let setting = match word.strip_prefix("--") {
            Some(setting) => Some(setting.to_owned()),
            None if word == "-c" => words.next(),
            None => word.strip_prefix("-c").map(str::to_owned),
        };
        let (name, value) =
            setting.as_deref().and_then(|setting| setting.split_once('=')).ok_or_else(|| {
                refused("options").hint("write it as options=-c name=value, with %20 for a blank")
            })?;
        settings.push((name.to_owned(), value.to_owned()));
    }
    Ok(settings)
}

/// Words between blanks, where a backslash takes the next character as it is.
#[cfg(feature = "postgres")]
fn unescaped_words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => word.extend(characters.next()),
            blank if blank.is_whitespace() => words.push(std::mem::take(&mut word)),
            other => word.push(other),
        }
    }
    words.push(word);
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(feature = "mysql")]
impl ServerAddress {
    /// The options to connect to MySQL or MariaDB with.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`] for a parameter whose value the driver does not know.
    pub fn mysql_options(&self) -> Result<sqlx::mysql::MySqlConnectOptions, Diagnostic> {
        let mut options = sqlx::mysql::MySqlConnectOptions::new()
            .host(self.host.as_deref().unwrap_or("localhost"))
            .port(self.port.unwrap_or(3306));
        if let Some(socket) = &self.socket {
            options = options.socket(socket);
        }
        if let Some(user) = &self.user {
            options = options.username(user);
        }
        if let Some(password) = &self.password {
            options = options.password(password.expose());
        }
        if let Some(database) = &self.database {
            options = options.database(database);
        }
        for (name, value) in &self.parameters {
            options = match name.as_str() {
                "ssl-mode" => options.ssl_mode(value.parse().map_err(|_| refused(name))?),
                "ssl-ca" => options.ssl_ca(readable(name, value)?),
                "ssl-cert" => options.ssl_client_cert(readable(name, value)?),
                "ssl-key" => options.ssl_client_key(readable(name, value)?),
                "charset" => options.charset(value),
                "collation" => options.collation(value),
                "timezone" => options.timezone(Some(value.clone())),
                "statement-cache-capacity" => {
                    options.statement_cache_capacity(value.parse().map_err(|_| refused(name))?)
                }
                _ => return Err(refused(name)),
            };
        }
        Ok(options)
    }
}

/// A file that a parameter names, if it can be read; a certificate or key may stand in its place.
#[cfg(any(feature = "postgres", feature = "mysql"))]
fn readable<'a>(name: &str, value: &'a str) -> Result<&'a str, Diagnostic> {
    if value.starts_with("-----BEGIN") {
        return Ok(value);
    }
    match std::fs::read(value) {
        Ok(_) => Ok(value),
        Err(error) => {
            let message =
                format!("the file {value} that {name} of the database URL names can't be read: {error}");
            Err(Diagnostic::new(ErrorKind::Configuration, message))
        }
    }
}

#[cfg(any(feature = "postgres", feature = "mysql"))]
fn refused(name: &str) -> Diagnostic {
    let message = format!("the parameter {name} of the database URL has a value that can't be used");
    Diagnostic::new(ErrorKind::Configuration, message)
}

/// The diagnostic for a URL that was handed to the wrong driver: a mistake of the caller's.
#[cfg(any(feature = "sqlite", feature = "postgres", feature = "mysql"))]
pub(super) fn mismatch(shown: &str, driver: &str) -> Diagnostic {
    Diagnostic::new(ErrorKind::Internal, format!("{shown} was handed to the driver for {driver}"))
}

#[cfg(test)]
mod tests {
    #[cfg(feature = "postgres")]
    #[test]
    fn the_options_of_postgresql_are_set_one_by_one() {
        let settings = super::settings("-c a=b --x.y=z -cgeqo=off -c s=one\\ two").expect("settings");
        let pairs: Vec<_> = settings.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(pairs, [("a", "b"), ("x.y", "z"), ("geqo", "off"), ("s", "one two")]);
        super::settings("-x").expect_err("only settings can be sent");
    }
}
