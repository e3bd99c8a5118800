//! How a database of SQLite writes its texts. Two that are open together have to have one encoding ("PRAGMA encoding"
//! and "ATTACH DATABASE" in its documentation), so that a new file gets that of the backup before it is a database.

use std::{
    fs,
    io::{Read as _, Seek as _, SeekFrom},
    path::Path,
};

use underpin_core::diagnostic::Diagnostic;

use super::super::failure;
use crate::database::{DatabaseError, Session};

/// Where the header of a file has it, and its values from one on ("Database File Format").
const PLACE: u64 = 56;
const NAMES: [&str; 3] = ["UTF-8", "UTF-16le", "UTF-16be"];

/// Gives a database that has nothing the encoding of a backup.
///
/// # Errors
/// The database has another one already.
pub(super) async fn take_over(session: &mut dyn Session, file: &Path) -> Result<(), Diagnostic> {
    // What has none is told when it is opened.
    let Some(wanted) = of(file) else { return Ok(()) };
    let unreadable = |error: DatabaseError| failure::unrestored(error.with_code());
    if ours(session).await.map_err(unreadable)? == wanted {
        return Ok(());
    }
    // Where anything is in the file, this is no error and changes nothing.
    let set = session.execute(&format!("PRAGMA main.encoding = '{wanted}'")).await;
    set.map_err(|failed| unreadable(failed.error))?;
    let ours = ours(session).await.map_err(unreadable)?;
    match ours == wanted {
        true => Ok(()),
        false => Err(failure::unrestored(format!("its texts are {wanted}, and those of the database are {ours}"))
            .hint("restore it into a file that is not there yet, and put that in the place of this one while no service runs")),
    }
}

async fn ours(session: &mut dyn Session) -> Result<String, DatabaseError> {
    let rows = session.fetch("PRAGMA main.encoding").await?;
    Ok(rows.first().map(|row| row.text(0).to_owned()).unwrap_or_default())
}

/// The encoding of a file, by its header.
fn of(file: &Path) -> Option<&'static str> {
    let mut file = fs::File::open(file).ok()?;
    let mut number = [0; 4];
    file.seek(SeekFrom::Start(PLACE)).ok()?;
    file.read_exact(&mut number).ok()?;
    let number = usize::try_from(u32::from_be_bytes(number)).ok()?;
    NAMES.get(number.checked_sub(1)?).copied()
}
