//! A range of targets, `a:b`, as `history -r` and offline SQL take it. Not a set of revisions:
//! which ones lie between depends on a graph.

use std::{fmt, str::FromStr};

use super::{InvalidTarget, Target};

/// Two targets, either of which may be left out.
///
/// ```
/// use underpin_core::revision::{Target, TargetRange};
///
/// let range: TargetRange = "-3:current".parse()?;
/// assert_eq!(range.to, Some(Target::Current));
/// assert_eq!("ae10:".parse::<TargetRange>()?.to, None);
/// # Ok::<(), underpin_core::revision::InvalidTarget>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct TargetRange {
    /// The older end; left out, it is the base.
    pub from: Option<Target>,
    /// The newer end; left out, it is every head.
    pub to: Option<Target>,
}

impl FromStr for TargetRange {
    type Err = InvalidTarget;

    fn from_str(text: &str) -> Result<Self, InvalidTarget> {
        let invalid = |reason| InvalidTarget::new(text, reason);
        let (from, to) = text.split_once(':').ok_or_else(|| invalid("a range is a:b, a: or :b"))?;
        if to.contains(':') {
            return Err(invalid("a range has one colon"));
        }
        let side = |side: &str| if side.is_empty() { Ok(None) } else { side.parse().map(Some) };
        Ok(Self { from: side(from)?, to: side(to)? })
    }
}

impl fmt::Display for TargetRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(from) = &self.from {
            write!(f, "{from}")?;
        }
        f.write_str(":")?;
        match &self.to {
            Some(to) => write!(f, "{to}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn either_end_may_be_left_out() {
        for text in ["a:b", "a:", ":b", ":", "-3:current", "a@base:a@head", "a:+2"] {
            assert_eq!(text.parse::<TargetRange>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn one_target_is_no_range_and_neither_are_three() {
        for text in ["", "a", "a:b:c", "a@:b"] {
            assert!(text.parse::<TargetRange>().is_err(), "{text}");
        }
    }
}
