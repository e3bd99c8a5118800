//! The hooks that the settings name: a command, a URL, or both.

use underpin_core::diagnostic::Diagnostic;

use super::Hooks;
use crate::config::Settings;

impl Hooks {
    /// The hooks that settings name, with the policy and the limits of the settings.
    ///
    /// # Errors
    /// If the URL can't be posted to, or this program was built without the feature `hooks`.
    pub fn from_settings(settings: &Settings) -> Result<Self, Diagnostic> {
        let named = settings.hooks();
        let hooks = Self::new()
            .on_failure(named.on_failure)
            .timeout(named.limit)
            .slow_lock(named.slow_lock)
            .with_sql(named.sql);
        add(hooks, settings)
    }
}

#[cfg(feature = "hooks")]
fn add(mut hooks: Hooks, settings: &Settings) -> Result<Hooks, Diagnostic> {
    use super::{
        command::CommandHook,
        webhook::{Target, Webhook},
    };
    use crate::config::Key;
    use underpin_core::diagnostic::ErrorKind;

    let named = settings.hooks();
    if let Some(command) = &named.command {
        hooks = hooks.hook(CommandHook::new(command.clone(), named.moments.clone()));
    }
    if let Some(url) = &named.url {
        let target = Target::parse(url).map_err(|wrong| {
            let origin = settings.origin(Key::HookUrl);
            Diagnostic::new(ErrorKind::Configuration, format!("{} {wrong}", origin.subject(Key::HookUrl)))
                .hint(format!("the value comes from {origin}; it must be like http://localhost:9000/path"))
        })?;
        hooks = hooks.hook(Webhook::new(target, named.moments.clone()));
    }
    Ok(hooks)
}

#[cfg(not(feature = "hooks"))]
fn add(hooks: Hooks, settings: &Settings) -> Result<Hooks, Diagnostic> {
    use underpin_core::diagnostic::ErrorKind;

    let named = settings.hooks();
    if named.command.is_none() && named.url.is_none() {
        return Ok(hooks);
    }
    Err(Diagnostic::new(
        ErrorKind::Unsupported,
        "the settings name a hook, and this program was built without them",
    )
    .hint("enable the feature `hooks` of the crate `underpin`"))
}
