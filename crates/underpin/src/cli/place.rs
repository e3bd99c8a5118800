//! The places that `diff` and its kin compare: what a word on the command line means, and where what
//! is no live database is made. Not the comparison.

use std::path::Path;

use clap::Args;
use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind},
    dialect::Dialect,
    revision::Target,
};

use super::context::Context;
use crate::{Database, RevisionSchema, SafeUrl, SchemaSource, Scope, ScratchServer, SqlSchema, config::Key};

/// What every SQLite database starts with ("Database File Format", section 1.3).
const SQLITE_MAGIC: &[u8] = b"SQLite format 3\0";

/// Which objects are looked at.
#[derive(Clone, Debug, Default, Args)]
pub(super) struct ScopeFlags {
    /// Look at this schema only; may be said several times
    #[arg(long, value_name = "SCHEMA")]
    schema: Vec<String>,
    /// Look only at what this pattern is for: orders, audit_*, app.*
    #[arg(long, value_name = "PATTERN")]
    include: Vec<String>,
    /// Leave out what this pattern is for
    #[arg(long, value_name = "PATTERN")]
    exclude: Vec<String>,
}

impl ScopeFlags {
    /// The scope that they and the settings mean on a server of this dialect.
    ///
    /// # Errors
    /// A schema on SQLite, which has none.
    pub(super) fn scope(&self, context: &Context<'_>, dialect: Dialect) -> Result<Scope, Diagnostic> {
        if let (Some(schema), Dialect::Sqlite) = (self.schema.first(), dialect) {
            let message = format!("there is no schema {schema} to look at: SQLite has none");
            return Err(Diagnostic::new(ErrorKind::Usage, message)
                .state("nothing was changed")
                .hint("leave out --schema; --include and --exclude choose by name"));
        }
        if dialect == Dialect::Sqlite {
            warn_of_schemas(context)?;
        }
        let scope = context.scope()?;
        let scope = self.schema.iter().fold(scope, Scope::schema);
        let scope = self.include.iter().fold(scope, Scope::include);
        Ok(self.exclude.iter().fold(scope, Scope::exclude))
    }

    /// The first of the flags that was said, if any was.
    pub(super) fn first(&self) -> Option<&'static str> {
        let flags = [("--schema", &self.schema), ("--include", &self.include), ("--exclude", &self.exclude)];
        flags.into_iter().find(|(_, values)| !values.is_empty()).map(|(flag, _)| flag)
    }
}

/// Says that the schemas of the settings have no effect here. Of the configured database the settings
/// say so themselves.
fn warn_of_schemas(context: &Context<'_>) -> Result<(), Diagnostic> {
    let settings = context.settings()?;
    let is_told = settings.database_url().is_ok_and(|url| url.dialect() == Dialect::Sqlite);
    if !settings.scope().schemas.is_empty() && !is_told {
        let subject = settings.origin(Key::Schemas).subject(Key::Schemas);
        context.output().warn(format_args!("{subject} has no effect: SQLite has no schemas"));
    }
    Ok(())
}

/// What a word means as a place: `db`, `models`, `revisions`, `rev:ID`, a URL, a file of SQL or of SQLite.
pub(super) fn source(context: &Context<'_>, place: &str) -> Result<SchemaSource, Diagnostic> {
    match place {
        "db" => return context.settings()?.database().map(SchemaSource::Live),
        "models" => return context.models(),
        "revisions" => return Ok(SchemaSource::desired(RevisionSchema::heads(&context.rehearsal()?))),
        _ => {}
    }
    if let Some(target) = place.strip_prefix("rev:") {
        let target = match target.parse::<Target>()? {
            Target::Base => Vec::new(),
            target => vec![target],
        };
        return Ok(SchemaSource::desired(RevisionSchema::at(&context.rehearsal()?, target)));
    }
    let path = Path::new(place);
    if is_url(place) {
        return place.parse::<SafeUrl>().map(SchemaSource::live);
    }
    if is_sqlite_file(path) {
        let directory = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let url = SafeUrl::parse("sqlite:database")?.with_database(&directory.to_string_lossy());
        return Ok(SchemaSource::live(url));
    }
    if path.is_file() || path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("sql")) {
        return SqlSchema::read(path).map(SchemaSource::desired);
    }
    // What has these in it may be meant as a URL, with a password.
    let shown = if place.contains(['=', '@']) { "***" } else { place };
    Err(Diagnostic::new(ErrorKind::Usage, format!("{shown:?} is no place that can be compared"))
        .hint("places are db, models, revisions, rev:ID, a URL, or a file of SQL that ends in .sql"))
}

/// Says which of these is an SQLite file that is not there: it counts as empty, and may be mistyped.
pub(super) fn warn_of_missing(context: &Context<'_>, sources: &[&SchemaSource]) {
    for source in sources {
        if let SchemaSource::Live(database) = source
            && database.is_missing_file()
        {
            context.output().warn(format_args!("{database} does not exist, and counts as empty"));
        }
    }
}

fn is_url(place: &str) -> bool {
    place.contains("://")
        || place == ":memory:"
        || place.split_once(':').is_some_and(|(scheme, _)| {
            let scheme = scheme.split('+').next().unwrap_or_default();
            ["sqlite", "sqlite3"].contains(&scheme)
        })
        || place.starts_with("host=")
        || place.starts_with("dbname=")
}

fn is_sqlite_file(path: &Path) -> bool {
    use std::io::Read as _;
    let mut start = [0; 16];
    std::fs::File::open(path).and_then(|mut file| file.read_exact(&mut start)).is_ok()
        && start == SQLITE_MAGIC
}

/// Where what is not live is made: on the server that the settings name for it, beside what is live,
/// beside the configured database; with neither, where `dialect` says, if that needs no server.
pub(super) fn scratch(
    context: &Context<'_>,
    sides: &[&SchemaSource],
    dialect: Option<Dialect>,
) -> Result<ScratchServer, Diagnostic> {
    let live = sides.iter().find_map(|side| match side {
        SchemaSource::Live(database) => Some(database.clone()),
        SchemaSource::Desired(_) => None,
    });
    let wanted = dialect.or(live.as_ref().map(Database::dialect));
    let fits = |database: &Database| wanted.is_none_or(|wanted| wanted == database.dialect());
    let settings = context.settings()?;
    let named = settings.scratch_url().cloned().map(Database::url);
    let configured = || settings.database().ok();
    if let (None, Some(named)) = (dialect, &named)
        && let Some(database) = live.clone().or_else(configured)
        && database.dialect() != named.dialect()
    {
        let (here, there) = (database.dialect().name(), named.dialect().name());
        let message = format!("the scratch server is one of {there}, and the database one of {here}");
        return Err(Diagnostic::new(ErrorKind::Configuration, message).state("nothing was changed").hint(
            format!(
                "let {} name a server of the same kind",
                settings.origin(Key::ScratchUrl).subject(Key::ScratchUrl)
            ),
        ));
    }
    let server = named
        .filter(fits)
        .or_else(|| live.filter(fits))
        .or_else(|| configured().filter(fits))
        .map(ScratchServer::of)
        .or_else(|| (wanted == Some(Dialect::Sqlite)).then(ScratchServer::sqlite));
    let server = server.ok_or_else(|| {
        Diagnostic::new(ErrorKind::Usage, "nothing says which kind of server these schemas are for")
            .hint("say --dialect sqlite, or name a server of the other kinds with UNDERPIN_SCRATCH_URL or --database-url")
    })?;
    Ok(server.patience(context.patience()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_told_from_files() {
        for url in ["postgres://a@b/c", "sqlite:a.db", "sqlite+aiosqlite:///a", ":memory:", "host=a dbname=b"]
        {
            assert!(is_url(url), "{url}");
        }
        for file in ["schema.sql", "C:\\schema.sql", "./a.db"] {
            assert!(!is_url(file), "{file}");
        }
    }
}
