//! Where a database is, as plain data. Neither how the text of a URL is read nor what a driver
//! makes of it.

use std::{
    fmt,
    path::{Path, PathBuf},
};

use underpin_core::diagnostic::{Diagnostic, ErrorKind, mask_credentials};

use super::{
    percent::{encode, encode_path},
    secret::Secret,
};

/// Where a database is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// An SQLite database.
    Sqlite(SqliteAddress),
    /// A database on a PostgreSQL server.
    Postgres(ServerAddress),
    /// A database on a MySQL or MariaDB server.
    Mysql(ServerAddress),
}

/// Where an SQLite database is, and how it is to be opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SqliteAddress {
    /// The file; nothing for a database in memory.
    pub file: Option<PathBuf>,
    /// The name that connections to one database in memory share; nothing for a file.
    pub memory: Option<String>,
    /// `mode=ro`: the file is opened read-only.
    pub read_only: bool,
    /// The file may be created when it is not there: unless `mode=ro` or `mode=rw` forbids it.
    pub create: bool,
    /// `cache=shared`: the connections of one process share a cache.
    pub shared_cache: bool,
    /// `immutable=1`: nobody changes the file, so that no locks are needed.
    pub immutable: bool,
    /// `vfs=`: the name of the SQLite VFS to use.
    pub vfs: Option<String>,
}

/// Where a database on a server is, and as whom to connect.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct ServerAddress {
    /// The host's name or address, an IPv6 address without its brackets.
    pub host: Option<String>,
    /// The port, where it is not the server's own default.
    pub port: Option<u16>,
    /// The user.
    pub user: Option<String>,
    /// The password.
    pub password: Option<Secret>,
    /// The database.
    pub database: Option<String>,
    /// A Unix-domain socket: for PostgreSQL its directory, for MySQL the socket itself.
    pub socket: Option<PathBuf>,
    /// Parameters for the driver, under the driver's names, in the order of the URL.
    pub parameters: Vec<(String, String)>,
}

impl SqliteAddress {
    /// Creates the directory of the file if it is not there; for callers that may write.
    ///
    /// # Errors
    /// [`ErrorKind::Permission`] or [`ErrorKind::Unavailable`] if it can't be created.
    pub fn prepare_directory(&self) -> Result<(), Diagnostic> {
        let Some(parent) = self.file.as_deref().and_then(Path::parent) else { return Ok(()) };
        if self.read_only || !self.create || parent.as_os_str().is_empty() || parent.is_dir() {
            return Ok(());
        }
        std::fs::create_dir_all(parent).map_err(|error| {
            let kind = match error.kind() {
                std::io::ErrorKind::PermissionDenied => ErrorKind::Permission,
                std::io::ErrorKind::ReadOnlyFilesystem => ErrorKind::ReadOnly,
                _ => ErrorKind::Unavailable,
            };
            let message =
                format!("the directory {} of the database can't be created: {error}", parent.display());
            Diagnostic::new(kind, message)
                .hint("create the directory, or mend the path in the database URL")
                .caused_by(error)
        })
    }

    /// The URL as it is shown.
    pub(super) fn shown(&self) -> String {
        match &self.file {
            // A URL of a server may have been meant.
            Some(file) => {
                let shown = format!("sqlite:{}", encode_path(&file.to_string_lossy()));
                mask_credentials(&shown).into_owned()
            }
            None => "sqlite::memory:".to_owned(),
        }
    }
}

impl ServerAddress {
    /// `host:port`, or the path of the socket.
    pub(super) fn host_port(&self, default_port: u16) -> String {
        if let Some(socket) = &self.socket {
            return socket.display().to_string();
        }
        let host = self.host.as_deref().unwrap_or("localhost");
        let port = self.port.unwrap_or(default_port);
        if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") }
    }

    /// The value of a parameter for the driver; of several with this name, the last.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The URL as it is shown: without the password, and without any parameter that might be
    /// private.
    pub(super) fn shown(&self, scheme: &str, socket_parameter: &str) -> String {
        let mut shown = format!("{scheme}://");
        if let Some(user) = &self.user {
            shown.push_str(&encode(user));
            shown.push('@');
        }
        match &self.host {
            Some(host) if host.contains(':') => shown.push_str(&format!("[{host}]")),
            Some(host) => shown.push_str(&encode(host)),
            None => {}
        }
        if let Some(port) = self.port {
            shown.push_str(&format!(":{port}"));
        }
        shown.push('/');
        shown.push_str(&self.database.as_deref().map(encode).unwrap_or_default());
        if let Some(socket) = &self.socket {
            shown.push_str(&format!("?{socket_parameter}={}", encode_path(&socket.to_string_lossy())));
        }
        shown
    }
}

impl fmt::Debug for ServerAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown("", "socket"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: PathBuf) -> SqliteAddress {
        SqliteAddress {
            file: Some(path),
            memory: None,
            read_only: false,
            create: true,
            shared_cache: false,
            immutable: false,
            vfs: None,
        }
    }

    #[test]
    fn the_directory_is_created_only_where_the_file_may_be() {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let path = directory.path().join("a/b/app.db");
        let mut address = SqliteAddress { read_only: true, ..file(path.clone()) };
        address.prepare_directory().expect("nothing to do");
        assert!(!directory.path().join("a").exists());
        address.read_only = false;
        address.prepare_directory().expect("the directory is created");
        assert!(directory.path().join("a/b").is_dir() && !path.exists());
        file("app.db".into()).prepare_directory().expect("the working directory is there");
    }

    #[test]
    fn a_directory_that_cannot_be_created_is_named() {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let blocker = directory.path().join("file");
        std::fs::write(&blocker, "").expect("a file");
        let error = file(blocker.join("sub/app.db")).prepare_directory().expect_err("a file is in the way");
        assert!(error.message.contains("file/sub"), "{}", error.message);
    }

    #[test]
    fn neither_password_nor_parameters_are_in_the_debug_form() {
        let address = ServerAddress {
            host: Some("::1".into()),
            password: Some(Secret::new("hunter2")),
            parameters: vec![("options".into(), "-c app.key=hunter2".into())],
            ..ServerAddress::default()
        };
        assert_eq!(format!("{address:?}"), "://[::1]/");
    }
}
