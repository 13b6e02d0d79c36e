//! Statements on gateways.

use std::cmp::Reverse;
use std::sync::Arc;

use uuid::Uuid;

use super::Outcome;
use crate::cx::{At, Cx};
use crate::platform::Platform;
use crate::platform::services::GatewayChanges;
use crate::platform::tables::{Artifact, Association, AssociationMapping, DeploymentStatus, Gateway, State};
use crate::store::View;
use crate::wire::internal::Manifest;
use crate::wire::kind::Kind;

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

    /// Every gateway of every organisation.
    pub(in crate::platform) async fn all_gateways(&self, cx: &Cx) -> Outcome<Vec<Uuid>> {
        let at = At::site("store.list-gateways");
        let all = self.database.read(cx, at, |view| view.scan(|_: &Gateway| true)).await?;
        Ok(all.iter().map(|row| row.uuid).collect())
    }

    pub(in crate::platform) async fn insert_gateway(&self, cx: &Cx, row: &Gateway) -> Outcome<()> {
        let at = At::site("store.insert-gateway").about(row.uuid);
        self.database.write(cx, at, |writer| writer.insert(row.clone())).await
    }

    /// Writes what is said of a gateway, and nothing of what it says itself; false if it is no more.
    pub(in crate::platform) async fn update_gateway_row(
        &self,
        cx: &Cx,
        gateway: Uuid,
        changes: &GatewayChanges,
    ) -> Outcome<bool> {
        let at = At::site("store.update-gateway").about(gateway);
        let now = cx.wall();
        let change = |row: &mut Gateway| {
            let GatewayChanges { description, display_name, is_critical, properties } = changes.clone();
            row.description = description.or(row.description.take());
            row.display_name = display_name.unwrap_or_else(|| row.display_name.clone());
            row.is_critical = is_critical.unwrap_or(row.is_critical);
            row.properties = properties.unwrap_or_else(|| row.properties.clone());
            row.updated_at = now;
        };
        let this = |row: &Gateway| row.uuid == gateway;
        let changed = self.database.write(cx, at, |writer| writer.update_where(this, change)).await?;
        Ok(changed > 0)
    }

    /// Puts down the policies that a gateway says it has, whatever it said before.
    pub(in crate::platform) async fn set_manifest(
        &self,
        cx: &Cx,
        gateway: Uuid,
        manifest: &Manifest,
    ) -> Outcome<()> {
        let at = At::site("store.set-manifest").about(gateway);
        let now = cx.wall();
        let change = |row: &mut Gateway| {
            row.manifest = Some(manifest.clone());
            row.updated_at = now;
        };
        let this = |row: &Gateway| row.uuid == gateway;
        self.database.write(cx, at, |writer| writer.update_where(this, change)).await.map(drop)
    }

    /// The REST APIs that are deployed on the gateway, and say so.
    pub(in crate::platform) async fn live_rest_apis(
        &self,
        cx: &Cx,
        organisation: Uuid,
        gateway: Uuid,
    ) -> Outcome<Vec<Arc<Artifact>>> {
        let at = At::site("store.list-live-artifacts").about(gateway);
        let live = |row: &DeploymentStatus| {
            row.organisation == organisation && row.gateway == gateway && row.status == State::Deployed
        };
        let joined = |view: &View<'_>| {
            let rows = view.scan(live).into_iter();
            let artifacts = rows.filter_map(|row| view.get::<Artifact>(row.artifact));
            artifacts.filter(|artifact| artifact.kind == Kind::RestApi).collect()
        };
        self.database.read(cx, at, joined).await
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
