//! Parentheses among tokens: which of them belong together. Not what stands between them.

use crate::sql::Code;

/// The index of the parenthesis that closes the one at `open`; where none does, the number of tokens.
pub(super) fn closing(codes: &[Code<'_>], open: usize) -> usize {
    let mut depth = 0_usize;
    for (index, code) in codes.iter().enumerate().skip(open) {
        if code.is_operator("(") {
            depth += 1;
        } else if code.is_operator(")") {
            depth = depth.saturating_sub(1);
            if depth == 0 {
                return index;
            }
        }
    }
    codes.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{dialect::Dialect, sql::codes};

    #[test]
    fn a_parenthesis_is_closed_by_its_own() {
        let closing = |text: &str, open| {
            let codes: Vec<Code<'_>> = codes(Dialect::Postgres, text).collect();
            closing(&codes, open)
        };
        assert_eq!(closing("a (b (c) ')') d", 1), 7);
        assert_eq!(closing("a (b (c) ')') d", 3), 5);
        assert_eq!((closing("a (b", 1), closing("", 0)), (3, 0));
    }
}
