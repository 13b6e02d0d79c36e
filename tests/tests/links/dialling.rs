//! Dials: refused, accepted, not accepted, given up.

use super::crashes::CRASH;
use super::cuts::FILTER;
use super::situation::Act::{Accept, Close, Dial, GoOn, Read, StopListening, Write};
use super::situation::Answer::{Blocks, Done, Eof, Refused, Reset, TimedOut};
use super::situation::{Kernel, Party, Situation, Step, a, b};

/// Every one.
pub const ALL: &[Situation] = &[
    Situation {
        name: "nobody listens",
        steps: &[b(StopListening, Done), a(Dial, Refused)],
        kernel: Kernel::Tried,
    },
    Situation {
        name: "nobody accepts yet",
        steps: &[
            a(Dial, Done),
            a(Write(5), Done),
            a(Read(3), Blocks),
            b(Accept, Done),
            b(Read(5), Done),
            b(Write(3), Done),
            a(GoOn, Done),
        ],
        kernel: Kernel::Tried,
    },
    Situation {
        name: "two dials before either is accepted",
        steps: &[
            a(Dial, Done),
            a(Dial, Done).on(2),
            a(Write(5), Done).on(2),
            a(Write(3), Done),
            b(Accept, Done),
            b(Accept, Done).on(2),
            a(Close, Done),
            b(Read(3), Done),
            b(Read(1), Eof),
            b(Read(5), Done).on(2),
            b(Read(1), Blocks).on(2),
        ],
        kernel: Kernel::Tried,
    },
    Situation {
        name: "the port is closed before anybody accepts",
        steps: &[a(Dial, Done), b(StopListening, Done), a(Read(1), Reset)],
        kernel: Kernel::Tried,
    },
    Situation {
        name: "the port is closed after somebody was accepted",
        steps: &[
            a(Dial, Done),
            b(Accept, Done),
            b(StopListening, Done),
            a(Dial, Refused).on(2),
            a(Write(5), Done),
            b(Read(5), Done),
        ],
        kernel: Kernel::Tried,
    },
    Situation {
        name: "the dialler has closed before anybody accepts",
        steps: &[
            a(Dial, Done),
            a(Write(5), Done),
            a(Close, Done),
            b(Accept, Done),
            b(Read(5), Done),
            b(Read(1), Eof),
        ],
        kernel: Kernel::Tried,
    },
    Situation {
        name: "the dialler has crashed before anybody accepts",
        steps: &[
            a(Dial, Done),
            a(Write(5), Done),
            Step::Crash(Party::A),
            b(Accept, Done),
            b(Read(5), Done),
            b(Read(1), Reset).but(Eof, CRASH),
        ],
        kernel: Kernel::Tried,
    },
    Situation {
        name: "the link is cut",
        steps: &[
            Step::Cut(Party::A),
            Step::Cut(Party::B),
            a(Dial, Blocks),
            Step::Pass(200),
            a(GoOn, TimedOut),
        ],
        kernel: FILTER,
    },
    Situation {
        name: "only the way there is cut",
        steps: &[Step::Cut(Party::A), a(Dial, Blocks), Step::Pass(200), a(GoOn, TimedOut), b(Accept, Blocks)],
        kernel: FILTER,
    },
    Situation {
        name: "only the way back is cut",
        steps: &[Step::Cut(Party::B), a(Dial, Blocks), Step::Pass(200), a(GoOn, TimedOut), b(Accept, Blocks)],
        kernel: FILTER,
    },
    Situation {
        name: "nobody listens and the way back is cut",
        steps: &[
            b(StopListening, Done),
            Step::Cut(Party::B),
            a(Dial, Blocks),
            Step::Pass(200),
            a(GoOn, TimedOut),
        ],
        kernel: FILTER,
    },
    Situation {
        name: "the cut ends while somebody dials",
        steps: &[
            Step::Cut(Party::A),
            Step::Cut(Party::B),
            a(Dial, Blocks),
            Step::Heal,
            a(GoOn, Done),
            b(Accept, Done),
            a(Write(5), Done),
            b(Read(5), Done),
        ],
        kernel: FILTER,
    },
];
