//! `plan --from`: the way from a state to a target, as the files have it. Neither a database nor the
//! SQL of the files is looked at.

use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind, ExitCode},
    revision::{Applied, Path, RevisionGraph, RevisionId, Symbol, Target},
};

use crate::cli::{command::target, context::Context};

/// Plans from the state that `from` lists: ids, each of which may hold several between commas, or
/// `base`.
///
/// # Errors
/// If a target means nothing here, or can't be reached.
pub(in crate::cli::command) fn plan(
    context: &Context<'_>,
    targets: &[String],
    from: &[String],
    downgrade: bool,
) -> Result<ExitCode, Diagnostic> {
    let graph = context.revisions()?.graph()?;
    let applied = state(graph, from)?;
    let path = match (downgrade, targets) {
        (true, [one]) => graph.downgrade(&applied, &target::downward(one, graph)?)?,
        (true, _) => return Err(one_target()),
        (false, []) => graph.upgrade(&applied, &[Target::Head])?,
        (false, targets) => graph.upgrade(&applied, &target::all(targets)?)?,
    };
    let output = context.output();
    if output.is_json() {
        output.value(&path);
    } else if path.is_empty() {
        output.talk("there is nothing to do");
    } else {
        output.data(text(graph, &path));
    }
    Ok(ExitCode::Done)
}

/// What a database has that is at these revisions.
fn state(graph: &RevisionGraph, from: &[String]) -> Result<Applied, Diagnostic> {
    let mut heads: Vec<RevisionId> = Vec::new();
    for name in from.iter().flat_map(|list| list.split(',')).map(str::trim) {
        let target: Target = name.parse()?;
        let nothing = Applied::default();
        if let Target::Relative { from: None | Some(Symbol::Current), .. } | Target::Current = target {
            return Err(not_a_state(name));
        }
        heads.extend(graph.resolve(&nothing, &target)?);
    }
    Ok(Applied::from_heads(graph, &heads))
}

fn not_a_state(name: &str) -> Diagnostic {
    Diagnostic::new(ErrorKind::InvalidTarget, format!("{name:?} depends on a database, and --from asks none"))
        .hint("name the revisions that are applied, as in --from ID,ID, or --from base for an empty database")
}

fn one_target() -> Diagnostic {
    Diagnostic::new(ErrorKind::Usage, "a downgrade goes to one target").hint("name one: -1, base, or an id")
}

fn text(graph: &RevisionGraph, path: &Path) -> String {
    let lines = path.steps.iter().map(|step| {
        let revision = graph.get(&step.id);
        let message = revision.map(|revision| revision.header.message.as_str()).unwrap_or_default();
        format!("{:9} {} {message}", step.direction.name(), step.id).trim_end().to_owned()
    });
    lines.collect::<Vec<_>>().join("\n")
}
