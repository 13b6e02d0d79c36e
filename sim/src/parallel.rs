//! Runs on all cores: a few workers, each with one run at a time, and results in the order of the input.
//!
//! No worker waits for another: what comes too early for its turn is put aside until what belongs before it is
//! there. So whoever takes the results sees the same however many workers there are.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError, mpsc};

/// Results that wait until they are taken: workers wait for no other worker, but not so for who takes what they do.
const RESULTS_MOST: usize = 64;

/// As many workers as the machine has cores.
pub fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// Applies `f` to each item on `jobs` workers. The order of the results is that of the items.
pub fn map<T: Sync, R: Send>(items: &[T], jobs: usize, f: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let mut results = Vec::with_capacity(items.len());
    let all = in_order(items.iter(), jobs.min(items.len()), f, |result| {
        results.push(result);
        ControlFlow::<Infallible>::Continue(())
    });
    match all {
        ControlFlow::Continue(()) => results,
    }
}

/// Applies `f` to each item on `jobs` workers, and `take` to each result on this thread, in the order of the items
/// and as soon as it is there. Once `take` breaks, no item is begun any more, and what is under way is dropped.
#[allow(clippy::disallowed_methods)]
pub fn in_order<T: Send, R: Send, B>(
    items: impl Iterator<Item = T> + Send,
    jobs: usize,
    f: impl Fn(T) -> R + Sync,
    mut take: impl FnMut(R) -> ControlFlow<B>,
) -> ControlFlow<B> {
    let mut items = items;
    if jobs <= 1 {
        return items.try_for_each(|item| take(f(item)));
    }
    let items = Mutex::new(items.enumerate());
    let over = AtomicBool::new(false);
    let next = || match over.load(Ordering::Relaxed) {
        true => None,
        false => items.lock().unwrap_or_else(PoisonError::into_inner).next(),
    };
    std::thread::scope(|scope| {
        let (done, results) = mpsc::sync_channel(RESULTS_MOST);
        for _ in 0..jobs {
            let (done, next, f) = (done.clone(), &next, &f);
            scope.spawn(move || {
                while let Some((index, item)) = next() {
                    // Whoever takes the results panics in this one's place, and the others end.
                    let result = catch_unwind(AssertUnwindSafe(|| f(item)));
                    if done.send((index, result)).is_err() {
                        break;
                    }
                }
            });
        }
        drop(done);
        let (mut early, mut turn) = (BTreeMap::new(), 0);
        for (index, result) in results {
            early.insert(index, result);
            while let Some(result) = early.remove(&turn) {
                turn += 1;
                let taken = result.map(&mut take);
                if !matches!(taken, Ok(ControlFlow::Continue(()))) {
                    over.store(true, Ordering::Relaxed);
                }
                match taken {
                    Ok(ControlFlow::Continue(())) => {}
                    Ok(broken @ ControlFlow::Break(_)) => return broken,
                    Err(panic) => resume_unwind(panic),
                }
            }
        }
        ControlFlow::Continue(())
    })
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicU64;

    use super::*;

    /// Two workers, of which one meets an item that isn't done before all others are.
    #[test]
    fn a_slow_item_keeps_nobody_waiting_and_its_place() {
        let done = AtomicU64::new(0);
        let slow = |n: u64| {
            while n == 0 && done.load(Ordering::SeqCst) < 99 {
                std::thread::yield_now();
            }
            done.fetch_add(1, Ordering::SeqCst);
            n
        };
        let mut taken = Vec::new();
        let all = in_order(0..100, 2, slow, |n| {
            taken.push(n);
            ControlFlow::<()>::Continue(())
        });
        assert_eq!(all, ControlFlow::Continue(()));
        assert_eq!(taken, (0..100).collect::<Vec<_>>());
    }

    #[test]
    fn nothing_is_begun_once_it_is_over() {
        for jobs in [1, 2] {
            let begun = AtomicU64::new(0);
            let count = |n: u64| {
                begun.fetch_add(1, Ordering::SeqCst);
                n
            };
            let stop = |n| if n == 3 { ControlFlow::Break(n) } else { ControlFlow::Continue(()) };
            assert_eq!(in_order(0..u64::MAX, jobs, count, stop), ControlFlow::Break(3));
            assert!(begun.load(Ordering::SeqCst) >= 4);
        }
    }

    #[test]
    #[should_panic(expected = "item 5")]
    fn a_panic_is_told_in_its_turn() {
        let f = |n: u64| if n == 5 { panic!("item {n}") } else { n };
        let _ = in_order(0..u64::MAX, 2, f, |_| ControlFlow::<()>::Continue(()));
    }
}
