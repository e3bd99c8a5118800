//! Where the value of a setting came from, in the words of `config show --origin`. It carries no
//! value.

use std::{fmt, path::Path};

use super::key::Key;

/// Where the value of a setting came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A flag on the command line.
    Flag {
        /// The flag, with its dashes.
        flag: String,
    },
    /// A variable of the process's environment, or several.
    Environment {
        /// Its name.
        variable: String,
    },
    /// A line of a `.env` file.
    Dotenv {
        /// The variable's name.
        variable: String,
        /// The file, as it is shown.
        path: String,
        /// The line, counted from 1.
        line: usize,
    },
    /// A line of a configuration file.
    File {
        /// The file, as it is shown.
        path: String,
        /// The table that the key stands in; empty at the top level.
        table: String,
        /// The key as it is written there.
        key: String,
        /// The line, counted from 1.
        line: usize,
    },
    /// The program that embeds Underpin.
    Builder {
        /// The value can't be overridden.
        pinned: bool,
    },
    /// The defaults of an environment.
    Profile {
        /// The environment's name.
        name: String,
    },
    /// Nothing was said anywhere.
    BuiltIn,
}

impl Origin {
    /// What a message calls the place that a value has to be changed at.
    pub(crate) fn subject(&self, key: Key) -> String {
        match self {
            Self::Flag { flag } => flag.clone(),
            Self::Environment { variable } => variable.clone(),
            Self::Dotenv { variable, path, line } => format!("{variable} in {path}:{line}"),
            Self::File { path, key, line, .. } => format!("{key} in {path}:{line}"),
            Self::Builder { .. } => format!("the program's own {key}"),
            Self::Profile { .. } | Self::BuiltIn => key.to_string(),
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag { flag } => write!(f, "flag {flag}"),
            Self::Environment { variable } => write!(f, "environment {variable}"),
            Self::Dotenv { path, line, .. } => write!(f, ".env ({path}:{line})"),
            Self::File { path, table, key, .. } if table.is_empty() => write!(f, "{path} {key}"),
            Self::File { path, table, key, .. } => write!(f, "{path} [{table}] {key}"),
            Self::Builder { pinned: false } => f.write_str("builder"),
            Self::Builder { pinned: true } => f.write_str("builder (pinned)"),
            Self::Profile { name } => write!(f, "profile {name}"),
            Self::BuiltIn => f.write_str("built-in"),
        }
    }
}

/// A path as it is shown: relative where it lies in the working directory.
pub(super) fn shown(path: &Path, working_directory: &Path) -> String {
    path.strip_prefix(working_directory).unwrap_or(path).display().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_origin_is_named_as_its_user_knows_it() {
        let file = |table: &str| Origin::File {
            path: "underpin.toml".into(),
            table: table.into(),
            key: "mode".into(),
            line: 4,
        };
        for (origin, shown, subject) in [
            (Origin::Flag { flag: "--timeout".into() }, "flag --timeout", "--timeout"),
            (Origin::Environment { variable: "HIVE_MODE".into() }, "environment HIVE_MODE", "HIVE_MODE"),
            (
                Origin::Dotenv { variable: "MODE".into(), path: ".env".into(), line: 3 },
                ".env (.env:3)",
                "MODE in .env:3",
            ),
            (file("env.staging"), "underpin.toml [env.staging] mode", "mode in underpin.toml:4"),
            (file(""), "underpin.toml mode", "mode in underpin.toml:4"),
            (Origin::Builder { pinned: false }, "builder", "the program's own mode"),
            (Origin::Profile { name: "production".into() }, "profile production", "mode"),
            (Origin::BuiltIn, "built-in", "mode"),
        ] {
            assert_eq!((origin.to_string().as_str(), origin.subject(Key::Mode).as_str()), (shown, subject));
        }
    }
}
