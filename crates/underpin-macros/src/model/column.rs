//! `#[column(…)]`: what is said beside a field. What it comes to is put together in `write`.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::{
    Field, GenericArgument, LitStr, PathArguments, Type,
    ext::IdentExt,
    parse::{ParseStream, Result},
};

use super::{
    attribute::{self, Keys, comment, flag, has_list, has_value, nested, text, word},
    casing::Casing,
    constraint::{Action, Check, ForeignKeyWords, Referenced, Unique, deferral},
    data_type, default,
    engine::{Engine, PerEngine, owned},
    index::Index,
    sqlx,
};

/// A field that is a column.
pub(super) struct Column {
    /// The field's name.
    pub(super) field: Ident,
    /// The field's type.
    pub(super) rust: Type,
    /// The column's name.
    pub(super) name: String,
    pub(super) renamed_from: Option<String>,
    pub(super) data_type: PerEngine,
    pub(super) nullable: Option<bool>,
    pub(super) primary_key: Option<Span>,
    pub(super) counting: Option<&'static str>,
    pub(super) default: PerEngine,
    pub(super) generated: PerEngine,
    pub(super) collation: PerEngine,
    pub(super) on_update_to: PerEngine,
    pub(super) invisible: bool,
    pub(super) comment: Option<String>,
    pub(super) uniques: Vec<Unique>,
    pub(super) indexes: Vec<Index>,
    pub(super) checks: Vec<Check>,
    pub(super) references: Option<Referenced>,
    pub(super) foreign_key: ForeignKeyWords,
    is_virtual: bool,
    skip: bool,
}

const KEYS: Keys = Keys {
    of: "a column",
    once: &[
        "name",
        "renamed_from",
        "type",
        "nullable",
        "primary_key",
        "auto_increment",
        "identity",
        "default",
        "generated",
        "virtual",
        "collation",
        "comment",
        "invisible",
        "unique",
        "references",
        "on_delete",
        "on_update",
        "deferrable",
        "foreign_key",
        "skip",
    ],
    often: &["index", "check", "sqlite", "postgres", "mysql", "mariadb"],
};

impl Column {
    /// Reads a field; `None` where it is no column.
    pub(super) fn of(field: &Field, casing: Option<Casing>) -> Result<Option<Self>> {
        let Some(ident) = &field.ident else {
            return Err(syn::Error::new_spanned(field, "the fields of a table have names"));
        };
        let sqlx = sqlx::read(&field.attrs);
        let plain = ident.unraw().to_string();
        let usual =
            sqlx.rename.unwrap_or_else(|| casing.map_or_else(|| plain.clone(), |casing| casing.of(&plain)));
        let mut column = Self::new(ident.clone(), field.ty.clone(), usual);
        column.skip = sqlx.skip;
        if sqlx.json {
            column.data_type.set(None, quote!(underpin_generated::ModelType::Json));
        }
        attribute::read(&field.attrs, "column", &KEYS, |key, input| column.take(key, input, field))?;
        if column.skip {
            return Ok(None);
        }
        if sqlx.flatten {
            let message = "a field that sqlx flattens is no column; leave it out with #[column(skip)]";
            return Err(syn::Error::new(ident.span(), message));
        }
        column.check()?;
        Ok(Some(column))
    }

    fn new(field: Ident, rust: Type, name: String) -> Self {
        Self {
            field,
            rust,
            name,
            renamed_from: None,
            data_type: PerEngine::default(),
            nullable: None,
            primary_key: None,
            counting: None,
            default: PerEngine::default(),
            generated: PerEngine::default(),
            collation: PerEngine::default(),
            on_update_to: PerEngine::default(),
            invisible: false,
            comment: None,
            uniques: Vec::new(),
            indexes: Vec::new(),
            checks: Vec::new(),
            references: None,
            foreign_key: ForeignKeyWords::default(),
            is_virtual: false,
            skip: false,
        }
    }

    fn take(&mut self, key: &Ident, input: ParseStream<'_>, field: &Field) -> Result<()> {
        let name = key.unraw().to_string();
        match name.as_str() {
            "name" => self.name = text(input)?.value(),
            "renamed_from" => self.renamed_from = Some(text(input)?.value()),
            "nullable" => self.nullable = Some(flag(input)?),
            "primary_key" => self.primary_key = flag(input)?.then(|| key.span()),
            "auto_increment" => {
                if flag(input)? {
                    self.counting.get_or_insert("ByDefault");
                }
            }
            "identity" => self.counting = Some(identity(input)?),
            "virtual" => self.is_virtual = flag(input)?,
            "invisible" => self.invisible = flag(input)?,
            "comment" => self.comment = Some(comment(key, input, &field.attrs)?),
            "unique" => self.uniques.push(Unique::of_field(input)?),
            "index" => self.indexes.push(Index::of_field(input)?),
            "check" => self.checks.push(Check::parse(key, input)?),
            "references" => self.references = Some(references(input)?),
            "on_delete" => self.foreign_key.on_delete = Some((key.span(), Action::parse(input)?)),
            "on_update" => self.foreign_key.on_update = Some((key.span(), Action::parse(input)?)),
            "deferrable" => self.foreign_key.deferral = Some(deferral(input)?),
            "foreign_key" => self.foreign_key.name = Some(text(input)?.value()),
            "skip" => self.skip = flag(input)?,
            _ => match Engine::named(&name) {
                Some(engine) => self.take_engine(engine, input)?,
                None => self.take_value(&name, None, input)?,
            },
        }
        Ok(())
    }

    /// What is said for one engine.
    fn take_engine(&mut self, engine: Engine, input: ParseStream<'_>) -> Result<()> {
        let once: &[&str] = match engine {
            Engine::Sqlite => &["type", "default", "generated", "collation", "autoincrement"],
            Engine::Postgres => &["type", "default", "generated", "collation"],
            Engine::Mysql | Engine::Mariadb => &["type", "default", "generated", "collation", "on_update"],
        };
        nested(input, &Keys { of: "a column on this engine", once, often: &[] }, |key, input| {
            match key.unraw().to_string().as_str() {
                "autoincrement" => {
                    if flag(input)? {
                        self.counting = Some("NeverAgain");
                    }
                }
                "on_update" => {
                    let expression = text(input)?.value();
                    self.on_update_to.set(Some(engine), owned(&expression));
                }
                name => self.take_value(name, Some(engine), input)?,
            }
            Ok(())
        })
    }

    /// What every engine has, and each may have otherwise.
    fn take_value(&mut self, name: &str, engine: Option<Engine>, input: ParseStream<'_>) -> Result<()> {
        match name {
            "type" => self.data_type.set(engine, data_type::parse(input)?),
            "default" => self.default.set(engine, default::parse(input)?),
            "collation" => {
                let collation = text(input)?.value();
                self.collation.set(engine, owned(&collation));
            }
            _ => {
                let expression: LitStr = text(input)?;
                self.generated.set(engine, quote!(#expression));
            }
        }
        Ok(())
    }

    /// What does not go together.
    fn check(&self) -> Result<()> {
        let wrong = |span: Span, message: &str| Err(syn::Error::new(span, message));
        let (key, field) = (&self.foreign_key, self.field.span());
        if self.references.is_none() {
            if let Some((span, _)) = key.on_delete.or(key.on_update) {
                return wrong(span, "this is said of a foreign key: references = Customer::id");
            }
            if key.deferral.is_some() || key.name.is_some() {
                return wrong(
                    field,
                    "`deferrable` and `foreign_key` are said of a foreign key: references = Customer::id",
                );
            }
        }
        if !self.generated.is_empty() && (!self.default.is_empty() || self.counting.is_some()) {
            return wrong(field, "a column that is computed has no default and does not count");
        }
        if self.is_virtual && self.generated.is_empty() {
            return wrong(
                field,
                "`virtual` is said of a column that is computed: generated = \"price * quantity\"",
            );
        }
        if self.counting.is_some() && !self.default.is_empty() {
            return wrong(field, "a column that counts has no default");
        }
        let known_null = self.nullable.unwrap_or(self.is_option() && !self.data_type.is_empty());
        match self.primary_key {
            Some(span) if known_null => wrong(span, "a primary key is never null"),
            _ => Ok(()),
        }
    }

    /// Whether the field's type is written as an option.
    fn is_option(&self) -> bool {
        let Type::Path(path) = &self.rust else { return false };
        let last = path.path.segments.last();
        last.is_some_and(|segment| {
            let argument = match &segment.arguments {
                PathArguments::AngleBracketed(arguments) => arguments.args.first(),
                _ => None,
            };
            segment.ident == "Option" && matches!(argument, Some(GenericArgument::Type(_)))
        })
    }

    /// Whether it may be null, as an expression.
    pub(super) fn nullability(&self) -> TokenStream {
        let rust = &self.rust;
        match (self.nullable, self.data_type.every.is_some()) {
            (Some(nullable), _) => quote!(#nullable),
            // A type that was said asks nothing of the field's type.
            (None, true) => {
                let is_option = self.is_option();
                quote!(#is_option)
            }
            (None, false) => quote!(<#rust as underpin_generated::ColumnType>::NULLABLE),
        }
    }

    /// The expression of the column.
    pub(super) fn expression(&self) -> TokenStream {
        let (name, rust) = (&self.name, &self.rust);
        let usual = quote!(<#rust as underpin_generated::ColumnType>::column_type());
        let data_type = PerEngine {
            every: Some(self.data_type.every.clone().unwrap_or(usual)),
            engines: self.data_type.engines.clone(),
        };
        let data_type = data_type.expression();
        let option = super::engine::optional;
        let (renamed_from, comment) = (option(self.renamed_from.as_deref()), option(self.comment.as_deref()));
        let (nullable, invisible) = (self.nullability(), self.invisible);
        let (default, generated) = (self.default.expression(), self.computed().expression());
        let (collation, on_update) = (self.collation.expression(), self.on_update_to.expression());
        let counting = match self.counting {
            Some(variant) => {
                let variant = Ident::new(variant, Span::call_site());
                quote!(::core::option::Option::Some(underpin_generated::Counting::#variant))
            }
            None => quote!(::core::option::Option::None),
        };
        quote!(underpin_generated::ModelColumn {
            name: ::std::string::String::from(#name),
            renamed_from: #renamed_from,
            data_type: #data_type,
            nullable: #nullable,
            default: #default,
            generated: #generated,
            counting: #counting,
            collation: #collation,
            on_update: #on_update,
            invisible: #invisible,
            comment: #comment,
        })
    }

    fn computed(&self) -> PerEngine {
        let stored = !self.is_virtual;
        let computed = |expression: &TokenStream| {
            quote!(underpin_generated::ModelGenerated {
                expression: ::std::string::String::from(#expression),
                stored: #stored,
            })
        };
        PerEngine {
            every: self.generated.every.as_ref().map(computed),
            engines: self.generated.engines.iter().map(|(engine, text)| (*engine, computed(text))).collect(),
        }
    }
}

/// Nothing, or `= always`, or `= by_default`.
fn identity(input: ParseStream<'_>) -> Result<&'static str> {
    match has_value(input) {
        false => Ok("ByDefault"),
        true => word(input, "kind of identity", &[("always", "Always"), ("by_default", "ByDefault")]),
    }
}

/// `= Customer::id`.
fn references(input: ParseStream<'_>) -> Result<Referenced> {
    if has_list(input) {
        return Err(input.error("references = Customer::id is how it is written beside a field"));
    }
    input.parse::<syn::Token![=]>()?;
    Referenced::parse(input)
}
