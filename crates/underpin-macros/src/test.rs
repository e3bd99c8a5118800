//! The attribute behind `underpin::test`: one test for each database. What a test's database is and
//! where it comes from is `underpin::testing`'s.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::{
    Error, Expr, ItemFn, Path, Result, Token,
    parse::{Parse, ParseStream},
    punctuated::Punctuated,
};

/// The engines that can be named, as modules and as variants of `underpin::testing::Engine`.
const ENGINES: [(&str, &str); 4] =
    [("sqlite", "Sqlite"), ("postgres", "Postgres"), ("mysql", "Mysql"), ("mariadb", "Mariadb")];

/// `migrations = MIGRATIONS, databases(sqlite, postgres, mysql)`.
struct Arguments {
    migrations: Expr,
    databases: Vec<Ident>,
    krate: Option<Path>,
}

impl Parse for Arguments {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let (mut migrations, mut databases, mut krate) = (None, None, None);
        while !input.is_empty() {
            let name = if input.peek(Token![crate]) {
                input.parse::<Token![crate]>().map(|word| Ident::new("crate", word.span))?
            } else {
                input.parse::<Ident>()?
            };
            match name.to_string().as_str() {
                "migrations" => {
                    input.parse::<Token![=]>()?;
                    migrations = Some(input.parse()?);
                }
                "databases" => {
                    let content;
                    syn::parenthesized!(content in input);
                    let names = Punctuated::<Ident, Token![,]>::parse_terminated(&content)?;
                    databases = Some(names.into_iter().collect());
                }
                "crate" => {
                    input.parse::<Token![=]>()?;
                    krate = Some(input.parse()?);
                }
                other => {
                    let message =
                        format!("{other} is not known here; there are `migrations` and `databases`");
                    return Err(Error::new(name.span(), message));
                }
            }
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
        }
        let missing = "say which revisions: migrations = MIGRATIONS";
        let migrations = migrations.ok_or_else(|| Error::new(Span::call_site(), missing))?;
        let databases = databases.unwrap_or_else(|| vec![Ident::new("sqlite", Span::call_site())]);
        Ok(Self { migrations, databases, krate })
    }
}

/// Expands the attribute.
pub(crate) fn expand(arguments: TokenStream, item: TokenStream) -> TokenStream {
    match tests(arguments, item.clone()) {
        Ok(tests) => tests,
        // With the function still there, an editor has something to work with.
        Err(error) => {
            let error = error.to_compile_error();
            quote! { #error #item }
        }
    }
}

fn tests(arguments: TokenStream, item: TokenStream) -> Result<TokenStream> {
    let Arguments { migrations, databases, krate } = syn::parse2(arguments)?;
    let function: ItemFn = syn::parse2(item)?;
    if function.sig.asyncness.is_none() {
        return Err(Error::new(function.sig.fn_token.span, "a test of a database is an async fn"));
    }
    let name = &function.sig.ident;
    let krate = krate.map_or_else(|| quote!(::underpin), |path| quote!(#path));
    let mut tests = TokenStream::new();
    for database in &databases {
        let found = ENGINES.iter().find(|(engine, _)| database == engine);
        let Some((_, variant)) = found else {
            let names: Vec<&str> = ENGINES.iter().map(|(engine, _)| *engine).collect();
            let message = format!("{database} is no database; there are {}", names.join(", "));
            return Err(Error::new(database.span(), message));
        };
        let variant = Ident::new(variant, database.span());
        tests.extend(quote! {
            #[::core::prelude::v1::test]
            fn #database() {
                #krate::testing::run(#krate::testing::Engine::#variant, &#migrations, super::#name);
            }
        });
    }
    Ok(quote! {
        #function

        #[cfg(test)]
        mod #name {
            #[allow(unused_imports)]
            use super::*;

            #tests
        }
    })
}
