//! What people type and what they read, as transcripts. Times are left open; everything else is
//! to the letter. `TRYCMD=overwrite cargo test -p underpin-cli --test transcripts` writes them anew.

#[test]
fn the_transcripts_are_what_the_program_says() {
    trycmd::TestCases::new()
        .env("DATABASE_URL", "sqlite:app.db")
        .env("UNDERPIN_DATABASE_URL", "sqlite:app.db")
        .env("NO_COLOR", "1")
        .env("COLUMNS", "100")
        .case("tests/transcripts/*.trycmd");
}
