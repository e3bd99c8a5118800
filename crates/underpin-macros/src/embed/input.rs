//! What stands between the parentheses of `embed!`. Not what it leads to.

use proc_macro2::{Span, TokenTree};
use syn::{
    LitStr, Token,
    parse::{Parse, ParseStream, Result},
};

/// The arguments of the macro.
pub(super) struct Input {
    /// The path of the `underpin` crate: a `$crate`.
    pub(super) underpin: TokenTree,
    literal: LitStr,
}

impl Input {
    /// The directory, relative to the package's own.
    pub(super) fn directory(&self) -> String {
        self.literal.value()
    }

    /// The directory's name in messages.
    pub(super) fn shown(&self) -> String {
        let directory = self.directory();
        let shown = directory.trim_end_matches('/');
        shown.strip_prefix("./").unwrap_or(shown).to_owned()
    }

    /// Where messages point.
    pub(super) fn span(&self) -> Span {
        self.literal.span()
    }
}

impl Parse for Input {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let underpin = input.parse()?;
        let usage = |error: syn::Error| {
            syn::Error::new(error.span(), "embed! takes one directory: underpin::embed!(\"migrations\")")
        };
        let literal: LitStr = input.parse().map_err(usage)?;
        input.parse::<Option<Token![,]>>()?;
        if !input.is_empty() {
            return Err(usage(input.error("")));
        }
        let directory = literal.value();
        if directory.is_empty() || std::path::Path::new(&directory).has_root() {
            let message = "embed! takes a directory relative to the package's Cargo.toml";
            return Err(syn::Error::new(literal.span(), message));
        }
        Ok(Self { underpin, literal })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(input: &str) -> String {
        syn::parse_str::<Input>(input).err().map_or_else(String::new, |error| error.to_string())
    }

    #[test]
    fn one_relative_directory_is_taken() {
        let input: Input = syn::parse_str(r#"underpin "./db/migrations/","#).unwrap();
        assert_eq!(input.directory(), "./db/migrations/");
        assert_eq!(input.shown(), "db/migrations");
    }

    #[test]
    fn anything_else_is_refused() {
        assert!(message("underpin").starts_with("embed! takes one directory"));
        assert!(message("underpin migrations").starts_with("embed! takes one directory"));
        assert!(message(r#"underpin "a" "b""#).starts_with("embed! takes one directory"));
        assert!(message(r#"underpin "/a""#).starts_with("embed! takes a directory relative"));
        assert!(message(r#"underpin """#).starts_with("embed! takes a directory relative"));
    }
}
