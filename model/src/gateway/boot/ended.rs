//! How a gateway process ends by itself.

use std::fmt;

/// How a gateway process ended by itself.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Ended {
    /// A step of its boot failed; whoever runs it starts it again (docs/spec/gateway.md section 3.1).
    BootFailed(Exit),
    /// It was asked to end and did, in good order or when its time for that was up (section 3.2).
    Stopped,
}

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Ended::BootFailed(exit) => write!(f, "the boot failed at {exit}"),
            Ended::Stopped => f.write_str("stopped"),
        }
    }
}

/// Why a boot failed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Exit {
    /// The step, as its crossing is called.
    pub step: &'static str,
    /// Why it failed.
    pub why: String,
}

impl Exit {
    /// An error of that step.
    pub(super) fn at<E: fmt::Display>(step: &'static str) -> impl FnOnce(E) -> Exit {
        move |error| Exit { step, why: error.to_string() }
    }
}

impl fmt::Display for Exit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.step, self.why)
    }
}
