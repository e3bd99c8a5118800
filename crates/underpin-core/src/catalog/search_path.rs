//! In which schemas a name is looked up that says none: what `SET search_path` has made of it (PostgreSQL manual,
//! 5.10.3 "The Schema Search Path"). Not which tables are there.

use crate::statement::{Setting, Statement, TransactionControl};

/// The schemas in which a name without one is looked up; nothing where nobody has said any.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct SearchPath {
    session: Option<Vec<String>>,
    /// What `SET LOCAL` says until the transaction ends.
    transaction: Option<Vec<String>>,
}

impl SearchPath {
    /// Takes note of a statement that is executed.
    pub(super) fn follow(&mut self, statement: &Statement) {
        match statement {
            Statement::Set(setting) if setting.name == "search_path" => {
                let path = if setting.local { &mut self.transaction } else { &mut self.session };
                *path = schemas(setting);
            }
            Statement::Transaction(TransactionControl::Commit | TransactionControl::Rollback) => {
                self.transaction = None;
            }
            Statement::Other(words)
                if ["RESET SEARCH_PATH", "RESET ALL", "DISCARD ALL"].contains(&words.as_str()) =>
            {
                *self = Self::default();
            }
            _ => {}
        }
    }

    /// The schemas, in order, where somebody has said which.
    pub(super) fn schemas(&self) -> Option<&[String]> {
        self.transaction.as_deref().or(self.session.as_deref())
    }
}

/// The schemas of a setting that a migration may make tables in; nothing where it says the default.
fn schemas(setting: &Setting) -> Option<Vec<String>> {
    if setting.value == "default" {
        return None;
    }
    let names = setting.value.split(',').map(|name| name.trim().trim_matches(['\'', '"']));
    // Of "$user" nobody knows here whether there is a schema.
    let own = |name: &&str| !name.is_empty() && !["$user", "pg_catalog", "pg_temp"].contains(name);
    let schemas: Vec<String> = names.filter(own).map(str::to_owned).collect();
    (!schemas.is_empty()).then_some(schemas)
}
