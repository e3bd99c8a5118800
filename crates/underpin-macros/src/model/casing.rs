//! The cases of names, as sqlx's derives write and understand them.

use heck::{ToKebabCase, ToLowerCamelCase, ToPascalCase, ToShoutySnakeCase, ToSnakeCase};
use syn::{LitStr, parse::Result};

/// A case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Casing {
    Snake,
    Lower,
    Upper,
    Camel,
    Pascal,
    ScreamingSnake,
    Kebab,
}

const NAMES: [(&str, Casing); 7] = [
    ("snake_case", Casing::Snake),
    ("lowercase", Casing::Lower),
    ("UPPERCASE", Casing::Upper),
    ("camelCase", Casing::Camel),
    ("PascalCase", Casing::Pascal),
    ("SCREAMING_SNAKE_CASE", Casing::ScreamingSnake),
    ("kebab-case", Casing::Kebab),
];

impl Casing {
    /// The case that `rename_all` names.
    pub(super) fn named(name: &LitStr) -> Result<Self> {
        let found = NAMES.iter().find(|(known, _)| *known == name.value());
        found.map(|(_, casing)| *casing).ok_or_else(|| {
            let known: Vec<&str> = NAMES.iter().map(|(known, _)| *known).collect();
            syn::Error::new(name.span(), format!("this is no case; there is {}", known.join(", ")))
        })
    }

    /// A name in this case.
    pub(super) fn of(self, name: &str) -> String {
        match self {
            Self::Snake => name.to_snake_case(),
            Self::Lower => name.to_lowercase(),
            Self::Upper => name.to_uppercase(),
            Self::Camel => name.to_lower_camel_case(),
            Self::Pascal => name.to_pascal_case(),
            Self::ScreamingSnake => name.to_shouty_snake_case(),
            Self::Kebab => name.to_kebab_case(),
        }
    }
}
