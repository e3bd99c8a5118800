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
        restore::Restorer,
    },
    connection,
    preamble::{self, Line},
};
use crate::{
    database::{Database, Interrupt, Session, Stop},
    migrate::failed_to,
    program::{ProgramError, Programs, Started},
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
    let reader = reader(database, programs, (&restorer.file, confined)).map_err(Broken::untouched)?;
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
        Err(unfed) => Err(Broken::untouched(writer.give_up(database, programs.interrupt, unfed).await)),
    }
}

/// What writes the script.
fn reader(
    database: &Database,
    programs: Programs<'_>,
    (file, confined): (&Path, bool),
) -> Result<Started, Diagnostic> {
    let started = programs.start(&["pg_restore"], |command: &mut Command| {
        match confined {
            true => command.args(CONFINED),
            false => command.args(["--clean", "--if-exists"]),
        };
        command.args(["--file", "-"]).arg(file);
        command.stdin(Stdio::null()).stdout(Stdio::piped());
    });
    started.map_err(|error| failure::by_restoring_program(database, error))
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
    text + "BEGIN;\n"
}

/// Why the backup was not given to the server to its end.
enum Unfed {
    /// What writes the script has failed.
    Unread(ProgramError),
    /// A pipe broke: what runs the script has ended.
    Broken(io::Error),
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
            hand_on(script, input, known).await.map_err(Unfed::Broken)?;
            // A script that was cut off ends as well.
            reader.end(interrupt).await.map_err(Unfed::Unread)?;
            let end = format!("\nSELECT '{DONE}';\n");
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
        let (_handle, patience) = Interrupt::new(tokio::time::Instant::now(), Some(COMMITTING));
        let ended = self.psql.end(&patience).await;
        ended.map_err(|error| {
            Broken::during(Phase::Committing, failure::by_restoring_program(database, error))
        })
    }

    /// Ends it, and tells why: what it says itself is worth more than that a pipe broke. Without the word that
    /// ends the transaction the server undoes all of it.
    async fn give_up(mut self, database: &Database, interrupt: &Interrupt, unfed: Unfed) -> Diagnostic {
        let error = match unfed {
            Unfed::Broken(error) => error,
            Unfed::Unread(error) => {
                self.psql.stop().await;
                return failure::by_restoring_program(database, error);
            }
            Unfed::Stopped(stop) => {
                self.psql.stop().await;
                return stop.diagnostic("while a backup was restored");
            }
        };
        drop((self.input.take(), self.answers.take()));
        match self.psql.end(interrupt).await {
            Err(error) => failure::by_restoring_program(database, error),
            Ok(()) => failure::unrestored(error),
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
async fn until_done(answers: &mut ChildStdout) -> Result<(), Unfed> {
    let mut lines = BufReader::new(answers).lines();
    while let Some(line) = lines.next_line().await.map_err(Unfed::Broken)? {
        if line == DONE {
            return Ok(());
        }
    }
    Err(Unfed::Broken(io::ErrorKind::UnexpectedEof.into()))
}
