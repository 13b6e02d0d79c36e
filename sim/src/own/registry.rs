//! A list of things of one's own: open until it is first read.
//!
//! What there is decides what a script says, so the list is an input of every run, as the build is: it can't
//! change between two of them.

use std::sync::{Mutex, OnceLock, PoisonError};

/// Why something is not registered.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Refused {
    /// It comes after the list was read.
    #[error(
        "{0} '{1}' comes too late: the list has been read; expected it before anything is read, run or listed"
    )]
    TooLate(&'static str, String),
    /// There is one of that word.
    #[error("there is {0} '{1}' already; expected another word")]
    Taken(&'static str, String),
    /// It can't be written in a script.
    #[error("{0} '{1}' can't be registered: {2}")]
    Unfit(&'static str, String, String),
}

/// A list of one kind of things.
pub(crate) struct List<T: ?Sized + 'static> {
    noun: &'static str,
    word: fn(&T) -> &'static str,
    open: Mutex<Vec<&'static T>>,
    closed: OnceLock<Vec<&'static T>>,
}

impl<T: ?Sized> List<T> {
    /// An empty list of what messages call that, each known by its word.
    pub(crate) const fn new(noun: &'static str, word: fn(&T) -> &'static str) -> Self {
        List { noun, word, open: Mutex::new(Vec::new()), closed: OnceLock::new() }
    }

    /// Adds one that is fit for scripts, unless its word is taken.
    pub(crate) fn add(
        &self,
        thing: &'static T,
        is_built_in: bool,
        fit: Result<(), String>,
    ) -> Result<(), Refused> {
        let (noun, word) = (self.noun, (self.word)(thing));
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if self.closed.get().is_some() {
            return Err(Refused::TooLate(noun, word.to_owned()));
        }
        if is_built_in || open.iter().any(|known| (self.word)(known) == word) {
            return Err(Refused::Taken(noun, word.to_owned()));
        }
        let fit = if is_name(word) { fit } else { Err(format!("expected {NAME} as its word")) };
        fit.map_err(|why| Refused::Unfit(noun, word.to_owned(), why))?;
        open.push(thing);
        Ok(())
    }

    /// All of them, in the order in which they were registered. From now on there are no others.
    pub(crate) fn all(&self) -> &[&'static T] {
        self.closed.get_or_init(|| self.open.lock().unwrap_or_else(PoisonError::into_inner).clone())
    }

    /// The one of that word.
    pub(super) fn named(&self, word: &str) -> Option<&'static T> {
        self.all().iter().copied().find(|thing| (self.word)(thing) == word)
    }
}

/// What a name looks like, for messages.
pub(super) const NAME: &str = "small letters, digits and '-', a letter first";

/// Whether a text can be the word of something, or the name of what it takes.
pub(super) fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}
