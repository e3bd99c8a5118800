//! The expression of static data that embedded revisions become. It decides nothing.
//!
//! It is as small as can be, because the compiler needs longer for a field than the macro does for
//! what is in it: two texts for each revision, all headers in one literal, and all checksums in
//! another. The texts of the files stay out of it: `include_str!` fetches them, and lets cargo know
//! that a change of them is a change of the program.

use std::{fmt::Write as _, str::FromStr as _};

use proc_macro2::TokenStream;
use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind},
    dialect::Flavour,
    revision::{Checksums, Collection, Direction, Language, RevisionGraph, RevisionText, pack_headers},
    sql::{Checksum, Digest},
};

/// The expression, for a scope in which `underpin_generated` is a module of `underpin`.
///
/// # Errors
/// If the SQL of a revision can't be split.
pub(super) fn expression(
    shown: &str,
    texts: &[RevisionText],
    collection: &Collection,
    graph: &RevisionGraph,
) -> Result<TokenStream, Vec<Diagnostic>> {
    let checksums = collection.checksums()?;
    let mut code = String::with_capacity(512 * (1 + texts.len()));
    modules(&mut code, texts);
    let flavours = constants(&mut code, collection, &checksums);
    let _ = write!(code, "underpin_generated::Embedded{{directory:{shown:?},files:&[");
    for RevisionText { file, path, .. } in texts {
        let _ = write!(
            code,
            "underpin_generated::EmbeddedFile{{file:{file:?},text: ::core::include_str!({path:?})}},"
        );
    }
    let headers = pack_headers(collection.files().iter().map(|file| &file.header));
    let _ = write!(code, "],headers:{headers:?},heads:&[");
    for head in graph.heads() {
        let _ = write!(code, "{:?},", head.as_str());
    }
    let _ = write!(code, "],flavours:[{}],code:&[{}]}}", flavours.join(","), functions(collection));
    // The braces let the constants stand before the expression.
    TokenStream::from_str(&format!("{{{code}}}")).map_err(|error| {
        vec![Diagnostic::new(ErrorKind::Internal, format!("embed! wrote code that is none: {error}"))]
    })
}

/// Makes a module of each file in Rust: the compiler reads it from where it is, and its messages point
/// there.
fn modules(code: &mut String, texts: &[RevisionText]) {
    for (index, RevisionText { path, .. }) in in_rust(texts) {
        let _ = write!(code, "#[allow(unreachable_pub)] #[path={path:?}] mod underpin_revision_{index};");
    }
}

fn in_rust(texts: &[RevisionText]) -> impl Iterator<Item = (usize, &RevisionText)> {
    texts.iter().enumerate().filter(|(_, text)| Language::of(&text.file) == Language::Rust)
}

/// The functions of the files in Rust, as pointers that forget the types of their futures.
fn functions(collection: &Collection) -> String {
    let mut code = String::new();
    for (index, file) in collection.files().iter().enumerate() {
        if file.language != Language::Rust {
            continue;
        }
        let pointer = |name: &str| {
            format!("|operations|::std::boxed::Box::pin(underpin_revision_{index}::{name}(operations))")
        };
        let downgrade = match file.has(Direction::Downgrade, Flavour::Sqlite) {
            true => format!("::core::option::Option::Some({})", pointer("downgrade")),
            false => "::core::option::Option::None".to_owned(),
        };
        let _ = write!(
            code,
            "underpin_generated::EmbeddedCode{{file:{index},upgrade: {},downgrade: {downgrade}}},",
            pointer("upgrade")
        );
    }
    code
}

/// Writes a constant for each different set of checksums, and names that of each flavour. Most
/// revisions have the same checksum for every flavour, so that there is one.
fn constants(code: &mut String, collection: &Collection, checksums: &[Checksums]) -> [String; 4] {
    let mut written: Vec<Vec<Option<Checksum>>> = Vec::new();
    Flavour::ALL.map(|flavour| {
        let of_flavour: Vec<_> = checksums.iter().map(|checksums| checksums.get(flavour)).collect();
        let place = written.iter().position(|other| *other == of_flavour).unwrap_or_else(|| {
            let value = flavour_value(&of_flavour, collection.digest_of(checksums, flavour));
            let place = written.len();
            let _ = write!(
                code,
                "const FLAVOUR_{place}: ::core::option::Option<underpin_generated::EmbeddedFlavour> = {value};"
            );
            written.push(of_flavour);
            place
        });
        format!("FLAVOUR_{place}")
    })
}

fn flavour_value(checksums: &[Option<Checksum>], digest: Option<Digest>) -> String {
    let Some(digest) = digest else {
        return "::core::option::Option::None".to_owned();
    };
    let packed: Vec<u8> = checksums.iter().flatten().flat_map(|checksum| *checksum.as_bytes()).collect();
    format!(
        "::core::option::Option::Some(underpin_generated::EmbeddedFlavour{{checksums:b\"{}\",digest:b\"{}\"}})",
        packed.escape_ascii(),
        digest.as_bytes().escape_ascii()
    )
}
