//! A program's models as a schema that is wanted. How a model becomes SQL is `core::model`'s.

use std::time::Duration;

use async_trait::async_trait;
use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind},
    difference::{Rename, Renames},
    dialect::Dialect,
    schema::Schema,
};

use super::{DesiredSchema, sql::writer};
use crate::{Models, database::Database};

#[async_trait]
impl DesiredSchema for Models {
    fn describe(&self) -> String {
        "the models".to_owned()
    }

    async fn make(&self, empty: &Database, patience: Duration) -> Result<(), Diagnostic> {
        let mut session = writer(empty, patience).await?;
        let result = async {
            let flavour = crate::inspect::flavour(session.as_mut()).await?;
            for statement in self.statements(flavour)? {
                if let Err(failure) = session.execute(&statement).await {
                    let message =
                        format!("the server does not take a model: {}", failure.error.with_code());
                    return Err(Diagnostic::new(ErrorKind::Configuration, message)
                        .state("only a scratch database was touched")
                        .hint(format!("this is its statement:\n{statement}")));
                }
            }
            Ok(())
        };
        let result = result.await;
        session.close().await;
        result
    }

    fn renames(&self, made: &Schema) -> Result<Renames, Diagnostic> {
        let named = |namespace: Option<&str>| Models::renames(self, made.flavour, namespace);
        // A namespace is written or not, as the scope of the inspection has it.
        let written = match made.flavour.dialect() {
            Dialect::Postgres => made.objects.keys().any(|id| id.schema.as_deref() == Some("public")),
            Dialect::Sqlite | Dialect::Mysql => false,
        };
        let renames: Vec<Rename> = named(written.then_some("public")).0;
        Ok(Renames(renames))
    }
}
