//! What foreign keys take along, hold back or let go where no request can show it (docs/spec/platform.md
//! sections 2.1 to 2.3).

use serde_json::{Value, json};
use uuid::Uuid;

use super::rig::{ORGANISATION, Rig};
use crate::cx::At;
use crate::design::Design;
use crate::platform::tables::{
    Application, Artifact, AssociationMapping, Deployment, Gateway, GatewayToken, LlmProvider,
    LlmProviderTemplate, LlmProxy, McpProxy, Organisation, Project, RestApi, SubscriptionPlan,
};
use crate::settings::PlatformSettings;
use crate::store::{ForeignKeys, Row, StoreError};

/// The artifacts of the rig, by the paths of users.
const PATHS: [&str; 4] = ["llm-proxies/chat", "mcp-proxies/tools", "rest-apis/petstore", "llm-providers/gpt"];

/// An artifact of each kind, in the default project where its kind is in one.
async fn artifacts(rig: &Rig) {
    rig.create_api("petstore").await;
    let (project, up) = (rig.project().await, json!({ "url": "http://up" }));
    let provider = json!({
        "id": "gpt", "name": "GPT", "version": "v1", "template": "openai", "upstream": up, "accessControl": {},
    });
    let proxy = json!({
        "id": "chat", "name": "Chat", "version": "v1", "projectId": project, "provider": { "id": "gpt" },
    });
    let tools = json!({
        "id": "tools", "name": "Tools", "version": "v1", "projectId": project, "upstream": { "main": up },
    });
    for (path, body) in [("llm-providers", provider), ("llm-proxies", proxy), ("mcp-proxies", tools)] {
        assert_eq!(rig.post(path, body).await.status, 201, "{path}");
    }
}

/// Deletes a row, whatever the services would say.
async fn delete<T: Row>(rig: &Rig, key: Uuid) -> Result<bool, StoreError> {
    let at = At::site("store.test-delete");
    rig.database.write(&rig.cx("platform"), at, |writer| writer.delete::<T>(key)).await
}

#[tokio::test]
async fn an_organisation_goes_with_all_it_has_unless_it_has_artifacts() {
    let rig = Rig::new(Design::default()).await;
    rig.gateway("gw1").await;
    rig.create_api("petstore").await;
    rig.post("subscription-plans", json!({ "planName": "gold" })).await;
    rig.post("applications", json!({ "name": "Assistant", "type": "genai" })).await;
    assert!(matches!(delete::<Organisation>(&rig, ORGANISATION).await, Err(StoreError::Foreign { .. })));
    assert_eq!(rig.delete("rest-apis/petstore").await, 204);
    assert_eq!(delete::<Organisation>(&rig, ORGANISATION).await, Ok(true));
    let left = (rig.count::<Project>(), rig.count::<Gateway>(), rig.count::<GatewayToken>());
    assert_eq!(left, (0, 0, 0));
    let left =
        (rig.count::<SubscriptionPlan>(), rig.count::<LlmProviderTemplate>(), rig.count::<Application>());
    assert_eq!(left, (0, 0, 0));
}

#[tokio::test]
async fn a_detail_goes_with_its_artifact_and_not_the_other_way_round() {
    let rig = Rig::new(Design::default()).await;
    artifacts(&rig).await;
    let project = rig.project().await.parse().unwrap();
    assert_eq!(delete::<Project>(&rig, project).await, Ok(true));
    assert_eq!((rig.count::<RestApi>(), rig.count::<LlmProxy>(), rig.count::<McpProxy>()), (0, 0, 0));
    assert_eq!((rig.count::<LlmProvider>(), rig.count::<Artifact>()), (1, 4));
    assert_eq!(delete::<Artifact>(&rig, rig.uuid_of("gpt")).await, Ok(true));
    assert_eq!((rig.count::<LlmProvider>(), rig.count::<Artifact>()), (0, 3));
}

#[tokio::test]
async fn only_rest_apis_are_associated_and_associations_go_with_either_end() {
    let rig = Rig::new(Design::default()).await;
    artifacts(&rig).await;
    let (gw1, gw2) = (rig.gateway("gw1").await, rig.gateway("gw2").await);
    for (path, associated) in PATHS.into_iter().zip([0, 0, 1, 1]) {
        rig.deploy(path, &gw1).await;
        assert_eq!(rig.count::<AssociationMapping>(), associated, "{path}");
    }
    rig.deploy("rest-apis/petstore", &gw2).await;
    // No foreign key names the gateway: its delete takes them along by itself.
    assert_eq!(rig.delete(&format!("gateways/{}", gw2.id)).await, 204);
    assert_eq!(rig.count::<AssociationMapping>(), 1);
    assert_eq!(delete::<Artifact>(&rig, rig.uuid_of("petstore")).await, Ok(true));
    assert_eq!(rig.count::<AssociationMapping>(), 0);
}

#[tokio::test]
async fn without_enforcement_only_rest_apis_take_their_deployments_along() {
    let foreign_keys = ForeignKeys::Off;
    let settings = PlatformSettings { foreign_keys, ..PlatformSettings::default() };
    let rig = Rig::with(Design::default(), settings).await;
    artifacts(&rig).await;
    let gw1 = rig.gateway("gw1").await;
    for path in PATHS {
        rig.deploy(path, &gw1).await;
    }
    for (path, left) in PATHS.into_iter().zip([4, 4, 3, 3]) {
        assert_eq!(rig.delete(path).await, 204, "{path}");
        assert_eq!(rig.count::<Deployment>(), left, "{path}");
    }
    assert_eq!(rig.count::<Artifact>(), 0);
}

#[tokio::test]
async fn a_template_is_no_artifact() {
    let rig = Rig::new(Design::default()).await;
    let gw1 = rig.gateway("gw1").await;
    let template = rig.database.look(|view| view.first(|_: &LlmProviderTemplate| true).unwrap().uuid);
    let answer = gw1.post("/artifacts/exists", json!({ "artifactIds": [template] })).await;
    assert_eq!(answer.json()["artifacts"][0]["exists"], Value::Bool(false));
}
