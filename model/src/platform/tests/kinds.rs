//! Where the other kinds differ from REST APIs.

use serde_json::{Value, json};

use super::rig::Rig;
use crate::design::{Design, QuotaCheck};
use crate::platform::tables::{ApiKey, Artifact, AssociationMapping, Deployment, DeploymentStatus};

fn provider(handle: &str) -> Value {
    json!({
        "id": handle, "name": handle, "version": "v1", "template": "openai",
        "upstream": { "main": { "url": "http://up" } }, "accessControl": { "mode": "allow_all" },
    })
}

fn mcp(handle: &str) -> Value {
    json!({ "id": handle, "name": handle, "version": "v1", "upstream": { "main": { "url": "http://up" } } })
}

async fn proxy(rig: &Rig, handle: &str, provider: &str) -> Value {
    let project = rig.project().await;
    json!({
        "id": handle, "name": handle, "version": "v1", "projectId": project, "provider": { "id": provider },
    })
}

#[tokio::test]
async fn all_kinds_live_alike() {
    let rig = Rig::new(Design::default()).await;
    let gw1 = rig.gateway("gw1").await;
    let mut socket = gw1.connect().await;
    assert_eq!(rig.post("llm-providers", provider("gpt")).await.status, 201);
    let chat = proxy(&rig, "chat", "gpt").await;
    assert_eq!(rig.post("llm-proxies", chat).await.status, 201);
    assert_eq!(rig.post("mcp-proxies", mcp("tools")).await.status, 201);

    for (path, handle, word, internal) in [
        ("llm-proxies", "chat", "llmproxy", "llm-proxies"),
        ("llm-providers", "gpt", "llmprovider", "llm-providers"),
        ("mcp-proxies", "tools", "mcpproxy", "mcp-proxies"),
    ] {
        let path = format!("{path}/{handle}");
        let d1 = rig.deploy(&path, &gw1).await;
        assert_eq!(gw1.get(&format!("/{internal}/{}", rig.uuid_of(handle))).await.status, 200, "{path}");
        assert_eq!(rig.delete(&format!("{path}/deployments/{d1}")).await, 409, "{path}");
        assert_eq!(rig.change(&path, "undeploy", &d1, &gw1).await.status, 200, "{path}");
        assert_eq!(rig.change(&path, "restore", &d1, &gw1).await.status, 200, "{path}");
        assert_eq!(rig.delete(&path).await, 204, "{path}");
        let told = ["deployed", "undeployed", "deployed", "deleted"].map(|what| format!("{word}.{what}"));
        assert_eq!(socket.events().await, told);
    }
    // Deployments went by their foreign keys, and nothing was ever associated.
    let left = (rig.count::<Artifact>(), rig.count::<Deployment>(), rig.count::<DeploymentStatus>());
    assert_eq!((left, rig.count::<AssociationMapping>()), ((0, 0, 0), 0));
}

#[tokio::test]
async fn the_list_has_providers_before_the_proxies_that_need_them() {
    let rig = Rig::new(Design::default()).await;
    let gw1 = rig.gateway("gw1").await;
    rig.post("llm-providers", provider("gpt")).await;
    let chat = proxy(&rig, "chat", "gpt").await;
    rig.post("llm-proxies", chat).await;
    rig.post("mcp-proxies", mcp("tools")).await;
    rig.create_api("petstore").await;
    for path in ["rest-apis/petstore", "llm-providers/gpt", "llm-proxies/chat", "mcp-proxies/tools"] {
        rig.deploy(path, &gw1).await;
    }
    let list = gw1.get("/deployments").await.json();
    let kinds: Vec<_> = list["deployments"].as_array().unwrap().iter().map(|row| &row["kind"]).collect();
    assert_eq!(kinds, ["RestApi", "LlmProvider", "LlmProxy", "Mcp"]);
}

#[tokio::test]
async fn what_is_unknown_or_taken_differs_by_kind() {
    let rig = Rig::new(Design::default()).await;
    let gw1 = rig.gateway("gw1").await;
    for (path, status) in
        [("rest-apis", 500), ("llm-providers", 404), ("llm-proxies", 404), ("mcp-proxies", 500)]
    {
        assert_eq!(rig.try_deploy(&format!("{path}/nothing"), &gw1).await.status, status, "{path}");
    }
    let mut lost = provider("gpt");
    lost["template"] = "nothing".into();
    assert_eq!(rig.post("llm-providers", lost).await.status, 400);
    let lost = proxy(&rig, "chat", "nothing").await;
    assert_eq!(rig.post("llm-proxies", lost).await.status, 400);

    // A handle that another kind has: SQLite's words make a 409 of it, but not for REST APIs.
    assert_eq!(rig.post("mcp-proxies", mcp("tools")).await.status, 201);
    assert_eq!(rig.post("mcp-proxies", mcp("tools")).await.status, 409);
    assert_eq!(rig.post("llm-providers", provider("tools")).await.status, 409);
    let api = rig.api("tools").await;
    assert_eq!(rig.post("rest-apis", api).await.status, 500);
}

#[tokio::test]
async fn restore_never_looks_at_the_kind() {
    let rig = Rig::new(Design::default()).await;
    let gw1 = rig.gateway("gw1").await;
    let mut socket = gw1.connect().await;
    rig.create_api("petstore").await;
    let d1 = rig.deploy("rest-apis/petstore", &gw1).await;
    // By the routes of MCP proxies the API can't be undeployed, but it can be restored.
    assert_eq!(rig.change("mcp-proxies/petstore", "undeploy", &d1, &gw1).await.status, 404);
    assert_eq!(rig.change("rest-apis/petstore", "undeploy", &d1, &gw1).await.status, 200);
    assert_eq!(rig.change("mcp-proxies/petstore", "restore", &d1, &gw1).await.status, 200);
    assert_eq!(socket.events().await, ["api.deployed", "api.undeployed", "mcpproxy.deployed"]);
}

#[tokio::test]
async fn an_organisation_may_have_five_of_each_but_rest_apis() {
    for (quota_check, left) in [(QuotaCheck::BeforeInsert, 5), (QuotaCheck::AfterInsert, 6)] {
        let rig = Rig::new(Design { quota_check, ..Design::default() }).await;
        for n in 0..5 {
            assert_eq!(rig.post("mcp-proxies", mcp(&format!("tools-{n}"))).await.status, 201);
        }
        assert_eq!(rig.post("mcp-proxies", mcp("tools-5")).await.status, 409);
        assert_eq!(rig.count::<Artifact>(), left, "one that is refused after its insert stays");
        for n in 0..6 {
            rig.create_api(&format!("api-{n}")).await;
        }
    }
}

#[tokio::test]
async fn a_provider_stays_while_a_proxy_needs_it() {
    let rig = Rig::new(Design::default()).await;
    let gw1 = rig.gateway("gw1").await;
    let mut socket = gw1.connect().await;
    rig.post("llm-providers", provider("gpt")).await;
    let chat = proxy(&rig, "chat", "gpt").await;
    rig.post("llm-proxies", chat).await;
    assert_eq!(rig.delete("llm-provider-templates/openai").await, 500);
    assert_eq!(rig.delete("llm-providers/gpt").await, 500);
    assert!(socket.events().await.is_empty());
    assert_eq!(rig.delete("llm-proxies/chat").await, 204);
    assert_eq!(rig.delete("llm-providers/gpt").await, 204);
    assert_eq!(socket.events().await, ["llmproxy.deleted", "llmprovider.deleted"]);
}

#[tokio::test]
async fn some_kinds_say_nothing_when_the_status_is_not_written() {
    let rig = Rig::new(Design::default()).await;
    let gw1 = rig.gateway("gw1").await;
    let mut socket = gw1.connect().await;
    rig.post("llm-providers", provider("gpt")).await;
    let chat = proxy(&rig, "chat", "gpt").await;
    rig.post("llm-proxies", chat).await;
    rig.post("mcp-proxies", mcp("tools")).await;
    for (path, status) in [("llm-providers/gpt", 500), ("llm-proxies/chat", 201), ("mcp-proxies/tools", 500)]
    {
        rig.world.break_next("store.set-status");
        assert_eq!(rig.try_deploy(path, &gw1).await.status, status, "{path}");
    }
    assert_eq!(socket.events().await, ["llmproxy.deployed"]);
}

#[tokio::test]
async fn generated_keys_go_to_the_gateways_they_name() {
    let rig = Rig::new(Design::default()).await;
    rig.post("llm-providers", provider("gpt")).await;
    let keys = "llm-providers/gpt/api-keys";
    assert_eq!(rig.post(keys, json!({ "name": "k" })).await.status, 503);
    let (gw1, gw2) = (rig.gateway("gw1").await, rig.gateway("gw2").await);
    let (mut one, mut two) = (gw1.connect().await, gw2.connect().await);
    let made = rig.post(keys, json!({ "name": "k", "allowedTargets": "gw2, gw3" })).await;
    assert_eq!((made.status, made.text("apiKey").len()), (201, 64));
    assert_eq!(rig.delete(&format!("{keys}/k")).await, 204);
    assert_eq!(rig.count::<ApiKey>(), 0);
    assert!(one.events().await.is_empty());
    assert_eq!(two.events().await, ["apikey.created", "apikey.revoked"]);
}
