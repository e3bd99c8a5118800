//! The stages of a generated change as operations of Rust, where operations do the same. The very values that
//! are written are run before, in a scratch database, by the code that runs them later; what does not lead
//! where the proven SQL leads, or goes another way about it, stays SQL. No Rust is compiled here.

use underpin_core::{
    diagnostic::Diagnostic,
    dialect::{Dialect, Flavour},
    difference::{Difference, Renames, StageKind, Statement, compare},
    operation::{
        Known, Operation,
        portable::{Wording, portable},
    },
    revision::{Direction, Target},
    schema::Schema,
};

use super::{
    generate::{Generated, GeneratedSection, GeneratedStage},
    proof::{execute, run},
};
use crate::{
    Scope, ScratchServer,
    author::code::{self, Work},
    database::{Database, Session},
    desired::{DesiredSchema as _, RevisionSchema, hasty_writer},
    inspect::inspect,
    migrate::{Migrator, refuse_leaving},
};

/// What the functions of a revision do, for the kinds of server that do it alike.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Functions {
    upgrade: Vec<(Vec<Flavour>, Work)>,
    downgrade: Vec<(Vec<Flavour>, Work)>,
}

impl Functions {
    /// The bodies, with these remarks in front of the first.
    pub(super) fn bodies(&self, remarks: Vec<String>) -> [String; 2] {
        let body = |each: &[(Vec<Flavour>, Work)]| match each {
            [(_, work)] => code::body(work),
            each => code::arms(each),
        };
        let remarks: String = remarks.iter().map(|line| format!("    {}\n", code::comment(line))).collect();
        [format!("{remarks}{}", body(&self.upgrade)), body(&self.downgrade)]
    }
}

/// Where a trial begins: what is applied before, and on which servers.
struct Ground<'a> {
    after: &'a [Target],
    servers: &'a [ScratchServer],
    scope: Scope,
}

/// One way of a stage, as every kind of server that has it goes it.
struct Leg<'a> {
    direction: Direction,
    each: Vec<(&'a GeneratedSection, &'a GeneratedStage, Difference)>,
}

impl Migrator {
    /// The same change, written as operations of Rust where operations do the same: one source for all of these
    /// servers where that can be, and else one for each. What no operation says as well stays SQL.
    ///
    /// # Errors
    /// If a scratch database can't be made.
    pub async fn write_operations(
        &self,
        mut generated: Generated,
        after: &[Target],
        servers: &[ScratchServer],
        scope: &Scope,
    ) -> Result<Generated, Diagnostic> {
        let ground = Ground { after, servers, scope: self.own(scope) };
        let kinds: Vec<StageKind> = generated.kinds().collect();
        for kind in kinds {
            let mut functions = Functions::default();
            for direction in [Direction::Upgrade, Direction::Downgrade] {
                let leg = Leg::of(&generated, kind, direction);
                let mut each = self.works(&ground, &leg).await?;
                let idle =
                    |flavour: &Flavour| !leg.each.iter().any(|(section, ..)| section.flavour == *flavour);
                let others = generated.sections.iter().map(|section| section.flavour);
                let others = others.chain(generated.unchanged.iter().copied()).filter(idle);
                each.extend(others.map(|flavour| (flavour, Work::Operations(Vec::new()))));
                match direction {
                    Direction::Upgrade => functions.upgrade = alike(each),
                    Direction::Downgrade => functions.downgrade = alike(each),
                }
            }
            generated.functions.insert(kind, functions);
        }
        Ok(generated)
    }

    /// What each kind of server is to do.
    async fn works(&self, ground: &Ground<'_>, leg: &Leg<'_>) -> Result<Vec<(Flavour, Work)>, Diagnostic> {
        let mut found: Vec<(Flavour, Work)> = Vec::new();
        for wording in [Wording::Shared, Wording::Own] {
            let differences: Vec<&Difference> = leg.each.iter().map(|(.., difference)| difference).collect();
            let proven = self.proven_on(ground, leg, &differences, wording).await?;
            if proven.len() > found.len() {
                found = proven;
            }
            if found.len() == leg.each.len() {
                return Ok(found);
            }
        }
        let is_found = |found: &[(Flavour, Work)], flavour| found.iter().any(|(own, _)| *own == flavour);
        for (section, stage, difference) in &leg.each {
            if !is_found(&found, section.flavour) {
                let alone = self.proven_on(ground, leg, &[difference], Wording::Own).await?;
                found.extend(alone);
            }
            if !is_found(&found, section.flavour) {
                found.push((section.flavour, Work::Sql(stage.section(leg.direction))));
            }
        }
        Ok(found)
    }

    /// These differences as one source, on the servers on which that does what the SQL does.
    async fn proven_on(
        &self,
        ground: &Ground<'_>,
        leg: &Leg<'_>,
        differences: &[&Difference],
        wording: Wording,
    ) -> Result<Vec<(Flavour, Work)>, Diagnostic> {
        let Some(mut operations) = portable(differences, wording) else { return Ok(Vec::new()) };
        let mut proven = Vec::new();
        for (section, stage, difference) in &leg.each {
            if !differences.contains(&difference) {
                continue;
            }
            if !stage.in_transaction {
                operations = operations.into_iter().map(Operation::concurrently).collect();
            }
            let Some(source) = operations.iter().map(Operation::source).collect::<Option<Vec<_>>>() else {
                continue;
            };
            if self.does(ground, leg.direction, (section, stage), &operations).await? {
                proven.push((section.flavour, Work::Operations(source)));
            }
        }
        Ok(proven)
    }

    /// Whether operations lead from where a stage begins to where it ends, in the way in which its SQL does.
    async fn does(
        &self,
        ground: &Ground<'_>,
        direction: Direction,
        (section, stage): (&GeneratedSection, &GeneratedStage),
        operations: &[Operation],
    ) -> Result<bool, Diagnostic> {
        let scratch = ground.servers[section.server].create().await?;
        scratch
            .with(async |database| {
                let beginning = RevisionSchema::at(self, self.beginning(ground.after));
                beginning.make(database, self.limits.connect).await?;
                let mut before: Vec<&GeneratedStage> =
                    section.stages.iter().take_while(|one| one.kind != stage.kind).collect();
                if direction == Direction::Downgrade {
                    before.push(stage);
                }
                let mut session = hasty_writer(database, self.limits.connect).await?;
                for one in before {
                    run(session.as_mut(), &one.upgrade, one.in_transaction).await?;
                }
                let sent = perform(session.as_mut(), operations, stage).await;
                session.close().await;
                // What a server does not take is no error of anybody's: the SQL that was proven stays.
                let Ok(sent) = sent else { return Ok(false) };
                let (own, [from, to]) = match direction {
                    Direction::Upgrade => (&stage.stage.upgrade, [&stage.ends[0], &stage.ends[1]]),
                    Direction::Downgrade => (&stage.stage.downgrade, [&stage.ends[1], &stage.ends[0]]),
                };
                if !asks_same_of_rows(section.flavour, own, &sent) {
                    return Ok(false);
                }
                let is_online = self.online && !is_same_manner(section.flavour, own, &sent);
                if is_online && !from.objects.is_empty() {
                    return Ok(false);
                }
                let reached = self.reached(database, &ground.scope).await?;
                Ok(compare(&reached, to, &Renames::NONE).is_empty())
            })
            .await
    }

    async fn reached(&self, database: &Database, scope: &Scope) -> Result<Schema, Diagnostic> {
        database.inspect(scope, self.limits.connect).await
    }
}

impl GeneratedStage {
    fn section(&self, direction: Direction) -> String {
        let sql = match direction {
            Direction::Upgrade => &self.upgrade,
            Direction::Downgrade => &self.downgrade,
        };
        if sql.trim().is_empty() { "-- Nothing to do here.".to_owned() } else { sql.clone() }
    }
}

impl<'a> Leg<'a> {
    fn of(generated: &'a Generated, kind: StageKind, direction: Direction) -> Self {
        let each = generated.sections.iter().filter_map(|section| {
            let stage = section.stage(kind)?;
            let [from, to] = &stage.ends;
            let up = compare(from, to, &section.renames);
            Some((section, stage, if direction == Direction::Upgrade { up } else { up.reversed() }))
        });
        Self { direction, each: each.collect() }
    }
}

/// Does operations one after the other, as a run does them: each on the schema as it is then.
async fn perform(
    session: &mut dyn Session,
    operations: &[Operation],
    stage: &GeneratedStage,
) -> Result<Vec<Statement>, Diagnostic> {
    let flavour = crate::inspect::flavour(session).await?;
    if flavour == Flavour::Sqlite {
        execute(session, "PRAGMA foreign_keys = OFF").await?;
    }
    let mut sent = Vec::new();
    for operation in operations {
        let schema = inspect(session, &Scope::default().short_names()).await?;
        for statement in operation.write(Known::Schema(&schema))?.statements {
            let place =
                || underpin_core::diagnostic::Place::in_text("the operation", &statement.sql, 0..0, 1);
            refuse_leaving(flavour.dialect(), &statement.sql, place)?;
            if !statement.in_transaction && stage.in_transaction {
                let message = format!("{} can't run in a transaction", operation.title());
                return Err(Diagnostic::new(underpin_core::diagnostic::ErrorKind::Unsupported, message));
            }
            execute(session, &statement.sql).await?;
            sent.push(statement);
        }
    }
    Ok(sent)
}

/// Whether operations look at rows and change them as often as a stage does: nothing of that is in a schema, which
/// would be the same without the query that finds rows in the way of a foreign key (MySQL, MariaDB). On SQLite
/// whoever makes a table anew copies its rows.
fn asks_same_of_rows(flavour: Flavour, stage: &[Statement], sent: &[Statement]) -> bool {
    let is_of_rows = |statement: &&Statement| {
        ["SELECT", "INSERT", "UPDATE", "DELETE", "WITH"].iter().any(|word| statement.sql.starts_with(word))
    };
    let count = |statements: &[Statement]| statements.iter().filter(is_of_rows).count();
    flavour == Flavour::Sqlite || count(stage) == count(sent)
}

/// Whether operations go about it as the stage does that others can live with: what is built while others
/// write, what is not validated at once, and as many statements for tables that were there. That MySQL and
/// MariaDB are to refuse what they can't do in place, only the SQL says: a server chooses so by itself.
fn is_same_manner(flavour: Flavour, stage: &[Statement], sent: &[Statement]) -> bool {
    let count = |statements: &[Statement], words: &str| {
        statements.iter().filter(|statement| statement.sql.contains(words)).count()
    };
    let same = |words: &[&str]| words.iter().all(|words| count(stage, words) == count(sent, words));
    match flavour.dialect() {
        Dialect::Sqlite => true,
        Dialect::Postgres => {
            same(&["CONCURRENTLY", "NOT VALID", "USING INDEX"]) && count(stage, "VALIDATE CONSTRAINT") == 0
        }
        Dialect::Mysql => same(&["ALTER TABLE", "foreign_key_checks"]),
    }
}

/// Kinds of server that do the same, in their order.
fn alike(mut each: Vec<(Flavour, Work)>) -> Vec<(Vec<Flavour>, Work)> {
    each.sort_by_key(|(flavour, _)| flavour.index());
    let mut groups: Vec<(Vec<Flavour>, Work)> = Vec::new();
    for (flavour, work) in each {
        match groups.iter_mut().find(|(_, known)| *known == work) {
            Some((flavours, _)) => flavours.push(flavour),
            None => groups.push((vec![flavour], work)),
        }
    }
    groups
}
