//! Ending the connection on purpose (docs/spec/gateway.md section 3.2).

use crate::cx::{At, Cx};
use crate::gateway::replica::Replica;

impl Replica {
    /// Sends a close frame, if there is a connection, and lets go of it. An acknowledgement that comes later
    /// is lost.
    pub(in crate::gateway) async fn hang_up(&self, cx: &Cx) {
        let at = At::site("ws.close").to(self.platform.node());
        let taken = cx.cross(at, |_, _| self.link.state().current.take()).await;
        if let Ok(Some(line)) = taken {
            line.sender.close().await;
            line.close();
        }
    }
}
