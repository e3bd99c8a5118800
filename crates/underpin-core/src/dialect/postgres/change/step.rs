//! A step as statements: for each unit and phase what the unit's own file writes. Nothing is decided here.

use super::{
    action::Action,
    attachment, check, column, constraint,
    conversion::Way,
    grant, index, inheritance, kin, left_key, never_null,
    order::{Phase, Step},
    plan::Plan,
    program, sequence, shared_never_null,
    side::{Part, Side, Unit},
    table::{self, Inline},
    text, trigger_state, typed, types, view,
};
use crate::{
    difference::Statement,
    schema::{Body, Column, Constraint, ConstraintKind, Object, ObjectId, ObjectKind, Options, Table},
};

/// The mark of the index that a table is clustered by.
const CLUSTERED: &str = "clustered";

/// The statements of a step.
pub(super) fn statements(plan: &Plan<'_>, (id, phase): &Step) -> Vec<Statement> {
    let (from, to) = (plan.from.units.get(id), plan.to.units.get(id));
    match (phase, from, to) {
        (Phase::Drop, Some(from), _) => dropped(plan, id, from),
        (Phase::Make, _, Some(to)) => made(plan, id, to),
        (Phase::Alter, Some(from), Some(to)) => altered(plan, id, from, to),
        (Phase::Leave, Some(from), Some(to)) => left(id, from, to),
        (Phase::Finish, from, Some(to)) => finished(plan, id, from, to),
        _ => Vec::new(),
    }
}

fn dropped(plan: &Plan<'_>, id: &ObjectId, from: &Unit<'_>) -> Vec<Statement> {
    let owner = &from.object.id;
    let aside = plan.action(id) == Action::Rebuild;
    match from.part {
        Part::Column(column) if is_from_parent(plan, from, column) => Vec::new(),
        Part::Column(column) => inheritance::column_dropped(plan, owner, column),
        Part::Default(column) => vec![column::drop_default(owner, column, plan.has_children(owner))],
        Part::Constraint(own)
            if check::is_check(from)
                && (check::goes_later(plan, from, own)
                    || !plan.to.units.contains_key(id) && check::stays(plan, id, from, own)) =>
        {
            Vec::new()
        }
        Part::Constraint(_) | Part::Index(_)
            if !plan.to.units.contains_key(id) && is_of_parent(&plan.to, &plan.from, from) =>
        {
            Vec::new()
        }
        Part::Constraint(constraint) if shared_never_null::dropped(plan, owner, constraint).is_some() => {
            shared_never_null::dropped(plan, owner, constraint).unwrap_or_default()
        }
        Part::Constraint(constraint) => match usual_not_null(&plan.to, owner, constraint) {
            Some(usual) => constraint::usual_not_null(owner, constraint, &usual),
            None => vec![constraint::drop(owner, constraint)],
        },
        Part::Index(index) => vec![index::drop(owner, index, !plan.constraints_below(id).is_empty())],
        Part::Whole => match &from.object.body {
            Body::Domain(domain) if !aside && plan.undressed.contains(id) => {
                types::alter_domain(id, domain, &types::undressed(domain))
            }
            Body::Table(table) if aside => {
                let place = table.partition_of.as_ref();
                let stays = place.is_some_and(|place| !plan.action(&place.parent).drops());
                let mut statements = if stays { table::part_aside(id, table) } else { Vec::new() };
                statements.extend(table::set_aside(id, table));
                statements
            }
            Body::Table(_) if plan.action(id) == Action::Alter => vec![typed::free(id)],
            _ if aside => {
                let is_going = |need: &ObjectId| program::is_routine(need.kind) && plan.action(need).drops();
                types::set_aside(from.object, plan.from.needs(id).any(is_going))
            }
            Body::Table(table) if attachment::is_referred_to(plan, table) => {
                // Foreign keys to the whole table hold its partitions.
                let mut statements = table::detach(id, table, &Table::default());
                statements.push(text::drop(id));
                statements
            }
            Body::Definition(_) if id.kind == ObjectKind::DefaultPrivilege => {
                grant::of_defaults(Some(from.object), None)
            }
            _ => vec![text::drop(id)],
        },
    }
}

/// Takes a partition from the parent to which it is attached again.
fn left(id: &ObjectId, from: &Unit<'_>, to: &Unit<'_>) -> Vec<Statement> {
    match (from.table(), to.table()) {
        (Some(before), Some(after)) => table::detach(id, before, after),
        _ => Vec::new(),
    }
}

/// The constraint of one side that says by a name of its own that a column is never null.
pub(super) fn not_null<'a>(side: &Side<'a>, table: &ObjectId, column: &str) -> Option<&'a Constraint> {
    side.schema.table(table)?.constraints.iter().find(|constraint| match &constraint.kind {
        ConstraintKind::NotNull { column: other } => other == column,
        _ => false,
    })
}

/// The name that the server gave on this side to what the constraint says, if it is one that a column
/// is never null, and says so here without a name of its own (PostgreSQL 18).
fn usual_not_null(side: &Side<'_>, table: &ObjectId, constraint: &Constraint) -> Option<String> {
    let ConstraintKind::NotNull { column } = &constraint.kind else { return None };
    let is_plain = !side.schema.table(table)?.column(column)?.nullable;
    (is_plain && not_null(side, table, column).is_none())
        .then(|| crate::name::chosen(&table.name, column, "not_null"))
}

/// Whether a column comes and goes with that of its table's parent.
fn is_from_parent(plan: &Plan<'_>, unit: &Unit<'_>, column: &Column) -> bool {
    let Some(table) = unit.table().filter(|_| column::is_inherited(column)) else { return false };
    let stays = |parent: &&ObjectId| {
        let has = |side: &Side<'_>| {
            side.schema.table(&unit.object.id).is_some_and(|table| {
                table.inherits.contains(parent)
                    || table.partition_of.as_ref().is_some_and(|place| place.parent == **parent)
            })
        };
        let id = parent.part(ObjectKind::Column, &column.name);
        has(&plan.from) && has(&plan.to) && (plan.action(&id).drops() || plan.action(&id).makes())
    };
    table.partition_of.iter().map(|place| &place.parent).chain(&table.inherits).any(|parent| stays(&parent))
}

/// Whether a constraint or index that one side has by itself is that of the table's parent on the
/// other side: a partition that is detached keeps what it had of its parent, and one that is attached
/// shares what it has with its parent.
fn is_of_parent(attached: &Side<'_>, alone: &Side<'_>, unit: &Unit<'_>) -> bool {
    if check::is_check(unit) {
        return false;
    }
    let table = &unit.object.id;
    let place = |side: &Side<'_>| side.schema.table(table).and_then(|table| table.partition_of.clone());
    let (Some(there), here) = (place(attached), place(alone)) else { return false };
    if here.is_some_and(|here| here.parent == there.parent) {
        return false;
    }
    let tables = attached.schema.table(table).map(|table| attachment::above(table, attached.schema));
    let mut above = tables.into_iter().flatten().filter_map(|id| attached.schema.table(id));
    match unit.part {
        Part::Constraint(constraint) => above.any(|parent| {
            let is_alike = |other: &Constraint| {
                other.kind == constraint.kind && other.definition == constraint.definition
            };
            parent.constraints.iter().any(is_alike)
        }),
        Part::Index(index) => {
            above.any(|parent| parent.indexes.iter().any(|other| attachment::is_alike(index, other)))
        }
        Part::Whole | Part::Column(_) | Part::Default(_) => false,
    }
}

fn made(plan: &Plan<'_>, id: &ObjectId, to: &Unit<'_>) -> Vec<Statement> {
    let owner = &to.object.id;
    match to.part {
        Part::Column(column) if is_from_parent(plan, to, column) => {
            inheritance::column_made(plan, to, column)
        }
        Part::Column(column) if not_null(&plan.to, owner, &column.name).is_some() => {
            // The constraint that says so has a name and is added by itself.
            column::make(owner, &Column { nullable: true, ..column.clone() }, true)
        }
        Part::Column(column) => column::make(owner, column, true),
        Part::Default(column) => default_made(plan, id, owner, column),
        Part::Constraint(own)
            if check::is_check(to) && !plan.from.units.contains_key(id) && check::is_left(plan, to, own) =>
        {
            constraint::extras(owner, None, own)
        }
        Part::Constraint(_) | Part::Index(_)
            if !plan.from.units.contains_key(id) && is_of_parent(&plan.from, &plan.to, to) =>
        {
            Vec::new()
        }
        Part::Constraint(constraint) if shared_never_null::made(plan, owner, constraint).is_some() => {
            shared_never_null::made(plan, owner, constraint).unwrap_or_default()
        }
        Part::Constraint(constraint) => match usual_not_null(&plan.from, owner, constraint) {
            Some(usual) => constraint::own_not_null(owner, constraint, usual, plan.has_children(owner)),
            None => attachment::constraint(plan, to, constraint)
                .or_else(|| attachment::partial_constraint(plan, owner, constraint))
                .unwrap_or_else(|| constraint::make(owner, constraint)),
        },
        Part::Index(index) => {
            let mut statements = index::make(owner, index);
            statements.extend(attachment::partial_index(plan, owner, index));
            statements
        }
        Part::Whole => object_made(plan, to.object),
    }
}

/// Gives a column its default; a sequence that is new goes on behind the values that are there.
fn default_made(plan: &Plan<'_>, id: &ObjectId, owner: &ObjectId, column: &Column) -> Vec<Statement> {
    let mut statements = vec![column::set_default(owner, column, plan.has_children(owner))];
    let was_there = plan.from.units.contains_key(&owner.part(ObjectKind::Column, &column.name));
    let sequence = column
        .default
        .as_deref()
        .and_then(|default| default.strip_prefix("nextval("))
        .and_then(|default| default.strip_suffix(')'));
    let needed =
        plan.to.needs(id).find(|need| need.kind == ObjectKind::Sequence && plan.action(need).makes());
    if let (true, Some(sequence), Some(needed)) =
        (was_there && owner.kind == ObjectKind::Table, sequence, needed)
        && let Some(Body::Sequence(options)) = plan.to.units.get(needed).map(|unit| &unit.object.body)
    {
        statements.push(sequence::continued(sequence, owner, &column.name, &options.options));
    }
    statements
}

fn object_made(plan: &Plan<'_>, object: &Object) -> Vec<Statement> {
    let id = &object.id;
    let mut commented = false;
    let mut statements = match &object.body {
        Body::Namespace if id.name == "public" => {
            vec![Statement::new(format!("CREATE SCHEMA IF NOT EXISTS {}", text::quote(&id.name)))]
        }
        Body::Namespace => vec![Statement::new(format!("CREATE SCHEMA {}", text::quote(&id.name)))],
        Body::Enum(enumerated) => vec![types::make_enum(id, enumerated)],
        Body::Domain(domain) if plan.version().major >= 18 && plan.action(id) == Action::Rebuild => {
            types::make_domain(object, &never_null::named(id, domain))
        }
        Body::Domain(domain) => types::make_domain(object, domain),
        Body::Composite(composite) => types::make_composite(id, composite),
        Body::Sequence(sequence) => sequence::make(object, sequence),
        Body::Table(table) => {
            commented = true;
            table::make(object, table, &inline(plan, object), plan.to.schema)
        }
        Body::View(view) => {
            commented = true;
            view::make(object, view)
        }
        Body::Routine(routine) => vec![program::make_routine(routine)],
        Body::Trigger(trigger) => program::make_trigger(object, trigger),
        Body::Policy(policy) => vec![program::make_policy(object, policy)],
        Body::Definition(_) if id.kind == ObjectKind::DefaultPrivilege => {
            return grant::of_defaults(None, Some(object));
        }
        Body::Definition(definition) => program::make_definition(object, definition),
    };
    // What is made anew stays whose it was: it may run with their rights.
    if let Some(owner) = plan.from.schema.owners.get(id) {
        let role = text::quote(owner);
        statements.push(Statement::new(format!("ALTER {} OWNER TO {role}", text::target(id))));
    }
    if !commented {
        statements.extend(program::object_comment(None, object));
    }
    statements.extend(grant::make(object, plan.from.schema));
    statements
}

/// The parts of a new table that are made with it.
fn inline<'a>(plan: &'a Plan<'_>, object: &'a Object) -> Inline<'a> {
    let id = &object.id;
    let Body::Table(table) = &object.body else {
        return Inline { columns: Vec::new(), constraints: Vec::new(), names_not_null: false };
    };
    let with_table = |part: &ObjectId| plan.made_with(part) == *id;
    let columns = table
        .columns
        .iter()
        .map(|column| (column, with_table(&id.part(ObjectKind::Default, &column.name))))
        .collect();
    let constraints = table
        .constraints
        .iter()
        .filter(|constraint| {
            let name = constraint.name.clone().unwrap_or_else(|| constraint::chosen_name(id, constraint));
            with_table(&id.part(ObjectKind::Constraint, &name))
        })
        .collect();
    let names_not_null = plan.version().major >= 18 && plan.action(id) == Action::Rebuild;
    Inline { columns, constraints, names_not_null }
}

fn altered(plan: &Plan<'_>, id: &ObjectId, from: &Unit<'_>, to: &Unit<'_>) -> Vec<Statement> {
    let owner = &to.object.id;
    match (from.part, to.part) {
        (Part::Column(before), Part::Column(after)) => {
            let projected = projected(plan, to, before, after);
            let way = if column::is_inherited(after) { Way::Cast } else { plan.way(id) };
            let mut after = after.clone();
            if not_null(&plan.to, owner, &after.name).is_some() {
                // The constraint that says so has a name and is added by itself.
                after.nullable = projected.nullable;
            }
            match kin::retyped(plan, to, &projected, &after, way) {
                Some(mut statements) => {
                    let (data_type, collation) = (after.data_type.clone(), after.collation.clone());
                    let projected = Column { data_type, collation, ..projected };
                    statements.extend(column::alter(owner, &projected, &after, Way::Cast));
                    statements
                }
                None => column::alter(owner, &projected, &after, way),
            }
        }
        (Part::Default(_), Part::Default(column)) => default_made(plan, id, owner, column),
        (Part::Constraint(before), Part::Constraint(after)) => {
            let mut before = before.clone();
            unmark(plan, owner, &mut before.options);
            constraint::alter(owner, &before, after)
        }
        (Part::Index(before), Part::Index(after)) => {
            let mut before = before.clone();
            unmark(plan, owner, &mut before.options);
            index::alter(owner, &before, after)
        }
        _ => match &from.object.body {
            Body::Domain(domain) if plan.undressed.contains(id) => {
                let body = Body::Domain(types::undressed(domain));
                object_altered(&Object { body, ..from.object.clone() }, to.object)
            }
            _ => {
                let (mut named, mut left) = attachment::indexes_left(plan, id);
                let (named_keys, left_keys) = left_key::left(plan, id);
                named.extend(named_keys);
                left.extend(left_keys);
                let altered = object_altered(from.object, to.object);
                let checks = check::removed(plan, id);
                named.into_iter().chain(altered).chain(left).chain(checks).collect()
            }
        },
    }
}

/// An index that a table is no longer clustered by loses its mark by itself when another one gets it.
fn unmark(plan: &Plan<'_>, owner: &ObjectId, before: &mut Options) {
    let marked = |options: &Options| options.contains_key(CLUSTERED);
    let another = plan.to.schema.table(owner).is_some_and(|table| {
        let constraints = table.constraints.iter().map(|constraint| &constraint.options);
        constraints.chain(table.indexes.iter().map(|index| &index.options)).any(marked)
    });
    if another {
        before.remove(CLUSTERED);
    }
}

/// A column as it is once its parent's has been changed, which changes it as well.
fn projected(plan: &Plan<'_>, unit: &Unit<'_>, before: &Column, after: &Column) -> Column {
    let mut column = before.clone();
    column.name.clone_from(&after.name);
    let Some(table) = unit.table().filter(|_| column::is_inherited(before) && column::is_inherited(after))
    else {
        return column;
    };
    let old = table::parent_column(table, &after.name, plan.from.schema);
    let new = table::parent_column(table, &after.name, plan.to.schema);
    let (Some(old), Some(new)) = (old, new) else { return column };
    if old.data_type != new.data_type || old.collation != new.collation {
        column.data_type.clone_from(&new.data_type);
        column.collation.clone_from(&new.collation);
    }
    if old.nullable != new.nullable {
        column.nullable = new.nullable;
    }
    if old.generated != new.generated {
        column.generated.clone_from(&new.generated);
    }
    if old.identity != new.identity {
        column.identity.clone_from(&after.identity);
    }
    for (name, value) in &new.options {
        if old.options.get(name) != Some(value) {
            column.options.insert(name.clone(), value.clone());
        }
    }
    column
}

fn object_altered(from: &Object, to: &Object) -> Vec<Statement> {
    let id = &to.id;
    let mut commented = false;
    let mut statements = match (&from.body, &to.body) {
        (Body::Enum(before), Body::Enum(after)) => types::alter_enum(id, before, after),
        (Body::Domain(before), Body::Domain(after)) => types::alter_domain(id, before, after),
        (Body::Composite(before), Body::Composite(after)) => types::alter_composite(id, before, after),
        (Body::Sequence(before), Body::Sequence(after)) => sequence::alter(id, before, after),
        (Body::Table(before), Body::Table(after)) => {
            commented = true;
            table::alter(from, to, before, after)
        }
        (Body::View(before), Body::View(after)) => return view::alter(from, to, before, after),
        (Body::Routine(before), Body::Routine(after)) => {
            let same = before.create == after.create;
            if same { Vec::new() } else { vec![program::make_routine(after)] }
        }
        (Body::Trigger(before), Body::Trigger(after)) => program::alter_trigger(to, before, after),
        (Body::Definition(_), Body::Definition(_)) if id.kind == ObjectKind::DefaultPrivilege => {
            return grant::of_defaults(Some(from), Some(to));
        }
        (Body::Definition(before), Body::Definition(after)) => program::alter_definition(to, before, after),
        _ => Vec::new(),
    };
    if !commented {
        statements.extend(program::object_comment(Some(from), to));
    }
    statements.extend(grant::alter(from, to));
    statements
}

fn finished(plan: &Plan<'_>, id: &ObjectId, from: Option<&Unit<'_>>, to: &Unit<'_>) -> Vec<Statement> {
    let action = plan.action(id);
    let before = from.and_then(Unit::table);
    match (&to.object.body, action) {
        (Body::Table(after), Action::Rebuild) => {
            let mut statements: Vec<Statement> = typed::bind(plan, id).into_iter().collect();
            let parent = after.partition_of.as_ref().map(|place| &place.parent);
            let with_parent = parent.is_some_and(|parent| plan.action(parent) == Action::Rebuild);
            if let (false, Some(before)) = (with_parent, before) {
                let way = |column: &Column| plan.way(&id.part(ObjectKind::Column, &column.name));
                statements.extend(table::move_rows(id, before, after, way));
            }
            statements.extend(identified(plan, id, None, after));
            statements.extend(trigger_state::statements(plan, id));
            statements
        }
        (Body::Table(after), Action::Alter) => {
            let mut statements = check::added(plan, id);
            statements.extend(
                before.into_iter().flat_map(|before| table::finish(id, before, after, plan.version())),
            );
            statements.extend(typed::bind(plan, id));
            statements.extend(index_names(plan, id, before, after));
            statements.extend(identified(plan, id, before, after));
            statements.extend(trigger_state::statements(plan, id));
            statements
        }
        (Body::Table(after), _) => {
            let mut statements: Vec<Statement> = typed::bind(plan, id).into_iter().collect();
            statements.extend(index_names(plan, id, None, after));
            statements.extend(identified(plan, id, None, after));
            statements.extend(trigger_state::statements(plan, id));
            statements
        }
        (Body::Sequence(after), _) => {
            let old = match from.map(|unit| &unit.object.body) {
                Some(Body::Sequence(before)) => before.owned_by.as_ref(),
                _ => None,
            };
            let moved = match &after.owned_by {
                Some(owner) => {
                    let table = plan.to.home(owner).and_then(|id| plan.to.units.get(&id));
                    table.is_some_and(|unit| plan.action(&unit.object.id) == Action::Rebuild)
                }
                None => false,
            };
            let same = old == after.owned_by.as_ref() && !moved;
            if same { Vec::new() } else { vec![sequence::own(id, after)] }
        }
        (_, Action::Rebuild) => vec![types::drop_aside(id)],
        _ => Vec::new(),
    }
}

/// Says which index a table is replicated by, where that is another one or one that was made anew.
fn identified(plan: &Plan<'_>, id: &ObjectId, before: Option<&Table>, after: &Table) -> Option<Statement> {
    let index = table::identity_index(after)?;
    let is_said = before.and_then(table::identity_index) == Some(index);
    (!is_said || plan.makes_identity_index(id, after)).then(|| table::identify(id, index))
}

/// Gives a partition's indexes their names, where they are new or have another one.
fn index_names(plan: &Plan<'_>, id: &ObjectId, before: Option<&Table>, after: &Table) -> Vec<Statement> {
    let is_named = |parent_index: &str, name: &str| {
        !plan.makes_parent_index(after, parent_index)
            && before.is_some_and(|before| {
                table::index_names(before).any(|(parent, old)| parent == parent_index && old == name)
            })
    };
    let Some(place) = &after.partition_of else { return Vec::new() };
    table::index_names(after)
        .filter(|(parent_index, name)| !is_named(parent_index, name))
        .map(|(parent_index, name)| table::name_index(id, &place.parent, parent_index, name))
        .collect()
}
