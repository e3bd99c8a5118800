//! A case as its file has it: a schema, and a statement whose impact is looked at. Nothing here runs it.

use std::{fs, path::Path};

use underpin::core::{catalog::Catalog, dialect::Dialect};

/// The cases of a file.
pub(crate) struct Topic {
    /// What they are about.
    pub(crate) title: String,
    /// The name of the file, without its ending.
    pub(crate) name: String,
    pub(crate) cases: Vec<Case>,
}

/// A schema, and a statement.
#[derive(Clone, Debug, Default)]
pub(crate) struct Case {
    /// What the statement does, in words.
    pub(crate) name: String,
    /// The flavours that it is for; all of the dialect if none is named.
    pub(crate) engines: Vec<String>,
    /// Only on servers of this series and newer ones.
    pub(crate) since: Option<u32>,
    /// The table that somebody holds, so that a statement outside of a transaction can be looked at while
    /// it waits.
    pub(crate) alone: Option<String>,
    /// Whether the locks on each table are looked for, on MySQL and MariaDB: that takes a second a table.
    pub(crate) locks: bool,
    /// Whether PostgreSQL may look rows up by an index, where it would be made to read all of them.
    pub(crate) indexes: bool,
    /// What is there before.
    pub(crate) schema: String,
    /// The statement.
    pub(crate) statement: String,
}

/// Where lines of a file go.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    Header,
    Schema,
    Also,
    Statement,
}

/// The topics of a dialect, in the order of their files.
pub(crate) fn topics(dialect: &str) -> Vec<Topic> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("impact-cases").join(dialect);
    let entries = fs::read_dir(&directory).unwrap_or_else(|error| panic!("{}: {error}", directory.display()));
    let mut files: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    files.sort();
    files.iter().map(|file| Topic::read(file)).collect()
}

impl Topic {
    fn read(file: &Path) -> Self {
        let text = fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let name = file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        let mut topic = Self { title: String::new(), name, cases: Vec::new() };
        let (mut part, mut schema) = (Part::Header, String::new());
        for line in text.lines() {
            let mark = line.strip_prefix("-- ").unwrap_or_default();
            let (word, value) = mark.split_once(": ").unwrap_or((mark, ""));
            if topic.mark(word, value, &schema, &mut part) {
                continue;
            }
            match (part, topic.cases.last_mut()) {
                (Part::Schema, _) => push(&mut schema, line),
                (Part::Also, Some(case)) => push(&mut case.schema, line),
                (Part::Statement, Some(case)) => push(&mut case.statement, line),
                (Part::Header | Part::Also | Part::Statement, _) => {}
            }
        }
        for case in &mut topic.cases {
            case.statement = case.statement.trim().to_owned();
        }
        topic
    }

    /// Follows a line that is a mark; false for any other.
    fn mark(&mut self, word: &str, value: &str, schema: &str, part: &mut Part) -> bool {
        match (word, self.cases.last_mut()) {
            ("title", _) => value.clone_into(&mut self.title),
            ("schema", _) => *part = Part::Schema,
            ("case", _) => {
                *part = Part::Statement;
                self.cases.push(Case {
                    name: value.to_owned(),
                    schema: schema.to_owned(),
                    ..Case::default()
                });
            }
            ("also", _) => *part = Part::Also,
            ("run", _) => *part = Part::Statement,
            ("locks", Some(case)) => case.locks = true,
            ("indexes", Some(case)) => case.indexes = true,
            ("alone", Some(case)) => case.alone = Some(value.to_owned()),
            ("since", Some(case)) => case.since = value.parse().ok(),
            ("engines", Some(case)) => case.engines = value.split(' ').map(str::to_owned).collect(),
            _ => return false,
        }
        true
    }
}

fn push(text: &mut String, line: &str) {
    text.push_str(line);
    text.push('\n');
}

impl Case {
    /// Whether it is for servers of this flavour.
    pub(crate) fn is_for(&self, flavour: &str) -> bool {
        self.engines.is_empty() || self.engines.iter().any(|engine| engine == flavour)
    }

    /// What is known of the catalog by the statements that make it.
    pub(crate) fn catalog(&self, dialect: Dialect) -> Catalog {
        Catalog::of_sql(dialect, &self.schema)
    }
}
