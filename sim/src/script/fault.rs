//! The command that says what goes wrong: a target, an effect with what it takes, and a window.

use std::time::Duration;

use driftless_model::cx::Phase;
use driftless_model::settings::Value;

use super::action::USER;
use super::error::Mistake;
use super::quoting::Word;
use super::suggestion::{expected, unknown};
use super::usage::Bound;
use crate::address::Pattern;
use crate::fault::{Effect, EffectKind, Family, Fault, Moment, Place, Target, Window};
use crate::sites;

/// The fault that a command says.
pub(super) fn read(bound: &Bound<'_>) -> Result<Fault, Vec<Mistake>> {
    let target = target(bound.word("TARGET"));
    let effect = effect(bound);
    let window = window(bound);
    let (target, effect, window) = match (target, effect, window) {
        (Ok(target), Ok(effect), Ok(window)) => (target, effect, window),
        (target, effect, window) => {
            return Err([target.err(), effect.err(), window.err()].into_iter().flatten().collect());
        }
    };
    let wrong = fits(bound.word("EFFECT"), effect.kind(), &target).err();
    let wrong = wrong.or_else(|| spares_users(bound.word("TARGET"), effect.kind(), &target));
    match wrong.or_else(|| opens(bound, effect.kind(), &window)) {
        None => Ok(Fault { target, effect, window }),
        Some(wrong) => Err(vec![wrong]),
    }
}

fn target(word: &Word) -> Result<Target, Mistake> {
    let target: Target = word.text.parse().map_err(|wrong| Mistake::at(word.at, format!("{wrong}")))?;
    match &target {
        Target::Crossing(at) => known_site(word, at.site()).map(|()| target),
        Target::Link(_) | Target::Node(_) => Ok(target),
    }
}

/// The address of a crossing whose site exists.
pub(super) fn address(word: &Word) -> Result<Pattern, Mistake> {
    let at: Pattern = word.text.parse().map_err(|wrong| Mistake::at(word.at, format!("{wrong}")))?;
    known_site(word, at.site()).map(|()| at)
}

fn known_site(word: &Word, site: &str) -> Result<(), Mistake> {
    match sites::meant_by(site).next().is_some() {
        true => Ok(()),
        false => {
            let kind = site.split('.').next().unwrap_or_default();
            let of_kind = |known: &&&str| known.split('.').next() == Some(kind);
            let known: Vec<_> = sites::ALL.iter().filter(of_kind).copied().collect();
            Err(Mistake::at(word.at, unknown("site", site, &known)))
        }
    }
}

fn effect(bound: &Bound<'_>) -> Result<Effect, Mistake> {
    let word = bound.word("EFFECT");
    let Some(kind) = Effect::kinds().iter().find(|kind| kind.word == word.text) else {
        let names: Vec<_> = Effect::kinds().iter().map(|kind| kind.word).collect();
        return Err(Mistake::at(word.at, unknown("effect", &word.text, &names)));
    };
    let takes = |name: &str| kind.takes.iter().any(|(known, ..)| *known == name);
    if let Some((key, _)) =
        bound.free.iter().find(|(key, _)| !takes(&key.text) && !Window::KEYS.contains(&&*key.text))
    {
        let names: Vec<_> = kind.takes.iter().map(|(name, ..)| *name).chain(Window::KEYS).collect();
        let complaint = format!("'{}' takes no '{}='", kind.word, key.text);
        return Err(Mistake::at(key.at, expected(&complaint, &key.text, &names)));
    }
    let given = |name: &str| bound.free.iter().find(|(key, _)| key.text == name).map(|(_, value)| *value);
    Effect::read(kind.word, |name| given(name).map(|word| word.text.as_str())).map_err(|name| {
        let name = name.unwrap_or_default();
        let wanted = kind.takes.iter().find(|(known, ..)| *known == name);
        let wanted = wanted.map_or("", |(_, wanted, _)| wanted);
        match given(name) {
            Some(value) => {
                Mistake::at(value.at, format!("'{name}' can't be '{}'; expected {wanted}", value.text))
            }
            None => Mistake::at(
                bound.command.end,
                format!("'{name}=' is missing; expected `{}`: {wanted}", kind.usage()),
            ),
        }
    })
}

fn window(bound: &Bound<'_>) -> Result<Window, Mistake> {
    let mut window = Window::default();
    for (key, value) in &bound.free {
        let moment = || Moment::read(&value.text).map_err(|wrong| Mistake::at(value.at, wrong));
        let time = || {
            let message = || format!("'{}' is no time; expected {}", value.text, Duration::EXPECTED);
            Duration::read(&value.text).ok_or_else(|| Mistake::at(value.at, message()))
        };
        match key.text.as_str() {
            "from" => window.from = Some(moment()?),
            "until" => window.until = Some(moment()?),
            "for" => window.for_ = Some(time()?),
            "dwell" => window.dwell = Some(time()?),
            _ => {}
        }
        for moment in [&window.from, &window.until].into_iter().flatten() {
            if let Moment::Crossing(at) = moment {
                known_site(value, at.site())?;
            }
        }
    }
    let last = bound.free.iter().rev().find(|(key, _)| Window::KEYS.contains(&&*key.text));
    match (window.wrong(), last) {
        (Some(wrong), Some((key, _))) => Err(Mistake::at(key.at, wrong)),
        _ => Ok(window),
    }
}

/// Whether the effect fits the target; otherwise what would.
fn fits(word: &Word, kind: &EffectKind, target: &Target) -> Result<(), Mistake> {
    if kind.fits(target) {
        return Ok(());
    }
    let what = match target {
        Target::Crossing(at) => format!("a crossing at {}", at.site()),
        Target::Link(_) => "a link".to_owned(),
        Target::Node(_) => "a node".to_owned(),
    };
    let names: Vec<_> =
        Effect::kinds().iter().filter(|kind| kind.fits(target)).map(|kind| kind.word).collect();
    let message = match names.is_empty() {
        true => format!("nothing can go wrong at {what}; it can only open or close a window"),
        false => format!("'{}' doesn't fit {what}; expected one of {}", kind.word, names.join(", ")),
    };
    Err(Mistake::at(word.at, message))
}

/// The steps of a plan are what users do, so nothing ends, stops or empties their machine.
fn spares_users(word: &Word, kind: &EffectKind, target: &Target) -> Option<Mistake> {
    let of_machines = matches!(kind.family, Family::Processes)
        || (kind.family == Family::Storage && kind.place == Place::Node);
    let of_user = match target {
        // Whoever takes up or answers what a user asks is the platform.
        Target::Crossing(at) => {
            at.node_name() == USER && !matches!(at.phase(), Some(Phase::Received | Phase::Answered))
        }
        Target::Node(node) => node == USER,
        Target::Link(_) => false,
    };
    (of_machines && of_user).then(|| {
        let message =
            format!("'{}' would end the plan with its user; expected a platform or a gateway", kind.word);
        Mistake::at(word.at, message)
    })
}

/// What is wrong with a window for this effect.
fn opens(bound: &Bound<'_>, kind: &EffectKind, window: &Window) -> Option<Mistake> {
    let key = |name: &str| bound.free.iter().find(|(key, _)| key.text == name).map(|(key, _)| key.at);
    if kind.is_point
        && let Some(at) = ["until", "for", "dwell"].into_iter().find_map(key)
    {
        return Some(Mistake::at(at, format!("'{}' happens at a point; expected only 'from='", kind.word)));
    }
    let needs_from = kind.is_point || kind.needs_beginning();
    (needs_from && window.from.is_none()).then(|| {
        let message = format!("'from=' is missing; '{}' has to begin at a time or an address", kind.word);
        Mistake::at(bound.command.end, message)
    })
}
