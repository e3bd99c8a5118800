//! What a template may say of a revision. Each field is a name of its own in the template.

use serde::Serialize;
use underpin_core::revision::{Direction, Language, Phase, RevisionFile};

/// What is known of a revision that is to be written.
#[derive(Clone, Debug, Serialize)]
pub(in crate::author) struct Facts<'a> {
    id: &'a str,
    message: &'a str,
    parents: Vec<&'a str>,
    depends_on: &'a [String],
    branch_labels: &'a [String],
    /// When it is made, as RFC 3339 in UTC.
    created: Option<&'a str>,
    author: Option<&'a str>,
    phase: Option<Phase>,
    transaction: bool,
    destructive_reviewed: bool,
    replaces: Vec<&'a str>,
    /// The lines of the header as they are written without a template, without the last line end.
    header: &'a str,
    sections: Vec<SectionFacts<'a>>,
    /// The plain sections, which are for every kind of server; in Rust, the bodies of the functions.
    upgrade: Option<&'a str>,
    downgrade: Option<&'a str>,
}

/// A section, in the order of the file.
#[derive(Clone, Debug, Serialize)]
struct SectionFacts<'a> {
    direction: &'static str,
    /// The kind of server that it is for; none for every kind.
    dialect: Option<&'static str>,
    sql: &'a str,
}

/// The names that there are, for whoever has misspelt one.
pub(super) fn names_hint() -> &'static str {
    "it may say id, message, parents, depends_on, branch_labels, created, author, phase, transaction, \
     destructive_reviewed, replaces, header, upgrade, downgrade, and of each of the sections direction, dialect and sql"
}

impl<'a> Facts<'a> {
    /// What the built-in text says of a revision.
    pub(in crate::author) fn of(
        file: &'a RevisionFile,
        author: Option<&'a str>,
        code: Option<&'a [String; 2]>,
    ) -> Self {
        let header = &file.header;
        let plain = |direction: Direction| {
            let of = |section: &&underpin_core::revision::Section| {
                section.direction == direction && section.flavour.is_none()
            };
            file.sections.iter().find(of).map(|section| trimmed(&file.text[section.range.clone()]))
        };
        Self {
            id: header.id.as_str(),
            message: &header.message,
            parents: header.parents.iter().map(|id| id.as_str()).collect(),
            depends_on: &header.depends_on,
            branch_labels: &header.labels,
            created: header.created.as_deref(),
            author,
            phase: header.phase,
            transaction: header.transaction,
            destructive_reviewed: header.destructive_reviewed,
            replaces: header.replaces.iter().map(|id| id.as_str()).collect(),
            header: header_text(file),
            sections: file.sections.iter().map(|section| section_facts(file, section)).collect(),
            upgrade: code.map(|[up, _]| up.trim_end()).or_else(|| plain(Direction::Upgrade)),
            downgrade: code.map(|[_, down]| down.trim_end()).or_else(|| plain(Direction::Downgrade)),
        }
    }
}

fn section_facts<'a>(file: &'a RevisionFile, section: &underpin_core::revision::Section) -> SectionFacts<'a> {
    SectionFacts {
        direction: section.direction.name(),
        dialect: section.flavour.map(|flavour| flavour.name()),
        sql: trimmed(&file.text[section.range.clone()]),
    }
}

/// What stands before the marker of the first section, or before the code.
fn header_text(file: &RevisionFile) -> &str {
    if file.language == Language::Rust {
        return file.text[..file.code_start()].trim_end();
    }
    let start = file.sections.first().map_or(file.text.len(), |section| section.range.start);
    let before = file.text[..start].trim_end_matches(['\r', '\n']);
    before.rfind('\n').map_or("", |end| before[..end].trim_end())
}

/// The SQL without the empty lines around it.
fn trimmed(sql: &str) -> &str {
    sql.trim_matches(['\r', '\n']).trim_end()
}
