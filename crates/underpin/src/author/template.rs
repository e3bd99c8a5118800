//! What the text of a new revision's file is made from: a template in the words of Jinja, which a team
//! may have beside its revisions. What it makes is read again and has to be the same revision; what a
//! revision is to do is never decided here.

mod facts;
mod same;

use std::{fs, io, path::Path};

use minijinja::{AutoEscape, Environment, UndefinedBehavior, syntax::SyntaxConfig, value::Serde};
use serde::Serialize;
use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind, Place},
    revision::{Language, RevisionFile},
};

pub(super) use facts::Facts;

/// The subdirectory of the revisions that templates are looked for in. Revisions never are.
const SUBDIRECTORY: &str = "templates";

/// Which kind of file a template makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TemplateKind {
    /// A revision of SQL.
    Sql,
    /// A revision in Rust.
    Rust,
}

impl TemplateKind {
    /// Every kind.
    pub const ALL: [Self; 2] = [Self::Sql, Self::Rust];

    pub(super) const fn of(language: Language) -> Self {
        match language {
            Language::Sql => Self::Sql,
            Language::Rust => Self::Rust,
        }
    }

    /// What its file is called in the directory `templates` beside the revisions.
    pub const fn file_name(self) -> &'static str {
        match self {
            Self::Sql => "revision.sql.j2",
            Self::Rust => "revision.rs.j2",
        }
    }

    /// The template that makes what is written without any.
    pub const fn built_in(self) -> &'static str {
        match self {
            Self::Sql => include_str!("template/revision.sql.j2"),
            Self::Rust => include_str!("template/revision.rs.j2"),
        }
    }
}

/// A template for the text of new revision files, in the syntax of Jinja
/// (<https://docs.rs/minijinja/latest/minijinja/syntax/>).
///
/// ```
/// use underpin::{FileForm, NewRevision, RevisionTemplate, TemplateKind};
///
/// # fn main() -> Result<(), underpin::Diagnostic> {
/// # let directory = tempfile::tempdir().unwrap();
/// # let migrations = directory.path();
/// let text = "{{ header }}\n-- Reviewed by:\n\n-- underpin: upgrade\n{{ upgrade }}\n\n-- underpin: downgrade\n{{ downgrade }}\n";
/// let template = RevisionTemplate::new(TemplateKind::Sql, "team.j2", text)?;
/// let written = NewRevision::new("add orders").form(FileForm::new().template(template)).write(migrations)?;
/// assert!(std::fs::read_to_string(&written.path).unwrap().contains("\n-- Reviewed by:\n"));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevisionTemplate {
    kind: TemplateKind,
    /// Its file, as its user would name it.
    name: String,
    text: String,
}

impl RevisionTemplate {
    /// A text; `name` stands for it in errors.
    ///
    /// # Errors
    /// A text that is no template, with the line.
    pub fn new(
        kind: TemplateKind,
        name: impl Into<String>,
        text: impl Into<String>,
    ) -> Result<Self, Diagnostic> {
        let template = Self { kind, name: name.into(), text: text.into() };
        let read = environment().and_then(|environment| {
            environment.template_from_named_str(&template.name, &template.text).map(drop)
        });
        read.map_err(|error| template.wrong(&error, "can't be read"))?;
        Ok(template)
    }

    /// The text of a file.
    ///
    /// # Errors
    /// If it can't be read, and as [`new`](Self::new).
    pub fn read(kind: TemplateKind, path: &Path) -> Result<Self, Diagnostic> {
        let shown = path.strip_prefix(".").unwrap_or(path).display().to_string();
        let text = fs::read_to_string(path).map_err(|error| {
            Diagnostic::new(ErrorKind::Configuration, format!("the template {shown} can't be read: {error}"))
                .state("no file was written")
                .hint("`underpin init --template` writes one to begin with")
                .caused_by(error)
        })?;
        Self::new(kind, shown, text)
    }

    /// The template of a directory of revisions, if it has one: `templates/revision.sql.j2` in it.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn find(kind: TemplateKind, directory: &Path) -> Result<Option<Self>, Diagnostic> {
        let path = Self::path(kind, directory);
        if path.is_file() { Self::read(kind, &path).map(Some) } else { Ok(None) }
    }

    /// Writes the built-in template into a directory of revisions, to be edited there. What is there is
    /// left as it is.
    ///
    /// # Errors
    /// If there is one already, or it can't be written.
    pub fn write_built_in(kind: TemplateKind, directory: &Path) -> Result<String, Diagnostic> {
        let path = Self::path(kind, directory);
        let written = fs::create_dir_all(directory.join(SUBDIRECTORY))
            .and_then(|()| super::place::create(&path, kind.built_in()));
        match written {
            Ok(()) => Ok(path.display().to_string()),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                Err(Diagnostic::new(ErrorKind::Usage, format!("{} is there already", path.display()))
                    .state("no file was changed")
                    .hint("edit it, or remove it first"))
            }
            Err(error) => Err(super::library::unwritable(&path, error)),
        }
    }

    pub(super) const fn kind(&self) -> TemplateKind {
        self.kind
    }

    fn path(kind: TemplateKind, directory: &Path) -> std::path::PathBuf {
        directory.join(SUBDIRECTORY).join(kind.file_name())
    }

    /// The text that it makes.
    ///
    /// # Errors
    /// A name that means nothing, or whatever else fails in it, with the line.
    pub(super) fn render(&self, facts: &impl Serialize) -> Result<String, Diagnostic> {
        let made = environment().and_then(|environment| {
            environment.template_from_named_str(&self.name, &self.text)?.render(Serde(facts))
        });
        made.map_err(|error| self.wrong(&error, "can't be used"))
    }

    /// Refuses a text that is not the revision that was to be written. Where its statements are `open`,
    /// the template may have some of its own.
    ///
    /// # Errors
    /// What is missing or different, with the line of the text.
    pub(super) fn refuse_another(
        &self,
        intended: &RevisionFile,
        text: &str,
        open: bool,
    ) -> Result<(), Diagnostic> {
        same::refuse_another(&self.name, intended, text, open)
    }

    fn wrong(&self, error: &minijinja::Error, what: &str) -> Diagnostic {
        let said = error.detail().map_or_else(|| error.kind().to_string(), str::to_owned);
        let message = format!("the template {} {what}: {said}", self.name);
        let diagnostic = Diagnostic::new(ErrorKind::Configuration, message).state("no file was written");
        let diagnostic = match error.kind() {
            minijinja::ErrorKind::UndefinedError => diagnostic.hint(facts::names_hint()),
            _ => diagnostic,
        };
        match (error.range(), error.line()) {
            (Some(range), _) => diagnostic.at(Place::in_text(&self.name, &self.text, range, 1)),
            (None, Some(line)) => diagnostic.at(line_of(&self.name, &self.text, line)),
            (None, None) => diagnostic,
        }
    }
}

/// A whole line of a text, counted from 1.
fn line_of(file: &str, text: &str, line: usize) -> Place {
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let length = text[start..].lines().next().map_or(0, |line| line.trim_end().len());
    Place::in_text(file, text, start..start + length, 1)
}

/// Names that mean nothing are errors; blocks and comments leave no empty lines behind; nothing is
/// escaped, since SQL is no markup.
fn environment() -> Result<Environment<'static>, minijinja::Error> {
    let mut environment = Environment::new();
    // For the place of an error.
    environment.set_debug(true);
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    environment.set_syntax(
        SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true).build()?,
    );
    Ok(environment)
}

#[cfg(test)]
#[path = "template/tests.rs"]
mod tests;
