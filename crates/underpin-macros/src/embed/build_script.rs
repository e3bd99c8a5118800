//! Whether cargo will notice a revision file that is added. Not a build script.
//!
//! The text of every embedded file is included, so that cargo knows these files; but nothing that
//! stable Rust offers a macro makes cargo watch a directory. A line in the package's build script
//! does, and without it a program is built that lacks the newest revision.

use std::{fs, path::Path};

/// What to say if the package's build script does not watch the directory.
pub(super) fn missing_line(package: &Path, directory: &str) -> Option<String> {
    let manifest = fs::read_to_string(package.join("Cargo.toml")).unwrap_or_default();
    let script = script_name(&manifest);
    let text = fs::read_to_string(package.join(script)).ok();
    if text.as_ref().is_some_and(|text| watches(text, directory)) {
        return None;
    }
    let line = format!("println!(\"cargo::rerun-if-changed={directory}\");");
    let hint = match text {
        Some(_) => format!("add this line to the main function of {script}: {line}"),
        None => format!("write a file {script} beside Cargo.toml: fn main() {{ {line} }}"),
    };
    Some(format!("cargo does not notice when a revision file is added to {directory}\nhint: {hint}"))
}

/// The build script that the manifest names, or else the one that cargo looks for.
fn script_name(manifest: &str) -> &str {
    let mut lines = manifest.lines().map(str::trim).skip_while(|line| *line != "[package]").skip(1);
    let package = lines.by_ref().take_while(|line| !line.starts_with('['));
    let named = package.filter_map(|line| line.strip_prefix("build")?.trim_start().strip_prefix('='));
    let quoted = named.filter_map(|value| value.trim().strip_prefix(['"', '\''])?.split(['"', '\'']).next());
    quoted.last().unwrap_or("build.rs")
}

fn watches(script: &str, directory: &str) -> bool {
    let name = Path::new(directory).file_name().and_then(|name| name.to_str()).unwrap_or(directory);
    script.contains("rerun-if-changed") && script.contains(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_build_script_is_the_one_the_manifest_names() {
        assert_eq!(script_name("[package]\nname = \"x\"\n\n[dependencies]\nbuild = \"1\""), "build.rs");
        assert_eq!(script_name("[package]\nbuild='tools/b.rs' # mine\n[lib]"), "tools/b.rs");
        assert_eq!(script_name(""), "build.rs");
    }

    #[test]
    fn a_script_must_name_the_directory() {
        let script = r#"fn main() { println!("cargo:rerun-if-changed=db/migrations"); }"#;
        assert!(watches(script, "db/migrations"));
        assert!(watches(script, "./db/migrations/"));
        assert!(!watches(script, "revisions"));
        assert!(!watches("fn main() {} // migrations", "migrations"));
    }

    #[test]
    fn the_line_to_add_is_written_out() {
        let warning = missing_line(Path::new("no/such/package"), "migrations").unwrap_or_default();
        let line = r#"fn main() { println!("cargo::rerun-if-changed=migrations"); }"#;
        assert!(warning.ends_with(line), "{warning}");
    }
}
