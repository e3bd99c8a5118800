//! Variables of a `.env` that mean more than what wins over them: the environment of the process wins over every
//! `.env`, also where its name is the more general one. That is told, and changes nothing.

use super::{
    key::Key,
    layer::{Given, Layer},
    origin::Origin,
};

/// A warning for every variable of a `.env` that a more general name in the process's environment overrules.
pub(super) fn warnings(layers: &[Layer], prefix: &str) -> Vec<String> {
    Key::ALL.iter().filter_map(|key| warning(*key, layers, prefix)).collect()
}

fn warning(key: Key, layers: &[Layer], prefix: &str) -> Option<String> {
    let mut given = layers.iter().filter_map(|layer| layer.get(&key));
    let winner = given.next()?;
    let Origin::Environment { variable } = &winner.origin else { return None };
    let (shadowed, name) = given.find_map(in_dotenv)?;
    let names: Vec<String> = key.variables(prefix).into_iter().chain(key.variables("")).collect();
    let rank = |name: &str| names.iter().position(|other| other == name);
    if shadowed.text.trim() == winner.text.trim() || rank(name) >= rank(variable) {
        return None;
    }
    Some(format!(
        "{} has no effect: {variable} of the environment wins over every .env; unset that, or set {name} there, too",
        shadowed.origin.subject(key)
    ))
}

fn in_dotenv(given: &Given) -> Option<(&Given, &str)> {
    match &given.origin {
        Origin::Dotenv { variable, .. } => Some((given, variable)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layer(text: &str, origin: Origin) -> Layer {
        Layer::from([(Key::DatabaseUrl, Given { text: text.to_owned(), origin, directory: None })])
    }

    fn environment(variable: &str, text: &str) -> Layer {
        layer(text, Origin::Environment { variable: variable.to_owned() })
    }

    fn dotenv(variable: &str, text: &str) -> Layer {
        layer(text, Origin::Dotenv { variable: variable.to_owned(), path: ".env".to_owned(), line: 3 })
    }

    #[test]
    fn what_means_more_and_loses_is_told() {
        let own = "UNDERPIN_DATABASE_URL";
        for (layers, shadowed) in [
            (vec![environment("DATABASE_URL", "a"), dotenv(own, "b")], Some(own)),
            (
                vec![environment("DATABASE_URL", "a"), dotenv("HIVE_DATABASE_URL", "b")],
                Some("HIVE_DATABASE_URL"),
            ),
            (vec![environment(own, "a"), dotenv("HIVE_DATABASE_URL", "b")], Some("HIVE_DATABASE_URL")),
            // The same again is no surprise, and neither is a name that means as much or less.
            (vec![environment("DATABASE_URL", "a"), dotenv(own, "a")], None),
            (vec![environment("DATABASE_URL", "a"), dotenv("DATABASE_URL", "b")], None),
            (vec![environment(own, "a"), dotenv("DATABASE_URL", "b")], None),
            (vec![layer("a", Origin::Flag { flag: "--database-url".to_owned() }), dotenv(own, "b")], None),
            (vec![dotenv(own, "b")], None),
        ] {
            let told = warnings(&layers, "HIVE_");
            let expected = shadowed.map(|name| format!("{name} in .env:3 has no effect: "));
            assert_eq!(told.len(), usize::from(expected.is_some()), "{layers:?}: {told:?}");
            assert!(expected.is_none_or(|expected| told[0].starts_with(&expected)), "{layers:?}: {told:?}");
        }
    }

    #[test]
    fn what_is_told_holds_no_value() {
        let told = warnings(
            &[environment("DATABASE_URL", "hunter2"), dotenv("UNDERPIN_DATABASE_URL", "hunter3")],
            "",
        );
        assert_eq!(
            told,
            [
                "UNDERPIN_DATABASE_URL in .env:3 has no effect: DATABASE_URL of the environment wins over every .env; \
              unset that, or set UNDERPIN_DATABASE_URL there, too"
            ]
        );
    }
}
