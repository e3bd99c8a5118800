//! `type = …`: a type that every engine has in some form, or the words of one engine.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::{
    LitInt, LitStr, Token,
    ext::IdentExt,
    parenthesized,
    parse::{ParseStream, Result},
    token::Paren,
};

use super::attribute::unknown;

/// The names of the types, with how many numbers they take at least and at most.
const NAMES: [(&str, usize, usize); 24] = [
    ("boolean", 0, 0),
    ("tinyint", 0, 0),
    ("smallint", 0, 0),
    ("integer", 0, 0),
    ("bigint", 0, 0),
    ("real", 0, 0),
    ("double", 0, 0),
    ("decimal", 0, 2),
    ("numeric", 0, 2),
    ("string", 0, 0),
    ("text", 0, 0),
    ("varchar", 1, 1),
    ("char", 1, 1),
    ("bytes", 0, 0),
    ("binary", 1, 1),
    ("varbinary", 1, 1),
    ("date", 0, 0),
    ("time", 0, 1),
    ("timestamp", 0, 1),
    ("instant", 0, 1),
    ("timestamptz", 0, 1),
    ("uuid", 0, 0),
    ("json", 0, 0),
    ("raw", 0, 0),
];

/// `= decimal(12, 2)`, `= raw "…"`, `= "…"`.
pub(super) fn parse(input: ParseStream<'_>) -> Result<TokenStream> {
    input.parse::<Token![=]>()?;
    if input.peek(LitStr) {
        return input.parse().map(|text| raw(&text));
    }
    let name = input.call(Ident::parse_any)?;
    let text = name.unraw().to_string();
    let Some((_, least, most)) = NAMES.iter().find(|(known, ..)| *known == text) else {
        let message = format!("`{text}` is no type; one of your engine's own is raw \"{text}\"");
        return Err(unknown(&name, &message, || NAMES.iter().map(|(known, ..)| (*known).to_owned())));
    };
    if text == "raw" {
        return raw_words(input);
    }
    let numbers = numbers(input)?;
    if numbers.len() < *least || numbers.len() > *most {
        let message = match (least, most) {
            (_, 0) => format!("`{text}` takes no number"),
            (1, _) => format!("`{text}` takes a length: {text}(200)"),
            (_, 1) => format!("`{text}` takes the digits of a second: {text}(3)"),
            _ => format!("`{text}` takes its digits, and those behind the point: {text}(12, 2)"),
        };
        return Err(syn::Error::new(name.span(), message));
    }
    Ok(expression(&text, &numbers))
}

fn raw_words(input: ParseStream<'_>) -> Result<TokenStream> {
    if !input.peek(Paren) {
        return input.parse().map(|text| raw(&text));
    }
    let inside;
    parenthesized!(inside in input);
    inside.parse().map(|text| raw(&text))
}

fn raw(text: &LitStr) -> TokenStream {
    quote!(underpin_generated::ModelType::Raw(::std::string::String::from(#text)))
}

fn numbers(input: ParseStream<'_>) -> Result<Vec<LitInt>> {
    if !input.peek(Paren) {
        return Ok(Vec::new());
    }
    let inside;
    parenthesized!(inside in input);
    Ok(inside.parse_terminated(<LitInt as syn::parse::Parse>::parse, Token![,])?.into_iter().collect())
}

fn expression(name: &str, numbers: &[LitInt]) -> TokenStream {
    let first = numbers.first();
    let digits = match first {
        Some(digits) => quote!(::core::option::Option::Some(#digits)),
        None => quote!(::core::option::Option::None),
    };
    let variant = match name {
        "boolean" => quote!(Boolean),
        "tinyint" => return quote!(<i8 as underpin_generated::ColumnType>::column_type()),
        "smallint" => return quote!(<i16 as underpin_generated::ColumnType>::column_type()),
        "integer" => return quote!(<i32 as underpin_generated::ColumnType>::column_type()),
        "bigint" => return quote!(<i64 as underpin_generated::ColumnType>::column_type()),
        "real" => quote!(Real),
        "double" => quote!(Double),
        "decimal" | "numeric" => match numbers {
            [] => quote!(Decimal(::core::option::Option::None)),
            [all] => quote!(Decimal(::core::option::Option::Some((#all, 0)))),
            [all, behind, ..] => quote!(Decimal(::core::option::Option::Some((#all, #behind)))),
        },
        "string" => quote!(String),
        "varchar" => quote!(Varchar(#first)),
        "char" => quote!(Char(#first)),
        "bytes" => quote!(Bytes),
        "binary" => quote!(Binary(#first)),
        "varbinary" => quote!(Varbinary(#first)),
        "date" => quote!(Date),
        "time" => quote!(Time(#digits)),
        "timestamp" => quote!(Timestamp(#digits)),
        "instant" | "timestamptz" => quote!(Instant(#digits)),
        "uuid" => quote!(Uuid),
        "json" => quote!(Json),
        _ => quote!(Text),
    };
    quote!(underpin_generated::ModelType::#variant)
}
