//! [`Real`]: SQLite itself, on a file, in the journal mode of the real services, with two connections.
//!
//! A third one watches what is committed. Files lie under the build's folder for such things and are removed
//! in the end.

use std::cell::Cell as Shared;
use std::fs;
use std::path::PathBuf;

use rusqlite::{Connection, Error, ErrorCode};

use super::answer::{Answer, Rows, Told};
use super::schema::TABLES;
use super::statement::{Step, Who};
use super::table::Cell;

thread_local! {
    /// Whether SQLite has asked if it should wait.
    static ASKED: Shared<bool> = const { Shared::new(false) };
}

/// How tables are stored, which decides in which order a statement comes by its rows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Layout {
    /// By rowids, as the tables of the real services: in order of their insertion.
    Rowid,
    /// By primary keys, as in memory.
    WithoutRowid,
}

/// SQLite with two connections and a watcher.
pub struct Real {
    path: PathBuf,
    connections: [Connection; 2],
    watcher: Connection,
    /// Rows that the last step wrote because of foreign keys.
    pub along: u64,
    /// Whether the last refusal was for an outdated snapshot.
    pub outdated: bool,
}

impl Real {
    pub fn new(layout: Layout) -> Self {
        let name = format!("sqlite-{}-{layout:?}.db", std::process::id());
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        remove(&path);
        let open = || {
            let mut connection = Connection::open(&path).expect("the folder for test files is writable");
            connection
                .execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF")
                .expect("a fresh file takes the journal mode");
            connection.busy_handler(Some(asked)).expect("there is no other handler");
            connection
        };
        let (connections, watcher) = ([open(), open()], open());
        for def in &TABLES {
            let without = if layout == Layout::WithoutRowid { " WITHOUT ROWID" } else { "" };
            let ddl = format!("{}{without}", def.ddl());
            watcher.execute_batch(&ddl).unwrap_or_else(|error| panic!("{error}: {ddl}"));
        }
        Real { path, connections, watcher, along: 0, outdated: false }
    }

    /// Forgets everything: no rows, no transactions.
    pub fn reset(&mut self, foreign_keys: bool) {
        for connection in &self.connections {
            if !connection.is_autocommit() {
                batch(connection, "ROLLBACK");
            }
            batch(connection, "PRAGMA foreign_keys = OFF");
        }
        let deletes: Vec<String> = TABLES.iter().map(|def| format!("DELETE FROM {};", def.name)).collect();
        batch(&self.connections[0], &format!("BEGIN; {} COMMIT", deletes.concat()));
        self.take(&Step::ForeignKeys(foreign_keys));
    }

    /// What is committed.
    pub fn committed(&self) -> Rows {
        rows(&self.watcher).expect("a reader is never refused in this journal mode")
    }

    pub fn take(&mut self, step: &Step) -> Answer {
        ASKED.set(false);
        self.along = 0;
        let result = self.try_take(step);
        self.outdated = matches!(&result, Err(error) if is_outdated(error));
        Answer { result: result.map_err(words), waits: ASKED.get() }
    }

    fn try_take(&mut self, step: &Step) -> Result<Told, Error> {
        let on = |who: &Who| &self.connections[*who as usize];
        match step {
            Step::ForeignKeys(enforced) => {
                for connection in &self.connections {
                    batch(connection, &format!("PRAGMA foreign_keys = {enforced}"));
                }
                Ok(Told::Done)
            }
            Step::Begin(who) => on(who).execute_batch("BEGIN").map(|()| Told::Done),
            Step::Commit(who) => on(who).execute_batch("COMMIT").map(|()| Told::Done),
            Step::RollBack(who) => on(who).execute_batch("ROLLBACK").map(|()| Told::Done),
            Step::Read(who) => rows(on(who)).map(Told::Rows),
            Step::Write(who, statement) => {
                let before = on(who).total_changes();
                let count = on(who).execute(&statement.to_string(), [])?;
                let along = on(who).total_changes() - before;
                self.along = along.saturating_sub(count as u64);
                Ok(Told::Count(count))
            }
        }
    }
}

impl Drop for Real {
    fn drop(&mut self) {
        remove(&self.path);
    }
}

/// Answers SQLite's question whether to wait. Nobody else acts meanwhile, so it would be in vain.
fn asked(_: i32) -> bool {
    ASKED.set(true);
    false
}

fn rows(connection: &Connection) -> Result<Rows, Error> {
    let mut all = Rows::new();
    for def in &TABLES {
        let mut select = connection.prepare(&format!("SELECT * FROM {}", def.name))?;
        let cells = |row: &rusqlite::Row<'_>| (0..def.columns.len()).map(|at| cell(row, at)).collect();
        let mut rows: Vec<Vec<Cell>> = select.query_map([], cells)?.collect::<Result<_, _>>()?;
        rows.sort();
        if !rows.is_empty() {
            all.push((def.name, rows));
        }
    }
    Ok(all)
}

fn cell(row: &rusqlite::Row<'_>, at: usize) -> Result<Cell, Error> {
    let text: Option<String> = row.get(at)?;
    Ok(text.map(|text| text.parse().expect("only numbers were written")))
}

fn batch(connection: &Connection, sql: &str) {
    connection.execute_batch(sql).unwrap_or_else(|error| panic!("{error}: {sql}"));
}

/// What SQLite says of a refusal. Whatever else goes wrong is a mistake of the test.
fn words(error: Error) -> String {
    match error {
        Error::SqliteFailure(code, Some(words))
            if matches!(code.code, ErrorCode::ConstraintViolation | ErrorCode::DatabaseBusy) =>
        {
            words
        }
        error => panic!("not a refusal: {error}"),
    }
}

fn is_outdated(error: &Error) -> bool {
    error.sqlite_error().is_some_and(|error| error.extended_code == rusqlite::ffi::SQLITE_BUSY_SNAPSHOT)
}

fn remove(path: &std::path::Path) {
    for suffix in ["", "-wal", "-shm"] {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        // It need not be there.
        let _ = fs::remove_file(name);
    }
}
