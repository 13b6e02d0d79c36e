//! Effects of one's own: what a fault does to a crossing, by a word of one's own.
//!
//! An effect has a row like those of [`Effect::KINDS`](crate::fault::Effect::KINDS), which says where it fits,
//! what it takes and what should be survived of it, and a pure function from what is about to cross to how it
//! passes. When it is at work, how often, and that it struck is the world's business, as for built-in ones.

use driftless_model::cx::{Passage, Phase};

use super::registry::{List, NAME, Refused, is_name};
use super::{Arguments, Bytes, Given, Kind};
use crate::address::Address;
use crate::fault::{self, EffectKind, Place, Window};
use crate::names::Names;
use crate::script::unknown;

/// An effect.
pub trait Effect: Sync {
    /// Its row of the table. It fits crossings, and is no point.
    fn kind(&self) -> &'static EffectKind;
    /// Whether a text is what its row expects under a name.
    fn fits(&self, _name: &str, _text: &str) -> bool {
        true
    }
    /// The moment of an exchange or a frame that is meant where an address names none.
    fn phase(&self) -> Phase {
        Phase::Sent
    }
    /// How a crossing passes; none if there is nothing to strike in it. Of the same crossing it must always
    /// make the same. What can't come of a crossing doesn't: an answer is [`Passage::Altered`] as it arrives, a
    /// request is sent [`Passage::Twice`], a statement is [`Passage::Disturbed`].
    fn strike(&self, arguments: &Arguments, struck: &Struck<'_>) -> Option<Passage>;
}

/// What is about to cross.
#[derive(Clone, Copy, Debug)]
pub struct Struck<'a> {
    /// Where.
    pub address: &'a Address,
    /// The status of the answer that arrives.
    pub status: Option<u16>,
    /// The body of what arrives: an answer, a request or a frame.
    pub body: Option<&'a Bytes>,
    /// What the plan calls things.
    pub names: &'a Names,
}

static OWN: List<dyn Effect> = List::new("an effect", |effect| effect.kind().word);

/// Adds an effect to those that faults have.
///
/// # Errors
/// When its word is taken or no word, when its row can't be that of a crossing's effect, or when the effects were
/// read already.
pub fn register(effect: &'static dyn Effect) -> Result<(), Refused> {
    let built_in = fault::Effect::KINDS.iter().any(|kind| kind.word == effect.word());
    OWN.add(effect, built_in, fit(effect.kind()))
}

/// Every effect that was registered.
pub(crate) fn all() -> &'static [&'static dyn Effect] {
    OWN.all()
}

fn fit(kind: &EffectKind) -> Result<(), String> {
    if kind.is_point || matches!(kind.place, Place::Link | Place::Node) {
        return Err("expected an effect on crossings, and no point".to_owned());
    }
    let names: Vec<_> = kind.takes.iter().map(|(name, ..)| *name).collect();
    for (index, name) in names.iter().enumerate() {
        if !is_name(name) || Window::KEYS.contains(name) || names[..index].contains(name) {
            return Err(format!("it takes '{name}='; expected {NAME}, once, and no key of a window"));
        }
    }
    Ok(())
}

impl Kind for dyn Effect {
    fn word(&self) -> &'static str {
        self.kind().word
    }

    fn of(word: &str, arguments: &Arguments) -> Result<&'static Self, String> {
        match Given::read(word, |name| arguments.get(name)) {
            Ok(given) if given.arguments == *arguments => Ok(given.what),
            Ok(given) => {
                Err(format!("'{word}' takes other arguments; expected `{}`", given.what.kind().usage()))
            }
            Err(Some(name)) => Err(format!("'{name}=' of '{word}' is missing or doesn't fit")),
            Err(None) => {
                Err(unknown("effect", word, &all().iter().map(|effect| effect.word()).collect::<Vec<_>>()))
            }
        }
    }
}

impl Given<dyn Effect> {
    /// The effect of that word with what it takes.
    ///
    /// # Errors
    /// The name of the argument that is missing or doesn't fit, none if there is no such effect.
    pub(crate) fn read<'a>(
        word: &str,
        given: impl Fn(&str) -> Option<&'a str>,
    ) -> Result<Self, Option<&'static str>> {
        let what = OWN.named(word).ok_or(None)?;
        let mut arguments = Arguments::default();
        for (name, _, required) in what.kind().takes {
            match given(name) {
                Some(text) if what.fits(name, text) => {
                    arguments.0.insert((*name).to_owned(), text.to_owned());
                }
                None if !required => {}
                _ => return Err(Some(name)),
            }
        }
        Ok(Given { what, arguments })
    }
}
