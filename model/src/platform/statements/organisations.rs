//! Statements on organisations.

use std::sync::Arc;

use uuid::Uuid;

use super::Outcome;
use crate::cx::{At, Cx};
use crate::platform::Platform;
use crate::platform::tables::{Organisation, Project};

impl Platform {
    pub(in crate::platform) async fn find_organisation(
        &self,
        cx: &Cx,
        uuid: Uuid,
    ) -> Outcome<Option<Arc<Organisation>>> {
        let at = At::site("store.find-organisation").about(uuid);
        self.database.read(cx, at, |view| view.get(uuid)).await
    }

    /// An organisation that has the identifier or the handle.
    pub(in crate::platform) async fn find_organisation_like(
        &self,
        cx: &Cx,
        uuid: Uuid,
        handle: &str,
    ) -> Outcome<Option<Arc<Organisation>>> {
        let at = At::site("store.find-organisation").about(uuid);
        let like = |row: &Organisation| row.uuid == uuid || row.handle == handle;
        self.database.read(cx, at, |view| view.first(like)).await
    }

    pub(in crate::platform) async fn insert_organisation(&self, cx: &Cx, row: &Organisation) -> Outcome<()> {
        let at = At::site("store.insert-organisation").about(row.uuid);
        self.database.write(cx, at, |writer| writer.insert(row.clone())).await
    }

    /// Inserts an organisation and a project of it, in one transaction.
    pub(in crate::platform) async fn insert_organisation_with(
        &self,
        cx: &Cx,
        row: &Organisation,
        project: &Project,
    ) -> Outcome<()> {
        let mut transaction = self.database.begin(cx);
        let at = At::site("store.insert-organisation").about(row.uuid);
        transaction.write(cx, at, |writer| writer.insert(row.clone())).await?;
        let at = At::site("store.insert-project").about(project.uuid);
        transaction.write(cx, at, |writer| writer.insert(project.clone())).await?;
        transaction.commit(cx, At::site("store.commit-organisation").about(row.uuid)).await
    }
}
