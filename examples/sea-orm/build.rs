//! Makes cargo build again when a revision is added.

fn main() {
    println!("cargo::rerun-if-changed=migrations");
}
