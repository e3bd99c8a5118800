//! The variables that Underpin itself gives to the programs that it starts, such as hooks and backup commands. They
//! are no settings: a program of theirs that calls Underpin again has them in its environment, and means nothing by it.

/// The moment that a hook is called at.
#[cfg_attr(not(feature = "hooks"), allow(dead_code, reason = "only a hook command is given it"))]
pub(crate) const HOOK_MOMENT: &str = "UNDERPIN_HOOK_MOMENT";
/// Where a backup is to be written, if the command writes a file.
pub(crate) const BACKUP_FILE: &str = "UNDERPIN_BACKUP_FILE";
/// The database that is backed up, as a URL without its password.
pub(crate) const BACKUP_DATABASE: &str = "UNDERPIN_BACKUP_DATABASE";
/// The file of an SQLite database that is backed up.
pub(crate) const BACKUP_SOURCE: &str = "UNDERPIN_BACKUP_SOURCE";
/// An option file for the programs of MySQL and MariaDB: `mysqldump --defaults-file=…`.
#[cfg_attr(not(feature = "mysql"), allow(dead_code, reason = "only their programs read it"))]
pub(crate) const BACKUP_OPTION_FILE: &str = "UNDERPIN_BACKUP_DEFAULTS_FILE";

/// All of them.
pub(super) const ALL: [&str; 5] =
    [HOOK_MOMENT, BACKUP_FILE, BACKUP_DATABASE, BACKUP_SOURCE, BACKUP_OPTION_FILE];
