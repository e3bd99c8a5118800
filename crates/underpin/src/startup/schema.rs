//! Which tables a start-up may create without revisions: what the program has, or what a setting
//! names. Whether it may create any is policy, and decided elsewhere.

use std::{borrow::Cow, fs};

use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind},
    schema_file::SchemaFile,
};

use crate::{
    Models,
    config::{Key, Settings},
    policy::{Mode, OnFailure},
};

/// The name of a schema in messages that is part of the program.
const BUILT_IN: &str = "schema.sql";

/// The name of a schema in messages that models are.
const MODELS: &str = "the models";

/// A schema that the program gives.
#[derive(Clone, Debug)]
pub(super) struct SchemaText {
    pub(super) text: Cow<'static, str>,
    /// Whether no setting can name another one.
    pub(super) pinned: bool,
}

/// Whether a start-up with these settings may create tables without revisions.
fn creates(settings: &Settings) -> bool {
    settings.mode() == Mode::Create
        || (settings.mode() == Mode::Apply && settings.on_failure() == OnFailure::CreateTables)
}

/// Which tables a start-up may create without revisions.
#[derive(Clone, Debug)]
pub(super) enum Tables {
    /// None: no setting wants that.
    NotWanted,
    /// Those of a schema.
    Of(Box<SchemaFile>),
    /// Nobody says which there are, though the setting that is named here wants them if migrating fails.
    Unknown(String),
}

impl Tables {
    /// The schema.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`] if nobody says which tables there are.
    pub(super) fn schema(&self) -> Result<&SchemaFile, Diagnostic> {
        match self {
            Self::Of(schema) => Ok(schema),
            Self::Unknown(asker) => Err(missing(asker)),
            Self::NotWanted => Err(Diagnostic::new(
                ErrorKind::Internal,
                "tables are to be created, and no setting wants that",
            )),
        }
    }

    /// What is to be said before they are needed.
    pub(super) fn warning(&self) -> Option<String> {
        match self {
            Self::NotWanted | Self::Of(_) => None,
            Self::Unknown(asker) => Some(format!(
                "{asker} wants missing tables to be created if migrating fails, and no schema says which there \
                 are: nothing would be created (give the program a schema or models, or set UNDERPIN_SCHEMA_FILE)"
            )),
        }
    }
}

/// The tables, where the settings may need them. A start-up that does nothing but create them does not begin
/// without a schema; one that migrates needs none until that has failed.
pub(super) fn of(
    given: Option<&SchemaText>,
    models: Option<&Models>,
    settings: &Settings,
) -> Result<Tables, Diagnostic> {
    if !creates(settings) {
        return Ok(Tables::NotWanted);
    }
    match (given, settings.schema_file()) {
        (Some(SchemaText { text, pinned: true }), _) | (Some(SchemaText { text, .. }), None) => {
            SchemaFile::parse(BUILT_IN, text).map(of_schema)
        }
        (_, Some(path)) => {
            let text = fs::read_to_string(path).map_err(|error| {
                let message = format!("the schema {} can't be read: {error}", path.display());
                Diagnostic::new(ErrorKind::Configuration, message)
                    .hint(format!("its name comes from {}", settings.origin(Key::SchemaFile)))
                    .caused_by(error)
            })?;
            SchemaFile::parse(&path.display().to_string(), &text).map(of_schema)
        }
        (None, None) => match models {
            Some(models) => {
                let models = models.clone().named_by(settings.naming());
                SchemaFile::parse(MODELS, &models.schema_text()?).map(of_schema)
            }
            None if settings.mode() == Mode::Create => Err(missing(&asker(settings))),
            None => Ok(Tables::Unknown(asker(settings))),
        },
    }
}

fn of_schema(schema: SchemaFile) -> Tables {
    Tables::Of(Box::new(schema))
}

fn missing(asker: &str) -> Diagnostic {
    Diagnostic::new(
        ErrorKind::Configuration,
        format!("{asker} wants missing tables to be created, and no schema says which there are"),
    )
    .state("nothing was changed")
    .hint("give the program one: Startup::schema_sql(include_str!(\"schema.sql\"))")
    .hint("or models: Startup::models(underpin::models![…])")
    .hint("or name its file: UNDERPIN_SCHEMA_FILE=schema.sql")
}

/// What is to be said where tables may be created and nobody has said that this is no production.
pub(super) fn unguarded(settings: &Settings) -> Option<String> {
    (creates(settings) && settings.environment().is_none()).then(|| {
        format!(
            "{} lets missing tables be created without revisions, and no environment is named; \
             in production, set UNDERPIN_ENVIRONMENT=production, which rules that out",
            asker(settings)
        )
    })
}

/// The setting that wants tables to be created.
fn asker(settings: &Settings) -> String {
    let key = if settings.mode() == Mode::Create { Key::Mode } else { Key::OnFailure };
    settings.origin(key).subject(key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Loader;

    fn settings(variables: &[(&str, &str)]) -> Settings {
        Loader::new().environment(variables.iter().copied()).load().expect("settings")
    }

    const SCHEMA: SchemaText = SchemaText { text: Cow::Borrowed("CREATE TABLE a (i INT);"), pinned: false };

    #[test]
    fn a_schema_is_needed_at_once_only_where_tables_are_created_at_once() {
        for (auto, create, wanted, needed) in [
            ("true", "false", false, false),
            ("false", "false", false, false),
            ("true", "true", true, false),
            ("false", "true", true, true),
        ] {
            let settings = settings(&[("AUTO_MIGRATE_ON_STARTUP", auto), ("DEV_CREATE_TABLES", create)]);
            assert_eq!(of(None, None, &settings).is_err(), needed, "{auto} {create}");
            let tables = of(Some(&SCHEMA), None, &settings).expect("a schema");
            assert_eq!(tables.schema().is_ok(), wanted, "{auto} {create}");
            assert_eq!(tables.warning(), None);
        }
    }

    #[test]
    fn a_start_that_migrates_warns_of_a_schema_that_is_not_there_and_misses_it_when_it_is_needed() {
        let tables = of(None, None, &settings(&[("DEV_CREATE_TABLES", "true")])).expect("it migrates first");
        let warning = tables.warning().expect("a warning");
        assert!(warning.starts_with("DEV_CREATE_TABLES wants"), "{warning}");
        let error = tables.schema().expect_err("there is no schema");
        assert!(error.kind == ErrorKind::Configuration && error.message.starts_with("DEV_CREATE_TABLES"));
    }

    #[test]
    fn a_setting_wins_over_the_program_unless_that_is_final() {
        let settings = settings(&[("DEV_CREATE_TABLES", "true"), ("UNDERPIN_SCHEMA_FILE", "/nowhere/s.sql")]);
        let error = of(Some(&SCHEMA), None, &settings).expect_err("there is no such file");
        assert!(error.message.contains("/nowhere/s.sql"), "{error}");
        let pinned = SchemaText { pinned: true, ..SCHEMA };
        assert!(of(Some(&pinned), None, &settings).is_ok_and(|tables| tables.schema().is_ok()));
    }

    #[test]
    fn creating_tables_is_told_of_where_no_environment_is_named() {
        let create = ("DEV_CREATE_TABLES", "true");
        let warning = unguarded(&settings(&[create])).expect("a warning");
        assert!(warning.contains("DEV_CREATE_TABLES") && warning.contains("production"), "{warning}");
        assert_eq!(unguarded(&settings(&[create, ("UNDERPIN_ENVIRONMENT", "development")])), None);
        assert_eq!(unguarded(&settings(&[create, ("UNDERPIN_ENVIRONMENT", "production")])), None);
        assert_eq!(unguarded(&settings(&[])), None);
    }
}
