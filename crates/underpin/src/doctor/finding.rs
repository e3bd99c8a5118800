//! What a check has found: fine, odd or wrong, and what to do about it.

use serde::Serialize;
use underpin_core::diagnostic::{Diagnostic, ErrorKind, ExitCode};

use crate::config::{Origin, Settings};

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Level {
    Ok,
    Warn,
    Fail,
}

/// What one check has found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Finding {
    pub(crate) check: &'static str,
    pub(crate) level: Level,
    pub(crate) message: String,
    pub(crate) hint: Option<String>,
    /// The class of what is wrong, as every error has it.
    pub(crate) kind: Option<&'static str>,
    #[serde(skip)]
    exit: ExitCode,
}

impl Finding {
    pub(crate) fn ok(check: &'static str, message: impl Into<String>) -> Self {
        let message = message.into();
        Self { check, level: Level::Ok, message, hint: None, kind: None, exit: ExitCode::Done }
    }

    pub(crate) fn warning(check: &'static str, message: impl Into<String>) -> Self {
        Self { level: Level::Warn, ..Self::ok(check, message) }
    }

    pub(crate) fn wrong(check: &'static str, kind: ErrorKind, message: impl Into<String>) -> Self {
        let (kind, exit) = (Some(kind.name()), kind.exit_code());
        Self { level: Level::Fail, kind, exit, ..Self::ok(check, message) }
    }

    /// The finding that a check has met an error.
    pub(crate) fn failed(check: &'static str, error: &Diagnostic) -> Self {
        let place = error.place.as_ref().map(|place| format!(" ({}:{})", place.file, place.line));
        let message = format!("{}{}", error.message, place.unwrap_or_default());
        let finding = Self::wrong(check, error.kind, message);
        Self { hint: error.first_hint().map(str::to_owned), ..finding }
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The exit code of a program that has found this.
    pub(crate) const fn exit_code(&self) -> ExitCode {
        self.exit
    }
}

/// What there is to say of settings that could be loaded.
pub(crate) fn of_settings(settings: &Settings) -> Vec<Finding> {
    let mut sources: Vec<String> = Vec::new();
    for entry in settings.entries() {
        let source = match &entry.origin {
            Origin::File { path, .. } | Origin::Dotenv { path, .. } => path.clone(),
            Origin::Environment { variable } => variable.clone(),
            Origin::Flag { flag } => flag.clone(),
            Origin::Builder { .. } => "the program".to_owned(),
            Origin::Profile { .. } | Origin::BuiltIn => continue,
        };
        if !sources.contains(&source) {
            sources.push(source);
        }
    }
    let said = match sources.is_empty() {
        true => "nothing is set; every default holds".to_owned(),
        false => format!("from {}", sources.join(", ")),
    };
    let odd = settings.warnings().iter().chain(settings.overridden_mistakes());
    let odd = odd.map(|odd| {
        Finding::warning("configuration", odd).hint("`underpin config show --origin` shows every setting")
    });
    std::iter::once(Finding::ok("configuration", said)).chain(odd).collect()
}
