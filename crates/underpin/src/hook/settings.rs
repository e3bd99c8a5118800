//! The hooks that the settings name: a command, a URL, or both.

use underpin_core::diagnostic::{Diagnostic, ErrorKind};

use super::Hooks;
#[cfg(feature = "hooks")]
use super::{tls::Trust, webhook::Target};
#[cfg(feature = "hooks")]
use crate::config::Key;
use crate::config::Settings;

impl Hooks {
    /// The hooks that settings name, with the policy and the limits of the settings.
    ///
    /// # Errors
    /// If the URL can't be posted to, the file of whom it trusts can't be used, or this program was built
    /// without the feature `hooks`.
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
    use super::{command::CommandHook, webhook::Webhook};

    let named = settings.hooks();
    if let Some(command) = &named.command {
        hooks = hooks.hook(CommandHook::new(command.clone(), named.moments.clone()));
    }
    if let Some(url) = &named.url {
        let target = target(url, settings)?;
        let trust = if target.is_secure() { Some(trust(settings)?) } else { None };
        hooks = hooks.hook(Webhook::new(target, trust, named.moments.clone()));
    }
    Ok(hooks)
}

#[cfg(feature = "hooks")]
fn target(url: &str, settings: &Settings) -> Result<Target, Diagnostic> {
    Target::parse(url).map_err(|wrong| {
        let origin = settings.origin(Key::HookUrl);
        Diagnostic::new(ErrorKind::Configuration, format!("{} {wrong}", origin.subject(Key::HookUrl)))
            .hint(format!("the value comes from {origin}; it must be like https://hooks.example.org/path"))
    })
}

/// Whom a webhook trusts: read before anything else is done, so that a file which is wrong stops nothing halfway.
#[cfg(feature = "hooks")]
fn trust(settings: &Settings) -> Result<Trust, Diagnostic> {
    let authorities = settings.hooks().authorities.as_deref();
    Trust::new(authorities).map_err(|wrong| {
        let origin = settings.origin(Key::HookCa);
        let file = authorities.map(|path| format!("{}, which ", path.display())).unwrap_or_default();
        Diagnostic::new(
            ErrorKind::Configuration,
            format!("{} names {file}{wrong}", origin.subject(Key::HookCa)),
        )
        .hint(format!("the value comes from {origin}; the file holds certificates of authorities as PEM"))
    })
}

#[cfg(not(feature = "hooks"))]
fn add(hooks: Hooks, settings: &Settings) -> Result<Hooks, Diagnostic> {
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
