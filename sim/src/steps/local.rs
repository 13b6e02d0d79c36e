//! What somebody does at a gateway itself: its management API, without the wire.
//!
//! The operation runs in the gateway's own process and dies with it; whoever asked then hears nothing.

use std::sync::{Arc, Mutex, PoisonError};

use driftless_model::cx::{self, Cx};
use driftless_model::gateway::{LocalOperation, LocalRefusal};
use driftless_model::wire::kind::Kind;

use super::Runner;
use super::operate::GLANCE;
use crate::plan::{Action, LocalChange};
use crate::properties::ground::ORDER;
use crate::user::NAME;

impl Runner {
    /// Somebody manages an artifact at a gateway itself.
    pub(super) async fn manage(
        &self,
        cx: &Cx,
        change: &LocalChange,
        artifact: &str,
        replica: &str,
    ) -> Vec<String> {
        let words = Action::Local {
            change: change.clone(),
            artifact: artifact.to_owned(),
            replica: replica.to_owned(),
        }
        .words();
        let operation = self.operation(change, artifact);
        let (management, there) = {
            let state = self.world.lock();
            let running = state
                .nodes
                .get_key_value(replica)
                .and_then(|(name, node)| Some((node.management.clone()?, (name.clone(), node.life?))));
            match running {
                Some(running) => running,
                None => return vec![format!("no answer: {replica} is down")],
            }
        };
        let (node, life) = there;
        let seam: Arc<dyn cx::World> = self.world.clone();
        let at = Cx::root(seam, node, life, &format!("{ORDER}{words}"));
        cx.task().take_seen().into_iter().for_each(|seen| at.see(seen));
        let answer = Arc::new(Mutex::new(None));
        let (told, task) = (answer.clone(), at.clone());
        at.spawn_as_is(async move {
            let done = management.carry_out(&task, operation).await;
            *told.lock().unwrap_or_else(PoisonError::into_inner) = Some(done);
        });
        loop {
            let answer: Option<Result<(), LocalRefusal>> =
                answer.lock().unwrap_or_else(PoisonError::into_inner).take();
            match answer {
                Some(Ok(())) => return Vec::new(),
                Some(Err(why)) => return vec![format!("refused: {why}")],
                None if !self.world.lock().is_alive(life) => {
                    return vec![format!("no answer: {replica} is down")];
                }
                None => cx.sleep(GLANCE).await,
            }
        }
    }

    fn operation(&self, change: &LocalChange, artifact: &str) -> LocalOperation {
        let handle = artifact.to_owned();
        let user = &self.user;
        let (kind, provider) = user.local(change, artifact);
        let definition =
            |revision| definition(kind, artifact, provider.as_deref().unwrap_or_default(), revision);
        match change {
            LocalChange::Create { .. } => {
                let definition = definition(0);
                LocalOperation::CreateArtifact { kind, handle, definition }
            }
            LocalChange::Update => {
                let definition = definition(user.next_revision());
                LocalOperation::UpdateArtifact { kind, handle, definition }
            }
            LocalChange::Delete => LocalOperation::DeleteArtifact { kind, handle },
            LocalChange::CreateKey(key) => LocalOperation::CreateKey {
                kind,
                handle,
                name: key.clone(),
                secret: user.choose_secret(artifact, key),
                user: NAME.to_owned(),
            },
            LocalChange::RevokeKey(key) => LocalOperation::RevokeKey { kind, handle, name: key.clone() },
        }
    }
}

/// The definition of a local artifact (docs/spec/platform.md section 5).
fn definition(kind: Kind, handle: &str, provider: &str, revision: u64) -> Vec<u8> {
    let url = match revision {
        0 => format!("http://{handle}.example.org"),
        n => format!("http://revision-{n}.example.org"),
    };
    let head = format!(
        "apiVersion: gateway.api-platform.wso2.com/v1alpha1\nkind: {}\nmetadata:\n  name: {handle}\nspec:\n  \
         displayName: {handle}\n  version: v1.0\n  context: /{handle}\n",
        kind.name()
    );
    let upstream = match kind {
        Kind::RestApi => format!(
            "  upstream:\n    main:\n      url: {url}\n  operations:\n    - method: GET\n      path: /*\n"
        ),
        Kind::LlmProvider => format!(
            "  template: mistralai\n  upstream:\n    url: {url}\n  accessControl:\n    mode: allow_all\n"
        ),
        Kind::LlmProxy => format!("  provider:\n    id: {provider}\n"),
        Kind::Mcp => format!("  upstream:\n    url: {url}\n"),
    };
    format!("{head}{upstream}").into_bytes()
}
