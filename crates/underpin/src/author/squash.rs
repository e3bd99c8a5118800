//! Several revisions as one: their statements behind each other under the id of the last, with a note of
//! what it replaces. What a database that has them makes of that is `migrate`'s.

use std::{fs, path::Path};

use jiff::Timestamp;
use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind},
    dialect::Flavour,
    revision::{
        Applied, Direction, Header, Phase, RevisionFile, RevisionGraph, RevisionId, Target, TargetRange,
    },
};

use super::{
    WrittenRevision,
    file_template::FileTemplate,
    library::{Library, unwritable},
    place,
};

/// Makes one revision of those after the range's first up to its last, writes its file and removes
/// theirs. Its id is that of the last, so that what follows it need not be changed.
///
/// # Errors
/// A range that is no single line, or that something outside hangs on; files that can't be written.
pub fn squash(
    directory: &Path,
    range: &TargetRange,
    message: &str,
    template: &FileTemplate,
) -> Result<WrittenRevision, Diagnostic> {
    let library = Library::read(directory)?;
    let ids = line(&library.graph, range)?;
    let files = ids.iter().map(|id| library.file(id)).collect::<Result<Vec<_>, _>>()?;
    let now = Timestamp::now();
    let header = header(&files, message, now)?;
    let text = text(&header, &files);
    let file = RevisionFile::parse("squashed.sql", &text).map_err(Diagnostic::from)?;
    let name = template.name(&file.header.id, &file.header.message, now);
    let path = library.directory.join(&name);
    let old = files.iter().map(|file| library.path(&file.header.id)).collect::<Result<Vec<_>, _>>()?;
    // Beside the old ones first: whatever happens in between, nothing is lost.
    let draft = library.directory.join(format!(".{name}.squashed"));
    place::create(&draft, &text).map_err(|error| unwritable(&draft, error))?;
    for path in &old {
        fs::remove_file(path).map_err(|error| unwritable(path, error))?;
    }
    fs::rename(&draft, &path).map_err(|error| unwritable(&path, error))?;
    Library::read(directory)?;
    Ok(WrittenRevision {
        id: header.id,
        parents: header.parents,
        message: header.message,
        file: library.shown(&name),
        path,
    })
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
    let refused = |why: String| {
        Diagnostic::new(ErrorKind::Refused, format!("these revisions can't become one: {why}"))
            .state("no file was changed")
    };
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
    let own: Vec<&str> = files.iter().map(|file| file.header.id.as_str()).collect();
    for file in files {
        let outside = file.header.depends_on.iter().filter(|name| !own.contains(&name.as_str()));
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
            Some(format!("-- {} {}\n{}", file.header.id, file.header.message, text.trim()))
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
