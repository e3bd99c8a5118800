//! Models as a schema that is wanted. What statements they are is decided in `underpin-core`; here they are
//! executed as they are, in their order.

use std::time::Duration;

use async_trait::async_trait;
use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind},
    difference::Renames,
    schema::Schema,
    sql,
};

use super::{DesiredSchema, sql::hasty_writer};
use crate::{
    Models,
    database::{Database, DatabaseError, Session},
};

#[async_trait]
impl DesiredSchema for Models {
    fn describe(&self) -> String {
        "the models".to_owned()
    }

    async fn make(&self, empty: &Database, patience: Duration) -> Result<(), Diagnostic> {
        let mut session = hasty_writer(empty, patience).await?;
        let result = run(self, session.as_mut()).await;
        session.close().await;
        result
    }

    fn renames(&self, made: &Schema) -> Result<Renames, Diagnostic> {
        Ok(Models::renames(self, made.flavour, own_namespace(self, made)))
    }
}

async fn run(models: &Models, session: &mut dyn Session) -> Result<(), Diagnostic> {
    let flavour = crate::inspect::flavour(session).await?;
    for statement in models.statements(flavour)? {
        if let Some(what) = sql::leaves_database(flavour.dialect(), &statement) {
            let message = format!("what the models say {what}, which no scratch database may do");
            return Err(Diagnostic::new(ErrorKind::Model, message)
                .state("nothing was changed outside of scratch databases")
                .hint(
                    "leave the database out of the name: a table is made in the one that the session is in",
                ));
        }
        if let Err(failure) = session.execute(&statement).await {
            return Err(refused(&statement, &failure.error));
        }
    }
    Ok(())
}

fn refused(statement: &str, error: &DatabaseError) -> Diagnostic {
    let first = statement.lines().next().unwrap_or_default().trim_end_matches(" (");
    let message = format!("the server does not take what the models say: {}", error.with_code());
    // A server that is gone has nothing against the models.
    let kind = match error.class.kind() {
        ErrorKind::Unavailable => ErrorKind::Unavailable,
        _ => ErrorKind::Model,
    };
    Diagnostic::new(kind, message)
        .state("only a scratch database was touched")
        .hint(format!("it is about {first}"))
}

/// The namespace that tables without any were made in, where inspection writes it.
fn own_namespace<'a>(models: &Models, made: &'a Schema) -> Option<&'a str> {
    let nameless = |name: &str| models.has_own_table(name, made.flavour);
    made.tables().find(|(id, _)| nameless(&id.name)).and_then(|(id, _)| id.schema.as_deref())
}
