//! Reading `underpin.toml`: settings at the top level, in `[startup]` and in `[naming]`, and the same again for
//! each environment in `[env.<name>]`. A key that is not known is an error, since a misspelt setting
//! is a setting that is not in force.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};
use underpin_core::diagnostic::{Diagnostic, ErrorKind, Place};

use super::{
    key::{Key, Kind, NAMING},
    layer::{Given, Layer},
    origin::Origin,
    suggest,
};

/// What a configuration file says.
#[derive(Debug)]
pub(super) struct File {
    /// The file, as it is shown.
    pub(super) path: String,
    /// The directory that its relative paths start from, if it is not the process's own.
    pub(super) directory: Option<PathBuf>,
    pub(super) base: Layer,
    /// The tables `[env.<name>]`, or the sections of an `alembic.ini`.
    pub(super) environments: BTreeMap<String, Layer>,
}

/// Reads the text of `underpin.toml`. Its relative paths start at `directory`, if that is given.
///
/// # Errors
/// [`ErrorKind::Configuration`], with the line and without any value of it.
pub(super) fn parse(text: &str, path: &str, directory: Option<&Path>) -> Result<File, Diagnostic> {
    let root = DeTable::parse(text).map_err(|error| invalid(text, path, &error))?;
    let reader = Reader { text, path, directory };
    let mut file = File {
        path: path.to_owned(),
        directory: directory.map(PathBuf::from),
        base: Layer::new(),
        environments: BTreeMap::new(),
    };
    for (key, value) in root.get_ref() {
        match (key.get_ref().as_ref(), value.get_ref()) {
            ("env", DeValue::Table(environments)) => {
                for (name, table) in environments {
                    let layer = reader.environment(name, table)?;
                    file.environments.insert(name.get_ref().to_string(), layer);
                }
            }
            _ => reader.entry(&mut file.base, "", key, value)?,
        }
    }
    Ok(file)
}

/// The diagnostic for a text that is no TOML. None of the text is shown: where it is broken, it can't
/// be told which part of it is private.
pub(super) fn invalid(text: &str, path: &str, error: &toml::de::Error) -> Diagnostic {
    let mut place = Place::in_text(path, text, error.span().unwrap_or_default(), 1);
    place.text.clear();
    Diagnostic::new(ErrorKind::Configuration, format!("{path} is not valid TOML: {}", error.message()))
        .at(place)
        .hint("a line is NAME = VALUE, and texts are in quotes: directory = \"migrations\"")
}

pub(super) fn line_of(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
}

struct Reader<'a> {
    text: &'a str,
    path: &'a str,
    directory: Option<&'a Path>,
}

type Name<'i> = Spanned<std::borrow::Cow<'i, str>>;

impl Reader<'_> {
    fn environment(&self, name: &Name<'_>, table: &Spanned<DeValue<'_>>) -> Result<Layer, Diagnostic> {
        let DeValue::Table(entries) = table.get_ref() else {
            let message = format!("{} in [env] is not a table", name.get_ref());
            return Err(self.error(name, message).hint(format!("write [env.{}]", name.get_ref())));
        };
        let mut layer = Layer::new();
        let path = format!("env.{}", name.get_ref());
        for (key, value) in entries {
            self.entry(&mut layer, &path, key, value)?;
        }
        Ok(layer)
    }

    /// Reads one entry of the table `table`, which may be the table `startup` or `naming` in it.
    fn entry(
        &self,
        layer: &mut Layer,
        table: &str,
        key: &Name<'_>,
        value: &Spanned<DeValue<'_>>,
    ) -> Result<(), Diagnostic> {
        if let (inner @ ("startup" | NAMING), DeValue::Table(entries)) =
            (key.get_ref().as_ref(), value.get_ref())
        {
            let table = if table.is_empty() { inner.to_owned() } else { format!("{table}.{inner}") };
            for (key, value) in entries {
                self.setting(layer, &table, key, value)?;
            }
            return Ok(());
        }
        self.setting(layer, table, key, value)
    }

    fn setting(
        &self,
        layer: &mut Layer,
        table: &str,
        name: &Name<'_>,
        value: &Spanned<DeValue<'_>>,
    ) -> Result<(), Diagnostic> {
        let inner = table.rsplit('.').next().filter(|inner| ["startup", NAMING].contains(inner));
        let of_table = |key: &Key| inner.is_none_or(|inner| key.definition().table == inner);
        let known = match inner {
            Some(NAMING) => Key::ALL.iter().copied().find(|key| key.name_in_table() == name.get_ref()),
            _ => Key::from_name(name.get_ref()),
        };
        let known = known.filter(of_table).ok_or_else(|| self.unknown(table, name, &of_table))?;
        let text = self.text_of(known, name, value)?;
        let origin = Origin::File {
            path: self.path.to_owned(),
            table: table.to_owned(),
            key: name.get_ref().to_string(),
            line: line_of(self.text, name.span().start),
        };
        let given = Given { text, origin, directory: self.directory.map(PathBuf::from) };
        match layer.insert(known, given) {
            None => Ok(()),
            Some(_) => Err(self.error(name, format!("{known} is given twice"))),
        }
    }

    /// The value as text; numbers and booleans only where they are of the setting's kind.
    fn text_of(&self, key: Key, name: &Name<'_>, value: &Spanned<DeValue<'_>>) -> Result<String, Diagnostic> {
        let kind = key.definition().kind;
        match (value.get_ref(), kind) {
            (DeValue::String(text), _) => Ok(text.to_string()),
            (DeValue::Array(items), Kind::List) => {
                let names = items.iter().map(|item| match item.get_ref() {
                    DeValue::String(text) if !text.contains(',') => Ok(text.to_string()),
                    _ => Err(self.error(name, format!("{key} must be names"))),
                });
                Ok(names.collect::<Result<Vec<_>, _>>()?.join(","))
            }
            (DeValue::Array(items), Kind::Commands) => {
                let lines = items.iter().map(|item| match item.get_ref() {
                    DeValue::String(text) if !text.contains('\n') => Ok(text.to_string()),
                    _ => Err(self.error(name, format!("{key} must be {}", kind.accepted()))),
                });
                Ok(lines.collect::<Result<Vec<_>, _>>()?.join("\n"))
            }
            (DeValue::Boolean(boolean), Kind::Boolean) => Ok(boolean.to_string()),
            (
                DeValue::Integer(number),
                Kind::Duration | Kind::DurationOrZero | Kind::DurationOrNone | Kind::CountOrAll,
            ) => Ok(number.to_string()),
            (
                DeValue::Integer(_)
                | DeValue::Boolean(_)
                | DeValue::Float(_)
                | DeValue::Datetime(_)
                | DeValue::Array(_)
                | DeValue::Table(_),
                _,
            ) => Err(self.error(name, format!("{key} must be {}", kind.accepted()))),
        }
    }

    fn unknown(&self, table: &str, name: &Name<'_>, of_table: &dyn Fn(&Key) -> bool) -> Diagnostic {
        let name_text = name.get_ref().as_ref();
        let place = if table.is_empty() { String::new() } else { format!(" in [{table}]") };
        let diagnostic = self.error(name, format!("{name_text:?}{place} is no setting"));
        let known = Key::ALL.iter().filter(|key| of_table(key)).map(|key| match table.ends_with(NAMING) {
            true => key.name_in_table(),
            false => key.name(),
        });
        match suggest::question(name_text, known.chain(["startup", NAMING, "env"])) {
            Some(question) => diagnostic.hint(question),
            None => diagnostic.hint("`underpin help env` lists the settings"),
        }
    }

    /// A diagnostic that points at a key. The value beside it may be private, so it is cut off.
    fn error(&self, name: &Name<'_>, message: String) -> Diagnostic {
        let mut place = Place::in_text(self.path, self.text, name.span(), 1);
        if let Some((before, _)) = place.text.split_once('=') {
            place.text = format!("{before}= …");
        }
        Diagnostic::new(ErrorKind::Configuration, message).at(place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<File, Diagnostic> {
        parse(text, "underpin.toml", Some(Path::new("/project")))
    }

    #[test]
    fn settings_stand_at_the_top_in_startup_and_in_environments() {
        let file = read(
            "script_location = \"db\"\ntimeout = 90\n[startup]\nmode = \"check\"\nauto_migrate = false\n\
             [env.staging]\ndatabase_url = \"sqlite:x\"\nmode = \"off\"\n[env.prod.startup]\non_failure = \"abort\"\n",
        )
        .expect("settings");
        let shown: Vec<_> =
            file.base.iter().map(|(key, given)| format!("{key}={} {}", given.text, given.origin)).collect();
        assert_eq!(
            shown,
            [
                "directory=db underpin.toml script_location",
                "mode=check underpin.toml [startup] mode",
                "auto_migrate=false underpin.toml [startup] auto_migrate",
                "timeout=90 underpin.toml timeout",
            ]
        );
        let staging = &file.environments["staging"];
        assert_eq!(staging[&Key::Mode].origin.to_string(), "underpin.toml [env.staging] mode");
        assert_eq!(staging[&Key::DatabaseUrl].directory.as_deref(), Some(Path::new("/project")));
        let prod = &file.environments["prod"];
        assert_eq!(prod[&Key::OnFailure].origin.to_string(), "underpin.toml [env.prod.startup] on_failure");
    }

    #[test]
    fn what_is_not_known_is_refused_with_line_and_suggestion_and_without_its_value() {
        for (text, said, hint) in [
            (
                "\ndatabse_url = \"mysql://a:s3cret@b/c\"",
                "\"databse_url\" is no setting",
                "did you mean database_url?",
            ),
            ("[startup]\ntimeout = 1", "\"timeout\" in [startup] is no setting", ""),
            ("[env.x]\nmoed = 1", "\"moed\" in [env.x] is no setting", "did you mean mode?"),
            ("[startp]\nmode = \"check\"", "\"startp\" is no setting", "did you mean startup?"),
            ("[env]\nx = 1", "x in [env] is not a table", "write [env.x]"),
        ] {
            let error = read(text).expect_err(text);
            assert_eq!(error.message, said);
            assert!(error.hints.iter().any(|given| given.contains(hint)), "{:?}", error.hints);
            assert!(error.place.is_some() && !format!("{error:?}").contains("s3cret"), "{error:?}");
        }
    }

    #[test]
    fn patterns_for_names_have_a_table_of_their_own() {
        let file = read("[naming]\ncheck = \"ck_{table}\"\n[env.x.naming]\nindex = \"ix_{table}\"\n")
            .expect("settings");
        assert_eq!(file.base[&Key::NamingCheck].origin.to_string(), "underpin.toml [naming] check");
        assert_eq!(file.environments["x"][&Key::NamingIndex].text, "ix_{table}");
        let error = read("[naming]\nchek = \"x\"\n").expect_err("a misspelt key");
        assert_eq!(error.message, "\"chek\" in [naming] is no setting");
        assert!(error.hints.iter().any(|hint| hint.contains("did you mean check?")), "{:?}", error.hints);
        assert!(read("[naming]\nmode = \"off\"\n").is_err());
    }

    #[test]
    fn commands_are_an_array_of_lines() {
        let file = read("after_write = [\"a {file}\", \"b, c\"]\n").expect("settings");
        assert_eq!(file.base[&Key::AfterWrite].text, "a {file}\nb, c");
    }

    #[test]
    fn values_of_another_type_and_repetitions_are_refused() {
        for (text, said) in [
            ("directory = true", "directory must be one path"),
            ("timeout = 1.5", "timeout must be a time"),
            ("mode = 1", "mode must be one of apply, check"),
            ("directory = \"a\"\nscript_location = \"b\"", "directory is given twice"),
            ("mode = \"off\"\n[startup]\nmode = \"off\"", "mode is given twice"),
        ] {
            let error = read(text).expect_err(text);
            assert!(error.message.starts_with(said), "{error}");
        }
    }

    #[test]
    fn a_syntax_error_names_its_line_and_nothing_of_it() {
        let error =
            read("mode = \"check\"\ndatabase_url = \"mysql://a:s3cret@b/c").expect_err("no closing quote");
        assert!(error.message.starts_with("underpin.toml is not valid TOML"), "{error}");
        assert_eq!(error.place.as_ref().map(|place| (place.line, place.column)), Some((2, 37)));
        assert!(!format!("{error:?}").contains("s3cret"), "{error:?}");
    }
}
