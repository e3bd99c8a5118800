//! Building a plan from a path through the graph. What can't be run is refused here, before
//! anything is touched.

use super::{OpenEnd, Plan, PlannedStatement, Step};
use crate::{
    diagnostic::{Diagnostic, ErrorKind},
    dialect::Flavour,
    revision::{Direction, Language, Path, RevisionFile, RevisionId},
    sql::{self, Checksum, Repeat},
};

/// What a plan is built for.
#[derive(Clone, Copy, Debug)]
pub struct PlanRequest {
    /// The server family that will run it.
    pub flavour: Flavour,
    /// Whether the whole run is to be one transaction.
    pub one_transaction: bool,
    /// Whether no transaction is to be used at all.
    pub no_transaction: bool,
}

/// Builds the plan of a path; `files` hands out the files of its revisions, with their checksums on
/// that flavour: whoever has the files may know them already.
///
/// # Errors
/// What `files` fails with; and a diagnostic for a file whose SQL can't be split, an irreversible
/// downgrade, a statement that would end the transaction it runs in, and a revision outside a
/// transaction in a run that is to be one.
pub fn build(
    request: PlanRequest,
    path: &Path,
    heads_before: Vec<RevisionId>,
    mut files: impl FnMut(&RevisionId) -> Result<(RevisionFile, Checksum), Diagnostic>,
) -> Result<Plan, Diagnostic> {
    // Collecting into a `Result` would let the vector grow, and copy ten thousand steps over and over.
    let mut steps = Vec::with_capacity(path.steps.len());
    for step in &path.steps {
        steps.push(plan_step(request, step.direction, files(&step.id)?)?);
    }
    Ok(Plan { flavour: request.flavour, steps, heads_before, heads_after: path.heads_after.clone() })
}

fn plan_step(
    request: PlanRequest,
    direction: Direction,
    (file, checksum): (RevisionFile, Checksum),
) -> Result<Step, Diagnostic> {
    let flavour = request.flavour;
    if direction == Direction::Downgrade && !file.has(Direction::Downgrade, flavour) {
        return Err(irreversible(&file));
    }
    let statements = match file.language {
        Language::Sql => file.statements(direction, flavour)?,
        Language::Rust => Vec::new(),
    };
    let statements: Vec<PlannedStatement> = statements
        .into_iter()
        .map(|statement| PlannedStatement {
            place: statement.place,
            text: statement.text,
            probe: statement.probe,
            batches: statement.batches,
            lint_notes: statement.lint_notes,
        })
        .collect();
    for statement in &statements {
        refuse_transaction_control(flavour, statement)?;
    }
    let downgrade = file.section_text(Direction::Downgrade, flavour).map(str::to_owned);
    // Each batch is a transaction of its own.
    let in_batches = statements.iter().any(|statement| statement.batches.is_some());
    let rows_only = || {
        file.language == Language::Sql
            && statements.iter().all(|statement| statement.repeat(flavour) == Repeat::Transactional)
    };
    let transactional = file.header.transaction
        && !request.no_transaction
        && !in_batches
        && (flavour.transactional_ddl() || rows_only());
    if request.one_transaction && !transactional {
        return Err(not_in_one_transaction(&file, flavour, in_batches));
    }
    let open_end = (file.language == Language::Rust).then(|| OpenEnd::elsewhere(&file.header, &file.file));
    let reversible = file.has(Direction::Downgrade, flavour);
    Ok(Step {
        direction,
        header: file.header,
        open_end,
        asks_schema: false,
        language: file.language,
        file: file.file,
        statements,
        checksum,
        downgrade,
        reversible,
        transactional,
    })
}

fn irreversible(file: &RevisionFile) -> Diagnostic {
    Diagnostic::new(
        ErrorKind::Irreversible,
        format!("revision {} is irreversible: {} has no downgrade", file.header.id, file.file),
    )
    .state("nothing was changed")
    .hint(match file.language {
        Language::Sql => "write a section `-- underpin: downgrade`, which may be empty, or restore a backup",
        Language::Rust => "write a function `downgrade`, which may do nothing, or restore a backup",
    })
}

fn refuse_transaction_control(flavour: Flavour, statement: &PlannedStatement) -> Result<(), Diagnostic> {
    match sql::transaction_control(flavour.dialect(), &statement.text) {
        None => Ok(()),
        Some(word) => Err(Diagnostic::new(
            ErrorKind::RevisionFile,
            format!("{word} can't stand in a revision: Underpin begins and ends the transactions itself"),
        )
        .at(statement.place.clone())
        .state("nothing was changed")
        .hint("take it out; `-- transaction: off` in the header runs a revision without a transaction")),
    }
}

fn not_in_one_transaction(file: &RevisionFile, flavour: Flavour, in_batches: bool) -> Diagnostic {
    let why = if in_batches {
        "it has a statement in batches, each of which is a transaction".to_owned()
    } else if file.header.transaction {
        format!("{} commits at every schema change", flavour.title())
    } else {
        "its header says `transaction: off`".to_owned()
    };
    Diagnostic::new(
        ErrorKind::Unsupported,
        format!("revision {} can't be part of one transaction: {why}", file.header.id),
    )
    .state("nothing was changed")
    .hint("use tx_mode = each")
}
