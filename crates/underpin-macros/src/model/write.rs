//! The code that a table's derive becomes: one implementation of `Table`, and assertions that the compiler
//! makes about the types of fields.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::{Data, DeriveInput, Fields, ext::IdentExt, parse::Result};

use super::{
    attribute::{Errors, unknown},
    block,
    column::Column,
    constraint::{Fields as Names, strings},
    engine::optional,
    index::Index,
    table::Table,
};

/// The implementation of `Table` for a struct.
pub(super) fn table(input: &DeriveInput) -> Result<TokenStream> {
    let (table, columns) = read(input)?;
    let ident = &input.ident;
    let (name, schema) = (&table.name, table.schema.expression());
    let names = names(&columns);
    let model = model(&table, &columns)?;
    let assertions = columns.iter().map(assertions);
    let items = quote! {
        #names

        impl underpin_generated::Table for #ident {
            type Columns = Columns;
            const COLUMNS: Columns = COLUMNS;

            fn name() -> underpin_generated::ModelName {
                underpin_generated::ModelName {
                    schema: #schema,
                    name: ::std::string::String::from(#name),
                }
            }

            fn model() -> underpin_generated::ModelTable {
                #model
            }
        }

        #(#assertions)*
    };
    Ok(block(table.underpin.as_ref(), &items))
}

fn read(input: &DeriveInput) -> Result<(Table, Vec<Column>)> {
    let Data::Struct(data) = &input.data else {
        let message = "a table is a struct; an enum is a type of a column: #[derive(underpin::Enum)]";
        return Err(syn::Error::new(input.ident.span(), message));
    };
    let Fields::Named(fields) = &data.fields else {
        return Err(syn::Error::new(input.ident.span(), "a table is a struct with named fields"));
    };
    if let Some(parameter) = input.generics.params.first() {
        return Err(syn::Error::new_spanned(parameter, "a table has no generic parameters"));
    }
    let mut errors = Errors::default();
    let table = errors.take(Table::of(input)).unwrap_or_default();
    let mut columns: Vec<Column> = Vec::new();
    for field in &fields.named {
        let Some(column) = errors.take(Column::of(field, table.casing)).flatten() else { continue };
        if let Some(other) = columns.iter().find(|other| other.name == column.name) {
            let message = format!("the field `{}` is the column `{}` already", other.field, column.name);
            errors.add(column.field.span(), &message);
        }
        columns.push(column);
    }
    // `primary_key(name = "…")` beside the struct names the key that the fields make.
    let beside_struct = table.primary_key.as_ref().is_some_and(|key| !key.columns.is_empty());
    if let Some(span) = columns.iter().find_map(|column| column.primary_key)
        && beside_struct
    {
        errors.add(span, "the primary key is said beside the struct already");
    }
    errors.finish((table, columns))
}

/// The columns' names, each in a field of the name that the struct's own field has.
fn names(columns: &[Column]) -> TokenStream {
    let fields: Vec<&Ident> = columns.iter().map(|column| &column.field).collect();
    let names = columns.iter().map(|column| &column.name);
    quote! {
        #[allow(non_snake_case, dead_code)]
        pub struct Columns { #(pub #fields: underpin_generated::ColumnName),* }
        const COLUMNS: Columns = Columns { #(#fields: underpin_generated::ColumnName(#names)),* };
    }
}

fn model(table: &Table, columns: &[Column]) -> Result<TokenStream> {
    let (renamed_from, comment) =
        (optional(table.renamed_from.as_deref()), optional(table.comment.as_deref()));
    let column_expressions = columns.iter().map(Column::expression);
    let primary_key = primary_key(table, columns)?;
    let (uniques, foreign_keys) = (uniques(table, columns)?, foreign_keys(table, columns)?);
    let indexes = indexes(table, columns)?;
    let checks = table.checks.iter().map(|check| check.expression(None)).chain(
        columns
            .iter()
            .flat_map(|column| column.checks.iter().map(|check| check.expression(Some(&column.name)))),
    );
    let (options, extensions) = (&table.options, strings(&table.extensions));
    Ok(quote! {
        underpin_generated::ModelTable {
            name: <Self as underpin_generated::Table>::name(),
            renamed_from: #renamed_from,
            comment: #comment,
            columns: ::std::vec![#(#column_expressions),*],
            primary_key: #primary_key,
            uniques: ::std::vec![#(#uniques),*],
            checks: ::std::vec![#(#checks),*],
            foreign_keys: ::std::vec![#(#foreign_keys),*],
            indexes: ::std::vec![#(#indexes),*],
            options: ::core::iter::FromIterator::from_iter(
                ::std::vec::Vec::<((underpin_generated::Flavour, underpin_generated::ModelOption), ::std::string::String)>::from([#(#options),*])
            ),
            extensions: #extensions,
        }
    })
}

fn primary_key(table: &Table, columns: &[Column]) -> Result<TokenStream> {
    let beside_fields = || {
        let keys = columns.iter().filter(|column| column.primary_key.is_some());
        keys.map(|column| column.name.clone()).collect()
    };
    let (name, names) = match &table.primary_key {
        Some(key) if key.columns.is_empty() => (key.name.as_deref(), beside_fields()),
        Some(key) => (key.name.as_deref(), column_names(&key.columns, columns)?),
        None => (None, beside_fields()),
    };
    let (name, names) = (optional(name), strings(&names));
    Ok(quote!(underpin_generated::ModelPrimaryKey { name: #name, columns: #names }))
}

fn uniques(table: &Table, columns: &[Column]) -> Result<Vec<TokenStream>> {
    let mut expressions = Vec::new();
    for column in columns {
        let names = [column.name.clone()];
        expressions.extend(column.uniques.iter().map(|unique| unique.expression(&names)));
    }
    for unique in &table.uniques {
        expressions.push(unique.expression(&column_names(&unique.columns, columns)?));
    }
    Ok(expressions)
}

fn foreign_keys(table: &Table, columns: &[Column]) -> Result<Vec<TokenStream>> {
    let mut expressions = Vec::new();
    for column in columns {
        let names = [column.name.clone()];
        let referenced = column.references.as_slice();
        expressions
            .extend(column.references.iter().map(|_| column.foreign_key.expression(&names, referenced)));
    }
    for key in &table.foreign_keys {
        expressions.push(key.words.expression(&column_names(&key.columns, columns)?, &key.referenced));
    }
    Ok(expressions)
}

fn indexes(table: &Table, columns: &[Column]) -> Result<Vec<TokenStream>> {
    let mut expressions = Vec::new();
    for column in columns {
        for index in &column.indexes {
            let part = index.part(&super::index::Part::default(), &column.name);
            expressions.push(index.expression(&[part], &column_names(&index.include, columns)?));
        }
    }
    for index in &table.indexes {
        let parts = parts(index, columns)?;
        expressions.push(index.expression(&parts, &column_names(&index.include, columns)?));
    }
    Ok(expressions)
}

fn parts(index: &Index, columns: &[Column]) -> Result<Vec<TokenStream>> {
    let expression = |part: &super::index::Part| {
        let name = part.field.as_ref().map_or(Ok(""), |field| column_name(field, columns))?;
        Ok(index.part(part, name))
    };
    index.parts.iter().map(expression).collect()
}

fn column_names(fields: &Names, columns: &[Column]) -> Result<Vec<String>> {
    fields.iter().map(|field| column_name(field, columns).map(str::to_owned)).collect()
}

/// The column that a field is. One that is called otherwise may be named either way.
fn column_name<'a>(field: &Ident, columns: &'a [Column]) -> Result<&'a str> {
    let is_field = |column: &&Column| column.field.unraw() == field.unraw();
    let is_column = |column: &&Column| field.unraw() == column.name.as_str();
    let found = columns.iter().find(is_field).or_else(|| columns.iter().find(is_column));
    found.map(|column| column.name.as_str()).ok_or_else(|| {
        let fields = || columns.iter().map(|column| column.field.unraw().to_string());
        unknown(field, &format!("`{field}` is no field that is a column"), fields)
    })
}

/// What must hold of a field's type, and only the compiler knows.
fn assertions(column: &Column) -> TokenStream {
    let nullability = column.nullability();
    let never_null = column.primary_key.map(|span| {
        assertion(span, &column.field, "key", &quote!(!#nullability), "a primary key is never null")
    });
    let may_be_null = column.foreign_key.sets_null().map(|span| {
        let message = "a column that is never null can't be set to null: make it an Option";
        assertion(span, &column.field, "null", &nullability, message)
    });
    quote!(#never_null #may_be_null)
}

fn assertion(span: Span, field: &Ident, what: &str, holds: &TokenStream, message: &str) -> TokenStream {
    let name = format_ident!("_{}_{what}", field.unraw());
    quote_spanned! {span=>
        #[allow(non_upper_case_globals)]
        const #name: () = ::core::assert!(#holds, #message);
    }
}
