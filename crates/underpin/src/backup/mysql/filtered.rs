//! A dump on its way into a database: a line at a time, each as it may be run there. Which that is, is decided in
//! `core::dump`.

use std::{io, path::Path};

use tokio::{
    fs::File,
    io::{AsyncBufRead, AsyncBufReadExt as _, AsyncWrite, AsyncWriteExt as _, BufReader},
};
use underpin_core::{
    diagnostic::Diagnostic,
    dump::{Destination, Filter, Findings, Part, Views},
};

use super::{super::failure, client::Client};

/// How much of a dump may be on its way, and is read at once.
const UNDERWAY: usize = 64 * 1_024;

/// Runs a dump, or a part of it, in the database that it goes to.
pub(super) async fn load(
    client: &Client<'_>,
    file: &Path,
    to: Destination<'_>,
    part: Part<'_>,
) -> Result<Findings, Diagnostic> {
    let (into, dump) = (database(to), open(file).await?);
    let (handed, given) = tokio::io::duplex(UNDERWAY);
    let filter = Filter::new(to, part);
    let (handing, loaded) = tokio::join!(hand_on(dump, filter, given), client.load(into, handed));
    match handing {
        // What the dump says is why the program was given no more of it.
        Err(error) if error.kind() == io::ErrorKind::InvalidData => Err(failure::unrestored(error)),
        Err(error) => loaded.and(Err(failure::unrestored(error))),
        Ok(findings) => loaded.map(|()| findings),
    }
}

/// Reads a dump to its end, and returns what whoever loads it must know.
pub(super) async fn findings(file: &Path) -> Result<Findings, Diagnostic> {
    let filter = Filter::new(Destination::InPlace(""), Part::Whole);
    let read = hand_on(open(file).await?, filter, tokio::io::sink()).await;
    read.map_err(|error| match error.kind() {
        io::ErrorKind::InvalidData => failure::unrestored(format!("{}: {error}", file.display()))
            .hint("dump one database, without --databases, --source-data and --dump-replica"),
        _ => failure::unrestored(format!("{}: {error}", file.display())),
    })
}

const fn database(to: Destination<'_>) -> &str {
    match to {
        Destination::InPlace(name) | Destination::Beside(name) | Destination::Scratch(name) => name,
    }
}

async fn open(file: &Path) -> Result<BufReader<File>, Diagnostic> {
    let opened = File::open(file).await;
    let opened =
        opened.map_err(|error| failure::unrestored(format!("can't read {}: {error}", file.display())))?;
    Ok(BufReader::with_capacity(UNDERWAY, opened))
}

/// Hands a dump on to its end, or to what may not be run.
async fn hand_on(
    mut dump: impl AsyncBufRead + Unpin,
    mut filter: Filter<'_>,
    mut to: impl AsyncWrite + Unpin,
) -> io::Result<Findings> {
    let (mut line, mut number, mut views) = (Vec::new(), 0_usize, Views::default());
    while dump.read_until(b'\n', &mut line).await? > 0 {
        number += 1;
        let fit = filter.line(&line).map_err(|words| leading_away(words, number))?;
        to.write_all(views.line(&fit)).await?;
        line.clear();
    }
    to.write_all(&views.end()).await?;
    to.flush().await?;
    Ok(filter.findings())
}

fn leading_away(words: &str, line: usize) -> io::Error {
    let message = format!("it leads out of the database that it is given to, in line {line}, by {words}");
    io::Error::new(io::ErrorKind::InvalidData, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_dump_is_handed_on_until_it_leads_away() {
        let mut given = Vec::new();
        let dump = b"CREATE DEFINER=`a`@`b` VIEW `p` AS\nSELECT 1;\nUSE `shop`;\nDROP TABLE a;\n";
        let filter = Filter::new(Destination::Scratch("x"), Part::Whole);
        let error = hand_on(&dump[..], filter, &mut given).await.expect_err("it leads away");
        let text = error.to_string();
        assert!(error.kind() == io::ErrorKind::InvalidData && text.contains("line 3, by USE"), "{text}");
        assert_eq!(given, b"CREATE VIEW `p` AS\nSELECT 1;\n");
    }
}
