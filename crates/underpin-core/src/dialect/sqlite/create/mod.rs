//! What the statements say that SQLite keeps of tables and indexes, as far as no pragma tells it:
//! names of constraints, checks, collations, conflict clauses. Not a parser of expressions, and
//! nothing that SQLite would refuse is refused here: what is not understood is nothing.

mod column;
mod constraint;
mod index;
mod reader;
mod table;
mod text;

pub use index::create_index;
pub use table::{CreateColumn, CreateTable, create_table};
pub use text::object_text;

pub(crate) use reader::Reader;
pub(crate) use table::sort;
