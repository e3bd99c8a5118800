//! What nothing here can make and something that comes is made of: text search configurations, operator classes and
//! others that are known by their names alone. Not what is there already.

use super::{
    plan::Plan,
    side::{Part, Unit},
};
use crate::{
    diagnostic::{Diagnostic, ErrorKind},
    schema::{Body, ObjectId, Unsupported},
};

/// The kinds whose names stand in the texts of what is made of them.
const KINDS: [&str; 5] =
    ["text search configuration", "text search dictionary", "operator class", "base type", "conversion"];

/// Refuses to make what is made of something that has to be made first.
pub(super) fn refuse(plan: &Plan<'_>) -> Result<(), Diagnostic> {
    let is_unmade = |one: &&Unsupported| {
        KINDS.contains(&one.kind.as_str()) && !plan.from.schema.unsupported.contains(one)
    };
    let unmade: Vec<&Unsupported> = plan.to.schema.unsupported.iter().filter(is_unmade).collect();
    if unmade.is_empty() {
        return Ok(());
    }
    for (id, _) in plan.actions().filter(|(_, action)| action.makes()) {
        let Some(unit) = plan.to.units.get(id) else { continue };
        let texts = texts(unit);
        let found = unmade.iter().find(|one| texts.iter().any(|text| names(text, &one.name)));
        if let Some(one) = found {
            return Err(refusal(id, one));
        }
    }
    Ok(())
}

/// What the server wrote of a unit.
fn texts<'a>(unit: &Unit<'a>) -> Vec<&'a str> {
    match (unit.part, &unit.object.body) {
        (Part::Index(index), _) => index.create.as_deref().into_iter().collect(),
        (Part::Constraint(constraint), _) => constraint.definition.as_deref().into_iter().collect(),
        (Part::Default(column), _) => column.default.as_deref().into_iter().collect(),
        (Part::Column(column), _) => {
            let expression = column.generated.as_ref().map(|generated| generated.expression.as_str());
            expression.into_iter().chain([column.data_type.as_str()]).collect()
        }
        (Part::Whole, Body::View(view)) => vec![&view.query],
        (Part::Whole, _) => Vec::new(),
    }
}

/// Whether a text holds this name with its namespace, as a name or as a text that stands for one.
fn names(text: &str, name: &str) -> bool {
    let text = text.replace('"', "");
    let of_word = |character: char| character.is_alphanumeric() || matches!(character, '_' | '$' | '.');
    text.match_indices(name).any(|(at, _)| {
        !text[..at].ends_with(of_word)
            && !text[at + name.len()..].starts_with(|next: char| of_word(next) && next != '.')
    })
}

fn refusal(id: &ObjectId, unmade: &Unsupported) -> Diagnostic {
    let message = format!("{id} is made of the {} {}, which is not there", unmade.kind, unmade.name);
    Diagnostic::new(ErrorKind::Unsupported, message).state("nothing was changed").hint(format!(
        "make the {} first, in a revision written by hand; what needs it can be generated then",
        unmade.kind
    ))
}

#[cfg(test)]
mod tests {
    use super::names;

    #[test]
    fn a_name_is_found_with_its_namespace_and_whole() {
        for text in [
            "USING gin (to_tsvector('public.german'::regconfig, b))",
            "(b public.german)",
            "(b \"public\".\"german\")",
        ] {
            assert!(names(text, "public.german"), "{text}");
        }
        for text in ["public.germany", "x_public.german", "german"] {
            assert!(!names(text, "public.german"), "{text}");
        }
    }
}
