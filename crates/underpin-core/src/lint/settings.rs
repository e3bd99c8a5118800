//! How bad a team takes each rule to be. Not where the settings come from.

use std::collections::BTreeMap;

use super::{RULES, Rule, Severity};

/// How bad a team takes each rule to be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LintSettings {
    /// What differs from the rules' own severity; nothing is a rule that is off.
    severities: BTreeMap<&'static str, Option<Severity>>,
    /// Whether rules count that are off until somebody asks for them.
    every_rule: bool,
}

/// A rule that does not exist.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no rule {name:?}{}", nearest.map(|rule| format!("; did you mean {rule}?")).unwrap_or_default())]
pub struct UnknownRule {
    /// The name that was given.
    pub name: String,
    /// The rule whose name is nearest to it.
    pub nearest: Option<&'static str>,
}

impl LintSettings {
    /// The same, with a rule at another severity, or off.
    ///
    /// # Errors
    /// A name that no rule has.
    pub fn set(mut self, rule: &str, severity: Option<Severity>) -> Result<Self, UnknownRule> {
        let known = Rule::named(rule).ok_or_else(|| UnknownRule::new(rule))?;
        self.severities.insert(known.id, severity);
        Ok(self)
    }

    /// Every rule at its own severity, also those that are off until somebody asks for them.
    pub(super) fn every_rule() -> Self {
        Self { every_rule: true, ..Self::default() }
    }

    /// The severity of a finding of `rule` that the rule itself calls `own`; nothing if it is off.
    pub(super) fn severity(&self, rule: &Rule, own: Severity) -> Option<Severity> {
        let by_default = (self.every_rule || !rule.is_asked_for()).then_some(own);
        self.severities.get(rule.id).copied().unwrap_or(by_default)
    }
}

impl UnknownRule {
    pub(super) fn new(name: &str) -> Self {
        let ids = || RULES.iter().map(|rule| rule.id);
        let distance = |id: &&str| strsim::damerau_levenshtein(name, id);
        let misspelt = ids().filter(|id| distance(id) <= id.len() / 3).min_by_key(distance);
        let begun = || ids().filter(|id| !name.is_empty() && id.starts_with(name)).min_by_key(|id| id.len());
        let words = |id: &&str| id.split('-').filter(|word| name.split('-').any(|own| own == *word)).count();
        let alike = || ids().filter(|id| words(id) > 0).max_by_key(words);
        let nearest = misspelt.or_else(begun).or_else(alike);
        Self { name: name.to_owned(), nearest }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelling_or_a_part_finds_its_rule_and_another_word_finds_none() {
        let nearest = |name: &str| UnknownRule::new(name).nearest;
        assert_eq!(nearest("blocking-indx"), Some("blocking-index"));
        assert_eq!(nearest("drop-colum"), Some("drop-column"));
        assert_eq!(nearest("mysql-copy"), Some("mysql-copy-algorithm"));
        assert_eq!(nearest("rename"), Some("rename-table"));
        assert_eq!(nearest("colour"), None);
    }
}
