//! Well-known discovery (docs/spec/gateway.md section 3.4, step 2).
//!
//! A platform on the premises says under which path its gateways find it; a cloud platform has no such route
//! and refuses. A path once found is kept for the life of the process; until then every connect asks again.

use std::sync::PoisonError;
use std::time::Duration;

use http::{Method, StatusCode};

use super::PlatformClient;
use crate::cx::Cx;
use crate::http::Call;

/// How long the probe may take.
const DISCOVERY_TIMEOUT: Duration = Duration::from_secs(5);

/// The answer of a platform on the premises.
#[derive(serde::Deserialize)]
struct WellKnown {
    #[serde(rename = "gatewayPath", default)]
    gateway_path: String,
}

impl PlatformClient {
    /// The path to connect to. Asks the platform unless it has said so before; any failure means the cloud.
    pub async fn connect_path(&self, cx: &Cx) -> String {
        if !self.is_on_premises()
            && let Some(path) = self.probe(cx).await
        {
            *self.discovered.lock().unwrap_or_else(PoisonError::into_inner) = Some(path);
        }
        format!("{}/ws/gateways/connect", self.base())
    }

    async fn probe(&self, cx: &Cx) -> Option<String> {
        let call = Call::new("http.discovery", Method::GET, "/internal/gateway/.well-known");
        let answer = cx.timeout(DISCOVERY_TIMEOUT, self.http.call(cx, call)).await?.ok()?;
        if answer.status != StatusCode::OK {
            return None;
        }
        normalised(&answer.json::<WellKnown>().ok()?.gateway_path)
    }
}

/// The path with one slash before it and none after; `None` if nothing is left.
fn normalised(path: &str) -> Option<String> {
    let path = path.trim().trim_matches('/');
    (!path.is_empty()).then(|| format!("/{path}"))
}

#[cfg(test)]
mod tests {
    use super::normalised;

    #[test]
    fn a_discovered_path_has_one_slash_before_it_and_none_after() {
        assert_eq!(normalised("/gw/").as_deref(), Some("/gw"));
        assert_eq!(normalised("gw/v1").as_deref(), Some("/gw/v1"));
        assert_eq!(normalised(" / "), None);
    }
}
