//! Compares our reader with goldenscript's.
//!
//! goldenscript shows what it read only to a runner, so this one records and runs nothing. Two readers of one
//! grammar are one too many unless they are held together: every scenario goes through here.

use std::collections::BTreeSet;
use std::error::Error;

use goldenscript::{Argument, Block, Context, Runner};

use super::reader::{self, Command};

/// Whether our reader and goldenscript's take a text for the same commands, or both refuse it.
///
/// # Errors
/// With what each of them made of it.
pub fn agrees_with_goldenscript(text: &str) -> Result<(), String> {
    let ours = reader::read(text).map(|blocks| {
        let blocks = blocks.iter().map(|commands| commands.iter().map(Read::ours).collect());
        blocks.collect::<Vec<Vec<_>>>()
    });
    let mut recorder = Recorder::default();
    let theirs = goldenscript::generate(&mut recorder, text).map(|_| recorder.blocks);
    match (ours, theirs) {
        (Err(_), Err(_)) => Ok(()),
        (Ok(ours), Ok(theirs)) if ours == theirs => Ok(()),
        (ours, theirs) => Err(format!("{text:?}\nours:         {ours:?}\ngoldenscript: {theirs:?}")),
    }
}

/// A command as both readers can tell it.
#[derive(PartialEq, Eq, Debug)]
struct Read {
    name: String,
    arguments: Vec<(Option<String>, String)>,
    prefix: Option<String>,
    tags: BTreeSet<String>,
    silent: bool,
    fails: bool,
    line: String,
}

impl Read {
    fn ours(command: &Command) -> Self {
        let key = |argument: &reader::Argument| argument.key.as_ref().map(|key| key.text.clone());
        Read {
            name: command.name.text.clone(),
            arguments: command.arguments.iter().map(|a| (key(a), a.value.text.clone())).collect(),
            prefix: command.prefix.as_ref().map(|prefix| prefix.text.clone()),
            tags: command.tags.iter().map(|tag| tag.text.clone()).collect(),
            silent: command.silent.is_some(),
            fails: command.fails.is_some(),
            line: command.name.at.line.to_string(),
        }
    }

    fn theirs(command: &goldenscript::Command, context: &Context) -> Self {
        let argument = |argument: &Argument| match argument {
            Argument::KeyValue(key, value) => (Some(key.clone()), value.clone()),
            Argument::Positional(value) => (None, value.clone()),
            other => (None, format!("an argument of a new kind: {other:?}")),
        };
        // The line is shown nowhere else.
        let shown = format!("{context:?}");
        let line = shown.rsplit_once("line_number: ").map_or("", |(_, line)| line);
        Read {
            name: command.name.clone(),
            arguments: command.args.iter().map(argument).collect(),
            prefix: context.prefix.clone(),
            tags: context.tags.clone(),
            silent: context.silent,
            fails: context.fail,
            line: line.trim_end_matches([' ', '}']).to_owned(),
        }
    }
}

/// Records what goldenscript read.
#[derive(Default)]
struct Recorder {
    blocks: Vec<Vec<Read>>,
}

impl Runner for Recorder {
    type Command = goldenscript::Command;

    fn start_block(&mut self, _: &Block) -> Result<String, Box<dyn Error>> {
        self.blocks.push(Vec::new());
        Ok(String::new())
    }

    fn run(&mut self, command: &Self::Command, context: &Context) -> Result<String, Box<dyn Error>> {
        let block = self.blocks.last_mut().ok_or("a block begins before its commands")?;
        block.push(Read::theirs(command, context));
        // A command that is to fail must, or goldenscript stops.
        if context.fail { Err("as expected".into()) } else { Ok(String::new()) }
    }
}
