//! The command line: the flags that every command has, and the parser. What a value means is not
//! decided here; the texts go to `config` as they are.

use std::path::PathBuf;

use clap::{ArgAction, Args, CommandFactory as _, Parser, ValueEnum};

use super::{Application, command::Command};
use crate::config::{Key, Loader};

const GLOBAL: &str = "Global options";

/// A whole command line.
#[derive(Debug, Parser)]
#[command(
    about = "Brings databases safely up to date, revision by revision",
    disable_help_subcommand = true,
    subcommand_required = true,
    arg_required_else_help = true,
    infer_subcommands = false,
    after_help = "Exit codes: 0 done, 1 no, 2 usage, 3 unavailable, 4 failed, 5 dirty, 6 timeout, 7 conflict, \
                  8 refused, 70 bug, 130 interrupted"
)]
pub(super) struct Line {
    #[command(flatten)]
    pub(super) global: Global,
    #[command(subcommand)]
    pub(super) command: Command,
}

/// The flags that every command has, before or behind its name.
#[derive(Clone, Debug, Default, Args)]
pub(super) struct Global {
    /// The database, before DATABASE_URL and underpin.toml
    #[arg(short = 'd', long, global = true, value_name = "URL", help_heading = GLOBAL)]
    database_url: Option<String>,
    /// Read this file instead of underpin.toml; it may be an alembic.ini
    #[arg(short = 'c', long, global = true, value_name = "FILE", help_heading = GLOBAL)]
    config: Option<PathBuf>,
    /// Take the settings of [env.NAME] in underpin.toml
    #[arg(short = 'n', long, alias = "env", global = true, value_name = "ENV", help_heading = GLOBAL)]
    name: Option<String>,
    /// The directory of the revisions
    #[arg(long, global = true, value_name = "DIR", help_heading = GLOBAL)]
    dir: Option<String>,
    /// Environment variables that start with this count first
    #[arg(long, global = true, value_name = "PREFIX", help_heading = GLOBAL)]
    pub(super) env_prefix: Option<String>,
    /// How long the whole run may take, such as 90s
    #[arg(long, global = true, value_name = "TIME", help_heading = GLOBAL)]
    timeout: Option<String>,
    /// How long to wait for the database to answer
    #[arg(long, global = true, value_name = "TIME", help_heading = GLOBAL)]
    connect_timeout: Option<String>,
    /// How long to wait for another migrator
    #[arg(long, global = true, value_name = "TIME", help_heading = GLOBAL)]
    lock_timeout: Option<String>,
    /// How long one statement may take
    #[arg(long, global = true, value_name = "TIME", help_heading = GLOBAL)]
    statement_timeout: Option<String>,
    /// Write JSON on standard output, and errors as JSON on standard error
    #[arg(long, global = true, help_heading = GLOBAL)]
    pub(super) json: bool,
    /// Say nothing but data, warnings and errors
    #[arg(short, long, global = true, help_heading = GLOBAL)]
    pub(super) quiet: bool,
    /// Say more; twice for the log, three times for the drivers' too
    #[arg(short, long, global = true, action = ArgAction::Count, help_heading = GLOBAL)]
    pub(super) verbose: u8,
    /// When to use colour
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", help_heading = GLOBAL)]
    pub(super) color: Color,
    /// Show no progress bar
    #[arg(long, global = true, help_heading = GLOBAL)]
    pub(super) no_progress: bool,
    /// Read no .env
    #[arg(long, global = true, help_heading = GLOBAL)]
    no_dotenv: bool,
    /// Answer yes to every question
    #[arg(short, long, global = true, help_heading = GLOBAL)]
    pub(super) yes: bool,
}

/// When to use colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Color {
    #[default]
    Auto,
    Always,
    Never,
}

impl Global {
    /// Hands the flags to a loader.
    pub(super) fn apply(&self, mut loader: Loader) -> Loader {
        let values = [
            (Key::DatabaseUrl, &self.database_url),
            (Key::Directory, &self.dir),
            (Key::Timeout, &self.timeout),
            (Key::ConnectTimeout, &self.connect_timeout),
            (Key::LockTimeout, &self.lock_timeout),
            (Key::StatementTimeout, &self.statement_timeout),
        ];
        for (key, value) in values {
            if let Some(value) = value {
                loader = loader.flag(key, value.clone());
            }
        }
        if let Some(prefix) = &self.env_prefix {
            loader = loader.prefix(prefix.clone());
        }
        if let Some(file) = &self.config {
            loader = loader.config_file(file.clone());
        }
        if let Some(name) = &self.name {
            loader = loader.name(name.clone());
        }
        if self.no_dotenv { loader.no_dotenv() } else { loader }
    }

    /// Whether the directory of the revisions is given on the command line.
    pub(super) fn names_directory(&self) -> bool {
        self.dir.is_some()
    }
}

/// The parser, under the name of the program that has the commands.
pub(super) fn parser(application: &Application) -> clap::Command {
    let called = application.command().to_owned();
    Line::command().name(called.clone()).bin_name(called).version(application.shown_version().to_owned())
}

#[cfg(test)]
mod tests {
    use clap::FromArgMatches as _;

    use super::*;

    fn parse(words: &str) -> Result<Line, clap::Error> {
        let parser = parser(&Application::new("underpin"));
        let words = std::iter::once("underpin").chain(words.split_whitespace());
        parser.try_get_matches_from(words).and_then(|matches| Line::from_arg_matches(&matches))
    }

    #[test]
    fn the_parser_is_consistent() {
        parser(&Application::new("underpin")).debug_assert();
    }

    #[test]
    fn flags_stand_before_and_behind_the_command() {
        for words in
            ["--json status", "status --json", "-d sqlite:x.db --json status -v", "status -vv --json -q"]
        {
            assert!(parse(words).is_ok_and(|line| line.global.json), "{words}");
        }
    }

    #[test]
    fn targets_that_start_with_a_minus_sign_are_no_flags() {
        for words in [
            "downgrade -1 --json",
            "downgrade --json -1",
            "--json downgrade -12",
            "downgrade branch@-1 --json",
            "upgrade +2 --json",
            "plan --downgrade -1 --json",
        ] {
            match parse(words) {
                Ok(line) => assert!(line.global.json, "{words}"),
                Err(error) => panic!("{words}: {error}"),
            }
        }
        assert!(parse("downgrade --jsom -1").is_err());
        assert!(parse("downgrade").is_err());
    }
}
