//! What a copy from which parts were removed says of itself, and where. Plain data.

use serde::{Deserialize, Serialize};

use super::encode::hex;
use super::pack::{DIGEST, INDEX, PACKAGE, PAGES};
use super::records::Member;
use super::warc::Kind;

/// What says in a copy that it is one.
pub const REDACTION: &str = "log/redaction.json";
/// What was the full pack's own.
pub const ORIGINAL: &str = "original/";
/// Where the full pack's own files stand in a copy, with their path in the full pack.
pub const ORIGINALS: [(&str, &str); 4] = [
    ("original/datapackage.json", PACKAGE),
    ("original/datapackage-digest.json", DIGEST),
    ("original/index.cdx.gz", INDEX),
    ("original/pages.jsonl", PAGES),
];

/// A part of a pack: a file by its path, or a record of the archive by its target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// `request`, `response`, `resource` or `metadata`, of a record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// Of a file's bytes, or of what a record holds (of an answer, without its head).
    pub sha256: String,
    pub bytes: u64,
}

impl Part {
    /// The name that patterns are compared with.
    pub fn name(&self) -> &str {
        let name = self.path.as_deref().or(self.target.as_deref());
        name.unwrap_or_default()
    }

    /// The part that a file is, by its list.
    pub fn file(path: &str, (hash, bytes): &(String, u64)) -> Part {
        Part {
            path: Some(path.to_string()),
            target: None,
            kind: None,
            date: None,
            sha256: hash.trim_start_matches("sha256:").to_string(),
            bytes: *bytes,
        }
    }

    /// The part that a record is; what the archive says of itself is none.
    pub fn record(member: &Member) -> Option<Part> {
        Some(Part {
            path: None,
            target: Some(
                member
                    .target
                    .clone()
                    .filter(|_| member.kind != Kind::Warcinfo)?,
            ),
            kind: Some(member.kind.as_str().to_string()),
            date: Some(member.date.clone()),
            sha256: hex(&member.digest),
            bytes: member.bytes,
        })
    }
}

/// Which pack a copy is of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Full {
    /// SHA-256 of the file.
    pub sha256: String,
    /// `sha256:` and the hash of its `datapackage.json`.
    pub package: String,
}

/// What a copy says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Redaction {
    pub full: Full,
    /// RFC 3339, UTC.
    pub at: String,
    pub reason: Option<String>,
    pub by: Option<String>,
    pub removed: Vec<Part>,
}
