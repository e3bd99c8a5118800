//! Reading of an `alembic.ini`, or of `[tool.alembic]` in a `pyproject.toml`, what is meant for us too:
//! where the revisions are, how their files are named, and the URL. They are only read when they are
//! named; they are never searched for.

use std::{collections::BTreeMap, path::Path};

use toml::de::{DeTable, DeValue};
use underpin_core::diagnostic::Diagnostic;

use super::{
    file::{self, File},
    ini::{self, Ini},
    key::Key,
    layer::{Given, Layer},
    origin::Origin,
};

/// The section that holds when no other is named with `--name`, as in Alembic.
const MAIN: &str = "alembic";

/// What is read, in Alembic's words; of two for one setting, the first that is there counts.
const NAMES: [(&str, Key); 4] = [
    (LOCATIONS, Key::Directory),
    ("script_location", Key::Directory),
    ("sqlalchemy.url", Key::DatabaseUrl),
    ("file_template", Key::FileTemplate),
];

/// The directories of the revisions, where they are not `versions` in the script location.
const LOCATIONS: &str = "version_locations";

/// What parts them, in its newer and its older name.
const SEPARATORS: [&str; 2] = ["path_separator", "version_path_separator"];

/// Reads the text of an `alembic.ini` in `directory`. Everything that is not ours is left alone.
pub(super) fn parse(text: &str, path: &str, directory: &Path) -> File {
    let ini = Ini::parse(text);
    let mut environments = BTreeMap::new();
    for section in ini.sections() {
        environments.insert(section.to_owned(), layer(&ini, section, path, directory));
    }
    let base = environments.remove(MAIN).unwrap_or_default();
    File { path: path.to_owned(), directory: Some(directory.to_owned()), base, environments }
}

fn layer(ini: &Ini, section: &str, path: &str, directory: &Path) -> Layer {
    let here = |name: &str| here(name, directory);
    let value = |name: &str| Some(ini.interpolated(section, &ini.get(section, name)?.value, &here));
    let separator = SEPARATORS.iter().find_map(|name| value(name));
    let mut layer = Layer::new();
    for (name, key) in NAMES {
        let (Some(entry), Some(text)) = (ini.get(section, name), value(name)) else { continue };
        let text = match name {
            LOCATIONS => locations(&text, separator.as_deref()).join("\n"),
            _ => meant(key, text),
        };
        if text.is_empty() || text.starts_with("driver://") {
            // Alembic's template has `driver://user:pass@localhost/dbname`.
            continue;
        }
        let origin = Origin::File {
            path: path.to_owned(),
            table: section.to_owned(),
            key: name.to_owned(),
            line: entry.line,
        };
        layer.entry(key).or_insert(Given { text, origin, directory: Some(directory.to_owned()) });
    }
    layer
}

/// The directories that `version_locations` names. Where nothing says what parts them, blanks and commas do
/// (`ScriptDirectory` of Alembic).
fn locations(text: &str, separator: Option<&str>) -> Vec<String> {
    let parts: Vec<&str> = match separator {
        Some("os") => text.split(if cfg!(windows) { ';' } else { ':' }).collect(),
        Some("newline") => text.lines().collect(),
        Some(mark @ (":" | ";")) => text.split(mark).collect(),
        Some(_) | None => text.split([' ', ',', '\n']).collect(),
    };
    parts.into_iter().map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// Reads the table `[tool.alembic]` of a `pyproject.toml` in `directory`.
///
/// # Errors
/// [`ErrorKind::Configuration`] if the text is no TOML. Everything that is not ours is left alone.
pub(super) fn parse_project(whole: &str, path: &str, directory: &Path) -> Result<File, Diagnostic> {
    let root = DeTable::parse(whole).map_err(|error| file::invalid(whole, path, &error))?;
    let mut base = Layer::new();
    let ours = table(root.get_ref(), "tool").and_then(|tool| table(tool, "alembic"));
    let lookup = |name: &str| here(name, directory);
    for (name, key) in NAMES {
        let Some((written, value)) = ours.and_then(|ours| ours.get_key_value(name)) else { continue };
        let Some(text) = text_of(value.get_ref()) else { continue };
        let origin = Origin::File {
            path: path.to_owned(),
            table: "tool.alembic".to_owned(),
            key: name.to_owned(),
            line: file::line_of(whole, written.span().start),
        };
        let text = meant(key, ini::interpolate(&text, &lookup));
        let directory = Some(directory.to_owned());
        base.entry(key).or_insert(Given { text, origin, directory });
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

/// A text, or the texts of an array on lines of their own.
fn text_of(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Array(values) => {
            let texts = values.iter().map(|value| text_of(value.get_ref()));
            Some(texts.collect::<Option<Vec<_>>>()?.join("\n"))
        }
        _ => None,
    }
}

/// A value as Alembic would take it. Its URLs are SQLAlchemy's, which reads `sqlite:///x` as `./x`; the
/// driver's name says so to us.
fn meant(key: Key, text: String) -> String {
    match text.strip_prefix("sqlite:") {
        Some(rest) if key == Key::DatabaseUrl => format!("sqlite+pysqlite:{rest}"),
        Some(_) | None => text,
    }
}

/// What Alembic gives to every value: the directory of the file, as `%(here)s`.
fn here(name: &str, directory: &Path) -> Option<String> {
    (name == "here").then(|| directory.to_string_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use super::{
        super::tests::{Project, shown},
        *,
    };

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
    fn the_directories_of_the_revisions_win_over_the_location_of_the_scripts() {
        let directory = |lines: &str| {
            let text = format!("[alembic]\nscript_location = db\n{lines}");
            parse(&text, "alembic.ini", Path::new("/p")).base[&Key::Directory].text.clone()
        };
        for (lines, text) in [
            ("", "db"),
            ("version_locations =\n", "db"),
            ("version_locations = %(here)s/own\n", "/p/own"),
            ("version_locations = a b, c\n", "a\nb\nc"),
            ("version_locations = a b\nversion_path_separator = newline\n", "a b"),
            ("version_locations =\n  a b\n  c\npath_separator = newline\n", "a b\nc"),
            ("version_locations = a;b\npath_separator = ;\n", "a\nb"),
        ] {
            assert_eq!(directory(lines), text, "{lines}");
        }
        let text = "[tool.alembic]\nscript_location = \"db\"\nversion_locations = [\"%(here)s/own\"]\n";
        let file = parse_project(text, "pyproject.toml", Path::new("/p")).expect("a file");
        assert_eq!(file.base[&Key::Directory].text, "/p/own");
    }

    #[test]
    fn a_url_may_be_made_of_other_values_and_of_defaults() {
        let text = "[DEFAULT]\nhost = db\n[alembic]\nuser = ada\n\
                    sqlalchemy.url = postgresql://%(user)s@%(host)s/shop\n[staging]\nuser = bob\n\
                    sqlalchemy.url =\n    postgresql://%(user)s@%(host)s/%(nobody)s\n";
        let file = parse(text, "alembic.ini", Path::new("/p"));
        assert_eq!(file.base[&Key::DatabaseUrl].text, "postgresql://ada@db/shop");
        assert_eq!(file.environments["staging"][&Key::DatabaseUrl].text, "postgresql://bob@db/%(nobody)s");
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

    #[test]
    fn several_directories_of_revisions_are_refused_where_they_would_be_read() {
        let ini = "[alembic]\nscript_location = db\nversion_locations = a b\n\
                   sqlalchemy.url = postgresql://db/%(NAME)s?x=%(y)s\n";
        let project = Project::new(&[("alembic.ini", ini)]);
        let error = project.loader(&[]).config_file("alembic.ini").load().expect_err("two directories");
        assert!(error.message.starts_with("version_locations in alembic.ini:3 is "), "{error}");
        assert!(error.message.ends_with("must be one path, and no URL"), "{error}");
        let loader = project.loader(&[("UNDERPIN_DIR", "a")]).config_file("alembic.ini");
        let settings = loader.load().expect("the variable wins");
        let error = settings.database_url().expect_err("nothing was replaced in it");
        assert!(error.hints.iter().any(|hint| hint.contains("[DEFAULT]")), "{error:?}");
    }

    #[test]
    fn an_alembic_ini_that_is_named_says_where_the_revisions_are() {
        let ini = "[alembic]\nscript_location = db\nsqlalchemy.url = postgresql://app:s3cret@db/shop\n";
        let project = Project::new(&[("alembic.ini", ini), ("db/versions/0001_a.sql", "")]);
        let settings = project.loader(&[]).config_file("alembic.ini").load().expect("settings");
        assert_eq!(settings.revision_directory(), project.path().join("db/versions"));
        assert_eq!(
            shown(&settings, Key::DatabaseUrl),
            "postgresql://app@db/shop <- alembic.ini [alembic] sqlalchemy.url"
        );
    }
}
