//! Chrome: finding it, launching it, talking to it, and one fresh context per visit.
//!
//! The only module that knows `headless_chrome` and the DevTools protocol. It shows what the browser
//! shows; it must not know what a page means, where files go or which pages are opened next.

mod act;
mod bounded;
mod find;
mod frames;
mod keeper;
mod launch;
mod look;
mod paused;
mod print;
mod session;
mod traffic;
mod visit_log;
mod wire;

pub use act::{Clicked, Handle};
pub use find::{Chrome, ChromeError, ChromeKind, find_chrome};
pub use keeper::Keeper;
pub use launch::{Browser, LaunchSettings};
pub use look::{Documents, FrameDocuments, Shot};
pub use print::{PrintError, Sheets};
pub use session::{LoadState, NavigateError, OwnRequests, Session, SessionSettings};
pub use traffic::{Hold, Stopped, Traffic};
pub use visit_log::{MainResponse, Seen, VisitLog};
pub use wire::{WireError, cdp};
