//! Where words go: data to standard output, talk to standard error, colour only where it is
//! wanted. A reader that has gone away ends the output, not the command; data that could not be
//! written otherwise is remembered, and makes the command fail.

use std::{
    fmt::Display,
    io::{self, IsTerminal, Write},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};
use clap::ValueEnum;
use indicatif::ProgressBar;
use serde::Serialize;
use underpin_core::diagnostic::{Diagnostic, ErrorKind, mask_credentials};

use super::arguments::{Color, Global};

pub(super) const ERROR: Style = AnsiColor::Red.on_default().bold();
pub(super) const WARNING: Style = AnsiColor::Yellow.on_default().bold();
pub(super) const HINT: Style = AnsiColor::Cyan.on_default().bold();
pub(super) const VERB: Style = AnsiColor::Green.on_default().bold();
pub(super) const FRAME: Style = AnsiColor::Blue.on_default().bold();
pub(super) const DIM: Style = Style::new().dimmed();

/// How wide the verb at the start of a line of talk is.
const VERB_WIDTH: usize = 10;

/// The streams of one command, and how they are to be used.
pub(super) struct Output {
    json: bool,
    quiet: bool,
    verbose: u8,
    progress: bool,
    standard_output: Mutex<AutoStream<io::Stdout>>,
    standard_error: Mutex<AutoStream<io::Stderr>>,
    colour_on_error: bool,
    /// Whether nothing more is to be written to standard output.
    gone: AtomicBool,
    lost: Mutex<Option<io::Error>>,
    achieved: Mutex<Option<String>>,
    bar: Mutex<Option<ProgressBar>>,
}

impl Output {
    /// As the flags have it.
    pub(super) fn new(global: &Global) -> Self {
        let (out, err) = (colour(global.color, &io::stdout()), colour(global.color, &io::stderr()));
        Self {
            json: global.json,
            quiet: global.quiet,
            verbose: global.verbose,
            progress: !global.no_progress && !global.quiet && !global.json && is_capable(&io::stderr()),
            standard_output: Mutex::new(AutoStream::new(io::stdout(), out)),
            standard_error: Mutex::new(AutoStream::new(io::stderr(), err)),
            colour_on_error: err != ColorChoice::Never,
            gone: AtomicBool::new(false),
            lost: Mutex::new(None),
            achieved: Mutex::new(None),
            bar: Mutex::new(None),
        }
    }

    /// As it is without flags.
    pub(super) fn plain() -> Self {
        Self::new(&Global::default())
    }

    /// As it is with `--json` alone.
    pub(super) fn json() -> Self {
        let mut global = Global::default();
        global.json = true;
        Self::new(&global)
    }

    /// Whether data is to be JSON.
    pub(super) const fn is_json(&self) -> bool {
        self.json
    }

    /// Whether nothing is to be told but errors.
    pub(super) const fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// How often `-v` was given.
    pub(super) const fn verbosity(&self) -> u8 {
        self.verbose
    }

    /// Whether a progress bar may be shown.
    pub(super) const fn shows_progress(&self) -> bool {
        self.progress
    }

    /// Whether standard error has colour.
    pub(super) const fn has_colour(&self) -> bool {
        self.colour_on_error
    }

    /// Writes data and ends the line; nothing for empty data.
    pub(super) fn data(&self, text: impl Display) {
        let text = text.to_string();
        if text.is_empty() || self.gone.load(Ordering::Relaxed) {
            return;
        }
        let mut stream = self.standard_output.lock().unwrap_or_else(PoisonError::into_inner);
        self.written(writeln!(stream, "{text}").and_then(|()| stream.flush()));
    }

    /// Writes a script and ends the line; nothing for an empty one. Where it is not shown to a person, it
    /// keeps the characters that a terminal would not show: they may be part of a literal.
    pub(super) fn script(&self, text: &str) {
        if text.is_empty() || io::stdout().is_terminal() {
            return self.data(text);
        }
        let stream = self.standard_output.lock().unwrap_or_else(PoisonError::into_inner);
        if !self.gone.load(Ordering::Relaxed) {
            let mut output = io::stdout().lock();
            self.written(writeln!(output, "{text}").and_then(|()| output.flush()));
        }
        drop(stream);
    }

    fn written(&self, result: io::Result<()>) {
        if let Err(error) = result {
            self.gone.store(true, Ordering::Relaxed);
            // `head` has read enough: nothing is missing for whoever closed the pipe.
            if error.kind() != io::ErrorKind::BrokenPipe {
                *self.lost.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
            }
        }
    }

    /// Remembers what a command has done that stays done, should its report get lost.
    pub(super) fn achieved(&self, what: impl Into<String>) {
        *self.achieved.lock().unwrap_or_else(PoisonError::into_inner) = Some(what.into());
    }

    /// The form that a command shows what it found in: the one that `--format` names, or JSON where `--json`
    /// is said.
    ///
    /// # Errors
    /// Both are said, and they are two.
    pub(super) fn form<F: ValueEnum + PartialEq>(
        &self,
        named: Option<F>,
        json: F,
        usual: F,
    ) -> Result<F, Diagnostic> {
        match named {
            Some(form) if self.json && form != json => {
                let name = form.to_possible_value().map(|value| value.get_name().to_owned());
                let name = name.unwrap_or_default();
                Err(Diagnostic::new(ErrorKind::Usage, format!("--json and --format {name} are two forms"))
                    .state("nothing was looked at")
                    .hint(format!("leave --json out for {name}, and --format for JSON")))
            }
            Some(form) => Ok(form),
            None if self.json => Ok(json),
            None => Ok(usual),
        }
    }

    /// The error of data that could not be written, if there was any.
    pub(super) fn loss(&self) -> Option<Diagnostic> {
        let error = self.lost.lock().unwrap_or_else(PoisonError::into_inner).take()?;
        let message = format!("the output could not be written: {error}");
        let diagnostic = Diagnostic::new(ErrorKind::Usage, message)
            .hint("make room where standard output goes, or send it elsewhere")
            .caused_by(error);
        let achieved = self.achieved.lock().unwrap_or_else(PoisonError::into_inner).take();
        Some(match achieved {
            Some(what) => diagnostic.state(format!("{what}; only the report of it is lost")),
            None => diagnostic,
        })
    }

    /// Writes a value as one line of JSON.
    pub(super) fn value(&self, value: &impl Serialize) {
        match serde_json::to_string(value) {
            Ok(text) => self.data(text),
            Err(error) => self.error(format!("internal error: no JSON could be made: {error}")),
        }
    }

    /// Says something, unless nothing is to be said or a program listens.
    pub(super) fn talk(&self, text: impl Display) {
        if !self.quiet && !self.json {
            self.error(mask_credentials(&text.to_string()));
        }
    }

    /// Says what was done, with the verb in its column.
    pub(super) fn say(&self, verb: &str, text: impl Display) {
        self.say_in(VERB, verb, text);
    }

    /// The same in another colour.
    pub(super) fn say_in(&self, style: Style, verb: &str, text: impl Display) {
        let padding = " ".repeat(VERB_WIDTH.saturating_sub(verb.chars().count()));
        self.talk(format_args!("{padding}{style}{verb}{style:#} {text}"));
    }

    /// Warns, also where nothing else is said.
    pub(super) fn warn(&self, text: impl Display) {
        let text = text.to_string();
        let text = mask_credentials(&text);
        if self.json {
            return self.error(serde_json::json!({ "warning": text }));
        }
        self.error(format_args!("{WARNING}warning:{WARNING:#} {text}"));
    }

    /// Writes to standard error, whatever the flags say.
    pub(super) fn error(&self, text: impl Display) {
        let text = text.to_string();
        let write = || {
            let mut stream = self.standard_error.lock().unwrap_or_else(PoisonError::into_inner);
            // There is no other place to complain to.
            let _ = writeln!(stream, "{text}").and_then(|()| stream.flush());
        };
        match &*self.bar.lock().unwrap_or_else(PoisonError::into_inner) {
            Some(bar) => bar.suspend(write),
            None => write(),
        }
    }

    /// Puts a progress bar below what is said, or takes it away.
    pub(super) fn set_bar(&self, bar: Option<ProgressBar>) {
        let mut place = self.bar.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(old) = place.take() {
            old.finish_and_clear();
        }
        *place = bar;
    }
}

/// Whether a stream gets colour.
fn colour(wanted: Color, stream: &impl IsTerminal) -> ColorChoice {
    let variable = |name: &str| std::env::var(name).ok();
    if decide(wanted, variable, stream.is_terminal()) { ColorChoice::Always } else { ColorChoice::Never }
}

/// Whether a stream is a terminal that can do more than write lines.
fn is_capable(stream: &impl IsTerminal) -> bool {
    stream.is_terminal() && !is_dumb(std::env::var("TERM").ok())
}

fn is_dumb(terminal: Option<String>) -> bool {
    terminal.is_some_and(|terminal| terminal == "dumb")
}

fn decide(wanted: Color, variable: impl Fn(&str) -> Option<String>, terminal: bool) -> bool {
    let set = |name: &str| variable(name).is_some_and(|value| !value.is_empty());
    match wanted {
        Color::Always => true,
        Color::Never => false,
        Color::Auto if set("NO_COLOR") => false,
        Color::Auto if set("FORCE_COLOR") => {
            variable("FORCE_COLOR").is_none_or(|value| value != "0" && value != "false")
        }
        Color::Auto => terminal && !is_dumb(variable("TERM")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colour_follows_flag_then_environment_then_terminal() {
        for (wanted, variables, terminal, expected) in [
            (Color::Auto, &[][..], true, true),
            (Color::Auto, &[], false, false),
            (Color::Auto, &[("NO_COLOR", "1")], true, false),
            (Color::Auto, &[("NO_COLOR", "")], true, true),
            (Color::Auto, &[("NO_COLOR", "1"), ("FORCE_COLOR", "1")], true, false),
            (Color::Auto, &[("FORCE_COLOR", "1")], false, true),
            (Color::Auto, &[("FORCE_COLOR", "0")], true, false),
            (Color::Auto, &[("TERM", "dumb")], true, false),
            (Color::Always, &[("NO_COLOR", "1")], false, true),
            (Color::Never, &[("FORCE_COLOR", "1")], true, false),
        ] {
            let variable = |name: &str| {
                variables.iter().find(|(variable, _)| *variable == name).map(|(_, value)| (*value).to_owned())
            };
            assert_eq!(decide(wanted, variable, terminal), expected, "{wanted:?} {variables:?} {terminal}");
        }
    }
}
