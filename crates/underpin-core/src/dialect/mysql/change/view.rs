//! Views. These servers keep a view's text whatever becomes of what it stands on, so that only a view
//! that itself differs is written.

use super::name;
use crate::schema::{ObjectId, View};

/// The statement that makes a view, or puts it in the place of what is there.
pub(super) fn create(id: &ObjectId, view: &View, replace: bool) -> String {
    let mut sql = String::from(if replace { "CREATE OR REPLACE" } else { "CREATE" });
    for (option, word) in
        [("algorithm", "ALGORITHM="), ("definer", "DEFINER="), ("sql_security", "SQL SECURITY ")]
    {
        if let Some(value) = view.options.get(option) {
            sql.push_str(&format!(" {word}{value}"));
        }
    }
    let columns = view.options.get("columns").map(|columns| format!(" {columns}"));
    sql.push_str(&format!(" VIEW {}{} AS {}", name(id), columns.unwrap_or_default(), view.query));
    if let Some(check) = view.options.get("check_option") {
        sql.push_str(&format!(" WITH {check} CHECK OPTION"));
    }
    sql
}
