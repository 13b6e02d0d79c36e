//! What a situation is: two parties, what they do and what befalls them one after the other, and what each act
//! must answer.

use std::fmt;
use std::io::ErrorKind;

/// More than any two buffers hold together: whoever writes that much waits for the reader.
pub const FULL: usize = 64 << 20;

/// One of the two. `a` dials, `b` listens.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Party {
    /// Who dials.
    A,
    /// Who listens.
    B,
}

/// What a party does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Act {
    /// Closes its port.
    StopListening,
    /// Asks the other for a connection.
    Dial,
    /// Takes the oldest connection that waits at its port.
    Accept,
    /// Writes so many bytes, all of them.
    Write(usize),
    /// Reads so many bytes; what ends the stream before that is the answer.
    Read(usize),
    /// Says that it will write no more.
    Shut,
    /// Lets go of the connection.
    Close,
    /// Waits for what blocked.
    GoOn,
}

/// What an act answers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Answer {
    /// It was done.
    Done,
    /// The stream ended in good order.
    Eof,
    /// Nobody listens there.
    Refused,
    /// The peer has reset the connection.
    Reset,
    /// Nobody reads any more.
    BrokenPipe,
    /// The peer was silent for too long.
    TimedOut,
    /// Nothing yet: the party waits.
    Blocks,
    /// Something that no situation expects.
    Odd,
}

impl Answer {
    /// What an error answers.
    pub fn of(error: ErrorKind) -> Answer {
        match error {
            ErrorKind::ConnectionRefused => Answer::Refused,
            ErrorKind::ConnectionReset => Answer::Reset,
            ErrorKind::BrokenPipe => Answer::BrokenPipe,
            ErrorKind::TimedOut => Answer::TimedOut,
            _ => Answer::Odd,
        }
    }
}

/// One thing after the other.
#[derive(Clone, Copy, Debug)]
pub enum Step {
    /// A party does something with one of its connections.
    Does(Does),
    /// Its process dies.
    Crash(Party),
    /// Its machine goes dark.
    PowerLoss(Party),
    /// From now on what it sends is lost.
    Cut(Party),
    /// The links are whole again.
    Heal,
    /// So many seconds pass.
    Pass(u64),
}

/// An act and its answer.
#[derive(Clone, Copy, Debug)]
pub struct Does {
    /// Who does it.
    pub who: Party,
    /// With which of its connections, from 1.
    pub on: usize,
    /// What is done.
    pub act: Act,
    /// What the simulator answers, and the kernel as well unless `kernel` says otherwise.
    pub answer: Answer,
    /// What the kernel answers where the simulator differs, and why it does.
    pub kernel: Option<(Answer, &'static str)>,
}

/// Whether a situation can be brought about between sockets of one machine.
#[derive(Clone, Copy, Debug)]
pub enum Kernel {
    /// It is, by the tests.
    Tried,
    /// It isn't, for want of this.
    Needs(&'static str),
}

/// A row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Situation {
    /// What it is called.
    pub name: &'static str,
    /// What happens in it, once `b` listens.
    pub steps: &'static [Step],
    /// Whether the kernel is asked too.
    pub kernel: Kernel,
}

/// `a` does something.
pub const fn a(act: Act, answer: Answer) -> Step {
    Step::Does(Does { who: Party::A, on: 1, act, answer, kernel: None })
}

/// `b` does something.
pub const fn b(act: Act, answer: Answer) -> Step {
    Step::Does(Does { who: Party::B, on: 1, act, answer, kernel: None })
}

impl Step {
    /// The same with another of its connections.
    pub const fn on(self, on: usize) -> Step {
        match self {
            Step::Does(does) => Step::Does(Does { on, ..does }),
            other => other,
        }
    }

    /// The kernel answers something else.
    pub const fn but(self, kernel: Answer, why: &'static str) -> Step {
        match self {
            Step::Does(does) => Step::Does(Does { kernel: Some((kernel, why)), ..does }),
            other => other,
        }
    }

    /// Whether it takes more than sockets of one machine.
    pub fn needs_more(&self) -> bool {
        match self {
            Step::Does(_) | Step::Crash(_) => false,
            Step::PowerLoss(_) | Step::Cut(_) | Step::Heal | Step::Pass(_) => true,
        }
    }
}

impl Situation {
    /// What is done in it, in order.
    pub fn acts(&self) -> impl Iterator<Item = &'static Does> {
        self.steps.iter().filter_map(|step| if let Step::Does(does) = step { Some(does) } else { None })
    }

    /// What the simulator must answer.
    pub fn simulator(&self) -> Vec<Answer> {
        self.acts().map(|does| does.answer).collect()
    }

    /// What the kernel must answer.
    pub fn kernel(&self) -> Vec<Answer> {
        self.acts().map(Does::kernel_answer).collect()
    }
}

impl Does {
    /// What the kernel must answer.
    pub fn kernel_answer(&self) -> Answer {
        self.kernel.map_or(self.answer, |(answer, _)| answer)
    }
}

impl fmt::Display for Party {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Party::A => "a",
            Party::B => "b",
        })
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Answer::Done => "ok",
            Answer::Eof => "EOF",
            Answer::Refused => "refused",
            Answer::Reset => "reset",
            Answer::BrokenPipe => "broken pipe",
            Answer::TimedOut => "timed out",
            Answer::Blocks => "blocks",
            Answer::Odd => "something odd",
        })
    }
}

impl fmt::Display for Does {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ", self.who)?;
        match self.act {
            Act::StopListening => f.write_str("stops listening"),
            Act::Dial => f.write_str("dials"),
            Act::Accept => f.write_str("accepts"),
            Act::Write(FULL) => f.write_str("writes 64 MiB"),
            Act::Write(bytes) => write!(f, "writes {bytes}"),
            Act::Read(FULL) => f.write_str("reads 64 MiB"),
            Act::Read(bytes) => write!(f, "reads {bytes}"),
            Act::Shut => f.write_str("shuts its half"),
            Act::Close => f.write_str("closes"),
            Act::GoOn => f.write_str("goes on"),
        }?;
        if self.on > 1 { write!(f, " on connection {}", self.on) } else { Ok(()) }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Step::Does(does) if does.answer == Answer::Done => write!(f, "{does}"),
            Step::Does(does) => write!(f, "{does}: {}", does.answer),
            Step::Crash(party) => write!(f, "**{party} crashes**"),
            Step::PowerLoss(party) => write!(f, "**{party} loses power**"),
            Step::Cut(party) => write!(f, "**what {party} sends is lost**"),
            Step::Heal => f.write_str("**the links heal**"),
            Step::Pass(seconds) => write!(f, "**{seconds} s pass**"),
        }
    }
}
