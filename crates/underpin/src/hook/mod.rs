//! Hooks: who is asked before a run goes on, and told what has become of it. Unlike an observer, a
//! hook may take its time, within a limit, and may stop the run where the policy says so.

#[cfg(feature = "hooks")]
mod command;
mod notice;
mod occasion;
mod settings;
#[cfg(feature = "hooks")]
mod tls;
#[cfg(feature = "hooks")]
mod webhook;

use std::{error::Error as StdError, fmt, sync::Arc, time::Duration};

use async_trait::async_trait;

pub use notice::{Happening, Moment, Notice};

pub(crate) use occasion::Occasion;

use crate::policy::OnHookFailure;

/// How long one call of a hook may take if nothing is said.
const LIMIT: Duration = Duration::from_secs(5);
/// For how long the lock is waited for before that is worth a call.
const SLOW_LOCK: Duration = Duration::from_secs(10);

/// Why a hook failed, in words.
pub type HookError = Box<dyn StdError + Send + Sync>;

/// Somebody who is called at the moments of a run.
///
/// ```
/// use underpin::{Happening, Hook, HookError, Moment, Notice};
///
/// struct Announcer;
///
/// #[underpin::async_trait]
/// impl Hook for Announcer {
///     fn wants(&self, moment: Moment) -> bool {
///         matches!(moment, Moment::BeforeRun | Moment::AfterRun)
///     }
///
///     async fn call(&self, notice: &Notice) -> Result<(), HookError> {
///         if let Happening::BeforeRun { revisions, .. } = &notice.happening {
///             println!("{}: {} revisions", notice.service, revisions.len());
///         }
///         Ok(())
///     }
/// }
///
/// let startup = underpin::Startup::new("shop").hook(Announcer);
/// ```
#[async_trait]
pub trait Hook: Send + Sync {
    /// What it is called in messages.
    fn name(&self) -> String {
        "a hook of the program".to_owned()
    }

    /// Whether it is to be called at a moment. A hook that wants to be called around each revision makes
    /// small revisions travel one by one.
    fn wants(&self, _moment: Moment) -> bool {
        true
    }

    /// Is called. The future is dropped where it takes longer than the limit.
    ///
    /// # Errors
    /// Whatever keeps the run from going on, where the policy is
    /// [`OnHookFailure::Fail`](crate::OnHookFailure::Fail); where it is to warn, it is logged.
    async fn call(&self, notice: &Notice) -> Result<(), HookError>;
}

/// A hook that several runs call.
#[derive(Clone)]
pub(crate) struct SharedHook(pub(crate) Arc<dyn Hook>);

impl fmt::Debug for SharedHook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.name())
    }
}

/// The hooks of a migrator, and what their failure means.
#[derive(Clone, Debug)]
pub struct Hooks {
    hooks: Vec<SharedHook>,
    on_failure: OnHookFailure,
    limit: Duration,
    slow_lock: Duration,
    sql: bool,
}

impl Default for Hooks {
    fn default() -> Self {
        let on_failure = OnHookFailure::default();
        Self { hooks: Vec::new(), on_failure, limit: LIMIT, slow_lock: SLOW_LOCK, sql: false }
    }
}

impl Hooks {
    /// Nobody yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one; they are called in the order in which they were added.
    #[must_use]
    pub fn hook(mut self, hook: impl Hook + 'static) -> Self {
        self.hooks.push(SharedHook(Arc::new(hook)));
        self
    }

    /// What it means that one fails before or after a revision or a run.
    #[must_use]
    pub fn on_failure(mut self, on_failure: OnHookFailure) -> Self {
        self.on_failure = on_failure;
        self
    }

    /// How long one call may take; five seconds if nothing is said.
    #[must_use]
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// For how long the migration lock is waited for before that is a moment; ten seconds if nothing is
    /// said.
    #[must_use]
    pub fn slow_lock(mut self, wait: Duration) -> Self {
        self.slow_lock = wait;
        self
    }

    /// Whether a notice on a revision holds its SQL; it does not if nothing is said.
    #[must_use]
    pub fn with_sql(mut self, sql: bool) -> Self {
        self.sql = sql;
        self
    }

    fn wants(&self, moment: Moment) -> bool {
        self.hooks.iter().any(|hook| hook.0.wants(moment))
    }

    /// The same with more hooks behind these.
    pub(crate) fn followed_by(mut self, others: &[SharedHook]) -> Self {
        self.hooks.extend_from_slice(others);
        self
    }
}
