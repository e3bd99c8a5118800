//! The sequences that a run has made itself: where those stand that were there before is lost with them. Not what
//! takes numbers from them.

use std::collections::BTreeSet;

use super::Loss;
use crate::{
    dialect::Dialect,
    sql::{Code, codes},
    statement::ObjectName,
};

/// The sequences that a run has made.
#[derive(Default)]
pub(super) struct Sequences(BTreeSet<ObjectName>);

impl Sequences {
    /// Takes note of one that a statement makes, and says what is lost by that: `OR REPLACE` begins anew.
    pub(super) fn create(
        &mut self,
        dialect: Dialect,
        statement: &str,
        name: &ObjectName,
        or_replace: bool,
    ) -> Vec<Loss> {
        let codes: Vec<Code<'_>> = codes(dialect, statement).collect();
        let may_be_there = codes.windows(2).any(|two| two[0].is("NOT") && two[1].is("EXISTS"));
        let old = !self.0.contains(name);
        if !may_be_there {
            self.0.insert(name.clone());
        }
        if or_replace && old { vec![position(name)] } else { Vec::new() }
    }

    /// Forgets one, and says what is lost with it.
    pub(super) fn dropped(&mut self, name: &ObjectName) -> Option<Loss> {
        (!self.0.remove(name)).then(|| position(name))
    }
}

fn position(sequence: &ObjectName) -> Loss {
    Loss::Part { table: format!("sequence {sequence}"), part: "the position".to_owned() }
}
