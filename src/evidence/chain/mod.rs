//! The chain over the packs of a store: one link a line, each with the hash of the line before, so that a
//! pack that is removed, replaced or slipped in shows, and nothing is deleted without saying so.
//!
//! Text in, text out: it must not know where packs lie, what time it is, or what a pack holds.

mod check;
mod keeping;

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::encode::hex;
use super::key::{Key, KeyError};

pub use check::{Found, beside, checks, of_pack};
pub use keeping::{Kept, Period, Why, due};

/// What the first link names as the one before.
const NONE_BEFORE: &str = "0000000000000000000000000000000000000000000000000000000000000000";
/// Bytes of one link, and links of one chain: more was not written by this program.
const LONGEST_LINK: usize = 64 << 10;
const MOST_LINKS: usize = 1_000_000;
/// Characters of a person's words in a link.
pub const LONGEST_WORDS: usize = 2_000;

/// What happened to a pack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// It came into the store.
    Sealed,
    /// It was deleted from the store, since its time was over.
    Pruned,
    /// It must not be deleted.
    Held,
    /// One such hold is over.
    Released,
    /// A copy was made from which parts were removed.
    Redacted,
}

/// What a link tells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// RFC 3339, UTC.
    pub at: String,
    pub what: What,
    /// SHA-256 of the pack, hexadecimal.
    pub pack: String,
    /// When the pack was made, by its own word.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created: Option<String>,
    /// SHA-256 of the copy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub copy: Option<String>,
    /// A person's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
}

/// One line of the chain. The order of the fields is that of the line; the signature stands last, so that
/// what is signed is the line without it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Link {
    pub number: u64,
    #[serde(flatten)]
    pub event: Event,
    /// SHA-256 of the line before, its line feed included.
    pub previous: String,
    /// DER, base64.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public_key: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signature: Option<String>,
}

impl Link {
    /// Reads a line. There is one way to write a link, so that every byte of it counts.
    fn parse(line: &[u8]) -> Result<Link, String> {
        if line.len() > LONGEST_LINK {
            return Err("it is too long".to_string());
        }
        let link: Link = serde_json::from_slice(line).map_err(|e| format!("it is no link: {e}"))?;
        let same = link.line().as_bytes() == line;
        let known = is_hash(&link.event.pack) && link.event.copy.as_deref().is_none_or(is_hash);
        match same && known {
            true => Ok(link),
            false => Err("it is not written as links are".to_string()),
        }
    }

    /// The line, with its line feed.
    pub fn line(&self) -> String {
        // Text, numbers and optional text always have a form in JSON.
        let text = serde_json::to_string(self).unwrap_or_default();
        text + "\n"
    }

    /// What the next link names as the one before.
    pub fn hash(&self) -> String {
        line_hash(self.line().as_bytes())
    }

    /// The bytes that are signed: the line without signature and line feed.
    fn signed(&self) -> String {
        let bare = Link {
            signature: None,
            ..self.clone()
        };
        serde_json::to_string(&bare).unwrap_or_default()
    }
}

/// Whether it is a SHA-256 in hexadecimal as this program writes it.
pub fn is_hash(text: &str) -> bool {
    let digit = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
    text.len() == 64 && text.bytes().all(digit)
}

fn line_hash(line: &[u8]) -> String {
    hex(&Sha256::digest(line))
}

/// How the text of a chain ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tail {
    Whole,
    /// The last link is whole but for its line feed.
    Unended,
    /// A piece of a link, which a killed program left.
    Torn,
}

/// How a pack stands by the links so far.
#[derive(Debug, Clone)]
pub struct Standing {
    /// The link that sealed it.
    pub sealed: Link,
    /// Legal holds that nobody lifted yet, oldest first.
    pub holds: Vec<Link>,
    /// The link that deleted it.
    pub pruned: Option<u64>,
}

/// A chain as it was read.
#[derive(Debug, Clone)]
pub struct Chain {
    pub links: Vec<Link>,
    /// How each pack stands.
    pub packs: BTreeMap<String, Standing>,
    /// Whole lines.
    pub lines: u64,
    /// SHA-256 of the last whole line: whoever notes it can tell later whether the end was cut off.
    pub head: String,
    /// The first link that is not what it should be, and why.
    pub broken: Option<String>,
    pub tail: Tail,
    /// Bytes up to the end of the last whole line.
    pub whole: usize,
}

impl Chain {
    /// Reads the text of a chain. One that is broken is read on as far as it goes.
    pub fn read(text: &[u8]) -> Chain {
        let whole = text
            .iter()
            .rposition(|b| *b == b'\n')
            .map_or(0, |at| at + 1);
        let mut chain = Chain {
            links: Vec::new(),
            packs: BTreeMap::new(),
            lines: 0,
            head: NONE_BEFORE.to_string(),
            broken: None,
            tail: Tail::Whole,
            whole,
        };
        for line in text[..whole].split_inclusive(|b| *b == b'\n') {
            if chain.links.len() >= MOST_LINKS {
                chain.broken = Some(format!("it has more than {MOST_LINKS} links"));
                break;
            }
            chain.take(line);
        }
        if let rest @ [_, ..] = &text[whole..] {
            let line = [rest, b"\n"].concat();
            chain.tail = match chain.follows(&line) {
                Ok(_) => Tail::Unended,
                Err(_) => Tail::Torn,
            };
        }
        chain
    }

    fn take(&mut self, line: &[u8]) {
        let followed = self.follows(line);
        // What a link tells is kept even where it stands in the wrong place.
        let link = followed.clone().or_else(|_| Link::parse(line)).ok();
        self.lines += 1;
        let told = link.map_or(Ok(()), |link| self.tell(link));
        if let Err(why) = followed.map(drop).and(told) {
            let why = format!("link {}: {why}", self.lines);
            self.broken.get_or_insert(why);
        }
        self.head = line_hash(line);
    }

    /// The link in a line, where it can follow on what was read.
    fn follows(&self, line: &[u8]) -> Result<Link, String> {
        let link = Link::parse(line)?;
        if link.previous != self.head {
            return Err("the hash of the link before is another one".to_string());
        }
        match link.number == self.lines + 1 {
            true => Ok(link),
            false => Err(format!("it has the number {}", link.number)),
        }
    }

    /// What a link changes for its pack.
    fn tell(&mut self, link: Link) -> Result<(), String> {
        let event = &link.event;
        let pack = &event.pack;
        let there = self.packs.get_mut(pack).filter(|s| s.pruned.is_none());
        let told = match (event.what, there) {
            (What::Sealed, None) => {
                let standing = Standing {
                    sealed: link.clone(),
                    holds: Vec::new(),
                    pruned: None,
                };
                self.packs.insert(pack.clone(), standing);
                Ok(())
            }
            (What::Sealed, Some(_)) => Err("it seals a pack a second time".to_string()),
            (_, None) => Err(format!("it is about {pack}, which no link seals")),
            (What::Pruned, Some(standing)) => {
                standing.pruned = Some(link.number);
                match standing.holds.is_empty() {
                    true => Ok(()),
                    false => Err(format!("it deletes {pack}, which was under legal hold")),
                }
            }
            (What::Held, Some(standing)) => {
                standing.holds.push(link.clone());
                Ok(())
            }
            (What::Released, Some(standing)) => match standing.holds.is_empty() {
                true => Err(format!("it lifts a hold on {pack}, and there was none")),
                false => {
                    standing.holds.remove(0);
                    Ok(())
                }
            },
            (What::Redacted, Some(_)) => Ok(()),
        };
        self.links.push(link);
        told
    }

    /// A pack that is in the store: sealed, and not deleted since.
    pub fn kept(&self, pack: &str) -> Option<&Standing> {
        self.packs.get(pack).filter(|s| s.pruned.is_none())
    }

    /// The link that comes next, signed where there is a key.
    ///
    /// # Errors
    /// Where the key cannot be encoded.
    pub fn next(&self, event: Event, key: Option<&Key>) -> Result<Link, KeyError> {
        let mut link = Link {
            number: self.lines + 1,
            event,
            previous: self.head.clone(),
            public_key: None,
            signature: None,
        };
        if let Some(key) = key {
            link.public_key = Some(BASE64.encode(key.public()?));
            link.signature = Some(BASE64.encode(key.sign(link.signed().as_bytes())));
        }
        Ok(link)
    }

    /// The same chain with a link more, which was made by [`Chain::next`].
    pub fn add(&mut self, link: &Link) {
        self.take(link.line().as_bytes());
    }
}
