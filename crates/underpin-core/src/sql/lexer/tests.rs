use TokenKind::{
    BlockComment, ExecutableClose, ExecutableOpen, Hint, LineComment, Number, Operator, Parameter,
    QuotedIdentifier, String, Unknown, Word,
};

use super::*;

const SQLITE: Dialect = Dialect::Sqlite;
const POSTGRES: Dialect = Dialect::Postgres;
const MYSQL: Dialect = Dialect::Mysql;

/// The kinds and texts of everything but blanks.
fn lex(dialect: Dialect, source: &str) -> Vec<(TokenKind, &str)> {
    tokens(dialect, source)
        .unwrap()
        .iter()
        .filter(|token| token.kind != TokenKind::Whitespace)
        .map(|token| (token.kind, token.text(source)))
        .collect()
}

/// Each text is one token of that kind.
fn assert_single(cases: &[(Dialect, TokenKind, &str)]) {
    for (dialect, kind, text) in cases {
        assert_eq!(lex(*dialect, text), [(*kind, *text)], "{dialect}");
        let spaced = format!("\n {text}\n");
        assert_eq!(lex(*dialect, &spaced), [(*kind, *text)], "{dialect}");
    }
}

#[test]
fn strings_and_identifiers_end_at_their_own_quote() {
    assert_single(&[
        (SQLITE, String, "'it''s -- \\'"),
        (SQLITE, String, "x'ab'"),
        (SQLITE, QuotedIdentifier, "\"a\"\"'b\""),
        (SQLITE, QuotedIdentifier, "`a``b`"),
        (SQLITE, QuotedIdentifier, "[a[b'\"]"),
        (POSTGRES, String, "'a\\'"),
        (POSTGRES, String, "E'a\\'b''c\\\\'"),
        (POSTGRES, String, "U&'d\\0061'"),
        (POSTGRES, String, "B'01'"),
        (POSTGRES, String, "n'x'"),
        (POSTGRES, QuotedIdentifier, "u&\"a\"\"b\""),
        (POSTGRES, String, "$$it's $1 $x$ $$"),
        (POSTGRES, String, "$körper$ $$ $kö$ $körper$"),
        (MYSQL, String, "'it\\'s ''so'''"),
        (MYSQL, String, "\"a\\\"b\"\"c'\""),
        (MYSQL, String, "X'0A'"),
        (MYSQL, String, "N'é\\'é'"),
        (MYSQL, QuotedIdentifier, "`a\\`"),
    ]);
}

#[test]
fn an_escape_string_goes_on_in_the_next_line() {
    assert_single(&[
        (POSTGRES, String, "E'a'\n  'b\\'c'"),
        (POSTGRES, String, "e'a' -- more\n'b\\'c'"),
        (POSTGRES, String, "E'a\\'' --x\r\n --y\n '\\''"),
    ]);
    assert_eq!(lex(POSTGRES, "E'a' 'b\\'"), [(String, "E'a'"), (String, "'b\\'")]);
    assert_eq!(lex(POSTGRES, "E'a'\n-- 'b'"), [(String, "E'a'"), (LineComment, "-- 'b'")]);
}

#[test]
fn a_dollar_inside_a_word_opens_no_string() {
    assert_single(&[
        (POSTGRES, Word, "a$b$c"),
        (POSTGRES, Word, "é$$"),
        (SQLITE, Word, "a$b"),
        (MYSQL, Word, "$a$"),
    ]);
    assert_eq!(lex(POSTGRES, "$1$$x$$"), [(Parameter, "$1"), (String, "$$x$$")]);
    assert_eq!(lex(POSTGRES, "$a b$"), [(Unknown, "$"), (Word, "a"), (Word, "b$")]);
}

#[test]
fn comments_are_the_dialects_own() {
    assert_single(&[
        (SQLITE, LineComment, "--x '"),
        (POSTGRES, LineComment, "--x '"),
        (MYSQL, LineComment, "-- x '"),
        (MYSQL, LineComment, "--\tx"),
        (MYSQL, LineComment, "#x '"),
        (SQLITE, BlockComment, "/*! ' */"),
        (SQLITE, BlockComment, "/* /* */"),
        (POSTGRES, BlockComment, "/* /* ' */ */"),
        (POSTGRES, BlockComment, "/*! ' */"),
        (MYSQL, BlockComment, "/* /* ' */"),
        (POSTGRES, Hint, "/*+ SeqScan(a) */"),
        (MYSQL, Hint, "/*+ BKA(a) */"),
    ]);
    let minus = [(Word, "a"), (Operator, "-"), (Operator, "-"), (Number, "1")];
    assert_eq!(lex(MYSQL, "a--1"), minus);
    assert_eq!(lex(MYSQL, "--"), [(LineComment, "--")]);
    assert_eq!(lex(POSTGRES, "--a\rb"), [(LineComment, "--a"), (Word, "b")]);
    assert_eq!(lex(SQLITE, "a/b"), [(Word, "a"), (Operator, "/"), (Word, "b")]);
}

#[test]
fn executable_comments_are_code() {
    assert_eq!(
        lex(MYSQL, "/*!50003 a/* no */'*/'*/ */"),
        [
            (ExecutableOpen, "/*!50003"),
            (Word, "a"),
            (BlockComment, "/* no */"),
            (String, "'*/'"),
            (ExecutableClose, "*/"),
            (Operator, "*"),
            (Operator, "/"),
        ]
    );
    for (source, open) in [("/*!a*/", "/*!"), ("/*M!100100 a*/", "/*M!100100"), ("/*!080025a*/", "/*!080025")]
    {
        assert_eq!(lex(MYSQL, source), [(ExecutableOpen, open), (Word, "a"), (ExecutableClose, "*/")]);
    }
}

#[test]
fn words_numbers_and_parameters_are_told_apart() {
    assert_single(&[
        (SQLITE, Word, "größe"),
        (MYSQL, Word, "2024_orders"),
        (MYSQL, Word, "1e"),
        (MYSQL, Number, "1e5"),
        (MYSQL, Number, "1.5e-5"),
        (MYSQL, Number, "0xFF"),
        (MYSQL, Word, "\\N"),
        (POSTGRES, Number, "1_000.5"),
        (SQLITE, Number, ".5"),
        (SQLITE, Parameter, "?12"),
        (SQLITE, Parameter, ":name"),
        (SQLITE, Parameter, "@name"),
        (SQLITE, Parameter, "$name"),
        (POSTGRES, Parameter, "$12"),
        (MYSQL, Parameter, "?"),
        (MYSQL, Parameter, "@a.b"),
        (MYSQL, Parameter, "@@session.sql_mode"),
    ]);
    assert_eq!(lex(POSTGRES, "1..10"), [(Number, "1"), (Operator, ".."), (Number, "10")]);
    assert_eq!(lex(MYSQL, "u@'h'"), [(Word, "u"), (Operator, "@"), (String, "'h'")]);
    assert_eq!(lex(SQLITE, "#\\"), [(Unknown, "#"), (Unknown, "\\")]);
}

#[test]
fn operators_are_as_long_as_their_dialect_makes_them() {
    let operators = |dialect, source| lex(dialect, source).iter().map(|(_, text)| *text).collect::<Vec<_>>();
    assert_eq!(operators(POSTGRES, "a@-5"), ["a", "@-", "5"]);
    assert_eq!(operators(POSTGRES, "a=-5"), ["a", "=", "-", "5"]);
    assert_eq!(operators(POSTGRES, "a*-/*x*/-b::c"), ["a", "*", "-", "/*x*/", "-", "b", "::", "c"]);
    assert_eq!(operators(POSTGRES, "a#>>b"), ["a", "#>>", "b"]);
    assert_eq!(operators(SQLITE, "a->>b||c==-d"), ["a", "->>", "b", "||", "c", "==", "-", "d"]);
    assert_eq!(operators(MYSQL, "@a:=b<=>c"), ["@a", ":=", "b", "<=>", "c"]);
}

#[test]
fn a_delimiter_ends_a_word_that_could_hold_it() {
    let mut lexer = Lexer::new(MYSQL, "END$$ 1$$ a go cargo go").unwrap();
    let mut texts = Vec::new();
    lexer.set_delimiter("$$");
    for index in 0..9 {
        if index == 6 {
            lexer.set_delimiter("go");
        }
        let token = lexer.next_token().unwrap().unwrap();
        texts.push((token.kind == TokenKind::Delimiter, token.text(lexer.source())));
    }
    assert_eq!(
        texts,
        [
            (false, "END"),
            (true, "$$"),
            (false, " "),
            (false, "1"),
            (true, "$$"),
            (false, " "),
            (false, "a"),
            (false, " "),
            (true, "go")
        ]
    );
}

#[test]
fn what_is_never_closed_is_an_error_at_its_start() {
    for (dialect, source, kind) in [
        (SQLITE, "é 'x''", SqlErrorKind::UnterminatedString),
        (SQLITE, "é \"x\"\"", SqlErrorKind::UnterminatedIdentifier),
        (SQLITE, "é [x", SqlErrorKind::UnterminatedIdentifier),
        (SQLITE, "é /*/", SqlErrorKind::UnterminatedComment),
        (POSTGRES, "é /* /* */", SqlErrorKind::UnterminatedComment),
        (POSTGRES, "é $a$ $$", SqlErrorKind::UnterminatedDollarQuote("$a$".to_owned())),
        (POSTGRES, "é E'x\\'", SqlErrorKind::UnterminatedString),
        (POSTGRES, "é E'x'\n'\\'", SqlErrorKind::UnterminatedString),
        (MYSQL, "é 'x\\'", SqlErrorKind::UnterminatedString),
        (MYSQL, "é 'x\\", SqlErrorKind::UnterminatedString),
        (MYSQL, "é /*! SET x = 1", SqlErrorKind::UnterminatedComment),
        (MYSQL, "é \0", SqlErrorKind::Nul),
    ] {
        let error = tokens(dialect, source).unwrap_err();
        assert_eq!((error.kind, error.span.start, error.line, error.column), (kind, 3, 1, 3), "{source}");
    }
}
