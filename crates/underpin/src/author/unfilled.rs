//! Revisions that nobody has filled in: their files still have the words of the template and no
//! statement. One that is empty on purpose has lost those words.

use underpin_core::{
    dialect::Flavour,
    revision::{Direction, Language, RevisionFile},
};

use super::{code, new_revision::UPGRADE};

/// What is to be said of a revision that nobody has filled in; nothing of any other.
pub(crate) fn unfilled(file: &RevisionFile) -> Option<String> {
    if file.language == Language::Rust {
        return file.text.contains(code::UPGRADE).then(|| words(file));
    }
    let is_template = |flavour: Flavour| {
        file.section_text(Direction::Upgrade, flavour).is_some_and(|text| text.contains(UPGRADE))
            && file.statements(Direction::Upgrade, flavour).is_ok_and(|statements| statements.is_empty())
    };
    Flavour::ALL.into_iter().any(is_template).then(|| words(file))
}

fn words(file: &RevisionFile) -> String {
    format!(
        "revision {} has no statements, and {} still has the words of the template in it: was it forgotten?",
        file.header.id, file.file
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(upgrade: &str) -> bool {
        let text = format!("-- revision: 1\n\n-- underpin: upgrade\n{upgrade}\n");
        unfilled(&RevisionFile::parse("1.sql", &text).expect("a file")).is_some()
    }

    #[test]
    fn only_the_template_as_it_was_written_is_told() {
        assert!(told(UPGRADE));
        assert!(!told(""));
        assert!(!told("-- Nothing on purpose."));
        assert!(!told(&format!("{UPGRADE}\nSELECT 1;")));
    }
}
