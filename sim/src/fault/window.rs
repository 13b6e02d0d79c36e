//! When a fault is at work: a point, or a span from one moment to another.
//!
//! A moment is a time or a crossing. A span that begins at a crossing is open for that crossing already; one
//! that ends at a crossing isn't any more. `for` ends it after a time. `dwell` is the least it lasts, so that
//! a crossing that comes at once doesn't end it before it had any effect. What has no end of its own ends with
//! the heal, and what ends `never` outlasts even that.

use std::fmt;
use std::time::Duration;

use driftless_model::settings::Value;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::address::Pattern;

/// A point in a run.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Moment {
    /// So long after the run began.
    Time(Duration),
    /// When a crossing is reached.
    Crossing(#[schemars(with = "String")] Pattern),
    /// At no time.
    Never,
}

impl Moment {
    /// Reads `12s`, `never` or an address.
    ///
    /// # Errors
    /// What was expected.
    pub fn read(text: &str) -> Result<Self, String> {
        if text == "never" {
            return Ok(Moment::Never);
        }
        if let Some(time) = Duration::read(text) {
            return Ok(Moment::Time(time));
        }
        match text.contains(' ') {
            true => text.parse().map(Moment::Crossing).map_err(|wrong| format!("{wrong}")),
            false => {
                Err(format!("'{text}' is no moment; expected a time such as 12s, or an address in quotes"))
            }
        }
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Moment::Time(time) => f.write_str(&time.write()),
            Moment::Crossing(at) => write!(f, "{:?}", at.to_string()),
            Moment::Never => f.write_str("never"),
        }
    }
}

/// From when to when. By default a point at a crossing, and for a link or a node the whole run.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize, JsonSchema)]
pub struct Window {
    /// When it opens.
    pub from: Option<Moment>,
    /// When it closes.
    pub until: Option<Moment>,
    /// How long it is open.
    #[serde(rename = "for")]
    pub for_: Option<Duration>,
    /// How long it is open at least, whenever `until` comes.
    pub dwell: Option<Duration>,
}

impl Window {
    /// The keys by which a script says it.
    pub const KEYS: [&'static str; 4] = ["from", "until", "for", "dwell"];

    /// Whether nothing is said of it.
    pub fn is_default(&self) -> bool {
        *self == Window::default()
    }

    /// What makes no sense in it, if something doesn't.
    pub fn wrong(&self) -> Option<String> {
        match self {
            Window { from: Some(Moment::Never), .. } => {
                Some("a window can't open never; expected a time or an address".to_owned())
            }
            Window { until: Some(_), for_: Some(_), .. } => {
                Some("a window closes once; expected either 'until=' or 'for='".to_owned())
            }
            Window { dwell: Some(_), until: None | Some(Moment::Never | Moment::Time(_)), .. } => Some(
                "'dwell=' holds open what a crossing closes; expected 'until=' with an address".to_owned(),
            ),
            Window { from, until: Some(Moment::Time(until)), .. } => {
                let opens = match from {
                    Some(Moment::Time(from)) => *from,
                    Some(Moment::Crossing(_)) => return None,
                    Some(Moment::Never) | None => Duration::ZERO,
                };
                (*until <= opens).then(|| {
                    format!(
                        "the window ends at {} and begins at {}; expected an end after the beginning",
                        until.write(),
                        opens.write()
                    )
                })
            }
            Window { .. } => None,
        }
    }
}

impl fmt::Display for Window {
    /// What is said of it, each with a blank before it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (key, moment) in [("from", &self.from), ("until", &self.until)] {
            if let Some(moment) = moment {
                write!(f, " {key}={moment}")?;
            }
        }
        for (key, time) in [("for", self.for_), ("dwell", self.dwell)] {
            if let Some(time) = time {
                write!(f, " {key}={}", time.write())?;
            }
        }
        Ok(())
    }
}
