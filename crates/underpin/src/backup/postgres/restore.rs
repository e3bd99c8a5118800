//! Bringing a backup of PostgreSQL back: `pg_restore` writes the script, `psql` runs it in one transaction, and
//! the word that ends this is said only once everything before it was done.

use std::{collections::BTreeSet, io, process::Stdio, time::Duration};

use tokio::{
    io::{AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _, AsyncWriteExt as _, BufReader},
    process::{ChildStdin, ChildStdout, Command},
};
use underpin_core::diagnostic::Diagnostic;

use super::{
    super::{
        failure,
        phase::{Broken, Phase},
        question::During,
        restore::Restorer,
    },
    connection,
    emptying::EMPTYING,
    listing::{Listing, listing},
    preamble::{self, Line},
};
use crate::{
    database::{Database, Errand, Interrupt, Session, Stop},
    program::{ProgramError, Programs, Started},
};

/// How long the answer to COMMIT is waited for.
const COMMITTING: Duration = Duration::from_secs(30);

/// How `psql` ends where the server has refused a statement, the last one among them ("Exit Status" of psql).
const REFUSED: i32 = 3;

/// What `psql` writes when everything before it is done, in the transaction that was begun for it.
const DONE: &str = "underpin: all of the backup is read";

/// What it writes where something in the backup has ended that transaction.
const ENDED: &str = "underpin: the transaction was ended";

/// How much of the end of a script is looked at.
const END: usize = 4_096;

/// What of a backup is left out in a scratch database: what names other roles, or servers that would hear of it.
const CONFINED: [&str; 7] = [
    "--no-owner",
    "--no-privileges",
    "--no-publications",
    "--no-subscriptions",
    "--no-security-labels",
    "--no-tablespaces",
    "--no-comments",
];

/// Puts a backup in the place of what is there. All of it is one transaction. A scratch database has nothing to
/// be replaced, and its roles may be others.
pub(in crate::backup) async fn restore(
    session: &mut dyn Session,
    restorer: &Restorer<'_>,
    programs: Programs<'_>,
) -> Result<(), Broken> {
    let (database, confined) = (restorer.database, restorer.confined);
    let known = settings(session, programs.interrupt).await.map_err(Broken::untouched)?;
    let listing = listing(session, restorer, programs).await.map_err(Broken::untouched)?;
    let reader = reader(restorer, programs, listing.as_ref()).map_err(Broken::untouched)?;
    let mut writer = Writer::start(database, programs).map_err(Broken::untouched)?;
    let mut opening = opening(&known, programs.interrupt);
    if !confined {
        opening.push_str(EMPTYING);
    }
    let fed = tokio::select! {
        biased;
        fed = writer.feed(&opening, reader, &known, programs.interrupt) => fed,
        stop = programs.interrupt.stopped() => Err(Unfed::Stopped(stop)),
    };
    let fed = fed.and_then(|()| programs.interrupt.check().map_err(Unfed::Stopped));
    match fed {
        Ok(()) => writer.commit(database).await,
        Err(unfed) => Err(writer.give_up(database, programs.interrupt, unfed).await),
    }
}

/// What writes the script.
fn reader(
    restorer: &Restorer<'_>,
    programs: Programs<'_>,
    listing: Option<&Listing>,
) -> Result<Started, Diagnostic> {
    let started = programs.start(&["pg_restore"], |command: &mut Command| {
        match restorer.confined {
            true => command.args(CONFINED),
            false => command.args(["--clean", "--if-exists"]),
        };
        if let Some(listing) = listing {
            command.arg("--use-list").arg(listing.path());
        }
        // Large objects would have transactions of their own.
        command.args(["--single-transaction", "--file", "-"]).arg(&restorer.file);
        command.stdin(Stdio::null()).stdout(Stdio::piped());
    });
    started.map_err(|error| failure::by_restoring_program(restorer.database, error))
}

/// The settings that the server knows.
async fn settings(session: &mut dyn Session, interrupt: &Interrupt) -> Result<BTreeSet<String>, Diagnostic> {
    let question = "SELECT name FROM pg_catalog.pg_settings";
    let failed = "the settings of the server could not be read";
    let rows = During::Restore.ask(session, interrupt, question, failed).await?;
    Ok(rows.iter().map(|row| row.text(0).to_owned()).collect())
}

/// What is said before the backup. If this process is killed, the server notices it and gives up, also while
/// it waits for a lock, and at the latest when the time of the run is over.
fn opening(known: &BTreeSet<String>, interrupt: &Interrupt) -> String {
    let mut text = String::new();
    if known.contains("client_connection_check_interval") {
        text.push_str("SET client_connection_check_interval = '2s';\n");
    }
    if let Some((left, _)) = interrupt.left() {
        text.push_str(&format!("SET lock_timeout = {};\n", left.as_millis().max(1)));
    }
    text + "BEGIN;\nSELECT pg_catalog.set_config('underpin.restore', 'open', true);\n"
}

/// Why the backup was not given to the server to its end.
enum Unfed {
    /// What writes the script has failed.
    Unread(ProgramError),
    /// A pipe broke: what runs the script has ended.
    Broken(io::Error),
    /// The transaction is not the one that was begun.
    Ended,
    Stopped(Stop),
}

/// What runs the script.
struct Writer {
    psql: Started,
    input: Option<ChildStdin>,
    answers: Option<ChildStdout>,
}

impl Writer {
    fn start(database: &Database, programs: Programs<'_>) -> Result<Self, Diagnostic> {
        let address = database.server_address().ok_or_else(|| failure::by_pool_only(failure::unrestored))?;
        let started = programs.start(&["psql"], |command: &mut Command| {
            connection(command, address);
            command.args(["--no-psqlrc", "--quiet", "--no-password", "--tuples-only", "--no-align"]);
            // What is said of an error would have rows in it.
            command.args(["--set", "VERBOSITY=terse", "--set", "SHOW_CONTEXT=never"]);
            command.args(["--set", "ON_ERROR_STOP=1", "--file", "-"]);
            command.stdin(Stdio::piped()).stdout(Stdio::piped());
        });
        let mut psql = started.map_err(|error| failure::by_restoring_program(database, error))?;
        let (input, answers) = (psql.input(), psql.output());
        Ok(Self { psql, input, answers })
    }

    /// Gives it the script, and waits until all of it is done.
    async fn feed(
        &mut self,
        opening: &str,
        mut reader: Started,
        known: &BTreeSet<String>,
        interrupt: &Interrupt,
    ) -> Result<(), Unfed> {
        let (Some(script), Some(input), Some(answers)) =
            (reader.output(), self.input.as_mut(), self.answers.as_mut())
        else {
            return Err(Unfed::Broken(io::ErrorKind::BrokenPipe.into()));
        };
        let writing = async {
            input.write_all(opening.as_bytes()).await.map_err(Unfed::Broken)?;
            let whole = hand_on(script, input, known).await.map_err(Unfed::Broken)?;
            // A script that was cut off ends as well.
            reader.end(interrupt).await.map_err(Unfed::Unread)?;
            if !whole {
                let error = "its script does not end as one of pg_restore does";
                return Err(Unfed::Broken(io::Error::other(error)));
            }
            let end = format!(
                "\nSELECT CASE pg_catalog.current_setting('underpin.restore', true) \
                 WHEN 'open' THEN '{DONE}' ELSE '{ENDED}' END;\n"
            );
            input.write_all(end.as_bytes()).await.map_err(Unfed::Broken)
        };
        // Its answers are read all the time, so that it never waits for us.
        tokio::try_join!(writing, until_done(answers)).map(drop)
    }

    /// Ends the transaction. Until the answer is there, nobody knows.
    async fn commit(mut self, database: &Database) -> Result<(), Broken> {
        if let Some(mut input) = self.input.take() {
            // That it can't be written is told by how the program ends.
            let _ = input.write_all(b"COMMIT;\n").await;
        }
        let (_handle, patience) = Interrupt::new(Errand::PART, tokio::time::Instant::now(), Some(COMMITTING));
        let ended = self.psql.end(&patience).await;
        ended.map_err(|error| {
            let phase = if error.is_status(REFUSED) { Phase::Untouched } else { Phase::Committing };
            Broken::during(phase, failure::by_restoring_program(database, error))
        })
    }

    /// Ends it, and tells why: what it says itself is worth more than that a pipe broke. Without the word that
    /// ends the transaction the server undoes all of it.
    async fn give_up(mut self, database: &Database, interrupt: &Interrupt, unfed: Unfed) -> Broken {
        let error = match unfed {
            Unfed::Broken(error) => error,
            Unfed::Unread(error) => {
                self.psql.stop().await;
                return Broken::untouched(failure::by_restoring_program(database, error));
            }
            Unfed::Ended => {
                self.psql.stop().await;
                let error =
                    failure::unrestored("a statement in it has ended the transaction around all of it");
                return Broken::during(Phase::Emptied, error);
            }
            Unfed::Stopped(stop) => {
                self.psql.stop().await;
                return Broken::untouched(stop.diagnostic("while a backup was restored"));
            }
        };
        // Its answers stay open: it would end for that, and say nothing.
        drop(self.input.take());
        Broken::untouched(match self.psql.end(interrupt).await {
            Err(error) => owned_by_others(failure::by_restoring_program(database, error)),
            Ok(()) => failure::unrestored(error),
        })
    }
}

/// Says who may restore, where the server has refused it for that.
fn owned_by_others(diagnostic: Diagnostic) -> Diagnostic {
    match diagnostic.message.contains("must be owner of") {
        true => diagnostic.hint("the role that restores has to own what is there, but for extensions"),
        false => diagnostic,
    }
}

/// Gives a script to the server as it is, but for settings that the server does not know, and for its transaction.
/// Tells whether it was whole.
async fn hand_on(script: ChildStdout, input: &mut ChildStdin, known: &BTreeSet<String>) -> io::Result<bool> {
    let mut script = BufReader::new(script);
    let mut line = Vec::new();
    loop {
        line.clear();
        if script.read_until(b'\n', &mut line).await? == 0 {
            return Ok(false);
        }
        match preamble::look_at(&line, |name| known.contains(name)) {
            Line::Kept => input.write_all(&line).await?,
            Line::LeftOut => {}
            Line::Last => return hand_on_to_commit(line, &mut script, input).await,
        }
    }
}

/// Gives what is left of a script to the server, but for the word that ends its transaction.
async fn hand_on_to_commit(
    mut held: Vec<u8>,
    script: &mut (impl AsyncRead + Unpin),
    input: &mut ChildStdin,
) -> io::Result<bool> {
    let mut piece = vec![0; 64 * 1_024];
    loop {
        let count = script.read(&mut piece).await?;
        if count == 0 {
            break;
        }
        held.extend_from_slice(&piece[..count]);
        let known = held.len().saturating_sub(END);
        input.write_all(&held[..known]).await?;
        held.drain(..known);
    }
    let Some(end) = preamble::without_commit(&held) else { return Ok(false) };
    input.write_all(&end).await.map(|()| true)
}

/// Reads what the server answers, until it has done all that it was given.
async fn until_done(answers: &mut ChildStdout) -> Result<(), Unfed> {
    let mut lines = BufReader::new(answers).lines();
    while let Some(line) = lines.next_line().await.map_err(Unfed::Broken)? {
        match line.as_str() {
            DONE => return Ok(()),
            ENDED => return Err(Unfed::Ended),
            _ => {}
        }
    }
    Err(Unfed::Broken(io::ErrorKind::UnexpectedEof.into()))
}
