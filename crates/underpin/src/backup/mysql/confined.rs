//! A dump on its way into a scratch database: a line at a time, each as it may be run there. Which that is, is
//! decided in `core::dump`.

use std::io;

use tokio::{
    fs::File,
    io::{AsyncBufRead, AsyncBufReadExt as _, AsyncWrite, AsyncWriteExt as _, BufReader},
};
use underpin_core::{diagnostic::Diagnostic, dump};

use super::{super::failure, client::Client};

/// How much of a dump may be on its way.
const UNDERWAY: usize = 64 * 1_024;

/// Runs a dump in a scratch database.
pub(super) async fn load(client: &Client<'_>, into: &str, dump: File) -> Result<(), Diagnostic> {
    let (handed, given) = tokio::io::duplex(UNDERWAY);
    let (handing, loaded) = tokio::join!(hand_on(BufReader::new(dump), given), client.load(into, handed));
    match handing {
        // What the dump says is why the program was given no more of it.
        Err(error) if error.kind() == io::ErrorKind::InvalidData => Err(failure::unrestored(error)),
        Err(error) => loaded.and(Err(failure::unrestored(error))),
        Ok(()) => loaded,
    }
}

/// Hands a dump on to its end, or to what may not be run.
async fn hand_on(mut dump: impl AsyncBufRead + Unpin, mut to: impl AsyncWrite + Unpin) -> io::Result<()> {
    let mut line = Vec::new();
    while dump.read_until(b'\n', &mut line).await? > 0 {
        let fit = dump::elsewhere(&line).map_err(leading_away)?;
        to.write_all(&fit).await?;
        line.clear();
    }
    to.flush().await
}

fn leading_away(words: &str) -> io::Error {
    let message = format!(
        "the dump says {words}, which would lead out of the scratch database: \
         dump one database, without --databases"
    );
    io::Error::new(io::ErrorKind::InvalidData, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_dump_is_handed_on_until_it_leads_away() {
        let mut given = Vec::new();
        let dump = b"CREATE DEFINER=`a`@`b` PROCEDURE `p`()\nUSE `shop`;\nDROP TABLE a;\n";
        let error = hand_on(&dump[..], &mut given).await.expect_err("it leads away");
        assert!(error.kind() == io::ErrorKind::InvalidData && error.to_string().contains("USE"), "{error}");
        assert_eq!(given, b"CREATE PROCEDURE `p`()\n");
    }
}
