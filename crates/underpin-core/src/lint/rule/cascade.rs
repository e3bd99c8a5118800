use crate::{
    dialect::Flavour::Postgres,
    statement::{Action, ActionKind, ObjectClass, ObjectName, Statement},
};

use super::{
    super::{Context, Found, Severity},
    Check, Example, POSTGRES, Rule,
};

pub(super) static RULE: Rule = Rule {
    id: "cascade",
    summary: "objects that are dropped without being named",
    flavours: POSTGRES,
    why: "CASCADE drops whatever depends on what is named: views, foreign keys of other tables, columns of \
          a type, defaults. Nobody who reviews the file sees what. Drop those first, by name. DROP OWNED BY drops \
          all that a role owns.",
    examples: &[
        Example::bad(Postgres, "DROP TABLE orders CASCADE"),
        Example::bad(Postgres, "DROP TYPE state CASCADE"),
        Example::bad(Postgres, "DROP FUNCTION f(int, text) CASCADE"),
        Example::bad(Postgres, "DROP EXTENSION IF EXISTS hstore CASCADE"),
        Example::bad(Postgres, "ALTER TABLE orders DROP COLUMN a CASCADE"),
        Example::bad(Postgres, "ALTER TABLE orders DROP CONSTRAINT p CASCADE"),
        Example::bad(Postgres, "DROP OWNED BY shop_old"),
        Example::good(Postgres, "ALTER TABLE orders DROP CONSTRAINT p RESTRICT"),
        Example::good(Postgres, "DROP VIEW v"),
        Example::good(Postgres, "CREATE TABLE x (a int); DROP TABLE x CASCADE"),
        Example::good(Postgres, "ALTER TABLE a ADD FOREIGN KEY (b) REFERENCES c ON DELETE CASCADE"),
    ],
    check: Check::Statement(check),
};

fn check(context: &Context<'_>) -> Vec<Found> {
    let of = |what: &str| {
        let message = format!("whatever depends on {what} is dropped with it");
        Found::new(Severity::Error, message, "drop what depends on it by name, then without CASCADE")
    };
    if let Statement::Drop(drop) = context.statement {
        if drop.class == ObjectClass::Owned {
            let roles: Vec<String> = drop.names.iter().map(ToString::to_string).collect();
            let message = format!(
                "everything that {} owns in this database is dropped, its tables too",
                roles.join(", ")
            );
            let help = "REASSIGN OWNED BY … TO …; drop by name what nobody needs";
            return vec![Found::new(Severity::Error, message, help)];
        }
        let table = drop.class == ObjectClass::Table;
        let here = table && drop.names.iter().all(|name| !context.in_use(name));
        let names: Vec<String> = drop.names.iter().map(ToString::to_string).collect();
        return if drop.cascade && !here { vec![of(&names.join(", "))] } else { Vec::new() };
    }
    let found = |(_, action): (&ObjectName, &Action)| match &action.kind {
        ActionKind::DropColumn { column: name, cascade: true, .. }
        | ActionKind::DropConstraint { constraint: name, cascade: true, .. } => Some(of(name).at(action)),
        _ => None,
    };
    context.actions_in_use().filter_map(found).collect()
}
