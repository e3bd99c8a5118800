//! The page of the settings in the reference, made from the table of settings and compared with it by a test.
//! Only tests have it: a program shows the same with `help env`.

use std::{env, fmt::Write as _, fs, path::PathBuf};

use super::key::{Definition, Key, NAMING};

const TITLE: &str = "# Settings

This page is made from the program's own table, and a test compares the two. Where a setting may stand, and which \
place wins, is in the [guide](../guide/settings.md); `underpin help env` shows the same table, and \
`underpin config show --origin` what is in force and why.

A time is a number of seconds, or a number with `ms`, `s`, `m`, `h` or `d`: `60`, `60s`, `500ms`, `1m30s`. In \
`underpin.toml` it is in quotes, unless it is a number. Relative paths in `underpin.toml` start at its directory. \
With `--env-prefix SHOP_`, `UNDERPIN_TIMEOUT` is `SHOP_TIMEOUT` as well, and `DATABASE_URL` is \
`SHOP_DATABASE_URL`; the prefixed one wins.
";

/// A section of the page.
struct Section {
    title: &'static str,
    /// Which settings it has.
    belongs: fn(&Definition) -> bool,
}

const SECTIONS: &[Section] = &[
    Section {
        title: "At the top of `underpin.toml`",
        belongs: |setting| setting.table.is_empty() && family(setting).is_none(),
    },
    Section { title: "In `[startup]`", belongs: |setting| setting.table == "startup" },
    Section { title: "Deleting data, and backups", belongs: |setting| family(setting) == Some("backup") },
    Section { title: "Hooks", belongs: |setting| family(setting) == Some("hook") },
    Section { title: "Lint", belongs: |setting| family(setting) == Some("lint") },
    Section { title: "In `[naming]`", belongs: |setting| setting.table == NAMING },
];

/// Settings of one subject that share a section, although they stand at the top of the file.
fn family(setting: &Definition) -> Option<&'static str> {
    let families: [(&str, &[&str]); 3] =
        [("backup", &["backup", "destructive"]), ("hook", &["hook_"]), ("lint", &["lint_", "refuse_lint"])];
    families
        .into_iter()
        .find(|(_, starts)| starts.iter().any(|start| setting.name.starts_with(start)))
        .map(|(family, _)| family)
}

fn page() -> String {
    let mut page = TITLE.to_owned();
    for Section { title, belongs } in SECTIONS {
        let _ = write!(
            page,
            "\n## {title}\n\n| in `underpin.toml` | in the environment | flag | values | without it | what it says |\n\
             |---|---|---|---|---|---|\n"
        );
        for key in Key::ALL.iter().filter(|key| belongs(key.definition())) {
            page.push_str(&row(*key));
        }
    }
    page
}

fn row(key: Key) -> String {
    let setting = key.definition();
    let variables: Vec<String> = setting.environment.iter().map(|name| format!("`{name}`")).collect();
    let flag = code(if setting.flag.is_empty() { String::new() } else { format!("--{}", setting.flag) });
    let accepted = setting.kind.accepted();
    // What a time looks like is said once, above.
    let values = accepted.split(", such as 60").next().unwrap_or_default();
    format!(
        "| `{}` | {} | {flag} | {values} | {} | {} |\n",
        key.name_in_table(),
        variables.join(", "),
        code(setting.default.to_owned()),
        setting.meaning
    )
}

fn code(text: String) -> String {
    if text.is_empty() { text } else { format!("`{text}`") }
}

#[test]
fn the_page_of_the_settings_is_made_from_their_table() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference/settings.md");
    let wanted = page();
    if env::var_os("UNDERPIN_UPDATE_DOCS").is_some() {
        fs::write(&path, &wanted).expect("docs/reference can be written");
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    let differing =
        written.lines().zip(wanted.lines()).position(|(one, other)| one != other).map(|line| line + 1);
    assert!(
        written == wanted,
        "docs/reference/settings.md is out of date from line {differing:?} on: write it with UNDERPIN_UPDATE_DOCS=1"
    );
}

#[test]
fn every_setting_stands_in_one_section() {
    for key in Key::ALL {
        let sections = SECTIONS.iter().filter(|section| (section.belongs)(key.definition())).count();
        assert_eq!(sections, 1, "{key}");
    }
}
