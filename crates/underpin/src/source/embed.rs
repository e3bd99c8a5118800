//! The macro that compiles revisions into a program, as programs name it. The work is done in
//! `underpin-macros`, which has to be told what this crate is called.

/// Compiles a directory of revision files into the program.
///
/// The path is relative to the directory of the package's `Cargo.toml`. The macro is an
/// expression of the type [`Embedded`](crate::Embedded):
///
/// ```ignore
/// static MIGRATIONS: underpin::Embedded = underpin::embed!("migrations");
/// ```
///
/// A build script makes cargo notice when a file is added; the macro warns if it is missing:
///
/// ```ignore
/// // build.rs
/// fn main() {
///     println!("cargo::rerun-if-changed=migrations");
/// }
/// ```
///
/// # At compile time
/// Every file is parsed, the graph is built and the checksums are computed, so that nothing is read
/// from a disk when the program runs. The program does not compile if the directory is not
/// there, a file can't be parsed, an id is there twice, a parent is missing, or revisions follow
/// each other in a circle.
///
/// It compiles with a warning if there is no revision, or more than one head. Where several heads
/// are meant, `#[allow(deprecated)]` on the static silences it; that is the lint whose name stable
/// Rust lends to such warnings.
#[cfg(feature = "macros")]
#[macro_export]
macro_rules! embed {
    ($($directory:tt)*) => {
        $crate::source::generated::embed!($crate $($directory)*)
    };
}
