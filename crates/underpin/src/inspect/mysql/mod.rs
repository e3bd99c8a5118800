//! The catalog of MySQL and MariaDB, from `information_schema`, and from `SHOW CREATE` where that
//! does not tell. Nothing here decides what differs; but the database's own name is taken out of
//! every text, so that the same schema reads alike in databases of two names.

mod catalog;
mod clause;
mod column;
mod constraint;
mod database;
mod event;
mod index;
mod literal;
mod lost;
mod partition;
mod routine;
mod sequence;
mod show;
mod table;
mod text;
mod trigger;
mod unsupported;
mod view;

use underpin_core::schema::Schema;

use self::catalog::Catalog;
use super::Scope;
use crate::{
    database::{DatabaseError, Session},
    scratch,
};

/// Reads the catalog into `schema`: the database of the connection, or those that the scope names.
pub(super) async fn read(
    session: &mut dyn Session,
    scope: &Scope,
    schema: &mut Schema,
) -> Result<(), DatabaseError> {
    let rows =
        session.fetch("SELECT DATABASE(), CURRENT_USER(), @@SESSION.sql_mode, @@GLOBAL.sql_mode").await?;
    let Some(row) = rows.first() else { return Ok(()) };
    let own = row.text(0).to_owned();
    let databases = match scope.schemas.is_empty() {
        true if own.is_empty() => Vec::new(),
        true => vec![own.clone()],
        // The databases that a scope names are live ones, and none of a scratch database's business.
        false if scratch::is_ours(&own) => vec![own.clone()],
        false => scope.schemas.clone(),
    };
    let (user, sql_mode) = (row.text(1).to_owned(), row.text(2).to_owned());
    // With this setting the server would write names as we read strings.
    let ansi = sql_mode.split(',').any(|word| word == "ANSI_QUOTES");
    if ansi {
        set_sql_mode(session, "REPLACE(REPLACE(@@SESSION.sql_mode, 'ANSI_QUOTES', ''), 'ANSI', '')").await?;
    }
    let mut result = Ok(());
    for database in databases {
        let name = (database != own).then(|| database.clone());
        let mut catalog = Catalog::new(session, schema, database, name, &user, row.text(3));
        result = read_database(&mut catalog, schema).await;
        if result.is_err() {
            break;
        }
    }
    if ansi {
        let restored = underpin_core::name::literal(underpin_core::dialect::Dialect::Mysql, &sql_mode);
        set_sql_mode(session, &restored).await?;
    }
    result
}

async fn set_sql_mode(session: &mut dyn Session, value: &str) -> Result<(), DatabaseError> {
    let script = format!("SET SESSION sql_mode = {value}");
    session.execute(&script).await.map(|_| ()).map_err(|failure| failure.error)
}

async fn read_database(catalog: &mut Catalog<'_>, schema: &mut Schema) -> Result<(), DatabaseError> {
    database::read(catalog, schema).await?;
    let mut tables = table::read(catalog).await?;
    column::read(catalog, &mut tables).await?;
    index::read(catalog, &mut tables).await?;
    partition::read(catalog, &mut tables).await?;
    show::read(catalog, &mut tables).await?;
    literal::read(catalog, &mut tables).await?;
    sequence::read(catalog, &tables, schema).await?;
    view::read(catalog, &tables, schema).await?;
    table::insert(catalog, tables, schema);
    routine::read(catalog, schema).await?;
    trigger::read(catalog, schema).await?;
    event::read(catalog, schema).await?;
    unsupported::read(catalog, schema).await
}
