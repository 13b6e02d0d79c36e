//! How each command is written, as data.
//!
//! One table serves three: people who ask `driftless list commands`, the reader, which learns from a usage
//! what arguments to expect, and its messages, which show the usage. A usage is the command's name and its
//! places: `PLACE`, `PLACE...` for one or more, `key=PLACE`, `PLACE=PLACE` for a key that isn't fixed,
//! `[key=PLACE]` for what may be left out, and `[PLACE=PLACE...]` for keys that depend on the rest. What stands in a place is also what it names.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::error::Mistake;
use super::quoting::Word;
use super::reader::Command;
use super::suggestion::{expected, unknown};
use crate::own::operation;

/// The commands of this crate in the order in which a script uses them: how each is written, and what it does.
pub const COMMANDS: &[(&str, &str)] = &[
    ("format VERSION", "the version of the script format, 1; the first command of every script"),
    ("seed NUMBER", "where every random draw comes from; 0 unless given"),
    (
        "expect DESIGN PROPERTY...",
        "claims that these properties, and no others, are violated under a design or mutant",
    ),
    ("set NODE NAME=VALUE", "sets a node, or the 'world', otherwise than by default"),
    ("design NODE DESIGN", "gives a node another design than that of the run"),
    ("decision NODE NAME=VARIANT", "lets a node take one decision otherwise than its design"),
    (
        "fault \"TARGET\" EFFECT [NAME=VALUE...]",
        "what goes wrong: at a crossing (once, or within a window), on a link, or on a node; see 'list faults'",
    ),
    ("platform", "sets up the platform and starts it; it is called 'platform'"),
    (
        "gateway GATEWAY [organisation=ORGANISATION]",
        "registers a gateway and starts it; ends when it has synced",
    ),
    (
        "replica REPLICA",
        "starts one more process on the database of a gateway or the platform, such as gw1/b",
    ),
    ("organisation ORGANISATION", "makes one more organisation; its artifacts are called globex/petstore"),
    ("create-project PROJECT", "makes a project"),
    ("delete-project PROJECT", "deletes a project"),
    (
        "create KIND ARTIFACT [provider=ARTIFACT] [project=PROJECT]",
        "makes an artifact; an llm-proxy needs its provider",
    ),
    ("update ARTIFACT", "changes an artifact's definition; what is deployed stays as it is"),
    ("associate ARTIFACT GATEWAY", "associates a REST API with a gateway without deploying it"),
    (
        "deploy ARTIFACT GATEWAY [base=DEPLOYMENT]",
        "deploys its current content, or an earlier deployment's again",
    ),
    (
        "undeploy ARTIFACT GATEWAY [deployment=DEPLOYMENT]",
        "undeploys the newest deployment there, or the one given",
    ),
    (
        "restore ARTIFACT GATEWAY [deployment=DEPLOYMENT]",
        "deploys the newest deployment there, or the one given, again",
    ),
    (
        "delete-deployment ARTIFACT GATEWAY [deployment=DEPLOYMENT]",
        "deletes the newest deployment there, or the one given",
    ),
    ("delete ARTIFACT", "deletes an artifact on the platform"),
    ("create-key ARTIFACT KEY", "makes an API key"),
    ("update-key ARTIFACT KEY", "gives an API key a new secret"),
    ("revoke-key ARTIFACT KEY", "revokes an API key"),
    ("create-plan PLAN", "makes a subscription plan"),
    ("update-plan PLAN status=STATUS", "makes a plan 'active' or 'inactive'"),
    ("delete-plan PLAN", "deletes a plan"),
    ("subscribe ARTIFACT SUBSCRIBER [plan=PLAN]", "lets somebody subscribe to a REST API"),
    (
        "update-subscription ARTIFACT SUBSCRIBER status=STATUS",
        "makes a subscription 'active', 'inactive' or 'revoked'",
    ),
    ("unsubscribe ARTIFACT SUBSCRIBER", "deletes a subscription"),
    ("create-application APPLICATION", "makes an application"),
    ("update-application APPLICATION", "changes an application"),
    ("delete-application APPLICATION", "deletes an application"),
    ("map-key APPLICATION ARTIFACT KEY", "maps an API key to an application"),
    ("unmap-key APPLICATION ARTIFACT KEY", "takes an API key from an application"),
    ("create-token GATEWAY", "gives a gateway one more token, which it uses from its next start"),
    ("revoke-token GATEWAY [token=TOKEN]", "revokes the newest token of a gateway, or the one given"),
    ("delete-gateway GATEWAY", "deletes a gateway on the platform; its processes go on"),
    ("create-local KIND ARTIFACT REPLICA [provider=ARTIFACT]", "makes an artifact at a gateway itself"),
    ("update-local ARTIFACT REPLICA", "changes an artifact at a gateway itself"),
    ("delete-local ARTIFACT REPLICA", "deletes an artifact at a gateway itself"),
    ("create-local-key ARTIFACT KEY REPLICA", "makes an API key at a gateway itself"),
    ("revoke-local-key ARTIFACT KEY REPLICA", "revokes an API key at a gateway itself"),
    ("crash NODE", "kills a process; its machine stays up and resets its connections"),
    ("power-loss NODE", "switches a machine off; its connections fall silent"),
    ("stop NODE", "asks a process to end in good order"),
    (
        "restart NODE [design=DESIGN]",
        "starts a process again, perhaps of another design; one that still runs dies first",
    ),
    (
        "partition FROM TO [direction=DIRECTION]",
        "cuts the link between two nodes, 'both' ways or only one way 'to'",
    ),
    ("heal", "lets every cut link carry again"),
    ("wait TIME", "lets time pass, such as 500ms, 5s or 2min"),
    ("settle", "lets time pass until nothing changes any more"),
    (
        "when \"ADDRESS\" COMMAND...",
        "carries out a command when a crossing is reached, beside whatever goes on",
    ),
    (
        "probe REPLICA ARTIFACT [key=KEY] [token=SUBSCRIBER]",
        "shows what a request through that gateway or replica would get",
    ),
    ("show NODE", "shows what a node holds, by name"),
];

/// Every command: those of this crate, and the operations that were registered.
pub fn commands() -> &'static [(&'static str, &'static str)] {
    static ALL: OnceLock<Vec<(&str, &str)>> = OnceLock::new();
    let own = || operation::all().iter().map(|operation| (operation.usage(), operation.about()));
    ALL.get_or_init(|| COMMANDS.iter().copied().chain(own()).collect())
}

/// The name of the command that is written so.
pub(crate) fn name(usage: &'static str) -> &'static str {
    usage.split(' ').next().unwrap_or_default()
}

/// How one command is written.
#[derive(Debug)]
pub(super) struct Usage {
    text: &'static str,
    /// Its places in order, and whether the last one repeats.
    places: Vec<&'static str>,
    repeats: bool,
    /// What stands on either side of the `=` of a required pair whose key is free.
    pair: Option<(&'static str, &'static str)>,
    /// Keys, each with what its value names and whether it must be given.
    keys: Vec<Key>,
    /// Whether it takes keys that depend on the rest.
    open: bool,
}

#[derive(Clone, Copy, Debug)]
struct Key {
    name: &'static str,
    place: &'static str,
    required: bool,
}

/// The arguments of a command, each in its place.
#[derive(Debug)]
pub(super) struct Bound<'a> {
    pub(super) command: &'a Command,
    places: BTreeMap<&'static str, &'a Word>,
    keys: BTreeMap<&'static str, (&'static str, &'a Word)>,
    /// What fills a place that repeats.
    pub(super) repeated: Vec<&'a Word>,
    /// The pair whose key is free.
    pair: Option<(&'a Word, &'a Word)>,
    /// Keys that depend on the rest, with their values.
    pub(super) free: Vec<(&'a Word, &'a Word)>,
}

impl<'a> Bound<'a> {
    /// What fills a place of the usage.
    pub(super) fn word(&self, place: &str) -> &'a Word {
        self.places.get(place).expect("binding fills every place of the usage")
    }

    /// The same, as an owned text.
    pub(super) fn text(&self, place: &str) -> String {
        self.word(place).text.clone()
    }

    /// What fills a key of the usage, if it was given.
    pub(super) fn key(&self, key: &str) -> Option<&'a Word> {
        self.keys.get(key).map(|(_, word)| *word)
    }

    /// What fills a place, if the usage has it.
    pub(super) fn place(&self, place: &str) -> Option<&'a Word> {
        self.places.get(place).copied()
    }

    /// Every word with the place that it fills, those of keys included.
    pub(super) fn words(&self) -> impl Iterator<Item = (&'static str, &'a Word)> {
        let places = self.places.iter().map(|(place, word)| (*place, *word));
        places.chain(self.keys.values().copied())
    }

    /// What was given for each place and key, by their names.
    pub(super) fn given(&self) -> impl Iterator<Item = (&'static str, &'a Word)> {
        let keys = self.keys.iter().map(|(name, (_, word))| (*name, *word));
        self.places.iter().map(|(place, word)| (*place, *word)).chain(keys)
    }

    /// The pair of a usage that has one.
    pub(super) fn pair(&self) -> (&'a Word, &'a Word) {
        self.pair.expect("binding fills the pair of the usage")
    }
}

impl Usage {
    /// How the command of that name is written.
    pub(super) fn of(name: &Word) -> Result<Self, Mistake> {
        match commands().iter().find(|(usage, _)| self::name(usage) == name.text) {
            Some((usage, _)) => Ok(Usage::read(usage)),
            None => {
                let names: Vec<_> = commands().iter().map(|(usage, _)| self::name(usage)).collect();
                Err(Mistake::at(name.at, unknown("command", &name.text, &names)))
            }
        }
    }

    fn read(text: &'static str) -> Self {
        let mut usage =
            Usage { text, places: Vec::new(), repeats: false, pair: None, keys: Vec::new(), open: false };
        for word in text.split(' ').skip(1) {
            let key = |(name, place), required| Key { name, place, required };
            if word.ends_with("...]") {
                usage.open = true;
            } else if let Some(optional) = word.strip_prefix('[') {
                usage
                    .keys
                    .extend(optional.trim_end_matches(']').split_once('=').map(|pair| key(pair, false)));
            } else if let Some(pair) = word.split_once('=') {
                let is_free = pair.0.starts_with(|c: char| c.is_ascii_uppercase());
                if is_free { usage.pair = Some(pair) } else { usage.keys.push(key(pair, true)) }
            } else {
                usage.repeats |= word.ends_with("...");
                usage.places.push(word.trim_end_matches("...").trim_matches('"'));
            }
        }
        usage
    }

    /// Puts each argument of a command in its place.
    pub(super) fn bind<'a>(&self, command: &'a Command) -> Result<Bound<'a>, Vec<Mistake>> {
        let mut bound = Bound {
            command,
            places: BTreeMap::new(),
            keys: BTreeMap::new(),
            repeated: Vec::new(),
            pair: None,
            free: Vec::new(),
        };
        let mut mistakes = Vec::new();
        for argument in &command.arguments {
            let value = &argument.value;
            let bind = match &argument.key {
                None => self.bind_place(&mut bound, value),
                Some(key) => self.bind_key(&mut bound, key, value),
            };
            mistakes.extend(bind.err());
        }
        if mistakes.is_empty() {
            mistakes.extend(self.missing(&bound));
        }
        if mistakes.is_empty() { Ok(bound) } else { Err(mistakes) }
    }

    fn bind_place<'a>(&self, bound: &mut Bound<'a>, value: &'a Word) -> Result<(), Mistake> {
        let free = self.places.iter().find(|place| !bound.places.contains_key(*place));
        if let Some(place) = free {
            bound.places.insert(place, value);
        } else if !self.repeats {
            let mut message = format!("'{}' is one argument too many; expected {}", value.text, self.shown());
            if self.text.contains('"') {
                message.push_str("; a target stands in quotes");
            }
            return Err(Mistake::at(value.at, message));
        }
        if self.repeats && bound.places.len() == self.places.len() {
            bound.repeated.push(value);
        }
        Ok(())
    }

    fn bind_key<'a>(&self, bound: &mut Bound<'a>, key: &'a Word, value: &'a Word) -> Result<(), Mistake> {
        if self.open {
            let twice = bound.free.iter().any(|(known, _)| known.text == key.text);
            bound.free.push((key, value));
            let message = || format!("'{}=' is given twice; expected it once", key.text);
            return if twice { Err(Mistake::at(key.at, message())) } else { Ok(()) };
        }
        if self.pair.is_some() {
            return match bound.pair.replace((key, value)) {
                None => Ok(()),
                Some(_) => Err(Mistake::at(key.at, format!("one '=' too many; expected {}", self.shown()))),
            };
        }
        let Some(known) = self.keys.iter().find(|known| known.name == key.text) else {
            let complaint = format!("'{}' takes no '{}='", bound.command.name.text, key.text);
            let names: Vec<_> = self.keys.iter().map(|key| key.name).collect();
            let message = match self.keys.is_empty() {
                true => format!("{complaint}; expected {}", self.shown()),
                false => expected(&complaint, &key.text, &names),
            };
            return Err(Mistake::at(key.at, message));
        };
        let name = known.name;
        match bound.keys.insert(name, (known.place, value)) {
            None => Ok(()),
            Some(_) => Err(Mistake::at(key.at, format!("'{name}=' is given twice; expected it once"))),
        }
    }

    fn missing(&self, bound: &Bound<'_>) -> Option<Mistake> {
        let place = self.places.iter().find(|place| !bound.places.contains_key(*place));
        let key = self.keys.iter().find(|key| key.required && !bound.keys.contains_key(key.name));
        let pair = self.pair.filter(|_| bound.pair.is_none()).or(key.map(|key| (key.name, key.place)));
        let what = match (place, pair) {
            (Some(place), _) => (*place).to_owned(),
            (None, Some((key, value))) => format!("{key}={value}"),
            (None, None) => return None,
        };
        Some(Mistake::at(bound.command.end, format!("{what} is missing; expected {}", self.shown())))
    }

    fn shown(&self) -> String {
        format!("`{}`", self.text)
    }
}
