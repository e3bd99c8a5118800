//! The revision files of one directory, parsed, with their checksums. Not a graph yet: what the
//! files say of each other is only looked at in [`Collection::graph`].

use std::collections::HashMap;

use super::{
    Direction, FileError, GraphError, Language, Revision, RevisionFile, RevisionGraph, RevisionId, Section,
};
use crate::{
    diagnostic::Diagnostic,
    dialect::Flavour,
    sql::{Checksum, Digest},
};

/// Parsed revision files, in the order that they were given in.
#[derive(Clone, Debug, Default)]
pub struct Collection {
    files: Vec<RevisionFile>,
    index: HashMap<RevisionId, usize>,
}

/// The checksums of one revision, for each flavour that its SQL can be split for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Checksums([Option<Checksum>; 4]);

impl Collection {
    /// Parses files that are given as name and text.
    ///
    /// # Errors
    /// One diagnostic for each file that can't be parsed.
    pub fn parse<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, Vec<Diagnostic>> {
        let mut collection = Self::default();
        let mut errors = Vec::new();
        for (name, text) in files {
            match RevisionFile::parse(name, text) {
                Ok(file) => collection.push(file),
                Err(error) => errors.push(Diagnostic::from(error)),
            }
        }
        if errors.is_empty() { Ok(collection) } else { Err(errors) }
    }

    fn push(&mut self, file: RevisionFile) {
        self.index.entry(file.header.id.clone()).or_insert(self.files.len());
        self.files.push(file);
    }

    /// The files, in the order that they were given in.
    pub fn files(&self) -> &[RevisionFile] {
        &self.files
    }

    /// The file of a revision; the first one, if two claim the id.
    pub fn get(&self, id: &str) -> Option<&RevisionFile> {
        self.index.get(id).map(|&index| &self.files[index])
    }

    /// The graph that the revisions form.
    ///
    /// # Errors
    /// As [`RevisionGraph::new`].
    pub fn graph(&self) -> Result<RevisionGraph, GraphError> {
        let revisions = self.files.iter();
        let revisions =
            revisions.map(|file| Revision { header: file.header.clone(), file: file.file.clone() });
        RevisionGraph::new(revisions.collect())
    }

    /// The checksums of every file, in order.
    ///
    /// # Errors
    /// One diagnostic for each file that [`Checksums::of`] refuses. It looks at the downgrades too.
    pub fn checksums(&self) -> Result<Vec<Checksums>, Vec<Diagnostic>> {
        let mut checksums = Vec::with_capacity(self.files.len());
        let mut errors = Vec::new();
        for file in &self.files {
            match Checksums::of(file) {
                Ok(of_file) => checksums.push(of_file),
                Err(error) => errors.push(Diagnostic::from(error)),
            }
        }
        if errors.is_empty() { Ok(checksums) } else { Err(errors) }
    }

    /// The digest of all revisions, given their checksums in order; none if one has no checksum for
    /// the flavour.
    pub fn digest_of(&self, checksums: &[Checksums], flavour: Flavour) -> Option<Digest> {
        let mut digest = Digest::EMPTY;
        for (file, checksums) in self.files.iter().zip(checksums) {
            digest.toggle(&file.header.id, &checksums.get(flavour)?);
        }
        Some(digest)
    }

    /// The digest of all revisions.
    ///
    /// # Errors
    /// If the SQL of a revision can't be split for the flavour.
    pub fn digest(&self, flavour: Flavour) -> Result<Digest, Diagnostic> {
        let mut digest = Digest::EMPTY;
        for file in &self.files {
            digest.toggle(&file.header.id, &file.checksum(flavour)?);
        }
        Ok(digest)
    }
}

impl Checksums {
    /// The checksums of a file.
    ///
    /// A section without a dialect need not make sense to every dialect: a program for one database
    /// has files for one database. So a flavour that has no section, or whose SQL can't be split,
    /// has no checksum here, and whoever runs the file on it is told then.
    ///
    /// # Errors
    /// If a section, upgrade or downgrade, can be split for none of the flavours that run it, or not
    /// for the one that it names.
    pub fn of(file: &RevisionFile) -> Result<Self, FileError> {
        if file.language == Language::Rust {
            let checksum = file.checksum(Flavour::Sqlite)?;
            return Ok(Self([Some(checksum); 4]));
        }
        let upgrade = |flavour| file.section(Direction::Upgrade, flavour);
        let mysql = file.checksum(Flavour::Mysql);
        let upgrades = Flavour::ALL.map(|flavour| match flavour {
            Flavour::Mysql => mysql.clone(),
            Flavour::Mariadb if upgrade(flavour) == upgrade(Flavour::Mysql) => mysql.clone(),
            Flavour::Mariadb | Flavour::Sqlite | Flavour::Postgres => file.checksum(flavour),
        });
        for section in &file.sections {
            check(file, section, &upgrades)?;
        }
        Ok(Self(upgrades.map(Result::ok)))
    }

    /// The checksum for a flavour, if it has SQL that can be split for it.
    pub fn get(&self, flavour: Flavour) -> Option<Checksum> {
        self.0[flavour.index()]
    }
}

/// Whether a section can be split for one of the flavours that it is written for.
fn check(
    file: &RevisionFile,
    section: &Section,
    upgrades: &[Result<Checksum, FileError>; 4],
) -> Result<(), FileError> {
    let mut result = Ok(());
    let written_for = |flavour| section.flavour.is_none_or(|named| named == flavour);
    for flavour in Flavour::ALL.into_iter().filter(|&flavour| written_for(flavour)) {
        if file.section(section.direction, flavour) != Some(section) {
            continue;
        }
        result = match section.direction {
            Direction::Upgrade => upgrades[flavour.index()].clone().map(drop),
            Direction::Downgrade => file.statements(Direction::Downgrade, flavour).map(drop),
        };
        if result.is_ok() {
            break;
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::ErrorKind;

    fn text(id: &str, rest: &str) -> String {
        format!("-- revision: {id}\n{rest}\n")
    }

    fn collection(files: &[(&str, String)]) -> Collection {
        Collection::parse(files.iter().map(|(name, text)| (*name, &**text))).unwrap()
    }

    fn checksums(rest: &str) -> Result<Checksums, FileError> {
        Checksums::of(&RevisionFile::parse("a.sql", &text("a", rest)).unwrap())
    }

    #[test]
    fn every_file_that_cannot_be_parsed_is_named() {
        let good = text("a", "-- underpin: upgrade\nSELECT 1;");
        let errors =
            Collection::parse([("a.sql", &*good), ("b.sql", "SELECT 1"), ("c.sql", "")]).unwrap_err();
        let files: Vec<_> = errors.iter().filter_map(|error| Some(&*error.place.as_ref()?.file)).collect();
        assert_eq!(files, ["b.sql", "c.sql"]);
    }

    #[test]
    fn the_graph_names_the_files() {
        let files = [
            ("a.sql", text("a", "-- underpin: upgrade\nSELECT 1;")),
            ("b.sql", text("b", "-- parents: c\n-- underpin: upgrade\nSELECT 1;")),
        ];
        let error = collection(&files).graph().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UnknownParent);
        assert!(error.to_string().contains("b (b.sql)"), "{error}");
        assert_eq!(collection(&files[..1]).graph().unwrap().heads()[0].as_str(), "a");
    }

    #[test]
    fn the_digest_is_that_of_ids_and_checksums() {
        let files = [
            ("a.sql", text("a", "-- underpin: upgrade\nSELECT 1;")),
            ("b.sql", text("b", "-- underpin: upgrade\nSELECT 2;\n-- underpin: upgrade postgres\nSELECT 3;")),
        ];
        let collection = collection(&files);
        let checksums = collection.checksums().unwrap();
        let mut expected = Digest::EMPTY;
        for id in ["b", "a"] {
            expected.toggle(id, &collection.get(id).unwrap().checksum(Flavour::Mysql).unwrap());
        }
        assert_eq!(collection.digest(Flavour::Mysql).unwrap(), expected);
        for flavour in Flavour::ALL {
            assert_eq!(collection.digest_of(&checksums, flavour), Some(collection.digest(flavour).unwrap()));
        }
        assert_ne!(collection.digest(Flavour::Postgres).unwrap(), expected);
        assert!(collection.get("c").is_none());
    }

    #[test]
    fn a_plain_section_must_make_sense_to_one_dialect() {
        let only_mysql = checksums("-- underpin: upgrade\nSELECT 'it\\'s';").unwrap();
        assert!(only_mysql.get(Flavour::Mysql).is_some() && only_mysql.get(Flavour::Mariadb).is_some());
        assert_eq!(only_mysql.get(Flavour::Sqlite), None);
        assert!(checksums("-- underpin: upgrade\nSELECT 'it;").is_err());
        assert!(checksums("-- underpin: upgrade\nSELECT 1;\n-- underpin: downgrade\nSELECT 'it;").is_err());
    }

    #[test]
    fn a_section_of_a_dialect_must_make_sense_to_it() {
        let plain = "-- underpin: upgrade\nSELECT 1;\n";
        assert!(checksums(&format!("{plain}-- underpin: upgrade mysql\nSELECT 'it\\'s';")).is_ok());
        assert!(checksums(&format!("{plain}-- underpin: upgrade postgres\nSELECT 'it\\'s';")).is_err());
        assert!(checksums(&format!("{plain}-- underpin: downgrade sqlite\nSELECT 'it\\'s';")).is_err());
    }

    #[test]
    fn a_flavour_without_a_section_has_no_checksum() {
        let only = checksums("-- underpin: upgrade postgres\nSELECT 1;").unwrap();
        let known: Vec<_> = Flavour::ALL.into_iter().filter(|&flavour| only.get(flavour).is_some()).collect();
        assert_eq!(known, [Flavour::Postgres]);
    }
}
