//! The net seam: connections, ports, and what is known of them beside their bytes.

use std::io;
use std::sync::Arc;

use tokio::io::{AsyncRead, AsyncWrite};

use super::{BoxFuture, CrossingId};

/// A stream of bytes in both directions.
pub trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// What is known of one end of a connection beside its bytes.
pub trait Wire: Send + Sync {
    /// The bytes written from now on belong to the exchange or frame that `begun` began.
    fn outgoing(&self, begun: CrossingId);
    /// The oldest exchange or frame that has arrived here and was not yet taken.
    fn incoming(&self) -> CrossingId;
    /// The name of the node at the other end.
    fn peer(&self) -> &str;
}

/// One end of a connection.
pub struct Connection {
    /// Its bytes.
    pub stream: Box<dyn Stream>,
    /// What is known beside the bytes.
    pub wire: Arc<dyn Wire>,
}

/// A port that peers can connect to.
pub trait Listener: Send {
    /// The next connection.
    fn accept(&mut self) -> BoxFuture<'_, io::Result<Connection>>;
}
