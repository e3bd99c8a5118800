//! Hooks of the program's own, in Rust: what they are told, and that they can say no.

use std::sync::{Arc, Mutex};

use underpin::{
    ErrorKind, Happening, Hook, HookError, Hooks, Migrator, Moment, Notice, OnHookFailure, Startup,
};

use super::{Bench, on_every_engine};

/// Keeps the moments, and refuses one revision.
#[derive(Clone, Default)]
struct Guard {
    heard: Arc<Mutex<Vec<Moment>>>,
    refused: Option<&'static str>,
}

#[underpin::async_trait]
impl Hook for Guard {
    fn name(&self) -> String {
        "the guard".to_owned()
    }

    async fn call(&self, notice: &Notice) -> Result<(), HookError> {
        self.heard.lock().expect("nobody panics").push(notice.happening.moment());
        match &notice.happening {
            Happening::BeforeRevision { revision, .. } if self.refused == Some(revision.as_str()) => {
                Err("not on a Friday".into())
            }
            _ => Ok(()),
        }
    }
}

async fn migrator(bench: &Bench, hooks: Hooks) -> Migrator {
    let builder = Migrator::builder().url(bench.database.url()).directory(bench.project.migrations());
    builder.hooks(hooks).build().await.expect("a migrator")
}

#[test]
fn a_hook_may_refuse_a_revision_and_what_was_done_before_stays() {
    on_every_engine(async |bench| {
        bench.three_revisions();
        let guard = Guard { refused: Some("0003"), ..Guard::default() };
        let hooks = Hooks::new().hook(guard.clone()).on_failure(OnHookFailure::Fail);
        let error = migrator(&bench, hooks).await.upgrade_to_head().await.expect_err("it is refused");
        assert_eq!(error.kind, ErrorKind::HookFailed);
        assert_eq!(error.message, "the guard failed at before_revision: not on a Friday");
        assert_eq!(bench.current().await, ["0002"]);
        assert_eq!(guard.heard.lock().expect("nobody panics").last(), Some(&Moment::Error));

        let report = migrator(&bench, Hooks::new().hook(guard)).await.upgrade_to_head().await;
        assert_eq!(report.expect("a warning stops nobody").revisions.len(), 1);
    });
}

#[test]
fn a_start_that_lives_with_failures_lives_with_a_hook_that_says_no() {
    on_every_engine(async |bench| {
        bench.three_revisions();
        let startup = Startup::new("test").url(bench.database.url()).directory(bench.project.migrations());
        let startup = startup
            .hook(Guard { refused: Some("0001"), ..Guard::default() })
            .on_hook_failure(OnHookFailure::Fail)
            .on_failure(underpin::OnFailure::Continue);
        let report = startup.run().await.expect("a start");
        assert_eq!(report.errors[0].kind, "hook_failed");
        assert!(bench.current().await.is_empty());
    });
}
