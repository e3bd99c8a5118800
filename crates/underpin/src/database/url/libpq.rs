//! The `PG*` variables (PostgreSQL manual, "Environment Variables" of libpq) as the parts of an
//! address. This file reads no environment: `config` hands the variables in.

use underpin_core::{diagnostic::Diagnostic, dialect::Dialect};

use super::{
    address::ServerAddress,
    parameter::{Role, role, set},
};

/// The variables, and the parameter that each stands for. One that comes first wins.
pub(crate) const VARIABLES: &[(&str, &str)] = &[
    ("PGHOSTADDR", "hostaddr"),
    ("PGHOST", "host"),
    ("PGPORT", "port"),
    ("PGDATABASE", "dbname"),
    ("PGUSER", "user"),
    ("PGPASSWORD", "password"),
    ("PGSSLMODE", "sslmode"),
    ("PGSSLROOTCERT", "sslrootcert"),
    ("PGSSLCERT", "sslcert"),
    ("PGSSLKEY", "sslkey"),
    ("PGAPPNAME", "application_name"),
    ("PGOPTIONS", "options"),
];

/// Fills in what `address` does not say, as libpq does.
///
/// # Errors
/// A variable that is not of its kind; the message does not name the variable.
pub(super) fn fill(
    address: &mut ServerAddress,
    variable: impl Fn(&str) -> Option<String>,
) -> Result<(), Diagnostic> {
    for (name, parameter) in VARIABLES {
        let Some(value) = variable(name).filter(|value| !value.is_empty()) else { continue };
        if !is_set(address, parameter) {
            set(address, Dialect::Postgres, parameter, &value)?;
        }
    }
    Ok(())
}

fn is_set(address: &ServerAddress, parameter: &str) -> bool {
    match role(Dialect::Postgres, parameter) {
        Some(Role::Host | Role::Socket) => address.host.is_some() || address.socket.is_some(),
        Some(Role::Port) => address.port.is_some(),
        Some(Role::User) => address.user.is_some(),
        Some(Role::Password) => address.password.is_some(),
        Some(Role::Database) => address.database.is_some(),
        Some(Role::Driver(name)) => address.parameter(name).is_some(),
        Some(Role::NoEffect) | None => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_fill_gaps_and_override_nothing() {
        let mut address = ServerAddress { host: Some("db".into()), ..ServerAddress::default() };
        let variable = |name: &str| match name {
            "PGHOST" => Some("elsewhere".to_owned()),
            "PGUSER" => Some("app".to_owned()),
            "PGPASSWORD" => Some("p@ss:w/rd%".to_owned()),
            "PGPORT" => Some(String::new()),
            "PGSSLMODE" => Some("require".to_owned()),
            _ => None,
        };
        fill(&mut address, variable).expect("the variables are of their kind");
        assert_eq!((address.host.as_deref(), address.user.as_deref()), (Some("db"), Some("app")));
        assert_eq!(address.password.as_ref().map(|password| password.expose()), Some("p@ss:w/rd%"));
        assert_eq!((address.port, address.parameter("sslmode")), (None, Some("require")));
    }
}
