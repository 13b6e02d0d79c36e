//! Processes that die and machines that go dark.

use super::situation::Act::{Accept, Dial, GoOn, Read, Write};
use super::situation::Answer::{Blocks, BrokenPipe, Done, Eof, Reset, TimedOut};
use super::situation::{FULL, Kernel, Party, Situation, Step, a, b};

/// Why a crash is a reset here.
pub const CRASH: &str = "the kernel closes the sockets of a process that dies as if it had closed them itself, \
    and resets only where something was unread; here a crash resets always, so that its peers can tell it from \
    an orderly end";
/// Why a full window waits for ever.
const PROBES: &str = "the kernel asks a peer whose window is full whether it still is, and gives up when \
    nobody answers; there are no such probes here";

const MACHINE: Kernel = Kernel::Needs("a second machine, to switch it off");

/// Every one.
pub const ALL: &[Situation] = &[
    Situation {
        name: "the peer crashes with nothing in flight, and I read",
        steps: &[a(Dial, Done), b(Accept, Done), Step::Crash(Party::B), a(Read(1), Reset).but(Eof, CRASH)],
        kernel: Kernel::Tried,
    },
    Situation {
        name: "the peer crashes with nothing in flight, and I write",
        steps: &[
            a(Dial, Done),
            b(Accept, Done),
            Step::Crash(Party::B),
            a(Write(1), Reset).but(Done, CRASH),
            a(Write(1), Reset).but(BrokenPipe, CRASH),
        ],
        kernel: Kernel::Tried,
    },
    Situation {
        name: "the peer crashes while a reader waits",
        steps: &[
            a(Dial, Done),
            b(Accept, Done),
            a(Read(1), Blocks),
            Step::Crash(Party::B),
            a(GoOn, Reset).but(Eof, CRASH),
        ],
        kernel: Kernel::Tried,
    },
    Situation {
        name: "the peer crashes with something unread",
        steps: &[a(Dial, Done), b(Accept, Done), a(Write(5), Done), Step::Crash(Party::B), a(Read(1), Reset)],
        kernel: Kernel::Tried,
    },
    Situation {
        name: "the peer says something and crashes",
        steps: &[
            a(Dial, Done),
            b(Accept, Done),
            b(Write(5), Done),
            Step::Crash(Party::B),
            a(Read(5), Done),
            a(Read(1), Reset).but(Eof, CRASH),
        ],
        kernel: Kernel::Tried,
    },
    Situation {
        name: "the writer crashes amid a transfer",
        steps: &[
            a(Dial, Done),
            b(Accept, Done),
            b(Write(FULL), Blocks),
            Step::Crash(Party::B),
            a(Read(1000), Done),
            a(Read(FULL), Reset).but(Eof, CRASH),
        ],
        kernel: Kernel::Tried,
    },
    Situation {
        name: "the reader crashes amid a transfer",
        steps: &[
            a(Dial, Done),
            b(Accept, Done),
            a(Write(FULL), Blocks),
            Step::Crash(Party::B),
            a(GoOn, Reset),
        ],
        kernel: Kernel::Tried,
    },
    Situation {
        name: "the peer crashes before it has accepted",
        steps: &[a(Dial, Done), Step::Crash(Party::B), a(Read(1), Reset)],
        kernel: Kernel::Tried,
    },
    Situation {
        name: "the peer loses power, and I read",
        steps: &[
            a(Dial, Done),
            b(Accept, Done),
            Step::PowerLoss(Party::B),
            a(Read(1), Blocks),
            Step::Pass(1000),
            a(GoOn, Blocks),
        ],
        kernel: MACHINE,
    },
    Situation {
        name: "the peer loses power, and I write",
        steps: &[
            a(Dial, Done),
            b(Accept, Done),
            Step::PowerLoss(Party::B),
            a(Write(5), Done),
            a(Read(1), Blocks),
            Step::Pass(1000),
            a(GoOn, TimedOut),
        ],
        kernel: MACHINE,
    },
    Situation {
        name: "a machine without power is dialled",
        steps: &[Step::PowerLoss(Party::B), a(Dial, Blocks), Step::Pass(200), a(GoOn, TimedOut)],
        kernel: MACHINE,
    },
    Situation {
        name: "the peer loses power before it has read what fills both buffers",
        steps: &[
            a(Dial, Done),
            b(Accept, Done),
            a(Write(FULL), Blocks),
            Step::PowerLoss(Party::B),
            Step::Pass(1000),
            a(GoOn, Blocks).but(TimedOut, PROBES),
        ],
        kernel: MACHINE,
    },
];
