//! `#[table(…)]`: what is said beside the struct. What it comes to is put together in `write`.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::{
    DeriveInput, Path,
    ext::IdentExt,
    parse::{ParseStream, Result},
};

use super::{
    attribute::{self, Keys, comment, flag, nested, number_or_text, path, text},
    casing::Casing,
    constraint::{Check, ForeignKey, PrimaryKey, Unique},
    engine::{Engine, PerEngine, owned},
    index::Index,
    sqlx,
};

/// What is said beside the struct.
#[derive(Default)]
pub(super) struct Table {
    pub(super) underpin: Option<Path>,
    pub(super) name: String,
    pub(super) schema: PerEngine,
    pub(super) renamed_from: Option<String>,
    pub(super) casing: Option<Casing>,
    pub(super) comment: Option<String>,
    pub(super) primary_key: Option<PrimaryKey>,
    pub(super) uniques: Vec<Unique>,
    pub(super) indexes: Vec<Index>,
    pub(super) checks: Vec<Check>,
    pub(super) foreign_keys: Vec<ForeignKey>,
    pub(super) options: Vec<TokenStream>,
    pub(super) extensions: Vec<String>,
}

const KEYS: Keys = Keys {
    of: "a table",
    once: &["name", "schema", "renamed_from", "rename_all", "comment", "primary_key", "crate"],
    often: &["unique", "index", "check", "foreign_key", "sqlite", "postgres", "mysql", "mariadb"],
};

impl Table {
    /// Reads the struct's attributes.
    pub(super) fn of(input: &DeriveInput) -> Result<Self> {
        let sqlx = sqlx::read(&input.attrs);
        let mut table = Self {
            name: Casing::Snake.of(&input.ident.unraw().to_string()),
            casing: sqlx.rename_all,
            ..Self::default()
        };
        attribute::read(&input.attrs, "table", &KEYS, |key, stream| table.take(key, stream, input))?;
        Ok(table)
    }

    fn take(&mut self, key: &Ident, input: ParseStream<'_>, item: &DeriveInput) -> Result<()> {
        let name = key.unraw().to_string();
        match name.as_str() {
            "name" => self.name = text(input)?.value(),
            "schema" => self.schema.set(None, owned(&text(input)?.value())),
            "renamed_from" => self.renamed_from = Some(text(input)?.value()),
            "rename_all" => self.casing = Some(Casing::named(&text(input)?)?),
            "comment" => self.comment = Some(comment(key, input, &item.attrs)?),
            "primary_key" => self.primary_key = Some(PrimaryKey::parse(input)?),
            "unique" => self.uniques.push(Unique::of_struct(key, input)?),
            "index" => self.indexes.push(Index::of_struct(key, input)?),
            "check" => self.checks.push(Check::parse(key, input)?),
            "foreign_key" => self.foreign_keys.push(ForeignKey::parse(key, input)?),
            "crate" => self.underpin = Some(path(input)?),
            _ => {
                if let Some(engine) = Engine::named(&name) {
                    self.take_engine(engine, input)?;
                }
            }
        }
        Ok(())
    }

    /// What is said for one engine.
    fn take_engine(&mut self, engine: Engine, input: ParseStream<'_>) -> Result<()> {
        let (once, often): (&[&str], &[&str]) = match engine {
            Engine::Sqlite => (&["strict", "without_rowid"], &[]),
            Engine::Postgres => {
                (&["schema", "unlogged", "fillfactor", "tablespace", "partition_by"], &["extension"])
            }
            Engine::Mysql | Engine::Mariadb => {
                (&["engine", "charset", "collation", "row_format", "auto_increment", "partition_by"], &[])
            }
        };
        nested(input, &Keys { of: "a table on this engine", once, often }, |key, input| {
            let option = match key.to_string().as_str() {
                "schema" => {
                    self.schema.set(Some(engine), owned(&text(input)?.value()));
                    return Ok(());
                }
                "extension" => {
                    self.extensions.push(text(input)?.value());
                    return Ok(());
                }
                "strict" => ("Strict", switch(input)?),
                "without_rowid" => ("WithoutRowid", switch(input)?),
                "unlogged" => ("Unlogged", switch(input)?),
                "fillfactor" => ("Fillfactor", Some(number_or_text(input)?)),
                "tablespace" => ("Tablespace", Some(text(input)?.value())),
                "partition_by" => ("PartitionBy", Some(text(input)?.value())),
                "engine" => ("Engine", Some(text(input)?.value())),
                "charset" => ("Charset", Some(text(input)?.value())),
                "collation" => ("Collation", Some(text(input)?.value())),
                "row_format" => ("RowFormat", Some(text(input)?.value())),
                _ => ("AutoIncrement", Some(number_or_text(input)?)),
            };
            if let (name, Some(value)) = option {
                let (flavour, option) = (engine.flavour(), Ident::new(name, key.span()));
                self.options.push(quote!(
                    ((#flavour, underpin_generated::ModelOption::#option), ::std::string::String::from(#value))
                ));
            }
            Ok(())
        })
    }
}

/// An option that has no value, where it is on.
fn switch(input: ParseStream<'_>) -> Result<Option<String>> {
    flag(input).map(|on| on.then(String::new))
}
