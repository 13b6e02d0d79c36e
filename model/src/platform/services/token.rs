//! Tokens: how a gateway makes itself known (docs/spec/platform.md sections 2.1, 4.1 and 6.1).
//!
//! A token is shown once and kept as a hash. Two may be active at a time, so that one can be replaced without
//! a gap. Revoking one closes no connection that was opened with it.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::Uuid;

use super::secret;
use crate::cx::{Cx, Mint};
use crate::platform::Platform;
use crate::platform::refusal::{Refusal, Thing};
use crate::platform::tables::{GatewayToken, TokenStatus};
use crate::store::StoreError;
use crate::wire::public::NewToken;
use crate::wire::time;

/// How many tokens of a gateway may be active.
const ACTIVE_MAX: usize = 2;

/// Who a token speaks for. Whatever a path says, this decides.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::platform) struct Identity {
    pub gateway: Uuid,
    pub organisation: Uuid,
}

impl Platform {
    pub(in crate::platform) async fn create_token(
        &self,
        cx: &Cx,
        organisation: Uuid,
        gateway: Uuid,
    ) -> Result<NewToken, Refusal> {
        self.gateway(cx, organisation, gateway).await?;
        let tokens = self.list_tokens(cx, gateway).await?;
        if tokens.iter().filter(|row| row.status == TokenStatus::Active).count() >= ACTIVE_MAX {
            return Err(Refusal::TooManyTokens);
        }
        let token = URL_SAFE_NO_PAD.encode(secret::random_bytes(cx, "gateway token"));
        let row = GatewayToken {
            uuid: cx.mint(Mint::Other { what: "token", of: gateway.into() }),
            gateway,
            token_hash: secret::hash(&token),
            status: TokenStatus::Active,
            created_at: cx.wall(),
            revoked_at: None,
        };
        self.insert_token(cx, &row).await?;
        let message = "Keep this token: it is not shown again".to_owned();
        Ok(NewToken { id: row.uuid, token, created_at: time::nanos(&row.created_at), message })
    }

    pub(in crate::platform) async fn tokens(
        &self,
        cx: &Cx,
        organisation: Uuid,
        gateway: Uuid,
    ) -> Result<Vec<Arc<GatewayToken>>, Refusal> {
        self.gateway(cx, organisation, gateway).await?;
        Ok(self.list_tokens(cx, gateway).await?)
    }

    pub(in crate::platform) async fn delete_token(
        &self,
        cx: &Cx,
        organisation: Uuid,
        gateway: Uuid,
        token: Uuid,
    ) -> Result<(), Refusal> {
        self.gateway(cx, organisation, gateway).await?;
        let revoked = self.revoke_token(cx, gateway, token, cx.wall()).await?;
        revoked.then_some(()).ok_or(Refusal::Unknown(Thing::Token))
    }

    /// Who shows this token.
    pub(in crate::platform) async fn identify(
        &self,
        cx: &Cx,
        token: Option<&str>,
    ) -> Result<Identity, Refusal> {
        let token = token.filter(|token| !token.is_empty()).ok_or(Refusal::NoGatewayToken)?;
        let known = self.find_identity(cx, token).await.map_err(Refusal::UncheckedGatewayToken)?;
        known.ok_or(Refusal::UnknownGatewayToken)
    }

    async fn find_identity(&self, cx: &Cx, token: &str) -> Result<Option<Identity>, StoreError> {
        let Some(row) = self.find_token(cx, &secret::hash(token)).await? else { return Ok(None) };
        let gateway = self.find_gateway(cx, row.gateway).await?;
        Ok(gateway.map(|row| Identity { gateway: row.uuid, organisation: row.organisation }))
    }
}
