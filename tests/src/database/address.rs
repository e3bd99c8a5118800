//! The address of a database on a server, taken apart so that database and user can be exchanged.
//! It is not the product's own URL type, which is under test.

use std::fmt;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// A URL of the form `scheme://user:password@host:port/database?parameters`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Address {
    scheme: String,
    /// User and password as they stand in the URL, encoded.
    user: String,
    host: String,
    database: String,
    parameters: String,
}

impl Address {
    /// Takes a URL apart.
    #[track_caller]
    pub(crate) fn parse(url: &str) -> Self {
        Self::parts(url).unwrap_or_else(|| {
            panic!("the URL of a test server must read scheme://user:password@host:port/database")
        })
    }

    fn parts(url: &str) -> Option<Self> {
        let (scheme, rest) = url.split_once("://")?;
        let (rest, parameters) = rest.split_once('?').unwrap_or((rest, ""));
        let (authority, database) = rest.split_once('/').unwrap_or((rest, ""));
        let (user, host) = authority.rsplit_once('@')?;
        let [scheme, user, host, database, parameters] =
            [scheme, user, host, database, parameters].map(str::to_owned);
        Some(Self { scheme, user, host, database, parameters })
    }

    /// The same server with another database.
    pub(crate) fn with_database(&self, name: &str) -> Self {
        Self { database: name.to_owned(), ..self.clone() }
    }

    /// The same database with another user.
    pub(crate) fn with_user(&self, user: &str, password: &str) -> Self {
        let encoded = |text| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
        Self { user: format!("{}:{}", encoded(user), encoded(password)), ..self.clone() }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}://{}@{}/{}", self.scheme, self.user, self.host, self.database)?;
        if !self.parameters.is_empty() {
            write!(formatter, "?{}", self.parameters)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_written_as_it_was_read() {
        for url in ["postgres://a:b@h:1/d", "mysql://a:b@h:1/d?ssl-mode=DISABLED"] {
            assert_eq!(Address::parse(url).to_string(), url);
        }
    }

    #[test]
    fn a_password_is_encoded_down_to_the_percent_sign() {
        let address = Address::parse("mysql://root:x@h:3306/mysql?a=b").with_database("d");
        assert_eq!(
            address.with_user("u", "p@ss:w/rd%").to_string(),
            "mysql://u:p%40ss%3Aw%2Frd%25@h:3306/d?a=b"
        );
    }
}
