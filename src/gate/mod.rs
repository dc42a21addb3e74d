//! The loopback proxy that all traffic of a visit passes.
//!
//! It resolves each name once, refuses addresses that the guard refuses, connects to the address it
//! judged (so a second DNS answer changes nothing) and records both. While a visit types, it is
//! watched: only what was announced passes. While a submission is held, it is shut: nothing does.
//! One gate per visit: what it records belongs to that visit. It must not know browsers, pages or rules.

mod door;
mod forward;
mod guard;
mod held;
mod names;
mod proxy;
mod upstream;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::net::TcpListener;
use tokio::task::{JoinHandle, JoinSet};

use crate::artifact::{Attempt, Connection};

use door::Door;
use names::Names;

pub use door::{Inspection, RequestHead};
pub use guard::{PrivateNetwork, Refusal, judge};
pub use names::Resolver;
pub use upstream::Upstream;

/// What a gate lets through.
#[derive(Debug, Clone, Default)]
pub struct Policy {
    pub private_network: PrivateNetwork,
    /// Only these hosts may be reached, where set (`--no-third-parties`).
    pub only_hosts: Option<HashSet<String>>,
    /// Names that resolve to a given address (`--resolve`), in lower case and without a dot at the end.
    pub resolve: HashMap<String, IpAddr>,
    /// Who is asked for the addresses of other names.
    pub resolver: Resolver,
    /// The proxy that connections go through (`--proxy`). Addresses are judged here all the same.
    pub upstream: Option<Upstream>,
    /// Ports of this machine that belong to the scanner (gates, Chrome's debugging port): no page may
    /// reach them, whatever else is allowed.
    pub own_ports: OwnPorts,
}

/// The loopback ports the scanner itself listens on, shared by all its gates.
#[derive(Debug, Clone, Default)]
pub struct OwnPorts(Arc<Mutex<HashSet<u16>>>);

impl OwnPorts {
    pub fn add(&self, port: u16) {
        lock(&self.0).insert(port);
    }

    pub fn remove(&self, port: u16) {
        lock(&self.0).remove(&port);
    }

    pub fn contains(&self, port: u16) -> bool {
        lock(&self.0).contains(&port)
    }
}

/// A running gate. Dropping it closes it.
pub struct Gate {
    address: SocketAddr,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

struct Shared {
    policy: Policy,
    door: Door,
    names: Names,
    /// By host and port.
    connections: Mutex<BTreeMap<(String, u16), Connection>>,
    /// Why the last connection to a host was not made.
    refusals: Mutex<HashMap<(String, u16), Refusal>>,
    /// What carries open connections; it ends with the gate.
    streams: Mutex<JoinSet<()>>,
}

impl Gate {
    /// Opens a gate on a free loopback port.
    ///
    /// # Errors
    /// Where the machine gives no port.
    pub async fn open(policy: Policy) -> std::io::Result<Gate> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        policy.own_ports.add(address.port());
        let shared = Arc::new(Shared {
            policy,
            door: Door::new(),
            names: Names::default(),
            connections: Mutex::default(),
            refusals: Mutex::default(),
            streams: Mutex::default(),
        });
        let task = tokio::spawn(proxy::serve(listener, shared.clone()));
        Ok(Gate {
            address,
            shared,
            task,
        })
    }

    /// `127.0.0.1:port`, for Chrome's proxy setting.
    pub fn address(&self) -> String {
        self.address.to_string()
    }

    /// Lets everything through that the policy allows: how a gate begins.
    pub fn open_up(&self) {
        self.shared.door.open_up();
    }

    /// From now on only what was announced with [`Gate::expect`] passes; the rest is refused and listed.
    ///
    /// Cuts every tunnel and every plain request that is still being sent (a page could send what is
    /// typed over them), and forgets what was announced before. Answers to plain requests that were
    /// sent whole still come through. Calling it again cuts again.
    pub fn watch(&self) {
        self.shared.door.watch();
    }

    /// From now on nothing passes; everything is refused and listed. Cuts whatever is open, answers
    /// included, and forgets what was announced. Once it has returned, not a byte leaves.
    pub fn shut(&self) {
        self.shared.door.shut();
    }

    /// Announces a request to a gate that is watched. It covers the connections that a browser makes
    /// for one request: two at most, within ten seconds.
    pub fn expect(&self, host: &str, port: u16) {
        self.shared.door.expect(host, port);
    }

    /// Has every plain request looked at, its body whole, before anything of it is sent on while the
    /// gate is watched. What cannot be read whole, or is longer than a megabyte, is refused.
    pub fn inspect(&self, inspection: Arc<Inspection>) {
        self.shared.door.inspect(inspection);
    }

    /// What was turned away while the gate was watched or shut, the first few hundred.
    pub fn attempts(&self) -> Vec<Attempt> {
        self.shared.door.attempts()
    }

    /// How many more were turned away than [`Gate::attempts`] lists.
    pub fn more_attempts(&self) -> usize {
        self.shared.door.more_attempts()
    }

    /// Everything it connected to or refused, by host.
    pub fn connections(&self) -> Vec<Connection> {
        lock(&self.shared.connections).values().cloned().collect()
    }

    /// The address that a host was pinned to.
    pub fn pinned(&self, host: &str, port: u16) -> Option<String> {
        lock(&self.shared.connections)
            .get(&(host.to_string(), port))
            .and_then(|connection| connection.pinned.clone())
    }

    /// Why the last connection to a host was not made, where it was not.
    pub fn refusal(&self, host: &str, port: u16) -> Option<Refusal> {
        lock(&self.shared.refusals)
            .get(&(host.to_string(), port))
            .cloned()
    }

    /// Whether the policy would let a host through by its name alone.
    pub fn allows_host(&self, host: &str) -> bool {
        self.shared.allows_host(host)
    }
}

impl Drop for Gate {
    fn drop(&mut self) {
        self.task.abort();
        lock(&self.shared.streams).abort_all();
        self.shared.policy.own_ports.remove(self.address.port());
    }
}

impl Shared {
    fn allows_host(&self, host: &str) -> bool {
        self.policy
            .only_hosts
            .as_ref()
            .is_none_or(|hosts| hosts.contains(host))
    }

    /// The addresses that may be connected to for a host: resolved once, judged each.
    ///
    /// # Errors
    /// Why there is none.
    async fn addresses(&self, host: &str, port: u16) -> Result<Vec<IpAddr>, Refusal> {
        if !self.allows_host(host) {
            return Err(Refusal::ThirdParty);
        }
        let resolved = self.names.addresses(host, &self.policy).await?;
        self.note(host, port, |connection| {
            connection.addresses = resolved.iter().map(IpAddr::to_string).collect();
        });
        let mut refusal = Refusal::Unresolved("the name has no address".to_string());
        let mut allowed = Vec::new();
        for address in resolved {
            match self.judge(address, port) {
                Ok(()) => allowed.push(address),
                Err(why) => refusal = why,
            }
        }
        if allowed.is_empty() {
            return Err(refusal);
        }
        Ok(allowed)
    }

    fn judge(&self, address: IpAddr, port: u16) -> Result<(), Refusal> {
        let upstream = self.policy.upstream.as_ref();
        let own = self.policy.own_ports.contains(port)
            || upstream.and_then(Upstream::own_port) == Some(port);
        if own && address.to_canonical().is_loopback() {
            return Err(Refusal::Own);
        }
        judge(address, &self.policy.private_network)
    }

    /// Keeps a connection's work going until it ends or the gate closes.
    fn carry(&self, work: impl Future<Output = ()> + Send + 'static) {
        let mut streams = lock(&self.streams);
        while streams.try_join_next().is_some() {}
        streams.spawn(work);
    }

    fn note(&self, host: &str, port: u16, change: impl FnOnce(&mut Connection)) {
        let mut connections = lock(&self.connections);
        let entry = connections
            .entry((host.to_string(), port))
            .or_insert_with(|| Connection {
                host: host.to_string(),
                port,
                addresses: Vec::new(),
                pinned: None,
                refused: None,
            });
        change(entry);
    }
}

/// A host as it is compared: in lower case, without the brackets of IPv6.
fn host_key(host: &str) -> String {
    host.trim_matches(['[', ']']).to_ascii_lowercase()
}

/// A poisoned lock only means that another task panicked; the data is plain.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
