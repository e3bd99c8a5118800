//! What every reader of this catalog needs: the session, the database's name and the server's kind.
//! Not what is read.

use underpin_core::{
    dialect::{Dialect, Flavour},
    name::{literal, quote_in},
    schema::{ObjectId, ObjectKind, Options, Schema, ServerVersion},
};

use super::text;
use crate::database::{DatabaseError, Row, Session};

/// How many statements are sent at once. For each, both servers set aside as much memory as all the text
/// that is left, and free it only after the last (`Lex_input_stream::init` in their sources): with ten
/// thousand of them that would be more than a gigabyte.
const STATEMENTS: usize = 500;

/// The catalog of one database.
pub(super) struct Catalog<'a> {
    session: &'a mut dyn Session,
    /// The database's name on the server.
    pub(super) database: String,
    /// The name that ids have for it; none for the connection's own.
    schema: Option<String>,
    flavour: Flavour,
    version: ServerVersion,
    user: &'a str,
    /// What a new session of anybody has.
    sql_mode: &'a str,
}

impl<'a> Catalog<'a> {
    pub(super) fn new(
        session: &'a mut dyn Session,
        schema: &Schema,
        database: String,
        name: Option<String>,
        user: &'a str,
        sql_mode: &'a str,
    ) -> Self {
        let (flavour, version) = (schema.flavour, schema.version);
        Self { session, database, schema: name, flavour, version, user, sql_mode }
    }

    /// The rows of one query. `{database}` within it stands for the database's name as a literal.
    pub(super) async fn fetch(&mut self, query: &str) -> Result<Vec<Row>, DatabaseError> {
        let database = literal(Dialect::Mysql, &self.database);
        self.session.fetch(&query.replace("{database}", &database)).await
    }

    /// What `SHOW CREATE` says of each of these, in as few round trips as may be: the row of each, in their
    /// order.
    pub(super) async fn show_create(
        &mut self,
        kind: &str,
        names: &[&str],
    ) -> Result<Vec<Row>, DatabaseError> {
        let mut rows = Vec::with_capacity(names.len());
        for names in names.chunks(STATEMENTS) {
            let statement = |name: &&str| {
                format!("SHOW CREATE {kind} {}", quote_in(Dialect::Mysql, Some(&self.database), name))
            };
            let statements: Vec<String> = names.iter().map(statement).collect();
            rows.extend(self.session.fetch(&statements.join("; ")).await?);
        }
        Ok(rows)
    }

    pub(super) fn is_mariadb(&self) -> bool {
        self.flavour == Flavour::Mariadb
    }

    pub(super) fn is_at_least(&self, major: u32, minor: u32, patch: u32) -> bool {
        self.version >= ServerVersion::new(major, minor, patch)
    }

    /// The id of an object of this database.
    pub(super) fn id(&self, kind: ObjectKind, name: &str) -> ObjectId {
        ObjectId::new(kind, self.schema.as_deref(), name)
    }

    /// The name of a database that an object refers to; none where it is this one.
    pub(super) fn other_database(&self, name: &str) -> Option<String> {
        if name == self.database { self.schema.clone() } else { Some(name.to_owned()) }
    }

    /// A text without this database's name in front of the names of what is in it.
    ///
    /// Where the ids have the name, the text keeps it too.
    pub(super) fn local(&self, source: &str) -> String {
        match &self.schema {
            None => text::without_database(source, &self.database),
            Some(_) => source.to_owned(),
        }
    }

    /// Whether the objects of this database are called without it.
    pub(super) fn is_unnamed(&self) -> bool {
        self.schema.is_none()
    }

    /// Who a program runs as and how its text was read, where that is not what a new one would get.
    pub(super) fn program_options(&self, definer: &str, sql_mode: &str) -> Options {
        let mut options = Options::new();
        if !definer.is_empty() && definer != self.user {
            options.insert("definer".to_owned(), text::account(definer));
        }
        if text::lasting_mode(sql_mode) != text::lasting_mode(self.sql_mode) {
            options.insert("sql_mode".to_owned(), sql_mode.to_owned());
        }
        options
    }
}
