//! The text of `help env`, made from the table of settings. It shows what can be set, not what is.

use super::key::{Key, Kind, OWN_PREFIX};

/// What can be set in the environment and how, as plain text.
///
/// With a prefix, its names are listed in front of the plain ones.
pub fn environment_help(prefix: &str) -> String {
    let mut text = String::from(
        "Settings, by their names in the environment. A flag wins over the environment, that over\n\
         .env, that over [env.<name>] in underpin.toml, that over the rest of underpin.toml.\n",
    );
    for key in Key::ALL {
        text.push('\n');
        text.push_str(&entry(*key, prefix));
    }
    let libpq = ["PGHOST", "PGPORT", "PGDATABASE", "PGUSER", "PGPASSWORD"];
    let prefixed = libpq.iter().filter(|_| !prefix.is_empty()).map(|name| format!("{prefix}{name}"));
    let names: Vec<String> = prefixed.chain(libpq.iter().map(|name| (*name).to_owned())).collect();
    text.push_str(&format!(
        "\n{} and libpq's other variables\n    \
         the database, where no URL is given but a program's default; they also fill in what a PostgreSQL URL leaves out\n",
        names.join(", ")
    ));
    text
}

/// The names of a setting in the environment, the strongest first: those under the prefix, if there
/// is one, and the plain ones.
pub(crate) fn environment_names(key: Key, prefix: &str) -> Vec<String> {
    let mut names = if prefix.is_empty() { Vec::new() } else { key.variables(prefix) };
    names.extend(key.variables(""));
    names
}

fn entry(key: Key, prefix: &str) -> String {
    let definition = key.definition();
    let names = environment_names(key, prefix);
    let table = if definition.table.is_empty() { String::new() } else { format!("[{}] ", definition.table) };
    let mut text = format!("{}\n    {}\n", names.join(", "), definition.meaning);
    if !matches!(definition.kind, Kind::Url | Kind::Path | Kind::Text) {
        text.push_str(&format!("    values: {}\n", definition.kind.accepted()));
    }
    let default = if definition.default.is_empty() { "none" } else { definition.default };
    text.push_str(&format!("    default: {default}; underpin.toml: {table}{}", key.name_in_table()));
    if !definition.flag.is_empty() {
        text.push_str(&format!("; flag: --{}", definition.flag));
    }
    text.push('\n');
    text
}

/// The variable that is named when a setting is missing: under the prefix if there is one.
pub(super) fn main_variable(key: Key, prefix: &str) -> String {
    let name = key.definition().environment.last().copied().unwrap_or_default();
    format!("{prefix}{}", name.strip_prefix(OWN_PREFIX).unwrap_or(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_variable_is_listed_with_its_default() {
        let text = environment_help("HIVE_");
        for key in Key::ALL {
            for name in key.variables("").into_iter().chain(key.variables("HIVE_")) {
                assert!(text.contains(&name), "{name}");
            }
            assert!(text.contains(key.definition().meaning));
        }
        assert!(text.contains(
            "UNDERPIN_TIMEOUT\n    how long a whole run may take\n    values: a time greater than zero"
        ));
        assert!(!environment_help("").contains("HIVE_"));
    }

    #[test]
    fn the_main_variable_carries_the_prefix() {
        assert_eq!(main_variable(Key::DatabaseUrl, ""), "DATABASE_URL");
        assert_eq!(main_variable(Key::DatabaseUrl, "HIVE_"), "HIVE_DATABASE_URL");
    }
}
