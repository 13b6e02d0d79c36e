//! The commands that say what holds for the whole run: versions, claims, settings, designs, faults.

use driftless_model::design::Design;

use super::error::Mistake;
use super::fault;
use super::quoting::Word;
use super::statement::Statement;
use super::suggestion::{expected, is_near, unknown};
use super::usage::Bound;
use crate::plan::{Choice, FORMAT, Setting};

/// What such a command says; nothing if it is a step.
pub(super) fn statement(bound: &Bound<'_>) -> Option<Result<Statement, Vec<Mistake>>> {
    let one = |result: Result<Statement, Mistake>| Some(result.map_err(|mistake| vec![mistake]));
    match bound.command.name.text.as_str() {
        "format" => one(format(bound.word("VERSION"))),
        "seed" => one(seed(bound.word("NUMBER"))),
        "expect" => Some(expect(bound)),
        "set" => one(Ok(set(bound))),
        "design" => one(design(bound)),
        "decision" => one(decision(bound)),
        "fault" => Some(fault::read(bound).map(|fault| Statement::Fault(Box::new(fault)))),
        _ => None,
    }
}

fn format(version: &Word) -> Result<Statement, Mistake> {
    if version.text == FORMAT.to_string() {
        return Ok(Statement::Format);
    }
    let message = format!("format '{}' can't be read here; expected {FORMAT}", version.text);
    Err(Mistake::at(version.at, message))
}

fn seed(number: &Word) -> Result<Statement, Mistake> {
    let wrong = |_| {
        let message = format!("'{}' is no seed; expected a whole number below 2^64", number.text);
        Mistake::at(number.at, message)
    };
    number.text.parse().map(Statement::Seed).map_err(wrong)
}

fn expect(bound: &Bound<'_>) -> Result<Statement, Vec<Mistake>> {
    let design = bound.word("DESIGN");
    let mut mistakes: Vec<_> = known_design(design).err().into_iter().collect();
    let mut properties: Vec<String> = Vec::new();
    for word in &bound.repeated {
        mistakes.extend(known("property", word, crate::properties::names()).err());
        if properties.contains(&word.text) {
            mistakes.push(Mistake::at(word.at, format!("'{}' is given twice; expected it once", word.text)));
        }
        properties.push(word.text.clone());
    }
    if mistakes.is_empty() {
        Ok(Statement::Expect { design: design.text.clone(), properties })
    } else {
        Err(mistakes)
    }
}

/// Whether the setting exists depends on its node, which may be set up further down.
fn set(bound: &Bound<'_>) -> Statement {
    let (name, value) = bound.pair();
    Statement::Set(Setting { node: bound.text("NODE"), name: name.text.clone(), value: value.text.clone() })
}

fn design(bound: &Bound<'_>) -> Result<Statement, Mistake> {
    let name = bound.word("DESIGN");
    known_design(name)?;
    Ok(Statement::Choose { node: bound.text("NODE"), choice: Choice::Design(name.text.clone()) })
}

fn decision(bound: &Bound<'_>) -> Result<Statement, Mistake> {
    let (name, variant) = bound.pair();
    let decisions = Design::decisions();
    let Some(decision) = decisions.iter().find(|decision| decision.name == name.text) else {
        let names: Vec<_> = decisions.iter().map(|decision| decision.name).collect();
        return Err(Mistake::at(name.at, unknown("decision", &name.text, &names)));
    };
    let variants: Vec<_> = decision.variants.iter().map(|(name, _)| *name).collect();
    if !variants.contains(&variant.text.as_str()) {
        let complaint = format!("decision '{}' has no variant '{}'", name.text, variant.text);
        return Err(Mistake::at(variant.at, expected(&complaint, &variant.text, &variants)));
    }
    let choice = Choice::Decision { name: name.text.clone(), variant: variant.text.clone() };
    Ok(Statement::Choose { node: bound.text("NODE"), choice })
}

fn known(noun: &str, word: &Word, names: &[&str]) -> Result<(), Mistake> {
    match names.contains(&word.text.as_str()) {
        true => Ok(()),
        false => Err(Mistake::at(word.at, unknown(noun, &word.text, names))),
    }
}

/// Whether a word names a design. The mutants are too many to be listed to whoever didn't mean one.
pub(super) fn known_design(word: &Word) -> Result<(), Mistake> {
    let all: Vec<_> = Design::all_names().collect();
    if all.contains(&word.text.as_str()) {
        return Ok(());
    }
    let meant: Vec<_> = all.into_iter().filter(|name| is_near(&word.text, name)).collect();
    let expected = if meant.iter().all(|name| Design::NAMES.contains(name)) { Design::NAMES } else { &meant };
    Err(Mistake::at(word.at, unknown("design", &word.text, expected)))
}
