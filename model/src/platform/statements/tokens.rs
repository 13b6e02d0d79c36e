//! Statements on the tokens of gateways.

use std::sync::Arc;

use uuid::Uuid;

use super::Outcome;
use crate::cx::{At, Cx};
use crate::platform::Platform;
use crate::platform::tables::{GatewayToken, TokenStatus};
use crate::wire::time::Instant;

impl Platform {
    /// The active token with this hash.
    pub(in crate::platform) async fn find_token(
        &self,
        cx: &Cx,
        hash: &str,
    ) -> Outcome<Option<Arc<GatewayToken>>> {
        let good = |row: &GatewayToken| row.status == TokenStatus::Active && row.token_hash == hash;
        self.database.read(cx, At::site("store.find-token"), |view| view.first(good)).await
    }

    pub(in crate::platform) async fn list_tokens(
        &self,
        cx: &Cx,
        gateway: Uuid,
    ) -> Outcome<Vec<Arc<GatewayToken>>> {
        let at = At::site("store.list-tokens").about(gateway);
        self.database.read(cx, at, |view| view.scan(|row: &GatewayToken| row.gateway == gateway)).await
    }

    pub(in crate::platform) async fn insert_token(&self, cx: &Cx, row: &GatewayToken) -> Outcome<()> {
        let at = At::site("store.insert-token").about(row.gateway);
        self.database.write(cx, at, |writer| writer.insert(row.clone())).await
    }

    /// Revokes a token of the gateway; false if it has no such token.
    pub(in crate::platform) async fn revoke_token(
        &self,
        cx: &Cx,
        gateway: Uuid,
        token: Uuid,
        now: Instant,
    ) -> Outcome<bool> {
        let at = At::site("store.revoke-token").about(gateway);
        let this = |row: &GatewayToken| row.uuid == token && row.gateway == gateway;
        let revoke = |row: &mut GatewayToken| {
            row.status = TokenStatus::Revoked;
            row.revoked_at = Some(now);
        };
        let revoked = self.database.write(cx, at, |writer| writer.update_where(this, revoke)).await?;
        Ok(revoked > 0)
    }
}
