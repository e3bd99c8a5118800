//! How the programs of MySQL and MariaDB are told how to connect: by an option file that nobody else can read.
//! Where the system has such it lies in the memory of this process and goes with it, however that ends.

use std::{
    fs::{self, File},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use crate::{config, database::ServerAddress, owned_directory::OwnedDirectory};

/// What the names of the directories of option files begin with, where they are files.
const PREFIX: &str = "underpin_options_";

/// An option file; gone when dropped.
#[derive(Debug)]
pub(in crate::backup) struct OptionFile {
    path: PathBuf,
    _keep: Keep,
}

/// What an option file is for as long as it is there.
#[derive(Debug)]
#[allow(dead_code, reason = "held, and not asked")]
enum Keep {
    /// Memory that has no name but that of this process's handle.
    Memory(File),
    /// A file; what a killed process leaves of it goes with the next one.
    Directory(OwnedDirectory),
}

impl OptionFile {
    /// Writes one.
    ///
    /// # Errors
    /// What the system says.
    pub(in crate::backup) fn write(address: &ServerAddress) -> io::Result<Self> {
        let text = options(address);
        match in_memory(&text) {
            Some(file) => Ok(file),
            None => in_directory(&text, &config::temporary_directory()),
        }
    }

    pub(in crate::backup) fn path(&self) -> &Path {
        &self.path
    }

    /// The flag that has to come first.
    pub(super) fn flag(&self) -> String {
        format!("--defaults-file={}", self.path.display())
    }
}

/// One that others reach through the handle of this process (proc(5), `/proc/PID/fd`); nothing where the
/// system has no such thing.
#[cfg(target_os = "linux")]
fn in_memory(text: &str) -> Option<OptionFile> {
    use std::os::fd::AsRawFd as _;
    let memory = rustix::fs::memfd_create("underpin", rustix::fs::MemfdFlags::CLOEXEC).ok()?;
    // These programs leave out an option file that anybody could have written.
    rustix::fs::fchmod(&memory, rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR).ok()?;
    let mut file = File::from(memory);
    file.write_all(text.as_bytes()).ok()?;
    let path = PathBuf::from(format!("/proc/{}/fd/{}", std::process::id(), file.as_raw_fd()));
    let there = fs::metadata(&path).is_ok_and(|metadata| metadata.len() == text.len() as u64);
    there.then_some(OptionFile { path, _keep: Keep::Memory(file) })
}

#[cfg(not(target_os = "linux"))]
fn in_memory(_text: &str) -> Option<OptionFile> {
    None
}

/// One in a directory that nobody else can look into.
fn in_directory(text: &str, temporary: &Path) -> io::Result<OptionFile> {
    let directory = OwnedDirectory::unguessable(temporary, PREFIX)?;
    let path = directory.path().join("options.cnf");
    fs::write(&path, text)?;
    Ok(OptionFile { path, _keep: Keep::Directory(directory) })
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
    let mode = address.parameter("ssl-mode").unwrap_or("preferred").to_ascii_uppercase();
    let verifies = mode.starts_with("VERIFY");
    for name in ["ssl-ca", "ssl-cert", "ssl-key"] {
        // MariaDB's verify whatever has an authority, and the driver only what is to be verified.
        if let Some(value) = address.parameter(name).filter(|_| verifies || name != "ssl-ca") {
            add(name, value);
        }
    }
    add("loose-ssl-mode", &mode);
    add("loose-get-server-public-key", "1");
    // MariaDB's know no modes: they speak TLS where they are told to (up to 11.3) and the server can, and insist on it
    // only where they verify. One that only requires it is not refused an open connection by them.
    text.push_str(&format!(
        "[client-mariadb]\nssl={}\nssl-verify-server-cert={}\n",
        u8::from(mode != "DISABLED"),
        u8::from(verifies)
    ));
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
        assert!(text.contains("[client-mariadb]\nssl=1\nssl-verify-server-cert=0\n"), "{text}");
        assert!(text.contains("protocol=\"tcp\"\nhost=\"db\"\nport=\"3306\"\n"), "{text}");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn in_memory_it_is_read_like_a_file_and_gone_when_dropped() {
        let file = in_memory("[client]\n").expect("memory");
        let path = file.path().to_owned();
        assert_eq!(fs::read_to_string(&path).expect("readable"), "[client]\n");
        assert_eq!(fs::read_to_string(&path).expect("readable again"), "[client]\n");
        drop(file);
        assert!(!path.exists());
    }

    #[test]
    fn what_a_killed_process_has_left_goes_with_the_next_one() {
        let temporary = tempfile::tempdir().expect("a directory");
        let left = temporary.path().join(format!("{PREFIX}0011223344556677"));
        fs::create_dir(&left).expect("a directory");
        fs::write(left.join("owner.lock"), "").expect("written");
        let file = in_directory("[client]\n", temporary.path()).expect("a file");
        assert!(!left.exists() && file.path().is_file());
        let path = file.path().to_owned();
        drop(file);
        assert!(!path.exists());
    }
}
