//! Looking: what a request through a gateway would get, and what a node holds.

use driftless_model::gateway::tables as gateway;
use driftless_model::platform::tables as platform;
use uuid::Uuid;

use crate::plan::{Role, split_handle};
use crate::world::State;

/// A request to an artifact. What isn't given isn't asked about.
#[derive(Debug)]
pub struct Request<'a> {
    /// The artifact's handle.
    pub artifact: &'a str,
    /// The key it carries.
    pub key: Option<String>,
    /// The subscription token it carries.
    pub token: Option<String>,
}

/// What a request through a gateway gets: `404` without a route; `401` if its key isn't accepted, `403` if its
/// token is of no active subscription; else `200` and the deployment whose content is routed.
pub fn probe(state: &State, replica: &str, request: &Request<'_>) -> String {
    let Some(node) = state.nodes.get(replica).filter(|node| node.life.is_some()) else {
        return format!("no answer: {replica} is down");
    };
    let handle = split_handle(request.artifact).1;
    let route = node.projections.as_ref().and_then(|p| Some((p, p.route(handle)?)));
    let Some((projections, route)) = route else { return "404".into() };
    if let Some(key) = &request.key
        && !projections.accepts_key(route.artifact, key, state.wall(replica))
    {
        return "401".into();
    }
    if let Some(token) = &request.token
        && !projections.accepts_token(route.artifact, token)
    {
        return "403".into();
    }
    match route.deployment {
        Some(deployment) => format!("200 {}", name(state, deployment)),
        // What was made at the gateway itself has no deployment.
        None => format!("200 {}", name(state, route.artifact)),
    }
}

/// What a node holds, by name.
pub fn show(state: &State, node: &str) -> Vec<String> {
    let Some(at) = state.nodes.get(node) else { return vec![format!("there is no {node}")] };
    let mut lines = match (at.role, &at.database) {
        (Some(Role::Platform), Some(database)) => database.look(|view| show_platform(state, view)),
        (Some(Role::Gateway), Some(database)) => database.look(|view| show_gateway(state, view)),
        _ => Vec::new(),
    };
    if let Some(projections) = at.projections.as_ref().filter(|_| at.life.is_some()) {
        let mut volatile = Vec::new();
        for config in projections.artifacts() {
            let row = &config.artifact;
            volatile.push(format!("memory {} {}", name(state, row.uuid), desired(row.desired_state)));
        }
        for key in projections.keys() {
            volatile.push(format!("accepts {}", name(state, key.uuid)));
        }
        for subscription in projections.subscriptions() {
            volatile.push(format!("accepts {}", name(state, subscription.subscription.uuid)));
        }
        for route in projections.routes() {
            let of = route.deployment.map_or_else(|| "-".to_owned(), |id| name(state, id));
            volatile.push(format!("route {} {of}", name(state, route.artifact)));
        }
        lines.extend(by_name(volatile));
    }
    if at.life.is_none() {
        lines.push("down".into());
    }
    if lines.is_empty() {
        lines.push("nothing".into());
    }
    lines
}

fn show_platform(state: &State, view: &driftless_model::store::View<'_>) -> Vec<String> {
    let mut lines = Vec::new();
    for row in view.scan::<platform::Artifact>(|_| true) {
        lines.push(format!("artifact {}", name(state, row.uuid)));
    }
    for row in view.scan::<platform::Deployment>(|_| true) {
        let status = view.first::<platform::DeploymentStatus>(|s| s.deployment == row.deployment_id);
        let status = status.map_or("ARCHIVED", |status| status.status.word());
        let (deployment, gateway) = (name(state, row.deployment_id), name(state, row.gateway));
        lines.push(format!("deployment {deployment} {gateway} {status}"));
    }
    for row in view.scan::<platform::ApiKey>(|_| true) {
        lines.push(format!("key {} {}", name(state, row.uuid), row.status.word()));
    }
    for row in view.scan::<platform::SubscriptionPlan>(|_| true) {
        lines.push(format!("plan {} {}", name(state, row.uuid), row.status.word()));
    }
    for row in view.scan::<platform::Subscription>(|_| true) {
        lines.push(format!("subscription {} {}", name(state, row.uuid), row.status.word()));
    }
    for row in view.scan::<platform::ApplicationApiKey>(|_| true) {
        lines.push(format!("mapping {} {}", name(state, row.application), name(state, row.api_key)));
    }
    by_name(lines)
}

/// Kinds of lines in the order in which they first came, each by name: the order of rows is that of
/// identifiers, which tells nobody anything.
fn by_name(lines: Vec<String>) -> Vec<String> {
    let kind = |line: &String| line.split(' ').next().map(str::to_owned);
    let mut kinds: Vec<Option<String>> = lines.iter().map(kind).collect();
    kinds.dedup();
    let mut lines = lines;
    lines.sort_by_key(|line| (kinds.iter().position(|known| *known == kind(line)), line.clone()));
    lines
}

fn show_gateway(state: &State, view: &driftless_model::store::View<'_>) -> Vec<String> {
    let mut lines = Vec::new();
    for row in view.scan::<gateway::Artifact>(|_| true) {
        let deployment = row.deployment_id.map_or_else(|| "-".to_owned(), |id| name(state, id));
        lines.push(format!("row {} {deployment} {}", name(state, row.uuid), desired(row.desired_state)));
    }
    for row in view.scan::<gateway::ApiKey>(|_| true) {
        lines.push(format!("key {}", name(state, row.uuid)));
    }
    by_name(lines)
}

fn desired(state: gateway::DesiredState) -> &'static str {
    match state {
        gateway::DesiredState::Deployed => "deployed",
        gateway::DesiredState::Undeployed => "undeployed",
    }
}

fn name(state: &State, id: Uuid) -> String {
    state.names.of(id).map_or_else(|| "unknown".into(), |name| name.to_string())
}
