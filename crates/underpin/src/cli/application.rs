//! What a program that has these commands brings along: its name, and its revisions if it embeds
//! any. Not its settings; they are loaded when a command runs.

use std::{borrow::Cow, path::PathBuf, sync::Arc};

use crate::hook::{Hook, SharedHook};
use crate::{
    Models,
    source::{Embedded, Revisions},
};

/// A program that has the commands.
///
/// ```no_run
/// # async fn example(migrations: &'static underpin::Embedded) -> underpin::ExitCode {
/// // `shop migrate upgrade`
/// let application = underpin::cli::Application::new("shop")
///     .called("shop migrate")
///     .migrations(migrations)
///     .default_url("sqlite://./data/shop.db");
/// underpin::cli::run(&application, std::env::args_os().skip(2)).await
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Application {
    name: String,
    command: Option<String>,
    version: Option<String>,
    revisions: Option<Revisions>,
    schema: Option<Cow<'static, str>>,
    models: Option<Models>,
    directory: Option<PathBuf>,
    default_url: Option<String>,
    env_prefix: Option<String>,
    hooks: Vec<SharedHook>,
}

impl Application {
    /// The program `name`, which has no revisions of its own: they are read from a directory.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            command: None,
            version: None,
            revisions: None,
            schema: None,
            models: None,
            directory: None,
            default_url: None,
            env_prefix: None,
            hooks: Vec::new(),
        }
    }

    /// What is typed before a command, where that is more than the program's name.
    #[must_use]
    pub fn called(mut self, command: impl Into<String>) -> Self {
        self.command = Some(command.into());
        self
    }

    /// The version that `--version` shows; without it, that of Underpin.
    #[must_use]
    pub fn version(mut self, version: impl Into<String>) -> Self {
        self.version = Some(version.into());
        self
    }

    /// The revisions that are embedded in the program. They are used unless `--dir` is given.
    #[must_use]
    pub fn migrations(mut self, embedded: &'static Embedded) -> Self {
        self.revisions = Some(Revisions::embedded(embedded));
        self
    }

    /// The tables that `startup` may create without revisions, as
    /// [`Startup::schema_sql`](crate::Startup::schema_sql) has them.
    #[must_use]
    pub fn schema_sql(mut self, text: impl Into<Cow<'static, str>>) -> Self {
        self.schema = Some(text.into());
        self
    }

    /// The models of the program: `models![Customer, Order]`. They are what `generate`, `diff` and `check`
    /// compare with, and the tables that `startup` may create where there is no `schema.sql`.
    #[must_use]
    pub fn models(mut self, models: Models) -> Self {
        self.models = Some(models);
        self
    }

    /// Where the files of the revisions are, if neither flag, environment nor file says so.
    #[must_use]
    pub fn directory(mut self, directory: impl Into<PathBuf>) -> Self {
        self.directory = Some(directory.into());
        self
    }

    /// The database where configuration and environment name none.
    #[must_use]
    pub fn default_url(mut self, url: impl Into<String>) -> Self {
        self.default_url = Some(url.into());
        self
    }

    /// Environment variables that start with this count first: with `HIVE_`, `HIVE_DATABASE_URL`.
    #[must_use]
    pub fn env_prefix(mut self, prefix: impl Into<String>) -> Self {
        self.env_prefix = Some(prefix.into());
        self
    }

    /// Somebody who is called at the moments of every run, behind those that the settings name.
    #[must_use]
    pub fn hook(mut self, hook: impl Hook + 'static) -> Self {
        self.hooks.push(SharedHook(Arc::new(hook)));
        self
    }

    pub(super) fn hooks(&self) -> &[SharedHook] {
        &self.hooks
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn command(&self) -> &str {
        self.command.as_deref().unwrap_or(&self.name)
    }

    pub(super) fn shown_version(&self) -> &str {
        self.version.as_deref().unwrap_or(env!("CARGO_PKG_VERSION"))
    }

    pub(super) fn revisions(&self) -> Option<&Revisions> {
        self.revisions.as_ref()
    }

    pub(super) fn schema(&self) -> Option<Cow<'static, str>> {
        self.schema.clone()
    }

    pub(super) fn shared_models(&self) -> Option<&Models> {
        self.models.as_ref()
    }

    pub(super) fn revision_directory(&self) -> Option<&PathBuf> {
        self.directory.as_ref()
    }

    pub(super) fn url(&self) -> Option<&str> {
        self.default_url.as_deref()
    }

    pub(super) fn prefix(&self) -> Option<&str> {
        self.env_prefix.as_deref()
    }
}
