//! Statements on gateways.

use std::cmp::Reverse;
use std::sync::Arc;

use uuid::Uuid;

use super::Outcome;
use crate::cx::{At, Cx};
use crate::platform::Platform;
use crate::platform::tables::{Association, AssociationMapping, Gateway};

impl Platform {
    pub(in crate::platform) async fn find_gateway(
        &self,
        cx: &Cx,
        uuid: Uuid,
    ) -> Outcome<Option<Arc<Gateway>>> {
        let at = At::site("store.find-gateway").about(uuid);
        self.database.read(cx, at, |view| view.get(uuid)).await
    }

    pub(in crate::platform) async fn find_gateway_named(
        &self,
        cx: &Cx,
        organisation: Uuid,
        name: &str,
    ) -> Outcome<Option<Arc<Gateway>>> {
        let at = At::site("store.find-gateway").about(name);
        let named = |row: &Gateway| row.organisation == organisation && row.name == name;
        self.database.read(cx, at, |view| view.first(named)).await
    }

    /// The gateways of an organisation, newest first.
    pub(in crate::platform) async fn list_gateways(
        &self,
        cx: &Cx,
        organisation: Uuid,
    ) -> Outcome<Vec<Arc<Gateway>>> {
        let at = At::site("store.list-gateways").about(organisation);
        let of = |row: &Gateway| row.organisation == organisation;
        let mut gateways = self.database.read(cx, at, |view| view.scan(of)).await?;
        gateways.sort_by_key(|row| Reverse(row.created_at));
        Ok(gateways)
    }

    pub(in crate::platform) async fn insert_gateway(&self, cx: &Cx, row: &Gateway) -> Outcome<()> {
        let at = At::site("store.insert-gateway").about(row.uuid);
        self.database.write(cx, at, |writer| writer.insert(row.clone())).await
    }

    /// The gateway with its associations; its tokens and deployments go along by their foreign keys.
    pub(in crate::platform) async fn delete_gateway_rows(&self, cx: &Cx, gateway: Uuid) -> Outcome<()> {
        let mut tx = self.database.begin(cx);
        let at = At::site("store.delete-associations").about(gateway);
        let with = |row: &AssociationMapping| {
            row.resource == gateway && row.association_type == Association::Gateway
        };
        tx.write(cx, at, |writer| writer.delete_where(with)).await?;
        let at = At::site("store.delete-gateway").about(gateway);
        tx.write(cx, at, |writer| writer.delete::<Gateway>(gateway)).await?;
        tx.commit(cx, At::site("store.commit-delete").about(gateway)).await
    }

    /// Writes down whether the gateway has a connection. A gateway that is no more is passed over.
    pub(in crate::platform) async fn set_active(&self, cx: &Cx, gateway: Uuid, active: bool) -> Outcome<()> {
        let site = if active { "store.set-active" } else { "store.set-inactive" };
        let now = cx.wall();
        let change = |row: &mut Gateway| {
            row.is_active = active;
            row.updated_at = now;
        };
        let at = At::site(site).about(gateway);
        self.database
            .write(cx, at, |writer| writer.update_where(|row: &Gateway| row.uuid == gateway, change))
            .await
            .map(drop)
    }
}
