use crate::{
    dialect::Flavour::{Mariadb, Mysql, Postgres, Sqlite},
    statement::{Action, ActionKind, ConstraintKind, ObjectName, Statement},
};

use super::{
    super::{Context, Found, Severity, rebuild::Rebuild},
    ALL, Check, Example, Rule,
};

pub(super) static RULE: Rule = Rule {
    id: "drop-foreign-key",
    summary: "a foreign key that is dropped",
    flavours: ALL,
    why: "From then on rows may refer to nothing, and nobody notices until it is to be added again. If it \
          is to be another one, add that in the same file.",
    examples: &[
        Example::bad(Mysql, "ALTER TABLE orders DROP FOREIGN KEY orders_customer"),
        Example::bad(Mariadb, "ALTER TABLE orders DROP FOREIGN KEY IF EXISTS f"),
        Example::bad(Postgres, "ALTER TABLE orders DROP CONSTRAINT IF EXISTS f").after(
            "CREATE TABLE c (id int PRIMARY KEY); CREATE TABLE orders (c int, CONSTRAINT f \
            FOREIGN KEY (c) REFERENCES c)",
        ),
        Example::bad(Postgres, "ALTER TABLE orders DROP CONSTRAINT orders_customer_fkey"),
        Example::bad(
            Sqlite,
            "CREATE TABLE n (a int); INSERT INTO n (a) SELECT a FROM t; DROP TABLE t; \
        ALTER TABLE n RENAME TO t",
        )
        .after("CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (a int REFERENCES p (id))"),
        Example::good(Postgres, "ALTER TABLE orders DROP CONSTRAINT f")
            .after("CREATE TABLE orders (c int, CONSTRAINT f CHECK (c > 0))"),
        Example::good(
            Mysql,
            "ALTER TABLE orders DROP FOREIGN KEY f, ADD CONSTRAINT f FOREIGN KEY \
            (c) REFERENCES c (id) ON DELETE CASCADE",
        ),
        Example::good(Postgres, "ALTER TABLE orders DROP CONSTRAINT positive"),
    ],
    check: Check::Statement(check),
};

fn check(context: &Context<'_>) -> Vec<Found> {
    if context.flavour == Sqlite && matches!(context.statement, Statement::Drop(_)) {
        return rebuilt(context);
    }
    if replaced(context) {
        return Vec::new();
    }
    let found = |(table, action): (&ObjectName, &Action)| {
        let name = match &action.kind {
            ActionKind::DropForeignKey { constraint } => constraint,
            ActionKind::DropConstraint { constraint, .. } if is_key(context, table, constraint) => constraint,
            _ => return None,
        };
        Some(of(table, name).at(action))
    };
    context.actions_in_use().filter_map(found).collect()
}

fn of(table: &ObjectName, name: &str) -> Found {
    let message =
        format!("nothing keeps rows of {table} from referring to what is not there, once {name} is gone");
    Found::new(Severity::Warning, message, "keep it, or add the other one in the same file")
}

/// Whether the constraint is a foreign key: as the catalog says, or by the names that servers and tools
/// give where it says nothing.
fn is_key(context: &Context<'_>, table: &ObjectName, name: &str) -> bool {
    let known = context.table(table).and_then(|table| table.constraint(name));
    match known {
        Some(constraint) => matches!(constraint.kind, ConstraintKind::ForeignKey { .. }),
        None => {
            let name = name.to_lowercase();
            name.split('_').any(|word| matches!(word, "fk" | "fkey" | "ibfk" | "foreign"))
        }
    }
}

/// Whether the statement, or one after it, adds a foreign key to the same table.
fn replaced(context: &Context<'_>) -> bool {
    let Some(alter) = context.alter() else { return false };
    let adds = |statement: &Statement| match statement {
        Statement::AlterTable(other) if other.table == alter.table => {
            other.actions.iter().any(|action| match &action.kind {
                ActionKind::AddConstraint(added) => matches!(added.kind, ConstraintKind::ForeignKey { .. }),
                _ => false,
            })
        }
        _ => false,
    };
    adds(context.statement) || context.later().iter().any(adds)
}

fn rebuilt(context: &Context<'_>) -> Vec<Found> {
    let Some(rebuild) = Rebuild::at(context) else { return Vec::new() };
    let Some(before) = context.table(rebuild.old) else { return Vec::new() };
    let kept: Vec<&ObjectName> = rebuild.create.referenced().collect();
    let lost = before.references().filter(|to| !kept.iter().any(|kept| context.catalog.same_table(kept, to)));
    lost.map(|to| of(rebuild.old, &format!("the key to {to}"))).collect()
}
