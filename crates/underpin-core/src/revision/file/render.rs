//! Writing a new revision file in its canonical form. Not editing one that is there.

use std::fmt::Write as _;

use super::{Language, RevisionFile};
use crate::{
    dialect::Flavour,
    revision::{Direction, Header, Phase},
};

impl RevisionFile {
    /// The text of a new revision file: what [`RevisionFile::parse`] reads back as the same header
    /// and the same statements.
    ///
    /// `upgrade` and `downgrade` are plain sections, or hold the markers of further sections
    /// themselves. Line ends in the message become blanks.
    pub fn render(header: &Header, upgrade: &str, downgrade: Option<&str>) -> String {
        let mut text = header_text(header, Language::Sql);
        section(&mut text, "upgrade", upgrade);
        if let Some(downgrade) = downgrade {
            section(&mut text, "downgrade", downgrade);
        }
        text
    }

    /// The same with sections for one kind of server each, and no plain one.
    pub fn render_sections<'a>(
        header: &Header,
        sections: impl IntoIterator<Item = (Direction, Flavour, &'a str)>,
    ) -> String {
        let mut text = header_text(header, Language::Sql);
        for (direction, flavour, sql) in sections {
            section(&mut text, &format!("{} {flavour}", direction.name()), sql);
        }
        text
    }

    /// The text of a new revision in Rust, of the bodies of its two functions.
    pub fn render_code(header: &Header, upgrade: &str, downgrade: &str) -> String {
        let mut text = header_text(header, Language::Rust);
        text.push_str("\nuse underpin::operation::*;\n");
        for (name, body) in [("upgrade", upgrade), ("downgrade", downgrade)] {
            let body = body.trim_end();
            let _ =
                writeln!(text, "\npub async fn {name}(op: &mut Operations<'_>) -> Result<()> {{\n{body}\n}}");
        }
        text
    }
}

fn header_text(header: &Header, language: Language) -> String {
    let parents: Vec<&str> = header.parents.iter().map(|parent| parent.as_str()).collect();
    let message = header.message.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut text = String::new();
    let mut line = |key: &str, value: &str| {
        // A base has no parents, and no blank behind the colon; writing to a string can't fail.
        let blank = if value.is_empty() { "" } else { " " };
        let _ = writeln!(text, "{} {key}:{blank}{value}", language.comment());
    };
    line("revision", &header.id);
    line("parents", &parents.join(", "));
    if !header.depends_on.is_empty() {
        line("depends_on", &header.depends_on.join(", "));
    }
    if !header.labels.is_empty() {
        line("labels", &header.labels.join(", "));
    }
    if !message.is_empty() {
        line("message", &message);
    }
    if let Some(created) = &header.created {
        line("created", created);
    }
    if !header.transaction {
        line("transaction", "off");
    }
    if header.destructive_reviewed {
        line("destructive", "reviewed");
    }
    match header.phase {
        Some(Phase::Expand) => line("phase", "expand"),
        Some(Phase::Contract) => line("phase", "contract"),
        None => {}
    }
    if !header.replaces.is_empty() {
        let replaces: Vec<&str> = header.replaces.iter().map(|replaced| replaced.as_str()).collect();
        line("replaces", &replaces.join(", "));
    }
    text
}

fn section(text: &mut String, direction: &str, sql: &str) {
    let _ = writeln!(text, "\n-- underpin: {direction}");
    let sql = sql.trim_matches(['\r', '\n']).trim_end();
    if !sql.is_empty() {
        text.push_str(sql);
        text.push('\n');
    }
}
