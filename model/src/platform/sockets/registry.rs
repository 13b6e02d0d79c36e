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
    writes: RegistryWrites,
}

impl Registry {
    /// A registry without connections.
    pub fn new(writes: RegistryWrites) -> Self {
        Registry { connections: Mutex::default(), accepted: Mutex::default(), writes }
    }

    /// Adds a connection behind those its gateway has.
    ///
    /// # Errors
    /// When a crossing is broken; nothing was added.
    pub async fn add(&self, cx: &Cx, connection: &Arc<Connection>) -> Result<(), Broken> {
        self.change(cx, connection.identity.gateway, |all| all.push(connection.clone())).await
    }

    /// Takes a connection out; nothing happens if it isn't in.
    ///
    /// # Errors
    /// When a crossing is broken; nothing was removed.
    pub async fn remove(&self, cx: &Cx, connection: &Connection) -> Result<(), Broken> {
        let id = connection.id;
        self.change(cx, connection.identity.gateway, |all| all.retain(|other| other.id != id)).await
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

    fn of(&self, gateway: Uuid) -> Connections {
        guard(&self.connections).get(&gateway).cloned().unwrap_or_default()
    }

    /// Reads the connections of a gateway, and writes them back otherwise. Under a lock what is changed is what is
    /// there by then, and no task waits for another: whose turn it is would be the executor's choice.
    async fn change(
        &self,
        cx: &Cx,
        gateway: Uuid,
        change: impl FnOnce(&mut Connections),
    ) -> Result<(), Broken> {
        let at = |site| At::site(site).about(gateway);
        let read = cx.cross(at("memory.registry-load"), |_, _| self.of(gateway)).await?;
        cx.cross(at("memory.registry-store"), |_, _| {
            let mut connections = match self.writes {
                RegistryWrites::WithoutALock => read,
                RegistryWrites::UnderALock => self.of(gateway),
            };
            change(&mut connections);
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
