//! Variables that look like ours and are not: warned about, never obeyed and never an error, since
//! an environment is shared with other versions and other programs. What Underpin itself gives to the programs
//! that it starts is among their variables, too, and not warned about.

use super::{
    handed,
    key::{Key, OWN_PREFIX, TEST_PREFIX},
    suggest,
};

/// A warning for every name that starts with our prefix and is no setting.
pub(super) fn warnings<'a>(names: impl Iterator<Item = &'a str>, prefix: &str) -> Vec<String> {
    let known: Vec<String> =
        Key::ALL.iter().flat_map(|key| key.variables("").into_iter().chain(key.variables(prefix))).collect();
    let mut unknown: Vec<&str> = names
        .filter(|name| name.starts_with(OWN_PREFIX) && !name.starts_with(TEST_PREFIX))
        .filter(|name| !handed::ALL.contains(name) && !known.iter().any(|known| known == name))
        .collect();
    unknown.sort_unstable();
    unknown.dedup();
    unknown.into_iter().map(|name| warning(name, &known)).collect()
}

fn warning(name: &str, known: &[String]) -> String {
    let ours = known.iter().filter_map(|known| known.strip_prefix(OWN_PREFIX));
    let stem = name.strip_prefix(OWN_PREFIX).unwrap_or(name);
    // The common prefix would make everything look alike, so it is compared without.
    match suggest::nearest(stem, ours) {
        Some(nearest) => format!("{name} is not known, and is ignored; did you mean {OWN_PREFIX}{nearest}?"),
        None => match known.iter().find(|known| known.as_str() == stem) {
            Some(plain) => format!("{name} is not known, and is ignored; did you mean {plain}?"),
            None => format!("{name} is not known, and is ignored; `underpin help env` lists the variables"),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_variable_is_warned_about_with_the_nearest_name() {
        let names = [
            "UNDERPIN_MODE",
            "UNDERPIN_TIMOUT",
            "UNDERPIN_AUTO_MIGRATE_ON_STARTUP",
            "UNDERPIN_COLOURS",
            "PATH",
        ];
        assert_eq!(
            warnings(names.into_iter(), ""),
            [
                "UNDERPIN_AUTO_MIGRATE_ON_STARTUP is not known, and is ignored; did you mean AUTO_MIGRATE_ON_STARTUP?",
                "UNDERPIN_COLOURS is not known, and is ignored; `underpin help env` lists the variables",
                "UNDERPIN_TIMOUT is not known, and is ignored; did you mean UNDERPIN_TIMEOUT?",
            ]
        );
    }

    #[test]
    fn what_a_hook_and_a_backup_command_are_given_is_no_mistake_of_theirs() {
        assert_eq!(warnings(handed::ALL.into_iter(), ""), Vec::<String>::new());
        assert_eq!(warnings(["UNDERPIN_HOOK_MOMENTT"].into_iter(), "").len(), 1);
    }

    #[test]
    fn names_of_test_suites_and_of_our_own_prefix_are_left_alone() {
        let names =
            ["UNDERPIN_TEST_POSTGRES_URL", "UNDERPIN_SHOP_MODE", "UNDERPIN_SHOP_AUTO_MIGRATE_ON_STARTUP"];
        assert_eq!(warnings(names.into_iter(), "UNDERPIN_SHOP_"), Vec::<String>::new());
    }
}
