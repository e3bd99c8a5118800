//! `index(columns(a, b desc), …)` beside the struct, and `index` beside a field.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::{
    LitInt, LitStr, Token,
    ext::IdentExt,
    parenthesized,
    parse::{ParseStream, Result},
};

use super::{
    attribute::{Keys, flag, has_list, has_value, nested, text},
    constraint::{Fields, fields, or_default, strings},
    engine::{self, at_end, optional},
};

/// An index, as it stands in the attribute.
#[derive(Default)]
pub(super) struct Index {
    /// What it is over; nothing beside a field.
    pub(super) parts: Vec<Part>,
    /// The fields that it carries along.
    pub(super) include: Fields,
    name: Option<String>,
    renamed_from: Option<String>,
    unique: bool,
    method: Option<String>,
    predicate: Option<String>,
    nulls_not_distinct: bool,
    operator_class: Option<String>,
    comment: Option<String>,
    only: Option<TokenStream>,
}

/// A part of an index.
#[derive(Default)]
pub(super) struct Part {
    /// The field; none for an expression.
    pub(super) field: Option<Ident>,
    expression: Option<LitStr>,
    descending: bool,
    nulls_first: Option<bool>,
    length: Option<LitInt>,
}

/// What may be said beside a struct. Beside a field, the first two are the field itself.
const OF_STRUCT: &[&str] = &[
    "columns",
    "expression",
    "name",
    "renamed_from",
    "unique",
    "method",
    "where",
    "include",
    "nulls_not_distinct",
    "operator_class",
    "comment",
    "only",
    "except",
];
const OF_FIELD: &[&str] = OF_STRUCT.split_at(2).1;

impl Index {
    /// Beside a field: nothing, a name, or what is said between parentheses.
    pub(super) fn of_field(input: ParseStream<'_>) -> Result<Self> {
        if has_value(input) {
            return Ok(Self { name: Some(text(input)?.value()), ..Self::default() });
        }
        let mut index = Self::default();
        if has_list(input) {
            index.read(input, OF_FIELD)?;
        }
        Ok(index)
    }

    /// Beside the struct.
    pub(super) fn of_struct(key: &Ident, input: ParseStream<'_>) -> Result<Self> {
        let mut index = Self::default();
        index.read(input, OF_STRUCT)?;
        match index.parts.is_empty() {
            true => Err(syn::Error::new(
                key.span(),
                "say what it is over: index(columns(a, b desc)) or index(expression = \"lower(a)\")",
            )),
            false => Ok(index),
        }
    }

    fn read(&mut self, input: ParseStream<'_>, once: &'static [&'static str]) -> Result<()> {
        nested(input, &Keys { of: "an index", once, often: &[] }, |key, input| {
            match key.unraw().to_string().as_str() {
                "columns" => self.parts.extend(parts(input)?),
                "expression" => {
                    self.parts.push(Part { expression: Some(text(input)?), ..Part::default() });
                }
                "name" => self.name = Some(text(input)?.value()),
                "renamed_from" => self.renamed_from = Some(text(input)?.value()),
                "unique" => self.unique = flag(input)?,
                "method" => self.method = Some(text(input)?.value()),
                "where" => self.predicate = Some(text(input)?.value()),
                "include" => self.include = fields(input)?,
                "nulls_not_distinct" => self.nulls_not_distinct = flag(input)?,
                "operator_class" => self.operator_class = Some(text(input)?.value()),
                "comment" => self.comment = Some(text(input)?.value()),
                _ => self.only = Some(engine::limit(key, input)?),
            }
            Ok(())
        })
    }

    /// The expression of it; `column_of` says which column a field is.
    pub(super) fn expression(&self, parts: &[TokenStream], include: &[String]) -> TokenStream {
        let (name, renamed_from) = (optional(self.name.as_deref()), optional(self.renamed_from.as_deref()));
        let (method, predicate) = (optional(self.method.as_deref()), optional(self.predicate.as_deref()));
        let (unique, nulls) = (self.unique, self.nulls_not_distinct);
        let (comment, only) = (optional(self.comment.as_deref()), or_default(self.only.as_ref()));
        let include = strings(include);
        quote!(underpin_generated::ModelIndex {
            name: #name,
            renamed_from: #renamed_from,
            parts: ::std::vec![#(#parts),*],
            unique: #unique,
            method: #method,
            predicate: #predicate,
            include: #include,
            nulls_not_distinct: #nulls,
            comment: #comment,
            only: #only,
        })
    }

    /// The expression of a part over this column, or over its own expression.
    pub(super) fn part(&self, part: &Part, column: &str) -> TokenStream {
        let key = match &part.expression {
            Some(text) => {
                quote!(underpin_generated::ModelKey::Expression(::std::string::String::from(#text)))
            }
            None => quote!(underpin_generated::ModelKey::Column(::std::string::String::from(#column))),
        };
        let some = |value: Option<TokenStream>| {
            value.map_or_else(
                || quote!(::core::option::Option::None),
                |value| quote!(::core::option::Option::Some(#value)),
            )
        };
        let (descending, class) = (part.descending, optional(self.operator_class.as_deref()));
        let nulls_first = some(part.nulls_first.map(|first| quote!(#first)));
        let length = some(part.length.as_ref().map(|length| quote!(#length)));
        quote!(underpin_generated::ModelPart {
            key: #key,
            descending: #descending,
            nulls_first: #nulls_first,
            length: #length,
            operator_class: #class,
        })
    }
}

/// `(a, b desc nulls last, c(20), "lower(d)")`.
fn parts(input: ParseStream<'_>) -> Result<Vec<Part>> {
    let inside;
    parenthesized!(inside in input);
    Ok(inside.parse_terminated(part, Token![,])?.into_iter().collect())
}

fn part(input: ParseStream<'_>) -> Result<Part> {
    let mut part = Part::default();
    if input.peek(LitStr) {
        part.expression = Some(input.parse()?);
    } else {
        part.field = Some(input.call(Ident::parse_any)?);
        if has_list(input) {
            let inside;
            parenthesized!(inside in input);
            part.length = Some(inside.parse()?);
        }
    }
    while !at_end(input) {
        let word = input.call(Ident::parse_any)?;
        match word.to_string().as_str() {
            "asc" => {}
            "desc" => part.descending = true,
            "nulls" => {
                let place = input.call(Ident::parse_any)?;
                part.nulls_first = Some(match place.to_string().as_str() {
                    "first" => true,
                    "last" => false,
                    _ => return Err(syn::Error::new(place.span(), "nulls come first or last")),
                });
            }
            _ => {
                let message = "behind a column stands asc, desc, nulls first or nulls last, or a comma";
                return Err(syn::Error::new(word.span(), message));
            }
        }
    }
    Ok(part)
}
