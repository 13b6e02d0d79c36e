//! Organisations and projects.

use std::time::Duration;

use driftless_model::cx::Cx;
use driftless_model::http::Answer;
use driftless_model::wire::public::NewOrganisation;
use http::Method;
use serde_json::{Value, json};

use super::{Request, Seen, Tenant, User, field, organisation_of};
use crate::names::HOME;
use crate::plan::split_handle;

/// How often a person tries to reach a platform that is not up yet.
const ATTEMPTS: u64 = 600;

impl User {
    /// Makes the organisation that every plan has, as soon as the platform answers.
    pub async fn set_up(&self, cx: &Cx) -> Seen {
        self.organisation(cx, HOME).await
    }

    /// Makes an organisation, and learns which project it begins with.
    pub async fn organisation(&self, cx: &Cx, organisation: &str) -> Seen {
        let id = self.world.lock().draws.uuid(4, &format!("organisation {organisation}"));
        self.world.lock().names.give(id, organisation);
        self.memory().tenants.insert(organisation.to_owned(), Tenant { id, ..Tenant::default() });
        let body = NewOrganisation {
            id,
            handle: organisation.to_owned(),
            name: organisation.to_owned(),
            region: "default".into(),
        };
        let request = |site, method, path: &str, body| Request {
            site,
            organisation,
            method,
            path: path.to_owned(),
            subject: organisation,
            body,
        };
        let mut seen = Err("the platform was never asked".to_owned());
        for _ in 0..ATTEMPTS {
            let make = request("http.create-organisation", Method::POST, "/organizations", Some(json!(body)));
            seen = self.call(cx, make).await;
            if seen.is_ok() {
                break;
            }
            cx.sleep(Duration::from_millis(100)).await;
        }
        let projects = self.call(cx, request("http.list-projects", Method::GET, "/projects", None)).await;
        if let Some(project) = projects.ok().and_then(|answer| first_id(&answer))
            && let Some(tenant) = self.memory().tenants.get_mut(organisation)
        {
            tenant.project = project;
        }
        seen
    }

    /// Makes a project.
    pub async fn create_project(&self, cx: &Cx, project: &str) -> Seen {
        let request = Request {
            site: "http.create-project",
            organisation: organisation_of(project),
            method: Method::POST,
            path: "/projects".to_owned(),
            subject: project,
            body: Some(json!({ "name": split_handle(project).1 })),
        };
        let seen = self.call(cx, request).await?;
        self.memory().projects.insert(project.to_owned(), field(&seen, "id"));
        Ok(seen)
    }

    /// Deletes a project.
    pub async fn delete_project(&self, cx: &Cx, project: &str) -> Seen {
        let id = self.memory().projects.get(project).cloned();
        let id = id.ok_or_else(|| format!("project {project} is not known to the user"))?;
        let request = Request {
            site: "http.delete-project",
            organisation: organisation_of(project),
            method: Method::DELETE,
            path: format!("/projects/{id}"),
            subject: project,
            body: None,
        };
        self.call(cx, request).await
    }
}

fn first_id(answer: &Answer) -> Option<String> {
    let body = answer.json::<Value>().ok()?;
    let list = body.get("list").unwrap_or(&body).as_array()?;
    list.first()?.get("id")?.as_str().map(str::to_owned)
}
