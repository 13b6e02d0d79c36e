//! Every effect that a fault can have, as one table.
//!
//! Of each it says the word, where it fits, what it takes, what it does, and what the system should survive:
//! outside of that a violation is a finding about the envelope, not about the design. Scripts, lists, the
//! documents and the sweep read this table; what an effect does is in the world.

use std::fmt;
use std::sync::OnceLock;
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Target;
use super::values::{Argument, Damage, Named, Ppm, Rate, Share, Shift, Status};
use crate::own::{self, Arguments, Given};
use crate::script::quote;
use crate::settings::UtcOffset;
use crate::sites::{self, Class};

/// Where an effect fits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Place {
    /// Any crossing.
    Crossing,
    /// A crossing that something else can break: a call, a frame, a statement, the hub.
    Breakable,
    /// An HTTP call.
    Call,
    /// An HTTP call or a statement that reads, whose answer has members.
    Members,
    /// A statement that reads.
    Query,
    /// A storage operation.
    Statement,
    /// A crossing of one of these classes; for effects that are written elsewhere.
    Classes(&'static [Class]),
    /// A link.
    Link,
    /// A node.
    Node,
}

/// What an effect belongs to.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Family {
    /// Any crossing.
    Crossings,
    /// Answers of calls.
    Answers,
    /// Links between nodes.
    Network,
    /// Processes and machines.
    Processes,
    /// Databases.
    Storage,
    /// Wall clocks.
    Clocks,
}

/// One kind of effect, for people and for readers of scripts.
#[derive(Clone, Copy, Debug)]
pub struct EffectKind {
    /// Its word.
    pub word: &'static str,
    /// What it belongs to.
    pub family: Family,
    /// Where it fits.
    pub place: Place,
    /// Whether it happens at a point, and has no end.
    pub is_point: bool,
    /// What it takes: name, what is expected there, whether it must be given.
    pub takes: &'static [(&'static str, &'static str, bool)],
    /// What it does.
    pub about: &'static str,
    /// What the system should survive of it.
    pub survives: &'static str,
}

/// Declares the effects once: the enum, the table, reading and writing.
macro_rules! effects {
    ($(
        $family:ident $place:ident $point:literal $variant:ident = $word:literal
        $( { $( $arg:ident = $name:literal : $type:ty ),+ } )? $about:literal survives $survives:literal;
    )+) => {
        /// What goes wrong.
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize, JsonSchema)]
        #[allow(missing_docs, reason = "each argument is explained by the text of its effect")]
        pub enum Effect {
            $( #[doc = $about] #[serde(rename = $word)] $variant $( { $( $arg: $type ),+ } )?, )+
            /// One that was written elsewhere and registered.
            #[serde(rename = "own")]
            Own(#[schemars(with = "(String, Arguments)")] Given<dyn own::Effect>),
        }

        impl Effect {
            /// The table of those of this crate.
            pub const KINDS: &'static [EffectKind] = &[ $( EffectKind {
                word: $word,
                family: Family::$family,
                place: Place::$place,
                is_point: $point,
                takes: &[ $( $( ($name, <$type as Argument>::EXPECTED, <$type as Argument>::REQUIRED) ),+ )? ],
                about: $about,
                survives: $survives,
            }, )+ ];

            /// The word for it.
            pub fn word(&self) -> &'static str {
                match self {
                    $( Effect::$variant { .. } => $word, )+
                    Effect::Own(own) => own.what().kind().word,
                }
            }

            /// The effect of that word with what it takes.
            ///
            /// # Errors
            /// The name of the argument that is missing or doesn't fit, none if there is no such effect.
            pub fn read<'a>(word: &str, given: impl Fn(&str) -> Option<&'a str>) -> Result<Self, Option<&'static str>> {
                match word {
                    $( $word => {
                        $( $( let $arg = <$type as Argument>::take(given($name)).ok_or(Some($name))?; )+ )?
                        Ok(Effect::$variant $( { $( $arg ),+ } )?)
                    } )+
                    _ => Given::read(word, given).map(Effect::Own),
                }
            }
        }

        impl fmt::Display for Effect {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.word())?;
                match self {
                    Effect::Own(own) => for (name, ..) in own.what().kind().takes {
                        if let Some(text) = own.arguments().get(name) { write!(f, " {name}={}", quote(text))?; }
                    },
                    $( Effect::$variant $( { $( $arg ),+ } )? => {
                        $( $( if let Some(text) = $arg.text() { write!(f, " {}={}", $name, quote(&text))?; } )+ )?
                    } )+
                }
                Ok(())
            }
        }
    };
}

effects! {
    Crossings Crossing false Fail = "fail"
        "it doesn't happen, and its caller is told"
        survives "everything, at the latest from the next start of a gateway on: whoever asks again gets there";
    Crossings Breakable false Lose = "lose"
        "it happens, and word of it is lost: a statement takes effect and its caller is told that it failed, a call is handled and its answer never comes, a frame is handed over and never arrives"
        survives "everything but a lost event that nobody repeats: the next sync makes up for it";
    Crossings Crossing false Delay = "delay" { by = "by": Duration }
        "it happens later, and what it doesn't hold up overtakes it"
        survives "everything within the timeouts of whoever waits";
    Answers Call false Answer = "answer" { status = "status": Status }
        "something on the way answers a call with this status in the callee's place"
        survives "everything: an answer that isn't the platform's decides nothing";
    Answers Call false Body = "body" { damage = "as": Damage }
        "the answer of a call arrives with its status and a damaged body"
        survives "everything: what can't be read decides nothing";
    Answers Members false Omit = "omit" { member = "member": Named }
        "the answer of a call, or what a statement reads, lacks what is about one thing"
        survives "what the next complete answer puts right; no removal of what exists";
    Answers Call false EmptyList = "empty-list"
        "the answer of a call is well formed, and every list in it is empty"
        survives "what the next complete answer puts right; no removal of what exists";
    Answers Call false Stale = "stale"
        "the answer of a call is the one before it: what this node was last told at this site about the same thing"
        survives "what the next fresh answer puts right";
    Answers Call false Twice = "twice"
        "the request arrives a second time, and only the first answer is heard"
        survives "everything: gateways follow what the platform makes of it, be it one deployment more";
    Network Link false Cut = "cut"
        "nothing gets through; what is under way is sent again as TCP does, and given up as TCP does"
        survives "everything once the link carries again";
    Network Link false Slow = "slow" { by = "by": Duration, jitter = "jitter": Option<Duration> }
        "everything takes longer, by a fixed time and a drawn one up to the jitter"
        survives "everything within the timeouts of whoever waits";
    Network Link false Lossy = "lossy" { share = "share": Share }
        "a share of the segments is lost and sent again after a pause"
        survives "everything within the timeouts of whoever waits";
    Network Link false Hold = "hold"
        "everything is held, nobody gives up over it, and it is released together at the end"
        survives "everything within the timeouts of whoever waits";
    Network Link false Narrow = "narrow" { rate = "rate": Rate }
        "it carries so many bytes a second in each direction and no more"
        survives "everything within the timeouts of whoever waits";
    Network Link false Refuse = "refuse"
        "every new connection is refused; those that are there go on"
        survives "everything once connections are accepted again";
    Network Link false IgnoreDials = "ignore-dials"
        "no new connection completes and nobody says so; those that are there go on"
        survives "everything once connections complete again";
    Network Link true Reset = "reset"
        "every connection over it is reset at both ends"
        survives "everything: whoever was cut off connects again";
    Network Link false HalfOpen = "half-open"
        "bytes vanish and nobody is told, and no new connection completes; one that lost some is reset when it is used after the end"
        survives "everything once heartbeats or the end have told both sides";
    Processes Crossing false CrashBefore = "crash-before" { restart = "restart": Option<Duration> }
        "the process dies before it: no effect; it is started again after so long, or at the heal"
        survives "everything but what the specification calls volatile";
    Processes Crossing false CrashAfter = "crash-after" { restart = "restart": Option<Duration> }
        "the process dies after it: the effect stands, and what it sends has left; it is started again after so long, or at the heal"
        survives "everything but what the specification calls volatile";
    Processes Crossing false PowerLossBefore = "power-loss-before" { restart = "restart": Option<Duration> }
        "the machine goes dark before it: no effect, and its connections fall silent"
        survives "everything but what the specification calls volatile";
    Processes Crossing false PowerLossAfter = "power-loss-after" { restart = "restart": Option<Duration> }
        "the machine goes dark after it: the effect stands, what it sends has left, and its connections fall silent"
        survives "everything but what the specification calls volatile";
    Processes Node false Pause = "pause"
        "the process stands still, and so does one that is started meanwhile; its machine goes on receiving"
        survives "everything once it goes on";
    Processes Node false Down = "down"
        "the process dies, and is started again at the end and not before"
        survives "everything but what the specification calls volatile; with until=never, for everybody else";
    Processes Node false Dark = "dark"
        "the machine goes dark, and is switched on again at the end and not before"
        survives "everything but what the specification calls volatile; with until=never, for everybody else";
    Processes Node false CrashLoop = "crash-loop" { every = "every": Duration }
        "the process dies again and again, and is started at once each time"
        survives "everything once it stays up";
    Processes Node false SlowBoot = "slow-boot" { by = "by": Duration }
        "each step of a boot takes so much longer"
        survives "everything: it is only later";
    Storage Statement false Abort = "abort"
        "the database gives up the transaction of a statement or commit, and its caller is told; a statement on its own has no effect"
        survives "everything, at the latest from the next start of a gateway on: whoever asks again gets there";
    Storage Query false Part = "part"
        "each list that a query reads ends after the first half of its rows, rounded down, and no error says so; a row that is looked for by itself is found"
        survives "what the next complete answer puts right; no removal of what exists";
    Storage Node false ForeignKeysOff = "foreign-keys-off"
        "the database doesn't enforce foreign keys"
        survives "nothing is promised of rows that lose what they belong to";
    Storage Node true OldSnapshot = "old-snapshot" { taken = "taken": Duration }
        "the processes on its database die, the database returns to what it was at that time, and they are started again; a time that is still to come changes nothing in it"
        survives "a gateway: everything, from the next sync on; a platform: nothing is promised of what it forgot";
    Storage Node true Wipe = "wipe"
        "the processes on its database die, the database is emptied, and they are started again"
        survives "a gateway: everything, from the next sync on; a platform: nothing is promised";
    Clocks Node false ClockOffset = "clock-offset" { by = "by": Shift }
        "its wall clock is off by so much; it jumps when the window opens, and back when it closes"
        survives "everything while a clock goes back, or is behind another, by less than two changes lie apart";
    Clocks Node false ClockDrift = "clock-drift" { by = "ppm": Ppm }
        "its wall clock runs faster or slower"
        survives "everything while a clock goes back, or is behind another, by less than two changes lie apart";
    Clocks Node false ClockStop = "clock-stop"
        "its wall clock stands still"
        survives "nothing is promised of the order of what it stamps";
    Clocks Node false UtcOffset = "utc-offset" { to = "to": UtcOffset }
        "its local time has another offset from UTC"
        survives "everything where instants are compared as instants";
}

impl Effect {
    /// Every kind: those of the table, and what was registered.
    pub fn kinds() -> &'static [&'static EffectKind] {
        static ALL: OnceLock<Vec<&EffectKind>> = OnceLock::new();
        let own = || own::effect::all().iter().map(|effect| effect.kind());
        ALL.get_or_init(|| Effect::KINDS.iter().chain(own()).collect())
    }

    /// Its row of the table.
    pub fn kind(&self) -> &'static EffectKind {
        if let Effect::Own(own) = self {
            return own.what().kind();
        }
        let word = self.word();
        Effect::KINDS.iter().find(|kind| kind.word == word).expect("the table has a row for each effect")
    }
}

impl EffectKind {
    /// How a script writes it.
    pub fn usage(&self) -> String {
        let mut usage = self.word.to_owned();
        for (name, _, required) in self.takes {
            let value = name.to_uppercase();
            usage.push_str(&if *required {
                format!(" {name}={value}")
            } else {
                format!(" [{name}={value}]")
            });
        }
        usage
    }

    /// Whether it makes no sense from the beginning of a run on.
    pub fn needs_beginning(&self) -> bool {
        matches!(self.word, "pause" | "down" | "dark" | "crash-loop")
    }

    /// Whether it fits a target.
    pub fn fits(&self, target: &Target) -> bool {
        match target {
            Target::Crossing(at) => self.fits_site(at.site()),
            Target::Link(_) => self.place == Place::Link,
            Target::Node(_) => self.place == Place::Node,
        }
    }

    /// Whether it fits a crossing at this site, or at one of those that a pattern means.
    pub fn fits_site(&self, site: &str) -> bool {
        sites::meant_by(site).any(|site| self.fits_class(Class::of(site)))
    }

    /// Whether it fits crossings of a class.
    pub fn fits_class(&self, class: Class) -> bool {
        let reads = matches!(class, Class::Query | Class::HubQuery | Class::BootQuery);
        match self.place {
            Place::Crossing => class != Class::Event,
            Place::Breakable => {
                !matches!(class, Class::BootQuery | Class::BootStep | Class::Memory | Class::Event)
            }
            Place::Call => class == Class::Call,
            Place::Members => class == Class::Call || reads,
            Place::Query => reads,
            Place::Statement => {
                matches!(class, Class::Query | Class::Write | Class::HubQuery | Class::HubWrite)
            }
            Place::Classes(classes) => classes.contains(&class),
            Place::Link | Place::Node => false,
        }
    }
}

impl Family {
    /// Every family with its name, in the order of the table.
    pub const ALL: &'static [(&'static str, Family)] = &[
        ("crossings", Family::Crossings),
        ("answers", Family::Answers),
        ("network", Family::Network),
        ("processes", Family::Processes),
        ("storage", Family::Storage),
        ("clocks", Family::Clocks),
    ];
}

/// A value that fits an argument of an effect.
#[cfg(test)]
pub(crate) fn sample(word: &str, name: &str) -> &'static str {
    match name {
        "status" => "503",
        "as" => "truncated",
        "member" => "petstore",
        "by" if word == "clock-offset" => "-5s",
        "ppm" => "+200",
        "share" => "20%",
        "rate" => "500B/s",
        "to" => "+05:30",
        _ => "2s",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_effect_is_read_as_it_is_written() {
        for kind in Effect::KINDS {
            let sample = |name: &str| sample(kind.word, name);
            let full = Effect::read(kind.word, |name| Some(sample(name))).expect(kind.word);
            let words: Vec<_> =
                kind.takes.iter().map(|(name, ..)| format!(" {name}={}", quote(sample(name)))).collect();
            assert_eq!(full.to_string(), format!("{}{}", kind.word, words.concat()));
            let missing = kind.takes.iter().find(|(.., required)| *required).map(|(name, ..)| *name);
            assert_eq!(Effect::read(kind.word, |_| None).err(), missing.map(Some), "{}", kind.word);
        }
        assert_eq!(Effect::read("explode", |_| None), Err(None));
    }
}
