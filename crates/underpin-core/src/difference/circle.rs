//! Names that were exchanged. It finds that out and carries nothing out.

use super::{Rename, Renames};
use crate::diagnostic::{Diagnostic, ErrorKind};

impl Renames {
    /// Refuses notes of which each names what another is called now: `a` was `b`, and `b` was `a`.
    ///
    /// Once that is done, the schema looks as it did before, so nothing could tell that the notes are
    /// void by then, and the next run would exchange the names back.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`], with the names of one such circle.
    pub fn without_circles(&self) -> Result<(), Diagnostic> {
        let Some(circle) = self.0.iter().find_map(|rename| self.circle(rename)) else { return Ok(()) };
        let names: Vec<String> =
            circle.iter().map(|rename| format!("{} was {}", rename.to, rename.from)).collect();
        let message = format!("names can't be exchanged in one step: {}", names.join(", "));
        Err(Diagnostic::new(ErrorKind::Configuration, message)
            .state("nothing was changed")
            .hint("take one of them to a name that is not used yet, and from there in a second step")
            .hint("or take the notes (renamed_from) away: where they were for an older step, they have no use any more"))
    }

    /// The notes that lead from this one back to it, if they do.
    fn circle<'a>(&'a self, start: &'a Rename) -> Option<Vec<&'a Rename>> {
        let mut circle = vec![start];
        let mut old = start.to.renamed(&start.from);
        // A name that was itself was not renamed, and nothing follows from it.
        if old == start.to {
            return None;
        }
        while let Some(next) = self.0.iter().find(|rename| rename.to == old) {
            if next == start {
                return Some(circle);
            }
            if circle.contains(&next) {
                return None;
            }
            circle.push(next);
            old = next.to.renamed(&next.from);
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{ObjectId, ObjectKind};

    fn renames(notes: &[(&str, &str)]) -> Renames {
        let id = |name: &str| ObjectId::new(ObjectKind::Table, None, name);
        Renames(
            notes
                .iter()
                .map(|(to, from)| Rename { to: id(to), from: (*from).to_owned(), schema: None })
                .collect(),
        )
    }

    #[test]
    fn names_that_were_exchanged_are_refused() {
        for notes in [&[("a", "b"), ("b", "a")][..], &[("x", "a"), ("a", "b"), ("b", "c"), ("c", "a")]] {
            let error = renames(notes).without_circles().expect_err("a circle");
            assert!(error.message.contains("table a was b, table b was "), "{error}");
        }
    }

    #[test]
    fn a_chain_and_a_name_that_was_itself_are_no_circle() {
        for notes in [&[("a", "a")][..], &[("a", "b"), ("b", "c")], &[("x", "a"), ("a", "a")], &[]] {
            assert!(renames(notes).without_circles().is_ok(), "{notes:?}");
        }
    }
}
