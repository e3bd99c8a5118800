//! `revision --autogenerate` and `generate`: a revision whose SQL comes from the difference between
//! what is wanted and what the revisions make.

use clap::Args;
use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind},
    dialect::Dialect,
    revision::{Applied, RevisionId, Target},
};

use super::diff;
use crate::{
    Generated, NewRevision, SafeUrl, SchemaSource, ScratchServer,
    cli::{
        context::Context,
        place::{self, ScopeFlags},
    },
    config::Key,
};

/// The flags that only a generated revision has.
#[derive(Clone, Debug, Default, Args)]
pub(super) struct Flags {
    /// Where what is wanted is read from, with --autogenerate: models (without it), a file of SQL, a URL
    #[arg(long, value_name = "PLACE")]
    to: Option<String>,
    /// A dialect to write a section for, with --autogenerate, besides the database's own
    #[arg(long, value_name = "DIALECT")]
    dialect: Vec<Dialect>,
    /// A server to write a section for, with --autogenerate, besides the database's own
    #[arg(long, value_name = "URL")]
    scratch: Vec<String>,
    /// One revision, with --autogenerate, even where it blocks others; without it, `online` of the settings
    #[arg(long)]
    no_online: bool,
    #[command(flatten)]
    scope: ScopeFlags,
}

impl Flags {
    /// What is to be done, and the revisions that do it, each of which follows the one before; none where
    /// nothing differs.
    pub(super) async fn generate(
        &self,
        context: &Context<'_>,
        revision: NewRevision,
        heads: &[String],
        depends_on: &[String],
    ) -> Result<Vec<NewRevision>, Diagnostic> {
        let wanted = place::source(context, self.to.as_deref().unwrap_or("models"))?;
        let servers = self.servers(context, &wanted)?;
        let dialects = servers.iter().map(ScratchServer::dialect);
        // SQLite refuses more flags than the others do.
        let dialect = dialects.min_by_key(|dialect| *dialect != Dialect::Sqlite).unwrap_or(Dialect::Sqlite);
        let scope = self.scope.scope(context, dialect)?.short_names();
        let after = after(context, heads, depends_on)?;
        let migrator = context.rehearsal()?;
        let mut generated = context.limited(migrator.generate(&wanted, &after, &servers, &scope)).await?;
        if revision.is_in_rust() {
            let written = migrator.write_operations(generated, &after, &servers, &scope);
            generated = context.limited(written).await?;
        }
        tell(context, &wanted, &generated);
        Ok(generated.fill(revision))
    }

    pub(super) fn settings(&self) -> Vec<(Key, String)> {
        self.no_online.then(|| (Key::Online, "false".to_owned())).into_iter().collect()
    }

    /// The first of the flags that was said, if any was.
    pub(super) fn first(&self) -> Option<&'static str> {
        let own = [
            ("--to", self.to.is_some()),
            ("--dialect", !self.dialect.is_empty()),
            ("--scratch", !self.scratch.is_empty()),
            ("--no-online", self.no_online),
        ];
        own.into_iter().find(|(_, said)| *said).map(|(flag, _)| flag).or_else(|| self.scope.first())
    }

    /// The servers that a section is written for: the configured one, and those of the flags. Of two of one
    /// kind, which only connecting tells, the first counts.
    fn servers(
        &self,
        context: &Context<'_>,
        wanted: &SchemaSource,
    ) -> Result<Vec<ScratchServer>, Diagnostic> {
        let patience = context.patience()?;
        let mut servers = Vec::new();
        for dialect in &self.dialect {
            servers.push(place::scratch(context, &[], Some(*dialect))?);
        }
        for url in &self.scratch {
            servers.push(ScratchServer::of(url.parse::<SafeUrl>()?).patience(patience));
        }
        match place::scratch(context, &[wanted], None) {
            Ok(server) => servers.insert(0, server),
            Err(error) if servers.is_empty() => {
                return Err(Diagnostic { kind: ErrorKind::Usage, ..error });
            }
            Err(_) => {}
        }
        Ok(servers)
    }
}

/// What is applied before the revision: what it follows, and what it depends on.
fn after(context: &Context<'_>, heads: &[String], depends_on: &[String]) -> Result<Vec<Target>, Diagnostic> {
    let mut after = heads.iter().map(|head| head.parse::<Target>()).collect::<Result<Vec<_>, _>>()?;
    if depends_on.is_empty() {
        return Ok(after);
    }
    let graph = context.revisions()?.graph()?;
    if after.is_empty() && !graph.is_empty() {
        after.push(Target::Head);
    }
    after.retain(|target| *target != Target::Base);
    for name in depends_on {
        let name = graph.new_dependency(name)?;
        let id = graph.labelled(&name).map_or(name, |revision| revision.id().to_string());
        after.push(Target::Named(id));
    }
    // One by one, because a dependency may be an ancestor of what is followed.
    let mut applied: Vec<RevisionId> = Vec::new();
    for target in &after {
        let path = graph.upgrade(&Applied::new(applied.iter().cloned()), std::slice::from_ref(target))?;
        applied.extend(path.ids().cloned());
    }
    let heads = Applied::new(applied).heads(graph);
    Ok(heads.iter().map(|id| Target::Named(id.to_string())).collect())
}

/// Says what a revision will do, and what of it is dangerous.
fn tell(context: &Context<'_>, wanted: &SchemaSource, generated: &Generated) {
    let output = context.output();
    if generated.is_empty() {
        output.say("Generated", format_args!("nothing: the revisions make what {} says", wanted.describe()));
        return;
    }
    for line in generated.summary() {
        output.talk(format_args!("           {line}"));
    }
    for hazard in generated.hazards() {
        output.warn(&hazard);
    }
    for warning in generated.warnings() {
        output.warn(warning);
    }
    for section in &generated.sections {
        for blocking in section.stages.iter().flat_map(|stage| &stage.blocking) {
            output.warn(format_args!("blocks others: {blocking}"));
        }
        diff::warn(context, &section.difference);
    }
    let kinds: Vec<&str> = generated.sections.iter().map(|section| section.flavour.title()).collect();
    output.say("Proven", format_args!("up and down in a scratch database of {}", kinds.join(" and of ")));
}
