//! How the file of a new revision is named: Alembic's `file_template`, with its tokens and no others.

use std::{fmt, str::FromStr};

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};
use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind},
    revision::{Language, RevisionId, file_stem, slug},
};

/// The name of a new revision's file, without its extension, in the words of Alembic's `file_template`:
/// `%(rev)s`, `%(slug)s`, `%(year)d`, `%(month).2d`, `%(day).2d`, `%(hour).2d`, `%(minute).2d`,
/// `%(second).2d` and `%(epoch)s`, all in UTC.
///
/// ```
/// use underpin::FileTemplate;
///
/// let template: FileTemplate = "%(year)d_%(month).2d_%(day).2d_%(rev)s_%(slug)s".parse()?;
/// assert!("%(rev)s/%(slug)s".parse::<FileTemplate>().is_err());
/// # assert_eq!(template.to_string(), "%(year)d_%(month).2d_%(day).2d_%(rev)s_%(slug)s");
/// # Ok::<(), underpin::Diagnostic>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileTemplate {
    /// Nothing for `%(rev)s_%(slug)s`, which leaves out the line where there is no slug.
    parts: Option<Vec<Part>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    Token(Token),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token {
    Revision,
    Slug,
    Year,
    Month,
    Day,
    Hour,
    Minute,
    Second,
    Epoch,
}

impl Token {
    const ALL: [(&'static str, Self); 9] = [
        ("%(rev)s", Self::Revision),
        ("%(slug)s", Self::Slug),
        ("%(year)d", Self::Year),
        ("%(month).2d", Self::Month),
        ("%(day).2d", Self::Day),
        ("%(hour).2d", Self::Hour),
        ("%(minute).2d", Self::Minute),
        ("%(second).2d", Self::Second),
        ("%(epoch)s", Self::Epoch),
    ];

    const fn word(self) -> &'static str {
        Self::ALL[self as usize].0
    }

    fn value(self, id: &RevisionId, message: &str, time: (Timestamp, DateTime)) -> String {
        let (now, civil) = time;
        match self {
            Self::Revision => id.to_string(),
            Self::Slug => slug(message, 40),
            Self::Year => civil.year().to_string(),
            Self::Month => format!("{:02}", civil.month()),
            Self::Day => format!("{:02}", civil.day()),
            Self::Hour => format!("{:02}", civil.hour()),
            Self::Minute => format!("{:02}", civil.minute()),
            Self::Second => format!("{:02}", civil.second()),
            Self::Epoch => now.as_second().to_string(),
        }
    }
}

impl FileTemplate {
    /// The name of the file of a revision that is made now.
    pub(crate) fn name(&self, id: &RevisionId, message: &str, now: Timestamp, language: Language) -> String {
        format!("{}.{}", self.stem(id, message, now), language.extension())
    }

    fn stem(&self, id: &RevisionId, message: &str, now: Timestamp) -> String {
        let Some(parts) = &self.parts else { return file_stem(id, message) };
        let time = (now, now.to_zoned(TimeZone::UTC).datetime());
        let part = |part: &Part| match part {
            Part::Text(text) => text.clone(),
            Part::Token(token) => token.value(id, message, time),
        };
        parts.iter().map(part).collect()
    }
}

impl FromStr for FileTemplate {
    type Err = Diagnostic;

    fn from_str(text: &str) -> Result<Self, Diagnostic> {
        let mut parts = Vec::new();
        let mut rest = text.trim();
        while !rest.is_empty() {
            let length = if rest.starts_with('%') {
                let (word, token) = Token::ALL
                    .into_iter()
                    .find(|(word, _)| rest.starts_with(word))
                    .ok_or_else(|| wrong(text, "has a % that begins no token"))?;
                parts.push(Part::Token(token));
                word.len()
            } else {
                let length = rest.find('%').unwrap_or(rest.len());
                parts.push(Part::Text(rest[..length].to_owned()));
                length
            };
            rest = &rest[length..];
        }
        let is_separator = |part: &Part| matches!(part, Part::Text(text) if text.contains(['/', '\\']));
        if parts.iter().any(is_separator) {
            return Err(wrong(text, "leads into another directory, where no revision is searched for"));
        }
        if !parts.contains(&Part::Token(Token::Revision)) {
            return Err(wrong(text, "lacks %(rev)s, without which two revisions may get one name"));
        }
        if matches!(parts.first(), Some(Part::Text(text)) if text.starts_with('.')) {
            return Err(wrong(text, "makes hidden files, which are no revisions"));
        }
        let standard = [Part::Token(Token::Revision), Part::Text("_".to_owned()), Part::Token(Token::Slug)];
        Ok(Self { parts: (parts != standard).then_some(parts) })
    }
}

fn wrong(text: &str, what: &str) -> Diagnostic {
    let words: Vec<&str> = Token::ALL.iter().map(|(word, _)| *word).collect();
    Diagnostic::new(ErrorKind::Configuration, format!("the file_template {text:?} {what}"))
        .hint(format!("its tokens are {}", words.join(", ")))
}

/// The template, as it is written.
impl fmt::Display for FileTemplate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(parts) = &self.parts else { return f.write_str("%(rev)s_%(slug)s") };
        for part in parts {
            match part {
                Part::Text(text) => f.write_str(text)?,
                Part::Token(token) => f.write_str(token.word())?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(template: &str, message: &str) -> String {
        let id = RevisionId::new("ae10").expect("an id");
        let now = "2026-03-09T05:07:08Z".parse().expect("a time");
        template.parse::<FileTemplate>().expect(template).name(&id, message, now, Language::Sql)
    }

    #[test]
    fn every_token_has_its_value() {
        assert_eq!(name("%(rev)s_%(slug)s", "add orders"), "ae10_add_orders.sql");
        assert_eq!(name("%(rev)s_%(slug)s", ""), "ae10.sql");
        assert_eq!(
            name(
                "%(year)d-%(month).2d-%(day).2d_%(hour).2d%(minute).2d%(second).2d-%(rev)s %(slug)s",
                "add orders"
            ),
            "2026-03-09_050708-ae10 add_orders.sql"
        );
        assert_eq!(name("v%(epoch)s_%(rev)s", "x"), "v1773032828_ae10.sql");
    }

    #[test]
    fn what_can_not_name_a_file_is_refused() {
        for wrong in ["", "%(slug)s", "%(rev)d", "%(rev)s/%(slug)s", "100% %(rev)s", ".%(rev)s", "%"] {
            assert!(wrong.parse::<FileTemplate>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_template_reads_back_as_it_is_shown() {
        for text in ["%(rev)s_%(slug)s", "%(year)d_%(rev)s"] {
            assert_eq!(text.parse::<FileTemplate>().expect(text).to_string(), text);
        }
    }
}
