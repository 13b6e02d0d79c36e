//! The commands that only the shell has: how each is written, what it does, and how it is read.

use std::time::Duration;

use driftless_model::settings::Value;

use crate::address::Pattern;
use crate::script::{self, ScriptError, is_near, name, unknown};
use crate::world::micros;

use super::Refusal;

/// What mistakes in what is typed are reported under.
pub(super) const TYPED: &str = "typed";

/// How many crossings of the history are shown unless another number is given.
const RECENT: usize = 10;

/// The shell's own commands.
const COMMANDS: &[(&str, &str)] = &[
    ("run", "goes on to the end of the last step"),
    ("to TIME", "goes to a time since the run began, such as 12s; also back"),
    ("to \"ADDRESS\"", "goes on until a crossing is reached; without a number, the next one there"),
    ("step [N]", "goes on for the next crossing, or the next N, and shows each"),
    ("look NODE", "shows what a node holds now; 'show' does the same as a step of the script"),
    ("pending", "shows what waits for its turn"),
    ("history [N]", "shows the last crossings"),
    ("why [\"ADDRESS\"]", "shows what led to the last crossing, or to the last one there"),
    ("why PROPERTY", "shows what led to the violation of a property"),
    ("verdicts", "judges as if the run ended here: what is wrong is mended, and the world comes to rest"),
    ("undo", "takes back the last command that changed something"),
    ("script", "shows the plan so far, in numbered lines"),
    ("save FILE", "writes the plan as a script with its transcript; 'save! FILE' in place of what is there"),
    ("help [COMMAND]", "shows these, or how a command is written"),
    ("quit", "ends the shell"),
];

/// A command of the shell.
pub(super) enum Own {
    Run,
    ToTime(u64),
    ToCrossing(Pattern),
    Step(usize),
    Look(String),
    Pending,
    History(usize),
    Why(About),
    Verdicts,
    Undo,
    Script,
    Save { file: String, over: bool },
    Help(Option<String>),
    Quit,
}

/// What is asked about.
pub(super) enum About {
    Last,
    Crossing(Pattern),
    Property(String),
}

impl Own {
    /// Reads a line; nothing if it is a command of scripts.
    pub(super) fn read(line: &str) -> Result<Option<Own>, Refusal> {
        let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let rest = Rest { word, text: unquoted(rest.trim()) };
        let own = match word {
            "run" => rest.nothing(Own::Run)?,
            "to" => {
                let text = rest.needed()?;
                match Duration::read(text) {
                    Some(time) => Own::ToTime(micros(time)),
                    None => Own::ToCrossing(rest.address("a time such as 12s, or an address in quotes")?),
                }
            }
            "step" => Own::Step(rest.count(1)?),
            "look" => Own::Look(rest.needed()?.to_owned()),
            "pending" => rest.nothing(Own::Pending)?,
            "history" => Own::History(rest.count(RECENT)?),
            "why" => Own::Why(match rest.text {
                "" => About::Last,
                text if text.contains(' ') => About::Crossing(rest.address("an address")?),
                text if crate::properties::names().contains(&text) => About::Property(text.to_owned()),
                text => return Err(Refusal::Argument(unknown("property", text, crate::properties::names()))),
            }),
            "verdicts" => rest.nothing(Own::Verdicts)?,
            "undo" => rest.nothing(Own::Undo)?,
            "script" => rest.nothing(Own::Script)?,
            "save" | "save!" => Own::Save { file: rest.needed()?.to_owned(), over: word == "save!" },
            "help" => Own::Help(Some(rest.text.to_owned()).filter(|word| !word.is_empty())),
            "quit" | "exit" => rest.nothing(Own::Quit)?,
            _ if is_known(script::commands(), word) || !is_word(word) => return Ok(None),
            _ => return Err(Refusal::Mistakes(vec![mistake(line, 1, no_command(word))])),
        };
        Ok(Some(own))
    }
}

/// How commands are written: all of the shell's own, or those of a name.
pub(super) fn help(word: Option<&str>) -> Result<Vec<String>, Refusal> {
    let line = |(usage, does): &(&str, &str)| format!("{usage:<16} {does}");
    let Some(word) = word else {
        let names: Vec<_> = script::commands().iter().map(|(usage, _)| name(usage)).collect();
        let also = format!("and every command of scripts: {}", names.join(", "));
        return Ok(COMMANDS.iter().map(line).chain([also]).collect());
    };
    let all = COMMANDS.iter().chain(script::commands());
    let named: Vec<_> = all.filter(|(usage, _)| name(usage) == word).map(line).collect();
    if named.is_empty() { Err(Refusal::Argument(no_command(word))) } else { Ok(named) }
}

/// There are too many commands to list them all to somebody who slipped.
fn no_command(word: &str) -> String {
    let mut names = COMMANDS.iter().chain(script::commands()).map(|(usage, _)| name(usage));
    match names.find(|name| is_near(word, name)) {
        Some(near) => format!("there is no command '{word}'; did you mean '{near}'?"),
        None => format!("there is no command '{word}'; expected one of those that `help` lists"),
    }
}

/// Whether the shell itself has a command of that name.
pub(crate) fn has(word: &str) -> bool {
    is_known(COMMANDS, word) || word == "exit"
}

fn is_known(commands: &'static [(&str, &str)], word: &str) -> bool {
    commands.iter().any(|(usage, _)| name(usage) == word)
}

/// Whether it is a name at all, and not a tag, a quote or a slip of the grammar.
fn is_word(word: &str) -> bool {
    word.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '!'))
}

fn unquoted(text: &str) -> &str {
    let inner = |quote| text.strip_prefix(quote)?.strip_suffix(quote);
    inner('"').or_else(|| inner('\'')).unwrap_or(text)
}

/// A mistake in a typed line.
pub(super) fn mistake(line: &str, column: usize, message: impl Into<String>) -> ScriptError {
    ScriptError {
        file: TYPED.to_owned(),
        line: Some(1),
        column: Some(column),
        message: message.into(),
        excerpt: Some(line.to_owned()),
    }
}

/// The column at which the argument of a command begins, or would.
pub(super) fn argument(line: &str) -> usize {
    let word = line.chars().take_while(|c| !c.is_whitespace()).count();
    word + line.chars().skip(word).take_while(|c| c.is_whitespace()).count().max(1) + 1
}

/// What follows the name of a command.
struct Rest<'a> {
    word: &'a str,
    text: &'a str,
}

impl<'a> Rest<'a> {
    fn usage(&self) -> String {
        let word = self.word.trim_end_matches('!');
        let usages = COMMANDS.iter().filter(|(usage, _)| name(usage) == word);
        let usages: Vec<_> = usages.map(|(usage, _)| format!("`{usage}`")).collect();
        usages.join(" or ")
    }

    fn nothing(&self, own: Own) -> Result<Own, Refusal> {
        match self.text {
            "" => Ok(own),
            text => Err(Refusal::Argument(format!(
                "'{text}' is one argument too many; expected {}",
                self.usage()
            ))),
        }
    }

    fn needed(&self) -> Result<&'a str, Refusal> {
        match self.text {
            "" => Err(Refusal::Argument(format!("something is missing; expected {}", self.usage()))),
            text => Ok(text),
        }
    }

    fn count(&self, unless: usize) -> Result<usize, Refusal> {
        match self.text {
            "" => Ok(unless),
            text => text.parse().ok().filter(|count| *count > 0).ok_or_else(|| {
                Refusal::Argument(format!("'{text}' is no number from 1 on; expected {}", self.usage()))
            }),
        }
    }

    fn address(&self, expected: &str) -> Result<Pattern, Refusal> {
        match self.text.contains(' ') {
            true => script::address(self.text).map_err(Refusal::Argument),
            false => {
                Err(Refusal::Argument(format!("'{}' is not understood; expected {expected}", self.text)))
            }
        }
    }
}
