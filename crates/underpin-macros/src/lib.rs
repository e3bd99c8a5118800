//! The macros of Underpin. Programs don't depend on this crate: they use `underpin::embed!`, which
//! hands its own crate's path on to the macro here, and the derives from `underpin`, too.

mod embed;
mod model;
mod test;

use proc_macro::TokenStream;

/// The macro behind `underpin::embed!`: the path of the `underpin` crate, and a directory.
#[doc(hidden)]
#[proc_macro]
pub fn embed(input: TokenStream) -> TokenStream {
    embed::expand(input.into()).into()
}

/// The derive behind `underpin::Table`, where it is described.
#[proc_macro_derive(Table, attributes(table, column, sqlx))]
pub fn derive_table(input: TokenStream) -> TokenStream {
    model::table(input.into()).into()
}

/// The derive behind `underpin::Enum`, where it is described.
#[proc_macro_derive(Enum, attributes(enumeration, value, sqlx))]
pub fn derive_enum(input: TokenStream) -> TokenStream {
    model::enumeration(input.into()).into()
}

/// The attribute behind `underpin::test`.
#[proc_macro_attribute]
pub fn test(arguments: TokenStream, item: TokenStream) -> TokenStream {
    test::expand(arguments.into(), item.into()).into()
}
