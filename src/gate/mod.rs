//! The loopback proxy that all traffic of a visit passes.
//!
//! It resolves each name once, refuses addresses that the guard refuses, connects to the address it
//! judged (so a second DNS answer changes nothing) and records both. One gate per visit: what it
//! records belongs to that visit. It must not know browsers, pages or rules.

mod guard;
mod proxy;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::net::TcpListener;
use tokio::task::{JoinHandle, JoinSet};

use crate::artifact::Connection;

pub use guard::{PrivateNetwork, Refusal, judge};

/// What a gate lets through.
#[derive(Debug, Clone, Default)]
pub struct Policy {
    pub private_network: PrivateNetwork,
    /// Only these hosts may be reached, where set (`--no-third-parties`).
    pub only_hosts: Option<HashSet<String>>,
    /// Names that resolve to a given address (`--resolve`).
    pub resolve: HashMap<String, IpAddr>,
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
    /// By host and port.
    connections: Mutex<BTreeMap<(String, u16), Connection>>,
    pinned: Mutex<HashMap<String, Vec<IpAddr>>>,
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
            connections: Mutex::default(),
            pinned: Mutex::default(),
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

    pub fn open_up(&self) {}
    pub fn watch(&self) {}
    pub fn shut(&self) {}
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
        let known = lock(&self.pinned).get(host).cloned();
        let resolved = match known {
            Some(known) => known,
            None => self.resolve(host, port).await?,
        };
        self.note(host, port, |connection| {
            connection.addresses = resolved.iter().map(IpAddr::to_string).collect();
        });
        let mut refusal = Refusal::Unresolved("the name has no address".to_string());
        let mut allowed = Vec::new();
        for address in &resolved {
            let own = address.to_canonical().is_loopback() && self.policy.own_ports.contains(port);
            let verdict = if own {
                Err(Refusal::Own)
            } else {
                judge(*address, &self.policy.private_network)
            };
            match verdict {
                Ok(()) => allowed.push(*address),
                Err(why) => refusal = why,
            }
        }
        if allowed.is_empty() {
            return Err(refusal);
        }
        lock(&self.pinned).insert(host.to_string(), allowed.clone());
        Ok(allowed)
    }

    async fn resolve(&self, host: &str, port: u16) -> Result<Vec<IpAddr>, Refusal> {
        if let Some(address) = self.policy.resolve.get(host) {
            return Ok(vec![*address]);
        }
        // `0x7f.1`, `2130706433` and the like are addresses to browsers; they are judged as such.
        match url::Host::parse(host.trim_start_matches('[').trim_end_matches(']')) {
            Ok(url::Host::Ipv4(address)) => return Ok(vec![address.into()]),
            Ok(url::Host::Ipv6(address)) => return Ok(vec![address.into()]),
            _ => {}
        }
        if let Ok(address) = host.trim_matches(['[', ']']).parse::<IpAddr>() {
            return Ok(vec![address]);
        }
        let found = tokio::net::lookup_host((host, port)).await;
        let mut addresses: Vec<IpAddr> = found
            .map_err(|e| Refusal::Unresolved(e.to_string()))?
            .map(|socket| socket.ip())
            .collect();
        addresses.sort_by_key(IpAddr::is_ipv6);
        addresses.dedup();
        Ok(addresses)
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

/// A poisoned lock only means that another task panicked; the data is plain.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
