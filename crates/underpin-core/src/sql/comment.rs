//! Comments that the program writes between statements.

/// A comment of one line, whatever stands in the text: a name may hold line breaks, and what stands behind one would be
/// run. PostgreSQL ends a comment at a carriage return, too.
///
/// ```
/// assert_eq!(underpin_core::sql::comment("deletes data: b\nDROP TABLE u"), "-- deletes data: b DROP TABLE u\n");
/// ```
pub fn comment(text: &str) -> String {
    format!("-- {}\n", text.replace(['\n', '\r'], " "))
}
