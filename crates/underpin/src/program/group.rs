//! A program together with everything that it starts: a group of processes of its own, so that a shell does
//! not end alone and leave its pipeline at work. Where the system has no such groups, this is nothing.

use tokio::process::{Child, Command};

/// A group of processes; killed when this is dropped, unless it was let go.
#[derive(Debug)]
pub(super) struct ProcessGroup {
    #[cfg(unix)]
    leader: Option<rustix::process::Pid>,
}

#[cfg(unix)]
impl ProcessGroup {
    /// Has a command lead a group of its own.
    pub(super) fn lead(command: &mut Command) {
        std::os::unix::process::CommandExt::process_group(command.as_std_mut(), 0);
    }

    /// The group that a child leads.
    pub(super) fn of(child: &Child) -> Self {
        let number = child.id().and_then(|id| i32::try_from(id).ok());
        Self { leader: number.and_then(rustix::process::Pid::from_raw) }
    }

    /// Asks it to end, as Ctrl-C does: `psql`, `pg_dump` and `mysql` cancel on the server what they have sent.
    pub(super) fn interrupt(&self) {
        self.signal(rustix::process::Signal::INT);
    }

    /// Ends it.
    pub(super) fn kill(&self) {
        self.signal(rustix::process::Signal::KILL);
    }

    /// Leaves it alone from here on: its leader has ended by itself.
    pub(super) fn let_go(&mut self) {
        self.leader = None;
    }

    fn signal(&self, signal: rustix::process::Signal) {
        if let Some(leader) = self.leader {
            // That it has ended already is as good.
            let _ = rustix::process::kill_process_group(leader, signal);
        }
    }
}

#[cfg(not(unix))]
impl ProcessGroup {
    pub(super) fn lead(_command: &mut Command) {}

    pub(super) fn of(_child: &Child) -> Self {
        Self {}
    }

    pub(super) fn interrupt(&self) {}

    pub(super) fn kill(&self) {}

    pub(super) fn let_go(&mut self) {}
}

impl Drop for ProcessGroup {
    fn drop(&mut self) {
        self.kill();
    }
}
