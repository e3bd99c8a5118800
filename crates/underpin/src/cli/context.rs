//! What a command works with: the settings, the revisions, the database and the output. Each is
//! made when it is first asked for, so that a command that needs no database names none.

use std::{io::IsTerminal as _, sync::OnceLock, time::Duration};

use underpin_core::diagnostic::{Diagnostic, ErrorKind};

use super::{Application, arguments::Global, logging, output::Output};
use crate::{
    SafeUrl, SchemaSource, Scope, SqlSchema,
    config::{Key, Loader, Origin, Settings, complete_prefix},
    hook::Hooks,
    migrate::{Limits, Migrator, Observer, StopSwitch},
    source::{Revisions, python},
};

/// What a command works with.
pub(super) struct Context<'a> {
    application: &'a Application,
    global: Global,
    flags: Vec<(Key, String)>,
    output: std::sync::Arc<Output>,
    stop: StopSwitch,
    settings: OnceLock<Settings>,
    revisions: OnceLock<Revisions>,
}

impl<'a> Context<'a> {
    /// `flags` are those of the command's own flags that are settings.
    pub(super) fn new(
        application: &'a Application,
        global: Global,
        flags: Vec<(Key, String)>,
        output: Output,
    ) -> Self {
        Self {
            application,
            global,
            flags,
            output: std::sync::Arc::new(output),
            stop: StopSwitch::default(),
            settings: OnceLock::new(),
            revisions: OnceLock::new(),
        }
    }

    /// The program that has the commands.
    pub(super) fn application(&self) -> &Application {
        self.application
    }

    /// What the variables of this call start with, with its `_`; empty for nothing.
    pub(super) fn prefix(&self) -> String {
        let prefix = self.global.env_prefix.as_deref().or(self.application.prefix());
        complete_prefix(prefix.unwrap_or_default().to_owned())
    }

    /// Where words go.
    pub(super) fn output(&self) -> &Output {
        &self.output
    }

    /// The same, for an observer.
    pub(super) fn shared_output(&self) -> std::sync::Arc<Output> {
        std::sync::Arc::clone(&self.output)
    }

    /// What stops the run that is under way.
    pub(super) fn stop_switch(&self) -> &StopSwitch {
        &self.stop
    }

    /// The settings. Loading them the first time starts the log and says what is odd about them.
    ///
    /// # Errors
    /// As [`Loader::load`]; also if the log filter can't be read.
    pub(super) fn settings(&self) -> Result<&Settings, Diagnostic> {
        if let Some(settings) = self.settings.get() {
            return Ok(settings);
        }
        let settings = self.loader().load()?;
        logging::start(settings.log(), &self.output)?;
        for warning in settings.warnings() {
            self.output.warn(warning);
        }
        Ok(self.settings.get_or_init(|| settings))
    }

    /// Says which settings are wrong without any effect, for the commands that look for mistakes.
    ///
    /// # Errors
    /// As [`Self::settings`].
    pub(super) fn warn_of_overridden_mistakes(&self) -> Result<(), Diagnostic> {
        for mistake in self.settings()?.overridden_mistakes() {
            self.output.warn(mistake);
        }
        Ok(())
    }

    /// A loader with everything that the program and the command line say.
    pub(super) fn loader(&self) -> Loader {
        let mut loader = Loader::from_process();
        if let Some(prefix) = self.application.prefix() {
            loader = loader.prefix(prefix);
        }
        if let Some(url) = self.application.url() {
            loader = loader.builder_value(Key::DatabaseUrl, url, false);
        }
        if let Some(directory) = self.application.revision_directory() {
            loader = loader.builder_value(Key::Directory, directory.to_string_lossy(), false);
        }
        loader = self.global.apply(loader);
        for (key, value) in &self.flags {
            loader = loader.flag(*key, value.clone());
        }
        loader
    }

    /// The revisions: those of the program, unless it has none or `--dir` is given.
    ///
    /// # Errors
    /// As [`Revisions::read`].
    pub(super) fn revisions(&self) -> Result<&Revisions, Diagnostic> {
        if let Some(revisions) = self.revisions.get() {
            return Ok(revisions);
        }
        let revisions = match self.application.revisions() {
            Some(embedded) if !self.global.names_directory() => embedded.clone(),
            Some(embedded) => Revisions::read_with(&self.settings()?.revision_directory(), embedded)?,
            None => Revisions::read(&self.settings()?.revision_directory())?,
        };
        self.warn_of_python(&revisions)?;
        Ok(self.revisions.get_or_init(|| revisions))
    }

    /// Says that there are revisions which are not read, where there are no others.
    fn warn_of_python(&self, revisions: &Revisions) -> Result<(), Diagnostic> {
        if !revisions.is_empty() {
            return Ok(());
        }
        let directory = self.settings()?.revision_directory();
        let count = python::count(&directory);
        if count > 0 {
            self.output.warn(python::advice(&directory, count));
        }
        Ok(())
    }

    /// The database and the revisions together.
    ///
    /// # Errors
    /// If there is no URL, or the revisions can't be read.
    pub(super) fn migrator(&self) -> Result<Migrator, Diagnostic> {
        self.migrator_with(None, self.revisions()?.clone())
    }

    /// The same, with somebody who listens to its runs.
    ///
    /// # Errors
    /// As [`Self::migrator`].
    pub(super) fn observed_migrator(&self, observer: Observer) -> Result<Migrator, Diagnostic> {
        self.observed_migrator_of(observer, self.revisions()?.clone())
    }

    /// The same, of these revisions.
    ///
    /// # Errors
    /// If there is no URL.
    pub(super) fn observed_migrator_of(
        &self,
        observer: Observer,
        revisions: Revisions,
    ) -> Result<Migrator, Diagnostic> {
        self.migrator_with(Some(observer), revisions)
    }

    /// The database alone, for what has nothing to do with revisions.
    ///
    /// # Errors
    /// If there is no URL.
    pub(super) fn database(&self) -> Result<Migrator, Diagnostic> {
        self.migrator_with(None, Revisions::none())
    }

    /// The database and these revisions, which were read a moment ago.
    ///
    /// # Errors
    /// If there is no URL.
    pub(super) fn migrator_of(&self, revisions: Revisions) -> Result<Migrator, Diagnostic> {
        self.migrator_with(None, revisions)
    }

    /// The revisions, to be run in scratch databases only: no database need be configured.
    ///
    /// # Errors
    /// If the revisions can't be read.
    pub(super) fn rehearsal(&self) -> Result<Migrator, Diagnostic> {
        let settings = self.settings()?;
        Migrator::builder()
            .database(SafeUrl::parse(":memory:")?)
            .revisions(self.revisions()?.clone())
            .history(self.settings()?.history_tables(None)?)
            .limits(self.limits()?)
            .transaction_mode(settings.transaction_mode())
            .online(settings.authoring().online)
            .service(self.application.name())
            .stop_switch(&self.stop)
            .assemble()
    }

    /// What is looked at where nothing else is said: everything but the history.
    ///
    /// # Errors
    /// As [`Self::settings`].
    pub(super) fn scope(&self) -> Result<Scope, Diagnostic> {
        Ok(self.settings()?.scope().history(self.settings()?.history_tables(None)?))
    }

    /// The models of the program, or the `schema.sql` that it or the settings name.
    ///
    /// # Errors
    /// If there is neither.
    pub(super) fn models(&self) -> Result<SchemaSource, Diagnostic> {
        if let Some(models) = self.application.shared_models() {
            return Ok(SchemaSource::desired(models.clone().named_by(self.settings()?.naming())));
        }
        let named = self.settings()?.schema_file();
        match (named, self.application.schema()) {
            (Some(path), _) => SqlSchema::read(path).map(SchemaSource::desired),
            (None, Some(text)) => SqlSchema::new("schema.sql", text).map(SchemaSource::desired),
            (None, None) => Err(Diagnostic::new(
                ErrorKind::Usage,
                "there are no models: neither this program nor the settings say what is wanted",
            )
            .hint("name a file of CREATE statements: UNDERPIN_SCHEMA_FILE=schema.sql")
            .hint("or give the program models: Application::models(underpin::models![…])")),
        }
    }

    /// How long a server that does not answer is waited for.
    ///
    /// # Errors
    /// As [`Self::settings`].
    pub(super) fn patience(&self) -> Result<Duration, Diagnostic> {
        Ok(self.limits()?.connect)
    }

    /// Does something that no run limits, within the limit of a run.
    ///
    /// # Errors
    /// Those of the work, and of its time being over.
    pub(super) async fn limited<T>(
        &self,
        work: impl Future<Output = Result<T, Diagnostic>>,
    ) -> Result<T, Diagnostic> {
        let limit = self.settings()?.timeout();
        tokio::time::timeout(limit, work).await.unwrap_or_else(|_| {
            Err(Diagnostic::new(
                ErrorKind::Timeout,
                format!("Timeout after {}", crate::migrate::in_words(limit)),
            )
            .state("nothing was changed outside of scratch databases")
            .hint("give it more time with --timeout or UNDERPIN_TIMEOUT"))
        })
    }

    fn migrator_with(
        &self,
        observer: Option<Observer>,
        revisions: Revisions,
    ) -> Result<Migrator, Diagnostic> {
        let settings = self.settings()?;
        let database = settings.database()?;
        let tables = settings.history_tables(Some(database.dialect()))?;
        let mut builder = Migrator::builder()
            .database(database)
            .revisions(revisions)
            .history(tables)
            .limits(self.limits()?)
            .on_newer(settings.on_newer())
            .transaction_mode(settings.transaction_mode())
            .lock_mode(settings.lock_mode())
            .destructive(settings.destructive())
            .refused_hazards(settings.refused_hazards())
            .backups(settings.backups().clone())
            .hooks(self.hooks(settings)?)
            .service(self.application.name())
            .stop_switch(&self.stop);
        if let Some(observer) = observer {
            builder = builder.observer(observer);
        }
        builder.assemble()
    }

    /// The hooks of the settings, and those of the program.
    fn hooks(&self, settings: &Settings) -> Result<Hooks, Diagnostic> {
        Ok(Hooks::from_settings(settings)?.followed_by(self.application.hooks()))
    }

    /// The limits of the settings; but unless somebody says so, a command does not wait for a
    /// server that does not answer, as a service does that starts together with it.
    ///
    /// # Errors
    /// As [`Self::settings`].
    fn limits(&self) -> Result<Limits, Diagnostic> {
        let settings = self.settings()?;
        let mut limits = crate::startup::limits(settings);
        if *settings.origin(Key::ConnectTimeout) == Origin::BuiltIn {
            limits.connect = Duration::ZERO;
        }
        Ok(limits)
    }

    /// Whether a question gets an answer: `--yes`, or that of somebody at a terminal.
    pub(super) fn can_ask(&self) -> bool {
        let is_terminal = || std::io::stdin().is_terminal() && std::io::stderr().is_terminal();
        self.global.yes || (!self.output.is_json() && is_terminal())
    }

    /// Refuses a command in production.
    ///
    /// # Errors
    /// [`ErrorKind::Refused`], with what it would do there and what is there `otherwise`.
    pub(super) fn refuse_in_production(
        &self,
        command: &str,
        because: &str,
        otherwise: &str,
    ) -> Result<(), Diagnostic> {
        let settings = self.settings()?;
        if !settings.is_production() {
            return Ok(());
        }
        let origin = settings.origin(Key::Environment).subject(Key::Environment);
        let message = format!("{command} is refused in production: {because}");
        Err(Diagnostic::new(ErrorKind::Refused, message)
            .state("nothing was changed")
            .hint(format!("{origin} says that this is production; {otherwise}")))
    }

    /// Asks whether to do something; `--yes` answers.
    ///
    /// # Errors
    /// If the answer is no, or there is nobody to ask.
    pub(super) fn confirm(&self, action: &str) -> Result<(), Diagnostic> {
        if self.global.yes {
            return Ok(());
        }
        let refused = |message: String| {
            Diagnostic::new(ErrorKind::Refused, message)
                .state("nothing was changed")
                .hint("add --yes to do it without being asked")
        };
        if !self.can_ask() {
            return Err(refused(format!("there is nobody to ask whether to {action}")));
        }
        self.output.error(format_args!("About to {action}. Type yes to go on:"));
        let mut answer = String::new();
        let read = std::io::stdin().read_line(&mut answer);
        let yes = read.is_ok() && matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes");
        if yes { Ok(()) } else { Err(refused("the answer was not yes".to_owned())) }
    }
}
