//! How a case of the platform is played: the platform on its machine, and on another somebody who calls it as
//! users and gateways do.

use std::collections::BTreeMap;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use driftless::settings::{MACHINE, MachineSettings};
use driftless::stage::Stage;
use driftless_model::cx::Cx;
use driftless_model::http::{Answer, Call, Client, upgrade};
use driftless_model::platform;
use driftless_model::settings::PlatformSettings;
use driftless_model::store::{self, Database};
use http::{HeaderName, Method};
use serde_json::Value;

use super::archive;
use super::case::{Case, Kind};
use super::etags;
use super::line::Line;
use super::runner::{self, Taken};
use super::words::Words;

/// What is done with a platform, and what is seen of it.
#[derive(Clone, Copy)]
pub enum Step {
    /// A request: who makes it, method and path, the body. The answer is what the next steps look at.
    Ask { by: &'static str, call: &'static str, body: &'static str },
    /// The same with an `Accept` header.
    Accepting { accept: &'static str, by: &'static str, call: &'static str, body: &'static str },
    /// The answer has this status and body.
    Gives(u16, Body),
    /// The answer has this header.
    Header(&'static str, &'static str),
    /// The answer is a zip with this one entry, and its text has these lines.
    Zip(&'static str, &'static [&'static str]),
    /// The one entry of the zip has none of these lines.
    ZipLacks(&'static [&'static str]),
    /// The text of the one entry of the zip has this nowhere.
    ZipNowhere(&'static str),
    /// The answer is a tar.gz with these entries, in whatever order; the text of each has this line.
    Batch(&'static [(&'static str, &'static str)]),
    /// A gateway connects; the line is called by this name from now on. The first frame is not taken yet.
    Connect { line: &'static str, by: &'static str },
    /// The same, by a gateway that doesn't read until it listens.
    ConnectDeaf { line: &'static str, by: &'static str },
    /// A line is read from now on.
    Listen(&'static str),
    /// The next frame on a line.
    Hears(&'static str, &'static str),
    /// No frame comes on a line for a second.
    Silent(&'static str),
    /// Frames come on these lines in this order, all of this type.
    InOrder(&'static [&'static str], &'static str),
    /// A text frame is sent on a line.
    Says(&'static str, &'static str),
    /// A ping is sent on a line.
    SaysPing(&'static str),
    /// A line ends, and how.
    Ends(&'static str, &'static str),
    /// A gateway drops its connection.
    HangUp(&'static str),
    /// So many pings came on a line so far.
    Pings(&'static str, u64),
    /// Time passes, in seconds.
    Passes(u64),
    /// The next crossing there fails.
    Fails(&'static str),
    /// All of it so many times.
    Repeat(usize, &'static [Step]),
    /// An etag is the digest that section 8.1 says: etag, deployment, instant.
    DeploymentEtag(&'static str, &'static str, &'static str),
    /// An etag is the digest that section 8.4 says: etag, artifact, name, instant.
    KeyEtag { etag: &'static str, artifact: &'static str, name: &'static str, updated: &'static str },
    /// Two names have different values.
    Differ(&'static str, &'static str),
    /// Several requests at once: who makes each, method and path, the body. Their answers have these statuses,
    /// in whatever order.
    Together(&'static [(&'static str, &'static str, &'static str)], &'static [u16]),
    /// A gateway connects several times at once, and every time is let in; the lines are called by these names.
    ConnectTogether(&'static [&'static str], &'static str),
    /// A request whose client doesn't wait for the answer.
    Abandon { by: &'static str, call: &'static str, body: &'static str },
    /// Something has panicked, with these words.
    Panicked(&'static str),
}

/// What a body is.
#[derive(Clone, Copy)]
pub enum Body {
    /// JSON, as a pattern.
    Json(&'static str),
    /// Nothing.
    Empty,
    /// Whatever it is.
    Any,
    /// The usual refusal with this description (platform.md section 4).
    Error(&'static str),
}

/// A request.
pub const fn ask(by: &'static str, call: &'static str, body: &'static str) -> Step {
    Step::Ask { by, call, body }
}

/// An answer in JSON.
pub const fn gives(status: u16, json: &'static str) -> Step {
    Step::Gives(status, Body::Json(json))
}

/// A refusal whose words the specification gives.
pub const fn refuses(status: u16, description: &'static str) -> Step {
    Step::Gives(status, Body::Error(description))
}

/// A refusal whose words are anyone's.
pub const fn refused(status: u16) -> Step {
    Step::Gives(status, Body::Error("<text>"))
}

/// An answer of this status, whatever it says.
pub const fn status(status: u16) -> Step {
    Step::Gives(status, Body::Any)
}

/// Plays a case; an error says what was not as expected.
pub fn play(case: &Case<Step>, kind: Option<&Kind>) -> Result<(), String> {
    let (mut settings, mut machine) = (PlatformSettings::default(), MachineSettings::default());
    for (name, value) in case.under.settings {
        let set =
            if name.starts_with(MACHINE) { machine.set(name, value) } else { settings.set(name, value) };
        set.map_err(|e| e.to_string())?;
    }
    let kept = store::Settings { foreign_keys: settings.foreign_keys, ..case.under.database() };
    let database = Database::new(platform::schema(), kept);
    let config = platform::Config { design: case.under.design(), settings, database };
    let words = words_for(kind);
    runner::play(
        case,
        (
            "platform",
            Box::new(move |stage, cx| {
                stage.set_machine("platform", machine);
                Box::pin(async move { platform::start(&cx, config).await })
            }),
        ),
        ("peer", |stage, cx| Scene::new(stage, cx, words)),
    )
}

fn words_for(kind: Option<&Kind>) -> Words {
    let mut words = Words::default();
    words.set("acme", "0000acce-0000-4000-8000-000000000001");
    words.set("other", "0000acce-0000-4000-8000-000000000002");
    words.set("nobody", "0000dead-0000-7000-8000-000000000000");
    words.set("zero", "00000000-0000-0000-0000-000000000000");
    words.set("mebibyte", "x".repeat(1_048_576));
    words.set("sixteenth", "x".repeat(65_536));
    // Of a key's event what is around its reference takes 321 bytes.
    words.set("fits", "x".repeat(1_048_576 - 321));
    words.set("17 mebibytes", "$(mebibyte)".repeat(17));
    words.set("63 letters", "a".repeat(63));
    words.set("base", "/api/internal/v1");
    words.set("32764 ids", vec![r#""""#; 32_764].join(","));
    words.set("closed", "closed by the peer: 1000 normal closure");
    // What section 4.2 asks for of each kind.
    let up = r#""upstream":{"main":{"url":"http://up"}}"#;
    words.set(
        "a rest-api",
        format!(r#"{{"id":"petstore","name":"Pet store","version":"v1.0","context":"/pets","projectId":"$(project)",{up}}}"#),
    );
    words.set(
        "a llm-provider",
        format!(r#"{{"id":"openai","name":"OpenAI","version":"v1.0","template":"gpt",{up},"accessControl":{{"mode":"allow_all"}}}}"#),
    );
    words.set(
        "a llm-proxy",
        r#"{"id":"chat","name":"Chat","version":"v1.0","projectId":"$(project)","provider":{"id":"openai"}}"#,
    );
    words.set(
        "a mcp-proxy",
        format!(r#"{{"id":"tools","name":"Tools","version":"v1.0","context":"/tools",{up}}}"#),
    );
    if let Some(kind) = kind {
        runner::add_words_of(kind, &mut words);
        words.set("new", format!("$(a {})", kind.word));
        // What was said of it, and three members more.
        let said = words.get(&format!("a {}", kind.word)).expect("just given").to_owned();
        let more = format!(r#","kind":"{}","createdAt":"<nanos>","updatedAt":"<nanos>"}}"#, kind.kind);
        words.set("shown", said.strip_suffix('}').expect("an object").to_owned() + &more);
        // A proxy stands before a provider, which must be there first.
        let first =
            ["GET /api/v1/projects", "POST /api/v1/llm-providers"][usize::from(kind.word == "llm-proxy")];
        words.set("first", first);
    }
    words
}

/// A case while it is played.
pub struct Scene {
    stage: Stage,
    pub cx: Cx,
    client: Client,
    words: Words,
    answer: Option<Answer>,
    pub lines: BTreeMap<&'static str, Line>,
    /// How many panics the case has spoken of.
    panics: usize,
}

impl runner::Scene for Scene {
    type Step = Step;

    fn panics(&self) -> usize {
        self.panics
    }

    fn take<'a>(&'a mut self, step: &'a Step) -> Taken<'a> {
        Box::pin(async move {
            match *step {
                Step::Ask { by, call, body } => self.ask(by, call, body, None).await,
                Step::Accepting { accept, by, call, body } => self.ask(by, call, body, Some(accept)).await,
                Step::Gives(status, body) => self.gives(status, body),
                Step::Header(name, wanted) => {
                    let given = self.answer()?.headers.get(name).and_then(|value| value.to_str().ok());
                    let given = given.unwrap_or("nothing").to_owned();
                    self.words.meet_text(wanted, &given).map_err(|why| format!("{name}: {why}"))
                }
                Step::Zip(name, lines) => {
                    let entries = archive::read_zip(&self.answer()?.body)?;
                    let [(given, text)] = &entries[..] else { return Err(format!("entries: {entries:?}")) };
                    self.words.meet_text(name, given)?;
                    lines.iter().try_for_each(|line| self.has_line(text, line))
                }
                Step::ZipLacks(lines) => {
                    let entries = archive::read_zip(&self.answer()?.body)?;
                    let [(_, text)] = &entries[..] else { return Err(format!("entries: {entries:?}")) };
                    match lines.iter().find(|line| self.has_line(text, line).is_ok()) {
                        None => Ok(()),
                        Some(line) => Err(format!("a line '{line}' in {text}")),
                    }
                }
                Step::ZipNowhere(part) => {
                    let entries = archive::read_zip(&self.answer()?.body)?;
                    let part = self.words.fill(part)?;
                    match entries.iter().find(|(_, text)| text.contains(&part)) {
                        None => Ok(()),
                        Some((_, text)) => Err(format!("'{part}' in {text}")),
                    }
                }
                Step::Batch(wanted) => self.batch(wanted),
                Step::Connect { line, by } => self.connect(line, by, false).await,
                Step::ConnectDeaf { line, by } => self.connect(line, by, true).await,
                Step::Listen(line) => self.line(line).map(|line| line.listen()),
                Step::Hears(line, pattern) => {
                    let cx = self.cx.clone();
                    let heard = self.line(line)?.hear(&cx, Duration::from_secs(10)).await;
                    let heard = heard.ok_or_else(|| format!("{line} heard nothing"))?;
                    let heard: Value = serde_json::from_str(&heard).map_err(|e| e.to_string())?;
                    self.words.meet_json(pattern, &heard).map_err(|why| format!("{line}: {why}"))
                }
                Step::Silent(line) => {
                    let cx = self.cx.clone();
                    match self.line(line)?.hear(&cx, Duration::from_secs(1)).await {
                        None => Ok(()),
                        Some(heard) => Err(format!("{line} heard {heard}")),
                    }
                }
                Step::InOrder(lines, kind) => self.in_order(lines, kind).await,
                Step::Says(line, text) => {
                    let (cx, text) = (self.cx.clone(), self.words.fill(text)?);
                    self.line(line)?.say(&cx, text).await
                }
                Step::SaysPing(line) => {
                    let cx = self.cx.clone();
                    self.line(line)?.ping(&cx).await
                }
                Step::Ends(line, why) => {
                    let cx = self.cx.clone();
                    let ended = self.line(line)?.end(&cx, Duration::from_secs(60)).await;
                    self.words.meet_text(why, &ended.ok_or_else(|| format!("{line} goes on"))?)
                }
                Step::HangUp(line) => {
                    self.lines.remove(line).ok_or("no such line")?.hang_up();
                    Ok(())
                }
                Step::Pings(line, wanted) => {
                    let given = self.line(line)?.pings();
                    if given == wanted { Ok(()) } else { Err(format!("{given} pings")) }
                }
                Step::Passes(seconds) => {
                    self.cx.sleep(Duration::from_secs(seconds)).await;
                    Ok(())
                }
                Step::Fails(at) => runner::fail(&self.stage, at),
                Step::Repeat(times, steps) => {
                    for _ in 0..times {
                        for step in steps {
                            self.take(step).await?;
                        }
                    }
                    Ok(())
                }
                Step::DeploymentEtag(etag, deployment, at) => {
                    etags::of_deployment(&self.words, etag, deployment, at)
                }
                Step::KeyEtag { etag, artifact, name, updated } => {
                    etags::of_key(&self.words, etag, artifact, name, updated)
                }
                Step::Differ(one, other) => {
                    let (one, other) = (self.words.get(one)?, self.words.get(other)?);
                    if one != other { Ok(()) } else { Err(format!("both are {one}")) }
                }
                Step::Together(asks, statuses) => self.together(asks, statuses).await,
                Step::ConnectTogether(lines, by) => self.connect_together(lines, by).await,
                Step::Abandon { by, call, body } => self.abandon(by, call, body).await,
                Step::Panicked(words) => self.panicked(words),
            }
        })
    }
}

impl Scene {
    fn new(stage: Stage, cx: Cx, words: Words) -> Self {
        Scene {
            stage,
            cx,
            client: Client::new("platform"),
            words,
            answer: None,
            lines: BTreeMap::new(),
            panics: 0,
        }
    }

    fn answer(&self) -> Result<&Answer, String> {
        self.answer.as_ref().ok_or_else(|| "nothing was asked".to_owned())
    }

    fn line(&mut self, name: &str) -> Result<&mut Line, String> {
        self.lines.get_mut(name).ok_or_else(|| format!("there is no line {name}"))
    }

    /// The headers by which somebody is known.
    fn headers(&self, by: &str) -> Result<Vec<(HeaderName, String)>, String> {
        let header = |name: &'static str, value: String| (HeaderName::from_static(name), value);
        Ok(match by {
            "nobody" => Vec::new(),
            "alice" | "bob" => {
                vec![header("authorization", bearer(self.words.get("acme")?)), header("x-user-id", by.into())]
            }
            "mallory" => vec![header("authorization", bearer(self.words.get("other")?))],
            gateway if gateway.starts_with("gw") => {
                vec![header("api-key", self.words.get(&format!("{gateway}.token"))?.to_owned())]
            }
            other => {
                let (name, value) = other.split_once(": ").ok_or_else(|| format!("who is {other}?"))?;
                vec![(name.parse().map_err(|_| "no header")?, self.words.fill(value)?)]
            }
        })
    }

    fn call(&self, by: &str, call: &str) -> Result<Call<'static>, String> {
        let call = self.words.fill(call)?;
        let (method, path) = call.split_once(' ').ok_or("a call is a method and a path")?;
        let method: Method = method.parse().map_err(|_| format!("no method: {method}"))?;
        let mut call = Call::new("http.case", method, path);
        call.headers = self.headers(by)?;
        Ok(call)
    }

    /// A request with its body.
    pub fn request(&self, by: &str, call: &str, body: &str) -> Result<Call<'static>, String> {
        let mut request = self.call(by, call)?;
        if !body.is_empty() {
            request = request.header(http::header::CONTENT_TYPE, "application/json");
            request.body = self.words.fill(body)?.into();
        }
        Ok(request)
    }

    async fn ask(&mut self, by: &str, call: &str, body: &str, accept: Option<&str>) -> Result<(), String> {
        let mut request = self.request(by, call, body)?;
        if let Some(accept) = accept {
            request = request.header(http::header::ACCEPT, accept);
        }
        let answer = self.cx.timeout(Duration::from_secs(60), self.client.call(&self.cx, request)).await;
        self.answer = Some(answer.ok_or("no answer in a minute")?.map_err(|e| format!("{call}: {e}"))?);
        Ok(())
    }

    fn gives(&mut self, status: u16, body: Body) -> Result<(), String> {
        let Answer { status: given, body: bytes, .. } = self.answer()?.clone();
        let unreadable = |_| format!("{} bytes that are no text", bytes.len());
        let text = std::str::from_utf8(&bytes).map_or_else(unreadable, str::to_owned);
        if given != status {
            return Err(format!("expected {status}, saw {given} with {text}"));
        }
        let json = || serde_json::from_slice::<Value>(&bytes).map_err(|e| format!("{e} in {text}"));
        match body {
            Body::Any => Ok(()),
            Body::Empty if text.is_empty() => Ok(()),
            Body::Empty => Err(format!("expected no body, saw {text}")),
            Body::Json(pattern) => self.words.meet_json(pattern, &json()?),
            Body::Error(description) => {
                let pattern = serde_json::json!({
                    "code": status,
                    "message": given.canonical_reason().unwrap_or_default(),
                    "description": description,
                });
                self.words.meet_json(&pattern.to_string(), &json()?)
            }
        }
    }

    fn has_line(&self, text: &str, line: &str) -> Result<(), String> {
        let line = self.words.fill(line)?;
        if text.lines().any(|given| given.trim() == line) {
            Ok(())
        } else {
            Err(format!("no line '{line}' in {text}"))
        }
    }

    fn batch(&mut self, wanted: &[(&str, &str)]) -> Result<(), String> {
        let mut given = archive::read_tar_gz(&self.answer()?.body)?;
        given.sort();
        let mut names = Vec::new();
        for (name, line) in wanted {
            let name = self.words.fill(name)?;
            let found = given.iter().find(|(given, _)| *given == name);
            let (_, text) = found.ok_or_else(|| format!("no entry {name} in {given:?}"))?;
            self.has_line(text, line)?;
            names.push(name);
        }
        if names.len() == given.len() {
            Ok(())
        } else {
            Err(format!("more entries than expected: {given:?}"))
        }
    }

    /// A request for a WebSocket.
    pub fn handshake(&self, by: &str) -> Result<Call<'static>, String> {
        let path = format!("GET {}/ws/gateways/connect", self.words.get("base")?);
        let call = self.call(by, &path)?;
        Ok(call
            .header(http::header::CONNECTION, "Upgrade")
            .header(http::header::UPGRADE, "websocket")
            // Any origin will do (section 6.1).
            .header(http::header::ORIGIN, "https://elsewhere.example")
            .header(http::header::SEC_WEBSOCKET_VERSION, "13")
            .header(http::header::SEC_WEBSOCKET_KEY, "dGhlIHNhbXBsZSBub25jZQ=="))
    }

    /// One more panic, with these words.
    fn panicked(&mut self, words: &str) -> Result<(), String> {
        let all = self.stage.panics();
        let next = all.get(self.panics).ok_or("nothing has panicked")?;
        self.panics += 1;
        if next.contains(words) { Ok(()) } else { Err(format!("the panic is {next}")) }
    }

    async fn connect(&mut self, line: &'static str, by: &str, deaf: bool) -> Result<(), String> {
        let call = self.handshake(by)?;
        let (answer, upgraded) = upgrade(&self.cx, "platform", call).await.map_err(|e| e.to_string())?;
        self.answer = Some(answer);
        if let Some((stream, wire)) = upgraded {
            self.lines.insert(line, Line::dialled(&self.cx, line, stream, wire, deaf).await);
        }
        Ok(())
    }

    async fn in_order(&mut self, lines: &[&str], kind: &str) -> Result<(), String> {
        let (cx, kind) = (self.cx.clone(), self.words.fill(kind)?);
        let mut before = Duration::ZERO;
        for name in lines {
            let (at, text) = self
                .line(name)?
                .hear_when(&cx, Duration::from_secs(10))
                .await
                .ok_or_else(|| format!("{name} heard nothing"))?;
            let heard: Value = serde_json::from_str(&text).map_err(|e| e.to_string())?;
            if heard["type"] != kind.as_str() {
                return Err(format!("{name} heard {heard}"));
            }
            if at <= before {
                return Err(format!("{name} heard it too early"));
            }
            before = at;
        }
        Ok(())
    }
}

/// A user's token for an organisation. Nobody checks its signature.
fn bearer(organisation: &str) -> String {
    let encode = |text: String| URL_SAFE_NO_PAD.encode(text);
    let claims = serde_json::json!({ "organization": organisation });
    format!("Bearer {}.{}.unsigned", encode(r#"{"alg":"none"}"#.into()), encode(claims.to_string()))
}
