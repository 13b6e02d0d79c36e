//! [`Bench`]: a world whose turns come at once and in which nobody waits, for the store in memory.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use chrono::{DateTime, FixedOffset};
use driftless_model::cx::{
    At, BoxFuture, Connection, CrossingId, Handle, Listener, Mint, Passage, Record, Subject, Task, Turn,
    Wait, World,
};
use uuid::Uuid;

/// A world whose turns come at once. Its sleeps are counted and take no time.
#[derive(Default)]
pub struct Bench {
    last: AtomicU64,
    waits: AtomicU64,
}

impl Bench {
    /// How often somebody has waited.
    pub fn waits(&self) -> u64 {
        self.waits.load(Ordering::Relaxed)
    }
}

impl World for Bench {
    fn turn<'a>(&'a self, _: &'a Arc<Task>, _: At<'a>) -> BoxFuture<'a, Turn> {
        let id = CrossingId(self.last.fetch_add(1, Ordering::Relaxed) + 1);
        Box::pin(async move { Turn { id, passage: Passage::Through, record: Record::default() } })
    }

    fn end(&self, _: &Arc<Task>, _: Turn) -> bool {
        true
    }

    fn sleep<'a>(&'a self, _: &'a Arc<Task>, _: Duration, _: Wait) -> BoxFuture<'a, ()> {
        self.waits.fetch_add(1, Ordering::Relaxed);
        Box::pin(async {})
    }

    fn uptime(&self, _: &Arc<Task>) -> Duration {
        Duration::ZERO
    }

    fn connect<'a>(&'a self, _: &'a Arc<Task>, _: &'a str) -> BoxFuture<'a, io::Result<Connection>> {
        unimplemented!("a store dials nobody")
    }

    fn listen<'a>(&'a self, _: &'a Arc<Task>) -> BoxFuture<'a, io::Result<Box<dyn Listener>>> {
        unimplemented!("a store has no port")
    }

    fn wall(&self, _: &Arc<Task>) -> DateTime<FixedOffset> {
        unimplemented!("a store asks for no time")
    }

    fn mint(&self, _: &Arc<Task>, _: Mint<'_>) -> Uuid {
        unimplemented!("a store names nothing")
    }

    fn draw(&self, _: &Arc<Task>, _: &'static str) -> u64 {
        unimplemented!("a store draws nothing")
    }

    fn caused_by(&self, _: &Arc<Task>, _: CrossingId, _: &str, _: Subject<'_>) -> Arc<str> {
        unimplemented!("a store receives nothing")
    }

    fn spawn(&self, _: Arc<Task>, _: BoxFuture<'static, ()>) -> Handle {
        unimplemented!("a store has no tasks")
    }
}
