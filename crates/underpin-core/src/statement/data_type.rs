//! The type of a column as a statement names it, spelled in one way. Not what a server makes of it.

use std::fmt;

use crate::dialect::Dialect;

use super::cursor::Cursor;

/// A type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataType {
    /// Its name in lower case, in the spelling that the server's catalog uses: `integer` for `int4`,
    /// `character varying` for `varchar` (PostgreSQL); `int` for `INTEGER` (MySQL).
    pub name: String,
    /// What stands in parentheses behind it: lengths, precision, the values of an ENUM without quotes.
    pub arguments: Vec<String>,
    /// Whether it is an array of PostgreSQL.
    pub array: bool,
    /// Whether it is `UNSIGNED` (or `ZEROFILL`, which implies it) on MySQL.
    pub unsigned: bool,
    /// The character set that it names.
    pub charset: Option<String>,
}

impl DataType {
    /// The argument `index` as a number.
    pub fn number(&self, index: usize) -> Option<u64> {
        self.arguments.get(index)?.trim().parse().ok()
    }

    /// The type that a column has whose definition says `serial`.
    pub fn without_sequence(&self) -> Self {
        let name = match self.name.as_str() {
            "serial" => "integer",
            "bigserial" => "bigint",
            "smallserial" => "smallint",
            other => other,
        };
        Self { name: name.to_owned(), ..self.clone() }
    }

    /// Reads the type that `text` is, as a catalog writes it.
    pub fn parse(dialect: Dialect, text: &str) -> Option<Self> {
        let codes: Vec<_> = crate::sql::codes(dialect, text).collect();
        Self::read(&mut Cursor::new(dialect, text, &codes))
    }

    pub(super) fn read(cursor: &mut Cursor<'_>) -> Option<Self> {
        let dialect = cursor.dialect;
        cursor.code()?;
        let first = cursor.name()?;
        let mut name = if dialect == Dialect::Postgres { first.name } else { first.name.to_lowercase() };
        while let Some(word) = continued(dialect, &name, cursor) {
            name = format!("{name} {word}");
        }
        let mut arguments = arguments(cursor);
        // timestamp(3) with time zone; interval second(3); SQLite takes any words.
        while let Some(word) = continued(dialect, &name, cursor) {
            name = format!("{name} {word}");
            if arguments.is_empty() {
                arguments = self::arguments(cursor);
            }
        }
        let mut data_type =
            Self { name: canonical(dialect, &name), arguments, array: false, unsigned: false, charset: None };
        data_type.say_what_goes_without_saying(dialect, &name);
        // MySQL 8.4 manual, 12.3.7 "The National Character Set".
        let national = name.starts_with("national ") || name.starts_with('n') && name.contains("char");
        if dialect == Dialect::Mysql && national {
            data_type.charset = Some("utf8mb3".to_owned());
        }
        data_type.read_suffixes(cursor);
        Some(data_type)
    }

    /// `character` is `character(1)`, `float(10)` a `real` ("Character Types", "Floating-Point Types").
    fn say_what_goes_without_saying(&mut self, dialect: Dialect, written: &str) {
        if dialect != Dialect::Postgres {
            return;
        }
        if matches!(self.name.as_str(), "character" | "bit") && self.arguments.is_empty() {
            self.arguments.push("1".to_owned());
        }
        // `bpchar` alone has no limit, and is no `character`.
        if written == "bpchar" && !self.arguments.is_empty() {
            "character".clone_into(&mut self.name);
        }
        if written == "float" {
            let single = self.number(0).is_some_and(|digits| digits <= 24);
            self.name = if single { "real" } else { "double precision" }.to_owned();
            self.arguments.clear();
        }
    }

    fn read_suffixes(&mut self, cursor: &mut Cursor<'_>) {
        loop {
            if cursor.eat("UNSIGNED") || cursor.eat("ZEROFILL") {
                self.unsigned = true;
            } else if cursor.eat("CHARACTER SET") || cursor.eat("CHARSET") {
                self.charset = cursor.identifier().or_else(|| cursor.text());
            } else if cursor.is_operator("[") {
                self.array = true;
                cursor.skip_until(|cursor| cursor.is_operator("]"));
                cursor.advance();
            } else if cursor.dialect == Dialect::Postgres && cursor.eat("ARRAY") {
                self.array = true;
            } else if cursor.is_operator("[]") {
                self.array = true;
                cursor.advance();
            } else if !(cursor.dialect == Dialect::Mysql && (cursor.eat("SIGNED") || cursor.eat("BINARY"))) {
                return;
            }
        }
    }
}

fn arguments(cursor: &mut Cursor<'_>) -> Vec<String> {
    let Some(mut inner) = cursor.parenthesised() else { return Vec::new() };
    let argument = |piece: &mut Cursor<'_>| piece.text().unwrap_or_else(|| piece.rest().text);
    inner.pieces().iter_mut().map(argument).collect()
}

/// The next word of a type's name that has several.
fn continued(dialect: Dialect, name: &str, cursor: &mut Cursor<'_>) -> Option<String> {
    let last = name.rsplit(' ').next().unwrap_or(name);
    let next: &[&str] = match (last, dialect) {
        ("double", _) => &["PRECISION"],
        ("character" | "char" | "nchar", _) => &["VARYING", "LARGE"],
        ("national", _) => &["CHARACTER", "CHAR", "VARCHAR"],
        ("bit", Dialect::Postgres) => &["VARYING"],
        ("timestamp" | "time", Dialect::Postgres) => &["WITH", "WITHOUT"],
        ("with" | "without", Dialect::Postgres) => &["TIME"],
        ("time", _) if name.contains(" with") => &["ZONE"],
        ("long", Dialect::Mysql) => &["VARCHAR", "VARBINARY"],
        ("large" | "binary", _) => &["OBJECT"],
        ("interval" | "to", Dialect::Postgres) => &["YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND"],
        ("year" | "month" | "day" | "hour" | "minute", Dialect::Postgres) if name.starts_with("interval") => {
            &["TO"]
        }
        ("unsigned" | "native" | "big", Dialect::Sqlite) => &["BIG", "INT", "INTEGER", "CHARACTER"],
        _ => &[],
    };
    // `time with time zone`: after `with` comes `time`, after that `zone`.
    let next = if last == "time" && name.contains(" with") { &["ZONE"] } else { next };
    if cursor.is("CHARACTER") && cursor.is_at(1, "SET") {
        return None;
    }
    cursor.eat_one_of(next).map(str::to_lowercase)
}

fn canonical(dialect: Dialect, name: &str) -> String {
    let canonical = match dialect {
        Dialect::Postgres => match name {
            "int" | "int4" => "integer",
            "int8" => "bigint",
            "int2" => "smallint",
            "serial4" => "serial",
            "serial8" => "bigserial",
            "serial2" => "smallserial",
            "bool" => "boolean",
            "varchar" | "char varying" | "national character varying" | "nchar varying" => {
                "character varying"
            }
            "char" | "national character" | "nchar" | "national char" => "character",
            "decimal" | "dec" => "numeric",
            "float8" | "float" => "double precision",
            "float4" => "real",
            "timestamptz" => "timestamp with time zone",
            "timestamp" => "timestamp without time zone",
            "timetz" => "time with time zone",
            "time" => "time without time zone",
            "varbit" => "bit varying",
            other => other,
        },
        Dialect::Mysql => match name {
            "integer" | "int4" => "int",
            "int8" => "bigint",
            "int2" => "smallint",
            "int1" | "bool" | "boolean" => "tinyint",
            "int3" | "middleint" => "mediumint",
            "character" | "nchar" | "national char" | "national character" => "char",
            "character varying"
            | "char varying"
            | "nvarchar"
            | "national varchar"
            | "national character varying" => "varchar",
            "dec" | "numeric" | "fixed" => "decimal",
            "double precision" | "float8" => "double",
            "float4" => "float",
            other => other,
        },
        Dialect::Sqlite => name,
    };
    canonical.to_owned()
}

/// `numeric(10,2)`, `text[]`, `int unsigned`.
/// As a statement says it: the precision of a time stands within its name, and the values of an ENUM in quotes.
impl fmt::Display for DataType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let zone = self.name.find(" with").filter(|_| self.name.starts_with("time"));
        let (name, zone) = self.name.split_at(zone.unwrap_or(self.name.len()));
        f.write_str(name)?;
        let values = matches!(name, "enum" | "set");
        let quoted = |value: &String| format!("'{}'", value.replace('\'', "''").replace('\\', "\\\\"));
        let arguments: Vec<String> =
            self.arguments.iter().map(|value| if values { quoted(value) } else { value.clone() }).collect();
        if !arguments.is_empty() {
            write!(f, "({})", arguments.join(","))?;
        }
        f.write_str(zone)?;
        f.write_str(if self.unsigned { " unsigned" } else { "" })?;
        f.write_str(if self.array { "[]" } else { "" })
    }
}
