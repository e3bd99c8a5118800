//! Which texts are linted, and what stands before them. Not how findings are shown.

use std::io::Read as _;

use underpin_core::{
    catalog::Catalog,
    diagnostic::{Diagnostic, ErrorKind},
    lint::{FileFinding, FileLint},
    revision::{Applied, Language, Target},
};

use crate::cli::{context::Context, place};

/// The findings in the revisions of the project, each after those that go before it.
pub(super) fn revisions(
    context: &Context<'_>,
    lint: &FileLint,
    since: Option<&str>,
) -> Result<Vec<FileFinding>, Diagnostic> {
    let revisions = context.revisions()?;
    let graph = revisions.graph()?;
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
    let mut catalog = Catalog::empty(lint.flavour.dialect());
    let mut findings = Vec::new();
    let mut in_rust = 0;
    for revision in graph.iter() {
        let file = revisions.file(revision.id())?;
        in_rust += usize::from(file.language == Language::Rust);
        let found = lint.revision(&file, &mut catalog)?;
        catalog.settle();
        if !left_alone.contains(revision.id()) {
            findings.extend(found);
        }
    }
    if in_rust > 0 {
        context.output().warn(format_args!(
            "{in_rust} revisions in Rust were not linted: their statements are made when they run; `plan` tells of them"
        ));
    }
    Ok(findings)
}

/// The findings in files, each by itself on top of `catalog`.
pub(super) fn files(
    lint: &FileLint,
    files: &[String],
    catalog: &Catalog,
) -> Result<Vec<FileFinding>, Diagnostic> {
    let mut findings = Vec::new();
    for file in files {
        let (name, text) = read(file)?;
        findings.extend(lint.text(&name, &text, &mut catalog.clone())?);
    }
    Ok(findings)
}

/// What is known of the database before the files.
pub(super) async fn before(
    context: &Context<'_>,
    lint: &FileLint,
    schema: Option<&str>,
) -> Result<Catalog, Diagnostic> {
    let dialect = lint.flavour.dialect();
    let Some(schema) = schema else { return Ok(Catalog::unknown(dialect)) };
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
