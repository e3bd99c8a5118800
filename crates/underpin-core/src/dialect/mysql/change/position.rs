//! Which columns have to be moved so that they stand in the order that is wanted: as few as can be.
//! Not how that is written.

use std::collections::BTreeSet;

/// The columns of `wanted` that need a place to be named: those that are new and not at the end, and
/// those of `current` that can't stay where they are. Both are in their own order; `current` has only
/// columns that stay.
pub(super) fn placed<'a>(current: &[&'a str], wanted: &[&'a str]) -> BTreeSet<&'a str> {
    let staying = longest_rising(current, wanted);
    let last_staying = wanted.iter().rposition(|name| staying.contains(name));
    wanted
        .iter()
        .enumerate()
        .filter(|(at, name)| {
            let is_new = !current.contains(name);
            let at_end = last_staying.is_none_or(|last| *at > last);
            !(staying.contains(*name) || is_new && at_end)
        })
        .map(|(_, name)| *name)
        .collect()
}

/// The largest set of columns that are in the same order on both sides.
fn longest_rising<'a>(current: &[&'a str], wanted: &[&'a str]) -> BTreeSet<&'a str> {
    let places: Vec<usize> =
        current.iter().filter_map(|name| wanted.iter().position(|wanted| wanted == name)).collect();
    let mut best: Vec<(usize, Option<usize>)> = Vec::with_capacity(places.len());
    for (at, place) in places.iter().enumerate() {
        let previous =
            (0..at).filter(|earlier| places[*earlier] < *place).max_by_key(|earlier| best[*earlier].0);
        best.push((previous.map_or(1, |earlier| best[earlier].0 + 1), previous));
    }
    let mut at = (0..best.len()).max_by_key(|at| best[*at].0);
    let mut staying = BTreeSet::new();
    while let Some(index) = at {
        staying.insert(wanted[places[index]]);
        at = best[index].1;
    }
    staying
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_column_that_goes_to_the_end_is_the_only_one_that_moves() {
        assert_eq!(placed(&["a", "b", "c", "d"], &["b", "c", "d", "a"]), BTreeSet::from(["a"]));
    }

    #[test]
    fn a_new_column_needs_a_place_unless_it_is_the_last() {
        assert_eq!(placed(&["a", "b"], &["a", "x", "b", "y", "z"]), BTreeSet::from(["x"]));
        assert!(placed(&["a", "b"], &["a", "b", "y"]).is_empty());
        assert!(placed(&[], &["a", "b"]).is_empty());
    }
}
