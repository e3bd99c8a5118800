//! PostgreSQL 10 to 18: what its statements lock, write anew and read. Measured on 15 and 18 by the
//! tests' suite `impact`; the versions between and before as the manual and the release notes have it.

mod type_change;
mod volatile;

pub use type_change::{TypeChange, type_change, using_is_plain};
pub use volatile::{NOT_VOLATILE, volatile_default};
