//! What the parameters of a server's URL mean: one table for PostgreSQL, one for MySQL. Not how
//! they are found in the text.

use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind},
    dialect::Dialect,
};

use super::{address::ServerAddress, secret::Secret};

/// What a parameter sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Host,
    Port,
    User,
    Password,
    Database,
    Socket,
    /// A setting of the driver, under this name.
    Driver(&'static str),
    /// Understood by other drivers; here it changes nothing, and the user is told so.
    NoEffect,
}

use Role::{Database, Driver, Host, NoEffect, Password, Port, Socket, User};

/// PostgreSQL manual, "Parameter Key Words" of libpq, and what asyncpg and Prisma add to them.
const POSTGRES: &[(&str, Role)] = &[
    ("host", Host),
    ("hostaddr", Host),
    ("port", Port),
    ("dbname", Database),
    ("user", User),
    ("password", Password),
    ("sslmode", Driver("sslmode")),
    ("ssl-mode", Driver("sslmode")),
    ("ssl", Driver("sslmode")),
    ("sslrootcert", Driver("sslrootcert")),
    ("sslcert", Driver("sslcert")),
    ("sslkey", Driver("sslkey")),
    ("application_name", Driver("application_name")),
    ("options", Driver("options")),
    ("statement-cache-capacity", Driver("statement-cache-capacity")),
    ("channel_binding", NoEffect),
    ("client_encoding", NoEffect),
    ("connect_timeout", NoEffect),
    ("connection_limit", NoEffect),
    ("fallback_application_name", NoEffect),
    ("gssencmode", NoEffect),
    ("keepalives", NoEffect),
    ("keepalives_count", NoEffect),
    ("keepalives_idle", NoEffect),
    ("keepalives_interval", NoEffect),
    ("pgbouncer", NoEffect),
    ("pool_timeout", NoEffect),
    ("prepared_statement_cache_size", NoEffect),
    ("sslnegotiation", NoEffect),
    ("target_session_attrs", NoEffect),
    ("tcp_user_timeout", NoEffect),
];

/// MySQL manual, "Command Options for Connecting to the Server", and what the Python drivers call
/// them.
const MYSQL: &[(&str, Role)] = &[
    ("socket", Socket),
    ("unix_socket", Socket),
    ("user", User),
    ("password", Password),
    ("host", Host),
    ("port", Port),
    ("ssl-mode", Driver("ssl-mode")),
    ("ssl_mode", Driver("ssl-mode")),
    ("sslmode", Driver("ssl-mode")),
    ("ssl", Driver("ssl-mode")),
    ("ssl-ca", Driver("ssl-ca")),
    ("ssl_ca", Driver("ssl-ca")),
    ("sslca", Driver("ssl-ca")),
    ("ssl-cert", Driver("ssl-cert")),
    ("ssl_cert", Driver("ssl-cert")),
    ("sslcert", Driver("ssl-cert")),
    ("ssl-key", Driver("ssl-key")),
    ("ssl_key", Driver("ssl-key")),
    ("sslkey", Driver("ssl-key")),
    ("charset", Driver("charset")),
    ("collation", Driver("collation")),
    ("timezone", Driver("timezone")),
    ("time-zone", Driver("timezone")),
    ("statement-cache-capacity", Driver("statement-cache-capacity")),
    ("autocommit", NoEffect),
    ("connect_timeout", NoEffect),
    ("connection_limit", NoEffect),
    ("pool_timeout", NoEffect),
    ("read_timeout", NoEffect),
    ("use_unicode", NoEffect),
    ("write_timeout", NoEffect),
];

const POSTGRES_SSL_MODES: &[&str] = &["disable", "allow", "prefer", "require", "verify-ca", "verify-full"];
const MYSQL_SSL_MODES: &[&str] = &["disabled", "preferred", "required", "verify_ca", "verify_identity"];

/// What the parameter `name` sets; nothing if it is not known.
pub(super) fn role(dialect: Dialect, name: &str) -> Option<Role> {
    let (table, name) = match dialect {
        Dialect::Postgres if option_name(name).is_some() => return Some(Driver("options[]")),
        Dialect::Postgres => (POSTGRES, name.to_owned()),
        Dialect::Mysql => (MYSQL, name.to_ascii_lowercase()),
        Dialect::Sqlite => return None,
    };
    table.iter().find(|(known, _)| *known == name).map(|(_, role)| *role)
}

/// The parameters that have an effect, for messages.
pub(super) fn supported(dialect: Dialect) -> String {
    let table = match dialect {
        Dialect::Postgres => POSTGRES,
        Dialect::Mysql => MYSQL,
        Dialect::Sqlite => return "mode, cache, immutable, vfs".to_owned(),
    };
    let names: Vec<_> = table.iter().filter(|(_, role)| *role != NoEffect).map(|(name, _)| *name).collect();
    names.join(", ")
}

/// The name within `options[name]`.
pub(super) fn option_name(parameter: &str) -> Option<&str> {
    parameter.strip_prefix("options[")?.strip_suffix(']')
}

/// Sets in `address` what a parameter says. `false` means that it has no effect.
///
/// # Errors
/// A value that is not of the parameter's kind; an unknown parameter.
pub(super) fn set(
    address: &mut ServerAddress,
    dialect: Dialect,
    name: &str,
    value: &str,
) -> Result<bool, Diagnostic> {
    let Some(role) = role(dialect, name) else { return Err(unknown(dialect, Some(name))) };
    match role {
        Host => set_host(address, value)?,
        Port => address.port = Some(port(value)?),
        User => address.user = Some(value.to_owned()),
        Password => address.password = Some(Secret::new(value)),
        Database => address.database = Some(value.to_owned()),
        Socket => address.socket = Some(value.into()),
        Driver("options[]") => address.parameters.push((name.to_owned(), value.to_owned())),
        Driver(canonical) => {
            address.parameters.push((canonical.to_owned(), driver_value(dialect, canonical, value)?));
        }
        NoEffect => return Ok(false),
    }
    Ok(true)
}

/// Sets the host, which for PostgreSQL may be the directory of a socket.
pub(super) fn set_host(address: &mut ServerAddress, host: &str) -> Result<(), Diagnostic> {
    if host.contains(',') {
        let message = "the database URL names several hosts, where one is needed";
        return Err(Diagnostic::new(ErrorKind::Configuration, message)
            .hint("name the host that is to be migrated; the others follow it"));
    }
    if host.starts_with('/') {
        address.socket = Some(host.into());
    } else if !host.is_empty() {
        address.host = Some(host.trim_start_matches('[').trim_end_matches(']').to_owned());
    }
    Ok(())
}

/// Reads a port.
pub(super) fn port(text: &str) -> Result<u16, Diagnostic> {
    text.parse().map_err(|_| {
        Diagnostic::new(ErrorKind::Configuration, "the port in the database URL is not a number below 65536")
            .hint("write host:port, where PostgreSQL's port is usually 5432 and MySQL's 3306, or leave :port out")
    })
}

/// The diagnostic for a parameter that is not known; unnamed where it may be a piece of a password.
pub(super) fn unknown(dialect: Dialect, name: Option<&str>) -> Diagnostic {
    let message = match name {
        Some(name) => format!("unknown parameter {name:?} in the {dialect} URL"),
        None => format!("a parameter in the {dialect} URL is unknown or has no value"),
    };
    let diagnostic = Diagnostic::new(ErrorKind::Configuration, message)
        .hint(format!("supported parameters: {}", supported(dialect)));
    match name {
        Some(_) => diagnostic,
        None => diagnostic.hint("in a password, write & as %26, # as %23 and ? as %3F"),
    }
}

fn driver_value(dialect: Dialect, name: &str, value: &str) -> Result<String, Diagnostic> {
    match (dialect, name) {
        (Dialect::Postgres, "sslmode") => {
            let word = value.to_ascii_lowercase();
            let word = match word.as_str() {
                "true" => "require",
                "false" => "disable",
                other => other,
            };
            choice(name, value, word, POSTGRES_SSL_MODES)
        }
        (Dialect::Mysql, "ssl-mode") => {
            let word = value.to_ascii_lowercase().replace('-', "_");
            let word = match word.as_str() {
                "true" | "require" => "required",
                "false" | "disable" => "disabled",
                "prefer" => "preferred",
                "verify_full" => "verify_identity",
                other => other,
            };
            choice(name, value, word, MYSQL_SSL_MODES)
        }
        // `+` for a blank is how most tools write `options=-c search_path=x`.
        (Dialect::Postgres, "options") => Ok(value.replace('+', " ")),
        (_, "statement-cache-capacity") if value.parse::<usize>().is_err() => {
            let message = format!("the parameter {name} of the database URL is {value:?}, not a number");
            Err(Diagnostic::new(ErrorKind::Configuration, message))
        }
        _ => Ok(value.to_owned()),
    }
}

fn choice(name: &str, given: &str, word: &str, accepted: &[&str]) -> Result<String, Diagnostic> {
    if accepted.contains(&word) {
        return Ok(word.to_owned());
    }
    let message =
        format!("the parameter {name} of the database URL is {given:?}, not one of {}", accepted.join(", "));
    Err(Diagnostic::new(ErrorKind::Configuration, message))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set_one(dialect: Dialect, name: &str, value: &str) -> Result<ServerAddress, Diagnostic> {
        let mut address = ServerAddress::default();
        set(&mut address, dialect, name, value).map(|_| address)
    }

    #[test]
    fn ssl_modes_are_understood_in_every_spelling_that_drivers_use() {
        for (dialect, name, value, meant) in [
            (Dialect::Postgres, "sslmode", "verify-full", "verify-full"),
            (Dialect::Postgres, "ssl", "true", "require"),
            (Dialect::Mysql, "ssl-mode", "VERIFY_CA", "verify_ca"),
            (Dialect::Mysql, "sslmode", "verify-full", "verify_identity"),
            (Dialect::Mysql, "ssl", "false", "disabled"),
        ] {
            let address = set_one(dialect, name, value).expect("an SSL mode");
            assert_eq!(address.parameters[0].1, meant);
        }
        let error = set_one(Dialect::Postgres, "sslmode", "maybe").expect_err("no SSL mode");
        assert!(error.message.contains("\"maybe\"") && error.message.contains("verify-full"));
    }

    #[test]
    fn an_unknown_parameter_is_refused_with_the_list_of_known_ones() {
        let error = set_one(Dialect::Postgres, "sslmod", "require").expect_err("a typing error");
        assert!(error.message.contains("\"sslmod\""), "{}", error.message);
        assert!(error.hints[0].contains("sslmode"), "{:?}", error.hints);
    }

    #[test]
    fn a_parameter_without_effect_says_so() {
        let mut address = ServerAddress::default();
        assert!(matches!(set(&mut address, Dialect::Postgres, "channel_binding", "require"), Ok(false)));
        assert_eq!(address, ServerAddress::default());
    }

    #[test]
    fn several_hosts_are_refused() {
        let error = set_one(Dialect::Postgres, "host", "a,b").expect_err("two hosts");
        assert!(error.message.contains("several hosts"));
    }
}
