//! Reading what SHOW GRANTS answers. Nothing is asked here.

/// Whether the grants give a privilege on a whole database; nothing where only a role may tell.
pub(super) fn has(grants: &[&str], database: &str, privilege: &str) -> Option<bool> {
    let mut roles = false;
    for grant in grants {
        let Some(grant) = grant.strip_prefix("GRANT ") else { continue };
        let Some((privileges, target)) = split(grant) else {
            roles = true;
            continue;
        };
        let given = privileges.split(", ").any(|given| {
            given.eq_ignore_ascii_case(privilege) || given.to_ascii_uppercase().starts_with("ALL PRIVILEGES")
        });
        if given && covers(target, database) {
            return Some(true);
        }
    }
    if roles { None } else { Some(false) }
}

/// The privileges and what they are on; a role that is granted is on nothing.
fn split(grant: &str) -> Option<(&str, &str)> {
    let (privileges, rest) = grant.split_once(" ON ")?;
    let (target, _) = rest.split_once(" TO ")?;
    Some((privileges, target))
}

/// Whether `*.*` or a `` `database`.* ``, in which `_` and `%` are patterns, takes in a database.
fn covers(target: &str, database: &str) -> bool {
    let Some(pattern) = target.strip_suffix(".*") else { return false };
    pattern == "*" || like(&pattern.trim_matches('`').replace("``", "`"), database)
}

fn like(pattern: &str, text: &str) -> bool {
    let mut pattern = pattern.chars();
    match pattern.next() {
        None => text.is_empty(),
        Some('%') => (0..=text.len())
            .filter(|&start| text.is_char_boundary(start))
            .any(|start| like(pattern.as_str(), &text[start..])),
        Some(first) => {
            let wanted = if first == '\\' { pattern.next() } else { None };
            let mut characters = text.chars();
            let Some(there) = characters.next() else { return false };
            let fits = match wanted {
                Some(wanted) => wanted == there,
                None => first == '_' || first == there,
            };
            fits && like(pattern.as_str(), characters.as_str())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grants_are_read_as_the_servers_write_them() {
        let usage = "GRANT USAGE ON *.* TO `app`@`%`";
        for (grant, expected) in [
            ("GRANT ALL PRIVILEGES ON *.* TO `root`@`localhost` WITH GRANT OPTION", Some(true)),
            ("GRANT SELECT, INSERT, CREATE ON *.* TO `app`@`%`", Some(true)),
            ("GRANT ALL PRIVILEGES ON `shop`.* TO `app`@`%`", Some(true)),
            ("GRANT ALL PRIVILEGES ON `sh%`.* TO `app`@`%`", Some(true)),
            ("GRANT CREATE ON `s_op`.* TO `app`@`%`", Some(true)),
            (r"GRANT CREATE ON `s\_op`.* TO `app`@`%`", Some(false)),
            ("GRANT CREATE ON `other`.* TO `app`@`%`", Some(false)),
            ("GRANT CREATE ON `shop`.`orders` TO `app`@`%`", Some(false)),
            ("GRANT SELECT ON `shop`.* TO `app`@`%`", Some(false)),
            ("GRANT CREATE VIEW, CREATE ROUTINE ON `shop`.* TO `app`@`%`", Some(false)),
            ("GRANT `writer`@`%` TO `app`@`%`", None),
        ] {
            assert_eq!(has(&[usage, grant], "shop", "CREATE"), expected, "{grant}");
        }
        assert_eq!(has(&[], "shop", "CREATE"), Some(false));
    }
}
