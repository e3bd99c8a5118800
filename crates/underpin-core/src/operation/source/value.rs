//! Names, types and defaults as Rust.

use crate::{
    dialect::Flavour,
    model::{IntegerWidth, ModelDefault, ModelEnum, ModelName, ModelType, PerFlavour},
};

/// The name of a table or a type; nothing where its namespace is another one on each engine.
pub(super) fn name(name: &ModelName) -> Option<String> {
    let mut namespaces = Flavour::ALL.map(|flavour| name.schema(flavour)).into_iter();
    let first = namespaces.next().flatten();
    namespaces.all(|other| other == first).then(|| match first {
        Some(namespace) => format!("({namespace:?}, {:?})", name.name),
        None => format!("{:?}", name.name),
    })
}

/// A list of texts.
pub(super) fn list<T: AsRef<str>>(texts: &[T]) -> String {
    let quoted: Vec<String> = texts.iter().map(|text| format!("{:?}", text.as_ref())).collect();
    format!("[{}]", quoted.join(", "))
}

/// The values of an enumerated type.
pub(super) fn values(model: &ModelEnum) -> String {
    list(&model.values.iter().map(|value| &*value.name).collect::<Vec<_>>())
}

/// A value that may be another one on each engine; nothing where one of them has no words.
pub(super) fn per_flavour<T>(value: &PerFlavour<T>, text: impl Fn(&T) -> Option<String>) -> Option<String> {
    let (every, own) = value.parts();
    let own: Vec<(Flavour, &T)> = Flavour::ALL
        .into_iter()
        .zip(own)
        .filter_map(|(flavour, own)| Some((flavour, own.as_ref()?)))
        .collect();
    match (every, &own[..]) {
        (Some(every), []) => text(every),
        (Some(every), own) => {
            let mut written = format!("per_flavour({})", text(every)?);
            for (flavour, value) in own {
                written.push_str(&format!(".on(Flavour::{flavour:?}, {})", text(value)?));
            }
            Some(written)
        }
        (None, _) => None,
    }
}

/// A type of a column.
pub(super) fn data_type(of: &ModelType) -> Option<String> {
    let plain = |name: &str| Some(format!("{name}()"));
    match of {
        ModelType::Boolean => plain("boolean"),
        ModelType::Integer { width, signed: true } => plain(match width {
            IntegerWidth::Eight => "tiny_integer",
            IntegerWidth::Sixteen => "small_integer",
            IntegerWidth::ThirtyTwo => "integer",
            IntegerWidth::SixtyFour => "big_integer",
        }),
        ModelType::Integer { width: IntegerWidth::ThirtyTwo, signed: false } => plain("unsigned_integer"),
        ModelType::Integer { width: IntegerWidth::SixtyFour, signed: false } => plain("unsigned_big_integer"),
        // Nobody asks for these but by what MySQL calls them.
        ModelType::Integer { .. } => None,
        ModelType::Real => plain("real"),
        ModelType::Double => plain("double"),
        ModelType::Decimal(None) => plain("numeric"),
        ModelType::Decimal(Some((digits, behind))) => Some(format!("decimal({digits}, {behind})")),
        ModelType::String => plain("string"),
        ModelType::Text => plain("text"),
        ModelType::Varchar(length) => Some(format!("varchar({length})")),
        ModelType::Char(length) => Some(format!("character({length})")),
        ModelType::Bytes => plain("bytes"),
        ModelType::Binary(length) => Some(format!("binary({length})")),
        ModelType::Varbinary(length) => Some(format!("varbinary({length})")),
        ModelType::Date => plain("date"),
        ModelType::Time(digits) => with_digits("time", *digits),
        ModelType::Timestamp(digits) => with_digits("timestamp", *digits),
        ModelType::Instant(digits) => with_digits("instant", *digits),
        ModelType::Uuid => plain("uuid"),
        ModelType::Json => plain("json"),
        ModelType::Array(element) => Some(format!("array({})", data_type(element)?)),
        ModelType::Enum(of) => {
            // A type says its name alone; in a namespace it is what PostgreSQL calls it.
            let is_short = of.name.schema(Flavour::Postgres).is_none();
            is_short.then(|| format!("enumeration({:?}, {})", of.name.name, values(of)))
        }
        ModelType::Raw(name) => Some(format!("raw({name:?})")),
    }
}

fn with_digits(name: &str, digits: Option<u8>) -> Option<String> {
    Some(digits.map_or_else(|| format!("{name}()"), |digits| format!("{name}_with({digits})")))
}

/// A default of a column, beside others or by itself.
pub(super) fn default(value: &PerFlavour<ModelDefault>) -> Option<String> {
    let is_alone = value.parts().1.iter().all(Option::is_none);
    per_flavour(value, |value| {
        Some(match value {
            ModelDefault::Now => "now()".to_owned(),
            ModelDefault::Sql(text) => format!("sql({text:?})"),
            ModelDefault::Boolean(value) if is_alone => value.to_string(),
            ModelDefault::Text(text) if is_alone => format!("{text:?}"),
            ModelDefault::Number(text) if is_alone => number(text)?,
            // Beside others, what is no expression has no words.
            ModelDefault::Boolean(_) | ModelDefault::Text(_) | ModelDefault::Number(_) => return None,
        })
    })
}

/// A number that Rust reads and writes as it stands here; an expression for all others.
fn number(text: &str) -> Option<String> {
    let is_whole = text.parse::<i32>().is_ok_and(|number| number.to_string() == text);
    Some(if is_whole { text.to_owned() } else { format!("sql({text:?})") })
}
