//! The names of revision files. Not their content: a file may be called anything.

use crate::revision::RevisionId;

/// A message as part of a file name: its letters and digits in lower case with underscores between
/// its words, at most `max` characters, cut between words if that leaves any.
///
/// ```
/// assert_eq!(underpin_core::revision::slug("Add the orders' table!", 40), "add_the_orders_table");
/// assert_eq!(underpin_core::revision::slug("Add the orders' table!", 10), "add_the");
/// ```
pub fn slug(message: &str, max: usize) -> String {
    let lower = message.to_lowercase();
    let mut slug = String::new();
    let mut length = 0;
    for word in lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        let characters = word.chars().count() + usize::from(!slug.is_empty());
        if length + characters > max {
            if slug.is_empty() {
                slug.extend(word.chars().take(max));
            }
            break;
        }
        if !slug.is_empty() {
            slug.push('_');
        }
        slug.push_str(word);
        length += characters;
    }
    slug
}

/// The longest name that a file gets, without its extension, in bytes: file systems end at 255.
const LONGEST: usize = 200;

/// The name of the file for a new revision without its extension: `<id>_<slug>`, or `<id>` without a message; of
/// an id that is too long for a name, its beginning.
pub fn file_stem(id: &RevisionId, message: &str) -> String {
    let slug = slug(message, 40);
    let stem = if slug.is_empty() { id.to_string() } else { format!("{id}_{slug}") };
    if stem.len() <= LONGEST {
        return stem;
    }
    id[..id.floor_char_boundary(LONGEST)].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_made_of_id_and_message() -> Result<(), Box<dyn std::error::Error>> {
        let id = RevisionId::new("3f9a")?;
        for (message, name) in [
            ("add orders", "3f9a_add_orders"),
            ("", "3f9a"),
            ("../..", "3f9a"),
            ("Über-Größe: ja", "3f9a_über_größe_ja"),
            (
                "one two three four five six seven eight nine ten",
                "3f9a_one_two_three_four_five_six_seven_eight",
            ),
        ] {
            assert_eq!(file_stem(&id, message), name);
        }
        assert_eq!(slug("supercalifragilistic", 5), "super");
        Ok(())
    }
}
