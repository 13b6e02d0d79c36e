//! Applications and the keys mapped to them (docs/spec/platform.md section 4.5).

use driftless_model::cx::Cx;
use http::Method;
use serde_json::json;

use super::{Request, Seen, User, organisation_of};
use crate::plan::{Change, split_handle};

impl User {
    /// Makes, changes or deletes an application.
    pub async fn application(&self, cx: &Cx, change: Change, application: &str) -> Seen {
        const ALL: &str = "/applications";
        let handle = split_handle(application).1;
        let body = json!({ "id": handle, "name": handle, "type": "genai" });
        let one = format!("{ALL}/{handle}");
        let (site, method, path, body) = match change {
            Change::Create => ("http.create-application", Method::POST, ALL.to_owned(), Some(body)),
            Change::Update => ("http.update-application", Method::PUT, one, Some(body)),
            Change::Delete => ("http.delete-application", Method::DELETE, one, None),
        };
        let organisation = organisation_of(application);
        self.call(cx, Request { site, organisation, method, path, subject: application, body }).await
    }

    /// Maps a key to an application, or takes it away.
    pub async fn map_key(&self, cx: &Cx, mapped: bool, application: &str, artifact: &str, key: &str) -> Seen {
        let entity = split_handle(artifact).1;
        let known = self.memory().keys.get(&(artifact.to_owned(), key.to_owned())).map(|key| key.id.clone());
        let id = known.unwrap_or_else(|| key.to_owned());
        let all = format!("/applications/{}/api-keys", split_handle(application).1);
        let (site, method, path, body) = match mapped {
            true => {
                let body = json!({ "apiKeys": [{ "keyId": id, "associatedEntity": { "id": entity } }] });
                ("http.map-key", Method::POST, all, Some(body))
            }
            false => ("http.unmap-key", Method::DELETE, format!("{all}/{id}?entityID={entity}"), None),
        };
        let organisation = organisation_of(application);
        self.call(cx, Request { site, organisation, method, path, subject: application, body }).await
    }
}
