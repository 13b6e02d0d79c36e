//! Operations of one's own: what a step does, by a word of one's own.
//!
//! How an operation is written is a usage as in `driftless list commands`; from it a command is read, written
//! again and explained. A place says what it names, so whether an `ARTIFACT` exists is checked as for built-in
//! commands. What is done, is done with a person's hands ([`Hands`]): there is no way past the wire.

use driftless_model::cx::BoxFuture;

use super::registry::{List, Refused, is_name};
use super::{Arguments, Given, Kind};
use crate::script::{self, quote, unknown};
use crate::shell;
use crate::steps::Hands;

/// What is done while a step lasts; then the lines that it shows.
pub type Doing<'a> = BoxFuture<'a, Vec<String>>;

/// An operation.
pub trait Operation: Sync {
    /// How it is written: its word, then `PLACE`, `key=PLACE` or `[key=PLACE]`, each named once. `ARTIFACT`,
    /// `GATEWAY`, `KEY` and the other places of built-in commands hold names that must exist.
    fn usage(&self) -> &'static str;
    /// What it does, in a sentence.
    fn about(&self) -> &'static str;
    /// What is expected under a name, if this text doesn't fit there.
    fn refuses(&self, _name: &str, _text: &str) -> Option<&'static str> {
        None
    }
    /// The place whose name it gives to something, which commands below it may then use.
    fn gives(&self) -> Option<&'static str> {
        None
    }
    /// Does it. It may look at nothing but its arguments and what its hands can reach.
    fn carry_out<'a>(&'a self, hands: &'a Hands<'a>, arguments: &'a Arguments) -> Doing<'a>;
}

static OWN: List<dyn Operation> = List::new("an operation", |operation| script::name(operation.usage()));

/// Adds an operation to the commands of scripts.
///
/// # Errors
/// When its word is taken or no word, when its usage can't be understood, or when the commands were read already.
pub fn register(operation: &'static dyn Operation) -> Result<(), Refused> {
    let built_in = script::COMMANDS.iter().any(|(usage, _)| script::name(usage) == operation.word());
    OWN.add(operation, built_in || shell::has(operation.word()), fit(operation))
}

/// Every operation that was registered.
pub(crate) fn all() -> &'static [&'static dyn Operation] {
    OWN.all()
}

/// The operation of that word.
pub(crate) fn named(word: &str) -> Option<&'static dyn Operation> {
    OWN.named(word)
}

/// Whether a usage is one of those that a command can be read by without more being known of it.
fn fit(operation: &dyn Operation) -> Result<(), String> {
    let words: Vec<_> = operation.usage().split(' ').skip(1).collect();
    let mut names = Vec::new();
    for word in &words {
        let inner = word.strip_prefix('[').and_then(|word| word.strip_suffix(']'));
        let name = match inner.unwrap_or(word).split_once('=') {
            Some((key, place)) if is_name(key) && is_place(place) => key,
            None if inner.is_none() && is_place(word) => word,
            _ => return Err(format!("its usage has '{word}'; expected PLACE, key=PLACE or [key=PLACE]")),
        };
        if names.contains(&name) {
            return Err(format!("its usage has '{name}' twice; expected it once"));
        }
        names.push(name);
    }
    match operation.gives() {
        Some(place) if !words.contains(&place) || ["NODE", "GATEWAY", "REPLICA"].contains(&place) => {
            Err(format!("it gives '{place}'; expected a place of its usage, and none for a node"))
        }
        _ => Ok(()),
    }
}

fn is_place(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_uppercase() || c == '-')
}

impl Kind for dyn Operation {
    fn word(&self) -> &'static str {
        script::name(self.usage())
    }

    fn of(word: &str, arguments: &Arguments) -> Result<&'static Self, String> {
        let known: Vec<_> = all().iter().map(|operation| operation.word()).collect();
        let operation = named(word).ok_or_else(|| unknown("operation", word, &known))?;
        let given = Given { what: operation, arguments: arguments.clone() };
        // A command that reads as itself is one that was written.
        match script::action(&given.to_command()) {
            Ok(crate::plan::Action::Own(read)) if read == given => Ok(operation),
            Ok(_) => Err(format!("{given:?} is no command; expected `{}`", operation.usage())),
            Err(wrong) => Err(wrong),
        }
    }
}

impl Given<dyn Operation> {
    /// The operation with these arguments, which are those of its usage.
    ///
    /// # Errors
    /// The name of what doesn't fit, and what was expected there.
    pub(crate) fn new(
        what: &'static dyn Operation,
        arguments: Arguments,
    ) -> Result<Self, (String, &'static str)> {
        let wrong = arguments.0.iter().find_map(|(name, text)| Some((name, what.refuses(name, text)?)));
        match wrong {
            Some((name, expected)) => Err((name.clone(), expected)),
            None => Ok(Given { what, arguments }),
        }
    }

    /// The command that says it, in the order of its usage.
    pub(crate) fn to_command(&self) -> String {
        let mut command = self.what.word().to_owned();
        for word in self.what.usage().split(' ').skip(1) {
            let (name, is_key) = match word.trim_matches(['[', ']']).split_once('=') {
                Some((key, _)) => (key, true),
                None => (word, false),
            };
            if let Some(text) = self.arguments.get(name) {
                let text = quote(text);
                command += &if is_key { format!(" {name}={text}") } else { format!(" {text}") };
            }
        }
        command
    }

    /// What its work is called: its word and the names it was given. Other text would break an address.
    pub(crate) fn words(&self) -> String {
        let is_name = |text: &&str| text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '/'));
        let places = self.what.usage().split(' ').skip(1).filter_map(|place| self.arguments.get(place));
        places.filter(is_name).fold(self.what.word().to_owned(), |words, name| words + " " + name)
    }
}
