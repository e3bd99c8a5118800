//! How attributes are read: keys with values, each once, and the nearest key for one that is not known.
//! What a key means is not known here.

use proc_macro2::{Ident, Span};
use syn::{
    Attribute, Expr, ExprLit, Lit, LitBool, LitStr, Meta, Path, Token,
    ext::IdentExt,
    parenthesized,
    parse::{ParseStream, Result},
    token::Paren,
};

/// The keys of an attribute.
pub(super) struct Keys {
    /// What the keys are of, in a message: `a column`.
    pub(super) of: &'static str,
    /// The keys that can stand there once.
    pub(super) once: &'static [&'static str],
    /// The keys that can stand there several times.
    pub(super) often: &'static [&'static str],
}

/// Reads every attribute of this name, and collects what is wrong with any of them.
pub(super) fn read(
    attributes: &[Attribute],
    name: &str,
    keys: &Keys,
    mut take: impl FnMut(&Ident, ParseStream<'_>) -> Result<()>,
) -> Result<()> {
    let mut seen = Vec::new();
    let mut errors = Errors::default();
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident(name)) {
        if let Meta::Path(_) = attribute.meta {
            continue;
        }
        errors.take(
            attribute.parse_args_with(|input: ParseStream<'_>| pairs(input, keys, &mut seen, &mut take)),
        );
    }
    errors.finish(())
}

/// Reads the keys between parentheses.
pub(super) fn nested(
    input: ParseStream<'_>,
    keys: &Keys,
    mut take: impl FnMut(&Ident, ParseStream<'_>) -> Result<()>,
) -> Result<()> {
    let inside;
    parenthesized!(inside in input);
    pairs(&inside, keys, &mut Vec::new(), &mut take)
}

fn pairs(
    input: ParseStream<'_>,
    keys: &Keys,
    seen: &mut Vec<String>,
    take: &mut impl FnMut(&Ident, ParseStream<'_>) -> Result<()>,
) -> Result<()> {
    while !input.is_empty() {
        let key = input.call(Ident::parse_any)?;
        let name = key.unraw().to_string();
        if !keys.once.contains(&name.as_str()) && !keys.often.contains(&name.as_str()) {
            return Err(unknown(&key, &format!("`{name}` is nothing that {} has", keys.of), || {
                keys.once.iter().chain(keys.often).map(|known| (*known).to_owned())
            }));
        }
        if keys.once.contains(&name.as_str()) && seen.contains(&name) {
            return Err(syn::Error::new(key.span(), format!("`{name}` is said twice")));
        }
        seen.push(name);
        take(&key, input)?;
        comma(input)?;
    }
    Ok(())
}

/// A comma, or the end.
pub(super) fn comma(input: ParseStream<'_>) -> Result<()> {
    match input.is_empty() {
        true => Ok(()),
        false => input.parse::<Token![,]>().map(drop),
    }
}

/// An error about a name, with the nearest of those that there are.
pub(super) fn unknown<Names: Iterator<Item = String>>(
    name: &Ident,
    message: &str,
    names: impl Fn() -> Names,
) -> syn::Error {
    let text = name.unraw().to_string();
    let near = names()
        .map(|known| (strsim::damerau_levenshtein(&text, &known), known))
        .filter(|(distance, known)| *distance <= 1 + known.len() / 4)
        .min();
    let message = match near {
        Some((_, near)) => format!("{message}; did you mean `{near}`?"),
        None => format!("{message}; there is {}", names().collect::<Vec<_>>().join(", ")),
    };
    syn::Error::new(name.span(), message)
}

/// Whether a value follows.
pub(super) fn has_value(input: ParseStream<'_>) -> bool {
    input.peek(Token![=])
}

/// Whether parentheses follow.
pub(super) fn has_list(input: ParseStream<'_>) -> bool {
    input.peek(Paren)
}

/// `= "text"`.
pub(super) fn text(input: ParseStream<'_>) -> Result<LitStr> {
    input.parse::<Token![=]>()?;
    input.parse().map_err(|error| syn::Error::new(error.span(), "a text between quotes belongs here"))
}

/// `= 70` or `= "70"`.
pub(super) fn number_or_text(input: ParseStream<'_>) -> Result<String> {
    input.parse::<Token![=]>()?;
    match input.parse::<Lit>()? {
        Lit::Str(text) => Ok(text.value()),
        Lit::Int(number) => Ok(number.base10_digits().to_owned()),
        other => Err(syn::Error::new(other.span(), "a number or a text belongs here")),
    }
}

/// Nothing, or `= true`, or `= false`.
pub(super) fn flag(input: ParseStream<'_>) -> Result<bool> {
    match has_value(input) {
        false => Ok(true),
        true => {
            input.parse::<Token![=]>()?;
            input.parse::<LitBool>().map(|value| value.value)
        }
    }
}

/// `= word`, where the word is one of a few.
pub(super) fn word<T: Copy>(input: ParseStream<'_>, what: &str, words: &[(&str, T)]) -> Result<T> {
    input.parse::<Token![=]>()?;
    let word = input.call(Ident::parse_any)?;
    let found = words.iter().find(|(name, _)| word == name);
    found.map(|(_, value)| *value).ok_or_else(|| {
        unknown(&word, &format!("`{word}` is no {what}"), || words.iter().map(|(name, _)| (*name).to_owned()))
    })
}

/// `= "path"`, as a path of Rust.
pub(super) fn path(input: ParseStream<'_>) -> Result<Path> {
    text(input)?.parse()
}

/// The documentation of an item as one text, for comments that are asked for.
pub(super) fn documentation(attributes: &[Attribute]) -> String {
    let lines = attributes.iter().filter_map(|attribute| match &attribute.meta {
        Meta::NameValue(pair) if pair.path.is_ident("doc") => match &pair.value {
            Expr::Lit(ExprLit { lit: Lit::Str(line), .. }) => Some(line.value().trim().to_owned()),
            _ => None,
        },
        _ => None,
    });
    lines.collect::<Vec<_>>().join("\n").trim().to_owned()
}

/// A comment: what is said, or the documentation.
pub(super) fn comment(key: &Ident, input: ParseStream<'_>, attributes: &[Attribute]) -> Result<String> {
    if has_value(input) {
        return text(input).map(|text| text.value());
    }
    match documentation(attributes) {
        text if text.is_empty() => {
            Err(syn::Error::new(key.span(), "there is no doc comment to take the comment from"))
        }
        text => Ok(text),
    }
}

/// Errors that are told together.
#[derive(Default)]
pub(super) struct Errors(Option<syn::Error>);

impl Errors {
    /// Keeps the error, if it is one.
    pub(super) fn take<T>(&mut self, result: Result<T>) -> Option<T> {
        match result {
            Ok(value) => return Some(value),
            Err(error) => match &mut self.0 {
                Some(all) => all.combine(error),
                None => self.0 = Some(error),
            },
        }
        None
    }

    /// Keeps an error with this message.
    pub(super) fn add(&mut self, span: Span, message: &str) {
        self.take::<()>(Err(syn::Error::new(span, message)));
    }

    /// The value, if nothing was wrong.
    pub(super) fn finish<T>(self, value: T) -> Result<T> {
        self.0.map_or(Ok(value), Err)
    }
}
