//! A situation between real sockets on the loopback interface: each party is a process of its own
//! (`tests/src/bin/party.rs`), and whoever crashes is killed.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{Ipv4Addr, TcpListener};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use super::situation::{Act, Answer, Does, Party, Situation, Step};

/// After this long an act that should block does. One that answers later on a busy machine fails nothing.
const BLOCKS: Duration = Duration::from_millis(250);
/// What any other answer may take on a busy machine.
const ANSWERS: Duration = Duration::from_secs(10);
/// The pauses between steps, in milliseconds: a situation that answers otherwise is tried again with the next.
const PAUSES_MS: [u64; 3] = [15, 150, 600];

/// Whether there is a loopback interface to be asked, and the kernel behind it is the one the table is about.
pub fn is_there() -> bool {
    cfg!(target_os = "linux") && TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).is_ok()
}

/// What the acts answered, up to the first that answered otherwise than it must. On loopback a segment arrives
/// before the call that sends it returns, but for a machine that is very busy: only what stays so is an answer.
pub fn play(situation: &Situation) -> io::Result<Vec<Answer>> {
    let mut answered = Vec::new();
    for pause in PAUSES_MS {
        answered = play_once(situation, Duration::from_millis(pause))?;
        if answered == situation.kernel() {
            break;
        }
    }
    Ok(answered)
}

fn play_once(situation: &Situation, pause: Duration) -> io::Result<Vec<Answer>> {
    let mut parties = [Process::start()?, Process::start()?];
    let [_, b] = &mut parties;
    b.tell("listen")?;
    let port = b.line(ANSWERS)?.unwrap_or_default();
    let mut answered = Vec::new();
    for step in situation.steps {
        match step {
            Step::Does(does) => {
                let got = answer(&mut parties, does, &port, pause)?;
                answered.push(got);
                if got != does.kernel_answer() {
                    return Ok(answered);
                }
            }
            Step::Crash(party) => of(&mut parties, *party).kill()?,
            Step::PowerLoss(_) | Step::Cut(_) | Step::Heal | Step::Pass(_) => {
                return Err(io::Error::other(format!("{step} takes more than sockets")));
            }
        }
        std::thread::sleep(pause);
    }
    Ok(answered)
}

fn of(parties: &mut [Process; 2], party: Party) -> &mut Process {
    let [a, b] = parties;
    match party {
        Party::A => a,
        Party::B => b,
    }
}

fn answer(parties: &mut [Process; 2], does: &Does, port: &str, pause: Duration) -> io::Result<Answer> {
    let (process, on) = (of(parties, does.who), does.on);
    match does.act {
        Act::StopListening => process.tell("stop-listening")?,
        Act::Dial => process.tell(&format!("dial {on} {port}"))?,
        Act::Accept => process.tell(&format!("accept {on}"))?,
        Act::Write(bytes) => process.tell(&format!("write {on} {bytes}"))?,
        Act::Read(bytes) => process.tell(&format!("read {on} {bytes}"))?,
        Act::Shut => process.tell(&format!("shut {on}"))?,
        Act::Close => process.tell(&format!("close {on}"))?,
        Act::GoOn => {}
    }
    let patience = if does.kernel_answer() == Answer::Blocks { BLOCKS + pause * 2 } else { ANSWERS };
    let errors = [
        ErrorKind::ConnectionRefused,
        ErrorKind::ConnectionReset,
        ErrorKind::BrokenPipe,
        ErrorKind::TimedOut,
    ];
    Ok(match process.line(patience)?.as_deref() {
        None => Answer::Blocks,
        Some("ok") => Answer::Done,
        Some("eof") => Answer::Eof,
        Some(word) => {
            let error = errors.into_iter().find(|error| format!("{error:?}") == word);
            error.map_or(Answer::Odd, Answer::of)
        }
    })
}

/// A party. It ends with the test.
struct Process {
    child: Child,
    talk: UnixStream,
}

impl Process {
    fn start() -> io::Result<Self> {
        let (talk, theirs) = UnixStream::pair()?;
        let child = Command::new(env!("CARGO_BIN_EXE_party"))
            .stdin(Stdio::from(OwnedFd::from(theirs.try_clone()?)))
            .stdout(Stdio::from(OwnedFd::from(theirs)))
            .spawn()?;
        Ok(Process { child, talk })
    }

    fn tell(&mut self, order: &str) -> io::Result<()> {
        writeln!(self.talk, "{order}")
    }

    /// Its next line, unless it takes too long.
    fn line(&mut self, patience: Duration) -> io::Result<Option<String>> {
        self.talk.set_read_timeout(Some(patience))?;
        let mut line = Vec::new();
        loop {
            let mut byte = [0];
            match self.talk.read(&mut byte) {
                Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
                Ok(_) if byte == *b"\n" => return Ok(Some(String::from_utf8_lossy(&line).into_owned())),
                Ok(_) => line.push(byte[0]),
                Err(error) if error.kind() == ErrorKind::WouldBlock && line.is_empty() => {
                    return Ok(None);
                }
                Err(error) => return Err(error),
            }
        }
    }

    fn kill(&mut self) -> io::Result<()> {
        self.child.kill()?;
        self.child.wait().map(|_| ())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may be dead already.
        let _ = self.kill();
    }
}
