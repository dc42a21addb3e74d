//! Legal holds on packs of a store, and deleting those whose time is over. Each stands in the chain before
//! it is done.

use std::path::Path;

use time::OffsetDateTime;

use crate::evidence::chain::{self, Chain, Period, What, Why};
use crate::evidence::{Key, hex};

use super::digest::digest_of;
use super::store::{Store, StoreError, event};

/// A person's words for the chain.
#[derive(Debug, Clone, Default)]
pub struct Words {
    pub reason: Option<String>,
    pub by: Option<String>,
}

/// What became of one pack.
#[derive(Debug, Clone)]
pub struct Outcome {
    pub pack: String,
    pub sealed_at: String,
    pub why: Why,
    /// Who holds it and why.
    pub holds: Vec<Words>,
    /// Why a pack that is due could not be deleted.
    pub failed: Option<String>,
}

/// The SHA-256 that names a pack, given as such or as a file.
///
/// # Errors
/// Where it is neither.
pub fn named(given: &str) -> Result<String, StoreError> {
    if chain::is_hash(given) {
        return Ok(given.to_string());
    }
    let hash = digest_of(Path::new(given)).map_err(|e| StoreError::Io(given.to_string(), e))?;
    Ok(hex(&hash))
}

/// Sets or lifts a legal hold. Gives how many there are on the pack now.
///
/// # Errors
/// Where the pack is not in the store, or there is no hold to lift.
pub fn hold(
    store: &Store,
    what: What,
    pack: &str,
    words: Words,
    key: Option<&Key>,
) -> Result<usize, StoreError> {
    let mut writing = store.lock()?;
    let Some(standing) = writing.chain.kept(pack) else {
        let why = format!("the pack {pack} is not in the store");
        return Err(StoreError::Refused(why));
    };
    if what == What::Released && standing.holds.is_empty() {
        let why = format!("the pack {pack} is under no legal hold");
        return Err(StoreError::Refused(why));
    }
    let mut event = event(what, pack);
    (event.reason, event.by) = (words.reason, words.by);
    writing.append(event, key)?;
    Ok(writing.chain.kept(pack).map_or(0, |s| s.holds.len()))
}

/// What would become of each pack.
///
/// # Errors
/// Where the chain cannot be read or does not hold.
pub fn would_prune(store: &Store, period: Period) -> Result<Vec<Outcome>, StoreError> {
    outcomes(&store.chain()?, period)
}

/// Deletes packs that were sealed longer ago, those under legal hold never, and none before its link is
/// written.
///
/// # Errors
/// Where the chain cannot be read or written, or does not hold.
pub fn prune(
    store: &Store,
    period: Period,
    reason: Option<String>,
    key: Option<&Key>,
) -> Result<Vec<Outcome>, StoreError> {
    let mut writing = store.lock()?;
    let mut outcomes = outcomes(&writing.chain, period)?;
    // What an earlier run said and did not come to.
    for (pack, standing) in &writing.chain.packs {
        if standing.pruned.is_some() {
            writing.delete(pack)?;
        }
    }
    for outcome in outcomes.iter_mut().filter(|one| one.why == Why::Due) {
        let mut event = event(What::Pruned, &outcome.pack);
        event.reason = reason.clone();
        writing.append(event, key)?;
        outcome.failed = writing.delete(&outcome.pack).err().map(|e| e.to_string());
    }
    Ok(outcomes)
}

fn outcomes(chain: &Chain, period: Period) -> Result<Vec<Outcome>, StoreError> {
    if let Some(why) = &chain.broken {
        let why = format!("the chain does not hold, and so neither do its legal holds: {why}");
        return Err(StoreError::Refused(why));
    }
    let before = period.before(OffsetDateTime::now_utc());
    let before = before.ok_or_else(|| StoreError::Refused("the period is too long".to_string()))?;
    let outcome = |kept: chain::Kept| Outcome {
        pack: kept.pack.to_string(),
        sealed_at: kept.standing.sealed.event.at.clone(),
        why: kept.why,
        holds: kept
            .standing
            .holds
            .iter()
            .map(|link| Words {
                reason: link.event.reason.clone(),
                by: link.event.by.clone(),
            })
            .collect(),
        failed: None,
    };
    Ok(chain::due(chain, before).into_iter().map(outcome).collect())
}
