//! What a step does, and what it shows: nothing, unless the answer isn't the expected one.

use driftless_model::cx::Cx;

use super::{Hands, Runner};
use crate::look;
use crate::plan::{Action, Change, KeyChange, PlanChange, SubscriptionChange};
use crate::user::Seen;
use crate::world::Death;

impl Runner {
    /// Does it.
    pub(super) async fn act(&self, cx: &Cx, action: &Action) -> Vec<String> {
        let user = &self.user;
        match action {
            Action::Start { node, organisation } => self.start(cx, node, organisation.as_deref()).await,
            Action::Organisation { organisation } => expect(201, user.organisation(cx, organisation).await),
            Action::Project { made: true, project } => expect(201, user.create_project(cx, project).await),
            Action::Project { made: false, project } => expect(204, user.delete_project(cx, project).await),
            Action::Create { kind, artifact, provider, project } => {
                let (provider, project) = (provider.as_deref(), project.as_deref());
                expect(201, user.create(cx, *kind, artifact, provider, project).await)
            }
            Action::Update { artifact } => expect(200, user.update(cx, artifact).await),
            Action::Associate { artifact, gateway } => {
                expect(200, user.associate(cx, artifact, gateway).await)
            }
            Action::Deploy { artifact, gateway, base } => {
                expect(201, user.deploy(cx, artifact, gateway, base.as_deref()).await)
            }
            Action::Undeploy(of) => expect(200, user.undeploy(cx, of).await),
            Action::Restore(of) => expect(200, user.restore(cx, of).await),
            Action::DeleteDeployment(of) => expect(204, user.delete_deployment(cx, of).await),
            Action::Delete { artifact } => expect(204, user.delete(cx, artifact).await),
            Action::Key { change, artifact, key } => {
                let status = match change {
                    KeyChange::Create => 201,
                    KeyChange::Update => 200,
                    KeyChange::Revoke => 204,
                };
                expect(status, user.key(cx, *change, artifact, key).await)
            }
            Action::Plan { change, plan } => {
                let status = match change {
                    PlanChange::Create => 201,
                    PlanChange::Update(_) => 200,
                    PlanChange::Delete => 204,
                };
                expect(status, user.plan(cx, *change, plan).await)
            }
            Action::Subscription { change, artifact, subscriber } => {
                let status = match change {
                    SubscriptionChange::Create { .. } => 201,
                    SubscriptionChange::Update(_) => 200,
                    SubscriptionChange::Delete => 204,
                };
                expect(status, user.subscription(cx, change, artifact, subscriber).await)
            }
            Action::Application { change, application } => {
                let status = match change {
                    Change::Create => 201,
                    Change::Update => 200,
                    Change::Delete => 204,
                };
                expect(status, user.application(cx, *change, application).await)
            }
            Action::Mapping { mapped, application, artifact, key } => {
                let seen = user.map_key(cx, *mapped, application, artifact, key).await;
                expect(if *mapped { 201 } else { 204 }, seen)
            }
            Action::CreateToken { gateway } => expect(201, user.create_token(cx, gateway).await),
            Action::RevokeToken { gateway, token } => {
                expect(200, user.revoke_token(cx, gateway, token.as_deref()).await)
            }
            Action::DeleteGateway { gateway } => expect(204, user.delete_gateway(cx, gateway).await),
            Action::Local { change, artifact, replica } => self.manage(cx, change, artifact, replica).await,
            Action::Crash { node } => self.kill(cx, node, Death::Crash),
            Action::PowerLoss { node } => self.kill(cx, node, Death::PowerLoss),
            Action::Stop { node } => self.stop(cx, node).await,
            Action::Restart { node, design } => self.restart(cx, node, design.as_deref()).await,
            Action::Partition { from, to, both } => self.cut(cx, from, to, *both),
            Action::Heal => {
                self.heal();
                Vec::new()
            }
            Action::Wait(time) => {
                cx.sleep(*time).await;
                Vec::new()
            }
            Action::Settle => {
                let stall = self.settle(cx).await;
                self.report().stall.clone_from(&stall);
                stall.into_iter().collect()
            }
            Action::Probe { replica, artifact, key, token } => {
                let request = look::Request {
                    artifact,
                    key: key.as_deref().map(|key| user.secret(artifact, key).unwrap_or_default()),
                    token: token
                        .as_deref()
                        .map(|subscriber| user.subscription_token(artifact, subscriber).unwrap_or_default()),
                };
                vec![look::probe(&self.world.lock(), replica, &request)]
            }
            Action::Show { node } => look::show(&self.world.lock(), node),
            Action::Own(own) => {
                let hands = Hands { runner: self, cx };
                own.what().carry_out(&hands, own.arguments()).await
            }
        }
    }
}

/// Nothing, if the answer is the expected one; otherwise what it was.
pub fn expect(status: u16, seen: Seen) -> Vec<String> {
    match seen {
        Ok(answer) if answer.status.as_u16() == status => Vec::new(),
        Ok(answer) => {
            let body: serde_json::Value = answer.json().unwrap_or_default();
            let words = ["description", "message", "error", "details"];
            let said = words.iter().find_map(|word| body.get(word)?.as_str().filter(|said| !said.is_empty()));
            vec![match said {
                Some(said) => format!("{}: {said}", answer.status.as_u16()),
                None => answer.status.as_u16().to_string(),
            }]
        }
        Err(why) => vec![format!("no answer: {why}")],
    }
}
