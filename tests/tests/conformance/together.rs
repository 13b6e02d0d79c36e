//! What a case does with a platform at once, or without waiting.

use std::time::Duration;

use driftless_model::http::{Client, upgrade};
use futures::future::join_all;

use super::line::Line;
use super::platform::Scene;

impl Scene {
    /// Asks several things at once, each on a connection of its own.
    pub async fn together(&self, asks: &[(&str, &str, &str)], statuses: &[u16]) -> Result<(), String> {
        let mut calls = Vec::new();
        for (by, call, body) in asks {
            let request = self.request(by, call, body)?;
            calls.push(async move {
                let client = Client::new("platform");
                self.cx.timeout(Duration::from_secs(60), client.call(&self.cx, request)).await
            });
        }
        let mut given = Vec::new();
        for answer in join_all(calls).await {
            given.push(answer.ok_or("no answer in a minute")?.map_err(|e| e.to_string())?.status.as_u16());
        }
        given.sort_unstable();
        if given == statuses { Ok(()) } else { Err(format!("expected {statuses:?}, saw {given:?}")) }
    }

    /// Connects several times at once.
    pub async fn connect_together(&mut self, names: &[&'static str], by: &str) -> Result<(), String> {
        let mut calls = Vec::new();
        for _ in names {
            let (cx, call) = (self.cx.clone(), self.handshake(by)?);
            calls.push(async move { upgrade(&cx, "platform", call).await });
        }
        for (name, answer) in names.iter().copied().zip(join_all(calls).await) {
            let (answer, upgraded) = answer.map_err(|e| e.to_string())?;
            let (stream, wire) = upgraded.ok_or_else(|| format!("{name}: {}", answer.status))?;
            self.lines.insert(name, Line::dialled(&self.cx, name, stream, wire, false).await);
        }
        Ok(())
    }

    /// Asks, and hangs up when the request must have arrived and the answer can't have come.
    pub async fn abandon(&self, by: &str, call: &str, body: &str) -> Result<(), String> {
        let (client, request) = (Client::new("platform"), self.request(by, call, body)?);
        // One way takes a millisecond: there, back and there again.
        match self.cx.timeout(Duration::from_micros(3_200), client.call(&self.cx, request)).await {
            None => Ok(()),
            Some(answer) => Err(format!("the answer was faster: {answer:?}")),
        }
    }
}
