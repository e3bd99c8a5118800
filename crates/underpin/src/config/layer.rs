//! One layer of settings: values as they were written, and where. What wins is decided by the order
//! of the layers, in `loader`.

use std::{collections::BTreeMap, fmt, path::PathBuf};

use underpin_core::diagnostic::{Diagnostic, ErrorKind};

use super::{dotenv::Variable, key::Key, origin::Origin};

/// A value as it was written. It may be the URL of a database, so `Debug` does not show it.
#[derive(Clone)]
pub(super) struct Given {
    pub(super) text: String,
    pub(super) origin: Origin,
    /// The directory that relative paths start from, if it is not the process's own.
    pub(super) directory: Option<PathBuf>,
}

impl fmt::Debug for Given {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Given({})", self.origin)
    }
}

/// The values of one layer.
pub(super) type Layer = BTreeMap<Key, Given>;

/// A set of variables: the environment, or a `.env` file.
pub(super) trait Variables {
    /// The value and the origin of a variable.
    ///
    /// # Errors
    /// A value that is no text.
    fn get(&self, name: &str) -> Result<Option<(String, Origin)>, Diagnostic>;
}

/// The variables of the process, as they were when it was asked for them.
#[derive(Clone, Default)]
pub(super) struct ProcessVariables {
    /// A value of `None` is not valid UTF-8.
    pub(super) values: BTreeMap<String, Option<String>>,
}

impl Variables for ProcessVariables {
    fn get(&self, name: &str) -> Result<Option<(String, Origin)>, Diagnostic> {
        let origin = Origin::Environment { variable: name.to_owned() };
        match self.values.get(name) {
            None => Ok(None),
            Some(Some(value)) => Ok(Some((value.clone(), origin))),
            Some(None) => {
                let message = format!("the value of {name} is not valid UTF-8");
                Err(Diagnostic::new(ErrorKind::Configuration, message)
                    .hint(format!("set {name} again, or unset it")))
            }
        }
    }
}

/// The variables of a `.env` file.
#[derive(Clone, Default)]
pub(super) struct DotenvFile {
    /// The file, as it is shown.
    pub(super) path: String,
    pub(super) variables: Vec<Variable>,
    /// What is wrong with it.
    pub(super) warnings: Vec<String>,
}

impl Variables for DotenvFile {
    fn get(&self, name: &str) -> Result<Option<(String, Origin)>, Diagnostic> {
        Ok(self.variables.iter().rev().find(|variable| variable.name == name).map(|variable| {
            let origin =
                Origin::Dotenv { variable: name.to_owned(), path: self.path.clone(), line: variable.line };
            (variable.value.clone(), origin)
        }))
    }
}

/// The layer that a set of variables makes under a prefix, which may be empty.
///
/// # Errors
/// A value that is no text.
pub(super) fn from_variables(
    variables: &dyn Variables,
    prefix: &str,
    directory: Option<PathBuf>,
) -> Result<Layer, Diagnostic> {
    let mut layer = Layer::new();
    for key in Key::ALL.iter().copied() {
        for name in key.variables(prefix) {
            let Some((text, origin)) = variables.get(&name)? else { continue };
            if text.trim().is_empty() && key.definition().kind.empty_is_unset() {
                continue;
            }
            layer.insert(key, Given { text, origin, directory: directory.clone() });
            break;
        }
    }
    Ok(layer)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn process(values: &[(&str, &str)]) -> ProcessVariables {
        let values = values.iter().map(|(name, value)| ((*name).to_owned(), Some((*value).to_owned())));
        ProcessVariables { values: values.collect() }
    }

    #[test]
    fn an_empty_url_is_no_url_and_an_empty_choice_is_a_mistake() {
        let variables = process(&[
            ("UNDERPIN_DATABASE_URL", " "),
            ("DATABASE_URL", "sqlite:x"),
            ("AUTO_MIGRATE_ON_STARTUP", ""),
            ("UNDERPIN_MODE", ""),
        ]);
        let layer = from_variables(&variables, "", None).expect("texts");
        assert_eq!(layer[&Key::DatabaseUrl].text, "sqlite:x");
        assert!(!layer.contains_key(&Key::AutoMigrate));
        assert_eq!(layer[&Key::Mode].text, "");
    }

    #[test]
    fn a_value_that_is_no_text_is_refused_only_where_it_is_ours() {
        let mut variables = process(&[]);
        variables.values.insert("OTHER".into(), None);
        assert!(from_variables(&variables, "", None).expect("nothing of ours").is_empty());
        variables.values.insert("UNDERPIN_MODE".into(), None);
        let error = from_variables(&variables, "", None).expect_err("no text");
        assert!(error.message.contains("UNDERPIN_MODE"));
    }
}
