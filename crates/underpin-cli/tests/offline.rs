//! What the commands say that need files only, as transcripts. Ids, where they are random, and times
//! are left open; everything else is to the letter.
//! `TRYCMD=overwrite cargo test -p underpin-cli --test offline` writes them anew.

#[test]
fn the_transcripts_are_what_the_program_says() {
    trycmd::TestCases::new()
        .env("NO_COLOR", "1")
        .env("COLUMNS", "100")
        .env("EDITOR", "cat")
        .env("VISUAL", "")
        .case("tests/offline/*.trycmd");
}
