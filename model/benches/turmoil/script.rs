//! The plan, by the lines of `scenarios/bench`.
//!
//! A reader of the few commands that this one script uses; whatever it doesn't know it refuses, so that the
//! script can't grow something that is silently left out here. The real reader belongs to the simulator, which
//! can't be built without its flag. The transcript behind the `---` is held to by the simulator's own tests;
//! taken from it is what each gateway routes in the end.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use driftless_model::wire::kind::Kind;

/// Where the script is.
pub const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../scenarios/bench");

/// What a gateway routes: by handle, the deployment as a transcript calls it.
pub type Routes = BTreeMap<String, String>;

/// The plan, and what comes of it.
pub struct Script {
    /// The gateways' names.
    pub gateways: Vec<String>,
    /// What the user does.
    pub operations: Vec<Timed<Operation>>,
    /// What happens to machines and links.
    pub events: Vec<Timed<Event>>,
    /// What each gateway routes at the end of the transcript.
    pub routes: BTreeMap<String, Routes>,
}

/// Something done at a time since the run began.
#[derive(Clone)]
pub struct Timed<T> {
    /// When.
    pub at: Duration,
    /// What.
    pub what: T,
    /// Its line in the script.
    pub line: usize,
}

/// What the user does through the platform's API.
#[derive(Clone)]
pub enum Operation {
    Create { kind: Kind, artifact: String, provider: Option<String> },
    Delete { artifact: String },
    Deploy { artifact: String, gateway: String },
    Undeploy { artifact: String, gateway: String },
    Restore { artifact: String, gateway: String },
    DeleteDeployment { artifact: String, gateway: String },
    CreateKey { artifact: String, key: String },
    UpdateKey { artifact: String, key: String },
    RevokeKey { artifact: String, key: String },
}

/// What happens to machines and links.
#[derive(Clone)]
pub enum Event {
    Partition { one: String, other: String },
    Heal,
    Restart { gateway: String },
}

impl Script {
    /// Reads the benchmark's script.
    ///
    /// # Errors
    /// When it isn't there, or says something that isn't known here.
    pub fn of_the_benchmark() -> Result<Self, String> {
        let text = std::fs::read_to_string(PATH).map_err(|e| format!("{PATH}: {e}"))?;
        Script::read(&text)
    }

    fn read(text: &str) -> Result<Self, String> {
        let (plan, transcript) =
            text.split_once("\n---\n").ok_or_else(|| format!("{PATH}: expected a line '---'"))?;
        let mut script = Script {
            gateways: Vec::new(),
            operations: Vec::new(),
            events: Vec::new(),
            routes: BTreeMap::new(),
        };
        for (number, line) in plan.lines().enumerate().map(|(index, line)| (index + 1, line.trim())) {
            if !line.is_empty() && !line.starts_with('#') {
                let at_line = |why| format!("{PATH}:{number}: {why}, in '{line}'");
                script.read_line(number, line).map_err(at_line)?;
            }
        }
        script.routes = script.gateways.iter().map(|gateway| (gateway.clone(), Routes::new())).collect();
        transcript.lines().for_each(|line| script.follow(line));
        Ok(script)
    }

    fn read_line(&mut self, line: usize, text: &str) -> Result<(), String> {
        let Some((time, command)) = text.strip_prefix('[').and_then(|text| text.split_once("] ")) else {
            return match text.split_whitespace().collect::<Vec<_>>()[..] {
                // The end of the run is asked of the simulator; designs are the default one here and there.
                ["format", "1"] | ["expect", ..] | ["platform"] | ["settle"] | ["show", _] => Ok(()),
                ["gateway", name] => {
                    self.gateways.push(name.to_owned());
                    Ok(())
                }
                _ => Err("this has no meaning in the comparison; expected a command with a time".to_owned()),
            };
        };
        let at = duration(time)?;
        let words = command.split_whitespace().collect::<Vec<_>>();
        if let Some(what) = operation(&words)? {
            self.operations.push(Timed { at, what, line });
        } else if let Some(what) = event(&words) {
            self.events.push(Timed { at, what, line });
        } else if !matches!(words[..], ["show", _]) {
            return Err("a command that the comparison doesn't know; it needs teaching".to_owned());
        }
        Ok(())
    }

    /// The artifacts that exist in the end, as a transcript calls them: `petstore@2` is the second of that
    /// handle.
    pub fn existing(&self) -> BTreeSet<String> {
        let (mut made, mut existing) = (BTreeMap::<&str, usize>::new(), BTreeMap::new());
        for operation in &self.operations {
            match &operation.what {
                Operation::Create { artifact, .. } => {
                    let nth = made.entry(artifact).or_default();
                    *nth += 1;
                    existing.insert(artifact, name(artifact, *nth));
                }
                Operation::Delete { artifact } => {
                    existing.remove(artifact);
                }
                Operation::Deploy { .. }
                | Operation::Undeploy { .. }
                | Operation::Restore { .. }
                | Operation::DeleteDeployment { .. }
                | Operation::CreateKey { .. }
                | Operation::UpdateKey { .. }
                | Operation::RevokeKey { .. } => {}
            }
        }
        existing.into_values().collect()
    }

    /// Follows a line of the transcript: `gw1: routes petstore.d1`, or `gw2@2: no longer routes petstore`.
    fn follow(&mut self, line: &str) {
        let Some((life, said)) = line.split_once(": ") else { return };
        let gateway = life.split('@').next().unwrap_or_default();
        let Some(routes) = self.routes.get_mut(gateway) else { return };
        let handle = |name: &str| name.split(['@', '.']).next().unwrap_or_default().to_owned();
        if let Some(deployment) = said.strip_prefix("routes ") {
            routes.insert(handle(deployment), deployment.to_owned());
        } else if let Some(artifact) = said.strip_prefix("no longer routes ") {
            routes.remove(&handle(artifact));
        }
    }
}

/// What a transcript calls the `nth` artifact of a handle.
pub fn name(handle: &str, nth: usize) -> String {
    match nth {
        0 | 1 => handle.to_owned(),
        _ => format!("{handle}@{nth}"),
    }
}

fn operation(words: &[&str]) -> Result<Option<Operation>, String> {
    let own = |word: &str| word.to_owned();
    let operation = match *words {
        ["create", kind, artifact] => {
            Operation::Create { kind: kind_of(kind)?, artifact: own(artifact), provider: None }
        }
        ["create", kind, artifact, provider] => {
            let provider = provider.strip_prefix("provider=").ok_or("expected provider=HANDLE")?;
            Operation::Create { kind: kind_of(kind)?, artifact: own(artifact), provider: Some(own(provider)) }
        }
        ["delete", artifact] => Operation::Delete { artifact: own(artifact) },
        ["deploy", artifact, to] => Operation::Deploy { artifact: own(artifact), gateway: own(to) },
        ["undeploy", artifact, on] => Operation::Undeploy { artifact: own(artifact), gateway: own(on) },
        ["restore", artifact, on] => Operation::Restore { artifact: own(artifact), gateway: own(on) },
        ["delete-deployment", artifact, on] => {
            Operation::DeleteDeployment { artifact: own(artifact), gateway: own(on) }
        }
        ["create-key", artifact, key] => Operation::CreateKey { artifact: own(artifact), key: own(key) },
        ["update-key", artifact, key] => Operation::UpdateKey { artifact: own(artifact), key: own(key) },
        ["revoke-key", artifact, key] => Operation::RevokeKey { artifact: own(artifact), key: own(key) },
        _ => return Ok(None),
    };
    Ok(Some(operation))
}

fn event(words: &[&str]) -> Option<Event> {
    match *words {
        ["partition", one, other] => Some(Event::Partition { one: one.to_owned(), other: other.to_owned() }),
        ["heal"] => Some(Event::Heal),
        ["restart", gateway] => Some(Event::Restart { gateway: gateway.to_owned() }),
        _ => None,
    }
}

fn kind_of(word: &str) -> Result<Kind, String> {
    let kind = Kind::ALL.into_iter().find(|kind| kind.word() == word);
    kind.ok_or_else(|| format!("expected a kind of artifact instead of '{word}'"))
}

fn duration(text: &str) -> Result<Duration, String> {
    let read = |digits: &str| digits.parse().map_err(|_| format!("expected a time instead of '{text}'"));
    match text.strip_suffix("ms") {
        Some(millis) => Ok(Duration::from_millis(read(millis)?)),
        None => Ok(Duration::from_secs(read(text.strip_suffix('s').unwrap_or(text))?)),
    }
}
