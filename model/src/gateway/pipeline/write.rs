//! Writing an artifact that the protocol brings (docs/spec/gateway.md section 5.1).
//!
//! Events come in another order than they were made, and syncs beside them. Which of two changes counts is
//! decided here and nowhere else.

use crate::cx::Cx;
use crate::design::LateWrite;
use crate::gateway::memory::StoredConfig;
use crate::gateway::replica::Replica;
use crate::gateway::storage::UpsertError;

impl Replica {
    /// Writes an artifact; false if it was refused for what is there.
    pub(super) async fn write_artifact(&self, cx: &Cx, config: &StoredConfig) -> Result<bool, UpsertError> {
        match self.design.late_write {
            LateWrite::IsRefused => self.storage.upsert(cx, config).await,
            LateWrite::Overwrites => self.storage.overwrite(cx, config).await,
        }
    }
}
