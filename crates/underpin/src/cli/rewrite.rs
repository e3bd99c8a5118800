//! Words that other tools have in front of their commands: `migrate status` is `status`, and
//! `alembic-cmd history` is `history`. Nothing else on the command line is touched.

use std::ffi::{OsStr, OsString};

/// Takes such a word out.
pub(super) fn dispatch(parser: &clap::Command, mut arguments: Vec<OsString>) -> Vec<OsString> {
    let Some(first) = next_word(parser, &arguments, 0) else { return arguments };
    let strip = if arguments[first] == "alembic-cmd" {
        true
    } else if arguments[first] == "migrate" {
        // A bare `migrate`, or one with a target, is `upgrade`.
        next_word(parser, &arguments, first + 1).is_some_and(|next| is_command(parser, &arguments[next]))
    } else {
        false
    };
    if strip {
        arguments.remove(first);
    }
    arguments
}

fn is_command(parser: &clap::Command, word: &OsStr) -> bool {
    word == "help" || word.to_str().is_some_and(|word| parser.find_subcommand(word).is_some())
}

/// The next argument from `start` on that is neither a flag nor the value of one.
fn next_word(parser: &clap::Command, arguments: &[OsString], start: usize) -> Option<usize> {
    let mut index = start;
    while let Some(argument) = arguments.get(index) {
        match argument.to_str() {
            Some("--") => return None,
            Some(flag) if flag.len() > 1 && flag.starts_with('-') => {
                index += usize::from(takes_next(parser, flag))
            }
            _ => return Some(index),
        }
        index += 1;
    }
    None
}

/// Whether the value of a flag is the argument behind it.
fn takes_next(parser: &clap::Command, flag: &str) -> bool {
    let takes = |argument: &clap::Arg| argument.get_action().takes_values();
    if let Some(long) = flag.strip_prefix("--") {
        let named = |argument: &&clap::Arg| {
            argument.get_long() == Some(long)
                || argument.get_all_aliases().is_some_and(|aliases| aliases.contains(&long))
        };
        return parser.get_arguments().find(named).is_some_and(takes);
    }
    let mut letters = flag.chars().skip(1);
    while let Some(letter) = letters.next() {
        let named = |argument: &&clap::Arg| argument.get_short() == Some(letter);
        if parser.get_arguments().find(named).is_some_and(takes) {
            // `-dURL` has its value with it.
            return letters.next().is_none();
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::{Application, arguments};

    #[test]
    fn the_word_of_another_tool_is_taken_out() {
        for (typed, meant) in [
            ("migrate", "migrate"),
            ("migrate head", "migrate head"),
            ("migrate +1", "migrate +1"),
            ("migrate status", "status"),
            ("migrate --json status", "--json status"),
            ("-d sqlite:x migrate status --json", "-d sqlite:x status --json"),
            ("-qd migrate migrate status", "-qd migrate status"),
            ("-dmigrate migrate status", "-dmigrate status"),
            ("--env status migrate up head", "--env status up head"),
            ("alembic-cmd upgrade head", "upgrade head"),
            ("upgrade migrate", "upgrade migrate"),
            ("", ""),
            ("--help", "--help"),
        ] {
            let parser = arguments::parser(&Application::new("underpin"));
            let words: Vec<OsString> = typed.split_whitespace().map(OsString::from).collect();
            let expected: Vec<OsString> = meant.split_whitespace().map(OsString::from).collect();
            assert_eq!(dispatch(&parser, words), expected, "{typed}");
        }
    }
}
