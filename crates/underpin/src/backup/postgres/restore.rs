//! Bringing a backup of PostgreSQL back: `pg_restore` writes the script, `psql` runs it in one transaction, and
//! the word that ends this is said only once everything before it was done.

use std::{collections::BTreeSet, io, path::Path, process::Stdio, time::Duration};

use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    process::{ChildStdin, ChildStdout, Command},
};
use underpin_core::diagnostic::Diagnostic;

use super::{
    super::{
        failure,
        phase::{Broken, Phase},
    },
    connection,
    preamble::{self, Line},
};
use crate::{
    database::{Database, Interrupt, Session, Stop},
    migrate::failed_to,
    program::{ProgramFailure, Programs, Started},
};

/// How long the answer to COMMIT is waited for.
const COMMITTING: Duration = Duration::from_secs(30);

/// What `psql` writes when everything before it is done.
const DONE: &str = "underpin: all of the backup is read";

/// Drops what is there, but for what belongs to an extension: `--clean` of `pg_restore` knows only what is in
/// the backup, and would stumble over what was made since.
const EMPTYING: &str = "\
SET client_min_messages = warning;
DO $underpin$
DECLARE statements text[]; one text;
BEGIN
  SELECT array_agg(s) INTO statements FROM (
    SELECT format('DROP %s IF EXISTS %I.%I CASCADE', CASE c.relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW'
      WHEN 'S' THEN 'SEQUENCE' WHEN 'f' THEN 'FOREIGN TABLE' ELSE 'TABLE' END, n.nspname, c.relname) AS s
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
      AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_class'::regclass
        AND d.objid = c.oid AND d.deptype IN ('e', 'i'))
    UNION ALL
    SELECT format('DROP ROUTINE IF EXISTS %s CASCADE', p.oid::regprocedure)
    FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
    WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
      AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_proc'::regclass
        AND d.objid = p.oid AND d.deptype IN ('e', 'i'))
    UNION ALL
    SELECT format('DROP TYPE IF EXISTS %I.%I CASCADE', n.nspname, t.typname)
    FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
    LEFT JOIN pg_catalog.pg_class c ON c.oid = t.typrelid
    WHERE (t.typtype IN ('e', 'd', 'r') OR (t.typtype = 'c' AND c.relkind = 'c'))
      AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
      AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_type'::regclass
        AND d.objid = t.oid AND d.deptype IN ('e', 'i'))
    UNION ALL
    SELECT format('DROP SCHEMA IF EXISTS %I CASCADE', n.nspname) FROM pg_catalog.pg_namespace n
    WHERE n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'public')
      AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_namespace'::regclass
        AND d.objid = n.oid AND d.deptype = 'e')
  ) AS all_of_it;
  FOREACH one IN ARRAY coalesce(statements, '{}') LOOP EXECUTE one; END LOOP;
END $underpin$;
";

/// Puts a backup in the place of what is there. All of it is one transaction.
pub(in crate::backup) async fn restore(
    session: &mut dyn Session,
    database: &Database,
    programs: Programs<'_>,
    file: &Path,
) -> Result<(), Broken> {
    let known = settings(session, programs.interrupt).await.map_err(Broken::untouched)?;
    let mut pair = Pair::start(database, programs, file).map_err(Broken::untouched)?;
    let opening = opening(&known, programs.interrupt);
    let fed = tokio::select! {
        biased;
        fed = pair.feed(&opening, &known) => fed,
        stop = programs.interrupt.stopped() => Err(Unfed::Stopped(stop)),
    };
    match fed {
        Ok(()) => pair.commit(database, programs.interrupt).await,
        Err(unfed) => Err(Broken::untouched(pair.give_up(database, programs.interrupt, unfed).await)),
    }
}

/// The settings that the server knows.
async fn settings(session: &mut dyn Session, interrupt: &Interrupt) -> Result<BTreeSet<String>, Diagnostic> {
    let canceller = session.canceller();
    let asked = interrupt.guarded(session.fetch("SELECT name FROM pg_catalog.pg_settings"), &canceller).await;
    let rows = asked.map_err(|stop| stop.diagnostic("while a backup was restored"))?;
    let rows = rows.map_err(|error| failed_to(&error, "the settings of the server could not be read"))?;
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
    text + "BEGIN;\n" + EMPTYING
}

/// Why the backup was not given to the server to its end.
enum Unfed {
    /// A pipe broke: one of the two has ended.
    Broken(io::Error),
    Stopped(Stop),
}

/// The program that writes the script and the one that runs it.
struct Pair {
    reader: Started,
    writer: Started,
    script: Option<ChildStdout>,
    input: Option<ChildStdin>,
    answers: Option<ChildStdout>,
}

impl Pair {
    fn start(database: &Database, programs: Programs<'_>, file: &Path) -> Result<Self, Diagnostic> {
        let address = database.server_address().ok_or_else(|| failure::by_pool_only(failure::unrestored))?;
        let failed = |error| failure::by_restoring_program(database, error);
        let mut reader = programs
            .start(&["pg_restore"], |command: &mut Command| {
                command.args(["--clean", "--if-exists", "--file", "-"]).arg(file);
                command.stdin(Stdio::null()).stdout(Stdio::piped());
            })
            .map_err(failed)?;
        let mut writer = programs
            .start(&["psql"], |command: &mut Command| {
                connection(command, address);
                command.args(["--no-psqlrc", "--quiet", "--no-password", "--tuples-only", "--no-align"]);
                command.args(["--set", "ON_ERROR_STOP=1", "--file", "-"]);
                command.stdin(Stdio::piped()).stdout(Stdio::piped());
            })
            .map_err(failed)?;
        let (script, input, answers) = (reader.output(), writer.input(), writer.output());
        Ok(Self { reader, writer, script, input, answers })
    }

    /// Gives the script to the server, and waits until all of it is done.
    async fn feed(&mut self, opening: &str, known: &BTreeSet<String>) -> Result<(), Unfed> {
        let (Some(script), Some(input), Some(answers)) =
            (self.script.take(), self.input.as_mut(), self.answers.as_mut())
        else {
            return Err(Unfed::Broken(io::ErrorKind::BrokenPipe.into()));
        };
        let writing = async {
            input.write_all(opening.as_bytes()).await?;
            hand_on(script, input, known).await?;
            input.write_all(format!("\nSELECT '{DONE}';\n").as_bytes()).await?;
            input.flush().await
        };
        // Its answers are read all the time, so that it never waits for us.
        tokio::try_join!(writing, until_done(answers)).map(drop).map_err(Unfed::Broken)
    }

    /// Ends the transaction, if the reader has ended well.
    async fn commit(mut self, database: &Database, interrupt: &Interrupt) -> Result<(), Broken> {
        let untouched = |error| Broken::untouched(failure::by_restoring_program(database, error));
        if let Err(error) = self.reader.end(interrupt).await {
            self.writer.stop().await;
            return Err(untouched(error));
        }
        if let Err(stop) = interrupt.check() {
            self.writer.stop().await;
            return Err(untouched(self.writer.error(ProgramFailure::Stopped(stop))));
        }
        if let Some(mut input) = self.input.take() {
            // That it can't be written is told by how the program ends.
            let _ = input.write_all(b"COMMIT;\n").await;
        }
        let (_handle, patience) = Interrupt::new(tokio::time::Instant::now(), Some(COMMITTING));
        let unknown =
            |error| Broken::during(Phase::Committing, failure::by_restoring_program(database, error));
        self.writer.end(&patience).await.map_err(unknown)
    }

    /// Ends both, and tells why: what one of them says is worth more than that a pipe broke. Without the word
    /// that ends the transaction the server undoes all of it.
    async fn give_up(mut self, database: &Database, interrupt: &Interrupt, unfed: Unfed) -> Diagnostic {
        let pipe = match unfed {
            Unfed::Stopped(stop) => {
                self.writer.stop().await;
                self.reader.stop().await;
                return stop.diagnostic("while a backup was restored");
            }
            Unfed::Broken(error) => error,
        };
        drop(self.input.take());
        drop(self.answers.take());
        let writer = self.writer.end(interrupt).await;
        let reader = self.reader.end(interrupt).await;
        match writer.and(reader) {
            Err(error) => failure::by_restoring_program(database, error),
            Ok(()) => failure::unrestored(pipe),
        }
    }
}

/// Gives a script to the server as it is, but for settings that the server does not know.
async fn hand_on(script: ChildStdout, input: &mut ChildStdin, known: &BTreeSet<String>) -> io::Result<()> {
    let mut script = BufReader::new(script);
    let mut line = Vec::new();
    loop {
        line.clear();
        if script.read_until(b'\n', &mut line).await? == 0 {
            return Ok(());
        }
        match preamble::look_at(&line, |name| known.contains(name)) {
            Line::Kept => input.write_all(&line).await?,
            Line::LeftOut => {}
            Line::Last => {
                input.write_all(&line).await?;
                return tokio::io::copy_buf(&mut script, input).await.map(drop);
            }
        }
    }
}

/// Reads what the server answers, until it has done all that it was given.
async fn until_done(answers: &mut ChildStdout) -> io::Result<()> {
    let mut lines = BufReader::new(answers).lines();
    while let Some(line) = lines.next_line().await? {
        if line == DONE {
            return Ok(());
        }
    }
    Err(io::ErrorKind::UnexpectedEof.into())
}
