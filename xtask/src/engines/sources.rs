//! The package sources that the machine itself is configured with, and others derived from them.
//! No mirror is known here by name: where the machine gets its packages from, the servers come from too.

use std::fs;
use std::path::PathBuf;

use anyhow::{Result, bail};

/// Names under which a machine may follow its release without naming it.
const ROLLING: [&str; 5] = ["oldstable", "stable", "testing", "unstable", "sid"];

/// One place with packages, as in sources.list(5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Source {
    addresses: Vec<String>,
    suites: Vec<String>,
    components: Vec<String>,
    signed_by: Option<String>,
}

impl Source {
    /// The source as a stanza in the format of `*.sources` files.
    fn stanza(&self) -> String {
        let mut stanza = format!(
            "Types: deb\nURIs: {}\nSuites: {}\nComponents: {}\n",
            self.addresses.join(" "),
            self.suites.join(" "),
            self.components.join(" ")
        );
        if let Some(keys) = &self.signed_by {
            stanza.push_str(&format!("Signed-By: {keys}\n"));
        }
        stanza
    }
}

/// Several sources as the text of a `*.sources` file.
pub(crate) fn text(sources: &[Source]) -> String {
    sources.iter().map(Source::stanza).collect::<Vec<_>>().join("\n")
}

/// The sources of the machine's own release, its updates included, third parties left out.
pub(crate) fn of_release() -> Result<Vec<Source>> {
    let codename = os_release("VERSION_CODENAME").unwrap_or_default();
    let found = select(configured(), &codename);
    if found.is_empty() {
        bail!("the machine names no package source of its own release ({codename})");
    }
    Ok(found)
}

/// Debian's unstable suite at the same mirror; empty where the machine is no Debian.
pub(crate) fn of_debian_unstable() -> Result<Vec<Source>> {
    if os_release("ID").as_deref() != Some("debian") {
        bail!("only a Debian machine can take packages of Debian's unstable suite");
    }
    let codename = os_release("VERSION_CODENAME").unwrap_or_default();
    let main = of_release()?.into_iter().find(|source| {
        source.suites.iter().any(|suite| *suite == codename || ROLLING.contains(&suite.as_str()))
    });
    let Some(mut source) = main else { bail!("the machine's own release has no main source") };
    source.suites = vec!["unstable".to_owned()];
    source.components = vec!["main".to_owned()];
    Ok(vec![source])
}

fn os_release(key: &str) -> Option<String> {
    let text = fs::read_to_string("/etc/os-release").ok()?;
    text.lines()
        .find_map(|line| Some(line.strip_prefix(key)?.strip_prefix('=')?.trim_matches('"').to_owned()))
}

/// Everything the machine is configured with.
fn configured() -> Vec<Source> {
    let mut files = vec![PathBuf::from("/etc/apt/sources.list")];
    let parts = fs::read_dir("/etc/apt/sources.list.d").into_iter().flatten().flatten();
    files.extend(parts.map(|entry| entry.path()));
    files.sort();
    let mut sources = Vec::new();
    for file in files {
        let Ok(text) = fs::read_to_string(&file) else { continue };
        match file.extension().and_then(|extension| extension.to_str()) {
            Some("list") => sources.extend(text.lines().filter_map(from_line)),
            Some("sources") => sources.extend(stanzas(&text).iter().filter_map(|each| from_stanza(each))),
            _ => {}
        }
    }
    sources
}

fn select(sources: Vec<Source>, codename: &str) -> Vec<Source> {
    let belongs = |suite: &String| {
        let base =
            suite.strip_suffix("-updates").or_else(|| suite.strip_suffix("-security")).unwrap_or(suite);
        base == codename || ROLLING.contains(&base)
    };
    let kept = sources.into_iter().map(|mut source| {
        source.suites.retain(belongs);
        source
    });
    kept.filter(|source| !source.suites.is_empty()).collect()
}

/// A line as `deb [signed-by=…] http://… bookworm main`.
fn from_line(line: &str) -> Option<Source> {
    let mut rest = line.trim().strip_prefix("deb ")?.trim_start();
    let mut signed_by = None;
    if let Some(options) = rest.strip_prefix('[') {
        let (options, behind) = options.split_once(']')?;
        signed_by = options
            .split_whitespace()
            .find_map(|option| option.strip_prefix("signed-by="))
            .map(str::to_owned);
        rest = behind;
    }
    let rest = rest.split('#').next()?;
    let mut words = rest.split_whitespace().map(str::to_owned);
    Some(Source {
        addresses: vec![words.next()?],
        suites: vec![words.next()?],
        components: words.collect(),
        signed_by,
    })
}

/// The stanzas of a `*.sources` file, without comments.
fn stanzas(text: &str) -> Vec<String> {
    let lines: Vec<_> = text.lines().filter(|line| !line.starts_with('#')).map(str::trim_end).collect();
    lines.join("\n").split("\n\n").filter(|stanza| !stanza.trim().is_empty()).map(str::to_owned).collect()
}

fn from_stanza(stanza: &str) -> Option<Source> {
    let words = |key| Some(field(stanza, key)?.split_whitespace().map(str::to_owned).collect::<Vec<_>>());
    if !words("Types")?.contains(&"deb".to_owned()) || field(stanza, "Enabled").as_deref() == Some("no") {
        return None;
    }
    Some(Source {
        addresses: words("URIs")?,
        suites: words("Suites")?,
        components: words("Components")?,
        signed_by: field(stanza, "Signed-By"),
    })
}

/// The value of a field, with the indented lines that continue it (a key may stand in the file itself).
fn field(stanza: &str, key: &str) -> Option<String> {
    let mut lines = stanza
        .lines()
        .skip_while(|line| line.split_once(':').is_none_or(|(name, _)| !name.eq_ignore_ascii_case(key)));
    let mut value = lines.next()?.split_once(':')?.1.trim().to_owned();
    for continued in lines.take_while(|line| line.starts_with([' ', '\t'])) {
        value.push('\n');
        value.push_str(continued);
    }
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    const STANZAS: &str = "# ours\nTypes: deb deb-src\nURIs: http://mirror.example/debian\nSuites: bookworm bookworm-updates bookworm-backports\nComponents: main\nSigned-By:\n -----BEGIN-----\n .\n -----END-----\n\nTypes: deb\nURIs: http://other.example/\nSuites: nodistro\nComponents: main\n\nTypes: deb\nEnabled: no\nURIs: http://off.example/\nSuites: bookworm\nComponents: main\n";

    #[test]
    fn only_the_sources_of_the_release_itself_are_selected() {
        let all: Vec<_> = stanzas(STANZAS).iter().filter_map(|stanza| from_stanza(stanza)).collect();
        assert_eq!(all.len(), 2);
        let selected = select(all, "bookworm");
        assert_eq!(selected.len(), 1);
        assert_eq!(selected[0].suites, ["bookworm", "bookworm-updates"]);
        assert_eq!(selected[0].signed_by.as_deref(), Some("\n -----BEGIN-----\n .\n -----END-----"));
    }

    #[test]
    fn a_stanza_that_was_read_is_written_as_it_was() {
        let source = from_stanza(&stanzas(STANZAS)[0]).unwrap();
        assert_eq!(from_stanza(&source.stanza()), Some(source));
    }

    #[test]
    fn a_line_with_options_and_a_comment_is_read() {
        let source =
            from_line("deb [arch=amd64 signed-by=/k.gpg] http://m.example/ubuntu noble main universe # x");
        let source = source.unwrap();
        assert_eq!(source.addresses, ["http://m.example/ubuntu"]);
        assert_eq!(source.suites, ["noble"]);
        assert_eq!(source.components, ["main", "universe"]);
        assert_eq!(source.signed_by.as_deref(), Some("/k.gpg"));
    }

    #[test]
    fn a_source_of_source_code_is_no_source_of_programs() {
        assert_eq!(from_line("deb-src http://m.example/debian bookworm main"), None);
        assert_eq!(from_line("# deb http://m.example/debian bookworm main"), None);
    }
}
