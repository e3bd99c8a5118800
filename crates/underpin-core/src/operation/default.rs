//! What a column is if nothing is said.

use crate::model::{ModelDefault, PerFlavour};

/// What can be said for a default: a text, a number, true or false, [`now`], an expression from [`sql`], or
/// one for each engine ([`per_flavour`](super::per_flavour)).
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no default of a column",
    label = "say a text, a number, true, false, `now()` or `sql(\"…\")` here",
    note = "`per_flavour(sql(\"…\")).on(Flavour::Sqlite, sql(\"…\"))` is another one on one engine"
)]
pub trait IntoDefault {
    /// The default on each engine.
    fn into_default(self) -> PerFlavour<ModelDefault>;
}

impl IntoDefault for ModelDefault {
    fn into_default(self) -> PerFlavour<ModelDefault> {
        PerFlavour::every(self)
    }
}

impl IntoDefault for PerFlavour<ModelDefault> {
    fn into_default(self) -> PerFlavour<ModelDefault> {
        self
    }
}

impl IntoDefault for &str {
    fn into_default(self) -> PerFlavour<ModelDefault> {
        PerFlavour::every(ModelDefault::Text(self.to_owned()))
    }
}

impl IntoDefault for String {
    fn into_default(self) -> PerFlavour<ModelDefault> {
        PerFlavour::every(ModelDefault::Text(self))
    }
}

impl IntoDefault for bool {
    fn into_default(self) -> PerFlavour<ModelDefault> {
        PerFlavour::every(ModelDefault::Boolean(self))
    }
}

macro_rules! numbers {
    ($($number:ty),+) => { $(
        impl IntoDefault for $number {
            fn into_default(self) -> PerFlavour<ModelDefault> {
                PerFlavour::every(ModelDefault::Number(self.to_string()))
            }
        }
    )+ };
}

numbers!(i8, i16, i32, i64, u8, u16, u32, u64, f32, f64);

/// The time of the statement, or its day.
pub const fn now() -> ModelDefault {
    ModelDefault::Now
}

/// An expression of SQL.
pub fn sql(expression: &str) -> ModelDefault {
    ModelDefault::Sql(expression.to_owned())
}
