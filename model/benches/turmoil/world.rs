//! What answers the actors' seams inside a turmoil host: its sockets and its clock.
//!
//! A crossing waits for nobody, as for ordinary services: no gate, no history, no faults at crossings. Random
//! numbers come from one seeded generator, so a run is as repeatable as turmoil is. One world for all hosts of
//! a run; they take turns on one thread.

// Turmoil pauses tokio's clock and moves it itself; here it is the simulated one.
#![allow(clippy::disallowed_methods)]

use std::collections::BTreeMap;
use std::io;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, FixedOffset};
use driftless_model::cx::{
    At, BoxFuture, Connection, CrossingId, Cx, Handle, LifeId, Listener, Mint, Passage, Record, Subject,
    Task, Turn, Wait, Wire, World,
};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use turmoil::net::{TcpListener, TcpStream};
use uuid::Uuid;

use super::counts::Counts;

/// The port of every service.
const PORT: u16 = 9243;

/// The other side of the seams.
pub struct Hosts(Mutex<State>);

struct State {
    began: BTreeMap<LifeId, Duration>,
    crossings: u64,
    tasks: u64,
    random: StdRng,
    counts: Counts,
}

impl Hosts {
    /// Hosts on which nothing runs yet.
    pub fn new(seed: u64) -> Arc<Self> {
        Arc::new(Hosts(Mutex::new(State {
            began: BTreeMap::new(),
            crossings: 0,
            tasks: 0,
            random: StdRng::seed_from_u64(seed),
            counts: Counts::default(),
        })))
    }

    /// Begins a life of the host that calls.
    pub fn begin(self: &Arc<Self>, node: &str) -> Cx {
        let mut state = self.state();
        let life = LifeId(state.began.len() as u64 + 1);
        state.began.insert(life, now());
        drop(state);
        Cx::root(self.clone(), node.into(), life, "boot")
    }

    /// What has crossed the seams so far.
    pub fn counts(&self) -> Counts {
        self.state().counts
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl World for Hosts {
    fn turn<'a>(&'a self, _: &'a Arc<Task>, at: At<'a>) -> BoxFuture<'a, Turn> {
        let mut state = self.state();
        state.crossings += 1;
        if let At::Site { site, .. } = at {
            state.counts += Counts::of(site);
        }
        let id = CrossingId(state.crossings);
        Box::pin(std::future::ready(Turn { id, passage: Passage::Through, record: Record::default() }))
    }

    fn end(&self, _: &Arc<Task>, _: Turn) -> bool {
        // Turmoil drops whatever runs on a host that it restarts.
        true
    }

    fn connect<'a>(&'a self, _: &'a Arc<Task>, to: &'a str) -> BoxFuture<'a, io::Result<Connection>> {
        Box::pin(async move { Ok(connection(TcpStream::connect((to, PORT)).await?, to)) })
    }

    fn listen<'a>(&'a self, _: &'a Arc<Task>) -> BoxFuture<'a, io::Result<Box<dyn Listener>>> {
        Box::pin(async move {
            let port = TcpListener::bind((Ipv4Addr::UNSPECIFIED, PORT)).await?;
            Ok(Box::new(Port(port)) as Box<dyn Listener>)
        })
    }

    fn sleep<'a>(&'a self, _: &'a Arc<Task>, for_: Duration, _: Wait) -> BoxFuture<'a, ()> {
        Box::pin(tokio::time::sleep(for_))
    }

    fn wall(&self, _: &Arc<Task>) -> DateTime<FixedOffset> {
        let since_1970 = turmoil::since_epoch().unwrap_or_default();
        let micros = i64::try_from(since_1970.as_micros()).unwrap_or(i64::MAX);
        DateTime::from_timestamp_micros(micros).unwrap_or_default().fixed_offset()
    }

    fn uptime(&self, task: &Arc<Task>) -> Duration {
        let began = self.state().began.get(&task.life).copied();
        began.map_or(Duration::ZERO, |began| now().saturating_sub(began))
    }

    fn mint(&self, task: &Arc<Task>, mint: Mint<'_>) -> Uuid {
        // Subscriptions, applications and what is never spoken of are of version 4, the rest of version 7
        // (docs/spec/platform.md section 2).
        match mint {
            Mint::Subscription { .. } | Mint::Application { .. } | Mint::Other { .. } => {
                uuid::Builder::from_random_bytes(self.state().random.random()).into_uuid()
            }
            Mint::Artifact { .. }
            | Mint::LocalArtifact { .. }
            | Mint::Deployment(_)
            | Mint::Key { .. }
            | Mint::Gateway(_)
            | Mint::Plan { .. }
            | Mint::Project { .. } => {
                let millis = u64::try_from(self.wall(task).timestamp_millis()).unwrap_or_default();
                let random = self.state().random.random();
                uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
            }
        }
    }

    fn draw(&self, _: &Arc<Task>, _: &'static str) -> u64 {
        self.state().random.random()
    }

    fn caused_by(&self, _: &Arc<Task>, _: CrossingId, words: &str, _: Subject<'_>) -> Arc<str> {
        let mut state = self.state();
        state.tasks += 1;
        format!("{words} {}", state.tasks).into()
    }

    fn spawn(&self, _: Arc<Task>, future: BoxFuture<'static, ()>) -> Handle {
        let task = tokio::spawn(future).abort_handle();
        Handle::new(move || task.abort())
    }
}

struct Port(TcpListener);

impl Listener for Port {
    fn accept(&mut self) -> BoxFuture<'_, io::Result<Connection>> {
        Box::pin(async move {
            let (stream, from) = self.0.accept().await?;
            let peer = turmoil::reverse_lookup(from.ip()).unwrap_or_else(|| from.ip().to_string());
            Ok(connection(stream, &peer))
        })
    }
}

/// What is known of a socket: who is at the other end.
struct Peer(String);

impl Wire for Peer {
    fn outgoing(&self, _: CrossingId) {}

    fn incoming(&self) -> CrossingId {
        CrossingId::default()
    }

    fn peer(&self) -> &str {
        &self.0
    }
}

fn connection(stream: TcpStream, peer: &str) -> Connection {
    Connection { stream: Box::new(stream), wire: Arc::new(Peer(peer.to_owned())) }
}

/// The time since the run began.
fn now() -> Duration {
    turmoil::sim_elapsed().unwrap_or_default()
}
