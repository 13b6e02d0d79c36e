//! A WebSocket in the hands of a case: it answers pings and keeps what it hears, until somebody asks.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use driftless_model::cx::{At, Cx, Handle, Wire};
use driftless_model::ws::{self, Content, Receiver, Sender};
use hyper::upgrade::Upgraded;

/// How often a case looks whether something has come.
const GLANCE: Duration = Duration::from_millis(10);

/// One end of a WebSocket.
pub struct Line {
    sender: Sender,
    heard: Arc<Heard>,
    reader: Mutex<Option<Handle>>,
}

#[derive(Default)]
struct Heard {
    frames: Mutex<VecDeque<(Duration, String)>>,
    ended: Mutex<Option<String>>,
    pings: Mutex<u64>,
    deaf: AtomicBool,
}

impl Line {
    /// The end that dialled. A deaf one reads nothing, not even pings, until it listens.
    pub async fn dialled(
        cx: &Cx,
        name: &'static str,
        stream: Upgraded,
        wire: Arc<dyn Wire>,
        deaf: bool,
    ) -> Self {
        let (sender, receiver) = ws::dialled(stream, wire).await;
        Line::new(cx, name, sender, receiver, deaf)
    }

    /// Either end.
    pub fn new(cx: &Cx, name: &'static str, sender: Sender, receiver: Receiver, deaf: bool) -> Self {
        let heard = Arc::new(Heard { deaf: deaf.into(), ..Heard::default() });
        let (answers, hears) = (sender.clone(), heard.clone());
        let reader = cx.spawn(name, |cx| async move { hears.read(cx, answers, receiver).await });
        let reader = Mutex::new(Some(reader));
        Line { sender, heard, reader }
    }

    /// Begins to read.
    pub fn listen(&self) {
        self.heard.deaf.store(false, Ordering::Relaxed);
    }

    /// The next text frame, if one comes in time.
    pub async fn hear(&self, cx: &Cx, patience: Duration) -> Option<String> {
        self.hear_when(cx, patience).await.map(|(_, text)| text)
    }

    /// The next text frame and when it came.
    pub async fn hear_when(&self, cx: &Cx, patience: Duration) -> Option<(Duration, String)> {
        wait_for(cx, patience, || self.heard.frames.lock().expect("one thread plays").pop_front()).await
    }

    /// How it ended, if it does in time.
    pub async fn end(&self, cx: &Cx, patience: Duration) -> Option<String> {
        wait_for(cx, patience, || self.heard.ended.lock().expect("one thread plays").clone()).await
    }

    /// How many pings have come.
    pub fn pings(&self) -> u64 {
        *self.heard.pings.lock().expect("one thread plays")
    }

    /// Sends a text frame.
    pub async fn say(&self, cx: &Cx, text: String) -> Result<(), String> {
        self.sender.text(cx, At::site("ws.case"), text).await.map_err(|e| e.to_string())
    }

    /// Sends a ping.
    pub async fn ping(&self, cx: &Cx) -> Result<(), String> {
        self.sender.ping(cx, At::site("ws.case-ping"), bytes::Bytes::new()).await.map_err(|e| e.to_string())
    }

    /// Lets the connection go.
    pub fn hang_up(self) {
        if let Some(reader) = self.reader.lock().expect("one thread plays").take() {
            reader.abort();
        }
    }
}

impl Heard {
    async fn read(&self, cx: Cx, sender: Sender, mut receiver: Receiver) {
        loop {
            while self.deaf.load(Ordering::Relaxed) {
                cx.sleep(GLANCE).await;
            }
            match receiver.next(&cx).await.map(|frame| frame.content) {
                Ok(Content::Text(text)) => {
                    self.frames.lock().expect("one thread plays").push_back((cx.uptime(), text))
                }
                Ok(Content::Ping(body)) => {
                    *self.pings.lock().expect("one thread plays") += 1;
                    // A pong that can't be sent shows in the next read.
                    let _ = sender.pong(&cx, At::site("ws.pong"), body).await;
                }
                Ok(Content::Pong | Content::Binary) => {}
                Err(why) => {
                    *self.ended.lock().expect("one thread plays") = Some(why.to_string());
                    return;
                }
            }
        }
    }
}

/// What `look` finds, if it finds something in time.
pub async fn wait_for<T>(cx: &Cx, patience: Duration, mut look: impl FnMut() -> Option<T>) -> Option<T> {
    let until = cx.uptime() + patience;
    loop {
        if let Some(found) = look() {
            return Some(found);
        }
        if cx.uptime() >= until {
            return None;
        }
        cx.sleep(GLANCE).await;
    }
}
