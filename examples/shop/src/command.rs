//! What the shop can be told to do. Settings are not told here: they come from the environment.

use std::ffi::OsString;

use underpin::{Diagnostic, ErrorKind};

pub(crate) const HELP: &str = "\
A small shop that brings its own database up to date when it starts.

Usage: shop [COMMAND]

Commands:
  serve           Serve on $PORT (8080 if it is not set); what happens without a command
  init            Bring the database up to date, and end
  worker          Start up as serve does, print the report as JSON, and end
  migrate         Underpin's commands, with the shop's own revisions: `shop migrate --help`
  help            Print this

Options:
  --startup-json  With serve: the same as worker
";

/// What to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Command {
    Serve,
    Init,
    /// Start up, and print the report as JSON.
    Report,
    /// One of Underpin's commands, with its arguments.
    Migrate(Vec<OsString>),
    Help,
}

impl Command {
    /// The command that the arguments of the program name.
    pub(crate) fn of(mut arguments: Vec<OsString>) -> Result<Self, Diagnostic> {
        if arguments.first().is_some_and(|word| word == "migrate") {
            return Ok(Self::Migrate(arguments.split_off(1)));
        }
        let words: Vec<_> = arguments.iter().map(|word| word.to_string_lossy()).collect();
        match words.iter().map(AsRef::as_ref).collect::<Vec<&str>>()[..] {
            [] | ["serve"] => Ok(Self::Serve),
            ["init"] => Ok(Self::Init),
            ["worker" | "--startup-json"] | ["serve" | "worker", "--startup-json"] => Ok(Self::Report),
            ["help" | "--help" | "-h"] => Ok(Self::Help),
            // What is no command may be a URL in the wrong place, with a password in it.
            _ if words.iter().any(|word| word.contains("://") || word.contains("password=")) => {
                Err(Diagnostic::new(ErrorKind::Usage, "shop takes no URL as an argument")
                    .hint("set DATABASE_URL; `shop help` shows the commands"))
            }
            _ => {
                Err(Diagnostic::new(ErrorKind::Usage, format!("shop knows no command {:?}", words.join(" ")))
                    .hint("`shop help` shows those that there are"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(words: &[&str]) -> Option<Command> {
        Command::of(words.iter().map(Into::into).collect()).ok()
    }

    #[test]
    fn without_a_command_it_serves() {
        assert_eq!(of(&[]), Some(Command::Serve));
        assert_eq!(of(&["serve"]), Some(Command::Serve));
    }

    #[test]
    fn every_way_to_ask_for_the_report_is_the_same() {
        for words in [
            &["worker"][..],
            &["--startup-json"],
            &["serve", "--startup-json"],
            &["worker", "--startup-json"],
        ] {
            assert_eq!(of(words), Some(Command::Report), "{words:?}");
        }
    }

    #[test]
    fn what_stands_behind_migrate_is_handed_on() {
        assert_eq!(
            of(&["migrate", "history", "-v"]),
            Some(Command::Migrate(vec!["history".into(), "-v".into()]))
        );
    }

    #[test]
    fn an_unknown_word_is_refused() {
        assert_eq!(of(&["sevre"]), None);
        assert_eq!(of(&["init", "now"]), None);
    }
}
