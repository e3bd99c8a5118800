//! The scripts of what stood beside the tables that a restore replaces, kept with these: views, triggers, routines
//! and events can't go into another database, and whoever is killed, or can't put them back, has to leave them to
//! somebody.

use underpin_core::diagnostic::Diagnostic;

use super::{contents::qualified, dress::Dress, question::run};
use crate::database::{Interrupt, Session};

/// The table with the scripts, in the database with what was replaced.
pub(super) const TABLE: &str = "underpin_beside";

/// How long a piece of a script is, unless its line is longer: far less than a server takes in one statement.
const PIECE: usize = 64 * 1024;

/// Writes the scripts into a database.
pub(super) async fn keep(
    session: &mut dyn Session,
    interrupt: &Interrupt,
    database: &str,
    dress: &Dress,
) -> Result<(), Diagnostic> {
    let table = qualified(database, TABLE);
    let create = format!("CREATE TABLE {table} (number INT NOT NULL PRIMARY KEY, script LONGBLOB NOT NULL)");
    run(session, interrupt, &create).await?;
    let pieces = dress.scripts().into_iter().flat_map(pieces);
    for (number, piece) in pieces.enumerate() {
        let insert = format!("INSERT INTO {table} VALUES ({}, X'{}')", number + 1, hexadecimal(piece));
        run(session, interrupt, &insert).await?;
    }
    Ok(())
}

/// Drops them: what they are of is where it belongs.
pub(super) async fn forget(
    session: &mut dyn Session,
    interrupt: &Interrupt,
    database: &str,
) -> Result<(), Diagnostic> {
    run(session, interrupt, &format!("DROP TABLE IF EXISTS {}", qualified(database, TABLE))).await
}

/// A script in pieces of whole lines. Each is without its last line's end, which every client writes behind a row.
fn pieces(mut script: &[u8]) -> Vec<&[u8]> {
    let mut pieces = Vec::new();
    while !script.is_empty() {
        let within = script[..script.len().min(PIECE)].iter().rposition(|&byte| byte == b'\n');
        let beyond = || script.iter().position(|&byte| byte == b'\n');
        let end = if script.len() <= PIECE { None } else { within.or_else(beyond) };
        let end = end.unwrap_or_else(|| script.len() - usize::from(script.ends_with(b"\n")));
        pieces.push(&script[..end]);
        script = script.get(end + 1..).unwrap_or_default();
    }
    pieces
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pieces_are_the_script() {
        let long = "x".repeat(PIECE + 7);
        let lines = "CREATE VIEW v AS SELECT 1;\n".repeat(9_000);
        for script in ["", "\n", "a", "a\n", "a\n\nb\n", &long, &format!("{long}\nb\n"), &lines] {
            let pieces = pieces(script.as_bytes());
            let again: String =
                pieces.iter().map(|piece| format!("{}\n", String::from_utf8_lossy(piece))).collect();
            assert_eq!(again.trim_end_matches('\n'), script.trim_end_matches('\n'));
            assert!(script.is_empty() || !pieces.is_empty());
        }
        assert!(pieces(lines.as_bytes()).iter().all(|piece| piece.len() <= PIECE));
        assert_eq!(hexadecimal(b"\x00a\xff"), "0061ff");
    }
}
