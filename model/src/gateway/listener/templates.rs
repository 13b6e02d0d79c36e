//! Templates of LLM providers: into memory and out of it.

use uuid::Uuid;

use super::Dropped;
use crate::cx::{At, Cx};
use crate::gateway::replica::Replica;
use crate::gateway::tables::Action;

impl Replica {
    /// Takes up what the database has of a template, or drops it.
    pub(super) async fn apply_template(
        &self,
        cx: &Cx,
        action: Action,
        template: Uuid,
    ) -> Result<(), Dropped> {
        let at = At::site("memory.template");
        match action {
            Action::Create | Action::Update => {
                let row = self.storage.find_template(cx, template).await?.ok_or(Dropped::NoRow)?;
                self.projections.cross(cx, at, |state| state.lazy_resources.store(row)).await?;
            }
            Action::Delete => {
                self.projections.cross(cx, at, |state| state.lazy_resources.remove(template)).await?;
            }
        }
        Ok(())
    }
}
