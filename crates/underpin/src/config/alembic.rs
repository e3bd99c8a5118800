//! Reading of an `alembic.ini`, or of `[tool.alembic]` in a `pyproject.toml`, what is meant for us too:
//! where the revisions are, how their files are named, and the URL. They are only read when they are
//! named; they are never searched for.

use std::{collections::BTreeMap, path::Path};

use toml::de::{DeTable, DeValue};
use underpin_core::diagnostic::Diagnostic;

use super::{
    file::{self, File},
    key::Key,
    layer::{Given, Layer},
    origin::Origin,
};

/// The section that holds when no other is named with `--name`, as in Alembic.
const MAIN: &str = "alembic";

/// Reads the text of an `alembic.ini` in `directory`. Everything that is not ours is left alone.
pub(super) fn parse(text: &str, path: &str, directory: &Path) -> File {
    let mut sections: BTreeMap<String, Layer> = BTreeMap::new();
    let mut section = String::new();
    for (index, line) in text.lines().enumerate() {
        let line = line.trim_end();
        if line.starts_with(['#', ';', ' ', '\t']) {
            continue;
        }
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            section = name.to_owned();
        } else if let Some((name, value)) = line.split_once(['=', ':']) {
            let Some(key) = key(name.trim()) else { continue };
            let text = meant(key, value.trim(), directory);
            if text.is_empty() || text.starts_with("driver://") {
                // Alembic's template has `driver://user:pass@localhost/dbname`.
                continue;
            }
            let origin = Origin::File {
                path: path.to_owned(),
                table: section.clone(),
                key: name.trim().to_owned(),
                line: index + 1,
            };
            let given = Given { text, origin, directory: Some(directory.to_owned()) };
            sections.entry(section.clone()).or_default().insert(key, given);
        }
    }
    let base = sections.remove(MAIN).unwrap_or_default();
    File { path: path.to_owned(), directory: Some(directory.to_owned()), base, environments: sections }
}

/// Reads the table `[tool.alembic]` of a `pyproject.toml` in `directory`.
///
/// # Errors
/// [`ErrorKind::Configuration`] if the text is no TOML. Everything that is not ours is left alone.
pub(super) fn parse_project(text: &str, path: &str, directory: &Path) -> Result<File, Diagnostic> {
    let root = toml::de::DeTable::parse(text).map_err(|error| file::invalid(text, path, &error))?;
    let mut base = Layer::new();
    let ours = table(root.get_ref(), "tool").and_then(|tool| table(tool, "alembic"));
    for (name, value) in ours.into_iter().flatten() {
        let (Some(key), DeValue::String(value)) = (key(name.get_ref()), value.get_ref()) else { continue };
        let origin = Origin::File {
            path: path.to_owned(),
            table: "tool.alembic".to_owned(),
            key: name.get_ref().to_string(),
            line: file::line_of(text, name.span().start),
        };
        let text = meant(key, value, directory);
        base.insert(key, Given { text, origin, directory: Some(directory.to_owned()) });
    }
    let directory = Some(directory.to_owned());
    Ok(File { path: path.to_owned(), directory, base, environments: BTreeMap::new() })
}

fn table<'a, 'i>(table: &'a DeTable<'i>, name: &str) -> Option<&'a DeTable<'i>> {
    match table.get(name)?.get_ref() {
        DeValue::Table(table) => Some(table),
        _ => None,
    }
}

fn key(name: &str) -> Option<Key> {
    match name {
        "script_location" => Some(Key::Directory),
        "sqlalchemy.url" => Some(Key::DatabaseUrl),
        "file_template" => Some(Key::FileTemplate),
        _ => None,
    }
}

/// A value as Alembic would take it. Its URLs are SQLAlchemy's, which reads `sqlite:///x` as `./x`; the
/// driver's name says so to us.
fn meant(key: Key, value: &str, directory: &Path) -> String {
    let text = interpolate(value, directory);
    match text.strip_prefix("sqlite:") {
        Some(rest) if key == Key::DatabaseUrl => format!("sqlite+pysqlite:{rest}"),
        _ => text,
    }
}

/// Replaces what Python's `configparser` replaces and Alembic documents: `%(here)s` and `%%`.
fn interpolate(value: &str, directory: &Path) -> String {
    value.replace("%(here)s", &directory.to_string_lossy()).replace("%%", "%")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_python_project_is_read_as_well() {
        let text = "[project]\nname = \"x\"\n[tool.alembic]\nscript_location = \"%(here)s/db\"\n\
                    file_template = \"%%(year)d_%%(rev)s\"\nprepend_sys_path = [\".\"]\n";
        let file = parse_project(text, "pyproject.toml", Path::new("/project")).expect("a file");
        assert_eq!(file.base[&Key::Directory].text, "/project/db");
        assert_eq!(file.base[&Key::FileTemplate].text, "%(year)d_%(rev)s");
        assert_eq!(
            file.base[&Key::FileTemplate].origin.to_string(),
            "pyproject.toml [tool.alembic] file_template"
        );
        assert!(parse_project("[project]\n", "p", Path::new("/")).expect("a file").base.is_empty());
        assert!(parse_project("[project\n", "p", Path::new("/")).is_err());
    }

    #[test]
    fn a_url_is_read_as_sqlalchemy_reads_it() {
        let file = parse("[alembic]\nsqlalchemy.url = sqlite:///app.db\n", "alembic.ini", Path::new("/p"));
        assert_eq!(file.base[&Key::DatabaseUrl].text, "sqlite+pysqlite:///app.db");
    }

    #[test]
    fn the_location_and_the_url_are_found_in_their_sections() {
        let text = "# comment\n[alembic]\nscript_location = %(here)s/db\n\
                    sqlalchemy.url = postgresql://a:p%%40ss@b/c\nfile_template = %%(rev)s\n\
                    [staging]\nscript_location: other\nsqlalchemy.url = driver://user:pass@localhost/dbname\n\
                    [loggers]\nkeys = root\n";
        let file = parse(text, "alembic.ini", Path::new("/project"));
        assert_eq!(file.base[&Key::Directory].text, "/project/db");
        assert_eq!(file.base[&Key::DatabaseUrl].text, "postgresql://a:p%40ss@b/c");
        assert_eq!(file.base[&Key::DatabaseUrl].origin.to_string(), "alembic.ini [alembic] sqlalchemy.url");
        assert_eq!(file.base[&Key::FileTemplate].text, "%(rev)s");
        assert_eq!(file.environments["staging"][&Key::Directory].text, "other");
        assert!(!file.environments["staging"].contains_key(&Key::DatabaseUrl));
    }
}
