//! The screen of whoever waits for a sweep, and their wish to stop.

use std::io::{IsTerminal, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crate::campaign::Finding;
use crate::files::stopwatch;
use crate::outcome::Unrunnable;
use crate::sweep::{Number, Subject, Tally, Watcher};

/// How often a line of progress is printed where nobody looks at a terminal.
const LINES_EVERY: Duration = Duration::from_secs(10);

pub(super) struct Screen {
    faults: u8,
    before: u64,
    /// About how many plans there are.
    expected: u64,
    begun: Instant,
    ran: AtomicU64,
    stop: Arc<AtomicBool>,
    terminal: bool,
    quiet: bool,
    said: Instant,
}

impl Screen {
    pub(super) fn new(subject: &Subject, tally: &Tally, quiet: bool) -> Result<Self, Unrunnable> {
        let stop = Arc::<AtomicBool>::default();
        let asked = stop.clone();
        let handler = move || {
            if asked.swap(true, Ordering::Relaxed) {
                // Asked twice: whoever asks doesn't want to wait for the block.
                std::process::exit(130);
            }
        };
        ctrlc::set_handler(handler).map_err(Unrunnable::of)?;
        let now = stopwatch();
        Ok(Screen {
            faults: subject.wanted.faults,
            before: tally.executed(),
            expected: tally.expected(subject.wanted.faults),
            begun: now,
            ran: AtomicU64::new(0),
            stop,
            terminal: std::io::stderr().is_terminal(),
            quiet,
            said: now,
        })
    }

    fn line(&self, ran: u64) -> String {
        let rate = ran as f64 / self.begun.elapsed().as_secs_f64().max(0.001);
        let of = match (self.expected, self.faults) {
            (0, _) => String::new(),
            (expected, ..2) => format!(" of {expected}"),
            (expected, _) => format!(" of about {expected}"),
        };
        format!("{}{of} plans, {rate:.0} a second", self.before + ran)
    }

    fn clear(&self) {
        if self.terminal {
            eprint!("\r\x1b[K");
        }
    }

    /// How fast it went, in a line.
    pub(super) fn end(&self, tally: &Tally) -> String {
        self.clear();
        let ran = tally.executed() - self.before;
        let seconds = self.begun.elapsed().as_secs_f64();
        format!("{ran} runs in {seconds:.1} s, {:.0} a second", ran as f64 / seconds.max(0.001))
    }
}

impl Watcher for Screen {
    fn ran(&self) {
        let ran = 1 + self.ran.fetch_add(1, Ordering::Relaxed);
        if self.terminal && ran.is_multiple_of(8) {
            let mut to = std::io::stderr().lock();
            // Nobody is hurt if progress can't be shown.
            let _ = write!(to, "\r\x1b[K{}", self.line(ran));
            let _ = to.flush();
        }
    }

    fn block(&mut self, tally: &Tally) {
        self.expected = tally.expected(self.faults);
        if self.terminal || self.said.elapsed() < LINES_EVERY {
            return;
        }
        self.said = stopwatch();
        let bad: u64 = tally.by_kind.values().map(|count| count.bad).sum();
        let line = self.line(self.ran.load(Ordering::Relaxed));
        eprintln!("{line}; {} findings in {bad} plans", tally.findings.len());
    }

    fn found(&mut self, finding: &Finding) {
        if !self.quiet {
            self.clear();
            let (id, plan) = (finding.signature.id(), Number::of_run(finding.run));
            say!("found {id} in plan {plan}: {}", finding.signature);
        }
    }

    fn asks_to_stop(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }
}
