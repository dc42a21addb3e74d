//! Asks time-stamp authorities about a pack, and keeps their answers beside it: what is sealed never changes.

use std::path::{Path, PathBuf};
use std::time::Duration;

use p256::elliptic_curve::rand_core::{OsRng, RngCore};
use url::Url;

use crate::evidence::stamp::{self, LARGEST_ANSWER, Stamp};
use crate::fetch::{FetchSettings, Fetcher, OwnHosts};
use crate::gate::{OwnPorts, Policy, PrivateNetwork, Resolver};

use super::beside::beside;

/// Tries at one authority, and the wait before each further one.
const TRIES: u32 = 3;
const WAIT: Duration = Duration::from_secs(2);
const TIMEOUT: Duration = Duration::from_secs(15);
/// Answers beside one pack.
const MOST_STAMPS: usize = 100;

/// Asks one authority, and writes its answer beside the pack where it proves something.
///
/// # Errors
/// Why there is no time stamp; the pack is as it was, and can be stamped later.
pub async fn timestamp(
    pack: &Path,
    authority: &Url,
    private_network: PrivateNetwork,
) -> Result<Stamp, String> {
    let hash = super::digest::digest_of(pack)
        .map_err(|e| format!("{} cannot be read: {e}", pack.display()))?;
    let fetcher = Fetcher::new(FetchSettings {
        policy: Policy {
            private_network,
            only_hosts: None,
            resolve: Default::default(),
            resolver: Resolver::default(),
            upstream: None,
            own_ports: OwnPorts::default(),
        },
        user_agent: concat!("consentry/", env!("CARGO_PKG_VERSION")).to_string(),
        accept_language: "en".to_string(),
        timeout: TIMEOUT,
        body_limit: LARGEST_ANSWER + 1,
        insecure_tls: false,
        own: OwnHosts::default(),
    })
    .await?;
    let mut last = String::new();
    for tried in 0..TRIES {
        if tried > 0 {
            tokio::time::sleep(WAIT * tried).await;
        }
        match ask(&fetcher, authority, &hash).await {
            Ok((answer, stamp)) => {
                let at = free_place(pack)?;
                std::fs::write(&at, answer)
                    .map_err(|e| format!("{} cannot be written: {e}", at.display()))?;
                return Ok(stamp);
            }
            Err(why) => last = why,
        }
    }
    Err(format!("{authority}: {last}; tried {TRIES} times"))
}

async fn ask(
    fetcher: &Fetcher,
    authority: &Url,
    hash: &[u8; 32],
) -> Result<(Vec<u8>, Stamp), String> {
    let nonce = OsRng.next_u64();
    let query = stamp::request(hash, nonce).map_err(|e| e.to_string())?;
    let answer = fetcher.post(authority, stamp::QUERY, query).await;
    let answer = answer.map_err(|e| e.to_string())?;
    if answer.status != 200 {
        return Err(format!("it answered {}", answer.status));
    }
    let said = stamp::check(&answer.body, hash, Some(nonce), &[]).map_err(|e| e.to_string())?;
    Ok((answer.body, said))
}

/// The answers beside a pack, in the order they were got.
pub fn stamps_of(pack: &Path) -> Vec<PathBuf> {
    let places = (1..=MOST_STAMPS).map(|number| place(pack, number));
    places.take_while(|path| path.is_file()).collect()
}

fn free_place(pack: &Path) -> Result<PathBuf, String> {
    let free = (1..=MOST_STAMPS).map(|number| place(pack, number));
    free.into_iter()
        .find(|path| !path.exists())
        .ok_or_else(|| format!("there are {MOST_STAMPS} time stamps beside the pack already"))
}

/// `evidence.wacz.tsr`, `evidence.wacz.2.tsr`, …
fn place(pack: &Path, number: usize) -> PathBuf {
    match number {
        1 => beside(pack, ".tsr"),
        number => beside(pack, &format!(".{number}.tsr")),
    }
}
