//! How a name becomes addresses: once for each gate, so that a later DNS answer changes nothing. It
//! judges no address.

use std::collections::HashMap;
use std::fmt;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::{Arc, Mutex};

use tokio::sync::OnceCell;

use super::{Policy, Refusal, lock};

type Lookup = dyn Fn(&str) -> io::Result<Vec<IpAddr>> + Send + Sync;

/// Who is asked for the addresses of a name: the system, unless another is put in its place.
#[derive(Clone, Default)]
pub struct Resolver(Option<Arc<Lookup>>);

impl Resolver {
    /// Asks this instead of the system. It must answer at once.
    pub fn asking(
        lookup: impl Fn(&str) -> io::Result<Vec<IpAddr>> + Send + Sync + 'static,
    ) -> Self {
        Resolver(Some(Arc::new(lookup)))
    }

    async fn ask(&self, host: &str) -> io::Result<Vec<IpAddr>> {
        match &self.0 {
            Some(lookup) => lookup(host),
            None => {
                let found = tokio::net::lookup_host((host, 0)).await?;
                Ok(found.map(|socket| socket.ip()).collect())
            }
        }
    }
}

impl fmt::Debug for Resolver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Some(_) => "Resolver(a stand-in)",
            None => "Resolver(the system)",
        })
    }
}

/// The names a gate has asked for, each with its first answer.
#[derive(Default)]
pub(super) struct Names(Mutex<HashMap<String, Arc<OnceCell<Vec<IpAddr>>>>>);

impl Names {
    /// The addresses of a host: whoever asks, and whenever, gets the same.
    ///
    /// # Errors
    /// Where it has none; that is asked again the next time.
    pub async fn addresses(&self, host: &str, policy: &Policy) -> Result<Vec<IpAddr>, Refusal> {
        let answer = lock(&self.0).entry(host.to_string()).or_default().clone();
        let found = answer.get_or_try_init(|| resolve(host, policy)).await;
        found
            .cloned()
            .map_err(|e| Refusal::Unresolved(e.to_string()))
    }
}

async fn resolve(host: &str, policy: &Policy) -> io::Result<Vec<IpAddr>> {
    let name = host.strip_suffix('.').unwrap_or(host);
    if let Some(address) = policy.resolve.get(name) {
        return Ok(vec![*address]);
    }
    if let Some(address) = written_out(name) {
        return Ok(vec![address]);
    }
    // These names are this machine's, whatever a server for names may say.
    if name == "localhost" || name.ends_with(".localhost") {
        return Ok(vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()]);
    }
    let mut addresses = policy.resolver.ask(host).await?;
    addresses.sort_by_key(IpAddr::is_ipv6);
    addresses.dedup();
    if addresses.is_empty() {
        return Err(io::Error::other("the name has no address"));
    }
    Ok(addresses)
}

/// The address that a host itself is. `0x7f.1`, `2130706433` and the like are addresses to browsers.
fn written_out(host: &str) -> Option<IpAddr> {
    if let Ok(address) = host.parse::<IpAddr>() {
        return Some(address);
    }
    match url::Host::parse(host) {
        Ok(url::Host::Ipv4(address)) => Some(address.into()),
        Ok(url::Host::Ipv6(address)) => Some(address.into()),
        _ => None,
    }
}
