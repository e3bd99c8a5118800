//! Several revisions as one: their statements behind each other under the id of the last, with a note of
//! what it replaces. What a database that has them makes of that is `migrate`'s.

use std::{
    fs,
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind},
    dialect::Flavour,
    revision::{
        Applied, Direction, Header, Language, Phase, RevisionFile, RevisionGraph, RevisionId, Target,
        TargetRange,
    },
    sql::{self, TokenKind},
};

use super::{
    WrittenRevision,
    form::FileForm,
    library::{Library, unwritable},
    place,
};

/// Makes one revision of those after the range's first up to its last, writes its file and removes
/// theirs. Its id is that of the last, so that what follows it need not be changed.
///
/// # Errors
/// A range that is no single line, or that something outside hangs on; statements that would not be the
/// same behind each other; files that can't be written.
pub fn squash(
    directory: &Path,
    range: &TargetRange,
    message: &str,
    form: &FileForm,
) -> Result<WrittenRevision, Diagnostic> {
    Squash::prepare(directory, range, message, form)?.write()
}

/// Several revisions that can become one, with the text of that one. No file was touched.
pub(crate) struct Squash {
    header: Header,
    text: String,
    /// The files that it is made of, oldest first.
    old: Vec<PathBuf>,
    /// Where its file is to be, and how its user names that.
    path: PathBuf,
    file: String,
}

impl Squash {
    /// Puts the one revision together, and reads it as it will be read once the others are gone.
    ///
    /// # Errors
    /// As [`squash`], but for those of writing.
    pub(crate) fn prepare(
        directory: &Path,
        range: &TargetRange,
        message: &str,
        form: &FileForm,
    ) -> Result<Self, Diagnostic> {
        let library = Library::read(directory)?;
        let ids = line(&library.graph, range)?;
        let files = ids.iter().map(|id| library.file(id)).collect::<Result<Vec<_>, _>>()?;
        if let Some(file) = files.iter().find(|file| file.language == Language::Rust) {
            let why = format!("{} is written in Rust, which can't be put behind SQL", file.file);
            return Err(
                refused(why).hint("squash the revisions before it and those behind it, each for themselves")
            );
        }
        let now = Timestamp::now();
        let header = header(&files, message, now)?;
        let name = form.name(&header.id, &header.message, now, Language::Sql);
        let file = library.shown(&name);
        let text = form.text(&file, text(&header, &files), false, None)?;
        let path = library.directory.join(&name);
        let old = ids.iter().map(|id| library.path(id)).collect::<Result<Vec<_>, _>>()?;
        if path.exists() && !old.contains(&path) {
            return Err(refused(format!("{file} is there already")));
        }
        library.replacing(&ids, &file, &text)?;
        refuse_other_statements(&RevisionFile::parse(&file, &text).map_err(Diagnostic::from)?, &files)?;
        Ok(Self { header, text, old, path, file })
    }

    /// Puts the one file in the place of the last of the others, which holds everything from then on, and
    /// removes the others.
    ///
    /// # Errors
    /// A file that can't be written or removed, with what is left to be done by hand.
    pub(crate) fn write(self) -> Result<WrittenRevision, Diagnostic> {
        let Some((last, others)) = self.old.split_last() else {
            return Err(Diagnostic::new(ErrorKind::Internal, "no revisions to make one of"));
        };
        let name = last.file_name().unwrap_or_default().to_string_lossy();
        let draft = last.with_file_name(format!(".{name}.squashed"));
        place::create(&draft, &self.text).map_err(|error| unwritable(&draft, error))?;
        if let Err(error) = fs::rename(&draft, last) {
            // A draft is nothing that anybody looks for; that it can't be removed changes nothing.
            let _ = fs::remove_file(&draft);
            return Err(unwritable(last, error).state("no file was changed"));
        }
        for path in others {
            fs::remove_file(path).map_err(|error| {
                unwritable(path, error)
                    .state(format!("{} holds all of these revisions now", last.display()))
                    .hint("remove the files of those that it replaces by hand")
            })?;
        }
        fs::rename(last, &self.path).map_err(|error| {
            unwritable(&self.path, error).state(format!(
                "{} holds all of these revisions now, and the others are gone",
                last.display()
            ))
        })?;
        Ok(WrittenRevision {
            id: self.header.id,
            parents: self.header.parents,
            message: self.header.message,
            file: self.file,
            path: self.path,
        })
    }
}

fn refused(why: String) -> Diagnostic {
    Diagnostic::new(ErrorKind::Refused, format!("these revisions can't become one: {why}"))
        .state("no file was changed")
}

/// Refuses a text whose statements are not those of the revisions behind each other: a section may end in
/// a way that swallows what follows it.
fn refuse_other_statements(squashed: &RevisionFile, files: &[RevisionFile]) -> Result<(), Diagnostic> {
    for direction in [Direction::Upgrade, Direction::Downgrade] {
        for flavour in Flavour::ALL {
            let of = |file: &RevisionFile| -> Option<Vec<_>> {
                let statements = file.statements(direction, flavour).ok()?.into_iter();
                Some(
                    statements
                        .map(|statement| (statement.text, statement.probe, statement.batches))
                        .collect(),
                )
            };
            let Some(mut parts) = files.iter().map(of).collect::<Option<Vec<_>>>() else { continue };
            if direction == Direction::Downgrade {
                parts.reverse();
            }
            if of(squashed) != Some(parts.concat()) {
                return Err(refused(format!(
                    "behind each other, their statements for the {} on {} would be others",
                    direction.name(),
                    flavour.title()
                ))
                .hint("end the last statement of each section, and set a DELIMITER back"));
            }
        }
    }
    Ok(())
}

/// The revisions of a range, oldest first, if they are a line that can be replaced.
fn line(graph: &RevisionGraph, range: &TargetRange) -> Result<Vec<RevisionId>, Diagnostic> {
    let nothing = Applied::default();
    let below: Vec<RevisionId> = match &range.from {
        None | Some(Target::Base) => Vec::new(),
        Some(from) => graph.upgrade(&nothing, std::slice::from_ref(from))?.ids().cloned().collect(),
    };
    let to = range.to.clone().unwrap_or(Target::Head);
    let ids: Vec<RevisionId> = graph.upgrade(&Applied::new(below), &[to])?.ids().cloned().collect();
    let Some((last, others)) = ids.split_last() else { return Err(refused("there are none".to_owned())) };
    if others.is_empty() {
        return Err(refused(format!("there is only {last}")));
    }
    for pair in ids.windows(2) {
        let parents = graph.get(&pair[1]).map(|revision| revision.header.parents.as_slice());
        if parents != Some(std::slice::from_ref(&pair[0])) {
            return Err(refused(format!("{} does not follow {} alone", pair[1], pair[0])));
        }
    }
    for id in others {
        let mut followers = graph.children(id);
        followers.extend(graph.dependents(id));
        if let Some(outside) = followers.iter().find(|follower| !ids.contains(follower)) {
            return Err(refused(format!("{outside} needs {id} and is not one of them")));
        }
    }
    Ok(ids)
}

fn header(files: &[RevisionFile], message: &str, now: Timestamp) -> Result<Header, Diagnostic> {
    let (Some(first), Some(last)) = (files.first(), files.last()) else {
        return Err(Diagnostic::new(ErrorKind::Internal, "no revisions to make one of"));
    };
    let mut header = Header::new(last.header.id.clone(), first.header.parents.clone());
    // A dependency is an id or a label, and either may be that of one of them.
    let own = |name: &&String| {
        files.iter().any(|file| file.header.id.as_str() == *name || file.header.labels.contains(name))
    };
    for file in files {
        let outside = file.header.depends_on.iter().filter(|name| !own(name));
        header.depends_on.extend(outside.cloned());
        header.labels.extend(file.header.labels.iter().cloned());
        // What was made of several before replaces what each of them replaced.
        header.replaces.extend(file.header.replaces.iter().cloned());
        if file.header.id != last.header.id {
            header.replaces.push(file.header.id.clone());
        }
    }
    header.depends_on.sort();
    header.depends_on.dedup();
    header.message = message.split_whitespace().collect::<Vec<_>>().join(" ");
    header.created = Some(now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string());
    header.transaction = files.iter().all(|file| file.header.transaction);
    header.destructive_reviewed = files.iter().all(|file| file.header.destructive_reviewed);
    header.phase = match files.iter().map(|file| file.header.phase).collect::<Vec<_>>() {
        phases if phases.contains(&Some(Phase::Contract)) => Some(Phase::Contract),
        phases if phases.iter().all(|phase| *phase == Some(Phase::Expand)) => Some(Phase::Expand),
        _ => None,
    };
    Ok(header)
}

/// The sections behind each other: plain ones where there is nothing else, or else for each kind of
/// server that every revision has one for. A downgrade is there only if each has one.
fn text(header: &Header, files: &[RevisionFile]) -> String {
    let plain = files.iter().all(|file| file.sections.iter().all(|section| section.flavour.is_none()));
    let joined = |direction: Direction, flavour: Flavour| -> Option<String> {
        let texts = files.iter().map(|file| {
            let text = file.section_text(direction, flavour)?;
            let text = terminated(flavour, text.trim());
            Some(format!("-- {} {}\n{text}", file.header.id, file.header.message))
        });
        let mut texts: Vec<String> = texts.collect::<Option<_>>()?;
        if direction == Direction::Downgrade {
            texts.reverse();
        }
        Some(texts.join("\n\n"))
    };
    if plain {
        let upgrade = joined(Direction::Upgrade, Flavour::Sqlite).unwrap_or_default();
        return RevisionFile::render(
            header,
            &upgrade,
            joined(Direction::Downgrade, Flavour::Sqlite).as_deref(),
        );
    }
    let mut sections = Vec::new();
    for direction in [Direction::Upgrade, Direction::Downgrade] {
        for flavour in Flavour::ALL {
            if let Some(text) = joined(direction, flavour) {
                sections.push((direction, flavour, text));
            }
        }
    }
    RevisionFile::render_sections(
        header,
        sections.iter().map(|(direction, flavour, text)| (*direction, *flavour, text.as_str())),
    )
}

/// A section whose last statement ends, so that another can follow. A text that this dialect can't read,
/// as a plain section may be, is left as it is.
fn terminated(flavour: Flavour, text: &str) -> String {
    let Ok(tokens) = sql::tokens(flavour.dialect(), text) else { return text.to_owned() };
    match tokens.iter().rev().find(|token| !token.kind.is_trivia()) {
        Some(last) if !matches!(last.kind, TokenKind::Semicolon | TokenKind::Delimiter) => {
            format!("{};{}", &text[..last.end], &text[last.end..])
        }
        Some(_) | None => text.to_owned(),
    }
}

#[cfg(test)]
#[path = "squash/tests.rs"]
mod tests;
