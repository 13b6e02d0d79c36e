//! The world by itself: links, crashes and power losses on two bare machines, without platform or gateway.

mod clocks;
mod statements;

use std::io;
use std::task::{Context, Poll};
use std::time::Duration;

use driftless_model::cx::{At, Connection, Cx, Mint, Stream, Subject};
use driftless_model::store::{Database, Flavour, Key, Row, Schema, Settings};
use futures::future::BoxFuture;
use tokio::io::{AsyncReadExt, AsyncWrite, AsyncWriteExt};

use super::Death;
use crate::settings::WorldSettings;
use crate::stage::Stage;

type Play = fn(Stage, Cx) -> BoxFuture<'static, ()>;

/// Plays `a` and `b` on their machines for `seconds` of simulated time; what was said is the result.
fn play(seconds: u64, a: Play, b: Play) -> Vec<String> {
    let mut settings = WorldSettings::default();
    // Every way takes a millisecond, so that times can be told by heart.
    settings.set("latency.link.min", "1ms").unwrap();
    settings.set("latency.link.max", "1ms").unwrap();
    let stage = Stage::new(&settings);
    stage.play(Duration::from_secs(seconds), vec![("a", Box::new(a)), ("b", Box::new(b))]);
    stage.said()
}

async fn accept(cx: &Cx) -> Connection {
    cx.listen().await.unwrap().accept().await.unwrap()
}

/// What reading to the end gave: the bytes, and the error that ended them.
async fn read_all(stream: &mut Box<dyn Stream>) -> String {
    let mut bytes = Vec::new();
    let end = loop {
        let mut buffer = [0; 1024];
        match stream.read(&mut buffer).await {
            Ok(0) => break "end".to_owned(),
            Ok(n) => bytes.extend_from_slice(&buffer[..n]),
            Err(e) => break e.to_string(),
        }
    };
    format!("{:?} {end}", String::from_utf8_lossy(&bytes))
}

fn idle(_: Stage, _: Cx) -> BoxFuture<'static, ()> {
    Box::pin(async {})
}

fn says_hello_and_reads(stage: Stage, cx: Cx) -> BoxFuture<'static, ()> {
    Box::pin(async move {
        match cx.connect("b").await {
            Err(e) => stage.say(format!("a: {e}")),
            Ok(mut connection) => {
                stage.say("a: connected");
                connection.stream.write_all(b"hello").await.unwrap();
                let read = read_all(&mut connection.stream).await;
                stage.say(format!("a: {read}"));
            }
        }
    })
}

#[test]
fn nobody_listens_and_the_dial_is_refused_after_a_round_trip() {
    assert_eq!(play(300, says_hello_and_reads, idle), ["2 ms a: connection refused"]);
}

#[test]
fn a_dial_over_a_cut_link_is_given_up_after_six_repetitions() {
    let a: Play = |stage, cx| {
        stage.cut("a", "b");
        says_hello_and_reads(stage, cx)
    };
    let b: Play = |stage, cx| {
        Box::pin(async move {
            accept(&cx).await;
            stage.say("b: accepted");
        })
    };
    // 1 + 2 + 4 + 8 + 16 + 32 s of repeated attempts after the first millisecond.
    assert_eq!(play(300, a, b), ["63001 ms a: connection timed out"]);
}

#[test]
fn with_only_the_way_back_cut_nobody_has_a_connection() {
    let a: Play = |stage, cx| {
        stage.cut("b", "a");
        says_hello_and_reads(stage, cx)
    };
    let b: Play = |stage, cx| {
        Box::pin(async move {
            let accepted = cx.timeout(Duration::from_secs(100), accept(&cx)).await;
            stage.say(format!("b: accepted {}", accepted.is_some()));
        })
    };
    // The answer is due at 2 ms and repeated at the pace of the dial.
    let said = play(110, a, b);
    assert_eq!(said, ["63002 ms a: connection timed out", "100000 ms b: accepted false"]);
}

#[test]
fn a_refusal_that_does_not_come_back_is_a_dial_given_up() {
    let a: Play = |stage, cx| {
        stage.cut("b", "a");
        says_hello_and_reads(stage, cx)
    };
    assert_eq!(play(110, a, idle), ["63002 ms a: connection timed out"]);
}

#[test]
fn a_machine_that_goes_dark_within_the_handshake_is_dialled_on() {
    let a: Play = |stage, cx| {
        Box::pin(async move {
            stage.cut("b", "a");
            cx.spawn("dark", |cx| {
                let stage = stage.clone();
                async move {
                    cx.sleep(Duration::from_micros(1500)).await;
                    stage.kill("b", Death::PowerLoss);
                }
            });
            says_hello_and_reads(stage, cx).await;
        })
    };
    let b: Play = |_, cx| {
        Box::pin(async move {
            accept(&cx).await;
        })
    };
    // Its answer is lost at 2 ms, and it repeats nothing; the next dial is lost at 3 ms.
    assert_eq!(play(110, a, b), ["63003 ms a: connection timed out"]);
}

#[test]
fn a_port_that_is_closed_resets_whom_it_did_not_accept() {
    let b: Play = |_, cx| {
        Box::pin(async move {
            let port = cx.listen().await.unwrap();
            cx.sleep(Duration::from_millis(100)).await;
            drop(port);
        })
    };
    let said = play(10, says_hello_and_reads, b);
    assert_eq!(said, ["2 ms a: connected", "101 ms a: \"\" connection reset by peer"]);
}

#[test]
fn whoever_writes_after_the_end_has_a_broken_pipe_and_still_reads_the_end() {
    let a: Play = |stage, cx| {
        Box::pin(async move {
            let mut connection = cx.connect("b").await.unwrap();
            let read = read_all(&mut connection.stream).await;
            stage.say(format!("a: {read}"));
            connection.stream.write_all(b"first").await.unwrap();
            cx.sleep(Duration::from_millis(100)).await;
            let second = connection.stream.write_all(b"second").await.unwrap_err();
            let read = read_all(&mut connection.stream).await;
            stage.say(format!("a: {second}, {read}"));
        })
    };
    let b: Play = |_, cx| {
        Box::pin(async move {
            accept(&cx).await;
        })
    };
    assert_eq!(play(10, a, b), ["4 ms a: \"\" end", "104 ms a: broken pipe, \"\" end"]);
}

#[test]
fn whoever_gave_a_connection_up_resets_the_peer_that_did_not() {
    let a: Play = |stage, cx| {
        Box::pin(async move {
            let mut connection = cx.connect("b").await.unwrap();
            cx.sleep(Duration::from_millis(10)).await;
            stage.cut("a", "b");
            connection.stream.write_all(b"lost").await.unwrap();
            let read = read_all(&mut connection.stream).await;
            stage.heal();
            stage.say(format!("a: {read}"));
            std::future::pending::<()>().await;
        })
    };
    let b: Play = |stage, cx| {
        Box::pin(async move {
            let mut connection = accept(&cx).await;
            cx.sleep(Duration::from_secs(1000)).await;
            connection.stream.write_all(b"hello").await.unwrap();
            let read = read_all(&mut connection.stream).await;
            stage.say(format!("b: {read}"));
        })
    };
    // 0.2 + 0.4 + ... + 102.4 s of doubling pauses and five of 120 s after the 13th millisecond.
    let said = play(1100, a, b);
    assert_eq!(
        said,
        ["804613 ms a: \"\" connection timed out", "1000005 ms b: \"\" connection reset by peer"]
    );
}

#[test]
fn an_end_that_is_let_go_is_the_end_of_the_stream() {
    let b: Play = |stage, cx| {
        Box::pin(async move {
            let mut connection = accept(&cx).await;
            connection.stream.write_all(b"bye").await.unwrap();
            let mut hello = [0; 5];
            connection.stream.read_exact(&mut hello).await.unwrap();
            stage.say(format!("b: {}", String::from_utf8_lossy(&hello)));
        })
    };
    let said = play(10, says_hello_and_reads, b);
    assert_eq!(said, ["2 ms a: connected", "3 ms b: hello", "4 ms a: \"bye\" end"]);
}

#[test]
fn a_half_that_is_shut_still_carries_the_other_way() {
    let a: Play = |stage, cx| {
        Box::pin(async move {
            let mut connection = cx.connect("b").await.unwrap();
            connection.stream.shutdown().await.unwrap();
            let read = read_all(&mut connection.stream).await;
            stage.say(format!("a: {read}"));
        })
    };
    let b: Play = |stage, cx| {
        Box::pin(async move {
            let mut connection = accept(&cx).await;
            let read = read_all(&mut connection.stream).await;
            stage.say(format!("b: {read}"));
            connection.stream.write_all(b"still here").await.unwrap();
        })
    };
    assert_eq!(play(10, a, b), ["3 ms b: \"\" end", "4 ms a: \"still here\" end"]);
}

#[test]
fn letting_go_with_unread_bytes_is_a_reset() {
    let b: Play = |_, cx| {
        Box::pin(async move {
            let connection = accept(&cx).await;
            cx.sleep(Duration::from_millis(100)).await;
            drop(connection);
        })
    };
    let said = play(10, says_hello_and_reads, b);
    assert_eq!(said, ["2 ms a: connected", "104 ms a: \"\" connection reset by peer"]);
}

#[test]
fn a_crash_resets_and_a_power_loss_is_silent() {
    let crash: Play = |stage, cx| {
        Box::pin(async move {
            let _held = accept(&cx).await;
            cx.sleep(Duration::from_millis(97)).await;
            stage.kill("b", Death::Crash);
            std::future::pending::<()>().await;
        })
    };
    let said = play(60, says_hello_and_reads, crash);
    assert_eq!(said, ["2 ms a: connected", "101 ms a: \"\" connection reset by peer"]);
    let dark: Play = |stage, cx| {
        Box::pin(async move {
            let _held = accept(&cx).await;
            cx.sleep(Duration::from_millis(97)).await;
            stage.kill("b", Death::PowerLoss);
            std::future::pending::<()>().await;
        })
    };
    assert_eq!(play(60, says_hello_and_reads, dark), ["2 ms a: connected"]);
}

#[test]
fn bytes_of_a_cut_arrive_with_the_first_retransmission_after_the_heal() {
    let a: Play = |stage, cx| {
        Box::pin(async move {
            let mut connection = cx.connect("b").await.unwrap();
            stage.cut("a", "b");
            connection.stream.write_all(b"late").await.unwrap();
            cx.sleep(Duration::from_secs(2)).await;
            stage.heal();
            std::future::pending::<()>().await;
        })
    };
    let b: Play = |stage, cx| {
        Box::pin(async move {
            let mut connection = accept(&cx).await;
            let mut late = [0; 4];
            connection.stream.read_exact(&mut late).await.unwrap();
            stage.say(format!("b: {}", String::from_utf8_lossy(&late)));
        })
    };
    // The ACK of the handshake is cut as well: due at 3 ms, again 0.2, 0.6, 1.4 and 3.0 s later.
    assert_eq!(play(10, a, b), ["3003 ms b: late"]);
}

#[test]
fn a_writer_to_a_peer_that_does_not_read_waits() {
    let a: Play = |stage, cx| {
        Box::pin(async move {
            let mut connection = cx.connect("b").await.unwrap();
            let work = connection.stream.write_all(&[0; 200_000]);
            let written = cx.timeout(Duration::from_secs(5), work).await;
            stage.say(format!("a: written {}", written.is_some()));
            connection.stream.write_all(&[0; 1]).await.unwrap();
            stage.say("a: went on");
        })
    };
    let b: Play = |_, cx| {
        Box::pin(async move {
            let mut connection = accept(&cx).await;
            cx.sleep(Duration::from_secs(10)).await;
            read_all(&mut connection.stream).await;
        })
    };
    assert_eq!(play(20, a, b), ["5002 ms a: written false", "10003 ms a: went on"]);
}

#[derive(Clone, PartialEq, Debug, Hash)]
struct Note(u32);

impl Row for Note {
    const TABLE: &'static str = "notes";

    fn key(&self) -> Key {
        self.0.to_string().into()
    }
}

/// Does everything that a destructor could try when its process is already dead.
struct Undead {
    cx: Cx,
    database: Database,
    connection: Connection,
}

impl Drop for Undead {
    fn drop(&mut self) {
        let (cx, database) = (self.cx.clone(), self.database.clone());
        self.cx.spawn_as_is(async move {
            let _ = database.write(&cx, At::site("store.put-note"), |w| w.insert(Note(2))).await;
        });
        self.cx.mint(Mint::Other { what: "ghost", of: Subject::None });
        let mut nobody = Context::from_waker(std::task::Waker::noop());
        let written = std::pin::Pin::new(&mut self.connection.stream).poll_write(&mut nobody, b"boo");
        assert!(matches!(written, Poll::Pending), "a dead process writes nothing");
        let closed = std::pin::Pin::new(&mut self.connection.stream).poll_shutdown(&mut nobody);
        assert!(matches!(closed, Poll::Ready(Ok(()))));
    }
}

#[test]
fn what_destructors_do_after_a_crash_changes_nothing() {
    let a: Play = |stage, cx| {
        Box::pin(async move {
            let database = Database::new(Schema::new().table::<Note>(), Settings::of(Flavour::Sqlite));
            stage.give_disk("a", database.clone());
            let connection = cx.connect("b").await.unwrap();
            database.write(&cx, At::site("store.put-note"), |w| w.insert(Note(1))).await.unwrap();
            let mut open = database.begin(&cx);
            open.write(&cx, At::site("store.put-note"), |w| w.insert(Note(3))).await.unwrap();
            let _undead = Undead { cx: cx.clone(), database: database.clone(), connection };
            let before = stage.world().lock().history.crossings().len();
            stage.kill("a", Death::Crash);
            let after = stage.world().lock().history.crossings().len();
            assert_eq!(after, before + 1, "the crash itself");
            std::future::pending::<()>().await;
        })
    };
    let b: Play = |stage, cx| {
        Box::pin(async move {
            let mut connection = accept(&cx).await;
            let read = read_all(&mut connection.stream).await;
            let notes = |stage: &Stage| -> io::Result<Vec<u32>> {
                let state = stage.world().lock();
                let database = state.nodes["a"].database.clone().ok_or(io::ErrorKind::NotFound)?;
                Ok(database.look(|view| view.scan::<Note>(|_| true).iter().map(|note| note.0).collect()))
            };
            cx.sleep(Duration::from_secs(1)).await;
            let crossings = stage.world().lock().history.crossings().len();
            stage.say(format!("b: {read}; {:?} in {crossings} crossings", notes(&stage).unwrap()));
        })
    };
    // Three lives begin, two statements cross, one process dies.
    let said = play(5, a, b);
    assert_eq!(said.len(), 1);
    assert!(said[0].ends_with("b: \"\" connection reset by peer; [1] in 6 crossings"), "{said:?}");
}
