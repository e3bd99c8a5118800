//! The commands inside another program, which brings its revisions with it.

use underpin::{Embedded, ExitCode, cli};

#[allow(deprecated, reason = "the files of a test stay as they are, so no build script has to watch them")]
static MIGRATIONS: Embedded = underpin::embed!("tests/transcripts/json.in/migrations");

#[tokio::test]
async fn a_program_runs_the_commands_on_its_own_revisions() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let url = format!("sqlite:{}", directory.path().join("shop.db").display());
    let shop = cli::Application::new("shop").called("shop migrate").migrations(&MIGRATIONS);
    for (line, expected) in [
        ("check -q", ExitCode::No),
        ("upgrade -q", ExitCode::Done),
        ("check -q", ExitCode::Done),
        // The whole command line, as it comes without a parser of the program's own.
        ("migrate downgrade -1 -q", ExitCode::Done),
        ("status --exit-code --json -q", ExitCode::No),
        ("downgrade nowhere -q", ExitCode::Conflict),
        ("downgrade -1 --jsom", ExitCode::Usage),
        ("upgrade -q --dir nowhere", ExitCode::Usage),
    ] {
        let words = line.split_whitespace().chain(["-d", &url]);
        assert_eq!(cli::run(&shop, words).await, expected, "{line}");
    }
}
