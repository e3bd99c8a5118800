//! A revision from the difference between what is wanted and what the revisions make, for each kind of
//! server that is at hand. It is proven before anybody sees it, and written by `author`.

use std::collections::BTreeMap;

use serde::Serialize;
use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind},
    dialect::{Dialect, Flavour},
    difference::{Difference, Hazard, HazardKind, Renames, Stage, StageKind, Suggestion},
    revision::{Header, RevisionFile, RevisionId, Target},
    schema::Schema,
    sql,
};

use super::{
    operations::Functions,
    proof::{self, Way},
};
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
    /// The same as functions in Rust, where they were asked for.
    #[serde(skip)]
    pub(super) functions: BTreeMap<StageKind, Functions>,
}

/// What is to be done on one kind of server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GeneratedSection {
    /// The kind of server.
    pub flavour: Flavour,
    /// What differs, with both ends.
    #[serde(skip)]
    pub difference: Difference,
    /// What is done, in the order of the stages; each belongs into a revision of its own.
    pub stages: Vec<GeneratedStage>,
    /// What is dangerous about it.
    pub hazards: Vec<Hazard>,
    /// Why it is done in one stage though several were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub warning: Option<String>,
    /// Which of the servers that were asked for it is.
    #[serde(skip)]
    pub(super) server: usize,
    /// What was said to be called otherwise before.
    #[serde(skip)]
    pub(super) renames: Renames,
}

/// What one revision does on one kind of server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct GeneratedStage {
    /// What it is about.
    pub kind: StageKind,
    /// The SQL of its upgrade.
    pub upgrade: String,
    /// The SQL of its downgrade.
    pub downgrade: String,
    /// Whether a transaction can hold it.
    pub in_transaction: bool,
    /// What of it blocks others for as long as it takes.
    pub blocking: Vec<String>,
    /// What it was written from.
    #[serde(skip)]
    pub(super) stage: Stage,
    /// The schema before it and behind it.
    #[serde(skip)]
    pub(super) ends: [Schema; 2],
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

    /// The kinds of stages that some server needs, in their order.
    pub(super) fn kinds(&self) -> impl Iterator<Item = StageKind> + '_ {
        let has = |kind: &StageKind| self.sections.iter().any(|section| section.stage(*kind).is_some());
        StageKind::ALL.into_iter().filter(has)
    }

    /// Why something is done in one stage though several were asked for.
    pub fn warnings(&self) -> impl Iterator<Item = &str> {
        self.sections.iter().filter_map(|section| section.warning.as_deref())
    }

    /// The revisions that do it, in the order in which each follows the one before: the given one for the
    /// first stage, and one for every other, with what it is about behind the message. Each has one section for
    /// every server where there is but one kind. With several, each has its own, also where there is nothing to
    /// do: a plain one would be for all of them.
    #[must_use]
    pub fn fill(&self, revision: NewRevision) -> Vec<NewRevision> {
        let next = |(place, kind): (usize, StageKind)| {
            let revision = if place == 0 { revision.clone() } else { revision.followed_by(kind.title()) };
            self.fill_stage(revision, kind, place == 0)
        };
        self.kinds().enumerate().map(next).collect()
    }

    fn fill_stage(&self, revision: NewRevision, kind: StageKind, is_first: bool) -> NewRevision {
        let stages = || self.sections.iter().filter_map(|section| Some((section, section.stage(kind)?)));
        let transactional = stages().all(|(_, stage)| stage.in_transaction);
        let revision = if transactional { revision } else { revision.without_transaction() };
        if let Some(functions) = self.functions.get(&kind).filter(|_| revision.is_in_rust()) {
            let [upgrade, downgrade] = functions.bodies(self.remarks(kind, is_first));
            return revision.functions(upgrade, downgrade);
        }
        let text = |section: &GeneratedSection| match section.stage(kind) {
            Some(stage) => (section.reviewed(stage, is_first), or_nothing(&stage.downgrade)),
            None => (NOTHING.to_owned(), NOTHING.to_owned()),
        };
        if let ([only], []) = (self.sections.as_slice(), self.unchanged.as_slice()) {
            let (upgrade, downgrade) = text(only);
            return match reads_alike(&upgrade, &downgrade) {
                true => revision.upgrade(upgrade).downgrade(downgrade),
                false => revision.section(only.flavour, upgrade, downgrade),
            };
        }
        let revision = self.sections.iter().fold(revision, |revision, section| {
            let (upgrade, downgrade) = text(section);
            revision.section(section.flavour, upgrade, downgrade)
        });
        self.unchanged.iter().fold(revision, |revision, flavour| revision.section(*flavour, NOTHING, NOTHING))
    }
}

/// Whether a file with these sections for every server is the same file for each of them: what is a name or an escape
/// for one may be a string for another, which would go on into the next marker.
fn reads_alike(upgrade: &str, downgrade: &str) -> bool {
    let id = RevisionId::new("a");
    id.is_ok_and(|id| {
        let text = RevisionFile::render(&Header::new(id, Vec::new()), upgrade, Some(downgrade));
        RevisionFile::parse("a.sql", &text).is_ok()
    })
}

impl Generated {
    /// What whoever reviews a stage is to know, each thing once.
    fn remarks(&self, kind: StageKind, is_first: bool) -> Vec<String> {
        let mut remarks: Vec<String> = Vec::new();
        for (section, stage) in self.sections.iter().filter_map(|one| Some((one, one.stage(kind)?))) {
            for line in section.remarks(stage, is_first).lines().map(str::to_owned) {
                if !remarks.contains(&line) {
                    remarks.push(line);
                }
            }
        }
        remarks
    }
}

/// A section where there is nothing to do.
const NOTHING: &str = "-- Nothing to do here.";

fn or_nothing(sql: &str) -> String {
    if sql.trim().is_empty() { NOTHING.to_owned() } else { sql.to_owned() }
}

impl GeneratedSection {
    pub(super) fn stage(&self, kind: StageKind) -> Option<&GeneratedStage> {
        self.stages.iter().find(|stage| stage.kind == kind)
    }

    /// The upgrade, with what is dangerous about it as comments for whoever reviews it: all of it in front of
    /// the first stage.
    fn reviewed(&self, stage: &GeneratedStage, is_first: bool) -> String {
        let mut text = self.remarks(stage, is_first);
        text.push_str(&or_nothing(&stage.upgrade));
        text
    }

    fn remarks(&self, stage: &GeneratedStage, is_first: bool) -> String {
        let mut text = String::new();
        for hazard in self.hazards.iter().filter(|_| is_first) {
            text.push_str(&sql::comment(&hazard.to_string()));
            if let Some(query) = &hazard.query {
                text.push_str(&sql::comment(&format!("  how many there are: {query}")));
            }
        }
        if is_first && self.hazards.iter().any(|hazard| hazard.kind == HazardKind::DeletesData) {
            text.push_str("-- Where that is meant, say so in the header: `-- destructive: reviewed`\n");
        }
        for blocking in &stage.blocking {
            text.push_str(&sql::comment(&format!("blocks others: {blocking}")));
        }
        text
    }
}

impl GeneratedStage {
    fn of(flavour: Flavour, stage: &Stage, ends: [Schema; 2]) -> Self {
        Self {
            kind: stage.kind,
            upgrade: proof::section(flavour, &stage.upgrade),
            downgrade: proof::section(flavour, &stage.downgrade),
            in_transaction: stage.is_transactional(),
            blocking: stage.blocking(flavour),
            stage: stage.clone(),
            ends,
        }
    }
}

impl Migrator {
    /// What has to be done after `after` (the one head, where that is empty) to make what is wanted, for each
    /// of these servers; in stages that a database in use can live with, unless the builder was told
    /// [`online(false)`](crate::MigratorBuilder::online). Each stage is gone up and down in a scratch database
    /// before it is returned. Nothing is written.
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
        for (place, server) in servers.iter().enumerate() {
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
                Some(section) => generated.sections.push(GeneratedSection { server: place, ..section }),
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
        if !self.online {
            return self.proven(to, after, server, scope, Staging::Single).await;
        }
        match self.proven(to, after, server, scope, Staging::Online).await {
            // What only its stages get wrong is no reason to be without a revision.
            Err(error) if error.kind == ErrorKind::Internal => {
                let section = self.proven(to, after, server, scope, Staging::Single).await?;
                Ok(section.map(|section| GeneratedSection { warning: Some(in_one(&error)), ..section }))
            }
            result => result,
        }
    }

    async fn proven(
        &self,
        to: &ReadSchema,
        after: &[Target],
        server: &ScratchServer,
        scope: &Scope,
        staging: Staging,
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
                let way = match staging {
                    Staging::Single => Way { stages: vec![difference.single_stage()?] },
                    Staging::Online => {
                        let mut way = Way { stages: difference.stages()? };
                        if to.schema.flavour.dialect() == Dialect::Mysql {
                            way.settle(self, database, &to.schema).await?;
                        }
                        way
                    }
                };
                let reached = way.prove(self, database, (&from, &to.schema), scope).await?;
                let flavour = to.schema.flavour;
                let ends = reached.windows(2).map(|ends| [ends[0].clone(), ends[1].clone()]);
                let stages = way.stages.iter().zip(ends);
                let stages = stages.map(|(stage, ends)| GeneratedStage::of(flavour, stage, ends)).collect();
                Ok(Some(GeneratedSection {
                    flavour,
                    hazards: difference.hazards(),
                    difference,
                    stages,
                    warning: None,
                    server: 0,
                    renames: to.renames.clone(),
                }))
            })
            .await
    }

    /// What has to be applied before: `base` is nothing at all.
    pub(super) fn beginning(&self, after: &[Target]) -> Vec<Target> {
        match after {
            [] if self.revisions.is_empty() => Vec::new(),
            [] => vec![Target::Head],
            targets => targets.iter().filter(|target| **target != Target::Base).cloned().collect(),
        }
    }
}

/// Into how many stages a change is divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Staging {
    /// As many as a database in use needs.
    Online,
    /// One.
    Single,
}

fn in_one(error: &Diagnostic) -> String {
    format!(
        "it is one revision, which may block others, because its stages could not be proven: {}; please report \
         this",
        error.message
    )
}
