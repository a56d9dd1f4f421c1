//! Threads of our own, for the process that asks: those of rayon's global pool do not survive a fork, and a child would wait
//! for them for ever.

use std::sync::{Arc, Mutex, PoisonError};

use rayon::{ThreadPool, ThreadPoolBuilder};

static POOL: Mutex<Option<(u32, usize, Arc<ThreadPool>)>> = Mutex::new(None);

/// A pool of so many threads that belongs to this process; none where one thread is all there is, or none can be had.
pub(crate) fn of(threads: Option<usize>) -> Option<Arc<ThreadPool>> {
    let threads = threads.or_else(asked).unwrap_or_else(available);
    if threads < 2 {
        return None;
    }
    // A child whose parent was here while it forked finds this locked for ever: it goes without.
    let mut pool = match POOL.try_lock() {
        Ok(pool) => pool,
        Err(std::sync::TryLockError::Poisoned(poisoned)) => PoisonError::into_inner(poisoned),
        Err(std::sync::TryLockError::WouldBlock) => return None,
    };
    if let Some((_, _, known)) =
        pool.as_ref().filter(|(process, size, _)| *process == std::process::id() && *size == threads)
    {
        return Some(known.clone());
    }
    let made = Arc::new(ThreadPoolBuilder::new().num_threads(threads).build().ok()?);
    // To drop the pool of another process would be to wait for its threads.
    std::mem::forget(
        pool.replace((std::process::id(), threads, made.clone()))
            .filter(|(process, ..)| *process != std::process::id()),
    );
    Some(made)
}

/// How many threads the environment asks for, by the name that rayon knows.
fn asked() -> Option<usize> {
    std::env::var("RAYON_NUM_THREADS").ok()?.parse().ok().filter(|threads| *threads > 0)
}

fn available() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}
