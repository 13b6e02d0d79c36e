//! How a case of the gateway is played: the gateway on its machine, and on another a platform that says what
//! the case tells it to. What the gateway asks is looked at request by request, and its rows word by word.
//!
//! Nothing may be left over: a request or an acknowledgement that the case didn't look at fails it.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use driftless::stage::Stage;
use driftless::world::Death;
use driftless_model::cx::{At, Cx};
use driftless_model::gateway::tables::{
    ApiKey, Artifact, DesiredState, Event, GATEWAY_ID, KeyStatus, LlmProvider, LlmProxy, McpProxy, Origin,
    PlanStatus, RestApi, Subscription, SubscriptionPlan, SubscriptionStatus,
};
use driftless_model::gateway::{self, LocalOperation, LocalRefusal, Management, Projections};
use driftless_model::settings::GatewaySettings;
use driftless_model::store::{Database, Row};
use driftless_model::wire::kind::Kind as ModelKind;
use driftless_model::wire::time;
use serde_json::Value;
use tokio::sync::oneshot;

use super::archive;
use super::case::{Case, Kind};
use super::fake::{self, Answer, Fake};
use super::gateway_rows::{
    application_line, artifact_line, definition, event_line, hashed, key_line, mapping_line, plan_line,
    sha256, subscription_line,
};
use super::line::{Line, wait_for};
use super::runner::{self, Taken};
use super::words::Words;

/// What is done to a gateway, and what is seen of it.
#[derive(Clone, Copy)]
pub enum Step {
    /// An artifact is in its database, of the platform or not: `RestApi petstore $(petstore) deployed $(d1) $(t1)`,
    /// for an LLM provider with the handle of its template behind it, if it has one.
    Holds(&'static str, Origin),
    /// A key is in its database: `one $(petstore) $(k1) hash1 alice`, as of `t1`.
    HoldsKey(&'static str),
    /// From now on a call is answered so.
    Answers(&'static str, u16, Gives),
    /// From now on a call is answered so, and only after so many seconds.
    AnswersAfter(u64, &'static str, u16, Gives),
    /// It is started.
    Boots,
    /// The platform sends its first frame.
    Greets,
    /// The next requests, in this order.
    Asks(&'static [&'static str]),
    /// The next request, its headers and its body.
    AsksWith { call: &'static str, headers: &'static [(&'static str, &'static str)], body: &'static str },
    /// The platform sends a frame.
    Tells(&'static str),
    /// The next frame that the platform hears.
    Acks(&'static str),
    /// The rows of its artifacts, in any order: `RestApi petstore $(petstore) deployed $(d1) $(t1) control_plane`.
    Artifacts(&'static [&'static str]),
    /// The rows of its keys, in any order: `one $(petstore) $(k1) active hash1 alice external`.
    Keys(&'static [&'static str]),
    /// What was published on its hub since the case last looked, in this order: `API CREATE $(petstore) $(c1)`.
    Publishes(&'static [&'static str]),
    /// Time passes, in seconds.
    Passes(u64),
    /// The next crossing there fails.
    Fails(&'static str),
    /// The platform drops the connection.
    Drops,
    /// The gateway is asked to end in good order.
    Stops,
    /// The connection ends on the gateway's side, in these words.
    Ends(&'static str),
    /// Requests like this one are answered and not looked at from now on; a `*` stands for any text.
    Overlooks(&'static str),
    /// They are looked at again.
    Watches(&'static str),
    /// A plan is in its database: `gold $(g1) ACTIVE`, as of `t1`.
    HoldsPlan(&'static str),
    /// A subscription is in its database: `$(s1) $(petstore) token1 $(g1) ACTIVE`, as of `t1`; `-` is no plan.
    HoldsSubscription(&'static str),
    /// The rows of its plans, in any order: `gold $(g1) ACTIVE`.
    Plans(&'static [&'static str]),
    /// The rows of its subscriptions, in any order: `$(s1) $(petstore) token1 $(g1) ACTIVE -`; the last is the
    /// application, and the token is that of which the row has the SHA-256.
    Subscriptions(&'static [&'static str]),
    /// The rows of its applications and their keys, in any order: `shop $(a1) Shop genai` and `$(a1) $(k1)`.
    Applications(&'static [&'static str]),
    /// Whether a request with a subscription's token is let in.
    LetsIn { artifact: &'static str, token: &'static str, is: bool },
    /// Somebody at the gateway itself does something, and it is done.
    Locally(Local),
    /// Somebody at the gateway itself tries to, and is refused in words with this in them.
    Refuses(Local, &'static str),
}

/// What somebody does at the gateway itself.
#[derive(Clone, Copy)]
pub enum Local {
    /// A kind, a handle, and the words of a definition.
    Creates(&'static str, &'static str, &'static str),
    /// The same.
    Updates(&'static str, &'static str, &'static str),
    /// A kind and a handle.
    Deletes(&'static str, &'static str),
    /// The artifact's kind and handle, a name, the key and whose it is.
    CreatesKey(&'static str, &'static str, &'static str, &'static str, &'static str),
    /// The artifact's kind and handle, and a name.
    RevokesKey(&'static str, &'static str, &'static str),
}

/// What a body of an answer is.
#[derive(Clone, Copy)]
pub enum Gives {
    /// This text, usually JSON.
    Text(&'static str),
    /// A zip of definitions, by the names of their files.
    Zip(&'static [(&'static str, &'static str)]),
    /// A tar.gz of definitions, by the names of their files.
    Batch(&'static [(&'static str, &'static str)]),
}

/// An answer in JSON.
pub const fn answers(call: &'static str, json: &'static str) -> Step {
    Step::Answers(call, 200, Gives::Text(json))
}

/// A refusal.
pub const fn refuses(call: &'static str, status: u16) -> Step {
    Step::Answers(call, status, Gives::Text(r#"{"code":0,"message":"no"}"#))
}

/// Plays a case; an error says what was not as expected.
pub fn play(case: &Case<Step>, kind: Option<&Kind>) -> Result<(), String> {
    let mut settings = GatewaySettings::default();
    for (name, value) in case.under.settings {
        settings.set(name, value).map_err(|e| e.to_string())?;
    }
    let database = Database::new(gateway::schema(), case.under.database());
    let management = Arc::new(Management::default());
    let projections = Arc::new(Projections::default());
    let config = gateway::Config {
        design: case.under.design(),
        settings,
        database: database.clone(),
        projections: projections.clone(),
        management: management.clone(),
        platform: "platform".into(),
        token: "the-token".into(),
    };

    let (boot, booted) = oneshot::channel();
    let words = words_for(kind);
    // Who manages a gateway acts in its process.
    let at_gateway = Arc::new(Mutex::new(None));
    let keeps = at_gateway.clone();
    runner::play(
        case,
        (
            "gw1",
            Box::new(move |stage, cx| {
                *keeps.lock().expect("one thread plays") = Some(cx.named("local"));
                Box::pin(async move {
                    if booted.await.is_ok() {
                        gateway::run(cx, config).await;
                        stage.kill("gw1", Death::Exit);
                    }
                })
            }),
        ),
        ("platform", |stage, cx| {
            let fake = Fake::default();
            let inside = Inside { management, projections, at_gateway };
            Scene { stage, cx, fake, words, database, inside, boot: Some(boot), published: 0 }
        }),
    )
}

fn words_for(kind: Option<&Kind>) -> Words {
    let mut words = Words::default();
    let names =
        ["petstore", "openai", "chat", "tools", "orders", "d1", "d2", "d3", "d4", "d5", "k1", "k2", "k3"];
    for (n, name) in (0xa1..).zip(names) {
        words.set(name, format!("00000000-0000-7000-8000-0000000000{n:02x}"));
    }
    for (n, name) in (0xb1..).zip(["s1", "s2", "s3", "g1", "g2", "a1"]) {
        words.set(name, format!("00000000-0000-7000-8000-0000000000{n:02x}"));
    }
    for (n, name) in (0xc1..).zip(["c1", "c2", "c3", "c4", "c5", "c6", "c7", "c8"]) {
        words.set(name, format!("00000000-0000-4000-8000-0000000000{n:02x}"));
    }
    words.set("t0", "2025-12-31T23:00:00Z");
    words.set("t1", "2026-01-01T00:00:01.12Z");
    words.set("t2", "2026-01-01T00:00:02.5Z");
    words.set("never", "0001-01-01T00:00:00Z");
    words.set("internal base", "/api/internal/v1");
    if let Some(kind) = kind {
        runner::add_words_of(kind, &mut words);
        words.set("id", format!("$({})", kind.handle));
        // An LLM proxy stands before `openai`; for the other kinds that is a provider nobody speaks of.
        let proxy = kind.word == "llm-proxy";
        words.set("provider", if proxy { "$(openai)" } else { "$(d4)" });
        words.set("provider handle", if proxy { "openai" } else { "bystander" });
        words.set("provider of it", if proxy { "openai" } else { "" });
        words.set("definition", format!("{} {2} {2} v1.0 {}", kind.kind, "$(provider of it)", kind.handle));
    }
    words
}

/// A case while it is played.
struct Scene {
    stage: Stage,
    cx: Cx,
    fake: Fake,
    words: Words,
    database: Database,
    inside: Inside,
    boot: Option<oneshot::Sender<()>>,
    published: usize,
}

/// What a case reaches at the gateway itself.
struct Inside {
    management: Arc<Management>,
    projections: Arc<Projections>,
    at_gateway: Arc<Mutex<Option<Cx>>>,
}

/// How long a case waits for something to come.
const PATIENCE: Duration = Duration::from_secs(10);

impl runner::Scene for Scene {
    type Step = Step;

    fn open(&mut self) -> Taken<'_> {
        Box::pin(async {
            self.fake.open(&self.cx).await;
            Ok(())
        })
    }

    fn take<'a>(&'a mut self, step: &'a Step) -> Taken<'a> {
        Box::pin(self.act(step))
    }

    fn close(&mut self) -> Taken<'_> {
        Box::pin(async {
            self.cx.sleep(Duration::from_secs(1)).await;
            if let Some(asked) = self.fake.take() {
                return Err(format!("nobody expected {}", asked.call));
            }
            let Some(line) = self.fake.line() else { return Ok(()) };
            match line.hear(&self.cx, Duration::ZERO).await {
                None => Ok(()),
                Some(heard) => Err(format!("nobody expected {heard}")),
            }
        })
    }
}

impl Scene {
    async fn act(&mut self, step: &Step) -> Result<(), String> {
        match *step {
            Step::Holds(row, origin) => self.hold(row, origin).await,
            Step::HoldsKey(row) => self.hold_key(row).await,
            Step::Answers(call, status, gives) => self.set_answer(call, status, gives, 0),
            Step::AnswersAfter(seconds, call, status, gives) => self.set_answer(call, status, gives, seconds),
            Step::Boots => {
                self.boot.take().and_then(|boot| boot.send(()).ok()).ok_or("it was booted before".into())
            }
            Step::Greets => {
                let ack = r#"{"type":"connection.ack","gatewayId":"$(c8)","connectionId":"$(c7)","timestamp":"$(t0)"}"#;
                let ack = self.words.fill(ack)?;
                self.line().await?.say(&self.cx, ack).await
            }
            Step::Asks(calls) => {
                for call in calls {
                    let (wanted, asked) = (self.words.fill(call)?, self.asked().await?);
                    if asked.call != wanted {
                        return Err(format!("expected {wanted}, saw {}", asked.call));
                    }
                }
                Ok(())
            }
            Step::AsksWith { call, headers, body } => self.asks_with(call, headers, body).await,
            Step::Tells(frame) => {
                let frame = self.words.fill(frame)?;
                self.line().await?.say(&self.cx, frame).await
            }
            Step::Acks(pattern) => {
                let heard = self.line().await?.hear(&self.cx, PATIENCE).await;
                let heard: Value =
                    serde_json::from_str(&heard.ok_or("no acknowledgement")?).map_err(|e| e.to_string())?;
                self.words.meet_json(pattern, &heard)
            }
            Step::Artifacts(lines) => {
                let rows = self.rows(artifact_line);
                self.meet_rows(lines, rows).await
            }
            Step::Keys(lines) => {
                let rows = self.rows(key_line);
                self.meet_rows(lines, rows).await
            }
            Step::Publishes(lines) => {
                self.cx.sleep(Duration::from_secs(1)).await;
                let mut events: Vec<Arc<Event>> = self.database.look(|view| view.scan(|_: &Event| true));
                events.sort_by_key(|event| event.processed_timestamp);
                let told: Vec<_> =
                    events.iter().skip(self.published).map(|event| event_line(event)).collect();
                self.published = events.len();
                if told.len() != lines.len() {
                    return Err(format!("published: {told:?}"));
                }
                lines.iter().zip(&told).try_for_each(|(line, told)| self.words.meet_line(line, told))
            }
            Step::Passes(seconds) => {
                self.cx.sleep(Duration::from_secs(seconds)).await;
                Ok(())
            }
            Step::Fails(at) => runner::fail(&self.stage, at),
            Step::Stops => {
                self.stage.ask_to_stop("gw1");
                Ok(())
            }
            Step::Ends(words) => {
                let end = self.line().await?.end(&self.cx, PATIENCE).await;
                self.words.meet_text(words, &end.ok_or("it goes on")?)
            }
            Step::Drops => {
                let line = self.fake.drop_line().ok_or("there is no connection")?;
                Arc::into_inner(line).ok_or("the connection is in use")?.hang_up();
                Ok(())
            }
            Step::Overlooks(call) => {
                self.fake.overlook(self.words.fill(call)?);
                Ok(())
            }
            Step::Watches(call) => {
                self.fake.watch(&self.words.fill(call)?);
                Ok(())
            }
            Step::HoldsPlan(row) => self.hold_plan(row).await,
            Step::HoldsSubscription(row) => self.hold_subscription(row).await,
            Step::Plans(lines) => {
                let rows = self.rows(plan_line);
                self.meet_rows(lines, rows).await
            }
            Step::Subscriptions(lines) => {
                let lines: Vec<_> = lines.iter().map(|line| hashed(line)).collect();
                let rows = self.rows(subscription_line);
                self.meet_rows(&lines.iter().map(String::as_str).collect::<Vec<_>>(), rows).await
            }
            Step::Applications(lines) => {
                let rows = [self.rows(application_line), self.rows(mapping_line)].concat();
                self.meet_rows(lines, rows).await
            }
            Step::LetsIn { artifact, token, is } => {
                let artifact = self.words.fill(artifact)?.parse().map_err(|_| "no UUID")?;
                let seen = self.inside.projections.accepts_token(artifact, token);
                if seen == is { Ok(()) } else { Err(format!("{token} is let in: {seen}")) }
            }
            Step::Locally(local) => self.locally(local).await?.map_err(|refusal| refusal.to_string()),
            Step::Refuses(local, why) => match self.locally(local).await? {
                Ok(()) => Err("it was done".to_owned()),
                Err(refusal) if refusal.to_string().contains(why) => Ok(()),
                Err(refusal) => Err(format!("refused, but: {refusal}")),
            },
        }
    }

    fn set_answer(&self, call: &str, status: u16, gives: Gives, after: u64) -> Result<(), String> {
        let body = match gives {
            Gives::Text(text) => Bytes::from(self.words.fill(text)?),
            Gives::Zip(entries) => archive::zip(&self.definitions(entries)?).into(),
            Gives::Batch(entries) => archive::tar_gz(&self.definitions(entries)?).into(),
        };
        let call = self.words.fill(call)?;
        self.fake.set(call, Answer { status, body, after: Duration::from_secs(after) });
        Ok(())
    }

    fn definitions(&self, entries: &[(&str, &str)]) -> Result<Vec<(String, String)>, String> {
        entries
            .iter()
            .map(|(name, said)| Ok((self.words.fill(name)?, definition(&self.words.fill(said)?))))
            .collect()
    }

    async fn line(&self) -> Result<Arc<Line>, String> {
        let line = wait_for(&self.cx, PATIENCE, || self.fake.line()).await;
        line.ok_or_else(|| "the gateway didn't connect".to_owned())
    }

    async fn asked(&self) -> Result<fake::Asked, String> {
        let asked = wait_for(&self.cx, PATIENCE, || self.fake.take()).await;
        asked.ok_or_else(|| "nothing was asked".to_owned())
    }

    async fn asks_with(&mut self, call: &str, headers: &[(&str, &str)], body: &str) -> Result<(), String> {
        let asked = self.asked().await?;
        self.words.meet_text(call, &asked.call)?;
        for (name, wanted) in headers {
            let given = asked.headers.get(*name).and_then(|value| value.to_str().ok()).unwrap_or("nothing");
            self.words.meet_text(wanted, given).map_err(|why| format!("{name}: {why}"))?;
        }
        if body.is_empty() {
            return if asked.body.is_empty() { Ok(()) } else { Err(format!("a body: {:?}", asked.body)) };
        }
        let given: Value = serde_json::from_slice(&asked.body).map_err(|e| e.to_string())?;
        self.words.meet_json(body, &given)
    }

    fn rows<T: Row>(&self, line: fn(&T) -> String) -> Vec<String> {
        self.database.look(|view| view.scan(|_: &T| true).iter().map(|row| line(row)).collect())
    }

    async fn meet_rows(&mut self, lines: &[&str], mut rows: Vec<String>) -> Result<(), String> {
        for line in lines {
            let found = rows.iter().position(|row| self.words.clone().meet_line(line, row).is_ok());
            let found = found.ok_or_else(|| {
                format!("no row '{}' in {rows:?}", self.words.fill(line).unwrap_or_default())
            })?;
            let row = rows.remove(found);
            self.words.meet_line(line, &row)?;
        }
        if rows.is_empty() { Ok(()) } else { Err(format!("more rows than expected: {rows:?}")) }
    }

    async fn hold(&mut self, row: &str, origin: Origin) -> Result<(), String> {
        let filled = self.words.fill(row)?;
        let words: Vec<_> = filled.split(' ').collect();
        let [kind, handle, uuid, state, deployment, at, more @ ..] = &words[..] else {
            return Err(format!("a row of six words, and perhaps a template: {filled}"));
        };
        let kind = ModelKind::from_name(kind).ok_or("no kind")?;
        let uuid = uuid.parse().map_err(|_| "no UUID")?;
        let gateway_id = GATEWAY_ID.to_owned();
        let artifact = Artifact {
            gateway_id: gateway_id.clone(),
            uuid,
            display_name: (*handle).to_owned(),
            version: "v1.0".to_owned(),
            kind,
            handle: (*handle).to_owned(),
            desired_state: DesiredState::from_list(state).ok_or("no state")?,
            deployment_id: deployment.parse().ok(),
            origin,
            created_at: time::parse(at).ok_or("no instant")?,
            updated_at: time::parse(at).ok_or("no instant")?,
            deployed_at: time::parse(at),
        };
        let made_of =
            if kind == ModelKind::LlmProxy { "openai" } else { more.first().copied().unwrap_or("") };
        let configuration =
            Bytes::from(definition(&format!("{} {handle} {handle} v1.0 {made_of}", kind.name())));
        self.insert(artifact).await?;
        match kind {
            ModelKind::RestApi => self.insert(RestApi { gateway_id, uuid, configuration }).await,
            ModelKind::LlmProvider => self.insert(LlmProvider { gateway_id, uuid, configuration }).await,
            ModelKind::LlmProxy => {
                let provider_uuid = self.words.get("openai")?.parse().map_err(|_| "no UUID")?;
                self.insert(LlmProxy { gateway_id, uuid, configuration, provider_uuid }).await
            }
            ModelKind::Mcp => self.insert(McpProxy { gateway_id, uuid, configuration }).await,
        }
    }

    async fn hold_key(&mut self, row: &str) -> Result<(), String> {
        let filled = self.words.fill(row)?;
        let [name, artifact, uuid, hash, owner] = filled.split(' ').collect::<Vec<_>>()[..] else {
            return Err(format!("a row of five words: {filled}"));
        };
        let at = time::parse(self.words.get("t1")?).ok_or("no instant")?;
        self.insert(ApiKey {
            gateway_id: GATEWAY_ID.to_owned(),
            uuid: uuid.parse().map_err(|_| "no UUID")?,
            name: name.to_owned(),
            api_key: hash.to_owned(),
            masked_api_key: "***ame".to_owned(),
            artifact_uuid: artifact.parse().map_err(|_| "no UUID")?,
            status: KeyStatus::Active,
            created_by: owner.to_owned(),
            created_at: at,
            updated_at: at,
            expires_at: None,
            source: "external".to_owned(),
            external_ref_id: None,
            issuer: None,
        })
        .await
    }

    async fn hold_plan(&mut self, row: &str) -> Result<(), String> {
        let filled = self.words.fill(row)?;
        let [name, uuid, status] = filled.split(' ').collect::<Vec<_>>()[..] else {
            return Err(format!("a row of three words: {filled}"));
        };
        let at = time::parse(self.words.get("t1")?).ok_or("no instant")?;
        self.insert(SubscriptionPlan {
            gateway_id: GATEWAY_ID.to_owned(),
            uuid: uuid.parse().map_err(|_| "no UUID")?,
            plan_name: name.to_owned(),
            billing_plan: None,
            stop_on_quota_reach: false,
            throttle_limit_count: None,
            throttle_limit_unit: None,
            expiry_time: None,
            status: PlanStatus::from_word(status).ok_or("no status")?,
            created_at: at,
            updated_at: at,
        })
        .await
    }

    async fn hold_subscription(&mut self, row: &str) -> Result<(), String> {
        let filled = self.words.fill(row)?;
        let [uuid, api, token, plan, status] = filled.split(' ').collect::<Vec<_>>()[..] else {
            return Err(format!("a row of five words: {filled}"));
        };
        let at = time::parse(self.words.get("t1")?).ok_or("no instant")?;
        self.insert(Subscription {
            gateway_id: GATEWAY_ID.to_owned(),
            uuid: uuid.parse().map_err(|_| "no UUID")?,
            api_id: api.parse().map_err(|_| "no UUID")?,
            application_id: None,
            subscription_token_hash: sha256(token),
            subscription_plan_id: plan.parse().ok(),
            status: SubscriptionStatus::from_word(status).ok_or("no status")?,
            created_at: at,
            updated_at: at,
        })
        .await
    }

    async fn locally(&mut self, local: Local) -> Result<Result<(), LocalRefusal>, String> {
        let operation = self.operation(local)?;
        // A gateway that has just been started is managed once it is up.
        self.cx.sleep(Duration::from_secs(1)).await;
        let cx = self.inside.at_gateway.lock().expect("one thread plays").clone();
        let cx = cx.ok_or("the gateway has no process")?;
        Ok(self.inside.management.carry_out(&cx, operation).await)
    }

    fn operation(&self, local: Local) -> Result<LocalOperation, String> {
        let of = |kind: &str, handle: &str| -> Result<(ModelKind, String), String> {
            let kind = ModelKind::from_name(&self.words.fill(kind)?).ok_or("no kind")?;
            Ok((kind, self.words.fill(handle)?))
        };
        let yaml = |said: &str| Ok::<_, String>(definition(&self.words.fill(said)?).into_bytes());
        Ok(match local {
            Local::Creates(kind, handle, said) => {
                let ((kind, handle), definition) = (of(kind, handle)?, yaml(said)?);
                LocalOperation::CreateArtifact { kind, handle, definition }
            }
            Local::Updates(kind, handle, said) => {
                let ((kind, handle), definition) = (of(kind, handle)?, yaml(said)?);
                LocalOperation::UpdateArtifact { kind, handle, definition }
            }
            Local::Deletes(kind, handle) => {
                let (kind, handle) = of(kind, handle)?;
                LocalOperation::DeleteArtifact { kind, handle }
            }
            Local::CreatesKey(kind, handle, name, secret, user) => {
                let (kind, handle) = of(kind, handle)?;
                let [name, secret, user] = [name, secret, user].map(str::to_owned);
                LocalOperation::CreateKey { kind, handle, name, secret, user }
            }
            Local::RevokesKey(kind, handle, name) => {
                let (kind, handle) = of(kind, handle)?;
                LocalOperation::RevokeKey { kind, handle, name: name.to_owned() }
            }
        })
    }

    async fn insert<T: Row>(&self, row: T) -> Result<(), String> {
        let at = At::site("store.hold");
        self.database
            .write(&self.cx, at, |writer| writer.insert(row.clone()))
            .await
            .map_err(|e| e.to_string())
    }
}
