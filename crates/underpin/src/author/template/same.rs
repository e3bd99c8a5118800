//! Whether what a template has made is the revision that was to be written: the same header, sections
//! for the same servers, the same statements in them. Comments and blanks are the template's own.

use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind, Place},
    dialect::Flavour,
    revision::{Direction, FileStatement, Header, Language, Phase, RevisionFile},
};

use super::line_of;

/// Refuses a text that is no revision, or another.
pub(super) fn refuse_another(
    template: &str,
    intended: &RevisionFile,
    text: &str,
    open: bool,
) -> Result<(), Diagnostic> {
    let made = RevisionFile::parse(&intended.file, text).map_err(|error| {
        let mut diagnostic = Diagnostic::from(error);
        diagnostic.message =
            format!("the template {template} makes a file that is no revision: {}", diagnostic.message);
        diagnostic.state(NOTHING_WRITTEN)
    })?;
    let other = |difference: Difference| {
        let message = format!("the template {template} makes another revision: {}", difference.what);
        let diagnostic = Diagnostic::new(ErrorKind::RevisionFile, message).state(NOTHING_WRITTEN);
        let place = difference.line.map(|line| line_of(&made.file, &made.text, line));
        let diagnostic = match place {
            Some(place) => diagnostic.at(place.label("as the template has made it")),
            None => diagnostic.at(Place { text: String::new(), ..line_of(template, "", 1) }),
        };
        diagnostic.hint(difference.hint)
    };
    header(intended, &made).map_err(other)?;
    match intended.language {
        // What the compiler takes, it says itself.
        Language::Rust => Ok(()),
        Language::Sql if open => readable(&made),
        Language::Sql => statements(intended, &made),
    }
    .map_err(other)
}

const NOTHING_WRITTEN: &str = "no file was written";

/// What is unlike, and in which line of the text that was made.
struct Difference {
    what: String,
    line: Option<usize>,
    hint: String,
}

fn header(intended: &RevisionFile, made: &RevisionFile) -> Result<(), Difference> {
    let comment = intended.language.comment();
    let found = values(&made.header);
    for ((key, wanted), (_, found)) in values(&intended.header).into_iter().zip(found) {
        // When it was written is for people; a team may do without.
        if wanted == found || key == "created" && found.is_empty() {
            continue;
        }
        let what = match (wanted.is_empty(), found.is_empty()) {
            (_, true) => format!("its header lacks `{comment} {key}: {wanted}`"),
            (true, false) => format!("its header has `{comment} {key}: {found}`, which was not asked for"),
            (false, false) => format!("its header has `{comment} {key}: {found}` instead of `{wanted}`"),
        };
        return Err(Difference {
            what,
            line: line_with(&made.text, &format!("{comment} {key}:")),
            hint: "{{ header }} in the template is the whole header".to_owned(),
        });
    }
    Ok(())
}

/// The keys of a header with their values, as they are written; an empty one is not.
fn values(header: &Header) -> [(&'static str, String); 10] {
    let ids = |ids: &[underpin_core::revision::RevisionId]| {
        ids.iter().map(|id| id.as_str()).collect::<Vec<_>>().join(", ")
    };
    let phase = match header.phase {
        Some(Phase::Expand) => "expand",
        Some(Phase::Contract) => "contract",
        None => "",
    };
    [
        ("revision", header.id.to_string()),
        ("parents", ids(&header.parents)),
        ("depends_on", header.depends_on.join(", ")),
        ("labels", header.labels.join(", ")),
        ("message", header.message.clone()),
        ("created", header.created.clone().unwrap_or_default()),
        ("transaction", if header.transaction { "" } else { "off" }.to_owned()),
        ("destructive", if header.destructive_reviewed { "reviewed" } else { "" }.to_owned()),
        ("phase", phase.to_owned()),
        ("replaces", ids(&header.replaces)),
    ]
}

/// What somebody else has thought out must be there to the letter.
fn statements(intended: &RevisionFile, made: &RevisionFile) -> Result<(), Difference> {
    for (direction, flavour) in everywhere() {
        let place = format!("the {} on {}", direction.name(), flavour.title());
        let (wanted, found) = match (intended.section(direction, flavour), made.section(direction, flavour)) {
            (None, None) => continue,
            (Some(_), None) => return Err(lacking(format!("it has no section for {place}"))),
            (None, Some(section)) => {
                return Err(Difference {
                    what: format!("it has a section for {place}, where none was to be"),
                    line: Some(section.first_line - 1),
                    hint: SECTIONS.to_owned(),
                });
            }
            (Some(_), Some(_)) => {
                (intended.statements(direction, flavour), made.statements(direction, flavour))
            }
        };
        // What this kind of server can't read is not for it: a plain section holds what one of them takes.
        let Ok(wanted) = wanted else { continue };
        let found = found.map_err(|error| lacking(format!("{place} can't be split: {}", error.kind)))?;
        compared(&wanted, &found, &place)?;
    }
    Ok(())
}

fn compared(wanted: &[FileStatement], found: &[FileStatement], place: &str) -> Result<(), Difference> {
    let same =
        |one: &FileStatement, other: &FileStatement| one.text == other.text && one.probe == other.probe;
    for index in 0..wanted.len().max(found.len()) {
        let number = index + 1;
        let (what, line) = match (wanted.get(index), found.get(index)) {
            (Some(one), Some(other)) if same(one, other) => continue,
            (Some(_), Some(other)) => {
                (format!("statement {number} of {place} is not the one that was to be"), Some(other.line))
            }
            (Some(one), None) => {
                (format!("statement {number} of {place} is missing: {}", first_line(&one.text)), None)
            }
            (None, Some(other)) => (format!("{place} has a statement too many"), Some(other.line)),
            (None, None) => continue,
        };
        return Err(Difference { what, line, hint: SECTIONS.to_owned() });
    }
    Ok(())
}

/// Where a person is to write the statements, those of the template need only be readable.
fn readable(made: &RevisionFile) -> Result<(), Difference> {
    for (direction, flavour) in everywhere() {
        if made.section(direction, flavour).is_some_and(|section| section.flavour.is_some()) {
            made.statements(direction, flavour).map_err(|error| Difference {
                what: error.kind.to_string(),
                line: Some(error.place.line),
                hint: SECTIONS.to_owned(),
            })?;
        }
    }
    Ok(())
}

fn everywhere() -> impl Iterator<Item = (Direction, Flavour)> {
    [Direction::Upgrade, Direction::Downgrade]
        .into_iter()
        .flat_map(|direction| Flavour::ALL.into_iter().map(move |flavour| (direction, flavour)))
}

const SECTIONS: &str =
    "let the template go through all sections, as the built-in one does: `{% for section in sections %}`";

fn lacking(what: String) -> Difference {
    Difference { what, line: None, hint: SECTIONS.to_owned() }
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

fn line_with(text: &str, start: &str) -> Option<usize> {
    text.lines().position(|line| line.trim_start().starts_with(start)).map(|index| index + 1)
}
