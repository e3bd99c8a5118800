//! What the settings say about the writing of revisions: what files are made from, and what is done with
//! them afterwards.

use std::time::Duration;

use underpin_core::diagnostic::Diagnostic;

use super::Resolver;
use crate::config::{key::Key, settings::Authoring, value};

/// How long a command may take after a file was written, if nothing is said.
const LIMIT: Duration = Duration::from_secs(60);

impl Resolver {
    pub(super) fn authoring(&mut self) -> Result<Authoring, Diagnostic> {
        let some_text = |text: &str| Some(Some(text.trim().to_owned()));
        let author = |author: &Option<String>| author.clone().unwrap_or_default();
        Ok(Authoring {
            template: self.optional_path(Key::Template)?,
            author: self.take(Key::Author, some_text, None, author)?,
            after_write: self.take(Key::AfterWrite, commands, Vec::new(), |all| shown(all))?,
            after_write_limit: self.limit(Key::AfterWriteTimeout, Some(LIMIT))?.unwrap_or(LIMIT),
            online: self.take(Key::Online, value::boolean, true, bool::to_string)?,
        })
    }
}

/// The words of each line, as a shell would part them; nothing if a quote is not closed.
fn commands(text: &str) -> Option<Vec<Vec<String>>> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.map(|line| shlex::split(line).filter(|words| !words.is_empty())).collect()
}

/// The commands in one line, in the form that a shell would read.
fn shown(commands: &[Vec<String>]) -> String {
    let line = |words: &Vec<String>| {
        let quoted = words.iter().map(|word| match word.contains(char::is_whitespace) {
            true => format!("'{word}'"),
            false => word.clone(),
        });
        quoted.collect::<Vec<_>>().join(" ")
    };
    commands.iter().map(line).collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_parted_as_a_shell_would() {
        let read = commands("rustfmt {file}\n\n  fix --with 'two words' {file}\n").expect("commands");
        assert_eq!(read, [vec!["rustfmt", "{file}"], vec!["fix", "--with", "two words", "{file}"]]);
        assert_eq!(shown(&read), "rustfmt {file}; fix --with 'two words' {file}");
        assert_eq!(commands("fix 'never closed"), None);
        assert_eq!(commands(""), Some(Vec::new()));
    }
}
