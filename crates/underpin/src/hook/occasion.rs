//! Calling the hooks of one run: in turn, each with its limit, and with what a failure means. Nothing
//! that a hook does may break a run in another way than its policy says, so that panics are failures.

use std::{panic::AssertUnwindSafe, time::Duration};

use futures_util::FutureExt as _;
use jiff::Timestamp;
use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind},
    plan::Step,
};

use super::{Happening, Hook, HookError, Hooks, Moment, Notice};
use crate::{
    database::Interrupt,
    migrate::{RanRevision, RunReport, milliseconds},
    policy::OnHookFailure,
};

/// How long the hooks of a run that was told to end may take in all: whoever tells it waits only so long.
const LAST_WORD: Duration = Duration::from_secs(2);

/// The hooks, and the run that they are called for.
#[derive(Clone, Debug)]
pub(crate) struct Occasion {
    hooks: Hooks,
    service: String,
    run: String,
    database: String,
}

impl Occasion {
    pub(crate) fn new(hooks: &Hooks, service: &str, run: &str, database: String) -> Self {
        Self { hooks: hooks.clone(), service: service.to_owned(), run: run.to_owned(), database }
    }

    /// Whether each revision has to be run for itself.
    pub(crate) fn watches_revisions(&self) -> bool {
        self.hooks.wants(Moment::BeforeRevision) || self.hooks.wants(Moment::AfterRevision)
    }

    /// For how long the lock may be waited for before somebody wants to know.
    pub(crate) fn slow_lock(&self) -> Option<Duration> {
        self.hooks.wants(Moment::SlowLock).then_some(self.hooks.slow_lock)
    }

    /// Calls the hooks behind the run's back: it neither waits for them nor minds what they say.
    pub(crate) fn tell_aside(&self, happening: Happening) {
        let occasion = self.clone();
        tokio::spawn(async move { occasion.tell(happening).await });
    }

    /// Calls the hooks, whose failure changes nothing any more.
    pub(crate) async fn tell(&self, happening: Happening) {
        for hook in self.called_at(happening.moment()) {
            let notice = self.notice(happening.clone());
            if let Err(error) = self.call(hook, &notice).await {
                warn(hook, &notice, &error);
            }
        }
    }

    /// Calls the hooks, and fails where one does and the policy is to fail; also where the run is to stop
    /// meanwhile.
    pub(crate) async fn ask(&self, happening: Happening, interrupt: &Interrupt) -> Result<(), Diagnostic> {
        for hook in self.called_at(happening.moment()) {
            let notice = self.notice(happening.clone());
            let called = interrupt.limit(self.call(hook, &notice)).await;
            let called = called.map_err(|stop| stop.diagnostic(&format!("in {}", hook.name())))?;
            let Err(error) = called else { continue };
            match self.hooks.on_failure {
                OnHookFailure::Warn => warn(hook, &notice, &error),
                OnHookFailure::Fail => return Err(failed(hook, &notice, &error)),
            }
        }
        Ok(())
    }

    /// Before a revision.
    pub(crate) async fn before(
        &self,
        step: &Step,
        (number, of): (usize, usize),
        interrupt: &Interrupt,
    ) -> Result<(), Diagnostic> {
        if !self.hooks.wants(Moment::BeforeRevision) {
            return Ok(());
        }
        let statements = || step.statements.iter().map(|statement| statement.text.clone()).collect();
        let happening = Happening::BeforeRevision {
            revision: step.revision().clone(),
            title: step.header.message.clone(),
            direction: step.direction,
            number,
            of,
            sql: self.hooks.sql.then(statements),
        };
        self.ask(happening, interrupt).await
    }

    /// After a revision.
    pub(crate) async fn after(
        &self,
        step: &Step,
        duration: Duration,
        interrupt: &Interrupt,
    ) -> Result<(), Diagnostic> {
        if !self.hooks.wants(Moment::AfterRevision) {
            return Ok(());
        }
        let happening = Happening::AfterRevision {
            revision: step.revision().clone(),
            title: step.header.message.clone(),
            direction: step.direction,
            duration_ms: milliseconds(duration),
        };
        self.ask(happening, interrupt).await
    }

    /// After a run that has done something.
    pub(crate) async fn done(&self, report: &RunReport, interrupt: &Interrupt) -> Result<(), Diagnostic> {
        if !report.changed() || !self.hooks.wants(Moment::AfterRun) {
            return Ok(());
        }
        let id = |ran: &RanRevision| ran.revision.clone();
        let happening = Happening::AfterRun {
            revisions: report.revisions.iter().map(id).collect(),
            current: report.current.clone(),
            duration_ms: milliseconds(report.duration),
        };
        self.ask(happening, interrupt).await
    }

    /// After a run that has failed.
    pub(crate) async fn failed(&self, error: &Diagnostic) {
        let happening = Happening::Error {
            kind: error.kind.name().to_owned(),
            message: error.message.clone(),
            state: error.state.clone(),
        };
        let tell = self.tell(happening);
        if error.kind != ErrorKind::Interrupted {
            return tell.await;
        }
        if tokio::time::timeout(LAST_WORD, tell).await.is_err() {
            tracing::warn!(target: "underpin::hook", "the hooks took too long for a run that was told to end");
        }
    }

    fn called_at(&self, moment: Moment) -> impl Iterator<Item = &dyn Hook> {
        self.hooks.hooks.iter().map(|hook| &*hook.0).filter(move |hook| hook.wants(moment))
    }

    fn notice(&self, happening: Happening) -> Notice {
        Notice {
            schema: 1,
            happening,
            at: format!("{:.3}", Timestamp::now()),
            service: self.service.clone(),
            run: self.run.clone(),
            database: self.database.clone(),
        }
    }

    async fn call(&self, hook: &dyn Hook, notice: &Notice) -> Result<(), HookError> {
        let limit = self.hooks.limit;
        let call = AssertUnwindSafe(hook.call(notice)).catch_unwind();
        match tokio::time::timeout(limit, call).await {
            Ok(Ok(result)) => result,
            Ok(Err(_)) => Err("it panicked".into()),
            Err(_) => Err(format!("it took longer than {}", crate::migrate::in_words(limit)).into()),
        }
    }
}

fn warn(hook: &dyn Hook, notice: &Notice, error: &HookError) {
    let (hook, moment) = (hook.name(), notice.happening.moment());
    let run = after(moment);
    let moment = moment.name();
    tracing::warn!(target: "underpin::hook", hook, moment, %error, "a hook failed, and {run}");
}

/// What becomes of a run when the failure of a hook changes nothing.
const fn after(moment: Moment) -> &'static str {
    match moment {
        Moment::SlowLock | Moment::BeforeRun | Moment::BeforeRevision | Moment::AfterRevision => {
            "the run goes on"
        }
        Moment::AfterRun => "the run is done",
        Moment::Error => "the run had failed before",
    }
}

fn failed(hook: &dyn Hook, notice: &Notice, error: &HookError) -> Diagnostic {
    let (hook, moment) = (hook.name(), notice.happening.moment().name());
    Diagnostic::new(ErrorKind::HookFailed, format!("{hook} failed at {moment}: {error}"))
        .hint("mend it, or go on without it: hook_on_failure = \"warn\"")
}

#[cfg(test)]
mod tests {
    use async_trait::async_trait;
    use tokio::time::Instant;

    use super::*;
    use crate::database::Errand;

    /// A hook that does something else each time that it is called.
    struct Moody;

    #[async_trait]
    impl Hook for Moody {
        fn wants(&self, moment: Moment) -> bool {
            moment == Moment::SlowLock
        }

        async fn call(&self, notice: &Notice) -> Result<(), HookError> {
            match &notice.happening {
                Happening::SlowLock { waited_ms: 0, .. } => Ok(()),
                Happening::SlowLock { waited_ms: 1, .. } => Err("no".into()),
                Happening::SlowLock { waited_ms: 2, .. } => panic!("a hook of a test"),
                _ => std::future::pending().await,
            }
        }
    }

    async fn ask(on_failure: OnHookFailure, waited_ms: u64) -> Result<(), Diagnostic> {
        let hooks = Hooks::new().hook(Moody).on_failure(on_failure).timeout(Duration::from_millis(10));
        let occasion = Occasion::new(&hooks, "shop", "ab12", "sqlite:a.db".to_owned());
        let (_handle, interrupt) = Interrupt::new(Errand::RUN, Instant::now(), None);
        occasion.ask(Happening::SlowLock { holder: None, waited_ms }, &interrupt).await
    }

    #[tokio::test]
    async fn a_failure_means_what_the_policy_says() {
        for (mood, said) in [
            (0, None),
            (1, Some("a hook of the program failed at slow_lock: no")),
            (2, Some("a hook of the program failed at slow_lock: it panicked")),
            (3, Some("a hook of the program failed at slow_lock: it took longer than 0.01 seconds")),
        ] {
            let failed = ask(OnHookFailure::Fail, mood).await.err();
            assert_eq!(failed.as_ref().map(|error| error.message.as_str()), said);
            assert!(failed.is_none_or(|error| error.kind == ErrorKind::HookFailed));
            assert!(ask(OnHookFailure::Warn, mood).await.is_ok());
        }
    }

    #[test]
    fn revisions_travel_together_unless_somebody_watches_them() {
        let occasion = |hooks: &Hooks| Occasion::new(hooks, "shop", "ab12", String::new());
        assert!(!occasion(&Hooks::new().hook(Moody)).watches_revisions());
        assert_eq!(occasion(&Hooks::new()).slow_lock(), None);
        assert_eq!(occasion(&Hooks::new().hook(Moody)).slow_lock(), Some(Duration::from_secs(10)));
    }
}
