//! Defaults by what servers keep of them.

use super::{Each, Wording, per_flavour};
use crate::{
    dialect::Flavour,
    model::{ModelDefault, ModelType, PerFlavour},
};

/// The default that a column has on every engine.
pub(super) fn default(each: &Each<'_, (&str, Option<&ModelType>)>) -> PerFlavour<ModelDefault> {
    let own: Vec<Vec<ModelDefault>> =
        each.iter().map(|(_, (text, data_type))| meanings(text, *data_type)).collect();
    let shared = own.first().into_iter().flatten().find(|one| own.iter().all(|other| other.contains(one)));
    if let Some(shared) = shared {
        return PerFlavour::every(shared.clone());
    }
    let author = each.iter().find(|(side, _)| side.flavour == Flavour::Sqlite);
    if let Some((_, (text, _))) = author.filter(|(side, _)| side.wording == Wording::Shared) {
        return PerFlavour::every(ModelDefault::Sql((*text).to_owned()));
    }
    per_flavour(each.iter().zip(own).map(|((side, (text, _)), own)| {
        let first = own.into_iter().next();
        (side.flavour, first.unwrap_or_else(|| ModelDefault::Sql((*text).to_owned())))
    }))
}

/// What a default may have been said as, the likeliest first; as it is in any case.
fn meanings(text: &str, data_type: Option<&ModelType>) -> Vec<ModelDefault> {
    let bare = without_cast(text);
    let quoted = bare.strip_prefix('\'').and_then(|bare| bare.strip_suffix('\''));
    let inner = quoted.map(|inner| inner.replace("''", "'"));
    let mut meanings = Vec::new();
    let value = inner.as_deref().unwrap_or(bare);
    if data_type == Some(&ModelType::Boolean) {
        match value.to_ascii_lowercase().as_str() {
            "true" | "1" | "t" => meanings.push(ModelDefault::Boolean(true)),
            "false" | "0" | "f" => meanings.push(ModelDefault::Boolean(false)),
            _ => {}
        }
    }
    let is_number = matches!(
        data_type,
        Some(ModelType::Integer { .. } | ModelType::Real | ModelType::Double | ModelType::Decimal(_))
    );
    let number = number(value).filter(|_| is_number || inner.is_none());
    meanings.extend(number.map(ModelDefault::Number));
    if let Some(inner) = inner.filter(|_| !is_number) {
        meanings.push(ModelDefault::Text(inner));
    }
    if is_now(bare) {
        meanings.push(ModelDefault::Now);
    }
    meanings.push(ModelDefault::Sql(text.to_owned()));
    meanings
}

/// What a number is called everywhere: servers fill up with zeros behind the point.
fn number(text: &str) -> Option<String> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_number = !digits.is_empty()
        && digits.chars().all(|character| character.is_ascii_digit() || character == '.')
        && digits.chars().filter(|character| *character == '.').count() <= 1
        && digits.starts_with(|character: char| character.is_ascii_digit());
    let short = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { text };
    is_number.then(|| short.to_owned())
}

fn is_now(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let word = lower.split('(').next().unwrap_or_default();
    let rest = lower[word.len()..].trim_start_matches('(').trim_end_matches(')');
    let of_digits = rest.chars().all(|character| character.is_ascii_digit());
    of_digits && matches!(word, "current_timestamp" | "now" | "current_date" | "curdate")
}

/// A literal without the cast that PostgreSQL writes behind it.
fn without_cast(text: &str) -> &str {
    let text = text.trim();
    let start = if text.starts_with('\'') { text.rfind('\'').unwrap_or(0) } else { 0 };
    let bare = text[start..].find("::").map_or(text, |at| &text[..start + at]);
    match bare.strip_prefix('(').and_then(|bare| bare.strip_suffix(')')) {
        Some(inner) if number(inner).is_some() || inner.starts_with('\'') => inner,
        _ => bare,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_default_means_what_was_said_whatever_a_server_makes_of_it() {
        let decimal = ModelType::Decimal(Some((12, 2)));
        for text in ["0", "0.00", "'0'::numeric"] {
            assert_eq!(meanings(text, Some(&decimal))[0], ModelDefault::Number("0".to_owned()), "{text}");
        }
        for text in ["'it''s'", "'it''s'::character varying"] {
            assert_eq!(meanings(text, None)[0], ModelDefault::Text("it's".to_owned()), "{text}");
        }
        for text in ["CURRENT_TIMESTAMP", "now()", "current_timestamp(6)"] {
            assert_eq!(meanings(text, None)[0], ModelDefault::Now, "{text}");
        }
        assert_eq!(meanings("1", Some(&ModelType::Boolean))[0], ModelDefault::Boolean(true));
        assert_eq!(meanings("a || b", None), [ModelDefault::Sql("a || b".to_owned())]);
    }
}
