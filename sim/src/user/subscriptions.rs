//! Subscription plans, and subscriptions to REST APIs (docs/spec/platform.md section 4.5).

use driftless_model::cx::Cx;
use http::Method;
use serde_json::json;

use super::{Request, Seen, Subscription, User, field, organisation_of};
use crate::plan::{PlanChange, SubscriptionChange, split_handle};

impl User {
    /// Makes, changes or deletes a plan.
    pub async fn plan(&self, cx: &Cx, change: PlanChange, plan: &str) -> Seen {
        const ALL: &str = "/subscription-plans";
        let one = || format!("{ALL}/{}", self.memory().plans.get(plan).cloned().unwrap_or_default());
        let (site, method, path, body) = match change {
            PlanChange::Create => {
                let body = json!({ "planName": split_handle(plan).1, "status": "ACTIVE" });
                ("http.create-plan", Method::POST, ALL.to_owned(), Some(body))
            }
            PlanChange::Update(status) => {
                let status = status.word().to_uppercase();
                let body = json!({ "planName": split_handle(plan).1, "status": status });
                ("http.update-plan", Method::PUT, one(), Some(body))
            }
            PlanChange::Delete => ("http.delete-plan", Method::DELETE, one(), None),
        };
        let organisation = organisation_of(plan);
        let seen = self.call(cx, Request { site, organisation, method, path, subject: plan, body }).await?;
        if change == PlanChange::Create {
            self.memory().plans.insert(plan.to_owned(), field(&seen, "id"));
        }
        Ok(seen)
    }

    /// Subscribes to an API, changes the subscription or ends it.
    pub async fn subscription(
        &self,
        cx: &Cx,
        change: &SubscriptionChange,
        artifact: &str,
        subscriber: &str,
    ) -> Seen {
        const ALL: &str = "/subscriptions";
        let of = (artifact.to_owned(), subscriber.to_owned());
        let one = || {
            let memory = self.memory();
            let id = memory.subscriptions.get(&of).map(|known| known.id.clone()).unwrap_or_default();
            format!("{ALL}/{id}?subscriberId={subscriber}")
        };
        let (site, method, path, body) = match change {
            SubscriptionChange::Create { plan } => {
                let plan =
                    plan.as_ref().map(|plan| self.memory().plans.get(plan).cloned().unwrap_or_default());
                let body = json!({
                    "apiId": split_handle(artifact).1,
                    "subscriberId": subscriber,
                    "subscriptionPlanId": plan,
                });
                ("http.subscribe", Method::POST, ALL.to_owned(), Some(body))
            }
            SubscriptionChange::Update(status) => {
                let body = json!({ "status": status.word().to_uppercase() });
                ("http.update-subscription", Method::PUT, one(), Some(body))
            }
            SubscriptionChange::Delete => ("http.unsubscribe", Method::DELETE, one(), None),
        };
        let seen = self.about(cx, site, method, path, artifact, body).await?;
        if matches!(change, SubscriptionChange::Create { .. }) {
            let known = Subscription { id: field(&seen, "id"), token: field(&seen, "subscriptionToken") };
            self.memory().subscriptions.insert(of, known);
        }
        Ok(seen)
    }

    /// The token of a subscription.
    pub fn subscription_token(&self, artifact: &str, subscriber: &str) -> Option<String> {
        let memory = self.memory();
        memory
            .subscriptions
            .get(&(artifact.to_owned(), subscriber.to_owned()))
            .map(|known| known.token.clone())
    }
}
