//! Ends in good order, ends with something unread, halves, and writers whose reader is slow.

use super::situation::Act::{Accept, Close, Dial, GoOn, Read, Shut, Write};
use super::situation::Answer::{Blocks, BrokenPipe, Done, Eof, Reset};
use super::situation::{FULL, Kernel, Situation, a, b};

/// Why an error is told again here.
const AGAIN: &str = "the kernel tells an error once, to whoever asks first; where a reader and a writer wait, \
    that is a race which would depend on the executor's order, so here every call has it";

/// Every one.
pub const ALL: &[Situation] = &[
    Situation {
        name: "the peer closes in good order",
        steps: &[
            a(Dial, Done),
            b(Accept, Done),
            b(Write(5), Done),
            b(Close, Done),
            a(Read(5), Done),
            a(Read(1), Eof),
            a(Read(1), Eof),
        ],
        kernel: Kernel::Tried,
    },
    Situation {
        name: "a reader waits while the peer closes",
        steps: &[a(Dial, Done), b(Accept, Done), a(Read(1), Blocks), b(Close, Done), a(GoOn, Eof)],
        kernel: Kernel::Tried,
    },
    Situation {
        name: "one half is shut and the other goes on",
        steps: &[
            a(Dial, Done),
            b(Accept, Done),
            a(Write(5), Done),
            a(Shut, Done),
            a(Write(1), BrokenPipe),
            b(Read(5), Done),
            b(Read(1), Eof),
            b(Write(5), Done),
            a(Read(5), Done),
            b(Close, Done),
            a(Read(1), Eof),
        ],
        kernel: Kernel::Tried,
    },
    Situation {
        name: "somebody writes after the peer has closed",
        steps: &[
            a(Dial, Done),
            b(Accept, Done),
            b(Close, Done),
            a(Write(1), Done),
            a(Write(1), BrokenPipe),
            a(Write(1), BrokenPipe),
            a(Read(1), Eof),
        ],
        kernel: Kernel::Tried,
    },
    Situation {
        name: "somebody writes after the peer has said something and closed",
        steps: &[
            a(Dial, Done),
            b(Accept, Done),
            b(Write(5), Done),
            b(Close, Done),
            a(Write(1), Done),
            a(Write(1), BrokenPipe),
            a(Read(5), Done),
            a(Read(1), Eof),
        ],
        kernel: Kernel::Tried,
    },
    Situation {
        name: "the peer closes with unread data, and I read",
        steps: &[
            a(Dial, Done),
            b(Accept, Done),
            a(Write(5), Done),
            b(Close, Done),
            a(Read(1), Reset),
            a(Read(1), Reset).but(Eof, AGAIN),
            a(Write(1), Reset).but(BrokenPipe, AGAIN),
        ],
        kernel: Kernel::Tried,
    },
    Situation {
        name: "the peer closes with unread data, and I write",
        steps: &[
            a(Dial, Done),
            b(Accept, Done),
            a(Write(5), Done),
            b(Close, Done),
            a(Write(1), Reset),
            a(Write(1), Reset).but(BrokenPipe, AGAIN),
        ],
        kernel: Kernel::Tried,
    },
    Situation {
        name: "what arrived before a reset can be read",
        steps: &[
            a(Dial, Done),
            b(Accept, Done),
            a(Write(5), Done),
            b(Write(5), Done),
            b(Close, Done),
            a(Read(5), Done),
            a(Read(1), Reset),
        ],
        kernel: Kernel::Tried,
    },
    Situation {
        name: "the reader doesn't read, and then does",
        steps: &[
            a(Dial, Done),
            b(Accept, Done),
            a(Write(FULL), Blocks),
            b(Write(5), Done),
            b(Read(FULL), Done),
            a(GoOn, Done),
            a(Read(5), Done),
        ],
        kernel: Kernel::Tried,
    },
    Situation {
        name: "nobody accepts, and the writer fills both buffers",
        steps: &[a(Dial, Done), a(Write(FULL), Blocks), b(Accept, Done), b(Read(FULL), Done), a(GoOn, Done)],
        kernel: Kernel::Tried,
    },
    Situation {
        name: "the reader closes amid a transfer",
        steps: &[
            a(Dial, Done),
            b(Accept, Done),
            a(Write(FULL), Blocks),
            b(Read(1000), Done),
            b(Close, Done),
            a(GoOn, Reset),
        ],
        kernel: Kernel::Tried,
    },
];
