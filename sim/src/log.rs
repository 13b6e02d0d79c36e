//! Logs of the actors, with the time of the world, the node and the task.
//!
//! `RUST_LOG=info driftless run SCRIPT` shows them on the standard error, and `RUST_LOG=debug` every crossing between
//! them. A line begins with the time, the level and the node, each in a column of its own, so that one node can be
//! followed by the eye or by `grep`. What is logged has no influence on a run: neither its order nor its digest.

use std::cell::Cell;
use std::fmt;

use tracing::{Event, Level, Subscriber};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields, FormattedFields};
use tracing_subscriber::registry::LookupSpan;

use crate::history::Crossing;

/// Characters that the name of a node has in its column; a longer one moves what follows.
const NODE: usize = 10;

thread_local! {
    static NOW_US: Cell<u64> = const { Cell::new(0) };
}

/// Sets the time that lines logged on this thread carry, in microseconds since the run began.
pub(crate) fn set_now(us: u64) {
    NOW_US.set(us);
}

/// Logs a crossing that has ended.
pub(crate) fn crossing(crossing: &Crossing) {
    if !tracing::enabled!(Level::DEBUG) {
        return;
    }
    let (node, words) = (&*crossing.address.node, crossing.address.to_string());
    let rest = words.strip_prefix(node).unwrap_or(&words).trim_start();
    let struck = if crossing.fault.is_some() { ", struck by a fault" } else { "" };
    let status = crossing.record.status.map_or_else(String::new, |status| format!(", {status}"));
    let failed = crossing.record.failed.as_ref().map_or_else(String::new, |why| format!(", failed: {why}"));
    tracing::debug!(parent: None, "{node:NODE$} {rest}{status}{failed}{struck}");
}

/// Who says something, of the fields of a task's span: the node and the task.
fn speaker(fields: &str) -> Option<(&str, &str)> {
    fields.strip_prefix("node=\"")?.strip_suffix('"')?.split_once("\" task=\"")
}

/// Begins to log as `RUST_LOG` says; does nothing if it isn't set.
pub fn init() {
    if std::env::var_os("RUST_LOG").is_none() {
        return;
    }
    // The executor's own logs tell nothing of the world.
    let filter = EnvFilter::from_default_env().add_directive("madsim=off".parse().expect("a directive"));
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(false)
        .with_writer(std::io::stderr)
        .event_format(Line);
    // Whoever has set a subscriber before wants that one.
    let _ = tracing::subscriber::set_global_default(subscriber.finish());
}

struct Line;

impl<S, N> FormatEvent<S, N> for Line
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(&self, cx: &FmtContext<'_, S, N>, mut to: Writer<'_>, event: &Event<'_>) -> fmt::Result {
        let us = NOW_US.get();
        write!(to, "{:>6}.{:06} {:>5} ", us / 1_000_000, us % 1_000_000, event.metadata().level())?;
        if let Some(scope) = cx.event_scope() {
            for span in scope.from_root() {
                if let Some(fields) = span.extensions().get::<FormattedFields<N>>() {
                    match speaker(fields) {
                        Some((node, task)) => write!(to, "{node:NODE$} {task}: ")?,
                        None => write!(to, "{fields} ")?,
                    }
                }
            }
        }
        cx.format_fields(to.by_ref(), event)?;
        writeln!(to)
    }
}
