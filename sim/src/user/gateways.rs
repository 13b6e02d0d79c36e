//! Gateways: registered, given tokens, deleted (docs/spec/platform.md section 4.1).

use driftless_model::cx::Cx;
use driftless_model::wire::public::{NewGateway, NewToken};
use http::Method;
use serde_json::{Value, json};

use super::{Gateway, Request, Seen, User, field};
use crate::names::HOME;
use crate::plan::Node;

impl User {
    /// Registers a gateway and gives its machines a token.
    pub async fn register(&self, cx: &Cx, gateway: &str, organisation: Option<&str>) -> Seen {
        let known = Gateway { organisation: organisation.unwrap_or(HOME).to_owned(), ..Gateway::default() };
        self.memory().gateways.insert(gateway.to_owned(), known);
        let body = NewGateway {
            name: gateway.into(),
            display_name: gateway.into(),
            vhost: format!("{gateway}.example.org"),
            functionality_type: "regular".into(),
        };
        let made = self
            .of_gateway(
                cx,
                "http.create-gateway",
                Method::POST,
                "/gateways".into(),
                gateway,
                Some(json!(body)),
            )
            .await?;
        if let Some(known) = self.memory().gateways.get_mut(gateway) {
            known.id = field(&made, "id");
        }
        self.create_token(cx, gateway).await
    }

    /// Gives a gateway one more token; its processes use it from their next start.
    pub async fn create_token(&self, cx: &Cx, gateway: &str) -> Seen {
        let path = format!("/gateways/{}/tokens", self.gateway_id(gateway)?);
        let seen = self.of_gateway(cx, "http.create-token", Method::POST, path, gateway, None).await?;
        if let Ok(NewToken { id, token, .. }) = seen.json() {
            if let Some(known) = self.memory().gateways.get_mut(gateway) {
                known.tokens.push(id.to_string());
            }
            let mut state = self.world.lock();
            let own = state.nodes.iter_mut().filter(|(name, _)| Node::original(name) == gateway);
            own.for_each(|(_, node)| node.token.clone_from(&token));
        }
        Ok(seen)
    }

    /// Revokes the newest token of a gateway, or the one given: `token1` is its first.
    pub async fn revoke_token(&self, cx: &Cx, gateway: &str, which: Option<&str>) -> Seen {
        let token = {
            let memory = self.memory();
            let tokens =
                memory.gateways.get(gateway).map(|known| known.tokens.as_slice()).unwrap_or_default();
            let index = which.and_then(|which| which.strip_prefix("token")?.parse::<usize>().ok());
            match (which, index) {
                (None, _) => tokens.last().cloned(),
                (Some(_), Some(number)) => number.checked_sub(1).and_then(|at| tokens.get(at)).cloned(),
                (Some(_), None) => None,
            }
        };
        let unknown = || format!("no token {} of {gateway} is known to the user", which.unwrap_or_default());
        let token = token.ok_or_else(unknown)?;
        let path = format!("/gateways/{}/tokens/{token}", self.gateway_id(gateway)?);
        self.of_gateway(cx, "http.revoke-token", Method::DELETE, path, gateway, None).await
    }

    /// Deletes a gateway.
    pub async fn delete_gateway(&self, cx: &Cx, gateway: &str) -> Seen {
        let path = format!("/gateways/{}", self.gateway_id(gateway)?);
        self.of_gateway(cx, "http.delete-gateway", Method::DELETE, path, gateway, None).await
    }

    pub(super) fn gateway_id(&self, gateway: &str) -> Result<String, String> {
        let known = self.memory().gateways.get(gateway).map(|known| known.id.clone());
        known.filter(|id| !id.is_empty()).ok_or_else(|| format!("gateway {gateway} is not registered"))
    }

    async fn of_gateway(
        &self,
        cx: &Cx,
        site: &'static str,
        method: Method,
        path: String,
        gateway: &str,
        body: Option<Value>,
    ) -> Seen {
        let known = self.memory().gateways.get(gateway).map(|known| known.organisation.clone());
        let organisation = known.unwrap_or_else(|| HOME.to_owned());
        let request = Request { site, organisation: &organisation, method, path, subject: gateway, body };
        self.call(cx, request).await
    }
}
