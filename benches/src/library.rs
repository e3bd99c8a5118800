//! Small revisions in any number, in every form in which a contestant wants them.
//! They are made here, from nothing but a number; no file is read.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use sqlx::SqlSafeStr;
use sqlx::migrate::{Migration, MigrationType};
use underpin::Embedded;
use underpin::core::dialect::Flavour;
use underpin::core::revision::{Collection, pack_headers};
use underpin::source::generated::{EmbeddedFile, EmbeddedFlavour};

/// An odd number: multiplying by it gives each number below 2^48 another one.
const SCATTER: u64 = 0x9e37_79b9_7f4b;

/// Revisions, each of which creates one table.
#[derive(Clone, Debug)]
pub struct Library {
    revisions: Vec<Sample>,
}

#[derive(Clone, Debug)]
struct Sample {
    id: String,
    parents: Vec<String>,
    table: String,
}

impl Library {
    /// Revisions that follow each other.
    pub fn linear(count: usize) -> Self {
        let parents = |number: usize| number.checked_sub(1).map(id).into_iter().collect();
        Self { revisions: (0..count).map(|number| Sample::new(number, parents(number))).collect() }
    }

    /// Diamonds in a chain: one revision, two that follow it, one that merges them, and so on.
    pub fn diamonds(count: usize) -> Self {
        let parents = |number: usize| match number % 3 {
            _ if number == 0 => Vec::new(),
            1 => vec![id(number - 1)],
            2 => vec![id(number - 2)],
            _ => vec![id(number - 2), id(number - 1)],
        };
        Self { revisions: (0..count).map(|number| Sample::new(number, parents(number))).collect() }
    }

    /// How many revisions there are.
    pub fn len(&self) -> usize {
        self.revisions.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.revisions.is_empty()
    }

    /// The id of the revision at a place, counted from 0.
    pub fn id(&self, place: usize) -> &str {
        &self.revisions[place].id
    }

    /// The SQL of each revision, to be sent by hand.
    pub fn statements(&self) -> Vec<String> {
        self.revisions.iter().map(Sample::statement).collect()
    }

    /// The name and the text of each revision file.
    pub fn files(&self) -> Vec<(String, String)> {
        self.revisions.iter().map(|revision| (revision.file_name(), revision.text())).collect()
    }

    /// Writes the revision files into a directory, which is made.
    ///
    /// # Errors
    /// If the directory or a file can't be written.
    pub fn write(&self, directory: &Path) -> Result<()> {
        fs::create_dir_all(directory)?;
        for (name, text) in self.files() {
            fs::write(directory.join(&name), text).with_context(|| format!("cannot write {name}"))?;
        }
        Ok(())
    }

    /// The same static data that `embed!` writes. It is never freed.
    ///
    /// # Errors
    /// If the revisions are not what they should be.
    pub fn embedded(&self) -> Result<&'static Embedded> {
        let leaked = |(name, text)| (leak(format!("migrations/{name}")), leak(text));
        let mut files: Vec<(&str, &str)> = self.files().into_iter().map(leaked).collect();
        // As a directory is read.
        files.sort_unstable();
        let collection = Collection::parse(files.iter().copied()).map_err(first)?;
        let checksums = collection.checksums().map_err(first)?;
        let graph = collection.graph()?;
        let flavours = Flavour::ALL.map(|flavour| {
            let each = checksums.iter().map(|checksums| checksums.get(flavour));
            let bytes: Vec<u8> = each.flatten().flat_map(|checksum| *checksum.as_bytes()).collect();
            let digest = *collection.digest_of(&checksums, flavour)?.as_bytes();
            Some(EmbeddedFlavour { checksums: bytes.leak(), digest: Box::leak(Box::new(digest)) })
        });
        let embedded = files.iter().map(|&(file, text)| EmbeddedFile { file, text }).collect::<Vec<_>>();
        let heads: Vec<&str> = graph.heads().iter().map(|head| leak(head.to_string())).collect();
        Ok(Box::leak(Box::new(Embedded {
            directory: "migrations",
            files: embedded.leak(),
            headers: leak(pack_headers(collection.files().iter().map(|file| &file.header))),
            heads: heads.leak(),
            code: &[],
            flavours,
        })))
    }

    /// The same for sqlx's own migrator, in the form that its `migrate!` writes.
    pub fn migrations(&self) -> sqlx::migrate::Migrator {
        let migration = |(number, revision): (i64, &Sample)| {
            let sql = sqlx::AssertSqlSafe(revision.statement()).into_sql_str();
            Migration::new(
                number,
                format!("create {}", revision.table).into(),
                MigrationType::Simple,
                sql,
                false,
            )
        };
        sqlx::migrate::Migrator::with_migrations((1..).zip(&self.revisions).map(migration).collect())
    }
}

impl Sample {
    fn new(number: usize, parents: Vec<String>) -> Self {
        Self { id: id(number), parents, table: format!("t{number:05}") }
    }

    fn file_name(&self) -> String {
        format!("{}_create_{}.sql", self.id, self.table)
    }

    fn statement(&self) -> String {
        format!("CREATE TABLE {} (id BIGINT PRIMARY KEY, name VARCHAR(100) NOT NULL)", self.table)
    }

    fn text(&self) -> String {
        let parents = match &self.parents[..] {
            [] => String::new(),
            parents => format!("-- parents: {}\n", parents.join(", ")),
        };
        format!(
            "-- revision: {}\n{parents}-- message: create {}\n-- created: 2026-11-20T11:03:00Z\n\n\
             -- underpin: upgrade\n{};\n\n-- underpin: downgrade\nDROP TABLE {};\n",
            self.id,
            self.table,
            self.statement(),
            self.table
        )
    }
}

fn id(number: usize) -> String {
    format!("{:012x}", (number as u64 + 1).wrapping_mul(SCATTER) & 0xffff_ffff_ffff)
}

fn leak(text: String) -> &'static str {
    text.leak()
}

fn first(errors: Vec<underpin::Diagnostic>) -> anyhow::Error {
    errors.into_iter().next().map_or_else(|| anyhow!("an error without an error"), anyhow::Error::from)
}

#[cfg(test)]
mod tests {
    use underpin::Revisions;

    use super::*;

    #[test]
    fn what_is_embedded_is_what_is_in_the_files() {
        let directory = tempfile::tempdir().unwrap();
        for library in [Library::linear(7), Library::diamonds(10)] {
            let migrations = directory.path().join(library.len().to_string());
            library.write(&migrations).unwrap();
            let read = Revisions::read(&migrations).unwrap();
            let embedded = Revisions::embedded(library.embedded().unwrap());
            assert_eq!(embedded.head_ids().unwrap(), read.head_ids().unwrap());
            assert_eq!(embedded.head_ids().unwrap().len(), 1);
            for flavour in Flavour::ALL {
                assert_eq!(embedded.digest(flavour).unwrap(), read.digest(flavour).unwrap());
            }
        }
    }

    #[test]
    fn diamonds_have_two_sides() {
        let revisions = Revisions::embedded(Library::diamonds(10).embedded().unwrap());
        let graph = revisions.graph().unwrap();
        assert_eq!((graph.branch_points().len(), graph.merge_points().len()), (3, 3));
    }
}
