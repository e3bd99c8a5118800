//! Alembic's own revisions, which are programs in Python: found in a directory, so that somebody can be told that
//! they are not read. Nothing of them is run or understood.

use std::{fs, path::Path};

/// How many revisions of Alembic's there are in a directory or in its subdirectory `versions`. What can't be read is
/// none.
pub(crate) fn count(directory: &Path) -> usize {
    [directory.to_owned(), directory.join("versions")].iter().map(|place| count_in(place)).sum()
}

/// What is to be said of them.
pub(crate) fn advice(directory: &Path, count: usize) -> String {
    let revisions = if count == 1 { "1 revision".to_owned() } else { format!("{count} revisions") };
    format!(
        "{} holds {revisions} of Alembic's (.py), which are not read here; to go on from them, bring a database to \
         their head with Alembic, and let `underpin baseline` write the first revision from it (`underpin stamp` \
         records that in other databases)",
        directory.display()
    )
}

fn count_in(directory: &Path) -> usize {
    let Ok(entries) = fs::read_dir(directory) else { return 0 };
    let paths = entries.filter_map(Result::ok).map(|entry| entry.path());
    let python =
        paths.filter(|path| path.extension().is_some_and(|extension| extension == "py") && path.is_file());
    python.filter(|path| fs::read_to_string(path).is_ok_and(|text| is_revision(&text))).count()
}

/// Whether a file assigns both names that Alembic asks of each, also with a type: `revision: str = "ae10"`.
fn is_revision(text: &str) -> bool {
    let assigns = |name: &str| {
        text.lines().filter_map(|line| line.strip_prefix(name)).any(|rest| rest.starts_with([' ', ':', '=']))
    };
    assigns("revision") && assigns("down_revision")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn revisions_in_python_are_told_from_other_files() {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let write = |name: &str, text: &str| fs::write(directory.path().join(name), text).expect("a file");
        fs::create_dir(directory.path().join("versions")).expect("a directory");
        write("env.py", "from alembic import context\n");
        assert_eq!(count(directory.path()), 0);
        write("versions/ae10_a.py", "revision = 'ae10'\ndown_revision = None\n");
        write("versions/b.py", "revision: str = \"b\"\ndown_revision: Union[str, None] = \"ae10\"\n");
        write("versions/__init__.py", "");
        assert_eq!(count(directory.path()), 2);
        assert!(advice(directory.path(), 2).contains(" holds 2 revisions of Alembic's (.py)"));
        assert_eq!(count(Path::new("/nowhere")), 0);
    }
}
