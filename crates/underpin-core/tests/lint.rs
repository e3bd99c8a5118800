//! That `docs/reference/lint.md` is what the rules say of themselves.

mod page;

use underpin_core::lint::reference;

#[test]
fn the_page_of_the_rules_is_made_from_them() {
    page::check("lint.md", &reference());
}
