//! Links that are cut and heal, or don't, under a connection that stands.

use super::crashes::CRASH;
use super::situation::Act::{Accept, Close, Dial, GoOn, Read, Write};
use super::situation::Answer::{Blocks, Done, Eof, Reset, TimedOut};
use super::situation::{FULL, Kernel, Party, Situation, Step, a, b};

/// Why a cut isn't tried on the kernel.
pub const FILTER: Kernel = Kernel::Needs("a filter of packets, and so privileges");

/// Why only one way counts here.
const ACKS: &str = "the kernel waits for acknowledgements, which the other way carries; here what has arrived \
    is done with";
/// Why a reset gets through in the end.
const REPEATED: &str = "the kernel sends a reset once, and one that is lost is lost: the peer learns when it \
    next writes; here it is sent again, since the reset of a crash stands also for the end that the kernel \
    would repeat";

/// Every one.
pub const ALL: &[Situation] = &[
    Situation {
        name: "a cut that ends",
        steps: &[
            a(Dial, Done),
            b(Accept, Done),
            Step::Cut(Party::A),
            Step::Cut(Party::B),
            a(Write(5), Done),
            b(Read(5), Blocks),
            Step::Heal,
            b(GoOn, Done),
        ],
        kernel: FILTER,
    },
    Situation {
        name: "a cut amid a transfer that ends",
        steps: &[
            a(Dial, Done),
            b(Accept, Done),
            a(Write(FULL), Blocks),
            Step::Cut(Party::A),
            b(Read(FULL), Blocks),
            Step::Heal,
            b(GoOn, Done),
            a(GoOn, Done),
        ],
        kernel: FILTER,
    },
    Situation {
        name: "a cut amid a transfer that doesn't end in time",
        steps: &[
            a(Dial, Done),
            b(Accept, Done),
            a(Write(FULL), Blocks),
            Step::Cut(Party::A),
            b(Read(FULL), Blocks),
            Step::Pass(1000),
            a(GoOn, TimedOut),
            Step::Heal,
            b(GoOn, Blocks),
        ],
        kernel: FILTER,
    },
    Situation {
        name: "a cut that doesn't end in time, and a peer that knows nothing of it",
        steps: &[
            a(Dial, Done),
            b(Accept, Done),
            Step::Cut(Party::A),
            Step::Cut(Party::B),
            a(Write(5), Done),
            Step::Pass(1000),
            a(Read(1), TimedOut),
            Step::Heal,
            b(Read(1), Blocks),
            Step::Pass(1000),
            b(GoOn, Blocks),
        ],
        kernel: FILTER,
    },
    Situation {
        name: "a cut that doesn't end in time, and a peer that writes after it",
        steps: &[
            a(Dial, Done),
            b(Accept, Done),
            Step::Cut(Party::A),
            Step::Cut(Party::B),
            a(Write(5), Done),
            Step::Pass(1000),
            a(Read(1), TimedOut),
            Step::Heal,
            b(Write(5), Done),
            b(Read(1), Reset),
        ],
        kernel: FILTER,
    },
    Situation {
        name: "a connection on which nothing is said outlives any cut",
        steps: &[
            a(Dial, Done),
            b(Accept, Done),
            Step::Cut(Party::A),
            Step::Cut(Party::B),
            a(Read(5), Blocks),
            Step::Pass(5000),
            Step::Heal,
            b(Write(5), Done),
            a(GoOn, Done),
        ],
        kernel: FILTER,
    },
    Situation {
        name: "only the way back is cut, and I write",
        steps: &[
            a(Dial, Done),
            b(Accept, Done),
            Step::Cut(Party::B),
            a(Write(5), Done),
            b(Read(5), Done),
            a(Read(1), Blocks),
            Step::Pass(1000),
            a(GoOn, Blocks).but(TimedOut, ACKS),
        ],
        kernel: FILTER,
    },
    Situation {
        name: "only the way there is cut, and the peer writes",
        steps: &[
            a(Dial, Done),
            b(Accept, Done),
            Step::Cut(Party::A),
            a(Write(5), Done),
            b(Write(5), Done),
            a(Read(5), Done),
            b(Read(5), Blocks),
            Step::Heal,
            b(GoOn, Done),
        ],
        kernel: FILTER,
    },
    Situation {
        name: "the peer closes during a cut",
        steps: &[
            a(Dial, Done),
            b(Accept, Done),
            Step::Cut(Party::A),
            Step::Cut(Party::B),
            b(Close, Done),
            a(Read(1), Blocks),
            Step::Heal,
            a(GoOn, Eof),
        ],
        kernel: FILTER,
    },
    Situation {
        name: "the peer crashes during a cut with something in flight",
        steps: &[
            a(Dial, Done),
            b(Accept, Done),
            Step::Cut(Party::A),
            Step::Cut(Party::B),
            b(Write(5), Done),
            Step::Crash(Party::B),
            a(Read(5), Blocks),
            Step::Heal,
            a(GoOn, Done),
            a(Read(1), Reset).but(Eof, CRASH),
        ],
        kernel: FILTER,
    },
    Situation {
        name: "the peer crashes during a cut with something unread",
        steps: &[
            a(Dial, Done),
            b(Accept, Done),
            a(Write(5), Done),
            Step::Cut(Party::A),
            Step::Cut(Party::B),
            Step::Crash(Party::B),
            a(Read(1), Blocks),
            Step::Heal,
            a(GoOn, Reset).but(Blocks, REPEATED),
        ],
        kernel: FILTER,
    },
];
