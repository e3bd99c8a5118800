//! Has cargo notice when a revision is added.

fn main() {
    println!("cargo::rerun-if-changed=revisions");
    println!("cargo::rerun-if-changed=generated");
    println!("cargo::rerun-if-changed=performed");
}
