//! What is said of keys and checks, beside a field or beside the struct.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::{
    LitStr, Path, Token,
    ext::IdentExt,
    parenthesized,
    parse::{ParseStream, Result},
};

use super::{
    attribute::{Keys, comma, flag, has_list, has_value, nested, text, word},
    engine::{self, Engine, PerEngine, optional, owned},
};

/// The fields that a key is over, as they stand in the attribute.
pub(super) type Fields = Vec<Ident>;

/// Reads `(a, b)`.
pub(super) fn fields(input: ParseStream<'_>) -> Result<Fields> {
    let inside;
    parenthesized!(inside in input);
    let fields = inside.parse_terminated(Ident::parse_any, Token![,])?;
    match fields.is_empty() {
        true => Err(inside.error("the fields that it is over belong here")),
        false => Ok(fields.into_iter().collect()),
    }
}

/// `primary_key(a, b)`, or with a name: `primary_key(columns(a, b), name = "…")`.
#[derive(Default)]
pub(super) struct PrimaryKey {
    pub(super) name: Option<String>,
    pub(super) columns: Fields,
}

impl PrimaryKey {
    pub(super) fn parse(input: ParseStream<'_>) -> Result<Self> {
        let ahead = input.fork();
        let inside;
        parenthesized!(inside in ahead);
        let first = inside.call(Ident::parse_any)?;
        if first != "columns" && first != "name" || !(has_list(&inside) || has_value(&inside)) {
            return Ok(Self { name: None, columns: fields(input)? });
        }
        let mut key = Self::default();
        let keys = Keys { of: "a primary key", once: &["columns", "name"], often: &[] };
        nested(input, &keys, |word, input| {
            match word.to_string().as_str() {
                "name" => key.name = Some(text(input)?.value()),
                _ => key.columns = fields(input)?,
            }
            Ok(())
        })?;
        Ok(key)
    }
}

/// `unique(columns(a, b), …)`; beside a field without columns.
#[derive(Default)]
pub(super) struct Unique {
    pub(super) columns: Fields,
    name: Option<String>,
    nulls_not_distinct: bool,
    deferral: Option<TokenStream>,
    only: Option<TokenStream>,
}

impl Unique {
    /// Beside a field: nothing, a name, or what is said between parentheses.
    pub(super) fn of_field(input: ParseStream<'_>) -> Result<Self> {
        if has_value(input) {
            return Ok(Self { name: Some(text(input)?.value()), ..Self::default() });
        }
        let mut unique = Self::default();
        if has_list(input) {
            unique.read(input, &["name", "nulls_not_distinct", "deferrable", "only", "except"])?;
        }
        Ok(unique)
    }

    /// Beside the struct.
    pub(super) fn of_struct(key: &Ident, input: ParseStream<'_>) -> Result<Self> {
        let mut unique = Self::default();
        unique.read(input, &["columns", "name", "nulls_not_distinct", "deferrable", "only", "except"])?;
        match unique.columns.is_empty() {
            true => Err(syn::Error::new(key.span(), "say which columns: unique(columns(a, b))")),
            false => Ok(unique),
        }
    }

    fn read(&mut self, input: ParseStream<'_>, once: &'static [&'static str]) -> Result<()> {
        nested(input, &Keys { of: "a unique constraint", once, often: &[] }, |key, input| {
            match key.to_string().as_str() {
                "columns" => self.columns = fields(input)?,
                "name" => self.name = Some(text(input)?.value()),
                "nulls_not_distinct" => self.nulls_not_distinct = flag(input)?,
                "deferrable" => self.deferral = Some(deferral(input)?),
                _ => self.only = Some(engine::limit(key, input)?),
            }
            Ok(())
        })
    }

    /// The expression of it, over these columns.
    pub(super) fn expression(&self, columns: &[String]) -> TokenStream {
        let (name, nulls) = (optional(self.name.as_deref()), self.nulls_not_distinct);
        let columns = strings(columns);
        let (deferral, only) = (or_default(self.deferral.as_ref()), or_default(self.only.as_ref()));
        quote!(underpin_generated::ModelUnique {
            name: #name,
            columns: #columns,
            nulls_not_distinct: #nulls,
            deferral: #deferral,
            only: #only,
        })
    }
}

/// `check = "…"` beside a field; `check(name = "…", "…")` beside either.
#[derive(Default)]
pub(super) struct Check {
    name: Option<String>,
    expression: PerEngine,
    only: Option<TokenStream>,
}

impl Check {
    pub(super) fn parse(key: &Ident, input: ParseStream<'_>) -> Result<Self> {
        let mut check = Self::default();
        if has_value(input) {
            let expression = text(input)?.value();
            check.expression.set(None, owned(&expression));
            return Ok(check);
        }
        let inside;
        parenthesized!(inside in input);
        while !inside.is_empty() {
            check.part(&inside)?;
            comma(&inside)?;
        }
        match check.expression.is_empty() {
            true => {
                Err(syn::Error::new(key.span(), "say what is to hold: check(name = \"…\", \"total >= 0\")"))
            }
            false => Ok(check),
        }
    }

    fn part(&mut self, input: ParseStream<'_>) -> Result<()> {
        if input.peek(LitStr) {
            let expression: LitStr = input.parse()?;
            self.expression.set(None, owned(&expression.value()));
            return Ok(());
        }
        let key = input.call(Ident::parse_any)?;
        match (key.to_string().as_str(), Engine::named(&key.to_string())) {
            ("name", _) => self.name = Some(text(input)?.value()),
            ("only" | "except", _) => self.only = Some(engine::limit(&key, input)?),
            (_, Some(engine)) => self.expression.set(Some(engine), owned(&text(input)?.value())),
            (name, None) => {
                return Err(super::attribute::unknown(
                    &key,
                    &format!("`{name}` is nothing that a check has"),
                    || {
                        ["name", "only", "except", "sqlite", "postgres", "mysql", "mariadb"]
                            .into_iter()
                            .map(str::to_owned)
                    },
                ));
            }
        }
        Ok(())
    }

    /// The expression of it, beside this column if there is one.
    pub(super) fn expression(&self, column: Option<&str>) -> TokenStream {
        let (name, column) = (optional(self.name.as_deref()), optional(column));
        let (expression, only) = (self.expression.expression(), or_default(self.only.as_ref()));
        quote!(underpin_generated::ModelCheck {
            name: #name,
            column: #column,
            expression: #expression,
            only: #only,
        })
    }
}

/// What a foreign key refers to: the fields of another model.
pub(super) struct Referenced {
    /// The model.
    pub(super) model: Path,
    /// Its field.
    pub(super) field: Ident,
}

impl Referenced {
    /// `Customer::id`.
    pub(super) fn parse(input: ParseStream<'_>) -> Result<Self> {
        let usage = |span: Span| syn::Error::new(span, "a field of another model belongs here: Customer::id");
        let mut path: Path = input.parse().map_err(|error| usage(error.span()))?;
        let span = path.segments.first().map_or_else(Span::call_site, |segment| segment.ident.span());
        let field = path.segments.pop().map(|segment| segment.ident);
        // Taking the last one off and putting it back leaves no colons at the end.
        let model = path.segments.pop();
        match (field, model) {
            (Some(field), Some(model)) => {
                path.segments.push(model);
                Ok(Self { model: path, field })
            }
            _ => Err(usage(span)),
        }
    }
}

/// What a foreign key does and when, wherever it is said.
#[derive(Default)]
pub(super) struct ForeignKeyWords {
    pub(super) name: Option<String>,
    pub(super) on_delete: Option<(Span, Action)>,
    pub(super) on_update: Option<(Span, Action)>,
    pub(super) deferral: Option<TokenStream>,
    pub(super) only: Option<TokenStream>,
}

/// What becomes of rows whose counterpart goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::enum_variant_names, reason = "SQL calls it NO ACTION")]
pub(super) enum Action {
    NoAction,
    Restrict,
    Cascade,
    SetNull,
    SetDefault,
}

impl Action {
    /// `= cascade`.
    pub(super) fn parse(input: ParseStream<'_>) -> Result<Self> {
        let words = [
            ("no_action", Self::NoAction),
            ("restrict", Self::Restrict),
            ("cascade", Self::Cascade),
            ("set_null", Self::SetNull),
            ("set_default", Self::SetDefault),
        ];
        word(input, "action of a foreign key", &words)
    }

    fn expression(self) -> TokenStream {
        let variant = Ident::new(&format!("{self:?}"), Span::call_site());
        quote!(underpin_generated::Action::#variant)
    }
}

impl ForeignKeyWords {
    /// Whether it sets its columns to null, and where that is said.
    pub(super) fn sets_null(&self) -> Option<Span> {
        let actions = [self.on_delete, self.on_update].into_iter().flatten();
        actions.filter(|(_, action)| *action == Action::SetNull).map(|(span, _)| span).next()
    }

    /// The expression of the key from these columns to those fields.
    pub(super) fn expression(&self, columns: &[String], referenced: &[Referenced]) -> TokenStream {
        let Some(first) = referenced.first() else { return TokenStream::new() };
        let model = &first.model;
        let columns = strings(columns);
        let names = referenced.iter().map(|Referenced { model, field }| {
            quote!(::std::string::String::from(<#model as underpin_generated::Table>::COLUMNS.#field.0))
        });
        let action =
            |said: Option<(Span, Action)>| said.map_or(Action::NoAction, |(_, action)| action).expression();
        let (on_delete, on_update) = (action(self.on_delete), action(self.on_update));
        let name = optional(self.name.as_deref());
        let (deferral, only) = (or_default(self.deferral.as_ref()), or_default(self.only.as_ref()));
        quote!(underpin_generated::ModelForeignKey {
            name: #name,
            columns: #columns,
            table: <#model as underpin_generated::Table>::name(),
            referenced: ::std::vec![#(#names),*],
            on_delete: #on_delete,
            on_update: #on_update,
            deferral: #deferral,
            only: #only,
        })
    }
}

/// `foreign_key(columns(a, b), references(Parent::a, Parent::b), …)` beside the struct.
pub(super) struct ForeignKey {
    pub(super) columns: Fields,
    pub(super) referenced: Vec<Referenced>,
    pub(super) words: ForeignKeyWords,
}

impl ForeignKey {
    pub(super) fn parse(key: &Ident, input: ParseStream<'_>) -> Result<Self> {
        let (mut columns, mut referenced) = (Vec::new(), Vec::new());
        let mut words = ForeignKeyWords::default();
        let keys = Keys {
            of: "a foreign key",
            once: &[
                "columns",
                "references",
                "name",
                "on_delete",
                "on_update",
                "deferrable",
                "only",
                "except",
            ],
            often: &[],
        };
        nested(input, &keys, |word, input| {
            match word.to_string().as_str() {
                "columns" => columns = fields(input)?,
                "references" => {
                    let inside;
                    parenthesized!(inside in input);
                    referenced = inside.parse_terminated(Referenced::parse, Token![,])?.into_iter().collect();
                }
                "name" => words.name = Some(text(input)?.value()),
                "on_delete" => words.on_delete = Some((word.span(), Action::parse(input)?)),
                "on_update" => words.on_update = Some((word.span(), Action::parse(input)?)),
                "deferrable" => words.deferral = Some(deferral(input)?),
                _ => words.only = Some(engine::limit(word, input)?),
            }
            Ok(())
        })?;
        match columns.is_empty() || columns.len() != referenced.len() {
            true => Err(syn::Error::new(
                key.span(),
                "say as many columns here as there: foreign_key(columns(a, b), references(Parent::a, Parent::b))",
            )),
            false => Ok(Self { columns, referenced, words }),
        }
    }
}

/// Nothing, or `= deferred`, or `= immediate`.
pub(super) fn deferral(input: ParseStream<'_>) -> Result<TokenStream> {
    let deferred = match has_value(input) {
        false => false,
        true => word(input, "time", &[("immediate", false), ("deferred", true)])?,
    };
    Ok(match deferred {
        true => quote!(underpin_generated::Deferral::Deferred),
        false => quote!(underpin_generated::Deferral::Immediate),
    })
}

/// Texts, as a vector.
pub(super) fn strings(texts: &[String]) -> TokenStream {
    quote!(::std::vec![#(::std::string::String::from(#texts)),*])
}

/// The value, or the default of its type.
pub(super) fn or_default(value: Option<&TokenStream>) -> TokenStream {
    value.cloned().unwrap_or_else(|| quote!(::core::default::Default::default()))
}
