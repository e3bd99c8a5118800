//! The option file that says to the programs of MySQL and MariaDB how to connect, so that no password is on a command
//! line. Nobody else can read it, and it is gone with whoever has written it.

use std::{
    fs::{self, File},
    io::{self, Write as _},
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use underpin_core::diagnostic::Diagnostic;

use super::{destination::private_file, failure};
use crate::{config, database::ServerAddress};

/// How its name begins and ends; between is what nobody can guess.
const PREFIX: &str = "underpin-";
const SUFFIX: &str = ".cnf";

/// How old a file without a lock must be to be nobody's.
const UNLOCKED: Duration = Duration::from_secs(60);

/// An option file that says how to connect; gone when dropped.
#[derive(Debug)]
pub(super) struct OptionFile {
    path: PathBuf,
    /// Held for as long as the file is in use; the system lets go of it when the process ends.
    _owner: File,
}

impl OptionFile {
    /// Writes one that nobody else can read.
    pub(super) fn write(address: &ServerAddress) -> Result<Self, Diagnostic> {
        let mut bytes = [0_u8; 8];
        getrandom::fill(&mut bytes)
            .map_err(|error| failure::unmade(format!("no random numbers: {error}")))?;
        let name: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let directory = config::temporary_directory();
        sweep(&directory);
        let path = directory.join(format!("{PREFIX}{name}{SUFFIX}"));
        let unwritten = |error: io::Error| failure::file("can't write", &path, &error);
        let mut owner = private_file(&path).map_err(unwritten)?;
        let written = owner.lock().and_then(|()| owner.write_all(options(address).as_bytes()));
        let error = written.map_err(unwritten).err();
        // From here on it is removed, whatever is in it.
        let file = Self { path, _owner: owner };
        error.map_or(Ok(file), Err)
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The flag that has to come first.
    pub(super) fn flag(&self) -> String {
        format!("--defaults-file={}", self.path.display())
    }
}

impl Drop for OptionFile {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}

/// Removes those whose owners were killed: they hold a password.
fn sweep(directory: &Path) {
    let Ok(entries) = fs::read_dir(directory) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let ours = name.to_str().is_some_and(|name| name.starts_with(PREFIX) && name.ends_with(SUFFIX));
        if ours && is_abandoned(&entry.path()) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

fn is_abandoned(path: &Path) -> bool {
    // One that was made just now may not be locked yet.
    let made = fs::metadata(path).and_then(|metadata| metadata.modified()).ok();
    let age = made.and_then(|made| SystemTime::now().duration_since(made).ok());
    let free = File::open(path).is_ok_and(|file| file.try_lock().is_ok());
    free && age.is_some_and(|age| age > UNLOCKED)
}

/// The text of an option file ("Using Option Files" in the manual). `loose-` is for what not every program
/// knows.
fn options(address: &ServerAddress) -> String {
    let mut text = "[client]\n".to_owned();
    let mut add = |name: &str, value: &str| {
        let value = value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
        text.push_str(&format!("{name}=\"{value}\"\n"));
    };
    if let Some(user) = &address.user {
        add("user", user);
    }
    if let Some(password) = &address.password {
        add("password", password.expose());
    }
    match &address.socket {
        Some(socket) => add("socket", &socket.to_string_lossy()),
        None => {
            // These programs take `localhost` for the socket, and the driver does not.
            add("protocol", "tcp");
            add("host", address.host.as_deref().unwrap_or("localhost"));
            add("port", &address.port.unwrap_or(3306).to_string());
        }
    }
    for name in ["ssl-ca", "ssl-cert", "ssl-key"] {
        if let Some(value) = address.parameter(name) {
            add(name, value);
        }
    }
    let mode = address.parameter("ssl-mode").unwrap_or("preferred").to_ascii_uppercase();
    add("loose-ssl-mode", &mode);
    add("loose-get-server-public-key", "1");
    let verifies = mode.starts_with("VERIFY");
    text.push_str(&format!("[client-mariadb]\nssl-verify-server-cert={}\n", u8::from(verifies)));
    text.push_str("[mysqldump]\nloose-set-gtid-purged=OFF\nloose-column-statistics=0\n");
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::Secret;

    #[test]
    fn a_password_of_any_form_stands_in_quotes() {
        let address = ServerAddress {
            user: Some("app".to_owned()),
            password: Some(Secret::new("a\"b\\c #d")),
            host: Some("db".to_owned()),
            ..ServerAddress::default()
        };
        let text = options(&address);
        assert!(text.contains("password=\"a\\\"b\\\\c #d\"\n"), "{text}");
        assert!(text.contains("protocol=\"tcp\"\nhost=\"db\"\nport=\"3306\"\n"), "{text}");
    }

    #[test]
    fn what_a_killed_program_has_left_is_removed_and_what_is_in_use_is_not() {
        let directory = tempfile::tempdir().expect("a directory");
        let old = SystemTime::now() - UNLOCKED * 2;
        let make = |name: &str| {
            let path = directory.path().join(name);
            let file = private_file(&path).expect("a file");
            file.set_modified(old).expect("an older file");
            (path, file)
        };
        let (used, owner) = make("underpin-01.cnf");
        owner.lock().expect("a lock");
        let (left, gone) = make("underpin-02.cnf");
        drop(gone);
        let (other, _) = make("mine.cnf");
        sweep(directory.path());
        assert!(used.exists() && !left.exists() && other.exists());
    }
}
