//! Statements on the associations of REST APIs with gateways.

use std::sync::Arc;

use uuid::Uuid;

use super::Outcome;
use crate::cx::{At, Cx};
use crate::platform::Platform;
use crate::platform::tables::{Association, AssociationMapping, Gateway};
use crate::store::View;

impl Platform {
    /// The gateways that the artifact is associated with and that still exist.
    pub(in crate::platform) async fn associated_gateways(
        &self,
        cx: &Cx,
        organisation: Uuid,
        artifact: Uuid,
    ) -> Outcome<Vec<Arc<Gateway>>> {
        let at = At::site("store.list-associations").about(artifact);
        let joined = |view: &View<'_>| {
            let rows = view.scan(|row: &AssociationMapping| of(row, organisation, artifact)).into_iter();
            rows.filter_map(|row| view.get(row.resource)).collect()
        };
        self.database.read(cx, at, joined).await
    }

    pub(in crate::platform) async fn is_associated(
        &self,
        cx: &Cx,
        organisation: Uuid,
        artifact: Uuid,
        gateway: Uuid,
    ) -> Outcome<bool> {
        let at = At::site("store.find-association").about(artifact);
        let with = |row: &AssociationMapping| of(row, organisation, artifact) && row.resource == gateway;
        self.database.read(cx, at, |view| view.count(with) > 0).await
    }

    pub(in crate::platform) async fn insert_association(
        &self,
        cx: &Cx,
        row: &AssociationMapping,
    ) -> Outcome<()> {
        let at = At::site("store.insert-association").about(row.artifact);
        self.database.write(cx, at, |writer| writer.insert(row.clone())).await
    }
}

fn of(row: &AssociationMapping, organisation: Uuid, artifact: Uuid) -> bool {
    row.organisation == organisation
        && row.artifact == artifact
        && row.association_type == Association::Gateway
}
