//! What SQLite makes of a value that is put into a column, told by the words of its type. Not for the
//! columns of `STRICT` tables, whose types are what they say.

/// The affinity of a column (sqlite.org, "Datatypes In SQLite", 3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Affinity {
    /// Numbers become texts.
    Text,
    /// Texts that read as numbers become numbers, as whole ones where they are whole. `INTEGER` and
    /// `NUMERIC` keep values in the same way.
    Numeric,
    /// Texts that read as numbers become numbers with a fraction, and so do whole numbers.
    Real,
    /// Nothing changes.
    Blob,
}

impl Affinity {
    /// The affinity that the words of a type mean, by the rules of the manual in their order.
    pub(crate) fn of(data_type: &str) -> Self {
        let data_type = data_type.to_ascii_uppercase();
        let has = |words: &[&str]| words.iter().any(|word| data_type.contains(word));
        if has(&["INT"]) {
            Self::Numeric
        } else if has(&["CHAR", "CLOB", "TEXT"]) {
            Self::Text
        } else if data_type.is_empty() || has(&["BLOB"]) {
            Self::Blob
        } else if has(&["REAL", "FLOA", "DOUB"]) {
            Self::Real
        } else {
            Self::Numeric
        }
    }

    /// Whether values from a column of this affinity are written as other numbers, or as numbers at
    /// all, in a column of that one.
    pub(crate) fn becomes_number_in(self, to: Self) -> bool {
        self != to && matches!(to, Self::Numeric | Self::Real)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_a_type_tell_its_affinity() {
        for (data_type, affinity) in [
            ("bigint", Affinity::Numeric),
            ("CHARINT", Affinity::Numeric),
            ("varchar(7)", Affinity::Text),
            ("", Affinity::Blob),
            ("double precision", Affinity::Real),
            ("decimal(5, 2)", Affinity::Numeric),
        ] {
            assert_eq!(Affinity::of(data_type), affinity, "{data_type}");
        }
        assert!(Affinity::Text.becomes_number_in(Affinity::Numeric));
        assert!(!Affinity::Numeric.becomes_number_in(Affinity::Text));
    }
}
