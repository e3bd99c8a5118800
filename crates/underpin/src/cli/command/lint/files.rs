//! Which texts are linted, and what stands before them. Not how findings are shown.

use std::io::Read as _;

use underpin_core::{
    catalog::Catalog,
    diagnostic::{Diagnostic, ErrorKind},
    lint::{FileFinding, FileLint},
    revision::{Applied, Language, RevisionGraph, RevisionId, Target},
};

use super::rust::{End, InRust};
use crate::{
    cli::{context::Context, place, words::count},
    config::Settings,
};

/// The findings in the revisions of the project, each after those that go before it.
pub(super) async fn revisions(
    context: &Context<'_>,
    lint: &FileLint,
    since: Option<&str>,
) -> Result<Vec<FileFinding>, Diagnostic> {
    let graph = context.revisions()?.graph()?;
    let since = since.or_else(|| context.settings().ok().and_then(|settings| settings.lint_since()));
    let left_alone = match since {
        Some(since) => {
            let target: Target = since.parse()?;
            let mut ids = Vec::new();
            for id in graph.resolve(&Applied::default(), &target)? {
                ids.extend(graph.ancestors(id.as_str()));
                ids.push(id);
            }
            ids
        }
        None => Vec::new(),
    };
    walk(context, lint, |id| !left_alone.contains(id)).await
}

/// Goes through the revisions of the project, each after those that go before it; the findings in those that
/// are `told` of.
async fn walk(
    context: &Context<'_>,
    lint: &FileLint,
    told: impl Fn(&RevisionId) -> bool,
) -> Result<Vec<FileFinding>, Diagnostic> {
    let revisions = context.revisions()?;
    let in_rust = InRust::of(context, lint, revisions).await;
    let mut catalog = Catalog::empty(lint.flavour.dialect());
    let mut findings = Vec::new();
    let mut missing = 0;
    for revision in revisions.graph()?.iter() {
        let file = revisions.file(revision.id())?;
        let (found, end) = match file.language {
            Language::Sql => (lint.revision(&file, &mut catalog)?, End::Known),
            Language::Rust => in_rust.findings(&file, &mut catalog),
        };
        catalog.settle();
        if told(revision.id()) {
            findings.extend(found);
            match end {
                End::Known => {}
                End::Open(why) => context.output().warn(why),
                End::Elsewhere => missing += 1,
            }
        }
    }
    if missing > 0 {
        context.output().warn(elsewhere(missing));
    }
    Ok(findings)
}

/// The findings in files: revisions of the project after those that go before them, and others by themselves.
pub(super) async fn files(
    context: &Context<'_>,
    lint: &FileLint,
    files: &[String],
) -> Result<Vec<FileFinding>, Diagnostic> {
    let (own, others): (Vec<&String>, Vec<&String>) =
        files.iter().partition(|file| lies_in_project(context, file));
    let mut findings = Vec::new();
    let mut apart = others;
    if !own.is_empty() {
        let graph = context.revisions()?.graph()?;
        let mut ids = Vec::new();
        for file in own {
            match id_of(graph, file) {
                Some(id) => ids.push(id),
                None => apart.push(file),
            }
        }
        findings.extend(walk(context, lint, |id| ids.contains(id)).await?);
    }
    let nothing = Catalog::unknown(lint.flavour.dialect());
    findings.extend(alone(context, lint, apart, &nothing).await?);
    Ok(findings)
}

fn lies_in_project(context: &Context<'_>, file: &str) -> bool {
    let directory = context.settings().ok().map(Settings::revision_directory);
    let directory = directory.and_then(|directory| std::fs::canonicalize(directory).ok());
    let file = std::fs::canonicalize(file).ok();
    directory.zip(file).is_some_and(|(directory, file)| file.starts_with(directory))
}

/// The findings in files, each by itself on top of `catalog`. One in Rust is a revision of the project.
pub(super) async fn alone<'a>(
    context: &Context<'_>,
    lint: &FileLint,
    files: impl IntoIterator<Item = &'a String>,
    catalog: &Catalog,
) -> Result<Vec<FileFinding>, Diagnostic> {
    let mut findings = Vec::new();
    for file in files {
        let mut catalog = catalog.clone();
        if !file.ends_with(".rs") {
            let (name, text) = read(file)?;
            findings.extend(lint.text(&name, &text, &mut catalog)?);
            continue;
        }
        let revisions = context.revisions()?;
        let id = id_of(revisions.graph()?, file).ok_or_else(|| no_revision(file))?;
        let of_rust = InRust::of(context, lint, revisions).await;
        let (found, end) = of_rust.findings(&revisions.file(&id)?, &mut catalog);
        findings.extend(found);
        match end {
            End::Known => {}
            End::Open(why) => context.output().warn(why),
            End::Elsewhere => context.output().warn(elsewhere(1)),
        }
    }
    Ok(findings)
}

fn no_revision(file: &str) -> Diagnostic {
    let message = format!("{file} is Rust, and no revision of this project: only SQL is read without one");
    Diagnostic::new(ErrorKind::Usage, message)
        .state("nothing was looked at")
        .hint("point --dir at the directory that it is in")
}

fn elsewhere(revisions: usize) -> String {
    format!(
        "{} in Rust not linted, because this program does not have {}; `lint` of the application does",
        count(revisions, "revision"),
        if revisions == 1 { "it" } else { "them" }
    )
}

/// The revision that lies in a file.
fn id_of(graph: &RevisionGraph, file: &str) -> Option<RevisionId> {
    let file = std::fs::canonicalize(file).ok()?;
    let same = |other: &str| std::fs::canonicalize(other).is_ok_and(|other| other == file);
    graph.iter().find(|revision| same(&revision.file)).map(|revision| revision.id().clone())
}

/// What is known of the database before the files.
pub(super) async fn before(
    context: &Context<'_>,
    lint: &FileLint,
    schema: &str,
) -> Result<Catalog, Diagnostic> {
    let dialect = lint.flavour.dialect();
    if schema == "db" || schema.contains("://") {
        let source = place::source(context, schema)?;
        let scratch = place::scratch(context, &[&source], None)?;
        let read = Box::pin(context.limited(source.read(&scratch, &context.scope()?))).await?;
        if read.schema.flavour != lint.flavour {
            let message = format!(
                "{schema} is {}, and the files are linted for {}",
                read.schema.flavour.title(),
                lint.flavour.title()
            );
            return Err(Diagnostic::new(ErrorKind::Usage, message)
                .state("nothing was looked at")
                .hint("leave out --dialect"));
        }
        return Ok(Catalog::from(&read.schema));
    }
    let (name, text) = read(schema)?;
    underpin_core::sql::split(dialect, &text).map_err(|error| error.diagnostic(&name, &text, 1))?;
    Ok(Catalog::of_sql(dialect, &text))
}

/// The name that a file is shown by, and its text.
fn read(file: &str) -> Result<(String, String), Diagnostic> {
    let unreadable = |error: std::io::Error| {
        Diagnostic::new(ErrorKind::Usage, format!("{file} can't be read: {error}"))
            .state("nothing was looked at")
    };
    if file == "-" {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).map_err(unreadable)?;
        return Ok(("<stdin>".to_owned(), text));
    }
    let text = std::fs::read_to_string(file).map_err(unreadable)?;
    Ok((file.to_owned(), text))
}
