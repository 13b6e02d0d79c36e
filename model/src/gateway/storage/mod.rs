//! Statements on the gateway's database, in the protocol's words.
//!
//! Each method is one statement or one transaction, and nothing here decides anything: what an error or a
//! missing row means is the caller's business. Everything concerns this gateway's partition only.

mod applications;
mod artifacts;
mod instants;
mod keys;
mod local;
mod plans;
mod pool;
mod removal;
mod subscriptions;
mod templates;
mod turns;
mod upsert;

pub(in crate::gateway) use instants::earlier;
pub(in crate::gateway) use pool::{Pool, Transaction};
pub(in crate::gateway) use removal::{Along, RemovalError};
pub(in crate::gateway) use turns::Stored;
pub(in crate::gateway) use upsert::UpsertError;

use crate::cx::{At, Cx};
use crate::gateway::hub::News;
use crate::store::{Database, StoreError, Writer};

/// The storage of one replica.
#[derive(Clone, Debug)]
pub(in crate::gateway) struct Storage {
    database: Pool,
    gateway_id: String,
}

impl Storage {
    /// The partition of `gateway_id` in a database.
    pub fn new(database: Database, gateway_id: &str) -> Self {
        Storage { database: Pool::new(database), gateway_id: gateway_id.to_owned() }
    }

    /// The partition.
    pub fn gateway_id(&self) -> &str {
        &self.gateway_id
    }

    /// A statement by itself, or in a transaction with the news of it.
    async fn write_with<R>(
        &self,
        cx: &Cx,
        (at, commit): (At<'_>, &'static str),
        body: impl FnMut(&mut Writer<'_>) -> Result<R, StoreError>,
        news: &News<'_>,
    ) -> Result<R, StoreError> {
        if !news.are_within() {
            return self.database.write(cx, at, body).await;
        }
        let mut transaction = self.database.begin(cx);
        let written = transaction.write(cx, at, body).await?;
        news.within(cx, &mut transaction).await?;
        transaction.commit(cx, At::site(commit)).await?;
        Ok(written)
    }
}
