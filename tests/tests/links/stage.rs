//! A situation in the simulated world: the parties are parts on two machines, and on a third somebody tells
//! them what to do.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use driftless::settings::WorldSettings;
use driftless::stage::{Part, Stage};
use driftless::world::Death;
use driftless_model::cx::{Connection, Cx, Listener, Stream};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::situation::{Act, Answer, Does, Party, Situation, Step};

/// After this long an act that should block does. Whatever can be answered is answered within a round trip.
const BLOCKS: Duration = Duration::from_secs(5);
/// The longest that any other answer takes: a connection is given up after some 13 minutes.
const ANSWERS: Duration = Duration::from_secs(2000);
/// Between two steps everything arrives.
const PAUSE: Duration = Duration::from_millis(100);

/// Whom the director tells what to do.
struct Actor {
    orders: UnboundedSender<Does>,
    answers: UnboundedReceiver<Answer>,
}

/// What the acts answered, up to the first that answered otherwise than it must.
pub fn play(situation: &Situation) -> Vec<Answer> {
    let ((a, plays_a), (b, plays_b)) = (actor(Party::A), actor(Party::B));
    let answered = Arc::<Mutex<Vec<Answer>>>::default();
    let (situation, notes) = (*situation, answered.clone());
    let director: Part = Box::new(move |stage, cx| {
        Box::pin(async move {
            direct(&stage, &cx, &situation, [a, b], &notes).await;
            stage.end();
        })
    });
    let stage = Stage::new(&WorldSettings::default());
    stage.play(ANSWERS * 3, vec![("a", plays_a), ("b", plays_b), ("director", director)]);
    let answered = answered.lock().expect("nobody panicked");
    answered.clone()
}

async fn direct(
    stage: &Stage,
    cx: &Cx,
    situation: &Situation,
    mut actors: [Actor; 2],
    answered: &Mutex<Vec<Answer>>,
) {
    cx.sleep(PAUSE).await;
    for step in situation.steps {
        match step {
            Step::Does(does) => {
                let got = answer(cx, &mut actors, does).await;
                answered.lock().expect("nobody panicked").push(got);
                if got != does.answer {
                    return;
                }
            }
            Step::Crash(party) => stage.kill(&party.to_string(), Death::Crash),
            Step::PowerLoss(party) => stage.kill(&party.to_string(), Death::PowerLoss),
            Step::Cut(party) => stage.cut(&party.to_string(), other(*party)),
            Step::Heal => stage.heal(),
            Step::Pass(seconds) => cx.sleep(Duration::from_secs(*seconds)).await,
        }
        cx.sleep(PAUSE).await;
    }
}

async fn answer(cx: &Cx, [a, b]: &mut [Actor; 2], does: &Does) -> Answer {
    let actor = match does.who {
        Party::A => a,
        Party::B => b,
    };
    if does.act != Act::GoOn && actor.orders.send(*does).is_err() {
        return Answer::Odd;
    }
    let patience = if does.answer == Answer::Blocks { BLOCKS } else { ANSWERS };
    cx.timeout(patience, actor.answers.recv()).await.map_or(Answer::Blocks, |got| got.unwrap_or(Answer::Odd))
}

fn other(party: Party) -> &'static str {
    match party {
        Party::A => "b",
        Party::B => "a",
    }
}

/// The part of one party: it does what it is told, one after the other.
fn actor(who: Party) -> (Actor, Part) {
    let ((orders, to_do), (done, answers)) = (unbounded_channel(), unbounded_channel());
    let plays: Part = Box::new(move |_, cx| Box::pin(perform(who, cx, to_do, done)));
    (Actor { orders, answers }, plays)
}

async fn perform(who: Party, cx: Cx, mut orders: UnboundedReceiver<Does>, answers: UnboundedSender<Answer>) {
    let port = if who == Party::B { cx.listen().await.ok() } else { None };
    let mut machine = Machine { cx, port, connections: BTreeMap::new() };
    while let Some(does) = orders.recv().await {
        let answer = machine.obey(&does).await.unwrap_or_else(|error| Answer::of(error.kind()));
        if answers.send(answer).is_err() {
            break;
        }
    }
}

/// What a party holds.
struct Machine {
    cx: Cx,
    port: Option<Box<dyn Listener>>,
    connections: BTreeMap<usize, Connection>,
}

impl Machine {
    async fn obey(&mut self, Does { who, on, act, .. }: &Does) -> io::Result<Answer> {
        match *act {
            Act::StopListening => self.port = None,
            Act::Dial => {
                let connection = self.cx.connect(other(*who)).await?;
                self.connections.insert(*on, connection);
            }
            Act::Accept => {
                let port = self.port.as_mut().ok_or(io::ErrorKind::NotFound)?;
                self.connections.insert(*on, port.accept().await?);
            }
            Act::Write(bytes) => self.stream(*on)?.write_all(&vec![b'x'; bytes]).await?,
            Act::Read(bytes) => {
                let mut missing = bytes;
                let mut buffer = vec![0; 1 << 16];
                while missing > 0 {
                    let most = buffer.len().min(missing);
                    match self.stream(*on)?.read(&mut buffer[..most]).await? {
                        0 => return Ok(Answer::Eof),
                        read => missing -= read,
                    }
                }
            }
            Act::Shut => self.stream(*on)?.shutdown().await?,
            Act::Close => drop(self.connections.remove(on)),
            Act::GoOn => {}
        }
        Ok(Answer::Done)
    }

    fn stream(&mut self, on: usize) -> io::Result<&mut Box<dyn Stream>> {
        let connection = self.connections.get_mut(&on).ok_or(io::ErrorKind::NotFound)?;
        Ok(&mut connection.stream)
    }
}
