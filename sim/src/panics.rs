//! Panics of actors, caught and put into words.
//!
//! A panic inside a run is data: it ends the life of its node, unless the actor recovers from it as the real one
//! does, and is named in the outcome either way. A panic of the harness itself is left alone.

use std::any::Any;
use std::cell::RefCell;
use std::fmt;
use std::panic;
use std::sync::Once;

use schemars::JsonSchema;
use serde::Serialize;

thread_local! {
    /// Whether this thread is inside a run, and where the last panic there came from.
    static LAST: RefCell<Option<String>> = const { RefCell::new(None) };
    static INSIDE: RefCell<bool> = const { RefCell::new(false) };
}

static HOOK: Once = Once::new();

/// A panic of an actor.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, JsonSchema)]
pub struct Panic {
    /// Where it was, what it said, and where that stands in the code.
    pub words: String,
    /// Whether the actor went on after it, as the real one does where it recovers. Otherwise its process died.
    pub recovered: bool,
}

impl fmt::Display for Panic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let became = if self.recovered { "and the process went on" } else { "and the process died" };
        write!(f, "{}, {became}", self.words)
    }
}

/// While it lives, panics on this thread are noted and not printed.
pub struct Quiet(());

impl Quiet {
    /// Begins to note panics.
    pub fn begin() -> Self {
        HOOK.call_once(|| {
            let before = panic::take_hook();
            panic::set_hook(Box::new(move |info| {
                if !INSIDE.with_borrow(|inside| *inside) {
                    return before(info);
                }
                let place = info.location().map(|at| format!(" at {}:{}", at.file(), at.line()));
                LAST.set(Some(place.unwrap_or_default()));
            }));
        });
        INSIDE.set(true);
        Quiet(())
    }
}

impl Drop for Quiet {
    fn drop(&mut self) {
        INSIDE.set(false);
    }
}

/// What a caught panic said, and where.
pub fn words(panic: &(dyn Any + Send)) -> String {
    let said = panic.downcast_ref::<&str>().map(|said| (*said).to_owned());
    let said = said.or_else(|| panic.downcast_ref::<String>().cloned());
    let place = LAST.take().unwrap_or_default();
    format!("{}{place}", said.unwrap_or_else(|| "a panic without words".into()))
}
