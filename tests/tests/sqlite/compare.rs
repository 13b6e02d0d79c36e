//! [`Pair`]: both stores, and the comparison of what they say to the same sequence.

use std::collections::BTreeMap;
use std::fmt::Debug;

use super::answer::{Answer, Told};
use super::memory::Memory;
use super::real::{Layout, Real};
use super::sequence::Sequence;
use super::statement::Step;

/// SQLite in both layouts, and what has been seen so far.
pub struct Pair {
    real: [Real; 2],
    /// How often which answer was given, in words: a comparison that never meets a refusal says little.
    pub seen: BTreeMap<String, u64>,
}

impl Pair {
    pub fn new() -> Self {
        let real = [Layout::Rowid, Layout::WithoutRowid].map(Real::new);
        Pair { real, seen: BTreeMap::new() }
    }

    /// Runs the sequence in both stores.
    ///
    /// # Errors
    /// The first difference.
    pub fn compare(&mut self, sequence: &Sequence) -> Result<(), String> {
        let real = &mut self.real[sequence.layout as usize];
        let mut memory = Memory::new(sequence.foreign_keys);
        real.reset(sequence.foreign_keys);
        for (n, step) in sequence.steps.iter().enumerate() {
            if !possible(step, sequence.layout, &memory) {
                continue;
            }
            let (theirs, ours) = (real.take(step), memory.take(step));
            let at = format!("{}. {step}", n + 1);
            same(&at, &theirs, &ours)?;
            same(&format!("committed after {at}"), &real.committed(), &memory.committed())?;
            *self.seen.entry(note(&theirs, real)).or_default() += 1;
        }
        Ok(())
    }
}

/// Whether the step makes sense as things are.
fn possible(step: &Step, layout: Layout, memory: &Memory) -> bool {
    use super::statement::Who::{One, Two};
    match step {
        Step::Begin(who) => !memory.is_open(*who),
        Step::Commit(who) | Step::RollBack(who) => memory.is_open(*who),
        // SQLite ignores the pragma within a transaction.
        Step::ForeignKeys(_) => !memory.is_open(One) && !memory.is_open(Two),
        Step::Write(_, statement) => layout == Layout::WithoutRowid || !statement.goes_by_order(),
        Step::Read(_) => true,
    }
}

fn same<T: PartialEq + Debug>(what: &str, theirs: &T, ours: &T) -> Result<(), String> {
    if theirs == ours { Ok(()) } else { Err(format!("{what}\n  SQLite: {theirs:?}\n  memory: {ours:?}")) }
}

fn note(answer: &Answer, real: &Real) -> String {
    match (&answer.result, answer.waits) {
        (Err(words), true) => format!("{words}, after a wait"),
        (Err(words), false) if real.outdated => format!("{words}, with an outdated snapshot"),
        (Err(words), false) => words.clone(),
        (Ok(Told::Count(0)), _) => "nothing written".to_owned(),
        (Ok(Told::Count(_)), _) if real.along > 0 => "written, and rows that went along".to_owned(),
        (Ok(Told::Count(1)), _) => "one row written".to_owned(),
        (Ok(Told::Count(_)), _) => "several rows written".to_owned(),
        (Ok(Told::Rows(_)), _) => "rows read".to_owned(),
        (Ok(Told::Done), _) => "done".to_owned(),
    }
}
