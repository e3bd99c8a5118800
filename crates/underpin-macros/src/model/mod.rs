//! `#[derive(Table)]` and `#[derive(Enum)]`: from attributes to code that builds the plain data of
//! `underpin_core::model`. What that data becomes is not decided here.
//!
//! What is written refers to everything through `underpin_generated`, a name for `underpin`'s own module
//! within the block that a derive becomes.

mod attribute;
mod casing;
mod column;
mod constraint;
mod data_type;
mod default;
mod engine;
mod enumeration;
mod index;
mod sqlx;
mod table;
mod write;

use proc_macro2::TokenStream;
use quote::quote;
use syn::{DeriveInput, Path};

/// What `#[derive(Table)]` becomes.
pub(crate) fn table(input: TokenStream) -> TokenStream {
    expanded(input, write::table)
}

/// What `#[derive(Enum)]` becomes.
pub(crate) fn enumeration(input: TokenStream) -> TokenStream {
    expanded(input, enumeration::expand)
}

fn expanded(
    input: TokenStream,
    expand: impl FnOnce(&DeriveInput) -> syn::Result<TokenStream>,
) -> TokenStream {
    syn::parse2::<DeriveInput>(input)
        .and_then(|input| expand(&input))
        .unwrap_or_else(syn::Error::into_compile_error)
}

/// The block that keeps the names of a derive to itself.
fn block(underpin: Option<&Path>, items: &TokenStream) -> TokenStream {
    let underpin = underpin.map_or_else(|| quote!(::underpin), |path| quote!(#path));
    quote! {
        #[automatically_derived]
        const _: () = {
            use #underpin::model_generated as underpin_generated;
            #items
        };
    }
}

#[cfg(test)]
mod tests;
