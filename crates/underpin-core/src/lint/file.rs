//! The findings of a file: a revision, of which the upgrade for one server counts, or plain SQL.

use std::ops::Range;

use crate::{
    catalog::Catalog,
    diagnostic::{Diagnostic, Place},
    dialect::Flavour,
    revision::{Direction, FileError, Language, RevisionFile},
    schema::ServerVersion,
};

use super::{Finding, LintSettings, Script, Wrapping};

/// A finding, and where it is in its file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileFinding {
    /// What was found.
    pub finding: Finding,
    /// Where.
    pub place: Place,
    /// The text of the statement; of the whole file, where that is meant, nothing.
    pub statement: String,
}

/// Which server files are linted for, and how bad its rules are.
#[derive(Clone, Debug)]
pub struct FileLint {
    /// The server.
    pub flavour: Flavour,
    /// Its version.
    pub version: ServerVersion,
    /// Whether nobody has said that version, and it is the usual one.
    pub assumed: bool,
    /// How bad a team takes each rule to be.
    pub settings: LintSettings,
}

/// The version that is taken where nobody says one: the oldest that is taken to be in use, because what
/// is safe there is safe later.
pub const fn usual_version(flavour: Flavour) -> ServerVersion {
    match flavour {
        Flavour::Sqlite => ServerVersion::new(3, 45, 0),
        Flavour::Postgres => ServerVersion::new(14, 0, 0),
        Flavour::Mysql => ServerVersion::new(8, 4, 0),
        Flavour::Mariadb => ServerVersion::new(10, 11, 0),
    }
}

impl FileLint {
    /// The findings of a text that is a revision, or else plain SQL. The catalog is what it is
    /// afterwards then.
    ///
    /// # Errors
    /// A revision whose header or sections are wrong, SQL that can't be split.
    pub fn text(
        &self,
        file: &str,
        text: &str,
        catalog: &mut Catalog,
    ) -> Result<Vec<FileFinding>, Diagnostic> {
        if is_revision(text) {
            let revision = RevisionFile::parse(file, text)?;
            return self.revision(&revision, catalog).map_err(Diagnostic::from);
        }
        let script = Script { assumed: self.assumed, ..Script::plain(self.flavour, self.version, text) };
        let findings =
            super::lint(&script, catalog, &self.settings).map_err(|error| error.diagnostic(file, text, 1))?;
        Ok(findings.into_iter().map(|finding| located(file, text, 0, finding)).collect())
    }

    /// The findings of the upgrade of a revision. One in Rust has none here: its statements are
    /// made when it runs, and [`Self::planned`] reads those that are known before.
    ///
    /// # Errors
    /// SQL that can't be split.
    pub fn revision(
        &self,
        file: &RevisionFile,
        catalog: &mut Catalog,
    ) -> Result<Vec<FileFinding>, FileError> {
        let section =
            file.section(Direction::Upgrade, self.flavour).filter(|_| file.language == Language::Sql);
        let Some(section) = section else { return Ok(Vec::new()) };
        // What can't be split is said as the other readers of the file say it.
        file.statements(Direction::Upgrade, self.flavour)?;
        let script = Script {
            flavour: self.flavour,
            version: self.version,
            assumed: self.assumed,
            wrapping: if file.header.transaction { Wrapping::Transaction } else { Wrapping::Alone },
            source: &file.text[section.range.clone()],
            message: Some(&file.header.message),
            reviewed: file.header.destructive_reviewed,
        };
        let findings = super::lint(&script, catalog, &self.settings).unwrap_or_default();
        Ok(findings
            .into_iter()
            .map(|finding| located(&file.file, &file.text, section.range.start, finding))
            .collect())
    }
}

/// Whether a text is a revision: a line of its beginning says which.
fn is_revision(text: &str) -> bool {
    let key = |line: &str| {
        let line = line.trim_start_matches('\u{feff}').trim_start();
        let line = line.strip_prefix("--").unwrap_or_default().trim_start();
        line.starts_with("revision:") || line.starts_with("underpin:")
    };
    text.lines()
        .take_while(|line| line.trim().is_empty() || line.trim_start_matches('\u{feff}').starts_with("--"))
        .any(key)
}

fn located(file: &str, text: &str, start: usize, finding: Finding) -> FileFinding {
    let span: Range<usize> = start + finding.span.start..start + finding.span.end;
    let statement = match finding.statement {
        Some(_) => text[span.clone()].to_owned(),
        None => String::new(),
    };
    let mut place = Place::in_text(file, text, span, 1);
    place.label = Some(finding.message.clone());
    FileFinding { finding, place, statement }
}
