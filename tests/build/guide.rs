//! The Rust code of the guide and of the README, as modules that `tests/guide_code.rs` is made of. Most of it is the
//! inside of a function; what that function knows is said here.

use std::{env, error::Error, fmt::Write as _, fs, path::Path};

/// A page, what its code finds around it, and what each block is.
type Page = (&'static str, &'static str, &'static [Block]);

#[derive(Clone, Copy)]
enum Block {
    /// Items of a file, which the blocks behind it know.
    Items,
    /// A file by itself.
    File,
    /// The inside of an `async fn` that may fail.
    Body,
    /// The same, ended by a value.
    Value,
}

use Block::{Body, File, Items, Value};

const MIGRATIONS: &str = r#"static MIGRATIONS: underpin::Embedded = underpin::embed!("migrations");"#;

const PAGES: [Page; 12] = [
    ("README.md", "", &[Body]),
    ("docs/guide/getting-started.md", "", &[File, File]),
    ("docs/guide/hand-written-start-up.md", "", &[Body]),
    (
        "docs/guide/kubernetes.md",
        "use axum::{Router, routing::get};
        use tokio::net::TcpListener;
        async fn orders() -> &'static str { \"\" }",
        &[Body],
    ),
    ("docs/guide/lint.md", "", &[Body]),
    ("docs/guide/models.md", "const arguments: [&str; 0] = [];", &[Items, Body, Items]),
    ("docs/guide/observability.md", "", &[Value]),
    ("docs/guide/revisions-in-rust.md", "", &[Items]),
    ("docs/guide/rolling-deploys.md", "use std::time::Duration;", &[Body, Body]),
    ("docs/guide/schemas.md", "", &[Items]),
    ("docs/guide/sea-orm.md", ENTITIES, &[Body]),
    ("docs/guide/startup.md", "", &[Body, Body, Body]),
];

/// The entities that the page is about, and the URL that it connects to.
const ENTITIES: &str = r#"
    const url: &str = "sqlite::memory:";
    mod author {
        use sea_orm::entity::prelude::*;
        #[derive(Clone, Debug, DeriveEntityModel)]
        #[sea_orm(table_name = "authors")]
        pub struct Model {
            #[sea_orm(primary_key)]
            pub id: i32,
        }
        #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
        pub enum Relation {}
        impl ActiveModelBehavior for ActiveModel {}
    }
    use author as note;
"#;

/// Writes the modules.
pub(crate) fn write() -> Result<(), Box<dyn Error>> {
    let root = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("..");
    let out = env::var("OUT_DIR")?;
    let mut code = String::new();
    for (page, around, blocks) in PAGES {
        let path = root.join(page);
        println!("cargo::rerun-if-changed={}", path.display());
        let text = fs::read_to_string(&path)?;
        code.push_str(&module(page, around, blocks, &text)?);
    }
    let guide = root.join("docs/guide");
    println!("cargo::rerun-if-changed={}", guide.display());
    for entry in fs::read_dir(guide)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        let has_code = !found(&fs::read_to_string(root.join("docs/guide").join(&name))?).is_empty();
        if has_code && !PAGES.iter().any(|(page, ..)| page.ends_with(&name)) {
            return Err(format!("the code of {name} is not in tests/build/guide.rs").into());
        }
    }
    // Where the page about the start-up has it, seen from the file that is written.
    fs::write(Path::new(&out).join("schema.sql"), "CREATE TABLE notes (id integer PRIMARY KEY);\n")?;
    fs::create_dir_all(Path::new(&out).join("guide"))?;
    Ok(fs::write(Path::new(&out).join("guide/code.rs"), code)?)
}

/// The Rust blocks of a page.
fn found(page: &str) -> Vec<String> {
    let (mut blocks, mut inside) = (Vec::<String>::new(), false);
    for line in page.lines() {
        if let Some(language) = line.strip_prefix("```") {
            inside = language == "rust";
            if inside {
                blocks.push(String::new());
            }
        } else if let Some(block) = blocks.last_mut().filter(|_| inside) {
            block.push_str(line);
            block.push('\n');
        }
    }
    blocks
}

fn module(page: &str, around: &str, blocks: &[Block], text: &str) -> Result<String, Box<dyn Error>> {
    let found = found(text);
    if found.len() != blocks.len() {
        let message =
            format!("{page} has {} blocks of Rust, tests/build/guide.rs knows {}", found.len(), blocks.len());
        return Err(message.into());
    }
    let name: String =
        page.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' }).collect();
    let mut inside = String::new();
    for (number, (code, block)) in found.iter().zip(blocks).enumerate() {
        let begin = format!("async fn block_{number}() -> Result<(), Box<dyn std::error::Error>> {{");
        match block {
            Items => inside.push_str(code),
            File => writeln!(inside, "mod block_{number} {{\n{code}\n}}")?,
            Body => writeln!(inside, "{begin}\n{code}\nOk(())\n}}")?,
            Value => writeln!(inside, "{begin}\nlet _ = {{\n{code}\n}};\nOk(())\n}}")?,
        }
    }
    let own = found.iter().any(|code| code.contains("static MIGRATIONS"));
    let migrations = if own || !inside.contains("MIGRATIONS") { "" } else { MIGRATIONS };
    Ok(format!("mod {name} {{\n{inside}\n{around}\n{migrations}\n}}\n"))
}
