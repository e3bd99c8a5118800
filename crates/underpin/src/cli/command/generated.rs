//! `revision --autogenerate` and `generate`: a revision whose SQL comes from the difference between
//! what is wanted and what the revisions make.

use clap::Args;
use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind},
    dialect::Dialect,
    revision::Target,
};

use super::diff;
use crate::{
    Generated, NewRevision, SafeUrl, SchemaSource, ScratchServer,
    cli::{
        context::Context,
        place::{self, ScopeFlags},
    },
};

/// The flags that only a generated revision has.
#[derive(Clone, Debug, Default, Args)]
pub(super) struct Flags {
    /// Where what is wanted is read from, with --autogenerate: models, a file of SQL, a URL
    #[arg(long, value_name = "PLACE", default_value = "models")]
    to: String,
    /// A dialect to write a section for, with --autogenerate, besides the database's own
    #[arg(long, value_name = "DIALECT")]
    dialect: Vec<Dialect>,
    /// A server to write a section for, with --autogenerate, besides the database's own
    #[arg(long, value_name = "URL")]
    scratch: Vec<String>,
    #[command(flatten)]
    scope: ScopeFlags,
}

impl Flags {
    /// What the revision has to do, and the revision with it; nothing where nothing differs.
    pub(super) async fn generate(
        &self,
        context: &Context<'_>,
        revision: NewRevision,
        heads: &[String],
    ) -> Result<Option<NewRevision>, Diagnostic> {
        let wanted = place::source(context, &self.to)?;
        let servers = self.servers(context, &wanted)?;
        let scope = self.scope.scope(context)?.short_names();
        let after = heads.iter().map(|head| head.parse::<Target>()).collect::<Result<Vec<_>, _>>()?;
        let migrator = context.rehearsal()?;
        let generated = context.limited(migrator.generate(&wanted, &after, &servers, &scope)).await?;
        tell(context, &wanted, &generated);
        Ok((!generated.is_empty()).then(|| generated.fill(revision)))
    }

    /// The servers that a section is written for: the configured one, and those of the flags.
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
            Ok(server) if servers.iter().all(|other| other.dialect() != server.dialect()) => {
                servers.insert(0, server);
            }
            Ok(_) => {}
            Err(error) if servers.is_empty() => {
                return Err(Diagnostic { kind: ErrorKind::Usage, ..error });
            }
            Err(_) => {}
        }
        Ok(servers)
    }
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
    for section in &generated.sections {
        diff::warn(context, &section.difference);
    }
    let kinds: Vec<&str> = generated.sections.iter().map(|section| section.flavour.title()).collect();
    output.say("Proven", format_args!("up and down in a scratch database of {}", kinds.join(" and of ")));
}
