//! What is said for one engine: `mysql(…)`, `only(postgres)`. As in revision files, what is said for MySQL
//! counts on MariaDB, too.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::{
    Token,
    ext::IdentExt,
    parenthesized,
    parse::{ParseStream, Result},
};

use super::attribute::{comma, unknown};

/// An engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Engine {
    Sqlite,
    Postgres,
    Mysql,
    Mariadb,
}

impl Engine {
    /// Every engine.
    const ALL: [Self; 4] = [Self::Sqlite, Self::Postgres, Self::Mysql, Self::Mariadb];

    /// The name of its block.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
            Self::Mysql => "mysql",
            Self::Mariadb => "mariadb",
        }
    }

    /// The engine of this name.
    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|engine| engine.name() == name)
    }

    /// Its flavour, in what is written.
    pub(super) fn flavour(self) -> TokenStream {
        let variant = match self {
            Self::Sqlite => "Sqlite",
            Self::Postgres => "Postgres",
            Self::Mysql => "Mysql",
            Self::Mariadb => "Mariadb",
        };
        let variant = Ident::new(variant, Span::call_site());
        quote!(underpin_generated::Flavour::#variant)
    }
}

/// A value for every engine, and others for some.
#[derive(Default)]
pub(super) struct PerEngine {
    pub(super) every: Option<TokenStream>,
    pub(super) engines: Vec<(Engine, TokenStream)>,
}

impl PerEngine {
    /// Sets it for one engine, or for every one.
    pub(super) fn set(&mut self, engine: Option<Engine>, value: TokenStream) {
        match engine {
            Some(engine) => self.engines.push((engine, value)),
            None => self.every = Some(value),
        }
    }

    /// Whether nothing was said.
    pub(super) fn is_empty(&self) -> bool {
        self.every.is_none() && self.engines.is_empty()
    }

    /// The expression of it.
    pub(super) fn expression(&self) -> TokenStream {
        let start = match &self.every {
            Some(value) => quote!(underpin_generated::PerFlavour::every(#value)),
            None => quote!(underpin_generated::PerFlavour::none()),
        };
        let others = self.engines.iter().map(|(engine, value)| {
            let flavour = engine.flavour();
            quote!(.on(#flavour, #value))
        });
        quote!(#start #(#others)*)
    }
}

/// `only(postgres, sqlite)` or `except(mariadb)`: the flavours, as a vector.
pub(super) fn limit(key: &Ident, input: ParseStream<'_>) -> Result<TokenStream> {
    let inside;
    parenthesized!(inside in input);
    let mut named = Vec::new();
    while !inside.is_empty() {
        let name = inside.call(Ident::parse_any)?;
        let engine = Engine::named(&name.unraw().to_string()).ok_or_else(|| {
            let names = || Engine::ALL.into_iter().map(|engine| engine.name().to_owned());
            unknown(&name, &format!("`{name}` is no engine"), names)
        })?;
        named.push(engine);
        if engine == Engine::Mysql {
            named.push(Engine::Mariadb);
        }
        comma(&inside)?;
    }
    let wanted = key == "only";
    let flavours: Vec<TokenStream> = Engine::ALL
        .into_iter()
        .filter(|engine| named.contains(engine) == wanted)
        .map(Engine::flavour)
        .collect();
    match flavours.is_empty() {
        true => Err(syn::Error::new(key.span(), "no engine is left")),
        false => Ok(quote!(::std::vec![#(#flavours),*])),
    }
}

/// An optional text, as an expression.
pub(super) fn optional(text: Option<&str>) -> TokenStream {
    match text {
        Some(text) => quote!(::core::option::Option::Some(::std::string::String::from(#text))),
        None => quote!(::core::option::Option::None),
    }
}

/// A text, as an expression.
pub(super) fn owned(text: &str) -> TokenStream {
    quote!(::std::string::String::from(#text))
}

/// Whether the end of a list or a comma follows.
pub(super) fn at_end(input: ParseStream<'_>) -> bool {
    input.is_empty() || input.peek(Token![,])
}
