//! Bringing a database from the revisions that it has to those that it should have. The decisions
//! are in `standing` and in the core's graph and plan; the doing is in `execute`.

mod backup;
mod beginning;
mod builder;
mod catalog;
mod confine;
mod decide;
mod defer;
mod destructive;
mod event;
mod execute;
mod existence;
mod fingerprint;
mod forecast;
mod gate;
mod goal;
mod hazardous;
mod held;
mod limits;
mod locked;
pub(crate) mod look;
mod maintain;
mod migrator;
mod native;
mod offline;
pub(crate) mod orphans;
mod planned;
mod pooler;
mod provisional;
mod remember;
mod report;
mod rollback_check;
mod run;
mod squashed;
mod standing;
mod status;
mod stop;
mod untracked;
mod verify;
mod witness;
mod working;

pub use builder::MigratorBuilder;
pub use defer::Deferred;
pub use event::{Event, Observer, Phase};
pub use limits::Limits;
pub use maintain::Resolution;
pub use migrator::{Action, Migrator, PendingRevision};
#[cfg(feature = "cli")]
pub(crate) use native::upgrade_in_rust;
pub use offline::OfflineScript;
pub(crate) use offline::written;
pub use planned::{PlannedRun, Resumption};
pub use report::{RanRevision, RunReport};
pub use rollback_check::RollbackCheck;
pub(crate) use status::read_untold;
pub use status::{Dirty, Status};
pub use stop::StopSwitch;
pub(crate) use stop::wait;
pub(crate) use witness::{SeenLock, Witness};

pub(crate) use confine::refuse_leaving;
#[cfg(feature = "cli")]
pub(crate) use destructive::unreviewed;
pub(crate) use event::{Events, milliseconds};
pub(crate) use execute::failure::database as failed_to;
pub(crate) use goal::Goal;
pub(crate) use limits::in_words;
pub(crate) use provisional::{Created, list};
pub(crate) use report::{Ran, as_milliseconds};
pub(crate) use run::CLOSING;
#[cfg(feature = "cli")]
pub(crate) use standing::join;
pub(crate) use standing::{at, check_status, several_heads};
