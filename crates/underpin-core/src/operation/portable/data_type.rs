//! Types of columns by what servers call them. What a type is called stands in `model`, and is asked there: of
//! all types that there are, those count which are called so.

use super::{Each, Side, enumeration, per_flavour};
use crate::{
    dialect::{Dialect, Flavour, mysql_labels},
    model::{IntegerWidth, ModelType, PerFlavour, object},
    schema::{Body, Column, ObjectId, ObjectKind},
};

/// The type that a column has on every engine: one that all call so as they do, or each its own.
pub(super) fn data_type(each: &Each<'_, &Column>, strict: bool) -> PerFlavour<ModelType> {
    let enumerated = each.iter().find_map(|(side, column)| enumerated(*side, column));
    let mut known: Vec<ModelType> = enumerated.into_iter().collect();
    let digits: Vec<Vec<u32>> = each.iter().map(|(_, column)| digits(&column.data_type)).collect();
    known.extend(digits.iter().flat_map(|digits| with_digits(digits)));
    known.extend(plain());
    let fits = |known: &&ModelType| each.iter().all(|(side, column)| is_called(known, *side, column, strict));
    match known.iter().find(fits) {
        Some(found) => PerFlavour::every(found.clone()),
        None => per_flavour(each.iter().map(|(side, column)| {
            let own = known.iter().find(|known| is_called(known, *side, column, strict));
            (side.flavour, own.cloned().unwrap_or_else(|| ModelType::Raw(column.data_type.clone())))
        })),
    }
}

/// Whether a server calls a type as it calls that of a column.
fn is_called(known: &ModelType, side: Side<'_>, column: &Column, strict: bool) -> bool {
    let called = shown(&column.data_type, side.flavour);
    let json = side.flavour == Flavour::Mariadb && *known == ModelType::Json && called == "longtext";
    let own = object::data_type(known, side.flavour, strict, "");
    json || own.is_ok_and(|own| match side.flavour.dialect() {
        Dialect::Sqlite => own.eq_ignore_ascii_case(&column.data_type),
        Dialect::Postgres => unquoted(&own) == unquoted(&called),
        Dialect::Mysql => own == called,
    })
}

fn unquoted(name: &str) -> String {
    name.replace('"', "")
}

/// A type as it is called where it was said: MariaDB shows widths of whole numbers, which mean nothing.
fn shown(name: &str, flavour: Flavour) -> String {
    let is_number = ["tinyint", "smallint", "mediumint", "int", "bigint"];
    match name.split_once('(') {
        Some((word, rest)) if flavour == Flavour::Mariadb && is_number.contains(&word) => {
            let rest = rest.split_once(')').map_or("", |(_, rest)| rest);
            match name.starts_with("tinyint(1)") {
                true => name.to_owned(),
                false => format!("{word}{rest}"),
            }
        }
        _ => name.to_owned(),
    }
}

/// The enumerated type that a column has, where it can be told: it is an object on PostgreSQL, and stands in the
/// name of the type on MySQL and MariaDB.
fn enumerated(side: Side<'_>, column: &Column) -> Option<ModelType> {
    match side.flavour.dialect() {
        Dialect::Sqlite => None,
        Dialect::Postgres => {
            let called = unquoted(&column.data_type);
            let mut types = side.schema.objects.values().filter(|object| object.id.kind == ObjectKind::Enum);
            let found = types.find(|object| match &object.id.schema {
                Some(schema) => format!("{schema}.{}", object.id.name) == called,
                None => object.id.name == called,
            })?;
            let Body::Enum(of) = &found.body else { return None };
            Some(ModelType::Enum(enumeration::model(&found.id, &of.values)))
        }
        Dialect::Mysql if column.data_type.starts_with("enum(") => {
            let labels = mysql_labels(&column.data_type);
            let values: Vec<String> = labels.iter().map(|label| unescaped(label)).collect();
            let id = ObjectId::new(ObjectKind::Enum, None, &column.name);
            Some(ModelType::Enum(enumeration::model(&id, &values)))
        }
        Dialect::Mysql => None,
    }
}

/// What a literal of a label says.
fn unescaped(label: &str) -> String {
    label.trim_matches('\'').replace("''", "'").replace("\\\\", "\\")
}

/// The numbers in the name of a type.
fn digits(name: &str) -> Vec<u32> {
    let inner = name.split_once('(').and_then(|(_, rest)| rest.split_once(')'));
    let Some((inner, _)) = inner else { return Vec::new() };
    inner.split(',').map_while(|digits| digits.trim().parse().ok()).collect()
}

fn with_digits(digits: &[u32]) -> Vec<ModelType> {
    match *digits {
        [one] => {
            let mut known = vec![
                ModelType::Varchar(one),
                ModelType::Char(one),
                ModelType::Varbinary(one),
                ModelType::Binary(one),
            ];
            if let Ok(fraction) = u8::try_from(one) {
                known.extend([
                    ModelType::Timestamp(Some(fraction)),
                    ModelType::Instant(Some(fraction)),
                    ModelType::Time(Some(fraction)),
                ]);
            }
            known
        }
        [all, behind] => match (u16::try_from(all), u16::try_from(behind)) {
            (Ok(all), Ok(behind)) => vec![ModelType::Decimal(Some((all, behind)))],
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}

/// The types that have no digits, in the order in which they are chosen where a server calls several alike.
fn plain() -> Vec<ModelType> {
    let widths =
        [IntegerWidth::SixtyFour, IntegerWidth::ThirtyTwo, IntegerWidth::Sixteen, IntegerWidth::Eight];
    let mut known = vec![ModelType::Boolean];
    known.extend(widths.map(ModelType::signed));
    known.extend(widths.map(ModelType::unsigned));
    known.extend([
        ModelType::Double,
        ModelType::Real,
        ModelType::Decimal(None),
        ModelType::Text,
        ModelType::String,
        ModelType::Bytes,
        ModelType::Date,
        ModelType::Timestamp(None),
        ModelType::Instant(None),
        ModelType::Time(None),
        ModelType::Uuid,
        ModelType::Json,
    ]);
    known
}
