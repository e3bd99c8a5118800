//! Reading of an `alembic.ini` what is meant for us too: where the revisions are, and the URL. It
//! is only read when it is named; it is never searched for.

use std::{collections::BTreeMap, path::Path};

use super::{
    file::File,
    key::Key,
    layer::{Given, Layer},
    origin::Origin,
};

/// The section that holds when no other is named with `--name`, as in Alembic.
const MAIN: &str = "alembic";

/// Reads the text of an `alembic.ini` in `directory`. Everything that is not ours is left alone.
pub(super) fn parse(text: &str, path: &str, directory: &Path) -> File {
    let mut sections: BTreeMap<String, Layer> = BTreeMap::new();
    let mut section = String::new();
    for (index, line) in text.lines().enumerate() {
        let line = line.trim_end();
        if line.starts_with(['#', ';', ' ', '\t']) {
            continue;
        }
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            section = name.to_owned();
        } else if let Some((name, value)) = line.split_once(['=', ':']) {
            let Some(key) = key(name.trim()) else { continue };
            let text = interpolate(value.trim(), directory);
            if text.is_empty() || text.starts_with("driver://") {
                // Alembic's template has `driver://user:pass@localhost/dbname`.
                continue;
            }
            let origin = Origin::File {
                path: path.to_owned(),
                table: section.clone(),
                key: name.trim().to_owned(),
                line: index + 1,
            };
            let given = Given { text, origin, directory: Some(directory.to_owned()) };
            sections.entry(section.clone()).or_default().insert(key, given);
        }
    }
    let base = sections.remove(MAIN).unwrap_or_default();
    File { path: path.to_owned(), directory: Some(directory.to_owned()), base, environments: sections }
}

fn key(name: &str) -> Option<Key> {
    match name {
        "script_location" => Some(Key::Directory),
        "sqlalchemy.url" => Some(Key::DatabaseUrl),
        _ => None,
    }
}

/// Replaces what Python's `configparser` replaces and Alembic documents: `%(here)s` and `%%`.
fn interpolate(value: &str, directory: &Path) -> String {
    value.replace("%(here)s", &directory.to_string_lossy()).replace("%%", "%")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_location_and_the_url_are_found_in_their_sections() {
        let text = "# comment\n[alembic]\nscript_location = %(here)s/db\n\
                    sqlalchemy.url = postgresql://a:p%%40ss@b/c\nfile_template = %%(rev)s\n\
                    [staging]\nscript_location: other\nsqlalchemy.url = driver://user:pass@localhost/dbname\n\
                    [loggers]\nkeys = root\n";
        let file = parse(text, "alembic.ini", Path::new("/project"));
        assert_eq!(file.base[&Key::Directory].text, "/project/db");
        assert_eq!(file.base[&Key::DatabaseUrl].text, "postgresql://a:p%40ss@b/c");
        assert_eq!(file.base[&Key::DatabaseUrl].origin.to_string(), "alembic.ini [alembic] sqlalchemy.url");
        assert_eq!(file.environments["staging"][&Key::Directory].text, "other");
        assert!(!file.environments["staging"].contains_key(&Key::DatabaseUrl));
    }
}
