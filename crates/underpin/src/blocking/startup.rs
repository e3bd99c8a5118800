//! The start-up call, waited for. What it does is written in `startup`.

use std::{borrow::Cow, path::PathBuf, time::Duration};

use tokio::time::Instant;

use super::{hand_on, wait_for};
use crate::{
    Backups,
    config::Settings,
    hook::Hook,
    migrate::{Observer, StopSwitch},
    policy::{BackupPolicy, Destructive, Mode, OnFailure, OnHookFailure, OnNewer, OnPending},
    source::{Embedded, Revisions},
    startup::{self, StartupError, StartupReport},
};

/// [`underpin::Startup`](crate::Startup) for a program without an asynchronous runtime.
///
/// ```no_run
/// # fn example(migrations: &'static underpin::Embedded) -> Result<(), underpin::StartupError> {
/// let report = underpin::blocking::Startup::new("app").migrations(migrations).run()?;
/// println!("{report}");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Startup {
    inner: startup::Startup,
}

impl Startup {
    /// As [`Startup::new`](crate::Startup::new).
    pub fn new(app_name: impl Into<String>) -> Self {
        startup::Startup::new(app_name).into()
    }

    hand_on! { "crate::Startup":
        migrations(embedded: &'static Embedded);
        directory(directory: impl Into<PathBuf>);
        revisions(revisions: Revisions);
        schema_sql(text: impl Into<Cow<'static, str>>);
        schema_file(path: impl Into<PathBuf>);
        default_url(url: impl Into<String>);
        url(url: impl Into<String>);
        mode(mode: Mode);
        on_failure(on_failure: OnFailure);
        on_pending(on_pending: OnPending);
        on_newer(on_newer: OnNewer);
        destructive(destructive: Destructive);
        backup(policy: BackupPolicy);
        backup_directory(directory: impl Into<PathBuf>);
        backups(backups: Backups);
        refuse_lint_errors(refuse: bool);
        timeout(limit: Duration);
        lock_timeout(limit: Duration);
        statement_timeout(limit: Duration);
        table_lock_timeout(limit: Duration);
        connect_timeout(limit: Duration);
        env_prefix(prefix: impl Into<String>);
        pinned();
        settings(settings: Settings);
        require_database(required: bool);
        observer(observer: Observer);
        hook(hook: impl Hook + 'static);
        on_hook_failure(on_failure: OnHookFailure);
        stop_switch(switch: &StopSwitch);
    }

    /// Runs the start-up to its end. A [`StopSwitch`] stops it from another thread.
    ///
    /// # Errors
    /// As [`Startup::run`](crate::Startup::run); also where a Tokio runtime runs.
    pub fn run(self) -> Result<StartupReport, StartupError> {
        let start = Instant::now();
        let app_name = self.inner.app_name().to_owned();
        match wait_for(self.inner.run()) {
            Ok(ended) => ended,
            Err(error) => Err(startup::not_begun(&app_name, error, start)),
        }
    }
}

/// A start-up that was put together already. One with a pool should keep it out of this: a pool
/// belongs to the runtime that it was made in.
impl From<startup::Startup> for Startup {
    fn from(inner: startup::Startup) -> Self {
        Self { inner }
    }
}
