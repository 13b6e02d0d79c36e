//! Taking an artifact out of the policy engine, whoever does it.

use uuid::Uuid;

use crate::cx::{At, Broken, Cx};
use crate::gateway::replica::Replica;
use crate::wire::kind::Kind;

impl Replica {
    /// Drops what this replica's policy engine keeps under a handle.
    pub(in crate::gateway) async fn remove_runtime_policy(
        &self,
        cx: &Cx,
        artifact: Uuid,
        kind: Kind,
        handle: &str,
    ) -> Result<(), Broken> {
        let at = At::site("memory.remove-runtime-policy").about(artifact);
        self.projections.cross(cx, at, |state| state.runtime_policies.remove(kind, handle)).await
    }
}
