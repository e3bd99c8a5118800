//! What a revision is written in. Not what it does.

use std::path::Path;

/// What a revision is written in, which the end of its file's name tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// SQL: sections of statements.
    Sql,
    /// Rust: two functions that are compiled into the application.
    Rust,
}

impl Language {
    /// Every language.
    pub const ALL: [Self; 2] = [Self::Sql, Self::Rust];

    /// The language of a file with this name.
    pub fn of(file: &str) -> Self {
        Self::known(file).unwrap_or(Self::Sql)
    }

    /// The language of a file with this name, if a revision can be called so.
    pub fn known(file: &str) -> Option<Self> {
        let end = Path::new(file).extension()?;
        Self::ALL.into_iter().find(|language| end.eq_ignore_ascii_case(language.extension()))
    }

    /// The end of a file's name, without the dot.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Sql => "sql",
            Self::Rust => "rs",
        }
    }

    /// What a line of the header starts with.
    pub const fn comment(self) -> &'static str {
        match self {
            Self::Sql => "--",
            Self::Rust => "//!",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_name_tells() {
        assert_eq!(Language::known("m/1_a.SQL"), Some(Language::Sql));
        assert_eq!(Language::known("1.rs"), Some(Language::Rust));
        assert_eq!(Language::known("rs"), None);
        assert_eq!(Language::of("stdin"), Language::Sql);
    }
}
