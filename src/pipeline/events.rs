//! What happens while a scan runs, for whoever shows progress.

use crate::artifact::PageStatus;

/// One thing that happened.
#[derive(Debug, Clone)]
pub enum Event {
    /// So many pages are known to be opened so far.
    Planned(usize),
    PageStarted {
        page: String,
        url: String,
    },
    PageDone {
        page: String,
        url: String,
        status: PageStatus,
    },
}

/// Gets events as they happen, from any thread.
pub type Listener = dyn Fn(Event) + Send + Sync;
