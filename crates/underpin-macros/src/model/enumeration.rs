//! `#[derive(Enum)]`: an enum without data as a type of the database.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::{
    Data, DeriveInput, Fields, LitStr, Path, Variant,
    ext::IdentExt,
    parse::{ParseStream, Result},
};

use super::{
    attribute::{self, Errors, Keys, comment, path, text},
    block,
    casing::Casing,
    engine::{PerEngine, optional, owned},
    sqlx,
};

/// What is said beside the enum.
struct Enumeration {
    underpin: Option<Path>,
    name: String,
    schema: PerEngine,
    renamed_from: Option<String>,
    casing: Option<Casing>,
    comment: Option<String>,
}

/// A variant and its value.
struct Value {
    variant: Ident,
    name: String,
    renamed_from: Option<String>,
}

const KEYS: Keys = Keys {
    of: "an enum",
    once: &["name", "schema", "renamed_from", "rename_all", "comment", "crate"],
    often: &[],
};

/// The implementations of `Enum` and `ColumnType` for an enum.
pub(super) fn expand(input: &DeriveInput) -> Result<TokenStream> {
    let (enumeration, values) = read(input)?;
    let ident = &input.ident;
    let (name, schema) = (&enumeration.name, enumeration.schema.expression());
    let (renamed_from, comment) =
        (optional(enumeration.renamed_from.as_deref()), optional(enumeration.comment.as_deref()));
    let models = values.iter().map(|value| {
        let (name, renamed_from) = (&value.name, optional(value.renamed_from.as_deref()));
        quote!(underpin_generated::ModelEnumValue {
            name: ::std::string::String::from(#name),
            renamed_from: #renamed_from,
        })
    });
    let (variants, names): (Vec<_>, Vec<_>) =
        values.iter().map(|value| (&value.variant, &value.name)).unzip();
    let items = quote! {
        impl underpin_generated::Enum for #ident {
            fn model() -> underpin_generated::ModelEnum {
                underpin_generated::ModelEnum {
                    name: underpin_generated::ModelName {
                        schema: #schema,
                        name: ::std::string::String::from(#name),
                    },
                    renamed_from: #renamed_from,
                    values: ::std::vec![#(#models),*],
                    comment: #comment,
                }
            }

            fn value(&self) -> &'static str {
                match self { #(Self::#variants => #names,)* }
            }
        }

        impl underpin_generated::ColumnType for #ident {
            fn column_type() -> underpin_generated::ModelType {
                underpin_generated::ModelType::Enum(<Self as underpin_generated::Enum>::model())
            }
        }
    };
    Ok(block(enumeration.underpin.as_ref(), &items))
}

fn read(input: &DeriveInput) -> Result<(Enumeration, Vec<Value>)> {
    let Data::Enum(data) = &input.data else {
        let message = "an enum of the database is an enum; a struct is a table: #[derive(underpin::Table)]";
        return Err(syn::Error::new(input.ident.span(), message));
    };
    if data.variants.is_empty() {
        return Err(syn::Error::new(input.ident.span(), "an enum of the database has a value at least"));
    }
    let sqlx = sqlx::read(&input.attrs);
    let mut enumeration = Enumeration {
        underpin: None,
        name: sqlx.type_name.unwrap_or_else(|| Casing::Snake.of(&input.ident.unraw().to_string())),
        schema: PerEngine::default(),
        renamed_from: None,
        casing: sqlx.rename_all,
        comment: None,
    };
    let mut errors = Errors::default();
    errors.take(attribute::read(&input.attrs, "enumeration", &KEYS, |key, stream| {
        enumeration.take(key, stream, input)
    }));
    let mut values: Vec<Value> = Vec::new();
    for variant in &data.variants {
        let Some(value) = errors.take(Value::of(variant, enumeration.casing)) else { continue };
        if values.iter().any(|other| other.name == value.name) {
            errors.add(variant.ident.span(), &format!("two variants have the value `{}`", value.name));
        }
        values.push(value);
    }
    errors.finish((enumeration, values))
}

impl Enumeration {
    fn take(&mut self, key: &Ident, input: ParseStream<'_>, item: &DeriveInput) -> Result<()> {
        match key.unraw().to_string().as_str() {
            "name" => self.name = text(input)?.value(),
            "schema" => self.schema.set(None, owned(&text(input)?.value())),
            "renamed_from" => self.renamed_from = Some(text(input)?.value()),
            "rename_all" => self.casing = Some(Casing::named(&text(input)?)?),
            "comment" => self.comment = Some(comment(key, input, &item.attrs)?),
            _ => self.underpin = Some(path(input)?),
        }
        Ok(())
    }
}

impl Value {
    fn of(variant: &Variant, casing: Option<Casing>) -> Result<Self> {
        if !matches!(variant.fields, Fields::Unit) {
            let message = "a variant with data is no value of a database's enum";
            return Err(syn::Error::new(variant.ident.span(), message));
        }
        let plain = variant.ident.unraw().to_string();
        let usual = casing.map_or_else(|| plain.clone(), |casing| casing.of(&plain));
        let name = sqlx::read(&variant.attrs).rename.unwrap_or(usual);
        let mut value = Self { variant: variant.ident.clone(), name, renamed_from: None };
        for attribute in variant.attrs.iter().filter(|attribute| attribute.path().is_ident("value")) {
            if let Ok(name) = attribute.parse_args::<LitStr>() {
                value.name = name.value();
            }
        }
        let keyed: Vec<_> = variant
            .attrs
            .iter()
            .filter(|attribute| attribute.parse_args::<LitStr>().is_err())
            .cloned()
            .collect();
        let keys = Keys { of: "a value", once: &["name", "renamed_from"], often: &[] };
        attribute::read(&keyed, "value", &keys, |key, input| {
            match key.to_string().as_str() {
                "name" => value.name = text(input)?.value(),
                _ => value.renamed_from = Some(text(input)?.value()),
            }
            Ok(())
        })?;
        Ok(value)
    }
}
