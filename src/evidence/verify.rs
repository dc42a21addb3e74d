//! Checks a pack as a third party would: every hash, the list of files, the signature.
//!
//! A pack comes from somebody else: names, sizes and numbers in it are bounded before they are believed.
//! It must not know what a page or a form is, and it has no network.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Seek, SeekFrom};

use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};
use zip::ZipArchive;

use super::copy;
use super::encode::hex;
use super::pack::{DIGEST, PACKAGE, WACZ_VERSION};
use super::redaction::{ORIGINAL, REDACTION, Redaction};
use super::signed::signed;

/// What a check came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Holds {
    Yes,
    No,
    CannotTell,
}

/// One thing that was checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// `structure`, `files`, `package`, `signature`, `time_stamp`, `chain`, …
    pub what: &'static str,
    pub holds: Holds,
    /// For people: what was found, and where.
    pub detail: String,
}

/// What is known of a pack after checking it.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Verified {
    pub checks: Vec<Check>,
    /// `sha256:` and the hash of the list of files: what is signed.
    pub hash: Option<String>,
    /// The fingerprint of the key that signed, where the signature holds.
    pub signed_by: Option<String>,
    pub created: Option<String>,
    pub software: Option<String>,
    /// The first file that is not what the list says.
    pub first_difference: Option<String>,
    /// What was removed, where it is a copy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub redaction: Option<Redaction>,
}

/// What the format leaves out of every hash: changing it changes nothing that a pack holds.
pub const UNSIGNED: [&str; 3] = [
    "the ZIP's own fields: times, order, attributes and comments of its entries",
    "bytes between the entries of the ZIP",
    "the words `software` and `version` beside the signature",
];

/// Entries of one pack, and their sizes unpacked: more is no pack of a scan.
const MOST_ENTRIES: usize = 20_000;
const LARGEST_ENTRY: u64 = 16 << 30;
const LARGEST_TEXT: u64 = 64 << 20;

impl Verified {
    /// Whether everything that could be checked holds.
    pub fn holds(&self) -> bool {
        self.broken().is_none()
    }

    /// The first thing that does not hold.
    pub fn broken(&self) -> Option<&Check> {
        self.checks.iter().find(|check| check.holds == Holds::No)
    }

    /// Whether something could not be told.
    pub fn open(&self) -> bool {
        self.checks
            .iter()
            .any(|check| check.holds == Holds::CannotTell)
    }

    pub(super) fn add(&mut self, what: &'static str, holds: Holds, detail: impl Into<String>) {
        self.checks.push(Check {
            what,
            holds,
            detail: detail.into(),
        });
    }
}

/// Path, hash (`sha256:…`) and size of each file of a list.
pub type Listed = BTreeMap<String, (String, u64)>;

/// Checks a pack.
pub fn verify(mut pack: impl Read + Seek) -> Verified {
    let mut found = Verified::default();
    let names = match names(&mut pack) {
        Ok(names) => names,
        Err(why) => {
            found.add("structure", Holds::No, why);
            return found;
        }
    };
    let mut zip = match ZipArchive::new(pack) {
        Ok(zip) => zip,
        Err(e) => {
            found.add("structure", Holds::No, format!("it is no ZIP file: {e}"));
            return found;
        }
    };
    let (package, digest) = match (text(&mut zip, PACKAGE), text(&mut zip, DIGEST)) {
        (Ok(package), Ok(digest)) => (package, digest),
        (Err(why), _) | (_, Err(why)) => {
            found.add("structure", Holds::No, why);
            return found;
        }
    };
    let listed = match listed(&package) {
        Ok(listed) => listed,
        Err(why) => {
            found.add("structure", Holds::No, why);
            return found;
        }
    };
    found.add(
        "structure",
        Holds::Yes,
        format!("WACZ {WACZ_VERSION}, {} files", listed.len()),
    );
    files(&mut zip, &names, &listed, &mut found);
    seal(&package, &digest, &mut found);
    if listed
        .keys()
        .any(|path| path == REDACTION || path.starts_with(ORIGINAL))
    {
        copy::check(&mut zip, &listed, &mut found);
    }
    found
}

/// The names of the entries, each once, none of which leads out of a folder.
fn names(pack: &mut (impl Read + Seek)) -> Result<BTreeSet<String>, String> {
    let start = {
        let zip = ZipArchive::new(&mut *pack).map_err(|e| format!("it is no ZIP file: {e}"))?;
        zip.central_directory_start()
    };
    let mut directory = Vec::new();
    pack.seek(SeekFrom::Start(start))
        .and_then(|_| pack.take(LARGEST_TEXT).read_to_end(&mut directory))
        .map_err(|e| format!("it cannot be read: {e}"))?;
    pack.rewind()
        .map_err(|e| format!("it cannot be read: {e}"))?;
    let mut names = BTreeSet::new();
    let mut at = 0;
    // PKWARE APPNOTE 4.3.12: a header of 46 bytes, then name, extra field and comment.
    while directory.get(at..at + 4) == Some(b"PK\x01\x02") {
        let length = |from: usize| -> usize {
            let bytes = directory.get(at + from..at + from + 2);
            bytes.map_or(0, |bytes| {
                usize::from(u16::from_le_bytes([bytes[0], bytes[1]]))
            })
        };
        let (name, extra, comment) = (length(28), length(30), length(32));
        let bytes = directory
            .get(at + 46..at + 46 + name)
            .ok_or("its list of entries is cut short")?;
        let name_text = std::str::from_utf8(bytes)
            .map_err(|_| "the name of an entry is no UTF-8".to_string())?;
        let safe = name_text
            .split('/')
            .all(|part| !matches!(part, "" | "." | ".."))
            && !name_text.contains(['\\', '\0']);
        if !safe {
            return Err(format!("the name of an entry leads astray: {name_text:?}"));
        }
        if !names.insert(name_text.to_string()) {
            return Err(format!("two entries have the name {name_text:?}"));
        }
        if names.len() > MOST_ENTRIES {
            return Err(format!("it has more than {MOST_ENTRIES} entries"));
        }
        at += 46 + name + extra + comment;
    }
    Ok(names)
}

/// A small file of a pack.
///
/// # Errors
/// Where it is not there or too large.
pub fn text<R: Read + Seek>(zip: &mut ZipArchive<R>, name: &str) -> Result<Vec<u8>, String> {
    let entry = zip
        .by_name(name)
        .map_err(|e| format!("{name} is not in it or cannot be read: {e}"))?;
    let mut bytes = Vec::new();
    entry
        .take(LARGEST_TEXT + 1)
        .read_to_end(&mut bytes)
        .map_err(|e| format!("{name} cannot be unpacked: {e}"))?;
    if bytes.len() as u64 > LARGEST_TEXT {
        return Err(format!("{name} is too large"));
    }
    Ok(bytes)
}

/// Path, hash and size of each file that the package lists.
///
/// # Errors
/// Where it lists nothing that can be told apart.
pub fn listed(package: &[u8]) -> Result<Listed, String> {
    let package: Value =
        serde_json::from_slice(package).map_err(|e| format!("{PACKAGE} is no JSON: {e}"))?;
    match package["wacz_version"].as_str() {
        Some(WACZ_VERSION) => {}
        Some(other) => {
            return Err(format!(
                "it is a pack of format {other}; this program reads {WACZ_VERSION}"
            ));
        }
        None => return Err(format!("{PACKAGE} names no version of the format")),
    }
    let resources = package["resources"]
        .as_array()
        .ok_or_else(|| format!("{PACKAGE} lists no files"))?;
    let mut listed = BTreeMap::new();
    for resource in resources {
        let (path, hash, bytes) = (
            resource["path"].as_str().unwrap_or_default(),
            resource["hash"].as_str().unwrap_or_default(),
            resource["bytes"].as_u64().unwrap_or_default(),
        );
        let known = listed.insert(path.to_string(), (hash.to_string(), bytes));
        if known.is_some() {
            return Err(format!("{PACKAGE} lists {path} twice"));
        }
    }
    Ok(listed)
}

/// Every file against its hash, none missing and none more.
fn files<R: Read + Seek>(
    zip: &mut ZipArchive<R>,
    names: &BTreeSet<String>,
    listed: &Listed,
    found: &mut Verified,
) {
    let mut wrong = Vec::new();
    for (path, (hash, bytes)) in listed {
        if !names.contains(path) {
            wrong.push((path.clone(), "it is listed and not there".to_string()));
            continue;
        }
        match hash_of(zip, path) {
            Ok((actual, length)) => {
                if format!("sha256:{actual}") != *hash {
                    wrong.push((path.clone(), format!("its SHA-256 is {actual}")));
                } else if length != *bytes {
                    wrong.push((path.clone(), format!("it has {length} bytes, not {bytes}")));
                }
            }
            Err(why) => wrong.push((path.clone(), why)),
        }
    }
    for name in names {
        let own = name == PACKAGE || name == DIGEST;
        if !own && !listed.contains_key(name) {
            wrong.push((name.clone(), "it is there and not listed".to_string()));
        }
    }
    let Some((first, why)) = wrong.first().cloned() else {
        let detail = format!("each of the {} files has its hash", listed.len());
        return found.add("files", Holds::Yes, detail);
    };
    let more = match wrong.len() - 1 {
        0 => String::new(),
        more => format!("; {more} more"),
    };
    found.add("files", Holds::No, format!("{first}: {why}{more}"));
    found.first_difference = Some(first);
}

fn hash_of<R: Read + Seek>(zip: &mut ZipArchive<R>, path: &str) -> Result<(String, u64), String> {
    let entry = zip
        .by_name(path)
        .map_err(|e| format!("it cannot be read: {e}"))?;
    let mut entry = entry.take(LARGEST_ENTRY);
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    let mut length = 0;
    loop {
        match entry.read(&mut buffer) {
            Ok(0) => return Ok((hex(&hash.finalize()), length)),
            Ok(read) => {
                hash.update(&buffer[..read]);
                length += read as u64;
            }
            Err(e) => return Err(format!("it cannot be unpacked: {e}")),
        }
    }
}

/// The hash of the list, and the signature over it.
fn seal(package: &[u8], digest: &[u8], found: &mut Verified) {
    let signed = signed(package, digest);
    found.hash = Some(signed.hash).filter(|hash| !hash.is_empty());
    (found.created, found.software, found.signed_by) = (signed.created, signed.software, signed.by);
    if let Some(wrong) = signed.wrong {
        found.first_difference.get_or_insert(wrong.to_string());
    }
    for (what, said) in [("package", signed.package), ("signature", signed.signature)] {
        if let Some((holds, detail)) = said {
            found.add(what, holds, detail);
        }
    }
}
