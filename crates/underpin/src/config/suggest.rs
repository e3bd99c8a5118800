//! The nearest known name to one that is not known. It guesses for messages only; nothing is ever
//! done on a guess.

/// The known name that `name` is most likely a misspelling of.
pub(super) fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    known
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(name, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= candidate.len().max(3) / 3)
        .min()
        .map(|(_, candidate)| candidate)
}

/// `; did you mean …?`, or nothing.
pub(super) fn question<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    nearest(name, known).map(|candidate| format!("did you mean {candidate}?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelling_finds_its_word_and_another_word_finds_none() {
        let known = ["mode", "timeout", "lock_timeout"];
        assert_eq!(nearest("tiemout", known), Some("timeout"));
        assert_eq!(nearest("mod", known), Some("mode"));
        assert_eq!(nearest("colour", known), None);
    }
}
