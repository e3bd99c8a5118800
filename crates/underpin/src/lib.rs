//! Underpin brings a service's database safely up to date when the service starts, and gives its
//! people every tool around that moment.
//!
//! A service embeds its revisions and runs a [`Startup`]; everything else is done by a
//! [`Migrator`]. What tables there are to be is said by models ([`Table`](derive@Table),
//! [`models!`]), or by SeaORM's entities.
//!
//! | feature | |
//! |---|---|
//! | `sqlite`, `postgres`, `mysql`, `macros` | on by default: the drivers (`mysql` is MariaDB's, too), and `embed!` with the derives |
//! | `http` | health endpoints and the readiness layer for axum |
//! | `cli` | the commands of the `underpin` program; with it `http`, `hooks` and `templates` |
//! | `hooks`, `metrics`, `templates` | hooks as commands and URLs, numbers, templates of revision files |
//! | `testing` | databases for a program's own tests |
//! | `sea-orm` | SeaORM's entities as models |
//! | `chrono`, `time`, `uuid`, `rust_decimal`, `json` | types of these crates as types of columns |

mod author;
mod backup;
pub mod blocking;
mod check;
#[cfg(feature = "cli")]
pub mod cli;
pub mod config;
mod database;
mod desired;
#[cfg_attr(not(feature = "sqlite"), allow(dead_code, reason = "a file of SQLite needs most of it"))]
mod disk;
#[cfg(feature = "cli")]
mod doctor;
mod history;
mod hook;
#[cfg(feature = "http")]
pub mod http;
mod inspect;
mod lock;
mod migrate;
mod model;
pub mod operation;
mod owned_directory;
mod point;
mod policy;
#[cfg_attr(
    not(all(feature = "postgres", feature = "mysql", feature = "hooks")),
    allow(dead_code, unused_imports, reason = "each of these needs a part of it")
)]
mod program;
mod rehearse;
mod replica;
mod scratch;
#[cfg(feature = "sea-orm")]
pub mod sea_orm;
pub mod source;
mod startup;
mod telemetry;
#[cfg(feature = "testing")]
pub mod testing;

pub use async_trait::async_trait;
pub use author::{FileForm, FileTemplate, NewProject, NewRevision, WrittenProject, WrittenRevision, squash};
#[cfg(feature = "templates")]
pub use author::{RevisionTemplate, TemplateKind};
pub use backup::{Backup, Backups};
pub use check::check_files;
pub use database::{Address, Database, SafeUrl, Secret, ServerAddress, SqliteAddress};
pub use desired::{DesiredSchema, ReadSchema, RevisionSchema, SchemaSource, SqlSchema};
pub use history::{BackupEntry, HistoryTables, LedgerEntry, LogEntry, ProvisionalRecord, Replica};
pub use hook::{Happening, Hook, HookError, Hooks, Moment, Notice};
pub use inspect::Scope;
pub use lock::LockHolder;
pub use migrate::{
    Action, Deferred, Dirty, Event, Limits, Migrator, MigratorBuilder, Observer, OfflineScript,
    PendingRevision, Phase, PlannedRun, RanRevision, Resolution, Resumption, RollbackCheck, RunReport,
    Status, StopSwitch,
};
/// What the derives write refers to. Not meant for anything else.
#[doc(hidden)]
pub use model::generated as model_generated;
pub use model::{ColumnType, Enum, Models, StatementSource, Table};
pub use policy::{
    BackupPolicy, Destructive, IdStyle, LockMode, Mode, OnFailure, OnHookFailure, OnNewer, OnPending,
    TransactionMode, UnknownChoice, VerifyOnStartup,
};
pub use rehearse::{
    CopiedTable, Detected, Drift, Generated, GeneratedSection, GeneratedStage, Obstacle, Pushed, Rehearsal,
    RehearsalCopy, RehearsalOptions, RehearsedLock, RowChange, Trial, TrialOutcome, TrialStep,
};
pub use replica::Heartbeat;
pub use scratch::ScratchServer;
pub use source::{Embedded, Revisions};
pub use startup::{
    DatabaseHealth, DatabaseStatus, DeferredHealth, Health, HealthStatus, LastRun, MigrationHealth, Progress,
    ReplicaHealth, ReportedError, ServiceHealth, SpawnedStartup, Startup, StartupError, StartupHandle,
    StartupOutcome, StartupPhase, StartupReport, StatusTable, Timings,
};
pub use underpin_core as core;
pub use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind, ExitCode},
    revision::{RevisionId, Target},
};

#[cfg(feature = "macros")]
#[doc(inline)]
#[doc = include_str!("model/enum.md")]
pub use underpin_macros::Enum;
#[cfg(feature = "macros")]
#[doc(inline)]
#[doc = include_str!("model/table.md")]
pub use underpin_macros::Table;
/// A test for each of the databases that it names, with a fresh one that the revisions have been applied
/// to; see [`testing`].
///
/// `migrations` is a static of [`embed!`](crate::embed) in the same module; `databases` are some of
/// `sqlite`, `postgres`, `mysql` and `mariadb`. A server is named by `UNDERPIN_TEST_POSTGRES_URL`,
/// `UNDERPIN_TEST_MYSQL_URL` and `UNDERPIN_TEST_MARIADB_URL`; without one, the test says that it was not
/// run, and fails where `CI` is set.
#[cfg(all(feature = "testing", feature = "macros"))]
pub use underpin_macros::test;

/// The error of every fallible call: what, where, in which state things are, what to do next.
pub type Error = Diagnostic;
