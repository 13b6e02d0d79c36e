//! [`Tasks`]: tasks that are asked to end together, and waited for.
//!
//! Being asked interrupts nothing by itself: each task looks when it suits it.

use std::future::Future;
use std::sync::Arc;

use tokio::sync::watch;

use crate::cx::Cx;

/// Tasks that are asked to end together. Clones are the same.
#[derive(Clone, Default)]
pub(crate) struct Tasks {
    asked: Arc<watch::Sender<bool>>,
    running: Arc<watch::Sender<usize>>,
}

impl Tasks {
    /// Runs `work` as one of these tasks.
    pub fn spawn<F>(&self, cx: &Cx, name: impl Into<Arc<str>>, work: impl FnOnce(Cx) -> F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let running = self.one_more();
        cx.spawn(name, |cx| {
            let work = work(cx);
            async move {
                work.await;
                drop(running);
            }
        });
    }

    /// Counts one more, until what is returned is dropped: for whoever spawns it in another way.
    pub fn one_more(&self) -> Running {
        self.running.send_modify(|running| *running += 1);
        Running(self.running.clone())
    }

    /// Asks them to end.
    pub fn ask(&self) {
        self.asked.send_replace(true);
    }

    /// Whether they were asked.
    pub fn are_asked(&self) -> bool {
        *self.asked.borrow()
    }

    /// Waits until they are asked.
    pub async fn asked(&self) {
        // The sender lives as long as this borrow.
        let _ = self.asked.subscribe().wait_for(|asked| *asked).await;
    }

    /// Waits until none of them is left.
    pub async fn ended(&self) {
        let _ = self.running.subscribe().wait_for(|running| *running == 0).await;
    }
}

/// One task that goes on.
pub(crate) struct Running(Arc<watch::Sender<usize>>);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.send_modify(|running| *running -= 1);
    }
}
