//! Has cargo notice when a revision is added, and makes the code of the guide a module for each page.

#[path = "build/guide.rs"]
mod guide;

fn main() {
    for directory in ["revisions", "generated", "performed", "migrations"] {
        println!("cargo::rerun-if-changed={directory}");
    }
    if let Err(error) = guide::write() {
        println!("cargo::error={error}");
    }
}
