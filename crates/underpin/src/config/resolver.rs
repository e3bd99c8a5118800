//! Decides every setting from the layers: the first layer that has it wins. It reads no file and no
//! environment.

mod authoring;
mod backup;
mod lint;
mod naming;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    str::FromStr,
    time::Duration,
};

use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind, mask_credentials},
    dialect::Dialect,
};

use crate::{
    author::FileTemplate,
    database::SafeUrl,
    hook::Moment,
    policy::{
        Destructive, IdStyle, LockMode, Mode, OnFailure, OnHookFailure, OnNewer, OnPending, TransactionMode,
        VerifyOnStartup,
    },
};

use super::{
    environment,
    file::File,
    key::{Key, Kind},
    layer::{DotenvFile, Given, Layer, ProcessVariables},
    origin::Origin,
    settings::{Entry, Limits, NamedHooks, Profile, Settings},
    shadowed,
    startup::{self, Ranked, Said, Source},
    unknown,
    url::{self, UrlSetting},
    value,
};

/// Everything that was collected.
pub(super) struct Sources {
    /// The layers that win over files, the strongest first.
    pub(super) above_files: Vec<Layer>,
    /// The layer of the embedding program.
    pub(super) below_files: Layer,
    pub(super) file: Option<File>,
    pub(super) name: Option<String>,
    pub(super) prefix: String,
    pub(super) process: ProcessVariables,
    pub(super) dotenv: DotenvFile,
    pub(super) dotenv_read: bool,
    pub(super) working_directory: PathBuf,
    /// The directory that relative paths start from, if it is not the process's own.
    pub(super) base: Option<PathBuf>,
}

/// The layers in their order, and what was decided so far.
pub(super) struct Resolver {
    sources: Sources,
    layers: Vec<Layer>,
    environment: Option<String>,
    entries: BTreeMap<Key, Entry>,
    warnings: Vec<String>,
    overridden: Vec<String>,
}

impl Resolver {
    /// Puts the layers in their order.
    ///
    /// # Errors
    /// A named environment that the configuration file does not have.
    pub(super) fn new(mut sources: Sources) -> Result<Self, Diagnostic> {
        let mut layers = std::mem::take(&mut sources.above_files);
        let chosen = environment::chosen(sources.name.as_deref(), sources.file.as_ref(), &layers)?;
        layers.push(chosen);
        layers.push(sources.file.as_ref().map(|file| file.base.clone()).unwrap_or_default());
        layers.push(std::mem::take(&mut sources.below_files));
        let names = sources.process.values.keys().map(String::as_str);
        let names = names.chain(sources.dotenv.variables.iter().map(|variable| variable.name.as_str()));
        let mut warnings = unknown::warnings(names, &sources.prefix);
        warnings.append(&mut sources.dotenv.warnings);
        warnings.extend(shadowed::warnings(&layers, &sources.prefix));
        let mut resolver = Self {
            sources,
            layers,
            environment: None,
            entries: BTreeMap::new(),
            warnings,
            overridden: Vec::new(),
        };
        resolver.decide_environment();
        Ok(resolver)
    }

    /// The environment, and with it the layer of its defaults.
    fn decide_environment(&mut self) {
        let given = self
            .find(Key::Environment)
            .map(|(_, given)| (given.text.trim().to_owned(), given.origin.clone()));
        let named = || {
            let name = self.sources.name.clone()?;
            Some((name, Origin::Flag { flag: "--name".to_owned() }))
        };
        let (name, origin) = match given.or_else(named) {
            Some((name, origin)) => (Some(name), origin),
            None => (None, Origin::BuiltIn),
        };
        let mut profile = Layer::new();
        if let Some((name, on_failure)) =
            name.as_deref().and_then(|name| Some((name, Profile::of(name)?.on_failure())))
        {
            for (key, text) in [(Key::Mode, Mode::Apply.name()), (Key::OnFailure, on_failure.name())] {
                let origin = Origin::Profile { name: name.to_owned() };
                profile.insert(key, Given { text: text.to_owned(), origin, directory: None });
            }
        }
        self.layers.push(profile);
        self.note(Key::Environment, name.clone().unwrap_or_default(), origin);
        self.environment = name;
    }

    fn find(&self, key: Key) -> Option<(usize, &Given)> {
        self.layers.iter().enumerate().find_map(|(rank, layer)| Some((rank, layer.get(&key)?)))
    }

    fn note(&mut self, key: Key, value: String, origin: Origin) {
        let value = mask_credentials(&value).into_owned();
        self.entries.insert(key, Entry { key, value, origin });
    }

    /// The value of a setting, if any layer has it, with the rank of that layer. Values below it
    /// that are not of their kind are noted: they will be errors once it is gone.
    fn read<T>(
        &mut self,
        key: Key,
        read: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<Ranked<T>>, Diagnostic> {
        let Some((rank, given)) = self.find(key) else { return Ok(None) };
        let ranked = match read(&given.text) {
            Some(value) => Ok(Some(Ranked { rank, value })),
            None => Err(refused(key, given)),
        };
        let below = self.layers[rank + 1..].iter().filter_map(|layer| layer.get(&key));
        let useless = below.filter(|given| read(&given.text).is_none());
        let notes: Vec<String> = useless.map(|useless| overridden(refused(key, useless), given)).collect();
        self.overridden.extend(notes);
        ranked
    }

    /// The value of a setting or its default, noted for `config show`.
    fn take<T: Clone>(
        &mut self,
        key: Key,
        read: impl Fn(&str) -> Option<T>,
        default: T,
        show: impl Fn(&T) -> String,
    ) -> Result<T, Diagnostic> {
        let value = self.read(key, read)?.map_or(default, |ranked| ranked.value);
        let origin = self.find(key).map_or(Origin::BuiltIn, |(_, given)| given.origin.clone());
        self.note(key, show(&value), origin);
        Ok(value)
    }

    fn choice<T: FromStr + ToString + Default + Clone>(&mut self, key: Key) -> Result<T, Diagnostic> {
        self.take(key, |text| text.parse().ok(), T::default(), T::to_string)
    }

    fn limit(&mut self, key: Key, default: Option<Duration>) -> Result<Option<Duration>, Diagnostic> {
        let kind = key.definition().kind;
        let read = |text: &str| match (kind, text.trim().eq_ignore_ascii_case("none")) {
            (Kind::DurationOrNone, true) => Some(None),
            _ => value::duration(text)
                .filter(|limit| kind == Kind::DurationOrZero || !limit.is_zero())
                .map(Some),
        };
        let show = |limit: &Option<Duration>| limit.map_or_else(|| "none".to_owned(), value::duration_text);
        self.take(key, read, default, show)
    }

    /// Decides everything.
    ///
    /// # Errors
    /// A value that is not of its kind, and creating tables in production.
    pub(super) fn settings(mut self) -> Result<Settings, Diagnostic> {
        let (mode, on_failure, fail_on_error) = self.startup()?;
        let url = self.url()?;
        let schemas = self.schemas(&url)?;
        let limits = self.limits()?;
        let directory = self.directory()?;
        let some_text = |text: &str| Some(Some(text.trim().to_owned()));
        let history_schema =
            self.take(Key::HistorySchema, some_text, None, |schema| schema.clone().unwrap_or_default())?;
        let identifier = |text: &str| Some(text.trim().to_owned()).filter(|text| value::is_identifier(text));
        let history_prefix =
            self.take(Key::HistoryPrefix, identifier, "underpin".to_owned(), String::clone)?;
        // Alembic's own files double the signs, as Python's configparser wants it.
        let template = |text: &str| text.replace("%%", "%").parse::<FileTemplate>().ok();
        let file_template =
            self.take(Key::FileTemplate, template, FileTemplate::default(), ToString::to_string)?;
        Ok(Settings {
            mode,
            on_failure,
            fail_on_error,
            on_pending: self.choice::<OnPending>(Key::OnPending)?,
            on_newer: self.choice::<OnNewer>(Key::OnNewer)?,
            hooks: self.hooks()?,
            destructive: self.choice::<Destructive>(Key::Destructive)?,
            backups: self.backups()?,
            transaction_mode: self.choice::<TransactionMode>(Key::TransactionMode)?,
            lock_mode: self.choice::<LockMode>(Key::LockMode)?,
            id_style: self.choice::<IdStyle>(Key::IdStyle)?,
            file_template,
            authoring: self.authoring()?,
            naming: self.naming()?,
            lint: self.lint()?,
            lint_since: self.lint_since()?,
            refuse_lint_errors: self.take(Key::RefuseLintErrors, value::boolean, false, bool::to_string)?,
            log: self.log()?,
            url,
            schema_file: self.schema_file()?,
            scratch_url: self.scratch_url()?,
            schemas,
            include: self.list(Key::Include)?,
            exclude: self.list(Key::Exclude)?,
            verify_on_startup: self.choice::<VerifyOnStartup>(Key::VerifyOnStartup)?,
            heartbeat: self.limit(Key::Heartbeat, None)?,
            limits,
            directory,
            history_schema,
            history_prefix,
            environment: self.environment,
            entries: self.entries.into_values().collect(),
            warnings: self.warnings,
            overridden: self.overridden,
        })
    }

    fn startup(&mut self) -> Result<(Mode, OnFailure, bool), Diagnostic> {
        let production = self.environment.as_deref().and_then(Profile::of) == Some(Profile::Production);
        let mut said = Said {
            mode: self.read(Key::Mode, |text| text.parse().ok())?,
            on_failure: self.read(Key::OnFailure, |text| text.parse().ok())?,
            auto_migrate: self.read(Key::AutoMigrate, value::boolean)?,
            fail_on_error: self.read(Key::FailOnMigrationError, value::boolean)?,
            create_tables: self.read(Key::DevCreateTables, value::boolean)?,
        };
        let create_tables = said.create_tables.is_some_and(|create| create.value);
        let create_origin = self.origin(Key::DevCreateTables);
        if production && create_tables {
            let subject = create_origin.subject(Key::DevCreateTables);
            self.warnings.push(format!("{subject} is ignored, since the environment is production"));
            said.create_tables = None;
        }
        let (mode, mode_source) = startup::mode(&said);
        let (on_failure, failure_source) = startup::on_failure(&said, mode);
        let mode_origin = self.origin_of(mode_source, Key::Mode);
        let failure_origin = self.origin_of(failure_source, Key::OnFailure);
        if production {
            refuse_creating(mode == Mode::Create, Key::Mode, &mode_origin)?;
            refuse_creating(on_failure == OnFailure::CreateTables, Key::OnFailure, &failure_origin)?;
        }
        let own = said.fail_on_error.map(|fail| fail.value);
        let fail_on_error =
            own.unwrap_or(said.on_failure.is_none_or(|axis| axis.value != OnFailure::Continue));
        // The booleans are shown as they are in force, also where an axis decided.
        self.note(Key::AutoMigrate, (mode == Mode::Apply).to_string(), mode_origin.clone());
        let fail_origin =
            own.map_or_else(|| failure_origin.clone(), |_| self.origin(Key::FailOnMigrationError));
        self.note(Key::FailOnMigrationError, fail_on_error.to_string(), fail_origin);
        self.note(Key::DevCreateTables, (create_tables && !production).to_string(), create_origin);
        self.note(Key::Mode, mode.to_string(), mode_origin);
        self.note(Key::OnFailure, on_failure.to_string(), failure_origin);
        Ok((mode, on_failure, fail_on_error))
    }

    fn origin(&self, key: Key) -> Origin {
        self.find(key).map_or(Origin::BuiltIn, |(_, given)| given.origin.clone())
    }

    fn origin_of(&self, source: Option<Source>, axis: Key) -> Origin {
        match source {
            None => Origin::BuiltIn,
            Some(Source::Axis) => self.origin(axis),
            Some(Source::AutoMigrate) => self.origin(Key::AutoMigrate),
            Some(Source::FailOnError) => self.origin(Key::FailOnMigrationError),
            Some(Source::CreateTables) => self.origin(Key::DevCreateTables),
        }
    }

    /// Notes the URLs below the one that is in force that can't be read.
    fn note_unreadable_urls(&mut self) {
        let Some((rank, given)) = self.find(Key::DatabaseUrl) else { return };
        let below = self.layers[rank + 1..].iter().filter_map(|layer| layer.get(&Key::DatabaseUrl));
        let notes: Vec<String> = below
            .filter_map(|below| url::mistake(below, &self.sources.working_directory))
            .map(|mistake| overridden(mistake, given))
            .collect();
        self.overridden.extend(notes);
    }

    fn url(&mut self) -> Result<UrlSetting, Diagnostic> {
        self.note_unreadable_urls();
        let sources = &self.sources;
        let given = self.find(Key::DatabaseUrl).map(|(_, given)| given);
        let found = url::decide(
            given,
            &sources.process,
            &sources.dotenv,
            &sources.prefix,
            &sources.working_directory,
        )?;
        let (url, origin) = found.unwrap_or_else(|| {
            let dotenv = match (sources.dotenv_read, sources.dotenv.path.as_str()) {
                (false, _) => ".env (not read)".to_owned(),
                (true, "") => ".env (there is none)".to_owned(),
                (true, path) => path.to_owned(),
            };
            let file = sources.file.as_ref().map(|file| file.path.as_str());
            (url::missing(&sources.prefix, &dotenv, file), Origin::BuiltIn)
        });
        if let UrlSetting::Present(url) = &url {
            let ignored = url.parameters_without_effect().iter();
            self.warnings.extend(
                ignored.map(|name| format!("the parameter {name} of the database URL has no effect here")),
            );
            if url.is_unnamed() {
                let subject = origin.subject(Key::DatabaseUrl);
                self.warnings.push(format!(
                    "{subject} names no file: the database is in memory, and gone when the program ends; \
                     if that is meant, write sqlite::memory:"
                ));
            }
        }
        self.note(Key::DatabaseUrl, url.shown(), origin);
        Ok(url)
    }

    fn limits(&mut self) -> Result<Limits, Diagnostic> {
        const TABLE_LOCK: Duration = Duration::from_secs(300);
        let seconds = Duration::from_secs;
        Ok(Limits {
            run: self.limit(Key::Timeout, Some(seconds(60)))?.unwrap_or(seconds(60)),
            connect: self.limit(Key::ConnectTimeout, Some(seconds(30)))?.unwrap_or(seconds(30)),
            lock: self.limit(Key::LockTimeout, None)?,
            statement: self.limit(Key::StatementTimeout, None)?,
            table_lock: self.limit(Key::TableLockTimeout, Some(TABLE_LOCK))?.unwrap_or(TABLE_LOCK),
        })
    }

    fn hooks(&mut self) -> Result<NamedHooks, Diagnostic> {
        let seconds = Duration::from_secs;
        Ok(NamedHooks {
            command: self.hidden_text(Key::HookCommand)?,
            url: self.hidden_text(Key::HookUrl)?,
            authorities: self.optional_path(Key::HookCa)?,
            moments: self.take(Key::HookMoments, value::moments, Moment::ALL.to_vec(), |moments| {
                value::moments_text(moments)
            })?,
            on_failure: self.choice::<OnHookFailure>(Key::HookOnFailure)?,
            limit: self.limit(Key::HookTimeout, Some(seconds(5)))?.unwrap_or(seconds(5)),
            slow_lock: self.limit(Key::HookSlowLock, Some(seconds(10)))?.unwrap_or(seconds(10)),
            sql: self.take(Key::HookSql, value::boolean, false, bool::to_string)?,
        })
    }

    /// A text of which only is shown that it is there.
    fn hidden_text(&mut self, key: Key) -> Result<Option<String>, Diagnostic> {
        let shown = |text: &Option<String>| text.as_ref().map(|_| "(set)".to_owned()).unwrap_or_default();
        self.take(key, value::text, None, shown)
    }

    fn directory(&mut self) -> Result<PathBuf, Diagnostic> {
        // Without a setting, it lies beside the project's configuration file.
        let base = match self.find(Key::Directory) {
            Some((_, given)) => given.directory.clone(),
            None => match &self.sources.file {
                Some(file) => file.directory.clone(),
                None => self.sources.base.clone(),
            },
        };
        let lead = |text: &str| base.as_deref().unwrap_or(Path::new("")).join(text.trim());
        let default = lead(Key::Directory.definition().default);
        self.take(
            Key::Directory,
            |text| value::path(text).map(lead),
            default,
            |path| path.display().to_string(),
        )
    }

    fn schema_file(&mut self) -> Result<Option<PathBuf>, Diagnostic> {
        self.optional_path(Key::SchemaFile)
    }

    fn optional_path(&mut self, key: Key) -> Result<Option<PathBuf>, Diagnostic> {
        let base = self.find(key).and_then(|(_, given)| given.directory.clone());
        let lead = |text: &str| base.as_deref().unwrap_or(Path::new("")).join(text.trim());
        let show =
            |path: &Option<PathBuf>| path.as_ref().map(|path| path.display().to_string()).unwrap_or_default();
        self.take(key, |text| value::path(text).map(|text| Some(lead(text))), None, show)
    }

    fn list(&mut self, key: Key) -> Result<Vec<String>, Diagnostic> {
        let read = |text: &str| {
            let names = text.split(',').map(str::trim).filter(|name| !name.is_empty());
            Some(names.map(str::to_owned).collect::<Vec<_>>())
        };
        self.take(key, read, Vec::new(), |names| names.join(","))
    }

    /// The schemas that are looked at, which SQLite has none of.
    fn schemas(&mut self, url: &UrlSetting) -> Result<Vec<String>, Diagnostic> {
        let schemas = self.list(Key::Schemas)?;
        if let UrlSetting::Present(url) = url
            && url.dialect() == Dialect::Sqlite
            && !schemas.is_empty()
        {
            let subject = self.origin(Key::Schemas).subject(Key::Schemas);
            self.warnings.push(format!("{subject} has no effect: SQLite has no schemas"));
        }
        Ok(schemas)
    }

    /// The URL of the scratch server. What can't be read is told without any piece of it.
    fn scratch_url(&mut self) -> Result<Option<SafeUrl>, Diagnostic> {
        let Some((_, given)) = self.find(Key::ScratchUrl) else {
            self.note(Key::ScratchUrl, String::new(), Origin::BuiltIn);
            return Ok(None);
        };
        let (origin, text) = (given.origin.clone(), given.text.trim().to_owned());
        let directory = given.directory.clone().unwrap_or_else(|| self.sources.working_directory.clone());
        let url = SafeUrl::parse_in(&text, &directory).map_err(|mut error| {
            error.message = format!("{}: {}", origin.subject(Key::ScratchUrl), error.message);
            error
        })?;
        self.note(Key::ScratchUrl, url.to_string(), origin);
        Ok(Some(url))
    }

    /// The filter for log messages. A level alone is the level of Underpin, except in `RUST_LOG`,
    /// which is everybody's.
    fn log(&mut self) -> Result<Option<String>, Diagnostic> {
        let variable = match self.origin(Key::Log) {
            Origin::Environment { variable } | Origin::Dotenv { variable, .. } => variable,
            _ => String::new(),
        };
        let read = |text: &str| {
            let level = value::log_level(text).map(|level| format!("underpin={level}"));
            match (variable.ends_with("RUST_LOG"), variable.ends_with("ALEMBIC_LOG_LEVEL")) {
                (true, _) => Some(Some(text.trim().to_owned())),
                (false, true) => level.map(Some),
                (false, false) => Some(Some(level.unwrap_or_else(|| text.trim().to_owned()))),
            }
        };
        self.take(Key::Log, read, None, |log| log.clone().unwrap_or_default())
    }
}

fn refused(key: Key, given: &Given) -> Diagnostic {
    let message = format!(
        "{} is {:?}, and must be {}",
        given.origin.subject(key),
        given.text,
        key.definition().kind.accepted()
    );
    Diagnostic::new(ErrorKind::Configuration, message).hint(format!("the value comes from {}", given.origin))
}

/// What is to be said of a mistake that has no effect because another value wins.
fn overridden(mistake: Diagnostic, winner: &Given) -> String {
    format!("{}; it is overridden by {}", mistake.message, winner.origin)
}

fn refuse_creating(creates: bool, key: Key, origin: &Origin) -> Result<(), Diagnostic> {
    if !creates {
        return Ok(());
    }
    let message =
        format!("{} creates tables without revisions, which is refused in production", origin.subject(key));
    Err(Diagnostic::new(ErrorKind::Refused, message)
        .hint(format!("the value comes from {origin}; choose another {key}")))
}
