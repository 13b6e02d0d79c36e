//! Which connections each gateway has to this process (docs/spec/platform.md section 6.4).
//!
//! Adding and removing are a load and a store, as merged without a lock between: of two at once for one gateway the
//! later store stands, and a connection may be lost from the registry, or stay in it after its end.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use uuid::Uuid;

use super::Connection;
use crate::cx::{At, Broken, Cx};
use crate::design::RegistryWrites;

type Connections = Vec<Arc<Connection>>;

/// The open connections by gateway, each list in the order in which they were added.
pub(in crate::platform) struct Registry {
    connections: Mutex<BTreeMap<Uuid, Connections>>,
    accepted: Mutex<BTreeMap<String, u64>>,
    /// Held between a load and its store, if the design says so.
    lock: Option<tokio::sync::Mutex<()>>,
}

impl Registry {
    /// A registry without connections.
    pub fn new(writes: RegistryWrites) -> Self {
        let lock = match writes {
            RegistryWrites::WithoutALock => None,
            RegistryWrites::UnderALock => Some(tokio::sync::Mutex::default()),
        };
        Registry { connections: Mutex::default(), accepted: Mutex::default(), lock }
    }

    /// Adds a connection behind those its gateway has.
    ///
    /// # Errors
    /// When a crossing is broken; nothing was added.
    pub async fn add(&self, cx: &Cx, connection: &Arc<Connection>) -> Result<(), Broken> {
        let _lock = self.lock().await;
        let mut connections = self.load(cx, connection.identity.gateway).await?;
        connections.push(connection.clone());
        self.store(cx, connection.identity.gateway, connections).await
    }

    /// Takes a connection out; nothing happens if it isn't in.
    ///
    /// # Errors
    /// When a crossing is broken; nothing was removed.
    pub async fn remove(&self, cx: &Cx, connection: &Connection) -> Result<(), Broken> {
        let _lock = self.lock().await;
        let mut connections = self.load(cx, connection.identity.gateway).await?;
        connections.retain(|other| other.id != connection.id);
        self.store(cx, connection.identity.gateway, connections).await
    }

    /// The connections of a gateway, to send to them.
    ///
    /// # Errors
    /// When the crossing is broken.
    pub async fn look_up(&self, cx: &Cx, gateway: Uuid) -> Result<Connections, Broken> {
        cx.cross(At::site("memory.registry-lookup").about(gateway), |_, _| self.of(gateway)).await
    }

    /// Whether the gateway has a connection to this process.
    pub fn has(&self, gateway: Uuid) -> bool {
        self.count([gateway]) > 0
    }

    /// How many connections these gateways have to this process.
    pub fn count(&self, gateways: impl IntoIterator<Item = Uuid>) -> usize {
        let connections = guard(&self.connections);
        gateways.into_iter().filter_map(|gateway| connections.get(&gateway)).map(Vec::len).sum()
    }

    /// How many connections this process has.
    pub fn total(&self) -> usize {
        guard(&self.connections).values().map(Vec::len).sum()
    }

    /// A name for the next connection of a peer.
    pub fn name(&self, peer: &str) -> String {
        let mut accepted = guard(&self.accepted);
        let count = accepted.entry(peer.to_owned()).or_default();
        *count += 1;
        format!("connection {peer} {count}")
    }

    async fn lock(&self) -> Option<tokio::sync::MutexGuard<'_, ()>> {
        match &self.lock {
            Some(lock) => Some(lock.lock().await),
            None => None,
        }
    }

    fn of(&self, gateway: Uuid) -> Connections {
        guard(&self.connections).get(&gateway).cloned().unwrap_or_default()
    }

    async fn load(&self, cx: &Cx, gateway: Uuid) -> Result<Connections, Broken> {
        cx.cross(At::site("memory.registry-load").about(gateway), |_, _| self.of(gateway)).await
    }

    async fn store(&self, cx: &Cx, gateway: Uuid, connections: Connections) -> Result<(), Broken> {
        let at = At::site("memory.registry-store").about(gateway);
        cx.cross(at, |_, _| {
            let mut all = guard(&self.connections);
            if connections.is_empty() {
                all.remove(&gateway);
            } else {
                all.insert(gateway, connections);
            }
        })
        .await
    }
}

fn guard<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
