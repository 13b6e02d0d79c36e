//! The ends of a connection as a process holds them: bytes, the wire beside them, and the open port.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Weak};
use std::task::{Context, Poll};

use driftless_model::cx::{BoxFuture, Connection, CrossingId, LifeId, Listener, Wire};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::{ConnId, Failure, Item, Side};
use crate::world::World;

/// The bytes of one end. Dropping it closes the end, as closing a file descriptor would.
pub struct End {
    world: Weak<World>,
    conn: ConnId,
    side: Side,
    life: LifeId,
}

/// What is known of one end beside its bytes.
pub struct WireEnd {
    world: Weak<World>,
    conn: ConnId,
    side: Side,
    peer: Arc<str>,
}

/// An open port.
pub struct Port {
    world: Weak<World>,
    node: Arc<str>,
    life: LifeId,
}

/// Both halves of an end.
pub(crate) fn connection(
    world: &Weak<World>,
    conn: ConnId,
    side: Side,
    life: LifeId,
    peer: Arc<str>,
) -> Connection {
    let end = End { world: world.clone(), conn, side, life };
    let wire = WireEnd { world: world.clone(), conn, side, peer };
    Connection { stream: Box::new(end), wire: Arc::new(wire) }
}

impl Port {
    pub(crate) fn new(world: Weak<World>, node: Arc<str>, life: LifeId) -> Self {
        Port { world, node, life }
    }
}

impl Wire for WireEnd {
    fn outgoing(&self, begun: CrossingId) {
        if let Some(world) = self.world.upgrade() {
            world.label(self.conn, self.side, begun);
        }
    }

    fn incoming(&self) -> CrossingId {
        self.world.upgrade().map_or(CrossingId(0), |world| world.take_begun(self.conn, self.side))
    }

    fn peer(&self) -> &str {
        &self.peer
    }
}

impl Listener for Port {
    fn accept(&mut self) -> BoxFuture<'_, io::Result<Connection>> {
        Box::pin(std::future::poll_fn(move |cx| match self.world.upgrade() {
            None => Poll::Pending,
            Some(world) => world.poll_accept(&self.node, self.life, cx.waker()).map(Ok),
        }))
    }
}

impl Drop for Port {
    fn drop(&mut self) {
        if let Some(world) = self.world.upgrade() {
            world.close_port(&self.node, self.life);
        }
    }
}

impl AsyncRead for End {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let Some(world) = self.world.upgrade() else { return Poll::Pending };
        let mut state = world.lock();
        if state.stands_still(self.life) {
            state.faults.stand(cx.waker());
            return Poll::Pending;
        }
        let room = state.settings.connection_buffer_bytes;
        let Some((alive, conn)) = state.held(self.conn, self.life) else { return Poll::Pending };
        if !alive {
            return Poll::Pending;
        }
        let failure = conn.end(self.side).failure;
        let direction = conn.to_mut(self.side);
        let mut read = 0;
        while buf.remaining() > 0 {
            let Some(mut head) = direction.inbox.pop_front() else { break };
            let part = head.len().min(buf.remaining());
            buf.put_slice(&head[..part]);
            read += part;
            if part < head.len() {
                head.drain(..part);
                direction.inbox.push_front(head);
            }
        }
        if read > 0 {
            let was_full = direction.bytes >= room;
            direction.bytes -= read;
            if was_full && let Some(writer) = direction.writer.take() {
                writer.wake();
            }
            return Poll::Ready(Ok(()));
        }
        // What ended in good order has ended, whatever became of the connection since.
        if direction.ended {
            return Poll::Ready(Ok(()));
        }
        if let Some(failure) = failure {
            return Poll::Ready(Err(failure.error()));
        }
        direction.reader = Some(cx.waker().clone());
        Poll::Pending
    }
}

impl AsyncWrite for End {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        self.write(cx, &[io::IoSlice::new(buf)])
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.write(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        let Some(world) = self.world.upgrade() else { return Poll::Ready(Ok(())) };
        let mut state = world.lock();
        if let Some((true, conn)) = state.held(self.conn, self.life)
            && !std::mem::replace(&mut conn.to_mut(self.side.other()).shut, true)
        {
            state.send(self.conn, self.side.other(), Item::Fin);
        }
        Poll::Ready(Ok(()))
    }
}

impl End {
    fn write(&self, cx: &mut Context<'_>, bufs: &[io::IoSlice<'_>]) -> Poll<io::Result<usize>> {
        let Some(world) = self.world.upgrade() else { return Poll::Pending };
        let mut state = world.lock();
        if state.stands_still(self.life) {
            state.faults.stand(cx.waker());
            return Poll::Pending;
        }
        let room = state.settings.connection_buffer_bytes;
        let Some((alive, conn)) = state.held(self.conn, self.life) else { return Poll::Pending };
        if !alive {
            return Poll::Pending;
        }
        let ended = conn.to(self.side).ended;
        match conn.end(self.side).failure {
            // A reset after the end of the stream says only that nobody reads any more.
            Some(Failure::Reset) if ended => return Poll::Ready(Err(broken_pipe())),
            Some(failure) => return Poll::Ready(Err(failure.error())),
            None => {}
        }
        let direction = conn.to_mut(self.side.other());
        if direction.shut {
            return Poll::Ready(Err(broken_pipe()));
        }
        let free = room.saturating_sub(direction.bytes);
        if free == 0 {
            direction.writer = Some(cx.waker().clone());
            return Poll::Pending;
        }
        let mut data = Vec::with_capacity(bufs.iter().map(|b| b.len()).sum::<usize>().min(free));
        for buf in bufs {
            let part = buf.len().min(free - data.len());
            data.extend_from_slice(&buf[..part]);
        }
        let written = data.len();
        direction.bytes += written;
        let begun = direction.begun.back().copied();
        let hash = conn.hash;
        state.net.count_bytes(hash, self.side, &data);
        if written > 0 {
            state.send(self.conn, self.side.other(), Item::Data(data));
            if let Some(begun) = begun {
                state.die_with_bytes(begun, self.life);
            }
        }
        Poll::Ready(Ok(written))
    }
}

fn broken_pipe() -> io::Error {
    io::Error::new(io::ErrorKind::BrokenPipe, "broken pipe")
}

impl Drop for End {
    fn drop(&mut self) {
        if let Some(world) = self.world.upgrade() {
            world.close(self.conn, self.side, self.life);
        }
    }
}
