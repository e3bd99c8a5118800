//! Collects the layers of settings: what was handed in, the environment, and the files. Which value
//! wins is decided afterwards, in `resolver`.

use std::{
    env, fmt,
    path::{Path, PathBuf},
};

use underpin_core::diagnostic::{Diagnostic, ErrorKind};

use super::{
    alembic, dotenv,
    file::{self, File},
    key::Key,
    layer::{DotenvFile, Given, Layer, ProcessVariables, Variables, from_variables},
    origin::{Origin, shown},
    project,
    resolver::{Resolver, Sources},
    settings::Settings,
};

/// Collects settings from everywhere, and reads them once.
///
/// [`Loader::from_process`] sees the process's environment and working directory;
/// [`Loader::new`] sees nothing until it is told.
#[derive(Clone)]
pub struct Loader {
    flags: Layer,
    pinned: Layer,
    builder: Layer,
    process: ProcessVariables,
    working_directory: PathBuf,
    /// The working directory is not the process's own, so relative paths have to be led there.
    elsewhere: bool,
    prefix: String,
    config_file: Option<PathBuf>,
    name: Option<String>,
    dotenv: bool,
}

impl Default for Loader {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Loader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Loader")
            .field("prefix", &self.prefix)
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

impl Loader {
    /// A loader that knows no environment and searches no file.
    pub fn new() -> Self {
        Self {
            flags: Layer::new(),
            pinned: Layer::new(),
            builder: Layer::new(),
            process: ProcessVariables::default(),
            working_directory: PathBuf::new(),
            elsewhere: false,
            prefix: String::new(),
            config_file: None,
            name: None,
            dotenv: true,
        }
    }

    /// A loader with the environment and the working directory that the process has now.
    pub fn from_process() -> Self {
        let mut loader = Self::new();
        loader.process.values = env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok())))
            .collect();
        loader.working_directory = env::current_dir().unwrap_or_default();
        loader
    }

    /// Replaces the environment.
    #[must_use]
    pub fn environment<N: Into<String>, V: Into<String>>(
        mut self,
        variables: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        self.process.values =
            variables.into_iter().map(|(name, value)| (name.into(), Some(value.into()))).collect();
        self
    }

    /// Searches files from this directory instead of the process's own, and leads relative paths
    /// there.
    #[must_use]
    pub fn working_directory(mut self, directory: impl Into<PathBuf>) -> Self {
        self.working_directory = directory.into();
        self.elsewhere = true;
        self
    }

    /// A value from the command line.
    #[must_use]
    pub fn flag(mut self, key: Key, value: impl Into<String>) -> Self {
        let name = key.definition().flag;
        let name = if name.is_empty() { key.name().replace('_', "-") } else { name.to_owned() };
        self.flags.insert(key, given(value, Origin::Flag { flag: format!("--{name}") }));
        self
    }

    /// A value from the program that embeds Underpin; a pinned one can't be overridden.
    #[must_use]
    pub fn builder_value(mut self, key: Key, value: impl Into<String>, pinned: bool) -> Self {
        let layer = if pinned { &mut self.pinned } else { &mut self.builder };
        layer.insert(key, given(value, Origin::Builder { pinned }));
        self
    }

    /// Looks for `<prefix>NAME` before `NAME`; a missing `_` at the end is added.
    #[must_use]
    pub fn prefix(mut self, prefix: impl Into<String>) -> Self {
        self.prefix = complete_prefix(prefix.into());
        self
    }

    /// Reads this file instead of searching for `underpin.toml`; it may be an `alembic.ini`, or a `pyproject.toml` with a table `[tool.alembic]`.
    #[must_use]
    pub fn config_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.config_file = Some(path.into());
        self
    }

    /// Takes the settings of `[env.<name>]`, which must be there.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Reads no `.env`.
    #[must_use]
    pub fn no_dotenv(mut self) -> Self {
        self.dotenv = false;
        self
    }

    /// Reads the files and decides every setting.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`] for a file that can't be read and for a value that is not of
    /// its kind; [`ErrorKind::Refused`] for creating tables in an environment that is explicitly
    /// production. A missing or unreadable database URL is no error until it is asked for.
    pub fn load(self) -> Result<Settings, Diagnostic> {
        let searched = self.search_path();
        let dotenv = self.read_dotenv(&searched)?;
        let file = self.read_file(&searched)?;
        let base = self.elsewhere.then(|| self.working_directory.clone());
        let layer = |variables: &dyn Variables, prefix: &str| from_variables(variables, prefix, base.clone());
        let prefixed = |variables: &dyn Variables| match self.prefix.as_str() {
            "" => Ok(Layer::new()),
            prefix => layer(variables, prefix),
        };
        let sources = Sources {
            above_files: vec![
                led_to(&self.pinned, base.as_deref()),
                led_to(&self.flags, base.as_deref()),
                prefixed(&self.process)?,
                layer(&self.process, "")?,
                prefixed(&dotenv)?,
                layer(&dotenv, "")?,
            ],
            below_files: led_to(&self.builder, base.as_deref()),
            file,
            name: self.name,
            prefix: self.prefix,
            process: self.process,
            dotenv,
            dotenv_read: self.dotenv,
            working_directory: self.working_directory,
            base,
        };
        Resolver::new(sources)?.settings()
    }

    fn search_path(&self) -> Vec<PathBuf> {
        if self.working_directory.as_os_str().is_empty() {
            return Vec::new();
        }
        let home = ["HOME", "USERPROFILE"].iter().find_map(|name| self.process.values.get(*name)?.as_deref());
        project::search_path(&self.working_directory, home.map(Path::new))
    }

    fn read_dotenv(&self, searched: &[PathBuf]) -> Result<DotenvFile, Diagnostic> {
        let Some(path) = self.dotenv.then(|| project::find(searched, ".env")).flatten() else {
            return Ok(DotenvFile::default());
        };
        let shown = shown(&path, &self.working_directory);
        let bytes = std::fs::read(&path)
            .map_err(|error| unreadable(&shown, error).hint("or leave it out with --no-dotenv"))?;
        let outer = |name: &str| self.process.values.get(name).cloned().flatten();
        let parsed = dotenv::parse(&String::from_utf8_lossy(&bytes), outer);
        Ok(DotenvFile { warnings: parsed.warnings(&shown), path: shown, variables: parsed.variables })
    }

    fn read_file(&self, searched: &[PathBuf]) -> Result<Option<File>, Diagnostic> {
        let explicit = self.config_file.as_ref().map(|path| self.working_directory.join(path));
        let Some(path) = explicit.clone().or_else(|| project::find(searched, project::CONFIGURATION)) else {
            return Ok(None);
        };
        let shown = shown(&path, &self.working_directory);
        let text =
            std::fs::read_to_string(&path).map_err(|error| match (error.kind(), &self.config_file) {
                (std::io::ErrorKind::NotFound, Some(given)) => missing(given, &path),
                _ => unreadable(&shown, error),
            })?;
        let directory = path.parent().unwrap_or(Path::new("")).to_owned();
        if path.extension().is_some_and(|extension| extension == "ini") {
            return Ok(Some(alembic::parse(&text, &shown, &directory)));
        }
        if path.file_name().is_some_and(|name| name == "pyproject.toml") {
            return alembic::parse_project(&text, &shown, &directory).map(Some);
        }
        let lead = self.elsewhere || directory != self.working_directory;
        file::parse(&text, &shown, lead.then_some(directory.as_path())).map(Some)
    }
}

/// A prefix with the `_` that parts it from the name.
pub(crate) fn complete_prefix(mut prefix: String) -> String {
    if !prefix.is_empty() && !prefix.ends_with('_') {
        prefix.push('_');
    }
    prefix
}

fn given(value: impl Into<String>, origin: Origin) -> Given {
    Given { text: value.into(), origin, directory: None }
}

/// The layer with its relative paths led to another working directory than the process's own.
fn led_to(layer: &Layer, directory: Option<&Path>) -> Layer {
    let mut layer = layer.clone();
    for given in layer.values_mut() {
        given.directory = directory.map(Path::to_owned);
    }
    layer
}

fn missing(given: &Path, tried: &Path) -> Diagnostic {
    let message = format!("the configuration file {} is not there", given.display());
    Diagnostic::new(ErrorKind::Configuration, message).hint(format!("tried {}", tried.display()))
}

fn unreadable(shown: &str, error: std::io::Error) -> Diagnostic {
    let message = format!("{shown} can't be read: {error}");
    Diagnostic::new(ErrorKind::Configuration, message)
        .hint("check the file and its permissions")
        .caused_by(error)
}
