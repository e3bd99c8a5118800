//! What wins over what, and every promise about settings that needs no database.

use std::{fs, path::Path, time::Duration};

use underpin_core::diagnostic::{Diagnostic, ErrorKind};

use super::*;
use crate::policy::{IdStyle, Mode, OnFailure, OnNewer, OnPending, TransactionMode};

/// A project of its own in a temporary directory.
pub(super) struct Project(tempfile::TempDir);

impl Project {
    pub(super) fn new(files: &[(&str, &str)]) -> Self {
        let project = Self(tempfile::tempdir().expect("a temporary directory"));
        fs::create_dir(project.path().join(".git")).expect("a directory");
        for (path, text) in files {
            let path = project.path().join(path);
            fs::create_dir_all(path.parent().expect("a parent")).expect("directories");
            fs::write(path, text).expect("a file");
        }
        project
    }

    pub(super) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(super) fn loader(&self, environment: &[(&str, &str)]) -> Loader {
        Loader::new().working_directory(self.path()).environment(environment.iter().copied())
    }
}

pub(super) fn load(environment: &[(&str, &str)]) -> Settings {
    Loader::new().environment(environment.iter().copied()).load().expect("settings")
}

fn refuse(environment: &[(&str, &str)]) -> Diagnostic {
    Loader::new().environment(environment.iter().copied()).load().expect_err("a refusal")
}

pub(super) fn shown(settings: &Settings, key: Key) -> String {
    let entry = settings.entries().iter().find(|entry| entry.key == key).expect("every setting is listed");
    format!("{} <- {}", entry.value, entry.origin)
}

#[test]
fn without_anything_the_defaults_of_the_table_hold() {
    let settings = load(&[]);
    assert_eq!(settings.entries().len(), Key::ALL.len());
    for entry in settings.entries() {
        let default = entry.key.definition().default;
        let same = entry.value == default
            || value::duration(default).is_some()
                && value::duration(default) == value::duration(&entry.value);
        assert!(same, "{}: {:?} is not {default:?}", entry.key, entry.value);
        assert_eq!(entry.origin, Origin::BuiltIn);
    }
    assert_eq!((settings.mode(), settings.on_failure()), (Mode::Apply, OnFailure::Abort));
    assert_eq!((settings.on_pending(), settings.on_newer()), (OnPending::Warn, OnNewer::Refuse));
    assert_eq!((settings.transaction_mode(), settings.id_style()), (TransactionMode::Each, IdStyle::Hash));
    assert_eq!(settings.timeout(), Duration::from_secs(60));
    assert_eq!(settings.lock_timeout(), settings.timeout());
    assert_eq!((settings.statement_timeout(), settings.log()), (None, None));
    assert_eq!(settings.directory(), Path::new("migrations"));
    assert!(settings.warnings().is_empty() && !settings.is_production());
}

#[test]
fn each_layer_wins_over_the_ones_below_it() {
    let project = Project::new(&[
        (".env", "HIVE_TIMEOUT=5s\nUNDERPIN_TIMEOUT=6s\n"),
        ("underpin.toml", "timeout = \"8s\"\n[env.staging]\ntimeout = \"7s\"\n"),
    ]);
    let names =
        ["builder (pinned)", "flag --timeout", "environment HIVE_TIMEOUT", "environment UNDERPIN_TIMEOUT"];
    let files =
        [".env (.env:1)", ".env (.env:2)", "underpin.toml [env.staging] timeout", "underpin.toml timeout"];
    let all: Vec<&str> = names.into_iter().chain(files).chain(["builder", "built-in"]).collect();
    for (rank, origin) in all.iter().enumerate() {
        let mut environment = Vec::new();
        environment.extend((rank <= 2).then_some(("HIVE_TIMEOUT", "3s")));
        environment.extend((rank <= 3).then_some(("UNDERPIN_TIMEOUT", "4s")));
        let mut loader = project.loader(&environment).builder_value(Key::Timeout, "9s", false);
        if rank == 0 {
            loader = loader.builder_value(Key::Timeout, "1s", true);
        }
        if rank <= 1 {
            loader = loader.flag(Key::Timeout, "2s");
        }
        if rank != 5 {
            loader = loader.prefix("HIVE_");
        }
        if rank <= 6 {
            loader = loader.name("staging");
        }
        if rank > 5 {
            loader = loader.no_dotenv();
        }
        if rank > 7 {
            fs::remove_file(project.path().join("underpin.toml")).ok();
        }
        if rank > 8 {
            loader = Loader::new();
        }
        let settings = loader.load().expect("settings");
        let value = if rank == 9 { "1m".to_owned() } else { format!("{}s", rank + 1) };
        assert_eq!(shown(&settings, Key::Timeout), format!("{value} <- {origin}"), "rank {rank}");
    }
}

#[test]
fn a_profile_wins_over_the_built_in_values_and_over_nothing_else() {
    for (environment, builder, meant) in [
        (&[("UNDERPIN_ENVIRONMENT", "Development")][..], None, "continue <- profile Development"),
        (&[("UNDERPIN_ENVIRONMENT", "PRODUCTION")], None, "abort <- profile PRODUCTION"),
        (&[("UNDERPIN_ENVIRONMENT", "staging")], None, "abort <- built-in"),
        (&[("UNDERPIN_ENVIRONMENT", "")], None, "abort <- built-in"),
        (&[("UNDERPIN_ENVIRONMENT", "development")], Some("abort"), "abort <- builder"),
        (
            &[("UNDERPIN_ENVIRONMENT", "development"), ("FAIL_ON_MIGRATION_ERROR", "true")],
            None,
            "abort <- environment FAIL_ON_MIGRATION_ERROR",
        ),
        (
            &[("UNDERPIN_ENVIRONMENT", "production"), ("UNDERPIN_ON_FAILURE", "continue")],
            None,
            "continue <- environment UNDERPIN_ON_FAILURE",
        ),
    ] {
        let mut loader = Loader::new().environment(environment.iter().copied());
        if let Some(value) = builder {
            loader = loader.builder_value(Key::OnFailure, value, false);
        }
        assert_eq!(shown(&loader.load().expect("settings"), Key::OnFailure), meant, "{environment:?}");
    }
    let prefixed = Loader::new().prefix("HIVE").environment([("HIVE_ENVIRONMENT", "Production")]);
    assert!(prefixed.load().expect("settings").is_production());
}

#[test]
fn the_booleans_of_older_code_choose_the_axes_and_the_axes_win_in_their_layer() {
    for (environment, mode, on_failure, fail) in [
        (&[("AUTO_MIGRATE_ON_STARTUP", "False")][..], Mode::Check, OnFailure::Abort, true),
        (&[("FAIL_ON_MIGRATION_ERROR", "0")], Mode::Apply, OnFailure::Continue, false),
        (&[("DEV_CREATE_TABLES", "yes")], Mode::Apply, OnFailure::CreateTables, true),
        (
            &[("DEV_CREATE_TABLES", "on"), ("FAIL_ON_MIGRATION_ERROR", "no")],
            Mode::Apply,
            OnFailure::CreateTables,
            false,
        ),
        (
            &[("DEV_CREATE_TABLES", "1"), ("AUTO_MIGRATE_ON_STARTUP", "off")],
            Mode::Create,
            OnFailure::Abort,
            true,
        ),
        (
            &[("AUTO_MIGRATE_ON_STARTUP", "false"), ("UNDERPIN_MODE", "apply")],
            Mode::Apply,
            OnFailure::Abort,
            true,
        ),
    ] {
        let settings = load(environment);
        assert_eq!((settings.mode(), settings.on_failure()), (mode, on_failure), "{environment:?}");
        assert_eq!(settings.fail_on_migration_error(), fail, "{environment:?}");
    }
    let project = Project::new(&[(".env", "UNDERPIN_MODE=off\nAUTO_MIGRATE_ON_STARTUP=true\n")]);
    let settings = project.loader(&[("AUTO_MIGRATE_ON_STARTUP", "false")]).load().expect("settings");
    assert_eq!(shown(&settings, Key::Mode), "check <- environment AUTO_MIGRATE_ON_STARTUP");
    let settings = project.loader(&[]).load().expect("settings");
    assert_eq!(shown(&settings, Key::Mode), "off <- .env (.env:1)");
    assert_eq!(shown(&settings, Key::AutoMigrate), "false <- .env (.env:1)");
}

#[test]
fn tables_are_not_created_in_production() {
    let settings = load(&[("UNDERPIN_ENVIRONMENT", "Production"), ("DEV_CREATE_TABLES", "true")]);
    assert_eq!((settings.mode(), settings.on_failure()), (Mode::Apply, OnFailure::Abort));
    assert_eq!(settings.warnings(), ["DEV_CREATE_TABLES is ignored, since the environment is production"]);
    for (name, value) in [("UNDERPIN_MODE", "create"), ("UNDERPIN_ON_FAILURE", "create_tables")] {
        let error = refuse(&[("UNDERPIN_ENVIRONMENT", "production"), (name, value)]);
        assert_eq!(error.kind, ErrorKind::Refused);
        assert!(error.message.starts_with(name), "{error}");
        load(&[(name, value)]);
    }
}

#[test]
fn a_value_that_is_not_of_its_kind_is_refused_with_its_origin_and_what_is_accepted() {
    for (name, value, accepted) in [
        ("AUTO_MIGRATE_ON_STARTUP", "maybe", "true, false, 1, 0, yes, no, on, off"),
        ("DEV_CREATE_TABLES", "2", "true, false"),
        ("UNDERPIN_MODE", "auto", "apply, check, create, off"),
        ("UNDERPIN_ON_PENDING", "error", "warn, fail"),
        ("UNDERPIN_TIMEOUT", "soon", "60s"),
        ("UNDERPIN_TIMEOUT", "0", "greater than zero"),
        ("UNDERPIN_TIMEOUT", "none", "greater than zero"),
        ("UNDERPIN_STATEMENT_TIMEOUT", "0", "none"),
        ("UNDERPIN_TX_MODE", "some", "each, all, none"),
        ("UNDERPIN_HISTORY_PREFIX", "a b", "underscores"),
        ("ALEMBIC_LOG_LEVEL", "LOUD", "debug"),
    ] {
        let error = refuse(&[(name, value)]);
        assert_eq!((error.kind, error.kind.exit_code().code()), (ErrorKind::Configuration, 2));
        for said in [name, &format!("{value:?}"), accepted] {
            assert!(error.message.contains(said), "{error}");
        }
        assert!(error.hints[0].contains(&format!("environment {name}")), "{error}");
    }
    let project = Project::new(&[(".env", "\nUNDERPIN_MODE=auto\n")]);
    let error = project.loader(&[]).load().expect_err("no mode");
    assert!(error.message.starts_with("UNDERPIN_MODE in .env:2 is \"auto\""), "{error}");
}

#[test]
fn a_variable_that_holds_nothing_is_no_boolean_and_no_mistake() {
    let empty =
        [("DEV_CREATE_TABLES", ""), ("FAIL_ON_MIGRATION_ERROR", " "), ("AUTO_MIGRATE_ON_STARTUP", "")];
    let settings = load(&empty);
    assert_eq!((settings.mode(), settings.on_failure()), (Mode::Apply, OnFailure::Abort));
    assert_eq!(shown(&settings, Key::DevCreateTables), "false <- built-in");
    let prefixed = [("HIVE_DEV_CREATE_TABLES", ""), ("DEV_CREATE_TABLES", "true")];
    let settings = Loader::new().prefix("HIVE_").environment(prefixed).load().expect("settings");
    assert_eq!(settings.on_failure(), OnFailure::CreateTables);
}

#[test]
fn schemas_without_effect_are_warned_about() {
    let schemas = ("UNDERPIN_SCHEMAS", "app");
    let settings = load(&[("DATABASE_URL", "sqlite:app.db"), schemas]);
    assert_eq!(settings.warnings(), ["UNDERPIN_SCHEMAS has no effect: SQLite has no schemas"]);
    assert!(load(&[("DATABASE_URL", "postgres://db/x"), schemas]).warnings().is_empty());
}

#[test]
fn files_are_found_upward_and_their_relative_paths_start_beside_them() {
    let project = Project::new(&[
        ("underpin.toml", "directory = \"db\"\ndatabase_url = \"sqlite:data/app.db\"\n"),
        ("sub/dir/x", ""),
        (".env", "UNDERPIN_MODE=check"),
    ]);
    let loader = || Loader::new().working_directory(project.path().join("sub/dir"));
    let settings = loader().load().expect("settings");
    assert_eq!(settings.directory(), project.path().join("db"));
    let url = settings.database_url().expect("a URL").to_string();
    assert_eq!(url, format!("sqlite:{}", project.path().join("data/app.db").display()));
    assert_eq!(settings.mode(), Mode::Check);
    assert_eq!(loader().no_dotenv().load().expect("settings").mode(), Mode::Apply);
    let settings = loader().environment([("UNDERPIN_DIR", "own")]).load().expect("settings");
    assert_eq!(settings.directory(), project.path().join("sub/dir/own"));
}

#[test]
fn a_configuration_file_that_is_named_must_be_there() {
    let project = Project::new(&[("other.toml", "mode = \"off\""), ("underpin.toml", "mode = \"check\"")]);
    let settings = project.loader(&[]).config_file("other.toml").load().expect("settings");
    assert_eq!(shown(&settings, Key::Mode), "off <- other.toml mode");
    let error = project.loader(&[]).config_file("none.toml").load().expect_err("no such file");
    assert_eq!(error.kind, ErrorKind::Configuration);
    assert_eq!(error.message, "the configuration file none.toml is not there");
    assert!(error.hints[0].contains(&project.path().join("none.toml").display().to_string()));
}

#[test]
fn an_environment_of_the_file_is_chosen_by_name_or_by_the_environment() {
    let text = "mode = \"apply\"\n[env.staging]\nmode = \"check\"\n[env.production]\nmode = \"off\"\n";
    let project = Project::new(&[("underpin.toml", text)]);
    let settings = project.loader(&[]).name("staging").load().expect("settings");
    assert_eq!(shown(&settings, Key::Mode), "check <- underpin.toml [env.staging] mode");
    assert_eq!(shown(&settings, Key::Environment), "staging <- flag --name");
    let settings = project.loader(&[("UNDERPIN_ENVIRONMENT", "Production")]).load().expect("settings");
    assert_eq!(shown(&settings, Key::Mode), "off <- underpin.toml [env.production] mode");
    assert!(project.loader(&[]).name("production").load().expect("settings").is_production());
    let error = project.loader(&[]).name("stagng").load().expect_err("no such environment");
    assert_eq!(error.message, "underpin.toml has no environment stagng");
    assert_eq!(error.hints, ["it has production, staging", "did you mean staging?"]);
    let error = Loader::new().name("x").load().expect_err("no file");
    assert_eq!(error.kind, ErrorKind::Configuration);
}

#[test]
fn limits_are_bounded_by_the_whole_run() {
    let settings = load(&[
        ("UNDERPIN_TIMEOUT", "10"),
        ("UNDERPIN_LOCK_TIMEOUT", "5m"),
        ("UNDERPIN_CONNECT_TIMEOUT", "0"),
        ("UNDERPIN_STATEMENT_TIMEOUT", "2s"),
    ]);
    let seconds = Duration::from_secs;
    assert_eq!((settings.timeout(), settings.lock_timeout()), (seconds(10), seconds(10)));
    assert_eq!((settings.connect_timeout(), settings.statement_timeout()), (seconds(0), Some(seconds(2))));
}

#[test]
fn log_filters_come_from_three_variables() {
    for (environment, meant) in [
        (&[("ALEMBIC_LOG_LEVEL", "DEBUG")][..], Some("underpin=debug")),
        (&[("UNDERPIN_LOG", "trace"), ("RUST_LOG", "warn")], Some("underpin=trace")),
        (&[("RUST_LOG", "debug")], Some("debug")),
        (&[("UNDERPIN_LOG", "underpin=info,sqlx=off")], Some("underpin=info,sqlx=off")),
        (&[("RUST_LOG", "")], None),
    ] {
        assert_eq!(load(environment).log(), meant, "{environment:?}");
    }
}

#[test]
fn unknown_variables_of_ours_are_warned_about_in_both_places() {
    let project = Project::new(&[(".env", "UNDERPIN_MOED=off")]);
    let settings = project.loader(&[("UNDERPIN_COLOURS", "always")]).load().expect("settings");
    assert_eq!(settings.warnings().len(), 2);
    assert!(settings.warnings()[1].contains("did you mean UNDERPIN_MODE?"), "{:?}", settings.warnings());
}

#[test]
fn a_mistake_that_is_overridden_is_told_and_is_no_error() {
    let project = Project::new(&[
        (".env", "UNDERPIN_TIMEOUT=never\n"),
        ("underpin.toml", "database_url = \"mysql://a:s3cret@b:x/c\"\n[startup]\nmode = \"chekc\"\n"),
    ]);
    let environment =
        [("UNDERPIN_MODE", "off"), ("UNDERPIN_TIMEOUT", "9s"), ("DATABASE_URL", "sqlite:app.db")];
    let settings = project.loader(&environment).load().expect("settings");
    let mistakes = settings.overridden_mistakes();
    let starts = [
        "mode in underpin.toml:3 is \"chekc\"",
        "database_url in underpin.toml:1",
        "UNDERPIN_TIMEOUT in .env:1",
    ];
    assert_eq!(mistakes.len(), starts.len(), "{mistakes:?}");
    for (mistake, start) in mistakes.iter().zip(starts) {
        assert!(mistake.starts_with(start) && !mistake.contains("s3cret"), "{mistake}");
        assert!(mistake.contains("; it is overridden by environment "), "{mistake}");
    }
    assert!(settings.warnings().is_empty());
}

#[test]
fn a_variable_of_dotenv_that_means_more_than_the_one_that_wins_is_warned_about() {
    let project = Project::new(&[(".env", "UNDERPIN_DATABASE_URL=mysql://a:s3cret@b/c\n")]);
    let settings = project.loader(&[("DATABASE_URL", "sqlite:app.db")]).load().expect("settings");
    let [warning] = settings.warnings() else { panic!("one warning: {:?}", settings.warnings()) };
    assert!(warning.starts_with("UNDERPIN_DATABASE_URL in .env:1 has no effect: DATABASE_URL"), "{warning}");
    assert!(!warning.contains("s3cret"), "{warning}");
    assert_eq!(settings.origin(Key::DatabaseUrl).to_string(), "environment DATABASE_URL");
}

#[test]
fn a_broken_line_of_dotenv_is_warned_about() {
    let project = Project::new(&[(".env", "UNDERPIN_MODE=off\nDATABASE_URL: mysql://a:s3cret@b/c\n")]);
    let settings = project.loader(&[]).load().expect("settings");
    assert_eq!(settings.warnings(), [".env:2 is no NAME=value, and is ignored"]);
}

#[test]
fn a_convention_for_names_is_a_setting_for_each_kind() {
    use underpin_core::model::NamedKind;

    let project =
        Project::new(&[("underpin.toml", "[naming]\ncheck = \"ck_{table}\"\nindex = \"ix_{table}\"\n")]);
    let settings =
        project.loader(&[("UNDERPIN_NAMING_INDEX", "%(column_0_label)s_ix")]).load().expect("settings");
    let shown = |kind| settings.naming().get(kind).map(ToString::to_string);
    assert_eq!(shown(NamedKind::Check).as_deref(), Some("ck_{table}"));
    assert_eq!(shown(NamedKind::Index).as_deref(), Some("%(column_0_label)s_ix"));
    assert_eq!(shown(NamedKind::Unique), None);
    assert!(environment_help("").contains("default: none; underpin.toml: [naming] foreign_key"));
    for (name, wrong) in
        [("UNDERPIN_NAMING_CHECK", "{tabel}"), ("UNDERPIN_NAMING_UNIQUE", "uq_{referred_table}")]
    {
        assert!(refuse(&[(name, wrong)]).message.starts_with(name), "{wrong}");
    }
}

#[test]
fn what_is_run_after_writing_and_what_files_are_made_from_are_settings() {
    let project = Project::new(&[(
        "underpin.toml",
        "template = \"team.j2\"\nauthor = \"Ada\"\nafter_write = [\"fix {file}\"]\nafter_write_timeout = 5\n",
    )]);
    let settings = project.loader(&[]).load().expect("settings");
    let authoring = settings.authoring();
    assert_eq!(authoring.template.as_deref(), Some(&*project.path().join("team.j2")));
    assert_eq!(authoring.author.as_deref(), Some("Ada"));
    assert_eq!(authoring.after_write, [["fix", "{file}"]]);
    assert_eq!(authoring.after_write_limit, Duration::from_secs(5));
    assert_eq!(refuse(&[("UNDERPIN_AFTER_WRITE", "fix 'never closed")]).kind, ErrorKind::Configuration);
}
