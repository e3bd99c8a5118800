//! The account that servers run as: our own, or, as PostgreSQL refuses root, another one when we are root.
//! It makes no account; it takes one that the machine has.

use std::fs;
use std::os::unix::fs::chown;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use super::installation::Installation;

/// Accounts without rights of their own that Debian and Ubuntu know, the first that exists is taken.
const UNPRIVILEGED: [&str; 2] = ["postgres", "nobody"];

/// The account that servers run as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Account {
    /// The account of this process.
    Own,
    /// An account without rights, because this process is root.
    Other {
        /// Its user id.
        user: u32,
        /// Its group id.
        group: u32,
    },
}

impl Account {
    /// Our own account, or another one when we are root.
    pub(crate) fn choose() -> Result<Self> {
        if !rustix::process::geteuid().is_root() {
            return Ok(Self::Own);
        }
        let accounts = fs::read_to_string("/etc/passwd").context("cannot read the machine's accounts")?;
        UNPRIVILEGED
            .iter()
            .find_map(|name| find(&accounts, name))
            .context("a server must not run as root, and the machine has no other account to run it as")
    }

    /// Whether this is not the account of this process.
    pub(crate) fn is_other(self) -> bool {
        self != Self::Own
    }

    /// Gives a file or directory to the account.
    pub(crate) fn own(self, path: &Path) -> Result<()> {
        match self {
            Self::Own => Ok(()),
            Self::Other { user, group } => chown(path, Some(user), Some(group))
                .with_context(|| format!("cannot hand {} to the server's account", path.display())),
        }
    }

    /// A command under this account, with nothing of our environment, and killed by `death` when the thread that
    /// starts it ends: a server must not outlive whoever watches over it.
    pub(crate) fn command(self, installation: &Installation, program: &Path, death: &str) -> Command {
        let mut command = Command::new("setpriv");
        if let Self::Other { user, group } = self {
            command.arg(format!("--reuid={user}")).arg(format!("--regid={group}")).arg("--clear-groups");
        }
        command.arg(format!("--pdeathsig={death}")).arg("--");
        command.args(installation.words(program));
        command.env_clear().env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin").env("LC_ALL", "C");
        command.envs(installation.environment());
        command
    }
}

/// The ids of a named account in the text of the accounts file.
fn find(accounts: &str, name: &str) -> Option<Account> {
    accounts.lines().find_map(|line| {
        let mut fields = line.split(':');
        (fields.next()? == name).then_some(())?;
        let user = fields.nth(1)?.parse().ok()?;
        let group = fields.next()?.parse().ok()?;
        Some(Account::Other { user, group })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ids_of_an_account_are_its_third_and_fourth_field() {
        let accounts = "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65533:nobody:/:/usr/sbin/nologin\n";
        assert_eq!(find(accounts, "nobody"), Some(Account::Other { user: 65534, group: 65533 }));
        assert_eq!(find(accounts, "postgres"), None);
    }
}
