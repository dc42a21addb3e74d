//! How many pages are worked on at once.
//!
//! A page is mostly waited for: it settles for a second or more. Whoever only waits lends its place to
//! another page meanwhile, so that the processor has work; but no more pages stay open than memory is meant
//! for. It must not know what is done with a page.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Pages open at once for each that is worked on.
const OPEN_PER_PLACE: usize = 3;
/// A page that has waited goes on after this long even where no place is free: pages that hang must not
/// use up the time of those that do not.
const PATIENCE: Duration = Duration::from_secs(2);

/// The places of one scan.
#[derive(Debug, Clone)]
pub struct Places {
    free: Arc<Semaphore>,
    count: usize,
}

impl Places {
    /// Room to work on that many pages at once, one at least.
    pub fn new(count: usize) -> Places {
        let count = count.max(1);
        Places {
            free: Arc::new(Semaphore::new(count)),
            count,
        }
    }

    /// Pages that are open at once, those that only wait included.
    pub fn open_at_once(&self) -> usize {
        self.count * OPEN_PER_PLACE
    }

    /// Waits for a place. It is given back when it is dropped.
    pub async fn take(&self) -> Place {
        let held = self.free.clone().acquire_owned().await.ok();
        Place {
            free: self.free.clone(),
            held,
            keeps: false,
        }
    }
}

/// A place that is held.
#[derive(Debug)]
pub struct Place {
    free: Arc<Semaphore>,
    /// `None` while it is lent, and where it did not come back in time.
    held: Option<OwnedSemaphorePermit>,
    keeps: bool,
}

impl Place {
    /// Lends no more: of large pages no more than places shall be open, since each takes a gigabyte of
    /// Chrome's.
    pub fn keep(&mut self) {
        self.keeps = true;
    }

    /// Lends the place to others while something is waited for.
    pub async fn lend<T>(&mut self, wait: impl Future<Output = T>) -> T {
        if self.keeps {
            return wait.await;
        }
        drop(self.held.take());
        let waited = wait.await;
        let back = tokio::time::timeout(PATIENCE, self.free.clone().acquire_owned());
        self.held = back.await.ok().and_then(Result::ok);
        waited
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn who_waits_lends_its_place() {
        let places = Places::new(1);
        let mut first = places.take().await;
        let (second, ()) = tokio::join!(
            async {
                let place = places.take().await;
                tokio::time::sleep(Duration::from_millis(50)).await;
                drop(place);
                tokio::time::Instant::now()
            },
            async {
                first
                    .lend(tokio::time::sleep(Duration::from_millis(10)))
                    .await;
            }
        );
        // It came back once the other one was done.
        assert!(tokio::time::Instant::now() >= second);
        assert!(first.held.is_some());
    }

    #[tokio::test]
    async fn who_hangs_keeps_nobody_for_ever() {
        let places = Places::new(1);
        let mut first = places.take().await;
        let began = tokio::time::Instant::now();
        let hangs = async {
            let _place = places.take().await;
            std::future::pending::<()>().await;
        };
        let goes_on = first.lend(tokio::time::sleep(Duration::from_millis(10)));
        tokio::select! {
            () = hangs => unreachable!("it hangs"),
            () = goes_on => {}
        }
        assert!(began.elapsed() < PATIENCE * 2);
        assert!(first.held.is_none());
    }
}
