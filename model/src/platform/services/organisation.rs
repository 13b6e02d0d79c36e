//! Organisations (docs/spec/platform.md section 4.1).
//!
//! A new organisation gets a project `default`, as merged in a statement of its own: should that fail, the organisation
//! stands without one.

use std::sync::Arc;

use uuid::Uuid;

use super::is_handle;
use super::project::new_project;
use crate::cx::Cx;
use crate::design::OrganisationWrites;
use crate::platform::Platform;
use crate::platform::refusal::{Refusal, Thing};
use crate::platform::tables::Organisation;
use crate::wire::public::NewOrganisation;

/// What the project is called that an organisation begins with.
const FIRST_PROJECT: &str = "default";

impl Platform {
    pub(in crate::platform) async fn create_organisation(
        &self,
        cx: &Cx,
        new: NewOrganisation,
    ) -> Result<Organisation, Refusal> {
        if !is_handle(&new.handle) {
            return Err(Refusal::Invalid("handle must be lower-case letters, digits and hyphens".into()));
        }
        if new.name.is_empty() || new.region.is_empty() {
            return Err(Refusal::Invalid("name and region are required".into()));
        }
        if let Some(other) = self.find_organisation_like(cx, new.id, &new.handle).await? {
            let taken = if other.uuid == new.id { Thing::Organisation } else { Thing::OrganisationHandle };
            return Err(Refusal::Taken(taken));
        }
        let NewOrganisation { id: uuid, handle, name, region } = new;
        let organisation = Organisation { uuid, handle, name, region, created_at: cx.wall() };
        match self.design.organisation_writes {
            OrganisationWrites::InTwoTransactions => {
                self.insert_organisation(cx, &organisation).await?;
                self.create_project(cx, uuid, FIRST_PROJECT.into()).await?;
            }
            OrganisationWrites::InOneTransaction => {
                let project = new_project(cx, uuid, FIRST_PROJECT.into());
                self.insert_organisation_with(cx, &organisation, &project).await?;
            }
        }
        Ok(organisation)
    }

    pub(in crate::platform) async fn organisation(
        &self,
        cx: &Cx,
        uuid: Uuid,
    ) -> Result<Arc<Organisation>, Refusal> {
        self.find_organisation(cx, uuid).await?.ok_or(Refusal::Unknown(Thing::Organisation))
    }
}
