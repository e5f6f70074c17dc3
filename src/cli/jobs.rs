//! Several dossiers at a time, their outcomes in the order of the dossiers and few of them held at once.

use std::collections::BTreeMap;
use std::num::NonZero;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

/// Outcomes that may wait for their turn, for each thread.
const AHEAD: usize = 8;
/// Items that a thread takes up at once, where there are many.
const MOST: usize = 8;

/// Items are taken up, and their outcomes handed over, some at a time.
struct Queue<R> {
    /// The next items to take up.
    next: usize,
    /// The next outcomes to hand over.
    turn: usize,
    done: BTreeMap<usize, Vec<thread::Result<R>>>,
}

/// How many threads to use when the user does not say: one a processor.
pub(super) fn default_count() -> usize {
    thread::available_parallelism().map_or(1, NonZero::get)
}

/// Does `work` on each of `items`, `jobs` at a time, and hands the outcomes to `each`, a few at once, in the order of the items, on
/// the thread of the caller, until `each` says to stop.
pub(super) fn in_order<T: Sync, R: Send>(items: &[T], jobs: usize, work: impl Fn(&T) -> R + Sync, mut each: impl FnMut(Vec<R>) -> bool) {
    let threads = jobs.min(items.len()).max(1);
    let size = (items.len() / (threads * AHEAD)).clamp(1, MOST);
    let parts: Vec<&[T]> = items.chunks(size).collect();
    if threads == 1 {
        let _: bool = parts.into_iter().all(|part| each(part.iter().map(&work).collect()));
        return;
    }
    let queue = Mutex::new(Queue { next: 0, turn: 0, done: BTreeMap::new() });
    let (ready, room) = (Condvar::new(), Condvar::new());
    let lock = || queue.lock().unwrap_or_else(PoisonError::into_inner);
    let wait = |on: &Condvar, guard| -> MutexGuard<'_, Queue<R>> { on.wait(guard).unwrap_or_else(PoisonError::into_inner) };
    let worker = || {
        loop {
            let mut state = lock();
            while state.next < parts.len() && state.next >= state.turn + threads * AHEAD / size {
                state = wait(&room, state);
            }
            let at = state.next;
            let Some(part) = parts.get(at) else { return };
            state.next += 1;
            drop(state);
            let outcomes = part.iter().map(|item| catch_unwind(AssertUnwindSafe(|| work(item)))).collect();
            let mut state = lock();
            state.done.insert(at, outcomes);
            // the others are there when their turn comes
            if at == state.turn {
                ready.notify_one();
            }
        }
    };
    let take = |turn: usize| {
        let mut state = lock();
        let outcomes = loop {
            match state.done.remove(&turn) {
                Some(outcomes) => break outcomes,
                None => state = wait(&ready, state),
            }
        };
        state.turn = turn + 1;
        drop(state);
        room.notify_all();
        outcomes
    };
    let stop = || {
        lock().next = parts.len();
        room.notify_all();
    };
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(worker);
        }
        for outcomes in (0..parts.len()).map(take) {
            let outcomes = outcomes.into_iter().collect::<thread::Result<_>>().unwrap_or_else(|panic| {
                stop();
                resume_unwind(panic)
            });
            if !each(outcomes) {
                return stop();
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use super::in_order;

    #[test]
    fn outcomes_come_in_order() {
        let items: Vec<u64> = (0..500).collect();
        for jobs in [1, 2, 7] {
            let mut out = Vec::new();
            let uneven = |n: &u64| {
                std::thread::sleep(std::time::Duration::from_micros(n % 7 * 30));
                n * 2
            };
            in_order(&items, jobs, uneven, |some| {
                out.extend(some);
                true
            });
            assert_eq!(out, items.iter().map(|n| n * 2).collect::<Vec<_>>());
        }
    }

    #[test]
    fn it_stops_when_told_to() {
        let items: Vec<usize> = (0..10_000).collect();
        for jobs in [1, 3] {
            let mut seen = Vec::new();
            let until = |some: Vec<usize>| {
                seen.extend(some);
                seen.len() < 50
            };
            in_order(&items, jobs, |n| *n, until);
            assert!((50..50 + super::MOST).contains(&seen.len()), "{}", seen.len());
        }
    }

    #[test]
    #[should_panic(expected = "the seventh")]
    fn a_panic_is_not_lost() {
        let items: Vec<usize> = (0..100).collect();
        in_order(&items, 2, |n| assert_ne!(*n, 7, "the seventh"), |_| true);
    }
}
