//! What sqlx's own attributes say beside ours: the names of columns and values must be the same for
//! both. What else they say is sqlx's business.

use syn::{Attribute, LitStr, Token, token::Paren};

use super::casing::Casing;

/// What `#[sqlx(…)]` says that matters to a column or a type.
#[derive(Default)]
pub(super) struct SqlxAttributes {
    /// `rename`.
    pub(super) rename: Option<String>,
    /// `rename_all`.
    pub(super) rename_all: Option<Casing>,
    /// `type_name`.
    pub(super) type_name: Option<String>,
    /// `skip`: not a column.
    pub(super) skip: bool,
    /// `json`: a JSON value.
    pub(super) json: bool,
    /// `flatten`: the columns of another struct.
    pub(super) flatten: bool,
}

/// Reads them. What is wrong with them is said by sqlx.
pub(super) fn read(attributes: &[Attribute]) -> SqlxAttributes {
    let mut found = SqlxAttributes::default();
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("sqlx")) {
        let _ = attribute.parse_nested_meta(|meta| {
            let text = match meta.input.peek(Token![=]) {
                true => Some(meta.value()?.parse::<LitStr>()?),
                false => None,
            };
            if meta.input.peek(Paren) {
                let inside;
                syn::parenthesized!(inside in meta.input);
                inside.parse::<proc_macro2::TokenStream>()?;
            }
            let Some(key) = meta.path.get_ident() else { return Ok(()) };
            match (key.to_string().as_str(), text) {
                ("rename", Some(text)) => found.rename = Some(text.value()),
                ("rename_all", Some(text)) => found.rename_all = Casing::named(&text).ok(),
                ("type_name", Some(text)) => found.type_name = Some(text.value()),
                ("skip", _) => found.skip = true,
                ("json", _) => found.json = true,
                ("flatten", _) => found.flatten = true,
                _ => {}
            }
            Ok(())
        });
    }
    found
}
