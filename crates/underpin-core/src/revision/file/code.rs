//! The code of a revision in Rust, as far as it can be told from its tokens: the two functions, and a
//! checksum. Whether it compiles, the compiler says.

use std::ops::Range;

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

use super::{FileError, FileErrorKind, Source};
use crate::{revision::Direction, sql::Hasher};

/// The byte that the code starts at, behind the comments at the top.
pub(super) fn start(text: &str) -> usize {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let content = line.trim();
        if !content.is_empty() && !content.starts_with("//") {
            break;
        }
        at += line.len();
    }
    at
}

/// Refuses what is no Rust, and functions that are not as they have to be.
pub(super) fn check(source: Source<'_>) -> Result<(), FileError> {
    let tokens = tokens(source)?;
    for direction in Direction::ALL {
        let Some(function) = Function::find(&tokens, direction.name()) else {
            match direction {
                Direction::Upgrade => {
                    return Err(source.line_error(FileErrorKind::MissingFunction, 0));
                }
                Direction::Downgrade => continue,
            }
        };
        if let Some(what) = function.fault() {
            let name = direction.name();
            let kind = FileErrorKind::WrongFunction { name, what };
            return Err(source.line_error(kind, function_line(source.text, name)));
        }
    }
    Ok(())
}

/// Whether there is a function for this direction.
pub(super) fn has(text: &str, direction: Direction) -> bool {
    let tokens = text.parse::<TokenStream>().map(|tokens| tokens.into_iter().collect::<Vec<_>>());
    tokens.is_ok_and(|tokens| Function::find(&tokens, direction.name()).is_some())
}

/// Adds the code without its comments, and without the downgrade: what has been done is not done
/// otherwise because the way back is mended.
pub(super) fn hash(source: Source<'_>, hasher: &mut Hasher) -> Result<(), FileError> {
    let mut tokens = tokens(source)?;
    if let Some(downgrade) = Function::find(&tokens, Direction::Downgrade.name()) {
        let range = downgrade.range;
        tokens.drain(range);
    }
    hasher.flag("rust");
    add(&tokens, hasher);
    Ok(())
}

fn add(tokens: &[TokenTree], hasher: &mut Hasher) {
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let comment = comment_length(&tokens[at..]);
        at += comment.max(1);
        if comment > 0 {
            continue;
        }
        match token {
            TokenTree::Group(group) => {
                let (open, close) = delimiters(group.delimiter());
                hasher.flag(open);
                add(&group.stream().into_iter().collect::<Vec<_>>(), hasher);
                hasher.flag(close);
            }
            TokenTree::Ident(_) | TokenTree::Punct(_) | TokenTree::Literal(_) => {
                hasher.flag(&token.to_string());
            }
        }
    }
}

/// How many tokens the doc comment has that these start with. A lexer makes an attribute of it.
fn comment_length(tokens: &[TokenTree]) -> usize {
    let is = |at: usize, wanted: char| matches!(tokens.get(at), Some(TokenTree::Punct(punct)) if punct.as_char() == wanted);
    let at = if is(1, '!') { 2 } else { 1 };
    match tokens.get(at) {
        Some(TokenTree::Group(group)) if is(0, '#') => {
            let first = group.stream().into_iter().next();
            let doc = matches!(first, Some(TokenTree::Ident(word)) if word == "doc");
            if doc { at + 1 } else { 0 }
        }
        _ => 0,
    }
}

const fn delimiters(delimiter: Delimiter) -> (&'static str, &'static str) {
    match delimiter {
        Delimiter::Parenthesis => ("(", ")"),
        Delimiter::Brace => ("{", "}"),
        Delimiter::Bracket => ("[", "]"),
        Delimiter::None => ("", ""),
    }
}

fn tokens(source: Source<'_>) -> Result<Vec<TokenTree>, FileError> {
    // Where the compiler lexes, it has made one line end of two characters before.
    let text = source.text.replace("\r\n", "\n");
    match text.parse::<TokenStream>() {
        Ok(tokens) => Ok(tokens.into_iter().collect()),
        Err(error) => {
            let kind = FileErrorKind::NotRust(error.to_string());
            Err(source.line_error(kind, start(source.text).min(source.text.len())))
        }
    }
}

/// A function on the outermost level of a file.
struct Function<'a> {
    /// From its first word to its body.
    range: Range<usize>,
    /// The words before `fn`.
    words: Vec<String>,
    parameters: Option<&'a Group>,
    returns: bool,
}

impl<'a> Function<'a> {
    fn find(tokens: &'a [TokenTree], name: &str) -> Option<Self> {
        let is_word =
            |token: &TokenTree, wanted: &str| matches!(token, TokenTree::Ident(word) if word == wanted);
        let at = tokens.windows(2).position(|two| is_word(&two[0], "fn") && is_word(&two[1], name))?;
        let words: Vec<String> = tokens[..at]
            .iter()
            .rev()
            .map_while(|token| match token {
                TokenTree::Ident(word) => Some(word.to_string()),
                TokenTree::Group(_) | TokenTree::Punct(_) | TokenTree::Literal(_) => None,
            })
            .collect();
        let body = tokens[at..].iter().position(|token| group(token, Delimiter::Brace).is_some());
        let end = body.map_or(tokens.len(), |body| at + body + 1);
        let inner = &tokens[at..end];
        let parameters = inner.iter().find_map(|token| group(token, Delimiter::Parenthesis));
        let arrow = inner.windows(2).position(|two| {
            let is =
                |token: &TokenTree, wanted| matches!(token, TokenTree::Punct(one) if one.as_char() == wanted);
            is(&two[0], '-') && is(&two[1], '>')
        });
        let returns = arrow.is_some_and(|arrow| inner[arrow..].iter().any(|token| is_word(token, "Result")));
        Some(Self { range: at - words.len()..end, words, parameters, returns })
    }

    /// What is not as it has to be.
    fn fault(&self) -> Option<&'static str> {
        let has = |wanted: &str| self.words.iter().any(|word| word == wanted);
        let parameters = self.parameters.map(Group::stream).unwrap_or_default();
        let parameters: Vec<TokenTree> = parameters.into_iter().collect();
        let operations = parameters.iter().any(|token| token.to_string() == "Operations");
        let commas = parameters.iter().rev().skip(1).filter(|token| token.to_string() == ",").count();
        if !has("pub") {
            Some("is not public")
        } else if !has("async") {
            Some("is not async")
        } else if !operations || commas > 0 {
            Some("does not take one `&mut Operations<'_>`")
        } else if !self.returns {
            Some("does not return a `Result<()>`")
        } else {
            None
        }
    }
}

fn group(token: &TokenTree, delimiter: Delimiter) -> Option<&Group> {
    match token {
        TokenTree::Group(group) if group.delimiter() == delimiter => Some(group),
        TokenTree::Group(_) | TokenTree::Ident(_) | TokenTree::Punct(_) | TokenTree::Literal(_) => None,
    }
}

/// The byte at which the line starts that has the function's name.
fn function_line(text: &str, name: &str) -> usize {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let words: Vec<&str> = line.split(|c: char| !(c.is_alphanumeric() || c == '_')).collect();
        if words.windows(2).any(|two| two == ["fn", name]) && !line.trim_start().starts_with("//") {
            return at;
        }
        at += line.len();
    }
    0
}

#[cfg(test)]
mod tests {
    use crate::{
        dialect::Flavour,
        revision::{Direction, FileErrorKind, Language, RevisionFile},
        sql::Checksum,
    };

    const HEADER: &str =
        "//! revision: ab12\n//! parents: 01, 02\n//! message: fill totals\n//! transaction: off\n";
    const UPGRADE: &str =
        "pub async fn upgrade(op: &mut Operations<'_>) -> Result<()> { op.add(1, \"a\").await }";
    const DOWNGRADE: &str = "pub async fn downgrade(op: &mut Operations<'_>) -> Result<()> { Ok(()) }";

    fn parse(code: &str) -> Result<RevisionFile, FileErrorKind> {
        let text = format!("{HEADER}\nuse underpin::operation::*;\n\n{code}\n");
        RevisionFile::parse("ab12.rs", &text).map_err(|error| error.kind)
    }

    fn checksum(code: &str) -> Checksum {
        parse(code).unwrap().checksum(Flavour::Mysql).unwrap()
    }

    #[test]
    fn the_header_is_that_of_a_revision_in_sql() {
        let file = parse(UPGRADE).unwrap();
        assert_eq!(file.language, Language::Rust);
        assert_eq!(file.header.id.as_str(), "ab12");
        assert_eq!(file.header.parents.len(), 2);
        assert!(!file.header.transaction && file.sections.is_empty());
        assert!(file.has(Direction::Upgrade, Flavour::Sqlite));
        assert!(!file.has(Direction::Downgrade, Flavour::Sqlite));
        assert!(parse(&format!("{UPGRADE}{DOWNGRADE}")).unwrap().has(Direction::Downgrade, Flavour::Mysql));
    }

    #[test]
    fn comments_and_the_downgrade_do_not_change_the_checksum() {
        let plain = checksum(UPGRADE);
        assert_eq!(checksum(&format!("// why\n/// Fills.\n{UPGRADE}\r\n{DOWNGRADE}")), plain);
        assert_eq!(checksum(&UPGRADE.replace('{', "\n{ /* … */\n")), plain);
        assert_ne!(checksum(&UPGRADE.replace("\"a\"", "\"b\"")), plain);
        assert_ne!(checksum(&UPGRADE.replace("1,", "(1),")), plain);
    }

    #[test]
    fn functions_have_to_be_there_and_as_they_are_called() {
        assert!(matches!(parse(DOWNGRADE), Err(FileErrorKind::MissingFunction)));
        assert!(matches!(parse("fn upgrade( {"), Err(FileErrorKind::NotRust(_))));
        for (wrong, said) in [
            (UPGRADE.replace("pub ", ""), "is not public"),
            (UPGRADE.replace("async ", ""), "is not async"),
            (UPGRADE.replace("op: &mut Operations<'_>", ""), "does not take one `&mut Operations<'_>`"),
            (UPGRADE.replace("op:", "a: u8, op:"), "does not take one `&mut Operations<'_>`"),
            (UPGRADE.replace("-> Result<()>", ""), "does not return a `Result<()>`"),
            (UPGRADE.replace("Result<()>", "u8"), "does not return a `Result<()>`"),
        ] {
            assert!(
                matches!(parse(&wrong), Err(FileErrorKind::WrongFunction { what, .. }) if what == said),
                "{wrong}"
            );
        }
        let error =
            RevisionFile::parse("a.rs", &format!("//! revision: a\n\nasync fn upgrade() {{}}\n{DOWNGRADE}"));
        assert_eq!(error.unwrap_err().place.line, 3);
    }

    #[test]
    fn a_header_that_is_missing_is_asked_for_in_rust() {
        let error = RevisionFile::parse("a.rs", UPGRADE).unwrap_err();
        assert_eq!(error.kind, FileErrorKind::NoHeader);
        let diagnostic: crate::diagnostic::Diagnostic = error.into();
        assert!(diagnostic.message.contains("`//! revision: ID`"), "{}", diagnostic.message);
    }
}
