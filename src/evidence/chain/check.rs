//! What can be told of a chain, of the packs it names, and of one pack by it.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;

use super::super::encode::hex;
use super::super::key;
use super::super::verify::{Check, Holds};
use super::{Chain, Link, Tail, What, is_hash};

/// What lies in a store beside its chain.
#[derive(Debug, Clone, Default)]
pub struct Found {
    /// Each pack by its name, which is its SHA-256: the hash that it has, or why it cannot be read.
    pub packs: BTreeMap<String, Result<[u8; 32], String>>,
    /// The link beside a pack, as it stands there.
    pub links: BTreeMap<String, Vec<u8>>,
}

fn check(what: &'static str, holds: Holds, detail: impl Into<String>) -> Check {
    Check {
        what,
        holds,
        detail: detail.into(),
    }
}

/// Whether the links are unbroken, the packs there, and the signatures those of their keys.
pub fn checks(chain: &Chain, found: &Found) -> Vec<Check> {
    vec![
        unbroken(chain, found),
        packs(chain, found),
        signatures(&chain.links),
    ]
}

fn unbroken(chain: &Chain, found: &Found) -> Check {
    let end = match chain.tail {
        Tail::Whole => None,
        Tail::Unended | Tail::Torn => Some(format!(
            "link {} is cut short; the next thing kept in the store mends that",
            chain.lines + 1
        )),
    };
    let beside = || {
        found.links.iter().find_map(|(pack, line)| {
            let sealed = &chain.packs.get(pack)?.sealed;
            (sealed.line().as_bytes() != line).then(|| {
                format!(
                    "link {}: the one kept beside the pack {pack} is another one",
                    sealed.number
                )
            })
        })
    };
    match chain.broken.clone().or(end).or_else(beside) {
        Some(why) => check("chain", Holds::No, why),
        None => check(
            "chain",
            Holds::Yes,
            format!(
                "{} links, none broken; the last one has the SHA-256 {}",
                chain.lines, chain.head
            ),
        ),
    }
}

/// Every pack that is said to be there is, and no other.
fn packs(chain: &Chain, found: &Found) -> Check {
    let what = "chain_packs";
    let mut by_number: Vec<_> = chain.packs.iter().collect();
    by_number.sort_by_key(|(_, standing)| standing.sealed.number);
    let mut there = 0;
    let mut leftover = None;
    for (pack, standing) in by_number {
        let number = standing.sealed.number;
        match (standing.pruned, found.packs.get(pack)) {
            (None, None) => {
                let why =
                    format!("the pack {pack} of link {number} is gone, and no link deletes it");
                return check(what, Holds::No, why);
            }
            (None, Some(Err(why))) => {
                let why = format!("the pack {pack} of link {number} cannot be read: {why}");
                return check(what, Holds::No, why);
            }
            (None, Some(Ok(hash))) if hex(hash) != *pack => {
                let why = format!(
                    "the pack {pack} of link {number} is another one: its SHA-256 is {}",
                    hex(hash)
                );
                return check(what, Holds::No, why);
            }
            (None, Some(Ok(_))) => there += 1,
            (Some(_), None) => {}
            (Some(by), Some(_)) => leftover = Some((pack, by)),
        }
    }
    if let Some(pack) = found
        .packs
        .keys()
        .find(|pack| !chain.packs.contains_key(*pack))
    {
        let why = format!("the pack {pack} is in the store, and no link seals it");
        return check(what, Holds::No, why);
    }
    if let Some((pack, by)) = leftover {
        let why = format!(
            "the pack {pack} is still there, and link {by} says that it was deleted; \
             `consentry evidence prune` goes on with it"
        );
        return check(what, Holds::CannotTell, why);
    }
    let detail = format!("each of the {there} packs that no link deletes is there, with its hash");
    check(what, Holds::Yes, detail)
}

fn signatures(links: &[Link]) -> Check {
    let what = "chain_signatures";
    let mut keys = BTreeSet::new();
    let mut unsigned = 0;
    for link in links {
        match signature(link) {
            Ok(Some(by)) => drop(keys.insert(by)),
            Ok(None) => unsigned += 1,
            Err(why) => return check(what, Holds::No, format!("link {}: {why}", link.number)),
        }
    }
    let by = match keys.is_empty() {
        true => String::new(),
        false => format!(", by the key {}", Vec::from_iter(keys).join(" and ")),
    };
    let signed = format!(
        "{} of {} links signed{by}",
        links.len() - unsigned,
        links.len()
    );
    match unsigned {
        0 => check(what, Holds::Yes, signed),
        _ => check(
            what,
            Holds::CannotTell,
            format!("{signed}: whether the others were written anew cannot be told"),
        ),
    }
}

/// The fingerprint of the key that signed a link.
fn signature(link: &Link) -> Result<Option<String>, String> {
    let (Some(public), Some(signature)) = (&link.public_key, &link.signature) else {
        return match (&link.public_key, &link.signature) {
            (None, None) => Ok(None),
            _ => Err("it has half a signature".to_string()),
        };
    };
    let decoded = |text: &str| {
        BASE64
            .decode(text)
            .map_err(|_| "its signature is no base64")
    };
    let (public, signature) = (decoded(public)?, decoded(signature)?);
    match key::verify(&public, link.signed().as_bytes(), &signature) {
        Some(true) => Ok(Some(key::fingerprint(&public))),
        Some(false) => Err("its signature is not that of the key in it".to_string()),
        None => Err("its key or signature is not ECDSA P-256 in DER".to_string()),
    }
}

/// Whether a chain names a pack.
pub fn of_pack(chain: &Chain, pack: &str) -> Check {
    let what = "chain_link";
    if let Some(standing) = chain.packs.get(pack) {
        let sealed = &standing.sealed;
        let mut detail = format!("link {} of {} seals it", sealed.number, sealed.event.at);
        if let Some(by) = standing.pruned {
            detail.push_str(&format!(
                "; link {by} says that it was deleted from the store"
            ));
        }
        return check(what, Holds::Yes, detail);
    }
    let of_copy = |link: &&Link| {
        link.event.what == What::Redacted && link.event.copy.as_deref() == Some(pack)
    };
    match chain.links.iter().find(of_copy) {
        Some(link) => {
            let (number, full) = (link.number, &link.event.pack);
            let detail = format!("link {number} names it as a copy of {full}");
            check(what, Holds::Yes, detail)
        }
        None => check(what, Holds::No, "no link of the chain names it"),
    }
}

/// What the link beside a pack tells without its chain; with the chain, whether it stands there.
pub fn beside(line: &[u8], pack: &str, chain: Option<&Chain>) -> Vec<Check> {
    let what = "chain_link";
    let no = |why: &str| vec![check(what, Holds::No, format!("the link beside it: {why}"))];
    let link = match Link::parse(line) {
        Ok(link) => link,
        Err(why) => return no(&why),
    };
    if link.event.pack != pack {
        return no("it is that of another pack");
    }
    if !is_hash(&link.previous) || link.event.what != What::Sealed {
        return no("it is none that seals a pack");
    }
    let Some(chain) = chain else {
        let detail = format!(
            "link {} of a chain, of {}, seals it; the link has the SHA-256 {}",
            link.number,
            link.event.at,
            link.hash()
        );
        return vec![
            check(what, Holds::Yes, detail),
            signatures(&[link]),
            check(
                "chain",
                Holds::CannotTell,
                "whether the chain is unbroken takes --store",
            ),
        ];
    };
    match chain.links.contains(&link) {
        true => Vec::new(),
        false => no("it does not stand in the chain"),
    }
}
