//! A revision that is to be written: what is known of it beforehand, and the writing. Its SQL is
//! left to a person, or comes from whoever makes it.

use std::{
    fs,
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use serde::Serialize;
use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind},
    dialect::Flavour,
    revision::{Direction, Header, Language, Phase, RevisionFile, RevisionGraph, RevisionId, Target, slug},
};

use super::{
    code,
    form::FileForm,
    identify,
    library::{Library, unwritable},
    merge, place,
};
use crate::policy::IdStyle;

pub(super) const UPGRADE: &str = "-- Write the SQL of the change here, each statement ended by a semicolon.";

const DOWNGRADE: &str =
    "-- Write the SQL that takes it back here. A revision without this section is irreversible.";

/// How often a number or a time is taken again that somebody else was faster to write.
const ATTEMPTS: usize = 3;

/// A revision that is to be written.
///
/// ```
/// use underpin::NewRevision;
///
/// # fn main() -> Result<(), underpin::Diagnostic> {
/// # let directory = tempfile::tempdir().unwrap();
/// # let migrations = directory.path();
/// let written = NewRevision::new("add orders")
///     .upgrade("CREATE TABLE orders (id BIGINT PRIMARY KEY);")
///     .downgrade("DROP TABLE orders;")
///     .write(migrations)?;
/// assert!(written.file.ends_with("_add_orders.sql"));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct NewRevision {
    message: String,
    id: Option<String>,
    id_style: IdStyle,
    form: FileForm,
    phase: Option<Phase>,
    heads: Vec<Target>,
    splice: bool,
    merges: bool,
    labels: Vec<String>,
    depends_on: Vec<String>,
    upgrade: Option<String>,
    downgrade: Option<String>,
    sections: Vec<(Flavour, String, String)>,
    transaction: bool,
    language: Language,
    /// The bodies of its functions, where it is written in Rust and they are known.
    bodies: Option<[String; 2]>,
}

/// A revision that was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WrittenRevision {
    /// Its id.
    #[serde(rename = "revision")]
    pub id: RevisionId,
    /// The revisions that it follows.
    pub parents: Vec<RevisionId>,
    /// What it does, in one line.
    pub message: String,
    /// Its file, as its user would name it.
    pub file: String,
    /// Its file, as the file system names it.
    #[serde(skip)]
    pub path: PathBuf,
}

impl NewRevision {
    /// A revision that follows the one head there is.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            id: None,
            id_style: IdStyle::default(),
            form: FileForm::default(),
            phase: None,
            heads: Vec::new(),
            splice: false,
            merges: false,
            labels: Vec::new(),
            depends_on: Vec::new(),
            upgrade: None,
            downgrade: None,
            sections: Vec::new(),
            transaction: true,
            language: Language::Sql,
            bodies: None,
        }
    }

    /// A revision that joins branches: all heads, unless [`head`](Self::head) names some. Without a
    /// message, it says which revisions it joins.
    pub fn merge(message: impl Into<String>) -> Self {
        Self { merges: true, ..Self::new(message) }
    }

    /// Another revision in the same form, with these words behind the message, for what comes right after this
    /// one: it follows the one head there is, unless something else is said.
    #[must_use]
    pub fn followed_by(&self, words: &str) -> Self {
        Self {
            id_style: self.id_style,
            form: self.form.clone(),
            phase: self.phase,
            language: self.language,
            ..Self::new(format!("{}: {words}", self.message))
        }
    }

    /// Its id, instead of one that is made.
    #[must_use]
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.id = Some(id.into());
        self
    }

    /// How its id is made.
    #[must_use]
    pub fn id_style(mut self, style: IdStyle) -> Self {
        self.id_style = style;
        self
    }

    /// How its file is named, and what its text is made from.
    #[must_use]
    pub fn form(mut self, form: FileForm) -> Self {
        self.form = form;
        self
    }

    /// Its place in a rolling deploy: whether programs that don't know it can live with it.
    #[must_use]
    pub fn phase(mut self, phase: Phase) -> Self {
        self.phase = Some(phase);
        self
    }

    /// A revision that it follows: a head, `base` for a new beginning, or any with
    /// [`splice`](Self::splice). May be said several times.
    #[must_use]
    pub fn head(mut self, target: Target) -> Self {
        self.heads.push(target);
        self
    }

    /// Whether it may follow a revision that another one follows already, and so start a branch.
    #[must_use]
    pub fn splice(mut self, splice: bool) -> Self {
        self.splice = splice;
        self
    }

    /// A name for the branch that starts with it.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.labels.push(label.into());
        self
    }

    /// A revision or a branch label that has to be applied before it without being its parent.
    #[must_use]
    pub fn depends_on(mut self, name: impl Into<String>) -> Self {
        self.depends_on.push(name.into());
        self
    }

    /// The SQL of its upgrade, which may hold the markers of further sections.
    #[must_use]
    pub fn upgrade(mut self, sql: impl Into<String>) -> Self {
        self.upgrade = Some(sql.into());
        self
    }

    /// The SQL of its downgrade.
    #[must_use]
    pub fn downgrade(mut self, sql: impl Into<String>) -> Self {
        self.downgrade = Some(sql.into());
        self
    }

    /// The SQL of its upgrade and its downgrade for one kind of server. May be said for several; there
    /// are no plain sections then.
    #[must_use]
    pub fn section(
        mut self,
        flavour: Flavour,
        upgrade: impl Into<String>,
        downgrade: impl Into<String>,
    ) -> Self {
        self.sections.push((flavour, upgrade.into(), downgrade.into()));
        self
    }

    /// What it is written in: SQL, if nothing is said.
    #[must_use]
    pub fn language(mut self, language: Language) -> Self {
        self.language = language;
        self
    }

    /// Whether it is written in Rust.
    pub(crate) fn is_in_rust(&self) -> bool {
        self.language == Language::Rust
    }

    /// The bodies of its functions in Rust.
    #[must_use]
    pub(crate) fn functions(mut self, upgrade: String, downgrade: String) -> Self {
        self.bodies = Some([upgrade, downgrade]);
        self
    }

    /// Runs outside of a transaction: `transaction: off`.
    #[must_use]
    pub fn without_transaction(mut self) -> Self {
        self.transaction = false;
        self
    }

    /// Writes the file into a directory of revisions, or beside the others in its subdirectory
    /// `versions`.
    ///
    /// The graph is checked with the new revision in it before the file is written, and again
    /// afterwards, in case somebody else has written one at the same time; what does not fit is
    /// not left behind.
    ///
    /// # Errors
    /// If the message has no letter and no digit, a name means nothing or too much here, the
    /// resulting graph would be none, a template makes another revision, or the file is there or can't
    /// be written.
    pub fn write(&self, directory: &Path) -> Result<WrittenRevision, Diagnostic> {
        let mut attempts = 1;
        loop {
            match self.write_once(directory, Timestamp::now()) {
                // Somebody was faster with the same number: the next one may be free.
                Err(error)
                    if error.kind == ErrorKind::DuplicateRevision
                        && self.id.is_none()
                        && attempts < ATTEMPTS =>
                {
                    attempts += 1;
                }
                result => return result,
            }
        }
    }

    fn write_once(&self, directory: &Path, now: Timestamp) -> Result<WrittenRevision, Diagnostic> {
        let library = Library::read(directory)?;
        let header = self.header(&library.graph, now)?;
        let name = self.form.name(&header.id, &header.message, now, self.language);
        let file = library.shown(&name);
        let code = (self.language == Language::Rust).then(|| self.code(&header));
        let text = match &code {
            Some([up, down]) => RevisionFile::render_code(&header, up, down),
            None => self.text(&header),
        };
        let text = self.form.text(&file, text, self.is_open(), code.as_ref())?;
        library.with(&file, &text)?;
        let path = library.directory.join(&name);
        place::create(&path, &text).map_err(|error| match error.kind() {
            std::io::ErrorKind::AlreadyExists => {
                Diagnostic::new(ErrorKind::DuplicateRevision, format!("{file} is there already"))
                    .hint("give the revision another message or another id")
            }
            _ => unwritable(&path, error),
        })?;
        if let Err(error) = Library::read(directory) {
            // It fitted a moment ago, so this is the race with another writer, and we step back.
            let _ = fs::remove_file(&path);
            return Err(error);
        }
        Ok(WrittenRevision { id: header.id, parents: header.parents, message: header.message, file, path })
    }

    fn header(&self, graph: &RevisionGraph, now: Timestamp) -> Result<Header, Diagnostic> {
        let parents = self.parents(graph)?;
        let message = self.message.split_whitespace().collect::<Vec<_>>().join(" ");
        let message = if self.merges && message.is_empty() { merge::message(&parents) } else { message };
        if slug(&message, 1).is_empty() {
            return Err(Diagnostic::new(
                ErrorKind::Usage,
                "a revision needs a message with a letter or a digit in it",
            )
            .hint("say what it does with -m, as in -m \"add orders\""));
        }
        let id = match &self.id {
            Some(id) => free(graph, identify::checked(id)?)?,
            None => identify::new_id(self.id_style, graph, now)?,
        };
        let depends_on = self.depends_on.iter().map(|name| graph.new_dependency(name));
        let mut header = Header::new(id, parents);
        header.depends_on = depends_on.collect::<Result<_, _>>()?;
        header.labels.clone_from(&self.labels);
        header.message = message;
        header.phase = self.phase;
        header.transaction = self.transaction;
        header.created = Some(now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string());
        Ok(header)
    }

    fn parents(&self, graph: &RevisionGraph) -> Result<Vec<RevisionId>, Diagnostic> {
        let default = if self.merges { Target::Heads } else { Target::Head };
        let targets = if self.heads.is_empty() { std::slice::from_ref(&default) } else { &self.heads };
        let parents = if self.merges {
            graph.merge_parents(targets, self.splice)
        } else {
            graph.new_parents(targets, self.splice)
        };
        parents.map_err(|error| with_files_of_heads(error.into()))
    }

    fn text(&self, header: &Header) -> String {
        if self.sections.is_empty() {
            return RevisionFile::render(header, &self.upgrade_text(header), Some(&self.downgrade_text()));
        }
        let up = self.sections.iter().map(|(flavour, up, _)| (Direction::Upgrade, *flavour, up.as_str()));
        let down =
            self.sections.iter().map(|(flavour, _, down)| (Direction::Downgrade, *flavour, down.as_str()));
        RevisionFile::render_sections(header, up.chain(down))
    }

    /// The bodies of the functions.
    fn code(&self, header: &Header) -> [String; 2] {
        if let Some(bodies) = &self.bodies {
            return bodies.clone();
        }
        if self.merges {
            let joins = code::comment(&merge::upgrade(&header.parents));
            return [joins, code::comment(merge::DOWNGRADE)].map(|words| code::nothing(&words));
        }
        if self.is_open() {
            return [code::UPGRADE, code::DOWNGRADE].map(code::nothing);
        }
        let plain = |sql: &Option<String>| sql.as_deref().map(code::execute);
        let [up, down] = [plain(&self.upgrade), plain(&self.downgrade)];
        let of = |pick: fn(&(Flavour, String, String)) -> (Flavour, &str)| {
            code::branches(&self.sections.iter().map(pick).collect::<Vec<_>>())
        };
        [
            up.unwrap_or_else(|| of(|(flavour, up, _)| (*flavour, up))),
            down.unwrap_or_else(|| of(|(flavour, _, down)| (*flavour, down))),
        ]
    }

    /// Whether a person is to write the statements.
    fn is_open(&self) -> bool {
        let has_sections = !self.sections.is_empty() || self.bodies.is_some();
        self.upgrade.is_none() && self.downgrade.is_none() && !has_sections && !self.merges
    }

    fn upgrade_text(&self, header: &Header) -> String {
        match &self.upgrade {
            Some(sql) => sql.clone(),
            None if self.merges => merge::upgrade(&header.parents),
            None => UPGRADE.to_owned(),
        }
    }

    fn downgrade_text(&self) -> String {
        let default = if self.merges { merge::DOWNGRADE } else { DOWNGRADE };
        self.downgrade.clone().unwrap_or_else(|| default.to_owned())
    }
}

/// Refuses an id that another revision has.
fn free(graph: &RevisionGraph, id: RevisionId) -> Result<RevisionId, Diagnostic> {
    match graph.get(&id) {
        None => Ok(id),
        Some(revision) => {
            let message = format!("there is a revision {id} already: {}", revision.file);
            Err(Diagnostic::new(ErrorKind::DuplicateRevision, message).hint("choose another id"))
        }
    }
}

/// For a new revision there are two ways out of several heads, and the one that joins them is
/// mostly the one that is wanted.
fn with_files_of_heads(mut error: Diagnostic) -> Diagnostic {
    if error.kind == ErrorKind::MultipleHeads {
        error.hints = vec![
            "join them first: underpin merge heads -m \"merge branches\"".to_owned(),
            "or say which one it follows with --head ID or --head BRANCH@head".to_owned(),
        ];
    }
    error
}

#[cfg(test)]
#[path = "new_revision/tests.rs"]
mod tests;
