//! Gateways (docs/spec/platform.md section 4.1).
//!
//! Deleting one checks nothing: its deployments go along, nobody is told, and a connection it has stays open.

use std::sync::Arc;

use serde::Deserialize;
use uuid::Uuid;

use crate::cx::{Cx, Mint};
use crate::platform::Platform;
use crate::platform::refusal::{Refusal, Thing};
use crate::platform::tables::{Gateway, Object};

/// What the user says of a new gateway. What isn't said is empty, and refused where it is needed.
#[derive(Deserialize, Default, Debug)]
#[serde(rename_all = "camelCase", default)]
pub(in crate::platform) struct NewGateway {
    pub name: String,
    pub display_name: String,
    pub description: Option<String>,
    pub vhost: String,
    pub functionality_type: String,
    pub is_critical: bool,
    pub properties: Object,
}

/// What may be said of a gateway later on. What isn't said stays.
#[derive(Clone, Deserialize, Default, Debug)]
#[serde(rename_all = "camelCase", default)]
pub(in crate::platform) struct GatewayChanges {
    pub description: Option<String>,
    pub display_name: Option<String>,
    pub is_critical: Option<bool>,
    pub properties: Option<Object>,
}

impl NewGateway {
    fn validate(&self) -> Result<(), Refusal> {
        let invalid = |why: &str| Err(Refusal::Invalid(why.to_owned()));
        if !(3..=64).contains(&self.name.len()) || !super::is_handle(&self.name) {
            return invalid("name must be 3 to 64 lower-case letters, digits and hyphens");
        }
        if self.display_name.is_empty() || self.vhost.is_empty() {
            return invalid("displayName and vhost are required");
        }
        if !["regular", "ai", "event"].contains(&self.functionality_type.as_str()) {
            return invalid("functionalityType must be regular, ai or event");
        }
        Ok(())
    }
}

impl Platform {
    pub(in crate::platform) async fn create_gateway(
        &self,
        cx: &Cx,
        organisation: Uuid,
        new: NewGateway,
    ) -> Result<Gateway, Refusal> {
        new.validate()?;
        self.organisation(cx, organisation).await?;
        if self.find_gateway_named(cx, organisation, &new.name).await?.is_some() {
            return Err(Refusal::Taken(Thing::Gateway));
        }
        let now = cx.wall();
        let gateway = Gateway {
            uuid: cx.mint(Mint::Gateway(&new.name)),
            organisation,
            name: new.name,
            display_name: new.display_name,
            description: new.description,
            vhost: new.vhost,
            is_critical: new.is_critical,
            functionality_type: new.functionality_type,
            is_active: false,
            manifest: None,
            properties: new.properties,
            created_at: now,
            updated_at: now,
        };
        self.insert_gateway(cx, &gateway).await?;
        Ok(gateway)
    }

    /// A gateway of the organisation.
    pub(in crate::platform) async fn gateway(
        &self,
        cx: &Cx,
        organisation: Uuid,
        uuid: Uuid,
    ) -> Result<Arc<Gateway>, Refusal> {
        let gateway = self.find_gateway(cx, uuid).await?;
        gateway.filter(|row| row.organisation == organisation).ok_or(Refusal::Unknown(Thing::Gateway))
    }

    pub(in crate::platform) async fn update_gateway(
        &self,
        cx: &Cx,
        organisation: Uuid,
        uuid: Uuid,
        changes: GatewayChanges,
    ) -> Result<Arc<Gateway>, Refusal> {
        self.gateway(cx, organisation, uuid).await?;
        if !self.update_gateway_row(cx, uuid, &changes).await? {
            return Err(Refusal::Unknown(Thing::Gateway));
        }
        self.gateway(cx, organisation, uuid).await
    }

    pub(in crate::platform) async fn delete_gateway(
        &self,
        cx: &Cx,
        organisation: Uuid,
        uuid: Uuid,
    ) -> Result<(), Refusal> {
        self.gateway(cx, organisation, uuid).await?;
        Ok(self.delete_gateway_rows(cx, uuid).await?)
    }
}
