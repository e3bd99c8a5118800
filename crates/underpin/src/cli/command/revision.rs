//! `revision`, `create` and `generate`: a new revision file.

use clap::Args;
use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind, ExitCode},
    revision::{Language, Phase, Target},
};

use super::generated;
use crate::{
    NewRevision, WrittenRevision,
    cli::{authoring, context::Context},
    config::Key,
    policy::IdStyle,
};

/// The flags of `revision`.
#[derive(Debug, Args)]
pub(in crate::cli) struct Arguments {
    /// What it does, in a few words
    #[arg(value_name = "MESSAGE", conflicts_with = "message")]
    words: Option<String>,
    /// What it does, in a few words
    #[arg(short, long, value_name = "MESSAGE")]
    message: Option<String>,
    /// What it follows, instead of the one head: a head, BRANCH@head, or base for a new beginning
    #[arg(long, value_name = "TARGET")]
    head: Vec<String>,
    #[command(flatten)]
    place: Place,
    /// Write its SQL from the difference between the models and the revisions
    #[arg(long)]
    autogenerate: bool,
    #[command(flatten)]
    generated: generated::Flags,
    /// Write it in Rust, for the application that embeds the revisions
    #[arg(long)]
    rust: bool,
}

/// The flags that a merge has as well.
#[derive(Debug, Args)]
pub(super) struct Place {
    /// Follow a revision that another one follows already
    #[arg(long)]
    splice: bool,
    /// A name for the branch that starts here
    #[arg(long, value_name = "LABEL")]
    branch_label: Vec<String>,
    /// A revision or a label that has to be applied before, without being followed
    #[arg(long, value_name = "REVISION")]
    depends_on: Vec<String>,
    /// Its id, instead of one that is made
    #[arg(long, value_name = "ID")]
    rev_id: Option<String>,
    /// How its id is made
    #[arg(long, value_name = "STYLE", value_parser = clap::builder::PossibleValuesParser::new(IdStyle::WORDS))]
    id_style: Option<String>,
    /// Its place in a rolling deploy: whether older programs can live with it
    #[arg(long, value_enum)]
    phase: Option<PhaseWord>,
}

/// A phase as it is typed.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum PhaseWord {
    /// It only adds: programs that don't know it go on
    Expand,
    /// It takes something away: it waits until the programs that need it have ended
    Contract,
}

impl From<PhaseWord> for Phase {
    fn from(word: PhaseWord) -> Self {
        match word {
            PhaseWord::Expand => Self::Expand,
            PhaseWord::Contract => Self::Contract,
        }
    }
}

impl Arguments {
    pub(super) fn settings(&self) -> Vec<(Key, String)> {
        let mut settings = self.place.settings();
        settings.extend(self.generated.settings());
        settings
    }
}

impl Place {
    pub(super) fn settings(&self) -> Vec<(Key, String)> {
        self.id_style.iter().map(|style| (Key::IdStyle, style.clone())).collect()
    }

    /// Writes a revision at this place.
    pub(super) fn write(
        &self,
        context: &Context<'_>,
        revision: NewRevision,
        heads: &[String],
    ) -> Result<WrittenRevision, Diagnostic> {
        self.placed(context, revision, heads)?.write(&context.settings()?.revision_directory())
    }

    /// Writes several, each of which follows the one before; if one can't be, none is left behind.
    pub(super) fn write_all(
        &self,
        context: &Context<'_>,
        revisions: Vec<NewRevision>,
        heads: &[String],
    ) -> Result<Vec<WrittenRevision>, Diagnostic> {
        let mut written: Vec<WrittenRevision> = Vec::new();
        for revision in revisions {
            let next = match written.last() {
                None => self.write(context, revision, heads),
                Some(last) => self.write_behind(context, revision, last),
            };
            match next {
                Ok(next) => written.push(next),
                Err(error) => {
                    let stays = |file: &&WrittenRevision| std::fs::remove_file(&file.path).is_err();
                    let left: Vec<&str> = written.iter().filter(stays).map(|it| it.file.as_str()).collect();
                    return Err(error.state(match left.as_slice() {
                        [] => "no file was written".to_owned(),
                        left => format!("{} were written and can't be removed", left.join(", ")),
                    }));
                }
            }
        }
        Ok(written)
    }

    /// Writes a revision right after another that was just written.
    fn write_behind(
        &self,
        context: &Context<'_>,
        revision: NewRevision,
        last: &WrittenRevision,
    ) -> Result<WrittenRevision, Diagnostic> {
        let place = Self {
            splice: false,
            branch_label: Vec::new(),
            depends_on: Vec::new(),
            rev_id: None,
            id_style: self.id_style.clone(),
            phase: self.phase,
        };
        place.write(context, revision, &[last.id.to_string()])
    }

    fn placed(
        &self,
        context: &Context<'_>,
        revision: NewRevision,
        heads: &[String],
    ) -> Result<NewRevision, Diagnostic> {
        let settings = context.settings()?;
        let mut revision = revision.id_style(settings.id_style()).splice(self.splice);
        revision = revision.form(authoring::form(context)?);
        if let Some(phase) = self.phase {
            revision = revision.phase(phase.into());
        }
        for head in heads {
            revision = revision.head(head.parse::<Target>()?);
        }
        if let Some(id) = &self.rev_id {
            revision = revision.id(id);
        }
        let revision = self.branch_label.iter().fold(revision, |revision, label| revision.label(label));
        Ok(self.depends_on.iter().fold(revision, |revision, name| revision.depends_on(name)))
    }
}

pub(super) async fn run(context: &Context<'_>, arguments: Arguments) -> Result<ExitCode, Diagnostic> {
    refuse_what_is_not_there(&arguments)?;
    let message = arguments.message.as_ref().or(arguments.words.as_ref());
    let message = message.ok_or_else(|| {
        Diagnostic::new(ErrorKind::Usage, "a revision needs a message")
            .hint("say what it does with -m, as in -m \"add orders\"")
    })?;
    let mut revision = NewRevision::new(message);
    if arguments.rust {
        revision = revision.language(Language::Rust);
    }
    let mut revisions = vec![revision];
    if arguments.autogenerate {
        let depends_on = &arguments.place.depends_on;
        let revision = revisions.remove(0);
        revisions = arguments.generated.generate(context, revision, &arguments.head, depends_on).await?;
    }
    let written = arguments.place.write_all(context, revisions, &arguments.head)?;
    if written.is_empty() && context.output().is_json() {
        context.output().value(&serde_json::json!({ "revision": null }));
    }
    show_all(context, &written);
    for one in &written {
        authoring::finish(context, one).await?;
    }
    Ok(ExitCode::Done)
}

/// `generate MSG` is `revision --autogenerate -m MSG`.
pub(super) async fn generate(context: &Context<'_>, arguments: Arguments) -> Result<ExitCode, Diagnostic> {
    run(context, Arguments { autogenerate: true, ..arguments }).await
}

/// Says which revision was written, and does with its file what the settings say.
pub(super) async fn finish(context: &Context<'_>, written: &WrittenRevision) -> Result<ExitCode, Diagnostic> {
    show(context, written);
    authoring::finish(context, written).await?;
    Ok(ExitCode::Done)
}

/// Says which revisions were written. In JSON, the first has those that follow it under `then`.
fn show_all(context: &Context<'_>, written: &[WrittenRevision]) {
    let output = context.output();
    match written {
        [] => {}
        [first, then @ ..] if output.is_json() && !then.is_empty() => {
            for one in written {
                output.achieved(format!("{} is written", one.file));
            }
            output.value(&Written { first, then });
        }
        all => all.iter().for_each(|one| show(context, one)),
    }
}

/// A revision that was written, and those that were written with it.
#[derive(serde::Serialize)]
struct Written<'a> {
    #[serde(flatten)]
    first: &'a WrittenRevision,
    then: &'a [WrittenRevision],
}

/// Says which revision was written; its file is the data.
pub(super) fn show(context: &Context<'_>, written: &WrittenRevision) {
    let output = context.output();
    output.achieved(format!("{} is written", written.file));
    if output.is_json() {
        return output.value(written);
    }
    let parents: Vec<&str> = written.parents.iter().map(|parent| parent.as_str()).collect();
    let after = if parents.is_empty() { "<base>".to_owned() } else { parents.join(", ") };
    output.say("Created", format_args!("{after} -> {}, {}", written.id, written.message));
    output.data(&written.file);
}

fn refuse_what_is_not_there(arguments: &Arguments) -> Result<(), Diagnostic> {
    if let (Some(flag), false) = (arguments.generated.first(), arguments.autogenerate) {
        let message = format!("{flag} is for a revision whose SQL is generated, and this one's is not");
        return Err(Diagnostic::new(ErrorKind::Usage, message)
            .state("no file was written")
            .hint("add --autogenerate, or leave it out"));
    }
    Ok(())
}
