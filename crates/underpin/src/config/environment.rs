//! Which table of the configuration file counts: that of the environment. What is in it is a layer like
//! any other.

use underpin_core::diagnostic::{Diagnostic, ErrorKind};

use super::{file::File, key::Key, layer::Layer, suggest};

/// The table of the named environment: `--name`, or else the environment itself if it has one.
///
/// # Errors
/// A name that the configuration file has no table of.
pub(super) fn chosen(name: Option<&str>, file: Option<&File>, above: &[Layer]) -> Result<Layer, Diagnostic> {
    let environments = file.map(|file| &file.environments);
    if let Some(name) = name {
        let found = environments.and_then(|environments| environments.get(name));
        return found.cloned().ok_or_else(|| unknown(name, file));
    }
    let environment = above.iter().find_map(|layer| layer.get(&Key::Environment));
    let found = environments.zip(environment).and_then(|(environments, given)| {
        environments.iter().find(|(name, _)| name.eq_ignore_ascii_case(given.text.trim()))
    });
    Ok(found.map(|(_, layer)| layer.clone()).unwrap_or_default())
}

fn unknown(name: &str, file: Option<&File>) -> Diagnostic {
    let Some(file) = file else {
        let message = format!("the environment {name} was asked for, but there is no underpin.toml");
        return Diagnostic::new(ErrorKind::Configuration, message).hint(format!(
            "write its settings in underpin.toml under [env.{name}], or name a file with --config"
        ));
    };
    let known: Vec<&str> = file.environments.keys().map(String::as_str).collect();
    let message = format!("{} has no environment {name}", file.path);
    let diagnostic = Diagnostic::new(ErrorKind::Configuration, message);
    let diagnostic = match known.as_slice() {
        [] => diagnostic.hint(format!("write its settings under [env.{name}]")),
        known => diagnostic.hint(format!("it has {}", known.join(", "))),
    };
    match suggest::question(name, known) {
        Some(question) => diagnostic.hint(question),
        None => diagnostic,
    }
}
