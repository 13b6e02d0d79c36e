//! A browser without a window, driven over its DevTools protocol: what it is told to click it clicks as a person's
//! mouse would, and whatever it has to complain about is kept.

use std::io::{BufRead, BufReader};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::{self, Message, WebSocket};

/// Where a browser may be found.
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

const FLAGS: [&str; 12] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--force-color-profile=srgb",
    "--remote-debugging-port=0",
];

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running browser.
pub struct Browser {
    process: Child,
    profile: PathBuf,
    socket: WebSocket<TcpStream>,
    last: u64,
}

/// A page that is open in it.
pub struct Page<'a> {
    browser: &'a mut Browser,
    session: String,
    /// What it logged as an error, and exceptions nobody caught.
    pub errors: Vec<String>,
    /// What it asked for.
    pub requests: Vec<String>,
}

/// A window: its width and height in CSS pixels, and how many pixels of the screen one of them is.
#[derive(Clone, Copy)]
pub struct Window(pub u32, pub u32, pub u32);

impl Browser {
    /// Starts one, if there is any.
    pub fn start(profile: &Path) -> Option<Browser> {
        std::fs::create_dir_all(profile).expect("the folder of the build is writable");
        let start = |name: &&str| {
            let mut command = Command::new(name);
            command.args(FLAGS).arg(format!("--user-data-dir={}", profile.display())).arg("about:blank");
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().ok()
        };
        let mut process = NAMES.iter().find_map(start)?;
        let mut said = BufReader::new(process.stderr.take().expect("it is piped")).lines();
        let listening = said
            .by_ref()
            .map_while(Result::ok)
            .find_map(|line| line.strip_prefix("DevTools listening on ").map(str::to_owned));
        let address = listening.expect("a browser says where it listens");
        // What it says later is nobody's business, but has to go somewhere.
        #[allow(clippy::disallowed_methods)]
        std::thread::spawn(move || said.for_each(drop));
        let host = address.trim_start_matches("ws://").split('/').next().expect("it has a host");
        let stream = TcpStream::connect(host).expect("a browser takes connections");
        stream.set_read_timeout(Some(PATIENCE)).expect("a socket has a timeout");
        let (socket, _) = tungstenite::client(&address, stream).expect("a browser shakes hands");
        Some(Browser { process, profile: profile.to_owned(), socket, last: 0 })
    }

    /// Opens a file in a window, and waits until it is drawn.
    pub fn open(&mut self, file: &Path, window: Window, dark: bool) -> Page<'_> {
        let target = self.call(None, "Target.createTarget", json!({ "url": "about:blank" }), &mut |_| ());
        let target = target["targetId"].clone();
        let attached = self.call(
            None,
            "Target.attachToTarget",
            json!({ "targetId": target, "flatten": true }),
            &mut |_| (),
        );
        let session = attached["sessionId"].as_str().expect("a session has a name").to_owned();
        let mut page = Page { browser: self, session, errors: Vec::new(), requests: Vec::new() };
        for domain in ["Runtime", "Log", "Page", "Network"] {
            page.call(&format!("{domain}.enable"), json!({}));
        }
        // By the time that the page's own thread worked: a machine that is busy with other things tells nothing of it.
        page.call("Performance.enable", json!({ "timeDomain": "threadTicks" }));
        page.resize(window);
        let scheme = if dark { "dark" } else { "light" };
        let features = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
        page.call("Emulation.setEmulatedMedia", json!({ "features": features }));
        page.call("Page.navigate", json!({ "url": format!("file://{}", file.display()) }));
        page.value("new Promise((done) => { const ask = () => window.driftless?.openedAfterMs ? done(1) : setTimeout(ask, 20); ask(); })");
        page.drawn();
        page
    }

    fn call(
        &mut self,
        session: Option<&str>,
        method: &str,
        params: Value,
        heard: &mut dyn FnMut(&Value),
    ) -> Value {
        self.last += 1;
        let mut question = json!({ "id": self.last, "method": method, "params": params });
        if let Some(session) = session {
            question["sessionId"] = session.into();
        }
        self.socket.send(Message::text(question.to_string())).expect("a browser listens");
        loop {
            let message = self.socket.read().unwrap_or_else(|e| panic!("no answer to {method}: {e}"));
            let Message::Text(text) = message else { continue };
            let message: Value = serde_json::from_str(&text).expect("a browser speaks JSON");
            if message["id"] == self.last {
                assert!(message["error"].is_null(), "{method}: {}", message["error"]);
                return message["result"].clone();
            }
            heard(&message);
        }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = std::fs::remove_dir_all(&self.profile);
    }
}

impl Page<'_> {
    fn call(&mut self, method: &str, params: Value) -> Value {
        let (errors, requests) = (&mut self.errors, &mut self.requests);
        let session = self.session.clone();
        self.browser.call(Some(&session), method, params, &mut |event| {
            if event["sessionId"] != session.as_str() {
                return;
            }
            let params = &event["params"];
            match event["method"].as_str().unwrap_or_default() {
                "Runtime.exceptionThrown" => errors.push(params["exceptionDetails"].to_string()),
                "Runtime.consoleAPICalled" if params["type"] != "log" => errors.push(params.to_string()),
                "Log.entryAdded" if params["entry"]["level"] != "verbose" => errors.push(params.to_string()),
                "Network.requestWillBeSent" => {
                    requests.push(params["request"]["url"].as_str().unwrap_or_default().to_owned());
                }
                _ => {}
            }
        })
    }

    /// Another window.
    pub fn resize(&mut self, Window(width, height, scale): Window) {
        let metrics =
            json!({ "width": width, "height": height, "deviceScaleFactor": scale, "mobile": width < 600 });
        self.call("Emulation.setDeviceMetricsOverride", metrics);
    }

    /// The value of an expression, awaited.
    pub fn value(&mut self, expression: &str) -> Value {
        let params = json!({ "expression": expression, "awaitPromise": true, "returnByValue": true });
        let answer = self.call("Runtime.evaluate", params);
        assert!(answer["exceptionDetails"].is_null(), "{expression}: {}", answer["exceptionDetails"]);
        answer["result"]["value"].clone()
    }

    /// How long the page has worked since it was opened, in milliseconds: script, layout and paint.
    pub fn worked_ms(&mut self) -> f64 {
        let metrics = self.call("Performance.getMetrics", json!({}));
        let all = metrics["metrics"].as_array().into_iter().flatten();
        let mut tasks = all.filter(|metric| metric["name"] == "TaskDuration");
        tasks.next().and_then(|metric| metric["value"].as_f64()).expect("a browser measures it") * 1_000.0
    }

    /// The text of an element.
    pub fn text(&mut self, selector: &str) -> String {
        let text = self.value(&format!("document.querySelector({selector:?})?.innerText ?? ''"));
        text.as_str().unwrap_or_default().to_owned()
    }

    /// Waits for two frames: what was asked for is drawn by then.
    pub fn drawn(&mut self) {
        self.value(
            "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(1))))",
        );
    }

    /// Clicks where an expression says, `{x, y}` in the window.
    pub fn click_at(&mut self, place: &str) {
        let at = self.value(place);
        assert!(at["x"].is_number(), "{place} is nowhere: {at}");
        self.mouse("mouseMoved", &at, json!({}));
        for kind in ["mousePressed", "mouseReleased"] {
            self.mouse(kind, &at, json!({ "button": "left", "clickCount": 1 }));
        }
        self.drawn();
    }

    /// Points there.
    pub fn point_at(&mut self, place: &str) {
        let at = self.value(place);
        self.mouse("mouseMoved", &at, json!({}));
        self.drawn();
    }

    /// Turns the wheel there.
    pub fn wheel_at(&mut self, place: &str, down: f64) {
        let at = self.value(place);
        self.mouse("mouseWheel", &at, json!({ "deltaX": 0, "deltaY": down }));
        self.drawn();
    }

    fn mouse(&mut self, kind: &str, at: &Value, mut more: Value) {
        more["type"] = kind.into();
        more["x"] = at["x"].clone();
        more["y"] = at["y"].clone();
        self.call("Input.dispatchMouseEvent", more);
    }

    /// Clicks an element in its middle.
    pub fn click(&mut self, selector: &str) {
        self.click_at(&format!(
            "(() => {{ const one = document.querySelector({selector:?}); one.scrollIntoView({{ block: 'nearest' }}); \
             const box = one.getBoundingClientRect(); \
             return {{ x: box.left + box.width / 2, y: box.top + box.height / 2 }}; }})()"
        ));
    }

    /// Presses a key.
    pub fn press(&mut self, key: &str) {
        let text = if key.chars().count() == 1 { key } else { "" };
        self.call("Input.dispatchKeyEvent", json!({ "type": "keyDown", "key": key, "text": text }));
        self.call("Input.dispatchKeyEvent", json!({ "type": "keyUp", "key": key }));
        self.drawn();
    }

    /// Chooses an option of a select by its words.
    pub fn choose(&mut self, selector: &str, words: &str) {
        let chosen = self.value(&format!(
            "(() => {{ const one = document.querySelector({selector:?}); \
             const option = [...one.options].find((option) => option.text === {words:?}); \
             if (!option) return [...one.options].map((option) => option.text).join(); \
             one.value = option.value; one.dispatchEvent(new Event('change')); return ''; }})()"
        ));
        assert_eq!(chosen, "", "{words} is no option of {selector}");
        self.drawn();
    }

    /// A picture of what is in the window, as PNG; the whole page if it is `tall`.
    pub fn screenshot(&mut self, tall: bool) -> Vec<u8> {
        use base64::Engine;
        let answer =
            self.call("Page.captureScreenshot", json!({ "format": "png", "captureBeyondViewport": tall }));
        let data = answer["data"].as_str().expect("a picture is text");
        base64::engine::general_purpose::STANDARD.decode(data).expect("it is base64")
    }

    /// Nothing was logged as an error, and nothing was asked of the network.
    pub fn check(&mut self) {
        assert_eq!(self.errors, Vec::<String>::new());
        let outside: Vec<_> = self
            .requests
            .iter()
            .filter(|url| !url.starts_with("file:") && !url.starts_with("data:"))
            .collect();
        assert!(outside.is_empty(), "{outside:?}");
        assert!(!self.requests.is_empty(), "it was opened");
    }
}
