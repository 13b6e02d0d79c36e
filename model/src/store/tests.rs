//! The store under two callers at a time: a world whose turns come at once, polled by hand, so that each
//! test decides who goes on when. Every test is a claim about the real database, by flavour where they
//! differ.
#![allow(clippy::unwrap_used)]

mod backup;
mod disturbance;

use std::collections::BTreeMap;
use std::future::{Future, poll_fn};
use std::io;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use chrono::{DateTime, FixedOffset};
use uuid::Uuid;

use super::*;
use crate::cx::{
    At, BoxFuture, Connection, CrossingId, Cx, Handle, LifeId, Listener, Mint, Passage, Record, Subject,
    Task, Turn, Wait, World,
};

/// A world whose turns come at once and whose clock is moved by hand.
#[derive(Default)]
struct Bench(Mutex<Inside>);

#[derive(Default)]
struct Inside {
    last: u64,
    now: Duration,
    /// How the next turn passes, if not through.
    passage: Option<Passage>,
    records: BTreeMap<CrossingId, Record>,
}

impl Bench {
    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.0.lock().unwrap()
    }
}

impl World for Bench {
    fn turn<'a>(&'a self, _: &'a Arc<Task>, _: At<'a>) -> BoxFuture<'a, Turn> {
        Box::pin(async {
            let mut inside = self.inside();
            inside.last += 1;
            let passage = inside.passage.take().unwrap_or(Passage::Through);
            Turn { id: CrossingId(inside.last), passage, record: Record::default() }
        })
    }

    fn end(&self, _: &Arc<Task>, turn: Turn) -> bool {
        self.inside().records.insert(turn.id, turn.record);
        true
    }

    fn sleep<'a>(&'a self, _: &'a Arc<Task>, for_: Duration, _: Wait) -> BoxFuture<'a, ()> {
        let until = self.inside().now + for_;
        Box::pin(poll_fn(move |_| if self.inside().now >= until { Poll::Ready(()) } else { Poll::Pending }))
    }

    fn uptime(&self, _: &Arc<Task>) -> Duration {
        self.inside().now
    }

    fn connect<'a>(&'a self, _: &'a Arc<Task>, _: &'a str) -> BoxFuture<'a, io::Result<Connection>> {
        unimplemented!()
    }

    fn listen<'a>(&'a self, _: &'a Arc<Task>) -> BoxFuture<'a, io::Result<Box<dyn Listener>>> {
        unimplemented!()
    }

    fn wall(&self, _: &Arc<Task>) -> DateTime<FixedOffset> {
        unimplemented!()
    }

    fn mint(&self, _: &Arc<Task>, _: Mint<'_>) -> Uuid {
        unimplemented!()
    }

    fn draw(&self, _: &Arc<Task>, _: &'static str) -> u64 {
        unimplemented!()
    }

    fn caused_by(&self, _: &Arc<Task>, _: CrossingId, _: &str, _: Subject<'_>) -> Arc<str> {
        unimplemented!()
    }

    fn spawn(&self, _: Arc<Task>, _: BoxFuture<'static, ()>) -> Handle {
        unimplemented!()
    }
}

/// An artifact of an organisation: unique by handle.
#[derive(Clone, Debug, PartialEq, Hash)]
struct Artifact {
    id: u32,
    handle: Option<&'static str>,
    note: &'static str,
}

/// A deployment: goes with its artifact, and lets go of the one it was based on.
#[derive(Clone, Debug, PartialEq, Hash)]
struct Deployment {
    id: u32,
    artifact: u32,
    base: Option<u32>,
}

/// A proxy: keeps the artifact whose handle it names from going.
#[derive(Clone, Debug, PartialEq, Hash)]
struct Proxy {
    id: u32,
    handle: &'static str,
}

impl Row for Artifact {
    const TABLE: &'static str = "artifacts";
    const PRIMARY: &'static str = "artifacts.id";
    const UNIQUE: &'static [Unique<Self>] =
        &[Unique { name: "artifacts.handle", key: |row| row.handle.map(Key::from) }];

    fn key(&self) -> Key {
        id(self.id)
    }
}

impl Row for Deployment {
    const TABLE: &'static str = "deployments";
    const FOREIGN: &'static [Foreign<Self>] = &[
        Foreign {
            name: "deployments.artifact",
            parent: "artifacts",
            target: Target::PrimaryKey,
            key: |row| Some(id(row.artifact)),
            on_delete: OnDelete::Cascade,
        },
        Foreign {
            name: "deployments.base",
            parent: "deployments",
            target: Target::PrimaryKey,
            key: |row| row.base.map(id),
            on_delete: OnDelete::SetNull(|row| row.base = None),
        },
    ];

    fn key(&self) -> Key {
        id(self.id)
    }
}

impl Row for Proxy {
    const TABLE: &'static str = "proxies";
    const FOREIGN: &'static [Foreign<Self>] = &[Foreign {
        name: "proxies.handle",
        parent: "artifacts",
        target: Target::Unique("artifacts.handle"),
        key: |row| Some(row.handle.into()),
        on_delete: OnDelete::Restrict,
    }];

    fn key(&self) -> Key {
        id(self.id)
    }
}

fn id(id: u32) -> Key {
    Key::from([id])
}

fn artifact(id: u32, handle: &'static str) -> Artifact {
    Artifact { id, handle: Some(handle), note: "" }
}

fn deployment(id: u32, artifact: u32) -> Deployment {
    Deployment { id, artifact, base: None }
}

/// A database, its world and two callers.
struct Fixture {
    world: Arc<Bench>,
    db: Database,
    cx: Cx,
    other: Cx,
}

fn fixture(flavour: Flavour) -> Fixture {
    let world = Arc::new(Bench::default());
    // The child first: tables may be declared in any order.
    let schema = Schema::new().table::<Deployment>().table::<Artifact>().table::<Proxy>();
    let db = Database::new(schema, Settings::of(flavour));
    let cx = Cx::root(world.clone(), "platform".into(), LifeId(1), "one");
    let other = Cx::root(world.clone(), "platform/b".into(), LifeId(2), "two");
    Fixture { world, db, cx, other }
}

impl Fixture {
    /// Writes on its own.
    fn write<R>(&self, body: impl FnMut(&mut Writer<'_>) -> Result<R, StoreError>) -> Result<R, StoreError> {
        now(self.db.write(&self.cx, at(), body))
    }

    fn insert<T: Row>(&self, row: T) -> Result<(), StoreError> {
        self.write(|store| store.insert(row.clone()))
    }

    /// What the last crossing did.
    fn last(&self) -> (CrossingId, Record) {
        self.world.inside().records.pop_last().expect("something crossed")
    }

    fn count<T: Row>(&self) -> usize {
        self.db.look(|view| view.count::<T>(|_| true))
    }

    fn pass(&self, time: Duration) {
        self.world.inside().now += time;
    }
}

fn at() -> At<'static> {
    At::site("store.test")
}

fn poll<F: Future>(future: Pin<&mut F>) -> Option<F::Output> {
    match future.poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => Some(output),
        Poll::Pending => None,
    }
}

/// The output of a future that has nothing to wait for.
fn now<F: Future>(future: F) -> F::Output {
    poll(pin!(future)).expect("nothing to wait for")
}

const BOTH: [Flavour; 2] = [Flavour::Sqlite, Flavour::Postgres];

fn unique(constraint: &'static str, flavour: Flavour) -> StoreError {
    StoreError::Unique { constraint, flavour }
}

fn foreign(constraint: &'static str, flavour: Flavour) -> StoreError {
    StoreError::Foreign { constraint, flavour }
}

#[test]
fn keys_are_ordered_by_their_parts_and_never_collide() {
    let mut keys = vec![
        Key::from("a"),
        Key::from(("a", "")),
        Key::from(("a", "b")),
        Key::from(["a", "b", "c"]),
        Key::from("a\0"),
        Key::from(("a\0", "b")),
        Key::from("a\0b"),
        Key::from("ab"),
    ];
    let as_written = keys.clone();
    keys.sort();
    keys.dedup();
    assert_eq!(keys, as_written);
    assert_eq!(Key::from(("a\0", "b")).parts(), ["a\0", "b"]);
    let uuid = Uuid::from_u128(7);
    assert_eq!(Key::from(uuid), Key::from([uuid]));
    assert_eq!(Key::from(uuid), Key::from(uuid.to_string()));
}

#[test]
fn unique_constraints_refuse_in_the_words_of_the_database() {
    for flavour in BOTH {
        let fixture = fixture(flavour);
        fixture.insert(artifact(1, "petstore")).unwrap();
        assert_eq!(fixture.insert(artifact(1, "other")), Err(unique("artifacts.id", flavour)));
        let refused = fixture.insert(artifact(2, "petstore")).unwrap_err();
        assert_eq!(refused, unique("artifacts.handle", flavour));
        assert_eq!(fixture.last().1.failed, Some(refused.to_string()));
        // A NULL is no value, so two of them aren't equal.
        fixture.insert(Artifact { id: 3, handle: None, note: "" }).unwrap();
        fixture.insert(Artifact { id: 4, handle: None, note: "" }).unwrap();
        // A handle that is given up is free at once.
        fixture.write(|store| store.update(artifact(1, "renamed"))).unwrap();
        fixture.insert(artifact(2, "petstore")).unwrap();
        assert_eq!(fixture.count::<Artifact>(), 4);
    }
    let words = unique("artifacts.handle", Flavour::Sqlite).to_string();
    assert_eq!(words, "UNIQUE constraint failed: artifacts.handle");
}

#[test]
fn a_failed_statement_leaves_nothing_behind() {
    for flavour in BOTH {
        let fixture = fixture(flavour);
        fixture.insert(artifact(1, "petstore")).unwrap();
        let version = fixture.db.version();
        let result = fixture.write(|store| {
            store.insert(artifact(2, "orders"))?;
            store.delete::<Artifact>(id(1))?;
            store.insert(artifact(3, "orders"))
        });
        assert_eq!(result, Err(unique("artifacts.handle", flavour)));
        assert_eq!(fixture.count::<Artifact>(), 1);
        assert_eq!(fixture.db.version(), version);
        fixture.insert(artifact(2, "orders")).unwrap();
    }
}

#[test]
fn a_panicking_body_leaves_nothing_behind() {
    let fixture = fixture(Flavour::Postgres);
    let panicking = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let _ = fixture.write::<()>(|store| {
            store.insert(artifact(1, "petstore"))?;
            panic!("on purpose");
        });
    }));
    assert!(panicking.is_err());
    fixture.insert(artifact(2, "petstore")).unwrap();
    assert_eq!(fixture.count::<Artifact>(), 1);
}

#[test]
fn deletes_cascade_let_go_or_are_refused() {
    for flavour in BOTH {
        let fixture = fixture(flavour);
        assert_eq!(fixture.insert(deployment(1, 1)), Err(foreign("deployments.artifact", flavour)));
        fixture.insert(artifact(1, "petstore")).unwrap();
        fixture.insert(deployment(1, 1)).unwrap();
        fixture.insert(Deployment { id: 2, artifact: 1, base: Some(1) }).unwrap();
        // To be one's own base is odd, and allowed.
        fixture.insert(Deployment { id: 3, artifact: 1, base: Some(3) }).unwrap();
        fixture.insert(Proxy { id: 1, handle: "petstore" }).unwrap();

        assert_eq!(fixture.write(|store| store.delete::<Deployment>(id(1))), Ok(true));
        let two = fixture.db.look(|view| view.get::<Deployment>(id(2))).unwrap();
        assert_eq!(two.base, None);

        let delete = |store: &mut Writer<'_>| store.delete::<Artifact>(id(1));
        assert_eq!(fixture.write(delete), Err(foreign("proxies.handle", flavour)));
        let rename = |store: &mut Writer<'_>| store.update(artifact(1, "renamed"));
        assert_eq!(fixture.write(rename), Err(foreign("proxies.handle", flavour)));
        assert_eq!(fixture.count::<Deployment>(), 2);

        fixture.write(|store| store.delete_where::<Proxy>(|_| true)).unwrap();
        assert_eq!(fixture.write(delete), Ok(true));
        assert_eq!(fixture.count::<Deployment>(), 0);
        let (_, record) = fixture.last();
        let tables: Vec<_> = record.changes.iter().map(|change| change.table).collect();
        assert_eq!(tables, ["artifacts", "deployments", "deployments"]);
        assert_eq!(record.changes[0].before_as::<Artifact>(), Some(&artifact(1, "petstore")));
        assert!(record.changes[0].after.is_none() && record.changes[0].before_as::<Proxy>().is_none());
    }
}

#[test]
fn a_parent_may_go_before_its_children_within_one_statement() {
    let fixture = fixture(Flavour::Postgres);
    fixture.insert(artifact(1, "petstore")).unwrap();
    fixture.insert(Proxy { id: 1, handle: "petstore" }).unwrap();
    let both = |store: &mut Writer<'_>| {
        store.delete::<Artifact>(id(1))?;
        store.delete::<Proxy>(id(1))
    };
    assert_eq!(fixture.write(both), Ok(true));
}

#[test]
fn without_enforcement_foreign_keys_do_nothing() {
    let fixture = fixture(Flavour::Sqlite);
    fixture.insert(artifact(1, "petstore")).unwrap();
    fixture.insert(deployment(1, 1)).unwrap();
    fixture.insert(Proxy { id: 1, handle: "petstore" }).unwrap();
    fixture.db.set_foreign_keys(false);
    assert_eq!(fixture.write(|store| store.delete::<Artifact>(id(1))), Ok(true));
    assert_eq!(fixture.count::<Deployment>(), 1);
    fixture.insert(deployment(2, 99)).unwrap();
}

#[test]
fn aging_foreign_keys_hold_on_one_connection_and_for_a_while() {
    for flavour in BOTH {
        let mut fixture = fixture(flavour);
        let schema = Schema::new().table::<Deployment>().table::<Artifact>().table::<Proxy>();
        let settings = Settings { foreign_keys: ForeignKeys::Aging, ..Settings::of(flavour) };
        fixture.db = Database::new(schema, settings);
        // An orphan is let in where nothing is enforced, which is never in Postgres.
        let orphan = |n| fixture.insert(deployment(n, 99)).is_ok();
        let sqlite = flavour == Flavour::Sqlite;
        assert!(!orphan(1));
        let open = fixture.db.begin(&fixture.cx);
        assert_eq!(orphan(2), sqlite);
        drop(open);
        assert!(!orphan(3));
        fixture.pass(Duration::from_secs(300));
        assert_eq!(orphan(4), sqlite);
    }
}

#[test]
fn what_a_statement_saw_or_missed_is_among_its_causes() {
    let fixture = fixture(Flavour::Sqlite);
    let seen = |body: &dyn Fn(&View<'_>)| {
        now(fixture.db.read(&fixture.cx, at(), body)).unwrap();
        fixture.last().1.seen
    };
    fixture.insert(artifact(1, "petstore")).unwrap();
    let made = fixture.last().0;
    fixture.insert(artifact(2, "orders")).unwrap();
    let second = fixture.last().0;
    assert_eq!(seen(&|view| drop(view.get::<Artifact>(id(1)))), [made]);
    assert_eq!(seen(&|view| drop(view.scan::<Artifact>(|_| true))), [made, second]);
    assert_eq!(seen(&|view| drop(view.first::<Artifact>(|_| true))), [made]);
    fixture.write(|store| store.delete::<Artifact>(id(1))).unwrap();
    let (gone, record) = fixture.last();
    assert_eq!(record.seen, [made]);
    assert_eq!(seen(&|view| drop(view.get::<Artifact>(id(1)))), [gone]);
    assert_eq!(seen(&|view| drop(view.first::<Artifact>(|_| true))), [second, gone]);
    assert_eq!(seen(&|view| _ = view.count::<Artifact>(|row| row.id == 1)), [gone]);
    assert_eq!(seen(&|view| _ = view.count::<Artifact>(|row| row.id == 7)), []);
    // A child that comes too late blames whoever deleted its parent.
    fixture.insert(deployment(1, 1)).unwrap_err();
    assert_eq!(fixture.last().1.seen, [gone]);
    fixture.insert(artifact(1, "petstore")).unwrap();
    let (again, record) = fixture.last();
    assert_eq!(record.seen, [gone]);
    assert_eq!(seen(&|view| drop(view.get::<Artifact>(id(1)))), [again]);
}

#[test]
fn tombstones_are_bounded() {
    let fixture = fixture(Flavour::Sqlite);
    for id_ in 0..300 {
        fixture.insert(Artifact { id: id_, handle: None, note: "" }).unwrap();
        fixture.write(|store| store.delete::<Artifact>(id(id_))).unwrap();
    }
    now(fixture.db.read(&fixture.cx, at(), |view| view.count::<Artifact>(|_| true))).unwrap();
    assert_eq!(fixture.last().1.seen.len(), 256);
}

#[test]
fn a_transaction_is_seen_by_nobody_else_before_its_commit() {
    for flavour in BOTH {
        let fixture = fixture(flavour);
        let (db, cx) = (&fixture.db, &fixture.cx);
        let mut tx = db.begin(cx);
        now(tx.write(cx, at(), |store| store.insert(artifact(1, "petstore")))).unwrap();
        assert!(fixture.last().1.changes.is_empty());
        assert_eq!(now(tx.read(cx, at(), |view| view.count::<Artifact>(|_| true))), Ok(1));
        assert_eq!(now(db.read(cx, at(), |view| view.count::<Artifact>(|_| true))), Ok(0));
        assert_eq!(db.version(), 0);
        now(tx.commit(cx, at())).unwrap();
        assert_eq!(fixture.last().1.changes.len(), 1);
        assert_eq!((fixture.count::<Artifact>(), db.version()), (1, 1));

        let mut tx = db.begin(cx);
        now(tx.write(cx, at(), |store| store.delete::<Artifact>(id(1)))).unwrap();
        drop(tx);
        assert_eq!((fixture.count::<Artifact>(), db.version()), (1, 1));
        assert_eq!(fixture.insert(artifact(2, "petstore")), Err(unique("artifacts.handle", flavour)));
    }
}

#[test]
fn a_write_that_changes_nothing_is_no_change() {
    let fixture = fixture(Flavour::Postgres);
    fixture.insert(artifact(1, "petstore")).unwrap();
    fixture.write(|store| store.put(artifact(1, "petstore"))).unwrap();
    assert!(fixture.last().1.changes.is_empty());
    fixture
        .write(|store| {
            store.insert(artifact(2, "orders"))?;
            store.delete::<Artifact>(id(2))
        })
        .unwrap();
    assert!(fixture.last().1.changes.is_empty());
    assert_eq!(fixture.db.version(), 1);
}

#[test]
fn after_an_error_only_postgres_gives_the_transaction_up() {
    for flavour in BOTH {
        let fixture = fixture(flavour);
        let cx = &fixture.cx;
        fixture.insert(artifact(1, "petstore")).unwrap();
        let mut tx = fixture.db.begin(cx);
        now(tx.write(cx, at(), |store| store.insert(artifact(2, "orders")))).unwrap();
        now(tx.write(cx, at(), |store| store.insert(artifact(3, "petstore")))).unwrap_err();
        let next = now(tx.write(cx, at(), |store| store.insert(artifact(3, "billing"))));
        let commit = now(tx.commit(cx, at()));
        match flavour {
            Flavour::Sqlite => {
                assert_eq!((next, commit), (Ok(()), Ok(())));
                assert_eq!(fixture.count::<Artifact>(), 3);
            }
            Flavour::Postgres => {
                assert_eq!((next, commit), (Err(StoreError::Aborted), Err(StoreError::Aborted)));
                assert_eq!(fixture.count::<Artifact>(), 1);
            }
        }
    }
}

#[test]
fn sqlite_writers_wait_for_one_another() {
    let fixture = fixture(Flavour::Sqlite);
    let (db, cx, other) = (&fixture.db, &fixture.cx, &fixture.other);
    let mut tx = db.begin(cx);
    now(tx.write(cx, at(), |store| store.insert(artifact(1, "petstore")))).unwrap();
    // Another table, and still the same store.
    let mut waiting = pin!(db.write(other, at(), |store| store.delete_where::<Proxy>(|_| true)));
    assert_eq!(poll(waiting.as_mut()), None);
    fixture.pass(Duration::from_secs(4));
    assert_eq!(poll(waiting.as_mut()), None);
    now(tx.commit(cx, at())).unwrap();
    let committed = fixture.last().0;
    assert_eq!(poll(waiting), Some(Ok(0)));
    assert_eq!(other.task().take_seen(), [committed]);
}

#[test]
fn sqlite_writers_wait_five_seconds_in_all() {
    let fixture = fixture(Flavour::Sqlite);
    let (db, cx, other) = (&fixture.db, &fixture.cx, &fixture.other);
    let mut tx = db.begin(cx);
    now(tx.write(cx, at(), |store| store.insert(artifact(1, "petstore")))).unwrap();
    let mut waiting = pin!(db.write(other, at(), |store| store.insert(artifact(2, "orders"))));
    assert_eq!(poll(waiting.as_mut()), None);
    fixture.pass(Duration::from_secs(3));
    // The lock passes to a third before the waiter's turn comes; its two seconds that are left still count.
    drop(tx);
    let mut third = db.begin(cx);
    now(third.write(cx, at(), |store| store.insert(artifact(3, "billing")))).unwrap();
    assert_eq!(poll(waiting.as_mut()), None);
    fixture.pass(Duration::from_millis(1_999));
    assert_eq!(poll(waiting.as_mut()), None);
    fixture.pass(Duration::from_millis(1));
    assert_eq!(poll(waiting), Some(Err(StoreError::Busy)));
    assert_eq!(fixture.last().1.failed.as_deref(), Some("database is locked"));
}

#[test]
fn sqlite_readers_see_a_snapshot_and_may_not_become_writers_late() {
    let fixture = fixture(Flavour::Sqlite);
    let (db, cx, other) = (&fixture.db, &fixture.cx, &fixture.other);
    fixture.insert(artifact(1, "petstore")).unwrap();
    let mut tx = db.begin(other);
    let count = |view: &View<'_>| view.count::<Artifact>(|_| true);
    assert_eq!(now(tx.read(other, at(), count)), Ok(1));
    now(db.write(cx, at(), |store| store.insert(artifact(2, "orders")))).unwrap();
    assert_eq!(now(tx.read(other, at(), count)), Ok(1));
    let late = now(tx.write(other, at(), |store| store.insert(artifact(3, "billing"))));
    assert_eq!(late, Err(StoreError::Busy));
    assert_eq!(now(tx.read(other, at(), count)), Ok(1));
    drop(tx);

    // Nobody has written since: the reader becomes the writer, and sees what it writes.
    let mut tx = db.begin(other);
    assert_eq!(now(tx.read(other, at(), count)), Ok(2));
    now(tx.write(other, at(), |store| store.insert(artifact(3, "billing")))).unwrap();
    assert_eq!(now(tx.read(other, at(), count)), Ok(3));

    // Another reader need not wait to be refused: what it has read is about to be outdated.
    let mut reader = db.begin(cx);
    assert_eq!(now(reader.read(cx, at(), count)), Ok(2));
    assert_eq!(now(reader.write(cx, at(), |store| store.delete::<Artifact>(id(1)))), Err(StoreError::Busy));
    now(tx.commit(other, at())).unwrap();
}

#[test]
fn postgres_writers_meet_at_a_row() {
    let fixture = fixture(Flavour::Postgres);
    let (db, cx, other) = (&fixture.db, &fixture.cx, &fixture.other);
    fixture.insert(artifact(1, "petstore")).unwrap();
    fixture.insert(artifact(2, "orders")).unwrap();
    let mut tx = db.begin(cx);
    let note = |note| {
        move |store: &mut Writer<'_>| {
            store.update_where::<Artifact>(|row| row.id == 1 && row.note != "end", |row| row.note = note)
        }
    };
    now(tx.write(cx, at(), note("end"))).unwrap();
    // Another row is free, and readers never wait.
    now(db.write(other, at(), |store| store.delete::<Artifact>(id(2)))).unwrap();
    assert_eq!(now(db.read(other, at(), |view| view.get::<Artifact>(id(1)).unwrap().note)), Ok(""));
    let mut waiting = pin!(db.write(other, at(), note("late")));
    assert_eq!(poll(waiting.as_mut()), None);
    fixture.pass(Duration::from_secs(3600));
    assert_eq!(poll(waiting.as_mut()), None);
    now(tx.commit(cx, at())).unwrap();
    // It sees the row as it is now, and wants it no longer.
    assert_eq!(poll(waiting), Some(Ok(0)));
}

#[test]
fn postgres_unique_checks_wait_for_the_other_transaction() {
    for commits in [true, false] {
        let fixture = fixture(Flavour::Postgres);
        let (db, cx, other) = (&fixture.db, &fixture.cx, &fixture.other);
        let mut tx = db.begin(cx);
        now(tx.write(cx, at(), |store| store.insert(artifact(1, "petstore")))).unwrap();
        let mut by_key = pin!(db.write(other, at(), |store| store.insert(artifact(1, "other"))));
        let mut by_handle = pin!(db.write(other, at(), |store| store.insert(artifact(2, "petstore"))));
        let mut upsert = pin!(db.write(other, at(), |store| store.put(artifact(1, "third"))));
        assert_eq!(poll(by_key.as_mut()), None);
        assert_eq!(poll(by_handle.as_mut()), None);
        assert_eq!(poll(upsert.as_mut()), None);
        // Who only looks for the row doesn't find it, and need not wait.
        assert_eq!(now(db.write(other, at(), |store| store.delete::<Artifact>(id(1)))), Ok(false));
        if commits {
            now(tx.commit(cx, at())).unwrap();
            assert_eq!(poll(by_key), Some(Err(unique("artifacts.id", Flavour::Postgres))));
            assert_eq!(poll(by_handle), Some(Err(unique("artifacts.handle", Flavour::Postgres))));
        } else {
            drop(tx);
            assert_eq!(poll(by_key), Some(Ok(())));
            assert_eq!(poll(by_handle), Some(Ok(())));
        }
        assert_eq!(poll(upsert), Some(Ok(())));
    }
}

#[test]
fn postgres_parents_and_children_wait_for_one_another() {
    let fixture = fixture(Flavour::Postgres);
    let (db, cx, other) = (&fixture.db, &fixture.cx, &fixture.other);
    fixture.insert(artifact(1, "petstore")).unwrap();

    // The child comes while the parent is being deleted: it waits, and then it is too late.
    let mut tx = db.begin(cx);
    now(tx.write(cx, at(), |store| store.delete::<Artifact>(id(1)))).unwrap();
    let mut child = pin!(db.write(other, at(), |store| store.insert(deployment(1, 1))));
    assert_eq!(poll(child.as_mut()), None);
    now(tx.commit(cx, at())).unwrap();
    assert_eq!(poll(child), Some(Err(foreign("deployments.artifact", Flavour::Postgres))));

    // The delete comes while a child is being added: it waits, and takes the child along.
    fixture.insert(artifact(1, "petstore")).unwrap();
    let mut tx = db.begin(cx);
    now(tx.write(cx, at(), |store| store.insert(deployment(1, 1)))).unwrap();
    let mut delete = pin!(db.write(other, at(), |store| store.delete::<Artifact>(id(1))));
    assert_eq!(poll(delete.as_mut()), None);
    now(tx.commit(cx, at())).unwrap();
    assert_eq!(poll(delete), Some(Ok(true)));
    assert_eq!(fixture.count::<Deployment>(), 0);
}

#[test]
fn postgres_detects_deadlocks() {
    let fixture = fixture(Flavour::Postgres);
    let (db, cx, other) = (&fixture.db, &fixture.cx, &fixture.other);
    fixture.insert(artifact(1, "petstore")).unwrap();
    fixture.insert(artifact(2, "orders")).unwrap();
    let delete = |n| move |store: &mut Writer<'_>| store.delete::<Artifact>(id(n));
    let (mut one, mut two) = (db.begin(cx), db.begin(other));
    now(one.write(cx, at(), delete(1))).unwrap();
    now(two.write(other, at(), delete(2))).unwrap();
    {
        let mut waiting = pin!(one.write(cx, at(), delete(2)));
        assert_eq!(poll(waiting.as_mut()), None);
        assert_eq!(now(two.write(other, at(), delete(1))), Err(StoreError::Deadlock));
        assert_eq!(now(two.commit(other, at())), Err(StoreError::Aborted));
        assert_eq!(poll(waiting), Some(Ok(true)));
    }
    now(one.commit(cx, at())).unwrap();
    assert_eq!(fixture.count::<Artifact>(), 0);
}

#[test]
fn a_crash_rolls_back_and_frees_whoever_waited() {
    for flavour in BOTH {
        let fixture = fixture(flavour);
        let (db, cx, other) = (&fixture.db, &fixture.cx, &fixture.other);
        let mut tx = db.begin(cx);
        now(tx.write(cx, at(), |store| store.insert(artifact(1, "petstore")))).unwrap();
        let written = fixture.last().0;
        let mut waiting = pin!(db.write(other, at(), |store| store.insert(artifact(2, "petstore"))));
        assert_eq!(poll(waiting.as_mut()), None);
        db.abandon(LifeId(1));
        assert_eq!(poll(waiting), Some(Ok(())));
        assert_eq!(other.task().take_seen(), [written]);
        assert_eq!(now(tx.read(cx, at(), |_| ())), Err(StoreError::Over));
        drop(tx);
        assert_eq!(fixture.count::<Artifact>(), 1);
    }
}

#[test]
fn a_lost_answer_leaves_the_effect_and_a_broken_one_none() {
    for flavour in BOTH {
        let fixture = fixture(flavour);
        let (db, cx) = (&fixture.db, &fixture.cx);
        let next = |passage| fixture.world.inside().passage = Some(passage);
        next(Passage::Broken("disk I/O error".into()));
        assert_eq!(fixture.insert(artifact(1, "a")), Err(StoreError::Broken("disk I/O error".into())));
        assert_eq!(fixture.count::<Artifact>(), 0);
        next(Passage::Lost("connection reset".into()));
        fixture.insert(artifact(1, "a")).unwrap_err();
        assert_eq!(fixture.count::<Artifact>(), 1);

        let mut tx = db.begin(cx);
        now(tx.write(cx, at(), |store| store.insert(artifact(2, "b")))).unwrap();
        next(Passage::Broken("disk I/O error".into()));
        now(tx.commit(cx, at())).unwrap_err();
        assert_eq!(fixture.count::<Artifact>(), 1);

        let mut tx = db.begin(cx);
        now(tx.write(cx, at(), |store| store.insert(artifact(2, "b")))).unwrap();
        // The statement would have to wait, and its caller is told that it failed: nobody waits then.
        next(Passage::Lost("connection reset".into()));
        now(db.write(cx, at(), |store| store.insert(artifact(2, "b")))).unwrap_err();
        next(Passage::Lost("connection reset".into()));
        now(tx.commit(cx, at())).unwrap_err();
        assert_eq!(fixture.count::<Artifact>(), 2);
    }
}

#[test]
fn a_wait_that_is_given_up_leaves_no_trace() {
    let fixture = fixture(Flavour::Postgres);
    let (db, cx, other) = (&fixture.db, &fixture.cx, &fixture.other);
    let mut one = db.begin(cx);
    now(one.write(cx, at(), |store| store.insert(artifact(1, "petstore")))).unwrap();
    let mut two = db.begin(other);
    now(two.write(other, at(), |store| store.insert(artifact(2, "orders")))).unwrap();
    {
        let mut waiting = pin!(two.write(other, at(), |store| store.insert(artifact(1, "other"))));
        assert_eq!(poll(waiting.as_mut()), None);
    }
    // Were the wait still on the books, this one would be taken for a deadlock.
    let mut waiting = pin!(one.write(cx, at(), |store| store.insert(artifact(2, "other"))));
    assert_eq!(poll(waiting.as_mut()), None);
    drop(two);
    assert_eq!(poll(waiting), Some(Ok(())));
}

#[test]
fn too_many_parameters_are_refused() {
    for flavour in BOTH {
        let fixture = fixture(flavour);
        let most = flavour.parameters_most();
        let read = |given| now(fixture.db.read(&fixture.cx, at(), move |view| view.parameters(given)));
        read(most).unwrap();
        let given = most + 1;
        assert_eq!(read(given), Err(StoreError::TooManyParameters { given, most, flavour }));
        let write = fixture.write(|store| {
            store.parameters(given);
            store.insert(artifact(1, "petstore"))
        });
        assert_eq!(write, Err(StoreError::TooManyParameters { given, most, flavour }));
        assert_eq!(fixture.count::<Artifact>(), 0);
    }
}

#[test]
fn futures_can_move_between_threads() {
    fn moves<T: Send>(value: T) -> T {
        value
    }
    let fixture = fixture(Flavour::Sqlite);
    let (db, cx) = (&fixture.db, &fixture.cx);
    now(moves(db.read(cx, at(), |view| view.get::<Artifact>(id(1))))).unwrap();
    now(moves(db.write(cx, at(), |store| store.insert(artifact(1, "petstore"))))).unwrap();
    let mut tx = moves(db.begin(cx));
    now(moves(tx.write(cx, at(), |store| store.delete::<Artifact>(id(1))))).unwrap();
    now(moves(tx.commit(cx, at()))).unwrap();
}
