//! A hook that is a command of the shell: the notice on its standard input, the moment in a variable.

use std::process::Stdio;

use async_trait::async_trait;
use tokio::io::AsyncWriteExt as _;

use super::{Hook, HookError, Moment, Notice};
use crate::{
    config::handed::HOOK_MOMENT,
    program::{StandardError, Started, shell},
};

/// A command that the shell runs. What it writes to standard output goes nowhere, because that of a
/// migration is data.
pub(super) struct CommandHook {
    command: String,
    moments: Vec<Moment>,
}

impl CommandHook {
    pub(super) const fn new(command: String, moments: Vec<Moment>) -> Self {
        Self { command, moments }
    }
}

#[async_trait]
impl Hook for CommandHook {
    fn name(&self) -> String {
        "the hook command".to_owned()
    }

    fn wants(&self, moment: Moment) -> bool {
        self.moments.contains(&moment)
    }

    async fn call(&self, notice: &Notice) -> Result<(), HookError> {
        let mut command = shell(&self.command);
        command
            .env(HOOK_MOMENT, notice.happening.moment().name())
            .stdin(Stdio::piped())
            .stdout(Stdio::null());
        // A call that takes too long is dropped, and with it the command and all that it has started.
        let mut started = Started::with(&self.name(), command, StandardError::Shared)?;
        if let Some(mut input) = started.input() {
            let mut line = serde_json::to_vec(notice)?;
            line.push(b'\n');
            // A command that does not read has no need of it.
            let _ = input.write_all(&line).await;
        }
        let status = started.status().await?;
        if status.success() { Ok(()) } else { Err(format!("it ended with {status}").into()) }
    }
}
