//! SQL text: lexing, splitting into statements, checksums, and what can be told of a statement
//! from its words. Not a parser: whether a statement is correct, the server says.

mod checksum;
mod comment;
mod confine;
mod digest;
mod effect;
mod error;
mod executed;
mod hex;
mod lexer;
mod names;
mod object;
mod requirement;
pub(crate) mod scan;
mod split;
mod table;
mod token;
pub(crate) mod words;

pub use checksum::{Checksum, checksum};
pub use comment::comment;
pub use confine::{body_leaves_database, leaves_database};
pub use digest::Digest;
pub use effect::{
    Repeat, may_break_foreign_keys, may_change_rows, repeat, session_setting, transaction_control,
};
pub use error::{SqlError, SqlErrorKind};
pub use hex::InvalidHex;
pub use lexer::tokens;
pub use names::object_names;
pub use requirement::{Requirement, copied, requirements};
pub use split::{Statement, split};
pub use table::{CreatedKind, CreatedTable, TableName, created_enum, created_table, table_of_part};
pub use token::{Token, TokenKind};

pub(crate) use checksum::Hasher;
pub(crate) use executed::executed;
pub(crate) use lexer::{Lexer, delimiter_at};
pub(crate) use names::{name as catalog_name, unquote};
pub(crate) use object::{created_object, part_name};
pub(crate) use requirement::RequirementKind;
pub(crate) use scan::run_end;
pub(crate) use split::{Blocks, Pieces, pieces, starts_line};
pub(crate) use table::table_name;
pub(crate) use token::Code;
pub(crate) use words::codes;

/// The line and the column, in characters, of a byte of `source`; both are counted from 1.
///
/// A byte beyond the end, or inside a character, counts as the one before it.
pub fn line_column(source: &str, byte: usize) -> (usize, usize) {
    let before = &source[..source.floor_char_boundary(byte)];
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let line = before.bytes().filter(|&byte| byte == b'\n').count() + 1;
    (line, before[line_start..].chars().count() + 1)
}
