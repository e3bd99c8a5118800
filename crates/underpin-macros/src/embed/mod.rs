//! `embed!`: from a directory of revision files to an expression of static data, checked on the way.
//! What is right or wrong about revisions is decided in `underpin-core`, not here.

mod build_script;
mod disk;
mod input;
mod report;
mod write;

use std::path::PathBuf;

use proc_macro2::TokenStream;
use quote::quote;
use underpin_core::{
    diagnostic::{Diagnostic, ErrorKind},
    revision::{Collection, RevisionGraph, RevisionText, read_folder},
};

use disk::Disk;
use input::Input;

/// The expression that `embed!` stands for, or one that does not compile and says why.
pub(crate) fn expand(input: TokenStream) -> TokenStream {
    let input: Input = match syn::parse2(input) {
        Ok(input) => input,
        Err(error) => return error.into_compile_error(),
    };
    match embed(&input) {
        Ok(expression) => expression,
        Err(errors) => report::errors(&input, &errors),
    }
}

fn embed(input: &Input) -> Result<TokenStream, Vec<Diagnostic>> {
    let package = package_directory().map_err(|error| vec![error])?;
    let shown = input.shown();
    let texts = read_folder(&Disk, &package.join(input.directory()), &shown)
        .map_err(|errors| explain_directory(input, errors))?;
    let collection = Collection::parse(texts.iter().map(|text| (&*text.file, &*text.text)))?;
    let graph = collection.graph().map_err(|error| vec![error.into()])?;
    let expression = write::expression(&shown, &texts, &collection, &graph)?;

    let mut warnings = warnings(&shown, &texts, &graph);
    warnings.extend(build_script::missing_line(&package, &input.directory()));
    let warnings = warnings.iter().map(|warning| report::warning(input, warning));
    let underpin = &input.underpin;
    Ok(quote! {{
        use #underpin::source::generated as underpin_generated;
        #(#warnings)*
        #expression
    }})
}

fn package_directory() -> Result<PathBuf, Diagnostic> {
    std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from).ok_or_else(|| {
        Diagnostic::new(
            ErrorKind::Configuration,
            "CARGO_MANIFEST_DIR is not set, so no directory can be found",
        )
        .hint("build with cargo, or set the variable to the directory of the package's Cargo.toml")
    })
}

fn explain_directory(input: &Input, mut errors: Vec<Diagnostic>) -> Vec<Diagnostic> {
    for error in errors.iter_mut().filter(|error| error.kind == ErrorKind::DirectoryNotFound) {
        let hint = format!("{:?} is looked for beside the Cargo.toml of this package", input.directory());
        error.hints.push(hint);
    }
    errors
}

fn warnings(shown: &str, texts: &[RevisionText], graph: &RevisionGraph) -> Vec<String> {
    let mut warnings = Vec::new();
    if texts.is_empty() {
        warnings.push(format!(
            "the revision directory {shown} holds no revision, so there is nothing to migrate\n\
             hint: write the first one with `underpin revision -m \"…\"`"
        ));
    }
    let heads = graph.heads();
    if heads.len() > 1 {
        let heads: Vec<String> = heads.iter().filter_map(|id| graph.get(id)).map(head).collect();
        warnings.push(format!(
            "the revisions have {} heads:\n{}\nhint: join them with `underpin merge heads`",
            heads.len(),
            heads.join("\n")
        ));
    }
    warnings
}

fn head(revision: &underpin_core::revision::Revision) -> String {
    format!("  {} ({})", revision.header.id, revision.file)
}
