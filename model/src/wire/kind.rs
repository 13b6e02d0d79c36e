//! The kinds of artifacts, and the words each has on the wire.

use serde::{Deserialize, Serialize};

/// A kind of artifact (docs/spec/platform.md section 2).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Kind {
    /// A REST API.
    RestApi,
    /// An LLM provider.
    LlmProvider,
    /// An LLM proxy, which stands before a provider.
    LlmProxy,
    /// An MCP proxy.
    Mcp,
}

impl Kind {
    /// Every kind, in the order of the platform's list of deployments (docs/spec/platform.md section 8.1).
    pub const ALL: [Kind; 4] = [Kind::RestApi, Kind::LlmProvider, Kind::LlmProxy, Kind::Mcp];

    /// The `kind` in lists and definitions.
    pub fn name(self) -> &'static str {
        match self {
            Kind::RestApi => "RestApi",
            Kind::LlmProvider => "LlmProvider",
            Kind::LlmProxy => "LlmProxy",
            Kind::Mcp => "Mcp",
        }
    }

    /// The kind of that name in lists and definitions.
    pub fn from_name(name: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The first part of an event type: `api` in `api.deployed`.
    pub fn event_prefix(self) -> &'static str {
        match self {
            Kind::RestApi => "api",
            Kind::LlmProvider => "llmprovider",
            Kind::LlmProxy => "llmproxy",
            Kind::Mcp => "mcpproxy",
        }
    }

    /// The field of an event's payload that holds the artifact's identifier.
    pub fn event_id_field(self) -> &'static str {
        match self {
            Kind::RestApi => "apiId",
            Kind::LlmProvider => "providerId",
            Kind::LlmProxy | Kind::Mcp => "proxyId",
        }
    }

    /// The prefix of file names in archives: `api` in `api-<uuid>.yaml`.
    pub fn file_prefix(self) -> &'static str {
        match self {
            Kind::RestApi => "api",
            Kind::LlmProvider => "llm-provider",
            Kind::LlmProxy => "llm-proxy",
            Kind::Mcp => "mcp-proxy",
        }
    }

    /// The collection in the public and the internal API: `/rest-apis` is public, `/apis` internal.
    pub fn public_path(self) -> &'static str {
        match self {
            Kind::RestApi => "rest-apis",
            Kind::LlmProvider => "llm-providers",
            Kind::LlmProxy => "llm-proxies",
            Kind::Mcp => "mcp-proxies",
        }
    }

    /// The collection in the gateway-facing API.
    pub fn internal_path(self) -> &'static str {
        match self {
            Kind::RestApi => "apis",
            other => other.public_path(),
        }
    }

    /// What a person calls it, as scripts do.
    pub fn word(self) -> &'static str {
        match self {
            Kind::RestApi => "rest-api",
            Kind::LlmProvider => "llm-provider",
            Kind::LlmProxy => "llm-proxy",
            Kind::Mcp => "mcp-proxy",
        }
    }
}
