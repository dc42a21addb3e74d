//! What a gate lets through at the moment: its mode, the tickets of requests that were announced, and
//! the list of what it turned away. It knows neither sockets nor HTTP.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::sync::watch;

use super::{host_key, lock};
use crate::artifact::Attempt;

/// A ticket covers one announced request for this long, and the connections that Chrome may make for
/// one: a second where the first breaks.
const TICKET_LIFE: Duration = Duration::from_secs(10);
const TICKET_USES: u8 = 2;
/// Tickets that wait at once; a page that is announced more often has lost its oldest.
const MOST_TICKETS: usize = 1_000;
/// Attempts that are listed; the rest is counted.
const MOST_ATTEMPTS: usize = 300;
const MOST_PATH: usize = 300;

const UNANNOUNCED: &str = "the request was not announced to the gate, which is watched";
const SHUT: &str = "the gate is shut";

/// The head of a plain request, as an inspection sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestHead {
    pub method: String,
    /// In absolute form.
    pub url: String,
    pub headers: Vec<(String, String)>,
}

/// Looks at a whole plain request; the error says why it must not go out.
pub type Inspection = dyn Fn(&RequestHead, &[u8]) -> Result<(), String> + Send + Sync;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Open,
    Watched,
    Shut,
}

#[derive(Debug, Clone, Copy)]
struct Stage {
    mode: Mode,
    /// How often tunnels, and requests that were not sent yet, were cut.
    cuts: u64,
    /// How often answers under way were cut too.
    shuts: u64,
}

pub(super) struct Door {
    opened: Instant,
    stage: watch::Sender<Stage>,
    tickets: Mutex<Vec<Ticket>>,
    attempts: Mutex<Attempts>,
    inspection: Mutex<Option<Arc<Inspection>>>,
}

struct Ticket {
    host: String,
    port: u16,
    until: Instant,
    left: u8,
}

#[derive(Default)]
struct Attempts {
    listed: Vec<Attempt>,
    more: usize,
}

/// What somebody asks a gate for.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    pub host: String,
    pub port: u16,
    pub method: String,
    pub path: Option<String>,
    pub websocket: bool,
}

/// What one connection was let through on; void after the next cut.
#[derive(Clone)]
pub(super) struct Pass {
    stage: watch::Receiver<Stage>,
    given: Stage,
}

impl Door {
    pub fn new() -> Self {
        let open = Stage {
            mode: Mode::Open,
            cuts: 0,
            shuts: 0,
        };
        Door {
            opened: Instant::now(),
            stage: watch::Sender::new(open),
            tickets: Mutex::default(),
            attempts: Mutex::default(),
            inspection: Mutex::default(),
        }
    }

    pub fn open_up(&self) {
        self.stage.send_modify(|stage| stage.mode = Mode::Open);
    }

    pub fn watch(&self) {
        self.cut(|stage| stage.mode = Mode::Watched);
    }

    pub fn shut(&self) {
        self.cut(|stage| {
            stage.mode = Mode::Shut;
            stage.shuts += 1;
        });
    }

    fn cut(&self, change: impl FnOnce(&mut Stage)) {
        // Held meanwhile: what was announced before must not open anything after the cut.
        let mut tickets = lock(&self.tickets);
        tickets.clear();
        self.stage.send_modify(|stage| {
            change(stage);
            stage.cuts += 1;
        });
    }

    pub fn expect(&self, host: &str, port: u16) {
        let now = Instant::now();
        let mut tickets = lock(&self.tickets);
        tickets.retain(|ticket| ticket.until > now);
        if tickets.len() == MOST_TICKETS {
            tickets.remove(0);
        }
        tickets.push(Ticket {
            host: host_key(host),
            port,
            until: now + TICKET_LIFE,
            left: TICKET_USES,
        });
    }

    /// Lets a connection through, or says why not.
    pub fn admit(&self, asked: &Asked) -> Result<Pass, &'static str> {
        let given = *self.stage.borrow();
        match given.mode {
            Mode::Open => {}
            Mode::Watched if self.has_ticket(asked) => {}
            Mode::Watched => return Err(UNANNOUNCED),
            Mode::Shut => return Err(SHUT),
        }
        Ok(Pass {
            stage: self.stage.subscribe(),
            given,
        })
    }

    fn has_ticket(&self, asked: &Asked) -> bool {
        let now = Instant::now();
        let mut tickets = lock(&self.tickets);
        tickets.retain(|ticket| ticket.until > now && ticket.left > 0);
        let fits = |ticket: &&mut Ticket| ticket.host == asked.host && ticket.port == asked.port;
        // The oldest first: a second connection belongs to the request that made the first.
        match tickets.iter_mut().find(fits) {
            Some(ticket) => {
                ticket.left -= 1;
                true
            }
            None => false,
        }
    }

    pub fn inspect(&self, inspection: Arc<Inspection>) {
        *lock(&self.inspection) = Some(inspection);
    }

    /// What looks at the requests that come by a pass: nothing, unless the gate was watched then.
    pub fn inspection(&self, pass: &Pass) -> Option<Arc<Inspection>> {
        (pass.given.mode == Mode::Watched)
            .then(|| lock(&self.inspection).clone())
            .flatten()
    }

    /// Lists what was not let through.
    pub fn turned_away(&self, asked: Asked, why: &str) {
        let mut attempts = lock(&self.attempts);
        if attempts.listed.len() == MOST_ATTEMPTS {
            attempts.more += 1;
            return;
        }
        attempts.listed.push(Attempt {
            at_ms: u64::try_from(self.opened.elapsed().as_millis()).unwrap_or(u64::MAX),
            host: asked.host,
            port: asked.port,
            method: asked.method,
            path: asked
                .path
                .map(|path| path.chars().take(MOST_PATH).collect()),
            websocket: asked.websocket,
            why: why.to_string(),
        });
    }

    pub fn attempts(&self) -> Vec<Attempt> {
        lock(&self.attempts).listed.clone()
    }

    pub fn more_attempts(&self) -> usize {
        lock(&self.attempts).more
    }
}

impl Pass {
    /// Does what sends, unless the pass is void. A cut waits for it to end: once `watch` or `shut` has
    /// returned, nothing is being sent on an older pass.
    pub fn sending<T>(&self, send: impl FnOnce() -> T) -> Option<T> {
        let stage = self.stage.borrow();
        (stage.cuts == self.given.cuts).then(send)
    }

    pub fn is_valid(&self) -> bool {
        self.sending(|| ()).is_some()
    }

    /// Whether even the answers to what was sent are no longer wanted.
    pub fn is_shut(&self) -> bool {
        self.stage.borrow().shuts != self.given.shuts
    }

    /// Returns when the pass is void.
    pub async fn cut(&self) {
        let (mut stage, given) = (self.stage.clone(), self.given);
        // An error means that the gate is gone, which cuts everything as well.
        let _ = stage.wait_for(|stage| stage.cuts != given.cuts).await;
    }

    /// Returns when [`Pass::is_shut`].
    pub async fn shut(&self) {
        let (mut stage, given) = (self.stage.clone(), self.given);
        let _ = stage.wait_for(|stage| stage.shuts != given.shuts).await;
    }
}
