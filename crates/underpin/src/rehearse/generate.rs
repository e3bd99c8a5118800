//! A revision from the difference between what is wanted and what the revisions make, for each kind of
//! server that is at hand. It is proven before anybody sees it, and written by `author`.

use serde::Serialize;
use underpin_core::{
    diagnostic::Diagnostic,
    dialect::Flavour,
    difference::{Difference, Hazard, HazardKind, Suggestion},
    revision::Target,
};

use super::proof::Way;
use crate::{
    NewRevision, Scope, ScratchServer,
    desired::{DesiredSchema as _, ReadSchema, RevisionSchema, SchemaSource, difference, incomparable},
    migrate::Migrator,
};

/// What a new revision has to do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Generated {
    /// For each kind of server; those without a difference are left out.
    pub sections: Vec<GeneratedSection>,
    /// The kinds of server that there is nothing to do on.
    pub unchanged: Vec<Flavour>,
}

/// What a new revision has to do on one kind of server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GeneratedSection {
    /// The kind of server.
    pub flavour: Flavour,
    /// What differs, with both ends.
    #[serde(skip)]
    pub difference: Difference,
    /// The SQL of its upgrade.
    pub upgrade: String,
    /// The SQL of its downgrade.
    pub downgrade: String,
    /// Whether a transaction can hold it.
    pub in_transaction: bool,
    /// What is dangerous about it.
    pub hazards: Vec<Hazard>,
}

impl Generated {
    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.sections.is_empty()
    }

    /// What it does, a line for each thing, as the first kind of server has it.
    pub fn summary(&self) -> Vec<String> {
        self.sections.first().map(|section| section.difference.summary()).unwrap_or_default()
    }

    /// What is dangerous about it, each once.
    pub fn hazards(&self) -> Vec<Hazard> {
        let mut hazards: Vec<Hazard> =
            self.sections.iter().flat_map(|section| section.hazards.clone()).collect();
        hazards.sort();
        hazards.dedup();
        hazards
    }

    /// What looks like a rename, each once.
    pub fn suggestions(&self) -> Vec<Suggestion> {
        let mut suggestions: Vec<Suggestion> = Vec::new();
        for suggestion in self.sections.iter().flat_map(|section| &section.difference.suggestions) {
            if !suggestions.contains(suggestion) {
                suggestions.push(suggestion.clone());
            }
        }
        suggestions
    }

    /// The revision that does it; one section for every server where there is but one kind. With several,
    /// each has its own, also where there is nothing to do: a plain one would be for all of them.
    #[must_use]
    pub fn fill(&self, revision: NewRevision) -> NewRevision {
        let transactional = self.sections.iter().all(|section| section.in_transaction);
        let revision = if transactional { revision } else { revision.without_transaction() };
        let several = match (self.sections.as_slice(), self.unchanged.as_slice()) {
            ([only], []) => return revision.upgrade(only.reviewed()).downgrade(only.downgrade.clone()),
            (several, _) => several,
        };
        let revision = several.iter().fold(revision, |revision, section| {
            revision.section(section.flavour, section.reviewed(), section.downgrade.clone())
        });
        self.unchanged.iter().fold(revision, |revision, flavour| revision.section(*flavour, NOTHING, NOTHING))
    }
}

/// A section of a server that there is nothing to do on.
const NOTHING: &str = "-- Nothing to do here.";

impl GeneratedSection {
    /// The upgrade, with what is dangerous about it as comments for whoever reviews it.
    fn reviewed(&self) -> String {
        let mut text = String::new();
        for hazard in &self.hazards {
            text.push_str(&format!("-- {hazard}\n"));
            if let Some(query) = &hazard.query {
                text.push_str(&format!("--   how many there are: {query}\n"));
            }
        }
        if self.hazards.iter().any(|hazard| hazard.kind == HazardKind::DeletesData) {
            text.push_str("-- Where that is meant, say so in the header: `-- destructive: reviewed`\n");
        }
        text.push_str(&self.upgrade);
        text
    }
}

impl Migrator {
    /// What a revision has to do that follows `after` (the one head, where that is empty) and makes what
    /// is wanted, for each of these servers. Each way is gone up and down in a scratch database before it
    /// is returned. Nothing is written.
    ///
    /// # Errors
    /// Revisions or a schema that a server does not take, a change that can't be made, and a way that
    /// does not lead where it should.
    pub async fn generate(
        &self,
        wanted: &SchemaSource,
        after: &[Target],
        servers: &[ScratchServer],
        scope: &Scope,
    ) -> Result<Generated, Diagnostic> {
        let scope = self.own(scope);
        let mut generated = Generated::default();
        let mut done = Vec::new();
        for server in servers {
            if wanted.dialect(server) != server.dialect() {
                return Err(incomparable(server.dialect().name(), wanted.dialect(server).name()));
            }
            let to = wanted.read(server, &scope).await?;
            let flavour = to.schema.flavour;
            if done.contains(&flavour) {
                // A file has one section for a kind of server, which the first has filled.
                continue;
            }
            done.push(flavour);
            match self.section(&to, after, server, &scope).await? {
                Some(section) => generated.sections.push(section),
                None => generated.unchanged.push(flavour),
            }
        }
        Ok(generated)
    }

    async fn section(
        &self,
        to: &ReadSchema,
        after: &[Target],
        server: &ScratchServer,
        scope: &Scope,
    ) -> Result<Option<GeneratedSection>, Diagnostic> {
        let beginning = RevisionSchema::at(self, self.beginning(after));
        let scratch = server.create().await?;
        scratch
            .with(async |database| {
                beginning.make(database, self.limits.connect).await?;
                let from = database.inspect(scope, self.limits.connect).await?;
                let difference = difference(&from, to)?;
                if difference.is_empty() {
                    return Ok(None);
                }
                let way =
                    Way { upgrade: difference.statements()?, downgrade: difference.reversed().statements()? };
                way.prove(self, database, (&from, &to.schema), scope).await?;
                let (upgrade, downgrade) = way.sections(&to.schema);
                Ok(Some(GeneratedSection {
                    flavour: to.schema.flavour,
                    hazards: difference.hazards(),
                    in_transaction: way.is_transactional(),
                    difference,
                    upgrade,
                    downgrade,
                }))
            })
            .await
    }

    /// What has to be applied before: `base` is nothing at all.
    fn beginning(&self, after: &[Target]) -> Vec<Target> {
        match after {
            [] if self.revisions.is_empty() => Vec::new(),
            [] => vec![Target::Head],
            targets => targets.iter().filter(|target| **target != Target::Base).cloned().collect(),
        }
    }
}
