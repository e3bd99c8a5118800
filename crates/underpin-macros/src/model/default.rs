//! `default = …`: now, an expression of SQL, a value, or a variant of an enum.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::{
    Lit, LitStr, Path, Token,
    parse::{ParseStream, Result},
};

/// What stands behind `default`.
pub(super) fn parse(input: ParseStream<'_>) -> Result<TokenStream> {
    input.parse::<Token![=]>()?;
    let default = quote!(underpin_generated::ModelDefault);
    if input.peek(LitStr) {
        let text: LitStr = input.parse()?;
        return Ok(quote!(#default::Sql(::std::string::String::from(#text))));
    }
    let minus = input.parse::<Option<Token![-]>>()?.map_or("", |_| "-");
    if input.peek(Lit) {
        return literal(input.parse()?, minus);
    }
    let path: Path = input.parse().map_err(|error| {
        syn::Error::new(
            error.span(),
            "a default is now, a number, true, false, \"an expression of SQL\", or Enum::Variant",
        )
    })?;
    match path.get_ident() {
        Some(word) if word == "now" => Ok(quote!(#default::Now)),
        Some(word) => Err(not_known(word)),
        None => Ok(quote!(#default::Text(::std::string::String::from(
            underpin_generated::Enum::value(&#path)
        )))),
    }
}

fn literal(literal: Lit, minus: &str) -> Result<TokenStream> {
    let default = quote!(underpin_generated::ModelDefault);
    let number = match literal {
        Lit::Bool(value) => return Ok(quote!(#default::Boolean(#value))),
        Lit::Int(number) => number.base10_digits().to_owned(),
        Lit::Float(number) => number.base10_digits().to_owned(),
        other => {
            let message =
                "a default is now, a number, true, false, \"an expression of SQL\", or Enum::Variant";
            return Err(syn::Error::new(other.span(), message));
        }
    };
    let number = format!("{minus}{number}");
    Ok(quote!(#default::Number(::std::string::String::from(#number))))
}

fn not_known(word: &Ident) -> syn::Error {
    let message = format!(
        "`{word}` is no default: `now` is one, and an expression of SQL stands between quotes: \"{word}\""
    );
    syn::Error::new(word.span(), message)
}
