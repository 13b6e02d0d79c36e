//! [`Memory`]: the store in memory with two connections to it.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use driftless_model::cx::{At, Cx, LifeId};
use driftless_model::store::{Database, Flavour, Key, Settings, StoreError, Transaction, View, Writer};

use super::answer::{Answer, Rows, Told};
use super::schema::{TABLES, schema};
use super::statement::{Step, What, Which, Who};
use super::table::{Cell, Def, Table};
use super::world::Bench;

/// The store in memory with two connections to it.
pub struct Memory {
    world: Arc<Bench>,
    database: Database,
    connections: [Connection; 2],
}

struct Connection {
    cx: Cx,
    transaction: Option<Transaction>,
}

impl Memory {
    pub fn new(foreign_keys: bool) -> Self {
        let world = Arc::new(Bench::default());
        // Nobody else acts while a statement waits, so all waits would be in vain.
        let busy_timeout = Duration::ZERO;
        let foreign_keys = foreign_keys.into();
        let settings = Settings { foreign_keys, busy_timeout, ..Settings::of(Flavour::Sqlite) };
        let connections = [(1, "one"), (2, "two")].map(|(life, name)| Connection {
            cx: Cx::root(world.clone(), name.into(), LifeId(life), name),
            transaction: None,
        });
        Memory { database: Database::new(schema(), settings), world, connections }
    }

    /// Whether the connection has an open transaction.
    pub fn is_open(&self, who: Who) -> bool {
        self.connections[who as usize].transaction.is_some()
    }

    /// What is committed.
    pub fn committed(&self) -> Rows {
        self.database.look(rows)
    }

    pub fn take(&mut self, step: &Step) -> Answer {
        let before = self.world.waits();
        let result = self.try_take(step).map_err(|error| error.to_string());
        Answer { result, waits: self.world.waits() > before }
    }

    fn try_take(&mut self, step: &Step) -> Result<Told, StoreError> {
        match step {
            Step::ForeignKeys(on) => {
                self.database.set_foreign_keys(*on);
                Ok(Told::Done)
            }
            Step::Begin(who) => {
                let Connection { cx, transaction } = &mut self.connections[*who as usize];
                *transaction = Some(self.database.begin(cx));
                Ok(Told::Done)
            }
            Step::Commit(who) => {
                let Connection { cx, transaction } = &mut self.connections[*who as usize];
                let transaction = transaction.take().expect("only an open transaction is committed");
                now(transaction.commit(cx, at())).map(|()| Told::Done)
            }
            Step::RollBack(who) => {
                self.connections[*who as usize].transaction = None;
                Ok(Told::Done)
            }
            Step::Read(who) => {
                let Connection { cx, transaction } = &mut self.connections[*who as usize];
                let rows = match transaction {
                    Some(transaction) => now(transaction.read(cx, at(), rows)),
                    None => now(self.database.read(cx, at(), rows)),
                };
                rows.map(Told::Rows)
            }
            Step::Write(who, statement) => {
                let Connection { cx, transaction } = &mut self.connections[*who as usize];
                let run = |writer: &mut Writer<'_>| (statement.def().run)(writer, &statement.what);
                let count = match transaction {
                    Some(transaction) => now(transaction.write(cx, at(), run)),
                    None => now(self.database.write(cx, at(), run)),
                };
                count.map(Told::Count)
            }
        }
    }
}

/// Runs a statement of the table of `T`.
pub fn run<T: Table>(writer: &mut Writer<'_>, what: &What) -> Result<usize, StoreError> {
    let def = const { &Def::of::<T>() };
    match what {
        What::Insert(cells) => writer.insert(T::of(cells)).map(|()| 1),
        What::Put(cells) => writer.put(T::of(cells)).map(|()| 1),
        What::Update { which: Which::Key(key), set } => {
            let row = writer.get::<T>(primary(key)).filter(|row| moves(def, &row.cells(), set));
            let changed = row.map(|row| writer.update(changed(&*row, set)));
            changed.transpose().map(|changed| usize::from(changed.unwrap_or(false)))
        }
        What::Update { which: Which::Where(at, cell), set } => {
            let wanted = |row: &T| row.cells()[*at] == *cell && moves(def, &row.cells(), set);
            writer.update_where(wanted, |row| *row = changed(row, set))
        }
        What::Delete(Which::Key(key)) => writer.delete::<T>(primary(key)).map(usize::from),
        What::Delete(Which::Where(at, cell)) => writer.delete_where(|row: &T| row.cells()[*at] == *cell),
    }
}

fn primary(key: &[Cell]) -> Key {
    let parts: Vec<u8> = key.iter().map(|part| part.expect("no part of a primary key is NULL")).collect();
    let parts: Vec<&dyn std::fmt::Display> = parts.iter().map(|part| part as _).collect();
    Key::of(&parts)
}

/// Whether every key that is set becomes another.
fn moves(def: &Def, cells: &[Cell], set: &[(usize, Cell)]) -> bool {
    set.iter().all(|(at, cell)| !def.is_key(*at) || cells[*at] != *cell)
}

fn changed<T: Table>(row: &T, set: &[(usize, Cell)]) -> T {
    let mut cells = row.cells();
    for (at, cell) in set {
        cells[*at] = *cell;
    }
    T::of(&cells)
}

fn rows(view: &View<'_>) -> Rows {
    let rows = TABLES.iter().map(|def| (def.name, (def.rows)(view)));
    rows.filter(|(_, rows)| !rows.is_empty()).collect()
}

fn at() -> At<'static> {
    At::site("store.compare")
}

/// The output of a future that never has to wait.
fn now<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("there is nothing to wait for in a world without time"),
    }
}
