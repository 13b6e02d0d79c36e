//! Hands: with what an operation of one's own does what it does.
//!
//! They reach what a person at the keyboard reaches: any built-in command, the platform's public API, the plan's
//! names, and time. They don't reach the world behind the wire, nor the faults of the plan.

use std::time::Duration;

use driftless_model::cx::Cx;
use http::Method;
use serde_json::Value;
use uuid::Uuid;

use super::Runner;
use crate::plan::Action;
use crate::sites::{self, Class};
use crate::user::Seen;

/// The hands of the plan's user while a step lasts.
pub struct Hands<'a> {
    pub(super) runner: &'a Runner,
    pub(super) cx: &'a Cx,
}

impl Hands<'_> {
    /// Does what a built-in command does, and returns the lines that it shows: nothing if all is well, or what
    /// `probe` and `show` see. Nodes are set up by steps, so it starts none.
    pub async fn act(&self, action: &Action) -> Vec<String> {
        match action {
            Action::Start { node, .. } => vec![format!("'{node}' is set up by a step of its own")],
            action => self.runner.act(self.cx, action).await,
        }
    }

    /// Sends a request to the platform's public API as the user, in the name of the organisation that `about`
    /// belongs to. The site is one of those of calls, such as `http.update-artifact`; the path is what follows
    /// the API's root, such as `/rest-apis/petstore`. [`expect`](super::expect) makes lines of what was seen.
    ///
    /// # Errors
    /// Why there was no answer.
    pub async fn request(
        &self,
        site: &'static str,
        method: Method,
        path: &str,
        about: &str,
        body: Option<Value>,
    ) -> Seen {
        if Class::of(site) != Class::Call || !sites::ALL.contains(&site) {
            return Err(format!("'{site}' is no site of a call; expected one that `list sites` has"));
        }
        self.runner.user.about(self.cx, site, method, path.to_owned(), about, body).await
    }

    /// The identifier of what the plan calls so, such as `petstore.d1` or `gw1`.
    ///
    /// # Errors
    /// When nothing is called so yet.
    pub fn id(&self, name: &str) -> Result<Uuid, String> {
        let id = self.runner.world.lock().names.id(name);
        id.ok_or_else(|| format!("nothing is called '{name}' yet"))
    }

    /// Lets time pass.
    pub async fn wait(&self, time: Duration) {
        self.cx.sleep(time).await;
    }
}
