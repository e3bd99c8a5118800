//! Targets as they are typed. Their grammar is the core's; only a bare number behind `downgrade`
//! has a meaning of its own here.

use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind},
    revision::{Applied, RevisionGraph, Target},
};

/// Reads every target.
pub(super) fn all(texts: &[String]) -> Result<Vec<Target>, Diagnostic> {
    texts.iter().map(|text| Ok(text.parse::<Target>()?)).collect()
}

/// Reads the target of a downgrade: a bare number that names no revision counts revisions down.
///
/// # Errors
/// If the text is no target, or a number that is also the beginning of a longer id: taking back
/// the wrong revisions loses data.
pub(super) fn downward(text: &str, graph: &RevisionGraph) -> Result<Target, Diagnostic> {
    let target: Target = text.parse()?;
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(target);
    }
    match graph.resolve(&Applied::default(), &target) {
        Ok(ids) => match ids.as_slice() {
            [id] if abbreviates(text, id) => Err(Diagnostic::new(
                ErrorKind::AmbiguousPrefix,
                format!("{text:?} can mean {text} revisions down and is the beginning of revision {id}"),
            )
            .state("nothing was changed")
            .hint(format!("write -{text} for the former, and more of the id for the latter"))),
            _ => Ok(target),
        },
        Err(error) if error.kind() == ErrorKind::UnknownRevision && is_count(text) => {
            Ok(format!("-{text}").parse()?)
        }
        // It may be one that only the ledger knows.
        Err(error) if error.kind() == ErrorKind::UnknownRevision => Ok(target),
        Err(error) => Err(error.into()),
    }
}

/// Whether a number is short enough to be a count; others are ids.
fn is_count(text: &str) -> bool {
    text.len() < 4 && !text.starts_with('0')
}

/// Whether it can be a count and is only the beginning of an id.
fn abbreviates(text: &str, id: &str) -> bool {
    is_count(text) && id != text && id.starts_with(text)
}

#[cfg(test)]
mod tests {
    use underpin_core::revision::{Header, Revision, RevisionId};

    use super::*;

    fn graph(ids: &[&str]) -> RevisionGraph {
        let revisions = ids.iter().map(|id| Revision {
            header: Header::new(RevisionId::new(id).expect("an id"), Vec::new()),
            file: format!("{id}.sql"),
        });
        RevisionGraph::new(revisions.collect()).expect("a graph")
    }

    fn downward(text: &str, ids: &[&str]) -> Result<String, ErrorKind> {
        super::downward(text, &graph(ids)).map(|target| target.to_string()).map_err(|error| error.kind)
    }

    #[test]
    fn a_number_that_names_no_revision_counts() {
        let numbered = ["0001", "0002"];
        assert_eq!(downward("1", &numbered), Ok("-1".to_owned()));
        assert_eq!(downward("0001", &numbered), Ok("0001".to_owned()));
        assert_eq!(downward("-1", &numbered), Ok("-1".to_owned()));
        assert_eq!(downward("base", &numbered), Ok("base".to_owned()));
        for unknown in ["0009", "9999"] {
            assert_eq!(downward(unknown, &numbered), Ok(unknown.to_owned()));
        }
    }

    #[test]
    fn an_id_is_an_id_and_its_beginning_is_asked_about() {
        assert_eq!(downward("1", &["1", "2"]), Ok("1".to_owned()));
        assert_eq!(downward("1", &["1f00aa22", "2"]), Err(ErrorKind::AmbiguousPrefix));
        assert_eq!(downward("1234", &["12345678", "2"]), Ok("1234".to_owned()));
        assert_eq!(downward("006", &["006_tags", "2"]), Ok("006".to_owned()));
    }
}
