//! The macros of Underpin. Programs don't depend on this crate: they use `underpin::embed!`, which
//! hands its own crate's path on to the macro here.

mod embed;

use proc_macro::TokenStream;

/// The macro behind `underpin::embed!`: the path of the `underpin` crate, and a directory.
#[doc(hidden)]
#[proc_macro]
pub fn embed(input: TokenStream) -> TokenStream {
    embed::expand(input.into()).into()
}
