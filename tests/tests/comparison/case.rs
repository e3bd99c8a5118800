//! A case as its file has it. Nothing here runs it.

use underpin::core::{
    difference::{Rename, Renames},
    schema::{ObjectId, ObjectKind},
};
use underpin_tests::TestDatabase;

use crate::host::Host;

/// Two schemas, the rows of the first, and what is expected of the way between them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) engines: Vec<Host>,
    /// Only on servers of this series and newer ones.
    pub(crate) since: Option<u32>,
    /// Only on servers of an older series than this.
    pub(crate) before: Option<u32>,
    pub(crate) renames: Renames,
    /// Columns whose values may read differently afterwards, as `table.column`.
    pub(crate) changes: Vec<String>,
    /// Tables whose rows may go.
    pub(crate) loses: Vec<String>,
    pub(crate) expect: Vec<String>,
    pub(crate) avoid: Vec<String>,
    pub(crate) refused: Option<String>,
    /// The only namespace that is looked at, where what is asked for is refused.
    pub(crate) schema: Option<String>,
    pub(crate) one_way: bool,
    /// Whether things belong to somebody else, which is kept and not compared.
    pub(crate) others_own: bool,
    pub(crate) from: String,
    pub(crate) rows: String,
    pub(crate) to: String,
}

impl Case {
    /// The cases of a file.
    pub(crate) fn all(text: &str) -> Result<Vec<Self>, String> {
        let mut cases: Vec<Self> = Vec::new();
        let mut part = None;
        for (number, line) in text.lines().enumerate() {
            let mark = line.strip_prefix("-- ").map(str::trim_end).unwrap_or_default();
            let (word, value) = mark.split_once(':').unwrap_or((mark, ""));
            let value = value.trim();
            if word == "case" {
                cases.push(Self { name: value.to_owned(), ..Self::default() });
                part = None;
                continue;
            }
            let Some(case) = cases.last_mut() else { continue };
            match (word, part.as_deref()) {
                ("from" | "rows" | "to", _) if value.is_empty() => part = Some(word.to_owned()),
                (_, None) if !mark.is_empty() => {
                    case.header(word, value).map_err(|error| format!("line {}: {error}", number + 1))?;
                }
                (_, Some(name)) => {
                    let text = match name {
                        "from" => &mut case.from,
                        "rows" => &mut case.rows,
                        _ => &mut case.to,
                    };
                    text.push_str(line);
                    text.push('\n');
                    continue;
                }
                (_, None) => {}
            }
        }
        Ok(cases)
    }

    /// Whether it is for this host, as far as its name tells.
    pub(crate) fn is_for(&self, host: Host) -> bool {
        self.engines.is_empty() || self.engines.contains(&host)
    }

    /// Whether it is for the series of this server.
    pub(crate) fn is_for_series_of(&self, database: &TestDatabase) -> bool {
        if self.since.is_none() && self.before.is_none() {
            return true;
        }
        let version = match database.engine() {
            underpin_tests::Engine::Sqlite => "SELECT sqlite_version()",
            underpin_tests::Engine::Postgres => "SELECT current_setting('server_version')",
            underpin_tests::Engine::Mysql | underpin_tests::Engine::Mariadb => "SELECT version()",
        };
        let version = database.value(version);
        let series =
            version.split(|c: char| !c.is_ascii_digit()).next().and_then(|series| series.parse::<u32>().ok());
        let series = series.unwrap_or_default();
        self.since.is_none_or(|since| series >= since) && self.before.is_none_or(|before| series < before)
    }

    fn header(&mut self, word: &str, value: &str) -> Result<(), String> {
        let owned = || value.to_owned();
        match word {
            "engines" => self.engines = value.split_whitespace().map(host).collect::<Result<_, _>>()?,
            "since" => self.since = Some(value.parse().map_err(|_| format!("no series {value:?}"))?),
            "before" => self.before = Some(value.parse().map_err(|_| format!("no series {value:?}"))?),
            "renames" => self.renames.0.push(rename(value)?),
            "changes" => self.changes.extend(value.split([',', ' ']).map(str::to_owned)),
            "loses" => self.loses.extend(value.split([',', ' ']).map(str::to_owned)),
            "expect" => self.expect.push(owned()),
            "avoid" => self.avoid.push(owned()),
            "refused" => self.refused = Some(owned()),
            "schema" => self.schema = Some(owned()),
            "oneway" => self.one_way = true,
            "owned" => self.others_own = true,
            _ => return Err(format!("{word:?} is no word of a case")),
        }
        Ok(())
    }
}

fn host(name: &str) -> Result<Host, String> {
    Host::all()
        .find(|host| host.to_string().eq_ignore_ascii_case(name))
        .ok_or_else(|| format!("no engine {name:?}"))
}

/// `column public.t.b < a`, `table t < u`, `enum public.mood < state`.
fn rename(value: &str) -> Result<Rename, String> {
    let wrong = || format!("{value:?} is no rename");
    let (new, old) = value.split_once(" < ").ok_or_else(wrong)?;
    let (kind, name) = new.split_once(' ').ok_or_else(wrong)?;
    let mut path: Vec<&str> = name.split('.').collect();
    let own = path.pop().ok_or_else(wrong)?;
    let kind = match kind {
        "table" => ObjectKind::Table,
        "column" => ObjectKind::Column,
        "enum" => ObjectKind::Enum,
        "domain" => ObjectKind::Domain,
        "composite" => ObjectKind::Composite,
        "schema" => ObjectKind::Namespace,
        "constraint" => ObjectKind::Constraint,
        "index" => ObjectKind::Index,
        _ => return Err(wrong()),
    };
    let to = match kind {
        ObjectKind::Column | ObjectKind::Constraint | ObjectKind::Index => {
            let table = path.pop().ok_or_else(wrong)?;
            ObjectId::new(ObjectKind::Table, path.pop(), table).part(kind, own)
        }
        _ => ObjectId::new(kind, path.pop(), own),
    };
    let (schema, from) = old.split_once('.').map_or((None, old), |(schema, from)| (Some(schema), from));
    Ok(Rename { to, from: from.to_owned(), schema: schema.map(str::to_owned) })
}
