//! Which example the revisions of this test are to do. They are compiled, and which one is next is known only
//! when the test runs; each engine has a line of its own, because the tests of four of them run side by side.

use std::sync::{Mutex, PoisonError};

use underpin::operation::{Flavour, Operation, Operations, Result, Sql};

static BOARD: Mutex<Vec<(Flavour, Entry)>> = Mutex::new(Vec::new());

/// What is to be done, and what takes it back.
#[derive(Clone)]
pub(crate) struct Entry {
    pub(crate) operation: Operation,
    pub(crate) back: Vec<String>,
}

/// Says what is next on this engine.
pub(crate) fn write(flavour: Flavour, entry: Entry) {
    let mut board = BOARD.lock().unwrap_or_else(PoisonError::into_inner);
    board.retain(|(other, _)| *other != flavour);
    board.push((flavour, entry));
}

fn read(flavour: Flavour) -> Entry {
    let board = BOARD.lock().unwrap_or_else(PoisonError::into_inner);
    let entry = board.iter().find(|(other, _)| *other == flavour);
    entry.expect("an example was written down before").1.clone()
}

pub(crate) async fn forth(op: &mut Operations<'_>) -> Result<()> {
    op.perform(read(op.flavour()).operation).await
}

pub(crate) async fn back(op: &mut Operations<'_>) -> Result<()> {
    for statement in read(op.flavour()).back {
        op.execute(Sql::new(&statement)).await?;
    }
    Ok(())
}
