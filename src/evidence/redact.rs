//! A copy of a pack to hand over, from which chosen parts were removed.
//!
//! What stays is what was: files by their bytes, records by their gzip members, both in their order. Beside
//! them stand the full pack's list of files, its signature, its index and its list of pages (`original/…`),
//! and what was removed (`log/redaction.json`), so that a third party can check what stays without the full
//! pack. It must not know what time it is nor where files lie.

use std::collections::BTreeSet;
use std::io::{Read, Seek, Write};

use serde_json::Value;
use sha2::{Digest, Sha256};
use zip::ZipArchive;

use super::encode::hex;
use super::pack::{INDEX, Meta, PACKAGE, PAGES, Pack, Signer};
use super::read::{ARCHIVE, LARGEST_RECORD, broken};
use super::records::{Member, members};
pub use super::redaction::{Full, Part, Redaction};
use super::redaction::{ORIGINAL, ORIGINALS, REDACTION};
use super::verify::{Listed, listed, text};

/// Parts of a pack that a copy has of its own making, or keeps elsewhere.
const MADE_ANEW: [&str; 3] = ["archive/", "indexes/", "pages/"];
/// What a copy is made with besides the pack.
pub struct Ask<'a> {
    /// RFC 3339, UTC.
    pub at: String,
    pub software: String,
    /// SHA-256 of the full pack's file, hexadecimal.
    pub full: String,
    pub reason: Option<String>,
    pub by: Option<String>,
    pub signer: Option<Signer<'a>>,
}

/// What stays and what goes, before anything is written.
pub struct Plan {
    files: Vec<String>,
    members: Vec<Member>,
    package: Vec<u8>,
    removed: Vec<Part>,
}

/// Why there is no copy.
#[derive(Debug, thiserror::Error)]
pub enum RedactError {
    #[error("nothing in the pack has the name {0:?}")]
    NoMatch(String),
    #[error("{0}")]
    Pack(String),
    #[error("{0}")]
    Io(#[from] std::io::Error),
}

/// Whether a name fits a pattern, in which `*` stands for anything.
pub fn fits(pattern: &str, name: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else {
        return pattern == name;
    };
    let Some(mut name) = name.strip_prefix(first) else {
        return false;
    };
    let (middle, last) = rest.rsplit_once('*').unwrap_or(("", rest));
    for piece in middle.split('*') {
        match name.find(piece) {
            Some(at) => name = &name[at + piece.len()..],
            None => return false,
        }
    }
    name.ends_with(last)
}

/// The parts of a pack that can be removed, in their order: files, then records.
///
/// # Errors
/// Where it is no pack that a copy can be made of.
pub fn parts(pack: impl Read + Seek) -> Result<Vec<Part>, RedactError> {
    let (_, files, _, members) = opened(pack)?;
    let files = files
        .into_iter()
        .map(|(path, about)| Part::file(&path, &about));
    Ok(files
        .chain(members.iter().filter_map(Part::record))
        .collect())
}

type Opened<R> = (
    ZipArchive<R>,
    Vec<(String, (String, u64))>,
    Vec<u8>,
    Vec<Member>,
);

/// The files of a pack in the order of the ZIP, its list, its records.
fn opened<R: Read + Seek>(pack: R) -> Result<Opened<R>, RedactError> {
    let broken = RedactError::Pack;
    let mut zip = ZipArchive::new(pack).map_err(|e| broken(format!("it is no ZIP file: {e}")))?;
    let package = text(&mut zip, PACKAGE).map_err(broken)?;
    let listed: Listed = listed(&package).map_err(RedactError::Pack)?;
    if listed.contains_key(REDACTION) || listed.keys().any(|path| path.starts_with(ORIGINAL)) {
        let why = "it is a copy already; make another one of the full pack";
        return Err(RedactError::Pack(why.to_string()));
    }
    for needed in [ARCHIVE, INDEX, PAGES] {
        if !listed.contains_key(needed) {
            let why = format!("it holds no {needed}: this program did not seal it");
            return Err(RedactError::Pack(why));
        }
    }
    let mut files = Vec::new();
    for at in 0..zip.len() {
        let entry = zip
            .by_index_raw(at)
            .map_err(|e| RedactError::Pack(e.to_string()))?;
        let name = entry.name().map_err(|e| RedactError::Pack(e.to_string()))?;
        let own = MADE_ANEW.iter().any(|folder| name.starts_with(folder));
        if let (false, Some(about)) = (own, listed.get(&*name)) {
            files.push((name.into_owned(), about.clone()));
        }
    }
    let archive = zip
        .by_name(ARCHIVE)
        .map_err(|e| RedactError::Pack(e.to_string()))?;
    let members = members(archive).map_err(RedactError::Pack)?;
    Ok((zip, files, package, members))
}

/// What stays and what goes by these patterns.
///
/// # Errors
/// Where a pattern fits nothing, or it is no pack that a copy can be made of.
pub fn plan(pack: impl Read + Seek, patterns: &[String]) -> Result<Plan, RedactError> {
    let (_, files, package, members) = opened(pack)?;
    let mut used = BTreeSet::new();
    let mut goes = |name: &str| {
        let fit = patterns.iter().filter(|pattern| fits(pattern, name));
        let before: Vec<&String> = fit.collect();
        used.extend(before.iter().copied());
        !before.is_empty()
    };
    let mut plan = Plan {
        files: Vec::new(),
        members: Vec::new(),
        package,
        removed: Vec::new(),
    };
    for (path, about) in files {
        match goes(&path) {
            true => plan.removed.push(Part::file(&path, &about)),
            false => plan.files.push(path),
        }
    }
    for member in members {
        match Part::record(&member).filter(|part| goes(part.name())) {
            Some(part) => plan.removed.push(part),
            None => plan.members.push(member),
        }
    }
    match patterns.iter().find(|pattern| !used.contains(pattern)) {
        Some(pattern) => Err(RedactError::NoMatch(pattern.clone())),
        None => Ok(plan),
    }
}

/// Writes the copy.
///
/// # Errors
/// Where the pack cannot be read or the copy not be written.
pub fn redact<W: Write + Seek>(
    pack: impl Read + Seek,
    out: W,
    plan: Plan,
    ask: Ask,
) -> Result<(W, Redaction), RedactError> {
    let mut zip = ZipArchive::new(pack).map_err(|e| RedactError::Pack(e.to_string()))?;
    let about: Value = serde_json::from_slice(&plan.package).unwrap_or_default();
    let redaction = Redaction {
        full: Full {
            sha256: ask.full,
            package: format!("sha256:{}", hex(&Sha256::digest(&plan.package))),
        },
        at: ask.at.clone(),
        reason: ask.reason,
        by: ask.by,
        removed: plan.removed,
    };
    let second = ask.at.get(..19).unwrap_or(&ask.at);
    let meta = Meta {
        seed: String::new(),
        title: about["title"].as_str().unwrap_or_default().to_string(),
        created: format!("{second}Z"),
        software: ask.software,
    };
    let mut copy = Pack::empty(out, meta)?;
    archive(&mut zip, &mut copy, &plan.members)?;
    let pages = text(&mut zip, PAGES).map_err(RedactError::Pack)?;
    copy.end_archive_with(&pages_left(&pages, &redaction.removed))?;
    for path in &plan.files {
        copy.file(path, &whole(&mut zip, path)?)?;
    }
    copy.file(
        REDACTION,
        &serde_json::to_vec_pretty(&redaction).map_err(std::io::Error::other)?,
    )?;
    for (to, from) in ORIGINALS {
        let bytes = text(&mut zip, from).map_err(RedactError::Pack)?;
        copy.file(to, &bytes)?;
    }
    let (out, _) = copy.seal(ask.signer.as_ref())?;
    Ok((out, redaction))
}

/// The members that stay, byte by byte.
fn archive<R: Read + Seek, W: Write + Seek>(
    zip: &mut ZipArchive<R>,
    copy: &mut Pack<W>,
    stay: &[Member],
) -> Result<(), RedactError> {
    let mut from = zip
        .by_name(ARCHIVE)
        .map_err(|e| RedactError::Pack(e.to_string()))?;
    let mut at = 0;
    for member in stay {
        let skipped = (&mut from).take(member.offset - at);
        std::io::copy(&mut { skipped }, &mut std::io::sink())
            .map_err(|e| RedactError::Pack(broken(&e)))?;
        let entry = member.entry(copy.offset());
        copy.member(&mut from, member.length, entry)?;
        at = member.offset + member.length;
    }
    Ok(())
}

fn whole<R: Read + Seek>(zip: &mut ZipArchive<R>, path: &str) -> Result<Vec<u8>, RedactError> {
    let entry = zip
        .by_name(path)
        .map_err(|e| RedactError::Pack(format!("{path}: {e}")))?;
    let mut bytes = Vec::new();
    entry.take(LARGEST_RECORD + 1).read_to_end(&mut bytes)?;
    match bytes.len() as u64 > LARGEST_RECORD {
        true => Err(RedactError::Pack(format!("{path} is too large"))),
        false => Ok(bytes),
    }
}

/// The list of pages without those whose records are gone.
fn pages_left(pages: &[u8], removed: &[Part]) -> Vec<u8> {
    let gone: BTreeSet<&str> = removed
        .iter()
        .filter_map(|part| part.target.as_deref())
        .collect();
    let stays = |line: &&[u8]| {
        let page: Value = serde_json::from_slice(line).unwrap_or_default();
        !page["url"].as_str().is_some_and(|url| gone.contains(url))
    };
    let lines = pages.split_inclusive(|b| *b == b'\n');
    lines.filter(stays).flatten().copied().collect()
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn a_star_stands_for_anything() {
        for (pattern, name) in [
            ("a", "a"),
            ("*", ""),
            ("*", "a/b"),
            ("https://*.example/*", "https://a.example/b/c"),
            ("a*b*c", "a1b2b3c"),
            ("*b*", "abc"),
            ("a**c", "ac"),
        ] {
            assert!(fits(pattern, name), "{pattern} {name}");
        }
        for (pattern, name) in [
            ("a", "ab"),
            ("a*a", "a"),
            ("a*b*c", "a1c"),
            ("*b", "bc"),
            ("", "a"),
        ] {
            assert!(!fits(pattern, name), "{pattern} {name}");
        }
    }
}
